// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules of m2md, each by a table: causes, waits, budgets, PIN, APNs, silence, ladder. */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../../tools/daemon/apn.h"
#include "../../tools/daemon/backoff.h"
#include "../../tools/daemon/budget.h"
#include "../../tools/daemon/health.h"
#include "../../tools/daemon/inherit.h"
#include "../../tools/daemon/ladder.h"
#include "../../tools/daemon/pin.h"
#include "../../tools/daemon/policy.h"
#include "../lib/harness.h"

TEST(what_causes_ask_for)
{
	static const struct { int type, number; enum cause_class class; } ends[] = {
		{ 6, 8, CLASS_PERMANENT }, { 6, 26, CLASS_TEMPORARY },
		{ 6, 27, CLASS_PERMANENT }, { 6, 29, CLASS_PERMANENT },
		{ 6, 31, CLASS_TEMPORARY }, { 6, 33, CLASS_PERMANENT },
		{ 6, 34, CLASS_TEMPORARY }, { 6, 36, CLASS_TEMPORARY },
		{ 6, 38, CLASS_TEMPORARY }, { 6, 39, CLASS_REATTACH },
		{ 6, 50, CLASS_FAMILY }, { 6, 53, CLASS_TEMPORARY },
		{ 6, 55, CLASS_FAMILY }, { 6, 112, CLASS_PERMANENT },
		{ 2, 209, CLASS_WAIT }, { 2, 219, CLASS_RADIO },
		{ 2, 236, CLASS_STALE }, { 2, 239, CLASS_ROAMING },
		{ 2, 243, CLASS_WAIT }, { 3, 518, CLASS_SIM },
		{ 3, 1015, CLASS_TEMPORARY }, { 7, 31, CLASS_PERMANENT },
		{ 0, 0, CLASS_TEMPORARY }, { 6, 9999, CLASS_TEMPORARY },
		{ -1, -1, CLASS_TEMPORARY },
	};
	static const int permanent[] = { 2, 3, 5, 6, 7, 8, 11, 14, 35 };
	static const int temporary[] = { 0, 9, 10, 12, 13, 15, 17, 22, 42, 255 };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		EXPECT_EQ(ends[i].class, cause_of_end(ends[i].type, ends[i].number));
	for (size_t i = 0; i < ARRAY_SIZE(permanent); i++)
		EXPECT_EQ(CLASS_PERMANENT, cause_of_reject(permanent[i]));
	for (size_t i = 0; i < ARRAY_SIZE(temporary); i++)
		EXPECT_EQ(CLASS_TEMPORARY, cause_of_reject(temporary[i]));
}

TEST(which_families_are_left)
{
	static const struct { int type, number; uint8_t asked, left; } rows[] = {
		{ 6, 50, FAMILY_BOTH, FAMILY_V4 }, { 6, 50, FAMILY_V6, FAMILY_V4 },
		{ 6, 51, FAMILY_BOTH, FAMILY_V6 }, { 6, 51, FAMILY_V4, FAMILY_V6 },
		{ 6, 52, FAMILY_BOTH, FAMILY_V4 }, { 6, 52, FAMILY_V4, FAMILY_V6 },
		{ 6, 50, FAMILY_V4, 0 }, { 2, 208, FAMILY_BOTH, FAMILY_V6 },
		{ 2, 210, FAMILY_BOTH, FAMILY_V4 }, { 2, 208, FAMILY_V4, 0 },
		{ 9, 1, FAMILY_V6, 0 }, { 8, 1, FAMILY_BOTH, FAMILY_V4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].left, cause_families(rows[i].type, rows[i].number,
						       rows[i].asked));
}

TEST(tokens_of_causes)
{
	struct cause end = { CAUSE_CALL_END, 6, 27 };
	struct cause reject = { CAUSE_REJECT, 0, 11 };
	struct cause odd = { CAUSE_CALL_END, 77, -5 };

	EXPECT_STREQ("3gpp-unknown-apn", cause_token(&end).s);
	EXPECT_STREQ("reject-plmn-not-allowed", cause_token(&reject).s);
	EXPECT_STREQ("unknown-77-unknown--5", cause_token(&odd).s);
}

