// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of ports, clients and events from the kernel. */
#include <errno.h>
#include <linux/m2m_wwan.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "port.h"

struct list {
	void *items;
	size_t n, size;		/* items, bytes of one */
	int (*parse)(struct nlmsghdr *msg, void *item);
};

/* Reads that never fail: an attribute that is absent or too short is 0 or "" */
static uint8_t get_u8(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 1 ? nla_get_u8(attr) : 0;
}

static uint16_t get_u16(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 2 ? nla_get_u16(attr) : 0;
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 4 ? nla_get_u32(attr) : 0;
}

static uint64_t get_u64(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 8 ? nla_get_u64(attr) : 0;
}

static void get_string(const struct nlattr *attr, char *ret, size_t size)
{
	ret[0] = '\0';
	if (attr)
		nla_strlcpy(ret, attr, size);
}

static void parse_format(struct nlattr *attr, struct port_format *ret)
{
	struct nlattr *tb[M2M_WWAN_A_FORMAT_MAX + 1];

	if (!attr || nla_parse_nested(tb, M2M_WWAN_A_FORMAT_MAX, attr, NULL))
		return;
	ret->confirmed = !!tb[M2M_WWAN_A_FORMAT_CONFIRMED];
	ret->link_layer = get_u32(tb[M2M_WWAN_A_FORMAT_LINK_LAYER]);
	ret->ul = get_u32(tb[M2M_WWAN_A_FORMAT_UL]);
	ret->dl = get_u32(tb[M2M_WWAN_A_FORMAT_DL]);
	ret->ul_max_datagrams = get_u32(tb[M2M_WWAN_A_FORMAT_UL_MAX_DATAGRAMS]);
	ret->ul_max_size = get_u32(tb[M2M_WWAN_A_FORMAT_UL_MAX_SIZE]);
	ret->dl_max_datagrams = get_u32(tb[M2M_WWAN_A_FORMAT_DL_MAX_DATAGRAMS]);
	ret->dl_max_size = get_u32(tb[M2M_WWAN_A_FORMAT_DL_MAX_SIZE]);
}

static void parse_service(struct nlattr *attr, struct port *port)
{
	struct nlattr *tb[M2M_WWAN_A_SERVICE_MAX + 1];
	struct port_service *service;

	if (port->n_services == PORT_SERVICES_MAX ||
	    nla_parse_nested(tb, M2M_WWAN_A_SERVICE_MAX, attr, NULL))
		return;
	service = &port->services[port->n_services++];
	service->id = get_u8(tb[M2M_WWAN_A_SERVICE_ID]);
	service->major = get_u16(tb[M2M_WWAN_A_SERVICE_MAJOR]);
	service->minor = get_u16(tb[M2M_WWAN_A_SERVICE_MINOR]);
}

static void parse_counter(struct nlattr *attr, struct port *port)
{
	struct nlattr *tb[M2M_WWAN_A_COUNTER_MAX + 1];
	struct port_counter *counter;

	if (port->n_counters == PORT_COUNTERS_MAX ||
	    nla_parse_nested(tb, M2M_WWAN_A_COUNTER_MAX, attr, NULL))
		return;
	counter = &port->counters[port->n_counters++];
	get_string(tb[M2M_WWAN_A_COUNTER_NAME], counter->name,
		   sizeof(counter->name));
	counter->value = get_u64(tb[M2M_WWAN_A_COUNTER_VALUE]);
}

static void parse_link(struct nlattr *attr, struct port *port)
{
	struct nlattr *tb[M2M_WWAN_A_LINK_MAX + 1];
	struct port_link *link;

	if (port->n_links == PORT_LINKS_MAX ||
	    nla_parse_nested(tb, M2M_WWAN_A_LINK_MAX, attr, NULL))
		return;
	link = &port->links[port->n_links++];
	link->mux_id = get_u8(tb[M2M_WWAN_A_LINK_MUX_ID]);
	link->ifindex = get_u32(tb[M2M_WWAN_A_LINK_IFINDEX]);
	get_string(tb[M2M_WWAN_A_LINK_IFNAME], link->ifname,
		   sizeof(link->ifname));
}

