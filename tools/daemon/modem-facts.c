// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what events tell about a modem, whatever is being done with it. */
#include <string.h>

#include "table.h"

#define HOLD_MAX	(30 * DAY)
/* No period is longer */
#define CUT_MAX		(31 * DAY)

static void forget_firmware(struct machine *m)
{
	m->opened = false;
	m->in_use = false;
	m->timeouts = 0;
	m->radio = RADIO_UNKNOWN;
	m->refused_at = LONG_AGO;
	m->blind = 0;
	m->registration = REG_UNKNOWN;
	m->sim = SIM_UNKNOWN;
	m->sim_since = m->clock;
	m->card.settled = false;
	m->card.fresh = true;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_void(m, &m->pdn[i]);
}

static void forget_modem(struct machine *m)
{
	forget_firmware(m);
	m->present = false;
	m->ready = false;
	m->sim_seen = false;
}

/* Firmware that was replaced may restart once more to convert its data */
static void absorb_revision(struct step *step, uint32_t revision)
{
	struct machine *m = step->m;
	uint32_t before = m->saved.revision;

	if (!revision)
		return;
	m->revision = revision;
	if (revision == before)
		return;
	if (before)
		m->ladder.not_before = m->clock + POLICY_UPDATE_MS;
	m->saved.revision = revision;
	if (m->managed)
		step_record(step, POLICY_SPARE_WRITES);
}

static void absorb_opened(struct step *step)
{
	struct machine *m = step->m;

	m->opened = true;
	m->in_use = false;
	absorb_revision(step, step->event->revision);
	for (unsigned int i = 0; i < m->pdn_count; i++)
		pdn_park(m, &m->pdn[i]);
}

static void absorb_sim(struct step *step)
{
	const struct event *event = step->event;
	struct machine *m = step->m;
	struct pin_card card = event->card;
	uint8_t sim = event->sim <= SIM_READY ? event->sim : SIM_ERROR;

	card.iccid[ICCID_SIZE - 1] = '\0';
	if (sim != m->sim)
		m->sim_since = m->clock;
	m->sim = sim;
	m->sim_fixed = event->fixed;
	m->sim_seen = m->sim_seen || sim >= SIM_WANTS_PIN;
	if (!modem_card_is_unseen(m))
		m->blind = 0;
	m->card.settled = card.settled;
	m->card.tries = card.tries;
	if (event->mcc)
		m->mcc = event->mcc;
	/* whatever became of the answer: the card took the PIN, if it is that card */
	if (sim == SIM_READY && m->doubted && !strcmp(card.iccid, m->asked.iccid)) {
		pin_note(&m->saved.pins, m->asked.iccid, m->asked_pin, PIN_ACCEPTED);
		m->doubted = false;
	}
	if (sim == SIM_ABSENT)
		for (unsigned int i = 0; i < m->pdn_count; i++)
			pdn_void(m, &m->pdn[i]);
	if (!card.iccid[0] || !strcmp(card.iccid, m->card.iccid))
		return;
	m->card.fresh = true;
	/* another card: other access points, and nothing of the old one's calls */
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		step->pdn = &m->pdn[i];
		if (m->card.iccid[0] && step->pdn->up)
			step_act_pdn(step, ACTION_HANG_UP, step->pdn->up);
		pdn_park(m, step->pdn);
		step->pdn->config.apn_count = 0;
	}
	step->pdn = NULL;
	memcpy(m->card.iccid, card.iccid, sizeof(card.iccid));
	step_act(step, ACTION_MATCH);
}

/* Low power is all that a modem with a locked radio says of it. */
static void absorb_radio(struct machine *m, const struct event *event)
{
	switch (event->radio) {
	case RADIO_ON:
		m->refused_at = LONG_AGO;
		m->radio = RADIO_ON;
		break;
	case RADIO_OFF:
		m->radio = m->clock - m->refused_at < POLICY_LOCKED_MS ? RADIO_LOCKED :
									 RADIO_OFF;
		break;
	case RADIO_LOCKED:
	case RADIO_OFFLINE:
		m->radio = event->radio;
		break;
	case RADIO_REFUSED:
		m->refused_at = m->clock;
		m->radio = RADIO_LOCKED;
		break;
	default:
		m->radio = RADIO_UNKNOWN;
		break;
	}
}

static void absorb_registration(struct machine *m, const struct event *event)
{
	m->registration = event->registration <= REG_ROAMING ? event->registration :
							       REG_UNKNOWN;
	m->reject = event->number;
}

uint32_t modem_to_write(const struct machine *m)
{
	return m->clock < m->futile_until ? m->differ & ~m->futile : m->differ;
}

void modem_give_up(struct machine *m, uint32_t settings)
{
	if (!settings)
		return;
	m->futile = m->clock < m->futile_until ? m->futile | settings : settings;
	m->futile_until = m->clock + DAY;
}

void modem_look_at_slot(struct machine *m)
{
	if (!m->slots.n)
		return;
	m->differ &= ~SETTING_SLOT;
	if (slots_differ(&m->slots))
		m->differ |= SETTING_SLOT;
}

static void absorb_settings(struct machine *m, const struct event *event)
{
	slots_told(&m->slots, event->slot, event->slots);
	m->differ = event->differ;
	modem_look_at_slot(m);
	/* what it was written to and is not changed by that will not be the next time */
	if (m->state == MODEM_WRITING && event->ok)
		modem_give_up(m, m->written & m->differ);
}

/* What was told of Slot= says nothing of an order, nor the other way round */
static void absorb_order(struct machine *m, const struct config *config)
{
	unsigned int n = config->managed ? config->order_count : 0;

	if (m->slots.n && !n)
		m->differ &= ~SETTING_SLOT;
	slots_config(&m->slots, config->order, n);
	modem_look_at_slot(m);
}

