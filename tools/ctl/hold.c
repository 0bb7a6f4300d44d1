// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns having m2md let go of a modem, for a while or for one command. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <netlink/msg.h>
#include <poll.h>
#include <stdio.h>

#include "../lib/nl.h"
#include "client.h"
#include "ctl.h"

#define HOLD_S		(30 * 60)
/* Longer than any command takes; should it be killed, m2md takes the modem up after that */
#define BORROW_S	(10 * 60)
/* What m2md asks the modem just now it ends first */
#define LET_GO_US	(10 * G_USEC_PER_SEC)
/* The driver tells of every lease; this is for an event that was lost */
#define LOOK_AGAIN_MS	1000

static int ignore(struct nlmsghdr *msg, void *data)
{
	return 0;
}

/* Looks again at every event until the modem may be managed by somebody else */
static int wait_while_leased(struct ctl *ctl, struct m2m_nl *events)
{
	gint64 until = g_get_monotonic_time() + LET_GO_US;
	struct pollfd pfds[] = {
		{ .fd = m2m_nl_fd(events), .events = POLLIN },
		{ .fd = ctl->signal_fd, .events = POLLIN },
	};
	struct m2m_error ignored;
	int err;

	for (;;) {
		m2m_nl_dispatch(events, &ignored);
		err = device_refresh(ctl);
		if (err || !ctl->port->leased)
			return err;
		if (g_get_monotonic_time() > until)
			return m2m_error_set(&ctl->error, -ETIMEDOUT,
					     "m2md does not let go of the modem");
		poll(pfds, G_N_ELEMENTS(pfds), LOOK_AGAIN_MS);
		err = ctl_interrupted(ctl);
		if (err)
			return err;
	}
}

static int wait_for_lease(struct ctl *ctl)
{
	struct m2m_nl *events;
	int err;

	/* a socket of its own: questions would swallow what the other one hears */
	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &events, &ctl->error);
	if (err)
		return err;
	m2m_nl_watch(events, ignore, NULL);
	err = m2m_nl_join(events, M2M_WWAN_MCGRP_EVENT, &ctl->error);
	if (!err)
		err = wait_while_leased(ctl, events);
	m2m_nl_free(events);
	return err;
}

static int ask_to_hold(struct ctl *ctl, int64_t seconds)
{
	const struct client_word words[] = {
		{ "modem", ctl->port->usb_path, 0 }, { "seconds", NULL, seconds },
		{ NULL }
	};
	struct client_answer *answer = NULL;
	int err;

	err = client_ask(ctl, "hold", words, &answer);
	client_free(answer);
	return err;
}

static int ask_to_release(struct ctl *ctl, const char *usb_path)
{
	const struct client_word words[] = {
		{ "modem", usb_path, 0 }, { NULL }
	};
	struct client_answer *answer = NULL;
	int err;

	err = client_ask(ctl, "release", words, &answer);
	client_free(answer);
	return err;
}

int hold_borrow(struct ctl *ctl)
{
	int err = ask_to_hold(ctl, BORROW_S);

	if (err)
		return err;
	ctl->borrowed = g_strdup(ctl->port->usb_path);
	return wait_for_lease(ctl);
}

void hold_give_back(struct ctl *ctl)
{
	const struct m2m_error error = ctl->error;
	const char *hint = ctl->hint;
	int status = ctl->status;

	if (!ctl->borrowed)
		return;
	/* this is not what a signal interrupts */
	ctl->interrupted = false;
	if (ask_to_release(ctl, ctl->borrowed))
		fprintf(stderr, "m2mctl: m2md leaves the modem alone for %d minutes more: %s\n",
			BORROW_S / 60, ctl->error.msg);
	g_free(ctl->borrowed);
	ctl->borrowed = NULL;
	ctl->error = error;
	ctl->hint = hint;
	ctl->status = status;
}

int modem_hold_run(struct ctl *ctl)
{
	int64_t seconds = ctl->args->given[OPTION_FOR] ?
				  ctl->args->number[OPTION_FOR] : HOLD_S;
	int err;

	err = ask_to_hold(ctl, seconds);
	if (!err)
		err = wait_for_lease(ctl);
	if (err)
		return err;
	out_string(ctl->out, "usb_path", NULL, ctl->port->usb_path);
	out_bool(ctl->out, "held", NULL, true);
	out_int(ctl->out, "hold_s", NULL, seconds);
	out_line(ctl->out, "m2md leaves %s alone for %lld s, or until m2mctl modem release",
		 ctl->port->usb_path, (long long)seconds);
	return 0;
}

int modem_release_run(struct ctl *ctl)
{
	int err = ask_to_release(ctl, ctl->port->usb_path);

	if (err)
		return err;
	out_string(ctl->out, "usb_path", NULL, ctl->port->usb_path);
	out_bool(ctl->out, "held", NULL, false);
	out_line(ctl->out, "m2md looks after %s again", ctl->port->usb_path);
	return 0;
}
