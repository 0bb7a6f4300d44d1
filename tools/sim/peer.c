// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns nothing: what the far end of a call answers to one packet. */
#include <arpa/inet.h>
#include <string.h>

#include "bytes.h"
#include "peer.h"

#define ICMP_ECHO_REQUEST	8
#define ICMP_UNREACHABLE	3
#define ICMPV6_UNREACHABLE	1
#define ICMPV6_TOO_BIG		2
#define ICMPV6_ECHO_REQUEST	128
#define ICMPV6_ECHO_REPLY	129
#define ICMP_HEADER		8
#define TCP_HEADER		20
#define TCP_FLAGS		13
#define TCP_RST			0x04

#define PORT_ECHO		7
#define PORT_DNS		53

/* An ICMP error carries what fits into the smallest packet each family allows. */
#define ICMP_QUOTE_MAX		(576 - INET4_HEADER - ICMP_HEADER)
#define ICMPV6_QUOTE_MAX	(1280 - INET6_HEADER - ICMP_HEADER)

static const uint8_t nat64_prefix[12] = { 0x00, 0x64, 0xff, 0x9b };

static bool is_peer4(const uint8_t *address)
{
	struct in_addr peer;

	inet_pton(AF_INET, PEER_ADDRESS4, &peer);
	return !memcmp(address, &peer, 4);
}

static bool is_mine4(const struct modem_call *call, const uint8_t *address)
{
	return !memcmp(address, &call->gw4, 4) ||
	       !memcmp(address, &call->dns4[0], 4) ||
	       !memcmp(address, &call->dns4[1], 4) || is_peer4(address);
}

static bool is_mine6(const struct modem_call *call, const uint8_t *address)
{
	struct in6_addr peer;

	inet_pton(AF_INET6, PEER_ADDRESS6, &peer);
	if (!memcmp(address, &call->gw6, 16) ||
	    !memcmp(address, &call->dns6[0], 16) ||
	    !memcmp(address, &call->dns6[1], 16) || !memcmp(address, &peer, 16))
		return true;
	return call->dns64 && !memcmp(address, nat64_prefix, 12) &&
	       is_peer4(address + 12);
}

/*
 * Starts a packet of @payload transport bytes from @info's destination to its
 * source; returns the offset of the transport header.
 */
static size_t reply_begin(const struct inet_packet *info, uint8_t protocol,
			  size_t payload, uint8_t *reply)
{
	if (info->family == 4) {
		memset(reply, 0, INET4_HEADER);
		reply[0] = 0x45;
		put_be16(reply + 2, (uint16_t)(INET4_HEADER + payload));
		reply[8] = 64;
		reply[9] = protocol;
		memcpy(reply + 12, info->dest, 4);
		memcpy(reply + 16, info->source, 4);
		inet_set_header(reply);
		return INET4_HEADER;
	}
	memset(reply, 0, INET6_HEADER);
	reply[0] = 0x60;
	put_be16(reply + 4, (uint16_t)payload);
	reply[6] = protocol;
	reply[7] = 64;
	memcpy(reply + 8, info->dest, 16);
	memcpy(reply + 24, info->source, 16);
	return INET6_HEADER;
}

static size_t reply_end(uint8_t *reply, size_t len)
{
	struct inet_packet info;

	if (inet_parse(reply, len, &info))
		return 0;
	inet_set_transport(reply, &info);
	return len;
}

/* @kind: type and code; @word: the four bytes behind the checksum. */
static size_t icmp_error(const uint8_t *packet, const struct inet_packet *info,
			 const uint8_t kind[2], uint32_t word, uint8_t *reply)
{
	bool v4 = info->family == 4;
	size_t quote = v4 ? ICMP_QUOTE_MAX : ICMPV6_QUOTE_MAX, off;

	if (quote > info->len)
		quote = info->len;
	off = reply_begin(info, v4 ? INET_ICMP : INET_ICMPV6, ICMP_HEADER + quote,
			  reply);
	reply[off] = kind[0];
	reply[off + 1] = kind[1];
	put_be32(reply + off + 4, word);
	memcpy(reply + off + ICMP_HEADER, packet, quote);
	return reply_end(reply, off + ICMP_HEADER + quote);
}

/* The gateway knows no way to an address; the host itself, no such port. */
static size_t unreachable(const struct modem_call *call, const uint8_t *packet,
			  const struct inet_packet *info, bool port,
			  uint8_t *reply)
{
	struct inet_packet turned = *info;
	uint8_t kind[2];

	if (!port)
		turned.dest = info->family == 4 ? (const uint8_t *)&call->gw4 :
						  (const uint8_t *)&call->gw6;

	/* No error about an error. */
	if (info->protocol == INET_ICMP || info->protocol == INET_ICMPV6)
		if (info->len - info->transport < 1 ||
		    (packet[info->transport] != ICMP_ECHO_REQUEST &&
		     packet[info->transport] != ICMPV6_ECHO_REQUEST))
			return 0;
	kind[0] = info->family == 4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE;
	kind[1] = 0;
	if (port)
		kind[1] = info->family == 4 ? 3 : 4;
	return icmp_error(packet, &turned, kind, 0, reply);
}

