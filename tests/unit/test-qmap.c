// SPDX-License-Identifier: GPL-2.0-or-later
/* driver/qmap.c byte by byte; layouts from rmnet (if_rmnet.h, rmnet_map_data.c). */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/inet.h"
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

/* --- checksums -------------------------------------------------------------------- */

/* 10.0.0.1 to 10.0.0.2, port 1 to 2, two bytes of payload; no checksum yet */
static const u8 udp4[] = {
	0x45, 0, 0, 30, 0, 0, 0x40, 0, 64, 17, 0x26, 0xcd, 10, 0, 0, 1, 10, 0, 0, 2,
	0, 1, 0, 2, 0, 10, 0, 0, 0xab, 0xcd,
};

/* The same by TCP and IPv6, with an odd byte */
static const u8 tcp6[] = {
	0x60, 0, 0, 0, 0, 23, 6, 64,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0, 0, 0, 0, 0,
	0xab, 0xcd, 0xef,
};

/* What the stack leaves: the sum of the pseudo header, or the right checksum. */
static void put_sum(u8 *packet, size_t len, bool whole)
{
	struct m2m_inet inet;
	u32 sum;
	u8 *field;

	ASSERT_TRUE(m2m_inet_parse(packet, len, &inet));
	field = packet + inet.transport + m2m_inet_csum_offset(&inet);
	pure_put_be16(field, 0);
	sum = m2m_inet_pseudo_sum(packet, &inet);
	if (whole)
		sum = ~m2m_inet_sum(packet + inet.transport,
				    inet.len - inet.transport, sum);
	pure_put_be16(field, sum);
}

TEST(packets_parsed)
{
	struct m2m_inet inet;
	u8 packet[sizeof(tcp6)];

	ASSERT_TRUE(m2m_inet_parse(udp4, sizeof(udp4), &inet));
	EXPECT_EQ(4, inet.version);
	EXPECT_EQ(INET_UDP, inet.protocol);
	EXPECT_EQ(20, inet.transport);
	EXPECT_EQ(30, inet.len);
	ASSERT_TRUE(m2m_inet_parse(tcp6, sizeof(tcp6), &inet));
	EXPECT_EQ(6, inet.version);
	EXPECT_EQ(INET_TCP, inet.protocol);
	EXPECT_EQ(40, inet.transport);
	EXPECT_EQ(sizeof(tcp6), inet.len);
	EXPECT_FALSE(m2m_inet_parse(udp4, sizeof(udp4) - 1, &inet));
	EXPECT_FALSE(m2m_inet_parse(tcp6, 39, &inet));
	EXPECT_FALSE(m2m_inet_parse(udp4, 0, &inet));
	memcpy(packet, tcp6, sizeof(tcp6));
	packet[6] = 44;
	EXPECT_FALSE(m2m_inet_parse(packet, sizeof(tcp6), &inet));
	memcpy(packet, udp4, sizeof(udp4));
	packet[6] = 0x20;
	EXPECT_FALSE(m2m_inet_parse(packet, sizeof(udp4), &inet));
	packet[6] = 0;
	packet[7] = 1;
	EXPECT_FALSE(m2m_inet_parse(packet, sizeof(udp4), &inet));
	packet[7] = 0;
	packet[0] = 0x44;
	EXPECT_FALSE(m2m_inet_parse(packet, sizeof(udp4), &inet));
	packet[0] = 0x48;
	EXPECT_FALSE(m2m_inet_parse(packet, sizeof(udp4), &inet));
}

/* An IPv6 packet of headers of eight bytes, each of which says what comes next */
static bool is_udp6(const u8 *next, size_t n, size_t len)
{
	u8 packet[80] = { 0x60 };
	size_t i;

	packet[6] = next[0];
	for (i = 1; i < n; i++)
		packet[40 + 8 * (i - 1)] = next[i];
	return m2m_inet_is_udp(packet, len);
}

