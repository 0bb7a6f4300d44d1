// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the series of waits between two calls. */
#include <stdbool.h>

#include "backoff.h"
#include "policy.h"

static const int64_t temporary_ms[] = {
	5 * SECOND, 15 * SECOND, 45 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE,
};

static const int64_t permanent_ms[] = {
	1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE,
};

/* The module waits by itself: asking it more often than this changes nothing. */
static const int64_t wait_ms = 5 * MINUTE;

static bool is_permanent(enum cause_class class)
{
	return class == CLASS_PERMANENT || class == CLASS_ROAMING;
}

int64_t backoff_base_ms(enum cause_class class, unsigned int step)
{
	if (class == CLASS_WAIT)
		return wait_ms;
	if (is_permanent(class))
		return permanent_ms[step < ARRAY_SIZE(permanent_ms) ? step :
				    ARRAY_SIZE(permanent_ms) - 1];
	return temporary_ms[step < ARRAY_SIZE(temporary_ms) ? step :
			    ARRAY_SIZE(temporary_ms) - 1];
}

int64_t backoff_jitter(int64_t ms, uint32_t random)
{
	/* in thousandths, so that no product of a day leaves 64 bits */
	return ms * (750 + (int64_t)(random % 501)) / 1000;
}

void backoff_fail(struct backoff *backoff, enum cause_class class, uint32_t random,
		  int64_t network_ms, int64_t now)
{
	bool permanent = is_permanent(class);
	uint8_t *step = permanent ? &backoff->permanent : &backoff->temporary;
	uint8_t last = permanent ? ARRAY_SIZE(permanent_ms) : ARRAY_SIZE(temporary_ms);
	int64_t wait = backoff_jitter(backoff_base_ms(class, *step), random);

	if (class != CLASS_WAIT && *step < last)
		(*step)++;
	/* a day is longer than any timer of the network that is meant */
	if (network_ms > DAY)
		network_ms = DAY;
	backoff->until = now + (network_ms > wait ? network_ms : wait);
}
