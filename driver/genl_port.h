/* SPDX-License-Identifier: GPL-2.0-only */
/* How ports and events look on netlink. */
#ifndef M2M_GENL_PORT_H
#define M2M_GENL_PORT_H

#include <linux/types.h>

struct m2m_event;
struct m2m_port;
struct sk_buff;

/* Room for one port with 255 services and 254 links. */
#define M2M_GENL_PORT_SIZE	20480

/**
 * m2m_genl_put_port() - describe a port
 * @skb: of at least M2M_GENL_PORT_SIZE
 * @port: lock held, alive
 * @admin: the asker may see the serial number
 *
 * Return: 0, or nonzero if @skb is too short.
 */
int m2m_genl_put_port(struct sk_buff *skb, struct m2m_port *port, bool admin);

/* Describe an event; the port's id is there. Context: any. Return: as above. */
int m2m_genl_put_event(struct sk_buff *skb, struct m2m_port *port,
		       const struct m2m_event *event);

#endif /* M2M_GENL_PORT_H */
