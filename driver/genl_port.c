// SPDX-License-Identifier: GPL-2.0-only
/* How ports and events look on netlink: attributes, nothing else. */
#include <linux/netdevice.h>
#include <net/netlink.h>

#include "genl_port.h"
#include "port.h"
#include "qmux.h"

static int put_format(struct sk_buff *skb, int type,
		      const struct m2m_format *format)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	if (format->confirmed)
		err = nla_put_flag(skb, M2M_WWAN_A_FORMAT_CONFIRMED);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_LINK_LAYER,
			   format->link_layer);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_UL, format->ul);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_DL, format->dl);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_UL_MAX_DATAGRAMS,
			   format->ul_max_datagrams);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_UL_MAX_SIZE,
			   format->ul_max_size);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_DL_MAX_DATAGRAMS,
			   format->dl_max_datagrams);
	err |= nla_put_u32(skb, M2M_WWAN_A_FORMAT_DL_MAX_SIZE,
			   format->dl_max_size);
	nla_nest_end(skb, nest);
	return err;
}

static int put_service(struct sk_buff *skb, const u8 *entry)
{
	struct nlattr *nest = nla_nest_start(skb, M2M_WWAN_A_PORT_SERVICE);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u8(skb, M2M_WWAN_A_SERVICE_ID, entry[0]);
	err |= nla_put_u16(skb, M2M_WWAN_A_SERVICE_MAJOR,
			   pure_le16(entry + 1));
	err |= nla_put_u16(skb, M2M_WWAN_A_SERVICE_MINOR,
			   pure_le16(entry + 3));
	nla_nest_end(skb, nest);
	return err;
}

/* GET_VERSION's answer: count u8, then { service u8, major u16, minor u16 } */
static int put_services(struct sk_buff *skb, const struct m2m_frame *version)
{
	struct m2m_qmux qmux;
	unsigned int i, n;
	const u8 *list;
	int err = 0;

	if (!version ||
	    m2m_qmux_parse(version->data, version->len, &qmux) != M2M_QMUX_OK)
		return 0;
	list = m2m_qmux_tlv(&qmux, 0x01, 1);
	n = list ? *list : 0;
	list = m2m_qmux_tlv(&qmux, 0x01, 1 + 5 * n);
	for (i = 0; list && i < n; i++)
		err |= put_service(skb, list + 1 + 5 * i);
	return err;
}

static const char *const counter_names[] = {
#define X(name, doc) #name
	M2M_COUNTERS(X)
#undef X
};

static int put_counters(struct sk_buff *skb, const struct m2m_port *port)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < M2M_COUNT_MAX; i++) {
		struct nlattr *nest;

		nest = nla_nest_start(skb, M2M_WWAN_A_PORT_COUNTER);
		if (!nest)
			return -EMSGSIZE;
		err |= nla_put_string(skb, M2M_WWAN_A_COUNTER_NAME,
				      counter_names[i]);
		err |= nla_put_u64_64bit(skb, M2M_WWAN_A_COUNTER_VALUE,
					 READ_ONCE(port->counters[i]),
					 M2M_WWAN_A_COUNTER_PAD);
		nla_nest_end(skb, nest);
	}
	return err;
}

static int put_link(struct net_device *link, u8 mux_id, void *arg)
{
	struct sk_buff *skb = arg;
	struct nlattr *nest = nla_nest_start(skb, M2M_WWAN_A_PORT_LINK);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u8(skb, M2M_WWAN_A_LINK_MUX_ID, mux_id);
	/* Names and numbers mean something in their own namespace only. */
	if (net_eq(dev_net(link), &init_net)) {
		err |= nla_put_u32(skb, M2M_WWAN_A_LINK_IFINDEX, link->ifindex);
		err |= nla_put_string(skb, M2M_WWAN_A_LINK_IFNAME, link->name);
	}
	nla_nest_end(skb, nest);
	return err;
}

static int put_identity(struct sk_buff *skb, const struct m2m_port *port,
			bool admin)
{
	int err;

	err = nla_put_u32(skb, M2M_WWAN_A_PORT_ID, port->id);
	err |= nla_put_string(skb, M2M_WWAN_A_PORT_USB_PATH, port->usb_path);
	err |= nla_put_u16(skb, M2M_WWAN_A_PORT_VENDOR, port->vendor);
	err |= nla_put_u16(skb, M2M_WWAN_A_PORT_PRODUCT, port->product);
	err |= nla_put_u8(skb, M2M_WWAN_A_PORT_INTERFACE, port->ifnum);
	err |= nla_put_u32(skb, M2M_WWAN_A_PORT_USB_SPEED, port->speed);
	if (admin && port->serial)
		err |= nla_put_string(skb, M2M_WWAN_A_PORT_SERIAL,
				      port->serial);
	return err;
}

static int put_doors(struct sk_buff *skb, struct m2m_port *port)
{
	int err = 0;

	if (port->net) {
		err = nla_put_u32(skb, M2M_WWAN_A_PORT_IFINDEX,
				  port->net->ifindex);
		err |= nla_put_string(skb, M2M_WWAN_A_PORT_IFNAME,
				      port->net->name);
	}
	if (*port->node)
		err |= nla_put_string(skb, M2M_WWAN_A_PORT_CHARDEV, port->node);
	return err;
}

int m2m_genl_put_port(struct sk_buff *skb, struct m2m_port *port, bool admin)
{
	struct m2m_format format;
	int err;

	lockdep_assert_held(&port->lock);
	m2m_port_get_format(port, &format);
	err = put_identity(skb, port, admin);
	err |= put_doors(skb, port);
	err |= nla_put_u32(skb, M2M_WWAN_A_PORT_STATE, port->state);
	err |= put_services(skb, port->version);
	err |= put_format(skb, M2M_WWAN_A_PORT_FORMAT, &format);
	err |= nla_put_u32(skb, M2M_WWAN_A_PORT_AGG_MASK, M2M_AGG_MASK);
	if (port->lease)
		err |= nla_put_flag(skb, M2M_WWAN_A_PORT_LEASED);
	err |= nla_put_u32(skb, M2M_WWAN_A_PORT_CLIENTS, port->n_clients);
	err |= put_counters(skb, port);
	err |= m2m_port_for_each_link(port, put_link, skb);
	return err;
}

int m2m_genl_put_event(struct sk_buff *skb, struct m2m_port *port,
		       const struct m2m_event *event)
{
	int err;

	err = nla_put_u32(skb, M2M_WWAN_A_EVENT_KIND, event->kind);
	err |= nla_put_string(skb, M2M_WWAN_A_EVENT_USB_PATH, port->usb_path);
	err |= nla_put_u8(skb, M2M_WWAN_A_EVENT_INTERFACE, port->ifnum);
	if (event->reason)
		err |= nla_put_string(skb, M2M_WWAN_A_EVENT_REASON,
				      event->reason);
	if (event->format)
		err |= put_format(skb, M2M_WWAN_A_EVENT_FORMAT, event->format);
	if (event->kind == M2M_WWAN_EVENT_FLOW)
		err |= nla_put_u8(skb, M2M_WWAN_A_EVENT_MUX_ID, event->mux_id);
	if (event->kind == M2M_WWAN_EVENT_FLOW ||
	    event->kind == M2M_WWAN_EVENT_LEASE)
		err |= nla_put_u8(skb, M2M_WWAN_A_EVENT_ON, event->on);
	return err;
}
