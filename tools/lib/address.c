// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the ranges of addresses that are special, and NAT64's way to embed one in another. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "address.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct range {
	uint8_t bytes[16];
	unsigned int bits;
};

static bool is_in(const uint8_t *address, const struct range *range)
{
	unsigned int whole = range->bits / 8, rest = range->bits % 8;

	return !memcmp(address, range->bytes, whole) &&
	       (!rest || !((address[whole] ^ range->bytes[whole]) >> (8 - rest)));
}

bool address4_is_public(const struct in_addr *address)
{
	static const struct range special[] = {
		{ { 0 }, 8 }, { { 10 }, 8 }, { { 100, 64 }, 10 }, { { 127 }, 8 },
		{ { 169, 254 }, 16 }, { { 172, 16 }, 12 }, { { 192, 0, 0 }, 24 },
		{ { 192, 0, 2 }, 24 }, { { 192, 168 }, 16 }, { { 198, 18 }, 15 },
		{ { 198, 51, 100 }, 24 }, { { 203, 0, 113 }, 24 }, { { 224 }, 3 },
	};
	uint8_t bytes[4];

	memcpy(bytes, address, sizeof(bytes));
	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (is_in(bytes, &special[i]))
			return false;
	return true;
}

bool address6_is_public(const struct in6_addr *address)
{
	static const struct range global = { { 0x20 }, 3 };
	static const struct range special[] = {
		{ { 0x20, 0x01, 0x00 }, 23 },		/* protocol assignments */
		{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },	/* documentation */
		{ { 0x3f, 0xff }, 20 },			/* documentation */
	};

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (is_in(address->s6_addr, &special[i]))
			return false;
	return is_in(address->s6_addr, &global);
}

/* 192.0.0.170 or .171, behind a prefix of so many bits; octet 8 is always left out */
static bool is_embedded(const struct in6_addr *address, unsigned int bits)
{
	static const uint8_t known[] = { 192, 0, 0, 170 };
	unsigned int at = bits / 8;

	if (address->s6_addr[8])
		return false;
	for (size_t i = 0; i < sizeof(known); i++, at++) {
		uint8_t byte;

		at += at == 8;
		byte = address->s6_addr[at];
		if (i + 1 == sizeof(known))
			byte &= ~1u;
		if (byte != known[i])
			return false;
	}
	/* what is behind it is zero */
	for (; at < 16; at++)
		if (address->s6_addr[at])
			return false;
	return true;
}

int address_nat64_prefix(const struct in6_addr *address, struct in6_addr *ret,
			 uint8_t *ret_len)
{
	static const uint8_t lengths[] = { 32, 40, 48, 56, 64, 96 };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (!is_embedded(address, lengths[i]))
			continue;
		memset(ret, 0, sizeof(*ret));
		memcpy(ret->s6_addr, address->s6_addr, lengths[i] / 8);
		*ret_len = lengths[i];
		return 0;
	}
	return -ENODATA;
}
