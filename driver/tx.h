/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside transmit: what tx.c, the links' turns, has of tx_urb.c, the transfers. */
#ifndef M2M_TX_H
#define M2M_TX_H

#include "pipe.h"

/* --- tx_urb.c; all but the last three with tx.lock held ----------------------- */

/* Has the open buffer no room for so many bytes of a frame? */
bool m2m_tx_is_full(const struct m2m_tx *tx, size_t len);

/**
 * m2m_tx_place() - room in a transfer
 * @data: whose open buffer is sent if it is full
 * @len: of a frame and what goes before it
 *
 * Return: where to put it, in the buffer that is open now, or NULL: none is idle.
 */
u8 *m2m_tx_place(struct m2m_data *data, size_t len);

/**
 * m2m_tx_charge() - charge a link with what it has put into the open buffer
 * @tx: with an open buffer
 * @link: charged until that buffer is idle again
 * @packets: how many
 * @bytes: of all together
 */
void m2m_tx_charge(struct m2m_tx *tx, struct m2m_link *link,
		   unsigned int packets, unsigned int bytes);

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
