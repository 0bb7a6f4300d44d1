// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about the SIM: what they do to a card, and when they do nothing. */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		0
#define FAILED		1
#define USAGE		2
#define TIMEOUT		3
#define NO_SIM		7
#define PIN		8
#define UNSUPPORTED	11
#define TEMPORARY	75

static const char *const locked[] = {
	"sim.pin=2718", "sim.puk=12345678", "sim.pin-enabled=on", NULL
};

static const char *const blocked[] = {
	"sim.pin=2718", "sim.puk=12345678", "sim.pin-enabled=on", "sim.pin-tries=0", NULL
};

static const char *const open_card[] = { "sim.pin=2718", NULL };

static const char *const two_slots[] = {
	"sim.slots=2", "sim.pin=2718", "sim2.pin=3141", "sim2.pin-enabled=on", NULL
};

TEST(show)
{
	ctlsim_start((const char *const []) {
		"sim.msisdn=+882345678901", "sim.slots=2", "sim2.absent=on", NULL });
	EXPECT_RUN(OK, "ready", "sim power on");
	EXPECT_RUN(OK, "\"msisdn\":\"+882345678901\"", "-j sim show");
	EXPECT_RUN(OK, "  Number:         +882345678901\n", "sim show");
	/* a SIM need not know it */
	ctlsim_set("qmi", "refuse dms.get-msisdn 16");
	EXPECT_RUN(OK, "\"msisdn\":null", "-j sim show");
}

