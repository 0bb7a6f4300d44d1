// SPDX-License-Identifier: GPL-2.0-only
/* Frames to the modem: which may be sent, and how they lie in a transfer. */
#include <linux/if_arp.h>
#include <linux/tcp.h>
#include <net/checksum.h>

#include "tx.h"

/*
 * DOC: Each byte once at most
 *
 * Frames are copied into a transfer, and what the stack left undone is done on
 * the way: a large TCP packet becomes segments (tso.c), and a checksum that the
 * modem does not compute is summed up while the bytes are moved.
 *
 * Long payload that nobody has to sum up is not touched where the host controller
 * takes a list of pieces: the transfer refers to it. Headers of segments are made
 * in its own buffer; QMAP's is put before a packet that has the room.
 */

/* Each further piece of a packet costs as much as to copy so many bytes. */
#define FRAME_PIECE_COST	1024

/* Of a packet whose headers are looked at where they are: IPv6's */
#define FRAME_HEAD_MIN		40

/* May lie: packets of AF_PACKET come with numbers of user space's. */
static bool has_bad_checksum(const struct sk_buff *skb)
{
	int start;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return skb_is_gso(skb);
	start = skb_checksum_start_offset(skb);
	return start < 0 ||
	       start + skb->csum_offset + sizeof(__sum16) > skb->len;
}

static bool is_ip(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ||
	       skb->protocol == htons(ETH_P_IPV6);
}

/* May a transfer refer to so many pieces of a packet? */
static bool may_refer(const struct m2m_tx *tx, const struct sk_buff *skb,
		      unsigned int pieces)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	unsigned int i;

	if (pieces + 2 > tx->sg_most || skb_has_frag_list(skb))
		return false;
	/* Not every host controller does DMA. */
	for (i = 0; i < shared->nr_frags; i++)
		if (PageHighMem(skb_frag_page(&shared->frags[i])))
			return false;
	return true;
}

/* How many pieces may the payload of a segment have? 0: it is to be copied. */
static unsigned int segment_pieces(const struct m2m_link *link,
				   const struct sk_buff *skb)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	const struct m2m_tx *tx = &link->port->data->tx;
	unsigned int i, least = link->tso.mss, pieces;

	if (link->tso.mss < M2M_FRAME_PIECE_MIN || !tx->sg_most ||
	    tx->mode != M2M_MODE_QMAP || tx->version == M2M_QMAP_V1 ||
	    !m2m_tso_is_plain(&link->tso))
		return 0;
	/* The last one is no limit to how many others there are. */
	for (i = 0; i + 1 < shared->nr_frags; i++)
		least = min(least, skb_frag_size(&shared->frags[i]));
	if (least < M2M_FRAME_PIECE_MIN)
		return 0;
	pieces = 2 + link->tso.mss / least;
	return may_refer(tx, skb, pieces) ? pieces : 0;
}

/* Fill in @link->tso and where its payload is, or return false. */
static bool understand_large(struct m2m_link *link, const struct sk_buff *skb)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	int transport = skb_checksum_start_offset(skb);
	int network = skb_network_offset(skb);
	struct m2m_tso_packet packet = {
		.len = skb->len,
		.network = network,
		.transport = transport,
		.mss = shared->gso_size,
		.fixed_id = shared->gso_type & SKB_GSO_TCP_FIXEDID,
	};
	u8 buf[sizeof(struct tcphdr)];
	const u8 *tcp;

	link->frag = 0;
	link->frag_at = skb_headlen(skb);
	if (!(shared->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) ||
	    network < 0 || transport > M2M_TSO_HEAD_MAX ||
	    skb->csum_offset != offsetof(struct tcphdr, check))
		return false;
	tcp = skb_header_pointer(skb, transport, sizeof(buf), buf);
	if (!tcp)
		return false;
	packet.head = m2m_tso_head_len(tcp, transport);
	if (!packet.head ||
	    skb_copy_bits(skb, 0, link->tso.head, packet.head) ||
	    !m2m_tso_begin(&link->tso, &packet))
		return false;
	link->pieces = segment_pieces(link, skb);
	return true;
}

