/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alphabets of short messages: GSM 7-bit with its extension table, and UCS-2. */
#ifndef M2M_SMS_TEXT_H
#define M2M_SMS_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Pure. A message is a row of units: septets, one in a byte, in the GSM 7-bit
 * alphabet; octets in the others, where UCS-2 has two for a character (and four for
 * one beyond U+FFFF, which the standard does not know and every telephone sends).
 */
enum sms_encoding {
	SMS_GSM7,
	SMS_GSM7_NATIONAL,	/* a national table in place of the default one */
	SMS_DATA,		/* octets that mean something to an application */
	SMS_UCS2,
};

/**
 * sms_units() - UTF-8 text as units of GSM7 or UCS2
 * @text: of any length
 * @encoding: SMS_GSM7 or SMS_UCS2
 * @ret: the units
 * @size: how many there is room for
 *
 * Return: how many there are; -EILSEQ for what is not UTF-8, -EDOM for a character the
 * alphabet has not, -E2BIG if there is no room.
 */
int sms_units(const char *text, enum sms_encoding encoding, uint8_t *ret, size_t size);

/* What sms_text() writes at most, for so many units */
#define SMS_TEXT_MAX(units)	(3 * (units) + 1)

/**
 * sms_text() - units as UTF-8 text
 * @units: of anybody: every value is taken
 * @n: how many
 * @encoding: SMS_GSM7 or SMS_UCS2
 * @ret: SMS_TEXT_MAX(n) bytes
 *
 * What is no character, and what would steer a terminal, becomes U+FFFD; a line ends
 * with a newline, whatever it ended with.
 */
void sms_text(const uint8_t *units, size_t n, enum sms_encoding encoding, char *ret);

/* Where the part that begins at @from ends, so that no character is cut in two */
size_t sms_cut(const uint8_t *units, size_t n, size_t from, size_t most,
	       enum sms_encoding encoding);

/* Octets that @n septets take behind @fill bits */
size_t sms_packed_len(size_t n, unsigned int fill);

/* sms_pack() - septets into octets, the first of which begins with @fill zero bits */
void sms_pack(const uint8_t *septets, size_t n, unsigned int fill, uint8_t *ret);
/* sms_unpack() - the other way; @octets has sms_packed_len(@n, @fill) of them */
void sms_unpack(const uint8_t *octets, unsigned int fill, size_t n, uint8_t *ret);

#endif /* M2M_SMS_TEXT_H */
