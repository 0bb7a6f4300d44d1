// SPDX-License-Identifier: GPL-2.0-or-later
/* User identity module: cards, slots, PINs and files as QMI shows them. */
#include <string.h>

#include <glib.h>

#include "pin-message.h"
#include "uim.h"

#define EVENT_CARD_STATUS	0x0001
#define EVENT_EXTENDED_STATUS	0x0004
#define EVENT_SLOT_STATUS	0x0010

#define NO_SESSION		0xffff
#define APP_USIM		2

#define REFRESH_START		1
#define REFRESH_END		2
#define REFRESH_INIT_FULL_FCN	4

static const uint8_t atr[] = {
	0x3b, 0x9f, 0x96, 0x80, 0x1f, 0xc7, 0x80, 0x31,
	0xe0, 0x73, 0xfe, 0x21, 0x1b, 0x63, 0x3a, 0x20,
};

/* The pieces many requests begin with */

enum qmi_error uim_session_read(const struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	const uint8_t *app;
	uint8_t type, len;

	if (error)
		return error;
	type = qmi_get_u8(&v);
	len = qmi_get_u8(&v);
	app = qmi_get_bytes(&v, len);
	if (v.overrun)
		return QMI_MALFORMED_MESSAGE;
	/* Primary GW provisioning, nonprovisioning or card in slot 1 */
	if (type != 0 && type != 4 && type != 6)
		return QMI_INVALID_SESSION_TYPE;
	if (type == 4 && (len > sizeof(uicc_aid) || memcmp(app, uicc_aid, len)))
		return QMI_INVALID_ARGUMENT;
	return QMI_OK;
}

enum qmi_error uim_card_usable(struct modem *modem)
{
	const struct uicc *card = uicc_active(modem);

	if (uicc_card_state(card) != UICC_CARD_PRESENT)
		return QMI_NO_SIM;
	if (card->app == UICC_APP_UNKNOWN || card->app == UICC_APP_DETECTED)
		return QMI_DEVICE_NOT_READY;
	return QMI_OK;
}

void uim_put_card_result(struct request *rq, uint8_t type, uint16_t sw)
{
	qmi_tlv_begin(rq->msg, type);
	qmi_put_u8(rq->msg, sw >> 8);
	qmi_put_u8(rq->msg, sw);
	qmi_tlv_end(rq->msg);
}

/* PINs */

static enum qmi_error pin_find(const struct request *rq, struct qmi_value *ret_value)
{
	enum qmi_error error = uim_session_read(rq);

	return error ? error : qmi_need(rq->frame, 0x02, ret_value);
}

static void pin_put_result(struct request *rq, enum qmi_error error)
{
	if (!error)
		uim_put_card_result(rq, 0x13, 0x9000);
	else if (error == QMI_INCORRECT_PIN)
		uim_put_card_result(rq, 0x13, 0x63c0 | uicc_active(rq->modem)->pin_tries);
	else if (error == QMI_PIN_BLOCKED || error == QMI_PIN_ALWAYS_BLOCKED)
		uim_put_card_result(rq, 0x13, 0x6983);
}

const struct pin_service uim_pins = {
	.find = pin_find,
	.usable = uim_card_usable,
	.put_result = pin_put_result,
};

/* Card status */

static void put_app(struct modem *modem, struct qmi_msg *msg)
{
	const struct uicc *card = uicc_active(modem);
	bool checking = card->app == UICC_APP_PERSO;

	qmi_put_u8(msg, APP_USIM);
	qmi_put_u8(msg, card->app);
	qmi_put_u8(msg, checking ? 1 : card->app == UICC_APP_READY ? 2 : 0);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, sizeof(uicc_aid));
	qmi_put_bytes(msg, uicc_aid, sizeof(uicc_aid));
	qmi_put_u8(msg, 0);		/* UPIN does not replace PIN1 */
	qmi_put_u8(msg, uicc_pin_state(card));
	qmi_put_u8(msg, uicc_pin_tries(modem));
	qmi_put_u8(msg, uicc_puk_tries(modem));
	qmi_put_u8(msg, UICC_PIN_NOT_VERIFIED);
	qmi_put_u8(msg, UICC_PIN_TRIES);
	qmi_put_u8(msg, UICC_PUK_TRIES);
}

