// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands about the modem as a device: show, mode, reset. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/nl.h"
#include "../lib/words.h"
#include "report.h"

/* A change of mode that was accepted shows in this time. */
#define MODE_MS		10000

/* --- show ------------------------------------------------------------------- */

static void say_capabilities(struct out *out, const struct dms_capabilities *can)
{
	struct word words[DMS_RADIOS_MAX];
	const char *radios[DMS_RADIOS_MAX];

	for (unsigned int i = 0; i < can->n_radios; i++) {
		words[i] = word(WORD_RADIO, can->radios[i]);
		radios[i] = words[i].s;
	}
	/* none at all is what no modem has */
	out_strings(out, "radios", "Radios", can->n_radios ? radios : NULL, can->n_radios);
	report_opt(out, "max_rx_bits_per_s", "Downlink", can->max_rx_bps, 0);
	report_opt(out, "max_tx_bits_per_s", "Uplink", can->max_tx_bps, 0);
}

static void say_services(struct out *out, const struct port *port)
{
	char version[16];

	out_table(out, "services", "Services");
	for (size_t i = 0; i < port->n_services; i++) {
		const struct port_service *s = &port->services[i];

		snprintf(version, sizeof(version), "%u.%u", s->major, s->minor);
		out_row(out);
		out_string(out, "service", "SERVICE", word(WORD_SERVICE, s->id).s);
		out_string(out, "version", "VERSION", version);
		out_row_end(out);
	}
	out_table_end(out);
}

static void say_counters(struct out *out, const struct port *port)
{
	out_table(out, "counters", "Counters");
	for (size_t i = 0; i < port->n_counters; i++) {
		out_row(out);
		out_string(out, "counter", "COUNTER", port->counters[i].name);
		out_counter(out, "value", "VALUE", port->counters[i].value);
		out_row_end(out);
	}
	out_table_end(out);
}

/* What the modem does not tell stays empty; a mute one is no failure either */
static void read_modem(struct ctl *ctl, struct dms_identity *identity,
		       struct dms_versions *versions, struct dms_capabilities *can,
		       struct dms_operating *operating, bool *ret_has_mode)
{
	struct m2m_error ignored;
	struct m2m_client *dms;

	if (ctl_open(ctl, QMI_DMS, &dms))
		return;
	dms_identity_get(dms, identity, &ignored);
	dms_versions_get(dms, versions, &ignored);
	if (dms_capabilities_get(dms, can, &ignored))
		memset(can, 0, sizeof(*can));
	*ret_has_mode = !dms_operating_get(dms, operating, &ignored);
	m2m_client_close(dms, false);
}

int modem_show_run(struct ctl *ctl)
{
	struct dms_operating operating = { 0 };
	struct dms_capabilities can = { 0 };
	struct dms_identity identity = { 0 };
	struct dms_versions versions = { 0 };
	struct out *out = ctl->out;
	bool has_mode = false;
	int err;

	read_modem(ctl, &identity, &versions, &can, &operating, &has_mode);
	err = ctl_interrupted(ctl);
	if (err)
		return err;
	out_section(out, "modem", "Modem");
	report_identity(out, &identity);
	out_string(out, "hardware_revision", "Hardware", versions.hardware);
	out_string(out, "software_version", "Software", versions.software);
	out_string(out, "operating_mode", "Mode", has_mode ?
		   word(WORD_OPERATING_MODE, operating.mode).s : NULL);
	report_opt_bool(out, "hardware_restricted", NULL, operating.knows_restricted,
			operating.hardware_restricted);
	say_capabilities(out, &can);
	report_port(out, ctl->port);
	out_section_end(out);
	out_section(out, "format", "Data format");
	report_format(out, &ctl->port->format);
	out_section_end(out);
	say_services(out, ctl->port);
	say_counters(out, ctl->port);
	return 0;
}

/* --- mode ------------------------------------------------------------------- */

static int refused(struct ctl *ctl, struct m2m_client *dms, int err, uint8_t mode)
{
	struct dms_operating now;
	struct m2m_error ignored;
	uint16_t qmi = ctl->error.qmi;

	if (!qmi || dms_operating_get(dms, &now, &ignored))
		return err;
	if (now.hardware_restricted)
		return ctl_fail(ctl, -ENETDOWN, EXIT_NOT_REGISTERED,
				"its switch, or the unlock of its maker",
				"the radio is locked off by hardware (QMI error %u)", qmi);
	if (now.mode == DMS_OFFLINE)
		return ctl_fail(ctl, err, 0, "m2mctl modem reset",
				"a modem that is offline goes nowhere without a reset (QMI error %u)",
				qmi);
	if (mode == DMS_ONLINE)
		ctl->hint = "the unlock of its maker, where it has an FCC lock";
	return err;
}

struct mode_look {
	struct m2m_client *dms;
	uint8_t wanted;
	struct dms_operating now;
};

static int look_at_mode(struct ctl *ctl, void *data, bool *ret_is_so)
{
	struct mode_look *l = data;
	int err = dms_operating_get(l->dms, &l->now, &ctl->error);

	*ret_is_so = !err && l->now.mode == l->wanted;
	return err;
}

static int wait_mode(struct ctl *ctl, struct m2m_client *dms, uint8_t mode)
{
	struct mode_look l = { .dms = dms, .wanted = mode };
	int err = ctl_await(ctl, &l.dms, ctl_until_us(ctl, MODE_MS), look_at_mode, &l);

	return err <= 0 ? err :
	       ctl_fail(ctl, -EIO, EXIT_FAILED, "m2mctl modem show",
			"the modem said yes, but is %s",
			word(WORD_OPERATING_MODE, l.now.mode).s);
}

