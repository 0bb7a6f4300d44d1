// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the connection to QEMU's usb-redir device. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <usbredirparser.h>

#include "bytes.h"
#include "usbdev.h"

/*
 * DOC: Roles
 *
 * QEMU listens (-chardev socket,server=on) and is the "usb-guest" of the
 * protocol; this program connects and is the "usb-host". Both say hello, then
 * the device is announced: interfaces, endpoints, connect. Bulk and control
 * packets are request and answer under one id. Interrupt endpoints are
 * different: QEMU says start, and packets are pushed as they come, so this file
 * keeps a request block of its own waiting there. Closing the socket unplugs.
 *
 * The protocol has no message for suspend, resume and remote wakeup.
 */

#define CONNECT_RETRY_MS	100
#define CONNECT_RETRIES		3000	/* five minutes: the guest may be on its way */
#define OWN_ID			(1ull << 63)	/* ids of interrupt blocks */

struct usbredir {
	struct transport base;
	char path[108];
	int fd;
	unsigned int retries;
	guint retry_source, read_source, write_source, lost_source;
	struct usbredirparser *parser;
	GHashTable *endpoints;		/* id of a waiting block: endpoint */
	bool receiving[16];		/* interrupt IN endpoints started */
};

static struct usbredir *usbredir_of(struct transport *transport)
{
	return (struct usbredir *)transport;
}

static void source_clear(guint *source)
{
	if (*source)
		g_source_remove(*source);
	*source = 0;
}

static void usbredir_close(struct usbredir *redir)
{
	source_clear(&redir->retry_source);
	source_clear(&redir->read_source);
	source_clear(&redir->write_source);
	source_clear(&redir->lost_source);
	if (redir->parser)
		usbredirparser_destroy(redir->parser);
	redir->parser = NULL;
	if (redir->fd >= 0)
		close(redir->fd);
	redir->fd = -1;
	g_hash_table_remove_all(redir->endpoints);
	memset(redir->receiving, 0, sizeof(redir->receiving));
}

static gboolean usbredir_lost(gpointer data)
{
	struct usbredir *redir = data;

	redir->lost_source = 0;
	usbredir_close(redir);
	redir->base.events->lost(redir->base.ctx, "QEMU closed the connection");
	return G_SOURCE_REMOVE;
}

static void usbredir_lose(struct usbredir *redir)
{
	if (!redir->lost_source)
		redir->lost_source = g_idle_add(usbredir_lost, redir);
}

static gboolean usbredir_writable(gint fd, GIOCondition condition, gpointer data)
{
	struct usbredir *redir = data;

	(void)fd;
	(void)condition;
	if (usbredirparser_do_write(redir->parser))
		usbredir_lose(redir);
	else if (usbredirparser_has_data_to_write(redir->parser))
		return G_SOURCE_CONTINUE;
	redir->write_source = 0;
	return G_SOURCE_REMOVE;
}

/* The parser queues; this gets the queue going. */
static void usbredir_flush(struct usbredir *redir)
{
	if (!redir->write_source && usbredirparser_has_data_to_write(redir->parser))
		redir->write_source = g_unix_fd_add(redir->fd, G_IO_OUT,
						    usbredir_writable, redir);
}

static uint8_t status_of(int status)
{
	switch (status) {
	case 0:
		return usb_redir_success;
	case -EPIPE:
		return usb_redir_stall;
	case -EOVERFLOW:
		return usb_redir_babble;
	case -ECONNRESET:
		return usb_redir_cancelled;
	}
	return usb_redir_ioerror;
}

/* --- answers --------------------------------------------------------------- */

static void answer_control(struct usbredir *redir, const struct urb *urb, bool in)
{
	struct usb_redir_control_packet_header header = {
		.endpoint = in ? USB_DIR_IN : 0,
		.request = urb->setup.request,
		.requesttype = urb->setup.request_type,
		.status = status_of(urb->status),
		.value = urb->setup.value,
		.index = urb->setup.index,
		.length = (uint16_t)urb->actual,
	};

	usbredirparser_send_control_packet(redir->parser, urb->id, &header,
					   in ? (uint8_t *)urb->data : NULL,
					   in ? (int)urb->actual : 0);
}

