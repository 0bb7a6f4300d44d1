// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may ask m2md what, how much, and what it says to nonsense. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/daemon/door.h"
#include "../../tools/daemon/request.h"
#include "../lib/harness.h"

#define WHY		"{\"schema\":1,\"method\":\"why\"}\n"
#define NOBODY		65534
#define ADMINS		40001	/* groups that no process has by itself */
#define READERS		40002
#define MANY_GROUPS	1000
#define STRANGERS	4
#define GUESTS		32
#define A_SECOND	20
#define LINE_BYTES	(64 * 1024)
#define QUEUE_BYTES	(256 * 1024)
#define MUCH		"{\"schema\":1,\"method\":\"much\"}\n"
#define MUCH_BYTES	(100 * 1024)
#define DEADLINE_US	(20 * G_USEC_PER_SEC)

static struct door *door;
static char *directory, *path;

static char *answer(const struct request *request, enum role role, void *data)
{
	if (!strcmp(request_method(request), "much"))
		return g_strnfill(MUCH_BYTES, 'x');
	if (strcmp(request_method(request), "why"))
		return NULL;
	return g_strdup(role == ROLE_ADMIN ? "{\"imei\":\"1\"}" : "{}");
}

static bool begin(void)
{
	struct m2m_error error;

	directory = g_dir_make_tmp("m2m-door-XXXXXX", NULL);
	if (!directory || chmod(directory, 0755))
		return false;
	path = g_build_filename(directory, "sock", NULL);
	if (door_open(path, answer, NULL, &door, &error))
		return false;
	door_set_groups(door, &(struct role_groups){ ADMINS, READERS });
	return true;
}

static bool end(void)
{
	bool gone;

	door_close(door);
	gone = access(path, F_OK) && !g_rmdir(directory);
	g_free(path);
	g_free(directory);
	return gone;
}

