// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the transitions of a modem: guards, effects, and the table of them. */
#include <stddef.h>
#include <string.h>

#include "table.h"

/* --- guards ------------------------------------------------------------------------- */

#define is_always	NULL
/* modem-pin.c's */
#define is_pin_known_good	modem_pin_is_known_good
#define is_pin_to_be_tried	modem_pin_is_to_be_tried
#define is_pin_recorded	modem_pin_is_recorded
#define is_pin_taken	modem_pin_is_taken

static bool is_absent(const struct step *step)
{
	return !step->m->present;
}

static bool is_not_ready(const struct step *step)
{
	return !step->m->ready;
}

static bool is_not_open(const struct step *step)
{
	return !step->m->opened;
}

static bool is_unmanaged(const struct step *step)
{
	return !step->m->managed;
}

static bool is_managed(const struct step *step)
{
	return step->m->managed;
}

static bool is_deaf(const struct step *step)
{
	return step->m->managed && step->m->timeouts >= POLICY_DEAF;
}

static bool is_sim_starting(const struct step *step)
{
	const struct machine *m = step->m;

	return (m->sim == SIM_UNKNOWN || m->sim == SIM_INITIALISING ||
		(m->sim == SIM_WANTS_PIN && !m->card.settled)) &&
	       m->clock - m->sim_since < POLICY_SIM_START_MS;
}

static bool is_sim_faulty(const struct step *step)
{
	const struct machine *m = step->m;

	return m->sim == SIM_UNKNOWN || m->sim == SIM_INITIALISING ||
	       m->sim == SIM_ERROR || (m->sim == SIM_WANTS_PIN && !m->card.settled);
}

static bool is_sim_absent(const struct step *step)
{
	return step->m->sim == SIM_ABSENT;
}

static bool is_sim_useless(const struct step *step)
{
	uint8_t sim = step->m->sim;

	return sim == SIM_LOCKED || sim == SIM_BLOCKED || sim == SIM_ILLEGAL;
}

static bool is_puk_wanted(const struct step *step)
{
	return step->m->sim == SIM_WANTS_PUK;
}

static bool is_pin_wanted(const struct step *step)
{
	return step->m->sim == SIM_WANTS_PIN;
}

static bool is_recorded(const struct step *step)
{
	return modem_is_recorded(step->m);
}

static bool is_pin_accepted(const struct step *step)
{
	return step->event->ok;
}

static bool is_due_to_write(const struct machine *m, uint32_t settings)
{
	return modem_to_write(m) & settings && step_may_record(m) &&
	       m->clock >= m->ladder.not_before &&
	       budget_next(&m->saved.strikes[BUDGET_MODEM_WRITE], BUDGET_MODEM_WRITE,
			   m->clock) <= m->clock;
}

static bool is_write_due(const struct step *step)
{
	return is_due_to_write(step->m, ~0u);
}

static bool is_slot_wrong(const struct step *step)
{
	return step->m->differ & SETTING_SLOT;
}

static bool is_slot_due(const struct step *step)
{
	return is_due_to_write(step->m, SETTING_SLOT);
}

static bool is_move_due(const struct step *step)
{
	return modem_slot_due(step->m) <= step->m->clock;
}

/* A call has come up meanwhile: this card is of use after all */
static bool is_move_needless(const struct step *step)
{
	return is_recorded(step) && step->m->slots.moving && modem_may_have_call(step->m);
}

static bool is_write_told(const struct step *step)
{
	return step->event->ok;
}

/* Of what was written, what is as it should be now */
static bool is_slot_written(const struct step *step)
{
	return is_write_told(step) &&
	       step->m->written & ~step->m->differ & SETTING_SLOT;
}

/* A modem that is attached goes on with what it attached with */
static bool is_attach_written(const struct step *step)
{
	return is_write_told(step) && step->m->managed && step->m->radio == RADIO_ON &&
	       step->m->written & ~step->m->differ & SETTING_ATTACH;
}

static bool is_radio_locked(const struct step *step)
{
	return step->m->radio == RADIO_LOCKED;
}

static bool is_radio_offline(const struct step *step)
{
	return step->m->radio == RADIO_OFFLINE;
}

static bool is_radio_off(const struct step *step)
{
	return step->m->radio == RADIO_OFF;
}

