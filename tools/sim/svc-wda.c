// SPDX-License-Identifier: GPL-2.0-or-later
/* Wireless data administration: what the data pipe of a port carries. */
#include <glib.h>

#include "firmware.h"

#define ENDPOINT_HSUSB	2

void wda_init(struct modem *modem)
{
	modem->wda = (struct wda_state) {
		.dl_size = 16384,
		.dl_datagrams = 32,
		.ul_size = 8192,
		.ul_datagrams = 16,
	};
}

void wda_power_on(struct modem *modem)
{
	unsigned int i;

	for (i = 0; i < modem->config.n_ports; i++) {
		struct modem_format *f = &modem->port[i].format;

		*f = (struct modem_format) {
			.link_layer = modem->config.raw_ip_only ?
				      MODEM_RAW_IP : MODEM_802_3,
		};
		modem->ops->format(modem->usb, i, f);
	}
}

/* Which port a request is about: its endpoint TLV, else its own. */
static enum qmi_error endpoint_port(struct request *rq, uint8_t type,
				    unsigned int *ret_port)
{
	struct qmi_value v;
	uint32_t kind, interface;
	int port;

	*ret_port = rq->port;
	if (!qmi_find(rq->frame, type, &v))
		return rq->modem->wda.endpoint_required ?
		       QMI_MISSING_ARGUMENT : QMI_OK;
	kind = qmi_get_u32(&v);
	interface = qmi_get_u32(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	port = modem_port_of_interface(rq->modem, interface);
	if (kind != ENDPOINT_HSUSB || port < 0)
		return QMI_INVALID_ARGUMENT;
	*ret_port = port;
	return QMI_OK;
}

static void put_format(struct qmi_msg *msg, const struct modem_format *f)
{
	qmi_tlv_u8(msg, 0x10, 0);
	qmi_tlv_u32(msg, 0x11, f->link_layer);
	qmi_tlv_u32(msg, 0x12, f->ul);
	qmi_tlv_u32(msg, 0x13, f->dl);
	qmi_tlv_u32(msg, 0x14, 0);
	qmi_tlv_u32(msg, 0x15, f->dl_max_datagrams);
	qmi_tlv_u32(msg, 0x16, f->dl_max_size);
	qmi_tlv_u32(msg, 0x17, f->ul_max_datagrams);
	qmi_tlv_u32(msg, 0x18, f->ul_max_size);
	qmi_tlv_u32(msg, 0x1a, 0);
	qmi_tlv_u8(msg, 0x1b, 0);
}

static enum qmi_error get_data_format(struct request *rq)
{
	struct modem_format f;
	enum qmi_error error;
	unsigned int port;

	error = endpoint_port(rq, 0x10, &port);
	if (error)
		return error;
	f = rq->modem->port[port].format;
	if (modem_lies(rq->modem, LIE_WDA_V5_SENDS_V1) &&
	    f.ul == MODEM_AGG_QMAPV5)
		f.dl = MODEM_AGG_QMAPV5;
	put_format(rq->msg, &f);
	return QMI_OK;
}

static const struct {
	enum modem_aggregation protocol;
	unsigned int version;
} versions[] = {
	{ MODEM_AGG_QMAPV5, 5 },
	{ MODEM_AGG_QMAPV4, 4 },
	{ MODEM_AGG_QMAPV2, 2 },
	{ MODEM_AGG_QMAP, 1 },
};

/* The best offered version that is not above the wanted one. */
static enum modem_aggregation downgrade(const struct modem *modem,
					uint32_t wanted)
{
	unsigned int i, mask = modem->config.qmap_mask;

	if (modem_lies(modem, LIE_WDA_V5_SENDS_V1))
		mask |= 1u << 5;
	for (i = 0; i < G_N_ELEMENTS(versions); i++)
		if (versions[i].protocol <= wanted &&
		    mask & 1u << versions[i].version)
			return versions[i].protocol;
	return MODEM_AGG_OFF;
}

static uint32_t limit(uint32_t wanted, uint32_t most)
{
	return wanted && wanted < most ? wanted : most;
}

struct wanted {
	uint32_t link_layer, ul, dl;
	uint32_t dl_datagrams, dl_size, ul_datagrams, ul_size;
	uint8_t qos;
};

static enum qmi_error wanted_read(const struct qmi_frame *frame,
				  struct wanted *w)
{
	const struct {
		uint8_t type;
		uint32_t *value;
	} fields[] = {
		{ 0x11, &w->link_layer },
		{ 0x12, &w->ul },
		{ 0x13, &w->dl },
		{ 0x15, &w->dl_datagrams },
		{ 0x16, &w->dl_size },
		{ 0x1b, &w->ul_datagrams },
		{ 0x1c, &w->ul_size },
	};
	enum qmi_error error;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(fields); i++) {
		error = qmi_opt_u32(frame, fields[i].type, fields[i].value,
				    NULL);
		if (error)
			return error;
	}
	return qmi_opt_u8(frame, 0x10, &w->qos, NULL);
}

