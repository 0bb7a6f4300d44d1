// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reports about whole modems: list and status. */
#include <errno.h>
#include <string.h>

#include "../lib/words.h"
#include "report.h"

struct row {
	struct dms_identity identity;
	struct report_network network;
	int rsrp_dbm;
};

static void read_row(struct ctl *ctl, struct row *ret)
{
	struct nas_signal signal;
	struct m2m_client *client;
	struct m2m_error ignored;

	memset(ret, 0, sizeof(*ret));
	ret->rsrp_dbm = NAS_UNKNOWN;
	if (!port_is_usable(ctl->port) || ctl_qmi(ctl))
		return;
	m2m_qmi_limit(ctl->qmi, REPORT_TIMEOUT_MS);
	if (!ctl_open(ctl, QMI_DMS, &client)) {
		dms_imei_get(client, ret->identity.imei,
			     sizeof(ret->identity.imei), &ignored);
		m2m_client_close(client, false);
	}
	if (!ctl_open(ctl, QMI_NAS, &client)) {
		report_read_network(ctl, client, &ret->network);
		if (!nas_signal_get(client, &signal, &ignored))
			ret->rsrp_dbm = signal.lte_rsrp_dbm != NAS_UNKNOWN ?
				signal.lte_rsrp_dbm : signal.nr_rsrp_dbm;
		m2m_client_close(client, false);
	}
	ctl->hint = NULL;
}

static void print_row(struct out *out, const struct port *port,
		      const struct row *row)
{
	const struct nas_serving *s = &row->network.serving;
	bool radio = row->network.known && s->radio != NAS_RADIO_NONE;
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", port->vendor, port->product);
	out_row(out);
	out_string(out, "usb_path", "MODEM", port->usb_path);
	out_int(out, "usb_interface", NULL, port->interface);
	out_string(out, "usb_id", "USB-ID", id);
	out_string(out, "imei", "IMEI", dms_imei_is_valid(row->identity.imei) ?
		   row->identity.imei : NULL);
	out_string(out, "state", "STATE",
		   word(WORD_PORT_STATE, port->state).s);
	out_string(out, "registration", NULL, row->network.known ?
		   word(WORD_REGISTRATION, s->registration).s : NULL);
	out_string(out, "operator", "OPERATOR", s->operator_name);
	out_string(out, "radio", "RADIO", radio ?
		   word(WORD_RADIO, s->radio).s : NULL);
	report_opt(out, "rsrp_dbm", "RSRP", row->rsrp_dbm, NAS_UNKNOWN);
	out_string(out, "ifname", "INTERFACE", port->ifname);
	out_string(out, "chardev", "DEVICE", port->chardev);
	out_string(out, "downlink", "FORMAT", port->format.dl ?
		   word(WORD_AGGREGATION, port->format.dl).s :
		   word(WORD_LINK_LAYER, port->format.link_layer).s);
	out_int(out, "links", "PDNS", port->n_links);
	out_row_end(out);
}

int list_run(struct ctl *ctl)
{
	const struct port *only = ctl->port;
	struct row row;

	if (!ctl->n_ports) {
		out_table(ctl->out, "modems", NULL);
		out_table_end(ctl->out);
		out_line(ctl->out, "no modem");
		return 0;
	}
	out_table(ctl->out, "modems", NULL);
	for (size_t i = 0; i < ctl->n_ports && !ctl->interrupted; i++) {
		if (only && only != &ctl->ports[i])
			continue;
		ctl->port = &ctl->ports[i];
		read_row(ctl, &row);
		print_row(ctl->out, ctl->port, &row);
		m2m_qmi_free(ctl->qmi);
		ctl->qmi = NULL;
	}
	out_table_end(ctl->out);
	return ctl_interrupted(ctl);
}

static void status_modem(struct ctl *ctl)
{
	struct dms_operating operating = { .mode = 0xff };
	struct dms_identity identity = { 0 };
	struct m2m_error ignored;
	struct m2m_client *dms;
	bool has_mode = false;

	if (!ctl_open(ctl, QMI_DMS, &dms)) {
		dms_identity_get(dms, &identity, &ignored);
		has_mode = !dms_operating_get(dms, &operating, &ignored);
		m2m_client_close(dms, false);
	}
	out_section(ctl->out, "modem", "Modem");
	report_identity(ctl->out, &identity);
	out_string(ctl->out, "operating_mode", "Mode", has_mode ?
		   word(WORD_OPERATING_MODE, operating.mode).s : NULL);
	report_port(ctl->out, ctl->port);
	out_section_end(ctl->out);
	out_section(ctl->out, "format", "Data format");
	report_format(ctl->out, &ctl->port->format);
	out_section_end(ctl->out);
}

static void status_network(struct ctl *ctl)
{
	struct report_network network = { 0 };
	struct nas_signal signal;
	struct m2m_error ignored;
	struct m2m_client *nas;
	bool has_signal = false;

	if (!ctl_open(ctl, QMI_NAS, &nas)) {
		report_read_network(ctl, nas, &network);
		has_signal = !nas_signal_get(nas, &signal, &ignored);
		m2m_client_close(nas, false);
	}
	out_section(ctl->out, "network", "Network");
	report_network(ctl->out, &network);
	out_section_end(ctl->out);
	out_section(ctl->out, "signal", "Signal");
	if (has_signal)
		report_signal(ctl->out, &signal);
	out_section_end(ctl->out);
}

int status_run(struct ctl *ctl)
{
	struct report_sim sim = { 0 };
	int err;

	err = ctl_qmi(ctl);
	if (err)
		return err;
	m2m_qmi_limit(ctl->qmi, REPORT_TIMEOUT_MS);
	status_modem(ctl);
	report_read_sim(ctl, &sim);
	out_section(ctl->out, "sim", "SIM");
	report_sim(ctl->out, &sim);
	out_section_end(ctl->out);
	status_network(ctl);
	err = ctl_interrupted(ctl);
	return err ? err : report_pdns(ctl);
}