TEST(waits_between_calls)
{
	static const int64_t temporary[] = { 5, 15, 45, 120, 300, 900, 900, 900 };
	static const int64_t permanent[] = { 60, 300, 900, 3600, 3600, 3600 };
	struct backoff backoff = { 0 };

	/* 250 of 0..500 is no jitter at all */
	for (size_t i = 0; i < ARRAY_SIZE(temporary); i++) {
		backoff_fail(&backoff, i & 1 ? CLASS_IGNORED : CLASS_TEMPORARY, 250, 0, 0);
		EXPECT_EQ(temporary[i] * SECOND, backoff.until);
	}
	for (size_t i = 0; i < ARRAY_SIZE(permanent); i++) {
		backoff_fail(&backoff, CLASS_PERMANENT, 250, 0, 0);
		EXPECT_EQ(permanent[i] * SECOND, backoff.until);
	}
	/* the network's own time wins if it is longer, within reason */
	backoff = (struct backoff){ 0 };
	backoff_fail(&backoff, CLASS_TEMPORARY, 250, HOUR, 100);
	EXPECT_EQ(100 + HOUR, backoff.until);
	backoff_fail(&backoff, CLASS_TEMPORARY, 250, 2, 100);
	EXPECT_EQ(100 + 15 * SECOND, backoff.until);
	backoff_fail(&backoff, CLASS_TEMPORARY, 250, INT64_MAX, 0);
	EXPECT_EQ(DAY, backoff.until);
	/* a wait is no failure */
	backoff = (struct backoff){ 0 };
	backoff_fail(&backoff, CLASS_WAIT, 250, 0, 0);
	EXPECT_EQ(0, backoff.temporary + backoff.permanent);
}

TEST(jitter)
{
	int64_t least = NEVER, most = 0, sum = 0;

	for (uint32_t i = 0; i < 501; i++) {
		int64_t ms = backoff_jitter(100000, i);

		least = ms < least ? ms : least;
		most = ms > most ? ms : most;
		sum += ms;
	}
	EXPECT_EQ(75000, least);
	EXPECT_EQ(125000, most);
	EXPECT_EQ(100000, sum / 501);
	EXPECT_LE(backoff_jitter(DAY, UINT32_MAX), DAY * 5 / 4);
}

TEST(resets_are_far_apart)
{
	static const int64_t at_hours[] = { 0, 1, 3, 7 };
	struct strikes strikes = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(at_hours); i++) {
		int64_t at = at_hours[i] * HOUR;

		EXPECT_EQ(at, i ? budget_next(&strikes, BUDGET_MODEM_RESET, at - 1) : 0);
		if (i)
			EXPECT_FALSE(budget_spend(&strikes, BUDGET_MODEM_RESET, at - 1));
		EXPECT_TRUE(budget_spend(&strikes, BUDGET_MODEM_RESET, at));
	}
	EXPECT_EQ(DAY, budget_next(&strikes, BUDGET_MODEM_RESET, 8 * HOUR));
	EXPECT_FALSE(budget_spend(&strikes, BUDGET_MODEM_RESET, DAY - 1));
	EXPECT_TRUE(budget_spend(&strikes, BUDGET_MODEM_RESET, DAY));
}

TEST(no_day_has_more_than_its_budget)
{
	for (int kind = 0; kind < BUDGET_KINDS; kind++) {
		struct strikes strikes = { 0 };
		int64_t done[512] = { 0 };
		int count = 0;

		for (int64_t at = 0; at < 10 * DAY; at += 7 * MINUTE) {
			int in = 1;

			if (!budget_spend(&strikes, kind, at))
				continue;
			for (int i = count - 1; i >= 0 && done[i] > at - DAY; i--)
				in++;
			EXPECT_LE(in, budget_max(kind));
			done[count++] = at;
		}
		/* and none is withheld for ever */
		EXPECT_LE(9 * budget_max(kind), count);
	}
}

TEST(budgets_over_a_reboot)
{
	struct strikes strikes = { 0 };

	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(budget_spend(&strikes, BUDGET_USB_RESET, 50 * DAY + i * HOUR));
	/* off for any time at all: as if for none */
	strikes_shift(&strikes, -(50 * DAY + 2 * HOUR));
	EXPECT_FALSE(budget_spend(&strikes, BUDGET_USB_RESET, 0));
	EXPECT_EQ(22 * HOUR, budget_next(&strikes, BUDGET_USB_RESET, 0));
	EXPECT_TRUE(budget_spend(&strikes, BUDGET_USB_RESET, 22 * HOUR));
}

