/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the modem itself answers on its link: ARP, neighbours, routers, DHCP. */
#ifndef SIM_LOCAL_H
#define SIM_LOCAL_H

#include "inet.h"
#include "modem.h"
#include "stats.h"

#define ETHER_HEADER		14
#define ETHER_ADDRESS		6
#define ETHER_FRAME_MAX		(ETHER_HEADER + 65535)
#define ETHERTYPE_IP4		0x0800
#define ETHERTYPE_ARP		0x0806
#define ETHERTYPE_IP6		0x86dd

/* The modem's own address on an 802.3 link. */
extern const uint8_t ether_modem[ETHER_ADDRESS];

/* True if the modem takes in frames to @address. */
bool ether_is_for_modem(const uint8_t *address);
/* Writes a header from the modem to @host, or to everybody if @host is NULL. */
void ether_header(uint8_t *frame, const uint8_t *host, uint8_t ip_family);
/*
 * Answers an ARP request of @len bytes behind the Ethernet header for every
 * address but the call's own. Returns the length of the frame, 0 for none.
 */
size_t arp_answer(const struct modem_call *call, const uint8_t *arp, size_t len,
		  uint8_t *ret_frame);
/* True for a router or neighbour solicitation. */
bool nd_is_solicitation(const uint8_t *packet, const struct inet_packet *info);
/*
 * Answers a solicitation; @ethernet: with link-layer address options. Returns
 * the length of the packet, 0 for none.
 */
size_t nd_answer(const struct modem_call *call, const uint8_t *packet,
		 const struct inet_packet *info, bool ethernet,
		 uint8_t *ret_packet);
/* True for what a DHCP client sends. */
bool dhcp_is_request(const uint8_t *packet, const struct inet_packet *info);
/* Answers DISCOVER and REQUEST with what the call was given; 0: no answer. */
size_t dhcp_answer(const struct modem_call *call, const uint8_t *packet,
		   const struct inet_packet *info, uint8_t *ret_packet);

#endif /* SIM_LOCAL_H */
