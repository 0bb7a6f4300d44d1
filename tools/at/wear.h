/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a modem's memory may be written to: it wears out. */
#ifndef M2M_AT_WEAR_H
#define M2M_AT_WEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/error.h"

#define WEAR_MAX	10	/* writes a day and modem */
#define WEAR_DAY_S	86400

/*
 * DOC: Days without a clock
 *
 * Time is uptime, all boots together. From the last write of a boot to its end is not
 * known and does not count: a reboot forgives nothing. One record says where that time
 * was at the last write, "BOOT-ID SECONDS-OF-BOOT SECONDS-OF-ALL"; one a modem when its
 * writes were, in seconds of all. A record that cannot be read is a day that is spent.
 */

#define WEAR_TEXT_MAX	256

/* --- pure --------------------------------------------------------------------------- */

/* wear_elapsed() - seconds since the last write, of a clock record or NULL for none */
int64_t wear_elapsed(const char *clock, const char *boot, int64_t boot_s,
		     int64_t *ret_total_s);

/**
 * wear_spend() - one more write
 * @record: of the modem, NULL for none
 * @now_s: seconds of all
 * @ret_record: as it is then, WEAR_TEXT_MAX bytes
 * @error: says when there is more
 *
 * Return: 0, or -EDQUOT.
 */
int wear_spend(const char *record, int64_t now_s, char *ret_record,
	       struct m2m_error *error);

/* wear_is_over() - nothing in the record counts any more */
bool wear_is_over(const char *record, int64_t now_s);

/* --- on the disk -------------------------------------------------------------------- */

/**
 * wear_write() - account for a write to a modem's memory, before it is made
 * @directory: of the state, which is there; "at" is made below it
 * @modem: IMEI or USB path
 * @error: filled in
 *
 * Return: 0 once it would survive a power cut; -EDQUOT; what the disk said.
 */
int wear_write(const char *directory, const char *modem, struct m2m_error *error);

#endif /* M2M_AT_WEAR_H */
