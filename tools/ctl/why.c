// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what m2md says of the modems it looks after: `m2mctl why`, status without the driver. */
#include <errno.h>
#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "client.h"
#include "ctl.h"
#include "meant.h"
#include "when.h"

/* So many seconds away, and when that is */
static void say_seconds(struct out *out, const struct client_answer *answer,
			const char *table, unsigned int row, const char *key,
			const char *label)
{
	int64_t number = client_number(answer, table, row, key, INT64_MIN);
	bool ago = !strcmp(key, "since_s");
	const char *when = ago ? "since" : "next_time";

	if (number == INT64_MIN) {
		out_unknown(out, key, label);
		out_unknown(out, when, NULL);
		return;
	}
	out_int(out, key, label, number);
	when_from_now(out, when, ago ? -number : number);
}

/* A number that may be null; not a word where m2md has none */
static void say_number(struct out *out, const struct client_answer *answer,
		       const char *table, unsigned int row, const char *key)
{
	int64_t number = client_number(answer, table, row, key, INT64_MIN);

	if (number == INT64_MIN)
		out_unknown(out, key, NULL);
	else
		out_int(out, key, NULL, number);
}

static void say_row(struct out *out, const struct client_answer *answer,
		    const char *table, unsigned int row, const char *name,
		    const char *label)
{
	const struct {
		const char *key, *label;
	} texts[] = {
		{ "usb_path", "MODEM" }, { name, label }, { "state", "STATE" },
		{ "cause", "CAUSE" }, { "cause_text", "WHY" },
	};

	out_row(out);
	/* a PDN is its modem's */
	if (!strcmp(table, "modems")) {
		out_bool(out, "managed", NULL, client_is(answer, table, row, "managed"));
		out_string(out, "alias", NULL, client_text(answer, table, row, "alias"));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		out_string(out, texts[i].key, texts[i].label,
			   client_text(answer, table, row, texts[i].key));
	/* a modem's; qmi_wwan is mainline's, and less */
	if (client_text(answer, table, row, "driver"))
		out_string(out, "driver", "DRIVER",
			   client_text(answer, table, row, "driver"));
	/* what a trial has set */
	if (client_text(answer, table, row, "former"))
		out_string(out, "former", NULL, client_text(answer, table, row, "former"));
	/* with Order= */
	if (client_number(answer, table, row, "slot", 0)) {
		say_number(out, answer, table, row, "slot");
		say_number(out, answer, table, row, "next_slot");
		say_number(out, answer, table, row, "next_slot_s");
	}
	say_seconds(out, answer, table, row, "since_s", "SINCE");
	out_string(out, "next", "NEXT", client_text(answer, table, row, "next"));
	say_seconds(out, answer, table, row, "next_s", "IN");
	out_row_end(out);
}

/* The rows of the modem that is meant; returns whether there is one */
static bool say_table(struct out *out, const struct client_answer *answer,
		      const struct meant *meant, const char *table, const char *title,
		      const char *name, const char *label)
{
	bool any = false;

	out_table(out, table, title);
	for (unsigned int i = 0; i < client_rows(answer, table); i++) {
		const char *usb_path = client_text(answer, table, i, "usb_path");

		if (!meant_is(meant, usb_path, client_imei(answer, usb_path)))
			continue;
		say_row(out, answer, table, i, name, label);
		any = true;
	}
	out_table_end(out);
	return any;
}

/* A column of it would be empty on most days */
static void say_former(struct out *out, const struct client_answer *answer,
		       const struct meant *meant)
{
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++) {
		const char *usb_path = client_text(answer, "modems", i, "usb_path");
		const char *former = client_text(answer, "modems", i, "former");

		if (former && meant_is(meant, usb_path, client_imei(answer, usb_path)))
			out_line(out, "%s: on trial, and as before once that is over: %s",
				 usb_path ? usb_path : "-", former);
	}
}

/* Which card is in use is news where another one may be, and which is next, and when */
static void say_slots(struct out *out, const struct client_answer *answer,
		      const struct meant *meant)
{
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++) {
		const char *usb_path = client_text(answer, "modems", i, "usb_path");
		long long slot = client_number(answer, "modems", i, "slot", 0);
		long long next = client_number(answer, "modems", i, "next_slot", 0);
		long long in = client_number(answer, "modems", i, "next_slot_s", -1);

		if (!slot || !meant_is(meant, usb_path, client_imei(answer, usb_path)))
			continue;
		if (next && in >= 0)
			out_line(out, "%s: slot %lld is in use; next: slot %lld in %lld s",
				 usb_path ? usb_path : "-", slot, next, in);
		else
			out_line(out, "%s: slot %lld is in use", usb_path ? usb_path : "-",
				 slot);
	}
}

static bool say_tables(struct out *out, const struct client_answer *answer,
		       const struct meant *meant)
{
	bool any = say_table(out, answer, meant, "modems", "Modems", "imei", "IMEI");

	say_table(out, answer, meant, "pdns", "PDNs", "name", "NAME");
	say_former(out, answer, meant);
	say_slots(out, answer, meant);
	return any;
}

int why_run(struct ctl *ctl)
{
	struct client_answer *answer = NULL;
	struct meant *meant;
	int err;

	err = client_ask(ctl, "why", NULL, &answer);
	if (err)
		return err;
	meant = meant_new(ctl);
	meant_learn(meant, answer);
	if (!say_tables(ctl->out, answer, meant) && meant)
		err = meant_fail(ctl, meant);
	meant_free(meant);
	client_free(answer);
	return err;
}

/* Whether it is on mainline's driver, and -d, where given, means it */
static bool is_degraded(const struct meant *meant, const struct client_answer *answer,
			unsigned int row)
{
	if (g_strcmp0(client_text(answer, "modems", row, "driver"), "qmi_wwan"))
		return false;
	return meant_is(meant, client_text(answer, "modems", row, "usb_path"),
			client_text(answer, "modems", row, "imei"));
}

int why_degraded(struct ctl *ctl)
{
	struct client_answer *answer = NULL;
	struct meant *meant;
	bool any = false;
	int err;

	err = client_ask(ctl, "why", NULL, &answer);
	if (err)
		return err;
	meant = meant_new(ctl);
	meant_learn(meant, answer);
	for (unsigned int i = 0; i < client_rows(answer, "modems") && !any; i++)
		any = is_degraded(meant, answer, i);
	if (any) {
		out_line(ctl->out,
			 "m2m_wwan is not loaded; m2md is degraded, on the kernel's own qmi_wwan");
		out_bool(ctl->out, "degraded", NULL, true);
		say_tables(ctl->out, answer, meant);
	}
	meant_free(meant);
	client_free(answer);
	return any ? 0 : -ENODEV;
}
