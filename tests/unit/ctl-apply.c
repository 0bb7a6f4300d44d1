// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl config apply, confirm, revert: which files count after it, and with which modes. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/ctl/ctl.h"
#include "../../tools/lib/config-trial.h"
#include "../../tools/lib/config.h"
#include "../lib/harness.h"

#define OLD	"[PDN wan]\nAPN=old\n"
#define NEW	"[PDN wan]\nAPN=new\n"
#define BAD	"[PDN wan]\nMTU=100\n"
#define OTHER	"[Match]\nIMEI=86*\n[PDN lan]\nAPN=other\n"
#define DROPIN	"[Network]\nRoaming=home\n"

static char *directory, *printed;
static struct ctl ctl;

static void put(const char *name, const char *text)
{
	g_autofree char *above = g_path_get_dirname(name);

	ASSERT_EQ(0, g_mkdir_with_parents(above, 0755));
	ASSERT_TRUE(g_file_set_contents(name, text, -1, NULL));
}

/* "" if there is none */
static const char *get(const char *name)
{
	static char *text;

	g_clear_pointer(&text, g_free);
	return g_file_get_contents(name, &text, NULL, NULL) ? text : "";
}

/* A directory with etc/, the configuration, and new/, what is applied */
static void begin(void)
{
	directory = g_dir_make_tmp("m2m-apply-XXXXXX", NULL);
	ASSERT_TRUE(directory);
	ASSERT_EQ(0, chdir(directory));
	ASSERT_EQ(0, setenv("M2MD_CONFIG", "etc", 1));
	ASSERT_EQ(0, setenv("M2MD_SOCKET", "nobody", 1));
	put("etc/m2md.conf", "[Manager]\nBootSpread=0s\n");
	put("etc/modem.d/wan.modem", OLD);
	put("etc/modem.d/wan.modem.d/10-home.conf", DROPIN);
	ASSERT_EQ(0, chmod("etc/modem.d/wan.modem", 0640));
	put("new/wan.modem", NEW);
	put("new/lan.modem", OTHER);
	put("new/bad.modem", BAD);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static bool end(void)
{
	return !chdir("/") && !nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int run(const char *line)
{
	char **words = g_strsplit(line, " ", -1);
	char *argv[16] = { (char *)"m2mctl" };
	char error[128];
	struct args args;
	int argc = 1, err;
	size_t size;
	FILE *to;

	for (char **word = words; *word; word++)
		argv[argc++] = *word;
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
	g_strfreev(words);
	return err;
}

/* The APN of wan, as m2md would read it now */
static const char *apn(void)
{
	static char text[32];
	struct config_trial *trial = calloc(1, sizeof(*trial));
	struct conf_notes notes = { 0 };
	struct config *config;
	char *where;

	ASSERT_TRUE(trial);
	where = config_tree_where("etc", trial);
	config = config_load(where, &notes);
	snprintf(text, sizeof(text), "-");
	for (size_t i = 0; i < config->n_modems; i++)
		if (!strcmp(config->modems[i].name, "wan"))
			snprintf(text, sizeof(text), "%s %s", config->modems[i].pdns[0].apn,
				 config->modems[i].network.roaming == CONFIG_ROAMING_HOME ?
				 "home" : "auto");
	EXPECT_EQ(0, notes.n_errors);
	conf_notes_clear(&notes);
	config_free(config);
	g_free(where);
	free(trial);
	return text;
}

static bool is_clean(void)
{
	return access("etc/trial", F_OK) && access("etc/modem.d/wan.modem.new", F_OK);
}

TEST(applied_for_good)
{
	struct stat st;

	begin();
	EXPECT_STREQ("old home", apn());
	EXPECT_EQ(0, run("config apply new/wan.modem new/lan.modem"));
	EXPECT_STREQ("2 modem files, 0 errors, 0 warnings\n"
		     "m2md does not run: it counts when it starts\n", printed);
	EXPECT_STREQ(NEW, get("etc/modem.d/wan.modem"));
	EXPECT_STREQ(OTHER, get("etc/modem.d/lan.modem"));
	EXPECT_STREQ(DROPIN, get("etc/modem.d/wan.modem.d/10-home.conf"));
	EXPECT_STREQ("new home", apn());
	/* who may read the one that was there may read this one */
	ASSERT_EQ(0, stat("etc/modem.d/wan.modem", &st));
	EXPECT_EQ(0640, st.st_mode & 0777);
	ASSERT_EQ(0, stat("etc/modem.d/lan.modem", &st));
	EXPECT_EQ(0644, st.st_mode & 0777);
	EXPECT_TRUE(is_clean());
	EXPECT_TRUE(end());
}

TEST(an_error_changes_nothing)
{
	begin();
	EXPECT_EQ(-EBADMSG, run("config apply new/wan.modem new/bad.modem"));
	EXPECT_TRUE(strstr(printed, "bad.modem:2: error: MTU"));
	EXPECT_STREQ(OLD, get("etc/modem.d/wan.modem"));
	EXPECT_STREQ("old home", apn());
	EXPECT_TRUE(is_clean());
	EXPECT_EQ(-ENOENT, run("config apply new/absent.modem"));
	EXPECT_EQ(-EINVAL, run("config apply new/wan.conf"));
	EXPECT_EQ(EXIT_USAGE, ctl.status);
	EXPECT_TRUE(is_clean());
	EXPECT_TRUE(end());
}

TEST(tried_and_confirmed)
{
	begin();
	EXPECT_EQ(0, run("config apply new/wan.modem --confirm 10m --json"));
	EXPECT_TRUE(strstr(printed, "\"trial\":true,\"confirm_s\":600,\"reloaded\":false"));
	EXPECT_STREQ("new home", apn());
	EXPECT_STREQ(OLD, get("etc/modem.d/wan.modem"));
	EXPECT_EQ(-EBUSY, run("config apply new/lan.modem"));
	EXPECT_EQ(EXIT_BUSY, ctl.status);
	EXPECT_EQ(0, run("config confirm --json"));
	EXPECT_TRUE(strstr(printed, "\"files\":[\"modem.d/wan.modem\"]"));
	EXPECT_STREQ(NEW, get("etc/modem.d/wan.modem"));
	EXPECT_STREQ("new home", apn());
	EXPECT_TRUE(is_clean());
	EXPECT_EQ(-ENOENT, run("config confirm"));
	EXPECT_STREQ("no configuration is being tried", ctl.error.msg);
	EXPECT_TRUE(end());
}

TEST(tried_and_taken_back)
{
	begin();
	EXPECT_EQ(0, run("config apply new/wan.modem --confirm 10m"));
	EXPECT_STREQ("new home", apn());
	EXPECT_EQ(0, run("config revert"));
	EXPECT_STREQ("old home", apn());
	EXPECT_TRUE(is_clean());
	EXPECT_EQ(-ENOENT, run("config revert"));
	EXPECT_TRUE(end());
}

/* As it stands there after a power cut */
static void make_record(const char *boot, int64_t until_ms)
{
	struct config_trial_file file = { "modem.d/wan.modem", NEW, strlen(NEW), true };
	struct m2m_error error;
	void *tree = config_tree_open("etc", &error);

	ASSERT_TRUE(tree);
	ASSERT_EQ(0, config_trial_begin(&config_tree_ops, tree, &file, 1, boot, until_ms,
					&error));
	config_tree_close(tree);
}

TEST(nobody_confirms)
{
	begin();
	EXPECT_EQ(0, run("config apply new/wan.modem --confirm 10m"));
	EXPECT_STREQ("new home", apn());
	make_record(boot_id(), boot_ms() - 1);
	EXPECT_STREQ("old home", apn());
	EXPECT_EQ(-ENOENT, run("config confirm"));
	EXPECT_TRUE(strstr(ctl.error.msg, "its time is over"));
	make_record("another", boot_ms() + 600000);
	EXPECT_STREQ("old home", apn());
	/* what is left of it is in nobody's way */
	EXPECT_EQ(0, run("config apply new/lan.modem"));
	EXPECT_STREQ("old home", apn());
	EXPECT_STREQ(OTHER, get("etc/modem.d/lan.modem"));
	EXPECT_TRUE(is_clean());
	EXPECT_TRUE(end());
}

TEST(one_at_a_time)
{
	int fd;

	begin();
	fd = open("etc", O_RDONLY | O_DIRECTORY);
	ASSERT_EQ(0, flock(fd, LOCK_EX));
	EXPECT_EQ(-EBUSY, run("config apply new/wan.modem"));
	close(fd);
	EXPECT_EQ(0, run("config apply new/wan.modem"));
	EXPECT_TRUE(end());
}

TEST(who_may_not_write_is_told_so)
{
	if (getuid())
		SKIP("needs root");
	begin();
	ASSERT_EQ(0, chmod(directory, 0755));
	ASSERT_EQ(0, seteuid(65534));
	EXPECT_EQ(-EACCES, run("config apply new/wan.modem"));
	EXPECT_EQ(EXIT_PERMISSION, ctl.status ? ctl.status : exit_status(-EACCES));
	ASSERT_EQ(0, seteuid(0));
	EXPECT_STREQ("old home", apn());
	EXPECT_TRUE(end());
}

TEST_HARNESS_MAIN
