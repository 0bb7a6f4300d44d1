// SPDX-License-Identifier: GPL-2.0-or-later
/* System selection preference: kept in modem memory, obeyed by the network. */
#include <string.h>

#include <glib.h>

#include "nas.h"

#define MODES_KNOWN	(NET_MODE_GSM | NET_MODE_UMTS | NET_MODE_LTE | \
			 NET_MODE_NR)

static void put_masks(struct qmi_msg *msg, uint8_t type, const uint64_t *masks,
		      unsigned int n)
{
	unsigned int i;

	qmi_tlv_begin(msg, type);
	for (i = 0; i < n; i++)
		qmi_put_u64(msg, masks[i]);
	qmi_tlv_end(msg);
}

static void put_preference(const struct modem *modem, struct qmi_msg *msg)
{
	const struct net_preference *p = &modem->net.preference;

	qmi_tlv_u8(msg, 0x10, 0);
	qmi_tlv_u16(msg, 0x11, p->mode);
	qmi_tlv_u64(msg, 0x12, p->band);
	qmi_tlv_u16(msg, 0x14, p->roaming);
	qmi_tlv_u64(msg, 0x15, p->lte_band[0]);
	qmi_tlv_u8(msg, 0x16, p->manual);
	qmi_tlv_u32(msg, 0x18, p->domain);
	qmi_tlv_u32(msg, 0x19, p->acquisition);
	if (p->manual) {
		qmi_tlv_begin(msg, 0x1b);
		qmi_put_u16(msg, p->mcc);
		qmi_put_u16(msg, p->mnc);
		qmi_put_u8(msg, p->mnc_pcs);
		qmi_tlv_end(msg);
	}
	qmi_tlv_begin(msg, 0x1c);
	qmi_put_u8(msg, p->n_order);
	qmi_put_bytes(msg, p->order, p->n_order);
	qmi_tlv_end(msg);
	qmi_tlv_u32(msg, 0x1f, p->usage);
	qmi_tlv_u32(msg, 0x20, p->voice);
	put_masks(msg, 0x23, p->lte_band, 4);
	if (p->mode & NET_MODE_NR) {
		put_masks(msg, 0x2c, p->nr_sa, 8);
		put_masks(msg, 0x2d, p->nr_nsa, 8);
	}
}

enum qmi_error nas_get_preference(struct request *rq)
{
	put_preference(rq->modem, rq->msg);
	return QMI_OK;
}

static bool fill_preference(struct client *client, struct qmi_msg *msg,
			    const void *data)
{
	(void)data;
	put_preference(client->modem, msg);
	return client->nas.preference;
}

static enum qmi_error masks_read(const struct qmi_frame *frame, uint8_t type,
				 uint64_t *masks, unsigned int n)
{
	struct qmi_value v;
	unsigned int i;

	if (!qmi_find(frame, type, &v))
		return QMI_OK;
	if (v.left != n * sizeof(*masks))
		return QMI_MALFORMED_MESSAGE;
	for (i = 0; i < n; i++)
		masks[i] = qmi_get_u64(&v);
	return QMI_OK;
}

static enum qmi_error bands_read(const struct qmi_frame *frame,
				 struct net_preference *p)
{
	static const unsigned int lte_masks = 4, nr_masks = 8;
	enum qmi_error error;

	error = masks_read(frame, 0x12, &p->band, 1);
	if (!error)
		error = masks_read(frame, 0x15, p->lte_band, 1);
	if (!error)
		error = masks_read(frame, 0x24, p->lte_band, lte_masks);
	if (!error)
		error = masks_read(frame, 0x2f, p->nr_sa, nr_masks);
	if (!error)
		error = masks_read(frame, 0x30, p->nr_nsa, nr_masks);
	return error;
}

static enum qmi_error selection_read(const struct qmi_frame *frame,
				     struct net_preference *p)
{
	struct qmi_value v;

