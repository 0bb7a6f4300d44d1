// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the records in memory and the order of steps in which they reach the disk. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "store.h"

#define FRESH		"state.new"
#define NAME_MAX_LEN	32
/* What was written stands in a record of its own */
#define BUDGET_KEY	"store/written"
#define BUDGET_LEN	(8 + STORE_HOURS * 6)

struct store {
	const struct store_ops *ops;
	void *ctx;
	struct store_image image;
	int current;		/* which of the two files it came from, -1: none */
	struct store_budget budget;
	uint64_t opened_s;	/* uptime of this boot and of all before, when opened */
	uint64_t before_s;
	int sealed;		/* why nothing is written, or 0 */
};

static const char * const files[2] = { "state-0", "state-1" };

/* --- images ------------------------------------------------------------------ */

static struct store_record *find(const struct store_image *image, const char *key)
{
	for (size_t i = 0; i < image->n; i++)
		if (!strcmp(image->records[i].key, key))
			return &image->records[i];
	return NULL;
}

static void copy_image(const struct store_image *from, size_t more, struct store_image *ret)
{
	ret->generation = from->generation;
	ret->n = from->n;
	ret->records = g_new0(struct store_record, from->n + more);
	for (size_t i = 0; i < from->n; i++) {
		ret->records[i] = from->records[i];
		ret->records[i].key = g_strdup(from->records[i].key);
		ret->records[i].value = g_malloc0(from->records[i].len +
						  from->records[i].extra + 1);
		memcpy(ret->records[i].value, from->records[i].value,
		       from->records[i].len + from->records[i].extra);
	}
}

static void drop(struct store_image *image, struct store_record *record)
{
	g_free(record->key);
	g_free(record->value);
	*record = image->records[--image->n];
}

/* Changes a record, or adds it: there is room for one. Whether anything is new */
static bool apply(struct store_image *image, const struct store_change *change)
{
	struct store_record *record = find(image, change->key);

	if (!change->value) {
		if (record)
			drop(image, record);
		return record;
	}
	if (record && record->len == change->len && record->flags == change->flags &&
	    !memcmp(record->value, change->value, change->len))
		return false;
	if (!record) {
		record = &image->records[image->n++];
		record->key = g_strdup(change->key);
	}
	g_free(record->value);
	record->value = g_malloc0(change->len + 1);
	memcpy(record->value, change->value, change->len);
	record->len = change->len;
	record->flags = change->flags;
	/* what stood behind the former value was about that one */
	record->extra = 0;
	return true;
}

/* --- what was written -------------------------------------------------------- */

static void load_budget(struct store *store)
{
	const struct store_record *record = find(&store->image, BUDGET_KEY);
	const uint8_t *at;

	if (!record || record->len != BUDGET_LEN)
		return;
	at = record->value;
	for (int i = 0; i < 8; i++)
		store->budget.uptime_s |= (uint64_t)at[i] << (8 * i);
	at += 8;
	for (int i = 0; i < STORE_HOURS; i++, at += 6) {
		store->budget.writes[i] = at[0] | at[1] << 8;
		store->budget.bytes[i] = at[2] | at[3] << 8 | at[4] << 16 |
			(uint32_t)at[5] << 24;
	}
}

static void save_budget(const struct store_budget *budget, struct store_image *image)
{
	uint8_t bytes[BUDGET_LEN], *at = bytes;
	const struct store_change change = {
		BUDGET_KEY, bytes, sizeof(bytes), STORE_PRECIOUS
	};

	for (int i = 0; i < 8; i++)
		*at++ = budget->uptime_s >> (8 * i);
	for (int i = 0; i < STORE_HOURS; i++) {
		*at++ = budget->writes[i];
		*at++ = budget->writes[i] >> 8;
		for (int b = 0; b < 4; b++)
			*at++ = budget->bytes[i] >> (8 * b);
	}
	apply(image, &change);
}

/* All boots together, as far as is known: what passed after the last write is not */
static uint64_t uptime_s(const struct store *store, uint64_t now_s)
{
	return store->before_s + (now_s > store->opened_s ? now_s - store->opened_s : 0);
}

/* --- opening ----------------------------------------------------------------- */

static void torn_name(unsigned int n, char ret[static NAME_MAX_LEN])
{
	snprintf(ret, NAME_MAX_LEN, ".torn-%u", n);
}

static bool exists(const struct store *store, const char *name)
{
	return store->ops->read(store->ctx, name, NULL, 0) != -ENOENT;
}

static unsigned int count_torn(const struct store *store)
{
	char name[NAME_MAX_LEN];
	unsigned int n = 0;

	for (unsigned int i = 0; i < STORE_TORN_MAX; i++) {
		torn_name(i, name);
		n += exists(store, name);
	}
	return n;
}

