/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for a SIM to say what it is. */
#ifndef M2MCTL_SIM_H
#define M2MCTL_SIM_H

#include "../lib/uim.h"
#include "ctl.h"

/**
 * sim_settle() - wait until the SIM is neither initialising nor briefly absent
 * @ctl: its --wait counts
 * @uim: client of the service
 * @ret_sim: what it is then, or still is when time ran out
 *
 * Return: 0, or a negative errno if the modem cannot be asked.
 */
int sim_settle(struct ctl *ctl, struct m2m_client *uim,
	       struct uim_sim *ret_sim);

/* sim_usable() - 0 for a SIM that is ready, else the failure that says why not */
int sim_usable(struct ctl *ctl, const struct uim_sim *sim);

#endif /* M2MCTL_SIM_H */
