// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PDNs of one modem beside each other: what is done for one is not done to the others, and
 * what they share is counted once.
 */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "daemon-site.h"

#define REFUSED_FOR_NOW		38
#define REFUSED_FOR_GOOD	33

static struct site site;

/* PDNs that have an access point each */
static void configure(uint32_t seed, unsigned int pdns)
{
	site_init(&site, seed);
	site.config.pdn_count = pdns;
	for (unsigned int i = 1; i < pdns; i++) {
		site.config.pdn[i] = site.config.pdn[0];
		site.config.pdn[i].apn[0].key += i;
	}
	site_plug(&site);
}

/* Two of them online for long */
static void go_online(void)
{
	configure(1, 2);
	site_start(&site, BOOT_NONE);
	site_run(&site, 20 * MINUTE);
	ASSERT_TRUE(site_is_whole(&site));
}

static void found(unsigned int pdn)
{
	const struct event up = { .type = EVENT_PDN_UP, .pdn = pdn,
				  .families = site.call[pdn] };

	site_event(&site, &up);
}

/* --- what ends every call ------------------------------------------------------------ */

/*
 * Nobody answers a call for some hours, until a rung is on its way to the disk: has the second
 * PDN one under way then?
 */
static bool is_ignored_until(enum rung rung, int hours)
{
	site.answer = SITE_IGNORES;
	site_start(&site, BOOT_NONE);
	site_run(&site, hours * HOUR - MINUTE);
	while (site.m.rung != rung && site.now < hours * HOUR + 5 * MINUTE)
		site_run(&site, 10);
	return site.m.rung == rung && site.m.pdn[1].state == PDN_DIALLING;
}

TEST(a_call_that_comes_up_while_a_reset_is_recorded)
{
	const struct event up = { .type = EVENT_PDN_UP, .pdn = 1, .families = FAMILY_V4 };
	unsigned int met = 0;

	for (uint32_t seed = 1; seed <= 40; seed++) {
		configure(seed, 2);
		if (!is_ignored_until(RUNG_MODEM_RESET, 1))
			continue;
		met++;
		site_queue(&site, 10, up, true);
		site_run(&site, SECOND);
		EXPECT_EQ(PDN_ONLINE, site.m.pdn[1].state);
		EXPECT_EQ(0, site_resets(&site));
		/* it is spent all the same, and what fails later is helped later */
		EXPECT_EQ(1, site.m.saved.strikes[BUDGET_MODEM_RESET].count);
		site_run(&site, 30 * MINUTE);
		EXPECT_EQ(0, site_resets(&site));
		site_run(&site, 2 * HOUR);
		EXPECT_LE(1, site_resets(&site));
		EXPECT_EQ(0, site.broken);
	}
	EXPECT_LE(3, met);
}

/* After a restart of m2md the modem is slow to say of a call that it is up */
static void restart_and_lose_first(void)
{
	go_online();
	site.mute = 1 << 1;
	site.spared = 1 << 1;
	site.call[0] = 0;
	site_kill(&site);
}

TEST(what_is_in_the_way_may_be_a_call_that_is_not_found_yet)
{
	restart_and_lose_first();
	site.in_the_way = true;
	site_run(&site, 12 * SECOND);
	EXPECT_EQ(PDN_ADOPTING, site.m.pdn[1].state);
	EXPECT_EQ(0, site.tally[ACTION_HANG_UP_ALL]);
	EXPECT_EQ(1, site.tally[ACTION_HANG_UP]);
	found(1);
	EXPECT_EQ(PDN_ONLINE, site.m.pdn[1].state);
	site_run(&site, HOUR);
	EXPECT_EQ(0, site.tally[ACTION_HANG_UP_ALL]);
	EXPECT_EQ(0, site.broken);
}

TEST(nobody_registers_anew_over_a_call_that_is_not_found_yet)
{
	restart_and_lose_first();
	site.answer = SITE_REFUSES;
	site.end.number = 39;
	site_run(&site, 12 * SECOND);
	EXPECT_EQ(PDN_WAITING, site.m.pdn[0].state);
	EXPECT_EQ(PDN_ADOPTING, site.m.pdn[1].state);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	found(1);
	site_run(&site, HOUR);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	EXPECT_EQ(PDN_ONLINE, site.m.pdn[1].state);
	/* it is done as soon as it costs nothing */
	site.spared = 0;
	site.other_end = site.end;
	site_drop_pdn(&site, 1, 6, 36);
	site_run(&site, MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_REATTACH]);
	EXPECT_EQ(0, site.broken);
}

