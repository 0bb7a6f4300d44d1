// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: m2msim's far end answers as hosts, name servers and routers do. */
#include <arpa/inet.h>
#include <kselftest_harness.h>
#include <stdint.h>

#include "../../tools/sim/bytes.h"
#include "../../tools/sim/local.h"
#include "../../tools/sim/peer.h"
#include "../lib/harness.h"

static struct usb_stats stats;
static uint8_t packet[2048], reply[65536];

static struct modem_call call4(void)
{
	struct modem_call call = { .family = 4, .prefix4 = 30, .mtu = 1400 };

	inet_pton(AF_INET, "10.0.0.6", &call.addr4);
	inet_pton(AF_INET, "10.0.0.5", &call.gw4);
	inet_pton(AF_INET, "10.53.0.1", &call.dns4[0]);
	return call;
}

static struct modem_call call6(void)
{
	struct modem_call call = { .family = 6, .prefix6 = 64, .mtu = 1280 };

	inet_pton(AF_INET6, "2001:db8:1::6", &call.addr6);
	inet_pton(AF_INET6, "2001:db8:1::1", &call.gw6);
	inet_pton(AF_INET6, "2001:db8:53::1", &call.dns6[0]);
	call.dns64 = true;
	return call;
}

/* Builds @payload bytes behind an IP header in @packet and parses it. */
static struct inet_packet build(const char *from, const char *to, uint8_t protocol,
				const uint8_t *payload, size_t len)
{
	bool v6 = strchr(from, ':');
	struct inet_packet info = { 0 };
	size_t header = v6 ? INET6_HEADER : INET4_HEADER;

	memset(packet, 0, sizeof(packet));
	packet[0] = v6 ? 0x60 : 0x45;
	if (v6) {
		put_be16(packet + 4, (uint16_t)len);
		packet[6] = protocol;
		packet[7] = 255;
		inet_pton(AF_INET6, from, packet + 8);
		inet_pton(AF_INET6, to, packet + 24);
	} else {
		put_be16(packet + 2, (uint16_t)(INET4_HEADER + len));
		packet[8] = 64;
		packet[9] = protocol;
		inet_pton(AF_INET, from, packet + 12);
		inet_pton(AF_INET, to, packet + 16);
		inet_set_header(packet);
	}
	memcpy(packet + header, payload, len);
	ASSERT_EQ(0, inet_parse(packet, header + len, &info));
	inet_set_transport(packet, &info);
	return info;
}

/* The reply has to be a packet that a host would accept. */
static struct inet_packet check_reply(size_t len, const char *from, const char *to)
{
	struct inet_packet info = { 0 };
	uint8_t address[16];
	int family = strchr(from, ':') ? AF_INET6 : AF_INET;
	size_t n = family == AF_INET6 ? 16 : 4;

	ASSERT_EQ(0, inet_parse(reply, len, &info));
	EXPECT_EQ(len, info.len);
	EXPECT_EQ(INET_CHECKSUM_GOOD, inet_check_transport(reply, &info));
	inet_pton(family, from, address);
	EXPECT_FALSE(memcmp(address, info.source, n));
	inet_pton(family, to, address);
	EXPECT_FALSE(memcmp(address, info.dest, n));
	return info;
}

TEST(echo)
{
	static const uint8_t ping4[12] = { 8, 0, 0, 0, 1, 2, 3, 4, 'a', 'b', 'c', 'd' };
	static const uint8_t ping6[12] = { 128, 0, 0, 0, 1, 2, 3, 4, 'a', 'b', 'c', 'd' };
	struct modem_call call = call4();
	struct inet_packet info;
	size_t len;

	info = build("10.0.0.6", PEER_ADDRESS4, INET_ICMP, ping4, sizeof(ping4));
	len = peer_answer(&call, packet, &info, &stats, reply);
	ASSERT_EQ(32, len);
	check_reply(len, PEER_ADDRESS4, "10.0.0.6");
	EXPECT_EQ(0, reply[20]);
	EXPECT_FALSE(memcmp(ping4 + 4, reply + 24, 8));
	call = call6();
	info = build("2001:db8:1::6", "64:ff9b::c633:6401", INET_ICMPV6, ping6,
		     sizeof(ping6));
	len = peer_answer(&call, packet, &info, &stats, reply);
	ASSERT_EQ(52, len);
	check_reply(len, "64:ff9b::c633:6401", "2001:db8:1::6");
	EXPECT_EQ(129, reply[40]);
	EXPECT_EQ(2, stats.echo_replies);
}

