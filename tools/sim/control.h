/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket: one command a line, for people and for tests. */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include "vmodem.h"

struct control;

/* Listens on UNIX socket @path; @quit ends the program. 0 or negative errno. */
int control_new(const char *path, void (*quit)(void *ctx), void *ctx,
		struct control **ret_control);
void control_free(struct control *control);
/* Commands work on @vm from now on. */
void control_set_modem(struct control *control, struct vmodem *vm);
/* Clients that wait for event @name get their answer; @control may be NULL. */
void control_event(struct control *control, const char *name);

/*
 * `m2msim ctl SOCKET COMMAND...`: sends the words as one line, prints the
 * answer. Returns the exit status: 0 if it begins with "ok", 1 if not, 2 if
 * nobody listens.
 */
int control_client(const char *path, int argc, char **argv);

#endif /* SIM_CONTROL_H */
