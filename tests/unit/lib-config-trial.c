// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration on trial: all of it counts or none of it, in time, after its time, in
 * the next boot, and wherever in its making, its confirmation or its end power is lost.
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/lib/config-trial.h"
#include "../lib/harness.h"
#include "fakedisk.h"

#define BOOT		"6f2c3f5e-0000-4000-8000-000000000001"
#define NEXT_BOOT	"6f2c3f5e-0000-4000-8000-000000000002"
#define BEGAN		1000
#define UNTIL		601000
#define SEEDS		4

static const struct config_trial_file files[] = {
	{ "m2md.conf", "new main", 8, true },
	{ "modem.d/a.modem", "new a", 5, true },
	{ "modem.d/b.modem", "b", 1, false },
	{ "modem.d/c.modem", "new c", 5, true },
};

#define N_FILES		ARRAY_SIZE(files)

static struct disk disk;
static struct config_trial trial;
static struct m2m_error error;
static unsigned int cuts;

static void begin(uint32_t seed)
{
	disk_init(&disk, seed);
	disk_put(&disk, "m2md.conf", "old main", 8);
	disk_put(&disk, "modem.d/a.modem", "old a", 5);
	disk_put(&disk, "modem.d/b.modem", "b", 1);
}

static void look(const char *boot, int64_t now_ms)
{
	config_trial_read(&disk_ops, &disk, boot, now_ms, &trial);
}

static bool has(const char *directory, const char *name, const char *want)
{
	const struct disk_file *file;
	char path[64];

	snprintf(path, sizeof(path), "%s%s", directory, name);
	file = disk_find(&disk, path);
	if (!want || !file)
		return !want && !file;
	return file->len == strlen(want) && !memcmp(file->bytes, want, file->len);
}

/* What counts, as the last look() found: 1 all of the new, 0 all of the old, else -1 */
static int what_counts(void)
{
	const char *directory = config_trial_counts(&trial) ? CONFIG_TRIAL "/" : "";

	if (!has(directory, "modem.d/b.modem", "b"))
		return -1;
	if (has(directory, "m2md.conf", "new main") &&
	    has(directory, "modem.d/a.modem", "new a") &&
	    has(directory, "modem.d/c.modem", "new c"))
		return 1;
	if (has(directory, "m2md.conf", "old main") &&
	    has(directory, "modem.d/a.modem", "old a") &&
	    has(directory, "modem.d/c.modem", NULL))
		return 0;
	return -1;
}

static int start(void)
{
	int err = config_trial_write(&disk_ops, &disk, files, N_FILES, &error);

	return err ? err : config_trial_begin(&disk_ops, &disk, files, N_FILES, BOOT,
					      UNTIL, &error);
}

static int confirm(void)
{
	look(BOOT, BEGAN);
	return config_trial_confirm(&disk_ops, &disk, &trial, &error);
}

static int revert(void)
{
	return config_trial_end(&disk_ops, &disk, &error);
}

TEST(it_counts_in_its_time_and_boot)
{
	begin(1);
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	ASSERT_EQ(0, config_trial_write(&disk_ops, &disk, files, N_FILES, &error));
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	EXPECT_EQ(0, what_counts());
	ASSERT_EQ(0, start());
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_RUNS, trial.state);
	EXPECT_EQ(1, what_counts());
	EXPECT_EQ(3, trial.n);
	EXPECT_EQ(UNTIL, trial.until_ms);
	look(BOOT, UNTIL - 1);
	EXPECT_EQ(1, what_counts());
	look(BOOT, UNTIL);
	EXPECT_EQ(CONFIG_TRIAL_OVER, trial.state);
	EXPECT_EQ(0, what_counts());
	look(NEXT_BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_OVER, trial.state);
	EXPECT_EQ(0, what_counts());
	/* who does not know which boot it is ends no trial with it */
	look("", BEGAN);
	EXPECT_EQ(0, what_counts());
	ASSERT_EQ(0, config_trial_write(&disk_ops, &disk, files, N_FILES, &error));
	EXPECT_EQ(-ENOTSUP, config_trial_begin(&disk_ops, &disk, files, N_FILES, "", UNTIL,
					       &error));
	look("", BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	disk_exit(&disk);
}

TEST(confirmed_it_is_in_place)
{
	begin(1);
	ASSERT_EQ(0, start());
	ASSERT_EQ(0, confirm());
	look(NEXT_BOOT, UNTIL);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	EXPECT_EQ(1, what_counts());
	/* and another may be tried */
	ASSERT_EQ(0, start());
	ASSERT_EQ(0, revert());
	EXPECT_EQ(0, revert());
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	disk_exit(&disk);
}

TEST(a_disk_that_is_full_changes_nothing)
{
	begin(1);
	disk.fails = -ENOSPC;
	EXPECT_EQ(-ENOSPC, config_trial_write(&disk_ops, &disk, files, N_FILES, &error));
	EXPECT_TRUE(strstr(error.msg, "No space left"));
	look(BOOT, BEGAN);
	EXPECT_EQ(0, what_counts());
	ASSERT_EQ(0, config_trial_write(&disk_ops, &disk, files, N_FILES, &error));
	disk.fails = -ENOSPC;
	EXPECT_EQ(-ENOSPC, config_trial_begin(&disk_ops, &disk, files, N_FILES, BOOT,
					      UNTIL, &error));
	look(BOOT, BEGAN);
	EXPECT_EQ(0, what_counts());
	/* nor does one that fills while it is confirmed: what was tried stays */
	ASSERT_EQ(0, start());
	disk.fails = -ENOSPC;
	EXPECT_EQ(-ENOSPC, confirm());
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_RUNS, trial.state);
	EXPECT_EQ(1, what_counts());
	disk_exit(&disk);
}

