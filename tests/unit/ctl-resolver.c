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
	struct resolv_link link;
	enum pdn_dns who;
	struct m2m_error error;
};

static const struct rt_link wan = { .ifindex = 7, .name = "wan7" };

static void setup(struct fixture *self)
{
	memset(self, 0, sizeof(*self));
	self->link = (struct resolv_link) { .ifindex = 7, .name = "wan7", .metric = 2048 };
	resolv_add_text(&self->link, "10.53.0.1");
	resolv_add_text(&self->link, "2001:db8::1");
	self->directory = g_dir_make_tmp("m2m-resolver-XXXXXX", NULL);
	ASSERT_NE(NULL, self->directory);
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
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

/* With a bus and a resolved on it, beside a resolvconf; false: there is no bus to have. */
static bool setup_resolved(struct fixture *self)
{
	g_autofree char *program = g_find_program_in_path("dbus-daemon");
	const char *address;
	GTestDBus *daemon;

	if (!program)
		return false;
	/* it looks for its program, which the PATH of a test does not have */
	daemon = g_test_dbus_new(G_TEST_DBUS_NONE);
	g_test_dbus_up(daemon);
	address = g_test_dbus_get_bus_address(daemon);
	setup(self);
	self->daemon = daemon;
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
	self->resolved = resolved_start(address, NULL);
	add_program(self, "resolvconf", "");
	return true;
}

TEST(resolved_is_told)
{
	struct fixture self;

	if (!setup_resolved(&self))
		SKIP("no dbus-daemon");
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_EQ(PDN_DNS_RESOLVED, self.who);
	EXPECT_TRUE(resolved_noted(self.resolved, "SetLinkDNS (7, [(2, [0x0a, 0x35, 0x00, "
				   "0x01]), (10, [0x20, 0x01, 0x0d, 0xb8,"));
	EXPECT_EQ(0, resolver_prefer(self.resolver, 7, true, &self.error));
	EXPECT_TRUE(resolved_noted(self.resolved, "SetLinkDefaultRoute (7, true)"));
	EXPECT_EQ(0, resolver_prefer(self.resolver, 7, false, &self.error));
	EXPECT_TRUE(resolved_noted(self.resolved, "SetLinkDefaultRoute (7, false)"));
	EXPECT_EQ(0, resolver_unset(self.resolver, self.who, &wan, &self.error));
	EXPECT_TRUE(resolved_noted(self.resolved, "RevertLink (7,)"));
	/* one is enough */
	expect_notes(&self, "");
	teardown(&self);
}

TEST(a_resolved_that_refuses_is_said)
{
	struct fixture self;

	if (!setup_resolved(&self))
		SKIP("no dbus-daemon");
	resolved_refuse(self.resolved, true);
	begin(&self);
	EXPECT_EQ(-EPERM, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_STREQ("systemd-resolved: Permission denied", self.error.msg);
	expect_notes(&self, "");
	teardown(&self);
}

TEST(a_bus_without_resolved_leaves_it_to_resolvconf)
{
	struct fixture self;

	if (!setup_resolved(&self))
		SKIP("no dbus-daemon");
	resolved_stop(self.resolved);
	self.resolved = NULL;
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_EQ(PDN_DNS_RESOLVCONF, self.who);
	/* it has gone since, and what it knew with it */
	EXPECT_EQ(0, resolver_unset(self.resolver, PDN_DNS_RESOLVED, &wan, &self.error));
	teardown(&self);
}

TEST(resolvconf_is_told)
{
	struct fixture self;

	setup(&self);
	add_program(&self, "resolvconf", "");
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_EQ(PDN_DNS_RESOLVCONF, self.who);
	ASSERT_EQ(0, resolver_unset(self.resolver, self.who, &wan, &self.error));
	expect_notes(&self, "-a wan7.m2m\nnameserver 10.53.0.1\nnameserver 2001:db8::1\n"
		     "-d wan7.m2m\n");
	/* what the host asks does not go into a VRF */
	self.link.apart = true;
	ASSERT_EQ(0, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_EQ(PDN_DNS_NOBODY, self.who);
	teardown(&self);
}

TEST(a_resolvconf_that_fails_is_said)
{
	struct fixture self;

	setup(&self);
	add_program(&self, "resolvconf", "exit 3");
	begin(&self);
	EXPECT_EQ(-EIO, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_STREQ("resolvconf -a wan7.m2m fails", self.error.msg);
	teardown(&self);
}

/* systemd's resolvconf is resolvectl, and asks a resolved that is not there */
TEST(resolvectl_is_no_resolvconf)
{
	g_autofree char *path = NULL;
	struct fixture self;

	setup(&self);
	add_program(&self, "resolvectl", "");
	path = g_build_filename(self.directory, "resolvconf", NULL);
	ASSERT_EQ(0, symlink("resolvectl", path));
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_EQ(PDN_DNS_NOBODY, self.who);
	expect_notes(&self, "");
	teardown(&self);
}

TEST(without_anybody_nobody_is_told)
{
	struct fixture self;

	setup(&self);
	begin(&self);
	ASSERT_EQ(0, resolver_set(self.resolver, &self.link, &self.who, &self.error));
	EXPECT_EQ(PDN_DNS_NOBODY, self.who);
	EXPECT_EQ(0, resolver_unset(self.resolver, self.who, &wan, &self.error));
	EXPECT_EQ(0, resolver_unset(self.resolver, PDN_DNS_RESOLVED, &wan, &self.error));
	EXPECT_EQ(0, resolver_unset(self.resolver, PDN_DNS_RESOLVCONF, &wan, &self.error));
	teardown(&self);
}

TEST_HARNESS_MAIN
