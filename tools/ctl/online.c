// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl wait-online` and `m2mctl health`: whether all is well. */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>

#include "client.h"
#include "ctl.h"
#include "meant.h"

#define TIMEOUT_S	120
/*
 * m2md need not run yet, and may be started anew meanwhile: it is asked so often. It tells
 * nobody by itself, who could be slow, or many.
 */
#define ASK_MS		500

/* --- wait-online ------------------------------------------------------------ */

/* The row of a PDN that is online and meant; -1: there is none */
static int find_online(const struct ctl *ctl, const struct meant *meant,
		       const struct client_answer *answer)
{
	const char *name = ctl->args->n_args ? ctl->args->arg[0] : NULL;
	const char *usb_path;

	for (unsigned int i = 0; i < client_rows(answer, "pdns"); i++) {
		if (g_strcmp0(client_text(answer, "pdns", i, "state"), "online") ||
		    (name && g_strcmp0(client_text(answer, "pdns", i, "name"), name)))
			continue;
		usb_path = client_text(answer, "pdns", i, "usb_path");
		/* an IMEI only m2md knows, and tells whom it may */
		if (meant_is(meant, usb_path, client_imei(answer, usb_path)))
			return i;
	}
	return -1;
}

/* Asks once: 0 if it is online, -EAGAIN with the reason if not, else it is of no use */
static int look(struct ctl *ctl, struct meant *meant)
{
	const char *name = ctl->args->n_args ? ctl->args->arg[0] : "no PDN";
	struct client_answer *answer = NULL;
	int err, row;

	/* of this time, not of one before */
	ctl->status = 0;
	err = client_ask(ctl, "why", NULL, &answer);
	if (err)
		return err == -EHOSTDOWN || err == -EIO ? -EAGAIN : err;
	meant_learn(meant, answer);
	row = find_online(ctl, meant, answer);
	if (row >= 0) {
		out_string(ctl->out, "usb_path", NULL,
			   client_text(answer, "pdns", row, "usb_path"));
		out_string(ctl->out, "name", NULL,
			   client_text(answer, "pdns", row, "name"));
		out_bool(ctl->out, "online", NULL, true);
		out_line(ctl->out, "%s is online",
			 client_text(answer, "pdns", row, "name"));
	} else {
		err = m2m_error_set(&ctl->error, -EAGAIN, "%s%s", name,
				    ctl->args->n_args ? " is not online" : " is online");
	}
	client_free(answer);
	return err;
}

int wait_online_run(struct ctl *ctl)
{
	int64_t wait_s = ctl->args->given[OPTION_TIMEOUT] ?
				 ctl->args->number[OPTION_TIMEOUT] : TIMEOUT_S;
	int64_t until = ctl->began_us + wait_s * G_USEC_PER_SEC, left_ms;
	struct pollfd pfd = { .fd = ctl->signal_fd, .events = POLLIN };
	struct meant *meant = meant_new(ctl);
	int err;

	for (;;) {
		err = look(ctl, meant);
		left_ms = (until - g_get_monotonic_time()) / 1000;
		if (err != -EAGAIN || left_ms <= 0)
			break;
		poll(&pfd, 1, MIN(left_ms, ASK_MS));
		err = ctl_interrupted(ctl);
		if (err)
			break;
	}
	meant_free(meant);
	/* where m2md does not run there is nobody to tell why */
	if (err == -EAGAIN && ctl->status != EXIT_NO_DRIVER) {
		ctl->status = EXIT_TIMEOUT;
		ctl->hint = "m2mctl why";
	}
	return err;
}

/* --- health ----------------------------------------------------------------- */

static void say_modems(struct out *out, const struct client_answer *answer)
{
	static const struct {
		const char *key, *label;
	} texts[] = {
		{ "usb_path", "MODEM" }, { "imei", "IMEI" }, { "health", "HEALTH" },
		{ "state", "STATE" }, { "cause", "CAUSE" }, { "cause_text", "WHY" },
	};

	out_table(out, "modems", NULL);
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++) {
		out_row(out);
		out_bool(out, "healthy", NULL,
			 client_is(answer, "modems", i, "healthy"));
		for (size_t j = 0; j < G_N_ELEMENTS(texts); j++)
			out_string(out, texts[j].key, texts[j].label,
				   client_text(answer, "modems", i, texts[j].key));
		out_row_end(out);
	}
	out_table_end(out);
}

/* The first that wants somebody, in a sentence */
static int unwell(struct ctl *ctl, const struct client_answer *answer)
{
	const char *path, *why;

	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++) {
		if (client_is(answer, "modems", i, "healthy"))
			continue;
		path = client_text(answer, "modems", i, "usb_path");
		why = client_text(answer, "modems", i, "cause_text");
		return ctl_fail(ctl, -EBADMSG, EXIT_FAILED, "m2mctl why",
				"somebody has to act: %s: %s", path ? path : "-",
				why ? why : "see its PDNs");
	}
	return ctl_fail(ctl, -EBADMSG, EXIT_FAILED, "m2mctl list",
			"somebody has to act: there is no modem that the configuration means");
}

int health_run(struct ctl *ctl)
{
	struct client_answer *answer = NULL;
	bool healthy;
	int err;

	err = client_ask(ctl, "health", NULL, &answer);
	if (err)
		return err;
	healthy = client_is(answer, NULL, 0, "healthy");
	out_bool(ctl->out, "healthy", NULL, healthy);
	out_bool(ctl->out, "wanted", NULL, client_is(answer, NULL, 0, "wanted"));
	say_modems(ctl->out, answer);
	if (!healthy) {
		/* the report is given, although it is bad */
		err = out_finish(ctl->out);
		ctl->out = NULL;
		if (!err)
			err = unwell(ctl, answer);
	}
	client_free(answer);
	return err;
}
