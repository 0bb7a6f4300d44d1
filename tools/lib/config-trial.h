/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration that counts until a time is over, unless somebody confirms it. */
#ifndef M2M_CONFIG_TRIAL_H
#define M2M_CONFIG_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot.h"
#include "error.h"
#include "store.h"

/*
 * DOC: How a trial holds over a power cut
 *
 * The configuration itself is not touched while another one is tried. Below it stands a
 * whole second one, "trial/", with a file "trial/record" that says in which boot and until
 * when (CLOCK_BOOTTIME) it counts. Who reads the configuration looks there first: a record
 * of this boot whose time is not over makes the trial count; one of another boot, one
 * whose time is over, and one that cannot be read do not. So nobody has to be there, be
 * root or write anything for the former files to count again.
 *
 * Files of a trial are synced before its record is made, and the record is taken away
 * before they are. A confirmation is one rename as well: from the record that says
 * "confirmed" on the trial counts in every boot, until its files are in place, each by a
 * rename, and the record is gone; whoever finds it in between does the rest. What was
 * tried is therefore never there by half.
 */

#define CONFIG_TRIAL		"trial"
#define CONFIG_TRIAL_RECORD	CONFIG_TRIAL "/record"
#define CONFIG_TRIAL_FILES_MAX	128		/* that a trial changes */
#define CONFIG_TRIAL_NAME_MAX	256		/* bytes of a file's name, with the end */

enum config_trial_state {
	CONFIG_TRIAL_NONE,
	CONFIG_TRIAL_RUNS,	/* counts, and its time runs */
	CONFIG_TRIAL_OVER,	/* was not confirmed: does not count */
	CONFIG_TRIAL_CONFIRMED,	/* counts, and is not in place yet */
};

struct config_trial {
	enum config_trial_state state;
	char boot[BOOT_ID_SIZE];
	int64_t until_ms;	/* CLOCK_BOOTTIME of that boot */
	size_t n;		/* files that it changes, below the configuration's directory */
	char names[CONFIG_TRIAL_FILES_MAX][CONFIG_TRIAL_NAME_MAX];
};

/* A file of the trial; names are "m2md.conf", "modem.d/wan.modem", ... */
struct config_trial_file {
	const char *name;
	const void *bytes;
	size_t len;
	bool changed;		/* to be put in place when confirmed; others are copies */
};

/**
 * config_trial_read() - what stands there
 * @ops: the way to the configuration's directory; names have slashes
 * @ctx: of @ops
 * @boot: this boot's id, "" if it is not known: then no trial counts
 * @now_ms: CLOCK_BOOTTIME
 * @ret: filled in
 */
void config_trial_read(const struct store_ops *ops, void *ctx, const char *boot,
		       int64_t now_ms, struct config_trial *ret);

/* Whether the trial's files count, not the configuration's */
bool config_trial_counts(const struct config_trial *trial);

/**
 * config_trial_write() - put the files of a trial there; it does not count yet
 * @ops: as above; no trial may be there that counts
 * @ctx: of @ops
 * @files: all that the configuration shall have
 * @n: of @files
 * @error: what the disk said
 */
int config_trial_write(const struct store_ops *ops, void *ctx,
		       const struct config_trial_file *files, size_t n,
		       struct m2m_error *error);

/**
 * config_trial_begin() - from here on it counts
 * @ops: as above, after config_trial_write()
 * @ctx: of @ops
 * @files: the same
 * @n: of @files
 * @boot: this boot's id
 * @until_ms: CLOCK_BOOTTIME at which it ends
 * @error: what the disk said, -E2BIG if it changes too many files, -ENOTSUP without @boot
 *
 * Return: 0 once it would survive a power cut as what it is: over.
 */
int config_trial_begin(const struct store_ops *ops, void *ctx,
		       const struct config_trial_file *files, size_t n,
		       const char *boot, int64_t until_ms, struct m2m_error *error);

/**
 * config_trial_confirm() - keep it
 * @ops: as above
 * @ctx: of @ops
 * @trial: as read; running or confirmed
 * @error: what the disk said
 *
 * Return: 0 once its files are in place. After a failure it counts, or does not, as
 * config_trial_read() says; if it does, this may be tried again.
 */
int config_trial_confirm(const struct store_ops *ops, void *ctx,
			 struct config_trial *trial, struct m2m_error *error);

/* config_trial_end() - the former configuration counts again; 0 also without a trial */
int config_trial_end(const struct store_ops *ops, void *ctx, struct m2m_error *error);

/* --- in the file system; config-trial-files.c ---------------------------------------- */

/**
 * config_tree_open() - a ctx for config_tree_ops
 * @path: of the configuration's directory
 * @error: filled in
 *
 * Directories are made as they are needed; a file gets owner and mode of the one it is
 * to replace. Return: for config_tree_close(), NULL if it cannot be opened.
 */
void *config_tree_open(const char *path, struct m2m_error *error);
void config_tree_close(void *tree);
extern const struct store_ops config_tree_ops;

/* config_tree_clean() - remove the files of a trial that does not count */
void config_tree_clean(void *tree);

/**
 * config_tree_where() - the directory that counts
 * @directory: of the configuration
 * @ret_trial: filled in
 *
 * Return: @directory, or its trial; for g_free().
 */
char *config_tree_where(const char *directory, struct config_trial *ret_trial);

#endif /* M2M_CONFIG_TRIAL_H */
