// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl config: what it prints, and the status it ends with. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/ctl/ctl.h"
#include "../../tools/lib/config.h"
#include "../lib/harness.h"

static char *printed;
static struct ctl ctl;

/* Runs a command line in a directory of its own with a.modem and b.modem */
static int run(const char *line, const char *a, const char *b)
{
	static char words[128];
	char directory[] = "/tmp/m2m-config.XXXXXX", error[128];
	char *argv[8] = { (char *)"m2mctl" };
	struct args args;
	int argc = 1, err;
	size_t size;
	FILE *to;

	ASSERT_TRUE(mkdtemp(directory));
	ASSERT_EQ(0, chdir(directory));
	ASSERT_EQ(0, mkdir("modem.d", 0700));
	ASSERT_EQ(0, mkdir("empty", 0700));
	for (int i = 0; i < 2; i++) {
		to = fopen(i ? "modem.d/b.modem" : "modem.d/a.modem", "w");
		ASSERT_TRUE(to);
		fputs(i ? b : a, to);
		fclose(to);
	}
	snprintf(words, sizeof(words), "%s", line);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	ASSERT_EQ(0, args_parse(argc, argv, &args, error, sizeof(error)));
	free(printed);
	to = open_memstream(&printed, &size);
	memset(&ctl, 0, sizeof(ctl));
	ctl.args = &args;
	ctl.out = out_new(to, args.given[OPTION_JSON] ? OUT_JSON : OUT_TEXT);
	err = args.command->run(&ctl);
	if (err)
		out_free(ctl.out);
	else
		EXPECT_EQ(0, out_finish(ctl.out));
	fclose(to);
	EXPECT_EQ(0, unlink("modem.d/a.modem") | unlink("modem.d/b.modem") |
		  rmdir("modem.d") | rmdir("empty"));
	EXPECT_EQ(0, rmdir(directory));
	return err;
}

#define GOOD	"[PDN wan]\nAPN=a\n"
#define ODD	"[Match]\nIMEI=86*\n[PDN wan]\nColour=red\n"
#define BAD	"[Match]\nIMEI=86*\n[PDN wan]\nMTU=100\n"

TEST(nothing_wrong)
{
	EXPECT_EQ(0, run("config check empty", "", ""));
	EXPECT_STREQ("empty: warning: nothing here: neither m2md.conf nor modem.d\n"
		     "0 modem files, 0 errors, 1 warning\n", printed);
	EXPECT_EQ(0, run("config check modem.d/a.modem", GOOD, BAD));
	EXPECT_STREQ("1 modem file, 0 errors, 0 warnings\n", printed);
}

TEST(a_warning_is_no_failure)
{
	EXPECT_EQ(0, run("config check .", GOOD, ODD));
	EXPECT_STREQ("./modem.d/b.modem:4: warning: unknown key Colour in [PDN]\n"
		     "2 modem files, 0 errors, 1 warning\n", printed);
}

TEST(an_error_is_one_and_is_said)
{
	EXPECT_EQ(-EBADMSG, run("config check .", GOOD, BAD));
	EXPECT_EQ(EXIT_FAILED, ctl.status);
	EXPECT_STREQ("1 error", ctl.error.msg);
	EXPECT_STREQ("./modem.d/b.modem:4: error: MTU takes a number from 576 to 65535, "
		     "not \"100\"\n2 modem files, 1 error, 0 warnings\n", printed);
}

TEST(for_programs)
{
	EXPECT_EQ(-EBADMSG, run("--json config check modem.d/b.modem modem.d/a.modem",
				GOOD, BAD));
	EXPECT_STREQ("{\"schema\":1,\"notes\":[{\"severity\":\"error\","
		     "\"file\":\"modem.d/b.modem\",\"line\":4,\"message\":"
		     "\"MTU takes a number from 576 to 65535, not \\\"100\\\"\"}],"
		     "\"modems\":[\"b\",\"a\"],\"errors\":1,\"warnings\":0}\n", printed);
}

TEST(a_tie_names_both)
{
	EXPECT_EQ(-EBADMSG, run("config check .", GOOD, GOOD));
	EXPECT_STREQ("./modem.d/b.modem: error: ./modem.d/a.modem matches the same modems, "
		     "and neither is stronger\n2 modem files, 1 error, 0 warnings\n", printed);
}

TEST(what_is_no_configuration)
{
	EXPECT_EQ(-ENOENT, run("config check absent", "", ""));
	EXPECT_STREQ("absent: No such file or directory", ctl.error.msg);
	EXPECT_EQ(-EINVAL, run("config check modem.d/a.modem .", "", ""));
	EXPECT_STREQ("one directory or files, not \".\" besides others", ctl.error.msg);
	EXPECT_EQ(EXIT_USAGE, exit_status(ctl.error.err));
	EXPECT_EQ(-EINVAL, run("config check /dev/null", "", ""));
	EXPECT_STREQ("\"/dev/null\" is no directory, not m2md.conf and no file with .modem",
		     ctl.error.msg);
}

TEST(keys)
{
	EXPECT_EQ(0, run("config keys", "", ""));
	EXPECT_EQ(0, strncmp(printed, "SECTION ", 8));
	for (const struct config_key *key = config_keys; key->name; key++)
		EXPECT_TRUE(strstr(printed, key->name) && strstr(printed, key->help));
	EXPECT_EQ(0, run("--json config keys", "", ""));
	EXPECT_TRUE(strstr(printed, "\"section\":\"PDN\",\"key\":\"MTU\",\"default\":null,"
			   "\"takes\":\"a number from 576 to 65535\""));
}

TEST_HARNESS_MAIN
