// SPDX-License-Identifier: GPL-2.0-or-later
/* QMUX frames as tests write and read them. */
#include <string.h>

#include "frame.h"

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static void put16(uint8_t *p, size_t value)
{
	p[0] = value & 0xff;
	p[1] = value >> 8 & 0xff;
}

static size_t head_len(const struct frame *frame)
{
	return frame->data[4] ? 13 : 12;
}

static void set_lengths(struct frame *frame)
{
	size_t head = head_len(frame);

	put16(frame->data + 1, frame->len - 1);
	put16(frame->data + head - 2, frame->len - head);
}

void frame_request(struct frame *frame, uint8_t service, uint8_t cid,
		   uint16_t tid, uint16_t msgid)
{
	uint8_t *data = frame->data;

	memset(data, 0, 13);
	data[0] = 1;
	data[4] = service;
	data[5] = cid;
	frame->len = head_len(frame);
	if (service)
		put16(data + 7, tid);
	else
		data[7] = tid & 0xff;
	put16(data + frame->len - 4, msgid);
	set_lengths(frame);
}

void frame_add(struct frame *frame, uint8_t type, const void *value, size_t len)
{
	uint8_t *tlv = frame->data + frame->len;

	tlv[0] = type;
	put16(tlv + 1, len);
	if (len)
		memcpy(tlv + 3, value, len);
	frame->len += 3 + len;
	set_lengths(frame);
}

void frame_add_u8(struct frame *frame, uint8_t type, uint8_t value)
{
	frame_add(frame, type, &value, 1);
}

void frame_add_u32(struct frame *frame, uint8_t type, uint32_t value)
{
	uint8_t bytes[4];

	put16(bytes, value & 0xffff);
	put16(bytes + 2, value >> 16);
	frame_add(frame, type, bytes, sizeof(bytes));
}

void frame_pad(struct frame *frame, size_t len)
{
	static const uint8_t zeros[FRAME_MAX + 64];

	frame_add(frame, 0xee, zeros, len - frame->len - 3);
}

bool frame_is_whole(const struct frame *frame)
{
	size_t head, at;

	if (frame->len < 12 || frame->data[0] != 1 ||
	    get16(frame->data + 1) + 1u != frame->len)
		return false;
	head = head_len(frame);
	if (frame->len < head || get16(frame->data + head - 2) != frame->len - head)
		return false;
	for (at = head; at + 3 <= frame->len;)
		at += 3 + get16(frame->data + at + 1);
	return at == frame->len;
}

bool frame_is_from_modem(const struct frame *frame)
{
	return frame->data[3] == 0x80;
}

uint8_t frame_service(const struct frame *frame)
{
	return frame->data[4];
}

uint8_t frame_cid(const struct frame *frame)
{
	return frame->data[5];
}

uint16_t frame_tid(const struct frame *frame)
{
	return frame->data[4] ? get16(frame->data + 7) : frame->data[7];
}

uint16_t frame_msgid(const struct frame *frame)
{
	return get16(frame->data + head_len(frame) - 4);
}

enum frame_type frame_type(const struct frame *frame)
{
	switch (frame->data[6]) {
	case 0:
		return FRAME_REQUEST;
	case 1:
		return frame->data[4] ? FRAME_REQUEST : FRAME_RESPONSE;
	case 2:
		return frame->data[4] ? FRAME_RESPONSE : FRAME_INDICATION;
	}
	return FRAME_INDICATION;
}

const uint8_t *frame_find(const struct frame *frame, uint8_t type,
			  size_t *ret_len)
{
	size_t at, len;

	for (at = head_len(frame); at + 3 <= frame->len; at += 3 + len) {
		len = get16(frame->data + at + 1);
		if (at + 3 + len > frame->len)
			return NULL;
		if (frame->data[at] != type)
			continue;
		if (ret_len)
			*ret_len = len;
		return frame->data + at + 3;
	}
	return NULL;
}

int frame_error(const struct frame *frame)
{
	size_t len;
	const uint8_t *result = frame_find(frame, 2, &len);

	if (!result || len < 4)
		return -1;
	return get16(result) ? get16(result + 2) : 0;
}
