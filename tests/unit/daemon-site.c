// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the site: what a modem, a card, a network and a disk answer. */
#include <stdio.h>
#include <string.h>

#include "../lib/harness.h"
#include "daemon-cards.h"
#include "daemon-judge.h"
#include "daemon-network.h"

#define ASK_MS		100	/* a request */
#define TIMEOUT_MS	(10 * SECOND)
#define RECORD_MS	50
#define LATER		0xff	/* the registration that will be true then */

uint32_t site_random(struct site *site)
{
	/* xorshift32: no quality needed, but the same on each machine */
	site->random ^= site->random << 13;
	site->random ^= site->random >> 17;
	site->random ^= site->random << 5;
	return site->random;
}

/* --- what comes --------------------------------------------------------------------- */

void site_queue(struct site *site, int64_t ms, struct event event, bool firmware)
{
	if (site->queued == SITE_QUEUE) {
		judge_broken(site, "more is under way than a site can hold");
		return;
	}
	site->queue[site->queued++] = (struct site_event){
		.at = site->now + ms, .firmware = firmware, .life = site->life,
		.plug = site->plug, .event = event,
	};
}

unsigned int site_count(const struct site *site, const struct site_log *log, int64_t ms)
{
	unsigned int in = 0, n = log->count < SITE_LOG ? log->count : SITE_LOG;

	for (unsigned int i = 0; i < n; i++)
		in += log->at[i] > site->now - ms;
	return in;
}

/* --- what the modem says of itself -------------------------------------------------- */

static uint8_t card_state(const struct site *site)
{
	if (site->sim == SIM_READY && site->card_pin && !site->verified)
		return site->tries ? SIM_WANTS_PIN : SIM_WANTS_PUK;
	return site->sim;
}

static void tell_sim(struct site *site, int64_t ms)
{
	struct event event = {
		.type = EVENT_SIM, .sim = card_state(site), .mcc = 262,
		.fixed = site->fixed,
		.card = { .settled = true,
			  .tries = site->tries_told ? site->tries_told : site->tries },
	};

	if (site->hides_card && !site->radio_on)
		event.sim = SIM_ABSENT;
	if (event.sim != SIM_ABSENT)
		snprintf(event.card.iccid, sizeof(event.card.iccid), "%s", site->iccid);
	site_queue(site, ms, event, true);
}

static void tell_radio(struct site *site, int64_t ms)
{
	struct event event = { .type = EVENT_RADIO,
			       .radio = site->radio_on ? RADIO_ON : RADIO_OFF };

	if (site->offline)
		event.radio = RADIO_OFFLINE;
	site_queue(site, ms, event, true);
}

static void tell_registration(struct site *site, int64_t ms)
{
	struct event event = { .type = EVENT_REGISTRATION,
			       .registration = REG_SEARCHING };

	if (site->registered)
		event.registration = site->reg;
	if (event.registration == REG_DENIED)
		event.number = site->reject;
	site_queue(site, ms, event, true);
}

static void tell_all(struct site *site, int64_t ms)
{
	struct event settings = { .type = EVENT_SETTINGS, .differ = site->differ,
				  .slot = site->active, .slots = site->slots };

	/* first of all: they may say that the card is the wrong one */
	site_queue(site, ms, settings, true);
	tell_sim(site, ms);
	tell_radio(site, ms);
	tell_registration(site, ms);
}

/* It looks for a network as soon as it can. */
static void seek(struct site *site)
{
	struct event event = { .type = EVENT_REGISTRATION, .registration = LATER };

	site->registered = false;
	site_queue(site, site->register_ms, event, true);
}

static void life_begins(struct site *site)
{
	site->life++;
	site->up = true;
	site->latched = false;
	site->radio_on = !site->boots_off;
	site->offline = false;
	site->verified = false;
	site->registered = false;
	memset(site->call, 0, sizeof(site->call));
	site->bearer_dead = false;
	seek(site);
}

void site_plug(struct site *site)
{
	if (site->plugged)
		return;
	site->plugged = true;
	site->deaf = site->deaf && site->hard;
	life_begins(site);
	site_queue(site, SECOND, (struct event){ .type = EVENT_ATTACHED }, false);
	site_queue(site, SECOND + site->ready_ms, (struct event){ .type = EVENT_READY }, true);
}

void site_unplug(struct site *site)
{
	if (!site->plugged)
		return;
	site->plugged = false;
	site->up = false;
	site->life++;
	site->plug++;
	memset(site->call, 0, sizeof(site->call));
	site_queue(site, 0, (struct event){ .type = EVENT_GONE }, false);
}

