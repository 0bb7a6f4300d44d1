// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls: granted or refused by APN rules, addressed, and ended. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <glib.h>

#include "firmware.h"

/*
 * DOC: Addresses
 *
 * The two families of one data port (port and mux id) share an index. From it
 * and from the IMEI come a /30 of 10.X.0.0/16, of which the gateway has the
 * first address, and 2001:db8:X:INDEX::2/64 behind ::1, so that two modems of
 * one test do not hold the same address. Name servers are 10.53.0.1, 10.53.0.2, 2001:db8:53::1 and
 * 2001:db8:53::2 for all.
 */

#define INDEX_MAX	(2 * UINT8_MAX)

static const struct pdn_apn default_apns[] = {
	{ .name = "", .v4 = true, .v6 = true },
	{ .name = "internet", .v4 = true, .v6 = true },
	{ .name = "ims", .v6 = true },
	{ .name = "m2m", .v4 = true, .v6 = true },
	{ .name = "iot", .v4 = true, .v6 = true },
	{ .name = "v4only", .v4 = true },
	{ .name = "v6only", .v6 = true },
	{ .name = "dns64", .v6 = true, .dns64 = true },
	{ .name = "public", .v4 = true, .public = true },
	{ .name = "private", .v4 = true, .v6 = true,
	  .user = "user", .password = "secret" },
	{ .name = "barred", .cause = 8 },
	{ .name = "unsubscribed", .cause = 33 },
	{ .name = "busy", .cause = 26, .throttle_ms = 5000 },
};

void pdn_init(struct modem *modem)
{
	struct pdn_state *pdn = &modem->pdn;

	memcpy(pdn->apns, default_apns, sizeof(default_apns));
	pdn->n_apns = G_N_ELEMENTS(default_apns);
	pdn->connect_ms = 300;
	pdn->mtu = 1500;
	pdn->next_handle = 0x7a000010;
	profiles_init(&pdn->profiles);
}

struct pdn_apn *pdn_apn_find(struct modem *modem, const char *name)
{
	unsigned int i;

	for (i = 0; i < modem->pdn.n_apns; i++)
		if (!g_ascii_strcasecmp(modem->pdn.apns[i].name, name))
			return &modem->pdn.apns[i];
	return NULL;
}

struct pdn_call *pdn_call_on(struct modem *modem, unsigned int port,
			     uint8_t mux_id, uint8_t family)
{
	struct pdn_call *c;

	for (c = modem->pdn.calls; c; c = c->next)
		if (c->call.port == port && c->call.mux_id == mux_id &&
		    c->call.family == family)
			return c;
	return NULL;
}

struct pdn_call *pdn_call_of_client(struct modem *modem,
				    const struct client *client)
{
	struct pdn_call *c;

	for (c = modem->pdn.calls; c; c = c->next)
		if (c->owner_port == client->port && c->owner == client->id)
			return c;
	return NULL;
}

unsigned int pdn_calls_up(const struct modem *modem)
{
	const struct pdn_call *c;
	unsigned int n = 0;

	for (c = modem->pdn.calls; c; c = c->next)
		n += c->state == PDN_CALL_UP;
	return n;
}

/* Addresses */

static bool index_used(const struct modem *modem, unsigned int index)
{
	const struct pdn_call *c;

	for (c = modem->pdn.calls; c; c = c->next)
		if (c->index == index)
			return true;
	return false;
}

/* The call beside one of @family on a data port, or NULL */
static struct pdn_call *other_family(struct modem *modem, unsigned int port,
				     uint8_t mux_id, uint8_t family)
{
	return pdn_call_on(modem, port, mux_id, family == 4 ? 6 : 4);
}

static unsigned int index_pick(struct modem *modem,
			       const struct pdn_request *request)
{
	struct pdn_call *other;
	unsigned int i;

	other = other_family(modem, request->port, request->mux_id,
			     request->family);
	if (other)
		return other->index;
	for (i = 1; i < INDEX_MAX && index_used(modem, i); i++)
		;
	return i;
}

