// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns which DNS servers a call brings. */
#include <glib.h>
#include <string.h>

#include "dns.h"
#include "plan.h"
#include "session.h"
#include "unit.h"

static void add_configured(const struct plan_pdn *pdn, struct resolv_link *link)
{
	for (char **at = pdn->dns; *at; at++)
		resolv_add_text(link, *at);
}

void session_name_servers(const struct call *call, const struct plan_pdn *pdn,
			  struct resolv_link *link)
{
	if (pdn->dns && *pdn->dns)
		add_configured(pdn, link);
	else
		connection_servers(&call->connection, link);
}

void session_tell_dns(struct call *call)
{
	const struct connection *connection = &call->connection;
	const struct plan_pdn *pdn;
	struct resolv_link link;
	struct dns *dns;

	/* what the host asks does not go into a namespace */
	if (!call->session->unit || connection->netns)
		return;
	dns = unit_dns(call->session->unit);
	pdn = unit_plan_pdn(call->session->unit, call->index);
	if (!pdn || !connection->has_link ||
	    (!connection->call[PDN_V4].up && !connection->call[PDN_V6].up)) {
		dns_unset(dns, connection->link.ifindex);
		return;
	}
	link = (struct resolv_link){
		.owner = call->session->unit,
		.ifindex = connection->link.ifindex,
		.apart = pdn->vrf,
		.metric = pdn->metric ? pdn->metric : connection_metric(connection),
	};
	g_strlcpy(link.name, connection->link.name, sizeof(link.name));
	session_name_servers(call, pdn, &link);
	dns_set(dns, &link);
}
