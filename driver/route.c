// SPDX-License-Identifier: GPL-2.0-only
/* Requests in flight, and frames from the modem to those who wait for them. */
#include <linux/slab.h>

#include "ctrl.h"
#include "genl.h"
#include "ring.h"
#include "route.h"
#include "trace.h"

/*
 * DOC: Who gets a frame
 *
 *   response    the session whose request has its service, id and transaction;
 *               failing that, the file that owns the id
 *   indication  the owner of its id; broadcast (0xff): every session that has
 *               an id of its service, each once
 *   CTL         ctl.c
 * A kept id without owner stores its last indications. All else is counted
 * and dropped. A request that outlived its session stays here until it is
 * answered or overdue, so that a successor using the same id and transaction
 * does not get its predecessor's answer.
 */

/* Answered, or in the hands of format_work, which comes to an end by itself. */
static bool can_time_out(const struct m2m_xact *xact)
{
	return xact->phase != M2M_XACT_ANSWERED && !xact->pinned;
}

/* Overdue, or before that so old that a file that is full can write again */
static unsigned long next_due(const struct m2m_xact *xact)
{
	unsigned long given_up = xact->deadline - M2M_FILE_TIMEOUT +
				 M2M_FILE_PATIENCE;

	if (!xact->client || xact->client->n_xacts < M2M_CLIENT_XACTS_MAX ||
	    xact->timeout != M2M_FILE_TIMEOUT ||
	    time_after(jiffies, given_up))
		return xact->deadline;
	/* As m2m_client_can_write() has it */
	return given_up + 1;
}

static void arm_timeout(struct m2m_port *port)
{
	unsigned long next = 0;
	struct m2m_xact *xact;
	unsigned long due;
	bool any = false;

	list_for_each_entry(xact, &port->xacts, node) {
		if (!can_time_out(xact))
			continue;
		due = next_due(xact);
		if (any && !time_before(due, next))
			continue;
		next = due;
		any = true;
	}
	if (!any)
		return;
	next = time_after(next, jiffies) ? next - jiffies : 0;
	mod_delayed_work(port->wq, &port->timeout_work, next);
}

void m2m_xact_arm(struct m2m_port *port, struct m2m_xact *xact,
		  unsigned long timeout)
{
	lockdep_assert_held(&port->lock);
	xact->deadline = jiffies + min(xact->timeout, timeout);
	arm_timeout(port);
}

struct m2m_xact *m2m_xact_new(struct m2m_port *port, struct m2m_client *client,
			      const struct m2m_qmux *qmux,
			      unsigned long timeout)
{
	struct m2m_xact *xact;

	lockdep_assert_held(&port->lock);
	xact = kzalloc(sizeof(*xact), GFP_KERNEL);
	if (!xact)
		return NULL;
	xact->client = client;
	xact->service = qmux->service;
	xact->cid = qmux->cid;
	xact->tid = qmux->tid;
	xact->client_tid = qmux->tid;
	xact->msgid = qmux->msgid;
	xact->timeout = timeout;
	xact->deadline = jiffies + timeout;
	if (client)
		client->n_xacts++;
	if (list_empty(&port->xacts))
		m2m_ctrl_keep_awake(port, true);
	list_add_tail(&xact->node, &port->xacts);
	arm_timeout(port);
	return xact;
}

void m2m_xact_orphan(struct m2m_xact *xact)
{
	struct m2m_client *client = xact->client;

	if (!client)
		return;
	xact->client = NULL;
	client->n_xacts--;
	client->ops->writable(client);
}

void m2m_xact_free(struct m2m_port *port, struct m2m_xact *xact)
{
	lockdep_assert_held(&port->lock);
	m2m_xact_orphan(xact);
	list_del(&xact->node);
	if (list_empty(&port->xacts))
		m2m_ctrl_keep_awake(port, false);
	kfree(xact->frame);
	kfree(xact);
}

static void unsend(struct m2m_port *port, const struct m2m_xact *xact)
{
	const struct m2m_qmux which = {
		.service = xact->service,
		.cid = xact->cid,
		.tid = xact->tid,
		.msgid = xact->msgid,
	};

	m2m_ctrl_cancel(port, &which);
}

void m2m_xact_fail(struct m2m_port *port, struct m2m_xact *xact,
		   enum m2m_wwan_failure failure)
{
	struct m2m_client *client = xact->client;
	struct m2m_qid *qid = xact->qid;
	struct m2m_qid *about;

