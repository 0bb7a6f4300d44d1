// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards and slots: PIN counting, life of a card, files. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "card-apdu.h"
#include "firmware.h"

/*
 * DOC: Life of a card
 *
 * powered -> (detected, ready_ms) -> PIN1 required -> (verified) -> checking
 * personalisation (unlock_ms) -> ready. Without PIN protection the middle is
 * skipped. Tries live on the card, so that neither a restart nor taking the
 * card out gives any back.
 */

void uicc_init(struct modem *modem)
{
	static const char *const iccids[] = {
		"89490000000000000016", "89490000000000000024",
	};
	static const char *const imsis[] = {
		"001010123456789", "001010987654321",
	};
	unsigned int i;

	modem->sim.n_slots = 1;
	modem->sim.ready_ms = 500;
	modem->sim.unlock_ms = 200;
	modem->sim.switch_ms = 300;
	for (i = 0; i < UICC_SLOTS_MAX; i++) {
		struct uicc *c = &modem->sim.card[i];

		c->present = true;
		c->mnc_len = 2;
		c->pin_tries = UICC_PIN_TRIES;
		c->puk_tries = UICC_PUK_TRIES;
		g_strlcpy(c->iccid, iccids[i], sizeof(c->iccid));
		g_strlcpy(c->imsi, imsis[i], sizeof(c->imsi));
		g_strlcpy(c->pin, "1234", sizeof(c->pin));
		g_strlcpy(c->puk, "12345678", sizeof(c->puk));
		g_strlcpy(c->spn, "m2m test", sizeof(c->spn));
		g_strlcpy(c->msisdn, "+4915000000001", sizeof(c->msisdn));
		g_strlcpy(c->gid1, "ffffffff", sizeof(c->gid1));
		g_strlcpy(c->gid2, "ffffffff", sizeof(c->gid2));
		memset(c->fplmn, 'f', 24);
	}
}

struct uicc *uicc_active(struct modem *modem)
{
	return &modem->sim.card[modem->sim.active];
}

enum uicc_card_state uicc_card_state(const struct uicc *card)
{
	if (!card->present || !card->powered)
		return UICC_CARD_ABSENT;
	return card->fault ? UICC_CARD_ERROR : UICC_CARD_PRESENT;
}

bool uicc_is_ready(struct modem *modem)
{
	const struct uicc *card = uicc_active(modem);

	return uicc_card_state(card) == UICC_CARD_PRESENT &&
	       card->app == UICC_APP_READY;
}

const char *uicc_state_name(struct modem *modem)
{
	static const char *const names[] = {
		[UICC_APP_UNKNOWN] = "unknown",
		[UICC_APP_DETECTED] = "detected",
		[UICC_APP_PIN1] = "pin",
		[UICC_APP_PUK1] = "puk",
		[UICC_APP_PERSO] = "checking",
		[UICC_APP_BLOCKED] = "blocked",
		[UICC_APP_ILLEGAL] = "illegal",
		[UICC_APP_READY] = "ready",
	};
	const struct uicc *card = uicc_active(modem);

	switch (uicc_card_state(card)) {
	case UICC_CARD_ABSENT:
		return "absent";
	case UICC_CARD_ERROR:
		return "error";
	case UICC_CARD_PRESENT:
		break;
	}
	return names[card->app];
}

enum uicc_pin_state uicc_pin_state(const struct uicc *card)
{
	if (!card->pin_tries)
		return card->puk_tries ? UICC_PIN_BLOCKED :
					 UICC_PIN_ALWAYS_BLOCKED;
	if (card->app == UICC_APP_UNKNOWN || card->app == UICC_APP_DETECTED)
		return UICC_PIN_UNINITIALIZED;
	if (!card->pin_enabled)
		return UICC_PIN_DISABLED;
	return card->verified ? UICC_PIN_VERIFIED : UICC_PIN_NOT_VERIFIED;
}

uint8_t uicc_pin_tries(struct modem *modem)
{
	return modem_lies(modem, LIE_PIN_TRIES_255) ?
	       255 : uicc_active(modem)->pin_tries;
}

uint8_t uicc_puk_tries(struct modem *modem)
{
	return modem_lies(modem, LIE_PIN_TRIES_255) ?
	       255 : uicc_active(modem)->puk_tries;
}

/* Tells everyone; registration follows what the card allows. */
static void changed(struct modem *modem)
{
	if (!modem->booted)
		return;
	uim_card_changed(modem);
	dms_sim_changed(modem);
	network_update(modem);
}

