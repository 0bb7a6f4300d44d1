/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for what can only be polled, with a deadline. */
#ifndef TESTS_WAITING_H
#define TESTS_WAITING_H

#include <poll.h>
#include <stdbool.h>
#include <time.h>

#include "harness.h"

struct deadline {
	struct timespec end;
};

/* @ms on a machine of its own */
static inline struct deadline deadline_in(int ms)
{
	struct deadline deadline;

	ms = harness_ms(ms);
	clock_gettime(CLOCK_MONOTONIC, &deadline.end);
	deadline.end.tv_sec += ms / 1000;
	deadline.end.tv_nsec += ms % 1000 * 1000000L;
	if (deadline.end.tv_nsec >= 1000000000L) {
		deadline.end.tv_sec++;
		deadline.end.tv_nsec -= 1000000000L;
	}
	return deadline;
}

/* Milliseconds left, not below 0 */
static inline int deadline_left(const struct deadline *deadline)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (deadline->end.tv_sec - now.tv_sec) * 1000LL +
	     (deadline->end.tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? (int)ms : 0;
}

/* A moment's pause; false: the deadline has passed. */
static inline bool deadline_pause(const struct deadline *deadline)
{
	int left = deadline_left(deadline);

	if (!left)
		return false;
	poll(NULL, 0, left < 20 ? left : 20);
	return true;
}

#endif /* TESTS_WAITING_H */
