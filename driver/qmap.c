// SPDX-License-Identifier: GPL-2.0-or-later
/* QMAP framing: walks a transfer and builds headers, knows no device. */
#include "qmap.h"

#define FLAG_COMMAND		0x80
#define FLAG_NEXT_HEADER	0x40
#define PAD_MASK		0x3f
#define COMMAND_TYPE_MASK	0x03

#define V5_TYPE_CHECKSUM	2
#define V5_CHECKSUM_OK		0x80

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
		return QMAP_HEADER_LEN + QMAP_V5_HEADER_LEN;
	return QMAP_HEADER_LEN;
}

static bool is_csum_ok(const u8 *v5)
{
	return v5[0] >> 1 == V5_TYPE_CHECKSUM && v5[1] & V5_CHECKSUM_OK;
}

enum m2m_qmap_verdict m2m_qmap_next(struct m2m_qmap_cursor *cursor,
				    struct m2m_qmap_frame *ret_frame)
{
	const u8 *header = cursor->data + cursor->at;
	size_t left = cursor->len - cursor->at;
	size_t head, tail, len, pad;

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
	cursor->at += head + len + tail;

	*ret_frame = (struct m2m_qmap_frame) { .mux_id = header[1] };
	if (!len)
		return M2M_QMAP_EMPTY;
	pad = header[0] & PAD_MASK;
	if (pad >= len)
		return M2M_QMAP_BAD;
	ret_frame->data = header + head;
	ret_frame->len = len - pad;
	if (tail)
		ret_frame->trailer = header + head + len;
	if (header[0] & FLAG_COMMAND)
		return ret_frame->len < QMAP_COMMAND_LEN ? M2M_QMAP_BAD :
							   M2M_QMAP_COMMAND;
	if (head > QMAP_HEADER_LEN)
		ret_frame->csum_ok = is_csum_ok(header + QMAP_HEADER_LEN);
	return M2M_QMAP_PACKET;
}

void m2m_qmap_put_header(u8 *buf, u8 mux_id, size_t len, u8 pad)
{
	buf[0] = pad & PAD_MASK;
	buf[1] = mux_id;
	pure_put_be16(buf + 2, len + pad);
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
