// SPDX-License-Identifier: GPL-2.0-or-later
/* What people write of operators, modes and bands, and whether a modem is set so. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/lib/dms.h"
#include "../../tools/lib/nas-select.h"
#include "../lib/harness.h"

/* A modem as it is shipped, and one thing it is to be */
static const struct nas_preference shipped = {
	.has_modes = true, .has_roaming = true, .has_selection = true, .has_lte = true,
	.modes = NAS_MODE_UMTS | NAS_MODE_LTE, .roaming = NAS_ROAMING_ANY,
	.lte = { 0x80004 },
};

static bool differs(bool (*parse)(const char *text, struct nas_preference *ret),
		    const char *text)
{
	struct nas_preference wanted = { 0 };

	EXPECT_TRUE(parse(text, &wanted));
	EXPECT_EQ(0, nas_preference_check(&shipped, &wanted, NULL));
	return nas_preference_differs(&shipped, &wanted);
}

TEST(what_is_as_it_should_be_is_not_written)
{
	EXPECT_FALSE(differs(nas_wish_operator, "auto"));
	EXPECT_TRUE(differs(nas_wish_operator, "26201"));
	EXPECT_FALSE(differs(nas_wish_modes, "umts,lte"));
	EXPECT_FALSE(differs(nas_wish_modes, "lte,umts"));
	EXPECT_TRUE(differs(nas_wish_modes, "lte"));
	EXPECT_FALSE(differs(nas_wish_bands, "b20,b3"));
	EXPECT_TRUE(differs(nas_wish_bands, "b3"));
}

TEST(an_mnc_of_three_digits_is_another)
{
	struct nas_preference two = { 0 }, three = { 0 };

	EXPECT_TRUE(nas_wish_operator("00102", &two));
	EXPECT_TRUE(nas_wish_operator("001002", &three));
	EXPECT_EQ(1, two.plmn.mcc);
	EXPECT_EQ(2, two.plmn.mnc);
	EXPECT_TRUE(nas_preference_differs(&two, &three));
	EXPECT_FALSE(nas_preference_differs(&two, &two));
}

/* Bands of one kind say nothing of the other */
TEST(what_is_not_named_stays)
{
	struct nas_preference wanted = { 0 };

	EXPECT_TRUE(nas_wish_bands("b66", &wanted));
	EXPECT_TRUE(wanted.has_lte);
	EXPECT_FALSE(wanted.has_nr || wanted.has_modes || wanted.has_selection);
	EXPECT_EQ(1ull << 1, wanted.lte[1]);
	memset(&wanted, 0, sizeof(wanted));
	EXPECT_TRUE(nas_wish_bands("n512,n1", &wanted));
	EXPECT_FALSE(wanted.has_lte);
	EXPECT_EQ(1ull << 63, wanted.nr_sa[7]);
	EXPECT_EQ(1ull, wanted.nr_nsa[0]);
	/* of which this modem tells nothing */
	EXPECT_EQ(-EOPNOTSUPP, nas_preference_check(&shipped, &wanted, NULL));
}

/* --- a modem with some of it ---------------------------------------------------- */

static int radios_err, bands_err;	/* it does not tell */

int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error);
int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error)
{
	*ret = NULL;
	return 0;
}

int __wrap_dms_capabilities_get(struct m2m_client *dms, struct dms_capabilities *ret,
				struct m2m_error *error);
int __wrap_dms_capabilities_get(struct m2m_client *dms, struct dms_capabilities *ret,
				struct m2m_error *error)
{
	*ret = (struct dms_capabilities) { 0, 0, 2, { NAS_RADIO_UMTS, NAS_RADIO_LTE } };
	return radios_err ? m2m_error_set(error, radios_err, "no radios") : 0;
}

int __wrap_dms_bands_get(struct m2m_client *dms, struct dms_bands *ret,
			 struct m2m_error *error);
int __wrap_dms_bands_get(struct m2m_client *dms, struct dms_bands *ret,
			 struct m2m_error *error)
{
	*ret = (struct dms_bands) { .lte = { 0x80004 } };
	return bands_err ? m2m_error_set(error, bands_err, "no bands") : 0;
}

/* What is left of a wish; @lack: what is not, NULL for nothing. m2mctl refuses it then */
static struct nas_preference part_of(const struct nas_wish *wish, const char *lack)
{
	struct nas_preference part = { 0 }, all = { .modes = 0xdead };
	struct m2m_error error, missing;

	EXPECT_EQ(0, nas_preference_want_part(NULL, wish, &part, &missing, &error));
	EXPECT_EQ(lack ? -EOPNOTSUPP : 0, missing.err);
	EXPECT_STREQ(lack ? lack : "", missing.msg);
	EXPECT_EQ(missing.err, nas_preference_want(NULL, wish, &all, &error));
	if (lack)
		EXPECT_STREQ(lack, error.msg);
	EXPECT_EQ(lack ? 0xdead : part.modes, all.modes);
	return part;
}

