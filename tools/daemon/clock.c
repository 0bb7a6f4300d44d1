// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of the clock. */
#include <time.h>

#include "clock.h"

static unsigned int factor = 1;

void clock_set_factor(unsigned int times)
{
	factor = times;
}

int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * (int64_t)1000 * factor + ts.tv_nsec * factor / 1000000;
}

int64_t clock_boot_ms(void)
{
	return clock_ms() / factor;
}

/* Never too short: who comes before his time is sent to wait again */
int64_t clock_wait_ns(int64_t ms)
{
	return (ms * 1000000 + factor - 1) / factor;
}
