// SPDX-License-Identifier: GPL-2.0-or-later
/* The codec of the virtual modem: bounds-checked reading, checked writing. */
#include <string.h>

#include "qmi.h"

/*
 * DOC: Frames
 *
 * QMUX: 01 | length u16 (of all that follows the marker) | flags u8 (0x00 from
 * the host, 0x80 from the modem) | service u8 | client u8, then for CTL
 * flags u8 | transaction u8, for the others flags u8 | transaction u16, then
 * message u16 | TLV length u16 | TLVs (type u8 | length u16 | value). All of
 * it is little endian.
 */

#define QMUX_MARKER		0x01
#define QMUX_FROM_MODEM		0x80
#define QMUX_LEN		6
#define SDU_COMPOUND		0x01
#define RESULT_TLV		0x02
#define RESULT_LEN		7

static uint16_t load16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static void store16(uint8_t *p, uint16_t value)
{
	p[0] = value;
	p[1] = value >> 8;
}

static bool tlvs_consistent(const uint8_t *p, size_t left)
{
	while (left) {
		size_t len;

		if (left < 3)
			return false;
		len = load16(p + 1);
		if (len > left - 3)
			return false;
		p += 3 + len;
		left -= 3 + len;
	}
	return true;
}

enum qmi_verdict qmi_frame_parse(const uint8_t *data, size_t len,
				 struct qmi_frame *ret_frame)
{
	struct qmi_frame f = { 0 };
	size_t sdu;		/* offset of the message id */

	if (len < QMUX_LEN || data[0] != QMUX_MARKER ||
	    load16(data + 1) != len - 1 || data[3] & QMUX_FROM_MODEM)
		return QMI_FRAME_DROP;
	f.service = data[4];
	f.client = data[5];
	sdu = QMUX_LEN + (f.service == QMI_CTL ? 2 : 3);
	if (len < sdu + 4)
		return QMI_FRAME_DROP;
	f.transaction = f.service == QMI_CTL ? data[7] : load16(data + 7);
	f.message = load16(data + sdu);
	f.tlvs = data + sdu + 4;
	f.tlvs_len = load16(data + sdu + 2);
	*ret_frame = f;

	if (f.service != QMI_CTL && data[6] == SDU_COMPOUND)
		return QMI_FRAME_BUNDLE;
	if (data[6])
		return QMI_FRAME_DROP;
	if (f.tlvs_len != len - sdu - 4 ||
	    !tlvs_consistent(f.tlvs, f.tlvs_len))
		return QMI_FRAME_MALFORMED;
	return QMI_FRAME_OK;
}

bool qmi_find(const struct qmi_frame *frame, uint8_t type,
	      struct qmi_value *ret_value)
{
	const uint8_t *p = frame->tlvs, *end = p + frame->tlvs_len;

	while (end - p >= 3) {
		size_t len = load16(p + 1);

		if (p[0] == type) {
			*ret_value = (struct qmi_value) {
				.data = p + 3,
				.left = len,
			};
			return true;
		}
		p += 3 + len;
	}
	return false;
}

enum qmi_error qmi_need(const struct qmi_frame *frame, uint8_t type,
			struct qmi_value *ret_value)
{
	return qmi_find(frame, type, ret_value) ? QMI_OK :
						  QMI_MISSING_ARGUMENT;
}

const uint8_t *qmi_get_bytes(struct qmi_value *value, size_t len)
{
	const uint8_t *p = value->data;

	if (value->overrun || len > value->left) {
		value->overrun = true;
		value->left = 0;
		return NULL;
	}
	value->data += len;
	value->left -= len;
	return p;
}

static uint64_t get_uint(struct qmi_value *value, size_t len)
{
	const uint8_t *p = qmi_get_bytes(value, len);
	uint64_t result = 0;

	while (p && len--)
		result = result << 8 | p[len];
	return result;
}

uint8_t qmi_get_u8(struct qmi_value *value)
{
	return get_uint(value, 1);
}

uint16_t qmi_get_u16(struct qmi_value *value)
{
	return get_uint(value, 2);
}

