// SPDX-License-Identifier: GPL-2.0-only
/* The CTL service as sessions see it: ids, versions and SYNC, one for each. */
#include <linux/slab.h>

#include "ctrl.h"
#include "route.h"

/*
 * DOC: One CTL service for all
 *
 * The modem has one CTL service without client ids, eight bits of transaction
 * and a SYNC that takes everybody's ids away. Sessions each see their own:
 * transactions are renamed, ids allocated for the session that asked, SYNC
 * releases its ids alone and is answered here, versions are served from the
 * modem's first answer. The driver itself never sends SYNC.
 */

#define VERSION_TRIES		60
#define VERSION_PERIOD		(1 * HZ)
#define VERSION_PERIOD_MUTE	(30 * HZ)
#define VERSION_PERIOD_HUNG	(5 * HZ)

static bool tid_in_use(struct m2m_port *port, u8 tid)
{
	struct m2m_xact *xact;

	list_for_each_entry(xact, &port->xacts, node)
		if (xact->service == QMI_CTL && xact->tid == tid)
			return true;
	return false;
}

/* A transaction of the modem's CTL service, or 0 if all are in flight. */
static u8 new_tid(struct m2m_port *port)
{
	unsigned int i;

	for (i = 0; i < 256; i++) {
		u8 tid = ++port->next_ctl_tid;

		if (tid && !tid_in_use(port, tid))
			return tid;
	}
	return 0;
}

/* A request in flight under a transaction of ours. */
static struct m2m_xact *ctl_xact(struct m2m_port *port,
				 struct m2m_client *client, u16 msgid,
				 u16 client_tid, unsigned long timeout)
{
	struct m2m_qmux qmux = { .msgid = msgid, .tid = new_tid(port) };
	struct m2m_xact *xact;

	if (!qmux.tid)
		return ERR_PTR(-EAGAIN);
	xact = m2m_xact_new(port, client, &qmux, timeout);
	if (!xact)
		return ERR_PTR(-ENOMEM);
	xact->client_tid = client_tid;
	return xact;
}

static int forward(struct m2m_client *client, struct m2m_qid *qid,
		   const struct m2m_qmux *qmux, u8 *frame,
		   unsigned long timeout)
{
	struct m2m_port *port = client->port;
	struct m2m_xact *xact;
	int ret;

	xact = ctl_xact(port, client, qmux->msgid, qmux->tid, timeout);
	if (IS_ERR(xact))
		return PTR_ERR(xact);
	xact->qid = qid;
	if (qmux->msgid == QMI_CTL_GET_VERSION)
		xact->kind = M2M_XACT_VERSION;
	m2m_qmux_set_tid(frame, xact->tid);
	ret = m2m_format_watch(port, qmux, xact);
	if (ret)
		return min(ret, 0);
	return m2m_xact_send(port, xact, frame, qmux->len, false);
}

int m2m_ctl_allocate(struct m2m_client *client, struct m2m_qid *qid,
		     u8 service, u16 client_tid)
{
	struct m2m_port *port = client->port;
	u8 buf[QMUX_CTL_LEN(1)];
	struct m2m_xact *xact;
	size_t len;

	lockdep_assert_held(&port->lock);
	xact = ctl_xact(port, client, QMI_CTL_ALLOCATE_CID, client_tid,
			M2M_CTL_TIMEOUT);
	if (IS_ERR(xact))
		return PTR_ERR(xact);
	xact->kind = M2M_XACT_ALLOCATE;
	xact->qid = qid;
	xact->about_service = service;
	len = m2m_qmux_ctl_request(buf, xact->tid, QMI_CTL_ALLOCATE_CID,
				   &service, 1);
	return m2m_xact_send(port, xact, buf, len, false);
}