static bool is_radio_on_due(const struct step *step)
{
	const struct machine *m = step->m;

	return is_radio_off(step) && m->clock - m->radio_on_at >= POLICY_SIM_POLL_MS;
}

/*
 * Some firmware keeps the card without power while the radio is off, and calls it absent
 * or broken. Where it truly is, the radio is switched on ever more rarely.
 */
static bool is_card_hidden(const struct step *step)
{
	const struct machine *m = step->m;

	return is_radio_off(step) && modem_card_is_unseen(m) &&
	       m->clock - m->radio_on_at >= POLICY_SIM_POLL_MS << m->blind;
}

static bool is_registered(const struct step *step)
{
	return step->m->registration >= REG_HOME;
}

static bool is_denied(const struct step *step)
{
	return step->m->registration == REG_DENIED;
}

static bool is_wait_over(const struct step *step)
{
	return modem_wait_due(step->m) <= step->m->clock;
}

static bool is_poll_due(const struct step *step)
{
	return modem_poll_due(step->m) <= step->m->clock;
}

static bool is_due(const struct step *step, enum rung rung)
{
	int64_t at;

	return modem_rung(step->m, &at) == rung && at <= step->m->clock;
}

static bool is_reattach_due(const struct step *step)
{
	return is_due(step, RUNG_REATTACH);
}

static bool is_radio_cycle_due(const struct step *step)
{
	return is_due(step, RUNG_RADIO);
}

static bool is_sim_cycle_due(const struct step *step)
{
	return is_due(step, RUNG_SIM_POWER);
}

static bool is_reset_due(const struct step *step)
{
	int64_t at;
	enum rung rung = modem_rung(step->m, &at);

	return rung_budget(rung) != BUDGET_KINDS && at <= step->m->clock;
}

static bool is_reset_recordable(const struct step *step)
{
	return is_reset_due(step) && step_may_record(step->m);
}

static bool is_reset_needless(const struct step *step)
{
	return is_recorded(step) && modem_needs_no_reset(step->m);
}

static bool is_reattach_wanted(const struct step *step)
{
	return modem_wants_reattach(step->m);
}

/* --- effects ------------------------------------------------------------------------ */

#define do_nothing	NULL
#define do_poll	modem_poll
/* modem-pin.c's */
#define do_note_pin	modem_note_pin
#define do_pin	modem_send_pin
#define do_postpone_pin	modem_postpone_pin
#define do_note_accepted	modem_note_accepted
#define do_note_rejected	modem_note_rejected
#define do_doubt_pin	modem_doubt_pin
#define do_say_why_no_pin	modem_say_why_no_pin

static void do_open(struct step *step)
{
	step_act(step, ACTION_OPEN);
	step->m->polled_at = step->m->clock;
}

void modem_poll(struct step *step)
{
	step_act(step, ACTION_POLL);
	step->m->polled_at = step->m->clock;
}

static void do_knock(struct step *step)
{
	if (step->m->opened)
		do_poll(step);
	else
		do_open(step);
}

void modem_left(struct machine *m, unsigned int from, unsigned int to)
{
	if (from == MODEM_PIN_RECORDING && to != MODEM_PIN_SENDING)
		pin_unnote(&m->saved.pins, m->asked.iccid, m->asked_pin);
	/* what is not in use by now is not waited for */
	if ((from == MODEM_WRITE_RECORDING && to != MODEM_WRITING) || from == MODEM_WRITING) {
		slots_stay(&m->slots);
		modem_look_at_slot(m);
	}
}

static void do_note_write(struct step *step)
{
	struct machine *m = step->m;

	m->need = UINT32_MAX;
	if (budget_spend(&m->saved.strikes[BUDGET_MODEM_WRITE], BUDGET_MODEM_WRITE,
			 m->clock) &&
	    step_record(step, POLICY_MAX_WRITES))
		m->need = m->record;
}

static void do_note_move(struct step *step)
{
	const struct cause cause = modem_slot_cause(step->m);
	struct machine *m = step->m;

	slots_move(&m->slots, &cause);
	m->futile &= ~SETTING_SLOT;
	modem_look_at_slot(m);
	do_note_write(step);
}

static void do_write(struct step *step)
{
	struct machine *m = step->m;

	m->written = modem_to_write(m);
	if (m->written & SETTING_SLOT)
		slots_moved(&m->slots, m->clock);
	step_act(step, ACTION_WRITE);
}

