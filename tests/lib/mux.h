/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mux links made and deleted by rtnl, also in ways that iproute2 cannot say. */
#ifndef TESTS_MUX_H
#define TESTS_MUX_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>

struct mux_request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	char attrs[256];
};

/* The kernel's sentence to its last answer, "" if there was none */
extern char mux_sentence[256];

/* A link on @lower, which need not exist, or on none, with the first @len bytes of @id. */
int mux_add(const char *name, const char *lower, const void *id, size_t len);
int mux_del(const char *name);

/* The same in steps, for those who look at one of them */
void mux_request_add(struct mux_request *req, const char *name,
		     const char *lower, const void *id, size_t len);
/* Moves a link of the socket's namespace to the one of a descriptor. */
void mux_request_move(struct mux_request *req, const char *name, int netns);
int mux_open(void);
/* 0 or a negative errno, of the sending and of the answer */
int mux_send(int fd, const struct mux_request *req);
int mux_receive(int fd);

#endif /* TESTS_MUX_H */
