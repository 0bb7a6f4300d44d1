// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what can happen to a modem with two PDNs, and the search of all that it comes to. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "../lib/harness.h"
#include "daemon-judge.h"
#include "daemon-world.h"

#define PARTS_MAX	600	/* timers until the view has to have changed */

static struct search search;
static const struct world_rules *rules;
static unsigned int transitions, timers;

/* --- safety ------------------------------------------------------------------------- */

static const char *by_name(uint8_t by);

void world_broken(const struct world *world, const char *what)
{
	printf("# %s; reached, backwards:\n", what);
	for (int i = 0; i < SEARCH_STEPS; i++) {
		printf("#   %s/%s/%s%s%s by %s\n", modem_token(world->m.state),
		       pdn_token(world->m.pdn[0].state), pdn_token(world->m.pdn[1].state),
		       world->up[0] ? ", 0 up" : "", world->up[1] ? ", 1 up" : "",
		       by_name(world->search.by));
		if (world == search_at(&search, world->search.from))
			break;
		world = search_at(&search, world->search.from);
	}
	ASSERT_TRUE(false);
}

static bool may_not_roam(const struct machine *m, unsigned int pdn)
{
	return m->registration == REG_ROAMING &&
	       !apn_may_roam(m->roaming, m->pdn[pdn].config.apn[0].guessed, m->mcc);
}

/* A call of the access point that is watched came to something, for both families */
static void note_outcome(struct world *world, unsigned int pdn, enum outcome outcome)
{
	if (outcome != rules->watched ||
	    rules->both.pdn[pdn].apn[0].key != rules->both.pdn[0].apn[0].key)
		return;
	for (uint8_t left = rules->both.pdn[pdn].families; left; left &= left - 1)
		world->made_at[world->made++ % WORLD_LOG] = world->now;
	if (world_made(world) > activations_max(outcome))
		world_broken(world, "more than an hour's activations");
}

static void hang_up(struct world *world, unsigned int pdn)
{
	bool pending = world->owes[pdn] & WORLD_OWES_DIAL;

	/* no answer at all is not the one before */
	if (pending) {
		world->refused[pdn] = false;
		note_outcome(world, pdn, OUTCOME_IGNORED);
	}
	if (world->up[pdn] || pending)
		world->owes[pdn] = WORLD_OWES_END;
	world->up[pdn] = false;
}

/* What the modem is asked for one PDN alone */
static void judge_call(struct world *world, const struct action *action)
{
	unsigned int pdn = action->pdn, other = !pdn;

	switch (action->type) {
	case ACTION_DIAL:
		if (may_not_roam(&world->m, pdn))
			world_broken(world, "dialled abroad");
		if (world_wait_left(&world->m, pdn) > 0)
			world_broken(world, "dialled before its wait was over");
		/* what was not found to be up is taken away before */
		world->up[pdn] = false;
		world->owes[pdn] = WORLD_OWES_DIAL;
		break;
	case ACTION_ADOPT:
		/* what came of a call that was being made is found as well */
		world->owes[pdn] = WORLD_OWES_ADOPT;
		break;
	case ACTION_HANG_UP_ALL:
		if (world->up[other] || world->owes[other] & WORLD_OWES_DIAL)
			world_broken(world, "what was in the way was the other PDN's call");
		hang_up(world, pdn);
		break;
	case ACTION_HANG_UP:
		hang_up(world, pdn);
		break;
	default:
		break;
	}
}

static bool is_among(const struct actions *actions, enum action_type type)
{
	for (unsigned int i = 0; i < actions->count; i++)
		if (actions->list[i].type == type)
			return true;
	return false;
}

/*
 * A series of waits begins anew where a call of the PDN itself has lasted, and nowhere else;
 * a wait ends sooner also where firmware may have forgotten why it began.
 */
