// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how a connection is named, found again and taken away. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "nl.h"

#define KEEP_PREFIX	"pdn/"
#define ALIAS_PREFIX	"m2m pdn="
#define ALIAS_M2MD	" by=m2md"
#define ALIAS_DNS	" dns="
#define ALIAS_METRIC	" metric="
#define ALIAS_TABLE	" table="
#define ALIAS_LOGIN	" login="

static const struct {
	const char *alias, *name;
} dns_words[PDN_DNS_WAYS] = {
	[PDN_DNS_RESOLVED] = { "resolved", "systemd-resolved" },
	[PDN_DNS_RESOLVCONF] = { "resolvconf", "resolvconf" },
};

int pdn_family_number(enum pdn_family family)
{
	return family == PDN_V4 ? 4 : 6;
}

void pdn_keep_name(const char *name, enum pdn_family family,
		   char ret[PDN_KEEP_MAX])
{
	snprintf(ret, PDN_KEEP_MAX, KEEP_PREFIX "%.*s/%d", IF_NAMESIZE - 1,
		 name, pdn_family_number(family));
}

bool pdn_keep_parse(const char *keep, char ret_name[IF_NAMESIZE],
		    enum pdn_family *ret_family)
{
	const char *name = keep + strlen(KEEP_PREFIX);
	const char *slash;

	if (strncmp(keep, KEEP_PREFIX, strlen(KEEP_PREFIX)))
		return false;
	slash = strchr(name, '/');
	if (!slash || slash == name || slash - name >= IF_NAMESIZE)
		return false;
	if (strcmp(slash, "/4") && strcmp(slash, "/6"))
		return false;
	*ret_family = slash[1] == '4' ? PDN_V4 : PDN_V6;
	memcpy(ret_name, name, slash - name);
	ret_name[slash - name] = '\0';
	return true;
}

bool pdn_name_is_valid(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= IF_NAMESIZE || name[0] == '.' || name[0] == '-')
		return false;
	for (; *name; name++)
		if (!g_ascii_isalnum(*name) && !strchr("._-", *name))
			return false;
	return true;
}

static int format_asked(const struct pdn_asked *asked, char *ret, size_t size)
{
	int n = 0;

	ret[0] = '\0';
	if (asked->metric)
		n += snprintf(ret + n, size - n, ALIAS_METRIC "%u", asked->metric);
	if (asked->table)
		n += snprintf(ret + n, size - n, ALIAS_TABLE "%u", asked->table);
	return n;
}

void pdn_alias_format(const struct pdn_alias *alias, char ret[RT_ALIAS_MAX])
{
	int n = snprintf(ret, RT_ALIAS_MAX, ALIAS_PREFIX "%s", alias->name);

	for (int f = 0; f < PDN_FAMILIES; f++)
		if (alias->has[f])
			n += snprintf(ret + n, RT_ALIAS_MAX - n, " v%d=0x%08x",
				      pdn_family_number(f), alias->handle[f]);
	n += format_asked(&alias->asked, ret + n, RT_ALIAS_MAX - n);
	if (alias->by_m2md)
		snprintf(ret + n, RT_ALIAS_MAX - n, ALIAS_M2MD);
	else if (alias->dns)
		snprintf(ret + n, RT_ALIAS_MAX - n, ALIAS_DNS "%s,%u",
			 dns_words[alias->dns].alias, alias->metric);
}

/* "resolved,2049", and nothing behind it */
static bool parse_dns(const char *at, struct pdn_alias *ret)
{
	for (enum pdn_dns dns = PDN_DNS_NOBODY + 1; dns < PDN_DNS_WAYS; dns++) {
		size_t len = strlen(dns_words[dns].alias);
		char *end;

		if (strncmp(at, dns_words[dns].alias, len) || at[len] != ',' ||
		    !g_ascii_isdigit(at[len + 1]))
			continue;
		ret->metric = strtoul(at + len + 1, &end, 10);
		ret->dns = dns;
		return !*end;
	}
	return false;
}

/* Goes on behind " NAME=NUMBER" if that is what stands at @at */
static void parse_number(const char **at, const char *name, uint32_t *ret)
{
	size_t len = strlen(name);
	char *end;

	if (strncmp(*at, name, len) || !g_ascii_isdigit((*at)[len]))
		return;
	*ret = strtoul(*at + len, &end, 0);
	*at = end;
}

const char *pdn_dns_word(enum pdn_dns dns)
{
	return dns_words[dns].name;
}