static void absorb_quota(struct machine *m, int64_t ms)
{
	m->cut_until = ms > 0 ? m->clock + (ms < CUT_MAX ? ms : CUT_MAX) : LONG_AGO;
}

static void absorb_config(struct step *step)
{
	const struct config *config = step->event->config;
	struct machine *m = step->m;
	unsigned int count = m->pdn_count;

	if (!config)
		return;
	m->managed = config->managed;
	m->port_power = config->port_power;
	m->host_reboot = config->host_reboot;
	m->redial = config->redial;
	m->rungs = config->rungs;
	m->max_resets = config->max_resets;
	m->roaming = config->roaming;
	m->pin = config->pin;
	m->futile_until = LONG_AGO;
	absorb_order(m, config);
	absorb_quota(m, config->cut_ms);
	if (m->spread_until == NEVER) {
		int64_t spread = config->spread_ms < HOUR ? config->spread_ms : HOUR;

		m->spread_until = m->clock +
				  (spread > 0 ? step->event->random % (spread + 1) : 0);
	}
	if (m->calm_until == NEVER)
		m->calm_until = m->clock + step->event->random / 3 % (POLICY_CALM_MS + 1);
	m->pdn_count = config->pdn_count < PDN_MAX ? config->pdn_count : PDN_MAX;
	for (unsigned int i = m->pdn_count; i < count; i++) {
		step->pdn = &m->pdn[i];
		if (pdn_may_have_call(step->pdn))
			step_act_pdn(step, ACTION_HANG_UP, step->pdn->config.families);
		pdn_park(m, step->pdn);
		memset(step->pdn, 0, sizeof(*step->pdn));
	}
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		step->pdn = &m->pdn[i];
		if (i >= count) {
			memset(step->pdn, 0, sizeof(*step->pdn));
			step->pdn->state = PDN_IDLE;
			step->pdn->adopt = true;
		}
		/* also one that is being made: it would be adopted */
		if (step->pdn->up | step->pdn->asked &&
		    !pdn_survives(step->pdn, &config->pdn[i]))
			step_act_pdn(step, ACTION_HANG_UP, step->pdn->up | step->pdn->asked);
		pdn_load(m, step->pdn, &config->pdn[i]);
	}
	step->pdn = NULL;
	/* what stands on disk as a clean end is none from here on */
	if (m->managed && m->clean) {
		m->clean = false;
		step_record(step, POLICY_MAX_WRITES);
	}
}

static void absorb_times(struct machine *m, const struct event *event)
{
	int64_t ms = event->ms;

	if (event->type == EVENT_HOLD) {
		ms = ms < 0 ? 0 : ms < HOLD_MAX ? ms : HOLD_MAX;
		m->hold_until = m->clock + ms;
	}
	/* each sign of an update that goes on gives it the whole time again */
	if (event->type == EVENT_UPDATE ||
	    (m->state == MODEM_UPDATING &&
	     (event->type == EVENT_GONE || event->type == EVENT_ATTACHED)))
		m->hold_until = m->clock + POLICY_UPDATE_MS;
	/* firmware that answers is done with it, unless it goes once more */
	if (m->state == MODEM_UPDATING && event->type == EVENT_READY && m->present &&
	    m->hold_until > m->clock + POLICY_UPDATED_MS)
		m->hold_until = m->clock + POLICY_UPDATED_MS;
}

static bool proves_life(const struct event *event)
{
	switch (event->type) {
	case EVENT_OPENED:
	case EVENT_SIM:
	case EVENT_PIN_RESULT:
	case EVENT_RADIO:
	case EVENT_REGISTRATION:
	case EVENT_SETTINGS:
	case EVENT_PDN_UP:
		return true;
	default:
		return false;
	}
}

void modem_absorb(struct step *step)
{
	const struct event *event = step->event;
	struct machine *m = step->m;

	if (proves_life(event))
		m->timeouts = 0;
	absorb_times(m, event);
	switch (event->type) {
	case EVENT_ATTACHED:
		/* a replug is a person's: nobody else calls now */
		if (!m->present && m->revision)
			m->spread_until = LONG_AGO;
		forget_modem(m);
		m->present = true;
		break;
	case EVENT_GONE:
		forget_modem(m);
		break;
	case EVENT_READY:
		m->ready = m->present;
		break;
	case EVENT_RESTARTED:
		forget_firmware(m);
		break;
	case EVENT_HUNG:
		m->ready = false;
		m->opened = false;
		break;
	case EVENT_OPENED:
		if (m->ready)
			absorb_opened(step);
		break;
	case EVENT_OPEN_FAILED:
		m->in_use = event->busy;
		break;
	case EVENT_SIM:
		absorb_sim(step);
		break;
	case EVENT_RADIO:
		absorb_radio(m, event);
		break;
	case EVENT_REGISTRATION:
		absorb_registration(m, event);
		break;
	case EVENT_SETTINGS:
		absorb_settings(m, event);
		break;
	case EVENT_QUOTA:
		absorb_quota(m, event->ms);
		break;
	case EVENT_QMI_TIMEOUT:
		m->timeouts += m->timeouts < UINT8_MAX;
		break;
	case EVENT_RECORDED:
		if (event->record <= m->record && event->record > m->recorded)
			m->recorded = event->record;
		break;
	case EVENT_CONFIG:
		absorb_config(step);
		break;
	default:
		break;
	}
	if (event->pdn < m->pdn_count) {
		step->pdn = &m->pdn[event->pdn];
		pdn_absorb(step);
		step->pdn = NULL;
	}
}
