// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns a trial's way to the file system: directories, modes, and what is left behind. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config-trial.h"

#define DIRECTORY_MODE	0755
#define FILE_MODE	0644
#define DEPTH_MAX	8

struct tree {
	char *path;
	void *files;		/* of store_directory_ops */
	int fd;
	GHashTable *directories;	/* in which names changed since the last sync */
};

void *config_tree_open(const char *path, struct m2m_error *error)
{
	void *files = store_directory_open(path, error);
	struct tree *tree;
	int fd;

	if (!files)
		return NULL;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		m2m_error_set(error, -errno, "%s: %s", path, g_strerror(errno));
		store_directory_close(files);
		return NULL;
	}
	tree = g_new0(struct tree, 1);
	tree->path = g_strdup(path);
	tree->files = files;
	tree->fd = fd;
	tree->directories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return tree;
}

void config_tree_close(void *ctx)
{
	struct tree *tree = ctx;

	if (!tree)
		return;
	close(tree->fd);
	store_directory_close(tree->files);
	g_hash_table_unref(tree->directories);
	g_free(tree->path);
	g_free(tree);
}

/* The directory of a name is to be synced; it and those above it are there */
static int touch(struct tree *tree, const char *name)
{
	g_autofree char *copy = g_strdup(name);
	char *slash = copy;

	g_hash_table_add(tree->directories, g_strdup("."));
	while ((slash = strchr(slash, '/'))) {
		*slash = '\0';
		if (mkdirat(tree->fd, copy, DIRECTORY_MODE) && errno != EEXIST)
			return -errno;
		g_hash_table_add(tree->directories, g_strdup(copy));
		*slash++ = '/';
	}
	return 0;
}

/* The file that this one is to replace in the end */
static char *target_of(const char *name)
{
	char *target = g_strdup(g_str_has_prefix(name, CONFIG_TRIAL "/") ?
				name + strlen(CONFIG_TRIAL "/") : name);

	if (g_str_has_suffix(target, ".new"))
		target[strlen(target) - strlen(".new")] = '\0';
	return target;
}

static int tree_create(void *ctx, const char *name)
{
	g_autofree char *target = target_of(name);
	struct stat st = { .st_mode = FILE_MODE, .st_uid = -1, .st_gid = -1 };
	struct tree *tree = ctx;
	int err = touch(tree, name);
	int handle;

	if (err)
		return err;
	handle = store_directory_ops.create(tree->files, name);
	if (handle < 0)
		return handle;
	if (fstatat(tree->fd, target, &st, AT_SYMLINK_NOFOLLOW) && errno != ENOENT)
		err = -errno;
	/* the owner first: a change of it may take bits from the mode */
	if (!err && st.st_uid != (uid_t)-1 && fchown(handle, st.st_uid, st.st_gid))
		err = -errno;
	if (!err && fchmod(handle, st.st_mode & 0777))
		err = -errno;
	if (!err)
		return handle;
	close(handle);
	return err;
}

static ssize_t tree_read(void *ctx, const char *name, void *buf, size_t size)
{
	struct tree *tree = ctx;

	return store_directory_ops.read(tree->files, name, buf, size);
}

static ssize_t tree_write(void *ctx, int handle, const void *buf, size_t len)
{
	struct tree *tree = ctx;

	return store_directory_ops.write(tree->files, handle, buf, len);
}

static int tree_sync(void *ctx, int handle)
{
	struct tree *tree = ctx;

	return store_directory_ops.sync(tree->files, handle);
}

static int tree_close_file(void *ctx, int handle)
{
	struct tree *tree = ctx;

	return store_directory_ops.close(tree->files, handle);
}

static int tree_rename(void *ctx, const char *from, const char *to)
{
	struct tree *tree = ctx;
	int err = touch(tree, to);

	return err ? err : store_directory_ops.rename(tree->files, from, to);
}

static int tree_remove(void *ctx, const char *name)
{
	struct tree *tree = ctx;
	int err = store_directory_ops.remove(tree->files, name);

	return err ? err : touch(tree, name);
}

static int tree_sync_names(void *ctx)
{
	struct tree *tree = ctx;
	GHashTableIter iter;
	gpointer name;
	int err = 0;

	g_hash_table_iter_init(&iter, tree->directories);
	while (!err && g_hash_table_iter_next(&iter, &name, NULL)) {
		int fd = openat(tree->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 || fsync(fd))
			err = -errno;
		if (fd >= 0)
			close(fd);
	}
	if (!err)
		g_hash_table_remove_all(tree->directories);
	return err;
}

const struct store_ops config_tree_ops = {
	.read = tree_read,
	.create = tree_create,
	.write = tree_write,
	.sync = tree_sync,
	.close = tree_close_file,
	.rename = tree_rename,
	.remove = tree_remove,
	.sync_directory = tree_sync_names,
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	/* what cannot be removed is in nobody's way: it does not count */
	if (remove(path))
		errno = 0;
	return 0;
}

void config_tree_clean(void *ctx)
{
	struct tree *tree = ctx;
	g_autofree char *path = g_build_filename(tree->path, CONFIG_TRIAL, NULL);

	nftw(path, remove_one, DEPTH_MAX, FTW_DEPTH | FTW_PHYS);
}

char *config_tree_where(const char *directory, struct config_trial *ret_trial)
{
	struct m2m_error ignored;
	void *tree = config_tree_open(directory, &ignored);

	memset(ret_trial, 0, sizeof(*ret_trial));
	if (tree)
		config_trial_read(&config_tree_ops, tree, boot_id(), boot_ms(), ret_trial);
	config_tree_close(tree);
	return config_trial_counts(ret_trial) ?
		       g_build_filename(directory, CONFIG_TRIAL, NULL) :
		       g_strdup(directory);
}
