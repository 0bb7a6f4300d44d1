// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what is asked of a modem besides calls: identity, SIM, radio, registration. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/card.h"
#include "../lib/nas-select.h"
#include "../lib/nl.h"
#include "clock.h"
#include "hand.h"
#include "history-file.h"
#include "plan.h"
#include "policy.h"
#include "session.h"
#include "tell.h"
#include "unit.h"

/* A card that asks for its PIN is asked again: what it says twice is settled */
#define SETTLE_MS	1500
/* The network's time counts whole seconds, and takes a moment to arrive */
#define CLOCK_OFF_MS	(3 * SECOND)

/* --- SIM -------------------------------------------------------------------- */

static uint8_t sim_fact(enum uim_sim_state state)
{
	static const uint8_t facts[] = {
		[UIM_SIM_INITIALIZING] = SIM_INITIALISING,
		[UIM_SIM_ABSENT] = SIM_ABSENT,
		[UIM_SIM_ERROR] = SIM_ERROR,
		[UIM_SIM_PIN] = SIM_WANTS_PIN,
		[UIM_SIM_PUK] = SIM_WANTS_PUK,
		[UIM_SIM_BLOCKED] = SIM_BLOCKED,
		[UIM_SIM_PERSO] = SIM_LOCKED,
		[UIM_SIM_ILLEGAL] = SIM_ILLEGAL,
		[UIM_SIM_READY] = SIM_READY,
	};

	return state < G_N_ELEMENTS(facts) ? facts[state] : SIM_ERROR;
}

/* While a card starts the modem may have no status to give. */
static bool means_not_yet(int err)
{
	return err == -EREMOTEIO || err == -EAGAIN || err == -ENOMEDIUM;
}

static gboolean ask_again(gpointer data)
{
	struct session *session = data;

	session->again = 0;
	session_run(session, LANE_MODEM, session_poll, NULL);
	return G_SOURCE_REMOVE;
}

/* Tries left count only when the card says the same twice */
static bool is_settled(struct session *session, const struct uim_sim *sim)
{
	const struct uim_sim *last = &session->last_sim;
	bool same = last->state == sim->state && last->pin_tries == sim->pin_tries &&
		    last->pin_state == sim->pin_state;

	session->last_sim = *sim;
	if (sim->state != UIM_SIM_PIN || sim->pin_tries == UIM_TRIES_UNKNOWN)
		return false;
	if (!same && !session->again && session->unit)
		session->again = g_timeout_add(SETTLE_MS, ask_again, session);
	return same;
}

/* Firmware may not let its file be read; the slots tell it as well */
static int read_iccid(struct session *session, char ret[ICCID_SIZE],
		      struct m2m_error *error)
{
	const struct card card = session_card(session);
	struct m2m_error ignored;
	struct uim_slots slots;
	int err;

	err = card_iccid_get(&card, ret, ICCID_SIZE, error);
	if (!err || !session->uim || uim_slots_get(session->uim, &slots, &ignored))
		return err;
	for (unsigned int i = 0; i < slots.n; i++) {
		if (!slots.slots[i].active || !slots.slots[i].iccid[0])
			continue;
		g_strlcpy(ret, slots.slots[i].iccid, ICCID_SIZE);
		return 0;
	}
	return err;
}

/*
 * A card in use that twice does not say who it is goes by a name of its own: what
 * is configured for any card is for it too. No PIN is ever sent to it.
 */
static void name_card(struct session *session)
{
	if (session->nameless++)
		g_strlcpy(session->iccid, ICCID_UNKNOWN, sizeof(session->iccid));
	else if (!session->again && session->unit)
		session->again = g_timeout_add(SETTLE_MS, ask_again, session);
}

/* What was read of the one before */
static void forget_card(struct session *session)
{
	session->mcc = 0;
	session->card_learned = false;
	session->sim_learned = false;
	session->network_learned = false;
}