/* Power goes at each operation of @act, before, amid and after it */
static void cut(int (*before)(void), int (*act)(void), void (*judge)(bool done))
{
	for (unsigned int at = 1;; at++) {
		bool reached = true;

		for (int moment = 0; moment < DISK_MOMENTS; moment++) {
			for (int round = 0; round < (DISK_FATES - 1) + SEEDS; round++) {
				enum disk_fate fate = round < DISK_BY_CHANCE ? round :
								       DISK_BY_CHANCE;
				bool done;

				begin(round * 100 + at);
				if (before)
					ASSERT_EQ(0, before());
				disk.op = 0;
				disk.cut_at = at;
				disk.moment = moment;
				done = !act();
				reached = disk.dead;
				disk_power_cut(&disk, fate);
				judge(done);
				disk_exit(&disk);
				cuts++;
			}
		}
		if (!reached)
			break;
		ASSERT_LT(at, 1000);
	}
}

/* A power cut ends a trial, however far it was */
static void expect_old(bool done)
{
	look(NEXT_BOOT, BEGAN);
	EXPECT_NE(CONFIG_TRIAL_CONFIRMED, trial.state);
	EXPECT_EQ(0, what_counts());
	/* and nothing that is left behind is in the way of the next */
	ASSERT_EQ(0, start());
	look(BOOT, BEGAN);
	EXPECT_EQ(1, what_counts());
}

TEST(power_cuts_while_it_begins)
{
	cuts = 0;
	cut(NULL, start, expect_old);
	printf("# %u cuts\n", cuts);
	EXPECT_GE(cuts, 100 + 1);
}

static int start_and_confirm(void)
{
	int err = start();

	return err ? err : confirm();
}

/* All of it or nothing; what was told to be done is; the rest can be done */
static void expect_whole(bool done)
{
	int counts;

	look(NEXT_BOOT, BEGAN);
	counts = what_counts();
	EXPECT_NE(-1, counts);
	if (done)
		EXPECT_EQ(1, counts);
	if (trial.state != CONFIG_TRIAL_CONFIRMED)
		return;
	EXPECT_EQ(1, counts);
	ASSERT_EQ(0, config_trial_confirm(&disk_ops, &disk, &trial, &error));
	look(NEXT_BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	EXPECT_EQ(1, what_counts());
}

TEST(power_cuts_while_it_is_confirmed)
{
	cuts = 0;
	cut(start, confirm, expect_whole);
	cut(NULL, start_and_confirm, expect_whole);
	printf("# %u cuts\n", cuts);
	EXPECT_GE(cuts, 300 + 1);
}

/* As the next boot finds a confirmation that was cut off */
static int half_confirmed(void)
{
	int err = start();

	disk.op = 0;
	/* the record is there, its files are on their way */
	disk.cut_at = 12;
	disk.moment = DISK_AFTER;
	if (!err && !confirm())
		return -EPROTO;
	disk_power_cut(&disk, DISK_KEPT);
	look(NEXT_BOOT, BEGAN);
	return trial.state == CONFIG_TRIAL_CONFIRMED ? err : -EPROTO;
}

TEST(power_cuts_while_the_rest_is_done)
{
	cuts = 0;
	cut(half_confirmed, confirm, expect_whole);
	printf("# %u cuts\n", cuts);
	EXPECT_GE(cuts, 50 + 1);
}

TEST(power_cuts_while_it_is_taken_back)
{
	cut(start, revert, expect_old);
}

TEST(a_record_that_is_none_does_not_count)
{
	static const char record[] = "m2m-trial 1\nboot " BOOT "\nuntil_ms 601000\n"
				     "confirmed 1\nfile modem.d/a.modem\nsum 0\n";
	const struct disk_file *file;
	char bytes[1024];
	size_t len;

	begin(1);
	disk_put(&disk, CONFIG_TRIAL_RECORD, record, strlen(record));
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
	ASSERT_EQ(0, start());
	file = disk_find(&disk, CONFIG_TRIAL_RECORD);
	ASSERT_TRUE(file && file->len < sizeof(bytes));
	len = file->len;
	memcpy(bytes, file->bytes, len);
	/* cut off anywhere, or with any bit changed */
	for (size_t i = 0; i < len; i++) {
		disk_put(&disk, CONFIG_TRIAL_RECORD, bytes, i);
		look(BOOT, BEGAN);
		EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
		for (int bit = 0; bit < 8; bit++) {
			bytes[i] ^= 1 << bit;
			disk_put(&disk, CONFIG_TRIAL_RECORD, bytes, len);
			look(BOOT, BEGAN);
			EXPECT_EQ(CONFIG_TRIAL_NONE, trial.state);
			bytes[i] ^= 1 << bit;
		}
		/* the disk's table of files is small */
		disk_power_cut(&disk, DISK_KEPT);
	}
	disk_put(&disk, CONFIG_TRIAL_RECORD, bytes, len);
	look(BOOT, BEGAN);
	EXPECT_EQ(CONFIG_TRIAL_RUNS, trial.state);
	disk_exit(&disk);
}

TEST(names_lead_nowhere_else)
{
	static const char * const names[] = {
		"", "/etc/passwd", "../m2md.conf", "modem.d/../../x", ".", "a/.b", "a\nb",
	};
	struct config_trial_file file = { NULL, "x", 1, true };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		begin(1);
		file.name = names[i];
		EXPECT_EQ(-EINVAL,
			  config_trial_write(&disk_ops, &disk, &file, 1, &error));
		disk_exit(&disk);
	}
}

TEST_HARNESS_MAIN