static void timer_stop(struct uicc *card)
{
	if (card->timer)
		g_source_remove(card->timer);
	card->timer = 0;
}

static gboolean ready(gpointer data);

static void ready_after(struct modem *modem, struct uicc *card,
			unsigned int ms)
{
	timer_stop(card);
	/* The card carries no pointer to its modem: the active one is meant. */
	card->timer = g_timeout_add(ms, ready, modem);
}

/* What the application asks for, once the card has told its PIN's state. */
static void settle(struct modem *modem, struct uicc *card)
{
	if (!card->pin_tries) {
		card->app = card->puk_tries ? UICC_APP_PUK1 : UICC_APP_BLOCKED;
		modem_event(modem, EVENT_SIM_BLOCKED);
	} else if (card->pin_enabled && !card->verified) {
		card->app = UICC_APP_PIN1;
		modem_event(modem, EVENT_SIM_LOCKED);
	} else {
		card->app = UICC_APP_PERSO;
		ready_after(modem, card, modem->sim.unlock_ms);
	}
}

static gboolean ready(gpointer data)
{
	struct modem *modem = data;
	struct uicc *card = uicc_active(modem);

	card->timer = 0;
	if (card->app == UICC_APP_PERSO) {
		card->app = UICC_APP_READY;
		modem_event(modem, EVENT_SIM_READY);
	} else {
		settle(modem, card);
	}
	changed(modem);
	return G_SOURCE_REMOVE;
}

static void start(struct modem *modem, struct uicc *card)
{
	card->powered = true;
	card_channels_reset(card);
	card->verified = false;
	card->app = UICC_APP_DETECTED;
	card->session = !modem->sim.manual_session;
	if (card->present && card->session)
		ready_after(modem, card, modem->sim.ready_ms);
}

static void stop(struct uicc *card)
{
	timer_stop(card);
	card_channels_reset(card);
	card->powered = false;
	card->verified = false;
	card->app = UICC_APP_UNKNOWN;
}

void uicc_power_on(struct modem *modem)
{
	if (!modem->sim.needs_radio || dms_radio_is_on(modem))
		start(modem, uicc_active(modem));
}

void uicc_power_off(struct modem *modem)
{
	unsigned int i;

	if (modem->sim.switch_timer)
		g_source_remove(modem->sim.switch_timer);
	modem->sim.switch_timer = 0;
	for (i = 0; i < UICC_SLOTS_MAX; i++)
		stop(&modem->sim.card[i]);
}

static void gone(struct modem *modem)
{
	if (!modem->booted)
		return;
	pdn_end_all(modem, MODEM_PORTS_MAX, PDN_CARD_EVENT);
	changed(modem);
}

void uicc_remove(struct modem *modem, unsigned int slot)
{
	struct uicc *card = &modem->sim.card[slot];

	if (!card->present)
		return;
	card->present = false;
	modem_event(modem, EVENT_SIM_REMOVED);
	if (slot == modem->sim.active) {
		stop(card);
		gone(modem);
	}
	uim_slots_changed(modem);
}

void uicc_insert(struct modem *modem, unsigned int slot)
{
	struct uicc *card = &modem->sim.card[slot];

	if (card->present)
		return;
	card->present = true;
	modem_event(modem, EVENT_SIM_INSERTED);
	if (modem->on && slot == modem->sim.active) {
		start(modem, card);
		changed(modem);
	}
	uim_slots_changed(modem);
}

void uicc_card_power(struct modem *modem, unsigned int slot, bool on)
{
	struct uicc *card = &modem->sim.card[slot];

	if (slot != modem->sim.active || card->powered == on)
		return;
	if (on) {
		start(modem, card);
		changed(modem);
	} else {
		stop(card);
		gone(modem);
	}
}

void uicc_radio(struct modem *modem, bool on)
{
	if (modem->sim.needs_radio)
		uicc_card_power(modem, modem->sim.active, on);
}

static gboolean switched(gpointer data)
{
	struct modem *modem = data;

	modem->sim.switch_timer = 0;
	modem->sim.active = modem->sim.switch_to;
	start(modem, uicc_active(modem));
	uim_slots_changed(modem);
	changed(modem);
	return G_SOURCE_REMOVE;
}

void uicc_switch(struct modem *modem, unsigned int slot)
{
	if (modem->sim.switch_timer)
		g_source_remove(modem->sim.switch_timer);
	modem->sim.switch_to = slot;
	stop(uicc_active(modem));
	gone(modem);
	modem->sim.switch_timer = g_timeout_add(modem->sim.switch_ms,
						switched, modem);
}

