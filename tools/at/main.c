// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the command line, and which modems are meant. */
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/config-trial.h"
#include "init.h"
#include "usb.h"

#define STATE_DIRECTORY	"/var/lib/m2m"
#define WAIT_S		60
#define WAIT_MAX_S	3600

/* As m2mctl's, of which these can happen */
enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_TIMEOUT = 3,
	EXIT_NO_MODEM = 5,
	EXIT_PERMISSION = 6,
	EXIT_UNSUPPORTED = 11,
	EXIT_BUSY = 12,
	EXIT_LATER = 75,
};

static int exit_status(int err)
{
	switch (-err) {
	case 0:
		return EXIT_OK;
	case ETIMEDOUT:
		return EXIT_TIMEOUT;
	case ENODEV:
		return EXIT_NO_MODEM;
	case EACCES:
	case EPERM:
		return EXIT_PERMISSION;
	case EOPNOTSUPP:
		return EXIT_UNSUPPORTED;
	case EBUSY:
		return EXIT_BUSY;
	case EDQUOT:
		return EXIT_LATER;
	default:
		return EXIT_FAILED;
	}
}

/* What m2md goes by, a trial of m2mctl config apply as well */
static struct config *load(const char *directory)
{
	struct config_trial *trial = g_new0(struct config_trial, 1);
	char *where = config_tree_where(directory, trial);
	struct conf_notes notes = { 0 };
	struct config *config = config_load(where, &notes);

	/* m2md and m2mctl config check tell them all */
	for (size_t i = 0; i < notes.n; i++)
		if (notes.notes[i].severity == CONF_ERROR)
			fprintf(stderr, "m2m-at: %s:%u: %s\n", notes.notes[i].file,
				notes.notes[i].line, notes.notes[i].text);
	conf_notes_clear(&notes);
	g_free(where);
	g_free(trial);
	return config;
}

static int run_all(const struct init_options *options)
{
	struct usb_paths paths;
	int first = 0, err;

	usb_modem_list(options->sysfs, &paths);
	for (size_t i = 0; i < paths.n; i++) {
		err = init_modem(options, paths.path[i], -1);
		first = first ? first : err;
	}
	return first;
}

static int run_named(const struct init_options *options, char **words)
{
	char path[USB_PATH_MAX];
	int interface, first = 0, err;

	for (; *words; words++) {
		if (usb_find(options->sysfs, *words, path, &interface)) {
			err = init_modem(options, path, interface);
		} else {
			fprintf(stderr, "m2m-at: %s: no USB device and no serial port of one\n",
				*words);
			err = -ENODEV;
		}
		first = first ? first : err;
	}
	return first;
}

int main(int argc, char *argv[])
{
	gchar *config = NULL, *state = NULL, **words = NULL;
	gboolean dry_run = FALSE;
	gint wait_s = WAIT_S;
	const GOptionEntry entries[] = {
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
		  "Say what would be written, and write nothing", NULL },
		{ "wait", 0, 0, G_OPTION_ARG_INT, &wait_s,
		  "Wait so long for a port that answers (60)", "SECONDS" },
		{ "config-dir", 0, 0, G_OPTION_ARG_FILENAME, &config,
		  "Read modem.d here, not in " CONFIG_DIRECTORY, "DIR" },
		{ "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &state,
		  "Count writes below this, not below " STATE_DIRECTORY, "DIR" },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL,
		  "[DEVICE...]" },
		{ NULL }
	};
	GOptionContext *context = g_option_context_new("- set modems up by AT commands");
	struct init_options options = { .sysfs = "/sys", .dev = "/dev" };
	GError *error = NULL;
	struct config *loaded;
	int err;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || wait_s < 0 ||
	    wait_s > WAIT_MAX_S) {
		fprintf(stderr, "m2m-at: %s\n", error ? error->message :
			"--wait takes 0 to 3600");
		g_clear_error(&error);
		g_option_context_free(context);
		return EXIT_USAGE;
	}
	g_option_context_free(context);
	signal(SIGPIPE, SIG_IGN);
	loaded = load(config ? config : CONFIG_DIRECTORY);
	options.config = loaded;
	options.state_directory = state ? state : STATE_DIRECTORY;
	options.wait_ms = wait_s * 1000;
	options.dry_run = dry_run;
	/* of no use in a log, where the unit asks for each modem there is */
	options.named = words && isatty(STDERR_FILENO);
	err = words ? run_named(&options, words) : run_all(&options);
	config_free(loaded);
	g_strfreev(words);
	g_free(config);
	g_free(state);
	return exit_status(err);
}
