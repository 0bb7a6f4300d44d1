// SPDX-License-Identifier: GPL-2.0-only
/* Receive: bulk-in transfers become packets of wwan%d and its mux links. */
#include <linux/etherdevice.h>
#include <linux/usb.h>

#include "compat.h"
#include "pipe.h"

/*
 * DOC: The way of a receive buffer
 *
 * idle -> posted -> done -> now -> posted again. All buffers are made when the
 * port is, at the largest size, so that a change of format resizes nothing
 * and a lack of memory costs a packet, never the receive path. An error sends
 * a buffer back to idle; rx.work posts it again, at once after a stall was
 * cleared, else after a delay that doubles up to a second.
 *
 * A buffer is a page of 32 or 64 KiB. Packets leave it as fragments of skbs
 * (deliver.c), which own the page then with us: it is lent, waits in a ring
 * until nobody else has it, and serves again. The spare page that takes its
 * place is there before anything is lent, so that receiving never waits for
 * memory: without one, or with M2M_RX_LENT_MAX lent, packets are copied.
 *
 * The poll keeps its place inside a buffer (now, cursor) when its budget ends.
 * It holds what GRO has not passed on yet, so a link that goes away is waited
 * for by taking the NAPI instance down, see m2m_data_link_del().
 */

#define RX_BACKOFF_MAX_MS	1000

/* A buffer less full than one part in so many is copied. */
#define RX_LEND_SHARE		8

/* Lent pages that are asked, each time, whether they have come back */
#define RX_RECYCLE_TRIES	4U

/* There is room in the ring. */
static void rx_lend(struct m2m_rx *rx, struct page *page)
{
	rx->lent[(rx->lent_first + rx->n_lent) % M2M_RX_LENT_MAX] = page;
	rx->n_lent++;
}

static void rx_put_page(struct m2m_rx_buf *buf, struct page *page)
{
	buf->page = page;
	buf->data = page_address(page);
	buf->urb->transfer_buffer = buf->data;
}

static unsigned long rx_backoff(const struct m2m_rx *rx)
{
	unsigned int ms = 1U << min(rx->errors, 10U);

	return msecs_to_jiffies(min_t(unsigned int, ms, RX_BACKOFF_MAX_MS));
}

/* The buffer is in no list. */
static void rx_post(struct m2m_data *data, struct m2m_rx_buf *buf)
{
	struct m2m_rx *rx = &data->rx;
	unsigned long flags;
	int ret = -ESHUTDOWN;

	spin_lock_irqsave(&rx->lock, flags);
	if (rx->on && !rx->halted && !rx->backoff)
		ret = usb_submit_urb(buf->urb, GFP_ATOMIC);
	if (ret) {
		list_add_tail(&buf->node, &rx->idle);
		if (rx->on && !rx->halted && !rx->backoff) {
			rx->errors++;
			rx->backoff = true;
			schedule_delayed_work(&rx->work, rx_backoff(rx));
		}
	}
	spin_unlock_irqrestore(&rx->lock, flags);
}

static struct m2m_rx_buf *rx_take_idle(struct m2m_rx *rx)
{
	struct m2m_rx_buf *buf;
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	buf = list_first_entry_or_null(&rx->idle, struct m2m_rx_buf, node);
	if (buf)
		list_del(&buf->node);
	spin_unlock_irqrestore(&rx->lock, flags);
	return buf;
}

static_assert(!(M2M_RX_DONE & (M2M_RX_DONE - 1)) && M2M_RX_BUFS_MAX <= M2M_RX_DONE);

/* There is room for each of them. */
static void rx_put_done(struct m2m_rx *rx, struct m2m_rx_buf *buf)
{
	lockdep_assert_held(&rx->lock);
	rx->done[rx->filled % M2M_RX_DONE] = buf;
	/* Pairs with rx_take_done(). */
	smp_store_release(&rx->filled, rx->filled + 1);
}

/* For the poll, or who has ended it */
static struct m2m_rx_buf *rx_take_done(struct m2m_rx *rx)
{
	/* Pairs with rx_put_done(). */
	if (smp_load_acquire(&rx->filled) == rx->taken)
		return NULL;
	return rx->done[rx->taken++ % M2M_RX_DONE];
}