void site_crash(struct site *site)
{
	if (!site->plugged)
		return;
	site->deaf = site->deaf && site->hard;
	life_begins(site);
	site_queue(site, 0, (struct event){ .type = EVENT_RESTARTED }, true);
}

void site_network(struct site *site, enum registration reg, int reject)
{
	site->reg = reg;
	site->reject = reject;
	if (reg < REG_HOME)
		site_drop(site, 3, 2001);
	seek(site);
	tell_registration(site, 0);
}

void site_card(struct site *site, const char *iccid)
{
	site->sim = iccid[0] ? SIM_READY : SIM_ABSENT;
	snprintf(site->iccid, sizeof(site->iccid), "%s", iccid);
	site->verified = false;
	site_drop(site, 2, 218);
	tell_sim(site, 0);
	seek(site);
}

/* --- what is done to it ------------------------------------------------------------- */

static void reset(struct site *site, bool power)
{
	if (power)
		site->hard = false;
	if (site->deaf && site->hard)
		return;
	site->deaf = false;
	if (!site->plugged)
		return;
	site_unplug(site);
	site->plugged = true;
	life_begins(site);
	site_queue(site, 8 * SECOND, (struct event){ .type = EVENT_ATTACHED }, false);
	site_queue(site, 8 * SECOND + site->ready_ms,
		   (struct event){ .type = EVENT_READY }, true);
}

static void check_pin(struct site *site)
{
	struct event result = { .type = EVENT_PIN_RESULT };
	bool right = site->config.pin == site->card_pin;
	const struct pin_record *known = NULL;

	/* pulled just now: what is sent into an empty slot costs no try */
	if (site->sim == SIM_ABSENT)
		return;
	/* another one is in use: who sends it asks which card it is, last of all */
	if (strcmp(site->iccid, site->m.asked.iccid)) {
		site_queue(site, ASK_MS, (struct event){ .type = EVENT_QMI_TIMEOUT }, true);
		return;
	}
	for (int i = 0; i < PIN_RECORDS; i++)
		if (!strcmp(site->disk.pins.records[i].iccid, site->iccid) &&
		    site->disk.pins.records[i].pin == site->config.pin)
			known = &site->disk.pins.records[i];
	if (!known || known->fate == PIN_FREE)
		judge_broken(site, "a PIN was sent that no disk knows of");
	if (known && known->fate == PIN_REJECTED)
		judge_broken(site, "a PIN was sent again that was rejected");
	if (card_state(site) != SIM_WANTS_PIN)
		return;
	site->pins++;
	if (right) {
		site->tries = PIN_TRIES;
		site->verified = true;
	} else {
		site->pins_wrong++;
		site->tries--;
		if (site->tries < PIN_TRIES - 1 && !site->tries_told)
			judge_broken(site, "a card lost a second try");
	}
	result.ok = right;
	site_queue(site, ASK_MS, result, true);
	tell_sim(site, site->sim_ms);
}

static void save(struct site *site)
{
	machine_save(&site->m, &site->disk);
	if (site->through)
		site->through(&site->disk);
}

static void record(struct site *site, const struct action *action)
{
	struct event event = { .type = EVENT_RECORDED, .record = action->record };

	judge_log(site, &site->records);
	if (site_count(site, &site->records, DAY) > POLICY_MAX_WRITES)
		judge_broken(site, "more than a day's writes to disk");
	if (site->disk_fails)
		event.type = EVENT_RECORD_FAILED;
	else
		save(site);
	site_queue(site, RECORD_MS, event, false);
}

static void write_settings(struct site *site)
{
	struct event event = { .type = EVENT_SETTINGS };

	judge_reset(site, BUDGET_MODEM_WRITE);
	if (!site->forgets)
		site->differ &= site->stubborn;
	cards_write(site);
	event.differ = site->differ;
	event.slot = site->active;
	event.slots = site->slots;
	event.ok = true;
	site_queue(site, ASK_MS, event, true);
}

