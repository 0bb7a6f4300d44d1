// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the question whether a firewall looks at what comes in. */
#include <errno.h>
#include <glib.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inbound.h"
#include "netns.h"

/* linux/netfilter.h has them, and does not get on with netinet/in.h */
#define HOOK_INPUT	1	/* NF_INET_LOCAL_IN */
#define POLICY_DROP	0	/* NF_DROP */
#define FAMILY_ANY	0	/* NFPROTO_UNSPEC, _INET, _IPV4 and _IPV6 */
#define FAMILY_INET	1
#define FAMILY_IPV4	2
#define FAMILY_IPV6	10

#define GET_CHAIN	(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN)
#define NEW_CHAIN	(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN)
#define ANSWER_MAX	32768
#define ANSWER_MS	2000
#define OLD_TABLES	"/proc/self/net"
#define NFTABLES	"/sys/module/nf_tables"

/* Chains of the family inet see both */
static unsigned int families_of(uint8_t family)
{
	switch (family) {
	case FAMILY_INET:
		return INBOUND_IPV4 | INBOUND_IPV6;
	case FAMILY_IPV4:
		return INBOUND_IPV4;
	case FAMILY_IPV6:
		return INBOUND_IPV6;
	}
	return 0;
}

static uint32_t be32(struct nlattr *attr)
{
	uint32_t value;

	if (!attr || nla_len(attr) < (int)sizeof(value))
		return 0;
	memcpy(&value, nla_data(attr), sizeof(value));
	return GUINT32_FROM_BE(value);
}

static bool is_input(struct nlattr *hook)
{
	struct nlattr *tb[NFTA_HOOK_MAX + 1];

	return hook && !nla_parse_nested(tb, NFTA_HOOK_MAX, hook, NULL) &&
	       tb[NFTA_HOOK_HOOKNUM] && be32(tb[NFTA_HOOK_HOOKNUM]) == HOOK_INPUT;
}

/* What a chain is in the way of */
static unsigned int filters(const struct nlmsghdr *msg)
{
	size_t len = msg->nlmsg_len - NLMSG_HDRLEN;
	const struct nfgenmsg *nfgen = NLMSG_DATA(msg);
	struct nlattr *tb[NFTA_CHAIN_MAX + 1];

	if (len < NLMSG_ALIGN(sizeof(*nfgen)))
		return 0;
	if (nla_parse(tb, NFTA_CHAIN_MAX, (struct nlattr *)(nfgen + 1),
		      len - NLMSG_ALIGN(sizeof(*nfgen)), NULL))
		return 0;
	if (!is_input(tb[NFTA_CHAIN_HOOK]))
		return 0;
	return (tb[NFTA_CHAIN_POLICY] && be32(tb[NFTA_CHAIN_POLICY]) == POLICY_DROP) ||
	       be32(tb[NFTA_CHAIN_USE]) ? families_of(nfgen->nfgen_family) : 0;
}

int inbound_chains(const void *bytes, size_t len, bool *ret_done)
{
	const struct nlmsghdr *msg = bytes;
	int found = 0, left = len;

	*ret_done = false;
	for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left)) {
		const struct nlmsgerr *error = NLMSG_DATA(msg);

		if (msg->nlmsg_type == NLMSG_DONE) {
			*ret_done = true;
			break;
		}
		if (msg->nlmsg_type == NLMSG_ERROR) {
			*ret_done = true;
			return msg->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) ||
				!error->error ? -EBADMSG : error->error;
		}
		if (msg->nlmsg_type == NEW_CHAIN)
			found |= filters(msg);
	}
	return found;
}

static int send_request(int fd)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		struct nfgenmsg nfgen;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = GET_CHAIN,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.nfgen = { .nfgen_family = FAMILY_ANY, .version = NFNETLINK_V0 },
	};

	return sendto(fd, &request, sizeof(request), 0, (const struct sockaddr *)&kernel,
		      sizeof(kernel)) == sizeof(request) ? 0 : -errno;
}

static int read_answer(int fd, unsigned int *ret)
{
	g_autofree char *bytes = g_malloc(ANSWER_MAX);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	bool done = false;
	ssize_t n;
	int found;

	while (!done) {
		if (poll(&pfd, 1, ANSWER_MS) <= 0)
			return -ETIMEDOUT;
		n = recv(fd, bytes, ANSWER_MAX, 0);
		if (n < 0)
			return -errno;
		found = inbound_chains(bytes, n, &done);
		if (found < 0)
			return found;
		*ret |= found;
	}
	return 0;
}

/* -EACCES: it is there, and for others to read; without it nobody filters so */
static int has_old_filter(const char *dir, const char *file)
{
	g_autofree char *path = g_build_filename(dir, file, NULL), *names = NULL;
	GError *error = NULL;
	bool hidden;

	if (g_file_get_contents(path, &names, NULL, &error))
		return g_str_has_prefix(names, "filter\n") || strstr(names, "\nfilter\n");
	hidden = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
	g_error_free(error);
	return hidden ? -EACCES : 0;
}

int inbound_old_tables(const char *dir)
{
	int v4 = has_old_filter(dir, "ip_tables_names");
	int v6 = has_old_filter(dir, "ip6_tables_names");

	if (v4 < 0 || v6 < 0)
		return -EACCES;
	return (v4 ? INBOUND_IPV4 : 0) | (v6 ? INBOUND_IPV6 : 0);
}

static int ask_nftables(const struct connection_netns *netns, unsigned int *ret)
{
	int err, fd;

	/* the question alone would load it */
	if (access(NFTABLES, F_OK))
		return 0;
	fd = netns_socket(netns, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	if (fd < 0)
		return fd;
	err = send_request(fd);
	if (!err)
		err = read_answer(fd, ret);
	close(fd);
	return err;
}

int inbound_filtered(const struct connection_netns *netns, unsigned int *ret)
{
	unsigned int found = 0;
	int old, err;

	err = ask_nftables(netns, &found);
	if (err)
		return err;
	/* what nftables knows nothing of */
	old = netns ? 0 : inbound_old_tables(OLD_TABLES);
	if (old < 0)
		return old;
	*ret = found | old;
	return 0;
}
