// SPDX-License-Identifier: GPL-2.0-or-later
/* Network access: registration, selection, attach, operators, time. */
#include <string.h>

#include <glib.h>

#include "firmware.h"
#include "nas.h"

#define ATTACHED	1
#define DETACHED	2

static enum qmi_error reset(struct request *rq)
{
	rq->client->nas = (struct nas_client) { 0 };
	return QMI_OK;
}

/* No request of this service can be taken back. */
static enum qmi_error abort_request(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	return v.left == 2 ? QMI_UNABORTABLE_TRANSACTION :
			     QMI_MALFORMED_MESSAGE;
}

static enum qmi_error register_indications(struct request *rq)
{
	struct nas_client *c = &rq->client->nas;
	const struct qmi_flag flags[] = {
		{ 0x10, &c->preference },
		{ 0x13, &c->serving },
		{ 0x17, &c->time },
		{ 0x18, &c->system },
		{ 0x19, &c->signal },
		{ 0x20, &c->band },
	};
	struct qmi_value v;
	enum qmi_error error;

	error = qmi_opt_flags(rq->frame, flags, G_N_ELEMENTS(flags));
	if (error)
		return error;
	if (qmi_find(rq->frame, 0x21, &v)) {
		c->reject = qmi_get_u8(&v);
		c->suppress_system = qmi_get_u8(&v);
		if (v.overrun)
			return QMI_MALFORMED_MESSAGE;
	}
	return QMI_OK;
}

/* Serving system */

static void put_plmn(struct qmi_msg *msg, uint8_t type,
		     const struct net_operator *op)
{
	qmi_tlv_begin(msg, type);
	qmi_put_u16(msg, op->mcc);
	qmi_put_u16(msg, op->mnc);
	qmi_put_string8(msg, op->name);
	qmi_tlv_end(msg);
}

static void put_serving(const struct modem *modem, struct qmi_msg *msg)
{
	const struct network *net = &modem->net;
	bool on = network_is_registered(modem);

	qmi_tlv_begin(msg, 0x01);
	qmi_put_u8(msg, net->registration);
	qmi_put_u8(msg, DETACHED);
	qmi_put_u8(msg, on ? ATTACHED : DETACHED);
	qmi_put_u8(msg, on ? 2 : 0);		/* 3GPP */
	qmi_put_u8(msg, 1);
	qmi_put_u8(msg, on ? net->rat : 0);
	qmi_tlv_end(msg);
	if (!net->serving)
		return;
	qmi_tlv_u8(msg, 0x10, !network_is_roaming(modem));
	if (on) {
		qmi_tlv_begin(msg, 0x11);
		qmi_put_u8(msg, 1);
		qmi_put_u8(msg, net->rat == NET_LTE ? 0x0b :
				net->rat == NET_UMTS ? 0x03 : 0x02);
		qmi_tlv_end(msg);
	}
	put_plmn(msg, 0x12, net->serving);
}

/* Ids of these TLVs differ between response and indication. */
static void put_location(const struct modem *modem, struct qmi_msg *msg,
			 bool indication)
{
	const struct network *net = &modem->net;
	bool on = network_is_registered(modem);

	if (!net->serving)
		return;
	qmi_tlv_u16(msg, indication ? 0x1d : 0x1c, net->lac);
	qmi_tlv_u32(msg, indication ? 0x1e : 0x1d, net->cell);
	qmi_tlv_begin(msg, indication ? 0x22 : 0x21);
	qmi_put_u8(msg, on ? NAS_SERVICE : NAS_LIMITED);
	qmi_put_u8(msg, on ? NAS_DOMAIN_PS : NAS_DOMAIN_NONE);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, net->serving->forbidden);
	qmi_tlv_end(msg);
	if (net->rat == NET_LTE)
		qmi_tlv_u16(msg, indication ? 0x25 : 0x24, net->tac);
	qmi_tlv_begin(msg, indication ? 0x29 : 0x27);
	qmi_put_u16(msg, net->serving->mcc);
	qmi_put_u16(msg, net->serving->mnc);
	qmi_put_u8(msg, net->serving->mnc_len == 3);
	qmi_tlv_end(msg);
}

static enum qmi_error get_serving_system(struct request *rq)
{
	put_serving(rq->modem, rq->msg);
	put_location(rq->modem, rq->msg, false);
	return QMI_OK;
}

static bool fill_serving(struct client *client, struct qmi_msg *msg,
			 const void *data)
{
	(void)data;
	put_serving(client->modem, msg);
	put_location(client->modem, msg, true);
	return client->nas.serving;
}

