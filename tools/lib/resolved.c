// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how systemd-resolved is told of a link over D-Bus. Pure. */
#include <glib.h>

#include "resolv.h"
#include "resolved.h"

GVariant *resolved_servers(const struct resolv_link *link)
{
	GVariantBuilder servers;

	g_variant_builder_init(&servers, G_VARIANT_TYPE("a(iay)"));
	for (size_t i = 0; i < link->n; i++) {
		const struct resolv_server *server = &link->servers[i];
		GVariant *bytes;

		bytes = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, &server->v4,
						  server->family == AF_INET ?
						  sizeof(server->v4) : sizeof(server->v6),
						  1);
		g_variant_builder_add(&servers, "(i@ay)", server->family, bytes);
	}
	return g_variant_new("(ia(iay))", (gint32)link->ifindex, &servers);
}

GVariant *resolved_default(unsigned int ifindex, bool is)
{
	return g_variant_new("(ib)", (gint32)ifindex, is);
}

GVariant *resolved_revert(unsigned int ifindex)
{
	return g_variant_new("(i)", (gint32)ifindex);
}
