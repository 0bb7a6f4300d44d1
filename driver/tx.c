// SPDX-License-Identifier: GPL-2.0-only
/* Transmit: whose packets of wwan%d and its mux links go next, and which wait. */
#include <linux/usb.h>

#include "compat.h"
#include "tx.h"

/*
 * DOC: One pipe, many queues
 *
 * Frames are put into the open buffer (frame.c); when it leaves is tx_urb.c's.
 *
 * When no buffer is idle the queue of the link is stopped and the link waits
 * in tx.waiting. A buffer that comes back wakes the link that waits longest,
 * and as long as somebody waits, only who was woken may take room: so the room
 * goes round. No link waits while nothing is in flight, unless a stop is set.
 *
 * A large TCP packet leaves segment by segment (tso.c). If there is no room for
 * all, its link keeps it, stopped and waiting, and goes on where it was with each
 * turn it is given; a turn ends with a new buffer where others wait.
 *
 * While the bus dozes the queues stay open: the first frame waits in the open
 * buffer, stops them and wakes the bus.
 */

#define TX_DRAIN_MS		1000
#define TX_ANSWERS_MAX		16

/*
 * A modem that states less is not believed as far as single packets go, which
 * must pass on any PDN; nothing is put beside them beyond what it stated.
 */
#define TX_PACKET_MIN		1500

void m2m_tx_update_queue(struct m2m_link *link)
{
	struct m2m_tx *tx = &link->port->data->tx;

	lockdep_assert_held(&tx->lock);
	if (!link->open)
		return;
	if (tx->stops & ~M2M_TX_DOZING || link->flow_off || link->large ||
	    !list_empty(&link->wait))
		netif_stop_queue(link->net);
	else
		netif_wake_queue(link->net);
}

void m2m_tx_update_queues(struct m2m_tx *tx)
{
	struct m2m_link *link;

	list_for_each_entry(link, &tx->links, node)
		m2m_tx_update_queue(link);
}

static void tx_place_answers(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	struct sk_buff *skb;
	u8 *place;

	lockdep_assert_held(&tx->lock);
	while ((skb = skb_peek(&tx->answers))) {
		place = m2m_tx_place(data, skb->len);
		if (!place)
			return;
		memcpy(place, skb->data, skb->len);
		__skb_unlink(skb, &tx->answers);
		dev_consume_skb_any(skb);
	}
}

static void tx_wait(struct m2m_tx *tx, struct m2m_link *link)
{
	lockdep_assert_held(&tx->lock);
	link->granted = false;
	if (list_empty(&link->wait))
		list_add_tail(&link->wait, &tx->waiting);
	m2m_tx_update_queue(link);
}

/* The large packet of a link has left, or is given up. */
static void tx_end_large(struct m2m_tx *tx, struct m2m_link *link)
{
	lockdep_assert_held(&tx->lock);
	dev_consume_skb_any(link->large);
	link->large = NULL;
	tx->n_large--;
}

static u8 *tx_place_segment(struct m2m_data *data, struct m2m_link *link,
			    size_t len)
{
	const struct m2m_tx_room room = {
		.len = len,
		.copied = data->tx.head_len + link->tso.len,
		.pieces = link->pieces,
	};

	return link->pieces ? m2m_tx_place_listed(data, &room) :
			      m2m_tx_place(data, len);
}

/* Full ones that follow the first one of @len bytes. Returns how many. */
static unsigned int tx_fill_run(struct m2m_tx *tx, struct m2m_link *link,
				size_t len)
{
	unsigned int n;

	if (link->pieces || link->tso.left <= link->tso.mss)
		return 0;
	n = min_t(unsigned int, m2m_tx_room(tx, len),
		  (link->tso.left - 1) / link->tso.mss);
	if (n)
		n = m2m_frame_put_run(link, link->large, m2m_tx_end(tx), n);
	m2m_tx_grow(tx, n, n * len);
	return n;
}

