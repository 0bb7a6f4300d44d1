// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who resolves names is told by m2mctl: a systemd-resolved that only takes notes, on a bus
 * that is a real one, else a resolvconf that does the same, else nobody.
 */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/ctl/resolver.h"
#include "../lib/harness.h"
#include "../lib/resolved.h"

struct fixture {
	GTestDBus *daemon;
	struct resolved *resolved;
	char *directory;		/* the only one that programs are looked for in */
	struct resolver *resolver;
};

static const struct rt_link wan = { .ifindex = 7, .name = "wan7" };

static struct resolv_link link_of(const char *a, const char *b)
{
	struct resolv_link link = { .ifindex = 7, .name = "wan7", .metric = 2048 };

	resolv_add_text(&link, a);
	resolv_add_text(&link, b);
	return link;
}

static void setup(struct fixture *self, bool resolved)
{
	memset(self, 0, sizeof(*self));
	self->directory = g_dir_make_tmp("m2m-resolver-XXXXXX", NULL);
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	if (resolved) {
		self->daemon = g_test_dbus_new(G_TEST_DBUS_NONE);
		g_test_dbus_up(self->daemon);
		g_setenv("DBUS_SYSTEM_BUS_ADDRESS",
			 g_test_dbus_get_bus_address(self->daemon), TRUE);
		self->resolved = resolved_start(g_test_dbus_get_bus_address(self->daemon),
						NULL);
	}
	g_setenv("PATH", self->directory, TRUE);
}

static void begin(struct fixture *self)
{
	self->resolver = resolver_open();
}

static void teardown(struct fixture *self)
{
	static const char * const files[] = { "resolvconf", "resolvectl", "notes" };

	resolver_close(self->resolver);
	if (self->resolved)
		resolved_stop(self->resolved);
	if (self->daemon) {
		g_test_dbus_stop(self->daemon);
		g_object_unref(self->daemon);
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		g_autofree char *path = g_build_filename(self->directory, files[i], NULL);

		g_unlink(path);
	}
	EXPECT_EQ(0, g_rmdir(self->directory));
	g_free(self->directory);
}

static void add_program(struct fixture *self, const char *name, const char *then)
{
	g_autofree char *path = g_build_filename(self->directory, name, NULL);
	g_autofree char *text = NULL;

	text = g_strdup_printf("#!/bin/sh\n"
			       "{ echo \"$@\"; /bin/cat; } >> %s/notes\necho printed\n%s\n",
			       self->directory, then);
	ASSERT_TRUE(g_file_set_contents(path, text, -1, NULL));
	ASSERT_EQ(0, g_chmod(path, 0755));
}

static void expect_notes(struct fixture *self, const char *text)
{
	g_autofree char *path = g_build_filename(self->directory, "notes", NULL);
	g_autofree char *seen = NULL;

	if (!g_file_get_contents(path, &seen, NULL, NULL))
		seen = g_strdup("");
	EXPECT_STREQ(text, seen);
}

static bool has_bus(void)
{
	g_autofree char *path = g_find_program_in_path("dbus-daemon");

	return path;
}

TEST(resolved_is_told)
{
	const struct resolv_link link = link_of("10.53.0.1", "2001:db8::1");
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	add_program(&self, "resolvconf", "");
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_EQ(PDN_DNS_RESOLVED, who);
	EXPECT_TRUE(resolved_noted(self.resolved, "SetLinkDNS (7, [(2, [0x0a, 0x35, 0x00, "
				   "0x01]), (10, [0x20, 0x01, 0x0d, 0xb8,"));
	EXPECT_EQ(0, resolver_prefer(self.resolver, 7, true, &error));
	EXPECT_TRUE(resolved_noted(self.resolved, "SetLinkDefaultRoute (7, true)"));
	EXPECT_EQ(0, resolver_prefer(self.resolver, 7, false, &error));
	EXPECT_TRUE(resolved_noted(self.resolved, "SetLinkDefaultRoute (7, false)"));
	EXPECT_EQ(0, resolver_unset(self.resolver, who, &wan, &error));
	EXPECT_TRUE(resolved_noted(self.resolved, "RevertLink (7,)"));
	/* one is enough */
	expect_notes(&self, "");
	teardown(&self);
}

TEST(a_resolved_that_refuses_is_said)
{
	const struct resolv_link link = link_of("10.53.0.1", "10.53.0.2");
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	add_program(&self, "resolvconf", "");
	resolved_refuse(self.resolved, true);
	begin(&self);
	EXPECT_EQ(-EPERM, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_STREQ("systemd-resolved: Permission denied", error.msg);
	expect_notes(&self, "");
	teardown(&self);
}

TEST(a_bus_without_resolved_leaves_it_to_resolvconf)
{
	const struct resolv_link link = link_of("10.53.0.1", "10.53.0.2");
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	add_program(&self, "resolvconf", "");
	resolved_stop(self.resolved);
	self.resolved = NULL;
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_EQ(PDN_DNS_RESOLVCONF, who);
	/* it has gone since, and what it knew with it */
	EXPECT_EQ(0, resolver_unset(self.resolver, PDN_DNS_RESOLVED, &wan, &error));
	teardown(&self);
}

TEST(resolvconf_is_told)
{
	struct resolv_link link = link_of("10.53.0.1", "2001:db8::1");
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	setup(&self, false);
	add_program(&self, "resolvconf", "");
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_EQ(PDN_DNS_RESOLVCONF, who);
	ASSERT_EQ(0, resolver_unset(self.resolver, who, &wan, &error));
	expect_notes(&self, "-a wan7.m2m\nnameserver 10.53.0.1\nnameserver 2001:db8::1\n"
		     "-d wan7.m2m\n");
	/* what the host asks does not go into a VRF */
	link.apart = true;
	ASSERT_EQ(0, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_EQ(PDN_DNS_NOBODY, who);
	teardown(&self);
}

TEST(a_resolvconf_that_fails_is_said)
{
	const struct resolv_link link = link_of("10.53.0.1", "10.53.0.2");
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	setup(&self, false);
	add_program(&self, "resolvconf", "exit 3");
	begin(&self);
	EXPECT_EQ(-EIO, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_STREQ("resolvconf -a wan7.m2m fails", error.msg);
	teardown(&self);
}

/* systemd's resolvconf is resolvectl, and asks a resolved that is not there */
TEST(resolvectl_is_no_resolvconf)
{
	const struct resolv_link link = link_of("10.53.0.1", "10.53.0.2");
	g_autofree char *path = NULL;
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	setup(&self, false);
	add_program(&self, "resolvectl", "");
	path = g_build_filename(self.directory, "resolvconf", NULL);
	ASSERT_EQ(0, symlink("resolvectl", path));
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_EQ(PDN_DNS_NOBODY, who);
	expect_notes(&self, "");
	teardown(&self);
}

TEST(without_anybody_nobody_is_told)
{
	const struct resolv_link link = link_of("10.53.0.1", "10.53.0.2");
	struct m2m_error error;
	struct fixture self;
	enum pdn_dns who;

	setup(&self, false);
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &link, &who, &error));
	EXPECT_EQ(PDN_DNS_NOBODY, who);
	EXPECT_EQ(0, resolver_unset(self.resolver, who, &wan, &error));
	EXPECT_EQ(0, resolver_unset(self.resolver, PDN_DNS_RESOLVED, &wan, &error));
	EXPECT_EQ(0, resolver_unset(self.resolver, PDN_DNS_RESOLVCONF, &wan, &error));
	teardown(&self);
}

TEST_HARNESS_MAIN
