// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns resolv.conf where it is ours: a file of somebody else is never touched. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"

#define MARK		"# m2m-helper writes this file as long as this line stands\n"
#define TEXT_MAX	4096

/* Length of a regular file of @user or root, or a negative errno */
static ssize_t take(const char *path, unsigned int user, char *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -errno : -EPERM;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < TEXT_MAX &&
	    (st.st_uid == user || st.st_uid == geteuid()))
		n = read(fd, ret, TEXT_MAX);
	if (fd >= 0)
		close(fd);
	ret[n < 0 ? 0 : n] = '\0';
	return n;
}

int resolv_install(const struct host *host, struct m2m_error *error)
{
	char from[PATH_MAX], to[PATH_MAX], new[PATH_MAX], text[TEXT_MAX + 1];
	bool ours, failed;
	ssize_t n;
	int fd;

	snprintf(from, sizeof(from), "%s/run/m2m/resolv.conf", host->root);
	snprintf(to, sizeof(to), "%s/etc/resolv.conf", host->root);
	snprintf(new, sizeof(new), "%s/etc/resolv.conf.m2m", host->root);
	n = take(to, geteuid(), text);
	ours = !strncmp(text, MARK, strlen(MARK));
	if (n != -ENOENT && !ours)
		return m2m_error_set(error, -EPERM, "%s is somebody else's", to);
	n = take(from, host->user, text);
	if (n == -ENOENT && (!ours || !unlink(to)))
		return 0;
	if (n < 0 || !helper_resolv_is_fit(text, n))
		return m2m_error_set(error, -EPERM, "%s cannot be used", from);
	unlink(new);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	failed = fd < 0 || dprintf(fd, "%s%s", MARK, text) < 0 || fsync(fd);
	if (fd >= 0)
		failed = close(fd) || failed;
	if (failed || rename(new, to))
		return m2m_error_set(error, -EIO, "%s: %s", new, strerror(errno));
	return 0;
}