TEST(a_tally_never_counts_too_few)
{
	struct tally tally = { 0 };
	int64_t at[200] = { 0 };
	int count = 0;

	for (int64_t now = 0; count < 200; now += 97 * SECOND) {
		int in = 0;

		for (int i = 0; i < count; i++)
			in += at[i] > now - HOUR;
		EXPECT_LE(in, tally_count(&tally, HOUR, now));
		/* nor does it remember for more than a twelfth longer */
		if (count)
			EXPECT_EQ(0, tally_count(&tally, HOUR,
						 at[count - 1] + 66 * MINUTE));
		tally_add(&tally, HOUR, now);
		at[count++] = now;
		now += count % 7 ? 0 : 40 * MINUTE;
	}
}

TEST(a_tally_over_a_reboot)
{
	struct tally tally = { 0 };

	for (int i = 0; i < 30; i++)
		tally_add(&tally, HOUR, 1000 * HOUR + i * SECOND);
	tally_shift(&tally, HOUR, 1000 * HOUR + MINUTE, 0);
	EXPECT_EQ(30, tally_count(&tally, HOUR, 0));
	EXPECT_EQ(30, tally_count(&tally, HOUR, 58 * MINUTE));
	EXPECT_EQ(0, tally_count(&tally, HOUR, 66 * MINUTE));
	EXPECT_LE(tally_next(&tally, 30, HOUR, 0), 66 * MINUTE);
}

TEST(a_modem_answers_for_what_its_path_spent)
{
	struct saved heir = { 0 }, path = { 0 };

	EXPECT_FALSE(inherit(&heir, &path));
	heir.strikes[BUDGET_USB_RESET] = (struct strikes){ 2, { -9 * HOUR, -HOUR } };
	path.strikes[BUDGET_USB_RESET] = (struct strikes){ 1, { -5 * HOUR } };
	path.strikes[BUDGET_PORT_POWER] = (struct strikes){ 1, { -4 * HOUR } };
	EXPECT_TRUE(inherit(&heir, &path));
	EXPECT_EQ(3, heir.strikes[BUDGET_USB_RESET].count);
	EXPECT_EQ(-9 * HOUR, heir.strikes[BUDGET_USB_RESET].at[0]);
	EXPECT_EQ(-5 * HOUR, heir.strikes[BUDGET_USB_RESET].at[1]);
	EXPECT_EQ(-HOUR, heir.strikes[BUDGET_USB_RESET].at[2]);
	/* the day's only one was the path's */
	EXPECT_EQ(20 * HOUR, budget_next(&heir.strikes[BUDGET_PORT_POWER],
					 BUDGET_PORT_POWER, 0));
	/* and counts once, whoever loads the path's record again */
	EXPECT_EQ(0, path.strikes[BUDGET_USB_RESET].count);
	EXPECT_EQ(0, path.strikes[BUDGET_PORT_POWER].count);
	EXPECT_FALSE(inherit(&heir, &path));
	EXPECT_EQ(3, heir.strikes[BUDGET_USB_RESET].count);
}

static void spend(struct kept *kept, uint64_t key, uint8_t step, unsigned int calls)
{
	*kept = (struct kept){ .key = key, .temporary = step };
	while (calls--)
		tally_add(&kept->activations.of[OUTCOME_SUCCESS], HOUR, 0);
}

