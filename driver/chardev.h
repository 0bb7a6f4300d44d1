/* SPDX-License-Identifier: GPL-2.0-only */
/* Door 2: the character device /dev/cdc-wdmN. */
#ifndef M2M_CHARDEV_H
#define M2M_CHARDEV_H

struct m2m_port;

/**
 * m2m_chardev_add() - register the character device of a port
 * @port: whose control pipe exists
 *
 * Context: may sleep. Return: 0 or a negative errno.
 */
int m2m_chardev_add(struct m2m_port *port);

/**
 * m2m_chardev_del() - "hidden": no open() gets in from here on
 * @port: any; no lock is held, since open() takes port->lock
 *
 * Open files stay, and keep the port's memory. Context: may sleep.
 */
void m2m_chardev_del(struct m2m_port *port);

#endif /* M2M_CHARDEV_H */
