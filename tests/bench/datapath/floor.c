// SPDX-License-Identifier: GPL-2.0-or-later
/* The floors: what the stack costs below any driver, from a device of our own. */
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/tcp.h>

#include "bench.h"

/* Packets that one poll passes on before GRO is flushed */
#define BATCH		16

static struct net_device *floor;
static struct napi_struct napi;
static struct bench_run *now;
/* Of a packet, its headers: copied where the rest is a fragment */
static unsigned int head;
static struct sk_buff *prebuilt[BATCH];
static const u8 *packets[BATCH];
static unsigned int lens[BATCH];
static struct page *page;
static unsigned int left;

static struct sk_buff *finish(struct sk_buff *skb)
{
	skb->dev = floor;
	skb->protocol = htons(ETH_P_IP);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb_reset_mac_header(skb);
	return skb;
}

static struct sk_buff *copy(const u8 *packet, unsigned int len)
{
	struct sk_buff *skb = napi_alloc_skb(&napi, len);

	if (!skb)
		return NULL;
	skb_put_data(skb, packet, len);
	return finish(skb);
}

/* As rmnet does: GRO cannot make a fragment of what kmalloc() gave. */
static struct sk_buff *copy_slab(const u8 *packet, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + len, GFP_ATOMIC);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, packet, len);
	return finish(skb);
}

/*
 * Payload that is left beside the headers would be a second fragment of each
 * segment that GRO merges, of which an skb takes 17.
 */
static struct sk_buff *fragment(const u8 *packet, unsigned int len)
{
	struct sk_buff *skb = napi_alloc_skb(&napi, head);

	if (!skb)
		return NULL;
	skb_put_data(skb, packet, head);
	get_page(page);
	skb_add_rx_frag(skb, 0, page, 0, len - head, len);
	return finish(skb);
}

static struct sk_buff *next(unsigned int i)
{
	const u8 *packet = packets[i];
	unsigned int len = lens[i];

	switch (now->floor) {
	case BENCH_FLOOR_COPY:
		return copy(packet, len);
	case BENCH_FLOOR_SLAB:
		return copy_slab(packet, len);
	case BENCH_FLOOR_FRAGS:
		return fragment(packet, len);
	case BENCH_FLOOR_STACK:
	case BENCH_FLOOR_GRO:
	case BENCH_NO_FLOOR:
		break;
	}
	return prebuilt[i];
}

static int poll(struct napi_struct *napi, int budget)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < left; i++) {
		skb = next(i);
		if (!skb)
			continue;
		if (now->floor == BENCH_FLOOR_STACK)
			netif_receive_skb(skb);
		else
			napi_gro_receive(napi, skb);
	}
	left = 0;
	napi_complete_done(napi, i);
	return i;
}

/* What is not part of the floor is made before. */
static int prepare(struct bench_run *run)
{
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		packets[i] = bench_packet_next(run, &lens[i]);
		prebuilt[i] = NULL;
		if (run->floor > BENCH_FLOOR_GRO)
			continue;
		prebuilt[i] = copy(packets[i], lens[i]);
		if (!prebuilt[i])
			return -ENOMEM;
	}
	return 0;
}

int bench_floor_receive(struct bench_run *run, unsigned int packets)
{
	u64 end = bench_sunk + packets, own;
	unsigned int sent;
	int ret;

	now = run;
	head = bench_packet_head(run->test);
	for (sent = 0; sent < packets; sent += BATCH) {
		local_bh_disable();
		own = own_begin();
		ret = prepare(run);
		own_end(own);
		if (!ret) {
			left = BATCH;
			napi_schedule(&napi);
		}
		local_bh_enable();
		if (ret)
			return ret;
		cond_resched();
	}
	return bench_await(end);
}

/* It only receives: what the stack itself sends is gone. */
static netdev_tx_t floor_xmit(struct sk_buff *skb, struct net_device *net)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops floor_ops = {
	.ndo_start_xmit = floor_xmit,
};

static void floor_setup(struct net_device *net)
{
	net->netdev_ops = &floor_ops;
	net->type = ARPHRD_NONE;
	net->flags = IFF_POINTOPOINT | IFF_NOARP;
	net->mtu = ETH_DATA_LEN;
	net->needs_free_netdev = true;
	net->features = NETIF_F_RXCSUM;
}

int bench_floor_init(void)
{
	int ret;

	page = alloc_page(GFP_KERNEL);
	floor = alloc_netdev(0, "floor%d", NET_NAME_ENUM, floor_setup);
	if (!page || !floor) {
		ret = -ENOMEM;
		goto err;
	}
	netif_napi_add(floor, &napi, poll);
	ret = register_netdev(floor);
	if (ret)
		goto err;
	napi_enable(&napi);
	return 0;

err:
	if (floor)
		free_netdev(floor);
	if (page)
		__free_page(page);
	return ret;
}

void bench_floor_exit(void)
{
	napi_disable(&napi);
	netif_napi_del(&napi);
	unregister_netdev(floor);
	put_page(page);
}
