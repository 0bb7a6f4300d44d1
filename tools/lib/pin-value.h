/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What UIM and DMS have in common where a PIN is sent: secrets behind their lengths, tries. */
#ifndef M2M_PIN_VALUE_H
#define M2M_PIN_VALUE_H

#include "uim.h"

#define PIN1			1
#define PIN_MAX			8

/* PIN id, perhaps a flag, then one or two secrets, each behind its length */
struct pin_value {
	uint8_t bytes[2 + 2 * (1 + PIN_MAX)];
	size_t len;
	bool bad;
};

/* pin_value_add() - one more secret; one that is too long makes the value bad */
void pin_value_add(struct pin_value *value, const char *secret);

/**
 * pin_value_call() - send it and wipe it
 * @client: of UIM or DMS
 * @request: consumed; has what else the message needs
 * @tlv: which takes the value
 * @value: wiped, whatever happens
 * @ret_tries: what the answer says is left, written in any case
 * @error: -EINVAL for a value that is bad, which is not sent
 */
int pin_value_call(struct m2m_client *client, QmiMessage *request, uint8_t tlv,
		   struct pin_value *value, struct uim_tries *ret_tries,
		   struct m2m_error *error);

/* UIM_TRIES_UNKNOWN for a number that cannot be one */
int pin_sane_tries(uint8_t tries);

#endif /* M2M_PIN_VALUE_H */
