// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands about short messages that are stored. */
#include <errno.h>
#include <string.h>

#include "../lib/words.h"
#include "sms.h"

/* Of a text in a table */
#define LINE_MAX_CHARACTERS	60

/* Reads all, and calls @fn with what they are put together to */
static int with_messages(struct ctl *ctl, struct m2m_client *wms,
			 int (*fn)(struct ctl *ctl, struct m2m_client *wms, GArray *messages))
{
	GArray *records, *messages;
	int err;

	err = sms_read_all(ctl, wms, &records);
	if (err)
		return err;
	messages = sms_group(records);
	err = fn(ctl, wms, messages);
	g_array_unref(messages);
	g_array_unref(records);
	return err;
}

static bool has_place(const struct sms_message *message, const struct wms_place *place)
{
	for (unsigned int i = 0; i < message->n; i++) {
		const struct sms_record *part = message->part[i];

		if (part && part->place.storage == place->storage &&
		    part->place.index == place->index)
			return true;
	}
	return false;
}

static int bad_id(struct ctl *ctl, const char *id)
{
	return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl sms list",
			"a message is sim:N or modem:N, not \"%s\"", id);
}

/* --- list --------------------------------------------------------------------- */

/* With the begin of its text */
static void say(struct out *out, const struct sms_message *message)
{
	g_autofree char *line = sms_message_line(message, LINE_MAX_CHARACTERS);

	sms_report(out, message);
	out_cell(out, "Text", line);
}

static int list(struct ctl *ctl, struct m2m_client *wms, GArray *messages)
{
	out_table(ctl->out, "messages", NULL);
	for (guint i = 0; i < messages->len; i++) {
		out_row(ctl->out);
		say(ctl->out, &g_array_index(messages, struct sms_message, i));
		out_row_end(ctl->out);
	}
	out_table_end(ctl->out);
	if (!messages->len)
		out_line(ctl->out, "no message");
	return 0;
}

int sms_list_run(struct ctl *ctl)
{
	struct m2m_client *wms;
	int err;

	err = sms_open(ctl, &wms);
	if (err)
		return err;
	err = ctl->args->given[OPTION_WATCH] ? sms_watch(ctl, wms) :
					       with_messages(ctl, wms, list);
	m2m_client_close(wms, false);
	return err;
}

/* --- read --------------------------------------------------------------------- */

/* Below the fields the text, as it was written; what a report says is one of them */
static void say_whole(struct out *out, const struct sms_message *message)
{
	g_autofree char *text = sms_message_text(message);
	char *line, *rest = text;

	out_section(out, "message", "Message");
	if (text)
		sms_report(out, message);
	else
		say(out, message);
	out_section_end(out);
	while (rest && (line = strsep(&rest, "\n")))
		out_line(out, "%s", line);
}

/* The modem tags it as read where it has not yet: listing had it stay unread */
static int tag_as_read(struct ctl *ctl, struct m2m_client *wms,
		       const struct sms_message *message)
{
	for (unsigned int i = 0; i < message->n; i++) {
		const struct sms_record *part = message->part[i];
		int err;

		if (!part || part->tag != WMS_NOT_READ)
			continue;
		err = sms_tag_set(ctl, wms, &part->place, WMS_READ);
		if (err)
			return err;
	}
	return 0;
}

static int read_one(struct ctl *ctl, struct m2m_client *wms, GArray *messages)
{
	const char *id = ctl->args->arg[0];
	struct wms_place place;

	if (!sms_id_parse(id, &place))
		return bad_id(ctl, id);
	for (guint i = 0; i < messages->len; i++) {
		const struct sms_message *m =
			&g_array_index(messages, struct sms_message, i);

		if (!has_place(m, &place))
			continue;
		say_whole(ctl->out, m);
		return tag_as_read(ctl, wms, m);
	}
	return ctl_fail(ctl, -ENOENT, EXIT_FAILED, "m2mctl sms list",
			"there is no such message");
}

