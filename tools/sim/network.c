// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration as a state machine, fed by radio, card, coverage and wishes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"

/*
 * DOC: Registration
 *
 * It is wanted while the radio is on, the card is ready, nobody detached and
 * the mode preference allows the cell's technology. Wanted without coverage
 * is searching for ever; with coverage it is searching for register_ms, then
 * registered or denied. A denied modem stays so until something changes.
 */

#define CAUSE_PLMN_NOT_ALLOWED		11
#define CAUSE_NO_SUITABLE_CELLS		15

const uint16_t net_nr_bands[NET_NR_BANDS] = { 1, 3, 7, 8, 20, 28, 41, 77, 78 };

void network_add_nr(struct modem *modem)
{
	struct net_preference *p = &modem->net.preference;
	unsigned int i;

	modem->net.nr = true;
	p->mode |= NET_MODE_NR;
	for (i = 0; i < NET_NR_BANDS; i++) {
		unsigned int bit = net_nr_bands[i] - 1;

		p->nr_sa[bit / 64] |= 1ull << bit % 64;
		p->nr_nsa[bit / 64] |= 1ull << bit % 64;
	}
	memmove(&p->order[1], p->order, p->n_order);
	p->order[0] = NET_NR;
	p->n_order++;
}

void network_init(struct modem *modem)
{
	static const struct net_operator operators[NET_OPERATORS] = {
		{ 1, 1, 2, "m2m Home", false },
		{ 1, 2, 2, "m2m Partner", false },
		{ 1, 3, 2, "m2m Rival", true },
	};
	struct network *net = &modem->net;

	memcpy(net->operators, operators, sizeof(operators));
	net->register_ms = 1000;
	net->scan_ms = 3000;
	net->coverage = true;
	net->rat = NET_LTE;
	net->signal = (struct net_signal) { -61, -9, -92, 160 };
	net->lac = 0xfffe;
	net->tac = 0x1234;
	net->cell = 0x01a2b301;
	net->preference = (struct net_preference) {
		.mode = NET_MODE_GSM | NET_MODE_UMTS | NET_MODE_LTE,
		.band = 1ull << 7 | 1ull << 8 | 1ull << 22 | 1ull << 49,
		.lte_band = { 0x080800c5 },
		.roaming = 0xff,
		.domain = 2,
		.order = { NET_LTE, NET_UMTS, NET_GSM },
		.n_order = 3,
		.usage = 2,
	};
	if (modem->config.nr)
		network_add_nr(modem);
}

bool network_is_registered(const struct modem *modem)
{
	return modem->net.registration == NET_REGISTERED;
}

static const struct net_operator *choose(const struct network *net)
{
	const struct net_preference *p = &net->preference;
	unsigned int i;

	if (!p->manual)
		return &net->operators[net->roaming ? 1 : 0];
	for (i = 0; i < NET_OPERATORS; i++)
		if (net->operators[i].mcc == p->mcc &&
		    net->operators[i].mnc == p->mnc)
			return &net->operators[i];
	return NULL;
}

bool network_is_settled(const struct modem *modem)
{
	return network_is_registered(modem) &&
	       modem->net.serving == choose(&modem->net);
}

bool network_is_roaming(const struct modem *modem)
{
	return modem->net.serving &&
	       modem->net.serving != &modem->net.operators[0];
}

const char *network_state_name(const struct modem *modem)
{
	switch (modem->net.registration) {
	case NET_NOT_REGISTERED:
		return "idle";
	case NET_REGISTERED:
		return network_is_roaming(modem) ? "roaming" : "registered";
	case NET_SEARCHING:
		return "searching";
	case NET_DENIED:
		return "denied";
	}
	return "idle";
}

static uint16_t mode_bit(enum net_rat rat)
{
	switch (rat) {
	case NET_GSM:
		return NET_MODE_GSM;
	case NET_UMTS:
		return NET_MODE_UMTS;
	case NET_LTE:
		return NET_MODE_LTE;
	case NET_NR:
		return NET_MODE_NR;
	}
	return 0;
}

static bool wanted(struct modem *modem)
{
	const struct network *net = &modem->net;

	return modem->booted && dms_radio_is_on(modem) &&
	       uicc_is_ready(modem) && !net->detached;
}

static void timer_stop(struct network *net)
{
	if (net->timer)
		g_source_remove(net->timer);
	net->timer = 0;
}

/* Enters @state, tells everyone; calls do not outlive the registration. */
static void enter(struct modem *modem, enum net_registration state,
		  const struct net_operator *serving, struct pdn_reason reason)
{
	static const enum modem_event events[] = {
		[NET_NOT_REGISTERED] = EVENT_NAS_LOST,
		[NET_REGISTERED] = EVENT_NAS_REGISTERED,
		[NET_SEARCHING] = EVENT_NAS_SEARCHING,
		[NET_DENIED] = EVENT_NAS_DENIED,
	};
	struct network *net = &modem->net;

	if (net->registration == state && net->serving == serving)
		return;
	net->registration = state;
	net->serving = serving;
	if (state != NET_REGISTERED)
		pdn_end_all(modem, MODEM_PORTS_MAX, reason);
	nas_registration_changed(modem);
	modem_event(modem, events[state]);
}

