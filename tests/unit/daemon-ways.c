// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the states that were found, and what may happen in each. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/daemon/policy.h"
#include "../../tools/daemon/table.h"
#include "../lib/harness.h"
#include "daemon-ways.h"

#define PARTS_MAX	600	/* timers until the view has to have changed */

static struct search search;
static unsigned int transitions, timers;
static struct config config, no_file;
static const struct judge *judge;
static enum part part;

static void look(struct node *node)
{
	view_look(&node->view, node, part, config.pin);
}

/* --- events ------------------------------------------------------------------------- */

#define SIM_EVENT(_sim, _settled) { .type = EVENT_SIM, .sim = (_sim),		\
	.card = { .iccid = "1", .settled = (_settled) } }
#define END_EVENT(_type, _number) { .type = EVENT_PDN_END, .families = FAMILY_BOTH, \
	.cause = { CAUSE_CALL_END, (_type), (_number) } }

static const struct event events[] = {
	{ .type = EVENT_ATTACHED },
	{ .type = EVENT_GONE },
	{ .type = EVENT_READY },
	{ .type = EVENT_RESTARTED },
	{ .type = EVENT_HUNG },
	{ .type = EVENT_SUSPENDED },
	{ .type = EVENT_RESUMED },
	{ .type = EVENT_OPENED, .revision = 1 },
	{ .type = EVENT_OPEN_FAILED },
	{ .type = EVENT_OPEN_FAILED, .busy = true },
	SIM_EVENT(SIM_INITIALISING, false),
	SIM_EVENT(SIM_ABSENT, true),
	SIM_EVENT(SIM_ERROR, true),
	SIM_EVENT(SIM_WANTS_PIN, true),
	SIM_EVENT(SIM_WANTS_PUK, true),
	SIM_EVENT(SIM_LOCKED, true),
	SIM_EVENT(SIM_BLOCKED, true),
	SIM_EVENT(SIM_ILLEGAL, true),
	SIM_EVENT(SIM_READY, true),
	{ .type = EVENT_PIN_RESULT },
	{ .type = EVENT_RADIO, .radio = RADIO_ON },
	{ .type = EVENT_RADIO, .radio = RADIO_OFF },
	{ .type = EVENT_RADIO, .radio = RADIO_LOCKED },
	{ .type = EVENT_RADIO, .radio = RADIO_OFFLINE },
	{ .type = EVENT_RADIO, .radio = RADIO_REFUSED },
	{ .type = EVENT_REGISTRATION, .registration = REG_SEARCHING },
	{ .type = EVENT_REGISTRATION, .registration = REG_DENIED, .number = 8 },
	{ .type = EVENT_REGISTRATION, .registration = REG_HOME },
	{ .type = EVENT_REGISTRATION, .registration = REG_ROAMING },
	{ .type = EVENT_SETTINGS, .differ = SETTING_ATTACH },
	{ .type = EVENT_SETTINGS, .differ = SETTING_SLOT },
	{ .type = EVENT_SETTINGS },
	{ .type = EVENT_SETTINGS, .slot = 1, .slots = 2 },
	{ .type = EVENT_SETTINGS, .slot = 2, .slots = 2 },
	{ .type = EVENT_PDN_UP, .families = FAMILY_V4 },
	{ .type = EVENT_PDN_UP },
	END_EVENT(6, 38),
	END_EVENT(6, 33),
	END_EVENT(6, 39),
	END_EVENT(2, 209),
	{ .type = EVENT_PDN_END, .families = FAMILY_BOTH, .network_ms = 5 * HOUR,
	  .cause = { CAUSE_CALL_END, 6, 26 } },
	{ .type = EVENT_ANSWERED },
	{ .type = EVENT_SILENCE },
	{ .type = EVENT_QUOTA, .ms = HOUR },
	{ .type = EVENT_QUOTA },
	{ .type = EVENT_QMI_TIMEOUT },
	{ .type = EVENT_RECORDED },
	{ .type = EVENT_RECORD_FAILED },
	{ .type = EVENT_HOLD, .ms = HOUR },
	{ .type = EVENT_RELEASE },
	{ .type = EVENT_UPDATE },
	{ .type = EVENT_CONFIG, .config = &config },
	{ .type = EVENT_CONFIG, .config = &no_file },
};

