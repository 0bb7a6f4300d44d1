// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns QMI clients, their requests and the loop that waits for an outcome. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "frame.h"
#include "qmi-tlv.h"
#include "qmi-transport.h"
#include "qmi.h"
#include "task.h"
#include "words.h"

/* The transport times requests out; this is for one that forgets them. */
#define GUARD_MS		5000

struct m2m_qmi {
	struct m2m_transport *transport;
	GHashTable *clients;		/* by handle */
	bool cancelled;
	unsigned int limit_ms;		/* 0: none */
};

struct m2m_client {
	struct m2m_qmi *qmi;
	uint32_t handle;
	uint8_t service;
	bool open, was_kept, dead;
	struct m2m_error why_dead;
	m2m_opened_fn opened;
	void *opened_data;
	m2m_indication_fn watch;
	void *watch_data;
	GHashTable *requests;		/* by transaction id */
	uint16_t last_tid;
};

struct request {
	struct m2m_client *client;
	uint16_t tid, msgid;
	guint guard;
	m2m_answer_fn fn;
	void *data;
};

/* What a caller that looks synchronous waits for */
struct outcome {
	bool done;
	QmiMessage *answer;
	struct m2m_client *client;
	struct m2m_error error;
};

struct m2m_qmi *m2m_qmi_new(struct m2m_transport *transport)
{
	struct m2m_qmi *qmi = g_new0(struct m2m_qmi, 1);

	qmi->transport = transport;
	qmi->clients = g_hash_table_new(NULL, NULL);
	transport->qmi = qmi;
	return qmi;
}

void m2m_qmi_free(struct m2m_qmi *qmi)
{
	GHashTableIter iter;
	gpointer client;

	if (!qmi)
		return;
	for (;;) {
		g_hash_table_iter_init(&iter, qmi->clients);
		if (!g_hash_table_iter_next(&iter, NULL, &client))
			break;
		m2m_client_close(client, false);
	}
	g_hash_table_destroy(qmi->clients);
	qmi->transport->ops->free(qmi->transport);
	g_free(qmi);
}

struct m2m_nl *m2m_qmi_nl(struct m2m_qmi *qmi)
{
	return qmi->transport->ops->nl(qmi->transport);
}

void m2m_qmi_limit(struct m2m_qmi *qmi, unsigned int timeout_ms)
{
	qmi->limit_ms = timeout_ms;
}

void m2m_qmi_cancel(struct m2m_qmi *qmi, bool cancel)
{
	qmi->cancelled = cancel;
	g_main_context_wakeup(NULL);
}

bool m2m_qmi_is_cancelled(const struct m2m_qmi *qmi)
{
	return qmi->cancelled;
}

static gboolean set_flag(gpointer data)
{
	*(bool *)data = true;
	return G_SOURCE_REMOVE;
}

/* What a task waits for: its own outcome, or that nobody wants it any more */
struct wish {
	struct m2m_qmi *qmi;
	bool (*is_done)(void *data);
	void *data;
};

static bool wish_is_over(void *data)
{
	struct wish *wish = data;

	return wish->qmi->cancelled || wish->is_done(wish->data);
}

static int wait_in_task(struct wish *wish, unsigned int timeout_ms)
{
	int err = task_wait(wish_is_over, wish, timeout_ms);

	if (wish->is_done(wish->data))
		return 0;
	return wish->qmi->cancelled ? -EINTR : err;
}

int m2m_qmi_wait(struct m2m_qmi *qmi, unsigned int timeout_ms,
		 bool (*is_done)(void *data), void *data)
{
	bool late = false;
	guint timer;
	int err = 0;

	if (task_is_running())
		return wait_in_task(&(struct wish){ qmi, is_done, data },
				    timeout_ms);
	timer = g_timeout_add(timeout_ms, set_flag, &late);
	while (!is_done(data)) {
		if (qmi->cancelled)
			err = -EINTR;
		else if (late)
			err = -ETIMEDOUT;
		if (err)
			break;
		g_main_context_iteration(NULL, TRUE);
	}
	if (!late)
		g_source_remove(timer);
	return err;
}

/* --- errors ---------------------------------------------------------------- */