enum m2m_link_counter m2m_frame_refusal(struct m2m_link *link,
					const struct sk_buff *skb)
{
	const struct m2m_data *data = link->port->data;
	const struct m2m_tx *tx = &data->tx;
	bool ethernet = tx->mode == M2M_MODE_ETHERNET;
	size_t len = skb->len;
	bool has_header;

	if (link->mux_id) {
		if (tx->mode != M2M_MODE_QMAP)
			return M2M_LINK_tx_no_mux;
	} else {
		has_header = link->net->type == ARPHRD_ETHER;
		if (ethernet != has_header)
			return M2M_LINK_tx_wrong_type;
		if (tx->mode == M2M_MODE_QMAP && !data->mux_id_0_seen)
			return M2M_LINK_tx_mux_id_0_unused;
	}
	if (!ethernet && !is_ip(skb))
		return M2M_LINK_tx_not_ip;
	if (!len || has_bad_checksum(skb))
		return M2M_LINK_tx_bad;
	if (skb_is_gso(skb)) {
		if (!understand_large(link, skb))
			return M2M_LINK_tx_bad;
		len = link->tso.len + link->tso.mss;
	}
	if (tx->head_len + len > tx->frame_max)
		return M2M_LINK_tx_too_big;
	return M2M_FRAME_OK;
}

/* --- bytes on their way ------------------------------------------------------- */

static void put_head(const struct m2m_link *link, u8 *place, size_t len,
		     const struct m2m_qmap_csum *csum)
{
	const struct m2m_tx *tx = &link->port->data->tx;

	if (tx->mode == M2M_MODE_QMAP)
		m2m_qmap_put_head(place, tx->version, link->mux_id, len, csum);
}

/* Part of a packet: @from is where it lies, or NULL if that is not one place. */
struct frame_part {
	const struct sk_buff *skb;
	const u8 *from;
	size_t at;
	size_t len;
};

/* skb_copy_bits() fails only for what is beyond skb->len. */
static void copy(const struct frame_part *part, u8 *to)
{
	if (part->from)
		memcpy(to, part->from, part->len);
	else
		skb_copy_bits(part->skb, part->at, to, part->len);
}

static __wsum copy_and_sum(const struct frame_part *part, u8 *to)
{
	if (part->from)
		return csum_partial_copy_nocheck(part->from, to, part->len);
	return skb_copy_and_csum_bits(part->skb, part->at, to, part->len);
}

/*
 * The checksum of a frame whose first @head bytes stand, with what it starts from
 * in its place; the others are copied.
 */
static void put_summed(const struct frame_part *part, u8 *frame, size_t head)
{
	size_t start = skb_checksum_start_offset(part->skb);
	__wsum above, below;
	__sum16 sum;

	above = csum_partial(frame + start, head - start, 0);
	below = copy_and_sum(part, frame + head);
	sum = csum_fold(csum_block_add(above, below, head - start));
	/* 0 would mean that there is none. */
	if (!sum)
		sum = CSUM_MANGLED_0;
	memcpy(frame + start + part->skb->csum_offset, &sum, sizeof(sum));
}

static struct frame_part part_of(const struct sk_buff *skb, size_t at, size_t len)
{
	return (struct frame_part) {
		.skb = skb,
		.from = at + len <= skb_headlen(skb) ? skb->data + at : NULL,
		.at = at,
		.len = len,
	};
}

/* --- packets ------------------------------------------------------------------ */

/* Returns false where the modem does not compute it. */
static bool leave_checksum(struct m2m_link *link, const struct sk_buff *skb,
			   u8 *frame, struct m2m_qmap_csum *ret_csum)
{
	const struct m2m_tx *tx = &link->port->data->tx;

	if (tx->mode != M2M_MODE_QMAP ||
	    !m2m_qmap_leave_csum(tx->version, frame, skb->len,
				 skb_checksum_start_offset(skb),
				 skb->csum_offset, ret_csum))
		return false;
	m2m_link_count(link, M2M_LINK_tx_checksums);
	return true;
}

/* Inlined, what it has on the stack would be cleared and guarded for every packet. */
static noinline void put_partial(struct m2m_link *link, const struct sk_buff *skb,
				 u8 *place)
{
	size_t head = skb_checksum_start_offset(skb) + skb->csum_offset +
		      sizeof(__sum16);
	u8 *frame = place + link->port->data->tx.head_len;
	struct m2m_qmap_csum csum;
	struct frame_part part;

	part = part_of(skb, 0, head);
	copy(&part, frame);
	part = part_of(skb, head, skb->len - head);
	if (leave_checksum(link, skb, frame, &csum)) {
		copy(&part, frame + head);
		put_head(link, place, skb->len, &csum);
	} else {
		put_summed(&part, frame, head);
		put_head(link, place, skb->len, NULL);
	}
}

