// SPDX-License-Identifier: GPL-2.0-or-later
/* What no site may see of m2md: more than a budget, a second PIN, a step without a timer. */
#include <stdarg.h>
#include <stdio.h>

#include "daemon-judge.h"

void judge_broken(struct site *site, const char *format, ...)
{
	va_list args;

	if (site->broken++)
		return;
	va_start(args, format);
	vsnprintf(site->why_broken, sizeof(site->why_broken), format, args);
	va_end(args);
	printf("# at %lld s: %s\n", (long long)(site->now / SECOND), site->why_broken);
}

void judge_log(struct site *site, struct site_log *log)
{
	log->at[log->count++ % SITE_LOG] = site->now;
}

/* --- what it does -------------------------------------------------------------------- */

void judge_reset(struct site *site, enum budget_kind kind)
{
	unsigned int count;

	judge_log(site, &site->resets[kind]);
	count = site_count(site, &site->resets[kind], DAY);
	if (count > budget_max(kind))
		judge_broken(site, "budget %d exceeded", kind);
	if (kind <= BUDGET_PORT_POWER && count > site->config.max_resets)
		judge_broken(site, "more resets than the configuration allows");
}

enum rung judge_rung_of(const struct action *action)
{
	static const uint8_t rungs[ACTIONS] = {
		[ACTION_REATTACH] = RUNG_REATTACH,
		[ACTION_RADIO_OFF] = RUNG_RADIO,
		[ACTION_SIM_OFF] = RUNG_SIM_POWER,
		[ACTION_RESET_MODEM] = RUNG_MODEM_RESET,
		[ACTION_RESET_USB] = RUNG_USB_RESET,
		[ACTION_PORT_POWER] = RUNG_PORT_POWER,
		[ACTION_REBOOT] = RUNG_HOST_REBOOT,
	};

	return rungs[action->type];
}

uint8_t judge_class_of(const struct cause *cause)
{
	switch (cause_class(cause)) {
	case CLASS_NONE:
		return 0;
	case CLASS_PERMANENT:
		return 1;
	case CLASS_WAIT:
		return 2;
	case CLASS_STALE:
		return 3;
	default:
		return 4;
	}
}

void judge_rung(struct site *site, const struct action *action)
{
	enum rung rung = judge_rung_of(action);

	/* the network may ask for a re-attach */
	if (rung != RUNG_NONE && rung != RUNG_REATTACH &&
	    !(site->config.rungs & 1u << rung))
		judge_broken(site, "%s, which the configuration bars", rung_token(rung));
}

/* Calls that are up, that m2md knows of, and of a modem that nothing is wrong with */
uint8_t judge_steady(const struct site *site)
{
	const struct machine *m = &site->m;
	uint8_t steady = 0;

	if (!m->opened || m->timeouts >= POLICY_DEAF || m->state == MODEM_DEAF)
		return 0;
	/* what it attaches with was changed by a person */
	if (m->state == MODEM_WRITING)
		return 0;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].state == PDN_ONLINE && site->call[i])
			steady |= 1 << i;
	return steady;
}

static bool ends_calls(const struct site *site, const struct action *action)
{
	switch (action->type) {
	case ACTION_REATTACH:
	case ACTION_RADIO_OFF:
	case ACTION_SIM_OFF:
	case ACTION_RESET_MODEM:
	case ACTION_RESET_USB:
	case ACTION_PORT_POWER:
	case ACTION_REBOOT:
		return true;
	case ACTION_WRITE:
		/* what a person wants else may cost a call */
		return site->m.slots.moving;
	default:
		return false;
	}
}

/* Whatever ails a PDN, what would end the calls of the others is not done to it. */
void judge_calm(struct site *site, const struct action *action)
{
	if (!ends_calls(site, action))
		return;
	for (unsigned int i = 0; i < PDN_MAX; i++)
		if (site->steady & 1 << i && site->call[i])
			judge_broken(site, "%s while PDN %u is online",
				     action_token(action->type), i);
}

