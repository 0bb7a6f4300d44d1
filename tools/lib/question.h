/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question to a name server, and what it says. Pure. */
#ifndef M2M_QUESTION_H
#define M2M_QUESTION_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define QUESTION_MAX	272	/* bytes: header, longest name, type and class */
#define ANSWER_MAX	512	/* bytes that UDP brings without more being asked for */

struct resolv_server {
	int family;		/* AF_INET, AF_INET6 */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/**
 * question_make() - the bytes of a query for one address
 * @name: of a host, with or without a dot at its end
 * @family: AF_INET for an A record, AF_INET6 for AAAA
 * @id: to know the answer by
 * @ret: the bytes
 *
 * Return: their number; 0 if it is no name.
 */
size_t question_make(const char *name, int family, uint16_t id,
		     uint8_t ret[QUESTION_MAX]);

/**
 * question_answer() - what a datagram says to a query
 * @query: as it was sent
 * @query_len: bytes
 * @bytes: of the datagram, whoever it is from
 * @len: bytes
 * @ret: the first address of the family that was asked for
 *
 * Return: 0; -ENODATA if it is an answer without such an address; -EBADMSG if it is
 * no answer to this query, or cannot be read.
 */
int question_answer(const uint8_t *query, size_t query_len, const uint8_t *bytes, size_t len,
		    struct resolv_server *ret);

#endif /* M2M_QUESTION_H */
