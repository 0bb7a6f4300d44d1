// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns which DNS servers a call brings. */
#include <glib.h>
#include <string.h>

#include "dns.h"
#include "plan.h"
#include "session.h"
#include "unit.h"

static void add_network(const struct connection *connection, struct resolv_link *link)
{
	const struct pdn_call *v4 = &connection->call[PDN_V4];
	const struct pdn_call *v6 = &connection->call[PDN_V6];

	for (unsigned int i = 0; v4->up && i < v4->settings.n_dns4; i++)
		resolv_add(link, &(struct resolv_server){
			.family = AF_INET, .v4 = v4->settings.dns4[i],
		});
	for (unsigned int i = 0; v6->up && i < v6->settings.n_dns6; i++)
		resolv_add(link, &(struct resolv_server){
			.family = AF_INET6, .v6 = v6->settings.dns6[i],
		});
}

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
		add_network(&call->connection, link);
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
