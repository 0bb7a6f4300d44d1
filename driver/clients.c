// SPDX-License-Identifier: GPL-2.0-only
/* Sessions and the client ids they have: attach, adopt, park, take over, release. */
#include <linux/slab.h>
#include <linux/string.h>

#include "ctrl.h"
#include "route.h"

/*
 * DOC: Life of a client id
 *
 * An id is born by the modem's ALLOCATE answer, or when a session uses one
 * that we never saw given out: users carry ids from process to process, also
 * out of the hands of another driver. A session that closes parks its ids,
 * because the next process may name them and because a call ends with the id
 * that started it; they are given back when the module lets go of the modem.
 * Parked ids are released oldest first, past a number a service and when the
 * modem has none left. A kept id (netlink) has a name instead: nobody adopts
 * it by number, and it is never released for want of room.
 */

void m2m_qid_supersede(struct m2m_port *port, u8 service, u8 cid)
{
	struct m2m_qid *stale = m2m_qid_find(port, service, cid);

	/* The modem gave it out again, so it forgot who had it. */
	if (stale)
		m2m_qid_void(port, stale, M2M_WWAN_FAILURE_RESTARTED);
}

struct m2m_qid *m2m_qid_new(struct m2m_port *port, struct m2m_client *owner,
			    u8 service, u8 cid)
{
	struct m2m_qid *qid;

	lockdep_assert_held(&port->lock);
	if (port->n_qids >= M2M_PORT_IDS_MAX &&
	    !m2m_qid_reclaim(port, service, true))
		return ERR_PTR(-ENOSPC);
	if (service != QMI_CTL && cid)
		m2m_qid_supersede(port, service, cid);

	qid = kzalloc(sizeof(*qid), GFP_KERNEL);
	if (!qid)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&qid->inds);
	qid->service = service;
	qid->cid = cid;
	list_add_tail(&qid->node, &port->qids);
	port->n_qids++;
	m2m_qid_set_owner(qid, owner);
	return qid;
}

struct m2m_qid *m2m_qid_find(struct m2m_port *port, u8 service, u8 cid)
{
	struct m2m_qid *qid;

	lockdep_assert_held(&port->lock);
	list_for_each_entry(qid, &port->qids, node)
		if (qid->service == service && qid->cid == cid && !qid->opening)
			return qid;
	return NULL;
}

void m2m_qid_set_owner(struct m2m_qid *qid, struct m2m_client *owner)
{
	if (qid->owner)
		qid->owner->n_ids--;
	qid->owner = owner;
	if (owner)
		owner->n_ids++;
}

static void drop_indications(struct m2m_qid *qid)
{
	struct m2m_frame *frame, *next;

	list_for_each_entry_safe(frame, next, &qid->inds, node)
		kfree(frame);
	INIT_LIST_HEAD(&qid->inds);
	qid->n_inds = 0;
}

void m2m_qid_free(struct m2m_port *port, struct m2m_qid *qid)
{
	struct m2m_xact *xact;

	lockdep_assert_held(&port->lock);
	list_for_each_entry(xact, &port->xacts, node) {
		if (xact->qid != qid)
			continue;
		xact->qid = NULL;
		m2m_xact_orphan(xact);
	}
	m2m_qid_set_owner(qid, NULL);
	drop_indications(qid);
	list_del(&qid->node);
	port->n_qids--;
	kfree(qid);
}

void m2m_qid_void(struct m2m_port *port, struct m2m_qid *qid,
		  enum m2m_wwan_failure failure)
{
	struct m2m_xact *xact, *next;

	lockdep_assert_held(&port->lock);
	list_for_each_entry_safe(xact, next, &port->xacts, node)
		if (xact->qid == qid)
			m2m_xact_fail(port, xact, failure);
	if (qid->owner && qid->owner->ops->voided)
		qid->owner->ops->voided(qid->owner, qid, failure);
	m2m_qid_free(port, qid);
}

static bool is_parked(const struct m2m_qid *qid)
{
	return !qid->owner && !qid->keep && !qid->releasing;
}

