// SPDX-License-Identifier: GPL-2.0-or-later
/* Short messages: the alphabets, PDUs taken apart and made, parts joined. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../tools/lib/sms-pdu.h"
#include "../lib/harness.h"

static size_t from_hex(const char *hex, uint8_t *ret)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		const char octet[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		ret[i] = strtoul(octet, NULL, 16);
	}
	return n;
}

static void expect_hex(const char *want, const uint8_t *bytes, size_t n)
{
	char hex[2 * SMS_PDU_MAX + 1] = "";

	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	EXPECT_STREQ(want, hex);
}

/* --- alphabets --------------------------------------------------------------- */

/* Every character of the default alphabet and its extension, in UTF-8 */
static const char all[] =
	"@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	"^{}\\[~]|€";

TEST(gsm7_has_its_characters)
{
	uint8_t units[160];
	char text[SMS_TEXT_MAX(160)];
	int n = sms_units(all, SMS_GSM7, units, sizeof(units));

	/* 126 of the alphabet, without CR and the escape, and 9 that take two */
	ASSERT_EQ(126 + 2 * 9, n);
	sms_text(units, n, SMS_GSM7, text);
	EXPECT_STREQ(all, text);
	/* what each is: the first, the tenth, the last; the euro */
	EXPECT_EQ(0x00, units[0]);
	EXPECT_EQ(0x09, units[9]);
	EXPECT_EQ(0x7f, units[125]);
	EXPECT_EQ(0x1b, units[n - 2]);
	EXPECT_EQ(0x65, units[n - 1]);
}

TEST(what_an_alphabet_has_not)
{
	uint8_t units[4];

	EXPECT_EQ(-EDOM, sms_units("ж", SMS_GSM7, units, sizeof(units)));
	EXPECT_EQ(-EDOM, sms_units("`", SMS_GSM7, units, sizeof(units)));
	EXPECT_EQ(-EDOM, sms_units("\xef\xbf\xbd", SMS_GSM7, units, sizeof(units)));
	EXPECT_EQ(-E2BIG, sms_units("abcde", SMS_GSM7, units, sizeof(units)));
	EXPECT_EQ(-E2BIG, sms_units("abc€", SMS_GSM7, units, sizeof(units)));
	EXPECT_EQ(-E2BIG, sms_units("abc", SMS_UCS2, units, sizeof(units)));
	EXPECT_EQ(4, sms_units("\xf0\x9f\x98\x80", SMS_UCS2, units, sizeof(units)));
	expect_hex("d83dde00", units, 4);
}

TEST(what_is_not_utf8)
{
	static const char * const wrong[] = {
		"\x80", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82",
	};
	uint8_t units[16];

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(-EILSEQ, sms_units(wrong[i], SMS_UCS2, units, sizeof(units)));
}

TEST(septets_are_packed)
{
	uint8_t units[16], octets[16];
	int n = sms_units("hellohello", SMS_GSM7, units, sizeof(units));

	ASSERT_EQ(10, n);
	ASSERT_EQ(9, sms_packed_len(n, 0));
	sms_pack(units, n, 0, octets);
	expect_hex("e8329bfd4697d9ec37", octets, 9);
	for (unsigned int fill = 0; fill < 7; fill++) {
		uint8_t back[16];

		sms_pack(units, n, fill, octets);
		sms_unpack(octets, fill, n, back);
		EXPECT_EQ(0, memcmp(units, back, n));
	}
}

static const struct {
	const char *units, *text;
	enum sms_encoding encoding;
} odd[] = {
	/* an escape at the end, twice, and before what no table has */
	{ "611b", "a\xef\xbf\xbd", SMS_GSM7 },
	{ "1b1b61", " a", SMS_GSM7 },
	{ "1b61", "a", SMS_GSM7 },
	/* lines end with one newline */
	{ "610d0a62", "a\nb", SMS_GSM7 },
	{ "610d62", "a\nb", SMS_GSM7 },
	{ "611b0a62", "a\nb", SMS_GSM7 },
	/* half a character, half a pair, a pair the wrong way round */
	{ "006100", "a\xef\xbf\xbd", SMS_UCS2 },
	{ "d83d0061", "\xef\xbf\xbd" "a", SMS_UCS2 },
	{ "de00d83d", "\xef\xbf\xbd\xef\xbf\xbd", SMS_UCS2 },
	/* nothing steers the terminal: escape, delete, CSI, right to left, NUL */
	{ "001b005b", "\xef\xbf\xbd[", SMS_UCS2 },
	{ "007f009b", "\xef\xbf\xbd\xef\xbf\xbd", SMS_UCS2 },
	{ "202e2067", "\xef\xbf\xbd\xef\xbf\xbd", SMS_UCS2 },
	{ "00000061", "\xef\xbf\xbd" "a", SMS_UCS2 },
};

