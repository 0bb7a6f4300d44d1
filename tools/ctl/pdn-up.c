// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way from nothing to a connection that carries packets. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/nl.h"
#include "network.h"
#include "pdn.h"
#include "secret.h"
#include "sim.h"

/*
 * DOC: sequence
 *
 *   SIM ready, radio on, registered -> data format -> mux link -> for each
 *   family: kept WDS client, bind mux id, set IP family, start network, current
 *   settings -> MTU, addresses, routes, rules -> alias. Whatever fails, what
 *   was made before is taken away again, last first.
 */

/* Addresses may come a little after the call; a router must advertise. */
#define SETTINGS_TRIES		10
#define SETTINGS_WAIT_MS	500
/* Another process may take the id we chose. */
#define LINK_TRIES		3

struct connect {
	struct ctl *ctl;
	struct m2m_nl *rt;
	struct pdn *pdn;
	struct secret password;
	bool has_password;
	bool raised;		/* we set wwan%d up */
};

static bool wants(const struct ctl *ctl, enum pdn_family f)
{
	const char *family = args_key(ctl->args, "family");

	return !family || strchr(family, f == PDN_V4 ? '4' : '6');
}

/* --- link ------------------------------------------------------------------- */

static uint8_t free_mux_id(const struct port *port)
{
	bool used[PORT_LINKS_MAX + 2] = { false };
	unsigned int id = 1;

	for (size_t i = 0; i < port->n_links; i++)
		used[port->links[i].mux_id] = true;
	while (id <= PORT_LINKS_MAX && used[id])
		id++;
	return id <= PORT_LINKS_MAX ? id : 0;
}

static int raise_lower(struct connect *c)
{
	const struct rt_change up = { .up = true };
	struct rt_link lower;
	int err;

	err = rt_link_get(c->rt, NULL, c->ctl->port->ifindex, &lower,
			  &c->ctl->error);
	if (err || lower.flags & IFF_UP)
		return err;
	err = rt_link_set(c->rt, lower.ifindex, &up, &c->ctl->error);
	c->raised = !err;
	return err;
}

static int add_mux(struct connect *c)
{
	long wanted = args_number(c->ctl->args, "mux", 0);
	struct ctl *ctl = c->ctl;
	uint8_t id;
	int err;

	for (int tries = LINK_TRIES; tries; tries--) {
		id = wanted ? wanted : free_mux_id(ctl->port);
		if (!id)
			return ctl_fail(ctl, -EBUSY, EXIT_BUSY, NULL,
					"all mux ids are taken");
		err = rt_mux_add(c->rt, ctl->port->ifindex, c->pdn->name, id,
				 &ctl->error);
		if (err != -EBUSY && err != -EEXIST)
			break;
		if (wanted || device_refresh(ctl))
			break;
	}
	if (err) {
		m2m_error_prefix(&ctl->error, "link %s", c->pdn->name);
		ctl->status = err == -EEXIST ? EXIT_BUSY : 0;
		return err;
	}
	c->pdn->mux_id = id;
	return rt_link_get(c->rt, c->pdn->name, 0, &c->pdn->link, &ctl->error);
}

/* Without mux ids the one PDN is on wwan%d; opening it again takes the format */
static int take_wwan(struct connect *c)
{
	const struct rt_change down = { .down = true };
	struct rt_link *link = &c->pdn->link;
	struct ctl *ctl = c->ctl;
	struct pdn_alias other;
	int err;

	err = rt_link_get(c->rt, NULL, ctl->port->ifindex, link, &ctl->error);
	if (err)
		return err;
	if (pdn_alias_parse(link->alias, &other))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, "m2mctl pdn down",
				"the modem has no mux ids and %s is up",
				other.name);
	c->pdn->mux_id = 0;
	return rt_link_set(c->rt, link->ifindex, &down, &ctl->error);
}