static void answer_bulk(struct usbredir *redir, const struct urb *urb, bool in)
{
	struct usb_redir_bulk_packet_header header = {
		.endpoint = urb->ep,
		.status = status_of(urb->status),
		.length = (uint16_t)urb->actual,
		.length_high = (uint16_t)(urb->actual >> 16),
	};

	usbredirparser_send_bulk_packet(redir->parser, urb->id, &header,
					in ? (uint8_t *)urb->data : NULL,
					in ? (int)urb->actual : 0);
}

static void interrupt_wait(struct usbredir *redir, uint8_t ep)
{
	struct urb *urb = urb_new(NOTIFY_MAX_PACKET);

	urb->id = OWN_ID | ep;
	urb->ep = ep;
	usbdev_submit(redir->base.dev, urb);
}

static void answer_interrupt(struct usbredir *redir, const struct urb *urb)
{
	struct usb_redir_interrupt_packet_header header = {
		.endpoint = urb->ep,
		.status = status_of(urb->status),
		.length = (uint16_t)urb->actual,
	};
	struct usb_redir_interrupt_receiving_status_header stopped = {
		.endpoint = urb->ep,
		.status = status_of(urb->status),
	};

	if (!redir->receiving[urb->ep & 0x0f])
		return;
	if (!urb->status) {
		usbredirparser_send_interrupt_packet(redir->parser, 0, &header,
						     (uint8_t *)urb->data,
						     (int)urb->actual);
		interrupt_wait(redir, urb->ep);
		return;
	}
	redir->receiving[urb->ep & 0x0f] = false;
	usbredirparser_send_interrupt_receiving_status(redir->parser, 0, &stopped);
}

static void usbredir_complete(struct transport *transport, struct urb *urb)
{
	struct usbredir *redir = usbredir_of(transport);
	bool in = urb->ep & USB_DIR_IN;

	if (!redir->parser) {
		urb_free(urb);
		return;
	}
	if (urb->id & OWN_ID) {
		answer_interrupt(redir, urb);
	} else {
		g_hash_table_remove(redir->endpoints, &urb->id);
		if (urb->ep & 0x0f)
			answer_bulk(redir, urb, in);
		else
			answer_control(redir, urb, in);
	}
	urb_free(urb);
	usbredir_flush(redir);
}

/* --- announcing the device ------------------------------------------------- */

static void endpoint_announce(struct usb_redir_ep_info_header *info, uint8_t address,
			      uint8_t type, uint8_t interface, uint16_t max_packet)
{
	unsigned int slot = (address & 0x0f) | (address & USB_DIR_IN ? 0x10 : 0);

	if (!address)
		return;
	info->type[slot] = type;
	info->interval[slot] = type == usb_redir_type_interrupt ? 9 : 0;
	info->interface[slot] = interface;
	info->max_packet_size[slot] = max_packet;
}

static void usbredir_send_info(struct usbredir *redir)
{
	const struct descriptors *desc = usbdev_descriptors(redir->base.dev);
	const struct identity *id = desc->identity;
	struct usb_redir_interface_info_header interfaces = { 0 };
	struct usb_redir_ep_info_header eps = { 0 };
	unsigned int i;

	memset(eps.type, usb_redir_type_invalid, sizeof(eps.type));
	eps.type[0] = usb_redir_type_control;
	eps.type[16] = usb_redir_type_control;
	interfaces.interface_count = id->n_interfaces;
	for (i = 0; i < id->n_interfaces; i++) {
		interfaces.interface[i] = id->interfaces[i].number;
		interfaces.interface_class[i] = id->interfaces[i].class;
		interfaces.interface_subclass[i] = id->interfaces[i].subclass;
		interfaces.interface_protocol[i] = id->interfaces[i].protocol;
		endpoint_announce(&eps, desc->endpoints[i].in, usb_redir_type_bulk,
				  id->interfaces[i].number, desc->bulk_max_packet);
		endpoint_announce(&eps, desc->endpoints[i].out, usb_redir_type_bulk,
				  id->interfaces[i].number, desc->bulk_max_packet);
		endpoint_announce(&eps, desc->endpoints[i].notify,
				  usb_redir_type_interrupt,
				  id->interfaces[i].number, NOTIFY_MAX_PACKET);
	}
	usbredirparser_send_interface_info(redir->parser, &interfaces);
	usbredirparser_send_ep_info(redir->parser, &eps);
}

