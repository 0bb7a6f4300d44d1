// SPDX-License-Identifier: GPL-2.0-or-later
/* What udev reads of m2md: a file for each modem that is managed, and no other. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/stat.h>

#include "../../tools/daemon/managed.h"
#include "../lib/harness.h"

#define IMEI	"860000000000011"

struct fixture {
	char *base, *directory, *file, *changed;
};

static void setup(struct fixture *self)
{
	self->base = g_dir_make_tmp("m2m-managed-XXXXXX", NULL);
	if (!self->base)
		g_error("no directory");
	self->directory = g_build_filename(self->base, "managed", NULL);
	if (g_mkdir(self->directory, 0755))
		g_error("no directory in it");
	self->file = g_build_filename(self->directory, "1-1.2", NULL);
	self->changed = g_build_filename(self->base, "managed.changed", NULL);
}

/* Whether udev is to be told, as m2md-udev.path sees it; then it is. */
static bool is_to_tell(struct fixture *self)
{
	return !g_unlink(self->changed);
}

/* Whether there is nothing else in the directories, which then go */
static bool teardown(struct fixture *self)
{
	int left;

	g_unlink(self->file);
	g_unlink(self->changed);
	left = g_rmdir(self->directory) || g_rmdir(self->base);
	g_free(self->changed);
	g_free(self->file);
	g_free(self->directory);
	g_free(self->base);
	return !left;
}

static bool holds(const char *file, const char *wanted)
{
	g_autofree char *text = NULL;

	return g_file_get_contents(file, &text, NULL, NULL) && !strcmp(text, wanted);
}

TEST(comes_and_goes)
{
	struct fixture self[1];

	setup(self);
	managed_set(self->directory, "1-1.2", IMEI, true);
	EXPECT_TRUE(holds(self->file, "IMEI=" IMEI "\n"));
	EXPECT_TRUE(is_to_tell(self));
	managed_set(self->directory, "1-1.2", "", true);
	EXPECT_TRUE(holds(self->file, "IMEI=\n"));
	EXPECT_TRUE(is_to_tell(self));
	managed_set(self->directory, "1-1.2", IMEI, false);
	EXPECT_FALSE(g_file_test(self->file, G_FILE_TEST_EXISTS));
	EXPECT_TRUE(is_to_tell(self));
	managed_set(self->directory, "1-1.2", IMEI, false);
	EXPECT_FALSE(g_file_test(self->file, G_FILE_TEST_EXISTS));
	EXPECT_FALSE(is_to_tell(self));
	EXPECT_TRUE(teardown(self));
}

TEST(the_same_again_is_no_change)
{
	struct fixture self[1];
	struct stat before, after;

	setup(self);
	managed_set(self->directory, "1-1.2", IMEI, true);
	ASSERT_EQ(stat(self->file, &before), 0);
	EXPECT_TRUE(is_to_tell(self));
	managed_set(self->directory, "1-1.2", IMEI, true);
	ASSERT_EQ(stat(self->file, &after), 0);
	EXPECT_EQ(before.st_ino, after.st_ino);
	EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
	EXPECT_FALSE(is_to_tell(self));
	EXPECT_TRUE(teardown(self));
}

TEST(who_was_not_asked_yet_may_be_the_same)
{
	struct fixture self[1];

	setup(self);
	managed_set(self->directory, "1-1.2", NULL, true);
	EXPECT_TRUE(holds(self->file, "IMEI=\n"));
	managed_set(self->directory, "1-1.2", IMEI, true);
	managed_set(self->directory, "1-1.2", NULL, true);
	EXPECT_TRUE(holds(self->file, "IMEI=" IMEI "\n"));

	EXPECT_TRUE(teardown(self));
}

TEST(no_name_leads_elsewhere)
{
	struct fixture self[1];
	static const char * const names[] = {
		"", "..", "../1-1", "1-1/x", "usb1", "1-1:1.4", ".hidden",
	};

	setup(self);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		managed_set(self->directory, names[i], IMEI, true);
	EXPECT_TRUE(teardown(self));
}

TEST(without_a_directory)
{
	struct fixture self[1];
	g_autofree char *none = NULL;

	setup(self);
	none = g_build_filename(self->directory, "none", NULL);
	managed_set(none, "1-1.2", IMEI, true);
	EXPECT_FALSE(g_file_test(none, G_FILE_TEST_EXISTS));
	EXPECT_TRUE(teardown(self));
}

TEST_HARNESS_MAIN
