/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Repeatable noise for garbage faults: one stream per program run. */
#ifndef SIM_NOISE_H
#define SIM_NOISE_H

#include <stddef.h>
#include <stdint.h>

void noise_seed(uint64_t seed);
uint32_t noise_next(void);
void noise_fill(uint8_t *buf, size_t len);
/* A number from @low to @high, both included. */
uint32_t noise_range(uint32_t low, uint32_t high);

#endif /* SIM_NOISE_H */
