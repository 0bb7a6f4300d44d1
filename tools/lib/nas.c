// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the network access service. */
#include <errno.h>
#include <string.h>

#include "nas.h"
#include "qmi-tlv.h"

#define REGISTER_INDICATIONS	0x0003
#define GET_SYSTEM_INFO		0x004d
#define GET_SIGNAL_INFO		0x004f

/* What Get Signal Info says where it has no value */
#define NO_SIGNAL_DBM		-125
#define NO_SIGNAL_RSRP		-32768

/* Registered radios in a list of them; the last is the best the modem names */
static int best_radio(struct tlv *tlv, unsigned int n)
{
	int best = NAS_RADIO_NONE;

	while (n-- && !tlv->bad) {
		int8_t radio = tlv_u8(tlv);

		if (radio > best)
			best = radio;
	}
	return best;
}

int nas_serving_parse(QmiMessage *message, struct nas_serving *ret)
{
	/* the indication's ids are shifted by one */
	uint8_t shift = qmi_message_is_indication(message);
	uint8_t roaming;
	struct tlv tlv;
	size_t len;

	memset(ret, 0, sizeof(*ret));
	tlv_find(message, 0x01, &tlv);
	ret->registration = tlv_u8(&tlv);
	ret->cs = tlv_u8(&tlv);
	ret->ps = tlv_u8(&tlv);
	tlv_u8(&tlv);			/* selected network: always 3GPP here */
	ret->radio = best_radio(&tlv, tlv_u8(&tlv));
	if (tlv.bad)
		return -EBADMSG;

	if (tlv_get_u8(message, 0x10, &roaming))
		ret->roaming = roaming == 0;
	if (tlv_find(message, 0x12, &tlv)) {
		ret->mcc = tlv_u16(&tlv);
		ret->mnc = tlv_u16(&tlv);
		len = tlv_u8(&tlv);
		ret->has_plmn = !tlv.bad && ret->mcc;
		tlv_string(&tlv, len, ret->operator_name,
			   sizeof(ret->operator_name));
	}
	ret->has_cell = tlv_get_u32(message, 0x1d + shift, &ret->cell);
	ret->has_tac = tlv_get_u16(message, 0x24 + shift, &ret->tac);
	return 0;
}

/* LTE and NR info; each value has a byte before it that says whether it counts */
static void parse_info(struct tlv *tlv, struct nas_system *ret)
{
	uint8_t domain, valid;

	valid = tlv_u8(tlv);
	domain = tlv_u8(tlv);
	ret->domain = valid ? domain : -1;
	tlv_bytes(tlv, 2 * 2);		/* service capability, roaming */
	valid = tlv_u8(tlv);
	ret->forbidden = tlv_u8(tlv) && valid;
	tlv_bytes(tlv, 3);		/* LAC */
	ret->has_cell = tlv_u8(tlv);
	ret->cell = tlv_u32(tlv);
	valid = tlv_u8(tlv);
	tlv_u8(tlv);			/* domain of the reject */
	ret->reject_cause = tlv_u8(tlv);
	ret->has_reject = valid && ret->reject_cause;
	tlv_bytes(tlv, 1 + 3 + 3);	/* MCC and MNC */
	ret->has_tac = tlv_u8(tlv);
	ret->tac = tlv_u16(tlv);
	if (tlv->bad) {
		ret->domain = -1;
		ret->forbidden = false;
		ret->has_cell = false;
		ret->has_reject = false;
		ret->has_tac = false;
	}
}

int nas_system_parse(QmiMessage *message, struct nas_system *ret)
{
	/* status of GSM, WCDMA, LTE, and NR (whose indication differs) */
	const uint8_t types[] = {
		0x12, 0x13, 0x14,
		qmi_message_is_indication(message) ? 0x4c : 0x4a,
	};
	struct tlv tlv;
	uint8_t service;

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < sizeof(types); i++) {
		if (!tlv_get_u8(message, types[i], &service))
			continue;
		ret->has_status = true;
		if (service > ret->service)
			ret->service = service;
	}
	ret->domain = -1;
	if (tlv_find(message, 0x19, &tlv) ||
	    tlv_find(message, qmi_message_is_indication(message) ? 0x4d : 0x4b, &tlv))
		parse_info(&tlv, ret);
	return ret->has_status ? 0 : -EBADMSG;
}

static int known(int value, int nothing)
{
	return value == nothing ? NAS_UNKNOWN : value;
}

