// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the wireless data service and the sense of its answers. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "qmi-tlv.h"
#include "wda.h"
#include "wds.h"
#include "words.h"

#define START_NETWORK		0x0020
#define STOP_NETWORK		0x0021
#define GET_STATISTICS		0x0024
#define GET_CURRENT_SETTINGS	0x002d
#define GET_AUTOCONNECT		0x0034
#define SET_IP_FAMILY		0x004d
#define SET_AUTOCONNECT		0x0051
#define GET_PDN_THROTTLE_INFO	0x006c
#define BIND_MUX_DATA_PORT	0x00a2

/* profile, PDP type, APN, DNS, address, gateway, MTU, domains, family */
#define SETTINGS_MASK		0x0000e31d
/* user name, authentication */
#define LOGIN_MASK		0x000000c0
/* packets of both directions, bytes of both */
#define STATISTICS_MASK		0x000000c3

#define DATA_SYSTEM_3GPP	0

#define STOP_TIMEOUT_MS		30000
#define ABORT_TIMEOUT_MS	5000
#define MTU_MIN			576
#define MTU_MIN6		1280
#define MTU_MAX			65535

/* --- parsing ---------------------------------------------------------------- */

static struct in_addr get_ipv4(QmiMessage *message, uint8_t type, bool *ret_has)
{
	struct in_addr addr;
	uint32_t value;

	/* a host integer: its most significant byte is the first octet */
	*ret_has = tlv_get_u32(message, type, &value) && value;
	addr.s_addr = htonl(*ret_has ? value : 0);
	return addr;
}

static bool get_ipv6(QmiMessage *message, uint8_t type, struct in6_addr *ret,
		     uint8_t *ret_prefix)
{
	const uint8_t *bytes;
	struct tlv tlv;

	tlv_find(message, type, &tlv);
	bytes = tlv_bytes(&tlv, sizeof(*ret));
	if (ret_prefix)
		*ret_prefix = tlv_u8(&tlv);
	if (tlv.bad)
		return false;
	memcpy(ret, bytes, sizeof(*ret));
	return !IN6_IS_ADDR_UNSPECIFIED(ret);
}

static void parse_dns(QmiMessage *answer, struct wds_settings *ret)
{
	struct in_addr dns4;
	bool has;

	for (uint8_t type = 0x15; type <= 0x16; type++) {
		dns4 = get_ipv4(answer, type, &has);
		if (has)
			ret->dns4[ret->n_dns4++] = dns4;
	}
	for (uint8_t type = 0x27; type <= 0x28; type++)
		if (get_ipv6(answer, type, &ret->dns6[ret->n_dns6], NULL))
			ret->n_dns6++;
}

int wds_settings_parse(QmiMessage *answer, struct wds_settings *ret)
{
	uint8_t prefix;
	bool has;

	memset(ret, 0, sizeof(*ret));
	tlv_get_u8(answer, 0x2b, &ret->family);
	tlv_get_string(answer, 0x14, ret->apn, sizeof(ret->apn));
	ret->addr4 = get_ipv4(answer, 0x1e, &ret->has_v4);
	ret->gateway4 = get_ipv4(answer, 0x20, &has);
	ret->mask4 = get_ipv4(answer, 0x21, &has);
	ret->has_v6 = get_ipv6(answer, 0x25, &ret->addr6, &ret->prefix6);
	if (!get_ipv6(answer, 0x26, &ret->gateway6, &prefix))
		memset(&ret->gateway6, 0, sizeof(ret->gateway6));
	parse_dns(answer, ret);
	tlv_get_u32(answer, 0x29, &ret->mtu);
	return ret->has_v4 || ret->has_v6 ? 0 : -ENODATA;
}

void wds_login_parse(QmiMessage *answer, struct wds_login *ret)
{
	size_t len;
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	/* as it was sent: it is compared, and shown to nobody */
	tlv_find(answer, 0x1b, &tlv);
	len = MIN(tlv_left(&tlv), sizeof(ret->user) - 1);
	if (len)
		memcpy(ret->user, tlv_bytes(&tlv, len), len);
	ret->has_user = ret->user[0];
	ret->has_auth = tlv_get_u8(answer, 0x1d, &ret->auth);
}

/*
 * Older firmware gives the short reason alone, which numbers 3GPP's causes anew
 * (libqmi, QmiWdsCallEndReason against QmiWdsVerboseCallEndReason3gpp).
 */
