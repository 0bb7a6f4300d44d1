// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * driver/merge.c on random streams: what it delivers, segmented as the stack does
 * it, is byte for byte what came, and of each flow in order. The seed is fixed. What
 * comes is taken one by one, and from transfers in QMAP v5, as the driver does.
 */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../driver/inet.h"
#include "../../driver/merge.h"
#include "../lib/arrivals.h"
#include "../lib/harness.h"

#define ROUNDS		3000
#define MUX_ID		7
/* What a byte is said to cost */
#define CHARGE		2

static unsigned long n_merged, n_wholes, n_run;

/* --- the driver's part ------------------------------------------------------------ */

/* As the driver makes an skb of it: the owner of a piece is what it lies in. */
static size_t assemble(const struct m2m_merge_flow *flow, u8 *whole)
{
	size_t len = flow->first.head, left = flow->payload, n;
	unsigned int i;

	memcpy(whole, flow->head, len);
	for (i = 0; i < flow->segments; i++) {
		const struct m2m_merge_piece *piece = &flow->pieces[i];

		n = left < flow->first.payload ? left : flow->first.payload;
		memcpy(whole + len, (u8 *)piece->owner + piece->offset, n);
		ASSERT_EQ(n * CHARGE, piece->cost);
		len += n;
		left -= n;
	}
	ASSERT_EQ(0, left);
	return len;
}

static void emit(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
	static u8 whole[M2M_MERGE_HEAD_MAX + M2M_MERGE_SEGMENTS * MSS_MAX];
	size_t len;

	ASSERT_LE(1, flow->segments);
	ASSERT_LE(flow->segments, M2M_MERGE_SEGMENTS);
	ASSERT_EQ(&n_got, flow->owner);
	len = assemble(flow, whole);
	if (flow->segments == 1) {
		arrive(whole, len);
		return;
	}
	m2m_merge_head(flow, whole);
	n_wholes++;
	n_merged += flow->segments;
	ASSERT_EQ(flow->segments,
		  arrive_segments(whole, len, flow->first.payload, flow->counts));
}

static enum m2m_segment_kind kind_of(const u8 *packet, size_t len,
				     struct m2m_segment *segment)
{
	struct m2m_inet inet;

	if (!m2m_inet_parse(packet, len, &inet))
		return M2M_SEGMENT_OTHER;
	return m2m_segment_parse(packet, len, MUX_ID, &inet, segment);
}

static struct m2m_merge_piece piece_of(const u8 *packet, size_t len, size_t head)
{
	return (struct m2m_merge_piece){
		.owner = (void *)packet,
		.offset = head,
		.cost = (len - head) * CHARGE,
	};
}

static bool follows(struct m2m_merge *merge, const u8 *packet, size_t len)
{
	struct m2m_merge_piece piece;
	struct m2m_merge_flow *flow;

	flow = m2m_merge_match(merge, packet, len, MUX_ID);
	if (!flow)
		return false;
	piece = piece_of(packet, len, flow->first.head);
	m2m_merge_add(merge, flow, packet, len, &piece);
	return true;
}

static void take_first(struct m2m_merge *merge, const struct m2m_segment *segment)
{
	struct m2m_merge_piece piece;

	piece = piece_of(segment->packet, segment->head + segment->payload,
			 segment->head);
	m2m_merge_open(merge, segment, &piece)->owner = &n_got;
}

/* Returns whether it joined or opened a flow. */
static bool take(struct m2m_merge *merge, const u8 *packet, size_t len, bool verified)
{
	struct m2m_segment segment;

	if (verified && follows(merge, packet, len))
		return true;
	switch (kind_of(packet, len, &segment)) {
	case M2M_SEGMENT_OTHER:
		m2m_merge_end_all(merge);
		break;
	case M2M_SEGMENT_UDP:
		break;
	case M2M_SEGMENT_TCP:
		if (verified && m2m_merge_can_open(merge, &segment)) {
			take_first(merge, &segment);
			return true;
		}
		m2m_merge_end_of(merge, &segment);
		break;
	case M2M_SEGMENT_ALONE:
		m2m_merge_end_of(merge, &segment);
		break;
	}
	arrive(packet, len);
	return false;
}

