// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the files in /run/m2m/managed. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "managed.h"
#include "say.h"

/* 81-m2md.rules reads this line */
#define FORMAT	"IMEI=%s\n"

/*
 * Beside the directory, until udev is told: what a path unit only watches it loses while
 * its service runs.
 */
#define CHANGED	".changed"

/* The kernel's names: digits, dots and hyphens, "1-1.2" */
static bool is_usb_path(const char *text)
{
	return g_ascii_isdigit(*text) &&
	       strspn(text, "0123456789-.") == strlen(text);
}

static bool is_said(const char *file, const char *text)
{
	g_autofree char *old = NULL;

	return g_file_get_contents(file, &old, NULL, NULL) && !strcmp(old, text);
}

static void say_changed(const char *directory)
{
	g_autofree char *file = g_strconcat(directory, CHANGED, NULL);
	GError *error = NULL;

	if (g_file_set_contents(file, "", 0, &error))
		return;
	say(SAY_WARNING, "udev is not told: %s", error->message);
	g_error_free(error);
}

void managed_set(const char *directory, const char *usb_path, const char *imei,
		 bool managed)
{
	g_autofree char *file = NULL, *text = NULL;
	GError *error = NULL;

	if (!is_usb_path(usb_path) || !g_file_test(directory, G_FILE_TEST_IS_DIR))
		return;
	file = g_build_filename(directory, usb_path, NULL);
	if (!managed) {
		if (!g_unlink(file))
			say_changed(directory);
		else if (errno != ENOENT)
			say(SAY_WARNING, "%s: %s", file, g_strerror(errno));
		return;
	}
	if (!imei && g_file_test(file, G_FILE_TEST_EXISTS))
		return;
	text = g_strdup_printf(FORMAT, imei ? imei : "");
	if (is_said(file, text))
		return;
	if (g_file_set_contents(file, text, -1, &error)) {
		say_changed(directory);
		return;
	}
	say(SAY_WARNING, "udev is not told: %s", error->message);
	g_error_free(error);
}
