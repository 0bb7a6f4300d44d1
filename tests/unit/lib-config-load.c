// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/config: which files are read, in which order, and who may read secrets. */
#include <errno.h>
#include <ftw.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/lib/config.h"
#include "../lib/harness.h"

#define EXAMPLES	"Documentation/examples"

static struct conf_notes notes;
static char directory[64];

/* A directory of the test's own, as the current one */
static void begin(void)
{
	snprintf(directory, sizeof(directory), "/tmp/m2m-config.XXXXXX");
	ASSERT_TRUE(mkdtemp(directory));
	ASSERT_EQ(0, chdir(directory));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void end(void)
{
	conf_notes_clear(&notes);
	EXPECT_EQ(0, chdir("/"));
	EXPECT_EQ(0, nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS));
}

/* Writes a file below the directory, and the directories it stands in */
static void put(const char *path, const char *text)
{
	char copy[256];
	FILE *file;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *c = strchr(copy, '/'); c; c = strchr(c + 1, '/')) {
		*c = '\0';
		mkdir(copy, 0755);
		*c = '/';
	}
	file = fopen(path, "w");
	ASSERT_TRUE(file);
	fputs(text, file);
	ASSERT_EQ(0, fclose(file));
}

/* "FILE:LINE severity: text" of each, joined by "; " */
static const char *said(void)
{
	static char text[4096];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < notes.n && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%s:%u %s: %s", i ? "; " : "",
			       notes.notes[i].file, notes.notes[i].line,
			       notes.notes[i].severity == CONF_ERROR ? "error" : "warning",
			       notes.notes[i].text);
	return text;
}

TEST(nothing_is_a_configuration)
{
	struct config *config;

	begin();
	config = config_load("absent", &notes);
	EXPECT_STREQ("", said());
	EXPECT_EQ(0, config->n_modems);
	EXPECT_EQ(60, config->manager.boot_spread_s);
	config_free(config);
	end();
}

TEST(files_and_dropins_in_their_order)
{
	struct config *config;

	begin();
	put("m2md.conf", "[Manager]\nBootSpread=10s\n");
	put("m2md.conf.d/20-b.conf", "[Manager]\nBootSpread=30s\n");
	put("m2md.conf.d/10-a.conf", "[Manager]\nBootSpread=20s\nAutoConnect=yes\n");
	put("m2md.conf.d/30-c.conf.bak", "[Manager]\nBootSpread=40s\n");
	put("m2md.conf.d/.hidden.conf", "[Manager]\nBootSpread=50s\n");
	put("modem.d/wan.modem", "[Match]\nIMEI=86*\n[PDN wan]\nAPN=a\nMTU=1400\n");
	put("modem.d/wan.modem.d/9.conf", "[PDN wan]\nAPN=nine\n");
	put("modem.d/wan.modem.d/10.conf", "[PDN wan]\nAPN=ten\n");
	put("modem.d/all.modem", "[PDN wan]\n");
	put("modem.d/README", "no configuration\n");
	config = config_load(".", &notes);
	EXPECT_STREQ("", said());
	EXPECT_EQ(30, config->manager.boot_spread_s);
	EXPECT_TRUE(config->manager.auto_connect);
	ASSERT_EQ(2, config->n_modems);
	EXPECT_STREQ("all", config->modems[0].name);
	EXPECT_STREQ("wan", config->modems[1].name);
	EXPECT_STREQ("./modem.d/wan.modem", config->modems[1].file);
	EXPECT_STREQ("nine", config->modems[1].pdns[0].apn);
	EXPECT_EQ(1400, config->modems[1].pdns[0].mtu);
	config_free(config);
	end();
}

