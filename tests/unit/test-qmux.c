// SPDX-License-Identifier: GPL-2.0-or-later
/* Every verdict of driver/qmux.c, on frames as they are on the wire. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/qmux.h"
#include "../lib/harness.h"

#define BYTES(...) { __VA_ARGS__ }, sizeof((u8[]){ __VA_ARGS__ })

struct vector {
	const char *name;
	u8 bytes[40];
	size_t len;
	struct m2m_qmux is;
};

/* libqmi's view of these bytes: qmi-message.c; the ids are those of CTL and DMS */
static const struct vector vectors[] = {
	{
		"SYNC",
		BYTES(0x01, 0x0b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x27, 0x00,
		      0x00, 0x00),
		{ .service = 0, .cid = 0, .type = M2M_QMUX_REQUEST, .tid = 1,
		  .msgid = 0x27, .tlvs_len = 0 },
	}, {
		"answer to SYNC",
		BYTES(0x01, 0x12, 0x00, 0x80, 0x00, 0x00, 0x01, 0x01, 0x27, 0x00,
		      0x07, 0x00, 0x02, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00),
		{ .from_modem = true, .type = M2M_QMUX_RESPONSE, .tid = 1,
		  .msgid = 0x27, .tlvs_len = 7 },
	}, {
		"SYNC indication",
		BYTES(0x01, 0x0b, 0x00, 0x80, 0x00, 0x00, 0x02, 0x00, 0x27, 0x00,
		      0x00, 0x00),
		{ .from_modem = true, .type = M2M_QMUX_INDICATION, .tid = 0,
		  .msgid = 0x27, .tlvs_len = 0 },
	}, {
		"GET_VERSION",
		BYTES(0x01, 0x0b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x21, 0x00,
		      0x00, 0x00),
		{ .type = M2M_QMUX_REQUEST, .tid = 2, .msgid = 0x21 },
	}, {
		"ALLOCATE of WDS",
		BYTES(0x01, 0x0f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x22, 0x00,
		      0x04, 0x00, 0x01, 0x01, 0x00, 0x01),
		{ .type = M2M_QMUX_REQUEST, .tid = 3, .msgid = 0x22, .tlvs_len = 4 },
	}, {
		"answer to ALLOCATE",
		BYTES(0x01, 0x17, 0x00, 0x80, 0x00, 0x00, 0x01, 0x03, 0x22, 0x00,
		      0x0c, 0x00, 0x02, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00,
		      0x01, 0x02, 0x00, 0x01, 0x14),
		{ .from_modem = true, .type = M2M_QMUX_RESPONSE, .tid = 3,
		  .msgid = 0x22, .tlvs_len = 12 },
	}, {
		"RELEASE of WDS 0x14",
		BYTES(0x01, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x23, 0x00,
		      0x05, 0x00, 0x01, 0x02, 0x00, 0x01, 0x14),
		{ .type = M2M_QMUX_REQUEST, .tid = 4, .msgid = 0x23, .tlvs_len = 5 },
	}, {
		"DMS Get IDs",
		BYTES(0x01, 0x0c, 0x00, 0x00, 0x02, 0x05, 0x00, 0x01, 0x00, 0x25,
		      0x00, 0x00, 0x00),
		{ .service = 2, .cid = 5, .type = M2M_QMUX_REQUEST, .tid = 1,
		  .msgid = 0x25, .tlvs_len = 0 },
	}, {
		"broadcast of NAS",
		BYTES(0x01, 0x12, 0x00, 0x80, 0x03, 0xff, 0x04, 0x34, 0x12, 0x24,
		      0x00, 0x06, 0x00, 0x01, 0x03, 0x00, 0x01, 0x02, 0x03),
		{ .from_modem = true, .service = 3, .cid = 0xff,
		  .type = M2M_QMUX_INDICATION, .tid = 0x1234, .msgid = 0x24,
		  .tlvs_len = 6 },
	},
};

