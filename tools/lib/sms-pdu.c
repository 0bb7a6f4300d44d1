// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the layout of short messages (3GPP TS 23.040). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sms-pdu.h"

/* First octet of a TPDU */
#define MTI_MASK	0x03
#define MTI_SUBMIT	0x01
#define MTI_REPORT	0x02
#define VPF_SHIFT	3
#define VPF_RELATIVE	2
#define SUBMIT_REPORT	0x20
#define HAS_HEADER	0x40

/* Types of an address */
#define TON(type)	((type) >> 4 & 7)
#define TON_INTERNATIONAL	1
#define TON_ALPHANUMERIC	5
#define TYPE_INTERNATIONAL	0x91
#define TYPE_NATIONAL		0x81
#define DIGITS_MAX	20

/* Elements of a user data header */
#define ELEMENT_PART		0x00
#define ELEMENT_PART_16		0x08
#define ELEMENT_SINGLE_SHIFT	0x24
#define ELEMENT_LOCKING_SHIFT	0x25

#define OCTETS_MAX	140
#define PART_HEADER_LEN	6	/* with its own length */
#define PART_SEPTETS	153
#define PART_OCTETS	134
#define STAMP_LEN	7
#define DAY_S		(24 * 60 * 60)
/* The first year of two digits that is not this century's: short messages began in 1992 */
#define YEAR_1900	90

/* What is left to read; short for one that went past its end, for good */
struct reader {
	const uint8_t *at;
	size_t left;
	bool bad;
};

static const uint8_t *take(struct reader *r, size_t n)
{
	const uint8_t *at = r->at;

	if (r->bad || n > r->left) {
		r->bad = true;
		return NULL;
	}
	r->at += n;
	r->left -= n;
	return at;
}

static uint8_t take_u8(struct reader *r)
{
	const uint8_t *octet = take(r, 1);

	return octet ? *octet : 0;
}

/* --- addresses and times ----------------------------------------------------- */

static void digits_of(const uint8_t *octets, size_t n, uint8_t type, char *ret)
{
	static const char digits[] = "0123456789*#abc";

	if (TON(type) == TON_INTERNATIONAL)
		*ret++ = '+';
	for (size_t i = 0; i < n; i++) {
		unsigned int digit = octets[i / 2] >> (i % 2 * 4) & 0xf;

		if (digit == 0xf)
			break;
		*ret++ = digits[digit];
	}
	*ret = '\0';
}

/* An address whose type is next, of @n semi-octets */
static void take_address(struct reader *r, size_t n, char *ret)
{
	uint8_t type = take_u8(r);
	const uint8_t *octets = take(r, (n + 1) / 2);
	uint8_t septets[DIGITS_MAX];
	size_t n_septets = n * 4 / 7;

	*ret = '\0';
	if (!octets || n > DIGITS_MAX) {
		r->bad = true;
		return;
	}
	if (TON(type) != TON_ALPHANUMERIC) {
		digits_of(octets, n, type, ret);
		return;
	}
	sms_unpack(octets, 0, n_septets, septets);
	sms_text(septets, n_septets, SMS_GSM7, ret);
}

/* The service centre's counts octets, its type among them */
static void take_smsc(struct reader *r, char *ret)
{
	uint8_t len = take_u8(r);

	*ret = '\0';
	if (len)
		take_address(r, 2 * (len - 1), ret);
}

