// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns a modem's machine: what is wanted of it, its actions done, the log. */
#include <glib.h>
#include <string.h>

#include "../lib/usb-loader.h"
#include "clock.h"
#include "dns.h"
#include "hand.h"
#include "inbox.h"
#include "inherit.h"
#include "managed.h"
#include "plan.h"
#include "policy.h"
#include "rungs.h"
#include "session.h"
#include "state.h"
#include "tell.h"
#include "unit.h"
#include "usage.h"

G_STATIC_ASSERT(PLAN_PDNS_MAX <= PDN_MAX);
G_STATIC_ASSERT(PLAN_ORDER_MAX == SLOTS_MAX);

struct unit {
	struct host *host;
	char path[64];
	char imei[24];		/* "" while unknown or doubtful */
	char model[64];
	char name[64];		/* for the log and the disk */
	struct port port;
	bool has_port;
	unsigned int loader;	/* where it was: its number on the bus, or 0 */
	struct machine machine;
	struct config config;	/* as the machine was told */
	uint64_t passwords[PDN_MAX];	/* as plan_pdn_call() has them */
	const char *apns[PDN_MAX][APN_MAX];	/* in plan and guess */
	struct guess guess;
	struct plan *plan;
	struct session *session;
	struct inbox *inbox;
	struct tell tell;
	bool was_online[PDN_MAX];	/* as hooks were told */
};

const char *unit_name(const struct unit *unit)
{
	return unit->name;
}

const char *unit_imei(const struct unit *unit)
{
	return unit->imei;
}

const char *unit_path(const struct unit *unit)
{
	return unit->path;
}

struct tell *unit_tell(struct unit *unit)
{
	return &unit->tell;
}

const struct machine *unit_machine(const struct unit *unit)
{
	return &unit->machine;
}

bool unit_is_present(const struct unit *unit)
{
	return unit->machine.present;
}

struct plan *unit_plan(const struct unit *unit)
{
	return unit->plan;
}

const struct plan_pdn *unit_plan_pdn(const struct unit *unit, unsigned int pdn)
{
	return pdn < unit->plan->n_pdns ? &unit->plan->pdns[pdn] : NULL;
}

struct dns *unit_dns(const struct unit *unit)
{
	return unit->host->dns;
}

struct state *unit_state(const struct unit *unit)
{
	return unit->host->state;
}

struct hand *unit_hand(const struct unit *unit)
{
	return unit->host->hand;
}

const char *unit_apn(const struct unit *unit, unsigned int pdn, unsigned int apn)
{
	return pdn < PDN_MAX && apn < APN_MAX ? unit->apns[pdn][apn] : NULL;
}

const struct apn_found *unit_login(const struct unit *unit, const char *apn)
{
	return guess_login(&unit->guess, apn);
}

struct pulse unit_pulse(const struct unit *unit)
{
	return inbox_pulse(unit->inbox);
}

/* --- what is wanted --------------------------------------------------------- */

uint64_t unit_pin_key(const struct unit *unit, const char *pin)
{
	return apn_key(unit->machine.card.iccid, pin);
}

static void configure_pdn(struct unit *unit, unsigned int i, const char *iccid)
{
	const struct plan_pdn *pdn = &unit->plan->pdns[i];
	struct pdn_config *config = &unit->config.pdn[i];
	struct apn_known known = {
		.configured_card = unit->plan->of_card ? pdn->apn : NULL,
		.configured = pdn->apn,
		.guess = unit->plan->guess,
	};
	const char *database[1];

	guess_known(&unit->guess, database, &known);
	config->families = (pdn->v4 ? FAMILY_V4 : 0) | (pdn->v6 ? FAMILY_V6 : 0);
	config->call = plan_pdn_call(pdn, &unit->passwords[i]);
	/* which card it is decides which access point, so nothing is dialled before */
	if (iccid)
		config->apn_count = apn_order(iccid, &known, unit->apns[i],
					      config->apn);
}

/* The PIN stays in its file; the machine has a number for it */
static uint64_t read_pin_key(struct unit *unit, const char *file)
{
	struct m2m_error error;
	char pin[PLAN_PIN_SIZE];
	uint64_t key;

	if (plan_secret(file, pin, sizeof(pin), &error)) {
		tell_complaint(&unit->tell, SAY_ERROR, "PIN: %s", error.msg);
		return 0;
	}
	key = unit_pin_key(unit, pin);
	explicit_bzero(pin, sizeof(pin));
	return key;
}

