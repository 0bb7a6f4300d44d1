// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the order of things: a port, who the modem is, its file, each of its commands. */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/boot.h"
#include "init.h"
#include "tty.h"
#include "usb.h"
#include "wear.h"

#define PROBE_MS	1000	/* "AT" is answered at once */
#define QUIET_MS	150
#define PAUSE_MS	200
#define QUESTION_MS	10000
#define COMMAND_MS	30000	/* some switch the radio off and on */
#define CARD_MS		20000	/* a card that starts */
#define CARD_POLL_MS	1000

struct job {
	const struct init_options *options;
	const struct config_modem *file;
	char path[USB_PATH_MAX];
	char node[64];
	char imei[16], iccid[21], model[64];
	int interface;		/* of fd */
	int fd;			/* -1: none */
	struct at_answer answer;
	unsigned int as_wanted;
};

static void say(const struct job *job, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct job *job, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "m2m-at: %s", job->imei[0] ? job->imei : job->path);
	if (job->fd >= 0)
		fprintf(stderr, " %s", job->node);
	fputs(": ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static int send_for(struct job *job, const char *command, int ms, struct m2m_error *error)
{
	int most_ms = job->options->answer_ms;

	return tty_ask(job->fd, command, most_ms && most_ms < ms ? most_ms : ms,
		       &job->answer, error);
}

static int ask(struct job *job, const char *command, struct m2m_error *error)
{
	return send_for(job, command, QUESTION_MS, error);
}

/* --- a port ------------------------------------------------------------------------- */

static void leave(struct job *job)
{
	if (job->fd >= 0)
		tty_close(job->fd);
	job->fd = -1;
}

/* Opens it and keeps it if it answers */
static int try_port(struct job *job, const struct usb_tty *tty, struct m2m_error *error)
{
	int err;

	snprintf(job->node, sizeof(job->node), "%s/%s", job->options->dev, tty->name);
	job->fd = tty_open(job->node, error);
	if (job->fd < 0)
		return job->fd;
	job->interface = tty->interface;
	err = send_for(job, "AT", PROBE_MS, error);
	if (!err && !job->answer.ok)
		err = m2m_error_set(error, -EPROTO, "AT: %s", job->answer.final);
	/* the answer to an earlier AT must not be taken for that to the next command */
	if (!err)
		tty_quiet(job->fd, QUIET_MS);
	if (!err)
		return 0;
	leave(job);
	return m2m_error_prefix(error, "%s", job->node);
}

/* One round; what is worth telling is kept in @error: no right, busy, then no answer */
static int try_ports(struct job *job, int interface, bool only, struct m2m_error *error)
{
	struct usb_modem modem;
	struct m2m_error this;
	int err;

	if (!usb_modem_read(job->options->sysfs, job->path, &modem))
		return m2m_error_set(error, -ENODEV, "there is no such USB device");
	usb_modem_sort(&modem, interface);
	m2m_error_set(error, -EOPNOTSUPP, only ? "it has no serial port on interface %d" :
		      "it has no serial port", interface);
	for (size_t i = 0; i < modem.n_ttys; i++) {
		if (only && modem.ttys[i].interface != interface)
			continue;
		err = try_port(job, &modem.ttys[i], &this);
		if (!err)
			return 0;
		if (error->err != -EACCES && (error->err != -EBUSY || err == -EACCES))
			*error = this;
	}
	return error->err;
}

/* Ports come one by one, firmware starts, other programs let go */
static int find_port(struct job *job, int interface, bool only, struct m2m_error *error)
{
	int64_t until_ms = boot_ms() + job->options->wait_ms;
	int err;

	do {
		err = try_ports(job, interface, only, error);
		if (!err || err == -ENODEV)
			return err;
		poll(NULL, 0, PAUSE_MS);
	} while (boot_ms() < until_ms);
	return err;
}

/* --- which file is its ---------------------------------------------------------------- */

static bool any_model(const struct config *config)
{
	for (size_t i = 0; i < config->n_modems; i++)
		if (config->modems[i].match.model.n)
			return true;
	return false;
}

static bool any_iccid(const struct config *config)
{
	for (size_t i = 0; i < config->n_modems; i++)
		if (config->modems[i].match.iccid.n)
			return true;
	return false;
}

static bool any_at(const struct config *config)
{
	for (size_t i = 0; i < config->n_modems; i++)
		if (config->modems[i].init.at_init.n)
			return true;
	return false;
}

/* A card that has not started is waited for; one that is not there is not */
static int ask_iccid(struct job *job, struct m2m_error *error)
{
	int64_t until_ms = boot_ms() + CARD_MS;
	int err;

	do {
		err = ask(job, AT_READ_ICCID, error);
		if (err || at_answer_iccid(&job->answer, job->iccid))
			return err;
		/* 27.007, 9.2: SIM not inserted */
		if (!strcmp(job->answer.final, "+CME ERROR: 10"))
			return 0;
		poll(NULL, 0, CARD_POLL_MS);
	} while (boot_ms() < until_ms);
	return 0;
}

/* What some [Match] asks for; what the modem refuses stays unknown */
static int ask_identity(struct job *job, struct m2m_error *error)
{
	const struct config *config = job->options->config;
	char imei[16];
	int err;

	err = ask(job, "AT+CGSN", error);
	if (err)
		return m2m_error_prefix(error, "AT+CGSN");
	if (at_answer_imei(&job->answer, imei))
		g_strlcpy(job->imei, imei, sizeof(job->imei));
	if (any_model(config)) {
		err = ask(job, "AT+CGMM", error);
		if (err)
			return m2m_error_prefix(error, "AT+CGMM");
		if (!at_answer_model(&job->answer, job->model, sizeof(job->model)))
			job->model[0] = '\0';
	}
	if (!any_iccid(config))
		return 0;
	err = ask_iccid(job, error);
	return err ? m2m_error_prefix(error, "AT+CRSM") : 0;
}

static int match(struct job *job, struct m2m_error *error)
{
	const struct config_identity id = {
		job->imei, job->iccid, job->path, job->model
	};
	const struct config_modem *other;
	int err = config_match(job->options->config, &id, &job->file, &other);

	if (err == -ENOTUNIQ)
		return m2m_error_set(error, err, "%s and %s fit equally well",
				     job->file->file, other->file);
	if (err)
		return m2m_error_set(error, err,
				     "%s has errors and is not used; see m2mctl config check",
				     job->file->file);
	return 0;
}

static int at_port(const struct config_modem *file)
{
	return file && file->init.at_port ? atoi(file->init.at_port) : -1;
}

/* The port that answers, and the file with it; by the place alone as long as nobody said */
static int find_file(struct job *job, int interface, struct m2m_error *error)
{
	bool only = interface >= 0;
	int err, wanted;

	if (!only && !match(job, error))
		interface = at_port(job->file);
	err = find_port(job, interface, only, error);
	if (!err)
		err = ask_identity(job, error);
	if (!err)
		err = match(job, error);
	wanted = at_port(job->file);
	if (err || only || wanted < 0 || wanted == job->interface)
		return err;
	leave(job);
	return find_port(job, wanted, true, error);
}

/* --- its commands ----------------------------------------------------------------------- */

static int fail(const struct job *job, const struct at_command *command,
		struct m2m_error *error)
{
	m2m_error_prefix(error, "%s", command->name);
	say(job, "%s", error->msg);
	return error->err;
}

static int refuse(const struct job *job, const struct at_command *command)
{
	say(job, "%s: %s", command->name, job->answer.final);
	return -EPROTO;
}

static int read_back(struct job *job, const struct at_command *command)
{
	struct m2m_error error;

	if (ask(job, command->read, &error))
		return fail(job, command, &error);
	if (!job->answer.ok)
		return refuse(job, command);
	if (at_answer_is(command, &job->answer)) {
		say(job, "%s: written", command->name);
		return 0;
	}
	error.err = -EREMOTEIO;
	at_answer_differs(command, &job->answer, error.msg, sizeof(error.msg));
	return fail(job, command, &error);
}

static int write_command(struct job *job, const struct at_command *command, bool readable)
{
	const struct init_options *options = job->options;
	struct m2m_error error;

	if (options->dry_run) {
		say(job, readable ? "%s: would be written" :
		    "%s: would be sent, as nothing reads it back", command->name);
		return 0;
	}
	if (command->writes && wear_write(options->state_directory,
					  job->imei[0] ? job->imei : job->path, &error))
		return fail(job, command, &error);
	if (send_for(job, command->text, COMMAND_MS, &error))
		return fail(job, command, &error);
	if (!job->answer.ok)
		return refuse(job, command);
	if (readable)
		return read_back(job, command);
	say(job, "%s: sent as it is, as nothing reads it back", command->name);
	return 0;
}

static int run_command(struct job *job, const char *text)
{
	bool readable = false;
	struct at_command command;
	struct m2m_error error;

	/* config_load() has seen that it is one */
	if (!at_command_parse(text, &command))
		return -EINVAL;
	if (command.read[0]) {
		if (ask(job, command.read, &error))
			return fail(job, &command, &error);
		if (at_answer_is(&command, &job->answer)) {
			job->as_wanted++;
			return 0;
		}
		readable = job->answer.ok;
	}
	return write_command(job, &command, readable);
}

/* Whether there is anybody who would answer the next one */
static bool may_go_on(int err)
{
	return !err || err == -EPROTO || err == -EREMOTEIO || err == -EDQUOT;
}

static int run_commands(struct job *job)
{
	const struct config_list *list = &job->file->init.at_init;
	int first = 0, err = 0;

	for (size_t i = 0; i < list->n && may_go_on(err); i++) {
		err = run_command(job, list->s[i]);
		first = first ? first : err;
	}
	if (job->as_wanted)
		say(job, "%u of %zu as they should be", job->as_wanted, list->n);
	return first;
}

int init_modem(const struct init_options *options, const char *path, int interface)
{
	struct job *job = g_new0(struct job, 1);
	struct m2m_error error;
	int err = 0;

	job->options = options;
	job->fd = -1;
	g_strlcpy(job->path, path, sizeof(job->path));
	/* no port is opened that nobody has a use for */
	if (any_at(options->config))
		err = find_file(job, interface, &error);
	if (err)
		say(job, "%s", error.msg);
	else if (job->file && job->file->init.at_init.n)
		err = run_commands(job);
	else if (options->named)
		say(job, "no .modem file with AtInit= is for it");
	leave(job);
	g_free(job);
	return err;
}
