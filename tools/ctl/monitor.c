// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the view of what happens, event by event or frame by frame. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <libqmi-glib.h>
#include <linux/m2m_wwan.h>
#include <netlink/msg.h>
#include <string.h>
#include <time.h>

#include "../lib/frame.h"
#include "../lib/nl.h"
#include "../lib/words.h"
#include "ctl.h"

struct monitor {
	struct ctl *ctl;
	enum out_format format;
	bool broken;		/* the output takes no more */
};

static struct out *begin(struct monitor *m, const char *key, const char *value)
{
	struct out *out = out_new(stdout, m->format);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	out_real(out, "time_seconds", NULL,
		 now.tv_sec + now.tv_nsec / 1000000 / 1000.0);
	out_string(out, key, NULL, value);
	return out;
}

static void end(struct monitor *m, struct out *out)
{
	m->broken |= out_finish(out);
}

static bool is_ours(const struct monitor *m, uint32_t port_id)
{
	const struct port *only = m->ctl->port;

	return !only || only->id == port_id;
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

	if (!is_ours(m, event->port_id))
		return;
	out = begin(m, "event", word(WORD_EVENT, event->kind).s);
	event_json(out, event);
	event_text(out, event);
	end(m, out);
}

/* --- frames ----------------------------------------------------------------- */

/* libqmi's own words for a frame whose secrets are gone */
static char *decode(const uint8_t *frame, size_t len)
{
	GByteArray *bytes = g_byte_array_sized_new(len);
	QmiMessage *message;
	char *text = NULL;

	g_byte_array_append(bytes, frame, len);
	message = qmi_message_new_from_raw(bytes, NULL);
	if (message) {
		text = qmi_message_get_printable_full(message, NULL, "  ");
		qmi_message_unref(message);
	}
	g_byte_array_unref(bytes);
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
	hidden = frame_redact(tap->frame, tap->len, redacted, &len);
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
		out_line(out, "  %u TLVs with secrets are not shown", hidden);
	if (text)
		out_line(out, "%s", g_strchomp(text));
	g_free(text);
	end(m, out);
}

static int on_message(struct nlmsghdr *msg, void *data)
{
	struct port_event event;
	struct port_tap tap;

	if (!port_event_parse(msg, &event))
		show_event(data, &event);
	else if (!port_tap_parse(msg, &tap))
		show_frame(data, &tap);
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

static enum out_format one_line(const struct args *args)
{
	/* a line each is the point, so --pretty is --json here */
	return args->given[OPTION_JSON] || args->given[OPTION_PRETTY] ?
		OUT_JSON : OUT_TEXT;
}

int monitor_run(struct ctl *ctl)
{
	struct monitor m = { .ctl = ctl, .format = one_line(ctl->args) };
	bool qmi = ctl->args->given[OPTION_QMI];
	bool over = false;
	int err;

	err = m2m_nl_join(ctl->nl, qmi ? M2M_WWAN_MCGRP_TAP :
					 M2M_WWAN_MCGRP_EVENT, &ctl->error);
	if (err == -EPERM)
		ctl->hint = "run it as root, or with CAP_NET_ADMIN";
	if (err)
		return err;
	m2m_nl_watch(ctl->nl, on_message, &m);
	g_unix_fd_add(m2m_nl_fd(ctl->nl), G_IO_IN | G_IO_ERR, readable, &m);
	if (ctl->args->given[OPTION_WAIT])
		g_timeout_add_seconds(ctl->args->wait_s, late, &over);
	while (!ctl->interrupted && !over && !m.broken)
		g_main_context_iteration(NULL, TRUE);
	/* everything was said already */
	out_free(ctl->out);
	ctl->out = NULL;
	return 0;
}