TEST(errors_name_the_file_they_stand_in)
{
	begin();
	put("m2md.conf.d/a.conf", "[Manager]\nAutoConnect=perhaps\n");
	put("modem.d/a.modem", "[PDN wan]\nMuxId=1\n[PDN lan]\n");
	put("modem.d/a.modem.d/b.conf", "\n[PDN lan]\nMuxId=1\n");
	put("modem.d/b.modem", "[Match]\n");
	put("modem.d/gone.modem.d/c.conf", "[PDN wan]\n");
	config_free(config_load(".", &notes));
	EXPECT_STREQ("./m2md.conf.d/a.conf:2 error: AutoConnect takes yes or no, not \"perhaps\"; "
		     "./modem.d/gone.modem.d:0 warning: drop-ins of a file that is not there; "
		     "./modem.d/a.modem.d/b.conf:3 error: MuxId=1 is that of [PDN wan] as well; "
		     "./modem.d/b.modem:1 warning: [Match] is empty: the file is for every modem; "
		     "./modem.d/b.modem:1 error: ./modem.d/a.modem matches the same "
		     "modems, and neither is stronger",
		     said());
	end();
}

TEST(what_is_no_file_stops_nobody)
{
	begin();
	ASSERT_EQ(0, mkdir("modem.d", 0755));
	ASSERT_EQ(0, mkdir("modem.d/dir.modem", 0755));
	ASSERT_EQ(0, mkfifo("modem.d/fifo.modem", 0644));
	ASSERT_EQ(0, symlink("nowhere", "modem.d/link.modem"));
	put("m2md.conf.d", "");
	config_free(config_load(".", &notes));
	EXPECT_STREQ("./m2md.conf.d:0 error: cannot be read: Not a directory; "
		     "./modem.d/dir.modem:0 error: no regular file; "
		     "./modem.d/fifo.modem:0 error: no regular file; "
		     "./modem.d/link.modem:0 error: no such file", said());
	end();
}

TEST(too_large_and_too_many)
{
	char *text = malloc(CONF_FILE_MAX + 2), path[64];
	struct config *config;

	begin();
	ASSERT_TRUE(text);
	memset(text, '\n', CONF_FILE_MAX + 1);
	text[CONF_FILE_MAX + 1] = '\0';
	put("m2md.conf", text);
	for (int i = 0; i <= CONFIG_MODEMS_MAX; i++) {
		snprintf(path, sizeof(path), "modem.d/m%02d.modem", i);
		snprintf(text, CONF_FILE_MAX, "[Match]\nIMEI=8600000000000%02d\n", i);
		put(path, text);
	}
	config = config_load(".", &notes);
	EXPECT_EQ(CONFIG_MODEMS_MAX, config->n_modems);
	EXPECT_STREQ("./m2md.conf:0 error: larger than 65536 bytes, and not read; "
		     "./modem.d:0 error: more than 64 files; m64.modem and what follows "
		     "it is not read",
		     said());
	config_free(config);
	free(text);
	end();
}

TEST(one_file)
{
	struct config *config = config_new();

	begin();
	put("a.modem", "[PDN wan]\nNetNS=blue\n");
	put("a.modem.d/x.conf", "[PDN wan]\nMTU=1400\n");
	put("other.conf", "");
	EXPECT_EQ(0, config_load_file(config, "a.modem", &notes));
	config_check(config, &notes);
	/* without m2md.conf nobody knows what the helper may do */
	EXPECT_STREQ("", said());
	ASSERT_EQ(1, config->n_modems);
	EXPECT_EQ(1400, config->modems[0].pdns[0].mtu);
	EXPECT_EQ(-EINVAL, config_load_file(config, "other.conf", &notes));
	EXPECT_EQ(-ENOENT, config_load_file(config, "b.modem", &notes));
	EXPECT_EQ(-ENOENT, config_load_file(config, "m2md.conf", &notes));
	EXPECT_STREQ("b.modem:0 error: no such file; m2md.conf:0 error: no such file", said());
	config_free(config);
	end();
}

/* --- secrets ------------------------------------------------------------------ */

/* What is said about a pair of files */
static const char *judged(const char *pin, const char *password)
{
	char text[512];
	struct config *config;

	conf_notes_clear(&notes);
	snprintf(text, sizeof(text), "[Match]\nICCID=*\n[SIM]\nPINFile=%s/%s\n"
		 "[PDN wan]\nUser=u\nPasswordFile=%s/%s\n", *pin == '%' ? "%d" : directory,
		 *pin == '%' ? pin + 1 : pin, directory, password);
	put("modem.d/a.modem", text);
	config = config_load(".", &notes);
	EXPECT_STREQ("", said());
	config_check_secrets(config, &notes);
	config_free(config);
	return said();
}