static void judge_waits(const struct world *world, const struct pdn *before,
			const struct actions *actions)
{
	bool forgets = is_among(actions, ACTION_RADIO_OFF);

	for (unsigned int i = 0; i < WORLD_PDNS; i++) {
		const struct pdn *pdn = &world->m.pdn[i];
		const struct backoff *was = &before[i].line[0].backoff;
		const struct backoff *is = &pdn->line[0].backoff;

		if (before[i].settled || pdn->settled)
			continue;
		if (is->temporary < was->temporary || is->permanent < was->permanent ||
		    (is->until < was->until && !forgets))
			world_broken(world, "a series of waits began anew for nothing");
	}
}

static void judge_budget(const struct world *world, enum budget_kind kind)
{
	const struct strikes *strikes = &world->m.saved.strikes[kind];
	unsigned int max = budget_max(kind);

	if (strikes->count != world->disk.strikes[kind].count)
		world_broken(world, "done without being on disk");
	if (strikes->count > max &&
	    strikes->at[strikes->count - 1 - max] > world->m.clock - DAY)
		world_broken(world, "a budget was exceeded");
}

/* What ends each call that there is; @alive: nothing is known to be wrong with the modem */
static void judge_end(struct world *world, const struct action *action, bool alive)
{
	enum rung rung = judge_rung_of(action);

	if (rung == RUNG_NONE)
		return;
	if (rung_budget(rung) != BUDGET_KINDS)
		judge_budget(world, rung_budget(rung));
	for (unsigned int i = 0; i < WORLD_PDNS; i++) {
		if (world->up[i] && alive)
			world_broken(world, "a call that is up was ended for nothing");
		if (rung == RUNG_HOST_REBOOT && alive && world->refused[i])
			world_broken(world, "rebooted for what is refused for good");
		world->up[i] = false;
		world->owes[i] = 0;
	}
}

static void judge_rest(const struct world *world, const struct actions *actions)
{
	const struct machine *m = &world->m;

	if (m->loops)
		world_broken(world, "a step that does not come to rest");
	if (m->state == MODEM_STOPPED)
		return;
	if (!actions->count || actions->list[actions->count - 1].type != ACTION_TIMER)
		world_broken(world, "no timer");
	if (m->due == NEVER)
		world_broken(world, "neither a timer nor a person");
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct pdn *pdn = &m->pdn[i];

		if (pdn->state == PDN_ONLINE && m->opened && may_not_roam(m, i))
			world_broken(world, "online abroad");
		/* it waits for its modem, for abroad to end, or is as it should be */
		if (pdn->due == NEVER && pdn->state != PDN_IDLE &&
		    pdn->state != PDN_REFUSED && pdn->state != PDN_ONLINE)
			world_broken(world, "a PDN without a timer");
	}
}

/* Who does not say in time whether a call is up loses it */
static void give_up_adoption(struct world *world)
{
	for (unsigned int i = 0; i < WORLD_PDNS; i++)
		if (world->owes[i] & WORLD_OWES_ADOPT &&
		    world->m.pdn[i].state != PDN_ADOPTING) {
			world->owes[i] = 0;
			world->up[i] = false;
		}
}

static void step(struct world *world, const struct event *event, int64_t ms)
{
	const struct machine *m = &world->m;
	bool alive = m->opened && m->timeouts < POLICY_DEAF && m->state != MODEM_DEAF;
	struct pdn before[WORLD_PDNS];
	struct actions actions;

	memcpy(before, m->pdn, sizeof(before));
	world->now += ms;
	machine_step(&world->m, event, m->last_now + ms, &actions);
	/* what a person changes is tried at once */
	if (event->type != EVENT_CONFIG)
		judge_waits(world, before, &actions);
	if (event->type == EVENT_TIMER)
		give_up_adoption(world);
	for (unsigned int i = 0; i < actions.count; i++) {
		judge_call(world, &actions.list[i]);
		judge_end(world, &actions.list[i], alive);
		if (actions.list[i].type == ACTION_RECORD) {
			machine_save(m, &world->next);
			world->writing = true;
		}
		if (actions.list[i].type == ACTION_LET_GO)
			memset(world->owes, 0, sizeof(world->owes));
	}
	judge_rest(world, &actions);
}

