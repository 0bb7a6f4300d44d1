// SPDX-License-Identifier: GPL-2.0-or-later
/* Device management: identity, operating mode, the legacy PIN messages. */
#include <string.h>

#include <glib.h>

#include "firmware.h"
#include "pin-message.h"

#define GPS_EPOCH_UNIX_MS	315964800000LL
#define DOUBLED_IMEI		"490154203237518"

void dms_init(struct modem *modem)
{
	struct dms_state *dms = &modem->dms;

	dms->reboot_ms = 5000;
	g_strlcpy(dms->hardware, "10000", sizeof(dms->hardware));
	g_strlcpy(dms->software, modem->config.revision,
		  sizeof(dms->software));
}

bool dms_radio_is_on(const struct modem *modem)
{
	return modem->dms.mode == DMS_ONLINE;
}

const char *dms_imei(const struct modem *modem)
{
	if (modem_lies(modem, LIE_IMEI_EMPTY))
		return "";
	if (modem_lies(modem, LIE_IMEI_ZERO))
		return "000000000000000";
	if (modem_lies(modem, LIE_IMEI_DOUBLED))
		return DOUBLED_IMEI;
	return modem->config.imei;
}

static enum qmi_error set_event_report(struct request *rq)
{
	struct dms_client *c = &rq->client->dms;
	const struct qmi_flag flags[] = {
		{ 0x12, &c->pin },
		{ 0x14, &c->mode },
		{ 0x15, &c->uim },
		{ 0x16, &c->wireless },
	};

	return qmi_opt_flags(rq->frame, flags, G_N_ELEMENTS(flags));
}

static enum qmi_error get_capabilities(struct request *rq)
{
	static const uint8_t radios[] = { 4, 5, 8, 10 };	/* GSM, UMTS, LTE, NR */
	unsigned int n = G_N_ELEMENTS(radios) - !rq->modem->net.nr;

	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u32(rq->msg, 50000000);
	qmi_put_u32(rq->msg, 150000000);
	qmi_put_u8(rq->msg, 2);		/* data service: PS */
	qmi_put_u8(rq->msg, 2);		/* SIM supported */
	qmi_put_u8(rq->msg, n);
	qmi_put_bytes(rq->msg, radios, n);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static enum qmi_error get_manufacturer(struct request *rq)
{
	qmi_tlv_string(rq->msg, 0x01, rq->modem->config.manufacturer);
	return QMI_OK;
}

static enum qmi_error get_model(struct request *rq)
{
	qmi_tlv_string(rq->msg, 0x01, rq->modem->config.model);
	return QMI_OK;
}

static enum qmi_error get_revision(struct request *rq)
{
	qmi_tlv_string(rq->msg, 0x01, rq->modem->config.revision);
	return QMI_OK;
}

static enum qmi_error get_hardware_revision(struct request *rq)
{
	qmi_tlv_string(rq->msg, 0x01, rq->modem->dms.hardware);
	return QMI_OK;
}

static enum qmi_error get_software_version(struct request *rq)
{
	qmi_tlv_string(rq->msg, 0x01, rq->modem->dms.software);
	return QMI_OK;
}

static enum qmi_error get_msisdn(struct request *rq)
{
	const struct uicc *card = uicc_active(rq->modem);