TEST(parts_of_udp_are_told)
{
	static const u8 option[] = { 60, 17 }, options[] = { 0, 43, 60, 17 };
	static const u8 fragment[] = { 0, 44, 17 }, other[] = { 0, 44, 6 };
	static const u8 deep[] = { 44, 60, 17 }, plain[] = { 17 };
	u8 packet[80] = { 0x60 };

	memcpy(packet, udp4, sizeof(udp4));
	packet[6] = 0x20;
	packet[7] = 0x10;
	EXPECT_TRUE(m2m_inet_is_udp(packet, sizeof(udp4)));
	EXPECT_TRUE(m2m_inet_is_udp(packet, 20));
	EXPECT_FALSE(m2m_inet_is_udp(packet, 19));
	EXPECT_FALSE(m2m_inet_is_udp(packet, 0));
	packet[9] = 6;
	EXPECT_FALSE(m2m_inet_is_udp(packet, sizeof(udp4)));
	EXPECT_FALSE(m2m_inet_is_udp(tcp6, sizeof(tcp6)));
	EXPECT_TRUE(is_udp6(plain, 1, 40));
	EXPECT_FALSE(is_udp6(plain, 1, 39));
	EXPECT_TRUE(is_udp6(option, 2, 48));
	EXPECT_FALSE(is_udp6(option, 2, 47));
	EXPECT_TRUE(is_udp6(options, 4, 80));
	EXPECT_TRUE(is_udp6(fragment, 3, 80));
	EXPECT_FALSE(is_udp6(other, 3, 80));
	/* What the other fragments of it could not tell */
	EXPECT_FALSE(is_udp6(deep, 3, 80));
	/* A header that ends behind the packet, and one at its end */
	memset(packet, 0, sizeof(packet));
	packet[0] = 0x60;
	packet[6] = 60;
	packet[40] = 60;
	packet[41] = 255;
	EXPECT_FALSE(m2m_inet_is_udp(packet, sizeof(packet)));
	packet[41] = 3;
	packet[72] = 17;
	EXPECT_TRUE(m2m_inet_is_udp(packet, sizeof(packet)));
	EXPECT_FALSE(m2m_inet_is_udp(packet, sizeof(packet) - 1));
}

/* With any bit changed; returns of how many others it could be told. */
static unsigned int told_alike(const u8 *packet, size_t len)
{
	struct m2m_inet inet, other;
	unsigned int bit, told = 0;
	u8 next[sizeof(tcp6)];

	ASSERT_TRUE(m2m_inet_parse(packet, len, &inet));
	for (bit = 0; bit < 8 * len; bit++) {
		memcpy(next, packet, len);
		next[bit / 8] ^= 1 << bit % 8;
		if (!m2m_inet_is_alike(packet, next, &inet))
			continue;
		told++;
		ASSERT_TRUE(m2m_inet_parse(next, len, &other));
		ASSERT_EQ(inet.version, other.version);
		ASSERT_EQ(inet.protocol, other.protocol);
		ASSERT_EQ(inet.transport, other.transport);
		ASSERT_EQ(inet.len, other.len);
	}
	return told;
}

/* All but those of six bytes, and of four */
TEST(packets_that_are_alike)
{
	EXPECT_EQ(8 * (sizeof(udp4) - 6), told_alike(udp4, sizeof(udp4)));
	EXPECT_EQ(8 * (sizeof(tcp6) - 4), told_alike(tcp6, sizeof(tcp6)));
}

TEST(heads_written)
{
	const struct m2m_qmap_csum tcp = { .start = 40, .offset = 16 };
	const struct m2m_qmap_csum udp = { .start = 20, .offset = 6, .udp = true };
	u8 head[QMAP_HEAD_MAX];

	EXPECT_EQ(4, m2m_qmap_head_len(M2M_QMAP_V1));
	EXPECT_EQ(8, m2m_qmap_head_len(M2M_QMAP_V4));
	EXPECT_EQ(8, m2m_qmap_head_len(M2M_QMAP_V5));
	m2m_qmap_put_head(head, M2M_QMAP_V1, 3, 1500, NULL);
	EXPECT_EQ(0, memcmp(head, "\x00\x03\x05\xdc", 4));
	m2m_qmap_put_head(head, M2M_QMAP_V4, 3, 1500, NULL);
	EXPECT_EQ(0, memcmp(head, "\x00\x03\x05\xdc\0\0\0\0", 8));
	m2m_qmap_put_head(head, M2M_QMAP_V4, 3, 1500, &tcp);
	EXPECT_EQ(0, memcmp(head, "\x00\x03\x05\xdc\x00\x28\x80\x10", 8));
	m2m_qmap_put_head(head, M2M_QMAP_V4, 3, 1500, &udp);
	EXPECT_EQ(0, memcmp(head, "\x00\x03\x05\xdc\x00\x14\xc0\x06", 8));
	m2m_qmap_put_head(head, M2M_QMAP_V5, 3, 1500, NULL);
	EXPECT_EQ(0, memcmp(head, "\x40\x03\x05\xdc\x04\x00\0\0", 8));
	m2m_qmap_put_head(head, M2M_QMAP_V5, 3, 1500, &udp);
	EXPECT_EQ(0, memcmp(head, "\x40\x03\x05\xdc\x04\x80\0\0", 8));
}

