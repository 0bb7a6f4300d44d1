// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the command line; the rest is a ladder up and down. */
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/helper.h"
#include "clock.h"
#include "daemon.h"

#define CONFIG_DIRECTORY	"/etc/m2m"
#define RESOLV_FILE		"/run/m2m/resolv.conf"
#define SOCKET			"/run/m2m/m2md.sock"
#define STATE_DIRECTORY		"/var/lib/m2m"

int main(int argc, char *argv[])
{
	gchar *config = NULL, *state = NULL, *path = NULL, *resolv = NULL;
	gchar *helper = NULL;
	gint factor = 1;
	const GOptionEntry entries[] = {
		{ "config-dir", 0, 0, G_OPTION_ARG_FILENAME, &config,
		  "Read m2md.conf and modem.d here, not in " CONFIG_DIRECTORY, "DIR" },
		{ "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &state,
		  "Keep the state here, not in " STATE_DIRECTORY, "DIR" },
		{ "socket", 0, 0, G_OPTION_ARG_FILENAME, &path,
		  "Answer here, not at " SOCKET, "PATH" },
		{ "resolv-file", 0, 0, G_OPTION_ARG_FILENAME, &resolv,
		  "Without systemd-resolved, write DNS servers here, not to " RESOLV_FILE,
		  "FILE" },
		{ "helper", 0, 0, G_OPTION_ARG_FILENAME, &helper,
		  "Ask m2m-helper here, not at " HELPER_SOCKET, "PATH" },
		/* for tests, in which nobody waits for hours */
		{ "time-factor", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &factor,
		  "Wait so many times shorter", "N" },
		{ NULL }
	};
	GOptionContext *context = g_option_context_new("- keep modems online");
	GError *error = NULL;
	struct daemon *daemon;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1) {
		fprintf(stderr, "m2md: %s\n", error ? error->message :
			"takes options only, see --help");
		g_clear_error(&error);
		g_option_context_free(context);
		return EXIT_FAILURE;
	}
	g_option_context_free(context);
	if (factor < 1 || factor > CLOCK_FACTOR_MAX) {
		fprintf(stderr, "m2md: --time-factor: 1 to %d\n", CLOCK_FACTOR_MAX);
		return EXIT_FAILURE;
	}
	clock_set_factor(factor);
	signal(SIGPIPE, SIG_IGN);
	daemon = daemon_new(&(struct daemon_options){
		.config_directory = config ? config : CONFIG_DIRECTORY,
		.state_directory = state ? state : STATE_DIRECTORY,
		.socket = path ? path : SOCKET,
		.resolv_file = resolv ? resolv : RESOLV_FILE,
		.helper = helper ? helper : HELPER_SOCKET,
	});
	daemon_run(daemon);
	daemon_free(daemon);
	g_free(config);
	g_free(state);
	g_free(path);
	g_free(resolv);
	g_free(helper);
	return EXIT_SUCCESS;
}
