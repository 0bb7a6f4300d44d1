/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces by name, as ip-netns(8) has them. */
#ifndef M2MCTL_NETNS_H
#define M2MCTL_NETNS_H

#include "../lib/connection.h"

/**
 * netns_open() - a namespace, to configure in
 * @name: below /run/netns
 * @ret: for connection_netns_unref()
 * @error: -ENOENT if there is none of that name
 */
int netns_open(const char *name, struct connection_netns **ret, struct m2m_error *error);

/**
 * netns_find() - the namespace that a PDN's link was moved to
 * @c: the way; c->netns is set if it is in one that has a name
 * @pdn: its name
 *
 * Looks only if a link of the modem is not here. Who may not enter finds nothing.
 */
void netns_find(struct connector *c, const char *pdn);

/* netns_socket() - a socket in there, here if NULL; a descriptor or a negative errno */
int netns_socket(const struct connection_netns *netns, int domain, int type, int protocol);

#endif /* M2MCTL_NETNS_H */
