/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pure files need of their surroundings: kernel or user space. */
#ifndef M2M_PURE_H
#define M2M_PURE_H

#ifdef __KERNEL__
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define BIT(n) (1UL << (n))
#endif

/* Wire fields are read byte by byte: no alignment, no host byte order. */
static inline u16 pure_le16(const u8 *p)
{
	return p[0] | p[1] << 8;
}

static inline u32 pure_le32(const u8 *p)
{
	return pure_le16(p) | (u32)pure_le16(p + 2) << 16;
}

static inline u16 pure_be16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static inline u32 pure_be32(const u8 *p)
{
	return (u32)pure_be16(p) << 16 | pure_be16(p + 2);
}

/* Of which nothing is read but whether it equals another. */
static inline u64 pure_load64(const u8 *p)
{
	u64 value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline void pure_put_le16(u8 *p, u16 value)
{
	p[0] = value;
	p[1] = value >> 8;
}

static inline void pure_put_be16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static inline void pure_put_be32(u8 *p, u32 value)
{
	pure_put_be16(p, value >> 16);
	pure_put_be16(p + 2, value);
}

#endif /* M2M_PURE_H */
