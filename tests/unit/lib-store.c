// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/store: records, versions, limits, what is set aside, and how much is written. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fakedisk.h"
#include "../lib/harness.h"

#define SUM_LEN		32
#define DAY_S		86400

static struct disk disk;
static struct store_report report;
static struct m2m_error error;

static struct store *open_store(uint64_t now_s)
{
	return store_open(&disk_ops, &disk, now_s, &report);
}

static int put(struct store *store, const char *key, const char *value, uint16_t flags,
	       uint64_t now_s)
{
	const struct store_change change = { key, value, value ? strlen(value) : 0, flags };

	return store_commit(store, &change, 1, now_s, &error);
}

static const char *value_of(const struct store *store, const char *key)
{
	static char text[STORE_VALUE_MAX + 1];
	size_t len;
	const uint8_t *value = store_get(store, key, &len);

	if (!value)
		return "(none)";
	memcpy(text, value, len);
	text[len] = '\0';
	return text;
}

TEST(records_come_back)
{
	const struct store_change changes[] = {
		{ "pin/89/ab", "x", 1, STORE_PRECIOUS },
		{ "apn/89", "iot", 3, 0 },
		{ "empty", "", 0, 0 },
	};
	struct store *store;
	size_t len;

	disk_init(&disk, 1);
	store = open_store(0);
	EXPECT_TRUE(report.fresh);
	EXPECT_FALSE(report.lost);
	EXPECT_FALSE(store_key(store, 0));
	ASSERT_EQ(0, store_commit(store, changes, 3, 1, &error));
	ASSERT_EQ(0, put(store, "apn/89", "internet", 0, 2));
	ASSERT_EQ(0, put(store, "pin/89/ab", NULL, 0, 3));
	store_close(store);
	store = open_store(0);
	EXPECT_FALSE(report.fresh);
	EXPECT_STREQ("", report.msg);
	EXPECT_STREQ("internet", value_of(store, "apn/89"));
	EXPECT_STREQ("(none)", value_of(store, "pin/89/ab"));
	EXPECT_TRUE(store_get(store, "empty", &len));
	EXPECT_EQ(0, len);
	EXPECT_TRUE(store_key(store, 2));
	EXPECT_FALSE(store_key(store, 3));
	store_close(store);
	disk_exit(&disk);
}

TEST(what_changes_nothing_is_not_written)
{
	struct store *store;

	disk_init(&disk, 1);
	store = open_store(0);
	ASSERT_EQ(0, put(store, "a", "1", 0, 1));
	EXPECT_EQ(0, put(store, "a", "1", 0, 1));
	EXPECT_EQ(0, put(store, "b", NULL, 0, 1));
	EXPECT_EQ(0, store_commit(store, NULL, 0, 1, &error));
	EXPECT_EQ(1, disk.created);
	ASSERT_EQ(0, put(store, "a", "1", STORE_PRECIOUS, 1));
	EXPECT_EQ(2, disk.created);
	store_close(store);
	disk_exit(&disk);
}

TEST(bounds)
{
	char long_key[STORE_KEY_MAX + 2], large[STORE_VALUE_MAX + 2];
	const struct store_change both[] = { { "good", "1", 1, 0 }, { "b ad", "1", 1, 0 } };
	struct store *store;

	memset(long_key, 'k', sizeof(long_key) - 1);
	memset(large, 'v', sizeof(large) - 1);
	long_key[STORE_KEY_MAX + 1] = '\0';
	large[STORE_VALUE_MAX + 1] = '\0';
	disk_init(&disk, 1);
	store = open_store(0);
	EXPECT_EQ(-EINVAL, put(store, "", "1", 0, 1));
	EXPECT_EQ(-EINVAL, put(store, long_key, "1", 0, 1));
	EXPECT_EQ(-EINVAL, put(store, "a", large, 0, 1));
	EXPECT_STREQ("a: larger than 1024 bytes", error.msg);
	EXPECT_EQ(-EINVAL, put(store, "store/written", "1", 0, 1));
	EXPECT_EQ(-EINVAL, store_commit(store, both, 2, 1, &error));
	EXPECT_STREQ("(none)", value_of(store, "good"));
	EXPECT_EQ(0, disk.created);
	long_key[STORE_KEY_MAX] = '\0';
	large[STORE_VALUE_MAX] = '\0';
	EXPECT_EQ(0, put(store, long_key, large, 0, 1));
	store_close(store);
	disk_exit(&disk);
}

