// SPDX-License-Identifier: GPL-2.0-or-later
/* driver/qmap.c on bytes that nobody chose; the seed is fixed, so it repeats. */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/qmap.h"
#include "../lib/harness.h"
#include "../lib/packet.h"

#define ROUNDS	200000
#define ROOM	600

static unsigned long n_again;

/* Something between noise and an aggregate. Returns its length. */
static size_t make(u8 *buf, size_t room)
{
	size_t len = 0, frame, last, i;

	for (i = 0; i < room; i++)
		buf[i] = draw(256);
	if (!draw(4))
		return draw(room);
	while (room - len > QMAP_HEADER_LEN && draw(8)) {
		frame = draw(room - len - QMAP_HEADER_LEN);
		if (draw(3))
			frame %= 40;
		m2m_qmap_put_header(buf + len, draw(256), frame, 0);
		buf[len] = draw(2) ? 0 : draw(256);
		/* One of v5, and the same again, nearly always */
		if (!draw(4) && 2 * (QMAP_HEAD_MAX + frame) <= room - len) {
			buf[len] = 0x40;
			buf[len + 4] = 0x04;
			buf[len + 5] = 0x80;
			last = QMAP_HEAD_MAX + frame;
			memcpy(buf + len + last, buf + len, QMAP_HEAD_MAX);
			buf[len + last + draw(QMAP_HEAD_MAX)] ^= !draw(4);
			len += last;
			frame += QMAP_CSUM_HEADER_LEN;
		}
		len += QMAP_HEADER_LEN + frame;
		if (draw(2) && room - len > 12)
			len += 4 * draw(3);
	}
	for (i = draw(2) * draw(3); i && len; i--)
		buf[draw(len)] = draw(256);
	return draw(4) ? len : draw(len + 1);
}

static bool is_inside(const struct m2m_qmap_cursor *cursor, const u8 *at,
		      size_t len)
{
	return at >= cursor->data && len <= cursor->len &&
	       at <= cursor->data + cursor->len - len;
}

static void check_command(const struct m2m_qmap_frame *frame)
{
	struct m2m_qmap_command command, echo;
	struct m2m_qmap_cursor cursor;
	struct m2m_qmap_frame again;
	u8 *answer = malloc(QMAP_HEADER_LEN + frame->len);
	size_t len;

	ASSERT_TRUE(answer);
	m2m_qmap_read_command(frame, &command);
	len = m2m_qmap_answer(frame, M2M_QMAP_ACK, answer);
	ASSERT_EQ(QMAP_HEADER_LEN + frame->len, len);
	/* What we answer is a command that we can read. */
	m2m_qmap_begin(&cursor, answer, len, M2M_QMAP_V1);
	ASSERT_EQ(M2M_QMAP_COMMAND, m2m_qmap_next(&cursor, &again));
	m2m_qmap_read_command(&again, &echo);
	ASSERT_EQ(command.name, echo.name);
	ASSERT_EQ(command.transaction, echo.transaction);
	ASSERT_EQ(M2M_QMAP_ACK, echo.type);
	ASSERT_EQ(frame->mux_id, again.mux_id);
	free(answer);
}

/* A copy of its very size: neither looks beyond the packet. */
static void check_packet(const struct m2m_qmap_frame *frame)
{
	struct m2m_qmap_frame alone = *frame;
	struct m2m_qmap_csum csum;
	struct m2m_inet inet;
	u8 *copy = malloc(frame->len);
	size_t start = draw(64), offset = draw(20);

	ASSERT_TRUE(copy);
	memcpy(copy, frame->data, frame->len);
	/* Often something that may be verified */
	if (draw(2)) {
		copy[0] = draw(2) ? 0x45 : 0x60;
		if (frame->len > 9)
			copy[copy[0] == 0x45 ? 9 : 6] = draw(2) ? 6 : 17;
		if (frame->len > 7 && copy[0] == 0x45)
			pure_put_be16(copy + 2, frame->len);
		if (frame->len > 39 && copy[0] == 0x60)
			pure_put_be16(copy + 4, frame->len - 40);
		start = copy[0] == 0x45 ? 20 : 40;
		offset = draw(2) ? 6 : 16;
	}
	alone.data = copy;
	if (m2m_inet_parse(alone.data, alone.len, &inet))
		m2m_qmap_is_verified(&alone, &inet);
	m2m_inet_is_udp(alone.data, alone.len);
	if (m2m_qmap_leave_csum(draw(3), copy, frame->len, start, offset, &csum))
		ASSERT_LE(csum.start + csum.offset + 2, frame->len);
	free(copy);
}