/* As many segments as the open buffer has room for, or one; false: none. */
static bool tx_fill(struct m2m_data *data, struct m2m_link *link)
{
	size_t len = m2m_frame_segment_len(link);
	unsigned int packets = 0, bytes = 0, run;
	struct m2m_tx *tx = &data->tx;
	u8 *place;

	lockdep_assert_held(&tx->lock);
	do {
		place = tx_place_segment(data, link, len);
		if (!place)
			return false;
		m2m_frame_put_segment(link, link->large, place);
		run = tx_fill_run(tx, link, len);
		packets += 1 + run;
		bytes += (1 + run) * len;
		len = m2m_frame_segment_len(link);
	} while (link->tso.left && !tx->stops && !m2m_tx_is_full(tx, len) &&
		 !(link->pieces && m2m_tx_is_listed_full(tx, link->pieces)));
	m2m_tx_charge(tx, link, packets, bytes);
	return true;
}

/*
 * A turn of a link that has a large packet: what is open is filled, and one more
 * buffer, or as many as there are where nobody waits. While the bus dozes, one
 * frame.
 */
static void tx_pump(struct m2m_data *data, struct m2m_link *link)
{
	struct m2m_tx *tx = &data->tx;
	struct m2m_tx_buf *open;
	bool more;

	lockdep_assert_held(&tx->lock);
	do {
		open = tx->open;
		more = tx_fill(data, link) && link->tso.left && !tx->stops &&
		       !list_empty(&tx->idle) &&
		       (tx->open == open || list_empty(&tx->waiting));
	} while (more);
	if (!link->tso.left)
		tx_end_large(tx, link);
}

static unsigned int tx_room(const struct m2m_tx *tx)
{
	struct m2m_tx_buf *buf;
	unsigned int room = 0;

	lockdep_assert_held(&tx->lock);
	list_for_each_entry(buf, &tx->idle, node)
		room++;
	return room;
}

/*
 * One waiting link for each idle buffer, all once nothing is in flight. Each turn
 * takes a link off the list, for good or for as long as its packet lasts.
 */
static void tx_wake(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	struct m2m_link *link;
	unsigned int room;

	lockdep_assert_held(&tx->lock);
	if (list_empty(&tx->waiting) || tx->stops)
		return;
	room = tx_room(tx);
	while (!list_empty(&tx->waiting) && (room || !tx->in_flight)) {
		link = list_first_entry(&tx->waiting, struct m2m_link, wait);
		if (room)
			room--;
		list_del_init(&link->wait);
		link->granted = true;
		/* It waits no longer: m2m_tx_set_flow() puts it back. */
		if (link->large && !link->flow_off) {
			tx_pump(data, link);
			m2m_tx_push(data);
			if (link->large || list_empty(&tx->idle))
				tx_wait(tx, link);
			room = min(room, tx_room(tx));
		}
		m2m_tx_update_queue(link);
	}
}

void m2m_tx_run(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;

	lockdep_assert_held(&tx->lock);
	if (tx->stops)
		return;
	tx_place_answers(data);
	m2m_tx_push(data);
	tx_wake(data);
}

static bool tx_put_copied(struct m2m_link *link, struct sk_buff *skb)
{
	struct m2m_data *data = link->port->data;
	u8 *place = m2m_tx_place(data, data->tx.head_len + skb->len);

	if (place)
		m2m_frame_put(link, skb, place);
	return place;
}

/* Inlined, what it has on the stack would be cleared and guarded for every packet. */
static noinline bool tx_put_long(struct m2m_link *link, struct sk_buff *skb)
{
	struct m2m_tx_frame frame;
	u8 *place;

	if (!m2m_frame_refers(link, skb, &frame))
		return tx_put_copied(link, skb);
	place = m2m_tx_place_listed(link->port->data, &frame.room);
	if (place)
		m2m_frame_refer(link, skb, &frame, place);
	return place;
}

