// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands that choose and power a card. */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "config-job.h"
#include "config-setting.h"
#include "sim.h"

/* A card that is told to go away is gone in this time. */
#define OFF_MS		5000

/* --- slots ------------------------------------------------------------------ */

static int read_slots(struct ctl *ctl, struct m2m_client *uim, struct uim_slots *ret)
{
	int err = uim_slots_get(uim, ret, &ctl->error);

	if (err == -EOPNOTSUPP)
		return ctl_fail(ctl, err, EXIT_UNSUPPORTED, NULL,
				"the modem has one SIM slot, or tells of no other (QMI error %u)",
				ctl->error.qmi);
	return err;
}

static bool is_active(const struct uim_slots *slots, unsigned int slot)
{
	return slot <= slots->n && slots->slots[slot - 1].active;
}

struct slot_look {
	struct m2m_client **uim;
	unsigned int slot;
};

/*
 * The modem restarts over it, some of them: then the client is void, and it is asked
 * by a new one.
 */
static int ask_again(struct ctl *ctl, struct m2m_client **uim, struct uim_slots *ret)
{
	struct m2m_error ignored;
	int err;

	if (!*uim) {
		err = ctl_open(ctl, QMI_UIM, uim);
		if (err)
			return err;
		/* without them there is still the asking */
		uim_indications_on(*uim, &ignored);
	}
	err = uim_slots_get(*uim, ret, &ctl->error);
	if (err == -ECONNRESET || err == -ESTALE) {
		m2m_client_close(*uim, false);
		*uim = NULL;
	}
	return err;
}

static int look_at_slots(struct ctl *ctl, void *data, bool *ret_is_so)
{
	const struct slot_look *l = data;
	struct uim_slots slots;
	int err = ask_again(ctl, l->uim, &slots);

	*ret_is_so = !err && is_active(&slots, l->slot);
	return err == -EINTR || err == -ENODEV ? err : 0;
}

static int wait_active(struct ctl *ctl, struct m2m_client **uim, unsigned int slot)
{
	struct slot_look l = { uim, slot };
	int err = ctl_await(ctl, uim, ctl_deadline_us(ctl, CTL_WAIT_S), look_at_slots, &l);

	return err <= 0 ? err :
	       ctl_fail(ctl, -ETIMEDOUT, EXIT_TIMEOUT, "m2mctl sim show; a longer --wait",
			ctl->args->given[OPTION_CONFIRM] ?
			"it is tried, but slot %u is not in use yet" :
			"the modem said yes, but slot %u is not in use",
			slot);
}

static int try_slot(struct ctl *ctl, unsigned int slot)
{
	g_autofree char *value = g_strdup_printf("%u", slot);

	return config_setting_try(ctl, CONFIG_SIM, "Slot", value);
}

static int use_slot(struct ctl *ctl, struct m2m_client **uim, unsigned int slot,
		    bool *ret_changed)
{
	bool tried = ctl->args->given[OPTION_CONFIRM];
	struct uim_slots slots;
	int err;

	err = read_slots(ctl, *uim, &slots);
	if (err)
		return err;
	if (slot > slots.n)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl sim show",
				"the modem has %u SIM slots, not %u", slots.n, slot);
	if (tried)
		err = try_slot(ctl, slot);
	if (err || is_active(&slots, slot))
		return err;
	if (!tried)
		err = uim_slot_switch(*uim, slot, &ctl->error);
	/* the answer may be lost where the modem restarts at once */
	if (err && err != -ECONNRESET && err != -ETIMEDOUT)
		return err;
	err = wait_active(ctl, uim, slot);
	*ret_changed = !err;
	return err;
}

int sim_slot_run(struct ctl *ctl)
{
	struct m2m_client *uim = NULL;
	bool changed = false;
	struct uim_sim sim;
	int64_t slot;
	int err;

	if (!args_digits(ctl->args->arg[0], 1, UIM_SLOTS_MAX, &slot))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl sim show",
				"a slot is a number from 1 to %d, not \"%s\"",
				UIM_SLOTS_MAX, ctl->args->arg[0]);
	err = ctl_open(ctl, QMI_UIM, &uim);
	if (!err)
		err = use_slot(ctl, &uim, slot, &changed);
	if (!err)
		err = sim_settle(ctl, &(struct card) { .uim = uim }, &sim);
	m2m_client_close(uim, false);
	if (err)
		return err;
	sim_say(ctl, &sim, changed);
	if (ctl->args->given[OPTION_CONFIRM])
		config_job_say_trial(ctl, true);
	return 0;
}

