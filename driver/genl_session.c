// SPDX-License-Identifier: GPL-2.0-only
/* Sessions of netlink sockets: their life, and what they are told. */
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "genl.h"
#include "genl_session.h"
#include "qmux.h"
#include "trace.h"

/*
 * DOC: Sockets and sessions
 *
 * A socket becomes a session of a port with its first client or lease there.
 * A session belongs to a socket's life, not to its number: when a socket dies
 * the notifier marks its sessions and queues reap_work. The number is free a
 * moment earlier, so that a new socket may have it before the notifier runs;
 * hence a session is found by its socket. No operation waits for the modem:
 * all run under port->lock, which nobody holds while waiting, and what they
 * start ends in a unicast message.
 */

/* Guards the list and ->dead. Taken below port->lock. */
static DEFINE_SPINLOCK(sessions_lock);
static LIST_HEAD(sessions);

static struct m2m_session *to_session(struct m2m_client *client)
{
	return container_of(client, struct m2m_session, client);
}

struct sk_buff *m2m_genl_message(struct m2m_port *port, u32 portid, u32 seq,
				 u8 cmd, size_t payload, void **ret_header)
{
	struct sk_buff *skb = genlmsg_new(payload + nla_total_size(4),
					  GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	*ret_header = genlmsg_put(skb, portid, seq, &m2m_genl_family, 0, cmd);
	if (*ret_header &&
	    !nla_put_u32(skb, M2M_GENL_PORT_ID, port->id))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/* Ends a message and sends it, or frees it where something did not fit. */
static int unicast(struct m2m_session *session, struct sk_buff *skb,
		   void *header, int put_error)
{
	int ret = -ENOMEM;

	/* Its number may be another socket's by now. */
	if (READ_ONCE(session->dead)) {
		nlmsg_free(skb);
		return -ENOTCONN;
	}
	if (skb && !put_error) {
		genlmsg_end(skb, header);
		ret = genlmsg_unicast(&init_net, skb, session->portid);
	} else {
		nlmsg_free(skb);
	}
	if (ret) {
		session->lost++;
		m2m_port_count(session->client.port, M2M_COUNT_client_lost);
		trace_m2m_drop(session->client.port, M2M_COUNT_client_lost);
	}
	return ret;
}

static void send_message(struct m2m_session *session,
			 const struct m2m_qid *qid, const u16 *tid,
			 const struct m2m_qmux *qmux,
			 enum m2m_wwan_failure failure)
{
	size_t len = qmux ? qmux->len : 0;
	struct sk_buff *skb;
	void *header = NULL;
	int err = 0;

	skb = m2m_genl_message(session->client.port, 0, 0,
			       M2M_WWAN_CMD_RECEIVE,
			       nla_total_size(len) + 4 * nla_total_size(4),
			       &header);
	if (skb) {
		err = nla_put_u32(skb, M2M_WWAN_A_MESSAGE_HANDLE, qid->handle);
		if (tid)
			err |= nla_put_u16(skb, M2M_WWAN_A_MESSAGE_TRANSACTION,
					   *tid);
		if (qmux)
			err |= nla_put(skb, M2M_WWAN_A_MESSAGE_FRAME, len,
				       qmux->frame);
		else
			err |= nla_put_u32(skb, M2M_WWAN_A_MESSAGE_FAILURE,
					   failure);
		if (session->lost)
			err |= nla_put_u32(skb, M2M_WWAN_A_MESSAGE_LOST,
					   session->lost);
	}
	if (!unicast(session, skb, header, err))
		session->lost = 0;
}

static void session_frame(struct m2m_client *client, const struct m2m_qid *qid,
			  const struct m2m_qmux *qmux)
{
	bool answer = qmux->type == M2M_QMUX_RESPONSE;

	/* Of CTL, which has no handle unless one was opened. */
	if (qid)
		send_message(to_session(client), qid,
			     answer ? &qmux->tid : NULL, qmux,
			     M2M_WWAN_FAILURE_NONE);
}

static void session_failed(struct m2m_client *client,
			   const struct m2m_qid *qid, u16 tid,
			   enum m2m_wwan_failure failure)
{
	send_message(to_session(client), qid, &tid, NULL, failure);
}

static void send_client(struct m2m_session *session, const struct m2m_qid *qid,
			u8 cmd, enum m2m_wwan_failure failure, u16 qmi_error)
{
	struct sk_buff *skb;
	void *header = NULL;
	int err = 0;

	skb = m2m_genl_message(session->client.port, 0, 0, cmd,
			       6 * nla_total_size(4), &header);
	if (skb) {
		err = nla_put_u32(skb, M2M_WWAN_A_CLIENT_HANDLE, qid->handle);
		err |= nla_put_u8(skb, M2M_WWAN_A_CLIENT_SERVICE, qid->service);
		if (failure)
			err |= nla_put_u32(skb, M2M_WWAN_A_CLIENT_FAILURE,
					   failure);
		else
			err |= nla_put_u8(skb, M2M_WWAN_A_CLIENT_CID, qid->cid);
		if (qmi_error)
			err |= nla_put_u16(skb, M2M_WWAN_A_CLIENT_QMI_ERROR,
					   qmi_error);
		if (!failure && qid->taken_over)
			err |= nla_put_flag(skb, M2M_WWAN_A_CLIENT_TAKEN_OVER);
	}
	unicast(session, skb, header, err);
}

static void session_opened(struct m2m_client *client,
			   const struct m2m_qid *qid,
			   enum m2m_wwan_failure failure, u16 qmi_error)
{
	send_client(to_session(client), qid, M2M_WWAN_CMD_CLIENT_OPEN, failure,
		    qmi_error);
}

static void session_voided(struct m2m_client *client,
			   const struct m2m_qid *qid,
			   enum m2m_wwan_failure failure)
{
	if (qid->handle)
		send_client(to_session(client), qid, M2M_WWAN_CMD_CLIENT_CLOSE,
			    failure, 0);
}

static void session_writable(struct m2m_client *client)
{
	/* EAGAIN on netlink ends with the next answer, which the user sees. */
}

static void reap(struct work_struct *work);
static DECLARE_WORK(reap_work, reap);

static void session_gone(struct m2m_client *client)
{
	spin_lock(&sessions_lock);
	to_session(client)->dead = true;
	spin_unlock(&sessions_lock);
	schedule_work(&reap_work);
}

static const struct m2m_client_ops session_ops = {
	.frame = session_frame,
	.opened = session_opened,
	.failed = session_failed,
	.voided = session_voided,
	.writable = session_writable,
	.gone = session_gone,
};

static struct m2m_session *take_dead(void)
{
	struct m2m_session *session;

	spin_lock(&sessions_lock);
	list_for_each_entry(session, &sessions, node)
		if (session->dead) {
			list_del(&session->node);
			spin_unlock(&sessions_lock);
			return session;
		}
	spin_unlock(&sessions_lock);
	return NULL;
}

static void reap(struct work_struct *work)
{
	struct m2m_session *session;

	while ((session = take_dead())) {
		struct m2m_port *port = session->client.port;

		mutex_lock(&port->lock);
		m2m_client_detach(&session->client);
		mutex_unlock(&port->lock);
		m2m_port_put(port);
		kfree(session);
	}
}

/* A socket closed: only marks and queues, its closer must not wait for us. */
static int socket_released(struct notifier_block *nb, unsigned long action,
			   void *data)
{
	struct netlink_notify *notify = data;
	struct m2m_session *session;
	bool any = false;

	if (action != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC ||
	    notify->net != &init_net)
		return NOTIFY_DONE;
	spin_lock(&sessions_lock);
	/*
	 * The number may be another socket's already, one that lives. A socket
	 * is not freed before its release was notified, that is, before its
	 * sessions are dead: ->sk of all others is there to be looked at.
	 */
	list_for_each_entry(session, &sessions, node)
		if (session->portid == notify->portid && !session->dead &&
		    sock_flag(session->sk, SOCK_DEAD)) {
			session->dead = true;
			any = true;
		}
	spin_unlock(&sessions_lock);
	if (any)
		schedule_work(&reap_work);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_released,
};

struct m2m_session *m2m_session_find(struct m2m_port *port,
				     const struct sk_buff *request)
{
	const struct sock *sk = NETLINK_CB(request).sk;
	struct m2m_session *session, *found = NULL;

	lockdep_assert_held(&port->lock);
	spin_lock(&sessions_lock);
	list_for_each_entry(session, &sessions, node)
		if (session->client.port == port && !session->dead &&
		    session->sk == sk)
			found = session;
	spin_unlock(&sessions_lock);
	return found;
}

struct m2m_session *m2m_session_make(struct m2m_port *port,
				     const struct sk_buff *request)
{
	struct m2m_session *session = m2m_session_find(port, request);
	int ret;

	if (session)
		return session;
	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return ERR_PTR(-ENOMEM);
	session->sk = NETLINK_CB(request).sk;
	session->portid = NETLINK_CB(request).portid;
	session->client.ops = &session_ops;
	session->client.pid = task_tgid_nr(current);
	ret = m2m_client_attach(port, &session->client);
	if (ret) {
		kfree(session);
		return ERR_PTR(ret);
	}
	kref_get(&port->ref);
	spin_lock(&sessions_lock);
	list_add_tail(&session->node, &sessions);
	spin_unlock(&sessions_lock);
	return session;
}

void m2m_session_settle(void)
{
	flush_work(&reap_work);
}

int m2m_session_init(void)
{
	return netlink_register_notifier(&socket_notifier);
}

void m2m_session_exit(void)
{
	netlink_unregister_notifier(&socket_notifier);
	/* Every port is dead by now, and so is every session. */
	flush_work(&reap_work);
}
