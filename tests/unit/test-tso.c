// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * driver/tso.c on random packets: its segments are those that a sender would have
 * made one by one, with right checksums, and what makes no sense is refused. The
 * seed is fixed.
 */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/inet.h"
#include "../../driver/tso.h"
#include "../lib/harness.h"
#include "../lib/packet.h"

#define ROUNDS		20000
#define SEGMENT_MAX	(M2M_TSO_HEAD_MAX + 2000)
#define PAYLOAD_MAX	20000

#define FIN		0x01
#define PSH		0x08
#define CWR		0x80

/* What a sender has in mind */
struct sender {
	bool v6, ethernet, fixed_id;
	u8 tos, ttl, ip_options, tcp_options, flags;
	u16 id, window, urgent, mss;
	u32 seq, ack, payload;
};

static u8 payload[PAYLOAD_MAX];

/* --- what is right, on its own, so that a mistake cannot agree with itself -------- */

static size_t network(const struct sender *s)
{
	return s->ethernet ? 14 : 0;
}

static size_t transport(const struct sender *s)
{
	return network(s) + (s->v6 ? 40 : 20) + s->ip_options;
}

static size_t head_len(const struct sender *s)
{
	return transport(s) + 20 + s->tcp_options;
}

/* The sum of the pseudo header, of a length that may be more than 65535 */
static u16 pseudo(const struct sender *s, const u8 *packet, u32 len)
{
	const u8 *ip = packet + network(s);

	return ones(s->v6 ? ip + 8 : ip + 12, s->v6 ? 32 : 8,
		    6 + (len >> 16) + (len & 0xffff));
}

static void put_ipv4(const struct sender *s, u8 *ip, u16 id, u32 len)
{
	ip[0] = 0x40 | (20 + s->ip_options) / 4;
	ip[1] = s->tos;
	put16(ip + 2, len);
	put16(ip + 4, id);
	ip[6] = 0x40;
	ip[8] = s->ttl;
	ip[9] = 6;
	put32(ip + 12, 0x0a00f001);
	put32(ip + 16, 0xc6336401);
	/* Options that do nothing */
	memset(ip + 20, 1, s->ip_options);
	put16(ip + 10, ~ones(ip, 20 + s->ip_options, 0));
}

static void put_ipv6(const struct sender *s, u8 *ip, u32 len)
{
	unsigned int i;

	ip[0] = 0x60 | s->tos >> 4;
	ip[1] = s->tos << 4;
	put16(ip + 4, len - 40);
	ip[6] = 6;
	ip[7] = s->ttl;
	for (i = 8; i < 40; i++)
		ip[i] = 3 * i;
	if (!s->ip_options)
		return;
	/* Destination options: padding */
	ip[6] = 60;
	ip[40] = 6;
	ip[41] = s->ip_options / 8 - 1;
	ip[42] = 1;
	ip[43] = s->ip_options - 4;
}

static void put_tcp(const struct sender *s, u8 *tcp, u32 seq, u8 flags)
{
	unsigned int i;

	put16(tcp, 1234);
	put16(tcp + 2, 80);
	put32(tcp + 4, seq);
	put32(tcp + 8, s->ack);
	tcp[12] = (20 + s->tcp_options) / 4 << 4;
	tcp[13] = flags;
	put16(tcp + 14, s->window);
	put16(tcp + 18, s->urgent);
	for (i = 0; i < s->tcp_options; i++)
		tcp[20 + i] = 7 * i + 1;
}

/* Headers of @len bytes of payload at @at, the @n-th packet; no TCP checksum */
static void put_head(const struct sender *s, u8 *packet, unsigned int n, u32 at,
		     u32 len, u8 flags)
{
	u8 *ip = packet + network(s);
	u32 total = head_len(s) - network(s) + len;

	memset(packet, 0, head_len(s));
	if (s->ethernet)
		memcpy(packet, "\x02\1\2\3\4\5\2\1\2\3\4\6\x08\0", 14);
	if (s->v6)
		put_ipv6(s, ip, total);
	else
		put_ipv4(s, ip, s->fixed_id ? s->id : s->id + n, total);
	put_tcp(s, packet + transport(s), s->seq + at, flags);
}

