// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns whether the host's names are asked through a PDN. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "pdn.h"
#include "resolver.h"

static void complain(const struct m2m_error *error)
{
	fprintf(stderr, "m2mctl: DNS: %s\n", error->msg);
}

/* --- which of several is asked first -------------------------------------------- */

/* m2md tells of its own itself; what they are worth counts all the same */
static const char m2mds;

static void add_link(struct connector *c, unsigned int ifindex, GArray *links)
{
	struct resolv_link known = { .ifindex = ifindex };
	struct m2m_error ignored;
	struct pdn_alias alias;
	struct rt_link link;

	if (!ifindex || rt_link_get(c->rt, NULL, ifindex, &link, &ignored) ||
	    !pdn_alias_parse(link.alias, &alias))
		return;
	if (!alias.by_m2md && alias.dns != PDN_DNS_RESOLVED)
		return;
	g_strlcpy(known.name, link.name, sizeof(known.name));
	known.owner = alias.by_m2md ? &m2mds : NULL;
	known.metric = alias.metric;
	if (alias.by_m2md)
		known.metric = PDN_METRIC + link.mux_id - !!link.mux_id;
	known.apart = link.master;
	/* which they are is known to resolved */
	known.n = 1;
	g_array_append_val(links, known);
}

/* One alone is the default, and it is another one after each up and down */
static void prefer(struct ctl *ctl, struct connector *c, struct resolver *resolver)
{
	GArray *links = g_array_new(FALSE, TRUE, sizeof(struct resolv_link));
	const struct resolv_link *all;
	struct m2m_error error;

	/* its links are others by now */
	if (port_refresh(c->nl, c->port, &error))
		complain(&error);
	for (size_t i = 0; i < ctl->n_ports; i++) {
		const struct port *port = &ctl->ports[i];

		add_link(c, port->ifindex, links);
		for (size_t j = 0; j < port->n_links; j++)
			add_link(c, port->links[j].ifindex, links);
	}
	all = (const struct resolv_link *)links->data;
	for (guint i = 0; i < links->len; i++)
		if (!all[i].owner &&
		    resolver_prefer(resolver, all[i].ifindex,
				    &all[i] == resolv_default(all, links->len), &error))
			complain(&error);
	g_array_unref(links);
}

/* --- one PDN -------------------------------------------------------------------- */

static void remember(struct connector *c, struct connection *pdn, enum pdn_dns who,
		     uint32_t metric)
{
	if (pdn->alias.dns == who && pdn->alias.metric == metric)
		return;
	pdn->alias.dns = who;
	pdn->alias.metric = metric;
	if (connection_remember(c, pdn))
		complain(&c->error);
}

static void take_back(struct resolver *resolver, const struct connection *pdn)
{
	struct m2m_error error;

	if (resolver_unset(resolver, pdn->alias.dns, &pdn->link, &error))
		complain(&error);
}

/* What it was told before is told again: who resolves may have started anew */
static bool tell(struct connector *c, struct connection *pdn, struct resolver *resolver,
		 struct resolv_link *link)
{
	struct m2m_error error;
	enum pdn_dns who;

	if (resolver_set(resolver, link, &who, &error)) {
		complain(&error);
		return true;
	}
	if (pdn->alias.dns && pdn->alias.dns != who)
		take_back(resolver, pdn);
	remember(c, pdn, who, link->metric);
	return who || link->apart;
}

bool pdn_dns_set(struct ctl *ctl, struct connector *c, const struct connection_want *want,
		 struct connection *pdn)
{
	const char *dns = args_key(ctl->args, "dns");
	struct resolv_link link = {
		.ifindex = pdn->link.ifindex, .apart = pdn->link.master,
		.metric = want->metric ? want->metric : connection_metric(pdn),
	};
	struct resolver *resolver;
	bool told = true;

	/* what the host asks does not go into a namespace */
	if (pdn->alias.by_m2md || pdn->netns)
		return true;
	if (pdn->alias.dns && !want->metric)
		link.metric = pdn->alias.metric;
	g_strlcpy(link.name, pdn->link.name, sizeof(link.name));
	if (!dns || strcmp(dns, "no"))
		connection_servers(pdn, &link);
	if (!link.n && !pdn->alias.dns)
		return true;
	resolver = resolver_open();
	if (link.n) {
		told = tell(c, pdn, resolver, &link);
	} else {
		take_back(resolver, pdn);
		remember(c, pdn, PDN_DNS_NOBODY, 0);
	}
	prefer(ctl, c, resolver);
	resolver_close(resolver);
	return told;
}

void pdn_dns_unset(const struct connection *pdn)
{
	struct resolver *resolver;

	if (!pdn->alias.dns)
		return;
	resolver = resolver_open();
	take_back(resolver, pdn);
	resolver_close(resolver);
}

void pdn_dns_settle(struct ctl *ctl, struct connector *c)
{
	struct resolver *resolver = resolver_open();

	prefer(ctl, c, resolver);
	resolver_close(resolver);
}
