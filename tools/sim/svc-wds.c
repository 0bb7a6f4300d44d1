// SPDX-License-Identifier: GPL-2.0-or-later
/* Wireless data service: starting, watching and stopping calls. */
#include <string.h>

#include <glib.h>

#include "wds.h"

#define ENDPOINT_HSUSB		2
#define FAMILY_UNSPECIFIED	8
#define MUX_ID_MAX		254

/* Connection status */
#define DISCONNECTED		1
#define CONNECTED		2
#define AUTHENTICATING		4

static uint8_t family_of(const struct client *client)
{
	return client->wds.family ? client->wds.family : 4;
}

struct pdn_call *wds_call_seen(struct client *client)
{
	struct pdn_call *call = pdn_call_of_client(client->modem, client);

	if (call)
		return call;
	return pdn_call_on(client->modem, client->wds.port,
			   client->wds.mux_id, family_of(client));
}

static void open_client(struct client *client)
{
	client->wds.port = client->port;
}

/* A call does not outlive the id that started it. */
static void close_client(struct client *client)
{
	struct pdn_call *call = pdn_call_of_client(client->modem, client);

	if (client->wds.statistics_timer)
		g_source_remove(client->wds.statistics_timer);
	client->wds.statistics_timer = 0;
	if (!call)
		return;
	answer_drop(call->answer);
	call->answer = NULL;
	pdn_call_end(client->modem, call, PDN_CLIENT_END);
}

static enum qmi_error reset(struct request *rq)
{
	close_client(rq->client);
	rq->client->wds = (struct wds_client) { 0 };
	open_client(rq->client);
	return QMI_OK;
}

/* Where and how */

static enum qmi_error bind_mux_data_port(struct request *rq)
{
	struct wds_client *c = &rq->client->wds;
	uint32_t kind, interface, client_type = 1;
	int port = rq->port;
	uint8_t mux_id = 0;
	struct qmi_value v;
	enum qmi_error error;

	if (qmi_find(rq->frame, 0x10, &v)) {
		kind = qmi_get_u32(&v);
		interface = qmi_get_u32(&v);
		if (v.overrun || v.left)
			return QMI_MALFORMED_MESSAGE;
		port = modem_port_of_interface(rq->modem, interface);
		if (kind != ENDPOINT_HSUSB || port < 0)
			return QMI_INVALID_ARGUMENT;
	}
	error = qmi_opt_u8(rq->frame, 0x11, &mux_id, NULL);
	if (!error)
		error = qmi_opt_u32(rq->frame, 0x13, &client_type, NULL);
	if (error)
		return error;
	if (mux_id > MUX_ID_MAX)
		return QMI_INVALID_ARGUMENT;
	if (pdn_call_of_client(rq->modem, rq->client))
		return QMI_INVALID_OPERATION;
	c->bound = true;
	c->port = port;
	c->mux_id = mux_id;
	return QMI_OK;
}

static enum qmi_error family_check(uint8_t family)
{
	return family == 4 || family == 6 || family == FAMILY_UNSPECIFIED ?
	       QMI_OK : QMI_INVALID_IP_FAMILY_PREFERENCE;
}

static enum qmi_error set_ip_family(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t family;

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	family = qmi_get_u8(&v);
	error = family_check(family);
	if (error)
		return error;
	rq->client->wds.family = family == FAMILY_UNSPECIFIED ? 0 : family;
	return QMI_OK;
}

/* Starting */

static void put_reason(struct qmi_msg *msg, struct pdn_reason reason)
{
	qmi_tlv_u16(msg, 0x10, pdn_reason_coarse(reason));
	qmi_tlv_begin(msg, 0x11);
	qmi_put_u16(msg, reason.type);
	qmi_put_u16(msg, reason.cause);
	qmi_tlv_end(msg);
}

static enum qmi_error start_done(struct answer *answer, struct qmi_msg *msg)
{
	struct pdn_call *call = answer->data;
	struct pdn_reason reason;

