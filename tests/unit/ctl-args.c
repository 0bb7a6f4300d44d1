// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's grammar: rows of a command line and what is said to it. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdlib.h>
#include <stdio.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/ctl.h"
#include "../lib/harness.h"

#define WORDS_MAX	16

struct row {
	const char *line;	/* words separated by spaces */
	const char *error;	/* a part of the sentence, NULL: accepted */
};

static const struct row rows[] = {
	{ "", NULL },
	{ "list", NULL },
	{ "status -d 1-1", NULL },
	{ "status --device=1-1", NULL },
	{ "-d 1-1 status", NULL },
	{ "-d1-1 status", NULL },
	{ "-jp status", NULL },
	{ "-jd 1-1 status", NULL },
	{ "sim show --json", NULL },
	{ "sim unlock --pin-file /run/pin", NULL },
	{ "sim unlock --pin-fd 3 --force", NULL },
	{ "sim pin enable --pin-fd 3", NULL },
	{ "sim pin change --pin-file a --new-pin-file b --force", NULL },
	{ "sim unblock --puk-fd 3 --new-pin-fd 3 --force", NULL },
	{ "sim slot 2 --wait 90", NULL },
	{ "sim power cycle", NULL },
	{ "sim pin", "sim pin needs enable|disable|change" },
	{ "sim pin enabled", "sim pin takes enable|disable|change, not \"enabled\"" },
	{ "sim pin enable|disable", "sim pin takes enable|disable|change" },
	{ "sim pin enable 1234", "sim pin takes no other word: a PIN is no word of" },
	{ "sim pin 1234", "sim pin takes enable|disable|change" },
	{ "sim pin change --new-pin-fd a", "--new-pin-fd takes the number" },
	{ "sim unblock --puk-fd 3 --puk-file f", "not both" },
	{ "sim pin change --new-pin-fd 3 --new-pin-file f", "not both" },
	{ "sim unblock --pin-fd 3", "sim unblock takes no --pin-fd" },
	{ "sim unblock 12345678", "comes from --puk-file, --puk-fd or the prompt" },
	{ "sim slot", "sim slot needs SLOT" },
	{ "sim power up", "sim power takes on|off|cycle, not \"up\"" },
	{ "sim power off --force", "sim power takes no --force" },
	{ "apn list", NULL },
	{ "apn add iot.example name meter user u auth chap family 46 --password-fd 3", NULL },
	{ "apn set 1 apn iot.example family 4", NULL },
	{ "apn attach 1,2 when now", NULL },
	{ "apn add", "apn add needs APN" },
	{ "apn add a apn b", "unknown word \"apn\"" },
	{ "apn set 1 auth digest", "auth is none|pap|chap|both" },
	{ "apn set 1 apn", "apn needs APN" },
	{ "apn set 1 password p", "unknown word \"password\"" },
	{ "apn attach 1 2", "unknown word \"2\"" },
	{ "apn attach 1 when later", "when is now|next" },
	{ "apn remove 1", "unknown verb \"remove\"" },
	{ "net show", NULL },
	{ "net scan --force", NULL },
	{ "net select 26201 --wait 90", NULL },
	{ "net bands b3,n78", NULL },
	{ "net roaming home", NULL },
	{ "net roaming no", "net roaming takes home|any, not \"no\"" },
	{ "net select", "net select needs OPERATOR" },
	{ "net show --force", "net show takes no --force" },
	{ "net rooming home", "did you mean \"roaming\"?" },
	{ "modem show", NULL },
	{ "modem list", NULL },
	{ "modem list --match --json", NULL },
	{ "modem lisp", "did you mean \"list\"?" },
	{ "modem show --match", "modem show takes no --match" },
	{ "modem list -d 1-1", "modem list takes no --device" },
	{ "health -d 1-1", "health takes no --device" },
	{ "support -d 1-1", "support takes no --device" },
	{ "config check -d 1-1", "config check takes no --device" },
	{ "why -d 1-1", NULL },
	{ "history -d wwan0", NULL },
	{ "wait-online -d site wan", NULL },
	{ "apn suggest", NULL },
	{ "apn suggested", "did you mean \"suggest\"?" },
	{ "apn suggest internet", "unknown word \"internet\"" },
	{ "modem mode low-power --wait 5", NULL },
	{ "modem reset --force --wait 90", NULL },
	{ "modem clients", NULL },
	{ "modem clients release parked", NULL },
	{ "modem clients release wds:7", NULL },
	{ "modem clients release", "release needs parked|SERVICE:ID" },
	{ "modem clients parked", "unknown word \"parked\"" },
	{ "modem format", NULL },
	{ "modem format qmapv5 --wait 5", NULL },
	{ "modem format rawip", "modem format takes auto|802-3|raw-ip|qmap" },
	{ "modem format qmap qmapv5", "unknown word \"qmapv5\"" },
	{ "overview -d site --json", NULL },
	{ "modem mode", "modem mode needs online|low-power|persistent-low-power|offline" },
	{ "modem mode reset", "modem mode takes online|low-power" },
	{ "modem show --force", "modem show takes no --force" },
	{ "pdn up wan", NULL },
	{ "pdn up wan apn iot.example family 46 metric 3000", NULL },
	{ "pdn up wan table 4294967295", NULL },
	{ "pdn up wan vrf red", NULL },
	{ "pdn up wan table 0", "table takes a number" },
	{ "pdn up wan --wait 5 user u auth pap --password-fd 3", NULL },
	{ "pdn up wan mux 254 mtu 1280", NULL },
	{ "pdn down wan", NULL },
	{ "monitor --qmi", NULL },
	{ "monitor --qmi --full", NULL },
	{ "config check", NULL },
	{ "config check --json /etc/m2m", NULL },
	{ "config check a.modem b.modem m2md.conf", NULL },
	{ "config keys", NULL },
	{ "health", NULL },
	{ "history", NULL },
	{ "history --since 2h -n 20 --json", NULL },
	{ "history --since 90", NULL },
	{ "history --since=1d -n2000", NULL },
	{ "wait-online", NULL },
	{ "wait-online wan --timeout 30m", NULL },
	{ "modem hold -d 1-1 --for 30min", NULL },
	{ "modem release", NULL },
	{ "config apply a.modem b.modem --confirm 10m", NULL },
	{ "config confirm", NULL },
	{ "config revert", NULL },
	{ "sms list --watch --wait 60", NULL },
	{ "sms read sim:3", NULL },
	{ "sms send +49170123456 hello", NULL },
	{ "sms send 4711 - encoding ucs2 report yes", NULL },
	{ "sms delete all", NULL },
	{ "--schema pdn up", NULL },
	{ "--schema", NULL },
	{ "signal --watch", NULL },
	{ "support", NULL },
	{ "support a.tar.gz --full", NULL },
	{ "raw dms 0x25", NULL },
	{ "raw wds 0x2d 0x10=1de30000", NULL },
	{ "--wait 0 status", NULL },
	/* nothing is abbreviated */
	{ "stat", "unknown object \"stat\"" },
	{ "pdn u wan", "unknown verb \"u\", did you mean \"up\"?" },
	{ "statsu", "did you mean \"status\"?" },
	{ "pnd up wan", "did you mean \"pdn\"?" },
	{ "pdn dwon wan", "did you mean \"down\"?" },
	{ "sms remove all", "unknown verb \"remove\", sms has list, read, send, delete" },
	{ "unlock", "unknown object \"unlock\", did you mean \"sim unlock\"?" },
	{ "bananas", "unknown object \"bananas\"" },
	{ "--jso", "unknown option \"jso\", did you mean \"json\"?" },
	{ "-x", "unknown option -x" },
	/* what is missing or too much */
	{ "pdn", "pdn needs a verb: up, down, show" },
	{ "pdn up", "pdn up needs NAME" },
	{ "pdn down", "pdn down needs NAME" },
	{ "raw dms", "raw needs SERVICE MESSAGE" },
	{ "list all", "unknown word \"all\"" },
	{ "config", "config needs a verb" },
	{ "config keys all", "unknown word \"all\"" },
	{ "config heck", "did you mean \"check\"?" },
	{ "pdn up wan apn", "apn needs APN" },
	{ "pdn up wan apn a apn b", "apn is given twice" },
	{ "pdn up wan apm a", "did you mean \"apn\"?" },
	{ "pdn down wan apn a", "unknown word \"apn\"" },
	{ "status -d", "--device needs DEVICE" },
	{ "-d a -d b list", "--device is given twice" },
	{ "--json=1 list", "--json takes no value" },
	/* values */
	{ "pdn up wan family 5", "family is 4|6|46" },
	{ "pdn up wan family 4|6", "family is 4|6|46" },
	{ "pdn up wan auth digest", "auth is none|pap|chap|both" },
	{ "pdn up wan mux 0", "mux takes a number from 1 to 254" },
	{ "pdn up wan mux 255", "mux takes a number from 1 to 254" },
	{ "pdn up wan mtu 100", "mtu takes a number" },
	{ "pdn up wan metric 99999999999999999999", "metric takes a number" },
	{ "pdn up wan metric 10x", "metric takes a number" },
	{ "pdn up wan metric 9223372036854775808", "metric takes a number" },
	{ "pdn up wan table 4294967296", "table takes a number from 1 to 4294967295" },
	{ "pdn up wan mux +3", "mux takes a number from 1 to 254, digits only, not \"+3\"" },
	{ "pdn up wan mux 0x3", "mux takes a number from 1 to 254, digits only" },
	{ "history -n +5", "--lines takes a number from 1 to 2000, digits only" },
	{ "sim unlock --pin-fd +3", "--pin-fd takes the number of a descriptor from 0 to 65535" },
	{ "--wait +5 list", "--wait takes seconds from 0 to 86400, digits only, not \"+5\"" },
	{ "--wait soon list", "--wait takes seconds" },
	{ "--wait -1 list", "--wait takes seconds" },
	{ "history --since yesterday", "--since takes a time like 90, 15min or 2h" },
	{ "history --since 0", "--since takes a time" },
	{ "history -n 0", "--lines takes a number from 1 to 2000" },
	{ "history -n 2001", "--lines takes a number from 1 to 2000" },
	{ "modem hold --for 31d", "--for takes a time" },
	{ "modem hold --for -5", "--for takes a time" },
	{ "config apply a.modem --confirm 8d", "--confirm takes a time" },
	{ "wait-online --timeout=", "--timeout takes a time" },
	{ "sim unlock --pin-fd x", "--pin-fd takes the number" },
	/* options where they belong; a PIN has no place in argv */
	{ "sim show --force", "sim show takes no --force" },
	{ "pdn up wan --pin-file f", "pdn up takes no --pin-file" },
	{ "status --qmi", "status takes no --qmi" },
	{ "why --since 1h", "why takes no --since" },
	{ "modem release --for 1h", "modem release takes no --for" },
	{ "config check --confirm 1h", "config check takes no --confirm" },
	{ "config apply", "config apply needs FILE..." },
	{ "modem", "modem needs a verb" },
	{ "modem hold 30m", "unknown word \"30m\"" },
	{ "sms send 4711", "sms send needs NUMBER TEXT" },
	{ "sms send 4711 hello encoding morse", "encoding is auto|gsm7|ucs2" },
	{ "sms send 4711 hello world", "unknown word \"world\"" },
	{ "--schema pdn", "pdn needs a verb" },
	{ "--schema list all", "unknown word \"all\"" },
	{ "support a b", "unknown word \"b\"" },
	{ "list --full", "list takes no --full" },
	{ "sms read", "sms read needs ID" },
	{ "sms delete", "sms delete needs ID|read|all" },
	{ "sms read sim:3 --watch", "sms read takes no --watch" },
	{ "sim unlock 1234", "sim unlock takes no word: a PIN is no word of a command line" },
	{ "sim unlock 1234", ", but comes from --pin-file, --pin-fd or the prompt" },
	{ "sim unlock pin 1234", "sim unlock takes no word: a PIN" },
	{ "sim unlock --pin 1234", "unknown option \"pin\"" },
	{ "sim unlock --pin=1234", "unknown option \"pin\"" },
	{ "sim unlock --pun-fd=3", "unknown option \"pun-fd\", did you mean \"pin-fd\"?" },
	{ "sim 1234", "a number is no verb, sim has show" },
	{ "--device= status", "--device is empty" },
	{ "sim unlock --pin-file=", "--pin-file is empty" },
	{ "pdn up wan password p", "unknown word \"password\"" },
	{ "sim unlock --pin-fd 3 --pin-file f", "not both" },
};

