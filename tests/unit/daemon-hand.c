// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2m-helper answers reaches who asked, and the log only where it should. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../tools/daemon/clock.h"
#include "../../tools/daemon/hand.h"
#include "../lib/harness.h"

#define DEADLINE_US	(20 * G_USEC_PER_SEC)

struct fixture {
	char *directory, *path;
	int fd;			/* the helper's */
	struct hand *hand;
	int log;		/* the end of a pipe that is standard error */
};

/* What a unit would have been told */
struct told {
	unsigned int n;
	char request[128], why[128];
};

static void setup(struct fixture *self)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fds[2];

	self->directory = g_dir_make_tmp("m2m-hand-XXXXXX", NULL);
	self->path = g_build_filename(self->directory, "sock", NULL);
	self->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_strlcpy(addr.sun_path, self->path, sizeof(addr.sun_path));
	ASSERT_EQ(0, bind(self->fd, (struct sockaddr *)&addr, sizeof(addr)));
	ASSERT_EQ(0, listen(self->fd, 8));
	self->hand = hand_new(self->path);
	ASSERT_EQ(0, pipe(fds));
	ASSERT_LE(0, dup2(fds[1], STDERR_FILENO));
	close(fds[1]);
	self->log = fds[0];
	g_unix_set_fd_nonblocking(self->log, TRUE, NULL);
}

static void teardown(struct fixture *self)
{
	hand_free(self->hand);
	close(self->fd);
	EXPECT_EQ(0, g_unlink(self->path));
	EXPECT_EQ(0, g_rmdir(self->directory));
	g_free(self->path);
	g_free(self->directory);
}

/* What was logged since; "" if nothing */
static const char *logged(struct fixture *self)
{
	static char text[1024];
	ssize_t n = read(self->log, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* The helper answers one request, and whoever asked has time to hear of it */
static void answer(struct fixture *self, const char *text)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;
	int fd = accept4(self->fd, NULL, NULL, SOCK_CLOEXEC);
	char request[256];

	ASSERT_LE(0, fd);
	ASSERT_LT(0, recv(fd, request, sizeof(request), 0));
	ASSERT_LT(0, send(fd, text, strlen(text), 0));
	/* it has heard when its end is closed */
	g_unix_set_fd_nonblocking(fd, TRUE, NULL);
	while (recv(fd, request, sizeof(request), 0) &&
	       g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, FALSE);
	EXPECT_LT(g_get_monotonic_time(), until);
	close(fd);
}

static void hear(void *data, const char *request, const char *why)
{
	struct told *told = data;

	told->n++;
	g_strlcpy(told->request, request, sizeof(told->request));
	g_strlcpy(told->why, why ? why : "", sizeof(told->why));
}

TEST(who_wants_to_be_told_is_told_and_the_log_is_not)
{
	struct told told = { 0 };
	struct fixture self;

	setup(&self);
	hand_ask_for(self.hand, hear, &told, "hook %s", "pdn-up");
	answer(&self, "refused 10-test ended with status 1");
	EXPECT_EQ(1, told.n);
	EXPECT_STREQ("hook pdn-up", told.request);
	EXPECT_STREQ("m2m-helper: 10-test ended with status 1", told.why);
	hand_ask_for(self.hand, hear, &told, "hook pdn-down");
	answer(&self, "ok");
	EXPECT_EQ(2, told.n);
	EXPECT_STREQ("", told.why);
	EXPECT_STREQ("", logged(&self));
	teardown(&self);
}

TEST(who_has_gone_is_told_nothing)
{
	struct told told = { 0 }, other = { 0 };
	struct fixture self;

	setup(&self);
	hand_ask_for(self.hand, hear, &told, "hook pdn-up");
	hand_ask_for(self.hand, hear, &other, "hook pdn-up");
	hand_forget(self.hand, &told);
	answer(&self, "refused no");
	answer(&self, "refused no");
	EXPECT_EQ(0, told.n);
	EXPECT_EQ(1, other.n);
	EXPECT_STREQ("", logged(&self));
	teardown(&self);
}

TEST(where_no_helper_is_that_is_told_at_once)
{
	struct told told = { 0 };
	struct fixture self;

	setup(&self);
	hand_free(self.hand);
	self.hand = hand_new("/nonexistent/helper.sock");
	hand_ask_for(self.hand, hear, &told, "hook pdn-up");
	EXPECT_EQ(1, told.n);
	EXPECT_NE(NULL, strstr(told.why, "/nonexistent/helper.sock"));
	EXPECT_STREQ("", logged(&self));
	teardown(&self);
}

TEST(all_else_is_said)
{
	struct fixture self;

	setup(&self);
	hand_ask(self.hand, "a modem", "port-power 1-1");
	answer(&self, "ok");
	EXPECT_STREQ("m2md: a modem: port-power 1-1: done\n", logged(&self));
	hand_ask(self.hand, "a modem", "port-power 1-1");
	answer(&self, "refused no");
	EXPECT_STREQ("m2md: a modem: port-power 1-1: m2m-helper: no\n", logged(&self));
	/* what is asked often, when it is another */
	for (int i = 0; i < 3; i++) {
		hand_ask_quietly(self.hand, "host", "resolv-file");
		answer(&self, "refused no");
		EXPECT_STREQ(i ? "" : "m2md: host: resolv-file: m2m-helper: no\n", logged(&self));
	}
	teardown(&self);
}

/* Whether something is asked before @ms are over */
static bool is_asked(struct fixture *self, int64_t ms)
{
	gint64 until = g_get_monotonic_time() + ms * 1000;
	struct pollfd poll_fd = { .fd = self->fd, .events = POLLIN };

	while (!poll(&poll_fd, 1, 10) && g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, FALSE);
	return poll_fd.revents & POLLIN;
}

#define AGAIN_MS	(5 * 60 * 1000 / CLOCK_FACTOR_MAX)

TEST(what_is_asked_quietly_and_failed_is_asked_again)
{
	struct fixture self;

	clock_set_factor(CLOCK_FACTOR_MAX);
	setup(&self);
	hand_ask_quietly(self.hand, "host", "resolv-file");
	answer(&self, "failed resolvconf did not end in time");
	EXPECT_TRUE(is_asked(&self, DEADLINE_US / 1000));
	answer(&self, "failed resolvconf did not end in time");
	EXPECT_STREQ("m2md: host: resolv-file: m2m-helper: resolvconf did not end in time\n",
		     logged(&self));
	/* who asks anew need not ask twice */
	hand_ask_quietly(self.hand, "host", "resolv-file");
	answer(&self, "ok");
	EXPECT_FALSE(is_asked(&self, 2 * AGAIN_MS));
	teardown(&self);
}

TEST(what_is_asked_quietly_and_refused_is_not)
{
	struct fixture self;

	clock_set_factor(CLOCK_FACTOR_MAX);
	setup(&self);
	hand_ask_quietly(self.hand, "host", "resolv-file");
	answer(&self, "refused /etc/resolv.conf is somebody else's");
	EXPECT_FALSE(is_asked(&self, 2 * AGAIN_MS));
	/* nor after it has ended */
	hand_ask_quietly(self.hand, "host", "resolv-file");
	answer(&self, "failed no");
	teardown(&self);
}

TEST_HARNESS_MAIN
