// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: m2msim's QMAP layout is the one of the rmnet documentation, byte by byte. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdint.h>

#include "../../tools/sim/inet.h"
#include "../../tools/sim/qmap-sim.h"
#include "../lib/harness.h"

/* UDP 10.0.0.1:7 -> 10.0.0.2:9, payload "abc"; all checksums right. */
static const uint8_t udp4[31] = {
	0x45, 0x00, 0x00, 0x1f, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x66, 0xcb,
	0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02,
	0x00, 0x07, 0x00, 0x09, 0x00, 0x0b, 0x27, 0x63, 'a', 'b', 'c',
};

static uint8_t out[256];

static struct qmap_buffer buffer(size_t size)
{
	struct qmap_buffer buf = { .data = out, .size = size };

	memset(out, 0xee, sizeof(out));
	return buf;
}

TEST(the_vector_itself_is_right)
{
	struct inet_packet info;

	ASSERT_EQ(0, inet_parse(udp4, sizeof(udp4), &info));
	EXPECT_EQ(INET_CHECKSUM_GOOD, inet_check_transport(udp4, &info));
}

TEST(v1_pads_to_four)
{
	static const uint8_t header[4] = { 0x01, 0x81, 0x00, 0x20 };
	struct qmap_buffer buf = buffer(36);

	EXPECT_EQ(36, qmap_downlink_size(QMAP_VERSION_1, sizeof(udp4)));
	ASSERT_EQ(0, qmap_put_packet(&buf, QMAP_VERSION_1, 0x81, udp4, sizeof(udp4)));
	EXPECT_EQ(36, buf.len);
	EXPECT_FALSE(memcmp(header, out, 4));
	EXPECT_FALSE(memcmp(udp4, out + 4, sizeof(udp4)));
	EXPECT_EQ(0, out[35]);
	EXPECT_EQ(-ENOSPC, qmap_put_packet(&buf, QMAP_VERSION_1, 1, udp4, 31));
	EXPECT_EQ(1, buf.frames);
}

TEST(v4_trailer_is_the_complement_over_the_packet)
{
	/*
	 * The header sums to ffff, so what is left is the payload; with the
	 * pseudo header (0a00 + 0001 + 0a00 + 0002 + 0011 + 000b = 141f) it
	 * sums to ffff: the complement is 141f.
	 */
	static const uint8_t trailer[8] = { 0, 1, 0, 0, 0, 0x1f, 0x14, 0x1f };
	static const uint8_t header[4] = { 0x01, 0x01, 0x00, 0x20 };
	struct qmap_buffer buf = buffer(sizeof(out));

	ASSERT_EQ(0, qmap_put_packet(&buf, QMAP_VERSION_4, 1, udp4, sizeof(udp4)));
	EXPECT_EQ(44, buf.len);
	EXPECT_FALSE(memcmp(header, out, 4));
	EXPECT_FALSE(memcmp(trailer, out + 36, 8));
}

TEST(v5_says_valid_only_of_what_is)
{
	static const uint8_t good[8] = { 0x41, 0x02, 0x00, 0x20, 0x04, 0x80, 0, 0 };
	struct qmap_buffer buf = buffer(sizeof(out));
	uint8_t bad[sizeof(udp4)];

	ASSERT_EQ(0, qmap_put_packet(&buf, QMAP_VERSION_5, 2, udp4, sizeof(udp4)));
	EXPECT_EQ(40, buf.len);
	EXPECT_FALSE(memcmp(good, out, 8));
	memcpy(bad, udp4, sizeof(bad));
	bad[30] ^= 1;
	ASSERT_EQ(0, qmap_put_packet(&buf, QMAP_VERSION_5, 2, bad, sizeof(bad)));
	EXPECT_EQ(0x04, out[44]);
	EXPECT_EQ(0x00, out[45]);
}

TEST(flow_control_command)
{
	static const uint8_t want[20] = {
		0x80, 0x05, 0x00, 0x10, 0x01, 0x00, 0x00, 0x00, 0x12, 0x34, 0x56,
		0x78, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x07,
	};
	struct qmap_command command = {
		.name = QMAP_FLOW_DISABLE, .mux_id = 5, .transaction = 0x12345678,
		.sequence = 9, .qos_id = 7,
	}, back;
	struct qmap_buffer buf = buffer(sizeof(out));
	struct qmap_frame frame;

	ASSERT_EQ(0, qmap_put_command(&buf, QMAP_VERSION_5, &command));
	EXPECT_EQ(20, buf.len);
	EXPECT_FALSE(memcmp(want, out, 20));
	ASSERT_EQ(20, qmap_get_frame(out, 20, QMAP_VERSION_5, &frame));
	ASSERT_EQ(0, qmap_get_command(&frame, &back));
	EXPECT_EQ(0x12345678, back.transaction);
	EXPECT_EQ(9, back.sequence);
	/* v4 puts its trailer behind commands as well. */
	buf = buffer(sizeof(out));
	ASSERT_EQ(0, qmap_put_command(&buf, QMAP_VERSION_4, &command));
	EXPECT_EQ(28, buf.len);
}

