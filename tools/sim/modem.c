// SPDX-License-Identifier: GPL-2.0-or-later
/* The firmware's life and its door: frames in and out, clients, answers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"

/*
 * DOC: From frame to answer
 *
 * modem_ctrl_in() drops what is no frame, holds what comes before the firmware
 * speaks, and hands a request to its service's handler. The handler appends
 * TLVs to the response and returns a QMI error; what it appended stays in
 * place on an error, as real modems say call end reasons and tries left that
 * way. QMI_DEFERRED means that it made a struct answer, whose timer (or
 * whoever keeps it) sends it later.
 *
 * Ids belong to one port, as each QMI interface of a modem is a QMUX of its
 * own; state behind the services is one for the whole modem.
 */

#define POOL_DEFAULT	16
#define CLIENT_ID_MAX	0xfe

struct held_frame {
	struct held_frame *next;
	unsigned int port;
	size_t len;
	uint8_t data[];
};

static const struct service *const services[] = {
	&svc_ctl, &svc_wds, &svc_dms, &svc_nas, &svc_wms, &svc_uim, &svc_wda,
	&svc_dpm, &svc_voice,
};

static const char *const event_names[] = {
	[EVENT_BOOTED] = "modem.booted",
	[EVENT_SYNC] = "ctl.synced",
	[EVENT_SIM_READY] = "sim.ready",
	[EVENT_SIM_LOCKED] = "sim.locked",
	[EVENT_SIM_BLOCKED] = "sim.blocked",
	[EVENT_SIM_REMOVED] = "sim.removed",
	[EVENT_SIM_INSERTED] = "sim.inserted",
	[EVENT_NAS_SEARCHING] = "nas.searching",
	[EVENT_NAS_REGISTERED] = "nas.registered",
	[EVENT_NAS_DENIED] = "nas.denied",
	[EVENT_NAS_LOST] = "nas.lost",
	[EVENT_WDS_CONNECTED] = "wds.connected",
	[EVENT_WDS_DISCONNECTED] = "wds.disconnected",
	[EVENT_WDS_REFUSED] = "wds.refused",
	[EVENT_DMS_MODE] = "dms.mode",
	[EVENT_WDA_FORMAT] = "wda.format",
	[EVENT_WMS_RECEIVED] = "wms.received",
	[EVENT_CLIENTS_EXHAUSTED] = "ctl.exhausted",
	[EVENT_MEMORY_WRITTEN] = "nv.written",
};

void modem_event(struct modem *modem, enum modem_event event)
{
	modem->ops->event(modem->usb, event_names[event]);
}

void modem_nv_write(struct modem *modem)
{
	modem->nv_writes++;
	modem_event(modem, EVENT_MEMORY_WRITTEN);
}

const struct service *service_at(unsigned int i)
{
	return i < G_N_ELEMENTS(services) ? services[i] : NULL;
}

const struct service *service_find(uint8_t id)
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(services); i++)
		if (services[i]->id == id)
			return services[i];
	return NULL;
}

int modem_port_of_interface(const struct modem *modem, uint32_t interface)
{
	unsigned int i;

	for (i = 0; i < modem->config.n_ports; i++)
		if (modem->config.interface[i] == interface)
			return i;
	return -1;
}

/* Client ids */

struct client *client_find(const struct modem *modem, unsigned int port,
			   uint8_t service, uint8_t id)
{
	struct client *c;

	for (c = modem->port[port].clients; c; c = c->next)
		if (c->service == service && c->id == id)
			return c;
	return NULL;
}

unsigned int clients_count(const struct modem *modem, unsigned int port,
			   uint8_t service)
{
	const struct client *c;
	unsigned int n = 0;

	for (c = modem->port[port].clients; c; c = c->next)
		n += c->service == service;
	return n;
}

static bool is_dead_service(const struct modem *modem, uint8_t service)
{
	return modem_lies(modem, LIE_DEAD_SERVICES) &&
	       (service == QMI_QOS || service == QMI_VOICE ||
		service == QMI_PBM || service == QMI_LOC ||
		service == QMI_PDC);
}