static void read_card(struct session *session, const struct uim_sim *sim)
{
	const struct card card = session_card(session);
	struct m2m_error ignored;
	char iccid[ICCID_SIZE];
	char imsi[24];

	if (sim->state == UIM_SIM_ABSENT || sim->state == UIM_SIM_INITIALIZING) {
		session->iccid[0] = '\0';
		session->nameless = 0;
		forget_card(session);
		return;
	}
	if (read_iccid(session, iccid, &ignored)) {
		if (sim->state == UIM_SIM_READY && !session->iccid[0])
			name_card(session);
	} else if (strcmp(iccid, session->iccid)) {
		g_strlcpy(session->iccid, iccid, sizeof(session->iccid));
		forget_card(session);
	}
	if (sim->state != UIM_SIM_READY || session->mcc ||
	    card_imsi_get(&card, imsi, sizeof(imsi), &ignored) ||
	    strlen(imsi) < 3)
		return;
	imsi[3] = '\0';
	session->mcc = atoi(imsi);
}

static int poll_sim(struct session *session, struct m2m_error *error)
{
	const struct card card = session_card(session);
	struct event event = { .type = EVENT_SIM };
	struct uim_sim sim;
	int err;

	session->sim_asked = false;
	uim_sim_of(&(struct uim_status){ 0 }, &sim);
	err = card_sim_get(&card, &sim, &session->slot, error);
	if (err && !means_not_yet(err))
		return err;
	event.fixed = !err && !session->slot;
	read_card(session, &sim);
	if (sim.state == UIM_SIM_READY)
		session_learn_card(session);
	event.sim = sim_fact(sim.state);
	event.card.settled = is_settled(session, &sim);
	event.card.tries = sim.pin_tries < 0 ? 0 : sim.pin_tries;
	g_strlcpy(event.card.iccid, session->iccid, sizeof(event.card.iccid));
	event.mcc = session->mcc;
	session_tell(session, &event);
	return 0;
}

static void ask_sim(struct session *session, const struct action *action)
{
	struct m2m_error error;
	int err = 0;

	/* no card is spoken of before it is known whether it is the right one */
	if (!session->settings_told)
		err = session_poll_settings(session, &error);
	if (!err)
		err = poll_sim(session, &error);
	if (err)
		session_failed(session, "card status", &error);
}

static void heard_uim(QmiMessage *indication, void *data)
{
	uint16_t msgid = qmi_message_get_message_id(indication);
	struct session *session = data;

	/* which slot is in use is a setting: it is looked at first */
	if (msgid == UIM_SLOT_STATUS_IND)
		session->settings_told = false;
	if ((msgid != UIM_CARD_STATUS_IND && msgid != UIM_SLOT_STATUS_IND) ||
	    session->sim_asked || !session->unit)
		return;
	session->sim_asked = true;
	session_run(session, LANE_MODEM, ask_sim, NULL);
}

/* --- registration ----------------------------------------------------------- */

static void tell_registration(struct session *session,
			      const struct nas_serving *serving)
{
	struct event event = { .type = EVENT_REGISTRATION };
	struct nas_system system;
	struct m2m_error ignored;

	switch (serving->registration) {
	case NAS_REGISTERED:
		event.registration = serving->roaming ? REG_ROAMING : REG_HOME;
		break;
	case NAS_DENIED:
		event.registration = REG_DENIED;
		if (!nas_system_get(session->nas, &system, &ignored) &&
		    system.has_reject)
			event.number = system.reject_cause;
		break;
	default:
		event.registration = REG_SEARCHING;
		break;
	}
	session_tell(session, &event);
}

static void clock_set(void *data, const char *request, const char *why)
{
	struct unit *unit = data;

	/* each session may ask once more */
	if (why)
		tell_complaint(unit_tell(unit), SAY_WARNING, "%s: %s", request, why);
	else
		say(SAY_NOTICE, "%s: %s: done", unit_name(unit), request);
}

/* The helper judges once more: whether somebody keeps the clock is not always seen here */
static void compare_clock(struct session *session, const struct nas_time *time)
{
	int64_t seconds = nas_time_unix(time);
	bool kept;

	if (seconds * SECOND - wall_clock(&kept) >= CLOCK_OFF_MS && !kept)
		hand_ask_for(unit_hand(session->unit), clock_set, session->unit,
			     "set-clock %lld", (long long)seconds);
}

/* Once a day, and until the network has told it; of a modem that is registered */
static void look_at_clock(struct session *session)
{
	int64_t now = clock_ms();
	struct m2m_error ignored;
	struct nas_time time;
	int err;

	if (!unit_plan(session->unit)->set_clock ||
	    (session->clock_at && now - session->clock_at < DAY))
		return;
	err = nas_time_get(session->nas, &time, &ignored);
	/* firmware that does not know the question need not answer it every few minutes */
	if (!err || err == -ETIMEDOUT)
		session->clock_at = now;
	if (!err && session->unit)
		compare_clock(session, &time);
}

