// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of modem models. */
#include <stddef.h>
#include <string.h>

#include "bytes.h"
#include "identity.h"

#define QMAP_V1		(1u << 1)
#define QMAP_V4		(1u << 4)
#define QMAP_V5		(1u << 5)

#define DIAG(n, proto)	{ .number = (n), .class = 0xff, .subclass = 0xff, \
			  .protocol = (proto), .role = INTERFACE_DIAG }
#define SERIAL(n, proto, what, functional) \
			{ .number = (n), .class = 0xff, .subclass = 0x00, \
			  .protocol = (proto), .role = (what), .notify = true, \
			  .cdc = (functional) }
#define QMI(n)		{ .number = (n), .class = 0xff, .subclass = 0xff, \
			  .protocol = 0xff, .role = INTERFACE_QMI, .notify = true }

static const struct identity identities[] = {
	{
		.name = "ec25",
		.vendor = 0x2c7c, .product = 0x0125, .bcd_device = 0x0318,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.device_class = 0xef, .device_subclass = 2, .device_protocol = 1,
		.max_power = 500, .needs_dtr = true,
		.usb_manufacturer = "Quectel", .usb_product = "EC25-E",
		.firmware = {
			.manufacturer = "QUALCOMM INCORPORATED",
			.model = "EC25", .revision = "EC25EFAR06A06M4G",
			.imei = "860425040123455",
			.n_ports = 1, .interface = { 4 },
			.qmap_mask = QMAP_V1,
		},
		.n_interfaces = 5,
		.interfaces = {
			DIAG(0, 0xff),
			SERIAL(1, 0, INTERFACE_NMEA, true),
			SERIAL(2, 0, INTERFACE_AT, true),
			SERIAL(3, 0, INTERFACE_AT, true),
			QMI(4),
		},
	}, {
		.name = "rm520n",
		.vendor = 0x2c7c, .product = 0x0801, .bcd_device = 0x0504,
		.bcd_usb = 0x0210, .bcd_usb_super = 0x0320,
		.speed = USB_SPEED_SUPER,
		.device_class = 0xef, .device_subclass = 2, .device_protocol = 1,
		.max_power = 500, .max_power_super = 896, .needs_dtr = true,
		.usb_manufacturer = "Quectel", .usb_product = "RM520N-GL",
		.usb_serial = "7b4f0c52",
		.firmware = {
			.manufacturer = "Quectel", .model = "RM520N-GL",
			.revision = "RM520NGLAAR03A03M4G",
			.imei = "868371050123450",
			.n_ports = 1, .interface = { 4 },
			.raw_ip_only = true, .nr = true,
			.qmap_mask = QMAP_V1 | QMAP_V4 | QMAP_V5,
		},
		.n_interfaces = 5,
		.interfaces = {
			DIAG(0, 0x30),
			SERIAL(1, 0x40, INTERFACE_NMEA, true),
			SERIAL(2, 0, INTERFACE_AT, true),
			SERIAL(3, 0, INTERFACE_AT, true),
			QMI(4),
		},
	}, {
		.name = "em7455",
		.vendor = 0x1199, .product = 0x9071, .bcd_device = 0x0006,
		.bcd_usb = 0x0210, .bcd_usb_super = 0x0300,
		.speed = USB_SPEED_HIGH,
		.max_power = 500, .max_power_super = 504, .needs_dtr = true,
		.usb_manufacturer = "Sierra Wireless, Incorporated",
		.usb_product = "Sierra Wireless EM7455 Qualcomm Snapdragon X7 LTE-A",
		.usb_serial = "LF71234567010123",
		.firmware = {
			.manufacturer = "Sierra Wireless, Incorporated",
			.model = "EM7455", .revision = "SWI9X30C_02.33.03.00",
			.imei = "359072061234569",
			.n_ports = 2, .interface = { 8, 10 },
			.qmap_mask = QMAP_V1,
		},
		.n_interfaces = 5,
		.interfaces = {
			DIAG(0, 0xff),
			SERIAL(2, 0, INTERFACE_NMEA, false),
			SERIAL(3, 0, INTERFACE_AT, true),
			QMI(8),
			QMI(10),
		},
	}, {
		.name = "sim7600",
		.vendor = 0x1e0e, .product = 0x9001, .bcd_device = 0x0318,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.max_power = 500, .needs_dtr = true,
		.usb_manufacturer = "SimTech, Incorporated",
		.usb_product = "SimTech, Incorporated",
		.usb_serial = "0123456789ABCDEF",
		.firmware = {
			.manufacturer = "SIMCOM INCORPORATED",
			.model = "SIMCOM_SIM7600E-H",
			.revision = "LE20B04SIM7600M22",
			.imei = "862636051234563",
			.n_ports = 1, .interface = { 5 },
			.voice = true,
			.qmap_mask = QMAP_V1,
		},
		.n_interfaces = 6,
		.interfaces = {
			DIAG(0, 0xff),
			SERIAL(1, 0, INTERFACE_NMEA, true),
			SERIAL(2, 0, INTERFACE_AT, true),
			SERIAL(3, 0, INTERFACE_AT, true),
			SERIAL(4, 0, INTERFACE_AUDIO, true),
			QMI(5),
		},
	}, {
		.name = "gobi",
		.vendor = 0x16d8, .product = 0x6003, .bcd_device = 0x0000,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.max_power = 500,
		.usb_manufacturer = "C-motech", .usb_product = "CHU-720S",
		.firmware = {
			.manufacturer = "QUALCOMM INCORPORATED",
			.model = "CHU-720S", .revision = "D1025-STSUTGNZ-1025",
			.imei = "356938035643809",
			.n_ports = 1, .interface = { 0 },
			.qmap_mask = QMAP_V1,
		},
		.n_interfaces = 1,
		.interfaces = { QMI(0) },
	}, {
		/* Two makers used this id: this one has QMI on interface 4, ... */
		.name = "ec20",
		.vendor = 0x05c6, .product = 0x9215, .bcd_device = 0x0232,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.max_power = 500,
		.usb_manufacturer = "Quectel", .usb_product = "Quectel EC20",
		.firmware = {
			.manufacturer = "QUALCOMM INCORPORATED",
			.model = "EC20", .revision = "EC20EQAR02A12E2G",
			.imei = "861107030123450",
			.n_ports = 1, .interface = { 4 },
		},
		.n_interfaces = 5,
		.interfaces = {
			DIAG(0, 0xff),
			SERIAL(1, 0, INTERFACE_NMEA, true),
			SERIAL(2, 0, INTERFACE_AT, true),
			SERIAL(3, 0, INTERFACE_AT, true),
			QMI(4),
		},
	}, {
		/* ... and this one on interface 0, of four. */
		.name = "gobi2000",
		.vendor = 0x05c6, .product = 0x9215, .bcd_device = 0x0002,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.max_power = 500,
		.usb_manufacturer = "Qualcomm Incorporated",
		.usb_product = "Qualcomm Gobi 2000",
		.firmware = {
			.manufacturer = "QUALCOMM INCORPORATED",
			.model = "VP413", .revision = "D3200-STSUGN-1575",
			.imei = "352812030123451",
			.n_ports = 1, .interface = { 0 },
		},
		.n_interfaces = 4,
		.interfaces = {
			QMI(0),
			DIAG(1, 0xff),
			SERIAL(2, 0, INTERFACE_AT, false),
			SERIAL(3, 0, INTERFACE_NMEA, false),
		},
	}, {
		/* Control and data are a pair that a CDC union describes. */
		.name = "e392",
		.vendor = 0x12d1, .product = 0x1506, .bcd_device = 0x0000,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.max_power = 500,
		.usb_manufacturer = "Huawei Technologies",
		.usb_product = "HUAWEI Mobile",
		.firmware = {
			.manufacturer = "huawei", .model = "E392",
			.revision = "11.836.11.00.00",
			.imei = "861195000123454",
			.n_ports = 1, .interface = { 1 },
		},
		.n_interfaces = 3,
		.interfaces = {
			{ .number = 0, .class = 0xff, .subclass = 0x01,
			  .protocol = 0x02, .role = INTERFACE_AT },
			{ .number = 1, .class = 0xff, .subclass = 0x01,
			  .protocol = 0x09, .role = INTERFACE_QMI,
			  .notify = true, .slave = 2 },
			{ .number = 2, .class = 0xff, .subclass = 0x01,
			  .protocol = 0x08, .role = INTERFACE_DATA },
		},
	}, {
		/*
		 * Quectel EM060K: the interface moves with AT+QCFG="usbcfg", so
		 * drivers find it by class ff/ff/ff and three endpoints only.
		 */
		.name = "ffff",
		.vendor = 0x2c7c, .product = 0x030b, .bcd_device = 0x0504,
		.bcd_usb = 0x0210, .bcd_usb_super = 0x0300,
		.speed = USB_SPEED_HIGH,
		.device_class = 0xef, .device_subclass = 2, .device_protocol = 1,
		.max_power = 500, .max_power_super = 896, .needs_dtr = true,
		.usb_manufacturer = "Quectel", .usb_product = "EM060K-GL",
		.usb_serial = "9d3a5f18",
		.firmware = {
			.manufacturer = "Quectel", .model = "EM060K-GL",
			.revision = "EM060KGLAAR01A07M2G",
			.imei = "869710030012342",
			.n_ports = 1, .interface = { 3 },
			.raw_ip_only = true,
			.qmap_mask = QMAP_V1 | QMAP_V5,
		},
		.n_interfaces = 4,
		.interfaces = {
			DIAG(0, 0x30),
			SERIAL(1, 0x40, INTERFACE_NMEA, true),
			{ .number = 2, .class = 0xff, .subclass = 0xff,
			  .protocol = 0x40, .role = INTERFACE_AT,
			  .notify = true, .cdc = true },
			QMI(3),
		},
	}, {
		/*
		 * No modem: Qualcomm's boot loader, as a module is while its firmware is
		 * written. Its interface looks like none of QMI, and nobody asks it.
		 */
		.name = "qdl",
		.vendor = 0x05c6, .product = 0x9008, .bcd_device = 0x0000,
		.bcd_usb = 0x0200, .speed = USB_SPEED_HIGH,
		.max_power = 2,
		.usb_manufacturer = "Qualcomm CDMA Technologies MSM",
		.usb_product = "QUSB_BULK",
		.firmware = {
			.manufacturer = "", .model = "", .revision = "",
			.imei = "000000000000000",
			.n_ports = 1, .interface = { 0 },
		},
		.n_interfaces = 1,
		.interfaces = {
			{ .number = 0, .class = 0xff, .subclass = 0xff,
			  .protocol = 0x11, .role = INTERFACE_QMI },
		},
	},
};

const struct identity *identity_at(unsigned int index)
{
	if (index >= ARRAY_SIZE(identities))
		return NULL;
	return &identities[index];
}

const struct identity *identity_find(const char *name)
{
	const struct identity *identity;
	unsigned int i;

	for (i = 0; (identity = identity_at(i)); i++)
		if (!strcmp(identity->name, name))
			return identity;
	return NULL;
}