TEST(a_checksum_left_to_the_modem)
{
	struct m2m_qmap_csum csum;
	u8 packet[sizeof(tcp6)], before[sizeof(tcp6)];

	memcpy(packet, tcp6, sizeof(tcp6));
	put_sum(packet, sizeof(tcp6), false);
	memcpy(before, packet, sizeof(tcp6));
	EXPECT_FALSE(m2m_qmap_leave_csum(M2M_QMAP_V1, packet, sizeof(tcp6), 40,
					 16, &csum));
	ASSERT_TRUE(m2m_qmap_leave_csum(M2M_QMAP_V5, packet, sizeof(tcp6), 40,
					16, &csum));
	EXPECT_EQ(40, csum.start);
	EXPECT_EQ(16, csum.offset);
	EXPECT_FALSE(csum.udp);
	EXPECT_EQ(0, memcmp(before, packet, sizeof(tcp6)));
	ASSERT_TRUE(m2m_qmap_leave_csum(M2M_QMAP_V4, packet, sizeof(tcp6), 40,
					16, &csum));
	EXPECT_EQ(0xffff, pure_be16(before + 56) ^ pure_be16(packet + 56));
	memcpy(packet, udp4, sizeof(udp4));
	put_sum(packet, sizeof(udp4), false);
	ASSERT_TRUE(m2m_qmap_leave_csum(M2M_QMAP_V5, packet, sizeof(udp4), 20, 6,
					&csum));
	EXPECT_TRUE(csum.udp);
}

/* What user space or a tunnel asks for is not always what a modem can do. */
TEST(checksums_the_modem_cannot_compute)
{
	struct m2m_qmap_csum csum;
	u8 packet[sizeof(udp4) + 1] = { 0 };

	memcpy(packet, udp4, sizeof(udp4));
	EXPECT_FALSE(m2m_qmap_leave_csum(M2M_QMAP_V4, packet, sizeof(udp4), 22, 6,
					 &csum));
	EXPECT_FALSE(m2m_qmap_leave_csum(M2M_QMAP_V4, packet, sizeof(udp4), 20, 8,
					 &csum));
	EXPECT_FALSE(m2m_qmap_leave_csum(M2M_QMAP_V4, packet, sizeof(packet), 20,
					 6, &csum));
	packet[9] = 132;
	EXPECT_FALSE(m2m_qmap_leave_csum(M2M_QMAP_V4, packet, sizeof(udp4), 20, 6,
					 &csum));
	packet[9] = 17;
	EXPECT_EQ(0, memcmp(packet, udp4, sizeof(udp4)));
}

static bool is_verified(const struct m2m_qmap_frame *frame)
{
	struct m2m_inet inet;

	return m2m_inet_parse(frame->data, frame->len, &inet) &&
	       m2m_qmap_is_verified(frame, &inet);
}

/* A frame with a trailer that states the sum of @packet as it is */
static bool v4_verifies(const u8 *packet, size_t len, u16 error)
{
	u8 trailer[QMAP_V4_TRAILER_LEN] = { 0, 1 };
	const struct m2m_qmap_frame frame = {
		.data = packet,
		.len = len,
		.trailer = trailer,
	};

	pure_put_be16(trailer + 4, len);
	pure_put_be16(trailer + 6,
		      (~m2m_inet_sum(packet, len, 0) & 0xffff) + error);
	return is_verified(&frame);
}

TEST(v4_sums)
{
	u8 packet[sizeof(tcp6)], trailer[QMAP_V4_TRAILER_LEN] = { 0 };
	struct m2m_qmap_frame frame = { .data = packet, .len = sizeof(udp4) };

	memcpy(packet, tcp6, sizeof(tcp6));
	put_sum(packet, sizeof(tcp6), true);
	EXPECT_TRUE(v4_verifies(packet, sizeof(tcp6), 0));
	EXPECT_FALSE(v4_verifies(packet, sizeof(tcp6), 1));
	packet[sizeof(tcp6) - 1] ^= 1;
	EXPECT_FALSE(v4_verifies(packet, sizeof(tcp6), 0));
	memcpy(packet, udp4, sizeof(udp4));
	EXPECT_FALSE(v4_verifies(packet, sizeof(udp4), 0));
	put_sum(packet, sizeof(udp4), true);
	EXPECT_TRUE(v4_verifies(packet, sizeof(udp4), 0));
	EXPECT_FALSE(is_verified(&frame));
	frame.trailer = trailer;
	EXPECT_FALSE(is_verified(&frame));
}

/* The modem's word on what has no checksum, or is only a part, is worth nothing. */
TEST(v5_verdicts)
{
	u8 packet[sizeof(udp4)];
	struct m2m_qmap_frame frame = {
		.data = packet,
		.len = sizeof(packet),
		.csum_ok = true,
	};

	memcpy(packet, udp4, sizeof(udp4));
	EXPECT_FALSE(is_verified(&frame));
	put_sum(packet, sizeof(packet), true);
	EXPECT_TRUE(is_verified(&frame));
	packet[6] = 0x20;
	EXPECT_FALSE(is_verified(&frame));
	packet[6] = 0;
	frame.csum_ok = false;
	EXPECT_FALSE(is_verified(&frame));
}

TEST_HARNESS_MAIN