/* Days from 1970 to a day of the Gregorian calendar */
static int64_t days(int year, int month, int day)
{
	static const uint16_t before[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	int leaps = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
	bool leap = !(year % 4) && (year % 100 || !(year % 400));

	return 365 * (year - 1970) + leaps - 477 + before[month - 1] + day - 1 +
	       (leap && month > 2);
}

/* Year, month, day, hour, minute, second, and quarters of an hour east of Greenwich */
static void take_time(struct reader *r, struct sms_time *ret)
{
	static const uint8_t least[] = { 0, 1, 1, 0, 0, 0, 0 };
	static const uint8_t most[] = { 99, 12, 31, 23, 59, 59, 79 };
	const uint8_t *octets = take(r, STAMP_LEN);
	int v[STAMP_LEN];

	*ret = (struct sms_time){ 0 };
	for (int i = 0; octets && i < STAMP_LEN; i++) {
		uint8_t tens = octets[i] & (i == STAMP_LEN - 1 ? 0x7 : 0xf);
		uint8_t ones = octets[i] >> 4;

		v[i] = 10 * tens + ones;
		if (tens > 9 || ones > 9 || v[i] < least[i] || v[i] > most[i])
			return;
	}
	if (!octets)
		return;
	/* the sign is a bit of the tens */
	if (octets[STAMP_LEN - 1] & 0x8)
		v[6] = -v[6];
	ret->known = true;
	v[0] += v[0] < YEAR_1900 ? 2000 : 1900;
	ret->unix_s = days(v[0], v[1], v[2]) * DAY_S + v[3] * 3600 + v[4] * 60 + v[5] -
		      v[6] * 15 * 60;
}

/* --- what is in it ----------------------------------------------------------- */

/* The data coding scheme: TS 23.038, section 4 */
static void set_coding(struct sms_pdu *pdu, uint8_t dcs)
{
	static const enum sms_encoding general[] = {
		SMS_GSM7, SMS_DATA, SMS_UCS2, SMS_GSM7
	};

	pdu->class = -1;
	pdu->encoding = SMS_GSM7;
	if (dcs < 0x80) {
		pdu->encoding = general[dcs >> 2 & 3];
		/* compressed text is octets to us */
		if (dcs & 0x20)
			pdu->encoding = SMS_DATA;
		if (dcs & 0x10)
			pdu->class = dcs & 3;
	} else if (dcs >= 0xf0) {
		if (dcs & 0x04)
			pdu->encoding = SMS_DATA;
		pdu->class = dcs & 3;
	} else if (dcs >= 0xe0) {
		pdu->encoding = SMS_UCS2;
	}
}

static void set_part(struct sms_pdu *pdu, uint16_t group, uint8_t n, uint8_t part)
{
	/* the standard has impossible ones ignored */
	if (!n || !part || part > n)
		return;
	pdu->is_part = true;
	pdu->group = group;
	pdu->n_parts = n;
	pdu->part = part;
}

static void take_header(struct reader *r, struct sms_pdu *pdu)
{
	while (r->left) {
		uint8_t element = take_u8(r);
		uint8_t len = take_u8(r);
		const uint8_t *value = take(r, len);

		if (!value)
			return;
		if (element == ELEMENT_PART && len == 3)
			set_part(pdu, value[0], value[1], value[2]);
		else if (element == ELEMENT_PART_16 && len == 4)
			set_part(pdu, value[0] << 8 | value[1], value[2], value[3]);
		else if ((element == ELEMENT_SINGLE_SHIFT ||
			  element == ELEMENT_LOCKING_SHIFT) &&
			 pdu->encoding == SMS_GSM7)
			pdu->encoding = SMS_GSM7_NATIONAL;
	}
}

static bool in_septets(const struct sms_pdu *pdu)
{
	return pdu->encoding == SMS_GSM7 || pdu->encoding == SMS_GSM7_NATIONAL;
}

/* Length, header if there is one, units; the length counts septets or octets */
static void take_user_data(struct reader *r, bool has_header, struct sms_pdu *pdu)
{
	size_t len = take_u8(r);
	bool septets = in_septets(pdu);
	size_t n_octets = septets ? sms_packed_len(len, 0) : len;
	const uint8_t *octets = take(r, n_octets);
	struct reader header;
	size_t skipped = 0;

	if (!octets || n_octets > OCTETS_MAX) {
		r->bad = true;
		return;
	}
	if (has_header) {
		header = (struct reader){ octets, n_octets };
		header.left = take_u8(&header);
		skipped = header.left + 1;
		if (header.bad || skipped > n_octets) {
			r->bad = true;
			return;
		}
		take_header(&header, pdu);
		/* text begins at a septet's boundary */
		if (septets)
			skipped = (8 * skipped + 6) / 7;
	}
	pdu->n_units = len > skipped ? len - skipped : 0;
	if (!septets) {
		memcpy(pdu->units, octets + skipped, pdu->n_units);
	} else if (pdu->n_units) {
		size_t bit = 7 * skipped;

		sms_unpack(octets + bit / 8, bit % 8, pdu->n_units, pdu->units);
	}
}

/* --- the three kinds --------------------------------------------------------- */

static void take_deliver(struct reader *r, uint8_t first, struct sms_pdu *pdu)
{
	pdu->kind = SMS_DELIVER;
	take_address(r, take_u8(r), pdu->number);
	take_u8(r);		/* protocol */
	set_coding(pdu, take_u8(r));
	take_time(r, &pdu->time);
	take_user_data(r, first & HAS_HEADER, pdu);
}

static void take_submit(struct reader *r, uint8_t first, struct sms_pdu *pdu)
{
	unsigned int validity = first >> VPF_SHIFT & 3;

	pdu->kind = SMS_SUBMIT;
	pdu->reference = take_u8(r);
	take_address(r, take_u8(r), pdu->number);
	take_u8(r);
	set_coding(pdu, take_u8(r));
	if (validity)
		take(r, validity == VPF_RELATIVE ? 1 : STAMP_LEN);
	take_user_data(r, first & HAS_HEADER, pdu);
}

static void take_report(struct reader *r, struct sms_pdu *pdu)
{
	pdu->kind = SMS_REPORT;
	pdu->reference = take_u8(r);
	take_address(r, take_u8(r), pdu->number);
	take_time(r, &pdu->time);
	take_time(r, &pdu->discharge);
	pdu->status = take_u8(r);
}

static int parse(struct reader *r, struct sms_pdu *ret)
{
	struct sms_pdu pdu = { .class = -1 };
	uint8_t first;

	take_smsc(r, pdu.smsc);
	first = take_u8(r);
	switch (first & MTI_MASK) {
	case MTI_SUBMIT:
		take_submit(r, first, &pdu);
		break;
	case MTI_REPORT:
		take_report(r, &pdu);
		break;
	default:	/* a reserved one is taken for a message, says the standard */
		take_deliver(r, first, &pdu);
		break;
	}
	if (r->bad)
		return -EBADMSG;
	*ret = pdu;
	return 0;
}

int sms_pdu_parse(const uint8_t *pdu, size_t len, struct sms_pdu *ret)
{
	return parse(&(struct reader){ pdu, len }, ret);
}

int sms_tpdu_parse(const uint8_t *tpdu, size_t len, struct sms_pdu *ret)
{
	uint8_t pdu[SMS_PDU_MAX] = { 0 };	/* no service centre */

	if (len >= sizeof(pdu))
		return -EBADMSG;
	memcpy(pdu + 1, tpdu, len);
	return sms_pdu_parse(pdu, len + 1, ret);
}

enum sms_delivery sms_delivery(uint8_t status)
{
	switch (status) {
	case 0x00:
		return SMS_DELIVERED;
	case 0x01:
		return SMS_FORWARDED;
	case 0x02:
		return SMS_REPLACED;
	}
	return status >= 0x20 && status < 0x40 ? SMS_TRYING : SMS_FAILED;
}

/* --- parts ------------------------------------------------------------------- */

bool sms_is_same(const struct sms_pdu *a, const struct sms_pdu *b)
{
	int64_t apart = a->time.unix_s - b->time.unix_s;

	/* numbers of messages come again, but not on one day */
	if (a->time.known && b->time.known && (apart > DAY_S || apart < -DAY_S))
		return false;
	return a->is_part && b->is_part && a->kind == b->kind && a->group == b->group &&
	       a->n_parts == b->n_parts && a->encoding == b->encoding &&
	       !strcmp(a->number, b->number);
}

static bool is_text(const struct sms_pdu *pdu)
{
	return pdu->encoding == SMS_GSM7 || pdu->encoding == SMS_UCS2;
}

/* Appends the text of parts that follow each other: a character may lie in two */
static size_t join_run(const struct sms_pdu * const *parts, size_t n, uint8_t *units,
		       char *ret)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		memcpy(units + len, parts[i]->units, parts[i]->n_units);
		len += parts[i]->n_units;
	}
	sms_text(units, len, parts[0]->encoding, ret);
	return strlen(ret);
}

