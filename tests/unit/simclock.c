// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the time of a test program and the timers that wait for it. */
#include <glib.h>

#include "../lib/harness.h"
#include "simclock.h"

struct timer {
	GSource source;
	unsigned int due, interval;
	struct timer *next;
};

static unsigned int now;
static struct timer *timers;

static gboolean timer_is_due(GSource *source)
{
	return ((struct timer *)source)->due <= now;
}

static gboolean timer_prepare(GSource *source, gint *timeout)
{
	*timeout = -1;
	return timer_is_due(source);
}

static gboolean timer_dispatch(GSource *source, GSourceFunc callback,
			       gpointer data)
{
	struct timer *timer = (struct timer *)source;

	timer->due = now + timer->interval;
	return callback(data);
}

static void timer_finalize(GSource *source)
{
	struct timer **p = &timers;

	while (*p != (struct timer *)source)
		p = &(*p)->next;
	*p = (*p)->next;
}

static GSourceFuncs timer_funcs = {
	.prepare = timer_prepare,
	.check = timer_is_due,
	.dispatch = timer_dispatch,
	.finalize = timer_finalize,
};

guint g_timeout_add_full(gint priority, guint interval, GSourceFunc function,
			 gpointer data, GDestroyNotify notify)
{
	GSource *source = g_source_new(&timer_funcs, sizeof(struct timer));
	struct timer *timer = (struct timer *)source;
	guint id;

	timer->due = now + interval;
	timer->interval = interval;
	timer->next = timers;
	timers = timer;
	g_source_set_priority(source, priority);
	g_source_set_callback(source, function, data, notify);
	id = g_source_attach(source, NULL);
	g_source_unref(source);
	return id;
}

guint g_timeout_add(guint interval, GSourceFunc function, gpointer data)
{
	return g_timeout_add_full(G_PRIORITY_DEFAULT, interval, function, data,
				  NULL);
}

gint64 g_get_monotonic_time(void)
{
	return (gint64)now * 1000;
}

unsigned int clock_now(void)
{
	return now;
}

void clock_settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* Goes to the first timer that is due at @end at the latest; false: none is. */
static bool advance(unsigned int end)
{
	const struct timer *first = NULL, *timer;

	for (timer = timers; timer; timer = timer->next)
		if (timer->due <= end && (!first || timer->due < first->due))
			first = timer;
	if (first && first->due > now)
		now = first->due;
	return first;
}

void clock_turn(void)
{
	if (g_main_context_iteration(NULL, FALSE))
		return;
	/* Nothing will ever happen again: better said than waited for. */
	ASSERT_TRUE(advance(G_MAXUINT));
}

void clock_pass(unsigned int ms)
{
	unsigned int end = now + ms;

	clock_settle();
	while (advance(end))
		clock_settle();
	now = end;
}
