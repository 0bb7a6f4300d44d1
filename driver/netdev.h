/* SPDX-License-Identifier: GPL-2.0-only */
/* Network devices of a port: wwan%d and its mux links. */
#ifndef M2M_NETDEV_H
#define M2M_NETDEV_H

#include <linux/types.h>
#include "port.h"

/* Module load and unload: rtnl link kind m2m_mux. Context: may sleep. */
int m2m_netdev_init(void);
void m2m_netdev_exit(void);

/**
 * m2m_netdev_add() - make and register wwan%d, set port->net
 * @port: with data initialised, not yet published
 *
 * Context: may sleep, takes rtnl. Return: 0 or a negative errno.
 */
int m2m_netdev_add(struct m2m_port *port);

/**
 * m2m_netdev_del() - unregister every mux link and wwan%d
 * @port: dead, its bulk URBs are killed
 *
 * Context: may sleep, takes rtnl.
 */
void m2m_netdev_del(struct m2m_port *port);

/**
 * m2m_netdev_update_carriers() - a reason for or against the carrier changed
 * @port: any
 *
 * It is up unless a manager took it down (IFLA_CARRIER), the control pipe
 * hangs, or transmit is stopped for want of a format.
 * Context: process; port->lock may be held, rtnl is not taken.
 */
void m2m_netdev_update_carriers(struct m2m_port *port);

/* The control pipe hangs, or works again. Context: as above. */
void m2m_netdev_set_hung(struct m2m_port *port, bool hung);

/**
 * m2m_netdev_for_each_link() - visit the mux links of a port
 * @port: any
 * @visit: returns 0 to go on; runs under rcu_read_lock(), must not sleep
 * @arg: passed through
 *
 * Return: what @visit returned last.
 */
int m2m_netdev_for_each_link(struct m2m_port *port,
			     int (*visit)(struct net_device *link, u8 mux_id, void *arg),
			     void *arg);

#endif /* M2M_NETDEV_H */
