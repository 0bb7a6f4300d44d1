// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reckoning of frames that cdc-wdm does not fetch by itself. */
#include <stddef.h>
#include <string.h>

#include "wdm-lag.h"

/*
 * DOC: falling behind
 *
 * cdc-wdm fetches one frame for each notification, and forgets notifications that it
 * has not served when the device is closed. The modem's queue then holds so many frames
 * more than will ever be notified: every answer is read when something later is, for
 * good, and no request changes that, for each adds a notification and a frame. Nothing
 * but the modem's own restart does, which nobody wants for it.
 *
 * So when an answer is late, a cheap request, a probe, fetches whatever is the oldest.
 * Where that was not the probe's own answer we are behind, and as many are sent as there
 * are frames before it, quickly while somebody waits and slowly for the indications. Who
 * is not behind sends a few while something is slow.
 */

#define DOUBLINGS_MAX	4

void lag_read(struct lag *lag)
{
	lag->n_read++;
	lag->heard = true;
}

static void drop(struct lag *lag, unsigned int n)
{
	lag->n_probes -= n;
	memmove(lag->probes, lag->probes + n, lag->n_probes * sizeof(*lag->probes));
}

void lag_sent(struct lag *lag, uint8_t tid, bool first)
{
	/* one that was lost is not waited for */
	if (lag->n_probes == LAG_MAX)
		drop(lag, 1);
	lag->probes[lag->n_probes++] = (struct lag_probe) { tid, first, lag->n_read };
}

/*
 * What was read between it and its answer was before it. Probes without an answer that
 * are older are lost, for answers come in order.
 */
bool lag_answered(struct lag *lag, uint8_t tid)
{
	for (unsigned int i = 0; i < lag->n_probes; i++) {
		const struct lag_probe *probe = &lag->probes[i];

		if (probe->tid != tid)
			continue;
		if (probe->first)
			lag->behind = lag->n_read - probe->n_read - 1;
		drop(lag, i + 1);
		return true;
	}
	return false;
}

void lag_forget(struct lag *lag)
{
	lag->n_probes = 0;
}

void lag_hurry(struct lag *lag)
{
	lag->patience = 0;
}

bool lag_is_none(const struct lag *lag)
{
	return !lag->n_probes && !lag->behind;
}

/*
 * An answer is behind, or just slow. Where all probes were answered, or none was, it is
 * the latter, and asking as often helps nobody.
 */
unsigned int lag_due(struct lag *lag, unsigned int at_least)
{
	unsigned int n = 1;

	if (!lag_is_none(lag) && lag->heard) {
		lag->patience = 0;
		if (lag->behind < lag->n_probes)
			lag->behind = lag->n_probes;
		n = lag->behind < LAG_MAX ? lag->behind : LAG_MAX;
		if (n < at_least)
			n = at_least;
	} else if (lag->patience < DOUBLINGS_MAX) {
		lag->patience++;
	}
	lag->heard = false;
	return n;
}