/* The short way to the next frame is none but the long one, where it is one. */
static void check_again(const struct m2m_qmap_cursor *before,
			const struct m2m_qmap_frame *last,
			enum m2m_qmap_verdict verdict,
			const struct m2m_qmap_cursor *cursor,
			const struct m2m_qmap_frame *frame)
{
	struct m2m_qmap_cursor again = *before;
	struct m2m_qmap_frame found = *last;

	if (!m2m_qmap_again(&again, &found))
		return;
	n_again++;
	ASSERT_EQ(M2M_QMAP_PACKET, verdict);
	ASSERT_EQ(cursor->at, again.at);
	ASSERT_TRUE(frame->data == found.data);
	ASSERT_EQ(frame->len, found.len);
	ASSERT_EQ(frame->size, found.size);
	ASSERT_EQ(frame->mux_id, found.mux_id);
	ASSERT_EQ(frame->head, found.head);
	ASSERT_EQ(frame->csum_ok, found.csum_ok);
	ASSERT_TRUE(frame->trailer == found.trailer);
}

static void check_frame(const struct m2m_qmap_cursor *cursor,
			const struct m2m_qmap_frame *frame)
{
	ASSERT_GE(frame->len, 1);
	ASSERT_TRUE(is_inside(cursor, frame->data, frame->len));
	if (frame->trailer)
		ASSERT_TRUE(is_inside(cursor, frame->trailer,
				      QMAP_V4_TRAILER_LEN));
}

/* Every walk ends, moves on by at least a header, and stays inside. */
static void walk(const u8 *bytes, size_t len, enum m2m_qmap_version version)
{
	enum m2m_qmap_verdict verdict = M2M_QMAP_EMPTY;
	struct m2m_qmap_frame frame = {}, last;
	struct m2m_qmap_cursor cursor, from;
	size_t before;

	m2m_qmap_begin(&cursor, bytes, len, version);
	while (verdict != M2M_QMAP_END && verdict != M2M_QMAP_BROKEN) {
		before = cursor.at;
		from = cursor;
		last = frame;
		verdict = m2m_qmap_next(&cursor, &frame);
		ASSERT_LE(cursor.at, cursor.len);
		check_again(&from, &last, verdict, &cursor, &frame);
		if (verdict == M2M_QMAP_END || verdict == M2M_QMAP_BROKEN)
			continue;
		ASSERT_GE(cursor.at, before + QMAP_HEADER_LEN);
		if (verdict == M2M_QMAP_PACKET || verdict == M2M_QMAP_COMMAND)
			check_frame(&cursor, &frame);
		if (verdict == M2M_QMAP_PACKET)
			check_packet(&frame);
		if (verdict == M2M_QMAP_COMMAND)
			check_command(&frame);
	}
	ASSERT_EQ(cursor.len, cursor.at);
}

TEST_TIMEOUT(any_bytes, 120)
{
	u8 buf[ROOM];
	unsigned int i;
	size_t len;
	u8 *exact;

	draw_seed = 0x6d326d21;
	for (i = 0; i < ROUNDS; i++) {
		len = make(buf, sizeof(buf));
		exact = malloc(len ? len : 1);
		ASSERT_TRUE(exact);
		memcpy(exact, buf, len);
		walk(exact, len, draw(3));
		free(exact);
	}
	ASSERT_LT(ROUNDS / 100, n_again);
}

/* What is put together comes apart as the same. */
TEST(round_trip)
{
	struct m2m_qmap_cursor cursor;
	struct m2m_qmap_frame frame;
	size_t at, len[20], i;
	unsigned int round;
	u8 buf[20 * 64];

	draw_seed = 0x6d326d22;
	for (round = 0; round < 20000; round++) {
		size_t n = 1 + draw(ARRAY_SIZE(len));

		for (at = 0, i = 0; i < n; i++) {
			u8 pad = draw(4);

			len[i] = 1 + draw(56);
			m2m_qmap_put_header(buf + at, i, len[i], pad);
			memset(buf + at + QMAP_HEADER_LEN, i, len[i]);
			at += QMAP_HEADER_LEN + len[i] + pad;
		}
		m2m_qmap_begin(&cursor, buf, at, M2M_QMAP_V1);
		for (i = 0; i < n; i++) {
			ASSERT_EQ(M2M_QMAP_PACKET,
				  m2m_qmap_next(&cursor, &frame));
			ASSERT_EQ(i, frame.mux_id);
			ASSERT_EQ(len[i], frame.len);
			ASSERT_EQ(i, frame.data[frame.len - 1]);
		}
		ASSERT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
	}
}

TEST_HARNESS_MAIN
