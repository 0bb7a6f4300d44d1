// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the device management service. */
#include <errno.h>
#include <string.h>

#include "dms.h"
#include "nas.h"
#include "qmi-tlv.h"

#define GET_CAPABILITIES	0x0020
#define GET_MANUFACTURER	0x0021
#define GET_MODEL		0x0022
#define GET_REVISION		0x0023
#define GET_MSISDN		0x0024
#define GET_IDS			0x0025
#define GET_HARDWARE_REVISION	0x002c
#define GET_OPERATING_MODE	0x002d
#define SET_EVENT_REPORT	0x0001
#define SET_OPERATING_MODE	0x002e
#define GET_BAND_CAPABILITIES	0x0045
#define GET_SOFTWARE_VERSION	0x0051
#define SET_FCC_AUTHENTICATION	0x555f

#define INVALID_TRANSITION	60	/* QMI error */

#define RADIO_INTERFACE_NR	10

/* Some modems take long over a change of mode. */
#define SET_MODE_TIMEOUT_MS	20000

int dms_imei_parse(QmiMessage *answer, char *ret_imei, size_t size)
{
	return tlv_get_string(answer, 0x11, ret_imei, size) ? 0 : -EBADMSG;
}

int dms_operating_parse(QmiMessage *answer, struct dms_operating *ret)
{
	uint8_t restricted;

	if (!tlv_get_u8(answer, 0x01, &ret->mode))
		return -EBADMSG;
	ret->knows_restricted = tlv_get_u8(answer, 0x11, &restricted);
	ret->hardware_restricted = ret->knows_restricted && restricted;
	return 0;
}

bool dms_imei_is_valid(const char *imei)
{
	size_t len = strspn(imei, "0123456789");

	return !imei[len] && len >= 14 && len <= 16 &&
	       strspn(imei, "0") < len;
}

