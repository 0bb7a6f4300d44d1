// SPDX-License-Identifier: GPL-2.0-or-later
/* Which TCP segments may become one; knows no skb. */
#include "inet.h"
#include "merge.h"

#define IPV4_LEN		20
#define IPV4_DF			0x40
#define IPV6_LEN		40
#define TCP_LEN			20
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

static u64 load64(const u8 *p)
{
	u64 value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static bool same32(const u8 *a, const u8 *b, size_t at)
{
	u32 x, y;

	memcpy(&x, a + at, sizeof(x));
	memcpy(&y, b + at, sizeof(y));
	return x == y;
}

static bool same64(const u8 *a, const u8 *b, size_t at)
{
	return load64(a + at) == load64(b + at);
}

static u32 fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* What stays the same while length, id and checksum change together */
static u16 v4_sum(const u8 *ip)
{
	return fold(pure_be16(ip + 2) + pure_be16(ip + 4) +
		    pure_be16(ip + 10));
}

static u32 hash(const u8 *packet, const struct m2m_segment *segment)
{
	const u8 *tcp = packet + segment->transport;
	u32 ports, address;

	memcpy(&ports, tcp, sizeof(ports));
	memcpy(&address, tcp - sizeof(address), sizeof(address));
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
	if (inet->version == 4 && (inet->transport != IPV4_LEN ||
				  packet[6] & ~IPV4_DF || packet[7] ||
				  pure_be16(packet + 10) == 0xffff))
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

/* Does the id go on as it did? The second segment decides which way. */
static bool is_id_next(const struct m2m_merge_flow *flow, const u8 *ip)
{
	u16 id = pure_be16(ip + 4);
	bool next = id == (u16)(flow->last_id + 1);

	if (flow->segments > 1)
		return flow->fixed_id ? id == flow->last_id : next;
	return next || (id == flow->last_id && ip[6] & IPV4_DF);
}

static bool is_v4_next(const struct m2m_merge_flow *flow, const u8 *ip,
		       size_t len)
{
	return pure_be16(ip + 2) == len && pure_be16(ip + 10) != 0xffff &&
	       v4_sum(ip) == flow->v4_sum && is_id_next(flow, ip);
}

/* Eight bytes at a time; the last ones overlap where the length is no multiple. */
static bool is_alike(const struct m2m_merge_flow *flow, const u8 *packet)
{
	const u8 *mask = flow->first.version == 4 ? common_v4 : common_v6;
	size_t last = flow->first.head - sizeof(u64), at;
	const u8 *head = flow->head;
	u64 differs;

	differs = (load64(packet + last) ^ load64(head + last)) &
		  load64(mask + last);
	for (at = 0; at < last; at += sizeof(u64))
		differs |= (load64(packet + at) ^ load64(head + at)) &
			   load64(mask + at);
	return !differs;
}

/*
 * Whatever was found right of the first segment is right of one whose headers are
 * the same; what is left are the bytes that differ, and the length.
 */
static bool is_next(const struct m2m_merge_flow *flow, const u8 *packet,
		    size_t len)
{
	const struct m2m_segment *first = &flow->first;
	const u8 *tcp = packet + first->transport;

	if (len <= first->head || len - first->head > first->payload ||
	    pure_be32(tcp + 4) != flow->next_seq)
		return false;
	if (flow->payload + len > TOTAL_MAX ||
	    pure_be16(tcp + TCP_CHECK) == 0xffff || !is_alike(flow, packet))
		return false;
	return first->version == 4 ? is_v4_next(flow, packet, len) :
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

static void add(struct m2m_merge_flow *flow, const u8 *packet, size_t payload)
{
	flow->segments++;
	flow->payload += payload;
	flow->next_seq += payload;
	if (flow->first.version == 4)
		flow->last_id = pure_be16(packet + 4);
}

void m2m_merge_add(struct m2m_merge *merge, struct m2m_merge_flow *flow,
		   const u8 *packet, size_t len)
{
	size_t payload = len - flow->first.head;

	if (flow->segments == 1 && flow->first.version == 4)
		flow->fixed_id = pure_be16(packet + 4) == flow->last_id;
	flow->push = packet[flow->first.transport + TCP_FLAGS] & FLAG_PSH;
	add(flow, packet, payload);
	if (flow->push || payload < flow->first.payload ||
	    flow->segments == M2M_MERGE_SEGMENTS)
		m2m_merge_end(merge, flow);
}

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

struct m2m_merge_flow *m2m_merge_open(struct m2m_merge *merge,
				      const struct m2m_segment *segment)
{
	const u8 *packet = segment->packet;
	const u8 *tcp = packet + segment->transport;
	struct m2m_merge_flow *flow;

	m2m_merge_end_of(merge, segment);
	/* Nothing follows a push, and a wrong IP header is not to be mended. */
	if (tcp[TCP_FLAGS] & FLAG_PSH ||
	    (segment->version == 4 &&
	     m2m_inet_sum(packet, IPV4_LEN, 0) != 0xffff))
		return NULL;
	flow = make_room(merge);
	memcpy(flow->head, packet, segment->head);
	flow->first = *segment;
	flow->first.packet = flow->head;
	flow->segments = 0;
	flow->payload = 0;
	flow->next_seq = pure_be32(tcp + 4);
	flow->fixed_id = false;
	flow->push = false;
	if (segment->version == 4)
		flow->v4_sum = v4_sum(packet);
	add(flow, packet, segment->payload);
	merge->last = flow - merge->flows;
	merge->n_open++;
	return flow;
}

void m2m_merge_end(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
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
	u32 len = flow->first.head + flow->payload;
	u8 *tcp = head + flow->first.transport;
	const struct m2m_inet inet = {
		.version = flow->first.version,
		.protocol = INET_TCP,
		.transport = flow->first.transport,
		.len = len,
	};

	if (inet.version == 4) {
		pure_put_be16(head + 2, len);
		pure_put_be16(head + 10, 0);
		pure_put_be16(head + 10, ~m2m_inet_sum(head, IPV4_LEN, 0));
	} else {
		pure_put_be16(head + 4, len - inet.transport);
	}
	if (flow->push)
		tcp[TCP_FLAGS] |= FLAG_PSH;
	pure_put_be16(tcp + TCP_CHECK, m2m_inet_pseudo_sum(head, &inet));
}
