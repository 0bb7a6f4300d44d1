// SPDX-License-Identifier: GPL-2.0-or-later
/* Storing messages, and making one that the network delivers. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"

#define SMSC		"491710760000"
#define TEXT_MAX	70	/* UCS-2 characters of one message */

void sms_init(struct modem *modem)
{
	struct sms_state *sms = &modem->sms;

	/* Class-less and SIM messages are stored on the card. */
	sms->routes[0] = (struct sms_route) { 0, 4, SMS_UIM, 1 };
	sms->routes[1] = (struct sms_route) { 0, 2, SMS_UIM, 1 };
	sms->n_routes = 2;
	sms->next_id = 1;
	sms->next_transaction = 1;
}

struct sms *sms_find(struct modem *modem, uint8_t storage, uint32_t index)
{
	struct sms *m;

	if (storage >= SMS_STORAGES || index >= SMS_SLOTS)
		return NULL;
	m = &modem->sms.slot[storage][index];
	return m->used ? m : NULL;
}

int sms_store(struct modem *modem, enum sms_storage storage, enum sms_tag tag,
	      const uint8_t *pdu, size_t len)
{
	unsigned int i;

	if (!len || len > SMS_PDU_MAX)
		return -EINVAL;
	for (i = 0; i < SMS_SLOTS; i++) {
		struct sms *m = &modem->sms.slot[storage][i];

		if (m->used)
			continue;
		m->used = true;
		m->tag = tag;
		m->len = len;
		memcpy(m->pdu, pdu, len);
		modem_nv_write(modem);
		return i;
	}
	return -ENOSPC;
}

/* The route of a class-less message */
static const struct sms_route *route_find(const struct modem *modem)
{
	unsigned int i;

	for (i = 0; i < modem->sms.n_routes; i++)
		if (modem->sms.routes[i].class == 4)
			return &modem->sms.routes[i];
	return NULL;
}

static int deliver(struct modem *modem, const uint8_t *pdu, size_t len)
{
	const struct sms_route *route = route_find(modem);
	int index;

	if (!network_is_registered(modem))
		return -ENETDOWN;
	if (!route || !route->action)
		return 0;		/* thrown away, as it was asked for */
	if (route->action == 1) {
		index = sms_store(modem, route->storage, SMS_NOT_READ, pdu,
				  len);
		if (index < 0)
			return index;
		wms_received(modem, route->storage, index);
	} else {
		wms_transfer(modem, pdu, len);
	}
	modem_event(modem, EVENT_WMS_RECEIVED);
	return 0;
}

/* Number of digits, type, swapped digits; returns the octets or 0 */
static size_t put_number(const char *number, bool octets, uint8_t *p)
{
	bool international = *number == '+';
	const char *digits = number + international;
	size_t n = strlen(digits);

	if (!n || n > 20 || strspn(digits, "0123456789") != n)
		return 0;
	p[0] = octets ? 1 + (n + 1) / 2 : n;
	p[1] = international ? 0x91 : 0x81;
	return 2 + uicc_bcd(digits, p + 2, 10);
}

/* Semi-octets of the service centre's time stamp, UTC */
static size_t put_stamp(uint8_t *p)
{
	GDateTime *now = g_date_time_new_now_utc();
	const int fields[] = {
		g_date_time_get_year(now) % 100, g_date_time_get_month(now),
		g_date_time_get_day_of_month(now), g_date_time_get_hour(now),
		g_date_time_get_minute(now), g_date_time_get_second(now), 0,
	};
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(fields); i++)
		p[i] = fields[i] % 10 << 4 | fields[i] / 10;
	g_date_time_unref(now);
	return i;
}

/* SMSC address and SMS-DELIVER in UCS-2; returns its length or -EINVAL */
static int pdu_make(const char *number, const char *text, uint8_t *pdu)
{
	gunichar2 *ucs2;
	glong n, i;
	uint8_t *p = pdu;
	size_t len;

	ucs2 = g_utf8_to_utf16(text, -1, NULL, &n, NULL);
	if (!ucs2 || n > TEXT_MAX) {
		g_free(ucs2);
		return -EINVAL;
	}
	p += put_number("+" SMSC, true, p);
	*p++ = 0x04;			/* deliver, no more messages */
	len = put_number(number, false, p);
	if (!len) {
		g_free(ucs2);
		return -EINVAL;
	}
	p += len;
	*p++ = 0x00;
	*p++ = 0x08;			/* UCS-2 */
	p += put_stamp(p);
	*p++ = 2 * n;
	for (i = 0; i < n; i++) {
		*p++ = ucs2[i] >> 8;
		*p++ = ucs2[i];
	}
	g_free(ucs2);
	return p - pdu;
}

