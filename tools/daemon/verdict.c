// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the judgement whether a person has to act. Pure. */
#include "machine.h"
#include "policy.h"
#include "verdict.h"

static enum verdict worse(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

static enum verdict of_pdn(const struct pdn *pdn)
{
	switch (pdn->state) {
	case PDN_ONLINE:
		return VERDICT_ONLINE;
	case PDN_REFUSED:	/* by Roaming=, or by [Quota] until its period ends */
		return pdn->cause.kind == CAUSE_QUOTA ? VERDICT_TRYING : VERDICT_PERSON;
	case PDN_NO_APN:
		return VERDICT_PERSON;
	default:
		return VERDICT_TRYING;
	}
}

static enum verdict of_pdns(const struct machine *m)
{
	enum verdict verdict = VERDICT_ONLINE;

	for (unsigned int i = 0; i < m->pdn_count; i++)
		verdict = worse(verdict, of_pdn(&m->pdn[i]));
	return verdict;
}

/* Without a next time nothing comes by itself */
static enum verdict of_due(const struct machine *m)
{
	return m->due == NEVER ? VERDICT_PERSON : VERDICT_TRYING;
}

static enum verdict of_card(const struct machine *m)
{
	/* a network may call a card illegal and think better of it */
	return m->sim == SIM_ILLEGAL ? of_due(m) : VERDICT_PERSON;
}

static enum verdict of_pin(const struct machine *m)
{
	/* the card is asked anew what became of the PIN, if it may be */
	return m->pin_cause == CAUSE_PIN_HISTORY ? of_due(m) : VERDICT_PERSON;
}

enum verdict verdict_of(const struct machine *m)
{
	if (!m->managed)
		return VERDICT_WATCHED;
	switch (m->state) {
	case MODEM_HELD:
	case MODEM_UPDATING:
	case MODEM_SUSPENDED:
	case MODEM_STOPPED:
		return VERDICT_HELD;
	case MODEM_SIM_ABSENT:
	case MODEM_PUK_NEEDED:
	case MODEM_RADIO_LOCKED:
	case MODEM_SLOT_WRONG:
		return VERDICT_PERSON;
	case MODEM_SIM_USELESS:
		return of_card(m);
	case MODEM_PIN_NEEDED:
		return of_pin(m);
	case MODEM_MISSING:
	case MODEM_SILENT:
	case MODEM_RADIO_OFFLINE:
		return of_due(m);
	case MODEM_REOPENING:
		return m->in_use ? VERDICT_PERSON : VERDICT_TRYING;
	case MODEM_REGISTERED:
		return of_pdns(m);
	default:
		/* a call may be up while the modem is looked after */
		return machine_online(m) ? of_pdns(m) : VERDICT_TRYING;
	}
}

bool verdict_is_well(enum verdict verdict)
{
	return verdict != VERDICT_PERSON;
}

const char *verdict_token(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_WATCHED:
		return "watched";
	case VERDICT_ONLINE:
		return "online";
	case VERDICT_HELD:
		return "held";
	case VERDICT_TRYING:
		return "trying";
	case VERDICT_PERSON:
		return "person";
	}
	return "unknown";
}
