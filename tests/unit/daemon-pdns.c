// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * m2md's machine with two PDNs, every way there is, as daemon-model.c has it for one.
 *
 * It is known which calls are up in the modem, whatever the machine knows. Judged of each
 * step: what ends calls is not done while one is up in a modem that answers, nor is a call
 * in the way ended that is the other PDN's; what is said to one PDN leaves the other as it
 * is; no budget nor cap of an access point is exceeded, and nothing done that is not on
 * disk; nobody dials abroad who may not; no reboot for what is refused for good; there is
 * a next timer, and one for each PDN that waits. From each state in which all becomes well
 * both are online within two hours, or when the network's own timer ends.
 *
 * What happens: each PDN's call comes up, is refused for now, for good, with a wait of
 * minutes or hours or a call to register anew, finds another in its way, is found or not
 * after a restart of m2md, falls silent, ends; hours of refusals, the same for both or not;
 * the modem restarts, hangs, times out, loses its network, roams; m2md is killed, stopped,
 * told to let go, told of one PDN instead of two; records fail; the power is cut.
 *
 * First the PDNs have an access point each, of which abroad one may be called. Then they
 * share one that has seven activations left of an hour, each call is of two families, and
 * nothing happens but calls, kills and one PDN instead of two; there which PDN is which
 * makes no difference.
 *
 * What it leaves out: the card is always ready, there are no settings to write, and data
 * never runs out: daemon-model.c has all that. Nor does the ladder of a modem that does not
 * answer stand in a view, nor how full an hour is that was begun in another boot, which
 * daemon-reboot.c has, nor a third PDN, which daemon-random.c has.
 */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "daemon-site.h"
#include "daemon-world.h"

static struct world_rules rules;
static struct world root;
static struct site site;

/* Two PDNs, of which the second is as the first but for its access point */
static void configure(void)
{
	site_init(&site, 1);
	rules = (struct world_rules){ .both = site.config, .watched = OUTCOME_SUCCESS };
	rules.both.host_reboot = true;
	rules.both.pdn_count = WORLD_PDNS;
	rules.both.pdn[1] = rules.both.pdn[0];
	rules.both.pdn[1].apn[0].key++;
}

static void search(void)
{
	rules.one = rules.both;
	rules.one.pdn_count = 1;
	world_search(&root);
}

/* --- liveness ----------------------------------------------------------------------- */

static void place(const struct world *world)
{
	site_init(&site, 1);
	site.config = rules.both;
	site.m = world->m;
	site.disk = world->disk;
	site.now = world->m.last_now;
	site.timer_at = site.now;
	snprintf(site.iccid, sizeof(site.iccid), "1");
	site.plugged = true;
	site.up = true;
	site.radio_on = true;
	site.registered = true;
	for (unsigned int i = 0; i < WORLD_PDNS; i++) {
		struct event found = { .type = EVENT_PDN_UP, .pdn = i };

		if (world->up[i])
			found.families = rules.both.pdn[i].families;
		site.call[i] = found.families;
		if (world->owes[i] & WORLD_OWES_ADOPT)
			site_queue(&site, SECOND, found, true);
	}
	if (!world->m.ready)
		site_happens(&site, EVENT_READY);
	if (world->one)
		site_config(&site);
}

static void expect_online(const struct world *world)
{
	int64_t wait = 2 * HOUR;

	place(world);
	/* the network's own timer may be the longer one */
	for (unsigned int i = 0; i < WORLD_PDNS; i++)
		if (world_wait_left(&world->m, i) + 5 * MINUTE > wait)
			wait = world_wait_left(&world->m, i) + 5 * MINUTE;
	site_run(&site, wait);
	if (site.broken)
		world_broken(world, site.why_broken);
	for (unsigned int i = 0; i < WORLD_PDNS; i++) {
		struct why why = machine_why_pdn(&site.m, i, site.now);

		if (site.m.pdn[i].state == PDN_ONLINE)
			continue;
		printf("# PDN %u: %s, %s\n", i, why.state, cause_token(&why.cause).s);
		world_broken(world, "not online after two hours in which all was well");
	}
}

static void expect_each_online(void)
{
	for (uint32_t i = 0; i < world_count(); i++)
		expect_online(world_at(i));
}

/* One is guessed: abroad the other may be called alone */
TEST_TIMEOUT(every_way_of_two_pdns, 600)
{
	configure();
	rules.both.pdn[1].apn[0].guessed = true;
	world_begin(&rules, &root);
	search();
	expect_each_online();
}

/* --- an hour of both ---------------------------------------------------------------- */

/* It has seven activations left, in ten minutes more: each call takes two */
static void fill_hour(void)
{
	struct kept *kept = &root.m.saved.kept[0];
	unsigned int n = activations_max(rules.watched) - 7;

	kept->key = rules.both.pdn[0].apn[0].key;
	for (unsigned int i = 0; i < n; i++) {
		int64_t at = (i < n / 2 ? -50 : -1) * MINUTE;

		tally_add(&kept->activations.of[rules.watched], HOUR, at);
		root.made_at[root.made++] = at;
	}
}

/* Both of one access point, and each call two activations: whatever comes of them */
TEST_TIMEOUT(every_way_of_one_access_point, 600)
{
	for (int outcome = 0; outcome < OUTCOMES; outcome++) {
		configure();
		rules.calls_only = true;
		rules.same = true;
		rules.watched = outcome;
		rules.both.rungs = 0;
		rules.both.pdn[0].families = FAMILY_BOTH;
		rules.both.pdn[1] = rules.both.pdn[0];
		world_begin(&rules, &root);
		fill_hour();
		search();
		expect_each_online();
	}
}

TEST_HARNESS_MAIN