int dms_imei_get(struct m2m_client *dms, char *ret_imei, size_t size,
		 struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(dms, qmi_request(QMI_DMS, GET_IDS),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && dms_imei_parse(answer, ret_imei, size))
		err = m2m_error_set(error, -EBADMSG, "the modem has no IMEI");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

/* A request whose answer is one string; "" unless the modem is mute */
static int get_string(struct m2m_client *dms, uint16_t msgid, char *ret,
		      size_t size, struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	ret[0] = '\0';
	err = m2m_client_call(dms, qmi_request(QMI_DMS, msgid), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err)
		tlv_get_string(answer, 0x01, ret, size);
	if (answer)
		err = 0;
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int dms_identity_get(struct m2m_client *dms, struct dms_identity *ret,
		     struct m2m_error *error)
{
	struct m2m_error ignored;
	int err;

	err = get_string(dms, GET_MANUFACTURER, ret->manufacturer,
			 sizeof(ret->manufacturer), error);
	if (!err)
		err = get_string(dms, GET_MODEL, ret->model, sizeof(ret->model),
				 error);
	if (!err)
		err = get_string(dms, GET_REVISION, ret->revision,
				 sizeof(ret->revision), error);
	if (!err && dms_imei_get(dms, ret->imei, sizeof(ret->imei), &ignored))
		ret->imei[0] = '\0';
	return err;
}

int dms_msisdn_get(struct m2m_client *dms, char *ret, size_t size,
		   struct m2m_error *error)
{
	return get_string(dms, GET_MSISDN, ret, size, error);
}

int dms_versions_get(struct m2m_client *dms, struct dms_versions *ret,
		     struct m2m_error *error)
{
	int err;

	err = get_string(dms, GET_HARDWARE_REVISION, ret->hardware,
			 sizeof(ret->hardware), error);
	return err ? err : get_string(dms, GET_SOFTWARE_VERSION, ret->software,
				      sizeof(ret->software), error);
}

int dms_capabilities_parse(QmiMessage *answer, struct dms_capabilities *ret)
{
	struct tlv tlv;
	unsigned int n;

	memset(ret, 0, sizeof(*ret));
	tlv_find(answer, 0x01, &tlv);
	ret->max_tx_bps = tlv_u32(&tlv);
	ret->max_rx_bps = tlv_u32(&tlv);
	tlv_bytes(&tlv, 2);		/* data service, SIM */
	for (n = tlv_u8(&tlv); n && !tlv.bad; n--) {
		int8_t radio = tlv_u8(&tlv);

		/* for 5G alone NAS has another number */
		if (radio == RADIO_INTERFACE_NR)
			radio = NAS_RADIO_NR;
		if (!tlv.bad && ret->n_radios < DMS_RADIOS_MAX)
			ret->radios[ret->n_radios++] = radio;
	}
	return tlv.bad ? -EBADMSG : 0;
}

int dms_capabilities_get(struct m2m_client *dms, struct dms_capabilities *ret,
			 struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(dms, qmi_request(QMI_DMS, GET_CAPABILITIES),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && dms_capabilities_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem does not tell what it can");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int dms_operating_get(struct m2m_client *dms, struct dms_operating *ret,
		      struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(dms, qmi_request(QMI_DMS, GET_OPERATING_MODE),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && dms_operating_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's answer lacks the mode");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int dms_operating_set(struct m2m_client *dms, enum dms_mode mode,
		      struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_DMS, SET_OPERATING_MODE);

	tlv_put_u8(request, 0x01, mode);
	return m2m_client_call(dms, request, SET_MODE_TIMEOUT_MS, NULL, error);
}

int dms_events_on(struct m2m_client *dms, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_DMS, SET_EVENT_REPORT);

	tlv_put_u8(request, 0x14, 1);
	return m2m_client_call(dms, request, QMI_TIMEOUT_MS, NULL, error);
}

/* A list of band numbers into a mask of so many words; false without a whole list */
static bool band_list(QmiMessage *answer, uint8_t type, uint64_t *masks, unsigned int words)
{
	struct tlv tlv;
	unsigned int n;

	tlv_find(answer, type, &tlv);
	for (n = tlv_u16(&tlv); n && !tlv.bad; n--) {
		unsigned int band = tlv_u16(&tlv);

		if (!tlv.bad && band && band <= 64 * words)
			masks[(band - 1) / 64] |= 1ull << (band - 1) % 64;
	}
	return !tlv.bad;
}

int dms_bands_parse(QmiMessage *answer, struct dms_bands *ret)
{
	struct tlv tlv;
	bool has_lte;

	memset(ret, 0, sizeof(*ret));
	tlv_find(answer, 0x10, &tlv);
	ret->lte[0] = tlv_u64(&tlv);
	has_lte = !tlv.bad;
	has_lte |= band_list(answer, 0x12, ret->lte, 4);
	ret->has_nr = band_list(answer, 0x13, ret->nr, 8);
	return has_lte || ret->has_nr ? 0 : -EBADMSG;
}

int dms_bands_get(struct m2m_client *dms, struct dms_bands *ret,
		  struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(dms, qmi_request(QMI_DMS, GET_BAND_CAPABILITIES),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && dms_bands_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem does not tell which bands it has");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

enum dms_radio dms_radio_of(const struct dms_operating *operating)
{
	static const uint8_t radios[] = {
		[DMS_ONLINE] = DMS_RADIO_ON,
		[DMS_LOW_POWER] = DMS_RADIO_OFF,
		[DMS_FACTORY_TEST] = DMS_RADIO_OFFLINE,
		[DMS_OFFLINE] = DMS_RADIO_OFFLINE,
		[DMS_RESET] = DMS_RADIO_OFFLINE,
		[DMS_SHUTTING_DOWN] = DMS_RADIO_OFFLINE,
		[DMS_PERSISTENT_LOW_POWER] = DMS_RADIO_OFF,
		[DMS_MODE_ONLY_LOW_POWER] = DMS_RADIO_OFF,
	};

	if (operating->hardware_restricted || operating->mode >= G_N_ELEMENTS(radios))
		return DMS_RADIO_LOCKED;
	return radios[operating->mode];
}

/*
 * Modules that were sold in a laptop stay in low power until they are told that they are
 * in one ("FCC authentication"). Whether that helped, the second try says.
 */
int dms_online(struct m2m_client *dms, struct m2m_error *error)
{
	struct m2m_error why, ignored;
	int err;

	err = dms_operating_set(dms, DMS_ONLINE, &why);
	if (err && why.qmi == INVALID_TRANSITION) {
		m2m_client_call(dms, qmi_request(QMI_DMS, SET_FCC_AUTHENTICATION),
				QMI_TIMEOUT_MS, NULL, &ignored);
		err = dms_operating_set(dms, DMS_ONLINE, &why);
	}
	if (err && why.qmi == INVALID_TRANSITION)
		return m2m_error_set(error, -ENETDOWN,
				     "a lock of the modem's maker keeps the radio off");
	return err ? m2m_error_copy(error, &why) : 0;
}

/*
 * Firmware takes a reset only from offline. It may be there already, and say that there
 * was nothing to do; once it is, nothing but a reset leads out.
 */
int dms_reset(struct m2m_client *dms, struct m2m_error *error)
{
	struct m2m_error ignored;

	dms_operating_set(dms, DMS_OFFLINE, &ignored);
	return dms_operating_set(dms, DMS_RESET, error);
}