TEST(segments_come_back)
{
	uint8_t segment[24] = { 0x12, 0x34, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8,
				0x50, 0x10, 1, 0, 0, 0, 0, 0, 'a', 'b', 'c', 'd' };
	struct modem_call call = call4();
	struct inet_packet info;
	size_t len;

	memset(&stats, 0, sizeof(stats));
	info = build("10.0.0.6", PEER_ADDRESS4, INET_TCP, segment, sizeof(segment));
	put_be16(packet + 4, 0x4711);
	packet[6] = 0x40;
	len = peer_answer(&call, packet, &info, &stats, reply);
	ASSERT_EQ(44, len);
	check_reply(len, PEER_ADDRESS4, "10.0.0.6");
	EXPECT_EQ(0x4711, get_be16(reply + 4));
	EXPECT_EQ(0x40, reply[6]);
	EXPECT_EQ(7, get_be16(reply + 20));
	EXPECT_EQ(0x1234, get_be16(reply + 22));
	EXPECT_FALSE(memcmp(segment + 4, reply + 24, 12));
	EXPECT_FALSE(memcmp(segment + 20, reply + 40, 4));
	call = call6();
	info = build("2001:db8:1::6", PEER_ADDRESS6, INET_TCP, segment,
		     sizeof(segment));
	len = peer_answer(&call, packet, &info, &stats, reply);
	ASSERT_EQ(64, len);
	check_reply(len, PEER_ADDRESS6, "2001:db8:1::6");
	EXPECT_EQ(2, stats.tcp_echoes);
	/* Another port, a reset, half a header */
	segment[3] = 8;
	info = build("2001:db8:1::6", PEER_ADDRESS6, INET_TCP, segment,
		     sizeof(segment));
	EXPECT_EQ(0, peer_answer(&call, packet, &info, &stats, reply));
	segment[3] = 7;
	segment[13] = 0x14;
	info = build("2001:db8:1::6", PEER_ADDRESS6, INET_TCP, segment,
		     sizeof(segment));
	EXPECT_EQ(0, peer_answer(&call, packet, &info, &stats, reply));
	segment[13] = 0x10;
	info = build("2001:db8:1::6", PEER_ADDRESS6, INET_TCP, segment, 19);
	EXPECT_EQ(0, peer_answer(&call, packet, &info, &stats, reply));
	EXPECT_EQ(3, stats.drop_unsupported);
}

TEST(nobody_there)
{
	static const uint8_t ping[8] = { 8 }, udp[8] = { 0, 9, 0, 99, 0, 8 };
	struct modem_call call = call4();
	struct inet_packet info;
	size_t len;

	info = build("10.0.0.6", "9.9.9.9", INET_ICMP, ping, sizeof(ping));
	len = peer_answer(&call, packet, &info, &stats, reply);
	check_reply(len, "10.0.0.5", "10.0.0.6");
	EXPECT_EQ(3, reply[20]);
	EXPECT_EQ(0, reply[21]);
	EXPECT_FALSE(memcmp(packet, reply + 28, 28));
	info = build("10.0.0.6", PEER_ADDRESS4, INET_UDP, udp, sizeof(udp));
	len = peer_answer(&call, packet, &info, &stats, reply);
	check_reply(len, PEER_ADDRESS4, "10.0.0.6");
	EXPECT_EQ(3, reply[21]);
	EXPECT_EQ(2, stats.drop_unreachable);
}

