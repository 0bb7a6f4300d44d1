// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/frame: no length that lies passes, and no secret gets out. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/lib/frame.h"
#include "../lib/harness.h"

/* DMS Get IDs, client 5, transaction 1 */
static const uint8_t dms_ids[] = {
	0x01, 0x0c, 0x00, 0x00, 0x02, 0x05,
	0x00, 0x01, 0x00, 0x25, 0x00, 0x00, 0x00,
};

/* CTL Allocate Client Id for WDS */
static const uint8_t ctl_allocate[] = {
	0x01, 0x0f, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x03, 0x22, 0x00, 0x04, 0x00, 0x01, 0x01, 0x00, 0x01,
};

/* UIM Verify PIN: session, then PIN1 "1234" */
static const uint8_t uim_verify[] = {
	0x01, 0x1a, 0x00, 0x00, 0x0b, 0x03,
	0x00, 0x07, 0x00, 0x26, 0x00, 0x0e, 0x00,
	0x01, 0x02, 0x00, 0x00, 0x00,
	0x02, 0x06, 0x00, 0x01, 0x04, '1', '2', '3', '4',
};

/* WDS Start Network: APN "iot", password "geheim", user "u" */
static const uint8_t wds_start[] = {
	0x01, 0x1f, 0x00, 0x00, 0x01, 0x11,
	0x00, 0x02, 0x00, 0x20, 0x00, 0x13, 0x00,
	0x14, 0x03, 0x00, 'i', 'o', 't',
	0x18, 0x06, 0x00, 'g', 'e', 'h', 'e', 'i', 'm',
	0x17, 0x01, 0x00, 'u',
};

TEST(good_frames_pass)
{
	struct frame frame;

	ASSERT_EQ(0, frame_check(dms_ids, sizeof(dms_ids), &frame));
	EXPECT_EQ(2, frame.service);
	EXPECT_EQ(5, frame.cid);
	EXPECT_EQ(1, frame.tid);
	EXPECT_EQ(0x25, frame.msgid);
	EXPECT_EQ(0, frame.tlvs_len);
	EXPECT_FALSE(frame.from_modem);

	ASSERT_EQ(0, frame_check(ctl_allocate, sizeof(ctl_allocate), &frame));
	EXPECT_EQ(3, frame.tid);
	EXPECT_EQ(0x22, frame.msgid);
	EXPECT_EQ(4, frame.tlvs_len);
}

TEST(every_truncation_is_refused)
{
	for (size_t len = 0; len < sizeof(uim_verify); len++)
		EXPECT_EQ(-EBADMSG, frame_check(uim_verify, len, NULL));
}

TEST(bytes_behind_are_refused)
{
	uint8_t buf[sizeof(dms_ids) + 1] = { 0 };

	memcpy(buf, dms_ids, sizeof(dms_ids));
	EXPECT_EQ(-EBADMSG, frame_check(buf, sizeof(buf), NULL));
}

/* One byte that counts is changed in an otherwise good frame */
static int check_with(size_t at, uint8_t value)
{
	uint8_t buf[sizeof(uim_verify)];

	memcpy(buf, uim_verify, sizeof(buf));
	buf[at] = value;
	return frame_check(buf, sizeof(buf), NULL);
}

TEST(lengths_that_lie_are_refused)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
	} rows[] = {
		{ "marker", 0, 0x02 },
		{ "frame too short", 1, 0x19 },
		{ "frame too long", 1, 0x1b },
		{ "frame much too long", 2, 0x10 },
		{ "TLVs too short", 11, 0x0d },
		{ "TLVs too long", 11, 0x0f },
		{ "first TLV swallows the second", 14, 0x0a },
		{ "first TLV ends inside the second's head", 14, 0x09 },
		{ "last TLV overruns by one", 19, 0x07 },
		{ "last TLV overruns by 64 KiB", 20, 0xff },
		{ "last TLV leaves one byte", 19, 0x05 },
		{ "last TLV leaves a head without a value", 19, 0x03 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (check_with(rows[i].at, rows[i].value) == -EBADMSG)
			continue;
		/* the first TLV may swallow all the rest: that is consistent */
		if (rows[i].at == 14 && rows[i].value == 0x0a)
			continue;
		printf("# accepted: %s\n", rows[i].what);
		EXPECT_TRUE(false);
	}
}

