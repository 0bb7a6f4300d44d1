// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owns whether a session's calls carry anything: what comes in is counted, and the
 * configured target asked when it is time.
 */
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

#define SAMPLE_MS	(20 * SECOND)
#define SILENT_MS	(60 * SECOND)

static bool is_up(const struct call *call)
{
	return call->connection.call[PDN_V4].up || call->connection.call[PDN_V6].up;
}

static bool is_over(void *data)
{
	const struct session *session = data;

	return !session->unit;
}

static void tell_test(struct call *call, enum health_test test, enum event_type type)
{
	session_tell(call->session, &(struct event){
		.type = type, .pdn = call->index, .test = test,
	});
}

/* --- the target ----------------------------------------------------------------- */

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
	if (!is_up(call))
		return;
	if (news == PROBING_ANSWERED)
		tell_test(call, HEALTH_PROBE, EVENT_ANSWERED);
	else if (news == PROBING_SILENCE)
		tell_test(call, HEALTH_PROBE, EVENT_SILENCE);
}

static void probe_call(struct session *session, const struct action *action)
{
	const struct plan_pdn *pdn = unit_plan_pdn(session->unit, action->pdn);
	struct plan *plan = plan_ref(unit_plan(session->unit));

	if (pdn && plan->target)
		ask(&session->calls[action->pdn], plan, pdn);
	plan_unref(plan);
}

static void look_at_target(struct call *call)
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

/* --- what comes in ---------------------------------------------------------------- */

/* Against the limit of the card; a link that is new here counts from now on */
static void count(struct call *call, const struct rt_link *link)
{
	uint64_t total = link->rx_bytes + link->tx_bytes;

	if (call->counted_link == link->ifindex && total >= call->counted)
		unit_used(call->session->unit, total - call->counted);
	call->counted_link = link->ifindex;
	call->counted = total;
}

static void sample(struct call *call)
{
	const struct connector c = { .rt = call->session->rt };
	int64_t now = clock_ms();
	struct m2m_error ignored;
	struct rt_link link;

	if (!is_up(call) ||
	    rt_link_get(connection_rt(&c, &call->connection), NULL, call->connection.link.ifindex,
			&link, &ignored))
		return;
	count(call, &link);
	if (link.rx_bytes != call->rx) {
		call->sent_ms = 0;
		call->received_ms = now;
		tell_test(call, HEALTH_PASSIVE, EVENT_ANSWERED);
	} else if (link.tx_bytes != call->tx && !call->sent_ms) {
		call->sent_ms = now;
	} else if (call->sent_ms && now - call->sent_ms >= SILENT_MS) {
		tell_test(call, HEALTH_PASSIVE, EVENT_SILENCE);
	}
	call->rx = link.rx_bytes;
	call->tx = link.tx_bytes;
	look_at_target(call);
}

static gboolean sample_all(gpointer data)
{
	struct session *session = data;

	for (unsigned int i = 0; i < PDN_MAX; i++)
		sample(&session->calls[i]);
	unit_look_at_quota(session->unit);
	return G_SOURCE_CONTINUE;
}

void session_watch_calls(struct session *session)
{
	if (!session->watch)
		session->watch = g_timeout_add(clock_wait_ns(SAMPLE_MS) / 1000000,
					       sample_all, session);
}