enum {
	BY_TIME = ARRAY_SIZE(events),
	BY_POWER_CUT,
	BY_POWER_CUT_AFTER_RECORD,
	BY_KILL,
	BY_KILL_AFTER_RECORD,
	BY_STOP,		/* and a start, without a boot or with one */
	BY_STOP_AND_BOOT,
	BY_ROOT,
};

struct end {
	const char *name;
	bool record;		/* what is being written lands */
	bool stop;		/* the machine is told */
	bool boot;		/* boot time begins again */
};

static const struct end ends[] = {
	[BY_POWER_CUT - BY_POWER_CUT] = { "a power cut", .boot = true },
	[BY_POWER_CUT_AFTER_RECORD - BY_POWER_CUT] = { "a power cut after a record",
						       .record = true, .boot = true },
	[BY_KILL - BY_POWER_CUT] = { "a kill" },
	[BY_KILL_AFTER_RECORD - BY_POWER_CUT] = { "a kill after a record", .record = true },
	[BY_STOP - BY_POWER_CUT] = { "a restart of m2md", .record = true, .stop = true },
	[BY_STOP_AND_BOOT - BY_POWER_CUT] = { "a reboot", .record = true, .stop = true,
					      .boot = true },
};

static const char *by_name(uint8_t by)
{
	if (by < ARRAY_SIZE(events))
		return event_token(events[by].type);
	if (by >= BY_POWER_CUT && by < BY_ROOT)
		return ends[by - BY_POWER_CUT].name;
	return by == BY_TIME ? "time" : "the beginning";
}

/* What an action does to what is around the machine */
static void act(struct node *node, const struct action *action)
{
	switch (action->type) {
	case ACTION_PIN:
		node->sent = true;
		if (node->wrong)
			node->tries--;
		break;
	case ACTION_RADIO_OFF:
	case ACTION_RADIO_ON:
		node->dark = action->type == ACTION_RADIO_OFF;
		break;
	case ACTION_RECORD:
		machine_save(&node->m, &node->next);
		node->writing = true;
		break;
	default:
		break;
	}
}

static void step(struct node *node, const struct event *event, int64_t ms)
{
	const struct event match = { .type = EVENT_CONFIG,
				     .config = node->unmanaged ? &no_file : &config };
	struct actions actions;

	/* what is configured anew is tried anew */
	if (event->type == EVENT_CONFIG)
		node->vain = 0;
	machine_step(&node->m, event, node->m.last_now + ms, &actions);
	for (unsigned int i = 0; i < actions.count; i++) {
		judge->action(node, &actions.list[i]);
		act(node, &actions.list[i]);
	}
	judge->step(node, &actions);
	/* the shell knows the answer to this one by itself */
	for (unsigned int i = 0; i < actions.count; i++)
		if (actions.list[i].type == ACTION_MATCH)
			step(node, &match, 0);
}

static bool belongs(const struct event *event)
{
	switch (event->type) {
	case EVENT_SIM:
		return part == PART_PIN || event->sim != SIM_WANTS_PIN;
	case EVENT_PDN_END:
	case EVENT_QUOTA:
		return part == PART_CALLS ||
		       (part == PART_SLOTS && event->type == EVENT_PDN_END);
	case EVENT_ANSWERED:
	case EVENT_SILENCE:
		return part == PART_CALLS;
	case EVENT_SETTINGS:
		return event->slot ? part == PART_SLOTS : part == PART_PIN;
	default:
		return true;
	}
}

/* Some events only come when their time has come; false if this one cannot. */
static bool send_event(struct node *node, uint8_t by)
{
	struct event event = events[by];
	int times = 1;

	if (!belongs(&event))
		return false;
	event.card.tries = node->tries;
	switch (event.type) {
	case EVENT_PIN_RESULT:
		if (!node->sent)
			return false;
		node->sent = false;
		event.ok = !node->wrong;
		break;
	case EVENT_RECORDED:
		if (!node->writing)
			return false;
		node->disk = node->next;
		node->writing = false;
		event.record = node->m.record;
		break;
	case EVENT_RECORD_FAILED:
		if (!node->writing)
			return false;
		node->writing = false;
		break;
	case EVENT_QMI_TIMEOUT:
		times = POLICY_DEAF;
		break;
	case EVENT_SETTINGS:
		event.ok = node->m.state == MODEM_WRITING;
		if (event.ok && event.differ & node->m.written) {
			node->vain |= event.differ & node->m.written;
			node->vain_until = node->m.clock + DAY;
		}
		break;
	case EVENT_CONFIG:
		node->unmanaged = event.config == &no_file;
		break;
	case EVENT_RESTARTED:
	case EVENT_GONE:
		node->sent = false;
		break;
	default:
		break;
	}
	while (times--)
		step(node, &event, 0);
	return true;
}