static const struct {
	uint16_t qmi;
	int err;
} errnos[] = {
	{ 5, -EAGAIN },		/* ClientIdsExhausted */
	{ 7, -ESTALE },		/* InvalidClientId */
	{ 12, -EKEYREJECTED },	/* IncorrectPin */
	{ 14, -ECONNREFUSED },	/* CallFailed */
	{ 15, -ENOTCONN },	/* OutOfCall */
	{ 23, -EBUSY },		/* DeviceInUse */
	{ 26, -EALREADY },	/* NoEffect */
	{ 31, -EOPNOTSUPP },	/* InvalidServiceType */
	{ 34, -ECONNREFUSED },	/* AuthenticationFailed */
	{ 35, -EKEYREVOKED },	/* PinBlocked */
	{ 36, -EKEYREVOKED },	/* PinAlwaysBlocked */
	{ 37, -ENOMEDIUM },	/* UimUninitialized */
	{ 52, -EAGAIN },	/* DeviceNotReady */
	{ 53, -ENETUNREACH },	/* NetworkNotReady */
	{ 71, -EOPNOTSUPP },	/* InvalidQmiCommand */
	{ 82, -EACCES },	/* AccessDenied */
	{ 83, -ENETDOWN },	/* HardwareRestricted */
	{ 94, -EOPNOTSUPP },	/* NotSupported */
	{ 102, -ENOMEDIUM },	/* NoSim */
	{ 104, -ENOKEY },	/* PinRestriction */
	{ 106, -EKEYREVOKED },	/* PukRestriction */
};

int m2m_qmi_error(uint16_t qmi, struct m2m_error *error)
{
	int err = -EREMOTEIO;

	for (size_t i = 0; i < G_N_ELEMENTS(errnos); i++)
		if (errnos[i].qmi == qmi)
			err = errnos[i].err;
	m2m_error_set(error, err, "the modem answered %s (QMI error %u)",
		      word(WORD_QMI_ERROR, qmi).s, qmi);
	if (error)
		error->qmi = qmi;
	return err;
}

/* --- requests -------------------------------------------------------------- */

QmiMessage *qmi_request(uint8_t service, uint16_t msgid)
{
	return qmi_message_new(service, 0, 0, msgid);
}

static void wipe(QmiMessage *message)
{
	explicit_bzero(message->data, message->len);
	qmi_message_unref(message);
}

/* Ends a request: exactly one call of its function */
static void request_end(struct request *request, QmiMessage *answer,
			const struct m2m_error *error)
{
	g_hash_table_remove(request->client->requests,
			    GUINT_TO_POINTER(request->tid));
	if (request->guard)
		g_source_remove(request->guard);
	if (request->fn)
		request->fn(answer, error, request->data);
	g_free(request);
}

static gboolean guard_fired(gpointer data)
{
	struct request *request = data;
	struct m2m_error error;

	m2m_error_set(&error, -ETIMEDOUT,
		      "the driver lost the request, no answer came");
	request->guard = 0;
	request_end(request, NULL, &error);
	return G_SOURCE_REMOVE;
}

int m2m_client_send(struct m2m_client *client, QmiMessage *message,
		    unsigned int timeout_ms, m2m_answer_fn fn, void *data,
		    uint16_t *ret_tid, struct m2m_error *error)
{
	struct m2m_transport *t = client->qmi->transport;
	uint16_t msgid = qmi_message_get_message_id(message);
	struct request *request;
	uint16_t tid = 0;
	int err;

	if (client->qmi->limit_ms)
		timeout_ms = MIN(timeout_ms, client->qmi->limit_ms);
	if (client->dead)
		err = m2m_error_set(error, client->why_dead.err, "%s",
				    client->why_dead.msg);
	else
		err = t->ops->send(t, client->handle, message->data,
				   message->len, timeout_ms, &tid, error);
	wipe(message);
	if (err)
		return err;

	request = g_new0(struct request, 1);
	request->client = client;
	request->tid = tid;
	request->msgid = msgid;
	request->fn = fn;
	request->data = data;
	request->guard = g_timeout_add(timeout_ms + GUARD_MS, guard_fired,
				       request);
	g_hash_table_insert(client->requests, GUINT_TO_POINTER(tid), request);
	if (ret_tid)
		*ret_tid = tid;
	return 0;
}

static bool outcome_is_done(void *data)
{
	return ((struct outcome *)data)->done;
}

