// SPDX-License-Identifier: GPL-2.0-or-later
/* How many lines the log gets: steady, and through outages of 24 hours of every kind. */
#include <kselftest_harness.h>
#include <stdio.h>

#include "../../tools/daemon/news.h"
#include "../lib/harness.h"
#include "daemon-site.h"

#define STEADY_A_DAY	10
#define LINES_MAX	8192

static struct site site;
static struct news news;
static int64_t lines[LINES_MAX];	/* when each was said */
static unsigned int n_lines, changes, complaints;

static void say(void)
{
	ASSERT_LT(n_lines, LINES_MAX);
	lines[n_lines++] = site.now;
}

/* As tools/daemon/tell.c does after each step, and where a request fails */
static void watch(struct site *watched, const struct event *event)
{
	const struct machine *m = &watched->m;
	unsigned int left_out;

	for (unsigned int i = 0; i <= m->pdn_count; i++)
		changes += news_look(&news, m, i);
	while (news_next(&news, m, watched->now, &left_out) >= 0)
		say();
	switch (event->type) {
	case EVENT_QMI_TIMEOUT:
	case EVENT_OPEN_FAILED:
	case EVENT_RECORD_FAILED:
		complaints++;
		if (news_may_complain(&news, watched->now, &left_out))
			say();
		break;
	default:
		break;
	}
}

static void begin(uint32_t seed)
{
	n_lines = 0;
	changes = 0;
	complaints = 0;
	site_init(&site, seed);
	news_init(&news, 0);
	site.watch = watch;
	site_plug(&site);
	site_start(&site, BOOT_NOW);
	site_run(&site, HOUR);
	ASSERT_TRUE(site_is_online(&site));
}

/* The most lines in any 24 hours */
static unsigned int worst_day(void)
{
	unsigned int worst = 0, from = 0;

	for (unsigned int i = 0; i < n_lines; i++) {
		while (lines[i] - lines[from] >= DAY)
			from++;
		if (i - from + 1 > worst)
			worst = i - from + 1;
	}
	return worst;
}