static int parse(const char *line, struct args *ret_args, char *error,
		 size_t size)
{
	static char words[256];
	char *argv[WORDS_MAX + 1] = { (char *)"m2mctl" };
	int argc = 1;

	snprintf(words, sizeof(words), "%s", line);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	return args_parse(argc, argv, ret_args, error, size);
}

TEST(rows_of_command_lines)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char error[256] = "";
		struct args args;
		int err = parse(rows[i].line, &args, error, sizeof(error));
		bool right = rows[i].error ?
			err == -EINVAL && strstr(error, rows[i].error) : !err;

		if (right)
			continue;
		printf("# \"%s\": %d, %s\n", rows[i].line, err, error);
		EXPECT_TRUE(right);
	}
}

/* Wherever somebody puts a PIN or PUK, no error has it, as journals keep errors */
TEST(no_error_has_a_pin)
{
	static const char *const lines[] = {
		"sim unlock 1234", "sim unlock pin 1234", "sim pin 1234", "sim pin enable 1234",
		"sim pin change 5678 1234", "sim unblock 12345678 1234", "sim 1234",
		"sim unlock --pin 1234", "sim unlock --pin=1234", "sim unlock --pin-fd=1234x",
		"sim unblock --puk-fd 12345678", "sim unblock --puk-fd 123456781234",
		"sim unlock -- 1234",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char error[256] = "";
		struct args args;

		if (parse(lines[i], &args, error, sizeof(error)) != -EINVAL ||
		    strstr(error, "1234"))
			harness_fail(__FILE__, __LINE__, false, "\"%s\": %s", lines[i], error);
	}
}

