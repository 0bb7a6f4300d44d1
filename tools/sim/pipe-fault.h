/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults of a QMI port's pipes: control and data, and the endpoints below them. */
#ifndef SIM_PIPE_FAULT_H
#define SIM_PIPE_FAULT_H

#include "action.h"
#include "ctrlpipe.h"
#include "dataplane.h"

/* The pipes of one QMI port; owns none of them. */
struct pipes {
	struct usbdev *dev;
	unsigned int index;		/* of the interface in the identity */
	struct ctrlpipe *ctrl;
	struct dataplane *dp;
	struct usb_stats *stats;
};

/* Does @action to the pipes of its port, if it is a fault of pipes. */
void pipe_fault(const struct pipes *pipes, const struct action *action);

#endif /* SIM_PIPE_FAULT_H */
