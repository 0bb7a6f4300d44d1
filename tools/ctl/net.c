// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands that look at the network: show, scan, time. */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/connection.h"
#include "../lib/words.h"
#include "net.h"
#include "report.h"
#include "when.h"

#define LTE_BANDS	(64 * NAS_LTE_WORDS)
#define NR_BANDS	(64 * NAS_NR_WORDS)
#define BAND_TEXT	8
/* A person wants to see that something goes on */
#define PROGRESS_MS	1000

void net_plmn_text(const struct nas_plmn *plmn, char *ret, size_t size)
{
	snprintf(ret, size, "%03u%0*u", plmn->mcc, plmn->mnc3 || plmn->mnc > 99 ? 3 : 2,
		 plmn->mnc);
}

/* --- what the modem may choose ---------------------------------------------- */

static void say_bands(struct out *out, const char *key, const char *label,
		      const uint64_t *masks, unsigned int n_bands)
{
	char (*text)[BAND_TEXT] = g_malloc_n(n_bands, sizeof(*text));
	const char **list = g_new(const char *, n_bands);
	size_t n = 0;

	for (unsigned int i = 0; i < n_bands; i++) {
		if (!(masks[i / 64] >> i % 64 & 1))
			continue;
		snprintf(text[n], sizeof(text[n]), "%c%u",
			 n_bands == LTE_BANDS ? 'b' : 'n', i + 1);
		list[n] = text[n];
		n++;
	}
	out_strings(out, key, label, list, n);
	g_free(list);
	g_free(text);
}

static void say_modes(struct out *out, const struct nas_preference *p)
{
	const char *list[NAS_MODES];
	size_t n = 0;

	for (size_t i = 0; i < NAS_MODES; i++)
		if (p->modes & nas_modes[i].bit)
			list[n++] = nas_modes[i].word;
	if (p->has_modes)
		out_strings(out, "modes", "Modes", list, n);
	else
		out_unknown(out, "modes", "Modes");
}

void net_say_preference(struct out *out, const struct nas_preference *p)
{
	char plmn[16] = "automatic";

	if (p->manual)
		net_plmn_text(&p->plmn, plmn, sizeof(plmn));
	out_section(out, "selection", "Selection");
	out_string(out, "operator", "Operator", p->has_selection ? plmn : NULL);
	say_modes(out, p);
	out_string(out, "roaming", "Roaming", p->has_roaming ?
		   word(WORD_ROAMING, p->roaming).s : NULL);
	if (p->has_lte)
		say_bands(out, "lte_bands", "LTE bands", p->lte, LTE_BANDS);
	else
		out_unknown(out, "lte_bands", "LTE bands");
	if (p->has_nr) {
		say_bands(out, "nr_sa_bands", "NR bands alone", p->nr_sa, NR_BANDS);
		say_bands(out, "nr_nsa_bands", "NR bands with LTE", p->nr_nsa, NR_BANDS);
	} else {
		out_unknown(out, "nr_sa_bands", NULL);
		out_unknown(out, "nr_nsa_bands", NULL);
	}
	out_section_end(out);
}

/* --- show ------------------------------------------------------------------- */

static void say_carriers(struct out *out, const struct nas_carriers *carriers)
{
	out_table(out, "carriers", "Carriers");
	for (unsigned int i = 0; i < carriers->n; i++) {
		const struct nas_carrier *c = &carriers->carriers[i];

		out_row(out);
		out_string(out, "role", "ROLE", i ? "secondary" : "primary");
		out_string(out, "radio", "RADIO", word(WORD_RADIO, c->radio).s);
		out_string(out, "band", "BAND", word(WORD_ACTIVE_BAND, c->band).s);
		report_opt(out, "channel", "CHANNEL", c->channel, -1);
		report_opt(out, "bandwidth_khz", "BANDWIDTH", c->bandwidth_khz, -1);
		report_opt(out, "physical_cell", "CELL", c->cell, -1);
		out_row_end(out);
	}
	out_table_end(out);
}

int net_show_run(struct ctl *ctl)
{
	struct nas_preference preference = { 0 };
	struct nas_carriers carriers = { 0 };
	struct report_network network;
	struct m2m_error ignored;
	struct m2m_client *nas;
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	err = report_read_network(ctl, nas, &network);
	if (!err && nas_carriers_get(nas, &carriers, &ignored))
		carriers.n = 0;
	if (!err && nas_preference_get(nas, &preference, &ignored))
		memset(&preference, 0, sizeof(preference));
	m2m_client_close(nas, false);
	if (!err)
		err = ctl_interrupted(ctl);
	if (err)
		return err;
	out_section(ctl->out, "network", "Network");
	report_network(ctl->out, &network);
	out_section_end(ctl->out);
	say_carriers(ctl->out, &carriers);
	net_say_preference(ctl->out, &preference);
	return 0;
}

/* --- scan ------------------------------------------------------------------- */

static gboolean tick(gpointer data)
{
	const struct ctl *ctl = data;

	fprintf(stderr, "\rscanning, %lld s", (long long)
		((g_get_monotonic_time() - ctl->began_us) / G_USEC_PER_SEC));
	return G_SOURCE_CONTINUE;
}

