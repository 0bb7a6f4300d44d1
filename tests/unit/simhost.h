/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device behind a real transport: what comes on bulk OUT goes back on bulk IN. */
#ifndef TESTS_SIMHOST_H
#define TESTS_SIMHOST_H

#include "../../tools/sim/usbdev.h"
#include "../lib/harness.h"
#include "simclock.h"

struct simhost {
	struct usbdev *dev;
	struct transport *transport;
	unsigned int attached, failed, lost, configured;
	char said[256];			/* where, or why */
};

extern struct simhost simhost;

/* A gobi at high speed, not yet attached; takes over @transport. */
void simhost_start(struct transport *transport);
/* As a modem does that is pulled: detach, then nothing waits any more. */
void simhost_detach(void);
void simhost_free(void);
/* Bulk IN, bulk OUT and the interrupt endpoint of the QMI interface */
uint8_t simhost_address(enum usbdev_pipe pipe);
struct endpoint *simhost_endpoint(enum usbdev_pipe pipe);

#endif /* TESTS_SIMHOST_H */
