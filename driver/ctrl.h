/* SPDX-License-Identifier: GPL-2.0-only */
/* The control pipe: encapsulated commands, responses, notifications. */
#ifndef M2M_CTRL_H
#define M2M_CTRL_H

#include <linux/types.h>

struct m2m_port;
struct m2m_qmux;
struct sk_buff;

#define M2M_CTRL_QUEUE_MAX	64	/* frames of users waiting to be sent */

/**
 * m2m_ctrl_init() - allocate port->ctrl and its URBs; nothing is posted
 * @port: with udev, interface and status endpoint filled in
 *
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int m2m_ctrl_init(struct m2m_port *port);

/* Frees what m2m_ctrl_init() made; stopped before. NULL port->ctrl is fine. */
void m2m_ctrl_exit(struct m2m_port *port);

/**
 * m2m_ctrl_set_dtr() - raise or drop DTR
 * @port: any
 * @on: many modems are mute without it, some take a drop as SYNC
 *
 * Context: may sleep. Return: 0 or a negative errno of the transfer.
 */
int m2m_ctrl_set_dtr(struct m2m_port *port, bool on);

/**
 * m2m_ctrl_start() - listen for notifications, poll once, send what waits
 * @port: bound and awake
 *
 * Context: may sleep. Return: 0 or a negative errno.
 */
int m2m_ctrl_start(struct m2m_port *port);

/**
 * m2m_ctrl_doze() - start nothing any more, if nothing is on its way
 * @port: whose bus is about to sleep by itself; m2m_ctrl_stop() follows
 *
 * A response that is being read would be lost to a kill.
 * Context: any. Return: false if the pipe is in use; nothing is changed then.
 */
bool m2m_ctrl_doze(struct m2m_port *port);

/* Kills the URBs; a frame in flight goes back to the queue. May sleep. */
void m2m_ctrl_stop(struct m2m_port *port);

/**
 * m2m_ctrl_send() - queue a frame for the modem
 * @port: alive
 * @frame: copied
 * @len: up to QMUX_FRAME_MAX
 * @own: the driver's own frame, which the limit does not hold back
 *
 * Context: any. Return: 0, -EAGAIN where the queue is full, or -ENOMEM.
 */
int m2m_ctrl_send(struct m2m_port *port, const u8 *frame, size_t len,
		  bool own);

/* Is there room for a user's frame? Context: any. */
bool m2m_ctrl_has_room(const struct m2m_port *port);

/**
 * m2m_ctrl_cancel() - do not send what still waits to be sent
 * @port: alive
 * @which: its service, client id, transaction and message
 *
 * Context: process. A frame that is on its way is not held back.
 */
void m2m_ctrl_cancel(struct m2m_port *port, const struct m2m_qmux *which);

/* Has everything left? Context: any. */
bool m2m_ctrl_is_idle(const struct m2m_port *port);

/*
 * Does what waits to be sent not move? A pipe that is merely busy is not stuck.
 * Context: any.
 */
bool m2m_ctrl_is_stuck(const struct m2m_port *port);

/* Forgets what waits to be sent. Context: process. */
void m2m_ctrl_purge(struct m2m_port *port);

/* Is @skb of port->rx_queue a frame that the modem did not take? */
bool m2m_ctrl_is_unsent(const struct sk_buff *skb);

/**
 * m2m_ctrl_flush() - wait until what is queued has left
 * @port: alive
 *
 * Context: may sleep, at most half a second; port->lock not held.
 */
void m2m_ctrl_flush(struct m2m_port *port);

/* The device must stay awake while requests are pending. Context: process. */
void m2m_ctrl_keep_awake(struct m2m_port *port, bool on);

#endif /* M2M_CTRL_H */
