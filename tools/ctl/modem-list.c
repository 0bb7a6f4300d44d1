// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the list of cellular modules, also of those that no QMI driver can use. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <string.h>

#include "../lib/dms.h"
#include "../lib/nl.h"
#include "ctl.h"
#include "sim.h"
#include "usb-module.h"

/* --- what there is -------------------------------------------------------------- */

static const char *driver_of(const struct usb_module *module)
{
	for (size_t i = 0; i < module->n; i++)
		if (!strcmp(module->interfaces[i].driver, "qmi_wwan") ||
		    !strcmp(module->interfaces[i].driver, "m2m_wwan"))
			return module->interfaces[i].driver;
	return NULL;
}

static void say_module(struct out *out, const struct usb_module *module,
		       const struct module_verdict *verdict)
{
	g_autofree char *name = g_strdup_printf("%s%s%s", module->maker,
						*module->maker ? " " : "", module->name);
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", module->vendor, module->product);
	out_row(out);
	out_string(out, "usb_path", "PATH", module->path);
	out_string(out, "usb_id", "ID", id);
	out_string(out, "name", "NAME", name);
	out_string(out, "mode", "MODE", module_mode_word(verdict->mode));
	out_string(out, "driver", NULL, driver_of(module));
	out_string(out, "why", NULL, verdict->why);
	out_string(out, "cure", NULL, verdict->cure);
	out_row_end(out);
}

static void say_cure(struct out *out, const struct usb_module *module,
		     const struct module_verdict *verdict)
{
	if (*verdict->why)
		out_line(out, "%s: %s; try: %s", module->path, verdict->why, verdict->cure);
}

static int list(struct ctl *ctl)
{
	struct module_verdict *verdicts;
	bool driver = module_has_driver();
	struct usb_module *modules;
	size_t n = module_read_all(&modules), shown = 0;

	verdicts = g_new0(struct module_verdict, n + 1);
	out_table(ctl->out, "modules", NULL);
	for (size_t i = 0; i < n; i++) {
		module_judge(&modules[i], driver, &verdicts[i]);
		if (verdicts[i].mode == MODULE_NONE)
			continue;
		say_module(ctl->out, &modules[i], &verdicts[i]);
		shown++;
	}
	out_table_end(ctl->out);
	for (size_t i = 0; i < n; i++)
		say_cure(ctl->out, &modules[i], &verdicts[i]);
	if (!shown)
		out_line(ctl->out, "no cellular module at any USB port");
	g_free(verdicts);
	g_free(modules);
	return 0;
}

/* --- keys to paste -------------------------------------------------------------- */

struct identity {
	struct dms_identity dms;
	char iccid[24];
};

/* What cannot be asked is left out */
static void read_identity(struct ctl *ctl, struct identity *ret)
{
	struct m2m_error ignored;
	struct card card;

	*ret = (struct identity) { 0 };
	if (sim_open(ctl, &card))
		return;
	dms_identity_get(card.dms, &ret->dms, &ignored);
	if (card_iccid_get(&card, ret->iccid, sizeof(ret->iccid), &ignored))
		ret->iccid[0] = '\0';
	sim_close(&card);
}

/* A value of [Match] is a list of patterns: what would split it, or mean another thing */
static void as_pattern(char *text)
{
	g_strdelimit(text, " \t[]\"'#;\\*", '?');
}

static void say_match(struct out *out, const struct port *port, struct identity *identity)
{
	const char *imei = dms_imei_is_valid(identity->dms.imei) ? identity->dms.imei : NULL;

	as_pattern(identity->dms.model);
	out_row(out);
	out_string(out, "usb_path", NULL, port->usb_path);
	out_string(out, "imei", NULL, imei);
	out_string(out, "iccid", NULL, identity->iccid);
	out_string(out, "model", NULL, identity->dms.model);
	out_row_end(out);
	out_line(out, "[Match]");
	out_line(out, "%sIMEI=%s", imei ? "" : "#", imei ? imei : "");
	out_line(out, "%sPath=%s", imei ? "#" : "", port->usb_path);
	if (*identity->iccid)
		out_line(out, "#ICCID=%s", identity->iccid);
	if (*identity->dms.model)
		out_line(out, "#Model=%s", identity->dms.model);
}

static int match(struct ctl *ctl)
{
	struct identity identity;
	int err = 0;

	if (!ctl->n_ports) {
		err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &ctl->nl, &ctl->error);
		if (err)
			return ctl_fail(ctl, err, EXIT_NO_DRIVER, "modprobe m2m_wwan",
					"the modems cannot be asked who they are: the driver is not loaded");
		err = port_list(ctl->nl, &ctl->ports, &ctl->n_ports, &ctl->error);
	}
	if (!err && !ctl->n_ports)
		err = ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, "m2mctl modem list",
			       "there is no modem");
	if (err)
		return err;
	out_table(ctl->out, "modems", NULL);
	for (size_t i = 0; i < ctl->n_ports && !ctl->interrupted; i++) {
		ctl->port = &ctl->ports[i];
		/* the ports of one modem stand side by side */
		if (i && !strcmp(ctl->port->usb_path, ctl->ports[i - 1].usb_path))
			continue;
		read_identity(ctl, &identity);
		say_match(ctl->out, ctl->port, &identity);
		m2m_qmi_free(ctl->qmi);
		ctl->qmi = NULL;
	}
	out_table_end(ctl->out);
	ctl->hint = NULL;
	return ctl_interrupted(ctl);
}

int modem_list_run(struct ctl *ctl)
{
	return ctl->args->given[OPTION_MATCH] ? match(ctl) : list(ctl);
}
