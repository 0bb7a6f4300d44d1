// SPDX-License-Identifier: GPL-2.0-or-later
/* Which TCP segments may become one; knows no skb. */
#include "inet.h"
#include "merge.h"

#define IPV4_LEN		20
#define IPV4_ID			4
#define IPV4_CHECK		10
#define IPV4_DF			0x40
#define IPV6_LEN		40
#define TCP_LEN			20
#define TCP_SEQ			4
#define TCP_FLAGS		13
#define TCP_CHECK		16

#define FLAG_PSH		0x08
#define FLAG_ACK		0x10
#define FLAG_ECE		0x40

#define TOTAL_MAX		0xffff

/*
 * Bits of the headers that all segments of a flow have in common. The others are
 * lengths, IPv4's id, checksums, sequence number and PSH.
 */
static const u8 common_v4[M2M_MERGE_HEAD_MAX] = {
	[0 ... 1] = 0xff,
	[6 ... 9] = 0xff,
	[12 ... 23] = 0xff,
	[28 ... 32] = 0xff,
	[33] = 0xff & ~FLAG_PSH,
	[34 ... 35] = 0xff,
	[38 ... M2M_MERGE_HEAD_MAX - 1] = 0xff,
};

static const u8 common_v6[M2M_MERGE_HEAD_MAX] = {
	[0 ... 3] = 0xff,
	[6 ... 43] = 0xff,
	[48 ... 52] = 0xff,
	[53] = 0xff & ~FLAG_PSH,
	[54 ... 55] = 0xff,
	[58 ... M2M_MERGE_HEAD_MAX - 1] = 0xff,
};

static inline bool same16(const u8 *a, const u8 *b, size_t at)
{
	u16 x, y;

	memcpy(&x, a + at, sizeof(x));
	memcpy(&y, b + at, sizeof(y));
	return x == y;
}

static inline bool same32(const u8 *a, const u8 *b, size_t at)
{
	u32 x, y;

	memcpy(&x, a + at, sizeof(x));
	memcpy(&y, b + at, sizeof(y));
	return x == y;
}

static bool same64(const u8 *a, const u8 *b, size_t at)
{
	return pure_load64(a + at) == pure_load64(b + at);
}

static u32 fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* What stays the same while length, id and checksum change together */
static u16 v4_sum(const u8 *ip)
{
	return fold(pure_be16(ip + 2) + pure_be16(ip + IPV4_ID) +
		    pure_be16(ip + IPV4_CHECK));
}

/* Of what is_same_flow() compares: options of IPv4 are no part of it */
static u32 hash(const u8 *packet, const struct m2m_segment *segment)
{
	size_t address_at = segment->version == 4 ? IPV4_LEN : IPV6_LEN;
	u32 ports, address;

	memcpy(&ports, packet + segment->transport, sizeof(ports));
	memcpy(&address, packet + address_at - sizeof(address), sizeof(address));
	return ports ^ address ^ segment->mux_id;
}

/* Its payload, in order, is all there is to say of it. */
static bool is_ordinary(const u8 *tcp, u16 payload)
{
	u8 flags = tcp[TCP_FLAGS];

	return payload && flags & FLAG_ACK && !(tcp[12] & 0x0f) &&
	       !(flags & ~(FLAG_ACK | FLAG_PSH | FLAG_ECE)) &&
	       pure_be16(tcp + TCP_CHECK) != 0xffff;
}

enum m2m_segment_kind m2m_segment_parse(const u8 *packet, size_t len, u8 mux_id,
					const struct m2m_inet *inet,
					struct m2m_segment *ret_segment)
{
	size_t head;

	if (inet->protocol != INET_TCP)
		return M2M_SEGMENT_UDP;
	head = inet->transport + (packet[inet->transport + 12] >> 4) * 4;
	if (head < (size_t)inet->transport + TCP_LEN || head > inet->len)
		return M2M_SEGMENT_OTHER;
	*ret_segment = (struct m2m_segment) {
		.packet = packet,
		.mux_id = mux_id,
		.version = inet->version,
		.transport = inet->transport,
		.head = head,
		.payload = inet->len - head,
	};
	ret_segment->hash = hash(packet, ret_segment);
	if (inet->len != len || head > M2M_MERGE_HEAD_MAX ||
	    !is_ordinary(packet + inet->transport, ret_segment->payload))
		return M2M_SEGMENT_ALONE;
	if (inet->version == 4 &&
	    (inet->transport != IPV4_LEN || packet[6] & ~IPV4_DF ||
	     packet[7] || pure_be16(packet + IPV4_CHECK) == 0xffff))
		return M2M_SEGMENT_ALONE;
	return M2M_SEGMENT_TCP;
}

