// SPDX-License-Identifier: GPL-2.0-or-later
/* What was decided of waits, persons, settings, clocks and boots: each a site. */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

/* the module's own policy: a wait, not a fault */
TEST(a_throttled_call_is_waited_for)
{
	site_begin(&site);
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 2, 209 };
	site.network_ms = 40 * MINUTE;
	site_run(&site, 12 * HOUR);
	EXPECT_LE(site.tally[ACTION_DIAL], 12 * 60 / 40 + 1);
	EXPECT_EQ(0, site_resets(&site) + site.tally[ACTION_RADIO_OFF] +
		     site.tally[ACTION_REATTACH]);
	expect_sound();
}

TEST(a_network_that_drops_every_call_at_once)
{
	site_begin(&site);
	site.drop_ms = 5 * SECOND;
	site_run(&site, 3 * DAY);
	EXPECT_LE(site.tally[ACTION_DIAL], 3 * 24 * 5);
	EXPECT_LE(site_count(&site, &site.by_outcome[0][OUTCOME_SUCCESS], HOUR), 30 / 4);
	expect_sound();
}

/* --- GSMA TS.34's hour --------------------------------------------------------------- */

static unsigned int worst_hour[OUTCOMES];

static void note_hour(struct site *noted, const struct event *event)
{
	for (int i = 0; i < OUTCOMES; i++) {
		unsigned int n = site_count(noted, &noted->by_outcome[0][i], HOUR);

		worst_hour[i] = n > worst_hour[i] ? n : worst_hour[i];
	}
}

struct hour_row {
	enum outcome outcome;
	enum site_answer answer;
	int16_t number;
	int64_t drop_ms;	/* a call ends after so long */
	unsigned int one, both;	/* families: that many in the worst hour */
};

static unsigned int in_worst_hour(const struct hour_row *row, uint8_t families)
{
	memset(worst_hour, 0, sizeof(worst_hour));
	for (int seed = 1; seed <= 20; seed++) {
		site_init(&site, seed);
		site.config.pdn[0].families = families;
		site.answer = row->answer;
		site.end.number = row->number;
		site.drop_ms = row->drop_ms;
		site.watch = note_hour;
		site_plug(&site);
		site_start(&site, BOOT_NONE);
		site_run(&site, 2 * DAY);
		expect_sound();
	}
	return worst_hour[row->outcome];
}

