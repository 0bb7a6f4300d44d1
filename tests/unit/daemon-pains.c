// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What hurts people with modems, as far as decisions cure it: each a site, its trouble,
 * and what must not have happened.
 */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static uint64_t resets(void)
{
	return site.tally[ACTION_RESET_MODEM] + site.tally[ACTION_RESET_USB] +
	       site.tally[ACTION_PORT_POWER] + site.tally[ACTION_REBOOT];
}

static void begin(void)
{
	site_init(&site, 1);
	site_plug(&site);
	site_start(&site, false);
}

static void online(void)
{
	begin();
	site_run(&site, 15 * MINUTE);
	ASSERT_TRUE(site_is_online(&site));
}

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

static struct word cause(void)
{
	struct why why = machine_why_pdn(&site.m, 0);

	return cause_token(&why.cause);
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

	online();
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
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_network_without_service_for_a_week_is_waited_for)
{
	online();
	site.answer = SITE_REFUSES;
	site_drop(&site, 6, 38);
	site_run(&site, 7 * DAY);
	EXPECT_STREQ("3gpp-network-failure", cause().s);
	EXPECT_LE(site.tally[ACTION_DIAL], 7 * 24 * 6);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 20 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 2: connected, but no traffic */
TEST(a_dead_bearer_is_dialled_again)
{
	online();
	answers(EVENT_ANSWERED, HEALTH_PASSIVE);
	answers(EVENT_SILENCE, HEALTH_PASSIVE);
	site_run(&site, 10 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_private_apn_that_answers_nothing_for_30_days)
{
	online();
	silence(HEALTH_PASSIVE, 30 * DAY);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, resets());
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_far_end_that_is_down_for_six_hours)
{
	online();
	answers(EVENT_ANSWERED, HEALTH_PASSIVE);
	answers(EVENT_ANSWERED, HEALTH_PROBE);
	silence(HEALTH_PROBE, 6 * HOUR);
	EXPECT_LE(site.tally[ACTION_DIAL], 3);
	EXPECT_EQ(0, resets());
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_STREQ("no-answer", cause().s);
	answers(EVENT_ANSWERED, HEALTH_PROBE);
	EXPECT_STREQ("none", cause().s);
	expect_sound();
}

/* 3, 14: the port hangs, and needs more than a word */
TEST(five_time_outs_reset_the_modem)
{
	const struct event end = {
		.type = EVENT_PDN_END, .families = FAMILY_V4,
		.cause = { CAUSE_CALL_END, 2, 212 },
	};

	online();
	site.deaf = true;
	site.call = 0;
	for (int i = 0; i < 4; i++)
		site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 5 * SECOND);
	EXPECT_EQ(0, resets());
	site_event(&site, &end);
	site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 2 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	EXPECT_EQ(1, resets());
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_call_that_works_is_not_reset_for_a_port_that_hangs)
{
	online();
	site.deaf = true;
	site_happens(&site, EVENT_HUNG);
	site_run(&site, 55 * MINUTE);
	EXPECT_EQ(0, resets());
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(firmware_that_only_power_wakes)
{
	online();
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
	online();
	site.config.max_resets = 0;
	site_config(&site);
	site.deaf = true;
	site_drop(&site, 2, 212);
	for (int i = 0; i < POLICY_DEAF; i++)
		site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 3 * DAY);
	EXPECT_EQ(0, resets());
	site.config.max_resets = 1;
	site_config(&site);
	site_run(&site, 5 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_ladder_without_the_modem_reset)
{
	online();
	site.config.rungs = ladder_rungs(RUNG_SIM_POWER);
	site_config(&site);
	site_network(&site, REG_SEARCHING, 0);
	site_run(&site, 7 * DAY);
	EXPECT_LT(0, site.tally[ACTION_REATTACH]);
	EXPECT_LT(0, site.tally[ACTION_RADIO_OFF]);
	EXPECT_EQ(0, resets());
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
	site_start(&site, false);
	site_plug(&site);
	site_run(&site, HOUR);
	why = machine_why(&site.m);
	EXPECT_STREQ("silent", why.state);
	EXPECT_STREQ("person", why.next);
	site_run(&site, DAY);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_modem_that_is_deaf_when_it_is_opened_and_no_rung_for_it)
{
	site_init(&site, 1);
	site.config.rungs = ladder_rungs(RUNG_SIM_POWER);
	site.deaf = true;
	site.hard = true;
	site_start(&site, false);
	site_plug(&site);
	site_run(&site, HOUR);
	EXPECT_STREQ("deaf", machine_why(&site.m).state);
	site.deaf = false;
	site_run(&site, 5 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_dead_bearer_that_is_left_alone)
{
	online();
	site.config.redial = false;
	site_config(&site);
	answers(EVENT_ANSWERED, HEALTH_PASSIVE);
	silence(HEALTH_PASSIVE, 2 * DAY);
	EXPECT_STREQ("no-answer", cause().s);
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
	online();
	site_happens(&site, EVENT_SHUTDOWN);
	EXPECT_EQ(FAMILY_V4, site.call);
	site_run(&site, SECOND);
	site_kill(&site);
	site_run(&site, 5 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	expect_sound();
}

TEST(a_killed_m2md_adopts_the_call)
{
	online();
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
	site_start(&site, false);
	site_run(&site, DAY);
	EXPECT_EQ(1, site.pins);
	EXPECT_EQ(2, site.tries);
	EXPECT_STREQ("pin-rejected", cause().s);
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
	EXPECT_STREQ("pin-tries-few", cause().s);
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
	site_start(&site, false);
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
	site_start(&site, false);
	site_run(&site, MINUTE);
	site.tries = 2;
	site.card_pin = 5555;
	site_card(&site, "89330100009999999999");
	site_run(&site, HOUR);
	EXPECT_EQ(1, site.pins);
	EXPECT_STREQ("pin-tries-few", cause().s);
	expect_sound();
}

TEST(power_cuts_around_the_pin_cost_no_second_try)
{
	for (int cut = 0; cut < 200; cut++) {
		site_init(&site, cut + 1);
		site.card_pin = 1234;
		site.config.pin = cut & 1 ? 1234 : 9999;
		site_plug(&site);
		site_start(&site, true);
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
	site_start(&site, false);
	site_run(&site, 2 * HOUR);
	EXPECT_EQ(0, site.pins);
	EXPECT_STREQ("state-unwritable", cause().s);
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
	site_start(&site, false);
	site_run(&site, 40 * SECOND);
	EXPECT_STREQ("sim-not-ready", cause().s);
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
		site_start(&site, false);
		site_run(&site, 20 * HOUR);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(1, site.tally[ACTION_DIAL]);
		EXPECT_STREQ("one-family", cause().s);
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
		site_start(&site, false);
		site_run(&site, 20 * SECOND);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(networks[i].allows, site.call);
		EXPECT_EQ(2, site.tally[ACTION_DIAL]);
		site_run(&site, 3 * HOUR);
		EXPECT_EQ(2, site.tally[ACTION_DIAL]);
		expect_sound();
	}
}

/* 9, 11: denied is neither fatal nor hammered */
TEST(denied_for_two_days_then_allowed)
{
	online();
	site_network(&site, REG_DENIED, 7);
	site_run(&site, 2 * DAY);
	EXPECT_STREQ("reject-ps-services-not-allowed", cause().s);
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
	online();
	site_network(&site, REG_SEARCHING, 0);
	site_run(&site, 59 * MINUTE);
	EXPECT_EQ(0, resets());
	EXPECT_EQ(1, site.tally[ACTION_RADIO_OFF]);
	site_network(&site, REG_HOME, 0);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* 12: the watchdog that is worse than the disease */
TEST(cause_33_for_49_hours)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	site_run(&site, 49 * HOUR);
	EXPECT_STREQ("3gpp-option-unsubscribed", cause().s);
	EXPECT_LE(site.tally[ACTION_DIAL], 70);
	EXPECT_LE(45, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, resets());
	EXPECT_EQ(2, site.tally[ACTION_RADIO_OFF]);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 76 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* A VRF that is not there is the host's want: no modem is reset, no network asked */
TEST(a_vrf_that_is_missing)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_VRF };
	site_run(&site, 2 * DAY);
	EXPECT_STREQ("vrf-missing", cause().s);
	EXPECT_EQ(0, resets());
	EXPECT_EQ(0, site.tally[ACTION_RADIO_OFF]);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 20 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_refusal_that_firmware_remembers)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	site_run(&site, 10 * HOUR);
	site.answer = SITE_ACCEPTS;
	site.latched = true;
	site_run(&site, 26 * HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_wrong_apn_never_resets_a_modem)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 27 };
	site_run(&site, 90 * DAY);
	EXPECT_EQ(0, resets());
	expect_sound();
}

