/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory whose machine can lose power, for tools/lib/store. */
#ifndef TESTS_FAKEDISK_H
#define TESTS_FAKEDISK_H

#include <stdint.h>

#include "../../tools/lib/store.h"

/*
 * DOC: What a power cut leaves
 *
 * Programs see what they wrote; the disk has what was synced. A cut decides about
 * the rest: bytes of a file that was not synced are the old ones, the new ones, a
 * part of them, zeros or noise; names that were made, changed or removed since the
 * directory was synced are or are not, each for itself. A rename is whole.
 */

#define DISK_FILES_MAX		128
#define DISK_PENDING_MAX	256
#define DISK_NAME_MAX		32

struct disk_file {
	uint8_t *bytes, *durable;
	size_t len, durable_len;
	bool dirty;
};

struct disk_name {
	char name[DISK_NAME_MAX];
	int file;
};

/* A change of the directory that is not synced yet */
struct disk_pending {
	char from[DISK_NAME_MAX];	/* "" where a file is made */
	char to[DISK_NAME_MAX];		/* "" where one is removed */
	int file;
};

/* When power goes, in relation to an operation */
enum disk_moment {
	DISK_BEFORE,
	DISK_AMID,		/* half of a write is done */
	DISK_AFTER,		/* it is done, and nothing after it */
	DISK_MOMENTS,
};

/* What becomes of that which was not synced */
enum disk_fate {
	DISK_LOST,
	DISK_KEPT,
	DISK_BY_CHANCE,		/* each piece for itself */
	DISK_FATES,
};

struct disk {
	struct disk_file files[DISK_FILES_MAX];
	int n_files;
	struct disk_name names[DISK_FILES_MAX], durable_names[DISK_FILES_MAX];
	int n_names, n_durable_names;
	struct disk_pending pending[DISK_PENDING_MAX];
	int n_pending;
	int open;			/* the file that is being written, -1: none */
	unsigned int op;		/* operations so far, reading aside */
	unsigned int cut_at;		/* the operation at which power goes, 0: never */
	enum disk_moment moment;
	bool dead;
	int fails;			/* what the next write says instead, or 0 */
	unsigned int created;		/* files */
	uint32_t random;
};

extern const struct store_ops disk_ops;

void disk_init(struct disk *disk, uint32_t seed);
void disk_exit(struct disk *disk);
/* Power is gone, or goes now; what is left is what the next boot finds */
void disk_power_cut(struct disk *disk, enum disk_fate fate);
/* A number below @below */
uint32_t disk_draw(struct disk *disk, uint32_t below);
/* Writes a file past the store, synced */
void disk_put(struct disk *disk, const char *name, const void *bytes, size_t len);
/* The file of that name, or NULL */
const struct disk_file *disk_find(const struct disk *disk, const char *name);

#endif /* TESTS_FAKEDISK_H */
