// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what is said about PDNs, and taking one down. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/address.h"
#include "../lib/nl.h"
#include "advice.h"
#include "inbound.h"
#include "netns.h"
#include "pdn.h"
#include "report.h"

#define DNS_MAX		4
#define NAMES_MAX	PORT_LINKS_MAX

static const char *address4(const struct in_addr *addr, char *buf)
{
	return inet_ntop(AF_INET, addr, buf, INET6_ADDRSTRLEN);
}

static const char *address6(const struct in6_addr *addr, char *buf)
{
	return inet_ntop(AF_INET6, addr, buf, INET6_ADDRSTRLEN);
}

static bool is_any_up(const struct connection *pdn)
{
	return pdn->call[PDN_V4].up || pdn->call[PDN_V6].up;
}

static void report_dns(struct out *out, const struct connection *pdn)
{
	const struct wds_settings *v4 = &pdn->call[PDN_V4].settings;
	const struct wds_settings *v6 = &pdn->call[PDN_V6].settings;
	char text[DNS_MAX][INET6_ADDRSTRLEN];
	const char *dns[DNS_MAX];
	size_t n = 0;

	for (unsigned int i = 0; pdn->call[PDN_V4].up && i < v4->n_dns4; i++, n++)
		dns[n] = address4(&v4->dns4[i], text[n]);
	for (unsigned int i = 0; pdn->call[PDN_V6].up && i < v6->n_dns6; i++, n++)
		dns[n] = address6(&v6->dns6[i], text[n]);
	/* a call without any is one of which the modem does not tell, or not us */
	out_strings(out, "dns", "DNS", n || !is_any_up(pdn) ? dns : NULL, n);
}

static void report_why(struct out *out, const struct connection *pdn)
{
	static const char * const keys[] = { "ipv4_error", "ipv6_error" };
	static const char * const labels[] = { "No IPv4", "No IPv6" };

	for (int f = 0; f < PDN_FAMILIES; f++) {
		const struct pdn_call *call = &pdn->call[f];

		if (!call->up && call->error.err)
			out_string(out, keys[f], labels[f], call->error.msg);
		else
			out_unknown(out, keys[f], NULL);
	}
}

/* --- what is asked for besides ---------------------------------------------- */

void pdn_more_read(struct ctl *ctl, const struct connection *pdn, struct pdn_more *ret)
{
	const struct pdn_call *v4 = &pdn->call[PDN_V4], *v6 = &pdn->call[PDN_V6];
	unsigned int filtered = 0;

	*ret = (struct pdn_more) { 0 };
	if (!nat64_prefix(ctl, pdn, ret->nat64))
		ret->nat64[0] = '\0';
	ret->is_public[PDN_V4] = v4->up && v4->settings.has_v4 &&
				 address4_is_public(&v4->settings.addr4);
	ret->is_public[PDN_V6] = v6->up && v6->settings.has_v6 &&
				 address6_is_public(&v6->settings.addr6);
	if (ret->is_public[PDN_V4] || ret->is_public[PDN_V6])
		ret->knows_filter = !inbound_filtered(pdn->netns, &filtered);
	ret->is_filtered[PDN_V4] = filtered & INBOUND_IPV4;
	ret->is_filtered[PDN_V6] = filtered & INBOUND_IPV6;
}

static char *add_line(char *before, const char *name, const char *what, const char *rest)
{
	char *lines = g_strdup_printf("%s%s: %s %s\n", before, name, what, rest);

	g_free(before);
	return lines;
}

static char *add_public(char *before, const char *name, const char *address)
{
	return add_line(before, name, address,
			"is a public address, and no firewall looks at what comes in; EXAMPLES of m2mctl(8) has a rule");
}

/* To all the world, and nobody looks who comes in */
static bool is_open(const struct pdn_more *more, enum pdn_family f)
{
	return more->is_public[f] && more->knows_filter && !more->is_filtered[f];
}

char *pdn_more_explain(const struct connection *pdn, const struct pdn_more *more,
		       char *before)
{
	static const char * const families[] = { "for IPv4 try:", "for IPv6 try:" };
	char buf[INET6_ADDRSTRLEN];

	if (*more->nat64)
		before = add_line(before, pdn->name, "IPv4 is behind NAT64, by the prefix",
				  more->nat64);
	for (int f = 0; f < PDN_FAMILIES; f++) {
		const struct pdn_call *call = &pdn->call[f];

		/* that the network grants one family alone leaves nothing to be done */
		if (!call->up && call->error.err && !wds_reason_is_family(&call->reason) &&
		    advice(&call->reason))
			before = add_line(before, pdn->name, families[f],
					  advice(&call->reason));
	}
	if (more->nobody_told)
		before = add_line(before, pdn->name, "nobody is told of its DNS servers:",
				  "no systemd-resolved runs and there is no resolvconf; /etc/resolv.conf stays as it is");
	if (is_open(more, PDN_V4))
		before = add_public(before, pdn->name,
				    address4(&pdn->call[PDN_V4].settings.addr4, buf));
	if (is_open(more, PDN_V6))
		before = add_public(before, pdn->name,
				    address6(&pdn->call[PDN_V6].settings.addr6, buf));
	return before;
}

