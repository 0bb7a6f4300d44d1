/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the configured target is asked whether it is there, and what its silence means. */
#ifndef M2MD_PROBING_H
#define M2MD_PROBING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A month of probes at the usual interval, both directions */
#define PROBING_MONTH_BYTES	200000
#define PROBING_INTERVAL_MS	(15 * 60 * 1000)
/* Of that, what may be used at once */
#define PROBING_BURST_BYTES	20000
/* So many without an answer are a silence: packets get lost on the way */
#define PROBING_MISSES		3

/* Of one PDN; all zero at the start, also of a call */
struct probing {
	bool begun;
	bool ever;		/* answered once */
	uint8_t misses;		/* in a row */
	int64_t asked_at;
	int64_t credit;		/* bytes, in thousandths */
	int64_t credit_at;
};

/**
 * probing_due() - when to ask next
 * @probing: of the PDN
 * @interval_ms: between two while the PDN is idle
 * @received_at: when something came in last, ms; 0: nothing yet
 * @now: ms
 *
 * At once when the call is new; then after @interval_ms without anything received, or
 * since the last one where the target does not answer; soon, to be sure, after a miss.
 * Whatever that says, no more than 200 kB a month go into it at the usual interval,
 * and in proportion at a shorter one, which somebody chose.
 * Return: a time; now or earlier if now.
 */
int64_t probing_due(const struct probing *probing, int64_t interval_ms, int64_t received_at,
		    int64_t now);

/* What an attempt means */
enum probing_news {
	PROBING_NOTHING,	/* not yet */
	PROBING_ANSWERED,
	PROBING_SILENCE,
};

/**
 * probing_done() - an attempt has ended
 * @probing: of the PDN
 * @interval_ms: as probing_due()
 * @answered: the target did
 * @bytes: that it took, both directions
 * @now: ms
 */
enum probing_news probing_done(struct probing *probing, int64_t interval_ms, bool answered,
			       size_t bytes, int64_t now);

/* probing_new_call() - the next one is of another call: what was spent stays spent */
void probing_new_call(struct probing *probing);

#endif /* M2MD_PROBING_H */