static void usbredir_hello(void *priv, struct usb_redir_hello_header *hello)
{
	struct usbredir *redir = priv;
	const struct descriptors *desc = usbdev_descriptors(redir->base.dev);
	const struct identity *id = desc->identity;
	struct usb_redir_device_connect_header connect = {
		.speed = desc->speed == USB_SPEED_SUPER ? usb_redir_speed_super :
							  usb_redir_speed_high,
		.device_class = id->device_class,
		.device_subclass = id->device_subclass,
		.device_protocol = id->device_protocol,
		.vendor_id = id->vendor,
		.product_id = id->product,
		.device_version_bcd = id->bcd_device,
	};

	(void)hello;
	usbredir_send_info(redir);
	usbredirparser_send_device_connect(redir->parser, &connect);
	usbredir_flush(redir);
	redir->base.events->attached(redir->base.ctx, redir->path);
}

/* --- requests -------------------------------------------------------------- */

static void usbredir_reset(void *priv)
{
	struct usbredir *redir = priv;

	memset(redir->receiving, 0, sizeof(redir->receiving));
	usbdev_reset(redir->base.dev);
}

static void usbredir_set_configuration(void *priv, uint64_t id,
				       struct usb_redir_set_configuration_header *request)
{
	struct usbredir *redir = priv;
	struct usb_redir_configuration_status_header status = { 0 };
	int ret;

	memset(redir->receiving, 0, sizeof(redir->receiving));
	ret = usbdev_set_configuration(redir->base.dev, request->configuration);
	status.status = status_of(ret);
	status.configuration = usbdev_configuration(redir->base.dev);
	usbredir_send_info(redir);
	usbredirparser_send_configuration_status(redir->parser, id, &status);
	usbredir_flush(redir);
}

static void usbredir_get_configuration(void *priv, uint64_t id)
{
	struct usbredir *redir = priv;
	struct usb_redir_configuration_status_header status = {
		.configuration = usbdev_configuration(redir->base.dev),
	};

	usbredirparser_send_configuration_status(redir->parser, id, &status);
	usbredir_flush(redir);
}

static void usbredir_set_alternate(void *priv, uint64_t id,
				   struct usb_redir_set_alt_setting_header *request)
{
	struct usbredir *redir = priv;
	struct usb_redir_alt_setting_status_header status = {
		.status = request->alt ? usb_redir_stall : usb_redir_success,
		.interface = request->interface,
	};

	usbredirparser_send_alt_setting_status(redir->parser, id, &status);
	usbredir_flush(redir);
}

static void usbredir_get_alternate(void *priv, uint64_t id,
				   struct usb_redir_get_alt_setting_header *request)
{
	struct usbredir *redir = priv;
	struct usb_redir_alt_setting_status_header status = {
		.interface = request->interface,
	};

	usbredirparser_send_alt_setting_status(redir->parser, id, &status);
	usbredir_flush(redir);
}

static void usbredir_start_interrupt(void *priv, uint64_t id,
				     struct usb_redir_start_interrupt_receiving_header *request)
{
	struct usbredir *redir = priv;
	struct usb_redir_interrupt_receiving_status_header status = {
		.endpoint = request->endpoint,
	};
	uint8_t number = request->endpoint & 0x0f;
	struct endpoint *ep;

	ep = usbdev_endpoint_at(redir->base.dev, request->endpoint);
	if (!ep || !endpoint_is_in(ep)) {
		status.status = usb_redir_inval;
	} else if (!redir->receiving[number]) {
		usbdev_cancel(redir->base.dev, OWN_ID | request->endpoint);
		redir->receiving[number] = true;
	}
	usbredirparser_send_interrupt_receiving_status(redir->parser, id, &status);
	if (!status.status)
		interrupt_wait(redir, request->endpoint);
	usbredir_flush(redir);
}

static void usbredir_stop_interrupt(void *priv, uint64_t id,
				    struct usb_redir_stop_interrupt_receiving_header *request)
{
	struct usbredir *redir = priv;
	struct usb_redir_interrupt_receiving_status_header status = {
		.endpoint = request->endpoint,
	};

