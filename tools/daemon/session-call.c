// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the calls of a session: dialled, watched, ended. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/wds-profile.h"
#include "clock.h"
#include "dns.h"
#include "plan.h"
#include "session-call.h"
#include "tell.h"
#include "unit.h"

#define SECRET_MAX	(WDS_USER_MAX + 1)
#define TOGETHER_MS	300

struct connector call_connector(struct session *session)
{
	return (struct connector){
		.nl = session->nl,
		.rt = session->rt,
		.qmi = session->qmi,
		.port = &session->port,
		.manages = session->leased,
		.m2md = true,
	};
}

uint8_t call_families_up(const struct connection *connection)
{
	return (connection->call[PDN_V4].up ? FAMILY_V4 : 0) |
	       (connection->call[PDN_V6].up ? FAMILY_V6 : 0);
}

uint8_t call_mask_of(enum pdn_family family)
{
	return family == PDN_V4 ? FAMILY_V4 : FAMILY_V6;
}

void call_complain(const struct session *session, const char *name,
		   const struct m2m_error *error)
{
	if (session->unit)
		tell_complaint(unit_tell(session->unit), SAY_WARNING, "%s: %s", name,
			       error->msg);
}

void call_tell_up(struct call *call, uint8_t families)
{
	session_tell(call->session, &(struct event){
		.type = EVENT_PDN_UP, .pdn = call->index, .families = families,
	});
}

static void tell_end(struct call *call, uint8_t families, struct cause cause)
{
	session_tell(call->session, &(struct event){
		.type = EVENT_PDN_END, .pdn = call->index, .families = families,
		.cause = cause,
	});
}

/* What has no verbose reason has type 0, which no table knows: temporary */
static struct cause cause_of(const struct wds_reason *reason)
{
	if (reason->verbose)
		return (struct cause){ CAUSE_CALL_END, reason->type, reason->cause };
	return (struct cause){ CAUSE_CALL_END, 0, reason->short_reason };
}

static struct cause cause_before_call(struct call *call, const struct m2m_error *error)
{
	if (error->err == -ETIMEDOUT)
		session_tell(call->session, &(struct event){ .type = EVENT_QMI_TIMEOUT });
	return cause_of_preparing(error->err, error->qmi);
}

static struct cause cause_of_call(struct call *owner, const struct pdn_call *call)
{
	if (!call->dialled)
		return cause_before_call(owner, &call->error);
	/* there was one already, and it leads elsewhere */
	if (call->error.err == -EBUSY && call->handle == WDS_ANY_HANDLE)
		return (struct cause){ CAUSE_FOREIGN_CALL };
	if (call->error.err == -ETIMEDOUT)
		return (struct cause){ CAUSE_CALL_IGNORED };
	return cause_of(&call->reason);
}

static struct connection_want want_of(const struct call *call, const struct plan_pdn *pdn,
				      const char *apn)
{
	return (struct connection_want){
		.apn = apn && *apn ? apn : NULL,
		.user = pdn->user,
		.auth = pdn->has_auth ? (enum wds_auth)pdn->auth : WDS_AUTH_UNSET,
		.mux_id = pdn->mux_id,
		.metric = pdn->metric,
		.mtu = pdn->mtu,
		.table = pdn->table,
		.vrf = pdn->vrf,
		.netns = call->netns,
	};
}

/* --- it ends by itself ------------------------------------------------------ */

static void hang_up(struct call *call, uint8_t families)
{
	struct connector c = call_connector(call->session);

	for (int f = 0; f < PDN_FAMILIES; f++)
		if (families & call_mask_of(f) &&
		    connection_hang_up(&c, &call->connection, f))
			call_complain(call->session, call->connection.name, &c.error);
}

/*
 * Addresses of what is gone go; what is still up gets its own anew.
 *
 * Return: the families that were up and had to be ended, as without an address they are of
 * no use: the caller tells
 */
