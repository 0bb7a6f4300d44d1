// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the transitions of a PDN: guards, effects, and the table of them. */
#include <stddef.h>
#include <string.h>

#include "table.h"

/* --- guards ------------------------------------------------------------------------- */

#define is_always	NULL

static bool is_modem_away(const struct step *step)
{
	return step->m->state != MODEM_REGISTERED;
}

static bool is_to_adopt(const struct step *step)
{
	/* whose call it is, is known with the card */
	return step->pdn->adopt && modem_is_open(step->m) &&
	       step->m->sim == SIM_READY && step->pdn->config.apn_count;
}

static bool is_registered(const struct step *step)
{
	return step->m->state == MODEM_REGISTERED;
}

static bool is_unknown_apn(const struct step *step)
{
	return !step->pdn->config.apn_count || !step->pdn->config.families;
}

static bool is_roaming_refused(const struct step *step)
{
	const struct machine *m = step->m;
	const struct pdn *pdn = step->pdn;

	return m->registration == REG_ROAMING &&
	       !apn_may_roam(m->roaming, pdn->config.apn[pdn->apn].guessed, m->mcc);
}

/* Whatever it was when the call was made; only a modem that is open can end one */
static bool is_abroad(const struct step *step)
{
	return step->m->opened && is_roaming_refused(step);
}

static bool is_cut(const struct step *step)
{
	return machine_is_cut(step->m) && modem_is_open(step->m);
}

static bool is_allowed(const struct step *step)
{
	return !machine_is_cut(step->m) &&
	       (step->m->registration != REG_ROAMING || !is_roaming_refused(step));
}

static bool is_spread(const struct step *step)
{
	return step->m->clock < step->m->spread_until;
}

static bool is_backed_off(const struct step *step)
{
	return pdn_free_at(step->m, step->pdn) > step->m->clock;
}

static bool is_up(const struct step *step)
{
	return step->pdn->up;
}

static bool is_answered(const struct step *step)
{
	return !pdn_pending(step->pdn);
}

static bool is_won(const struct step *step)
{
	return is_answered(step) && is_up(step);
}

static bool is_family_refused(const struct step *step)
{
	const struct pdn *pdn = step->pdn;
	uint8_t left = cause_families(pdn->cause.type, pdn->cause.number, pdn->asked);

	return is_answered(step) && !is_up(step) && !pdn->narrowed &&
	       cause_class(&pdn->cause) == CLASS_FAMILY &&
	       (left & pdn->config.families);
}

static bool is_down(const struct step *step)
{
	return !is_up(step);
}

static bool is_silence_due(const struct step *step)
{
	return pdn_silence_due(step->m, step->pdn) <= step->m->clock;
}

/* This very test has something to say now */
static bool is_silence_telling(const struct step *step)
{
	const struct step *s = step;

	return s->event->test < HEALTH_TESTS && s->m->redial &&
	       s->m->state == MODEM_REGISTERED &&
	       health_next(&s->pdn->health, s->event->test, s->m->clock) <= s->m->clock &&
	       pdn_free_at(s->m, s->pdn) <= s->m->clock;
}

static bool is_silence_meant(const struct step *step)
{
	return step->event->test < HEALTH_TESTS &&
	       step->pdn->health.armed[step->event->test];
}

static bool is_long_enough(const struct step *step)
{
	return !step->pdn->settled &&
	       step->m->clock - step->pdn->since >= POLICY_SETTLED_MS;
}

static bool is_call_overdue(const struct step *step)
{
	return pdn_pending(step->pdn) &&
	       step->m->clock - step->pdn->asked_at >= POLICY_DIAL_MS;
}

static bool is_family_missing(const struct step *step)
{
	return step->m->state == MODEM_REGISTERED &&
	       pdn_families_missing(step->m, step->pdn) && !is_backed_off(step);
}

/* --- effects ------------------------------------------------------------------------ */

#define do_nothing	NULL

static void do_adopt(struct step *step)
{
	step->pdn->adopt = false;
	step_act_pdn(step, ACTION_ADOPT, step->pdn->config.families);
}

static void do_adopted(struct step *step)
{
	struct pdn *pdn = step->pdn;

	pdn->adopt = false;
	pdn->asked = pdn->up;
	pdn->cause.kind = CAUSE_NONE;
	if (pdn->up != pdn->config.families)
		pdn->cause.kind = CAUSE_ONE_FAMILY;
}

