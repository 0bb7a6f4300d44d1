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
 * skbs that are full. Where it is off, they all go through GRO. Which of the two
 * is settled for a link once a poll; it goes on only while GRO holds nothing, and
 * off at once, since between polls nothing is held here.
 *
 * UDP goes through GRO where somebody may want it merged, else up in the list; and
 * its fragments go where it goes. GRO passes on at once what it cannot look into, such as
 * IPv4 with options, so what it holds goes first: that may be of the same flow.
 *
 * What is long stays in its receive buffer and becomes a fragment of the skb;
 * headers are copied. The page of the buffer then belongs to the skbs as well
 * (rx.c). Where it cannot be lent, fragments are copies, or the skb is one.
 */

/* Copied whole: not worth a fragment */
#define DELIVER_COPY		256

/* Copied of others, so that no header has to be pulled */
#define DELIVER_HEAD		128

/* In its header */
#define UDP_CHECK		6

static_assert(M2M_MERGE_SEGMENTS <= MAX_SKB_FRAGS);

static void deliver_drop(struct m2m_link *link, enum m2m_link_counter why)
{
	m2m_link_drop(link, why);
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

/* An IP packet as far as it is copied: its first @len bytes */
static struct sk_buff *deliver_head(struct m2m_data *data,
				    struct m2m_link *link,
				    const u8 *packet, size_t len)
{
	struct sk_buff *skb = deliver_skb(data, link, len);

	if (!skb)
		return NULL;
	/* The headroom is made for a header of 14 bytes: align IP itself. */
	skb_reserve(skb, NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	skb_put_data(skb, packet, len);
	skb->protocol = m2m_ip_protocol(packet, len);
	return skb;
}

/* --- fragments ---------------------------------------------------------------- */

/*
 * What lies in the buffer in work, made a piece of an skb. The page of the buffer
 * is charged to those who have a part of it, in proportion: all of it if they are
 * all there is, so that a socket which keeps one pays for what it keeps from us.
 * A copy may fail.
 */
static bool take_piece(struct m2m_rx *rx, const u8 *from, unsigned int len,
		       struct m2m_merge_piece *piece)
{
	void *copy;

	if (rx->lends) {
		piece->owner = rx->now->page;
		piece->offset = from - rx->now->data;
		piece->cost = len * rx->merge.charge / M2M_MERGE_CHARGE;
		rx->refs--;
		return true;
	}
	copy = napi_alloc_frag(len);
	if (!copy)
		return false;
	piece->owner = virt_to_head_page(copy);
	/* Reserves are for those who free memory; put_pieces() marks no skb. */
	if (page_is_pfmemalloc(piece->owner)) {
		skb_free_frag(copy);
		return false;
	}
	memcpy(copy, from, len);
	piece->offset = copy - page_address(piece->owner);
	piece->cost = SKB_DATA_ALIGN(len);
	return true;
}

/* Of pieces that all together have @len bytes, all but the last one @each */
static void put_pieces(struct sk_buff *skb, const struct m2m_merge_piece *piece,
		       unsigned int n, unsigned int each, unsigned int len)
{
	struct skb_shared_info *shared = skb_shinfo(skb);
	unsigned int i, left = len, cost = 0;

	for (i = 0; i < n; i++, piece++, left -= each) {
		__skb_fill_page_desc_noacc(shared, i, piece->owner,
					   piece->offset, min(left, each));
		cost += piece->cost;
	}
	shared->nr_frags = n;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += cost;
}

/* --- IP packets ------------------------------------------------------------------ */

static struct sk_buff *ip_skb(struct m2m_data *data, struct m2m_link *link,
			      const struct m2m_qmap_frame *frame, bool verified)
{
	struct m2m_rx *rx = &data->rx;
	struct m2m_merge_piece piece;
	size_t head = frame->len, len;
	struct sk_buff *skb;

	if (rx->lends && head > DELIVER_COPY)
		head = DELIVER_HEAD;
	skb = deliver_head(data, link, frame->data, head);
	if (!skb)
		return NULL;
	/* Lent, so that it cannot fail */
	if (head < frame->len) {
		len = frame->len - head;
		take_piece(rx, frame->data + head, len, &piece);
		put_pieces(skb, &piece, 1, len, len);
	}
	if (verified) {
		m2m_link_count(link, M2M_LINK_rx_verified);
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	deliver_count(link->net, 1, frame->len);
	return skb;
}

/* @inet: as it was parsed, or NULL */
static void deliver_by_gro(struct m2m_data *data, struct m2m_link *link,
			   const struct m2m_qmap_frame *frame,
			   const struct m2m_inet *inet, bool verified)
{
	struct sk_buff *skb;

	/* GRO would let what it cannot look into overtake what it holds. */
	if (!inet || m2m_inet_has_options(inet))
		napi_gro_flush(&data->rx.napi, false);
	skb = ip_skb(data, link, frame, verified);
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

/* --- many alone in a row ---------------------------------------------------------- */

/* Packets of one length, as they are cut up: copied, and lent */
struct cut {
	size_t head;
	size_t rest;
	unsigned int cost;
	__be16 protocol;
};

static struct sk_buff *cut_skb(struct m2m_data *data, struct m2m_link *link,
			       const u8 *packet, const struct cut *cut,
			       bool verified)
{
	struct sk_buff *skb = deliver_skb(data, link, cut->head);
	struct m2m_rx *rx = &data->rx;
	struct skb_shared_info *shared;

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	memcpy(__skb_put(skb, cut->head), packet, cut->head);
	skb->protocol = cut->protocol;
	skb->ip_summed = verified ? CHECKSUM_UNNECESSARY : CHECKSUM_NONE;
	if (!cut->rest)
		return skb;
	shared = skb_shinfo(skb);
	__skb_fill_page_desc_noacc(shared, 0, rx->now->page,
				   packet + cut->head - rx->now->data,
				   cut->rest);
	shared->nr_frags = 1;
	skb->len += cut->rest;
	skb->data_len += cut->rest;
	skb->truesize += cut->cost;
	return skb;
}

/* Nothing is vouched for where UDP has no checksum. */
static bool is_alone_too(const struct m2m_rx *rx, const u8 *packet)
{
	if (!m2m_inet_is_alike(rx->frame.data, packet, &rx->inet))
		return false;
	return rx->inet.protocol == INET_TCP ||
	       pure_be16(packet + rx->inet.transport + UDP_CHECK);
}

/* Of one length and kind. Returns how many came, few for lack of memory. */
static unsigned int deliver_alone_run(struct m2m_data *data,
				      unsigned int limit)
{
	struct m2m_rx *rx = &data->rx;
	size_t len = rx->frame.len;
	struct cut cut = {
		.head = rx->lends && len > DELIVER_COPY ? DELIVER_HEAD : len,
		.protocol = m2m_ip_protocol(rx->frame.data, len),
	};
	unsigned int n, went = 0, vouched = 0;
	bool verified = rx->frame.csum_ok;
	struct sk_buff *skb;

	cut.rest = len - cut.head;
	cut.cost = cut.rest * rx->merge.charge / M2M_MERGE_CHARGE;
	for (n = 0; n < limit && m2m_qmap_repeats(&rx->cursor, &rx->frame); n++) {
		if (!is_alone_too(rx, rx->cursor.data + rx->cursor.at +
				      rx->frame.head))
			break;
		m2m_qmap_repeat(&rx->cursor, &rx->frame);
		if (rx->frame.trailer)
			verified = m2m_qmap_is_verified(&rx->frame, &rx->inet);
		skb = cut_skb(data, rx->alone, rx->frame.data, &cut, verified);
		if (!skb)
			continue;
		list_add_tail(&skb->list, &rx->ready);
		went++;
		vouched += verified;
	}
	if (cut.rest)
		rx->refs -= went;
	if (vouched)
		atomic_long_add(vouched,
				&rx->alone->counters[M2M_LINK_rx_verified]);
	deliver_count(rx->alone->net, went, went * len);
	return n;
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
				   (flow->counts ? 0 : SKB_GSO_TCP_FIXEDID);
}

static void flow_drop(struct m2m_link *link, struct m2m_merge_flow *flow)
{
	unsigned int i;

	for (i = 0; i < flow->segments; i++) {
		put_page(flow->pieces[i].owner);
		deliver_drop(link, M2M_LINK_rx_no_memory);
	}
}

static struct sk_buff *flow_skb(struct m2m_data *data,
				struct m2m_merge_flow *flow)
{
	struct sk_buff *skb;

	skb = deliver_head(data, flow->owner, flow->head, flow->first.head);
	if (!skb)
		return NULL;
	put_pieces(skb, flow->pieces, flow->segments, flow->first.payload,
		   flow->payload);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

static void deliver_flow(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
	struct m2m_rx *rx = container_of(merge, struct m2m_rx, merge);
	struct m2m_data *data = container_of(rx, struct m2m_data, rx);
	struct m2m_link *link = flow->owner;
	struct sk_buff *skb;

	skb = flow_skb(data, flow);
	if (!skb) {
		flow_drop(link, flow);
		return;
	}
	if (flow->segments > 1) {
		finish_merged(flow, skb);
		atomic_long_add(flow->segments,
				&link->counters[M2M_LINK_rx_merged]);
	}
	atomic_long_add(flow->segments - flow->summed,
			&link->counters[M2M_LINK_rx_verified]);
	if (flow->summed)
		atomic_long_add(flow->summed,
				&link->counters[M2M_LINK_rx_summed]);
	deliver_count(link->net, flow->segments,
		      flow->segments * flow->first.head + flow->payload);
	list_add_tail(&skb->list, &rx->ready);
}

static void deliver_first(struct m2m_rx *rx, struct m2m_link *link,
			  const struct m2m_segment *segment, bool summed)
{
	struct m2m_merge_piece piece;
	struct m2m_merge_flow *flow;

	if (!take_piece(rx, segment->packet + segment->head, segment->payload,
			&piece)) {
		deliver_drop(link, M2M_LINK_rx_no_memory);
		return;
	}
	flow = m2m_merge_open(&rx->merge, segment, &piece);
	flow->owner = link;
	flow->summed = summed;
}

/*
 * Is TCP's checksum right? In v1 and raw-IP no modem says so. The stack would have
 * to add it up later; what is merged here costs less from there on.
 */
static bool is_sum_right(const u8 *packet, const struct m2m_inet *inet)
{
	u32 pseudo = m2m_inet_pseudo_sum(packet, inet);
	__wsum sum = csum_partial(packet + inet->transport,
				  inet->len - inet->transport,
				  (__force __wsum)htons(pseudo));

	return !csum_fold(sum);
}

/* The usual case: the packet continues an open flow. */
static bool deliver_next(struct m2m_rx *rx, struct m2m_link *link,
			 const struct m2m_qmap_frame *frame)
{
	struct m2m_merge_piece piece;
	struct m2m_merge_flow *flow;
	struct m2m_inet inet;
	bool summed = false;
	size_t head;

	flow = m2m_merge_match(&rx->merge, frame->data, frame->len,
			       link->mux_id);
	if (!flow)
		return false;
	if (!frame->csum_ok) {
		m2m_merge_inet(flow, frame->len, &inet);
		summed = !m2m_qmap_is_verified(frame, &inet);
		if (summed && !is_sum_right(frame->data, &inet))
			return false;
	}
	head = flow->first.head;
	if (take_piece(rx, frame->data + head, frame->len - head, &piece)) {
		/* Before the flow may end with it */
		flow->summed += summed;
		m2m_merge_add(&rx->merge, flow, frame->data, frame->len,
			      &piece);
	} else {
		deliver_drop(link, M2M_LINK_rx_no_memory);
	}
	return true;
}

/* A packet has gone up alone, in QMAP: others may, without a closer look. */
static void look_for_run(struct m2m_rx *rx, struct m2m_link *link,
			 const struct m2m_inet *inet, bool verified)
{
	if (!rx->frame.head || (rx->frame.csum_ok && !verified) ||
	    rx->cursor.at == rx->cursor.len ||
	    (inet->protocol == INET_TCP && !m2m_merge_refusals(&rx->merge)))
		return;
	rx->runs = true;
	rx->alone = link;
	rx->inet = *inet;
}

static void deliver_in_order(struct m2m_data *data, struct m2m_link *link,
			     const struct m2m_qmap_frame *frame)
{
	enum m2m_segment_kind kind = M2M_SEGMENT_OTHER;
	struct m2m_rx *rx = &data->rx;
	struct m2m_segment segment;
	struct m2m_inet inet;
	bool verified = false;

	if (rx->merge.n_open && deliver_next(rx, link, frame)) {
		rx->runs = rx->lends && frame->csum_ok;
		return;
	}
	if (m2m_inet_parse(frame->data, frame->len, &inet)) {
		verified = m2m_qmap_is_verified(frame, &inet);
		kind = m2m_segment_parse(frame->data, frame->len, link->mux_id,
					 &inet, &segment);
	}
	switch (kind) {
	case M2M_SEGMENT_UDP:
		if (link->udp_alone)
			break;
		deliver_by_gro(data, link, frame, &inet, verified);
		return;
	case M2M_SEGMENT_OTHER:
		if (!link->udp_alone &&
		    m2m_inet_is_udp(frame->data, frame->len)) {
			deliver_by_gro(data, link, frame, NULL, false);
			return;
		}
		m2m_merge_end_all(&rx->merge);
		break;
	case M2M_SEGMENT_TCP:
		if (m2m_merge_can_open(&rx->merge, &segment) &&
		    (verified || is_sum_right(frame->data, &inet))) {
			deliver_first(rx, link, &segment, !verified);
			rx->runs = rx->lends && frame->csum_ok;
			return;
		}
		fallthrough;
	case M2M_SEGMENT_ALONE:
		m2m_merge_end_of(&rx->merge, &segment);
		break;
	}
	deliver_alone(data, link, frame, verified);
	if (kind != M2M_SEGMENT_OTHER)
		look_for_run(rx, link, &inet, verified);
}

/* Without rx-gro-hw: GRO, but for UDP that nobody wants merged. */
static void deliver_plain(struct m2m_data *data, struct m2m_link *link,
			  const struct m2m_qmap_frame *frame)
{
	struct m2m_inet inet;
	bool known = m2m_inet_parse(frame->data, frame->len, &inet);
	bool verified = known && link->net->features & NETIF_F_RXCSUM &&
			m2m_qmap_is_verified(frame, &inet);
	bool udp = known ? inet.protocol == INET_UDP :
			   m2m_inet_is_udp(frame->data, frame->len);

	if (udp && link->udp_alone)
		deliver_alone(data, link, frame, verified);
	else
		deliver_by_gro(data, link, frame, known ? &inet : NULL, verified);
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

unsigned int m2m_deliver_run(struct m2m_data *data, unsigned int limit)
{
	struct m2m_rx *rx = &data->rx;
	unsigned int n;

	if (rx->alone && rx->inet.protocol == INET_TCP) {
		n = deliver_alone_run(data, min(limit,
						m2m_merge_refusals(&rx->merge)));
		rx->merge.refused += n;
		return n;
	}
	if (rx->alone)
		return deliver_alone_run(data, limit);
	/* Of the same link, whose state the last one has met. */
	n = m2m_merge_run(&rx->merge, &rx->cursor, &rx->frame, limit);
	rx->refs -= n;
	return n;
}

/* Once a poll: see above. */
static void settle(struct m2m_rx *rx, struct m2m_link *link)
{
	bool merges = link->net->features & NETIF_F_GRO_HW;
	bool udp_alone = !m2m_compat_udp_wants_gro(link->net);

	link->settled = rx->polls;
	if (rx->settled || !merges)
		link->merges = merges;
	if (rx->settled || !udp_alone)
		link->udp_alone = udp_alone;
}

static void deliver_up(struct m2m_data *data, struct m2m_link *link,
		       const struct m2m_qmap_frame *frame)
{
	struct m2m_rx *rx = &data->rx;

	if (link->settled != rx->polls)
		settle(rx, link);
	if (link->merges)
		deliver_in_order(data, link, frame);
	else
		deliver_plain(data, link, frame);
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
	else
		deliver_up(data, link, frame);
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