/* A copy of exactly @len bytes, so that the sanitizer sees one too many. */
static u8 *copy_of(const void *bytes, size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	ASSERT_TRUE(copy);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

static enum m2m_qmux_verdict verdict_of(const void *bytes, size_t len)
{
	struct m2m_qmux qmux;
	u8 *copy = copy_of(bytes, len);
	enum m2m_qmux_verdict verdict = m2m_qmux_parse(copy, len, &qmux);

	free(copy);
	return verdict;
}

TEST(frames_of_the_wire_are_read)
{
	struct m2m_qmux qmux;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];
		u8 *copy = copy_of(v->bytes, v->len);

		printf("# %s\n", v->name);
		ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(copy, v->len, &qmux));
		EXPECT_TRUE(qmux.frame == copy);
		EXPECT_EQ(v->len, qmux.len);
		EXPECT_EQ(v->is.service, qmux.service);
		EXPECT_EQ(v->is.cid, qmux.cid);
		EXPECT_EQ(v->is.from_modem, qmux.from_modem);
		EXPECT_EQ(v->is.type, qmux.type);
		EXPECT_EQ(v->is.tid, qmux.tid);
		EXPECT_EQ(v->is.msgid, qmux.msgid);
		EXPECT_EQ(v->is.tlvs_len, qmux.tlvs_len);
		EXPECT_EQ(v->len - v->is.tlvs_len, qmux.tlvs - copy);
		free(copy);
	}
}

TEST(truncation_is_seen_at_every_length)
{
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		EXPECT_EQ(M2M_QMUX_GARBAGE, verdict_of(vectors[i].bytes, 0));
		for (len = 1; len < vectors[i].len; len++)
			EXPECT_EQ(M2M_QMUX_TRUNCATED,
				  verdict_of(vectors[i].bytes, len));
	}
}

TEST(only_a_marker_begins_a_frame)
{
	u8 bytes[40];
	int marker;

	memcpy(bytes, vectors[0].bytes, sizeof(bytes));
	for (marker = 0; marker < 256; marker++) {
		bytes[0] = marker;
		EXPECT_EQ(marker == 1 ? M2M_QMUX_OK : M2M_QMUX_GARBAGE,
			  verdict_of(bytes, vectors[0].len));
	}
}

/* The frame's own length: below its header and above the limit is no frame. */
TEST(impossible_lengths_are_garbage)
{
	u8 *bytes = calloc(1, 65536);
	size_t len;

	ASSERT_TRUE(bytes);
	bytes[0] = QMUX_MARKER;
	bytes[4] = 2;
	for (len = 1; len <= 65536; len++) {
		enum m2m_qmux_verdict expected = M2M_QMUX_MALFORMED;
		struct m2m_qmux qmux;

		pure_put_le16(bytes + 1, len - 1);
		if (len < QMUX_HEADER_LEN || len > QMUX_FRAME_MAX)
			expected = M2M_QMUX_GARBAGE;
		else if (len == 13)
			expected = M2M_QMUX_OK;
		ASSERT_EQ(expected, m2m_qmux_parse(bytes, 65536, &qmux));
		/* What is skipped over is the frame, no more. */
		if (expected != M2M_QMUX_GARBAGE)
			ASSERT_EQ(len, qmux.len);
	}
	free(bytes);
}

TEST(the_longest_frame_is_one)
{
	u8 *bytes = calloc(1, QMUX_FRAME_MAX + 1);
	struct m2m_qmux qmux;

	ASSERT_TRUE(bytes);
	bytes[0] = QMUX_MARKER;
	pure_put_le16(bytes + 1, QMUX_FRAME_MAX - 1);
	bytes[4] = 1;
	pure_put_le16(bytes + 11, QMUX_FRAME_MAX - 13);
	bytes[13] = 0x99;
	pure_put_le16(bytes + 14, QMUX_FRAME_MAX - 16);
	ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(bytes, QMUX_FRAME_MAX, &qmux));
	EXPECT_EQ(QMUX_FRAME_MAX, qmux.len);
	EXPECT_TRUE(m2m_qmux_tlv(&qmux, 0x99, QMUX_FRAME_MAX - 16));
	pure_put_le16(bytes + 1, QMUX_FRAME_MAX);
	EXPECT_EQ(M2M_QMUX_GARBAGE,
		  m2m_qmux_parse(bytes, QMUX_FRAME_MAX + 1, &qmux));
	free(bytes);
}

TEST(a_frame_too_short_for_its_service_is_malformed)
{
	/* 11 and 12 bytes: one less than CTL's and than another's header. */
	static const u8 ctl[] = { 1, 10, 0, 0, 0, 0, 0, 1, 0x27, 0, 0 };
	static const u8 dms[] = { 1, 11, 0, 0, 2, 5, 0, 1, 0, 0x25, 0, 0 };
	static const u8 bare[] = { 1, 5, 0, 0, 0, 0 };

	EXPECT_EQ(M2M_QMUX_MALFORMED, verdict_of(ctl, sizeof(ctl)));
	EXPECT_EQ(M2M_QMUX_MALFORMED, verdict_of(dms, sizeof(dms)));
	EXPECT_EQ(M2M_QMUX_MALFORMED, verdict_of(bare, sizeof(bare)));
}

