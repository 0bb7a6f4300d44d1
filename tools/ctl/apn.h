/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands about APNs share. */
#ifndef M2MCTL_APN_H
#define M2MCTL_APN_H

#include "ctl.h"
#include "secret.h"

/* apn_check() - 0 for what can be an APN, NULL too, else the failure that says why not */
int apn_check(struct ctl *ctl, const char *apn);

/* apn_check_user() - the same of the name that logs in */
int apn_check_user(struct ctl *ctl, const char *user);

/**
 * apn_read_password() - the password of a command that may have one
 * @ctl: whose words say where it is
 * @secret: where it is put; the caller wipes it
 * @ret: it, or NULL where the command has none
 *
 * Return: 0, or the failure that is in ctl->error.
 */
int apn_read_password(struct ctl *ctl, struct secret *secret, const char **ret);

/* apn_auth() - enum wds_auth of a command's keys "auth" and "user" */
int apn_auth(const struct args *args);

#endif /* M2MCTL_APN_H */
