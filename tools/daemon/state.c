// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how what a machine saves stands in the store: as words, so that versions agree. */
#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/store.h"
#include "clock.h"
#include "say.h"
#include "state.h"

/*
 * Three records a modem, each a line of words:
 *
 *   ID/pins      for each: ICCID, hash, fate, sendings whose outcome was lost
 *   ID/budgets   clean; for each kind: how many and their ages in ms; writes by part
 *   ID/backoff   place of the next; for each: APN's key, temporary, permanent
 */

#define RECORDS		3

struct state {
	void *directory;
	struct store *store;	/* NULL: nothing can be written */
};

/* A line that is being written or read */
struct line_out {
	char s[STORE_VALUE_MAX];
	size_t len;
	bool full;
};

struct line_in {
	char s[STORE_VALUE_MAX + 1];
	char *rest;
	bool bad;
};

static void put(struct line_out *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct line_out *line, const char *format, ...)
{
	size_t left = sizeof(line->s) - line->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line->s + line->len, left, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= left)
		line->full = true;
	else
		line->len += n;
}

static const char *take(struct line_in *line)
{
	char *word = strsep(&line->rest, " ");

	line->bad |= !word;
	return word ? word : "";
}

static int64_t take_number(struct line_in *line)
{
	return strtoll(take(line), NULL, 10);
}

static uint64_t take_hash(struct line_in *line)
{
	return strtoull(take(line), NULL, 16);
}

static bool begin(const struct state *state, const char *id, const char *what,
		  struct line_in *ret)
{
	g_autofree char *key = g_strdup_printf("%s/%s", id, what);
	const uint8_t *value;
	size_t len;

	memset(ret, 0, sizeof(*ret));
	value = state->store ? store_get(state->store, key, &len) : NULL;
	if (!value || len > STORE_VALUE_MAX)
		return false;
	memcpy(ret->s, value, len);
	ret->rest = ret->s;
	return true;
}

/* --- PINs ------------------------------------------------------------------- */

static void put_pins(const struct saved *saved, struct line_out *line)
{
	for (int i = 0; i < PIN_RECORDS; i++) {
		const struct pin_record *pin = &saved->pins.records[i];

		if (pin->fate != PIN_FREE)
			put(line, "%s%s %016llx %u %u", line->len ? " " : "",
			    pin->iccid[0] ? pin->iccid : "-",
			    (unsigned long long)pin->pin, pin->fate, pin->unknown);
	}
}

static void take_pins(struct line_in *line, struct saved *ret)
{
	for (int i = 0; i < PIN_RECORDS && line->rest && *line->rest; i++) {
		struct pin_record *pin = &ret->pins.records[i];

		g_strlcpy(pin->iccid, take(line), sizeof(pin->iccid));
		pin->pin = take_hash(line);
		pin->fate = take_number(line);
		pin->unknown = take_number(line);
		/* a record that is cut short is one of a PIN that was tried */
		if (line->bad)
			pin->fate = PIN_REJECTED;
	}
}

/* --- budgets ---------------------------------------------------------------- */

static void put_budgets(const struct saved *saved, struct line_out *line)
{
	put(line, "%d", saved->clean);
	for (int kind = 0; kind < BUDGET_KINDS; kind++) {
		const struct strikes *strikes = &saved->strikes[kind];

		put(line, " %u", strikes->count);
		for (unsigned int i = 0; i < strikes->count; i++)
			put(line, " %lld", (long long)strikes->at[i]);
	}
	put(line, " %lld", (long long)saved->writes.part);
	for (int i = 0; i < TALLY_PARTS; i++)
		put(line, " %u", saved->writes.n[i]);
}

static void take_budgets(struct line_in *line, struct saved *ret)
{
	ret->clean = take_number(line);
	for (int kind = 0; kind < BUDGET_KINDS; kind++) {
		struct strikes *strikes = &ret->strikes[kind];
		int64_t count = take_number(line);

		strikes->count = CLAMP(count, 0, STRIKES_MAX);
		for (unsigned int i = 0; i < strikes->count; i++)
			strikes->at[i] = take_number(line);
	}
	ret->writes.part = take_number(line);
	for (int i = 0; i < TALLY_PARTS; i++)
		ret->writes.n[i] = take_number(line);
}

/* --- back-off --------------------------------------------------------------- */

static void put_backoff(const struct saved *saved, struct line_out *line)
{
	put(line, "%u", saved->kept_next);
	for (int i = 0; i < KEPT_MAX; i++)
		put(line, " %016llx %u %u", (unsigned long long)saved->kept[i].key,
		    saved->kept[i].temporary, saved->kept[i].permanent);
}

static void take_backoff(struct line_in *line, struct saved *ret)
{
	ret->kept_next = take_number(line) % KEPT_MAX;
	for (int i = 0; i < KEPT_MAX; i++) {
		ret->kept[i].key = take_hash(line);
		ret->kept[i].temporary = take_number(line);
		ret->kept[i].permanent = take_number(line);
	}
}

/* --- all of it -------------------------------------------------------------- */

static const struct {
	const char *name;
	uint16_t flags;
	void (*put)(const struct saved *saved, struct line_out *line);
	void (*take)(struct line_in *line, struct saved *ret);
} records[RECORDS] = {
	{ "pins", STORE_PRECIOUS, put_pins, take_pins },
	{ "budgets", STORE_PRECIOUS, put_budgets, take_budgets },
	{ "backoff", 0, put_backoff, take_backoff },
};

bool state_load(const struct state *state, const char *id, struct saved *ret)
{
	bool any = false;

	memset(ret, 0, sizeof(*ret));
	ret->version = SAVED_VERSION;
	for (int i = 0; i < RECORDS; i++) {
		struct line_in line;

		if (!begin(state, id, records[i].name, &line))
			continue;
		records[i].take(&line, ret);
		any = true;
	}
	return any;
}

int state_save(struct state *state, const char *id, const struct saved *saved,
	       struct m2m_error *error)
{
	struct line_out *lines = g_new0(struct line_out, RECORDS);
	struct store_change changes[RECORDS];
	char keys[RECORDS][STORE_KEY_MAX];
	bool full = false;
	int err;

	for (int i = 0; i < RECORDS; i++) {
		records[i].put(saved, &lines[i]);
		full |= lines[i].full;
		snprintf(keys[i], sizeof(keys[i]), "%s/%s", id, records[i].name);
		changes[i] = (struct store_change){
			.key = keys[i], .value = lines[i].s, .len = lines[i].len,
			.flags = records[i].flags,
		};
	}
	if (!state->store)
		err = m2m_error_set(error, -ENOTDIR, "there is no directory for it");
	else if (full)
		err = m2m_error_set(error, -EMSGSIZE, "a record is too long");
	else
		err = store_commit(state->store, changes, RECORDS,
				   clock_ms() / 1000, error);
	g_free(lines);
	return err;
}

struct state *state_open(const char *directory)
{
	struct state *state = g_new0(struct state, 1);
	struct store_report report;
	struct m2m_error error;

	state->directory = store_directory_open(directory, &error);
	if (!state->directory) {
		say(SAY_ERROR, "no state is kept: %s", error.msg);
		return state;
	}
	state->store = store_open(&store_directory_ops, state->directory,
				  clock_ms() / 1000, &report);
	if (report.msg[0])
		say(SAY_ERROR, "state: %s", report.msg);
	return state;
}

void state_close(struct state *state)
{
	if (state->store)
		store_close(state->store);
	if (state->directory)
		store_directory_close(state->directory);
	g_free(state);
}