/* --- what was sent ------------------------------------------------------------ */

#define SUBMIT		0x01
#define SUBMIT_MASK	0x03
#define SUBMIT_REPORT	0x20
#define HAS_HEADER	0x40

/* The parts of an SMS-SUBMIT that the network hands on */
struct submitted {
	uint8_t first, reference;
	const uint8_t *address;		/* length, type, digits */
	size_t address_len;
	const uint8_t *coding;		/* protocol and data coding */
	const uint8_t *data;		/* length and user data */
	size_t data_len;
};

static bool submitted_parse(const uint8_t *pdu, size_t len, struct submitted *ret)
{
	static const uint8_t validity[] = { 0, 7, 1, 7 };
	const uint8_t *end = pdu + len;
	const uint8_t *p = pdu + 1 + pdu[0];

	if (end - p < 4)
		return false;
	ret->first = p[0];
	ret->reference = p[1];
	ret->address = p + 2;
	ret->address_len = 2 + (p[2] + 1) / 2;
	p = ret->address + ret->address_len;
	ret->coding = p;
	p += 2 + validity[ret->first >> 3 & 3];
	ret->data = p;
	ret->data_len = end - p;
	return p < end && (ret->first & SUBMIT_MASK) == SUBMIT;
}

static size_t put(uint8_t *to, const uint8_t *from, size_t len)
{
	memcpy(to, from, len);
	return len;
}

/* Ours, as somebody else would get it */
static void loop_back(struct modem *modem, const struct submitted *s)
{
	uint8_t pdu[2 * SMS_PDU_MAX], *p = pdu;

	p += put_number("+" SMSC, true, p);
	*p++ = 0x04 | (s->first & HAS_HEADER);
	p += put(p, s->address, s->address_len);
	p += put(p, s->coding, 2);
	p += put_stamp(p);
	p += put(p, s->data, s->data_len);
	deliver(modem, pdu, p - pdu);
}

static void report(struct modem *modem, const struct submitted *s, uint8_t reference)
{
	uint8_t pdu[SMS_PDU_MAX], *p = pdu;

	p += put_number("+" SMSC, true, p);
	*p++ = 0x06;
	*p++ = reference;
	p += put(p, s->address, s->address_len);
	p += put_stamp(p);
	p += put_stamp(p);
	*p++ = 0x00;			/* received */
	deliver(modem, pdu, p - pdu);
}

void sms_sent(struct modem *modem, const uint8_t *pdu, size_t len, uint8_t reference)
{
	const char *own = uicc_active(modem)->msisdn;
	struct sms_state *sms = &modem->sms;
	struct submitted s;
	uint8_t address[16];
	size_t n;

	sms->sent++;
	sms->last_len = put(sms->last, pdu, len);
	if (!submitted_parse(pdu, len, &s))
		return;
	n = put_number(own, false, address);
	if (n == s.address_len && !memcmp(address, s.address, n))
		loop_back(modem, &s);
	if (s.first & SUBMIT_REPORT && s.address_len <= sizeof(address))
		report(modem, &s, reference);
}

/* --- what arrives ------------------------------------------------------------- */

static int pdu_from_hex(const char *hex, uint8_t *pdu)
{
	size_t i, n = strlen(hex);

	if (!n || n % 2 || n / 2 > SMS_PDU_MAX)
		return -EINVAL;
	for (i = 0; i < n / 2; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]);
		int low = g_ascii_xdigit_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		pdu[i] = high << 4 | low;
	}
	return n / 2;
}

int sms_receive(struct modem *modem, const char *words, char *err,
		size_t err_len)
{
	uint8_t pdu[SMS_PDU_MAX + 2 * TEXT_MAX];
	char **w = g_strsplit(words, " ", 2);
	int r = -EINVAL;

	if (w[0] && w[1] && !strcmp(w[0], "pdu"))
		r = pdu_from_hex(w[1], pdu);
	else if (w[0] && w[1])
		r = pdu_make(w[0], w[1], pdu);
	g_strfreev(w);
	if (r < 0) {
		g_snprintf(err, err_len,
			   "want NUMBER TEXT of up to %u characters, or pdu HEX",
			   TEXT_MAX);
		return r;
	}
	r = deliver(modem, pdu, r);
	if (r == -ENETDOWN)
		g_snprintf(err, err_len, "the modem is not registered");
	else if (r < 0)
		g_snprintf(err, err_len, "the store is full");
	return r;
}
