// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the asking of m2m-helper for the namespace of a PDN. */
#include <errno.h>
#include <unistd.h>

#include "../lib/helper.h"
#include "hand.h"
#include "plan.h"
#include "session.h"
#include "unit.h"

int session_netns(struct call *call, const struct plan_pdn *pdn, struct m2m_error *error)
{
	struct connection_netns *netns = NULL;
	int fds[HELPER_FDS];
	int err;

	if (pdn->netns) {
		err = hand_netns(unit_hand(call->session->unit), pdn->netns, fds, error);
		if (!err)
			err = connection_netns_new(fds[0], fds[1], &netns, error);
		if (err)
			return err;
	}
	/* a link that is somewhere else keeps its own reference */
	connection_netns_unref(call->netns);
	call->netns = netns;
	return 0;
}