void pdn_more_say(struct out *out, char *lines)
{
	char *save = NULL;

	for (char *line = strtok_r(lines, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		out_line(out, "%s", line);
	g_free(lines);
}

static void report_filter(struct out *out, const struct pdn_more *more)
{
	static const char * const keys[] = {
		"ipv4_inbound_is_filtered", "ipv6_inbound_is_filtered"
	};

	for (int f = 0; f < PDN_FAMILIES; f++)
		report_opt_bool(out, keys[f], NULL, more->knows_filter,
				more->is_filtered[f]);
	/* whatever of it is public */
	report_opt_bool(out, "inbound_is_filtered", NULL, more->knows_filter,
			!is_open(more, PDN_V4) && !is_open(more, PDN_V6));
}

static void report_more(struct out *out, const struct connection *pdn,
			const struct pdn_more *more)
{
	out_string(out, "resolver", NULL, pdn_dns_word(pdn->alias.dns));
	out_string(out, "netns", NULL, pdn->netns ? pdn->netns->name : NULL);
	if (!more)
		return;
	out_string(out, "nat64_prefix", NULL, more->nat64);
	out_bool(out, "ipv4_is_public", NULL, more->is_public[PDN_V4]);
	out_bool(out, "ipv6_is_public", NULL, more->is_public[PDN_V6]);
	report_filter(out, more);
}

/* --- what there is ---------------------------------------------------------- */

static void report_fields(struct out *out, const struct connection *pdn,
			  const struct pdn_more *more)
{
	const struct pdn_call *v4 = &pdn->call[PDN_V4];
	const struct pdn_call *v6 = &pdn->call[PDN_V6];
	char buf[INET6_ADDRSTRLEN];

	out_string(out, "name", "Name", pdn->name);
	out_string(out, "ifname", "Interface", pdn->has_link ?
		   pdn->link.name : NULL);
	report_opt(out, "mux_id", "Mux id", pdn->mux_id, 0);
	out_string(out, "state", "State", pdn_state(pdn));
	out_string(out, "apn", "APN", v4->up ? v4->settings.apn :
		   v6->up ? v6->settings.apn : NULL);
	out_string(out, "ipv4_address", "IPv4", v4->up && v4->settings.has_v4 ?
		   address4(&v4->settings.addr4, buf) : NULL);
	out_string(out, "ipv4_gateway", NULL, v4->up &&
		   v4->settings.gateway4.s_addr ?
		   address4(&v4->settings.gateway4, buf) : NULL);
	out_string(out, "ipv6_address", "IPv6", v6->up && v6->settings.has_v6 ?
		   address6(&v6->settings.addr6, buf) : NULL);
	report_opt(out, "ipv6_prefix_length", NULL, v6->up &&
		   v6->settings.has_v6 ? v6->settings.prefix6 : 0, 0);
	out_string(out, "ipv6_gateway", NULL, v6->up &&
		   !IN6_IS_ADDR_UNSPECIFIED(&v6->settings.gateway6) ?
		   address6(&v6->settings.gateway6, buf) : NULL);
	report_dns(out, pdn);
	report_opt(out, "mtu", "MTU", pdn->has_link ? pdn->link.mtu : 0, 0);
	report_more(out, pdn, more);
	out_counter(out, "rx_bytes", "Received", pdn->link.rx_bytes);
	out_counter(out, "tx_bytes", "Sent", pdn->link.tx_bytes);
}

void pdn_report(struct out *out, const struct connection *pdn, const struct pdn_more *more)
{
	report_fields(out, pdn, more);
	report_why(out, pdn);
}

/* --- the way to the modem --------------------------------------------------- */

int pdn_connector(struct ctl *ctl, struct connector *ret)
{
	int err;

	*ret = (struct connector){ .nl = ctl->nl, .port = ctl->port };
	err = ctl_qmi(ctl);
	if (!err)
		err = rt_open(&ret->rt, &ctl->error);
	ret->qmi = ctl->qmi;
	ret->manages = ctl->leased;
	return err;
}

void pdn_connector_close(struct connector *c)
{
	m2m_nl_free(c->rt);
	connection_netns_unref(c->netns);
	c->netns = NULL;
}

int pdn_failed(struct ctl *ctl, const struct connector *c, int err)
{
	if (err)
		m2m_error_copy(&ctl->error, &c->error);
	return err;
}

/* --- listing ---------------------------------------------------------------- */

struct names {
	char name[NAMES_MAX][IF_NAMESIZE];
	size_t n;
};

static void add_name(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], name))
			return;
	if (*name && names->n < NAMES_MAX)
		g_strlcpy(names->name[names->n++], name, IF_NAMESIZE);
}