TEST(a_path_hands_down_its_waits_and_calls)
{
	struct saved heir = { 0 }, path = { 0 };
	const struct kept *kept = heir.kept;

	spend(&heir.kept[0], 7, 4, 5);
	heir.kept[0].permanent = 1;
	spend(&path.kept[3], 7, 2, 20);
	path.kept[3].permanent = 3;
	spend(&path.kept[9], 8, 6, 0);
	/* what was counted long ago is nothing */
	spend(&path.kept[10], 9, 0, 3);
	tally_shift(&path.kept[10].activations.of[OUTCOME_SUCCESS], HOUR, 0, -2 * HOUR);
	EXPECT_TRUE(inherit(&heir, &path));
	EXPECT_EQ(4, kept[0].temporary);
	EXPECT_EQ(3, kept[0].permanent);
	EXPECT_EQ(25, tally_count(&kept[0].activations.of[OUTCOME_SUCCESS], HOUR, 0));
	/* of the hour's thirty one is left for a second family */
	EXPECT_EQ(0, activations_next(&kept[0].activations, 3, 0));
	EXPECT_LT(0, activations_next(&kept[0].activations, 4, 0));
	EXPECT_EQ(8, kept[1].key);
	EXPECT_EQ(6, kept[1].temporary);
	EXPECT_EQ(0, kept[2].key);
	/* once */
	EXPECT_EQ(0, path.kept[3].key);
	EXPECT_EQ(0, path.kept[9].key);
	EXPECT_FALSE(inherit(&heir, &path));
	EXPECT_EQ(25, tally_count(&kept[0].activations.of[OUTCOME_SUCCESS], HOUR, 0));
}

TEST(more_access_points_than_are_kept)
{
	struct saved heir = { .kept_next = 15 }, path = { 0 };

	for (int i = 0; i < KEPT_MAX; i++)
		spend(&heir.kept[i], 100 + i, 1, 1);
	spend(&path.kept[0], 7, 2, 1);
	spend(&path.kept[1], 8, 3, 1);
	EXPECT_TRUE(inherit(&heir, &path));
	/* those in turn went */
	EXPECT_EQ(7, heir.kept[15].key);
	EXPECT_EQ(2, heir.kept[15].temporary);
	EXPECT_EQ(1, tally_count(&heir.kept[15].activations.of[OUTCOME_SUCCESS], HOUR, 0));
	EXPECT_EQ(8, heir.kept[0].key);
	EXPECT_EQ(101, heir.kept[1].key);
	EXPECT_EQ(1, heir.kept_next);
}

TEST(a_pin_that_a_path_sent_is_not_new)
{
	static const char one[] = "8949000000000000001", two[] = "8949000000000000002";
	struct saved heir = { 0 }, path = { 0 };

	pin_note(&path.pins, one, 1111, PIN_REJECTED);
	pin_note(&path.pins, one, 2222, PIN_SENT);
	pin_note(&path.pins, two, 1111, PIN_ACCEPTED);
	pin_note(&path.pins, two, 2222, PIN_SENT);
	pin_note(&heir.pins, two, 2222, PIN_REJECTED);
	EXPECT_TRUE(inherit(&heir, &path));
	EXPECT_EQ(PIN_REJECTED, pin_fate(&heir.pins, one, 1111));
	EXPECT_EQ(PIN_SENT, pin_fate(&heir.pins, one, 2222));
	EXPECT_EQ(PIN_FREE, pin_fate(&heir.pins, two, 1111));
	/* what is known of it is the worst already */
	EXPECT_EQ(PIN_REJECTED, pin_fate(&heir.pins, two, 2222));
	/* once: what comes of it afterwards is not forgotten */
	pin_note(&heir.pins, one, 2222, PIN_ACCEPTED);
	EXPECT_FALSE(inherit(&heir, &path));
	EXPECT_EQ(PIN_ACCEPTED, pin_fate(&heir.pins, one, 2222));
	EXPECT_EQ(PIN_FREE, pin_fate(&path.pins, one, 1111));
	EXPECT_EQ(PIN_ACCEPTED, pin_fate(&path.pins, two, 1111));
}

TEST(more_was_spent_than_is_kept)
{
	struct saved heir = { 0 }, path = { 0 };
	struct strikes *both = &heir.strikes[BUDGET_MODEM_WRITE];

	for (int i = 0; i < STRIKES_MAX; i++) {
		both->at[i] = (i - 20) * MINUTE;
		path.strikes[BUDGET_MODEM_WRITE].at[i] = (i - 19) * MINUTE;
	}
	both->count = STRIKES_MAX;
	path.strikes[BUDGET_MODEM_WRITE].count = STRIKES_MAX;
	EXPECT_TRUE(inherit(&heir, &path));
	EXPECT_EQ(STRIKES_MAX, both->count);
	EXPECT_EQ(-10 * MINUTE, both->at[STRIKES_MAX - 1]);
	for (int i = 1; i < STRIKES_MAX; i++)
		EXPECT_LE(both->at[i - 1], both->at[i]);
}

