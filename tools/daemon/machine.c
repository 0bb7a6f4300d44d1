// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the order of a step: clock, facts, rows, timer; and what outlives the power. */
#include <stddef.h>
#include <string.h>

#include "table.h"

/* More than any way through the states that facts decide */
#define SETTLE_MAX	32

void step_act(struct step *step, enum action_type type)
{
	struct actions *actions = step->actions;

	if (actions->count == ACTIONS_MAX) {
		step->m->loops++;
		return;
	}
	actions->list[actions->count++] = (struct action){ .type = type };
}

void step_act_pdn(struct step *step, enum action_type type, uint8_t families)
{
	unsigned int last = step->actions->count;

	step_act(step, type);
	if (step->actions->count == last)
		return;
	step->actions->list[last].pdn = step->pdn - step->m->pdn;
	step->actions->list[last].apn = step->pdn->apn;
	step->actions->list[last].families = families;
}

bool step_may_record(const struct machine *m)
{
	return tally_count(&m->saved.writes, DAY, m->clock) < POLICY_MAX_WRITES;
}

bool step_record(struct step *step, unsigned int max)
{
	struct machine *m = step->m;
	unsigned int last = step->actions->count;

	if (tally_count(&m->saved.writes, DAY, m->clock) >= max)
		return false;
	step_act(step, ACTION_RECORD);
	if (step->actions->count == last)
		return false;
	tally_add(&m->saved.writes, DAY, m->clock);
	step->actions->list[last].record = ++m->record;
	m->saved_at = m->clock;
	m->unsaved = 0;
	m->calls_saved = pdn_calls(m);
	return true;
}

/* --- clock and disk ----------------------------------------------------------------- */

/*
 * Who asked for a timer and is stepped long after it slept, or its clock was set: such a
 * time is not believed at all, so that it forgives nothing; what waits, waits once more.
 */
static void advance(struct machine *m, int64_t now)
{
	int64_t gone = now > m->last_now ? now - m->last_now : 0;
	int64_t most = POLICY_TICK_MS;

	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].due - m->clock < most)
			most = m->pdn[i].due - m->clock;
	if (m->due - m->clock < most)
		most = m->due - m->clock;
	if (most < 0)
		most = 0;
	m->last_now = now;
	if (gone > most + POLICY_LATE_MS)
		return;
	m->clock += gone;
	/* a call that is up but not yet for long is no time offline either */
	if (machine_online(m) && m->state != MODEM_DEAF)
		ladder_pause(&m->ladder, gone);
	slots_pass(&m->slots, gone);
}

static void shift(struct saved *saved, int64_t from, int64_t to)
{
	for (int i = 0; i < BUDGET_KINDS; i++)
		strikes_shift(&saved->strikes[i], to - from);
	tally_shift(&saved->writes, DAY, from, to);
	for (int i = 0; i < KEPT_MAX; i++)
		for (int j = 0; j < OUTCOMES; j++)
			tally_shift(&saved->kept[i].activations.of[j], HOUR, from, to);
}

void machine_save(const struct machine *m, struct saved *ret_saved)
{
	*ret_saved = m->saved;
	ret_saved->version = SAVED_VERSION;
	ret_saved->clean = m->clean;
	pdn_save_pending(m, ret_saved);
	shift(ret_saved, m->clock, 0);
}

static void repair_tally(struct tally *tally)
{
	/* older than the window is as good as this */
	if (tally->part < -TALLY_PARTS)
		tally->part = -TALLY_PARTS;
	if (tally->part > 0)
		tally->part = 0;
}

void machine_repair(struct saved *saved)
{
	for (int kind = 0; kind < BUDGET_KINDS; kind++) {
		struct strikes *strikes = &saved->strikes[kind];

		if (strikes->count > STRIKES_MAX)
			strikes->count = STRIKES_MAX;
		for (unsigned int i = 0; i < strikes->count; i++) {
			int64_t before = i ? strikes->at[i - 1] : -2 * DAY;

			if (strikes->at[i] > 0)
				strikes->at[i] = 0;
			if (strikes->at[i] < before)
				strikes->at[i] = before;
		}
	}
	repair_tally(&saved->writes);
	for (int i = 0; i < KEPT_MAX; i++)
		for (int j = 0; j < OUTCOMES; j++)
			repair_tally(&saved->kept[i].activations.of[j]);
	for (int i = 0; i < PIN_RECORDS; i++) {
		saved->pins.records[i].iccid[ICCID_SIZE - 1] = '\0';
		if (saved->pins.records[i].fate > PIN_REJECTED)
			saved->pins.records[i].fate = PIN_REJECTED;
	}
}