/* Puts a frame into a transfer. */
static bool tx_put(struct m2m_link *link, struct sk_buff *skb)
{
	struct m2m_tx *tx = &link->port->data->tx;
	bool taken;

	lockdep_assert_held(&tx->lock);
	taken = skb->len < M2M_FRAME_PIECE_MIN ? tx_put_copied(link, skb) :
						 tx_put_long(link, skb);
	if (taken)
		m2m_tx_charge(tx, link, 1, tx->head_len + skb->len);
	return taken;
}

/* Takes @skb's bytes or lets the link wait. */
static bool tx_take(struct m2m_link *link, struct sk_buff *skb)
{
	struct m2m_data *data = link->port->data;
	struct m2m_tx *tx = &data->tx;
	bool taken = false;

	lockdep_assert_held(&tx->lock);
	if (list_empty(&tx->waiting) || link->granted)
		taken = tx_put(link, skb);
	m2m_tx_push(data);
	if (!taken || list_empty(&tx->idle))
		tx_wait(tx, link);
	/* Where nothing is in flight nobody would wake who waits. */
	if (!tx->in_flight && !list_empty(&tx->waiting))
		tx_wake(data);
	return taken;
}

/* Takes a large packet: what there is no room for now leaves later. */
static void tx_take_large(struct m2m_link *link, struct sk_buff *skb)
{
	struct m2m_data *data = link->port->data;
	unsigned int n = m2m_tso_segments(&link->tso);
	struct m2m_tx *tx = &data->tx;

	lockdep_assert_held(&tx->lock);
	dev_sw_netstats_tx_add(link->net, n,
			       skb->len + (n - 1) * link->tso.len);
	link->large = skb_get(skb);
	tx->n_large++;
	if (list_empty(&tx->waiting) || link->granted)
		tx_pump(data, link);
	m2m_tx_push(data);
	if (link->large || list_empty(&tx->idle))
		tx_wait(tx, link);
	if (!tx->in_flight)
		tx_wake(data);
}

/* Does something wait for the bus? From now on nothing else is taken. */
static bool tx_stir(struct m2m_tx *tx)
{
	lockdep_assert_held(&tx->lock);
	if (!(tx->stops & M2M_TX_DOZING))
		return false;
	if (!tx->open && skb_queue_empty(&tx->answers))
		return false;
	tx->stops |= M2M_TX_ASLEEP;
	m2m_tx_update_queues(tx);
	return true;
}

/*
 * Resume sends what waits, and no suspend is allowed before it has left. Fails
 * during system sleep alone, whose end resumes the bus as well.
 */
static void tx_wake_bus(struct m2m_data *data)
{
	struct usb_interface *intf = data->port->intf;

	if (!usb_autopm_get_interface_async(intf))
		usb_autopm_put_interface_async(intf);
}

/*
 * A link may send nothing, or has lost the race against who stopped its queue. Who sends
 * past the qdisc may even have seen a link running that is closed since: what were taken
 * for it now would name it after its end.
 */
static bool tx_is_stopped(const struct m2m_link *link)
{
	const struct m2m_tx *tx = &link->port->data->tx;

	lockdep_assert_held(&tx->lock);
	return !link->open || tx->stops & ~M2M_TX_DOZING || link->flow_off ||
	       link->large;
}

