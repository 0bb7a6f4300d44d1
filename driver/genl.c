// SPDX-License-Identifier: GPL-2.0-only
/* Door 1: generic netlink; checks what users ask, tells them what happens. */
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "clients.h"
#include "genl.h"
#include "genl_dump.h"
#include "genl_port.h"
#include "genl_session.h"
#include "qmux.h"

#define DEFAULT_TIMEOUT_MS	30000

enum { GROUP_EVENT, GROUP_TAP };

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENT] = { .name = M2M_WWAN_MCGRP_EVENT },
	[GROUP_TAP] = {
		.name = M2M_WWAN_MCGRP_TAP,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* Limits too large for the short form of a policy; const from 6.6 on only */
static struct netlink_range_validation timeout_range = {
	.min = 1,
	.max = M2M_WWAN_TIMEOUT_MS_MAX,
};

static struct netlink_range_validation tx_size_range = {
	.min = 1024,
	.max = 65536,
};

static const struct nla_policy port_policy[M2M_WWAN_A_PORT_ID + 1] = {
	[M2M_WWAN_A_PORT_ID] = { .type = NLA_U32 },
};

static const struct nla_policy open_policy[M2M_WWAN_A_CLIENT_NAME + 1] = {
	[M2M_WWAN_A_CLIENT_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_CLIENT_SERVICE] = { .type = NLA_U8 },
	[M2M_WWAN_A_CLIENT_KEEP] = { .type = NLA_FLAG },
	[M2M_WWAN_A_CLIENT_NAME] = {
		.type = NLA_NUL_STRING,
		.len = M2M_WWAN_NAME_MAX,
	},
};

static const struct nla_policy close_policy[M2M_WWAN_A_CLIENT_RELEASE + 1] = {
	[M2M_WWAN_A_CLIENT_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_CLIENT_HANDLE] = { .type = NLA_U32 },
	[M2M_WWAN_A_CLIENT_RELEASE] = { .type = NLA_FLAG },
};

static const struct nla_policy send_policy[M2M_WWAN_A_MESSAGE_TIMEOUT_MS + 1] = {
	[M2M_WWAN_A_MESSAGE_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_MESSAGE_HANDLE] = { .type = NLA_U32 },
	[M2M_WWAN_A_MESSAGE_FRAME] = {
		.type = NLA_BINARY,
		.len = M2M_WWAN_FRAME_MAX,
	},
	[M2M_WWAN_A_MESSAGE_TIMEOUT_MS] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &timeout_range),
};

static const struct nla_policy lease_policy[M2M_WWAN_A_CONTROL_LEASE + 1] = {
	[M2M_WWAN_A_CONTROL_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_CONTROL_LEASE] = NLA_POLICY_MAX(NLA_U8, 1),
};

static const struct nla_policy reset_policy[M2M_WWAN_A_CONTROL_RESET + 1] = {
	[M2M_WWAN_A_CONTROL_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_CONTROL_RESET] = NLA_POLICY_MAX(NLA_U32, M2M_WWAN_RESET_USB),
};

static const struct nla_policy tx_aggr_policy[M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS + 1] = {
	[M2M_WWAN_A_CONTROL_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_CONTROL_TX_MAX_SIZE] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &tx_size_range),
	[M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS] = NLA_POLICY_RANGE(NLA_U32, 1, 64),
};

struct m2m_port *m2m_genl_port_of(struct nlattr **attrs,
				  struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[M2M_GENL_PORT_ID];
	struct m2m_port *port;

	BUILD_BUG_ON(M2M_GENL_PORT_ID != (int)M2M_WWAN_A_PORT_ID);
	BUILD_BUG_ON(M2M_GENL_PORT_ID != (int)M2M_WWAN_A_MESSAGE_PORT_ID);
	BUILD_BUG_ON(M2M_GENL_PORT_ID != (int)M2M_WWAN_A_CONTROL_PORT_ID);
	BUILD_BUG_ON(M2M_GENL_PORT_ID != (int)M2M_WWAN_A_EVENT_PORT_ID);
	if (!attr) {
		NL_SET_ERR_MSG(extack, "port id is missing");
		NL_SET_ERR_ATTR_MISS(extack, NULL, M2M_GENL_PORT_ID);
		return ERR_PTR(-EINVAL);
	}
	port = m2m_port_get(nla_get_u32(attr));
	if (!port) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no port has this id");
		return ERR_PTR(-ENODEV);
	}
	return port;
}

static struct nlattr *need(struct genl_info *info, int type, const char *text)
{
	if (!info->attrs[type] && info->extack) {
		info->extack->_msg = text;
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
	}
	return info->attrs[type];
}