TEST(too_big)
{
	static const uint8_t udp[8] = { 0, 9, 0, 7, 0, 8 };
	struct modem_call call = call4();
	struct inet_packet info;
	size_t len;

	info = build("10.0.0.6", PEER_ADDRESS4, INET_UDP, udp, sizeof(udp));
	EXPECT_EQ(0, peer_too_big(&call, packet, &info, reply));
	packet[6] = 0x40;
	len = peer_too_big(&call, packet, &info, reply);
	check_reply(len, "10.0.0.5", "10.0.0.6");
	EXPECT_EQ(4, reply[21]);
	EXPECT_EQ(1400, get_be16(reply + 26));
	call = call6();
	info = build("2001:db8:1::6", PEER_ADDRESS6, INET_UDP, udp, sizeof(udp));
	len = peer_too_big(&call, packet, &info, reply);
	check_reply(len, "2001:db8:1::1", "2001:db8:1::6");
	EXPECT_EQ(2, reply[40]);
	EXPECT_EQ(1280, get_be32(reply + 44));
}

/* Query for @name, labels already encoded; returns the length of the answer. */
static size_t ask(const char *labels, size_t len, uint8_t type, bool dns64)
{
	uint8_t query[128] = { 0xbe, 0xef, 0x01, 0x00, 0, 1 };

	memcpy(query + 12, labels, len);
	query[12 + len + 1] = type;
	query[12 + len + 3] = 1;
	return dns_answer(query, 12 + len + 4, dns64, reply, 512);
}

#define V4_NAME		"\2v4\6m2msim\7example"
#define PEER_LABELS	"\4peer\6m2msim\7example"

TEST(dns)
{
	static const uint8_t nat64[16] = {
		0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 198, 51, 100, 1,
	};
	size_t len;

	len = ask(PEER_LABELS, sizeof(PEER_LABELS), 1, false);
	EXPECT_EQ(0xbeef, get_be16(reply));
	EXPECT_EQ(0x8580, get_be16(reply + 2));
	ASSERT_EQ(1, get_be16(reply + 6));
	EXPECT_EQ(0xc6336401, get_be32(reply + len - 4));
	/* No AAAA: an empty answer, and with DNS64 one that was made up. */
	ask(V4_NAME, sizeof(V4_NAME), 28, false);
	EXPECT_EQ(0x8580, get_be16(reply + 2));
	EXPECT_EQ(0, get_be16(reply + 6));
	len = ask(V4_NAME, sizeof(V4_NAME), 28, true);
	ASSERT_EQ(1, get_be16(reply + 6));
	EXPECT_FALSE(memcmp(nat64, reply + len - 16, 16));
	ask("\4none\7example", 14, 1, false);
	EXPECT_EQ(3, reply[3] & 0x0f);
}

TEST(dns_of_garbage)
{
	uint8_t query[64] = { 0, 1, 1, 0, 0, 1 };

	EXPECT_EQ(0, dns_answer(query, 11, false, reply, 512));
	query[12] = 63;			/* label beyond the end */
	EXPECT_EQ(0, dns_answer(query, 64, false, reply, 512));
	query[12] = 0xc0;		/* a pointer in a question */
	EXPECT_EQ(0, dns_answer(query, 64, false, reply, 512));
	query[12] = 0;
	query[2] = 0x80;		/* an answer */
	EXPECT_EQ(0, dns_answer(query, 17, false, reply, 512));
}

