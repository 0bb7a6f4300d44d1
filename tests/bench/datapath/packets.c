// SPDX-License-Identifier: GPL-2.0-or-later
/* IP packets as the far end of a call sends them, checksums right. */
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "bench.h"

#define SOURCE		0xc6336401	/* 198.51.100.1 */
#define TARGET		0xcb007102	/* 203.0.113.2, behind bench0 */
#define PORT		5001

/* NOP, NOP, time stamp */
#define STAMPS_LEN	12
#define SHORT_LEN	64

struct tcp_packet {
	struct iphdr ip;
	struct tcphdr tcp;
	u8 options[STAMPS_LEN];
} __packed;

static bool is_long(const struct bench_test *test, unsigned int n)
{
	return !test->mixed || n % 4 == 0;
}

static unsigned int length(const struct bench_test *test, unsigned int n)
{
	unsigned int len = is_long(test, n) ? test->len : SHORT_LEN;

	return len + (test->stamps ? STAMPS_LEN : 0);
}

unsigned int bench_packet_head(const struct bench_test *test)
{
	if (!test->tcp)
		return sizeof(struct iphdr) + sizeof(struct udphdr);
	return sizeof(struct iphdr) + sizeof(struct tcphdr) +
	       (test->stamps ? STAMPS_LEN : 0);
}

static u32 sequence(const struct bench_test *test, unsigned int n)
{
	return n / test->flows * test->segments *
	       (test->len - sizeof(struct iphdr) - sizeof(struct tcphdr));
}

static void put_tcp(const struct bench_test *test, unsigned int n,
		    struct tcp_packet *packet)
{
	struct tcphdr *tcp = &packet->tcp;

	tcp->source = htons(PORT + n % test->flows);
	tcp->dest = htons(PORT);
	tcp->seq = htonl(sequence(test, n));
	tcp->ack_seq = htonl(1);
	tcp->doff = (bench_packet_head(test) - sizeof(struct iphdr)) / 4;
	tcp->ack = 1;
	tcp->window = htons(512);
	if (!test->stamps)
		return;
	packet->options[0] = TCPOPT_NOP;
	packet->options[1] = TCPOPT_NOP;
	packet->options[2] = TCPOPT_TIMESTAMP;
	packet->options[3] = TCPOLEN_TIMESTAMP;
	*(__be32 *)(packet->options + 4) = htonl(n);
}

static void put_checksum(const struct bench_test *test, struct iphdr *ip,
			 unsigned int len)
{
	u8 *l4 = (u8 *)(ip + 1);
	__sum16 *check = (__sum16 *)(l4 + (test->tcp ?
					   offsetof(struct tcphdr, check) :
					   offsetof(struct udphdr, check)));

	len -= sizeof(*ip);
	*check = 0;
	if (test->partial)
		*check = ~csum_tcpudp_magic(ip->saddr, ip->daddr, len,
					    ip->protocol, 0);
	else
		*check = csum_tcpudp_magic(ip->saddr, ip->daddr, len,
					   ip->protocol,
					   csum_partial(l4, len, 0));
}

static void make(const struct bench_test *test, unsigned int n, u8 *buf)
{
	unsigned int len = length(test, n), i;
	struct tcp_packet *packet = (struct tcp_packet *)buf;
	struct udphdr *udp = (struct udphdr *)&packet->tcp;
	struct iphdr *ip = &packet->ip;

	for (i = 0; i < len; i++)
		buf[i] = i;
	*ip = (struct iphdr) {
		.version = 4,
		.ihl = 5,
		.tot_len = htons(len),
		.id = htons(n / test->flows),
		.frag_off = htons(IP_DF),
		.ttl = 64,
		.protocol = test->tcp ? IPPROTO_TCP : IPPROTO_UDP,
		.saddr = htonl(SOURCE),
		.daddr = htonl(TARGET),
	};
	ip_send_check(ip);
	if (test->tcp) {
		memset(&packet->tcp, 0, sizeof(packet->tcp));
		put_tcp(test, n, packet);
	} else {
		udp->source = htons(PORT);
		udp->dest = htons(PORT);
		udp->len = htons(len - sizeof(*ip));
		udp->check = 0;
	}
	put_checksum(test, ip, len);
}

static void renew(const struct bench_test *test, unsigned int n, u8 *buf)
{
	struct tcp_packet *packet = (struct tcp_packet *)buf;
	__be32 seq = htonl(sequence(test, n)), *stamp;
	struct tcphdr *tcp = &packet->tcp;
	__be16 id = htons(n / test->flows);

	csum_replace2(&packet->ip.check, packet->ip.id, id);
	packet->ip.id = id;
	if (!test->tcp)
		return;
	if (!test->partial)
		csum_replace4(&tcp->check, tcp->seq, seq);
	tcp->seq = seq;
	if (!test->stamps)
		return;
	stamp = (__be32 *)(packet->options + 4);
	csum_replace4(&tcp->check, *stamp, htonl(n));
	*stamp = htonl(n);
}

void bench_packets(struct bench_run *run)
{
	unsigned int n;

	for (n = 0; n < BENCH_K_MAX; n++)
		make(run->test, n, run->packets + n * BENCH_PACKET_MAX);
}

const u8 *bench_packet_next(struct bench_run *run, unsigned int *ret_len)
{
	u8 *packet = run->packets + run->next % BENCH_K_MAX * BENCH_PACKET_MAX;

	renew(run->test, run->next, packet);
	*ret_len = length(run->test, run->next);
	run->next++;
	return packet;
}