uint8_t call_relay(struct call *call)
{
	const struct plan_pdn *pdn = unit_plan_pdn(call->session->unit, call->index);
	struct connector c = call_connector(call->session);
	struct connection_want want = { .netns = call->connection.netns };
	uint8_t ended = 0;

	if (!call->connection.has_link)
		return 0;
	if (pdn)
		want = want_of(call, pdn, NULL);
	if (connection_apply(&c, &want, &call->connection) ||
	    connection_remember(&c, &call->connection)) {
		call_complain(call->session, call->connection.name, &c.error);
		ended = call_families_up(&call->connection);
		hang_up(call, ended);
		call->connection.has_link = false;
	}
	session_tell_dns(call);
	return ended;
}

uint8_t call_release(struct call *call, uint8_t families)
{
	hang_up(call, families);
	return call->session->unit ? call_relay(call) : 0;
}

static bool nothing_is_up(void *data)
{
	return !call_families_up(data);
}

/*
 * Both families of a PDN often end together: that is one event, and one failure. So what is
 * still up has a moment to follow, and where nothing is there is nothing to wait for.
 */
static void clean_up(struct session *session, const struct action *action)
{
	struct call *call = &session->calls[action->pdn];
	uint8_t families;

	m2m_qmi_wait(session->qmi, clock_wait_ns(TOGETHER_MS) / 1000000, nothing_is_up,
		     &call->connection);
	families = call->lost;
	call->lost = 0;
	families |= call_release(call, families);
	/* last: the machine's next call comes after this */
	tell_end(call, families, call->lost_cause);
}

/* The modem says that a call is over */
static void lost(struct call *call, enum pdn_family family,
		 const struct wds_reason *reason)
{
	const struct action action = { .pdn = call->index };
	bool first = !call->lost;

	call->connection.call[family].up = false;
	call->lost |= call_mask_of(family);
	call->lost_cause = cause_of(reason);
	if (first)
		session_run(call->session, LANE_PDN + call->index, clean_up,
			    &action);
}

/* Its new address; true if it has none any more and was ended */
static bool refresh_family(struct call *call, enum pdn_family f)
{
	struct pdn_call *half = &call->connection.call[f];

	/* who does not answer has told no other address */
	if (!half->up || connection_settings(&call->connection, f) != -ENODATA || !half->up)
		return false;
	call_complain(call->session, call->connection.name, &half->error);
	hang_up(call, call_mask_of(f));
	return true;
}

static void refresh(struct session *session, const struct action *action)
{
	struct call *call = &session->calls[action->pdn];
	struct cause cause = { CAUSE_ADDRESS };
	uint8_t ended = 0;

	for (int f = 0; f < PDN_FAMILIES; f++)
		if (refresh_family(call, f))
			ended |= call_mask_of(f);
	if (ended)
		cause = (struct cause){ CAUSE_CALL_END };
	if (session->unit)
		ended |= call_relay(call);
	if (ended)
		tell_end(call, ended, cause);
}

static void heard_wds(QmiMessage *indication, void *data)
{
	struct half *half = data;
	struct call *call = half->call;
	const struct action action = { .pdn = call->index };
	struct wds_packet_status status;

	if (qmi_message_get_message_id(indication) != WDS_PACKET_STATUS ||
	    wds_packet_status_parse(indication, &status) ||
	    !call->connection.call[half->family].up || !call->session->unit)
		return;
	if (status.status == WDS_DISCONNECTED)
		lost(call, half->family, &status.reason);
	else if (status.status == WDS_CONNECTED && status.reconfigure)
		session_run(call->session, LANE_PDN + call->index, refresh,
			    &action);
}

void call_watch(struct call *call)
{
	for (int f = 0; f < PDN_FAMILIES; f++)
		if (call->connection.call[f].wds)
			m2m_client_watch(call->connection.call[f].wds, heard_wds,
					 &call->half[f]);
	call->sent_ms = 0;
	probing_new_call(&call->probing);
}