/* A modem that becomes ours with its card: nobody else may manage it */
static void take_over(struct unit *unit)
{
	struct m2m_error error;

	if (!session_is_open(unit->session) ||
	    !session_lease(unit->session, &error))
		return;
	tell_complaint(&unit->tell, SAY_ERROR, "not managed: %s", error.msg);
	unit->config.managed = false;
}

/*
 * Others hear of it when it is certain: that it is ours at once, that it is not when the
 * modem is open and the card has been looked at. Until then what they heard last holds.
 */
static void tell_others(struct unit *unit)
{
	bool managed = unit->config.managed, open = session_is_open(unit->session);

	if (managed || (open && unit->machine.sim > SIM_INITIALISING))
		managed_set(unit->host->managed_directory, unit->path,
			    open ? unit->imei : NULL, managed);
	/* mainline's device has one user: watching takes it from who it is for */
	if (open && !managed && unit->port.mainline &&
	    unit->machine.sim > SIM_INITIALISING)
		unit_event(unit, &(struct event){ .type = EVENT_GONE });
}

/* What of a link changed is done to it while its call stays up */
static void relink(struct unit *unit, const struct plan *before)
{
	const struct plan *plan = unit->plan;

	if (!session_is_open(unit->session) || !before || !plan->managed)
		return;
	for (unsigned int i = 0; i < plan->n_pdns && i < before->n_pdns; i++) {
		const struct action action = { .pdn = i };

		if (!plan_pdn_same_link(&before->pdns[i], &plan->pdns[i]))
			session_run(unit->session, LANE_PDN + i, session_relink,
				    &action);
		else if (!strcmp(before->pdns[i].name, plan->pdns[i].name))
			session_tell_dns(&unit->session->calls[i]);
	}
}

/* What its card has used of its data, and for how long that keeps PDNs down */
static int64_t cut_ms(struct unit *unit)
{
	return usages_look(unit->host->usages, unit->machine.card.iccid, unit->plan,
			   unit->name);
}

void unit_used(struct unit *unit, uint64_t bytes)
{
	if (unit->plan->quota_bytes)
		usages_add(unit->host->usages, unit->machine.card.iccid, bytes);
}

void unit_look_at_quota(struct unit *unit)
{
	int64_t ms = unit->plan->managed ? cut_ms(unit) : 0;

	if (!ms != !machine_is_cut(&unit->machine))
		unit_event(unit, &(struct event){ .type = EVENT_QUOTA, .ms = ms });
}

/* What the machine was told of another card is not dialled with this one */
static void begin_guess(struct unit *unit, const char *iccid)
{
	if (guess_begin(&unit->guess, unit->host->winners, iccid))
		memset(unit->apns, 0, sizeof(unit->apns));
}

/* What is guessed is of one card; what it takes is looked up where it is needed */
static void look_up(struct unit *unit, const char *iccid)
{
	static const struct apn_places places = { APN_PROVIDERS, APN_DIRECTORY };

	begin_guess(unit, iccid);
	if (plan_guesses(unit->plan))
		guess_ask_lists(&unit->guess, &places);
}

bool unit_learn(struct unit *unit, const char *iccid, const struct apn_sim *sim,
		const char *network)
{
	struct guess *guess = &unit->guess;
	bool news = false, later = false;

	begin_guess(unit, iccid);
	if (sim && !guess->has_sim) {
		guess->has_sim = true;
		guess->sim = *sim;
		news = true;
	}
	if (network && (!guess->has_network || strcmp(guess->network, network))) {
		later = guess_is_in_use(&unit->machine, unit->plan);
		if (!later) {
			guess->has_network = true;
			g_strlcpy(guess->network, network, sizeof(guess->network));
			news = true;
		}
	}
	/* of a card that is new the machine asks by itself */
	if (news && plan_guesses(unit->plan) && !strcmp(iccid, unit->machine.card.iccid))
		unit_match(unit);
	return !later;
}