/* As many as are idle now: what fails comes back to the list's end. */
static void rx_post_idle(struct m2m_data *data)
{
	unsigned int i;

	for (i = 0; i < data->rx.n_bufs; i++) {
		struct m2m_rx_buf *buf = rx_take_idle(&data->rx);

		if (!buf)
			return;
		rx_post(data, buf);
	}
}

/*
 * A host controller gives URBs back in hard or soft interrupt, USB/IP's in a
 * thread, where nothing would run the soft interrupt that is raised.
 */
static void rx_kick(struct m2m_data *data)
{
	if (in_hardirq() || irqs_disabled()) {
		napi_schedule(&data->rx.napi);
		return;
	}
	local_bh_disable();
	napi_schedule(&data->rx.napi);
	local_bh_enable();
}

static void rx_fail(struct m2m_data *data, int status)
{
	struct m2m_rx *rx = &data->rx;

	lockdep_assert_held(&rx->lock);
	if (status == -EPIPE) {
		m2m_pipe_count(data, M2M_PIPE_rx_stalls);
		rx->halted = true;
	} else {
		m2m_pipe_drop(data, 0, M2M_PIPE_rx_transfers_failed);
	}
	rx->errors++;
	rx->backoff = true;
	/* Not later than what is due already: several URBs fail at once. */
	if (rx->on)
		schedule_delayed_work(&rx->work, rx_backoff(rx));
}

static void rx_complete(struct urb *urb)
{
	struct m2m_rx_buf *buf = urb->context;
	struct m2m_data *data = buf->owner;
	struct m2m_rx *rx = &data->rx;
	bool done = !urb->status;
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	buf->len = urb->actual_length;
	if (done)
		rx_put_done(rx, buf);
	else
		list_add_tail(&buf->node, &rx->idle);
	switch (urb->status) {
	case 0:
		rx->errors = 0;
		m2m_pipe_count(data, M2M_PIPE_rx_transfers);
		usb_mark_last_busy(urb->dev);
		break;
	case -ENOENT:
	case -ECONNRESET:
	case -ESHUTDOWN:
		break;
	default:
		rx_fail(data, urb->status);
	}
	spin_unlock_irqrestore(&rx->lock, flags);
	if (done)
		rx_kick(data);
}

static void rx_kill(struct m2m_data *data)
{
	unsigned int i;

	for (i = 0; i < data->rx.n_bufs; i++)
		usb_kill_urb(data->rx.bufs[i].urb);
}

/* Returns 0 when nothing stands in the way of posting. */
static int rx_clear_halt(struct m2m_data *data)
{
	struct m2m_port *port = data->port;
	struct m2m_rx *rx = &data->rx;
	unsigned long flags;
	int ret;

	rx_kill(data);
	ret = usb_clear_halt(port->udev,
			     usb_rcvbulkpipe(port->udev,
					     port->ep_in->bEndpointAddress));
	spin_lock_irqsave(&rx->lock, flags);
	if (!ret)
		rx->halted = false;
	else
		rx->errors++;
	if (ret && rx->on)
		schedule_delayed_work(&rx->work, rx_backoff(rx));
	spin_unlock_irqrestore(&rx->lock, flags);
	return ret;
}

static void rx_work(struct work_struct *work)
{
	struct m2m_data *data = container_of(work, struct m2m_data,
					     rx.work.work);
	struct m2m_rx *rx = &data->rx;
	unsigned long flags;
	bool halted;

	spin_lock_irqsave(&rx->lock, flags);
	rx->backoff = false;
	halted = rx->halted && rx->on;
	spin_unlock_irqrestore(&rx->lock, flags);
	if (halted && rx_clear_halt(data))
		return;
	rx_post_idle(data);
}

static void rx_judge(struct m2m_rx *rx, bool good)
{
	if (good)
		rx->now_good++;
	else
		rx->now_bad++;
}

/* Does an Ethernet frame look like one of a modem? Nothing else is behind it. */
static bool is_ethernet(const u8 *frame, size_t len)
{
	const struct ethhdr *eth = (const struct ethhdr *)frame;

	if (len < ETH_HLEN)
		return false;
	return eth->h_proto == htons(ETH_P_IP) ||
	       eth->h_proto == htons(ETH_P_IPV6) ||
	       eth->h_proto == htons(ETH_P_ARP);
}

