// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Name servers reach who resolves names: systemd-resolved over a bus, which is a real
 * one with a resolved that only takes notes, else a file.
 */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/daemon/dns.h"
#include "../lib/harness.h"
#include "../lib/resolved.h"

#define LIMIT_US	(10 * G_USEC_PER_SEC)
#define HEAD		"# Made by m2md, which replaces it.\n"

struct fixture {
	GTestDBus *daemon;	/* NULL: no bus */
	struct resolved *resolved;
	char *directory, *file;
	struct dns *dns;
};

static struct resolv_link link_of(unsigned int ifindex, uint32_t metric,
				  const char *a, const char *b)
{
	struct resolv_link link = { .ifindex = ifindex, .metric = metric };

	snprintf(link.name, sizeof(link.name), "wan%u", ifindex);
	if (a)
		resolv_add_text(&link, a);
	if (b)
		resolv_add_text(&link, b);
	return link;
}

/* --- the fixture ------------------------------------------------------------------ */

static gboolean wake(gpointer data)
{
	return G_SOURCE_CONTINUE;
}

static bool file_is(const struct fixture *self, const char *text)
{
	g_autofree char *seen = NULL;

	if (!g_file_get_contents(self->file, &seen, NULL, NULL))
		return !text;
	return text && !strcmp(seen, text);
}

static bool noted(const struct fixture *self, const char *line)
{
	return resolved_noted(self->resolved, line);
}

/* Lets the loop run until it is so, for ten seconds at most */
static bool comes(const struct fixture *self,
		  bool (*is_so)(const struct fixture *self, const char *text),
		  const char *text)
{
	gint64 end = g_get_monotonic_time() + LIMIT_US;
	guint tick = g_timeout_add(20, wake, NULL);

	while (!is_so(self, text) && g_get_monotonic_time() < end)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(tick);
	return is_so(self, text);
}

static void setup(struct fixture *self, bool bus)
{
	memset(self, 0, sizeof(*self));
	self->directory = g_dir_make_tmp("m2m-dns-XXXXXX", NULL);
	self->file = g_build_filename(self->directory, "resolv.conf", NULL);
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	if (bus) {
		self->daemon = g_test_dbus_new(G_TEST_DBUS_NONE);
		g_test_dbus_up(self->daemon);
		g_setenv("DBUS_SYSTEM_BUS_ADDRESS",
			 g_test_dbus_get_bus_address(self->daemon), TRUE);
	}
}

static void begin_resolved(struct fixture *self)
{
	self->resolved = resolved_start(g_test_dbus_get_bus_address(self->daemon), NULL);
}

static void begin(struct fixture *self)
{
	self->dns = dns_new(self->file);
}

static void teardown(struct fixture *self)
{
	dns_free(self->dns);
	/* what was cancelled is told of */
	while (g_main_context_iteration(NULL, FALSE))
		;
	if (self->resolved)
		resolved_stop(self->resolved);
	if (self->daemon) {
		g_test_dbus_stop(self->daemon);
		g_object_unref(self->daemon);
	}
	g_unlink(self->file);
	EXPECT_EQ(0, g_rmdir(self->directory));
	g_free(self->directory);
	g_free(self->file);
}

static bool has_bus(void)
{
	g_autofree char *path = g_find_program_in_path("dbus-daemon");

	return path;
}

/* --- which count ------------------------------------------------------------------- */

TEST(the_lowest_metric_comes_first)
{
	struct resolv_link links[] = {
		link_of(3, 2050, "10.0.0.3", "10.0.0.4"),
		link_of(4, 2048, "10.0.0.1", "2001:db8::1"),
		link_of(5, 100, NULL, NULL),
		link_of(6, 1, "10.9.9.9", NULL),
	};
	g_autofree char *text = NULL;

	links[3].apart = true;
	text = resolv_format(links, ARRAY_SIZE(links));
	EXPECT_STREQ(HEAD "# wan4\nnameserver 10.0.0.1\n# wan4\nnameserver 2001:db8::1\n"
		     "# wan3\nnameserver 10.0.0.3\n", text);
	EXPECT_TRUE(resolv_default(links, ARRAY_SIZE(links)) == &links[1]);
	/* of equals the first */
	links[0].metric = 2048;
	EXPECT_TRUE(resolv_default(links, ARRAY_SIZE(links)) == &links[0]);
	EXPECT_TRUE(!resolv_default(&links[2], 2));
}

