// SPDX-License-Identifier: GPL-2.0-or-later
/* A module whose firmware is replaced: left alone meanwhile, and for a while after it. */
#include <kselftest_harness.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

static const char *cause(void)
{
	static struct word token;
	struct why why = machine_why(&site.m, site.now);

	token = cause_token(&why.cause);
	return token.s;
}

TEST(a_firmware_update_is_left_in_peace)
{
	uint64_t before;

	site_go_online(&site);
	before = site.tally[ACTION_OPEN];
	site_happens(&site, EVENT_UPDATE);
	for (int i = 0; i < 3; i++) {
		site_unplug(&site);
		site_run(&site, 25 * MINUTE);
		site_plug(&site);
		site_run(&site, MINUTE);
	}
	EXPECT_STREQ("firmware-update", cause());
	EXPECT_EQ(before, site.tally[ACTION_OPEN]);
	EXPECT_EQ(0, site_resets(&site));
	/* it runs, and stays: online soon, whatever its revision is */
	site_run(&site, 3 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* Hung and offline it would be reset at once */
static void expect_frozen(int64_t ms)
{
	site_network(&site, REG_SEARCHING, 0);
	site_run(&site, MINUTE);
	ASSERT_FALSE(site_is_online(&site));
	site.deaf = true;
	site_happens(&site, EVENT_HUNG);
	site_run(&site, ms);
	EXPECT_EQ(0, site_resets(&site));
	site_run(&site, 5 * MINUTE);
	EXPECT_LT(0, site_resets(&site));
	expect_sound();
}

TEST(firmware_that_was_updated_is_not_reset_at_once)
{
	site_go_online(&site);
	site_unplug(&site);
	site_run(&site, MINUTE);
	site_happens(&site, EVENT_UPDATE);
	site_run(&site, 5 * MINUTE);
	site_plug(&site);
	site_run(&site, 3 * MINUTE);
	ASSERT_TRUE(site_is_online(&site));
	expect_frozen(26 * MINUTE);
}

TEST(firmware_of_another_revision_is_not_reset_at_once)
{
	site_go_online(&site);
	site.revision = 2;
	site_crash(&site);
	site_run(&site, MINUTE);
	ASSERT_TRUE(site_is_online(&site));
	expect_frozen(26 * MINUTE);
}

TEST(nor_if_it_was_replaced_while_m2md_was_away)
{
	site_go_online(&site);
	site.revision = 2;
	site_kill(&site);
	site_run(&site, MINUTE);
	ASSERT_TRUE(site_is_online(&site));
	expect_frozen(26 * MINUTE);
}

TEST(firmware_of_the_same_revision_is)
{
	site_go_online(&site);
	site_crash(&site);
	site_run(&site, MINUTE);
	ASSERT_TRUE(site_is_online(&site));
	expect_frozen(0);
}

TEST(a_module_that_waits_for_firmware_for_ever)
{
	site_go_online(&site);
	site.config.port_power = true;
	site_config(&site);
	site_run(&site, MINUTE);
	site_unplug(&site);
	site_run(&site, MINUTE);
	site_happens(&site, EVENT_UPDATE);
	site_run(&site, 29 * MINUTE);
	EXPECT_STREQ("firmware-update", cause());
	EXPECT_EQ(0, site_resets(&site));
	/* nobody writes any: its power is switched off and on after all */
	site_run(&site, 20 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_PORT_POWER]);
	expect_sound();
}

TEST_HARNESS_MAIN
