/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A systemd-resolved that only takes notes, in a thread of its own. */
#ifndef TESTS_RESOLVED_H
#define TESTS_RESOLVED_H

#include <stdbool.h>
#include <stdio.h>

struct resolved;

/* resolved_start() - on the bus at @address; each call is also a line of @to, if given */
struct resolved *resolved_start(const char *address, FILE *to);
/* resolved_stop() - and free; fine if the bus is gone */
void resolved_stop(struct resolved *resolved);

/* From now on it says no, or yes again */
void resolved_refuse(struct resolved *resolved, bool refuses);
/* Whether a call was such, "RevertLink (8,)"; a part will do */
bool resolved_noted(struct resolved *resolved, const char *part);
void resolved_forget(struct resolved *resolved);

#endif /* TESTS_RESOLVED_H */