/* --- what happens to a PDN ----------------------------------------------------------- */

enum {
	UP,
	REFUSED_FOR_NOW,
	REFUSED_FOR_GOOD,
	FOUND_OR_NOT,
	HUNG_UP,
	DROPPED,
	CALLS_ONLY,		/* those until here */
	TOLD_TO_REGISTER = CALLS_ONLY,
	IN_THE_WAY,
	TOLD_TO_WAIT,
	TOLD_TO_WAIT_LONG,
	SILENT,
	ANSWERS,
	IGNORED = ANSWERS,
};

#define END(_type, _number) { CAUSE_CALL_END, (_type), (_number) }

struct answer {
	const char *name;
	uint8_t of;		/* WORLD_OWES_ that it answers; 0: nothing */
	uint8_t type;		/* of the event */
	uint8_t outcome;	/* of what was dialled */
	struct cause cause;
	int64_t network_ms;
};

static const struct answer answers[ANSWERS] = {
	[UP] = { "up", WORLD_OWES_DIAL, EVENT_PDN_UP, OUTCOME_SUCCESS },
	[REFUSED_FOR_NOW] = { "refused for now", WORLD_OWES_DIAL, EVENT_PDN_END,
			      OUTCOME_TEMPORARY, END(6, 38) },
	[REFUSED_FOR_GOOD] = { "refused for good", WORLD_OWES_DIAL, EVENT_PDN_END,
			       OUTCOME_PERMANENT, END(6, 33) },
	[FOUND_OR_NOT] = { "found or not", WORLD_OWES_ADOPT, EVENT_PDN_UP },
	[HUNG_UP] = { "hung up", WORLD_OWES_END, EVENT_PDN_END, .cause = END(2, 202) },
	[DROPPED] = { "dropped", 0, EVENT_PDN_END, .cause = END(6, 36) },
	[TOLD_TO_REGISTER] = { "told to register anew", WORLD_OWES_DIAL, EVENT_PDN_END,
			       OUTCOME_TEMPORARY, END(6, 39) },
	[IN_THE_WAY] = { "in the way", WORLD_OWES_DIAL, EVENT_PDN_END, OUTCOME_TEMPORARY,
			 END(2, 236) },
	[TOLD_TO_WAIT] = { "told to wait", WORLD_OWES_DIAL, EVENT_PDN_END, OUTCOMES,
			   END(2, 209) },
	[TOLD_TO_WAIT_LONG] = { "told to wait for hours", WORLD_OWES_DIAL, EVENT_PDN_END,
				OUTCOMES, END(2, 209), 5 * HOUR },
	[SILENT] = { "silent", 0, EVENT_SILENCE },
};

/* What is said to one PDN is none of the other's. */
static void expect_untouched(const struct world *before, const struct world *world,
			     unsigned int pdn)
{
	const struct pdn *was = &before->m.pdn[pdn], *is = &world->m.pdn[pdn];

	if (before->m.state != world->m.state)
		return;
	if (was->state != is->state || was->up != is->up || was->asked != is->asked ||
	    memcmp(&was->cause, &is->cause, sizeof(is->cause)) ||
	    memcmp(&was->line, &is->line, sizeof(is->line)))
		world_broken(world, "what is said to one PDN changes the other");
}

static void note_answer(struct world *world, unsigned int pdn, const struct answer *answer)
{
	world->owes[pdn] &= ~answer->of;
	if (answer->type == EVENT_PDN_END)
		world->up[pdn] = false;
	if (answer->of != WORLD_OWES_DIAL)
		return;
	world->up[pdn] = answer->type == EVENT_PDN_UP;
	world->refused[pdn] = answer->outcome == OUTCOME_PERMANENT;
	note_outcome(world, pdn, answer->outcome);
}

