/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the parts of routing: requests in flight, ids, CTL and the format. */
#ifndef M2M_ROUTE_H
#define M2M_ROUTE_H

#include "clients.h"
#include "qmux.h"

#define M2M_CTL_TIMEOUT		(30 * HZ)
/* A file's user keeps its own time; this only bounds our memory. */
#define M2M_FILE_TIMEOUT	(600 * HZ)
/* Older than this it makes room for another one, where there is none. */
#define M2M_FILE_PATIENCE	(180 * HZ)
/*
 * Transmit stands still meanwhile, whatever the asker would wait; then it goes on, and
 * the answer, should it come within M2M_FILE_TIMEOUT, is followed all the same.
 */
#define M2M_FORMAT_TIMEOUT	(30 * HZ)
/* For the answer to a request whose session is gone. */
#define M2M_ORPHAN_TIMEOUT	(30 * HZ)

enum m2m_xact_kind {
	M2M_XACT_PLAIN,
	M2M_XACT_VERSION,	/* GET_VERSION, ours or a client's */
	M2M_XACT_ALLOCATE,	/* for a client's frame, or for ->qid */
	M2M_XACT_RELEASE,	/* of ->about_service and ->about_cid */
	M2M_XACT_FORMAT_GET,
	M2M_XACT_FORMAT_SET,
};

/* A format request waits for transmit, then for the modem, then for us. */
enum m2m_xact_phase {
	M2M_XACT_ASKED,		/* sent; every other kind is always here */
	M2M_XACT_HELD,		/* ->frame is the request */
	M2M_XACT_ANSWERED,	/* ->frame is the answer */
};

/**
 * struct m2m_xact - a request in flight
 * @node: in port->xacts
 * @client: who gets the answer; NULL: nobody
 * @qid: id it was made with; NULL for CTL on a file and for our own
 * @kind: what the answer means to us
 * @phase: how far it is
 * @pinned: format_work uses it without port->lock; do not free
 * @late: a format request that transmit no longer waits for
 * @service: on the wire
 * @cid: on the wire
 * @tid: on the wire
 * @msgid: on the wire
 * @client_tid: what the client calls it, differs in CTL
 * @timeout: in jiffies
 * @deadline: in jiffies
 * @about_service: whose id is allocated or released
 * @about_cid: which id is released
 * @format: of a format request: what was asked for
 * @frame: see @phase
 */
struct m2m_xact {
	struct list_head node;
	struct m2m_client *client;
	struct m2m_qid *qid;
	enum m2m_xact_kind kind;
	enum m2m_xact_phase phase;
	bool pinned;
	bool late;
	u8 service;
	u8 cid;
	u16 tid;
	u16 msgid;
	u16 client_tid;
	unsigned long timeout;
	unsigned long deadline;
	u8 about_service;
	u8 about_cid;
	struct m2m_format format;
	struct m2m_frame *frame;
};

/* Everything here: port->lock held unless said otherwise. */

/* route.c: requests in flight and frames from the modem */
struct m2m_xact *m2m_xact_new(struct m2m_port *port, struct m2m_client *client,
			      const struct m2m_qmux *qmux,
			      unsigned long timeout);
/* Nobody waits for its answer any more. */
void m2m_xact_orphan(struct m2m_xact *xact);
void m2m_xact_free(struct m2m_port *port, struct m2m_xact *xact);
/* The request has no answer: whoever waits is told why. Frees it. */
void m2m_xact_fail(struct m2m_port *port, struct m2m_xact *xact,
		   enum m2m_wwan_failure failure);
void m2m_xact_fail_all(struct m2m_port *port, enum m2m_wwan_failure failure);
void m2m_xact_answer(struct m2m_port *port, struct m2m_xact *xact,
		     struct m2m_qmux *qmux, u8 *frame);
int m2m_route_send(struct m2m_port *port, const u8 *frame, size_t len,
		   bool own);
