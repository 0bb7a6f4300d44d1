// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the configured target of a session's calls: asked when it is time, and told. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "clock.h"
#include "plan.h"
#include "policy.h"
#include "probe.h"
#include "session.h"
#include "tell.h"
#include "unit.h"

static bool is_over(void *data)
{
	const struct session *session = data;

	return !session->unit;
}

static void tell_test(struct call *call, enum event_type type)
{
	session_tell(call->session, &(struct event){
		.type = type, .pdn = call->index, .test = HEALTH_PROBE,
	});
}

/* What cannot be asked says nothing of the target: said once, and again if it changes */
static void say_failure(struct call *call, const struct plan_pdn *pdn,
			const struct m2m_error *error)
{
	if (error->err == call->probe_failure || !call->session->unit)
		return;
	call->probe_failure = error->err;
	tell_complaint(unit_tell(call->session->unit), SAY_WARNING, "%s: no probe: %s",
		       pdn->name, error->msg);
}

static void ask(struct call *call, const struct plan *plan, const struct plan_pdn *pdn)
{
	struct connection *connection = &call->connection;
	struct resolv_link servers = { .n = 0 };
	struct probe probe = {
		.kind = plan->probe, .target = plan->target,
		.v4 = connection->call[PDN_V4].up, .v6 = connection->call[PDN_V6].up,
		.servers = &servers, .is_over = is_over, .data = call->session,
	};
	char ifname[IF_NAMESIZE];
	struct m2m_error error;
	enum probing_news news;
	size_t bytes;
	int err;

	session_name_servers(call, pdn, &servers);
	/* the call may end, and its link with it, while this waits */
	g_strlcpy(ifname, connection->link.name, sizeof(ifname));
	probe.ifname = ifname;
	err = probe_ask(&probe, &bytes, &error);
	if (err == -ECANCELED || !call->session->unit)
		return;
	if (err && err != -ETIMEDOUT) {
		say_failure(call, pdn, &error);
		call->probing.asked_at = clock_ms();
		return;
	}
	call->probe_failure = 0;
	news = probing_done(&call->probing, plan->interval_ms, !err, bytes, clock_ms());
	/* of a call that ended meanwhile it is no news */
	if (!connection->call[PDN_V4].up && !connection->call[PDN_V6].up)
		return;
	if (news == PROBING_ANSWERED)
		tell_test(call, EVENT_ANSWERED);
	else if (news == PROBING_SILENCE)
		tell_test(call, EVENT_SILENCE);
}

static void probe_call(struct session *session, const struct action *action)
{
	const struct plan_pdn *pdn = unit_plan_pdn(session->unit, action->pdn);
	struct plan *plan = plan_ref(unit_plan(session->unit));

	if (pdn && plan->target)
		ask(&session->calls[action->pdn], plan, pdn);
	plan_unref(plan);
}

void session_probe(struct call *call)
{
	const struct action action = { .pdn = call->index };
	struct session *session = call->session;
	const struct plan *plan = unit_plan(session->unit);
	int64_t now = clock_ms();

	/* nothing of ours goes through an interface in a namespace */
	if (!plan->target || call->connection.netns || session->busy[LANE_PROBE + call->index])
		return;
	if (probing_due(&call->probing, plan->interval_ms, call->received_ms, now) <= now)
		session_run(session, LANE_PROBE + call->index, probe_call, &action);
}