static void report(struct store_report *ret_report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void report(struct store_report *ret_report, const char *format, ...)
{
	size_t at = strlen(ret_report->msg);
	va_list ap;

	ret_report->lost = true;
	if (at && at + 2 < sizeof(ret_report->msg)) {
		memcpy(ret_report->msg + at, "; ", 3);
		at += 2;
	}
	va_start(ap, format);
	vsnprintf(ret_report->msg + at, sizeof(ret_report->msg) - at, format, ap);
	va_end(ap);
}

/* Out of the way, where a person can look at it */
static void set_aside(struct store *store, const char *file, const char *why,
		      struct store_report *ret_report)
{
	char name[NAME_MAX_LEN];
	unsigned int n = 0;
	int err;

	do
		torn_name(n, name);
	while (exists(store, name) && ++n < STORE_TORN_MAX);
	if (n == STORE_TORN_MAX)
		store->ops->remove(store->ctx, name);
	err = store->ops->rename(store->ctx, file, name);
	/* synced, or a later commit might take its place and nobody would be told */
	if (!err)
		err = store->ops->sync_directory(store->ctx);
	if (err) {
		/* it might be the better one for another program: not written over */
		store->sealed = err;
		report(ret_report, "%s: %s, and cannot be set aside: %s", file, why,
		       g_strerror(-err));
		return;
	}
	report(ret_report, "%s: %s, set aside as %s", file, why, name);
}

static void read_file(struct store *store, int which, struct store_report *ret_report)
{
	uint8_t bytes[STORE_FILE_MAX + 1];
	struct store_image image = { 0 };
	struct m2m_error error;
	ssize_t len;

	len = store->ops->read(store->ctx, files[which], bytes, sizeof(bytes));
	if (len == -ENOENT)
		return;
	ret_report->fresh = false;
	if (len == -EISDIR || len == -ELOOP || len == -EIO) {
		set_aside(store, files[which], g_strerror(-len), ret_report);
	} else if (len < 0) {
		store->sealed = len;
		report(ret_report, "%s cannot be read: %s; nothing is written until it can",
		       files[which], g_strerror(-len));
	} else if (store_decode(bytes, len, &image, &error)) {
		set_aside(store, files[which], error.msg, ret_report);
	} else if (store->current < 0 || image.generation > store->image.generation) {
		store_image_clear(&store->image);
		store->image = image;
		store->current = which;
	} else {
		store_image_clear(&image);
	}
}

struct store *store_open(const struct store_ops *ops, void *ctx, uint64_t now_s,
			 struct store_report *ret_report)
{
	struct store *store = g_new0(struct store, 1);

	memset(ret_report, 0, sizeof(*ret_report));
	ret_report->fresh = true;
	store->ops = ops;
	store->ctx = ctx;
	store->current = -1;
	for (int which = 0; which < 2; which++)
		read_file(store, which, ret_report);
	load_budget(store);
	store->opened_s = now_s;
	store->before_s = store->budget.uptime_s;
	ret_report->torn = count_torn(store);
	/* records went with an earlier one until a person says otherwise */
	if (ret_report->torn)
		ret_report->fresh = false;
	if (ret_report->torn && !ret_report->lost)
		report(ret_report, "files set aside as .torn-*: %u", ret_report->torn);
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	store_image_clear(&store->image);
	g_free(store);
}

const uint8_t *store_get(const struct store *store, const char *key, size_t *ret_len)
{
	const struct store_record *record = find(&store->image, key);

	if (!record)
		return NULL;
	*ret_len = record->len;
	return record->value;
}

const char *store_key(const struct store *store, size_t at)
{
	return at < store->image.n ? store->image.records[at].key : NULL;
}

/* --- writing ----------------------------------------------------------------- */

static int write_all(struct store *store, int handle, const uint8_t *bytes, size_t len)
{
	ssize_t n;

	while (len) {
		n = store->ops->write(store->ctx, handle, bytes, len);
		if (n <= 0)
			return n ? n : -EIO;
		bytes += n;
		len -= n;
	}
	return 0;
}

/* A file whose bytes are on the disk before it has its name */
static int write_file(struct store *store, const char *name, const uint8_t *bytes,
		      size_t len)
{
	const struct store_ops *ops = store->ops;
	int handle, err, closed;

	handle = ops->create(store->ctx, FRESH);
	if (handle < 0)
		return handle;
	err = write_all(store, handle, bytes, len);
	if (!err)
		err = ops->sync(store->ctx, handle);
	closed = ops->close(store->ctx, handle);
	if (!err)
		err = closed;
	if (!err)
		err = ops->rename(store->ctx, FRESH, name);
	if (!err)
		return ops->sync_directory(store->ctx);
	ops->remove(store->ctx, FRESH);
	return err;
}

static int check_change(const struct store_change *change, struct m2m_error *error)
{
	size_t len = strlen(change->key);

	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isgraph(change->key[i]))
			len = 0;
	if (!len || len > STORE_KEY_MAX || !strcmp(change->key, BUDGET_KEY))
		return m2m_error_set(error, -EINVAL,
				     "the key of a record has 1 to %d printable characters",
				     STORE_KEY_MAX);
	if (change->value && change->len > STORE_VALUE_MAX)
		return m2m_error_set(error, -EINVAL, "%s: larger than %d bytes",
				     change->key, STORE_VALUE_MAX);
	return 0;
}

