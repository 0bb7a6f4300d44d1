// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests that choose a network and tell of its carriers and time. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "dms.h"
#include "nas-select.h"
#include "qmi-tlv.h"

#define NETWORK_SCAN		0x0021
#define ATTACH_DETACH		0x0023
#define GET_RF_BAND		0x0031
#define SET_PREFERENCE		0x0033
#define GET_PREFERENCE		0x0034
#define GET_NETWORK_TIME	0x007d
#define GET_AGGREGATION		0x00ac

/* A modem goes through all its bands */
#define SCAN_TIMEOUT_MS		300000
#define ATTACH_TIMEOUT_MS	30000
#define SCAN_SUCCESS		0
#define PERMANENT		1
#define QUARTER_MIN		15

/* --- parsing ---------------------------------------------------------------- */

static bool get_masks(QmiMessage *message, uint8_t type, uint64_t *ret, unsigned int n)
{
	struct tlv tlv;

	if (!tlv_find(message, type, &tlv) || tlv_left(&tlv) < n * sizeof(*ret))
		return false;
	for (unsigned int i = 0; i < n; i++)
		ret[i] = tlv_u64(&tlv);
	return true;
}

static void parse_selection(QmiMessage *answer, struct nas_preference *ret)
{
	struct tlv tlv;
	uint8_t manual;

	ret->has_selection = tlv_get_u8(answer, 0x16, &manual);
	ret->manual = ret->has_selection && manual == 1;
	if (!ret->manual)
		return;
	tlv_find(answer, 0x1b, &tlv);
	ret->plmn.mcc = tlv_u16(&tlv);
	ret->plmn.mnc = tlv_u16(&tlv);
	ret->plmn.mnc3 = tlv_u8(&tlv);
}

int nas_preference_parse(QmiMessage *answer, struct nas_preference *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->has_modes = tlv_get_u16(answer, 0x11, &ret->modes);
	ret->has_roaming = tlv_get_u16(answer, 0x14, &ret->roaming);
	parse_selection(answer, ret);
	/* the list of 256 bands, else that of 64 */
	ret->has_lte = get_masks(answer, 0x23, ret->lte, NAS_LTE_WORDS) ||
		       get_masks(answer, 0x15, ret->lte, 1);
	ret->has_nr = get_masks(answer, 0x2c, ret->nr_sa, NAS_NR_WORDS) &&
		      get_masks(answer, 0x2d, ret->nr_nsa, NAS_NR_WORDS);
	return ret->has_modes || ret->has_selection ? 0 : -EBADMSG;
}

static struct nas_operator *operator_of(struct nas_scan *scan, uint16_t mcc, uint16_t mnc)
{
	for (unsigned int i = 0; i < scan->n; i++)
		if (scan->operators[i].plmn.mcc == mcc &&
		    scan->operators[i].plmn.mnc == mnc)
			return &scan->operators[i];
	return NULL;
}

static int parse_operators(QmiMessage *answer, struct nas_scan *ret)
{
	struct nas_operator spare = { 0 }, *op;
	struct tlv tlv;
	unsigned int n;

	tlv_find(answer, 0x10, &tlv);
	for (n = tlv_u16(&tlv); n && !tlv.bad; n--) {
		op = ret->n < NAS_OPERATORS_MAX ? &ret->operators[ret->n++] : &spare;
		op->plmn.mcc = tlv_u16(&tlv);
		op->plmn.mnc = tlv_u16(&tlv);
		op->status = tlv_u8(&tlv);
		tlv_string(&tlv, tlv_u8(&tlv), op->name, sizeof(op->name));
	}
	return tlv.bad ? -EBADMSG : 0;
}

/* Lists beside the first, which say more of its entries: radio, digits of the MNC */
static void parse_details(QmiMessage *answer, uint8_t type, struct nas_scan *ret)
{
	struct nas_operator *op;
	struct tlv tlv;
	unsigned int n;

	tlv_find(answer, type, &tlv);
	for (n = tlv_u16(&tlv); n && !tlv.bad; n--) {
		uint16_t mcc = tlv_u16(&tlv);
		uint16_t mnc = tlv_u16(&tlv);
		uint8_t value = tlv_u8(&tlv);

		op = tlv.bad ? NULL : operator_of(ret, mcc, mnc);
		if (op && type == 0x12)
			op->plmn.mnc3 = value;
		else if (op && op->n_radios < sizeof(op->radios))
			op->radios[op->n_radios++] = value;
	}
}

