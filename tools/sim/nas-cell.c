// SPDX-License-Identifier: GPL-2.0-or-later
/* What NAS says of the serving cell: system info, location, bands, power. */
#include <string.h>

#include <glib.h>

#include "nas.h"

#define EARFCN		1650	/* in the middle of LTE band 3 */
#define NR_ARFCN	633984	/* in the middle of NR band n78 */
#define PHYSICAL_CELL	301

/* Active band classes and channels by technology */
static const struct band {
	enum net_rat rat;
	uint16_t class;
	uint32_t channel;
} bands[] = {
	{ NET_GSM, 47, 700 },
	{ NET_UMTS, 80, 10588 },
	{ NET_LTE, 122, EARFCN },
	{ NET_NR, 269, NR_ARFCN },
};

static const struct band *band_of(enum net_rat rat)
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(bands); i++)
		if (bands[i].rat == rat)
			return &bands[i];
	return NULL;
}

/* TLVs of one technology: status, and info of the serving one */
struct system_tlvs {
	enum net_rat rat;
	uint8_t status, info;
	uint8_t status_ind, info_ind;
};

static const struct system_tlvs systems[] = {
	{ NET_GSM, 0x12, 0x17, 0x12, 0x17 },
	{ NET_UMTS, 0x13, 0x18, 0x13, 0x18 },
	{ NET_LTE, 0x14, 0x19, 0x14, 0x19 },
	{ NET_NR, 0x4a, 0x4b, 0x4c, 0x4d },
};

/* 5G's area codes have three bytes, the first being the most significant. */
static void put_nr_tac(struct qmi_msg *msg, const struct network *net)
{
	qmi_put_u8(msg, 0);
	qmi_put_u8(msg, net->tac >> 8);
	qmi_put_u8(msg, net->tac & 0xff);
}

static void put_digits(struct qmi_msg *msg, uint16_t number, unsigned int len)
{
	char digits[8];

	g_snprintf(digits, sizeof(digits), "%0*u", len, number);
	/* Three bytes, the missing third digit is 0xff. */
	qmi_put_bytes(msg, digits, len);
	if (len == 2)
		qmi_put_u8(msg, 0xff);
}

/* Pairs of a valid flag and its value, then the PLMN; common to all. */
static void put_common(const struct network *net, bool on, bool roaming,
		       struct qmi_msg *msg)
{
	const uint8_t fields[] = {
		1, on ? NAS_DOMAIN_PS : NAS_DOMAIN_NONE,
		1, NAS_DOMAIN_PS,
		on, roaming,
		1, net->registration == NET_DENIED,
		net->rat != NET_LTE && net->rat != NET_NR,
	};

	qmi_put_bytes(msg, fields, sizeof(fields));
	qmi_put_u16(msg, net->lac);
	qmi_put_u8(msg, 1);
	qmi_put_u32(msg, net->cell);
	qmi_put_u8(msg, net->reject_cause != 0);
	qmi_put_u8(msg, NAS_DOMAIN_PS);
	qmi_put_u8(msg, net->reject_cause);
	qmi_put_u8(msg, 1);
	put_digits(msg, net->serving->mcc, 3);
	put_digits(msg, net->serving->mnc, net->serving->mnc_len);
}

static void put_info(const struct modem *modem, struct qmi_msg *msg,
		     uint8_t type)
{
	const struct network *net = &modem->net;

	qmi_tlv_begin(msg, type);
	put_common(net, network_is_registered(modem),
		   network_is_roaming(modem), msg);
	switch (net->rat) {
	case NET_GSM:
		qmi_put_u32(msg, 0x00010001);	/* EGPRS, no DTM */
		break;
	case NET_UMTS:
		qmi_put_u16(msg, 0x0001);	/* HS call status */
		qmi_put_u16(msg, 0x0301);	/* HSDPA and HSUPA */
		qmi_put_u8(msg, 1);
		qmi_put_u16(msg, PHYSICAL_CELL);
		break;
	case NET_LTE:
	case NET_NR:
		qmi_put_u8(msg, 1);
		qmi_put_u16(msg, net->tac);
		break;
	}
	qmi_tlv_end(msg);
}