TEST(odd_units_are_text)
{
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char text[SMS_TEXT_MAX(16)];
		uint8_t units[16];

		sms_text(units, from_hex(odd[i].units, units), odd[i].encoding, text);
		EXPECT_STREQ(odd[i].text, text);
	}
}

/* --- taken apart ------------------------------------------------------------- */

static char *text_of(const struct sms_pdu *pdu)
{
	return sms_join(&(const struct sms_pdu *){ pdu }, 1);
}

static int parse(const char *hex, struct sms_pdu *ret)
{
	uint8_t bytes[256];

	return sms_pdu_parse(bytes, from_hex(hex, bytes), ret);
}

TEST(a_message_is_read)
{
	struct sms_pdu pdu;
	char *text;

	ASSERT_EQ(0, parse("07917283010010f5040bc87238880900f10000993092516195800a"
			   "e8329bfd4697d9ec37", &pdu));
	EXPECT_EQ(SMS_DELIVER, pdu.kind);
	EXPECT_STREQ("+27381000015", pdu.smsc);
	EXPECT_STREQ("27838890001", pdu.number);
	EXPECT_TRUE(pdu.time.known);
	EXPECT_EQ(922713419, pdu.time.unix_s);
	EXPECT_EQ(-1, pdu.class);
	EXPECT_FALSE(pdu.is_part);
	text = text_of(&pdu);
	EXPECT_STREQ("hellohello", text);
	free(text);
}

TEST(one_of_ours_is_read)
{
	struct sms_pdu pdu;
	char *text;

	ASSERT_EQ(0, parse("0011000b916407281553f80000aa0ae8329bfd4697d9ec37", &pdu));
	EXPECT_EQ(SMS_SUBMIT, pdu.kind);
	EXPECT_STREQ("", pdu.smsc);
	EXPECT_STREQ("+46708251358", pdu.number);
	EXPECT_FALSE(pdu.time.known);
	text = text_of(&pdu);
	EXPECT_STREQ("hellohello", text);
	free(text);
}

TEST(a_sender_may_have_a_name)
{
	struct sms_pdu pdu;
	char *text;

	/* a flash message; its text is of the extension table */
	ASSERT_EQ(0, parse("000410d04d59133464bfeb6400104220923295950007" "9b726cc3dbf800",
			   &pdu));
	EXPECT_STREQ("M2M Cloud", pdu.number);
	EXPECT_EQ(0, pdu.class);
	EXPECT_EQ(1709251199, pdu.time.unix_s);
	text = text_of(&pdu);
	EXPECT_STREQ("€1[]", text);
	free(text);
}

TEST(a_part_says_which)
{
	struct sms_pdu pdu;
	char *text;

	ASSERT_EQ(0, parse("00440b919471103254f60000621182020000000f050003420202"
			   "e061391d44bfbf01", &pdu));
	EXPECT_TRUE(pdu.is_part);
	EXPECT_EQ(0x42, pdu.group);
	EXPECT_EQ(2, pdu.n_parts);
	EXPECT_EQ(2, pdu.part);
	text = text_of(&pdu);
	EXPECT_STREQ("part two", text);
	free(text);
	/* a group of 16 bits, in UCS-2 */
	ASSERT_EQ(0, parse("00440b919471103254f600086211820200000009060804123403010416",
			   &pdu));
	EXPECT_EQ(0x1234, pdu.group);
	EXPECT_EQ(3, pdu.n_parts);
	text = text_of(&pdu);
	EXPECT_STREQ("Ж", text);
	free(text);
	/* part 3 of 2, part 0: no parts */
	ASSERT_EQ(0, parse("00440b919471103254f600046211820200000006050003420203", &pdu));
	EXPECT_FALSE(pdu.is_part);
	ASSERT_EQ(0, parse("00440b919471103254f600046211820200000006050003420200", &pdu));
	EXPECT_FALSE(pdu.is_part);
}

