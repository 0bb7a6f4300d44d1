// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owns how what a machine saves stands in the store: as words, so that versions agree;
 * and the thread that writes it, as a disk may take seconds to say that it has it.
 */
#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/boot.h"
#include "../lib/store.h"
#include "clock.h"
#include "policy.h"
#include "say.h"
#include "state.h"

/*
 * Four records a modem, each a line of words:
 *
 *   ID/pins      for each: ICCID, hash, fate, sendings whose outcome was lost
 *   ID/budgets   clean; for each kind: how many and their ages in ms; writes by part;
 *                fingerprint of the firmware
 *   ID/backoff   place of the next; for each: APN's key, temporary, permanent
 *   ID/activations  id of the boot; of the last hour, for each APN that had any: key; in
 *                   which twelfth the last one was, 0 or less; how many of each outcome
 *
 * and while there is something to return to what former.c has, ID/former-SETTING; of cards
 * what usage.c keeps, usage/N, and what guess.c does, winner/N.
 */

#define RECORDS		4

G_STATIC_ASSERT(STATE_CHANGES_MAX <= RECORDS);

/*
 * The thread has the store to itself from the first state_save() on; all else is the
 * main loop's, which gives it jobs and gets them back as idle sources.
 */
struct state {
	void *directory;
	struct store *store;	/* NULL: nothing can be written */
	GHashTable *values;	/* key: char *, as it is or is about to be in the store */
	GThread *thread;	/* NULL: nothing was saved yet */
	GAsyncQueue *jobs;	/* struct job, to the thread */
	GPtrArray *under_way;	/* struct job, until its owner was told */
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
	const char *value = g_hash_table_lookup(state->values, key);