static bool fill_system(struct client *client, struct qmi_msg *msg,
			const void *data)
{
	const struct nas_client *c = &client->nas;

	(void)data;
	nas_put_system_info(client->modem, msg, true);
	return c->system && !(c->reject && c->suppress_system &&
			      client->modem->net.registration == NET_DENIED);
}

void nas_registration_changed(struct modem *modem)
{
	modem_indicate(modem, QMI_NAS, 0x0024, fill_serving, NULL);
	modem_indicate(modem, QMI_NAS, 0x004e, fill_system, NULL);
	nas_band_changed(modem);
}

static bool fill_reject(struct client *client, struct qmi_msg *msg,
			const void *data)
{
	const struct network *net = &client->modem->net;
	const uint8_t *cause = data;

	qmi_tlv_u8(msg, 0x01, net->rat);
	qmi_tlv_u8(msg, 0x02, NAS_DOMAIN_PS);
	qmi_tlv_u8(msg, 0x03, *cause);
	qmi_tlv_begin(msg, 0x10);
	qmi_put_u16(msg, net->serving->mcc);
	qmi_put_u16(msg, net->serving->mnc);
	qmi_put_u8(msg, net->serving->mnc_len == 3);
	qmi_tlv_end(msg);
	return client->nas.reject;
}

/* The same in the older event report */
static bool fill_reject_event(struct client *client, struct qmi_msg *msg,
			      const void *data)
{
	const uint8_t *cause = data;

	qmi_tlv_begin(msg, 0x12);
	qmi_put_u8(msg, NAS_DOMAIN_PS);
	qmi_put_u16(msg, *cause);
	qmi_tlv_end(msg);
	return client->nas.event_reject;
}

void nas_rejected(struct modem *modem, uint8_t cause)
{
	modem_indicate(modem, QMI_NAS, 0x0068, fill_reject, &cause);
	modem_indicate(modem, QMI_NAS, 0x0002, fill_reject_event, &cause);
}

/* Scan, selection, attach */

static enum qmi_error scan_done(struct answer *answer, struct qmi_msg *msg)
{
	const struct network *net = &answer->modem->net;
	unsigned int i, n = net->coverage ? NET_OPERATORS : 0;

	qmi_tlv_begin(msg, 0x10);
	qmi_put_u16(msg, n);
	for (i = 0; i < n; i++) {
		const struct net_operator *op = &net->operators[i];

		qmi_put_u16(msg, op->mcc);
		qmi_put_u16(msg, op->mnc);
		qmi_put_u8(msg, (op == net->serving ? 0x01 : 0x02) |
				(i ? 0x08 : 0x04) |
				(op->forbidden ? 0x10 : 0x20) |
				(i ? 0x80 : 0x40));
		qmi_put_string8(msg, op->name);
	}
	qmi_tlv_end(msg);
	qmi_tlv_begin(msg, 0x11);
	qmi_put_u16(msg, n);
	for (i = 0; i < n; i++) {
		qmi_put_u16(msg, net->operators[i].mcc);
		qmi_put_u16(msg, net->operators[i].mnc);
		qmi_put_u8(msg, net->rat);
	}
	qmi_tlv_end(msg);
	qmi_tlv_begin(msg, 0x12);
	qmi_put_u16(msg, n);
	for (i = 0; i < n; i++) {
		qmi_put_u16(msg, net->operators[i].mcc);
		qmi_put_u16(msg, net->operators[i].mnc);
		qmi_put_u8(msg, net->operators[i].mnc_len == 3);
	}
	qmi_tlv_end(msg);
	qmi_tlv_u32(msg, 0x13, 0);
	return QMI_OK;
}

static bool scan_runs(const struct modem *modem)
{
	const struct answer *a;

	for (a = modem->answers; a; a = a->next)
		if (a->fill == scan_done)
			return true;
	return false;
}

static enum qmi_error network_scan(struct request *rq)
{
	uint8_t type = 0;
	enum qmi_error error = qmi_opt_u8(rq->frame, 0x10, &type, NULL);

	if (error)
		return error;
	if (!dms_radio_is_on(rq->modem))
		return QMI_DEVICE_NOT_READY;
	if (scan_runs(rq->modem))
		return QMI_INVALID_OPERATION;
	request_defer(rq, rq->modem->net.scan_ms, scan_done, NULL);
	return QMI_DEFERRED;
}

