// SPDX-License-Identifier: GPL-2.0-or-later
/* Signal figures in NAS's three generations of messages, and thresholds. */
#include <string.h>

#include <glib.h>

#include "nas.h"

/*
 * DOC: Thresholds
 *
 * A client asks for a list of values whose crossing it wants to hear of, or
 * for a delta. Lists and deltas are kept in 0.1 dB, as the second version of
 * the message and LTE's SNR have them. A client that set none hears of every
 * change.
 */

static int16_t figure(const struct net_signal *s, enum nas_figure which)
{
	switch (which) {
	case NAS_RSSI:
		return s->rssi * 10;
	case NAS_RSRQ:
		return s->rsrq * 10;
	case NAS_RSRP:
		return s->rsrp * 10;
	case NAS_SNR:
		return s->snr;
	case NAS_FIGURES:
		break;
	}
	return 0;
}

static bool crossed(const struct nas_threshold *t, int16_t now)
{
	unsigned int i;

	for (i = 0; i < t->n; i++) {
		bool was_below = t->last < t->list[i];
		bool is_below = now < t->list[i];

		if (was_below != is_below)
			return true;
	}
	return t->delta && ABS(now - t->last) >= t->delta;
}

/* Whether @client hears of this change; its last values are updated then. */
static bool worth_telling(struct client *client)
{
	const struct net_signal *s = &client->modem->net.signal;
	struct nas_threshold *t = client->nas.threshold;
	bool any = false, tell = false;
	unsigned int i;

	for (i = 0; i < NAS_FIGURES; i++) {
		any |= t[i].set;
		tell |= t[i].set && crossed(&t[i], figure(s, i));
	}
	if (any && !tell)
		return false;
	for (i = 0; i < NAS_FIGURES; i++)
		t[i].last = figure(s, i);
	return true;
}

static void put_signal_info(const struct modem *modem, struct qmi_msg *msg)
{
	const struct net_signal *s = &modem->net.signal;

	switch (modem->net.rat) {
	case NET_GSM:
		qmi_tlv_u8(msg, 0x12, s->rssi);
		break;
	case NET_UMTS:
		qmi_tlv_begin(msg, 0x13);
		qmi_put_u8(msg, s->rssi);
		qmi_put_u16(msg, 12);		/* Ec/Io in -0.5 dB */
		qmi_tlv_end(msg);
		break;
	case NET_LTE:
		qmi_tlv_begin(msg, 0x14);
		qmi_put_u8(msg, s->rssi);
		qmi_put_u8(msg, s->rsrq);
		qmi_put_u16(msg, s->rsrp);
		qmi_put_u16(msg, s->snr);
		qmi_tlv_end(msg);
		break;
	case NET_NR:
		qmi_tlv_begin(msg, 0x17);
		qmi_put_u16(msg, s->rsrp);
		qmi_put_u16(msg, s->snr);
		qmi_tlv_end(msg);
		qmi_tlv_u16(msg, 0x18, s->rsrq);
		break;
	}
}

enum qmi_error nas_get_signal_info(struct request *rq)
{
	if (!rq->modem->net.serving)
		return QMI_INFORMATION_UNAVAILABLE;
	put_signal_info(rq->modem, rq->msg);
	return QMI_OK;
}

static bool fill_signal(struct client *client, struct qmi_msg *msg,
			const void *data)
{
	(void)data;
	put_signal_info(client->modem, msg);
	return client->nas.signal && worth_telling(client);
}

static bool fill_signal_event(struct client *client, struct qmi_msg *msg,
			      const void *data)
{
	const struct modem *modem = client->modem;

	(void)data;
	qmi_tlv_begin(msg, 0x10);
	qmi_put_u8(msg, modem->net.signal.rssi);
	qmi_put_u8(msg, modem->net.rat);
	qmi_tlv_end(msg);
	return client->nas.event_signal;
}

void nas_signal_changed(struct modem *modem)
{
	if (!modem->net.serving)
		return;
	modem_indicate(modem, QMI_NAS, 0x0051, fill_signal, NULL);
	modem_indicate(modem, QMI_NAS, 0x0002, fill_signal_event, NULL);
}

static void put_pair_list(struct qmi_msg *msg, uint8_t type, uint8_t value,
			  uint8_t rat)
{
	qmi_tlv_begin(msg, type);
	qmi_put_u16(msg, 1);
	qmi_put_u8(msg, value);
	qmi_put_u8(msg, rat);
	qmi_tlv_end(msg);
}

/* Bits of the request mask */
#define MASK_RSSI	0x0001
#define MASK_RSRQ	0x0020
#define MASK_LTE_SNR	0x0040
#define MASK_LTE_RSRP	0x0080

enum qmi_error nas_get_signal_strength(struct request *rq)
{
	const struct network *net = &rq->modem->net;
	const struct net_signal *s = &net->signal;
	uint16_t mask = 0;
	enum qmi_error error = qmi_opt_u16(rq->frame, 0x10, &mask, NULL);

