/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS servers of links, told to whoever resolves names on this host. */
#ifndef M2MD_DNS_H
#define M2MD_DNS_H

#include "../lib/resolv.h"

/*
 * DOC: Who is told
 *
 * systemd-resolved where it runs, link by link over D-Bus; it is told again whenever it
 * comes back. Where it does not run or refuses, the servers stand in a file of our own,
 * for a person or a program to link /etc/resolv.conf to; a resolv.conf of others is
 * never touched. Nothing here waits: what D-Bus answers comes from the main loop.
 *
 * The end of the process changes nothing: calls stay up, and so do their servers.
 */

struct dns;

/* dns_new() - @file: the resolv.conf of our own; dns_free() it */
struct dns *dns_new(const char *file);
void dns_free(struct dns *dns);
/* dns_watch_file() - @fn is told when the file is another, or gone; once at the least */
void dns_watch_file(struct dns *dns, void (*fn)(void *data), void *data);

/* dns_set() - this is what the link has from now on; without servers: dns_unset() */
void dns_set(struct dns *dns, const struct resolv_link *link);
/* dns_unset() - nothing is to be asked through it any more; unknown ones are fine */
void dns_unset(struct dns *dns, unsigned int ifindex);
/* dns_forget() - the links of an owner are gone */
void dns_forget(struct dns *dns, const void *owner);

#endif /* M2MD_DNS_H */
