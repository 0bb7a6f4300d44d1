// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the store's way to a directory of the file system. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"

struct directory {
	int fd;
};

static int result(int ret)
{
	return ret < 0 ? -errno : 0;
}

static ssize_t directory_read(void *ctx, const char *name, void *buf, size_t size)
{
	struct directory *directory = ctx;
	size_t n = 0;
	ssize_t got = 1;
	struct stat st;
	int fd;

	/* what is not ours, a FIFO or a link elsewhere, stops nobody */
	fd = openat(directory->fd, name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		got = -errno;
	else if (!S_ISREG(st.st_mode))
		got = -EISDIR;
	while (got > 0 && n < size) {
		got = read(fd, (char *)buf + n, size - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got < 0)
			got = -errno;
		else
			n += got;
	}
	close(fd);
	return got < 0 ? got : (ssize_t)n;
}

static int directory_create(void *ctx, const char *name)
{
	struct directory *directory = ctx;
	struct stat st;
	int fd;

	/* not what somebody else has put there */
	unlinkat(directory->fd, name, 0);
	fd = openat(directory->fd, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	/* whoever has the directory can go on where root has begun */
	if (!geteuid() && (fstat(directory->fd, &st) || fchown(fd, st.st_uid, st.st_gid))) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static ssize_t directory_write(void *ctx, int handle, const void *buf, size_t len)
{
	ssize_t n;

	do
		n = write(handle, buf, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int directory_sync(void *ctx, int handle)
{
	return result(fsync(handle));
}

static int directory_close_file(void *ctx, int handle)
{
	return result(close(handle));
}

static int directory_rename(void *ctx, const char *from, const char *to)
{
	struct directory *directory = ctx;

	return result(renameat(directory->fd, from, directory->fd, to));
}

static int directory_remove(void *ctx, const char *name)
{
	struct directory *directory = ctx;

	return result(unlinkat(directory->fd, name, 0));
}

static int directory_sync_itself(void *ctx)
{
	struct directory *directory = ctx;

	return result(fsync(directory->fd));
}

const struct store_ops store_directory_ops = {
	.read = directory_read,
	.create = directory_create,
	.write = directory_write,
	.sync = directory_sync,
	.close = directory_close_file,
	.rename = directory_rename,
	.remove = directory_remove,
	.sync_directory = directory_sync_itself,
};

void *store_directory_open(const char *path, struct m2m_error *error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct directory *directory;

	if (fd < 0) {
		m2m_error_set(error, -errno, "%s: %s", path, g_strerror(errno));
		return NULL;
	}
	directory = g_new0(struct directory, 1);
	directory->fd = fd;
	return directory;
}

void store_directory_close(void *ctx)
{
	struct directory *directory = ctx;

	if (!directory)
		return;
	close(directory->fd);
	g_free(directory);
}