static void parse_lists(struct nlmsghdr *msg, struct port *port)
{
	struct nlattr *attr;
	int left;

	nlmsg_for_each_attr(attr, msg, GENL_HDRLEN, left) {
		switch (nla_type(attr)) {
		case M2M_WWAN_A_PORT_SERVICE:
			parse_service(attr, port);
			break;
		case M2M_WWAN_A_PORT_COUNTER:
			parse_counter(attr, port);
			break;
		case M2M_WWAN_A_PORT_LINK:
			parse_link(attr, port);
			break;
		}
	}
}

static int parse_port(struct nlmsghdr *msg, void *item)
{
	struct nlattr *tb[M2M_WWAN_A_PORT_MAX + 1];
	struct port *port = item;

	if (genlmsg_parse(msg, 0, tb, M2M_WWAN_A_PORT_MAX, NULL) ||
	    !tb[M2M_WWAN_A_PORT_ID])
		return -EBADMSG;
	memset(port, 0, sizeof(*port));
	port->id = get_u32(tb[M2M_WWAN_A_PORT_ID]);
	get_string(tb[M2M_WWAN_A_PORT_USB_PATH], port->usb_path,
		   sizeof(port->usb_path));
	port->vendor = get_u16(tb[M2M_WWAN_A_PORT_VENDOR]);
	port->product = get_u16(tb[M2M_WWAN_A_PORT_PRODUCT]);
	port->interface = get_u8(tb[M2M_WWAN_A_PORT_INTERFACE]);
	port->ifindex = get_u32(tb[M2M_WWAN_A_PORT_IFINDEX]);
	get_string(tb[M2M_WWAN_A_PORT_IFNAME], port->ifname,
		   sizeof(port->ifname));
	get_string(tb[M2M_WWAN_A_PORT_CHARDEV], port->chardev,
		   sizeof(port->chardev));
	port->state = get_u32(tb[M2M_WWAN_A_PORT_STATE]);
	port->leased = !!tb[M2M_WWAN_A_PORT_LEASED];
	port->clients = get_u32(tb[M2M_WWAN_A_PORT_CLIENTS]);
	get_string(tb[M2M_WWAN_A_PORT_SERIAL], port->serial,
		   sizeof(port->serial));
	port->usb_speed = get_u32(tb[M2M_WWAN_A_PORT_USB_SPEED]);
	port->agg_mask = get_u32(tb[M2M_WWAN_A_PORT_AGG_MASK]);
	parse_format(tb[M2M_WWAN_A_PORT_FORMAT], &port->format);
	parse_lists(msg, port);
	return 0;
}

static int parse_client(struct nlmsghdr *msg, void *item)
{
	struct nlattr *tb[M2M_WWAN_A_CLIENT_MAX + 1];
	struct port_client *client = item;

	if (genlmsg_parse(msg, 0, tb, M2M_WWAN_A_CLIENT_MAX, NULL))
		return -EBADMSG;
	memset(client, 0, sizeof(*client));
	client->handle = get_u32(tb[M2M_WWAN_A_CLIENT_HANDLE]);
	client->service = get_u8(tb[M2M_WWAN_A_CLIENT_SERVICE]);
	client->cid = get_u8(tb[M2M_WWAN_A_CLIENT_CID]);
	client->owner = get_u32(tb[M2M_WWAN_A_CLIENT_OWNER]);
	client->pid = get_u32(tb[M2M_WWAN_A_CLIENT_PID]);
	get_string(tb[M2M_WWAN_A_CLIENT_NAME], client->name,
		   sizeof(client->name));
	return 0;
}

static int add_item(struct nlmsghdr *msg, void *data)
{
	struct list *list = data;
	void *items;
	int err;

	items = reallocarray(list->items, list->n + 1, list->size);
	if (!items)
		return -ENOMEM;
	list->items = items;
	err = list->parse(msg, (char *)items + list->n * list->size);
	if (!err)
		list->n++;
	return err;
}

/* Dumps a list; @port_attr is where the request names port @id, 0 nowhere */
static int dump(struct m2m_nl *nl, int cmd, int port_attr, uint32_t id,
		struct list *list, struct m2m_error *error)
{
	struct nl_msg *request;
	int tries = M2M_NL_DUMP_TRIES;
	int err;