static int poll_network(struct session *session, struct m2m_error *error)
{
	struct nas_serving serving;
	int err;

	session->net_asked = false;
	err = nas_serving_get(session->nas, &serving, error);
	if (!err)
		session_learn_network(session, serving.registration == NAS_REGISTERED);
	if (!err)
		tell_registration(session, &serving);
	if (!err && serving.registration == NAS_REGISTERED && session->unit)
		look_at_clock(session);
	return means_not_yet(err) ? 0 : err;
}

static void ask_network(struct session *session, const struct action *action)
{
	struct m2m_error error;

	if (poll_network(session, &error))
		session_failed(session, "serving system", &error);
}

static void heard_nas(QmiMessage *indication, void *data)
{
	uint16_t msgid = qmi_message_get_message_id(indication);
	struct session *session = data;

	if ((msgid != NAS_SERVING_SYSTEM && msgid != NAS_SYSTEM_INFO_IND &&
	     msgid != NAS_NETWORK_REJECT_IND) ||
	    session->net_asked || !session->unit)
		return;
	session->net_asked = true;
	session_run(session, LANE_MODEM, ask_network, NULL);
}

/* --- radio ------------------------------------------------------------------ */

static int poll_radio(struct session *session, struct m2m_error *error)
{
	static const uint8_t facts[] = {
		[DMS_RADIO_ON] = RADIO_ON,
		[DMS_RADIO_OFF] = RADIO_OFF,
		[DMS_RADIO_OFFLINE] = RADIO_OFFLINE,
		[DMS_RADIO_LOCKED] = RADIO_LOCKED,
	};
	struct event event = { .type = EVENT_RADIO };
	struct dms_operating operating;
	int err;

	err = dms_operating_get(session->dms, &operating, error);
	if (err == -ETIMEDOUT || err == -EINTR || err == -ENODEV)
		return err;
	/* a modem that does not tell its mode is taken to be on */
	event.radio = err ? RADIO_ON : facts[dms_radio_of(&operating)];
	session_tell(session, &event);
	return 0;
}

/* To attach again the radio goes off for a moment: every firmware can do that */
void session_radio(struct session *session, const struct action *action)
{
	struct event refused = { .type = EVENT_RADIO, .radio = RADIO_REFUSED };
	struct m2m_error error;
	int err = 0;

	if (action->type != ACTION_RADIO_ON)
		err = dms_operating_set(session->dms, DMS_LOW_POWER, &error);
	if (!err && action->type != ACTION_RADIO_OFF) {
		err = dms_online(session->dms, &error);
		if (err == -ENETDOWN)
			session_tell(session, &refused);
	}
	if (err)
		session_failed(session, action_token(action->type), &error);
}

void session_card_power(struct session *session, const struct action *action)
{
	struct m2m_error error;

	if (session->uim && uim_power(session->uim, session->slot ? session->slot : 1,
				      action->type == ACTION_SIM_ON, NULL, &error))
		session_failed(session, action_token(action->type), &error);
}

void session_reset(struct session *session, const struct action *action)
{
	struct m2m_error error;

	if (dms_reset(session->dms, &error))
		session_failed(session, action_token(action->type), &error);
}

/* --- PIN -------------------------------------------------------------------- */

/* A card is swapped in a moment: asked last, just before it is sent a PIN */
static int check_card(struct session *session, struct m2m_error *error)
{
	const struct machine *m = unit_machine(session->unit);
	char iccid[ICCID_SIZE];
	int err;

	err = read_iccid(session, iccid, error);
	if (!err && (!session->unit || strcmp(iccid, m->asked.iccid)))
		err = m2m_error_set(error, -ESTALE, "the card has changed");
	return err;
}

