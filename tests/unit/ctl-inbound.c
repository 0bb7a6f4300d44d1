// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether nftables' answer says that a firewall looks at what comes in. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/ctl/inbound.h"
#include "../lib/harness.h"

#define CHAIN	(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN)
#define NONE	-1
#define BOTH	(INBOUND_IPV4 | INBOUND_IPV6)

/* Netlink messages, one after the other */
static struct {
	uint8_t bytes[1024] __attribute__((aligned(4)));
	size_t len, begin;
} answer;

static void put(const void *bytes, size_t len)
{
	ASSERT_LE(answer.len + NLMSG_ALIGN(len), sizeof(answer.bytes));
	memcpy(answer.bytes + answer.len, bytes, len);
	answer.len += NLMSG_ALIGN(len);
}

static void begin(uint16_t type)
{
	const struct nlmsghdr header = { .nlmsg_type = type };

	answer.begin = answer.len;
	put(&header, sizeof(header));
}

static void end(void)
{
	struct nlmsghdr header;

	memcpy(&header, answer.bytes + answer.begin, sizeof(header));
	header.nlmsg_len = answer.len - answer.begin;
	memcpy(answer.bytes + answer.begin, &header, sizeof(header));
}

static void put_be32(uint16_t type, uint32_t value)
{
	const uint8_t bytes[] = { value >> 24, value >> 16, value >> 8, value };
	const struct nlattr attr = { .nla_len = NLA_HDRLEN + 4, .nla_type = type };

	put(&attr, sizeof(attr));
	put(bytes, sizeof(bytes));
}

/* NONE: without that attribute */
static void put_chain(uint8_t family, int hook, int policy, int use)
{
	const struct nfgenmsg nfgen = { .nfgen_family = family };
	const struct nlattr nest = {
		.nla_len = NLA_HDRLEN + NLA_HDRLEN + 4, .nla_type = NFTA_CHAIN_HOOK,
	};

	begin(CHAIN);
	put(&nfgen, sizeof(nfgen));
	if (hook != NONE) {
		put(&nest, sizeof(nest));
		put_be32(NFTA_HOOK_HOOKNUM, hook);
	}
	if (policy != NONE)
		put_be32(NFTA_CHAIN_POLICY, policy);
	if (use != NONE)
		put_be32(NFTA_CHAIN_USE, use);
	end();
}

static int judge(size_t len)
{
	bool done;

	return inbound_chains(answer.bytes, len, &done);
}

TEST(chains)
{
	static const struct {
		uint8_t family;
		int hook, policy, use, found;
	} rows[] = {
		{ 1, 1, 0, 0, BOTH },		/* inet, input, drop */
		{ 2, 1, 1, 3, INBOUND_IPV4 },	/* ip, input, accept, with rules */
		{ 2, 1, 0, 0, INBOUND_IPV4 },
		{ 10, 1, 1, 1, INBOUND_IPV6 },
		{ 1, 1, 1, 0, 0 },		/* there, and empty */
		{ 1, 1, NONE, NONE, 0 },
		{ 1, 2, 0, 9, 0 },		/* forward */
		{ 1, NONE, 0, 9, 0 },		/* another chain jumps to it, or none */
		{ 3, 1, 0, 9, 0 },		/* ARP */
		{ 7, 1, 0, 9, 0 },		/* bridge */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		answer.len = 0;
		put_chain(rows[i].family, rows[i].hook, rows[i].policy, rows[i].use);
		if (judge(answer.len) != rows[i].found)
			harness_fail(__FILE__, __LINE__, false, "row %zu", i);
	}
}

TEST(one_of_many)
{
	const int zero = 0;
	bool done = true;

	put_chain(1, 2, 0, 9);
	put_chain(1, 1, 0, 9);
	put_chain(1, 4, 1, 0);
	EXPECT_EQ(BOTH, inbound_chains(answer.bytes, answer.len, &done));
	EXPECT_FALSE(done);
	begin(NLMSG_DONE);
	put(&zero, sizeof(zero));
	end();
	EXPECT_EQ(BOTH, inbound_chains(answer.bytes, answer.len, &done));
	EXPECT_TRUE(done);
}

/* One for each family is as good as one for both */
TEST(one_each)
{
	put_chain(2, 1, 0, 9);
	put_chain(2, 1, 0, 9);
	EXPECT_EQ(INBOUND_IPV4, judge(answer.len));
	put_chain(10, 1, 0, 9);
	EXPECT_EQ(BOTH, judge(answer.len));
}

TEST(old_tables)
{
	static const struct {
		const char *v4, *v6;
		int found;
	} rows[] = {
		{ NULL, NULL, 0 },
		{ "", "", 0 },
		{ "filter\n", NULL, INBOUND_IPV4 },
		{ "nat\nfilter\n", "nat\n", INBOUND_IPV4 },
		{ NULL, "filter\n", INBOUND_IPV6 },
		{ "filter\nnat\n", "mangle\nfilter\n", BOTH },
		{ "myfilter\n", "filters\n", 0 },
	};
	g_autofree char *dir = g_dir_make_tmp("ctl-inbound-XXXXXX", NULL), *v4 = NULL, *v6 = NULL;

	ASSERT_TRUE(dir);
	v4 = g_build_filename(dir, "ip_tables_names", NULL);
	v6 = g_build_filename(dir, "ip6_tables_names", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unlink(v4);
		unlink(v6);
		if (rows[i].v4)
			ASSERT_TRUE(g_file_set_contents(v4, rows[i].v4, -1, NULL));
		if (rows[i].v6)
			ASSERT_TRUE(g_file_set_contents(v6, rows[i].v6, -1, NULL));
		if (inbound_old_tables(dir) != rows[i].found)
			harness_fail(__FILE__, __LINE__, false, "row %zu", i);
	}
	/* as those of the kernel are for others than root */
	ASSERT_EQ(0, chmod(v6, 0));
	if (access(v6, R_OK))
		EXPECT_EQ(-EACCES, inbound_old_tables(dir));
	unlink(v4);
	unlink(v6);
	rmdir(dir);
}

TEST(errors)
{
	const struct nlmsgerr error = { .error = -EPERM };
	bool done = false;

	begin(NLMSG_ERROR);
	put(&error, sizeof(error));
	end();
	EXPECT_EQ(-EPERM, inbound_chains(answer.bytes, answer.len, &done));
	EXPECT_TRUE(done);
}

/* Nothing is read behind what there is */
TEST(cut)
{
	put_chain(1, 1, 0, 9);
	for (size_t len = 0; len < answer.len; len++)
		EXPECT_EQ(0, judge(len));
	/* nor believed that says more than it has */
	answer.bytes[0]++;
	EXPECT_EQ(0, judge(answer.len));
}

TEST_HARNESS_MAIN
