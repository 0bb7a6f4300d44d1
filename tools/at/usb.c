// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of sysfs, and the table of interfaces that take AT commands. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usb.h"

#define DEVICES		"bus/usb/devices"

/*
 * By ModemManager's rules for port types (77-mm-quectel, -simtech, -sierra, -telit), of
 * the modems that speak QMI: the interface that is AT_PRIMARY there.
 */
static const struct {
	uint16_t vendor, product;
	uint8_t interface;
} known[] = {
	{ 0x1199, 0x9071, 3 },	/* Sierra MC74xx */
	{ 0x1199, 0x9079, 3 },	/* Sierra EM7455 */
	{ 0x1199, 0x9091, 3 },	/* Sierra EM7565 */
	{ 0x1bc7, 0x1031, 1 },	/* Telit LE910C1-EUX */
	{ 0x1bc7, 0x1040, 4 },	/* Telit LE922, LM9x0 */
	{ 0x1bc7, 0x1050, 4 },	/* Telit FN980 */
	{ 0x1bc7, 0x1060, 4 },	/* Telit LN920 */
	{ 0x1bc7, 0x1070, 4 },	/* Telit FN990 */
	{ 0x1bc7, 0x10a0, 2 },	/* Telit FN920C04 */
	{ 0x1bc7, 0x10a4, 1 },	/* Telit FN920C04 */
	{ 0x1bc7, 0x10a9, 1 },	/* Telit FN920C04 */
	{ 0x1bc7, 0x10b0, 2 },	/* Telit FE990B40 */
	{ 0x1bc7, 0x10c0, 2 },	/* Telit FE910C04 */
	{ 0x1bc7, 0x10c4, 1 },	/* Telit FE910C04 */
	{ 0x1bc7, 0x10c8, 1 },	/* Telit FE910C04 */
	{ 0x1bc7, 0x10d0, 2 },	/* Telit FN990B40 */
	{ 0x1bc7, 0x1101, 1 },	/* Telit ME910C1 */
	{ 0x1bc7, 0x110a, 1 },	/* Telit ME910G1 */
	{ 0x1bc7, 0x1201, 4 },	/* Telit LE910C1 */
	{ 0x1e0e, 0x9001, 2 },	/* SIMCom SIM7000, SIM7100, SIM7600 */
	{ 0x1e0e, 0x9205, 2 },	/* SIMCom SIM7070, SIM7080, SIM7090 */
	{ 0x1e0e, 0x9206, 2 },	/* the same, another layout */
	{ 0x2c7c, 0x0121, 2 },	/* Quectel EC21 */
	{ 0x2c7c, 0x0125, 2 },	/* Quectel EC25, EG25 */
	{ 0x2c7c, 0x0191, 2 },	/* Quectel EG91 */
	{ 0x2c7c, 0x0195, 2 },	/* Quectel EG95 */
	{ 0x2c7c, 0x0296, 2 },	/* Quectel BG96 */
	{ 0x2c7c, 0x0306, 2 },	/* Quectel EG06 */
	{ 0x2c7c, 0x0512, 2 },	/* Quectel EG12 */
	{ 0x2c7c, 0x0800, 2 },	/* Quectel RM500 */
};

static int known_interface(const struct usb_modem *modem)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].vendor == modem->vendor && known[i].product == modem->product)
			return known[i].interface;
	return -1;
}

static int read_hex(const char *directory, const char *name)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL) || !g_ascii_isxdigit(*text))
		return -1;
	return (int)(strtoul(text, NULL, 16) & 0xffff);
}

/* 1-1.2 and nothing that leads elsewhere */
static bool is_path(const char *path)
{
	size_t len = strlen(path);

	return g_ascii_isdigit(*path) && len < USB_PATH_MAX && strchr(path, '-') &&
	       strspn(path, "0123456789-.") == len;
}

/* --- serial ports ------------------------------------------------------------------ */

/* The entry of a directory that begins so; usb-serial has ttyUSB2/tty/ttyUSB2 */
static char *entry_like(const char *directory, const char *prefix)
{
	GDir *dir = g_dir_open(directory, 0, NULL);
	const char *name;
	char *found = NULL;

	while (dir && !found && (name = g_dir_read_name(dir)))
		if (g_str_has_prefix(name, prefix) && strcmp(name, "tty"))
			found = g_strdup(name);
	if (dir)
		g_dir_close(dir);
	return found;
}

static char *tty_of(const char *interface)
{
	g_autofree char *directory = g_build_filename(interface, "tty", NULL);
	char *name = entry_like(directory, "tty");

	return name ? name : entry_like(interface, "tty");
}