/* A sentence for what clients.c refuses; @attr is to blame, or NULL: the port. */
static int refuse(struct genl_info *info, struct nlattr *attr, int err)
{
	static const struct {
		int err;
		const char *text;
	} sentences[] = {
		{ -EAGAIN, "64 requests or frames are under way, try again after an answer" },
		{ -EBUSY, "another client has this name" },
		{ -ENOMEM, "the kernel is out of memory" },
		{ -EINVAL, "frame is not one whole QMUX request of the client's service" },
		{ -ENODEV, "the port is gone" },
		{ -ENOSPC, "the port has 128 client ids, the limit" },
		{ -EOPNOTSUPP, "of CTL, SYNC, versions and client ids are the driver's" },
		{ -EUSERS, "32 sessions of the port or 64 ids of the socket, the limit" },
	};
	unsigned int i;

	if (!info->extack)
		return err;
	for (i = 0; i < ARRAY_SIZE(sentences); i++)
		if (sentences[i].err == err)
			info->extack->_msg = sentences[i].text;
	info->extack->bad_attr = attr ?: info->attrs[M2M_GENL_PORT_ID];
	return err;
}

static int reply_handle(struct genl_info *info, struct m2m_port *port, u8 cmd,
			u32 handle, const u16 *tid)
{
	struct sk_buff *skb;
	void *header;
	int err;

	skb = m2m_genl_message(port, info->snd_portid, info->snd_seq, cmd,
			       2 * nla_total_size(4), &header);
	if (!skb)
		return -ENOMEM;
	err = nla_put_u32(skb, M2M_WWAN_A_CLIENT_HANDLE, handle);
	if (tid)
		err |= nla_put_u16(skb, M2M_WWAN_A_MESSAGE_TRANSACTION, *tid);
	if (err) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

static int open_client(struct sk_buff *skb, struct genl_info *info,
		       struct m2m_port *port)
{
	struct nlattr *name = info->attrs[M2M_WWAN_A_CLIENT_NAME];
	struct nlattr *service = info->attrs[M2M_WWAN_A_CLIENT_SERVICE];
	struct m2m_session *session;
	struct m2m_client *client;
	struct m2m_qid *qid;
	int ret;

	session = m2m_session_make(port, skb);
	if (IS_ERR(session))
		return refuse(info, NULL, PTR_ERR(session));
	client = &session->client;
	ret = m2m_client_open_id(client, nla_get_u8(service),
				 name ? nla_data(name) : NULL, &qid);
	if (ret)
		return refuse(info, ret == -EBUSY ? name : NULL, ret);
	/* Before anything that the new client may be told. */
	ret = reply_handle(info, port, M2M_WWAN_CMD_CLIENT_OPEN, qid->handle,
			   NULL);
	if (ret) {
		m2m_client_close_id(client, qid, !qid->taken_over);
		NL_SET_ERR_MSG(info->extack, "no memory for the answer");
		return ret;
	}
	if (!qid->opening) {
		client->ops->opened(client, qid, M2M_WWAN_FAILURE_NONE, 0);
		m2m_client_replay(client, qid);
	}
	return 0;
}

static int client_open_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool keep = info->attrs[M2M_WWAN_A_CLIENT_KEEP];
	struct nlattr *name = info->attrs[M2M_WWAN_A_CLIENT_NAME];
	struct m2m_port *port;
	int ret;

	if (!need(info, M2M_WWAN_A_CLIENT_SERVICE, "service is missing"))
		return -EINVAL;
	if (keep && !name) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[M2M_WWAN_A_CLIENT_KEEP],
				    "keep needs a name");
		return -EINVAL;
	}
	if (name && !keep) {
		NL_SET_ERR_MSG_ATTR(info->extack, name, "name goes with keep");
		return -EINVAL;
	}
	if (name && !*(char *)nla_data(name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, name, "name is empty");
		return -EINVAL;
	}
	port = m2m_genl_port_of(info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	m2m_session_settle();
	mutex_lock(&port->lock);
	ret = open_client(skb, info, port);
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return ret;
}

/* The id that an operation names; port->lock held. */
static struct m2m_qid *qid_of(struct sk_buff *skb, struct genl_info *info,
			      struct m2m_port *port, struct nlattr *handle,
			      struct m2m_session **ret_session)
{
	struct m2m_session *session = m2m_session_find(port, skb);
	struct m2m_qid *qid = NULL;

	if (session)
		qid = m2m_client_find_id(&session->client, nla_get_u32(handle));
	if (!qid)
		NL_SET_ERR_MSG_ATTR(info->extack, handle,
				    "no client of this socket has this handle");
	*ret_session = session;
	return qid;
}