/* false: nobody waits for it */
static bool send_answer(struct world *world, unsigned int pdn, uint8_t number)
{
	const struct answer *answer = &answers[number];
	struct event event = {
		.type = answer->type, .pdn = pdn, .random = 250, .cause = answer->cause,
		.families = rules->both.pdn[pdn].families, .network_ms = answer->network_ms,
	};
	const struct event answered = { .type = EVENT_ANSWERED, .pdn = pdn };
	static struct world before;

	if (pdn >= world->m.pdn_count || !world->m.opened)
		return false;
	if (answer->of ? !(world->owes[pdn] & answer->of) : !world->up[pdn])
		return false;
	note_answer(world, pdn, answer);
	if (answer->type == EVENT_PDN_UP && !world->up[pdn])
		event.families = 0;
	/* there is no silence but after something was heard */
	if (number == SILENT)
		step(world, &answered, 0);
	before = *world;
	step(world, &event, 0);
	expect_untouched(&before, world, !pdn);
	return true;
}

/* --- what happens to the modem ------------------------------------------------------- */

enum {
	BY_RECORDED,
	BY_READY,
	BY_OPENED,
	BY_HOME,
	BY_CONFIG,
	BY_OTHERS,
};

static const struct event events[] = {
	[BY_RECORDED] = { .type = EVENT_RECORDED },
	[BY_READY] = { .type = EVENT_READY },
	[BY_OPENED] = { .type = EVENT_OPENED, .revision = 1 },
	[BY_HOME] = { .type = EVENT_REGISTRATION, .registration = REG_HOME },
	[BY_CONFIG] = { .type = EVENT_CONFIG },
	[BY_OTHERS] = { .type = EVENT_RECORD_FAILED },
	{ .type = EVENT_RESTARTED },
	{ .type = EVENT_HUNG },
	{ .type = EVENT_QMI_TIMEOUT },
	{ .type = EVENT_REGISTRATION, .registration = REG_SEARCHING },
	{ .type = EVENT_REGISTRATION, .registration = REG_ROAMING },
	{ .type = EVENT_HOLD, .ms = HOUR },
	{ .type = EVENT_RELEASE },
};

static struct event config_event(const struct world *world)
{
	return (struct event){ .type = EVENT_CONFIG, .random = MINUTE,
			       .config = world->one ? &rules->one : &rules->both };
}

/* What the modem says of itself as soon as it is open */
static void tell_all(struct world *world)
{
	const struct event sim = { .type = EVENT_SIM, .sim = SIM_READY, .mcc = 262,
				   .card = { .iccid = "1", .settled = true,
					     .tries = PIN_TRIES } };
	const struct event radio = { .type = EVENT_RADIO, .radio = RADIO_ON };
	const struct event config = config_event(world);
	bool new = !world->m.card.iccid[0];

	step(world, &sim, 0);
	if (new)
		step(world, &config, 0);
	step(world, &radio, 0);
}

/* What is left of the second PDN's call is nobody's; it was made all the same. */
static void configure_other(struct world *world)
{
	if (world->owes[1] & WORLD_OWES_DIAL)
		note_outcome(world, 1, OUTCOME_IGNORED);
	world->one = !world->one;
	world->up[1] = false;
	world->owes[1] = 0;
	world->refused[1] = false;
}

/* What an event brings about before it is told; false: it cannot come now */
static bool comes_true(struct world *world, const struct event *event)
{
	const struct machine *m = &world->m;

	switch (event->type) {
	case EVENT_RECORDED:
	case EVENT_RECORD_FAILED:
		if (!world->writing)
			return false;
		world->writing = false;
		if (event->type == EVENT_RECORDED)
			world->disk = world->next;
		return true;
	case EVENT_OPENED:
		return m->ready && !m->opened &&
		       (m->state == MODEM_OPENING || m->state == MODEM_DEAF);
	case EVENT_REGISTRATION:
		return m->opened;
	case EVENT_RESTARTED:
		memset(world->up, 0, sizeof(world->up));
		memset(world->owes, 0, sizeof(world->owes));
		return true;
	case EVENT_HUNG:
		memset(world->owes, 0, sizeof(world->owes));
		return true;
	case EVENT_CONFIG:
		configure_other(world);
		return true;
	default:
		return true;
	}
}