/* A number of the modem's own, from the IMEI it was made with */
static uint8_t modem_number(const struct modem *modem)
{
	const char *p = modem->config.imei;
	unsigned int n = 0;

	for (; *p; p++)
		n = n * 31 + (uint8_t)*p;
	return 64 + n % 128;
}

static void address4(struct modem *modem, struct modem_call *c,
		     unsigned int index)
{
	uint32_t net = (c->public ? 25u : 10u) << 24 | modem_number(modem) << 16 | index << 2;
	uint32_t dns = 10u << 24 | 53u << 16;

	c->addr4.s_addr = htonl(net | 2);
	c->gw4.s_addr = htonl(net | 1);
	c->prefix4 = 30;
	c->dns4[0].s_addr = htonl(dns | 1);
	c->dns4[1].s_addr = htonl(dns | 2);
}

static void address6(struct modem *modem, struct modem_call *c,
		     unsigned int index)
{
	char text[INET6_ADDRSTRLEN];

	g_snprintf(text, sizeof(text), "2001:db8:%x:%x::2",
		   modem_number(modem), index);
	inet_pton(AF_INET6, text, &c->addr6);
	c->gw6 = c->addr6;
	c->gw6.s6_addr[15] = 1;
	c->prefix6 = 64;
	inet_pton(AF_INET6, "2001:db8:53::1", &c->dns6[0]);
	inet_pton(AF_INET6, "2001:db8:53::2", &c->dns6[1]);
}

static void address_give(struct modem *modem, struct pdn_call *call)
{
	if (call->call.family == 4)
		address4(modem, &call->call, call->index);
	else
		address6(modem, &call->call, call->index);
}

/* Starting */

static bool throttled(const struct pdn_apn *apn)
{
	return apn->throttled_until > g_get_monotonic_time();
}

/* Why no call of this kind can even be asked for, or PDN_NO_REASON. */
static struct pdn_reason local_reason(struct modem *modem,
				      const struct pdn_request *rq)
{
	struct pdn_call *other = pdn_call_on(modem, rq->port, rq->mux_id,
					     rq->family);
	struct profile *profile = profile_find(&modem->pdn.profiles,
					       rq->profile);

	if (uicc_card_state(uicc_active(modem)) != UICC_CARD_PRESENT)
		return PDN_NO_UIM;
	if (!dms_radio_is_on(modem))
		return PDN_LOW_POWER;
	if (!network_is_registered(modem))
		return PDN_NO_SERVICE;
	if (other)
		return g_ascii_strcasecmp(other->apn, rq->apn) ?
		       PDN_IN_USE : PDN_IN_USE_MATCH;
	if (profile && profile->disabled)
		return PDN_APN_DISABLED;
	if (profile && profile->no_roaming && network_is_roaming(modem))
		return PDN_NO_ROAMING;
	if ((rq->pdp == PROFILE_IPV4 && rq->family == 6) ||
	    (rq->pdp == PROFILE_IPV6 && rq->family == 4))
		return PDN_PDP_MISMATCH;
	return PDN_NO_REASON;
}

static struct pdn_reason network_reason(struct modem *modem,
					const struct pdn_request *rq)
{
	struct pdn_apn *apn = pdn_apn_find(modem, rq->apn);

	if (!apn)
		return PDN_ESM_CAUSE(27);
	if (throttled(apn))
		return rq->family == 4 ? PDN_V4_THROTTLED : PDN_V6_THROTTLED;
	if (apn->cause)
		return PDN_ESM_CAUSE(apn->cause);
	if (apn->user[0] && (strcmp(apn->user, rq->user) ||
			     strcmp(apn->password, rq->password)))
		return PDN_ESM_CAUSE(29);
	if (rq->family == 4 && !apn->v4)
		return PDN_ESM_CAUSE(51);
	if (rq->family == 6 && !apn->v6)
		return PDN_ESM_CAUSE(50);
	return PDN_NO_REASON;
}