bool modem_offers(const struct modem *modem, const struct service *service)
{
	if (is_dead_service(modem, service->id) ||
	    (service->id == QMI_UIM && modem->sim.no_uim))
		return false;
	return service->id != QMI_VOICE || modem->config.voice;
}

/* Ids rise and wrap, so that one just released is not given out at once. */
static uint8_t id_pick(struct modem *modem, unsigned int port, uint8_t service)
{
	uint8_t *last = &modem->port[port].last_id[service];

	do {
		*last = *last >= CLIENT_ID_MAX ? 1 : *last + 1;
	} while (client_find(modem, port, service, *last));
	return *last;
}

struct client *client_new(struct modem *modem, unsigned int port,
			  uint8_t service, enum qmi_error *ret_error)
{
	const struct service *s = service_find(service);
	unsigned int size = modem->pool_size[service];
	struct client *c;

	if (s && !modem_offers(modem, s))
		s = NULL;
	if (service == QMI_CTL || (!s && !is_dead_service(modem, service))) {
		*ret_error = QMI_INVALID_SERVICE_TYPE;
		return NULL;
	}
	if (clients_count(modem, port, service) >=
	    (size ? size : modem->pool_size_all)) {
		*ret_error = QMI_CLIENT_IDS_EXHAUSTED;
		modem_event(modem, EVENT_CLIENTS_EXHAUSTED);
		return NULL;
	}
	c = g_new0(struct client, 1);
	c->modem = modem;
	c->port = port;
	c->service = service;
	c->id = id_pick(modem, port, service);
	c->next = modem->port[port].clients;
	modem->port[port].clients = c;
	if (s && s->open)
		s->open(c);
	return c;
}

static void answers_drop(struct modem *modem, const struct client *client)
{
	struct answer *a, *next;

	for (a = modem->answers; a; a = next) {
		next = a->next;
		if (a->port == client->port &&
		    a->to.service == client->service &&
		    a->to.client == client->id)
			answer_drop(a);
	}
}

void client_free(struct client *client)
{
	const struct service *s = service_find(client->service);
	struct client **p = &client->modem->port[client->port].clients;

	if (s && s->close)
		s->close(client);
	answers_drop(client->modem, client);
	while (*p != client)
		p = &(*p)->next;
	*p = client->next;
	g_free(client);
}

void clients_drop(struct modem *modem, unsigned int port)
{
	while (modem->port[port].clients)
		client_free(modem->port[port].clients);
}

/* Answers and indications */

/* The answer leaves; NULL for a message that there is not */
static void request_done(struct modem *modem, unsigned int port,
			 const struct service *service,
			 const struct message *message, const struct qmi_msg *msg)
{
	char name[64];

	if (!service || !message) {
		modem->ops->ctrl_out(modem->usb, port, msg->data, msg->len);
		return;
	}
	g_snprintf(name, sizeof(name), "%s.%s", service->name, message->name);
	if (message_fault_hits(&modem->late, service, message)) {
		message_late(modem, port, msg, name);
		return;
	}
	if (!message_fault_hits(&modem->lose, service, message))
		modem->ops->ctrl_out(modem->usb, port, msg->data, msg->len);
	modem->ops->event(modem->usb, name);
}

static gboolean answer_timer(gpointer data)
{
	struct answer *a = data;

	a->timer = 0;
	answer_send(a);
	return G_SOURCE_REMOVE;
}

struct answer *request_defer(struct request *request, unsigned int ms,
			     enum qmi_error (*fill)(struct answer *answer,
						    struct qmi_msg *msg),
			     void *data)
{
	struct answer *a = g_new0(struct answer, 1);

	a->modem = request->modem;
	a->port = request->port;
	a->to = *request->frame;
	a->to.tlvs = NULL;
	a->to.tlvs_len = 0;
	a->service = request->service;
	a->message = request->message;
	a->fill = fill;
	a->data = data;
	a->timer = g_timeout_add(ms, answer_timer, a);
	a->next = a->modem->answers;
	a->modem->answers = a;
	return a;
}

