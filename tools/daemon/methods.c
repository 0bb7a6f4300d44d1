// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of methods: what is asked, by whom, and who answers. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "answer.h"
#include "methods.h"
#include "plan.h"
#include "policy.h"
#include "report.h"
#include "request.h"
#include "unit.h"

#define HOLD_MAX_S	(30 * 24 * 3600)	/* the machine's */

struct call {
	const struct request *request;
	const struct desk *desk;
	bool identifiers;	/* the asker may see IMEIs */
};

/* --- which modem ------------------------------------------------------------ */

static bool is_called(const struct unit *unit, const char *name)
{
	return !strcmp(unit_path(unit), name) ||
	       (*unit_imei(unit) && !strcmp(unit_imei(unit), name));
}

/* The one that "modem" names, the only one without it; or NULL and a refusal */
static struct unit *choose(const struct call *call, char **ret_refusal)
{
	const char *name = request_text(call->request, "modem");
	const struct desk *desk = call->desk;
	struct unit *unit = NULL;

	for (unsigned int i = 0; i < desk->n_units; i++) {
		if (name && !is_called(desk->units[i], name))
			continue;
		if (unit) {
			*ret_refusal = answer_refusal("ambiguous",
						      "there are several modems");
			return NULL;
		}
		unit = desk->units[i];
	}
	if (!unit)
		*ret_refusal = answer_refusal("no-such-modem",
					      "there is no such modem");
	else if (!unit_machine(unit)->managed)
		*ret_refusal = answer_refusal("not-managed",
					      "m2md does not manage this modem");
	else
		return unit;
	return NULL;
}

/* --- methods ---------------------------------------------------------------- */

static char *run_why(const struct call *call)
{
	return report_why(call->desk->units, call->desk->n_units, call->identifiers);
}

static char *run_health(const struct call *call)
{
	return report_health(call->desk->units, call->desk->n_units,
			     plans_want_any(call->desk->plans), call->identifiers);
}

static char *run_history(const struct call *call)
{
	return report_history(call->desk->history,
			      request_number(call->request, "after", 0),
			      request_number(call->request, "since_s", -1),
			      call->identifiers);
}

static char *run_hold(const struct call *call)
{
	int64_t seconds = request_number(call->request, "seconds", 0);
	char *refusal = NULL;
	struct unit *unit;

	if (seconds < 1 || seconds > HOLD_MAX_S)
		return answer_refusal("bad-request", "seconds are from 1 to %d",
				      HOLD_MAX_S);
	unit = choose(call, &refusal);
	if (!unit)
		return refusal;
	unit_event(unit, &(struct event){ .type = EVENT_HOLD, .ms = seconds * SECOND });
	return answer_done();
}

static char *run_release(const struct call *call)
{
	char *refusal = NULL;
	struct unit *unit = choose(call, &refusal);

	if (!unit)
		return refusal;
	unit_event(unit, &(struct event){ .type = EVENT_RELEASE });
	return answer_done();
}

static char *run_reload(const struct call *call)
{
	call->desk->reload(call->desk->data);
	return answer_done();
}

static const struct {
	const char *name;
	enum role least;
	char *(*run)(const struct call *call);
} methods[] = {
	{ "why", ROLE_READ, run_why },
	{ "status", ROLE_READ, run_why },
	{ "health", ROLE_READ, run_health },
	{ "history", ROLE_READ, run_history },
	{ "hold", ROLE_ADMIN, run_hold },
	{ "release", ROLE_ADMIN, run_release },
	{ "reload", ROLE_ADMIN, run_reload },
};

char *method_run(const struct request *request, enum role role, const struct desk *desk)
{
	const struct call call = { request, desk, role == ROLE_ADMIN };
	const char *name = request_method(request);

	for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
		if (strcmp(methods[i].name, name))
			continue;
		if (role < methods[i].least)
			return answer_refusal("not-permitted",
					      "%s is for root and the group m2m-admin",
					      name);
		return methods[i].run(&call);
	}
	return NULL;
}