/* 13: numbers change, the machine does not */
TEST(unplugged_and_plugged_again)
{
	int64_t before;

	online();
	for (int i = 0; i < 20; i++) {
		site_unplug(&site);
		site_run(&site, 3 * MINUTE);
		EXPECT_STREQ("modem-gone", cause().s);
		site_plug(&site);
		before = site.now;
		site_run(&site, 30 * SECOND);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_LT(site.online_since - before, 20 * SECOND);
		site_run(&site, 20 * MINUTE);
	}
	EXPECT_EQ(0, resets());
	expect_sound();
}

/* 16: suspend */
TEST(a_host_that_slept_looks_before_it_dials)
{
	online();
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
	online();
	site_card(&site, "");
	site_run(&site, 10 * MINUTE);
	EXPECT_STREQ("sim-absent", cause().s);
	EXPECT_EQ(0, resets());
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
	site_start(&site, false);
	site_run(&site, 30 * DAY);
	EXPECT_EQ(0, resets());
	EXPECT_STREQ("sim-absent", cause().s);
	expect_sound();
}

/* 22: every state says why, and what comes next */
TEST(every_wait_is_explained)
{
	struct why why;

	begin();
	site.answer = SITE_REFUSES;
	site_run(&site, HOUR);
	why = machine_why_pdn(&site.m, 0);
	EXPECT_STREQ("waiting", why.state);
	EXPECT_STREQ("3gpp-network-failure", cause().s);
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
	site_start(&site, false);
	site_run(&site, DAY);
	EXPECT_EQ(0, site.tally[ACTION_DIAL]);
	EXPECT_STREQ("roaming-refused", cause().s);
	EXPECT_EQ(0, resets());
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
	online();
	site.radio_on = false;
	site_drop(&site, 2, 219);
	site.registered = false;
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_radio_that_hardware_holds_is_a_persons)
{
	begin();
	site_run(&site, 10 * SECOND);
	site_event(&site, &(struct event){ .type = EVENT_RADIO, .radio = RADIO_LOCKED });
	EXPECT_STREQ("radio-locked", machine_why(&site.m).state);
	site_run(&site, DAY);
	EXPECT_EQ(0, resets());
	expect_sound();
}

