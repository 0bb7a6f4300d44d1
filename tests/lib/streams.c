// SPDX-License-Identifier: GPL-2.0-or-later
/* Random streams of TCP, and what else comes between their segments. */
#include <string.h>

#include "streams.h"

struct packet sent[STREAM];
size_t n_sent;
static struct stream streams[FLOWS];

struct stream_ends stream_ends = {
	.from4 = 0x0a000001,
	.to4 = 0x0a0000f0,
	.from6 = { [15] = 1 },
	.to6 = { [15] = 2 },
};

size_t ip_len(const u8 *packet)
{
	return packet[0] >> 4 == 6 ? 40 : (packet[0] & 15) * 4u;
}

void put_ip_sum(u8 *packet)
{
	put16(packet + 10, 0);
	put16(packet + 10, ~ones(packet, ip_len(packet), 0));
}

bool has_ip_sum(const u8 *packet)
{
	return packet[0] >> 4 == 6 || ones(packet, ip_len(packet), 0) == 0xffff;
}

u16 tcp_pseudo_sum(const u8 *packet, size_t len)
{
	bool v6 = packet[0] >> 4 == 6;

	return ones(packet + (v6 ? 8 : 12), v6 ? 32 : 8,
		    6 + (u32)(len - ip_len(packet)));
}

void put_tcp_sum(u8 *packet, size_t len)
{
	u16 sum = tcp_pseudo_sum(packet, len);
	size_t at = ip_len(packet);

	put16(packet + at + 16, 0);
	put16(packet + at + 16, ~ones(packet + at, len - at, sum));
}

bool has_tcp_sum(const u8 *packet, size_t len)
{
	size_t at = ip_len(packet);

	return ones(packet + at, len - at, tcp_pseudo_sum(packet, len)) == 0xffff;
}

/* Most have none or a timestamp, others whatever fits */
static u8 draw_options(void)
{
	return once_in(4) ? 4 * draw(11) : 12 * draw(2);
}

void stream_new(struct stream *s, unsigned int i)
{
	*s = (struct stream) {
		.v6 = draw(2),
		.df = draw(4),
		.options = draw_options(),
		.ids = draw(3),
		.tos = once_in(4) ? 2 : 0,
		.ttl = 50 + draw(3),
		.port = 1000 + i % 4,
		.id = draw(0x10000),
		.window = draw(0x10000),
		.mss = 20 + draw(MSS_MAX - 20),
		/* Where numbers wrap is where mistakes are. */
		.seq = once_in(3) ? 0xffffff00 + draw(256) : draw(1u << 30),
		.ack = draw(1u << 30),
	};
}

static void put_ends4(u8 *p, unsigned int i)
{
	put32(p + 12, stream_ends.from4 + i);
	put32(p + 16, stream_ends.to4);
}

size_t put_ip(struct stream *s, unsigned int i, u8 *p, size_t rest)
{
	memset(p, 0, 40);
	if (s->v6) {
		p[0] = 0x60;
		p[1] = s->tos << 4;
		put16(p + 4, rest);
		p[6] = 6;
		p[7] = s->ttl;
		memcpy(p + 8, stream_ends.from6, 16);
		p[23] += i;
		memcpy(p + 24, stream_ends.to6, 16);
		return 40;
	}
	p[0] = 0x45;
	p[1] = s->tos;
	put16(p + 2, 20 + rest);
	put16(p + 4, s->id);
	p[6] = s->df ? 0x40 : 0;
	p[8] = s->ttl;
	p[9] = 6;
	put_ends4(p, i);
	return 20;
}

void count_id(struct stream *s)
{
	if (s->ids == COUNTING)
		s->id++;
	else if (s->ids == RANDOM)
		s->id = draw(0x10000);
}

static u8 draw_flags(void)
{
	if (once_in(12))
		return 0x18;
	if (once_in(40))
		return 0x10 | 1 << draw(8);
	return 0x10;
}

