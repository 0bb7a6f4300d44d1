// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the count of writes to modems' memories. Pure but for the end. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/boot.h"
#include "../lib/store.h"
#include "wear.h"

#define CLOCK		"clock"
#define CHANGES_MAX	8	/* the clock, the modem, and some that are over */
#define LOCK_MS		10000
#define LOCK_POLL_MS	50
#define FOREVER_S	(INT64_MAX / 4)

struct strikes {
	int64_t at[WEAR_MAX];
	unsigned int n;
};

int64_t wear_elapsed(const char *clock, const char *boot, int64_t boot_s,
		     int64_t *ret_total_s)
{
	long long then_s = 0, total_s = 0;
	char id[BOOT_ID_SIZE] = "";

	*ret_total_s = 0;
	if (!clock || sscanf(clock, "%36s %lld %lld", id, &then_s, &total_s) != 3 ||
	    total_s < 0 || total_s > FOREVER_S)
		return 0;
	*ret_total_s = total_s;
	/* a boot that nobody can tell from another has had no time */
	if (!*boot)
		return 0;
	if (strcmp(id, boot))
		return boot_s;
	return boot_s > then_s && then_s >= 0 ? boot_s - then_s : 0;
}

/* Those within a day; a time to come is one of now. False if it is no record. */
static bool read_strikes(const char *record, int64_t now_s, struct strikes *ret)
{
	ret->n = 0;
	while (record && *record) {
		char *end;
		long long at;

		errno = 0;
		at = strtoll(record, &end, 10);
		if (errno || end == record || (*end && *end != ' ') || at < 0 ||
		    ret->n == WEAR_MAX)
			return false;
		if (at > now_s)
			at = now_s;
		if (at > now_s - WEAR_DAY_S)
			ret->at[ret->n++] = at;
		record = *end ? end + 1 : end;
	}
	return true;
}

static void write_strikes(const struct strikes *strikes, char *ret_record)
{
	size_t len = 0;

	for (unsigned int i = 0; i < strikes->n; i++)
		len += snprintf(ret_record + len, WEAR_TEXT_MAX - len, "%s%lld",
				i ? " " : "", (long long)strikes->at[i]);
}

int wear_spend(const char *record, int64_t now_s, char *ret_record,
	       struct m2m_error *error)
{
	struct strikes strikes;

	if (!read_strikes(record, now_s, &strikes)) {
		for (strikes.n = 0; strikes.n < WEAR_MAX; strikes.n++)
			strikes.at[strikes.n] = now_s;
	}
	if (strikes.n == WEAR_MAX) {
		int64_t left_s = strikes.at[0] + WEAR_DAY_S - now_s;

		/* written all the same, or one that cannot be read would never age */
		write_strikes(&strikes, ret_record);
		return m2m_error_set(error, -EDQUOT,
				     "the modem's memory was written to %d times within a day, which is enough; more in %d min of uptime",
				     WEAR_MAX, (int)(left_s + 59) / 60);
	}
	strikes.at[strikes.n++] = now_s;
	write_strikes(&strikes, ret_record);
	return 0;
}

bool wear_is_over(const char *record, int64_t now_s)
{
	struct strikes strikes;

	return read_strikes(record, now_s, &strikes) && !strikes.n;
}

/* --- on the disk -------------------------------------------------------------------- */

static char *get(const struct store *store, const char *key)
{
	size_t len;
	const uint8_t *value = store_get(store, key, &len);

	return value ? g_strndup((const char *)value, len) : NULL;
}

/* Records of modems that were not written to for a day make room for others */
static size_t add_old(const struct store *store, const char *modem, int64_t now_s,
		      struct store_change *changes, size_t n)
{
	const char *key;

	for (size_t i = 0; n < CHANGES_MAX && (key = store_key(store, i)); i++) {
		g_autofree char *record = NULL;

		/* the store's own and the clock are no modem's */
		if (!g_ascii_isdigit(*key) || !strcmp(key, modem))
			continue;
		record = get(store, key);
		if (record && wear_is_over(record, now_s))
			changes[n++] = (struct store_change){ .key = key };
	}
	return n;
}

static int spend(struct store *store, const char *modem, struct m2m_error *error)
{
	int64_t total_s, elapsed_s, boot_s = boot_ms() / 1000;
	g_autofree char *clock = get(store, CLOCK);
	g_autofree char *record = get(store, modem);
	struct store_change changes[CHANGES_MAX];
	struct m2m_error spent, ignored;
	char now[WEAR_TEXT_MAX], text[WEAR_TEXT_MAX];
	size_t n = 2;
	int err, over;

	elapsed_s = wear_elapsed(clock, boot_id(), boot_s, &total_s);
	over = wear_spend(record, total_s + elapsed_s, text, &spent);
	/* nothing new to write down */
	if (over && record && !strcmp(record, text))
		return m2m_error_copy(error, &spent);
	snprintf(now, sizeof(now), "%s %lld %lld", *boot_id() ? boot_id() : "-",
		 (long long)boot_s, (long long)(total_s + elapsed_s));
	changes[0] = (struct store_change){ CLOCK, now, strlen(now), STORE_PRECIOUS };
	changes[1] = (struct store_change){ modem, text, strlen(text), STORE_PRECIOUS };
	n = add_old(store, modem, total_s + elapsed_s, changes, n);
	/* the store was opened at 0: the process is too short to have a time of its own */
	err = store_commit(store, changes, n, elapsed_s, over ? &ignored : error);
	return over ? m2m_error_copy(error, &spent) : err;
}

static int lock(const char *path, int *ret_fd, struct m2m_error *error)
{
	int64_t until_ms = boot_ms() + LOCK_MS;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", path, g_strerror(errno));
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (boot_ms() > until_ms) {
			close(fd);
			return m2m_error_set(error, -EBUSY, "%s: another m2m-at has it",
					     path);
		}
		poll(NULL, 0, LOCK_POLL_MS);
	}
	*ret_fd = fd;
	return 0;
}

/*
 * By whoever comes first; it is whose the one above is. That one may put something else in
 * its place meanwhile, and root must not give that away: what is opened is what is given.
 */
static int make_directory(const char *parent, const char *path, struct m2m_error *error)
{
	struct stat st;
	int fd, err = 0;

	if (mkdir(path, 0700)) {
		if (errno == EEXIST)
			return 0;
		return m2m_error_set(error, -errno, "%s: %s", path, g_strerror(errno));
	}
	if (geteuid())
		return 0;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || stat(parent, &st) || fchown(fd, st.st_uid, st.st_gid))
		err = m2m_error_set(error, -errno, "%s: %s", path, g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return err;
}

int wear_write(const char *directory, const char *modem, struct m2m_error *error)
{
	g_autofree char *path = g_build_filename(directory, "at", NULL);
	struct store_report report;
	struct store *store;
	void *files;
	int fd = -1, err;

	err = make_directory(directory, path, error);
	if (!err)
		err = lock(path, &fd, error);
	if (err)
		return err;
	files = store_directory_open(path, error);
	if (files) {
		store = store_open(&store_directory_ops, files, 0, &report);
		if (report.msg[0])
			fprintf(stderr, "m2m-at: %s: %s\n", path, report.msg);
		err = spend(store, modem, error);
		store_close(store);
		store_directory_close(files);
	} else {
		err = error->err;
	}
	close(fd);
	return err;
}
