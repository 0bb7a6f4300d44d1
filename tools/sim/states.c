// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of what can be asked: modem_get(). */
#include <errno.h>
#include <string.h>

#include <arpa/inet.h>
#include <glib.h>

#include "settings.h"

static void setting_get(const struct setting *s, const void *field,
			char *value, size_t len)
{
	switch (s->kind) {
	case KIND_NUMBER:
		g_snprintf(value, len, "%u", *(const uint32_t *)field);
		break;
	case KIND_FLAG:
		g_snprintf(value, len, "%s",
			   *(const bool *)field ? "on" : "off");
		break;
	case KIND_TEXT:
	case KIND_DIGITS:
	case KIND_HEX_DIGITS:
	case KIND_HEX:
		g_strlcpy(value, field, len);
		break;
	}
}

static int lie_get(struct modem *modem, char *value, size_t len)
{
	unsigned int i;

	*value = '\0';
	for (i = 0; i < LIE_COUNT; i++) {
		if (!modem_lies(modem, i))
			continue;
		if (*value)
			g_strlcat(value, " ", len);
		g_strlcat(value, lie_names[i], len);
	}
	return 0;
}

static int signal_get(struct modem *modem, char *value, size_t len)
{
	const struct net_signal *s = &modem->net.signal;

	g_snprintf(value, len, "%d %d %d %d", s->rssi, s->rsrq, s->rsrp,
		   s->snr);
	return 0;
}

static int nv_writes_get(struct modem *modem, char *value, size_t len)
{
	g_snprintf(value, len, "%u", modem->nv_writes);
	return 0;
}

static int sim_state_get(struct modem *modem, char *value, size_t len)
{
	g_strlcpy(value, uicc_state_name(modem), len);
	return 0;
}

/* The words of AT+CPIN? */
static int sim_cpin_get(struct modem *modem, char *value, size_t len)
{
	const struct uicc *card = uicc_active(modem);

	if (uicc_card_state(card) != UICC_CARD_PRESENT ||
	    card->app == UICC_APP_UNKNOWN || card->app == UICC_APP_DETECTED)
		return -ENODATA;
	g_strlcpy(value, card->app == UICC_APP_PIN1 ? "SIM PIN" :
			 card->app == UICC_APP_PUK1 ||
			 card->app == UICC_APP_BLOCKED ? "SIM PUK" : "READY",
		  len);
	return 0;
}

static int sim_active_get(struct modem *modem, char *value, size_t len)
{
	g_snprintf(value, len, "%u", modem->sim.active + 1);
	return 0;
}

/* How many are open beside the basic one */
static int sim_channels_get(struct modem *modem, char *value, size_t len)
{
	const struct uicc *card = uicc_active(modem);
	unsigned int i, n = 0;

	for (i = 1; i < UICC_CHANNELS; i++)
		n += card->channel[i].open;
	g_snprintf(value, len, "%u", n);
	return 0;
}

static int nas_state_get(struct modem *modem, char *value, size_t len)
{
	g_strlcpy(value, network_state_name(modem), len);
	return 0;
}

static int nas_cause_get(struct modem *modem, char *value, size_t len)
{
	g_snprintf(value, len, "%u", modem->net.reject_cause);
	return 0;
}

static int nas_operator_get(struct modem *modem, char *value, size_t len)
{
	const struct net_operator *op = modem->net.serving;

	if (!op)
		return -ENODATA;
	g_snprintf(value, len, "%03u%0*u", op->mcc, op->mnc_len, op->mnc);
	return 0;
}

static int dms_mode_get(struct modem *modem, char *value, size_t len)
{
	g_snprintf(value, len, "%u", modem->dms.mode);
	return 0;
}

static int dms_imei_get(struct modem *modem, char *value, size_t len)
{
	g_strlcpy(value, dms_imei(modem), len);
	return 0;
}

/* "APN PDP AUTH USER" of what it attached with, or would */
static int attach_get(struct modem *modem, char *value, size_t len)
{
	struct profiles *all = &modem->pdn.profiles;
	const struct profile *p;

	p = profile_find(all, all->n_attach ? all->attach[0] : all->default_tethered);
	if (!p)
		return -ENODATA;
	g_snprintf(value, len, "%s %u %u %s", p->apn, p->pdp, p->auth, p->user);
	return 0;
}

static int calls_get(struct modem *modem, char *value, size_t len)
{
	g_snprintf(value, len, "%u", pdn_calls_up(modem));
	return 0;
}

