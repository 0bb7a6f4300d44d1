// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way from nothing to a connection that carries packets. */
#include <errno.h>
#include <glib.h>
#include <limits.h>
#include <string.h>

#include "../lib/nl.h"
#include "advice.h"
#include "apn.h"
#include "netns.h"
#include "network.h"
#include "pdn.h"
#include "sim.h"

/*
 * DOC: sequence
 *
 *   radio on, SIM ready, registered -> data format -> mux link -> for each
 *   family: kept WDS client, bind mux id, set IP family, start network, current
 *   settings -> MTU, addresses, routes, rules -> alias. Whatever fails, what
 *   was made before is taken away again, last first. Who resolves names is told in
 *   the end; it is said if that fails, and the connection stays.
 */

struct connect {
	struct ctl *ctl;
	struct connector c;
	struct connection_want want;
	struct connection pdn;
	struct secret password;
};

static bool wants(const struct ctl *ctl, enum pdn_family f)
{
	const char *family = args_key(ctl->args, "family");

	return !family || strchr(family, f == PDN_V4 ? '4' : '6');
}

/* Why there is no call: what the first family said, unless only it was unwanted */
static int no_call(struct ctl *ctl, const struct connection *pdn)
{
	const struct pdn_call *v4 = &pdn->call[PDN_V4];
	const struct pdn_call *v6 = &pdn->call[PDN_V6];
	const struct pdn_call *why = v4;
	const char *hint;
	bool refused;

	if (!v4->error.err ||
	    (wds_reason_is_family(&v4->reason) && v6->error.err))
		why = v6;
	hint = advice(&why->reason);
	if (!hint && why->error.err == -ECONNREFUSED)
		hint = "again later; m2mctl status";
	/* a call without an address that can be used is none */
	refused = why->error.err == -ECONNREFUSED || why->error.err == -ENODATA;
	m2m_error_copy(&ctl->error, &why->error);
	return ctl_fail(ctl, why->error.err, refused ? EXIT_CALL_FAILED : 0, hint,
			"IPv%d: %s", why == v4 ? 4 : 6, why->error.msg);
}

/* Dropped settings are of no use to anybody, but a person may want to know */
static void say_dropped(const struct pdn_call *call, enum pdn_family f)
{
	if (call->dropped)
		fprintf(stderr, "m2mctl: IPv%d: %u settings make no sense, not used\n",
			pdn_family_number(f), call->dropped);
}

static int make_calls(struct connect *c)
{
	bool any = false;
	int err;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		struct pdn_call *call = &c->pdn.call[f];

		if (!wants(c->ctl, f))
			continue;
		err = connection_call(&c->c, &c->want, &c->pdn, f);
		say_dropped(call, f);
		any |= !err;
		/* what the network refuses for good it refuses for both */
		if (err == -EINTR || err == -ENODEV ||
		    (!any && wds_reason_is_config(&call->reason)))
			break;
	}
	if (m2m_qmi_is_cancelled(c->ctl->qmi))
		return m2m_error_set(&c->ctl->error, -EINTR, "interrupted");
	return any ? 0 : no_call(c->ctl, &c->pdn);
}

/* --- all of it -------------------------------------------------------------- */

static void undo(struct connect *c)
{
	const struct rt_change down = { .down = true };
	struct m2m_error error = c->ctl->error, ignored;

	if (connection_remove(&c->c, &c->pdn))
		fprintf(stderr, "m2mctl: while undoing: %s\n", c->c.error.msg);
	if (c->c.raised && !device_refresh(c->ctl) && !c->ctl->port->n_links)
		rt_link_set(c->c.rt, c->ctl->port->ifindex, &down, &ignored);
	c->ctl->error = error;
}

static int make_link(struct connect *c)
{
	int err = connection_link(&c->c, &c->want, &c->pdn);

	pdn_failed(c->ctl, &c->c, err);
	/* of the interface's name another program was faster */
	if (err == -EEXIST)
		c->ctl->status = EXIT_BUSY;
	if (err == -EBUSY)
		c->ctl->hint = "m2mctl pdn show; the program that manages it";
	return err;
}

static int finish_link(struct connect *c)
{
	int err = connection_apply(&c->c, &c->want, &c->pdn);

	c->pdn.alias.asked = (struct pdn_asked) {
		.metric = c->want.metric,
		.table = c->want.table,
	};
	if (!err)
		err = connection_remember(&c->c, &c->pdn);
	return pdn_failed(c->ctl, &c->c, err);
}

static int connect_pdn(struct connect *c)
{
	struct connection_place place;
	struct ctl *ctl = c->ctl;
	int err;

	err = pdn_failed(ctl, &c->c, connection_place(&c->c, &c->want, &c->pdn, &place));
	if (!err)
		err = apn_read_password(ctl, &c->password, &c->want.password);
	if (!err)
		err = ctl_interrupted(ctl);
	/* first, as some firmware keeps the card without power while the radio is off */
	if (!err)
		err = network_radio_on(ctl);
	if (!err)
		err = sim_ready(ctl);
	if (!err)
		err = network_settle(ctl);
	if (!err)
		err = device_refresh(ctl);
	if (!err)
		err = make_link(c);
	if (!err)
		err = make_calls(c);
	if (!err)
		err = finish_link(c);
	secret_wipe(&c->password);
	if (err)
		undo(c);
	return err;
}

/* --- idempotence ------------------------------------------------------------ */