/* Of a PDN: the first that has the same access point; its hour is all theirs */
static unsigned int access_point_of(const struct site *site, unsigned int pdn)
{
	uint64_t key = site->config.pdn[pdn].apn[0].key;
	unsigned int first = 0;

	while (site->config.pdn[first].apn[0].key != key)
		first++;
	return first;
}

/* Each call is judged by the worst it may come to. */
void judge_outcome(struct site *site, unsigned int pdn, enum outcome outcome)
{
	struct site_log *log = &site->by_outcome[access_point_of(site, pdn)][outcome];

	judge_log(site, log);
	if (site_count(site, log, HOUR) > activations_max(outcome))
		judge_broken(site, "more than an hour's activations with outcome %d", outcome);
}

void judge_refusal(struct site *site, const struct event *event)
{
	enum cause_class class = cause_class(&event->cause);
	enum outcome outcome = OUTCOME_TEMPORARY;

	if (class == CLASS_WAIT || event->cause.kind == CAUSE_UNPREPARED ||
	    (class == CLASS_HOST && event->cause.kind != CAUSE_ADDRESS))
		return;
	if (class == CLASS_HOST)
		outcome = OUTCOME_SUCCESS;
	else if (class == CLASS_PERMANENT || class == CLASS_FAMILY)
		outcome = OUTCOME_PERMANENT;
	else if (class == CLASS_IGNORED)
		outcome = OUTCOME_IGNORED;
	for (uint8_t left = event->families & ~site->call[event->pdn]; left; left &= left - 1)
		judge_outcome(site, event->pdn, outcome);
}

/* While a person or an update has the modem nobody else touches it. */
void judge_hands_off(struct site *site, const struct action *action)
{
	bool off = site->m.state == MODEM_HELD || site->m.state == MODEM_UPDATING;

	switch (action->type) {
	case ACTION_LET_GO:
	case ACTION_RECORD:
	case ACTION_TIMER:
	case ACTION_SAY:
	case ACTION_MATCH:
	case ACTION_HANG_UP:
		return;
	default:
		if (off)
			judge_broken(site, "%s while %s", action_token(action->type),
				     modem_token(site->m.state));
	}
}

/* --- how it stands -------------------------------------------------------------------- */

/* Who is waited for where no timer of the state's own runs */
static bool is_persons(const struct site *site)
{
	switch (site->m.state) {
	case MODEM_WATCHING:
	case MODEM_SUSPENDED:
	case MODEM_STOPPED:
	case MODEM_MISSING:	/* without port power and reboot */
		return true;
	case MODEM_SILENT:
		return !site->config.max_resets ||
		       !(site->config.rungs & 1u << RUNG_USB_RESET);
	case MODEM_REGISTERED:
		return site->m.pdn_count == 0;
	default:
		return false;
	}
}

/* A call may be up abroad for as long as it takes to be told so, and no longer */
static void judge_roaming(struct site *site)
{
	const struct machine *m = &site->m;

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct pdn_config *config = &site->config.pdn[i];

		if (m->pdn[i].state == PDN_ONLINE && m->opened &&
		    m->registration == REG_ROAMING &&
		    !apn_may_roam(site->config.roaming, config->apn[0].guessed, 262))
			judge_broken(site, "PDN %u is up abroad", i);
	}
}

void judge_step(struct site *site, const struct actions *actions)
{
	const struct action *last = &actions->list[actions->count - 1];

	if (site->m.loops)
		judge_broken(site, "a step in %s did not come to rest",
			     modem_token(site->m.state));
	if (site->m.state == MODEM_STOPPED)
		return;
	judge_roaming(site);
	if (!actions->count || last->type != ACTION_TIMER)
		judge_broken(site, "no timer in %s", modem_token(site->m.state));
	if (site->m.managed && site->m.due == NEVER && !is_persons(site))
		judge_broken(site, "nothing is waited for in %s", modem_token(site->m.state));
}