netdev_tx_t m2m_tx_send(struct m2m_link *link, struct sk_buff *skb)
{
	struct m2m_data *data = link->port->data;
	bool taken = true, large = skb_is_gso(skb);
	struct m2m_tx *tx = &data->tx;
	enum m2m_link_counter why;
	unsigned long flags;
	bool stirs;

	spin_lock_irqsave(&tx->lock, flags);
	if (tx_is_stopped(link)) {
		m2m_tx_update_queue(link);
		spin_unlock_irqrestore(&tx->lock, flags);
		return NETDEV_TX_BUSY;
	}
	why = m2m_frame_refusal(link, skb);
	if (why == M2M_FRAME_OK && large)
		tx_take_large(link, skb);
	else if (why == M2M_FRAME_OK)
		taken = tx_take(link, skb);
	stirs = tx_stir(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
	if (stirs)
		tx_wake_bus(data);

	if (why != M2M_FRAME_OK) {
		m2m_link_drop(link, why);
		DEV_STATS_INC(link->net, tx_dropped);
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	if (!taken)
		return NETDEV_TX_BUSY;
	skb_tx_timestamp(skb);
	if (!large)
		dev_sw_netstats_tx_add(link->net, 1, skb->len);
	/*
	 * Held for longer: whoever sent it may go before it is sent, unless its
	 * pages are theirs again as soon as they are told, as those of a ring of
	 * AF_PACKET.
	 */
	if (skb_shared(skb)) {
		if (!skb_zcopy(skb))
			skb_orphan(skb);
		skb_dst_drop(skb);
		nf_reset_ct(skb);
	}
	m2m_tx_free(skb);
	return NETDEV_TX_OK;
}

void m2m_tx_set_flow(struct m2m_link *link, bool off)
{
	struct m2m_data *data = link->port->data;

	lockdep_assert_held(&data->tx.lock);
	link->flow_off = off;
	if (!off && link->large && list_empty(&link->wait)) {
		tx_wait(&data->tx, link);
		m2m_tx_run(data);
	}
	m2m_tx_update_queue(link);
}

void m2m_tx_answer(struct m2m_data *data, struct sk_buff *skb)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;
	bool stirs;

	spin_lock_irqsave(&tx->lock, flags);
	if (tx->mode == M2M_MODE_QMAP &&
	    skb_queue_len(&tx->answers) < TX_ANSWERS_MAX) {
		__skb_queue_tail(&tx->answers, skb);
		skb = NULL;
		tx->holding = false;
		m2m_tx_run(data);
	}
	stirs = tx_stir(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
	if (stirs)
		tx_wake_bus(data);
	if (!skb)
		return;
	m2m_pipe_drop(data, 0, M2M_PIPE_tx_answers_lost);
	dev_kfree_skb_any(skb);
}

void m2m_tx_stop(struct m2m_data *data, unsigned long stop)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->stops |= stop;
	m2m_tx_update_queues(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
}

void m2m_tx_go(struct m2m_data *data, unsigned long stop)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->stops &= ~stop;
	/* A halt that a suspend interrupted still has to be cleared. */
	if (tx->stops == M2M_TX_HALTED)
		mod_delayed_work(system_percpu_wq, &tx->work, 0);
	m2m_tx_run(data);
	m2m_tx_update_queues(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
}

static void tx_drop_large(struct m2m_data *data, struct m2m_link *link)
{
	if (!link->large)
		return;
	atomic_long_add(m2m_tso_segments(&link->tso),
			&data->counters[M2M_PIPE_tx_frames_lost]);
	tx_end_large(&data->tx, link);
}

static void tx_drop_answers(struct m2m_data *data)
{
	struct sk_buff_head *answers = &data->tx.answers;

	atomic_long_add(skb_queue_len(answers),
			&data->counters[M2M_PIPE_tx_answers_lost]);
	__skb_queue_purge(answers);
}

/* What was taken and waits for a transfer. */
static void tx_drop(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	struct m2m_link *link;

	lockdep_assert_held(&tx->lock);
	list_for_each_entry(link, &tx->links, node)
		tx_drop_large(data, link);
	m2m_tx_lose(data);
	tx_drop_answers(data);
}

void m2m_tx_kill(struct m2m_data *data)
{
	unsigned long flags;

	m2m_tx_kill_urbs(data);
	spin_lock_irqsave(&data->tx.lock, flags);
	tx_drop(data);
	spin_unlock_irqrestore(&data->tx.lock, flags);
}

void m2m_tx_forget(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->stops |= M2M_TX_FORGOTTEN;
	tx_drop(data);
	m2m_tx_update_queues(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
}

bool m2m_tx_doze(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;
	bool idle;

	spin_lock_irqsave(&tx->lock, flags);
	idle = !tx->in_flight && !tx->open && !tx->n_large &&
	       skb_queue_empty(&tx->answers) && !(tx->stops & M2M_TX_HALTED);
	if (idle)
		tx->stops |= M2M_TX_DOZING;
	spin_unlock_irqrestore(&tx->lock, flags);
	return idle;
}

void m2m_tx_flush(struct m2m_data *data)
{
	lockdep_assert_held(&data->lock);
	cancel_delayed_work_sync(&data->tx.work);
}

void m2m_tx_hold(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;

	might_sleep();
	spin_lock_irq(&tx->lock);
	if (!tx->stops && tx->open)
		m2m_tx_submit(data);
	tx->stops |= M2M_TX_HELD;
	m2m_tx_update_queues(tx);
	spin_unlock_irq(&tx->lock);
	wait_event_timeout(tx->drained, !READ_ONCE(tx->in_flight),
			   msecs_to_jiffies(TX_DRAIN_MS));
	m2m_tx_kill(data);
}

static u32 at_most(u32 value, u32 limit)
{
	return limit ? min(value, limit) : value;
}

void m2m_tx_set_limits(struct m2m_data *data)
{
	const struct m2m_format *format = &data->format;
	struct m2m_tx *tx = &data->tx;
	u32 most;

	lockdep_assert_held(&tx->lock);
	tx->frame_max = tx->size;
	tx->max_size = tx->size;
	tx->max_frames = 1;
	tx->head_len = 0;
	if (tx->mode != M2M_MODE_QMAP) {
		/* queued since transmit was held: without a header they are no packets */
		tx_drop_answers(data);
		return;
	}
	tx->head_len = m2m_qmap_head_len(tx->version);
	if (format->ul_max_size >= tx->head_len + TX_PACKET_MIN)
		tx->frame_max = min_t(u32, format->ul_max_size, tx->size);
	/* One that states no size may have no more room than is usual. */
	most = format->ul_max_size ? at_most(tx->size, format->ul_max_size) : M2M_TX_SIZE;
	tx->max_size = at_most(most, tx->user_max_size);
	/* A modem that states no number may take one, so it gets one. */
	if (format->ul_max_datagrams)
		tx->max_frames = at_most(format->ul_max_datagrams,
					 tx->user_max_frames);
}

void m2m_tx_link_open(struct m2m_link *link)
{
	struct m2m_tx *tx = &link->port->data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	link->open = true;
	link->granted = false;
	list_add_tail(&link->node, &tx->links);
	m2m_tx_update_queue(link);
	spin_unlock_irqrestore(&tx->lock, flags);
}

void m2m_tx_link_stop(struct m2m_link *link)
{
	struct m2m_data *data = link->port->data;
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx_drop_large(data, link);
	m2m_tx_discharge(data, link);
	link->open = false;
	list_del(&link->node);
	list_del_init(&link->wait);
	netif_stop_queue(link->net);
	/* The room it was woken for is for the next. */
	tx_wake(data);
	spin_unlock_irqrestore(&tx->lock, flags);
}

int m2m_tx_init(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;

	spin_lock_init(&tx->lock);
	tx->stops = M2M_TX_CLOSED | M2M_TX_ASLEEP;
	INIT_LIST_HEAD(&tx->links);
	INIT_LIST_HEAD(&tx->waiting);
	__skb_queue_head_init(&tx->answers);
	return m2m_tx_urb_init(data);
}

void m2m_tx_exit(struct m2m_data *data)
{
	m2m_tx_urb_exit(data);
	__skb_queue_purge(&data->tx.answers);
}