static int check_netns(struct ctl *ctl, const struct connection *pdn,
		       const struct connection_want *want)
{
	if (connection_netns_equal(pdn->netns, want->netns))
		return 0;
	return ctl_fail(ctl, -EEXIST, 0, "m2mctl pdn down first",
			"%s is up in %s%s", pdn->name,
			pdn->netns ? "the network namespace " : "the host's network namespace",
			pdn->netns ? pdn->netns->name : "");
}

/* It is up, and whatever was asked for is so; nothing is changed on the way */
static int check_same(struct connect *c)
{
	struct connection_place place = { 0 };
	struct ctl *ctl = c->ctl;
	char what[96];
	int err;

	err = check_netns(ctl, &c->pdn, &c->want);
	if (!err)
		err = pdn_failed(ctl, &c->c,
				 connection_place(&c->c, &c->want, &c->pdn, &place));
	if (!err && (c->want.user || c->want.auth != WDS_AUTH_UNSET))
		err = pdn_failed(ctl, &c->c, connection_logins(&c->c, &c->pdn));
	if (err || pdn_is_same(&c->pdn, &c->want, args_key(ctl->args, "family"), place.vrf,
			       what, sizeof(what)))
		return err;
	return ctl_fail(ctl, -EEXIST, 0, "m2mctl pdn down first", "%s is up with %s",
			c->pdn.name, what);
}

/* One that may be up is not dialled anew */
static int check_known(struct ctl *ctl, const struct connection *pdn)
{
	for (int f = 0; f < PDN_FAMILIES; f++) {
		const struct m2m_error *why = &pdn->call[f].error;

		if (!pdn->call[f].unknown)
			continue;
		ctl->error.qmi = why->qmi;
		return ctl_fail(ctl, why->err, 0, "it again; m2mctl pdn down first",
				"the modem does not say whether IPv%d is up: %s",
				pdn_family_number(f), why->msg);
	}
	return 0;
}

static int find_or_connect(struct connect *c, const char *name)
{
	struct ctl *ctl = c->ctl;
	int err;

	netns_find(&c->c, name);
	err = connection_find(&c->c, name, &c->pdn);
	if (err == -EEXIST)
		ctl->hint = "another name";
	if (!err && check_known(ctl, &c->pdn))
		return ctl->error.err;
	if (!err && pdn_is_up(&c->pdn))
		return check_same(c);
	if (!err)
		pdn_dns_unset(&c->pdn);
	if (!err && connection_is_anything(&c->pdn))
		err = connection_remove(&c->c, &c->pdn);
	pdn_failed(ctl, &c->c, err);
	return err ? err : connect_pdn(c);
}

static void say(struct ctl *ctl, const struct connection *pdn, bool nobody_told)
{
	struct pdn_more more;

	pdn_more_read(ctl, pdn, &more);
	more.nobody_told = nobody_told;
	out_section(ctl->out, "pdn", "PDN");
	pdn_report(ctl->out, pdn, &more);
	out_section_end(ctl->out);
	pdn_more_say(ctl->out, pdn_more_explain(pdn, &more, g_strdup("")));
}

/* What is wrong with a word is told before the modem or the host is asked anything */
static int check_words(struct ctl *ctl, const struct connection_want *want,
		       const char *netns)
{
	const struct args *args = ctl->args;
	int err;

	if (want->vrf && want->table)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"table and vrf exclude each other: a VRF has its own");
	if (want->vrf && netns)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"netns and vrf exclude each other: a VRF is of one namespace");
	if (!pdn_name_is_valid(args->arg[0]))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"a name has 1 to %d letters, digits, \".\", \"_\" or \"-\"",
				IF_NAMESIZE - 1);
	if (want->vrf && strlen(want->vrf) >= IF_NAMESIZE)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"the name of a VRF has at most %d bytes, not %zu",
				IF_NAMESIZE - 1, strlen(want->vrf));
	if (netns && strlen(netns) > NAME_MAX)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"the name of a network namespace has at most %d bytes, not %zu",
				NAME_MAX, strlen(netns));
	err = apn_check(ctl, want->apn);
	return err ? err : apn_check_user(ctl, want->user);
}

int pdn_up_run(struct ctl *ctl)
{
	const struct args *args = ctl->args;
	const char *name = args->arg[0];
	struct connect c = {
		.ctl = ctl,
		.want = {
			.apn = args_key(args, "apn"),
			.user = args_key(args, "user"),
			.auth = apn_auth(args),
			.mux_id = args_number(args, "mux", 0),
			.metric = args_number(args, "metric", 0),
			.mtu = args_number(args, "mtu", 0),
			.table = args_number(args, "table", 0),
			.vrf = args_key(args, "vrf"),
		},
	};
	const char *netns = args_key(args, "netns");
	int err;

	err = check_words(ctl, &c.want, netns);
	if (!err && netns) {
		err = netns_open(netns, &c.want.netns, &ctl->error);
		if (err == -ENOENT)
			ctl->hint = "ip netns add";
	}
	if (!err)
		err = pdn_connector(ctl, &c.c);
	if (!err)
		err = find_or_connect(&c, name);
	if (!err)
		say(ctl, &c.pdn, !pdn_dns_set(ctl, &c.c, &c.want, &c.pdn));
	connection_close(&c.pdn);
	connection_netns_unref(c.want.netns);
	pdn_connector_close(&c.c);
	return err;
}