static void release(struct m2m_port *port, struct m2m_qid *qid)
{
	if (qid->service != QMI_CTL && !qid->opening)
		m2m_ctl_release(port, qid->service, qid->cid);
	m2m_qid_free(port, qid);
}

static struct m2m_qid *oldest_parked(struct m2m_port *port, u8 service)
{
	struct m2m_qid *qid;

	list_for_each_entry(qid, &port->qids, node)
		if (is_parked(qid) && qid->service == service)
			return qid;
	return NULL;
}

/*
 * Another service's id may help where the modem has one pool for all. Most have one
 * for each service, so that a call, which would end, is not risked for that.
 */
static struct m2m_qid *choose_victim(struct m2m_port *port, u8 service,
				     bool calls)
{
	struct m2m_qid *qid = oldest_parked(port, service);

	if (qid)
		return qid;
	list_for_each_entry(qid, &port->qids, node)
		if (is_parked(qid) && qid->service != QMI_WDS)
			return qid;
	return calls ? oldest_parked(port, QMI_WDS) : NULL;
}

bool m2m_qid_reclaim(struct m2m_port *port, u8 service, bool calls)
{
	struct m2m_qid *victim = choose_victim(port, service, calls);

	if (!victim)
		return false;
	m2m_port_count(port, M2M_COUNT_ids_reclaimed);
	release(port, victim);
	return true;
}

static unsigned int count_parked(struct m2m_port *port, u8 service)
{
	struct m2m_qid *qid;
	unsigned int n = 0;

	list_for_each_entry(qid, &port->qids, node)
		n += is_parked(qid) && qid->service == service;
	return n;
}

void m2m_qid_park(struct m2m_port *port, struct m2m_qid *qid)
{
	unsigned int max = qid->service == QMI_WDS ? M2M_PARKED_WDS_MAX :
						     M2M_PARKED_MAX;
	u8 service = qid->service;

	lockdep_assert_held(&port->lock);
	m2m_qid_set_owner(qid, NULL);
	if (qid->foreign) {
		m2m_qid_free(port, qid);
		return;
	}
	list_move_tail(&qid->node, &port->qids);
	m2m_port_count(port, M2M_COUNT_ids_parked);
	if (count_parked(port, service) > max) {
		m2m_port_count(port, M2M_COUNT_ids_reclaimed);
		release(port, oldest_parked(port, service));
	}
}

static u16 frame_msgid(const struct m2m_frame *frame)
{
	struct m2m_qmux qmux;

	m2m_qmux_parse(frame->data, frame->len, &qmux);
	return qmux.msgid;
}

void m2m_qid_keep_indication(struct m2m_qid *qid, const struct m2m_qmux *qmux)
{
	struct m2m_frame *frame = m2m_frame_new(qmux->frame, qmux->len);
	struct m2m_frame *old, *stale = NULL;

	if (!frame)
		return;
	list_for_each_entry(old, &qid->inds, node)
		if (frame_msgid(old) == qmux->msgid)
			stale = old;
	if (!stale && qid->n_inds >= M2M_KEPT_INDS_MAX)
		stale = list_first_entry(&qid->inds, struct m2m_frame, node);
	if (stale) {
		list_del(&stale->node);
		kfree(stale);
		qid->n_inds--;
	}
	list_add_tail(&frame->node, &qid->inds);
	qid->n_inds++;
}

int m2m_client_attach(struct m2m_port *port, struct m2m_client *client)
{
	lockdep_assert_held(&port->lock);
	if (port->dead)
		return -ENODEV;
	if (port->n_clients >= M2M_CLIENTS_MAX)
		return -EUSERS;
	client->port = port;
	client->n_ids = 0;
	client->n_xacts = 0;
	client->round = 0;
	list_add_tail(&client->node, &port->clients);
	port->n_clients++;
	return 0;
}

static void leave_id(struct m2m_port *port, struct m2m_qid *qid)
{
	if (port->dead)
		m2m_qid_free(port, qid);
	else if (!qid->handle)
		m2m_qid_park(port, qid);
	else if (qid->keep && !qid->opening)
		m2m_qid_set_owner(qid, NULL);
	else
		release(port, qid);
}

