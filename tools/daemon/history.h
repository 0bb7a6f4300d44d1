/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened to modems, the last 2000 events of it: pure. */
#ifndef M2MD_HISTORY_H
#define M2MD_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cause.h"

#define HISTORY_MAX		2000
#define HISTORY_LINE_MAX	256	/* bytes of history_line_write(), with the end */

enum history_kind {
	HISTORY_DAEMON,		/* m2md started, stopped, read its configuration */
	HISTORY_MODEM,		/* a modem is in another state, or for another cause */
	HISTORY_PDN,		/* the same of a PDN */
	HISTORY_ACTION,		/* what was done to a modem: a reset, a radio cycle */
	HISTORY_DIAL,		/* a call is asked for */
	HISTORY_END,		/* a call was refused, or ended: @cause is why */
	HISTORY_KINDS,
};

struct history_event {
	uint64_t number;	/* of the event, from 1; never used again in a boot */
	int64_t boot_ms;	/* CLOCK_BOOTTIME */
	int64_t wall_ms;	/* CLOCK_REALTIME, which may have been wrong: */
	bool trusted;		/* whether something had set it then */
	uint8_t kind;		/* enum history_kind */
	struct cause cause;
	/* words without blanks; "" where it is about none */
	char what[16];		/* state or action */
	char path[32];		/* USB path */
	char imei[16];		/* "" while unknown or doubtful */
	char pdn[16];
};

struct history;

/* history_new() - with nothing in it; NULL without memory */
struct history *history_new(void);
void history_free(struct history *history);

/**
 * history_add() - one more event; the oldest goes where there are too many
 * @history: gives it its number, unless it has one
 * @event: is copied; a blank in a word becomes '?'
 *
 * Return: the event as it stands there; NULL for a number that is not above the last
 * one's.
 */
const struct history_event *history_add(struct history *history,
					const struct history_event *event);

/* How many there are */
size_t history_count(const struct history *history);
/* The @at'th, 0 is the oldest; until the next history_add() */
const struct history_event *history_get(const struct history *history, size_t at);

/* history_kind_token() - a stable word */
const char *history_kind_token(unsigned int kind);

/**
 * history_line_write() - an event as a line of words, for a file
 * @event: as history_add() made it
 * @ret_line: ends with a line's end
 */
void history_line_write(const struct history_event *event,
			char ret_line[HISTORY_LINE_MAX]);

/**
 * history_line_read() - the way back
 * @line: anything, without its end
 * @ret_event: written only if it is such a line
 */
bool history_line_read(const char *line, struct history_event *ret_event);

#endif /* M2MD_HISTORY_H */
