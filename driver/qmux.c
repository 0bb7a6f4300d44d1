// SPDX-License-Identifier: GPL-2.0-or-later
/* QMUX framing: checks and builds frames, knows no client and no device. */
#include "qmux.h"

#define TLV_HEADER_LEN	3

static bool is_ctl(u8 service)
{
	return service == QMI_CTL;
}

static size_t sdu_header_len(u8 service)
{
	return is_ctl(service) ? 6 : 7;
}

static enum m2m_qmux_type type_of(u8 service, u8 flags)
{
	if (is_ctl(service))
		flags <<= 1;
	if (flags & 0x04)
		return M2M_QMUX_INDICATION;
	return flags & 0x02 ? M2M_QMUX_RESPONSE : M2M_QMUX_REQUEST;
}

static bool tlvs_fill(const u8 *tlvs, size_t len)
{
	while (len >= TLV_HEADER_LEN) {
		size_t value_len = pure_le16(tlvs + 1);

		if (value_len > len - TLV_HEADER_LEN)
			return false;
		tlvs += TLV_HEADER_LEN + value_len;
		len -= TLV_HEADER_LEN + value_len;
	}
	return !len;
}

enum m2m_qmux_verdict m2m_qmux_parse(const u8 *buf, size_t len,
				     struct m2m_qmux *ret_qmux)
{
	const u8 *sdu = buf + QMUX_HEADER_LEN;
	size_t frame_len, sdu_len, header_len;

	if (!len || buf[0] != QMUX_MARKER)
		return M2M_QMUX_GARBAGE;
	if (len < 3)
		return M2M_QMUX_TRUNCATED;
	frame_len = pure_le16(buf + 1) + 1;
	if (frame_len < QMUX_HEADER_LEN || frame_len > QMUX_FRAME_MAX)
		return M2M_QMUX_GARBAGE;
	if (frame_len > len)
		return M2M_QMUX_TRUNCATED;

	*ret_qmux = (struct m2m_qmux) { .frame = buf, .len = frame_len };
	sdu_len = frame_len - QMUX_HEADER_LEN;
	header_len = sdu_header_len(buf[4]);
	if (sdu_len < header_len)
		return M2M_QMUX_MALFORMED;

	ret_qmux->from_modem = buf[3] & QMUX_FROM_MODEM;
	ret_qmux->service = buf[4];
	ret_qmux->cid = buf[5];
	ret_qmux->type = type_of(buf[4], sdu[0]);
	ret_qmux->tid = is_ctl(buf[4]) ? sdu[1] : pure_le16(sdu + 1);
	ret_qmux->msgid = pure_le16(sdu + header_len - 4);
	ret_qmux->tlvs = sdu + header_len;
	ret_qmux->tlvs_len = pure_le16(sdu + header_len - 2);
	if (ret_qmux->tlvs_len != sdu_len - header_len ||
	    !tlvs_fill(ret_qmux->tlvs, ret_qmux->tlvs_len))
		return M2M_QMUX_MALFORMED;
	return M2M_QMUX_OK;
}

const u8 *m2m_qmux_tlv(const struct m2m_qmux *qmux, u8 type, size_t min_len)
{
	const u8 *tlv = qmux->tlvs;
	const u8 *end = tlv + qmux->tlvs_len;

	while (tlv < end) {
		size_t value_len = pure_le16(tlv + 1);

		if (tlv[0] == type)
			return value_len >= min_len ? tlv + TLV_HEADER_LEN : NULL;
		tlv += TLV_HEADER_LEN + value_len;
	}
	return NULL;
}

u16 m2m_qmux_error(const struct m2m_qmux *qmux)
{
	const u8 *result = m2m_qmux_tlv(qmux, QMI_TLV_RESULT, 4);
	u16 error;

	if (!result)
		return QMI_ERROR_MALFORMED;
	if (!pure_le16(result))
		return QMI_ERROR_NONE;
	error = pure_le16(result + 2);
	return error ? error : QMI_ERROR_INTERNAL;
}

void m2m_qmux_set_cid(u8 *frame, u8 cid)
{
	frame[5] = cid;
}

void m2m_qmux_set_tid(u8 *frame, u16 tid)
{
	if (is_ctl(frame[4]))
		frame[QMUX_HEADER_LEN + 1] = tid;
	else
		pure_put_le16(frame + QMUX_HEADER_LEN + 1, tid);
}

/* Everything but the TLVs, of which @tlvs_len bytes will follow. */
static size_t put_headers(u8 *buf, const struct m2m_qmux *qmux,
			  size_t tlvs_len)
{
	size_t header_len = sdu_header_len(qmux->service);
	u8 *sdu = buf + QMUX_HEADER_LEN;
	u8 flags = 0;

	if (qmux->type == M2M_QMUX_RESPONSE)
		flags = is_ctl(qmux->service) ? 1 : 2;
	buf[0] = QMUX_MARKER;
	pure_put_le16(buf + 1, QMUX_HEADER_LEN + header_len + tlvs_len - 1);
	buf[3] = qmux->from_modem ? QMUX_FROM_MODEM : 0;
	buf[4] = qmux->service;
	buf[5] = qmux->cid;
	sdu[0] = flags;
	m2m_qmux_set_tid(buf, qmux->tid);
	pure_put_le16(sdu + header_len - 4, qmux->msgid);
	pure_put_le16(sdu + header_len - 2, tlvs_len);
	return QMUX_HEADER_LEN + header_len;
}

size_t m2m_qmux_refuse(const struct m2m_qmux *qmux, u16 error, u8 *buf)
{
	struct m2m_qmux response = {
		.service = qmux->service,
		.cid = qmux->cid,
		.from_modem = true,
		.type = M2M_QMUX_RESPONSE,
		.tid = qmux->tid,
		.msgid = qmux->msgid,
	};
	u8 *tlv = buf + put_headers(buf, &response, TLV_HEADER_LEN + 4);

	tlv[0] = QMI_TLV_RESULT;
	pure_put_le16(tlv + 1, 4);
	pure_put_le16(tlv + 3, error ? 1 : 0);
	pure_put_le16(tlv + 5, error);
	return tlv + TLV_HEADER_LEN + 4 - buf;
}

size_t m2m_qmux_ctl_request(u8 *buf, u8 tid, u16 msgid,
			    const u8 *value, size_t value_len)
{
	struct m2m_qmux request = { .tid = tid, .msgid = msgid };
	size_t tlvs_len = value ? TLV_HEADER_LEN + value_len : 0;
	u8 *tlv = buf + put_headers(buf, &request, tlvs_len);

	if (value) {
		tlv[0] = 0x01;
		pure_put_le16(tlv + 1, value_len);
		memcpy(tlv + TLV_HEADER_LEN, value, value_len);
	}
	return tlv + tlvs_len - buf;
}

void m2m_qmux_mask(const struct m2m_qmux *qmux, u8 *buf)
{
	u8 *tlv = buf + (qmux->tlvs - qmux->frame);
	u8 *end = tlv + qmux->tlvs_len;

	memcpy(buf, qmux->frame, qmux->len);
	while (tlv < end) {
		size_t value_len = pure_le16(tlv + 1);

		if (qmux->type != M2M_QMUX_RESPONSE ||
		    tlv[0] != QMI_TLV_RESULT || value_len != 4)
			memset(tlv + TLV_HEADER_LEN, 0, value_len);
		tlv += TLV_HEADER_LEN + value_len;
	}
}