static int make_link(struct connect *c)
{
	bool mux;
	int err;

	err = pdn_format(c->ctl, &mux);
	if (err)
		return err;
	if (mux) {
		err = raise_lower(c);
		if (!err)
			err = add_mux(c);
	} else if (args_key(c->ctl->args, "mux")) {
		return ctl_fail(c->ctl, -EOPNOTSUPP, EXIT_UNSUPPORTED, NULL,
				"this modem has no mux ids");
	} else {
		err = take_wwan(c);
	}
	c->pdn->has_link = !err;
	return err;
}

/* --- calls ------------------------------------------------------------------ */

static enum wds_auth auth(const struct args *args)
{
	static const char * const words[] = {
		[WDS_AUTH_NONE] = "none",
		[WDS_AUTH_PAP] = "pap",
		[WDS_AUTH_CHAP] = "chap",
		[WDS_AUTH_BOTH] = "both",
	};
	const char *word = args_key(args, "auth");

	for (unsigned int i = 0; word && i < G_N_ELEMENTS(words); i++)
		if (!strcmp(word, words[i]))
			return i;
	return args_key(args, "user") ? WDS_AUTH_BOTH : WDS_AUTH_UNSET;
}

static bool never(void *data)
{
	return false;
}

static int read_settings(struct connect *c, struct pdn_call *call)
{
	int err = -ENODATA;

	for (int tries = SETTINGS_TRIES; tries; tries--) {
		err = wds_settings_get(call->wds, &call->settings,
				       &call->error);
		if (err != -ENODATA && err != -ENOTCONN && err != -EREMOTEIO)
			break;
		err = m2m_qmi_wait(c->ctl->qmi, SETTINGS_WAIT_MS, never, NULL);
		if (err == -EINTR)
			return m2m_error_set(&call->error, err, "interrupted");
		err = -ENODATA;
	}
	return err;
}

static int check_settings(struct pdn_call *call, enum pdn_family f)
{
	unsigned int dropped = wds_settings_sanitize(&call->settings);

	if (dropped)
		fprintf(stderr, "m2mctl: IPv%d: %u settings make no sense, not used\n",
			pdn_family_number(f), dropped);
	if (f == PDN_V4 ? call->settings.has_v4 : call->settings.has_v6)
		return 0;
	return m2m_error_set(&call->error, -ENODATA,
			     "the network gave no usable address");
}

static int start(struct connect *c, enum pdn_family f)
{
	const struct args *args = c->ctl->args;
	struct pdn_call *call = &c->pdn->call[f];
	const struct wds_call request = {
		.apn = args_key(args, "apn"),
		.user = args_key(args, "user"),
		.password = c->has_password ? c->password.s : NULL,
		.auth = auth(args),
		.family = pdn_family_number(f),
	};
	int err = 0;

	if (c->pdn->mux_id)
		err = wds_mux_bind(call->wds, c->ctl->port->interface,
				   c->pdn->mux_id, &call->error);
	if (!err)
		err = wds_family_set(call->wds, request.family, &call->error);
	/* a modem without the message starts the family the TLV names */
	if (err == -EOPNOTSUPP || err == -EALREADY)
		err = 0;
	if (!err)
		err = wds_start(call->wds, &request, &call->handle,
				&call->reason, &call->error);
	call->up = !err;
	if (!err)
		err = read_settings(c, call);
	if (!err)
		err = check_settings(call, f);
	return err;
}

/* Ends a call that is of no use, also when a signal is why it is of none */
static void drop_call(struct m2m_qmi *qmi, struct pdn_call *call)
{
	bool cancelled = m2m_qmi_is_cancelled(qmi);
	struct m2m_error ignored;

	m2m_qmi_cancel(qmi, false);
	if (call->up && wds_stop(call->wds, call->handle, &ignored))
		g_debug("stop: %s", ignored.msg);
	m2m_client_close(call->wds, true);
	m2m_qmi_cancel(qmi, cancelled);
	call->wds = NULL;
	call->up = false;
}