uint32_t qmi_get_u32(struct qmi_value *value)
{
	return get_uint(value, 4);
}

uint64_t qmi_get_u64(struct qmi_value *value)
{
	return get_uint(value, 8);
}

void qmi_get_string(struct qmi_value *value, size_t len, char *buf,
		    size_t size)
{
	const uint8_t *p = qmi_get_bytes(value, len);

	buf[0] = '\0';
	if (!p)
		return;
	if (len >= size || memchr(p, '\0', len)) {
		value->overrun = true;
		return;
	}
	memcpy(buf, p, len);
	buf[len] = '\0';
}

void qmi_get_string8(struct qmi_value *value, char *buf, size_t size)
{
	qmi_get_string(value, qmi_get_u8(value), buf, size);
}

static enum qmi_error opt_uint(const struct qmi_frame *frame, uint8_t type,
			       size_t len, uint64_t *value, bool *ret_found)
{
	struct qmi_value v;
	bool found = qmi_find(frame, type, &v);

	if (ret_found)
		*ret_found = found;
	if (!found)
		return QMI_OK;
	if (v.left != len)
		return QMI_MALFORMED_MESSAGE;
	*value = get_uint(&v, len);
	return QMI_OK;
}

enum qmi_error qmi_opt_u8(const struct qmi_frame *frame, uint8_t type,
			  uint8_t *value, bool *ret_found)
{
	uint64_t v = *value;
	enum qmi_error error = opt_uint(frame, type, 1, &v, ret_found);

	*value = v;
	return error;
}

enum qmi_error qmi_opt_u16(const struct qmi_frame *frame, uint8_t type,
			   uint16_t *value, bool *ret_found)
{
	uint64_t v = *value;
	enum qmi_error error = opt_uint(frame, type, 2, &v, ret_found);

	*value = v;
	return error;
}

enum qmi_error qmi_opt_u32(const struct qmi_frame *frame, uint8_t type,
			   uint32_t *value, bool *ret_found)
{
	uint64_t v = *value;
	enum qmi_error error = opt_uint(frame, type, 4, &v, ret_found);

	*value = v;
	return error;
}

enum qmi_error qmi_opt_string(const struct qmi_frame *frame, uint8_t type,
			      char *buf, size_t size, bool *ret_found)
{
	struct qmi_value v;
	bool found = qmi_find(frame, type, &v);

	if (ret_found)
		*ret_found = found;
	if (!found)
		return QMI_OK;
	if (v.left >= size)
		return QMI_ARGUMENT_TOO_LONG;
	qmi_get_string(&v, v.left, buf, size);
	return v.overrun ? QMI_MALFORMED_MESSAGE : QMI_OK;
}

enum qmi_error qmi_opt_flags(const struct qmi_frame *frame,
			     const struct qmi_flag *flags, size_t n)
{
	enum qmi_error error;
	uint8_t on;
	size_t i;

	for (i = 0; i < n; i++) {
		on = *flags[i].value;
		error = qmi_opt_u8(frame, flags[i].type, &on, NULL);
		if (error)
			return error;
		*flags[i].value = on;
	}
	return QMI_OK;
}

void qmi_put_bytes(struct qmi_msg *msg, const void *data, size_t len)
{
	if (msg->full || len > sizeof(msg->data) - msg->len) {
		msg->full = true;
		return;
	}
	memcpy(msg->data + msg->len, data, len);
	msg->len += len;
}

static void put_uint(struct qmi_msg *msg, uint64_t value, size_t len)
{
	uint8_t b[8];
	size_t i;

	for (i = 0; i < len; i++, value >>= 8)
		b[i] = value;
	qmi_put_bytes(msg, b, len);
}

void qmi_put_u8(struct qmi_msg *msg, uint8_t value)
{
	put_uint(msg, value, 1);
}

void qmi_put_u16(struct qmi_msg *msg, uint16_t value)
{
	put_uint(msg, value, 2);
}

void qmi_put_u32(struct qmi_msg *msg, uint32_t value)
{
	put_uint(msg, value, 4);
}