static void rx_packet(struct m2m_data *data, const struct m2m_qmap_frame *frame)
{
	struct m2m_link *link = m2m_data_link(data, frame->mux_id);
	bool ip = m2m_ip_protocol(frame->data, frame->len);

	rx_judge(&data->rx, ip);
	if (!frame->mux_id && ip && !READ_ONCE(data->mux_id_0_seen))
		WRITE_ONCE(data->mux_id_0_seen, true);
	if (link)
		m2m_deliver_ip(data, link, frame);
	else
		m2m_pipe_drop(data, frame->mux_id, M2M_PIPE_rx_no_link);
}

/* Returns false at the end of the transfer. */
static bool rx_qmap(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;

	rx->runs = false;
	rx->alone = NULL;
	if (m2m_qmap_again(&rx->cursor, &rx->frame)) {
		rx_packet(data, &rx->frame);
		return true;
	}
	switch (m2m_qmap_next(&rx->cursor, &rx->frame)) {
	case M2M_QMAP_PACKET:
		rx_packet(data, &rx->frame);
		return true;
	case M2M_QMAP_COMMAND:
		rx_judge(rx, true);
		m2m_flow_command(data, &rx->frame);
		return true;
	case M2M_QMAP_EMPTY:
		return true;
	case M2M_QMAP_BAD:
		rx_judge(rx, false);
		m2m_pipe_drop(data, rx->frame.mux_id, M2M_PIPE_rx_bad);
		return true;
	case M2M_QMAP_BROKEN:
		/* One length beyond the end puts all before it in doubt. */
		rx->now_good = 0;
		rx_judge(rx, false);
		m2m_pipe_drop(data, 0, M2M_PIPE_rx_broken);
		return false;
	case M2M_QMAP_END:
		return false;
	}
	return false;
}

/* One frame at most; returns false at the end of the transfer. */
static bool rx_step(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	struct m2m_link *link;
	const u8 *bytes = rx->now->data;
	size_t len = rx->now->len;
	const struct m2m_qmap_frame whole = { .data = bytes, .len = len };

	if (!len) {
		m2m_pipe_count(data, M2M_PIPE_rx_transfers_empty);
		return false;
	}
	switch (rx->mode) {
	case M2M_MODE_QMAP:
		return rx_qmap(data);
	case M2M_MODE_RAW_IP:
		rx_judge(rx, m2m_ip_protocol(bytes, len));
		link = m2m_data_link(data, 0);
		if (link)
			m2m_deliver_ip(data, link, &whole);
		return false;
	case M2M_MODE_ETHERNET:
		rx_judge(rx, is_ethernet(bytes, len));
		link = m2m_data_link(data, 0);
		if (link)
			m2m_deliver_ethernet(data, link, bytes, len);
		return false;
	case M2M_MODE_NONE:
		m2m_pipe_drop(data, 0, M2M_PIPE_rx_no_format);
		return false;
	}
	return false;
}

/* --- pages -------------------------------------------------------------------- */

/*
 * A lent page that has come back. The oldest are asked first; one that is still
 * in use, by a slow socket perhaps, is not asked again before all others.
 */
static struct page *rx_recycle(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	unsigned int tries = min(rx->n_lent, RX_RECYCLE_TRIES);
	struct page *page;

	for (; tries; tries--) {
		page = rx->lent[rx->lent_first];
		rx->lent_first = (rx->lent_first + 1) % M2M_RX_LENT_MAX;
		rx->n_lent--;
		if (page_count(page) == 1) {
			m2m_pipe_count(data, M2M_PIPE_rx_recycled);
			return page;
		}
		rx_lend(rx, page);
	}
	return NULL;
}

/* May parts of the buffer become fragments? Then another page takes its place. */
static bool rx_may_lend(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	struct page *page;

	/* Those who kept little would be charged for much. */
	if (rx->now->len < rx->size / RX_LEND_SHARE ||
	    rx->mode == M2M_MODE_ETHERNET || page_is_pfmemalloc(rx->now->page))
		return false;
	if (!rx->spare || rx->n_lent == M2M_RX_LENT_MAX) {
		page = rx_recycle(data);
		if (rx->spare && page)
			put_page(page);
		else if (page)
			rx->spare = page;
	}
	/* Nothing that others need more: a copy does as well. */
	if (!rx->spare && rx->n_lent < M2M_RX_LENT_MAX)
		rx->spare = alloc_pages(GFP_NOWAIT | __GFP_NOMEMALLOC |
					__GFP_NOWARN | __GFP_COMP,
					get_order(rx->size));
	return rx->spare && rx->n_lent < M2M_RX_LENT_MAX;
}