/* A commit of @n records of @size bytes at once */
static int put_many(struct store *store, int n, size_t size, uint16_t flags, char letter)
{
	struct store_change *changes = g_new0(struct store_change, n);
	char *value = g_strnfill(size, 'v');
	int err;

	for (int i = 0; i < n; i++)
		changes[i] = (struct store_change){
			g_strdup_printf("%c/%d", letter, i), value, size, flags
		};
	err = store_commit(store, changes, n, 1, &error);
	for (int i = 0; i < n; i++)
		g_free((char *)changes[i].key);
	g_free(changes);
	g_free(value);
	return err;
}

TEST(room_is_kept_for_what_is_precious)
{
	struct store *store;

	disk_init(&disk, 1);
	store = open_store(0);
	EXPECT_EQ(-ENOSPC, put_many(store, STORE_RECORDS_ORDINARY + 1, 1, 0, 'a'));
	EXPECT_STREQ("more than 192 ordinary records", error.msg);
	EXPECT_EQ(-ENOSPC, put_many(store, 13, 1000, 0, 'a'));
	EXPECT_STREQ("more than 12288 bytes of ordinary records", error.msg);
	EXPECT_EQ(0, put_many(store, STORE_RECORDS_ORDINARY, 1, 0, 'a'));
	EXPECT_EQ(-ENOSPC, put(store, "one-more", "1", 0, 1));
	EXPECT_EQ(0, put(store, "a/7", "2", 0, 1));
	EXPECT_EQ(0, put_many(store, 63, 1, STORE_PRECIOUS, 'p'));
	EXPECT_EQ(-ENOSPC, put(store, "pin", "1", STORE_PRECIOUS, 1));
	EXPECT_STREQ("more than 256 records", error.msg);
	EXPECT_EQ(0, put(store, "a/7", NULL, 0, 1));
	EXPECT_EQ(0, put(store, "pin", "1", STORE_PRECIOUS, 1));
	EXPECT_EQ(-ENOSPC, put_many(store, 15, 1000, STORE_PRECIOUS, 'p'));
	EXPECT_STREQ("more than 16384 bytes of records", error.msg);
	store_close(store);
	disk_exit(&disk);
}

/* --- how much is written ---------------------------------------------------------- */

TEST(budget_of_writes)
{
	struct store_budget budget = { 0 };
	int n = 0;

	while (!store_budget_spend(&budget, 0, 100, false, &error))
		n++;
	EXPECT_EQ(80, n);
	EXPECT_STREQ("80 writes with 8000 bytes within a day, of 80 with 672320, are enough; "
		     "more in 1500 min",
		     error.msg);
	/* the reserve */
	while (!store_budget_spend(&budget, DAY_S / 2, 100, true, &error))
		n++;
	EXPECT_EQ(100, n);
	/* no hour of the day before is forgotten early, and none kept for ever */
	EXPECT_EQ(-EDQUOT, store_budget_spend(&budget, DAY_S, 100, true, &error));
	EXPECT_EQ(0, store_budget_spend(&budget, DAY_S + 3600, 100, true, &error));
	EXPECT_EQ(0, store_budget_spend(&budget, 100 * DAY_S, 100, false, &error));
	for (n = 1; !store_budget_spend(&budget, 100 * DAY_S, 100, false, &error);)
		n++;
	EXPECT_EQ(80, n);
	/* a clock that goes back forgives nothing */
	EXPECT_EQ(-EDQUOT, store_budget_spend(&budget, 0, 100, false, &error));
}

TEST(budget_of_bytes)
{
	struct store_budget budget = { 0 }, before;
	int n = 0;

	while (!store_budget_spend(&budget, 0, STORE_FILE_MAX, false, &error))
		n++;
	EXPECT_EQ((STORE_BYTES_A_DAY - STORE_BYTES_RESERVE) / STORE_FILE_MAX, n);
	before = budget;
	EXPECT_EQ(-EDQUOT, store_budget_spend(&budget, 0, STORE_FILE_MAX, false, &error));
	EXPECT_EQ(0, memcmp(&before, &budget, sizeof(budget)));
	while (!store_budget_spend(&budget, 0, STORE_FILE_MAX, true, &error))
		n++;
	EXPECT_EQ(STORE_BYTES_A_DAY / STORE_FILE_MAX, n);
	EXPECT_EQ(-EDQUOT, store_budget_spend(&budget, 0, SIZE_MAX, true, &error));
}

