// SPDX-License-Identifier: GPL-2.0-or-later
/* What WDS tells of a call: settings, counters, rates, event reports. */
#include <string.h>

#include <arpa/inet.h>
#include <glib.h>

#include "wds.h"

/* Bits of the requested settings */
#define WANT_PROFILE_ID		(1u << 0)
#define WANT_PDP_TYPE		(1u << 2)
#define WANT_APN		(1u << 3)
#define WANT_DNS		(1u << 4)
#define WANT_USER		(1u << 6)
#define WANT_AUTH		(1u << 7)
#define WANT_ADDRESS		(1u << 8)
#define WANT_GATEWAY		(1u << 9)
#define WANT_MTU		(1u << 13)
#define WANT_DOMAINS		(1u << 14)
#define WANT_FAMILY		(1u << 15)
#define WANT_PCO		(1u << 18)
#define WANT_DEFAULT		(WANT_PROFILE_ID | WANT_PDP_TYPE | WANT_APN | \
				 WANT_DNS | WANT_ADDRESS | WANT_GATEWAY | \
				 WANT_MTU | WANT_FAMILY)

#define TX_RATE_MAX		50000000
#define RX_RATE_MAX		150000000

/* What is told of a call; it may be another than what the call has. */
static struct modem_call told(const struct modem *modem,
			      const struct modem_call *call)
{
	struct modem_call c = *call;

	if (modem_lies(modem, LIE_BAD_ADDRESS)) {
		c.addr4.s_addr = htonl(0xe0000009);
		inet_pton(AF_INET6, "ff02::1", &c.addr6);
	}
	if (modem_lies(modem, LIE_BAD_MTU))
		c.mtu = 3;
	if (modem_lies(modem, LIE_BAD_DNS)) {
		c.dns4[0].s_addr = 0;
		c.dns4[1].s_addr = 0xffffffff;
		memset(c.dns6, 0, sizeof(c.dns6));
	}
	return c;
}

static uint32_t netmask(const struct modem *modem, unsigned int prefix)
{
	if (modem_lies(modem, LIE_BAD_MASK))
		return 0x00ff00ff;
	return prefix ? 0xffffffffu << (32 - prefix) : 0;
}

/* IPv6 addresses are eight u16 in network order. */
static void put_address6(struct qmi_msg *msg, uint8_t type,
			 const struct in6_addr *addr, int prefix)
{
	qmi_tlv_begin(msg, type);
	qmi_put_bytes(msg, addr, sizeof(*addr));
	if (prefix >= 0)
		qmi_put_u8(msg, prefix);
	qmi_tlv_end(msg);
}

static void put_settings4(const struct modem *modem, struct qmi_msg *msg,
			  const struct modem_call *c, uint32_t mask)
{
	if (mask & WANT_DNS) {
		qmi_tlv_u32(msg, 0x15, ntohl(c->dns4[0].s_addr));
		qmi_tlv_u32(msg, 0x16, ntohl(c->dns4[1].s_addr));
	}
	if (mask & WANT_ADDRESS)
		qmi_tlv_u32(msg, 0x1e, ntohl(c->addr4.s_addr));
	if (mask & WANT_GATEWAY) {
		qmi_tlv_u32(msg, 0x20, ntohl(c->gw4.s_addr));
		qmi_tlv_u32(msg, 0x21, netmask(modem, c->prefix4));
	}
}

static void put_settings6(const struct modem *modem, struct qmi_msg *msg,
			  const struct modem_call *c, uint32_t mask)
{
	uint8_t prefix = modem_lies(modem, LIE_BAD_MASK) ? 200 : c->prefix6;

	if (mask & WANT_ADDRESS)
		put_address6(msg, 0x25, &c->addr6, prefix);
	if (mask & WANT_GATEWAY)
		put_address6(msg, 0x26, &c->gw6, prefix);
	if (mask & WANT_DNS) {
		put_address6(msg, 0x27, &c->dns6[0], -1);
		put_address6(msg, 0x28, &c->dns6[1], -1);
	}
}

static void put_call_identity(struct qmi_msg *msg, const struct pdn_call *call,
			      uint32_t mask)
{
	if (mask & WANT_PDP_TYPE)
		qmi_tlv_u8(msg, 0x11, call->pdp);
	if (mask & WANT_APN)
		qmi_tlv_string(msg, 0x14, call->apn);
	if (mask & WANT_USER)
		qmi_tlv_string(msg, 0x1b, call->user);
	if (mask & WANT_AUTH)
		qmi_tlv_u8(msg, 0x1d, call->auth);
	if (mask & WANT_PROFILE_ID && call->profile) {
		qmi_tlv_begin(msg, 0x1f);
		qmi_put_u8(msg, 0);
		qmi_put_u8(msg, call->profile);
		qmi_tlv_end(msg);
	}
	if (mask & WANT_FAMILY)
		qmi_tlv_u8(msg, 0x2b, call->call.family);
	if (mask & WANT_DOMAINS) {
		qmi_tlv_begin(msg, 0x2a);
		qmi_put_u8(msg, 1);
		qmi_put_u16(msg, strlen("m2m.example"));
		qmi_put_bytes(msg, "m2m.example", strlen("m2m.example"));
		qmi_tlv_end(msg);
	}
}