/* What LTE and 5G have of each other */
static void put_nr(const struct network *net, struct qmi_msg *msg,
		   bool indication)
{
	if (net->rat == NET_LTE)
		qmi_tlv_u8(msg, indication ? 0x50 : 0x4e, net->endc);
	if (net->rat != NET_NR || indication)
		return;
	qmi_tlv_begin(msg, 0x50);
	put_nr_tac(msg, net);
	qmi_tlv_end(msg);
}

void nas_put_system_info(const struct modem *modem, struct qmi_msg *msg,
			 bool indication)
{
	const struct network *net = &modem->net;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(systems); i++) {
		const struct system_tlvs *s = &systems[i];
		bool here = net->serving && s->rat == net->rat;
		uint8_t status = !here ? NAS_NO_SERVICE :
				 network_is_registered(modem) ? NAS_SERVICE :
								NAS_LIMITED;

		if (s->rat == NET_NR && !here)
			continue;
		qmi_tlv_begin(msg, indication ? s->status_ind : s->status);
		qmi_put_u8(msg, status);
		qmi_put_u8(msg, status);
		qmi_put_u8(msg, here);
		qmi_tlv_end(msg);
		if (here)
			put_info(modem, msg,
				 indication ? s->info_ind : s->info);
	}
	if (net->nr && net->serving)
		put_nr(net, msg, indication);
	qmi_tlv_u32(msg, indication ? 0x28 : 0x27,
		    net->reject_cause == 3 || net->reject_cause == 8 ? 4 :
		    net->reject_cause == 7 ? 3 : 1);
}

enum qmi_error nas_get_system_info(struct request *rq)
{
	nas_put_system_info(rq->modem, rq->msg, false);
	return QMI_OK;
}

/* A PLMN in three bytes of swapped digits */
static void put_plmn_bcd(struct qmi_msg *msg, const struct net_operator *op)
{
	unsigned int mcc = op->mcc, mnc = op->mnc;
	unsigned int last = op->mnc_len == 3 ? mnc % 10 : 0xf;

	if (op->mnc_len == 3)
		mnc /= 10;
	qmi_put_u8(msg, mcc / 100 | mcc / 10 % 10 << 4);
	qmi_put_u8(msg, mcc % 10 | last << 4);
	qmi_put_u8(msg, mnc / 10 % 10 | mnc % 10 << 4);
}

static void put_lte_cell(const struct modem *modem, struct qmi_msg *msg)
{
	const struct network *net = &modem->net;

	qmi_tlv_begin(msg, 0x13);
	qmi_put_u8(msg, !pdn_calls_up(modem));
	put_plmn_bcd(msg, net->serving);
	qmi_put_u16(msg, net->tac);
	qmi_put_u32(msg, net->cell);
	qmi_put_u16(msg, EARFCN);
	qmi_put_u16(msg, PHYSICAL_CELL);
	qmi_put_u32(msg, 0x00000007);	/* priority and three thresholds */
	qmi_put_u8(msg, 1);
	qmi_put_u16(msg, PHYSICAL_CELL);
	qmi_put_u16(msg, net->signal.rsrq * 10);
	qmi_put_u16(msg, net->signal.rsrp * 10);
	qmi_put_u16(msg, net->signal.rssi * 10);
	qmi_put_u16(msg, 26);
	qmi_tlv_end(msg);
	qmi_tlv_u32(msg, 0x1e, 0xffffffff);	/* timing advance unknown */
}

static void put_nr_cell(const struct network *net, struct qmi_msg *msg)
{
	qmi_tlv_u32(msg, 0x2e, NR_ARFCN);
	qmi_tlv_begin(msg, 0x2f);
	put_plmn_bcd(msg, net->serving);
	put_nr_tac(msg, net);
	qmi_put_u64(msg, net->cell);
	qmi_put_u16(msg, PHYSICAL_CELL);
	qmi_put_u16(msg, net->signal.rsrq * 10);
	qmi_put_u16(msg, net->signal.rsrp * 10);
	qmi_put_u16(msg, net->signal.snr);
	qmi_tlv_end(msg);
}

enum qmi_error nas_get_cell_location(struct request *rq)
{
	const struct network *net = &rq->modem->net;

