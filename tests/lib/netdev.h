/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network device of the driver, and what it lets pass. */
#ifndef TESTS_NETDEV_H
#define TESTS_NETDEV_H

#include <stdbool.h>

/* All end the test if the system says no. */

/* Up or down; the kernel sends nothing of its own on it. */
void netdev_set_up(const char *name, bool up);
/* ARPHRD_* */
int netdev_type(const char *name);
/* One of what ethtool -S counts */
unsigned long long netdev_counter(const char *name, const char *counter);
/* Writes below its directory in sysfs. Returns 0 or an errno. */
int netdev_write(const char *name, const char *file, const char *text);
/* Waits until the carrier is @on; false: it never was. */
bool netdev_wait_carrier(const char *name, bool on);
/* Sends @n IPv4 packets without a pause, which may go nowhere. */
void netdev_send(const char *name, int n);
/* Does a packet of it reach the modem? Tries for a while. */
bool netdev_passes(const char *name);
/* Does it keep a packet from the modem? */
bool netdev_is_stopped(const char *name);

#endif /* TESTS_NETDEV_H */