static bool is_same_flow(const struct m2m_segment *a,
			 const struct m2m_segment *b)
{
	const u8 *x = a->packet, *y = b->packet;

	if (a->hash != b->hash || a->mux_id != b->mux_id ||
	    a->version != b->version)
		return false;
	if (!same32(x + a->transport, y + b->transport, 0))
		return false;
	if (a->version == 4)
		return same64(x, y, 12);
	return same64(x, y, 8) && same64(x, y, 16) &&
	       same64(x, y, 24) && same64(x, y, 32);
}

static struct m2m_merge_flow *find(struct m2m_merge *merge,
				   const struct m2m_segment *segment)
{
	struct m2m_merge_flow *flow;
	unsigned int i;

	if (!merge->n_open)
		return NULL;
	for (i = 0; i < M2M_MERGE_FLOWS; i++) {
		flow = &merge->flows[i];
		if (flow->segments && flow->first.hash == segment->hash &&
		    is_same_flow(&flow->first, segment))
			return flow;
	}
	return NULL;
}

static inline bool has_common_sum(const u8 *tcp)
{
	return pure_be16(tcp + TCP_CHECK) != 0xffff;
}

/* --- one that was foreseen -------------------------------------------------------- */

static inline u64 differs64(const u8 *a, const u8 *b, size_t at)
{
	return pure_load64(a + at) ^ pure_load64(b + at);
}

/* TCP's header but for the sequence number's and the checksum's four and two bytes */
static inline bool is_foreseen_tcp(const u8 *tcp, const u8 *next, size_t len)
{
	size_t at;

	if (!same32(tcp, next, 12) || !same16(tcp, next, 18))
		return false;
	for (at = TCP_LEN; at < len; at += sizeof(u32))
		if (!same32(tcp, next, at))
			return false;
	return true;
}

/* Eight bytes at a time. */
static inline bool is_foreseen_v4(const u8 *packet, const u8 *next)
{
	return !(differs64(packet, next, 0) | differs64(packet, next, 8) |
		 differs64(packet, next, 16) | differs64(packet, next, 24));
}

static bool is_foreseen_v6(const u8 *packet, const u8 *next)
{
	return !(differs64(packet, next, 0) | differs64(packet, next, 8) |
		 differs64(packet, next, 16) | differs64(packet, next, 24) |
		 differs64(packet, next, 32) | differs64(packet, next, 40) |
		 differs64(packet, next, 44));
}

/* Exactly what was foreseen: the next segment, as long as the first, no push */
static inline bool is_foreseen(const u8 *packet, const u8 *next, size_t at,
			       size_t head)
{
	if (!has_common_sum(packet + at))
		return false;
	if (at == IPV4_LEN ? !is_foreseen_v4(packet, next) :
			     !is_foreseen_v6(packet, next))
		return false;
	return is_foreseen_tcp(packet + at, next + at, head - at);
}

static inline void foresee(struct m2m_merge_flow *flow)
{
	u8 *seq = flow->next + flow->first.transport + TCP_SEQ;

	pure_put_be32(seq, pure_be32(seq) + flow->first.payload);
	if (flow->counts)
		m2m_inet_next_id(flow->next);
}

/* --- one that may be shorter, or the last ----------------------------------------- */

/* Eight bytes at a time; the last ones overlap where the length is no multiple. */
static bool is_alike(const struct m2m_merge_flow *flow, const u8 *packet)
{
	const u8 *mask = flow->first.version == 4 ? common_v4 : common_v6;
	size_t last = flow->first.head - sizeof(u64), at;
	u64 differs;

	differs = differs64(packet, flow->next, last) & pure_load64(mask + last);
	for (at = 0; at < last; at += sizeof(u64))
		differs |= differs64(packet, flow->next, at) &
			   pure_load64(mask + at);
	return !differs;
}

/* Does the id go on as it did? The second segment decides which way. */
static bool is_id_next(const struct m2m_merge_flow *flow, const u8 *ip)
{
	u16 next = pure_be16(flow->next + IPV4_ID);
	u16 id = pure_be16(ip + IPV4_ID);

	return id == next || (flow->segments == 1 && ip[6] & IPV4_DF &&
			      id == (u16)(next - 1));
}

static bool is_v4_next(const struct m2m_merge_flow *flow, const u8 *ip,
		       size_t len)
{
	return pure_be16(ip + 2) == len &&
	       pure_be16(ip + IPV4_CHECK) != 0xffff &&
	       v4_sum(ip) == v4_sum(flow->next) && is_id_next(flow, ip);
}

/*
 * Whatever was found right of the first segment is right of one whose headers are
 * the same; what is left are the bytes that differ, and the length.
 */