static void parse_lte_signal(struct tlv *tlv, struct nas_signal *ret)
{
	int rssi = (int8_t)tlv_u8(tlv);
	int rsrq = (int8_t)tlv_u8(tlv);
	int rsrp = (int16_t)tlv_u16(tlv);
	int snr = (int16_t)tlv_u16(tlv);

	if (tlv->bad)
		return;
	ret->lte_rssi_dbm = known(rssi, NO_SIGNAL_DBM);
	ret->lte_rsrq_db = rsrq;
	ret->lte_rsrp_dbm = known(rsrp, NO_SIGNAL_RSRP);
	ret->lte_snr_tenth_db = known(snr, NO_SIGNAL_RSRP);
}

static void parse_nr_signal(struct tlv *tlv, struct nas_signal *ret)
{
	int rsrp = (int16_t)tlv_u16(tlv);
	int snr = (int16_t)tlv_u16(tlv);

	if (tlv->bad)
		return;
	ret->nr_rsrp_dbm = known(rsrp, NO_SIGNAL_RSRP);
	ret->nr_snr_tenth_db = known(snr, NO_SIGNAL_RSRP);
}

int nas_signal_parse(QmiMessage *message, struct nas_signal *ret)
{
	uint16_t rsrq;
	struct tlv tlv;
	uint8_t rssi;
	int ecio;

	*ret = (struct nas_signal) {
		NAS_UNKNOWN, NAS_UNKNOWN, NAS_UNKNOWN, NAS_UNKNOWN, NAS_UNKNOWN,
		NAS_UNKNOWN, NAS_UNKNOWN, NAS_UNKNOWN, NAS_UNKNOWN, NAS_UNKNOWN,
	};
	if (tlv_get_u8(message, 0x12, &rssi))
		ret->gsm_rssi_dbm = known((int8_t)rssi, NO_SIGNAL_DBM);
	if (tlv_find(message, 0x13, &tlv)) {
		rssi = tlv_u8(&tlv);
		ecio = (int16_t)tlv_u16(&tlv);
		if (!tlv.bad) {
			ret->umts_rssi_dbm = known((int8_t)rssi, NO_SIGNAL_DBM);
			ret->umts_ecio_db = -ecio / 2;
		}
	}
	if (tlv_find(message, 0x14, &tlv))
		parse_lte_signal(&tlv, ret);
	if (tlv_find(message, 0x17, &tlv))
		parse_nr_signal(&tlv, ret);
	if (tlv_get_u16(message, 0x18, &rsrq))
		ret->nr_rsrq_db = known((int16_t)rsrq, NO_SIGNAL_RSRP);
	return 0;
}

int nas_reject_parse(QmiMessage *message, struct nas_reject *ret)
{
	if (!tlv_get_u8(message, 0x02, &ret->domain) ||
	    !tlv_get_u8(message, 0x03, &ret->cause))
		return -EBADMSG;
	return 0;
}

int nas_serving_get(struct m2m_client *nas, struct nas_serving *ret,
		    struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, qmi_request(QMI_NAS, NAS_SERVING_SYSTEM),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && nas_serving_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's serving system is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int nas_system_get(struct m2m_client *nas, struct nas_system *ret,
		   struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, qmi_request(QMI_NAS, GET_SYSTEM_INFO),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && nas_system_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's system info is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int nas_signal_get(struct m2m_client *nas, struct nas_signal *ret,
		   struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, qmi_request(QMI_NAS, GET_SIGNAL_INFO),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err)
		err = nas_signal_parse(answer, ret);
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int nas_indications_on(struct m2m_client *nas, struct m2m_error *error)
{
	static const uint8_t reject[] = { 1, 0 };
	QmiMessage *request;
	int err;

	request = qmi_request(QMI_NAS, REGISTER_INDICATIONS);
	tlv_put_u8(request, 0x13, 1);	/* serving system */
	tlv_put_u8(request, 0x18, 1);	/* system info */
	tlv_put_u8(request, 0x19, 1);	/* signal info */
	tlv_put(request, 0x21, reject, sizeof(reject));
	err = m2m_client_call(nas, request, QMI_TIMEOUT_MS, NULL, error);
	if (!err || !error->qmi)
		return err;
	/* older firmware refuses all for the sake of what it does not know */
	request = qmi_request(QMI_NAS, REGISTER_INDICATIONS);
	tlv_put_u8(request, 0x13, 1);
	return m2m_client_call(nas, request, QMI_TIMEOUT_MS, NULL, error);
}
