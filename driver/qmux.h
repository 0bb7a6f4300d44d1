/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMUX frames: bytes in, verdict out. Pure; compiled for user space as well. */
#ifndef M2M_QMUX_H
#define M2M_QMUX_H

#include "pure.h"

/*
 * Layout, little endian (libqmi, qmi-message.c):
 *
 *   01 | len u16 = total - 1 | flags u8, 80 from the modem | service u8 | cid u8
 *   CTL:    type u8 (0 request, 1 response, 2 indication) | tid u8
 *   others: type u8 (0 request, 2 response, 4 indication) | tid u16
 *   msgid u16 | length of TLVs u16 | TLVs: type u8, length u16, value
 */
#define QMUX_FRAME_MAX		4096
#define QMUX_MARKER		0x01
#define QMUX_HEADER_LEN		6
#define QMUX_FROM_MODEM		0x80
#define QMUX_CID_BROADCAST	0xff

#define QMI_CTL			0x00
#define QMI_WDS			0x01
#define QMI_WDA			0x1a

#define QMI_CTL_SET_INSTANCE_ID	0x0020
#define QMI_CTL_GET_VERSION	0x0021
#define QMI_CTL_ALLOCATE_CID	0x0022
#define QMI_CTL_RELEASE_CID	0x0023
#define QMI_CTL_SET_DATA_FORMAT	0x0026
#define QMI_CTL_SYNC		0x0027
#define QMI_CTL_PROXY_OPEN	0xff00

#define QMI_WDA_SET_DATA_FORMAT	0x0020
#define QMI_WDA_GET_DATA_FORMAT	0x0021

#define QMI_TLV_RESULT		0x02

#define QMI_ERROR_NONE		0
#define QMI_ERROR_MALFORMED	1
#define QMI_ERROR_INTERNAL	3
#define QMI_ERROR_CLIENT_IDS_EXHAUSTED 5
#define QMI_ERROR_INVALID_CLIENT_ID 7
#define QMI_ERROR_MISSING_ARGUMENT 17
#define QMI_ERROR_DEVICE_IN_USE	23
#define QMI_ERROR_INVALID_QMI_COMMAND 71

enum m2m_qmux_type {
	M2M_QMUX_REQUEST,
	M2M_QMUX_RESPONSE,
	M2M_QMUX_INDICATION,
};

enum m2m_qmux_verdict {
	M2M_QMUX_OK,
	M2M_QMUX_GARBAGE,	/* does not begin as a frame */
	M2M_QMUX_TRUNCATED,	/* the frame is longer than the bytes at hand */
	M2M_QMUX_MALFORMED,	/* its lengths contradict each other */
};

/**
 * struct m2m_qmux - a frame whose every length was checked
 * @frame: first byte of the frame; not owned
 * @len: length of the whole frame
 * @tlvs: first TLV, within @frame
 * @tlvs_len: length of all TLVs; they fill it exactly
 * @service: QMI service
 * @cid: client id, 0xff broadcast
 * @from_modem: direction the frame claims
 * @type: request, response or indication
 * @tid: transaction id, 8 bits in CTL
 * @msgid: message id
 */
struct m2m_qmux {
	const u8 *frame;
	size_t len;
	const u8 *tlvs;
	size_t tlvs_len;
	u8 service;
	u8 cid;
	bool from_modem;
	enum m2m_qmux_type type;
	u16 tid;
	u16 msgid;
};

/**
 * m2m_qmux_parse() - the frame at the head of some bytes
 * @buf: bytes from the modem or from a user, not trusted
 * @len: how many
 * @ret_qmux: filled in if the verdict is M2M_QMUX_OK; @ret_qmux->len may be
 *	less than @len, the next frame follows then. For M2M_QMUX_MALFORMED only
 *	@ret_qmux->len is set, so that the frame can be skipped.
 *
 * Return: the verdict.
 */
enum m2m_qmux_verdict m2m_qmux_parse(const u8 *buf, size_t len,
				     struct m2m_qmux *ret_qmux);

/**
 * m2m_qmux_tlv() - value of the first TLV of a type
 * @qmux: from m2m_qmux_parse()
 * @type: of the TLV
 * @min_len: a shorter value counts as absent
 *
 * Return: the value, at least @min_len bytes long, or NULL.
 */
const u8 *m2m_qmux_tlv(const struct m2m_qmux *qmux, u8 type, size_t min_len);

/**
 * m2m_qmux_error() - result TLV of a response
 * @qmux: a response
 *
 * Return: 0 for success, the QMI error, or QMI_ERROR_MALFORMED where the
 * result TLV is missing.
 */
u16 m2m_qmux_error(const struct m2m_qmux *qmux);

/* Patch the ids of a parsed frame; @frame is the same bytes, writable. */
void m2m_qmux_set_cid(u8 *frame, u8 cid);
void m2m_qmux_set_tid(u8 *frame, u16 tid);

/* Longest frame m2m_qmux_build() makes without TLVs. */
#define QMUX_BUILD_LEN		(QMUX_HEADER_LEN + 7)
/* ... of m2m_qmux_refuse() and of CTL requests with one TLV of @n bytes */
#define QMUX_REFUSE_LEN		(QMUX_BUILD_LEN + 7)
#define QMUX_CTL_LEN(n)		(QMUX_HEADER_LEN + 6 + 3 + (n))

/**
 * m2m_qmux_refuse() - the response a modem would give that says no
 * @qmux: the request
 * @error: QMI error; 0 makes a success without more TLVs
 * @buf: of QMUX_REFUSE_LEN bytes
 *
 * Return: length of the response.
 */
size_t m2m_qmux_refuse(const struct m2m_qmux *qmux, u16 error, u8 *buf);

/**
 * m2m_qmux_ctl_request() - a CTL request with at most one TLV
 * @buf: of QMUX_CTL_LEN(@value_len) bytes
 * @tid: 1..255
 * @msgid: of CTL
 * @value: of TLV 0x01, or NULL for no TLV
 * @value_len: length of @value
 *
 * Return: length of the request.
 */
size_t m2m_qmux_ctl_request(u8 *buf, u8 tid, u16 msgid,
			    const u8 *value, size_t value_len);

/**
 * m2m_qmux_mask() - copy a frame with the bytes of every TLV value zeroed
 * @qmux: a parsed frame
 * @buf: of @qmux->len bytes
 *
 * Headers, TLV types and lengths and the result TLV stay: what happened can be
 * read, what was said can not.
 */
void m2m_qmux_mask(const struct m2m_qmux *qmux, u8 *buf);

#endif /* M2M_QMUX_H */