/* What has an address that nobody answers to any more misleads whoever is left */
void session_unlink(struct session *session)
{
	struct connector c = call_connector(session);

	for (unsigned int i = 0; i < PDN_MAX; i++)
		/* a modem that is gone has taken them along */
		connection_unlink(&c, &session->calls[i].connection);
}

void session_check_calls(struct session *session)
{
	for (unsigned int i = 0; i < PDN_MAX && session->unit; i++) {
		struct call *call = &session->calls[i];

		for (int f = 0; f < PDN_FAMILIES && session->unit; f++) {
			struct pdn_call *half = &call->connection.call[f];
			struct wds_packet_status status;
			struct m2m_error error;

			if (!half->up || session->busy[LANE_PDN + i])
				continue;
			if (!session_lock(session, LANE_PDN + i))
				return;
			if (half->up &&
			    !wds_packet_status_get(half->wds, &status, &error) &&
			    status.status == WDS_DISCONNECTED && half->up)
				lost(call, f, &status.reason);
			session_unlock(session, LANE_PDN + i);
		}
	}
}

/* --- it is dialled ---------------------------------------------------------- */

/* Gives it a link if it has none; false, and told, if it gets none */
static bool make_link(struct call *call, const struct plan_pdn *pdn,
		      const struct connection_want *want, uint8_t families)
{
	struct connector c = call_connector(call->session);
	struct cause cause = { CAUSE_INTERFACE_TAKEN };
	int err;

	if (call->connection.has_link)
		return true;
	err = call_find(call, pdn, false, &c.error);
	/* later on that is said of a mux id */
	if (err == -EEXIST)
		goto err_tell;
	if (err)
		goto err_cause;
	err = port_refresh(c.nl, c.port, &c.error);
	if (!err)
		err = connection_link(&c, want, &call->connection);
	/* one that was made now has carried nothing */
	if (!err && call->connection.mux_id) {
		call->counted_link = call->connection.link.ifindex;
		call->counted = 0;
	}
	if (!err)
		return true;
err_cause:
	cause = cause_before_call(call, &c.error);
err_tell:
	call_complain(call->session, pdn->name, &c.error);
	tell_end(call, families, cause);
	return false;
}

/* Where its link is to be; false, and told, if that is nowhere */
static bool find_place(struct call *call, const struct plan_pdn *pdn, uint8_t families)
{
	struct connector c = call_connector(call->session);
	struct connection_place place;
	struct connection_want want;

	if (session_netns(call, pdn, &c.error)) {
		call_complain(call->session, pdn->name, &c.error);
		tell_end(call, families, (struct cause){ CAUSE_NETNS });
		return false;
	}
	want = want_of(call, pdn, NULL);
	if (connection_place(&c, &want, &call->connection, &place)) {
		call_complain(call->session, pdn->name, &c.error);
		tell_end(call, families, (struct cause){ CAUSE_VRF });
		return false;
	}
	return true;
}

/* Its password, if it has one; false, and told, if that cannot be read */
static bool read_password(struct call *call, const struct plan_pdn *pdn, uint8_t families,
			  char secret[SECRET_MAX], struct connection_want *want)
{
	struct m2m_error error;

	if (!pdn->password_file)
		return true;
	want->password = secret;
	if (!plan_secret(pdn->password_file, secret, SECRET_MAX, &error))
		return true;
	want->password = NULL;
	explicit_bzero(secret, SECRET_MAX);
	call_complain(call->session, pdn->name, &error);
	tell_end(call, families, (struct cause){ CAUSE_PASSWORD });
	return false;
}