TEST(oversized_is_refused)
{
	static uint8_t buf[FRAME_MAX + 1] = { 0x01, 0x00, 0x10 };

	EXPECT_EQ(-EMSGSIZE, frame_check(buf, sizeof(buf), NULL));
}

TEST(random_bytes_never_read_outside)
{
	uint32_t seed = 1;

	/* the sanitizer build is the judge; a verdict is all that is asked */
	for (int round = 0; round < 200000; round++) {
		uint8_t buf[40];
		size_t len;

		for (size_t i = 0; i < sizeof(buf); i++) {
			seed = seed * 1664525 + 1013904223;
			buf[i] = seed >> 24;
		}
		len = buf[39] % sizeof(buf);
		buf[0] = 0x01;
		buf[1] = len - 1;
		buf[2] = 0;
		if (len > 13 && seed & 1) {
			buf[11] = len - 13;
			buf[12] = 0;
		}
		frame_check(buf, len, NULL);
	}
}

static bool contains(const uint8_t *buf, size_t len, const char *s)
{
	return memmem(buf, len, s, strlen(s));
}

TEST(redaction_takes_the_pin_out)
{
	uint8_t out[sizeof(uim_verify)];
	struct frame frame;
	size_t len;

	EXPECT_EQ(1, frame_redact(uim_verify, sizeof(uim_verify), out, &len));
	EXPECT_FALSE(contains(out, len, "1234"));
	ASSERT_EQ(0, frame_check(out, len, &frame));
	EXPECT_TRUE(frame_tlv(&frame, 0x01, &len));
	EXPECT_FALSE(frame_tlv(&frame, 0x02, &len));
}

TEST(redaction_keeps_the_rest)
{
	uint8_t out[sizeof(wds_start)];
	struct frame frame;
	size_t len;

	EXPECT_EQ(1, frame_redact(wds_start, sizeof(wds_start), out, &len));
	EXPECT_FALSE(contains(out, len, "geheim"));
	EXPECT_TRUE(contains(out, len, "iot"));
	ASSERT_EQ(0, frame_check(out, len, &frame));
	EXPECT_TRUE(frame_tlv(&frame, 0x17, &len));

	EXPECT_EQ(0, frame_redact(dms_ids, sizeof(dms_ids), out, &len));
	EXPECT_EQ(sizeof(dms_ids), len);
	EXPECT_FALSE(memcmp(out, dms_ids, len));
}

/* DMS Get IDs, answered with the beginning of an IMEI */
static const uint8_t dms_imei[] = {
	0x01, 0x19, 0x00, 0x80, 0x02, 0x05,
	0x02, 0x01, 0x00, 0x25, 0x00, 0x0d, 0x00,
	0x02, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x11, 0x03, 0x00, '8', '6', '0',
};

TEST(redaction_of_personal_data)
{
	uint8_t out[sizeof(wds_start)];
	struct frame frame;
	size_t len;

	/* secrets as well, and nothing else */
	EXPECT_EQ(2, frame_redact_personal(wds_start, sizeof(wds_start), out, &len));
	EXPECT_FALSE(contains(out, len, "geheim"));
	EXPECT_TRUE(contains(out, len, "iot"));
	ASSERT_EQ(0, frame_check(out, len, &frame));
	EXPECT_FALSE(frame_tlv(&frame, 0x17, &len));

	EXPECT_EQ(1, frame_redact_personal(dms_imei, sizeof(dms_imei), out, &len));
	ASSERT_EQ(0, frame_check(out, len, &frame));
	EXPECT_FALSE(frame_tlv(&frame, 0x11, &len));
	EXPECT_TRUE(frame_tlv(&frame, 0x02, &len));
}

