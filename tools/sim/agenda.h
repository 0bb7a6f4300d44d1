/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of a scenario in time: which wait for an event, and which for their moment. */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include "scenario.h"

struct agenda;

/*
 * @scenario and @ctx must outlive it; @due does a rule whose moment has come, on its
 * own turn of the main loop.
 */
struct agenda *agenda_new(const struct scenario *scenario,
			  void (*due)(void *ctx, const struct scenario_rule *rule),
			  void *ctx);
/* What waits is never done. */
void agenda_free(struct agenda *agenda);
/* @rule is due in its ms; one of SCENARIO_EVERY again and again. */
void agenda_schedule(struct agenda *agenda, const struct scenario_rule *rule);
/* Event @name happened: it is counted, and the rules that wait for it are scheduled. */
void agenda_event(struct agenda *agenda, const char *name);
/* How often event @name happened. */
unsigned int agenda_event_count(const struct agenda *agenda, const char *name);

#endif /* SIM_AGENDA_H */