/*
 * A call that is in the way is ended by whoever stands in it. No firmware says whose that
 * is, so while another PDN may have one nothing but our own is.
 */
static void clear_the_way(struct step *step)
{
	const struct machine *m = step->m;
	enum action_type type = ACTION_HANG_UP_ALL;

	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (&m->pdn[i] != step->pdn && pdn_may_have_call(&m->pdn[i]))
			type = ACTION_HANG_UP;
	step_act_pdn(step, type, FAMILY_BOTH);
}

static void do_dial(struct step *step)
{
	struct machine *m = step->m;
	struct pdn *pdn = step->pdn;
	struct line *line = pdn_line(pdn);

	if (m->clock - line->families_at >= POLICY_FAMILY_MS)
		line->families = 0;
	if (cause_class(&pdn->cause) == CLASS_STALE)
		clear_the_way(step);
	pdn->asked = pdn_families_wanted(m, pdn);
	pdn->asked_at = m->clock;
	pdn->up = 0;
	pdn->failed = 0;
	pdn->silent = false;
	pdn->settled = false;
	/* what the one before was told to wait */
	pdn->network_ms = 0;
	pdn_keep_call(step);
	step_act_pdn(step, ACTION_DIAL, pdn->asked);
}

static void do_dial_missing(struct step *step)
{
	struct pdn *pdn = step->pdn;
	uint8_t missing = pdn_families_missing(step->m, pdn);

	pdn->asked |= missing;
	pdn->failed &= ~missing;
	pdn->asked_at = step->m->clock;
	pdn_keep_call(step);
	step_act_pdn(step, ACTION_DIAL, missing);
}

/* Of both families together, and once */
static int64_t take_network_ms(struct pdn *pdn)
{
	int64_t ms = pdn->network_ms;

	pdn->network_ms = 0;
	return ms;
}

/* A call in between, of somebody else or taken over, does not end the wait */
static void back_off(struct step *step, enum cause_class class, int64_t network_ms)
{
	struct line *line = pdn_line(step->pdn);

	backoff_fail(&line->backoff, class, step->event->random, network_ms,
		     step->m->clock);
	line->cause = step->pdn->cause;
}

/* What a call that is up has to say for itself: why it is not all that is wanted */
static struct cause half_cause(const struct cause *cause)
{
	/* a host without IPv6 wants none; one that takes no address has something wrong */
	if (cause->kind == CAUSE_IPV6_OFF)
		return (struct cause){ CAUSE_NONE };
	return cause->kind == CAUSE_ADDRESS ? *cause : (struct cause){ CAUSE_ONE_FAMILY };
}

/* What is up is good enough; what was refused by family is not asked for today. */
static void do_won(struct step *step)
{
	struct machine *m = step->m;
	struct pdn *pdn = step->pdn;
	struct line *line = pdn_line(pdn);
	int64_t network_ms = take_network_ms(pdn);

	if (pdn->up == pdn->config.families) {
		pdn->cause = (struct cause){ CAUSE_NONE };
		if (pdn->settled)
			line->backoff.temporary = 0;
		return;
	}
	if (pdn->failed && cause_lasts(&pdn->cause)) {
		line->families = pdn->up;
		line->families_at = m->clock;
	} else if (pdn->failed) {
		back_off(step, cause_class(&pdn->cause), network_ms);
	}
	pdn->cause = half_cause(&pdn->cause);
}

static void do_narrow(struct step *step)
{
	struct pdn *pdn = step->pdn;
	struct line *line = pdn_line(pdn);

	line->families = cause_families(pdn->cause.type, pdn->cause.number, pdn->asked);
	line->families_at = step->m->clock;
	pdn->narrowed = true;
}

/*
 * The end of a call that lasted is no try that failed: the next one begins at once, and
 * the waits with it, unless the network asks for one or says that it is of no use.
 */
static bool is_worth_a_call(const struct step *step, enum cause_class class)
{
	return step->pdn->settled && class == CLASS_TEMPORARY && !step->pdn->network_ms;
}

static void do_fail(struct step *step)
{
	struct pdn *pdn = step->pdn;
	enum cause_class class = cause_class(&pdn->cause);

	if (is_worth_a_call(step, class))
		pdn_line(pdn)->backoff.until = step->m->clock;
	else
		back_off(step, class, take_network_ms(pdn));
	/* the next call has to last before anything is forgotten */
	pdn->settled = false;
	if (pdn->redials < UINT8_MAX)
		pdn->redials++;
	if (class == CLASS_REATTACH)
		pdn->reattach = true;
	if (class == CLASS_SIM || class == CLASS_RADIO)
		step_act(step, ACTION_POLL);
	pdn_keep_line(step);
	pdn->asked = 0;
	pdn->failed = 0;
}

