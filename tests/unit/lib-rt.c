// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/rt: a list that changes while the kernel tells it is asked for again. */
#include <arpa/inet.h>
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "../../tools/lib/nl.h"
#include "../../tools/lib/rt.h"
#include "../lib/harness.h"

#define IFINDEX	7

/* So often it changes meanwhile; what was asked since the test began */
static unsigned int changes, dumps, deletions;

static struct nl_msg *address(const char *text)
{
	struct ifaddrmsg info = {
		.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = IFINDEX,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWADDR, 0);
	struct in_addr addr;

	ASSERT_EQ(1, inet_pton(AF_INET, text, &addr));
	ASSERT_EQ(0, nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO));
	ASSERT_EQ(0, nla_put(msg, IFA_LOCAL, sizeof(addr), &addr));
	return msg;
}

int __wrap_m2m_nl_do(struct m2m_nl *nl, struct nl_msg *request, m2m_nl_fn fn, void *data,
		     struct m2m_error *error);
int __wrap_m2m_nl_do(struct m2m_nl *nl, struct nl_msg *request, m2m_nl_fn fn, void *data,
		     struct m2m_error *error)
{
	int type = nlmsg_hdr(request)->nlmsg_type;
	struct nl_msg *told;

	nlmsg_free(request);
	if (type == RTM_DELADDR) {
		deletions++;
		return 0;
	}
	dumps++;
	EXPECT_EQ(RTM_GETADDR, type);
	told = address("192.0.2.1");
	EXPECT_EQ(0, fn(nlmsg_hdr(told), data));
	nlmsg_free(told);
	return dumps <= changes ? m2m_error_set(error, -EINTR, "changed") : 0;
}

static void begin(unsigned int n)
{
	changes = n;
	dumps = 0;
	deletions = 0;
}

TEST(addresses)
{
	struct rt_addr addrs[RT_ADDRS_MAX];
	struct m2m_error error;
	size_t n = 9;

	begin(M2M_NL_DUMP_TRIES - 1);
	ASSERT_EQ(0, rt_addr_list(NULL, IFINDEX, addrs, &n, &error));
	EXPECT_EQ(M2M_NL_DUMP_TRIES, dumps);
	/* what was told before counts no more */
	EXPECT_EQ(1, n);
	begin(M2M_NL_DUMP_TRIES);
	EXPECT_EQ(-EINTR, rt_addr_list(NULL, IFINDEX, addrs, &n, &error));
	EXPECT_EQ(M2M_NL_DUMP_TRIES, dumps);
	EXPECT_EQ(0, n);
}

TEST(flushing)
{
	struct m2m_error error;

	begin(2);
	ASSERT_EQ(0, rt_addr_flush(NULL, IFINDEX, &error));
	EXPECT_EQ(3, dumps);
	EXPECT_EQ(1, deletions);
	begin(M2M_NL_DUMP_TRIES);
	EXPECT_EQ(-EINTR, rt_addr_flush(NULL, IFINDEX, &error));
	EXPECT_EQ(0, deletions);
}

TEST_HARNESS_MAIN
