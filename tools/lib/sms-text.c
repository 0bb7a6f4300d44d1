// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the alphabets of short messages (3GPP TS 23.038). */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "sms-text.h"

#define ESCAPE		0x1b
#define LINE_FEED	0x0a
#define CARRIAGE_RETURN	0x0d
#define FORM_FEED	0x0c
#define NO_CHARACTER	0xfffd
#define NO_SEPTET	0xff

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Section 6.2.1: the default alphabet */
static const uint16_t alphabet[128] = {
	'@', 0xa3, '$', 0xa5, 0xe8, 0xe9, 0xf9, 0xec,
	0xf2, 0xc7, '\n', 0xd8, 0xf8, '\r', 0xc5, 0xe5,
	0x394, '_', 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8,
	0x3a3, 0x398, 0x39e, NO_CHARACTER, 0xc6, 0xe6, 0xdf, 0xc9,
	' ', '!', '"', '#', 0xa4, '%', '&', '\'',
	'(', ')', '*', '+', ',', '-', '.', '/',
	'0', '1', '2', '3', '4', '5', '6', '7',
	'8', '9', ':', ';', '<', '=', '>', '?',
	0xa1, 'A', 'B', 'C', 'D', 'E', 'F', 'G',
	'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
	'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W',
	'X', 'Y', 'Z', 0xc4, 0xd6, 0xd1, 0xdc, 0xa7,
	0xbf, 'a', 'b', 'c', 'd', 'e', 'f', 'g',
	'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
	'x', 'y', 'z', 0xe4, 0xf6, 0xf1, 0xfc, 0xe0,
};

/* Section 6.2.1.1: what follows an escape */
static const struct {
	uint8_t septet;
	uint16_t character;
} extension[] = {
	{ 0x0a, FORM_FEED }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' },
	{ 0x3c, '[' }, { 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, 0x20ac },
};

/* --- UTF-8 ------------------------------------------------------------------- */

/* Takes one character; -EILSEQ for what is none, an overlong form and a surrogate too */
static int utf8_take(const char **text, uint32_t *ret)
{
	const uint8_t *s = (const uint8_t *)*text;
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned int more = s[0] < 0x80 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	uint32_t c = more ? s[0] & (0x3f >> more) : s[0];

	if ((s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4)
		return -EILSEQ;
	for (unsigned int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -EILSEQ;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return -EILSEQ;
	*text += more + 1;
	*ret = c;
	return 0;
}

static char *utf8_put(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = c;
		return to;
	}
	if (c < 0x800) {
		*to++ = 0xc0 | c >> 6;
	} else {
		if (c < 0x10000) {
			*to++ = 0xe0 | c >> 12;
		} else {
			*to++ = 0xf0 | c >> 18;
			*to++ = 0x80 | (c >> 12 & 0x3f);
		}
		*to++ = 0x80 | (c >> 6 & 0x3f);
	}
	*to++ = 0x80 | (c & 0x3f);
	return to;
}

/* Control characters, and those that turn the direction of a line around */
static bool steers_terminal(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* --- text to units ----------------------------------------------------------- */

static uint8_t septet_of(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(alphabet); i++)
		if (alphabet[i] == c && i != ESCAPE)
			return i;
	return NO_SEPTET;
}

static uint8_t extension_of(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(extension); i++)
		if (extension[i].character == c)
			return extension[i].septet;
	return NO_SEPTET;
}

/* The units of one character; 0 if the alphabet has it not */
static size_t gsm7_put(uint32_t c, uint8_t *to)
{
	to[0] = septet_of(c);
	if (to[0] != NO_SEPTET)
		return 1;
	to[0] = ESCAPE;
	to[1] = extension_of(c);
	return to[1] == NO_SEPTET ? 0 : 2;
}

static size_t ucs2_put(uint32_t c, uint8_t *to)
{
	uint32_t high = 0xd800 | (c - 0x10000) >> 10;
	uint32_t low = 0xdc00 | (c & 0x3ff);

	if (c < 0x10000) {
		to[0] = c >> 8;
		to[1] = c;
		return 2;
	}
	to[0] = high >> 8;
	to[1] = high;
	to[2] = low >> 8;
	to[3] = low;
	return 4;
}

