/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short messages as the modem keeps them, put together. */
#ifndef M2MCTL_SMS_H
#define M2MCTL_SMS_H

#include "../lib/wms.h"
#include "ctl.h"

/* One record of a store */
struct sms_record {
	struct wms_place place;
	uint8_t tag;			/* enum wms_tag */
	bool is_pdu;			/* and pdu is filled in */
	struct sms_pdu pdu;
};

/* One message: a record, or the parts that are there */
struct sms_message {
	const struct sms_record *first;	/* of those that are there */
	unsigned int n;			/* parts it has */
	const struct sms_record *part[SMS_JOINED_MAX];	/* NULL: missing */
};

/* sms_open() - a client of the service, once the SIM is ready */
int sms_open(struct ctl *ctl, struct m2m_client **ret_wms);

/* sms_list_all() - what both stores have: array of struct wms_entry */
int sms_list_all(struct ctl *ctl, struct m2m_client *wms, GArray **ret_entries);

/* sms_read_entry() - one of them, which stays unread if it is; -ENOENT: gone by now */
int sms_read_entry(struct ctl *ctl, struct m2m_client *wms, const struct wms_entry *entry,
		   struct sms_record *ret);

/* sms_record_is_same() - whether the same message stands in both */
bool sms_record_is_same(const struct sms_record *a, const struct sms_record *b);

/* sms_read_all() - both: array of struct sms_record */
int sms_read_all(struct ctl *ctl, struct m2m_client *wms, GArray **ret_records);

/* sms_group() - array of struct sms_message, whose parts point into @records */
GArray *sms_group(const GArray *records);

/* A message that is in no store, as the modem handed it over */
#define SMS_NO_STORAGE	0xff

/* "sim:3" */
#define SMS_ID_MAX	24
const char *sms_id(const struct wms_place *place, char ret[static SMS_ID_MAX]);
/* The place an id names; false if it is none */
bool sms_id_parse(const char *id, struct wms_place *ret);

unsigned int sms_parts_there(const struct sms_message *message);

/* The text for g_free(), NULL if it has none that we can read */
char *sms_message_text(const struct sms_message *message);
/* @most characters of it in one line, or what a report says; for g_free(), or NULL */
char *sms_message_line(const struct sms_message *message, size_t most);
/* What is known of a message, but for its text for people, into a section, row or document */
void sms_report(struct out *out, const struct sms_message *message);
/* "2026-11-28T20:00:00Z", or NULL; for g_free() */
char *sms_time_text(const struct sms_time *time);

/* sms-watch.c: what is there, and then what comes */
int sms_watch(struct ctl *ctl, struct m2m_client *wms);

/*
 * sms_tag_set() - tag a message as read or not; that it could not be is said, and is no
 * failure, unless the modem is gone
 */
int sms_tag_set(struct ctl *ctl, struct m2m_client *wms, const struct wms_place *place,
		uint8_t tag);

#endif /* M2MCTL_SMS_H */
