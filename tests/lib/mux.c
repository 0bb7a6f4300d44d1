// SPDX-License-Identifier: GPL-2.0-or-later
/* Mux links made and deleted by rtnl. */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/m2m_wwan.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "mux.h"

/* An interface that is not there */
#define NOBODY		0x7fffffff

char mux_sentence[256];

static struct nlattr *put(struct mux_request *req, unsigned int type,
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

static void end(struct mux_request *req, struct nlattr *nest)
{
	nest->nla_len = (char *)req + req->header.nlmsg_len - (char *)nest;
}

static void begin(struct mux_request *req, unsigned int type,
		  unsigned int flags)
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

	mux_sentence[0] = '\0';
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		at += err->msg.nlmsg_len - NLMSG_HDRLEN;
	while (at + NLA_HDRLEN <= answer->nlmsg_len) {
		const struct nlattr *attr = (const void *)((const char *)answer + at);

		if (attr->nla_type == NLMSGERR_ATTR_MSG)
			snprintf(mux_sentence, sizeof(mux_sentence), "%s",
				 (const char *)attr + NLA_HDRLEN);
		at += NLA_ALIGN(attr->nla_len);
	}
}

int mux_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int one = 1;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one,
				sizeof(one)));
	return fd;
}

int mux_send(int fd, const struct mux_request *req)
{
	ssize_t n = send(fd, req, req->header.nlmsg_len, 0);

	if (n < 0)
		return -errno;
	ASSERT_EQ(req->header.nlmsg_len, n);
	return 0;
}

int mux_receive(int fd)
{
	static char buf[8192] __attribute__((aligned(4)));
	const struct nlmsghdr *answer = (const void *)buf;
	ssize_t n = recv(fd, buf, sizeof(buf), 0);

	if (n < 0)
		return -errno;
	ASSERT_GE(n, (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)));
	ASSERT_EQ(NLMSG_ERROR, answer->nlmsg_type);
	read_sentence(answer);
	return ((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
}

static int talk(const struct mux_request *req)
{
	int fd = mux_open(), ret = mux_send(fd, req);

	ASSERT_EQ(0, ret);
	ret = mux_receive(fd);
	close(fd);
	return ret;
}

void mux_request_add(struct mux_request *req, const char *name,
		     const char *lower, const void *id, size_t len)
{
	struct nlattr *info, *data;
	uint32_t ifindex;

	begin(req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	put(req, IFLA_IFNAME, name, strlen(name) + 1);
	if (lower) {
		ifindex = if_nametoindex(lower) ?: NOBODY;
		put(req, IFLA_LINK, &ifindex, sizeof(ifindex));
	}
	info = put(req, IFLA_LINKINFO, "", 0);
	put(req, IFLA_INFO_KIND, M2M_WWAN_LINK_KIND,
	    sizeof(M2M_WWAN_LINK_KIND));
	data = put(req, IFLA_INFO_DATA, "", 0);
	if (len)
		put(req, IFLA_M2M_MUX_ID, id, len);
	end(req, data);
	end(req, info);
}

int mux_add(const char *name, const char *lower, const void *id, size_t len)
{
	struct mux_request req;

	mux_request_add(&req, name, lower, id, len);
	return talk(&req);
}

void mux_request_move(struct mux_request *req, const char *name, int netns)
{
	begin(req, RTM_NEWLINK, 0);
	put(req, IFLA_IFNAME, name, strlen(name) + 1);
	put(req, IFLA_NET_NS_FD, &netns, sizeof(netns));
}

int mux_del(const char *name)
{
	struct mux_request req;

	begin(&req, RTM_DELLINK, 0);
	put(&req, IFLA_IFNAME, name, strlen(name) + 1);
	return talk(&req);
}
