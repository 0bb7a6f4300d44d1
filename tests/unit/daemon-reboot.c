// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host that comes up again and again, with a modem whose calls are counted: by a machine
 * that knows of its earlier lives no more than what is truly on disk, in the form in which it
 * stands there. The site counts what the network sees, in its own time.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>

#include "../../tools/daemon/state.h"
#include "../lib/harness.h"
#include "daemon-site.h"

#define ID	"860000000000011"

static struct site site;
static struct state *state;
static char *directory;

/* Written, and read by the next process */
static void through(struct saved *saved)
{
	state_save(state, ID, saved, NULL, NULL, 0);
	state_close(state);
	state = state_open(directory);
	ASSERT_TRUE(state_load(state, ID, saved));
	/* the site's host comes up where this one does not */
	EXPECT_TRUE(saved->same_boot);
	saved->same_boot = false;
}

/* With PDNs of one access point, whose hour they share */
static void begin(uint32_t seed, unsigned int pdns)
{
	directory = g_dir_make_tmp("m2m-reboot-XXXXXX", NULL);
	ASSERT_TRUE(directory);
	state = state_open(directory);
	site_init(&site, seed);
	site.config.pdn_count = pdns;
	site.config.pdn[0].families = FAMILY_BOTH;
	for (unsigned int i = 1; i < pdns; i++)
		site.config.pdn[i] = site.config.pdn[0];
	site.through = through;
	site_plug(&site);
	site_start(&site, BOOT_NOW);
}

static void end(void)
{
	GDir *dir = g_dir_open(directory, 0, NULL);
	const char *name;

	state_close(state);
	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(directory, name, NULL);

		g_unlink(path);
		g_free(path);
	}
	g_dir_close(dir);
	EXPECT_EQ(0, g_rmdir(directory));
	g_free(directory);
	EXPECT_EQ(0, site.broken);
}

/* Dead in a moment, its modem with it, and boot time begins again */
static void dies(void)
{
	site.clock_skew = -site.now;
	memset(site.call, 0, sizeof(site.call));
	site_power_cut(&site, false);
	site_crash(&site);
}

/* Up for so long each time */
static void lives(int64_t ms, int64_t in_all)
{
	for (int64_t until = site.now + in_all; site.now < until;) {
		site_run(&site, ms);
		dies();
	}
}

static const struct { enum site_answer answer; int16_t number; int64_t drop_ms; } networks[] = {
	{ SITE_ACCEPTS }, { SITE_REFUSES, 33 }, { SITE_REFUSES, 38 }, { SITE_IGNORES },
	{ SITE_ACCEPTS, 0, 5 * SECOND },
};

static const int64_t minutes[] = { 1, 3, 7, 20 };

static void expect_caps(size_t network, size_t life, unsigned int pdns)
{
	begin(1 + network + 10 * life, pdns);
	site.answer = networks[network].answer;
	site.end.number = networks[network].number;
	site.drop_ms = networks[network].drop_ms;
	site.other_end = site.end;
	lives(minutes[life] * MINUTE, DAY);
	/* it goes on trying, all day long */
	printf("# %d/%d, up for %d min: %u calls, %u writes\n",
	       (int)networks[network].answer, networks[network].number,
	       (int)minutes[life], site.calls, site.records.count);
	EXPECT_LE(24, site.calls);
	EXPECT_LE(site.records.count, POLICY_MAX_WRITES);
	end();
}

/* Whatever the network says, and whether its calls are counted as one thing or the other */
TEST_TIMEOUT(caps_hold_over_any_number_of_boots, 300)
{
	for (size_t i = 0; i < ARRAY_SIZE(networks); i++)
		for (size_t j = 0; j < ARRAY_SIZE(minutes); j++)
			expect_caps(i, j, 1);
}

TEST_TIMEOUT(caps_of_an_access_point_hold_for_all_its_pdns, 300)
{
	for (size_t i = 0; i < ARRAY_SIZE(networks); i++)
		for (size_t j = 0; j < ARRAY_SIZE(minutes); j++)
			expect_caps(i, j, PDN_MAX);
}

/* Nobody waits for the first few cuts of a day */
TEST(a_few_boots_dial_at_once)
{
	begin(5, 1);
	for (int boot = 0; boot < 4; boot++) {
		site_run(&site, 2 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		dies();
	}
	end();
}

/* A boot of many is online after its wait, and that is no fault of anybody's */
TEST(the_last_of_many_boots_comes_online)
{
	struct why why;

	begin(7, 1);
	lives(3 * MINUTE, 2 * HOUR);
	site_run(&site, 30 * SECOND);
	why = machine_why_pdn(&site.m, 0, site.now);
	EXPECT_STREQ("waiting", why.state);
	EXPECT_STREQ("activation-cap", cause_token(&why.cause).s);
	site_run(&site, 21 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site.tally[ACTION_RESET_MODEM]);
	EXPECT_EQ(0, site.tally[ACTION_RADIO_OFF]);
	/* what is counted leaves the hour, on disk as well */
	site_run(&site, 2 * HOUR);
	dies();
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	end();
}

/* Nor is it one where m2md alone begins anew */
TEST(a_restart_of_m2md_is_no_boot)
{
	begin(11, 1);
	lives(3 * MINUTE, 2 * HOUR);
	site.disk.same_boot = true;
	site_power_cut(&site, false);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	end();
}

/* The host dies of the call itself, before anybody knows what became of it */
TEST(a_call_that_kills_its_host_is_counted)
{
	unsigned int before;

	begin(9, 1);
	for (int boot = 0; boot < 60; boot++) {
		before = site.tally[ACTION_DIAL];
		for (int i = 0; i < 600 && site.tally[ACTION_DIAL] == before; i++)
			site_run(&site, SECOND / 2);
		/* what was written is on disk: nothing else is */
		site.clock_skew = -site.now;
		site_power_cut(&site, false);
		site_crash(&site);
	}
	/* half an hour's cap, and some that waited */
	EXPECT_LE(site.calls, 2 * 60 / 2);
	end();
}

TEST_HARNESS_MAIN
