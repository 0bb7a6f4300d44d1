/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modems on USB and their serial ports, as sysfs has them. */
#ifndef M2M_AT_USB_H
#define M2M_AT_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_PATH_MAX	32
#define USB_TTYS_MAX	16
#define USB_MODEMS_MAX	64

struct usb_tty {
	int interface;
	char name[32];		/* in /dev */
};

struct usb_modem {
	char path[USB_PATH_MAX];	/* "1-1.2" */
	uint16_t vendor, product;
	struct usb_tty ttys[USB_TTYS_MAX];
	size_t n_ttys;
};

/* usb_modem_read() - a USB device as it is now; false if it is not there */
bool usb_modem_read(const char *sysfs, const char *path, struct usb_modem *ret);

struct usb_paths {
	char path[USB_MODEMS_MAX][USB_PATH_MAX];
	size_t n;
};

/* usb_modem_list() - the devices with a QMI interface */
void usb_modem_list(const char *sysfs, struct usb_paths *ret);

/**
 * usb_find() - the device that a person means
 * @sysfs: /sys
 * @word: a USB path, or a serial port with or without /dev/
 * @ret_path: of the device, USB_PATH_MAX bytes
 * @ret_interface: of the port, -1 where none was named
 */
bool usb_find(const char *sysfs, const char *word, char *ret_path, int *ret_interface);

/**
 * usb_modem_sort() - put the ports in the order in which to try them
 * @modem: whose
 * @first: an interface that is likelier than any, or -1
 *
 * Then the one that the makers have for AT commands, where that is known, then by
 * number.
 */
void usb_modem_sort(struct usb_modem *modem, int first);

#endif /* M2M_AT_USB_H */