static void put_card_status(struct modem *modem, struct qmi_msg *msg)
{
	const struct uicc *card = uicc_active(modem);
	enum uicc_card_state state = uicc_card_state(card);
	bool there = state == UICC_CARD_PRESENT;

	if (state == UICC_CARD_ABSENT && modem->sim.empty_status)
		return;
	qmi_tlv_begin(msg, 0x10);
	qmi_put_u16(msg, there && card->session ? 0 : NO_SESSION);
	qmi_put_u16(msg, NO_SESSION);
	qmi_put_u16(msg, NO_SESSION);
	qmi_put_u16(msg, NO_SESSION);
	qmi_put_u8(msg, 1);		/* the card of the one logical slot */
	qmi_put_u8(msg, state);
	qmi_put_u8(msg, 0);		/* no UPIN */
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, state == UICC_CARD_ERROR ? 3 : 0);	/* no ATR */
	qmi_put_u8(msg, there);
	if (there)
		put_app(modem, msg);
	qmi_tlv_end(msg);
}

static enum qmi_error get_card_status(struct request *rq)
{
	put_card_status(rq->modem, rq->msg);
	return QMI_OK;
}

static bool fill_card(struct client *client, struct qmi_msg *msg,
		      const void *data)
{
	(void)data;
	put_card_status(client->modem, msg);
	return client->uim.events & (EVENT_CARD_STATUS |
				     EVENT_EXTENDED_STATUS);
}

void uim_card_changed(struct modem *modem)
{
	modem_indicate(modem, QMI_UIM, 0x0032, fill_card, NULL);
}

/* Slots */

static void put_slots(const struct modem *modem, struct qmi_msg *msg)
{
	const struct uicc_slots *sim = &modem->sim;
	unsigned int i;

	qmi_tlv_begin(msg, 0x10);
	qmi_put_u8(msg, sim->n_slots);
	for (i = 0; i < sim->n_slots; i++) {
		const struct uicc *card = &sim->card[i];
		uint8_t iccid[10];
		size_t n = card->present ?
			   uicc_bcd(card->iccid, iccid, sizeof(iccid)) : 0;

		qmi_put_u32(msg, card->present ? 2 : 1);
		qmi_put_u32(msg, i == sim->active && !sim->switch_timer);
		qmi_put_u8(msg, i == sim->active ? 1 : 0);
		qmi_put_u8(msg, n);
		qmi_put_bytes(msg, iccid, n);
	}
	qmi_tlv_end(msg);
	qmi_tlv_begin(msg, 0x11);
	qmi_put_u8(msg, sim->n_slots);
	for (i = 0; i < sim->n_slots; i++) {
		const struct uicc *card = &sim->card[i];

		qmi_put_u32(msg, card->present ? 2 : 0);	/* UICC */
		qmi_put_u8(msg, card->present);
		qmi_put_u8(msg, card->present ? sizeof(atr) : 0);
		qmi_put_bytes(msg, atr, card->present ? sizeof(atr) : 0);
		qmi_put_u8(msg, card->present && card->eid[0]);
	}
	qmi_tlv_end(msg);
	qmi_tlv_begin(msg, 0x12);
	qmi_put_u8(msg, sim->n_slots);
	for (i = 0; i < sim->n_slots; i++) {
		const char *eid = sim->card[i].present ? sim->card[i].eid : "";
		unsigned int j;

		/* Unlike ICCIDs, digits of an EID are not swapped. */
		qmi_put_u8(msg, strlen(eid) / 2);
		for (j = 0; j < strlen(eid) / 2; j++)
			qmi_put_u8(msg, (eid[2 * j] - '0') << 4 |
					(eid[2 * j + 1] - '0'));
	}
	qmi_tlv_end(msg);
}

