/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP segments become one, before there is an skb. Pure; user space as well. */
#ifndef M2M_MERGE_H
#define M2M_MERGE_H

#include "inet.h"
#include "pure.h"
#include "qmap.h"

/*
 * DOC: Which segments are merged
 *
 * Those that the stack, if it has to segment the whole again, makes into the
 * very bytes that came: of one flow, in order, all of one size but the last,
 * which may be shorter; equal in every header field but the length, IPv4's id,
 * which counts by one or, with DF, stands still, the sequence number, the PSH
 * flag of the last one, and checksums; without IPv4 options, fragmentation or
 * IPv6 extension headers. Every checksum is right, and written as everybody
 * writes it: 0xffff for 0 would not come back.
 *
 * A segment that cannot join ends what is open of its flow, which goes first.
 * What is neither TCP nor UDP may belong to any flow, as fragments do, and ends
 * all. So nothing overtakes anything of its flow. SYN, FIN, RST, URG, CWR and
 * segments without payload go alone.
 */

/* Segments in one, each a fragment of an skb; and flows open at a time */
#define M2M_MERGE_SEGMENTS	17
#define M2M_MERGE_FLOWS		8

/*
 * After so many flows in a row that nobody joined, as with time stamps that tick
 * from one segment to the next, one segment of so many is given a chance: a prime, so
 * that it is not the last one of each poll.
 */
#define M2M_MERGE_LONELY	16
#define M2M_MERGE_CHANCE	17

/* What m2m_merge.charge is in units of */
#define M2M_MERGE_CHARGE	256

/* IPv6, and TCP with all options */
#define M2M_MERGE_HEAD_MAX	(40 + 60)

enum m2m_segment_kind {
	M2M_SEGMENT_OTHER,	/* may belong to any flow */
	M2M_SEGMENT_UDP,	/* belongs to no flow of TCP */
	M2M_SEGMENT_ALONE,	/* TCP that is not merged */
	M2M_SEGMENT_TCP,	/* may be merged if its checksum is right */
};

/**
 * struct m2m_segment - a packet as far as m2m_segment_parse() understood it
 * @packet: not owned
 * @mux_id: of its link
 * @version: 4 or 6; this and what follows of TCP only
 * @transport: where the TCP header begins
 * @head: length of both headers
 * @payload: bytes that follow
 * @hash: of addresses and ports
 */
struct m2m_segment {
	const u8 *packet;
	u8 mux_id;
	u8 version;
	u8 transport;
	u8 head;
	u16 payload;
	u32 hash;
};

/**
 * struct m2m_merge_piece - where the payload of a segment lies
 * @owner: where, the caller's
 * @offset: of its first byte; every piece of a flow but the last is as long as the
 *	first
 * @cost: bytes of memory that keeping it costs
 */
struct m2m_merge_piece {
	void *owner;
	u32 offset;
	u32 cost;
};

/**
 * struct m2m_merge_flow - segments that have become one, so far
 * @first: the first one; its packet points to @head
 * @segments: how many, 0: nothing is open
 * @most: how many there may be
 * @len: of the first one with its headers
 * @payload: of all together
 * @counts: the id of IPv4 counts, or may, while there is but one segment
 * @push: the last one has PSH
 * @owner: the caller's, as is
 * @summed: of how many segments the caller has added up the checksum
 * @pieces: of as many segments
 * @head: headers of the first one
 * @next: those of one that would continue it
 */
struct m2m_merge_flow {
	struct m2m_segment first;
	u16 segments;
	u16 most;
	u32 len;
	u32 payload;
	bool counts;
	bool push;
	void *owner;
	u16 summed;
	struct m2m_merge_piece pieces[M2M_MERGE_SEGMENTS];
	u8 head[M2M_MERGE_HEAD_MAX];
	u8 next[M2M_MERGE_HEAD_MAX];
};

/**
 * struct m2m_merge - flows that are open
 * @emit: is given each that ends, and forgets it; owner and pieces are the
 *	caller's again
 * @flows: in no order
 * @n_open: how many of them are
 * @last: where the last segment joined: the next one is looked for there first
 * @victim: where room is made next
 * @lonely: flows in a row that nobody joined
 * @refused: segments that were not given the chance
 * @source: owner of what m2m_merge_run() takes; set by the caller, as are
 * @base: its first byte
 * @charge: cost of a byte of it, times M2M_MERGE_CHARGE
 */