int sms_read_run(struct ctl *ctl)
{
	struct m2m_client *wms;
	int err;

	err = sms_open(ctl, &wms);
	if (err)
		return err;
	err = with_messages(ctl, wms, read_one);
	m2m_client_close(wms, false);
	return err;
}

/* --- delete ------------------------------------------------------------------- */

/* The record that was in this place before; NULL: nothing that was to be deleted */
static const struct sms_record *record_at(const GPtrArray *records,
					  const struct wms_place *place)
{
	for (guint i = 0; i < records->len; i++) {
		const struct sms_record *record = records->pdata[i];

		if (record->place.storage == place->storage &&
		    record->place.index == place->index)
			return record;
	}
	return NULL;
}

/* A place that is free may have got a message that has just come */
static int check_place(struct ctl *ctl, struct m2m_client *wms,
		       const struct wms_entry *entry, const struct sms_record *before)
{
	struct sms_record now;
	char id[SMS_ID_MAX];
	int err;

	err = sms_read_entry(ctl, wms, entry, &now);
	if (err == -ENOENT || (!err && !sms_record_is_same(&now, before)))
		return 0;
	return err ? err : ctl_fail(ctl, -EIO, EXIT_FAILED, "m2mctl sms list",
				    "the modem said yes, but %s is still there",
				    sms_id(&entry->place, id));
}

/* What was said to be deleted and is not */
static int check_deleted(struct ctl *ctl, struct m2m_client *wms, const GPtrArray *records)
{
	GArray *entries;
	int err;

	err = sms_list_all(ctl, wms, &entries);
	if (err)
		return err;
	for (guint i = 0; i < entries->len && !err; i++) {
		const struct wms_entry *entry = &g_array_index(entries, struct wms_entry, i);
		const struct sms_record *before = record_at(records, &entry->place);

		if (before)
			err = check_place(ctl, wms, entry, before);
	}
	g_array_unref(entries);
	return err;
}

/* Which ones: an id, "read" for those of others that were, or "all" */
static bool is_meant(const char *what, const struct wms_place *place,
		     const struct sms_message *message)
{
	if (!strcmp(what, "all"))
		return true;
	if (strcmp(what, "read"))
		return has_place(message, place);
	for (unsigned int i = 0; i < message->n; i++)
		if (message->part[i] && message->part[i]->tag != WMS_READ)
			return false;
	return true;
}

static int delete_message(struct ctl *ctl, struct m2m_client *wms,
			  const struct sms_message *message, GPtrArray *records)
{
	for (unsigned int i = 0; i < message->n; i++) {
		const struct sms_record *part = message->part[i];
		int err = part ? wms_delete(wms, &part->place, &ctl->error) : 0;

		if (err && err != -ENOENT)
			return err;
		if (part)
			g_ptr_array_add(records, (gpointer)part);
	}
	return 0;
}

static int delete_meant(struct ctl *ctl, struct m2m_client *wms, GArray *messages)
{
	const char *what = ctl->args->arg[0];
	struct wms_place place = { 0 };
	unsigned int n = 0;
	GPtrArray *records;
	int err = 0;

	if (strcmp(what, "all") && strcmp(what, "read") && !sms_id_parse(what, &place))
		return bad_id(ctl, what);
	records = g_ptr_array_new();
	for (guint i = 0; i < messages->len && !err; i++) {
		const struct sms_message *m =
			&g_array_index(messages, struct sms_message, i);

		if (!is_meant(what, &place, m))
			continue;
		err = delete_message(ctl, wms, m, records);
		n++;
	}
	if (!err && n)
		err = check_deleted(ctl, wms, records);
	g_ptr_array_unref(records);
	if (err)
		return err;
	out_int(ctl->out, "deleted", NULL, n);
	out_line(ctl->out, n == 1 ? "%u message is deleted" : "%u messages are deleted", n);
	return 0;
}

int sms_delete_run(struct ctl *ctl)
{
	struct m2m_client *wms;
	int err;

	err = sms_open(ctl, &wms);
	if (err)
		return err;
	err = with_messages(ctl, wms, delete_meant);
	m2m_client_close(wms, false);
	return err;
}
