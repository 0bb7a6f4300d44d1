/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seam between the device model and what carries it to a host. */
#ifndef SIM_TRANSPORT_H
#define SIM_TRANSPORT_H

#include "usb.h"

struct transport;
struct usbdev;

/* What a transport tells the simulator; called from the main loop only. */
struct transport_events {
	/* The host sees the device now; @where names port or socket. */
	void (*attached)(void *ctx, const char *where);
	/* Plugging in failed for good; @why is a sentence. */
	void (*failed)(void *ctx, const char *why);
	/* The host side went away; attach again or give up. */
	void (*lost)(void *ctx, const char *why);
};

struct transport_ops {
	/* Begins to plug in @dev; one of the events follows. */
	void (*attach)(struct transport *transport);
	/* Plugs out at once; request blocks that wait are the caller's. */
	void (*detach)(struct transport *transport);
	/* Hands a finished request block back to the host and frees it. */
	void (*complete)(struct transport *transport, struct urb *urb);
	void (*free)(struct transport *transport);
};

struct transport {
	const struct transport_ops *ops;
	struct usbdev *dev;
	enum usb_speed speed;
	const struct transport_events *events;
	void *ctx;			/* of @events */
};

/* Transports; the caller fills everything but @ops of what they return. */
struct transport *vhci_new(void);
/* @path: a UNIX socket that QEMU's usb-redir chardev listens on. */
struct transport *usbredir_new(const char *path);

#endif /* SIM_TRANSPORT_H */
