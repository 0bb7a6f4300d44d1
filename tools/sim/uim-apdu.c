// SPDX-License-Identifier: GPL-2.0-or-later
/* APDUs and logical channels: the modem's way through to the card. */
#include <string.h>

#include "bytes.h"
#include "card-apdu.h"
#include "uim.h"

/*
 * DOC: Whose channels they are
 *
 * They belong to the card, not to the client that opened them: they live until
 * they are closed or the card loses its power (taken out, switched off, slot
 * switched, modem restarted). A client whose id is released leaves them open,
 * since each run of qmicli has an id of its own, and opens, uses and closes a
 * channel with three of them. A host that forgets to close three has none left,
 * and learns it here.
 */

/* The card in the one logical slot, if it can be spoken to */
static enum qmi_error card_find(const struct request *rq)
{
	const struct uicc *card = uicc_active(rq->modem);
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v) != 1)
		return QMI_INVALID_ARGUMENT;
	if (uicc_card_state(card) != UICC_CARD_PRESENT)
		return QMI_NO_SIM;
	/* Without a session there is nothing that the modem would wait for. */
	return card->session ? uim_card_usable(rq->modem) : QMI_OK;
}

/* Response and status word of one command of the modem's own */
static uint16_t ask(struct request *rq, const uint8_t *command, size_t len,
		    uint8_t *ret_response, size_t *ret_len)
{
	*ret_len = card_apdu(uicc_active(rq->modem), command, len,
			     ret_response) - 2;
	return get_be16(ret_response + *ret_len);
}

static uint16_t close_channel(struct request *rq, uint8_t channel)
{
	const uint8_t command[] = { 0x00, 0x70, 0x80, channel };
	uint8_t response[CARD_RESPONSE_MAX];
	size_t len;

	return ask(rq, command, sizeof(command), response, &len);
}

/* What to open a channel with */
struct opening {
	const uint8_t *aid;
	uint8_t aid_len;	/* 0: no application */
	uint8_t fci;		/* what SELECT is to return */
};

/* On @channel; what the card has to say of it ends in @response. */
static uint16_t select_app(struct request *rq, uint8_t channel,
			   const struct opening *opening, uint8_t *response,
			   size_t *len)
{
	/* Nothing, FCP, FCI, the same with interfaces, FMD */
	static const uint8_t p2[] = { 0x0c, 0x04, 0x00, 0x00, 0x08 };
	uint8_t command[CARD_COMMAND_MAX] = {
		channel, 0xa4, 0x04, p2[opening->fci], opening->aid_len,
	};
	uint8_t get_response[] = { channel, 0xc0, 0x00, 0x00, 0x00 };
	uint16_t sw;

	memcpy(command + 5, opening->aid, opening->aid_len);
	sw = ask(rq, command, 5 + opening->aid_len, response, len);
	if ((sw & 0xff00) != CARD_SW_MORE)
		return sw;
	get_response[4] = (uint8_t)sw;
	return ask(rq, get_response, sizeof(get_response), response, len);
}

static enum qmi_error open_channel(struct request *rq,
				   const struct opening *opening)
{
	static const uint8_t command[] = { 0x00, 0x70, 0x00, 0x00, 0x01 };
	uint8_t response[CARD_RESPONSE_MAX];
	uint8_t channel;
	size_t len;
	uint16_t sw = ask(rq, command, sizeof(command), response, &len);

	if (sw != CARD_SW_OK) {
		uim_put_card_result(rq, 0x11, sw);
		return QMI_INSUFFICIENT_RESOURCES;
	}
	channel = response[0];
	len = 0;
	if (opening->aid_len)
		sw = select_app(rq, channel, opening, response, &len);
	uim_put_card_result(rq, 0x11, sw);
	if (sw != CARD_SW_OK) {
		close_channel(rq, channel);
		return sw == CARD_SW_NOT_FOUND ? QMI_SIM_FILE_NOT_FOUND :
						 QMI_EXTENDED_INTERNAL;
	}
	qmi_tlv_u8(rq->msg, 0x10, channel);
	if (len) {
		qmi_tlv_begin(rq->msg, 0x12);
		qmi_put_u8(rq->msg, len);
		qmi_put_bytes(rq->msg, response, len);
		qmi_tlv_end(rq->msg);
	}
	return QMI_OK;
}