static bool send_event(struct world *world, uint8_t by)
{
	struct event event = events[by];
	int times = event.type == EVENT_QMI_TIMEOUT ? POLICY_DEAF : 1;

	if (!comes_true(world, &event))
		return false;
	if (event.type == EVENT_CONFIG)
		event = config_event(world);
	event.record = world->m.record;
	while (times--)
		step(world, &event, 0);
	if (event.type == EVENT_OPENED)
		tell_all(world);
	return true;
}

/* A modem that does its part at once */
static void answer_as_modem(struct world *world)
{
	switch (world->m.state) {
	case MODEM_STARTING:
	case MODEM_SILENT:
	case MODEM_RESETTING:
		send_event(world, BY_READY);
		break;
	case MODEM_OPENING:
		send_event(world, BY_OPENED);
		break;
	default:
		if (world->m.registration < REG_HOME)
			send_event(world, BY_HOME);
		break;
	}
	send_event(world, BY_RECORDED);
}

/* --- time ---------------------------------------------------------------------------- */

static void pass_part(struct world *world)
{
	const struct event timer = { .type = EVENT_TIMER, .random = 250 };
	const struct machine *m = &world->m;
	int64_t due = m->due;

	for (unsigned int i = 0; i < m->pdn_count; i++)
		due = m->pdn[i].due < due ? m->pdn[i].due : due;
	due -= m->clock;
	if (due > POLICY_TICK_MS)
		due = POLICY_TICK_MS;
	step(world, &timer, due < 0 ? 0 : due);
	timers++;
}

static bool pass_time(struct world *world)
{
	struct world_view before = world->view;

	for (int part = 0; part < PARTS_MAX; part++) {
		pass_part(world);
		world_look(rules, world);
		if (memcmp(&world->view, &before, sizeof(before)))
			return true;
	}
	return false;
}

/* What the network says for hours to each call of the first PDN and of the second */
static const struct { uint8_t of[WORLD_PDNS]; } hours[] = {
	{ { REFUSED_FOR_NOW, REFUSED_FOR_NOW } },
	{ { REFUSED_FOR_NOW, REFUSED_FOR_GOOD } },
	{ { REFUSED_FOR_GOOD, REFUSED_FOR_GOOD } },
	{ { IGNORED, REFUSED_FOR_NOW } },
};

/*
 * Time does not add up where it passes until something changes. So for an hour every call is
 * refused, until the ladder has its first rungs behind it, and then for as many as it has.
 */
static bool pass_hours(struct world *world, const uint8_t refusal[WORLD_PDNS])
{
	const struct machine *m = &world->m;
	int64_t end = m->clock + 7 * HOUR;
	bool first = !world_since(m);

	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (m->pdn[i].state != PDN_WAITING && m->pdn[i].state != PDN_DIALLING)
			return false;
	if (m->state != MODEM_REGISTERED || m->ladder.group == world_deaf_group())
		return false;
	while (m->clock < end && !(first && world_since(m))) {
		for (unsigned int i = 0; i < WORLD_PDNS; i++) {
			send_answer(world, i, FOUND_OR_NOT);
			send_answer(world, i, HUNG_UP);
			if (refusal[i] != IGNORED)
				send_answer(world, i, refusal[i]);
		}
		answer_as_modem(world);
		pass_part(world);
	}
	return true;
}

/* --- ends ---------------------------------------------------------------------------- */

enum {
	BY_TIME = ARRAY_SIZE(events),
	BY_KILL,
	BY_STOP,		/* and a start */
	BY_POWER_CUT,
	BY_HOURS,
	BY_ANSWER = BY_HOURS + ARRAY_SIZE(hours),
	BY_ROOT = BY_ANSWER + WORLD_PDNS * ANSWERS,
};