size_t peer_too_big(const struct modem_call *call, const uint8_t *packet,
		    const struct inet_packet *info, uint8_t *ret_reply)
{
	static const uint8_t kind4[2] = { ICMP_UNREACHABLE, 4 };
	static const uint8_t kind6[2] = { ICMPV6_TOO_BIG, 0 };
	struct inet_packet turned = *info;

	/* The report comes from the gateway, not from the far end. */
	if (info->family == 4) {
		if (!(packet[6] & 0x40))
			return 0;
		turned.dest = (const uint8_t *)&call->gw4;
		return icmp_error(packet, &turned, kind4, call->mtu & 0xffff,
				  ret_reply);
	}
	turned.dest = (const uint8_t *)&call->gw6;
	return icmp_error(packet, &turned, kind6, call->mtu, ret_reply);
}

static size_t answer_echo(const uint8_t *packet, const struct inet_packet *info,
			  struct usb_stats *stats, uint8_t *reply)
{
	bool v4 = info->family == 4;
	size_t len = info->len - info->transport, off;

	if (len < ICMP_HEADER || packet[info->transport + 1] ||
	    packet[info->transport] != (v4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST)) {
		stats->drop_unsupported++;
		return 0;
	}
	off = reply_begin(info, info->protocol, len, reply);
	memcpy(reply + off, packet + info->transport, len);
	reply[off] = v4 ? 0 : ICMPV6_ECHO_REPLY;
	stats->echo_replies++;
	return reply_end(reply, off + len);
}

static size_t answer_udp(const struct modem_call *call, const uint8_t *packet,
			 const struct inet_packet *info, struct usb_stats *stats,
			 uint8_t *reply)
{
	size_t room = info->len - info->transport, len, n, off;
	const uint8_t *udp = packet + info->transport;
	uint16_t port;

	if (room < INET_UDP_HEADER) {
		stats->drop_malformed++;
		return 0;
	}
	port = get_be16(udp + 2);
	len = get_be16(udp + 4);
	if (len < INET_UDP_HEADER || len > room) {
		stats->drop_malformed++;
		return 0;
	}
	off = info->family == 4 ? INET4_HEADER : INET6_HEADER;
	if (port == PORT_ECHO) {
		n = len - INET_UDP_HEADER;
		memcpy(reply + off + INET_UDP_HEADER, udp + INET_UDP_HEADER, n);
		stats->udp_echoes++;
	} else if (port == PORT_DNS) {
		n = dns_answer(udp + INET_UDP_HEADER, len - INET_UDP_HEADER,
			       call->dns64, reply + off + INET_UDP_HEADER, 512);
		if (!n) {
			stats->drop_malformed++;
			return 0;
		}
		stats->dns_answers++;
	} else {
		stats->drop_unreachable++;
		return unreachable(call, packet, info, true, reply);
	}
	reply_begin(info, INET_UDP, INET_UDP_HEADER + n, reply);
	put_be16(reply + off, port);
	put_be16(reply + off + 2, get_be16(udp));
	put_be16(reply + off + 4, (uint16_t)(INET_UDP_HEADER + n));
	put_be16(reply + off + 6, 0);
	return reply_end(reply, off + INET_UDP_HEADER + n);
}

/*
 * No connection: each segment comes back as it is, its ports exchanged, so that who
 * sends much gets as much. A reset is nothing to reset again.
 */
static size_t answer_tcp(const uint8_t *packet, const struct inet_packet *info,
			 struct usb_stats *stats, uint8_t *reply)
{
	size_t len = info->len - info->transport, off;
	const uint8_t *tcp = packet + info->transport;

	if (len < TCP_HEADER || get_be16(tcp + 2) != PORT_ECHO ||
	    tcp[TCP_FLAGS] & TCP_RST) {
		stats->drop_unsupported++;
		return 0;
	}
	off = reply_begin(info, INET_TCP, len, reply);
	if (info->family == 4) {
		/* id and DF, by which segments are known to belong together */
		memcpy(reply + 4, packet + 4, 4);
		inet_set_header(reply);
	}
	memcpy(reply + off, tcp, len);
	memcpy(reply + off, tcp + 2, 2);
	memcpy(reply + off + 2, tcp, 2);
	stats->tcp_echoes++;
	return reply_end(reply, off + len);
}

size_t peer_answer(const struct modem_call *call, const uint8_t *packet,
		   const struct inet_packet *info, struct usb_stats *stats,
		   uint8_t *ret_reply)
{
	bool mine = info->family == 4 ? is_mine4(call, info->dest) :
					is_mine6(call, info->dest);

	if (!mine) {
		stats->drop_unreachable++;
		return unreachable(call, packet, info, false, ret_reply);
	}
	if (info->fragment) {
		stats->drop_fragment++;
		return 0;
	}
	if (info->protocol == INET_UDP)
		return answer_udp(call, packet, info, stats, ret_reply);
	if (info->protocol == INET_TCP)
		return answer_tcp(packet, info, stats, ret_reply);
	if (info->protocol == (info->family == 4 ? INET_ICMP : INET_ICMPV6))
		return answer_echo(packet, info, stats, ret_reply);
	stats->drop_unsupported++;
	return 0;
}
