// SPDX-License-Identifier: GPL-2.0-only
/* Transfers to the modem: their buffers, and what becomes of those in flight. */
#include <linux/usb.h>

#include "compat.h"
#include "tx.h"

/*
 * DOC: A transfer
 *
 * A buffer is idle, or open and takes frames, or in flight. The open one leaves
 * at once when nothing is in flight and nothing waits, else when it is full or when
 * the last transfer in flight is done: an idle pipe adds no delay, a busy one gathers.
 * Without QMAP a buffer is full with one frame.
 *
 * A controller may be done with a transfer of a stream before the next few packets
 * are there, and each transfer costs nearly as much as a packet. So if one that
 * had gathered is done, and more has come meanwhile that fills less than half a
 * buffer, that waits for its like: until the buffer is full, until a link that puts
 * something into it may send no more, or for TX_HOLD_NS. What the modem is answered
 * does not wait. What comes to an idle pipe has no such transfer before it.
 *
 * Where the host controller takes a list of pieces, and of any size, long payload
 * stays where it is: what was copied, headers and short frames, and what was not
 * take turns in that list. The packets are held until the transfer is done.
 *
 * A link is charged with the bytes it has in a buffer, until that is idle again,
 * whatever became of it: the stack's byte queue limits then keep in its qdisc
 * what the modem is too slow for. Each buffer knows what it owes to whom; when a
 * link goes down all forget what they owe to it, so that the queue's account is
 * never settled twice, nor after it began anew.
 *
 * A transfer that the modem does not take within TX_HANG_MS is given up. The
 * stack's own watchdog is not used: it splats before it asks the driver.
 */

#define TX_HANG_MS		5000
#define TX_RETRY_MS		1000

/* Less than a microframe of the bus; of a stream of 240 Mbit/s two long packets. */
#define TX_HOLD_NS		(100 * NSEC_PER_USEC)
#define TX_HOLD_FRAMES		2

/* By whomever, byte queue limits among them */
static bool queue_is_stopped(const struct m2m_link *link)
{
	return netif_xmit_stopped(netdev_get_tx_queue(link->net, 0));
}

void m2m_tx_charge(struct m2m_tx *tx, struct m2m_link *link,
		   unsigned int packets, unsigned int bytes)
{
	struct m2m_tx_buf *buf = tx->open;
	struct m2m_tx_debt *debt = buf->debts;
	unsigned int i;

	lockdep_assert_held(&tx->lock);
	for (i = 0; i < buf->n_debts && debt->link != link; i++)
		debt++;
	if (i == M2M_TX_DEBTS)
		return;
	if (i == buf->n_debts) {
		buf->n_debts++;
		*debt = (struct m2m_tx_debt) { .link = link };
	}
	debt->packets += packets;
	debt->bytes += bytes;
	netdev_sent_queue(link->net, bytes);
	if (queue_is_stopped(link))
		tx->holding = false;
}

/* Before a buffer is given back */
static void tx_release(struct m2m_tx_buf *buf)
{
	while (buf->n_skbs)
		m2m_tx_free(buf->sg->skbs[--buf->n_skbs]);
}

/* A buffer holds nothing any more. */
static void tx_give_back(struct m2m_tx *tx, struct m2m_tx_buf *buf)
{
	struct m2m_tx_debt *debt = buf->debts;

	lockdep_assert_held(&tx->lock);
	list_add_tail(&buf->node, &tx->idle);
	for (; buf->n_debts; buf->n_debts--, debt++)
		if (debt->link)
			netdev_completed_queue(debt->link->net, debt->packets,
					       debt->bytes);
}

void m2m_tx_discharge(struct m2m_data *data, struct m2m_link *link)
{
	struct m2m_tx *tx = &data->tx;
	struct m2m_tx_buf *buf;
	unsigned int i, j;

	lockdep_assert_held(&tx->lock);
	for (i = 0; i < tx->n_bufs; i++) {
		buf = &tx->bufs[i];
		for (j = 0; j < buf->n_debts; j++)
			if (buf->debts[j].link == link)
				buf->debts[j].link = NULL;
	}
	netdev_reset_queue(link->net);
}

static void tx_lose(struct m2m_data *data, struct m2m_tx_buf *buf)
{
	atomic_long_add(buf->frames,
			&data->counters[M2M_PIPE_tx_frames_lost]);
	tx_release(buf);
	tx_give_back(&data->tx, buf);
}

