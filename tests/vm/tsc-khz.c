// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints how many thousand times a second this machine's time stamps count. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define SPAN_NS	100000000

#if defined(__x86_64__)
static uint64_t ticks_now(void)
{
	return __builtin_ia32_rdtsc();
}
#else
/* None that an emulated x86 would be given: prints 0. */
static uint64_t ticks_now(void)
{
	return 0;
}
#endif

struct moment {
	int64_t ns;
	uint64_t ticks;
};

static int64_t ns_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Both clocks at once: the closest of some tries. */
static struct moment moment_now(void)
{
	struct moment moment = { 0 };
	int64_t closest = INT64_MAX;
	int i;

	for (i = 0; i < 50; i++) {
		int64_t before = ns_now(), after;
		uint64_t ticks = ticks_now();

		after = ns_now();
		if (after - before >= closest)
			continue;
		closest = after - before;
		moment.ns = before + closest / 2;
		moment.ticks = ticks;
	}
	return moment;
}

int main(void)
{
	struct moment first = moment_now(), last;

	do
		last = moment_now();
	while (last.ns - first.ns < SPAN_NS);
	printf("%llu\n", (unsigned long long)((last.ticks - first.ticks) *
					      1000000 / (last.ns - first.ns)));
	return 0;
}