static enum qmi_error get_slot_status(struct request *rq)
{
	if (rq->modem->sim.n_slots < 2)
		return QMI_NOT_SUPPORTED;
	put_slots(rq->modem, rq->msg);
	return QMI_OK;
}

static bool fill_slots(struct client *client, struct qmi_msg *msg,
		       const void *data)
{
	(void)data;
	put_slots(client->modem, msg);
	return client->uim.events & EVENT_SLOT_STATUS;
}

void uim_slots_changed(struct modem *modem)
{
	if (modem->sim.n_slots > 1)
		modem_indicate(modem, QMI_UIM, 0x0048, fill_slots, NULL);
}

static enum qmi_error switch_slot(struct request *rq)
{
	struct uicc_slots *sim = &rq->modem->sim;
	struct qmi_value logical, physical;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &logical);
	uint32_t slot;

	if (!error)
		error = qmi_need(rq->frame, 0x02, &physical);
	if (error)
		return error;
	if (logical.left != 1 || physical.left != 4)
		return QMI_MALFORMED_MESSAGE;
	slot = qmi_get_u32(&physical);
	if (qmi_get_u8(&logical) != 1 || !slot || slot > sim->n_slots)
		return QMI_INVALID_ARGUMENT;
	if (sim->switch_timer)
		return QMI_DEVICE_IN_USE;
	if (slot - 1 == sim->active)
		return QMI_NO_EFFECT;
	if (modem_lies(rq->modem, LIE_SET_IGNORED))
		return QMI_OK;
	modem_nv_write(rq->modem);
	uicc_switch(rq->modem, slot - 1);
	return QMI_OK;
}

static enum qmi_error uicc_switch_power(struct request *rq, bool on)
{
	struct uicc_slots *sim = &rq->modem->sim;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v) != 1)	/* logical slot */
		return QMI_INVALID_ARGUMENT;
	if (uicc_active(rq->modem)->powered == on)
		return QMI_NO_EFFECT;
	if (!modem_lies(rq->modem, LIE_SET_IGNORED))
		uicc_card_power(rq->modem, sim->active, on);
	return QMI_OK;
}

static enum qmi_error power_off_sim(struct request *rq)
{
	return uicc_switch_power(rq, false);
}

static enum qmi_error power_on_sim(struct request *rq)
{
	return uicc_switch_power(rq, true);
}

static enum qmi_error change_provisioning_session(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t type, len;
	const uint8_t *app;
	bool activate;

	if (error)
		return error;
	type = qmi_get_u8(&v);
	activate = qmi_get_u8(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (type)
		return QMI_INVALID_SESSION_TYPE;
	if (activate) {
		error = qmi_need(rq->frame, 0x10, &v);
		if (error)
			return error;
		qmi_get_u8(&v);
		len = qmi_get_u8(&v);
		app = qmi_get_bytes(&v, len);
		if (v.overrun)
			return QMI_MALFORMED_MESSAGE;
		if (len > sizeof(uicc_aid) || memcmp(app, uicc_aid, len))
			return QMI_INVALID_ARGUMENT;
	}
	if (uicc_card_state(uicc_active(rq->modem)) != UICC_CARD_PRESENT)
		return QMI_NO_SIM;
	if (uicc_active(rq->modem)->session == activate)
		return QMI_NO_EFFECT;
	uicc_session(rq->modem, activate);
	return QMI_OK;
}

static enum qmi_error get_configuration(struct request *rq)
{
	uint32_t mask = UINT32_MAX;
	enum qmi_error error = qmi_opt_u32(rq->frame, 0x10, &mask, NULL);

	if (error)
		return error;
	if (mask & 0x01)
		qmi_tlv_u8(rq->msg, 0x10, !rq->modem->sim.manual_session);
	if (mask & 0x02) {
		qmi_tlv_begin(rq->msg, 0x11);
		qmi_put_u8(rq->msg, 0);	/* no facility is locked */
		qmi_tlv_end(rq->msg);
	}
	if (mask & 0x04)
		qmi_tlv_u8(rq->msg, 0x12, 0);
	return QMI_OK;
}

/* Events and refresh */

static enum qmi_error register_events(struct request *rq)
{
	uint32_t known = EVENT_CARD_STATUS | EVENT_EXTENDED_STATUS;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 4)
		return QMI_MALFORMED_MESSAGE;
	if (rq->modem->sim.n_slots > 1)
		known |= EVENT_SLOT_STATUS;
	rq->client->uim.events = qmi_get_u32(&v) & known;
	qmi_tlv_u32(rq->msg, 0x10, rq->client->uim.events);
	return QMI_OK;
}

