/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether anything is in the way of what comes in. */
#ifndef M2MCTL_INBOUND_H
#define M2MCTL_INBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection_netns;

/**
 * inbound_is_filtered() - whether a firewall looks at what comes in
 * @netns: where; NULL: here
 * @ret: a chain of nftables (iptables of today, too) at the hook "input" that drops by
 *	itself or has rules; or the old iptables' table, here alone
 *
 * What such rules say is not judged. Return: 0; a negative errno if nobody can tell, as
 * without CAP_NET_ADMIN.
 */
int inbound_is_filtered(const struct connection_netns *netns, bool *ret);

/**
 * inbound_chains() - the same of what nftables answered
 * @bytes: netlink messages
 * @len: of @bytes
 * @ret_done: whether they end the answer
 *
 * Return: 1 if such a chain is among them, 0 if not, -errno if they say an error.
 */
int inbound_chains(const void *bytes, size_t len, bool *ret_done);

#endif /* M2MCTL_INBOUND_H */
