/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data pipes: formats, aggregation, calls, and the way to peer or tap. */
#ifndef SIM_DATAPLANE_H
#define SIM_DATAPLANE_H

#include "modem.h"
#include "stats.h"
#include "usbdev.h"

struct dataplane;

/* Faults that wait for the next transfers or packets to the host. */
enum dataplane_fault {
	DATAPLANE_SHORT,		/* transfer loses its tail */
	DATAPLANE_OVERSIZE,		/* or goes on with noise */
	DATAPLANE_DOUBLE,		/* transfer comes twice */
	DATAPLANE_LATE,			/* transfer comes @arg ms later */
	DATAPLANE_NO_ZLP,		/* full last packet, no empty one behind */
	DATAPLANE_BAD_CHECKSUM,		/* packet arrives damaged */
	DATAPLANE_BARE,			/* packet without its Ethernet header */
	DATAPLANE_MISADDRESSED,		/* frame to 00:a0:c6:00:00:00 */
	DATAPLANE_N_FAULTS,
};

struct dataplane *dataplane_new(struct usbdev *dev, struct usb_stats *stats);
void dataplane_free(struct dataplane *dp);
void dataplane_set_modem(struct dataplane *dp, struct modem *modem);
/* QMI port @port uses interface table entry @index. */
void dataplane_add_port(struct dataplane *dp, unsigned int port,
			unsigned int index);
/* Packets from the host go to @output instead of the built-in peer. */
void dataplane_set_output(struct dataplane *dp,
			  void (*output)(void *ctx, const uint8_t *packet,
					 size_t len), void *ctx);
/* Modem side: the wire format of @port changes. */
void dataplane_set_format(struct dataplane *dp, unsigned int port,
			  const struct modem_format *format);
/* Modem side: a call came or went. */
void dataplane_call(struct dataplane *dp, const struct modem_call *call, bool up);
/* A packet from the tap finds its call by its destination. */
void dataplane_input(struct dataplane *dp, const uint8_t *packet, size_t len);
/* The device left the bus or got a new configuration. */
void dataplane_reset(struct dataplane *dp);

void dataplane_set_fault(struct dataplane *dp, unsigned int port,
			 enum dataplane_fault fault, unsigned int arg,
			 unsigned int count);
/* @count transfers of noise, or without content, to the host. */
void dataplane_garbage(struct dataplane *dp, unsigned int port, unsigned int count);
void dataplane_empty(struct dataplane *dp, unsigned int port, unsigned int count);
/* @count transfers of these very bytes, whatever the format. */
void dataplane_inject(struct dataplane *dp, unsigned int port, const uint8_t *data,
		      size_t len, unsigned int count);
/* A packet that nobody asked for, on any mux id. */
void dataplane_packet(struct dataplane *dp, unsigned int port, uint8_t mux_id);
/*
 * QMAP flow control: stops or starts @mux_id. Returns 0, or -EPROTO if the
 * port does not speak QMAP towards the host.
 */
int dataplane_flow(struct dataplane *dp, unsigned int port, uint8_t mux_id,
		   bool stop);

#endif /* SIM_DATAPLANE_H */