void m2m_frame_put(struct m2m_link *link, const struct sk_buff *skb, u8 *place)
{
	u8 *frame = place + link->port->data->tx.head_len;

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		put_partial(link, skb, place);
		return;
	}
	if (skb_is_nonlinear(skb))
		skb_copy_bits(skb, 0, frame, skb->len);
	else
		memcpy(frame, skb->data, skb->len);
	put_head(link, place, skb->len, NULL);
}

/* --- packets that stay where they are ------------------------------------------ */

/* QMAP's header lies before the packet, or in @place. */
void m2m_frame_refer(struct m2m_link *link, struct sk_buff *skb,
		     const struct m2m_tx_frame *frame, u8 *place)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	struct m2m_tx *tx = &link->port->data->tx;
	size_t len = skb_headlen(skb);
	u8 *from = skb->data;
	const skb_frag_t *frag;

	if (!frame->room.copied) {
		from -= tx->head_len;
		len += tx->head_len;
		place = from;
	}
	put_head(link, place, skb->len, frame->leaves ? &frame->csum : NULL);
	m2m_tx_hold_skb(tx, skb);
	m2m_tx_refer(tx, virt_to_page(from), offset_in_page(from), len);
	for (frag = shared->frags; frag < shared->frags + shared->nr_frags; frag++)
		m2m_tx_refer(tx, skb_frag_page(frag), skb_frag_off(frag),
			     skb_frag_size(frag));
	m2m_link_count(link, M2M_LINK_tx_in_place);
	if (frame->leaves)
		m2m_link_count(link, M2M_LINK_tx_checksums);
}

bool m2m_frame_refers(struct m2m_link *link, const struct sk_buff *skb,
		      struct m2m_tx_frame *ret_frame)
{
	const struct m2m_tx *tx = &link->port->data->tx;
	unsigned int pieces = 1 + skb_shinfo(skb)->nr_frags;
	bool before = skb_headroom(skb) >= tx->head_len &&
		      !skb_header_cloned(skb);

	if (skb_headlen(skb) < FRAME_HEAD_MIN ||
	    skb->len < M2M_FRAME_PIECE_MIN + FRAME_PIECE_COST * (pieces - 1) ||
	    !may_refer(tx, skb, pieces))
		return false;
	ret_frame->room = (struct m2m_tx_room) {
		.len = tx->head_len + skb->len,
		.copied = before ? 0 : tx->head_len,
		.pieces = pieces,
	};
	ret_frame->leaves = skb->ip_summed == CHECKSUM_PARTIAL;
	/* In v4, the packet itself would be changed. */
	return !ret_frame->leaves ||
	       (tx->mode == M2M_MODE_QMAP && tx->version == M2M_QMAP_V5 &&
		m2m_qmap_leave_csum(tx->version, skb->data, skb->len,
				    skb_checksum_start_offset(skb),
				    skb->csum_offset, &ret_frame->csum));
}

/* --- segments ----------------------------------------------------------------- */

/*
 * Where @len bytes of a large packet lie that begin at @at, or NULL if that is not
 * one place; fragments before them are not looked at again.
 */
static const u8 *find_payload(struct m2m_link *link, const struct sk_buff *skb,
			      size_t at, size_t len)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	const skb_frag_t *frag;
	size_t end;

	if (at < link->frag_at)
		return at + len <= skb_headlen(skb) ? skb->data + at : NULL;
	for (; link->frag < shared->nr_frags; link->frag++) {
		frag = &shared->frags[link->frag];
		end = link->frag_at + skb_frag_size(frag);
		if (at < end)
			return at + len <= end &&
			       !PageHighMem(skb_frag_page(frag)) ?
			       skb_frag_address(frag) + (at - link->frag_at) :
			       NULL;
		link->frag_at = end;
	}
	return NULL;
}

static struct frame_part next_part(struct m2m_link *link,
				   const struct sk_buff *skb)
{
	size_t at = skb->len - link->tso.left;
	size_t len = m2m_tso_payload(&link->tso);

	return (struct frame_part) {
		.skb = skb,
		.from = find_payload(link, skb, at, len),
		.at = at,
		.len = len,
	};
}