/* the module's own policy: a wait, not a fault */
TEST(a_throttled_call_is_waited_for)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 2, 209 };
	site.network_ms = 40 * MINUTE;
	site_run(&site, 12 * HOUR);
	EXPECT_LE(site.tally[ACTION_DIAL], 12 * 60 / 40 + 1);
	EXPECT_EQ(0, resets() + site.tally[ACTION_RADIO_OFF] +
		     site.tally[ACTION_REATTACH]);
	expect_sound();
}

TEST(a_network_that_drops_every_call_at_once)
{
	begin();
	site.drop_ms = 5 * SECOND;
	site_run(&site, 3 * DAY);
	EXPECT_LE(site.tally[ACTION_DIAL], 3 * 24 * 5);
	EXPECT_LE(site_count(&site, &site.by_outcome[OUTCOME_SUCCESS], HOUR), 30 / 4);
	expect_sound();
}

TEST(calls_that_were_long_and_are_dropped_at_once_now)
{
	uint64_t before;

	online();
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
	begin();
	for (int i = 0; i < 300; i++) {
		site_run(&site, 9 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		site_crash(&site);
	}
	EXPECT_EQ(0, resets());
	expect_sound();
}

TEST(a_person_holds_the_modem)
{
	online();
	site_event(&site, &(struct event){ .type = EVENT_HOLD, .ms = 30 * MINUTE });
	site_drop(&site, 6, 36);
	site_run(&site, 29 * MINUTE);
	EXPECT_STREQ("held", cause().s);
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
	site_start(&site, false);
	site_run(&site, 10 * DAY);
	EXPECT_STREQ("not-configured", cause().s);
	EXPECT_EQ(0, site.tally[ACTION_DIAL] + site.tally[ACTION_PIN] +
		     site.tally[ACTION_WRITE] + site.tally[ACTION_RADIO_ON] + resets());
	site.config.managed = true;
	site_config(&site);
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* firmware that lies */
TEST(settings_that_do_not_stick)
{
	site_init(&site, 1);
	site.differ = 7;
	site.forgets = true;
	site_plug(&site);
	site_start(&site, false);
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
	site_start(&site, false);
	site_run(&site, DAY);
	EXPECT_EQ(0, site.pins);
	EXPECT_STREQ("pin-tries-odd", cause().s);
	expect_sound();
}

TEST(a_card_that_always_says_3_tries)
{
	site_init(&site, 1);
	site.card_pin = 1234;
	site.config.pin = 9999;
	site.tries_told = 3;
	site_plug(&site);
	site_start(&site, false);
	for (int i = 0; i < 50; i++) {
		site_run(&site, HOUR);
		site_crash(&site);
	}
	EXPECT_EQ(1, site.pins);
	expect_sound();
}

/* clocks */
TEST(clocks_that_jump_forgive_nothing)
{
	static const int64_t jumps[] = { 56 * 365 * DAY, -HOUR, 2 * HOUR, -DAY };

	for (unsigned int i = 0; i < ARRAY_SIZE(jumps); i++) {
		begin();
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
	begin();
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
		begin();
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
		EXPECT_LE(resets(), 7);
		/* and it still tries, if not each time it is up */
		if (i < 3)
			EXPECT_LE(24 * 2, site.tally[ACTION_DIAL]);
	}
}

TEST(boots_are_spread_unless_nobody_else_boots)
{
	int64_t sum = 0, most = 0;

	for (int seed = 1; seed <= 200; seed++) {
		int64_t took;

		site_init(&site, seed);
		site_plug(&site);
		site_start(&site, true);
		site_run(&site, 2 * MINUTE);
		ASSERT_TRUE(site_is_online(&site));
		took = site.online_since;
		sum += took;
		most = took > most ? took : most;
	}
	EXPECT_LE(20 * SECOND, sum / 200);
	EXPECT_LE(45 * SECOND, most);
	EXPECT_LE(most, 75 * SECOND);
	/* stopped as it should be: at once */
	site_happens(&site, EVENT_SHUTDOWN);
	site_run(&site, SECOND);
	site.call = 0;
	site_crash(&site);
	site_start(&site, true);
	most = site.now;
	site_run(&site, MINUTE);
	EXPECT_LE(site.online_since - most, 15 * SECOND);
	expect_sound();
}

TEST_HARNESS_MAIN