void answer_drop(struct answer *answer)
{
	struct answer **p;

	if (!answer)
		return;
	for (p = &answer->modem->answers; *p; p = &(*p)->next) {
		if (*p == answer) {
			*p = answer->next;
			break;
		}
	}
	if (answer->timer)
		g_source_remove(answer->timer);
	g_free(answer);
}

void answer_send(struct answer *answer)
{
	struct modem *modem = answer->modem;
	const struct service *service = answer->service;
	const struct message *message = answer->message;
	unsigned int port = answer->port;
	struct qmi_msg msg;

	qmi_response_init(&msg, &answer->to);
	qmi_response_finish(&msg, answer->fill(answer, &msg));
	answer_drop(answer);
	request_done(modem, port, service, message, &msg);
}

void modem_indicate(struct modem *modem, uint8_t service, uint16_t message,
		    bool (*fill)(struct client *client, struct qmi_msg *msg,
				 const void *data),
		    const void *data)
{
	struct qmi_msg msg;
	struct client *c;
	unsigned int i;

	if (!modem->booted || modem_lies(modem, LIE_NO_INDICATIONS))
		return;
	for (i = 0; i < modem->config.n_ports; i++) {
		for (c = modem->port[i].clients; c; c = c->next) {
			if (c->service != service)
				continue;
			qmi_indication_init(&msg, service, c->id, message);
			if (!fill(c, &msg, data) || msg.full)
				continue;
			qmi_indication_finish(&msg);
			modem->ops->ctrl_out(modem->usb, i, msg.data, msg.len);
		}
	}
}

/* Requests */

/* One bit for each message id, as every service answers it. */
#define GET_SUPPORTED_MESSAGES	0x001e
#define SUPPORTED_BYTES		64

static void bit_set(uint8_t *bits, unsigned int id, unsigned int *len)
{
	if (id >= 8 * SUPPORTED_BYTES)
		return;			/* a vendor's, too far off */
	bits[id / 8] |= 1u << id % 8;
	*len = MAX(*len, id / 8 + 1);
}

static enum qmi_error get_supported_messages(struct request *rq)
{
	uint8_t bits[SUPPORTED_BYTES] = { 0 };
	unsigned int i, len = 0;

	bit_set(bits, GET_SUPPORTED_MESSAGES, &len);
	for (i = 0; i < rq->service->n_messages; i++)
		bit_set(bits, rq->service->messages[i].id, &len);
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u16(rq->msg, len);
	qmi_put_bytes(rq->msg, bits, len);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static const struct message supported_messages = {
	GET_SUPPORTED_MESSAGES, "get-supported-messages",
	get_supported_messages,
};

bool message_is_known(const char *name)
{
	const struct service *service;
	const char *dot = strchr(name, '.');
	unsigned int i, m;

	for (i = 0; dot && (service = service_at(i)); i++) {
		if (strlen(service->name) != (size_t)(dot - name) ||
		    strncmp(service->name, name, dot - name))
			continue;
		for (m = 0; m < service->n_messages; m++)
			if (!strcmp(service->messages[m].name, dot + 1))
				return true;
		return service->id != QMI_CTL &&
		       !strcmp(supported_messages.name, dot + 1);
	}
	return false;
}

bool modem_has_event(const char *name)
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(event_names); i++)
		if (!strcmp(event_names[i], name))
			return true;
	return message_is_known(name);
}

static const struct message *message_find(const struct service *service,
					  uint16_t id)
{
	unsigned int i;

	for (i = 0; i < service->n_messages; i++)
		if (service->messages[i].id == id)
			return &service->messages[i];
	if (id == GET_SUPPORTED_MESSAGES && service->id != QMI_CTL)
		return &supported_messages;
	return NULL;
}

/* Whether it is of firmware that lacks this message */
static bool is_unknown(const struct modem *modem, const struct service *service,
		       const struct message *message)
{
	char **names = g_strsplit(modem->unknown, ",", -1);
	char *name = g_strdup_printf("%s.%s", service->name, message->name);
	bool unknown = g_strv_contains((const char *const *)names, name);

	g_free(name);
	g_strfreev(names);
	return unknown;
}

