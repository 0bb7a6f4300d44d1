// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers of the segments of a large TCP packet; knows no skb. */
#include "inet.h"
#include "tso.h"

#define IPV4_LEN		20
#define IPV4_TOTAL		2
#define IPV4_ID			4
#define IPV4_FRAGMENT		6
#define IPV4_CHECK		10
#define IPV6_LEN		40
#define IPV6_PAYLOAD		4

/* Offset of a fragment, and whether more follow */
#define FRAGMENT_MASK		0x3fff

#define TCP_LEN			20
#define TCP_SEQ			4
#define TCP_FLAGS		13
#define TCP_CHECK		16

#define FLAG_FIN		0x01
#define FLAG_PSH		0x08
#define FLAG_CWR		0x80

#define TOTAL_MAX		0xffff

/* Of ones' complement; three numbers of 16 bits or fewer fold into one. */
static u16 fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return sum + (sum >> 16);
}

size_t m2m_tso_head_len(const u8 *tcp, size_t transport)
{
	size_t len = (tcp[12] >> 4) * 4;

	if (len < TCP_LEN || transport + len > M2M_TSO_HEAD_MAX)
		return 0;
	return transport + len;
}

static bool begin_v4(struct m2m_tso *tso)
{
	u8 *ip = tso->head + tso->network;
	size_t len = tso->transport - tso->network;

	if (len < IPV4_LEN || (ip[0] & 0x0f) * 4u != len ||
	    pure_be16(ip + IPV4_FRAGMENT) & FRAGMENT_MASK || ip[9] != INET_TCP)
		return false;
	tso->id = pure_be16(ip + IPV4_ID);
	pure_put_be16(ip + IPV4_TOTAL, 0);
	pure_put_be16(ip + IPV4_ID, 0);
	pure_put_be16(ip + IPV4_CHECK, 0);
	tso->ip_sum = m2m_inet_sum(ip, len, 0);
	return true;
}

/* What lies between the two headers is as the stack made it. */
static bool begin_v6(struct m2m_tso *tso)
{
	return tso->transport - tso->network >= IPV6_LEN;
}

static bool begin_ip(struct m2m_tso *tso)
{
	switch (tso->head[tso->network] >> 4) {
	case 4:
		return begin_v4(tso);
	case 6:
		tso->v6 = true;
		return begin_v6(tso);
	default:
		return false;
	}
}

static void begin_tcp(struct m2m_tso *tso, u32 tcp_len)
{
	u8 *tcp = tso->head + tso->transport;

	tso->seq = pure_be32(tcp + TCP_SEQ);
	tso->last_flags = tcp[TCP_FLAGS] & (FLAG_FIN | FLAG_PSH);
	tcp[TCP_FLAGS] &= ~(FLAG_FIN | FLAG_PSH);
	/* Subtract the length, whose halves were added. */
	tso->tcp_sum = fold(pure_be16(tcp + TCP_CHECK) +
			    (~tcp_len & 0xffff) + (~tcp_len >> 16));
}

bool m2m_tso_begin(struct m2m_tso *tso, const struct m2m_tso_packet *packet)
{
	size_t transport = packet->transport;

	if (!packet->mss || packet->head > M2M_TSO_HEAD_MAX ||
	    packet->len <= packet->head || packet->network >= transport ||
	    transport + TCP_LEN > packet->head ||
	    m2m_tso_head_len(tso->head + transport, transport) != packet->head ||
	    packet->head - packet->network + packet->mss > TOTAL_MAX)
		return false;
	tso->len = packet->head;
	tso->network = packet->network;
	tso->transport = transport;
	tso->v6 = false;
	tso->fixed_id = packet->fixed_id;
	tso->mss = packet->mss;
	tso->left = packet->len - packet->head;
	if (!begin_ip(tso))
		return false;
	begin_tcp(tso, packet->len - transport);
	return true;
}

static void put_ip(const struct m2m_tso *tso, u8 *ip, u32 total)
{
	if (tso->v6) {
		pure_put_be16(ip + IPV6_PAYLOAD, total - IPV6_LEN);
		return;
	}
	pure_put_be16(ip + IPV4_TOTAL, total);
	pure_put_be16(ip + IPV4_ID, tso->id);
	pure_put_be16(ip + IPV4_CHECK, ~fold(tso->ip_sum + total + tso->id));
}

static void put_heads(const struct m2m_tso *tso, u8 *head, size_t payload)
{
	u8 *tcp = head + tso->transport;

	memcpy(head, tso->head, tso->len);
	put_ip(tso, head + tso->network, tso->len - tso->network + payload);
	pure_put_be32(tcp + TCP_SEQ, tso->seq);
	pure_put_be16(tcp + TCP_CHECK, fold(tso->tcp_sum + payload +
					    tso->len - tso->transport));
}

void m2m_tso_full(const struct m2m_tso *tso, u8 *head)
{
	put_heads(tso, head, tso->mss);
}

size_t m2m_tso_next(struct m2m_tso *tso, u8 *head)
{
	size_t payload = m2m_tso_payload(tso);
	u8 *tcp = head + tso->transport;

	put_heads(tso, head, payload);
	if (!tso->fixed_id)
		tso->id++;
	if (payload == tso->left)
		tcp[TCP_FLAGS] |= tso->last_flags;
	/* Said once: the window was reduced. */
	tso->head[tso->transport + TCP_FLAGS] &= ~FLAG_CWR;
	tso->seq += payload;
	tso->left -= payload;
	return payload;
}