	lockdep_assert_held(&port->lock);
	/* A PIN or a call must not follow when its asker may be trying again. */
	if (failure == M2M_WWAN_FAILURE_TIMEOUT && client)
		unsend(port, xact);
	if (xact->kind == M2M_XACT_RELEASE) {
		/* Still ours, as far as anybody knows. */
		about = m2m_qid_find(port, xact->about_service,
				     xact->about_cid);
		if (about)
			about->releasing = false;
	}
	if (qid && qid->opening) {
		if (client)
			client->ops->opened(client, qid, failure, 0);
		xact->qid = NULL;
		m2m_qid_free(port, qid);
	} else if (client && qid && client->ops->failed) {
		client->ops->failed(client, qid, xact->client_tid, failure);
	}
	if (xact->pinned) {
		/* format_work frees it when it comes back. */
		m2m_xact_orphan(xact);
		xact->qid = NULL;
		return;
	}
	if (xact->kind == M2M_XACT_FORMAT_SET)
		schedule_work(&port->format_work);
	m2m_xact_free(port, xact);
}

void m2m_xact_fail_all(struct m2m_port *port, enum m2m_wwan_failure failure)
{
	struct m2m_xact *xact, *next;

	list_for_each_entry_safe(xact, next, &port->xacts, node)
		m2m_xact_fail(port, xact, failure);
}

int m2m_route_send(struct m2m_port *port, const u8 *frame, size_t len,
		   bool own)
{
	struct m2m_qmux qmux;
	int ret = m2m_ctrl_send(port, frame, len, own);

	if (!ret && m2m_qmux_parse(frame, len, &qmux) == M2M_QMUX_OK)
		m2m_route_watch(port, false, &qmux);
	return ret;
}

int m2m_xact_send(struct m2m_port *port, struct m2m_xact *xact,
		  const u8 *frame, size_t len, bool own)
{
	int ret = m2m_route_send(port, frame, len, own);

	if (ret)
		m2m_xact_free(port, xact);
	return ret;
}

void m2m_route_watch(struct m2m_port *port, bool from_modem,
		     const struct m2m_qmux *qmux)
{
	lockdep_assert_held(&port->lock);
	m2m_port_count(port, from_modem ? M2M_COUNT_ctrl_rx :
					  M2M_COUNT_ctrl_tx);
	trace_m2m_ctrl(port, from_modem, qmux);
	m2m_ring_add(port->ring, from_modem, qmux);
	m2m_genl_tap(port, from_modem, qmux);
}

void m2m_route_drop(struct m2m_port *port, enum m2m_counter why)
{
	trace_m2m_drop(port, why);
	m2m_port_count(port, why);
}

/* What an answer says of the id it came to. */
static void judge_id(struct m2m_port *port, u8 service, u8 cid, u16 error)
{
	struct m2m_qid *qid = m2m_qid_find(port, service, cid);

	if (service == QMI_CTL || !qid)
		return;
	if (error == QMI_ERROR_INVALID_CLIENT_ID)
		m2m_qid_void(port, qid, M2M_WWAN_FAILURE_REFUSED);
	else
		qid->foreign = false;
}

/* Hands the answer over and ends the request. @frame: same bytes, writable. */
void m2m_xact_answer(struct m2m_port *port, struct m2m_xact *xact,
		     struct m2m_qmux *qmux, u8 *frame)
{
	struct m2m_client *client = xact->client;
	u8 service = xact->service, cid = xact->cid;
	u16 error = m2m_qmux_error(qmux);

	lockdep_assert_held(&port->lock);
	if (client) {
		m2m_qmux_set_tid(frame, xact->client_tid);
		qmux->tid = xact->client_tid;
		client->ops->frame(client, xact->qid, qmux);
	}
	m2m_xact_free(port, xact);
	judge_id(port, service, cid, error);
}

struct m2m_xact *m2m_xact_find(struct m2m_port *port,
			       const struct m2m_qmux *qmux)
{
	struct m2m_xact *xact;

	list_for_each_entry(xact, &port->xacts, node)
		if (xact->phase == M2M_XACT_ASKED &&
		    xact->service == qmux->service && xact->cid == qmux->cid &&
		    xact->tid == qmux->tid && xact->msgid == qmux->msgid)
			return xact;
	return NULL;
}