TEST(servers_are_told_apart)
{
	struct resolv_link link = link_of(3, 1, "10.0.0.1", "10.0.0.1");
	char text[16];

	EXPECT_EQ(1, link.n);
	EXPECT_FALSE(resolv_add_text(&link, "10.0.0.1:53"));
	EXPECT_FALSE(resolv_add_text(&link, ""));
	for (unsigned int i = 0; i < 2 * RESOLV_SERVERS_MAX; i++) {
		snprintf(text, sizeof(text), "10.1.0.%u", i);
		EXPECT_TRUE(resolv_add_text(&link, text));
	}
	EXPECT_EQ(RESOLV_SERVERS_MAX, link.n);
}

/* --- the file ---------------------------------------------------------------------- */

static void count_one(void *data)
{
	++*(int *)data;
}

static int told;

static bool is_told(const struct fixture *self, const char *text)
{
	return told == 1;
}

TEST(who_installs_the_file_is_told_of_it)
{
	struct resolv_link link = link_of(7, 2048, "10.53.0.1", NULL);
	struct fixture self;

	setup(&self, false);
	begin(&self);
	/* also of what was there before */
	told = 0;
	dns_watch_file(self.dns, count_one, &told);
	EXPECT_TRUE(comes(&self, is_told, NULL));
	told = 0;
	dns_watch_file(self.dns, count_one, &told);
	EXPECT_EQ(1, told);
	dns_set(self.dns, &link);
	EXPECT_EQ(2, told);
	link.owner = &self;
	dns_set(self.dns, &link);
	EXPECT_EQ(2, told);
	dns_unset(self.dns, 7);
	EXPECT_EQ(3, told);
	dns_unset(self.dns, 7);
	EXPECT_EQ(3, told);
	teardown(&self);
}

TEST(without_a_bus_there_is_a_file)
{
	struct resolv_link link = link_of(7, 2048, "10.53.0.1", NULL);
	struct fixture self;
	GStatBuf status;

	setup(&self, false);
	begin(&self);
	dns_set(self.dns, &link);
	EXPECT_TRUE(comes(&self, file_is, HEAD "# wan7\nnameserver 10.53.0.1\n"));
	ASSERT_EQ(0, g_stat(self.file, &status));
	EXPECT_EQ(0644, status.st_mode & 0777);
	link.owner = &self;
	dns_set(self.dns, &link);
	dns_forget(self.dns, &link);
	EXPECT_TRUE(file_is(&self, HEAD "# wan7\nnameserver 10.53.0.1\n"));
	dns_forget(self.dns, &self);
	EXPECT_TRUE(file_is(&self, HEAD));
	dns_set(self.dns, &link);
	dns_unset(self.dns, 7);
	EXPECT_TRUE(file_is(&self, HEAD));
	teardown(&self);
}

/* A process before this one left it, and the call is no more. */
TEST(a_file_of_before_is_replaced)
{
	struct fixture self;

	setup(&self, false);
	ASSERT_TRUE(g_file_set_contents(self.file, "nameserver 10.0.0.9\n", -1, NULL));
	begin(&self);
	dns_unset(self.dns, 7);
	EXPECT_TRUE(comes(&self, file_is, HEAD));
	teardown(&self);
}