static enum qmi_error refresh_register(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = uim_session_read(rq);

	if (!error)
		error = qmi_need(rq->frame, 0x02, &v);
	if (error)
		return error;
	rq->client->uim.refresh = qmi_get_u8(&v);
	return v.overrun ? QMI_MALFORMED_MESSAGE : QMI_OK;
}

static bool fill_refresh(struct client *client, struct qmi_msg *msg,
			 const void *data)
{
	const uint8_t *stage = data;

	qmi_tlv_begin(msg, 0x10);
	qmi_put_u8(msg, *stage);
	qmi_put_u8(msg, REFRESH_INIT_FULL_FCN);
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, 0);
	qmi_put_u16(msg, 0);
	qmi_tlv_end(msg);
	return client->uim.refresh;
}

void uim_refresh(struct modem *modem)
{
	static const uint8_t stage = REFRESH_START;

	modem_indicate(modem, QMI_UIM, 0x0033, fill_refresh, &stage);
}

static enum qmi_error refresh_complete(struct request *rq)
{
	static const uint8_t stage = REFRESH_END;
	struct qmi_value v;
	enum qmi_error error = uim_session_read(rq);

	if (!error)
		error = qmi_need(rq->frame, 0x02, &v);
	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (!rq->client->uim.refresh)
		return QMI_INVALID_OPERATION;
	if (qmi_get_u8(&v))
		modem_indicate(rq->modem, QMI_UIM, 0x0033, fill_refresh,
			       &stage);
	return QMI_OK;
}

static enum qmi_error reset(struct request *rq)
{
	rq->client->uim = (struct uim_client) { 0 };
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0000, "reset", reset },
	{ 0x0020, "read-transparent", uim_read_transparent },
	{ 0x0021, "read-record", uim_read_record },
	{ 0x0023, "write-record", uim_write_record },
	{ 0x0024, "get-file-attributes", uim_get_file_attributes },
	{ 0x0025, "set-pin-protection", pin_protect },
	{ 0x0026, "verify-pin", pin_verify },
	{ 0x0027, "unblock-pin", pin_unblock },
	{ 0x0028, "change-pin", pin_change },
	{ 0x002a, "refresh-register", refresh_register },
	{ 0x002c, "refresh-complete", refresh_complete },
	{ 0x002e, "register-events", register_events },
	{ 0x002f, "get-card-status", get_card_status },
	{ 0x0030, "power-off-sim", power_off_sim },
	{ 0x0031, "power-on-sim", power_on_sim },
	{ 0x0038, "change-provisioning-session", change_provisioning_session },
	{ 0x003a, "get-configuration", get_configuration },
	{ 0x003b, "send-apdu", uim_send_apdu },
	{ 0x003f, "logical-channel", uim_logical_channel },
	{ 0x0042, "open-logical-channel", uim_open_logical_channel },
	{ 0x0044, "refresh-register-all", refresh_register },
	{ 0x0046, "switch-slot", switch_slot },
	{ 0x0047, "get-slot-status", get_slot_status },
};

const struct service svc_uim = {
	.id = QMI_UIM,
	.name = "uim",
	.major = 1,
	.minor = 36,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
