// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of USB devices from sysfs, and of what drivers say they are for. */
#include <fnmatch.h>
#include <glib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "usb-module.h"

/* Tests have a tree of their own. */
#ifndef USB_SYSFS
#define USB_SYSFS	"/sys/bus/usb"
#endif
#ifndef MODULES_DIR
#define MODULES_DIR	"/lib/modules"
#endif

#define DEVICES_MAX	512

static const char *const drivers[] = { "m2m_wwan", "qmi_wwan" };

/* One line of a file of sysfs, "" if there is none */
static void read_line(const char *dir, const char *name, char *ret, size_t size)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *text = NULL;

	*ret = '\0';
	if (g_file_get_contents(path, &text, NULL, NULL))
		g_strlcpy(ret, g_strstrip(text), size);
	/* a device may call itself anything, and a terminal may believe it */
	for (char *c = ret; *c; c++)
		if (!g_ascii_isprint(*c))
			*c = '?';
}

static unsigned int read_hex(const char *dir, const char *name)
{
	char text[16];

	read_line(dir, name, text, sizeof(text));
	return g_ascii_strtoull(text, NULL, 16);
}

static void read_driver(const char *dir, char *ret, size_t size)
{
	g_autofree char *path = g_build_filename(dir, "driver", NULL);
	g_autofree char *target = g_file_read_link(path, NULL);
	g_autofree char *name = target ? g_path_get_basename(target) : NULL;

	g_strlcpy(ret, name ? name : "", size);
}

/* --- what the drivers are for --------------------------------------------------- */

/* Patterns of modules.alias, of QMI drivers */
static GPtrArray *read_aliases(void)
{
	g_auto(GStrv) lines = NULL;
	g_autofree char *path = NULL, *text = NULL;
	GPtrArray *patterns = g_ptr_array_new_with_free_func(g_free);
	struct utsname kernel;

	uname(&kernel);
	path = g_build_filename(MODULES_DIR, kernel.release, "modules.alias", NULL);
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return patterns;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = NULL;

		if (!g_str_has_prefix(*line, "alias usb:"))
			continue;
		words = g_strsplit(*line, " ", 3);
		for (size_t i = 0; i < G_N_ELEMENTS(drivers); i++)
			if (words[1] && words[2] && !strcmp(words[2], drivers[i]))
				g_ptr_array_add(patterns, g_strdup(words[1]));
	}
	return patterns;
}

static bool has_alias(const GPtrArray *patterns, const char *alias)
{
	for (guint i = 0; i < patterns->len; i++)
		if (!fnmatch(patterns->pdata[i], alias, 0))
			return true;
	return false;
}

bool module_has_driver(void)
{
	g_autofree char *dir = g_build_filename(USB_SYSFS, "drivers/qmi_wwan", NULL);
	g_autofree char *ours = g_build_filename(USB_SYSFS, "drivers/m2m_wwan", NULL);

	return !access(dir, F_OK) || !access(ours, F_OK);
}

/* --- devices -------------------------------------------------------------------- */

static void read_interface(const char *dir, const char *name, const GPtrArray *patterns,
			   struct usb_module *module)
{
	struct usb_interface *interface = &module->interfaces[module->n];
	char alias[128];

	if (module->n == USB_INTERFACES_MAX)
		return;
	module->n++;
	g_strlcpy(interface->name, name, sizeof(interface->name));
	interface->class = read_hex(dir, "bInterfaceClass");
	interface->subclass = read_hex(dir, "bInterfaceSubClass");
	interface->protocol = read_hex(dir, "bInterfaceProtocol");
	interface->n_endpoints = read_hex(dir, "bNumEndpoints");
	read_driver(dir, interface->driver, sizeof(interface->driver));
	read_line(dir, "modalias", alias, sizeof(alias));
	interface->has_alias = has_alias(patterns, alias);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of a directory's entries, sorted */
static GPtrArray *names_in(const char *path)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	return names;
}

static bool is_interface_of(const char *name, const char *device)
{
	return g_str_has_prefix(name, device) && name[strlen(device)] == ':';
}

static void read_device(const char *dir, const char *name, const GPtrArray *names,
			const GPtrArray *patterns, struct usb_module *ret)
{
	*ret = (struct usb_module) { 0 };
	g_strlcpy(ret->path, name, sizeof(ret->path));
	ret->vendor = read_hex(dir, "idVendor");
	ret->product = read_hex(dir, "idProduct");
	read_line(dir, "manufacturer", ret->maker, sizeof(ret->maker));
	read_line(dir, "product", ret->name, sizeof(ret->name));
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *interface = NULL;

		if (!is_interface_of(names->pdata[i], name))
			continue;
		interface = g_build_filename(USB_SYSFS, "devices", names->pdata[i], NULL);
		read_interface(interface, names->pdata[i], patterns, ret);
	}
}

size_t module_read_all(struct usb_module **ret)
{
	g_autoptr(GPtrArray) names = names_in(USB_SYSFS "/devices");
	g_autoptr(GPtrArray) patterns = read_aliases();
	struct usb_module *modules = g_new0(struct usb_module, MIN(names->len, DEVICES_MAX) + 1);
	size_t n = 0;

	for (guint i = 0; i < names->len && n < DEVICES_MAX; i++) {
		g_autofree char *dir = g_build_filename(USB_SYSFS, "devices",
							names->pdata[i], NULL);

		/* neither interfaces nor root hubs */
		if (g_ascii_isdigit(*(char *)names->pdata[i]) &&
		    !strchr(names->pdata[i], ':'))
			read_device(dir, names->pdata[i], names, patterns, &modules[n++]);
	}
	*ret = modules;
	return n;
}
