/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket where other programs ask: a line of JSON each way. */
#ifndef M2MD_DOOR_H
#define M2MD_DOOR_H

#include <stdbool.h>

#include "../lib/error.h"

/*
 * DOC: Who may ask what
 *
 * Everybody may connect; who it is, the kernel says (SO_PEERCRED). Root and members of
 * the group m2m-admin may ask everything and see identifiers, members of m2m may read
 * without them, others get an error.
 */

struct door;

/* What is asked; *@method is "why" or "status". An answer for free(), NULL: no such. */
typedef char *(*door_fn)(const char *method, bool identifiers, void *data);

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

#endif /* M2MD_DOOR_H */
