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
 * What that leaves out: there is one PDN, of IPv4, with one access point, and one card, or
 * two in two slots. PINs, calls and slots are searched apart. Of a restart the state on disk
 * counts, and not how long ago the boot was: whether a first call is spread or put off stands
 * in no view. No target is asked, no setting but three is written. Liveness is asked with the
 * right PIN alone, and one that is needed is a person's. daemon-random.c and the sites of the
 * other daemon tests have what is left out here.
 */
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/daemon/table.h"
#include "../lib/harness.h"
#include "daemon-site.h"
#include "daemon-ways.h"

static struct config config;
static struct site site;

/* --- safety ------------------------------------------------------------------------- */

static bool is_refused_abroad(const struct machine *m)
{
	return m->registration == REG_ROAMING &&
	       !apn_may_roam(config.roaming, config.pdn[0].apn[0].guessed, m->mcc);
}

static void judge_action(const struct node *node, const struct action *action)
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
			ways_broken(node, "done without being on disk");
		if (now->count > budget_max(budget - 1) &&
		    now->at[now->count - 1 - budget_max(budget - 1)] > m->clock - DAY)
			ways_broken(node, "a budget was exceeded");
	}
	if (action->type == ACTION_WRITE && m->slots.moving && m->pdn[0].up)
		ways_broken(node, "a card was left while a call is up");
	if (action->type == ACTION_WRITE && m->clock < node->vain_until &&
	    m->written & node->vain)
		ways_broken(node, "a setting was written again that no write changes");
	if (action->type == ACTION_PIN) {
		uint8_t fate = pin_fate(&node->disk.pins, m->card.iccid, config.pin);

		if (fate == PIN_FREE || fate == PIN_REJECTED)
			ways_broken(node, "a PIN was sent that is not on disk, or was wrong");
		if (node->tries != PIN_TRIES)
			ways_broken(node, "a PIN was sent with a try used up");
	}
	if (action->type == ACTION_DIAL && machine_is_cut(m))
		ways_broken(node, "dialled without data left");
	if (action->type == ACTION_DIAL && is_refused_abroad(m))
		ways_broken(node, "dialled abroad");
	if (hands_off && (budget || action->type == ACTION_PIN ||
			  action->type == ACTION_DIAL || action->type == ACTION_OPEN ||
			  action->type == ACTION_RADIO_ON || action->type == ACTION_POLL))
		ways_broken(node, "touched while somebody else has it");
	if (!m->managed && (budget || action->type == ACTION_PIN ||
			    action->type == ACTION_DIAL || action->type == ACTION_RADIO_OFF ||
			    (action->type == ACTION_RADIO_ON && !node->dark) ||
			    action->type == ACTION_REATTACH ||
			    action->type == ACTION_SIM_OFF ||
			    action->type == ACTION_HANG_UP_ALL))
		ways_broken(node, "touched without being configured");
}

static void judge_step(const struct node *node, const struct actions *actions)
{
	const struct machine *m = &node->m;
	bool persons = m->state == MODEM_WATCHING || m->state == MODEM_SUSPENDED ||
		       m->state == MODEM_MISSING || !m->managed;

	if (m->loops)
		ways_broken(node, "a step that does not come to rest");
	if (m->state == MODEM_STOPPED)
		return;
	/* however it came up: dialled, adopted, or at home and carried over the border */
	if (m->pdn[0].state == PDN_ONLINE && m->opened && is_refused_abroad(m))
		ways_broken(node, "online abroad");
	if (!actions->count || actions->list[actions->count - 1].type != ACTION_TIMER)
		ways_broken(node, "no timer");
	if (m->due == NEVER && !persons)
		ways_broken(node, "neither a timer nor a person");
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
		ways_broken(node, "a clock that jumps changes something");
	machine_step(&still, &timer, still.last_now + wait_of(&of_still), &of_still);
	machine_step(&jumped, &timer, jumped.last_now + wait_of(&of_jumped), &of_jumped);
	if (!is_same_step(&still, &jumped, &of_still, &of_jumped))
		ways_broken(node, "after a clock's jump something comes at another time");
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
		ways_broken(node, "it rests where it is decided where to");
	if (modem.cause.kind == CAUSE_NONE && m->state != MODEM_REGISTERED)
		ways_broken(node, "a modem that is not online, and no cause");
	if (wants_cause(m) && pdn.cause.kind == CAUSE_NONE)
		ways_broken(node, "a PDN that is not online, and no cause");
	if (m->pdn[0].state == PDN_WAITING &&
	    (pdn.cause.kind == CAUSE_BOOT_SPREAD || pdn.cause.kind == CAUSE_ROAMING ||
	     pdn.cause.kind == CAUSE_QUOTA))
		ways_broken(node, "a PDN waits, and what is said was before");
	if (!*modem.next || !*pdn.next)
		ways_broken(node, "nobody says what comes next");
	if ((modem.next_ms == NEVER) != !strcmp(modem.next, "person"))
		ways_broken(node, "a person is waited for, or a time, and the other is said");
}

