/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP packets as far as checksums need them. Pure; user space as well. */
#ifndef M2M_INET_H
#define M2M_INET_H

#include "pure.h"

#define INET_TCP	6
#define INET_UDP	17

/**
 * struct m2m_inet - a whole TCP or UDP packet whose lengths were checked
 * @version: 4 or 6
 * @protocol: INET_TCP or INET_UDP
 * @transport: where its header begins
 * @len: of the packet as its IP header states it, no more than there is
 */
struct m2m_inet {
	u8 version;
	u8 protocol;
	u16 transport;
	u16 len;
};

/**
 * m2m_inet_parse() - look at a packet
 * @packet: not trusted
 * @len: of @packet
 * @ret_inet: filled in
 *
 * Return: true for a TCP or UDP packet over IPv4, or over IPv6 without extension
 * headers, that is no fragment and holds its transport header.
 */
bool m2m_inet_parse(const u8 *packet, size_t len, struct m2m_inet *ret_inet);

/**
 * m2m_inet_is_udp() - does a packet belong to a flow of UDP?
 * @packet: that m2m_inet_parse() does not take; not trusted
 * @len: of @packet
 *
 * Return: true for UDP behind extension headers, and for its fragments, but for those
 * whose extension headers are cut up as well: only the first one could tell.
 */
bool m2m_inet_is_udp(const u8 *packet, size_t len);

/* Of IPv4: GRO looks into no packet with any */
static inline bool m2m_inet_has_options(const struct m2m_inet *inet)
{
	return inet->version == 4 && inet->transport != 20;
}

/* Where the checksum lies, from the transport header. */
size_t m2m_inet_csum_offset(const struct m2m_inet *inet);

/* Sum of 16 bit words added to @sum, folded to at most 0xffff */
u32 m2m_inet_sum(const u8 *data, size_t len, u32 sum);

/* Sum of the pseudo header, folded */
u32 m2m_inet_pseudo_sum(const u8 *packet, const struct m2m_inet *inet);

/**
 * m2m_inet_is_alike() - would m2m_inet_parse() find the same in a second packet?
 * @packet: in which it found @inet
 * @next: of the same length, not trusted
 * @inet: of @packet
 *
 * Return: true if so, false if that is to be asked.
 */
static inline bool m2m_inet_is_alike(const u8 *packet, const u8 *next,
				     const struct m2m_inet *inet)
{
	/* Version and lengths; offset of a fragment, next header */
	static const u8 v4[8] = { 0xff, 0, 0xff, 0xff, 0, 0, 0xff, 0xff };
	static const u8 v6[8] = { 0xff, 0, 0, 0, 0xff, 0xff, 0xff, 0 };
	u64 differs = pure_load64(packet) ^ pure_load64(next);

	if (inet->version == 4)
		return !(differs & pure_load64(v4)) &&
		       next[9] == inet->protocol;
	return !(differs & pure_load64(v6));
}

/* Of an IPv4 header: the next id, and the checksum that goes with it */
static inline void m2m_inet_next_id(u8 *ip)
{
	u16 id = pure_be16(ip + 4) + 1;
	u16 check = pure_be16(ip + 10);

	/* To a sum of this kind 0xffff and 0 are the same. */
	if (id)
		check = check ? check - 1 : 0xfffe;
	pure_put_be16(ip + 4, id);
	pure_put_be16(ip + 10, check);
}

#endif /* M2M_INET_H */
