/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams of TCP as a modem receives them: in their usual course, or not. */
#ifndef TESTS_STREAMS_H
#define TESTS_STREAMS_H

#include "packet.h"

#define STREAM		120
#define FLOWS		12
#define PACKET_MAX	400
#define MSS_MAX		200
/* Flow numbers of what belongs to none of the streams, and of what may to any */
#define FLOW_UDP	FLOWS
#define FLOW_DAMAGED	(FLOWS + 1)
#define FLOW_ANY	(FLOWS + 2)

/*
 * Addresses: where stream 0 comes from, those of the others follow, and where all go.
 * The last bytes are such that a hundred can be added.
 */
struct stream_ends {
	u32 from4, to4;
	u8 from6[16], to6[16];
};

extern struct stream_ends stream_ends;

/* @flow: which of the streams, or FLOW_*; @verified: its checksum is right */
struct packet {
	u8 data[PACKET_MAX];
	size_t len;
	unsigned int flow;
	bool verified;
};

/* The far end of a TCP connection */
struct stream {
	bool v6, df;
	u8 options;		/* bytes of TCP's; from 12 on with a timestamp */
	enum { COUNTING, FIXED, RANDOM } ids;
	u8 tos, ttl;
	u16 port, id, window, mss;
	u32 seq, ack, stamp;
	/* The IP checksum is wrong by that much. */
	u16 skew;
};

/* What comes */
extern struct packet sent[STREAM];
extern size_t n_sent;

size_t ip_len(const u8 *packet);
void put_ip_sum(u8 *packet);
bool has_ip_sum(const u8 *packet);
/* Of TCP right behind the IP header. The pseudo header's is what TCP's begins with. */
u16 tcp_pseudo_sum(const u8 *packet, size_t len);
void put_tcp_sum(u8 *packet, size_t len);
bool has_tcp_sum(const u8 *packet, size_t len);

/* Of flow @i */
void stream_new(struct stream *s, unsigned int i);

/* An IP header with @rest bytes behind it; returns its length. */
size_t put_ip(struct stream *s, unsigned int i, u8 *p, size_t rest);
void count_id(struct stream *s);

/* The next segment of flow @i, or one that does not follow */
void put_segment(struct stream *s, unsigned int i, struct packet *packet);

/* Fill @sent with segments of several flows, with other packets and damaged ones. */
void make_stream(void);

#endif /* TESTS_STREAMS_H */
