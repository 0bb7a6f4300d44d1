/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a modem's changes is worth a line of the log: pure. */
#ifndef M2MD_NEWS_H
#define M2MD_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "machine.h"

/*
 * DOC: How much is said
 *
 * A line for each change to a state that may last, as long as changes are rare. What
 * flaps for a day says at most 60 lines: a bucket of lines, refilled one an hour, for
 * changes; a second one, refilled one in six hours, that only the great news may use
 * (online again, a person has to act), so that no outage ends unsaid; a third for what
 * failed on the way. What was left out is counted and said with the next line, and what
 * is so at last is said as soon as a line is free. The history has all of it.
 */

#define NEWS_SUBJECTS	(1 + PDN_MAX)	/* the modem, then its PDNs */
#define NEWS_MODEM	0
#define NEWS_A_DAY	60		/* lines of one modem, never more */

/* How something stands: enough to see that it changed */
struct news_item {
	uint8_t state, kind;
	int16_t type, number;
};

struct news_bucket {
	uint8_t left;
	int64_t refilled;
};

struct news {
	struct news_item seen[NEWS_SUBJECTS], said[NEWS_SUBJECTS];
	bool open[NEWS_SUBJECTS];	/* seen, and not said */
	unsigned int changes;		/* since the last line */
	struct news_bucket line, great, complaint;
	unsigned int complaints;	/* since the last that was said */
};

void news_init(struct news *news, int64_t now);

/**
 * news_look() - see how a subject stands
 * @subject: NEWS_MODEM, or 1 and up for a PDN
 *
 * Return: whether it is news.
 */
bool news_look(struct news *news, const struct machine *m, unsigned int subject);

/**
 * news_next() - the subject to say a line about
 * @now: boot time, ms
 * @ret_left_out: changes that got no line before this one
 *
 * Return: again and again, until it is -1: nothing, or not now.
 */
int news_next(struct news *news, const struct machine *m, int64_t now,
	      unsigned int *ret_left_out);

/* news_may_complain() - the same of a thing that failed */
bool news_may_complain(struct news *news, int64_t now, unsigned int *ret_left_out);

#endif /* M2MD_NEWS_H */