	do {
		list->n = 0;
		request = m2m_nl_request(nl, cmd, NLM_F_DUMP);
		if (port_attr)
			nla_put_u32(request, port_attr, id);
		err = m2m_nl_do(nl, request, add_item, list, error);
	} while (err == -EINTR && --tries);
	if (err)
		free(list->items);
	return err;
}

static int compare_ports(const void *a, const void *b)
{
	const struct port *left = a, *right = b;
	int diff = strverscmp(left->usb_path, right->usb_path);

	return diff ? diff : left->interface - right->interface;
}

int port_list(struct m2m_nl *nl, struct port **ret_ports, size_t *ret_n,
	      struct m2m_error *error)
{
	struct list list = { .size = sizeof(struct port), .parse = parse_port };
	int err;

	err = dump(nl, M2M_WWAN_CMD_PORT_GET, 0, 0, &list, error);
	if (err)
		return err;
	if (list.n)
		qsort(list.items, list.n, list.size, compare_ports);
	*ret_ports = list.items;
	*ret_n = list.n;
	return 0;
}

int port_get(struct m2m_nl *nl, uint32_t id, struct port *ret_port,
	     struct m2m_error *error)
{
	struct nl_msg *request = m2m_nl_request(nl, M2M_WWAN_CMD_PORT_GET, 0);

	nla_put_u32(request, M2M_WWAN_A_PORT_ID, id);
	return m2m_nl_do(nl, request, parse_port, ret_port, error);
}

int port_refresh(struct m2m_nl *nl, struct port *port, struct m2m_error *error)
{
	return port->mainline ? 0 : port_get(nl, port->id, port, error);
}

int port_clients(struct m2m_nl *nl, uint32_t id,
		 struct port_client **ret_clients, size_t *ret_n,
		 struct m2m_error *error)
{
	struct list list = {
		.size = sizeof(struct port_client),
		.parse = parse_client,
	};
	int err;

	err = dump(nl, M2M_WWAN_CMD_CLIENT_GET, M2M_WWAN_A_CLIENT_PORT_ID, id,
		   &list, error);
	if (err)
		return err;
	*ret_clients = list.items;
	*ret_n = list.n;
	return 0;
}

int port_lease(struct m2m_nl *nl, uint32_t id, bool take,
	       struct m2m_error *error)
{
	struct nl_msg *request = m2m_nl_request(nl, M2M_WWAN_CMD_LEASE, 0);

	nla_put_u32(request, M2M_WWAN_A_CONTROL_PORT_ID, id);
	nla_put_u8(request, M2M_WWAN_A_CONTROL_LEASE, take);
	return m2m_nl_do(nl, request, NULL, NULL, error);
}

int port_reset(struct m2m_nl *nl, uint32_t id, struct m2m_error *error)
{
	struct nl_msg *request = m2m_nl_request(nl, M2M_WWAN_CMD_RESET, 0);

	nla_put_u32(request, M2M_WWAN_A_CONTROL_PORT_ID, id);
	nla_put_u32(request, M2M_WWAN_A_CONTROL_RESET, M2M_WWAN_RESET_USB);
	return m2m_nl_do(nl, request, NULL, NULL, error);
}

bool port_is_usable(const struct port *port)
{
	return port->state == M2M_WWAN_STATE_READY ||
	       port->state == M2M_WWAN_STATE_SUSPENDED ||
	       port->state == M2M_WWAN_STATE_HUNG;
}

bool port_goes_before(const struct port *port, const struct port *other)
{
	if (!port->n_links != !other->n_links)
		return port->n_links;
	return port->interface < other->interface;
}

struct port *port_choose(struct port *ports, size_t n, const char *usb_path)
{
	struct port *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(ports[i].usb_path, usb_path) &&
		    (!best || port_goes_before(&ports[i], best)))
			best = &ports[i];
	return best;
}

bool port_has_service(const struct port *port, uint8_t service)
{
	for (size_t i = 0; i < port->n_services; i++)
		if (port->services[i].id == service)
			return true;
	return false;
}

