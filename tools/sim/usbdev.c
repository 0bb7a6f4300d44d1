// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns endpoint 0's standard requests and the device's endpoints. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "bytes.h"
#include "usbdev.h"

#define ENDPOINT_NUMBERS	16

struct function {
	const struct function_ops *ops;
	void *ctx;
};

struct usbdev {
	const struct identity *identity;
	struct descriptors desc;
	struct transport *transport;		/* NULL: on no bus */
	void (*configured)(void *ctx, uint8_t value);
	void *ctx;
	uint8_t configuration;
	bool remote_wakeup;
	bool present[2][ENDPOINT_NUMBERS];	/* [is IN][number] */
	struct endpoint endpoints[2][ENDPOINT_NUMBERS];
	struct function functions[IDENTITY_INTERFACES_MAX];
};

static void usbdev_urb_complete(void *ctx, struct urb *urb)
{
	struct usbdev *dev = ctx;

	if (dev->transport)
		dev->transport->ops->complete(dev->transport, urb);
	else
		urb_free(urb);
}

static void usbdev_add_endpoint(struct usbdev *dev, uint8_t address,
				uint16_t max_packet)
{
	bool in = address & USB_DIR_IN;
	uint8_t number = address & 0x0f;
	struct endpoint *ep = &dev->endpoints[in][number];

	if (!address)
		return;
	endpoint_init(ep, address, max_packet);
	ep->complete = usbdev_urb_complete;
	ep->complete_ctx = dev;
	dev->present[in][number] = true;
}

struct usbdev *usbdev_new(const struct identity *identity,
			  void (*configured)(void *ctx, uint8_t value), void *ctx)
{
	struct usbdev *dev = g_malloc0(sizeof(*dev));
	const struct interface_endpoints *eps;
	unsigned int i;

	dev->identity = identity;
	dev->configured = configured;
	dev->ctx = ctx;
	if (descriptors_build(identity, USB_SPEED_HIGH, &dev->desc)) {
		g_free(dev);
		return NULL;
	}
	for (i = 0; i < identity->n_interfaces; i++) {
		eps = &dev->desc.endpoints[i];
		usbdev_add_endpoint(dev, eps->in, dev->desc.bulk_max_packet);
		usbdev_add_endpoint(dev, eps->out, dev->desc.bulk_max_packet);
		usbdev_add_endpoint(dev, eps->notify, NOTIFY_MAX_PACKET);
	}
	return dev;
}

void usbdev_free(struct usbdev *dev)
{
	unsigned int in, i;

	if (!dev)
		return;
	for (in = 0; in < 2; in++)
		for (i = 0; i < ENDPOINT_NUMBERS; i++)
			if (dev->present[in][i])
				endpoint_exit(&dev->endpoints[in][i]);
	g_free(dev);
}

void usbdev_set_function(struct usbdev *dev, unsigned int index,
			 const struct function_ops *ops, void *ctx)
{
	dev->functions[index].ops = ops;
	dev->functions[index].ctx = ctx;
}

struct endpoint *usbdev_endpoint_at(struct usbdev *dev, uint8_t address)
{
	bool in = address & USB_DIR_IN;
	uint8_t number = address & 0x0f;

	return dev->present[in][number] ? &dev->endpoints[in][number] : NULL;
}

struct endpoint *usbdev_endpoint(struct usbdev *dev, unsigned int index,
				 enum usbdev_pipe pipe)
{
	const struct interface_endpoints *eps = &dev->desc.endpoints[index];
	uint8_t address = 0;

	switch (pipe) {
	case USBDEV_PIPE_IN:
		address = eps->in;
		break;
	case USBDEV_PIPE_OUT:
		address = eps->out;
		break;
	case USBDEV_PIPE_NOTIFY:
		address = eps->notify;
		break;
	}
	return address ? usbdev_endpoint_at(dev, address) : NULL;
}

void usbdev_set_receiver(struct usbdev *dev, unsigned int index,
			 void (*receive)(void *ctx, const uint8_t *data, size_t len),
			 void *ctx)
{
	struct endpoint *ep = usbdev_endpoint(dev, index, USBDEV_PIPE_OUT);

	ep->receive = receive;
	ep->function_ctx = ctx;
}

/* Data, halts and functions go back to the start; blocks keep waiting. */
static void usbdev_reset_functions(struct usbdev *dev)
{
	unsigned int in, i;

	for (in = 0; in < 2; in++)
		for (i = 0; i < ENDPOINT_NUMBERS; i++)
			if (dev->present[in][i])
				endpoint_reset(&dev->endpoints[in][i]);
	for (i = 0; i < dev->identity->n_interfaces; i++)
		if (dev->functions[i].ops)
			dev->functions[i].ops->reset(dev->functions[i].ctx);
}