struct pdn_call *pdn_call_new(struct modem *modem, const struct client *owner,
			      const struct pdn_request *request,
			      struct pdn_reason *ret_reason)
{
	struct pdn_call *call;

	*ret_reason = local_reason(modem, request);
	if (ret_reason->type)
		return NULL;
	call = g_new0(struct pdn_call, 1);
	call->call.port = request->port;
	call->call.mux_id = request->mux_id;
	call->call.family = request->family;
	call->index = index_pick(modem, request);
	call->owner_port = owner->port;
	call->owner = owner->id;
	call->profile = request->profile;
	call->pdp = request->pdp;
	g_strlcpy(call->apn, request->apn, sizeof(call->apn));
	g_strlcpy(call->user, request->user, sizeof(call->user));
	call->auth = request->auth;
	call->verdict = network_reason(modem, request);
	call->state = PDN_CALL_CONNECTING;
	call->next = modem->pdn.calls;
	modem->pdn.calls = call;
	return call;
}

static void call_free(struct modem *modem, struct pdn_call *call)
{
	struct pdn_call **p = &modem->pdn.calls;

	while (*p != call)
		p = &(*p)->next;
	*p = call->next;
	g_free(call);
}

bool pdn_call_up(struct modem *modem, struct pdn_call *call,
		 struct pdn_reason *ret_reason)
{
	struct pdn_apn *apn = pdn_apn_find(modem, call->apn);

	call->answer = NULL;
	*ret_reason = call->verdict;
	if (!call->verdict.type && !network_is_registered(modem))
		*ret_reason = PDN_NO_SERVICE;
	if (ret_reason->type) {
		if (apn && ret_reason->type == PDN_3GPP && !throttled(apn))
			apn->throttled_until = g_get_monotonic_time() +
					       apn->throttle_ms * 1000ll;
		call_free(modem, call);
		modem_event(modem, EVENT_WDS_REFUSED);
		return false;
	}
	call->call.public = apn && apn->public;
	address_give(modem, call);
	call->call.mtu = modem->pdn.mtu;
	call->call.dns64 = apn && apn->dns64;
	call->call.dead = modem_lies(modem, LIE_DEAD_BEARER);
	call->handle = modem_lies(modem, LIE_SAME_HANDLE) ?
		       0x7a000000 : modem->pdn.next_handle++;
	call->state = PDN_CALL_UP;
	modem->ops->call(modem->usb, &call->call, true);
	wds_call_changed(modem, call, true, PDN_NO_REASON);
	modem_event(modem, EVENT_WDS_CONNECTED);
	return true;
}

void pdn_call_end(struct modem *modem, struct pdn_call *call,
		  struct pdn_reason reason)
{
	struct pdn_call ended = *call;

	if (call->state == PDN_CALL_CONNECTING && call->answer) {
		/* The request it belongs to fails with this reason now. */
		call->verdict = reason;
		answer_send(call->answer);
		return;
	}
	call_free(modem, call);
	if (ended.state != PDN_CALL_UP)
		return;
	modem->pdn.last_tx_bytes = ended.call.tx_bytes;
	modem->pdn.last_rx_bytes = ended.call.rx_bytes;
	modem->ops->call(modem->usb, &ended.call, false);
	wds_call_changed(modem, &ended, false, reason);
	modem_event(modem, EVENT_WDS_DISCONNECTED);
	if (reason.type == PDN_3GPP)
		pdn_autoconnect(modem);
}

void pdn_end_all(struct modem *modem, unsigned int port,
		 struct pdn_reason reason)
{
	struct pdn_call *c, *next;

	for (c = modem->pdn.calls; c; c = next) {
		next = c->next;
		if (port >= MODEM_PORTS_MAX || c->call.port == port)
			pdn_call_end(modem, c, reason);
	}
}

/* Autoconnect */

#define AUTOCONNECT_ON		1
#define HOME_ONLY		1