TEST(writes_of_both_are_counted)
{
	/* of two hours each: the parts from -24 h and from -4 h */
	struct saved heir = { .writes = { .part = -12, .n = { 5 } } };
	struct saved path = { .writes = { .part = -2, .n = { 7 } } };

	EXPECT_TRUE(inherit(&heir, &path));
	EXPECT_EQ(12, tally_count(&heir.writes, DAY, 0));
	EXPECT_EQ(7, tally_count(&heir.writes, DAY, 5 * HOUR));
	EXPECT_EQ(0, tally_count(&path.writes, DAY, 0));
	for (int i = 0; i < 300; i++)
		tally_add(&path.writes, DAY, 0);
	EXPECT_TRUE(inherit(&heir, &path));
	EXPECT_EQ(UINT8_MAX + 12, tally_count(&heir.writes, DAY, 0));
}

/* A disk may give back what nobody wrote */
TEST(what_is_damaged_is_inherited_the_strict_way)
{
	static const int64_t parts[] = { INT64_MAX, 1, INT64_MIN };
	struct saved path, heir;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		heir = (struct saved){ .writes = { .part = parts[i], .n = { 5 } } };
		path = (struct saved){ .writes = { .part = -2, .n = { 7 } } };
		heir.strikes[BUDGET_USB_RESET] = (struct strikes){ 200, { INT64_MAX } };
		path.strikes[BUDGET_USB_RESET] = (struct strikes){ 1, { -5 * HOUR } };
		EXPECT_TRUE(inherit(&heir, &path));
		EXPECT_EQ(parts[i] > 0 ? 12 : 7, tally_count(&heir.writes, DAY, 0));
		/* as many as are kept, all of them just now */
		EXPECT_EQ(STRIKES_MAX, heir.strikes[BUDGET_USB_RESET].count);
		EXPECT_EQ(0, heir.strikes[BUDGET_USB_RESET].at[STRIKES_MAX - 1]);
	}
}

TEST(activations_of_an_hour)
{
	for (int outcome = 0; outcome < OUTCOMES; outcome++) {
		struct activations activations = { 0 };
		unsigned int made = 0;

		for (int64_t now = 0; now < 55 * MINUTE; now += SECOND) {
			if (activations_next(&activations, 0, now) > now)
				continue;
			tally_add(&activations.of[outcome], HOUR, now);
			made++;
		}
		EXPECT_LE(made, activations_max(outcome));
		EXPECT_LE(activations_max(outcome) - 2, made);
		/* what is under way may come to this, and is no more than waited for */
		EXPECT_LE(55 * MINUTE + 1, activations_next(&activations, 0, 55 * MINUTE));
		EXPECT_EQ(2 * HOUR, activations_next(&activations, 8, 2 * HOUR));
		EXPECT_EQ(2 * HOUR, activations_next(&activations, 1000, 2 * HOUR));
	}
}