static void take_singly(struct m2m_merge *merge)
{
	size_t i;

	for (i = 0; i < n_sent; i++)
		take(merge, sent[i].data, sent[i].len, sent[i].verified);
}

/* Up to so many packets in a transfer; what lies behind its end is noticed. */
static size_t fill(u8 **ret_transfer, size_t at, size_t packets)
{
	size_t len = 0, pad, i, end = at + packets < n_sent ? at + packets : n_sent;
	u8 *p = malloc(packets * (QMAP_HEAD_MAX + PACKET_MAX + 3));

	ASSERT_TRUE(p);
	for (i = at; i < end; i++) {
		pad = -sent[i].len & 3;
		m2m_qmap_put_header(p + len, MUX_ID, sent[i].len, pad);
		p[len] |= 0x40;
		put32(p + len + 4, sent[i].verified ? 0x04800000 : 0x04000000);
		len += QMAP_HEAD_MAX;
		memcpy(p + len, sent[i].data, sent[i].len);
		memset(p + len + sent[i].len, 0, pad);
		len += sent[i].len + pad;
	}
	*ret_transfer = realloc(p, len);
	ASSERT_TRUE(*ret_transfer);
	return len;
}

static void take_transfer(struct m2m_merge *merge, const u8 *transfer, size_t len)
{
	struct m2m_qmap_cursor cursor;
	struct m2m_qmap_frame frame;

	merge->source = (void *)transfer;
	merge->base = transfer;
	merge->charge = CHARGE * M2M_MERGE_CHARGE;
	m2m_qmap_begin(&cursor, transfer, len, M2M_QMAP_V5);
	while (m2m_qmap_next(&cursor, &frame) == M2M_QMAP_PACKET)
		if (take(merge, frame.data, frame.len, frame.csum_ok) &&
		    frame.csum_ok)
			n_run += m2m_merge_run(merge, &cursor, &frame,
					       1 + draw(40));
	ASSERT_EQ(len, cursor.at);
}

/* Flows stay open from one transfer to the next. */
static void take_transfers(struct m2m_merge *merge)
{
	u8 *transfers[STREAM];
	size_t at, n = 0, packets, len;

	for (at = 0; at < n_sent; at += packets) {
		packets = 1 + draw(40);
		len = fill(&transfers[n], at, packets);
		take_transfer(merge, transfers[n++], len);
	}
	m2m_merge_end_all(merge);
	while (n)
		free(transfers[--n]);
}

TEST_TIMEOUT(segments_come_back_as_they_came, 120)
{
	static struct m2m_merge merge = { .emit = emit };
	unsigned int round;

	draw_seed = 0x6d326d31;
	for (round = 0; round < ROUNDS; round++) {
		make_stream();
		n_got = 0;
		if (round % 2)
			take_transfers(&merge);
		else
			take_singly(&merge);
		m2m_merge_end_all(&merge);
		check_arrivals();
	}
	/* That it merges at all, and not only pairs */
	ASSERT_LT(ROUNDS * STREAM / 8, n_merged);
	ASSERT_LT(3 * n_wholes, n_merged);
	ASSERT_LT(ROUNDS * STREAM / 32, n_run);
}

/* --- cases ------------------------------------------------------------------------ */

static void cases_begin(struct stream *s)
{
	draw_seed = 1;
	stream_new(s, 0);
	s->v6 = false;
	s->df = true;
	s->options = 12;
	s->ids = COUNTING;
	s->mss = 100;
	n_sent = 0;
}

/* A segment of exactly the size and flags asked for */
static struct packet *next(struct stream *s, size_t payload, u8 flags)
{
	struct packet *packet = &sent[n_sent++];
	u16 mss = s->mss;
	u8 *tcp;

	do {
		u16 id = s->id;
		struct stream saved = *s;

		s->mss = payload;
		put_segment(s, 0, packet);
		if (packet->len == 20u + 32 + payload && s->tos == saved.tos &&
		    s->ack == saved.ack && s->stamp == saved.stamp &&
		    s->window == saved.window &&
		    s->ttl == saved.ttl && s->skew == saved.skew &&
		    get32(packet->data + 24) == saved.seq &&
		    !packet->data[38] && !packet->data[39])
			break;
		*s = saved;
		s->id = id;
	} while (true);
	s->mss = mss;
	tcp = packet->data + 20;
	tcp[13] = flags;
	packet->flow = 0;
	put_tcp_sum(packet->data, packet->len);
	return packet;
}

