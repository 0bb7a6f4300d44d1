// SPDX-License-Identifier: GPL-2.0-only
/* Packets that were received, on their way up: skbs, merged or not. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/tcp.h>

#include "compat.h"
#include "pipe.h"

/*
 * DOC: One path for a flow
 *
 * Where rx-gro-hw is on, segments of TCP are merged here (merge.c), and all
 * packets but UDP go up in one list, in order, when the poll ends: none of them
 * enters GRO, which could hold what is to come first, and which would chain
 * skbs that are full. Where it is off, all go through GRO. Which of the two is
 * settled for a link once a poll; it goes on only while GRO holds nothing, and
 * off at once, since between polls nothing is held here.
 *
 * What is long stays in its receive buffer and becomes a fragment of the skb;
 * headers are copied. The page of the buffer then belongs to the skbs as well
 * (rx.c). Where it cannot be lent, fragments are copies, or the skb is one.
 */

/* Copied whole: not worth a fragment */
#define DELIVER_COPY		256

/* Copied of others, so that no header has to be pulled */
#define DELIVER_HEAD		128

static_assert(M2M_MERGE_SEGMENTS <= MAX_SKB_FRAGS);

static void deliver_drop(struct m2m_link *link, enum m2m_link_counter why)
{
	m2m_link_count(link, why);
	DEV_STATS_INC(link->net, rx_dropped);
}

/* As many packets came as one skb. */
static void deliver_count(struct net_device *net, unsigned int packets,
			  unsigned int bytes)
{
	struct pcpu_sw_netstats *stats = this_cpu_ptr(net->tstats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->rx_packets, packets);
	u64_stats_add(&stats->rx_bytes, bytes);
	u64_stats_update_end(&stats->syncp);
}

/* Room for @len bytes, with space for an Ethernet header before them. */
static struct sk_buff *deliver_skb(struct m2m_data *data, struct m2m_link *link,
				   size_t len)
{
	struct sk_buff *skb;

	skb = napi_alloc_skb(&data->rx.napi, ETH_HLEN + NET_IP_ALIGN + len);
	if (!skb) {
		deliver_drop(link, M2M_LINK_rx_no_memory);
		return NULL;
	}
	skb->dev = link->net;
	return skb;
}

/* --- fragments ---------------------------------------------------------------- */

/*
 * The page is charged to those who have a part of it, in proportion: all of it
 * if they are all there is, so that a socket which keeps one pays for what it
 * keeps from us.
 */
static unsigned int lent_truesize(const struct m2m_rx *rx, unsigned int len)
{
	return len * rx->charge >> M2M_RX_CHARGE_SHIFT;
}

/* Make bytes of the buffer in work a fragment of an skb; a copy may fail. */
static bool put_piece(struct m2m_rx *rx, struct sk_buff *skb, const u8 *from,
		      unsigned int len)
{
	unsigned int n = skb_shinfo(skb)->nr_frags;
	struct page *page = rx->now->page;
	void *copy;

	if (rx->lends) {
		get_page(page);
		skb_fill_page_desc_noacc(skb, n, page, from - rx->now->data,
					 len);
		skb->len += len;
		skb->data_len += len;
		skb->truesize += lent_truesize(rx, len);
		return true;
	}
	copy = napi_alloc_frag(len);
	if (!copy)
		return false;
	memcpy(copy, from, len);
	page = virt_to_head_page(copy);
	skb_add_rx_frag(skb, n, page, copy - page_address(page), len,
			SKB_DATA_ALIGN(len));
	return true;
}

/* --- IP packets ------------------------------------------------------------------ */

static bool is_verified(struct m2m_link *link,
			const struct m2m_qmap_frame *frame)
{
	struct m2m_inet inet;

	return link->net->features & NETIF_F_RXCSUM &&
	       (frame->csum_ok || frame->trailer) &&
	       m2m_inet_parse(frame->data, frame->len, &inet) &&
	       m2m_qmap_is_verified(frame, &inet);
}

