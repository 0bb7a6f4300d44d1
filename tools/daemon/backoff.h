/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to wait before an APN is tried again. */
#ifndef M2MD_BACKOFF_H
#define M2MD_BACKOFF_H

#include <stdint.h>

#include "cause.h"

/* Of one (ICCID, APN). All zero is a fresh one. */
struct backoff {
	uint8_t temporary;	/* steps taken of either series, at most its length */
	uint8_t permanent;
	int64_t until;		/* do not dial before */
};

/**
 * backoff_fail() - a try failed: when is the next
 * @backoff: of the APN
 * @class: why it failed
 * @random: any number; decides the jitter, ±25 %
 * @network_ms: the time the network or the module itself asks for, 0 if none; it
 *	wins if it is the longer one
 * @now: ms
 */
void backoff_fail(struct backoff *backoff, enum cause_class class, uint32_t random,
		  int64_t network_ms, int64_t now);

/* backoff_base_ms() - the step of a series before jitter */
int64_t backoff_base_ms(enum cause_class class, unsigned int step);

/* backoff_jitter() - @ms times uniform(0.75, 1.25) */
int64_t backoff_jitter(int64_t ms, uint32_t random);

#endif /* M2MD_BACKOFF_H */
