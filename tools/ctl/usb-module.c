// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the judgement whether a USB device is a module that speaks QMI. Pure. */
#include <glib.h>
#include <string.h>

#include "../lib/usb-loader.h"
#include "usb-module.h"

#define CLASS_COMM	0x02
#define CLASS_HID	0x03
#define CLASS_STORAGE	0x08
#define CLASS_WIRELESS	0xe0
#define CLASS_MISC	0xef
#define CLASS_VENDOR	0xff

/*
 * DOC: where the lines are from
 *
 *   Quectel   usbnet 0 is RMNET, 1 ECM, 2 MBIM, 3 RNDIS: github.com/openwrt/openwrt/issues/10577,
 *             cnblogs.com/ricks/p/9481416.html; data_interface 0 is USB:
 *             github.com/iamromulan/cellular-modem-wiki/issues/115. From 0x0900 on are other
 *             makers' chips (mainline's option.c), of which its qmi_wwan.c has none.
 *   SIMCom    9001 is how they come, and QMI; 9011 and 9018 are RNDIS and ECM:
 *             waveshare.com/wiki/Raspberry_Pi_networked_via_RNDIS,
 *             github.com/botletics/SIM7000-LTE-Shield/issues/299.
 *   Telit     LE910C: 0 is RMNET, docs.sixfab.com. FN980 and FN990 count otherwise, 1 is RMNET
 *             and 0 RNDIS: github.com/FUjr/QModem/issues/251, github.com/sixfab/atcom/pull/8.
 *   Sierra    10D is the sum of DIAG 1, NMEA 4, MODEM 8 and RMNET0 100:
 *             osmocom.org/projects/quectel-modems/wiki/Sierra_Wireless_Modems. Of the EM75
 *             and EM91 the configuration type is another, and no source says which surely.
 *   Huawei    usb_modeswitch(1).
 *
 * Vendors are those of mainline's option.c, cdc_ether.c and qmi_wwan.c. Each line is read by
 * a person, and says back what it did: AT+QCFG="usbnet"?, AT#USBCFG?, AT!USBCOMP?.
 */

/*
 * Makers of modules, and the AT line after which one of theirs speaks QMI. Products that
 * need another line stand before the rest of their maker's.
 */
static const struct maker {
	uint16_t vendor, from, to;
	bool all;		/* whatever this vendor sells is a module */
	const char *at;
} makers[] = {
	{ 0x2c7c, 0x0100, 0x08ff, true, "AT+QCFG=\"usbnet\",0 and then AT+CFUN=1,1" },
	{ 0x2c7c, 0x0000, 0xffff, true, NULL },
	{ 0x1e0e, 0x9000, 0x90ff, true, "AT+CUSBPIDSWITCH=9001,1,1 (SIM7 and SIM8 series)" },
	{ 0x1bc7, 0x1050, 0x1057, true, "AT#USBCFG=1 and then AT#REBOOT" },
	{ 0x1bc7, 0x1070, 0x1077, true, "AT#USBCFG=1 and then AT#REBOOT" },
	{ 0x1bc7, 0x1201, 0x1206, true, "AT#USBCFG=0 and then AT#REBOOT" },
	{ 0x1bc7, 0x0000, 0xffff, true, NULL },
	{ 0x1199, 0x9070, 0x907f, false,
	  "AT!ENTERCND=\"A710\", AT!USBCOMP=1,1,10D and then AT!RESET" },
	{ 0x1199, 0x0000, 0xffff, false, NULL },
	{ 0x2cb7, 0x0000, 0xffff, true, NULL },		/* Fibocom */
	{ 0x12d1, 0x0000, 0xffff, false, NULL },	/* Huawei */
	{ 0x19d2, 0x0000, 0xffff, false, NULL },	/* ZTE */
	{ 0x1546, 0x1100, 0x13ff, false, NULL },	/* u-blox; its GNSS is 01xx */
	{ 0x1e2d, 0x0000, 0xffff, true, NULL },		/* Thales, Cinterion */
	{ 0x2dee, 0x0000, 0xffff, true, NULL },		/* MeiG */
	{ 0x305a, 0x0000, 0xffff, true, NULL },		/* GosunCn */
	{ 0x1410, 0x0000, 0xffff, false, NULL },	/* Novatel */
};

