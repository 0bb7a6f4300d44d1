// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * m2md's machine, every way there is: from each state that can be reached, each event
 * that can come, and each power cut.
 *
 * Time, counts and back-off make the true states too many. So states that agree in
 * struct view (what the rows look at, with times and counts in classes) are one, and the
 * first that was found stands for it. Time passes until the view changes. Each transition
 * is judged (safety), and from each state a site in which all is well has to come online
 * within two hours, or when the network's own timer ends (liveness).
 *
 * What that leaves out: there is one PDN, of IPv4, with one access point, and one card.
 * PINs and calls are searched apart. Of a restart the state on disk counts, and not how
 * long ago the boot was: whether a first call is spread or put off stands in no view. No
 * target is asked, no setting but two is written. Liveness is asked with the right PIN
 * alone, and one that is needed is a person's. daemon-random.c and the sites of the other
 * daemon tests have what is left out here.
 */
#include <kselftest_harness.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../tools/daemon/table.h"
#include "../lib/harness.h"
#include "daemon-site.h"

#define NODES_MAX	200000
#define HASH_SIZE	(1 << 18)
#define PARTS_MAX	600	/* timers until the view has to have changed */

/* The two halves of the machine meet in few places: each is searched by itself. */
enum part {
	PART_PIN,		/* with a card that wants one, and settings to write */
	PART_CALLS,		/* with a card that wants none; ladder and budgets */
};

/* What stands for a state */
struct view {
	uint8_t modem, pdn;
	uint8_t sim, radio, registration, timeouts;
	bool present, ready, opened, in_use;
	bool settled, fresh, doubted, recording, sent;
	uint8_t tries, fate, disk_fate, pin_cause, rung;
	uint8_t fault, since, due_rung, exhausted, differ, futile, vain;
	uint8_t cause;
	bool adopt, online_long, silent, reattach, armed, cut, long_wait, unmanaged;
};

struct node {
	struct machine m;
	struct saved disk;	/* what is there */
	struct saved next;	/* what is being written */
	uint8_t tries;		/* of the card, truly */
	bool writing, sent, wrong;
	bool unmanaged;		/* the configuration has no file for it */
	bool dark;		/* the radio was switched off, and not on since */
	uint32_t vain;		/* settings that a write left as they were */
	int64_t vain_until;
	struct view view;
	uint32_t from;		/* how it was reached */
	uint8_t by;
};

static struct node *nodes;
static unsigned int node_count, *hash;
static unsigned int transitions, timers;
static struct config config, no_file;
static struct site site;
static enum part part;

/* --- views -------------------------------------------------------------------------- */

static uint8_t fate_of(const struct saved *saved, const struct machine *m)
{
	return pin_fate(&saved->pins, m->card.iccid, config.pin);
}

/* Of the modem's resets, and of all that is stronger */
static uint8_t exhausted(const struct machine *m)
{
	uint8_t mask = 0;

	for (int i = 0; i < BUDGET_MODEM_WRITE; i++)
		if (budget_next(&m->saved.strikes[i], i, m->clock) > m->clock)
			mask |= i == BUDGET_MODEM_RESET ? 1 : 2;
	return mask;
}

static uint8_t since_class(const struct machine *m)
{
	int64_t since = m->clock - m->ladder.since;

	return !m->ladder.group ? 0 : since < HOUR ? 1 : since < 6 * HOUR ? 2 : 3;
}

/* The values that rows tell apart */
static uint8_t sim_class(uint8_t sim)
{
	return sim == SIM_INITIALISING ? SIM_UNKNOWN : sim;
}

/* Facts count where they decide: elsewhere they are told anew before they do. */
static void look_at_modem(struct view *view, const struct machine *m)
{
	view->modem = m->state;
	view->present = m->present;
	view->ready = m->ready;
	view->opened = m->opened;
	view->in_use = m->state == MODEM_REOPENING && m->in_use;
	view->timeouts = m->timeouts >= POLICY_DEAF;
	view->recording = m->record > m->recorded &&
			  (m->state == MODEM_PIN_RECORDING ||
			   m->state == MODEM_WRITE_RECORDING ||
			   m->state == MODEM_RESET_RECORDING);
	view->unmanaged = !m->managed;
	if (!m->opened)
		return;
	view->sim = sim_class(m->sim);
	if (part == PART_PIN || m->sim != SIM_READY)
		return;
	view->radio = m->radio == RADIO_ON ? RADIO_UNKNOWN : m->radio;
	view->registration = m->registration < REG_DENIED ? REG_UNKNOWN : m->registration;
}