static void usbdev_set_max_packets(struct usbdev *dev)
{
	struct endpoint *ep;
	unsigned int i;

	for (i = 0; i < dev->identity->n_interfaces; i++) {
		if (dev->identity->interfaces[i].role == INTERFACE_DATA)
			continue;
		ep = usbdev_endpoint(dev, i, USBDEV_PIPE_IN);
		ep->max_packet = dev->desc.bulk_max_packet;
		ep = usbdev_endpoint(dev, i, USBDEV_PIPE_OUT);
		ep->max_packet = dev->desc.bulk_max_packet;
	}
}

int usbdev_connect(struct usbdev *dev, struct transport *transport)
{
	struct descriptors desc;
	int ret;

	ret = descriptors_build(dev->identity, transport->speed, &desc);
	if (ret)
		return ret;
	dev->desc = desc;
	dev->transport = transport;
	dev->configuration = 0;
	dev->remote_wakeup = false;
	usbdev_set_max_packets(dev);
	usbdev_reset_functions(dev);
	return 0;
}

void usbdev_disconnect(struct usbdev *dev)
{
	unsigned int in, i;

	dev->transport = NULL;
	dev->configuration = 0;
	for (in = 0; in < 2; in++)
		for (i = 0; i < ENDPOINT_NUMBERS; i++)
			if (dev->present[in][i])
				urb_list_free(&dev->endpoints[in][i].urbs);
	usbdev_reset_functions(dev);
}

const struct descriptors *usbdev_descriptors(const struct usbdev *dev)
{
	return &dev->desc;
}

bool usbdev_is_connected(const struct usbdev *dev)
{
	return dev->transport;
}

bool usbdev_is_configured(const struct usbdev *dev)
{
	return dev->configuration;
}

uint8_t usbdev_configuration(const struct usbdev *dev)
{
	return dev->configuration;
}

bool usbdev_may_wake(const struct usbdev *dev)
{
	return dev->remote_wakeup;
}

void usbdev_reset(struct usbdev *dev)
{
	dev->configuration = 0;
	dev->remote_wakeup = false;
	usbdev_reset_functions(dev);
}

int usbdev_set_configuration(struct usbdev *dev, uint8_t value)
{
	if (value > 1)
		return -EPIPE;
	dev->configuration = value;
	usbdev_reset_functions(dev);
	if (dev->configured)
		dev->configured(dev->ctx, value);
	return 0;
}

void usbdev_complete(struct usbdev *dev, struct urb *urb, int status)
{
	urb->status = status;
	if (status)
		urb->actual = 0;
	else if (!(urb->setup.request_type & USB_DIR_IN))
		urb->actual = urb->length;
	usbdev_urb_complete(dev, urb);
}

static int interface_index(const struct usbdev *dev, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < dev->identity->n_interfaces; i++)
		if (dev->identity->interfaces[i].number == number)
			return (int)i;
	return -ENOENT;
}

/* Answers of a standard request end here: at most what both sides allow. */
static int answer(struct urb *urb, const uint8_t *data, size_t len)
{
	urb->actual = MIN(len, urb->length);
	memcpy(urb->data, data, urb->actual);
	return 0;
}

static int request_get_status(struct usbdev *dev, struct urb *urb)
{
	uint8_t status[2] = { 0, 0 };
	struct endpoint *ep;

	switch (urb->setup.request_type & USB_RECIP_MASK) {
	case USB_RECIP_DEVICE:
		status[0] = dev->remote_wakeup ? 2 : 0;
		return answer(urb, status, sizeof(status));
	case USB_RECIP_INTERFACE:
		if (interface_index(dev, urb->setup.index & 0xff) < 0)
			return -EPIPE;
		return answer(urb, status, sizeof(status));
	case USB_RECIP_ENDPOINT:
		ep = usbdev_endpoint_at(dev, (uint8_t)urb->setup.index);
		if (ep)
			status[0] = ep->halted;
		else if (urb->setup.index & 0x0f)
			return -EPIPE;
		return answer(urb, status, sizeof(status));
	}
	return -EPIPE;
}

static int device_feature(struct usbdev *dev, uint16_t feature, bool set)
{
	switch (feature) {
	case USB_FEATURE_REMOTE_WAKEUP:
		dev->remote_wakeup = set;
		return 0;
	case USB_FEATURE_U1_ENABLE:
	case USB_FEATURE_U2_ENABLE:
		return dev->desc.speed == USB_SPEED_SUPER ? 0 : -EPIPE;
	}
	return -EPIPE;
}

static int request_feature(struct usbdev *dev, const struct usb_setup *setup,
			   bool set)
{
	struct endpoint *ep;

	switch (setup->request_type & USB_RECIP_MASK) {
	case USB_RECIP_DEVICE:
		return device_feature(dev, setup->value, set);
	case USB_RECIP_INTERFACE:
		if (setup->value != USB_FEATURE_FUNCTION_SUSPEND ||
		    dev->desc.speed != USB_SPEED_SUPER)
			return -EPIPE;
		return 0;
	case USB_RECIP_ENDPOINT:
		ep = usbdev_endpoint_at(dev, (uint8_t)setup->index);
		if (!ep || setup->value != USB_FEATURE_ENDPOINT_HALT)
			return -EPIPE;
		if (set)
			endpoint_halt(ep);
		else
			endpoint_clear_halt(ep);
		return 0;
	}
	return -EPIPE;
}