	if (!pdn_call_up(answer->modem, call, &reason)) {
		put_reason(msg, reason);
		return QMI_CALL_FAILED;
	}
	qmi_tlv_u32(msg, 0x01, call->handle);
	return QMI_OK;
}

static enum qmi_error profile_use(struct request *rq,
				  struct pdn_request *request)
{
	struct profile *p;
	bool chosen, apn;
	enum qmi_error error;

	error = qmi_opt_u8(rq->frame, 0x31, &request->profile, &chosen);
	if (error)
		return error;
	error = qmi_opt_string(rq->frame, 0x14, request->apn,
			       sizeof(request->apn), &apn);
	if (error)
		return error;
	request->pdp = PROFILE_IPV4V6;
	if (apn && !chosen)
		return QMI_OK;
	if (!chosen)
		request->profile = rq->modem->pdn.profiles.default_tethered;
	p = profile_find(&rq->modem->pdn.profiles, request->profile);
	if (!p)
		return QMI_INVALID_PROFILE;
	request->pdp = p->pdp;
	request->auth = p->auth;
	if (!apn)
		g_strlcpy(request->apn, p->apn, sizeof(request->apn));
	g_strlcpy(request->user, p->user, sizeof(request->user));
	g_strlcpy(request->password, p->password, sizeof(request->password));
	return QMI_OK;
}

static enum qmi_error start_read(struct request *rq,
				 struct pdn_request *request)
{
	const struct wds_client *c = &rq->client->wds;
	uint8_t family = family_of(rq->client);
	enum qmi_error error;

	request->port = c->port;
	request->mux_id = c->mux_id;
	error = profile_use(rq, request);
	if (!error)
		error = qmi_opt_string(rq->frame, 0x17, request->user,
				       sizeof(request->user), NULL);
	if (!error)
		error = qmi_opt_string(rq->frame, 0x18, request->password,
				       sizeof(request->password), NULL);
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x16, &request->auth, NULL);
	if (!error && request->auth > 3)
		error = QMI_INVALID_ARGUMENT;
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x19, &family, NULL);
	if (!error)
		error = family_check(family);
	request->family = family == FAMILY_UNSPECIFIED ? 4 : family;
	return error;
}

static enum qmi_error start_network(struct request *rq)
{
	struct pdn_request request = { 0 };
	struct pdn_reason reason;
	struct pdn_call *call;
	enum qmi_error error;

	error = start_read(rq, &request);
	if (error)
		return error;
	if (pdn_call_of_client(rq->modem, rq->client))
		return QMI_NO_EFFECT;
	call = pdn_call_new(rq->modem, rq->client, &request, &reason);
	if (!call) {
		put_reason(rq->msg, reason);
		modem_event(rq->modem, EVENT_WDS_REFUSED);
		return QMI_CALL_FAILED;
	}
	/* From now on the client's questions are about this family. */
	rq->client->wds.family = request.family;
	call->answer = request_defer(rq, rq->modem->pdn.connect_ms, start_done,
				     call);
	return QMI_DEFERRED;
}

static enum qmi_error abort_start(struct request *rq)
{
	struct pdn_call *call = pdn_call_of_client(rq->modem, rq->client);
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 2)
		return QMI_MALFORMED_MESSAGE;
	if (!call || !call->answer ||
	    call->answer->to.transaction != qmi_get_u16(&v))
		return QMI_INVALID_TRANSACTION_ID;
	pdn_call_end(rq->modem, call, PDN_ABORTED);
	return QMI_OK;
}

static enum qmi_error stop_network(struct request *rq)
{
	struct pdn_call *call = pdn_call_of_client(rq->modem, rq->client);
	uint8_t disable = 0;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint32_t handle;