/* --- what the stack hands over ---------------------------------------------------- */

static void sender_new(struct sender *s)
{
	*s = (struct sender) {
		.v6 = draw(2),
		.ethernet = draw(2),
		.fixed_id = draw(2),
		.tos = draw(256),
		.ttl = 1 + draw(255),
		.tcp_options = 4 * draw(11),
		.flags = 0x10 | draw(256),
		/* Where numbers wrap is where mistakes are. */
		.id = once_in(3) ? 0xffff - draw(5) : draw(0x10000),
		.seq = once_in(3) ? 0xffffff00 + draw(256) : draw(1u << 30),
		.ack = draw(1u << 30),
		.window = draw(0x10000),
		.urgent = once_in(10) ? draw(0x10000) : 0,
		.mss = 1 + draw(once_in(5) ? 20 : 1500),
	};
	if (once_in(4))
		s->ip_options = s->v6 ? 8 * (1 + draw(2)) : 4 * draw(11);
	s->payload = 1 + draw(s->mss * 12 < PAYLOAD_MAX ? s->mss * 12 :
							  PAYLOAD_MAX);
}

static bool begin(const struct sender *s, struct m2m_tso *tso)
{
	struct m2m_tso_packet packet = {
		.len = head_len(s) + s->payload,
		.network = network(s),
		.transport = transport(s),
		.mss = s->mss,
		.fixed_id = s->fixed_id,
	};
	u8 *tcp = tso->head + transport(s);

	memset(tso, 0xa5, sizeof(*tso));
	put_head(s, tso->head, 0, 0, s->payload, s->flags);
	put16(tcp + 16, pseudo(s, tso->head, packet.len - transport(s)));
	packet.head = m2m_tso_head_len(tcp, transport(s));
	ASSERT_EQ(head_len(s), packet.head);
	return m2m_tso_begin(tso, &packet);
}

static u8 flags_of(const struct sender *s, u32 at, u32 len)
{
	u8 flags = s->flags;

	if (at)
		flags &= ~CWR;
	if (at + len < s->payload)
		flags &= ~(FIN | PSH);
	return flags;
}

/* As whoever receives it checks it: with the payload, and without the field. */
static void check_tcp_sum(const struct sender *s, u8 *packet, size_t len)
{
	u8 *tcp = packet + transport(s);
	size_t tcp_len = len - transport(s);

	ASSERT_EQ(pseudo(s, packet, tcp_len) % 0xffff,
		  get16(tcp + 16) % 0xffff);
	/* The device sums up what the stack left there. */
	put16(tcp + 16, ~ones(tcp, tcp_len, 0));
	ASSERT_EQ(0xffff, ones(tcp, tcp_len, pseudo(s, packet, tcp_len)));
}

/* The @n-th packet, of @len bytes of payload at @at, whose headers were made */
static void check_packet(const struct sender *s, u8 *packet, unsigned int n,
			 u32 at, size_t len)
{
	u8 wanted[SEGMENT_MAX];
	size_t head = head_len(s);

	ASSERT_EQ(0x5a, packet[head]);
	memcpy(packet + head, payload + at, len);
	put_head(s, wanted, n, at, len, flags_of(s, at, len));
	memcpy(wanted + transport(s) + 16, packet + transport(s) + 16, 2);
	ASSERT_EQ(0, memcmp(wanted, packet, head));
	if (!s->v6)
		ASSERT_EQ(0xffff, ones(packet + network(s),
				       20 + s->ip_options, 0));
	check_tcp_sum(s, packet, head + len);
}

static void check_segment(const struct sender *s, struct m2m_tso *tso,
			  unsigned int n, u32 at)
{
	size_t len = s->payload - at < s->mss ? s->payload - at : s->mss;
	u8 packet[SEGMENT_MAX];

	ASSERT_EQ(len, m2m_tso_payload(tso));
	memset(packet, 0x5a, sizeof(packet));
	ASSERT_EQ(len, m2m_tso_next(tso, packet));
	check_packet(s, packet, n, at, len);
}

