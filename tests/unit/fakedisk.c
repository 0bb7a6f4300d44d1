// SPDX-License-Identifier: GPL-2.0-or-later
/* A directory whose machine can lose power: page cache, disk, and what is between. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/harness.h"
#include "fakedisk.h"

uint32_t disk_draw(struct disk *disk, uint32_t below)
{
	/* xorshift32 */
	disk->random ^= disk->random << 13;
	disk->random ^= disk->random >> 17;
	disk->random ^= disk->random << 5;
	return disk->random % below;
}

/* --- names ------------------------------------------------------------------- */

static int lookup(const struct disk_name *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(names[i].name, name))
			return i;
	return -1;
}

static void unlink_name(struct disk_name *names, int *n, const char *name)
{
	int at = lookup(names, *n, name);

	if (at >= 0)
		names[at] = names[--*n];
}

static void link_name(struct disk_name *names, int *n, const char *name, int file)
{
	unlink_name(names, n, name);
	snprintf(names[*n].name, DISK_NAME_MAX, "%s", name);
	names[(*n)++].file = file;
}

static void apply(struct disk_name *names, int *n, const struct disk_pending *change)
{
	if (*change->from)
		unlink_name(names, n, change->from);
	if (*change->to)
		link_name(names, n, change->to, change->file);
}

/* Programs see it at once, the disk when the directory is synced */
static void change_names(struct disk *disk, const char *from, const char *to, int file)
{
	struct disk_pending change = { .file = file };

	snprintf(change.from, sizeof(change.from), "%s", from);
	snprintf(change.to, sizeof(change.to), "%s", to);
	apply(disk->names, &disk->n_names, &change);
	ASSERT_LT(disk->n_pending, DISK_PENDING_MAX);
	disk->pending[disk->n_pending++] = change;
}

const struct disk_file *disk_find(const struct disk *disk, const char *name)
{
	int at = lookup(disk->names, disk->n_names, name);

	return at < 0 ? NULL : &disk->files[disk->names[at].file];
}

/* --- files ------------------------------------------------------------------- */

static void copy(uint8_t **to, size_t *to_len, const uint8_t *from, size_t len)
{
	uint8_t *bytes = malloc(len ? len : 1);

	ASSERT_TRUE(bytes);
	if (len)
		memcpy(bytes, from, len);
	free(*to);
	*to = bytes;
	*to_len = len;
}

static int new_file(struct disk *disk)
{
	ASSERT_LT(disk->n_files, DISK_FILES_MAX);
	memset(&disk->files[disk->n_files], 0, sizeof(disk->files[0]));
	return disk->n_files++;
}

/* Files that no name leads to any more make room for others */
static void collect(struct disk *disk)
{
	int n = 0;

	for (int i = 0; i < disk->n_files; i++) {
		bool used = false;

		for (int j = 0; j < disk->n_names; j++) {
			if (disk->names[j].file != i)
				continue;
			disk->names[j].file = n;
			used = true;
		}
		if (used) {
			disk->files[n++] = disk->files[i];
			continue;
		}
		free(disk->files[i].bytes);
		free(disk->files[i].durable);
	}
	disk->n_files = n;
}

/* What the disk has of a file that was not synced */
static void settle(struct disk *disk, struct disk_file *file, enum disk_fate fate)
{
	size_t part;

	if (!file->dirty || fate == DISK_LOST)
		return;
	copy(&file->durable, &file->durable_len, file->bytes, file->len);
	if (fate == DISK_KEPT || !file->len)
		return;
	part = disk_draw(disk, file->len);
	switch (disk_draw(disk, 4)) {
	case 0:
		file->durable_len = part;
		break;
	case 1:
		memset(file->durable + part, 0, file->len - part);
		break;
	case 2:
		for (size_t i = part; i < file->len; i++)
			file->durable[i] = disk_draw(disk, 256);
		break;
	case 3:
		break;
	}
}

void disk_power_cut(struct disk *disk, enum disk_fate fate)
{
	for (int i = 0; i < disk->n_files; i++) {
		struct disk_file *file = &disk->files[i];

		settle(disk, file, fate);
		copy(&file->bytes, &file->len, file->durable, file->durable_len);
		file->dirty = false;
	}
	for (int i = 0; i < disk->n_pending; i++)
		if (fate == DISK_KEPT || (fate == DISK_BY_CHANCE && disk_draw(disk, 2)))
			apply(disk->durable_names, &disk->n_durable_names,
			      &disk->pending[i]);
	disk->n_pending = 0;
	memcpy(disk->names, disk->durable_names, sizeof(disk->names));
	disk->n_names = disk->n_durable_names;
	collect(disk);
	memcpy(disk->durable_names, disk->names, sizeof(disk->names));
	disk->open = -1;
	disk->dead = false;
	disk->cut_at = 0;
	disk->op = 0;
}

