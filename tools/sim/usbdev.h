/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USB device: control requests, configuration and its endpoints. */
#ifndef SIM_USBDEV_H
#define SIM_USBDEV_H

#include "descriptors.h"
#include "endpoint.h"
#include "transport.h"

/* What stands behind one interface. */
struct function_ops {
	/*
	 * A class request to the interface. Takes over @urb; usbdev_complete()
	 * follows now or later.
	 */
	void (*control)(void *ctx, struct urb *urb);
	/* Forgets a control block it still holds; false if it holds none @id. */
	bool (*cancel)(void *ctx, uint64_t id);
	/* Bus reset, new configuration or unplug: back to the first state. */
	void (*reset)(void *ctx);
};

struct usbdev;

/*
 * A device of @identity on no bus yet. @identity and @configured's @ctx must
 * outlive it; @configured (may be NULL) is told of each SET_CONFIGURATION.
 */
struct usbdev *usbdev_new(const struct identity *identity,
			  void (*configured)(void *ctx, uint8_t value), void *ctx);
void usbdev_free(struct usbdev *dev);

/* Puts @ops behind interface table entry @index. */
void usbdev_set_function(struct usbdev *dev, unsigned int index,
			 const struct function_ops *ops, void *ctx);
/* Whole transfers on the bulk OUT endpoint of entry @index go to @receive. */
void usbdev_set_receiver(struct usbdev *dev, unsigned int index,
			 void (*receive)(void *ctx, const uint8_t *data, size_t len),
			 void *ctx);

enum usbdev_pipe {
	USBDEV_PIPE_IN,
	USBDEV_PIPE_OUT,
	USBDEV_PIPE_NOTIFY,
};

/* The endpoint of interface table entry @index, or NULL if it has none. */
struct endpoint *usbdev_endpoint(struct usbdev *dev, unsigned int index,
				 enum usbdev_pipe pipe);
/* Endpoint by address, or NULL. */
struct endpoint *usbdev_endpoint_at(struct usbdev *dev, uint8_t address);

/* The transport is about to present @dev. Returns 0 or -EOPNOTSUPP. */
int usbdev_connect(struct usbdev *dev, struct transport *transport);
/* Nothing waits any more; functions are reset. */
void usbdev_disconnect(struct usbdev *dev);
const struct descriptors *usbdev_descriptors(const struct usbdev *dev);
bool usbdev_is_connected(const struct usbdev *dev);
bool usbdev_is_configured(const struct usbdev *dev);

/* Transport side: takes over @urb. */
void usbdev_submit(struct usbdev *dev, struct urb *urb);
/* Transport side: true if block @id was still waiting; it is freed. */
bool usbdev_cancel(struct usbdev *dev, uint64_t id);
/* Transport side: the host reset the port. */
void usbdev_reset(struct usbdev *dev);
/* Transport side: configuration and remote wakeup as the host set them. */
uint8_t usbdev_configuration(const struct usbdev *dev);
int usbdev_set_configuration(struct usbdev *dev, uint8_t value);
bool usbdev_may_wake(const struct usbdev *dev);

/* Function side: ends a control block with @status (0 or -EPIPE). */
void usbdev_complete(struct usbdev *dev, struct urb *urb, int status);

#endif /* SIM_USBDEV_H */
