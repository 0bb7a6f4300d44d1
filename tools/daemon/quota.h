/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much data a card has used in a period, and when the next one begins. */
#ifndef M2MD_QUOTA_H
#define M2MD_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "pin.h"

/*
 * DOC: Periods
 *
 * Periods are days, weeks from Monday, and months, of UTC, and begin by a wall clock that
 * something has set. Without one a period lasts for 1, 7 or 31 days of uptime. A clock
 * that goes back gives no data back: only the end of the period moves.
 */

enum quota_period {
	QUOTA_DAY,
	QUOTA_WEEK,
	QUOTA_MONTH,
};

/* What one card has used; on disk as text */
struct quota_usage {
	char iccid[ICCID_SIZE];
	uint64_t bytes;
	int64_t start_s;	/* of the period, wall time; 0: nobody knew the time */
	int64_t age_ms;		/* uptime since it began */
	bool warned;
};

struct quota_now {
	int64_t wall_ms;
	bool trusted;
};

/**
 * quota_roll() - begin a new period if it is time
 * @usage: of a card
 * @period: enum quota_period
 * @passed_ms: uptime since the last call
 * @now: the wall clock
 *
 * Return: whether one has begun.
 */
bool quota_roll(struct quota_usage *usage, enum quota_period period, int64_t passed_ms,
		const struct quota_now *now);

/* quota_left_ms() - until the next period begins, at least a second */
int64_t quota_left_ms(const struct quota_usage *usage, enum quota_period period,
		      const struct quota_now *now);

#endif /* M2MD_QUOTA_H */
