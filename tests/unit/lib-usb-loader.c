// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules that wait for firmware are found in sysfs where they were before. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>

#include "../../tools/lib/usb-loader.h"
#include "../lib/harness.h"

static const char *const names[] = { "idVendor", "idProduct", "bNumInterfaces", "devnum" };

/* What is found at 1-1 of a tree where a device there has these files */
static unsigned int found(const char *const files[4])
{
	g_autofree char *root = g_dir_make_tmp("m2m-loader-XXXXXX", NULL);
	g_autofree char *device = g_build_filename(root, "bus/usb/devices/1-1", NULL);
	unsigned int number;

	ASSERT_EQ(0, g_mkdir_with_parents(device, 0755));
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(device, names[i], NULL);

		if (files[i])
			ASSERT_TRUE(g_file_set_contents(path, files[i], -1, NULL));
	}
	number = usb_loader_at(root, "1-1");
	EXPECT_EQ(0, usb_loader_at(root, "1-2"));
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(device, names[i], NULL);

		g_unlink(path);
	}
	for (const char *end = device; strlen(end) > strlen(root);) {
		g_autofree char *up = g_path_get_dirname(end);

		EXPECT_EQ(0, g_rmdir(end));
		g_strlcpy(device, up, strlen(device) + 1);
	}
	EXPECT_EQ(0, g_rmdir(root));
	return number;
}

TEST(what_waits_for_firmware)
{
	static const struct {
		const char *files[4];
		unsigned int number;
	} rows[] = {
		{ { "05c6\n", "9008\n", " 1\n", "7\n" }, 7 },
		{ { "1199\n", "9070\n", " 1\n", "12\n" }, 12 },
		/* the module has this id as well */
		{ { "1199\n", "9071\n", " 5\n", "12\n" }, 0 },
		{ { "1199\n", "9090\n", " 4\n", "12\n" }, 0 },
		{ { "2c7c\n", "0125\n", " 1\n", "12\n" }, 0 },
		/* no configuration yet, or half gone */
		{ { "05c6\n", "9008\n", "", "7\n" }, 0 },
		{ { "05c6\n", "9008\n", " 1\n", NULL }, 0 },
		{ { NULL, "9008\n", " 1\n", "7\n" }, 0 },
		{ { "105c6\n", "9008\n", " 1\n", "7\n" }, 0 },
		{ { "x", "y", "z", "w" }, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].number, found(rows[i].files));
}

TEST_HARNESS_MAIN