TEST(budget_holds_over_restarts)
{
	struct store *store;
	unsigned int n = 0;
	char text[16];

	disk_init(&disk, 1);
	for (;; n++) {
		store = open_store(10);
		snprintf(text, sizeof(text), "%u", n);
		if (put(store, "a", text, 0, 20))
			break;
		store_close(store);
	}
	EXPECT_EQ(STORE_WRITES_A_DAY - STORE_WRITES_RESERVE, n);
	EXPECT_TRUE(strstr(error.msg, "are enough"));
	/* it stays as it was, and a PIN gets through */
	snprintf(text, sizeof(text), "%u", n - 1);
	EXPECT_STREQ(text, value_of(store, "a"));
	EXPECT_EQ(0, put(store, "pin/89/ab", "1", STORE_PRECIOUS, 20));
	EXPECT_EQ(-EDQUOT, put(store, "a", "x", 0, 20));
	EXPECT_EQ(0, put(store, "a", "x", 0, 20 + DAY_S + 3600));
	store_close(store);
	disk_exit(&disk);
}

/* --- files that are not as they should be ----------------------------------------------- */

/* Bytes of a file with the records a=GENERATION and pin=1 */
static uint8_t *make_file(uint64_t generation, size_t *ret_len)
{
	char text[24];
	struct store_record records[] = {
		{ (char *)"a", (uint8_t *)text, 0, 0, 0 },
		{ (char *)"pin", (uint8_t *)"1later", 1, 5, STORE_PRECIOUS | 0x100 },
	};
	struct store_image image = { generation, records, ARRAY_SIZE(records) };
	uint8_t *bytes;

	records[0].len = snprintf(text, sizeof(text), "%llu", (unsigned long long)generation);
	ASSERT_EQ(0, store_encode(&image, &bytes, ret_len));
	return bytes;
}

static void put_file(const char *name, uint64_t generation, int wrong_at)
{
	size_t len;
	uint8_t *bytes = make_file(generation, &len);

	if (wrong_at >= 0)
		bytes[wrong_at] ^= 1;
	disk_put(&disk, name, bytes, len);
	g_free(bytes);
}

TEST(the_newer_one_counts)
{
	struct store *store;

	disk_init(&disk, 1);
	put_file("state-0", 9, -1);
	put_file("state-1", 8, -1);
	store = open_store(0);
	EXPECT_STREQ("9", value_of(store, "a"));
	EXPECT_FALSE(report.lost);
	/* the next one goes where the older one is */
	ASSERT_EQ(0, put(store, "a", "ten", 0, 1));
	store_close(store);
	disk_put(&disk, "state-1", "", 0);
	store = open_store(0);
	EXPECT_STREQ("9", value_of(store, "a"));
	EXPECT_STREQ("state-1: only 0 bytes, set aside as .torn-0", report.msg);
	store_close(store);
	disk_exit(&disk);
}

TEST(a_torn_file_is_set_aside_and_told_until_it_is_gone)
{
	struct store *store;

	disk_init(&disk, 1);
	put_file("state-0", 8, -1);
	put_file("state-1", 9, 40);
	store = open_store(0);
	EXPECT_STREQ("8", value_of(store, "a"));
	EXPECT_TRUE(report.lost);
	EXPECT_EQ(1, report.torn);
	EXPECT_STREQ("state-1: the checksum is wrong, set aside as .torn-0", report.msg);
	EXPECT_TRUE(disk_find(&disk, ".torn-0"));
	ASSERT_EQ(0, put(store, "a", "new", 0, 1));
	store_close(store);
	store = open_store(0);
	EXPECT_STREQ("new", value_of(store, "a"));
	EXPECT_TRUE(report.lost);
	EXPECT_STREQ("files set aside as .torn-*: 1", report.msg);
	store_close(store);
	disk_ops.remove(&disk, ".torn-0");
	store = open_store(0);
	EXPECT_FALSE(report.lost);
	store_close(store);
	disk_exit(&disk);
}

