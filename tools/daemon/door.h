/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket where other programs ask: a line of JSON each way. */
#ifndef M2MD_DOOR_H
#define M2MD_DOOR_H

#include "../lib/error.h"
#include "role.h"

/*
 * DOC: Who may ask what
 *
 * Everybody may connect; who it is, and of which groups, the kernel says (role.h). Root
 * and members of the group m2m-admin may do everything and see identifiers, members of
 * m2m may read without them, others get an error.
 */

struct door;
struct request;

/*
 * What is asked, by whom; never by ROLE_NONE. An answer for free(); NULL: there is no
 * such method.
 */
typedef char *(*door_fn)(const struct request *request, enum role role, void *data);

/**
 * door_open() - listen
 * @path: of the socket; one that nobody listens on is replaced
 * @fn: answers
 * @data: for @fn
 * @ret: door_close() it
 * @error: -EADDRINUSE if another process listens there
 */
int door_open(const char *path, door_fn fn, void *data, struct door **ret,
	      struct m2m_error *error);
void door_close(struct door *door);

/*
 * door_set_groups() - whose members may ask, from now on; before, root alone. NULL for
 * @door is fine.
 */
void door_set_groups(struct door *door, const struct role_groups *groups);

#endif /* M2MD_DOOR_H */