static enum qmi_error dispatch(struct request *request,
			       enum qmi_verdict verdict)
{
	if (request->frame->service != QMI_CTL && !request->client)
		return QMI_INVALID_CLIENT_ID;
	if (verdict == QMI_FRAME_BUNDLE)
		return QMI_BUNDLING_NOT_SUPPORTED;
	if (verdict == QMI_FRAME_MALFORMED)
		return QMI_MALFORMED_MESSAGE;
	if (!request->message)
		return QMI_INVALID_QMI_COMMAND;
	if (message_fault_hits(&request->modem->refuse, request->service,
			       request->message))
		return request->modem->refuse.argument;
	if (request->frame->service == QMI_UIM && request->modem->sim.refuse_uim)
		return QMI_NOT_SUPPORTED;
	return request->message->handle(request);
}

static void request_run(struct modem *modem, unsigned int port,
			const struct qmi_frame *frame,
			enum qmi_verdict verdict)
{
	const struct service *service = service_find(frame->service);
	struct qmi_msg msg;
	struct request rq = {
		.modem = modem,
		.port = port,
		.frame = frame,
		.service = service,
		.msg = &msg,
	};
	enum qmi_error error;

	if (is_dead_service(modem, frame->service))
		return;
	if (frame->service == QMI_CTL && frame->client)
		return;
	if (service && !modem_offers(modem, service)) {
		service = NULL;
		rq.service = NULL;
	}
	if (service) {
		rq.client = client_find(modem, port, frame->service,
					frame->client);
		rq.message = message_find(service, frame->message);
		if (rq.message && is_unknown(modem, service, rq.message))
			rq.message = NULL;
	}
	qmi_response_init(&msg, frame);
	error = dispatch(&rq, verdict);
	if (error == QMI_DEFERRED)
		return;
	qmi_response_finish(&msg, error);
	request_done(modem, port, service, rq.message, &msg);
}

static void frame_run(struct modem *modem, unsigned int port,
		      const uint8_t *data, size_t len)
{
	struct qmi_frame frame;
	enum qmi_verdict verdict = qmi_frame_parse(data, len, &frame);

	if (verdict != QMI_FRAME_DROP)
		request_run(modem, port, &frame, verdict);
}

static void held_drop(struct modem *modem)
{
	struct held_frame *h;

	while ((h = modem->held)) {
		modem->held = h->next;
		g_free(h);
	}
	modem->held_end = &modem->held;
}

static gboolean held_run(gpointer data)
{
	struct modem *modem = data;
	struct held_frame *h;

	modem->wait_timer = 0;
	modem->waiting = false;
	while (modem->on && (h = modem->held)) {
		modem->held = h->next;
		if (!modem->held)
			modem->held_end = &modem->held;
		frame_run(modem, h->port, h->data, h->len);
		g_free(h);
	}
	return G_SOURCE_REMOVE;
}

static void frame_hold(struct modem *modem, unsigned int port,
		       const uint8_t *data, size_t len)
{
	struct held_frame *h = g_malloc(sizeof(*h) + len);

	h->next = NULL;
	h->port = port;
	h->len = len;
	memcpy(h->data, data, len);
	*modem->held_end = h;
	modem->held_end = &h->next;
}

void modem_ctrl_in(struct modem *modem, unsigned int port,
		   const uint8_t *frame, size_t len)
{
	if (!modem->booted || port >= modem->config.n_ports ||
	    len > MODEM_FRAME_MAX)
		return;
	if (modem->port[port].mute)
		return;
	if (modem_lies(modem, LIE_SLOW_FIRST) && !modem->waited) {
		modem->waited = true;
		modem->waiting = true;
		modem->wait_timer = g_timeout_add(modem->slow_first_ms,
						  held_run, modem);
	}
	if (modem->waiting)
		frame_hold(modem, port, frame, len);
	else
		frame_run(modem, port, frame, len);
}