int sms_units(const char *text, enum sms_encoding encoding, uint8_t *ret, size_t size)
{
	size_t n = 0;

	while (*text) {
		uint8_t units[4];
		uint32_t c;
		size_t len;

		if (utf8_take(&text, &c))
			return -EILSEQ;
		len = encoding == SMS_UCS2 ? ucs2_put(c, units) : gsm7_put(c, units);
		if (!len)
			return -EDOM;
		if (len > size - n)
			return -E2BIG;
		memcpy(ret + n, units, len);
		n += len;
	}
	return n;
}

/* --- units to text ----------------------------------------------------------- */

/* Takes one character of at least one septet */
static size_t gsm7_take(const uint8_t *units, size_t n, uint32_t *ret)
{
	if ((units[0] & 0x7f) != ESCAPE) {
		*ret = alphabet[units[0] & 0x7f];
		return 1;
	}
	if (n < 2) {
		*ret = NO_CHARACTER;
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(extension); i++) {
		if (extension[i].septet == (units[1] & 0x7f)) {
			*ret = extension[i].character;
			return 2;
		}
	}
	/* of a later table: the standard has the default alphabet's shown, or a space */
	*ret = (units[1] & 0x7f) == ESCAPE ? ' ' : alphabet[units[1] & 0x7f];
	return 2;
}

static uint32_t be16(const uint8_t *units)
{
	return units[0] << 8 | units[1];
}

static size_t ucs2_take(const uint8_t *units, size_t n, uint32_t *ret)
{
	uint32_t c, low;

	*ret = NO_CHARACTER;
	if (n < 2)
		return n;
	c = be16(units);
	if (c < 0xd800 || c > 0xdfff) {
		*ret = c;
		return 2;
	}
	low = n < 4 ? 0 : be16(units + 2);
	if (c > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return 2;
	*ret = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
	return 4;
}

void sms_text(const uint8_t *units, size_t n, enum sms_encoding encoding, char *ret)
{
	bool returned = false;
	size_t at = 0;

	while (at < n) {
		uint32_t c;
		bool joins;

		at += encoding == SMS_UCS2 ? ucs2_take(units + at, n - at, &c) :
					     gsm7_take(units + at, n - at, &c);
		joins = returned && c == LINE_FEED;
		returned = c == CARRIAGE_RETURN;
		if (joins)
			continue;
		if (c == CARRIAGE_RETURN || c == FORM_FEED)
			c = LINE_FEED;
		if (c != LINE_FEED && steers_terminal(c))
			c = NO_CHARACTER;
		ret = utf8_put(ret, c);
	}
	*ret = '\0';
}

size_t sms_cut(const uint8_t *units, size_t n, size_t from, size_t most,
	       enum sms_encoding encoding)
{
	size_t at = from;

	if (n - from <= most)
		return n;
	while (at < n) {
		uint32_t ignored;
		size_t len = encoding == SMS_UCS2 ?
				     ucs2_take(units + at, n - at, &ignored) :
				     gsm7_take(units + at, n - at, &ignored);

		if (at + len - from > most)
			break;
		at += len;
	}
	return at;
}

/* --- septets and octets ------------------------------------------------------ */

size_t sms_packed_len(size_t n, unsigned int fill)
{
	return (7 * n + fill + 7) / 8;
}

void sms_pack(const uint8_t *septets, size_t n, unsigned int fill, uint8_t *ret)
{
	memset(ret, 0, sms_packed_len(n, fill));
	for (size_t i = 0; i < n; i++) {
		size_t bit = fill + 7 * i;
		unsigned int value = (septets[i] & 0x7f) << bit % 8;

		ret[bit / 8] |= value;
		if (value > 0xff)
			ret[bit / 8 + 1] |= value >> 8;
	}
}

void sms_unpack(const uint8_t *octets, unsigned int fill, size_t n, uint8_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		size_t bit = fill + 7 * i;
		unsigned int value = octets[bit / 8];

		/* the second octet is there where the septet reaches into it */
		if (bit % 8 > 1)
			value |= octets[bit / 8 + 1] << 8;
		ret[i] = value >> bit % 8 & 0x7f;
	}
}
