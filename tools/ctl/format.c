// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl modem format`: the data format, as driver and modem each have it. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <string.h>

#include "../lib/nl.h"
#include "../lib/rt.h"
#include "../lib/wda.h"
#include "../lib/words.h"
#include "pdn.h"
#include "report.h"

/*
 * DOC: two halves
 *
 * Driver and modem must pack packets alike, or nothing comes through and nobody says so.
 * The driver runs in what the modem last confirmed, so the two agree unless the format was
 * set before the driver was there, or behind its back. Nothing is set while a link or a call
 * uses the format: its packets would be lost, and its own interface has another type then.
 */

static const struct {
	const char *word;
	uint32_t link_layer, aggregation;
} formats[] = {
	{ "802-3", M2M_WWAN_LINK_802_3, M2M_WWAN_AGG_NONE },
	{ "raw-ip", M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_NONE },
	{ "qmap", M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_QMAP },
	{ "qmapv4", M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_QMAPV4 },
	{ "qmapv5", M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_QMAPV5 },
};

/* What the modem says of itself */
struct theirs {
	bool known;
	struct wda_format format;
};

/* One that does not tell, as modems of old, has one format */
static int read_theirs(struct ctl *ctl, struct theirs *ret)
{
	struct m2m_client *wda;
	int err;

	*ret = (struct theirs) { 0 };
	err = ctl_open(ctl, QMI_WDA, &wda);
	if (err)
		return err;
	err = wda_format_get(wda, ctl->port->interface, &ret->format, &ctl->error);
	ret->known = !err;
	m2m_client_close(wda, false);
	return err;
}

static bool agree(const struct port_format *ours, const struct wda_format *theirs)
{
	return ours->link_layer == theirs->link_layer && ours->ul == theirs->ul &&
	       ours->dl == theirs->dl;
}

/* --- saying it -------------------------------------------------------------- */

static void say_theirs(struct out *out, const struct theirs *theirs)
{
	const struct wda_format *format = &theirs->format;

	out_section(out, "modem_format", "Modem");
	out_string(out, "link_layer", "Link layer", theirs->known ?
		   word(WORD_LINK_LAYER, format->link_layer).s : NULL);
	out_string(out, "uplink", "Uplink", theirs->known ?
		   word(WORD_AGGREGATION, format->ul).s : NULL);
	out_string(out, "downlink", "Downlink", theirs->known ?
		   word(WORD_AGGREGATION, format->dl).s : NULL);
	out_section_end(out);
}

static void say_speaks(struct out *out, const struct port *port)
{
	const char *words[G_N_ELEMENTS(formats)];
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (port->agg_mask & 1u << formats[i].aggregation)
			words[n++] = formats[i].word;
	out_strings(out, "driver_speaks", NULL, words, n);
}

static void say(struct ctl *ctl, const struct theirs *theirs)
{
	const struct port_format *ours = &ctl->port->format;
	struct out *out = ctl->out;

	out_section(out, "format", "Driver");
	report_format(out, ours);
	out_section_end(out);
	say_theirs(out, theirs);
	say_speaks(out, ctl->port);
	if (!theirs->known) {
		out_unknown(out, "agree", NULL);
		return;
	}
	out_bool(out, "agree", NULL, agree(ours, &theirs->format));
	if (!agree(ours, &theirs->format))
		out_line(out, "driver and modem disagree; try: m2mctl modem format auto");
}

/* --- setting it ------------------------------------------------------------- */

static int in_use(struct ctl *ctl, struct connector *c, uint32_t link_layer)
{
	struct rt_link link;
	bool used;
	int err;

	err = pdn_failed(ctl, c, connection_format_in_use(c, &used));
	if (err)
		return err;
	if (used)
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, "m2mctl pdn show, m2mctl pdn down",
				"a PDN uses the data format in force");
	/* what type its own interface has is decided when it comes up */
	if (!link_layer || link_layer == ctl->port->format.link_layer)
		return 0;
	err = rt_link_get(c->rt, NULL, ctl->port->ifindex, &link, &ctl->error);
	if (!err && link.flags & IFF_UP)
		err = ctl_fail(ctl, -EBUSY, EXIT_BUSY, "take it down, then again",
			       "the interface %s is up, and would have another type",
			       ctl->port->ifname);
	return err;
}

static bool is_so(const struct ctl *ctl, const struct theirs *theirs, size_t which)
{
	const struct port_format *ours = &ctl->port->format;

	return which < G_N_ELEMENTS(formats) && ours->confirmed && theirs->known &&
	       agree(ours, &theirs->format) &&
	       ours->link_layer == formats[which].link_layer &&
	       ours->ul == formats[which].aggregation &&
	       ours->dl == formats[which].aggregation;
}

/* @which beyond the table is auto: the best one that both speak */
static int apply(struct ctl *ctl, struct connector *c, size_t which)
{
	bool ignored;
	int err;

	err = in_use(ctl, c, which < G_N_ELEMENTS(formats) ? formats[which].link_layer :
							     M2M_WWAN_LINK_RAW_IP);
	if (err)
		return err;
	err = which < G_N_ELEMENTS(formats) ?
		connection_format_set(c, formats[which].link_layer,
				      formats[which].aggregation) :
		connection_format(c, &ignored);
	pdn_failed(ctl, c, err);
	if (err == -EOPNOTSUPP)
		ctl->hint = "m2mctl modem format";
	return err;
}

static int set(struct ctl *ctl, struct theirs *theirs)
{
	const struct port_format before = ctl->port->format;
	struct connector c;
	size_t which = 0;
	bool changed = false;
	int err;

	while (which < G_N_ELEMENTS(formats) && strcmp(formats[which].word, ctl->args->arg[0]))
		which++;
	err = ctl_lease(ctl);
	if (!err)
		err = pdn_connector(ctl, &c);
	if (err)
		return err;
	if (!is_so(ctl, theirs, which)) {
		err = apply(ctl, &c, which);
		changed = !err && (!before.confirmed || !theirs->known ||
				   !agree(&before, &theirs->format) ||
				   !agree(&ctl->port->format, &theirs->format));
		if (!err)
			err = read_theirs(ctl, theirs);
	}
	m2m_nl_free(c.rt);
	out_bool(ctl->out, "changed", NULL, changed);
	return err;
}

int modem_format_run(struct ctl *ctl)
{
	struct theirs theirs;
	int err;

	err = read_theirs(ctl, &theirs);
	if (err == -EINTR)
		return err;
	/* what the driver runs in anybody may see, and of every modem */
	ctl->hint = NULL;
	ctl->status = 0;
	if (ctl->args->n_args) {
		if (err && !ctl->error.qmi && err != -EOPNOTSUPP)
			return err;
		err = set(ctl, &theirs);
	} else {
		err = 0;
	}
	if (!err)
		say(ctl, &theirs);
	return err;
}
