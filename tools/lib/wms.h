/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wireless messaging: the stores of short messages, and sending. */
#ifndef M2M_WMS_H
#define M2M_WMS_H

#include "qmi.h"
#include "sms-pdu.h"

#define QMI_WMS		0x05

#define WMS_EVENT_REPORT	0x0001	/* request and indication */

enum wms_storage {
	WMS_UIM = 0,
	WMS_NV = 1,
	WMS_STORAGES,
};

enum wms_tag {
	WMS_READ = 0,
	WMS_NOT_READ = 1,
	WMS_SENT = 2,
	WMS_NOT_SENT = 3,
};

/* Where a message is */
struct wms_place {
	uint8_t storage;	/* enum wms_storage */
	uint32_t index;
};

struct wms_entry {
	struct wms_place place;
	uint8_t tag;		/* enum wms_tag */
};

struct wms_message {
	uint8_t tag;		/* as it was before it was read */
	bool is_pdu;		/* not one of CDMA's */
	uint8_t pdu[SMS_PDU_MAX];
	size_t len;
};

/* What an indication says: a message was stored, or is handed over at once */
struct wms_event {
	bool is_stored;
	struct wms_place place;
	bool is_handed_over;
	uint8_t tpdu[SMS_PDU_MAX];
	size_t len;
};

/* Why the network did not take a message; 0: it did not say */
struct wms_cause {
	uint16_t rp;		/* TS 24.011 */
	uint8_t tp;		/* TS 23.040 */
};

/* Parsers: 0, or -EBADMSG for a message that says too little */
int wms_list_parse(QmiMessage *message, uint8_t storage, struct wms_entry **ret_entries,
		   size_t *ret_n);
int wms_message_parse(QmiMessage *message, struct wms_message *ret);
int wms_event_parse(QmiMessage *message, struct wms_event *ret);

/**
 * wms_list() - what a store has
 * @wms: client of the service
 * @storage: enum wms_storage
 * @ret_entries: array for free()
 * @ret_n: how many, maybe 0
 * @error: filled on failure
 */
int wms_list(struct m2m_client *wms, uint8_t storage, struct wms_entry **ret_entries,
	     size_t *ret_n, struct m2m_error *error);

/* wms_read() - one message; the modem tags it as read. -ENOENT: there is none */
int wms_read(struct m2m_client *wms, const struct wms_place *place,
	     struct wms_message *ret, struct m2m_error *error);

/* wms_delete() - -ENOENT if there is none */
int wms_delete(struct m2m_client *wms, const struct wms_place *place,
	       struct m2m_error *error);

/* wms_tag_set() - what the modem is to say of a message */
int wms_tag_set(struct m2m_client *wms, const struct wms_place *place, uint8_t tag,
		struct m2m_error *error);

/**
 * wms_send() - give a message to the network, and wait until it has it
 * @wms: client of the service
 * @pdu: service centre's address and TPDU
 * @len: of it
 * @ret_reference: of a report about it, -1 if the modem does not tell
 * @ret_cause: why not, on failure
 * @error: -ECONNREFUSED if the network refused it
 */
int wms_send(struct m2m_client *wms, const uint8_t *pdu, size_t len, int *ret_reference,
	     struct wms_cause *ret_cause, struct m2m_error *error);

/* wms_events_on() - have the modem tell when a message arrives */
int wms_events_on(struct m2m_client *wms, struct m2m_error *error);

#endif /* M2M_WMS_H */
