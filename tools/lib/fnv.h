/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FNV-1a: a number that tells bytes from others. No secret's disguise. */
#ifndef M2M_FNV_H
#define M2M_FNV_H

#include <stddef.h>
#include <stdint.h>

#define FNV_START	0xcbf29ce484222325ULL

/* fnv_add() - the number of all that went before (FNV_START: nothing) and of these bytes */
static inline uint64_t fnv_add(uint64_t number, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len--)
		number = (number ^ *at++) * 0x100000001b3ULL;
	return number;
}

#endif /* M2M_FNV_H */