void m2m_tx_lose(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;

	lockdep_assert_held(&tx->lock);
	if (tx->open)
		tx_lose(data, tx->open);
	tx->open = NULL;
	tx->holding = false;
}

/* What was copied since the last piece is the next one. */
static void tx_list_copied(struct m2m_tx_buf *buf)
{
	if (buf->copied == buf->listed)
		return;
	sg_set_buf(&buf->sg->list[buf->n_list++], buf->data + buf->listed,
		   buf->copied - buf->listed);
	buf->listed = buf->copied;
}

void m2m_tx_refer(struct m2m_tx *tx, struct page *page, unsigned int offset,
		  unsigned int len)
{
	struct m2m_tx_buf *buf = tx->open;

	lockdep_assert_held(&tx->lock);
	tx_list_copied(buf);
	sg_set_page(&buf->sg->list[buf->n_list++], page, len, offset);
}

void m2m_tx_hold_skb(struct m2m_tx *tx, struct sk_buff *skb)
{
	struct m2m_tx_buf *buf = tx->open;

	lockdep_assert_held(&tx->lock);
	/* As its segments follow each other. */
	if (!buf->n_skbs || buf->sg->skbs[buf->n_skbs - 1] != skb)
		buf->sg->skbs[buf->n_skbs++] = skb_get(skb);
}

static void tx_fill_urb(struct m2m_tx_buf *buf)
{
	struct urb *urb = buf->urb;

	urb->transfer_buffer_length = buf->len;
	urb->transfer_buffer = buf->data;
	urb->sg = NULL;
	urb->num_sgs = 0;
	if (!buf->n_list)
		return;
	tx_list_copied(buf);
	urb->transfer_buffer = NULL;
	urb->sg = buf->sg->list;
	urb->num_sgs = buf->n_list;
}

void m2m_tx_submit(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	struct m2m_tx_buf *buf = tx->open;
	int ret;

	lockdep_assert_held(&tx->lock);
	tx->open = NULL;
	tx->holding = false;
	tx_fill_urb(buf);
	ret = usb_submit_urb(buf->urb, GFP_ATOMIC);
	if (ret) {
		m2m_pipe_drop(data, 0, M2M_PIPE_tx_transfers_failed);
		tx_lose(data, buf);
		return;
	}
	buf->in_flight = true;
	buf->since = jiffies;
	tx->in_flight++;
	schedule_delayed_work(&tx->work, msecs_to_jiffies(TX_HANG_MS));
}

unsigned int m2m_tx_room(const struct m2m_tx *tx, size_t len)
{
	const struct m2m_tx_buf *buf = tx->open;

	if (m2m_tx_is_full(tx, len))
		return 0;
	return min_t(unsigned int, tx->max_frames - buf->frames,
		     (tx->max_size - buf->len) / len);
}

void m2m_tx_grow(struct m2m_tx *tx, unsigned int frames, size_t bytes)
{
	struct m2m_tx_buf *buf = tx->open;

	lockdep_assert_held(&tx->lock);
	buf->frames += frames;
	buf->copied += bytes;
	buf->len += bytes;
}

u8 *m2m_tx_place(struct m2m_data *data, size_t len)
{
	struct m2m_tx *tx = &data->tx;
	struct m2m_tx_buf *buf;
	u8 *place;

	lockdep_assert_held(&tx->lock);
	if (tx->open && m2m_tx_is_full(tx, len))
		m2m_tx_submit(data);
	buf = tx->open;
	if (!buf) {
		buf = list_first_entry_or_null(&tx->idle, struct m2m_tx_buf,
					       node);
		if (!buf)
			return NULL;
		list_del(&buf->node);
		buf->len = 0;
		buf->frames = 0;
		buf->copied = 0;
		buf->listed = 0;
		buf->n_list = 0;
		tx->open = buf;
	}
	place = buf->data + buf->copied;
	buf->copied += len;
	buf->len += len;
	buf->frames++;
	return place;
}

u8 *m2m_tx_place_listed(struct m2m_data *data, const struct m2m_tx_room *room)
{
	struct m2m_tx *tx = &data->tx;
	u8 *place;

	lockdep_assert_held(&tx->lock);
	if (tx->open && m2m_tx_is_listed_full(tx, room->pieces))
		m2m_tx_submit(data);
	place = m2m_tx_place(data, room->len);
	if (place)
		tx->open->copied -= room->len - room->copied;
	return place;
}