static struct m2m_qid *first_id(struct m2m_client *client)
{
	struct m2m_qid *qid;

	list_for_each_entry(qid, &client->port->qids, node)
		if (qid->owner == client)
			return qid;
	return NULL;
}

void m2m_client_detach(struct m2m_client *client)
{
	struct m2m_port *port = client->port;
	struct m2m_xact *xact, *next;
	struct m2m_qid *qid;

	lockdep_assert_held(&port->lock);
	list_for_each_entry_safe(xact, next, &port->xacts, node) {
		if (xact->client != client)
			continue;
		m2m_xact_orphan(xact);
		/* Never asked, so nothing has to be undone. */
		if (xact->phase == M2M_XACT_HELD && !xact->pinned)
			m2m_xact_free(port, xact);
		else
			m2m_xact_arm(port, xact, M2M_ORPHAN_TIMEOUT);
	}
	/* From the head again each time: leaving one may release another. */
	while ((qid = first_id(client)))
		leave_id(port, qid);
	m2m_client_lease(client, false);
	list_del_init(&client->node);
	port->n_clients--;
}

/*
 * A file's oldest request that nobody can be waiting for any more, or NULL: those
 * who use files keep their own time, and one file may be many users' proxy. Its
 * answer, should it come, still goes to the file that has the id.
 */
static struct m2m_xact *given_up(const struct m2m_client *client)
{
	struct m2m_xact *xact;

	list_for_each_entry(xact, &client->port->xacts, node)
		if (xact->client == client && xact->kind == M2M_XACT_PLAIN &&
		    xact->service != QMI_CTL &&
		    xact->timeout == M2M_FILE_TIMEOUT &&
		    time_after(jiffies, xact->deadline - M2M_FILE_TIMEOUT +
					M2M_FILE_PATIENCE))
			return xact;
	return NULL;
}

bool m2m_client_can_write(const struct m2m_client *client)
{
	const struct m2m_port *port = client->port;

	/* A dead port may have lost its control pipe already. */
	lockdep_assert_held(&port->lock);
	return !port->dead && m2m_ctrl_has_room(port) &&
	       (client->n_xacts < M2M_CLIENT_XACTS_MAX || given_up(client));
}

/* Parse and refuse what is not one whole request. */
static int parse_request(const u8 *frame, size_t len, struct m2m_qmux *ret_qmux)
{
	if (m2m_qmux_parse(frame, len, ret_qmux) != M2M_QMUX_OK)
		return -EINVAL;
	if (ret_qmux->len != len || ret_qmux->from_modem ||
	    ret_qmux->type != M2M_QMUX_REQUEST)
		return -EINVAL;
	return 0;
}

/*
 * Which id a file means: its own, one that is parked, or one set by hand. Returns
 * what the file is answered otherwise, or 0.
 */
static u16 adopt(struct m2m_client *client, const struct m2m_qmux *qmux,
		 struct m2m_qid **ret_qid)
{
	struct m2m_port *port = client->port;
	struct m2m_qid *qid;

	if (!qmux->cid || qmux->cid == QMUX_CID_BROADCAST)
		return QMI_ERROR_INVALID_CLIENT_ID;
	qid = m2m_qid_find(port, qmux->service, qmux->cid);
	*ret_qid = qid;
	if (qid && qid->owner == client)
		return qid->releasing ? QMI_ERROR_INVALID_CLIENT_ID : 0;
	if (qid && !is_parked(qid))
		return QMI_ERROR_INVALID_CLIENT_ID;
	if (client->n_ids >= M2M_CLIENT_IDS_MAX)
		return QMI_ERROR_CLIENT_IDS_EXHAUSTED;
	if (qid) {
		m2m_qid_set_owner(qid, client);
		return 0;
	}
	qid = m2m_qid_new(port, client, qmux->service, qmux->cid);
	if (IS_ERR(qid))
		return QMI_ERROR_CLIENT_IDS_EXHAUSTED;
	qid->foreign = true;
	*ret_qid = qid;
	return 0;
}

