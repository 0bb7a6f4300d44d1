// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way of budgets from a USB path to the modem that was there. Pure. */
#include <string.h>

#include "inherit.h"
#include "policy.h"

static bool inherit_strikes(struct strikes *heir, struct strikes *path)
{
	struct strikes both = { 0 };
	unsigned int i = 0, j = 0;
	bool any = path->count;

	while (i < heir->count || j < path->count) {
		bool first = j == path->count ||
			     (i < heir->count && heir->at[i] <= path->at[j]);

		/* the latest ones count */
		if (both.count == STRIKES_MAX) {
			memmove(both.at, both.at + 1,
				(STRIKES_MAX - 1) * sizeof(both.at[0]));
			both.count--;
		}
		both.at[both.count++] = first ? heir->at[i++] : path->at[j++];
	}
	*heir = both;
	*path = (struct strikes){ 0 };
	return any;
}

static bool inherit_tally(struct tally *heir, struct tally *path)
{
	int64_t newest = heir->part > path->part ? heir->part : path->part;
	struct tally both = { .part = newest };
	bool any = false;

	for (int64_t i = 0; i < TALLY_PARTS; i++) {
		int64_t h = i - (newest - heir->part), p = i - (newest - path->part);
		unsigned int n = (h >= 0 ? heir->n[h] : 0) + (p >= 0 ? path->n[p] : 0);

		any = any || (p >= 0 && path->n[p]);
		both.n[i] = n < UINT8_MAX ? n : UINT8_MAX;
	}
	*heir = both;
	*path = (struct tally){ 0 };
	return any;
}

bool inherit(struct saved *heir, struct saved *path)
{
	bool any;

	machine_repair(heir);
	machine_repair(path);
	any = inherit_tally(&heir->writes, &path->writes);
	for (int kind = 0; kind < BUDGET_KINDS; kind++)
		any = inherit_strikes(&heir->strikes[kind], &path->strikes[kind]) || any;
	return any;
}
