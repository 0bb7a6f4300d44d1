/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a PDN without IPv4 reaches IPv4. */
#ifndef M2MCTL_NAT64_H
#define M2MCTL_NAT64_H

#include <netinet/in.h>

#include "../lib/connection.h"
#include "ctl.h"

#define NAT64_MAX	(INET6_ADDRSTRLEN + sizeof("/128"))

/**
 * nat64_prefix() - ask the PDN's own DNS servers, through the PDN
 * @ctl: the command; a signal ends it
 * @pdn: its calls
 * @ret: "64:ff9b::/96"
 *
 * Return: false also where the PDN has IPv4, which needs none.
 */
bool nat64_prefix(struct ctl *ctl, const struct connection *pdn, char ret[NAT64_MAX]);

#endif /* M2MCTL_NAT64_H */