TEST(lengths_that_contradict_are_malformed)
{
	const struct vector *v = &vectors[5];
	u8 bytes[40];
	int len;

	/* The length of all TLVs, at 10; then of the first one, at 13. */
	memcpy(bytes, v->bytes, sizeof(bytes));
	for (len = 0; len < 65536; len++) {
		pure_put_le16(bytes + 10, len);
		ASSERT_EQ(len == 12 ? M2M_QMUX_OK : M2M_QMUX_MALFORMED,
			  verdict_of(bytes, v->len));
	}
	memcpy(bytes, v->bytes, sizeof(bytes));
	for (len = 0; len < 65536; len++) {
		pure_put_le16(bytes + 13, len);
		/* 4 is the truth; with 9 the first TLV is all there is. */
		if (len == 4 || len == 9)
			ASSERT_EQ(M2M_QMUX_OK, verdict_of(bytes, v->len));
		else if (len > 9)
			ASSERT_EQ(M2M_QMUX_MALFORMED, verdict_of(bytes, v->len));
	}
}

TEST(the_second_frame_follows_the_first)
{
	u8 bytes[80];
	struct m2m_qmux qmux;

	memcpy(bytes, vectors[1].bytes, vectors[1].len);
	memcpy(bytes + vectors[1].len, vectors[7].bytes, vectors[7].len);
	ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(bytes, vectors[1].len +
					      vectors[7].len, &qmux));
	EXPECT_EQ(vectors[1].len, qmux.len);
	ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(bytes + qmux.len,
					      vectors[7].len, &qmux));
	EXPECT_EQ(0x25, qmux.msgid);
}

TEST(types_follow_the_flags)
{
	u8 ctl[12] = { 1, 11, 0, 0x80, 0, 0, 0, 1, 0x27, 0, 0, 0 };
	u8 nas[13] = { 1, 12, 0, 0x80, 3, 1, 0, 1, 0, 0x24, 0, 0, 0 };
	struct m2m_qmux qmux;
	unsigned int flags;

	for (flags = 0; flags < 256; flags++) {
		ctl[6] = flags;
		ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(ctl, sizeof(ctl), &qmux));
		EXPECT_EQ(flags & 2 ? M2M_QMUX_INDICATION :
			  flags & 1 ? M2M_QMUX_RESPONSE : M2M_QMUX_REQUEST,
			  qmux.type);
		nas[6] = flags;
		ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(nas, sizeof(nas), &qmux));
		/* Bit 0 says compound. */
		EXPECT_EQ(flags & 4 ? M2M_QMUX_INDICATION :
			  flags & 2 ? M2M_QMUX_RESPONSE : M2M_QMUX_REQUEST,
			  qmux.type);
	}
}

TEST(direction_is_the_top_bit)
{
	u8 bytes[40];
	struct m2m_qmux qmux;
	unsigned int flags;

	memcpy(bytes, vectors[7].bytes, sizeof(bytes));
	for (flags = 0; flags < 256; flags++) {
		bytes[3] = flags;
		ASSERT_EQ(M2M_QMUX_OK,
			  m2m_qmux_parse(bytes, vectors[7].len, &qmux));
		EXPECT_EQ(flags >= 0x80, qmux.from_modem);
	}
}

/* --- TLVs ------------------------------------------------------------------ */

/* A DMS frame with these TLVs; the caller frees it. */
static u8 *frame_with(const u8 *tlvs, size_t len, u8 flags,
		      struct m2m_qmux *ret_qmux)
{
	u8 bytes[256] = { 1, 0, 0, 0x80, 2, 5, flags, 0x22, 0x11, 0x25, 0 };
	u8 *copy;

	ASSERT_LE(len + 13, sizeof(bytes));
	pure_put_le16(bytes + 1, len + 12);
	pure_put_le16(bytes + 11, len);
	memcpy(bytes + 13, tlvs, len);
	copy = copy_of(bytes, len + 13);
	ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(copy, len + 13, ret_qmux));
	return copy;
}

