// SPDX-License-Identifier: GPL-2.0-or-later
/* The host's side of calls and packets. */
#include <stdio.h>
#include <stdlib.h>

#include "simnet.h"
#include "simusb.h"

#define UDP		17
#define ICMP		1
#define ICMPV6		58

/* --- calls ------------------------------------------------------------------- */

/* The bytes of a TLV, last first if it is a number. */
static void tlv_bytes(uint8_t type, unsigned int n, bool number, uint8_t *ret_bytes)
{
	const char *hex = simqmi_tlv(type);
	unsigned int i;

	ASSERT_LE(3 * n - 1, strlen(hex));
	for (i = 0; i < n; i++)
		ret_bytes[number ? n - 1 - i : i] = strtoul(hex + 3 * i, NULL, 16);
}

void net_call_up(struct net_call *call, uint8_t family, uint8_t mux_id)
{
	char tlvs[128];

	memset(call, 0, sizeof(*call));
	simusb_register();
	call->family = family;
	call->mux_id = mux_id;
	call->client = simqmi_client(QMI_WDS);
	ASSERT_NE(0, call->client);
	snprintf(tlvs, sizeof(tlvs), "10 08 00 02 00 00 00 %02x 00 00 00 11 01 00 %02x",
		 simusb.qmi_interface, mux_id);
	if (mux_id)
		ASSERT_EQ(0, simqmi_call(QMI_WDS, call->client, 0x00a2, tlvs));
	snprintf(tlvs, sizeof(tlvs), "01 01 00 %02x", family);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, call->client, 0x004d, tlvs));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, call->client, 0x0020,
				 "14 08 00 69 6e 74 65 72 6e 65 74"));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, call->client, 0x002d, ""));
	if (family == 4) {
		tlv_bytes(0x1e, 4, true, call->address);
		tlv_bytes(0x20, 4, true, call->gateway);
	} else {
		tlv_bytes(0x25, 16, false, call->address);
		tlv_bytes(0x26, 16, false, call->gateway);
	}
}

void net_call_down(const struct net_call *call)
{
	simqmi_release(QMI_WDS, call->client);
}

/* --- packets ----------------------------------------------------------------- */

static void put16(uint8_t *p, uint16_t value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

uint16_t net_sum(const uint8_t *data, size_t len, uint32_t start)
{
	uint32_t sum = start;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static size_t header_size(uint8_t family)
{
	return family == 4 ? 20 : 40;
}

uint16_t net_pseudo_sum(const uint8_t *packet, size_t len, uint8_t protocol)
{
	bool v4 = packet[0] >> 4 == 4;
	size_t head = header_size(v4 ? 4 : 6);

	return net_sum(packet + (v4 ? 12 : 8), v4 ? 8 : 32,
		       protocol + (uint32_t)(len - head));
}

static void put_header(const struct net_call *call, size_t len, uint8_t *packet)
{
	if (call->family == 4) {
		packet[0] = 0x45;
		put16(packet + 2, len);
		packet[8] = 64;
		packet[9] = UDP;
		memcpy(packet + 12, call->address, 4);
		memcpy(packet + 16, call->gateway, 4);
		put16(packet + 10, ~net_sum(packet, 20, 0));
	} else {
		packet[0] = 0x60;
		put16(packet + 4, len - 40);
		packet[6] = UDP;
		packet[7] = 64;
		memcpy(packet + 8, call->address, 16);
		memcpy(packet + 24, call->gateway, 16);
	}
}

size_t net_udp(const struct net_call *call, uint16_t port, uint8_t seed, size_t len,
	       uint8_t *ret_packet)
{
	size_t head = header_size(call->family), total = head + 8 + len, i;
	uint8_t *udp = ret_packet + head;

	memset(ret_packet, 0, total);
	put_header(call, total, ret_packet);
	put16(udp, 40000 + seed);
	put16(udp + 2, port);
	put16(udp + 4, 8 + len);
	for (i = 0; i < len; i++)
		udp[8 + i] = seed + i;
	put16(udp + 6, ~net_sum(udp, 8 + len,
				net_pseudo_sum(ret_packet, total, UDP)));
	return total;
}

bool net_is_right(const uint8_t *packet, size_t len)
{
	bool v4 = packet[0] >> 4 == 4;
	size_t head = header_size(v4 ? 4 : 6);
	uint8_t protocol;

	if (len < head || (v4 ? get16(packet + 2) : get16(packet + 4) + 40u) != len)
		return false;
	if (v4 && net_sum(packet, 20, 0) != 0xffff)
		return false;
	protocol = v4 ? packet[9] : packet[6];
	if (protocol == ICMP)
		return net_sum(packet + head, len - head, 0) == 0xffff;
	return (protocol == UDP || protocol == ICMPV6) &&
	       net_sum(packet + head, len - head,
		       net_pseudo_sum(packet, len, protocol)) == 0xffff;
}

bool net_is_echo(const struct net_call *call, const uint8_t *packet, size_t packet_len,
		 uint8_t seed, size_t len)
{
	size_t head = header_size(call->family), n = call->family == 4 ? 4 : 16;
	const uint8_t *source = packet + (call->family == 4 ? 12 : 8);
	size_t i;

	if (packet_len != head + 8 + len || packet[0] >> 4 != call->family ||
	    !net_is_right(packet, packet_len) || memcmp(source, call->gateway, n) ||
	    memcmp(source + n, call->address, n) ||
	    get16(packet + head) != NET_ECHO ||
	    get16(packet + head + 2) != 40000 + seed)
		return false;
	for (i = 0; i < len; i++)
		if (packet[head + 8 + i] != (uint8_t)(seed + i))
			return false;
	return true;
}
