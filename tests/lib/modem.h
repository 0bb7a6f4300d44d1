/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A modem and a driver that remember nothing of the tests before. */
#ifndef TESTS_MODEM_H
#define TESTS_MODEM_H

#include <stdbool.h>

/*
 * The modem restarts its QMI, the driver follows and has asked what it asks;
 * no id is left anywhere, and the pool has its usual size.
 */
void modem_fresh(void);
/* Waits until the driver has nothing more to say to the modem by itself. */
void modem_settle(void);
/* Pulls the modem; plugs it in and waits for its character device. */
void modem_unplug(void);
void modem_replug(void);
/* Frames the modem was sent so far */
long modem_commands(void);

#endif /* TESTS_MODEM_H */