static void do_fail_ignored(struct step *step)
{
	struct pdn *pdn = step->pdn;

	for (uint8_t left = pdn_pending(pdn); left; left &= left - 1)
		pdn_count_outcome(step->m, pdn, OUTCOME_IGNORED);
	pdn->cause = (struct cause){ CAUSE_CALL_IGNORED };
	step_act_pdn(step, ACTION_HANG_UP, pdn->asked);
	do_fail(step);
}

/* Half an answer is half a call */
static void do_give_up_family(struct step *step)
{
	struct pdn *pdn = step->pdn;
	uint8_t late = pdn_pending(pdn);

	for (uint8_t left = late; left; left &= left - 1)
		pdn_count_outcome(step->m, pdn, OUTCOME_IGNORED);
	pdn->failed |= late;
	step_act_pdn(step, ACTION_HANG_UP, late);
	pdn->cause = (struct cause){ CAUSE_CALL_IGNORED };
	back_off(step, CLASS_IGNORED, 0);
	pdn->cause = (struct cause){ CAUSE_ONE_FAMILY };
}

static void do_lose_family(struct step *step)
{
	do_won(step);
}

static void do_settle(struct step *step)
{
	struct pdn *pdn = step->pdn;
	struct line *line = pdn_line(pdn);

	pdn->settled = true;
	pdn->redials = 0;
	pdn->narrowed = false;
	pdn->reattach = false;
	line->backoff.temporary = 0;
	line->backoff.permanent = 0;
	pdn_keep_line(step);
}

static void do_note_silence(struct step *step)
{
	step->pdn->silent = true;
	step->pdn->cause = (struct cause){ CAUSE_NO_ANSWER };
}

static void do_redial(struct step *step)
{
	struct pdn *pdn = step->pdn;

	health_redialled(&pdn->health, step->m->clock);
	pdn->cause = (struct cause){ CAUSE_NO_ANSWER };
	step_act_pdn(step, ACTION_HANG_UP, pdn->up);
}

static void do_hang_up(struct step *step)
{
	step_act_pdn(step, ACTION_HANG_UP, step->pdn->up);
	step->pdn->up = 0;
	/* its end answers no call */
	step->pdn->asked = 0;
}

/* What kept it from being called, and does not any more, explains no wait */
static bool is_over(const struct cause *cause)
{
	return cause->kind == CAUSE_NONE || cause->kind == CAUSE_BOOT_SPREAD ||
	       cause->kind == CAUSE_ROAMING || cause->kind == CAUSE_QUOTA;
}

static void do_wait_for_call(struct step *step)
{
	struct pdn *pdn = step->pdn;
	const struct line *line;

	pdn_choose_apn(step->m, pdn);
	line = pdn_line_now(pdn);
	if (!is_over(&pdn->cause))
		return;
	if (line->backoff.until > step->m->clock)
		pdn->cause = line->cause;
	else	/* nothing is wrong but that there were so many */
		pdn->cause = (struct cause){ CAUSE_ACTIVATION_CAP };
}

static void do_say_roaming(struct step *step)
{
	step->pdn->cause = (struct cause){ CAUSE_ROAMING };
}

static void do_say_cut(struct step *step)
{
	step->pdn->cause = (struct cause){ CAUSE_QUOTA };
}

/* Also what has been asked for and may come up yet */
static void end_call(struct step *step)
{
	step_act_pdn(step, ACTION_HANG_UP, step->pdn->up | step->pdn->asked);
}

static void do_cut_off(struct step *step)
{
	do_say_cut(step);
	end_call(step);
}

static void do_turn_back(struct step *step)
{
	do_say_roaming(step);
	end_call(step);
}

static void do_say_no_apn(struct step *step)
{
	step->pdn->cause = (struct cause){ CAUSE_NO_APN };
}

static void do_say_spread(struct step *step)
{
	step->pdn->cause = (struct cause){ CAUSE_BOOT_SPREAD };
}

/* --- the table ---------------------------------------------------------------------- */