TEST(both_torn_is_empty_and_told)
{
	static const char foreign[] =
		"[Manager]\nnot ours, but long enough for one of them, all of 64 bytes\n";
	struct store *store;

	disk_init(&disk, 1);
	put_file("state-0", 8, 3);
	disk_put(&disk, "state-1", foreign, sizeof(foreign));
	store = open_store(0);
	EXPECT_FALSE(report.fresh);
	EXPECT_TRUE(report.lost);
	EXPECT_EQ(2, report.torn);
	EXPECT_STREQ("state-0: not a state file, set aside as .torn-0; "
		     "state-1: not a state file, set aside as .torn-1", report.msg);
	EXPECT_EQ(0, put(store, "a", "1", 0, 1));
	store_close(store);
	disk_exit(&disk);
}

TEST(files_set_aside_are_bounded)
{
	disk_init(&disk, 1);
	for (int i = 0; i < 3 * STORE_TORN_MAX; i++) {
		disk_put(&disk, "state-0", "x", 1);
		store_close(open_store(0));
		EXPECT_LE(report.torn, STORE_TORN_MAX);
	}
	EXPECT_EQ(STORE_TORN_MAX, report.torn);
	EXPECT_EQ(STORE_TORN_MAX, disk.n_names);
	disk_exit(&disk);
}

/* --- versions --------------------------------------------------------------------------- */

static void sign(uint8_t *bytes, size_t len)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = SUM_LEN;

	g_checksum_update(checksum, bytes, len - SUM_LEN);
	g_checksum_get_digest(checksum, bytes + len - SUM_LEN, &size);
	g_checksum_free(checksum);
}

/* Bytes 8 to 11 are the writer's version and the oldest that can read it */
static void put_later(unsigned int version, unsigned int reads)
{
	size_t len;
	uint8_t *bytes = make_file(5, &len), *longer;

	bytes[8] = version;
	bytes[10] = reads;
	/* eight bytes more of header, which this version steps over */
	longer = g_malloc0(len + 8);
	memcpy(longer, bytes, 32);
	memset(longer + 32, 0x5a, 8);
	memcpy(longer + 40, bytes + 32, len - 32);
	longer[12] = 40;
	sign(longer, len + 8);
	disk_put(&disk, "state-0", longer, len + 8);
	g_free(longer);
	g_free(bytes);
}

TEST(a_later_version_is_read_and_what_it_knew_is_kept)
{
	const struct disk_file *file;
	struct store_image image;
	struct store *store;

	disk_init(&disk, 1);
	put_later(7, 1);
	store = open_store(0);
	EXPECT_FALSE(report.lost);
	EXPECT_STREQ("5", value_of(store, "a"));
	EXPECT_STREQ("1", value_of(store, "pin"));
	ASSERT_EQ(0, put(store, "a", "x", 0, 1));
	store_close(store);
	file = disk_find(&disk, "state-1");
	ASSERT_TRUE(file);
	ASSERT_EQ(0, store_decode(file->bytes, file->len, &image, &error));
	for (size_t i = 0; i < image.n; i++) {
		if (strcmp(image.records[i].key, "pin"))
			continue;
		EXPECT_EQ(STORE_PRECIOUS | 0x100, image.records[i].flags);
		EXPECT_EQ(5, image.records[i].extra);
		EXPECT_EQ(0, memcmp(image.records[i].value, "1later", 6));
	}
	store_image_clear(&image);
	disk_exit(&disk);
}

TEST(a_version_that_says_we_cannot_read_it_is_set_aside)
{
	disk_init(&disk, 1);
	put_later(7, 2);
	store_close(open_store(0));
	EXPECT_TRUE(report.lost);
	EXPECT_STREQ("state-0: written by version 7 of the format, this is 1, set aside as .torn-0",
		     report.msg);
	disk_exit(&disk);
}

/* --- disks that refuse ------------------------------------------------------------------ */

TEST(a_full_disk_changes_nothing_and_is_not_hammered)
{
	struct store *store;
	int n = 0, err;

	disk_init(&disk, 1);
	store = open_store(0);
	ASSERT_EQ(0, put(store, "a", "1", 0, 1));
	disk.fails = -ENOSPC;
	EXPECT_EQ(-ENOSPC, put(store, "a", "2", 0, 1));
	EXPECT_STREQ("state-1 cannot be written: No space left on device", error.msg);
	EXPECT_STREQ("1", value_of(store, "a"));
	EXPECT_FALSE(disk_find(&disk, "state.new"));
	do {
		disk.fails = -ENOSPC;
		err = put(store, "a", "2", 0, 1);
	} while (err == -ENOSPC && ++n < 200);
	EXPECT_EQ(-EDQUOT, err);
	EXPECT_EQ(STORE_WRITES_A_DAY - STORE_WRITES_RESERVE, disk.created);
	disk.fails = 0;
	EXPECT_EQ(0, put(store, "a", "2", 0, 2 * DAY_S));
	store_close(store);
	store = open_store(0);
	EXPECT_STREQ("2", value_of(store, "a"));
	store_close(store);
	disk_exit(&disk);
}