bool pdn_alias_parse(const char *text, struct pdn_alias *ret)
{
	const char *at = text + strlen(ALIAS_PREFIX);
	uint32_t ignored;
	size_t len;

	memset(ret, 0, sizeof(*ret));
	if (strncmp(text, ALIAS_PREFIX, strlen(ALIAS_PREFIX)))
		return false;
	len = strcspn(at, " ");
	if (!len || len >= sizeof(ret->name))
		return false;
	memcpy(ret->name, at, len);
	for (at += len; !strncmp(at, " v4=", 4) || !strncmp(at, " v6=", 4);) {
		enum pdn_family f = at[2] == '4' ? PDN_V4 : PDN_V6;
		char *end;

		ret->handle[f] = strtoul(at + 4, &end, 16);
		ret->has[f] = true;
		at = end;
	}
	parse_number(&at, ALIAS_METRIC, &ret->asked.metric);
	parse_number(&at, ALIAS_TABLE, &ret->asked.table);
	/* former versions wrote a sum of the user name, which everybody could read */
	parse_number(&at, ALIAS_LOGIN, &ignored);
	if (!strncmp(at, ALIAS_DNS, strlen(ALIAS_DNS)))
		return parse_dns(at + strlen(ALIAS_DNS), ret);
	ret->by_m2md = !strcmp(at, ALIAS_M2MD);
	return ret->by_m2md || !*at;
}

/* --- finding ---------------------------------------------------------------- */

/* A link with a mux id of this modem that it has somewhere else */
static bool find_elsewhere(struct connector *c, struct connection *pdn)
{
	struct rt_link *link = &pdn->link;
	struct m2m_error ignored;

	if (!c->netns || rt_link_get(c->netns->rt, pdn->name, 0, link, &ignored) ||
	    !pdn_alias_parse(link->alias, &pdn->alias) ||
	    strcmp(pdn->alias.name, pdn->name))
		return false;
	for (size_t i = 0; i < c->port->n_links; i++)
		if (!c->port->links[i].ifindex && link->mux_id &&
		    c->port->links[i].mux_id == link->mux_id)
			pdn->mux_id = link->mux_id;
	if (!pdn->mux_id)
		return false;
	pdn->netns = connection_netns_ref(c->netns);
	pdn->has_link = true;
	return true;
}

static int find_link(struct connector *c, struct connection *pdn)
{
	const struct port *port = c->port;
	struct m2m_error ignored;
	struct rt_link *link = &pdn->link;

	if (find_elsewhere(c, pdn)) {
		pdn->has_alias = true;
		return 0;
	}
	if (!rt_link_get(c->rt, pdn->name, 0, link, &ignored)) {
		for (size_t i = 0; i < port->n_links; i++)
			if (port->links[i].ifindex == link->ifindex)
				pdn->mux_id = port->links[i].mux_id;
		if (!pdn->mux_id)
			return m2m_error_set(&c->error, -EEXIST,
					     "an interface %s exists and is not this modem's",
					     pdn->name);
		pdn->has_link = true;
	} else if (!rt_link_get(c->rt, NULL, port->ifindex, link, &ignored)) {
		/* without mux ids the PDN is on wwan%d */
		pdn->has_link = pdn_alias_parse(link->alias, &pdn->alias) &&
				!strcmp(pdn->alias.name, pdn->name);
	}
	if (pdn->has_link)
		pdn->has_alias = pdn_alias_parse(link->alias, &pdn->alias);
	else
		memset(link, 0, sizeof(*link));
	return 0;
}

/* What a modem says that knows of no call, or of its client no more */
static bool is_no_call(int err)
{
	return err == -ENOTCONN || err == -ESTALE || err == -ECONNRESET;
}

static int find_call(struct connector *c, struct connection *pdn, enum pdn_family f)
{
	struct pdn_call *call = &pdn->call[f];
	struct wds_packet_status status;
	char keep[PDN_KEEP_MAX];
	int err;

	pdn_keep_name(pdn->name, f, keep);
	err = m2m_client_open(c->qmi, QMI_WDS, keep, &call->wds,
			      &c->error);
	if (err)
		return err;
	if (pdn->alias.has[f])
		call->handle = pdn->alias.handle[f];
	else
		call->handle = WDS_ANY_HANDLE;
	err = wds_packet_status_get(call->wds, &status, &call->error);
	if (err == -EINTR)
		return m2m_error_copy(&c->error, &call->error);
	/* a call that is up must not be taken for one that is not */
	call->unknown = err && !is_no_call(err);
	if (err || status.status != WDS_CONNECTED)
		return 0;
	/* a call without address is up all the same */
	err = wds_settings_get(call->wds, &call->settings, &call->error);
	if (err)
		memset(&call->settings, 0, sizeof(call->settings));
	if (err == -EINTR)
		return m2m_error_copy(&c->error, &call->error);
	/* said once, when it came up; nonsense is not shown as an address */
	wds_settings_sanitize(&call->settings);
	call->up = true;
	return 0;
}

static int find_calls(struct connector *c, struct connection *pdn)
{
	struct port_client *clients;
	char name[IF_NAMESIZE];
	enum pdn_family f;
	int err;
	size_t n;

	err = port_clients(c->nl, c->port->id, &clients, &n, &c->error);
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		if (!pdn_keep_parse(clients[i].name, name, &f) ||
		    strcmp(name, pdn->name) || pdn->call[f].wds)
			continue;
		if (clients[i].owner == M2M_WWAN_OWNER_KEPT)
			err = find_call(c, pdn, f);
		else
			err = m2m_error_set(&c->error, -EBUSY,
					    "process %u holds this PDN",
					    clients[i].pid);
	}
	free(clients);
	return err;
}