	if (!error)
		error = qmi_opt_u8(rq->frame, 0x10, &disable, NULL);
	if (error)
		return error;
	if (v.left != 4)
		return QMI_MALFORMED_MESSAGE;
	handle = qmi_get_u32(&v);
	if (disable && rq->modem->pdn.autoconnect) {
		rq->modem->pdn.autoconnect = 0;
		modem_nv_write(rq->modem);
	}
	if (handle == PDN_ANY_HANDLE) {
		call = wds_call_seen(rq->client);
		if (!call)
			return QMI_NO_EFFECT;
	} else if (!call || call->state != PDN_CALL_UP ||
		   call->handle != handle) {
		return QMI_INVALID_HANDLE;
	}
	pdn_call_end(rq->modem, call, PDN_CLIENT_END);
	return QMI_OK;
}

/* Watching */

static enum qmi_error get_packet_service_status(struct request *rq)
{
	const struct pdn_call *call = wds_call_seen(rq->client);

	qmi_tlv_u8(rq->msg, 0x01,
		   !call ? DISCONNECTED :
		   call->state == PDN_CALL_UP ? CONNECTED : AUTHENTICATING);
	return QMI_OK;
}

struct call_change {
	const struct pdn_call *call;
	bool up;
	bool reconfigure;
	struct pdn_reason reason;
};

static bool concerns(const struct client *client, const struct pdn_call *call)
{
	if (client->port == call->owner_port && client->id == call->owner)
		return true;
	return client->wds.port == call->call.port &&
	       client->wds.mux_id == call->call.mux_id &&
	       family_of(client) == call->call.family;
}

static bool fill_status(struct client *client, struct qmi_msg *msg,
			const void *data)
{
	const struct call_change *change = data;

	qmi_tlv_begin(msg, 0x01);
	qmi_put_u8(msg, change->up ? CONNECTED : DISCONNECTED);
	qmi_put_u8(msg, change->reconfigure);
	qmi_tlv_end(msg);
	if (!change->up)
		put_reason(msg, change->reason);
	qmi_tlv_u8(msg, 0x12, change->call->call.family);
	return concerns(client, change->call);
}

void wds_call_changed(struct modem *modem, const struct pdn_call *call,
		      bool up, struct pdn_reason reason)
{
	struct call_change change = {
		.call = call,
		.up = up,
		.reason = reason,
	};

	modem_indicate(modem, QMI_WDS, 0x0022, fill_status, &change);
	wds_event_report(modem, call, up);
}

static bool fill_ip_config(struct client *client, struct qmi_msg *msg,
			   const void *data)
{
	qmi_tlv_u32(msg, 0x10, 1u << 4 | 1u << 8 | 1u << 9 | 1u << 13);
	return client->wds.ip_config && concerns(client, data);
}

void wds_settings_changed(struct modem *modem, const struct pdn_call *call)
{
	struct call_change change = {
		.call = call,
		.up = true,
		.reconfigure = true,
	};

	modem_indicate(modem, QMI_WDS, 0x0022, fill_status, &change);
	modem_indicate(modem, QMI_WDS, 0x008c, fill_ip_config, call);
}

static enum qmi_error indication_register(struct request *rq)
{
	struct wds_client *c = &rq->client->wds;
	uint8_t ip_config = c->ip_config, profiles = c->profile_events;
	enum qmi_error error;

	error = qmi_opt_u8(rq->frame, 0x12, &ip_config, NULL);
	if (!error)
		error = qmi_opt_u8(rq->frame, 0x19, &profiles, NULL);
	if (error)
		return error;
	c->ip_config = ip_config;
	c->profile_events = profiles;
	return QMI_OK;
}

/* Autoconnect and throttling */

static enum qmi_error get_autoconnect(struct request *rq)
{
	qmi_tlv_u8(rq->msg, 0x01, rq->modem->pdn.autoconnect);
	qmi_tlv_u8(rq->msg, 0x10, rq->modem->pdn.autoconnect_roaming);
	return QMI_OK;
}

static enum qmi_error set_autoconnect(struct request *rq)
{
	uint8_t roaming = rq->modem->pdn.autoconnect_roaming;
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t status;

