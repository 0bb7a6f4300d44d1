/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes for tests of the driver's pure files, made on their own, so that a mistake of
 * theirs cannot agree with itself.
 */
#ifndef TESTS_PACKET_H
#define TESTS_PACKET_H

#include "../../driver/pure.h"

/* Whoever sets it has the same numbers each time. */
extern u32 draw_seed;

/* A number below @below, which is not 0 */
u32 draw(u32 below);
bool once_in(u32 n);

/* Big endian */
void put16(u8 *p, u32 value);
void put32(u8 *p, u32 value);
u16 get16(const u8 *p);
u32 get32(const u8 *p);

/* Ones' complement sum of 16 bit words, and @sum */
u16 ones(const u8 *data, size_t len, u32 sum);

#endif /* TESTS_PACKET_H */