/* Some full ones in a row. Returns how many. */
static unsigned int check_run(const struct sender *s, struct m2m_tso *tso,
			      unsigned int n, u32 at)
{
	u8 heads[SEGMENT_MAX], packet[SEGMENT_MAX];
	unsigned int i;

	memset(heads, 0x5a, sizeof(heads));
	m2m_tso_full(tso, heads);
	for (i = 0; tso->left > tso->mss && draw(8); i++) {
		memcpy(packet, heads, sizeof(packet));
		check_packet(s, packet, n + i, at + i * s->mss, s->mss);
		m2m_tso_step(tso, heads);
	}
	return i;
}

TEST_TIMEOUT(segments_are_what_a_sender_makes, 120)
{
	unsigned int round, n, segments, run;
	unsigned long all = 0, runs = 0;
	struct m2m_tso tso;
	struct sender s;
	u32 at;

	draw_seed = 0x6d326d31;
	for (n = 0; n < sizeof(payload); n++)
		payload[n] = draw(256);
	for (round = 0; round < ROUNDS; round++) {
		sender_new(&s);
		if (head_len(&s) > M2M_TSO_HEAD_MAX)
			continue;
		ASSERT_TRUE(begin(&s, &tso));
		segments = m2m_tso_segments(&tso);
		for (n = 0, at = 0; at < s.payload;) {
			check_segment(&s, &tso, n++, at);
			at += s.mss;
			if (tso.left <= tso.mss || once_in(2))
				continue;
			run = check_run(&s, &tso, n, at);
			n += run;
			at += run * s.mss;
			runs += run;
		}
		ASSERT_EQ(segments, n);
		ASSERT_EQ(0, tso.left);
		ASSERT_EQ(0, m2m_tso_segments(&tso));
		ASSERT_EQ(!s.v6 || !s.ip_options, m2m_tso_is_plain(&tso));
		all += n;
	}
	ASSERT_LT(ROUNDS * 3, all);
	ASSERT_LT(ROUNDS, runs);
}

/* --- what makes no sense ---------------------------------------------------------- */

struct lie {
	const char *what;
	void (*tell)(struct m2m_tso *tso, struct m2m_tso_packet *packet);
};

static void no_mss(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->mss = 0;
}

static void no_payload(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->len = packet->head;
}

static void shorter_than_head(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->len = packet->head - 1;
}

static void too_long_a_segment(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->len = 200000;
	packet->mss = 0xffff - packet->head + packet->network + 1;
}

static void other_head(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->head -= 4;
}

static void endless_head(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->head = 0xffff;
}

static void half_a_tcp_header(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	tso->head[packet->transport + 12] = 4 << 4;
	packet->head = packet->transport + 16;
}

static void transport_first(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->network = packet->transport;
}

static void transport_outside(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->transport = 0xfff0;
}

static void other_version(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	tso->head[packet->network] ^= 0x70;
}

static const struct lie lies[] = {
	{ "no segment size", no_mss },
	{ "no payload", no_payload },
	{ "shorter than its headers", shorter_than_head },
	{ "segments longer than IP's length field tells", too_long_a_segment },
	{ "headers shorter than TCP says", other_head },
	{ "headers longer than any", endless_head },
	{ "half a TCP header", half_a_tcp_header },
	{ "TCP before IP", transport_first },
	{ "TCP outside", transport_outside },
	{ "neither IPv4 nor IPv6", other_version },
};

static void ip_header_length(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	tso->head[packet->network]++;
}

static void ip_header_short(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->network += 4;
	tso->head[packet->network] = 0x44;
}

static void not_tcp(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	tso->head[packet->network + 9] = 17;
}

static void fragment(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	tso->head[packet->network + 7] = 1;
}

static void more_fragments(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	tso->head[packet->network + 6] = 0x20;
}