/* One call after the other: "PORT/MUX/FAMILY APN ADDRESS", split by "; " */
static int call_list_get(struct modem *modem, char *value, size_t len)
{
	const struct pdn_call *c;

	*value = '\0';
	for (c = modem->pdn.calls; c; c = c->next) {
		char address[INET6_ADDRSTRLEN], one[256];

		if (c->state != PDN_CALL_UP)
			continue;
		if (c->call.family == 4)
			inet_ntop(AF_INET, &c->call.addr4, address,
				  sizeof(address));
		else
			inet_ntop(AF_INET6, &c->call.addr6, address,
				  sizeof(address));
		g_snprintf(one, sizeof(one), "%s%u/%u/%u %s %s",
			   *value ? "; " : "", c->call.port, c->call.mux_id,
			   c->call.family, c->apn, address);
		g_strlcat(value, one, len);
	}
	return 0;
}

/* "link-layer ul dl dl-datagrams dl-size ul-datagrams ul-size" of port 0 */
static int wda_format_get(struct modem *modem, char *value, size_t len)
{
	const struct modem_format *f = &modem->port[0].format;

	g_snprintf(value, len, "%u %u %u %u %u %u %u", f->link_layer, f->ul,
		   f->dl, f->dl_max_datagrams, f->dl_max_size,
		   f->ul_max_datagrams, f->ul_max_size);
	return 0;
}

static int wms_count_get(struct modem *modem, char *value, size_t len)
{
	unsigned int i, s, n = 0;

	for (s = 0; s < SMS_STORAGES; s++)
		for (i = 0; i < SMS_SLOTS; i++)
			n += modem->sms.slot[s][i].used;
	g_snprintf(value, len, "%u", n);
	return 0;
}

static int wms_sent_get(struct modem *modem, char *value, size_t len)
{
	g_snprintf(value, len, "%u", modem->sms.sent);
	return 0;
}

/* The latest message that was sent: service centre's address and TPDU */
static int wms_last_get(struct modem *modem, char *value, size_t len)
{
	const struct sms_state *sms = &modem->sms;
	size_t i;

	*value = '\0';
	for (i = 0; i < sms->last_len && 2 * i + 2 < len; i++)
		g_snprintf(value + 2 * i, 3, "%02x", sms->last[i]);
	return 0;
}

/* All ids in use, of all ports */
static int clients_get(struct modem *modem, char *value, size_t len)
{
	const struct service *s;
	unsigned int i, port, n = 0;

	for (i = 0; (s = service_at(i)); i++)
		for (port = 0; port < modem->config.n_ports; port++)
			n += clients_count(modem, port, s->id);
	g_snprintf(value, len, "%u", n);
	return 0;
}

static const struct {
	const char *key;
	int (*get)(struct modem *modem, char *value, size_t len);
} states[] = {
	{ "nv-writes", nv_writes_get },
	{ "sim.state", sim_state_get },
	{ "sim.cpin", sim_cpin_get },
	{ "sim.active", sim_active_get },
	{ "sim.channels", sim_channels_get },
	{ "nas.state", nas_state_get },
	{ "nas.cause", nas_cause_get },
	{ "nas.operator", nas_operator_get },
	{ "nas.signal", signal_get },
	{ "dms.mode", dms_mode_get },
	{ "dms.imei", dms_imei_get },
	{ "wds.attach", attach_get },
	{ "calls", calls_get },
	{ "calls.list", call_list_get },
	{ "wda.format", wda_format_get },
	{ "wms.count", wms_count_get },
	{ "wms.sent", wms_sent_get },
	{ "wms.last", wms_last_get },
	{ "clients", clients_get },
	{ "lie", lie_get },
};

int modem_get(struct modem *modem, const char *key, char *ret_value,
	      size_t len)
{
	const struct service *service = service_of_key(key, "clients.");
	const struct setting *s;
	unsigned int i, n = 0;
	void *field;

	s = setting_find(modem, key, &field);
	if (s) {
		setting_get(s, field, ret_value, len);
		return 0;
	}
	if (service) {
		for (i = 0; i < modem->config.n_ports; i++)
			n += clients_count(modem, i, service->id);
		g_snprintf(ret_value, len, "%u", n);
		return 0;
	}
	for (i = 0; i < G_N_ELEMENTS(states); i++)
		if (!strcmp(states[i].key, key))
			return states[i].get(modem, ret_value, len);
	return -ENOENT;
}
