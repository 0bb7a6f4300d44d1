// SPDX-License-Identifier: GPL-2.0-only
/* The data format: the one exchange whose meaning is the driver's business. */
#include <linux/slab.h>

#include "data.h"
#include "route.h"

/*
 * DOC: A data format changes
 *
 * Whoever asks the modem for a format (WDA Set Data Format, or CTL 0x26 on old
 * modems) changes what the bulk pipes carry, under the feet of everybody. So
 * the driver looks at these requests and their answers, and at nothing else:
 *
 *   HELD       transmit is stopped and drained, one request at a time
 *   ASKED      the modem has the request
 *   ANSWERED   the data path is put into the format that the answer states;
 *              then the asker gets the answer, and transmit goes on
 *
 * Get Data Format skips the first step. A request whose endpoint TLV names
 * another interface passes untouched. A modem that does not answer within
 * M2M_FORMAT_TIMEOUT gets packets again, in the old format; its answer is waited
 * for, and followed, for as long as a file may wait. Answers count in the order in
 * which they come, not in that of their requests: a modem answers when it has done
 * what was asked, so the last answer says what is true. While a manager holds the
 * lease, others' requests to set are answered DeviceInUse and never reach the
 * modem. Both ways of waiting happen in format_work, without port->lock: only
 * the asker waits. TLV numbers: libqmi, qmi-service-wda.json and qmi-service-ctl.json.
 *
 * A modem that restarts is back in a format of its own choice. Transmit and
 * carrier stop before anybody is told, whether the old format was confirmed or
 * not, since the calls have ended too. They go on with the next format, or when
 * the interface is opened anew, in what qmi/raw_ip says.
 */

#define WDA_ENDPOINT_HSUSB	2

static bool is_wda(const struct m2m_qmux *qmux, u16 msgid)
{
	return qmux->service == QMI_WDA && qmux->msgid == msgid;
}

static bool is_ctl_format(const struct m2m_qmux *qmux)
{
	return qmux->service == QMI_CTL &&
	       qmux->msgid == QMI_CTL_SET_DATA_FORMAT;
}

static bool is_set(const struct m2m_qmux *qmux)
{
	return is_wda(qmux, QMI_WDA_SET_DATA_FORMAT) || is_ctl_format(qmux);
}

/* Does the request concern the data pipe of this port? */
static bool concerns(const struct m2m_port *port, const struct m2m_qmux *qmux)
{
	u8 type = is_wda(qmux, QMI_WDA_SET_DATA_FORMAT) ? 0x17 : 0x10;
	const u8 *endpoint;

	if (is_ctl_format(qmux))
		return true;
	endpoint = m2m_qmux_tlv(qmux, type, 8);
	return !endpoint || (pure_le32(endpoint) == WDA_ENDPOINT_HSUSB &&
			     pure_le32(endpoint + 4) == port->ifnum);
}

static void read_u32(const struct m2m_qmux *qmux, u8 type, u32 *value)
{
	const u8 *tlv = m2m_qmux_tlv(qmux, type, 4);

	if (tlv)
		*value = pure_le32(tlv);
}

/* What is not stated keeps its value in @format. */
static void read_format(const struct m2m_qmux *qmux, struct m2m_format *format)
{
	bool request = qmux->type == M2M_QMUX_REQUEST;
	const u8 *tlv;

	if (is_ctl_format(qmux)) {
		tlv = m2m_qmux_tlv(qmux, 0x01, 1);
		if (tlv && request)
			format->qos_header = *tlv;
		tlv = m2m_qmux_tlv(qmux, 0x10, 2);
		if (tlv)
			format->link_layer = pure_le16(tlv);
		return;
	}
	tlv = m2m_qmux_tlv(qmux, 0x10, 1);
	if (tlv)
		format->qos_header = *tlv;
	read_u32(qmux, 0x11, &format->link_layer);
	read_u32(qmux, 0x12, &format->ul);
	read_u32(qmux, 0x13, &format->dl);
}

/* Of an answer: what the modem was asked for is no statement of its limits. */
static void read_limits(const struct m2m_qmux *qmux, struct m2m_format *format)
{
	if (is_ctl_format(qmux))
		return;
	read_u32(qmux, 0x15, &format->dl_max_datagrams);
	read_u32(qmux, 0x16, &format->dl_max_size);
	read_u32(qmux, 0x17, &format->ul_max_datagrams);
	read_u32(qmux, 0x18, &format->ul_max_size);
}

static bool is_format(const struct m2m_xact *xact)
{
	return xact->kind == M2M_XACT_FORMAT_GET ||
	       xact->kind == M2M_XACT_FORMAT_SET;
}