static void put_pco(const struct modem *modem, struct qmi_msg *msg)
{
	const struct net_operator *op = &modem->net.operators[0];

	qmi_tlv_begin(msg, 0x2f);
	qmi_put_u16(msg, op->mcc);
	qmi_put_u16(msg, op->mnc);
	qmi_put_u8(msg, op->mnc_len == 3);
	qmi_put_u8(msg, 1);
	qmi_put_u8(msg, 5);
	qmi_put_u16(msg, 0xff00);
	qmi_tlv_end(msg);
}

enum qmi_error wds_get_current_settings(struct request *rq)
{
	const struct pdn_call *call = wds_call_seen(rq->client);
	uint32_t mask = WANT_DEFAULT;
	struct modem_call c;
	enum qmi_error error = qmi_opt_u32(rq->frame, 0x10, &mask, NULL);

	if (error)
		return error;
	if (!call || call->state != PDN_CALL_UP)
		return QMI_OUT_OF_CALL;
	c = told(rq->modem, &call->call);
	put_call_identity(rq->msg, call, mask);
	if (c.family == 4)
		put_settings4(rq->modem, rq->msg, &c, mask);
	else
		put_settings6(rq->modem, rq->msg, &c, mask);
	if (mask & WANT_MTU)
		qmi_tlv_u32(rq->msg, 0x29, c.mtu);
	if (mask & WANT_PCO)
		put_pco(rq->modem, rq->msg);
	return QMI_OK;
}

/* Counters; bits of the mask in the order of their TLVs */
static void put_statistics(struct qmi_msg *msg, const struct modem_call *c,
			   uint32_t mask, bool event)
{
	if (mask & 1u << 0)
		qmi_tlv_u32(msg, 0x10, c->tx_packets);
	if (mask & 1u << 1)
		qmi_tlv_u32(msg, 0x11, c->rx_packets);
	if (mask & 1u << 2)
		qmi_tlv_u32(msg, 0x12, 0);
	if (mask & 1u << 3)
		qmi_tlv_u32(msg, 0x13, 0);
	if (mask & 1u << 4)
		qmi_tlv_u32(msg, 0x14, 0);
	if (mask & 1u << 5)
		qmi_tlv_u32(msg, 0x15, 0);
	if (mask & 1u << 6)
		qmi_tlv_u64(msg, 0x19, c->tx_bytes);
	if (mask & 1u << 7)
		qmi_tlv_u64(msg, 0x1a, c->rx_bytes);
	if (mask & 1u << 8)
		qmi_tlv_u32(msg, event ? 0x25 : 0x1d, 0);
	if (mask & 1u << 9)
		qmi_tlv_u32(msg, event ? 0x26 : 0x1e, 0);
}

enum qmi_error wds_get_packet_statistics(struct request *rq)
{
	const struct pdn_call *call = wds_call_seen(rq->client);
	const struct pdn_state *pdn = &rq->modem->pdn;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 4)
		return QMI_MALFORMED_MESSAGE;
	if (!call || call->state != PDN_CALL_UP) {
		qmi_tlv_u64(rq->msg, 0x1b, pdn->last_tx_bytes);
		qmi_tlv_u64(rq->msg, 0x1c, pdn->last_rx_bytes);
		return QMI_OUT_OF_CALL;
	}
	put_statistics(rq->msg, &call->call, qmi_get_u32(&v), false);
	return QMI_OK;
}

enum qmi_error wds_get_channel_rates(struct request *rq)
{
	const struct pdn_call *call = wds_call_seen(rq->client);
	bool up = call && call->state == PDN_CALL_UP;

