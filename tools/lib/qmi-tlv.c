// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the bounded cursor over a TLV and the one-value shortcuts. */
#include <string.h>

#include "qmi-tlv.h"

#define TLV_RESULT		0x02
#define ERROR_MALFORMED		1
#define ERROR_INTERNAL		3

bool tlv_find(QmiMessage *message, uint8_t type, struct tlv *ret_tlv)
{
	guint16 len = 0;
	const guint8 *value = qmi_message_get_raw_tlv(message, type, &len);

	ret_tlv->at = value;
	ret_tlv->end = value ? value + len : NULL;
	ret_tlv->bad = !value;
	return value;
}

size_t tlv_left(const struct tlv *tlv)
{
	return tlv->bad ? 0 : tlv->end - tlv->at;
}

const uint8_t *tlv_bytes(struct tlv *tlv, size_t len)
{
	const uint8_t *at = tlv->at;

	if (tlv_left(tlv) < len || tlv->bad) {
		tlv->bad = true;
		return NULL;
	}
	tlv->at += len;
	return at;
}

static uint64_t unsigned_le(struct tlv *tlv, size_t len)
{
	const uint8_t *bytes = tlv_bytes(tlv, len);
	uint64_t value = 0;

	while (bytes && len--)
		value = value << 8 | bytes[len];
	return value;
}

uint8_t tlv_u8(struct tlv *tlv)
{
	return unsigned_le(tlv, 1);
}

uint16_t tlv_u16(struct tlv *tlv)
{
	return unsigned_le(tlv, 2);
}

uint32_t tlv_u32(struct tlv *tlv)
{
	return unsigned_le(tlv, 4);
}

uint64_t tlv_u64(struct tlv *tlv)
{
	return unsigned_le(tlv, 8);
}

uint16_t tlv_be16(struct tlv *tlv)
{
	const uint8_t *bytes = tlv_bytes(tlv, 2);

	return bytes ? bytes[0] << 8 | bytes[1] : 0;
}

void tlv_string(struct tlv *tlv, size_t len, char *ret, size_t size)
{
	const uint8_t *bytes = tlv_bytes(tlv, len);
	size_t n = 0;

	while (bytes && n < len && n < size - 1 && bytes[n]) {
		ret[n] = bytes[n] >= ' ' && bytes[n] < 0x7f ? bytes[n] : '?';
		n++;
	}
	ret[n] = '\0';
}

bool tlv_get_u8(QmiMessage *message, uint8_t type, uint8_t *ret)
{
	struct tlv tlv;

	tlv_find(message, type, &tlv);
	*ret = tlv_u8(&tlv);
	return !tlv.bad;
}

bool tlv_get_u16(QmiMessage *message, uint8_t type, uint16_t *ret)
{
	struct tlv tlv;

	tlv_find(message, type, &tlv);
	*ret = tlv_u16(&tlv);
	return !tlv.bad;
}

bool tlv_get_u32(QmiMessage *message, uint8_t type, uint32_t *ret)
{
	struct tlv tlv;

	tlv_find(message, type, &tlv);
	*ret = tlv_u32(&tlv);
	return !tlv.bad;
}

bool tlv_get_string(QmiMessage *message, uint8_t type, char *ret, size_t size)
{
	struct tlv tlv;

	tlv_find(message, type, &tlv);
	tlv_string(&tlv, tlv_left(&tlv), ret, size);
	return !tlv.bad;
}

void tlv_put(QmiMessage *message, uint8_t type, const void *value, size_t len)
{
	bool ok;
	gsize at;

	if (len) {
		ok = qmi_message_add_raw_tlv(message, type, value, len, NULL);
	} else {
		/* which takes no empty ones */
		at = qmi_message_tlv_write_init(message, type, NULL);
		ok = at && qmi_message_tlv_write_complete(message, at, NULL);
	}
	if (!ok)
		g_error("QMI message 0x%04x: no room for TLV 0x%02x",
			qmi_message_get_message_id(message), type);
}

void tlv_put_u8(QmiMessage *message, uint8_t type, uint8_t value)
{
	tlv_put(message, type, &value, sizeof(value));
}

void tlv_put_u16(QmiMessage *message, uint8_t type, uint16_t value)
{
	uint16_t le = GUINT16_TO_LE(value);

	tlv_put(message, type, &le, sizeof(le));
}

void tlv_put_u32(QmiMessage *message, uint8_t type, uint32_t value)
{
	uint32_t le = GUINT32_TO_LE(value);

	tlv_put(message, type, &le, sizeof(le));
}

void tlv_put_string(QmiMessage *message, uint8_t type, const char *value)
{
	tlv_put(message, type, value, strlen(value));
}

uint16_t qmi_result(QmiMessage *answer)
{
	uint16_t status, error;
	struct tlv tlv;

	tlv_find(answer, TLV_RESULT, &tlv);
	status = tlv_u16(&tlv);
	error = tlv_u16(&tlv);
	if (tlv.bad)
		return ERROR_MALFORMED;
	if (!status)
		return 0;
	return error ? error : ERROR_INTERNAL;
}