/* Nothing that was known of the card is true of the other one. */
static void do_forget_card(struct step *step)
{
	struct machine *m = step->m;

	m->sim = SIM_UNKNOWN;
	m->sim_since = m->clock;
	m->sim_seen = false;
	m->card.settled = false;
	m->card.fresh = true;
	m->registration = REG_UNKNOWN;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_void(m, &m->pdn[i]);
	do_poll(step);
}

/* Of a slot nobody knows whether it is another one now */
static void do_give_up_write(struct step *step)
{
	modem_give_up(step->m, step->m->written);
	if (step->m->written & SETTING_SLOT)
		do_forget_card(step);
}

/* It stays off for us until the modem says otherwise. */
static void do_radio_on(struct step *step)
{
	step->m->radio_on_at = step->m->clock;
	step_act(step, ACTION_RADIO_ON);
	do_poll(step);
}

/* A card that has its power now begins anew */
static void do_uncover(struct step *step)
{
	struct machine *m = step->m;

	if (m->blind < POLICY_BLIND_MAX)
		m->blind++;
	if (m->sim <= SIM_INITIALISING)
		m->sim_since = m->clock;
	do_radio_on(step);
}

static void do_reattach(struct step *step)
{
	struct machine *m = step->m;

	ladder_done(&m->ladder, RUNG_REATTACH, m->clock);
	m->registration = REG_UNKNOWN;
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		m->pdn[i].reattach = false;
		pdn_void(m, &m->pdn[i]);
	}
	step_act(step, ACTION_REATTACH);
}

static void do_radio_off(struct step *step)
{
	struct machine *m = step->m;

	ladder_done(&m->ladder, RUNG_RADIO, m->clock);
	/* firmware may have forgotten a refusal now: ask */
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_line(&m->pdn[i])->backoff.until = m->clock;
	m->radio = RADIO_UNKNOWN;
	m->registration = REG_UNKNOWN;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_void(m, &m->pdn[i]);
	step_act(step, ACTION_RADIO_OFF);
}

static void do_sim_off(struct step *step)
{
	ladder_done(&step->m->ladder, RUNG_SIM_POWER, step->m->clock);
	step_act(step, ACTION_SIM_OFF);
}

static void do_sim_on(struct step *step)
{
	struct machine *m = step->m;

	m->sim = SIM_INITIALISING;
	m->sim_since = m->clock;
	m->card.settled = false;
	m->card.fresh = true;
	step_act(step, ACTION_SIM_ON);
	do_poll(step);
}

static void do_note_reset(struct step *step)
{
	struct machine *m = step->m;
	enum budget_kind budget;
	int64_t at;

	m->rung = modem_rung(m, &at);
	m->need = UINT32_MAX;
	budget = rung_budget(m->rung);
	if (budget != BUDGET_KINDS &&
	    budget_spend(&m->saved.strikes[budget], budget, m->clock) &&
	    step_record(step, POLICY_MAX_WRITES))
		m->need = m->record;
}

/* No record, no reset; the ladder comes back to it. */
static void do_postpone(struct step *step)
{
	step->m->rung = RUNG_NONE;
	step->m->ladder.not_before = step->m->clock + POLICY_RECORD_AGAIN_MS;
}

static void do_call_off(struct step *step)
{
	step->m->rung = RUNG_NONE;
}

static void do_reset(struct step *step)
{
	static const uint8_t actions[RUNGS] = {
		[RUNG_MODEM_RESET] = ACTION_RESET_MODEM,
		[RUNG_USB_RESET] = ACTION_RESET_USB,
		[RUNG_PORT_POWER] = ACTION_PORT_POWER,
		[RUNG_HOST_REBOOT] = ACTION_REBOOT,
	};
	struct machine *m = step->m;

	ladder_done(&m->ladder, m->rung, m->clock);
	step_act(step, actions[m->rung]);
	m->rung = RUNG_NONE;
	m->opened = false;
	m->timeouts = 0;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_void(m, &m->pdn[i]);
}

static void do_let_go(struct step *step)
{
	struct machine *m = step->m;

	m->opened = false;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_park(m, &m->pdn[i]);
	step_act(step, ACTION_LET_GO);
}

static void do_leave(struct step *step)
{
	struct machine *m = step->m;

	m->opened = false;
	m->timeouts = 0;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_park(m, &m->pdn[i]);
}

