// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what m2mctl says without a word: a line a modem. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <string.h>

#include "../lib/dms.h"
#include "../lib/nl.h"
#include "../lib/rt.h"
#include "../lib/words.h"
#include "alias.h"
#include "client.h"
#include "report.h"
#include "when.h"

#define ADDRESSES_MAX		16
#define SINCE_MAX		24

struct overview {
	struct ctl *ctl;
	struct aliases *aliases;
	struct client_answer *m2md;	/* NULL: it does not run, or we may not ask */
	struct m2m_nl *rt;		/* NULL: no addresses then */
};

struct row {
	const char *alias;		/* of the configuration */
	char imei[24];
	struct report_network network;
	struct nas_signal signal;
	bool has_signal;
	char addresses[ADDRESSES_MAX][INET6_ADDRSTRLEN];
	size_t n_addresses;
};

/* --- reading ---------------------------------------------------------------- */

static void read_imei(struct ctl *ctl, struct row *ret)
{
	struct m2m_error ignored;
	struct m2m_client *dms;

	if (ctl_open(ctl, QMI_DMS, &dms))
		return;
	if (dms_imei_get(dms, ret->imei, sizeof(ret->imei), &ignored) ||
	    !dms_imei_is_valid(ret->imei))
		ret->imei[0] = '\0';
	m2m_client_close(dms, false);
}

static void read_network(struct ctl *ctl, struct row *ret)
{
	struct m2m_error ignored;
	struct m2m_client *nas;

	if (ctl_open(ctl, QMI_NAS, &nas))
		return;
	report_read_network(ctl, nas, &ret->network);
	ret->has_signal = !nas_signal_get(nas, &ret->signal, &ignored);
	m2m_client_close(nas, false);
}

static void add_addresses(struct overview *o, unsigned int ifindex, struct row *ret)
{
	struct rt_addr addrs[RT_ADDRS_MAX];
	struct m2m_error ignored;
	size_t n = 0;

	if (!o->rt || !ifindex || rt_addr_list(o->rt, ifindex, addrs, &n, &ignored))
		return;
	for (size_t i = 0; i < n && ret->n_addresses < ADDRESSES_MAX; i++)
		inet_ntop(addrs[i].family, &addrs[i].v4, ret->addresses[ret->n_addresses++],
			  INET6_ADDRSTRLEN);
}

/* Of all its ports and PDNs */
static void read_addresses(struct overview *o, const char *usb_path, struct row *ret)
{
	for (size_t i = 0; i < o->ctl->n_ports; i++) {
		const struct port *port = &o->ctl->ports[i];

		if (strcmp(port->usb_path, usb_path))
			continue;
		add_addresses(o, port->ifindex, ret);
		for (size_t l = 0; l < port->n_links; l++)
			add_addresses(o, port->links[l].ifindex, ret);
	}
}

static void read_row(struct overview *o, struct row *ret)
{
	struct ctl *ctl = o->ctl;
	bool ask = port_is_usable(ctl->port) && !ctl_qmi(ctl);

	memset(ret, 0, sizeof(*ret));
	if (ask)
		m2m_qmi_limit(ctl->qmi, REPORT_TIMEOUT_MS);
	ret->alias = alias_of(o->aliases, ask ? ctl->qmi : NULL, ctl->port->usb_path);
	if (ask) {
		read_imei(ctl, ret);
		read_network(ctl, ret);
	}
	read_addresses(o, ctl->port->usb_path, ret);
	/* what cannot be read is not said */
	ctl->hint = NULL;
	ctl->status = 0;
}

/* --- saying ----------------------------------------------------------------- */

/* The row of m2md's answer about a modem that it manages; -1 */
static int managed_row(const struct overview *o, const char *usb_path)
{
	for (unsigned int i = 0; o->m2md && i < client_rows(o->m2md, "modems"); i++)
		if (client_is(o->m2md, "modems", i, "managed") &&
		    !g_strcmp0(client_text(o->m2md, "modems", i, "usb_path"), usb_path))
			return i;
	return -1;
}

/* What matters most of it, in one word */
static struct word state_of(const struct overview *o, const struct row *row, int managed)
{
	const struct port *port = o->ctl->port;
	const char *m2mds = NULL;
	struct word state;

	if (managed >= 0)
		m2mds = client_is(o->m2md, "modems", managed, "online") ? "online" :
			client_text(o->m2md, "modems", managed, "state");
	if (m2mds)
		g_strlcpy(state.s, m2mds, sizeof(state.s));
	else if (port->state != M2M_WWAN_STATE_READY)
		return word(WORD_PORT_STATE, port->state);
	else if (row->n_addresses)
		g_strlcpy(state.s, "connected", sizeof(state.s));
	else if (row->network.known)
		return word(WORD_REGISTRATION, row->network.serving.registration);
	else
		return word(WORD_PORT_STATE, port->state);
	return state;
}

/* The signal of the newest technology in use */
static enum nas_quality quality_of(const struct nas_signal *signal, int *ret_dbm)
{
	if (signal->nr_rsrp_dbm != NAS_UNKNOWN) {
		*ret_dbm = signal->nr_rsrp_dbm;
		return nas_quality_nr(signal);
	}
	if (signal->lte_rsrp_dbm != NAS_UNKNOWN) {
		*ret_dbm = signal->lte_rsrp_dbm;
		return nas_quality_lte(signal);
	}
	if (signal->umts_rssi_dbm != NAS_UNKNOWN) {
		*ret_dbm = signal->umts_rssi_dbm;
		return nas_quality_umts(signal);
	}
	*ret_dbm = signal->gsm_rssi_dbm;
	return nas_quality_gsm(signal);
}

