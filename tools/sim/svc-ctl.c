// SPDX-License-Identifier: GPL-2.0-or-later
/* The control service: synchronisation, versions, client ids. */
#include <glib.h>

#include "firmware.h"

static enum qmi_error set_instance_id(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	/* The link id: the host's id in the low byte, the port above it. */
	qmi_tlv_u16(rq->msg, 0x01, qmi_get_u8(&v) | rq->port << 8);
	return QMI_OK;
}

static const uint8_t dead_services[] = {
	QMI_QOS, QMI_VOICE, QMI_PBM, QMI_LOC, QMI_PDC,
};

static enum qmi_error get_version_info(struct request *rq)
{
	const struct service *s;
	unsigned int i, dead = 0, n = 0;

	for (i = 0; (s = service_at(i)); i++)
		n += modem_offers(rq->modem, s);
	if (modem_lies(rq->modem, LIE_DEAD_SERVICES))
		dead = G_N_ELEMENTS(dead_services);
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, n + dead);
	for (i = 0; (s = service_at(i)); i++) {
		if (!modem_offers(rq->modem, s))
			continue;
		qmi_put_u8(rq->msg, s->id);
		qmi_put_u16(rq->msg, s->major);
		qmi_put_u16(rq->msg, s->minor);
	}
	for (i = 0; i < dead; i++) {
		qmi_put_u8(rq->msg, dead_services[i]);
		qmi_put_u16(rq->msg, 1);
		qmi_put_u16(rq->msg, 0);
	}
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static void put_allocation(struct request *rq, uint8_t service, uint8_t id)
{
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, service);
	qmi_put_u8(rq->msg, id);
	qmi_tlv_end(rq->msg);
}

static enum qmi_error allocate_cid(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	struct client *client;

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	client = client_new(rq->modem, rq->port, qmi_get_u8(&v), &error);
	if (!client)
		return error;
	put_allocation(rq, client->service, client->id);
	return QMI_OK;
}

static enum qmi_error release_cid(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	struct client *client;
	uint8_t service, id;

	if (error)
		return error;
	if (v.left != 2)
		return QMI_MALFORMED_MESSAGE;
	service = qmi_get_u8(&v);
	id = qmi_get_u8(&v);
	client = client_find(rq->modem, rq->port, service, id);
	if (!client)
		return QMI_INVALID_CLIENT_ID;
	if (!modem_lies(rq->modem, LIE_SET_IGNORED))
		client_free(client);
	put_allocation(rq, service, id);
	return QMI_OK;
}

/* The old way to the link layer; WDA's aggregation is switched off by it. */
static enum qmi_error set_data_format(struct request *rq)
{
	struct modem_format *format = &rq->modem->port[rq->port].format;
	uint16_t protocol = format->link_layer;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v))
		return QMI_INVALID_DATA_FORMAT;	/* no QoS header here */
	error = qmi_opt_u16(rq->frame, 0x10, &protocol, NULL);
	if (error)
		return error;
	if (protocol != MODEM_802_3 && protocol != MODEM_RAW_IP)
		return QMI_INVALID_DATA_FORMAT;
	if (rq->modem->config.raw_ip_only)
		protocol = MODEM_RAW_IP;
	qmi_tlv_u16(rq->msg, 0x10, protocol);
	if (modem_lies(rq->modem, LIE_SET_IGNORED) ||
	    format->link_layer == protocol)
		return QMI_OK;
	*format = (struct modem_format) { .link_layer = protocol };
	rq->modem->ops->format(rq->modem->usb, rq->port, format);
	modem_event(rq->modem, EVENT_WDA_FORMAT);
	return QMI_OK;
}

static enum qmi_error synchronise(struct request *rq)
{
	clients_drop(rq->modem, rq->port);
	modem_event(rq->modem, EVENT_SYNC);
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0020, "set-instance-id", set_instance_id },
	{ 0x0021, "get-version-info", get_version_info },
	{ 0x0022, "allocate-cid", allocate_cid },
	{ 0x0023, "release-cid", release_cid },
	{ 0x0026, "set-data-format", set_data_format },
	{ 0x0027, "sync", synchronise },
};

const struct service svc_ctl = {
	.id = QMI_CTL,
	.name = "ctl",
	.major = 1,
	.minor = 5,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
