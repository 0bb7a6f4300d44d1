// SPDX-License-Identifier: GPL-2.0-or-later
/* Short messages that nobody sent, and texts there and back; the seed is fixed. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdlib.h>

#include "../../tools/lib/sms-pdu.h"
#include "../lib/draw.h"
#include "../lib/harness.h"

#define ROUNDS		200000
#define TEXTS		4000
#define CHARACTERS_MAX	600

static const uint8_t deliver[] = {
	0x00, 0x44, 0x0b, 0x91, 0x94, 0x71, 0x10, 0x32, 0x54, 0xf6, 0x00, 0x00, 0x62, 0x11,
	0x82, 0x02, 0x00, 0x00, 0x00, 0x0f, 0x05, 0x00, 0x03, 0x42, 0x02, 0x02, 0xe0, 0x61,
	0x39, 0x1d, 0x44, 0xbf, 0xbf, 0x01,
};

/* Noise, or a message with a few wrong bytes and a wrong end. Returns its length. */
static size_t make(uint8_t *buf)
{
	size_t len = draw(SMS_PDU_MAX + 1);

	for (size_t i = 0; i < len; i++)
		buf[i] = draw(256);
	if (!draw(4))
		return len;
	memcpy(buf, deliver, len < sizeof(deliver) ? len : sizeof(deliver));
	for (int i = draw(5); len && i; i--)
		buf[draw(len)] = draw(256);
	return len;
}

/* Whether it is UTF-8 that leaves a terminal as it is */
static bool is_clean(const char *text)
{
	uint8_t units[SMS_UNITS_MAX * 4];

	for (const char *s = text; *s; s++)
		if ((uint8_t)*s < ' ' && *s != '\n')
			return false;
	return sms_units(text, SMS_UCS2, units, sizeof(units)) >= 0;
}

static unsigned int good, bad, parts;

static void check(const uint8_t *bytes, size_t len)
{
	/* a copy without a byte to spare, so that reading past it is seen */
	uint8_t *copy = malloc(len ? len : 1);
	const struct sms_pdu *row;
	struct sms_pdu pdu;
	char *text;
	int err;

	memcpy(copy, bytes, len);
	err = sms_pdu_parse(copy, len, &pdu);
	free(copy);
	if (err) {
		ASSERT_EQ(-EBADMSG, err);
		bad++;
		return;
	}
	good++;
	ASSERT_LE(pdu.n_units, SMS_UNITS_MAX);
	ASSERT_LT(strnlen(pdu.number, SMS_NUMBER_MAX), SMS_NUMBER_MAX);
	ASSERT_TRUE(is_clean(pdu.number));
	ASSERT_TRUE(is_clean(pdu.smsc));
	ASSERT_TRUE(pdu.class >= -1 && pdu.class <= 3);
	ASSERT_TRUE(!pdu.is_part || (pdu.part && pdu.part <= pdu.n_parts));
	parts += pdu.is_part;
	row = &pdu;
	text = sms_join(&row, 1);
	ASSERT_TRUE(!text || is_clean(text));
	free(text);
}

TEST_TIMEOUT(noise_is_read_within_its_bounds, 100)
{
	uint8_t buf[SMS_PDU_MAX] = { 0 };

	draw_state = 19921203;
	for (int i = 0; i < ROUNDS; i++)
		check(buf, make(buf));
	/* It was worth it only if every kind came up often. */
	EXPECT_LE(ROUNDS / 100, good);
	EXPECT_LE(ROUNDS / 100, bad);
	EXPECT_LE(ROUNDS / 100, parts);
}

static const char * const characters[] = {
	"a", "b", " ", "\n", "€", "[", "ä", "Ω", "@", "Z", "7",
	/* only with these it is UCS-2 */
	"ж", "\xf0\x9f\x98\x80", "文",
};

static void make_text(char *text)
{
	size_t kinds = draw(2) ? ARRAY_SIZE(characters) : ARRAY_SIZE(characters) - 3;

	for (int i = draw(CHARACTERS_MAX) + 1; i; i--)
		text = stpcpy(text, characters[draw(kinds)]);
}

static void there_and_back(const char *text)
{
	static struct sms_pdu pdus[SMS_PARTS_MAX];
	const struct sms_pdu *rows[SMS_PARTS_MAX];
	struct sms_submit how = { .number = "+49170123456", .group = 9 };
	static struct sms_plan plan;
	struct m2m_error error;
	char *back;

	ASSERT_EQ(0, sms_plan(text, -1, &plan, &error));
	for (unsigned int i = 0; i < plan.n; i++) {
		uint8_t pdu[SMS_PDU_MAX];
		size_t len = sms_submit(&plan, i, &how, pdu);

		ASSERT_LE(len, SMS_PDU_MAX);
		ASSERT_EQ(0, sms_pdu_parse(pdu, len, &pdus[i]));
		ASSERT_EQ(plan.n > 1, pdus[i].is_part);
		ASSERT_TRUE(plan.n == 1 || pdus[i].part == i + 1);
		ASSERT_TRUE(!i || sms_is_same(&pdus[0], &pdus[i]));
		rows[i] = &pdus[i];
	}
	back = sms_join(rows, plan.n);
	ASSERT_STREQ(text, back);
	free(back);
}

TEST_TIMEOUT(texts_come_back, 100)
{
	char text[4 * CHARACTERS_MAX + 1];

	draw_state = 20030101;
	for (int i = 0; i < TEXTS; i++) {
		make_text(text);
		there_and_back(text);
	}
}

TEST_HARNESS_MAIN