/* Somebody put a link there: what it leads to is not ours */
TEST(a_link_in_its_place_is_not_followed)
{
	g_autofree char *foreign = NULL;
	g_autofree char *seen = NULL;
	struct fixture self;

	setup(&self, false);
	foreign = g_build_filename(self.directory, "foreign", NULL);
	ASSERT_TRUE(g_file_set_contents(foreign, "mine\n", -1, NULL));
	ASSERT_EQ(0, symlink(foreign, self.file));
	begin(&self);
	dns_unset(self.dns, 7);
	EXPECT_TRUE(comes(&self, file_is, HEAD));
	ASSERT_TRUE(g_file_get_contents(foreign, &seen, NULL, NULL));
	EXPECT_STREQ("mine\n", seen);
	g_unlink(foreign);
	teardown(&self);
}

/* --- systemd-resolved --------------------------------------------------------------- */

TEST(resolved_is_told_link_by_link)
{
	struct resolv_link link = link_of(7, 2049, "10.53.0.1", "2001:db8::1");
	struct resolv_link other = link_of(8, 2048, "10.53.0.2", NULL);
	struct fixture self;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	begin_resolved(&self);
	begin(&self);
	dns_set(self.dns, &link);
	EXPECT_TRUE(comes(&self, noted, "SetLinkDNS (7, [(2, [0x0a, 0x35, 0x00, 0x01]), "
			       "(10, [0x20, 0x01, 0x0d, 0xb8,"));
	EXPECT_TRUE(comes(&self, noted, "SetLinkDefaultRoute (7, true)"));
	EXPECT_TRUE(file_is(&self, NULL));
	/* a better one takes its place as the default */
	dns_set(self.dns, &other);
	EXPECT_TRUE(comes(&self, noted, "SetLinkDefaultRoute (8, true)"));
	EXPECT_TRUE(noted(&self, "SetLinkDefaultRoute (7, false)"));
	dns_unset(self.dns, 8);
	EXPECT_TRUE(comes(&self, noted, "RevertLink (8,)"));
	EXPECT_FALSE(noted(&self, "RevertLink (7,)"));
	teardown(&self);
}

TEST(a_resolved_that_comes_back_is_told_again)
{
	struct resolv_link link = link_of(7, 2048, "10.53.0.1", NULL);
	struct fixture self;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	begin(&self);
	dns_set(self.dns, &link);
	EXPECT_TRUE(comes(&self, file_is, HEAD "# wan7\nnameserver 10.53.0.1\n"));
	begin_resolved(&self);
	EXPECT_TRUE(comes(&self, noted, "SetLinkDNS (7, "));
	EXPECT_TRUE(comes(&self, file_is, NULL));
	resolved_stop(self.resolved);
	self.resolved = NULL;
	EXPECT_TRUE(comes(&self, file_is, HEAD "# wan7\nnameserver 10.53.0.1\n"));
	begin_resolved(&self);
	EXPECT_TRUE(comes(&self, noted, "SetLinkDNS (7, "));
	teardown(&self);
}

TEST(a_resolved_that_refuses_leaves_it_to_the_file)
{
	struct resolv_link link = link_of(7, 2048, "10.53.0.1", NULL);
	struct fixture self;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	begin_resolved(&self);
	resolved_refuse(self.resolved, true);
	begin(&self);
	dns_set(self.dns, &link);
	EXPECT_TRUE(comes(&self, file_is, HEAD "# wan7\nnameserver 10.53.0.1\n"));
	EXPECT_TRUE(noted(&self, "SetLinkDNS (7, "));
	teardown(&self);
}

TEST(a_bus_that_ends_does_not_end_us)
{
	struct resolv_link link = link_of(7, 2048, "10.53.0.1", NULL);
	struct fixture self;

	if (!has_bus())
		SKIP("no dbus-daemon");
	setup(&self, true);
	begin_resolved(&self);
	begin(&self);
	dns_set(self.dns, &link);
	EXPECT_TRUE(comes(&self, noted, "SetLinkDNS (7, "));
	g_test_dbus_stop(self.daemon);
	g_clear_object(&self.daemon);
	EXPECT_TRUE(comes(&self, file_is, HEAD "# wan7\nnameserver 10.53.0.1\n"));
	teardown(&self);
}

TEST_HARNESS_MAIN