/* A modem that holds calls back knows for how long */
static void tell_refusal(struct call *call, uint8_t families, struct cause cause,
			 const char *apn, enum pdn_family f)
{
	struct session *session = call->session;
	struct m2m_client *wds = NULL;
	struct m2m_error error;
	uint32_t ms = 0;
	int err = 0;

	if (cause_class(&cause) == CLASS_WAIT)
		err = m2m_client_open(session->qmi, QMI_WDS, NULL, &wds, &error);
	if (!err && wds)
		err = wds_throttle_get(wds, apn, pdn_family_number(f), &ms, &error);
	m2m_client_close(wds, true);
	/* who does not say is asked again after a while */
	if (err && err != -EOPNOTSUPP)
		call_complain(session, call->connection.name, &error);
	session_tell(session, &(struct event){
		.type = EVENT_PDN_END, .pdn = call->index, .families = families,
		.cause = cause, .network_ms = ms,
	});
}

/* Calls one family and puts its address on the link; @ret_cause says what went wrong */
static int dial_family(struct call *call, const struct connection_want *want,
		       enum pdn_family f, struct cause *ret_cause)
{
	struct connector c = call_connector(call->session);
	struct connection *connection = &call->connection;
	bool beside = call_families_up(connection);
	int err;

	if (connection_hang_up(&c, connection, f))
		call_complain(call->session, connection->name, &c.error);
	err = connection_call(&c, want, connection, f);
	if (err) {
		*ret_cause = cause_of_call(call, &connection->call[f]);
		return err;
	}
	m2m_client_watch(connection->call[f].wds, heard_wds, &call->half[f]);
	err = beside ? connection_apply_more(&c, want, connection, f) :
		       connection_apply(&c, want, connection);
	if (!err)
		err = connection_remember(&c, connection);
	if (!err) {
		session_tell_dns(call);
		return 0;
	}
	/* without an address it is of no use; the link may have been taken away */
	*ret_cause = (struct cause){ CAUSE_ADDRESS };
	connection->call[f].error = c.error;
	connection_hang_up(&c, connection, f);
	connection->has_link = call_families_up(connection);
	session_tell_dns(call);
	return err;
}

static void dial_families(struct call *call, const struct connection_want *want,
			  uint8_t families)
{
	struct cause cause = { CAUSE_NONE };
	bool refused = false;

	for (int f = 0; f < PDN_FAMILIES && call->session->unit; f++) {
		struct pdn_call *half = &call->connection.call[f];

		if (!(families & call_mask_of(f)))
			continue;
		/* what the network, or this host, refuses for good it refuses for both */
		if (refused) {
			tell_end(call, call_mask_of(f), cause);
			continue;
		}
		if (!dial_family(call, want, f, &cause)) {
			call_watch(call);
			call_tell_up(call, call_mask_of(f));
			continue;
		}
		call_complain(call->session, call->connection.name, &half->error);
		refused = f == PDN_V4 && (wds_reason_is_config(&half->reason) ||
					  !call->connection.has_link);
		tell_refusal(call, call_mask_of(f), cause, want->apn, f);
	}
}

/*
 * What this host cannot carry is not dialled, and said first: what comes of the rest is
 * what counts. In a namespace of its own it shows when the address is put there.
 */
static uint8_t leave_out(struct call *call, uint8_t families)
{
	if (!(families & FAMILY_V6) || call->netns || connection_has_ipv6(&call->connection))
		return families;
	tell_end(call, FAMILY_V6, (struct cause){ CAUSE_IPV6_OFF });
	return families & ~FAMILY_V6;
}

static void dial(struct call *call, const struct plan_pdn *pdn, const char *apn,
		 const struct apn_found *login, uint8_t families)
{
	struct session *session = call->session;
	struct connection_want want;
	char secret[SECRET_MAX];
	bool linked = false;

	if (!find_place(call, pdn, families))
		return;
	want = want_of(call, pdn, apn);
	if (login) {
		want.user = login->user[0] ? login->user : NULL;
		want.password = login->password[0] ? login->password : NULL;
		want.auth = login->auth;
	}
	if (!read_password(call, pdn, families, secret, &want))
		return;
	if (session_lock(session, LANE_LINK)) {
		linked = make_link(call, pdn, &want, families);
		session_unlock(session, LANE_LINK);
	}
	if (linked && session->unit)
		dial_families(call, &want, leave_out(call, families));
	explicit_bzero(secret, sizeof(secret));
}

