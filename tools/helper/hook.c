// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the programs that are run: which of them, with what, and for how long. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"

static int run(const struct host *host, const char *path, char **env,
	       struct m2m_error *error)
{
	char * const argv[] = { (char *)path, NULL };
	struct pollfd ended = { .events = POLLIN };
	int status = -1, null;
	pid_t pid = fork();
	bool in_time;

	if (!pid) {
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (dup2(null, 0) == 0 && dup2(null, 1) == 1 && setsid() > 0 && !chdir("/"))
			execve(path, argv, env);
		_exit(127);
	}
	if (pid < 0)
		return m2m_error_set(error, -EIO, "%s: %s", path, strerror(errno));
	ended.fd = syscall(SYS_pidfd_open, pid, 0);
	in_time = ended.fd >= 0 && poll(&ended, 1, host->hook_ms) == 1;
	/* what it left behind ends with it */
	kill(-pid, SIGKILL);
	if (ended.fd >= 0)
		close(ended.fd);
	if (waitpid(pid, &status, 0) != pid || !in_time)
		return m2m_error_set(error, -EIO, "%s did not end in time", path);
	if (WIFSIGNALED(status))
		return m2m_error_set(error, -EIO, "%s: signal %d", path, WTERMSIG(status));
	if (status)
		return m2m_error_set(error, -EIO, "%s: status %d", path, WEXITSTATUS(status));
	return 0;
}

int host_reboot(const struct host *host, struct m2m_error *error)
{
	char path[PATH_MAX], *env[] = { NULL };

	snprintf(path, sizeof(path), "%s/sbin/reboot", host->root);
	return run(host, path, env, error);
}

/* Nobody but who runs this, root, can have written it */
static bool is_trusted(const char *path, mode_t type)
{
	struct stat st;

	return !lstat(path, &st) && (st.st_mode & S_IFMT) == type &&
	       st.st_uid == geteuid() && !(st.st_mode & 022) && st.st_mode & 0100;
}

/* As run-parts has it: no hidden files, no backups of editors */
static int is_hook(const struct dirent *entry)
{
	return !strpbrk(entry->d_name, ".~#");
}

int hook_run(const struct host *host, const struct helper_request *request,
	     struct m2m_error *error)
{
	char variables[HELPER_WORDS_MAX][HELPER_VALUE_MAX + 32];
	char *env[HELPER_WORDS_MAX + 2] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin" };
	char directory[PATH_MAX - NAME_MAX - 1], path[PATH_MAX];
	struct dirent **hooks;
	int n, err = 0;

	for (unsigned int i = 0; i < request->n_words; i++) {
		snprintf(variables[i], sizeof(variables[i]), i ? "M2M_%s" : "M2M_EVENT=%s",
			 request->words[i]);
		env[i + 1] = variables[i];
	}
	snprintf(directory, sizeof(directory), "%s/etc/m2m/hook.d", host->root);
	n = is_trusted(directory, S_IFDIR) ? scandir(directory, &hooks, is_hook, alphasort) :
					     -1;
	if (n < 0)
		return m2m_error_set(error, -EPERM,
				     "%s is no directory that root alone writes to", directory);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, hooks[i]->d_name);
		free(hooks[i]);
		if (!is_trusted(path, S_IFREG))
			err = m2m_error_set(error, -EIO,
					    "%s is no program that root alone writes to", path);
		else if (run(host, path, env, error))
			err = -EIO;
	}
	free(hooks);
	return err;
}