static void say_signal(struct out *out, const struct row *row)
{
	enum nas_quality quality = NAS_QUALITY_UNKNOWN;
	int dbm = NAS_UNKNOWN;
	char text[64];

	if (row->has_signal)
		quality = quality_of(&row->signal, &dbm);
	report_opt(out, "signal_dbm", NULL, dbm, NAS_UNKNOWN);
	out_string(out, "quality", NULL, quality == NAS_QUALITY_UNKNOWN ? NULL :
		   word(WORD_QUALITY, quality).s);
	report_opt(out, "bars", NULL, quality, NAS_QUALITY_UNKNOWN);
	g_snprintf(text, sizeof(text), "%d dBm, %s", dbm, word(WORD_QUALITY, quality).s);
	out_cell(out, "SIGNAL", quality == NAS_QUALITY_UNKNOWN ? "-" : text);
}

/* "3d 4h", "12s": the two largest units */
static const char *since_text(int64_t s, char ret[SINCE_MAX])
{
	static const struct {
		int64_t s;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(units) && s < units[i].s)
		i++;
	if (i + 1 < G_N_ELEMENTS(units) && s % units[i].s / units[i + 1].s)
		g_snprintf(ret, SINCE_MAX, "%lld%s %lld%s", (long long)(s / units[i].s),
			   units[i].name, (long long)(s % units[i].s / units[i + 1].s),
			   units[i + 1].name);
	else
		g_snprintf(ret, SINCE_MAX, "%lld%s", (long long)(s / units[i].s),
			   units[i].name);
	return ret;
}

/* Since when it is online its PDNs know */
static int64_t since_of(const struct overview *o, int managed)
{
	const char *path = client_text(o->m2md, "modems", managed, "usb_path");
	int64_t since = client_number(o->m2md, "modems", managed, "since_s", -1);

	for (unsigned int i = 0; client_is(o->m2md, "modems", managed, "online") &&
	     i < client_rows(o->m2md, "pdns"); i++)
		if (!g_strcmp0(path, client_text(o->m2md, "pdns", i, "usb_path")))
			since = MIN(since, client_number(o->m2md, "pdns", i, "since_s", since));
	return since;
}

static void say_since(struct out *out, const struct overview *o, int managed)
{
	int64_t since = managed < 0 ? -1 : since_of(o, managed);
	char text[SINCE_MAX];

	if (since < 0) {
		out_unknown(out, "since_s", NULL);
		out_unknown(out, "since", NULL);
		out_cell(out, "SINCE", "-");
		return;
	}
	out_int(out, "since_s", NULL, since);
	when_from_now(out, "since", -since);
	out_cell(out, "SINCE", since_text(since, text));
}

static void say_row(struct overview *o, const struct row *row)
{
	const struct nas_serving *s = &row->network.serving;
	bool radio = row->network.known && s->radio != NAS_RADIO_NONE;
	int managed = managed_row(o, o->ctl->port->usb_path);
	const char *addresses[ADDRESSES_MAX];
	struct out *out = o->ctl->out;

	for (size_t i = 0; i < row->n_addresses; i++)
		addresses[i] = row->addresses[i];
	out_row(out);
	out_string(out, "alias", NULL, row->alias);
	out_string(out, "usb_path", NULL, o->ctl->port->usb_path);
	out_string(out, "imei", NULL, row->imei);
	out_cell(out, "MODEM", row->alias ? row->alias : o->ctl->port->usb_path);
	out_bool(out, "managed", NULL, managed >= 0);
	out_string(out, "state", "STATE", state_of(o, row, managed).s);
	out_string(out, "operator", "OPERATOR", s->operator_name);
	out_string(out, "radio", "RADIO", radio ? word(WORD_RADIO, s->radio).s : NULL);
	say_signal(out, row);
	out_strings(out, "addresses", "ADDRESSES", addresses, row->n_addresses);
	say_since(out, o, managed);
	out_row_end(out);
}

/* --- all of them ------------------------------------------------------------ */

static bool is_first_port(const struct ctl *ctl, size_t i)
{
	return !i || strcmp(ctl->ports[i].usb_path, ctl->ports[i - 1].usb_path);
}

static void say_modem(struct overview *o, size_t i)
{
	struct ctl *ctl = o->ctl;
	struct row row;

	ctl->port = port_choose(ctl->ports, ctl->n_ports, ctl->ports[i].usb_path);
	read_row(o, &row);
	say_row(o, &row);
	m2m_qmi_free(ctl->qmi);
	ctl->qmi = NULL;
}

int overview_run(struct ctl *ctl)
{
	const char *only = ctl->port && ctl->args->given[OPTION_DEVICE] ?
		ctl->port->usb_path : NULL;
	struct overview o = { .ctl = ctl, .aliases = alias_load() };
	struct m2m_error ignored;

	/* without them it is what driver and modem say */
	if (client_ask(ctl, "why", NULL, &o.m2md))
		o.m2md = NULL;
	if (rt_open(&o.rt, &ignored))
		o.rt = NULL;
	ctl->status = 0;
	ctl->hint = NULL;
	out_table(ctl->out, "modems", NULL);
	for (size_t i = 0; i < ctl->n_ports && !ctl->interrupted; i++)
		if (is_first_port(ctl, i) && (!only || !strcmp(only, ctl->ports[i].usb_path)))
			say_modem(&o, i);
	out_table_end(ctl->out);
	if (!ctl->n_ports)
		out_line(ctl->out, "no modem");
	m2m_nl_free(o.rt);
	client_free(o.m2md);
	alias_free(o.aliases);
	return ctl_interrupted(ctl);
}
