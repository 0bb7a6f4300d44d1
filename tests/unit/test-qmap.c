// SPDX-License-Identifier: GPL-2.0-or-later
/* driver/qmap.c byte by byte; layouts from rmnet (if_rmnet.h, rmnet_map_data.c). */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/qmap.h"
#include "../lib/harness.h"

/* What the tests of one process walk through, gone with it */
static u8 *blocks[8];
static size_t n_blocks;

/* In a block of its very size, so that a byte too far is seen. */
static struct m2m_qmap_cursor cursor_on(const u8 *bytes, size_t len,
					enum m2m_qmap_version version)
{
	struct m2m_qmap_cursor cursor;
	u8 *copy = malloc(len ? len : 1);

	ASSERT_TRUE(copy);
	ASSERT_LT(n_blocks, ARRAY_SIZE(blocks));
	blocks[n_blocks++] = copy;
	memcpy(copy, bytes, len);
	m2m_qmap_begin(&cursor, copy, len, version);
	return cursor;
}

#define CURSOR(_version, ...)						\
	cursor_on((const u8[]){ __VA_ARGS__ },				\
		  sizeof((const u8[]){ __VA_ARGS__ }), _version)

TEST(one_packet)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x00, 0x01, 0x00, 0x03, 0x45, 0xaa, 0xbb);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(1, frame.mux_id);
	EXPECT_EQ(3, frame.len);
	EXPECT_EQ(0, memcmp(frame.data, "\x45\xaa\xbb", 3));
	EXPECT_FALSE(frame.csum_ok);
	EXPECT_FALSE(frame.trailer);
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
}

TEST(padding_is_cut_off)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x03, 0x81, 0x00, 0x04, 0x60, 0, 0, 0,
		0x00, 0x02, 0x00, 0x01, 0x45);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(0x81, frame.mux_id);
	EXPECT_EQ(1, frame.len);
	EXPECT_EQ(0x60, frame.data[0]);
	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(2, frame.mux_id);
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
}

TEST(padding_that_is_all_there_is)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x04, 0x01, 0x00, 0x04, 0, 0, 0, 0,
		0x3f, 0x02, 0x00, 0x02, 0, 0,
		0x00, 0x03, 0x00, 0x00,
		0x00, 0x04, 0x00, 0x01, 0x45);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_BAD, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(1, frame.mux_id);
	ASSERT_EQ(M2M_QMAP_BAD, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(2, frame.mux_id);
	ASSERT_EQ(M2M_QMAP_EMPTY, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(3, frame.mux_id);
	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(4, frame.mux_id);
}

TEST(length_beyond_the_end)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x00, 0x01, 0x00, 0x01, 0x45,
		0x00, 0x01, 0x00, 0x03, 0x45, 0x00);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	ASSERT_EQ(M2M_QMAP_BROKEN, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
	cursor = CURSOR(M2M_QMAP_V1, 0x00, 0x01, 0xff, 0xff, 0x45);
	EXPECT_EQ(M2M_QMAP_BROKEN, m2m_qmap_next(&cursor, &frame));
}

TEST(half_a_header)
{
	struct m2m_qmap_cursor cursor;
	struct m2m_qmap_frame frame;

	cursor = CURSOR(M2M_QMAP_V1, 0x00, 0x00, 0x00);
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
	cursor = CURSOR(M2M_QMAP_V1, 0x00, 0x01, 0x00);
	EXPECT_EQ(M2M_QMAP_BROKEN, m2m_qmap_next(&cursor, &frame));
	cursor = cursor_on((const u8 *)"", 0, M2M_QMAP_V1);
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
}

/* The longest transfer there is holds the longest packet there is. */
TEST(longest_packet)
{
	static u8 bytes[QMAP_HEADER_LEN + 0xffff];
	struct m2m_qmap_cursor cursor;
	struct m2m_qmap_frame frame;

	m2m_qmap_put_header(bytes, 254, 0xffff, 0);
	m2m_qmap_begin(&cursor, bytes, sizeof(bytes), M2M_QMAP_V1);
	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(254, frame.mux_id);
	EXPECT_EQ(0xffff, frame.len);
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
	m2m_qmap_begin(&cursor, bytes, sizeof(bytes) - 1, M2M_QMAP_V1);
	EXPECT_EQ(M2M_QMAP_BROKEN, m2m_qmap_next(&cursor, &frame));
}

/* In v1 the bit is reserved and means nothing. */
TEST(next_header_bit_in_v1)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x40, 0x01, 0x00, 0x02, 0x45, 0x01);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(2, frame.len);
	EXPECT_EQ(0x45, frame.data[0]);
}

