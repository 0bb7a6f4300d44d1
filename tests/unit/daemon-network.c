// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the calls of a site: what the network and the host answer, and how they end. */
#include "daemon-judge.h"
#include "daemon-network.h"

#define DIAL_MS		SECOND

/* --- how they begin ------------------------------------------------------------------ */

/* What the host cannot carry is not dialled; what is left of it is */
static uint8_t answer_as_host(struct site *site, const struct action *action)
{
	struct event event = { .type = EVENT_PDN_END, .pdn = action->pdn,
			       .families = action->families & FAMILY_V6,
			       .cause = { CAUSE_IPV6_OFF } };

	if (!site->ipv6_off || !event.families)
		return action->families;
	site_queue(site, 0, event, true);
	return action->families & ~FAMILY_V6;
}

/* Some of what was asked for comes up, and what does not has its cause */
static void accept(struct site *site, struct event event, uint8_t asked)
{
	uint8_t given = asked & site->allows;

	event.cause = (struct cause){ CAUSE_CALL_END, 6, given == FAMILY_V6 ? 51 : 50 };
	event.families = asked & ~given;
	if (event.families)
		site_queue(site, DIAL_MS, event, true);
	event.families = given & site->host_refuses;
	event.cause = (struct cause){ CAUSE_ADDRESS };
	if (event.families)
		site_queue(site, DIAL_MS, event, true);
	event.families = given & ~site->host_refuses;
	event.type = EVENT_PDN_UP;
	if (event.families)
		site_queue(site, DIAL_MS, event, true);
}

void network_dial(struct site *site, const struct action *action)
{
	bool spared = site->spared & 1 << action->pdn;
	uint8_t asked = answer_as_host(site, action);
	struct event event = { .type = EVENT_PDN_END, .pdn = action->pdn,
			       .families = asked, .network_ms = site->network_ms };

	judge_log(site, &site->dialled);
	if (!asked)
		return;
	for (uint8_t left = asked; left; left &= left - 1)
		site->calls++;
	event.cause = site->latched ? (struct cause){ CAUSE_CALL_END, 6, 33 } :
		      action->pdn ? site->other_end : site->end;
	if (!site->registered || site->reg < REG_HOME) {
		event.cause = (struct cause){ CAUSE_CALL_END, 3, 2001 };
		site_queue(site, DIAL_MS, event, true);
	} else if (site->answer == SITE_IGNORES && !spared) {
		event.cause = (struct cause){ CAUSE_CALL_IGNORED };
		site_queue(site, 180 * SECOND, event, true);
	} else if (site->in_the_way) {
		event.cause = (struct cause){ CAUSE_CALL_END, 2, 236 };
		site_queue(site, DIAL_MS, event, true);
	} else if (site->latched || (site->answer == SITE_REFUSES && !spared) ||
		   (site->answer == SITE_IS_STRICT && asked & ~site->allows)) {
		site_queue(site, DIAL_MS, event, true);
	} else {
		accept(site, event, asked);
	}
}

/* --- how they end -------------------------------------------------------------------- */

static void end_call(struct site *site, unsigned int pdn, uint8_t families,
		     struct cause cause)
{
	struct event event = { .type = EVENT_PDN_END, .pdn = pdn,
			       .families = families & site->call[pdn], .cause = cause };

	if (!event.families)
		return;
	site->call[pdn] &= ~families;
	site_queue(site, 0, event, true);
}

void network_hang_up(struct site *site, const struct action *action)
{
	const struct cause cause = { CAUSE_CALL_END, 2, 202 };

	end_call(site, action->pdn, action->families, cause);
	if (action->type != ACTION_HANG_UP_ALL)
		return;
	site->in_the_way = false;
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		if (site->call[i])
			judge_broken(site, "PDN %u ends the call of PDN %u", action->pdn, i);
		end_call(site, i, FAMILY_BOTH, cause);
	}
}

void site_drop_pdn(struct site *site, unsigned int pdn, int type, int number)
{
	end_call(site, pdn, FAMILY_BOTH, (struct cause){ CAUSE_CALL_END, type, number });
}

void site_drop(struct site *site, int type, int number)
{
	for (unsigned int i = 0; i < PDN_MAX; i++)
		site_drop_pdn(site, i, type, number);
}

/* --- as they are told ---------------------------------------------------------------- */

static bool comes_up(struct site *site, const struct event *event)
{
	const struct event dropped = {
		.type = EVENT_PDN_END, .pdn = event->pdn, .families = FAMILY_BOTH,
		.cause = { CAUSE_CALL_END, 6, 36 },
	};
	uint8_t fresh = event->families & ~site->call[event->pdn];

	if (!fresh)
		return true;
	if (!site->registered)
		return false;
	for (; fresh; fresh &= fresh - 1)
		judge_outcome(site, event->pdn, OUTCOME_SUCCESS);
	site->call[event->pdn] |= event->families;
	if (site->drop_ms)
		site_queue(site, site->drop_ms, dropped, true);
	return true;
}

bool network_comes_true(struct site *site, const struct event *event)
{
	if (event->type == EVENT_PDN_UP)
		return comes_up(site, event);
	if (event->type == EVENT_PDN_END) {
		judge_refusal(site, event);
		site->call[event->pdn] &= ~event->families;
	}
	return true;
}