static gboolean autoconnect_up(gpointer data)
{
	struct modem *modem = data;
	struct pdn_call *call = pdn_call_on(modem, 0, 0, 4);
	struct pdn_reason reason;

	modem->pdn.autoconnect_timer = 0;
	if (call && !call->owner && call->state == PDN_CALL_CONNECTING)
		pdn_call_up(modem, call, &reason);
	return G_SOURCE_REMOVE;
}

void pdn_autoconnect(struct modem *modem)
{
	static const struct client nobody;	/* id 0 is never given out */
	struct pdn_state *pdn = &modem->pdn;
	struct pdn_request request = { .family = 4 };
	const struct profile *profile;
	struct pdn_reason reason;

	profile = profile_find(&pdn->profiles, pdn->profiles.default_tethered);
	if (pdn->autoconnect != AUTOCONNECT_ON || pdn->autoconnect_timer ||
	    !profile || !network_is_registered(modem) ||
	    pdn_call_on(modem, 0, 0, 4))
		return;
	if (pdn->autoconnect_roaming == HOME_ONLY && network_is_roaming(modem))
		return;
	request.profile = pdn->profiles.default_tethered;
	request.pdp = profile->pdp;
	g_strlcpy(request.apn, profile->apn, sizeof(request.apn));
	g_strlcpy(request.user, profile->user, sizeof(request.user));
	g_strlcpy(request.password, profile->password,
		  sizeof(request.password));
	if (pdn_call_new(modem, &nobody, &request, &reason))
		pdn->autoconnect_timer = g_timeout_add(pdn->connect_ms,
						       autoconnect_up, modem);
}

void pdn_power_off(struct modem *modem)
{
	struct pdn_call *c;

	if (modem->pdn.autoconnect_timer)
		g_source_remove(modem->pdn.autoconnect_timer);
	modem->pdn.autoconnect_timer = 0;
	while ((c = modem->pdn.calls)) {
		modem->pdn.calls = c->next;
		if (c->state == PDN_CALL_UP)
			modem->ops->call(modem->usb, &c->call, false);
		g_free(c);
	}
}

uint16_t pdn_reason_coarse(struct pdn_reason reason)
{
	static const struct {
		uint16_t cause, coarse;
	} esm[] = {
		{ 8, 1012 }, { 25, 1004 }, { 26, 1005 }, { 27, 1013 },
		{ 28, 1014 }, { 29, 10 }, { 30, 1015 }, { 31, 1016 },
		{ 32, 1017 }, { 33, 1018 }, { 34, 1006 }, { 35, 1007 },
		{ 36, 1008 }, { 38, 1009 }, { 39, 1010 }, { 40, 1036 },
		{ 111, 1011 }, { 112, 1034 },
	};
	unsigned int i;

	if (reason.type == PDN_CM)
		return reason.cause == 2000 ? 2 : reason.cause == 2002 ? 4 : 3;
	if (reason.type != PDN_3GPP)
		return 11;		/* internal error */
	for (i = 0; i < G_N_ELEMENTS(esm); i++)
		if (esm[i].cause == reason.cause)
			return esm[i].coarse;
	return 1;			/* unspecified */
}

/* Commands */

static bool number(const char *word, unsigned long most, uint32_t *ret_number)
{
	unsigned long n;
	char *end;

	if (!word || !g_ascii_isdigit(*word))
		return false;
	n = strtoul(word, &end, 0);
	if (*end || n > most)
		return false;
	*ret_number = n;
	return true;
}

static int apn_words(struct pdn_apn *apn, char **w)
{
	while (*w) {
		uint32_t *value = NULL;
		char *string = NULL;

		if (!strcmp(*w, "v4"))
			apn->v4 = true;
		else if (!strcmp(*w, "v6"))
			apn->v6 = true;
		else if (!strcmp(*w, "dns64"))
			apn->dns64 = true;
		else if (!strcmp(*w, "public"))
			apn->public = true;
		else if (!strcmp(*w, "cause"))
			value = &apn->cause;
		else if (!strcmp(*w, "throttle"))
			value = &apn->throttle_ms;
		else if (!strcmp(*w, "user"))
			string = apn->user;
		else if (!strcmp(*w, "password"))
			string = apn->password;
		else
			return -EINVAL;
		w++;
		if (value && !number(*w++, 3600000, value))
			return -EINVAL;
		if (string) {
			if (!*w || strlen(*w) >= sizeof(apn->user))
				return -EINVAL;
			strcpy(string, *w++);
		}
	}
	return 0;
}

