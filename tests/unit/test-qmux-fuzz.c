// SPDX-License-Identifier: GPL-2.0-or-later
/* driver/qmux.c on bytes that nobody chose; the seed is fixed, so it repeats. */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/qmux.h"
#include "../lib/harness.h"
#include "../lib/packet.h"

#define ROUNDS	300000

static size_t put_tlvs(u8 *tlvs, size_t room)
{
	size_t len = 0, value_len, i;

	while (room - len >= 3 && draw(6)) {
		value_len = draw(room - len - 3 < 20 ? room - len - 2 : 20);
		tlvs[len] = draw(4) ? draw(256) : QMI_TLV_RESULT;
		pure_put_le16(tlvs + len + 1, draw(3) ? value_len : 4);
		for (i = 0; i < value_len; i++)
			tlvs[len + 3 + i] = draw(256);
		len += 3 + value_len;
	}
	return len;
}

/* Something between noise and a frame. Returns its length. */
static size_t make(u8 *buf, size_t room)
{
	size_t header, len, tlvs, i;

	if (!draw(4)) {
		len = draw(room);
		for (i = 0; i < len; i++)
			buf[i] = draw(256);
		if (len)
			buf[0] = 1;
		return len;
	}
	buf[0] = 1;
	for (i = 3; i < 13; i++)
		buf[i] = draw(256);
	buf[4] = draw(3) ? draw(256) : 0;
	header = buf[4] ? 13 : 12;
	tlvs = put_tlvs(buf + header, room - header);
	len = header + tlvs;
	pure_put_le16(buf + 1, len - 1);
	pure_put_le16(buf + header - 2, tlvs);
	/* A few wrong bytes anywhere, in one of two */
	for (i = draw(2) * draw(4); i; i--)
		buf[draw(len)] = draw(256);
	/* A tail that is too short, or belongs to the next frame */
	return draw(3) ? len : draw(len + 1);
}

static void check_tlvs(const struct m2m_qmux *qmux, u8 *work)
{
	struct m2m_qmux masked;
	const u8 *value;
	unsigned int type;

	for (type = 0; type < 256; type++) {
		value = m2m_qmux_tlv(qmux, type, 4);
		if (!value)
			continue;
		ASSERT_TRUE(value >= qmux->tlvs + 3);
		ASSERT_TRUE(value + 4 <= qmux->frame + qmux->len);
	}
	m2m_qmux_mask(qmux, work);
	ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(work, qmux->len, &masked));
	ASSERT_EQ(qmux->tlvs_len, masked.tlvs_len);
	/* A result of four bytes stays, a longer one may hold anything. */
	if (qmux->type == M2M_QMUX_RESPONSE &&
	    m2m_qmux_tlv(qmux, QMI_TLV_RESULT, 4) &&
	    !m2m_qmux_tlv(qmux, QMI_TLV_RESULT, 5))
		ASSERT_EQ(m2m_qmux_error(qmux), m2m_qmux_error(&masked));
	/* Nothing but lengths, types and results may be left. */
	for (value = masked.tlvs; value < work + masked.len;
	     value += 3 + pure_le16(value + 1)) {
		size_t i, len = pure_le16(value + 1);

		if (value[0] == QMI_TLV_RESULT && len == 4)
			continue;
		for (i = 0; i < len; i++)
			ASSERT_EQ(0, value[3 + i]);
	}
}

static void check(const u8 *buf, size_t len, unsigned int *verdicts)
{
	u8 refusal[QMUX_REFUSE_LEN];
	u8 *copy = malloc(len ? len : 1), *work = malloc(len ? len : 1);
	enum m2m_qmux_verdict verdict;
	struct m2m_qmux qmux;

	memcpy(copy, buf, len);
	verdict = m2m_qmux_parse(copy, len, &qmux);
	ASSERT_LE(verdict, M2M_QMUX_MALFORMED);
	verdicts[verdict]++;
	if (verdict == M2M_QMUX_OK || verdict == M2M_QMUX_MALFORMED) {
		ASSERT_LE(qmux.len, len);
		ASSERT_GE(qmux.len, QMUX_HEADER_LEN);
	}
	if (verdict == M2M_QMUX_OK) {
		ASSERT_TRUE(qmux.tlvs + qmux.tlvs_len == copy + qmux.len);
		check_tlvs(&qmux, work);
		len = m2m_qmux_refuse(&qmux, 7, refusal);
		ASSERT_EQ(M2M_QMUX_OK, m2m_qmux_parse(refusal, len, &qmux));
		ASSERT_EQ(7, m2m_qmux_error(&qmux));
	}
	free(copy);
	free(work);
}

TEST_TIMEOUT(noise_is_judged_within_its_bounds, 100)
{
	unsigned int verdicts[4] = { 0 }, i;
	u8 buf[300] = { 0 };

	draw_seed = 20160415;
	for (i = 0; i < ROUNDS; i++)
		check(buf, make(buf, sizeof(buf)), verdicts);
	/* It was worth it only if every verdict came up often. */
	for (i = 0; i < 4; i++)
		EXPECT_LE(ROUNDS / 100, verdicts[i]);
}

TEST_HARNESS_MAIN
