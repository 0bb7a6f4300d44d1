/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of a model at a speed, as bytes and as a list of endpoints. */
#ifndef SIM_DESCRIPTORS_H
#define SIM_DESCRIPTORS_H

#include "identity.h"

#define DESCRIPTORS_CONFIG_MAX	512
#define DESCRIPTORS_STRING_MAX	128

enum descriptor_string {
	STRING_LANGUAGES,
	STRING_MANUFACTURER,
	STRING_PRODUCT,
	STRING_SERIAL,
};

/* Endpoints of one interface; an address of 0 means there is none. */
struct interface_endpoints {
	uint8_t in, out, notify;
};

struct descriptors {
	const struct identity *identity;
	enum usb_speed speed;
	uint16_t bulk_max_packet;
	uint8_t device[18];
	uint8_t config[DESCRIPTORS_CONFIG_MAX];
	size_t config_len;
	uint8_t bos[32];
	size_t bos_len;				/* 0: the device has none */
	struct interface_endpoints endpoints[IDENTITY_INTERFACES_MAX];
};

#define NOTIFY_MAX_PACKET	64

/*
 * Fills @ret_desc for @identity on a bus of @speed. Returns 0, -EOPNOTSUPP if
 * the model does not run at that speed.
 */
int descriptors_build(const struct identity *identity, enum usb_speed speed,
		      struct descriptors *ret_desc);
/*
 * Copies descriptor @type, number @index, into @buf. Returns its length, at
 * most @size, or -ENOENT if the device has no such descriptor.
 */
int descriptors_get(const struct descriptors *desc, uint8_t type, uint8_t index,
		    uint8_t *buf, size_t size);

#endif /* SIM_DESCRIPTORS_H */