int nas_scan_parse(QmiMessage *answer, struct nas_scan *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (parse_operators(answer, ret))
		return -EBADMSG;
	parse_details(answer, 0x11, ret);
	parse_details(answer, 0x12, ret);
	return 0;
}

static struct nas_carrier *add_carrier(struct nas_carriers *carriers)
{
	static struct nas_carrier spare;
	struct nas_carrier *c = carriers->n < NAS_CELLS_MAX ?
				&carriers->carriers[carriers->n++] : &spare;

	*c = (struct nas_carrier) { -1, -1, -1, -1, -1 };
	return c;
}

/* @wide: the channel has 32 bits */
static bool parse_bands(QmiMessage *answer, uint8_t type, bool wide,
			struct nas_carriers *ret)
{
	struct nas_carrier *c;
	struct tlv tlv;
	unsigned int n;

	ret->n = 0;
	if (!tlv_find(answer, type, &tlv))
		return false;
	for (n = tlv_u8(&tlv); n && !tlv.bad; n--) {
		c = add_carrier(ret);
		c->radio = (int8_t)tlv_u8(&tlv);
		c->band = tlv_u16(&tlv);
		c->channel = wide ? tlv_u32(&tlv) : tlv_u16(&tlv);
	}
	return !tlv.bad;
}

int nas_bands_parse(QmiMessage *answer, struct nas_carriers *ret)
{
	return parse_bands(answer, 0x11, true, ret) ||
	       parse_bands(answer, 0x01, false, ret) ? 0 : -EBADMSG;
}

static int bandwidth_khz(uint32_t value)
{
	static const int khz[] = { 1400, 3000, 5000, 10000, 15000, 20000 };

	return value < G_N_ELEMENTS(khz) ? khz[value] : -1;
}

static void parse_cell(struct tlv *tlv, struct nas_carrier *c)
{
	c->radio = NAS_RADIO_LTE;
	c->cell = tlv_u16(tlv);
	c->channel = tlv_u16(tlv);
	c->bandwidth_khz = bandwidth_khz(tlv_u32(tlv));
	c->band = tlv_u16(tlv);
}

int nas_aggregation_parse(QmiMessage *answer, struct nas_carriers *ret)
{
	struct tlv tlv;
	unsigned int n;

	ret->n = 0;
	if (!tlv_find(answer, 0x13, &tlv))
		return -EBADMSG;
	parse_cell(&tlv, add_carrier(ret));
	if (tlv.bad)
		return -EBADMSG;
	/* secondary ones: a list, or of older firmware one */
	if (tlv_find(answer, 0x15, &tlv)) {
		for (n = tlv_u8(&tlv); n && !tlv.bad; n--) {
			parse_cell(&tlv, add_carrier(ret));
			tlv_bytes(&tlv, 4 + 1);		/* state, index */
		}
		return tlv.bad ? -EBADMSG : 0;
	}
	if (tlv_find(answer, 0x12, &tlv)) {
		parse_cell(&tlv, add_carrier(ret));
		return tlv.bad ? -EBADMSG : 0;
	}
	return 0;
}

int nas_time_parse(QmiMessage *answer, struct nas_time *ret)
{
	struct tlv tlv;

	memset(ret, 0, sizeof(*ret));
	if (!tlv_find(answer, 0x11, &tlv) && !tlv_find(answer, 0x10, &tlv))
		return -EBADMSG;
	ret->year = tlv_u16(&tlv);
	ret->month = tlv_u8(&tlv);
	ret->day = tlv_u8(&tlv);
	ret->hour = tlv_u8(&tlv);
	ret->minute = tlv_u8(&tlv);
	ret->second = tlv_u8(&tlv);
	tlv_u8(&tlv);				/* day of the week */
	if (tlv.bad)
		return -EBADMSG;
	ret->zone_min = (int8_t)tlv_u8(&tlv) * QUARTER_MIN;
	ret->dst_h = tlv_u8(&tlv);
	ret->has_zone = !tlv.bad;
	/* what no clock shows */
	return ret->year < 2000 || !g_date_valid_dmy(ret->day, ret->month, ret->year) ||
	       ret->hour > 23 || ret->minute > 59 ||
	       ret->second > 60 ? -EBADMSG : 0;
}

