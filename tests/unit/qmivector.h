/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of a modem for the tests of tools/lib's parsers. */
#ifndef TESTS_QMIVECTOR_H
#define TESTS_QMIVECTOR_H

#include <libqmi-glib.h>

#include "../../tools/lib/frame.h"
#include "../lib/harness.h"

#define RESPONSE	2
#define INDICATION	4

/* One TLV of a vector; a length of -1 ends the list */
struct vector {
	uint8_t type;
	int len;
	uint8_t value[64];
};

#define TLV(_type, ...)							\
	{ _type, sizeof((const uint8_t[]) { __VA_ARGS__ }),		\
	  { __VA_ARGS__ } }
#define END	{ 0, -1, { 0 } }

/* A message from the modem, through the same checks as a real one */
static inline QmiMessage *message(uint8_t type, uint8_t service, uint16_t msgid,
				  const struct vector *tlvs)
{
	uint8_t buf[1024] = {
		0x01, 0, 0, 0x80, service, 1,
		type, 1, 0, msgid & 0xff, msgid >> 8, 0, 0,
	};
	size_t len = 13;
	GByteArray *bytes;
	QmiMessage *out;

	for (; tlvs->len >= 0; tlvs++) {
		buf[len] = tlvs->type;
		buf[len + 1] = tlvs->len & 0xff;
		buf[len + 2] = tlvs->len >> 8;
		memcpy(buf + len + 3, tlvs->value, tlvs->len);
		len += 3 + tlvs->len;
	}
	buf[1] = (len - 1) & 0xff;
	buf[2] = (len - 1) >> 8;
	buf[11] = (len - 13) & 0xff;
	buf[12] = (len - 13) >> 8;
	ASSERT_EQ(0, frame_check(buf, len, NULL));
	bytes = g_byte_array_new();
	g_byte_array_append(bytes, buf, len);
	out = qmi_message_new_from_raw(bytes, NULL);
	g_byte_array_unref(bytes);
	ASSERT_TRUE(out);
	return out;
}

/* The same with its first TLV cut to @len bytes */
static inline QmiMessage *cut(uint8_t type, uint8_t service, uint16_t msgid,
			      struct vector tlv, int len)
{
	struct vector tlvs[] = { tlv, END };

	tlvs[0].len = len;
	return message(type, service, msgid, tlvs);
}

#endif /* TESTS_QMIVECTOR_H */