static void say_operators(struct out *out, const struct nas_scan *scan)
{
	char plmn[16];

	out_table(out, "networks", NULL);
	for (unsigned int i = 0; i < scan->n; i++) {
		const struct nas_operator *op = &scan->operators[i];
		struct word words[G_N_ELEMENTS(op->radios)];
		const char *radios[G_N_ELEMENTS(op->radios)];

		for (unsigned int r = 0; r < op->n_radios; r++) {
			words[r] = word(WORD_RADIO, op->radios[r]);
			radios[r] = words[r].s;
		}
		net_plmn_text(&op->plmn, plmn, sizeof(plmn));
		out_row(out);
		out_string(out, "plmn", "PLMN", plmn);
		out_string(out, "operator", "OPERATOR", op->name);
		out_strings(out, "radios", "RADIO", op->n_radios ? radios : NULL,
			    op->n_radios);
		out_bool(out, "current", "CURRENT", op->status & NAS_STATUS_CURRENT);
		out_bool(out, "home", "HOME", op->status & NAS_STATUS_HOME);
		out_bool(out, "forbidden", "FORBIDDEN", op->status & NAS_STATUS_FORBIDDEN);
		out_row_end(out);
	}
	out_table_end(out);
	if (!scan->n)
		out_line(out, "no network");
}

/* A connection has links, and clients that are kept for it, also where there is no QMAP */
static bool has_pdn(struct ctl *ctl, const struct port *port)
{
	struct port_client *clients = NULL;
	struct m2m_error ignored;
	char name[IF_NAMESIZE];
	bool found = port->n_links;
	enum pdn_family f;
	size_t n = 0;

	if (found || port_clients(ctl->nl, port->id, &clients, &n, &ignored))
		return found;
	for (size_t i = 0; i < n && !found; i++)
		found = pdn_keep_parse(clients[i].name, name, &f);
	free(clients);
	return found;
}

/* Of whatever program: the modem's own interface is where a client is that is bound nowhere */
static bool has_call(struct ctl *ctl)
{
	static const uint8_t families[] = { 4, 6 };
	struct wds_packet_status status;
	struct m2m_client *wds = NULL;
	struct m2m_error ignored;
	bool found = false;

	if (ctl_open(ctl, QMI_WDS, &wds))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(families) && !found; i++)
		found = !wds_family_set(wds, families[i], &ignored) &&
			!wds_packet_status_get(wds, &status, &ignored) &&
			status.status != WDS_DISCONNECTED;
	m2m_client_close(wds, false);
	return found;
}

/* A scan is the modem's, whose other ports have calls as well */
static bool has_calls(struct ctl *ctl)
{
	for (size_t i = 0; i < ctl->n_ports; i++)
		if (!strcmp(ctl->ports[i].usb_path, ctl->port->usb_path) &&
		    has_pdn(ctl, &ctl->ports[i]))
			return true;
	return has_call(ctl);
}

int net_scan_run(struct ctl *ctl)
{
	bool watched = isatty(STDERR_FILENO);
	struct m2m_client *nas;
	struct nas_scan scan;
	guint timer = 0;
	int err;

	if (!ctl->args->given[OPTION_FORCE] && has_calls(ctl))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, "--force, or m2mctl pdn down first",
				"a scan may end the calls that are up");
	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	if (watched)
		timer = g_timeout_add(PROGRESS_MS, tick, ctl);
	err = nas_scan(nas, &scan, &ctl->error);
	if (timer) {
		g_source_remove(timer);
		fputs("\r\033[K", stderr);
	}
	m2m_client_close(nas, false);
	if (err)
		return err;
	say_operators(ctl->out, &scan);
	return 0;
}

/* --- time ------------------------------------------------------------------- */

/*
 * When the network told it the modem does not say. The reading is as old as the question
 * at most, however late the answer was.
 */
int net_time_run(struct ctl *ctl)
{
	struct nas_time t = { 0 };
	struct m2m_client *nas;
	int64_t asked_ms;
	char text[40];
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	asked_ms = when_uptime_ms();
	err = nas_time_get(nas, &t, &ctl->error);
	m2m_client_close(nas, false);
	if (err == -EREMOTEIO || err == -ENODATA) {
		m2m_error_prefix(&ctl->error, "the network has not told the time");
		ctl->status = EXIT_NOT_REGISTERED;
	}
	if (err)
		return err;
	snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02uZ", t.year, t.month,
		 t.day, t.hour, t.minute, t.second);
	out_section(ctl->out, "time", "Time");
	out_string(ctl->out, "utc", "UTC", text);
	when_age(ctl->out, "reading_age_s", asked_ms);
	report_opt(ctl->out, "zone_minutes", "Zone", t.has_zone ? t.zone_min : INT16_MIN,
		   INT16_MIN);
	report_opt(ctl->out, "daylight_saving_hours", "Daylight saving",
		   t.has_zone ? t.dst_h : -1, -1);
	out_section_end(ctl->out);
	return 0;
}