static int set_mode(struct ctl *ctl, struct m2m_client *dms, uint8_t mode)
{
	struct m2m_error ignored;
	int err;

	/* without it there is still the asking */
	dms_events_on(dms, &ignored);
	err = dms_operating_set(dms, mode, &ctl->error);
	return err ? refused(ctl, dms, err, mode) : wait_mode(ctl, dms, mode);
}

int modem_mode_run(struct ctl *ctl)
{
	uint8_t mode = word_value(WORD_OPERATING_MODE, ctl->args->arg[0]);
	struct dms_operating now;
	struct m2m_client *dms;
	bool changed = false;
	int err;

	err = ctl_open(ctl, QMI_DMS, &dms);
	if (err)
		return err;
	err = dms_operating_get(dms, &now, &ctl->error);
	if (!err && now.mode != mode) {
		changed = true;
		err = set_mode(ctl, dms, mode);
	}
	m2m_client_close(dms, false);
	if (err)
		return err;
	out_string(ctl->out, "operating_mode", NULL, ctl->args->arg[0]);
	out_bool(ctl->out, "changed", NULL, changed);
	out_line(ctl->out, "%s", ctl->args->arg[0]);
	return 0;
}

/* --- reset ------------------------------------------------------------------ */

#define BY_FORCE	"--force, which resets its USB device"

/* It resets, or did, and knows nothing of who asked: a quick one before its answer */
static bool is_gone(int err)
{
	return err == -ENODEV || err == -ECONNRESET || err == -ESTALE;
}

/*
 * Offline first: no other mode lets a modem go. Then nothing else leads out, so an answer
 * that was lost is no reason to leave it there.
 */
static int send_reset(struct ctl *ctl, struct m2m_client *dms, bool is_offline)
{
	struct m2m_error why;
	int err = 0;

	if (!is_offline)
		err = dms_operating_set(dms, DMS_OFFLINE, &ctl->error);
	if (err && err != -ETIMEDOUT)
		return err;
	err = dms_operating_set(dms, DMS_RESET, &ctl->error);
	if (err != -ETIMEDOUT)
		return err;
	/* it may be about to; the second one says whether it has heard the first */
	err = dms_operating_set(dms, DMS_RESET, &why);
	return is_gone(err) || !err ? 0 : m2m_error_copy(&ctl->error, &why);
}

/* No reset: the radio is put back as it was, or who asked for it is told how it is */
static int put_back(struct ctl *ctl, struct m2m_client *dms, int err, uint8_t before)
{
	bool cancelled = m2m_qmi_is_cancelled(ctl->qmi);
	char why[sizeof(ctl->error.msg)];
	struct dms_operating now;
	struct m2m_error ignored;
	bool is_back = false;
	int asked;

	/* cleaning up is not what a signal interrupts */
	m2m_qmi_cancel(ctl->qmi, false);
	g_strlcpy(why, ctl->error.msg, sizeof(why));
	asked = dms_operating_get(dms, &now, &ignored);
	if (!asked && now.mode == DMS_OFFLINE && before != DMS_OFFLINE)
		is_back = !dms_operating_set(dms, before, &ignored);
	m2m_qmi_cancel(ctl->qmi, cancelled);
	if (is_gone(asked))
		return 0;
	if (is_back || (!asked && now.mode == before && before != DMS_OFFLINE))
		return ctl_fail(ctl, err, 0, err == -EINTR ? NULL : BY_FORCE,
				"%s; its radio is as it was", why);
	return ctl_fail(ctl, err, 0, err == -EINTR ? NULL :
			"it again; " BY_FORCE "; or take its power away",
			asked ? "%s; it may be offline now, and then only a reset leads out" :
				"%s; it is offline now, and only a reset leads out", why);
}

static int tell_reset(struct ctl *ctl)
{
	struct dms_operating before;
	struct m2m_client *dms;
	int err;

	if (!port_is_usable(ctl->port)) {
		err = ctl_mute(ctl);
		ctl->hint = BY_FORCE;
		return err;
	}
	err = ctl_open(ctl, QMI_DMS, &dms);
	if (err)
		return err;
	err = dms_operating_get(dms, &before, &ctl->error);
	if (err && err != -EINTR)
		ctl->hint = BY_FORCE;
	if (!err) {
		err = send_reset(ctl, dms, before.mode == DMS_OFFLINE);
		if (is_gone(err))
			err = 0;
		if (err)
			err = put_back(ctl, dms, err, before.mode);
	}
	m2m_client_close(dms, false);
	return err;
}

int modem_reset_run(struct ctl *ctl)
{
	bool force = ctl->args->given[OPTION_FORCE];
	struct device_watch *watch;
	int err;

	err = device_watch(ctl, &watch);
	if (err)
		return err;
	if (force)
		err = port_reset(ctl->nl, ctl->port->id, &ctl->error);
	else
		err = tell_reset(ctl);
	if (!err)
		err = device_await(ctl, watch);
	device_watch_free(watch);
	if (err)
		return err;
	out_string(ctl->out, "usb_path", NULL, ctl->port->usb_path);
	out_line(ctl->out, "%s was reset and is back", ctl->port->usb_path);
	return 0;
}
