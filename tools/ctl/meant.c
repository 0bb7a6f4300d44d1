// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the match of -d with what m2md tells of its modems. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alias.h"
#include "client.h"
#include "ctl.h"
#include "meant.h"

struct meant {
	const char *device;
	char *usb_path;		/* of the interface or device node of that name, or NULL */
	struct aliases *aliases;
	GPtrArray *called;	/* USB paths of modems that m2md knows by it as their alias */
};

/* "1-1" of .../usb1/1-1/1-1:1.4; for g_free(), or NULL */
static char *path_of(const char *class, const char *name, const char *below)
{
	g_autofree char *link = g_build_filename("/sys/class", class, name, below, NULL);
	char *real = realpath(link, NULL);
	const char *interface = real ? strrchr(real, '/') : NULL;
	char *path = NULL;

	if (interface && strchr(interface, ':'))
		path = g_strndup(interface + 1, strcspn(interface + 1, ":"));
	free(real);
	return path;
}

/* A mux link has no device below it, but wwan%d */
static char *path_of_upper(const char *name)
{
	g_autofree char *directory = g_build_filename("/sys/class/net", name, NULL);
	GDir *dir = g_dir_open(directory, 0, NULL);
	const char *entry;
	char *path = NULL;

	while (dir && !path && (entry = g_dir_read_name(dir)))
		if (g_str_has_prefix(entry, "lower_"))
			path = path_of("net", entry + strlen("lower_"), "device");
	if (dir)
		g_dir_close(dir);
	return path;
}

static char *find_path(const char *device)
{
	g_autofree char *node = ctl_device_node(device);
	bool is_node = strcmp(node, device);
	char *path;

	/* a name, and no way out of the directory */
	if (!*node || strchr(node, '/') || *node == '.')
		return NULL;
	path = path_of("usbmisc", node, "device");
	if (!path && !is_node)
		path = path_of("net", node, "device");
	if (!path && !is_node)
		path = path_of_upper(node);
	return path;
}

struct meant *meant_new(const struct ctl *ctl)
{
	struct meant *meant;

	if (!ctl->args->given[OPTION_DEVICE])
		return NULL;
	meant = g_new0(struct meant, 1);
	meant->device = ctl->args->option[OPTION_DEVICE];
	meant->usb_path = find_path(meant->device);
	meant->aliases = alias_load();
	meant->called = g_ptr_array_new_with_free_func(g_free);
	return meant;
}

void meant_free(struct meant *meant)
{
	if (!meant)
		return;
	alias_free(meant->aliases);
	g_ptr_array_unref(meant->called);
	g_free(meant->usb_path);
	g_free(meant);
}

void meant_learn(struct meant *meant, const struct client_answer *answer)
{
	if (!meant)
		return;
	g_ptr_array_set_size(meant->called, 0);
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++)
		if (!g_strcmp0(client_text(answer, "modems", i, "alias"), meant->device))
			g_ptr_array_add(meant->called,
					g_strdup(client_text(answer, "modems", i, "usb_path")));
}

int meant_fail(struct ctl *ctl, const struct meant *meant)
{
	g_autofree char *keys = NULL;

	if (!alias_is_known(meant->aliases, meant->device))
		return ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, "m2mctl why",
				"m2md knows no modem called %s", meant->device);
	keys = alias_goes_by(meant->aliases, meant->device);
	return ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, "m2mctl why; m2mctl modem list --match",
			"no modem that m2md knows fits %s.modem, which goes by %s",
			meant->device, *keys ? keys : "nothing");
}

static bool is_called(const struct meant *meant, const char *usb_path)
{
	return g_ptr_array_find_with_equal_func(meant->called, usb_path, g_str_equal, NULL);
}

bool meant_is(const struct meant *meant, const char *usb_path, const char *imei)
{
	if (!meant || !g_strcmp0(meant->device, usb_path) || !g_strcmp0(meant->device, imei))
		return true;
	if (!usb_path)
		return false;
	return !g_strcmp0(meant->usb_path, usb_path) || is_called(meant, usb_path) ||
	       !g_strcmp0(meant->device, alias_by(meant->aliases, imei, usb_path));
}
