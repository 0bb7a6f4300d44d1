// SPDX-License-Identifier: GPL-2.0-or-later
/* Which addresses are public, and which prefix made one of NAT64. */
#include <arpa/inet.h>
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/lib/address.h"
#include "../lib/harness.h"

TEST(public_or_not)
{
	static const struct {
		const char *address;
		bool public;
	} rows[] = {
		{ "8.8.8.8", true }, { "9.255.255.255", true }, { "10.0.0.0", false },
		{ "10.255.255.255", false }, { "11.0.0.0", true }, { "100.63.255.255", true },
		{ "100.64.0.1", false }, { "100.127.255.255", false }, { "100.128.0.0", true },
		{ "127.0.0.1", false }, { "169.254.1.1", false }, { "172.15.255.255", true },
		{ "172.16.0.1", false }, { "172.31.255.255", false }, { "172.32.0.0", true },
		{ "192.0.0.170", false }, { "192.0.1.1", true }, { "192.0.2.1", false },
		{ "192.168.1.1", false }, { "192.169.0.1", true }, { "198.17.1.1", true },
		{ "198.18.0.1", false }, { "198.19.255.255", false }, { "198.20.0.0", true },
		{ "198.51.100.1", false }, { "203.0.113.9", false }, { "223.255.255.255", true },
		{ "224.0.0.1", false }, { "255.255.255.255", false }, { "0.0.0.0", false },
		{ "2a01:c22::1", true }, { "2600::1", true }, { "2001:200::1", true },
		{ "2001:1ff::1", false }, { "2001:db8::1", false }, { "2001:db9::1", true },
		{ "3fff:fff::1", false }, { "3fff:1000::1", true }, { "3ffe::1", true },
		{ "fe80::1", false }, { "fd00::1", false }, { "::1", false }, { "::", false },
		{ "64:ff9b::808:808", false }, { "4000::1", false }, { "1fff::1", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct in6_addr v6;
		struct in_addr v4;
		bool public;

		if (inet_pton(AF_INET, rows[i].address, &v4) == 1)
			public = address4_is_public(&v4);
		else if (inet_pton(AF_INET6, rows[i].address, &v6) == 1)
			public = address6_is_public(&v6);
		else
			public = !rows[i].public;
		if (public != rows[i].public)
			harness_fail(__FILE__, __LINE__, false, "%s", rows[i].address);
	}
}

TEST(prefixes_of_nat64)
{
	static const struct {
		const char *address, *prefix;	/* NULL: none */
	} rows[] = {
		/* as RFC 6052, 2.4, has them, with the addresses of RFC 7050 */
		{ "2001:db8:c000:aa::", "2001:db8::/32" },
		{ "2001:db8:1c0:0:aa::", "2001:db8:100::/40" },
		{ "2001:db8:122:c000:0:aa00::", "2001:db8:122::/48" },
		{ "2001:db8:122:3c0:0:aa::", "2001:db8:122:300::/56" },
		{ "2001:db8:122:344:c0:0:aa00::", "2001:db8:122:344::/64" },
		{ "2001:db8:122:344::c000:aa", "2001:db8:122:344::/96" },
		{ "64:ff9b::c000:ab", "64:ff9b::/96" },
		{ "64:ff9b::c000:ac", NULL }, { "64:ff9b::c000:a9", NULL },
		{ "2001:db8::1", NULL }, { "::", NULL },
		/* octet 8 is zero, and so is what follows */
		{ "2001:db8:122:344:1c0:0:aa00::", NULL },
		{ "2001:db8:c000:aa::1", NULL },
		{ "2001:db8:0:0:100::c000:aa", NULL }, { "c000:aa::", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[INET6_ADDRSTRLEN], whole[INET6_ADDRSTRLEN + 4] = "";
		struct in6_addr address, prefix;
		uint8_t len;
		int err;

		ASSERT_EQ(1, inet_pton(AF_INET6, rows[i].address, &address));
		err = address_nat64_prefix(&address, &prefix, &len);
		if (!err)
			snprintf(whole, sizeof(whole), "%s/%u",
				 inet_ntop(AF_INET6, &prefix, text, sizeof(text)), len);
		if (rows[i].prefix ? err || strcmp(whole, rows[i].prefix) : err != -ENODATA)
			harness_fail(__FILE__, __LINE__, false, "%s: %d, %s",
				     rows[i].address, err, whole);
	}
}

TEST_HARNESS_MAIN
