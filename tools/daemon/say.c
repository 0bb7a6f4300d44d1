// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the log: one line a call, bounded in length and in number. */
#include <glib.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "say.h"

#define LINE_MAX_LEN	512
/* A fault that flaps fills no disk: so many lines at once, then one a minute */
#define BURST		200
#define REFILL_US	(60 * (int64_t)G_USEC_PER_SEC)

static bool is_allowed(unsigned int *ret_lost)
{
	static unsigned int left = BURST, lost;
	static int64_t refilled;
	int64_t now = g_get_monotonic_time();

	if (!refilled)
		refilled = now;
	while (now - refilled >= REFILL_US && left < BURST) {
		refilled += REFILL_US;
		left++;
	}
	if (left == BURST)
		refilled = now;
	if (!left) {
		lost++;
		return false;
	}
	left--;
	*ret_lost = lost;
	lost = 0;
	return true;
}

void say(enum say_level level, const char *format, ...)
{
	char line[LINE_MAX_LEN];
	unsigned int lost;
	va_list ap;

	if (!is_allowed(&lost))
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	/* what comes from a modem or a file breaks no line */
	for (char *c = line; *c; c++)
		if (g_ascii_iscntrl(*c))
			*c = '?';
	if (lost)
		fprintf(stderr, "m2md: %u lines were left out\n", lost);
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", level, line);
	else
		fprintf(stderr, "m2md: %s\n", line);
}
