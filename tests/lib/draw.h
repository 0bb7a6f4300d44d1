/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers for fuzzers: by chance, and the same each time. */
#ifndef TESTS_DRAW_H
#define TESTS_DRAW_H

#include <stdint.h>

/* Of this program; not 0 */
static uint32_t draw_state;

/* 0 to @below - 1, by xorshift32 */
static inline uint32_t draw(uint32_t below)
{
	draw_state ^= draw_state << 13;
	draw_state ^= draw_state >> 17;
	draw_state ^= draw_state << 5;
	return draw_state % below;
}

#endif /* TESTS_DRAW_H */