static bool is_refused(const struct m2m_port *port, const struct m2m_xact *xact)
{
	return port->lease && port->lease != xact->client;
}

/* In place of sending: the answer of a modem that is in use. */
static bool refuse(const struct m2m_qmux *qmux, struct m2m_xact *xact)
{
	u8 buf[QMUX_REFUSE_LEN];
	size_t len = m2m_qmux_refuse(qmux, QMI_ERROR_DEVICE_IN_USE, buf);

	xact->frame = m2m_frame_new(buf, len);
	xact->phase = M2M_XACT_ANSWERED;
	return xact->frame;
}

static bool hold(const struct m2m_qmux *qmux, struct m2m_xact *xact)
{
	xact->frame = m2m_frame_new(qmux->frame, qmux->len);
	xact->phase = M2M_XACT_HELD;
	return xact->frame;
}

int m2m_format_watch(struct m2m_port *port, const struct m2m_qmux *qmux,
		     struct m2m_xact *xact)
{
	bool queued;

	lockdep_assert_held(&port->lock);
	if (!is_set(qmux) && !is_wda(qmux, QMI_WDA_GET_DATA_FORMAT))
		return 0;
	if (!concerns(port, qmux))
		return 0;
	if (!is_set(qmux)) {
		xact->kind = M2M_XACT_FORMAT_GET;
		return 0;
	}
	xact->kind = M2M_XACT_FORMAT_SET;
	xact->format.link_layer = M2M_WWAN_LINK_802_3;
	read_format(qmux, &xact->format);
	if (is_refused(port, xact))
		queued = refuse(qmux, xact);
	else
		queued = hold(qmux, xact);
	if (!queued) {
		m2m_xact_free(port, xact);
		return -ENOMEM;
	}
	schedule_work(&port->format_work);
	return 1;
}

void m2m_format_answered(struct m2m_port *port, struct m2m_xact *xact,
			 const struct m2m_qmux *qmux)
{
	lockdep_assert_held(&port->lock);
	xact->frame = m2m_frame_new(qmux->frame, qmux->len);
	if (!xact->frame) {
		m2m_xact_fail(port, xact, M2M_WWAN_FAILURE_TIMEOUT);
		return;
	}
	xact->phase = M2M_XACT_ANSWERED;
	schedule_work(&port->format_work);
}

/* One is enough to be waited for: a modem that answers none is asked again. */
void m2m_format_is_late(struct m2m_port *port, struct m2m_xact *xact)
{
	struct m2m_xact *other;

	lockdep_assert_held(&port->lock);
	list_for_each_entry(other, &port->xacts, node)
		if (other->late)
			other->deadline = jiffies;
	xact->late = true;
	schedule_work(&port->format_work);
}

static struct m2m_xact *find_phase(struct m2m_port *port,
				   enum m2m_xact_phase phase)
{
	struct m2m_xact *xact;

	list_for_each_entry(xact, &port->xacts, node)
		if (is_format(xact) && xact->phase == phase)
			return xact;
	return NULL;
}

static bool set_is_under_way(struct m2m_port *port)
{
	struct m2m_xact *xact;

	list_for_each_entry(xact, &port->xacts, node)
		if (xact->kind == M2M_XACT_FORMAT_SET &&
		    xact->phase == M2M_XACT_ASKED && !xact->late)
			return true;
	return false;
}

/* Waits for transmit to drain; port->lock is dropped meanwhile. */
static void hold_transmit(struct m2m_port *port)
{
	if (port->tx_held)
		return;
	port->tx_held = true;
	mutex_unlock(&port->lock);
	m2m_data_tx_hold(port);
	mutex_lock(&port->lock);
}

static void release_transmit(struct m2m_port *port)
{
	port->tx_held = false;
	mutex_unlock(&port->lock);
	m2m_data_tx_release(port);
	mutex_lock(&port->lock);
}

void m2m_format_forget(struct m2m_port *port)
{
	struct m2m_format format;

	lockdep_assert_held(&port->lock);
	m2m_data_get_format(port, &format);
	/*
	 * What says SYNC before it answered anything has started, not
	 * restarted: a user who opened the interface meanwhile, and never
	 * speaks of formats, goes on with what qmi/raw_ip says.
	 */
	if (!format.confirmed && !port->tx_held && !port->version)
		return;
	m2m_data_forget_format(port);
	port->format_lost = true;
	schedule_work(&port->format_work);
}