TEST(neighbour_discovery)
{
	uint8_t solicit[24] = { 135 };
	struct modem_call call = call6();
	struct inet_packet info;
	size_t len;

	inet_pton(AF_INET6, "2001:db8:1::1", solicit + 8);
	info = build("2001:db8:1::6", "ff02::1:ff00:1", INET_ICMPV6, solicit, 24);
	ASSERT_TRUE(nd_is_solicitation(packet, &info));
	len = nd_answer(&call, packet, &info, true, reply);
	ASSERT_EQ(INET6_HEADER + 32, len);
	check_reply(len, "2001:db8:1::1", "2001:db8:1::6");
	EXPECT_EQ(136, reply[40]);
	EXPECT_FALSE(memcmp(ether_modem, reply + 40 + 26, 6));
	/* Its own address, or a probe of it, stays unanswered. */
	inet_pton(AF_INET6, "2001:db8:1::6", solicit + 8);
	info = build("::", "ff02::1:ff00:6", INET_ICMPV6, solicit, 24);
	EXPECT_EQ(0, nd_answer(&call, packet, &info, true, reply));
	packet[7] = 64;
	EXPECT_FALSE(nd_is_solicitation(packet, &info));
}

TEST(router_discovery)
{
	static const uint8_t solicit[8] = { 133 };
	struct modem_call call = call6();
	struct inet_packet info;
	size_t len;

	info = build("fe80::2", "ff02::2", INET_ICMPV6, solicit, sizeof(solicit));
	len = nd_answer(&call, packet, &info, false, reply);
	ASSERT_EQ(INET6_HEADER + 16 + 8 + 32 + 24, len);
	check_reply(len, "fe80::1", "fe80::2");
	EXPECT_EQ(134, reply[40]);
	EXPECT_EQ(1280, get_be32(reply + 40 + 16 + 4));
	EXPECT_FALSE(memcmp(&call.addr6, reply + 40 + 24 + 16, 8));
}

TEST(arp)
{
	uint8_t request[28] = { 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9 };
	struct modem_call call = call4();

	inet_pton(AF_INET, "10.0.0.6", request + 14);
	inet_pton(AF_INET, "10.0.0.5", request + 24);
	ASSERT_EQ(42, arp_answer(&call, request, sizeof(request), reply));
	EXPECT_FALSE(memcmp(request + 8, reply, 6));
	EXPECT_EQ(ETHERTYPE_ARP, get_be16(reply + 12));
	EXPECT_EQ(2, get_be16(reply + 20));
	EXPECT_FALSE(memcmp(ether_modem, reply + 22, 6));
	EXPECT_FALSE(memcmp(request + 24, reply + 28, 4));
	EXPECT_FALSE(memcmp(request + 8, reply + 32, 10));
	inet_pton(AF_INET, "10.0.0.6", request + 24);
	EXPECT_EQ(0, arp_answer(&call, request, sizeof(request), reply));
	EXPECT_EQ(0, arp_answer(&call, request, 27, reply));
}

TEST(dhcp)
{
	uint8_t discover[8 + 240 + 4] = { 0, 68, 0, 67, 0, 252, 0, 0, 1, 1, 6 };
	struct modem_call call = call4();
	struct inet_packet info;
	size_t len;

	put_be32(discover + 8 + 236, 0x63825363);
	discover[248] = 53;
	discover[249] = 1;
	discover[250] = 1;
	discover[251] = 255;
	info = build("0.0.0.0", "255.255.255.255", INET_UDP, discover, sizeof(discover));
	ASSERT_TRUE(dhcp_is_request(packet, &info));
	len = dhcp_answer(&call, packet, &info, reply);
	ASSERT_EQ(20 + 8 + 300, len);
	check_reply(len, "10.0.0.5", "255.255.255.255");
	EXPECT_EQ(2, reply[28]);
	EXPECT_FALSE(memcmp(&call.addr4, reply + 28 + 16, 4));
	EXPECT_EQ(2, reply[28 + 242]);
	/* The mask of a /30 is the first option after type, server and lease. */
	EXPECT_EQ(1, reply[28 + 240 + 3 + 6 + 6]);
	EXPECT_EQ(0xfffffffc, get_be32(reply + 28 + 240 + 3 + 6 + 6 + 2));
}

TEST_HARNESS_MAIN
