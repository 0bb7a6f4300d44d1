// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the wait of those commands that go on: for news, a signal, or the modem's end. */
#include <errno.h>
#include <glib-unix.h>
#include <linux/m2m_wwan.h>
#include <netlink/msg.h>

#include "../lib/nl.h"
#include "watch.h"

enum out_format watch_format(const struct args *args)
{
	return args->given[OPTION_JSON] || args->given[OPTION_PRETTY] ? OUT_JSON : OUT_TEXT;
}

static int on_event(struct nlmsghdr *msg, void *data)
{
	struct watch *watch = data;
	struct port_event event;

	if (port_event_parse(msg, &event) || event.port_id != watch->ctl->port->id)
		return 0;
	watch->gone |= event.kind == M2M_WWAN_EVENT_GONE;
	watch->restarted |= event.kind == M2M_WWAN_EVENT_RESTARTED;
	return 0;
}

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct watch *watch = data;
	struct m2m_error ignored;

	m2m_nl_dispatch(watch->ctl->nl, &ignored);
	return G_SOURCE_CONTINUE;
}

int watch_begin(struct ctl *ctl, struct watch *ret)
{
	int err;

	*ret = (struct watch){ .ctl = ctl };
	m2m_nl_watch(ctl->nl, on_event, ret);
	err = m2m_nl_join(ctl->nl, M2M_WWAN_MCGRP_EVENT, &ctl->error);
	if (err)
		return err;
	ret->source = g_unix_fd_add(m2m_nl_fd(ctl->nl), G_IO_IN | G_IO_ERR, readable, ret);
	out_free(ctl->out);
	ctl->out = NULL;
	return 0;
}

void watch_end(struct watch *watch)
{
	if (watch->source)
		g_source_remove(watch->source);
	m2m_nl_watch(watch->ctl->nl, NULL, NULL);
}

static bool is_over(void *data)
{
	const struct watch *watch = data;

	return watch->news || watch->gone || watch->restarted;
}

int watch_wait(struct watch *watch, unsigned int most_ms, bool *ret_over)
{
	struct ctl *ctl = watch->ctl;
	int64_t left_ms = most_ms;
	int err;

	if (ctl->args->given[OPTION_WAIT])
		left_ms = MIN(left_ms, (ctl_deadline_us(ctl, 0) - g_get_monotonic_time()) /
			      1000);
	err = left_ms <= 0 ? -EINTR : m2m_qmi_wait(ctl->qmi, left_ms, is_over, watch);
	*ret_over = err == -EINTR;
	if (watch->gone)
		return ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, NULL, "the modem is gone");
	if (watch->restarted)
		return ctl_fail(ctl, -ECONNRESET, EXIT_TEMPORARY, "the same again",
				"the modem restarted");
	return 0;
}
