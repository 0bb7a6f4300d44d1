// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what is read out of sysfs where the driver is not ours. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mainline.h"

#define DRIVER	"qmi_wwan"
#define CLASS	"class/usbmisc"
/* What tells ours from mainline's: see udev/70-m2m-wwan.rules */
#define OURS	"driver/module/parameters/name"
#define PORTS_MAX	64

static bool read_text(const char *directory, const char *name, char *ret, size_t size)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, ret, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	ret[n] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	return true;
}

static unsigned long read_number(const char *directory, const char *name, int base)
{
	char text[32];

	return read_text(directory, name, text, sizeof(text)) ?
		       strtoul(text, NULL, base) : 0;
}

/* The last part of what a link points to; NULL if it is none */
static char *target_name(const char *directory, const char *name)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *target = g_file_read_link(path, NULL);

	return target ? g_path_get_basename(target) : NULL;
}

/* The only entry of a directory, such as the network device in net/ */
static bool only_entry(const char *directory, const char *name, char *ret, size_t size)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *entry = dir ? g_dir_read_name(dir) : NULL;
	bool fits = entry && g_strlcpy(ret, entry, size) < size;

	if (dir)
		g_dir_close(dir);
	return fits;
}

static bool is_mainline(const char *interface)
{
	g_autofree char *driver = target_name(interface, "driver");
	g_autofree char *ours = g_build_filename(interface, OURS, NULL);

	return driver && !strcmp(driver, DRIVER) &&
	       !g_file_test(ours, G_FILE_TEST_EXISTS);
}

/* "1-1.2:1.4" is interface 4 of the device 1-1.2, whose directory is the one above */
static bool read_port(const char *interface, const char *chardev, struct port *ret)
{
	g_autofree char *device = g_build_filename(interface, "..", NULL);
	g_autofree char *net = NULL;
	char *path;

	memset(ret, 0, sizeof(*ret));
	if (!only_entry(interface, "net", ret->ifname, sizeof(ret->ifname)))
		return false;
	net = g_build_filename(interface, "net", ret->ifname, NULL);
	path = realpath(device, NULL);
	if (!path)
		return false;
	g_strlcpy(ret->usb_path, strrchr(path, '/') + 1, sizeof(ret->usb_path));
	free(path);
	g_strlcpy(ret->chardev, chardev, sizeof(ret->chardev));
	ret->ifindex = read_number(net, "ifindex", 10);
	ret->id = ret->ifindex;
	ret->interface = read_number(interface, "bInterfaceNumber", 16);
	ret->vendor = read_number(device, "idVendor", 16);
	ret->product = read_number(device, "idProduct", 16);
	ret->usb_speed = read_number(device, "speed", 10);
	ret->state = M2M_WWAN_STATE_READY;
	ret->mainline = true;
	return ret->ifindex;
}

static int by_place(const void *a, const void *b)
{
	const struct port *one = a, *other = b;
	int order = strcmp(one->usb_path, other->usb_path);

	return order ? order : one->interface - other->interface;
}

void mainline_list(const char *sysfs, struct port **ret_ports, size_t *ret_n)
{
	g_autofree char *class = g_build_filename(sysfs, CLASS, NULL);
	GDir *dir = g_dir_open(class, 0, NULL);
	const char *name;
	size_t n = 0;

	*ret_ports = calloc(PORTS_MAX, sizeof(**ret_ports));
	if (!*ret_ports)
		g_error("no memory");
	while (dir && n < PORTS_MAX && (name = g_dir_read_name(dir))) {
		g_autofree char *interface = g_build_filename(class, name, "device",
							      NULL);

		if (is_mainline(interface) &&
		    read_port(interface, name, &(*ret_ports)[n]))
			n++;
	}
	if (dir)
		g_dir_close(dir);
	qsort(*ret_ports, n, sizeof(**ret_ports), by_place);
	*ret_n = n;
}

int mainline_raw_ip(const char *sysfs, const char *ifname, struct m2m_error *error)
{
	g_autofree char *directory = g_build_filename(sysfs, "class/net", ifname, "qmi",
						      NULL);
	g_autofree char *path = g_build_filename(directory, "raw_ip", NULL);
	char is[4];
	int fd;

	if (read_text(directory, "raw_ip", is, sizeof(is)) && *is == 'Y')
		return 0;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return m2m_error_set(error, errno == ENOENT ? -ENOENT : -EAGAIN,
				     "%s: %s", path, g_strerror(errno));
	if (write(fd, "Y", 1) != 1) {
		m2m_error_set(error, -errno, "%s: %s", path, g_strerror(errno));
		close(fd);
		return error->err;
	}
	close(fd);
	return 0;
}
