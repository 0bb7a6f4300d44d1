// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the network access service. */
#include <errno.h>
#include <string.h>

#include "nas.h"
#include "qmi-tlv.h"

#define REGISTER_INDICATIONS	0x0003
#define GET_SYSTEM_INFO		0x004d
#define GET_SIGNAL_INFO		0x004f
#define CONFIG_SIGNAL_INFO	0x0050
#define CONFIG_SIGNAL_INFO_V2	0x006c

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

	ret->has_roaming = tlv_get_u8(message, 0x10, &roaming);
	ret->roaming = ret->has_roaming && roaming == 0;
	if (tlv_find(message, 0x12, &tlv)) {
		ret->mcc = tlv_u16(&tlv);
		ret->mnc = tlv_u16(&tlv);
		len = tlv_u8(&tlv);
		ret->has_plmn = !tlv.bad && ret->mcc;
		tlv_string(&tlv, len, ret->operator_name,
			   sizeof(ret->operator_name));
	}
	if (tlv_find(message, shift ? 0x29 : 0x27, &tlv)) {
		tlv_bytes(&tlv, 2 * 2);	/* MCC and MNC */
		ret->mnc3 = tlv_u8(&tlv);
		ret->has_mnc3 = !tlv.bad;
	}
	ret->has_cell = tlv_get_u32(message, 0x1d + shift, &ret->cell);
	ret->has_tac = tlv_get_u16(message, 0x24 + shift, &ret->tac);
	return 0;
}

/*
 * Info of one technology; each value has a byte before it that says whether it counts. Up
 * to the reject all are alike.
 */
static void parse_info(struct tlv *tlv, bool has_tac, struct nas_system *ret)
{
	struct nas_system info = { .has_status = ret->has_status, .service = ret->service };
	uint8_t domain, valid;

	valid = tlv_u8(tlv);
	domain = tlv_u8(tlv);
	info.domain = valid ? domain : -1;
	tlv_bytes(tlv, 2 * 2);		/* service capability, roaming */
	info.has_forbidden = tlv_u8(tlv);
	info.forbidden = tlv_u8(tlv) && info.has_forbidden;
	tlv_bytes(tlv, 3);		/* LAC */
	info.has_cell = tlv_u8(tlv);
	info.cell = tlv_u32(tlv);
	valid = tlv_u8(tlv);
	tlv_u8(tlv);			/* domain of the reject */
	info.reject_cause = tlv_u8(tlv);
	info.has_reject = valid && info.reject_cause;
	tlv_bytes(tlv, 1 + 3 + 3);	/* MCC and MNC */
	if (has_tac) {
		info.has_tac = tlv_u8(tlv);
		info.tac = tlv_u16(tlv);
	}
	/* a value cut short says nothing at all */
	if (!tlv->bad)
		*ret = info;
}

int nas_system_parse(QmiMessage *message, struct nas_system *ret)
{
	static const struct {
		uint8_t status, info;
		uint8_t status_ind, info_ind;
		bool has_tac;
	} radios[] = {
		{ 0x14, 0x19, 0x14, 0x19, true },	/* LTE */
		{ 0x4a, 0x4b, 0x4c, 0x4d, true },	/* NR */
		{ 0x13, 0x18, 0x13, 0x18, false },	/* UMTS */
		{ 0x12, 0x17, 0x12, 0x17, false },	/* GSM */
	};
	bool ind = qmi_message_is_indication(message);
	int best = -1, best_service = -1;
	uint8_t service;
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < G_N_ELEMENTS(radios); i++) {
		bool told = tlv_get_u8(message, ind ? radios[i].status_ind : radios[i].status,
				       &service);

		if (!told)
			service = 0;
		ret->has_status |= told;
		ret->service = MAX(ret->service, service);
		if (service > best_service &&
		    tlv_find(message, ind ? radios[i].info_ind : radios[i].info, &tlv)) {
			best = i;
			best_service = service;
		}
	}
	ret->domain = -1;
	if (best >= 0 &&
	    tlv_find(message, ind ? radios[best].info_ind : radios[best].info, &tlv))
		parse_info(&tlv, radios[best].has_tac, ret);
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

/* --- quality ------------------------------------------------------------------ */

/* Where a figure becomes fair, good and excellent; below it is poor */
#define LIMITS	3

struct limits {
	int16_t at[LIMITS];
};

