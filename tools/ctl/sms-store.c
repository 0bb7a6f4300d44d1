// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how short messages are read from a modem, put together and shown. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/words.h"
#include "sim.h"
#include "sms.h"

int sms_open(struct ctl *ctl, struct m2m_client **ret_wms)
{
	int err = sim_ready(ctl);

	return err ? err : ctl_open(ctl, QMI_WMS, ret_wms);
}

int sms_tag_set(struct ctl *ctl, struct m2m_client *wms, const struct wms_place *place,
		uint8_t tag)
{
	char id[SMS_ID_MAX];
	int err;

	err = wms_tag_set(wms, place, tag, &ctl->error);
	if (!err || err == -ENOENT)
		return 0;
	/* nothing more is to be had of this modem */
	if (err == -EINTR || err == -ENODEV || err == -ECONNRESET)
		return err;
	fprintf(stderr, "m2mctl: sms: %s may count as %s now: %s\n", sms_id(place, id),
		tag == WMS_READ ? "unread" : "read", ctl->error.msg);
	return 0;
}

/* --- reading ------------------------------------------------------------------ */

int sms_list_all(struct ctl *ctl, struct m2m_client *wms, GArray **ret_entries)
{
	GArray *all = g_array_new(FALSE, TRUE, sizeof(struct wms_entry));
	int err = 0;

	for (uint8_t storage = 0; !err && storage < WMS_STORAGES; storage++) {
		struct wms_entry *entries;
		size_t n;

		err = wms_list(wms, storage, &entries, &n, &ctl->error);
		if (!err) {
			g_array_append_vals(all, entries, n);
			free(entries);
		} else if (ctl->error.qmi && storage != WMS_UIM) {
			/* many modems have the card's store only, and refuse in many ways */
			ctl->error.qmi = 0;
			err = 0;
		}
	}
	if (err) {
		g_array_unref(all);
		return err;
	}
	*ret_entries = all;
	return 0;
}

int sms_read_entry(struct ctl *ctl, struct m2m_client *wms, const struct wms_entry *entry,
		   struct sms_record *ret)
{
	struct wms_message message = { 0 };
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->place = entry->place;
	ret->tag = entry->tag;
	err = wms_read(wms, &entry->place, &message, &ctl->error);
	/* what cannot be read is there all the same */
	if (err && err != -EBADMSG)
		return err;
	ret->is_pdu = message.is_pdu &&
		      !sms_pdu_parse(message.pdu, message.len, &ret->pdu);
	/* for the modem it is read now, for the person not yet */
	return entry->tag != WMS_NOT_READ ? 0 :
	       sms_tag_set(ctl, wms, &entry->place, WMS_NOT_READ);
}

bool sms_record_is_same(const struct sms_record *a, const struct sms_record *b)
{
	const struct sms_pdu *x = &a->pdu, *y = &b->pdu;

	if (!a->is_pdu || !b->is_pdu)
		return a->is_pdu == b->is_pdu;
	return x->kind == y->kind && !strcmp(x->number, y->number) &&
	       x->time.known == y->time.known && x->time.unix_s == y->time.unix_s &&
	       x->is_part == y->is_part && x->part == y->part &&
	       x->n_units == y->n_units && !memcmp(x->units, y->units, x->n_units);
}

int sms_read_all(struct ctl *ctl, struct m2m_client *wms, GArray **ret_records)
{
	GArray *records, *entries;
	int err;

	err = sms_list_all(ctl, wms, &entries);
	if (err)
		return err;
	records = g_array_new(FALSE, TRUE, sizeof(struct sms_record));
	for (guint i = 0; i < entries->len && !err; i++) {
		struct sms_record record;

		err = sms_read_entry(ctl, wms, &g_array_index(entries, struct wms_entry, i),
				     &record);
		if (!err)
			g_array_append_val(records, record);
		else if (err == -ENOENT)
			err = 0;
	}
	g_array_unref(entries);
	if (err) {
		g_array_unref(records);
		return err;
	}
	*ret_records = records;
	return 0;
}

/* --- putting together --------------------------------------------------------- */

/* The message that still wants this part, or NULL */
static struct sms_message *wanting(GArray *messages, const struct sms_record *record)
{
	for (guint i = 0; i < messages->len; i++) {
		struct sms_message *m = &g_array_index(messages, struct sms_message, i);

		if (m->first->is_pdu && !m->part[record->pdu.part - 1] &&
		    sms_is_same(&m->first->pdu, &record->pdu))
			return m;
	}
	return NULL;
}

GArray *sms_group(const GArray *records)
{
	GArray *messages = g_array_new(FALSE, TRUE, sizeof(struct sms_message));

	for (guint i = 0; i < records->len; i++) {
		const struct sms_record *record =
			&g_array_index(records, struct sms_record, i);
		bool is_part = record->is_pdu && record->pdu.is_part;
		struct sms_message *m = is_part ? wanting(messages, record) : NULL;

		if (!m) {
			g_array_set_size(messages, messages->len + 1);
			m = &g_array_index(messages, struct sms_message,
					   messages->len - 1);
			m->first = record;
			m->n = is_part ? record->pdu.n_parts : 1;
		}
		m->part[is_part ? record->pdu.part - 1 : 0] = record;
	}
	return messages;
}

/* --- showing ------------------------------------------------------------------ */

const char *sms_id(const struct wms_place *place, char ret[static SMS_ID_MAX])
{
	snprintf(ret, SMS_ID_MAX, "%.11s:%u", word(WORD_SMS_STORAGE, place->storage).s,
		 place->index);
	return ret;
}

