/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is judged at a site: each finding is counted, the first one is kept in words. */
#ifndef TESTS_DAEMON_JUDGE_H
#define TESTS_DAEMON_JUDGE_H

#include "daemon-site.h"

/* judge_broken() - something that must not be */
void __attribute__((format(printf, 2, 3)))
judge_broken(struct site *site, const char *format, ...);
/* judge_log() - it happened now */
void judge_log(struct site *site, struct site_log *log);

/* Before it is done: a reset or a write, by its budget; a rung of the ladder; anything */
void judge_reset(struct site *site, enum budget_kind kind);
void judge_rung(struct site *site, const struct action *action);
void judge_hands_off(struct site *site, const struct action *action);
/* judge_rung_of() - the rung that ends each call, or RUNG_NONE */
enum rung judge_rung_of(const struct action *action);
/* judge_class_of() - what the machine makes of a cause: a small number for a search */
uint8_t judge_class_of(const struct cause *cause);
/* judge_steady() - PDNs that nothing may disturb: a mask; judge_calm() - nothing does */
uint8_t judge_steady(const struct site *site);
void judge_calm(struct site *site, const struct action *action);
/* A call, by what became of it */
void judge_outcome(struct site *site, unsigned int pdn, enum outcome outcome);
void judge_refusal(struct site *site, const struct event *event);
/* judge_step() - how the machine stands after a step */
void judge_step(struct site *site, const struct actions *actions);

#endif /* TESTS_DAEMON_JUDGE_H */