static void read_ttys(const char *sysfs, struct usb_modem *modem)
{
	g_autofree char *devices = g_build_filename(sysfs, DEVICES, NULL);
	g_autofree char *prefix = g_strdup_printf("%s:", modem->path);
	GDir *dir = g_dir_open(devices, 0, NULL);
	const char *name;

	while (dir && modem->n_ttys < USB_TTYS_MAX && (name = g_dir_read_name(dir))) {
		g_autofree char *interface = g_build_filename(devices, name, NULL);
		struct usb_tty *tty = &modem->ttys[modem->n_ttys];
		g_autofree char *node = NULL;

		if (!g_str_has_prefix(name, prefix))
			continue;
		node = tty_of(interface);
		tty->interface = read_hex(interface, "bInterfaceNumber");
		if (node && tty->interface >= 0 &&
		    g_strlcpy(tty->name, node, sizeof(tty->name)) < sizeof(tty->name))
			modem->n_ttys++;
	}
	if (dir)
		g_dir_close(dir);
}

static int by_number(const void *a, const void *b)
{
	const struct usb_tty *one = a, *other = b;

	return one->interface - other->interface;
}

bool usb_modem_read(const char *sysfs, const char *path, struct usb_modem *ret)
{
	g_autofree char *device = g_build_filename(sysfs, DEVICES, path, NULL);
	int vendor, product;

	memset(ret, 0, sizeof(*ret));
	if (!is_path(path))
		return false;
	vendor = read_hex(device, "idVendor");
	product = read_hex(device, "idProduct");
	if (vendor < 0 || product < 0)
		return false;
	g_strlcpy(ret->path, path, sizeof(ret->path));
	ret->vendor = vendor;
	ret->product = product;
	read_ttys(sysfs, ret);
	qsort(ret->ttys, ret->n_ttys, sizeof(ret->ttys[0]), by_number);
	return true;
}

/* To the front, the others keeping their order */
static void advance(struct usb_modem *modem, int interface)
{
	struct usb_tty tty;

	for (size_t i = 0; i < modem->n_ttys; i++) {
		if (modem->ttys[i].interface != interface)
			continue;
		tty = modem->ttys[i];
		memmove(modem->ttys + 1, modem->ttys, i * sizeof(tty));
		modem->ttys[0] = tty;
		return;
	}
}

void usb_modem_sort(struct usb_modem *modem, int first)
{
	advance(modem, known_interface(modem));
	advance(modem, first);
}

/* --- devices ------------------------------------------------------------------------ */

static bool is_qmi(const char *interface)
{
	g_autofree char *link = g_build_filename(interface, "driver", NULL);
	g_autofree char *target = g_file_read_link(link, NULL);
	g_autofree char *driver = target ? g_path_get_basename(target) : NULL;

	/* ours has mainline's name, unless it was told otherwise */
	return driver && (!strcmp(driver, "qmi_wwan") || !strcmp(driver, "m2m_wwan"));
}

static bool is_listed(const struct usb_paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->n; i++)
		if (!strcmp(paths->path[i], path))
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

void usb_modem_list(const char *sysfs, struct usb_paths *ret)
{
	g_autofree char *devices = g_build_filename(sysfs, DEVICES, NULL);
	GDir *dir = g_dir_open(devices, 0, NULL);
	const char *name;

	ret->n = 0;
	while (dir && ret->n < USB_MODEMS_MAX && (name = g_dir_read_name(dir))) {
		g_autofree char *interface = g_build_filename(devices, name, NULL);
		g_autofree char *path = g_strndup(name, strcspn(name, ":"));

		if (strchr(name, ':') && is_path(path) && is_qmi(interface) &&
		    !is_listed(ret, path))
			g_strlcpy(ret->path[ret->n++], path, USB_PATH_MAX);
	}
	if (dir)
		g_dir_close(dir);
	qsort(ret->path, ret->n, sizeof(ret->path[0]), by_text);
}

bool usb_find(const char *sysfs, const char *word, char *ret_path, int *ret_interface)
{
	g_autofree char *name = g_path_get_basename(word);
	g_autofree char *link = g_build_filename(sysfs, "class/tty", name, "device", NULL);
	g_autofree char *target = NULL;
	struct usb_modem modem;
	char *real;

	*ret_interface = -1;
	if (is_path(word)) {
		g_strlcpy(ret_path, word, USB_PATH_MAX);
		return usb_modem_read(sysfs, word, &modem);
	}
	real = realpath(link, NULL);
	target = g_strdup(real);
	free(real);
	/* .../1-1.2/1-1.2:1.3/ttyUSB3: the interface is the first with a number */
	while (target && strlen(target) > 1) {
		g_autofree char *base = g_path_get_basename(target);
		char *up;

		if (read_hex(target, "bInterfaceNumber") >= 0 && strchr(base, ':')) {
			*strchr(base, ':') = '\0';
			*ret_interface = read_hex(target, "bInterfaceNumber");
			return is_path(base) &&
			       g_strlcpy(ret_path, base, USB_PATH_MAX) < USB_PATH_MAX;
		}
		up = g_path_get_dirname(target);
		g_free(target);
		target = up;
	}
	return false;
}