static void route_response(struct m2m_port *port, struct m2m_qmux *qmux,
			   u8 *frame)
{
	struct m2m_xact *xact = m2m_xact_find(port, qmux);
	struct m2m_qid *qid;

	if (xact && xact->kind != M2M_XACT_PLAIN) {
		m2m_format_answered(port, xact, qmux);
		return;
	}
	if (xact) {
		m2m_xact_answer(port, xact, qmux, frame);
		return;
	}
	qid = m2m_qid_find(port, qmux->service, qmux->cid);
	if (qid && qid->owner && !qid->handle)
		qid->owner->ops->frame(qid->owner, qid, qmux);
	else
		m2m_route_drop(port, M2M_COUNT_ctrl_rx_unowned);
}

static void route_broadcast(struct m2m_port *port, const struct m2m_qmux *qmux)
{
	u32 round = ++port->round;
	struct m2m_qid *qid;

	list_for_each_entry(qid, &port->qids, node) {
		if (qid->service != qmux->service || qid->opening)
			continue;
		if (!qid->owner && qid->keep)
			m2m_qid_keep_indication(qid, qmux);
		if (!qid->owner)
			continue;
		/* A file gets it once, netlink once for each of its handles. */
		if (!qid->handle && qid->owner->round == round)
			continue;
		qid->owner->round = round;
		qid->owner->ops->frame(qid->owner, qid, qmux);
	}
}

static void route_indication(struct m2m_port *port,
			     const struct m2m_qmux *qmux)
{
	struct m2m_qid *qid;

	if (qmux->cid == QMUX_CID_BROADCAST) {
		route_broadcast(port, qmux);
		return;
	}
	qid = m2m_qid_find(port, qmux->service, qmux->cid);
	if (qid && qid->owner)
		qid->owner->ops->frame(qid->owner, qid, qmux);
	else if (qid && qid->keep)
		m2m_qid_keep_indication(qid, qmux);
	else
		m2m_route_drop(port, M2M_COUNT_ctrl_rx_unowned);
}

/* Files read what a modem says that restarted, whether it said so or not. */
static void tell_files(struct m2m_port *port)
{
	static const u8 sync[] = {
		QMUX_MARKER, 0x0b, 0x00, QMUX_FROM_MODEM, QMI_CTL, 0x00,
		0x02, 0x00, QMI_CTL_SYNC, 0x00, 0x00, 0x00
	};
	struct m2m_client *client;
	struct m2m_qmux qmux;

	if (m2m_qmux_parse(sync, sizeof(sync), &qmux) != M2M_QMUX_OK)
		return;
	list_for_each_entry(client, &port->clients, node)
		if (!client->ops->voided)
			client->ops->frame(client, NULL, &qmux);
}

void m2m_route_restart(struct m2m_port *port)
{
	struct m2m_event event = { .kind = M2M_WWAN_EVENT_RESTARTED };
	struct m2m_qid *qid, *next;

	lockdep_assert_held(&port->lock);
	m2m_port_count(port, M2M_COUNT_restarts);
	list_for_each_entry_safe(qid, next, &port->qids, node)
		if (qid->service != QMI_CTL && !qid->opening)
			m2m_qid_void(port, qid, M2M_WWAN_FAILURE_RESTARTED);
	m2m_xact_fail_all(port, M2M_WWAN_FAILURE_RESTARTED);
	/* A PIN that was not sent yet must not be sent after its failure. */
	m2m_ctrl_purge(port);
	m2m_format_forget(port);
	kfree(port->version);
	port->version = NULL;
	port->version_tries = 0;
	mod_delayed_work(port->wq, &port->version_work, 0);
	m2m_port_event(port, &event);
	m2m_port_set_state(port, M2M_WWAN_STATE_ATTACHED, NULL);
	tell_files(port);
}

static void route_ctl(struct m2m_port *port, struct m2m_qmux *qmux, u8 *frame)
{
	if (qmux->type == M2M_QMUX_RESPONSE)
		m2m_ctl_response(port, qmux, frame);
	else if (qmux->msgid == QMI_CTL_SYNC)
		m2m_route_restart(port);
	else
		m2m_route_drop(port, M2M_COUNT_ctrl_rx_unowned);
}

static void route_frame(struct m2m_port *port, struct m2m_qmux *qmux,
			u8 *frame)
{
	m2m_route_watch(port, true, qmux);
	if (port->state == M2M_WWAN_STATE_HUNG)
		m2m_port_set_state(port, m2m_port_awake_state(port), NULL);
	if (qmux->type == M2M_QMUX_REQUEST)
		m2m_route_drop(port, M2M_COUNT_ctrl_rx_malformed);
	else if (qmux->service == QMI_CTL)
		route_ctl(port, qmux, frame);
	else if (qmux->type == M2M_QMUX_RESPONSE)
		route_response(port, qmux, frame);
	else
		route_indication(port, qmux);
}