TEST(what_the_modem_has_of_a_wish)
{
	struct nas_preference p;

	p = part_of(&(struct nas_wish) { NULL, "lte", "b3" }, NULL);
	EXPECT_TRUE(p.has_modes && p.has_lte);
	p = part_of(&(struct nas_wish) { "26201", "lte,5gnr", "b3" }, "the modem has no mode 5gnr");
	EXPECT_TRUE(p.manual && p.has_modes && p.has_lte);
	EXPECT_EQ(NAS_MODE_LTE, p.modes);
	EXPECT_EQ(0x4, p.lte[0]);
	/* the rest does not depend on it */
	p = part_of(&(struct nas_wish) { "26201", "5gnr", "b3" }, "the modem has no mode 5gnr");
	EXPECT_TRUE(p.manual && !p.has_modes && p.has_lte);
	p = part_of(&(struct nas_wish) { NULL, NULL, "b20,b66,n78" },
		    "the modem has no LTE band b66");
	EXPECT_TRUE(p.has_lte && !p.has_nr);
	EXPECT_EQ(0x80000, p.lte[0]);
	EXPECT_EQ(0, p.lte[1]);
	p = part_of(&(struct nas_wish) { "26201", NULL, "b1,b66" }, "the modem has no LTE band b1");
	EXPECT_TRUE(p.manual && !p.has_lte && !p.has_nr);
}

TEST(what_a_modem_does_not_tell_stays)
{
	struct nas_preference p;

	bands_err = -EOPNOTSUPP;
	radios_err = -EOPNOTSUPP;
	p = part_of(&(struct nas_wish) { "26201", "lte", "b3" }, "no bands");
	EXPECT_TRUE(p.manual && p.has_modes && !p.has_lte);
	p = part_of(&(struct nas_wish) { "26201", "auto", NULL }, "no radios");
	EXPECT_TRUE(p.manual && !p.has_modes);
}

TEST(a_modem_that_does_not_answer_lacks_nothing)
{
	const struct nas_wish named = { "26201", "lte", NULL };
	const struct nas_wish all[] = { { "26201", "auto", NULL }, { "26201", NULL, "b3" } };
	struct nas_preference p;
	struct m2m_error error, lack;

	bands_err = -ETIMEDOUT;
	radios_err = -ETIMEDOUT;
	p = part_of(&named, NULL);
	EXPECT_EQ(NAS_MODE_LTE, p.modes);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		EXPECT_EQ(-ETIMEDOUT,
			  nas_preference_want_part(NULL, &all[i], &p, &lack, &error));
}

TEST(what_needs_no_modem_asks_none)
{
	const struct nas_wish wish = { .operator = "26201" };
	const struct nas_wish none = { .modes = "lte,4g" };
	struct nas_preference wanted;

	EXPECT_EQ(0, nas_preference_want(NULL, &wish, &wanted, NULL));
	EXPECT_TRUE(wanted.has_selection && wanted.manual);
	EXPECT_FALSE(wanted.has_modes || wanted.has_lte || wanted.has_nr);
	EXPECT_EQ(-EINVAL, nas_preference_want(NULL, &none, &wanted, NULL));
}

TEST(a_mode_that_the_modem_has_not)
{
	const uint16_t has = NAS_MODE_UMTS | NAS_MODE_LTE;
	struct m2m_error error;

	EXPECT_EQ(0, nas_modes_check(has, NAS_MODE_LTE, &error));
	EXPECT_EQ(0, nas_modes_check(has, has, &error));
	EXPECT_EQ(-EOPNOTSUPP, nas_modes_check(has, NAS_MODE_LTE | NAS_MODE_NR, &error));
	EXPECT_STREQ("the modem has no mode 5gnr", error.msg);
}

/* What is read and what is refused go by the same words */
TEST(each_mode_has_one_word)
{
	struct m2m_error error;
	uint16_t bits = 0;

	for (unsigned int i = 0; i < NAS_MODES; i++) {
		struct nas_preference wanted = { 0 };
		char refusal[64];

		EXPECT_TRUE(nas_wish_modes(nas_modes[i].word, &wanted));
		EXPECT_EQ(nas_modes[i].bit, wanted.modes);
		EXPECT_EQ(0, bits & wanted.modes);
		bits |= wanted.modes;
		snprintf(refusal, sizeof(refusal), "the modem has no mode %s",
			 nas_modes[i].word);
		EXPECT_EQ(-EOPNOTSUPP, nas_modes_check(~wanted.modes, wanted.modes, &error));
		EXPECT_STREQ(refusal, error.msg);
	}
}

TEST_HARNESS_MAIN
