/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A search for every state that can be reached. Who searches has a struct for a state,
 * which begins with struct search_node, and a part of it that tells one from another.
 */
#ifndef TESTS_DAEMON_SEARCH_H
#define TESTS_DAEMON_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_STEPS	40	/* that are worth showing of a way */

struct search_node {
	uint32_t from;		/* how it was reached: from which one, by what */
	uint8_t by;
};

struct search {
	size_t size;			/* of a state */
	size_t view_at, view_size;	/* where in it what counts is; padding, too */
	uint32_t count;
	unsigned char *nodes;
	uint32_t *hash;
};

/* search_begin() - an empty one */
void search_begin(struct search *search, size_t size, size_t view_at, size_t view_size);
void search_end(struct search *search);
/* search_at() - a state, by number: in the order they were found */
void *search_at(const struct search *search, uint32_t at);
/* search_add() - keep it unless there is one like it */
void search_add(struct search *search, const void *node);

#endif /* TESTS_DAEMON_SEARCH_H */
