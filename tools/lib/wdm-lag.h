/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a reader of cdc-wdm is behind, and how many probes that takes. */
#ifndef M2M_WDM_LAG_H
#define M2M_WDM_LAG_H

#include <stdbool.h>
#include <stdint.h>

/* More than that nobody is behind */
#define LAG_MAX		16

struct lag_probe {
	uint8_t tid;
	bool first;		/* of those sent at once: it alone measures */
	unsigned int n_read;	/* before it was sent */
};

struct lag {
	struct lag_probe probes[LAG_MAX];	/* without an answer, oldest first */
	unsigned int n_probes;
	unsigned int behind;	/* by so many frames, as the last probe found */
	unsigned int n_read;	/* frames */
	unsigned int patience;	/* doublings of the time to the next probes */
	bool heard;		/* anything since the last ones */
};

/* lag_read() - a frame was read */
void lag_read(struct lag *lag);

/* lag_sent() - a probe was; @first: of those that are sent at once */
void lag_sent(struct lag *lag, uint8_t tid, bool first);

/* lag_answered() - a probe may have been, by the frame read last. Return: if it was one */
bool lag_answered(struct lag *lag, uint8_t tid);

/* lag_forget() - no probe will be answered any more */
void lag_forget(struct lag *lag);

/* lag_hurry() - somebody waits anew: the next probes come soon */
void lag_hurry(struct lag *lag);

/* Whether nothing is behind, as far as is known */
bool lag_is_none(const struct lag *lag);

/**
 * lag_due() - it is time for probes
 * @at_least: to send where we are behind, of which it is not known how far
 *
 * Return: how many to send, 1 or more.
 */
unsigned int lag_due(struct lag *lag, unsigned int at_least);

#endif /* M2M_WDM_LAG_H */
