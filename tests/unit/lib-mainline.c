// SPDX-License-Identifier: GPL-2.0-or-later
/* Modems of mainline's driver are found in sysfs, ours and half ones are left out. */
#include <errno.h>
#include <ftw.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/lib/mainline.h"
#include "../lib/harness.h"

#define BUS	"devices/usb1"
#define DRIVERS	"bus/usb/drivers"

static void put(const char *root, const char *path, const char *text)
{
	g_autofree char *file = g_build_filename(root, path, NULL);
	g_autofree char *directory = g_path_get_dirname(file);

	if (g_mkdir_with_parents(directory, 0755) ||
	    !g_file_set_contents(file, text, -1, NULL))
		g_error("%s cannot be made", file);
}

static void point(const char *root, const char *path, const char *to)
{
	g_autofree char *file = g_build_filename(root, path, NULL);
	g_autofree char *directory = g_path_get_dirname(file);
	g_autofree char *target = g_build_filename(root, to, NULL);

	if (g_mkdir_with_parents(directory, 0755) || symlink(target, file))
		g_error("%s cannot be made", file);
}

/* A QMI interface at DEVICE:1.INTERFACE, with WDM and, unless it is NULL, NET */
static void plug(const char *root, const char *device, int interface, const char *driver,
		 const char *wdm, const char *net, int ifindex)
{
	g_autofree char *at = g_strdup_printf(BUS "/%s/%s:1.%d", device, device,
					      interface);
	g_autofree char *number = g_strdup_printf("%02x\n", interface);
	g_autofree char *index = g_strdup_printf("%d\n", ifindex);
	char path[256];

#define AT(...) (g_snprintf(path, sizeof(path), __VA_ARGS__), path)
	put(root, AT(BUS "/%s/idVendor", device), "2c7c\n");
	put(root, AT(BUS "/%s/idProduct", device), "0125\n");
	put(root, AT(BUS "/%s/speed", device), "480\n");
	put(root, AT("%s/bInterfaceNumber", at), number);
	if (net) {
		put(root, AT("%s/net/%s/ifindex", at, net), index);
		put(root, AT("%s/net/%s/qmi/raw_ip", at, net), "N\n");
		g_autofree char *class = g_strdup_printf("class/net/%s", net);

		point(root, class, AT("%s/net/%s", at, net));
	}
	g_autofree char *bound = g_strdup_printf("%s/driver", at);

	point(root, bound, AT(DRIVERS "/%s", driver));
	g_autofree char *self = g_strdup_printf("%s/usbmisc/%s/device", at, wdm);

	point(root, self, at);
	g_autofree char *class = g_strdup_printf("class/usbmisc/%s", wdm);

	point(root, class, AT("%s/usbmisc/%s", at, wdm));
#undef AT
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

struct fixture {
	char *root;
	struct port *ports;
	size_t n;
};

static void setup(struct fixture *self)
{
	memset(self, 0, sizeof(*self));
	self->root = g_dir_make_tmp("m2m-sysfs-XXXXXX", NULL);
	if (!self->root)
		g_error("no directory");
	put(self->root, DRIVERS "/qmi_wwan/bind", "");
	put(self->root, DRIVERS "/option/bind", "");
}

/* Whether what was made could be taken away */
static bool teardown(struct fixture *self)
{
	int left = nftw(self->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);

	free(self->ports);
	g_free(self->root);
	return !left;
}

TEST(nothing)
{
	struct fixture self[1];

	setup(self);
	mainline_list(self->root, &self->ports, &self->n);
	EXPECT_EQ(self->n, 0);
	EXPECT_TRUE(teardown(self));
}

TEST(ports_by_place)
{
	struct fixture self[1];

	setup(self);
	plug(self->root, "1-2", 8, "qmi_wwan", "cdc-wdm0", "wwan1", 9);
	plug(self->root, "1-1.4", 4, "qmi_wwan", "cdc-wdm1", "wwan0", 7);
	mainline_list(self->root, &self->ports, &self->n);
	ASSERT_EQ(self->n, 2);
	EXPECT_STREQ(self->ports[0].usb_path, "1-1.4");
	EXPECT_STREQ(self->ports[0].ifname, "wwan0");
	EXPECT_STREQ(self->ports[0].chardev, "cdc-wdm1");
	EXPECT_EQ(self->ports[0].ifindex, 7);
	EXPECT_EQ(self->ports[0].interface, 4);
	EXPECT_EQ(self->ports[0].vendor, 0x2c7c);
	EXPECT_EQ(self->ports[0].product, 0x0125);
	EXPECT_EQ(self->ports[0].usb_speed, 480);
	EXPECT_TRUE(self->ports[0].mainline);
	EXPECT_STREQ(self->ports[1].usb_path, "1-2");
	EXPECT_NE(self->ports[0].id, self->ports[1].id);
	EXPECT_TRUE(teardown(self));
}

TEST(others_are_left_out)
{
	struct fixture self[1];

	setup(self);
	/* no network device; another driver; a character device of nobody's */
	plug(self->root, "1-1", 4, "qmi_wwan", "cdc-wdm0", NULL, 0);
	plug(self->root, "1-2", 4, "option", "cdc-wdm1", "usb0", 3);
	put(self->root, "class/usbmisc/hiddev0/dev", "180:0\n");
	mainline_list(self->root, &self->ports, &self->n);
	EXPECT_EQ(self->n, 0);
	EXPECT_TRUE(teardown(self));
}

TEST(ours_is_left_out)
{
	struct fixture self[1];

	setup(self);
	plug(self->root, "1-1", 4, "qmi_wwan", "cdc-wdm0", "wwan0", 3);
	put(self->root, DRIVERS "/qmi_wwan/module/parameters/name", "qmi_wwan\n");
	mainline_list(self->root, &self->ports, &self->n);
	EXPECT_EQ(self->n, 0);
	EXPECT_TRUE(teardown(self));
}

TEST(raw_ip)
{
	struct fixture self[1];
	g_autofree char *file = NULL, *text = NULL;
	struct m2m_error error;

	setup(self);
	file = g_build_filename(self->root, "class/net/wwan0/qmi/raw_ip", NULL);
	plug(self->root, "1-1", 4, "qmi_wwan", "cdc-wdm0", "wwan0", 3);
	EXPECT_EQ(mainline_raw_ip(self->root, "wwan0", &error), 0);
	ASSERT_TRUE(g_file_get_contents(file, &text, NULL, NULL));
	EXPECT_EQ(*text, 'Y');
	EXPECT_EQ(mainline_raw_ip(self->root, "wwan0", &error), 0);
	EXPECT_EQ(mainline_raw_ip(self->root, "wwan7", &error), -ENOENT);
	EXPECT_NE(strstr(error.msg, "wwan7"), NULL);
	EXPECT_TRUE(teardown(self));
}

TEST_HARNESS_MAIN