TEST(tlvs_are_found)
{
	static const u8 tlvs[] = {
		0x10, 1, 0, 0xaa,
		0x11, 0, 0,
		0x12, 2, 0, 0xb1, 0xb2,
		0x10, 3, 0, 0xc1, 0xc2, 0xc3,
		0x13, 0, 0,
	};
	struct m2m_qmux qmux;
	u8 *frame = frame_with(tlvs, sizeof(tlvs), 2, &qmux);

	/* The first of a type counts, also where a later one is longer. */
	EXPECT_TRUE(m2m_qmux_tlv(&qmux, 0x10, 1) == frame + 16);
	EXPECT_FALSE(m2m_qmux_tlv(&qmux, 0x10, 2));
	EXPECT_TRUE(m2m_qmux_tlv(&qmux, 0x11, 0));
	EXPECT_FALSE(m2m_qmux_tlv(&qmux, 0x11, 1));
	ASSERT_TRUE(m2m_qmux_tlv(&qmux, 0x12, 2));
	EXPECT_EQ(0xb1, *m2m_qmux_tlv(&qmux, 0x12, 2));
	EXPECT_FALSE(m2m_qmux_tlv(&qmux, 0x12, 3));
	/* The last one, at the very end of the frame */
	EXPECT_TRUE(m2m_qmux_tlv(&qmux, 0x13, 0) == frame + qmux.len);
	EXPECT_FALSE(m2m_qmux_tlv(&qmux, 0x13, 1));
	EXPECT_FALSE(m2m_qmux_tlv(&qmux, 0x14, 0));
	free(frame);
}

TEST(no_tlvs_are_none)
{
	struct m2m_qmux qmux;
	u8 *frame = frame_with((const u8 *)"", 0, 2, &qmux);
	unsigned int type;

	for (type = 0; type < 256; type++)
		EXPECT_FALSE(m2m_qmux_tlv(&qmux, type, 0));
	free(frame);
}

TEST(results_are_read)
{
	static const struct {
		u8 tlvs[16];
		size_t len;
		u16 error;
	} rows[] = {
		{ BYTES(2, 4, 0, 0, 0, 0, 0), QMI_ERROR_NONE },
		{ BYTES(2, 4, 0, 1, 0, 7, 0), QMI_ERROR_INVALID_CLIENT_ID },
		{ BYTES(2, 4, 0, 1, 0, 0x34, 0x12), 0x1234 },
		/* Success with an error's number is success. */
		{ BYTES(2, 4, 0, 0, 0, 7, 0), QMI_ERROR_NONE },
		{ BYTES(2, 4, 0, 1, 0, 0, 0), QMI_ERROR_INTERNAL },
		{ BYTES(2, 4, 0, 0, 1, 5, 0), QMI_ERROR_CLIENT_IDS_EXHAUSTED },
		{ BYTES(2, 3, 0, 0, 0, 0), QMI_ERROR_MALFORMED },
		{ BYTES(1, 4, 0, 0, 0, 0, 0), QMI_ERROR_MALFORMED },
		{ BYTES(1, 1, 0, 9, 2, 4, 0, 1, 0, 71, 0), 71 },
	};
	struct m2m_qmux qmux;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *frame = frame_with(rows[i].tlvs, rows[i].len, 2, &qmux);

		EXPECT_EQ(rows[i].error, m2m_qmux_error(&qmux));
		free(frame);
	}
}

/* --- writing ---------------------------------------------------------------- */

TEST(ids_are_patched_and_nothing_else)
{
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];
		u8 *copy = copy_of(v->bytes, v->len);
		struct m2m_qmux qmux;

		m2m_qmux_set_cid(copy, 0xa5);
		m2m_qmux_set_tid(copy, 0xbeef);
		ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(copy, v->len, &qmux));
		EXPECT_EQ(0xa5, qmux.cid);
		EXPECT_EQ(v->is.service ? 0xbeef : 0xef, qmux.tid);
		for (at = 0; at < v->len; at++) {
			bool is_id = at == 5 || at == 7 ||
				     (at == 8 && v->is.service);

			if (!is_id)
				EXPECT_EQ(v->bytes[at], copy[at]);
		}
		free(copy);
	}
}

TEST(refusals_answer_the_request)
{
	static const u16 errors[] = { 0, 1, 5, 7, 23, 71, 0x1234 };
	size_t i, e;

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct m2m_qmux request, answer;

		ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(vectors[i].bytes,
						      vectors[i].len, &request));
		for (e = 0; e < ARRAY_SIZE(errors); e++) {
			u8 *buf = malloc(QMUX_REFUSE_LEN);
			size_t len = m2m_qmux_refuse(&request, errors[e], buf);

			EXPECT_LE(len, QMUX_REFUSE_LEN);
			ASSERT_EQ(M2M_QMUX_OK,
				  m2m_qmux_parse(buf, len, &answer));
			EXPECT_EQ(len, answer.len);
			EXPECT_TRUE(answer.from_modem);
			EXPECT_EQ(M2M_QMUX_RESPONSE, answer.type);
			EXPECT_EQ(request.service, answer.service);
			EXPECT_EQ(request.cid, answer.cid);
			EXPECT_EQ(request.tid, answer.tid);
			EXPECT_EQ(request.msgid, answer.msgid);
			EXPECT_EQ(errors[e], m2m_qmux_error(&answer));
			EXPECT_EQ(7, answer.tlvs_len);
			free(buf);
		}
	}
}

