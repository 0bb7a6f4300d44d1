/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether anything is in the way of what comes in. */
#ifndef M2MCTL_INBOUND_H
#define M2MCTL_INBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection_netns;

/* A firewall may look at one of them alone */
#define INBOUND_IPV4	1u
#define INBOUND_IPV6	2u

/**
 * inbound_filtered() - of which families a firewall looks at what comes in
 * @netns: where; NULL: here
 * @ret: INBOUND_... of the families with a chain of nftables (iptables of today, too) at the
 *	hook "input" that drops by itself or has rules; or with the old iptables' or
 *	ip6tables' table, here alone
 *
 * What such rules say is not judged. Return: 0; a negative errno if nobody can tell, as
 * without CAP_NET_ADMIN.
 */
int inbound_filtered(const struct connection_netns *netns, unsigned int *ret);

/**
 * inbound_chains() - the same of what nftables answered
 * @bytes: netlink messages
 * @len: of @bytes
 * @ret_done: whether they end the answer
 *
 * Return: INBOUND_... of such chains among them, -errno if they say an error.
 */
int inbound_chains(const void *bytes, size_t len, bool *ret_done);

/**
 * inbound_old_tables() - the same of the old iptables and ip6tables
 * @dir: /proc/self/net
 *
 * Return: INBOUND_... of those that have a table "filter"; -EACCES if they are not for us
 * to read.
 */
int inbound_old_tables(const char *dir);

#endif /* M2MCTL_INBOUND_H */
