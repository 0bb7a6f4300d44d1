// SPDX-License-Identifier: GPL-2.0-or-later
/* Wireless messaging: the SMS store, sending, and routes. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"

#define FORMAT_GW_PP		6
#define MODE_GW			1
/* Type of number (3GPP TS 24.008 10.5.4.7) */
#define TON_MASK		0x70
#define TON_INTERNATIONAL	0x10
#define RP_SHORT_MESSAGE	38	/* network out of order */

static enum qmi_error reset(struct request *rq)
{
	rq->client->wms = (struct wms_client) { 0 };
	return QMI_OK;
}

static enum qmi_error set_event_report(struct request *rq)
{
	uint8_t on = rq->client->wms.report;
	enum qmi_error error = qmi_opt_u8(rq->frame, 0x10, &on, NULL);

	rq->client->wms.report = on;
	return error;
}

static enum qmi_error usable(struct request *rq)
{
	return uicc_is_ready(rq->modem) ? QMI_OK : QMI_DEVICE_NOT_READY;
}

/* Format and PDU; @v stands before the format. */
static enum qmi_error pdu_read(struct qmi_value *v, const uint8_t **ret_pdu,
			       uint16_t *ret_len)
{
	uint8_t format = qmi_get_u8(v);

	*ret_len = qmi_get_u16(v);
	*ret_pdu = qmi_get_bytes(v, *ret_len);
	if (v->overrun || v->left)
		return QMI_MALFORMED_MESSAGE;
	if (format != FORMAT_GW_PP)
		return QMI_INVALID_ARGUMENT;
	/* An SMSC address and at least the head of a TPDU */
	if (!*ret_len || *ret_len > SMS_PDU_MAX ||
	    (*ret_pdu)[0] + 2u > *ret_len)
		return QMI_WMS_ENCODING;
	return QMI_OK;
}

static void put_cause(struct qmi_msg *msg, uint16_t rp)
{
	qmi_tlv_begin(msg, 0x12);
	qmi_put_u16(msg, rp);
	qmi_put_u8(msg, 0);
	qmi_tlv_end(msg);
}

static enum qmi_error submit(struct request *rq, uint8_t id_type, const uint8_t *pdu,
			     size_t len)
{
	struct sms_state *sms = &rq->modem->sms;

	if (!network_is_registered(rq->modem)) {
		put_cause(rq->msg, RP_SHORT_MESSAGE);
		return QMI_NETWORK_NOT_READY;
	}
	if (sms->send_cause) {
		put_cause(rq->msg, sms->send_cause);
		return QMI_WMS_CAUSE_CODE;
	}
	qmi_tlv_u16(rq->msg, id_type, sms->next_id);
	if (modem_lies(rq->modem, LIE_SET_IGNORED))
		sms->next_id++;
	else
		sms_sent(rq->modem, pdu, len, sms->next_id++);
	return QMI_OK;
}

static enum qmi_error raw_send(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	const uint8_t *pdu = NULL;
	uint16_t len = 0;

	if (!error)
		error = pdu_read(&v, &pdu, &len);
	if (!error)
		error = usable(rq);
	return error ? error : submit(rq, 0x01, pdu, len);
}

static enum qmi_error raw_write(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	const uint8_t *pdu;
	uint8_t storage;
	uint16_t len;
	int index;

	if (error)
		return error;
	storage = qmi_get_u8(&v);
	error = pdu_read(&v, &pdu, &len);
	if (!error && storage >= SMS_STORAGES)
		error = QMI_INVALID_ARGUMENT;
	if (!error)
		error = usable(rq);
	if (error)
		return error;
	index = sms_store(rq->modem, storage, SMS_NOT_SENT, pdu, len);
	if (index < 0)
		return QMI_DEVICE_STORAGE_FULL;
	qmi_tlv_u32(rq->msg, 0x01, index);
	return QMI_OK;
}

/* Where a message is stored */
struct place {
	uint8_t storage;
	uint32_t index;
};

/* A place, and the byte behind it where @ret_more asks for one. */
static enum qmi_error place_read(const struct request *rq, struct place *ret_place,
				 uint8_t *ret_more)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	ret_place->storage = qmi_get_u8(&v);
	ret_place->index = qmi_get_u32(&v);
	if (ret_more)
		*ret_more = qmi_get_u8(&v);
	return v.overrun || v.left ? QMI_MALFORMED_MESSAGE : QMI_OK;
}

static enum qmi_error raw_read(struct request *rq)
{
	struct place place;
	enum qmi_error error = place_read(rq, &place, NULL);
	struct sms *m;

