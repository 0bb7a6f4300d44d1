// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns who may do what at the socket. */
#include <errno.h>
#include <glib.h>
#include <grp.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "role.h"

#define ADMIN_GROUP	"m2m-admin"
#define READ_GROUP	"m2m"
#define NO_GROUP	((gid_t)-1)
/* As many as the kernel lets a process have, and its primary one */
#define GROUPS_MAX	(65536 + 1)

static gid_t find(const char *name)
{
	const struct group *group = getgrnam(name);

	return group ? group->gr_gid : NO_GROUP;
}

struct role_groups role_groups_find(void)
{
	return (struct role_groups){ find(ADMIN_GROUP), find(READ_GROUP) };
}

static bool is_in(gid_t group, const gid_t *gids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gids[i] == group && group != NO_GROUP)
			return true;
	return false;
}

enum role role_of(uid_t uid, const gid_t *gids, size_t n,
		  const struct role_groups *groups)
{
	if (!uid || is_in(groups->admin, gids, n))
		return ROLE_ADMIN;
	return is_in(groups->read, gids, n) ? ROLE_READ : ROLE_NONE;
}

/* How many bytes of groups there are; 0 if the kernel does not tell */
static socklen_t size_of_groups(int fd)
{
	socklen_t size = 0;
	gid_t none;

	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, &none, &size) || errno == ERANGE)
		return MIN(size, (GROUPS_MAX - 1) * sizeof(gid_t));
	return 0;
}

enum role role_of_peer(int fd, const struct role_groups *groups, uid_t *ret_uid)
{
	socklen_t size = sizeof(struct ucred);
	struct ucred peer;
	enum role role;
	gid_t *gids;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return ROLE_NONE;
	size = size_of_groups(fd);
	gids = g_malloc(size + sizeof(gid_t));
	if (size && getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, gids, &size))
		size = 0;
	gids[size / sizeof(gid_t)] = peer.gid;
	role = role_of(peer.uid, gids, size / sizeof(gid_t) + 1, groups);
	g_free(gids);
	*ret_uid = peer.uid;
	return role;
}
