/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules whose firmware does not run: they wait for another, or dump their memory. */
#ifndef M2M_USB_LOADER_H
#define M2M_USB_LOADER_H

#include <stdbool.h>
#include <stdint.h>

/* usb_is_loader() - whether a device with so many interfaces is one. Pure. */
bool usb_is_loader(uint16_t vendor, uint16_t product, unsigned int interfaces);

/**
 * usb_loader_at() - look for one where a modem was
 * @sysfs: where sysfs is, "/sys"
 * @usb_path: of the modem: 1-1.2
 *
 * Return: its number on the bus, another one each time it comes; 0: there is none
 */
unsigned int usb_loader_at(const char *sysfs, const char *usb_path);

#endif /* M2M_USB_LOADER_H */
