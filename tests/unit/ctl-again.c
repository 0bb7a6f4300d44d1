// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is so already is left alone: each of m2mctl's verbs that change a modem, twice. The
 * second time the status is 0, nothing has changed and the modem's memory was not written.
 */
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/ctl/args.h"
#include "../lib/harness.h"
#include "ctlsim.h"

enum again {
	STATE,		/* is so, or is not */
	ACT,		/* is done each time, as the manual says */
	GUEST,		/* needs the driver: tests/e2e/40-m2mctl.sh */
};

static const struct row {
	const char *command;
	enum again again;
	const char *before;	/* how it gets there, or NULL */
	const char *line;	/* of STATE: what is done twice, the command alone without */
} rows[] = {
	{ "net attach", STATE },
	{ "net detach", STATE },
	{ "net attach", STATE },
	{ "net select", STATE, NULL, "net select 00101" },
	{ "net select", STATE, NULL, "net select auto" },
	{ "net modes", STATE, NULL, "net modes lte" },
	{ "net modes", STATE, NULL, "net modes auto" },
	{ "net bands", STATE, NULL, "net bands b3" },
	{ "net bands", STATE, NULL, "net bands all" },
	{ "net roaming", STATE, NULL, "net roaming home" },
	{ "sim pin", STATE, NULL, "sim pin enable --pin-fd @2718" },
	{ "sim pin", STATE, NULL, "sim pin disable --pin-fd @2718" },
	{ "sim unlock", STATE, "sim power cycle", "sim unlock --pin-fd @2718" },
	{ "sim pin", STATE, NULL, "sim pin disable --pin-fd @2718" },
	{ "sim unblock", STATE },
	{ "sim slot", STATE, NULL, "sim slot 2" },
	{ "sim slot", STATE, NULL, "sim slot 1" },
	{ "sim power", STATE, NULL, "sim power off" },
	{ "sim power", STATE, NULL, "sim power on" },
	{ "apn add", STATE, NULL, "apn add iot.example name meter family 4" },
	{ "apn set", STATE, NULL, "apn set 3 family 46 user u auth pap --password-fd @p" },
	{ "apn attach", STATE, NULL, "apn attach 3,1" },
	{ "apn default", STATE, NULL, "apn default 3" },
	{ "apn delete", STATE, "apn default 1", "apn delete 3" },
	{ "net scan", ACT },
	{ "sms send", ACT },
	{ "sms delete", STATE, NULL, "sms delete all" },
	{ "sms delete", STATE, NULL, "sms delete sim:0" },
	{ "modem mode", STATE, NULL, "modem mode low-power" },
	{ "modem mode", STATE, NULL, "modem mode online" },
	{ "modem reset", ACT },
	{ "pdn up", GUEST },
	{ "pdn down", GUEST },
	{ "raw", ACT },
};

#define CARDS	"sim.pin=2718", "sim.pin-enabled=off", "sim.slots=2", "sim2.pin=3141"

static const char *const settings[] = { CARDS, NULL };

static void do_twice(const struct row *row)
{
	const char *line = row->line ? row->line : row->command;
	char json[128];

	if (row->before)
		EXPECT_RUN(0, "", row->before);
	EXPECT_RUN(0, "", line);
	ctlsim_writes();
	snprintf(json, sizeof(json), "-j %s", line);
	EXPECT_RUN(0, "", json);
	if (strstr(ctlsim_text, "\"changed\":true") || ctlsim_writes())
		harness_fail(__FILE__, __LINE__, false, "m2mctl %s, again: %s", line,
			     ctlsim_text);
}

static void do_all_twice(void)
{
	/* the card asks for it at its start, where that is a row */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(rows[i].command, "sim unlock"))
			EXPECT_RUN(0, "", "sim pin enable --pin-fd @2718");
		if (rows[i].again == STATE)
			do_twice(&rows[i]);
	}
}

TEST_TIMEOUT(what_is_so_already_is_left_alone, 60)
{
	ctlsim_start(settings);
	do_all_twice();
}

/* A modem that tells of nothing is asked, and what was wanted comes about all the same */
TEST_TIMEOUT(also_where_no_indication_comes, 180)
{
	ctlsim_start((const char *const []) { CARDS, "lie=no-indications", NULL });
	do_all_twice();
}

/* --- a modem that says yes and does nothing ------------------------------------ */

#define UNSEEN	(-1)	/* who asked cannot see it */
#define GUESTS	(-2)	/* needs the driver or a person: tests/e2e/48-m2mctl-faults.sh */

static const struct {
	const char *command;
	int status;		/* it ends with, or one of those above */
	const char *line;
	const char *before;	/* how it gets there, or NULL */
} ignored[] = {
	{ "sms delete", 1, "sms delete all", "sms send +4915000000001 hello" },
	{ "net detach", 9, "--wait 1 net detach" },
	{ "net attach", 9, "--wait 1 net attach", "net detach" },
	{ "net select", 1, "net select 00101" },
	{ "net modes", 1, "net modes lte" },
	{ "net bands", 1, "net bands b3" },
	{ "net roaming", 1, "net roaming home" },
	{ "sim pin", 1, "sim pin enable --pin-fd @2718" },
	{ "sim pin", 1, "sim pin disable --pin-fd @2718", "sim pin enable --pin-fd @2718" },
	{ "sim pin", UNSEEN, "sim pin change --pin-fd @2718 --new-pin-fd @3141" },
	{ "sim unlock", 1, "sim unlock --pin-fd @2718", "sim power cycle" },
	{ "sim unblock", GUESTS },
	{ "sim slot", 3, "--wait 1 sim slot 2" },
	{ "sim power", 1, "sim power off" },
	{ "sim power", 1, "sim power cycle" },
	{ "sim power", 1, "sim power on", "sim power off" },
	{ "apn add", 1, "apn add other.example" },
	{ "apn set", 1, "apn set 1 apn other.example" },
	{ "apn attach", 1, "apn attach 2,1" },
	{ "apn default", 1, "apn default 2" },
	{ "apn delete", 1, "apn delete 2" },
	{ "net scan", UNSEEN },
	{ "sms send", UNSEEN },
	{ "modem mode", 1, "modem mode low-power" },
	{ "modem reset", 1, "modem reset" },
	{ "pdn up", GUESTS },
	{ "pdn down", GUESTS },
	{ "raw", UNSEEN },
};

TEST_TIMEOUT(what_is_ignored_is_found_out, 120)
{
	ctlsim_start(settings);
	EXPECT_RUN(0, "", "net attach");
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (ignored[i].status < 0)
			continue;
		if (ignored[i].before)
			EXPECT_RUN(0, "", ignored[i].before);
		ctlsim_set("lie", "set-ignored");
		EXPECT_RUN(ignored[i].status, "", ignored[i].line);
		ctlsim_set("lie", "none");
	}
}

static bool has_row(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		if (!strcmp(name, ignored[i].command))
			return true;
	return false;
}

/* A verb without a row is one that nobody has thought about */
TEST(every_verb_that_changes_has_a_row)
{
	for (const struct command *c = commands; c->object; c++) {
		char name[64];
		bool has = false;

		snprintf(name, sizeof(name), "%s%s%s", c->object, c->verb ? " " : "",
			 c->verb ? c->verb : "");
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			has |= !strcmp(name, rows[i].command);
		if (!(c->flags & COMMAND_CHANGES) == has || has != has_row(name))
			harness_fail(__FILE__, __LINE__, false, "%s", name);
	}
}

TEST_HARNESS_MAIN
