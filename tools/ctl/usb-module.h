/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cellular modules as the USB core shows them: which can be driven by QMI, or why not. */
#ifndef M2MCTL_USB_MODULE_H
#define M2MCTL_USB_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_INTERFACES_MAX	32

struct usb_interface {
	char name[64];		/* in sysfs: 1-1.2:1.4 */
	uint8_t class, subclass, protocol;
	uint8_t n_endpoints;
	bool has_alias;		/* a QMI driver's table has it */
	char driver[32];	/* "" if none is bound */
};

struct usb_module {
	char path[64];
	uint16_t vendor, product;
	char maker[64], name[64];	/* what it calls itself, "" if nothing */
	size_t n;
	struct usb_interface interfaces[USB_INTERFACES_MAX];
};

enum module_mode {
	MODULE_NONE,		/* not known to be a cellular module */
	MODULE_QMI,		/* a QMI driver uses it */
	MODULE_UNBOUND,		/* one could, and none does */
	MODULE_OTHER_DRIVER,	/* another one has its QMI interface */
	MODULE_MBIM,
	MODULE_ECM,
	MODULE_NCM,
	MODULE_RNDIS,
	MODULE_NO_NETWORK,	/* serial ports only: data goes by PCIe, or nowhere */
	MODULE_STORAGE,		/* shows the CD with its Windows driver */
	MODULE_DOWNLOAD,	/* waits for firmware, or dumps its memory */
};

struct module_verdict {
	enum module_mode mode;
	char why[96];		/* lower case, no full stop; "" for the first two */
	char cure[192];		/* one command, or one AT line and how it counts; "" for them */
};

/**
 * module_judge() - what a USB device is to us
 * @module: as the USB core describes it
 * @driver: a QMI driver is loaded
 * @ret: the verdict
 */
void module_judge(const struct usb_module *module, bool driver,
		  struct module_verdict *ret);

/* Word of a mode, stable: "qmi", "mbim" ... */
const char *module_mode_word(enum module_mode mode);

/* module_read_all() - all USB devices, an array for g_free(); how many */
size_t module_read_all(struct usb_module **ret);
/* Whether a driver for QMI is loaded */
bool module_has_driver(void);

#endif /* M2MCTL_USB_MODULE_H */