/* --- liveness ----------------------------------------------------------------------- */

/* Only a person can help, and the machine says so. */
static bool waits_for_person(void)
{
	return site.m.state == MODEM_PIN_NEEDED || site.m.state == MODEM_PUK_NEEDED;
}

static void expect_online(const struct node *node)
{
	int64_t left = view_wait_left(&node->m);

	site_init(&site, 1);
	site.config = config;
	site.m = node->m;
	site.disk = node->disk;
	site.now = node->m.last_now;
	site.timer_at = site.now;
	site.tries = node->tries;
	site.revision = 1;
	snprintf(site.iccid, sizeof(site.iccid), "1");
	if (config.order_count) {
		site_cards(&site, 2);
		site.active = node->m.slots.active ? node->m.slots.active : 1;
	}
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
		ways_broken(node, site.why_broken);
	if (!site_is_online(&site) && !waits_for_person()) {
		struct why why = machine_why_pdn(&site.m, 0, site.now);

		printf("# %s, %s\n", why.state, cause_token(&why.cause).s);
		ways_broken(node, "not online after two hours in which all was well");
	}
}

/* --- all of it ---------------------------------------------------------------------- */

static const struct judge judge = { .action = judge_action, .step = judge_step };

static void search(enum part part, bool wrong, enum roaming roaming)
{
	site_init(&site, 1);
	config = site.config;
	config.pin = 1234;
	config.roaming = roaming;
	config.port_power = true;
	config.host_reboot = true;
	ways_search(part, &config, wrong, &judge);
}

/* What is true of each state by itself */
static void expect_sound(const struct node *node)
{
	expect_explained(node);
	expect_no_jump(node, 56 * 365 * DAY);
	expect_no_jump(node, -HOUR);
}

static void search_slots(void)
{
	site_init(&site, 1);
	config = site.config;
	config.order_count = 2;
	config.order[0] = 1;
	config.order[1] = 2;
	ways_search(PART_SLOTS, &config, false, &judge);
}

static void expect_try_left(const struct node *node)
{
	ASSERT_LE(PIN_TRIES - 1, node->tries);
}

TEST_TIMEOUT(every_way_of_calls, 600)
{
	search(PART_CALLS, false, ROAMING_AUTO);
	ways_each(expect_sound);
	ways_each(expect_online);
}

TEST_TIMEOUT(every_way_at_home_only, 600)
{
	search(PART_CALLS, false, ROAMING_HOME);
	ways_each(expect_sound);
	ways_each(expect_online);
}

TEST_TIMEOUT(every_way_with_the_right_pin, 600)
{
	search(PART_PIN, false, ROAMING_AUTO);
	ways_each(expect_sound);
	ways_each(expect_online);
}

TEST_TIMEOUT(every_way_with_a_wrong_pin, 600)
{
	search(PART_PIN, true, ROAMING_AUTO);
	ways_each(expect_sound);
	ways_each(expect_try_left);
}

TEST_TIMEOUT(every_way_of_two_slots, 600)
{
	search_slots();
	ways_each(expect_sound);
	ways_each(expect_online);
}

TEST_HARNESS_MAIN