void unit_match(struct unit *unit)
{
	const char *iccid = unit->machine.card.iccid[0] ? unit->machine.card.iccid :
							  NULL;
	const struct plan_modem id = {
		.imei = unit->imei, .iccid = iccid,
		.path = unit->path, .model = unit->model,
	};
	struct config *config = &unit->config;
	struct plan *plan = plan_new(unit->host->plans, &id);
	struct plan *before = unit->plan;

	unit->plan = plan;
	look_up(unit, iccid ? iccid : "");
	relink(unit, before);
	if (before && !plan_same_settings(before, plan) && session_is_open(unit->session))
		session_run(unit->session, LANE_MODEM, session_settings, NULL);
	if (before && !plan_may_guess(before) && plan_may_guess(plan) &&
	    session_is_open(unit->session))
		session_run(unit->session, LANE_MODEM, session_poll, NULL);
	plan_unref(before);
	memset(config, 0, sizeof(*config));
	memset(unit->apns, 0, sizeof(unit->apns));
	if (plan->why_not)
		tell_complaint(&unit->tell, SAY_ERROR, "not managed: %s", plan->why_not);
	config->managed = plan->managed;
	config->port_power = plan->port_power;
	config->host_reboot = plan->host_reboot;
	config->redial = plan->redial;
	config->rungs = plan->rungs;
	/* our driver does it, and nobody else that may be asked */
	if (unit->port.mainline)
		config->rungs &= ~(1u << RUNG_USB_RESET);
	config->max_resets = plan->max_resets;
	config->roaming = plan->roaming;
	config->order_count = plan->n_order;
	memcpy(config->order, plan->order, sizeof(config->order));
	config->spread_ms = plan->spread_s * SECOND;
	config->cut_ms = plan->managed ? cut_ms(unit) : 0;
	config->pdn_count = plan->n_pdns;
	for (unsigned int i = 0; i < config->pdn_count; i++)
		configure_pdn(unit, i, iccid);
	if (iccid && plan->pin_file)
		config->pin = read_pin_key(unit, plan->pin_file);
	if (plan->managed)
		take_over(unit);
	else
		session_give_up(unit->session);
	tell_others(unit);
	unit_event(unit, &(struct event){ .type = EVENT_CONFIG, .config = config });
	if (unit->session)
		session_tidy(unit->session);
}

void unit_reconfigure(struct unit *unit)
{
	/* one that was let go is looked at again */
	if (unit_has_mainline(unit) && !session_is_open(unit->session))
		unit->has_port = false;
	unit_match(unit);
}

/* --- actions ---------------------------------------------------------------- */

static void end_session(struct unit *unit)
{
	session_end(unit->session);
	unit->session = NULL;
}

static void do_open(struct unit *unit)
{
	end_session(unit);
	if (!unit->has_port) {
		unit_event(unit, &(struct event){ .type = EVENT_OPEN_FAILED });
		return;
	}
	unit->session = session_new(unit, &unit->port);
	session_run(unit->session, LANE_MODEM, session_open, NULL);
}

static void recorded(void *data, uint32_t record, int err, const struct m2m_error *error)
{
	struct event event = { .type = EVENT_RECORDED, .record = record };
	struct unit *unit = data;

	if (err) {
		tell_complaint(&unit->tell, SAY_ERROR, "the state is not written: %s",
			       error->msg);
		event.type = EVENT_RECORD_FAILED;
	}
	unit_event(unit, &event);
}

static void do_record(struct unit *unit, uint32_t record)
{
	struct saved saved;

	machine_save(&unit->machine, &saved);
	state_save(unit->host->state, unit->name, &saved, recorded, unit, record);
}