	if (!uicc_is_ready(rq->modem))
		return QMI_UIM_UNINITIALIZED;
	if (!card->msisdn[0])
		return QMI_NOT_PROVISIONED;
	qmi_tlv_string(rq->msg, 0x01, card->msisdn);
	return QMI_OK;
}

static enum qmi_error get_ids(struct request *rq)
{
	qmi_tlv_string(rq->msg, 0x10, "0");
	qmi_tlv_string(rq->msg, 0x11, dms_imei(rq->modem));
	qmi_tlv_string(rq->msg, 0x13, "1");
	return QMI_OK;
}

static enum qmi_error get_power_state(struct request *rq)
{
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, 0x01);	/* powered externally */
	qmi_put_u8(rq->msg, 0);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

/* Operating mode */

static bool fill_mode(struct client *client, struct qmi_msg *msg,
		      const void *data)
{
	const struct modem *modem = client->modem;

	(void)data;
	if (client->dms.mode)
		qmi_tlv_u8(msg, 0x14, modem->dms.mode);
	if (client->dms.wireless)
		qmi_tlv_u8(msg, 0x16, modem->dms.switched_off);
	return client->dms.mode || client->dms.wireless;
}

void dms_mode_changed(struct modem *modem)
{
	modem_indicate(modem, QMI_DMS, 0x0001, fill_mode, NULL);
	modem_event(modem, EVENT_DMS_MODE);
}

void dms_mode_set(struct modem *modem, enum dms_mode mode)
{
	if (modem->dms.mode == mode)
		return;
	modem->dms.mode = mode;
	if (!dms_radio_is_on(modem))
		pdn_end_all(modem, MODEM_PORTS_MAX, PDN_LOW_POWER);
	uicc_radio(modem, dms_radio_is_on(modem));
	dms_mode_changed(modem);
	network_update(modem);
}

static enum qmi_error get_operating_mode(struct request *rq)
{
	const struct dms_state *dms = &rq->modem->dms;

	qmi_tlv_u8(rq->msg, 0x01, dms->mode);
	if (dms->mode == DMS_OFFLINE)
		qmi_tlv_u16(rq->msg, 0x10, 0x0001);	/* host image */
	qmi_tlv_u8(rq->msg, 0x11, dms->switched_off);
	return QMI_OK;
}

/* From offline a modem goes nowhere but through a reset. */
static enum qmi_error mode_check(const struct dms_state *dms, uint8_t mode)
{
	switch (mode) {
	case DMS_ONLINE:
		if (dms->switched_off || (dms->fcc_locked && !dms->fcc_done))
			return QMI_INVALID_TRANSITION;
		break;
	case DMS_RESET:
		return dms->mode == DMS_OFFLINE && !dms->refuse_reset ?
			       QMI_OK : QMI_INVALID_TRANSITION;
	case DMS_FACTORY_TEST:
	case DMS_LOW_POWER:
	case DMS_OFFLINE:
	case DMS_PERSISTENT_LOW_POWER:
	case DMS_MODE_ONLY_LOW_POWER:
		break;
	case DMS_SHUTDOWN:
		return QMI_OK;
	default:
		return QMI_INVALID_ARGUMENT;
	}
	if (dms->mode == DMS_OFFLINE && mode != DMS_OFFLINE)
		return QMI_INVALID_TRANSITION;
	return QMI_OK;
}

/* The answer leaves before the bus does. */
static gboolean reboot_soon(gpointer data)
{
	struct modem *modem = data;

	modem->dms.reboot_timer = 0;
	modem_reboot(modem, modem->dms.reboot_ms);
	return G_SOURCE_REMOVE;
}

static enum qmi_error set_operating_mode(struct request *rq)
{
	struct dms_state *dms = &rq->modem->dms;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	bool persistent;
	uint8_t mode;

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	mode = qmi_get_u8(&v);
	error = mode_check(dms, mode);
	if (error || modem_lies(rq->modem, LIE_SET_IGNORED))
		return error;
	if (mode == DMS_RESET || mode == DMS_SHUTDOWN) {
		if (!dms->reboot_timer)
			dms->reboot_timer = g_timeout_add(100, reboot_soon,
							  rq->modem);
		return QMI_OK;
	}
	persistent = mode == DMS_PERSISTENT_LOW_POWER;
	if (dms->persistent_low_power != persistent) {
		dms->persistent_low_power = persistent;
		modem_nv_write(rq->modem);
	}
	dms_mode_set(rq->modem, mode);
	return QMI_OK;
}

static enum qmi_error set_fcc_authentication(struct request *rq)
{
	if (rq->modem->dms.fcc_foreign)
		return QMI_INVALID_QMI_COMMAND;
	if (!rq->modem->dms.fcc_locked)
		return QMI_NO_EFFECT;
	rq->modem->dms.fcc_done = true;
	return QMI_OK;
}

/* Time and bands */

static enum qmi_error get_time(struct request *rq)
{
	int64_t ms = g_get_real_time() / 1000 - GPS_EPOCH_UNIX_MS +
		     rq->modem->dms.time_offset_ms;
	uint64_t ticks = (uint64_t)ms * 4 / 5;	/* units of 1.25 ms */

	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u32(rq->msg, ticks);
	qmi_put_u16(rq->msg, ticks >> 32);
	qmi_put_u16(rq->msg, 0);
	qmi_tlv_end(rq->msg);
	qmi_tlv_u64(rq->msg, 0x10, ms);
	qmi_tlv_u64(rq->msg, 0x11, ms);
	return QMI_OK;
}

static enum qmi_error set_time(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	int64_t wanted;

	if (error)
		return error;
	if (v.left != 8)
		return QMI_MALFORMED_MESSAGE;
	wanted = qmi_get_u64(&v);
	rq->modem->dms.time_offset_ms = wanted + GPS_EPOCH_UNIX_MS -
					g_get_real_time() / 1000;
	return QMI_OK;
}

static void put_band_list(struct qmi_msg *msg, uint8_t type,
			  const uint16_t *bands, unsigned int n)
{
	unsigned int i;

	qmi_tlv_begin(msg, type);
	qmi_put_u16(msg, n);
	for (i = 0; i < n; i++)
		qmi_put_u16(msg, bands[i]);
	qmi_tlv_end(msg);
}

static enum qmi_error get_band_capabilities(struct request *rq)
{
	static const uint16_t lte[] = { 1, 3, 7, 8, 20, 28 };
	uint64_t mask = 0;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(lte); i++)
		mask |= 1ull << (lte[i] - 1);
	/* GSM 900 and 1800, WCDMA 2100 and 900 */
	qmi_tlv_u64(rq->msg, 0x01, 1ull << 7 | 1ull << 8 | 1ull << 22 |
				   1ull << 49);
	qmi_tlv_u64(rq->msg, 0x10, mask);
	put_band_list(rq->msg, 0x12, lte, G_N_ELEMENTS(lte));
	if (rq->modem->net.nr)
		put_band_list(rq->msg, 0x13, net_nr_bands, NET_NR_BANDS);
	return QMI_OK;
}

