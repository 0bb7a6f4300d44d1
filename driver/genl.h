/* SPDX-License-Identifier: GPL-2.0-only */
/* Door 1: generic netlink. */
#ifndef M2M_GENL_H
#define M2M_GENL_H

#include <linux/types.h>
#include <linux/m2m_wwan.h>

struct genl_family;
struct m2m_event;
struct m2m_port;
struct m2m_qmux;
struct netlink_ext_ack;
struct nlattr;

extern struct genl_family m2m_genl_family;

/* Every attribute set has its port's number first. */
#define M2M_GENL_PORT_ID ((int)M2M_WWAN_A_CLIENT_PORT_ID)

int m2m_genl_init(void);
void m2m_genl_exit(void);

/* Multicast of an event. Context: any. */
void m2m_genl_event(struct m2m_port *port, const struct m2m_event *event);

/* Multicast of a control frame to whoever taps. Context: process. */
void m2m_genl_tap(struct m2m_port *port, bool from_modem,
		  const struct m2m_qmux *qmux);

/**
 * m2m_genl_port_of() - the port a request names
 * @attrs: of any of the family's attribute sets
 * @extack: gets a sentence
 *
 * Return: a strong reference or an ERR_PTR.
 */
struct m2m_port *m2m_genl_port_of(struct nlattr **attrs,
				  struct netlink_ext_ack *extack);

#endif /* M2M_GENL_H */
