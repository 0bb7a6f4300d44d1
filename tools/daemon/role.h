/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What somebody at the socket may do, by user and groups. */
#ifndef M2MD_ROLE_H
#define M2MD_ROLE_H

#include <stddef.h>
#include <sys/types.h>

enum role {
	ROLE_NONE,
	ROLE_READ,		/* without identifiers */
	ROLE_ADMIN,		/* everything, and identifiers */
};

/* (gid_t)-1 where there is no such group */
struct role_groups {
	gid_t admin, read;
};

/**
 * role_groups_find() - the groups m2m-admin and m2m
 *
 * Asks the name service, which may be slow: at the start and at a reload, never while
 * somebody waits for an answer.
 */
struct role_groups role_groups_find(void);

/**
 * role_of() - decide what a process may do
 * @uid: of the process
 * @gids: its groups, the primary one too
 * @n: how many
 * @groups: that give rights
 */
enum role role_of(uid_t uid, const gid_t *gids, size_t n,
		  const struct role_groups *groups);

/**
 * role_of_peer() - the same of who connected
 * @fd: a connected socket of AF_UNIX
 * @groups: that give rights
 * @ret_uid: written if the kernel tells it
 *
 * The kernel has the peer's groups as they were when it connected (SO_PEERCRED and
 * SO_PEERGROUPS): nobody else is asked. Return: ROLE_NONE also if it does not tell.
 */
enum role role_of_peer(int fd, const struct role_groups *groups, uid_t *ret_uid);

#endif /* M2MD_ROLE_H */
