// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that came, cut up into segments, and the comparison with what was sent. */
#include <stdio.h>
#include <string.h>

#include "arrivals.h"
#include "harness.h"

#define TCP_FLAGS	13
#define TCP_CHECK	16
#define FLAGS_OF_LAST	0x09	/* PSH, FIN */
#define FLAGS_OF_FIRST	0x80	/* CWR */

/* Of what is not as it should be: the headers */
#define SHOWN		80

struct packet got[STREAM];
size_t n_got;

static unsigned int flow_of(const u8 *packet, size_t len)
{
	size_t i;

	/* Every packet is there at least once. */
	for (i = 0; i < n_sent; i++)
		if (sent[i].flow >= FLOWS && sent[i].len == len &&
		    !memcmp(sent[i].data, packet, len))
			return sent[i].flow;
	if (packet[0] >> 4 == 6)
		return packet[23] - stream_ends.from6[15];
	return get32(packet + 12) - stream_ends.from4;
}

void arrive(const u8 *packet, size_t len)
{
	ASSERT_LT(n_got, STREAM);
	ASSERT_LE(len, PACKET_MAX);
	memcpy(got[n_got].data, packet, len);
	got[n_got].len = len;
	got[n_got].flow = flow_of(packet, len);
	n_got++;
}

/* Lengths and sums as whoever cuts it up, or adds up the rest, needs them */
static void check_large(const u8 *whole, size_t len)
{
	ASSERT_EQ(len, whole[0] >> 4 == 6 ? 40u + get16(whole + 4) :
					    get16(whole + 2));
	ASSERT_TRUE(has_ip_sum(whole));
	ASSERT_EQ(tcp_pseudo_sum(whole, len),
		  get16(whole + ip_len(whole) + TCP_CHECK));
}

void arrive_unsummed(const u8 *packet, size_t len)
{
	struct packet copy;

	check_large(packet, len);
	ASSERT_LE(len, PACKET_MAX);
	memcpy(copy.data, packet, len);
	put_tcp_sum(copy.data, len);
	arrive(copy.data, len);
}

unsigned int arrive_segments(const u8 *whole, size_t len, size_t mss, bool counts)
{
	size_t transport = ip_len(whole), head, at, n;
	bool v6 = whole[0] >> 4 == 6;
	struct packet again;
	u8 *packet = again.data, *tcp = packet + transport;
	unsigned int i = 0;

	check_large(whole, len);
	head = transport + (whole[transport + 12] >> 4) * 4;
	ASSERT_LE(head + mss, PACKET_MAX);
	for (at = head; at < len; at += n, i++) {
		n = len - at < mss ? len - at : mss;
		memcpy(packet, whole, head);
		memcpy(packet + head, whole + at, n);
		put32(tcp + 4, get32(whole + transport + 4) + (u32)(at - head));
		if (at + n < len)
			tcp[TCP_FLAGS] &= ~FLAGS_OF_LAST;
		if (i)
			tcp[TCP_FLAGS] &= ~FLAGS_OF_FIRST;
		if (v6) {
			put16(packet + 4, head + n - 40);
		} else {
			put16(packet + 2, head + n);
			if (counts)
				put16(packet + 4, get16(whole + 4) + i);
			put_ip_sum(packet);
		}
		put_tcp_sum(packet, head + n);
		arrive(packet, head + n);
	}
	return i;
}

/* Of a stream with what may belong to any */
static bool is_of(const struct packet *packet, unsigned int flow)
{
	return packet->flow == flow || (packet->flow == FLOW_ANY && flow < FLOWS);
}

static void show(const char *what, const struct packet *packet)
{
	size_t i;

	printf("# %s, %zu bytes:", what, packet->len);
	for (i = 0; i < packet->len && i < SHOWN; i++)
		printf("%s%02x", i % 4 ? "" : " ", packet->data[i]);
	printf("\n");
}

static void check_same(unsigned int flow, const struct packet *a, const struct packet *b)
{
	if (a->len == b->len && !memcmp(a->data, b->data, a->len))
		return;
	printf("# of flow %u:\n", flow);
	show("was sent", a);
	show("came", b);
	ASSERT_EQ(a->len, b->len);
	ASSERT_EQ(0, memcmp(a->data, b->data, a->len));
}

static void check_flow(unsigned int flow)
{
	size_t i, j = 0;

	for (i = 0; i < n_sent; i++) {
		if (!is_of(&sent[i], flow))
			continue;
		while (j < n_got && !is_of(&got[j], flow))
			j++;
		ASSERT_LT(j, n_got);
		check_same(flow, &sent[i], &got[j++]);
	}
}

void check_arrivals(void)
{
	unsigned int flow;

	ASSERT_EQ(n_sent, n_got);
	for (flow = 0; flow < FLOW_ANY; flow++)
		check_flow(flow);
}
