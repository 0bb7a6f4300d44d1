/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial ports beside QMI: a small AT responder, or a port that is silent. */
#ifndef SIM_SERIAL_H
#define SIM_SERIAL_H

#include "modem.h"
#include "usbdev.h"

struct serial;

/*
 * Answers on interface table entry @index of @dev. @modem is asked for what AT
 * commands report and may be set later by serial_set_modem().
 */
struct serial *serial_new(struct usbdev *dev, unsigned int index);
void serial_free(struct serial *serial);
void serial_set_modem(struct serial *serial, struct modem *modem,
		      const struct modem_config *config);
/* What it gets for @ms is lost: firmware that hangs. */
void serial_hang(struct serial *serial, unsigned int ms);
/* Noise comes before the next @n answers. */
void serial_garbage(struct serial *serial, unsigned int n);

#endif /* SIM_SERIAL_H */
