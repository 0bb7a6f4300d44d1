/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way to the host of one QMI port: transfers, aggregates, and their faults. */
#ifndef SIM_DOWNLINK_H
#define SIM_DOWNLINK_H

#include "qmap-sim.h"
#include "stats.h"
#include "usbdev.h"

/* The largest transfer, and so the largest packet within one */
#define TRANSFER_MAX		65536

/* Faults that wait for the next transfers or packets to the host. */
enum downlink_fault {
	DOWNLINK_SHORT,			/* transfer loses its tail */
	DOWNLINK_OVERSIZE,		/* or goes on with noise */
	DOWNLINK_DOUBLE,		/* transfer comes twice */
	DOWNLINK_LATE,			/* transfer comes @arg ms later */
	DOWNLINK_NO_ZLP,		/* full last packet, no empty one behind */
	DOWNLINK_BAD_CHECKSUM,		/* packet arrives damaged */
	DOWNLINK_WRONG_VERDICT,		/* what is said of its checksum is wrong */
	DOWNLINK_BARE,			/* packet without its Ethernet header */
	DOWNLINK_MISADDRESSED,		/* frame to 00:a0:c6:00:00:00 */
	DOWNLINK_N_FAULTS,
};

struct downlink;

/* On interface table entry @index; @dev and @stats must outlive it. */
struct downlink *downlink_new(struct usbdev *dev, unsigned int index,
			      struct usb_stats *stats);
void downlink_free(struct downlink *dl);
/* What comes now has another wire format; what was sent before leaves first. */
void downlink_set_format(struct downlink *dl, const struct modem_format *format);
/* The device left the bus or got a new configuration: forgets what waits. */
void downlink_reset(struct downlink *dl);

/* A frame or packet in the format of the port. */
void downlink_send(struct downlink *dl, uint8_t mux_id, const uint8_t *data,
		   size_t len);
/*
 * A QMAP command, in a transfer of its own. Returns 0, or -EPROTO if the port does not
 * speak QMAP towards the host.
 */
int downlink_command(struct downlink *dl, const struct qmap_command *command);

/* The next @count transfers or packets suffer @fault; 0 takes it back. */
void downlink_set_fault(struct downlink *dl, enum downlink_fault fault,
			unsigned int arg, unsigned int count);
/* Whether @fault hits now; then one is spent. Faults of packets are done by who asks. */
bool downlink_fault_hits(struct downlink *dl, enum downlink_fault fault);
/* @count transfers of noise. */
void downlink_garbage(struct downlink *dl, unsigned int count);
/* @count transfers of these very bytes, or of none, whatever the format. */
void downlink_inject(struct downlink *dl, const uint8_t *data, size_t len,
		     unsigned int count);

#endif /* SIM_DOWNLINK_H */
