// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way of a link into a network namespace of others, and back. */
#include <errno.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "nl.h"

int connection_netns_new(int fd, int rt, struct connection_netns **ret,
			 struct m2m_error *error)
{
	struct connection_netns *netns;
	struct m2m_nl *nl;
	struct stat st;
	int err;

	err = fstat(fd, &st) ? m2m_error_set(error, -errno, "no network namespace") : 0;
	if (err)
		close(rt);
	else
		err = m2m_nl_open_fd(rt, &nl, error);
	if (err) {
		close(fd);
		return err;
	}
	netns = g_new0(struct connection_netns, 1);
	netns->refs = 1;
	netns->fd = fd;
	netns->inode = st.st_ino;
	netns->rt = nl;
	*ret = netns;
	return 0;
}

struct connection_netns *connection_netns_ref(struct connection_netns *netns)
{
	if (netns)
		netns->refs++;
	return netns;
}

void connection_netns_unref(struct connection_netns *netns)
{
	if (!netns || --netns->refs)
		return;
	m2m_nl_free(netns->rt);
	close(netns->fd);
	g_free(netns);
}

struct m2m_nl *connection_rt(const struct connector *c, const struct connection *pdn)
{
	return pdn->netns ? pdn->netns->rt : c->rt;
}

bool connection_netns_equal(const struct connection_netns *a,
			    const struct connection_netns *b)
{
	return a == b || (a && b && a->inode == b->inode);
}

int connection_enter(struct connector *c, const struct connection_want *want,
		     struct connection *pdn)
{
	struct rt_change change = { 0 };
	int err;

	if (connection_netns_equal(pdn->netns, want->netns))
		return 0;
	if (!pdn->mux_id)
		return m2m_error_set(&c->error, -EOPNOTSUPP,
				     "%s has no mux id and stays on this host",
				     pdn->link.name);
	if (want->netns)
		change.netns_fd = want->netns->fd;
	else
		change.netns_pid = getpid();
	err = rt_link_set(connection_rt(c, pdn), pdn->link.ifindex, &change, &c->error);
	if (err)
		return m2m_error_prefix(&c->error, "namespace of %s", pdn->name);
	connection_netns_unref(pdn->netns);
	pdn->netns = connection_netns_ref(want->netns);
	return rt_link_get(connection_rt(c, pdn), pdn->name, 0, &pdn->link, &c->error);
}