	if (!error)
		error = usable(rq);
	if (error)
		return error;
	m = sms_find(rq->modem, place.storage, place.index);
	if (!m)
		return QMI_NO_ENTRY;
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, m->tag);
	qmi_put_u8(rq->msg, FORMAT_GW_PP);
	qmi_put_u16(rq->msg, m->len);
	qmi_put_bytes(rq->msg, m->pdu, m->len);
	qmi_tlv_end(rq->msg);
	if (m->tag == SMS_NOT_READ)
		m->tag = SMS_READ;
	return QMI_OK;
}

static enum qmi_error modify_tag(struct request *rq)
{
	struct place place;
	uint8_t tag;
	enum qmi_error error = place_read(rq, &place, &tag);
	struct sms *m;

	if (error)
		return error;
	if (tag > SMS_NOT_SENT)
		return QMI_INVALID_ARGUMENT;
	m = sms_find(rq->modem, place.storage, place.index);
	if (!m)
		return QMI_NO_ENTRY;
	m->tag = tag;
	modem_nv_write(rq->modem);
	return QMI_OK;
}

/* One by its index, or all, or all of one tag */
static enum qmi_error delete(struct request *rq)
{
	bool by_index, by_tag;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t storage, tag = 0;
	uint32_t index = 0, i;
	unsigned int n = 0;

	if (!error)
		error = qmi_opt_u32(rq->frame, 0x10, &index, &by_index);
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x11, &tag, &by_tag);
	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	storage = qmi_get_u8(&v);
	if (storage >= SMS_STORAGES)
		return QMI_INVALID_ARGUMENT;
	error = usable(rq);
	if (error)
		return error;
	for (i = 0; i < SMS_SLOTS; i++) {
		struct sms *m = sms_find(rq->modem, storage, i);

		if (!m || (by_index && i != index) ||
		    (by_tag && m->tag != tag))
			continue;
		m->used = modem_lies(rq->modem, LIE_SET_IGNORED);
		n++;
	}
	if (n && !modem_lies(rq->modem, LIE_SET_IGNORED))
		modem_nv_write(rq->modem);
	return by_index && !n ? QMI_NO_ENTRY : QMI_OK;
}

static enum qmi_error list_messages(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t storage, tag = 0;
	bool by_tag;
	uint32_t i, n = 0;
	int pass;

	if (!error)
		error = qmi_opt_u8(rq->frame, 0x11, &tag, &by_tag);
	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	storage = qmi_get_u8(&v);
	if (storage >= SMS_STORAGES)
		return QMI_INVALID_ARGUMENT;
	error = usable(rq);
	if (error)
		return error;
	qmi_tlv_begin(rq->msg, 0x01);
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < SMS_SLOTS; i++) {
			struct sms *m = sms_find(rq->modem, storage, i);

			if (!m || (by_tag && m->tag != tag))
				continue;
			if (!pass) {
				n++;
				continue;
			}
			qmi_put_u32(rq->msg, i);
			qmi_put_u8(rq->msg, m->tag);
		}
		if (!pass)
			qmi_put_u32(rq->msg, n);
	}
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static enum qmi_error get_message_protocol(struct request *rq)
{
	qmi_tlv_u8(rq->msg, 0x01, 1);	/* WCDMA */
	return QMI_OK;
}

static enum qmi_error set_routes(struct request *rq)
{
	struct sms_state *sms = &rq->modem->sms;
	struct sms_route routes[SMS_ROUTES];
	uint8_t report = sms->status_report;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	unsigned int i, n;

	if (error)
		return error;
	n = qmi_get_u16(&v);
	if (n > SMS_ROUTES)
		return QMI_ARGUMENT_TOO_LONG;
	for (i = 0; i < n; i++) {
		routes[i].type = qmi_get_u8(&v);
		routes[i].class = qmi_get_u8(&v);
		routes[i].storage = qmi_get_u8(&v);
		routes[i].action = qmi_get_u8(&v);
		/* Transfer-only routes name no storage. */
		if (routes[i].action == 1 && routes[i].storage >= SMS_STORAGES)
			return QMI_INVALID_ARGUMENT;
	}
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	error = qmi_opt_u8(rq->frame, 0x10, &report, NULL);
	if (error || modem_lies(rq->modem, LIE_SET_IGNORED))
		return error;
	sms->status_report = report;
	memcpy(sms->routes, routes, n * sizeof(*routes));
	sms->n_routes = n;
	modem_nv_write(rq->modem);
	return QMI_OK;
}

static enum qmi_error get_routes(struct request *rq)
{
	const struct sms_state *sms = &rq->modem->sms;
	unsigned int i;

	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u16(rq->msg, sms->n_routes);
	for (i = 0; i < sms->n_routes; i++) {
		qmi_put_u8(rq->msg, sms->routes[i].type);
		qmi_put_u8(rq->msg, sms->routes[i].class);
		qmi_put_u8(rq->msg, sms->routes[i].storage);
		qmi_put_u8(rq->msg, sms->routes[i].action);
	}
	qmi_tlv_end(rq->msg);
	qmi_tlv_u8(rq->msg, 0x10, sms->status_report);
	return QMI_OK;
}