static int client_close_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct m2m_session *session;
	struct m2m_port *port;
	struct nlattr *handle;
	struct m2m_qid *qid;

	handle = need(info, M2M_WWAN_A_CLIENT_HANDLE, "handle is missing");
	if (!handle)
		return -EINVAL;
	port = m2m_genl_port_of(info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	qid = qid_of(skb, info, port, handle, &session);
	if (qid)
		m2m_client_close_id(&session->client, qid,
				    info->attrs[M2M_WWAN_A_CLIENT_RELEASE]);
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return qid ? 0 : -ENOENT;
}

static int send_frame(struct sk_buff *skb, struct genl_info *info,
		      struct m2m_port *port)
{
	struct nlattr *handle = info->attrs[M2M_WWAN_A_MESSAGE_HANDLE];
	struct nlattr *frame = info->attrs[M2M_WWAN_A_MESSAGE_FRAME];
	struct nlattr *timeout = info->attrs[M2M_WWAN_A_MESSAGE_TIMEOUT_MS];
	u32 ms = timeout ? nla_get_u32(timeout) : DEFAULT_TIMEOUT_MS;
	struct m2m_session *session;
	struct m2m_qid *qid;
	bool is_wrong;
	u16 tid;
	int ret;

	qid = qid_of(skb, info, port, handle, &session);
	if (!qid)
		return -ENOENT;
	if (qid->opening) {
		NL_SET_ERR_MSG_ATTR(info->extack, handle,
				    "the client is still being opened");
		return -EINPROGRESS;
	}
	/* Patched in place: the request is ours until doit returns. */
	ret = m2m_client_send(&session->client, qid, nla_data(frame),
			      nla_len(frame), ms, &tid);
	is_wrong = ret == -EINVAL || ret == -EOPNOTSUPP;
	if (ret)
		return refuse(info, is_wrong ? frame : NULL, ret);
	/* The frame has left: a reply lost to a full socket is no refusal. */
	if (reply_handle(info, port, M2M_WWAN_CMD_SEND, qid->handle, &tid))
		session->lost++;
	return 0;
}

static int send_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct m2m_port *port;
	int ret;

	if (!need(info, M2M_WWAN_A_MESSAGE_HANDLE, "handle is missing") ||
	    !need(info, M2M_WWAN_A_MESSAGE_FRAME, "frame is missing"))
		return -EINVAL;
	port = m2m_genl_port_of(info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	ret = send_frame(skb, info, port);
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return ret;
}

static int lease(struct sk_buff *skb, struct genl_info *info,
		 struct m2m_port *port)
{
	struct nlattr *attr = info->attrs[M2M_WWAN_A_CONTROL_LEASE];
	bool take = nla_get_u8(attr);
	struct m2m_session *session;
	int ret;

	session = take ? m2m_session_make(port, skb) :
			 m2m_session_find(port, skb);
	if (IS_ERR(session))
		return refuse(info, NULL, PTR_ERR(session));
	if (!session)
		return 0;
	ret = m2m_client_lease(&session->client, take);
	if (ret)
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "another program manages the port");
	return ret;
}

static int lease_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct m2m_port *port;
	int ret;

	if (!need(info, M2M_WWAN_A_CONTROL_LEASE, "lease is missing"))
		return -EINVAL;
	port = m2m_genl_port_of(info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	m2m_session_settle();
	mutex_lock(&port->lock);
	ret = lease(skb, info, port);
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return ret;
}

static int reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct m2m_port *port;
	int ret;

	if (!need(info, M2M_WWAN_A_CONTROL_RESET, "reset is missing"))
		return -EINVAL;
	port = m2m_genl_port_of(info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	ret = port->dead ? refuse(info, NULL, -ENODEV) : 0;
	if (!ret)
		m2m_port_reset(port);
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return ret;
}

static int tx_aggr_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *size = info->attrs[M2M_WWAN_A_CONTROL_TX_MAX_SIZE];
	struct nlattr *count = info->attrs[M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS];
	struct m2m_port *port;
	int ret;

	if (!size && !count) {
		NL_SET_ERR_MSG(info->extack, "neither size nor datagrams is given");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     M2M_WWAN_A_CONTROL_TX_MAX_SIZE);
		return -EINVAL;
	}
	port = m2m_genl_port_of(info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	ret = port->dead ? refuse(info, NULL, -ENODEV) : 0;
	if (!ret)
		m2m_port_set_limits(port, size ? nla_get_u32(size) : 0,
				    count ? nla_get_u32(count) : 0);
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return ret;
}

