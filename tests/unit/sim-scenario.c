// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: scenario files mean what the manual says, and errors name their line. */
#include <errno.h>
#include <kselftest_harness.h>

#include "../../tools/sim/action.h"
#include "../../tools/sim/scenario.h"
#include "../lib/harness.h"

TEST(every_kind_of_rule)
{
	struct scenario_error error = { 0 };
	struct scenario scenario;

	ASSERT_EQ(0, scenario_parse("# what happens\n"
				    "sim.pin: 1234\n"
				    "\n"
				    "at 5s: unplug	# pulled\n"
				    "every 250ms: ctl: garbage 3\n"
				    "after wds.start-network: drop\n"
				    "whenever nas.registered 2m: nas: deny cause 15",
				    &scenario, &error));
	ASSERT_EQ(5, scenario.n_rules);
	EXPECT_EQ(SCENARIO_START, scenario.rules[0].when);
	EXPECT_STREQ("sim.pin", scenario.rules[0].key);
	EXPECT_STREQ("1234", scenario.rules[0].value);
	EXPECT_EQ(SCENARIO_AT, scenario.rules[1].when);
	EXPECT_EQ(5000, scenario.rules[1].ms);
	EXPECT_STREQ("unplug", scenario.rules[1].key);
	EXPECT_STREQ("", scenario.rules[1].value);
	EXPECT_EQ(250, scenario.rules[2].ms);
	EXPECT_STREQ("garbage 3", scenario.rules[2].value);
	EXPECT_STREQ("wds.start-network", scenario.rules[3].event);
	EXPECT_STREQ("wds", scenario.rules[3].key);
	EXPECT_STREQ("drop", scenario.rules[3].value);
	EXPECT_EQ(SCENARIO_WHENEVER, scenario.rules[4].when);
	EXPECT_EQ(120000, scenario.rules[4].ms);
	EXPECT_EQ(7, scenario.rules[4].line);
	scenario_exit(&scenario);
}

static void expect_error(const char *line, const char *part)
{
	struct scenario_error error = { 0 };
	struct scenario scenario;
	char text[256] = "zlp\n\n";

	strcat(text, line);
	EXPECT_EQ(-EINVAL, scenario_parse(text, &scenario, &error));
	EXPECT_EQ(3, error.line);
	EXPECT_TRUE(strstr(error.text, part));
}

TEST(errors_name_line_and_reason)
{
	expect_error("at soon: unplug", "time");
	expect_error("at 5s unplug", "colon");
	expect_error("every 0: zlp", "at least");
	expect_error("after : zlp", "event");
	expect_error("after a b c: zlp", "event");
	expect_error("frobnicate", "no action");
	expect_error("ctl: frobnicate", "ctl does not know");
	expect_error("ctl: hang", "ctl does not understand");
	expect_error("ctl: hang 20", "does not understand");
	expect_error("ctl: garbage", "does not understand");
	expect_error("stall out port 7", "does not understand");
	expect_error("qmap: flow-off 255", "does not understand");
	expect_error("data: inject", "does not understand");
	expect_error("data: inject 012", "does not understand");
	expect_error("data: inject 0x", "does not understand");
	expect_error("at 5s:", "action");
}

TEST(actions_with_arguments)
{
	struct action action;
	char err[128];

	ASSERT_EQ(0, action_parse("ctl", "truncate 7 3 port 1", &action, err, sizeof(err)));
	EXPECT_EQ(ACTION_CTL_TRUNCATE, action.kind);
	EXPECT_EQ(7, action.arg);
	EXPECT_EQ(3, action.count);
	EXPECT_EQ(1, action.port);
	ASSERT_EQ(0, action_parse("ctl", "late 2s", &action, err, sizeof(err)));
	EXPECT_EQ(2000, action.arg);
	EXPECT_EQ(1, action.count);
	ASSERT_EQ(0, action_parse("modem", "restart", &action, err, sizeof(err)));
	EXPECT_EQ(3000, action.arg);
	ASSERT_EQ(0, action_parse("short", "2", &action, err, sizeof(err)));
	EXPECT_EQ(ACTION_DATA_SHORT, action.kind);
	EXPECT_EQ(2, action.count);
	ASSERT_EQ(0, action_parse("data", "inject 3F01aB 5", &action, err, sizeof(err)));
	EXPECT_EQ(ACTION_DATA_INJECT, action.kind);
	EXPECT_EQ(3, action.n_bytes);
	EXPECT_EQ(0x3f, action.bytes[0]);
	EXPECT_EQ(0xab, action.bytes[2]);
	EXPECT_EQ(5, action.count);
	/* What the USB half does not know is the firmware's. */
	EXPECT_EQ(-ENOENT, action_parse("modem", "crash", &action, err, sizeof(err)));
	EXPECT_EQ(-ENOENT, action_parse("lie", "imei-empty", &action, err, sizeof(err)));
	EXPECT_EQ(-EINVAL, action_parse("unplug", "now", &action, err, sizeof(err)));
}

TEST(durations)
{
	unsigned int ms = 1;

	EXPECT_EQ(0, action_duration("0", &ms));
	EXPECT_EQ(0, ms);
	EXPECT_EQ(0, action_duration("20s", &ms));
	EXPECT_EQ(20000, ms);
	EXPECT_EQ(-EINVAL, action_duration("20", &ms));
	EXPECT_EQ(-EINVAL, action_duration("-1s", &ms));
	EXPECT_EQ(-EINVAL, action_duration("1h", &ms));
	EXPECT_EQ(-EINVAL, action_duration("99999999999999999999s", &ms));
	EXPECT_EQ(-EINVAL, action_duration("", &ms));
}

TEST_HARNESS_MAIN