static struct sk_buff *ip_skb(struct m2m_data *data, struct m2m_link *link,
			      const struct m2m_qmap_frame *frame, bool verified)
{
	struct m2m_rx *rx = &data->rx;
	size_t head = frame->len;
	struct sk_buff *skb;

	if (rx->lends && head > DELIVER_COPY)
		head = DELIVER_HEAD;
	skb = deliver_skb(data, link, head);
	if (!skb)
		return NULL;
	/* The headroom is made for a header of 14 bytes: align IP itself. */
	skb_reserve(skb, NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	skb_put_data(skb, frame->data, head);
	skb->protocol = m2m_ip_protocol(frame->data, frame->len);
	/* Lent, so that it cannot fail */
	if (head < frame->len)
		put_piece(rx, skb, frame->data + head, frame->len - head);
	if (verified) {
		m2m_link_count(link, M2M_LINK_rx_verified);
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	deliver_count(link->net, 1, frame->len);
	return skb;
}

static void deliver_by_gro(struct m2m_data *data, struct m2m_link *link,
			   const struct m2m_qmap_frame *frame, bool verified)
{
	struct sk_buff *skb = ip_skb(data, link, frame, verified);

	if (skb)
		napi_gro_receive(&data->rx.napi, skb);
}

static void deliver_alone(struct m2m_data *data, struct m2m_link *link,
			  const struct m2m_qmap_frame *frame, bool verified)
{
	struct sk_buff *skb = ip_skb(data, link, frame, verified);

	if (skb)
		list_add_tail(&skb->list, &data->rx.ready);
}

/* --- TCP --------------------------------------------------------------------- */

/* What tcp4_gro_complete() and tcp6_gro_complete() leave. */
static void finish_merged(const struct m2m_merge_flow *flow,
			  struct sk_buff *skb)
{
	struct skb_shared_info *shared = skb_shinfo(skb);

	m2m_merge_head(flow, skb->data);
	skb_set_transport_header(skb, flow->first.transport);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	shared->gso_size = flow->first.payload;
	shared->gso_segs = flow->segments;
	shared->gso_type = SKB_GSO_TCPV6;
	if (flow->first.version == 4)
		shared->gso_type = SKB_GSO_TCPV4 |
				   (flow->fixed_id ? SKB_GSO_TCP_FIXEDID : 0);
}

static void deliver_flow(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
	struct m2m_rx *rx = container_of(merge, struct m2m_rx, merge);
	struct sk_buff *skb = flow->owner;
	struct m2m_link *link = netdev_priv(skb->dev);

	if (flow->segments > 1) {
		finish_merged(flow, skb);
		atomic_long_add(flow->segments,
				&link->counters[M2M_LINK_rx_merged]);
	}
	atomic_long_add(flow->segments,
			&link->counters[M2M_LINK_rx_verified]);
	deliver_count(skb->dev, flow->segments,
		      flow->segments * flow->first.head + flow->payload);
	list_add_tail(&skb->list, &rx->ready);
}

static void deliver_first(struct m2m_data *data, struct m2m_link *link,
			  const struct m2m_segment *segment)
{
	struct m2m_rx *rx = &data->rx;
	struct m2m_merge_flow *flow;
	struct sk_buff *skb;

	skb = deliver_skb(data, link, segment->head);
	if (!skb)
		return;
	skb_reserve(skb, NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	skb_put_data(skb, segment->packet, segment->head);
	skb->protocol = m2m_ip_protocol(segment->packet, segment->head);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (!put_piece(rx, skb, segment->packet + segment->head,
		       segment->payload)) {
		kfree_skb(skb);
		deliver_drop(link, M2M_LINK_rx_no_memory);
		return;
	}
	flow = m2m_merge_open(&rx->merge, segment);
	if (flow) {
		flow->owner = skb;
		return;
	}
	m2m_link_count(link, M2M_LINK_rx_verified);
	deliver_count(link->net, 1, segment->head + segment->payload);
	list_add_tail(&skb->list, &rx->ready);
}

/* The usual case: the packet, whose checksum is right, continues an open flow. */
static bool deliver_next(struct m2m_rx *rx, struct m2m_link *link,
			 const struct m2m_qmap_frame *frame)
{
	struct m2m_merge_flow *flow;
	size_t head;

	flow = m2m_merge_match(&rx->merge, frame->data, frame->len,
			       link->mux_id);
	if (!flow)
		return false;
	head = flow->first.head;
	if (put_piece(rx, flow->owner, frame->data + head, frame->len - head))
		m2m_merge_add(&rx->merge, flow, frame->data, frame->len);
	else
		deliver_drop(link, M2M_LINK_rx_no_memory);
	return true;
}

static void deliver_in_order(struct m2m_data *data, struct m2m_link *link,
			     const struct m2m_qmap_frame *frame)
{
	enum m2m_segment_kind kind = M2M_SEGMENT_OTHER;
	struct m2m_merge *merge = &data->rx.merge;
	struct m2m_segment segment;
	struct m2m_inet inet;
	bool verified = false;

	/* v5's bit says it all of a packet that is plain TCP. */
	if (frame->csum_ok && deliver_next(&data->rx, link, frame))
		return;
	if (m2m_inet_parse(frame->data, frame->len, &inet)) {
		verified = m2m_qmap_is_verified(frame, &inet);
		kind = m2m_segment_parse(frame->data, frame->len, link->mux_id,
					 &inet, &segment);
	}
	switch (kind) {
	case M2M_SEGMENT_UDP:
		deliver_by_gro(data, link, frame, verified);
		return;
	case M2M_SEGMENT_OTHER:
		m2m_merge_end_all(merge);
		break;
	case M2M_SEGMENT_TCP:
		if (verified) {
			if (frame->csum_ok ||
			    !deliver_next(&data->rx, link, frame))
				deliver_first(data, link, &segment);
			return;
		}
		fallthrough;
	case M2M_SEGMENT_ALONE:
		m2m_merge_end_of(merge, &segment);
		break;
	}
	deliver_alone(data, link, frame, verified);
}

/* --- what rx.c calls ----------------------------------------------------------- */

void m2m_deliver_init(struct m2m_rx *rx)
{
	rx->merge.emit = deliver_flow;
	INIT_LIST_HEAD(&rx->ready);
}

void m2m_deliver_begin(struct m2m_rx *rx)
{
	rx->polls++;
	rx->settled = m2m_compat_gro_is_empty(&rx->napi);
}

void m2m_deliver_end(struct m2m_rx *rx)
{
	m2m_merge_end_all(&rx->merge);
	if (list_empty(&rx->ready))
		return;
	netif_receive_skb_list(&rx->ready);
	INIT_LIST_HEAD(&rx->ready);
}

static bool merges(struct m2m_rx *rx, struct m2m_link *link)
{
	bool wanted;

	if (link->settled != rx->polls) {
		link->settled = rx->polls;
		wanted = link->net->features & NETIF_F_GRO_HW;
		if (rx->settled || !wanted)
			link->merges = wanted;
	}
	return link->merges;
}

void m2m_deliver_ip(struct m2m_data *data, struct m2m_link *link,
		    const struct m2m_qmap_frame *frame)
{
	if (!m2m_ip_protocol(frame->data, frame->len))
		deliver_drop(link, M2M_LINK_rx_not_ip);
	else if (link->net->type != ARPHRD_NONE)
		deliver_drop(link, M2M_LINK_rx_wrong_type);
	else if (!netif_running(link->net))
		deliver_drop(link, M2M_LINK_rx_down);
	else if (merges(&data->rx, link))
		deliver_in_order(data, link, frame);
	else
		deliver_by_gro(data, link, frame, is_verified(link, frame));
}

/*
 * Firmware of several makers sends bare IP packets where Ethernet frames were
 * agreed on, now and then, or sends every frame to 00:a0:c6:00:00:00. Our own
 * address never begins with nibble 4 or 6, so that the first is told from a
 * frame (mainline, qmi_wwan.c).
 */
static void mend_ethernet(struct m2m_link *link, struct sk_buff *skb,
			  __be16 protocol, const u8 *frame, size_t len)
{
	struct ethhdr *eth;

	if (protocol) {
		m2m_link_count(link, M2M_LINK_rx_fixed_up);
		eth = skb_put_zero(skb, ETH_HLEN);
		eth->h_proto = protocol;
		ether_addr_copy(eth->h_dest, link->net->dev_addr);
	}
	skb_put_data(skb, frame, len);
	eth = (struct ethhdr *)skb->data;
	if (!(eth->h_dest[0] & 0xf1) &&
	    !ether_addr_equal(eth->h_dest, link->net->dev_addr)) {
		m2m_link_count(link, M2M_LINK_rx_fixed_up);
		ether_addr_copy(eth->h_dest, link->net->dev_addr);
	}
}

void m2m_deliver_ethernet(struct m2m_data *data, struct m2m_link *link,
			  const u8 *frame, size_t len)
{
	__be16 protocol = m2m_ip_protocol(frame, len);
	struct sk_buff *skb;

	if (link->net->type != ARPHRD_ETHER) {
		deliver_drop(link, M2M_LINK_rx_wrong_type);
		return;
	}
	if (!protocol && len < ETH_HLEN) {
		deliver_drop(link, M2M_LINK_rx_too_short);
		return;
	}
	if (!netif_running(link->net)) {
		deliver_drop(link, M2M_LINK_rx_down);
		return;
	}
	skb = deliver_skb(data, link, len);
	if (!skb)
		return;
	mend_ethernet(link, skb, protocol, frame, len);
	skb->protocol = eth_type_trans(skb, link->net);
	deliver_count(link->net, 1, len);
	napi_gro_receive(&data->rx.napi, skb);
}