/* Of a stream in its usual course, or as networks and enemies make it. */
void put_segment(struct stream *s, unsigned int i, struct packet *packet)
{
	size_t payload = once_in(10) ? draw(s->mss) : s->mss;
	size_t options = s->options, at, n;
	u8 *p = packet->data, *tcp;

	if (once_in(20))
		s->stamp++;
	if (once_in(25))
		s->ack += draw(1000);
	if (once_in(40))
		s->window = draw(0x10000);
	if (once_in(60))
		s->tos ^= 3;
	if (once_in(60))
		s->ttl++;
	if (once_in(60))
		s->skew = once_in(2) ? 0 : draw(0xffff);
	at = put_ip(s, i, p, 20 + options + payload);
	count_id(s);
	tcp = p + at;
	memset(tcp, 0, 20);
	memset(tcp + 20, 1, options);
	put16(tcp, s->port);
	put16(tcp + 2, 80);
	put32(tcp + 4, once_in(25) ? s->seq - draw(3) * s->mss : s->seq);
	put32(tcp + 8, s->ack);
	tcp[12] = (20 + options) / 4 << 4;
	tcp[13] = draw_flags();
	put16(tcp + 14, s->window);
	if (once_in(80))
		put16(tcp + 18, draw(100));
	if (options >= 12) {
		put32(tcp + 20, 0x0101080a);
		put32(tcp + 24, s->stamp);
	}
	for (n = 0; n < payload; n++)
		tcp[20 + options + n] = draw(256);
	packet->len = at + 20 + options + payload;
	s->seq += payload;
	if (!s->v6) {
		put_ip_sum(p);
		put16(p + 10, ones(p + 10, 2, s->skew));
	}
	put_tcp_sum(p, packet->len);
	packet->verified = true;
}

static void cut_up6(struct packet *packet)
{
	static const u8 fragment[8] = { 6, 0, 0, 1, 0, 0, 0, 7 };
	u8 *p = packet->data;

	memmove(p + 48, p + 40, packet->len - 40);
	memcpy(p + 40, fragment, sizeof(fragment));
	p[6] = 44;
	packet->len += sizeof(fragment);
	put16(p + 4, packet->len - 40);
	packet->flow = FLOW_ANY;
}

/* Rare, and no damage: it stays one of its flow, at its place in it */
static void put_ip_options(struct packet *packet)
{
	size_t len = 4 * (1 + draw(10));
	u8 *p = packet->data;

	memmove(p + 20 + len, p + 20, packet->len - 20);
	memset(p + 20, 1, len);
	packet->len += len;
	p[0] += len / 4;
	put16(p + 2, packet->len);
	put_ip_sum(p);
}

static void damage(struct packet *packet)
{
	size_t at = ip_len(packet->data);
	u8 *p = packet->data;

	if (once_in(25)) {
		/* The payload, and the modem says so. */
		p[packet->len - 1] ^= 1 + draw(255);
		packet->verified = false;
	} else if (once_in(40) && p[0] == 0x45) {
		put_ip_options(packet);
	} else if (once_in(40) && p[0] == 0x45) {
		p[10] ^= 1 + draw(255);
	} else if (once_in(40)) {
		/* Bytes behind the packet */
		p[packet->len++] = draw(2);
	} else if (once_in(60) && p[0] == 0x45) {
		p[6] |= 0x20;
		put_ip_sum(p);
		packet->flow = FLOW_ANY;
	} else if (once_in(60) && p[0] >> 4 == 6) {
		cut_up6(packet);
	} else if (once_in(60)) {
		/* As right as 0, and nobody would write it. */
		put16(p + at + 16, 0xffff);
		packet->verified = once_in(2);
	}
}

static void put_other(struct packet *packet)
{
	bool udp = draw(2);
	u8 *p = packet->data;

	packet->len = 28 + draw(40);
	memset(p, 0x55, packet->len);
	p[0] = 0x45;
	put16(p + 2, packet->len);
	put16(p + 6, 0);
	p[9] = udp ? 17 : 1;
	put_ends4(p, FLOWS);
	put_ip_sum(p);
	packet->flow = udp ? FLOW_UDP : FLOW_ANY;
	packet->verified = draw(2);
}

static void swap(struct packet *a, struct packet *b)
{
	struct packet c = *a;

	*a = *b;
	*b = c;
}

void make_stream(void)
{
	unsigned int i, flows = 1 + draw(FLOWS), last = 0;

	for (i = 0; i < flows; i++)
		stream_new(&streams[i], i);
	for (n_sent = 0; n_sent < STREAM; n_sent++) {
		struct packet *packet = &sent[n_sent];

		if (once_in(15)) {
			put_other(packet);
			continue;
		}
		if (once_in(4))
			last = draw(flows);
		packet->flow = last;
		put_segment(&streams[last], last, packet);
		damage(packet);
		if (n_sent && once_in(50))
			swap(packet - 1, packet);
	}
}
