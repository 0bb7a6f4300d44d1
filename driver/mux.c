// SPDX-License-Identifier: GPL-2.0-only
/* Mux links: rtnl link kind m2m_mux, and the sysfs group qmap. */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/sysfs.h>
#include <net/rtnetlink.h>

#include "compat.h"
#include "link.h"

/*
 * DOC: A mux link
 *
 * It is an upper device of wwan%d without a parent of its own: libqmi takes
 * the one network device below the USB interface for the port's. It may live
 * in another network namespace than wwan%d, and dies with either. Whether
 * rtnl or qmi/add_mux made it makes no difference.
 */

/* A frame and its header fill a transmit buffer. */
#define MUX_MTU_MAX	(M2M_TX_SIZE - QMAP_HEAD_MAX)

/* Packets; without a length there would be no queueing discipline. */
#define MUX_QUEUE_LEN	1000

static struct net_device *mux_lower(const struct net_device *net)
{
	const struct m2m_link *link = netdev_priv(net);

	return link->lower;
}

static int mux_open(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);

	if (!netif_running(mux_lower(net)))
		return -ENETDOWN;
	m2m_tx_link_open(link);
	m2m_link_update_carrier(link);
	return 0;
}

static int mux_stop(struct net_device *net)
{
	m2m_tx_link_stop(netdev_priv(net));
	return 0;
}

static int mux_get_iflink(const struct net_device *net)
{
	return mux_lower(net)->ifindex;
}

static const struct net_device_ops mux_netdev_ops = {
	.ndo_init = m2m_link_init,
	.ndo_open = mux_open,
	.ndo_stop = mux_stop,
	.ndo_start_xmit = m2m_link_xmit,
	.ndo_change_carrier = m2m_link_change_carrier,
	.ndo_fix_features = m2m_link_fix_features,
	.ndo_get_iflink = mux_get_iflink,
	.ndo_get_stats64 = dev_get_tstats64,
};

static ssize_t mux_id_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct m2m_link *link = netdev_priv(to_net_dev(dev));

	/* libqmi compares the text. */
	return sysfs_emit(buf, "0x%02x\n", link->mux_id);
}

static DEVICE_ATTR_RO(mux_id);

static struct attribute *qmap_attrs[] = {
	&dev_attr_mux_id.attr,
	NULL,
};

static const struct attribute_group qmap_group = {
	.name = "qmap",
	.attrs = qmap_attrs,
};

static void mux_setup(struct net_device *net)
{
	m2m_link_setup_raw_ip(net);
	net->netdev_ops = &mux_netdev_ops;
	net->sysfs_groups[0] = &qmap_group;
	net->mtu = ETH_DATA_LEN;
	net->min_mtu = ETH_MIN_MTU;
	net->max_mtu = MUX_MTU_MAX;
	net->tx_queue_len = MUX_QUEUE_LEN;
}

/* The mux id is free. On failure the caller frees @net, even if it leaves. */
static int mux_register(struct net_device *net, struct net_device *wwan,
			u8 mux_id, struct netlink_ext_ack *extack)
{
	struct m2m_link *lower = netdev_priv(wwan);
	int ret;

	ASSERT_RTNL();
	m2m_link_setup(net, lower->port, mux_id);
	/* It goes up when wwan%d is up, with its carrier as it should be. */
	netif_carrier_off(net);
	ret = register_netdevice(net);
	if (ret)
		return ret;
	ret = netdev_upper_dev_link(wwan, net, extack);
	if (ret) {
		unregister_netdevice(net);
		return ret;
	}
	m2m_data_link_add(netdev_priv(net));
	m2m_link_update_carrier(netdev_priv(net));
	return 0;
}

void m2m_mux_del(struct net_device *net, struct list_head *head)
{
	ASSERT_RTNL();
	m2m_data_link_del(netdev_priv(net));
	netdev_upper_dev_unlink(mux_lower(net), net);
	unregister_netdevice_queue(net, head);
}

/* --- rtnl ------------------------------------------------------------------- */

static const struct nla_policy mux_policy[IFLA_M2M_MUX_MAX + 1] = {
	[IFLA_M2M_MUX_ID] = { .type = NLA_U8 },
};

static int mux_validate(struct nlattr *tb[], struct nlattr *data[],
			struct netlink_ext_ack *extack)
{
	u8 mux_id;

