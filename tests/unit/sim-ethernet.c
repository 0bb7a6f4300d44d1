// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Claim: behind an 802.3 interface there is a router that answers ARP and neighbour
 * discovery, and that takes no frame which is not for it.
 */
#include <kselftest_harness.h>
#include <string.h>

#include "simnet.h"
#include "simusb.h"

/* Ethernet from the host 02:00:00:00:00:09 to @to. */
static size_t ethernet(uint8_t *frame, const char *to, uint16_t type)
{
	memcpy(frame, to, 6);
	memcpy(frame + 6, "\2\0\0\0\0\11", 6);
	frame[12] = type >> 8;
	frame[13] = type;
	return 14;
}

#define MODEM_MAC	"\2M2M\0\1"
#define BROADCAST	"\377\377\377\377\377\377"

TEST(ethernet_frames_with_arp)
{
	static const uint8_t head[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	const struct simusb_transfer *in;
	uint8_t frame[2048] = { 0 };
	struct net_call call;
	size_t len;

	simusb_start("gobi", NULL);
	net_call_up(&call, 4, 0);
	ethernet(frame, BROADCAST, 0x0806);
	memcpy(frame + 14, head, sizeof(head));
	memcpy(frame + 22, frame + 6, 6);
	memcpy(frame + 28, call.address, 4);
	memcpy(frame + 38, call.gateway, 4);
	simusb_out(simusb.qmi_index, frame, 42);
	in = simusb_in();
	ASSERT_EQ(42, in->len);
	EXPECT_FALSE(memcmp(frame + 6, in->data, 6));
	EXPECT_EQ(2, in->data[21]);		/* a reply */
	EXPECT_FALSE(memcmp(MODEM_MAC, in->data + 22, 6));
	EXPECT_FALSE(memcmp(call.gateway, in->data + 28, 4));
	EXPECT_EQ(1, simusb_stat("arp_replies"));
	/* Who asks for the host's own address is the host's own probe. */
	memcpy(frame + 38, call.address, 4);
	simusb_out(simusb.qmi_index, frame, 42);
	clock_settle();
	EXPECT_EQ(0, simusb.n_in);

	len = ethernet(frame, MODEM_MAC, 0x0800);
	len += net_udp(&call, NET_ECHO, 7, 100, frame + len);
	simusb_out(simusb.qmi_index, frame, len);
	in = simusb_in();
	ASSERT_EQ(len, in->len);
	EXPECT_FALSE(memcmp(frame + 6, in->data, 6));
	EXPECT_EQ(0x08, in->data[12]);
	EXPECT_TRUE(net_is_echo(&call, in->data + 14, in->len - 14, 7, 100));
	/* Not to the modem, not IP, too short: counted. */
	frame[0] = 0x06;
	simusb_out(simusb.qmi_index, frame, len);
	ethernet(frame, MODEM_MAC, 0x88cc);
	simusb_out(simusb.qmi_index, frame, len);
	simusb_out(simusb.qmi_index, frame, 13);
	clock_settle();
	EXPECT_EQ(0, simusb.n_in);
	EXPECT_EQ(3, simusb_stat("drop_ethernet"));
}

/* ICMPv6 without a payload of its own, from an address of the call's prefix */
static size_t icmp6(const struct net_call *call, uint8_t type, const uint8_t *to,
		    size_t len, uint8_t *packet)
{
	uint16_t sum;

	memset(packet, 0, 40);
	packet[0] = 0x60;
	packet[5] = len;
	packet[6] = 58;
	packet[7] = 255;
	memcpy(packet + 8, call->address, 16);
	memcpy(packet + 24, to, 16);
	packet[40] = type;
	packet[42] = 0;
	packet[43] = 0;
	sum = ~net_sum(packet + 40, len, net_pseudo_sum(packet, 40 + len, 58));
	packet[42] = sum >> 8;
	packet[43] = sum;
	return 40 + len;
}

TEST(ethernet_frames_with_neighbour_discovery)
{
	static const uint8_t nodes[16] = { 0xff, 2, [15] = 1 };
	static const uint8_t routers[16] = { 0xff, 2, [15] = 2 };
	const struct simusb_transfer *in;
	uint8_t frame[2048] = { 0 };
	struct net_call call;
	size_t len;

	simusb_start("gobi", NULL);
	net_call_up(&call, 6, 0);
	len = ethernet(frame, "\63\63\0\0\0\1", 0x86dd);
	memcpy(frame + len + 48, call.gateway, 16);
	len += icmp6(&call, 135, nodes, 24, frame + len);
	simusb_out(simusb.qmi_index, frame, len);
	in = simusb_in();
	ASSERT_EQ(14 + 40 + 24 + 8, in->len);
	EXPECT_TRUE(net_is_right(in->data + 14, in->len - 14));
	EXPECT_EQ(136, in->data[54]);
	EXPECT_FALSE(memcmp(call.gateway, in->data + 62, 16));
	EXPECT_FALSE(memcmp(MODEM_MAC, in->data + 80, 6));

	len = ethernet(frame, "\63\63\0\0\0\2", 0x86dd);
	memset(frame + len + 40, 0, 8);
	len += icmp6(&call, 133, routers, 8, frame + len);
	simusb_out(simusb.qmi_index, frame, len);
	in = simusb_in();
	EXPECT_TRUE(net_is_right(in->data + 14, in->len - 14));
	EXPECT_EQ(134, in->data[54]);
	EXPECT_EQ(2, simusb_stat("nd_replies"));

	len = ethernet(frame, MODEM_MAC, 0x86dd);
	len += net_udp(&call, NET_ECHO, 3, 1000, frame + len);
	simusb_out(simusb.qmi_index, frame, len);
	in = simusb_in();
	EXPECT_TRUE(net_is_echo(&call, in->data + 14, in->len - 14, 3, 1000));
}

TEST_HARNESS_MAIN