/* The command of a generic netlink message, -1 if it is none */
static int command(struct nlmsghdr *msg)
{
	const struct genlmsghdr *genl = nlmsg_data(msg);

	if (msg->nlmsg_type < NLMSG_MIN_TYPE ||
	    nlmsg_datalen(msg) < (int)GENL_HDRLEN)
		return -1;
	return genl->cmd;
}

int port_event_parse(struct nlmsghdr *msg, struct port_event *ret_event)
{
	struct nlattr *tb[M2M_WWAN_A_EVENT_MAX + 1];
	struct port_event *event = ret_event;

	if (command(msg) != M2M_WWAN_CMD_EVENT)
		return -ENOMSG;
	if (genlmsg_parse(msg, 0, tb, M2M_WWAN_A_EVENT_MAX, NULL))
		return -EBADMSG;
	memset(event, 0, sizeof(*event));
	event->port_id = get_u32(tb[M2M_WWAN_A_EVENT_PORT_ID]);
	event->kind = get_u32(tb[M2M_WWAN_A_EVENT_KIND]);
	get_string(tb[M2M_WWAN_A_EVENT_USB_PATH], event->usb_path,
		   sizeof(event->usb_path));
	event->interface = get_u8(tb[M2M_WWAN_A_EVENT_INTERFACE]);
	get_string(tb[M2M_WWAN_A_EVENT_REASON], event->reason,
		   sizeof(event->reason));
	event->has_format = !!tb[M2M_WWAN_A_EVENT_FORMAT];
	parse_format(tb[M2M_WWAN_A_EVENT_FORMAT], &event->format);
	event->has_mux_id = !!tb[M2M_WWAN_A_EVENT_MUX_ID];
	event->mux_id = get_u8(tb[M2M_WWAN_A_EVENT_MUX_ID]);
	event->has_on = !!tb[M2M_WWAN_A_EVENT_ON];
	event->on = get_u8(tb[M2M_WWAN_A_EVENT_ON]);
	return 0;
}

/* A frame of the tap or the ring */
static int parse_frame(struct nlmsghdr *msg, struct port_tap *ret_tap)
{
	struct nlattr *tb[M2M_WWAN_A_MESSAGE_MAX + 1];
	struct nlattr *frame;

	if (genlmsg_parse(msg, 0, tb, M2M_WWAN_A_MESSAGE_MAX, NULL) ||
	    !tb[M2M_WWAN_A_MESSAGE_FRAME])
		return -EBADMSG;
	frame = tb[M2M_WWAN_A_MESSAGE_FRAME];
	ret_tap->port_id = get_u32(tb[M2M_WWAN_A_MESSAGE_PORT_ID]);
	ret_tap->from_modem = !!tb[M2M_WWAN_A_MESSAGE_FROM_MODEM];
	ret_tap->time_ns = get_u64(tb[M2M_WWAN_A_MESSAGE_TIME_NS]);
	ret_tap->frame = nla_data(frame);
	ret_tap->len = nla_len(frame);
	return 0;
}

int port_tap_parse(struct nlmsghdr *msg, struct port_tap *ret_tap)
{
	return command(msg) == M2M_WWAN_CMD_TAP ? parse_frame(msg, ret_tap) : -ENOMSG;
}

struct ring_reader {
	void (*fn)(const struct port_tap *tap, void *data);
	void *data;
};

static int read_frame(struct nlmsghdr *msg, void *data)
{
	struct ring_reader *reader = data;
	struct port_tap tap;
	int err;

	err = parse_frame(msg, &tap);
	if (!err)
		reader->fn(&tap, reader->data);
	return err;
}

int port_ring(struct m2m_nl *nl, uint32_t id,
	      void (*fn)(const struct port_tap *tap, void *data), void *data,
	      struct m2m_error *error)
{
	struct nl_msg *request = m2m_nl_request(nl, M2M_WWAN_CMD_RING_GET, NLM_F_DUMP);
	struct ring_reader reader = { fn, data };
	int err;

	nla_put_u32(request, M2M_WWAN_A_MESSAGE_PORT_ID, id);
	err = m2m_nl_do(nl, request, read_frame, &reader, error);
	/* a frame that came meanwhile pushed an old one out: the rest is all there */
	return err == -EINTR ? 0 : err;
}
