// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of boot loaders, and how one is found on the bus. */
#include <glib.h>
#include <stdlib.h>

#include "usb-loader.h"

/*
 * Boot loaders ("QDL" in mainline's qcserial.c, which also takes what has one interface
 * for one), and Qualcomm's memory dump after a crash. Some of these ids are those of the
 * module as well; a loader has one interface.
 */
static const struct {
	uint16_t vendor, product;
} loaders[] = {
	{ 0x05c6, 0x9008 }, { 0x05c6, 0x900e }, { 0x1bc7, 0x900e },
	{ 0x1199, 0x9070 }, { 0x1199, 0x9078 }, { 0x1199, 0x907a }, { 0x1199, 0x9090 },
	{ 0x1199, 0x90b0 }, { 0x1199, 0x90c2 }, { 0x1199, 0x90d2 }, { 0x1199, 0x90e4 },
	{ 0x1199, 0xc080 },
};

bool usb_is_loader(uint16_t vendor, uint16_t product, unsigned int interfaces)
{
	for (size_t i = 0; i < G_N_ELEMENTS(loaders); i++)
		if (loaders[i].vendor == vendor && loaders[i].product == product)
			return interfaces <= 1;
	return false;
}

static bool read_number(const char *device, const char *name, int base,
			unsigned long *ret)
{
	g_autofree char *path = g_build_filename(device, name, NULL);
	g_autofree char *text = NULL;
	char *end;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return false;
	/* the number of interfaces is padded with blanks on its left */
	*ret = strtoul(text, &end, base);
	return end != text;
}

unsigned int usb_loader_at(const char *sysfs, const char *usb_path)
{
	g_autofree char *device = g_build_filename(sysfs, "bus/usb/devices", usb_path, NULL);
	unsigned long vendor, product, interfaces, number;

	/* one without a configuration has none yet */
	if (!read_number(device, "idVendor", 16, &vendor) ||
	    !read_number(device, "idProduct", 16, &product) ||
	    !read_number(device, "bNumInterfaces", 10, &interfaces) ||
	    !read_number(device, "devnum", 10, &number))
		return 0;
	return vendor <= UINT16_MAX && product <= UINT16_MAX &&
	       usb_is_loader(vendor, product, interfaces) ? number : 0;
}
