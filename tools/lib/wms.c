// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the wireless messaging service. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "qmi-tlv.h"
#include "wms.h"

#define RAW_SEND		0x0020
#define RAW_READ		0x0022
#define MODIFY_TAG		0x0023
#define DELETE			0x0024
#define LIST_MESSAGES		0x0031

#define FORMAT_GW_PP		6
#define MODE_GW			1
/* What a network takes for a message; it tries for a while */
#define SEND_TIMEOUT_MS		60000
#define ENTRY_LEN		5

#define ERROR_NO_ENTRY		50
#define ERROR_CAUSE_CODE	54

/* Those that name a message which is not there have an errno of their own. */
static int no_entry(int err, struct m2m_error *error)
{
	if (!err || error->qmi != ERROR_NO_ENTRY)
		return err;
	error->err = -ENOENT;
	return -ENOENT;
}

static void put_place(QmiMessage *request, const struct wms_place *place)
{
	const uint8_t value[] = {
		place->storage, place->index, place->index >> 8, place->index >> 16,
		place->index >> 24,
	};

	tlv_put(request, 0x01, value, sizeof(value));
}

/* --- parsers ------------------------------------------------------------------ */

int wms_list_parse(QmiMessage *message, uint8_t storage, struct wms_entry **ret_entries,
		   size_t *ret_n)
{
	struct wms_entry *entries;
	struct tlv tlv;
	uint32_t n;

	tlv_find(message, 0x01, &tlv);
	n = tlv_u32(&tlv);
	if (tlv.bad || n > tlv_left(&tlv) / ENTRY_LEN)
		return -EBADMSG;
	entries = calloc(n + 1, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		entries[i].place.storage = storage;
		entries[i].place.index = tlv_u32(&tlv);
		entries[i].tag = tlv_u8(&tlv);
	}
	*ret_entries = entries;
	*ret_n = n;
	return 0;
}

/* A format, a length and as many octets; what is too long for a message is none */
static bool take_pdu(struct tlv *tlv, uint8_t *ret_format, uint8_t *ret_pdu, size_t *ret_len)
{
	const uint8_t *octets;

	*ret_format = tlv_u8(tlv);
	*ret_len = tlv_u16(tlv);
	octets = tlv_bytes(tlv, *ret_len);
	if (!octets || *ret_len > SMS_PDU_MAX)
		return false;
	memcpy(ret_pdu, octets, *ret_len);
	return true;
}

int wms_message_parse(QmiMessage *message, struct wms_message *ret)
{
	uint8_t format;
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	tlv_find(message, 0x01, &tlv);
	ret->tag = tlv_u8(&tlv);
	if (!take_pdu(&tlv, &format, ret->pdu, &ret->len))
		return -EBADMSG;
	ret->is_pdu = format == FORMAT_GW_PP;
	return 0;
}

int wms_event_parse(QmiMessage *message, struct wms_event *ret)
{
	uint8_t format;
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	if (tlv_find(message, 0x10, &tlv)) {
		ret->place.storage = tlv_u8(&tlv);
		ret->place.index = tlv_u32(&tlv);
		ret->is_stored = !tlv.bad;
	}
	if (tlv_find(message, 0x11, &tlv)) {
		tlv_bytes(&tlv, 1 + 4);		/* whether and how to acknowledge */
		ret->is_handed_over = take_pdu(&tlv, &format, ret->tpdu, &ret->len) &&
				      format == FORMAT_GW_PP;
	}
	return ret->is_stored || ret->is_handed_over ? 0 : -EBADMSG;
}

/* --- requests ----------------------------------------------------------------- */

int wms_list(struct m2m_client *wms, uint8_t storage, struct wms_entry **ret_entries,
	     size_t *ret_n, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WMS, LIST_MESSAGES);
	QmiMessage *answer;
	int err;

	tlv_put_u8(request, 0x01, storage);
	tlv_put_u8(request, 0x12, MODE_GW);
	err = m2m_client_call(wms, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err && wms_list_parse(answer, storage, ret_entries, ret_n))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's list of messages is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wms_read(struct m2m_client *wms, const struct wms_place *place,
	     struct wms_message *ret, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WMS, RAW_READ);
	QmiMessage *answer;
	int err;

	put_place(request, place);
	tlv_put_u8(request, 0x10, MODE_GW);
	err = no_entry(m2m_client_call(wms, request, QMI_TIMEOUT_MS, &answer, error), error);
	if (!err && wms_message_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG, "the message is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wms_delete(struct m2m_client *wms, const struct wms_place *place,
	       struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WMS, DELETE);

	tlv_put_u8(request, 0x01, place->storage);
	tlv_put_u32(request, 0x10, place->index);
	tlv_put_u8(request, 0x12, MODE_GW);
	return no_entry(m2m_client_call(wms, request, QMI_TIMEOUT_MS, NULL, error), error);
}

int wms_tag_set(struct m2m_client *wms, const struct wms_place *place, uint8_t tag,
		struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WMS, MODIFY_TAG);
	const uint8_t value[] = {
		place->storage, place->index, place->index >> 8, place->index >> 16,
		place->index >> 24, tag,
	};

	tlv_put(request, 0x01, value, sizeof(value));
	tlv_put_u8(request, 0x10, MODE_GW);
	return no_entry(m2m_client_call(wms, request, QMI_TIMEOUT_MS, NULL, error), error);
}

static void read_cause(QmiMessage *answer, struct wms_cause *ret)
{
	struct tlv tlv;

	if (!answer || !tlv_find(answer, 0x12, &tlv))
		return;
	ret->rp = tlv_u16(&tlv);
	ret->tp = tlv_u8(&tlv);
}

int wms_send(struct m2m_client *wms, const uint8_t *pdu, size_t len, int *ret_reference,
	     struct wms_cause *ret_cause, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WMS, RAW_SEND);
	uint8_t value[3 + SMS_PDU_MAX] = { FORMAT_GW_PP, len, len >> 8 };
	QmiMessage *answer;
	uint16_t id;
	int err;

	memcpy(value + 3, pdu, len);
	tlv_put(request, 0x01, value, 3 + len);
	*ret_cause = (struct wms_cause){ 0 };
	err = m2m_client_call(wms, request, SEND_TIMEOUT_MS, &answer, error);
	if (err && error->qmi == ERROR_CAUSE_CODE) {
		err = -ECONNREFUSED;
		error->err = err;
	}
	if (err)
		read_cause(answer, ret_cause);
	else	/* some modems do not tell, whatever the standard says */
		*ret_reference = tlv_get_u16(answer, 0x01, &id) ? id & 0xff : -1;
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wms_events_on(struct m2m_client *wms, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WMS, WMS_EVENT_REPORT);

	tlv_put_u8(request, 0x10, 1);
	return m2m_client_call(wms, request, QMI_TIMEOUT_MS, NULL, error);
}
