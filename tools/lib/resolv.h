/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which DNS servers count, of all links there are. */
#ifndef M2M_RESOLV_H
#define M2M_RESOLV_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "question.h"

#define RESOLV_SERVERS_MAX	16	/* of one link */
#define RESOLV_FILE_MAX		3	/* libc asks no more of them */

/* A link and the servers to be asked through it */
struct resolv_link {
	const void *owner;	/* whose link it is; only compared */
	char name[IF_NAMESIZE];
	unsigned int ifindex;
	uint32_t metric;	/* of its default route */
	bool apart;		/* in a VRF: what the host asks does not go there */
	size_t n;
	struct resolv_server servers[RESOLV_SERVERS_MAX];
};

/* resolv_add() - one more server, unless it has it or is full */
void resolv_add(struct resolv_link *link, const struct resolv_server *server);
/* resolv_add_text() - the same of an address as text; false if it is none */
bool resolv_add_text(struct resolv_link *link, const char *text);

/* resolv_equal() - whether two say the same of one link */
bool resolv_equal(const struct resolv_link *a, const struct resolv_link *b);

/**
 * resolv_default() - the link for names that no other link claims
 * @links: all of them
 * @n: of @links
 *
 * One alone: a name asked everywhere at once is answered by whoever says first that
 * there is none.
 * Return: the one with servers and the lowest metric that is not apart, or NULL.
 */
const struct resolv_link *resolv_default(const struct resolv_link *links, size_t n);

/**
 * resolv_format() - the text of a resolv.conf(5)
 * @links: all of them
 * @n: of @links
 *
 * The servers of the link with the lowest metric come first, those of links apart
 * not at all.
 * Return: for g_free().
 */
char *resolv_format(const struct resolv_link *links, size_t n);

#endif /* M2M_RESOLV_H */
