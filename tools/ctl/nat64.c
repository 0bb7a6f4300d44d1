// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the question by which prefix a network without IPv4 reaches it (RFC 7050). */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/address.h"
#include "../lib/question.h"
#include "nat64.h"
#include "netns.h"

#define DNS_PORT	53
#define ANSWER_MS	2000

/* Through the PDN, whatever the host's routes say */
static int open_socket(const struct connection *pdn, const struct in6_addr *server)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6, .sin6_port = htons(DNS_PORT), .sin6_addr = *server,
	};
	int fd = netns_socket(pdn->netns, AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0)
		return fd;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, pdn->link.name,
		       strlen(pdn->link.name) + 1) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

/* 0 once the server said something about it */
static int ask(struct ctl *ctl, int fd, struct resolv_server *ret)
{
	struct pollfd pfds[] = {
		{ .fd = fd, .events = POLLIN }, { .fd = ctl->signal_fd, .events = POLLIN },
	};
	uint8_t query[QUESTION_MAX], answer[ANSWER_MAX];
	gint64 until = g_get_monotonic_time() + ANSWER_MS * 1000LL;
	size_t len = question_make(ADDRESS_NAT64_NAME, AF_INET6, g_random_int(), query);
	gint64 left_ms;
	ssize_t n;
	int err;

	if (send(fd, query, len, MSG_NOSIGNAL) != (ssize_t)len)
		return -errno;
	for (;;) {
		left_ms = (until - g_get_monotonic_time()) / 1000;
		if (left_ms <= 0)
			return -ETIMEDOUT;
		poll(pfds, G_N_ELEMENTS(pfds), left_ms);
		if (ctl_interrupted(ctl))
			return -EINTR;
		n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return -errno;
		err = n < 0 ? -EBADMSG : question_answer(query, len, answer, n, ret);
		if (err != -EBADMSG)
			return err;
	}
}

static int ask_server(struct ctl *ctl, const struct connection *pdn,
		      const struct in6_addr *server, struct resolv_server *ret)
{
	int fd = open_socket(pdn, server);
	int err;

	if (fd < 0)
		return fd;
	err = ask(ctl, fd, ret);
	close(fd);
	return err;
}

bool nat64_prefix(struct ctl *ctl, const struct connection *pdn, char ret[NAT64_MAX])
{
	const struct wds_settings *settings = &pdn->call[PDN_V6].settings;
	struct resolv_server found;
	struct in6_addr prefix;
	char text[INET6_ADDRSTRLEN];
	int err = -ENODATA;
	uint8_t len;

	if (pdn->call[PDN_V4].up || !pdn->call[PDN_V6].up || !pdn->has_link)
		return false;
	/* what one server says counts; the next is asked where one says nothing */
	for (unsigned int i = 0; i < settings->n_dns6; i++) {
		err = ask_server(ctl, pdn, &settings->dns6[i], &found);
		if (!err || err == -ENODATA || err == -EINTR)
			break;
	}
	if (err || address_nat64_prefix(&found.v6, &prefix, &len))
		return false;
	inet_ntop(AF_INET6, &prefix, text, sizeof(text));
	g_snprintf(ret, NAT64_MAX, "%s/%u", text, len);
	return true;
}
