// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the programs that are run: by whom they were written, what they read, how long. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"

/* A shell says the same of what it cannot run */
#define NOT_STARTED	127

/* What it reads: nobody waits for whoever does not */
static int open_input(const char *input)
{
	ssize_t len = strlen(input);
	int fd = memfd_create("input", MFD_CLOEXEC);

	return pwrite(fd, input, len, 0) == len ? fd : -1;
}

static void become(char *const argv[], char **env, const char *input)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (dup2(input ? open_input(input) : null, 0) == 0 && dup2(null, 1) == 1 &&
	    setsid() > 0 && !chdir("/"))
		execve(argv[0], argv, env);
	_exit(NOT_STARTED);
}

static int run_and_wait(const struct host *host, char *const argv[], char **env,
			const char *input, struct m2m_error *error)
{
	const char *path = argv[0];
	int status = -1, ended autofd = -1;
	pid_t pid = fork();
	bool in_time;

	if (!pid)
		become(argv, env, input);
	if (pid < 0)
		return m2m_error_set(error, -EIO, "%s: %s", path, strerror(errno));
	ended = syscall(SYS_pidfd_open, pid, 0);
	in_time = ended >= 0 &&
		  poll(&(struct pollfd){ ended, POLLIN }, 1, host->hook_ms) == 1;
	/* what it left behind ends with it */
	kill(-pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !in_time)
		return m2m_error_set(error, -EIO, "%s did not end in time", path);
	if (WIFSIGNALED(status))
		return m2m_error_set(error, -EIO, "%s: signal %d", path, WTERMSIG(status));
	if (!status)
		return 0;
	return m2m_error_set(error, WEXITSTATUS(status) == NOT_STARTED ? -EIO : -EREMOTEIO,
			     "%s: status %d", path, WEXITSTATUS(status));
}

bool run_is_trusted(const char *path, mode_t type)
{
	struct stat st;

	return !lstat(path, &st) && (st.st_mode & S_IFMT) == type &&
	       st.st_uid == geteuid() && !(st.st_mode & 022) && st.st_mode & 0100;
}

int run_program(const struct host *host, char *const argv[], char **env, const char *input,
		struct m2m_error *error)
{
	if (!run_is_trusted(argv[0], S_IFREG))
		return m2m_error_set(error, -EPERM,
				     "%s is no program that root alone writes to", argv[0]);
	return run_and_wait(host, argv, env, input, error);
}

/* The program may be a link that the init system made */
int host_reboot(const struct host *host, const struct helper_request *request, int *ret_fds,
		struct m2m_error *error)
{
	char path[PATH_MAX], *argv[] = { path, NULL }, *env[] = { NULL };

	snprintf(path, sizeof(path), "%s/sbin/reboot", host->root);
	return run_and_wait(host, argv, env, NULL, error) ? -EIO : 0;
}
