// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns making the parts of a connection: the link, the calls, what the alias says. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "connection.h"

/* Addresses may come a little after the call; a router must advertise. */
#define SETTINGS_TRIES		10
#define SETTINGS_WAIT_MS	500
/* Another process may take the id we chose. */
#define LINK_TRIES		3

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

static int raise_lower(struct connector *c)
{
	const struct rt_change up = { .up = true };
	struct rt_link lower;
	int err;

	err = rt_link_get(c->rt, NULL, c->port->ifindex, &lower, &c->error);
	if (err || lower.flags & IFF_UP)
		return err;
	err = rt_link_set(c->rt, lower.ifindex, &up, &c->error);
	c->raised = !err;
	return err;
}

static int add_mux(struct connector *c, uint8_t wanted, struct connection *pdn)
{
	uint8_t id;
	int err;

	for (int tries = LINK_TRIES; tries; tries--) {
		id = wanted ? wanted : free_mux_id(c->port);
		if (!id)
			return m2m_error_set(&c->error, -EBUSY,
					     "all mux ids are taken");
		err = rt_mux_add(c->rt, c->port->ifindex, pdn->name, id,
				 &c->error);
		if (err != -EBUSY && err != -EEXIST)
			break;
		if (wanted || port_get(c->nl, c->port->id, c->port, &c->error))
			break;
	}
	if (err)
		return m2m_error_prefix(&c->error, "link %s", pdn->name);
	pdn->mux_id = id;
	return rt_link_get(c->rt, pdn->name, 0, &pdn->link, &c->error);
}

/* Without mux ids the one PDN is on wwan%d; opening it again takes the format */
static int take_wwan(struct connector *c, struct connection *pdn)
{
	const struct rt_change down = { .down = true };
	struct rt_link *link = &pdn->link;
	struct pdn_alias other;
	int err;

	err = rt_link_get(c->rt, NULL, c->port->ifindex, link, &c->error);
	if (err)
		return err;
	if (pdn_alias_parse(link->alias, &other))
		return m2m_error_set(&c->error, -EBUSY,
				     "the modem has no mux ids and %s is up",
				     other.name);
	pdn->mux_id = 0;
	link->flags &= ~IFF_UP;
	return rt_link_set(c->rt, link->ifindex, &down, &c->error);
}

static int bind_mux(struct connector *c, struct m2m_client *wds, uint8_t mux_id,
		    struct m2m_error *error)
{
	int err = wds_mux_bind(wds, c->port->interface, mux_id, error);

	return err == -EALREADY ? 0 : err;
}

/*
 * Firmware may agree to QMAP and then bind no call to a mux id, whose packets would
 * be nobody's. A client of its own finds out before anything is made.
 */
static int check_bind(struct connector *c, uint8_t wanted, bool *ret_mux)
{
	uint8_t id = wanted ? wanted : free_mux_id(c->port);
	struct m2m_client *wds;
	int err;

	/* what others have up shows that it can */
	if (!id || c->port->n_links)
		return 0;
	err = m2m_client_open(c->qmi, QMI_WDS, NULL, &wds, &c->error);
	if (err)
		return err;
	err = bind_mux(c, wds, id, &c->error);
	m2m_client_close(wds, true);
	if (!err || !c->error.qmi)
		return err;
	c->no_mux = true;
	return connection_format(c, ret_mux);
}

int connection_link(struct connector *c, const struct connection_want *want,
		    struct connection *pdn)
{
	bool mux;
	int err;

	err = connection_format(c, &mux);
	if (!err && mux)
		err = check_bind(c, want->mux_id, &mux);
	if (err)
		return err;
	if (mux) {
		err = raise_lower(c);
		if (!err)
			err = add_mux(c, want->mux_id, pdn);
	} else if (want->mux_id) {
		return m2m_error_set(&c->error, -EOPNOTSUPP,
				     "this modem has no mux ids");
	} else {
		err = take_wwan(c, pdn);
	}
	pdn->has_link = !err;
	return err;
}

/* --- calls ------------------------------------------------------------------ */

static bool never(void *data)
{
	return false;
}

/*
 * A call may be up a moment before its address is there, and firmware tells of neither:
 * its indication of a new configuration (0x008c) comes for changes alone.
 */
static int read_settings(struct pdn_call *call)
{
	struct m2m_qmi *qmi = m2m_client_qmi(call->wds);
	struct wds_settings settings;
	int err = -ENODATA;

	for (int tries = SETTINGS_TRIES; tries; tries--) {
		err = wds_settings_get(call->wds, &settings, &call->error);
		if (err != -ENODATA && err != -ENOTCONN && err != -EREMOTEIO)
			break;
		err = m2m_qmi_wait(qmi, SETTINGS_WAIT_MS, never, NULL);
		if (err == -EINTR)
			return m2m_error_set(&call->error, err, "interrupted");
		err = -ENODATA;
	}
	if (!err)
		call->settings = settings;
	return err;
}