static bool translate(struct wds_reason *reason)
{
	static const struct {
		uint16_t short_reason;
		uint8_t cause;
	} causes[] = {
		{ 10, 29 },	/* authentication failed */
		{ 1005, 26 },	/* insufficient resources */
		{ 1006, 34 },	/* temporarily out of order */
		{ 1007, 35 },	/* NSAPI already used */
		{ 1008, 36 },	/* regular deactivation */
		{ 1009, 38 },	/* network failure */
		{ 1010, 39 },	/* reattach required */
		{ 1012, 8 },	/* operator determined barring */
		{ 1013, 27 },	/* unknown APN */
		{ 1014, 28 },	/* unknown PDP type */
		{ 1015, 30 },	/* rejected by the gateway */
		{ 1016, 31 },	/* rejected */
		{ 1017, 32 },	/* option not supported */
		{ 1018, 33 },	/* option not subscribed */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++) {
		if (!reason->known || causes[i].short_reason != reason->short_reason)
			continue;
		reason->type = WDS_END_3GPP;
		reason->cause = causes[i].cause;
		return true;
	}
	return false;
}

void wds_reason_parse(QmiMessage *message, struct wds_reason *ret)
{
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	ret->known = tlv_get_u16(message, 0x10, &ret->short_reason);
	tlv_find(message, 0x11, &tlv);
	ret->type = tlv_u16(&tlv);
	ret->cause = tlv_u16(&tlv);
	ret->verbose = !tlv.bad;
	ret->known |= ret->verbose;
	if (!ret->verbose)
		ret->verbose = translate(ret);
}

int wds_packet_status_parse(QmiMessage *message, struct wds_packet_status *ret)
{
	uint8_t reconfigure;
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	tlv_find(message, 0x01, &tlv);
	ret->status = tlv_u8(&tlv);
	if (tlv.bad)
		return -EBADMSG;
	if (!qmi_message_is_indication(message))
		return 0;
	reconfigure = tlv_u8(&tlv);
	ret->reconfigure = !tlv.bad && reconfigure;
	wds_reason_parse(message, &ret->reason);
	tlv_get_u8(message, 0x12, &ret->family);
	return 0;
}

static bool get_u64(QmiMessage *message, uint8_t type, uint64_t *ret)
{
	struct tlv tlv;

	tlv_find(message, type, &tlv);
	*ret = tlv_u64(&tlv);
	return !tlv.bad;
}

int wds_statistics_parse(QmiMessage *answer, struct wds_statistics *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->has_packets = tlv_get_u32(answer, 0x10, &ret->tx_packets) &&
			   tlv_get_u32(answer, 0x11, &ret->rx_packets);
	ret->has_bytes = get_u64(answer, 0x19, &ret->tx_bytes) &&
			 get_u64(answer, 0x1a, &ret->rx_bytes);
	return ret->has_packets || ret->has_bytes ? 0 : -ENODATA;
}

int wds_throttle_parse(QmiMessage *answer, const char *apn, uint8_t family, uint32_t *ret_ms)
{
	char name[sizeof(((struct wds_settings *)NULL)->apn)];
	uint32_t longest = 0;
	struct tlv tlv;
	uint8_t n;

	/* without the list none is held back */
	*ret_ms = 0;
	if (!tlv_find(answer, 0x10, &tlv))
		return 0;
	for (n = tlv_u8(&tlv); n && !tlv.bad; n--) {
		bool is4 = tlv_u8(&tlv), is6 = tlv_u8(&tlv);
		uint32_t ms4 = tlv_u32(&tlv), ms6 = tlv_u32(&tlv);
		uint32_t ms = family == 4 ? (is4 ? ms4 : 0) : (is6 ? ms6 : 0);

		tlv_string(&tlv, tlv_u8(&tlv), name, sizeof(name));
		if (!tlv.bad && ms > longest && (!apn || wds_apn_is(apn, name)))
			longest = ms;
	}
	if (tlv.bad)
		return -EBADMSG;
	*ret_ms = longest;
	return 0;
}

/* --- meaning ---------------------------------------------------------------- */

void wds_reason_words(const struct wds_reason *reason, char *ret, size_t size)
{
	if (reason->verbose)
		snprintf(ret, size, "%s %s (%d)",
			 word(WORD_END_TYPE, reason->type).s,
			 word_end_reason(reason->type, reason->cause).s,
			 reason->cause);
	else if (reason->known)
		snprintf(ret, size, "reason %u", reason->short_reason);
	else
		snprintf(ret, size, "no reason given");
}