/* @ret_found: whether the host named an application */
static enum qmi_error opening_read(struct request *rq, uint8_t fci_type,
				   struct opening *ret_opening, bool *ret_found)
{
	struct opening o = { .fci = 1 };
	enum qmi_error error = qmi_opt_u8(rq->frame, fci_type, &o.fci, NULL);
	struct qmi_value v;

	if (error)
		return error;
	*ret_found = qmi_find(rq->frame, 0x10, &v);
	if (*ret_found) {
		o.aid_len = qmi_get_u8(&v);
		o.aid = qmi_get_bytes(&v, o.aid_len);
		if (v.overrun || v.left)
			return QMI_MALFORMED_MESSAGE;
		if (!o.aid_len || o.aid_len > UICC_AID_LEN)
			return QMI_INVALID_ARGUMENT;
	}
	if (o.fci > 4)
		return QMI_INVALID_ARGUMENT;
	*ret_opening = o;
	return QMI_OK;
}

enum qmi_error uim_open_logical_channel(struct request *rq)
{
	struct opening opening;
	bool found;
	enum qmi_error error = opening_read(rq, 0x11, &opening, &found);

	if (!error)
		error = card_find(rq);
	return error ? error : open_channel(rq, &opening);
}

/* Opens one with an AID, closes the one that it names. */
enum qmi_error uim_logical_channel(struct request *rq)
{
	uint8_t channel, terminate;
	bool opens, closes;
	struct opening opening;
	uint16_t sw;
	enum qmi_error error = opening_read(rq, 0x12, &opening, &opens);

	if (!error)
		error = qmi_opt_u8(rq->frame, 0x11, &channel, &closes);
	/* An application here ends with its channel, asked to or not. */
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x13, &terminate, NULL);
	if (error)
		return error;
	if (opens == closes)
		return opens ? QMI_INVALID_ARGUMENT : QMI_MISSING_ARGUMENT;
	error = card_find(rq);
	if (error)
		return error;
	if (opens)
		return open_channel(rq, &opening);
	sw = close_channel(rq, channel);
	uim_put_card_result(rq, 0x11, sw);
	return sw == CARD_SW_OK ? QMI_OK : QMI_INVALID_ARGUMENT;
}

/*
 * The channel goes into the class; without one the class stays as it came, and
 * a class that has no channels stays so, too.
 */
static enum qmi_error channel_put(const struct request *rq, uint8_t *command)
{
	const struct uicc *card = uicc_active(rq->modem);
	uint8_t channel;
	bool found;
	enum qmi_error error = qmi_opt_u8(rq->frame, 0x10, &channel, &found);

	if (error || !found)
		return error;
	if (channel >= UICC_CHANNELS || !card->channel[channel].open)
		return QMI_INVALID_ARGUMENT;
	if (!(command[0] & 0x60))
		command[0] = (command[0] & ~0x03) | channel;
	return QMI_OK;
}

/*
 * The card's words go to the host as they are, 61xx and 6Cxx as well: what the
 * switch for procedure bytes (0x11) would change does not happen on the way.
 */
enum qmi_error uim_send_apdu(struct request *rq)
{
	uint8_t command[CARD_COMMAND_MAX] = { 0 };
	uint8_t response[CARD_RESPONSE_MAX];
	enum qmi_error error = card_find(rq);
	const uint8_t *apdu;
	struct qmi_value v;
	uint8_t procedure;
	size_t len;

	if (!error)
		error = qmi_need(rq->frame, 0x02, &v);
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x11, &procedure, NULL);
	if (error)
		return error;
	len = qmi_get_u16(&v);
	apdu = qmi_get_bytes(&v, len);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (len > sizeof(command))
		return QMI_ARGUMENT_TOO_LONG;
	memcpy(command, apdu, len);
	error = channel_put(rq, command);
	if (error)
		return error;
	len = card_apdu(uicc_active(rq->modem), command, len, response);
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u16(rq->msg, len);
	qmi_put_bytes(rq->msg, response, len);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}