	if (!data || !data[IFLA_M2M_MUX_ID])
		return 0;
	/* rtnl parses leniently: longer attributes come through. */
	if (nla_len(data[IFLA_M2M_MUX_ID]) != sizeof(mux_id)) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_M2M_MUX_ID],
				    "a mux id is one byte");
		return -EINVAL;
	}
	mux_id = nla_get_u8(data[IFLA_M2M_MUX_ID]);
	if (mux_id >= M2M_MUX_MIN && mux_id <= M2M_MUX_MAX)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, data[IFLA_M2M_MUX_ID],
			    "a mux id is 1 to 254");
	return -ERANGE;
}

static int mux_choose_id(struct m2m_data *data, struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	int mux_id;

	if (attr) {
		if (!m2m_data_link(data, nla_get_u8(attr)))
			return nla_get_u8(attr);
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "this mux id has a link already");
		return -EEXIST;
	}
	for (mux_id = M2M_MUX_MIN; mux_id <= M2M_MUX_MAX; mux_id++)
		if (!m2m_data_link(data, mux_id))
			return mux_id;
	NL_SET_ERR_MSG(extack, "all 254 mux ids have a link");
	return -ENOSPC;
}

static int mux_newlink_in(struct net *net_of_wwan, struct net_device *net,
			  struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	struct net_device *wwan;
	struct m2m_link *lower;
	int mux_id;

	if (!tb[IFLA_LINK]) {
		NL_SET_ERR_MSG(extack,
			       "a mux link needs a wwan interface: link DEVICE");
		return -EINVAL;
	}
	wwan = __dev_get_by_index(net_of_wwan, nla_get_u32(tb[IFLA_LINK]));
	if (!wwan) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
				    "there is no such interface");
		return -ENODEV;
	}
	if (!m2m_netdev_is_wwan(wwan)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
				    "the interface is not a wwan interface of m2m_wwan");
		return -EINVAL;
	}
	lower = netdev_priv(wwan);
	mux_id = mux_choose_id(lower->port->data,
			       data ? data[IFLA_M2M_MUX_ID] : NULL, extack);
	if (mux_id < 0)
		return mux_id;
	return mux_register(net, wwan, mux_id, extack);
}

M2M_COMPAT_NEWLINK(mux_newlink, mux_newlink_in)

static size_t mux_get_size(const struct net_device *net)
{
	return nla_total_size(sizeof(u8));
}

static int mux_fill_info(struct sk_buff *skb, const struct net_device *net)
{
	const struct m2m_link *link = netdev_priv(net);

	return nla_put_u8(skb, IFLA_M2M_MUX_ID, link->mux_id);
}

static struct net *mux_get_link_net(const struct net_device *net)
{
	return dev_net(mux_lower(net));
}

static struct rtnl_link_ops mux_link_ops __read_mostly = {
	.kind = M2M_WWAN_LINK_KIND,
	.priv_size = sizeof(struct m2m_link),
	.setup = mux_setup,
	.maxtype = IFLA_M2M_MUX_MAX,
	.policy = mux_policy,
	.validate = mux_validate,
	.newlink = mux_newlink,
	.dellink = m2m_mux_del,
	.get_size = mux_get_size,
	.fill_info = mux_fill_info,
	.get_link_net = mux_get_link_net,
};

int m2m_mux_add(struct net_device *wwan, u8 mux_id)
{
	struct m2m_link *lower = netdev_priv(wwan);
	struct net_device *net;
	int ret;

	ASSERT_RTNL();
	/* As mainline answers; rtnl says EEXIST. */
	if (m2m_data_link(lower->port->data, mux_id))
		return -EINVAL;
	/* libqmi does not care for the name, people know this one. */
	net = alloc_netdev(sizeof(struct m2m_link), "qmimux%d", NET_NAME_ENUM,
			   mux_setup);
	if (!net)
		return -ENOMEM;
	dev_net_set(net, dev_net(wwan));
	net->rtnl_link_ops = &mux_link_ops;
	ret = mux_register(net, wwan, mux_id, NULL);
	/* Now, or once it has left: free_netdev() knows how far it came. */
	if (ret)
		free_netdev(net);
	return ret;
}

int m2m_mux_register(void)
{
	return rtnl_link_register(&mux_link_ops);
}

void m2m_mux_unregister(void)
{
	rtnl_link_unregister(&mux_link_ops);
}