static enum qmi_error initiate_network_register(struct request *rq)
{
	struct net_preference *now = &rq->modem->net.preference;
	struct net_preference p = *now;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t action;

	if (error)
		return error;
	action = qmi_get_u8(&v);
	if (v.overrun)
		return QMI_MALFORMED_MESSAGE;
	p.manual = action == 2;
	p.mcc = 0;
	p.mnc = 0;
	if (action == 2) {
		error = qmi_need(rq->frame, 0x10, &v);
		if (error)
			return error;
		p.mcc = qmi_get_u16(&v);
		p.mnc = qmi_get_u16(&v);
		if (v.overrun)
			return QMI_MALFORMED_MESSAGE;
	} else if (action != 1) {
		return QMI_INVALID_REGISTER_ACTION;
	}
	if (p.manual != now->manual || p.mcc != now->mcc || p.mnc != now->mnc)
		modem_nv_write(rq->modem);
	*now = p;
	rq->modem->net.detached = false;
	if (network_is_settled(rq->modem))
		return QMI_NO_EFFECT;
	network_restart(rq->modem);
	return QMI_OK;
}

static enum qmi_error attach_detach(struct request *rq)
{
	uint8_t action = 0;
	enum qmi_error error = qmi_opt_u8(rq->frame, 0x10, &action, NULL);
	bool detach;

	if (error)
		return error;
	if (action != ATTACHED && action != DETACHED)
		return QMI_INVALID_PS_ATTACH_ACTION;
	detach = action == DETACHED;
	if (rq->modem->net.detached == detach)
		return QMI_NO_EFFECT;
	if (!modem_lies(rq->modem, LIE_SET_IGNORED))
		network_detach(rq->modem, detach);
	return QMI_OK;
}

static enum qmi_error force_network_search(struct request *rq)
{
	if (!dms_radio_is_on(rq->modem))
		return QMI_DEVICE_NOT_READY;
	network_restart(rq->modem);
	return QMI_OK;
}

/* Operators and their names */

static enum qmi_error get_home_network(struct request *rq)
{
	const struct net_operator *home = &rq->modem->net.operators[0];

