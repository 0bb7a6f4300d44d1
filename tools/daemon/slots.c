// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way from one card to the next. */
#include <string.h>

#include "policy.h"
#include "slots.h"

/* Doublings of POLICY_SLOT_MS that are more than a day */
#define DOUBLINGS_MAX	6

static bool is_there(const struct slots *slots, uint8_t slot)
{
	return !slots->there || slot <= slots->there;
}

/* Where a slot stands in the order, or -1 */
static int place_of(const struct slots *slots, uint8_t slot)
{
	for (unsigned int i = 0; i < slots->n; i++)
		if (slots->order[i] == slot)
			return i;
	return -1;
}

/* The slot in use if it is one of the order, else the best one that is there */
static void choose(struct slots *slots)
{
	int place = place_of(slots, slots->active);

	slots->moving = false;
	slots->tried = false;
	slots->fault = SLOTS_NONE;
	for (unsigned int i = 0; i < slots->n && place < 0; i++)
		if (is_there(slots, slots->order[i]))
			place = i;
	slots->at = place < 0 ? 0 : place;
}

void slots_init(struct slots *slots)
{
	*slots = (struct slots){ .moved_at = LONG_AGO };
}

void slots_config(struct slots *slots, const uint8_t *order, unsigned int n)
{
	if (n > SLOTS_MAX)
		n = SLOTS_MAX;
	if (n == slots->n && !memcmp(order, slots->order, n))
		return;
	slots->n = n;
	memcpy(slots->order, order, n);
	choose(slots);
}

void slots_told(struct slots *slots, uint8_t active, uint8_t there)
{
	if (!active)
		return;
	slots->there = there;
	if (active == slots->active)
		return;
	slots->active = active;
	choose(slots);
}

void slots_fault(struct slots *slots, enum slots_fault fault, int64_t now)
{
	slots->paused = fault == SLOTS_PAUSE;
	if (fault == SLOTS_KEEP || fault == SLOTS_PAUSE)
		return;
	if (fault == SLOTS_SETTLED) {
		slots->moves = 0;
		slots->useless = 0;
		fault = SLOTS_NONE;
	}
	if (slots->fault == SLOTS_NONE)
		slots->offline_since = now;
	if (slots->fault != SLOTS_CARD)
		slots->card_since = now;
	slots->fault = fault;
}

void slots_pass(struct slots *slots, int64_t ms)
{
	if (!slots->paused)
		return;
	slots->offline_since += ms;
	slots->card_since += ms;
}

uint8_t slots_wanted(const struct slots *slots)
{
	if (!slots->n || !slots->active)
		return 0;
	if (!slots->moving && place_of(slots, slots->active) >= 0)
		return slots->active;
	/* a modem that has none of them stays as it is */
	return is_there(slots, slots->order[slots->at]) ? slots->order[slots->at] :
							  slots->active;
}

bool slots_differ(const struct slots *slots)
{
	return slots_wanted(slots) != slots->active && slots_wanted(slots);
}

/* In the order, or -1: after the one in use, or the one that was to be and never told so */
static int next_place(const struct slots *slots)
{
	if (!slots->n || !slots->active)
		return -1;
	for (unsigned int i = slots->tried; i <= slots->n; i++) {
		unsigned int place = (slots->at + i) % slots->n;
		uint8_t slot = slots->order[place];

		if (slot != slots->active && is_there(slots, slot))
			return place;
	}
	return -1;
}

uint8_t slots_next(const struct slots *slots)
{
	int place = next_place(slots);

	return place < 0 ? 0 : slots->order[place];
}

/* Of the order, those that the modem has */
static unsigned int usable(const struct slots *slots)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < slots->n; i++)
		n += is_there(slots, slots->order[i]);
	return n;
}

/* From the last move to the next one */
static int64_t distance(const struct slots *slots)
{
	unsigned int cards = usable(slots);
	/* how often each of them was tried */
	unsigned int round = cards ? slots->moves / cards : 0;
	int64_t ms;

	/* a slot without a card is no place to wait for better times, unless all are */
	if (slots->fault == SLOTS_CARD && (!round || slots->useless + 1U < cards))
		return POLICY_SLOT_CARD_MS;
	ms = POLICY_SLOT_MS << (round < DOUBLINGS_MAX ? round : DOUBLINGS_MAX);
	return ms < DAY ? ms : DAY;
}

int64_t slots_due(const struct slots *slots)
{
	int64_t at = slots->offline_since + POLICY_SLOT_MS, apart;

	if (slots->fault == SLOTS_NONE || !slots_next(slots))
		return NEVER;
	if (slots->fault == SLOTS_CARD && slots->card_since + POLICY_SLOT_CARD_MS < at)
		at = slots->card_since + POLICY_SLOT_CARD_MS;
	apart = slots->moved_at + distance(slots);
	return apart > at ? apart : at;
}

void slots_move(struct slots *slots, const struct cause *cause)
{
	int place = next_place(slots);

	if (place < 0)
		return;
	if (slots->fault != SLOTS_CARD)
		slots->useless = 0;
	else if (slots->useless < SLOTS_MAX)
		slots->useless++;
	slots->at = place;
	slots->moving = true;
	slots->cause = *cause;
}

void slots_moved(struct slots *slots, int64_t now)
{
	slots->moved_at = now;
	slots->tried = true;
	if (slots->moves < UINT8_MAX)
		slots->moves++;
}

void slots_stay(struct slots *slots)
{
	slots->moving = false;
}
