// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns when a target is asked, how much that may cost, and from when on it is silent. */
#include "policy.h"
#include "probing.h"

#define MONTH		(30 * DAY)
#define THOUSAND	1000

/* Thousandths of a byte earned in a time */
static int64_t earned(int64_t interval_ms, int64_t ms)
{
	int64_t month = (PROBING_MONTH_BYTES - PROBING_BURST_BYTES) * (int64_t)THOUSAND;

	if (interval_ms < PROBING_INTERVAL_MS)
		month = month * PROBING_INTERVAL_MS / interval_ms;
	/* longer than this it does not add up anyway */
	if (ms > DAY)
		ms = DAY;
	return month / (MONTH / SECOND) * ms / SECOND;
}

static int64_t credit_now(const struct probing *probing, int64_t interval_ms, int64_t now)
{
	int64_t most = PROBING_BURST_BYTES * (int64_t)THOUSAND;
	int64_t credit;

	if (!probing->begun)
		return most;
	credit = probing->credit + earned(interval_ms, now - probing->credit_at);
	return credit < most ? credit : most;
}

/* Nothing is asked on credit: when the last one is paid */
static int64_t paid_at(const struct probing *probing, int64_t interval_ms, int64_t now)
{
	int64_t credit = credit_now(probing, interval_ms, now);
	int64_t second = earned(interval_ms, SECOND);

	return credit >= 0 ? now : now + (-credit / second + 1) * SECOND;
}

int64_t probing_due(const struct probing *probing, int64_t interval_ms, int64_t received_at,
		    int64_t now)
{
	int64_t due = now, paid = paid_at(probing, interval_ms, now);

	if (probing->asked_at) {
		due = probing->asked_at;
		/* what comes in answers for the PDN, but not for a target that is silent */
		if (probing->ever && !probing->misses && received_at > due)
			due = received_at;
		if (!probing->misses || probing->misses >= PROBING_MISSES)
			due += interval_ms;
	}
	return due > paid ? due : paid;
}

enum probing_news probing_done(struct probing *probing, int64_t interval_ms, bool answered,
			       size_t bytes, int64_t now)
{
	probing->credit = credit_now(probing, interval_ms, now) - (int64_t)bytes * THOUSAND;
	probing->credit_at = now;
	probing->begun = true;
	probing->asked_at = now;
	if (answered) {
		probing->ever = true;
		probing->misses = 0;
		return PROBING_ANSWERED;
	}
	if (probing->misses < PROBING_MISSES)
		probing->misses++;
	return probing->misses == PROBING_MISSES ? PROBING_SILENCE : PROBING_NOTHING;
}

void probing_new_call(struct probing *probing)
{
	probing->asked_at = 0;
	probing->misses = 0;
}
