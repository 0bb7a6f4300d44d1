// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a modem's states are: words, causes, timers, and what the ladder sees. */
#include <stddef.h>

#include "table.h"

/* --- states ------------------------------------------------------------------------- */

struct state_row {
	const char *token;
	uint8_t cause;		/* enum cause_kind */
	bool rests;		/* facts alone decide */
	int64_t wait_ms;	/* at most so long here; 0: any time */
	int64_t poll_ms;	/* nothing heard: ask; 0: never */
	const char *next;	/* what wait_ms ends with */
};

/* clang-format off */
static const struct state_row states[MODEM_STATES] = {
	[MODEM_ROUTE] = { "route", CAUSE_NONE },
	[MODEM_GONE] = { "gone", CAUSE_MODEM_GONE, false, POLICY_RETURN_MS, 0, "missing" },
	[MODEM_MISSING] = { "missing", CAUSE_MODEM_GONE },
	[MODEM_STARTING] = { "starting", CAUSE_MODEM_STARTING, false, POLICY_START_MS, 0,
			     "silent" },
	[MODEM_SILENT] = { "silent", CAUSE_MODEM_STARTING },
	[MODEM_OPENING] = { "opening", CAUSE_MODEM_OPENING, false, POLICY_OPEN_MS, 0,
			    "re-open" },
	[MODEM_REOPENING] = { "reopening", CAUSE_MODEM_OPENING, false, POLICY_REOPEN_MS, 0,
			      "open" },
	[MODEM_WATCHING] = { "watching", CAUSE_NOT_CONFIGURED, true },
	[MODEM_DEAF] = { "deaf", CAUSE_MODEM_DEAF, false, 0, POLICY_DEAF_POLL_MS },
	[MODEM_SIM_STARTING] = { "sim-starting", CAUSE_SIM_INITIALISING, true, 0,
				 POLICY_SIM_POLL_MS },
	[MODEM_SIM_FAULTY] = { "sim-faulty", CAUSE_SIM_ERROR, true, 0, POLICY_SIM_POLL_MS },
	[MODEM_SIM_ABSENT] = { "sim-absent", CAUSE_SIM_ABSENT, true, 0, POLICY_SIM_POLL_MS },
	[MODEM_SIM_USELESS] = { "sim-useless", CAUSE_SIM_BLOCKED, true, 0, POLICY_POLL_MS },
	[MODEM_PIN_RECORDING] = { "pin-recording", CAUSE_PIN_SENDING, false,
				  POLICY_RECORD_MS, 0, "give-up" },
	[MODEM_PIN_SENDING] = { "pin-sending", CAUSE_PIN_SENDING, false, POLICY_PIN_MS, 0,
				"poll" },
	[MODEM_PIN_NEEDED] = { "pin-needed", CAUSE_PIN_MISSING, true, 0, POLICY_POLL_MS },
	[MODEM_PUK_NEEDED] = { "puk-needed", CAUSE_PUK, true, 0, POLICY_POLL_MS },
	[MODEM_WRITE_RECORDING] = { "write-recording", CAUSE_SETTINGS, false,
				    POLICY_RECORD_MS, 0, "go-on" },
	[MODEM_WRITING] = { "writing", CAUSE_SETTINGS, false, POLICY_WRITE_MS, 0, "go-on" },
	[MODEM_SLOT_WRONG] = { "slot-wrong", CAUSE_SLOT, true, 0, POLICY_POLL_MS },
	[MODEM_RADIO_STARTING] = { "radio-starting", CAUSE_RADIO_OFF, true, 0,
				   POLICY_SIM_POLL_MS },
	[MODEM_RADIO_LOCKED] = { "radio-locked", CAUSE_RADIO_LOCKED, true, 0,
				 POLICY_POLL_MS },
	[MODEM_RADIO_OFFLINE] = { "radio-offline", CAUSE_RADIO_OFFLINE, true, 0,
				  POLICY_POLL_MS },
	[MODEM_SEARCHING] = { "searching", CAUSE_SEARCHING, true, 0, POLICY_POLL_MS },
	[MODEM_DENIED] = { "denied", CAUSE_REJECT, true, 0, POLICY_POLL_MS },
	[MODEM_REGISTERED] = { "registered", CAUSE_NONE, true, 0, POLICY_POLL_MS },
	[MODEM_REATTACHING] = { "reattaching", CAUSE_REGISTERING, false, POLICY_ATTACH_MS, 0,
				"poll" },
	[MODEM_RADIO_CYCLE] = { "radio-cycle", CAUSE_REGISTERING, false, POLICY_OFF_MS, 0,
				"radio-on" },
	[MODEM_SIM_CYCLE] = { "sim-cycle", CAUSE_SIM_INITIALISING, false, POLICY_OFF_MS, 0,
			      "sim-on" },
	[MODEM_RESET_RECORDING] = { "reset-recording", CAUSE_MODEM_RESET, false,
				    POLICY_RECORD_MS, 0, "give-up" },
	[MODEM_RESETTING] = { "resetting", CAUSE_MODEM_RESET, false, POLICY_RETURN_MS, 0,
			      "open" },
	[MODEM_HELD] = { "held", CAUSE_HELD },
	[MODEM_UPDATING] = { "updating", CAUSE_UPDATE },
	[MODEM_SUSPENDED] = { "suspended", CAUSE_SUSPENDED },
	[MODEM_STOPPED] = { "stopped", CAUSE_SHUTDOWN },
};

