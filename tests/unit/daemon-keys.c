// SPDX-License-Identifier: GPL-2.0-or-later
/* What keys of the configuration ask of m2md's machine besides a call. */
#include <kselftest_harness.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void online(void)
{
	site_init(&site, 1);
	site_plug(&site);
	site_start(&site, false);
	site_run(&site, 15 * MINUTE);
	ASSERT_TRUE(site_is_online(&site));
}

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

static const char *cause(void)
{
	static struct word token;
	struct why why = machine_why_pdn(&site.m, 0);

	token = cause_token(&why.cause);
	return token.s;
}

static uint64_t resets(void)
{
	return site.tally[ACTION_RESET_MODEM] + site.tally[ACTION_RESET_USB] +
	       site.tally[ACTION_PORT_POWER] + site.tally[ACTION_REBOOT];
}

/* --- settings of the modem ---------------------------------------------------------- */

TEST(the_attach_is_set_before_the_radio)
{
	site_init(&site, 1);
	site.differ = SETTING_ATTACH;
	site.radio_on = false;
	site_plug(&site);
	site.radio_on = false;
	site_start(&site, false);
	site_run(&site, 5 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	expect_sound();
}

TEST(a_modem_that_is_attached_attaches_again)
{
	online();
	site.differ = SETTING_ATTACH;
	site_event(&site, &(struct event){ .type = EVENT_SETTINGS,
					   .differ = site.differ });
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_EQ(1, site.tally[ACTION_REATTACH]);
	expect_sound();
}

TEST(nothing_is_done_with_the_wrong_card)
{
	site_init(&site, 1);
	site.differ = SETTING_SLOT;
	site.forgets = true;
	site.card_pin = 1234;
	site.config.pin = 1234;
	site_plug(&site);
	site_start(&site, false);
	site_run(&site, 10 * DAY);
	EXPECT_STREQ("slot-wrong", cause());
	EXPECT_EQ(0, site.tally[ACTION_PIN] + site.tally[ACTION_DIAL] + resets());
	EXPECT_LE(site.tally[ACTION_WRITE], 11);
	site.forgets = false;
	site_run(&site, DAY + HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.pins);
	expect_sound();
}

TEST(another_slot_is_another_card)
{
	online();
	site.differ = SETTING_SLOT;
	site_event(&site, &(struct event){ .type = EVENT_SETTINGS,
					   .differ = site.differ });
	site_run(&site, SECOND);
	site_card(&site, "89330100009999999999");
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_STREQ("89330100009999999999", site.m.card.iccid);
	expect_sound();
}

TEST_HARNESS_MAIN