char *sms_join(const struct sms_pdu * const *parts, size_t n)
{
	static const char gap[] = "\xe2\x80\xa6";
	size_t most = n * (SMS_TEXT_MAX(SMS_UNITS_MAX) + sizeof(gap));
	uint8_t *units = malloc(n * SMS_UNITS_MAX);
	char *text = calloc(1, most + 1);
	size_t len = 0;
	size_t run;

	for (size_t i = 0; units && text && i < n; i += run) {
		for (run = 0; i + run < n && parts[i + run]; run++)
			if (!is_text(parts[i + run]))
				goto err_free;
		if (run) {
			len += join_run(parts + i, run, units, text + len);
			continue;
		}
		memcpy(text + len, gap, sizeof(gap) - 1);
		len += sizeof(gap) - 1;
		while (i + run < n && !parts[i + run])
			run++;
	}
	free(units);
	return text;
err_free:
	free(units);
	free(text);
	return NULL;
}

/* --- sending ----------------------------------------------------------------- */

bool sms_number_is_valid(const char *number)
{
	const char *digits = number + (*number == '+');
	size_t n = strlen(digits);

	return n && n <= DIGITS_MAX && strspn(digits, "0123456789") == n;
}

static int units_error(int err, struct m2m_error *error)
{
	switch (err) {
	case -EILSEQ:
		return m2m_error_set(error, -EINVAL, "the text is not UTF-8");
	case -EDOM:
		return m2m_error_set(error, -EINVAL,
				     "the text has a character that GSM 7-bit has not");
	}
	return m2m_error_set(error, -EINVAL, "the text is longer than %d parts",
			     SMS_PARTS_MAX);
}

