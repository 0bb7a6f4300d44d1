// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how a card gets its PIN: once, after it stands on disk, and never in doubt. */
#include <string.h>

#include "table.h"

static bool is_wanted(const struct machine *m)
{
	return m->sim == SIM_WANTS_PIN;
}

static enum pin_verdict judge(const struct machine *m, uint8_t *ret_cause)
{
	return pin_judge(&m->saved.pins, &m->card, m->pin, ret_cause);
}

bool modem_pin_is_known_good(const struct step *step)
{
	uint8_t cause;

	return is_wanted(step->m) && judge(step->m, &cause) == PIN_SEND;
}

bool modem_pin_is_to_be_tried(const struct step *step)
{
	uint8_t cause;

	return is_wanted(step->m) && step_may_record(step->m) &&
	       step->m->clock >= step->m->ladder.not_before &&
	       judge(step->m, &cause) == PIN_RECORD_THEN_SEND;
}

/* on disk, and the card still asks for the very PIN that stands there */
bool modem_pin_is_recorded(const struct step *step)
{
	const struct machine *m = step->m;

	return modem_is_recorded(m) && is_wanted(m) && m->card.settled &&
	       m->card.tries == PIN_TRIES && m->pin == m->asked_pin &&
	       !strcmp(m->card.iccid, m->asked.iccid);
}

/* Whatever becomes of the answer. Another card says nothing of the PIN of this one. */
bool modem_pin_is_taken(const struct step *step)
{
	const struct machine *m = step->m;

	return m->sim == SIM_READY && !strcmp(m->card.iccid, m->asked.iccid);
}

void modem_note_pin(struct step *step)
{
	struct machine *m = step->m;

	m->asked = m->card;
	m->asked_pin = m->pin;
	m->need = UINT32_MAX;
	if (pin_note(&m->saved.pins, m->asked.iccid, m->asked_pin, PIN_SENT) &&
	    step_record(step, POLICY_MAX_WRITES))
		m->need = m->record;
}

void modem_send_pin(struct step *step)
{
	struct machine *m = step->m;

	m->asked = m->card;
	m->asked_pin = m->pin;
	m->doubted = false;
	m->card.fresh = false;
	step_act(step, ACTION_PIN);
}

/* What was not written was not sent either: try again when disks may work. */
void modem_postpone_pin(struct step *step)
{
	step->m->ladder.not_before = step->m->clock + POLICY_RECORD_AGAIN_MS;
}

/* What the card said is worth a write, if the day has one left. */
void modem_note_accepted(struct step *step)
{
	struct machine *m = step->m;

	if (pin_fate(&m->saved.pins, m->asked.iccid, m->asked_pin) != PIN_ACCEPTED) {
		pin_note(&m->saved.pins, m->asked.iccid, m->asked_pin, PIN_ACCEPTED);
		step_record(step, POLICY_MAX_WRITES);
	}
	m->card.settled = false;
	if (m->sim != SIM_READY) {
		m->sim = SIM_INITIALISING;
		m->sim_since = m->clock;
	}
}

void modem_note_rejected(struct step *step)
{
	struct machine *m = step->m;

	pin_note(&m->saved.pins, m->asked.iccid, m->asked_pin, PIN_REJECTED);
	step_record(step, POLICY_MAX_WRITES);
	if (m->card.tries)
		m->card.tries--;
}

/* Nobody knows what became of it: the card has to be asked, and counts as tried. */
void modem_doubt_pin(struct step *step)
{
	struct machine *m = step->m;

	if (pin_fate(&m->saved.pins, m->asked.iccid, m->asked_pin) == PIN_ACCEPTED)
		pin_note(&m->saved.pins, m->asked.iccid, m->asked_pin, PIN_SENT);
	m->doubted = true;
	m->sim = SIM_UNKNOWN;
	m->sim_since = m->clock;
	m->card.settled = false;
	modem_poll(step);
}

void modem_say_why_no_pin(struct step *step)
{
	struct machine *m = step->m;

	if (judge(m, &m->pin_cause) != PIN_REFUSE)
		m->pin_cause = CAUSE_STATE_UNWRITABLE;
}
