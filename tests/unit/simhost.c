// SPDX-License-Identifier: GPL-2.0-or-later
/* The device behind the transports' unit tests. */
#include <stdio.h>

#include "simhost.h"

struct simhost simhost;

static void on_attached(void *ctx, const char *where)
{
	(void)ctx;
	simhost.attached++;
	snprintf(simhost.said, sizeof(simhost.said), "%s", where);
}

static void on_failed(void *ctx, const char *why)
{
	(void)ctx;
	simhost.failed++;
	snprintf(simhost.said, sizeof(simhost.said), "%s", why);
}

static void on_lost(void *ctx, const char *why)
{
	(void)ctx;
	simhost.lost++;
	snprintf(simhost.said, sizeof(simhost.said), "%s", why);
	usbdev_disconnect(simhost.dev);
}

static const struct transport_events events = {
	.attached = on_attached,
	.failed = on_failed,
	.lost = on_lost,
};

static void on_configured(void *ctx, uint8_t value)
{
	(void)ctx;
	simhost.configured = value;
}

static void on_receive(void *ctx, const uint8_t *data, size_t len)
{
	(void)ctx;
	endpoint_send(simhost_endpoint(USBDEV_PIPE_IN), data, len);
}

void simhost_start(struct transport *transport)
{
	simhost.transport = transport;
	simhost.dev = usbdev_new(identity_find("gobi"), on_configured, NULL);
	usbdev_set_receiver(simhost.dev, 0, on_receive, NULL);
	transport->dev = simhost.dev;
	transport->speed = USB_SPEED_HIGH;
	transport->events = &events;
	ASSERT_EQ(0, usbdev_connect(simhost.dev, transport));
}

void simhost_detach(void)
{
	simhost.transport->ops->detach(simhost.transport);
	usbdev_disconnect(simhost.dev);
}

void simhost_free(void)
{
	simhost_detach();
	simhost.transport->ops->free(simhost.transport);
	usbdev_free(simhost.dev);
}

struct endpoint *simhost_endpoint(enum usbdev_pipe pipe)
{
	struct endpoint *ep = usbdev_endpoint(simhost.dev, 0, pipe);

	ASSERT_TRUE(ep);
	return ep;
}

uint8_t simhost_address(enum usbdev_pipe pipe)
{
	return simhost_endpoint(pipe)->address;
}
