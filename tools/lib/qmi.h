/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to one modem: clients of its services, answers in time, indications. */
#ifndef M2M_QMI_H
#define M2M_QMI_H

#include <libqmi-glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/*
 * DOC: how it runs
 *
 * Everything happens in one thread, on GLib's default main context. A request
 * is built as a QmiMessage (client and transaction ids 0: the transport fills
 * them in), sent with m2m_client_send(), and its outcome comes to a callback.
 * The m2m_*_call() and _open() functions look synchronous: they run the main
 * context until their own outcome is there, so other callbacks run meanwhile; in
 * a task (task.h) they leave that to the main loop.
 * No frame reaches libqmi's codec or a callback before frame_check() passed it.
 */

struct m2m_client;
struct m2m_nl;
struct m2m_qmi;

#define QMI_TIMEOUT_MS		10000
/* What a network may take to grant a call */
#define QMI_CALL_TIMEOUT_MS	180000

/**
 * typedef m2m_answer_fn - outcome of a request, called exactly once
 * @answer: checked, of the right service and message; NULL on failure
 * @error: what went wrong; NULL when there is an answer
 * @data: as given with the function
 */
typedef void (*m2m_answer_fn)(QmiMessage *answer, const struct m2m_error *error,
			      void *data);
typedef void (*m2m_indication_fn)(QmiMessage *indication, void *data);
typedef void (*m2m_opened_fn)(struct m2m_client *client,
			      const struct m2m_error *error, void *data);

/**
 * m2m_qmi_open() - a way to the modem of a port over the driver's netlink door
 * @port_id: the port
 * @ret_qmi: closed with m2m_qmi_free(); its clients die with it, kept ones not
 * @error: filled on failure
 */
int m2m_qmi_open(uint32_t port_id, struct m2m_qmi **ret_qmi,
		 struct m2m_error *error);

/**
 * m2m_qmi_open_chardev() - the same over a character device nobody else uses; all client
 *	ids of the modem are void then, and their calls end
 * @path: /dev/cdc-wdmN of mainline's driver
 * @ret_qmi: as m2m_qmi_open(); clients cannot be kept
 * @error: filled on failure
 */
int m2m_qmi_open_chardev(const char *path, struct m2m_qmi **ret_qmi,
			 struct m2m_error *error);
/* m2m_qmi_open_fd() - the same over a descriptor, which is taken over */
int m2m_qmi_open_fd(int fd, struct m2m_qmi **ret_qmi, struct m2m_error *error);
void m2m_qmi_free(struct m2m_qmi *qmi);

/* Socket of the netlink door, for leases and dumps; NULL on the other one */
struct m2m_nl *m2m_qmi_nl(struct m2m_qmi *qmi);

/* No request waits longer than this, whatever it asks for; 0 for no limit. */
void m2m_qmi_limit(struct m2m_qmi *qmi, unsigned int timeout_ms);

/* Every call waiting now ends with -EINTR, later ones are not sent; false clears it. */
void m2m_qmi_cancel(struct m2m_qmi *qmi, bool cancel);
bool m2m_qmi_is_cancelled(const struct m2m_qmi *qmi);

/**
 * m2m_qmi_wait() - run the main context until something is so
 * @qmi: whose cancellation counts
 * @timeout_ms: how long
 * @is_done: asked after every event
 * @data: for @is_done
 *
 * Return: 0, -ETIMEDOUT or -EINTR.
 */
int m2m_qmi_wait(struct m2m_qmi *qmi, unsigned int timeout_ms,
		 bool (*is_done)(void *data), void *data);

/**
 * m2m_client_open() - get a client id of a service
 * @qmi: the modem
 * @service: QMI service
 * @keep: NULL for an id that is released when it is closed or we die; else a
 *	name under which the id outlives us and is taken over
 * @ret_client: the client
 * @error: -EOPNOTSUPP if the modem has no such service
 */
int m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
		    struct m2m_client **ret_client, struct m2m_error *error);

/* m2m_client_open_start() - the same, its outcome comes to @fn */
int m2m_client_open_start(struct m2m_qmi *qmi, uint8_t service,
			  const char *keep, m2m_opened_fn fn, void *data,
			  struct m2m_error *error);

/**
 * m2m_client_close() - let go of a client; NULL is fine
 * @client: freed; its requests end with -ECANCELED
 * @release: give a kept id back to the modem too, which ends its call
 */
void m2m_client_close(struct m2m_client *client, bool release);

bool m2m_client_was_kept(const struct m2m_client *client);
struct m2m_qmi *m2m_client_qmi(const struct m2m_client *client);

/* Who takes indications of this client; fn NULL for nobody */
void m2m_client_watch(struct m2m_client *client, m2m_indication_fn fn,
		      void *data);

/**
 * m2m_client_send() - send a request
 * @client: of the request's service
 * @request: consumed and wiped (it may hold a PIN)
 * @timeout_ms: for the modem
 * @fn: called later, never from here, if this returned 0; may be NULL
 * @data: for @fn
 * @ret_tid: transaction id, for an abort; may be NULL
 * @error: filled on failure
 */
int m2m_client_send(struct m2m_client *client, QmiMessage *request,
		    unsigned int timeout_ms, m2m_answer_fn fn, void *data,
		    uint16_t *ret_tid, struct m2m_error *error);

/**
 * m2m_client_call() - send a request and wait for its answer
 * @client: of the request's service
 * @request: consumed and wiped
 * @timeout_ms: for the modem
 * @ret_answer: may be NULL; set whenever the modem answered, also with a QMI
 *	error (whose other TLVs may tell more), else set to NULL
 * @error: carries the QMI error; m2m_qmi_error() decides its errno
 */
int m2m_client_call(struct m2m_client *client, QmiMessage *request,
		    unsigned int timeout_ms, QmiMessage **ret_answer,
		    struct m2m_error *error);

/* Transaction id of the last request of @client that m2m_client_call() sent */
uint16_t m2m_client_last_tid(const struct m2m_client *client);

/* qmi_request() - a request without TLVs; for the service files */
QmiMessage *qmi_request(uint8_t service, uint16_t msgid);

/* qmi_decode() - a frame that frame_check() accepted; NULL if libqmi does not */
QmiMessage *qmi_decode(const uint8_t *frame, size_t len);

/* m2m_qmi_error() - put a QMI error into words and an errno */
int m2m_qmi_error(uint16_t qmi, struct m2m_error *error);

/* Message id of WDS Abort and its like is 2 in every service but CTL */
#define QMI_ABORT	0x0002

#endif /* M2M_QMI_H */
