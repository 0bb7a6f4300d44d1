/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking a target once, through one interface. */
#ifndef M2MD_PROBE_H
#define M2MD_PROBE_H

#include "../lib/error.h"
#include "../lib/resolv.h"

enum probe_kind {
	PROBE_ICMP,
	PROBE_DNS,
	PROBE_TCP,
};

/* All of it is the caller's */
struct probe {
	enum probe_kind kind;
	const char *target;		/* as Target= has it */
	const char *ifname;		/* nothing leaves by another */
	bool v4, v6;			/* families that the interface has */
	const struct resolv_link *servers;	/* for a target that is a name */
	bool (*is_over)(void *data);	/* ends it early */
	void *data;
};

/**
 * probe_ask() - ask once and wait for the answer; only in a task
 * @probe: what to ask
 * @ret_bytes: that it took on the way, both directions; also after a failure
 * @error: why there is no answer
 *
 * An echo reply, a DNS answer of any kind, and a TCP connection that is made or refused
 * are answers: something is there.
 * Return: 0 if there was one; -ETIMEDOUT if not; -ECANCELED if it is over; anything
 * else says that it could not be asked, which says nothing about the target: -EPERM
 * where ICMP is not allowed, -EINVAL for a target that cannot be, -EAFNOSUPPORT if its
 * family is not up, -ENOENT for a name that has no address, -ENODEV.
 */
int probe_ask(const struct probe *probe, size_t *ret_bytes, struct m2m_error *error);

#endif /* M2MD_PROBE_H */