/* The page belongs to each of its frames, so that taking one costs nothing. */
static void rx_hold_page(struct m2m_rx *rx)
{
	rx->refs = rx->lends ? M2M_RX_REFS : 0;
	page_ref_add(rx->now->page, rx->refs);
}

/* What a buffer lent is no longer its own. */
static void rx_renew(struct m2m_data *data, struct m2m_rx_buf *buf)
{
	struct m2m_rx *rx = &data->rx;

	page_ref_sub(buf->page, rx->refs);
	rx->refs = 0;
	/* Somebody else may hold a page for a moment, such as who isolates memory. */
	if (!rx->lends || page_count(buf->page) == 1)
		return;
	m2m_pipe_count(data, M2M_PIPE_rx_lent);
	rx_lend(rx, buf->page);
	rx_put_page(buf, rx->spare);
	rx->spare = NULL;
}

static bool rx_begin(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;

	rx->now = rx_take_done(rx);
	if (!rx->now)
		return false;
	rx->mode = READ_ONCE(data->rx_mode);
	rx->frame.head = 0;
	rx->now_good = 0;
	rx->now_bad = 0;
	m2m_qmap_begin(&rx->cursor, rx->now->data, rx->now->len,
		       READ_ONCE(data->rx_version));
	rx->lends = rx_may_lend(data);
	rx_hold_page(rx);
	rx->merge.source = rx->now->page;
	rx->merge.base = rx->now->data;
	if (rx->lends)
		rx->merge.charge = rx->size * M2M_MERGE_CHARGE / rx->now->len;
	else
		m2m_pipe_count(data, M2M_PIPE_rx_copied);
	return true;
}

/* The first transfers after a change of format tell whether it took place. */
static void rx_suspect(struct m2m_data *data)
{
	struct m2m_event event = { .kind = M2M_WWAN_EVENT_FORMAT_SUSPECT };
	struct m2m_rx *rx = &data->rx;
	struct m2m_format format;

	if (!rx->now_good && !rx->now_bad)
		return;
	if (rx->now_bad > rx->now_good)
		atomic_inc(&data->suspect_bad);
	if (atomic_dec_return(&data->suspect_left) ||
	    atomic_read(&data->suspect_bad) <= M2M_SUSPECT_TRANSFERS / 2)
		return;
	m2m_data_get_format(data->port, &format);
	event.reason = "unparsable";
	event.format = &format;
	m2m_port_event(data->port, &event);
}

static void rx_end(struct m2m_data *data)
{
	struct m2m_rx_buf *buf = data->rx.now;

	if (atomic_read(&data->suspect_left) > 0)
		rx_suspect(data);
	data->rx.now = NULL;
	rx_renew(data, buf);
	rx_post(data, buf);
}

/* Frames that need no step of their own */
static unsigned int rx_run(struct m2m_data *data, unsigned int limit)
{
	unsigned int n = m2m_deliver_run(data, limit);

	data->rx.now_good += n;
	return n;
}

static int rx_poll(struct napi_struct *napi, int budget)
{
	struct m2m_data *data = container_of(napi, struct m2m_data, rx.napi);
	struct m2m_rx *rx = &data->rx;
	int work = 0;

	m2m_deliver_begin(rx);
	rcu_read_lock();
	while (work < budget && (rx->now || rx_begin(data))) {
		work++;
		if (!rx_step(data))
			rx_end(data);
		else if (rx->runs)
			work += rx_run(data, budget - work);
	}
	m2m_deliver_end(rx);
	rcu_read_unlock();
	if (work < budget)
		napi_complete_done(napi, work);
	return work;
}

void m2m_rx_napi_add(struct m2m_data *data, struct net_device *net)
{
	netif_napi_add(net, &data->rx.napi, rx_poll);
	napi_enable(&data->rx.napi);
	/* What came while there was no NAPI instance, or it was disabled */
	rx_kick(data);
}