static void deny(struct modem *modem, const struct net_operator *op,
		 uint8_t cause)
{
	modem->net.reject_cause = cause;
	enter(modem, NET_DENIED, op, PDN_NO_SERVICE);
	nas_rejected(modem, cause);
}

static gboolean decide(gpointer data)
{
	struct modem *modem = data;
	struct network *net = &modem->net;
	const struct net_operator *op = choose(net);

	net->timer = 0;
	if (!op) {
		enter(modem, NET_SEARCHING, NULL, PDN_NO_SERVICE);
	} else if (net->deny_cause) {
		deny(modem, op, net->deny_cause);
	} else if (op->forbidden) {
		deny(modem, op, CAUSE_PLMN_NOT_ALLOWED);
	} else if (op != &net->operators[0] && net->preference.roaming == 1) {
		deny(modem, op, CAUSE_NO_SUITABLE_CELLS);
	} else {
		net->reject_cause = 0;
		profiles_attach(&modem->pdn.profiles);
		enter(modem, NET_REGISTERED, op, PDN_NO_REASON);
		net->time_known = true;
		nas_time_changed(modem);
		pdn_autoconnect(modem);
	}
	return G_SOURCE_REMOVE;
}

static void search(struct modem *modem)
{
	struct network *net = &modem->net;

	enter(modem, NET_SEARCHING, NULL, PDN_FADE);
	if (net->coverage && net->preference.mode & mode_bit(net->rat)) {
		if (!net->timer)
			net->timer = g_timeout_add(net->register_ms, decide,
						   modem);
	} else {
		timer_stop(net);
	}
}

void network_update(struct modem *modem)
{
	struct network *net = &modem->net;
	bool usable = net->coverage &&
		      net->preference.mode & mode_bit(net->rat);

	if (!wanted(modem)) {
		timer_stop(net);
		enter(modem, NET_NOT_REGISTERED, NULL,
		      net->detached ? PDN_PS_DETACHED : PDN_NO_SERVICE);
		return;
	}
	if (usable && (net->registration == NET_REGISTERED ||
		       net->registration == NET_DENIED))
		return;
	search(modem);
}

void network_restart(struct modem *modem)
{
	timer_stop(&modem->net);
	if (wanted(modem))
		search(modem);
	else
		network_update(modem);
}

void network_detach(struct modem *modem, bool detach)
{
	if (modem->net.detached == detach)
		return;
	modem->net.detached = detach;
	network_update(modem);
}

void network_power_off(struct modem *modem)
{
	struct network *net = &modem->net;

	timer_stop(net);
	net->registration = NET_NOT_REGISTERED;
	net->serving = NULL;
	net->detached = false;
	net->time_known = false;
	net->reject_cause = 0;
}

void network_signal(struct modem *modem, const struct net_signal *signal)
{
	modem->net.signal = *signal;
	nas_signal_changed(modem);
}

static int deny_command(struct modem *modem, char **words)
{
	unsigned long cause = CAUSE_NO_SUITABLE_CELLS;
	char *end;

	if (words[1]) {
		if (strcmp(words[1], "cause") || !words[2] || words[3])
			return -EINVAL;
		cause = strtoul(words[2], &end, 10);
		if (*end || !cause || cause > UINT8_MAX)
			return -EINVAL;
	}
	modem->net.deny_cause = cause;
	network_restart(modem);
	return 0;
}

static int command(struct modem *modem, char **words)
{
	struct network *net = &modem->net;
	const char *verb = words[0];

	if (!verb)
		return -EINVAL;
	if (!strcmp(verb, "deny"))
		return deny_command(modem, words);
	if (words[1])
		return -EINVAL;
	if (!strcmp(verb, "lost")) {
		net->coverage = false;
	} else if (!strcmp(verb, "register") || !strcmp(verb, "home")) {
		net->roaming = false;
		net->deny_cause = 0;
		net->coverage = true;
	} else if (!strcmp(verb, "roam")) {
		net->roaming = true;
		net->deny_cause = 0;
		net->coverage = true;
	} else if (strcmp(verb, "search")) {
		return -EINVAL;
	}
	network_restart(modem);
	return 0;
}

int network_command(struct modem *modem, const char *words, char *err,
		    size_t err_len)
{
	char **list = g_strsplit_set(words, " \t", 4);
	int r = command(modem, list);

	g_strfreev(list);
	if (r)
		g_snprintf(err, err_len,
			   "want deny [cause N], register, home, roam, search or lost");
	return r;
}