/* A refusal with no error is what a modem answers to SYNC, to the byte. */
TEST(success_is_the_modems_own)
{
	struct m2m_qmux sync;
	u8 buf[QMUX_REFUSE_LEN];

	m2m_qmux_parse(vectors[0].bytes, vectors[0].len, &sync);
	ASSERT_EQ(vectors[1].len, m2m_qmux_refuse(&sync, 0, buf));
	EXPECT_FALSE(memcmp(vectors[1].bytes, buf, vectors[1].len));
}

TEST(requests_of_ctl_are_those_of_the_wire)
{
	static const struct {
		u8 tid, value[2], n;
		u16 msgid;
		const struct vector *is;
	} rows[] = {
		{ 1, { 0 }, 0, QMI_CTL_SYNC, &vectors[0] },
		{ 2, { 0 }, 0, QMI_CTL_GET_VERSION, &vectors[3] },
		{ 3, { 1 }, 1, QMI_CTL_ALLOCATE_CID, &vectors[4] },
		{ 4, { 1, 0x14 }, 2, QMI_CTL_RELEASE_CID, &vectors[6] },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *buf = malloc(QMUX_CTL_LEN(rows[i].n));
		size_t len = m2m_qmux_ctl_request(buf, rows[i].tid, rows[i].msgid,
						  rows[i].n ? rows[i].value : NULL,
						  rows[i].n);

		printf("# %s\n", rows[i].is->name);
		ASSERT_EQ(rows[i].is->len, len);
		EXPECT_FALSE(memcmp(rows[i].is->bytes, buf, len));
		free(buf);
	}
}

/* --- masking ------------------------------------------------------------------ */

/* A PIN as UIM carries it, beside a result. */
static const u8 secret_tlvs[] = {
	0x01, 6, 0, 1, 4, '1', '2', '3', '4',
	0x02, 4, 0, 1, 0, 12, 0,
	0x10, 4, 0, 'p', 'a', 's', 's',
	0x02, 5, 0, 's', 'e', 'c', 'r', 'e',
	0x11, 0, 0,
};

static void expect_masked(u8 flags, bool result_stays)
{
	struct m2m_qmux qmux, masked;
	u8 *frame = frame_with(secret_tlvs, sizeof(secret_tlvs), flags, &qmux);
	u8 *buf = malloc(qmux.len);
	static const u8 result[] = { 1, 0, 12, 0 }, zeros[8];

	m2m_qmux_mask(&qmux, buf);
	ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(buf, qmux.len, &masked));
	EXPECT_EQ(qmux.len, masked.len);
	EXPECT_FALSE(memcmp(frame, buf, 13));
	EXPECT_FALSE(memcmp(zeros, m2m_qmux_tlv(&masked, 0x01, 6), 6));
	EXPECT_FALSE(memcmp(zeros, m2m_qmux_tlv(&masked, 0x10, 4), 4));
	EXPECT_FALSE(memcmp(result_stays ? result : zeros,
			    m2m_qmux_tlv(&masked, 0x02, 4), 4));
	/* A "result" of another length is none. */
	EXPECT_FALSE(memcmp(zeros, buf + 13 + 9 + 7 + 7 + 3, 5));
	EXPECT_TRUE(m2m_qmux_tlv(&masked, 0x11, 0));
	EXPECT_FALSE(memmem(buf, qmux.len, "1234", 4));
	EXPECT_FALSE(memmem(buf, qmux.len, "pass", 4));
	EXPECT_FALSE(memmem(buf, qmux.len, "secre", 5));
	free(buf);
	free(frame);
}

TEST(only_a_responses_result_survives_the_mask)
{
	expect_masked(0x02, true);
	expect_masked(0x00, false);
	expect_masked(0x04, false);
}

TEST(ctl_is_masked_too)
{
	struct m2m_qmux qmux;
	u8 buf[40];

	m2m_qmux_parse(vectors[5].bytes, vectors[5].len, &qmux);
	m2m_qmux_mask(&qmux, buf);
	EXPECT_FALSE(memcmp(vectors[5].bytes, buf, 22));
	EXPECT_EQ(0, buf[22]);
	EXPECT_EQ(0, buf[23]);
}

TEST_HARNESS_MAIN
