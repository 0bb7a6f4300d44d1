// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What hurts people with modems, as far as decisions cure it: each a site, its trouble,
 * and what must not have happened.
 */
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

static void answers(enum event_type type, enum health_test test)
{
	site_event(&site, &(struct event){ .type = type, .test = test });
}

/* The shell says so once a minute as long as it lasts. */
static void silence(enum health_test test, int64_t ms)
{
	for (int64_t end = site.now + ms; site.now < end;) {
		site_run(&site, MINUTE);
		if (site_is_online(&site))
			answers(EVENT_SILENCE, test);
	}
}

/* 1, 21: drops and never reconnects; retry limits */
TEST(a_drop_is_dialled_again_for_ever)
{
	uint64_t dials;

	site_go_online(&site);
	for (int i = 0; i < 200; i++) {
		dials = site.tally[ACTION_DIAL];
		site_drop(&site, 6, 36);
		/* it lasted: at once */
		site_run(&site, 2 * SECOND);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(dials + 1, site.tally[ACTION_DIAL]);
		site_run(&site, HOUR);
	}
	site_drop(&site, 6, 36);
	site_run(&site, MINUTE);
	site_drop(&site, 6, 36);
	/* that one did not last */
	site_run(&site, 3 * SECOND);
	EXPECT_FALSE(site_is_online(&site));
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(a_network_without_service_for_a_week_is_waited_for)
{
	site_go_online(&site);
	site.answer = SITE_REFUSES;
	site_drop(&site, 6, 38);
	site_run(&site, 7 * DAY);
	EXPECT_STREQ("3gpp-network-failure", site_cause(&site).s);
	EXPECT_LE(site.tally[ACTION_DIAL], 7 * 24 * 6);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 20 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 2: connected, but no traffic */
TEST(a_dead_bearer_is_dialled_again)
{
	site_go_online(&site);
	answers(EVENT_ANSWERED, HEALTH_PASSIVE);
	answers(EVENT_SILENCE, HEALTH_PASSIVE);
	site_run(&site, 10 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(a_private_apn_that_answers_nothing_for_30_days)
{
	site_go_online(&site);
	silence(HEALTH_PASSIVE, 30 * DAY);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_far_end_that_is_down_for_six_hours)
{
	site_go_online(&site);
	answers(EVENT_ANSWERED, HEALTH_PASSIVE);
	answers(EVENT_ANSWERED, HEALTH_PROBE);
	silence(HEALTH_PROBE, 6 * HOUR);
	EXPECT_LE(site.tally[ACTION_DIAL], 3);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_STREQ("no-answer", site_cause(&site).s);
	answers(EVENT_ANSWERED, HEALTH_PROBE);
	EXPECT_STREQ("none", site_cause(&site).s);
	expect_sound();
}

/* 3, 14: the port hangs, and needs more than a word */
TEST(five_time_outs_reset_the_modem)
{
	const struct event end = {
		.type = EVENT_PDN_END, .families = FAMILY_V4,
		.cause = { CAUSE_CALL_END, 2, 212 },
	};

	site_go_online(&site);
	site.deaf = true;
	site.call[0] = 0;
	for (int i = 0; i < 4; i++)
		site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 5 * SECOND);
	EXPECT_EQ(0, site_resets(&site));
	site_event(&site, &end);
	site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 2 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	EXPECT_EQ(1, site_resets(&site));
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_call_that_works_is_not_reset_for_a_port_that_hangs)
{
	site_go_online(&site);
	site.deaf = true;
	site_happens(&site, EVENT_HUNG);
	site_run(&site, 55 * MINUTE);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(firmware_that_only_power_wakes)
{
	site_go_online(&site);
	site.config.port_power = true;
	site_config(&site);
	site.deaf = true;
	site.hard = true;
	site_drop(&site, 2, 212);
	for (int i = 0; i < 5; i++)
		site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 20 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_PORT_POWER]);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* Whoever wants less of the ladder gets less */
TEST(a_modem_that_may_not_be_reset)
{
	site_go_online(&site);
	site.config.max_resets = 0;
	site_config(&site);
	site.deaf = true;
	site_drop(&site, 2, 212);
	for (int i = 0; i < POLICY_DEAF; i++)
		site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 3 * DAY);
	EXPECT_EQ(0, site_resets(&site));
	site.config.max_resets = 1;
	site_config(&site);
	site_run(&site, 5 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_ladder_without_the_modem_reset)
{
	site_go_online(&site);
	site.config.rungs = ladder_rungs(RUNG_SIM_POWER);
	site_config(&site);
	site_network(&site, REG_SEARCHING, 0);
	site_run(&site, 7 * DAY);
	EXPECT_LT(0, site.tally[ACTION_REATTACH]);
	EXPECT_LT(0, site.tally[ACTION_RADIO_OFF]);
	EXPECT_EQ(0, site_resets(&site));
	site_network(&site, REG_HOME, 0);
	site_run(&site, 20 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_modem_that_never_answers_and_no_rung_for_it)
{
	struct why why;

	site_init(&site, 1);
	site.config.rungs = ladder_rungs(RUNG_MODEM_RESET);
	site.ready_ms = DAY;
	site_start(&site, BOOT_NONE);
	site_plug(&site);
	site_run(&site, HOUR);
	why = machine_why(&site.m, site.now);
	EXPECT_STREQ("silent", why.state);
	EXPECT_STREQ("person", why.next);
	site_run(&site, DAY);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(who_asks_why_between_two_steps_hears_what_is_true_then)
{
	struct why then, later;

	site_begin(&site);
	site.answer = SITE_REFUSES;
	site_run(&site, HOUR);
	then = machine_why_pdn(&site.m, 0, site.m.last_now);
	later = machine_why_pdn(&site.m, 0, site.m.last_now + 10 * SECOND);
	EXPECT_LE(10 * SECOND, then.next_ms);
	EXPECT_EQ(then.next_ms - 10 * SECOND, later.next_ms);
	EXPECT_EQ(then.since_ms + 10 * SECOND, later.since_ms);
	later = machine_why_pdn(&site.m, 0, site.m.last_now + HOUR);
	EXPECT_EQ(0, later.next_ms);
	then = machine_why(&site.m, site.m.last_now);
	later = machine_why(&site.m, site.m.last_now + 10 * SECOND);
	EXPECT_EQ(then.since_ms + 10 * SECOND, later.since_ms);
	expect_sound();
}

TEST(a_modem_that_is_deaf_when_it_is_opened_and_no_rung_for_it)
{
	site_init(&site, 1);
	site.config.rungs = ladder_rungs(RUNG_SIM_POWER);
	site.deaf = true;
	site.hard = true;
	site_start(&site, BOOT_NONE);
	site_plug(&site);
	site_run(&site, HOUR);
	EXPECT_STREQ("deaf", machine_why(&site.m, site.now).state);
	site.deaf = false;
	site_run(&site, 5 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(a_dead_bearer_that_is_left_alone)
{
	site_go_online(&site);
	site.config.redial = false;
	site_config(&site);
	answers(EVENT_ANSWERED, HEALTH_PASSIVE);
	silence(HEALTH_PASSIVE, 2 * DAY);
	EXPECT_STREQ("no-answer", site_cause(&site).s);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	/* what ends by itself is dialled all the same */
	site_drop(&site, 6, 36);
	site_run(&site, 10 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	expect_sound();
}

/* 5: a call that outlives m2md is taken over, not dialled beside */
TEST(a_restart_of_m2md_adopts_the_call)
{
	site_go_online(&site);
	site_happens(&site, EVENT_SHUTDOWN);
	EXPECT_EQ(FAMILY_V4, site.call[0]);
	site_run(&site, SECOND);
	site_kill(&site);
	site_run(&site, 5 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	expect_sound();
}

TEST(a_killed_m2md_adopts_the_call)
{
	site_go_online(&site);
	site_kill(&site);
	site_run(&site, 5 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site.tally[ACTION_HANG_UP] + site.tally[ACTION_HANG_UP_ALL]);
	expect_sound();
}

/* 7: the PIN is burned */
TEST(a_wrong_pin_is_sent_once)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 9999;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, DAY);
	EXPECT_EQ(1, site.pins);
	EXPECT_EQ(2, site.tries);
	EXPECT_STREQ("pin-rejected", site_cause(&site).s);
	for (int i = 0; i < 50; i++) {
		site_crash(&site);
		site_power_cut(&site, i & 1);
		site_run(&site, 10 * MINUTE);
	}
	EXPECT_EQ(1, site.pins);
	site.config.pin = 1234;
	site_config(&site);
	site_run(&site, HOUR);
	/* a try is used up: that is for a person, who enters it by hand */
	EXPECT_EQ(1, site.pins);
	EXPECT_STREQ("pin-tries-few", site_cause(&site).s);
	site.tries = PIN_TRIES;
	site_run(&site, HOUR);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_right_pin_is_sent_at_each_start_of_the_modem)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 1234;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	for (int i = 0; i < 30; i++) {
		site_run(&site, 10 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		site_crash(&site);
	}
	EXPECT_EQ(30, site.pins);
	/*
	 * on record before the first, once that it was right, and which firmware it is; then
	 * calls, now and then
	 */
	EXPECT_LE(3, site.tally[ACTION_RECORD]);
	EXPECT_LE(site.tally[ACTION_RECORD], 3 + 30 / POLICY_UNSAVED);
	expect_sound();
}

TEST(no_pin_goes_to_another_card)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 1234;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, MINUTE);
	site.tries = 2;
	site.card_pin = 5555;
	site_card(&site, "89330100009999999999");
	site_run(&site, HOUR);
	EXPECT_EQ(1, site.pins);
	EXPECT_STREQ("pin-tries-few", site_cause(&site).s);
	expect_sound();
}

/* Put in while the answer is waited for, or after that was given up */
TEST(another_card_accepts_no_pin)
{
	struct event ready = { .type = EVENT_SIM, .sim = SIM_READY, .card = { .settled = true } };
	const char *mine;

	for (int lost = 0; lost < 2; lost++) {
		site_init(&site, 1);
		site.card_pin = 1234;
		site.config.pin = 9999;
		site_plug(&site);
		site_start(&site, BOOT_NONE);
		while (site.m.state != MODEM_PIN_SENDING && site.now < HOUR)
			site_run(&site, 10);
		ASSERT_EQ(MODEM_PIN_SENDING, site.m.state);
		mine = site.m.asked.iccid;
		if (lost)
			site_happens(&site, EVENT_QMI_TIMEOUT);
		strcpy(ready.card.iccid, "89330100009999999999");
		site_event(&site, &ready);
		EXPECT_EQ(PIN_SENT, pin_fate(&site.m.saved.pins, mine, 9999));
		strcpy(ready.card.iccid, mine);
		site_event(&site, &ready);
		EXPECT_EQ(PIN_ACCEPTED, pin_fate(&site.m.saved.pins, mine, 9999));
	}
}

TEST(power_cuts_around_the_pin_cost_no_second_try)
{
	for (int cut = 0; cut < 200; cut++) {
		site_init(&site, cut + 1);
		site.card_pin = 1234;
		site.config.pin = cut & 1 ? 1234 : 9999;
		site_plug(&site);
		site_start(&site, BOOT_NOW);
		/* from before the card is known to after its answer is on disk */
		site_run(&site, 4 * SECOND + cut * 10);
		site_power_cut(&site, cut & 2);
		site_crash(&site);
		site_run(&site, 2 * HOUR);
		EXPECT_LE(site.pins_wrong, 1);
		EXPECT_EQ(cut & 1, site_is_online(&site));
		expect_sound();
	}
}

TEST(a_disk_that_takes_nothing_sends_no_pin)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 1234;
	site.disk_fails = true;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, 2 * HOUR);
	EXPECT_EQ(0, site.pins);
	EXPECT_STREQ("state-unwritable", site_cause(&site).s);
	site.disk_fails = false;
	site_run(&site, 40 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 8: a card that is slow is no wrong PIN */
TEST(a_card_that_starts_slowly_is_waited_for)
{
	site_init(&site, 1);
	site.sim = SIM_INITIALISING;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, 40 * SECOND);
	EXPECT_STREQ("sim-not-ready", site_cause(&site).s);
	EXPECT_EQ(0, site.tally[ACTION_SIM_OFF]);
	site.sim = SIM_READY;
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 10: IPv4v6 */
TEST(a_network_with_one_family_is_online_with_it)
{
	for (uint8_t family = FAMILY_V4; family <= FAMILY_V6; family++) {
		site_init(&site, family);
		site.config.pdn[0].families = FAMILY_BOTH;
		site.allows = family;
		site_plug(&site);
		site_start(&site, BOOT_NONE);
		site_run(&site, 20 * HOUR);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(1, site.tally[ACTION_DIAL]);
		EXPECT_STREQ("one-family", site_cause(&site).s);
		expect_sound();
	}
}

TEST(a_family_refused_gives_way_to_the_other)
{
	static const struct { int16_t end; uint8_t allows; } networks[] = {
		{ 50, FAMILY_V4 }, { 51, FAMILY_V6 }, { 52, FAMILY_V4 }, { 55, FAMILY_V4 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(networks); i++) {
		site_init(&site, 1);
		site.config.pdn[0].families = FAMILY_BOTH;
		site.answer = SITE_IS_STRICT;
		site.end.number = networks[i].end;
		site.allows = networks[i].allows;
		site_plug(&site);
		site_start(&site, BOOT_NONE);
		site_run(&site, 20 * SECOND);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(networks[i].allows, site.call[0]);
		EXPECT_EQ(2, site.tally[ACTION_DIAL]);
		site_run(&site, 3 * HOUR);
		EXPECT_EQ(2, site.tally[ACTION_DIAL]);
		expect_sound();
	}
}

/* 9, 11: denied is neither fatal nor hammered */
TEST(denied_for_two_days_then_allowed)
{
	site_go_online(&site);
	site_network(&site, REG_DENIED, 7);
	site_run(&site, 2 * DAY);
	EXPECT_STREQ("reject-ps-services-not-allowed", site_cause(&site).s);
	EXPECT_EQ(0, site.tally[ACTION_RESET_USB] + site.tally[ACTION_PORT_POWER] +
		     site.tally[ACTION_REBOOT]);
	EXPECT_LE(site.tally[ACTION_RESET_MODEM], 8);
	EXPECT_LE(site.tally[ACTION_RADIO_OFF], 48);
	site_network(&site, REG_HOME, 0);
	site_run(&site, 30 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(searching_for_50_minutes_is_not_reset)
{
	site_go_online(&site);
	site_network(&site, REG_SEARCHING, 0);
	site_run(&site, 59 * MINUTE);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_EQ(1, site.tally[ACTION_RADIO_OFF]);
	site_network(&site, REG_HOME, 0);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 12: the watchdog that is worse than the disease */
TEST(cause_33_for_49_hours)
{
	site_begin(&site);
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	site_run(&site, 49 * HOUR);
	EXPECT_STREQ("3gpp-option-unsubscribed", site_cause(&site).s);
	EXPECT_LE(site.tally[ACTION_DIAL], 70);
	EXPECT_LE(45, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_EQ(2, site.tally[ACTION_RADIO_OFF]);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 76 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* A VRF that is not there is the host's want: no modem is reset, no network asked */
TEST(a_vrf_that_is_missing)
{
	site_begin(&site);
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_VRF };
	site_run(&site, 2 * DAY);
	EXPECT_STREQ("vrf-missing", site_cause(&site).s);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_EQ(0, site.tally[ACTION_RADIO_OFF]);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 20 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_refusal_that_firmware_remembers)
{
	site_begin(&site);
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	site_run(&site, 10 * HOUR);
	site.answer = SITE_ACCEPTS;
	site.latched = true;
	site_run(&site, 26 * HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(a_wrong_apn_never_resets_a_modem)
{
	site_begin(&site);
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 27 };
	site_run(&site, 90 * DAY);
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

/* 13: numbers change, the machine does not */
TEST(unplugged_and_plugged_again)
{
	int64_t before;

	site_go_online(&site);
	for (int i = 0; i < 20; i++) {
		site_unplug(&site);
		site_run(&site, 3 * MINUTE);
		EXPECT_STREQ("modem-gone", site_cause(&site).s);
		site_plug(&site);
		before = site.now;
		site_run(&site, 30 * SECOND);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_LT(site.online_since - before, 20 * SECOND);
		site_run(&site, 20 * MINUTE);
	}
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

/* 16: suspend */
TEST(a_host_that_slept_looks_before_it_dials)
{
	site_go_online(&site);
	site_happens(&site, EVENT_SUSPENDED);
	site.now += 8 * HOUR;
	site_happens(&site, EVENT_RESUMED);
	site_run(&site, 5 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	expect_sound();
}

/* 20: the card is swapped */
TEST(a_card_taken_out_and_another_put_in)
{
	site_go_online(&site);
	site_card(&site, "");
	site_run(&site, 10 * MINUTE);
	EXPECT_STREQ("sim-absent", site_cause(&site).s);
	EXPECT_EQ(0, site_resets(&site));
	site_card(&site, "89330100009999999999");
	site.config.pdn[0].apn[0].key = 4712;
	site_run(&site, 30 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_site_without_a_card_is_left_alone)
{
	site_init(&site, 1);
	site_card(&site, "");
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, 30 * DAY);
	EXPECT_EQ(0, site_resets(&site));
	EXPECT_STREQ("sim-absent", site_cause(&site).s);
	expect_sound();
}

/* 22: every state says why, and what comes next */
TEST(every_wait_is_explained)
{
	struct why why;

	site_begin(&site);
	site.answer = SITE_REFUSES;
	site_run(&site, HOUR);
	why = machine_why_pdn(&site.m, 0, site.now);
	EXPECT_STREQ("waiting", why.state);
	EXPECT_STREQ("3gpp-network-failure", site_cause(&site).s);
	EXPECT_STREQ("dial", why.next);
	EXPECT_LE(0, why.next_ms);
	EXPECT_LE(why.next_ms, 20 * MINUTE);
}

/* 23: roaming that costs */
TEST(a_guessed_apn_is_not_dialled_abroad)
{
	site_init(&site, 1);
	site.config.pdn[0].apn[0].guessed = true;
	site.reg = REG_ROAMING;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, DAY);
	EXPECT_EQ(0, site.tally[ACTION_DIAL]);
	EXPECT_STREQ("roaming-refused", site_cause(&site).s);
	EXPECT_EQ(0, site_resets(&site));
	site.config.pdn[0].apn[0].guessed = false;
	site.config.pdn[0].apn[0].key++;
	site_config(&site);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 24: stuck with its radio off */
TEST(a_radio_that_is_off_is_switched_on)
{
	site_go_online(&site);
	site.radio_on = false;
	site_drop(&site, 2, 219);
	site.registered = false;
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST(a_radio_that_hardware_holds_is_a_persons)
{
	site_begin(&site);
	site_run(&site, 10 * SECOND);
	site_event(&site, &(struct event){ .type = EVENT_RADIO, .radio = RADIO_LOCKED });
	EXPECT_STREQ("radio-locked", machine_why(&site.m, site.now).state);
	site_run(&site, DAY);
	EXPECT_EQ(0, site_resets(&site));
	expect_sound();
}

TEST_HARNESS_MAIN
