// SPDX-License-Identifier: GPL-2.0-or-later
/* What a modem had before a trial: what becomes of it, and its way to the disk and back. */
#include <kselftest_harness.h>
#include <string.h>

#include "../../tools/daemon/former.h"
#include "../lib/harness.h"

TEST(what_becomes_of_it)
{
	static const struct {
		bool kept, stated, tried;
		enum former_fate fate;
	} rows[] = {
		{ false, false, false, FORMER_NONE },
		{ false, true, false, FORMER_NONE },
		{ false, false, true, FORMER_NONE },
		{ false, true, true, FORMER_NONE },
		/* the second step of a trial says nothing of what the first one set */
		{ true, false, true, FORMER_KEEP },
		{ true, true, true, FORMER_KEEP },
		/* over, reverted, or of another boot */
		{ true, false, false, FORMER_RESTORE },
		/* confirmed, or said by the former files as well */
		{ true, true, false, FORMER_DROP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].fate, former_judge(rows[i].kept, rows[i].stated,
						     rows[i].tried));
}

/* All that a modem can tell, as large as it gets */
static struct former full(void)
{
	struct former former = {
		.slot = 2,
		.network = {
			.has_modes = true, .modes = 0x5c,
			.has_selection = true, .manual = true, .plmn = { 310, 26, true },
			.has_lte = true, .has_nr = true,
		},
	};

	memset(former.network.lte, 0xff, sizeof(former.network.lte));
	memset(former.network.nr_sa, 0xfe, sizeof(former.network.nr_sa));
	memset(former.network.nr_nsa, 0xfd, sizeof(former.network.nr_nsa));
	return former;
}

static bool comes_back(const struct former *former, struct former *ret)
{
	char text[FORMER_TEXT_SIZE];

	memset(ret, 0, sizeof(*ret));
	for (int i = 0; i < FORMER_SETTINGS; i++) {
		former_text(former, i, text);
		EXPECT_LT(strlen(text), sizeof(text) - 1);
		if (former_has(former, i) && !former_parse(text, i, ret))
			return false;
	}
	return true;
}

TEST(all_of_it_comes_back)
{
	const struct former former = full();
	struct former back;

	ASSERT_TRUE(comes_back(&former, &back));
	EXPECT_EQ(2, back.slot);
	EXPECT_TRUE(back.network.has_modes && back.network.has_selection);
	EXPECT_EQ(0x5c, back.network.modes);
	EXPECT_TRUE(back.network.manual && back.network.plmn.mnc3);
	EXPECT_EQ(310, back.network.plmn.mcc);
	EXPECT_EQ(26, back.network.plmn.mnc);
	EXPECT_TRUE(back.network.has_lte && back.network.has_nr);
	EXPECT_EQ(0, memcmp(former.network.lte, back.network.lte, sizeof(back.network.lte)));
	EXPECT_EQ(0, memcmp(former.network.nr_sa, back.network.nr_sa,
			    sizeof(back.network.nr_sa)));
	EXPECT_EQ(0, memcmp(former.network.nr_nsa, back.network.nr_nsa,
			    sizeof(back.network.nr_nsa)));
}

TEST(what_a_modem_did_not_tell_is_not_made_up)
{
	struct former former = { .network = { .has_nr = true } }, back;

	former.network.nr_sa[1] = 1ull << 13;
	ASSERT_TRUE(comes_back(&former, &back));
	EXPECT_TRUE(back.network.has_nr);
	EXPECT_FALSE(back.network.has_lte || back.network.has_modes || back.slot);
	EXPECT_EQ(1ull << 13, back.network.nr_sa[1]);
	/* LTE bands of a modem without NR */
	memset(&former, 0, sizeof(former));
	former.network.has_lte = true;
	former.network.lte[0] = 0x80044;
	ASSERT_TRUE(comes_back(&former, &back));
	EXPECT_TRUE(back.network.has_lte && !back.network.has_nr);
	EXPECT_EQ(0x80044, back.network.lte[0]);
}

/* Tied to a network that it did not tell, or that none is: it may choose again */
TEST(operators)
{
	static const struct {
		bool manual;
		struct nas_plmn plmn;
		const char *text;
	} rows[] = {
		{ false, { 0 }, "auto" },
		{ true, { 262, 1, false }, "26201" },
		{ true, { 1, 1, false }, "00101" },
		{ true, { 310, 410, true }, "310410" },
		{ true, { 0, 1, false }, "auto" },
		{ true, { 1000, 1, false }, "auto" },
		{ true, { 262, 100, false }, "auto" },
		{ true, { 262, 1000, true }, "auto" },
	};
	char text[FORMER_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct former former = {
			.network = { .has_selection = true, .manual = rows[i].manual,
				     .plmn = rows[i].plmn },
		};

		former_text(&former, FORMER_OPERATOR, text);
		EXPECT_STREQ(rows[i].text, text);
	}
}

/* Torn, foreign, or of nobody: it is in nobody's way, and spoils nothing beside it */
TEST(what_is_none)
{
	static const struct {
		enum former_setting which;
		const char *text;
	} rows[] = {
		{ FORMER_SLOT, "" }, { FORMER_SLOT, "0" }, { FORMER_SLOT, "256" },
		{ FORMER_SLOT, "-1" }, { FORMER_SLOT, "1x" }, { FORMER_SLOT, "two" },
		{ FORMER_OPERATOR, "" }, { FORMER_OPERATOR, "26" },
		{ FORMER_OPERATOR, "telekom" }, { FORMER_OPERATOR, "2620100" },
		{ FORMER_MODES, "" }, { FORMER_MODES, "10000" }, { FORMER_MODES, "lte" },
		{ FORMER_BANDS, "" }, { FORMER_BANDS, "lte" }, { FORMER_BANDS, "lte 44 0 0" },
		{ FORMER_BANDS, "44 0 0 0" }, { FORMER_BANDS, "lte 44 0 0 0x1" },
		{ FORMER_BANDS, "lte sa 1 2 3 4 5 6 7 8" },
		{ FORMER_BANDS, "lte 12345678123456781 0 0 0" },
		{ FORMER_SETTINGS, "1" },
	};
	const struct former before = full();
	struct former former;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		former = before;
		EXPECT_FALSE(former_parse(rows[i].text, rows[i].which, &former));
		EXPECT_EQ(0, memcmp(&before, &former, sizeof(former)));
	}
}

TEST(words_of_later_versions)
{
	struct former former = { 0 };

	EXPECT_TRUE(former_parse("2 since 5", FORMER_SLOT, &former));
	EXPECT_TRUE(former_parse("10 more", FORMER_MODES, &former));
	EXPECT_TRUE(former_parse("lte 4 0 0 0 6g 1 2", FORMER_BANDS, &former));
	EXPECT_EQ(2, former.slot);
	EXPECT_EQ(0x10, former.network.modes);
	EXPECT_TRUE(former.network.has_lte && !former.network.has_nr);
	EXPECT_EQ(4, former.network.lte[0]);
}

TEST_HARNESS_MAIN
