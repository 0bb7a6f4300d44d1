// SPDX-License-Identifier: GPL-2.0-or-later
/* Where packets end: a handler of the last network device, or bench0. */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "bench.h"

u64 bench_sunk;

/* Has what a good network card has, and takes everything at once. */
static struct net_device *card;

static void count(const struct sk_buff *skb)
{
	bench_sunk += skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1;
}

static rx_handler_result_t drop(struct sk_buff **pskb)
{
	u64 own = own_begin();

	count(*pskb);
	own_end(own);
	consume_skb(*pskb);
	return RX_HANDLER_CONSUMED;
}

int bench_sink_attach(struct net_device *dev)
{
	int ret;

	rtnl_lock();
	ret = netdev_rx_handler_register(dev, drop, NULL);
	rtnl_unlock();
	return ret;
}

void bench_sink_detach(struct net_device *dev)
{
	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	rtnl_unlock();
}

static netdev_tx_t card_xmit(struct sk_buff *skb, struct net_device *net)
{
	u64 own = own_begin();

	count(skb);
	own_end(own);
	dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops card_ops = {
	.ndo_start_xmit = card_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void card_setup(struct net_device *net)
{
	ether_setup(net);
	eth_hw_addr_random(net);
	net->netdev_ops = &card_ops;
	net->flags |= IFF_NOARP;
	net->needs_free_netdev = true;
	net->priv_flags |= IFF_NO_QUEUE;
	net->features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_HIGHDMA |
			NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN |
			NETIF_F_TSO_MANGLEID;
	net->hw_features = net->features;
}

int bench_sink_init(void)
{
	int ret;

	card = alloc_netdev(0, "bench%d", NET_NAME_ENUM, card_setup);
	if (!card)
		return -ENOMEM;
	ret = register_netdev(card);
	if (ret)
		free_netdev(card);
	return ret;
}

void bench_sink_exit(void)
{
	unregister_netdev(card);
}
