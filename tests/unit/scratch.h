/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory of a test's own. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <glib.h>
#include <glib/gstdio.h>

/* scratch_remove() - with the files in it; frees @directory */
static inline void scratch_remove(char *directory)
{
	GDir *entries = g_dir_open(directory, 0, NULL);
	const char *name;

	while (entries && (name = g_dir_read_name(entries))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		g_unlink(path);
	}
	if (entries)
		g_dir_close(entries);
	EXPECT_EQ(0, g_rmdir(directory));
	g_free(directory);
}

#endif /* TESTS_SCRATCH_H */
