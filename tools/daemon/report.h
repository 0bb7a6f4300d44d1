/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What m2md tells of its modems, as JSON. */
#ifndef M2MD_REPORT_H
#define M2MD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

struct history;
struct unit;

/**
 * report_why() - state, cause, since when and what is next, of modems and PDNs
 * @units: of the daemon
 * @n: how many
 * @identifiers: the asker may see the IMEI
 *
 * Return: one line without its end, for free(); NULL without memory.
 */
char *report_why(struct unit * const *units, unsigned int n, bool identifiers);

/**
 * report_health() - whether m2md does all it may (verdict.h)
 * @units: of the daemon
 * @n: how many
 * @wanted: the configuration has at least one modem
 * @identifiers: as above
 */
char *report_health(struct unit * const *units, unsigned int n, bool wanted,
		    bool identifiers);

/**
 * report_history() - the next page of events
 * @history: of the daemon
 * @after: number of the last event that the asker has, 0: from the oldest
 * @since_s: none that is older, in seconds; below 0: all
 * @identifiers: as above
 */
char *report_history(const struct history *history, int64_t after, int64_t since_s,
		     bool identifiers);

#endif /* M2MD_REPORT_H */
