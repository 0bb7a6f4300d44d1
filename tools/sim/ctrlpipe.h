/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control pipe of one QMI interface: frames, notifications, their faults. */
#ifndef SIM_CTRLPIPE_H
#define SIM_CTRLPIPE_H

#include "stats.h"
#include "usbdev.h"

struct ctrlpipe;

struct ctrlpipe_config {
	struct usbdev *dev;
	unsigned int index;		/* of the interface in the identity */
	unsigned int port;		/* QMI port number, for the callbacks */
	bool needs_dtr;
	struct usb_stats *stats;
	void *ctx;
	/* A frame came from the host. */
	void (*command)(void *ctx, unsigned int port, const uint8_t *frame,
			size_t len);
	/* DTR changed. */
	void (*dtr)(void *ctx, unsigned int port, bool on);
};

/* Faults that wait for their next victim. */
enum ctrlpipe_fault {
	CTRLPIPE_LATE,			/* arg: ms */
	CTRLPIPE_DOUBLE,
	CTRLPIPE_TRUNCATE,		/* arg: bytes that are left */
	CTRLPIPE_OVERSIZE,		/* padded beyond what a host reads */
	CTRLPIPE_NOTIFY_LOSE,
	CTRLPIPE_NOTIFY_DOUBLE,
	CTRLPIPE_N_FAULTS,
};

/* The config is copied. */
struct ctrlpipe *ctrlpipe_new(const struct ctrlpipe_config *config);
void ctrlpipe_free(struct ctrlpipe *pipe);
/* Queues a frame for the host and notifies it. */
void ctrlpipe_send(struct ctrlpipe *pipe, const uint8_t *frame, size_t len);
/* The next @count frames suffer @fault; 0 takes it back. */
void ctrlpipe_set_fault(struct ctrlpipe *pipe, enum ctrlpipe_fault fault,
			unsigned int arg, unsigned int count);
/* Requests are neither answered nor refused for @ms. */
void ctrlpipe_hang(struct ctrlpipe *pipe, unsigned int ms);
/* Queues @count frames of noise, deterministic for a given seed. */
void ctrlpipe_garbage(struct ctrlpipe *pipe, unsigned int count);
/* The next encapsulated request is stalled, @count times. */
void ctrlpipe_stall(struct ctrlpipe *pipe, unsigned int count);
/* Frames that wait for the host. */
unsigned int ctrlpipe_pending(const struct ctrlpipe *pipe);

#endif /* SIM_CTRLPIPE_H */
