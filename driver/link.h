/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the network devices: what wwan%d and the mux links have in common. */
#ifndef M2M_LINK_H
#define M2M_LINK_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "pipe.h"

/* Fill in the private part of a network device that was just allocated. */
void m2m_link_setup(struct net_device *net, struct m2m_port *port, u8 mux_id);

/* Type, flags and addresses of an interface without link layer. */
void m2m_link_setup_raw_ip(struct net_device *net);

int m2m_link_init(struct net_device *net);
netdev_tx_t m2m_link_xmit(struct sk_buff *skb, struct net_device *net);
netdev_features_t m2m_link_fix_features(struct net_device *net,
					netdev_features_t features);
int m2m_link_change_carrier(struct net_device *net, bool on);

/* Set the carrier of a link as the reasons for and against it demand. */
void m2m_link_update_carrier(struct m2m_link *link);

extern const struct ethtool_ops m2m_link_ethtool_ops;

/* --- netdev.c --------------------------------------------------------------- */

/* Is @net a wwan%d of this driver? */
bool m2m_netdev_is_wwan(const struct net_device *net);

/* --- mux.c, all under rtnl -------------------------------------------------- */

int m2m_mux_register(void);
void m2m_mux_unregister(void);

/**
 * m2m_mux_add() - make a mux link as qmi/add_mux does
 * @wwan: wwan%d
 * @mux_id: 1..254
 *
 * Return: 0, -EINVAL where the id is in use, or another negative errno.
 */
int m2m_mux_add(struct net_device *wwan, u8 mux_id);

/* Queue a mux link on @head for unregister_netdevice_many(). */
void m2m_mux_del(struct net_device *net, struct list_head *head);

#endif /* M2M_LINK_H */
