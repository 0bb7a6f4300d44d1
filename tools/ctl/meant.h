/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether -d means a modem that only m2md tells of: the driver need not be there. */
#ifndef M2MCTL_MEANT_H
#define M2MCTL_MEANT_H

#include <stdbool.h>

struct client_answer;
struct ctl;
struct meant;

/* meant_new() - what -d says; NULL without it, which means all */
struct meant *meant_new(const struct ctl *ctl);
void meant_free(struct meant *meant);

/*
 * meant_learn() - take from an answer to "why" which modem m2md knows by the alias: what a
 * [Match] by card or model is about nobody tells but the modem. @meant may be NULL
 */
void meant_learn(struct meant *meant, const struct client_answer *answer);

/* meant_fail() - there is no such modem, and why not; -ENODEV */
int meant_fail(struct ctl *ctl, const struct meant *meant);

/* Whether it is this one, by USB path, IMEI, alias, interface or device node; NULL: unknown */
bool meant_is(const struct meant *meant, const char *usb_path, const char *imei);

#endif /* M2MCTL_MEANT_H */
