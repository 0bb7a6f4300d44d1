/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands about APNs share. */
#ifndef M2MCTL_APN_H
#define M2MCTL_APN_H

#include "ctl.h"

/* apn_check() - 0 for what can be an APN, NULL too, else the failure that says why not */
int apn_check(struct ctl *ctl, const char *apn);

/* apn_auth() - enum wds_auth of a command's keys "auth" and "user" */
int apn_auth(const struct args *args);

#endif /* M2MCTL_APN_H */