static bool is_next(const struct m2m_merge_flow *flow, const u8 *packet,
		    size_t len)
{
	bool v4 = flow->first.version == 4;

	if (len <= flow->first.head || len > flow->len ||
	    !same32(packet + flow->first.transport,
		    flow->next + flow->first.transport, TCP_SEQ))
		return false;
	if (!has_common_sum(packet + flow->first.transport) ||
	    !is_alike(flow, packet))
		return false;
	return v4 ? is_v4_next(flow, packet, len) :
		    pure_be16(packet + 4) == len - IPV6_LEN;
}

struct m2m_merge_flow *m2m_merge_match(struct m2m_merge *merge,
				       const u8 *packet, size_t len, u8 mux_id)
{
	unsigned int i, at = merge->last;
	struct m2m_merge_flow *flow;

	if (!merge->n_open)
		return NULL;
	for (i = 0; i < M2M_MERGE_FLOWS; i++) {
		flow = &merge->flows[at];
		if (flow->segments && flow->first.mux_id == mux_id &&
		    is_next(flow, packet, len)) {
			merge->last = at;
			return flow;
		}
		at = (at + 1) % M2M_MERGE_FLOWS;
	}
	return NULL;
}

void m2m_merge_inet(const struct m2m_merge_flow *flow, size_t len,
		    struct m2m_inet *ret_inet)
{
	*ret_inet = (struct m2m_inet) {
		.version = flow->first.version,
		.protocol = INET_TCP,
		.transport = flow->first.transport,
		.len = len,
	};
}

void m2m_merge_add(struct m2m_merge *merge, struct m2m_merge_flow *flow,
		   const u8 *packet, size_t len,
		   const struct m2m_merge_piece *piece)
{
	/* The second one decides whether ids count, and both were foreseen to. */
	if (flow->segments == 1 && flow->counts &&
	    !same16(packet, flow->next, IPV4_ID)) {
		memcpy(flow->next + IPV4_ID, packet + IPV4_ID, sizeof(u16));
		memcpy(flow->next + IPV4_CHECK, flow->head + IPV4_CHECK,
		       sizeof(u16));
		flow->counts = false;
	}
	flow->push = packet[flow->first.transport + TCP_FLAGS] & FLAG_PSH;
	flow->pieces[flow->segments++] = *piece;
	flow->payload += len - flow->first.head;
	foresee(flow);
	if (flow->push || len < flow->len || flow->segments == flow->most)
		m2m_merge_end(merge, flow);
}

/* --- many in a row ------------------------------------------------------------------ */

/* Ports and sequence number: who has these, and no other, is asked for the rest. */
static inline struct m2m_merge_flow *find_next(struct m2m_merge *merge,
					       const u8 *packet, size_t len,
					       u8 mux_id)
{
	unsigned int i, at = merge->last;
	struct m2m_merge_flow *flow;

	for (i = 0; i < M2M_MERGE_FLOWS; i++) {
		flow = &merge->flows[at];
		if (flow->segments && flow->len == len &&
		    flow->first.mux_id == mux_id &&
		    !differs64(packet, flow->next, flow->first.transport)) {
			merge->last = at;
			return flow;
		}
		at = (at + 1) % M2M_MERGE_FLOWS;
	}
	return NULL;
}

/* Of one flow, for as long as nothing else comes */
static unsigned int run(struct m2m_merge *merge, struct m2m_merge_flow *flow,
			struct m2m_qmap_cursor *cursor,
			const struct m2m_qmap_frame *frame, unsigned int limit)
{
	u32 head = flow->first.head, payload = flow->first.payload;
	u8 *seq = flow->next + flow->first.transport + TCP_SEQ;
	u32 at = flow->first.transport, expected = pure_be32(seq);
	bool counts = flow->counts;
	u32 cost = payload * merge->charge / M2M_MERGE_CHARGE;
	struct m2m_merge_piece *piece = &flow->pieces[flow->segments];
	unsigned int n, most = flow->most - flow->segments;
	struct m2m_qmap_cursor walk = *cursor;
	const u8 *packet;

	if (most > limit)
		most = limit;
	for (n = 0; n < most && m2m_qmap_repeats(&walk, frame); n++) {
		packet = walk.data + walk.at + QMAP_HEAD_MAX;
		if (!is_foreseen(packet, flow->next, at, head))
			break;
		piece->owner = merge->source;
		piece->offset = packet + head - merge->base;
		piece->cost = cost;
		piece++;
		/* As foresee(), which has to look up what stays the same. */
		expected += payload;
		pure_put_be32(seq, expected);
		if (counts)
			m2m_inet_next_id(flow->next);
		walk.at += frame->size;
	}
	*cursor = walk;
	flow->segments += n;
	flow->payload += n * payload;
	if (flow->segments == flow->most)
		m2m_merge_end(merge, flow);
	return n;
}

