// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns nothing: the DHCP server inside the modem, one lease per call. */
#include <string.h>

#include "bytes.h"
#include "local.h"

#define DHCP_CLIENT_PORT	68
#define DHCP_SERVER_PORT	67
#define DHCP_FIXED		236
#define DHCP_COOKIE		0x63825363u
#define DHCP_DISCOVER		1
#define DHCP_OFFER		2
#define DHCP_REQUEST		3
#define DHCP_ACK		5
#define DHCP_NAK		6
#define DHCP_LEASE		7200

#define OPTION_MASK		1
#define OPTION_ROUTER		3
#define OPTION_DNS		6
#define OPTION_MTU		26
#define OPTION_REQUESTED	50
#define OPTION_LEASE		51
#define OPTION_TYPE		53
#define OPTION_SERVER		54
#define OPTION_END		255

struct options {
	uint8_t type;
	const uint8_t *requested;	/* 4 bytes or NULL */
};

bool dhcp_is_request(const uint8_t *packet, const struct inet_packet *info)
{
	return info->family == 4 && info->protocol == INET_UDP && !info->fragment &&
	       info->len - info->transport >= INET_UDP_HEADER &&
	       get_be16(packet + info->transport) == DHCP_CLIENT_PORT &&
	       get_be16(packet + info->transport + 2) == DHCP_SERVER_PORT;
}

static struct options read_options(const uint8_t *p, size_t len)
{
	struct options options = { 0 };
	size_t off = 0, n;

	while (off < len && p[off] != OPTION_END) {
		if (!p[off]) {
			off++;
			continue;
		}
		if (len - off < 2 || len - off - 2 < p[off + 1])
			break;
		n = p[off + 1];
		if (p[off] == OPTION_TYPE && n == 1)
			options.type = p[off + 2];
		else if (p[off] == OPTION_REQUESTED && n == 4)
			options.requested = p + off + 2;
		off += 2 + n;
	}
	return options;
}

static uint8_t *put_option(uint8_t *p, uint8_t code, const void *data, uint8_t len)
{
	p[0] = code;
	p[1] = len;
	memcpy(p + 2, data, len);
	return p + 2 + len;
}

static uint8_t *put_lease(uint8_t *p, const struct modem_call *call)
{
	uint8_t word[4];

	put_be32(word, DHCP_LEASE);
	p = put_option(p, OPTION_LEASE, word, 4);
	put_be32(word, call->prefix4 ? UINT32_MAX << (32 - call->prefix4) : 0);
	p = put_option(p, OPTION_MASK, word, 4);
	p = put_option(p, OPTION_ROUTER, &call->gw4, 4);
	p = put_option(p, OPTION_DNS, call->dns4, call->dns4[1].s_addr ? 8 : 4);
	put_be16(word, (uint16_t)call->mtu);
	return put_option(p, OPTION_MTU, word, 2);
}

/* The server is the gateway; the answer is broadcast, the host has no address. */
static size_t finish(const struct modem_call *call, uint8_t *packet, size_t payload)
{
	size_t len = INET4_HEADER + INET_UDP_HEADER + payload;
	uint8_t *udp = packet + INET4_HEADER;
	struct inet_packet info;

	packet[0] = 0x45;
	put_be16(packet + 2, (uint16_t)len);
	packet[8] = 64;
	packet[9] = INET_UDP;
	memcpy(packet + 12, &call->gw4, 4);
	memset(packet + 16, 0xff, 4);
	inet_set_header(packet);
	put_be16(udp, DHCP_SERVER_PORT);
	put_be16(udp + 2, DHCP_CLIENT_PORT);
	put_be16(udp + 4, (uint16_t)(INET_UDP_HEADER + payload));
	if (inet_parse(packet, len, &info))
		return 0;
	inet_set_transport(packet, &info);
	return len;
}

size_t dhcp_answer(const struct modem_call *call, const uint8_t *packet,
		   const struct inet_packet *info, uint8_t *ret_packet)
{
	const uint8_t *request = packet + info->transport + INET_UDP_HEADER;
	size_t len = info->len - info->transport - INET_UDP_HEADER;
	uint8_t *reply = ret_packet + INET4_HEADER + INET_UDP_HEADER, *p, type;
	struct options options;

	if (len < DHCP_FIXED + 4 || request[0] != 1 ||
	    get_be32(request + DHCP_FIXED) != DHCP_COOKIE)
		return 0;
	options = read_options(request + DHCP_FIXED + 4, len - DHCP_FIXED - 4);
	if (options.type == DHCP_DISCOVER)
		type = DHCP_OFFER;
	else if (options.type != DHCP_REQUEST)
		return 0;
	else if (options.requested && memcmp(options.requested, &call->addr4, 4))
		type = DHCP_NAK;
	else
		type = DHCP_ACK;
	memset(ret_packet, 0, INET4_HEADER + INET_UDP_HEADER + DHCP_FIXED + 128);
	memcpy(reply, request, DHCP_FIXED);
	reply[0] = 2;
	if (type != DHCP_NAK)
		memcpy(reply + 16, &call->addr4, 4);
	memcpy(reply + 20, &call->gw4, 4);
	put_be32(reply + DHCP_FIXED, DHCP_COOKIE);
	p = put_option(reply + DHCP_FIXED + 4, OPTION_TYPE, &type, 1);
	p = put_option(p, OPTION_SERVER, &call->gw4, 4);
	if (type != DHCP_NAK)
		p = put_lease(p, call);
	*p++ = OPTION_END;
	/* BOOTP clients want no packet below 300 bytes. */
	while (p - reply < 300)
		*p++ = 0;
	return finish(call, ret_packet, (size_t)(p - reply));
}
