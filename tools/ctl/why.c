// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl why`: what m2md says of the modems it looks after. */
#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "client.h"
#include "ctl.h"

static void say_number(struct out *out, const struct client_answer *answer,
		       const char *table, unsigned int row, const char *key,
		       const char *label)
{
	int64_t number = client_number(answer, table, row, key, INT64_MIN);

	if (number == INT64_MIN)
		out_unknown(out, key, label);
	else
		out_int(out, key, label, number);
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
	if (!strcmp(table, "modems"))
		out_bool(out, "managed", NULL, client_is(answer, table, row, "managed"));
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		out_string(out, texts[i].key, texts[i].label,
			   client_text(answer, table, row, texts[i].key));
	/* a modem's; qmi_wwan is mainline's, and less */
	if (client_text(answer, table, row, "driver"))
		out_string(out, "driver", "DRIVER",
			   client_text(answer, table, row, "driver"));
	say_number(out, answer, table, row, "since_s", "SINCE");
	out_string(out, "next", "NEXT", client_text(answer, table, row, "next"));
	say_number(out, answer, table, row, "next_s", "IN");
	out_row_end(out);
}

static void say_table(struct out *out, const struct client_answer *answer,
		      const char *table, const char *title, const char *name,
		      const char *label)
{
	out_table(out, table, title);
	for (unsigned int i = 0; i < client_rows(answer, table); i++)
		say_row(out, answer, table, i, name, label);
	out_table_end(out);
}

int why_run(struct ctl *ctl)
{
	struct client_answer *answer = NULL;
	int err;

	err = client_ask(ctl, "why", NULL, &answer);
	if (err)
		return err;
	say_table(ctl->out, answer, "modems", "Modems", "imei", "IMEI");
	say_table(ctl->out, answer, "pdns", "PDNs", "name", "NAME");
	client_free(answer);
	return 0;
}