enum boot boot_of(int64_t started_ms, int64_t now_ms)
{
	if (started_ms >= POLICY_BOOTED_MS)
		return BOOT_NONE;
	return now_ms < POLICY_BOOTED_MS ? BOOT_NOW : BOOT_LATER;
}

void machine_init(struct machine *m, const struct saved *saved, enum boot boot,
		  int64_t now)
{
	memset(m, 0, sizeof(*m));
	m->last_now = now;
	if (saved && saved->version == SAVED_VERSION) {
		m->saved = *saved;
		machine_repair(&m->saved);
		m->clean = saved->clean;
	}
	shift(&m->saved, 0, m->clock);
	/* asked for as soon as it is known how long: see modem_absorb() */
	m->radio_on_at = LONG_AGO;
	m->futile_until = LONG_AGO;
	m->cut_until = LONG_AGO;
	m->spread_until = boot == BOOT_NOW && !m->clean ? NEVER : LONG_AGO;
	m->booted = boot != BOOT_NONE && !m->saved.same_boot;
	m->calm_until = m->booted ? NEVER : LONG_AGO;
	m->calls_saved = pdn_calls(m);
	m->state = MODEM_GONE;
	m->since = m->clock;
	m->due = m->clock + POLICY_RETURN_MS;
	m->cause = modem_cause(m);
	ladder_init(&m->ladder);
	slots_init(&m->slots);
}

/* --- rows --------------------------------------------------------------------------- */

static bool fits(const struct row *row, const struct step *step, unsigned int state,
		 unsigned int event)
{
	bool group = !step->pdn && ((row->state == MODEM_ANY && state != MODEM_STOPPED) ||
				    (row->state == MODEM_RESTING && modem_rests(state)));

	if (step->pdn && row->state == PDN_ANY)
		group = true;
	return (row->state == state || group) && row->event == event &&
	       (!row->guard || row->guard(step));
}

static bool run_modem(struct step *step, unsigned int event)
{
	struct machine *m = step->m;

	step->pdn = NULL;
	for (unsigned int i = 0; i < modem_row_count; i++) {
		const struct row *row = &modem_rows[i];

		if (!fits(row, step, m->state, event))
			continue;
		if (row->effect)
			row->effect(step);
		if (row->next != MODEM_SAME) {
			modem_left(m, m->state, row->next);
			m->state = row->next;
		}
		return true;
	}
	return false;
}

static bool run_pdn(struct step *step, struct pdn *pdn, unsigned int event)
{
	step->pdn = pdn;
	for (unsigned int i = 0; i < pdn_row_count; i++) {
		const struct row *row = &pdn_rows[i];

		if (!fits(row, step, pdn->state, event))
			continue;
		if (row->effect)
			row->effect(step);
		if (row->next != PDN_SAME)
			pdn->state = row->next;
		step->pdn = NULL;
		return true;
	}
	step->pdn = NULL;
	return false;
}

/* Until facts lead nowhere else */
static void settle(struct step *step)
{
	struct machine *m = step->m;
	int left = SETTLE_MAX;
	bool moved = true;

	while (moved && left--) {
		moved = run_modem(step, EVENT_SETTLE);
		for (unsigned int i = 0; i < m->pdn_count && !moved; i++)
			moved = run_pdn(step, &m->pdn[i], EVENT_SETTLE);
	}
	m->loops += moved;
}

static void handle(struct step *step)
{
	const struct event *event = step->event;
	struct machine *m = step->m;

	if (event->type == EVENT_TIMER) {
		if (m->due <= m->clock)
			run_modem(step, EVENT_TIMER);
		for (unsigned int i = 0; i < m->pdn_count; i++)
			if (m->pdn[i].due <= m->clock)
				run_pdn(step, &m->pdn[i], EVENT_TIMER);
		return;
	}
	run_modem(step, event->type);
	if (event->pdn < m->pdn_count)
		run_pdn(step, &m->pdn[event->pdn], event->type);
}

static bool same_cause(const struct cause *a, const struct cause *b)
{
	return a->kind == b->kind && a->type == b->type && a->number == b->number;
}

/* Where it was before a step, to know what changed */
struct before {
	uint8_t state;
	struct cause cause;
	uint8_t pdn_state[PDN_MAX];
	struct cause pdn_cause[PDN_MAX];
};

static struct before look(const struct machine *m)
{
	struct before before = { .state = m->state, .cause = m->cause };

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		before.pdn_state[i] = m->pdn[i].state;
		before.pdn_cause[i] = m->pdn[i].cause;
	}
	return before;
}