/* Where the parts begin; -E2BIG for too many of them */
static int set_parts(struct sms_plan *plan, size_t n)
{
	bool ucs2 = plan->encoding == SMS_UCS2;
	size_t most = ucs2 ? OCTETS_MAX : SMS_UNITS_MAX;
	size_t at = 0;

	if (n > most)
		most = ucs2 ? PART_OCTETS : PART_SEPTETS;
	plan->n = 0;
	while (at < n) {
		if (plan->n == SMS_PARTS_MAX)
			return -E2BIG;
		plan->start[plan->n++] = at;
		at = sms_cut(plan->units, n, at, most, plan->encoding);
	}
	plan->start[plan->n] = at;
	return 0;
}

int sms_plan(const char *text, int want, struct sms_plan *ret, struct m2m_error *error)
{
	int n;

	if (!*text)
		return m2m_error_set(error, -EINVAL, "the text is empty");
	ret->encoding = want == SMS_UCS2 ? SMS_UCS2 : SMS_GSM7;
	n = sms_units(text, ret->encoding, ret->units, sizeof(ret->units));
	if (n == -EDOM && want < 0) {
		ret->encoding = SMS_UCS2;
		n = sms_units(text, ret->encoding, ret->units, sizeof(ret->units));
	}
	if (n >= 0)
		n = set_parts(ret, n);
	return n < 0 ? units_error(n, error) : 0;
}

static size_t put_number(const char *number, uint8_t *to)
{
	bool international = *number == '+';
	const char *digits = number + international;
	size_t n = strlen(digits);

	to[0] = n;
	to[1] = international ? TYPE_INTERNATIONAL : TYPE_NATIONAL;
	memset(to + 2, 0xff, (n + 1) / 2);
	for (size_t i = 0; i < n; i++) {
		unsigned int shift = i % 2 * 4;

		to[2 + i / 2] &= ~(0xf << shift);
		to[2 + i / 2] |= (digits[i] - '0') << shift;
	}
	return 2 + (n + 1) / 2;
}

static size_t put_header(const struct sms_plan *plan, unsigned int part, uint8_t group,
			 uint8_t *to)
{
	const uint8_t header[PART_HEADER_LEN] = {
		PART_HEADER_LEN - 1, ELEMENT_PART, 3, group, plan->n, part + 1
	};

	if (plan->n < 2)
		return 0;
	memcpy(to, header, sizeof(header));
	return sizeof(header);
}

size_t sms_submit(const struct sms_plan *plan, unsigned int part,
		  const struct sms_submit *how, uint8_t ret[SMS_PDU_MAX])
{
	const uint8_t *units = plan->units + plan->start[part];
	size_t n = plan->start[part + 1] - plan->start[part];
	uint8_t *p = ret, *len;
	size_t header;

	*p++ = 0;		/* the card's service centre */
	*p++ = MTI_SUBMIT | (how->report ? SUBMIT_REPORT : 0) |
	       (plan->n > 1 ? HAS_HEADER : 0);
	*p++ = 0;		/* the modem counts its messages */
	p += put_number(how->number, p);
	*p++ = 0;
	*p++ = plan->encoding == SMS_UCS2 ? 0x08 : 0x00;
	len = p++;
	header = put_header(plan, part, how->group, p);
	p += header;
	if (plan->encoding == SMS_UCS2) {
		memcpy(p, units, n);
		*len = header + n;
		return p + n - ret;
	}
	/* a header of 48 bits ends one short of a septet */
	sms_pack(units, n, header ? 1 : 0, p);
	*len = (8 * header + 6) / 7 + n;
	return p + sms_packed_len(n, header ? 1 : 0) - ret;
}