/* What a network function looks like that is not QMI */
static const struct {
	uint8_t class, subclass;
	int protocol;			/* -1: any */
	enum module_mode mode;
	const char *why;
} functions[] = {
	{ CLASS_COMM, 0x0e, -1, MODULE_MBIM, "it speaks MBIM" },
	{ CLASS_COMM, 0x0d, -1, MODULE_NCM, "it is a network card (NCM)" },
	{ CLASS_COMM, 0x06, -1, MODULE_ECM, "it is a network card (ECM)" },
	{ CLASS_COMM, 0x02, 0xff, MODULE_RNDIS, "it is a network card (RNDIS)" },
	{ CLASS_WIRELESS, 0x01, 0x03, MODULE_RNDIS, "it is a network card (RNDIS)" },
	{ CLASS_MISC, 0x04, 0x01, MODULE_RNDIS, "it is a network card (RNDIS)" },
};

const char *module_mode_word(enum module_mode mode)
{
	static const char *const words[] = {
		[MODULE_NONE] = "none",
		[MODULE_QMI] = "qmi",
		[MODULE_UNBOUND] = "no-driver",
		[MODULE_OTHER_DRIVER] = "other-driver",
		[MODULE_MBIM] = "mbim",
		[MODULE_ECM] = "ecm",
		[MODULE_NCM] = "ncm",
		[MODULE_RNDIS] = "rndis",
		[MODULE_NO_NETWORK] = "no-network",
		[MODULE_STORAGE] = "storage",
		[MODULE_DOWNLOAD] = "download",
	};

	return words[mode];
}

static const struct maker *maker_of(const struct usb_module *module)
{
	for (size_t i = 0; i < G_N_ELEMENTS(makers); i++)
		if (makers[i].vendor == module->vendor &&
		    module->product >= makers[i].from && module->product <= makers[i].to)
			return &makers[i];
	return NULL;
}

/* DIAG may look the same and has two endpoints; QMI has three, its half of a union one */
static bool is_qmi(const struct usb_interface *interface)
{
	return interface->has_alias && interface->n_endpoints != 2;
}

static bool is_of_qmi_driver(const struct usb_interface *interface)
{
	return !strcmp(interface->driver, "qmi_wwan") ||
	       !strcmp(interface->driver, "m2m_wwan");
}

/* Its QMI interface, one with a QMI driver rather than another */
static const struct usb_interface *qmi_of(const struct usb_module *module)
{
	const struct usb_interface *found = NULL;

	for (size_t i = 0; i < module->n; i++) {
		const struct usb_interface *interface = &module->interfaces[i];

		if (is_of_qmi_driver(interface))
			return interface;
		if (is_qmi(interface) && (!found || (*found->driver &&
						     !*interface->driver)))
			found = interface;
	}
	return found;
}

static bool is_storage_only(const struct usb_module *module)
{
	size_t storage = 0;

	for (size_t i = 0; i < module->n; i++) {
		if (module->interfaces[i].class == CLASS_STORAGE)
			storage++;
		else if (module->interfaces[i].class != CLASS_HID)
			return false;
	}
	return storage > 0;
}

static bool has_serial(const struct usb_module *module)
{
	for (size_t i = 0; i < module->n; i++)
		if (module->interfaces[i].class == CLASS_VENDOR)
			return true;
	return false;
}

static void say(struct module_verdict *ret, enum module_mode mode, const char *why)
{
	ret->mode = mode;
	g_strlcpy(ret->why, why, sizeof(ret->why));
}

