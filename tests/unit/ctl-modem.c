// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about the modem itself, as far as they need no driver. */
#include <kselftest_harness.h>

#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		0
#define FAILED		1
#define TIMEOUT		3
#define NOT_REGISTERED	9

TEST(show)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"manufacturer\":\"Acme\",\"model\":\"M1\",\"revision\":\"R1.0\","
		   "\"imei\":\"490154203237519\",\"hardware_revision\":\"10000\","
		   "\"software_version\":\"R1.0\",\"operating_mode\":\"online\","
		   "\"hardware_restricted\":false,\"radios\":[\"gsm\",\"umts\",\"lte\"],"
		   "\"max_rx_bits_per_s\":150000000,\"max_tx_bits_per_s\":50000000",
		   "-j modem show");
	EXPECT_RUN(OK, "Radios:       gsm, umts, lte\n", "modem show");
	/* what it does not tell is unknown, and no failure */
	ctlsim_set("qmi", "refuse dms.get-capabilities 71");
	EXPECT_RUN(OK, "\"radios\":[],\"max_rx_bits_per_s\":null", "-j modem show");
	ctlsim_set("lie", "imei-zero");
	EXPECT_RUN(OK, "\"imei\":null", "-j modem show");
}

TEST(mode)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"operating_mode\":\"low-power\",\"changed\":true",
		   "-j modem mode low-power");
	EXPECT_STREQ("1", ctlsim_get("dms.mode"));
	EXPECT_RUN(OK, "\"changed\":false", "-j modem mode low-power");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "persistent-low-power", "modem mode persistent-low-power");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "online", "modem mode online");
	EXPECT_RUN(OK, "offline", "modem mode offline");
	EXPECT_RUN(FAILED, "goes nowhere without a reset (QMI error 60); try: m2mctl modem reset",
		   "modem mode online");
}

TEST(mode_that_is_refused)
{
	ctlsim_start((const char *const []) { "dms.fcc-lock=on", NULL });
	EXPECT_RUN(FAILED, "InvalidTransition (QMI error 60); try: the unlock of its maker",
		   "modem mode online");
	ctlsim_set("dms", "rfkill on");
	EXPECT_RUN(NOT_REGISTERED, "locked off by hardware", "modem mode online");
}

TEST_TIMEOUT(mode_that_is_ignored_or_lost, 60)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the modem said yes, but is online", "modem mode low-power");
	ctlsim_set("lie", "none");
	ctlsim_set("qmi", "lose dms.set-operating-mode");
	EXPECT_RUN(TIMEOUT, "", "modem mode low-power");
	EXPECT_RUN(OK, "\"changed\":false", "-j modem mode low-power");
}

TEST_HARNESS_MAIN