bool wds_reason_is_family(const struct wds_reason *reason)
{
	if (!reason->verbose)
		return false;
	switch (reason->type) {
	case WDS_END_3GPP:	/* v4 only, v6 only, one address, one PDN */
		return (reason->cause >= 50 && reason->cause <= 52) ||
			reason->cause == 55 || reason->cause == 28;
	case WDS_END_INTERNAL:	/* family disallowed, version mismatch */
		return reason->cause == 208 || reason->cause == 210 ||
		       reason->cause == 231 || reason->cause == 238;
	default:
		return false;
	}
}

bool wds_reason_is_config(const struct wds_reason *reason)
{
	if (!reason->verbose)
		return false;
	switch (reason->type) {
	case WDS_END_3GPP:
		return reason->cause == 8 || reason->cause == 27 ||
		       reason->cause == 29 || reason->cause == 32 ||
		       reason->cause == 33;
	case WDS_END_INTERNAL:
		return reason->cause == 220 || reason->cause == 230 ||
		       reason->cause == 242 || reason->cause == 247;
	default:
		return false;
	}
}

bool wds_apn_is(const char *apn, const char *given)
{
	size_t len = strlen(apn);

	return !*given || (!g_ascii_strncasecmp(apn, given, len) &&
			   (!given[len] || given[len] == '.'));
}

static bool is_host4(struct in_addr addr)
{
	uint32_t host = ntohl(addr.s_addr);

	return host >> 24 && !IN_MULTICAST(host) && host < 0xf0000000 &&
	       host >> 24 != IN_LOOPBACKNET;
}

static bool is_host6(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
	       !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LINKLOCAL(addr) &&
	       !IN6_IS_ADDR_V4MAPPED(addr);
}

static unsigned int sanitize_dns(struct wds_settings *s)
{
	unsigned int before = s->n_dns4 + s->n_dns6;
	unsigned int n;

	for (n = 0; n < s->n_dns4;) {
		if (is_host4(s->dns4[n]))
			n++;
		else
			s->dns4[n] = s->dns4[--s->n_dns4];
	}
	for (n = 0; n < s->n_dns6;) {
		if (is_host6(&s->dns6[n]))
			n++;
		else
			s->dns6[n] = s->dns6[--s->n_dns6];
	}
	return before - s->n_dns4 - s->n_dns6;
}

unsigned int wds_settings_sanitize(struct wds_settings *s)
{
	unsigned int n = sanitize_dns(s);
	uint32_t min;

	if (s->has_v4 && !is_host4(s->addr4)) {
		s->has_v4 = false;
		n++;
	}
	if (s->has_v6 && !is_host6(&s->addr6)) {
		s->has_v6 = false;
		n++;
	}
	if (s->has_v6 && (s->prefix6 == 0 || s->prefix6 > 128)) {
		s->prefix6 = 64;
		n++;
	}
	min = s->has_v6 ? MTU_MIN6 : MTU_MIN;
	if (s->mtu && (s->mtu < min || s->mtu > MTU_MAX)) {
		s->mtu = 0;
		n++;
	}
	return n;
}

/* --- requests --------------------------------------------------------------- */

int wds_mux_bind(struct m2m_client *wds, uint8_t interface, uint8_t mux_id,
		 struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, BIND_MUX_DATA_PORT);
	const uint8_t endpoint[] = {
		QMI_ENDPOINT_HSUSB, 0, 0, 0, interface, 0, 0, 0,
	};

	tlv_put(request, 0x10, endpoint, sizeof(endpoint));
	tlv_put_u8(request, 0x11, mux_id);
	tlv_put_u32(request, 0x13, 1);	/* tethered client */
	return m2m_client_call(wds, request, QMI_TIMEOUT_MS, NULL, error);
}

int wds_family_set(struct m2m_client *wds, uint8_t family,
		   struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, SET_IP_FAMILY);

	tlv_put_u8(request, 0x01, family);
	return m2m_client_call(wds, request, QMI_TIMEOUT_MS, NULL, error);
}

/* The answer nobody waits for any more must not leave a call behind. */
static void abort_start(struct m2m_client *wds)
{
	QmiMessage *request = qmi_request(QMI_WDS, QMI_ABORT);
	struct m2m_qmi *qmi = m2m_client_qmi(wds);
	bool cancelled = m2m_qmi_is_cancelled(qmi);
	struct m2m_error ignored;

	m2m_qmi_cancel(qmi, false);
	tlv_put_u16(request, 0x01, m2m_client_last_tid(wds));
	/* not every firmware can; releasing the id ends the call as well */
	m2m_client_call(wds, request, ABORT_TIMEOUT_MS, NULL, &ignored);
	m2m_qmi_cancel(qmi, cancelled);
}