static bool pass_time(struct node *node)
{
	const struct event timer = { .type = EVENT_TIMER, .random = 250 };
	struct view before = node->view;

	for (int i = 0; i < PARTS_MAX; i++) {
		int64_t wait = node->m.due - node->m.clock;

		if (node->m.pdn[0].due - node->m.clock < wait)
			wait = node->m.pdn[0].due - node->m.clock;
		if (wait < 0)
			wait = 0;
		step(node, &timer, wait < POLICY_TICK_MS ? wait : POLICY_TICK_MS);
		timers++;
		look(node);
		if (memcmp(&node->view, &before, sizeof(before)))
			return true;
	}
	return false;
}

/* The process ends, and the next one has what is on disk */
static void end(struct node *node, const struct end *how)
{
	const struct event event = { .type = EVENT_CONFIG,
				     .config = node->unmanaged ? &no_file : &config };
	const struct event stop = { .type = EVENT_SHUTDOWN };
	int64_t now = how->boot ? 0 : node->m.last_now;

	if (how->stop)
		step(node, &stop, 0);
	if (how->record && node->writing)
		node->disk = node->next;
	node->writing = false;
	node->sent = false;
	node->vain = 0;
	/* as the id of the boot tells who reads it */
	node->disk.same_boot = !how->boot;
	machine_init(&node->m, &node->disk, how->boot ? BOOT_NOW : BOOT_NONE, now);
	step(node, &event, 0);
}

/* --- the search --------------------------------------------------------------------- */

static void expand(uint32_t at)
{
	static struct node node;

	for (uint8_t by = 0; by < BY_ROOT; by++) {
		bool new = true;

		node = *(const struct node *)search_at(&search, at);
		node.search.from = at;
		node.search.by = by;
		if (by == BY_TIME)
			new = pass_time(&node);
		else if (by > BY_TIME)
			end(&node, &ends[by - BY_POWER_CUT]);
		else
			new = send_event(&node, by);
		transitions += new;
		if (!new)
			continue;
		look(&node);
		search_add(&search, &node);
	}
}

void ways_search(enum part which, const struct config *wanted, bool wrong,
		 const struct judge *who)
{
	const struct event event = { .type = EVENT_CONFIG, .config = &config };
	static struct node root;

	part = which;
	judge = who;
	config = *wanted;
	no_file = config;
	no_file.managed = false;
	search_begin(&search, sizeof(root), offsetof(struct node, view), sizeof(root.view));
	root.search.by = BY_ROOT;
	root.tries = PIN_TRIES;
	root.wrong = wrong;
	machine_init(&root.m, NULL, BOOT_NONE, 0);
	step(&root, &event, 0);
	look(&root);
	search_add(&search, &root);
	for (uint32_t at = 0; at < search.count; at++)
		expand(at);
	printf("# %u states, %u transitions, %u timers\n", search.count, transitions,
	       timers);
}

void ways_each(void (*ask)(const struct node *node))
{
	for (uint32_t at = 0; at < search.count; at++)
		ask(search_at(&search, at));
}

static void show_way(const struct node *node)
{
	for (int i = 0; i < SEARCH_STEPS; i++) {
		printf("#   %s/%s by %s\n", modem_token(node->m.state),
		       pdn_token(node->m.pdn[0].state), by_name(node->search.by));
		if (node == search_at(&search, node->search.from))
			return;
		node = search_at(&search, node->search.from);
	}
}

void ways_broken(const struct node *node, const char *what)
{
	printf("# %s; reached, backwards:\n", what);
	show_way(node);
	ASSERT_TRUE(false);
}
