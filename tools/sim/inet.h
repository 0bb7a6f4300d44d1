/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks into IP packets and computes their checksums; pure. */
#ifndef SIM_INET_H
#define SIM_INET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INET4_HEADER		20
#define INET6_HEADER		40
#define INET_UDP_HEADER		8
#define INET_ICMP		1
#define INET_TCP		6
#define INET_UDP		17
#define INET_ICMPV6		58

/* What inet_parse() found; offsets count from the start of the packet. */
struct inet_packet {
	uint8_t family;			/* 4 or 6 */
	uint8_t protocol;		/* of the transport header */
	bool fragment;			/* a part of a larger packet */
	const uint8_t *source, *dest;	/* 4 or 16 bytes */
	size_t transport;		/* offset of the transport header */
	size_t len;			/* as the header says; <= bytes given */
};

/*
 * Reads the headers of @packet. Returns 0, -EINVAL if they do not parse or
 * state more than @len bytes, -EBADMSG if the IPv4 header checksum is wrong.
 */
int inet_parse(const uint8_t *packet, size_t len, struct inet_packet *ret_info);

/* One's complement sum over @len bytes, added to @sum; not yet folded. */
uint32_t inet_sum(const uint8_t *data, size_t len, uint32_t sum);
/* Folds to 16 bits; the checksum of RFC 1071 is the complement of this. */
uint16_t inet_fold(uint32_t sum);
/* Sum over the pseudo header of @info's transport, not folded. */
uint32_t inet_pseudo_sum(const struct inet_packet *info);
/*
 * Offset from the transport header to its checksum, or -EPROTONOSUPPORT. The
 * packet holds that many bytes.
 */
int inet_checksum_offset(const struct inet_packet *info);

enum inet_verdict {
	INET_CHECKSUM_GOOD,
	INET_CHECKSUM_BAD,
	INET_CHECKSUM_NONE,	/* fragment, unknown protocol, UDP without */
};

enum inet_verdict inet_check_transport(const uint8_t *packet,
				       const struct inet_packet *info);
/* Writes the transport checksum; nothing happens if there is no place for it. */
void inet_set_transport(uint8_t *packet, const struct inet_packet *info);
/* Writes the header checksum of an IPv4 packet. */
void inet_set_header(uint8_t *packet);

#endif /* SIM_INET_H */