TEST(what_is_personal)
{
	static const struct {
		uint8_t service;
		uint16_t msgid;
		uint8_t tlv;
	} rows[] = {
		{ 0x02, 0x0024, 0x01 }, { 0x02, 0x0025, 0x13 }, { 0x02, 0x003c, 0x01 },
		{ 0x02, 0x0043, 0x01 }, { 0x0b, 0x0020, 0x11 }, { 0x0b, 0x0047, 0x12 },
		{ 0x0b, 0x0048, 0x10 }, { 0x03, 0x004e, 0x19 }, { 0x03, 0x0024, 0x1e },
		{ 0x05, 0x0020, 0x01 }, { 0x05, 0x0001, 0x11 }, { 0x01, 0x0020, 0x17 },
		{ 0x10, 0x0024, 0x10 }, { 0x06, 0x0001, 0x10 }, { 0x06, 0x0001, 0x13 },
		/* a call, what a card says, a telephone book, a hardware address */
		{ 0x09, 0x0020, 0x01 }, { 0x09, 0x002e, 0x10 }, { 0x09, 0x003a, 0x01 },
		{ 0x0a, 0x0021, 0x10 }, { 0xe0, 0x0021, 0x10 }, { 0x07, 0x0020, 0x01 },
		{ 0x0c, 0x0004, 0x10 }, { 0x02, 0x005c, 0x10 },
		/* what is written to a card, a message centre, SIP's URIs */
		{ 0x0b, 0x0022, 0x03 }, { 0x0b, 0x0023, 0x03 }, { 0x0b, 0x0034, 0x02 },
		{ 0x05, 0x0034, 0x10 }, { 0x05, 0x0035, 0x01 },
		{ 0x12, 0x0021, 0x10 }, { 0x1f, 0x0020, 0x01 }, { 0x21, 0x0023, 0x13 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_TRUE(frame_is_personal(rows[i].service, rows[i].msgid, rows[i].tlv));
	/* results, the APN, registration are not */
	EXPECT_FALSE(frame_is_personal(0x10, 0x0024, 0x02));
	EXPECT_FALSE(frame_is_personal(0x09, 0x0020, 0x02));
	EXPECT_FALSE(frame_is_personal(0x02, 0x0025, 0x02));
	EXPECT_FALSE(frame_is_personal(0x01, 0x0020, 0x14));
	EXPECT_FALSE(frame_is_personal(0x03, 0x0024, 0x01));
	/* nor IP addresses, which are the network's */
	EXPECT_FALSE(frame_is_personal(0x01, 0x002d, 0x1e));
	EXPECT_FALSE(frame_is_personal(0x01, 0x002d, 0x25));
}

TEST(every_pin_message_is_secret)
{
	static const struct {
		uint8_t service;
		uint16_t msgid;
		uint8_t tlv;
	} rows[] = {
		{ 0x02, 0x0027, 0x01 }, { 0x02, 0x0028, 0x01 },
		{ 0x02, 0x0029, 0x01 }, { 0x02, 0x002a, 0x01 },
		{ 0x0b, 0x0025, 0x02 }, { 0x0b, 0x0026, 0x02 },
		{ 0x0b, 0x0027, 0x02 }, { 0x0b, 0x0028, 0x02 },
		{ 0x0b, 0x0029, 0x01 }, { 0x0b, 0x003b, 0x10 },
		{ 0x01, 0x0020, 0x18 }, { 0x01, 0x0027, 0x1c },
		{ 0x01, 0x0028, 0x1c }, { 0x01, 0x002b, 0x1c },
		{ 0x02, 0x003b, 0x01 }, { 0x0b, 0x0034, 0x11 }, { 0x0b, 0x005d, 0x10 },
		/* an AT command, which may be AT+CPIN */
		{ 0x08, 0x0021, 0x01 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_TRUE(frame_is_secret(rows[i].service, rows[i].msgid,
					    rows[i].tlv));
	/* tries left, results and names are no secrets */
	EXPECT_FALSE(frame_is_secret(0x0b, 0x0026, 0x10));
	EXPECT_FALSE(frame_is_secret(0x0b, 0x003b, 0x02));
	EXPECT_FALSE(frame_is_secret(0x08, 0x0021, 0x02));
	EXPECT_FALSE(frame_is_secret(0x01, 0x0020, 0x14));
}

TEST_HARNESS_MAIN