static void judge_interface(const struct usb_interface *qmi, bool driver,
			    struct module_verdict *ret)
{
	if (is_of_qmi_driver(qmi)) {
		ret->mode = MODULE_QMI;
		return;
	}
	if (!*qmi->driver) {
		say(ret, MODULE_UNBOUND, driver ? "no driver is bound to its QMI interface" :
						  "no driver for QMI is loaded");
		if (driver)
			g_snprintf(ret->cure, sizeof(ret->cure),
				   "echo %s > /sys/bus/usb/drivers/qmi_wwan/bind",
				   qmi->name);
		else
			g_strlcpy(ret->cure, "modprobe m2m_wwan", sizeof(ret->cure));
		return;
	}
	g_snprintf(ret->why, sizeof(ret->why), "%s has its QMI interface", qmi->driver);
	ret->mode = MODULE_OTHER_DRIVER;
	g_snprintf(ret->cure, sizeof(ret->cure), "echo %s > /sys/bus/usb/drivers/%s/unbind; "
		   "echo %s > /sys/bus/usb/drivers_probe", qmi->name, qmi->driver, qmi->name);
}

static void cure_composition(const struct maker *maker, struct module_verdict *ret)
{
	g_strlcpy(ret->cure, maker && maker->at ? maker->at :
		  "the AT line of its maker's manual for the USB composition with QMI (RMNET)",
		  sizeof(ret->cure));
}

/* Another kind of network; of a device of anybody MBIM alone says that it is a module */
static bool judge_function(const struct usb_module *module, const struct maker *maker,
			   struct module_verdict *ret)
{
	for (size_t f = 0; f < G_N_ELEMENTS(functions); f++) {
		if (!maker && functions[f].mode != MODULE_MBIM)
			continue;
		for (size_t i = 0; i < module->n; i++) {
			const struct usb_interface *interface = &module->interfaces[i];

			if (interface->class != functions[f].class ||
			    interface->subclass != functions[f].subclass ||
			    (functions[f].protocol >= 0 &&
			     interface->protocol != functions[f].protocol))
				continue;
			say(ret, functions[f].mode, functions[f].why);
			cure_composition(maker, ret);
			return true;
		}
	}
	return false;
}

static void judge_rest(const struct usb_module *module, const struct maker *maker,
		       struct module_verdict *ret)
{
	if (is_storage_only(module)) {
		say(ret, MODULE_STORAGE, "it shows the disk with its Windows driver");
		if (module->vendor == 0x12d1)
			g_snprintf(ret->cure, sizeof(ret->cure),
				   "usb_modeswitch -J -v %04x -p %04x",
				   module->vendor, module->product);
		else
			g_strlcpy(ret->cure, "apt install usb-modeswitch, and plug it in again",
				  sizeof(ret->cure));
	} else if (maker->all && has_serial(module)) {
		say(ret, MODULE_NO_NETWORK,
		    "it has no network by USB: its data goes by PCIe, or nowhere");
		if (maker->vendor == 0x2c7c && maker->at)
			g_strlcpy(ret->cure,
				  "AT+QCFG=\"data_interface\",0,0 and then AT+CFUN=1,1",
				  sizeof(ret->cure));
		else
			cure_composition(maker, ret);
	}
}

void module_judge(const struct usb_module *module, bool driver,
		  struct module_verdict *ret)
{
	const struct usb_interface *qmi = qmi_of(module);
	const struct maker *maker = maker_of(module);

	*ret = (struct module_verdict) { .mode = MODULE_NONE };
	if (usb_is_loader(module->vendor, module->product, module->n)) {
		say(ret, MODULE_DOWNLOAD, "its firmware does not run: it waits for another");
		g_strlcpy(ret->cure,
			  "switch its power off and on; if it comes back so, its maker's flash tool",
			  sizeof(ret->cure));
	} else if (qmi) {
		judge_interface(qmi, driver, ret);
	} else if (!judge_function(module, maker, ret) && maker) {
		judge_rest(module, maker, ret);
	}
}