TEST(help_needs_no_command)
{
	static const struct {
		const char *line, *object;
	} asked[] = {
		{ "--help", NULL },
		{ "sim --help", "sim" },
		{ "--help sim", "sim" },
		{ "pdn up --help", "pdn" },
		{ "pdn -h up wan what ever", "pdn" },
		{ "signal --help", "signal" },
		{ "--help bananas", NULL },
		{ "modem --version", "modem" },
		{ "list --full --help", "list" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		char error[256] = "";
		struct args args;

		if (parse(asked[i].line, &args, error, sizeof(error)) ||
		    g_strcmp0(args.object, asked[i].object))
			harness_fail(__FILE__, __LINE__, false, "\"%s\": %s, %s", asked[i].line,
				     args.object, error);
	}
}

/* Where a verb is wrong the help is that of its object */
TEST(wrong_verbs_have_an_object)
{
	struct args args;
	char error[256];

	ASSERT_EQ(-EINVAL, parse("sim what", &args, error, sizeof(error)));
	EXPECT_STREQ("sim", args.object);
	ASSERT_EQ(-EINVAL, parse("pdn", &args, error, sizeof(error)));
	EXPECT_STREQ("pdn", args.object);
	ASSERT_EQ(-EINVAL, parse("bananas", &args, error, sizeof(error)));
	EXPECT_FALSE(args.object);
}

TEST(help_of_one_object)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	args_help("sim", to);
	fclose(to);
	EXPECT_TRUE(g_str_has_prefix(text, "  sim show "));
	EXPECT_TRUE(strstr(text, "\n  sim power "));
	EXPECT_FALSE(strstr(text, "\n  apn "));
	EXPECT_TRUE(strstr(text, "m2mctl --help\n"));
	free(text);
}