/* Links, and kept clients for what has none */
static void read_names(struct ctl *ctl, struct names *ret)
{
	struct port_client *clients = NULL;
	struct m2m_error ignored;
	char name[IF_NAMESIZE];
	enum pdn_family f;
	size_t n = 0;

	ret->n = 0;
	for (size_t i = 0; i < ctl->port->n_links; i++)
		add_name(ret, ctl->port->links[i].ifname);
	/* unprivileged there are only the links */
	if (port_clients(ctl->nl, ctl->port->id, &clients, &n, &ignored))
		return;
	for (size_t i = 0; i < n; i++)
		if (pdn_keep_parse(clients[i].name, name, &f))
			add_name(ret, name);
	free(clients);
}

static void from_addresses(struct m2m_nl *rt, struct connection *pdn)
{
	struct rt_addr addrs[RT_ADDRS_MAX];
	struct m2m_error ignored;
	size_t n = 0;

	if (!pdn->has_link ||
	    rt_addr_list(rt, pdn->link.ifindex, addrs, &n, &ignored))
		return;
	for (size_t i = 0; i < n; i++) {
		struct wds_settings *s;

		s = &pdn->call[addrs[i].family == AF_INET ? PDN_V4 :
							    PDN_V6].settings;
		if (addrs[i].family == AF_INET) {
			s->has_v4 = true;
			s->addr4 = addrs[i].v4;
		} else {
			s->has_v6 = true;
			s->addr6 = addrs[i].v6;
			s->prefix6 = addrs[i].prefix;
		}
	}
}

/* What there is of a PDN as far as we may see it */
static int read_pdn(struct ctl *ctl, struct connector *c, const char *name,
		    struct connection *ret)
{
	int err;

	err = connection_find(c, name, ret);
	/* another's, or not for us to ask: the host's side is to be seen */
	if (err == -EPERM || err == -EBUSY) {
		from_addresses(c->rt, ret);
		for (int f = 0; f < PDN_FAMILIES; f++)
			ret->call[f].up = ret->call[f].settings.has_v4 ||
					  ret->call[f].settings.has_v6;
		err = 0;
	}
	return pdn_failed(ctl, c, err == -EEXIST ? 0 : err);
}

/* One of them, into an open table; with @lines also what has to be asked for */
static int report_pdn(struct ctl *ctl, struct connector *c, const char *name,
		      struct connection *pdn, char **lines)
{
	struct pdn_more more;
	int err;

	netns_find(c, name);
	err = read_pdn(ctl, c, name, pdn);
	if (!err && lines) {
		pdn_more_read(ctl, pdn, &more);
		*lines = pdn_more_explain(pdn, &more, *lines);
	}
	if (!err) {
		out_row(ctl->out);
		report_fields(ctl->out, pdn, lines ? &more : NULL);
		out_row_end(ctl->out);
	}
	connection_close(pdn);
	return err;
}

static int report_all(struct ctl *ctl, char **lines)
{
	struct names *names = g_new0(struct names, 1);
	struct connection *pdn = g_new0(struct connection, 1);
	struct connector c = { 0 };
	int err;

	err = pdn_connector(ctl, &c);
	read_names(ctl, names);
	out_table(ctl->out, "pdns", "PDNs");
	for (size_t i = 0; i < names->n && !err; i++)
		err = report_pdn(ctl, &c, names->name[i], pdn, lines);
	out_table_end(ctl->out);
	pdn_connector_close(&c);
	g_free(pdn);
	g_free(names);
	return err;
}

int report_pdns(struct ctl *ctl)
{
	return report_all(ctl, NULL);
}

int pdn_show_run(struct ctl *ctl)
{
	char *lines = g_strdup("");
	int err = report_all(ctl, &lines);

	pdn_more_say(ctl->out, lines);
	return err;
}

int pdn_down_run(struct ctl *ctl)
{
	const char *name = ctl->args->arg[0];
	struct connection pdn = { { 0 } };
	struct connector c = { 0 };
	bool was_there, had_dns;
	int err;

	if (!pdn_name_is_valid(name))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl pdn show",
				"\"%s\" is not the name of a PDN", name);
	err = pdn_connector(ctl, &c);
	if (!err) {
		netns_find(&c, name);
		err = pdn_failed(ctl, &c, connection_find(&c, name, &pdn));
	}
	was_there = connection_is_anything(&pdn);
	had_dns = !err && pdn.alias.dns;
	if (!err)
		pdn_dns_unset(&pdn);
	if (!err)
		err = pdn_failed(ctl, &c, connection_remove(&c, &pdn));
	if (had_dns && !err)
		pdn_dns_settle(ctl, &c);
	connection_close(&pdn);
	pdn_connector_close(&c);
	if (err)
		return err;
	out_section(ctl->out, "pdn", "PDN");
	out_string(ctl->out, "name", "Name", name);
	out_string(ctl->out, "state", "State", "down");
	out_bool(ctl->out, "was_up", NULL, was_there);
	out_section_end(ctl->out);
	return 0;
}
