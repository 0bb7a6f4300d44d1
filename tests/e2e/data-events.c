// SPDX-License-Identifier: GPL-2.0-or-later
/* What listeners are told of the data path; wwan is up, the format is QMAP. */
#include <kselftest_harness.h>
#include <linux/m2m_wwan.h>

#include "../lib/genl.h"
#include "../lib/harness.h"
#include "../lib/sim.h"

#define SOON_MS		3000
/* The driver waits 10 s for a modem that forgets to say go. */
#define FORGOTTEN_MS	15000

static void listen_to(struct genl *genl)
{
	genl_open(genl);
	ASSERT_EQ(0, genl_join(genl, M2M_WWAN_MCGRP_EVENT));
}

/* The next event of a kind; others pass by. */
static void expect_event(struct genl *genl, enum m2m_wwan_event kind,
			 struct genl_msg *msg, int ms)
{
	do {
		ASSERT_TRUE(genl_receive(genl, msg, ms));
	} while (genl_cmd(msg) != M2M_WWAN_CMD_EVENT ||
		 genl_u32(msg, M2M_WWAN_A_EVENT_KIND) != kind);
}

static void expect_flow(struct genl *genl, unsigned int mux_id, bool on, int ms)
{
	static struct genl_msg msg;

	expect_event(genl, M2M_WWAN_EVENT_FLOW, &msg, ms);
	EXPECT_EQ(mux_id, genl_u8(&msg, M2M_WWAN_A_EVENT_MUX_ID));
	EXPECT_EQ(on, genl_u8(&msg, M2M_WWAN_A_EVENT_ON));
}

TEST(flow_control_is_told)
{
	struct genl genl;

	listen_to(&genl);
	sim_do("qmap flow-off 1");
	expect_flow(&genl, 1, false, SOON_MS);
	sim_do("qmap flow-on 1");
	expect_flow(&genl, 1, true, SOON_MS);
	genl_close(&genl);
}

TEST(a_modem_that_forgets_to_say_go)
{
	struct genl genl;

	listen_to(&genl);
	sim_do("qmap flow-off 1");
	expect_flow(&genl, 1, false, SOON_MS);
	expect_flow(&genl, 1, true, FORGOTTEN_MS);
	sim_do("qmap flow-on 1");
	genl_close(&genl);
}

TEST_HARNESS_MAIN
