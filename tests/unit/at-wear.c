// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes to a modem's memory: ten a day, whatever the clock, the boot and the disk do. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/at/wear.h"
#include "../lib/harness.h"

#define BOOT	"0f0e0d0c-0b0a-4a0b-8c0d-0e0f00010203"
#define OTHER	"1f0e0d0c-0b0a-4a0b-8c0d-0e0f00010203"

TEST(time_is_uptime)
{
	int64_t total;

	EXPECT_EQ(0, wear_elapsed(NULL, BOOT, 500, &total));
	EXPECT_EQ(0, total);
	/* the same boot */
	EXPECT_EQ(300, wear_elapsed(BOOT " 200 9000", BOOT, 500, &total));
	EXPECT_EQ(9000, total);
	EXPECT_EQ(0, wear_elapsed(BOOT " 600 9000", BOOT, 500, &total));
	/* another one: what was between them does not count */
	EXPECT_EQ(500, wear_elapsed(OTHER " 200 9000", BOOT, 500, &total));
	EXPECT_EQ(9000, total);
	/* nobody knows which */
	EXPECT_EQ(0, wear_elapsed("- 200 9000", "", 500, &total));
	EXPECT_EQ(9000, total);
	/* no record of ours */
	EXPECT_EQ(0, wear_elapsed("", BOOT, 500, &total));
	EXPECT_EQ(0, total);
	EXPECT_EQ(0, wear_elapsed(BOOT " 200 -1", BOOT, 500, &total));
	EXPECT_EQ(0, wear_elapsed(BOOT " 200 9223372036854775807", BOOT, 500, &total));
	EXPECT_EQ(0, total);
}

TEST(ten_a_day)
{
	char record[WEAR_TEXT_MAX] = "", next[WEAR_TEXT_MAX];
	struct m2m_error error;
	int64_t now = 1000;

	for (int i = 0; i < WEAR_MAX; i++, now += 60) {
		ASSERT_EQ(0, wear_spend(*record ? record : NULL, now, next, &error));
		strcpy(record, next);
	}
	EXPECT_EQ(-EDQUOT, wear_spend(record, now, next, &error));
	EXPECT_STREQ(record, next);
	EXPECT_TRUE(strstr(error.msg, "more in 1430 min"));
	EXPECT_FALSE(wear_is_over(record, now));
	/* the first one leaves, and one may enter */
	EXPECT_EQ(-EDQUOT, wear_spend(record, 1000 + WEAR_DAY_S - 1, next, &error));
	EXPECT_EQ(0, wear_spend(record, 1000 + WEAR_DAY_S, next, &error));
	strcpy(record, next);
	EXPECT_EQ(-EDQUOT, wear_spend(record, 1000 + WEAR_DAY_S, next, &error));
	EXPECT_TRUE(wear_is_over(record, 1000 + 2 * WEAR_DAY_S));
	EXPECT_EQ(0, wear_spend(record, 1000 + 2 * WEAR_DAY_S, next, &error));
	EXPECT_STREQ("173800", next);
}

TEST(what_cannot_be_read_is_spent)
{
	static const char * const bad[] = {
		"x", "1 2 x", "-5", "99999999999999999999", "1,2",
		"1 2 3 4 5 6 7 8 9 10 11",
	};
	char record[WEAR_TEXT_MAX], next[WEAR_TEXT_MAX];
	struct m2m_error error;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EDQUOT, wear_spend(bad[i], 5000, record, &error));
		EXPECT_FALSE(wear_is_over(bad[i], 5000));
		/* for a day */
		EXPECT_EQ(-EDQUOT, wear_spend(record, 6000, next, &error));
		EXPECT_EQ(0, wear_spend(record, 5000 + WEAR_DAY_S, next, &error));
	}
	/* a time to come is one of now */
	EXPECT_EQ(0, wear_spend("7000", 5000, next, &error));
	EXPECT_STREQ("5000 5000", next);
}

TEST(on_the_disk)
{
	char directory[] = "/tmp/at-wear-XXXXXX", path[64];
	struct m2m_error error;
	struct stat st;

	ASSERT_TRUE(mkdtemp(directory));
	for (int i = 0; i < WEAR_MAX; i++)
		ASSERT_EQ(0, wear_write(directory, "860000000000011", &error));
	EXPECT_EQ(-EDQUOT, wear_write(directory, "860000000000011", &error));
	/* another modem has its own */
	EXPECT_EQ(0, wear_write(directory, "1-1.2", &error));
	snprintf(path, sizeof(path), "%s/at", directory);
	ASSERT_EQ(0, stat(path, &st));
	EXPECT_EQ(0700, st.st_mode & 0777);
	/* nobody's modem is written to without a record */
	EXPECT_EQ(-ENOENT, wear_write("/nonexistent", "1-1", &error));
	EXPECT_TRUE(strstr(error.msg, "/nonexistent/at"));
	if (geteuid()) {
		ASSERT_EQ(0, chmod(path, 0500));
		EXPECT_EQ(-EACCES, wear_write(directory, "1-1.3", &error));
		ASSERT_EQ(0, chmod(path, 0700));
	}
	snprintf(path, sizeof(path), "rm -rf %s", directory);
	EXPECT_EQ(0, system(path));
}

TEST_HARNESS_MAIN
