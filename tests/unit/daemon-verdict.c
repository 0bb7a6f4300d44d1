// SPDX-License-Identifier: GPL-2.0-or-later
/* `m2mctl health`: a person has to act where m2md can do nothing, and nowhere else. */
#include <kselftest_harness.h>
#include <string.h>

#include "../../tools/daemon/verdict.h"
#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void begin(void)
{
	site_init(&site, 1);
	site_plug(&site);
	site_start(&site, BOOT_NOW);
}

static enum verdict after(int64_t ms)
{
	site_run(&site, ms);
	EXPECT_EQ(0, site.broken);
	return verdict_of(&site.m);
}

TEST(it_begins_and_is_online)
{
	begin();
	EXPECT_EQ(VERDICT_TRYING, verdict_of(&site.m));
	EXPECT_EQ(VERDICT_ONLINE, after(5 * MINUTE));
	EXPECT_EQ(VERDICT_ONLINE, after(DAY));
}

TEST(nobody_asked_for_it)
{
	site_init(&site, 1);
	site.config.managed = false;
	site_plug(&site);
	site_start(&site, BOOT_NOW);
	EXPECT_EQ(VERDICT_WATCHED, after(HOUR));
	EXPECT_TRUE(verdict_is_well(VERDICT_WATCHED));
}

/* However permanent it calls it: nobody at the site can change that */
TEST(what_the_network_refuses_is_tried_for_ever)
{
	begin();
	after(HOUR);
	site_network(&site, REG_DENIED, 3);
	EXPECT_EQ(VERDICT_TRYING, after(HOUR));
	EXPECT_EQ(VERDICT_TRYING, after(3 * DAY));
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	EXPECT_EQ(VERDICT_TRYING, after(HOUR));
	EXPECT_EQ(VERDICT_TRYING, after(49 * HOUR));
	site.answer = SITE_ACCEPTS;
	EXPECT_EQ(VERDICT_ONLINE, after(26 * HOUR));
}

TEST(hung_firmware_is_tried_while_there_are_ways)
{
	begin();
	after(HOUR);
	site.deaf = true;
	for (int i = 0; i < 6 * 60; i++) {
		site_happens(&site, EVENT_QMI_TIMEOUT);
		EXPECT_EQ(true, verdict_is_well(after(MINUTE)));
	}
	EXPECT_EQ(VERDICT_ONLINE, verdict_of(&site.m));
}

TEST(a_card_is_a_persons)
{
	begin();
	after(HOUR);
	site_card(&site, "");
	EXPECT_EQ(VERDICT_PERSON, after(30 * MINUTE));
	site_card(&site, "89490200001234567890");
	EXPECT_EQ(VERDICT_ONLINE, after(26 * HOUR));
}

TEST(a_pin_is_a_persons)
{
	begin();
	site.card_pin = 1;
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
	begin();
	site.card_pin = 1;
	site.config.pin = 2;
	site_start(&site, BOOT_NOW);
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
	EXPECT_EQ(1, site.pins_wrong);
	site.config.pin = 1;
	site_config(&site);
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
	begin();
	site.card_pin = 1;
	site.tries = 0;
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
}

TEST(a_configuration_is_a_persons)
{
	begin();
	after(HOUR);
	site.config.pdn[0].apn_count = 0;
	site_config(&site);
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
	site_init(&site, 1);
	site.config.roaming = ROAMING_HOME;
	site_plug(&site);
	site_start(&site, BOOT_NOW);
	site_network(&site, REG_ROAMING, 0);
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
	site_network(&site, REG_HOME, 0);
	EXPECT_EQ(VERDICT_ONLINE, after(HOUR));
}

TEST(a_modem_that_is_away)
{
	begin();
	after(HOUR);
	site_unplug(&site);
	EXPECT_EQ(VERDICT_TRYING, after(MINUTE));
	/* nothing is left to try without port power and reboot */
	EXPECT_EQ(VERDICT_PERSON, after(HOUR));
	site_plug(&site);
	EXPECT_EQ(VERDICT_ONLINE, after(HOUR));
}

TEST(held_is_well_and_ends)
{
	begin();
	after(HOUR);
	site_event(&site, &(struct event){ .type = EVENT_HOLD, .ms = 30 * MINUTE });
	EXPECT_EQ(VERDICT_HELD, after(29 * MINUTE));
	EXPECT_TRUE(verdict_is_well(VERDICT_HELD));
	EXPECT_EQ(VERDICT_ONLINE, after(5 * MINUTE));
	EXPECT_EQ(0, site.tally[ACTION_HANG_UP]);
}

TEST(someone_elses_modem)
{
	begin();
	after(HOUR);
	site_happens(&site, EVENT_RESTARTED);
	site_event(&site, &(struct event){ .type = EVENT_OPEN_FAILED, .busy = true });
	EXPECT_STREQ("in-use", cause_token(&site.m.cause).s);
	EXPECT_EQ(VERDICT_PERSON, verdict_of(&site.m));
	EXPECT_EQ(VERDICT_ONLINE, after(HOUR));
}

TEST(each_verdict_has_a_word)
{
	static const char * const words[] = {
		"watched", "online", "held", "trying", "person",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		EXPECT_STREQ(words[i], verdict_token(i));
		EXPECT_EQ(i != VERDICT_PERSON, verdict_is_well(i));
	}
}

TEST_HARNESS_MAIN
