// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the record of a configuration on trial, and the order in which its files move. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "config-trial.h"
#include "fnv.h"

#define RECORD_NEW	CONFIG_TRIAL_RECORD ".new"
#define RECORD_FORMAT	"m2m-trial 1"
#define RECORD_MAX	(64 + CONFIG_TRIAL_FILES_MAX * (CONFIG_TRIAL_NAME_MAX + 8) + 256)
#define NEW		".new"
#define PATH_SIZE	(CONFIG_TRIAL_NAME_MAX + 16)

/* --- the record ------------------------------------------------------------------- */

/* Not against anybody: against what a disk may make of a file */
static uint64_t sum_of(const char *bytes, size_t len)
{
	return fnv_add(FNV_START, bytes, len);
}

/* Relative, without a way up, and no word of the record */
static bool is_name(const char *name)
{
	if (!*name || *name == '/' || *name == '.' || strstr(name, "/.") ||
	    strlen(name) >= CONFIG_TRIAL_NAME_MAX)
		return false;
	for (; *name; name++)
		if (*name < ' ' || *name == 0x7f)
			return false;
	return true;
}

static size_t __attribute__((format(printf, 3, 4)))
put(char *text, size_t len, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text + len, RECORD_MAX - len, format, ap);
	va_end(ap);
	return n < 0 || (size_t)n >= RECORD_MAX - len ? len : len + n;
}

static size_t write_record(const struct config_trial *trial, char text[RECORD_MAX])
{
	size_t len = 0;

	len = put(text, len, RECORD_FORMAT "\nboot %s\nuntil_ms %" PRId64
		  "\nconfirmed %d\n", trial->boot, trial->until_ms,
		  trial->state == CONFIG_TRIAL_CONFIRMED);
	for (size_t i = 0; i < trial->n; i++)
		len = put(text, len, "file %s\n", trial->names[i]);
	return put(text, len, "sum %016" PRIx64 "\n", sum_of(text, len));
}

/* What follows @word in the next line; NULL if that is another one */
static const char *next(char **rest, const char *word)
{
	char *line = *rest ? strsep(rest, "\n") : NULL;
	size_t len = strlen(word);

	return line && !strncmp(line, word, len) ? line + len : NULL;
}

/* The text's last line sums up the others */
static bool is_whole(const char *text)
{
	const char *last = strstr(text, "\nsum ");
	char sum[32];

	if (!last)
		return false;
	snprintf(sum, sizeof(sum), "sum %016" PRIx64 "\n",
		 sum_of(text, last + 1 - text));
	return !strcmp(last + 1, sum);
}

static bool read_record(char *text, bool *ret_confirmed, struct config_trial *ret)
{
	const char *boot, *until, *confirmed, *name;
	char *rest = text;

	if (!is_whole(text) || !next(&rest, RECORD_FORMAT))
		return false;
	boot = next(&rest, "boot ");
	until = next(&rest, "until_ms ");
	confirmed = next(&rest, "confirmed ");
	if (!boot || !until || !confirmed || strlen(boot) >= sizeof(ret->boot))
		return false;
	snprintf(ret->boot, sizeof(ret->boot), "%s", boot);
	ret->until_ms = strtoll(until, NULL, 10);
	*ret_confirmed = !strcmp(confirmed, "1");
	while ((name = next(&rest, "file "))) {
		if (!is_name(name) || ret->n == CONFIG_TRIAL_FILES_MAX)
			return false;
		snprintf(ret->names[ret->n++], CONFIG_TRIAL_NAME_MAX, "%s", name);
	}
	return true;
}

void config_trial_read(const struct store_ops *ops, void *ctx, const char *boot,
		       int64_t now_ms, struct config_trial *ret)
{
	char *text = malloc(RECORD_MAX + 1);
	bool confirmed = false;
	ssize_t len;

	memset(ret, 0, sizeof(*ret));
	len = text ? ops->read(ctx, CONFIG_TRIAL_RECORD, text, RECORD_MAX) : -ENOMEM;
	if (len < 0) {
		free(text);
		return;
	}
	text[len] = '\0';
	if (!read_record(text, &confirmed, ret))
		memset(ret, 0, sizeof(*ret));
	else if (confirmed)
		ret->state = CONFIG_TRIAL_CONFIRMED;
	else if (*boot && !strcmp(ret->boot, boot) && now_ms < ret->until_ms)
		ret->state = CONFIG_TRIAL_RUNS;
	else
		ret->state = CONFIG_TRIAL_OVER;
	free(text);
}

bool config_trial_counts(const struct config_trial *trial)
{
	return trial->state == CONFIG_TRIAL_RUNS ||
	       trial->state == CONFIG_TRIAL_CONFIRMED;
}

/* --- files -------------------------------------------------------------------------- */

static int failed(struct m2m_error *error, int err, const char *name)
{
	return m2m_error_set(error, err, "%s: %s", name, strerror(-err));
}

