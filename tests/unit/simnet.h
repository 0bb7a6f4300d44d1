/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP as a host writes and checks it, by code that m2msim does not share. */
#ifndef TESTS_SIMNET_H
#define TESTS_SIMNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_ECHO	7		/* UDP port that answers */

/* A call of one family, as a host knows it. */
struct net_call {
	uint8_t family;			/* 4 or 6 */
	uint8_t mux_id;
	uint8_t client;			/* WDS */
	uint8_t address[16], gateway[16];	/* 4 or 16 bytes */
};

/* Brings a call up on port 0 by QMI; @mux_id 0 binds to none. Fails the test. */
void net_call_up(struct net_call *call, uint8_t family, uint8_t mux_id);
void net_call_down(const struct net_call *call);

/* Sum of RFC 1071 over @len bytes, folded, not complemented. */
uint16_t net_sum(const uint8_t *data, size_t len, uint32_t start);
/* The same over the pseudo header of a packet: addresses, length, protocol. */
uint16_t net_pseudo_sum(const uint8_t *packet, size_t len, uint8_t protocol);
/*
 * Writes UDP to @port of the gateway, @len bytes of payload that differ by
 * @seed, checksums in place. Returns the length of the packet.
 */
size_t net_udp(const struct net_call *call, uint16_t port, uint8_t seed, size_t len,
	       uint8_t *ret_packet);
/* Is @packet, of @len bytes with nothing behind it, whole and its sums right? */
bool net_is_right(const uint8_t *packet, size_t len);
/* Is @packet the echo of what net_udp() makes with @seed and @len? */
bool net_is_echo(const struct net_call *call, const uint8_t *packet, size_t packet_len,
		 uint8_t seed, size_t len);

#endif /* TESTS_SIMNET_H */