int wds_start(struct m2m_client *wds, const struct wds_call *call,
	      uint32_t *ret_handle, struct wds_reason *ret_reason,
	      struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, START_NETWORK);
	QmiMessage *answer;
	char words[128];
	int err;

	if (call->apn)
		tlv_put_string(request, 0x14, call->apn);
	if (call->auth != WDS_AUTH_UNSET)
		tlv_put_u8(request, 0x16, call->auth);
	if (call->user)
		tlv_put_string(request, 0x17, call->user);
	tlv_put_u8(request, 0x19, call->family);
	/* last, so that no reallocation leaves it behind */
	if (call->password)
		tlv_put_string(request, 0x18, call->password);
	memset(ret_reason, 0, sizeof(*ret_reason));
	err = m2m_client_call(wds, request, QMI_CALL_TIMEOUT_MS, &answer,
			      error);
	if (err == -ETIMEDOUT || err == -EINTR)
		abort_start(wds);
	/* it is up already: of a client that nobody released, or by the modem's own will */
	if (err == -EALREADY) {
		*ret_handle = WDS_ANY_HANDLE;
		err = 0;
	} else if (!err && !tlv_get_u32(answer, 0x01, ret_handle)) {
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's answer lacks the call's handle");
	}
	if (err == -ECONNREFUSED) {
		uint16_t qmi = error->qmi;

		wds_reason_parse(answer, ret_reason);
		wds_reason_words(ret_reason, words, sizeof(words));
		m2m_error_set(error, err, "%s; QMI error %u (%s)", words, qmi,
			      word(WORD_QMI_ERROR, qmi).s);
		error->qmi = qmi;
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_stop(struct m2m_client *wds, uint32_t handle, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, STOP_NETWORK);

	tlv_put_u32(request, 0x01, handle);
	return m2m_client_call(wds, request, STOP_TIMEOUT_MS, NULL, error);
}

int wds_stop_any(struct m2m_client *wds, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, STOP_NETWORK);
	int err;

	tlv_put_u32(request, 0x01, WDS_ANY_HANDLE);
	tlv_put_u8(request, 0x10, 1);
	err = m2m_client_call(wds, request, STOP_TIMEOUT_MS, NULL, error);
	return err == -EALREADY || err == -ENOTCONN ? 0 : err;
}

int wds_autoconnect_get(struct m2m_client *wds, bool *ret, struct m2m_error *error)
{
	QmiMessage *answer;
	uint8_t setting;
	int err;

	err = m2m_client_call(wds, qmi_request(QMI_WDS, GET_AUTOCONNECT), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err && !tlv_get_u8(answer, 0x01, &setting))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's answer lacks the setting of autoconnect");
	/* also paused: it goes on at the next start of the modem */
	if (!err)
		*ret = setting;
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_autoconnect_off(struct m2m_client *wds, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, SET_AUTOCONNECT);

	tlv_put_u8(request, 0x01, 0);
	return m2m_client_call(wds, request, QMI_TIMEOUT_MS, NULL, error);
}

int wds_throttle_get(struct m2m_client *wds, const char *apn, uint8_t family,
		     uint32_t *ret_ms, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_PDN_THROTTLE_INFO);
	QmiMessage *answer;
	int err;

	tlv_put_u8(request, 0x01, DATA_SYSTEM_3GPP);
	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err && wds_throttle_parse(answer, apn, family, ret_ms))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's list of APNs that wait is cut short");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_settings_get(struct m2m_client *wds, struct wds_settings *ret,
		     struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_CURRENT_SETTINGS);
	QmiMessage *answer;
	int err;

	tlv_put_u32(request, 0x10, SETTINGS_MASK);
	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err && wds_settings_parse(answer, ret))
		err = m2m_error_set(error, -ENODATA,
				    "the modem gave no address");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_login_get(struct m2m_client *wds, struct wds_login *ret, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_CURRENT_SETTINGS);
	QmiMessage *answer;
	int err;

	tlv_put_u32(request, 0x10, LOGIN_MASK);
	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err)
		wds_login_parse(answer, ret);
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_packet_status_get(struct m2m_client *wds,
			  struct wds_packet_status *ret,
			  struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(wds, qmi_request(QMI_WDS, WDS_PACKET_STATUS),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && wds_packet_status_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's answer lacks the status");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_statistics_get(struct m2m_client *wds, struct wds_statistics *ret,
		       struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_STATISTICS);
	QmiMessage *answer;
	int err;

	tlv_put_u32(request, 0x01, STATISTICS_MASK);
	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err && wds_statistics_parse(answer, ret))
		err = m2m_error_set(error, -ENODATA,
				    "the modem gave no statistics");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}