void qmi_put_u64(struct qmi_msg *msg, uint64_t value)
{
	put_uint(msg, value, 8);
}

void qmi_put_string8(struct qmi_msg *msg, const char *string)
{
	size_t len = strlen(string);

	if (len > UINT8_MAX)
		len = UINT8_MAX;
	qmi_put_u8(msg, len);
	qmi_put_bytes(msg, string, len);
}

void qmi_tlv_begin(struct qmi_msg *msg, uint8_t type)
{
	msg->tlv = msg->len;
	qmi_put_u8(msg, type);
	qmi_put_u16(msg, 0);
}

void qmi_tlv_end(struct qmi_msg *msg)
{
	if (!msg->full)
		store16(msg->data + msg->tlv + 1, msg->len - msg->tlv - 3);
	msg->tlv = 0;
}

void qmi_tlv_u8(struct qmi_msg *msg, uint8_t type, uint8_t value)
{
	qmi_tlv_begin(msg, type);
	qmi_put_u8(msg, value);
	qmi_tlv_end(msg);
}

void qmi_tlv_u16(struct qmi_msg *msg, uint8_t type, uint16_t value)
{
	qmi_tlv_begin(msg, type);
	qmi_put_u16(msg, value);
	qmi_tlv_end(msg);
}

void qmi_tlv_u32(struct qmi_msg *msg, uint8_t type, uint32_t value)
{
	qmi_tlv_begin(msg, type);
	qmi_put_u32(msg, value);
	qmi_tlv_end(msg);
}

void qmi_tlv_u64(struct qmi_msg *msg, uint8_t type, uint64_t value)
{
	qmi_tlv_begin(msg, type);
	qmi_put_u64(msg, value);
	qmi_tlv_end(msg);
}

void qmi_tlv_string(struct qmi_msg *msg, uint8_t type, const char *string)
{
	qmi_tlv_begin(msg, type);
	qmi_put_bytes(msg, string, strlen(string));
	qmi_tlv_end(msg);
}

/* @flags: of the service message, response or indication in its own coding */
static void header_put(struct qmi_msg *msg, const struct qmi_frame *f,
		       uint8_t flags)
{
	bool ctl = f->service == QMI_CTL;

	msg->len = 0;
	msg->tlv = 0;
	msg->full = false;
	qmi_put_u8(msg, QMUX_MARKER);
	qmi_put_u16(msg, 0);
	qmi_put_u8(msg, QMUX_FROM_MODEM);
	qmi_put_u8(msg, f->service);
	qmi_put_u8(msg, f->client);
	qmi_put_u8(msg, ctl ? flags >> 1 : flags);
	put_uint(msg, f->transaction, ctl ? 1 : 2);
	qmi_put_u16(msg, f->message);
	qmi_put_u16(msg, 0);
	msg->body = msg->len;
}

static void lengths_fill(struct qmi_msg *msg)
{
	store16(msg->data + 1, msg->len - 1);
	store16(msg->data + msg->body - 2, msg->len - msg->body);
}

void qmi_response_init(struct qmi_msg *msg, const struct qmi_frame *to)
{
	header_put(msg, to, 0x02);
	qmi_tlv_begin(msg, RESULT_TLV);
	qmi_put_u32(msg, 0);
	qmi_tlv_end(msg);
}

void qmi_response_finish(struct qmi_msg *msg, enum qmi_error error)
{
	uint8_t *result = msg->data + msg->body + 3;

	if (msg->full) {
		msg->len = msg->body + RESULT_LEN;
		error = QMI_INTERNAL;
	}
	store16(result, error != QMI_OK);
	store16(result + 2, error);
	lengths_fill(msg);
}

void qmi_indication_init(struct qmi_msg *msg, uint8_t service,
			 uint8_t client, uint16_t message)
{
	struct qmi_frame f = {
		.service = service,
		.client = client,
		.message = message,
	};

	header_put(msg, &f, 0x04);
}

void qmi_indication_finish(struct qmi_msg *msg)
{
	lengths_fill(msg);
}