	if (!net->serving)
		return QMI_INFORMATION_UNAVAILABLE;
	switch (net->rat) {
	case NET_LTE:
		put_lte_cell(rq->modem, rq->msg);
		return QMI_OK;
	case NET_NR:
		put_nr_cell(net, rq->msg);
		return QMI_OK;
	case NET_GSM:
	case NET_UMTS:
		break;
	}
	return QMI_INFORMATION_UNAVAILABLE;
}

/* The older lists have no room for 5G's channels. */
static uint16_t short_channel(const struct band *b)
{
	return b->channel > UINT16_MAX ? 0 : b->channel;
}

static void put_bands(const struct modem *modem, struct qmi_msg *msg)
{
	const struct band *b = band_of(modem->net.rat);

	qmi_tlv_begin(msg, 0x01);
	qmi_put_u8(msg, 1);
	qmi_put_u8(msg, b->rat);
	qmi_put_u16(msg, b->class);
	qmi_put_u16(msg, short_channel(b));
	qmi_tlv_end(msg);
	qmi_tlv_begin(msg, 0x11);
	qmi_put_u8(msg, 1);
	qmi_put_u8(msg, b->rat);
	qmi_put_u16(msg, b->class);
	qmi_put_u32(msg, b->channel);
	qmi_tlv_end(msg);
	if (b->rat != NET_LTE)
		return;
	qmi_tlv_begin(msg, 0x12);
	qmi_put_u8(msg, 1);
	qmi_put_u8(msg, b->rat);
	qmi_put_u32(msg, 5);		/* 20 MHz */
	qmi_tlv_end(msg);
}

enum qmi_error nas_get_rf_band(struct request *rq)
{
	if (!rq->modem->net.serving)
		return QMI_INFORMATION_UNAVAILABLE;
	put_bands(rq->modem, rq->msg);
	return QMI_OK;
}

/* The event report carries the short list under another id. */
static bool fill_band_event(struct client *client, struct qmi_msg *msg,
			    const void *data)
{
	const struct band *b = band_of(client->modem->net.rat);

	(void)data;
	qmi_tlv_begin(msg, 0x11);
	qmi_put_u8(msg, 1);
	qmi_put_u8(msg, b->rat);
	qmi_put_u16(msg, b->class);
	qmi_put_u16(msg, short_channel(b));
	qmi_tlv_end(msg);
	return client->nas.event_band;
}

void nas_band_changed(struct modem *modem)
{
	if (modem->net.serving)
		modem_indicate(modem, QMI_NAS, 0x0002, fill_band_event, NULL);
}

enum qmi_error nas_get_ca_info(struct request *rq)
{
	const struct network *net = &rq->modem->net;

	if (!network_is_registered(rq->modem) || net->rat != NET_LTE)
		return QMI_INFORMATION_UNAVAILABLE;
	qmi_tlv_u32(rq->msg, 0x11, 5);
	qmi_tlv_begin(rq->msg, 0x13);
	qmi_put_u16(rq->msg, PHYSICAL_CELL);
	qmi_put_u16(rq->msg, EARFCN);
	qmi_put_u32(rq->msg, 5);
	qmi_put_u16(rq->msg, band_of(NET_LTE)->class);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

enum qmi_error nas_get_tx_rx_info(struct request *rq)
{
	const struct net_signal *s = &rq->modem->net.signal;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v) != rq->modem->net.rat)
		return QMI_INFORMATION_UNAVAILABLE;
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u8(rq->msg, 1);
	qmi_put_u32(rq->msg, s->rssi * 10);
	qmi_put_u32(rq->msg, s->rsrq * 10);
	qmi_put_u32(rq->msg, 0);
	qmi_put_u32(rq->msg, s->rsrp * 10);
	qmi_put_u32(rq->msg, 0);
	qmi_tlv_end(rq->msg);
	qmi_tlv_begin(rq->msg, 0x12);
	qmi_put_u8(rq->msg, pdn_calls_up(rq->modem) != 0);
	qmi_put_u32(rq->msg, 100);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

enum qmi_error nas_get_drx(struct request *rq)
{
	qmi_tlv_u32(rq->msg, 0x10, 0);
	return QMI_OK;
}
