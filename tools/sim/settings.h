/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of settings, between modem_set() and modem_get(). */
#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include "firmware.h"

enum kind {
	KIND_NUMBER,		/* uint32_t */
	KIND_FLAG,		/* bool */
	KIND_TEXT,		/* char [] */
	KIND_DIGITS,		/* char [], decimal */
	KIND_HEX_DIGITS,	/* char [], 0 to 9 and A to E: one nibble each */
	KIND_HEX,		/* char [], pairs of hexadecimal digits */
};

struct setting {
	const char *key;
	enum kind kind;
	size_t offset;
	uint32_t min, max;	/* of the number, or length of the text */
	bool changes_network;
};

/* By enum modem_lie */
extern const char *const lie_names[LIE_COUNT];

/* The row of @key, or NULL, and the field it is about. */
const struct setting *setting_find(struct modem *modem, const char *key,
				   void **ret_field);
/* The key in row @i, of the table of cards if @card; NULL behind the last. */
const char *setting_key(bool card, size_t i);
/* The service of a key that is @prefix and its name, or NULL. */
const struct service *service_of_key(const char *key, const char *prefix);

#endif /* SIM_SETTINGS_H */
