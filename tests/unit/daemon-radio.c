// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modems whose radio or card is not as others': that radio is off, locked, offline, or
 * hides the card.
 */
#include <kselftest_harness.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void expect_sound(void)
{
	EXPECT_EQ(0, site.broken);
}

/* 24: the lock of a laptop's maker, which only low power tells of */
TEST(a_radio_that_its_maker_locks_is_a_persons)
{
	site_init(&site, 1);
	site.boots_off = true;
	site.maker_lock = true;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, MINUTE);
	EXPECT_STREQ("radio-locked", machine_why(&site.m, site.now).state);
	site_run(&site, 2 * DAY);
	EXPECT_STREQ("radio-locked", machine_why(&site.m, site.now).state);
	EXPECT_EQ(0, site_resets(&site) + site.tally[ACTION_RADIO_OFF]);
	EXPECT_LE(site.tally[ACTION_RADIO_ON], 2 * 24 * 4 + 1);
	/* somebody opens it, and nothing tells so */
	site.maker_lock = false;
	site_run(&site, 20 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_card_that_low_power_hides)
{
	site_init(&site, 1);
	site.boots_off = true;
	site.hides_card = true;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_RADIO_ON]);
	EXPECT_EQ(0, site_resets(&site) + site.tally[ACTION_SIM_OFF]);
	expect_sound();
}

/* firmware that goes to low power without a card */
TEST(a_card_that_is_absent_is_looked_for_ever_more_rarely)
{
	site_go_online(&site);
	site.hides_card = true;
	site_card(&site, "");
	for (int i = 0; i < 2 * 24 * 60; i++) {
		site.radio_on = false;
		site_run(&site, MINUTE);
	}
	EXPECT_LE(site.tally[ACTION_RADIO_ON], 24);
	site_card(&site, "89490200001234567890");
	site.radio_on = true;
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

/* firmware without UIM: nobody can switch the card off and on */
TEST(a_card_whose_power_cannot_be_switched)
{
	site_go_online(&site);
	site.sim = SIM_ABSENT;
	site.fixed = true;
	site_card(&site, "");
	site_run(&site, 50 * MINUTE);
	EXPECT_STREQ("sim-absent", machine_why(&site.m, site.now).state);
	EXPECT_EQ(0, site.tally[ACTION_SIM_OFF] + site_resets(&site));
	expect_sound();
}

TEST(a_modem_that_somebody_left_offline)
{
	site_go_online(&site);
	site.offline = true;
	site.radio_on = false;
	site_drop(&site, 2, 219);
	site.registered = false;
	site_event(&site, &(struct event){ .type = EVENT_RADIO, .radio = RADIO_OFFLINE });
	EXPECT_STREQ("radio-offline", machine_why(&site.m, site.now).state);
	site_run(&site, 4 * MINUTE);
	EXPECT_EQ(0, site_resets(&site));
	site_run(&site, 3 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST(a_reset_that_ends_half_way)
{
	const struct event end = {
		.type = EVENT_PDN_END, .families = FAMILY_BOTH,
		.cause = { CAUSE_CALL_END, 2, 212 },
	};

	site_go_online(&site);
	site.strands = true;
	site.deaf = true;
	site.call[0] = 0;
	site_event(&site, &end);
	for (int i = 0; i < POLICY_DEAF; i++)
		site_happens(&site, EVENT_QMI_TIMEOUT);
	site_run(&site, 10 * SECOND);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	site.deaf = false;
	site_run(&site, 20 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_USB]);
	EXPECT_TRUE(site_is_online(&site));
	expect_sound();
}

TEST_HARNESS_MAIN