TEST(nothing_means_an_overview)
{
	struct args args;
	char error[64];

	ASSERT_EQ(0, parse("", &args, error, sizeof(error)));
	EXPECT_STREQ("overview", args.command->object);
}

static bool only_looks(const struct command *c)
{
	static const char *const looks[] = {
		"status ", "signal ", "sim show", "apn list", "apn show", "apn suggest",
		"net show", "net time", "pdn show", "sms list", "sms read", "modem show",
		/* m2md's own, and those that manage the modem if they shall change it */
		"modem hold", "modem release", "modem format", "modem clients",
	};
	char name[64];

	snprintf(name, sizeof(name), "%s %s", c->object, c->verb ? c->verb : "");
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++)
		if (!strcmp(name, looks[i]))
			return true;
	return false;
}

/* So that it is refused with status 12 while another program manages the modem */
TEST(what_changes_a_modem_manages_it)
{
	for (const struct command *c = commands; c->object; c++)
		if (c->flags & COMMAND_MODEM && !(c->flags & COMMAND_CHANGES) != only_looks(c))
			harness_fail(__FILE__, __LINE__, false, "%s %s", c->object,
				     c->verb ? c->verb : "");
}

/* What m2md is asked to let go for is nothing that its configuration keeps as it is */
TEST(what_m2md_keeps_is_not_borrowed)
{
	static const char *const kept[] = {
		"sim slot", "sim power", "sim pin", "net select", "net modes", "net bands",
		"net roaming", "net attach", "net detach", "apn attach", "apn default",
		"pdn up", "pdn down", "modem mode", "raw ",
	};
	char name[64];

	for (const struct command *c = commands; c->object; c++) {
		bool is_kept = false;

		snprintf(name, sizeof(name), "%s %s", c->object, c->verb ? c->verb : "");
		for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
			is_kept |= !strcmp(name, kept[i]);
		if (c->flags & COMMAND_CHANGES && !(c->flags & COMMAND_BORROWS) != is_kept)
			harness_fail(__FILE__, __LINE__, false, "%s", name);
		if (c->flags & COMMAND_BORROWS)
			EXPECT_TRUE(c->flags & COMMAND_CHANGES);
	}
}