static int call_up(struct connect *c, enum pdn_family f)
{
	struct pdn_call *call = &c->pdn->call[f];
	char keep[PDN_KEEP_MAX];
	int err;

	memset(call, 0, sizeof(*call));
	pdn_keep_name(c->pdn->name, f, keep);
	err = m2m_client_open(c->ctl->qmi, QMI_WDS, keep, &call->wds,
			      &call->error);
	if (!err)
		err = start(c, f);
	if (!err || !call->wds)
		return err;
	/* this family leaves nothing behind, the other may still come up */
	drop_call(c->ctl->qmi, call);
	return err;
}

/* Why there is no call: what the first family said, unless only it was unwanted */
static int no_call(struct ctl *ctl, const struct pdn *pdn)
{
	const struct pdn_call *v4 = &pdn->call[PDN_V4];
	const struct pdn_call *v6 = &pdn->call[PDN_V6];
	const struct pdn_call *why = v4;
	const char *hint = NULL;
	bool refused;

	if (!v4->error.err ||
	    (wds_reason_is_family(&v4->reason) && v6->error.err))
		why = v6;
	if (wds_reason_is_config(&why->reason))
		hint = "another apn, user or auth";
	else if (why->error.err == -ECONNREFUSED)
		hint = "again later; m2mctl status";
	/* a call without an address that can be used is none */
	refused = why->error.err == -ECONNREFUSED || why->error.err == -ENODATA;
	m2m_error_copy(&ctl->error, &why->error);
	return ctl_fail(ctl, why->error.err, refused ? EXIT_CALL_FAILED : 0, hint,
			"IPv%d: %s", why == v4 ? 4 : 6, why->error.msg);
}

static int make_calls(struct connect *c)
{
	bool any = false;
	int err;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		struct pdn_call *call = &c->pdn->call[f];

		if (!wants(c->ctl, f))
			continue;
		err = call_up(c, f);
		any |= !err;
		/* what the network refuses for good it refuses for both */
		if (err == -EINTR || err == -ENODEV ||
		    (!any && wds_reason_is_config(&call->reason)))
			break;
	}
	if (m2m_qmi_is_cancelled(c->ctl->qmi))
		return m2m_error_set(&c->ctl->error, -EINTR, "interrupted");
	return any ? 0 : no_call(c->ctl, c->pdn);
}

/* --- all of it -------------------------------------------------------------- */

static int remember(struct connect *c)
{
	struct pdn_alias *alias = &c->pdn->alias;
	struct rt_change change = { 0 };
	char text[RT_ALIAS_MAX];

	memset(alias, 0, sizeof(*alias));
	g_strlcpy(alias->name, c->pdn->name, sizeof(alias->name));
	for (int f = 0; f < PDN_FAMILIES; f++) {
		alias->has[f] = c->pdn->call[f].up;
		alias->handle[f] = c->pdn->call[f].handle;
	}
	pdn_alias_format(alias, text);
	change.alias = text;
	return rt_link_set(c->rt, c->pdn->link.ifindex, &change,
			   &c->ctl->error);
}

static void undo(struct connect *c)
{
	const struct rt_change down = { .down = true };
	struct m2m_error error = c->ctl->error, ignored;

	if (pdn_remove(c->ctl, c->rt, c->pdn))
		fprintf(stderr, "m2mctl: while undoing: %s\n",
			c->ctl->error.msg);
	if (c->raised && !device_refresh(c->ctl) && !c->ctl->port->n_links)
		rt_link_set(c->rt, c->ctl->port->ifindex, &down, &ignored);
	c->ctl->error = error;
}

static int check_sim(struct ctl *ctl)
{
	struct m2m_client *uim;
	struct uim_sim sim;
	int err;

	err = ctl_open(ctl, QMI_UIM, &uim);
	if (err)
		return err;
	err = sim_settle(ctl, uim, &sim);
	if (!err)
		err = sim_usable(ctl, &sim);
	m2m_client_close(uim, false);
	return err;
}