void m2m_genl_event(struct m2m_port *port, const struct m2m_event *event)
{
	struct sk_buff *skb;
	void *header;

	if (!port->id ||
	    !genl_has_listeners(&m2m_genl_family, &init_net, GROUP_EVENT))
		return;
	skb = m2m_genl_message(port, 0, 0, M2M_WWAN_CMD_EVENT,
			       NLMSG_DEFAULT_SIZE / 2, &header);
	if (!skb)
		return;
	if (m2m_genl_put_event(skb, port, event)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&m2m_genl_family, skb, 0, GROUP_EVENT, GFP_ATOMIC);
}

void m2m_genl_tap(struct m2m_port *port, bool from_modem,
		  const struct m2m_qmux *qmux)
{
	struct sk_buff *skb;
	void *header;
	int err = 0;

	if (!genl_has_listeners(&m2m_genl_family, &init_net, GROUP_TAP))
		return;
	skb = m2m_genl_message(port, 0, 0, M2M_WWAN_CMD_TAP,
			       nla_total_size(qmux->len) +
			       2 * nla_total_size_64bit(8), &header);
	if (!skb)
		return;
	if (from_modem)
		err = nla_put_flag(skb, M2M_WWAN_A_MESSAGE_FROM_MODEM);
	err |= nla_put_u64_64bit(skb, M2M_WWAN_A_MESSAGE_TIME_NS,
				 ktime_get_boottime_ns(),
				 M2M_WWAN_A_MESSAGE_PAD);
	err |= nla_put(skb, M2M_WWAN_A_MESSAGE_FRAME, qmux->len, qmux->frame);
	if (err) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&m2m_genl_family, skb, 0, GROUP_TAP, GFP_KERNEL);
}

static const struct genl_ops ops[] = {
	{
		.cmd = M2M_WWAN_CMD_PORT_GET,
		.policy = port_policy,
		.maxattr = ARRAY_SIZE(port_policy) - 1,
		.doit = m2m_genl_port_get_doit,
		.start = m2m_genl_port_get_start,
		.dumpit = m2m_genl_port_get_dumpit,
	},
	{
		.cmd = M2M_WWAN_CMD_CLIENT_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = port_policy,
		.maxattr = ARRAY_SIZE(port_policy) - 1,
		.dumpit = m2m_genl_client_get_dumpit,
	},
	{
		.cmd = M2M_WWAN_CMD_CLIENT_OPEN,
		.flags = GENL_ADMIN_PERM,
		.policy = open_policy,
		.maxattr = ARRAY_SIZE(open_policy) - 1,
		.doit = client_open_doit,
	},
	{
		.cmd = M2M_WWAN_CMD_CLIENT_CLOSE,
		.flags = GENL_ADMIN_PERM,
		.policy = close_policy,
		.maxattr = ARRAY_SIZE(close_policy) - 1,
		.doit = client_close_doit,
	},
	{
		.cmd = M2M_WWAN_CMD_SEND,
		.flags = GENL_ADMIN_PERM,
		.policy = send_policy,
		.maxattr = ARRAY_SIZE(send_policy) - 1,
		.doit = send_doit,
	},
	{
		.cmd = M2M_WWAN_CMD_LEASE,
		.flags = GENL_ADMIN_PERM,
		.policy = lease_policy,
		.maxattr = ARRAY_SIZE(lease_policy) - 1,
		.doit = lease_doit,
	},
	{
		.cmd = M2M_WWAN_CMD_RESET,
		.flags = GENL_ADMIN_PERM,
		.policy = reset_policy,
		.maxattr = ARRAY_SIZE(reset_policy) - 1,
		.doit = reset_doit,
	},
	{
		.cmd = M2M_WWAN_CMD_TX_AGGR,
		.flags = GENL_ADMIN_PERM,
		.policy = tx_aggr_policy,
		.maxattr = ARRAY_SIZE(tx_aggr_policy) - 1,
		.doit = tx_aggr_doit,
	},
	{
		.cmd = M2M_WWAN_CMD_RING_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = port_policy,
		.maxattr = ARRAY_SIZE(port_policy) - 1,
		.start = m2m_genl_ring_get_start,
		.dumpit = m2m_genl_ring_get_dumpit,
	},
};

struct genl_family m2m_genl_family __ro_after_init = {
	.name = M2M_WWAN_FAMILY_NAME,
	.version = M2M_WWAN_FAMILY_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int __init m2m_genl_init(void)
{
	int ret = m2m_session_init();

	if (ret)
		return ret;
	ret = genl_register_family(&m2m_genl_family);
	if (ret)
		m2m_session_exit();
	return ret;
}

void m2m_genl_exit(void)
{
	genl_unregister_family(&m2m_genl_family);
	m2m_session_exit();
}