static void look_at_pin(struct view *view, const struct node *node)
{
	const struct machine *m = &node->m;

	view->settled = m->sim == SIM_WANTS_PIN && m->card.settled;
	view->fresh = m->card.fresh;
	view->doubted = m->doubted && m->sim != SIM_READY;
	view->sent = node->sent;
	view->tries = node->tries;
	view->fate = fate_of(&m->saved, m);
	view->disk_fate = fate_of(&node->disk, m);
	view->pin_cause = m->state == MODEM_PIN_NEEDED ? m->pin_cause : 0;
	if (m->state == MODEM_WRITING) {
		view->differ = m->written;
		view->radio = m->radio == RADIO_ON;
	}
	if (!m->managed)
		return;
	if (modem_rests(m->state)) {
		view->differ = m->differ;
		view->futile = m->differ & ~modem_to_write(m);
	}
	if (m->clock < node->vain_until &&
	    (modem_rests(m->state) || m->state == MODEM_WRITE_RECORDING))
		view->vain = node->vain & m->differ;
}

static uint8_t class_of(const struct pdn *pdn)
{
	switch (cause_class(&pdn->cause)) {
	case CLASS_NONE:
		return 0;
	case CLASS_PERMANENT:
		return 1;
	case CLASS_WAIT:
		return 2;
	default:
		return 3;
	}
}

/* Until the access point may be called: of the network, of back-off */
static int64_t wait_left(const struct machine *m)
{
	return m->pdn[0].line[0].backoff.until - m->clock;
}

static void look_at_calls(struct view *view, const struct machine *m)
{
	const struct pdn *pdn = &m->pdn[0];

	view->pdn = pdn->state;
	view->cut = pdn->state != PDN_IDLE && machine_is_cut(m);
	view->adopt = pdn->state == PDN_IDLE && pdn->adopt;
	view->reattach = pdn->state == PDN_WAITING && pdn->reattach;
	view->long_wait = pdn->state == PDN_WAITING && wait_left(m) > 2 * HOUR;
	if (pdn->state == PDN_ONLINE) {
		view->online_long = pdn->settled;
		view->silent = pdn->silent;
		view->armed = pdn->health.armed[HEALTH_PASSIVE];
	} else if (m->state == MODEM_REGISTERED) {
		view->cause = class_of(pdn);
	}
	/* nobody climbs for a modem that is nobody's */
	if (!m->managed)
		return;
	view->rung = m->rung;
	view->fault = m->ladder.group;
	view->since = since_class(m);
	view->exhausted = m->ladder.group ? exhausted(m) : 0;
}

static void look(struct node *node)
{
	/* padding counts as well when views are compared */
	memset(&node->view, 0, sizeof(node->view));
	look_at_modem(&node->view, &node->m);
	if (part == PART_PIN)
		look_at_pin(&node->view, node);
	else
		look_at_calls(&node->view, &node->m);
}

static unsigned int *find(const struct view *view)
{
	const uint8_t *bytes = (const uint8_t *)view;
	uint64_t key = 0xcbf29ce484222325ULL;
	unsigned int at;

	for (size_t i = 0; i < sizeof(*view); i++)
		key = (key ^ bytes[i]) * 0x100000001b3ULL;
	for (at = (key ^ key >> 32) % HASH_SIZE; hash[at]; at = (at + 1) % HASH_SIZE)
		if (!memcmp(&nodes[hash[at] - 1].view, view, sizeof(*view)))
			break;
	return &hash[at];
}

static const char *by_name(uint8_t by);

static void show_way(const struct node *node)
{
	for (int i = 0; i < 40; i++) {
		printf("#   %s/%s by %s\n", modem_token(node->m.state),
		       pdn_token(node->m.pdn[0].state), by_name(node->by));
		if (node == &nodes[node->from])
			return;
		node = &nodes[node->from];
	}
}

static void broken(const struct node *node, const char *what)
{
	printf("# %s; reached, backwards:\n", what);
	show_way(node);
	ASSERT_TRUE(false);
}

/* --- safety ------------------------------------------------------------------------- */

static bool is_refused_abroad(const struct machine *m)
{
	return m->registration == REG_ROAMING &&
	       !apn_may_roam(config.roaming, config.pdn[0].apn[0].guessed, m->mcc);
}