TEST(pin_enable)
{
	ctlsim_start(open_card);
	EXPECT_RUN(PIN, "wrong PIN, 2 tries left (QMI error 12)",
		   "sim pin enable --pin-fd @0000");
	EXPECT_STREQ("off", ctlsim_get("sim.pin-enabled"));
	EXPECT_RUN(OK,
		   "SIM\n"
		   "  State:          ready\n"
		   "  PIN:            enabled-verified\n"
		   "  PIN tries left: 3\n"
		   "  PUK tries left: 10\n",
		   "sim pin enable --pin-fd @2718");
	EXPECT_STREQ("on", ctlsim_get("sim.pin-enabled"));
	EXPECT_EQ(1, ctlsim_writes());
	/* so already: no PIN is asked for, no try spent */
	EXPECT_RUN(OK, "\"pin_tries_left\":3,\"puk_tries_left\":10,\"changed\":false",
		   "-j sim pin enable --pin-fd @0000");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(pin_enable_of_a_locked_card_is_so)
{
	ctlsim_start(locked);
	EXPECT_RUN(OK, "State:          pin-required", "sim pin enable --pin-fd @0000");
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(pin_disable)
{
	ctlsim_start(locked);
	EXPECT_RUN(OK, "\"state\":\"ready\",\"pin\":\"disabled\"",
		   "-j sim pin disable --pin-fd @2718");
	EXPECT_STREQ("off", ctlsim_get("sim.pin-enabled"));
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false", "-j sim pin disable --pin-fd @0000");
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
	EXPECT_EQ(0, ctlsim_writes());
}

TEST(pin_change)
{
	ctlsim_start(locked);
	EXPECT_RUN(PIN, "wrong PIN, 2 tries left",
		   "sim pin change --pin-fd @0000 --new-pin-fd @3141");
	EXPECT_RUN(USAGE, "a PIN has 4 to 8 digits",
		   "sim pin change --pin-fd @2718 --new-pin-fd @123456789");
	EXPECT_STREQ("2718", ctlsim_get("sim.pin"));
	EXPECT_RUN(OK, "State:          ready",
		   "sim pin change --pin-fd @2718 --new-pin-fd @3141");
	EXPECT_STREQ("3141", ctlsim_get("sim.pin"));
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(pin_change_wants_an_enabled_pin)
{
	ctlsim_start(open_card);
	EXPECT_RUN(FAILED, "asks for no PIN", "sim pin change --pin-fd @2718 --new-pin-fd @1");
	EXPECT_RUN(USAGE, "only sim pin change", "sim pin enable --pin-fd @1 --new-pin-fd @1");
}

TEST(what_cannot_be_a_pin_costs_no_try)
{
	static const char *const rows[] = {
		"sim pin enable --pin-fd @123", "sim pin enable --pin-fd @123456789",
		"sim pin enable --pin-fd @12a4", "sim pin enable --pin-fd @",
	};

	ctlsim_start(open_card);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_RUN(USAGE, "a PIN has 4 to 8 digits", rows[i]);
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(the_last_try_is_for_a_person)
{
	ctlsim_start(locked);
	ctlsim_set("sim.pin-tries", "1");
	EXPECT_RUN(PIN, "the last try is not used unasked (1 try left); try: --force",
		   "sim pin disable --pin-fd @2718");
	EXPECT_RUN(PIN, "no terminal", "sim pin disable --force --pin-fd @2718");
	EXPECT_RUN(PIN, "the last try", "sim pin change --pin-fd @2718 --new-pin-fd @3141");
	ctlsim_set("sim.pin-tries", "3");
	ctlsim_set("lie", "pin-tries-255");
	EXPECT_RUN(PIN, "an unknown number of tries left", "sim pin disable --pin-fd @2718");
	EXPECT_STREQ("2718", ctlsim_get("sim.pin"));
}

TEST(a_puk_is_for_a_person)
{
	ctlsim_start(locked);
	/* nothing to unblock */
	EXPECT_RUN(OK, "\"state\":\"pin-required\"", "-j sim unblock --puk-fd @12345678");
	EXPECT_RUN(PIN, "wrong PIN, 2 tries", "sim unlock --pin-fd @0000");
	EXPECT_RUN(PIN, "wrong PIN, 1 try", "sim unlock --pin-fd @0000");
	EXPECT_STREQ("10", ctlsim_get("sim.puk-tries"));
}

TEST(a_blocked_pin)
{
	ctlsim_start(blocked);
	EXPECT_RUN(PIN, "the SIM wants its PUK (10 tries left); try: m2mctl sim unblock",
		   "sim unlock --pin-fd @2718");
	EXPECT_RUN(OK, "\"changed\":false", "-j sim pin enable --pin-fd @2718");
	EXPECT_RUN(PIN, "the SIM wants its PUK", "sim pin disable --pin-fd @2718");
	EXPECT_RUN(PIN, "no terminal", "sim unblock --puk-fd @12345678 --new-pin-fd @3141");
	EXPECT_RUN(PIN, "no terminal",
		   "sim unblock --force --puk-fd @12345678 --new-pin-fd @3141");
	EXPECT_STREQ("10", ctlsim_get("sim.puk-tries"));
}

TEST(a_card_that_starts_is_waited_for)
{
	ctlsim_start(open_card);
	/* the modem says so where nothing was tried */
	ctlsim_set("qmi", "refuse uim.set-pin-protection 52 2");
	EXPECT_RUN(OK, "enabled-verified", "sim pin enable --pin-fd @2718");
	ctlsim_set("qmi", "refuse uim.set-pin-protection 37 100");
	EXPECT_RUN(TIMEOUT, "still initialising, no try was spent (QMI error 37)",
		   "--wait 1 sim pin disable --pin-fd @2718");
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(a_refusal_is_no_wrong_pin)
{
	ctlsim_start(open_card);
	ctlsim_set("qmi.unknown", "dms.uim-set-pin-protection");
	ctlsim_set("qmi", "refuse uim.set-pin-protection 94");
	EXPECT_RUN(UNSUPPORTED, "the PIN was not accepted: the modem answered InvalidQmiCommand",
		   "sim pin enable --pin-fd @2718");
	ctlsim_set("qmi", "refuse uim.set-pin-protection 3");
	EXPECT_RUN(FAILED, "answered Internal (QMI error 3); try: m2mctl sim show",
		   "sim pin enable --pin-fd @2718");
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

/* What may have been a try is not to be done again unseen */
TEST(an_answer_that_is_lost)
{
	ctlsim_start(open_card);
	ctlsim_set("qmi", "late uim.set-pin-protection 3000");
	ctlsim_set_in(500, "qmi", "restart");
	EXPECT_RUN(TEMPORARY, "a try may be spent; try: m2mctl sim show",
		   "sim pin enable --pin-fd @2718");
}

TEST(no_effect_is_none)
{
	ctlsim_start(open_card);
	ctlsim_set("qmi", "refuse uim.set-pin-protection 26");
	/* but the card's status has the last word */
	EXPECT_RUN(FAILED, "the SIM has not changed", "sim pin enable --pin-fd @2718");
}

/* Not by setsid(): a test leads its process group, and is refused that */
static void leave_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		ASSERT_EQ(0, ioctl(fd, TIOCNOTTY));
		close(fd);
	}
	ASSERT_EQ(-1, open("/dev/tty", O_RDWR | O_CLOEXEC));
}

/* Nobody to ask and no file: the command line lacks something, not the modem */
TEST(a_pin_from_nowhere)
{
	ctlsim_start(open_card);
	leave_terminal();
	EXPECT_RUN(USAGE, "--pin-file", "sim pin enable");
}

/* ... where it can be seen; of a PIN that was to be changed only a try would tell */
TEST_TIMEOUT(orders_that_are_ignored_are_found_out, 60)
{
	ctlsim_start((const char *const []) {
		"sim.pin=2718", "sim.puk=12345678", "sim.pin-enabled=on", "sim.slots=2", NULL });
	EXPECT_RUN(PIN, "", "sim unlock --pin-fd @0000");
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the SIM has not changed (pin-required)", "sim unlock --pin-fd @2718");
	EXPECT_RUN(TIMEOUT, "slot 2 is not in use", "--wait 1 sim slot 2");
	EXPECT_RUN(FAILED, "the SIM is not off", "sim power off");
	ctlsim_set("lie", "none");
	EXPECT_RUN(OK, "absent", "sim power off");
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the modem said yes, but there is no SIM with power (absent)",
		   "sim power on");
	EXPECT_RUN(FAILED, "no SIM with power", "sim power cycle");
	ctlsim_set("lie", "none");
	EXPECT_RUN(OK, "\"changed\":true", "-j sim power on");
}

TEST(a_modem_that_lies_is_found_out)
{
	ctlsim_start(open_card);
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the modem said yes, but the SIM has not changed",
		   "sim pin enable --pin-fd @2718");
}

TEST(a_lost_answer_may_have_cost_a_try)
{
	ctlsim_start(open_card);
	ctlsim_set("qmi", "lose uim.set-pin-protection");
	EXPECT_RUN(TIMEOUT, "does not say whether the PIN was right; a try may be spent",
		   "sim pin enable --pin-fd @2718");
	/* it did what it was told, so there is nothing to do */
	EXPECT_RUN(OK, "\"changed\":false", "-j sim pin enable --pin-fd @2718");
}

/* Whatever UIM lacks: DMS does it, as before there was a UIM */
static void dms_does_it(const char *setting)
{
	ctlsim_start((const char *const []) {
		"sim.pin=2718", "sim.puk=12345678", "sim.pin-enabled=on", setting, NULL });
	EXPECT_RUN(PIN, "wrong PIN, 2 tries left (QMI error 12)", "sim unlock --pin-fd @0000");
	EXPECT_RUN(OK, "\"state\":\"ready\",\"pin_was_needed\":true,\"pin_tries_left\":3",
		   "-j sim unlock --pin-fd @2718");
	EXPECT_RUN(OK, "\"changed\":false", "-j sim pin enable --pin-fd @0000");
	EXPECT_RUN(PIN, "wrong PIN, 2 tries left",
		   "sim pin change --pin-fd @0000 --new-pin-fd @3141");
	EXPECT_RUN(OK, "State:          ready",
		   "sim pin change --pin-fd @2718 --new-pin-fd @3141");
	EXPECT_STREQ("3141", ctlsim_get("sim.pin"));
	EXPECT_RUN(OK, "\"pin\":\"disabled\"", "-j sim pin disable --pin-fd @3141");
	EXPECT_STREQ("off", ctlsim_get("sim.pin-enabled"));
	EXPECT_RUN(OK, "\"changed\":true", "-j sim pin enable --pin-fd @3141");
	EXPECT_STREQ("on", ctlsim_get("sim.pin-enabled"));
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(pins_without_uim)
{
	dms_does_it("uim.absent=on");
}

TEST(pins_where_uim_refuses)
{
	dms_does_it("uim.refuse=on");
}

TEST(pins_where_uim_has_no_messages_for_them)
{
	dms_does_it("qmi.unknown=uim.verify-pin,uim.set-pin-protection,uim.change-pin");
}

TEST(pins_that_neither_service_takes)
{
	ctlsim_start((const char *const []) {
		"sim.pin=2718", "sim.pin-enabled=on", "uim.absent=on",
		"qmi.unknown=dms.uim-verify-pin", NULL });
	EXPECT_RUN(UNSUPPORTED, "the PIN was not accepted", "sim unlock --pin-fd @2718");
	EXPECT_STREQ("3", ctlsim_get("sim.pin-tries"));
}

TEST(without_a_card)
{
	ctlsim_start(open_card);
	ctlsim_set("sim", "remove");
	EXPECT_RUN(NO_SIM, "there is no SIM in the modem", "sim pin enable --pin-fd @2718");
	EXPECT_RUN(NO_SIM, "there is no SIM in the modem", "sim unblock");
	EXPECT_RUN(NO_SIM, "there is no SIM in the modem", "sim unlock");
	/* once and again: without a card it has all the power there is */
	EXPECT_RUN(OK, "\"state\":\"absent\",\"pin\":null,\"pin_tries_left\":null,"
		   "\"puk_tries_left\":null,\"changed\":false", "-j sim power on");
	EXPECT_RUN(OK, "absent", "sim power on");
}

/* It has power, and is what one wants to switch off and on */
TEST(a_card_with_a_fault)
{
	ctlsim_start((const char *const []) { "sim.pin=2718", "sim.fault=on", NULL });
	EXPECT_RUN(OK, "\"changed\":false", "-j sim power on");
	EXPECT_RUN(OK, "\"state\":\"absent\",\"pin\":null", "-j sim power off");
	EXPECT_RUN(OK, "\"state\":\"error\",\"pin\":null", "-j sim power on");
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the SIM is not off (error)", "sim power cycle");
	ctlsim_set("lie", "none");
	ctlsim_set("sim.fault", "off");
	EXPECT_RUN(OK, "\"state\":\"ready\"", "-j sim power cycle");
}

TEST(slots)
{
	ctlsim_start(two_slots);
	EXPECT_RUN(OK, "\"state\":\"pin-required\"", "-j sim slot 2");
	EXPECT_STREQ("2", ctlsim_get("sim.active"));
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false", "-j sim slot 2");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "\"state\":\"ready\"", "-j sim slot 1");
	EXPECT_RUN(USAGE, "the modem has 2 SIM slots, not 3", "sim slot 3");
	EXPECT_RUN(USAGE, "a number from 1 to 8, not \"0\"", "sim slot 0");
	EXPECT_RUN(USAGE, "a number from 1 to 8, not \"one\"", "sim slot one");
	EXPECT_RUN(USAGE, "a number from 1 to 8, not \"4294967297\"", "sim slot 4294967297");
	EXPECT_RUN(USAGE, "a number from 1 to 8, not \"+1\"", "sim slot +1");
	ctlsim_set("qmi", "refuse uim.switch-slot 23");
	EXPECT_RUN(12, "DeviceInUse", "sim slot 2");
}

TEST(a_slot_change_over_which_the_modem_restarts)
{
	ctlsim_start(two_slots);
	ctlsim_set("qmi", "lose uim.switch-slot");
	ctlsim_set("sim.switch-ms", "200");
	EXPECT_RUN(OK, "pin-required", "sim slot 2");
}

TEST(one_slot)
{
	ctlsim_start(open_card);
	EXPECT_RUN(UNSUPPORTED, "one SIM slot", "sim slot 1");
}

TEST(power)
{
	ctlsim_start(open_card);
	EXPECT_RUN(OK, "\"changed\":false", "-j sim power on");
	EXPECT_RUN(OK, "\"state\":\"absent\"", "-j sim power off");
	EXPECT_RUN(OK, "\"changed\":false", "-j sim power off");
	EXPECT_RUN(OK, "\"state\":\"ready\"", "-j sim power on");
	EXPECT_RUN(OK, "\"changed\":true", "-j sim power cycle");
	EXPECT_RUN(USAGE, "sim power takes on|off|cycle, not \"up\"", "sim power up");
	ctlsim_set("qmi", "refuse uim.power-off-sim 71");
	EXPECT_RUN(UNSUPPORTED, "InvalidQmiCommand", "sim power off");
}

TEST_HARNESS_MAIN