int64_t nas_time_unix(const struct nas_time *time)
{
	struct tm tm = {
		.tm_year = time->year - 1900, .tm_mon = time->month - 1,
		.tm_mday = time->day, .tm_hour = time->hour, .tm_min = time->minute,
		.tm_sec = time->second,
	};

	return timegm(&tm);
}

/* --- preference ------------------------------------------------------------- */

static bool selection_differs(const struct nas_preference *now,
			      const struct nas_preference *wanted)
{
	if (!wanted->has_selection)
		return false;
	return now->manual != wanted->manual ||
	       (wanted->manual && (now->plmn.mcc != wanted->plmn.mcc ||
				   now->plmn.mnc != wanted->plmn.mnc ||
				   now->plmn.mnc3 != wanted->plmn.mnc3));
}

static bool lte_differs(const struct nas_preference *now,
			const struct nas_preference *wanted)
{
	return wanted->has_lte && memcmp(now->lte, wanted->lte, sizeof(now->lte));
}

static bool nr_differs(const struct nas_preference *now,
		       const struct nas_preference *wanted)
{
	return wanted->has_nr && (memcmp(now->nr_sa, wanted->nr_sa, sizeof(now->nr_sa)) ||
				  memcmp(now->nr_nsa, wanted->nr_nsa,
					 sizeof(now->nr_nsa)));
}

bool nas_preference_differs(const struct nas_preference *now,
			    const struct nas_preference *wanted)
{
	return (wanted->has_modes && now->modes != wanted->modes) ||
	       (wanted->has_roaming && now->roaming != wanted->roaming) ||
	       selection_differs(now, wanted) || lte_differs(now, wanted) ||
	       nr_differs(now, wanted);
}

static void put_masks(QmiMessage *request, uint8_t type, const uint64_t *masks,
		      unsigned int n)
{
	uint8_t value[NAS_NR_WORDS * sizeof(*masks)];

	for (unsigned int i = 0; i < n * sizeof(*masks); i++)
		value[i] = masks[i / 8] >> i % 8 * 8;
	tlv_put(request, type, value, n * sizeof(*masks));
}

static void put_selection(QmiMessage *request, const struct nas_preference *wanted)
{
	const struct nas_plmn *plmn = &wanted->plmn;
	const uint8_t value[] = {
		wanted->manual, plmn->mcc & 0xff, plmn->mcc >> 8, plmn->mnc & 0xff,
		plmn->mnc >> 8,
	};

	tlv_put(request, 0x16, value, sizeof(value));
	if (wanted->manual)
		tlv_put_u8(request, 0x1a, plmn->mnc3);
}

int nas_preference_set(struct m2m_client *nas, const struct nas_preference *now,
		       const struct nas_preference *wanted, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_NAS, SET_PREFERENCE);

	if (wanted->has_modes && now->modes != wanted->modes)
		tlv_put_u16(request, 0x11, wanted->modes);
	if (wanted->has_roaming && now->roaming != wanted->roaming)
		tlv_put_u16(request, 0x14, wanted->roaming);
	if (selection_differs(now, wanted))
		put_selection(request, wanted);
	if (lte_differs(now, wanted)) {
		/* the short list too: not every firmware knows the long one */
		put_masks(request, 0x15, wanted->lte, 1);
		put_masks(request, 0x24, wanted->lte, NAS_LTE_WORDS);
	}
	if (nr_differs(now, wanted)) {
		put_masks(request, 0x2f, wanted->nr_sa, NAS_NR_WORDS);
		put_masks(request, 0x30, wanted->nr_nsa, NAS_NR_WORDS);
	}
	tlv_put_u8(request, 0x17, PERMANENT);
	return m2m_client_call(nas, request, QMI_TIMEOUT_MS, NULL, error);
}

/* --- requests --------------------------------------------------------------- */

