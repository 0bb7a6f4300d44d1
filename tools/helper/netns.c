// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way into another network namespace. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper.h"

int netns_open(const struct host *host, const struct helper_request *request, int *ret_fds,
	       struct m2m_error *error)
{
	char path[PATH_MAX];
	int rt, ns autofd = -1;

	snprintf(path, sizeof(path), "%s/run/netns/%s", host->root, request->words[0]);
	ns = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (ns < 0 || ioctl(ns, NS_GET_NSTYPE) != CLONE_NEWNET)
		return m2m_error_set(error, -EPERM, "%s is no network namespace", path);
	/* a socket stays where it was made: who may not enter can configure with it */
	rt = setns(ns, CLONE_NEWNET) ? -1 : socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (rt < 0)
		return m2m_error_set(error, -EIO, "%s: %s", path, strerror(errno));
	ret_fds[0] = ns;
	ret_fds[1] = rt;
	ns = -1;
	return 0;
}