/* One that waits for its modem only says what was before. */
static void note_hopeless(struct machine *m, const struct before *before)
{
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (pdn_is_hopeless(&m->pdn[i]) &&
		    (m->pdn[i].state != PDN_IDLE || before->pdn_state[i] != PDN_IDLE))
			ladder_hopeless(&m->ladder, m->clock);
}

static void finish(struct step *step, const struct before *before)
{
	struct machine *m = step->m;
	bool say = m->state != before->state;
	int64_t next;

	if (say)
		m->since = m->clock;
	m->cause = modem_cause(m);
	say = say || !same_cause(&m->cause, &before->cause);
	ladder_fault(&m->ladder, modem_fault(m), m->clock);
	slots_fault(&m->slots, modem_slot_fault(m), m->clock);
	note_hopeless(m, before);
	m->due = modem_due(m);
	next = m->due;
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		struct pdn *pdn = &m->pdn[i];

		if (pdn->state != before->pdn_state[i])
			pdn->since = m->clock;
		say = say || pdn->state != before->pdn_state[i] ||
		      !same_cause(&pdn->cause, &before->pdn_cause[i]);
		pdn->due = pdn_due(m, pdn);
		if (pdn->due < next)
			next = pdn->due;
	}
	if (say)
		step_act(step, ACTION_SAY);
	if (m->state == MODEM_STOPPED)
		return;
	next = next < m->clock ? 0 : next - m->clock;
	step_act(step, ACTION_TIMER);
	step->actions->list[step->actions->count - 1].ms =
		next < POLICY_TICK_MS ? next : POLICY_TICK_MS;
}

/* What leaves the windows while the power is on is said to the disk now and then. */
static void age(struct step *step)
{
	struct machine *m = step->m;
	bool any = false;

	for (int i = 0; i < BUDGET_KINDS; i++)
		any = any || m->saved.strikes[i].count;
	if (m->state == MODEM_STOPPED)
		return;
	if (any && m->clock - m->saved_at >= POLICY_AGEING_MS)
		step_record(step, POLICY_SPARE_WRITES);
	else if (m->clock - m->saved_at >= POLICY_CALM_MS &&
		 (m->calls_saved == CALLS_MANY ||
		  (m->calls_saved && pdn_calls(m) == CALLS_NONE)))
		step_record(step, POLICY_AGEING_WRITES);
}

void machine_step(struct machine *m, const struct event *event, int64_t now,
		  struct actions *ret_actions)
{
	struct step step = { .m = m, .event = event, .actions = ret_actions };
	struct before before = look(m);

	ret_actions->count = 0;
	if (m->state == MODEM_STOPPED)
		return;
	advance(m, now);
	if (event->type < EVENTS && event->type != EVENT_SETTLE) {
		modem_absorb(&step);
		handle(&step);
	}
	settle(&step);
	age(&step);
	finish(&step, &before);
}

/* --- what is shown ------------------------------------------------------------------ */

bool machine_is_cut(const struct machine *m)
{
	return m->clock < m->cut_until;
}

bool machine_online(const struct machine *m)
{
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].state == PDN_ONLINE)
			return true;
	return false;
}

/* Nothing steps the machine for hours, and time goes on for those who ask meanwhile. */
static int64_t clock_of(const struct machine *m, int64_t now)
{
	return m->clock + (now > m->last_now ? now - m->last_now : 0);
}

static int64_t left_of(int64_t due, int64_t clock)
{
	return due == NEVER ? NEVER : due > clock ? due - clock : 0;
}

static void why_times(struct why *why, const struct machine *m, int64_t since, int64_t due,
		      int64_t now)
{
	int64_t clock = clock_of(m, now);

	why->since_ms = clock - since;
	why->next_ms = left_of(due, clock);
}

struct why machine_why(const struct machine *m, int64_t now)
{
	struct why why = {
		.state = modem_token(m->state),
		.cause = m->cause,
		.next = modem_next(m),
	};

	why_times(&why, m, m->since, m->due, now);
	return why;
}

struct why machine_why_pdn(const struct machine *m, unsigned int index, int64_t now)
{
	const struct pdn *pdn = &m->pdn[index];
	struct why why = machine_why(m, now);

	why.state = pdn_token(pdn->state);
	/* a PDN that waits for its modem is explained by its modem */
	if (pdn->state == PDN_IDLE)
		return why;
	why.cause = pdn->cause;
	why.next = pdn_next(m, pdn);
	why_times(&why, m, pdn->since, pdn->due, now);
	return why;
}

struct why_slot machine_why_slot(const struct machine *m, int64_t now)
{
	return (struct why_slot){
		.active = m->slots.n ? m->slots.active : 0,
		.next = slots_next(&m->slots),
		.next_ms = left_of(modem_slot_due(m), clock_of(m, now)),
	};
}
