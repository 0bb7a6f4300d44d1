// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what is found of a PDN that somebody connected before: adopted, or taken away. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "clock.h"
#include "plan.h"
#include "policy.h"
#include "say.h"
#include "session-call.h"
#include "tell.h"
#include "unit.h"

/* What a modem that is busy takes to answer; longer than one time-out */
#define MUTE_MS		(20 * SECOND)

static bool is_wanted(const struct connection *connection,
		      const struct plan_pdn *pdn)
{
	if (!connection->has_link || !call_families_up(connection))
		return false;
	for (int f = 0; pdn->apn && f < PDN_FAMILIES; f++)
		if (connection->call[f].up &&
		    !wds_apn_is(pdn->apn, connection->call[f].settings.apn))
			return false;
	return true;
}

/* From here on it is m2md's, whoever made it */
static void claim(struct call *call)
{
	struct connector c = call_connector(call->session);

	if (connection_remember(&c, &call->connection))
		call_complain(call->session, call->connection.name, &c.error);
}

/* One family may have ended while nobody looked */
static void repair(struct call *call)
{
	struct connection *connection = &call->connection;
	uint8_t dead = 0;

	for (int f = 0; f < PDN_FAMILIES; f++)
		if (!connection->call[f].up &&
		    (connection->call[f].wds || connection->alias.has[f]))
			dead |= call_mask_of(f);
	if (dead)
		call_release(call, dead);
	else if (!(connection->link.flags & IFF_UP) || !connection->has_alias)
		call_relay(call);
	else if (!connection->alias.by_m2md)
		claim(call);
}

static bool is_mute(const struct pdn_call *half)
{
	return half->unknown && half->error.err == -ETIMEDOUT;
}

/*
 * The modem does not answer whether a call is up: what it carries is not taken away while the
 * modem may be busy. But a client that stays mute where others are answered will never be,
 * and nothing is dialled beside it: then it is given up, and the next one is another.
 */
static int check_known(struct call *call, struct m2m_error *error)
{
	const struct pdn_call *halves = call->connection.call;
	const struct pdn_call *mute = is_mute(&halves[PDN_V4]) ? &halves[PDN_V4] :
				      is_mute(&halves[PDN_V6]) ? &halves[PDN_V6] : NULL;
	struct m2m_error why;

	if (mute && !call->mute_since)
		call->mute_since = clock_ms();
	if (mute && clock_ms() - call->mute_since < MUTE_MS)
		return m2m_error_copy(error, &mute->error);
	call->mute_since = 0;
	if (!mute)
		return 0;
	m2m_error_set(&why, -ETIMEDOUT,
		      "the modem does not say whether its call is up, which is given up");
	call_complain(call->session, call->connection.name, &why);
	return 0;
}

int call_find(struct call *call, const struct plan_pdn *pdn, bool keep,
	      struct m2m_error *error)
{
	struct connector c = call_connector(call->session);
	struct connection *connection = &call->connection;
	int err;

	if (strcmp(connection->name, pdn->name))
		call->mute_since = 0;
	connection_close(connection);
	c.netns = call->netns;
	err = connection_find(&c, pdn->name, connection);
	if (!err && keep && is_wanted(connection, pdn)) {
		call->mute_since = 0;
		return 0;
	}
	if (!err)
		err = check_known(call, &c.error);
	if (!err && connection_is_anything(connection))
		err = connection_remove(&c, connection);
	if (err)
		m2m_error_copy(error, &c.error);
	session_tell_dns(call);
	connection_close(connection);
	memset(connection, 0, sizeof(*connection));
	g_strlcpy(connection->name, pdn->name, sizeof(connection->name));
	return err;
}

static void adopt(struct call *call, const struct plan_pdn *pdn)
{
	struct session *session = call->session;
	struct m2m_error error;

	/* without its namespace nothing is found there, and it is dialled anew */
	if (session_netns(call, pdn, &error))
		call_complain(session, pdn->name, &error);
	if (session->unit && session_lock(session, LANE_LINK)) {
		int err = call_find(call, pdn, true, &error);

		if (err)
			call_complain(session, pdn->name, &error);
		if (err == -ETIMEDOUT)
			session_tell(session, &(struct event){ .type = EVENT_QMI_TIMEOUT });
		session_unlock(session, LANE_LINK);
	}
	if (!session->unit)
		return;
	if (call_families_up(&call->connection)) {
		call_watch(call);
		repair(call);
	}
	session_tell_dns(call);
	if (session->unit && call_families_up(&call->connection))
		say(SAY_NOTICE, "%s %s: adopted", unit_name(session->unit),
		    pdn->name);
	call_tell_up(call, call_families_up(&call->connection));
}

void session_adopt(struct session *session, const struct action *action)
{
	const struct plan_pdn *pdn = unit_plan_pdn(session->unit, action->pdn);
	struct plan *plan = plan_ref(unit_plan(session->unit));

	if (pdn)
		adopt(&session->calls[action->pdn], pdn);
	plan_unref(plan);
}