void disk_put(struct disk *disk, const char *name, const void *bytes, size_t len)
{
	int file = new_file(disk);

	copy(&disk->files[file].bytes, &disk->files[file].len, bytes, len);
	copy(&disk->files[file].durable, &disk->files[file].durable_len, bytes, len);
	link_name(disk->names, &disk->n_names, name, file);
	link_name(disk->durable_names, &disk->n_durable_names, name, file);
}

void disk_init(struct disk *disk, uint32_t seed)
{
	memset(disk, 0, sizeof(*disk));
	disk->open = -1;
	disk->random = seed ? seed : 1;
}

void disk_exit(struct disk *disk)
{
	for (int i = 0; i < disk->n_files; i++) {
		free(disk->files[i].bytes);
		free(disk->files[i].durable);
	}
}

/* --- operations -------------------------------------------------------------- */

/* Whether the operation does something; after it, power may be gone */
static bool begins(struct disk *disk)
{
	if (disk->dead)
		return false;
	disk->op++;
	if (disk->op != disk->cut_at)
		return true;
	disk->dead = true;
	return disk->moment != DISK_BEFORE;
}

/* What the program learns: nothing, if it is not there any more */
static int ends(const struct disk *disk)
{
	return disk->dead && disk->moment != DISK_AFTER ? -EIO : 0;
}

static ssize_t fake_read(void *ctx, const char *name, void *buf, size_t size)
{
	struct disk *disk = ctx;
	const struct disk_file *file = disk_find(disk, name);

	if (disk->dead)
		return -EIO;
	if (!file)
		return -ENOENT;
	if (size > file->len)
		size = file->len;
	if (size)
		memcpy(buf, file->bytes, size);
	return size;
}

static int fake_create(void *ctx, const char *name)
{
	struct disk *disk = ctx;
	int at;

	if (!begins(disk))
		return -EIO;
	at = lookup(disk->names, disk->n_names, name);
	if (at >= 0) {
		/* emptied, which the disk may hear of before anything else */
		disk->open = disk->names[at].file;
		disk->files[disk->open].len = 0;
		disk->files[disk->open].dirty = true;
	} else {
		disk->open = new_file(disk);
		change_names(disk, "", name, disk->open);
	}
	disk->created++;
	return ends(disk) ?: 3;
}

static ssize_t fake_write(void *ctx, int handle, const void *buf, size_t len)
{
	struct disk *disk = ctx;
	struct disk_file *file;
	uint8_t *bytes;
	int fails = disk->fails;

	if (!begins(disk))
		return -EIO;
	disk->fails = 0;
	if (fails)
		return fails;
	/* never all at once, so that the rest is a second operation */
	if (len > 1)
		len = (len + 1) / 2;
	if (disk->dead && disk->moment == DISK_AMID)
		len = (len + 1) / 2;
	file = &disk->files[disk->open];
	bytes = realloc(file->bytes, file->len + len);
	ASSERT_TRUE(bytes && disk->open >= 0 && handle == 3);
	memcpy(bytes + file->len, buf, len);
	file->bytes = bytes;
	file->len += len;
	file->dirty = true;
	return ends(disk) ?: (ssize_t)len;
}

static int fake_sync(void *ctx, int handle)
{
	struct disk *disk = ctx;
	struct disk_file *file;

	if (!begins(disk))
		return -EIO;
	file = &disk->files[disk->open];
	/* amid it, some is on the disk: that is what a cut decides about */
	if (!disk->dead || disk->moment == DISK_AFTER) {
		copy(&file->durable, &file->durable_len, file->bytes, file->len);
		file->dirty = false;
	}
	return ends(disk);
}

static int fake_close(void *ctx, int handle)
{
	struct disk *disk = ctx;

	if (!begins(disk))
		return -EIO;
	disk->open = -1;
	return ends(disk);
}

static int fake_rename(void *ctx, const char *from, const char *to)
{
	struct disk *disk = ctx;
	int at;

	if (!begins(disk))
		return -EIO;
	at = lookup(disk->names, disk->n_names, from);
	if (at < 0)
		return -ENOENT;
	change_names(disk, from, to, disk->names[at].file);
	return ends(disk);
}

static int fake_remove(void *ctx, const char *name)
{
	struct disk *disk = ctx;

	if (!begins(disk))
		return -EIO;
	if (lookup(disk->names, disk->n_names, name) < 0)
		return -ENOENT;
	change_names(disk, name, "", -1);
	return ends(disk);
}

static int fake_sync_directory(void *ctx)
{
	struct disk *disk = ctx;

	if (!begins(disk))
		return -EIO;
	if (disk->dead && disk->moment != DISK_AFTER)
		return -EIO;
	disk->n_pending = 0;
	collect(disk);
	memcpy(disk->durable_names, disk->names, sizeof(disk->names));
	disk->n_durable_names = disk->n_names;
	return ends(disk);
}

const struct store_ops disk_ops = {
	.read = fake_read,
	.create = fake_create,
	.write = fake_write,
	.sync = fake_sync,
	.close = fake_close,
	.rename = fake_rename,
	.remove = fake_remove,
	.sync_directory = fake_sync_directory,
};
