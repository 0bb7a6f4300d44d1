// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the life of a session and the order of its jobs. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/card.h"
#include "../lib/nl.h"
#include "../lib/task.h"
#include "session.h"
#include "tell.h"
#include "unit.h"

/* No job waits longer for another: the longest is a call of 180 s and its abort */
#define LANE_WAIT_MS	(10 * 60 * 1000)

struct job {
	struct session *session;
	unsigned int lane;
	session_fn fn;
	struct action action;
};

/* One that waits for a lane */
struct wanted {
	struct session *session;
	unsigned int lane;
};

struct session *session_new(struct unit *unit, const struct port *port)
{
	struct session *session = g_new0(struct session, 1);

	session->unit = unit;
	session->port = *port;
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		session->calls[i].session = session;
		session->calls[i].index = i;
		for (int f = 0; f < PDN_FAMILIES; f++)
			session->calls[i].half[f] = (struct half){
				&session->calls[i], f,
			};
	}
	return session;
}

static void free_now(struct session *session)
{
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		connection_close(&session->calls[i].connection);
		connection_netns_unref(session->calls[i].netns);
	}
	m2m_client_close(session->dms, false);
	m2m_client_close(session->nas, false);
	m2m_client_close(session->uim, false);
	m2m_qmi_free(session->qmi);
	m2m_nl_free(session->nl);
	m2m_nl_free(session->rt);
	g_free(session);
}

static gboolean free_later(gpointer data)
{
	free_now(data);
	return G_SOURCE_REMOVE;
}

void session_end(struct session *session)
{
	struct m2m_error ignored;

	if (!session)
		return;
	session->unit = NULL;
	if (session->again)
		g_source_remove(session->again);
	if (session->watch)
		g_source_remove(session->watch);
	/* at once, not when the kernel has noticed that the socket is gone */
	if (session->leased && !session->port.mainline)
		port_lease(m2m_qmi_nl(session->qmi), session->port.id, false,
			   &ignored);
	/* there a call ends with whoever made it */
	if (session->port.mainline)
		session_unlink(session);
	if (session->qmi)
		m2m_qmi_cancel(session->qmi, true);
	if (!session->jobs)
		free_now(session);
}

/* --- jobs ------------------------------------------------------------------- */

static bool lane_is_free(void *data)
{
	struct wanted *wanted = data;

	return !wanted->session->unit || !wanted->session->busy[wanted->lane];
}

bool session_lock(struct session *session, unsigned int lane)
{
	struct wanted wanted = { session, lane };

	if (task_wait(lane_is_free, &wanted, LANE_WAIT_MS) || !session->unit)
		return false;
	session->busy[lane] = true;
	return true;
}

void session_unlock(struct session *session, unsigned int lane)
{
	session->busy[lane] = false;
}

static void job_main(void *data)
{
	struct job *job = data;
	struct session *session = job->session;

	if (session_lock(session, job->lane)) {
		job->fn(session, &job->action);
		session_unlock(session, job->lane);
	}
	g_free(job);
	/* not on a stack that waits for a client of it */
	if (!--session->jobs && !session->unit)
		g_idle_add(free_later, session);
}

void session_run(struct session *session, unsigned int lane, session_fn fn,
		 const struct action *action)
{
	struct job *job = g_new0(struct job, 1);

	job->session = session;
	job->lane = lane;
	job->fn = fn;
	if (action)
		job->action = *action;
	session->jobs++;
	task_start(job_main, job);
}

/* --- what jobs tell --------------------------------------------------------- */

void session_tell(struct session *session, const struct event *event)
{
	if (session->unit)
		unit_event(session->unit, event);
}

void session_failed(struct session *session, const char *what,
		    const struct m2m_error *error)
{
	if (!session->unit || error->err == -EINTR || error->err == -ECANCELED)
		return;
	tell_complaint(unit_tell(session->unit), SAY_INFO, "%s: %s", what, error->msg);
	if (error->err == -ETIMEDOUT)
		session_tell(session, &(struct event){ .type = EVENT_QMI_TIMEOUT });
	/* mainline's driver has no event for it: all ids are void */
	if (error->err == -ECONNRESET && session->port.mainline)
		session_tell(session, &(struct event){ .type = EVENT_RESTARTED });
}

void session_say_lack(struct session *session, const struct m2m_error *lack)
{
	bool known = !strcmp(lack->msg, session->lack.msg);

	session->lack = *lack;
	if (lack->err && !known && session->unit)
		tell_complaint(unit_tell(session->unit), SAY_WARNING,
			       "[Network]: %s: left out", lack->msg);
}

bool session_is_open(const struct session *session)
{
	return session && session->watch;
}

struct card session_card(const struct session *session)
{
	return (struct card){ session->uim, session->dms };
}

void session_give_up(struct session *session)
{
	struct m2m_error ignored;

	/* what fails here fails with the port, and its lease with it */
	if (!session || !session->leased)
		return;
	if (!session->port.mainline)
		port_lease(m2m_qmi_nl(session->qmi), session->port.id, false, &ignored);
	session->leased = false;
}

int session_lease(struct session *session, struct m2m_error *error)
{
	int err;

	/* who has mainline's device open has it alone */
	if (session->leased || session->port.mainline) {
		session->leased = true;
		return 0;
	}
	err = port_lease(m2m_qmi_nl(session->qmi), session->port.id, true, error);
	session->leased = !err;
	return err;
}