	if (!error)
		error = qmi_opt_u8(rq->frame, 0x10, &roaming, NULL);
	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	status = qmi_get_u8(&v);
	if (status > 2 || roaming > 1)
		return QMI_INVALID_ARGUMENT;
	if (modem_lies(rq->modem, LIE_SET_IGNORED))
		return QMI_OK;
	rq->modem->pdn.autoconnect = status;
	rq->modem->pdn.autoconnect_roaming = roaming;
	modem_nv_write(rq->modem);
	pdn_autoconnect(rq->modem);
	return QMI_OK;
}

static enum qmi_error get_pdn_throttle_info(struct request *rq)
{
	struct pdn_state *pdn = &rq->modem->pdn;
	int64_t now = g_get_monotonic_time();
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	unsigned int i, n = 0;

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v))
		return QMI_INVALID_ARGUMENT;	/* 3GPP only */
	for (i = 0; i < pdn->n_apns; i++)
		n += pdn->apns[i].throttled_until > now;
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u8(rq->msg, n);
	for (i = 0; i < pdn->n_apns; i++) {
		int64_t left = pdn->apns[i].throttled_until - now;

		if (left <= 0)
			continue;
		qmi_put_u8(rq->msg, 1);
		qmi_put_u8(rq->msg, 1);
		qmi_put_u32(rq->msg, left / 1000);
		qmi_put_u32(rq->msg, left / 1000);
		qmi_put_string8(rq->msg, pdn->apns[i].name);
	}
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0000, "reset", reset },
	{ 0x0001, "set-event-report", wds_set_event_report },
	{ 0x0002, "abort", abort_start },
	{ 0x0003, "indication-register", indication_register },
	{ 0x0020, "start-network", start_network },
	{ 0x0021, "stop-network", stop_network },
	{ 0x0022, "get-packet-service-status", get_packet_service_status },
	{ 0x0023, "get-channel-rates", wds_get_channel_rates },
	{ 0x0024, "get-packet-statistics", wds_get_packet_statistics },
	{ 0x0027, "create-profile", wds_create_profile },
	{ 0x0028, "modify-profile", wds_modify_profile },
	{ 0x0029, "delete-profile", wds_delete_profile },
	{ 0x002a, "get-profile-list", wds_get_profile_list },
	{ 0x002b, "get-profile-settings", wds_get_profile_settings },
	{ 0x002c, "get-default-settings", wds_get_default_settings },
	{ 0x002d, "get-current-settings", wds_get_current_settings },
	{ 0x0030, "get-dormancy-status", wds_get_dormancy },
	{ 0x0034, "get-autoconnect-settings", get_autoconnect },
	{ 0x0037, "get-data-bearer-technology", wds_get_data_bearer },
	{ 0x0044, "get-current-data-bearer-technology",
	  wds_get_current_data_bearer },
	{ 0x0049, "get-default-profile-number", wds_get_default_profile },
	{ 0x004a, "set-default-profile-number", wds_set_default_profile },
	{ 0x004d, "set-ip-family", set_ip_family },
	{ 0x0051, "set-autoconnect-settings", set_autoconnect },
	{ 0x006c, "get-pdn-throttle-info", get_pdn_throttle_info },
	{ 0x0085, "get-lte-attach-parameters", wds_get_lte_attach_parameters },
	{ 0x0092, "get-max-lte-attach-pdn-num", wds_get_max_attach_pdn },
	{ 0x0093, "set-lte-attach-pdn-list", wds_set_attach_pdn_list },
	{ 0x0094, "get-lte-attach-pdn-list", wds_get_attach_pdn_list },
	{ 0x00a2, "bind-mux-data-port", bind_mux_data_port },
	{ 0x00a7, "configure-profile-event-list",
	  wds_configure_profile_events },
};

const struct service svc_wds = {
	.id = QMI_WDS,
	.name = "wds",
	.major = 1,
	.minor = 67,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
	.open = open_client,
	.close = close_client,
};
