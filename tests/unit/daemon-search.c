// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the states that a search has found. */
#include <stdlib.h>
#include <string.h>

#include "../../tools/lib/fnv.h"
#include "../lib/harness.h"
#include "daemon-search.h"

#define SEARCH_MAX	200000
#define HASH_SIZE	(1 << 18)

void search_begin(struct search *search, size_t size, size_t view_at, size_t view_size)
{
	*search = (struct search){ .size = size, .view_at = view_at,
				   .view_size = view_size };
	/* pages that no state needs are never there */
	search->nodes = calloc(SEARCH_MAX, size);
	search->hash = calloc(HASH_SIZE, sizeof(*search->hash));
	ASSERT_TRUE(search->nodes && search->hash);
}

void search_end(struct search *search)
{
	free(search->nodes);
	free(search->hash);
}

void *search_at(const struct search *search, uint32_t at)
{
	return search->nodes + at * search->size;
}

/* Where the number of a state like this one stands, from 1, or belongs */
static uint32_t *find(const struct search *search, const unsigned char *view)
{
	uint64_t key = fnv_add(FNV_START, view, search->view_size);
	uint32_t at = (key ^ key >> 32) % HASH_SIZE;

	while (search->hash[at]) {
		const unsigned char *other = search_at(search, search->hash[at] - 1);

		if (!memcmp(other + search->view_at, view, search->view_size))
			break;
		at = (at + 1) % HASH_SIZE;
	}
	return &search->hash[at];
}

void search_add(struct search *search, const void *node)
{
	uint32_t *slot = find(search, (const unsigned char *)node + search->view_at);

	if (*slot)
		return;
	ASSERT_LT(search->count, SEARCH_MAX);
	memcpy(search_at(search, search->count), node, search->size);
	*slot = ++search->count;
}
