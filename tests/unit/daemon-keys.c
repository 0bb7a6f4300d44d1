// SPDX-License-Identifier: GPL-2.0-or-later
/* What keys of the configuration ask of m2md's machine besides a call. */
#include <kselftest_harness.h>

#include "../../tools/daemon/quota.h"
#include "../../tools/daemon/verdict.h"
#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

static const char *cause(void)
{
	static struct word token;
	struct why why = machine_why_pdn(&site.m, 0, site.now);

	token = cause_token(&why.cause);
	return token.s;
}

/* --- settings of the modem ---------------------------------------------------------- */

TEST(the_attach_is_set_before_the_radio)
{
	site_init(&site, 1);
	site.differ = SETTING_ATTACH;
	site.radio_on = false;
	site_plug(&site);
	site.radio_on = false;
	site_start(&site, BOOT_NONE);
	site_run(&site, 5 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	expect_sound();
}

TEST(a_modem_that_is_attached_attaches_again)
{
	const struct event event = { .type = EVENT_SETTINGS, .differ = SETTING_ATTACH };

	site_go_online(&site);
	site.differ = SETTING_ATTACH;
	site_event(&site, &event);
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_EQ(1, site.tally[ACTION_REATTACH]);
	expect_sound();
}

/* The modem looks for another network by itself */
TEST(modes_bands_and_operator_are_written_once)
{
	const struct event event = { .type = EVENT_SETTINGS, .differ = SETTING_NETWORK };

	site_go_online(&site);
	site.differ = SETTING_NETWORK;
	site_event(&site, &event);
	site_run(&site, DAY);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

/* Somebody, or firmware, who changes them all day does not wear the memory out */
TEST(modes_that_change_all_day_are_written_ten_times)
{
	const struct event event = { .type = EVENT_SETTINGS, .differ = SETTING_NETWORK };

	site_go_online(&site);
	for (int i = 0; i < 46; i++) {
		site.differ = SETTING_NETWORK;
		site_event(&site, &event);
		site_run(&site, 30 * MINUTE);
	}
	EXPECT_EQ(10, site.tally[ACTION_WRITE]);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* What a modem never takes is tried once a day, and is in the way of nothing else */
TEST(one_setting_that_is_never_taken)
{
	static const uint32_t others[] = { SETTING_AUTOCONNECT, SETTING_ATTACH, SETTING_SLOT };
	struct event event = { .type = EVENT_SETTINGS };

	site_go_online(&site);
	site.stubborn = SETTING_NETWORK;
	site.differ = SETTING_NETWORK | SETTING_ATTACH;
	event.differ = site.differ;
	site_event(&site, &event);
	site_run(&site, HOUR);
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		site.differ |= others[i];
		event.differ = site.differ;
		site_event(&site, &event);
		site_run(&site, HOUR);
		EXPECT_EQ(2 + i, site.tally[ACTION_WRITE]);
		EXPECT_EQ(others[i], site.m.written);
		EXPECT_EQ(SETTING_NETWORK, site.m.differ);
		EXPECT_TRUE(site_is_online(&site));
	}
	site_run(&site, 19 * HOUR);
	EXPECT_EQ(4, site.tally[ACTION_WRITE]);
	site_run(&site, 2 * HOUR);
	EXPECT_EQ(5, site.tally[ACTION_WRITE]);
	EXPECT_EQ(SETTING_NETWORK, site.m.written);
	expect_sound();
}

TEST(nothing_is_done_with_the_wrong_card)
{
	site_init(&site, 1);
	site.differ = SETTING_SLOT;
	site.forgets = true;
	site.card_pin = 1234;
	site.config.pin = 1234;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, 10 * DAY);
	EXPECT_STREQ("slot-wrong", cause());
	EXPECT_EQ(0, site.tally[ACTION_PIN] + site.tally[ACTION_DIAL] + site_resets(&site));
	EXPECT_LE(site.tally[ACTION_WRITE], 11);
	site.forgets = false;
	site_run(&site, DAY + HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.pins);
	expect_sound();
}

TEST(another_slot_is_another_card)
{
	const struct event event = { .type = EVENT_SETTINGS, .differ = SETTING_SLOT };

	site_go_online(&site);
	site.differ = SETTING_SLOT;
	site_event(&site, &event);
	site_run(&site, SECOND);
	site_card(&site, "89330100009999999999");
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_STREQ("89330100009999999999", site.m.card.iccid);
	expect_sound();
}

/* --- data that is used up ----------------------------------------------------------- */

static void use_up(int64_t ms)
{
	site_event(&site, &(struct event){ .type = EVENT_QUOTA, .ms = ms });
}

TEST(a_period_without_data)
{
	struct why why;

	site_go_online(&site);
	use_up(5 * DAY);
	site_run(&site, MINUTE);
	EXPECT_FALSE(site_is_online(&site));
	EXPECT_EQ(0, site.call[0]);
	EXPECT_STREQ("quota-used-up", cause());
	why = machine_why_pdn(&site.m, 0, site.now);
	EXPECT_STREQ("dial", why.next);
	EXPECT_LE(why.next_ms, 5 * DAY);
	EXPECT_LE(4 * DAY, why.next_ms);
	/* whatever happens meanwhile */
	site_crash(&site);
	site_run(&site, DAY);
	site_kill(&site);
	site.config.cut_ms = 4 * DAY - MINUTE;
	site_config(&site);
	site_run(&site, 3 * DAY + 23 * HOUR);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site_resets(&site));
	site_run(&site, 2 * HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	expect_sound();
}

/* Firmware ends one IP family after the other, and tells what it was told itself */
TEST(what_is_over_cannot_end_again)
{
	struct event end = { .type = EVENT_PDN_END, .families = FAMILY_V6,
			     .cause = { CAUSE_CALL_END, 2, 202 } };

	site_go_online(&site);
	use_up(5 * DAY);
	site_run(&site, MINUTE);
	EXPECT_STREQ("quota-used-up", cause());
	site_event(&site, &end);
	site_run(&site, MINUTE);
	EXPECT_STREQ("quota-used-up", cause());
	EXPECT_EQ(VERDICT_TRYING, verdict_of(&site.m));
	end.families = FAMILY_BOTH;
	site_event(&site, &end);
	EXPECT_STREQ("quota-used-up", cause());
	expect_sound();
}

/* One that came up late is ended, and that is why it ends */
TEST(a_call_that_comes_up_without_data)
{
	const struct event up = { .type = EVENT_PDN_UP, .families = FAMILY_BOTH };

	site_go_online(&site);
	use_up(5 * DAY);
	site_run(&site, MINUTE);
	site.call[0] = FAMILY_BOTH;
	site_event(&site, &up);
	site_run(&site, MINUTE);
	EXPECT_EQ(0, site.call[0]);
	EXPECT_STREQ("quota-used-up", cause());
	EXPECT_EQ(VERDICT_TRYING, verdict_of(&site.m));
	expect_sound();
}

TEST(a_limit_that_is_raised)
{
	site_go_online(&site);
	use_up(5 * DAY);
	site_run(&site, HOUR);
	EXPECT_FALSE(site_is_online(&site));
	use_up(0);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* --- periods ------------------------------------------------------------------------ */

#define DAY_2026_11_28	20785		/* a Saturday */

static struct quota_now at(int64_t day, int64_t hour, bool trusted)
{
	return (struct quota_now){ day * DAY + hour * HOUR, trusted };
}

TEST(when_a_period_ends)
{
	static const struct {
		enum quota_period period;
		int64_t day, hour, left_h;
	} rows[] = {
		{ QUOTA_DAY, DAY_2026_11_28, 0, 24 },
		{ QUOTA_DAY, DAY_2026_11_28, 23, 1 },
		{ QUOTA_WEEK, DAY_2026_11_28, 0, 48 },
		{ QUOTA_WEEK, DAY_2026_11_28 + 2, 0, 7 * 24 },
		{ QUOTA_MONTH, DAY_2026_11_28, 0, 3 * 24 },
		{ QUOTA_MONTH, DAY_2026_11_28 + 2, 23, 1 },
		{ QUOTA_MONTH, DAY_2026_11_28 + 3, 0, 31 * 24 },
		/* 29 February 2028, 31 December 2027, 28 February 2100 */
		{ QUOTA_MONTH, 21243, 0, 24 },
		{ QUOTA_MONTH, 21183, 0, 24 },
		{ QUOTA_MONTH, 47540, 0, 24 },
		{ QUOTA_MONTH, 32, 0, 27 * 24 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct quota_usage usage = { 0 };
		struct quota_now now = at(rows[i].day, rows[i].hour, true);

		quota_roll(&usage, rows[i].period, 0, &now);
		EXPECT_EQ(rows[i].left_h * HOUR, quota_left_ms(&usage, rows[i].period, &now));
		/* and not a moment before */
		usage.bytes = 5;
		now.wall_ms += rows[i].left_h * HOUR - 1;
		EXPECT_FALSE(quota_roll(&usage, rows[i].period, 0, &now));
		EXPECT_EQ(5, usage.bytes);
		now.wall_ms++;
		EXPECT_TRUE(quota_roll(&usage, rows[i].period, 0, &now));
		EXPECT_EQ(0, usage.bytes);
	}
}

TEST(clocks_that_give_no_data_back)
{
	struct quota_usage usage = { .bytes = 7 };
	struct quota_now now = at(0, 0, false);

	/* from 1970, a minute after the boot */
	EXPECT_FALSE(quota_roll(&usage, QUOTA_DAY, MINUTE, &now));
	now = at(DAY_2026_11_28, 5, true);
	EXPECT_FALSE(quota_roll(&usage, QUOTA_DAY, MINUTE, &now));
	/* an hour and a year back, and no clock any more */
	now = at(DAY_2026_11_28, 4, true);
	EXPECT_FALSE(quota_roll(&usage, QUOTA_DAY, MINUTE, &now));
	now = at(DAY_2026_11_28 - 365, 4, true);
	EXPECT_FALSE(quota_roll(&usage, QUOTA_DAY, MINUTE, &now));
	now = at(0, 1, false);
	EXPECT_FALSE(quota_roll(&usage, QUOTA_DAY, MINUTE, &now));
	now = at(DAY_2026_11_28 + 300, 1, false);
	EXPECT_FALSE(quota_roll(&usage, QUOTA_DAY, MINUTE, &now));
	EXPECT_EQ(7, usage.bytes);
}

TEST(periods_without_a_clock)
{
	static const int64_t lengths[] = { DAY, 7 * DAY, 31 * DAY };
	struct quota_now now = at(0, 0, false);

	for (int period = QUOTA_DAY; period <= QUOTA_MONTH; period++) {
		struct quota_usage usage = { .bytes = 7 };

		EXPECT_FALSE(quota_roll(&usage, period, lengths[period] - SECOND, &now));
		EXPECT_EQ(SECOND, quota_left_ms(&usage, period, &now));
		EXPECT_TRUE(quota_roll(&usage, period, SECOND, &now));
		EXPECT_EQ(0, usage.bytes);
		EXPECT_EQ(lengths[period], quota_left_ms(&usage, period, &now));
	}
}

TEST_HARNESS_MAIN
