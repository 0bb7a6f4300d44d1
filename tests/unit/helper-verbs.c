// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What m2m-helper does, in a host made of files: ports that a process plays the hub of,
 * hooks, resolv.conf.
 */
#include <kselftest_harness.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/helper/helper.h"
#include "../lib/harness.h"

#define PORT	"sys/bus/usb/devices/1-1:1.0/1-1-port4"
#define NOBODY	65534

static char root[] = "/tmp/m2m-helper-XXXXXX";
static struct host host = { root, NOBODY, 1000, 1000 };
static int fds[HELPER_FDS] = { -1, -1 };
static struct m2m_error error;

/* What the host does with @packet, of which @verb is the word */
static int does(helper_fn verb, const char *packet)
{
	struct helper_request request;

	error.msg[0] = '\0';
	ASSERT_EQ(0, helper_parse(packet, strlen(packet), &request, &error));
	return verb(&host, &request, fds, &error);
}

/* --- a host ------------------------------------------------------------------- */

static char *at(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *at(const char *format, ...)
{
	static char paths[8][512];
	static unsigned int turn;
	char *path = paths[turn++ % ARRAY_SIZE(paths)];
	int n = snprintf(path, sizeof(paths[0]), "%s/", root);
	va_list ap;

	va_start(ap, format);
	vsnprintf(path + n, sizeof(paths[0]) - n, format, ap);
	va_end(ap);
	return path;
}

static void make_directory(const char *path)
{
	char part[512];

	for (size_t i = strlen(root) + 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, path);
		mkdir(part, 0755);
	}
	mkdir(path, 0755);
	ASSERT_EQ(0, access(path, F_OK));
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	ASSERT_TRUE(file);
	fputs(text, file);
	ASSERT_EQ(0, fclose(file));
	ASSERT_EQ(0, chmod(path, mode));
}

static bool file_is(const char *path, const char *text)
{
	char buffer[1024];
	FILE *file = fopen(path, "r");
	size_t n = file ? fread(buffer, 1, sizeof(buffer) - 1, file) : 0;

	if (!file)
		return false;
	fclose(file);
	buffer[n] = '\0';
	if (!strcmp(buffer, text))
		return true;
	printf("# %s is \"%s\"\n", path, buffer);
	return false;
}

void harness_before(void)
{
	ASSERT_TRUE(mkdtemp(root));
	make_directory(at("etc/m2m/hook.d"));
	make_directory(at("run/m2m"));
	make_directory(at("run/netns"));
	make_directory(at("sbin"));
}

static void end(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	ASSERT_EQ(0, system(command));
}

/* --- ports -------------------------------------------------------------------- */

enum hub {
	HUB_GOOD,
	HUB_LEAVES,		/* as soon as it was told to switch off */
};

static void make_port(bool peer)
{
	make_directory(at(PORT));
	write_file(at(PORT "/disable"), "0", 0644);
	if (!peer)
		return;
	make_directory(at("sys/bus/usb/devices/2-1:1.0/2-1-port4"));
	write_file(at("sys/bus/usb/devices/2-1:1.0/2-1-port4/disable"), "0", 0644);
	ASSERT_EQ(0, symlink("../../2-1:1.0/2-1-port4", at(PORT "/peer")));
}

static void play(int notify, enum hub hub, int seen)
{
	char buffer[4096];

	while (read(notify, buffer, sizeof(buffer)) > 0) {
		if (file_is(at(PORT "/disable"), "1")) {
			if (hub == HUB_LEAVES)
				unlink(at(PORT "/disable"));
			ASSERT_EQ(1, write(seen, "1", 1));
		} else {
			ASSERT_EQ(1, write(seen, "0", 1));
		}
	}
}

/* hub_begin() - a process that does what hubs do; @ret_seen: what was written */
static pid_t hub_begin(enum hub hub, int *ret_seen)
{
	int pipes[2], notify = inotify_init1(IN_CLOEXEC);
	pid_t pid;

	ASSERT_EQ(0, pipe(pipes));
	ASSERT_LE(0, inotify_add_watch(notify, at(PORT "/disable"), IN_CLOSE_WRITE));
	pid = fork();
	if (!pid) {
		play(notify, hub, pipes[1]);
		_exit(0);
	}
	close(pipes[1]);
	*ret_seen = pipes[0];
	return pid;
}