/* What is for the session to do, and its lane */
static void do_in_session(struct unit *unit, const struct action *action)
{
	static const session_fn fns[ACTIONS] = {
		[ACTION_POLL] = session_poll,
		[ACTION_PIN] = session_pin,
		[ACTION_WRITE] = session_write,
		[ACTION_RADIO_ON] = session_radio,
		[ACTION_RADIO_OFF] = session_radio,
		[ACTION_REATTACH] = session_radio,
		[ACTION_SIM_ON] = session_card_power,
		[ACTION_SIM_OFF] = session_card_power,
		[ACTION_RESET_MODEM] = session_reset,
		[ACTION_ADOPT] = session_adopt,
		[ACTION_DIAL] = session_dial,
		[ACTION_HANG_UP] = session_hang_up,
		[ACTION_HANG_UP_ALL] = session_hang_up_all,
	};
	bool of_pdn = action->type == ACTION_ADOPT || action->type == ACTION_DIAL ||
		      action->type == ACTION_HANG_UP ||
		      action->type == ACTION_HANG_UP_ALL;

	if (!fns[action->type])
		tell_complaint(&unit->tell, SAY_WARNING, "%s: this version cannot",
			       action_token(action->type));
	else if (unit->session)
		session_run(unit->session, of_pdn ? LANE_PDN + action->pdn : LANE_MODEM,
			    fns[action->type], action);
}

/* What hurts is said before it is done: its outcome may be that nothing can be said */
static void say_reset(struct unit *unit, unsigned int type)
{
	if (type == ACTION_RESET_MODEM || type == ACTION_RESET_USB ||
	    type == ACTION_PORT_POWER || type == ACTION_REBOOT)
		tell_complaint(&unit->tell, SAY_WARNING, "%s", action_token(type));
}

static void do_action(struct unit *unit, const struct action *action)
{
	guess_acted(&unit->guess, &unit->machine, action);
	say_reset(unit, action->type);
	switch (action->type) {
	case ACTION_OPEN:
		do_open(unit);
		break;
	case ACTION_LET_GO:
		end_session(unit);
		break;
	case ACTION_MATCH:
		unit_match(unit);
		break;
	case ACTION_RECORD:
		do_record(unit, action->record);
		break;
	case ACTION_TIMER:
		inbox_timer(unit->inbox, action->ms);
		break;
	case ACTION_SAY:
		/* after each step: what was left out may be said later */
		break;
	case ACTION_RESET_USB:
		rungs_reset_usb(unit->name, unit->port.id);
		break;
	case ACTION_PORT_POWER:
		rungs_port_power(unit->host, unit->name, unit->path);
		break;
	case ACTION_REBOOT:
		rungs_reboot(unit->host, unit->name);
		break;
	default:
		do_in_session(unit, action);
		break;
	}
}

/* --- hooks ------------------------------------------------------------------ */

static void tell_hooks(struct unit *unit)
{
	const struct machine *m = &unit->machine;

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct plan_pdn *pdn = unit_plan_pdn(unit, i);
		bool online = m->pdn[i].state == PDN_ONLINE;

		if (!pdn || online == unit->was_online[i])
			continue;
		unit->was_online[i] = online;
		if (unit->plan->hook)
			rungs_hook(unit, online, &(struct hook){
				unit->path, unit->imei, pdn->name,
				cause_token(&m->pdn[i].cause).s,
			});
	}
}

/* --- what worked -------------------------------------------------------------- */

static void note_winners(struct unit *unit)
{
	const struct machine *m = &unit->machine;

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const char *apn = unit_apn(unit, i, m->pdn[i].apn);

		if (apn && guess_has_won(&unit->guess, m, unit->plan, i))
			winners_put(unit->host->winners, m->card.iccid, apn);
	}
}

/* --- events ----------------------------------------------------------------- */

static void step(void *data, struct event *event)
{
	struct unit *unit = data;
	struct actions actions;

	/* what the modem forgot is not to be closed politely */
	if (event->type == EVENT_GONE || event->type == EVENT_RESTARTED)
		end_session(unit);
	if (event->type == EVENT_GONE)
		dns_forget(unit->host->dns, unit);
	event->random = g_random_int();
	tell_event(&unit->tell, event);
	machine_step(&unit->machine, event, clock_ms(), &actions);
	for (unsigned int i = 0; i < actions.count; i++) {
		tell_action(&unit->tell, &actions.list[i]);
		do_action(unit, &actions.list[i]);
	}
	tell_changes(&unit->tell);
	if (event->type == EVENT_SIM)
		tell_others(unit);
	tell_hooks(unit);
	note_winners(unit);
}

static void left_out(void *data, const struct event *event)
{
	struct unit *unit = data;

	tell_complaint(&unit->tell, SAY_ERROR, "too many events, %s is left out",
		       event_token(event->type));
}

static const struct inbox_owner inbox_owner = {
	.step = step,
	.left_out = left_out,
};