void uicc_session(struct modem *modem, bool activate)
{
	struct uicc *card = uicc_active(modem);

	if (card->session == activate)
		return;
	card->session = activate;
	card->app = UICC_APP_DETECTED;
	if (activate) {
		ready_after(modem, card, modem->sim.ready_ms);
		changed(modem);
	} else {
		timer_stop(card);
		gone(modem);
	}
}

/* PIN and PUK */

static bool is_pin(const char *pin)
{
	size_t len = strlen(pin);

	return len >= 4 && len <= 8 && strspn(pin, "0123456789") == len;
}

static enum qmi_error pin_blocked(const struct uicc *card)
{
	if (card->pin_tries)
		return QMI_OK;
	return card->puk_tries ? QMI_PIN_BLOCKED : QMI_PIN_ALWAYS_BLOCKED;
}

/* Compares; the wrong one costs a try, the last try blocks. */
static enum qmi_error pin_try(struct modem *modem, const char *pin)
{
	struct uicc *card = uicc_active(modem);
	enum qmi_error error = pin_blocked(card);

	if (error)
		return error;
	if (!strcmp(pin, card->pin)) {
		card->pin_tries = UICC_PIN_TRIES;
		return QMI_OK;
	}
	card->pin_tries--;
	if (!card->pin_tries) {
		card->verified = false;
		timer_stop(card);
		settle(modem, card);
		gone(modem);
	} else {
		changed(modem);
	}
	return card->pin_tries ? QMI_INCORRECT_PIN : QMI_PIN_BLOCKED;
}

static void verified(struct modem *modem)
{
	struct uicc *card = uicc_active(modem);

	card->verified = true;
	if (card->app != UICC_APP_READY)
		settle(modem, card);
	changed(modem);
}

enum qmi_error uicc_verify(struct modem *modem, const char *pin)
{
	struct uicc *card = uicc_active(modem);
	enum qmi_error error = pin_blocked(card);

	if (error)
		return error;
	if (!card->pin_enabled || card->verified)
		return QMI_NO_EFFECT;
	error = pin_try(modem, pin);
	if (!error && !modem_lies(modem, LIE_SET_IGNORED))
		verified(modem);
	return error;
}

enum qmi_error uicc_unblock(struct modem *modem, const char *puk,
			    const char *new_pin)
{
	struct uicc *card = uicc_active(modem);

	if (!card->puk_tries)
		return QMI_PIN_ALWAYS_BLOCKED;
	if (!is_pin(new_pin))
		return QMI_INVALID_ARGUMENT;
	if (strcmp(puk, card->puk)) {
		if (!--card->puk_tries) {
			card->pin_tries = 0;
			card->verified = false;
			timer_stop(card);
			settle(modem, card);
			gone(modem);
			return QMI_PIN_ALWAYS_BLOCKED;
		}
		changed(modem);
		return QMI_INCORRECT_PIN;
	}
	card->puk_tries = UICC_PUK_TRIES;
	if (modem_lies(modem, LIE_SET_IGNORED))
		return QMI_OK;
	card->pin_tries = UICC_PIN_TRIES;
	g_strlcpy(card->pin, new_pin, sizeof(card->pin));
	modem_nv_write(modem);
	verified(modem);
	return QMI_OK;
}

enum qmi_error uicc_change(struct modem *modem, const char *old_pin,
			   const char *new_pin)
{
	struct uicc *card = uicc_active(modem);
	enum qmi_error error;

	/* A card refuses to change a PIN that it does not ask for. */
	if (!card->pin_enabled)
		return QMI_INVALID_OPERATION;
	if (!is_pin(new_pin))
		return QMI_INVALID_ARGUMENT;
	error = pin_try(modem, old_pin);
	if (error || modem_lies(modem, LIE_SET_IGNORED))
		return error;
	g_strlcpy(card->pin, new_pin, sizeof(card->pin));
	modem_nv_write(modem);
	verified(modem);
	return QMI_OK;
}

enum qmi_error uicc_protect(struct modem *modem, bool enable, const char *pin)
{
	struct uicc *card = uicc_active(modem);
	enum qmi_error error = pin_blocked(card);

	if (error)
		return error;
	if (card->pin_enabled == enable)
		return QMI_NO_EFFECT;
	error = pin_try(modem, pin);
	if (error || modem_lies(modem, LIE_SET_IGNORED))
		return error;
	card->pin_enabled = enable;
	modem_nv_write(modem);
	verified(modem);
	return QMI_OK;
}
