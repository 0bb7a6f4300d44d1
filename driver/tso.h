/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A large TCP packet leaves segment by segment. Pure; user space as well. */
#ifndef M2M_TSO_H
#define M2M_TSO_H

#include "inet.h"
#include "pure.h"

/* Ethernet, IPv4 with all options or IPv6 with a few headers more, TCP with all */
#define M2M_TSO_HEAD_MAX	(14 + 60 + 60)

/**
 * struct m2m_tso - where a large packet stands
 * @head: headers of the next segment, but for what m2m_tso_next() adds
 * @len: of @head
 * @network: where the IP header begins; what is before it is of the link
 * @transport: where the TCP header begins
 * @v6: else IPv4
 * @fixed_id: IPv4's id is the same in all, else it counts
 * @last_flags: what only the last segment has of TCP's flags
 * @mss: payload of every segment but the last
 * @left: payload that is still to be sent
 * @seq: of the next segment
 * @id: IPv4's id of the next segment
 * @ip_sum: of the IPv4 header without length, id and checksum
 * @tcp_sum: of the pseudo header without length
 */
struct m2m_tso {
	u8 head[M2M_TSO_HEAD_MAX];
	u8 len;
	u8 network;
	u8 transport;
	bool v6;
	bool fixed_id;
	u8 last_flags;
	u16 mss;
	u32 left;
	u32 seq;
	u16 id;
	u32 ip_sum;
	u32 tcp_sum;
};

/**
 * struct m2m_tso_packet - what the stack says of a large packet; may lie
 * @len: of all of it
 * @head: length of its headers, which are in m2m_tso.head
 * @network: where the IP header begins
 * @transport: where the TCP header begins; its checksum is the sum of the pseudo
 *	header, of the large packet's length
 * @mss: payload of a segment
 * @fixed_id: IPv4's id does not count
 */
struct m2m_tso_packet {
	u32 len;
	u16 head;
	u16 network;
	u16 transport;
	u16 mss;
	bool fixed_id;
};

/**
 * m2m_tso_head_len() - how long are the headers?
 * @tcp: TCP header, the 20 bytes that each has
 * @transport: where it begins
 *
 * Return: bytes to be put into m2m_tso.head, or 0: it is none, or does not fit.
 */
size_t m2m_tso_head_len(const u8 *tcp, size_t transport);

/**
 * m2m_tso_begin() - understand a large packet
 * @tso: whose head holds the headers; the rest is filled in
 * @packet: what the stack says
 *
 * Return: false if it makes no sense.
 */
bool m2m_tso_begin(struct m2m_tso *tso, const struct m2m_tso_packet *packet);

/**
 * m2m_tso_next() - make the headers of the next segment
 * @tso: with something left; goes on to the segment after
 * @head: of @tso->len bytes; TCP's checksum becomes the sum of the pseudo header,
 *	IPv4's is right
 *
 * Return: how many bytes of payload follow.
 */
size_t m2m_tso_next(struct m2m_tso *tso, u8 *head);

/**
 * m2m_tso_full() - make the headers of a full segment, for many in a row
 * @tso: with more left than one segment
 * @head: of @tso->len bytes
 *
 * The next one has them if it is not the first of the packet: that one may say what
 * is said once. m2m_tso_step() turns them into those of the one after.
 */
void m2m_tso_full(const struct m2m_tso *tso, u8 *head);

/* The segment that @head was made for has left; it was not the last one. */
static inline void m2m_tso_step(struct m2m_tso *tso, u8 *head)
{
	tso->seq += tso->mss;
	tso->left -= tso->mss;
	pure_put_be32(head + tso->transport + 4, tso->seq);
	if (tso->fixed_id)
		return;
	tso->id++;
	if (!tso->v6)
		m2m_inet_next_id(head + tso->network);
}

/* Payload of the next segment, or 0 */
static inline size_t m2m_tso_payload(const struct m2m_tso *tso)
{
	return tso->left < tso->mss ? tso->left : tso->mss;
}

/* Does TCP's header follow IP's? Of IPv6, others may be between them. */
static inline bool m2m_tso_is_plain(const struct m2m_tso *tso)
{
	return !tso->v6 || tso->transport - tso->network == 40;
}

/* How many segments are left */
static inline u32 m2m_tso_segments(const struct m2m_tso *tso)
{
	return (tso->left + tso->mss - 1) / tso->mss;
}

#endif /* M2M_TSO_H */
