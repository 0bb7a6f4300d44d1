// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2md does with files that are not as they should be: nothing, and it says so. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/daemon/plan.h"
#include "../../tools/lib/config.h"
#include "../lib/harness.h"

static char directory[] = "/tmp/m2m-plan-XXXXXX";
#define ICCID "89490000000000000016"

static const struct plan_modem modem = { "860000000000011", NULL, "1-1", "EC25" };
static const struct plan_modem with_card = { "860000000000011", ICCID, "1-1", "EC25" };

static const char *at(const char *name)
{
	static char paths[4][128];
	static unsigned int turn;
	char *path = paths[turn++ % ARRAY_SIZE(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(at(name), "w");

	ASSERT_TRUE(file);
	fputs(text, file);
	fclose(file);
}

/* The plan of a modem with these two files or one, and lines of [Manager] */
static struct plan *plan_for(const struct plan_modem *who, const char *a, const char *b,
			     const char *manager)
{
	struct plans *plans;
	struct plan *plan;

	ASSERT_TRUE(mkdtemp(directory));
	mkdir(at("modem.d"), 0755);
	write_file("modem.d/a.modem", a);
	if (b)
		write_file("modem.d/b.modem", b);
	if (manager)
		write_file("m2md.conf", manager);
	plans = plans_load(directory);
	plan = plan_new(plans, who);
	plans_free(plans);
	unlink(at("m2md.conf"));
	unlink(at("modem.d/a.modem"));
	unlink(at("modem.d/b.modem"));
	rmdir(at("modem.d"));
	rmdir(directory);
	strcpy(directory + strlen(directory) - 6, "XXXXXX");
	return plan;
}

static struct plan *plan_of(const char *a, const char *b)
{
	return plan_for(&modem, a, b, NULL);
}

static void expect_unmanaged(const char *why, const char *a, const char *b)
{
	struct plan *plan = plan_of(a, b);

	EXPECT_FALSE(plan->managed);
	EXPECT_TRUE(plan->why_not);
	if (plan->why_not && !strstr(plan->why_not, why))
		printf("# %s\n", plan->why_not);
	EXPECT_TRUE(plan->why_not && strstr(plan->why_not, why));
	plan_unref(plan);
}

TEST(a_file_that_is_as_it_should_be)
{
	struct plan *plan = plan_of("[PDN wan]\nAPN=internet\n", NULL);

	EXPECT_TRUE(plan->managed);
	EXPECT_FALSE(plan->why_not);
	EXPECT_EQ(1, plan->n_pdns);
	EXPECT_STREQ("internet", plan->pdns[0].apn);
	plan_unref(plan);
}

/* None is left out without a word: all that may be configured, and no file with more */
TEST(as_many_connections_as_a_modem_may_have)
{
	char text[256];
	size_t len = 0;
	struct plan *plan;

	for (int i = 0; i < CONFIG_PDNS_MAX; i++)
		len += snprintf(text + len, sizeof(text) - len, "[PDN p%d]\nAPN=a%d\n", i, i);
	plan = plan_of(text, NULL);
	EXPECT_TRUE(plan->managed);
	ASSERT_EQ(CONFIG_PDNS_MAX, plan->n_pdns);
	for (int i = 0; i < CONFIG_PDNS_MAX; i++) {
		snprintf(text + len, sizeof(text) - len, "a%d", i);
		EXPECT_STREQ(text + len, plan->pdns[i].apn);
	}
	plan_unref(plan);
	snprintf(text + len, sizeof(text) - len, "[PDN more]\nAPN=a\n");
	expect_unmanaged("has errors", text, NULL);
}

TEST(whose_access_point_is_guessed)
{
	static const char autoconnect[] = "[Manager]\nAutoConnect=yes\n";
	static const char other[] = "[Match]\nIMEI=860000000000099\n[PDN wan]\nAPN=a\n";
	static const char card[] = "[Match]\nICCID=8949*\n[PDN wan]\nAPN=a\n";
	static const struct {
		const char *a, *manager;
		bool guesses, may_guess, of_card;
	} rows[] = {
		{ "[PDN wan]\nAPN=a\n", autoconnect, false, false, false },
		{ "[PDN wan]\n", autoconnect, true, true, false },
		{ "[PDN wan]\n", NULL, false, false, false },
		{ "[PDN wan]\nAPN=a\n[PDN b]\n", autoconnect, true, true, false },
		{ other, autoconnect, true, true, false },
		{ other, NULL, false, false, false },
		{ card, autoconnect, false, false, true },
		/* nor is one that has errors managed */
		{ "[PDN wan]\nMTU=much\n", autoconnect, false, true, false },
		{ "[PDN wan]\nMTU=much\n", NULL, false, false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct plan *plan = plan_for(&with_card, rows[i].a, NULL,
					     rows[i].manager);

		EXPECT_EQ(rows[i].guesses, plan_guesses(plan));
		EXPECT_EQ(rows[i].may_guess, plan_may_guess(plan));
		EXPECT_EQ(rows[i].of_card, plan->of_card);
		plan_unref(plan);
	}
}

/* What stands in the modem's memory is looked at again if something of it changed */
TEST(which_keys_the_modem_keeps)
{
	static const char pdn[] = "[PDN wan]\nAPN=a\n";
	static const char * const keys[] = {
		"[Network]\nOperator=26201\n", "[Network]\nOperator=auto\n",
		"[Network]\nModes=lte\n", "[Network]\nBands=b3\n", "[SIM]\nSlot=2\n",
		"[SIM]\nOrder=2,1\n", "[SIM]\nOrder=1,2\n",
		"[Attach]\nAPN=b\n",
	};
	struct plan *without = plan_of(pdn, NULL), *before = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct plan *plan = plan_of(keys[i], NULL);
		struct plan *again = plan_of(keys[i], NULL);

		EXPECT_TRUE(plan->managed);
		EXPECT_TRUE(plan_same_settings(plan, again));
		EXPECT_FALSE(plan_same_settings(without, plan));
		EXPECT_FALSE(before && plan_same_settings(before, plan));
		plan_unref(before);
		plan_unref(again);
		before = plan;
	}
	plan_unref(before);
	plan_unref(without);
}

/* A file's name is its modem's, also of one that cannot be used; of two it is neither */
TEST(alias)
{
	static const struct {
		const char *a, *b, *alias;
	} rows[] = {
		{ "[Match]\nModel=EC25\n[PDN wan]\nAPN=a\n", NULL, "a" },
		{ "[PDN wan]\nMTU=much\n", NULL, "a" },
		{ "[Match]\nModel=X\n[PDN wan]\nAPN=a\n", NULL, NULL },
		{ "[Match]\nPath=1-1\n[PDN a]\nAPN=a\n",
		  "[Match]\nModel=EC25\n[PDN b]\nAPN=b\n", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct plan *plan = plan_of(rows[i].a, rows[i].b);

		EXPECT_STREQ(rows[i].alias ? rows[i].alias : "",
			     plan->alias ? plan->alias : "");
		plan_unref(plan);
	}
}

TEST(files_with_errors)
{
	static const char * const rows[] = {
		"[PDN wan]\nAPN=internet\nMTU=much\n",
		"[PDN wan]\nAPN=internet\nRouteTable=5\nVRF=red\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect_unmanaged("a.modem has errors", rows[i], NULL);
}

/* The one that is meant may be the broken one */
TEST(a_file_with_errors_beside_another)
{
	expect_unmanaged("b.modem has errors", "[PDN wan]\nAPN=internet\n",
			 "[Match]\nIMEI=860000000000011\n[PDN wan]\nAPN=a\nMTU=much\n");
}

TEST(files_that_match_equally)
{
	expect_unmanaged("match it equally", "[Match]\nPath=1-1\n[PDN a]\nAPN=a\n",
			 "[Match]\nModel=EC25\n[PDN b]\nAPN=b\n");
	expect_unmanaged("match it equally",
			 "[Match]\nPath=1-1\n[PDN a]\nAPN=a\nMTU=much\n",
			 "[Match]\nModel=EC25\n[PDN b]\nAPN=b\n");
}

static char password_path[] = "/tmp/m2m-password-XXXXXX";
static int password_fd;

/* The number of the first PDN's call, with a file as it is */
static uint64_t call_again(const char *keys, uint64_t *number)
{
	char text[256];
	struct plan *plan;
	uint64_t key;

	/* @ stands for the file's name */
	snprintf(text, sizeof(text), "[PDN wan]\nAPN=internet\n%.*s%s%s",
		 (int)strcspn(keys, "@"), keys, strchr(keys, '@') ? password_path : "",
		 strchr(keys, '@') ? strchr(keys, '@') + 1 : "");
	plan = plan_of(text, NULL);
	ASSERT_EQ(1, plan->n_pdns);
	key = plan_pdn_call(&plan->pdns[0], number);
	plan_unref(plan);
	return key;
}

static void write_password(const char *password)
{
	ASSERT_EQ(0, ftruncate(password_fd, 0));
	ASSERT_EQ(strlen(password), pwrite(password_fd, password, strlen(password), 0));
}

/* The same with @password in the file */
static uint64_t call_of(const char *keys, const char *password)
{
	uint64_t number = 0;

	write_password(password);
	return call_again(keys, &number);
}

static void password_begin(void)
{
	password_fd = mkstemp(password_path);
	ASSERT_LE(0, password_fd);
}

static void password_end(void)
{
	close(password_fd);
	unlink(password_path);
}

#define WITH_PASSWORD "User=a\nPasswordFile=@\n"

/* What a call is made with: each of it makes another call, and nothing else does */
TEST(what_makes_another_call)
{
	static const char * const others[] = {
		"", "User=a\n", "User=b\n", "User=a\nAuth=pap\n", "MuxId=3\n", "MuxId=4\n",
		"User=a\nPasswordFile=/nonexistent/password\n", WITH_PASSWORD,
	};
	static const char * const same[] = {
		"MTU=1400\n", "RouteMetric=7\n", "VRF=red\n", "DNS=192.0.2.1\n",
	};
	uint64_t keys[ARRAY_SIZE(others)];

	password_begin();
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		keys[i] = call_of(others[i], "secret");
		EXPECT_EQ(keys[i], call_of(others[i], "secret"));
		for (size_t j = 0; j < i; j++)
			EXPECT_NE(keys[j], keys[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		EXPECT_EQ(keys[0], call_of(same[i], ""));
	EXPECT_NE(call_of(WITH_PASSWORD, "secret"), call_of(WITH_PASSWORD, "Secret"));
	/* its first line is all there is of it */
	EXPECT_EQ(call_of(WITH_PASSWORD, "secret"), call_of(WITH_PASSWORD, "secret\nold\n"));
	password_end();
}

/* It is written anew, or somebody has set its mode: no reason to end what is up */
TEST(a_password_that_cannot_be_read_is_no_other_one)
{
	uint64_t number = 0, key;

	password_begin();
	write_password("secret");
	key = call_again(WITH_PASSWORD, &number);
	write_password("");
	EXPECT_EQ(key, call_again(WITH_PASSWORD, &number));
	ASSERT_EQ(0, fchmod(password_fd, 0644));
	write_password("other");
	EXPECT_EQ(key, call_again(WITH_PASSWORD, &number));
	ASSERT_EQ(0, fchmod(password_fd, 0600));
	EXPECT_NE(key, call_again(WITH_PASSWORD, &number));
	write_password("secret");
	EXPECT_EQ(key, call_again(WITH_PASSWORD, &number));
	/* what was never read is another one once it is */
	number = 0;
	write_password("");
	EXPECT_NE(key, call_again(WITH_PASSWORD, &number));
	password_end();
}

TEST_HARNESS_MAIN
