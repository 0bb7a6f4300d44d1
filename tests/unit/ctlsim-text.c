// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2mctl prints for people, against what is stored, letter by letter. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/harness.h"
#include "ctlsim.h"

#define STORED	M2M_TOP "/tests/vectors/m2mctl-text.txt"
/* Where it names a file, what is seen is added there: so the stored one is made anew */
#define SEEN	"M2MCTL_TEXT"

static char *replace(const char *text, const char *pattern, const char *with)
{
	GRegex *regex = g_regex_new(pattern, 0, 0, NULL);
	char *replaced = g_regex_replace(regex, text, -1, 0, with, 0, NULL);

	g_regex_unref(regex);
	return replaced;
}

/* Times on the clock are not stored; they are as long as they were */
static char *stop_clock(const char *text)
{
	return replace(text, "\\d{4}(-\\d\\d){2}T\\d\\d(:\\d\\d){2}", "2026-11-28T20:00:00");
}

/* As a person would have typed it: a secret comes from a file */
static char *as_typed(const char *line)
{
	return replace(line, "--([a-z-]+)-fd @\\S*", "--\\1-file /etc/m2m/\\1");
}

static void add_run(GString *seen, const char *line)
{
	g_autofree char *typed = as_typed(line), *text = NULL;
	g_autofree char *json = g_strconcat("-j ", line, NULL);
	int status = ctlsim_run(line);

	g_string_append_printf(seen, "$ m2mctl%s%s\n", *typed ? " " : "", typed);
	if (status) {
		g_string_append_printf(seen, "%s (status %d)\n", ctlsim_error, status);
		return;
	}
	text = stop_clock(ctlsim_text);
	g_string_append(seen, text);
	/* the same as a document, which is held to its schema */
	if (ctlsim_run(json))
		harness_fail(__FILE__, __LINE__, false, "m2mctl %s: %s", json, ctlsim_error);
}

/* What is stored of a scene: from its heading to the next one's; "" if nothing is */
static char *stored_of(const char *scene)
{
	g_autofree char *heading = g_strdup_printf("\n# %s\n", scene);
	g_autofree char *text = NULL;
	const char *from, *to;

	if (!g_file_get_contents(STORED, &text, NULL, NULL))
		harness_skip("the tree is not here");
	from = strstr(text, heading);
	if (!from)
		return g_strdup("");
	from += strlen(heading);
	to = strstr(from, "\n# ");
	return to ? g_strndup(from, to + 1 - from) : g_strdup(from);
}

static void complain(const char *scene, const char *stored, const char *seen)
{
	char **want = g_strsplit(stored, "\n", -1), **is = g_strsplit(seen, "\n", -1);
	unsigned int i = 0;

	while (want[i] && is[i] && !strcmp(want[i], is[i]))
		i++;
	harness_fail(__FILE__, __LINE__, false,
		     "%s, \"%s\", line %u: \"%s\", not \"%s\" (%s=FILE writes what is seen)",
		     STORED, scene, i + 1, is[i] ? is[i] : "", want[i] ? want[i] : "", SEEN);
	g_strfreev(want);
	g_strfreev(is);
}

static void write_down(const char *scene, const char *seen)
{
	FILE *to = fopen(getenv(SEEN), "a");

	ASSERT_TRUE(to);
	fprintf(to, "# %s\n%s", scene, seen);
	ASSERT_EQ(0, fclose(to));
}

void ctlsim_text_is(const char *scene, const char *seen)
{
	g_autofree char *stored = NULL;

	if (getenv(SEEN)) {
		write_down(scene, seen);
		return;
	}
	stored = stored_of(scene);
	if (strcmp(stored, seen))
		complain(scene, stored, seen);
}

void ctlsim_texts(const char *scene, const char *const lines[])
{
	GString *seen = g_string_new(NULL);

	for (; *lines; lines++)
		add_run(seen, *lines);
	ctlsim_text_is(scene, seen->str);
	g_string_free(seen, TRUE);
}
