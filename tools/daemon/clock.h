/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one clock of the daemon: it goes on while the host sleeps, and nobody sets it. */
#ifndef M2MD_CLOCK_H
#define M2MD_CLOCK_H

#include <stdint.h>

/* CLOCK_BOOTTIME in ms */
int64_t clock_ms(void);

#endif /* M2MD_CLOCK_H */
