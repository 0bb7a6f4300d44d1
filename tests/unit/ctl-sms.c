// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about short messages, and what it prints while it watches. */
#include <glib.h>
#include <kselftest_harness.h>
#include <string.h>

#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		0
#define FAILED		1
#define TEMPORARY	75

static void start(const char *setting)
{
	const char *const settings[] = { "sim.pin-enabled=off", setting, NULL };

	ctlsim_start_registered(settings);
	/* waits for the card */
	EXPECT_RUN(OK, "no message", "sms list");
	ctlsim_set("sms", "+4917012345 hello");
}

TEST(list_read_delete)
{
	start(NULL);
	EXPECT_RUN(OK, "\"state\":\"unread\"", "-j sms list");
	EXPECT_RUN(OK, "hello", "sms read sim:0");
	EXPECT_RUN(OK, "\"state\":\"read\"", "-j sms list");
	EXPECT_RUN(OK, "1 message is deleted", "sms delete read");
	EXPECT_RUN(OK, "no message", "sms list");
}

/* A text that was read is shown, whatever becomes of its tag */
TEST_TIMEOUT(tags_are_not_the_text, 60)
{
	start(NULL);
	ctlsim_set("qmi", "refuse wms.modify-tag 3 2");
	EXPECT_RUN(OK, "hello", "sms list");
	EXPECT_RUN(OK, "hello", "sms read sim:0");
	EXPECT_RUN(OK, "hello", "sms list");
	ctlsim_set("sms", "+4917012346 again");
	ctlsim_set("qmi", "lose wms.modify-tag");
	EXPECT_RUN(OK, "again", "sms list");
}

/* The card may be DMS's to ask */
TEST(where_uim_is_absent)
{
	start("uim.absent=on");
	EXPECT_RUN(OK, "hello", "sms list");
}

TEST(deleting_that_is_ignored)
{
	start(NULL);
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the modem said yes, but sim:0 is still there; try: m2mctl sms list",
		   "sms delete all");
	ctlsim_set("lie", "none");
	EXPECT_RUN(OK, "1 message is deleted", "sms delete sim:0");
}

/* Where a message was, one that came meanwhile may be */
TEST(a_place_that_is_taken_again)
{
	start(NULL);
	ctlsim_set("qmi", "late wms.delete 300");
	ctlsim_set_in(100, "sms", "+4917012345 other");
	EXPECT_RUN(OK, "1 message is deleted", "sms delete sim:0");
	EXPECT_RUN(OK, "other", "sms read sim:0");
}

/* Who sends again may send twice */
TEST(sent_perhaps)
{
	start(NULL);
	ctlsim_set("qmi", "late wms.raw-send 3000");
	ctlsim_set_in(500, "qmi", "restart");
	EXPECT_RUN(TEMPORARY, "it may have been sent", "sms send +4917012345 hello");
}

/* What another program was faster to delete is deleted: 50 is no such entry */
TEST(deleted_by_another)
{
	start(NULL);
	EXPECT_RUN(OK, "0 messages are deleted", "sms delete sim:7");
	ctlsim_set("qmi", "refuse wms.delete 50");
	EXPECT_RUN(FAILED, "sim:0 is still there", "sms delete sim:0");
}

/* Each document is as its schema says: ctlsim.c holds it to that */
TEST_TIMEOUT(watching, 30)
{
	start(NULL);
	EXPECT_RUN(OK, "\"text\":\"hello\"", "-j --wait 1 sms list --watch");
	EXPECT_RUN(OK, "hello", "--wait 1 sms list --watch");
	EXPECT_RUN(OK, "\"time\":\"20", "-j --wait 1 signal --watch");
	EXPECT_TRUE(strstr(ctlsim_text, "\"uptime_s\":"));
	EXPECT_TRUE(strstr(ctlsim_text, "\"lte\":{"));
}

TEST_HARNESS_MAIN