TEST(a_report_is_read)
{
	struct sms_pdu pdu;

	ASSERT_EQ(0, parse("00062a0b919471103254f66211820200000062118202001000" "46", &pdu));
	EXPECT_EQ(SMS_REPORT, pdu.kind);
	EXPECT_STREQ("+49170123456", pdu.number);
	EXPECT_EQ(0x2a, pdu.reference);
	EXPECT_EQ(1795896000, pdu.time.unix_s);
	EXPECT_EQ(1795896001, pdu.discharge.unix_s);
	EXPECT_EQ(SMS_FAILED, sms_delivery(pdu.status));
	EXPECT_EQ(SMS_DELIVERED, sms_delivery(0));
	EXPECT_EQ(SMS_FORWARDED, sms_delivery(1));
	EXPECT_EQ(SMS_REPLACED, sms_delivery(2));
	EXPECT_EQ(SMS_TRYING, sms_delivery(0x3f));
	EXPECT_EQ(SMS_FAILED, sms_delivery(0x63));
	EXPECT_EQ(SMS_FAILED, sms_delivery(0x03));
}

static const struct {
	uint8_t dcs;
	enum sms_encoding encoding;
	int class;
} codings[] = {
	{ 0x00, SMS_GSM7, -1 }, { 0x11, SMS_GSM7, 1 }, { 0x04, SMS_DATA, -1 },
	{ 0x08, SMS_UCS2, -1 }, { 0x1b, SMS_UCS2, 3 }, { 0x0c, SMS_GSM7, -1 },
	{ 0x20, SMS_DATA, -1 }, { 0x48, SMS_UCS2, -1 }, { 0x84, SMS_GSM7, -1 },
	{ 0xc8, SMS_GSM7, -1 }, { 0xd8, SMS_GSM7, -1 }, { 0xe0, SMS_UCS2, -1 },
	{ 0xf0, SMS_GSM7, 0 }, { 0xf6, SMS_DATA, 2 },
};

TEST(every_coding_is_known)
{
	for (size_t i = 0; i < ARRAY_SIZE(codings); i++) {
		struct sms_pdu pdu;
		char hex[64];

		snprintf(hex, sizeof(hex), "000401810100%02x6211820200000000",
			 codings[i].dcs);
		ASSERT_EQ(0, parse(hex, &pdu));
		EXPECT_EQ(codings[i].encoding, pdu.encoding);
		EXPECT_EQ(codings[i].class, pdu.class);
	}
}

TEST(what_is_no_text_is_none)
{
	struct sms_pdu pdu;

	ASSERT_EQ(0, parse("00040181010004621182020000000401020304", &pdu));
	EXPECT_EQ(SMS_DATA, pdu.encoding);
	EXPECT_EQ(4, pdu.n_units);
	EXPECT_FALSE(text_of(&pdu));
	/* in the Turkish table, which we have not */
	ASSERT_EQ(0, parse("004401810100006211820200000006" "03240101" "c200", &pdu));
	EXPECT_EQ(SMS_GSM7_NATIONAL, pdu.encoding);
	EXPECT_FALSE(text_of(&pdu));
}

TEST(a_wrong_time_is_none)
{
	static const char * const times[] = {
		"62318202000000", "62118242000000", "6211820200f000", "62118202000008",
	};
	static const bool known[] = { false, false, false, true };

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct sms_pdu pdu;
		char hex[64];

		snprintf(hex, sizeof(hex), "0004018101000" "0%s00", times[i]);
		ASSERT_EQ(0, parse(hex, &pdu));
		EXPECT_EQ(known[i], pdu.time.known);
	}
}

TEST(hours_west_are_later)
{
	struct sms_pdu east, west;

	ASSERT_EQ(0, parse("0004018101000062118202000040" "00", &east));
	ASSERT_EQ(0, parse("0004018101000062118202000048" "00", &west));
	EXPECT_EQ(1795896000 - 3600, east.time.unix_s);
	EXPECT_EQ(1795896000 + 3600, west.time.unix_s);
}

