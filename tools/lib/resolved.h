/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What systemd-resolved is called by, and told. */
#ifndef M2M_RESOLVED_H
#define M2M_RESOLVED_H

#include <stdbool.h>

struct _GVariant;
struct resolv_link;

#define RESOLVED		"org.freedesktop.resolve1"
#define RESOLVED_PATH		"/org/freedesktop/resolve1"
#define RESOLVED_MANAGER	"org.freedesktop.resolve1.Manager"

/* Arguments, floating, of the methods that are called so */
#define RESOLVED_SERVERS	"SetLinkDNS"
struct _GVariant *resolved_servers(const struct resolv_link *link);
/* resolved_default() - of whether names that no link claims are asked through it */
#define RESOLVED_DEFAULT	"SetLinkDefaultRoute"
struct _GVariant *resolved_default(unsigned int ifindex, bool is);
#define RESOLVED_REVERT		"RevertLink"
struct _GVariant *resolved_revert(unsigned int ifindex);

#endif /* M2M_RESOLVED_H */