static const char *by_name(uint8_t by)
{
	static const char * const others[] = {
		"time", "a kill", "a restart of m2md", "a power cut",
	};

	if (by < BY_TIME)
		return event_token(events[by].type);
	if (by < BY_HOURS)
		return others[by - BY_TIME];
	if (by < BY_ANSWER)
		return "hours of refusals";
	return by < BY_ROOT ? answers[(by - BY_ANSWER) % ANSWERS].name : "the beginning";
}

/* m2md begins, and finds a modem */
static void begin(struct world *world, const struct saved *saved, enum boot boot, int64_t now)
{
	static const struct event found[] = {
		{ .type = EVENT_ATTACHED }, { .type = EVENT_READY },
	};
	const struct event config = config_event(world);

	world->writing = false;
	memset(world->owes, 0, sizeof(world->owes));
	machine_init(&world->m, saved, boot, now);
	step(world, &config, 0);
	for (size_t i = 0; i < ARRAY_SIZE(found); i++)
		step(world, &found[i], 0);
	while (rules->calls_only && world->m.state != MODEM_REGISTERED)
		answer_as_modem(world);
}

/* What it leaves below /run is as new as can be; a power cut leaves what is on disk */
static void end(struct world *world, uint8_t by)
{
	const struct event stop = { .type = EVENT_SHUTDOWN };
	static struct saved run;

	for (unsigned int i = 0; i < WORLD_PDNS; i++)
		if (world->owes[i] & WORLD_OWES_DIAL)
			note_answer(world, i, &answers[UP]);
	if (by == BY_POWER_CUT) {
		memset(world->up, 0, sizeof(world->up));
		world->disk.same_boot = false;
		begin(world, &world->disk, BOOT_NOW, 0);
		return;
	}
	if (by == BY_STOP) {
		step(world, &stop, 0);
		world->disk = world->next;
	}
	machine_save(&world->m, &run);
	run.same_boot = true;
	begin(world, &run, BOOT_NONE, world->m.last_now);
}

/* --- the search --------------------------------------------------------------------- */

static bool is_of_calls(uint8_t by)
{
	if (by >= BY_ANSWER)
		return (by - BY_ANSWER) % ANSWERS < CALLS_ONLY;
	return by == BY_RECORDED || by == BY_CONFIG || by == BY_TIME || by == BY_KILL;
}

static bool follow(struct world *world, uint8_t by)
{
	if (rules->calls_only && !is_of_calls(by))
		return false;
	if (by == BY_TIME)
		return pass_time(world);
	if (by < BY_TIME)
		return send_event(world, by);
	if (by >= BY_ANSWER)
		return send_answer(world, (by - BY_ANSWER) / ANSWERS,
				   (by - BY_ANSWER) % ANSWERS);
	if (by >= BY_HOURS)
		return pass_hours(world, hours[by - BY_HOURS].of);
	end(world, by);
	return true;
}

static void expand(uint32_t at)
{
	static struct world world;

	for (uint8_t by = 0; by < BY_ROOT; by++) {
		world = *world_at(at);
		world.search.from = at;
		world.search.by = by;
		if (!follow(&world, by))
			continue;
		transitions++;
		world_look(rules, &world);
		search_add(&search, &world);
	}
}

void world_begin(const struct world_rules *of, struct world *ret_root)
{
	rules = of;
	memset(ret_root, 0, sizeof(*ret_root));
	ret_root->search.by = BY_ROOT;
	begin(ret_root, NULL, BOOT_NONE, 0);
}

void world_search(struct world *root)
{
	transitions = 0;
	timers = 0;
	world_look(rules, root);
	search_end(&search);
	search_begin(&search, sizeof(*root), offsetof(struct world, view),
		     sizeof(root->view));
	search_add(&search, root);
	for (uint32_t at = 0; at < search.count; at++)
		expand(at);
	printf("# %u states, %u transitions, %u timers\n", search.count, transitions, timers);
}

uint32_t world_count(void)
{
	return search.count;
}

const struct world *world_at(uint32_t at)
{
	return search_at(&search, at);
}