/* It may restart once more: it is online again, and not reset for a while */
static void do_end_update(struct step *step)
{
	struct machine *m = step->m;

	do_leave(step);
	if (m->ready && m->ladder.not_before < m->clock + POLICY_UPDATE_MS)
		m->ladder.not_before = m->clock + POLICY_UPDATE_MS;
}

static void do_stop(struct step *step)
{
	step->m->clean = true;
	step_record(step, POLICY_MAX_WRITES);
	step_act(step, ACTION_LET_GO);
}

/* --- the table ---------------------------------------------------------------------- */

/* clang-format off */
const struct row modem_rows[] = {
	/* a person, and the host */
	ROW(MODEM_ANY, SHUTDOWN, always, stop, MODEM_STOPPED),
	ROW(MODEM_UPDATING, HOLD, always, nothing, MODEM_SAME),
	ROW(MODEM_ANY, HOLD, always, let_go, MODEM_HELD),
	ROW(MODEM_ANY, UPDATE, always, let_go, MODEM_UPDATING),
	ROW(MODEM_HELD, RELEASE, always, leave, MODEM_ROUTE),
	ROW(MODEM_UPDATING, RELEASE, always, leave, MODEM_ROUTE),
	ROW(MODEM_HELD, TIMER, wait_over, leave, MODEM_ROUTE),
	ROW(MODEM_UPDATING, TIMER, wait_over, end_update, MODEM_ROUTE),
	ROW(MODEM_SUSPENDED, RESUMED, always, leave, MODEM_ROUTE),
	ROW(MODEM_RESTING, CONFIG, always, nothing, MODEM_ROUTE),

	/* the bus; while held or updating these are facts for later */
	ROW(MODEM_HELD, GONE, always, nothing, MODEM_SAME),
	ROW(MODEM_HELD, ATTACHED, always, nothing, MODEM_SAME),
	ROW(MODEM_HELD, RESTARTED, always, nothing, MODEM_SAME),
	ROW(MODEM_HELD, SUSPENDED, always, nothing, MODEM_SAME),
	ROW(MODEM_UPDATING, GONE, always, nothing, MODEM_SAME),
	ROW(MODEM_UPDATING, ATTACHED, always, nothing, MODEM_SAME),
	ROW(MODEM_UPDATING, RESTARTED, always, nothing, MODEM_SAME),
	ROW(MODEM_UPDATING, SUSPENDED, always, nothing, MODEM_SAME),
	ROW(MODEM_MISSING, GONE, always, nothing, MODEM_SAME),
	ROW(MODEM_ANY, GONE, always, nothing, MODEM_GONE),
	ROW(MODEM_ANY, ATTACHED, always, nothing, MODEM_STARTING),
	ROW(MODEM_ANY, RESTARTED, always, nothing, MODEM_ROUTE),
	ROW(MODEM_GONE, SUSPENDED, always, nothing, MODEM_SAME),
	ROW(MODEM_MISSING, SUSPENDED, always, nothing, MODEM_SAME),
	ROW(MODEM_ANY, SUSPENDED, always, leave, MODEM_SUSPENDED),
	ROW(MODEM_STARTING, READY, always, nothing, MODEM_ROUTE),
	ROW(MODEM_SILENT, READY, always, nothing, MODEM_ROUTE),
	ROW(MODEM_DEAF, READY, always, leave, MODEM_ROUTE),
	ROW(MODEM_RESETTING, READY, always, nothing, MODEM_ROUTE),
	ROW(MODEM_GONE, TIMER, wait_over, nothing, MODEM_MISSING),
	ROW(MODEM_STARTING, TIMER, wait_over, nothing, MODEM_SILENT),

	/* opening */
	ROW(MODEM_OPENING, OPENED, always, poll, MODEM_ROUTE),
	ROW(MODEM_OPENING, OPEN_FAILED, always, nothing, MODEM_REOPENING),
	ROW(MODEM_OPENING, QMI_TIMEOUT, deaf, nothing, MODEM_DEAF),
	ROW(MODEM_OPENING, QMI_TIMEOUT, always, nothing, MODEM_REOPENING),
	ROW(MODEM_OPENING, HUNG, managed, nothing, MODEM_DEAF),
	ROW(MODEM_OPENING, TIMER, wait_over, nothing, MODEM_REOPENING),
	ROW(MODEM_REOPENING, HUNG, managed, nothing, MODEM_DEAF),

	/* the ladder: who climbs, and how far, is ladder.c's */
	ROW(MODEM_ANY, TIMER, reattach_due, reattach, MODEM_REATTACHING),
	ROW(MODEM_ANY, TIMER, radio_cycle_due, radio_off, MODEM_RADIO_CYCLE),
	ROW(MODEM_ANY, TIMER, sim_cycle_due, sim_off, MODEM_SIM_CYCLE),
	ROW(MODEM_ANY, TIMER, reset_recordable, note_reset, MODEM_RESET_RECORDING),
	ROW(MODEM_ANY, TIMER, reset_due, postpone, MODEM_SAME),
	ROW(MODEM_REOPENING, TIMER, wait_over, nothing, MODEM_ROUTE),
	ROW(MODEM_REATTACHING, REGISTRATION, registered, poll, MODEM_ROUTE),
	ROW(MODEM_REATTACHING, TIMER, wait_over, poll, MODEM_ROUTE),
	ROW(MODEM_RADIO_CYCLE, TIMER, wait_over, radio_on, MODEM_ROUTE),
	ROW(MODEM_SIM_CYCLE, TIMER, wait_over, sim_on, MODEM_ROUTE),
	ROW(MODEM_RESET_RECORDING, RECORDED, reset_needless, call_off, MODEM_ROUTE),
	ROW(MODEM_RESET_RECORDING, RECORDED, recorded, reset, MODEM_RESETTING),
	ROW(MODEM_RESET_RECORDING, RECORD_FAILED, always, postpone, MODEM_ROUTE),
	ROW(MODEM_RESET_RECORDING, TIMER, wait_over, postpone, MODEM_ROUTE),
	ROW(MODEM_RESET_RECORDING, CONFIG, unmanaged, postpone, MODEM_ROUTE),
	ROW(MODEM_RESETTING, TIMER, wait_over, nothing, MODEM_ROUTE),

	/* no answers */
	ROW(MODEM_RESTING, QMI_TIMEOUT, deaf, nothing, MODEM_DEAF),
	ROW(MODEM_RESTING, HUNG, managed, nothing, MODEM_DEAF),
	ROW(MODEM_DEAF, OPENED, always, poll, MODEM_ROUTE),
	ROW(MODEM_DEAF, SIM, always, poll, MODEM_ROUTE),
	ROW(MODEM_DEAF, RADIO, always, poll, MODEM_ROUTE),
	ROW(MODEM_DEAF, REGISTRATION, always, poll, MODEM_ROUTE),

	/* the PIN: on disk first */
	ROW(MODEM_PIN_RECORDING, RECORDED, pin_recorded, pin, MODEM_PIN_SENDING),
	ROW(MODEM_PIN_RECORDING, RECORDED, recorded, nothing, MODEM_ROUTE),
	ROW(MODEM_PIN_RECORDING, RECORD_FAILED, always, postpone_pin, MODEM_ROUTE),
	ROW(MODEM_PIN_RECORDING, TIMER, wait_over, postpone_pin, MODEM_ROUTE),
	ROW(MODEM_PIN_RECORDING, CONFIG, unmanaged, postpone_pin, MODEM_ROUTE),
	ROW(MODEM_PIN_SENDING, PIN_RESULT, pin_accepted, note_accepted, MODEM_ROUTE),
	ROW(MODEM_PIN_SENDING, PIN_RESULT, always, note_rejected, MODEM_ROUTE),
	ROW(MODEM_PIN_SENDING, SIM, pin_taken, note_accepted, MODEM_ROUTE),
	ROW(MODEM_PIN_SENDING, QMI_TIMEOUT, always, doubt_pin, MODEM_ROUTE),
	ROW(MODEM_PIN_SENDING, TIMER, wait_over, doubt_pin, MODEM_ROUTE),

	/* settings of the modem's memory: on disk first */
	ROW(MODEM_RESTING, TIMER, move_due, note_move, MODEM_WRITE_RECORDING),
	ROW(MODEM_WRITE_RECORDING, RECORDED, move_needless, nothing, MODEM_ROUTE),
	ROW(MODEM_WRITE_RECORDING, RECORDED, recorded, write, MODEM_WRITING),
	ROW(MODEM_WRITE_RECORDING, RECORD_FAILED, always, postpone, MODEM_ROUTE),
	ROW(MODEM_WRITE_RECORDING, TIMER, wait_over, postpone, MODEM_ROUTE),
	ROW(MODEM_WRITE_RECORDING, CONFIG, unmanaged, postpone, MODEM_ROUTE),
	ROW(MODEM_WRITING, SETTINGS, slot_written, forget_card, MODEM_ROUTE),
	ROW(MODEM_WRITING, SETTINGS, attach_written, reattach, MODEM_REATTACHING),
	ROW(MODEM_WRITING, SETTINGS, write_told, nothing, MODEM_ROUTE),
	ROW(MODEM_WRITING, QMI_TIMEOUT, always, give_up_write, MODEM_ROUTE),
	ROW(MODEM_WRITING, TIMER, wait_over, give_up_write, MODEM_ROUTE),

	/* news where facts decide */
	ROW(MODEM_RESTING, SIM, always, nothing, MODEM_ROUTE),
	ROW(MODEM_RESTING, RADIO, always, nothing, MODEM_ROUTE),
	ROW(MODEM_RESTING, REGISTRATION, always, nothing, MODEM_ROUTE),
	ROW(MODEM_RESTING, SETTINGS, always, nothing, MODEM_ROUTE),
	ROW(MODEM_RESTING, TIMER, poll_due, poll, MODEM_ROUTE),
	ROW(MODEM_DEAF, TIMER, poll_due, knock, MODEM_SAME),
	ROW(MODEM_REGISTERED, SETTLE, reattach_wanted, reattach, MODEM_REATTACHING),

	/* where facts lead */
	ROW(MODEM_ROUTE, SETTLE, absent, nothing, MODEM_GONE),
	ROW(MODEM_ROUTE, SETTLE, not_ready, nothing, MODEM_STARTING),
	ROW(MODEM_ROUTE, SETTLE, not_open, open, MODEM_OPENING),
	ROW(MODEM_ROUTE, SETTLE, unmanaged, nothing, MODEM_WATCHING),
	ROW(MODEM_ROUTE, SETTLE, radio_offline, nothing, MODEM_RADIO_OFFLINE),
	ROW(MODEM_ROUTE, SETTLE, slot_due, note_write, MODEM_WRITE_RECORDING),
	ROW(MODEM_ROUTE, SETTLE, slot_wrong, nothing, MODEM_SLOT_WRONG),
	ROW(MODEM_ROUTE, SETTLE, card_hidden, uncover, MODEM_RADIO_STARTING),
	ROW(MODEM_ROUTE, SETTLE, sim_starting, nothing, MODEM_SIM_STARTING),
	ROW(MODEM_ROUTE, SETTLE, sim_faulty, nothing, MODEM_SIM_FAULTY),
	ROW(MODEM_ROUTE, SETTLE, sim_absent, nothing, MODEM_SIM_ABSENT),
	ROW(MODEM_ROUTE, SETTLE, sim_useless, nothing, MODEM_SIM_USELESS),
	ROW(MODEM_ROUTE, SETTLE, puk_wanted, nothing, MODEM_PUK_NEEDED),
	ROW(MODEM_ROUTE, SETTLE, pin_known_good, pin, MODEM_PIN_SENDING),
	ROW(MODEM_ROUTE, SETTLE, pin_to_be_tried, note_pin, MODEM_PIN_RECORDING),
	ROW(MODEM_ROUTE, SETTLE, pin_wanted, say_why_no_pin, MODEM_PIN_NEEDED),
	ROW(MODEM_ROUTE, SETTLE, write_due, note_write, MODEM_WRITE_RECORDING),
	ROW(MODEM_ROUTE, SETTLE, radio_locked, nothing, MODEM_RADIO_LOCKED),
	ROW(MODEM_ROUTE, SETTLE, radio_on_due, radio_on, MODEM_RADIO_STARTING),
	ROW(MODEM_ROUTE, SETTLE, radio_off, nothing, MODEM_RADIO_STARTING),
	ROW(MODEM_ROUTE, SETTLE, registered, nothing, MODEM_REGISTERED),
	ROW(MODEM_ROUTE, SETTLE, denied, nothing, MODEM_DENIED),
	ROW(MODEM_ROUTE, SETTLE, always, nothing, MODEM_SEARCHING),
};

/* clang-format on */

const unsigned int modem_row_count = ARRAY_SIZE(modem_rows);
