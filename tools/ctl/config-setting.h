/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A setting of a modem that m2md manages, on trial: --confirm of who changes a modem. */
#ifndef M2MCTL_CONFIG_SETTING_H
#define M2MCTL_CONFIG_SETTING_H

#include "../lib/config.h"

struct ctl;

/**
 * config_setting_try() - have m2md set the chosen modem so, until --confirm is over
 * @ctl: the command
 * @section: of the modem's file, without an argument
 * @key: of it
 * @value: which was understood already, and needs no quotes
 *
 * The configuration owns what m2md writes, so this is a trial of it, with one key set in a
 * drop-in of the modem's own file. m2md has read it when this returns 0, and writes it to
 * the modem by itself; config_job_say_trial() is for the caller.
 */
int config_setting_try(struct ctl *ctl, enum config_section_id section, const char *key,
		       const char *value);

#endif /* M2MCTL_CONFIG_SETTING_H */