static void judge_action(struct node *node, const struct action *action)
{
	static const uint8_t budgets[ACTIONS] = {
		[ACTION_RESET_MODEM] = 1 + BUDGET_MODEM_RESET,
		[ACTION_RESET_USB] = 1 + BUDGET_USB_RESET,
		[ACTION_PORT_POWER] = 1 + BUDGET_PORT_POWER,
		[ACTION_REBOOT] = 1 + BUDGET_HOST_REBOOT,
		[ACTION_WRITE] = 1 + BUDGET_MODEM_WRITE,
	};
	const struct machine *m = &node->m;
	uint8_t budget = budgets[action->type];
	bool hands_off = m->state == MODEM_HELD || m->state == MODEM_UPDATING;

	if (budget) {
		const struct strikes *now = &m->saved.strikes[budget - 1];
		const struct strikes *disk = &node->disk.strikes[budget - 1];

		if (disk->count != now->count)
			broken(node, "done without being on disk");
		if (now->count > budget_max(budget - 1) &&
		    now->at[now->count - 1 - budget_max(budget - 1)] > m->clock - DAY)
			broken(node, "a budget was exceeded");
	}
	if (action->type == ACTION_WRITE && m->clock < node->vain_until &&
	    m->written & node->vain)
		broken(node, "a setting was written again that no write changes");
	if (action->type == ACTION_PIN) {
		uint8_t fate = fate_of(&node->disk, m);

		if (fate == PIN_FREE || fate == PIN_REJECTED)
			broken(node, "a PIN was sent that is not on disk, or was wrong");
		if (node->tries != PIN_TRIES)
			broken(node, "a PIN was sent with a try used up");
		node->sent = true;
		if (node->wrong)
			node->tries--;
	}
	if (action->type == ACTION_DIAL && machine_is_cut(m))
		broken(node, "dialled without data left");
	if (action->type == ACTION_DIAL && is_refused_abroad(m))
		broken(node, "dialled abroad");
	if (hands_off && (budget || action->type == ACTION_PIN ||
			  action->type == ACTION_DIAL || action->type == ACTION_OPEN ||
			  action->type == ACTION_RADIO_ON || action->type == ACTION_POLL))
		broken(node, "touched while somebody else has it");
	if (!m->managed && (budget || action->type == ACTION_PIN ||
			    action->type == ACTION_DIAL || action->type == ACTION_RADIO_OFF ||
			    (action->type == ACTION_RADIO_ON && !node->dark) ||
			    action->type == ACTION_REATTACH ||
			    action->type == ACTION_SIM_OFF ||
			    action->type == ACTION_HANG_UP_ALL))
		broken(node, "touched without being configured");
	if (action->type == ACTION_RADIO_OFF || action->type == ACTION_RADIO_ON)
		node->dark = action->type == ACTION_RADIO_OFF;
}