/* Nothing that strtol() makes of more than digits, or of more of them than it holds */
TEST(digits_alone)
{
	static const char *const wrong[] = {
		"", " 3", "3 ", "\t3", "+3", "-3", "0x3", "3.", "4294967299",
		"18446744073709551619",
	};
	int64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (args_digits(wrong[i], 0, 9, &n))
			harness_fail(__FILE__, __LINE__, false, "\"%s\" is %lld", wrong[i],
				     (long long)n);
	ASSERT_TRUE(args_digits("4294967295", 0, 4294967295, &n));
	EXPECT_EQ(4294967295, n);
	EXPECT_TRUE(args_digits("009", 0, 9, &n));
	EXPECT_EQ(9, n);
}

TEST(values_are_found)
{
	struct args args;
	char error[64];

	ASSERT_EQ(0, parse("--wait 7 pdn up wan mux 3 apn iot", &args, error,
			   sizeof(error)));
	EXPECT_STREQ("wan", args.arg[0]);
	EXPECT_STREQ("iot", args_key(&args, "apn"));
	EXPECT_EQ(3, args_number(&args, "mux", 0));
	EXPECT_EQ(9, args_number(&args, "mtu", 9));
	ASSERT_EQ(0, parse("pdn up wan table 4294967295", &args, error, sizeof(error)));
	EXPECT_EQ(4294967295, args_number(&args, "table", 0));
	ASSERT_EQ(0, parse("--wait 7 pdn up wan apn iot", &args, error, sizeof(error)));
	EXPECT_FALSE(args_key(&args, "user"));
	EXPECT_TRUE(args.given[OPTION_WAIT]);
	EXPECT_EQ(7, args.wait_s);
}