/* How many went up as one, in order, 1: alone */
static size_t n_sizes;
static unsigned int sizes[STREAM];

static void note(struct m2m_merge *merge, struct m2m_merge_flow *flow)
{
	sizes[n_sizes++] = flow->segments;
}

static void take_all(struct m2m_merge *merge, unsigned int *opened)
{
	struct m2m_segment segment;
	size_t i;

	for (i = 0; i < n_sent; i++) {
		ASSERT_EQ(M2M_SEGMENT_TCP,
			  kind_of(sent[i].data, sent[i].len, &segment));
		if (follows(merge, sent[i].data, sent[i].len))
			continue;
		if (m2m_merge_can_open(merge, &segment)) {
			take_first(merge, &segment);
			++*opened;
			continue;
		}
		m2m_merge_end_of(merge, &segment);
		sizes[n_sizes++] = 1;
	}
	m2m_merge_end_all(merge);
}

static void run(void)
{
	struct m2m_merge merge = { .emit = note };
	unsigned int opened = 0;

	n_sizes = 0;
	take_all(&merge, &opened);
}

TEST(as_many_as_an_skb_has_fragments)
{
	struct stream s;
	unsigned int i;

	cases_begin(&s);
	for (i = 0; i < 40; i++)
		next(&s, 100, 0x10);
	run();
	ASSERT_EQ(3, n_sizes);
	EXPECT_EQ(M2M_MERGE_SEGMENTS, sizes[0]);
	EXPECT_EQ(M2M_MERGE_SEGMENTS, sizes[1]);
	EXPECT_EQ(6, sizes[2]);
}

TEST(a_push_and_a_short_one_are_the_last)
{
	struct stream s;

	cases_begin(&s);
	next(&s, 100, 0x10);
	next(&s, 100, 0x18);
	next(&s, 100, 0x10);
	next(&s, 100, 0x10);
	next(&s, 50, 0x10);
	next(&s, 100, 0x18);
	next(&s, 100, 0x10);
	run();
	ASSERT_EQ(4, n_sizes);
	EXPECT_EQ(2, sizes[0]);
	EXPECT_EQ(3, sizes[1]);
	EXPECT_EQ(1, sizes[2]);
	EXPECT_EQ(1, sizes[3]);
}

/* Every id and, with it, every checksum that a header can have */
TEST_TIMEOUT(ids_and_sums_that_wrap, 60)
{
	struct stream s;
	u32 id, i;

	for (id = 0; id < 0x10000; id++) {
		cases_begin(&s);
		s.id = id;
		for (i = 0; i < 3; i++)
			next(&s, 100, 0x10);
		for (i = 0; i < 3; i++)
			if (sent[i].data[10] == 0xff && sent[i].data[11] == 0xff)
				break;
		ASSERT_EQ(3, i);
		run();
		ASSERT_EQ(1, n_sizes);
		ASSERT_EQ(3, sizes[0]);
	}
}

/* Jumbo frames of one flow */
static void take_big(struct m2m_merge *merge, size_t payload, unsigned int n)
{
	static u8 packet[60000];
	struct m2m_segment segment;
	struct stream s;
	size_t head;

	cases_begin(&s);
	for (; n; n--) {
		head = put_ip(&s, 0, packet, 20 + payload) + 20;
		count_id(&s);
		memset(packet + head - 20, 0, 20 + payload);
		put32(packet + head - 16, s.seq);
		packet[head - 8] = 5 << 4;
		packet[head - 7] = 0x10;
		put_ip_sum(packet);
		s.seq += payload;
		ASSERT_EQ(M2M_SEGMENT_TCP,
			  kind_of(packet, head + payload, &segment));
		if (follows(merge, packet, head + payload))
			continue;
		if (m2m_merge_can_open(merge, &segment))
			take_first(merge, &segment);
		else
			sizes[n_sizes++] = 1;
	}
	m2m_merge_end_all(merge);
}

