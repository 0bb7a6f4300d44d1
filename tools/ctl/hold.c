// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl modem`: having m2md let go of a modem for a while. */
#include <errno.h>
#include <glib.h>
#include <poll.h>

#include "client.h"
#include "ctl.h"

#define HOLD_S		(30 * 60)
/* What m2md asks the modem just now it ends first */
#define LET_GO_US	(10 * G_USEC_PER_SEC)
#define LOOK_MS		50

/* Done once the modem may be managed by somebody else */
static int wait_for_lease(struct ctl *ctl)
{
	gint64 until = g_get_monotonic_time() + LET_GO_US;
	struct pollfd pfd = { .fd = ctl->signal_fd, .events = POLLIN };
	int err;

	for (;;) {
		err = device_refresh(ctl);
		if (err || !ctl->port->leased)
			return err;
		if (g_get_monotonic_time() > until)
			return m2m_error_set(&ctl->error, -ETIMEDOUT,
					     "m2md does not let go of the modem");
		poll(&pfd, 1, LOOK_MS);
		err = ctl_interrupted(ctl);
		if (err)
			return err;
	}
}

int modem_hold_run(struct ctl *ctl)
{
	int64_t seconds = ctl->args->given[OPTION_FOR] ?
				  ctl->args->number[OPTION_FOR] : HOLD_S;
	const struct client_word words[] = {
		{ "modem", ctl->port->usb_path, 0 }, { "seconds", NULL, seconds },
		{ NULL }
	};
	struct client_answer *answer = NULL;
	int err;

	err = client_ask(ctl, "hold", words, &answer);
	client_free(answer);
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
	const struct client_word words[] = {
		{ "modem", ctl->port->usb_path, 0 }, { NULL }
	};
	struct client_answer *answer = NULL;
	int err;

	err = client_ask(ctl, "release", words, &answer);
	client_free(answer);
	if (err)
		return err;
	out_string(ctl->out, "usb_path", NULL, ctl->port->usb_path);
	out_bool(ctl->out, "held", NULL, false);
	out_line(ctl->out, "m2md looks after %s again", ctl->port->usb_path);
	return 0;
}
