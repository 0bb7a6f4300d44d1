// SPDX-License-Identifier: GPL-2.0-only
/* What netlink shows: ports, client ids, the ring of past frames. */
#include <net/genetlink.h>

#include "clients.h"
#include "compat.h"
#include "genl.h"
#include "genl_dump.h"
#include "genl_port.h"
#include "ring.h"

/* @request: whose asker may see more than others */
static int put_port(struct sk_buff *skb, struct m2m_port *port,
		    struct sk_buff *request, u32 seq, int flags)
{
	bool admin = netlink_capable(request, CAP_NET_ADMIN);
	u32 portid = NETLINK_CB(request).portid;
	void *header;
	int err;

	header = genlmsg_put(skb, portid, seq, &m2m_genl_family, flags,
			     M2M_WWAN_CMD_PORT_GET);
	if (!header)
		return -EMSGSIZE;
	mutex_lock(&port->lock);
	err = port->dead ? -ENODEV : 0;
	if (!err && m2m_genl_put_port(skb, port, admin))
		err = -EMSGSIZE;
	mutex_unlock(&port->lock);
	if (err) {
		genlmsg_cancel(skb, header);
		return err;
	}
	genlmsg_end(skb, header);
	return 0;
}

int m2m_genl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct m2m_port *port = m2m_genl_port_of(info->attrs, info->extack);
	struct sk_buff *reply;
	int ret = -ENOMEM;

	if (IS_ERR(port))
		return PTR_ERR(port);
	reply = genlmsg_new(M2M_GENL_PORT_SIZE, GFP_KERNEL);
	if (reply) {
		ret = put_port(reply, port, skb, info->snd_seq, 0);
		if (ret)
			nlmsg_free(reply);
		else
			ret = genlmsg_reply(reply, info);
	}
	m2m_port_put(port);
	if (ret == -ENODEV)
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[M2M_GENL_PORT_ID],
				    "the port is gone");
	else if (ret)
		NL_SET_ERR_MSG(info->extack, "no memory for the answer");
	return ret;
}

int m2m_genl_port_get_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = M2M_GENL_PORT_SIZE;
	return 0;
}

int m2m_genl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *attr = m2m_dump_attrs(cb)[M2M_GENL_PORT_ID];
	struct m2m_port *port;
	unsigned long id;
	int ret = 0;

	/* Not in start(), whose sentence 6.1 does not pass on. */
	if (attr) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attr, "a dump is of all ports");
		return -EINVAL;
	}
	for (id = cb->args[0]; (port = m2m_port_get_next(&id)); id++) {
		ret = put_port(skb, port, cb->skb, cb->nlh->nlmsg_seq,
			       NLM_F_MULTI);
		m2m_port_put(port);
		/* One that died since it was found is none of them any more. */
		if (ret == -ENODEV)
			ret = 0;
		if (ret)
			break;
	}
	cb->args[0] = id;
	return skb->len ?: ret;
}

static int put_client(struct sk_buff *skb, struct netlink_callback *cb,
		      struct m2m_port *port, const struct m2m_qid *qid)
{
	enum m2m_wwan_owner owner;
	void *header;
	int err;

	if (!qid->owner)
		owner = qid->keep ? M2M_WWAN_OWNER_KEPT : M2M_WWAN_OWNER_PARKED;
	else
		owner = qid->handle ? M2M_WWAN_OWNER_NETLINK :
				      M2M_WWAN_OWNER_CHARDEV;
	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
			     cb->nlh->nlmsg_seq, &m2m_genl_family, NLM_F_MULTI,
			     M2M_WWAN_CMD_CLIENT_GET);
	if (!header)
		return -EMSGSIZE;
	err = nla_put_u32(skb, M2M_WWAN_A_CLIENT_PORT_ID, port->id);
	if (qid->handle)
		err |= nla_put_u32(skb, M2M_WWAN_A_CLIENT_HANDLE, qid->handle);
	err |= nla_put_u8(skb, M2M_WWAN_A_CLIENT_SERVICE, qid->service);
	err |= nla_put_u8(skb, M2M_WWAN_A_CLIENT_CID, qid->cid);
	err |= nla_put_u32(skb, M2M_WWAN_A_CLIENT_OWNER, owner);
	if (qid->owner)
		err |= nla_put_u32(skb, M2M_WWAN_A_CLIENT_PID, qid->owner->pid);
	if (qid->keep)
		err |= nla_put_string(skb, M2M_WWAN_A_CLIENT_NAME, qid->name);
	if (err) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

/* Ids by position: one that comes or goes meanwhile may be missed or doubled. */
int m2m_genl_client_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct m2m_port *port = m2m_genl_port_of(m2m_dump_attrs(cb), cb->extack);
	long index = 0, from = cb->args[0];
	struct m2m_qid *qid;

	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	list_for_each_entry(qid, &port->qids, node) {
		if (index++ < from)
			continue;
		if (put_client(skb, cb, port, qid))
			break;
		cb->args[0] = index;
	}
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return skb->len;
}

static int put_ring_entry(struct sk_buff *skb, struct netlink_callback *cb,
			  struct m2m_port *port,
			  const struct m2m_ring_entry *entry)
{
	void *header;
	int err;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
			     cb->nlh->nlmsg_seq, &m2m_genl_family, NLM_F_MULTI,
			     M2M_WWAN_CMD_RING_GET);
	if (!header)
		return -EMSGSIZE;
	err = nla_put_u32(skb, M2M_WWAN_A_MESSAGE_PORT_ID, port->id);
	if (entry->from_modem)
		err |= nla_put_flag(skb, M2M_WWAN_A_MESSAGE_FROM_MODEM);
	err |= nla_put_u64_64bit(skb, M2M_WWAN_A_MESSAGE_TIME_NS,
				 entry->time_ns, M2M_WWAN_A_MESSAGE_PAD);
	err |= nla_put_u32(skb, M2M_WWAN_A_MESSAGE_LENGTH, entry->len);
	err |= nla_put(skb, M2M_WWAN_A_MESSAGE_FRAME, entry->len, entry->data);
	if (err) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

int m2m_genl_ring_get_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = 2 * M2M_WWAN_FRAME_MAX;
	return 0;
}

int m2m_genl_ring_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct m2m_port *port = m2m_genl_port_of(m2m_dump_attrs(cb), cb->extack);
	const struct m2m_ring_entry *entry;

	if (IS_ERR(port))
		return PTR_ERR(port);
	mutex_lock(&port->lock);
	for (entry = m2m_ring_find(port->ring, cb->args[0]); entry;
	     entry = m2m_ring_next(port->ring, entry)) {
		if (put_ring_entry(skb, cb, port, entry))
			break;
		cb->args[0] = entry->seq + 1;
	}
	mutex_unlock(&port->lock);
	m2m_port_put(port);
	return skb->len;
}