/* --- a refusal for good, and the host ------------------------------------------------- */

TEST(a_moment_without_network_is_no_reason_to_reboot)
{
	configure(1, 2);
	site.config.host_reboot = true;
	site.answer = SITE_REFUSES;
	site.end.number = REFUSED_FOR_NOW;
	site.other_end = (struct cause){ CAUSE_CALL_END, 6, REFUSED_FOR_GOOD };
	site_start(&site, BOOT_NONE);
	site_run(&site, 10 * HOUR);
	/* between what the ladder does by itself */
	while (site.m.state != MODEM_REGISTERED || site.m.pdn[1].state != PDN_WAITING ||
	       site.m.clock - site.m.ladder.done[RUNG_RADIO] < 10 * MINUTE)
		site_run(&site, MINUTE);
	site_network(&site, REG_SEARCHING, 0);
	site_run(&site, 4 * HOUR);
	EXPECT_EQ(0, site.tally[ACTION_REBOOT]);
	/* what was refused long ago is none for ever */
	site_run(&site, 3 * HOUR);
	EXPECT_EQ(1, site.tally[ACTION_REBOOT]);
	EXPECT_EQ(0, site.broken);
}

TEST(a_refusal_for_good_while_a_reboot_is_recorded)
{
	const struct event refused = { .type = EVENT_PDN_END, .pdn = 1,
				       .families = FAMILY_V4,
				       .cause = { CAUSE_CALL_END, 6, REFUSED_FOR_GOOD } };
	unsigned int met = 0;

	for (uint32_t seed = 1; seed <= 40; seed++) {
		configure(seed, 2);
		site.config.host_reboot = true;
		if (!is_ignored_until(RUNG_HOST_REBOOT, 6))
			continue;
		met++;
		site_event(&site, &refused);
		site_run(&site, MINUTE);
		EXPECT_EQ(0, site.tally[ACTION_REBOOT]);
		EXPECT_EQ(0, site.broken);
	}
	EXPECT_LE(3, met);
}

/* --- what is counted ------------------------------------------------------------------ */

static unsigned int ignored(uint64_t key)
{
	for (int i = 0; i < KEPT_MAX; i++)
		if (site.m.saved.kept[i].key == key)
			return tally_count(&site.m.saved.kept[i].activations
							.of[OUTCOME_IGNORED],
					   HOUR, site.m.clock);
	return 0;
}

/* Who asks for another configuration meanwhile has made it all the same */
TEST(a_call_under_way_counts_for_its_own_access_point)
{
	configure(1, 2);
	site.answer = SITE_IGNORES;
	site_start(&site, BOOT_NONE);
	site_run(&site, MINUTE);
	ASSERT_EQ(PDN_DIALLING, site.m.pdn[0].state);
	ASSERT_EQ(PDN_DIALLING, site.m.pdn[1].state);
	site.config.pdn[0].apn[0].key = 9;
	site.config.pdn_count = 1;
	site_config(&site);
	EXPECT_EQ(1, ignored(4711));
	EXPECT_EQ(1, ignored(4712));
	EXPECT_EQ(0, ignored(9));
	EXPECT_EQ(2, site.tally[ACTION_HANG_UP]);
}

static unsigned int most[PDN_MAX];

static void note_hour(struct site *noted, const struct event *event)
{
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		unsigned int n = site_count(noted, &noted->by_outcome[i][OUTCOME_SUCCESS], HOUR);

		most[i] = n > most[i] ? n : most[i];
	}
}

/* Each of them alone stays far below the cap, with 2 activations in 11 minutes */
TEST(pdns_of_one_access_point_share_its_hour)
{
	configure(1, PDN_MAX);
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		site.config.pdn[i].families = FAMILY_BOTH;
		site.config.pdn[i].apn[0].key = 100 + (i == PDN_MAX - 1);
	}
	site.drop_ms = 11 * MINUTE;
	site.watch = note_hour;
	site_start(&site, BOOT_NONE);
	site_run(&site, DAY);
	EXPECT_LE(most[0], activations_max(OUTCOME_SUCCESS));
	/* and nobody is kept from what is left, or is the other's */
	EXPECT_LE(activations_max(OUTCOME_SUCCESS) - 4, most[0]);
	EXPECT_LE(10, most[PDN_MAX - 1]);
	EXPECT_LE(most[PDN_MAX - 1], 12);
	EXPECT_EQ(0, site.broken);
}

TEST_HARNESS_MAIN