	if (!up)
		return QMI_OUT_OF_CALL;
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u32(rq->msg, TX_RATE_MAX);
	qmi_put_u32(rq->msg, RX_RATE_MAX);
	qmi_put_u32(rq->msg, TX_RATE_MAX);
	qmi_put_u32(rq->msg, RX_RATE_MAX);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static uint8_t bearer(const struct modem *modem)
{
	switch (modem->net.rat) {
	case NET_GSM:
		return 0x06;	/* EDGE */
	case NET_UMTS:
		return 0x0d;	/* HSPA+ */
	case NET_LTE:
	case NET_NR:
		break;
	}
	return 0x0a;
}

enum qmi_error wds_get_data_bearer(struct request *rq)
{
	if (!network_is_registered(rq->modem))
		return QMI_INFORMATION_UNAVAILABLE;
	qmi_tlv_u8(rq->msg, 0x01, bearer(rq->modem));
	return QMI_OK;
}

static void put_current_bearer(const struct modem *modem, struct qmi_msg *msg,
			       uint8_t type)
{
	static const uint32_t rats[] = {
		[NET_GSM] = 1u << 2,	/* EDGE */
		[NET_UMTS] = 1u << 3,	/* HSDPA+ */
		[NET_LTE] = 1u << 4,
		[NET_NR] = 1u << 4,
	};

	qmi_tlv_begin(msg, type);
	qmi_put_u8(msg, 2);		/* 3GPP */
	qmi_put_u32(msg, rats[modem->net.rat]);
	qmi_put_u32(msg, 0);
	qmi_tlv_end(msg);
}

enum qmi_error wds_get_current_data_bearer(struct request *rq)
{
	const struct pdn_call *call = wds_call_seen(rq->client);

	if (!call || call->state != PDN_CALL_UP)
		return QMI_OUT_OF_CALL;
	put_current_bearer(rq->modem, rq->msg, 0x01);
	return QMI_OK;
}

enum qmi_error wds_get_dormancy(struct request *rq)
{
	const struct pdn_call *call = wds_call_seen(rq->client);

	if (!call || call->state != PDN_CALL_UP)
		return QMI_OUT_OF_CALL;
	qmi_tlv_u8(rq->msg, 0x01, 2);	/* traffic channel active */
	return QMI_OK;
}

/* Event reports */

static bool fill_statistics(struct client *client, struct qmi_msg *msg,
			    const void *data)
{
	const struct pdn_call *call = wds_call_seen(client);

	if (client != data || !call || call->state != PDN_CALL_UP)
		return false;
	put_statistics(msg, &call->call, client->wds.statistics_mask, true);
	return true;
}

static gboolean statistics_timer(gpointer data)
{
	struct client *client = data;

	modem_indicate(client->modem, QMI_WDS, 0x0001, fill_statistics,
		       client);
	return G_SOURCE_CONTINUE;
}

static enum qmi_error statistics_set(struct request *rq)
{
	struct wds_client *c = &rq->client->wds;
	struct qmi_value v;
	uint8_t interval;
	uint32_t mask;

	if (!qmi_find(rq->frame, 0x11, &v))
		return QMI_OK;
	interval = qmi_get_u8(&v);
	mask = qmi_get_u32(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (c->statistics_timer)
		g_source_remove(c->statistics_timer);
	c->statistics_timer = 0;
	c->statistics_mask = mask;
	if (interval && mask)
		c->statistics_timer = g_timeout_add(interval * 1000,
						    statistics_timer,
						    rq->client);
	return QMI_OK;
}

enum qmi_error wds_set_event_report(struct request *rq)
{
	struct wds_client *c = &rq->client->wds;
	const struct qmi_flag flags[] = {
		{ 0x12, &c->technology },
		{ 0x13, &c->dormancy },
		{ 0x15, &c->current_technology },
		{ 0x17, &c->data_call },
	};
	enum qmi_error error;

	error = qmi_opt_flags(rq->frame, flags, G_N_ELEMENTS(flags));
	return error ? error : statistics_set(rq);
}

struct report {
	const struct pdn_call *call;
	bool up;
};

static bool fill_report(struct client *client, struct qmi_msg *msg,
			const void *data)
{
	const struct wds_client *c = &client->wds;
	const struct report *report = data;
	const struct pdn_call *call = report->call;

	if (c->port != call->call.port || c->mux_id != call->call.mux_id)
		return false;
	if (c->technology)
		qmi_tlv_u8(msg, 0x17, report->up ? bearer(client->modem) :
						   0xff);
	if (c->dormancy && report->up)
		qmi_tlv_u8(msg, 0x18, 2);
	if (c->current_technology && report->up)
		put_current_bearer(client->modem, msg, 0x1d);
	if (c->data_call) {
		qmi_tlv_u8(msg, 0x1f, report->up ? 1 : 2);
		qmi_tlv_u32(msg, 0x28, call->call.family);
	}
	return c->technology || c->data_call ||
	       (report->up && (c->dormancy || c->current_technology));
}

void wds_event_report(struct modem *modem, const struct pdn_call *call,
		      bool up)
{
	struct report report = { call, up };

	modem_indicate(modem, QMI_WDS, 0x0001, fill_report, &report);
}
