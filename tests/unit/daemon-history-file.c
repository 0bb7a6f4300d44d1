// SPDX-License-Identifier: GPL-2.0-or-later
/* The history over restarts, another boot, and files that are none of ours. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/daemon/history-file.h"
#include "../../tools/lib/boot.h"
#include "../lib/harness.h"

static char *directory, *path;

static void begin(void)
{
	directory = g_dir_make_tmp("m2m-history-XXXXXX", NULL);
	ASSERT_TRUE(directory);
	path = g_build_filename(directory, "history", NULL);
}

static bool end(void)
{
	bool gone;

	unlink(path);
	gone = !g_rmdir(directory);
	g_free(path);
	g_free(directory);
	return gone;
}

static void add(struct history_file *file, const char *what)
{
	struct history_event event = { .kind = HISTORY_MODEM };

	g_strlcpy(event.what, what, sizeof(event.what));
	history_file_add(file, &event);
}

/* What the @at'th event says after a restart; "" if there is none */
static const char *after_restart(size_t at, size_t *ret_n)
{
	struct history_file *file = history_file_open(path);
	const struct history *history = history_file_history(file);
	static char what[16];

	*ret_n = history_count(history);
	g_strlcpy(what, at < *ret_n ? history_get(history, at)->what : "", sizeof(what));
	history_file_close(file);
	return what;
}

TEST(a_restart_keeps_it)
{
	struct history_file *file;
	struct stat st;
	size_t n;

	begin();
	file = history_file_open(path);
	add(file, "one");
	add(file, "two");
	/* as a kill leaves it: nothing was closed in order */
	EXPECT_STREQ("two", after_restart(1, &n));
	EXPECT_EQ(2, n);
	history_file_close(file);
	file = history_file_open(path);
	add(file, "three");
	EXPECT_EQ(3, history_get(history_file_history(file), 2)->number);
	EXPECT_GE(history_get(history_file_history(file), 2)->boot_ms,
		  history_get(history_file_history(file), 1)->boot_ms);
	history_file_close(file);
	EXPECT_STREQ("three", after_restart(2, &n));
	/* it names modems */
	ASSERT_EQ(0, stat(path, &st));
	EXPECT_EQ(0600, st.st_mode & 0777);
	EXPECT_TRUE(end());
}

TEST(it_stays_short)
{
	struct history_file *file;
	struct stat st;
	size_t n;

	begin();
	file = history_file_open(path);
	for (int i = 0; i < 5 * HISTORY_MAX + 3; i++) {
		add(file, "again");
		ASSERT_EQ(0, stat(path, &st));
		ASSERT_LE(st.st_size, 2 * HISTORY_MAX * 100);
	}
	add(file, "last");
	history_file_close(file);
	EXPECT_STREQ("last", after_restart(HISTORY_MAX - 1, &n));
	EXPECT_EQ(HISTORY_MAX, n);
	EXPECT_TRUE(end());
}

TEST(half_a_line_is_left_out)
{
	struct history_file *file;
	size_t n;
	char *text;
	gsize len;

	begin();
	file = history_file_open(path);
	add(file, "one");
	add(file, "two");
	history_file_close(file);
	ASSERT_TRUE(g_file_get_contents(path, &text, &len, NULL));
	ASSERT_TRUE(g_file_set_contents(path, text, len - 2, NULL));
	EXPECT_STREQ("one", after_restart(0, &n));
	EXPECT_EQ(1, n);
	g_free(text);
	EXPECT_TRUE(end());
}

TEST(another_boots_is_not_ours)
{
	static const char * const texts[] = {
		"", "\n", "another boot\n1 1 1 1 1 modem none 0 0 old - - -\n",
		"1 1 1 1 1 modem none 0 0 old - - -\n", "\177ELF\n\n\n",
	};
	char *future;
	size_t n;

	begin();
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		ASSERT_TRUE(g_file_set_contents(path, texts[i], -1, NULL));
		after_restart(0, &n);
		EXPECT_EQ(0, n);
	}
	/* of this boot, and of a time that is still to come */
	future = g_strdup_printf("%s\n1 1 99999999999999 1 1 modem none 0 0 old - - -\n"
				 "1 2 1 1 1 modem none 0 0 good - - -\n", boot_id());
	ASSERT_TRUE(g_file_set_contents(path, future, -1, NULL));
	EXPECT_STREQ("good", after_restart(0, &n));
	EXPECT_EQ(1, n);
	g_free(future);
	EXPECT_TRUE(end());
}

TEST(what_is_no_file_is_in_nobodys_way)
{
	g_autofree char *elsewhere = NULL;
	struct history_file *file;
	size_t n;

	begin();
	elsewhere = g_build_filename(directory, "elsewhere", NULL);
	ASSERT_TRUE(g_file_set_contents(elsewhere, "mine\n", -1, NULL));
	ASSERT_EQ(0, symlink(elsewhere, path));
	file = history_file_open(path);
	add(file, "one");
	history_file_close(file);
	EXPECT_STREQ("one", after_restart(0, &n));
	/* the link was replaced, not followed */
	EXPECT_TRUE(g_file_test(elsewhere, G_FILE_TEST_IS_REGULAR));
	EXPECT_FALSE(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
	EXPECT_EQ(0, unlink(elsewhere));
	EXPECT_EQ(0, unlink(path));
	EXPECT_EQ(0, mkfifo(path, 0600));
	after_restart(0, &n);
	EXPECT_EQ(0, n);
	EXPECT_TRUE(end());
}

TEST(without_a_directory_it_is_in_memory)
{
	struct history_file *file = history_file_open(NULL);

	for (int i = 0; i < 3 * HISTORY_MAX; i++)
		add(file, "one");
	EXPECT_EQ(HISTORY_MAX, history_count(history_file_history(file)));
	history_file_close(file);
	file = history_file_open("/nonexistent/m2m/history");
	add(file, "one");
	add(file, "two");
	EXPECT_EQ(2, history_count(history_file_history(file)));
	history_file_close(file);
	history_file_add(NULL, &(struct history_event){ .kind = HISTORY_MODEM });
	history_file_close(NULL);
}

TEST_HARNESS_MAIN
