// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the directory in which a test's configuration of m2md is. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "../lib/harness.h"
#include "ctlsim.h"

static char *directory;

const char *ctlsim_config_begin(void)
{
	g_autofree char *modems = NULL;

	directory = g_dir_make_tmp("ctlsim-XXXXXX", NULL);
	ASSERT_TRUE(directory);
	modems = g_build_filename(directory, "modem.d", NULL);
	ASSERT_EQ(0, g_mkdir(modems, 0700));
	setenv("M2MD_CONFIG", directory, 1);
	return directory;
}

void ctlsim_config_file(const char *name, const char *text)
{
	g_autofree char *file = g_strdup_printf("%s/modem.d/%s.modem", directory, name);

	ASSERT_TRUE(g_file_set_contents(file, text, -1, NULL));
}

void ctlsim_config_end(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", directory);

	EXPECT_EQ(0, system(command));
	g_clear_pointer(&directory, g_free);
}
