// SPDX-License-Identifier: GPL-2.0-or-later
/* Mux ids given to rtnl, which iproute2 cannot say; wwan0 is there. */
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/if_link.h>
#include <linux/m2m_wwan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/harness.h"

struct request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	char attrs[256];
};

/* What the kernel said last */
static char sentence[256];

static struct nlattr *put(struct request *req, unsigned int type,
			  const void *value, size_t len)
{
	struct nlattr *attr = (void *)((char *)req +
				       NLMSG_ALIGN(req->header.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, value, len);
	req->header.nlmsg_len = NLMSG_ALIGN(req->header.nlmsg_len) +
				NLA_ALIGN(attr->nla_len);
	return attr;
}

static void end(struct request *req, struct nlattr *nest)
{
	nest->nla_len = (char *)req + req->header.nlmsg_len - (char *)nest;
}

static void begin(struct request *req, unsigned int type, unsigned int flags)
{
	memset(req, 0, sizeof(*req));
	req->header.nlmsg_len = NLMSG_LENGTH(sizeof(req->info));
	req->header.nlmsg_type = type;
	req->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
}

static void read_sentence(const struct nlmsghdr *answer)
{
	const struct nlmsgerr *err = NLMSG_DATA(answer);
	size_t at = NLMSG_LENGTH(sizeof(*err));

	sentence[0] = '\0';
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		at += err->msg.nlmsg_len - NLMSG_HDRLEN;
	while (at + NLA_HDRLEN <= answer->nlmsg_len) {
		const struct nlattr *attr = (const void *)((const char *)answer + at);

		if (attr->nla_type == NLMSGERR_ATTR_MSG)
			snprintf(sentence, sizeof(sentence), "%s",
				 (const char *)attr + NLA_HDRLEN);
		at += NLA_ALIGN(attr->nla_len);
	}
}

static int talk(struct request *req)
{
	static char buf[8192] __attribute__((aligned(4)));
	const struct nlmsghdr *answer = (const void *)buf;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int one = 1;
	ssize_t n;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one,
				sizeof(one)));
	ASSERT_EQ(req->header.nlmsg_len,
		  send(fd, req, req->header.nlmsg_len, 0));
	n = recv(fd, buf, sizeof(buf), 0);
	close(fd);
	ASSERT_GE(n, (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)));
	ASSERT_EQ(NLMSG_ERROR, answer->nlmsg_type);
	read_sentence(answer);
	return ((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
}

/* A link on @lower whose id is the first @len bytes of @id. */
static int add(const char *name, const char *lower, const void *id, size_t len)
{
	struct nlattr *info, *data;
	struct request req;
	uint32_t ifindex;

	begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	put(&req, IFLA_IFNAME, name, strlen(name) + 1);
	if (lower) {
		ifindex = if_nametoindex(lower);
		ASSERT_NE(0, ifindex);
		put(&req, IFLA_LINK, &ifindex, sizeof(ifindex));
	}
	info = put(&req, IFLA_LINKINFO, "", 0);
	put(&req, IFLA_INFO_KIND, M2M_WWAN_LINK_KIND,
	    sizeof(M2M_WWAN_LINK_KIND));
	data = put(&req, IFLA_INFO_DATA, "", 0);
	if (len)
		put(&req, IFLA_M2M_MUX_ID, id, len);
	end(&req, data);
	end(&req, info);
	return talk(&req);
}

static int add_id(const char *name, uint8_t id)
{
	return add(name, "wwan0", &id, sizeof(id));
}

static int del(const char *name)
{
	struct request req;

	begin(&req, RTM_DELLINK, 0);
	put(&req, IFLA_IFNAME, name, strlen(name) + 1);
	return talk(&req);
}

static unsigned int id_of(const char *name)
{
	unsigned int id = 0;
	char path[100];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/qmap/mux_id", name);
	file = fopen(path, "re");
	ASSERT_TRUE(file);
	ASSERT_EQ(1, fscanf(file, "%x", &id));
	fclose(file);
	return id;
}

TEST(ids_that_are_none)
{
	EXPECT_EQ(-ERANGE, add_id("bad0", 0));
	EXPECT_STREQ("a mux id is 1 to 254", sentence);
	EXPECT_EQ(-ERANGE, add_id("bad0", 255));
	EXPECT_STREQ("a mux id is 1 to 254", sentence);
	EXPECT_EQ(0, if_nametoindex("bad0"));
}

TEST(ids_of_another_size)
{
	EXPECT_EQ(-EINVAL, add("bad0", "wwan0", "\1\0\0\0", 4));
	EXPECT_STREQ("a mux id is one byte", sentence);
	EXPECT_EQ(0, if_nametoindex("bad0"));
}

TEST(lower_devices_that_are_none)
{
	EXPECT_EQ(-EINVAL, add("bad0", NULL, "\1", 1));
	EXPECT_STREQ("a mux link needs a wwan interface: link DEVICE", sentence);
	EXPECT_EQ(-EINVAL, add("bad0", "lo", "\1", 1));
	EXPECT_STREQ("the interface is not a wwan interface of m2m_wwan",
		     sentence);
}

TEST(an_id_is_given_once)
{
	ASSERT_EQ(0, add_id("good254", 254));
	EXPECT_EQ(254, id_of("good254"));
	EXPECT_EQ(-EEXIST, add_id("bad0", 254));
	EXPECT_STREQ("this mux id has a link already", sentence);
	ASSERT_EQ(0, del("good254"));
	ASSERT_EQ(0, add_id("good254", 254));
	ASSERT_EQ(0, del("good254"));
}

TEST(the_lowest_free_id_is_taken)
{
	ASSERT_EQ(0, add_id("second", 2));
	ASSERT_EQ(0, add("first", "wwan0", NULL, 0));
	ASSERT_EQ(0, add("third", "wwan0", NULL, 0));
	EXPECT_EQ(1, id_of("first"));
	EXPECT_EQ(3, id_of("third"));
	ASSERT_EQ(0, del("first"));
	ASSERT_EQ(0, del("second"));
	ASSERT_EQ(0, del("third"));
}

TEST_HARNESS_MAIN