/* A state that cannot be read for now is not written over */
static ssize_t refuse_to_read(void *ctx, const char *name, void *buf, size_t size)
{
	return !strncmp(name, "state-", 6) ? -EACCES : -ENOENT;
}

TEST(what_cannot_be_read_is_not_written_over)
{
	struct store_ops ops = disk_ops;
	struct store *store;

	disk_init(&disk, 1);
	put_file("state-0", 8, -1);
	ops.read = refuse_to_read;
	store = store_open(&ops, &disk, 0, &report);
	EXPECT_TRUE(report.lost);
	EXPECT_EQ(0, report.torn);
	EXPECT_EQ(-EACCES, put(store, "a", "1", STORE_PRECIOUS, 1));
	EXPECT_STREQ("the state could not be read, and is not written over", error.msg);
	EXPECT_EQ(0, disk.op);
	store_close(store);
	store = open_store(0);
	EXPECT_STREQ("8", value_of(store, "a"));
	store_close(store);
	disk_exit(&disk);
}

/* --- a directory of the file system ------------------------------------------------------- */

TEST(a_real_directory)
{
	char path[] = "/tmp/m2m-store.XXXXXX";
	struct store *store;
	struct stat st;
	void *directory;

	ASSERT_TRUE(mkdtemp(path));
	ASSERT_EQ(0, chdir(path));
	EXPECT_FALSE(store_directory_open("absent", &error));
	EXPECT_STREQ("absent: No such file or directory", error.msg);
	directory = store_directory_open(".", &error);
	ASSERT_TRUE(directory);
	/* what stands in the way: a link elsewhere, a directory, a FIFO */
	ASSERT_EQ(0, symlink("/etc/passwd", "state-0"));
	ASSERT_EQ(0, mkdir("state-1", 0700));
	ASSERT_EQ(0, mkfifo("state.new", 0600));
	store = store_open(&store_directory_ops, directory, 0, &report);
	EXPECT_EQ(2, report.torn);
	ASSERT_EQ(0, put(store, "a", "1", 0, 1));
	ASSERT_EQ(0, put(store, "a", "2", 0, 1));
	store_close(store);
	EXPECT_EQ(0, unlink(".torn-0") | rmdir(".torn-1"));
	store = store_open(&store_directory_ops, directory, 0, &report);
	EXPECT_STREQ("", report.msg);
	EXPECT_STREQ("2", value_of(store, "a"));
	store_close(store);
	ASSERT_EQ(0, stat("state-1", &st));
	EXPECT_EQ(S_IFREG | 0600, st.st_mode);
	EXPECT_EQ(-1, access("state.new", F_OK));
	store_directory_close(directory);
	EXPECT_EQ(0, unlink("state-0") | unlink("state-1"));
	EXPECT_EQ(0, chdir("/") | rmdir(path));
}

/* Somebody has it, and root writes there once */
TEST(files_are_whose_the_directory_is)
{
	char path[] = "/tmp/m2m-store.XXXXXX";
	struct store *store;
	struct stat st;
	void *directory;

	if (geteuid())
		SKIP("needs root");
	ASSERT_TRUE(mkdtemp(path));
	ASSERT_EQ(0, chdir(path));
	ASSERT_EQ(0, chown(".", 65534, 65533));
	directory = store_directory_open(".", &error);
	ASSERT_TRUE(directory);
	store = store_open(&store_directory_ops, directory, 0, &report);
	ASSERT_EQ(0, put(store, "a", "1", 0, 1));
	store_close(store);
	store_directory_close(directory);
	ASSERT_EQ(0, stat("state-0", &st));
	EXPECT_EQ(65534, st.st_uid);
	EXPECT_EQ(65533, st.st_gid);
	EXPECT_EQ(0, unlink("state-0"));
	EXPECT_EQ(0, chdir("/") | rmdir(path));
}

TEST_HARNESS_MAIN
