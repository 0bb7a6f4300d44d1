// SPDX-License-Identifier: GPL-2.0-only
/* What wwan%d and the mux links have in common: carrier, counters, ethtool. */
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/netdevice.h>

#include "link.h"
#include "netdev.h"
#include "trace.h"

static void link_free(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);

	free_percpu(net->tstats);
	if (link->lower)
		netdev_put(link->lower, &link->tracker);
}

void m2m_link_setup(struct net_device *net, struct m2m_port *port, u8 mux_id)
{
	struct m2m_link *link = netdev_priv(net);

	link->port = port;
	link->net = net;
	link->mux_id = mux_id;
	INIT_LIST_HEAD(&link->node);
	INIT_LIST_HEAD(&link->wait);
	net->ethtool_ops = &m2m_link_ethtool_ops;
	net->priv_destructor = link_free;
	net->needs_free_netdev = true;
	net->hw_features = M2M_LINK_FEATURES;
	net->features |= net->hw_features;
	net->needed_headroom = QMAP_HEAD_MAX;
	netif_set_tso_max_segs(net, M2M_TX_SEGMENTS);
}

void m2m_link_setup_raw_ip(struct net_device *net)
{
	net->header_ops = NULL;
	net->type = ARPHRD_NONE;
	net->hard_header_len = 0;
	net->addr_len = 0;
	net->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
}

int m2m_link_init(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);

	net->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!net->tstats)
		return -ENOMEM;
	/* From here on failures go through link_free(). */
	if (link->mux_id) {
		link->lower = link->port->net;
		netdev_hold(link->lower, &link->tracker, GFP_KERNEL);
	}
	return 0;
}

netdev_tx_t m2m_link_xmit(struct sk_buff *skb, struct net_device *net)
{
	return m2m_tx_send(netdev_priv(net), skb);
}

netdev_features_t m2m_link_fix_features(struct net_device *net,
					netdev_features_t features)
{
	struct m2m_link *link = netdev_priv(net);

	return features & (~M2M_LINK_FEATURES | m2m_data_features(link->port));
}

/*
 * The carrier is on as mainline's is, unless a manager took it down, wwan%d
 * below is down, the control pipe hangs or there is no format to transmit in.
 * The latter is read where transmit has it, so that the two never disagree:
 * whoever changes it comes here afterwards.
 */
void m2m_link_update_carrier(struct m2m_link *link)
{
	struct m2m_data *data = link->port->data;
	unsigned long flags;

	spin_lock_irqsave(&data->carrier_lock, flags);
	if (data->hung || link->carrier_off ||
	    READ_ONCE(data->tx.stops) & M2M_TX_FORMATLESS ||
	    (link->mux_id && !READ_ONCE(data->up)))
		netif_carrier_off(link->net);
	else
		netif_carrier_on(link->net);
	spin_unlock_irqrestore(&data->carrier_lock, flags);
}

int m2m_link_change_carrier(struct net_device *net, bool on)
{
	struct m2m_link *link = netdev_priv(net);
	struct m2m_data *data = link->port->data;
	unsigned long flags;

	spin_lock_irqsave(&data->carrier_lock, flags);
	link->carrier_off = !on;
	spin_unlock_irqrestore(&data->carrier_lock, flags);
	m2m_link_update_carrier(link);
	return 0;
}

void m2m_netdev_update_carriers(struct m2m_port *port)
{
	struct m2m_link *link;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i <= M2M_MUX_MAX; i++) {
		link = m2m_data_link(port->data, i);
		if (link)
			m2m_link_update_carrier(link);
	}
	rcu_read_unlock();
}

void m2m_netdev_set_hung(struct m2m_port *port, bool hung)
{
	struct m2m_data *data = port->data;
	unsigned long flags;

	spin_lock_irqsave(&data->carrier_lock, flags);
	data->hung = hung;
	spin_unlock_irqrestore(&data->carrier_lock, flags);
	m2m_netdev_update_carriers(port);
}

int m2m_netdev_for_each_link(struct m2m_port *port,
			     int (*visit)(struct net_device *net, u8 mux_id, void *arg),
			     void *arg)
{
	struct m2m_link *link;
	unsigned int i;
	int ret = 0;

	rcu_read_lock();
	for (i = M2M_MUX_MIN; i <= M2M_MUX_MAX && !ret; i++) {
		link = m2m_data_link(port->data, i);
		if (link)
			ret = visit(link->net, i, arg);
	}
	rcu_read_unlock();
	return ret;
}

/* --- ethtool ---------------------------------------------------------------- */

static const char link_names[][ETH_GSTRING_LEN] = {
#define X(name) #name
	M2M_LINK_COUNTERS(X)
#undef X
};

static const char pipe_names[][ETH_GSTRING_LEN] = {
#define X(name) "usb_" #name
	M2M_PIPE_COUNTERS(X)
#undef X
};

void m2m_link_drop(struct m2m_link *link, enum m2m_link_counter why)
{
	m2m_link_count(link, why);
	trace_m2m_link_drop(link->port, link->mux_id, link_names[why]);
}

void m2m_pipe_drop(struct m2m_data *data, u8 mux_id, enum m2m_pipe_counter why)
{
	m2m_pipe_count(data, why);
	trace_m2m_link_drop(data->port, mux_id, pipe_names[why]);
}

static void get_drvinfo(struct net_device *net, struct ethtool_drvinfo *info)
{
	struct m2m_link *link = netdev_priv(net);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, link->port->usb_path, sizeof(info->bus_info));
	/* Without one of our own, the kernel's release stays. */
	if (THIS_MODULE->version)
		strscpy(info->version, THIS_MODULE->version,
			sizeof(info->version));
}

/* The pipes' counters belong to all links: wwan%d shows them. */
static bool shows_pipes(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);

	return !link->mux_id;
}

static int get_sset_count(struct net_device *net, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return M2M_LINK_COUNT_MAX +
	       (shows_pipes(net) ? M2M_PIPE_COUNT_MAX : 0);
}

static void get_strings(struct net_device *net, u32 sset, u8 *strings)
{
	if (sset != ETH_SS_STATS)
		return;
	memcpy(strings, link_names, sizeof(link_names));
	if (shows_pipes(net))
		memcpy(strings + sizeof(link_names), pipe_names,
		       sizeof(pipe_names));
}

static void get_ethtool_stats(struct net_device *net,
			      struct ethtool_stats *stats, u64 *values)
{
	struct m2m_link *link = netdev_priv(net);
	struct m2m_data *data = link->port->data;
	unsigned int i;

	for (i = 0; i < M2M_LINK_COUNT_MAX; i++)
		*values++ = (unsigned long)atomic_long_read(&link->counters[i]);
	if (!shows_pipes(net))
		return;
	for (i = 0; i < M2M_PIPE_COUNT_MAX; i++)
		*values++ = (unsigned long)atomic_long_read(&data->counters[i]);
}

const struct ethtool_ops m2m_link_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_ethtool_stats,
};
