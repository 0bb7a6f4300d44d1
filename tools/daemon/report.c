// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the words in which modems and PDNs are told of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/out.h"
#include "plan.h"
#include "policy.h"
#include "report.h"
#include "unit.h"

static int64_t seconds(int64_t ms)
{
	return (ms + SECOND - 1) / SECOND;
}

static void say_why(struct out *out, const struct why *why)
{
	const struct cause *cause = &why->cause;
	bool none = cause->kind == CAUSE_NONE;

	out_string(out, "state", NULL, why->state);
	out_string(out, "cause", NULL, none ? NULL : cause_token(cause).s);
	out_string(out, "cause_text", NULL, none ? NULL : cause_words(cause));
	out_int(out, "since_s", NULL, why->since_ms / SECOND);
	if (why->next_ms == NEVER) {
		out_string(out, "next", NULL, "person");
		out_unknown(out, "next_s", NULL);
		return;
	}
	out_string(out, "next", NULL, why->next);
	out_int(out, "next_s", NULL, seconds(why->next_ms));
}

static void say_modem(struct out *out, const struct unit *unit, bool identifiers)
{
	const struct machine *m = unit_machine(unit);
	const struct why why = machine_why(m);

	out_row(out);
	out_string(out, "usb_path", NULL, unit_path(unit));
	out_string(out, "imei", NULL, identifiers ? unit_imei(unit) : NULL);
	out_bool(out, "managed", NULL, m->managed);
	out_bool(out, "online", NULL, machine_online(m));
	say_why(out, &why);
	out_row_end(out);
}

static void say_pdns(struct out *out, const struct unit *unit)
{
	const struct machine *m = unit_machine(unit);

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct plan_pdn *pdn = unit_plan_pdn(unit, i);
		const struct why why = machine_why_pdn(m, i);

		out_row(out);
		out_string(out, "usb_path", NULL, unit_path(unit));
		out_string(out, "name", NULL, pdn ? pdn->name : NULL);
		say_why(out, &why);
		out_row_end(out);
	}
}

char *report_why(struct unit * const *units, unsigned int n, bool identifiers)
{
	char *text = NULL;
	struct out *out;
	size_t size;
	FILE *to;
	int err;

	to = open_memstream(&text, &size);
	if (!to)
		return NULL;
	out = out_new(to, OUT_JSON);
	out_table(out, "modems", NULL);
	for (unsigned int i = 0; i < n; i++)
		say_modem(out, units[i], identifiers);
	out_table_end(out);
	out_table(out, "pdns", NULL);
	for (unsigned int i = 0; i < n; i++)
		say_pdns(out, units[i]);
	out_table_end(out);
	err = out_finish(out);
	if (fclose(to) || err) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}