/* clang-format off */
const struct row pdn_rows[] = {
	/* a call comes up */
	ROW(PDN_DIALLING, PDN_UP, won, won, PDN_ONLINE),
	ROW(PDN_DIALLING, PDN_UP, always, nothing, PDN_SAME),
	ROW(PDN_ADOPTING, PDN_UP, up, adopted, PDN_ONLINE),
	ROW(PDN_ADOPTING, PDN_UP, always, nothing, PDN_ROUTE),
	ROW(PDN_ONLINE, PDN_UP, won, won, PDN_SAME),
	ROW(PDN_RELEASING, PDN_UP, up, nothing, PDN_SAME),
	ROW(PDN_REFUSED, PDN_UP, up, hang_up, PDN_SAME),
	ROW(PDN_NO_APN, PDN_UP, up, hang_up, PDN_SAME),
	ROW(PDN_IDLE, PDN_UP, always, nothing, PDN_SAME),
	ROW(PDN_ANY, PDN_UP, up, adopted, PDN_ONLINE),

	/* it ends, or never began */
	ROW(PDN_DIALLING, PDN_END, won, won, PDN_ONLINE),
	ROW(PDN_DIALLING, PDN_END, family_refused, narrow, PDN_ROUTE),
	ROW(PDN_DIALLING, PDN_END, answered, fail, PDN_ROUTE),
	ROW(PDN_DIALLING, TIMER, up, give_up_family, PDN_ONLINE),
	ROW(PDN_DIALLING, TIMER, always, fail_ignored, PDN_ROUTE),
	ROW(PDN_ONLINE, PDN_END, down, fail, PDN_ROUTE),
	ROW(PDN_ONLINE, PDN_END, answered, lose_family, PDN_SAME),
	ROW(PDN_RELEASING, PDN_END, down, nothing, PDN_ROUTE),
	ROW(PDN_RELEASING, TIMER, always, nothing, PDN_ROUTE),
	ROW(PDN_ADOPTING, TIMER, always, nothing, PDN_ROUTE),

	/* it is up, and brings nothing */
	ROW(PDN_ONLINE, SILENCE, silence_telling, redial, PDN_RELEASING),
	ROW(PDN_ONLINE, SILENCE, silence_meant, note_silence, PDN_SAME),
	ROW(PDN_ONLINE, TIMER, silence_due, redial, PDN_RELEASING),

	/* it is up, and well */
	ROW(PDN_ONLINE, TIMER, long_enough, settle, PDN_SAME),
	ROW(PDN_ONLINE, TIMER, call_overdue, give_up_family, PDN_SAME),
	ROW(PDN_ONLINE, TIMER, family_missing, dial_missing, PDN_SAME),

	/* the modem comes and goes */
	ROW(PDN_IDLE, SETTLE, to_adopt, adopt, PDN_ADOPTING),
	ROW(PDN_IDLE, SETTLE, registered, nothing, PDN_ROUTE),
	ROW(PDN_SPREAD, SETTLE, modem_away, nothing, PDN_IDLE),
	ROW(PDN_WAITING, SETTLE, modem_away, nothing, PDN_IDLE),
	ROW(PDN_REFUSED, SETTLE, modem_away, nothing, PDN_IDLE),
	ROW(PDN_REFUSED, SETTLE, allowed, nothing, PDN_ROUTE),
	ROW(PDN_ONLINE, SETTLE, cut, cut_off, PDN_RELEASING),
	ROW(PDN_ONLINE, SETTLE, abroad, turn_back, PDN_RELEASING),
	ROW(PDN_SPREAD, TIMER, always, nothing, PDN_ROUTE),
	ROW(PDN_WAITING, TIMER, always, nothing, PDN_ROUTE),

	/* whether to call */
	ROW(PDN_ROUTE, SETTLE, modem_away, nothing, PDN_IDLE),
	ROW(PDN_ROUTE, SETTLE, unknown_apn, say_no_apn, PDN_NO_APN),
	ROW(PDN_ROUTE, SETTLE, roaming_refused, say_roaming, PDN_REFUSED),
	ROW(PDN_ROUTE, SETTLE, cut, say_cut, PDN_REFUSED),
	ROW(PDN_ROUTE, SETTLE, spread, say_spread, PDN_SPREAD),
	ROW(PDN_ROUTE, SETTLE, backed_off, wait_for_call, PDN_WAITING),
	ROW(PDN_ROUTE, SETTLE, always, dial, PDN_DIALLING),
};

/* clang-format on */

const unsigned int pdn_row_count = ARRAY_SIZE(pdn_rows);