/* The figures of m2md(8), where a call of both families counts as two */
TEST_TIMEOUT(how_much_of_a_cap_is_used, 200)
{
	static const struct hour_row rows[] = {
		{ OUTCOME_IGNORED, SITE_IGNORES, 0, 0, 8, 16 },
		{ OUTCOME_PERMANENT, SITE_REFUSES, 33, 0, 4, 8 },
		{ OUTCOME_TEMPORARY, SITE_REFUSES, 26, 0, 10, 20 },
		{ OUTCOME_TEMPORARY, SITE_REFUSES, 38, 0, 10, 20 },
		{ OUTCOME_SUCCESS, SITE_ACCEPTS, 0, 5 * SECOND, 10, 20 },
		{ OUTCOME_SUCCESS, SITE_ACCEPTS, 0, 70 * SECOND, 9, 18 },
		{ OUTCOME_SUCCESS, SITE_ACCEPTS, 0, 11 * MINUTE, 6, 12 },
		{ OUTCOME_SUCCESS, SITE_ACCEPTS, 0, 20 * MINUTE, 3, 6 },
		{ OUTCOME_SUCCESS, SITE_ACCEPTS, 0, HOUR, 1, 2 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned int quarter = activations_max(rows[i].outcome) / 4;

		EXPECT_EQ(rows[i].one, in_worst_hour(&rows[i], FAMILY_V4));
		EXPECT_EQ(rows[i].one, in_worst_hour(&rows[i], FAMILY_V6));
		EXPECT_EQ(rows[i].both, in_worst_hour(&rows[i], FAMILY_BOTH));
		/* what works, and what is refused or ignored where it is one for the network */
		if (rows[i].drop_ms >= 20 * MINUTE)
			EXPECT_LT(rows[i].both, quarter);
		else if (!rows[i].drop_ms)
			EXPECT_LT(rows[i].one, quarter);
	}
}

TEST(calls_that_were_long_and_are_dropped_at_once_now)
{
	uint64_t before;

	site_go_online(&site);
	site.drop_ms = 5 * SECOND;
	for (int i = 0; i < 3; i++) {
		before = site.tally[ACTION_DIAL];
		site_drop(&site, 6, 36);
		site_run(&site, HOUR);
		EXPECT_LE(site.tally[ACTION_DIAL] - before, 10);
	}
	expect_sound();
}

TEST(firmware_that_restarts_just_before_all_is_forgotten)
{
	site_begin(&site);
	for (int i = 0; i < 300; i++) {
		site_run(&site, 9 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		site_crash(&site);
	}
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(a_person_holds_the_modem)
{
	site_go_online(&site);
	site_event(&site, &(struct event){ .type = EVENT_HOLD, .ms = 30 * MINUTE });
	site_drop(&site, 6, 36);
	site_run(&site, 29 * MINUTE);
	EXPECT_STREQ("held", site_cause(&site).s);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	site_run(&site, 3 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_modem_without_a_file_is_only_watched)
{
	site_init(&site, 1);
	site.config.managed = false;
	site.card_pin = 1234;
	site.config.pin = 1234;
	site.differ = 3;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, 10 * DAY);
	EXPECT_STREQ("not-configured", site_cause(&site).s);
	EXPECT_EQ(0, site.tally[ACTION_DIAL] + site.tally[ACTION_PIN] +
		     site.tally[ACTION_WRITE] + site.tally[ACTION_RADIO_ON] + site_resets(&site));
	site.config.managed = true;
	site_config(&site);
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* Once data is left again, or home is reached, it is the network that is waited for */
TEST(what_is_over_explains_no_wait)
{
	static const struct { int64_t cut_ms; uint8_t reg; const char *says; } rows[] = {
		{ HOUR, REG_HOME, "quota-used-up" }, { 0, REG_ROAMING, "roaming-refused" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct event cut = { .type = EVENT_QUOTA, .ms = rows[i].cut_ms };

		site_init(&site, 1);
		site.config.roaming = ROAMING_HOME;
		site.answer = SITE_REFUSES;
		site_plug(&site);
		site_start(&site, BOOT_NONE);
		site_run(&site, 50 * MINUTE);
		EXPECT_STREQ("3gpp-network-failure", site_cause(&site).s);
		site_event(&site, &cut);
		site_network(&site, REG_SEARCHING, 0);
		site_run(&site, 10 * SECOND);
		site_network(&site, rows[i].reg, 0);
		site_run(&site, 10 * SECOND);
		EXPECT_STREQ(rows[i].says, site_cause(&site).s);
		site_happens(&site, EVENT_QUOTA);
		site_network(&site, REG_HOME, 0);
		site_run(&site, 10 * SECOND);
		EXPECT_STREQ("waiting", machine_why_pdn(&site.m, 0, site.now).state);
		EXPECT_STREQ("3gpp-network-failure", site_cause(&site).s);
		expect_sound();
	}
}

/* firmware that lies */
TEST(settings_that_do_not_stick)
{
	site_init(&site, 1);
	site.differ = 7;
	site.forgets = true;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	for (int i = 0; i < 200; i++) {
		site_run(&site, 2 * HOUR);
		EXPECT_TRUE(site_is_online(&site));
		site_crash(&site);
	}
	EXPECT_LE(site.tally[ACTION_WRITE], 18);
	expect_sound();
}

TEST(a_card_that_says_255_tries)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 1234;
	site.tries_told = 255;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, DAY);
	EXPECT_EQ(0, site.pins);
	EXPECT_STREQ("pin-tries-odd", site_cause(&site).s);
	expect_sound();
}

TEST(a_card_that_always_says_3_tries)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 9999;
	site.tries_told = 3;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	for (int i = 0; i < 50; i++) {
		site_run(&site, HOUR);
		site_crash(&site);
	}
	EXPECT_EQ(1, site.pins);
	expect_sound();
}

/* What the network refuses a PDN for good no reboot changes, though another one's may be */
TEST(a_host_is_not_rebooted_for_what_is_refused_for_good)
{
	static const struct { int16_t first, other; bool reboots; } rows[] = {
		{ 38, 38, true }, { 38, 33, false }, { 33, 38, false }, { 33, 33, false },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		site_init(&site, 1);
		site.config.host_reboot = true;
		site.config.pdn_count = 2;
		site.config.pdn[1] = site.config.pdn[0];
		site.config.pdn[1].apn[0].key++;
		site.answer = SITE_REFUSES;
		site.end.number = rows[i].first;
		site.other_end = (struct cause){ CAUSE_CALL_END, 6, rows[i].other };
		site_plug(&site);
		site_start(&site, BOOT_NONE);
		site_run(&site, 3 * DAY);
		EXPECT_EQ(rows[i].reboots, site.tally[ACTION_REBOOT] > 0);
		/* the modem is helped as before, unless nothing can be */
		EXPECT_EQ(i < 3, site.tally[ACTION_RESET_MODEM] > 0);
		expect_sound();
	}
}

/* clocks */
TEST(clocks_that_jump_forgive_nothing)
{
	static const int64_t jumps[] = { 56 * 365 * DAY, -HOUR, 2 * HOUR, -DAY };

	for (unsigned int i = 0; i < ARRAY_SIZE(jumps); i++) {
		site_begin(&site);
		site.answer = SITE_REFUSES;
		site.reg = REG_SEARCHING;
		for (int hour = 0; hour < 40; hour++) {
			site_run(&site, HOUR);
			site.clock_skew += hour & 1 ? jumps[i] : 0;
			site_happens(&site, EVENT_TIMER);
		}
		expect_sound();
		site.answer = SITE_ACCEPTS;
		site_network(&site, REG_HOME, 0);
		site_run(&site, 20 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		expect_sound();
	}
}

TEST(a_jump_of_56_years_after_90_seconds)
{
	site_begin(&site);
	site_run(&site, 90 * SECOND);
	site.clock_skew = 56 * 365 * DAY;
	site_run(&site, DAY);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	expect_sound();
}

TEST(a_host_that_reboots_every_three_minutes)
{
	static const struct { enum site_answer answer; int16_t number; } networks[] = {
		{ SITE_REFUSES, 38 }, { SITE_REFUSES, 33 }, { SITE_IGNORES, 0 },
		{ SITE_ACCEPTS, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(networks); i++) {
		site_begin(&site);
		site.answer = networks[i].answer;
		site.end.number = networks[i].number;
		site.deaf = i == 3;
		for (int boot = 0; boot < 24 * 20; boot++) {
			site_run(&site, 3 * MINUTE);
			/* boot time begins again */
			site.clock_skew = -site.now;
			site_power_cut(&site, false);
		}
		expect_sound();
		EXPECT_LE(site_resets(&site), 7);
		/* and it still tries, if not each time it is up */
		if (i < 3)
			EXPECT_LE(24 * 2, site.tally[ACTION_DIAL]);
	}
}

TEST(how_long_a_boot_is_one)
{
	EXPECT_EQ(BOOT_NOW, boot_of(10 * SECOND, 20 * SECOND));
	EXPECT_EQ(BOOT_NOW, boot_of(10 * SECOND, 5 * MINUTE - 1));
	EXPECT_EQ(BOOT_LATER, boot_of(10 * SECOND, 5 * MINUTE));
	EXPECT_EQ(BOOT_LATER, boot_of(10 * SECOND, 9 * DAY));
	EXPECT_EQ(BOOT_NONE, boot_of(5 * MINUTE, 5 * MINUTE));
	EXPECT_EQ(BOOT_NONE, boot_of(9 * DAY, 9 * DAY));
}

/* Who comes alone waits for nobody: plugged in again, or days after the boot */
TEST(what_is_plugged_in_is_not_spread)
{
	for (int seed = 1; seed <= 100; seed++) {
		int64_t at;

		site_init(&site, seed);
		site.now = 3 * DAY;
		site_plug(&site);
		site_start(&site, BOOT_LATER);
		site_run(&site, MINUTE);
		ASSERT_TRUE(site_is_online(&site));
		EXPECT_LE(site.online_since - 3 * DAY, 15 * SECOND);
		site_init(&site, seed);
		site_plug(&site);
		site_start(&site, BOOT_NOW);
		site_run(&site, 2 * MINUTE);
		site_unplug(&site);
		site_run(&site, MINUTE);
		at = site.now;
		site_plug(&site);
		site_run(&site, MINUTE);
		ASSERT_TRUE(site_is_online(&site));
		EXPECT_LE(site.online_since - at, 15 * SECOND);
		expect_sound();
	}
}

/* Its modem is there at once */
static int64_t online_after_boot(int seed, int64_t spread_ms)
{
	site_init(&site, seed);
	site.ready_ms = 0;
	site.sim_ms = 0;
	site.register_ms = 0;
	site.config.spread_ms = spread_ms;
	site_plug(&site);
	site_start(&site, BOOT_NOW);
	site_run(&site, 2 * MINUTE);
	return site_is_online(&site) ? site.online_since : -1;
}

static int compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* A thousand of a kind after a power cut: each moment of the minute has its share */
TEST(boots_are_spread_evenly)
{
	enum { BOOTS = 1000 };
	int64_t late[BOOTS];

	for (int i = 0; i < BOOTS; i++) {
		int64_t at = online_after_boot(i + 1, MINUTE);

		ASSERT_LE(0, at);
		late[i] = at - online_after_boot(i + 1, 0);
	}
	qsort(late, BOOTS, sizeof(*late), compare_times);
	EXPECT_LE(0, late[0]);
	EXPECT_LE(late[BOOTS - 1], MINUTE);
	/* three standard deviations of a quantile of so many, 0.9 s at most, on each side */
	for (int i = 1; i < 10; i++) {
		EXPECT_LE(i * 6 * SECOND - 2850, late[i * BOOTS / 10]);
		EXPECT_LE(late[i * BOOTS / 10], i * 6 * SECOND + 2850);
	}
}

TEST(boots_are_spread_unless_nobody_else_boots)
{
	int64_t at;

	ASSERT_LE(0, online_after_boot(2, MINUTE));
	/* stopped as it should be: at once */
	site_happens(&site, EVENT_SHUTDOWN);
	site_run(&site, SECOND);
	site.call[0] = 0;
	site_crash(&site);
	site_start(&site, BOOT_NOW);
	at = site.now;
	site_run(&site, MINUTE);
	EXPECT_LE(site.online_since - at, 15 * SECOND);
	expect_sound();
}

TEST_HARNESS_MAIN