/* --- power ------------------------------------------------------------------ */

/* Without power, or an empty slot: they look alike. A card with a fault has power. */
static bool has_no_power(const struct uim_sim *sim)
{
	return sim->state == UIM_SIM_ABSENT ||
	       (sim->state == UIM_SIM_ERROR && sim->card_error == UIM_ERROR_POWER_DOWN);
}

/* Whatever becomes of one that had no fault before; @data: whether it had one */
static bool is_off(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	const bool *had_fault = data;

	return has_no_power(sim) || (!*had_fault && sim->state == UIM_SIM_ERROR);
}

static int switch_off(struct ctl *ctl, struct m2m_client *uim, uint8_t slot,
		      struct uim_sim *sim)
{
	bool had_fault = sim->state == UIM_SIM_ERROR;
	const struct sim_wish off = {
		.is_so = is_off,
		.data = &had_fault,
		.until_us = ctl_until_us(ctl, OFF_MS),
	};
	int err;

	err = uim_power(uim, slot, false, NULL, &ctl->error);
	if (!err)
		err = sim_wait(ctl, &(struct card) { .uim = uim }, &off, sim);
	if (!err && !is_off(sim, OFF_MS, &had_fault))
		err = ctl_fail(ctl, -EIO, EXIT_FAILED, "m2mctl sim show",
			       "the modem said yes, but the SIM is not off (%s)",
			       uim_sim_word(sim->state));
	return err;
}

static int switch_on(struct ctl *ctl, struct m2m_client *uim, uint8_t slot,
		     bool *ret_changed, struct uim_sim *ret_sim)
{
	bool was_so;
	int err;

	err = uim_power(uim, slot, true, &was_so, &ctl->error);
	if (!err)
		err = sim_settle(ctl, &(struct card) { .uim = uim }, ret_sim);
	if (err || was_so)
		return err;
	if (!has_no_power(ret_sim)) {
		*ret_changed = true;
		return 0;
	}
	/* to one that has done it the order is of no effect by now: its slot is empty */
	err = uim_power(uim, slot, true, &was_so, &ctl->error);
	if (!err && !was_so)
		err = ctl_fail(ctl, -EIO, EXIT_FAILED, "m2mctl sim show",
			       "the modem said yes, but there is no SIM with power (%s)",
			       uim_sim_word(ret_sim->state));
	return err;
}

static int switch_power(struct ctl *ctl, struct m2m_client *uim, bool *ret_changed,
			struct uim_sim *ret_sim)
{
	const char *action = ctl->args->arg[0];
	struct uim_status status;
	uint8_t slot;
	int err;

	err = uim_status_get(uim, &status, &ctl->error);
	if (err)
		return err;
	uim_sim_of(&status, ret_sim);
	slot = uim_slot_of(&status);
	if (strcmp(action, "on") && !has_no_power(ret_sim)) {
		*ret_changed = true;
		err = switch_off(ctl, uim, slot, ret_sim);
	}
	if (err || !strcmp(action, "off"))
		return err;
	if (ret_sim->state != UIM_SIM_ABSENT && ret_sim->state != UIM_SIM_ERROR)
		return sim_settle(ctl, &(struct card) { .uim = uim }, ret_sim);
	return switch_on(ctl, uim, slot, ret_changed, ret_sim);
}

int sim_power_run(struct ctl *ctl)
{
	struct m2m_client *uim = NULL;
	bool changed = false;
	struct uim_sim sim;
	int err;

	err = ctl_open(ctl, QMI_UIM, &uim);
	if (!err)
		err = switch_power(ctl, uim, &changed, &sim);
	m2m_client_close(uim, false);
	if (err)
		return err;
	sim_say(ctl, &sim, changed);
	if (changed && has_no_power(&sim))
		out_line(ctl->out, "it is powered off, and counts as absent until sim power on");
	return 0;
}