TEST(secret_files)
{
	char expected[512];

	begin();
	put("pin", "1234\n");
	put("open", "1234\n");
	put("empty", "");
	chmod("pin", 0640);
	chmod("open", 0644);
	chmod("empty", 0600);
	EXPECT_STREQ("", judged("pin", "pin"));
	snprintf(expected, sizeof(expected),
		 "./modem.d/a.modem:4 error: PINFile: %s/open is open to every user "
		 "(mode 0644); chmod o= takes that away; "
		 "./modem.d/a.modem:7 error: PasswordFile: %s/absent: No such file or directory",
		 directory, directory);
	EXPECT_STREQ(expected, judged("open", "absent"));
	snprintf(expected, sizeof(expected),
		 "./modem.d/a.modem:4 error: PINFile: %s/modem.d is no regular file; "
		 "./modem.d/a.modem:7 error: PasswordFile: %s/empty is empty",
		 directory, directory);
	EXPECT_STREQ(expected, judged("modem.d", "empty"));
	/* a credential is judged where it is */
	unsetenv("CREDENTIALS_DIRECTORY");
	EXPECT_STREQ("", judged("%pin", "pin"));
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	EXPECT_STREQ("", judged("%pin", "pin"));
	EXPECT_STREQ("./modem.d/a.modem:4 error: PINFile: %d/absent: No such file or directory",
		     judged("%absent", "pin"));
	end();
}

static int read_secret(const char *name, char *ret, size_t size, struct m2m_error *error)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return config_secret_read(path, ret, size, error);
}

TEST(reading_a_secret)
{
	struct m2m_error error;
	char secret[8];

	begin();
	put("pin", "1234\r\nnot this\n");
	put("bare", "1234567");
	put("long", "12345678");
	put("open", "1234");
	chmod("pin", 0600);
	chmod("bare", 0600);
	chmod("long", 0600);
	chmod("open", 0604);
	ASSERT_EQ(0, mkfifo("fifo", 0600));
	ASSERT_EQ(0, read_secret("pin", secret, sizeof(secret), &error));
	EXPECT_STREQ("1234", secret);
	ASSERT_EQ(0, read_secret("bare", secret, sizeof(secret), &error));
	EXPECT_STREQ("1234567", secret);
	EXPECT_EQ(-EMSGSIZE, read_secret("long", secret, sizeof(secret), &error));
	EXPECT_EQ(0, secret[0]);
	EXPECT_EQ(-EACCES, read_secret("open", secret, sizeof(secret), &error));
	EXPECT_TRUE(strstr(error.msg, "open to every user (mode 0604)"));
	EXPECT_EQ(-EISDIR, read_secret("fifo", secret, sizeof(secret), &error));
	EXPECT_EQ(-ENOENT, read_secret("absent", secret, sizeof(secret), &error));
	unsetenv("CREDENTIALS_DIRECTORY");
	EXPECT_EQ(-ENOENT, config_secret_read("%d/pin", secret, sizeof(secret), &error));
	EXPECT_STREQ("%d/pin: this service has no credentials", error.msg);
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	ASSERT_EQ(0, config_secret_read("%d/pin", secret, sizeof(secret), &error));
	EXPECT_STREQ("1234", secret);
	end();
}

/* --- what is shipped ---------------------------------------------------------------- */

TEST(examples)
{
	struct config *config;
	const struct config_modem *modem, *other;
	struct config_identity id = { .iccid = "8988280000000000001" };

	/* where the tree was, if not here */
	if (access(EXAMPLES, R_OK) && chdir(M2M_TOP))
		SKIP("the tree is not here");
	config = config_load(EXAMPLES, &notes);
	EXPECT_STREQ("", said());
	EXPECT_TRUE(config->has_main);
	EXPECT_EQ(3, config->n_modems);
	EXPECT_EQ(0, config_match(config, &id, &modem, &other));
	ASSERT_TRUE(modem);
	EXPECT_STREQ("iot", modem->name);
	id.iccid = "8949000000000000001";
	EXPECT_EQ(0, config_match(config, &id, &modem, &other));
	ASSERT_TRUE(modem);
	EXPECT_STREQ("any", modem->name);
	config_free(config);
}

TEST_HARNESS_MAIN
