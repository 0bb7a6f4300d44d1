// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl sms list --watch`. */
#include <errno.h>
#include <string.h>

#include "sms.h"
#include "watch.h"

/* Indications tell; this is for one that was lost. */
#define LOOK_AGAIN_MS	30000
/* Parts that were handed over and wait for their others */
#define HANDED_OVER_MAX	255

/* A record that was read: reading it again would cost, and so would tagging it */
struct known {
	struct sms_record record;
	bool shown, here;
};

struct sms_watch {
	struct watch watch;
	struct m2m_client *wms;
	GHashTable *known;	/* struct known by id */
	GArray *handed_over;	/* struct sms_record, in no store */
	uint32_t n_handed_over;
	bool broken;		/* the output takes no more */
};

static void show(struct sms_watch *w, const struct sms_message *message)
{
	g_autofree char *line = sms_message_line(message, SIZE_MAX);
	g_autofree char *time = sms_time_text(&message->first->pdu.time);
	enum out_format format = watch_format(w->watch.ctl->args);
	const struct sms_record *first = message->first;
	struct out *out = out_new(stdout, format);
	char id[SMS_ID_MAX];

	if (format != OUT_TEXT)
		sms_report(out, message);
	else
		out_line(out, "%s %s %s %s", first->place.storage == SMS_NO_STORAGE ? "-" :
			 sms_id(&first->place, id), time ? time : "-",
			 *first->pdu.number ? first->pdu.number : "-", line ? line : "-");
	w->broken |= out_finish(out);
}

static struct known *find(struct sms_watch *w, const struct wms_place *place)
{
	char id[SMS_ID_MAX];

	return g_hash_table_lookup(w->known, sms_id(place, id));
}

static struct known *add(struct sms_watch *w, const struct sms_record *record)
{
	struct known *known = g_new0(struct known, 1);
	char id[SMS_ID_MAX];

	known->record = *record;
	g_hash_table_replace(w->known, g_strdup(sms_id(&record->place, id)), known);
	return known;
}

/* --- looking ------------------------------------------------------------------ */

/* What is in the stores now, into @records; only what is new is read */
static int look_entry(struct sms_watch *w, const struct wms_entry *entry, GArray *records)
{
	struct known *known = find(w, &entry->place);
	struct sms_record record;
	int err;

	if (!known) {
		err = sms_read_entry(w->watch.ctl, w->wms, entry, &record);
		if (err)
			return err == -ENOENT ? 0 : err;
		known = add(w, &record);
	}
	known->here = true;
	known->record.tag = entry->tag;
	g_array_append_val(records, known->record);
	return 0;
}

static void look_handed_over(struct sms_watch *w, GArray *records)
{
	while (w->handed_over->len > HANDED_OVER_MAX)
		g_array_remove_index(w->handed_over, 0);
	for (guint i = 0; i < w->handed_over->len; i++) {
		struct sms_record *record = &g_array_index(w->handed_over,
							   struct sms_record, i);
		struct known *known = find(w, &record->place);

		if (!known)
			known = add(w, record);
		known->here = true;
		g_array_append_val(records, *record);
	}
}

static gboolean is_away(gpointer id, gpointer value, gpointer data)
{
	struct known *known = value;
	bool here = known->here;

	known->here = false;
	return !here;
}

static bool is_new(struct sms_watch *w, const struct sms_message *message)
{
	bool new = false;

	for (unsigned int i = 0; i < message->n; i++) {
		struct known *known = message->part[i] ?
			find(w, &message->part[i]->place) : NULL;

		new |= known && !known->shown;
	}
	return new;
}

static void set_shown(struct sms_watch *w, const struct sms_message *message)
{
	for (unsigned int i = 0; i < message->n; i++)
		if (message->part[i])
			find(w, &message->part[i]->place)->shown = true;
}

/* Shows what is whole and was not shown; at first also what is not whole */
static int look(struct sms_watch *w, bool first)
{
	GArray *records, *entries, *messages;
	int err;

	w->watch.news = false;
	err = sms_list_all(w->watch.ctl, w->wms, &entries);
	if (err)
		return err;
	records = g_array_new(FALSE, TRUE, sizeof(struct sms_record));
	for (guint i = 0; i < entries->len && !err; i++)
		err = look_entry(w, &g_array_index(entries, struct wms_entry, i), records);
	look_handed_over(w, records);
	messages = sms_group(records);
	for (guint i = 0; i < messages->len && !err; i++) {
		const struct sms_message *m =
			&g_array_index(messages, struct sms_message, i);

		if (!is_new(w, m) || (!first && sms_parts_there(m) < m->n))
			continue;
		show(w, m);
		set_shown(w, m);
	}
	if (!err)
		g_hash_table_foreach_remove(w->known, is_away, NULL);
	g_array_unref(messages);
	g_array_unref(records);
	g_array_unref(entries);
	return err;
}

static void heard(QmiMessage *indication, void *data)
{
	struct sms_record record = { .is_pdu = true };
	struct sms_watch *w = data;
	struct wms_event event;
	char id[SMS_ID_MAX];

	if (qmi_message_get_message_id(indication) != WMS_EVENT_REPORT ||
	    wms_event_parse(indication, &event))
		return;
	w->watch.news = true;
	/* whatever was at its place is no longer */
	if (event.is_stored)
		g_hash_table_remove(w->known, sms_id(&event.place, id));
	if (!event.is_handed_over || sms_tpdu_parse(event.tpdu, event.len, &record.pdu))
		return;
	record.tag = WMS_NOT_READ;
	record.place = (struct wms_place){ SMS_NO_STORAGE, w->n_handed_over++ };
	g_array_append_val(w->handed_over, record);
}

int sms_watch(struct ctl *ctl, struct m2m_client *wms)
{
	struct sms_watch w = { .wms = wms };
	bool over = false;
	int err;

	err = watch_begin(ctl, &w.watch);
	if (err)
		return err;
	w.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	w.handed_over = g_array_new(FALSE, TRUE, sizeof(struct sms_record));
	m2m_client_watch(wms, heard, &w);
	err = wms_events_on(wms, &ctl->error);
	if (!err)
		err = look(&w, true);
	while (!err && !over && !w.broken) {
		err = watch_wait(&w.watch, LOOK_AGAIN_MS, &over);
		if (!err && !over)
			err = look(&w, false);
	}
	m2m_client_watch(wms, NULL, NULL);
	g_hash_table_unref(w.known);
	g_array_unref(w.handed_over);
	watch_end(&w.watch);
	return err == -EINTR ? 0 : err;
}