static enum qmi_error send_ack(struct request *rq)
{
	struct sms_state *sms = &rq->modem->sms;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 6)
		return QMI_MALFORMED_MESSAGE;
	if (!sms->unacked || qmi_get_u32(&v) + 1 != sms->next_transaction)
		return QMI_INVALID_TRANSACTION_ID;
	sms->unacked = false;
	return QMI_OK;
}

static enum qmi_error send_from_memory(struct request *rq)
{
	struct place place;
	uint8_t mode;
	enum qmi_error error = place_read(rq, &place, &mode);
	struct sms *m;

	if (error)
		return error;
	if (mode != MODE_GW)
		return QMI_INVALID_ARGUMENT;
	m = sms_find(rq->modem, place.storage, place.index);
	if (!m)
		return QMI_NO_ENTRY;
	error = submit(rq, 0x10, m->pdu, m->len);
	if (!error)
		m->tag = SMS_SENT;
	return error;
}

/* Indications */

struct received {
	enum sms_storage storage;
	int index;
};

static bool fill_received(struct client *client, struct qmi_msg *msg,
			  const void *data)
{
	const struct received *received = data;

	qmi_tlv_begin(msg, 0x10);
	qmi_put_u8(msg, received->storage);
	qmi_put_u32(msg, received->index);
	qmi_tlv_end(msg);
	qmi_tlv_u8(msg, 0x12, MODE_GW);
	return client->wms.report;
}

void wms_received(struct modem *modem, enum sms_storage storage, int index)
{
	struct received received = { storage, index };

	modem_indicate(modem, QMI_WMS, 0x0001, fill_received, &received);
}

/*
 * The SMSC of a message handed over, which its TPDU does not hold: a bare string (libqmi
 * qmi-service-wms.json, "SMSC Address"), made of type of number and semi-octets.
 */
static void put_smsc(struct qmi_msg *msg, const uint8_t *pdu)
{
	static const char digits[] = "0123456789*#abc";	/* 15 fills up */
	unsigned int i, digit;

	if (pdu[0] < 2)
		return;			/* there is none */
	qmi_tlv_begin(msg, 0x15);
	if ((pdu[1] & TON_MASK) == TON_INTERNATIONAL)
		qmi_put_u8(msg, '+');
	for (i = 0; i < 2 * (pdu[0] - 1u); i++) {
		digit = pdu[2 + i / 2] >> 4 * (i % 2) & 0x0f;
		if (digit < strlen(digits))
			qmi_put_u8(msg, digits[digit]);
	}
	qmi_tlv_end(msg);
}

struct transfer {
	const uint8_t *pdu;
	size_t len;
	uint32_t transaction;
};

static bool fill_transfer(struct client *client, struct qmi_msg *msg,
			  const void *data)
{
	const struct transfer *t = data;

	qmi_tlv_begin(msg, 0x11);
	qmi_put_u8(msg, 0);		/* an acknowledgment is needed */
	qmi_put_u32(msg, t->transaction);
	qmi_put_u8(msg, FORMAT_GW_PP);
	qmi_put_u16(msg, t->len - 1 - t->pdu[0]);
	qmi_put_bytes(msg, t->pdu + 1 + t->pdu[0], t->len - 1 - t->pdu[0]);
	qmi_tlv_end(msg);
	put_smsc(msg, t->pdu);
	return client->wms.report;
}

void wms_transfer(struct modem *modem, const uint8_t *pdu, size_t len)
{
	struct transfer t = {
		.pdu = pdu,
		.len = len,
		.transaction = modem->sms.next_transaction,
	};

	if (pdu[0] + 1u > len)
		return;
	modem->sms.next_transaction++;
	modem->sms.unacked = true;
	modem_indicate(modem, QMI_WMS, 0x0001, fill_transfer, &t);
}

static const struct message messages[] = {
	{ 0x0000, "reset", reset },
	{ 0x0001, "set-event-report", set_event_report },
	{ 0x0020, "raw-send", raw_send },
	{ 0x0021, "raw-write", raw_write },
	{ 0x0022, "raw-read", raw_read },
	{ 0x0023, "modify-tag", modify_tag },
	{ 0x0024, "delete", delete },
	{ 0x0030, "get-message-protocol", get_message_protocol },
	{ 0x0031, "list-messages", list_messages },
	{ 0x0032, "set-routes", set_routes },
	{ 0x0033, "get-routes", get_routes },
	{ 0x0037, "send-ack", send_ack },
	{ 0x0042, "send-from-memory-storage", send_from_memory },
};

const struct service svc_wms = {
	.id = QMI_WMS,
	.name = "wms",
	.major = 1,
	.minor = 10,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
