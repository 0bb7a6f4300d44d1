// SPDX-License-Identifier: GPL-2.0-or-later
/* Which USB devices are modules that speak QMI, and what is said of the others. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/ctl/usb-module.h"
#include "../lib/harness.h"

#define QMI	{ "1-1:1.4", 0xff, 0xff, 0xff, 3, true, "" }
#define AT	{ "1-1:1.2", 0xff, 0x00, 0x00, 3, false, "option" }
#define DIAG	{ "1-1:1.0", 0xff, 0xff, 0xff, 2, true, "option" }
#define DISK	{ "1-1:1.0", 0x08, 0x06, 0x50, 2, false, "usb-storage" }

static const struct row {
	const char *what;
	struct usb_module module;
	bool no_driver;
	enum module_mode mode;
	const char *why, *cure;		/* parts of them */
} rows[] = {
	{ "QMI, and its driver", { .vendor = 0x2c7c, .product = 0x0125, .n = 3, .interfaces = {
		DIAG, AT, { "1-1:1.4", 0xff, 0xff, 0xff, 3, true, "qmi_wwan" } } },
	  false, MODULE_QMI, "", "" },
	{ "one that new_id made", { .vendor = 0x2c7c, .product = 0x9999, .n = 1, .interfaces = {
		{ "1-1:1.4", 0xff, 0xff, 0xff, 3, false, "m2m_wwan" } } },
	  false, MODULE_QMI, "", "" },
	{ "no driver is bound", { .vendor = 0x2c7c, .product = 0x0125, .n = 3, .interfaces = {
		DIAG, AT, QMI } },
	  false, MODULE_UNBOUND, "no driver is bound",
	  "echo 1-1:1.4 > /sys/bus/usb/drivers/qmi_wwan/bind" },
	{ "no driver is loaded", { .vendor = 0x2c7c, .product = 0x0125, .n = 3, .interfaces = {
		DIAG, AT, QMI } },
	  true, MODULE_UNBOUND, "is loaded", "modprobe m2m_wwan" },
	{ "a serial driver has it", { .vendor = 0x2c7c, .product = 0x0125, .n = 2,
		.interfaces = { DIAG, { "1-1:1.4", 0xff, 0xff, 0xff, 3, true, "option" } } },
	  false, MODULE_OTHER_DRIVER, "option has its QMI interface",
	  "echo 1-1:1.4 > /sys/bus/usb/drivers/option/unbind; "
	  "echo 1-1:1.4 > /sys/bus/usb/drivers_probe" },
	{ "the control half of a union", { .vendor = 0x12d1, .product = 0x1506, .n = 1,
		.interfaces = { { "1-1:1.1", 0xff, 0x01, 0x09, 1, true, "" } } },
	  false, MODULE_UNBOUND, "", "bind" },
	{ "a module of anybody, by MBIM", { .vendor = 0x9999, .n = 2, .interfaces = {
		{ "1-1:1.0", 0x02, 0x0e, 0x00, 1, false, "cdc_mbim" },
		{ "1-1:1.1", 0x0a, 0x00, 0x02, 2, false, "cdc_mbim" } } },
	  false, MODULE_MBIM, "MBIM", "manual" },
	{ "Quectel, MBIM; its DIAG looks like QMI", { .vendor = 0x2c7c, .product = 0x0125,
		.n = 3, .interfaces = { DIAG, AT,
		{ "1-1:1.4", 0x02, 0x0e, 0x00, 1, false, "cdc_mbim" } } },
	  false, MODULE_MBIM, "MBIM", "AT+QCFG=\"usbnet\",0" },
	{ "Quectel, ECM", { .vendor = 0x2c7c, .product = 0x0125, .n = 3, .interfaces = {
		DIAG, AT, { "1-1:1.4", 0x02, 0x06, 0x00, 1, false, "cdc_ether" } } },
	  false, MODULE_ECM, "ECM", "AT+QCFG=\"usbnet\",0" },
	{ "SIMCom, RNDIS", { .vendor = 0x1e0e, .product = 0x9011, .n = 2, .interfaces = {
		AT, { "1-1:1.0", 0xe0, 0x01, 0x03, 1, false, "rndis_host" } } },
	  false, MODULE_RNDIS, "RNDIS", "AT+CUSBPIDSWITCH=9001,1,1" },
	{ "Telit, NCM", { .vendor = 0x1bc7, .product = 0x1071, .n = 1, .interfaces = {
		{ "1-1:1.0", 0x02, 0x0d, 0x00, 1, false, "cdc_ncm" } } },
	  false, MODULE_NCM, "NCM", "AT#USBCFG=1 and then AT#REBOOT" },
	{ "Telit LE910C, ECM", { .vendor = 0x1bc7, .product = 0x1206, .n = 1, .interfaces = {
		{ "1-1:1.0", 0x02, 0x06, 0x00, 1, false, "cdc_ether" } } },
	  false, MODULE_ECM, "ECM", "AT#USBCFG=0 and then AT#REBOOT" },
	{ "Telit of another family", { .vendor = 0x1bc7, .product = 0x0036, .n = 1,
		.interfaces = { { "1-1:1.0", 0x02, 0x06, 0x00, 1, false, "" } } },
	  false, MODULE_ECM, "ECM", "manual" },
	{ "Sierra, MBIM", { .vendor = 0x1199, .product = 0x9071, .n = 1, .interfaces = {
		{ "1-1:1.12", 0x02, 0x0e, 0x00, 1, false, "cdc_mbim" } } },
	  false, MODULE_MBIM, "MBIM", "AT!USBCOMP=1,1,10D" },
	{ "Sierra of another family, MBIM", { .vendor = 0x1199, .product = 0x9091, .n = 1,
		.interfaces = { { "1-1:1.12", 0x02, 0x0e, 0x00, 1, false, "cdc_mbim" } } },
	  false, MODULE_MBIM, "MBIM", "manual" },
	{ "Quectel, with another maker's chip", { .vendor = 0x2c7c, .product = 0x0901, .n = 2,
		.interfaces = { AT, { "1-1:1.0", 0x02, 0x06, 0x00, 1, false, "cdc_ether" } } },
	  false, MODULE_ECM, "ECM", "manual" },
	{ "the same without a network", { .vendor = 0x2c7c, .product = 0x6005, .n = 1,
		.interfaces = { AT } },
	  false, MODULE_NO_NETWORK, "PCIe", "manual" },
	{ "Quectel, PCIe", { .vendor = 0x2c7c, .product = 0x0800, .n = 2, .interfaces = {
		DIAG, AT } },
	  false, MODULE_NO_NETWORK, "PCIe", "AT+QCFG=\"data_interface\",0,0" },
	{ "Huawei's disk", { .vendor = 0x12d1, .product = 0x1f01, .n = 1, .interfaces = {
		DISK } },
	  false, MODULE_STORAGE, "disk", "usb_modeswitch -J -v 12d1 -p 1f01" },
	{ "ZTE's disk", { .vendor = 0x19d2, .product = 0x1225, .n = 2, .interfaces = {
		DISK, { "1-1:1.1", 0x03, 0x00, 0x00, 1, false, "usbhid" } } },
	  false, MODULE_STORAGE, "disk", "usb-modeswitch" },
	{ "no firmware", { .vendor = 0x05c6, .product = 0x9008, .n = 1, .interfaces = { AT } },
	  false, MODULE_DOWNLOAD, "firmware", "power" },
	{ "Sierra's loader", { .vendor = 0x1199, .product = 0x9070, .n = 1, .interfaces = { AT } },
	  false, MODULE_DOWNLOAD, "firmware", "power" },
	{ "its id, and the module", { .vendor = 0x1199, .product = 0x9090, .n = 2,
		.interfaces = { AT, { "1-1:1.8", 0xff, 0xff, 0xff, 3, true, "" } } },
	  false, MODULE_UNBOUND, "", "bind" },
	{ "MC7710 is none", { .vendor = 0x1199, .product = 0x68a2, .n = 1, .interfaces = {
		{ "1-1:1.8", 0xff, 0xff, 0xff, 3, true, "qmi_wwan" } } },
	  false, MODULE_QMI, "", "" },
	{ "u-blox, LARA-L6 by ECM", { .vendor = 0x1546, .product = 0x1343, .n = 1, .interfaces = {
		{ "1-1:1.4", 0x02, 0x06, 0x00, 1, false, "cdc_ether" } } },
	  false, MODULE_ECM, "ECM", "manual" },
	/* what is none of ours */
	{ "a disk", { .vendor = 0x0781, .n = 1, .interfaces = { DISK } },
	  false, MODULE_NONE, "", "" },
	{ "an Ethernet adapter", { .vendor = 0x0bda, .n = 1, .interfaces = {
		{ "1-1:1.0", 0x02, 0x06, 0x00, 1, false, "cdc_ether" } } },
	  false, MODULE_NONE, "", "" },
	{ "a serial adapter", { .vendor = 0x0403, .n = 1, .interfaces = { AT } },
	  false, MODULE_NONE, "", "" },
	{ "u-blox, GNSS", { .vendor = 0x1546, .product = 0x01a8, .n = 1, .interfaces = {
		{ "1-1:1.0", 0x02, 0x02, 0x01, 1, false, "cdc_acm" } } },
	  false, MODULE_NONE, "", "" },
	{ "Huawei's telephone", { .vendor = 0x12d1, .product = 0x107e, .n = 1, .interfaces = {
		{ "1-1:1.0", 0xff, 0x42, 0x01, 2, false, "" } } },
	  false, MODULE_NONE, "", "" },
	{ "DIAG alone", { .vendor = 0x9999, .n = 1, .interfaces = { DIAG } },
	  false, MODULE_NONE, "", "" },
	{ "nothing", { .vendor = 0x2c7c }, false, MODULE_NONE, "", "" },
};

TEST(rows_of_devices)
{
	struct module_verdict verdict;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		module_judge(&rows[i].module, !rows[i].no_driver, &verdict);
		if (verdict.mode != rows[i].mode || !strstr(verdict.why, rows[i].why) ||
		    !strstr(verdict.cure, rows[i].cure) ||
		    (!*rows[i].why && rows[i].mode <= MODULE_QMI && *verdict.why))
			harness_fail(__FILE__, __LINE__, false, "%s: %s, %s, %s",
				     rows[i].what, module_mode_word(verdict.mode),
				     verdict.why, verdict.cure);
	}
}

TEST(what_is_wrong_has_a_cure)
{
	struct module_verdict verdict;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		module_judge(&rows[i].module, !rows[i].no_driver, &verdict);
		EXPECT_EQ(verdict.mode > MODULE_QMI, !!*verdict.why);
		EXPECT_EQ(verdict.mode > MODULE_QMI, !!*verdict.cure);
		/* it fitted */
		EXPECT_LT(strlen(verdict.why), sizeof(verdict.why) - 1);
		EXPECT_LT(strlen(verdict.cure), sizeof(verdict.cure) - 1);
	}
}

TEST_HARNESS_MAIN
