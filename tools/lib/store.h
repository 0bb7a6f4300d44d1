/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small records that survive power cuts, upgrades and downgrades. */
#ifndef M2M_STORE_H
#define M2M_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"
#include "store-limits.h"

/*
 * DOC: Two generations
 *
 * The records stand together in a file; there are two such files, "state-0" and
 * "state-1", and the valid one with the higher generation counts. A commit writes
 * the next generation to "state.new", syncs it, renames it over the file that does
 * not count, and syncs the directory. Until then the file that counts is not
 * touched, and from then on the new one is on the disk: who acts only after a
 * commit has returned 0 never acts without a record, wherever power is lost.
 *
 * A file that is torn, or is not ours, is renamed to ".torn-N" and reported by every
 * store_open() until a person has removed it, as records may be missing from then
 * on. What is known by no program of this version is kept: keys are opaque, and so
 * are bytes that a later version has put behind a record.
 *
 * Disks wear: in 24 hours of uptime there are at most 100 writes and 1 MB. The last
 * 20 writes are for records marked STORE_PRECIOUS. What was written stands in the
 * file itself, so that a restart forgives nothing: uptime after the last write of a
 * boot is not known to the next one and does not count. One attempt a power cut,
 * which has left nothing behind, is not counted.
 *
 * All of it goes through struct store_ops. One process at a time.
 */

#define STORE_KEY_MAX		128		/* bytes, printable ASCII */
#define STORE_VALUE_MAX		1024		/* bytes */
#define STORE_RECORDS_MAX	256
#define STORE_RECORDS_ORDINARY	192		/* the rest is for precious records */
#define STORE_FILE_MAX		16384		/* bytes, in every version */
#define STORE_FILE_ORDINARY	12288		/* of keys and values; the same */
#define STORE_TORN_MAX		8		/* files set aside; then the last is replaced */

#define STORE_WRITES_RESERVE	20
#define STORE_BYTES_RESERVE	(STORE_WRITES_RESERVE * STORE_FILE_MAX)

/* Flags of a record; those of later versions are kept */
#define STORE_PRECIOUS		1		/* may use the reserves */

/* --- the format, pure ------------------------------------------------------------- */

struct store_record {
	char *key;
	uint8_t *value;
	size_t len;
	size_t extra;		/* bytes behind the value, of a later version */
	uint16_t flags;
};

struct store_image {
	uint64_t generation;
	struct store_record *records;
	size_t n;
};

/**
 * store_encode() - the bytes of a file
 * @image: what to say
 * @ret_bytes: for g_free()
 * @ret_len: bytes
 *
 * Return: 0; -EFBIG above STORE_FILE_MAX.
 */
int store_encode(const struct store_image *image, uint8_t **ret_bytes, size_t *ret_len);

/**
 * store_decode() - what a file says
 * @bytes: of the file
 * @len: of @bytes
 * @ret_image: for store_image_clear(), also begun with it
 * @error: why it is none of ours
 *
 * Return: 0; -EBADMSG if it is torn or foreign; -EPROTONOSUPPORT if a later version
 * says that this one cannot read it.
 */
int store_decode(const uint8_t *bytes, size_t len, struct store_image *ret_image,
		 struct m2m_error *error);
void store_image_clear(struct store_image *image);

/* --- how much may be written, pure ---------------------------------------------- */

#define STORE_HOURS	25		/* the current one and a day before it */

/* Begins as all zeros */
struct store_budget {
	uint64_t uptime_s;	/* of the last write, all boots together */
	uint16_t writes[STORE_HOURS];
	uint32_t bytes[STORE_HOURS];
};

/**
 * store_budget_spend() - account for a write before it is made
 * @budget: is charged only if the write may be made
 * @uptime_s: now; less than at the last write counts as that
 * @bytes: that will be written
 * @precious: may use the reserve
 * @error: says what is spent and when there is more
 *
 * Return: 0 or -EDQUOT.
 */
int store_budget_spend(struct store_budget *budget, uint64_t uptime_s, size_t bytes,
		       bool precious, struct m2m_error *error);

/* --- the store ---------------------------------------------------------------------- */

/* Names are of files in one directory; a negative errno says what failed */
struct store_ops {
	/* The file's first @size bytes; their number. -EISDIR: no regular file */
	ssize_t (*read)(void *ctx, const char *name, void *buf, size_t size);
	/* A new file, or an old one emptied; a handle of 0 and up */
	int (*create)(void *ctx, const char *name);
	/* May write less than @len */
	ssize_t (*write)(void *ctx, int handle, const void *buf, size_t len);
	int (*sync)(void *ctx, int handle);
	int (*close)(void *ctx, int handle);
	int (*rename)(void *ctx, const char *from, const char *to);
	int (*remove)(void *ctx, const char *name);
	int (*sync_directory)(void *ctx);
};

struct store;

/* What store_open() found */
struct store_report {
	bool fresh;		/* there was no file at all */
	bool lost;		/* records may be missing: see msg */
	unsigned int torn;	/* files ".torn-N" */
	char msg[256];		/* "" without anything to report */
};

/**
 * store_open() - read what was kept
 * @ops: the way to the directory
 * @ctx: of @ops
 * @uptime_s: CLOCK_BOOTTIME now
 * @ret_report: what there was, and what is wrong with it
 *
 * Always begins: what cannot be read is empty, and reported. Where that may be a
 * passing fault (no memory, no permission) nothing is written until it opens well.
 * Return: the store; store_close() it.
 */
struct store *store_open(const struct store_ops *ops, void *ctx, uint64_t uptime_s,
			 struct store_report *ret_report);
void store_close(struct store *store);

/* The value of a key and its length, until the next commit; NULL if there is none */
const uint8_t *store_get(const struct store *store, const char *key, size_t *ret_len);
/* The key of the @at'th record, in no order that means anything; NULL behind the last */
const char *store_key(const struct store *store, size_t at);

struct store_change {
	const char *key;
	const void *value;	/* NULL: the record goes */
	size_t len;
	uint16_t flags;
};

/**
 * store_commit() - change records, all of them or none
 * @store: as it is until this returns 0
 * @changes: one of a key
 * @n: of @changes
 * @uptime_s: CLOCK_BOOTTIME now
 * @error: what is in the way
 *
 * What changes nothing is not written. After a failure the disk may have either;
 * the next commit settles it.
 * Return: 0 once it would survive a power cut; -EINVAL for a key or value out of
 * bounds; -ENOSPC if there are too many or too large records; -EDQUOT if enough was
 * written for now; otherwise what the disk said.
 */
int store_commit(struct store *store, const struct store_change *changes, size_t n,
		 uint64_t uptime_s, struct m2m_error *error);

/* --- a directory of the file system --------------------------------------------- */

extern const struct store_ops store_directory_ops;

/**
 * store_directory_open() - a ctx for store_directory_ops
 * @path: of a directory that is there
 * @error: filled in
 *
 * Return: for store_directory_close(), NULL if it cannot be opened.
 */
void *store_directory_open(const char *path, struct m2m_error *error);
void store_directory_close(void *directory);

#endif /* M2M_STORE_H */