void m2m_rx_napi_del(struct m2m_data *data)
{
	napi_disable(&data->rx.napi);
	/* Frees what GRO holds. */
	netif_napi_del(&data->rx.napi);
}

void m2m_rx_reset(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	struct m2m_rx_buf *buf;
	unsigned long flags;

	if (rx->now)
		rx_renew(data, rx->now);
	spin_lock_irqsave(&rx->lock, flags);
	if (rx->now)
		list_add_tail(&rx->now->node, &rx->idle);
	rx->now = NULL;
	while ((buf = rx_take_done(rx)))
		list_add_tail(&buf->node, &rx->idle);
	spin_unlock_irqrestore(&rx->lock, flags);
}

void m2m_rx_start(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	unsigned long flags;

	lockdep_assert_held(&data->lock);
	spin_lock_irqsave(&rx->lock, flags);
	rx->on = true;
	rx->errors = 0;
	if (rx->halted || rx->backoff)
		mod_delayed_work(system_percpu_wq, &rx->work, 0);
	spin_unlock_irqrestore(&rx->lock, flags);
	rx_post_idle(data);
}

void m2m_rx_stop(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	unsigned long flags;

	lockdep_assert_held(&data->lock);
	spin_lock_irqsave(&rx->lock, flags);
	rx->on = false;
	spin_unlock_irqrestore(&rx->lock, flags);
	rx_kill(data);
}

void m2m_rx_flush(struct m2m_data *data)
{
	lockdep_assert_held(&data->lock);
	cancel_delayed_work_sync(&data->rx.work);
}

static int rx_buf_init(struct m2m_data *data, struct m2m_rx_buf *buf, gfp_t gfp)
{
	struct m2m_port *port = data->port;

	buf->owner = data;
	buf->urb = usb_alloc_urb(0, GFP_KERNEL);
	buf->page = alloc_pages(gfp | __GFP_COMP, get_order(data->rx.size));
	if (!buf->urb || !buf->page)
		return -ENOMEM;
	buf->data = page_address(buf->page);
	usb_fill_bulk_urb(buf->urb, port->udev,
			  usb_rcvbulkpipe(port->udev,
					  port->ep_in->bEndpointAddress),
			  buf->data, data->rx.size, rx_complete, buf);
	list_add_tail(&buf->node, &data->rx.idle);
	return 0;
}

static void rx_bufs_exit(struct m2m_rx *rx)
{
	unsigned int i;

	for (i = 0; i < rx->n_bufs; i++) {
		usb_free_urb(rx->bufs[i].urb);
		if (rx->bufs[i].page)
			put_page(rx->bufs[i].page);
		rx->bufs[i] = (struct m2m_rx_buf) {};
	}
	INIT_LIST_HEAD(&rx->idle);
}

static int rx_bufs_init(struct m2m_data *data, unsigned int size, gfp_t gfp)
{
	struct m2m_rx *rx = &data->rx;
	unsigned int i;

	rx->size = size;
	for (i = 0; i < rx->n_bufs; i++)
		if (rx_buf_init(data, &rx->bufs[i], gfp)) {
			rx_bufs_exit(rx);
			return -ENOMEM;
		}
	return 0;
}

int m2m_rx_init(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	bool super = data->port->udev->speed >= USB_SPEED_SUPER;

	spin_lock_init(&rx->lock);
	INIT_LIST_HEAD(&rx->idle);
	INIT_DELAYED_WORK(&rx->work, rx_work);
	m2m_deliver_init(rx);
	rx->n_bufs = super ? M2M_RX_BUFS_MAX : M2M_RX_BUFS_MAX / 2;
	/* Large buffers are welcome, but nothing to wait or to fail for. */
	if (super && !rx_bufs_init(data, M2M_RX_SIZE_SUPER,
				   GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN))
		return 0;
	return rx_bufs_init(data, M2M_RX_SIZE, GFP_KERNEL);
}

void m2m_rx_exit(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;

	cancel_delayed_work_sync(&rx->work);
	rx_bufs_exit(rx);
	if (rx->spare)
		put_page(rx->spare);
	/* Who has parts of these frees them. */
	for (; rx->n_lent; rx->n_lent--) {
		put_page(rx->lent[rx->lent_first]);
		rx->lent_first = (rx->lent_first + 1) % M2M_RX_LENT_MAX;
	}
}
