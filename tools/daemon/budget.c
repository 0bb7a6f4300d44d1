// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the counting of what may not be done too often. */
#include <string.h>

#include "budget.h"
#include "policy.h"

struct limit {
	uint8_t max;		/* a day */
	int64_t distance_ms;	/* after the first; doubles with each of the day */
};

static const struct limit limits[BUDGET_KINDS] = {
	[BUDGET_MODEM_RESET] = { 4, HOUR },
	[BUDGET_USB_RESET] = { 2, HOUR },
	[BUDGET_PORT_POWER] = { 1, 0 },
	[BUDGET_HOST_REBOOT] = { 1, 0 },
	[BUDGET_MODEM_WRITE] = { 10, 0 },
};

static const unsigned int outcome_max[OUTCOMES] = {
	[OUTCOME_IGNORED] = 60,
	[OUTCOME_PERMANENT] = 30,
	[OUTCOME_TEMPORARY] = 60,
	[OUTCOME_SUCCESS] = 30,
};

unsigned int budget_max(enum budget_kind kind)
{
	return limits[kind].max;
}

int64_t budget_next(const struct strikes *strikes, enum budget_kind kind, int64_t now)
{
	return budget_next_of(strikes, kind, limits[kind].max, now);
}

int64_t budget_next_of(const struct strikes *strikes, enum budget_kind kind,
		       unsigned int max, int64_t now)
{
	const struct limit *limit = &limits[kind];
	unsigned int day = 0;
	int64_t next = now;
	int64_t distance;

	for (unsigned int i = 0; i < strikes->count; i++)
		day += strikes->at[i] > now - DAY;
	if (!day)
		return now;
	if (max > limit->max)
		max = limit->max;
	/* the oldest that has to leave the window before another may enter */
	if (day >= max)
		next = strikes->at[strikes->count - max] + DAY;
	distance = strikes->at[strikes->count - 1] +
		   (limit->distance_ms << (day - 1 < 8 ? day - 1 : 8));
	return distance > next ? distance : next;
}

bool budget_spend(struct strikes *strikes, enum budget_kind kind, int64_t now)
{
	if (budget_next(strikes, kind, now) > now)
		return false;
	if (strikes->count == STRIKES_MAX) {
		memmove(strikes->at, strikes->at + 1,
			(STRIKES_MAX - 1) * sizeof(strikes->at[0]));
		strikes->count--;
	}
	strikes->at[strikes->count++] = now;
	return true;
}

void strikes_shift(struct strikes *strikes, int64_t ms)
{
	for (unsigned int i = 0; i < strikes->count; i++)
		strikes->at[i] += ms;
}

/* Time before the first boot is negative: round down all the same. */
static int64_t part_of(int64_t window_ms, int64_t at)
{
	int64_t part_ms = window_ms / (TALLY_PARTS - 1);

	return at >= 0 ? at / part_ms : -((-at + part_ms - 1) / part_ms);
}

void tally_add(struct tally *tally, int64_t window_ms, int64_t now)
{
	int64_t part = part_of(window_ms, now);

	for (; tally->part < part; tally->part++) {
		if (part - tally->part >= TALLY_PARTS) {
			memset(tally->n, 0, sizeof(tally->n));
			tally->part = part;
			break;
		}
		memmove(tally->n + 1, tally->n,
			(TALLY_PARTS - 1) * sizeof(tally->n[0]));
		tally->n[0] = 0;
	}
	if (tally->n[0] < UINT8_MAX)
		tally->n[0]++;
}

unsigned int tally_count(const struct tally *tally, int64_t window_ms, int64_t now)
{
	int64_t gone = part_of(window_ms, now) - tally->part;
	unsigned int count = 0;

	for (int64_t i = 0; i + (gone > 0 ? gone : 0) < TALLY_PARTS; i++)
		count += tally->n[i];
	return count;
}

int64_t tally_next(const struct tally *tally, unsigned int max, int64_t window_ms,
		   int64_t now)
{
	int64_t part_ms = window_ms / (TALLY_PARTS - 1);
	int64_t at = now;

	while (tally_count(tally, window_ms, at) >= max)
		at = (part_of(window_ms, at) + 1) * part_ms;
	return at;
}

void tally_shift(struct tally *tally, int64_t window_ms, int64_t from, int64_t to)
{
	tally->part += part_of(window_ms, to) - part_of(window_ms, from);
}

unsigned int activations_max(enum outcome outcome)
{
	return outcome_max[outcome];
}

int64_t activations_next(const struct activations *activations, unsigned int pending,
			 int64_t now)
{
	int64_t next = now;

	for (int i = 0; i < OUTCOMES; i++) {
		/* one call may be two activations: one a family */
		unsigned int left = outcome_max[i] - 1;
		int64_t at;

		left = pending < left ? left - pending : 1;
		at = tally_next(&activations->of[i], left, HOUR, now);

		if (at > next)
			next = at;
	}
	return next;
}
