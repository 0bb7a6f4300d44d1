/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions of a port, the client ids they have and the requests they made. */
#ifndef M2M_CLIENTS_H
#define M2M_CLIENTS_H

#include <linux/list.h>
#include <linux/types.h>
#include "port.h"

struct m2m_qmux;

/**
 * struct m2m_client - a session: one open file, or one netlink socket
 * @node: in port->clients
 * @port: strong reference of the door's
 * @ops: the door's
 * @pid: of the process that opened it, as init sees it
 * @n_ids: ids it owns
 * @n_xacts: its requests in flight
 * @round: last broadcast it was given
 *
 * Embedded in the door's own structure; everything under port->lock.
 */
struct m2m_client {
	struct list_head node;
	struct m2m_port *port;
	const struct m2m_client_ops *ops;
	u32 pid;
	unsigned int n_ids;
	unsigned int n_xacts;
	u32 round;
};

/**
 * struct m2m_qid - a client id the modem gave out
 * @node: in port->qids; parking moves it to the tail, so the head is oldest
 * @owner: the session that has it, NULL while parked or kept
 * @handle: its name on netlink, 0 for ids of a character device
 * @service: QMI service
 * @cid: client id; 0 while @opening
 * @opening: ALLOCATE is under way (netlink)
 * @releasing: RELEASE is under way
 * @foreign: set by hand, the modem has not confirmed it
 * @keep: outlives its session, is taken over by @name
 * @taken_over: it was kept, and has an owner again
 * @name: of a kept id
 * @next_tid: of netlink requests
 * @inds: last indications of a kept id without owner, one of a message id
 * @n_inds: length of @inds
 */
struct m2m_qid {
	struct list_head node;
	struct m2m_client *owner;
	u32 handle;
	u8 service;
	u8 cid;
	bool opening;
	bool releasing;
	bool foreign;
	bool keep;
	bool taken_over;
	char name[M2M_WWAN_NAME_MAX + 1];
	u16 next_tid;
	struct list_head inds;
	unsigned int n_inds;
};

/**
 * struct m2m_client_ops - what a door is told
 * @frame: a frame for @client. @qid is NULL for CTL on a character device.
 *	@qmux is an answer, of the request @qmux->tid, or an indication. A client
 *	without room loses it; the door tells it so.
 * @opened: netlink: m2m_client_open_id() ended, well if @failure is NONE
 * @failed: netlink: request @tid of @qid will have no answer
 * @voided: netlink: @qid is gone; it is freed after the call
 * @writable: -EAGAIN is over
 * @gone: the port is dead; no further call comes
 *
 * All run in process context with port->lock held.
 */
struct m2m_client_ops {
	void (*frame)(struct m2m_client *client, const struct m2m_qid *qid,
		      const struct m2m_qmux *qmux);
	void (*opened)(struct m2m_client *client, const struct m2m_qid *qid,
		       enum m2m_wwan_failure failure, u16 qmi_error);
	void (*failed)(struct m2m_client *client, const struct m2m_qid *qid,
		       u16 tid, enum m2m_wwan_failure failure);
	void (*voided)(struct m2m_client *client, const struct m2m_qid *qid,
		       enum m2m_wwan_failure failure);
	void (*writable)(struct m2m_client *client);
	void (*gone)(struct m2m_client *client);
};

/* Everything below: port->lock held, may sleep, never waits for the modem. */

/**
 * m2m_client_attach() - a new session
 * @port: any
 * @client: with ops and pid; the door keeps the memory until detached
 *
 * Return: 0, -ENODEV, or -EUSERS past M2M_CLIENTS_MAX.
 */
int m2m_client_attach(struct m2m_port *port, struct m2m_client *client);

/**
 * m2m_client_detach() - a session ends, however it ended
 * @client: attached, also to a dead port
 *
 * Ids of a character device are parked, plain ids of netlink released, kept
 * ones left to whoever takes them over. Answers under way go nowhere.
 */
void m2m_client_detach(struct m2m_client *client);

/**
 * m2m_client_write() - a whole frame from a character device
 * @client: of a character device
 * @frame: not trusted; its ids may be rewritten in place
 * @len: all of it
 *
 * Return: 0, -EINVAL, -EAGAIN (queue full or M2M_CLIENT_XACTS_MAX in flight),
 * -ENOMEM or -ENODEV.
 */
int m2m_client_write(struct m2m_client *client, u8 *frame, size_t len);

/**
 * m2m_client_can_write() - would m2m_client_write() say -EAGAIN?
 * @client: attached
 *
 * Return: false if it would.
 */
bool m2m_client_can_write(const struct m2m_client *client);

/**
 * m2m_client_open_id() - netlink: open a client of a service
 * @client: of netlink
 * @service: QMI service; 0 gives the virtual CTL at once
 * @name: keeps the id under this name, or NULL
 * @ret_qid: the id, not yet usable unless ->opening is false. The caller
 *	reports one that is usable at once, then calls m2m_client_replay().
 *
 * Return: 0, -ENODEV, -EBUSY (the name's owner is alive), -EUSERS (too many
 * ids of the session), -ENOSPC (of the port), -EAGAIN or -ENOMEM.
 */
int m2m_client_open_id(struct m2m_client *client, u8 service,
		       const char *name, struct m2m_qid **ret_qid);

/* Delivers the last indications of a kept id that was taken over. */
void m2m_client_replay(struct m2m_client *client, struct m2m_qid *qid);

/**
 * m2m_client_find_id() - netlink: an id by handle
 * @client: that must own it
 * @handle: from user space
 *
 * Return: the id or NULL.
 */
struct m2m_qid *m2m_client_find_id(struct m2m_client *client, u32 handle);

/**
 * m2m_client_close_id() - netlink: close an id
 * @client: its owner
 * @qid: is gone afterwards, unless kept
 * @release: also a kept one
 */
void m2m_client_close_id(struct m2m_client *client, struct m2m_qid *qid,
			 bool release);

/**
 * m2m_client_send() - netlink: send a request
 * @client: owner of @qid
 * @qid: usable
 * @frame: a whole request of @qid's service, not trusted, rewritten
 * @len: all of it
 * @timeout_ms: until it is failed
 * @ret_tid: transaction its answer will carry
 *
 * Return: 0, -EINVAL, -EAGAIN, -ENOMEM or -ENODEV.
 */
int m2m_client_send(struct m2m_client *client, struct m2m_qid *qid,
		    u8 *frame, size_t len, u32 timeout_ms, u16 *ret_tid);

/**
 * m2m_client_lease() - become the manager of the port, or cease to be
 * @client: any
 * @take: or give back
 *
 * Taking it twice and giving back what one has not are fine.
 * Return: 0, or -EBUSY while another session holds it.
 */
int m2m_client_lease(struct m2m_client *client, bool take);

#endif /* M2M_CLIENTS_H */
