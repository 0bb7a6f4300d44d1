/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an IP address tells of the network that gave it. Pure. */
#ifndef M2M_ADDRESS_H
#define M2M_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* What a network answers for it has its own prefix in it (RFC 7050) */
#define ADDRESS_NAT64_NAME	"ipv4only.arpa"

/* Whether whoever is on the Internet could send to it: none of the special ranges (RFC 6890) */
bool address4_is_public(const struct in_addr *address);
bool address6_is_public(const struct in6_addr *address);

/**
 * address_nat64_prefix() - the prefix by which a network reaches IPv4
 * @address: of ADDRESS_NAT64_NAME, an AAAA record
 * @ret: the prefix, zeros behind it
 * @ret_len: its bits: 32, 40, 48, 56, 64 or 96 (RFC 6052)
 *
 * Return: 0; -ENODATA if no prefix could have made it.
 */
int address_nat64_prefix(const struct in6_addr *address, struct in6_addr *ret,
			 uint8_t *ret_len);

#endif /* M2M_ADDRESS_H */
