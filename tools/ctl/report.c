// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how modem, SIM, network and signal are read and worded. */
#include <glib.h>
#include <string.h>

#include "../lib/words.h"
#include "net.h"
#include "report.h"
#include "sim.h"

void report_opt(struct out *out, const char *key, const char *label,
		int64_t value, int64_t unknown)
{
	if (value == unknown)
		out_unknown(out, key, label);
	else
		out_int(out, key, label, value);
}

void report_port(struct out *out, const struct port *port)
{
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", port->vendor, port->product);
	out_string(out, "usb_path", "USB path", port->usb_path);
	out_string(out, "usb_id", "USB id", id);
	out_int(out, "usb_interface", NULL, port->interface);
	report_opt(out, "usb_speed_mbit", "USB speed", port->usb_speed, 0);
	out_string(out, "ifname", "Interface", port->ifname);
	out_string(out, "chardev", "Device", port->chardev);
	out_string(out, "state", "State",
		   word(WORD_PORT_STATE, port->state).s);
	out_bool(out, "managed", "Managed", port->leased);
	out_int(out, "clients", "Clients", port->clients);
}

void report_format(struct out *out, const struct port_format *format)
{
	out_bool(out, "confirmed", "Confirmed", format->confirmed);
	out_string(out, "link_layer", "Link layer",
		   word(WORD_LINK_LAYER, format->link_layer).s);
	out_string(out, "uplink", "Uplink",
		   word(WORD_AGGREGATION, format->ul).s);
	out_string(out, "downlink", "Downlink",
		   word(WORD_AGGREGATION, format->dl).s);
	out_int(out, "uplink_max_datagrams", NULL, format->ul_max_datagrams);
	out_int(out, "uplink_max_bytes", NULL, format->ul_max_size);
	out_int(out, "downlink_max_datagrams", NULL, format->dl_max_datagrams);
	out_int(out, "downlink_max_bytes", NULL, format->dl_max_size);
}

void report_identity(struct out *out, const struct dms_identity *identity)
{
	out_string(out, "manufacturer", "Manufacturer", identity->manufacturer);
	out_string(out, "model", "Model", identity->model);
	out_string(out, "revision", "Revision", identity->revision);
	out_string(out, "imei", "IMEI", dms_imei_is_valid(identity->imei) ?
		   identity->imei : NULL);
}

void report_opt_bool(struct out *out, const char *key, const char *label, bool known,
		     bool value)
{
	if (known)
		out_bool(out, key, label, value);
	else
		out_unknown(out, key, label);
}

/* --- SIM -------------------------------------------------------------------- */

/* The number is the old service's to tell; a SIM need not know it. */
static void read_msisdn(struct ctl *ctl, struct report_sim *ret)
{
	const char *hint = ctl->hint;
	struct m2m_error ignored;
	struct m2m_client *dms;

	if (!ctl_open(ctl, QMI_DMS, &dms)) {
		dms_msisdn_get(dms, ret->msisdn, sizeof(ret->msisdn), &ignored);
		m2m_client_close(dms, false);
	}
	ctl->hint = hint;
}

int report_read_sim(struct ctl *ctl, struct report_sim *ret)
{
	struct m2m_error ignored;
	struct card card;
	uint8_t slot;
	int err;

	memset(ret, 0, sizeof(*ret));
	err = sim_open(ctl, &card);
	if (err)
		return err;
	err = card_sim_get(&card, &ret->sim, &slot, &ctl->error);
	if (!err) {
		ret->known = true;
		/* a modem of one slot may not know the message */
		if (!card.uim || uim_slots_get(card.uim, &ret->slots, &ignored))
			memset(&ret->slots, 0, sizeof(ret->slots));
		if (ret->sim.state != UIM_SIM_ABSENT)
			card_iccid_get(&card, ret->iccid, sizeof(ret->iccid),
				       &ignored);
		if (ret->sim.state == UIM_SIM_READY) {
			card_imsi_get(&card, ret->imsi, sizeof(ret->imsi),
				      &ignored);
			read_msisdn(ctl, ret);
		}
	}
	sim_close(&card);
	return err;
}

