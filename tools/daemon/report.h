/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What m2md tells of its modems, as JSON. */
#ifndef M2MD_REPORT_H
#define M2MD_REPORT_H

#include <stdbool.h>

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

#endif /* M2MD_REPORT_H */