/* clang-format on */

bool modem_rests(unsigned int state)
{
	return state < MODEM_STATES && states[state].rests;
}

const char *modem_token(unsigned int state)
{
	if (state == MODEM_SAME)
		return "same";
	if (state == MODEM_ANY)
		return "any";
	if (state == MODEM_RESTING)
		return "resting";
	return state < MODEM_STATES ? states[state].token : "unknown";
}

struct cause modem_cause(const struct machine *m)
{
	struct cause cause = { .kind = states[m->state].cause };

	switch (m->state) {
	case MODEM_DENIED:
		cause.number = m->reject;
		break;
	case MODEM_PIN_NEEDED:
		cause.kind = m->pin_cause;
		break;
	case MODEM_REOPENING:
		if (m->in_use)
			cause.kind = CAUSE_IN_USE;
		break;
	case MODEM_SIM_FAULTY:
		if (m->sim == SIM_UNKNOWN || m->sim == SIM_INITIALISING)
			cause.kind = CAUSE_SIM_INITIALISING;
		break;
	case MODEM_SIM_USELESS:
		if (m->sim == SIM_LOCKED)
			cause.kind = CAUSE_SIM_LOCKED;
		else if (m->sim == SIM_ILLEGAL)
			cause.kind = CAUSE_SIM_ILLEGAL;
		break;
	default:
		break;
	}
	return cause;
}

bool modem_is_open(const struct machine *m)
{
	return m->opened && m->managed && modem_rests(m->state);
}

bool modem_card_is_unseen(const struct machine *m)
{
	return m->sim <= SIM_ERROR;
}

/* --- the ladder's view -------------------------------------------------------------- */

static enum fault call_fault(const struct machine *m)
{
	enum fault fault = m->pdn_count ? FAULT_KEEP : FAULT_NONE;

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct pdn *pdn = &m->pdn[i];

		if (pdn->state == PDN_NO_APN || pdn->state == PDN_REFUSED) {
			if (fault == FAULT_KEEP)
				fault = FAULT_NONE;
			continue;
		}
		switch (cause_class(&pdn->cause)) {
		case CLASS_NONE:
			break;
		case CLASS_PERMANENT:
		case CLASS_ROAMING:
			if (fault != FAULT_CALL)
				fault = FAULT_REFUSED;
			break;
		case CLASS_WAIT:
		case CLASS_HOST:
			if (fault == FAULT_KEEP)
				fault = FAULT_NONE;
			break;
		case CLASS_TEMPORARY:
		case CLASS_IGNORED:
		case CLASS_FAMILY:
		case CLASS_STALE:
		case CLASS_REATTACH:
		case CLASS_SIM:
		case CLASS_RADIO:
			fault = FAULT_CALL;
			break;
		}
	}
	return fault;
}

/* While a call is up nothing is climbed; once it was up for long, all is well. */
static bool is_settled(const struct machine *m)
{
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].state == PDN_ONLINE && m->pdn[i].settled)
			return true;
	return false;
}

enum fault modem_fault(const struct machine *m)
{
	bool online = machine_online(m);