TEST(as_many_as_an_ip_packet_holds)
{
	static struct m2m_merge merge = { .emit = note };

	n_sizes = 0;
	take_big(&merge, 8960, 8);
	ASSERT_EQ(2, n_sizes);
	EXPECT_EQ(7, sizes[0]);
	EXPECT_EQ(1, sizes[1]);
	n_sizes = 0;
	take_big(&merge, (0xffff - 40) / 2 + 1, 2);
	EXPECT_EQ(2, n_sizes);
}

TEST(a_gap_ends_it)
{
	struct stream s;

	cases_begin(&s);
	next(&s, 100, 0x10);
	next(&s, 100, 0x10);
	s.seq += 100;
	next(&s, 100, 0x10);
	next(&s, 100, 0x10);
	run();
	ASSERT_EQ(2, n_sizes);
	EXPECT_EQ(2, sizes[0]);
	EXPECT_EQ(2, sizes[1]);
}

TEST(a_tick_ends_it)
{
	struct stream s;

	cases_begin(&s);
	next(&s, 100, 0x10);
	s.stamp++;
	next(&s, 100, 0x10);
	next(&s, 100, 0x10);
	run();
	ASSERT_EQ(2, n_sizes);
	EXPECT_EQ(1, sizes[0]);
	EXPECT_EQ(2, sizes[1]);
}

/* The last of those is open while it is counted how many were. */
#define LONELY_MAX	(M2M_MERGE_LONELY + 1)

/* Where all tick, few are tried; and it starts anew when they no longer do. */
TEST(where_nobody_joins_few_are_tried)
{
	static struct m2m_merge merge = { .emit = note };
	unsigned int i, opened = 0;
	struct stream s;

	cases_begin(&s);
	for (i = 0; i < STREAM; i++, s.stamp++)
		next(&s, 100, 0x10);
	n_sizes = 0;
	take_all(&merge, &opened);
	EXPECT_EQ(STREAM, n_sizes);
	EXPECT_EQ(LONELY_MAX + (STREAM - LONELY_MAX) / M2M_MERGE_CHANCE,
		  opened);
	cases_begin(&s);
	for (i = 0; i < STREAM; i++)
		next(&s, 100, 0x10);
	n_sizes = 0;
	take_all(&merge, &opened);
	EXPECT_LE(n_sizes, M2M_MERGE_CHANCE + STREAM / M2M_MERGE_SEGMENTS + 1);
}

TEST(as_many_are_refused_as_is_said)
{
	static struct m2m_merge merge = { .emit = note };
	unsigned int i, left, said = 0;
	struct stream s;
	bool joined;

	cases_begin(&s);
	for (i = 0; i < STREAM; i++, s.stamp++)
		next(&s, 100, 0x10);
	for (i = 0; i < n_sent; i++) {
		left = m2m_merge_refusals(&merge);
		joined = take(&merge, sent[i].data, sent[i].len, true);
		if (!left)
			continue;
		ASSERT_FALSE(joined);
		ASSERT_EQ(left - 1, m2m_merge_refusals(&merge));
		said++;
	}
	m2m_merge_end_all(&merge);
	EXPECT_LT(STREAM / 2, said);
}

/* What has a name of its own in TCP goes alone. */
TEST(segments_that_go_alone)
{
	static const u8 flags[] = { 0x11, 0x12, 0x14, 0x30, 0x90, 0x00, 0x08 };
	struct m2m_segment segment;
	struct packet *packet;
	struct stream s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		cases_begin(&s);
		packet = next(&s, 100, flags[i]);
		EXPECT_EQ(M2M_SEGMENT_ALONE,
			  kind_of(packet->data, packet->len, &segment));
	}
	cases_begin(&s);
	packet = next(&s, 100, 0x10);
	packet->data[32] = 0x40;
	EXPECT_EQ(M2M_SEGMENT_OTHER,
		  kind_of(packet->data, packet->len, &segment));
	EXPECT_EQ(M2M_SEGMENT_OTHER,
		  kind_of(packet->data, 60, &segment));
}

TEST_HARNESS_MAIN
