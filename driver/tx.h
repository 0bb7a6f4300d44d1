/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside transmit: what tx.c, the links' turns, has of tx_urb.c, the transfers. */
#ifndef M2M_TX_H
#define M2M_TX_H

#include "pipe.h"

/* --- tx_urb.c; all but the last three with tx.lock held ----------------------- */

/**
 * m2m_tx_place() - room in a transfer
 * @data: whose open buffer is sent if it is full
 * @link: charged with the bytes until they have left; NULL for an answer
 * @len: of a frame and what goes before it
 *
 * Return: where to put it, or NULL: no buffer is idle.
 */
u8 *m2m_tx_place(struct m2m_data *data, struct m2m_link *link, size_t len);

/* Send what is open, if it is time. */
void m2m_tx_push(struct m2m_data *data);

/* Send what is open. */
void m2m_tx_submit(struct m2m_data *data);

/* Give up what is open. */
void m2m_tx_lose(struct m2m_data *data);

/* Forget what @link is charged with: its queue begins anew. */
void m2m_tx_discharge(struct m2m_data *data, struct m2m_link *link);

/* Kill all that is in flight; some stop is set. Sleeps. */
void m2m_tx_kill_urbs(struct m2m_data *data);

/* Undoes itself on failure. */
int m2m_tx_urb_init(struct m2m_data *data);
void m2m_tx_urb_exit(struct m2m_data *data);

/* --- tx.c; tx.lock held --------------------------------------------------------- */

/* Everything that may move now does. */
void m2m_tx_run(struct m2m_data *data);

/* Start or stop the queues of all links as their state demands. */
void m2m_tx_update_queues(struct m2m_tx *tx);

#endif /* M2M_TX_H */
