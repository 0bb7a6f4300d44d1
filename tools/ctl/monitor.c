// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the view of what happens, event by event or frame by frame. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <libqmi-glib.h>
#include <linux/m2m_wwan.h>
#include <netlink/msg.h>
#include <string.h>

#include "../lib/frame.h"
#include "../lib/nl.h"
#include "../lib/wds.h"
#include "../lib/words.h"
#include "pdn.h"
#include "watch.h"
#include "when.h"

struct monitor {
	struct ctl *ctl;
	struct m2m_nl *lookup;	/* for questions while ctl->nl tells events */
	enum out_format format;
	bool qmi;		/* every frame, instead of what happens */
	bool full;		/* with personal data in it */
	bool broken;		/* the output takes no more */
	GHashTable *is_ours;	/* by port id, which the driver does not give out again */
};

static struct out *begin(struct monitor *m, const char *key, const char *value)
{
	struct out *out = out_new(stdout, m->format);

	when_now(out);
	out_string(out, key, NULL, value);
	return out;
}

static void end(struct monitor *m, struct out *out)
{
	m->broken |= out_finish(out);
}

/* Asks the driver, until it answers once for each port: there is a frame more at any moment */
static bool is_ours(const struct monitor *m, uint32_t port_id)
{
	const struct port *only = m->ctl->port;
	gpointer id = GUINT_TO_POINTER(port_id), known;
	struct m2m_error ignored;
	struct port *port;
	bool is;
	int err;

	if (!only || only->id == port_id)
		return true;
	if (g_hash_table_lookup_extended(m->is_ours, id, NULL, &known))
		return GPOINTER_TO_UINT(known);
	/* a modem that went and came back has other numbers, at the same place */
	port = g_new(struct port, 1);
	err = port_get(m->lookup, port_id, port, &ignored);
	is = !err && !strcmp(port->usb_path, only->usb_path);
	/* without an answer the next frame asks again */
	if (!err || err == -ENODEV)
		g_hash_table_insert(m->is_ours, id, GUINT_TO_POINTER(is));
	g_free(port);
	return is;
}

/* --- events ----------------------------------------------------------------- */

static void describe_format(GString *text, const struct port_format *format)
{
	g_string_append_printf(text, " %s uplink %s downlink %s",
			       word(WORD_LINK_LAYER, format->link_layer).s,
			       word(WORD_AGGREGATION, format->ul).s,
			       word(WORD_AGGREGATION, format->dl).s);
	if (!format->confirmed)
		g_string_append(text, " unconfirmed");
}

static void event_json(struct out *out, const struct port_event *event)
{
	out_int(out, "port", NULL, event->port_id);
	out_string(out, "usb_path", NULL, event->usb_path);
	out_int(out, "usb_interface", NULL, event->interface);
	out_string(out, "reason", NULL, event->reason);
	if (event->has_mux_id)
		out_int(out, "mux_id", NULL, event->mux_id);
	if (event->has_on)
		out_bool(out, "on", NULL, event->on);
	if (!event->has_format)
		return;
	out_string(out, "link_layer", NULL,
		   word(WORD_LINK_LAYER, event->format.link_layer).s);
	out_string(out, "uplink", NULL,
		   word(WORD_AGGREGATION, event->format.ul).s);
	out_string(out, "downlink", NULL,
		   word(WORD_AGGREGATION, event->format.dl).s);
	out_bool(out, "confirmed", NULL, event->format.confirmed);
}

static void event_text(struct out *out, const struct port_event *event)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "%s:%u %s", event->usb_path, event->interface,
			word(WORD_EVENT, event->kind).s);
	if (*event->reason)
		g_string_append_printf(text, " %s", event->reason);
	if (event->has_mux_id)
		g_string_append_printf(text, " mux %u", event->mux_id);
	if (event->has_on)
		g_string_append(text, event->on ? " on" : " off");
	if (event->has_format)
		describe_format(text, &event->format);
	out_line(out, "%s", text->str);
	g_string_free(text, TRUE);
}

static void show_event(struct monitor *m, const struct port_event *event)
{
	struct out *out;

	/* of one that is gone only the event tells where it was */
	if (m->ctl->port && strcmp(m->ctl->port->usb_path, event->usb_path))
		return;
	out = begin(m, "event", word(WORD_EVENT, event->kind).s);
	event_json(out, event);
	event_text(out, event);
	end(m, out);
}

/* --- calls ------------------------------------------------------------------ */

/* A change of one call, as the modem told the client it belongs to */
struct call_event {
	struct port *port;
	uint8_t cid;
	char pdn[IF_NAMESIZE];	/* "" for a call of another program */
	struct wds_packet_status status;
};