static int send_release(struct m2m_port *port, struct m2m_client *client,
			const u8 *service_cid, u16 client_tid)
{
	u8 buf[QMUX_CTL_LEN(2)];
	struct m2m_xact *xact;
	size_t len;

	xact = ctl_xact(port, client, QMI_CTL_RELEASE_CID, client_tid,
			M2M_CTL_TIMEOUT);
	if (IS_ERR(xact))
		return PTR_ERR(xact);
	xact->kind = M2M_XACT_RELEASE;
	xact->about_service = service_cid[0];
	xact->about_cid = service_cid[1];
	len = m2m_qmux_ctl_request(buf, xact->tid, QMI_CTL_RELEASE_CID,
				   service_cid, 2);
	return m2m_xact_send(port, xact, buf, len, !client);
}

void m2m_ctl_release(struct m2m_port *port, u8 service, u8 cid)
{
	u8 service_cid[2] = { service, cid };

	lockdep_assert_held(&port->lock);
	/* Failing this, the modem keeps the id until its next restart. */
	if (!port->dead)
		send_release(port, NULL, service_cid, 0);
}

static int request_allocate(struct m2m_client *client,
			    const struct m2m_qmux *qmux)
{
	const u8 *service = m2m_qmux_tlv(qmux, 0x01, 1);

	if (!service || *service == QMI_CTL) {
		m2m_client_answer(client, qmux, QMI_ERROR_MISSING_ARGUMENT);
		return 0;
	}
	if (client->n_ids >= M2M_CLIENT_IDS_MAX) {
		m2m_client_answer(client, qmux, QMI_ERROR_CLIENT_IDS_EXHAUSTED);
		return 0;
	}
	return m2m_ctl_allocate(client, NULL, *service, qmux->tid);
}

static int request_release(struct m2m_client *client,
			   const struct m2m_qmux *qmux)
{
	const u8 *value = m2m_qmux_tlv(qmux, 0x01, 2);
	struct m2m_port *port = client->port;
	struct m2m_qid *qid;
	int ret;

	if (!value) {
		m2m_client_answer(client, qmux, QMI_ERROR_MISSING_ARGUMENT);
		return 0;
	}
	qid = m2m_qid_find(port, value[0], value[1]);
	if (qid && (qid->keep || qid->releasing ||
		    (qid->owner && qid->owner != client))) {
		m2m_client_answer(client, qmux, QMI_ERROR_INVALID_CLIENT_ID);
		return 0;
	}
	ret = send_release(port, client, value, qmux->tid);
	if (!ret && qid)
		qid->releasing = true;
	return ret;
}

static int request_sync(struct m2m_client *client, const struct m2m_qmux *qmux)
{
	struct m2m_port *port = client->port;
	struct m2m_qid *qid, *next;

	list_for_each_entry_safe(qid, next, &port->qids, node) {
		if (qid->owner != client)
			continue;
		if (!qid->releasing)
			m2m_ctl_release(port, qid->service, qid->cid);
		m2m_qid_free(port, qid);
	}
	m2m_client_answer(client, qmux, QMI_ERROR_NONE);
	return 0;
}

static int request_version(struct m2m_client *client,
			   const struct m2m_qmux *qmux, u8 *frame,
			   unsigned long timeout)
{
	struct m2m_frame *version = client->port->version;
	struct m2m_qmux response;

	if (!version)
		return forward(client, NULL, qmux, frame, timeout);
	m2m_qmux_set_tid(version->data, qmux->tid);
	if (m2m_qmux_parse(version->data, version->len, &response) == M2M_QMUX_OK)
		client->ops->frame(client, NULL, &response);
	return 0;
}

/* @qid is the handle on netlink, where ids and SYNC are no business of CTL. */
int m2m_ctl_request(struct m2m_client *client, struct m2m_qid *qid,
		    const struct m2m_qmux *qmux, u8 *frame,
		    unsigned long timeout)
{
	lockdep_assert_held(&client->port->lock);
	switch (qmux->msgid) {
	case QMI_CTL_SYNC:
		return qid ? -EOPNOTSUPP : request_sync(client, qmux);
	case QMI_CTL_GET_VERSION:
		return qid ? -EOPNOTSUPP :
			     request_version(client, qmux, frame, timeout);
	case QMI_CTL_ALLOCATE_CID:
		return qid ? -EOPNOTSUPP : request_allocate(client, qmux);
	case QMI_CTL_RELEASE_CID:
		return qid ? -EOPNOTSUPP : request_release(client, qmux);
	case QMI_CTL_PROXY_OPEN:
		if (qid)
			return -EOPNOTSUPP;
		m2m_client_answer(client, qmux, QMI_ERROR_INVALID_QMI_COMMAND);
		return 0;
	default:
		return forward(client, qid, qmux, frame, timeout);
	}
}