/* Is what is open the beginning of more, now that @done is? */
static bool tx_is_stream(const struct m2m_tx *tx, const struct m2m_tx_buf *done)
{
	const struct m2m_tx_buf *open = tx->open;
	unsigned int i;

	if (!open || !open->n_debts || tx->in_flight || tx->stops)
		return false;
	if (!skb_queue_empty(&tx->answers) || done->frames < TX_HOLD_FRAMES)
		return false;
	if (open->len > tx->max_size / 2 || open->frames > tx->max_frames / 2)
		return false;
	for (i = 0; i < open->n_debts; i++)
		if (!open->debts[i].link || queue_is_stopped(open->debts[i].link))
			return false;
	/* Without such timers it would be as long as the clock's tick. */
	return hrtimer_resolution <= TX_HOLD_NS;
}

static void tx_hold_open(struct m2m_data *data, const struct m2m_tx_buf *done)
{
	struct m2m_tx *tx = &data->tx;

	lockdep_assert_held(&tx->lock);
	if (!tx_is_stream(tx, done))
		return;
	tx->holding = true;
	m2m_pipe_count(data, M2M_PIPE_tx_held);
	hrtimer_start(&tx->hold_timer, ns_to_ktime(TX_HOLD_NS), HRTIMER_MODE_REL);
}

static enum hrtimer_restart tx_hold_ends(struct hrtimer *timer)
{
	struct m2m_data *data = container_of(timer, struct m2m_data,
					     tx.hold_timer);
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	/* It may be one of before; the one of now ends early then. */
	if (tx->holding) {
		tx->holding = false;
		m2m_tx_run(data);
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	return HRTIMER_NORESTART;
}

static void tx_complete(struct urb *urb)
{
	struct m2m_tx_buf *buf = urb->context;
	struct m2m_data *data = buf->owner;
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	/* Not with the lock held, which would put it off. */
	tx_release(buf);
	spin_lock_irqsave(&tx->lock, flags);
	buf->in_flight = false;
	tx->in_flight--;
	switch (urb->status) {
	case 0:
		tx->hangs = 0;
		m2m_pipe_count(data, M2M_PIPE_tx_transfers);
		usb_mark_last_busy(urb->dev);
		tx_give_back(tx, buf);
		tx_hold_open(data, buf);
		break;
	case -EPIPE:
		m2m_pipe_count(data, M2M_PIPE_tx_stalls);
		tx->stalled = true;
		tx->stops |= M2M_TX_HALTED;
		m2m_tx_update_queues(tx);
		mod_delayed_work(system_percpu_wq, &tx->work, 0);
		fallthrough;
	default:
		m2m_pipe_drop(data, 0, M2M_PIPE_tx_transfers_failed);
		tx_lose(data, buf);
	}
	m2m_tx_run(data);
	if (!tx->in_flight && wq_has_sleeper(&tx->drained))
		wake_up(&tx->drained);
	spin_unlock_irqrestore(&tx->lock, flags);
}

void m2m_tx_kill_urbs(struct m2m_data *data)
{
	unsigned int i;

	for (i = 0; i < data->tx.n_bufs; i++)
		usb_kill_urb(data->tx.bufs[i].urb);
}

/* Jiffies until the oldest transfer in flight counts as hung; 0: it does. */
static unsigned long tx_patience(const struct m2m_tx *tx)
{
	unsigned long patience = msecs_to_jiffies(TX_HANG_MS);
	unsigned long longest = 0;
	unsigned int i;

	lockdep_assert_held(&tx->lock);
	for (i = 0; i < tx->n_bufs; i++)
		if (tx->bufs[i].in_flight)
			longest = max(longest, jiffies - tx->bufs[i].since);
	return longest >= patience ? 0 : patience - longest;
}

/* Under tx.lock: is the endpoint to be mended, and how? */
static bool tx_needs_mending(struct m2m_data *data, bool *ret_clear)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long patience;