static enum qmi_error grant(const struct modem *modem, const struct wanted *w,
			    struct modem_format *ret_format)
{
	struct modem_format f = { .link_layer = w->link_layer };

	if (w->qos ||
	    (w->link_layer != MODEM_802_3 && w->link_layer != MODEM_RAW_IP))
		return QMI_INVALID_ARGUMENT;
	if (modem->config.raw_ip_only)
		f.link_layer = MODEM_RAW_IP;
	f.ul = downgrade(modem, w->ul);
	f.dl = downgrade(modem, w->dl);
	if (modem->wda.refuse && (f.ul != w->ul || f.dl != w->dl))
		return QMI_INVALID_ARGUMENT;
	/* QMAP frames carry IP packets only. */
	if ((f.ul || f.dl) && f.link_layer != MODEM_RAW_IP)
		return QMI_INVALID_ARGUMENT;
	if (f.dl) {
		f.dl_max_datagrams = limit(w->dl_datagrams,
					   modem->wda.dl_datagrams);
		f.dl_max_size = limit(w->dl_size, modem->wda.dl_size);
	}
	if (f.ul) {
		f.ul_max_datagrams = limit(w->ul_datagrams,
					   modem->wda.ul_datagrams);
		f.ul_max_size = limit(w->ul_size, modem->wda.ul_size);
	}
	*ret_format = f;
	return QMI_OK;
}

static bool port_has_call(const struct modem *modem, unsigned int port)
{
	const struct pdn_call *c;

	for (c = modem->pdn.calls; c; c = c->next)
		if (c->call.port == port)
			return true;
	return false;
}

static bool format_equal(const struct modem_format *a,
			 const struct modem_format *b)
{
	return a->link_layer == b->link_layer && a->ul == b->ul &&
	       a->dl == b->dl && a->dl_max_datagrams == b->dl_max_datagrams &&
	       a->dl_max_size == b->dl_max_size &&
	       a->ul_max_datagrams == b->ul_max_datagrams &&
	       a->ul_max_size == b->ul_max_size;
}

static void format_apply(struct modem *modem, unsigned int port,
			 struct modem_format f)
{
	struct modem_format *old = &modem->port[port].format;

	if (modem_lies(modem, LIE_SET_IGNORED))
		return;
	if (modem_lies(modem, LIE_WDA_V5_SENDS_V1) &&
	    f.dl == MODEM_AGG_QMAPV5)
		f.dl = MODEM_AGG_QMAP;
	if (format_equal(old, &f))
		return;
	*old = f;
	modem->ops->format(modem->usb, port, old);
	modem_event(modem, EVENT_WDA_FORMAT);
}

static enum qmi_error set_data_format(struct request *rq)
{
	struct modem_format f, *now;
	struct wanted w = { 0 };
	enum qmi_error error;
	unsigned int port;

	error = endpoint_port(rq, 0x17, &port);
	if (error)
		return error;
	now = &rq->modem->port[port].format;
	w.link_layer = now->link_layer;
	error = wanted_read(rq->frame, &w);
	if (error)
		return error;
	error = grant(rq->modem, &w, &f);
	if (error)
		return error;
	if (!format_equal(now, &f) && port_has_call(rq->modem, port))
		return QMI_INVALID_OPERATION;
	format_apply(rq->modem, port, f);
	put_format(rq->msg, &f);
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0020, "set-data-format", set_data_format },
	{ 0x0021, "get-data-format", get_data_format },
};

const struct service svc_wda = {
	.id = QMI_WDA,
	.name = "wda",
	.major = 1,
	.minor = 16,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