static int read_password(struct connect *c)
{
	const struct args *args = c->ctl->args;
	const char *file = args->option[OPTION_PASSWORD_FILE];
	const char *fd = args->option[OPTION_PASSWORD_FD];
	int err;

	if (!file && !fd && !args_key(args, "user"))
		return 0;
	err = secret_read(&(struct secret_source) {
		.file = file,
		.fd = fd,
		.prompt = "Password: ",
		.stop_fd = c->ctl->signal_fd,
	}, &c->password, &c->ctl->error);
	if (err == -ENXIO)
		return ctl_fail(c->ctl, -EINVAL, EXIT_USAGE, "--password-file",
				"a user needs a password");
	c->has_password = !err;
	return err;
}

static int connect_pdn(struct connect *c)
{
	struct ctl *ctl = c->ctl;
	int err;

	err = read_password(c);
	if (!err)
		err = ctl_interrupted(ctl);
	if (!err)
		err = check_sim(ctl);
	if (!err)
		err = network_settle(ctl);
	if (!err)
		err = device_refresh(ctl);
	if (!err)
		err = make_link(c);
	if (!err)
		err = make_calls(c);
	if (!err)
		err = pdn_ip_apply(ctl, c->rt, c->pdn);
	if (!err)
		err = remember(c);
	secret_wipe(&c->password);
	if (err)
		undo(c);
	return err;
}

/* --- idempotence ------------------------------------------------------------ */

static bool is_up(const struct pdn *pdn)
{
	bool any = false;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		if (pdn->alias.has[f] && !pdn->call[f].up)
			return false;
		any |= pdn->call[f].up;
	}
	return any && pdn->has_link && pdn->has_alias &&
	       pdn->link.flags & IFF_UP;
}

static bool is_anything(const struct pdn *pdn)
{
	return pdn->has_link || pdn->call[PDN_V4].wds || pdn->call[PDN_V6].wds;
}

/* The network may have appended its own part to the name */
static bool same_apn(const char *wanted, const char *given)
{
	size_t len = strlen(wanted);

	return !*given || (!g_ascii_strncasecmp(wanted, given, len) &&
			   (!given[len] || given[len] == '.'));
}

static int check_same(struct ctl *ctl, const struct pdn *pdn)
{
	const char *apn = args_key(ctl->args, "apn");

	for (int f = 0; apn && f < PDN_FAMILIES; f++)
		if (pdn->call[f].up && !same_apn(apn, pdn->call[f].settings.apn))
			return ctl_fail(ctl, -EEXIST, 0, "m2mctl pdn down first",
					"%s is up with the APN %s", pdn->name,
					pdn->call[f].settings.apn);
	return 0;
}

int pdn_up_run(struct ctl *ctl)
{
	const char *name = ctl->args->arg[0];
	struct pdn pdn = { { 0 } };
	struct connect c = { .ctl = ctl, .pdn = &pdn };
	int err;

	if (!pdn_name_is_valid(name))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"a name has 1 to %d letters, digits, \".\", \"_\" or \"-\"",
				IF_NAMESIZE - 1);
	err = rt_open(&c.rt, &ctl->error);
	if (!err)
		err = pdn_find(ctl, c.rt, name, &pdn);
	if (!err && is_up(&pdn)) {
		err = check_same(ctl, &pdn);
	} else if (!err) {
		if (is_anything(&pdn))
			err = pdn_remove(ctl, c.rt, &pdn);
		if (!err)
			err = connect_pdn(&c);
	}
	if (!err) {
		out_section(ctl->out, "pdn", "PDN");
		pdn_report(ctl->out, &pdn);
		out_section_end(ctl->out);
	}
	pdn_close(&pdn);
	m2m_nl_free(c.rt);
	return err;
}
