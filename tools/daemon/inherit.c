// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way of what was spent and tried from a USB path to the modem there. Pure. */
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

/* Of this access point; else a free place, else one in turn */
static struct kept *kept_for(struct saved *heir, uint64_t key)
{
	struct kept *spare = NULL;

	for (int i = 0; i < KEPT_MAX; i++) {
		if (heir->kept[i].key == key)
			return &heir->kept[i];
		if (!heir->kept[i].key && !spare)
			spare = &heir->kept[i];
	}
	if (!spare) {
		spare = &heir->kept[heir->kept_next % KEPT_MAX];
		heir->kept_next = (heir->kept_next + 1) % KEPT_MAX;
	}
	*spare = (struct kept){ .key = key };
	return spare;
}

static bool says_nothing(const struct kept *kept)
{
	unsigned int calls = 0;

	for (int i = 0; i < OUTCOMES; i++)
		calls += tally_count(&kept->activations.of[i], HOUR, 0);
	return !kept->temporary && !kept->permanent && !calls;
}

/* The longer wait, and the calls of both */
static bool inherit_kept(struct saved *heir, struct kept *path)
{
	struct kept *kept;

	if (says_nothing(path))
		return false;
	kept = kept_for(heir, path->key);
	if (kept->temporary < path->temporary)
		kept->temporary = path->temporary;
	if (kept->permanent < path->permanent)
		kept->permanent = path->permanent;
	for (int i = 0; i < OUTCOMES; i++)
		inherit_tally(&kept->activations.of[i], &path->activations.of[i]);
	*path = (struct kept){ 0 };
	return true;
}

/*
 * What was sent to a card and not accepted is not sent again by another name. One that
 * was accepted costs no try, whoever sends it.
 */
static bool inherit_pins(struct pin_memory *heir, struct pin_memory *path)
{
	bool any = false;

	for (int i = 0; i < PIN_RECORDS; i++) {
		struct pin_record *pin = &path->records[i];

		if ((pin->fate != PIN_SENT && pin->fate != PIN_REJECTED) ||
		    !pin_note(heir, pin->iccid, pin->pin, pin->fate))
			continue;
		any = true;
		*pin = (struct pin_record){ .fate = PIN_FREE };
	}
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
	for (int i = 0; i < KEPT_MAX; i++)
		any = inherit_kept(heir, &path->kept[i]) || any;
	return inherit_pins(&heir->pins, &path->pins) || any;
}
