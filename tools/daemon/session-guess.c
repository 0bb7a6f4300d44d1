// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a modem is asked so that an access point may be guessed. */
#include <glib.h>
#include <string.h>

#include "plan.h"
#include "session.h"
#include "unit.h"

/* Where all of them are written down, or nobody wants a guess, nothing is asked */
static bool is_of_use(const struct session *session)
{
	return session->unit && session->iccid[0] && plan_may_guess(unit_plan(session->unit));
}

/* What it is attached with, for g_free(); NULL: it is not, or does not say */
static char *read_network(struct session *session)
{
	struct apn_list *list = g_new0(struct apn_list, 1);
	struct m2m_client *wds = NULL;
	struct m2m_error ignored;
	char *apn = NULL;

	/* what fails here fails with whoever needs it */
	if (!m2m_client_open(session->qmi, QMI_WDS, NULL, &wds, &ignored) &&
	    !apn_network_get(wds, list, &ignored) && list->n)
		apn = g_strdup(list->found[0].apn);
	m2m_client_close(wds, false);
	g_free(list);
	return apn;
}

void session_learn_card(struct session *session)
{
	g_autofree char *network = NULL;
	const struct card card = session_card(session);
	struct m2m_error ignored;
	struct apn_sim sim;
	bool has_sim;

	if (session->sim_learned || !is_of_use(session))
		return;
	has_sim = !apn_sim_get(&card, &sim, &ignored);
	session->sim_learned = has_sim;
	/* a card may be ready before its files can be read: it is asked with each poll */
	if (!has_sim && session->card_learned)
		return;
	session->card_learned = true;
	if (!session->network_learned)
		network = read_network(session);
	if (session->unit)
		session->network_learned |= unit_learn(session->unit, session->iccid,
						       has_sim ? &sim : NULL, network) &&
					    network;
}

void session_learn_network(struct session *session, bool registered)
{
	bool now = registered && !session->registered;
	g_autofree char *network = NULL;

	session->registered = registered;
	if (!now || session->network_learned || !session->card_learned ||
	    !is_of_use(session))
		return;
	network = read_network(session);
	if (network && session->unit)
		session->network_learned = unit_learn(session->unit, session->iccid, NULL,
						      network);
}
