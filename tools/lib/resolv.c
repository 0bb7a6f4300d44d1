// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the choice of DNS servers, and resolv.conf's syntax. Pure. */
#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "resolv.h"

static bool same_server(const struct resolv_server *a, const struct resolv_server *b)
{
	size_t size = a->family == AF_INET ? sizeof(a->v4) : sizeof(a->v6);

	return a->family == b->family && !memcmp(&a->v4, &b->v4, size);
}

void resolv_add(struct resolv_link *link, const struct resolv_server *server)
{
	for (size_t i = 0; i < link->n; i++)
		if (same_server(&link->servers[i], server))
			return;
	if (link->n < RESOLV_SERVERS_MAX)
		link->servers[link->n++] = *server;
}

bool resolv_add_text(struct resolv_link *link, const char *text)
{
	struct resolv_server server = { .family = AF_INET };

	if (inet_pton(AF_INET, text, &server.v4) != 1) {
		server.family = AF_INET6;
		if (inet_pton(AF_INET6, text, &server.v6) != 1)
			return false;
	}
	resolv_add(link, &server);
	return true;
}

bool resolv_equal(const struct resolv_link *a, const struct resolv_link *b)
{
	if (a->owner != b->owner || a->ifindex != b->ifindex || a->n != b->n ||
	    a->metric != b->metric || a->apart != b->apart || strcmp(a->name, b->name))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same_server(&a->servers[i], &b->servers[i]))
			return false;
	return true;
}

/* Of equal ones the first that was there */
static const struct resolv_link *next_of(const struct resolv_link *links, size_t n,
					 const struct resolv_link *last)
{
	const struct resolv_link *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct resolv_link *link = &links[i];

		if (link->apart || !link->n)
			continue;
		if (last && (link->metric < last->metric ||
			     (link->metric == last->metric && link <= last)))
			continue;
		if (!best || link->metric < best->metric)
			best = link;
	}
	return best;
}

const struct resolv_link *resolv_default(const struct resolv_link *links, size_t n)
{
	return next_of(links, n, NULL);
}

char *resolv_format(const struct resolv_link *links, size_t n)
{
	GString *text = g_string_new("# Made by m2md, which replaces it.\n");
	const struct resolv_link *link = NULL;
	char address[INET6_ADDRSTRLEN];
	unsigned int left = RESOLV_FILE_MAX;

	while (left && (link = next_of(links, n, link))) {
		for (size_t i = 0; i < link->n && left; i++, left--) {
			const struct resolv_server *server = &link->servers[i];

			inet_ntop(server->family, &server->v4, address, sizeof(address));
			g_string_append_printf(text, "# %s\nnameserver %s\n",
					       link->name, address);
		}
	}
	return g_string_free(text, FALSE);
}