/* What the records that are not precious take */
static void count_ordinary(const struct store_image *image, size_t *ret_n,
			   size_t *ret_bytes)
{
	*ret_n = 0;
	*ret_bytes = 0;
	for (size_t i = 0; i < image->n; i++) {
		const struct store_record *record = &image->records[i];

		if (record->flags & STORE_PRECIOUS)
			continue;
		*ret_n += 1;
		*ret_bytes += strlen(record->key) + record->len + record->extra;
	}
}

/* Whether there is room; what an earlier version has left may stay, not grow */
static int check_room(const struct store_image *before, const struct store_image *after,
		      struct m2m_error *error)
{
	size_t n_before, n_after, bytes_before, bytes_after;

	count_ordinary(before, &n_before, &bytes_before);
	count_ordinary(after, &n_after, &bytes_after);
	if (after->n > STORE_RECORDS_MAX)
		return m2m_error_set(error, -ENOSPC, "more than %d records",
				     STORE_RECORDS_MAX);
	if (n_after > STORE_RECORDS_ORDINARY && n_after > n_before)
		return m2m_error_set(error, -ENOSPC, "more than %d ordinary records",
				     STORE_RECORDS_ORDINARY);
	if (bytes_after > STORE_FILE_ORDINARY && bytes_after > bytes_before)
		return m2m_error_set(error, -ENOSPC, "more than %d bytes of ordinary records",
				     STORE_FILE_ORDINARY);
	return 0;
}

/* Charges the budget and encodes; the budget's own record has one length */
static int prepare(struct store *store, struct store_image *image, uint64_t now_s,
		   bool precious, uint8_t **ret_bytes, size_t *ret_len,
		   struct m2m_error *error)
{
	int err;

	save_budget(&store->budget, image);
	err = check_room(&store->image, image, error);
	if (err)
		return err;
	if (store_encode(image, ret_bytes, ret_len))
		return m2m_error_set(error, -ENOSPC, "more than %d bytes of records",
				     STORE_FILE_MAX);
	err = store_budget_spend(&store->budget, uptime_s(store, now_s), *ret_len,
				 precious, error);
	g_free(*ret_bytes);
	if (err)
		return err;
	save_budget(&store->budget, image);
	image->generation++;
	return store_encode(image, ret_bytes, ret_len);
}

static int write_image(struct store *store, struct store_image *image, uint64_t now_s,
		       bool precious, struct m2m_error *error)
{
	int other = store->current == 0;
	uint8_t *bytes;
	size_t len;
	int err;

	err = prepare(store, image, now_s, precious, &bytes, &len, error);
	if (err)
		return err;
	err = write_file(store, files[other], bytes, len);
	g_free(bytes);
	if (err)
		return m2m_error_set(error, err, "%s cannot be written: %s", files[other],
				     g_strerror(-err));
	store->current = other;
	return 0;
}

int store_commit(struct store *store, const struct store_change *changes, size_t n,
		 uint64_t now_s, struct m2m_error *error)
{
	struct store_image image = { 0 };
	bool precious = false, changed = false;
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = check_change(&changes[i], error);
	if (err)
		return err;
	/* one more, which is the budget's own */
	copy_image(&store->image, n + 1, &image);
	for (size_t i = 0; i < n; i++) {
		if (!apply(&image, &changes[i]))
			continue;
		changed = true;
		precious |= changes[i].flags & STORE_PRECIOUS;
	}
	if (changed && store->sealed)
		err = m2m_error_set(error, store->sealed,
				    "the state could not be read, and is not written over");
	else if (changed)
		err = write_image(store, &image, now_s, precious, error);
	if (changed && !err) {
		store_image_clear(&store->image);
		store->image = image;
	} else {
		store_image_clear(&image);
	}
	return err;
}
