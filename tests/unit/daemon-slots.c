// SPDX-License-Identifier: GPL-2.0-or-later
/* Order=: a modem with several cards goes on to the next where one is of no use. */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "daemon-site.h"

#define WRITES	(site.tally[ACTION_WRITE])

static struct site site;

static const struct site_card good = {
	.sim = SIM_READY, .iccid = "89490200001234567894", .tries = PIN_TRIES,
	.reg = REG_HOME,
}, other = {
	.sim = SIM_READY, .iccid = "89490200001234567892", .tries = PIN_TRIES,
	.reg = REG_HOME,
}, absent = {
	.sim = SIM_ABSENT, .reg = REG_HOME,
}, puk = {
	.sim = SIM_WANTS_PUK, .iccid = "89490200001234567895", .reg = REG_HOME,
}, illegal = {
	.sim = SIM_ILLEGAL, .iccid = "89490200001234567896", .reg = REG_HOME,
}, denied = {
	.sim = SIM_READY, .iccid = "89490200001234567897", .tries = PIN_TRIES,
	.reg = REG_DENIED, .reject = 15,
}, searching = {
	.sim = SIM_READY, .iccid = "89490200001234567898", .tries = PIN_TRIES,
	.reg = REG_SEARCHING,
}, refused = {
	.sim = SIM_READY, .iccid = "89490200001234567899", .tries = PIN_TRIES,
	.reg = REG_HOME, .answer = SITE_REFUSES,
}, locked = {
	.sim = SIM_READY, .iccid = "89490200001234567893", .tries = PIN_TRIES,
	.reg = REG_HOME, .pin = 9999,
};

/* A modem with two slots, Order=1,2 and these cards, just plugged in */
static void begin(const struct site_card *first, const struct site_card *second)
{
	site_init(&site, 1);
	site_cards(&site, 2);
	site_put(&site, 1, first);
	site_put(&site, 2, second);
	site.config.order_count = 2;
	site.config.order[0] = 1;
	site.config.order[1] = 2;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
}

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

/* So often the modem was told another slot, by all rules */
static void expect_writes(unsigned int writes)
{
	EXPECT_EQ(writes, WRITES);
	expect_sound();
}

static void expect_online_in(unsigned int slot)
{
	EXPECT_EQ(slot, site.active);
	EXPECT_TRUE(site_is_online(&site));
}

/* To the moment in which a move is being recorded */
static void run_to_record(int64_t most)
{
	int64_t end = site.now + most;

	while (site.m.state != MODEM_WRITE_RECORDING && site.now < end)
		site_run(&site, 10);
	ASSERT_EQ(MODEM_WRITE_RECORDING, site.m.state);
	ASSERT_TRUE(site.m.slots.moving);
}

/* --- when a card is left --------------------------------------------------------------- */

TEST(cards_that_are_of_no_use)
{
	static const struct site_card * const cards[] = { &absent, &puk, &illegal };

	for (size_t i = 0; i < ARRAY_SIZE(cards); i++) {
		begin(cards[i], &good);
		site_run(&site, 2 * MINUTE);
		EXPECT_EQ(1, site.active);
		site_run(&site, 2 * MINUTE);
		expect_online_in(2);
		EXPECT_STREQ(good.iccid, site.m.card.iccid);
		expect_writes(1);
	}
}

