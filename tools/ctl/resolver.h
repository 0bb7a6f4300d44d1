/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever resolves names on this host. */
#ifndef M2MCTL_RESOLVER_H
#define M2MCTL_RESOLVER_H

#include "../lib/connection.h"
#include "../lib/resolv.h"

/*
 * DOC: who is told
 *
 * systemd-resolved where it runs, else resolvconf where it is installed, that of Debian or
 * openresolv, else nobody: a resolv.conf is never touched. What m2md does (dns.h), whose
 * own file is m2md's. resolved forgets a link that is gone; resolvconf has to be told.
 */

struct resolver;

/* resolver_open() - a way there; without a bus there is no resolved, and that is all */
struct resolver *resolver_open(void);
void resolver_close(struct resolver *resolver);

/**
 * resolver_set() - have names asked through a link
 * @resolver: the way
 * @link: with servers; one that is apart is told to resolved alone
 * @ret: who was told, PDN_DNS_NOBODY if there is none
 * @error: filled on failure
 *
 * Return: 0; -EPERM or -EIO if who is there refuses.
 */
int resolver_set(struct resolver *resolver, const struct resolv_link *link,
		 enum pdn_dns *ret, struct m2m_error *error);

/* resolver_prefer() - whether resolved asks through it what no link claims */
int resolver_prefer(struct resolver *resolver, unsigned int ifindex, bool is_default,
		    struct m2m_error *error);

/* resolver_unset() - take back what resolver_set() told @who; what is not there is fine */
int resolver_unset(struct resolver *resolver, enum pdn_dns who, const struct rt_link *link,
		   struct m2m_error *error);

#endif /* M2MCTL_RESOLVER_H */