void m2m_client_answer(struct m2m_client *client, const struct m2m_qmux *qmux,
		       u16 error)
{
	u8 buf[QMUX_REFUSE_LEN];
	struct m2m_qmux response;
	size_t len = m2m_qmux_refuse(qmux, error, buf);

	if (m2m_qmux_parse(buf, len, &response) == M2M_QMUX_OK)
		client->ops->frame(client, NULL, &response);
}

static bool tid_in_flight(struct m2m_port *port, const struct m2m_qid *qid,
			  u16 tid)
{
	struct m2m_xact *xact;

	list_for_each_entry(xact, &port->xacts, node)
		if (xact->service == qid->service && xact->cid == qid->cid &&
		    xact->tid == tid)
			return true;
	return false;
}

static u16 new_tid(struct m2m_port *port, struct m2m_qid *qid)
{
	u16 tid;

	do
		tid = ++qid->next_tid;
	while (!tid || tid_in_flight(port, qid, tid));
	return tid;
}

int m2m_client_request(struct m2m_client *client, struct m2m_qid *qid,
		       const struct m2m_qmux *qmux, u8 *frame,
		       unsigned long timeout)
{
	struct m2m_port *port = client->port;
	u16 tid = qmux->tid;
	struct m2m_xact *xact;
	int ret;

	/*
	 * Whoever had the id before may have left this transaction behind:
	 * many programs number from 1. The answer has to be told apart.
	 */
	if (tid_in_flight(port, qid, tid))
		tid = new_tid(port, qid);
	xact = m2m_xact_new(port, client, qmux, timeout);
	if (!xact)
		return -ENOMEM;
	xact->qid = qid;
	xact->tid = tid;
	m2m_qmux_set_tid(frame, tid);
	ret = m2m_format_watch(port, qmux, xact);
	if (ret)
		return min(ret, 0);
	return m2m_xact_send(port, xact, frame, qmux->len, false);
}

int m2m_client_write(struct m2m_client *client, u8 *frame, size_t len)
{
	struct m2m_port *port = client->port;
	struct m2m_qmux qmux;
	struct m2m_qid *qid;
	u16 error;
	int ret;

	lockdep_assert_held(&port->lock);
	if (port->dead)
		return -ENODEV;
	ret = parse_request(frame, len, &qmux);
	if (ret)
		return ret;
	if (!m2m_client_can_write(client))
		return -EAGAIN;
	if (client->n_xacts >= M2M_CLIENT_XACTS_MAX)
		m2m_xact_orphan(given_up(client));
	if (qmux.service == QMI_CTL) {
		ret = m2m_ctl_request(client, NULL, &qmux, frame,
				      M2M_CTL_TIMEOUT);
		if (ret != -EAGAIN || !m2m_client_can_write(client))
			return ret;
		/* Room for a frame, but no transaction of CTL is left. */
		m2m_client_answer(client, &qmux, QMI_ERROR_INTERNAL);
		return 0;
	}
	error = adopt(client, &qmux, &qid);
	if (error) {
		m2m_client_answer(client, &qmux, error);
		return 0;
	}
	return m2m_client_request(client, qid, &qmux, frame, M2M_FILE_TIMEOUT);
}

static struct m2m_qid *find_kept(struct m2m_port *port, u8 service,
				 const char *name)
{
	struct m2m_qid *qid;

	list_for_each_entry(qid, &port->qids, node)
		if (qid->keep && qid->service == service &&
		    !strcmp(qid->name, name))
			return qid;
	return NULL;
}

static u32 new_handle(struct m2m_port *port)
{
	struct m2m_qid *qid;
	u32 handle;

again:
	handle = ++port->next_handle;
	if (!handle)
		goto again;
	list_for_each_entry(qid, &port->qids, node)
		if (qid->handle == handle)
			goto again;
	return handle;
}

static int open_new(struct m2m_client *client, u8 service, const char *name,
		    struct m2m_qid **ret_qid)
{
	struct m2m_port *port = client->port;
	struct m2m_qid *qid;
	int ret;