static void ask(struct site *site, const struct action *action)
{
	struct event opened = { .type = EVENT_OPENED, .revision = site->revision };
	struct event adopted = { .type = EVENT_PDN_UP, .pdn = action->pdn,
				 .families = site->call[action->pdn] };
	struct event refused = { .type = EVENT_RADIO, .radio = RADIO_REFUSED };

	if (!site->up)
		return;
	if (site->deaf) {
		site_queue(site, TIMEOUT_MS, (struct event){ .type = EVENT_QMI_TIMEOUT }, true);
		return;
	}
	switch (action->type) {
	case ACTION_OPEN:
		site_queue(site, ASK_MS, opened, true);
		break;
	case ACTION_POLL:
		tell_all(site, ASK_MS);
		break;
	case ACTION_PIN:
		check_pin(site);
		break;
	case ACTION_WRITE:
		write_settings(site);
		break;
	case ACTION_RADIO_ON:
	case ACTION_RADIO_OFF:
		site->radio_on = action->type == ACTION_RADIO_ON && !site->maker_lock &&
				 !site->offline;
		if (site->maker_lock && action->type == ACTION_RADIO_ON)
			site_queue(site, ASK_MS, refused, true);
		if (site->hides_card)
			tell_sim(site, site->sim_ms);
		site->latched = site->latched && site->radio_on;
		site_drop(site, 2, 219);
		seek(site);
		break;
	case ACTION_REATTACH:
		site_drop(site, 3, 1028);
		seek(site);
		break;
	case ACTION_SIM_OFF:
	case ACTION_SIM_ON:
		site->verified = false;
		tell_sim(site, site->sim_ms);
		break;
	case ACTION_ADOPT:
		if (!(site->mute & 1 << action->pdn))
			site_queue(site, ASK_MS, adopted, true);
		break;
	case ACTION_DIAL:
		network_dial(site, action);
		break;
	case ACTION_HANG_UP_ALL:
	case ACTION_HANG_UP:
		network_hang_up(site, action);
		break;
	default:
		break;
	}
}

static void strand(struct site *site)
{
	site->offline = true;
	site->radio_on = false;
	site->registered = false;
}

static void act(struct site *site, const struct action *action)
{
	struct event config = { .type = EVENT_CONFIG, .config = &site->config };

	site->tally[action->type]++;
	judge_hands_off(site, action);
	judge_rung(site, action);
	judge_calm(site, action);
	switch (action->type) {
	case ACTION_RESET_MODEM:
		judge_reset(site, BUDGET_MODEM_RESET);
		if (site->strands)
			strand(site);
		else if (!site->deaf || !site->hard)
			reset(site, false);
		break;
	case ACTION_RESET_USB:
		judge_reset(site, BUDGET_USB_RESET);
		reset(site, false);
		break;
	case ACTION_PORT_POWER:
		judge_reset(site, BUDGET_PORT_POWER);
		reset(site, true);
		break;
	case ACTION_REBOOT:
		judge_reset(site, BUDGET_HOST_REBOOT);
		site->off = true;
		break;
	case ACTION_RECORD:
		record(site, action);
		break;
	case ACTION_MATCH:
		site_queue(site, 10, config, false);
		break;
	case ACTION_SAY:
		site->says++;
		break;
	case ACTION_TIMER:
		site->timer_at = site->now + action->ms;
		site->zero_timers = action->ms ? 0 : site->zero_timers + 1;
		if (site->zero_timers > 20)
			judge_broken(site, "timers that never wait in %s",
				     modem_token(site->m.state));
		break;
	default:
		ask(site, action);
		break;
	}
}

/* --- steps -------------------------------------------------------------------------- */

static void note_online(struct site *site, bool before)
{
	bool online = site_is_online(site);

	if (online && !before)
		site->online_since = site->now;
	if (!online && before)
		site->online_ms += site->now - site->online_since;
}

void site_event(struct site *site, const struct event *event)
{
	struct event copy = *event;
	struct actions actions;
	bool before = site_is_online(site);

	if (site->off)
		return;
	copy.random = site_random(site);
	site->steps++;
	site->steady = judge_steady(site);
	machine_step(&site->m, &copy, site->now + site->clock_skew, &actions);
	judge_step(site, &actions);
	note_online(site, before);
	if (site->watch)
		site->watch(site, &copy);
	for (unsigned int i = 0; i < actions.count; i++)
		act(site, &actions.list[i]);
}

void site_happens(struct site *site, enum event_type type)
{
	site_event(site, &(struct event){ .type = type });
}

void site_config(struct site *site)
{
	site_event(site, &(struct event){ .type = EVENT_CONFIG, .config = &site->config });
}

/* Some things become true only when their time has come. */
static bool comes_true(struct site *site, struct event *event)
{
	if (event->type == EVENT_REGISTRATION && event->registration == LATER) {
		event->registration = REG_SEARCHING;
		if (!site->radio_on || card_state(site) != SIM_READY)
			return true;
		site->registered = site->reg >= REG_DENIED;
		if (site->registered)
			event->registration = site->reg;
		event->number = site->reg == REG_DENIED ? site->reject : 0;
	}
	return network_comes_true(site, event);
}

/* A card that becomes ready lets the modem look for its network. */
static void follow(struct site *site, const struct event *event)
{
	if (event->type == EVENT_SIM && event->sim == SIM_READY && !site->registered)
		seek(site);
}