	switch (m->state) {
	case MODEM_MISSING:
		return FAULT_ABSENT;
	case MODEM_SILENT:
		return FAULT_SILENT;
	case MODEM_DEAF:
		return online ? FAULT_DEAF_ONLINE : FAULT_DEAF;
	case MODEM_REOPENING:
		/* it answers, but not as it should: no haste */
		return m->in_use ? FAULT_NONE : FAULT_DEAF_ONLINE;
	case MODEM_SIM_FAULTY:
		return FAULT_SIM;
	case MODEM_SIM_ABSENT:
		return m->sim_seen ? FAULT_SIM : FAULT_CARD;
	case MODEM_SIM_USELESS:
		return FAULT_CARD;
	case MODEM_PIN_NEEDED:
		/* switched off and on, the card says how many tries are left */
		return m->pin_cause == CAUSE_PIN_HISTORY ? FAULT_CARD : FAULT_NONE;
	case MODEM_RADIO_OFFLINE:
		return FAULT_OFFLINE;
	case MODEM_RADIO_STARTING:
	case MODEM_SEARCHING:
	case MODEM_DENIED:
	case MODEM_REGISTERED:
		if (online)
			return is_settled(m) ? FAULT_NONE : FAULT_KEEP;
		/* what is wrong with a card that is waited for, it will say */
		if (modem_card_is_unseen(m))
			return FAULT_KEEP;
		if (m->state == MODEM_REGISTERED)
			return call_fault(m);
		if (m->state == MODEM_DENIED)
			return cause_of_reject(m->reject) == CLASS_PERMANENT ?
				       FAULT_REJECTED : FAULT_DENIED;
		return FAULT_SEARCHING;
	case MODEM_WATCHING:
	case MODEM_SLOT_WRONG:
	case MODEM_PUK_NEEDED:
	case MODEM_RADIO_LOCKED:
	case MODEM_HELD:
	case MODEM_UPDATING:
	case MODEM_SUSPENDED:
	case MODEM_STOPPED:
		return FAULT_NONE;
	default:
		return FAULT_KEEP;
	}
}

/* --- what Order= sees ----------------------------------------------------------------- */

bool modem_may_have_call(const struct machine *m)
{
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (pdn_may_have_call(&m->pdn[i]))
			return true;
	return false;
}

/* Data is a card's; all else that is wrong with this host another card would not mend */
static bool is_the_hosts(const struct cause *cause)
{
	return cause_class(cause) == CLASS_HOST && cause->kind != CAUSE_QUOTA;
}

/* Registered, and no PDN online: another card helps unless it is this host's doing alone */
static enum slots_fault registered_fault(const struct machine *m)
{
	enum slots_fault fault = SLOTS_NONE;

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct cause *cause = &m->pdn[i].cause;

		if (is_the_hosts(cause))
			continue;
		if (cause_class(cause) != CLASS_WAIT)
			return SLOTS_OFFLINE;
		fault = SLOTS_KEEP;
	}
	return fault;
}

enum slots_fault modem_slot_fault(const struct machine *m)
{
	switch (m->state) {
	case MODEM_WATCHING:
	case MODEM_RADIO_LOCKED:
	case MODEM_RADIO_OFFLINE:
	case MODEM_HELD:
	case MODEM_UPDATING:
	case MODEM_SUSPENDED:
	case MODEM_STOPPED:
		return SLOTS_NONE;
	case MODEM_GONE:
	case MODEM_MISSING:
	case MODEM_STARTING:
	case MODEM_SILENT:
	case MODEM_OPENING:
	case MODEM_REOPENING:
	case MODEM_DEAF:
	case MODEM_RESETTING:
		return SLOTS_PAUSE;
	default:
		break;
	}
	if (machine_online(m))
		return is_settled(m) ? SLOTS_SETTLED : SLOTS_PAUSE;
	switch (m->state) {
	case MODEM_SIM_FAULTY:
	case MODEM_SIM_ABSENT:
	case MODEM_SIM_USELESS:
	case MODEM_PIN_NEEDED:
	case MODEM_PUK_NEEDED:
	case MODEM_SLOT_WRONG:
		return SLOTS_CARD;
	case MODEM_SEARCHING:
	case MODEM_DENIED:
		return modem_card_is_unseen(m) ? SLOTS_KEEP : SLOTS_OFFLINE;
	case MODEM_REGISTERED:
		return registered_fault(m);
	default:
		return SLOTS_KEEP;
	}
}