TEST(less_than_it_promises_is_refused)
{
	static const char * const whole[] = {
		"07917283010010f5040bc87238880900f10000993092516195800ae8329bfd4697d9ec37",
		"0011000b916407281553f80000aa0ae8329bfd4697d9ec37",
		"00440b919471103254f60000621182020000000f050003420202e061391d44bfbf01",
		"00062a0b919471103254f6621182020000006211820210000046",
	};
	struct sms_pdu pdu;
	uint8_t bytes[256];

	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		size_t len = from_hex(whole[i], bytes);

		for (size_t n = 0; n < len; n++)
			EXPECT_EQ(-EBADMSG, sms_pdu_parse(bytes, n, &pdu));
		/* a card pads with ones */
		memset(bytes + len, 0xff, sizeof(bytes) - len);
		EXPECT_EQ(0, sms_pdu_parse(bytes, sizeof(bytes), &pdu));
		/* a modem that hands it over names no service centre */
		EXPECT_EQ(0, sms_tpdu_parse(bytes + 1 + bytes[0], len - 1 - bytes[0], &pdu));
	}
	EXPECT_EQ(-EBADMSG, sms_tpdu_parse(bytes, SMS_PDU_MAX, &pdu));
	/* an address of 21 digits, 161 septets, 141 octets, a header longer than all */
	EXPECT_EQ(-EBADMSG, parse("00041581212121212121212121210000", &pdu));
	memset(bytes, 0, sizeof(bytes));
	from_hex("00040181010000621182020000" "00a1", bytes);
	EXPECT_EQ(-EBADMSG, sms_pdu_parse(bytes, sizeof(bytes), &pdu));
	from_hex("00040181010004621182020000008d", bytes);
	EXPECT_EQ(-EBADMSG, sms_pdu_parse(bytes, sizeof(bytes), &pdu));
	EXPECT_EQ(-EBADMSG, parse("004401810100046211820200000002" "0200", &pdu));
	/* an element that is longer than the header says nothing */
	EXPECT_EQ(0, parse("004401810100046211820200000005" "0400034202", &pdu));
	EXPECT_FALSE(pdu.is_part);
}

/* --- made -------------------------------------------------------------------- */

TEST(a_message_is_made)
{
	struct sms_submit how = { .number = "+46708251358" };
	uint8_t pdu[SMS_PDU_MAX];
	struct m2m_error error;
	struct sms_plan plan;
	size_t len;

	ASSERT_EQ(0, sms_plan("hellohello", -1, &plan, &error));
	ASSERT_EQ(1, plan.n);
	len = sms_submit(&plan, 0, &how, pdu);
	expect_hex("0001000b916407281553f800000ae8329bfd4697d9ec37", pdu, len);
	how = (struct sms_submit){ .number = "4711", .report = true };
	ASSERT_EQ(0, sms_plan("Ж", -1, &plan, &error));
	len = sms_submit(&plan, 0, &how, pdu);
	expect_hex("0021000481741100" "08020416", pdu, len);
}

TEST(numbers)
{
	EXPECT_TRUE(sms_number_is_valid("+49170123456"));
	EXPECT_TRUE(sms_number_is_valid("4711"));
	EXPECT_TRUE(sms_number_is_valid("12345678901234567890"));
	EXPECT_FALSE(sms_number_is_valid("123456789012345678901"));
	EXPECT_FALSE(sms_number_is_valid(""));
	EXPECT_FALSE(sms_number_is_valid("+"));
	EXPECT_FALSE(sms_number_is_valid("++49"));
	EXPECT_FALSE(sms_number_is_valid("0170 123"));
	EXPECT_FALSE(sms_number_is_valid("0170-123"));
	EXPECT_FALSE(sms_number_is_valid("call me"));
	EXPECT_FALSE(sms_number_is_valid("49+170"));
}

/* A text of n times a character, and one more */
static char *repeat(const char *what, size_t n, const char *end)
{
	char *text = malloc(n * strlen(what) + strlen(end) + 1);
	char *at = text;

	while (n--)
		at = stpcpy(at, what);
	strcpy(at, end);
	return text;
}