static void judge(struct node *node, const struct actions *actions)
{
	const struct machine *m = &node->m;
	bool persons = m->state == MODEM_WATCHING || m->state == MODEM_SUSPENDED ||
		       m->state == MODEM_MISSING || !m->managed;

	if (m->loops)
		broken(node, "a step that does not come to rest");
	for (unsigned int i = 0; i < actions->count; i++) {
		judge_action(node, &actions->list[i]);
		if (actions->list[i].type == ACTION_RECORD) {
			machine_save(m, &node->next);
			node->writing = true;
		}
	}
	if (m->state == MODEM_STOPPED)
		return;
	/* however it came up: dialled, adopted, or at home and carried over the border */
	if (m->pdn[0].state == PDN_ONLINE && m->opened && is_refused_abroad(m))
		broken(node, "online abroad");
	if (!actions->count || actions->list[actions->count - 1].type != ACTION_TIMER)
		broken(node, "no timer");
	if (m->due == NEVER && !persons)
		broken(node, "neither a timer nor a person");
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
	judge(node, &actions);
	/* the shell knows the answer to this one by itself */
	for (unsigned int i = 0; i < actions.count; i++)
		if (actions.list[i].type == ACTION_MATCH)
			step(node, &match, 0);
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

static bool belongs(const struct event *event)
{
	switch (event->type) {
	case EVENT_SIM:
		return part == PART_PIN || event->sim != SIM_WANTS_PIN;
	case EVENT_PDN_END:
	case EVENT_QUOTA:
	case EVENT_ANSWERED:
	case EVENT_SILENCE:
		return part == PART_CALLS;
	case EVENT_SETTINGS:
		return part == PART_PIN;
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

static void add(const struct node *node, uint32_t from, uint8_t by)
{
	unsigned int *slot = find(&node->view);

	if (*slot)
		return;
	if (node_count == NODES_MAX)
		printf("# at %u\n", (unsigned int)(from));
	ASSERT_LT(node_count, NODES_MAX);
	nodes[node_count] = *node;
	nodes[node_count].from = from;
	nodes[node_count].by = by;
	*slot = ++node_count;
}

static void expand(uint32_t at)
{
	static struct node node;

	for (uint8_t by = 0; by < BY_ROOT; by++) {
		bool new = true;

		node = nodes[at];
		node.from = at;
		node.by = by;
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
		add(&node, at, by);
	}
}

static void search(enum part which, bool wrong, enum roaming roaming)
{
	static struct node root;
	const struct event event = { .type = EVENT_CONFIG, .config = &config };

	part = which;
	site_init(&site, 1);
	config = site.config;
	config.pin = 1234;
	config.roaming = roaming;
	config.port_power = true;
	config.host_reboot = true;
	no_file = config;
	no_file.managed = false;
	memset(&root, 0, sizeof(root));
	root.tries = PIN_TRIES;
	root.wrong = wrong;
	machine_init(&root.m, NULL, BOOT_NONE, 0);
	step(&root, &event, 0);
	look(&root);
	nodes = calloc(NODES_MAX, sizeof(*nodes));
	hash = calloc(HASH_SIZE, sizeof(*hash));
	ASSERT_TRUE(nodes && hash);
	add(&root, 0, BY_ROOT);
	for (uint32_t at = 0; at < node_count; at++)
		expand(at);
	printf("# %u states, %u transitions, %u timers\n", node_count, transitions,
	       timers);
}

/* --- clocks ------------------------------------------------------------------------- */

static int64_t wait_of(const struct actions *actions)
{
	return actions->count ? actions->list[actions->count - 1].ms : 0;
}

static bool is_same_step(const struct machine *a, const struct machine *b,
			 const struct actions *of_a, const struct actions *of_b)
{
	if (a->state != b->state || a->pdn[0].state != b->pdn[0].state ||
	    a->clock != b->clock || a->due != b->due || a->pdn[0].due != b->pdn[0].due ||
	    memcmp(a->saved.strikes, b->saved.strikes, sizeof(a->saved.strikes)) ||
	    of_a->count != of_b->count)
		return false;
	for (unsigned int i = 0; i < of_a->count; i++)
		if (of_a->list[i].type != of_b->list[i].type ||
		    of_a->list[i].ms != of_b->list[i].ms)
			return false;
	return true;
}

/*
 * A clock that jumps is no time at all: what is done then is what would be done in the
 * same moment, and what comes next comes as long after it.
 */
static void expect_no_jump(const struct node *node, int64_t jump)
{
	const struct event timer = { .type = EVENT_TIMER, .random = 250 };
	static struct machine still, jumped;
	struct actions of_still, of_jumped;

	still = node->m;
	jumped = node->m;
	machine_step(&still, &timer, still.last_now, &of_still);
	machine_step(&jumped, &timer, jumped.last_now + jump, &of_jumped);
	if (!is_same_step(&still, &jumped, &of_still, &of_jumped))
		broken(node, "a clock that jumps changes something");
	machine_step(&still, &timer, still.last_now + wait_of(&of_still), &of_still);
	machine_step(&jumped, &timer, jumped.last_now + wait_of(&of_jumped), &of_jumped);
	if (!is_same_step(&still, &jumped, &of_still, &of_jumped))
		broken(node, "after a clock's jump something comes at another time");
}

/* --- what is shown ------------------------------------------------------------------ */

/* Is there something to say for it that none but a site that is well may leave out */
static bool wants_cause(const struct machine *m)
{
	switch (m->pdn[0].state) {
	case PDN_WAITING:
	case PDN_REFUSED:
	case PDN_NO_APN:
	case PDN_SPREAD:
		return true;
	case PDN_IDLE:
		return m->state != MODEM_REGISTERED;
	default:
		return false;
	}
}

static void expect_explained(const struct node *node)
{
	const struct machine *m = &node->m;
	struct why modem = machine_why(m, m->last_now);
	struct why pdn = machine_why_pdn(m, 0, m->last_now);

	if (m->state == MODEM_ROUTE || m->pdn[0].state == PDN_ROUTE)
		broken(node, "it rests where it is decided where to");
	if (modem.cause.kind == CAUSE_NONE && m->state != MODEM_REGISTERED)
		broken(node, "a modem that is not online, and no cause");
	if (wants_cause(m) && pdn.cause.kind == CAUSE_NONE)
		broken(node, "a PDN that is not online, and no cause");
	if (m->pdn[0].state == PDN_WAITING &&
	    (pdn.cause.kind == CAUSE_BOOT_SPREAD || pdn.cause.kind == CAUSE_ROAMING ||
	     pdn.cause.kind == CAUSE_QUOTA))
		broken(node, "a PDN waits, and what is said was before");
	if (!*modem.next || !*pdn.next)
		broken(node, "nobody says what comes next");
	if ((modem.next_ms == NEVER) != !strcmp(modem.next, "person"))
		broken(node, "a person is waited for, or a time, and the other is said");
}

/* --- liveness ----------------------------------------------------------------------- */

/* Only a person can help, and the machine says so. */
static bool waits_for_person(void)
{
	return site.m.state == MODEM_PIN_NEEDED || site.m.state == MODEM_PUK_NEEDED;
}

static void expect_online(const struct node *node)
{
	int64_t left = wait_left(&node->m);

	site_init(&site, 1);
	site.config = config;
	site.m = node->m;
	site.disk = node->disk;
	site.now = node->m.last_now;
	site.timer_at = site.now;
	site.tries = node->tries;
	site.revision = 1;
	snprintf(site.iccid, sizeof(site.iccid), "1");
	if (node->m.sim == SIM_WANTS_PIN || node->m.state == MODEM_PIN_NEEDED)
		site.card_pin = node->wrong ? 9999 : 1234;
	/* the modem is there, and the driver has told what it knows */
	if (node->m.present) {
		site.plugged = true;
		site.up = true;
		site.radio_on = true;
		if (!node->m.ready)
			site_happens(&site, EVENT_READY);
	} else {
		site_plug(&site);
	}
	if (site.m.state == MODEM_SUSPENDED)
		site_happens(&site, EVENT_RESUMED);
	if (node->unmanaged)
		site_config(&site);
	site.registered = true;
	/* the network's own timer may be the longer one */
	site_run(&site, left > 2 * HOUR ? left + 5 * MINUTE : 2 * HOUR);
	if (site.broken)
		broken(node, site.why_broken);
	if (!site_is_online(&site) && !waits_for_person()) {
		struct why why = machine_why_pdn(&site.m, 0, site.now);

		printf("# %s, %s\n", why.state, cause_token(&why.cause).s);
		broken(node, "not online after two hours in which all was well");
	}
}

/* What is true of each state by itself */
static void expect_sound_states(void)
{
	for (unsigned int i = 0; i < node_count; i++) {
		expect_explained(&nodes[i]);
		expect_no_jump(&nodes[i], 56 * 365 * DAY);
		expect_no_jump(&nodes[i], -HOUR);
	}
}

TEST_TIMEOUT(every_way_of_calls, 600)
{
	search(PART_CALLS, false, ROAMING_AUTO);
	expect_sound_states();
	for (unsigned int i = 0; i < node_count; i++)
		expect_online(&nodes[i]);
}

TEST_TIMEOUT(every_way_at_home_only, 600)
{
	search(PART_CALLS, false, ROAMING_HOME);
	expect_sound_states();
	for (unsigned int i = 0; i < node_count; i++)
		expect_online(&nodes[i]);
}

TEST_TIMEOUT(every_way_with_the_right_pin, 600)
{
	search(PART_PIN, false, ROAMING_AUTO);
	expect_sound_states();
	for (unsigned int i = 0; i < node_count; i++)
		expect_online(&nodes[i]);
}

TEST_TIMEOUT(every_way_with_a_wrong_pin, 600)
{
	search(PART_PIN, true, ROAMING_AUTO);
	expect_sound_states();
	for (unsigned int i = 0; i < node_count; i++)
		ASSERT_LE(PIN_TRIES - 1, nodes[i].tries);
}

TEST_HARNESS_MAIN
