/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Going into the background once the modem is plugged in. */
#ifndef SIM_DAEMON_H
#define SIM_DAEMON_H

/*
 * Forks. In the child returns -1 and a descriptor for daemon_ready(). In the
 * parent waits and returns the exit status: 0 once the child is ready, else
 * the status the child ended with.
 */
int daemon_fork(int *ret_ready_fd);
/* Tells the parent, lets go of the terminal; -1: there is no parent. */
void daemon_ready(int ready_fd);

#endif /* SIM_DAEMON_H */
