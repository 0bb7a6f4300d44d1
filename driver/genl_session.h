/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions of netlink sockets. */
#ifndef M2M_GENL_SESSION_H
#define M2M_GENL_SESSION_H

#include <linux/list.h>
#include "clients.h"

struct sk_buff;
struct sock;

/**
 * struct m2m_session - what a socket has on one port
 * @client: attached to the port
 * @node: in sessions
 * @sk: the socket, not held: looked at while the session is not @dead only
 * @portid: of the socket; another may have the same one once it is released
 * @dead: the socket or the port is gone, reap_work frees it
 * @lost: messages that did not fit into the socket since the last that did
 */
struct m2m_session {
	struct m2m_client client;
	struct list_head node;
	const struct sock *sk;
	u32 portid;
	bool dead;
	u32 lost;
};

int m2m_session_init(void);
void m2m_session_exit(void);

/*
 * What dead sockets had is given up when this returns, so that a program's
 * successor does not find it taken. Context: may sleep, port->lock not held.
 */
void m2m_session_settle(void);

/**
 * m2m_session_find() - the session of a socket on a port
 * @port: lock held, which keeps the session alive
 * @request: of the asking socket
 *
 * Return: the session or NULL.
 */
struct m2m_session *m2m_session_find(struct m2m_port *port,
				     const struct sk_buff *request);

/* The same, made if need be. Return: the session or an ERR_PTR. */
struct m2m_session *m2m_session_make(struct m2m_port *port,
				     const struct sk_buff *request);

/**
 * m2m_genl_message() - begin a message about a port
 * @port: whose id goes in first
 * @portid: of the socket, 0 for what nobody asked for
 * @seq: of the request, or 0
 * @cmd: enum of the uapi
 * @payload: room for more attributes, bytes
 * @ret_header: for genlmsg_end()
 *
 * Context: any. Return: the message or NULL.
 */
struct sk_buff *m2m_genl_message(struct m2m_port *port, u32 portid, u32 seq,
				 u8 cmd, size_t payload, void **ret_header);

#endif /* M2M_GENL_SESSION_H */