/* The answer's id, or NULL where it is none a modem may give out. */
static const u8 *allocated_id(const struct m2m_qmux *qmux)
{
	const u8 *id = m2m_qmux_tlv(qmux, 0x01, 2);

	if (!id || id[0] == QMI_CTL || !id[1] || id[1] == QMUX_CID_BROADCAST)
		return NULL;
	return id;
}

static void allocated_for_netlink(struct m2m_port *port,
				  struct m2m_xact *xact, const u8 *id,
				  u16 error)
{
	struct m2m_client *client = xact->client;
	struct m2m_qid *qid = xact->qid;

	if (!id || id[0] != qid->service) {
		client->ops->opened(client, qid, M2M_WWAN_FAILURE_REFUSED,
				    error ? error : QMI_ERROR_MALFORMED);
		xact->qid = NULL;
		m2m_xact_free(port, xact);
		m2m_qid_free(port, qid);
		return;
	}
	m2m_qid_supersede(port, id[0], id[1]);
	qid->cid = id[1];
	qid->opening = false;
	client->ops->opened(client, qid, M2M_WWAN_FAILURE_NONE, 0);
	m2m_xact_free(port, xact);
}

static void allocated_for_file(struct m2m_port *port, struct m2m_xact *xact,
			       struct m2m_qmux *qmux, u8 *frame, const u8 *id)
{
	struct m2m_client *client = xact->client;
	u8 buf[QMUX_REFUSE_LEN];
	size_t len;

	if (id && (client->n_ids >= M2M_CLIENT_IDS_MAX ||
		   IS_ERR(m2m_qid_new(port, client, id[0], id[1])))) {
		m2m_ctl_release(port, id[0], id[1]);
		len = m2m_qmux_refuse(qmux, QMI_ERROR_CLIENT_IDS_EXHAUSTED, buf);
		if (m2m_qmux_parse(buf, len, qmux) == M2M_QMUX_OK)
			m2m_xact_answer(port, xact, qmux, buf);
		return;
	}
	m2m_xact_answer(port, xact, qmux, frame);
}

/* Nobody wants the id any more; unless a doubled answer names a live one. */
static void allocated_in_vain(struct m2m_port *port, const u8 *id)
{
	if (id && !m2m_qid_find(port, id[0], id[1]))
		m2m_ctl_release(port, id[0], id[1]);
}

static void allocated(struct m2m_port *port, struct m2m_xact *xact,
		      struct m2m_qmux *qmux, u8 *frame)
{
	u16 error = m2m_qmux_error(qmux);
	const u8 *id = error ? NULL : allocated_id(qmux);

	if (!xact->client) {
		allocated_in_vain(port, id);
		m2m_xact_free(port, xact);
		return;
	}
	if (error == QMI_ERROR_CLIENT_IDS_EXHAUSTED &&
	    m2m_qid_reclaim(port, xact->about_service, false) &&
	    !m2m_ctl_allocate(xact->client, xact->qid, xact->about_service,
			      xact->client_tid)) {
		m2m_xact_free(port, xact);
		return;
	}
	if (xact->qid)
		allocated_for_netlink(port, xact, id, error);
	else
		allocated_for_file(port, xact, qmux, frame, id);
}

static void released(struct m2m_port *port, struct m2m_xact *xact,
		     struct m2m_qmux *qmux, u8 *frame)
{
	u16 error = m2m_qmux_error(qmux);
	struct m2m_qid *qid = m2m_qid_find(port, xact->about_service,
					   xact->about_cid);