static int request_set_interface(struct usbdev *dev, const struct usb_setup *setup)
{
	static const enum usbdev_pipe pipes[] = {
		USBDEV_PIPE_IN, USBDEV_PIPE_OUT, USBDEV_PIPE_NOTIFY,
	};
	int index = interface_index(dev, setup->index);
	struct endpoint *ep;
	unsigned int i;
	bool data;

	if (index < 0)
		return -EPIPE;
	data = dev->identity->interfaces[index].role == INTERFACE_DATA;
	if (setup->value > data)
		return -EPIPE;
	/* Its endpoints go by the interface before it. */
	index -= data;
	for (i = 0; i < ARRAY_SIZE(pipes); i++) {
		ep = usbdev_endpoint(dev, (unsigned int)index, pipes[i]);
		if (ep)
			endpoint_clear_halt(ep);
	}
	return 0;
}

static int request_get_descriptor(struct usbdev *dev, struct urb *urb)
{
	int len;

	len = descriptors_get(&dev->desc, (uint8_t)(urb->setup.value >> 8),
			      (uint8_t)urb->setup.value, urb->data, urb->length);
	if (len < 0)
		return -EPIPE;
	urb->actual = (size_t)len;
	return 0;
}

static int request_standard(struct usbdev *dev, struct urb *urb)
{
	const struct usb_setup *setup = &urb->setup;
	bool in = setup->request_type & USB_DIR_IN;
	static const uint8_t alternate;

	switch (setup->request) {
	case USB_REQ_GET_STATUS:
		return in ? request_get_status(dev, urb) : -EPIPE;
	case USB_REQ_GET_DESCRIPTOR:
		return in ? request_get_descriptor(dev, urb) : -EPIPE;
	case USB_REQ_GET_CONFIGURATION:
		return in ? answer(urb, &dev->configuration, 1) : -EPIPE;
	case USB_REQ_GET_INTERFACE:
		if (!in || interface_index(dev, setup->index) < 0)
			return -EPIPE;
		return answer(urb, &alternate, 1);
	}
	if (in)
		return -EPIPE;
	switch (setup->request) {
	case USB_REQ_CLEAR_FEATURE:
		return request_feature(dev, setup, false);
	case USB_REQ_SET_FEATURE:
		return request_feature(dev, setup, true);
	case USB_REQ_SET_CONFIGURATION:
		return usbdev_set_configuration(dev, (uint8_t)setup->value);
	case USB_REQ_SET_INTERFACE:
		return request_set_interface(dev, setup);
	case USB_REQ_SET_ADDRESS:
	case USB_REQ_SET_SEL:
	case USB_REQ_SET_ISOCH_DELAY:
		return 0;
	}
	return -EPIPE;
}

static void usbdev_control(struct usbdev *dev, struct urb *urb)
{
	const struct usb_setup *setup = &urb->setup;
	struct function *function;
	int index;

	if ((setup->request_type & USB_TYPE_MASK) == USB_TYPE_STANDARD) {
		usbdev_complete(dev, urb, request_standard(dev, urb));
		return;
	}
	index = interface_index(dev, setup->index & 0xff);
	if (index < 0 || !dev->configuration ||
	    (setup->request_type & USB_TYPE_MASK) != USB_TYPE_CLASS ||
	    (setup->request_type & USB_RECIP_MASK) != USB_RECIP_INTERFACE ||
	    !dev->functions[index].ops) {
		usbdev_complete(dev, urb, -EPIPE);
		return;
	}
	function = &dev->functions[index];
	function->ops->control(function->ctx, urb);
}

void usbdev_submit(struct usbdev *dev, struct urb *urb)
{
	struct endpoint *ep;

	if (!(urb->ep & 0x0f)) {
		usbdev_control(dev, urb);
		return;
	}
	ep = usbdev_endpoint_at(dev, urb->ep);
	if (ep && dev->configuration) {
		endpoint_submit(ep, urb);
		return;
	}
	urb->status = -EPIPE;
	usbdev_urb_complete(dev, urb);
}

bool usbdev_cancel(struct usbdev *dev, uint64_t id)
{
	struct function *function;
	unsigned int in, i;

	for (in = 0; in < 2; in++)
		for (i = 0; i < ENDPOINT_NUMBERS; i++)
			if (dev->present[in][i] &&
			    endpoint_cancel(&dev->endpoints[in][i], id))
				return true;
	for (i = 0; i < dev->identity->n_interfaces; i++) {
		function = &dev->functions[i];
		if (function->ops && function->ops->cancel(function->ctx, id))
			return true;
	}
	return false;
}