int pdn_apn_set(struct modem *modem, const char *words, char *err,
		size_t err_len)
{
	char **w = g_strsplit(words, " ", -1);
	struct pdn_apn apn = { 0 }, *old;
	int r = -EINVAL;

	if (w[0] && strlen(w[0]) < sizeof(apn.name)) {
		/* "-" stands for the empty name. */
		g_strlcpy(apn.name, strcmp(w[0], "-") ? w[0] : "",
			  sizeof(apn.name));
		r = apn_words(&apn, w + 1);
	}
	g_strfreev(w);
	if (r) {
		g_snprintf(err, err_len,
			   "want NAME [v4] [v6] [dns64] [public] [cause N] [throttle MS] [user U] [password P]");
		return r;
	}
	old = pdn_apn_find(modem, apn.name);
	if (!old && modem->pdn.n_apns == PDN_APNS_MAX) {
		g_snprintf(err, err_len, "no room for another APN");
		return -ENOSPC;
	}
	if (!old)
		old = &modem->pdn.apns[modem->pdn.n_apns++];
	*old = apn;
	return 0;
}

/* One that is not up yet gets its address later, from the same index. */
static void move(struct modem *modem, struct pdn_call *call, unsigned int index)
{
	bool up = call->state == PDN_CALL_UP;

	if (up)
		modem->ops->call(modem->usb, &call->call, false);
	call->index = index;
	if (!up)
		return;
	address_give(modem, call);
	modem->ops->call(modem->usb, &call->call, true);
	wds_settings_changed(modem, call);
}

/*
 * The network gives every call another address, as after a handover. The families of one
 * data port move together, led by IPv4 where both are up.
 */
static void readdress(struct modem *modem)
{
	struct pdn_call *c, *other;
	unsigned int i;

	for (c = modem->pdn.calls; c; c = c->next) {
		other = other_family(modem, c->call.port, c->call.mux_id, c->call.family);
		if (c->state != PDN_CALL_UP ||
		    (c->call.family == 6 && other && other->state == PDN_CALL_UP))
			continue;
		for (i = c->index % INDEX_MAX + 1; index_used(modem, i);)
			i = i % INDEX_MAX + 1;
		move(modem, c, i);
		if (other)
			move(modem, other, i);
	}
}

static int drop(struct modem *modem, char **w)
{
	uint32_t cause = 36, mux = UINT32_MAX;
	struct pdn_call *c, *next;

	for (; *w; w += 2) {
		if (!strcmp(*w, "cause") && number(w[1], UINT16_MAX, &cause))
			continue;
		if (strcmp(*w, "mux") || !number(w[1], UINT8_MAX, &mux))
			return -EINVAL;
	}
	for (c = modem->pdn.calls; c; c = next) {
		next = c->next;
		if (mux == UINT32_MAX || c->call.mux_id == mux)
			pdn_call_end(modem, c, PDN_ESM_CAUSE(cause));
	}
	return 0;
}

int pdn_command(struct modem *modem, const char *words, char *err,
		size_t err_len)
{
	char **w = g_strsplit(words, " ", -1);
	int r = -EINVAL;

	if (w[0] && !strcmp(w[0], "drop")) {
		r = drop(modem, w + 1);
	} else if (w[0] && !strcmp(w[0], "readdress") && !w[1]) {
		readdress(modem);
		r = 0;
	}
	g_strfreev(w);
	if (r)
		g_snprintf(err, err_len,
			   "want drop [cause N] [mux N], or readdress");
	return r;
}
