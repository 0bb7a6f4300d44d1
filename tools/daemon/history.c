// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the ring of events, and an event's look as a line. Pure. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* Words of a line that begins none of ours is not read */
#define FORMAT	"1"

struct history {
	size_t n, oldest;	/* a ring once there are HISTORY_MAX */
	uint64_t last;
	struct history_event events[HISTORY_MAX];
};

struct history *history_new(void)
{
	struct history *history = malloc(sizeof(*history));

	if (!history)
		return NULL;
	history->n = 0;
	history->oldest = 0;
	history->last = 0;
	/* touched now, so that a process that runs for years does not grow by it */
	for (size_t i = 0; i < HISTORY_MAX; i++)
		history->events[i] = (struct history_event){ .kind = HISTORY_KINDS };
	return history;
}

void history_free(struct history *history)
{
	free(history);
}

/* A line is words: what is none would move all that follows */
static void make_word(char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			*text = '?';
}

const struct history_event *history_add(struct history *history,
					const struct history_event *event)
{
	struct history_event *slot;

	if (event->number && event->number <= history->last)
		return NULL;
	if (history->n < HISTORY_MAX) {
		slot = &history->events[history->n++];
	} else {
		slot = &history->events[history->oldest];
		history->oldest = (history->oldest + 1) % HISTORY_MAX;
	}
	*slot = *event;
	history->last = event->number ? event->number : history->last + 1;
	slot->number = history->last;
	make_word(slot->what);
	make_word(slot->path);
	make_word(slot->imei);
	make_word(slot->pdn);
	return slot;
}

size_t history_count(const struct history *history)
{
	return history->n;
}

const struct history_event *history_get(const struct history *history, size_t at)
{
	return &history->events[(history->oldest + at) % HISTORY_MAX];
}

static const char * const kinds[HISTORY_KINDS] = {
	[HISTORY_DAEMON] = "daemon",
	[HISTORY_MODEM] = "modem",
	[HISTORY_PDN] = "pdn",
	[HISTORY_ACTION] = "action",
	[HISTORY_DIAL] = "dial",
	[HISTORY_END] = "end",
};

const char *history_kind_token(unsigned int kind)
{
	return kind < HISTORY_KINDS ? kinds[kind] : "unknown";
}

/* --- lines -------------------------------------------------------------------------- */

/* The word of a cause's kind alone, which no version gives another one */
static struct word kind_word(unsigned int kind)
{
	const struct cause cause = { .kind = kind };

	return cause_token(&cause);
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

void history_line_write(const struct history_event *event,
			char ret_line[HISTORY_LINE_MAX])
{
	snprintf(ret_line, HISTORY_LINE_MAX,
		 FORMAT " %" PRIu64 " %" PRId64 " %" PRId64 " %d %s %.100s %d %d %s %s %s %s\n",
		 event->number, event->boot_ms, event->wall_ms, event->trusted,
		 history_kind_token(event->kind), kind_word(event->cause.kind).s,
		 event->cause.type, event->cause.number, or_dash(event->what),
		 or_dash(event->path), or_dash(event->imei), or_dash(event->pdn));
}

/* The next word; "" for a dash, NULL behind the last */
static const char *next_word(char **rest)
{
	const char *word = strsep(rest, " ");

	return word && !strcmp(word, "-") ? "" : word;
}

static bool read_number(char **rest, int64_t min, int64_t *ret)
{
	const char *word = next_word(rest);
	char *end;

	if (!word || !*word)
		return false;
	*ret = strtoll(word, &end, 10);
	return !*end && *ret >= min && *ret < INT64_MAX;
}

static bool read_text(char **rest, char *ret, size_t size)
{
	const char *word = next_word(rest);

	return word && (size_t)snprintf(ret, size, "%s", word) < size;
}

static bool read_kind(char **rest, uint8_t *ret)
{
	const char *word = next_word(rest);

	for (unsigned int kind = 0; word && kind < HISTORY_KINDS; kind++) {
		if (strcmp(kinds[kind], word))
			continue;
		*ret = kind;
		return true;
	}
	return false;
}

static bool read_cause(char **rest, struct cause *ret)
{
	const char *word = next_word(rest);
	unsigned int kind = 0;
	int64_t type, number;

	while (word && kind < CAUSE_KINDS && strcmp(kind_word(kind).s, word))
		kind++;
	if (!word || kind == CAUSE_KINDS || !read_number(rest, INT16_MIN, &type) ||
	    !read_number(rest, INT16_MIN, &number))
		return false;
	*ret = (struct cause){ kind, type, number };
	return type <= INT16_MAX && number <= INT16_MAX;
}

bool history_line_read(const char *line, struct history_event *ret_event)
{
	struct history_event event = { 0 };
	char copy[HISTORY_LINE_MAX];
	int64_t number, trusted;
	char *rest = copy;
	const char *word;

	if (snprintf(copy, sizeof(copy), "%s", line) >= (int)sizeof(copy))
		return false;
	word = next_word(&rest);
	if (!word || strcmp(word, FORMAT) || !read_number(&rest, 1, &number) ||
	    !read_number(&rest, 0, &event.boot_ms) ||
	    !read_number(&rest, INT64_MIN, &event.wall_ms) ||
	    !read_number(&rest, 0, &trusted) || !read_kind(&rest, &event.kind) ||
	    !read_cause(&rest, &event.cause) ||
	    !read_text(&rest, event.what, sizeof(event.what)) ||
	    !read_text(&rest, event.path, sizeof(event.path)) ||
	    !read_text(&rest, event.imei, sizeof(event.imei)) ||
	    !read_text(&rest, event.pdn, sizeof(event.pdn)) || rest)
		return false;
	event.number = number;
	event.trusted = trusted;
	*ret_event = event;
	return true;
}