/* The PDN whose calls live on this client id, and the family if only that tells */
static void call_name(struct monitor *m, struct call_event *call)
{
	struct port_client *clients;
	struct m2m_error ignored;
	enum pdn_family f;
	size_t n;

	if (port_clients(m->lookup, call->port->id, &clients, &n, &ignored))
		return;
	for (size_t i = 0; i < n; i++) {
		if (clients[i].service != QMI_WDS ||
		    clients[i].cid != call->cid ||
		    !pdn_keep_parse(clients[i].name, call->pdn, &f))
			continue;
		if (!call->status.family)
			call->status.family = pdn_family_number(f);
	}
	free(clients);
}

static void call_json(struct out *out, const struct call_event *call,
		      const char *reason)
{
	const struct wds_packet_status *status = &call->status;

	out_int(out, "port", NULL, call->port->id);
	out_string(out, "usb_path", NULL, call->port->usb_path);
	out_int(out, "usb_interface", NULL, call->port->interface);
	out_string(out, "pdn", NULL, *call->pdn ? call->pdn : NULL);
	out_int(out, "client", NULL, call->cid);
	if (status->family)
		out_int(out, "family", NULL, status->family);
	else
		out_unknown(out, "family", NULL);
	out_string(out, "status", NULL,
		   word(WORD_CALL_STATUS, status->status).s);
	out_string(out, "reason", NULL, reason);
}

static void call_text(struct out *out, const struct call_event *call,
		      const char *reason)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "%s:%u call", call->port->usb_path,
			call->port->interface);
	if (*call->pdn)
		g_string_append_printf(text, " %s", call->pdn);
	else
		g_string_append_printf(text, " client %u", call->cid);
	if (call->status.family)
		g_string_append_printf(text, " ipv%u", call->status.family);
	g_string_append_printf(text, " %s", word(WORD_CALL_STATUS,
						 call->status.status).s);
	if (reason)
		g_string_append_printf(text, " %s", reason);
	out_line(out, "%s", text->str);
	g_string_free(text, TRUE);
}

static void show_call(struct monitor *m, struct call_event *call)
{
	bool ended = call->status.status == WDS_DISCONNECTED;
	struct out *out = begin(m, "event", "call");
	char reason[128];

	wds_reason_words(&call->status.reason, reason, sizeof(reason));
	call_json(out, call, ended ? reason : NULL);
	call_text(out, call, ended ? reason : NULL);
	end(m, out);
}

static bool is_packet_status(const struct frame *frame)
{
	return frame->service == QMI_WDS && frame->msgid == WDS_PACKET_STATUS;
}

/* The kernel knows of no calls: what happens to them is read off the wire */
static void watch_calls(struct monitor *m, const struct port_tap *tap)
{
	struct call_event call = { .port = g_new(struct port, 1) };
	QmiMessage *message = NULL;
	struct m2m_error ignored;
	struct frame frame;

	if (tap->from_modem && !frame_check(tap->frame, tap->len, &frame) &&
	    is_packet_status(&frame) && is_ours(m, tap->port_id))
		message = qmi_decode(tap->frame, tap->len);
	if (message && qmi_message_is_indication(message) &&
	    !wds_packet_status_parse(message, &call.status) &&
	    !port_get(m->lookup, tap->port_id, call.port, &ignored)) {
		call.cid = frame.cid;
		call_name(m, &call);
		show_call(m, &call);
	}
	g_clear_pointer(&message, qmi_message_unref);
	g_free(call.port);
}

/* --- frames ----------------------------------------------------------------- */

/* libqmi's own words for a frame whose secrets are gone */
static char *decode(const uint8_t *frame, size_t len)
{
	QmiMessage *message = qmi_decode(frame, len);
	char *text = NULL;

	if (message) {
		text = qmi_message_get_printable_full(message, NULL, "  ");
		qmi_message_unref(message);
	}
	return text;
}

static void frame_fields(struct out *out, const struct frame *frame,
			 unsigned int hidden, const char *text)
{
	out_string(out, "service", NULL, word(WORD_SERVICE, frame->service).s);
	out_int(out, "client", NULL, frame->cid);
	out_int(out, "transaction", NULL, frame->tid);
	out_int(out, "message", NULL, frame->msgid);
	out_int(out, "hidden_tlvs", NULL, hidden);
	out_string(out, "decoded", NULL, text);
}