TEST(dashes_end_options)
{
	char *argv[] = { (char *)"m2mctl", (char *)"pdn", (char *)"up",
			 (char *)"--", (char *)"-d", NULL };
	struct args args;
	char error[64];

	ASSERT_EQ(0, args_parse(5, argv, &args, error, sizeof(error)));
	EXPECT_STREQ("-d", args.arg[0]);
}

TEST(exit_statuses)
{
	EXPECT_EQ(EXIT_TIMEOUT, exit_status(-ETIMEDOUT));
	EXPECT_EQ(EXIT_NO_MODEM, exit_status(-ENODEV));
	EXPECT_EQ(EXIT_PERMISSION, exit_status(-EPERM));
	EXPECT_EQ(EXIT_SIM, exit_status(-ENOMEDIUM));
	EXPECT_EQ(EXIT_PIN, exit_status(-EKEYREJECTED));
	EXPECT_EQ(EXIT_NOT_REGISTERED, exit_status(-ENETUNREACH));
	EXPECT_EQ(EXIT_CALL_FAILED, exit_status(-ECONNREFUSED));
	EXPECT_EQ(EXIT_UNSUPPORTED, exit_status(-EOPNOTSUPP));
	EXPECT_EQ(EXIT_BUSY, exit_status(-EBUSY));
	EXPECT_EQ(EXIT_TEMPORARY, exit_status(-EAGAIN));
	EXPECT_EQ(EXIT_TEMPORARY, exit_status(-ECONNRESET));
	EXPECT_EQ(EXIT_FAILED, exit_status(-EIO));
}

/* Whatever goes wrong, it is said what to do next: by the sentence alone where that is usage */
TEST(each_status_has_a_next_step)
{
	struct ctl ctl = { .error = { .qmi = 3 } };

	for (int status = EXIT_FAILED; status <= EXIT_BUSY; status++) {
		ctl.status = status;
		/* what is not there to be asked every command says by itself */
		if (status != EXIT_USAGE && status != EXIT_NO_DRIVER)
			EXPECT_TRUE(ctl_hint(&ctl, -EREMOTEIO));
	}
	ctl.status = 0;
	EXPECT_STREQ("the same again", ctl_hint(&ctl, -ECONNRESET));
	EXPECT_FALSE(ctl_hint(&ctl, -EINTR));
	/* to be root is of no use where the modem refuses */
	EXPECT_FALSE(strstr(ctl_hint(&ctl, -EACCES), "root"));
	ctl.error.qmi = 0;
	EXPECT_TRUE(strstr(ctl_hint(&ctl, -EACCES), "root"));
	EXPECT_TRUE(strstr(ctl_hint(&ctl, -EIO), "m2mctl support"));
	EXPECT_FALSE(ctl_hint(&ctl, -ENOENT));
	ctl.hint = "m2mctl list";
	EXPECT_STREQ("m2mctl list", ctl_hint(&ctl, -ENODEV));
	/* what the last look found is not why it was interrupted */
	ctl.status = EXIT_TIMEOUT;
	EXPECT_EQ(EXIT_FAILED, ctl_status(&ctl, -EINTR));
	EXPECT_FALSE(ctl_hint(&ctl, -EINTR));
}

TEST_HARNESS_MAIN
