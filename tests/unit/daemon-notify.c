// SPDX-License-Identifier: GPL-2.0-or-later
/* What the service manager hears: of a daemon with a machine that stands still, nothing. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../tools/daemon/notify.h"
#include "../lib/harness.h"

static const struct pulse armed = { .armed = true }, queued = { .queued = true },
			  both = { true, true }, still;

static int manager;

/* Its socket, abstract, with the name the kernel finds */
static void listen_to(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sa_family_t);
	char name[sizeof(addr.sun_path) + 1];

	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ASSERT_LE(0, manager);
	ASSERT_EQ(0, bind(manager, (struct sockaddr *)&addr, len));
	len = sizeof(addr);
	ASSERT_EQ(0, getsockname(manager, (struct sockaddr *)&addr, &len));
	snprintf(name, sizeof(name), "@%.*s", (int)(len - sizeof(sa_family_t) - 1),
		 addr.sun_path + 1);
	setenv("NOTIFY_SOCKET", name, 1);
}

static void expect_heard(const char *what)
{
	char got[64] = "";
	ssize_t n = recv(manager, got, sizeof(got) - 1, 0);

	EXPECT_STREQ(what, got);
	EXPECT_EQ(*what ? (ssize_t)strlen(what) : -1, n);
}

TEST(machines_that_will_be_stepped)
{
	const struct pulse all[] = { armed, queued, both };

	EXPECT_TRUE(notify_is_alive(NULL, 0));
	for (size_t n = 1; n <= ARRAY_SIZE(all); n++)
		EXPECT_TRUE(notify_is_alive(all, n));
}

/* Wherever it stands among others that are well */
TEST(one_that_stands_still)
{
	struct pulse all[64];

	for (size_t n = 1; n <= ARRAY_SIZE(all); n++) {
		for (size_t bad = 0; bad < n; bad++) {
			for (size_t i = 0; i < n; i++)
				all[i] = i & 1 ? queued : armed;
			all[bad] = still;
			ASSERT_FALSE(notify_is_alive(all, n));
		}
	}
}

TEST(the_watchdog_is_fed_for_those_only)
{
	const struct pulse well[] = { armed, armed }, ill[] = { armed, still };

	listen_to();
	notify_watchdog(ill, ARRAY_SIZE(ill));
	expect_heard("");
	notify_watchdog(well, ARRAY_SIZE(well));
	expect_heard("WATCHDOG=1");
	notify_watchdog(ill, ARRAY_SIZE(ill));
	expect_heard("");
	notify_watchdog(NULL, 0);
	expect_heard("WATCHDOG=1");
	close(manager);
}

TEST(how_often_it_is_asked_for)
{
	char pid[32];

	unsetenv("WATCHDOG_USEC");
	EXPECT_EQ(0, notify_watchdog_us());
	setenv("WATCHDOG_USEC", "30000000", 1);
	EXPECT_EQ(30000000, notify_watchdog_us());
	setenv("WATCHDOG_PID", "1", 1);
	EXPECT_EQ(0, notify_watchdog_us());
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("WATCHDOG_PID", pid, 1);
	EXPECT_EQ(30000000, notify_watchdog_us());
}

TEST_HARNESS_MAIN