	memset(ret, 0, sizeof(*ret));
	if (!value)
		return false;
	g_strlcpy(ret->s, value, sizeof(ret->s));
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
	put(line, " %08x", saved->revision);
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
	/* earlier versions kept none, which is no other one */
	ret->revision = take_hash(line);
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

/* --- activations ------------------------------------------------------------ */

/* The newest part that is not empty; all of them are as old as that: never too few */
static int64_t newest(const struct activations *activations)
{
	int64_t part = -TALLY_PARTS;

	for (int i = 0; i < OUTCOMES; i++)
		for (int j = 0; j < TALLY_PARTS; j++)
			if (activations->of[i].n[j])
				part = MAX(part, activations->of[i].part - j);
	return part;
}

static void put_activations(const struct saved *saved, struct line_out *line)
{
	put(line, "%s", *boot_id() ? boot_id() : "-");
	for (int i = 0; i < KEPT_MAX; i++) {
		const struct activations *activations = &saved->kept[i].activations;
		unsigned int n[OUTCOMES], all = 0;

		for (int j = 0; j < OUTCOMES; j++)
			all += n[j] = tally_count(&activations->of[j], HOUR, 0);
		if (!all)
			continue;
		put(line, " %016llx %lld", (unsigned long long)saved->kept[i].key,
		    (long long)newest(activations));
		for (int j = 0; j < OUTCOMES; j++)
			put(line, " %u", MIN(n[j], UINT8_MAX));
	}
}

static void take_activations(struct line_in *line, struct saved *ret)
{
	ret->same_boot = !strcmp(take(line), boot_id());
	while (line->rest && *line->rest) {
		uint64_t key = take_hash(line);
		int64_t part = take_number(line);
		int at = 0;

		while (at < KEPT_MAX && ret->kept[at].key != key)
			at++;
		for (int i = 0; i < OUTCOMES; i++) {
			int64_t n = take_number(line);

			if (at == KEPT_MAX)
				continue;
			ret->kept[at].activations.of[i].part = part;
			ret->kept[at].activations.of[i].n[0] = CLAMP(n, 0, UINT8_MAX);
		}
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
	/* after the keys that it counts for */
	{ "activations", 0, put_activations, take_activations },
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

/* --- the thread ------------------------------------------------------------- */

/* Of the thread from g_async_queue_push() until it is back as an idle source */
struct job {
	struct state *state;
	unsigned int n;
	char keys[RECORDS][STORE_KEY_MAX];
	struct line_out lines[RECORDS];
	uint16_t flags[RECORDS];
	char *gone[RECORDS];	/* what a record said that goes; NULL: it stays */
	bool end;		/* no job, the last word */
	int err;
	struct m2m_error error;
	/* the main loop's */
	state_fn fn;		/* NULL: nobody waits for it any more */
	void *data;
	uint32_t number;
};

static int write_job(struct job *job)
{
	struct store_change changes[RECORDS];
	struct state *state = job->state;
	bool full = false;

	for (unsigned int i = 0; i < job->n; i++) {
		full |= job->lines[i].full;
		changes[i] = (struct store_change){
			.key = job->keys[i],
			.value = job->gone[i] ? NULL : job->lines[i].s,
			.len = job->lines[i].len, .flags = job->flags[i],
		};
	}
	if (!state->store)
		return m2m_error_set(&job->error, -ENOTDIR,
				     "there is no directory for it");
	if (full)
		return m2m_error_set(&job->error, -EMSGSIZE, "a record is too long");
	return store_commit(state->store, changes, job->n, clock_ms() / 1000,
			    &job->error);
}

/* For who does not wait for it */
static void say_failure(const struct job *job)
{
	if (job->err)
		say(SAY_WARNING, "%s is not written: %s", job->keys[0], job->error.msg);
}

/* What went, and is on the disk all the same, is there unless it is known better by now */
static void put_back(struct job *job)
{
	GHashTable *values = job->state->values;

	for (unsigned int i = 0; i < job->n; i++)
		if (job->gone[i] && *job->gone[i] &&
		    !g_hash_table_contains(values, job->keys[i]))
			g_hash_table_insert(values, g_strdup(job->keys[i]),
					    g_strdup(job->gone[i]));
}

static void free_job(gpointer data)
{
	struct job *job = data;

	for (unsigned int i = 0; i < job->n; i++)
		g_free(job->gone[i]);
	g_free(job);
}

static gboolean job_is_back(gpointer data)
{
	struct job *job = data;

	if (job->err)
		put_back(job);
	if (!job->fn)
		say_failure(job);
	/* frees the job when its owner has returned */
	if (job->fn)
		job->fn(job->data, job->number, job->err, &job->error);
	g_ptr_array_remove_fast(job->state->under_way, job);
	return G_SOURCE_REMOVE;
}

static gpointer write_jobs(gpointer data)
{
	struct state *state = data;
	struct job *job;

	for (;;) {
		job = g_async_queue_pop(state->jobs);
		if (job->end)
			break;
		job->err = write_job(job);
		g_idle_add_full(G_PRIORITY_HIGH, job_is_back, job, NULL);
	}
	g_free(job);
	return NULL;
}

/* Stricter than the disk, should that fail */
static void hand_over(struct state *state, struct job *job)
{
	for (unsigned int i = 0; i < job->n; i++)
		if (job->gone[i])
			g_hash_table_remove(state->values, job->keys[i]);
		else if (!job->lines[i].full)
			g_hash_table_insert(state->values, g_strdup(job->keys[i]),
					    g_strndup(job->lines[i].s, job->lines[i].len));
	job->state = state;
	g_ptr_array_add(state->under_way, job);
	if (!state->thread)
		state->thread = g_thread_new("state", write_jobs, state);
	g_async_queue_push(state->jobs, job);
}

void state_save(struct state *state, const char *id, const struct saved *saved,
		state_fn fn, void *data, uint32_t number)
{
	struct job *job = g_new0(struct job, 1);

	job->fn = fn;
	job->data = data;
	job->number = number;
	job->n = RECORDS;
	for (int i = 0; i < RECORDS; i++) {
		snprintf(job->keys[i], sizeof(job->keys[i]), "%s/%s", id,
			 records[i].name);
		records[i].put(saved, &job->lines[i]);
		job->flags[i] = records[i].flags;
	}
	hand_over(state, job);
}

void state_put(struct state *state, const char *key, const char *value)
{
	struct job *job = g_new0(struct job, 1);

	job->n = 1;
	g_strlcpy(job->keys[0], key, sizeof(job->keys[0]));
	put(&job->lines[0], "%s", value);
	hand_over(state, job);
}

void state_change(struct state *state, const struct state_change *changes, unsigned int n,
		  state_fn fn, void *data)
{
	struct job *job = g_new0(struct job, 1);

	job->fn = fn;
	job->data = data;
	job->n = MIN(n, STATE_CHANGES_MAX);
	for (unsigned int i = 0; i < job->n; i++) {
		const char *was = state_get(state, changes[i].key);

		g_strlcpy(job->keys[i], changes[i].key, sizeof(job->keys[i]));
		job->flags[i] = STORE_PRECIOUS;
		if (changes[i].value)
			put(&job->lines[i], "%s", changes[i].value);
		else
			job->gone[i] = g_strdup(was ? was : "");
	}
	hand_over(state, job);
}

const char *state_get(const struct state *state, const char *key)
{
	return g_hash_table_lookup(state->values, key);
}

void state_forget(struct state *state, const void *data)
{
	for (guint i = 0; i < state->under_way->len; i++) {
		struct job *job = state->under_way->pdata[i];

		if (job->data == data)
			job->fn = NULL;
	}
}

/* What is under way is written; whoever waited for it is not told */
static void end_thread(struct state *state)
{
	struct job *end = g_new0(struct job, 1);

	if (!state->thread) {
		g_free(end);
		return;
	}
	end->end = true;
	g_async_queue_push(state->jobs, end);
	g_thread_join(state->thread);
	for (guint i = 0; i < state->under_way->len; i++) {
		say_failure(state->under_way->pdata[i]);
		g_idle_remove_by_data(state->under_way->pdata[i]);
	}
}

/* --- from the start to the end ---------------------------------------------- */

/* What is there already; the store itself is the thread's afterwards */
static void read_values(struct state *state)
{
	const uint8_t *value;
	const char *key;
	size_t len;

	for (size_t i = 0; (key = store_key(state->store, i)); i++) {
		value = store_get(state->store, key, &len);
		if (value)
			g_hash_table_insert(state->values, g_strdup(key),
					    g_strndup((const char *)value, len));
	}
}

struct state *state_open(const char *directory)
{
	struct state *state = g_new0(struct state, 1);
	struct store_report report;
	struct m2m_error error;

	state->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	state->jobs = g_async_queue_new();
	state->under_way = g_ptr_array_new_with_free_func(free_job);
	state->directory = store_directory_open(directory, &error);
	if (!state->directory) {
		say(SAY_ERROR, "no state is kept: %s", error.msg);
		return state;
	}
	state->store = store_open(&store_directory_ops, state->directory,
				  clock_ms() / 1000, &report);
	if (report.msg[0])
		say(SAY_ERROR, "state: %s", report.msg);
	read_values(state);
	return state;
}

void state_close(struct state *state)
{
	end_thread(state);
	g_ptr_array_unref(state->under_way);
	g_async_queue_unref(state->jobs);
	g_hash_table_unref(state->values);
	if (state->store)
		store_close(state->store);
	if (state->directory)
		store_directory_close(state->directory);
	g_free(state);
}