static void call_ended(QmiMessage *answer, const struct m2m_error *error,
		       void *data)
{
	struct outcome *outcome = data;

	outcome->done = true;
	if (answer)
		outcome->answer = qmi_message_ref(answer);
	if (error)
		outcome->error = *error;
}

int m2m_client_call(struct m2m_client *client, QmiMessage *message,
		    unsigned int timeout_ms, QmiMessage **ret_answer,
		    struct m2m_error *error)
{
	struct outcome outcome = { 0 };
	struct request *request;
	uint16_t result;
	uint16_t tid;
	int err;

	if (ret_answer)
		*ret_answer = NULL;
	if (client->qmi->cancelled) {
		/* nobody would wait for what it does */
		wipe(message);
		return m2m_error_set(error, -EINTR, "interrupted");
	}
	err = m2m_client_send(client, message, timeout_ms, call_ended, &outcome,
			      &tid, error);
	if (err)
		return err;
	client->last_tid = tid;
	err = m2m_qmi_wait(client->qmi, timeout_ms + 2 * GUARD_MS,
			   outcome_is_done, &outcome);
	if (!outcome.done) {
		/* interrupted: the outcome on this stack must not be written */
		request = g_hash_table_lookup(client->requests,
					      GUINT_TO_POINTER(tid));
		if (request)
			request->fn = NULL;
		return m2m_error_set(error, err, "%s", err == -EINTR ?
				     "interrupted" : "no answer came");
	}
	if (!outcome.answer)
		return m2m_error_copy(error, &outcome.error);
	result = qmi_result(outcome.answer);
	err = result ? m2m_qmi_error(result, error) : 0;
	if (ret_answer)
		*ret_answer = outcome.answer;
	else
		qmi_message_unref(outcome.answer);
	return err;
}

uint16_t m2m_client_last_tid(const struct m2m_client *client)
{
	return client->last_tid;
}

/* --- clients --------------------------------------------------------------- */

int m2m_client_open_start(struct m2m_qmi *qmi, uint8_t service,
			  const char *keep, m2m_opened_fn fn, void *data,
			  struct m2m_error *error)
{
	struct m2m_transport *t = qmi->transport;
	struct m2m_client *client;
	uint32_t handle;
	int err;

	err = t->ops->client_open(t, service, keep, &handle, error);
	if (err)
		return err;
	client = g_new0(struct m2m_client, 1);
	client->qmi = qmi;
	client->handle = handle;
	client->service = service;
	client->opened = fn;
	client->opened_data = data;
	client->requests = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(qmi->clients, GUINT_TO_POINTER(handle), client);
	return 0;
}

static void open_ended(struct m2m_client *client,
		       const struct m2m_error *error, void *data)
{
	struct outcome *outcome = data;

	outcome->done = true;
	outcome->client = client;
	if (error)
		outcome->error = *error;
}

/* The client whose opening was to end in @outcome, and did not */
static struct m2m_client *opening(struct m2m_qmi *qmi, void *outcome)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, qmi->clients);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct m2m_client *client = value;

		if (!client->open && client->opened_data == outcome)
			return client;
	}
	return NULL;
}

int m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
		    struct m2m_client **ret_client, struct m2m_error *error)
{
	unsigned int timeout_ms = qmi->limit_ms ? qmi->limit_ms :
						  QMI_TIMEOUT_MS + GUARD_MS;
	struct outcome outcome = { 0 };
	int err;

	err = m2m_client_open_start(qmi, service, keep, open_ended, &outcome,
				    error);
	if (!err) {
		err = m2m_qmi_wait(qmi, timeout_ms, outcome_is_done, &outcome);
		if (err) {
			/*
			 * Whether a kept id was new or taken over is not known
			 * yet, and the call of somebody may live on it. What is
			 * neither, the transport gives back by itself.
			 */
			m2m_client_close(opening(qmi, &outcome), false);
			m2m_error_set(error, err, "%s", err == -EINTR ?
				      "interrupted" : "no client id came");
		} else if (!outcome.client) {
			err = m2m_error_copy(error, &outcome.error);
		}
	}
	if (err) {
		m2m_error_prefix(error, "service %s",
				 word(WORD_SERVICE, service).s);
		return err;
	}
	*ret_client = outcome.client;
	return 0;
}

