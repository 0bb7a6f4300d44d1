// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the judgement on calls without answers. */
#include "health.h"
#include "policy.h"

void health_answer(struct health *health, enum health_test test)
{
	health->armed[test] = true;
	/*
	 * Packets that come in do not answer for a target that does not: else each
	 * broadcast would earn the probe another call.
	 */
	if (test == HEALTH_PROBE || !health->armed[HEALTH_PROBE])
		health->redials = 0;
}

int64_t health_next(const struct health *health, enum health_test test, int64_t now)
{
	if (!health->armed[test])
		return NEVER;
	/* answers that come and go are worth one an hour as well */
	if (!health->redials)
		return health->last && health->last + HOUR > now ? health->last + HOUR :
								   now;
	return health->last + (health->redials == 1 ? HOUR : DAY);
}

void health_redialled(struct health *health, int64_t now)
{
	if (health->redials < UINT8_MAX)
		health->redials++;
	health->last = now;
}