int nas_preference_get(struct m2m_client *nas, struct nas_preference *ret,
		       struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, qmi_request(QMI_NAS, GET_PREFERENCE), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err && nas_preference_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem does not tell what it may choose");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int nas_scan(struct m2m_client *nas, struct nas_scan *ret, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_NAS, NETWORK_SCAN);
	uint32_t result = SCAN_SUCCESS;
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, request, SCAN_TIMEOUT_MS, &answer, error);
	if (!err && tlv_get_u32(answer, 0x13, &result) && result != SCAN_SUCCESS)
		err = m2m_error_set(error, -EREMOTEIO, result == 1 ?
				    "the modem gave the scan up" :
				    "the scan failed in the radio");
	else if (!err && nas_scan_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's list of networks is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int nas_attach(struct m2m_client *nas, bool attach, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_NAS, ATTACH_DETACH);
	int err;

	tlv_put_u8(request, 0x10, attach ? 1 : 2);
	err = m2m_client_call(nas, request, ATTACH_TIMEOUT_MS, NULL, error);
	return err == -EALREADY ? 0 : err;
}

int nas_carriers_get(struct m2m_client *nas, struct nas_carriers *ret,
		     struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, qmi_request(QMI_NAS, GET_AGGREGATION), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err && nas_aggregation_parse(answer, ret))
		err = -EBADMSG;
	g_clear_pointer(&answer, qmi_message_unref);
	if (!err)
		return 0;
	err = m2m_client_call(nas, qmi_request(QMI_NAS, GET_RF_BAND), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err && nas_bands_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG, "the modem's bands are malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int nas_time_get(struct m2m_client *nas, struct nas_time *ret, struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(nas, qmi_request(QMI_NAS, GET_NETWORK_TIME), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err && nas_time_parse(answer, ret))
		err = m2m_error_set(error, -ENODATA, "the network's time makes no sense");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

/* --- what is wanted --------------------------------------------------------- */

int nas_preference_check(const struct nas_preference *now,
			 const struct nas_preference *wanted, struct m2m_error *error)
{
	if ((now->has_modes || !wanted->has_modes) &&
	    (now->has_roaming || !wanted->has_roaming) &&
	    (now->has_selection || !wanted->has_selection) &&
	    (now->has_lte || !wanted->has_lte) && (now->has_nr || !wanted->has_nr))
		return 0;
	return m2m_error_set(error, -EOPNOTSUPP,
			     "the modem does not tell how it is set, so it is not set");
}

int nas_modes_check(uint16_t has, uint16_t wanted, struct m2m_error *error)
{
	for (unsigned int i = 0; i < NAS_MODES; i++)
		if (wanted & ~has & nas_modes[i].bit)
			return m2m_error_set(error, -EOPNOTSUPP, "the modem has no mode %s",
					     nas_modes[i].word);
	return 0;
}

/* 0 for one that does not tell */
static int modes_of(struct m2m_client *dms, uint16_t *ret, struct m2m_error *error)
{
	struct dms_capabilities can = { 0 };
	int err = dms_capabilities_get(dms, &can, error);

	*ret = 0;
	for (unsigned int i = 0; i < can.n_radios && !err; i++)
		*ret |= can.radios[i] == NAS_RADIO_GSM ? NAS_MODE_GSM :
			can.radios[i] == NAS_RADIO_UMTS ? NAS_MODE_UMTS :
			can.radios[i] == NAS_RADIO_LTE ? NAS_MODE_LTE :
			can.radios[i] == NAS_RADIO_NR ? NAS_MODE_NR : 0;
	return err;
}

/*
 * What the modem has not, or does not tell, is left out, and the first of it told to whoever
 * wanted it. That it does not answer is no reason to leave anything out.
 */
static int leave_out(const struct m2m_error *why, struct m2m_error *lack,
		     struct m2m_error *error)
{
	if (why->err != -EOPNOTSUPP)
		return m2m_error_copy(error, why);
	if (!lack->err)
		*lack = *why;
	return 0;
}

/* Firmware drops what the radio has not, and would seem to ignore us */
static int complete_modes(struct m2m_client *dms, struct nas_preference *wanted,
			  struct m2m_error *lack, struct m2m_error *error)
{
	struct m2m_error why;
	uint16_t has;
	int err = modes_of(dms, &has, &why);

	/* those that are named need no list; whether they were taken, reading back tells */
	if (wanted->modes && (err || !has))
		return 0;
	if (!err && !has)
		err = m2m_error_set(&why, -EOPNOTSUPP,
				    "the modem does not tell which modes it has");
	if (!err && !wanted->modes)
		wanted->modes = has;
	else if (!err)
		err = nas_modes_check(has, wanted->modes, &why);
	wanted->modes &= has;
	wanted->has_modes = wanted->modes;
	return err ? leave_out(&why, lack, error) : 0;
}

static bool is_all(const struct nas_preference *wanted)
{
	static const struct nas_preference none;

	return wanted->has_lte && !memcmp(wanted->lte, none.lte, sizeof(none.lte)) &&
	       !memcmp(wanted->nr_sa, none.nr_sa, sizeof(none.nr_sa));
}

/*
 * Bands that the modem does not have would leave it none.
 *
 * Return: whether any of those that are wanted is left
 */
static bool keep_bands(uint64_t *wanted, const uint64_t *has, unsigned int words,
		       const char *kind, struct m2m_error *lack)
{
	bool any = false;

	for (unsigned int i = 0; i < 64 * words && !lack->err; i++)
		if (wanted[i / 64] & ~has[i / 64] & 1ull << i % 64)
			m2m_error_set(lack, -EOPNOTSUPP, "the modem has no %s%u", kind, i + 1);
	for (unsigned int i = 0; i < words; i++) {
		wanted[i] &= has[i];
		any |= wanted[i];
	}
	return any;
}

static void use_all_bands(const struct dms_bands *bands, struct nas_preference *wanted)
{
	memcpy(wanted->lte, bands->lte, sizeof(wanted->lte));
	wanted->has_nr = bands->has_nr;
	memcpy(wanted->nr_sa, bands->nr, sizeof(wanted->nr_sa));
	memcpy(wanted->nr_nsa, bands->nr, sizeof(wanted->nr_nsa));
}

static int complete_bands(struct m2m_client *dms, struct nas_preference *wanted,
			  struct m2m_error *lack, struct m2m_error *error)
{
	struct dms_bands bands;
	struct m2m_error why;

	if (dms_bands_get(dms, &bands, &why)) {
		wanted->has_lte = false;
		wanted->has_nr = false;
		return leave_out(&why, lack, error);
	}
	if (is_all(wanted)) {
		use_all_bands(&bands, wanted);
		return 0;
	}
	if (wanted->has_lte)
		wanted->has_lte = keep_bands(wanted->lte, bands.lte, NAS_LTE_WORDS,
					     "LTE band b", lack);
	if (wanted->has_nr)
		wanted->has_nr = keep_bands(wanted->nr_sa, bands.nr, NAS_NR_WORDS,
					    "NR band n", lack);
	memcpy(wanted->nr_nsa, wanted->nr_sa, sizeof(wanted->nr_nsa));
	return 0;
}

/* What only the modem itself knows of it */
static int complete(struct m2m_qmi *qmi, struct nas_preference *wanted,
		    struct m2m_error *lack, struct m2m_error *error)
{
	bool modes = wanted->has_modes;
	bool bands = wanted->has_lte || wanted->has_nr;
	struct m2m_client *dms;
	int err;

	if (!modes && !bands)
		return 0;
	err = m2m_client_open(qmi, QMI_DMS, NULL, &dms, error);
	if (err)
		return err;
	if (modes)
		err = complete_modes(dms, wanted, lack, error);
	if (!err && bands)
		err = complete_bands(dms, wanted, lack, error);
	m2m_client_close(dms, false);
	return err;
}

int nas_preference_want_part(struct m2m_qmi *qmi, const struct nas_wish *wish,
			     struct nas_preference *ret, struct m2m_error *ret_lack,
			     struct m2m_error *error)
{
	struct nas_preference wanted = { 0 };
	struct m2m_error lack = { 0 };
	int err;

	if ((wish->operator && !nas_wish_operator(wish->operator, &wanted)) ||
	    (wish->modes && !nas_wish_modes(wish->modes, &wanted)) ||
	    (wish->bands && !nas_wish_bands(wish->bands, &wanted)))
		return m2m_error_set(error, -EINVAL, "no operator, modes or bands");
	err = complete(qmi, &wanted, &lack, error);
	if (err)
		return err;
	*ret = wanted;
	*ret_lack = lack;
	return 0;
}

int nas_preference_want(struct m2m_qmi *qmi, const struct nas_wish *wish,
			struct nas_preference *ret, struct m2m_error *error)
{
	struct nas_preference wanted;
	struct m2m_error lack;
	int err;

	err = nas_preference_want_part(qmi, wish, &wanted, &lack, error);
	if (err)
		return err;
	if (lack.err)
		return m2m_error_copy(error, &lack);
	*ret = wanted;
	return 0;
}
