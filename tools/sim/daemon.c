// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the pipe between a starting daemon and the parent that waits for it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"

static int wait_for_child(pid_t child, int fd)
{
	int status;
	ssize_t n;
	char byte;

	do {
		n = read(fd, &byte, 1);
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		return EXIT_SUCCESS;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int daemon_fork(int *ret_ready_fd)
{
	int pair[2];
	pid_t child;

	if (pipe2(pair, O_CLOEXEC)) {
		fprintf(stderr, "m2msim: pipe: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	child = fork();
	if (child < 0) {
		fprintf(stderr, "m2msim: fork: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	if (child) {
		close(pair[1]);
		return wait_for_child(child, pair[0]);
	}
	close(pair[0]);
	setsid();
	*ret_ready_fd = pair[1];
	return -1;
}

void daemon_ready(int ready_fd)
{
	int null;

	if (ready_fd < 0)
		return;
	/* Standard error stays: what goes wrong later belongs in its log. */
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
	while (write(ready_fd, "", 1) < 0 && errno == EINTR)
		;
	close(ready_fd);
}