/* No card is left while a call of it is up or on its way, nor faster than it may be written */
int64_t modem_slot_due(const struct machine *m)
{
	enum slots_fault fault = modem_slot_fault(m);
	int64_t at = slots_due(&m->slots);

	if ((fault != SLOTS_OFFLINE && fault != SLOTS_CARD) || at == NEVER ||
	    modem_may_have_call(m))
		return NEVER;
	at = later(at, m->ladder.not_before);
	at = later(at, budget_next(&m->saved.strikes[BUDGET_MODEM_WRITE], BUDGET_MODEM_WRITE,
				   m->clock));
	return later(at, tally_next(&m->saved.writes, POLICY_MAX_WRITES, DAY, m->clock));
}

/* A modem that is well says nothing, and its PDNs do */
struct cause modem_slot_cause(const struct machine *m)
{
	struct cause cause = m->cause;

	for (unsigned int i = 0; i < m->pdn_count && cause.kind == CAUSE_NONE; i++)
		if (!is_the_hosts(&m->pdn[i].cause))
			cause = m->pdn[i].cause;
	return cause;
}

/* --- what comes next ------------------------------------------------------------------ */

enum rung modem_rung(const struct machine *m, int64_t *ret_at)
{
	struct ladder_facts facts = {
		.fault = modem_fault(m),
		.port_power = m->port_power,
		.host_reboot = m->host_reboot,
		.rungs = m->rungs,
		.max_resets = m->max_resets,
	};

	if (m->sim_fixed)
		facts.rungs &= ~(1u << RUNG_SIM_POWER);
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].redials >= POLICY_REDIALS)
			facts.may_reattach = true;
	/* a modem that no file covers is nobody's to reset */
	if (!m->managed) {
		*ret_at = NEVER;
		return RUNG_NONE;
	}
	return ladder_next(&m->ladder, &facts, m->saved.strikes, m->clock, ret_at);
}

/* It answers, and a call of it is up, or nobody has said yet that none is */
static bool is_of_use(const struct machine *m)
{
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].state == PDN_ONLINE || m->pdn[i].state == PDN_ADOPTING)
			return m->opened && m->timeouts < POLICY_DEAF;
	return false;
}

bool modem_needs_no_reset(const struct machine *m)
{
	return is_of_use(m) ||
	       (m->rung == RUNG_HOST_REBOOT && m->ladder.hopeless >= m->since);
}

bool modem_wants_reattach(const struct machine *m)
{
	bool wanted = false;

	if (m->clock < m->ladder.not_before ||
	    m->clock - m->ladder.done[RUNG_REATTACH] < POLICY_REATTACH_MS)
		return false;
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct pdn *pdn = &m->pdn[i];

		if (pdn_may_have_call(pdn))
			return false;
		wanted = wanted || (pdn->reattach && pdn->state == PDN_WAITING);
	}
	return wanted;
}

int64_t modem_wait_due(const struct machine *m)
{
	const struct state_row *state = &states[m->state];

	if (m->state == MODEM_HELD || m->state == MODEM_UPDATING)
		return m->hold_until;
	return state->wait_ms ? m->since + state->wait_ms : NEVER;
}

int64_t modem_poll_due(const struct machine *m)
{
	int64_t poll = states[m->state].poll_ms;

	/* who fell silent before it was opened is opened anew, as no rung may be left */
	if (!poll || (!m->opened && m->state != MODEM_DEAF))
		return NEVER;
	/* indications come, or the call would not be up */
	if (machine_online(m) && m->state != MODEM_DEAF)
		poll = POLICY_TICK_MS;
	return m->polled_at + poll;
}

int64_t modem_due(const struct machine *m)
{
	int64_t wait = modem_wait_due(m), poll = modem_poll_due(m), rung;
	int64_t slot = modem_slot_due(m);

	modem_rung(m, &rung);
	wait = poll < wait ? poll : wait;
	wait = slot < wait ? slot : wait;
	return rung < wait ? rung : wait;
}

const char *modem_next(const struct machine *m)
{
	int64_t at;
	enum rung rung = modem_rung(m, &at);

	if (m->due == NEVER)
		return "person";
	if (at <= m->due)
		return rung_token(rung);
	if (modem_slot_due(m) <= m->due)
		return "slot";
	if (modem_poll_due(m) <= m->due)
		return "poll";
	return states[m->state].next ? states[m->state].next : "open";
}