TEST(v5_checksum_header)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V5,
		0x41, 0x02, 0x00, 0x03, 0x04, 0x80, 0x00, 0x00, 0x45, 0x11, 0,
		0x40, 0x02, 0x00, 0x01, 0x04, 0x00, 0x00, 0x00, 0x46,
		0x40, 0x02, 0x00, 0x01, 0x06, 0x80, 0x00, 0x00, 0x47,
		0x00, 0x02, 0x00, 0x01, 0x48);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_TRUE(frame.csum_ok);
	EXPECT_EQ(2, frame.len);
	EXPECT_EQ(0x45, frame.data[0]);
	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_FALSE(frame.csum_ok);
	EXPECT_EQ(0x46, frame.data[0]);
	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_FALSE(frame.csum_ok);
	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_FALSE(frame.csum_ok);
	EXPECT_EQ(0x48, frame.data[0]);
	cursor = CURSOR(M2M_QMAP_V5, 0x40, 0x02, 0x00, 0x01, 0x04, 0x80, 0x00, 0x00);
	EXPECT_EQ(M2M_QMAP_BROKEN, m2m_qmap_next(&cursor, &frame));
}

TEST(v4_trailer)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V4,
		0x01, 0x01, 0x00, 0x03, 0x45, 0x00, 0x00,
		0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0xab, 0xcd,
		0x00, 0x02, 0x00, 0x00,
		0x00, 0x02, 0x00, 0x01, 0x46,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
	struct m2m_qmap_frame frame;

	ASSERT_EQ(M2M_QMAP_PACKET, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(2, frame.len);
	ASSERT_TRUE(frame.trailer);
	EXPECT_EQ(0x01, frame.trailer[1]);
	EXPECT_EQ(0xabcd, pure_be16(frame.trailer + 6));
	ASSERT_EQ(M2M_QMAP_EMPTY, m2m_qmap_next(&cursor, &frame));
	/* The trailer is one byte short. */
	ASSERT_EQ(M2M_QMAP_BROKEN, m2m_qmap_next(&cursor, &frame));
}

TEST(flow_command)
{
	static const u8 ack[] = {
		0x80, 0x03, 0x00, 0x10, 0x01, 0x01, 0x00, 0x00,
		0x12, 0x34, 0x56, 0x78, 0x00, 0x01, 0x00, 0x07,
		0x00, 0x00, 0x00, 0x09,
	};
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x80, 0x03, 0x00, 0x10, 0x01, 0x00, 0x00, 0x00,
		0x12, 0x34, 0x56, 0x78, 0x00, 0x01, 0x00, 0x07,
		0x00, 0x00, 0x00, 0x09);
	struct m2m_qmap_command command;
	struct m2m_qmap_frame frame;
	u8 answer[sizeof(ack)];

	ASSERT_EQ(M2M_QMAP_COMMAND, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(3, frame.mux_id);
	m2m_qmap_read_command(&frame, &command);
	EXPECT_EQ(M2M_QMAP_FLOW_DISABLE, command.name);
	EXPECT_EQ(M2M_QMAP_REQUEST, command.type);
	EXPECT_EQ(0x12345678, command.transaction);
	ASSERT_EQ(sizeof(ack), m2m_qmap_answer(&frame, M2M_QMAP_ACK, answer));
	EXPECT_EQ(0, memcmp(ack, answer, sizeof(ack)));
}

/* The answer keeps reserved bits, changes the type and has no padding. */
TEST(unsupported_command)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x82, 0x00, 0x00, 0x0a, 0x7f, 0xfc, 0xaa, 0xbb,
		0x00, 0x00, 0x00, 0x01, 0xee, 0xee);
	struct m2m_qmap_frame frame;
	u8 answer[12];

	ASSERT_EQ(M2M_QMAP_COMMAND, m2m_qmap_next(&cursor, &frame));
	ASSERT_EQ(8, frame.len);
	ASSERT_EQ(12, m2m_qmap_answer(&frame, M2M_QMAP_UNSUPPORTED, answer));
	EXPECT_EQ(0, memcmp("\x80\x00\x00\x08\x7f\xfe\xaa\xbb\0\0\0\1", answer,
			    12));
}

TEST(command_too_short)
{
	struct m2m_qmap_cursor cursor = CURSOR(M2M_QMAP_V1,
		0x80, 0x01, 0x00, 0x07, 0x01, 0, 0, 0, 0, 0, 0,
		0x81, 0x01, 0x00, 0x08, 0x01, 0, 0, 0, 0, 0, 0, 0);
	struct m2m_qmap_frame frame;

	EXPECT_EQ(M2M_QMAP_BAD, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(M2M_QMAP_BAD, m2m_qmap_next(&cursor, &frame));
	EXPECT_EQ(M2M_QMAP_END, m2m_qmap_next(&cursor, &frame));
}

TEST(headers_written)
{
	u8 bytes[QMAP_HEADER_LEN];

	m2m_qmap_put_header(bytes, 1, 1500, 0);
	EXPECT_EQ(0, memcmp("\x00\x01\x05\xdc", bytes, sizeof(bytes)));
	m2m_qmap_put_header(bytes, 0xfe, 1497, 3);
	EXPECT_EQ(0, memcmp("\x03\xfe\x05\xdc", bytes, sizeof(bytes)));
}

TEST_HARNESS_MAIN