/* Never a byte of what could not be checked: it may hold anything */
static void show_garbage(struct monitor *m, const struct port_tap *tap)
{
	const char *from = tap->from_modem ? "modem" : "host";
	struct out *out = begin(m, "frame", "malformed");

	out_int(out, "port", NULL, tap->port_id);
	out_string(out, "from", NULL, from);
	out_int(out, "length_bytes", NULL, tap->len);
	out_line(out, "%s: malformed frame of %zu bytes", from, tap->len);
	end(m, out);
}

static void show_frame(struct monitor *m, const struct port_tap *tap)
{
	uint8_t redacted[FRAME_MAX];
	struct frame frame;
	unsigned int hidden;
	struct out *out;
	size_t len;
	char *text;

	if (!is_ours(m, tap->port_id))
		return;
	if (frame_check(tap->frame, tap->len, &frame)) {
		show_garbage(m, tap);
		return;
	}
	hidden = (m->full ? frame_redact : frame_redact_personal)(tap->frame, tap->len,
								 redacted, &len);
	text = decode(redacted, len);
	out = begin(m, "frame", "qmi");
	out_int(out, "port", NULL, tap->port_id);
	out_string(out, "from", NULL, tap->from_modem ? "modem" : "host");
	frame_fields(out, &frame, hidden, text);
	out_line(out, "%s %s message 0x%04x client %u transaction %u",
		 tap->from_modem ? "<" : ">",
		 word(WORD_SERVICE, frame.service).s, frame.msgid, frame.cid,
		 frame.tid);
	if (hidden)
		out_line(out, "  %u TLVs with secrets%s are not shown", hidden,
			 m->full ? "" : " or personal data");
	if (text)
		out_line(out, "%s", g_strchomp(text));
	g_free(text);
	end(m, out);
}

static int on_message(struct nlmsghdr *msg, void *data)
{
	struct monitor *m = data;
	struct port_event event;
	struct port_tap tap;

	if (!port_event_parse(msg, &event))
		show_event(m, &event);
	else if (port_tap_parse(msg, &tap))
		return 0;
	else if (m->qmi)
		show_frame(m, &tap);
	else
		watch_calls(m, &tap);
	return 0;
}

/* --- running ---------------------------------------------------------------- */

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct monitor *m = data;
	struct m2m_error error;

	if (m2m_nl_dispatch(m->ctl->nl, &error) == -ENOBUFS)
		fprintf(stderr, "m2mctl: monitor: %s\n", error.msg);
	return G_SOURCE_CONTINUE;
}

static gboolean late(gpointer data)
{
	*(bool *)data = true;
	return G_SOURCE_REMOVE;
}

/* Events are for everybody, what the modem says is not */
static int join(struct monitor *m)
{
	struct ctl *ctl = m->ctl;
	struct m2m_error ignored;
	int err;

	if (m->qmi) {
		err = m2m_nl_join(ctl->nl, M2M_WWAN_MCGRP_TAP, &ctl->error);
		if (err == -EPERM)
			ctl->hint = "run it as root, or with CAP_NET_ADMIN";
		return err;
	}
	err = m2m_nl_join(ctl->nl, M2M_WWAN_MCGRP_EVENT, &ctl->error);
	if (!err && m2m_nl_join(ctl->nl, M2M_WWAN_MCGRP_TAP, &ignored))
		fputs("m2mctl: monitor: calls are shown to root only\n", stderr);
	return err;
}

static void run(struct monitor *m)
{
	struct ctl *ctl = m->ctl;
	bool over = false;

	m2m_nl_watch(ctl->nl, on_message, m);
	g_unix_fd_add(m2m_nl_fd(ctl->nl), G_IO_IN | G_IO_ERR, readable, m);
	if (ctl->args->given[OPTION_WAIT])
		g_timeout_add_seconds(ctl->args->wait_s, late, &over);
	while (!ctl->interrupted && !over && !m->broken)
		g_main_context_iteration(NULL, TRUE);
	/* everything was said already */
	out_free(ctl->out);
	ctl->out = NULL;
}

int monitor_run(struct ctl *ctl)
{
	struct monitor m = {
		.ctl = ctl,
		.format = watch_format(ctl->args),
		.qmi = ctl->args->given[OPTION_QMI],
		.full = ctl->args->given[OPTION_FULL],
	};
	int err;

	m.is_ours = g_hash_table_new(NULL, NULL);
	/* libqmi leaves some of it out by itself */
	qmi_utils_set_show_personal_info(m.full);

	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &m.lookup, &ctl->error);
	if (!err)
		err = join(&m);
	if (!err)
		run(&m);
	m2m_nl_free(m.lookup);
	g_hash_table_unref(m.is_ours);
	return err;
}
