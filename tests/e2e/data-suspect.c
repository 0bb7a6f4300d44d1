// SPDX-License-Identifier: GPL-2.0-or-later
/* A modem whose transfers are not in the format that was just agreed on. */
#include <kselftest_harness.h>
#include <linux/m2m_wwan.h>

#include "../lib/genl.h"
#include "../lib/harness.h"
#include "../lib/sim.h"

#define SOON_MS		5000

TEST(garbage_is_suspect)
{
	static struct genl_msg msg;
	struct genl genl;

	genl_open(&genl);
	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	sim_do("data garbage 100");
	do {
		ASSERT_TRUE(genl_receive(&genl, &msg, SOON_MS));
	} while (genl_cmd(&msg) != M2M_WWAN_CMD_EVENT);
	EXPECT_EQ(M2M_WWAN_EVENT_FORMAT_SUSPECT,
		  genl_u32(&msg, M2M_WWAN_A_EVENT_KIND));
	EXPECT_TRUE(genl_has(&msg, M2M_WWAN_A_EVENT_FORMAT));
	/* Once is enough. */
	sim_do("data garbage 100");
	EXPECT_TRUE(genl_is_quiet(&genl, 1000));
	genl_close(&genl);
}

TEST_HARNESS_MAIN
