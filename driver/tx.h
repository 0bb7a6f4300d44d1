/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside transmit: what tx.c, the links' turns, has of frame.c, which makes frames,
 * and both of tx_urb.c, the transfers.
 */
#ifndef M2M_TX_H
#define M2M_TX_H

#include "pipe.h"

/*
 * Free a packet that was sent: with soft interrupts off, for the next one that
 * this processor receives.
 */
static inline void m2m_tx_free(struct sk_buff *skb)
{
	napi_consume_skb(skb, in_softirq() && !in_hardirq() && !irqs_disabled());
}

/* --- tx_urb.c; all but the last three with tx.lock held ----------------------- */

/* Has the open buffer no room for so many bytes of a frame? */
static inline bool m2m_tx_is_full(const struct m2m_tx *tx, size_t len)
{
	return tx->open->frames >= tx->max_frames ||
	       tx->open->len + len > tx->max_size;
}

/**
 * m2m_tx_place() - room in a transfer
 * @data: whose open buffer is sent if it is full
 * @len: of a frame and what goes before it
 *
 * Return: where to put it, in the buffer that is open now, or NULL: none is idle.
 */
u8 *m2m_tx_place(struct m2m_data *data, size_t len);

/* How many more frames of this length the open buffer has room for */
unsigned int m2m_tx_room(const struct m2m_tx *tx, size_t len);

/* Where the first of them goes */
static inline u8 *m2m_tx_end(const struct m2m_tx *tx)
{
	return tx->open->data + tx->open->copied;
}

/* They were put there. */
void m2m_tx_grow(struct m2m_tx *tx, unsigned int frames, size_t bytes);

/**
 * struct m2m_tx_room - what a frame that is not all copied takes of a transfer
 * @len: with its headers
 * @copied: so many bytes are copied
 * @pieces: the others are at most so many pieces
 */
struct m2m_tx_room {
	size_t len;
	size_t copied;
	unsigned int pieces;
};

/* Has the list of the open buffer no room for so many pieces of a frame? */
static inline bool m2m_tx_is_listed_full(const struct m2m_tx *tx,
					 unsigned int pieces)
{
	/* What is copied before them is one as well, and what is after them. */
	return tx->open->n_list + pieces + 2 > tx->sg_most;
}

/**
 * m2m_tx_place_listed() - the same for a frame that is not all copied
 * @data: whose open buffer is sent if it or its list is full
 * @room: that the frame takes
 *
 * Return: where to put what is copied, or NULL. The pieces are to be named by
 * m2m_tx_refer() afterwards, in order.
 */
u8 *m2m_tx_place_listed(struct m2m_data *data, const struct m2m_tx_room *room);

/* A piece of the frame that was placed last, and of one that m2m_tx_hold_skb() has. */
void m2m_tx_refer(struct m2m_tx *tx, struct page *page, unsigned int offset,
		  unsigned int len);

/* What is open refers to @skb from now on. */
void m2m_tx_hold_skb(struct m2m_tx *tx, struct sk_buff *skb);

/**
 * m2m_tx_charge() - charge a link with what it has put into the open buffer
 * @tx: with an open buffer
 * @link: charged until that buffer is idle again
 * @packets: how many
 * @bytes: of all together
 *
 * If that was all the link may send, what is open waits for nothing: m2m_tx_push().
 */
void m2m_tx_charge(struct m2m_tx *tx, struct m2m_link *link,
		   unsigned int packets, unsigned int bytes);

/* Send what is open. */
void m2m_tx_submit(struct m2m_data *data);

/* Send what is open, if it is time. */
static inline void m2m_tx_push(struct m2m_data *data)
{
	const struct m2m_tx *tx = &data->tx;

	lockdep_assert_held(&tx->lock);
	if (tx->stops || !tx->open)
		return;
	if (m2m_tx_is_full(tx, 0) || (!tx->in_flight && !tx->holding))
		m2m_tx_submit(data);
}

/* Give up what is open. */
void m2m_tx_lose(struct m2m_data *data);

/* Forget what @link is charged with: its queue begins anew. */
void m2m_tx_discharge(struct m2m_data *data, struct m2m_link *link);

/* Kill all that is in flight; some stop is set. Sleeps. */
void m2m_tx_kill_urbs(struct m2m_data *data);

/* Undoes itself on failure. */
int m2m_tx_urb_init(struct m2m_data *data);
void m2m_tx_urb_exit(struct m2m_data *data);

/* --- frame.c, all with tx.lock held ------------------------------------------ */

#define M2M_FRAME_OK M2M_LINK_COUNT_MAX

/**
 * m2m_frame_refusal() - why can a packet not be sent?
 * @link: of the packet; its tso is filled in if the packet is a large one
 * @skb: not trusted beyond what the stack has checked
 *
 * Return: what to count, or M2M_FRAME_OK.
 */
enum m2m_link_counter m2m_frame_refusal(struct m2m_link *link,
					const struct sk_buff *skb);

/* Write a frame to where there is room for tx.head_len and skb->len bytes. */
void m2m_frame_put(struct m2m_link *link, const struct sk_buff *skb, u8 *place);

/* It costs less to copy what is shorter than to refer to it. */
#define M2M_FRAME_PIECE_MIN	2048

/**
 * struct m2m_tx_frame - a packet that stays where it is
 * @room: what its frame takes
 * @leaves: its checksum is left to the modem ...
 * @csum: ... which is told this
 */
struct m2m_tx_frame {
	struct m2m_tx_room room;
	bool leaves;
	struct m2m_qmap_csum csum;
};

/**
 * m2m_frame_refers() - may a packet stay where it is?
 * @link: of the packet
 * @skb: what m2m_frame_refusal() has seen
 * @ret_frame: filled in
 *
 * Return: false if the frame is to be copied.
 */
bool m2m_frame_refers(struct m2m_link *link, const struct sk_buff *skb,
		      struct m2m_tx_frame *ret_frame);

/**
 * m2m_frame_refer() - the counterpart of m2m_frame_put()
 * @link: of the packet
 * @skb: held until the transfer is done
 * @frame: of m2m_frame_refers()
 * @place: of m2m_tx_place_listed() for its room
 */
void m2m_frame_refer(struct m2m_link *link, struct sk_buff *skb,
		     const struct m2m_tx_frame *frame, u8 *place);

/* Room that the next segment of a large packet takes */
static inline size_t m2m_frame_segment_len(const struct m2m_link *link)
{
	return link->port->data->tx.head_len + link->tso.len +
	       m2m_tso_payload(&link->tso);
}

/**
 * m2m_frame_put_run() - write full segments one behind the other
 * @link: whose large packet has begun, and is copied
 * @skb: what m2m_frame_refusal() has seen
 * @place: where there is room for them
 * @most: as many at most; the last segment is none of them
 *
 * Return: how many there are now; none where more is to be done than to copy.
 */
unsigned int m2m_frame_put_run(struct m2m_link *link, const struct sk_buff *skb,
			       u8 *place, unsigned int most);

/*
 * Write the next segment; @skb is what m2m_frame_refusal() has seen. Where
 * link->pieces is set, its payload stays where it is: @place is that of
 * m2m_tx_place_listed().
 */
void m2m_frame_put_segment(struct m2m_link *link, struct sk_buff *skb, u8 *place);

/* --- tx.c; tx.lock held --------------------------------------------------------- */

/* Everything that may move now does. */
void m2m_tx_run(struct m2m_data *data);

/* Start or stop the queues of all links as their state demands. */
void m2m_tx_update_queues(struct m2m_tx *tx);

#endif /* M2M_TX_H */
