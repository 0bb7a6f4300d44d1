// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the command line and the order in which things start and end. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "daemon.h"
#include "noise.h"
#include "options.h"
#include "vmodem.h"

#define EXIT_USAGE	2

struct program {
	struct options options;
	struct control *control;
	struct vmodem *vm;
	GMainLoop *loop;
	int ready_fd;			/* to the waiting parent of --daemon */
	int status;
};

static void program_quit(void *ctx)
{
	struct program *program = ctx;

	g_main_loop_quit(program->loop);
}

static gboolean program_signal(gpointer data)
{
	program_quit(data);
	return G_SOURCE_CONTINUE;
}

static void program_ready(void *ctx, const char *where, const char *error)
{
	struct program *program = ctx;

	if (error) {
		fprintf(stderr, "m2msim: %s\n", error);
		program->status = EXIT_FAILURE;
		program_quit(program);
		return;
	}
	printf("%s: %s\n", program->options.identity->name, where);
	fflush(stdout);
	daemon_ready(program->ready_fd);
	program->ready_fd = -1;
}

static void program_event(void *ctx, const char *name)
{
	struct program *program = ctx;

	control_event(program->control, name);
}

static int program_apply_settings(struct program *program)
{
	char err[SCENARIO_ERROR_MAX];
	size_t i;

	for (i = 0; i < program->options.n_settings; i++) {
		if (!vmodem_do(program->vm, program->options.settings[i].key,
			       program->options.settings[i].value, err, sizeof(err)))
			continue;
		fprintf(stderr, "m2msim: --set %s: %s\n",
			program->options.settings[i].key, err);
		return EXIT_USAGE;
	}
	return 0;
}

static int program_build(struct program *program)
{
	struct options *options = &program->options;
	struct vmodem_config config = {
		.identity = options->identity,
		.firmware = options->firmware,
		.usbredir = options->usbredir,
		.speed = options->speed,
		.tap = options->tap,
		.scenario = options->scenario,
		.ctx = program,
		.ready = program_ready,
		.event = program_event,
	};
	char err[SCENARIO_ERROR_MAX];
	int ret;

	if (options->control) {
		ret = control_new(options->control, program_quit, program,
				  &program->control);
		if (ret) {
			fprintf(stderr, "m2msim: %s: %s\n", options->control,
				g_strerror(-ret));
			return EXIT_FAILURE;
		}
	}
	if (vmodem_new(&config, err, sizeof(err), &program->vm)) {
		fprintf(stderr, "m2msim: %s\n", err);
		return EXIT_FAILURE;
	}
	control_set_modem(program->control, program->vm);
	return program_apply_settings(program);
}

static int program_run(struct program *program)
{
	char err[256];
	int ret;

	program->loop = g_main_loop_new(NULL, FALSE);
	signal(SIGPIPE, SIG_IGN);
	g_unix_signal_add(SIGTERM, program_signal, program);
	g_unix_signal_add(SIGINT, program_signal, program);
	g_unix_signal_add(SIGHUP, program_signal, program);
	noise_seed(program->options.seed);
	ret = program_build(program);
	if (!ret && vmodem_start(program->vm, err, sizeof(err))) {
		fprintf(stderr, "%s:%s\n", program->options.scenario_path, err);
		ret = EXIT_USAGE;
	}
	program->status = ret ? ret : program->status;
	if (!program->status)
		g_main_loop_run(program->loop);
	vmodem_free(program->vm);
	control_free(program->control);
	g_main_loop_unref(program->loop);
	return program->status;
}

int main(int argc, char **argv)
{
	struct program program = { .ready_fd = -1 };
	int ret;

	if (argc > 1 && !strcmp(argv[1], "ctl")) {
		if (argc < 4) {
			fprintf(stderr, "usage: m2msim ctl SOCKET COMMAND...\n");
			return EXIT_USAGE;
		}
		return control_client(argv[2], argc - 3, argv + 3);
	}
	ret = options_parse(argc, argv, &program.options);
	if (ret)
		return ret > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	if (program.options.daemon) {
		ret = daemon_fork(&program.ready_fd);
		if (ret >= 0)
			return ret;
	}
	ret = program_run(&program);
	options_exit(&program.options);
	return ret;
}