/* Written and synced; its directory is not yet */
static int write_file(const struct store_ops *ops, void *ctx, const char *name,
		      const void *bytes, size_t len, struct m2m_error *error)
{
	int handle = ops->create(ctx, name);
	const char *at = bytes;
	ssize_t n;
	int err = 0;

	if (handle < 0)
		return failed(error, handle, name);
	while (len && !err) {
		n = ops->write(ctx, handle, at, len);
		if (n <= 0) {
			err = n ? n : -EIO;
			break;
		}
		at += n;
		len -= n;
	}
	if (!err)
		err = ops->sync(ctx, handle);
	if (err)
		ops->close(ctx, handle);
	else
		err = ops->close(ctx, handle);
	return err ? failed(error, err, name) : 0;
}

static int sync_names(const struct store_ops *ops, void *ctx, struct m2m_error *error)
{
	int err = ops->sync_directory(ctx);

	return err ? failed(error, err, "directory") : 0;
}

/* In the place of whatever stands there, at once; synced */
static int replace(const struct store_ops *ops, void *ctx, const char *name,
		   const char *new_name, struct m2m_error *error)
{
	int err = ops->rename(ctx, new_name, name);

	return err ? failed(error, err, name) : sync_names(ops, ctx, error);
}

static int put_record(const struct store_ops *ops, void *ctx,
		      const struct config_trial *trial, struct m2m_error *error)
{
	char *text = malloc(RECORD_MAX);
	int err;

	if (!text)
		return m2m_error_set(error, -ENOMEM, "no memory");
	err = write_file(ops, ctx, RECORD_NEW, text, write_record(trial, text), error);
	if (!err)
		err = replace(ops, ctx, CONFIG_TRIAL_RECORD, RECORD_NEW, error);
	free(text);
	return err;
}

int config_trial_write(const struct store_ops *ops, void *ctx,
		       const struct config_trial_file *files, size_t n,
		       struct m2m_error *error)
{
	char path[PATH_SIZE];
	int err;

	/* an old record must not make new files count */
	err = config_trial_end(ops, ctx, error);
	for (size_t i = 0; i < n && !err; i++) {
		if (!is_name(files[i].name))
			return m2m_error_set(error, -EINVAL, "\"%s\" is no name for it",
					     files[i].name);
		snprintf(path, sizeof(path), CONFIG_TRIAL "/%s", files[i].name);
		err = write_file(ops, ctx, path, files[i].bytes, files[i].len, error);
	}
	return err ? err : sync_names(ops, ctx, error);
}

int config_trial_begin(const struct store_ops *ops, void *ctx,
		       const struct config_trial_file *files, size_t n,
		       const char *boot, int64_t until_ms, struct m2m_error *error)
{
	struct config_trial *trial = calloc(1, sizeof(*trial));
	int err = 0;

	if (!trial)
		return m2m_error_set(error, -ENOMEM, "no memory");
	if (!*boot)
		err = m2m_error_set(error, -ENOTSUP, "the kernel does not say which boot this is");
	trial->state = CONFIG_TRIAL_RUNS;
	trial->until_ms = until_ms;
	snprintf(trial->boot, sizeof(trial->boot), "%s", boot);
	for (size_t i = 0; i < n && !err; i++) {
		if (!files[i].changed)
			continue;
		if (trial->n == CONFIG_TRIAL_FILES_MAX)
			err = m2m_error_set(error, -E2BIG, "more than %d files",
					    CONFIG_TRIAL_FILES_MAX);
		else
			snprintf(trial->names[trial->n++], CONFIG_TRIAL_NAME_MAX, "%s",
				 files[i].name);
	}
	if (!err)
		err = put_record(ops, ctx, trial, error);
	free(trial);
	return err;
}

/* One file to its place; the one that was there counts until the rename */
static int install(const struct store_ops *ops, void *ctx, const char *name,
		   struct m2m_error *error)
{
	char from[PATH_SIZE], to[PATH_SIZE];
	char *bytes = malloc(CONF_FILE_MAX + 1);
	ssize_t len;
	int err;

	if (!bytes)
		return m2m_error_set(error, -ENOMEM, "no memory");
	snprintf(from, sizeof(from), CONFIG_TRIAL "/%s", name);
	snprintf(to, sizeof(to), "%s" NEW, name);
	len = ops->read(ctx, from, bytes, CONF_FILE_MAX + 1);
	if (len < 0 || len > CONF_FILE_MAX)
		err = failed(error, len < 0 ? (int)len : -EFBIG, from);
	else
		err = write_file(ops, ctx, to, bytes, len, error);
	free(bytes);
	return err ? err : replace(ops, ctx, name, to, error);
}

int config_trial_confirm(const struct store_ops *ops, void *ctx,
			 struct config_trial *trial, struct m2m_error *error)
{
	int err = 0;

	if (trial->state == CONFIG_TRIAL_RUNS) {
		trial->state = CONFIG_TRIAL_CONFIRMED;
		err = put_record(ops, ctx, trial, error);
	}
	for (size_t i = 0; i < trial->n && !err; i++)
		err = install(ops, ctx, trial->names[i], error);
	return err ? err : config_trial_end(ops, ctx, error);
}

int config_trial_end(const struct store_ops *ops, void *ctx, struct m2m_error *error)
{
	int err = ops->remove(ctx, CONFIG_TRIAL_RECORD);

	if (err == -ENOENT)
		return 0;
	if (err)
		return failed(error, err, CONFIG_TRIAL_RECORD);
	return sync_names(ops, ctx, error);
}
