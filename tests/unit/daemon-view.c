// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns which states are one to the search. */
#include <string.h>

#include "../../tools/daemon/table.h"
#include "daemon-judge.h"
#include "daemon-ways.h"

static uint8_t fate_of(const struct saved *saved, const struct machine *m, uint64_t pin)
{
	return pin_fate(&saved->pins, m->card.iccid, pin);
}

/* Of the modem's resets, and of all that is stronger */
static uint8_t exhausted(const struct machine *m)
{
	uint8_t mask = 0;

	for (int i = 0; i < BUDGET_MODEM_WRITE; i++)
		if (budget_next(&m->saved.strikes[i], i, m->clock) > m->clock)
			mask |= i == BUDGET_MODEM_RESET ? 1 : 2;
	return mask;
}

static uint8_t since_class(const struct machine *m)
{
	int64_t since = m->clock - m->ladder.since;

	return !m->ladder.group ? 0 : since < HOUR ? 1 : since < 6 * HOUR ? 2 : 3;
}

/* The values that rows tell apart */
static uint8_t sim_class(uint8_t sim)
{
	return sim == SIM_INITIALISING ? SIM_UNKNOWN : sim;
}

/* Facts count where they decide: elsewhere they are told anew before they do. */
static void look_at_modem(struct view *view, const struct machine *m, enum part part)
{
	view->modem = m->state;
	view->present = m->present;
	view->ready = m->ready;
	view->opened = m->opened;
	view->in_use = m->state == MODEM_REOPENING && m->in_use;
	view->timeouts = m->timeouts >= POLICY_DEAF;
	view->recording = m->record > m->recorded &&
			  (m->state == MODEM_PIN_RECORDING ||
			   m->state == MODEM_WRITE_RECORDING ||
			   m->state == MODEM_RESET_RECORDING);
	view->unmanaged = !m->managed;
	if (!m->opened)
		return;
	view->sim = sim_class(m->sim);
	if (part == PART_PIN || m->sim != SIM_READY)
		return;
	view->radio = m->radio == RADIO_ON ? RADIO_UNKNOWN : m->radio;
	view->registration = m->registration < REG_DENIED ? REG_UNKNOWN : m->registration;
}

static void look_at_pin(struct view *view, const struct node *node, uint64_t pin)
{
	const struct machine *m = &node->m;

	view->settled = m->sim == SIM_WANTS_PIN && m->card.settled;
	view->fresh = m->card.fresh;
	view->doubted = m->doubted && m->sim != SIM_READY;
	view->sent = node->sent;
	view->tries = node->tries;
	view->fate = fate_of(&m->saved, m, pin);
	view->disk_fate = fate_of(&node->disk, m, pin);
	view->pin_cause = m->state == MODEM_PIN_NEEDED ? m->pin_cause : 0;
	if (m->state == MODEM_WRITING) {
		view->differ = m->written;
		view->radio = m->radio == RADIO_ON;
	}
	if (!m->managed)
		return;
	if (modem_rests(m->state)) {
		view->differ = m->differ;
		view->futile = m->differ & ~modem_to_write(m);
	}
	if (m->clock < node->vain_until &&
	    (modem_rests(m->state) || m->state == MODEM_WRITE_RECORDING))
		view->vain = node->vain & m->differ;
}

static void look_at_slots(struct view *view, const struct machine *m)
{
	const struct slots *slots = &m->slots;
	const struct pdn *pdn = &m->pdn[0];

	view->pdn = pdn->state;
	view->online_long = pdn->state == PDN_ONLINE && pdn->settled;
	view->adopt = pdn->state == PDN_IDLE && pdn->adopt;
	view->slot = slots->active;
	if (!m->managed)
		return;
	view->slot_at = slots->at;
	view->moving = slots->moving;
	view->tried = slots->tried;
	view->slot_fault = slots->fault;
	view->slot_round = slots->moves < 2 ? 0 : slots->moves < 4 ? 1 : 2;
	view->spent = budget_next(&m->saved.strikes[BUDGET_MODEM_WRITE], BUDGET_MODEM_WRITE,
				  m->clock) > m->clock;
}

int64_t view_wait_left(const struct machine *m)
{
	return m->pdn[0].line[0].backoff.until - m->clock;
}

static void look_at_calls(struct view *view, const struct machine *m)
{
	const struct pdn *pdn = &m->pdn[0];

	view->pdn = pdn->state;
	view->cut = pdn->state != PDN_IDLE && machine_is_cut(m);
	view->adopt = pdn->state == PDN_IDLE && pdn->adopt;
	view->reattach = pdn->state == PDN_WAITING && pdn->reattach;
	view->long_wait = pdn->state == PDN_WAITING && view_wait_left(m) > 2 * HOUR;
	if (pdn->state == PDN_ONLINE) {
		view->online_long = pdn->settled;
		view->silent = pdn->silent;
		view->armed = pdn->health.armed[HEALTH_PASSIVE];
	} else if (m->state == MODEM_REGISTERED) {
		view->cause = judge_class_of(&pdn->cause);
	}
	/* nobody climbs for a modem that is nobody's */
	if (!m->managed)
		return;
	view->rung = m->rung;
	view->fault = m->ladder.group;
	view->since = since_class(m);
	view->exhausted = m->ladder.group ? exhausted(m) : 0;
}

void view_look(struct view *view, const struct node *node, enum part part, uint64_t pin)
{
	/* padding counts as well when views are compared */
	memset(view, 0, sizeof(*view));
	look_at_modem(view, &node->m, part);
	if (part == PART_PIN)
		look_at_pin(view, node, pin);
	else if (part == PART_SLOTS)
		look_at_slots(view, &node->m);
	else
		look_at_calls(view, &node->m);
}