	qid = m2m_qid_new(port, client, service, 0);
	if (IS_ERR(qid))
		return PTR_ERR(qid);
	qid->handle = new_handle(port);
	if (name) {
		qid->keep = true;
		strscpy(qid->name, name, sizeof(qid->name));
	}
	*ret_qid = qid;
	if (service == QMI_CTL)
		return 0;

	qid->opening = true;
	ret = m2m_ctl_allocate(client, qid, service, 0);
	if (ret)
		m2m_qid_free(port, qid);
	return ret;
}

int m2m_client_open_id(struct m2m_client *client, u8 service,
		       const char *name, struct m2m_qid **ret_qid)
{
	struct m2m_port *port = client->port;
	struct m2m_qid *qid;

	lockdep_assert_held(&port->lock);
	if (port->dead)
		return -ENODEV;
	qid = name ? find_kept(port, service, name) : NULL;
	if (qid && qid->owner)
		return -EBUSY;
	if (client->n_ids >= M2M_CLIENT_IDS_MAX)
		return -EUSERS;
	if (!qid)
		return open_new(client, service, name, ret_qid);
	m2m_qid_set_owner(qid, client);
	qid->taken_over = true;
	*ret_qid = qid;
	return 0;
}

void m2m_client_replay(struct m2m_client *client, struct m2m_qid *qid)
{
	struct m2m_frame *frame;
	struct m2m_qmux qmux;

	lockdep_assert_held(&client->port->lock);
	list_for_each_entry(frame, &qid->inds, node)
		if (m2m_qmux_parse(frame->data, frame->len, &qmux) == M2M_QMUX_OK)
			client->ops->frame(client, qid, &qmux);
	drop_indications(qid);
}

struct m2m_qid *m2m_client_find_id(struct m2m_client *client, u32 handle)
{
	struct m2m_qid *qid;

	lockdep_assert_held(&client->port->lock);
	list_for_each_entry(qid, &client->port->qids, node)
		if (qid->handle == handle && qid->owner == client)
			return qid;
	return NULL;
}

void m2m_client_close_id(struct m2m_client *client, struct m2m_qid *qid,
			 bool drop)
{
	struct m2m_port *port = client->port;

	lockdep_assert_held(&port->lock);
	if (drop)
		release(port, qid);
	else
		leave_id(port, qid);
}

int m2m_client_send(struct m2m_client *client, struct m2m_qid *qid,
		    u8 *frame, size_t len, u32 timeout_ms, u16 *ret_tid)
{
	struct m2m_port *port = client->port;
	unsigned long timeout = msecs_to_jiffies(timeout_ms);
	struct m2m_qmux qmux;
	int ret;

	lockdep_assert_held(&port->lock);
	if (port->dead)
		return -ENODEV;
	ret = parse_request(frame, len, &qmux);
	if (ret)
		return ret;
	if (qmux.service != qid->service)
		return -EINVAL;
	if (!m2m_client_can_write(client))
		return -EAGAIN;

	qmux.cid = qid->cid;
	qmux.tid = new_tid(port, qid);
	m2m_qmux_set_cid(frame, qmux.cid);
	m2m_qmux_set_tid(frame, qmux.tid);
	*ret_tid = qmux.tid;
	if (qid->service == QMI_CTL)
		return m2m_ctl_request(client, qid, &qmux, frame, timeout);
	return m2m_client_request(client, qid, &qmux, frame, timeout);
}

int m2m_client_lease(struct m2m_client *client, bool take)
{
	struct m2m_port *port = client->port;
	struct m2m_event event = { .kind = M2M_WWAN_EVENT_LEASE, .on = take };

	lockdep_assert_held(&port->lock);
	if (take && port->lease && port->lease != client)
		return -EBUSY;
	if (take ? port->lease == client : port->lease != client)
		return 0;
	WRITE_ONCE(port->lease, take ? client : NULL);
	if (!port->dead)
		m2m_port_event(port, &event);
	return 0;
}
