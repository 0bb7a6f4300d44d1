// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owns what the host is told of name servers: resolvconf where it is installed, else
 * resolv.conf where it is ours. A file of somebody else is never touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"

#define MARK		"# m2m-helper writes this file as long as this line stands\n"
#define TEXT_MAX	4096

/* Length of a regular file of @user or root, or a negative errno */
static ssize_t take(const char *path, unsigned int user, char *ret)
{
	int fd autofd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -errno : -EPERM;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < TEXT_MAX &&
	    (st.st_uid == user || st.st_uid == geteuid()))
		n = read(fd, ret, TEXT_MAX);
	ret[n < 0 ? 0 : n] = '\0';
	return n;
}

/* resolved brings a program of that name, which asks a resolved that does not run here */
static bool find_resolvconf(const struct host *host, char *ret)
{
	static const char * const paths[] = {
		"sbin/resolvconf", "usr/sbin/resolvconf", NULL
	};
	char path[PATH_MAX];

	for (size_t i = 0; paths[i]; i++) {
		snprintf(path, sizeof(path), "%s/%s", host->root, paths[i]);
		if (realpath(path, ret) && strcmp(strrchr(ret, '/'), "/resolvectl"))
			return true;
	}
	return false;
}

/* @text: NULL to take back what it was told before */
static int tell_resolvconf(const struct host *host, char *path, const char *text,
			   struct m2m_error *error)
{
	char *env[2] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	char *argv[4] = { path, (char *)(text ? "-a" : "-d"), (char *)"m2md", NULL };
	int err = run_program(host, argv, env, text, error);

	/* openresolv fails to take back what it was never told; who hangs took nothing back */
	if (err == -EREMOTEIO)
		return text ? -EIO : 0;
	return err;
}

/* @text: NULL to remove it */
static int write_file(const struct host *host, const char *text, struct m2m_error *error)
{
	char to[PATH_MAX], new[PATH_MAX], is[TEXT_MAX + 1];
	bool ours, failed;
	ssize_t n;
	int fd;

	snprintf(to, sizeof(to), "%s/etc/resolv.conf", host->root);
	snprintf(new, sizeof(new), "%s/etc/resolv.conf.m2m", host->root);
	n = take(to, geteuid(), is);
	ours = !strncmp(is, MARK, strlen(MARK));
	if (n != -ENOENT && !ours)
		return m2m_error_set(error, -EPERM, "%s is somebody else's", to);
	if (!text && ours && unlink(to))
		return m2m_error_set(error, -EIO, "%s: %s", to, strerror(errno));
	if (!text)
		return 0;
	unlink(new);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	failed = fd < 0 || dprintf(fd, "%s%s", MARK, text) < 0 || fsync(fd);
	if (fd >= 0)
		failed = close(fd) || failed;
	if (failed || rename(new, to))
		return m2m_error_set(error, -EIO, "%s: %s", new, strerror(errno));
	return 0;
}

/* Under the lock: what is read last is told last */
static int install(const struct host *host, struct m2m_error *error)
{
	char from[PATH_MAX], program[PATH_MAX], text[TEXT_MAX + 1];
	ssize_t n;

	snprintf(from, sizeof(from), "%s/run/m2m/resolv.conf", host->root);
	n = take(from, host->user, text);
	if (n != -ENOENT && (n < 0 || !helper_resolv_is_fit(text, n)))
		return m2m_error_set(error, -EPERM, "%s cannot be used", from);
	if (find_resolvconf(host, program))
		return tell_resolvconf(host, program, n < 0 ? NULL : text, error);
	return write_file(host, n < 0 ? NULL : text, error);
}

int resolv_install(const struct host *host, const struct helper_request *request,
		   int *ret_fds, struct m2m_error *error)
{
	char path[PATH_MAX];
	int fd autofd = -1;

	/* not in /run/m2m, where who is served could hold it for ever */
	snprintf(path, sizeof(path), "%s/run/m2m-helper.lock", host->root);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX))
		return m2m_error_set(error, -EIO, "%s: %s", path, strerror(errno));
	return install(host, error);
}
