// SPDX-License-Identifier: GPL-2.0-or-later
/* QMAP framing: walks a transfer and builds headers, knows no device. */
#include "inet.h"
#include "qmap.h"

#define FLAG_COMMAND		0x80
#define FLAG_NEXT_HEADER	0x40
#define PAD_MASK		0x3f
#define COMMAND_TYPE_MASK	0x03

#define TCP_CHECK		16

#define V4_TRAILER_VALID	0x01
#define V4_COMPUTE		0x8000
#define V4_UDP			0x4000

/* Of the bit: from the modem it is right, to the modem it is to be computed */
#define V5_TYPE_CHECKSUM	2
#define V5_CHECKSUM		0x80

void m2m_qmap_begin(struct m2m_qmap_cursor *cursor, const u8 *data, size_t len,
		    enum m2m_qmap_version version)
{
	*cursor = (struct m2m_qmap_cursor) {
		.data = data,
		.len = len,
		.version = version,
	};
}

static enum m2m_qmap_verdict end(struct m2m_qmap_cursor *cursor,
				 enum m2m_qmap_verdict verdict)
{
	cursor->at = cursor->len;
	return verdict;
}

/* Fewer bytes than a header are left: alignment if zero, else half a frame. */
static enum m2m_qmap_verdict end_of(struct m2m_qmap_cursor *cursor)
{
	size_t i;

	for (i = cursor->at; i < cursor->len; i++)
		if (cursor->data[i])
			return end(cursor, M2M_QMAP_BROKEN);
	return end(cursor, M2M_QMAP_END);
}

static size_t head_len(const struct m2m_qmap_cursor *cursor, u8 flags)
{
	bool v5 = cursor->version == M2M_QMAP_V5;

	if (v5 && flags & FLAG_NEXT_HEADER && !(flags & FLAG_COMMAND))
		return QMAP_HEADER_LEN + QMAP_CSUM_HEADER_LEN;
	return QMAP_HEADER_LEN;
}

static bool is_csum_ok(const u8 *v5)
{
	return v5[0] >> 1 == V5_TYPE_CHECKSUM && v5[1] & V5_CHECKSUM;
}

enum m2m_qmap_verdict m2m_qmap_next(struct m2m_qmap_cursor *cursor,
				    struct m2m_qmap_frame *ret_frame)
{
	const u8 *header = cursor->data + cursor->at;
	size_t left = cursor->len - cursor->at;
	size_t head, tail, len, pad;

	ret_frame->head = 0;
	ret_frame->csum_ok = false;
	if (left < QMAP_HEADER_LEN)
		return end_of(cursor);
	head = head_len(cursor, header[0]);
	tail = cursor->version == M2M_QMAP_V4 ? QMAP_V4_TRAILER_LEN : 0;
	len = pure_be16(header + 2);
	/* An empty frame has no trailer. */
	if (!len)
		tail = 0;
	if (head + len + tail > left)
		return end(cursor, M2M_QMAP_BROKEN);
	ret_frame->size = head + len + tail;
	cursor->at += ret_frame->size;

	ret_frame->mux_id = header[1];
	if (!len)
		return M2M_QMAP_EMPTY;
	pad = header[0] & PAD_MASK;
	if (pad >= len)
		return M2M_QMAP_BAD;
	ret_frame->data = header + head;
	ret_frame->len = len - pad;
	ret_frame->trailer = tail ? header + head + len : NULL;
	if (header[0] & FLAG_COMMAND)
		return ret_frame->len < QMAP_COMMAND_LEN ? M2M_QMAP_BAD :
							   M2M_QMAP_COMMAND;
	if (head > QMAP_HEADER_LEN)
		ret_frame->csum_ok = is_csum_ok(header + QMAP_HEADER_LEN);
	if (ret_frame->size >= QMAP_HEAD_MAX)
		ret_frame->head = head;
	return M2M_QMAP_PACKET;
}

void m2m_qmap_put_header(u8 *buf, u8 mux_id, size_t len, u8 pad)
{
	buf[0] = pad & PAD_MASK;
	buf[1] = mux_id;
	pure_put_be16(buf + 2, len + pad);
}

size_t m2m_qmap_head_len(enum m2m_qmap_version version)
{
	return version == M2M_QMAP_V1 ? QMAP_HEADER_LEN : QMAP_HEAD_MAX;
}

static void put_v4(u8 *buf, const struct m2m_qmap_csum *csum)
{
	memset(buf, 0, QMAP_CSUM_HEADER_LEN);
	if (!csum)
		return;
	pure_put_be16(buf, csum->start);
	pure_put_be16(buf + 2, V4_COMPUTE | (csum->udp ? V4_UDP : 0) |
			       csum->offset);
}