static const struct lie lies_v4[] = {
	{ "IP header longer than the way to TCP", ip_header_length },
	{ "IP header of 16 bytes", ip_header_short },
	{ "not TCP", not_tcp },
	{ "a fragment", fragment },
	{ "a first fragment", more_fragments },
};

static void ip_header_short_v6(struct m2m_tso *tso, struct m2m_tso_packet *packet)
{
	packet->network += 4;
	tso->head[packet->network] = 0x60;
}

static const struct lie lies_v6[] = {
	{ "IP header of 36 bytes", ip_header_short_v6 },
};

/* A packet is taken; with the lie it is refused. */
static bool is_refused(const struct lie *lie, bool v6)
{
	const struct sender s = {
		.v6 = v6, .ethernet = true, .ttl = 64, .tcp_options = 12,
		.flags = 0x18, .mss = 1000, .payload = 5000,
	};
	struct m2m_tso_packet packet = {
		.len = head_len(&s) + s.payload,
		.head = head_len(&s),
		.network = network(&s),
		.transport = transport(&s),
		.mss = s.mss,
	};
	struct m2m_tso tso;

	ASSERT_TRUE(begin(&s, &tso));
	put_head(&s, tso.head, 0, 0, s.payload, s.flags);
	lie->tell(&tso, &packet);
	return !m2m_tso_begin(&tso, &packet);
}

static void all_are_refused(const struct lie *list, size_t n, bool v6)
{
	size_t i;

	for (i = 0; i < n; i++) {
		printf("# %s\n", list[i].what);
		ASSERT_TRUE(is_refused(&list[i], v6));
	}
}

TEST(lies_are_refused)
{
	all_are_refused(lies, ARRAY_SIZE(lies), false);
	all_are_refused(lies, ARRAY_SIZE(lies), true);
	all_are_refused(lies_v4, ARRAY_SIZE(lies_v4), false);
	all_are_refused(lies_v6, ARRAY_SIZE(lies_v6), true);
}

TEST(headers_that_do_not_fit)
{
	u8 tcp[20] = { [12] = 15 << 4 };

	EXPECT_EQ(M2M_TSO_HEAD_MAX,
		  m2m_tso_head_len(tcp, M2M_TSO_HEAD_MAX - 60));
	EXPECT_EQ(0, m2m_tso_head_len(tcp, M2M_TSO_HEAD_MAX - 59));
	tcp[12] = 4 << 4;
	EXPECT_EQ(0, m2m_tso_head_len(tcp, 20));
}

/* Bytes and numbers that nobody chose: what is taken leaves in one piece. */
TEST_TIMEOUT(noise_is_refused_or_ends, 60)
{
	struct m2m_tso_packet packet;
	u8 head[M2M_TSO_HEAD_MAX];
	unsigned int round, i, taken = 0;
	struct m2m_tso tso;
	u32 sum, segments;

	draw_seed = 0x6d326d32;
	for (round = 0; round < 200000; round++) {
		for (i = 0; i < sizeof(tso.head); i++)
			tso.head[i] = draw(256);
		packet = (struct m2m_tso_packet) {
			.len = draw(70000),
			.network = draw(4) ? 0 : draw(200),
			.transport = draw(4) ? 40 : draw(200),
			.mss = draw(once_in(3) ? 0x10000 : 2000),
		};
		if (once_in(2) && packet.network < M2M_TSO_HEAD_MAX)
			tso.head[packet.network] = 0x60;
		packet.head = draw(200);
		if (packet.transport + 20u <= M2M_TSO_HEAD_MAX && draw(4))
			packet.head = m2m_tso_head_len(tso.head + packet.transport,
						       packet.transport);
		if (!m2m_tso_begin(&tso, &packet))
			continue;
		taken++;
		segments = m2m_tso_segments(&tso);
		for (sum = 0; tso.left; segments--)
			sum += m2m_tso_next(&tso, head);
		ASSERT_EQ(0, segments);
		ASSERT_EQ(packet.len - packet.head, sum);
	}
	ASSERT_LT(1000, taken);
}

TEST_HARNESS_MAIN