static void report_slots(struct out *out, const struct uim_slots *slots)
{
	out_table(out, "slots", "Slots");
	for (unsigned int i = 0; i < slots->n; i++) {
		const struct uim_slot *slot = &slots->slots[i];

		out_row(out);
		out_int(out, "slot", "SLOT", i + 1);
		out_bool(out, "active", "ACTIVE", slot->active);
		out_bool(out, "present", "PRESENT", slot->present);
		out_string(out, "iccid", "ICCID", slot->iccid);
		out_string(out, "eid", "EID", slot->eid);
		out_row_end(out);
	}
	out_table_end(out);
}

void report_sim(struct out *out, const struct report_sim *sim)
{
	const struct uim_sim *s = &sim->sim;

	if (!sim->known) {
		out_unknown(out, "state", "State");
		return;
	}
	out_string(out, "state", "State", uim_sim_word(s->state));
	if (s->state == UIM_SIM_ERROR)
		out_string(out, "error", "Error",
			   word(WORD_CARD_ERROR, s->card_error).s);
	else
		out_unknown(out, "error", NULL);
	out_string(out, "iccid", "ICCID", sim->iccid);
	out_string(out, "imsi", "IMSI", sim->imsi);
	out_string(out, "msisdn", "Number", sim->msisdn);
	out_string(out, "application", "Application", s->app_type < 0 ? NULL :
		   word(WORD_APP_TYPE, s->app_type).s);
	out_string(out, "pin", "PIN", s->pin_state < 0 ? NULL :
		   word(WORD_PIN_STATE, s->pin_state).s);
	report_opt(out, "pin_tries_left", "PIN tries left", s->pin_tries,
		   UIM_TRIES_UNKNOWN);
	report_opt(out, "puk_tries_left", "PUK tries left", s->puk_tries,
		   UIM_TRIES_UNKNOWN);
	if (sim->slots.n)
		report_slots(out, &sim->slots);
}

/* --- network ---------------------------------------------------------------- */

int report_read_network(struct ctl *ctl, struct m2m_client *nas,
			struct report_network *ret)
{
	struct m2m_error ignored;
	int err;

	memset(ret, 0, sizeof(*ret));
	err = nas_serving_get(nas, &ret->serving, &ctl->error);
	if (err)
		return err;
	ret->known = true;
	if (nas_system_get(nas, &ret->system, &ignored))
		memset(&ret->system, 0, sizeof(ret->system));
	return 0;
}

static void report_place(struct out *out, const struct report_network *network)
{
	const struct nas_serving *s = &network->serving;
	const struct nas_system *sys = &network->system;
	bool has_tac = s->has_tac || sys->has_tac;
	bool has_cell = s->has_cell || sys->has_cell;

	report_opt(out, "tac", "TAC", !has_tac ? -1 : s->has_tac ? s->tac :
		   sys->tac, -1);
	if (has_cell)
		out_int(out, "cell_id", "Cell", s->has_cell ? s->cell :
			sys->cell);
	else
		out_unknown(out, "cell_id", "Cell");
}

/* As many digits as it has; unknown where the modem does not tell how many those are */
static void report_plmn(struct out *out, const struct nas_serving *s)
{
	const struct nas_plmn plmn = { .mcc = s->mcc, .mnc = s->mnc, .mnc3 = s->mnc3 };
	bool known = s->has_plmn && (s->has_mnc3 || s->mnc > 99);
	char text[16];

	net_plmn_text(&plmn, text, sizeof(text));
	out_string(out, "plmn", "PLMN", known ? text : NULL);
}

/* People look the number up */
static void report_reject(struct out *out, const struct nas_system *sys)
{
	struct word cause = word(WORD_REJECT_CAUSE, sys->reject_cause);
	char text[sizeof(cause.s) + 16];

	out_string(out, "reject_cause", NULL, sys->has_reject ? cause.s : NULL);
	report_opt(out, "reject_cause_number", NULL, sys->has_reject ?
		   sys->reject_cause : -1, -1);
	if (!sys->has_reject)
		return;
	snprintf(text, sizeof(text), "%s (%d)", cause.s, sys->reject_cause);
	out_cell(out, "Rejected", text);
}