	redir->receiving[request->endpoint & 0x0f] = false;
	usbdev_cancel(redir->base.dev, OWN_ID | request->endpoint);
	usbredirparser_send_interrupt_receiving_status(redir->parser, id, &status);
	usbredir_flush(redir);
}

static void usbredir_submit(struct usbredir *redir, struct urb *urb, uint64_t id)
{
	urb->id = id & ~OWN_ID;
	g_hash_table_insert(redir->endpoints, g_memdup2(&urb->id, sizeof(urb->id)),
			    GUINT_TO_POINTER(urb->ep));
	usbdev_submit(redir->base.dev, urb);
}

static void usbredir_control(void *priv, uint64_t id,
			     struct usb_redir_control_packet_header *header,
			     uint8_t *data, int len)
{
	bool in = header->requesttype & USB_DIR_IN;
	struct usbredir *redir = priv;
	struct urb *urb = urb_new(header->length);

	urb->ep = in ? USB_DIR_IN : 0;
	urb->setup.request_type = header->requesttype;
	urb->setup.request = header->request;
	urb->setup.value = header->value;
	urb->setup.index = header->index;
	urb->setup.length = header->length;
	if (!in && len > 0)
		memcpy(urb->data, data, MIN((size_t)len, urb->length));
	usbredirparser_free_packet_data(redir->parser, data);
	usbredir_submit(redir, urb, id);
}

static void usbredir_bulk(void *priv, uint64_t id,
			  struct usb_redir_bulk_packet_header *header,
			  uint8_t *data, int len)
{
	size_t length = header->length | (size_t)header->length_high << 16;
	struct usbredir *redir = priv;
	struct urb *urb = urb_new(length);

	if (urb) {
		urb->ep = header->endpoint;
		if (len > 0)
			memcpy(urb->data, data, MIN((size_t)len, urb->length));
	}
	usbredirparser_free_packet_data(redir->parser, data);
	if (urb)
		usbredir_submit(redir, urb, id);
	else
		usbredir_lose(redir);
}

/* Interrupt OUT: no model has such an endpoint. */
static void usbredir_interrupt(void *priv, uint64_t id,
			       struct usb_redir_interrupt_packet_header *header,
			       uint8_t *data, int len)
{
	struct usbredir *redir = priv;
	struct usb_redir_interrupt_packet_header refusal = {
		.endpoint = header->endpoint,
		.status = usb_redir_inval,
	};

	(void)len;
	usbredirparser_free_packet_data(redir->parser, data);
	usbredirparser_send_interrupt_packet(redir->parser, id, &refusal, NULL, 0);
	usbredir_flush(redir);
}

/* QEMU forgets a cancelled packet only when its answer comes. */
static void usbredir_cancel(void *priv, uint64_t id)
{
	struct usbredir *redir = priv;
	struct urb answer = { .id = id, .status = -ECONNRESET };
	gpointer ep;

	if (!g_hash_table_lookup_extended(redir->endpoints, &id, NULL, &ep) ||
	    !usbdev_cancel(redir->base.dev, id))
		return;
	g_hash_table_remove(redir->endpoints, &id);
	answer.ep = (uint8_t)GPOINTER_TO_UINT(ep);
	if (answer.ep & 0x0f)
		answer_bulk(redir, &answer, answer.ep & USB_DIR_IN);
	else
		answer_control(redir, &answer, answer.ep & USB_DIR_IN);
	usbredir_flush(redir);
}

/* --- connection ------------------------------------------------------------ */

static void usbredir_log(void *priv, int level, const char *text)
{
	(void)priv;
	if (level <= usbredirparser_warning)
		fprintf(stderr, "m2msim: %s\n", text);
}

static int usbredir_read(void *priv, uint8_t *data, int count)
{
	struct usbredir *redir = priv;
	ssize_t n = read(redir->fd, data, (size_t)count);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return n ? (int)n : -1;
}

static int usbredir_write(void *priv, uint8_t *data, int count)
{
	struct usbredir *redir = priv;
	ssize_t n = write(redir->fd, data, (size_t)count);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return (int)n;
}

