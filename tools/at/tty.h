/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A serial port that AT commands are spoken on, by one program at a time. */
#ifndef M2M_AT_TTY_H
#define M2M_AT_TTY_H

#include "../lib/error.h"
#include "at.h"

/**
 * tty_open() - have a port for oneself
 * @node: in /dev
 * @error: filled in
 *
 * Return: a descriptor for tty_close(); -EBUSY if another program has it, another -errno.
 */
int tty_open(const char *node, struct m2m_error *error);

/**
 * tty_ask() - send a command and wait for its answer
 * @fd: of tty_open()
 * @command: without its end
 * @ms: for all of it
 * @answer: which may be a refusal; its first lines, if none came in time
 * @error: filled in
 *
 * Return: 0; -ETIMEDOUT; -ENODEV if the port is gone.
 */
int tty_ask(int fd, const char *command, int ms, struct at_answer *answer,
	    struct m2m_error *error);

/* tty_close() - let others have it */
void tty_close(int fd);

/* tty_quiet() - throw away what comes, until nothing has come for @ms */
void tty_quiet(int fd, int ms);

#endif /* M2M_AT_TTY_H */
