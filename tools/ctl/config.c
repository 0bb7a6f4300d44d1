// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl config`: what is wrong with the configuration, and what it may say. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/config.h"
#include "ctl.h"

#define TAKES_MAX	128
#define COUNT_MAX	32

/* --- check ------------------------------------------------------------------- */

/* "1 error", "2 errors" */
static const char *plural(size_t n, const char *what, char ret[static COUNT_MAX])
{
	snprintf(ret, COUNT_MAX, "%zu %s%s", n, what, n == 1 ? "" : "s");
	return ret;
}

static void say_note(struct out *out, const struct conf_note *note)
{
	const char *severity = note->severity == CONF_ERROR ? "error" : "warning";

	if (note->line)
		out_line(out, "%s:%u: %s: %s", note->file, note->line, severity,
			 note->text);
	else
		out_line(out, "%s: %s: %s", note->file, severity, note->text);
	out_row(out);
	out_string(out, "severity", NULL, severity);
	out_string(out, "file", NULL, note->file);
	if (note->line)
		out_int(out, "line", NULL, note->line);
	else
		out_unknown(out, "line", NULL);
	out_string(out, "message", NULL, note->text);
	out_row_end(out);
}

void config_say_result(struct out *out, const struct config *config,
		       const struct conf_notes *notes)
{
	char modems[COUNT_MAX], errors[COUNT_MAX], warnings[COUNT_MAX];
	const char *names[CONFIG_MODEMS_MAX];
	size_t n = MIN(config->n_modems, G_N_ELEMENTS(names));

	out_table(out, "notes", NULL);
	for (size_t i = 0; i < notes->n; i++)
		say_note(out, &notes->notes[i]);
	out_table_end(out);
	if (notes->n_errors + notes->n_warnings > notes->n)
		out_line(out, "and %zu more",
			 notes->n_errors + notes->n_warnings - notes->n);
	for (size_t i = 0; i < n; i++)
		names[i] = config->modems[i].name;
	out_strings(out, "modems", NULL, names, n);
	out_int(out, "errors", NULL, notes->n_errors);
	out_int(out, "warnings", NULL, notes->n_warnings);
	out_line(out, "%s, %s, %s", plural(config->n_modems, "modem file", modems),
		 plural(notes->n_errors, "error", errors),
		 plural(notes->n_warnings, "warning", warnings));
}

static bool is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* A slip of the name, most likely */
static void note_empty(const char *directory, struct conf_notes *notes)
{
	static const char * const names[] = { CONFIG_MAIN, CONFIG_MAIN ".d", CONFIG_MODEMS };
	bool found = false;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *path = g_build_filename(directory, names[i], NULL);

		found |= !access(path, F_OK);
		g_free(path);
	}
	if (!found)
		conf_note(notes, CONF_WARNING, directory, 0,
			  "nothing here: neither " CONFIG_MAIN " nor " CONFIG_MODEMS);
}

/* The files that were named */
static int check_files(struct ctl *ctl, struct config *config, struct conf_notes *notes)
{
	const struct args *args = ctl->args;

	if (args->n_args > CONFIG_MODEMS_MAX)
		return ctl_fail(ctl, -EINVAL, 0, NULL, "more than %d files",
				CONFIG_MODEMS_MAX);
	for (unsigned int i = 0; i < args->n_args; i++) {
		const char *path = args->arg[i];

		if (access(path, F_OK))
			return ctl_fail(ctl, -errno, EXIT_FAILED,
					"m2mctl config check: without a word it is the directory that m2md reads",
					"%s: %s", *path ? path : "\"\"", g_strerror(errno));
		if (is_directory(path))
			return ctl_fail(ctl, -EINVAL, 0, NULL,
					"one directory or files, not \"%s\" besides others",
					path);
		/* what else goes wrong with a file is in the notes */
		if (config_load_file(config, path, notes) == -EINVAL)
			return ctl_fail(ctl, -EINVAL, 0, NULL,
					"\"%s\" is no directory, not " CONFIG_MAIN
					" and no file with " CONFIG_SUFFIX, path);
	}
	config_check(config, notes);
	return 0;
}

int config_check_run(struct ctl *ctl)
{
	const struct args *args = ctl->args;
	const char *directory = args->n_args ? args->arg[0] : CONFIG_DIRECTORY;
	struct conf_notes notes = { 0 };
	struct config *config = NULL;
	char errors[COUNT_MAX];
	int err = 0;

	if (!args->n_args || (args->n_args == 1 && is_directory(directory))) {
		config = config_load(directory, &notes);
		note_empty(directory, &notes);
	} else {
		config = config_new();
		err = check_files(ctl, config, &notes);
	}
	if (!err) {
		config_check_secrets(config, &notes);
		config_say_result(ctl->out, config, &notes);
	}
	if (notes.n_errors && !err) {
		/* the result is said, although it is a failure */
		err = out_finish(ctl->out);
		ctl->out = NULL;
		err = ctl_fail(ctl, err ?: -EBADMSG, EXIT_FAILED, NULL, "%s",
			       plural(notes.n_errors, "error", errors));
	}
	conf_notes_clear(&notes);
	config_free(config);
	return err;
}

/* --- keys -------------------------------------------------------------------- */

int config_keys_run(struct ctl *ctl)
{
	struct out *out = ctl->out;
	char takes[TAKES_MAX];

	out_table(out, "keys", NULL);
	for (const struct config_key *key = config_keys; key->name; key++) {
		config_key_takes(key, takes, sizeof(takes));
		out_row(out);
		out_string(out, "file", NULL, config_section_is_main(key->section) ?
			   CONFIG_MAIN : "NAME" CONFIG_SUFFIX);
		out_string(out, "section", "Section", config_section_name(key->section));
		out_string(out, "key", "Key", key->name);
		out_string(out, "default", "Default", key->otherwise);
		out_string(out, "takes", NULL, takes);
		out_string(out, "help", "Meaning", key->help);
		out_row_end(out);
	}
	out_table_end(out);
	return 0;
}