/* The machine has it on disk that this very PIN goes to this very card now */
void session_pin(struct session *session, const struct action *action)
{
	struct event event = { .type = EVENT_PIN_RESULT };
	const struct machine *m = unit_machine(session->unit);
	const struct card card = session_card(session);
	struct plan *plan = plan_ref(unit_plan(session->unit));
	const char *file = plan->pin_file;
	struct m2m_error error;
	char pin[PLAN_PIN_SIZE];
	int tries, err;

	err = file ? plan_secret(file, pin, sizeof(pin), &error) :
		     m2m_error_set(&error, -ENOENT, "no PIN is configured");
	if (!err && (unit_pin_key(session->unit, pin) != m->asked_pin ||
		     strcmp(m->card.iccid, m->asked.iccid)))
		err = m2m_error_set(&error, -ESTALE,
				    "the PIN or the card has changed");
	if (!err)
		err = check_card(session, &error);
	if (!err)
		err = card_pin_verify(&card, pin, &tries, &error);
	explicit_bzero(pin, sizeof(pin));
	if (err && session->unit)
		tell_complaint(unit_tell(session->unit), SAY_WARNING, "PIN: %s",
			       error.msg);
	plan_unref(plan);
	event.ok = !err;
	if (err && err != -EKEYREJECTED && err != -EKEYREVOKED)
		event.type = EVENT_QMI_TIMEOUT;
	session_tell(session, &event);
}

/* --- all of it -------------------------------------------------------------- */

void session_poll(struct session *session, const struct action *action)
{
	static int (* const polls[])(struct session *session, struct m2m_error *error) = {
		session_poll_settings, poll_sim, poll_radio, poll_network,
	};
	struct m2m_error error;
	int err;

	if (!session->nas)
		return;
	/* what one service refuses, another may tell; but not where nothing is answered */
	for (size_t i = 0; i < G_N_ELEMENTS(polls); i++) {
		err = polls[i](session, &error);
		if (err)
			session_failed(session, "poll", &error);
		if (err == -ETIMEDOUT || err == -EINTR || err == -ENODEV)
			return;
	}
	session_check_calls(session);
}

/* Mainline's character device is ours alone, and netlink knows nothing of it */
static int open_modem(struct session *session, struct m2m_error *error)
{
	char path[64];
	int err;

	if (session->port.mainline) {
		g_snprintf(path, sizeof(path), "/dev/%s", session->port.chardev);
		return m2m_qmi_open_chardev(path, &session->qmi, error);
	}
	err = m2m_qmi_open(session->port.id, &session->qmi, error);
	return err ? err : m2m_nl_open(M2M_WWAN_FAMILY_NAME, &session->nl, error);
}

static int open_clients(struct session *session, struct m2m_error *error)
{
	int err;

	err = open_modem(session, error);
	if (!err)
		err = rt_open(&session->rt, error);
	if (!err)
		err = m2m_client_open(session->qmi, QMI_DMS, NULL, &session->dms,
				      error);
	if (!err)
		err = m2m_client_open(session->qmi, QMI_UIM, NULL, &session->uim,
				      error);
	/* old firmware has none */
	if (err == -EOPNOTSUPP && session->dms)
		err = 0;
	if (!err)
		err = m2m_client_open(session->qmi, QMI_NAS, NULL, &session->nas,
				      error);
	if (!err)
		err = dms_identity_get(session->dms, &session->identity, error);
	return err;
}

/* So that news of the card and the network come by themselves, where firmware can */
static void watch(struct session *session)
{
	struct m2m_error ignored;

	if (session->uim) {
		m2m_client_watch(session->uim, heard_uim, session);
		uim_indications_on(session->uim, &ignored);
	}
	m2m_client_watch(session->nas, heard_nas, session);
	nas_indications_on(session->nas, &ignored);
	if (session->unit)
		session_watch_calls(session);
}

/* A number for a text; never 0 */
static uint32_t fingerprint(const char *text)
{
	uint32_t hash = g_str_hash(text);

	return hash ? hash : 1;
}

void session_open(struct session *session, const struct action *action)
{
	struct event event = { .type = EVENT_OPENED };
	struct m2m_error error;
	int err;

	err = open_clients(session, &error);
	if (!session->unit)
		return;
	if (!err) {
		watch(session);
		if (!session->unit)
			return;
		unit_identify(session->unit, session->identity.imei,
			      session->identity.model);
		if (unit_plan(session->unit)->managed)
			err = session_lease(session, &error);
	}
	if (err) {
		tell_complaint(unit_tell(session->unit), SAY_WARNING, "not opened: %s",
			       error.msg);
		event.type = err == -ETIMEDOUT ? EVENT_QMI_TIMEOUT :
						 EVENT_OPEN_FAILED;
		event.busy = err == -EBUSY;
	} else {
		event.revision = fingerprint(session->identity.revision);
	}
	session_tell(session, &event);
}
