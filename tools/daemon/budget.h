/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may be done how often: rolling windows of boot time.
 *
 * Times are the machine's own milliseconds, never the wall clock's. On disk stand ages,
 * and a host that was off is taken to have been off for no time: that forgives nothing.
 */
#ifndef M2MD_BUDGET_H
#define M2MD_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum budget_kind {
	BUDGET_MODEM_RESET,	/* 4 a day, 1, 2, 4 hours apart */
	BUDGET_USB_RESET,	/* 2 a day */
	BUDGET_PORT_POWER,	/* 1 a day */
	BUDGET_HOST_REBOOT,	/* 1 a day */
	BUDGET_MODEM_WRITE,	/* 10 a day: its memory wears out */
	BUDGET_KINDS,
};

#define STRIKES_MAX	10

/* When the last ones were, oldest first */
struct strikes {
	uint8_t count;
	int64_t at[STRIKES_MAX];
};

/* The hour (or day) in twelve parts and the one that is leaving: counts never too few */
#define TALLY_PARTS	13

struct tally {
	uint8_t n[TALLY_PARTS];	/* of the part that ends at @part, backwards */
	int64_t part;			/* number of the newest part */
};

/* What an activation came to: GSMA TS.34 counts each by itself */
enum outcome {
	OUTCOME_IGNORED,
	OUTCOME_PERMANENT,
	OUTCOME_TEMPORARY,
	OUTCOME_SUCCESS,
	OUTCOMES,
};

/* Activations of one APN in the last hour */
struct activations {
	struct tally of[OUTCOMES];
};

/* budget_max() - how many of a kind a day has */
unsigned int budget_max(enum budget_kind kind);

/**
 * budget_next() - when the next of a kind is allowed
 * @strikes: those of the kind so far
 * @kind: which
 * @now: ms
 *
 * Return: a time; now or earlier if it is allowed now.
 */
int64_t budget_next(const struct strikes *strikes, enum budget_kind kind, int64_t now);

/* budget_next_of() - the same where a day has @max of them at most, from 1 */
int64_t budget_next_of(const struct strikes *strikes, enum budget_kind kind,
		       unsigned int max, int64_t now);

/* budget_spend() - take one; false, and nothing taken, if it is not allowed now */
bool budget_spend(struct strikes *strikes, enum budget_kind kind, int64_t now);

/* strikes_shift() - move all times by @ms: to ages (-now) for the disk, and back (+now) */
void strikes_shift(struct strikes *strikes, int64_t ms);

/**
 * tally_add() - count one
 * @tally: where
 * @window_ms: length of the rolling window
 * @now: ms
 */
void tally_add(struct tally *tally, int64_t window_ms, int64_t now);

/* tally_count() - how many in the window that ends now; up to a twelfth too many */
unsigned int tally_count(const struct tally *tally, int64_t window_ms, int64_t now);

/* tally_next() - when the count falls below @max; now if it is */
int64_t tally_next(const struct tally *tally, unsigned int max, int64_t window_ms,
		   int64_t now);

/* tally_shift() - carry the counts from one clock's time to another's */
void tally_shift(struct tally *tally, int64_t window_ms, int64_t from, int64_t to);

/* activations_max() - TS.34's cap of an outcome per hour and APN */
unsigned int activations_max(enum outcome outcome);

/**
 * activations_next() - when an APN may be dialled, whatever will come of it
 * @activations: of the last hour
 * @pending: that are under way, and may come to anything
 * @now: ms
 */
int64_t activations_next(const struct activations *activations, unsigned int pending,
			 int64_t now);

#endif /* M2MD_BUDGET_H */