TEST(when_a_pin_may_be_sent)
{
	static const struct {
		uint8_t fate;
		bool settled, fresh;
		uint8_t tries;
		uint64_t pin;
		enum pin_verdict verdict;
		uint8_t cause;
	} rows[] = {
		{ PIN_FREE, true, true, 3, 1, PIN_RECORD_THEN_SEND },
		{ PIN_FREE, true, false, 3, 1, PIN_RECORD_THEN_SEND },
		{ PIN_FREE, false, true, 3, 1, PIN_WAIT },
		{ PIN_FREE, true, true, 2, 1, PIN_REFUSE, CAUSE_PIN_TRIES_FEW },
		{ PIN_FREE, true, true, 0, 1, PIN_REFUSE, CAUSE_PIN_TRIES_FEW },
		{ PIN_FREE, true, true, 255, 1, PIN_REFUSE, CAUSE_PIN_TRIES_ODD },
		{ PIN_FREE, true, true, 3, 0, PIN_REFUSE, CAUSE_PIN_MISSING },
		{ PIN_SENT, true, true, 3, 1, PIN_RECORD_THEN_SEND },
		{ PIN_SENT, true, false, 3, 1, PIN_REFUSE, CAUSE_PIN_HISTORY },
		{ PIN_SENT, true, true, 2, 1, PIN_REFUSE, CAUSE_PIN_TRIES_FEW },
		{ PIN_ACCEPTED, true, true, 3, 1, PIN_SEND },
		{ PIN_ACCEPTED, true, true, 2, 1, PIN_REFUSE, CAUSE_PIN_TRIES_FEW },
		{ PIN_REJECTED, true, true, 3, 1, PIN_REFUSE, CAUSE_PIN_REJECTED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct pin_memory memory = { 0 };
		struct pin_card card = { "8949", rows[i].settled, rows[i].fresh,
					 rows[i].tries };
		uint8_t cause = CAUSE_NONE;

		if (rows[i].fate != PIN_FREE)
			pin_note(&memory, "8949", 1, rows[i].fate);
		EXPECT_EQ(rows[i].verdict, pin_judge(&memory, &card, rows[i].pin, &cause));
		EXPECT_EQ(rows[i].cause, cause);
	}
}

TEST(a_pin_belongs_to_one_card)
{
	struct pin_memory memory = { 0 };
	struct pin_card card = { "2", true, true, 3 };
	struct pin_card unknown = { "", true, true, 3 };
	uint8_t cause;

	pin_note(&memory, "1", 7, PIN_REJECTED);
	EXPECT_EQ(PIN_RECORD_THEN_SEND, pin_judge(&memory, &card, 7, &cause));
	EXPECT_EQ(PIN_REFUSE, pin_judge(&memory, &unknown, 7, &cause));
	EXPECT_EQ(CAUSE_PIN_CARD_UNKNOWN, cause);
	/* a rejection is never taken back, nor thrown away for want of room */
	EXPECT_FALSE(pin_note(&memory, "1", 7, PIN_ACCEPTED));
	for (uint64_t pin = 100; pin < 100 + PIN_RECORDS - 1; pin++)
		EXPECT_TRUE(pin_note(&memory, "1", pin, PIN_REJECTED));
	EXPECT_FALSE(pin_note(&memory, "1", 200, PIN_SENT));
	EXPECT_EQ(PIN_REJECTED, pin_fate(&memory, "1", 7));
	/* what was not written was not sent */
	memory = (struct pin_memory){ 0 };
	pin_note(&memory, "1", 7, PIN_SENT);
	pin_unnote(&memory, "1", 7);
	EXPECT_EQ(PIN_FREE, pin_fate(&memory, "1", 7));
}

TEST(the_order_of_apns)
{
	static const char * const one[] = { "internet" };
	static const char * const two[] = { "internet", "wap" };
	static const struct {
		struct apn_known known;
		size_t count;
		const char *names[3];
	} rows[] = {
		{ { .configured_card = "c", .configured = "d", .winner = "w",
		    .guess = true }, 1, { "c" } },
		{ { .configured = "d", .winner = "w", .guess = true }, 1, { "d" } },
		{ { .winner = "w", .network = "n", .database = one, .database_count = 1,
		    .guess = true }, 3, { "w", "n", "internet" } },
		{ { .winner = "w", .network = "W", .guess = true }, 1, { "w" } },
		{ { .database = two, .database_count = 2, .guess = true }, 1, { "" } },
		{ { .winner = "w", .network = "n" }, 0 },
		{ { .configured = "" }, 1, { "" } },
	};
	const char *names[APN_MAX];
	struct apn apns[APN_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(rows[i].count, apn_order("1", &rows[i].known, names, apns));
		for (size_t j = 0; j < rows[i].count; j++) {
			EXPECT_STREQ(rows[i].names[j], names[j]);
			EXPECT_EQ(apn_key("1", names[j]), apns[j].key);
			EXPECT_EQ(apns[j].source >= APN_WINNER, apns[j].guessed);
		}
	}
	EXPECT_NE(apn_key("1", "a"), apn_key("2", "a"));
	EXPECT_EQ(apn_key("1", "Internet"), apn_key("1", "internet"));
}

TEST(who_may_roam)
{
	EXPECT_TRUE(apn_may_roam(ROAMING_AUTO, false, 262));
	EXPECT_FALSE(apn_may_roam(ROAMING_AUTO, true, 262));
	EXPECT_TRUE(apn_may_roam(ROAMING_AUTO, true, 901));
	EXPECT_FALSE(apn_may_roam(ROAMING_HOME, false, 901));
	EXPECT_TRUE(apn_may_roam(ROAMING_ANY, true, 262));
	EXPECT_FALSE(apn_may_roam(77, false, 901));
}

TEST(what_silence_is_worth)
{
	struct health health = { 0 };

	EXPECT_EQ(NEVER, health_next(&health, HEALTH_PASSIVE, 5));
	health_answer(&health, HEALTH_PASSIVE);
	EXPECT_EQ(NEVER, health_next(&health, HEALTH_PROBE, 5));
	EXPECT_EQ(5, health_next(&health, HEALTH_PASSIVE, 5));
	health_redialled(&health, 5);
	EXPECT_EQ(5 + HOUR, health_next(&health, HEALTH_PASSIVE, 6));
	health_redialled(&health, 5 + HOUR);
	EXPECT_EQ(5 + HOUR + DAY, health_next(&health, HEALTH_PASSIVE, 2 * HOUR));
	/* an answer begins anew, but answers that come and go earn one an hour */
	health_answer(&health, HEALTH_PASSIVE);
	EXPECT_EQ(5 + 2 * HOUR, health_next(&health, HEALTH_PASSIVE, 5 + HOUR + 1));
	EXPECT_EQ(3 * HOUR, health_next(&health, HEALTH_PASSIVE, 3 * HOUR));
}

TEST(how_far_faults_climb)
{
	static const struct {
		enum fault fault;
		unsigned int reaches;	/* a mask of rungs, with everything configured */
		enum rung first;
		int64_t first_ms;
	} rows[] = {
		{ FAULT_NONE, 0, RUNG_NONE, NEVER },
		{ FAULT_KEEP, 0, RUNG_NONE, NEVER },
		{ FAULT_CALL, 0xf6, RUNG_REATTACH, 10 * MINUTE },
		{ FAULT_SEARCHING, 0xf6, RUNG_REATTACH, 10 * MINUTE },
		{ FAULT_DENIED, 0xf6, RUNG_REATTACH, 10 * MINUTE },
		{ FAULT_REJECTED, 0x16, RUNG_REATTACH, 10 * MINUTE },
		{ FAULT_REFUSED, 0x04, RUNG_RADIO, DAY },
		{ FAULT_SIM, 0x78, RUNG_SIM_POWER, 2 * MINUTE },
		{ FAULT_CARD, 0x08, RUNG_SIM_POWER, 2 * MINUTE },
		{ FAULT_DEAF, 0xf0, RUNG_MODEM_RESET, 0 },
		{ FAULT_DEAF_ONLINE, 0x30, RUNG_MODEM_RESET, HOUR },
		{ FAULT_ABSENT, 0xc0, RUNG_PORT_POWER, 10 * MINUTE },
		{ FAULT_SILENT, 0xe0, RUNG_USB_RESET, 0 },
		{ FAULT_OFFLINE, 0xf0, RUNG_MODEM_RESET, 5 * MINUTE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct ladder_facts facts = {
			rows[i].fault, true, true, true,
			ladder_rungs(RUNG_HOST_REBOOT), RESETS_MAX,
		};
		struct strikes strikes[BUDGET_KINDS] = { 0 };
		struct ladder ladder;
		unsigned int reached = 0;
		int64_t now = 0, at;

		ladder_init(&ladder);
		ladder_fault(&ladder, rows[i].fault, 0);
		EXPECT_EQ(rows[i].first, ladder_next(&ladder, &facts, strikes, 0, &at));
		EXPECT_EQ(rows[i].first_ms, at);
		while (now < 3 * DAY) {
			enum rung rung = ladder_next(&ladder, &facts, strikes, now, &now);
			enum budget_kind budget = rung_budget(rung);

			if (rung == RUNG_NONE)
				break;
			reached |= 1 << rung;
			ladder_done(&ladder, rung, now);
			if (budget != BUDGET_KINDS)
				EXPECT_TRUE(budget_spend(&strikes[budget], budget, now));
			/* who only searches or is denied is not reset within the hour */
			if (rows[i].fault <= FAULT_REFUSED && now < HOUR)
				EXPECT_LE(rung, RUNG_RADIO);
		}
		EXPECT_EQ(rows[i].reaches, reached);
	}
}

TEST(a_ladder_that_is_frozen)
{
	struct ladder_facts facts = {
		.fault = FAULT_DEAF,
		.rungs = ladder_rungs(RUNG_HOST_REBOOT),
		.max_resets = RESETS_MAX,
	};
	struct strikes strikes[BUDGET_KINDS] = { 0 };
	struct ladder ladder;
	int64_t at;

	ladder_init(&ladder);
	ladder_fault(&ladder, FAULT_DEAF, 0);
	ladder.not_before = 30 * MINUTE;
	EXPECT_EQ(RUNG_MODEM_RESET, ladder_next(&ladder, &facts, strikes, 0, &at));
	EXPECT_EQ(30 * MINUTE, at);
	/* without being configured the last two are never reached */
	for (int i = 0; i < 20; i++) {
		enum rung rung = ladder_next(&ladder, &facts, strikes, at, &at);

		EXPECT_LE(rung, RUNG_USB_RESET);
		ladder_done(&ladder, rung, at);
		budget_spend(&strikes[rung_budget(rung)], rung_budget(rung), at);
	}
}

/* The rungs a fault climbs in three days, and how often each */
static void climb(const struct ladder_facts *facts, unsigned int *ret_times)
{
	struct strikes strikes[BUDGET_KINDS] = { 0 };
	struct ladder ladder;
	int64_t now = 0;

	memset(ret_times, 0, RUNGS * sizeof(*ret_times));
	ladder_init(&ladder);
	ladder_fault(&ladder, facts->fault, 0);
	while (true) {
		enum rung rung = ladder_next(&ladder, facts, strikes, now, &now);
		enum budget_kind budget = rung_budget(rung);

		if (rung == RUNG_NONE || now >= 3 * DAY)
			return;
		ret_times[rung]++;
		ladder_done(&ladder, rung, now);
		if (budget != BUDGET_KINDS)
			ASSERT_TRUE(budget_spend(&strikes[budget], budget, now));
	}
}

TEST(rungs_up_to_one)
{
	EXPECT_EQ(0, ladder_rungs(RUNG_NONE));
	EXPECT_EQ(0x02, ladder_rungs(RUNG_REATTACH));
	EXPECT_EQ(0x1e, ladder_rungs(RUNG_MODEM_RESET));
	EXPECT_EQ(0xfe, ladder_rungs(RUNG_HOST_REBOOT));
}

TEST(a_ladder_that_is_cut_off)
{
	unsigned int times[RUNGS];

	for (enum rung highest = RUNG_NONE; highest < RUNGS; highest++) {
		for (enum fault fault = FAULT_NONE; fault < FAULTS; fault++) {
			struct ladder_facts facts = {
				fault, true, true, true,
				ladder_rungs(highest), RESETS_MAX,
			};

			climb(&facts, times);
			for (int rung = highest + 1; rung < RUNGS; rung++)
				EXPECT_EQ(0, times[rung]);
		}
	}
}

TEST(fewer_resets_a_day_and_never_more)
{
	unsigned int times[RUNGS];

	for (unsigned int max = 0; max <= 10; max++) {
		struct ladder_facts facts = {
			FAULT_DEAF, true, true, true,
			ladder_rungs(RUNG_HOST_REBOOT), max,
		};

		climb(&facts, times);
		EXPECT_LE(times[RUNG_MODEM_RESET], 3 * (max < 4 ? max : 4));
		EXPECT_LE(times[RUNG_USB_RESET], 3 * (max < 2 ? max : 2));
		EXPECT_LE(times[RUNG_PORT_POWER], 3 * (max < 1 ? max : 1));
		/* the host is no modem */
		EXPECT_EQ(3, times[RUNG_HOST_REBOOT]);
		if (max)
			EXPECT_GE(times[RUNG_MODEM_RESET], max < 4 ? max : 4);
	}
}

TEST_HARNESS_MAIN
