// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the socket: who may ask, whether the verb is switched on, and the answer. */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/config.h"
#include "helper.h"

#define SERVED_MAX	8	/* at a time, a process each */
#define IDLE_MS		60000
#define ASK_S		5

/* What each verb does, and the key of [Helper] that allows it */
static const struct {
	size_t key;		/* in struct config_helper, a bool */
	helper_fn carry_out;
} verbs[HELPER_VERBS] = {
	[HELPER_PORT_POWER] = { offsetof(struct config_helper, port_power), port_power },
	[HELPER_NETNS] = { offsetof(struct config_helper, netns), netns_open },
	[HELPER_RESOLV_FILE] = { offsetof(struct config_helper, resolv_file), resolv_install },
	[HELPER_HOOK] = { offsetof(struct config_helper, hook), hook_run },
	[HELPER_SET_CLOCK] = { offsetof(struct config_helper, set_clock), clock_set },
	[HELPER_REBOOT] = { offsetof(struct config_helper, reboot), host_reboot },
};

static int obey(const struct host *host, const struct helper_request *request, int *ret_fds,
		struct m2m_error *error)
{
	g_autofree char *directory = g_strconcat(host->root, "/etc/m2m", NULL);
	struct conf_notes notes = { 0 };
	struct config *config = config_load(directory, &notes);

	if (!G_STRUCT_MEMBER(bool, &config->helper, verbs[request->verb].key))
		return m2m_error_set(error, -EPERM, "%s=yes is not set in [Helper]",
				     helper_verb_key(request->verb));
	return verbs[request->verb].carry_out(host, request, ret_fds, error);
}

static void answer(int fd, char *text, const int *fds)
{
	char control[CMSG_SPACE(HELPER_FDS * sizeof(int))] = { 0 };
	struct iovec iov = { text, strlen(text) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c = (struct cmsghdr *)control;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(HELPER_FDS * sizeof(int));
	memcpy(CMSG_DATA(c), fds, HELPER_FDS * sizeof(int));
	if (fds[0] >= 0) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
	}
	if (sendmsg(fd, &msg, MSG_NOSIGNAL) < 0)
		fprintf(stderr, "m2m-helper: nobody waits for the answer\n");
}

static void serve(const struct host *host, int fd)
{
	const struct timeval patience = { .tv_sec = ASK_S };
	char packet[HELPER_PACKET_MAX + 1], text[512] = "ok";
	int fds[HELPER_FDS] = { -1, -1 }, err = 0;
	struct ucred peer = { .uid = (uid_t)-1 };
	struct helper_request request;
	socklen_t len = sizeof(peer);
	struct m2m_error error;
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
	n = recv(fd, packet, sizeof(packet), 0);
	if (n <= 0)
		return;
	if (peer.uid != host->user)
		err = m2m_error_set(&error, -EPERM, "user %u is not served", peer.uid);
	else if (helper_parse(packet, n, &request, &error))
		err = -EPERM;
	else
		err = obey(host, &request, fds, &error);
	if (err)
		snprintf(text, sizeof(text), "%s %s", err == -EPERM ? "refused" : "failed",
			 error.msg);
	fprintf(stderr, "m2m-helper: %s\n", text);
	answer(fd, text, fds);
}

static int listen_at(const char *path, uid_t user)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	mode_t mask = umask(0177);

	g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
	unlink(addr.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    lchown(addr.sun_path, user, -1) || listen(fd, SERVED_MAX))
		g_error("%s: %s", path, g_strerror(errno));
	umask(mask);
	return fd;
}

static void run(const struct host *host, int listener, bool may_end)
{
	struct pollfd incoming = { listener, POLLIN };
	int serving = 0, n, fd;
	pid_t pid;

	while (true) {
		/* who waits while all are busy waits in the queue of the socket */
		n = serving < SERVED_MAX ? poll(&incoming, 1, serving ? 1000 : IDLE_MS) : 0;
		while (serving && waitpid(-1, NULL, serving < SERVED_MAX ? WNOHANG : 0) > 0)
			serving--;
		if (!n && !serving && may_end)
			return;
		fd = n > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
		pid = fd < 0 ? -1 : fork();
		if (!pid) {
			serve(host, fd);
			_exit(EXIT_SUCCESS);
		}
		serving += pid > 0;
		if (fd >= 0)
			close(fd);
	}
}

int main(int argc, char *argv[])
{
	struct host host = { "", 0, 3000, 30000, adjtimex };
	const char *user = "m2m", *given = getenv("LISTEN_PID");
	const GOptionEntry entries[] = {
		{ "root", 0, 0, G_OPTION_ARG_FILENAME, &host.root,
		  "Look for /etc, /run, /sys and /sbin/reboot below DIR", "DIR" },
		{ "user", 0, 0, G_OPTION_ARG_STRING, &user, "Serve NAME, not m2m", "NAME" },
		{ NULL }
	};
	GOptionContext *context = g_option_context_new("- what m2md may not do");
	g_autofree char *path = NULL;
	const struct passwd *served;

	g_option_context_add_main_entries(context, entries, NULL);
	served = g_option_context_parse(context, &argc, &argv, NULL) && argc == 1 ?
			 getpwnam(user) : NULL;
	g_option_context_free(context);
	if (!served) {
		fprintf(stderr, "m2m-helper: no such option or user; see --help\n");
		return EXIT_FAILURE;
	}
	host.user = served->pw_uid;
	path = g_strconcat(host.root, HELPER_SOCKET, NULL);
	/* the first descriptor that systemd hands over is 3 */
	if (given && atoi(given) == getpid())
		run(&host, 3, true);
	run(&host, listen_at(path, host.user), false);
	return EXIT_SUCCESS;
}