void report_network(struct out *out, const struct report_network *network)
{
	const struct nas_serving *s = &network->serving;
	const struct nas_system *sys = &network->system;

	if (!network->known) {
		out_unknown(out, "registration", "Registration");
		return;
	}
	out_string(out, "registration", "Registration",
		   word(WORD_REGISTRATION, s->registration).s);
	out_string(out, "packet_service", "Packet service",
		   word(WORD_ATTACH, s->ps).s);
	out_string(out, "service", "Service", sys->has_status ?
		   word(WORD_SERVICE_STATUS, sys->service).s : NULL);
	out_string(out, "domain", "Domain", sys->has_status && sys->domain >= 0 ?
		   word(WORD_DOMAIN, sys->domain).s : NULL);
	report_opt_bool(out, "forbidden", NULL, sys->has_forbidden, sys->forbidden);
	out_string(out, "operator", "Operator", s->operator_name);
	report_plmn(out, s);
	report_opt(out, "mcc", "MCC", s->has_plmn ? s->mcc : -1, -1);
	report_opt(out, "mnc", "MNC", s->has_plmn ? s->mnc : -1, -1);
	out_string(out, "radio", "Radio", s->radio == NAS_RADIO_NONE ? NULL :
		   word(WORD_RADIO, s->radio).s);
	report_opt_bool(out, "roaming", "Roaming", s->has_roaming, s->roaming);
	report_reject(out, sys);
	report_place(out, network);
}

static void report_snr(struct out *out, int tenths)
{
	if (tenths == NAS_UNKNOWN)
		out_unknown(out, "snr_db", "SNR");
	else
		out_real(out, "snr_db", "SNR", tenths / 10.0);
}

static enum out_colour colour_of(enum nas_quality quality)
{
	if (quality <= NAS_POOR)
		return OUT_RED;
	return quality == NAS_FAIR ? OUT_YELLOW : OUT_GREEN;
}

/* "good [###-]" */
static void report_quality(struct out *out, enum nas_quality quality)
{
	char text[sizeof(struct word) + 16];

	if (quality == NAS_QUALITY_UNKNOWN) {
		out_unknown(out, "quality", "Quality");
		out_unknown(out, "bars", NULL);
		return;
	}
	snprintf(text, sizeof(text), "%s [%.*s%.*s]", word(WORD_QUALITY, quality).s, quality,
		 "####", NAS_EXCELLENT - quality, "----");
	out_string(out, "quality", NULL, word(WORD_QUALITY, quality).s);
	out_int(out, "bars", NULL, quality);
	out_coloured(out, "Quality", text, colour_of(quality));
}

void report_signal(struct out *out, const struct nas_signal *s)
{
	if (s->gsm_rssi_dbm != NAS_UNKNOWN) {
		out_section(out, "gsm", "GSM");
		report_quality(out, nas_quality_gsm(s));
		out_int(out, "rssi_dbm", "RSSI", s->gsm_rssi_dbm);
		out_section_end(out);
	}
	if (s->umts_rssi_dbm != NAS_UNKNOWN) {
		out_section(out, "umts", "UMTS");
		report_quality(out, nas_quality_umts(s));
		out_int(out, "rssi_dbm", "RSSI", s->umts_rssi_dbm);
		report_opt(out, "ecio_db", "Ec/Io", s->umts_ecio_db, NAS_UNKNOWN);
		out_section_end(out);
	}
	if (s->lte_rsrp_dbm != NAS_UNKNOWN) {
		out_section(out, "lte", "LTE");
		report_quality(out, nas_quality_lte(s));
		out_int(out, "rsrp_dbm", "RSRP", s->lte_rsrp_dbm);
		report_opt(out, "rsrq_db", "RSRQ", s->lte_rsrq_db, NAS_UNKNOWN);
		report_opt(out, "rssi_dbm", "RSSI", s->lte_rssi_dbm,
			   NAS_UNKNOWN);
		report_snr(out, s->lte_snr_tenth_db);
		out_section_end(out);
	}
	if (s->nr_rsrp_dbm != NAS_UNKNOWN) {
		out_section(out, "nr5g", "5G NR");
		report_quality(out, nas_quality_nr(s));
		out_int(out, "rsrp_dbm", "RSRP", s->nr_rsrp_dbm);
		report_opt(out, "rsrq_db", "RSRQ", s->nr_rsrq_db, NAS_UNKNOWN);
		report_snr(out, s->nr_snr_tenth_db);
		out_section_end(out);
	}
}
