// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A terminal for one command: what comes in is typed, what it shows goes out.
 *
 * usage: terminal COMMAND [ARGUMENT]...
 *
 * When the command has ended, the last line says whether the terminal echoes. The
 * status is the command's, 128 and more where a signal ended it.
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#define FAILED	125

static pid_t start(int slave, char *argv[])
{
	pid_t pid = fork();

	if (pid < 0)
		err(FAILED, "fork");
	if (pid)
		return pid;
	if (login_tty(slave))
		err(FAILED, "login_tty");
	execvp(argv[0], argv);
	err(FAILED, "%s", argv[0]);
}

/* Returns false where there is nothing more. */
static bool copy(int from, int to)
{
	char buf[1024];
	ssize_t n = read(from, buf, sizeof(buf));

	if (n <= 0)
		return false;
	if (write(to, buf, n) != n)
		err(FAILED, "write");
	return true;
}

static void serve(int master, int ended)
{
	struct pollfd pfds[] = {
		{ .fd = master, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = ended, .events = POLLIN },
	};

	do {
		if (poll(pfds, 3, -1) < 0)
			err(FAILED, "poll");
		if (pfds[0].revents)
			copy(master, STDOUT_FILENO);
		if (pfds[1].revents && !copy(STDIN_FILENO, master))
			pfds[1].fd = -1;
	} while (!pfds[2].revents);
	/* what it said last */
	while (poll(pfds, 1, 0) > 0 && copy(master, STDOUT_FILENO))
		;
}

int main(int argc, char *argv[])
{
	struct termios termios;
	int master, slave, ended, status;
	pid_t pid;

	if (argc < 2)
		errx(FAILED, "usage: terminal COMMAND [ARGUMENT]...");
	/* kept open, so that the master does not hang up before its time */
	if (openpty(&master, &slave, NULL, NULL, NULL))
		err(FAILED, "openpty");
	fcntl(master, F_SETFD, FD_CLOEXEC);
	pid = start(slave, argv + 1);
	ended = syscall(SYS_pidfd_open, pid, 0);
	if (ended < 0)
		err(FAILED, "pidfd_open");
	serve(master, ended);
	if (waitpid(pid, &status, 0) != pid || tcgetattr(slave, &termios))
		err(FAILED, "the end");
	printf("terminal: echo %s\n", termios.c_lflag & ECHO ? "on" : "off");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}
