// SPDX-License-Identifier: GPL-2.0-or-later
/* Which TCP segments may become one; knows no skb. */
#include "inet.h"
#include "merge.h"

#define IPV4_LEN		20
#define IPV4_DF			0x40
#define TCP_LEN			20
#define TCP_FLAGS		13
#define TCP_CHECK		16

#define FLAG_PSH		0x08
#define FLAG_ACK		0x10
#define FLAG_ECE		0x40

#define TOTAL_MAX		0xffff

/* A field of so many bits is the same in both. */
static bool same16(const u8 *a, const u8 *b, size_t at)
{
	return pure_be16(a + at) == pure_be16(b + at);
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
	u64 x, y;

	memcpy(&x, a + at, sizeof(x));
	memcpy(&y, b + at, sizeof(y));
	return x == y;
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

/* A fragment, and everything beyond plain headers, is not m2m_inet_parse()'s. */
enum m2m_segment_kind m2m_segment_parse(const u8 *packet, size_t len, u8 mux_id,
					struct m2m_segment *ret_segment)
{
	struct m2m_inet inet;
	size_t head;

	if (!m2m_inet_parse(packet, len, &inet))
		return M2M_SEGMENT_OTHER;
	if (inet.protocol != INET_TCP)
		return M2M_SEGMENT_UDP;
	head = inet.transport + (packet[inet.transport + 12] >> 4) * 4;
	if (head < (size_t)inet.transport + TCP_LEN || head > inet.len)
		return M2M_SEGMENT_OTHER;
	*ret_segment = (struct m2m_segment) {
		.packet = packet,
		.mux_id = mux_id,
		.version = inet.version,
		.transport = inet.transport,
		.head = head,
		.payload = inet.len - head,
	};
	ret_segment->hash = hash(packet, ret_segment);
	if (inet.len != len || head > M2M_MERGE_HEAD_MAX ||
	    !is_ordinary(packet + inet.transport, ret_segment->payload))
		return M2M_SEGMENT_ALONE;
	if (inet.version == 4 && (inet.transport != IPV4_LEN ||
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

static bool is_ip_alike(const struct m2m_merge_flow *flow, const u8 *ip)
{
	const u8 *head = flow->head;

	if (flow->first.version == 6)
		return same32(head, ip, 0) && same16(head, ip, 6);
	return same16(head, ip, 0) && same32(head, ip, 6) &&
	       v4_sum(ip) == flow->v4_sum && is_id_next(flow, ip);
}

static bool is_tcp_alike(const struct m2m_merge_flow *flow,
			 const struct m2m_segment *segment)
{
	const u8 *a = flow->head + flow->first.transport;
	const u8 *b = segment->packet + segment->transport;
	size_t options = segment->head - segment->transport - TCP_LEN;

	if ((a[TCP_FLAGS] ^ b[TCP_FLAGS]) & ~FLAG_PSH)
		return false;
	return a[12] == b[12] && same32(a, b, 8) && same16(a, b, 14) &&
	       same16(a, b, 18) &&
	       (!options || !memcmp(a + TCP_LEN, b + TCP_LEN, options));
}

static bool may_join(const struct m2m_merge_flow *flow,
		     const struct m2m_segment *segment)
{
	const u8 *tcp = segment->packet + segment->transport;

	return segment->head == flow->first.head &&
	       segment->payload <= flow->first.payload &&
	       flow->first.head + flow->payload + segment->payload <=
	       TOTAL_MAX &&
	       pure_be32(tcp + 4) == flow->next_seq &&
	       is_ip_alike(flow, segment->packet) &&
	       is_tcp_alike(flow, segment);
}

static void add(struct m2m_merge_flow *flow, const struct m2m_segment *segment)
{
	const u8 *tcp = segment->packet + segment->transport;

	flow->segments++;
	flow->payload += segment->payload;
	flow->next_seq += segment->payload;
	flow->push = tcp[TCP_FLAGS] & FLAG_PSH;
	if (segment->version == 4)
		flow->last_id = pure_be16(segment->packet + 4);
}

struct m2m_merge_flow *m2m_merge_join(struct m2m_merge *merge,
				      const struct m2m_segment *segment)
{
	struct m2m_merge_flow *flow = find(merge, segment);

	if (!flow)
		return NULL;
	if (!may_join(flow, segment)) {
		m2m_merge_end(merge, flow);
		return NULL;
	}
	if (flow->segments == 1 && segment->version == 4)
		flow->fixed_id = pure_be16(segment->packet + 4) ==
				 flow->last_id;
	add(flow, segment);
	return flow;
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
	if (segment->version == 4)
		flow->v4_sum = v4_sum(packet);
	add(flow, segment);
	return flow;
}

bool m2m_merge_is_full(const struct m2m_merge_flow *flow,
		       const struct m2m_segment *last)
{
	return flow->push || last->payload < flow->first.payload ||
	       flow->segments == M2M_MERGE_SEGMENTS;
}

void m2m_merge_end(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
	merge->emit(merge, flow);
	flow->segments = 0;
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

	for (i = 0; i < M2M_MERGE_FLOWS; i++)
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
