/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The built-in far end: gateway, name server and one host of the internet. */
#ifndef SIM_PEER_H
#define SIM_PEER_H

#include "inet.h"
#include "modem.h"
#include "stats.h"

#define PEER_ADDRESS4	"198.51.100.1"
#define PEER_ADDRESS6	"2001:db8:5f::1"
#define PEER_NAME	"peer.m2msim.example"
#define PEER_REPLY_MAX	65535

/*
 * Answers @packet, which parsed as @info, whose checksums were found good and
 * which came in on @call. Writes at most
 * PEER_REPLY_MAX bytes to @ret_reply and returns their number; 0: no answer,
 * and @stats says why.
 */
size_t peer_answer(const struct modem_call *call, const uint8_t *packet,
		   const struct inet_packet *info, struct usb_stats *stats,
		   uint8_t *ret_reply);
/* Builds "packet too big" (DF set or IPv6) for @packet; 0: nothing to say. */
size_t peer_too_big(const struct modem_call *call, const uint8_t *packet,
		    const struct inet_packet *info, uint8_t *ret_reply);
/*
 * Answers the DNS query of @len bytes at @query. Writes at most @size bytes;
 * returns their number, 0 if it is no query. Pure.
 */
size_t dns_answer(const uint8_t *query, size_t len, bool dns64,
		  uint8_t *ret_answer, size_t size);

#endif /* SIM_PEER_H */