/* Good again: it comes online, which is said, soon */
static void expect_its_end_is_said(const char *outage)
{
	unsigned int before;

	site_run(&site, 26 * HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(PDN_ONLINE, news.said[1].state);
	EXPECT_FALSE(news.open[1]);
	EXPECT_LE(worst_day(), NEWS_A_DAY);
	EXPECT_GE(n_lines, 1 + 1);
	/* what is steady again says nothing */
	before = n_lines;
	site_run(&site, DAY);
	EXPECT_LE(n_lines - before, STEADY_A_DAY);
	EXPECT_EQ(0, site.broken);
	printf("# %s: %u changes, %u failures, %u lines in all, %u in the worst day\n",
	       outage, changes, complaints, n_lines, worst_day());
}

TEST(a_site_that_is_well_says_little)
{
	unsigned int before;

	begin(1);
	for (int day = 0; day < 30; day++) {
		before = n_lines;
		site_run(&site, DAY);
		EXPECT_LE(n_lines - before, STEADY_A_DAY);
	}
	printf("# 30 days: %u lines after the %u of the start\n", n_lines - before, before);
	EXPECT_EQ(0, site.broken);
}

TEST(a_network_that_ends_each_call_once_a_day)
{
	unsigned int before;

	begin(2);
	site.drop_ms = DAY;
	site_drop(&site, 6, 36);
	site_run(&site, 2 * DAY);
	for (int day = 0; day < 10; day++) {
		before = n_lines;
		site_run(&site, DAY);
		EXPECT_LE(n_lines - before, STEADY_A_DAY);
		EXPECT_GE(n_lines, before + 1);
	}
}

TEST(denied_for_a_day)
{
	begin(3);
	site_network(&site, REG_DENIED, 15);
	site_run(&site, DAY);
	site_network(&site, REG_HOME, 0);
	expect_its_end_is_said("denied");
}

/* Every minute something else: refused, nothing in sight, and a call that ends */
TEST(a_network_that_flaps_for_a_day)
{
	begin(4);
	for (int i = 0; i < 24 * 60; i++) {
		site_network(&site, i % 3 ? REG_HOME : REG_DENIED, 11 + i % 7);
		site_run(&site, MINUTE);
	}
	EXPECT_GE(changes, 1000 + 1);
	site_network(&site, REG_HOME, 0);
	expect_its_end_is_said("flapping");
}

TEST(calls_that_end_after_a_minute_for_a_day)
{
	begin(5);
	site.drop_ms = 70 * SECOND;
	site_drop(&site, 6, 36);
	site_run(&site, DAY);
	EXPECT_GE(changes, 100 + 1);
	site.drop_ms = 0;
	site_drop(&site, 6, 36);
	expect_its_end_is_said("calls that end");
}

static void tell_bearer(enum event_type type)
{
	site_event(&site, &(struct event){ .type = type, .test = HEALTH_PASSIVE });
}

/* Packets go out and none come in; now and then one does */
TEST(a_dead_bearer_for_a_day)
{
	begin(6);
	tell_bearer(EVENT_ANSWERED);
	for (int i = 0; i < 24 * 60; i++) {
		site_run(&site, MINUTE);
		if (site_is_online(&site))
			tell_bearer(i % 5 ? EVENT_SILENCE : EVENT_ANSWERED);
	}
	EXPECT_GE(changes, 100 + 1);
	tell_bearer(EVENT_ANSWERED);
	expect_its_end_is_said("dead bearer");
}

TEST(firmware_that_hangs_for_a_day)
{
	begin(7);
	site.deaf = true;
	site.hard = true;
	for (int i = 0; i < 24 * 60; i++) {
		site_happens(&site, EVENT_QMI_TIMEOUT);
		site_run(&site, MINUTE);
	}
	EXPECT_GE(complaints, 1000 + 1);
	site.hard = false;
	site.deaf = false;
	site_crash(&site);
	expect_its_end_is_said("hung firmware");
}

TEST(a_card_with_a_bad_contact_for_a_day)
{
	begin(8);
	for (int i = 0; i < 24 * 60; i++) {
		site_card(&site, i % 2 ? "89490200001234567890" : "");
		site_run(&site, MINUTE);
	}
	EXPECT_GE(changes, 1000 + 1);
	site_card(&site, "89490200001234567890");
	expect_its_end_is_said("bad contact");
}

TEST(a_plug_that_is_loose_for_a_day)
{
	begin(9);
	for (int i = 0; i < 24 * 30; i++) {
		site_unplug(&site);
		site_run(&site, MINUTE);
		site_plug(&site);
		site_run(&site, MINUTE);
	}
	EXPECT_GE(changes, 1000 + 1);
	expect_its_end_is_said("loose plug");
}

/* All of it by chance, a week long: no day of it says more */
TEST(a_week_of_all_of_it)
{
	for (uint32_t seed = 1; seed <= 20; seed++) {
		begin(seed);
		while (site.now < 7 * DAY) {
			switch (site_random(&site) % 6) {
			case 0:
				site_network(&site, REG_DENIED, site_random(&site) % 40);
				break;
			case 1:
				site_network(&site, REG_HOME, 0);
				break;
			case 2:
				site_drop(&site, 6, site_random(&site) % 60);
				break;
			case 3:
				site_crash(&site);
				break;
			case 4:
				tell_bearer(EVENT_SILENCE);
				break;
			case 5:
				site_happens(&site, EVENT_QMI_TIMEOUT);
				break;
			}
			site_run(&site, 1 + site_random(&site) % (10 * MINUTE));
		}
		EXPECT_LE(worst_day(), NEWS_A_DAY);
		EXPECT_GE(changes, n_lines + 1);
	}
	printf("# the last of 20: %u changes, %u lines, %u in the worst day\n", changes,
	       n_lines, worst_day());
}

/* That it was online before says nothing to who has taken its file away since */
TEST(what_is_wanted_again_is_said_again)
{
	unsigned int before;

	begin(12);
	before = n_lines;
	site.config.managed = false;
	site.config.pdn_count = 0;
	site_config(&site);
	site_run(&site, MINUTE);
	EXPECT_EQ(before + 1, n_lines);
	site.config.managed = true;
	site.config.pdn_count = 1;
	site_config(&site);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	/* the modem, and its PDN */
	EXPECT_EQ(before + 3, n_lines);
}

/* A call that another configuration replaced: the modem says nothing of it */
TEST(what_is_dialled_by_another_file_is_said)
{
	unsigned int before;

	begin(13);
	before = n_lines;
	site.config.pdn[0].apn[0].key++;
	site_config(&site);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(before + 1, n_lines);
}

/* What was left out is not lost: the next line has its number */
TEST(what_is_left_out_is_counted)
{
	unsigned int left_out = 0, said = 0, counted = 0;
	struct machine m = { 0 };

	news_init(&news, 0);
	for (unsigned int i = 0; i < 1000; i++) {
		m.state = i % 2 ? MODEM_DENIED : MODEM_SEARCHING;
		EXPECT_TRUE(news_look(&news, &m, NEWS_MODEM));
		EXPECT_FALSE(news_look(&news, &m, NEWS_MODEM));
		while (news_next(&news, &m, i * MINUTE, &left_out) >= 0) {
			said++;
			counted += left_out;
		}
	}
	while (news_next(&news, &m, 1000 * MINUTE + HOUR, &left_out) >= 0) {
		said++;
		counted += left_out;
	}
	EXPECT_LE(said, NEWS_A_DAY);
	EXPECT_EQ(MODEM_DENIED, news.said[0].state);
	/* a change back to what was said last is none */
	EXPECT_LE(said + counted + news.changes, 1000);
	EXPECT_GE(said + counted + news.changes, 500);
}

TEST_HARNESS_MAIN