void session_dial(struct session *session, const struct action *action)
{
	const struct plan_pdn *pdn = unit_plan_pdn(session->unit, action->pdn);
	const char *apn = unit_apn(session->unit, action->pdn, action->apn);
	char *name = g_strdup(apn);
	struct plan *plan = plan_ref(unit_plan(session->unit));
	const struct apn_found *login = NULL;
	struct apn_found *copy = NULL;

	/* what a list says of an access point is for who has nothing of his own */
	if (pdn && name && !pdn->apn && !pdn->has_auth)
		login = unit_login(session->unit, name);
	/* what is guessed may be of another card before the call is made */
	copy = g_memdup2(login, login ? sizeof(*login) : 0);
	if (pdn && name)
		dial(&session->calls[action->pdn], pdn, name, copy, action->families);
	g_free(copy);
	g_free(name);
	plan_unref(plan);
}

/* --- it is ended ------------------------------------------------------------ */

/* The link of a PDN that is wanted no more, or has another name now */
static bool is_stale(const struct call *call)
{
	const struct plan_pdn *pdn = unit_plan_pdn(call->session->unit, call->index);

	return !pdn || strcmp(call->connection.name, pdn->name);
}

void session_hang_up(struct session *session, const struct action *action)
{
	struct call *call = &session->calls[action->pdn];
	uint8_t up = call_families_up(&call->connection) & action->families;
	struct connector c = call_connector(session);
	uint8_t ended = 0;

	if (!is_stale(call)) {
		ended = call_release(call, action->families);
	} else if (connection_is_anything(&call->connection) &&
		   connection_remove(&c, &call->connection)) {
		call_complain(session, call->connection.name, &c.error);
	}
	session_tell_dns(call);
	if (up)
		tell_end(call, up, (struct cause){ CAUSE_CALL_END });
	if (ended)
		tell_end(call, ended, (struct cause){ CAUSE_ADDRESS });
}

void session_hang_up_all(struct session *session, const struct action *action)
{
	struct call *call = &session->calls[action->pdn];
	struct connector c = call_connector(session);

	session_hang_up(session, action);
	for (int f = 0; f < PDN_FAMILIES && session->unit; f++)
		if (action->families & call_mask_of(f) &&
		    connection_clear(&c, &call->connection, f))
			call_complain(session, call->connection.name, &c.error);
}

void session_tidy(struct session *session)
{
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		const struct action action = { .pdn = i, .families = FAMILY_BOTH };

		if (connection_is_anything(&session->calls[i].connection) &&
		    is_stale(&session->calls[i]))
			session_run(session, LANE_PDN + i, session_hang_up,
				    &action);
	}
}

/* --- its link is wanted otherwise ------------------------------------------- */

static void move_link(struct call *call, const struct plan_pdn *pdn)
{
	struct session *session = call->session;
	uint8_t up = call_families_up(&call->connection);
	bool has_place = find_place(call, pdn, up);

	/* it may end while the helper is asked; calls stay then */
	if (!session->unit)
		return;
	if (has_place) {
		/* its number here means nothing there */
		if (call->netns && !call->connection.netns)
			dns_unset(unit_dns(session->unit), call->connection.link.ifindex);
		up = call_relay(call);
		if (up)
			tell_end(call, up, (struct cause){ CAUSE_ADDRESS });
		return;
	}
	/* it may not stay where it is, and cannot go where it should */
	hang_up(call, up);
	session_tell_dns(call);
}

void session_relink(struct session *session, const struct action *action)
{
	const struct plan_pdn *pdn = unit_plan_pdn(session->unit, action->pdn);
	struct call *call = &session->calls[action->pdn];
	struct plan *plan = plan_ref(unit_plan(session->unit));

	if (pdn && call_families_up(&call->connection) &&
	    !strcmp(pdn->name, call->connection.name))
		move_link(call, pdn);
	plan_unref(plan);
}