	/* Our own requests forgot the id when they were sent. */
	if (qid && qid->releasing) {
		qid->releasing = false;
		if (!error || error == QMI_ERROR_INVALID_CLIENT_ID)
			m2m_qid_free(port, qid);
	}
	m2m_xact_answer(port, xact, qmux, frame);
}

static void got_version(struct m2m_port *port, const struct m2m_qmux *qmux)
{
	if (m2m_qmux_error(qmux) || !m2m_qmux_tlv(qmux, 0x01, 1))
		return;
	if (!port->version)
		port->version = m2m_frame_new(qmux->frame, qmux->len);
	if (!port->version)
		return;
	cancel_delayed_work(&port->version_work);
	m2m_port_set_state(port, M2M_WWAN_STATE_READY, NULL);
}

/* Late, doubled or for a session that is gone: still means something. */
static void unasked(struct m2m_port *port, struct m2m_qmux *qmux)
{
	m2m_route_drop(port, M2M_COUNT_ctrl_rx_unowned);
	if (qmux->msgid == QMI_CTL_GET_VERSION)
		got_version(port, qmux);
	else if (qmux->msgid == QMI_CTL_ALLOCATE_CID && !m2m_qmux_error(qmux))
		allocated_in_vain(port, allocated_id(qmux));
}

void m2m_ctl_response(struct m2m_port *port, struct m2m_qmux *qmux, u8 *frame)
{
	struct m2m_xact *xact = m2m_xact_find(port, qmux);

	lockdep_assert_held(&port->lock);
	if (!xact) {
		unasked(port, qmux);
		return;
	}
	switch (xact->kind) {
	case M2M_XACT_ALLOCATE:
		allocated(port, xact, qmux, frame);
		break;
	case M2M_XACT_RELEASE:
		released(port, xact, qmux, frame);
		break;
	case M2M_XACT_FORMAT_GET:
	case M2M_XACT_FORMAT_SET:
		m2m_format_answered(port, xact, qmux);
		break;
	case M2M_XACT_VERSION:
		got_version(port, qmux);
		fallthrough;
	case M2M_XACT_PLAIN:
		m2m_xact_answer(port, xact, qmux, frame);
		break;
	}
}

static unsigned long version_period(const struct m2m_port *port)
{
	if (port->version)
		return VERSION_PERIOD_HUNG;
	return port->version_tries < VERSION_TRIES ? VERSION_PERIOD :
						     VERSION_PERIOD_MUTE;
}

/*
 * A modem may be deaf for a minute after it enumerated. Each question is
 * forgotten before the next one, a late answer counts all the same. The same
 * question finds out whether a pipe that hung works again.
 */
void m2m_ctl_version_work(struct work_struct *work)
{
	struct m2m_port *port = container_of(to_delayed_work(work),
					     struct m2m_port, version_work);
	u8 buf[QMUX_CTL_LEN(0)];
	struct m2m_xact *xact;
	size_t len;

	mutex_lock(&port->lock);
	if (port->dead ||
	    (port->version && port->state != M2M_WWAN_STATE_HUNG))
		goto unlock;
	/*
	 * A pipe that takes nothing shall not fill up with the question; one
	 * that users keep busy is asked all the same.
	 */
	xact = m2m_ctrl_is_stuck(port) ?
	       NULL :
	       ctl_xact(port, NULL, QMI_CTL_GET_VERSION, 0, VERSION_PERIOD);
	if (!IS_ERR_OR_NULL(xact)) {
		xact->kind = M2M_XACT_VERSION;
		len = m2m_qmux_ctl_request(buf, xact->tid, QMI_CTL_GET_VERSION,
					   NULL, 0);
		m2m_xact_send(port, xact, buf, len, true);
	}
	if (!port->version && ++port->version_tries == VERSION_TRIES)
		m2m_port_set_state(port, M2M_WWAN_STATE_HUNG, "mute");
	queue_delayed_work(port->wq, &port->version_work, version_period(port));
unlock:
	mutex_unlock(&port->lock);
}