static void hub_end(pid_t pid)
{
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

static int switch_port(enum hub hub)
{
	char first = 0;
	int seen, err;
	pid_t pid = hub_begin(hub, &seen);

	err = does(port_power, "port-power 1-1.4");
	EXPECT_EQ(1, read(seen, &first, 1));
	EXPECT_EQ('1', first);
	hub_end(pid);
	close(seen);
	if (hub != HUB_LEAVES)
		EXPECT_TRUE(file_is(at(PORT "/disable"), "0"));
	return err;
}

TEST(a_port_goes_off_and_on)
{
	make_port(false);
	EXPECT_EQ(0, switch_port(HUB_GOOD));
	end();
}

TEST(both_ports_of_a_connector)
{
	make_port(true);
	EXPECT_EQ(0, switch_port(HUB_GOOD));
	EXPECT_TRUE(file_is(at(PORT "/peer/disable"), "0"));
	end();
}

TEST(a_hub_that_leaves_while_its_port_is_off)
{
	make_port(false);
	EXPECT_EQ(-EIO, switch_port(HUB_LEAVES));
	EXPECT_TRUE(strstr(error.msg, "does not go on"));
	end();
}

TEST(a_hub_that_cannot)
{
	EXPECT_EQ(-EPERM, does(port_power, "port-power 1-1.4"));
	make_directory(at(PORT));
	EXPECT_EQ(-EPERM, does(port_power, "port-power 1-1.4"));
	EXPECT_TRUE(strstr(error.msg, "no hub can switch port 1-1.4"));
	end();
}

/* --- hooks -------------------------------------------------------------------- */

static int hook(void)
{
	return does(hook_run, "hook pdn-up PDN=wan USB_PATH=1-1.4");
}

static void make_hook(const char *name, const char *script, mode_t mode)
{
	char text[512];

	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", script);
	write_file(at("etc/m2m/hook.d/%s", name), text, mode);
}

TEST(hooks_have_an_environment_of_their_own)
{
	char script[256];

	setenv("SECRET", "x", 1);
	EXPECT_EQ(0, hook());
	snprintf(script, sizeof(script),
		 "echo $# $M2M_EVENT $M2M_PDN $M2M_USB_PATH $M2M_IMEI $SECRET >> %s/out", root);
	make_hook("20-second", script, 0755);
	snprintf(script, sizeof(script), "echo first >> %s/out", root);
	make_hook("10-first", script, 0700);
	make_hook("old.dpkg-dist", "exit 1", 0755);
	make_hook(".hidden", "exit 1", 0755);
	make_hook("backup~", "exit 1", 0755);
	EXPECT_EQ(0, hook());
	EXPECT_TRUE(file_is(at("out"), "first\n0 pdn-up wan 1-1.4\n"));
	end();
}

TEST(hooks_that_somebody_else_could_have_written)
{
	char script[256];

	snprintf(script, sizeof(script), "echo run >> %s/out", root);
	make_hook("a", script, 0775);
	EXPECT_EQ(-EIO, hook());
	EXPECT_TRUE(strstr(error.msg, "root alone"));
	make_hook("a", script, 0757);
	EXPECT_EQ(-EIO, hook());
	make_hook("a", script, 0644);
	EXPECT_EQ(-EIO, hook());
	ASSERT_EQ(0, rename(at("etc/m2m/hook.d/a"), at("a")));
	ASSERT_EQ(0, chmod(at("a"), 0755));
	ASSERT_EQ(0, symlink(at("a"), at("etc/m2m/hook.d/a")));
	EXPECT_EQ(-EIO, hook());
	unlink(at("etc/m2m/hook.d/a"));
	ASSERT_EQ(0, mkdir(at("etc/m2m/hook.d/a"), 0755));
	EXPECT_EQ(-EIO, hook());
	EXPECT_TRUE(access(at("out"), F_OK));
	end();
}

TEST(hooks_of_another_user)
{
	if (geteuid())
		SKIP("root alone can give files away");
	make_hook("a", "exit 0", 0755);
	EXPECT_EQ(0, hook());
	ASSERT_EQ(0, chown(at("etc/m2m/hook.d/a"), NOBODY, 0));
	EXPECT_EQ(-EIO, hook());
	ASSERT_EQ(0, chown(at("etc/m2m/hook.d"), NOBODY, 0));
	EXPECT_EQ(-EPERM, hook());
	end();
}

TEST(a_directory_of_hooks_that_is_none)
{
	ASSERT_EQ(0, chmod(at("etc/m2m/hook.d"), 0777));
	EXPECT_EQ(-EPERM, hook());
	ASSERT_EQ(0, rmdir(at("etc/m2m/hook.d")));
	EXPECT_EQ(-EPERM, hook());
	ASSERT_EQ(0, symlink("/bin", at("etc/m2m/hook.d")));
	EXPECT_EQ(-EPERM, hook());
	end();
}

TEST(a_hook_that_fails_is_told_of_and_the_next_one_runs)
{
	char script[256];

	make_hook("10-bad", "exit 3", 0755);
	snprintf(script, sizeof(script), "echo run >> %s/out", root);
	make_hook("20-good", script, 0755);
	EXPECT_EQ(-EIO, hook());
	EXPECT_TRUE(strstr(error.msg, "10-bad: status 3"));
	EXPECT_TRUE(file_is(at("out"), "run\n"));
	end();
}

TEST(a_hook_that_crashes_is_told_of)
{
	make_hook("10-bad", "kill -SEGV $$", 0755);
	EXPECT_EQ(-EIO, hook());
	EXPECT_TRUE(strstr(error.msg, "10-bad: signal 11"));
	end();
}

TEST(a_hook_that_never_ends)
{
	char script[256];

	/* a pipe whose other end only the hook and its child have */
	ASSERT_EQ(0, mkfifo(at("fifo"), 0600));
	snprintf(script, sizeof(script), "cat < %s/fifo & wait", root);
	make_hook("a", script, 0755);
	EXPECT_EQ(-EIO, hook());
	EXPECT_TRUE(strstr(error.msg, "did not end in time"));
	end();
}

/* --- the clock ------------------------------------------------------------------- */

static struct timex kernel;	/* its time, and whether somebody keeps it */
static int clock_errno;		/* of setting it */

static int fake_adjtimex(struct timex *timex)
{
	if (timex->modes && clock_errno) {
		errno = clock_errno;
		return -1;
	}
	if (timex->modes == ADJ_SETOFFSET)
		kernel.time.tv_sec += timex->time.tv_sec;
	else if (timex->modes)
		abort();
	*timex = kernel;
	return TIME_ERROR;
}

static int set_clock(const char *seconds, int64_t from, int status)
{
	char packet[64];

	host.adjtimex = fake_adjtimex;
	kernel = (struct timex){ .status = status, .time.tv_sec = from };
	snprintf(packet, sizeof(packet), "set-clock %s", seconds);
	return does(clock_set, packet);
}

TEST(a_clock_that_nobody_has_set)
{
	EXPECT_EQ(0, set_clock("1795942800", 90, STA_UNSYNC));
	EXPECT_EQ(1795942800, kernel.time.tv_sec);
	EXPECT_EQ(0, set_clock("1795942800", 1795942799, STA_UNSYNC));
	EXPECT_EQ(1795942800, kernel.time.tv_sec);
}

TEST(a_clock_that_is_left_alone)
{
	/* somebody keeps it; it is ahead; no time at all */
	EXPECT_EQ(-EPERM, set_clock("1795942800", 90, 0));
	EXPECT_EQ(90, kernel.time.tv_sec);
	EXPECT_EQ(-EPERM, set_clock("1795942800", 1795942800, STA_UNSYNC));
	EXPECT_EQ(-EPERM, set_clock("1795942800", 1795949999, STA_UNSYNC));
	EXPECT_EQ(1795949999, kernel.time.tv_sec);
	EXPECT_EQ(-EPERM, set_clock("1735689599", 90, STA_UNSYNC));
	EXPECT_EQ(-EPERM, set_clock("4102444800", 90, STA_UNSYNC));
	EXPECT_EQ(90, kernel.time.tv_sec);
	clock_errno = EPERM;
	EXPECT_EQ(-EIO, set_clock("1795942800", 90, STA_UNSYNC));
	clock_errno = 0;
	EXPECT_EQ(90, kernel.time.tv_sec);
}

/* --- reboot ------------------------------------------------------------------- */

TEST(a_reboot)
{
	char script[256];

	EXPECT_EQ(-EIO, does(host_reboot, "reboot"));
	snprintf(script, sizeof(script), "#!/bin/sh\necho $# > %s/out\n", root);
	write_file(at("sbin/reboot"), script, 0755);
	EXPECT_EQ(0, does(host_reboot, "reboot"));
	EXPECT_TRUE(file_is(at("out"), "0\n"));
	end();
}

/* --- resolv.conf -------------------------------------------------------------- */

#define MARK	"# m2m-helper writes this file as long as this line stands\n"

TEST(resolv_conf_that_is_ours)
{
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.1\n", 0644);
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(file_is(at("etc/resolv.conf"), MARK "nameserver 192.0.2.1\n"));
	write_file(at("run/m2m/resolv.conf"), "nameserver 2001:db8::53\n", 0644);
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(file_is(at("etc/resolv.conf"), MARK "nameserver 2001:db8::53\n"));
	ASSERT_EQ(0, unlink(at("run/m2m/resolv.conf")));
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(access(at("etc/resolv.conf"), F_OK));
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	end();
}

TEST(resolv_conf_of_somebody_else)
{
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.1\n", 0644);
	write_file(at("etc/resolv.conf"), "nameserver 203.0.113.1\n", 0644);
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(file_is(at("etc/resolv.conf"), "nameserver 203.0.113.1\n"));
	/* nor by way of a link, wherever it leads */
	ASSERT_EQ(0, rename(at("etc/resolv.conf"), at("stub")));
	ASSERT_EQ(0, symlink(at("stub"), at("etc/resolv.conf")));
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	write_file(at("stub"), MARK, 0644);
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(file_is(at("stub"), MARK));
	end();
}

TEST(a_resolv_conf_that_cannot_be_used)
{
	write_file(at("run/m2m/resolv.conf"), "options inet6\n", 0644);
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	ASSERT_EQ(0, rename(at("run/m2m/resolv.conf"), at("elsewhere")));
	write_file(at("elsewhere"), "nameserver 192.0.2.1\n", 0644);
	ASSERT_EQ(0, symlink(at("elsewhere"), at("run/m2m/resolv.conf")));
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	unlink(at("run/m2m/resolv.conf"));
	ASSERT_EQ(0, mkfifo(at("run/m2m/resolv.conf"), 0644));
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(access(at("etc/resolv.conf"), F_OK));
	end();
}

/* Notes what it was told, and by which words */
static void make_resolvconf(const char *path)
{
	char script[256];

	snprintf(script, sizeof(script), "#!/bin/sh\n{ echo $*; cat; } >> %s/out\n", root);
	write_file(path, script, 0755);
}

TEST(resolvconf_is_told)
{
	make_resolvconf(at("sbin/resolvconf"));
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.1\n", 0644);
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(file_is(at("out"), "-a m2md\nnameserver 192.0.2.1\n"));
	/* what becomes of the file is its business */
	EXPECT_TRUE(access(at("etc/resolv.conf"), F_OK));
	ASSERT_EQ(0, unlink(at("out")));
	ASSERT_EQ(0, unlink(at("run/m2m/resolv.conf")));
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(file_is(at("out"), "-d m2md\n"));
	end();
}

TEST(resolvconf_hears_nothing_that_cannot_be_used)
{
	make_resolvconf(at("sbin/resolvconf"));
	write_file(at("run/m2m/resolv.conf"), "options inet6\n", 0644);
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(access(at("out"), F_OK));
	end();
}

TEST(a_resolvconf_that_fails_is_told_of)
{
	write_file(at("sbin/resolvconf"), "#!/bin/sh\nexit 3\n", 0755);
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.1\n", 0644);
	EXPECT_EQ(-EIO, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(strstr(error.msg, "resolvconf: status 3"));
	/* but there may be nothing to take back */
	ASSERT_EQ(0, unlink(at("run/m2m/resolv.conf")));
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	ASSERT_EQ(0, chmod(at("sbin/resolvconf"), 0777));
	EXPECT_EQ(-EPERM, does(resolv_install, "resolv-file"));
	end();
}

/* Who was never told says no, but who says nothing has taken nothing back */
TEST(a_resolvconf_that_hangs_has_not_taken_back)
{
	static const struct {
		const char *script, *why;
	} rows[] = {
		{ "#!/bin/sh\nexec tail -f /dev/null\n", "resolvconf did not end in time" },
		{ "#!/bin/sh\nkill -KILL $$\n", "resolvconf: signal 9" },
		{ "#!/nonexistent\n", "resolvconf: status 127" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		write_file(at("sbin/resolvconf"), rows[i].script, 0755);
		EXPECT_EQ(-EIO, does(resolv_install, "resolv-file"));
		EXPECT_TRUE(strstr(error.msg, rows[i].why));
		unlink(at("sbin/resolvconf"));
	}
	end();
}

/* Each request is a process: the slow one is done before the next reads the file */
TEST(resolvconf_is_told_in_order)
{
	char script[256];
	int status, begun;
	pid_t pid;

	ASSERT_EQ(0, mkfifo(at("begun"), 0600));
	snprintf(script, sizeof(script),
		 "#!/bin/sh\nif rm %s/slow 2>/dev/null; then : > %s/begun; sleep 0.4; fi\ncat > %s/out\n",
		 root, root, root);
	write_file(at("sbin/resolvconf"), script, 0755);
	write_file(at("slow"), "", 0644);
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.1\n", 0644);
	pid = fork();
	if (!pid)
		_exit(does(resolv_install, "resolv-file") ? 1 : 0);
	/* until it has begun */
	begun = open(at("begun"), O_RDONLY | O_CLOEXEC);
	ASSERT_TRUE(begun >= 0);
	close(begun);
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.2\n", 0644);
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_TRUE(file_is(at("out"), "nameserver 192.0.2.2\n"));
	end();
}

TEST(resolvectl_is_no_resolvconf)
{
	make_resolvconf(at("sbin/resolvectl"));
	ASSERT_EQ(0, symlink("resolvectl", at("sbin/resolvconf")));
	write_file(at("run/m2m/resolv.conf"), "nameserver 192.0.2.1\n", 0644);
	EXPECT_EQ(0, does(resolv_install, "resolv-file"));
	EXPECT_TRUE(access(at("out"), F_OK));
	EXPECT_TRUE(file_is(at("etc/resolv.conf"), MARK "nameserver 192.0.2.1\n"));
	end();
}

/* --- namespaces ----------------------------------------------------------------- */

TEST(what_is_no_namespace)
{
	EXPECT_EQ(-EPERM, does(netns_open, "netns none"));
	write_file(at("run/netns/file"), "", 0644);
	EXPECT_EQ(-EPERM, does(netns_open, "netns file"));
	ASSERT_EQ(0, symlink("/proc/self/ns/net", at("run/netns/link")));
	EXPECT_EQ(-EPERM, does(netns_open, "netns link"));
	EXPECT_EQ(-1, fds[0]);
	EXPECT_EQ(-1, fds[1]);
	end();
}

/* A namespace of its own at run/netns/real; false where one may not */
static bool make_namespace(void)
{
	int status;
	pid_t pid;

	write_file(at("run/netns/real"), "", 0644);
	pid = fork();
	if (!pid)
		_exit(unshare(CLONE_NEWNET) ||
		      mount("/proc/self/ns/net", at("run/netns/real"), NULL, MS_BIND, NULL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	return !status;
}

static ino_t inode_of(int fd)
{
	struct stat st;

	ASSERT_EQ(0, fstat(fd, &st));
	return st.st_ino;
}

TEST(a_namespace_and_a_socket_in_it)
{
	struct stat own;

	if (!make_namespace())
		SKIP("no namespace can be made here");
	ASSERT_EQ(0, stat("/proc/self/ns/net", &own));
	EXPECT_EQ(0, does(netns_open, "netns real"));
	EXPECT_NE(own.st_ino, inode_of(fds[0]));
	EXPECT_EQ(inode_of(fds[0]), inode_of(ioctl(fds[1], SIOCGSKNS)));
	ASSERT_EQ(0, umount2(at("run/netns/real"), MNT_DETACH));
	end();
}

TEST_HARNESS_MAIN