static void put_v5(u8 *buf, const struct m2m_qmap_csum *csum)
{
	memset(buf, 0, QMAP_CSUM_HEADER_LEN);
	buf[0] = V5_TYPE_CHECKSUM << 1;
	if (csum)
		buf[1] = V5_CHECKSUM;
}

void m2m_qmap_put_head(u8 *buf, enum m2m_qmap_version version, u8 mux_id,
		       size_t len, const struct m2m_qmap_csum *csum)
{
	m2m_qmap_put_header(buf, mux_id, len, 0);
	switch (version) {
	case M2M_QMAP_V1:
		return;
	case M2M_QMAP_V4:
		put_v4(buf + QMAP_HEADER_LEN, csum);
		return;
	case M2M_QMAP_V5:
		buf[0] |= FLAG_NEXT_HEADER;
		put_v5(buf + QMAP_HEADER_LEN, csum);
		return;
	}
}

/* v4 hardware starts from the complement. */
static void put_csum_start(enum m2m_qmap_version version, u8 *packet,
			   const struct m2m_qmap_csum *csum)
{
	u8 *field = packet + csum->start + csum->offset;

	if (version != M2M_QMAP_V4)
		return;
	field[0] ^= 0xff;
	field[1] ^= 0xff;
}

bool m2m_qmap_leave_tcp(enum m2m_qmap_version version, u8 *packet, size_t start,
			struct m2m_qmap_csum *ret_csum)
{
	if (version == M2M_QMAP_V1)
		return false;
	*ret_csum = (struct m2m_qmap_csum) {
		.start = start,
		.offset = TCP_CHECK,
	};
	put_csum_start(version, packet, ret_csum);
	return true;
}

bool m2m_qmap_leave_csum(enum m2m_qmap_version version, u8 *packet, size_t len,
			 size_t start, size_t offset,
			 struct m2m_qmap_csum *ret_csum)
{
	struct m2m_inet inet;

	if (version == M2M_QMAP_V1 || !m2m_inet_parse(packet, len, &inet))
		return false;
	if (start != inet.transport || offset != m2m_inet_csum_offset(&inet) ||
	    len != inet.len)
		return false;
	*ret_csum = (struct m2m_qmap_csum) {
		.start = start,
		.offset = offset,
		.udp = inet.protocol == INET_UDP,
	};
	put_csum_start(version, packet, ret_csum);
	return true;
}

/* The trailer's sum is of the whole packet, complemented. */
static bool is_trailer_right(const struct m2m_qmap_frame *frame,
			     const struct m2m_inet *inet)
{
	const u8 *trailer = frame->trailer;
	u32 head, sum;

	if (!(trailer[1] & V4_TRAILER_VALID) || pure_be16(trailer + 2) ||
	    pure_be16(trailer + 4) != inet->len)
		return false;
	head = m2m_inet_sum(frame->data, inet->transport, 0);
	/* Without the IP header, whose sum is subtracted, with the pseudo one */
	sum = (~pure_be16(trailer + 6) & 0xffff) + (~head & 0xffff) +
	      m2m_inet_pseudo_sum(frame->data, inet);
	return m2m_inet_sum(NULL, 0, sum) == 0xffff;
}

/* UDP over IPv4 need not have one: then there is nothing to vouch for. */
static bool has_csum(const struct m2m_qmap_frame *frame,
		     const struct m2m_inet *inet)
{
	return pure_be16(frame->data + inet->transport +
			 m2m_inet_csum_offset(inet)) ||
	       inet->protocol == INET_TCP;
}

static_assert(sizeof(u64) == QMAP_HEAD_MAX, "what m2m_qmap_repeats() compares");

bool m2m_qmap_is_verified(const struct m2m_qmap_frame *frame,
			  const struct m2m_inet *inet)
{
	if (frame->csum_ok)
		return has_csum(frame, inet);
	return frame->trailer && has_csum(frame, inet) &&
	       is_trailer_right(frame, inet);
}

void m2m_qmap_read_command(const struct m2m_qmap_frame *frame,
			   struct m2m_qmap_command *ret_command)
{
	ret_command->name = frame->data[0];
	ret_command->type = frame->data[1] & COMMAND_TYPE_MASK;
	ret_command->transaction = pure_be32(frame->data + 4);
}

size_t m2m_qmap_answer(const struct m2m_qmap_frame *frame,
		       enum m2m_qmap_command_type type, u8 *buf)
{
	u8 *command = buf + QMAP_HEADER_LEN;

	buf[0] = FLAG_COMMAND;
	buf[1] = frame->mux_id;
	pure_put_be16(buf + 2, frame->len);
	memcpy(command, frame->data, frame->len);
	command[1] = (command[1] & ~COMMAND_TYPE_MASK) | type;
	return QMAP_HEADER_LEN + frame->len;
}
