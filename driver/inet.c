// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers and sums of IP packets; knows no device. */
#include "inet.h"

#define IPV4_LEN		20
#define IPV6_LEN		40
#define TCP_LEN			20
#define UDP_LEN			8

/* Extension headers of IPv6; the least of one, and what its length counts */
#define IPV6_HOP_BY_HOP		0
#define IPV6_ROUTING		43
#define IPV6_FRAGMENT		44
#define IPV6_DESTINATION	60
#define IPV6_EXTENSION_LEN	8

/* Offset of a fragment, and whether more follow */
#define IPV4_FRAGMENT_MASK	0x3fff

static u32 fold(u64 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static bool parse_v4(const u8 *packet, size_t len, struct m2m_inet *inet)
{
	size_t head;

	if (len < IPV4_LEN)
		return false;
	head = (packet[0] & 0x0f) * 4;
	if (head < IPV4_LEN || pure_be16(packet + 6) & IPV4_FRAGMENT_MASK)
		return false;
	*inet = (struct m2m_inet) {
		.version = 4,
		.protocol = packet[9],
		.transport = head,
		.len = pure_be16(packet + 2),
	};
	return true;
}

static bool parse_v6(const u8 *packet, size_t len, struct m2m_inet *inet)
{
	size_t total;

	if (len < IPV6_LEN)
		return false;
	total = IPV6_LEN + pure_be16(packet + 4);
	if (total > 0xffff)
		return false;
	*inet = (struct m2m_inet) {
		.version = 6,
		.protocol = packet[6],
		.transport = IPV6_LEN,
		.len = total,
	};
	return true;
}

bool m2m_inet_parse(const u8 *packet, size_t len, struct m2m_inet *ret_inet)
{
	size_t least;
	bool ok;

	if (!len)
		return false;
	switch (packet[0] >> 4) {
	case 4:
		ok = parse_v4(packet, len, ret_inet);
		break;
	case 6:
		ok = parse_v6(packet, len, ret_inet);
		break;
	default:
		return false;
	}
	if (!ok || ret_inet->len > len)
		return false;
	if (ret_inet->protocol == INET_TCP)
		least = TCP_LEN;
	else if (ret_inet->protocol == INET_UDP)
		least = UDP_LEN;
	else
		return false;
	return ret_inet->len >= ret_inet->transport + least;
}

/* Behind extension headers; all fragments of a packet have the same. */
static u8 v6_protocol(const u8 *packet, size_t len)
{
	u8 next = packet[6];
	size_t at = IPV6_LEN;

	while (at + IPV6_EXTENSION_LEN <= len) {
		if (next == IPV6_FRAGMENT)
			return packet[at];
		if (next != IPV6_HOP_BY_HOP && next != IPV6_ROUTING &&
		    next != IPV6_DESTINATION)
			break;
		next = packet[at];
		at += IPV6_EXTENSION_LEN * (1 + packet[at + 1]);
	}
	return next;
}

bool m2m_inet_is_udp(const u8 *packet, size_t len)
{
	if (!len)
		return false;
	switch (packet[0] >> 4) {
	case 4:
		return len >= IPV4_LEN && packet[9] == INET_UDP;
	case 6:
		return len >= IPV6_LEN && v6_protocol(packet, len) == INET_UDP;
	default:
		return false;
	}
}

size_t m2m_inet_csum_offset(const struct m2m_inet *inet)
{
	return inet->protocol == INET_TCP ? 16 : 6;
}

u32 m2m_inet_sum(const u8 *data, size_t len, u32 sum)
{
	u64 total = sum;
	size_t i;

	/* Words of 32 bits add up to the same. */
	for (i = 0; i + 4 <= len; i += 4)
		total += pure_be32(data + i);
	if (len & 2)
		total += pure_be16(data + i);
	if (len & 1)
		total += data[len - 1] << 8;
	return fold(total);
}

u32 m2m_inet_pseudo_sum(const u8 *packet, const struct m2m_inet *inet)
{
	u32 sum = inet->protocol + inet->len - inet->transport;

	if (inet->version == 4)
		return m2m_inet_sum(packet + 12, 2 * 4, sum);
	return m2m_inet_sum(packet + 8, 2 * 16, sum);
}
