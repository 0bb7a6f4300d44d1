// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns a machine's timer and the events that wait for it. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "inbox.h"

#define EVENTS_MAX	256	/* that wait; more are a bug, and are left out */

struct inbox {
	const struct inbox_owner *owner;
	void *data;
	GQueue events;
	guint pump;
	int timer_fd;
	guint timer;
	bool armed;
};

void inbox_step(struct inbox *inbox, struct event *event)
{
	inbox->armed = false;
	inbox->owner->step(inbox->data, event);
}

static gboolean pump(gpointer data)
{
	struct inbox *inbox = data;
	struct event *event = g_queue_pop_head(&inbox->events);

	if (event) {
		inbox_step(inbox, event);
		g_free(event);
	}
	if (!g_queue_is_empty(&inbox->events))
		return G_SOURCE_CONTINUE;
	inbox->pump = 0;
	return G_SOURCE_REMOVE;
}

void inbox_put(struct inbox *inbox, const struct event *event)
{
	if (inbox->events.length >= EVENTS_MAX) {
		inbox->owner->left_out(inbox->data, event);
		return;
	}
	g_queue_push_tail(&inbox->events, g_memdup2(event, sizeof(*event)));
	if (!inbox->pump)
		inbox->pump = g_idle_add_full(G_PRIORITY_HIGH, pump, inbox, NULL);
}

static gboolean timer_fired(gint fd, GIOCondition condition, gpointer data)
{
	struct inbox *inbox = data;
	uint64_t times;

	if (read(fd, &times, sizeof(times)) == sizeof(times))
		inbox_put(inbox, &(struct event){ .type = EVENT_TIMER });
	return G_SOURCE_CONTINUE;
}

void inbox_timer(struct inbox *inbox, int64_t ms)
{
	int64_t ns = clock_wait_ns(ms);
	/* zero would disarm it */
	const struct itimerspec when = {
		.it_value.tv_sec = ns / 1000000000,
		.it_value.tv_nsec = ns % 1000000000 + !ns,
	};

	if (timerfd_settime(inbox->timer_fd, 0, &when, NULL))
		g_error("timerfd_settime: %s", g_strerror(errno));
	inbox->armed = true;
}

struct pulse inbox_pulse(const struct inbox *inbox)
{
	return (struct pulse){ .armed = inbox->armed, .queued = inbox->pump };
}

struct inbox *inbox_new(const struct inbox_owner *owner, void *data)
{
	struct inbox *inbox = g_new0(struct inbox, 1);

	inbox->owner = owner;
	inbox->data = data;
	g_queue_init(&inbox->events);
	inbox->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (inbox->timer_fd < 0)
		g_error("timerfd_create: %s", g_strerror(errno));
	inbox->timer = g_unix_fd_add(inbox->timer_fd, G_IO_IN, timer_fired, inbox);
	return inbox;
}

void inbox_free(struct inbox *inbox)
{
	if (!inbox)
		return;
	if (inbox->pump)
		g_source_remove(inbox->pump);
	g_queue_clear_full(&inbox->events, g_free);
	g_source_remove(inbox->timer);
	close(inbox->timer_fd);
	g_free(inbox);
}
