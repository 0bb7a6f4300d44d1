/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling of a modem: to the history all of it, to the log what is worth a line. */
#ifndef M2MD_TELL_H
#define M2MD_TELL_H

#include "machine.h"
#include "news.h"
#include "say.h"

struct history_file;
struct unit;

struct tell {
	const struct unit *unit;
	struct history_file *history;
	struct news news;
};

/* tell_init() - of a modem of which nothing was told yet */
void tell_init(struct tell *tell, const struct unit *unit, struct history_file *history);

/* tell_changes() - how it stands, after each step */
void tell_changes(struct tell *tell);
/* tell_event() - what is about to be told its machine */
void tell_event(struct tell *tell, const struct event *event);
/* tell_action() - what is done because its machine said so */
void tell_action(struct tell *tell, const struct action *action);

/* tell_complaint() - something failed: a line, unless there were many of them */
void tell_complaint(struct tell *tell, enum say_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* M2MD_TELL_H */