/* The card by way of DMS, as before UIM existed */

static enum qmi_error card_check(struct modem *modem)
{
	const struct uicc *card = uicc_active(modem);

	if (uicc_card_state(card) != UICC_CARD_PRESENT)
		return QMI_UIM_UNINITIALIZED;
	if (card->app == UICC_APP_UNKNOWN || card->app == UICC_APP_DETECTED)
		return QMI_UIM_UNINITIALIZED;
	return QMI_OK;
}

static enum qmi_error pin_find(const struct request *rq, struct qmi_value *ret_value)
{
	return qmi_need(rq->frame, 0x01, ret_value);
}

const struct pin_service dms_pins = {
	.find = pin_find,
	.usable = card_check,
};

static void put_pin_status(struct modem *modem, struct qmi_msg *msg)
{
	qmi_tlv_begin(msg, 0x11);
	qmi_put_u8(msg, uicc_pin_state(uicc_active(modem)));
	qmi_put_u8(msg, uicc_pin_tries(modem));
	qmi_put_u8(msg, uicc_puk_tries(modem));
	qmi_tlv_end(msg);
}

static enum qmi_error uim_get_pin_status(struct request *rq)
{
	enum qmi_error error = card_check(rq->modem);

	if (error)
		return error;
	put_pin_status(rq->modem, rq->msg);
	qmi_tlv_begin(rq->msg, 0x12);
	qmi_put_u8(rq->msg, UICC_PIN_NOT_VERIFIED);
	qmi_put_u8(rq->msg, UICC_PIN_TRIES);
	qmi_put_u8(rq->msg, UICC_PUK_TRIES);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static enum qmi_error uim_get_iccid(struct request *rq)
{
	enum qmi_error error = card_check(rq->modem);

	if (error)
		return error;
	qmi_tlv_string(rq->msg, 0x01, uicc_active(rq->modem)->iccid);
	return QMI_OK;
}

static enum qmi_error uim_get_imsi(struct request *rq)
{
	if (!uicc_is_ready(rq->modem))
		return QMI_UIM_UNINITIALIZED;
	qmi_tlv_string(rq->msg, 0x01, uicc_active(rq->modem)->imsi);
	return QMI_OK;
}

/* DMS UIM states */
static uint8_t uim_state(struct modem *modem)
{
	const struct uicc *card = uicc_active(modem);

	if (uicc_card_state(card) == UICC_CARD_ABSENT)
		return 0x02;
	if (card->app == UICC_APP_READY)
		return 0x00;
	if (card->app == UICC_APP_UNKNOWN || card->app == UICC_APP_DETECTED)
		return 0xff;
	return 0x01;
}

static enum qmi_error uim_get_state(struct request *rq)
{
	qmi_tlv_u8(rq->msg, 0x01, uim_state(rq->modem));
	return QMI_OK;
}

static bool fill_sim(struct client *client, struct qmi_msg *msg,
		     const void *data)
{
	(void)data;
	if (client->dms.pin)
		put_pin_status(client->modem, msg);
	if (client->dms.uim)
		qmi_tlv_u8(msg, 0x15, uim_state(client->modem));
	return client->dms.pin || client->dms.uim;
}

void dms_sim_changed(struct modem *modem)
{
	modem_indicate(modem, QMI_DMS, 0x0001, fill_sim, NULL);
}

/* No personalisation lock on any facility */
static enum qmi_error uim_get_ck_status(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v) > 4)
		return QMI_INVALID_ARGUMENT;
	error = card_check(rq->modem);
	if (error)
		return error;
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, 0);
	qmi_put_u8(rq->msg, 10);
	qmi_put_u8(rq->msg, 10);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static enum qmi_error reset(struct request *rq)
{
	rq->client->dms = (struct dms_client) { 0 };
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0000, "reset", reset },
	{ 0x0001, "set-event-report", set_event_report },
	{ 0x0020, "get-capabilities", get_capabilities },
	{ 0x0021, "get-manufacturer", get_manufacturer },
	{ 0x0022, "get-model", get_model },
	{ 0x0023, "get-revision", get_revision },
	{ 0x0024, "get-msisdn", get_msisdn },
	{ 0x0025, "get-ids", get_ids },
	{ 0x0026, "get-power-state", get_power_state },
	{ 0x0027, "uim-set-pin-protection", pin_protect },
	{ 0x0028, "uim-verify-pin", pin_verify },
	{ 0x0029, "uim-unblock-pin", pin_unblock },
	{ 0x002a, "uim-change-pin", pin_change },
	{ 0x002b, "uim-get-pin-status", uim_get_pin_status },
	{ 0x002c, "get-hardware-revision", get_hardware_revision },
	{ 0x002d, "get-operating-mode", get_operating_mode },
	{ 0x002e, "set-operating-mode", set_operating_mode },
	{ 0x002f, "get-time", get_time },
	{ 0x003c, "uim-get-iccid", uim_get_iccid },
	{ 0x0040, "uim-get-ck-status", uim_get_ck_status },
	{ 0x0043, "uim-get-imsi", uim_get_imsi },
	{ 0x0044, "uim-get-state", uim_get_state },
	{ 0x0045, "get-band-capabilities", get_band_capabilities },
	{ 0x004b, "set-time", set_time },
	{ 0x0051, "get-software-version", get_software_version },
	{ 0x555f, "set-fcc-authentication", set_fcc_authentication },
};

const struct service svc_dms = {
	.id = QMI_DMS,
	.name = "dms",
	.major = 1,
	.minor = 14,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
