// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the ladder from the command line to the exit status. */
#include <errno.h>
#include <glib-unix.h>
#include <linux/m2m_wwan.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>

#include "../lib/nl.h"
#include "args.h"
#include "ctl.h"
#include "schema.h"
#include "version.h"

static enum out_format format(const struct args *args)
{
	if (args->given[OPTION_PRETTY])
		return OUT_PRETTY;
	return args->given[OPTION_JSON] ? OUT_JSON : OUT_TEXT;
}

/* What waits ends with -EINTR and undoes what it began */
static gboolean signalled(gint fd, GIOCondition condition, gpointer data)
{
	ctl_take_signal(data);
	return G_SOURCE_CONTINUE;
}

/*
 * Signals are a descriptor, so that whatever waits, a prompt too, waits for both
 * and none is late.
 */
static void catch_signals(struct ctl *ctl)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ctl->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	g_unix_fd_add(ctl->signal_fd, G_IO_IN, signalled, ctl);
}

/* How things stand m2md may know all the same */
static int no_driver(struct ctl *ctl, int err)
{
	const struct m2m_error error = ctl->error;

	if (ctl->args->command->run == status_run && !why_degraded(ctl))
		return 0;
	ctl->error = error;
	ctl->status = EXIT_NO_DRIVER;
	ctl->hint = "load the module: modprobe m2m_wwan";
	return err;
}

static int run(struct ctl *ctl)
{
	int err;

	if (ctl->args->command->flags & COMMAND_LOCAL)
		return ctl->args->command->run(ctl);
	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &ctl->nl, &ctl->error);
	if (err)
		return no_driver(ctl, err);
	err = device_select(ctl);
	if (!err && ctl->args->command->flags & COMMAND_CHANGES)
		err = ctl_lease(ctl);
	if (!err)
		err = ctl->args->command->run(ctl);
	return err;
}

static void say_why(const struct ctl *ctl, int err)
{
	const struct command *command = ctl->args->command;
	const char *hint = ctl_hint(ctl, err);
	const struct args *args = ctl->args;

	fprintf(stderr, "m2mctl: %s", command->object);
	if (command->verb)
		fprintf(stderr, " %s", command->verb);
	/* which one; what comes after it may be a message, and journals keep this */
	if (args->n_args && command->min_args)
		fprintf(stderr, " %s", args->arg[0]);
	fprintf(stderr, ": %s\n", ctl->error.msg);
	if (hint)
		fprintf(stderr, "m2mctl: try: %s\n", hint);
}

static int finish(struct ctl *ctl, int err)
{
	struct m2m_error ignored;
	int status = EXIT_OK;

	/* at once, not when the kernel has noticed that we are gone */
	if (ctl->leased)
		port_lease(m2m_qmi_nl(ctl->qmi), ctl->port->id, false,
			   &ignored);
	hold_give_back(ctl);
	m2m_qmi_free(ctl->qmi);
	m2m_nl_free(ctl->nl);
	free(ctl->ports);
	if (err) {
		status = ctl_status(ctl, err);
		out_free(ctl->out);
		say_why(ctl, err);
		return status;
	}
	if (ctl->out && out_finish(ctl->out)) {
		fprintf(stderr, "m2mctl: the output could not be written\n");
		status = EXIT_FAILED;
	}
	return status;
}

static int print_schema(const struct args *args)
{
	if (!schema_print(stdout, args->command))
		return EXIT_OK;
	fprintf(stderr, "m2mctl: the schema could not be written\n");
	return EXIT_FAILED;
}

int main(int argc, char *argv[])
{
	struct ctl ctl = { 0 };
	char sentence[256];
	struct args args;

	if (args_parse(argc, argv, &args, sentence, sizeof(sentence))) {
		fprintf(stderr, "m2mctl: %s\nm2mctl: try: m2mctl %s%s--help\n", sentence,
			args.object ? args.object : "", args.object ? " " : "");
		return EXIT_USAGE;
	}
	if (args.given[OPTION_HELP]) {
		args_help(args.object, stdout);
		return EXIT_OK;
	}
	if (args.given[OPTION_COMMANDS]) {
		args_list(stdout);
		return EXIT_OK;
	}
	if (args.given[OPTION_VERSION]) {
		printf("m2mctl %s\n", M2MCTL_VERSION);
		return EXIT_OK;
	}
	if (args.given[OPTION_SCHEMA])
		return print_schema(&args);
	signal(SIGPIPE, SIG_IGN);
	ctl.args = &args;
	ctl.began_us = g_get_monotonic_time();
	ctl.out = out_new(stdout, format(&args));
	catch_signals(&ctl);
	return finish(&ctl, run(&ctl));
}
