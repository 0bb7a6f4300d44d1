// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns nothing: router and neighbour discovery as a cellular modem answers it. */
#include <string.h>

#include "bytes.h"
#include "local.h"

#define ND_ROUTER_SOLICIT	133
#define ND_ROUTER_ADVERT	134
#define ND_NEIGHBOUR_SOLICIT	135
#define ND_NEIGHBOUR_ADVERT	136
#define ND_HOP_LIMIT		255

#define OPTION_TARGET		2
#define OPTION_SOURCE		1
#define OPTION_PREFIX		3
#define OPTION_MTU		5
#define OPTION_RDNSS		25

static const uint8_t router[16] = { 0xfe, 0x80, [15] = 0x01 };
static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 0x01 };
static const uint8_t nobody[16];

bool nd_is_solicitation(const uint8_t *packet, const struct inet_packet *info)
{
	const uint8_t *icmp = packet + info->transport;

	if (info->family != 6 || info->protocol != INET_ICMPV6 || info->fragment ||
	    info->len - info->transport < 8 || packet[7] != ND_HOP_LIMIT)
		return false;
	return icmp[0] == ND_ROUTER_SOLICIT || icmp[0] == ND_NEIGHBOUR_SOLICIT;
}

static size_t put_link_option(uint8_t *p, uint8_t type, bool ethernet)
{
	if (!ethernet)
		return 0;
	p[0] = type;
	p[1] = 1;
	memcpy(p + 2, ether_modem, ETHER_ADDRESS);
	return 8;
}

static size_t put_advert_options(const struct modem_call *call, uint8_t *p,
				 bool ethernet)
{
	size_t n;

	n = put_link_option(p, OPTION_SOURCE, ethernet);
	p[n] = OPTION_MTU;
	p[n + 1] = 1;
	put_be32(p + n + 4, call->mtu);
	n += 8;
	/* Autonomous but not on-link: everything goes through the modem. */
	p[n] = OPTION_PREFIX;
	p[n + 1] = 4;
	p[n + 2] = 64;
	p[n + 3] = 0x40;
	put_be32(p + n + 4, UINT32_MAX);
	put_be32(p + n + 8, UINT32_MAX);
	memcpy(p + n + 16, &call->addr6, 8);
	n += 32;
	if (memcmp(&call->dns6[0], nobody, 16)) {
		p[n] = OPTION_RDNSS;
		p[n + 1] = 3;
		put_be32(p + n + 4, 1800);
		memcpy(p + n + 8, &call->dns6[0], 16);
		n += 24;
	}
	return n;
}

static size_t finish(uint8_t *packet, const uint8_t *from, const uint8_t *to,
		     size_t payload)
{
	struct inet_packet info;

	packet[0] = 0x60;
	put_be16(packet + 4, (uint16_t)payload);
	packet[6] = INET_ICMPV6;
	packet[7] = ND_HOP_LIMIT;
	memcpy(packet + 8, from, 16);
	memcpy(packet + 24, to, 16);
	if (inet_parse(packet, INET6_HEADER + payload, &info))
		return 0;
	inet_set_transport(packet, &info);
	return info.len;
}

static size_t router_advert(const struct modem_call *call,
			    const struct inet_packet *info, bool ethernet,
			    uint8_t *packet)
{
	uint8_t *icmp = packet + INET6_HEADER;
	const uint8_t *to = info->source;
	size_t n = 16;

	if (!memcmp(to, nobody, 16))
		to = all_nodes;
	icmp[0] = ND_ROUTER_ADVERT;
	icmp[4] = 64;
	put_be16(icmp + 6, 9000);
	n += put_advert_options(call, icmp + n, ethernet);
	return finish(packet, router, to, n);
}

static size_t neighbour_advert(const struct modem_call *call, const uint8_t *target,
			       const struct inet_packet *info, bool ethernet,
			       uint8_t *packet)
{
	bool probe = !memcmp(info->source, nobody, 16);
	uint8_t *icmp = packet + INET6_HEADER;
	size_t n = 24;

	/*
	 * The whole /64 is the host's: an address it probes, or asks for, there
	 * is its own. Everything else is reached through the modem.
	 */
	if (probe || !memcmp(target, &call->addr6, 8)) {
		if (probe || memcmp(target, &call->gw6, 16))
			return 0;
	}
	icmp[0] = ND_NEIGHBOUR_ADVERT;
	icmp[4] = 0xe0;		/* router, solicited, override */
	memcpy(icmp + 8, target, 16);
	n += put_link_option(icmp + n, OPTION_TARGET, ethernet);
	return finish(packet, target, info->source, n);
}

size_t nd_answer(const struct modem_call *call, const uint8_t *packet,
		 const struct inet_packet *info, bool ethernet,
		 uint8_t *ret_packet)
{
	const uint8_t *icmp = packet + info->transport;

	memset(ret_packet, 0, INET6_HEADER + 128);
	if (icmp[0] == ND_ROUTER_SOLICIT)
		return router_advert(call, info, ethernet, ret_packet);
	if (info->len - info->transport < 24)
		return 0;
	return neighbour_advert(call, icmp + 8, info, ethernet, ret_packet);
}