static void fail_requests(struct m2m_client *client,
			  const struct m2m_error *error)
{
	GHashTableIter iter;
	gpointer request;

	for (;;) {
		g_hash_table_iter_init(&iter, client->requests);
		if (!g_hash_table_iter_next(&iter, NULL, &request))
			break;
		request_end(request, NULL, error);
	}
}

static void client_free(struct m2m_client *client)
{
	struct m2m_error error;

	m2m_error_set(&error, -ECANCELED, "the client was closed");
	fail_requests(client, &error);
	g_hash_table_remove(client->qmi->clients,
			    GUINT_TO_POINTER(client->handle));
	g_hash_table_destroy(client->requests);
	g_free(client);
}

void m2m_client_close(struct m2m_client *client, bool release)
{
	struct m2m_transport *t;

	if (!client)
		return;
	t = client->qmi->transport;
	if (!client->dead)
		t->ops->client_close(t, client->handle, release);
	client_free(client);
}

bool m2m_client_was_kept(const struct m2m_client *client)
{
	return client->was_kept;
}

struct m2m_qmi *m2m_client_qmi(const struct m2m_client *client)
{
	return client->qmi;
}

void m2m_client_watch(struct m2m_client *client, m2m_indication_fn fn,
		      void *data)
{
	client->watch = fn;
	client->watch_data = data;
}

/* --- what the transport says ----------------------------------------------- */

static struct m2m_client *find(struct m2m_transport *t, uint32_t handle)
{
	return g_hash_table_lookup(t->qmi->clients, GUINT_TO_POINTER(handle));
}

void m2m_transport_opened(struct m2m_transport *t, uint32_t handle,
			  bool was_kept, const struct m2m_error *error)
{
	struct m2m_client *client = find(t, handle);
	m2m_opened_fn fn;
	void *data;

	if (!client || client->open)
		return;
	fn = client->opened;
	data = client->opened_data;
	if (error) {
		client_free(client);
		fn(NULL, error, data);
		return;
	}
	client->open = true;
	client->was_kept = was_kept;
	fn(client, NULL, data);
}

QmiMessage *qmi_decode(const uint8_t *frame, size_t len)
{
	GByteArray *bytes = g_byte_array_sized_new(len);
	QmiMessage *message;

	g_byte_array_append(bytes, frame, len);
	message = qmi_message_new_from_raw(bytes, NULL);
	g_byte_array_unref(bytes);
	return message;
}

static void answered(struct m2m_client *client, struct request *request,
		     QmiMessage *message)
{
	struct m2m_error error;

	if (message && qmi_message_is_response(message) &&
	    qmi_message_get_service(message) == client->service &&
	    qmi_message_get_message_id(message) == request->msgid) {
		request_end(request, message, NULL);
		return;
	}
	m2m_error_set(&error, -EBADMSG, "the modem's answer is malformed");
	request_end(request, NULL, &error);
}

void m2m_transport_received(struct m2m_transport *t, uint32_t handle,
			    uint16_t tid, const uint8_t *frame, size_t len)
{
	struct m2m_client *client = find(t, handle);
	QmiMessage *message = NULL;
	struct request *request;

	if (!client)
		return;
	if (!frame_check(frame, len, NULL))
		message = qmi_decode(frame, len);
	request = tid ? g_hash_table_lookup(client->requests,
					    GUINT_TO_POINTER(tid)) : NULL;
	if (request)
		answered(client, request, message);
	else if (!tid && message && client->watch)
		client->watch(message, client->watch_data);
	if (message)
		qmi_message_unref(message);
}

void m2m_transport_failed(struct m2m_transport *t, uint32_t handle,
			  uint16_t tid, const struct m2m_error *error)
{
	struct m2m_client *client = find(t, handle);
	struct request *request;

	if (!client)
		return;
	request = g_hash_table_lookup(client->requests, GUINT_TO_POINTER(tid));
	if (request)
		request_end(request, NULL, error);
}

void m2m_transport_died(struct m2m_transport *t, uint32_t handle,
			const struct m2m_error *error)
{
	struct m2m_client *client = find(t, handle);

	if (!client)
		return;
	client->dead = true;
	client->why_dead = *error;
	if (client->open)
		fail_requests(client, error);
	else
		m2m_transport_opened(t, handle, false, error);
}