bool sms_id_parse(const char *id, struct wms_place *ret)
{
	const char *colon = strchr(id, ':');
	char storage[16] = "";
	int value;
	char *end;

	if (!colon || colon - id >= (ptrdiff_t)sizeof(storage) || !g_ascii_isdigit(colon[1]))
		return false;
	memcpy(storage, id, colon - id);
	value = word_value(WORD_SMS_STORAGE, storage);
	errno = 0;
	ret->index = strtoul(colon + 1, &end, 10);
	ret->storage = value;
	return value >= 0 && !*end && !errno && strlen(colon + 1) <= 9;
}

char *sms_time_text(const struct sms_time *time)
{
	GDateTime *utc = time->known ? g_date_time_new_from_unix_utc(time->unix_s) : NULL;
	char *text;

	if (!utc)
		return NULL;
	text = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
	g_date_time_unref(utc);
	return text;
}

char *sms_message_text(const struct sms_message *message)
{
	const struct sms_pdu *pdus[SMS_JOINED_MAX];

	if (!message->first->is_pdu || message->first->pdu.kind == SMS_REPORT)
		return NULL;
	for (unsigned int i = 0; i < message->n; i++)
		pdus[i] = message->part[i] ? &message->part[i]->pdu : NULL;
	return sms_join(pdus, message->n);
}

static const char *kind_word(enum sms_kind kind)
{
	switch (kind) {
	case SMS_DELIVER:
		return "received";
	case SMS_SUBMIT:
		return "outgoing";
	case SMS_REPORT:
		return "report";
	}
	return NULL;
}

static const char *encoding_word(const struct sms_pdu *pdu)
{
	if (pdu->kind == SMS_REPORT)
		return NULL;
	switch (pdu->encoding) {
	case SMS_GSM7:
		return "gsm7";
	case SMS_GSM7_NATIONAL:
		return "gsm7-national";
	case SMS_DATA:
		return "data";
	case SMS_UCS2:
		return "ucs2";
	}
	return NULL;
}

/* What is no text, part by part, as octets or septets in hexadecimal */
static char *units_text(const struct sms_message *message)
{
	GString *hex = g_string_new(NULL);

	for (unsigned int i = 0; i < message->n; i++) {
		const struct sms_record *part = message->part[i];

		for (size_t j = 0; part && j < part->pdu.n_units; j++)
			g_string_append_printf(hex, "%02x", part->pdu.units[j]);
	}
	return g_string_free(hex, FALSE);
}

unsigned int sms_parts_there(const struct sms_message *message)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < message->n; i++)
		n += !!message->part[i];
	return n;
}

static void report_delivery(struct out *out, const struct sms_pdu *pdu)
{
	g_autofree char *discharged = sms_time_text(&pdu->discharge);
	bool is_report = pdu->kind == SMS_REPORT;

	out_string(out, "delivery", NULL, is_report ?
		   word(WORD_SMS_DELIVERY, sms_delivery(pdu->status)).s : NULL);
	out_string(out, "discharged", NULL, discharged);
	if (is_report)
		out_int(out, "reference", NULL, pdu->reference);
	else
		out_unknown(out, "reference", NULL);
}

char *sms_message_line(const struct sms_message *message, size_t most)
{
	const struct sms_pdu *pdu = &message->first->pdu;
	g_autofree char *cut = NULL;
	char *text;

	if (message->first->is_pdu && pdu->kind == SMS_REPORT)
		return g_strdup(word(WORD_SMS_DELIVERY, sms_delivery(pdu->status)).s);
	text = sms_message_text(message);
	if (text && (size_t)g_utf8_strlen(text, -1) > most) {
		cut = g_utf8_substring(text, 0, most - 1);
		g_free(text);
		text = g_strconcat(cut, "…", NULL);
	}
	return text ? g_strdelimit(text, "\n", ' ') : NULL;
}

void sms_report(struct out *out, const struct sms_message *message)
{
	g_autofree char *text = sms_message_text(message);
	g_autofree char *time = sms_time_text(&message->first->pdu.time);
	g_autofree char *units = NULL;
	const struct sms_pdu *pdu = &message->first->pdu;
	const struct wms_place *place = &message->first->place;
	bool stored = place->storage != SMS_NO_STORAGE;
	bool known = message->first->is_pdu;
	char id[SMS_ID_MAX];

	if (known && !text)
		units = units_text(message);
	out_string(out, "id", "ID", stored ? sms_id(place, id) : NULL);
	out_string(out, "storage", NULL, stored ?
		   word(WORD_SMS_STORAGE, place->storage).s : NULL);
	out_string(out, "state", "State", word(WORD_SMS_STATE, message->first->tag).s);
	out_string(out, "kind", NULL, known ? kind_word(pdu->kind) : NULL);
	out_string(out, "number", "Number", pdu->number);
	out_string(out, "service_centre", NULL, pdu->smsc);
	out_string(out, "time", "Time", time);
	out_string(out, "encoding", NULL, known ? encoding_word(pdu) : NULL);
	if (known && pdu->class >= 0)
		out_int(out, "class", NULL, pdu->class);
	else
		out_unknown(out, "class", NULL);
	out_int(out, "parts", NULL, message->n);
	out_int(out, "parts_there", NULL, sms_parts_there(message));
	report_delivery(out, pdu);
	out_string(out, "text", NULL, text);
	out_string(out, "data", NULL, units);
}
