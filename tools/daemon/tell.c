// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what is told of a modem, where, and in which words. */
#include <glib.h>
#include <stdarg.h>

#include "clock.h"
#include "history-file.h"
#include "plan.h"
#include "policy.h"
#include "tell.h"
#include "unit.h"

void tell_init(struct tell *tell, const struct unit *unit, struct history_file *history)
{
	tell->unit = unit;
	tell->history = history;
	news_init(&tell->news, clock_ms());
}

/* "" for what the machine knows and the plan does not any more */
static const char *pdn_name(const struct unit *unit, unsigned int pdn)
{
	const struct plan_pdn *plan = unit_plan_pdn(unit, pdn);

	return plan ? plan->name : "-";
}

/* --- the history ------------------------------------------------------------ */

static void note(const struct tell *tell, enum history_kind kind, const char *what,
		 const char *pdn, const struct cause *cause)
{
	struct history_event event = { .kind = kind };

	if (cause)
		event.cause = *cause;
	g_strlcpy(event.what, what, sizeof(event.what));
	g_strlcpy(event.path, unit_path(tell->unit), sizeof(event.path));
	g_strlcpy(event.imei, unit_imei(tell->unit), sizeof(event.imei));
	g_strlcpy(event.pdn, pdn, sizeof(event.pdn));
	history_file_add(tell->history, &event);
}

void tell_event(struct tell *tell, const struct event *event)
{
	switch (event->type) {
	case EVENT_PDN_END:
		note(tell, HISTORY_END, "", pdn_name(tell->unit, event->pdn),
		     &event->cause);
		break;
	case EVENT_HOLD:
	case EVENT_RELEASE:
		note(tell, HISTORY_ACTION, event_token(event->type), "", NULL);
		break;
	default:
		break;
	}
}

/* Another card is news of its own, and why the one before is left */
static void note_write(struct tell *tell)
{
	g_autofree char *what = NULL;
	const struct machine *m = unit_machine(tell->unit);
	const struct slots *slots = &m->slots;
	struct cause cause = { CAUSE_SLOT };

	if (!(m->written & SETTING_SLOT) || !slots_differ(slots))
		return;
	if (slots->moving)
		cause = slots->cause;
	what = g_strdup_printf("slot-%u-to-%u", slots->active, slots_wanted(slots));
	note(tell, HISTORY_ACTION, what, "", &cause);
	tell_complaint(tell, SAY_NOTICE, "%s: %s: %s", what, cause_token(&cause).s,
		       cause_words(&cause));
}

void tell_action(struct tell *tell, const struct action *action)
{
	if (action->type == ACTION_WRITE)
		note_write(tell);
	switch (action->type) {
	case ACTION_DIAL:
		note(tell, HISTORY_DIAL, "", pdn_name(tell->unit, action->pdn), NULL);
		break;
	case ACTION_PIN:
	case ACTION_WRITE:
	case ACTION_RADIO_ON:
	case ACTION_RADIO_OFF:
	case ACTION_REATTACH:
	case ACTION_SIM_ON:
	case ACTION_SIM_OFF:
	case ACTION_RESET_MODEM:
	case ACTION_RESET_USB:
	case ACTION_PORT_POWER:
	case ACTION_REBOOT:
		note(tell, HISTORY_ACTION, action_token(action->type), "", NULL);
		break;
	default:
		break;
	}
}

/* --- the log ---------------------------------------------------------------- */

/* " (3 more before it)", for g_free() */
static char *left_out_words(unsigned int left_out)
{
	return left_out ? g_strdup_printf(" (%u more before it)", left_out) :
			  g_strdup("");
}

static void say_why(const char *name, const char *pdn, const struct why *why,
		    unsigned int left_out)
{
	g_autofree char *more = left_out_words(left_out);
	g_autofree char *next = NULL;

	if (why->next_ms == NEVER)
		next = g_strdup("a person has to act");
	else
		next = g_strdup_printf("%s in %lld s", why->next,
				       (long long)(why->next_ms + 999) / 1000);
	if (why->cause.kind == CAUSE_NONE)
		say(SAY_NOTICE, "%s%s%s: %s%s", name, pdn ? " " : "", pdn ? pdn : "",
		    why->state, more);
	else
		say(SAY_NOTICE, "%s%s%s: %s: %s: %s; next: %s%s", name,
		    pdn ? " " : "", pdn ? pdn : "", why->state,
		    cause_token(&why->cause).s, cause_words(&why->cause), next,
		    more);
}

/* As of the step that is told of */
static struct why why_of(const struct machine *m, unsigned int subject)
{
	return subject ? machine_why_pdn(m, subject - 1, m->last_now) :
			 machine_why(m, m->last_now);
}

void tell_changes(struct tell *tell)
{
	const struct machine *m = unit_machine(tell->unit);
	const char *name = unit_name(tell->unit);
	unsigned int left_out;
	struct why why;
	int subject;

	for (unsigned int i = 0; i <= m->pdn_count; i++) {
		if (!news_look(&tell->news, m, i))
			continue;
		why = why_of(m, i);
		note(tell, i ? HISTORY_PDN : HISTORY_MODEM, why.state,
		     i ? pdn_name(tell->unit, i - 1) : "", &why.cause);
	}
	while ((subject = news_next(&tell->news, m, clock_ms(), &left_out)) >= 0) {
		why = why_of(m, subject);
		say_why(name, subject ? pdn_name(tell->unit, subject - 1) : NULL, &why,
			left_out);
	}
}

void tell_complaint(struct tell *tell, enum say_level level, const char *format, ...)
{
	g_autofree char *text = NULL, *more = NULL;
	unsigned int left_out;
	va_list ap;

	if (!news_may_complain(&tell->news, clock_ms(), &left_out))
		return;
	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	more = left_out_words(left_out);
	say(level, "%s: %s%s", unit_name(tell->unit), text, more);
}