	if (!uicc_is_ready(rq->modem))
		return QMI_NOT_PROVISIONED;
	put_plmn(rq->msg, 0x01, home);
	qmi_tlv_begin(rq->msg, 0x12);
	qmi_put_u8(rq->msg, 1);
	qmi_put_u8(rq->msg, home->mnc_len == 3);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static enum qmi_error get_preferred_networks(struct request *rq)
{
	if (!uicc_is_ready(rq->modem))
		return QMI_NOT_PROVISIONED;
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u16(rq->msg, 0);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

#define ENCODING_ASCII	1	/* of a network description */
#define ENCODING_UCS2	1	/* of a PLMN name */

/* Encoding, country initials, spare bits; then long and short name */
static void put_nitz(struct qmi_msg *msg, const char *name)
{
	size_t i, len = strlen(name);
	int twice;

	qmi_put_u8(msg, ENCODING_UCS2);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	for (twice = 0; twice < 2; twice++) {
		qmi_put_u8(msg, 2 * len);
		for (i = 0; i < len; i++)
			qmi_put_u16(msg, (uint8_t)name[i]);
	}
}

static enum qmi_error get_operator_name(struct request *rq)
{
	const struct net_operator *op = rq->modem->net.serving;

	if (!op)
		return QMI_INFORMATION_UNAVAILABLE;
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u8(rq->msg, 0);
	qmi_put_string8(rq->msg, uicc_active(rq->modem)->spn);
	qmi_tlv_end(rq->msg);
	qmi_tlv_string(rq->msg, 0x13, op->name);
	qmi_tlv_begin(rq->msg, 0x14);
	put_nitz(rq->msg, op->name);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static const struct net_operator *operator_find(const struct modem *modem,
						uint16_t mcc, uint16_t mnc)
{
	unsigned int i;

	for (i = 0; i < NET_OPERATORS; i++)
		if (modem->net.operators[i].mcc == mcc &&
		    modem->net.operators[i].mnc == mnc)
			return &modem->net.operators[i];
	return NULL;
}

static enum qmi_error get_plmn_name(struct request *rq)
{
	const struct net_operator *op;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint16_t mcc, mnc;
	unsigned int i;

	if (error)
		return error;
	mcc = qmi_get_u16(&v);
	mnc = qmi_get_u16(&v);
	if (v.overrun)
		return QMI_MALFORMED_MESSAGE;
	op = operator_find(rq->modem, mcc, mnc);
	if (!op)
		return QMI_NO_ENTRY;
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u8(rq->msg, ENCODING_ASCII);
	qmi_put_string8(rq->msg, op == &rq->modem->net.operators[0] ?
				 uicc_active(rq->modem)->spn : "");
	for (i = 0; i < 2; i++) {	/* short name, long name */
		qmi_put_u8(rq->msg, ENCODING_ASCII);
		qmi_put_u8(rq->msg, 0);
		qmi_put_u8(rq->msg, 0);
		qmi_put_string8(rq->msg, op->name);
	}
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

/* Network time */

static void put_time_fields(struct qmi_msg *msg, const struct network *net)
{
	GDateTime *now = net->clock ? g_date_time_new_from_unix_utc(net->clock) :
				      g_date_time_new_now_utc();

	qmi_put_u16(msg, g_date_time_get_year(now));
	qmi_put_u8(msg, g_date_time_get_month(now));
	qmi_put_u8(msg, g_date_time_get_day_of_month(now));
	qmi_put_u8(msg, g_date_time_get_hour(now));
	qmi_put_u8(msg, g_date_time_get_minute(now));
	qmi_put_u8(msg, g_date_time_get_second(now));
	qmi_put_u8(msg, g_date_time_get_day_of_week(now) - 1);
	g_date_time_unref(now);
}

static bool fill_time(struct client *client, struct qmi_msg *msg,
		      const void *data)
{
	(void)data;
	qmi_tlv_begin(msg, 0x01);
	put_time_fields(msg, &client->modem->net);
	qmi_tlv_end(msg);
	qmi_tlv_u8(msg, 0x10, 4);	/* quarters of an hour */
	qmi_tlv_u8(msg, 0x11, 0);
	qmi_tlv_u8(msg, 0x12, client->modem->net.rat);
	return client->nas.time;
}

void nas_time_changed(struct modem *modem)
{
	modem_indicate(modem, QMI_NAS, 0x004c, fill_time, NULL);
}

static enum qmi_error get_network_time(struct request *rq)
{
	if (!rq->modem->net.time_known)
		return QMI_INFORMATION_UNAVAILABLE;
	qmi_tlv_begin(rq->msg, 0x11);
	put_time_fields(rq->msg, &rq->modem->net);
	qmi_put_u8(rq->msg, 4);
	qmi_put_u8(rq->msg, 0);
	qmi_put_u8(rq->msg, rq->modem->net.rat);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0000, "reset", reset },
	{ 0x0001, "abort", abort_request },
	{ 0x0002, "set-event-report", nas_set_event_report },
	{ 0x0003, "register-indications", register_indications },
	{ 0x0020, "get-signal-strength", nas_get_signal_strength },
	{ 0x0021, "network-scan", network_scan },
	{ 0x0022, "initiate-network-register", initiate_network_register },
	{ 0x0023, "attach-detach", attach_detach },
	{ 0x0024, "get-serving-system", get_serving_system },
	{ 0x0025, "get-home-network", get_home_network },
	{ 0x0026, "get-preferred-networks", get_preferred_networks },
	{ 0x002a, "set-technology-preference", nas_set_technology_preference },
	{ 0x002b, "get-technology-preference", nas_get_technology_preference },
	{ 0x0031, "get-rf-band-information", nas_get_rf_band },
	{ 0x0033, "set-system-selection-preference", nas_set_preference },
	{ 0x0034, "get-system-selection-preference", nas_get_preference },
	{ 0x0039, "get-operator-name", get_operator_name },
	{ 0x0043, "get-cell-location-info", nas_get_cell_location },
	{ 0x0044, "get-plmn-name", get_plmn_name },
	{ 0x004d, "get-system-info", nas_get_system_info },
	{ 0x004f, "get-signal-info", nas_get_signal_info },
	{ 0x0050, "config-signal-info", nas_config_signal_info },
	{ 0x005a, "get-tx-rx-info", nas_get_tx_rx_info },
	{ 0x0067, "force-network-search", force_network_search },
	{ 0x006c, "config-signal-info-v2", nas_config_signal_info_v2 },
	{ 0x007d, "get-network-time", get_network_time },
	{ 0x0089, "get-drx", nas_get_drx },
	{ 0x00ac, "get-lte-cphy-ca-info", nas_get_ca_info },
};

const struct service svc_nas = {
	.id = QMI_NAS,
	.name = "nas",
	.major = 1,
	.minor = 25,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