	lockdep_assert_held(&tx->lock);
	if (tx->stops & M2M_TX_OFF)
		return false;
	if (!tx->stalled) {
		if (!tx->in_flight)
			return false;
		patience = tx_patience(tx);
		if (patience) {
			schedule_delayed_work(&tx->work, patience);
			return false;
		}
		m2m_pipe_count(data, M2M_PIPE_tx_hangs);
		tx->hangs++;
	}
	/* The first hang may be a modem that is busy; the next is not. */
	*ret_clear = tx->stalled || tx->hangs > 1;
	tx->stops |= M2M_TX_HALTED;
	m2m_tx_update_queues(tx);
	return true;
}

static void tx_work(struct work_struct *work)
{
	struct m2m_data *data = container_of(work, struct m2m_data,
					     tx.work.work);
	struct m2m_port *port = data->port;
	struct m2m_tx *tx = &data->tx;
	bool clear = false, mend;
	int ret = 0;

	spin_lock_irq(&tx->lock);
	mend = tx_needs_mending(data, &clear);
	spin_unlock_irq(&tx->lock);
	if (!mend)
		return;

	m2m_tx_kill_urbs(data);
	if (clear)
		ret = usb_clear_halt(port->udev,
				     usb_sndbulkpipe(port->udev,
						     port->ep_out->bEndpointAddress));
	spin_lock_irq(&tx->lock);
	tx->stalled = ret;
	if (ret && !(tx->stops & M2M_TX_OFF))
		schedule_delayed_work(&tx->work,
				      msecs_to_jiffies(TX_RETRY_MS));
	spin_unlock_irq(&tx->lock);
	if (!ret)
		m2m_tx_go(data, M2M_TX_HALTED);
}

static int tx_buf_init(struct m2m_data *data, struct m2m_tx_buf *buf)
{
	struct m2m_port *port = data->port;

	buf->owner = data;
	buf->urb = usb_alloc_urb(0, GFP_KERNEL);
	buf->data = kmalloc(data->tx.size, GFP_KERNEL);
	if (!buf->urb || !buf->data)
		return -ENOMEM;
	if (data->tx.sg_most) {
		buf->sg = kmalloc(sizeof(*buf->sg), GFP_KERNEL);
		if (!buf->sg)
			return -ENOMEM;
		sg_init_table(buf->sg->list, M2M_TX_SG);
	}
	usb_fill_bulk_urb(buf->urb, port->udev,
			  usb_sndbulkpipe(port->udev,
					  port->ep_out->bEndpointAddress),
			  buf->data, 0, tx_complete, buf);
	/* A transfer that fills its last packet needs an empty one to end. */
	buf->urb->transfer_flags |= URB_ZERO_PACKET;
	list_add_tail(&buf->node, &data->tx.idle);
	return 0;
}

/* Other controllers want every piece but the last to fill packets of the bus. */
static unsigned int tx_sg_most(const struct usb_bus *bus)
{
	return bus->no_sg_constraint ? min_t(unsigned int, bus->sg_tablesize,
					     M2M_TX_SG) : 0;
}

int m2m_tx_urb_init(struct m2m_data *data)
{
	struct m2m_tx *tx = &data->tx;
	const struct usb_device *udev = data->port->udev;
	bool super = udev->speed >= USB_SPEED_SUPER;
	unsigned int i;

	INIT_LIST_HEAD(&tx->idle);
	init_waitqueue_head(&tx->drained);
	INIT_DELAYED_WORK(&tx->work, tx_work);
	m2m_compat_hrtimer_setup(&tx->hold_timer, tx_hold_ends);
	tx->size = super ? M2M_TX_SIZE_SUPER : M2M_TX_SIZE;
	tx->sg_most = tx_sg_most(udev->bus);
	tx->n_bufs = super ? M2M_TX_BUFS_MAX : M2M_TX_BUFS_MAX / 2;
	for (i = 0; i < tx->n_bufs; i++)
		if (tx_buf_init(data, &tx->bufs[i])) {
			m2m_tx_urb_exit(data);
			return -ENOMEM;
		}
	return 0;
}

void m2m_tx_urb_exit(struct m2m_data *data)
{
	unsigned int i;

	/* before the work, which a transfer that it sends would begin */
	hrtimer_cancel(&data->tx.hold_timer);
	cancel_delayed_work_sync(&data->tx.work);
	for (i = 0; i < data->tx.n_bufs; i++) {
		usb_free_urb(data->tx.bufs[i].urb);
		kfree(data->tx.bufs[i].data);
		kfree(data->tx.bufs[i].sg);
	}
}
