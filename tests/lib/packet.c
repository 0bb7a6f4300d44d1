// SPDX-License-Identifier: GPL-2.0-or-later
/* Random numbers, fields and sums of packets. */
#include "packet.h"

u32 draw_seed;

/* xorshift32 */
u32 draw(u32 below)
{
	draw_seed ^= draw_seed << 13;
	draw_seed ^= draw_seed >> 17;
	draw_seed ^= draw_seed << 5;
	return draw_seed % below;
}

bool once_in(u32 n)
{
	return !draw(n);
}

void put16(u8 *p, u32 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

void put32(u8 *p, u32 value)
{
	put16(p, value >> 16);
	put16(p + 2, value);
}

u16 get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

u32 get32(const u8 *p)
{
	return (u32)get16(p) << 16 | get16(p + 2);
}

u16 ones(const u8 *data, size_t len, u32 sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}