static const struct limits rssi_dbm = { { -85, -75, -65 } };
static const struct limits ecio_db = { { -20, -15, -10 } };
static const struct limits rsrp_dbm = { { -100, -90, -80 } };
static const struct limits rsrq_db = { { -20, -15, -10 } };
static const struct limits snr_tenth_db = { { 0, 130, 200 } };

/* The worse of what is known so far and this figure */
static enum nas_quality worse(enum nas_quality quality, const struct limits *limits,
			      int value)
{
	enum nas_quality mine = NAS_POOR;

	if (value == NAS_UNKNOWN)
		return quality;
	for (int i = 0; i < LIMITS; i++)
		mine += value >= limits->at[i];
	return quality == NAS_QUALITY_UNKNOWN || mine < quality ? mine : quality;
}

enum nas_quality nas_quality_gsm(const struct nas_signal *signal)
{
	return worse(NAS_QUALITY_UNKNOWN, &rssi_dbm, signal->gsm_rssi_dbm);
}

enum nas_quality nas_quality_umts(const struct nas_signal *signal)
{
	return worse(worse(NAS_QUALITY_UNKNOWN, &rssi_dbm, signal->umts_rssi_dbm), &ecio_db,
		     signal->umts_ecio_db);
}

enum nas_quality nas_quality_lte(const struct nas_signal *signal)
{
	enum nas_quality quality;

	quality = worse(NAS_QUALITY_UNKNOWN, &rsrp_dbm, signal->lte_rsrp_dbm);
	quality = worse(quality, &rsrq_db, signal->lte_rsrq_db);
	return worse(quality, &snr_tenth_db, signal->lte_snr_tenth_db);
}

enum nas_quality nas_quality_nr(const struct nas_signal *signal)
{
	enum nas_quality quality;

	quality = worse(NAS_QUALITY_UNKNOWN, &rsrp_dbm, signal->nr_rsrp_dbm);
	quality = worse(quality, &rsrq_db, signal->nr_rsrq_db);
	return worse(quality, &snr_tenth_db, signal->nr_snr_tenth_db);
}

/* --- watching ----------------------------------------------------------------- */

/* A list of values whose crossing is told: a count, then so many of a width */
static void put_limits(QmiMessage *request, uint8_t type, const struct limits *limits,
		       int scale, int width)
{
	uint8_t value[1 + 2 * LIMITS] = { LIMITS };

	for (int i = 0; i < LIMITS; i++) {
		int limit = limits->at[i] * scale;

		value[1 + i * width] = limit;
		if (width == 2)
			value[2 + i * width] = limit >> 8;
	}
	tlv_put(request, type, value, 1 + width * LIMITS);
}

/* In tenths, by technology */
static QmiMessage *watch_request(void)
{
	QmiMessage *request = qmi_request(QMI_NAS, CONFIG_SIGNAL_INFO_V2);

	put_limits(request, 0x1c, &rssi_dbm, 10, 2);	/* GSM */
	put_limits(request, 0x1e, &rssi_dbm, 10, 2);	/* UMTS */
	put_limits(request, 0x24, &snr_tenth_db, 1, 2);	/* LTE */
	put_limits(request, 0x26, &rsrq_db, 10, 2);
	put_limits(request, 0x28, &rsrp_dbm, 10, 2);
	put_limits(request, 0x33, &snr_tenth_db, 1, 2);	/* NR */
	put_limits(request, 0x35, &rsrp_dbm, 10, 2);
	put_limits(request, 0x38, &rsrq_db, 10, 2);
	return request;
}

/* As older modems have it: in whole units, for all technologies there are */
static QmiMessage *old_watch_request(void)
{
	QmiMessage *request = qmi_request(QMI_NAS, CONFIG_SIGNAL_INFO);

	put_limits(request, 0x10, &rssi_dbm, 1, 1);
	put_limits(request, 0x13, &snr_tenth_db, 1, 2);
	put_limits(request, 0x15, &rsrq_db, 1, 1);
	put_limits(request, 0x16, &rsrp_dbm, 1, 2);
	return request;
}

int nas_signal_watch(struct m2m_client *nas, struct m2m_error *error)
{
	struct m2m_error refusal;
	int err;

	err = m2m_client_call(nas, watch_request(), QMI_TIMEOUT_MS, NULL, &refusal);
	if (err && refusal.qmi)
		err = m2m_client_call(nas, old_watch_request(), QMI_TIMEOUT_MS, NULL,
				      &refusal);
	/* a modem that cannot tells every change */
	if (err && !refusal.qmi)
		return m2m_error_copy(error, &refusal);
	return nas_indications_on(nas, error);
}