unsigned int m2m_merge_run(struct m2m_merge *merge,
			   struct m2m_qmap_cursor *cursor,
			   const struct m2m_qmap_frame *frame,
			   unsigned int limit)
{
	struct m2m_merge_flow *flow;
	unsigned int n, done = 0;

	while (done < limit && merge->n_open && m2m_qmap_repeats(cursor, frame)) {
		flow = find_next(merge, cursor->data + cursor->at + QMAP_HEAD_MAX,
				 frame->len, frame->mux_id);
		n = flow ? run(merge, flow, cursor, frame, limit - done) : 0;
		if (!n)
			break;
		done += n;
	}
	return done;
}

/* --- flows -------------------------------------------------------------------------- */

static struct m2m_merge_flow *make_room(struct m2m_merge *merge)
{
	struct m2m_merge_flow *flow;
	unsigned int i;

	for (i = 0; i < M2M_MERGE_FLOWS; i++)
		if (!merge->flows[i].segments)
			return &merge->flows[i];
	flow = &merge->flows[merge->victim];
	merge->victim = (merge->victim + 1) % M2M_MERGE_FLOWS;
	m2m_merge_end(merge, flow);
	return flow;
}

bool m2m_merge_can_open(struct m2m_merge *merge,
			const struct m2m_segment *segment)
{
	const u8 *packet = segment->packet;

	if (merge->lonely >= M2M_MERGE_LONELY &&
	    ++merge->refused % M2M_MERGE_CHANCE)
		return false;
	if (packet[segment->transport + TCP_FLAGS] & FLAG_PSH ||
	    segment->head + 2 * segment->payload > TOTAL_MAX)
		return false;
	return segment->version != 4 ||
	       m2m_inet_sum(packet, IPV4_LEN, 0) == 0xffff;
}

unsigned int m2m_merge_refusals(const struct m2m_merge *merge)
{
	if (merge->n_open || merge->lonely < M2M_MERGE_LONELY)
		return 0;
	return M2M_MERGE_CHANCE - 1 - merge->refused % M2M_MERGE_CHANCE;
}

/* How many fit into an IP packet */
static u16 most_of(const struct m2m_segment *segment)
{
	u32 most = (TOTAL_MAX - segment->head) / segment->payload;

	return most < M2M_MERGE_SEGMENTS ? most : M2M_MERGE_SEGMENTS;
}

struct m2m_merge_flow *m2m_merge_open(struct m2m_merge *merge,
				      const struct m2m_segment *segment,
				      const struct m2m_merge_piece *piece)
{
	const u8 *packet = segment->packet;
	struct m2m_merge_flow *flow;
	bool v4 = segment->version == 4;

	m2m_merge_end_of(merge, segment);
	flow = make_room(merge);
	memcpy(flow->head, packet, segment->head);
	memcpy(flow->next, packet, segment->head);
	flow->first = *segment;
	flow->first.packet = flow->head;
	flow->len = segment->head + segment->payload;
	flow->most = most_of(segment);
	flow->segments = 1;
	flow->payload = segment->payload;
	flow->counts = v4;
	flow->push = false;
	flow->pieces[0] = *piece;
	foresee(flow);
	merge->last = flow - merge->flows;
	merge->n_open++;
	return flow;
}

void m2m_merge_end(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
	merge->lonely = flow->segments == 1 ? merge->lonely + 1 : 0;
	merge->emit(merge, flow);
	flow->segments = 0;
	merge->n_open--;
}

void m2m_merge_end_of(struct m2m_merge *merge,
		      const struct m2m_segment *segment)
{
	struct m2m_merge_flow *flow = find(merge, segment);

	if (flow)
		m2m_merge_end(merge, flow);
}

void m2m_merge_end_all(struct m2m_merge *merge)
{
	unsigned int i;

	for (i = 0; i < M2M_MERGE_FLOWS && merge->n_open; i++)
		if (merge->flows[i].segments)
			m2m_merge_end(merge, &merge->flows[i]);
}

void m2m_merge_head(const struct m2m_merge_flow *flow, u8 *head)
{
	u16 len = flow->first.head + flow->payload;
	u8 *tcp = head + flow->first.transport;
	struct m2m_inet inet;
	u32 sum;

	m2m_merge_inet(flow, len, &inet);
	if (inet.version == 4) {
		/* It was right of the length of one. */
		sum = pure_be16(head + IPV4_CHECK) + flow->len + (u16)~len;
		pure_put_be16(head + 2, len);
		pure_put_be16(head + IPV4_CHECK, fold(sum) % 0xffff);
	} else {
		pure_put_be16(head + 4, len - inet.transport);
	}
	if (flow->push)
		tcp[TCP_FLAGS] |= FLAG_PSH;
	pure_put_be16(tcp + TCP_CHECK, m2m_inet_pseudo_sum(head, &inet));
}
