/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call that is up and brings no answers: when it is dialled anew. */
#ifndef M2MD_HEALTH_H
#define M2MD_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

/* Who noticed */
enum health_test {
	HEALTH_PASSIVE,		/* packets went out and none came in */
	HEALTH_PROBE,		/* the configured target did not answer */
	HEALTH_TESTS,
};

/* Of one PDN; all zero at the start. It outlives the call on purpose. */
struct health {
	bool armed[HEALTH_TESTS];	/* has ever succeeded: silence means something */
	uint8_t redials;		/* in this silence */
	int64_t last;			/* when the last of them was */
};

/* health_answer() - something came in, or the target answered */
void health_answer(struct health *health, enum health_test test);

/**
 * health_next() - when a test that fails is worth a new call
 * @health: of the PDN
 * @test: which failed
 * @now: ms
 *
 * A silence may as well be the far end's. So a test counts only once it has ever
 * succeeded, and a silence is worth a call at once, one an hour later, and one a day
 * after that; nothing but a call ever.
 *
 * Return: a time; now or earlier if now, NEVER if the test says nothing.
 */
int64_t health_next(const struct health *health, enum health_test test, int64_t now);

/* health_redialled() - note that a silence was answered by a new call */
void health_redialled(struct health *health, int64_t now);

#endif /* M2MD_HEALTH_H */
