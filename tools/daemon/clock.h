/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one clock of the daemon: it goes on while the host sleeps, and nobody sets it. */
#ifndef M2MD_CLOCK_H
#define M2MD_CLOCK_H

#include <stdint.h>

#define CLOCK_FACTOR_MAX	100

/*
 * clock_set_factor() - let all waits of the machine be so many times shorter, for tests:
 * once, before anything asks for the time
 */
void clock_set_factor(unsigned int times);

/* clock_ms() - CLOCK_BOOTTIME in ms, times the factor: the machine's time */
int64_t clock_ms(void);
/* clock_boot_ms() - CLOCK_BOOTTIME in ms, for what is not the machine's */
int64_t clock_boot_ms(void);
/* clock_wait_ns() - how long @ms of the machine's time really are */
int64_t clock_wait_ns(int64_t ms);

#endif /* M2MD_CLOCK_H */