/* The rest of it, which takes rtnl. */
static void follow_restart(struct m2m_port *port)
{
	port->format_lost = false;
	mutex_unlock(&port->lock);
	m2m_data_update_features(port);
	mutex_lock(&port->lock);
}

static void ask(struct m2m_port *port, struct m2m_xact *xact)
{
	struct m2m_frame *frame = xact->frame;
	struct m2m_qmux qmux;

	xact->pinned = true;
	hold_transmit(port);
	xact->pinned = false;
	if (port->dead || !xact->client) {
		m2m_xact_free(port, xact);
		return;
	}
	if (is_refused(port, xact)) {
		m2m_qmux_parse(frame->data, frame->len, &qmux);
		if (!refuse(&qmux, xact))
			m2m_xact_fail(port, xact, M2M_WWAN_FAILURE_TIMEOUT);
		kfree(frame);
		return;
	}
	xact->frame = NULL;
	xact->phase = M2M_XACT_ASKED;
	m2m_xact_arm(port, xact, M2M_FORMAT_TIMEOUT);
	if (m2m_route_send(port, frame->data, frame->len, true))
		m2m_xact_fail(port, xact, M2M_WWAN_FAILURE_TIMEOUT);
	kfree(frame);
}

/* The data path follows the modem; whoever listens is told how it went. */
static void adopt(struct m2m_port *port, struct m2m_xact *xact,
		  const struct m2m_format *format)
{
	struct m2m_event event = { .kind = M2M_WWAN_EVENT_FORMAT };
	struct m2m_format now;

	xact->pinned = true;
	hold_transmit(port);
	mutex_unlock(&port->lock);
	event.reason = m2m_data_set_format(port, format);
	mutex_lock(&port->lock);
	xact->pinned = false;
	if (port->format_lost) {
		/* It restarted meanwhile: the answer is of before. */
		m2m_data_forget_format(port);
		return;
	}
	if (event.reason)
		event.kind = M2M_WWAN_EVENT_FORMAT_REFUSED;
	m2m_data_get_format(port, &now);
	event.format = event.reason ? format : &now;
	if (!port->dead)
		m2m_port_event(port, &event);
}

static bool is_same(const struct m2m_format *a, const struct m2m_format *b)
{
	return a->confirmed == b->confirmed && a->qos_header == b->qos_header &&
	       a->link_layer == b->link_layer && a->ul == b->ul &&
	       a->dl == b->dl && a->ul_max_datagrams == b->ul_max_datagrams &&
	       a->ul_max_size == b->ul_max_size &&
	       a->dl_max_datagrams == b->dl_max_datagrams &&
	       a->dl_max_size == b->dl_max_size;
}

/* @format: in: the request's, or the one in force; out: what is true now. */
static void read_answer(const struct m2m_qmux *qmux,
			const struct m2m_format *now, struct m2m_format *format)
{
	format->confirmed = true;
	read_format(qmux, format);
	if (format->link_layer != now->link_layer || format->ul != now->ul ||
	    format->dl != now->dl) {
		format->ul_max_datagrams = 0;
		format->ul_max_size = 0;
		format->dl_max_datagrams = 0;
		format->dl_max_size = 0;
	}
	read_limits(qmux, format);
}

static void finish(struct m2m_port *port, struct m2m_xact *xact)
{
	struct m2m_format format, now;
	struct m2m_qmux qmux;

	m2m_qmux_parse(xact->frame->data, xact->frame->len, &qmux);
	m2m_data_get_format(port, &now);
	format = xact->kind == M2M_XACT_FORMAT_SET ? xact->format : now;
	read_answer(&qmux, &now, &format);
	if (!m2m_qmux_error(&qmux) && !is_same(&format, &now))
		adopt(port, xact, &format);
	m2m_xact_answer(port, xact, &qmux, xact->frame->data);
}

/* One thing at a time. False: nothing is left to do for now. */
static bool step(struct m2m_port *port)
{
	struct m2m_xact *xact;

	if (port->format_lost) {
		follow_restart(port);
		return true;
	}
	xact = find_phase(port, M2M_XACT_ANSWERED);
	if (xact) {
		finish(port, xact);
		return true;
	}
	if (set_is_under_way(port))
		return false;
	xact = find_phase(port, M2M_XACT_HELD);
	if (xact) {
		ask(port, xact);
		return true;
	}
	if (!port->tx_held)
		return false;
	release_transmit(port);
	return true;
}

void m2m_format_work(struct work_struct *work)
{
	struct m2m_port *port = container_of(work, struct m2m_port,
					     format_work);

	mutex_lock(&port->lock);
	while (!port->dead && step(port))
		;
	mutex_unlock(&port->lock);
}