/* Sends @frame; frees @xact if that fails. */
int m2m_xact_send(struct m2m_port *port, struct m2m_xact *xact,
		  const u8 *frame, size_t len, bool own);
struct m2m_xact *m2m_xact_find(struct m2m_port *port,
			       const struct m2m_qmux *qmux);
/* Its time runs from now on; never longer than @timeout. */
void m2m_xact_arm(struct m2m_port *port, struct m2m_xact *xact,
		  unsigned long timeout);
void m2m_route_work(struct work_struct *work);
void m2m_route_timeout_work(struct work_struct *work);
/* To the modem or from it: tap, ring and trace see every frame. */
void m2m_route_watch(struct m2m_port *port, bool from_modem,
		     const struct m2m_qmux *qmux);
/* A frame, or what should be one, goes nowhere. */
void m2m_route_drop(struct m2m_port *port, enum m2m_counter why);
void m2m_route_restart(struct m2m_port *port);

/* clients.c: ids */
/*
 * Return: a new id, or ERR_PTR(-ENOSPC) past M2M_PORT_IDS_MAX, or -ENOMEM. One
 * of the same number is void: the modem gave it out again.
 */
struct m2m_qid *m2m_qid_new(struct m2m_port *port, struct m2m_client *owner,
			    u8 service, u8 cid);
void m2m_qid_supersede(struct m2m_port *port, u8 service, u8 cid);
struct m2m_qid *m2m_qid_find(struct m2m_port *port, u8 service, u8 cid);
void m2m_qid_set_owner(struct m2m_qid *qid, struct m2m_client *owner);
void m2m_qid_free(struct m2m_port *port, struct m2m_qid *qid);
/* The modem forgot it: its owner is told. Frees it. */
void m2m_qid_void(struct m2m_port *port, struct m2m_qid *qid,
		  enum m2m_wwan_failure failure);
void m2m_qid_park(struct m2m_port *port, struct m2m_qid *qid);
void m2m_qid_keep_indication(struct m2m_qid *qid, const struct m2m_qmux *qmux);
/*
 * Releases the oldest parked id: of @service, else of another one, but one of WDS,
 * whose call ends, only with @calls. False: none.
 */
bool m2m_qid_reclaim(struct m2m_port *port, u8 service, bool calls);
/* Answers a file's request in place of the modem; @error 0 is success. */
void m2m_client_answer(struct m2m_client *client, const struct m2m_qmux *qmux,
		       u16 error);
int m2m_client_request(struct m2m_client *client, struct m2m_qid *qid,
		       const struct m2m_qmux *qmux, u8 *frame,
		       unsigned long timeout);

/* ctl.c: the virtual CTL service */
int m2m_ctl_request(struct m2m_client *client, struct m2m_qid *qid,
		    const struct m2m_qmux *qmux, u8 *frame,
		    unsigned long timeout);
void m2m_ctl_response(struct m2m_port *port, struct m2m_qmux *qmux, u8 *frame);
int m2m_ctl_allocate(struct m2m_client *client, struct m2m_qid *qid,
		     u8 service, u16 client_tid);
void m2m_ctl_release(struct m2m_port *port, u8 service, u8 cid);
void m2m_ctl_version_work(struct work_struct *work);

/*
 * format.c: the one QMI message that is the driver's business
 *
 * m2m_format_watch() may be called on any request. Return: 0: send it; 1: taken, it is sent or
 * answered later; -ENOMEM: @xact is freed.
 */
int m2m_format_watch(struct m2m_port *port, const struct m2m_qmux *qmux,
		     struct m2m_xact *xact);
void m2m_format_answered(struct m2m_port *port, struct m2m_xact *xact,
			 const struct m2m_qmux *qmux);
/* Asked for so long ago that transmit goes on. */
void m2m_format_is_late(struct m2m_port *port, struct m2m_xact *xact);
/* The modem restarted; port->version still says whether it was ready. */
void m2m_format_forget(struct m2m_port *port);
void m2m_format_work(struct work_struct *work);

#endif /* M2M_ROUTE_H */
