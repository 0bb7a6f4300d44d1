// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the words in which modems and PDNs are told of. */
#include <glib.h>

#include "../lib/out.h"
#include "answer.h"
#include "clock.h"
#include "history-file.h"
#include "plan.h"
#include "policy.h"
#include "report.h"
#include "unit.h"
#include "verdict.h"

/* Of history: far below what may wait to be read */
#define PAGE_EVENTS	200

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

/* Of a modem with an order of slots */
static void say_slot(struct out *out, const struct machine *m)
{
	const struct why_slot slot = machine_why_slot(m, clock_ms());

	if (!slot.active)
		return;
	out_int(out, "slot", NULL, slot.active);
	if (slot.next)
		out_int(out, "next_slot", NULL, slot.next);
	else
		out_unknown(out, "next_slot", NULL);
	if (slot.next_ms != NEVER)
		out_int(out, "next_slot_s", NULL, seconds(slot.next_ms));
	else
		out_unknown(out, "next_slot_s", NULL);
}

static void say_modem(struct out *out, const struct unit *unit, bool identifiers)
{
	g_autofree char *former = unit_former(unit);
	const struct machine *m = unit_machine(unit);
	const struct why why = machine_why(m, clock_ms());

	out_row(out);
	out_string(out, "usb_path", NULL, unit_path(unit));
	out_string(out, "alias", NULL, unit_plan(unit)->alias);
	out_string(out, "imei", NULL, identifiers ? unit_imei(unit) : NULL);
	out_string(out, "driver", NULL, unit_has_mainline(unit) ? "qmi_wwan" : "m2m_wwan");
	out_bool(out, "managed", NULL, m->managed);
	out_bool(out, "online", NULL, machine_online(m));
	if (former)
		out_string(out, "former", NULL, former);
	say_slot(out, m);
	say_why(out, &why);
	out_row_end(out);
}

static void say_pdns(struct out *out, const struct unit *unit)
{
	const struct machine *m = unit_machine(unit);

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct plan_pdn *pdn = unit_plan_pdn(unit, i);
		const struct why why = machine_why_pdn(m, i, clock_ms());

		out_row(out);
		out_string(out, "usb_path", NULL, unit_path(unit));
		out_string(out, "name", NULL, pdn ? pdn->name : NULL);
		say_why(out, &why);
		out_row_end(out);
	}
}

char *report_why(struct unit * const *units, unsigned int n, bool identifiers)
{
	struct answer *answer = answer_begin();
	struct out *out;

	if (!answer)
		return NULL;
	out = answer_out(answer);
	out_table(out, "modems", NULL);
	for (unsigned int i = 0; i < n; i++)
		say_modem(out, units[i], identifiers);
	out_table_end(out);
	out_table(out, "pdns", NULL);
	for (unsigned int i = 0; i < n; i++)
		say_pdns(out, units[i]);
	out_table_end(out);
	return answer_end(answer);
}

static void say_verdict(struct out *out, const struct unit *unit, bool identifiers)
{
	const struct machine *m = unit_machine(unit);
	enum verdict verdict = verdict_of(m);
	const struct why why = machine_why(m, clock_ms());

	out_row(out);
	out_string(out, "usb_path", NULL, unit_path(unit));
	out_string(out, "imei", NULL, identifiers ? unit_imei(unit) : NULL);
	out_string(out, "health", NULL, verdict_token(verdict));
	out_bool(out, "healthy", NULL, verdict_is_well(verdict));
	say_why(out, &why);
	out_row_end(out);
}

char *report_health(struct unit * const *units, unsigned int n, bool wanted,
		    bool identifiers)
{
	struct answer *answer = answer_begin();
	bool well = true, any = false;
	enum verdict verdict;
	struct out *out;

	if (!answer)
		return NULL;
	for (unsigned int i = 0; i < n; i++) {
		verdict = verdict_of(unit_machine(units[i]));
		any = any || verdict != VERDICT_WATCHED;
		well = well && verdict_is_well(verdict);
	}
	out = answer_out(answer);
	/* wanted, and nothing there that could be it */
	out_bool(out, "healthy", NULL, well && (any || !wanted));
	out_bool(out, "wanted", NULL, wanted);
	out_table(out, "modems", NULL);
	for (unsigned int i = 0; i < n; i++)
		say_verdict(out, units[i], identifiers);
	out_table_end(out);
	return answer_end(answer);
}

static void say_event(struct out *out, const struct history_event *event,
		      bool identifiers)
{
	bool none = event->cause.kind == CAUSE_NONE;

	out_row(out);
	out_int(out, "number", NULL, event->number);
	out_int(out, "boot_ms", NULL, event->boot_ms);
	out_int(out, "wall_ms", NULL, event->wall_ms);
	out_bool(out, "clock_trusted", NULL, event->trusted);
	out_string(out, "kind", NULL, history_kind_token(event->kind));
	out_string(out, "usb_path", NULL, event->path);
	out_string(out, "imei", NULL, identifiers ? event->imei : NULL);
	out_string(out, "pdn", NULL, event->pdn);
	out_string(out, "what", NULL, event->what);
	out_string(out, "cause", NULL, none ? NULL : cause_token(&event->cause).s);
	out_string(out, "cause_text", NULL, none ? NULL : cause_words(&event->cause));
	out_row_end(out);
}

char *report_history(const struct history *history, int64_t after, int64_t since_s,
		     bool identifiers)
{
	struct answer *answer = answer_begin();
	int64_t now = clock_ms(), oldest = INT64_MIN;
	unsigned int left = PAGE_EVENTS;
	bool trusted, more = false;
	struct out *out;

	if (!answer)
		return NULL;
	if (since_s >= 0 && since_s <= now / SECOND)
		oldest = now - since_s * SECOND;
	out = answer_out(answer);
	out_int(out, "boot_ms", NULL, now);
	out_int(out, "wall_ms", NULL, wall_clock(&trusted));
	out_bool(out, "clock_trusted", NULL, trusted);
	out_table(out, "events", NULL);
	for (size_t i = 0; i < history_count(history) && !more; i++) {
		const struct history_event *event = history_get(history, i);

		if ((int64_t)event->number <= after || event->boot_ms < oldest)
			continue;
		more = !left;
		if (left) {
			left--;
			say_event(out, event, identifiers);
		}
	}
	out_table_end(out);
	out_bool(out, "more", NULL, more);
	return answer_end(answer);
}