TEST(frames_that_lie_about_their_length_are_refused)
{
	uint8_t data[36] = { 0x01, 0x01, 0x00, 0x20 };
	struct qmap_frame frame;

	memcpy(data + 4, udp4, sizeof(udp4));
	EXPECT_EQ(36, qmap_get_frame(data, 36, QMAP_VERSION_1, &frame));
	EXPECT_EQ(31, frame.len);
	EXPECT_EQ(-EBADMSG, qmap_get_frame(data, 35, QMAP_VERSION_1, &frame));
	EXPECT_EQ(-EBADMSG, qmap_get_frame(data, 3, QMAP_VERSION_1, &frame));
	data[0] = 0x20;		/* nothing but padding */
	EXPECT_EQ(-EBADMSG, qmap_get_frame(data, 36, QMAP_VERSION_1, &frame));
	data[0] = 0x41;		/* v1 knows no next header */
	EXPECT_EQ(-EBADMSG, qmap_get_frame(data, 36, QMAP_VERSION_1, &frame));
	data[4] = 0x05;		/* a header behind the header */
	EXPECT_EQ(-EBADMSG, qmap_get_frame(data, 36, QMAP_VERSION_5, &frame));
}

/* A v4 uplink frame of the vector with its checksum left to the modem. */
static struct qmap_frame v4_request(uint8_t *data, uint16_t info)
{
	static const uint8_t header[4] = { 0x01, 0x01, 0x00, 0x20 };
	struct qmap_frame frame = { 0 };

	memset(data, 0, 40);
	memcpy(data, header, 4);
	data[5] = 20;
	data[6] = (uint8_t)(info >> 8);
	data[7] = (uint8_t)info;
	memcpy(data + 8, udp4, sizeof(udp4));
	data[8 + 26] = 0xeb;	/* ~141f */
	data[8 + 27] = 0xe0;
	EXPECT_EQ(40, qmap_get_frame(data, 40, QMAP_VERSION_4, &frame));
	return frame;
}

TEST(v4_uplink_checksum_is_computed_and_checked)
{
	uint8_t data[40], packet[31];
	struct qmap_frame frame;

	frame = v4_request(data, 0xc006);
	EXPECT_EQ(QMAP_OFFLOAD_V4, frame.offload);
	memcpy(packet, frame.data, frame.len);
	EXPECT_EQ(0, qmap_offload_apply(&frame, packet));
	EXPECT_FALSE(memcmp(udp4, packet, sizeof(udp4)));
	frame = v4_request(data, 0xc010);	/* TCP's place */
	EXPECT_EQ(-EBADMSG, qmap_offload_apply(&frame, packet));
	frame = v4_request(data, 0x8006);	/* not marked as UDP */
	EXPECT_EQ(-EBADMSG, qmap_offload_apply(&frame, packet));
	frame = v4_request(data, 0xc006);	/* field without the pseudo sum */
	memcpy(packet, udp4, sizeof(udp4));
	EXPECT_EQ(-EBADMSG, qmap_offload_apply(&frame, packet));
}

TEST(v5_uplink_checksum_is_computed)
{
	uint8_t data[40] = { 0x41, 0x01, 0x00, 0x20, 0x04, 0x80 }, packet[31];
	struct qmap_frame frame;

	memcpy(data + 8, udp4, sizeof(udp4));
	data[8 + 26] = 0x14;
	data[8 + 27] = 0x1f;
	ASSERT_EQ(40, qmap_get_frame(data, 40, QMAP_VERSION_5, &frame));
	memcpy(packet, frame.data, frame.len);
	EXPECT_EQ(0, qmap_offload_apply(&frame, packet));
	EXPECT_FALSE(memcmp(udp4, packet, sizeof(udp4)));
	packet[9] = 1;		/* ICMP has no offload */
	inet_set_header(packet);
	EXPECT_EQ(-EBADMSG, qmap_offload_apply(&frame, packet));
}

TEST_HARNESS_MAIN