TEST(cards_that_do_not_come_online)
{
	static const struct site_card * const cards[] = { &denied, &searching, &refused };

	for (size_t i = 0; i < ARRAY_SIZE(cards); i++) {
		begin(cards[i], &good);
		site_run(&site, 29 * MINUTE);
		EXPECT_EQ(1, site.active);
		site_run(&site, 10 * MINUTE);
		EXPECT_EQ(2, site.active);
		site_run(&site, 15 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		expect_writes(1);
	}
}

TEST(a_card_that_fails_after_a_month)
{
	begin(&good, &other);
	site_run(&site, 30 * DAY);
	EXPECT_EQ(0, WRITES);
	site_network(&site, REG_DENIED, 15);
	site_run(&site, 29 * MINUTE);
	EXPECT_EQ(1, site.active);
	site_run(&site, 4 * MINUTE);
	expect_online_in(2);
	expect_sound();
}

/* Calls that end after a minute do not make a card one that works, nor forgive anything */
TEST(calls_that_do_not_last)
{
	begin(&good, &other);
	site.drop_ms = MINUTE;
	site_run(&site, 3 * HOUR);
	EXPECT_LE(1, WRITES);
	EXPECT_LE(WRITES, 3);
	expect_sound();
}

TEST(data_that_is_used_up)
{
	begin(&good, &other);
	site_run(&site, HOUR);
	site_event(&site, &(struct event){ .type = EVENT_QUOTA, .ms = 5 * DAY });
	site_run(&site, 29 * MINUTE);
	EXPECT_EQ(1, site.active);
	site_run(&site, 4 * MINUTE);
	expect_online_in(2);
	expect_sound();
}

/* No other card has the VRF that this host has not */
TEST(what_ails_the_host)
{
	begin(&refused, &good);
	site.end = (struct cause){ CAUSE_VRF };
	site_run(&site, DAY);
	expect_writes(0);
}

/* ... nor is it why a card is left */
TEST(what_ails_the_host_besides)
{
	begin(&refused, &good);
	site.config.pdn_count = 2;
	site.config.pdn[1] = site.config.pdn[0];
	site.config.pdn[1].apn[0].key++;
	site.config.pdn[1].call++;
	site.end = (struct cause){ CAUSE_VRF };
	site.other_end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	site_config(&site);
	run_to_record(HOUR);
	EXPECT_EQ(CAUSE_CALL_END, site.m.slots.cause.kind);
	expect_sound();
}

/* Nobody has called yet: no card is at fault */
TEST(a_boot_that_is_spread)
{
	for (int seed = 1; seed <= 20; seed++) {
		site_init(&site, seed);
		site_cards(&site, 2);
		site_put(&site, 1, &good);
		site_put(&site, 2, &other);
		site.config.order_count = 2;
		site.config.order[0] = 1;
		site.config.order[1] = 2;
		site.config.spread_ms = HOUR;
		site_plug(&site);
		site_start(&site, BOOT_NOW);
		site_run(&site, 65 * MINUTE);
		expect_online_in(1);
		expect_writes(0);
	}
}

TEST(a_modem_that_is_away)
{
	begin(&good, &other);
	site_run(&site, HOUR);
	site_unplug(&site);
	site_run(&site, DAY);
	site_plug(&site);
	site_run(&site, 10 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	site.deaf = true;
	site_drop(&site, 6, 36);
	site_run(&site, HOUR);
	site.deaf = false;
	site_run(&site, HOUR);
	EXPECT_TRUE(site_is_online(&site));
	expect_writes(0);
}

/* --- which one ------------------------------------------------------------------------- */

TEST(it_stays_with_the_card_that_works)
{
	begin(&absent, &good);
	site_run(&site, 10 * MINUTE);
	site_put(&site, 1, &good);
	site_run(&site, 10 * DAY);
	site_kill(&site);
	site_run(&site, HOUR);
	site_power_cut(&site, false);
	site_run(&site, HOUR);
	site_crash(&site);
	site_run(&site, HOUR);
	expect_online_in(2);
	expect_writes(1);
}

/* A modem with three slots that has the first one in use, and Order=3,2 */
static void begin_outside(void)
{
	site_init(&site, 1);
	site_cards(&site, 3);
	site.config.order_count = 2;
	site.config.order[0] = 3;
	site.config.order[1] = 2;
	site_plug(&site);
}

TEST(a_slot_that_is_not_in_the_order)
{
	begin_outside();
	site_start(&site, BOOT_NONE);
	site_run(&site, 5 * MINUTE);
	expect_online_in(3);
	expect_writes(1);
}

TEST(slots_that_the_modem_has_not)
{
	begin(&denied, &good);
	site.slots = 1;
	site_run(&site, 2 * DAY);
	expect_writes(0);
	begin(&denied, &good);
	site.config.order_count = 3;
	site.config.order[1] = 7;
	site.config.order[2] = 2;
	site_config(&site);
	site_run(&site, 40 * MINUTE);
	EXPECT_EQ(2, site.active);
	expect_writes(1);
}

TEST(an_order_of_which_the_modem_has_none)
{
	begin(&good, &other);
	site.config.order[0] = 7;
	site.config.order[1] = 8;
	site_config(&site);
	site_run(&site, DAY);
	expect_online_in(1);
	expect_writes(0);
}

/* A disk that fails is no reason to pass it by */
TEST(the_first_one_when_the_disk_works_again)
{
	begin_outside();
	site.disk_fails = true;
	site_start(&site, BOOT_NONE);
	site_run(&site, 10 * MINUTE);
	site.disk_fails = false;
	site_run(&site, HOUR);
	expect_online_in(3);
	expect_writes(1);
}

/* Whoever chose it: what is in use and in the order is taken as it is */
TEST(somebody_switches)
{
	begin(&good, &other);
	site_run(&site, HOUR);
	site.active = 2;
	site_put(&site, 2, &other);
	site_event(&site, &(struct event){ .type = EVENT_SETTINGS, .slot = 2, .slots = 2 });
	site_run(&site, HOUR);
	expect_online_in(2);
	expect_writes(0);
}

/* The PIN of one card is tried once with the other, and no more */
TEST(another_pin)
{
	begin(&absent, &locked);
	site.config.pin = 1234;
	site_config(&site);
	site_run(&site, 10 * DAY);
	EXPECT_EQ(1, site.pins_wrong);
	expect_sound();
	site_put(&site, 1, &good);
	site_run(&site, 25 * HOUR);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* --- how often ------------------------------------------------------------------------- */

/*
 * The judge counts: ten a day and no more. A day is the longest that a card is waited for,
 * and then one way and back are two writes.
 */
TEST_TIMEOUT(no_card_is_of_use, 300)
{
	static const struct site_card * const cards[] = { &absent, &denied, &puk, &refused };

	for (size_t i = 0; i < ARRAY_SIZE(cards); i++) {
		begin(cards[i], cards[(i + 1) % ARRAY_SIZE(cards)]);
		site_run(&site, DAY);
		EXPECT_LE(4, WRITES);
		EXPECT_LE(WRITES, 10);
		site_run(&site, 9 * DAY);
		EXPECT_LE(WRITES, 30);
		site_put(&site, 1 + (i & 1), &good);
		site_run(&site, 25 * HOUR);
		expect_online_in(1 + (i & 1));
		expect_sound();
		/* and all is forgotten: the next fault is as the first one */
		site_run(&site, 15 * MINUTE);
		site_put(&site, 1 + !(i & 1), &other);
		site_put(&site, site.active, &absent);
		site_run(&site, 5 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		expect_sound();
	}
}

/* That a card answered in one slot is no reason to reset a modem for an empty one */
TEST(a_slot_that_is_always_empty)
{
	begin(&searching, &absent);
	for (int i = 0; i < 24 * 60; i++) {
		unsigned int resets = site.tally[ACTION_RESET_MODEM];

		site_run(&site, MINUTE);
		if (site.tally[ACTION_RESET_MODEM] != resets)
			EXPECT_EQ(1, site.active);
	}
	expect_sound();
}

/* However long nothing helps, better times are waited for where there is a card */
TEST(an_empty_slot_is_no_place_to_wait)
{
	unsigned int minutes = 0, writes;

	begin(&searching, &absent);
	for (int64_t i = 0; i < 7 * DAY / MINUTE; i++) {
		site_run(&site, MINUTE);
		minutes = site.active == 2 ? minutes + 1 : 0;
		EXPECT_LE(minutes, 5);
	}
	EXPECT_LE(6, WRITES);
	/* where no slot has one, each is given the time that a card would be */
	begin(&absent, &absent);
	site_run(&site, 7 * DAY);
	writes = WRITES;
	EXPECT_LE(writes, 7 * 10);
	site_run(&site, 7 * DAY);
	expect_writes(writes + 7);
}

/* A modem that says yes and does nothing goes on with the card it has */
TEST(a_slot_that_is_never_taken)
{
	begin(&denied, &good);
	site.stubborn = SETTING_SLOT;
	site_run(&site, DAY);
	EXPECT_LE(2, WRITES);
	EXPECT_LE(WRITES, 10);
	EXPECT_NE(MODEM_SLOT_WRONG, site.m.state);
	site_put(&site, 1, &good);
	site_run(&site, 10 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_disk_that_is_full)
{
	begin(&denied, &good);
	site.disk_fails = true;
	site_run(&site, DAY);
	EXPECT_EQ(0, WRITES);
	site_put(&site, 1, &good);
	site_run(&site, 10 * MINUTE);
	expect_online_in(1);
	expect_sound();
}

/* Each power cut comes between the record and the write, or just after it */
TEST(power_cuts)
{
	begin(&absent, &absent);
	for (int i = 0; i < 10; i++) {
		run_to_record(20 * MINUTE);
		if (i & 1)
			site_run(&site, 60);
		site_power_cut(&site, !(i & 1));
	}
	EXPECT_EQ(5, WRITES);
	EXPECT_EQ(10, site.disk.strikes[BUDGET_MODEM_WRITE].count);
	site_run(&site, 22 * HOUR);
	EXPECT_EQ(5, WRITES);
	site_put(&site, 1, &good);
	site_put(&site, 2, &good);
	site_run(&site, 10 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* --- when it is not left ---------------------------------------------------------------- */

TEST(a_call_that_comes_up_while_it_is_recorded)
{
	const struct event up = { .type = EVENT_PDN_UP, .families = FAMILY_V4 };

	begin(&refused, &good);
	run_to_record(HOUR);
	site.call[0] = FAMILY_V4;
	site.answer = SITE_ACCEPTS;
	site_event(&site, &up);
	site_run(&site, HOUR);
	EXPECT_EQ(1, site.active);
	EXPECT_EQ(0, WRITES);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* A person, or an update, has all the time; and what comes after it begins anew */
TEST(hands_off)
{
	static const struct event held = { .type = EVENT_HOLD, .ms = 2 * HOUR };
	static const struct event update = { .type = EVENT_UPDATE };
	static const struct event * const events[] = { &held, &update };

	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		begin(&denied, &good);
		site_run(&site, 28 * MINUTE);
		site_event(&site, events[i]);
		site_run(&site, i ? 58 * MINUTE : 2 * HOUR + 28 * MINUTE);
		EXPECT_EQ(0, WRITES);
		site_run(&site, 10 * MINUTE);
		expect_online_in(2);
		expect_sound();
	}
}

TEST(without_an_order)
{
	begin(&absent, &good);
	site.config.order_count = 0;
	site_config(&site);
	site_run(&site, DAY);
	EXPECT_EQ(1, site.active);
	EXPECT_EQ(0, WRITES);
	/* it is there with a reload, and gone with the next one */
	site.config.order_count = 2;
	site_config(&site);
	site_run(&site, 10 * MINUTE);
	EXPECT_EQ(2, site.active);
	site.config.order_count = 0;
	site_config(&site);
	site_put(&site, 2, &absent);
	site_run(&site, DAY);
	expect_writes(1);
}

/* --- what is shown ---------------------------------------------------------------------- */

TEST(why)
{
	struct why_slot slot;
	struct why why;

	begin(&absent, &good);
	site_run(&site, 2 * MINUTE + 4 * SECOND);
	site.m.ladder.done[RUNG_SIM_POWER] = site.m.clock;
	run_to_record(MINUTE);
	EXPECT_EQ(CAUSE_SIM_ABSENT, site.m.slots.cause.kind);
	EXPECT_EQ(2, slots_wanted(&site.m.slots));
	begin(&refused, &good);
	site_run(&site, 20 * MINUTE);
	slot = machine_why_slot(&site.m, site.now);
	EXPECT_EQ(1, slot.active);
	EXPECT_EQ(2, slot.next);
	EXPECT_LE(9 * MINUTE, slot.next_ms);
	EXPECT_LE(slot.next_ms, 11 * MINUTE);
	run_to_record(HOUR);
	EXPECT_EQ(CAUSE_CALL_END, site.m.slots.cause.kind);
	begin(&puk, &good);
	site_run(&site, MINUTE);
	why = machine_why(&site.m, site.now);
	EXPECT_STREQ("slot", why.next);
	begin(&good, &other);
	site_run(&site, HOUR);
	slot = machine_why_slot(&site.m, site.now);
	EXPECT_EQ(1, slot.active);
	EXPECT_EQ(NEVER, slot.next_ms);
	expect_sound();
}

TEST_HARNESS_MAIN
