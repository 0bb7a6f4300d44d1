// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the state of the noise generator (xorshift64*). */
#include "noise.h"

static uint64_t state = 0x9e3779b97f4a7c15u;

void noise_seed(uint64_t seed)
{
	/* The generator never leaves zero. */
	state = seed ? seed : 0x9e3779b97f4a7c15u;
}

uint32_t noise_next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1du) >> 32);
}

void noise_fill(uint8_t *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = (uint8_t)noise_next();
}

uint32_t noise_range(uint32_t low, uint32_t high)
{
	return low + noise_next() % (high - low + 1);
}