static const struct {
	const char *what;
	size_t times;
	const char *end;
	int want;
	enum sms_encoding encoding;
	unsigned int parts;		/* 0: refused */
	size_t second;			/* unit where the second part begins */
} lengths[] = {
	{ "a", 160, "", -1, SMS_GSM7, 1 },
	{ "a", 161, "", -1, SMS_GSM7, 2, 153 },
	{ "€", 80, "", -1, SMS_GSM7, 1 },
	/* an escape and what follows stay together: 152 septets */
	{ "€", 81, "", -1, SMS_GSM7, 2, 152 },
	{ "a", 306, "", -1, SMS_GSM7, 2, 153 },
	{ "a", 307, "", -1, SMS_GSM7, 3, 153 },
	{ "Ж", 70, "", -1, SMS_UCS2, 1 },
	{ "Ж", 71, "", -1, SMS_UCS2, 2, 134 },
	/* a pair stays together: 33 of them, and 66 units */
	{ "\xf0\x9f\x98\x80", 36, "", -1, SMS_UCS2, 2, 132 },
	{ "a", 159, "Ж", -1, SMS_UCS2, 3, 134 },
	{ "a", 71, "", SMS_UCS2, SMS_UCS2, 2, 134 },
	{ "a", SMS_PARTS_MAX * 153, "", -1, SMS_GSM7, SMS_PARTS_MAX, 153 },
	{ "a", SMS_PARTS_MAX * 153 + 1, "", -1, SMS_GSM7, 0 },
	{ "a", 10000, "", -1, SMS_GSM7, 0 },
	{ "Ж", SMS_PARTS_MAX * 67, "", -1, SMS_UCS2, SMS_PARTS_MAX, 134 },
	{ "Ж", SMS_PARTS_MAX * 67 + 1, "", -1, SMS_UCS2, 0 },
	{ "", 0, "", -1, SMS_GSM7, 0 },
	{ "Ж", 1, "", SMS_GSM7, SMS_GSM7, 0 },
	{ "\xff", 1, "", -1, SMS_GSM7, 0 },
};

TEST(texts_are_cut)
{
	static struct sms_plan plan;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		char *text = repeat(lengths[i].what, lengths[i].times, lengths[i].end);
		struct m2m_error error = { 0 };
		int err = sms_plan(text, lengths[i].want, &plan, &error);

		free(text);
		if (!lengths[i].parts) {
			EXPECT_EQ(-EINVAL, err);
			EXPECT_NE('\0', error.msg[0]);
			continue;
		}
		ASSERT_EQ(0, err);
		EXPECT_EQ(lengths[i].encoding, plan.encoding);
		EXPECT_EQ(lengths[i].parts, plan.n);
		if (lengths[i].second)
			EXPECT_EQ(lengths[i].second, plan.start[1]);
	}
}

/* --- joined ------------------------------------------------------------------ */

TEST(parts_are_joined)
{
	static const struct sms_pdu first = {
		.encoding = SMS_UCS2, .units = { 0, 'a', 0xd8, 0x3d }, .n_units = 4,
	};
	static const struct sms_pdu second = {
		.encoding = SMS_UCS2, .units = { 0xde, 0x00, 0, 'b' }, .n_units = 4,
	};
	const struct sms_pdu *both[] = { &first, &second };
	const struct sms_pdu *gaps[] = { NULL, &second, NULL, NULL, &first };
	char *text = sms_join(both, 2);

	/* others do cut characters in two */
	EXPECT_STREQ("a\xf0\x9f\x98\x80" "b", text);
	free(text);
	text = sms_join(gaps, 5);
	EXPECT_STREQ("…\xef\xbf\xbd" "b…a\xef\xbf\xbd", text);
	free(text);
}

TEST(who_belongs_together)
{
	struct sms_pdu a = {
		.is_part = true, .group = 7, .n_parts = 2, .part = 1,
		.number = "+49170", .time = { true, 1000000 },
	};
	struct sms_pdu b = a;

	EXPECT_TRUE(sms_is_same(&a, &b));
	b.group = 8;
	EXPECT_FALSE(sms_is_same(&a, &b));
	b = a;
	strcpy(b.number, "+49171");
	EXPECT_FALSE(sms_is_same(&a, &b));
	b = a;
	b.n_parts = 3;
	EXPECT_FALSE(sms_is_same(&a, &b));
	b = a;
	b.time.unix_s += 100000;
	EXPECT_FALSE(sms_is_same(&a, &b));
	b.time.known = false;
	EXPECT_TRUE(sms_is_same(&a, &b));
	b.is_part = false;
	EXPECT_FALSE(sms_is_same(&a, &b));
}

TEST_HARNESS_MAIN
