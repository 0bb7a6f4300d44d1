/* SPDX-License-Identifier: GPL-2.0-only */
/* The USB ids of QMI ports: which interface of which device, and its quirks. */
#ifndef M2M_IDS_H
#define M2M_IDS_H

#include <linux/bits.h>
#include <linux/usb.h>

/*
 * DOC: What a match does not say
 *
 * The table is a superset of mainline qmi_wwan's; tests/lint/ids.py keeps it so,
 * sorted and without doubles. A matching row is not yet a QMI port, probe
 * also has to refuse
 *
 *  - an interface matched by number whose class is not 0xff: the same number
 *    is another function in another composition of the same device;
 *  - an interface with exactly two endpoints: that is DIAG, which shares class
 *    ff/ff/ff with QMI on Quectel's and others. QMI has bulk in, bulk out and
 *    interrupt in;
 *  - interface 0 of M2M_QUIRK_NOT_EC20 in a configuration of five interfaces.
 *
 * Rows of class 02/06/00, and of Huawei's marked "CDC union", match the control
 * interface of a pair: bulk endpoints sit on the slave interface that the
 * union descriptor names, and probe claims it. Where that descriptor
 * contradicts itself the matched interface is taken for both, as everywhere
 * else.
 *
 * DTR is raised for a row with M2M_QUIRK_DTR and for every device of USB 2.01
 * or later (bcdUSB >= 0x0201): from the MDM9x30 on, a modem without it answers
 * nothing. Remote wakeup then stays on for as long as the port is bound,
 * since turning it off is to such a modem as dropping DTR, and voids its
 * client ids.
 *
 * An id written to new_id matches every interface of the device whose class
 * it names (all, without one) and comes with a driver_info of 0, that is
 * without quirks, unless it names a row to take them from.
 */

#define M2M_QUIRK_DTR		BIT(0)	/* silent until DTR is raised */
#define M2M_QUIRK_NOT_EC20	BIT(1)	/* with five interfaces: a Quectel EC20, QMI is on 4 */

/* Interface @number of a device; its class must be 0xff */
#define M2M_INTF(vendor, product, number, quirks) {			\
	USB_DEVICE_INTERFACE_NUMBER(vendor, product, number),		\
	.driver_info = (quirks) }

/* Whichever interface of a device has this class, subclass and protocol */
#define M2M_CLASS(vendor, product, class, subclass, protocol, quirks) {	\
	USB_DEVICE_AND_INTERFACE_INFO(vendor, product, class, subclass,	\
				      protocol),			\
	.driver_info = (quirks) }

/* The same, of any device of a vendor */
#define M2M_VENDOR(vendor, class, subclass, protocol, quirks) {		\
	USB_VENDOR_AND_INTERFACE_INFO(vendor, class, subclass, protocol),	\
	.driver_info = (quirks) }

