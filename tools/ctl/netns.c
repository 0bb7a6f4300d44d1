// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way to the network namespaces that have names. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/rt.h"
#include "netns.h"

#define NETNS_DIR	"/run/netns"
#define HERE		"/proc/thread-self/ns/net"

/* Goes there for as long as it takes to make one: it stays where it was made */
static int socket_in(int ns, int domain, int type, int protocol)
{
	int here = open(HERE, O_RDONLY | O_CLOEXEC);
	int fd = -1, err = 0;

	if (here < 0)
		return -errno;
	if (setns(ns, CLONE_NEWNET)) {
		err = -errno;
		close(here);
		return err;
	}
	fd = socket(domain, type | SOCK_CLOEXEC, protocol);
	err = fd < 0 ? -errno : 0;
	/* nothing would be where it is looked for */
	if (setns(here, CLONE_NEWNET))
		abort();
	close(here);
	return err ? err : fd;
}

int netns_socket(const struct connection_netns *netns, int domain, int type, int protocol)
{
	int fd;

	if (netns)
		return socket_in(netns->fd, domain, type, protocol);
	fd = socket(domain, type | SOCK_CLOEXEC, protocol);
	return fd < 0 ? -errno : fd;
}

/* What is below the directory, and no path */
static bool is_name(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..");
}

int netns_open(const char *name, struct connection_netns **ret, struct m2m_error *error)
{
	g_autofree char *path = g_build_filename(NETNS_DIR, name, NULL);
	int ns, rt, err;

	ns = is_name(name) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	if (ns < 0 || ioctl(ns, NS_GET_NSTYPE) != CLONE_NEWNET) {
		if (ns >= 0)
			close(ns);
		return m2m_error_set(error, -ENOENT, "there is no network namespace %s",
				     name);
	}
	rt = socket_in(ns, AF_NETLINK, SOCK_RAW, 0);
	if (rt < 0) {
		close(ns);
		return m2m_error_set(error, rt, "network namespace %s: %s", name,
				     g_strerror(-rt));
	}
	err = connection_netns_new(ns, rt, ret, error);
	if (!err)
		g_strlcpy((*ret)->name, name, sizeof((*ret)->name));
	return err;
}

static bool has_link_elsewhere(const struct port *port)
{
	for (size_t i = 0; i < port->n_links; i++)
		if (!port->links[i].ifindex)
			return true;
	return false;
}

/* Whether it is a link of the modem's that says it is this PDN */
static bool has_pdn(const struct connection_netns *netns, const struct port *port,
		    const char *pdn)
{
	struct m2m_error ignored;
	struct pdn_alias alias;
	struct rt_link link;

	if (rt_link_get(netns->rt, pdn, 0, &link, &ignored) || !link.mux_id ||
	    !pdn_alias_parse(link.alias, &alias) || strcmp(alias.name, pdn))
		return false;
	for (size_t i = 0; i < port->n_links; i++)
		if (!port->links[i].ifindex && port->links[i].mux_id == link.mux_id)
			return true;
	return false;
}

void netns_find(struct connector *c, const char *pdn)
{
	struct connection_netns *netns;
	struct m2m_error ignored;
	const char *name;
	GDir *dir;

	if (!has_link_elsewhere(c->port))
		return;
	dir = g_dir_open(NETNS_DIR, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		if (netns_open(name, &netns, &ignored))
			continue;
		if (has_pdn(netns, c->port, pdn)) {
			connection_netns_unref(c->netns);
			c->netns = netns;
			break;
		}
		connection_netns_unref(netns);
	}
	if (dir)
		g_dir_close(dir);
}