	if (error)
		return error;
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, net->serving ? s->rssi : -125);
	qmi_put_u8(rq->msg, net->serving ? net->rat : 0);
	qmi_tlv_end(rq->msg);
	if (!net->serving)
		return QMI_OK;
	if (mask & MASK_RSSI)
		put_pair_list(rq->msg, 0x11, -s->rssi, net->rat);
	if (net->rat != NET_LTE)
		return QMI_OK;
	if (mask & MASK_RSRQ) {
		qmi_tlv_begin(rq->msg, 0x16);
		qmi_put_u8(rq->msg, s->rsrq);
		qmi_put_u8(rq->msg, net->rat);
		qmi_tlv_end(rq->msg);
	}
	if (mask & MASK_LTE_SNR)
		qmi_tlv_u16(rq->msg, 0x17, s->snr);
	if (mask & MASK_LTE_RSRP)
		qmi_tlv_u16(rq->msg, 0x18, s->rsrp);
	return QMI_OK;
}

/* Each field of the event report begins with its switch. */
static enum qmi_error event_switch(const struct qmi_frame *frame,
				   uint8_t type, bool *value)
{
	struct qmi_value v;

	if (!qmi_find(frame, type, &v))
		return QMI_OK;
	*value = qmi_get_u8(&v);
	return v.overrun ? QMI_MALFORMED_MESSAGE : QMI_OK;
}

enum qmi_error nas_set_event_report(struct request *rq)
{
	struct nas_client *c = &rq->client->nas;
	enum qmi_error error;

	error = event_switch(rq->frame, 0x10, &c->event_signal);
	if (!error)
		error = event_switch(rq->frame, 0x11, &c->event_band);
	if (!error)
		error = event_switch(rq->frame, 0x12, &c->event_reject);
	if (!error)
		error = event_switch(rq->frame, 0x13, &c->event_signal);
	return error;
}

/* Reads one list; @width bytes an entry, @scale to 0.1 dB. */
static enum qmi_error list_read(const struct qmi_frame *frame, uint8_t type,
				struct nas_threshold *t, unsigned int width,
				int scale)
{
	struct qmi_value v;
	unsigned int i, n;

	if (!qmi_find(frame, type, &v))
		return QMI_OK;
	n = qmi_get_u8(&v);
	if (n > NAS_THRESHOLDS)
		return QMI_ARGUMENT_TOO_LONG;
	for (i = 0; i < n; i++) {
		int value = width == 1 ? (int8_t)qmi_get_u8(&v) :
					 (int16_t)qmi_get_u16(&v);

		t->list[i] = value * scale;
	}
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	t->n = n;
	t->set = true;
	return QMI_OK;
}

static void thresholds_start(struct client *client)
{
	unsigned int i;

	for (i = 0; i < NAS_FIGURES; i++)
		client->nas.threshold[i].last =
			figure(&client->modem->net.signal, i);
}

enum qmi_error nas_config_signal_info(struct request *rq)
{
	static const struct {
		uint8_t type;
		enum nas_figure figure;
		unsigned int width;
		int scale;
	} lists[] = {
		{ 0x10, NAS_RSSI, 1, 10 },
		{ 0x13, NAS_SNR, 2, 1 },
		{ 0x15, NAS_RSRQ, 1, 10 },
		{ 0x16, NAS_RSRP, 2, 10 },
	};
	struct nas_threshold *t = rq->client->nas.threshold;
	enum qmi_error error;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(lists); i++) {
		error = list_read(rq->frame, lists[i].type,
				  &t[lists[i].figure], lists[i].width,
				  lists[i].scale);
		if (error)
			return error;
	}
	thresholds_start(rq->client);
	return QMI_OK;
}

/* List and delta of a figure, for the technology the cell has. */
static const struct {
	enum net_rat rat;
	enum nas_figure figure;
	uint8_t list, delta;
} v2_tlvs[] = {
	{ NET_GSM, NAS_RSSI, 0x1c, 0x1d },
	{ NET_UMTS, NAS_RSSI, 0x1e, 0x1f },
	{ NET_LTE, NAS_RSSI, 0x22, 0x23 },
	{ NET_LTE, NAS_SNR, 0x24, 0x25 },
	{ NET_LTE, NAS_RSRQ, 0x26, 0x27 },
	{ NET_LTE, NAS_RSRP, 0x28, 0x29 },
	{ NET_NR, NAS_SNR, 0x33, 0x34 },
	{ NET_NR, NAS_RSRP, 0x35, 0x36 },
	{ NET_NR, NAS_RSRQ, 0x38, 0x39 },
};

enum qmi_error nas_config_signal_info_v2(struct request *rq)
{
	struct nas_threshold *t;
	enum qmi_error error;
	unsigned int i;
	bool found;

	for (i = 0; i < G_N_ELEMENTS(v2_tlvs); i++) {
		struct nas_threshold ignored = { 0 };

		t = v2_tlvs[i].rat == rq->modem->net.rat ?
		    &rq->client->nas.threshold[v2_tlvs[i].figure] : &ignored;
		error = list_read(rq->frame, v2_tlvs[i].list, t, 2, 1);
		if (!error)
			error = qmi_opt_u16(rq->frame, v2_tlvs[i].delta,
					    &t->delta, &found);
		if (error)
			return error;
		t->set |= found;
	}
	thresholds_start(rq->client);
	return QMI_OK;
}
