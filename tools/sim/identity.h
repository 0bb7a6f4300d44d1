/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each modem model looks like on the bus and calls itself. */
#ifndef SIM_IDENTITY_H
#define SIM_IDENTITY_H

#include "modem.h"
#include "usb.h"

#define IDENTITY_INTERFACES_MAX	8

enum interface_role {
	INTERFACE_DIAG,		/* takes everything, says nothing */
	INTERFACE_NMEA,		/* GNSS sentences; none here */
	INTERFACE_AT,		/* AT commands, PPP ports included */
	INTERFACE_AUDIO,
	INTERFACE_QMI,
	INTERFACE_DATA,		/* bulk endpoints of the QMI interface before it */
};

struct identity_interface {
	uint8_t number;			/* bInterfaceNumber */
	uint8_t class, subclass, protocol;
	enum interface_role role;
	bool notify;			/* has an interrupt endpoint */
	bool cdc;			/* CDC ACM functional descriptors */
	uint8_t slave;			/* CDC union names this INTERFACE_DATA; or 0 */
};

struct identity {
	const char *name;		/* --model */
	uint16_t vendor, product;
	uint16_t bcd_device;
	uint16_t bcd_usb;		/* at high speed */
	uint16_t bcd_usb_super;		/* 0: has no SuperSpeed */
	enum usb_speed speed;		/* the speed it is sold for */
	uint8_t device_class, device_subclass, device_protocol;
	unsigned int max_power;		/* mA at high speed */
	unsigned int max_power_super;	/* mA at SuperSpeed */
	bool needs_dtr;			/* mute on QMI until DTR is set */
	const char *usb_manufacturer, *usb_product, *usb_serial;
	struct modem_config firmware;
	unsigned int n_interfaces;
	struct identity_interface interfaces[IDENTITY_INTERFACES_MAX];
};

/* Returns the model called @name or NULL. */
const struct identity *identity_find(const char *name);
/* Returns model number @index, in the order of --help, or NULL. */
const struct identity *identity_at(unsigned int index);

#endif /* SIM_IDENTITY_H */