/* The modem did not take a frame: whoever sent it need not wait. */
static void route_unsent(struct m2m_port *port, const u8 *data, size_t len)
{
	struct m2m_xact *xact = NULL;
	struct m2m_qmux qmux;

	if (m2m_qmux_parse(data, len, &qmux) == M2M_QMUX_OK)
		xact = m2m_xact_find(port, &qmux);
	if (xact)
		m2m_xact_fail(port, xact, M2M_WWAN_FAILURE_TIMEOUT);
}

/* One transfer: whole frames one after the other, the first bad one ends it. */
static void route_transfer(struct m2m_port *port, u8 *data, size_t len)
{
	struct m2m_qmux qmux;

	while (len) {
		switch (m2m_qmux_parse(data, len, &qmux)) {
		case M2M_QMUX_OK:
			route_frame(port, &qmux, data);
			break;
		case M2M_QMUX_MALFORMED:
			m2m_route_drop(port, M2M_COUNT_ctrl_rx_malformed);
			break;
		case M2M_QMUX_GARBAGE:
			m2m_route_drop(port, M2M_COUNT_ctrl_rx_garbage);
			return;
		case M2M_QMUX_TRUNCATED:
			m2m_route_drop(port, M2M_COUNT_ctrl_rx_truncated);
			return;
		}
		data += qmux.len;
		len -= qmux.len;
	}
}

void m2m_route_work(struct work_struct *work)
{
	struct m2m_port *port = container_of(work, struct m2m_port, rx_work);
	struct m2m_client *client;
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&port->rx_queue))) {
		mutex_lock(&port->lock);
		if (!port->dead && m2m_ctrl_is_unsent(skb))
			route_unsent(port, skb->data, skb->len);
		else if (!port->dead)
			route_transfer(port, skb->data, skb->len);
		mutex_unlock(&port->lock);
		kfree_skb(skb);
		cond_resched();
	}

	mutex_lock(&port->lock);
	if (!port->dead && m2m_ctrl_has_room(port))
		list_for_each_entry(client, &port->clients, node)
			client->ops->writable(client);
	mutex_unlock(&port->lock);
}

/*
 * The modem may still change its format, and that has to be seen: an asker whose time
 * is up is told, transmit goes on when its own is, and the request stays.
 */
static bool outlives_asker(struct m2m_port *port, struct m2m_xact *xact)
{
	bool first = xact->client && xact->timeout < M2M_FORMAT_TIMEOUT;
	struct m2m_client *client = xact->client;

	if (xact->kind != M2M_XACT_FORMAT_SET ||
	    xact->phase != M2M_XACT_ASKED || xact->late)
		return false;
	if (xact->qid && client && client->ops->failed &&
	    xact->timeout <= M2M_FORMAT_TIMEOUT) {
		client->ops->failed(client, xact->qid, xact->client_tid,
				    M2M_WWAN_FAILURE_TIMEOUT);
		m2m_xact_orphan(xact);
	}
	xact->timeout = M2M_FILE_TIMEOUT;
	if (!first)
		m2m_format_is_late(port, xact);
	m2m_xact_arm(port, xact, first ? M2M_FORMAT_TIMEOUT : M2M_FILE_TIMEOUT);
	return true;
}

void m2m_route_timeout_work(struct work_struct *work)
{
	struct m2m_port *port = container_of(to_delayed_work(work),
					     struct m2m_port, timeout_work);
	struct m2m_xact *xact, *next;
	struct m2m_client *client;

	mutex_lock(&port->lock);
	list_for_each_entry_safe(xact, next, &port->xacts, node) {
		if (!can_time_out(xact) ||
		    time_before(jiffies, xact->deadline))
			continue;
		m2m_port_count(port, M2M_COUNT_request_timeouts);
		if (outlives_asker(port, xact))
			continue;
		m2m_xact_fail(port, xact, M2M_WWAN_FAILURE_TIMEOUT);
	}
	if (!port->dead)
		arm_timeout(port);
	list_for_each_entry(client, &port->clients, node)
		if (m2m_client_can_write(client))
			client->ops->writable(client);
	mutex_unlock(&port->lock);
}