static int check_settings(struct pdn_call *call, enum pdn_family f)
{
	call->dropped = wds_settings_sanitize(&call->settings);
	if (f == PDN_V4 ? call->settings.has_v4 : call->settings.has_v6)
		return 0;
	return m2m_error_set(&call->error, -ENODATA,
			     "the network gave no usable address");
}

int connection_settings(struct connection *pdn, enum pdn_family f)
{
	int err = read_settings(&pdn->call[f]);

	return err ? err : check_settings(&pdn->call[f], f);
}

static int set_family(struct pdn_call *call, uint8_t family)
{
	int err = wds_family_set(call->wds, family, &call->error);

	/* whatever the modem says of it: the family is in the request as well */
	if (!err || !call->error.qmi)
		return err;
	memset(&call->error, 0, sizeof(call->error));
	return 0;
}

/* What nobody here started may be a call to somewhere else */
static int check_apn(const struct connection_want *want, struct pdn_call *call)
{
	if (call->handle != WDS_ANY_HANDLE || !want->apn ||
	    wds_apn_is(want->apn, call->settings.apn))
		return 0;
	return m2m_error_set(&call->error, -EBUSY,
			     "the modem has a call to %s up that was not made here",
			     call->settings.apn);
}

static int start(struct connector *c, const struct connection_want *want,
		 struct connection *pdn, enum pdn_family f)
{
	struct pdn_call *call = &pdn->call[f];
	const struct wds_call request = {
		.apn = want->apn,
		.user = want->user,
		.password = want->password,
		.auth = want->auth,
		.family = pdn_family_number(f),
	};
	int err = 0;

	if (pdn->mux_id)
		err = bind_mux(c, call->wds, pdn->mux_id, &call->error);
	if (!err)
		err = set_family(call, request.family);
	call->dialled = !err;
	if (!err)
		err = wds_start(call->wds, &request, &call->handle,
				&call->reason, &call->error);
	call->up = !err;
	if (!err)
		err = connection_settings(pdn, f);
	if (!err)
		err = check_apn(want, call);
	return err;
}

/* Ends a call that is of no use, also when a signal is why it is of none */
static void drop_call(struct m2m_qmi *qmi, struct pdn_call *call)
{
	bool cancelled = m2m_qmi_is_cancelled(qmi);
	struct m2m_error ignored;

	m2m_qmi_cancel(qmi, false);
	if (call->up && call->handle != WDS_ANY_HANDLE &&
	    wds_stop(call->wds, call->handle, &ignored))
		g_debug("stop: %s", ignored.msg);
	m2m_client_close(call->wds, true);
	m2m_qmi_cancel(qmi, cancelled);
	call->wds = NULL;
	call->up = false;
}

int connection_call(struct connector *c, const struct connection_want *want,
		    struct connection *pdn, enum pdn_family f)
{
	struct pdn_call *call = &pdn->call[f];
	char keep[PDN_KEEP_MAX];
	int err;

	memset(call, 0, sizeof(*call));
	pdn_keep_name(pdn->name, f, keep);
	err = m2m_client_open(c->qmi, QMI_WDS, c->port->mainline ? NULL : keep,
			      &call->wds, &call->error);
	if (!err)
		err = start(c, want, pdn, f);
	if (!err || !call->wds)
		return err;
	/* this family leaves nothing behind, the other may still come up */
	drop_call(c->qmi, call);
	return err;
}

static int clear_one(struct connector *c, uint8_t mux_id, enum pdn_family f)
{
	struct pdn_call call = { 0 };
	int err;

	err = m2m_client_open(c->qmi, QMI_WDS, NULL, &call.wds, &call.error);
	if (!err && mux_id)
		err = bind_mux(c, call.wds, mux_id, &call.error);
	if (!err)
		err = set_family(&call, pdn_family_number(f));
	if (!err)
		err = wds_stop_any(call.wds, &call.error);
	m2m_client_close(call.wds, true);
	return err ? m2m_error_copy(&c->error, &call.error) : 0;
}

int connection_clear(struct connector *c, const struct connection *pdn, enum pdn_family f)
{
	int err = clear_one(c, 0, f);

	if (!err && pdn->mux_id)
		err = clear_one(c, pdn->mux_id, f);
	return err;
}

int connection_remember(struct connector *c, struct connection *pdn)
{
	struct pdn_alias *alias = &pdn->alias;
	struct rt_change change = { 0 };
	char text[RT_ALIAS_MAX];

	memset(alias->has, 0, sizeof(alias->has));
	memset(alias->handle, 0, sizeof(alias->handle));
	g_strlcpy(alias->name, pdn->name, sizeof(alias->name));
	for (int f = 0; f < PDN_FAMILIES; f++) {
		alias->has[f] = pdn->call[f].up;
		alias->handle[f] = pdn->call[f].handle;
	}
	alias->by_m2md = c->m2md;
	if (c->m2md) {
		alias->dns = PDN_DNS_NOBODY;
		alias->asked = (struct pdn_asked) { 0 };
	}
	pdn->has_alias = true;
	pdn_alias_format(alias, text);
	change.alias = text;
	return rt_link_set(connection_rt(c, pdn), pdn->link.ifindex, &change, &c->error);
}