static int knock(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Runs the door until a line has come; "" at the end of the connection */
static const char *line_of(int fd)
{
	static char line[1024];
	gint64 until = g_get_monotonic_time() + DEADLINE_US;
	size_t len = 0;
	ssize_t n;

	while (g_get_monotonic_time() < until && len < sizeof(line) - 1) {
		g_main_context_iteration(NULL, FALSE);
		n = recv(fd, line + len, 1, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			return "";
		if (n > 0 && line[len++] == '\n')
			break;
	}
	line[len] = '\0';
	return line;
}

static const char *ask(int fd, const char *request)
{
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		return "not sent";
	return line_of(fd);
}

static bool is_root(void)
{
	return !getuid();
}

TEST(root_may_ask_and_sees_identifiers)
{
	int fd;

	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	fd = knock();
	EXPECT_STREQ("{\"imei\":\"1\"}\n", ask(fd, WHY));
	EXPECT_STREQ("{\"imei\":\"1\"}\n", ask(fd, WHY));
	close(fd);
	EXPECT_TRUE(end());
}

/* What is answered to a user who is in @n groups; NULL if nothing was */
static const char *asked_as(gid_t gid, const gid_t *groups, size_t n)
{
	static char line[512];
	struct pollfd pfd = { .events = POLLIN };
	int fd;

	if (setgroups(n, groups) || setgid(gid) || setuid(NOBODY))
		return NULL;
	fd = knock();
	if (fd < 0 || send(fd, WHY, strlen(WHY), MSG_NOSIGNAL) < 0)
		return NULL;
	pfd.fd = fd;
	if (poll(&pfd, 1, DEADLINE_US / 1000) != 1 ||
	    recv(fd, line, sizeof(line) - 1, 0) <= 0)
		return NULL;
	return line;
}

/* In another process; 0 if the door said no */
static int child_asks(void)
{
	const char *line = asked_as(NOBODY, NULL, 0);

	return line && strstr(line, "not-permitted") ? 0 : 1;
}

/* More groups than any table of a fixed size has, the one that counts last */
static int asks_among_many(gid_t last, const char *want)
{
	static gid_t groups[MANY_GROUPS];
	const char *line;

	for (gid_t i = 0; i < MANY_GROUPS; i++)
		groups[i] = READERS + 1 + i;
	if (last)
		groups[MANY_GROUPS - 1] = last;
	line = asked_as(NOBODY, groups, MANY_GROUPS);
	return line && strstr(line, want) ? 0 : 1;
}

static int child_reads(void)
{
	return asks_among_many(READERS, "{}\n");
}

static int child_administers(void)
{
	return asks_among_many(ADMINS, "{\"imei\":\"1\"}\n");
}

static int child_is_in_others(void)
{
	return asks_among_many(0, "not-permitted");
}

static int child_reads_by_primary_group(void)
{
	const char *line = asked_as(READERS, NULL, 0);

	return line && !strcmp(line, "{}\n") ? 0 : 1;
}

/* What @fn returns in a process of its own, while the door is at work here */
static int in_child(int (*fn)(void))
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(fn());
	while (!waitpid(pid, &status, WNOHANG) && g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, FALSE);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(a_stranger_is_told_so)
{
	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	EXPECT_EQ(0, in_child(child_asks));
	EXPECT_TRUE(end());
}

TEST(groups_give_roles)
{
	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	EXPECT_EQ(0, in_child(child_reads));
	EXPECT_EQ(0, in_child(child_administers));
	EXPECT_EQ(0, in_child(child_is_in_others));
	EXPECT_EQ(0, in_child(child_reads_by_primary_group));
	EXPECT_TRUE(end());
}

TEST(a_group_that_is_not_there_gives_nothing)
{
	static const struct role_groups none = { -1, -1 };
	static const gid_t gids[] = { -1, 0, 7 };

	EXPECT_EQ(ROLE_NONE, role_of(7, gids, 3, &none));
	EXPECT_EQ(ROLE_NONE, role_of(7, NULL, 0, &none));
	EXPECT_EQ(ROLE_ADMIN, role_of(0, NULL, 0, &none));
	/* who is in both has the wider one */
	EXPECT_EQ(ROLE_ADMIN, role_of(7, gids, 3, &(struct role_groups){ 7, 0 }));
	EXPECT_EQ(ROLE_READ, role_of(7, gids, 3, &(struct role_groups){ 8, 7 }));
}

/* As another user: five connections, of which one ends at once */
static int child_fills_places(void)
{
	struct pollfd pfds[STRANGERS + 1];
	unsigned int i;
	char byte;

	if (setgid(NOBODY) || setuid(NOBODY))
		return 1;
	for (i = 0; i < G_N_ELEMENTS(pfds); i++) {
		pfds[i].fd = knock();
		pfds[i].events = POLLIN;
		if (pfds[i].fd < 0)
			return 2;
	}
	if (poll(pfds, G_N_ELEMENTS(pfds), DEADLINE_US / 1000) != 1)
		return 3;
	return recv(pfds[STRANGERS].fd, &byte, 1, 0) == 0 ? 0 : 4;
}

TEST(strangers_take_few_places)
{
	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	EXPECT_EQ(0, in_child(child_fills_places));
	EXPECT_TRUE(end());
}

TEST(nonsense_is_answered_as_such)
{
	static const char * const nonsense[] = {
		"\n", "why\n", "[]\n", "7\n", "{}\n", "{\"method\":\"why\"}\n",
		"{\"schema\":2,\"method\":\"why\"}\n", "{\"schema\":1}\n",
		"{\"schema\":1,\"method\":7}\n", "{\"schema\":\"1\",\"method\":[]}\n",
		"\xff\xfe{\n",
	};
	char deep[32 * 1024];
	int fd;

	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	fd = knock();
	for (size_t i = 0; i < G_N_ELEMENTS(nonsense); i++)
		EXPECT_TRUE(strstr(ask(fd, nonsense[i]), "\"no-request\""));
	/* A parser that descends as far as it is led would have no stack left. */
	memset(deep, '[', sizeof(deep));
	strcpy(deep + sizeof(deep) - 2, "\n");
	EXPECT_TRUE(strstr(ask(fd, deep), "\"no-request\""));
	EXPECT_TRUE(strstr(ask(fd, "{\"schema\":1,\"method\":\"reboot\"}\n"),
			   "\"no-such-method\""));
	EXPECT_STREQ("{\"imei\":\"1\"}\n", ask(fd, WHY));
	close(fd);
	EXPECT_TRUE(end());
}

TEST(a_line_without_end_ends_the_connection)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;
	char *bytes = g_malloc(LINE_BYTES * 2);
	size_t sent = 0;
	ssize_t n = 0;
	int fd;

	ASSERT_TRUE(begin());
	fd = knock();
	memset(bytes, '{', LINE_BYTES * 2);
	while (sent < LINE_BYTES * 2 && g_get_monotonic_time() < until) {
		n = send(fd, bytes + sent, LINE_BYTES * 2 - sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			break;
		sent += n > 0 ? n : 0;
		g_main_context_iteration(NULL, FALSE);
	}
	EXPECT_STREQ("", line_of(fd));
	close(fd);
	g_free(bytes);
	EXPECT_TRUE(end());
}

/* Runs the door until the connection has ended; how much came before. -1: it has not */
static ssize_t read_to_the_end(int fd)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;
	char *bytes = g_malloc(MUCH_BYTES);
	ssize_t got = 0, n = -1;

	while (n && g_get_monotonic_time() < until) {
		g_main_context_iteration(NULL, FALSE);
		n = recv(fd, bytes, MUCH_BYTES, MSG_DONTWAIT);
		/* the door had not read all that it was asked; what it said is there */
		if (n < 0 && errno != EAGAIN && errno != ECONNRESET)
			break;
		got += n > 0 ? n : 0;
	}
	g_free(bytes);
	return n ? -1 : got;
}

TEST(who_takes_too_little_of_what_he_asked_for_is_left)
{
	const ssize_t asked = 12 * (MUCH_BYTES + 1);
	int fd, other, answers = 0;
	ssize_t got;

	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	fd = knock();
	other = knock();
	/* nothing is read meanwhile */
	for (int i = 0; i < 12; i++)
		answers += send(fd, MUCH, strlen(MUCH), MSG_NOSIGNAL) > 0;
	EXPECT_EQ(12, answers);
	for (int i = 0; i < 100; i++)
		g_main_context_iteration(NULL, FALSE);
	EXPECT_STREQ("{\"imei\":\"1\"}\n", ask(other, WHY));
	/* what the kernel took is there, if anything; what waited is not */
	got = read_to_the_end(fd);
	EXPECT_LE(0, got);
	EXPECT_LT(got, asked - QUEUE_BYTES);
	close(fd);
	/* who takes it gets as much, a piece at a time */
	fd = knock();
	for (int i = 0; i < 3; i++) {
		got = 0;
		EXPECT_LT(0, send(fd, MUCH, strlen(MUCH), MSG_NOSIGNAL));
		for (const char *line = ""; !strchr(line, '\n'); got += strlen(line)) {
			line = line_of(fd);
			if (!*line)
				break;
		}
		EXPECT_EQ(MUCH_BYTES + 1, got);
	}
	close(fd);
	close(other);
	EXPECT_TRUE(end());
}

TEST(a_user_may_not_ask_all_the_time)
{
	int fd, refused = 0;

	if (!is_root())
		SKIP("needs root");
	ASSERT_TRUE(begin());
	fd = knock();
	/* within one second or two */
	for (int i = 0; i < 3 * A_SECOND; i++)
		refused += !!strstr(ask(fd, WHY), "\"too-often\"");
	EXPECT_GE(refused, A_SECOND);
	close(fd);
	EXPECT_TRUE(end());
}

TEST(there_are_so_many_places)
{
	int fds[GUESTS];
	int late;

	if (!is_root())
		SKIP("strangers have fewer");
	ASSERT_TRUE(begin());
	for (int i = 0; i < GUESTS; i++) {
		fds[i] = knock();
		ASSERT_LE(0, fds[i]);
		g_main_context_iteration(NULL, FALSE);
	}
	late = knock();
	EXPECT_STREQ("", line_of(late));
	close(late);
	for (int i = 0; i < GUESTS; i++)
		close(fds[i]);
	EXPECT_TRUE(end());
}

TEST(a_socket_nobody_listens_on_is_replaced_another_daemons_is_not)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct door *other = NULL;
	struct m2m_error error;
	int fd;

	ASSERT_TRUE(begin());
	EXPECT_EQ(-EADDRINUSE, door_open(path, answer, NULL, &other, &error));
	EXPECT_EQ(NULL, other);
	door_close(door);
	/* as a killed one leaves it */
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
	EXPECT_EQ(0, bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	close(fd);
	EXPECT_EQ(0, door_open(path, answer, NULL, &door, &error));
	EXPECT_TRUE(end());
}

TEST_HARNESS_MAIN
