// SPDX-License-Identifier: GPL-2.0-or-later
/* The stack sends: a burst of packets, then an interrupt completes transfers. */
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "bench.h"

/* Room for any driver's headers and link layer */
#define HEADROOM	128

static void mark_partial(const struct bench_test *test, struct sk_buff *skb)
{
	if (!test->partial)
		return;
	skb_set_transport_header(skb, sizeof(struct iphdr));
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
}

/*
 * The payload of what is more than one segment lies in fragments, one for each.
 * They are parts of one large page, as those that TCP allocates and those of a
 * receive buffer that is forwarded: the last to go frees it.
 */
static int add_segments(const struct bench_test *test, struct sk_buff *skb,
			unsigned int head)
{
	unsigned int mss = skb->len - head, order, i;
	struct iphdr *ip = (struct iphdr *)skb->data;
	struct tcphdr *tcp = (struct tcphdr *)(ip + 1);
	struct page *page;

	order = get_order(mss * test->segments);
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);
	if (!page)
		return -ENOMEM;
	pskb_trim(skb, head);
	for (i = 0; i < test->segments; i++) {
		skb_add_rx_frag(skb, i, page, i * mss, mss, mss);
		get_page(page);
	}
	put_page(page);
	skb_shinfo(skb)->gso_size = mss;
	skb_shinfo(skb)->gso_segs = test->segments;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	ip->tot_len = htons(skb->len);
	ip_send_check(ip);
	tcp->check = ~csum_tcpudp_magic(ip->saddr, ip->daddr,
					skb->len - sizeof(*ip), IPPROTO_TCP, 0);
	return 0;
}

static struct sk_buff *make(struct bench_run *run)
{
	const struct bench_test *test = run->test;
	unsigned int head = sizeof(struct iphdr) + sizeof(struct tcphdr);
	struct sk_buff *skb;
	unsigned int len;
	const u8 *packet;

	packet = bench_packet_next(run, &len);
	skb = alloc_skb(HEADROOM + len, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, HEADROOM);
	skb_put_data(skb, packet, len);
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = run->dev;
	mark_partial(test, skb);
	if (test->segments > 1 && add_segments(test, skb, head)) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/* Returns how many transfers it completed. */
static unsigned int interrupt(void)
{
	unsigned int n;

	local_bh_disable();
	local_irq_disable();
	n = bench_hcd_complete_out();
	local_irq_enable();
	local_bh_enable();
	return n;
}

/* More at a time than four usual packets? */
static bool is_much(const struct bench_test *test)
{
	return test->segments > 1 || test->len > BENCH_MTU;
}

static int burst(struct bench_run *run)
{
	unsigned int n = run->test->segments > 1 ? 1 : BENCH_BURST, i;
	struct sk_buff *skbs[BENCH_BURST];
	u64 own = own_begin();
	int ret = 0;

	for (i = 0; i < n; i++)
		skbs[i] = make(run);
	own_end(own);
	for (i = 0; i < n; i++)
		if (!skbs[i] || dev_queue_xmit(skbs[i]) != NET_XMIT_SUCCESS)
			ret = -ENOBUFS;
	/* What a driver could not take of much comes afterwards. */
	while (interrupt() && is_much(run->test))
		;
	return ret;
}

int bench_transmit(struct bench_run *run, unsigned int packets)
{
	unsigned long patience = jiffies + BENCH_PATIENCE;
	u64 end = bench_out.frames + packets;
	unsigned int sent;
	int ret;

	for (sent = 0; sent < packets;) {
		ret = burst(run);
		if (ret)
			return ret;
		sent += run->test->segments > 1 ? run->test->segments :
						  BENCH_BURST;
		cond_resched();
	}
	while (bench_out.frames < end) {
		if (time_after(jiffies, patience))
			return -ETIMEDOUT;
		interrupt();
		cond_resched();
	}
	return 0;
}