	if (!qmi_find(frame, 0x16, &v))
		return QMI_OK;
	p->manual = qmi_get_u8(&v);
	p->mcc = qmi_get_u16(&v);
	p->mnc = qmi_get_u16(&v);
	if (v.overrun)
		return QMI_MALFORMED_MESSAGE;
	if (p->manual > 1)
		return QMI_INVALID_ARGUMENT;
	if (!p->manual) {
		p->mcc = 0;
		p->mnc = 0;
		p->mnc_pcs = 0;
	}
	return qmi_opt_u8(frame, 0x1a, &p->mnc_pcs, NULL);
}

static enum qmi_error order_read(const struct qmi_frame *frame,
				 struct net_preference *p)
{
	const uint8_t *list;
	struct qmi_value v;
	unsigned int n;

	if (!qmi_find(frame, 0x1e, &v))
		return QMI_OK;
	n = qmi_get_u8(&v);
	if (n > sizeof(p->order))
		return QMI_ARGUMENT_TOO_LONG;
	list = qmi_get_bytes(&v, n);
	if (!list || v.left)
		return QMI_MALFORMED_MESSAGE;
	memset(p->order, 0, sizeof(p->order));
	memcpy(p->order, list, n);
	p->n_order = n;
	return QMI_OK;
}

static enum qmi_error scalars_read(const struct qmi_frame *frame,
				   struct net_preference *p)
{
	enum qmi_error error;

	error = qmi_opt_u16(frame, 0x11, &p->mode, NULL);
	if (!error)
		error = qmi_opt_u16(frame, 0x14, &p->roaming, NULL);
	if (!error)
		error = qmi_opt_u32(frame, 0x18, &p->domain, NULL);
	if (!error)
		error = qmi_opt_u32(frame, 0x19, &p->acquisition, NULL);
	if (!error)
		error = qmi_opt_u32(frame, 0x21, &p->usage, NULL);
	if (!error)
		error = qmi_opt_u32(frame, 0x23, &p->voice, NULL);
	if (!error && !(p->mode & MODES_KNOWN))
		error = QMI_INVALID_ARGUMENT;
	return error;
}

static bool selection_differs(const struct net_preference *a,
			      const struct net_preference *b)
{
	return a->mode != b->mode || a->manual != b->manual ||
	       a->mcc != b->mcc || a->mnc != b->mnc ||
	       a->roaming != b->roaming;
}

/* Nothing is written if anything of the request is wrong. */
enum qmi_error nas_set_preference(struct request *rq)
{
	struct net_preference *now = &rq->modem->net.preference;
	struct net_preference p = *now;
	uint8_t duration = 1;
	enum qmi_error error;
	bool again;

	error = scalars_read(rq->frame, &p);
	if (!error)
		error = bands_read(rq->frame, &p);
	if (!error)
		error = selection_read(rq->frame, &p);
	if (!error)
		error = order_read(rq->frame, &p);
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x17, &duration, NULL);
	if (error || modem_lies(rq->modem, LIE_SET_IGNORED))
		return error;
	if (duration)
		modem_nv_write(rq->modem);
	again = selection_differs(now, &p);
	*now = p;
	modem_indicate(rq->modem, QMI_NAS, 0x0034, fill_preference, NULL);
	if (again)
		network_restart(rq->modem);
	return QMI_OK;
}

/* The message from before LTE: bit 0 3GPP2, 1 3GPP, 2 AMPS, 3 GSM, … */
enum qmi_error nas_set_technology_preference(struct request *rq)
{
	struct net_preference *p = &rq->modem->net.preference;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint16_t technology;
	uint8_t duration;

	if (error)
		return error;
	technology = qmi_get_u16(&v);
	duration = qmi_get_u8(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (technology == p->technology)
		return QMI_NO_EFFECT;
	p->technology = technology;
	p->technology_duration = duration;
	if (!duration)
		modem_nv_write(rq->modem);
	return QMI_OK;
}

enum qmi_error nas_get_technology_preference(struct request *rq)
{
	const struct net_preference *p = &rq->modem->net.preference;

	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u16(rq->msg, p->technology);
	qmi_put_u8(rq->msg, p->technology_duration);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}