int connection_find(struct connector *c, const char *name, struct connection *ret)
{
	int err;

	memset(ret, 0, sizeof(*ret));
	g_strlcpy(ret->name, name, sizeof(ret->name));
	err = port_refresh(c->nl, c->port, &c->error);
	if (!err)
		err = find_link(c, ret);
	/* without the driver no call outlives its process */
	if (!err && !c->port->mainline)
		err = find_calls(c, ret);
	return err;
}

int connection_logins(struct connector *c, struct connection *pdn)
{
	int err = 0;

	for (int f = 0; !err && f < PDN_FAMILIES; f++) {
		if (!pdn->call[f].up)
			continue;
		err = wds_login_get(pdn->call[f].wds, &pdn->call[f].login, &c->error);
		/* a modem that refuses to tell is one that does not tell */
		if (err && c->error.qmi)
			err = 0;
	}
	return err;
}

void connection_close(struct connection *pdn)
{
	for (int f = 0; f < PDN_FAMILIES; f++) {
		m2m_client_close(pdn->call[f].wds, false);
		pdn->call[f].wds = NULL;
	}
	connection_netns_unref(pdn->netns);
	pdn->netns = NULL;
}

bool connection_is_anything(const struct connection *pdn)
{
	return pdn->has_link || pdn->call[PDN_V4].wds || pdn->call[PDN_V6].wds;
}

/* --- removing --------------------------------------------------------------- */

/* Ends a call; if the modem has none any more, all the better */
static int end_call(struct pdn_call *call, struct m2m_error *error)
{
	bool up = call->up;
	int err = 0;

	if (!call->wds)
		return 0;
	/* from here on an indication that it is over is no news */
	call->up = false;
	/* the handle that means any call would end those of other PDNs too */
	if (up && call->handle != WDS_ANY_HANDLE)
		err = wds_stop(call->wds, call->handle, error);
	if (err == -EALREADY || err == -ENOTCONN || err == -EREMOTEIO)
		err = 0;
	/* the release ends it where the stop did not */
	m2m_client_close(call->wds, true);
	call->wds = NULL;
	return err;
}

int connection_forget_rules(struct m2m_nl *rt, unsigned int ifindex,
			    struct m2m_error *error)
{
	struct rt_addr addrs[RT_ADDRS_MAX];
	size_t n;
	int err;

	err = rt_addr_list(rt, ifindex, addrs, &n, error);
	if (!err)
		err = rt_rule_flush_from(rt, addrs, n, error);
	/* also those of an address that somebody took away */
	return err ? err : rt_rule_flush(rt, PDN_TABLE + ifindex, error);
}

/* wwan%d loses what the PDN put there and stays */
static int strip_wwan(struct m2m_nl *rt, unsigned int ifindex,
		      struct m2m_error *error)
{
	const struct rt_change change = { .down = true, .move = true, .alias = "" };
	int err;

	err = rt_addr_flush(rt, ifindex, error);
	if (!err)
		err = rt_link_set(rt, ifindex, &change, error);
	return err;
}

static int remove_link(struct m2m_nl *rt, struct connection *pdn,
		       struct m2m_error *error)
{
	unsigned int ifindex = pdn->link.ifindex;
	int err, rules;

	if (!pdn->has_link)
		return 0;
	/* routes go with the link, rules do not */
	rules = connection_forget_rules(rt, ifindex, error);
	err = pdn->mux_id ? rt_link_del(rt, ifindex, error) :
			    strip_wwan(rt, ifindex, error);
	pdn->has_link = false;
	return err ? err : rules;
}

int connection_hang_up(struct connector *c, struct connection *pdn,
		       enum pdn_family family)
{
	return end_call(&pdn->call[family], &c->error);
}

int connection_unlink(struct connector *c, struct connection *pdn)
{
	return remove_link(c->rt, pdn, &c->error);
}

int connection_remove(struct connector *c, struct connection *pdn)
{
	bool cancelled = c->qmi && m2m_qmi_is_cancelled(c->qmi);
	struct m2m_error error;
	int first = 0;
	int err;

	/* cleaning up is not what a signal interrupts */
	if (c->qmi)
		m2m_qmi_cancel(c->qmi, false);
	for (int f = 0; f < PDN_FAMILIES; f++) {
		err = end_call(&pdn->call[f], &error);
		if (err && !first)
			first = m2m_error_copy(&c->error, &error);
	}
	err = remove_link(connection_rt(c, pdn), pdn, &error);
	if (err && !first)
		first = m2m_error_copy(&c->error, &error);
	memset(&pdn->alias, 0, sizeof(pdn->alias));
	pdn->has_alias = false;
	if (c->qmi)
		m2m_qmi_cancel(c->qmi, cancelled);
	return first;
}