void unit_event(struct unit *unit, const struct event *event)
{
	inbox_put(unit->inbox, event);
}

/* --- who it is -------------------------------------------------------------- */

/* What was done to a modem whose name nobody knew it has been done */
static bool take_inheritance(struct unit *unit, struct saved *heir)
{
	struct saved path;

	machine_save(&unit->machine, &path);
	if (!inherit(heir, &path))
		return false;
	/* in this order: a power cut in between is strict */
	state_save(unit->host->state, unit->name, heir, NULL, NULL, 0);
	state_save(unit->host->state, unit->path, &path, NULL, NULL, 0);
	return true;
}

/* @again: it went by its path until now */
static void begin(struct unit *unit, bool again)
{
	struct saved saved;
	bool has = state_load(unit->host->state, unit->name, &saved);

	if (again)
		has = take_inheritance(unit, &saved) || has;
	machine_init(&unit->machine, has ? &saved : NULL,
		     boot_of(unit->host->started_ms, clock_boot_ms()), clock_ms());
}

/* Where a machine stands whose modem is being opened; the opening is under way */
static void replay(struct unit *unit)
{
	static const uint8_t types[] = { EVENT_ATTACHED, EVENT_READY };
	struct actions ignored;

	for (unsigned int i = 0; i < G_N_ELEMENTS(types); i++)
		machine_step(&unit->machine, &(struct event){ .type = types[i] },
			     clock_ms(), &ignored);
}

/*
 * The machine begins anew, with what is on disk of this very modem and what its budgets
 * spent before anybody knew who it is, and is told again where it stands.
 */
void unit_identify(struct unit *unit, const char *imei, const char *model)
{
	bool was_path;

	g_strlcpy(unit->model, model, sizeof(unit->model));
	if (!dms_imei_is_valid(imei) || !strcmp(imei, unit->imei) ||
	    !unit->host->claim(unit->host, unit, imei)) {
		unit_match(unit);
		return;
	}
	g_strlcpy(unit->imei, imei, sizeof(unit->imei));
	was_path = !strcmp(unit->name, unit->path);
	g_strlcpy(unit->name, imei, sizeof(unit->name));
	begin(unit, was_path);
	replay(unit);
	unit_match(unit);
}

void unit_port(struct unit *unit, const struct port *port)
{
	bool was_mainline = unit->port.mainline;

	unit->has_port = port;
	if (!port)
		return;
	unit->port = *port;
	if (port->mainline != was_mainline)
		unit_match(unit);
}

/* Each time it comes is a sign that the update goes on; that it stays is none */
void unit_look_at_bus(struct unit *unit, const char *sysfs)
{
	unsigned int number = unit->machine.present ? 0 :
						      usb_loader_at(sysfs, unit->path);

	if (number && number != unit->loader)
		unit_event(unit, &(struct event){ .type = EVENT_UPDATE });
	unit->loader = number;
}

const struct port *unit_get_port(const struct unit *unit)
{
	return unit->has_port ? &unit->port : NULL;
}

const struct port *unit_has_mainline(const struct unit *unit)
{
	return unit->has_port && unit->port.mainline ? &unit->port : NULL;
}

bool unit_has_port(const struct unit *unit, uint32_t port_id)
{
	return unit->has_port && unit->port.id == port_id;
}

struct unit *unit_new(struct host *host, const char *usb_path)
{
	struct unit *unit = g_new0(struct unit, 1);

	unit->host = host;
	g_strlcpy(unit->path, usb_path, sizeof(unit->path));
	g_strlcpy(unit->name, usb_path, sizeof(unit->name));
	unit->inbox = inbox_new(&inbox_owner, unit);
	tell_init(&unit->tell, unit, host->history);
	begin(unit, false);
	unit_match(unit);
	return unit;
}

void unit_stop(struct unit *unit)
{
	struct event event = { .type = EVENT_SHUTDOWN };

	inbox_step(unit->inbox, &event);
}

void unit_free(struct unit *unit)
{
	end_session(unit);
	state_forget(unit->host->state, unit);
	hand_forget(unit->host->hand, unit);
	inbox_free(unit->inbox);
	plan_unref(unit->plan);
	g_free(unit);
}