static gboolean usbredir_readable(gint fd, GIOCondition condition, gpointer data)
{
	struct usbredir *redir = data;

	(void)fd;
	(void)condition;
	if (usbredirparser_do_read(redir->parser) != usbredirparser_read_io_error)
		return G_SOURCE_CONTINUE;
	redir->read_source = 0;
	usbredir_lose(redir);
	return G_SOURCE_REMOVE;
}

static void usbredir_callbacks(struct usbredirparser *parser)
{
	parser->log_func = usbredir_log;
	parser->read_func = usbredir_read;
	parser->write_func = usbredir_write;
	parser->hello_func = usbredir_hello;
	parser->reset_func = usbredir_reset;
	parser->set_configuration_func = usbredir_set_configuration;
	parser->get_configuration_func = usbredir_get_configuration;
	parser->set_alt_setting_func = usbredir_set_alternate;
	parser->get_alt_setting_func = usbredir_get_alternate;
	parser->start_interrupt_receiving_func = usbredir_start_interrupt;
	parser->stop_interrupt_receiving_func = usbredir_stop_interrupt;
	parser->cancel_data_packet_func = usbredir_cancel;
	parser->control_packet_func = usbredir_control;
	parser->bulk_packet_func = usbredir_bulk;
	parser->interrupt_packet_func = usbredir_interrupt;
}

static void usbredir_start(struct usbredir *redir)
{
	static const int caps_wanted[] = {
		usb_redir_cap_connect_device_version,
		usb_redir_cap_ep_info_max_packet_size,
		usb_redir_cap_64bits_ids,
		usb_redir_cap_32bits_bulk_length,
	};
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caps_wanted); i++)
		usbredirparser_caps_set_cap(caps, caps_wanted[i]);
	redir->parser = usbredirparser_create();
	redir->parser->priv = redir;
	usbredir_callbacks(redir->parser);
	usbredirparser_init(redir->parser, "m2msim", caps, USB_REDIR_CAPS_SIZE,
			    usbredirparser_fl_usb_host);
	redir->read_source = g_unix_fd_add(redir->fd, G_IO_IN | G_IO_HUP,
					   usbredir_readable, redir);
	usbredir_flush(redir);
}

static int usbredir_connect(struct usbredir *redir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	strcpy(address.sun_path, redir->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		ret = -errno;
		close(fd);
		return ret;
	}
	g_unix_set_fd_nonblocking(fd, TRUE, NULL);
	redir->fd = fd;
	return 0;
}

static gboolean usbredir_try(gpointer data)
{
	struct usbredir *redir = data;
	char why[192];
	int ret;

	ret = usbredir_connect(redir);
	if ((ret == -ENOENT || ret == -ECONNREFUSED) &&
	    ++redir->retries < CONNECT_RETRIES)
		return G_SOURCE_CONTINUE;
	redir->retry_source = 0;
	if (!ret) {
		usbredir_start(redir);
		return G_SOURCE_REMOVE;
	}
	snprintf(why, sizeof(why), "%s: %s", redir->path, g_strerror(-ret));
	redir->base.events->failed(redir->base.ctx, why);
	return G_SOURCE_REMOVE;
}

static void usbredir_attach(struct transport *transport)
{
	struct usbredir *redir = usbredir_of(transport);

	redir->retries = 0;
	source_clear(&redir->retry_source);
	if (usbredir_try(redir) == G_SOURCE_CONTINUE)
		redir->retry_source = g_timeout_add(CONNECT_RETRY_MS, usbredir_try,
						    redir);
}

static void usbredir_detach(struct transport *transport)
{
	usbredir_close(usbredir_of(transport));
}

static void usbredir_free(struct transport *transport)
{
	struct usbredir *redir = usbredir_of(transport);

	usbredir_close(redir);
	g_hash_table_destroy(redir->endpoints);
	g_free(redir);
}

static const struct transport_ops usbredir_ops = {
	.attach = usbredir_attach,
	.detach = usbredir_detach,
	.complete = usbredir_complete,
	.free = usbredir_free,
};

struct transport *usbredir_new(const char *path)
{
	struct usbredir *redir;

	if (strlen(path) >= sizeof(redir->path))
		return NULL;
	redir = g_malloc0(sizeof(*redir));
	redir->base.ops = &usbredir_ops;
	redir->fd = -1;
	strcpy(redir->path, path);
	redir->endpoints = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
						 NULL);
	return &redir->base;
}