/* Sorted by vendor, product, interface number; class rows come first. */
static const struct usb_device_id m2m_usb_ids[] = {
	/* HP */
	M2M_INTF(0x03f0, 0x1f1d, 3, 0),			/* un2400 Gobi 1000 */
	M2M_INTF(0x03f0, 0x251d, 0, 0),			/* Gobi 2000, VP412 */
	M2M_INTF(0x03f0, 0x371d, 0, 0),			/* un2430 */
	M2M_CLASS(0x03f0, 0x421d, 0x02, 0x06, 0x00, 0),	/* lt2523, Novatel E371 */
	M2M_INTF(0x03f0, 0x4e1d, 8, 0),			/* lt4111 */
	M2M_CLASS(0x03f0, 0x581d, 0xff, 0x01, 0x07, 0),	/* lt4112, Huawei me906e */
	M2M_INTF(0x03f0, 0x9d1d, 1, 0),			/* lt4120 X5 */

	/* Quanta */
	M2M_INTF(0x0408, 0xea42, 4, 0),			/* Yota M100-1 */

	/* Foxconn */
	M2M_INTF(0x0489, 0xe0b4, 0, 0),			/* T77W968 LTE */
	M2M_INTF(0x0489, 0xe0b5, 0, 0),			/* T77W968 LTE, eSIM */

	/* Panasonic */
	M2M_INTF(0x04da, 0x250d, 3, 0),			/* Gobi 1000 */

	/* Qualcomm */
	M2M_INTF(0x05c6, 0x6001, 3, 0),			/* 4G LTE U901 */
	M2M_INTF(0x05c6, 0x7000, 0, 0),
	M2M_INTF(0x05c6, 0x7001, 1, 0),
	M2M_INTF(0x05c6, 0x7002, 1, 0),
	M2M_INTF(0x05c6, 0x7101, 1, 0),
	M2M_INTF(0x05c6, 0x7101, 2, 0),
	M2M_INTF(0x05c6, 0x7101, 3, 0),
	M2M_INTF(0x05c6, 0x7102, 1, 0),
	M2M_INTF(0x05c6, 0x7102, 2, 0),
	M2M_INTF(0x05c6, 0x7102, 3, 0),
	M2M_INTF(0x05c6, 0x8000, 7, 0),
	M2M_INTF(0x05c6, 0x8001, 6, 0),
	M2M_INTF(0x05c6, 0x9000, 4, 0),
	M2M_INTF(0x05c6, 0x9001, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x05c6, 0x9002, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x05c6, 0x9003, 4, 0),
	M2M_INTF(0x05c6, 0x9005, 2, 0),
	M2M_INTF(0x05c6, 0x9009, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x05c6, 0x900a, 4, 0),
	M2M_INTF(0x05c6, 0x900b, 2, 0),
	M2M_INTF(0x05c6, 0x900c, 4, 0),
	M2M_INTF(0x05c6, 0x900c, 5, 0),
	M2M_INTF(0x05c6, 0x900c, 6, 0),
	M2M_INTF(0x05c6, 0x900d, 5, 0),
	M2M_INTF(0x05c6, 0x900f, 3, 0),
	M2M_INTF(0x05c6, 0x900f, 4, 0),
	M2M_INTF(0x05c6, 0x900f, 5, 0),
	M2M_INTF(0x05c6, 0x9010, 4, 0),
	M2M_INTF(0x05c6, 0x9010, 5, 0),
	M2M_INTF(0x05c6, 0x9011, 3, 0),
	M2M_INTF(0x05c6, 0x9011, 4, 0),
	M2M_INTF(0x05c6, 0x9021, 1, 0),
	M2M_INTF(0x05c6, 0x9022, 2, 0),
	M2M_INTF(0x05c6, 0x9025, 4, M2M_QUIRK_DTR),	/* ASB TL131 */
	M2M_INTF(0x05c6, 0x9026, 3, 0),
	M2M_INTF(0x05c6, 0x902e, 5, 0),
	M2M_INTF(0x05c6, 0x9031, 5, 0),
	M2M_INTF(0x05c6, 0x9032, 4, 0),
	M2M_INTF(0x05c6, 0x9033, 3, 0),
	M2M_INTF(0x05c6, 0x9033, 4, 0),
	M2M_INTF(0x05c6, 0x9033, 5, 0),
	M2M_INTF(0x05c6, 0x9033, 6, 0),
	M2M_INTF(0x05c6, 0x9034, 3, 0),
	M2M_INTF(0x05c6, 0x9034, 4, 0),
	M2M_INTF(0x05c6, 0x9034, 5, 0),
	M2M_INTF(0x05c6, 0x9034, 6, 0),
	M2M_INTF(0x05c6, 0x9034, 7, 0),
	M2M_INTF(0x05c6, 0x9035, 4, 0),
	M2M_INTF(0x05c6, 0x9036, 3, 0),
	M2M_INTF(0x05c6, 0x9037, 5, 0),
	M2M_INTF(0x05c6, 0x9038, 4, 0),
	M2M_INTF(0x05c6, 0x903b, 7, 0),
	M2M_INTF(0x05c6, 0x903c, 6, 0),
	M2M_INTF(0x05c6, 0x903d, 6, 0),
	M2M_INTF(0x05c6, 0x903e, 5, 0),
	M2M_INTF(0x05c6, 0x9043, 3, 0),
	M2M_INTF(0x05c6, 0x9046, 3, 0),
	M2M_INTF(0x05c6, 0x9046, 4, 0),
	M2M_INTF(0x05c6, 0x9046, 5, 0),
	M2M_INTF(0x05c6, 0x9047, 2, 0),
	M2M_INTF(0x05c6, 0x9047, 3, 0),
	M2M_INTF(0x05c6, 0x9047, 4, 0),
	M2M_INTF(0x05c6, 0x9048, 4, 0),
	M2M_INTF(0x05c6, 0x9048, 5, 0),
	M2M_INTF(0x05c6, 0x9048, 6, 0),
	M2M_INTF(0x05c6, 0x9048, 7, 0),
	M2M_INTF(0x05c6, 0x9048, 8, 0),
	M2M_INTF(0x05c6, 0x904c, 5, 0),
	M2M_INTF(0x05c6, 0x904c, 6, 0),
	M2M_INTF(0x05c6, 0x904c, 7, 0),
	M2M_INTF(0x05c6, 0x904c, 8, 0),
	M2M_INTF(0x05c6, 0x9050, 3, 0),
	M2M_INTF(0x05c6, 0x9052, 4, 0),
	M2M_INTF(0x05c6, 0x9053, 6, 0),
	M2M_INTF(0x05c6, 0x9053, 7, 0),
	M2M_INTF(0x05c6, 0x9054, 5, 0),
	M2M_INTF(0x05c6, 0x9054, 6, 0),
	M2M_INTF(0x05c6, 0x9055, 3, 0),
	M2M_INTF(0x05c6, 0x9055, 4, 0),
	M2M_INTF(0x05c6, 0x9055, 5, 0),
	M2M_INTF(0x05c6, 0x9055, 6, 0),
	M2M_INTF(0x05c6, 0x9055, 7, 0),
	M2M_INTF(0x05c6, 0x9056, 3, 0),
	M2M_INTF(0x05c6, 0x9062, 2, 0),
	M2M_INTF(0x05c6, 0x9062, 3, 0),
	M2M_INTF(0x05c6, 0x9062, 4, 0),
	M2M_INTF(0x05c6, 0x9062, 5, 0),
	M2M_INTF(0x05c6, 0x9062, 6, 0),
	M2M_INTF(0x05c6, 0x9062, 7, 0),
	M2M_INTF(0x05c6, 0x9062, 8, 0),
	M2M_INTF(0x05c6, 0x9062, 9, 0),
	M2M_INTF(0x05c6, 0x9064, 3, 0),
	M2M_INTF(0x05c6, 0x9065, 6, 0),
	M2M_INTF(0x05c6, 0x9065, 7, 0),
	M2M_INTF(0x05c6, 0x9066, 5, 0),
	M2M_INTF(0x05c6, 0x9066, 6, 0),
	M2M_INTF(0x05c6, 0x9067, 1, 0),
	M2M_INTF(0x05c6, 0x9068, 2, 0),
	M2M_INTF(0x05c6, 0x9068, 3, 0),
	M2M_INTF(0x05c6, 0x9068, 4, 0),
	M2M_INTF(0x05c6, 0x9068, 5, 0),
	M2M_INTF(0x05c6, 0x9068, 6, 0),
	M2M_INTF(0x05c6, 0x9068, 7, 0),
	M2M_INTF(0x05c6, 0x9069, 5, 0),
	M2M_INTF(0x05c6, 0x9069, 6, 0),
	M2M_INTF(0x05c6, 0x9069, 7, 0),
	M2M_INTF(0x05c6, 0x9069, 8, 0),
	M2M_INTF(0x05c6, 0x9070, 4, 0),
	M2M_INTF(0x05c6, 0x9070, 5, 0),
	M2M_INTF(0x05c6, 0x9075, 5, 0),
	M2M_INTF(0x05c6, 0x9076, 4, 0),
	M2M_INTF(0x05c6, 0x9076, 5, 0),
	M2M_INTF(0x05c6, 0x9076, 6, 0),
	M2M_INTF(0x05c6, 0x9076, 7, 0),
	M2M_INTF(0x05c6, 0x9076, 8, 0),
	M2M_INTF(0x05c6, 0x9077, 3, 0),
	M2M_INTF(0x05c6, 0x9077, 4, 0),
	M2M_INTF(0x05c6, 0x9077, 5, 0),
	M2M_INTF(0x05c6, 0x9077, 6, 0),
	M2M_INTF(0x05c6, 0x9078, 3, 0),
	M2M_INTF(0x05c6, 0x9079, 4, 0),
	M2M_INTF(0x05c6, 0x9079, 5, 0),
	M2M_INTF(0x05c6, 0x9079, 6, 0),
	M2M_INTF(0x05c6, 0x9079, 7, 0),
	M2M_INTF(0x05c6, 0x9079, 8, 0),
	M2M_INTF(0x05c6, 0x9080, 5, 0),
	M2M_INTF(0x05c6, 0x9080, 6, 0),
	M2M_INTF(0x05c6, 0x9080, 7, 0),
	M2M_INTF(0x05c6, 0x9080, 8, 0),
	M2M_INTF(0x05c6, 0x9083, 3, 0),
	M2M_INTF(0x05c6, 0x9084, 4, 0),
	M2M_INTF(0x05c6, 0x9091, 2, M2M_QUIRK_DTR),	/* Compal RXM-G1 */
	M2M_INTF(0x05c6, 0x90b2, 3, 0),			/* u-blox R410M */
	M2M_INTF(0x05c6, 0x90db, 2, M2M_QUIRK_DTR),	/* Compal RXM-G1 */
	M2M_INTF(0x05c6, 0x9202, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x05c6, 0x9203, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x05c6, 0x9205, 0, 0),			/* Gobi 2000 */
	M2M_INTF(0x05c6, 0x920b, 0, 0),			/* Gobi 2000 */
	M2M_INTF(0x05c6, 0x920d, 0, 0),
	M2M_INTF(0x05c6, 0x920d, 5, 0),
	M2M_INTF(0x05c6, 0x9212, 3, 0),			/* Acer Gobi 1000 */
	M2M_INTF(0x05c6, 0x9215, 0, M2M_QUIRK_NOT_EC20),	/* Acer Gobi 2000, VP413 */
	M2M_INTF(0x05c6, 0x9215, 4, 0),			/* Quectel EC20 Mini PCIe */
	M2M_INTF(0x05c6, 0x9222, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x05c6, 0x9225, 0, 0),			/* Sony Gobi 2000, N0279, VU730 */
	M2M_INTF(0x05c6, 0x9235, 0, 0),			/* Top Global Gobi 2000, VR306 */
	M2M_INTF(0x05c6, 0x9245, 0, 0),			/* Samsung Gobi 2000, VL176 */
	M2M_INTF(0x05c6, 0x9265, 0, 0),			/* Asus Gobi 2000, VR305 */
	M2M_INTF(0x05c6, 0x9275, 0, 0),			/* iRex Technologies Gobi 2000, VR307 */
	M2M_INTF(0x05c6, 0x9625, 4, M2M_QUIRK_DTR),	/* YUGA CLM920-NC5 */

	/* Netgear */
	M2M_INTF(0x0846, 0x68a2, 8, 0),
	M2M_INTF(0x0846, 0x68d3, 8, 0),			/* AirCard 779S */

	/* Option */
	M2M_INTF(0x0af0, 0x8120, 0, 0),			/* GTM681W */

	/* Asus */
	M2M_INTF(0x0b05, 0x1776, 3, 0),			/* Gobi 1000 */

	/* Olivetti */
	M2M_INTF(0x0b3c, 0xc000, 4, 0),			/* Olicard 100 */
	M2M_INTF(0x0b3c, 0xc001, 4, 0),			/* Olicard 120 */
	M2M_INTF(0x0b3c, 0xc002, 4, 0),			/* Olicard 140 */
	M2M_INTF(0x0b3c, 0xc004, 6, 0),			/* Olicard 155 */
	M2M_INTF(0x0b3c, 0xc005, 6, 0),			/* Olicard 200 */
	M2M_INTF(0x0b3c, 0xc00a, 6, 0),			/* Olicard 160 */
	M2M_INTF(0x0b3c, 0xc00b, 4, 0),			/* Olicard 500 */

	/* AirPrime */
	M2M_INTF(0x0f3d, 0x68a2, 8, 0),			/* Sierra Wireless MC7700 */

	/* Pantech */
	M2M_VENDOR(0x106c, 0xff, 0xf0, 0xff, 0),	/* UML290, P4200 */
	M2M_VENDOR(0x106c, 0xff, 0xf1, 0xff, 0),	/* UML290, later firmware */

	/* Wavecom */
	M2M_INTF(0x114f, 0x68a2, 8, 0),			/* Sierra Wireless MC7750 */

	/* Sierra Wireless */
	M2M_INTF(0x1199, 0x68a2, 8, 0),			/* MC7710 */
	M2M_INTF(0x1199, 0x68a2, 19, 0),		/* MC7710 */
	M2M_INTF(0x1199, 0x68a5, 0, 0),
	M2M_INTF(0x1199, 0x68a9, 0, 0),
	M2M_INTF(0x1199, 0x68c0, 8, M2M_QUIRK_DTR),	/* MC7304, MC7354, WP76xx */
	M2M_INTF(0x1199, 0x68c0, 10, M2M_QUIRK_DTR),	/* MC7304, MC7354 */
	M2M_INTF(0x1199, 0x9001, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9002, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9003, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9004, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9005, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9006, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9007, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9008, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9009, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x900a, 0, 0),			/* Gobi 2000, VT773 */
	M2M_INTF(0x1199, 0x9011, 0, 0),			/* Gobi 2000, MC8305 */
	M2M_INTF(0x1199, 0x9013, 0, 0),			/* Gobi 3000, MC8355 */
	M2M_INTF(0x1199, 0x9015, 0, 0),			/* Gobi 3000 */
	M2M_INTF(0x1199, 0x9019, 0, 0),			/* Gobi 3000 */
	M2M_INTF(0x1199, 0x901b, 0, 0),			/* MC7770 */
	M2M_INTF(0x1199, 0x901c, 8, 0),			/* EM7700 */
	M2M_INTF(0x1199, 0x901f, 8, 0),			/* EM7355 */
	M2M_INTF(0x1199, 0x9041, 8, 0),			/* MC7305, MC7355 */
	M2M_INTF(0x1199, 0x9041, 10, 0),		/* MC7305, MC7355 */
	M2M_INTF(0x1199, 0x9051, 8, 0),			/* Netgear AirCard 340U */
	M2M_INTF(0x1199, 0x9053, 8, 0),
	M2M_INTF(0x1199, 0x9054, 8, 0),
	M2M_INTF(0x1199, 0x9055, 8, 0),			/* Netgear AirCard 341U */
	M2M_INTF(0x1199, 0x9056, 8, 0),
	M2M_INTF(0x1199, 0x9057, 8, 0),
	M2M_INTF(0x1199, 0x9061, 8, 0),
	M2M_INTF(0x1199, 0x9063, 8, 0),			/* EM7305 */
	M2M_INTF(0x1199, 0x9063, 10, 0),		/* EM7305 */
	M2M_INTF(0x1199, 0x9071, 8, M2M_QUIRK_DTR),	/* MC74xx */
	M2M_INTF(0x1199, 0x9071, 10, M2M_QUIRK_DTR),	/* MC74xx */
	M2M_INTF(0x1199, 0x9079, 8, M2M_QUIRK_DTR),	/* EM74xx */
	M2M_INTF(0x1199, 0x9079, 10, M2M_QUIRK_DTR),	/* EM74xx */
	M2M_INTF(0x1199, 0x907b, 8, M2M_QUIRK_DTR),	/* EM74xx */
	M2M_INTF(0x1199, 0x907b, 10, M2M_QUIRK_DTR),	/* EM74xx */
	M2M_INTF(0x1199, 0x9091, 8, M2M_QUIRK_DTR),	/* EM7565 */
	M2M_INTF(0x1199, 0xc081, 8, M2M_QUIRK_DTR),	/* EM7590 */

	/* Huawei */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x07, 0),	/* E367, Windows mode */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x09, 0),	/* E392, E398; CDC union */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x11, 0),	/* E392, E398, Windows mode */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x37, 0),	/* Vodafone NDIS, one interface */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x39, 0),	/* K5005; CDC union */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x67, 0),	/* Qualcomm NDIS, one interface */
	M2M_VENDOR(0x12d1, 0xff, 0x01, 0x69, 0),	/* Qualcomm NDIS; CDC union */
	M2M_INTF(0x12d1, 0x140c, 1, 0),			/* E173 */
	M2M_INTF(0x12d1, 0x14ac, 1, 0),			/* E1820 */
	M2M_INTF(0x12d1, 0x14f1, 0, 0),			/* Sony Gobi 3000 */

	/* Novatel Wireless */
	M2M_CLASS(0x1410, 0x9010, 0x02, 0x06, 0x00, 0),	/* E362 */
	M2M_CLASS(0x1410, 0x9011, 0x02, 0x06, 0x00, 0),	/* Expedite E371 */
	M2M_INTF(0x1410, 0xa001, 3, 0),			/* Verizon USB-1000 */
	M2M_INTF(0x1410, 0xa002, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x1410, 0xa003, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x1410, 0xa004, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x1410, 0xa005, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x1410, 0xa006, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x1410, 0xa007, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x1410, 0xa021, 0, 0),			/* Foxconn Gobi 3000, E396 */
	M2M_CLASS(0x1410, 0xb001, 0x02, 0x06, 0x00, 0),	/* USB551L and MC551 */

	/* Wistron NeWeb */
	M2M_INTF(0x1435, 0x0918, 3, 0),			/* D16Q1 */
	M2M_INTF(0x1435, 0x0918, 4, 0),			/* D16Q1 */
	M2M_INTF(0x1435, 0x0918, 5, 0),			/* D16Q1 */
	M2M_INTF(0x1435, 0x3185, 4, 0),			/* M18Q5 */
	M2M_INTF(0x1435, 0xd111, 4, 0),			/* DM11-1 D51QC */
	M2M_INTF(0x1435, 0xd181, 3, 0),			/* D18Q1 */
	M2M_INTF(0x1435, 0xd181, 4, 0),			/* D18Q1 */
	M2M_INTF(0x1435, 0xd181, 5, 0),			/* D18Q1 */
	M2M_INTF(0x1435, 0xd182, 4, 0),			/* D18 */
	M2M_INTF(0x1435, 0xd182, 5, 0),			/* D18 */
	M2M_INTF(0x1435, 0xd191, 4, 0),			/* D19Q1 */

	/* Fibocom, older */
	M2M_INTF(0x1508, 0x1001, 4, M2M_QUIRK_DTR),	/* NL668 */

	/* u-blox */
	M2M_INTF(0x1546, 0x1312, 4, M2M_QUIRK_DTR),	/* LARA-R6 01B */
	M2M_INTF(0x1546, 0x1342, 4, M2M_QUIRK_DTR),	/* LARA-L6 */

	/* Askey */
	M2M_INTF(0x1690, 0x7588, 4, 0),			/* WWHC050 */

	/* AnyDATA */
	M2M_CLASS(0x16d5, 0x650a, 0x02, 0x06, 0x00, 0),	/* ADU960S */

	/* CMOTech */
	M2M_INTF(0x16d8, 0x6003, 0, 0),			/* 6003 */
	M2M_INTF(0x16d8, 0x6007, 0, 0),			/* CHE-628S */
	M2M_INTF(0x16d8, 0x6008, 0, 0),			/* CMU-301 */
	M2M_INTF(0x16d8, 0x6280, 0, 0),			/* CHU-628 */
	M2M_INTF(0x16d8, 0x7001, 0, 0),			/* CHU-720S */
	M2M_INTF(0x16d8, 0x7002, 0, 0),			/* 7002 */
	M2M_INTF(0x16d8, 0x7003, 4, 0),			/* CHU-629K */
	M2M_INTF(0x16d8, 0x7004, 3, 0),			/* 7004 */
	M2M_INTF(0x16d8, 0x7006, 5, 0),			/* CGU-629 */
	M2M_INTF(0x16d8, 0x700a, 4, 0),			/* CHU-629S */
	M2M_INTF(0x16d8, 0x7211, 0, 0),			/* CHU-720I */
	M2M_INTF(0x16d8, 0x7212, 0, 0),			/* 7212 */
	M2M_INTF(0x16d8, 0x7213, 0, 0),			/* 7213 */
	M2M_INTF(0x16d8, 0x7251, 1, 0),			/* 7251 */
	M2M_INTF(0x16d8, 0x7252, 1, 0),			/* 7252 */
	M2M_INTF(0x16d8, 0x7253, 1, 0),			/* 7253 */
	M2M_INTF(0x16d8, 0x8002, 0, 0),			/* Gobi 2000, VU922 */

	/* ZTE */
	M2M_INTF(0x19d2, 0x0002, 1, 0),
	M2M_INTF(0x19d2, 0x0012, 1, 0),
	M2M_INTF(0x19d2, 0x0017, 3, 0),
	M2M_INTF(0x19d2, 0x0019, 3, 0),			/* ONDA MT689DC */
	M2M_INTF(0x19d2, 0x0021, 4, 0),
	M2M_INTF(0x19d2, 0x0025, 1, 0),
	M2M_INTF(0x19d2, 0x0031, 4, 0),
	M2M_INTF(0x19d2, 0x0042, 4, 0),
	M2M_INTF(0x19d2, 0x0049, 5, 0),
	M2M_INTF(0x19d2, 0x0052, 4, 0),
	M2M_INTF(0x19d2, 0x0055, 1, 0),			/* Vodafone K3520-Z */
	M2M_INTF(0x19d2, 0x0058, 4, 0),
	M2M_INTF(0x19d2, 0x0063, 4, 0),			/* Vodafone K3565-Z */
	M2M_INTF(0x19d2, 0x0104, 4, 0),			/* Vodafone K4505-Z */
	M2M_INTF(0x19d2, 0x0113, 5, 0),
	M2M_INTF(0x19d2, 0x0118, 5, 0),
	M2M_INTF(0x19d2, 0x0121, 5, 0),
	M2M_INTF(0x19d2, 0x0123, 4, 0),
	M2M_INTF(0x19d2, 0x0124, 5, 0),
	M2M_INTF(0x19d2, 0x0125, 6, 0),
	M2M_INTF(0x19d2, 0x0126, 5, 0),
	M2M_INTF(0x19d2, 0x0130, 1, 0),
	M2M_INTF(0x19d2, 0x0133, 3, 0),
	M2M_INTF(0x19d2, 0x0141, 5, 0),
	M2M_INTF(0x19d2, 0x0157, 5, 0),			/* MF683 */
	M2M_INTF(0x19d2, 0x0158, 3, 0),
	M2M_INTF(0x19d2, 0x0167, 4, 0),			/* MF820D */
	M2M_INTF(0x19d2, 0x0168, 4, 0),
	M2M_INTF(0x19d2, 0x0176, 3, 0),
	M2M_INTF(0x19d2, 0x0178, 3, 0),
	M2M_INTF(0x19d2, 0x0189, 4, 0),			/* MF290 */
	M2M_INTF(0x19d2, 0x0191, 4, 0),			/* EuFi890 */
	M2M_INTF(0x19d2, 0x0199, 1, 0),			/* MF820S */
	M2M_INTF(0x19d2, 0x0200, 1, 0),
	M2M_INTF(0x19d2, 0x0257, 3, 0),			/* MF821 */
	M2M_INTF(0x19d2, 0x0265, 4, 0),			/* ONDA MT8205 4G LTE */
	M2M_INTF(0x19d2, 0x0284, 4, 0),			/* MF880 */
	M2M_INTF(0x19d2, 0x0326, 4, 0),			/* MF821D */
	M2M_INTF(0x19d2, 0x0396, 3, 0),			/* ZM8620 */
	M2M_INTF(0x19d2, 0x0412, 4, 0),			/* Telewell TW-LTE 4G */
	M2M_INTF(0x19d2, 0x1008, 4, 0),			/* Vodafone K3570-Z */
	M2M_INTF(0x19d2, 0x1010, 4, 0),			/* Vodafone K3571-Z */
	M2M_INTF(0x19d2, 0x1012, 4, 0),
	M2M_INTF(0x19d2, 0x1018, 3, 0),			/* Vodafone K5006-Z */
	M2M_INTF(0x19d2, 0x1021, 2, 0),
	M2M_INTF(0x19d2, 0x1245, 4, 0),
	M2M_INTF(0x19d2, 0x1247, 4, 0),
	M2M_INTF(0x19d2, 0x1252, 4, 0),
	M2M_INTF(0x19d2, 0x1254, 4, 0),
	M2M_INTF(0x19d2, 0x1255, 3, 0),
	M2M_INTF(0x19d2, 0x1255, 4, 0),
	M2M_INTF(0x19d2, 0x1256, 4, 0),
	M2M_INTF(0x19d2, 0x1270, 5, 0),			/* MF667 */
	M2M_INTF(0x19d2, 0x1275, 3, 0),			/* P685M */
	M2M_INTF(0x19d2, 0x1401, 2, 0),
	M2M_INTF(0x19d2, 0x1402, 2, 0),			/* MF60 */
	M2M_INTF(0x19d2, 0x1424, 2, 0),
	M2M_INTF(0x19d2, 0x1425, 2, 0),
	M2M_INTF(0x19d2, 0x1426, 2, 0),			/* MF91 */
	M2M_INTF(0x19d2, 0x1428, 2, 0),			/* Telewell TW-LTE 4G v2 */
	M2M_INTF(0x19d2, 0x1432, 3, 0),			/* ME3620 */
	M2M_INTF(0x19d2, 0x1485, 5, 0),			/* MF286D */
	M2M_INTF(0x19d2, 0x2002, 4, 0),			/* Vodafone K3765-Z */
	M2M_INTF(0x19d2, 0xfff3, 3, 0),			/* ONDA Gobi 1000 */

	/* Alcatel */
	M2M_INTF(0x1bbb, 0x011e, 4, 0),			/* Speedstick LTE II, One Touch L100V */
	M2M_INTF(0x1bbb, 0x0203, 2, 0),			/* L800MA */

	/* Telit */
	M2M_INTF(0x1bc7, 0x0991, 0, M2M_QUIRK_DTR),	/* FE990D50 */
	M2M_INTF(0x1bc7, 0x1031, 3, M2M_QUIRK_DTR),	/* LE910C1-EUX */
	M2M_INTF(0x1bc7, 0x1034, 2, M2M_QUIRK_DTR),	/* LE910C4-WWX */
	M2M_INTF(0x1bc7, 0x1037, 4, M2M_QUIRK_DTR),	/* LE910C4-WWX */
	M2M_INTF(0x1bc7, 0x1038, 3, M2M_QUIRK_DTR),	/* LE910C4-WWX */
	M2M_INTF(0x1bc7, 0x103a, 0, M2M_QUIRK_DTR),	/* LE910C4-WWX */
	M2M_INTF(0x1bc7, 0x1040, 2, M2M_QUIRK_DTR),	/* LE922A */
	M2M_INTF(0x1bc7, 0x1050, 2, M2M_QUIRK_DTR),	/* FN980 */
	M2M_INTF(0x1bc7, 0x1057, 2, M2M_QUIRK_DTR),	/* FN980 */
	M2M_INTF(0x1bc7, 0x1060, 2, M2M_QUIRK_DTR),	/* LN920 */
	M2M_INTF(0x1bc7, 0x1070, 2, M2M_QUIRK_DTR),	/* FN990A */
	M2M_INTF(0x1bc7, 0x1077, 2, M2M_QUIRK_DTR),	/* FN990A with audio */
	M2M_INTF(0x1bc7, 0x1080, 2, M2M_QUIRK_DTR),	/* FE990A */
	M2M_INTF(0x1bc7, 0x10a0, 0, M2M_QUIRK_DTR),	/* FN920C04 */
	M2M_INTF(0x1bc7, 0x10a4, 0, M2M_QUIRK_DTR),	/* FN920C04 */
	M2M_INTF(0x1bc7, 0x10a9, 0, M2M_QUIRK_DTR),	/* FN920C04 */
	M2M_INTF(0x1bc7, 0x10b0, 0, M2M_QUIRK_DTR),	/* FE990B */
	M2M_INTF(0x1bc7, 0x10c0, 0, M2M_QUIRK_DTR),	/* FE910C04 */
	M2M_INTF(0x1bc7, 0x10c4, 0, M2M_QUIRK_DTR),	/* FE910C04 */
	M2M_INTF(0x1bc7, 0x10c8, 0, M2M_QUIRK_DTR),	/* FE910C04 */
	M2M_INTF(0x1bc7, 0x10d0, 0, M2M_QUIRK_DTR),	/* FN990B */
	M2M_INTF(0x1bc7, 0x1100, 3, 0),			/* ME910 */
	M2M_INTF(0x1bc7, 0x1101, 3, 0),			/* ME910 dual modem */
	M2M_INTF(0x1bc7, 0x1200, 5, 0),			/* LE920 */
	M2M_INTF(0x1bc7, 0x1201, 2, M2M_QUIRK_DTR),	/* LE920, LE920A4 */
	M2M_INTF(0x1bc7, 0x1230, 2, M2M_QUIRK_DTR),	/* LE910Cx */
	M2M_INTF(0x1bc7, 0x1250, 0, M2M_QUIRK_DTR),	/* LE910Cx */
	M2M_INTF(0x1bc7, 0x1260, 2, M2M_QUIRK_DTR),	/* LE910Cx */
	M2M_INTF(0x1bc7, 0x1261, 2, M2M_QUIRK_DTR),	/* LE910Cx */
	M2M_INTF(0x1bc7, 0x1900, 1, M2M_QUIRK_DTR),	/* LN940 */
	M2M_INTF(0x1bc7, 0x3000, 0, M2M_QUIRK_DTR),	/* FN912 */
	M2M_INTF(0x1bc7, 0x3001, 0, M2M_QUIRK_DTR),	/* FN912 */

	/* Longcheer */
	M2M_INTF(0x1c9e, 0x9801, 3, 0),			/* Telewell TW-3G */
	M2M_INTF(0x1c9e, 0x9803, 4, 0),			/* Telewell TW-3G */
	M2M_INTF(0x1c9e, 0x9b01, 3, 0),			/* 4G Systems XS Stick W100-2 */
	M2M_INTF(0x1c9e, 0x9b05, 4, M2M_QUIRK_DTR),	/* Longsung U8300 */
	M2M_INTF(0x1c9e, 0x9b3c, 4, M2M_QUIRK_DTR),	/* Longsung U9300 */

	/* SIMCom */
	M2M_INTF(0x1e0e, 0x9001, 5, M2M_QUIRK_DTR),	/* SIM7100E, SIM7230E, SIM7600E */
	M2M_INTF(0x1e0e, 0x9071, 3, M2M_QUIRK_DTR),	/* SIM8230C */

	/* Cinterion */
	M2M_INTF(0x1e2d, 0x0053, 4, 0),			/* PHxx, PXxx */
	M2M_INTF(0x1e2d, 0x0060, 4, 0),			/* PLxx */
	M2M_INTF(0x1e2d, 0x0063, 10, 0),		/* ALASxx (1 port) */
	M2M_INTF(0x1e2d, 0x006f, 8, M2M_QUIRK_DTR),	/* PLS83, PLS63 */
	M2M_INTF(0x1e2d, 0x0082, 4, 0),			/* PHxx, PXxx (2 ports) */
	M2M_INTF(0x1e2d, 0x0082, 5, 0),			/* PHxx, PXxx (2 ports) */
	M2M_INTF(0x1e2d, 0x0083, 4, 0),			/* PHxx, PXxx (1 port, audio) */
	M2M_INTF(0x1e2d, 0x00b0, 4, M2M_QUIRK_DTR),	/* CLS8 */
	M2M_INTF(0x1e2d, 0x00b7, 0, 0),			/* MV31 */
	M2M_INTF(0x1e2d, 0x00b9, 0, 0),			/* MV31, newer baseline */
	M2M_INTF(0x1e2d, 0x00f3, 0, 0),			/* MV32-W-A */
	M2M_INTF(0x1e2d, 0x00f4, 0, 0),			/* MV32-W-B */

	/* D-Link */
	M2M_INTF(0x2001, 0x7e16, 3, 0),			/* DWM-221 */
	M2M_INTF(0x2001, 0x7e19, 4, 0),			/* DWM-221 B1 */
	M2M_INTF(0x2001, 0x7e35, 4, 0),			/* DWM-222 */
	M2M_INTF(0x2001, 0x7e3d, 4, 0),			/* DWM-222 A2 */

	/* BroadMobi */
	M2M_INTF(0x2020, 0x2031, 4, 0),			/* Olicard 600 */
	M2M_INTF(0x2020, 0x2033, 4, 0),			/* BM806U */
	M2M_INTF(0x2020, 0x2060, 4, M2M_QUIRK_DTR),	/* BM818 */

	/* Motorola */
	M2M_VENDOR(0x22b8, 0xff, 0xfb, 0xff, 0),	/* Mapphone with MDM6600 */

	/* WeTelecom */
	M2M_INTF(0x22de, 0x9051, 2, M2M_QUIRK_DTR),	/* Hucom HM-211S/K */
	M2M_INTF(0x22de, 0x9061, 3, 0),			/* WPD-600N */

	/* TP-Link */
	M2M_INTF(0x2357, 0x0201, 4, 0),			/* MA180 */
	M2M_INTF(0x2357, 0x9000, 4, 0),			/* MA260 */

	/* Cellient */
	M2M_INTF(0x2692, 0x9025, 4, 0),			/* MPL200, a Qualcomm 05c6:9025 */

	/* Quectel */
	M2M_INTF(0x2c7c, 0x0121, 4, M2M_QUIRK_DTR),	/* EC21 */
	M2M_CLASS(0x2c7c, 0x0122, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* RG650V */
	M2M_CLASS(0x2c7c, 0x0125, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* EC25, EC20 R2.0 */
	M2M_INTF(0x2c7c, 0x0191, 4, M2M_QUIRK_DTR),	/* EG91 */
	M2M_INTF(0x2c7c, 0x0195, 4, M2M_QUIRK_DTR),	/* EG95 */
	M2M_INTF(0x2c7c, 0x0296, 4, 0),			/* BG96 */
	M2M_CLASS(0x2c7c, 0x0306, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* EP06, EG06, EM06 */
	M2M_CLASS(0x2c7c, 0x030b, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* EM060K, EG120K-EA */
	M2M_INTF(0x2c7c, 0x030e, 4, M2M_QUIRK_DTR),	/* EM05GV2 */
	M2M_INTF(0x2c7c, 0x0316, 3, M2M_QUIRK_DTR),	/* RG255C */
	M2M_CLASS(0x2c7c, 0x0512, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* EG12, EM12 */
	M2M_CLASS(0x2c7c, 0x0620, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* EM160R-GL */
	M2M_CLASS(0x2c7c, 0x0800, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* RM500Q-GL */
	M2M_CLASS(0x2c7c, 0x0801, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),	/* RM520N */

	/* Fibocom */
	M2M_INTF(0x2cb7, 0x0104, 4, M2M_QUIRK_DTR),	/* NL678 */
	M2M_INTF(0x2cb7, 0x0112, 0, M2M_QUIRK_DTR),	/* FG132 */

	/* MeiG */
	M2M_INTF(0x2dee, 0x4d22, 5, 0),			/* SRM825L */
	M2M_INTF(0x2dee, 0x4d63, 0, M2M_QUIRK_DTR),	/* SRM813Q, modem */
	M2M_INTF(0x2dee, 0x4d64, 0, M2M_QUIRK_DTR),	/* SRM813Q, NMEA */

	/* Rolling Wireless */
	M2M_INTF(0x33f8, 0x0104, 4, M2M_QUIRK_DTR),	/* RW101 */
	M2M_INTF(0x33f8, 0x9300, 8, M2M_QUIRK_DTR),	/* RN947R */

	/* Dell */
	M2M_INTF(0x413c, 0x8172, 3, 0),			/* Gobi 1000 */
	M2M_INTF(0x413c, 0x8186, 0, 0),			/* Gobi 2000, N0218, VU936 */
	M2M_INTF(0x413c, 0x8194, 0, 0),			/* Gobi 3000 */
	M2M_CLASS(0x413c, 0x8195, 0x02, 0x06, 0x00, 0),	/* Wireless 5800, Novatel E362 */
	M2M_CLASS(0x413c, 0x8196, 0x02, 0x06, 0x00, 0),	/* Wireless 5800 V2, Novatel E362 */
	M2M_CLASS(0x413c, 0x819b, 0x02, 0x06, 0x00, 0),	/* Wireless 5804, Novatel E371 */
	M2M_INTF(0x413c, 0x81a2, 8, 0),			/* Wireless 5806 */
	M2M_INTF(0x413c, 0x81a3, 8, 0),			/* Wireless 5570 */
	M2M_INTF(0x413c, 0x81a4, 8, 0),			/* Wireless 5570e */
	M2M_INTF(0x413c, 0x81a8, 8, 0),			/* Wireless 5808 */
	M2M_INTF(0x413c, 0x81a9, 8, 0),			/* Wireless 5808e */
	M2M_INTF(0x413c, 0x81b1, 8, 0),			/* Wireless 5809e */
	M2M_INTF(0x413c, 0x81b3, 8, 0),			/* Wireless 5809e, rev 3 */
	M2M_INTF(0x413c, 0x81b6, 8, 0),			/* Wireless 5811e */
	M2M_INTF(0x413c, 0x81b6, 10, 0),		/* Wireless 5811e */
	M2M_INTF(0x413c, 0x81c2, 8, 0),			/* Wireless 5811e */
	M2M_INTF(0x413c, 0x81cc, 8, 0),			/* Wireless 5816e */
	M2M_INTF(0x413c, 0x81d7, 0, 0),			/* Wireless 5821e */
	M2M_INTF(0x413c, 0x81d7, 1, 0),			/* Wireless 5821e, preproduction */
	M2M_INTF(0x413c, 0x81e0, 0, 0),			/* Wireless 5821e, eSIM */
	M2M_INTF(0x413c, 0x81e4, 0, 0),			/* Wireless 5829e, eSIM */
	M2M_INTF(0x413c, 0x81e6, 0, 0),			/* Wireless 5829e */

	{ }
};

#endif /* M2M_IDS_H */
