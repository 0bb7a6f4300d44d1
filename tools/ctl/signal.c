// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl signal`. */
#include <errno.h>
#include <glib.h>
#include <limits.h>

#include "../lib/words.h"
#include "report.h"
#include "watch.h"
#include "when.h"

struct signal_watch {
	struct watch watch;
	struct nas_signal signal;	/* the latest */
};

static void say(struct out *out, const struct nas_signal *signal)
{
	out_section(out, "signal", "Signal");
	report_signal(out, signal);
	out_section_end(out);
}

/* --- one line each ------------------------------------------------------------ */

static void add_figure(GString *line, const char *name, int value, const char *unit)
{
	if (value != NAS_UNKNOWN)
		g_string_append_printf(line, " %s %d %s", name, value, unit);
}

static void add_quality(GString *line, const char *radio, enum nas_quality quality)
{
	if (quality != NAS_QUALITY_UNKNOWN)
		g_string_append_printf(line, "%s%s %s", line->len ? "; " : "", radio,
				       word(WORD_QUALITY, quality).s);
}

static void add_snr(GString *line, int tenths)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (tenths == NAS_UNKNOWN)
		return;
	g_ascii_formatd(text, sizeof(text), "%.1f", tenths / 10.0);
	g_string_append_printf(line, " SNR %s dB", text);
}

static char *line_of(const struct nas_signal *s)
{
	GString *line = g_string_new(NULL);

	add_quality(line, "gsm", nas_quality_gsm(s));
	add_figure(line, "RSSI", s->gsm_rssi_dbm, "dBm");
	add_quality(line, "umts", nas_quality_umts(s));
	add_figure(line, "RSSI", s->umts_rssi_dbm, "dBm");
	add_figure(line, "Ec/Io", s->umts_ecio_db, "dB");
	add_quality(line, "lte", nas_quality_lte(s));
	add_figure(line, "RSRP", s->lte_rsrp_dbm, "dBm");
	add_figure(line, "RSRQ", s->lte_rsrq_db, "dB");
	add_snr(line, s->lte_snr_tenth_db);
	add_quality(line, "5gnr", nas_quality_nr(s));
	add_figure(line, "RSRP", s->nr_rsrp_dbm, "dBm");
	add_figure(line, "RSRQ", s->nr_rsrq_db, "dB");
	add_snr(line, s->nr_snr_tenth_db);
	return g_string_free(line, FALSE);
}

/* 0, or what the output says to it */
static int say_line(const struct ctl *ctl, const struct nas_signal *signal)
{
	g_autofree char *line = line_of(signal);
	enum out_format format = watch_format(ctl->args);
	struct out *out = out_new(stdout, format);

	when_now(out);
	if (format == OUT_TEXT)
		out_line(out, "%s", *line ? line : "no signal");
	else
		say(out, signal);
	return out_finish(out);
}

/* --- watching ----------------------------------------------------------------- */

static void heard(QmiMessage *indication, void *data)
{
	struct signal_watch *w = data;

	if (qmi_message_get_message_id(indication) == NAS_SIGNAL_INFO_IND &&
	    !nas_signal_parse(indication, &w->signal))
		w->watch.news = true;
}

/* The modem compares: until it tells nobody asks it anything */
static int watch(struct ctl *ctl, struct m2m_client *nas)
{
	struct signal_watch w;
	bool over = false;
	int err;

	err = watch_begin(ctl, &w.watch);
	if (err)
		return err;
	m2m_client_watch(nas, heard, &w);
	err = nas_signal_watch(nas, &ctl->error);
	if (!err)
		err = nas_signal_get(nas, &w.signal, &ctl->error);
	while (!err && !over) {
		w.watch.news = false;
		if (say_line(ctl, &w.signal))
			break;
		while (!err && !over && !w.watch.news)
			err = watch_wait(&w.watch, INT_MAX, &over);
	}
	m2m_client_watch(nas, NULL, NULL);
	watch_end(&w.watch);
	return err == -EINTR ? 0 : err;
}

int signal_run(struct ctl *ctl)
{
	struct nas_signal signal;
	struct m2m_client *nas;
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	if (ctl->args->given[OPTION_WATCH]) {
		err = watch(ctl, nas);
	} else {
		err = nas_signal_get(nas, &signal, &ctl->error);
		if (!err)
			say(ctl->out, &signal);
	}
	m2m_client_close(nas, false);
	return err;
}