/* The modem is known to compute the checksum of plain TCP. */
static bool leave_tcp(struct m2m_link *link, u8 *frame,
		      struct m2m_qmap_csum *ret_csum)
{
	const struct m2m_tx *tx = &link->port->data->tx;

	return tx->mode == M2M_MODE_QMAP && m2m_tso_is_plain(&link->tso) &&
	       m2m_qmap_leave_tcp(tx->version, frame, link->tso.transport,
				  ret_csum);
}

static void count_segments(struct m2m_link *link, unsigned int n, bool left)
{
	atomic_long_add(n, &link->counters[M2M_LINK_tx_segments]);
	if (left)
		atomic_long_add(n, &link->counters[M2M_LINK_tx_checksums]);
}

static void refer_payload(struct m2m_link *link, struct sk_buff *skb, size_t at,
			  size_t len)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	struct m2m_tx *tx = &link->port->data->tx;
	const skb_frag_t *frag;
	size_t n, end;
	const u8 *from;

	m2m_tx_hold_skb(tx, skb);
	if (at < skb_headlen(skb)) {
		from = skb->data + at;
		n = min(len, skb_headlen(skb) - at);
		m2m_tx_refer(tx, virt_to_page(from), offset_in_page(from), n);
		at += n;
		len -= n;
	}
	for (; len && link->frag < shared->nr_frags; link->frag++) {
		frag = &shared->frags[link->frag];
		end = link->frag_at + skb_frag_size(frag);
		if (at < end) {
			n = min(len, end - at);
			m2m_tx_refer(tx, skb_frag_page(frag),
				     skb_frag_off(frag) + at - link->frag_at, n);
			at += n;
			len -= n;
		}
		if (at < end)
			break;
		link->frag_at = end;
	}
}

/* Headers are in @place, and the payload is where it was. */
static void put_segment_reference(struct m2m_link *link, struct sk_buff *skb,
				  u8 *place)
{
	u8 *frame = place + link->port->data->tx.head_len;
	size_t at = skb->len - link->tso.left, len;
	struct m2m_qmap_csum csum;

	len = m2m_tso_next(&link->tso, frame);
	/* m2m_frame_refusal() has found that it can be. */
	leave_tcp(link, frame, &csum);
	put_head(link, place, link->tso.len + len, &csum);
	refer_payload(link, skb, at, len);
	m2m_link_count(link, M2M_LINK_tx_in_place);
	count_segments(link, 1, true);
}

static void put_segment_copy(struct m2m_link *link, const struct sk_buff *skb,
			     u8 *place)
{
	struct frame_part part = next_part(link, skb);
	u8 *frame = place + link->port->data->tx.head_len;
	size_t head = link->tso.len;
	struct m2m_qmap_csum csum;
	bool leaves;

	m2m_tso_next(&link->tso, frame);
	leaves = leave_tcp(link, frame, &csum);
	if (leaves)
		copy(&part, frame + head);
	else
		put_summed(&part, frame, head);
	put_head(link, place, head + part.len, leaves ? &csum : NULL);
	count_segments(link, 1, leaves);
}

void m2m_frame_put_segment(struct m2m_link *link, struct sk_buff *skb, u8 *place)
{
	if (link->pieces)
		put_segment_reference(link, skb, place);
	else
		put_segment_copy(link, skb, place);
}

unsigned int m2m_frame_put_run(struct m2m_link *link, const struct sk_buff *skb,
			       u8 *place, unsigned int most)
{
	size_t before = link->port->data->tx.head_len;
	u8 heads[QMAP_HEAD_MAX + M2M_TSO_HEAD_MAX];
	struct m2m_tso *tso = &link->tso;
	size_t len = before + tso->len, at = skb->len - tso->left;
	struct m2m_qmap_csum csum;
	const u8 *from;
	unsigned int n;

	m2m_tso_full(tso, heads + before);
	if (!leave_tcp(link, heads + before, &csum))
		return 0;
	put_head(link, heads, tso->len + tso->mss, &csum);
	for (n = 0; n < most; n++, at += tso->mss) {
		from = find_payload(link, skb, at, tso->mss);
		if (!from)
			break;
		memcpy(place, heads, len);
		memcpy(place + len, from, tso->mss);
		place += len + tso->mss;
		m2m_tso_step(tso, heads + before);
	}
	count_segments(link, n, true);
	return n;
}