void modem_dtr(struct modem *modem, unsigned int port, bool on)
{
	if (port >= modem->config.n_ports)
		return;
	/* Dropping it voids the ids as a SYNC does. */
	if (!on)
		clients_drop(modem, port);
	modem->port[port].mute = !on;
}

/* Life */

static void sync_indicate(struct modem *modem)
{
	struct qmi_msg msg;
	unsigned int i;

	for (i = 0; i < modem->config.n_ports; i++) {
		qmi_indication_init(&msg, QMI_CTL, 0, 0x0027);
		qmi_indication_finish(&msg);
		modem->ops->ctrl_out(modem->usb, i, msg.data, msg.len);
	}
}

void modem_qmi_restart(struct modem *modem)
{
	unsigned int i;

	if (!modem->booted)
		return;
	for (i = 0; i < modem->config.n_ports; i++)
		clients_drop(modem, i);
	message_late_drop(modem);
	wda_power_on(modem);
	sync_indicate(modem);
}

void modem_reboot(struct modem *modem, unsigned int down_ms)
{
	modem->ops->reboot(modem->usb, down_ms);
}

struct modem *modem_new(const struct modem_config *config,
			const struct modem_ops *ops, void *usb)
{
	struct modem *modem;

	if (!config->n_ports || config->n_ports > MODEM_PORTS_MAX)
		return NULL;
	modem = g_new0(struct modem, 1);
	modem->config = *config;
	modem->ops = ops;
	modem->usb = usb;
	modem->held_end = &modem->held;
	modem->pool_size_all = POOL_DEFAULT;
	modem->slow_first_ms = 30000;
	dms_init(modem);
	wda_init(modem);
	uicc_init(modem);
	network_init(modem);
	pdn_init(modem);
	sms_init(modem);
	return modem;
}

void modem_free(struct modem *modem)
{
	if (!modem)
		return;
	modem_power_off(modem);
	g_free(modem);
}

static void booted(struct modem *modem)
{
	modem->booted = true;
	if (modem->boot_sync)
		sync_indicate(modem);
	modem_event(modem, EVENT_BOOTED);
	network_update(modem);
}

static gboolean boot_timer(gpointer data)
{
	struct modem *modem = data;

	modem->boot_timer = 0;
	booted(modem);
	return G_SOURCE_REMOVE;
}

void modem_power_on(struct modem *modem)
{
	if (modem->on)
		return;
	modem->on = true;
	modem->waited = false;
	modem->dms.mode = modem->dms.persistent_low_power ?
			  DMS_PERSISTENT_LOW_POWER :
			  modem->dms.fcc_locked || modem->dms.switched_off ?
			  DMS_LOW_POWER : DMS_ONLINE;
	modem->dms.fcc_done = false;
	wda_power_on(modem);
	uicc_power_on(modem);
	if (modem->boot_ms)
		modem->boot_timer = g_timeout_add(modem->boot_ms, boot_timer,
						  modem);
	else
		booted(modem);
}

static void timer_stop(unsigned int *timer)
{
	if (*timer)
		g_source_remove(*timer);
	*timer = 0;
}

void modem_power_off(struct modem *modem)
{
	unsigned int i;

	if (!modem->on)
		return;
	/* Nothing is said any more: the bus is gone. */
	modem->booted = false;
	modem->on = false;
	timer_stop(&modem->boot_timer);
	timer_stop(&modem->wait_timer);
	timer_stop(&modem->dms.reboot_timer);
	modem->waiting = false;
	held_drop(modem);
	pdn_power_off(modem);
	for (i = 0; i < modem->config.n_ports; i++) {
		clients_drop(modem, i);
		memset(modem->port[i].last_id, 0,
		       sizeof(modem->port[i].last_id));
	}
	while (modem->answers)
		answer_drop(modem->answers);
	message_late_drop(modem);
	network_power_off(modem);
	uicc_power_off(modem);
}

struct modem_call *modem_call_find(struct modem *modem, unsigned int port,
				   uint8_t mux_id, uint8_t family)
{
	struct pdn_call *call = pdn_call_on(modem, port, mux_id, family);

	return call && call->state == PDN_CALL_UP ? &call->call : NULL;
}