struct m2m_merge {
	void (*emit)(struct m2m_merge *merge, struct m2m_merge_flow *flow);
	struct m2m_merge_flow flows[M2M_MERGE_FLOWS];
	unsigned int n_open;
	unsigned int last;
	unsigned int victim;
	unsigned int lonely;
	unsigned int refused;
	void *source;
	const u8 *base;
	u32 charge;
};

/**
 * m2m_segment_parse() - look at a packet
 * @packet: that m2m_inet_parse() understood; what it does not is
 *	M2M_SEGMENT_OTHER, as fragments are
 * @len: of @packet
 * @mux_id: of its link
 * @inet: what m2m_inet_parse() found
 * @ret_segment: filled in for TCP
 *
 * Return: what it is.
 */
enum m2m_segment_kind m2m_segment_parse(const u8 *packet, size_t len, u8 mux_id,
					const struct m2m_inet *inet,
					struct m2m_segment *ret_segment);

/**
 * m2m_merge_match() - the flow that a packet continues
 * @merge: open flows
 * @packet: not trusted, nor parsed
 * @len: of @packet
 * @mux_id: of its link
 *
 * Return: the flow, which is as it was: see m2m_merge_add(); or NULL.
 */
struct m2m_merge_flow *m2m_merge_match(struct m2m_merge *merge,
				       const u8 *packet, size_t len, u8 mux_id);

/**
 * m2m_merge_inet() - what m2m_inet_parse() would find
 * @flow: of m2m_merge_match()
 * @len: of the packet that matches
 * @ret_inet: filled in
 */
void m2m_merge_inet(const struct m2m_merge_flow *flow, size_t len,
		    struct m2m_inet *ret_inet);

/**
 * m2m_merge_add() - let a packet join
 * @merge: open flows
 * @flow: of m2m_merge_match(); it ends if nothing can follow
 * @packet: as of m2m_merge_match(); its TCP checksum is right
 * @len: of @packet
 * @piece: its payload
 */
void m2m_merge_add(struct m2m_merge *merge, struct m2m_merge_flow *flow,
		   const u8 *packet, size_t len,
		   const struct m2m_merge_piece *piece);

/**
 * m2m_merge_run() - let packets join for as long as they do
 * @merge: open flows, with source, base and charge of the transfer
 * @cursor: behind @frame; moves on behind the last one that joined
 * @frame: that joined or opened a flow, with csum_ok
 * @limit: how many may join
 *
 * Most of a transfer is of this kind. What stops it is left to m2m_qmap_next().
 *
 * Return: how many joined.
 */
unsigned int m2m_merge_run(struct m2m_merge *merge,
			   struct m2m_qmap_cursor *cursor,
			   const struct m2m_qmap_frame *frame,
			   unsigned int limit);

/**
 * m2m_merge_can_open() - may others join a segment?
 * @merge: where many went alone of late; then few are given the chance
 * @segment: M2M_SEGMENT_TCP
 *
 * Return: false if it goes alone: nothing follows a push, and a wrong IP header is
 * not to be mended.
 */
bool m2m_merge_can_open(struct m2m_merge *merge,
			const struct m2m_segment *segment);

/**
 * m2m_merge_open() - open a flow with a segment that matches none
 * @merge: where what is open of the same flow ends, and the oldest makes room, if
 *	need be
 * @segment: of which m2m_merge_can_open() is true; its TCP checksum is right
 * @piece: its payload
 *
 * Return: the flow, whose owner the caller sets.
 */
struct m2m_merge_flow *m2m_merge_open(struct m2m_merge *merge,
				      const struct m2m_segment *segment,
				      const struct m2m_merge_piece *piece);

/**
 * m2m_merge_refusals() - how many segments go alone for certain?
 * @merge: where many went alone of late
 *
 * Return: how many that come next are neither given the chance of
 * m2m_merge_can_open() nor may join or end a flow. Whoever sends them up adds them
 * to @merge->refused.
 */
unsigned int m2m_merge_refusals(const struct m2m_merge *merge);

/* End a flow. */
void m2m_merge_end(struct m2m_merge *merge, struct m2m_merge_flow *flow);

/* End what is open of the flow of a TCP segment that goes alone. */
void m2m_merge_end_of(struct m2m_merge *merge,
		      const struct m2m_segment *segment);

/* End all. */
void m2m_merge_end_all(struct m2m_merge *merge);

/**
 * m2m_merge_head() - headers of the whole, as the stack's own GRO leaves them
 * @flow: of two segments or more
 * @head: headers of the first one, changed: lengths, IPv4's checksum, PSH, and for
 *	TCP's checksum the sum of the pseudo header
 */
void m2m_merge_head(const struct m2m_merge_flow *flow, u8 *head);

#endif /* M2M_MERGE_H */
