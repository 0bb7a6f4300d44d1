/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for a SIM to be what it shall, and what commands say of it. */
#ifndef M2MCTL_SIM_H
#define M2MCTL_SIM_H

#include "../lib/card.h"
#include "ctl.h"

/**
 * sim_settle() - wait until the SIM is neither initialising nor briefly absent
 * @ctl: its --wait counts
 * @card: from sim_open()
 * @ret_sim: what it is then, or still is when time ran out
 *
 * Return: 0, or a negative errno if the modem cannot be asked.
 */
int sim_settle(struct ctl *ctl, const struct card *card,
	       struct uim_sim *ret_sim);

/* What a SIM is waited for, and until when (g_get_monotonic_time()) */
struct sim_wish {
	bool (*is_so)(const struct uim_sim *sim, int64_t waited_ms, const void *data);
	const void *data;
	int64_t until_us;
};

/*
 * sim_wait() - asks at each indication until it is so or time is up; @ret_sim is
 * what the SIM is then
 */
int sim_wait(struct ctl *ctl, const struct card *card, const struct sim_wish *wish,
	     struct uim_sim *ret_sim);
/* What sim_settle() waits for */
bool sim_is_settled(const struct uim_sim *sim, int64_t waited_ms, const void *data);

/* sim_is_early() - whether the errno of a request means that the SIM just starts */
bool sim_is_early(int err);

/* "2 tries left", also of a number that cannot be one */
const char *sim_tries_left(int tries, char *ret_text, size_t size);

/* sim_say() - the section that ends a command which changed the SIM, or need not */
void sim_say(struct ctl *ctl, const struct uim_sim *sim, bool changed);

/* sim_open() - clients that know the SIM, for sim_close(); all zeros on failure */
int sim_open(struct ctl *ctl, struct card *ret_card);
void sim_close(struct card *card);

/* sim_usable() - 0 for a SIM that is ready, else the failure that says why not */
int sim_usable(struct ctl *ctl, const struct uim_sim *sim);
/* sim_ready() - both: wait for the SIM, and fail if it is not ready then */
int sim_ready(struct ctl *ctl);

#endif /* M2MCTL_SIM_H */
