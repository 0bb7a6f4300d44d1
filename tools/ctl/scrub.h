/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking out of a text what tells whose modem, card or place it is about. */
#ifndef M2MCTL_SCRUB_H
#define M2MCTL_SCRUB_H

#include <stddef.h>

/*
 * Pure. An identifier becomes a token of eight hexadecimal digits, the same each time,
 * by which it can be followed through all of an archive and through those to come. The
 * salt keeps others from trying all the numbers there are.
 */
struct scrub;

struct scrub *scrub_new(const void *salt, size_t size);
void scrub_free(struct scrub *scrub);

/* scrub_add() - this is one, wherever it stands; what is shorter than 4 bytes is not */
void scrub_add(struct scrub *scrub, const char *value);

/**
 * scrub_text() - a text without identifiers
 * @scrub: what is known
 * @text: any bytes but zero
 *
 * Besides those that were added: numbers of 14 to 32 digits (IMEI, IMSI, ICCID, EID),
 * "+" and 7 digits or more, a JSON string of 7 digits or more, hardware addresses, and
 * the values of JSON keys that name one (serial, user, cell_id ...), and what the kernel
 * calls a SerialNumber.
 *
 * Return: the text, for g_free().
 */
char *scrub_text(const struct scrub *scrub, const char *text);

#endif /* M2MCTL_SCRUB_H */
