/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What will step a machine: events that wait for their turn, and its one timer. */
#ifndef M2MD_INBOX_H
#define M2MD_INBOX_H

#include "machine.h"
#include "notify.h"

struct inbox;

/* Whose inbox it is; each gets the data of inbox_new() */
struct inbox_owner {
	/* an event whose turn it is: one after the other, from the main loop */
	void (*step)(void *data, struct event *event);
	/* one that comes never, as too many wait */
	void (*left_out)(void *data, const struct event *event);
};

/* inbox_new() - @owner and @data must outlive it */
struct inbox *inbox_new(const struct inbox_owner *owner, void *data);
/* inbox_free() - what waits comes no more */
void inbox_free(struct inbox *inbox);

/* inbox_put() - a copy of @event takes its turn */
void inbox_put(struct inbox *inbox, const struct event *event);
/* inbox_step() - @event now, before those that wait; as with each, the timer is off then */
void inbox_step(struct inbox *inbox, struct event *event);
/* inbox_timer() - EVENT_TIMER in @ms of the machine's time, instead of what was set before */
void inbox_timer(struct inbox *inbox, int64_t ms);
/* inbox_pulse() - which of both there are */
struct pulse inbox_pulse(const struct inbox *inbox);

#endif /* M2MD_INBOX_H */