static void deliver(struct site *site, unsigned int index)
{
	struct site_event next = site->queue[index];

	memmove(site->queue + index, site->queue + index + 1,
		(site->queued - index - 1) * sizeof(site->queue[0]));
	site->queued--;
	if (next.firmware && (next.life != site->life || !site->up))
		return;
	/* it left again before it was there: no driver tells of that */
	if (next.event.type == EVENT_ATTACHED && next.plug != site->plug)
		return;
	if (!comes_true(site, &next.event))
		return;
	site_event(site, &next.event);
	if (next.event.type == EVENT_OPENED)
		tell_all(site, ASK_MS);
	follow(site, &next.event);
}

void site_run_until(struct site *site, int64_t at)
{
	while (!site->broken) {
		unsigned int first = 0;
		int64_t due;

		if (site->off)
			site_start(site, BOOT_NOW);
		due = site->m.state == MODEM_STOPPED ? NEVER : site->timer_at;

		for (unsigned int i = 1; i < site->queued; i++)
			if (site->queue[i].at < site->queue[first].at)
				first = i;
		if (site->queued && site->queue[first].at <= due) {
			if (site->queue[first].at > at)
				break;
			if (site->queue[first].at > site->now)
				site->now = site->queue[first].at;
			deliver(site, first);
			continue;
		}
		if (due > at)
			break;
		site->now = due > site->now ? due : site->now;
		site_happens(site, EVENT_TIMER);
	}
	site->now = at;
}

void site_run(struct site *site, int64_t ms)
{
	site_run_until(site, site->now + ms);
}

bool site_is_online(const struct site *site)
{
	return !site->off && machine_online(&site->m);
}

bool site_is_whole(const struct site *site)
{
	for (unsigned int i = 0; i < site->m.pdn_count; i++)
		if (site->m.pdn[i].state != PDN_ONLINE)
			return false;
	return !site->off && site->m.pdn_count;
}

/* --- the host ----------------------------------------------------------------------- */

void site_start(struct site *site, enum boot boot)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < site->queued; i++)
		if (site->queue[i].firmware)
			site->queue[kept++] = site->queue[i];
	site->queued = kept;
	site->off = false;
	machine_init(&site->m, boot != BOOT_NONE ? &site->disk : &site->run, boot,
		     site->now + site->clock_skew);
	site->timer_at = site->now;
	site_config(site);
	if (!site->plugged)
		return;
	site_queue(site, 0, (struct event){ .type = EVENT_ATTACHED }, false);
	site_queue(site, ASK_MS, (struct event){ .type = EVENT_READY }, false);
}

void site_kill(struct site *site)
{
	bool before = site_is_online(site);

	machine_save(&site->m, &site->run);
	site->off = true;
	note_online(site, before);
	site_start(site, BOOT_NONE);
}

void site_power_cut(struct site *site, bool record)
{
	bool before = site_is_online(site);

	if (record)
		save(site);
	site->off = true;
	note_online(site, before);
	site_start(site, BOOT_NOW);
}

void site_init(struct site *site, uint32_t seed)
{
	memset(site, 0, sizeof(*site));
	site->random = seed * 2654435761U + 88172645U;
	if (!site->random)
		site->random = 1;
	site->ready_ms = 4 * SECOND;
	site->register_ms = 8 * SECOND;
	site->sim_ms = 3 * SECOND;
	site->revision = 1;
	site->sim = SIM_READY;
	snprintf(site->iccid, sizeof(site->iccid), "89490200001234567890");
	site->tries = PIN_TRIES;
	site->reg = REG_HOME;
	site->allows = FAMILY_BOTH;
	site->end = (struct cause){ CAUSE_CALL_END, 6, 38 };
	site->config = (struct config){
		.managed = true,
		.redial = true,
		.rungs = ladder_rungs(RUNG_HOST_REBOOT),
		.max_resets = RESETS_MAX,
		.spread_ms = MINUTE,
		.pdn_count = 1,
		.pdn = { { .families = FAMILY_V4, .apn_count = 1,
			   .apn = { { .key = 4711, .source = APN_CONFIGURED } } } },
	};
}

void site_begin(struct site *site)
{
	site_init(site, 1);
	site_plug(site);
	site_start(site, BOOT_NONE);
}

void site_go_online(struct site *site)
{
	site_begin(site);
	site_run(site, 15 * MINUTE);
	ASSERT_TRUE(site_is_online(site));
}

uint64_t site_resets(const struct site *site)
{
	return site->tally[ACTION_RESET_MODEM] + site->tally[ACTION_RESET_USB] +
	       site->tally[ACTION_PORT_POWER] + site->tally[ACTION_REBOOT];
}

struct word site_cause(const struct site *site)
{
	struct why why = machine_why_pdn(&site->m, 0, site->now);

	return cause_token(&why.cause);
}
