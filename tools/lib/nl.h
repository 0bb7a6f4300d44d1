/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink sockets: requests, dumps, multicast, and the kernel's own sentences. */
#ifndef M2M_NL_H
#define M2M_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct m2m_nl;
struct nl_msg;
struct nlmsghdr;

/**
 * typedef m2m_nl_fn - takes one message from the kernel
 * @msg: the message, its length checked against what was received
 * @data: as given with the function
 *
 * Return: 0, or a negative errno, which becomes the outcome of the request.
 */
typedef int (*m2m_nl_fn)(struct nlmsghdr *msg, void *data);

/**
 * m2m_nl_open() - open a socket
 * @family: name of a generic netlink family, or NULL for rtnetlink
 * @ret_nl: the socket
 * @error: -ENOENT if the kernel has no such family (the module is not loaded)
 */
int m2m_nl_open(const char *family, struct m2m_nl **ret_nl,
		struct m2m_error *error);
/* m2m_nl_open_fd() - one for rtnetlink that somebody else made; @fd is taken over */
int m2m_nl_open_fd(int fd, struct m2m_nl **ret_nl, struct m2m_error *error);
void m2m_nl_free(struct m2m_nl *nl);

/* Descriptor to poll for reading; m2m_nl_dispatch() then. */
int m2m_nl_fd(const struct m2m_nl *nl);

/* m2m_nl_join() - receive a multicast group of the family from now on */
int m2m_nl_join(struct m2m_nl *nl, const char *group, struct m2m_error *error);

/* Who takes the messages that answer no request: unicast and multicast. */
void m2m_nl_watch(struct m2m_nl *nl, m2m_nl_fn fn, void *data);

/* So often a list is asked for that changes while it is told */
#define M2M_NL_DUMP_TRIES	5

/**
 * m2m_nl_request() - begin a request of the family
 * @nl: a socket of a generic netlink family
 * @cmd: command
 * @flags: NLM_F_DUMP or 0
 *
 * Return: the message, for nla_put_*() and m2m_nl_do(); never NULL.
 */
struct nl_msg *m2m_nl_request(struct m2m_nl *nl, int cmd, int flags);

/**
 * m2m_nl_do() - send a request and take its answers
 * @nl: the socket
 * @request: consumed and wiped, whatever happens
 * @fn: called for each answer; may be NULL
 * @data: for @fn
 * @error: the kernel's sentence and the attribute it blames
 *
 * No operation of the kernel waits for a modem, so this returns at once. What
 * arrives meanwhile and answers no request is kept for m2m_nl_dispatch().
 *
 * Return: 0 or a negative errno; -EINTR if a dump was inconsistent.
 */
int m2m_nl_do(struct m2m_nl *nl, struct nl_msg *request, m2m_nl_fn fn,
	      void *data, struct m2m_error *error);

/**
 * m2m_nl_dispatch() - hand what has arrived to the watcher, without waiting
 * @nl: the socket
 * @error: -ENOBUFS if the socket overflowed and messages were lost
 */
int m2m_nl_dispatch(struct m2m_nl *nl, struct m2m_error *error);

/* Whether m2m_nl_do() put something aside, which poll() does not show. */
bool m2m_nl_has_pending(const struct m2m_nl *nl);

#endif /* M2M_NL_H */
