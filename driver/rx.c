// SPDX-License-Identifier: GPL-2.0-only
/* Receive: bulk-in transfers become packets of wwan%d and its mux links. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
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
 * The poll keeps its place inside a buffer (now, cursor) when its budget ends.
 * It holds what GRO has not passed on yet, so a link that goes away is waited
 * for by taking the NAPI instance down, see m2m_data_link_del().
 */

#define RX_BACKOFF_MAX_MS	1000

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

static struct m2m_rx_buf *rx_take(struct m2m_rx *rx, struct list_head *list)
{
	struct m2m_rx_buf *buf;
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	buf = list_first_entry_or_null(list, struct m2m_rx_buf, node);
	if (buf)
		list_del(&buf->node);
	spin_unlock_irqrestore(&rx->lock, flags);
	return buf;
}

/* As many as are idle now: what fails comes back to the list's end. */
static void rx_post_idle(struct m2m_data *data)
{
	unsigned int i;

	for (i = 0; i < data->rx.n_bufs; i++) {
		struct m2m_rx_buf *buf = rx_take(&data->rx, &data->rx.idle);

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
		m2m_pipe_count(data, M2M_PIPE_rx_transfers_failed);
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
	list_add_tail(&buf->node, done ? &rx->done : &rx->idle);
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

/* A packet of a transfer: is it IP, and which? 0: neither. */
static __be16 ip_protocol(const u8 *packet, size_t len)
{
	if (!len)
		return 0;
	switch (packet[0] >> 4) {
	case 4:
		return htons(ETH_P_IP);
	case 6:
		return htons(ETH_P_IPV6);
	default:
		return 0;
	}
}

static void rx_drop(struct m2m_link *link, enum m2m_link_counter why)
{
	m2m_link_count(link, why);
	DEV_STATS_INC(link->net, rx_dropped);
}

/* Room for @len bytes, with space for an Ethernet header before them. */
static struct sk_buff *rx_skb(struct m2m_data *data, struct m2m_link *link,
			      size_t len)
{
	struct sk_buff *skb;

	if (!netif_running(link->net)) {
		rx_drop(link, M2M_LINK_rx_down);
		return NULL;
	}
	skb = napi_alloc_skb(&data->rx.napi, ETH_HLEN + NET_IP_ALIGN + len);
	if (!skb) {
		rx_drop(link, M2M_LINK_rx_no_memory);
		return NULL;
	}
	skb->dev = link->net;
	return skb;
}

static void rx_pass(struct m2m_data *data, struct sk_buff *skb,
		    unsigned int len)
{
	dev_sw_netstats_rx_add(skb->dev, len);
	napi_gro_receive(&data->rx.napi, skb);
}

/* @verified: the modem vouches for the checksum of the packet. */
static void rx_ip(struct m2m_data *data, struct m2m_link *link,
		  const u8 *packet, size_t len, bool verified)
{
	__be16 protocol = ip_protocol(packet, len);
	struct sk_buff *skb;

	if (!protocol) {
		rx_drop(link, M2M_LINK_rx_not_ip);
		return;
	}
	if (link->net->type != ARPHRD_NONE) {
		rx_drop(link, M2M_LINK_rx_wrong_type);
		return;
	}
	skb = rx_skb(data, link, len);
	if (!skb)
		return;
	/* The headroom is made for a header of 14 bytes: align IP itself. */
	skb_reserve(skb, NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	skb_put_data(skb, packet, len);
	skb->protocol = protocol;
	if (verified)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	rx_pass(data, skb, len);
}

static bool rx_verified(struct m2m_link *link,
			const struct m2m_qmap_frame *frame)
{
	if (!(link->net->features & NETIF_F_RXCSUM) ||
	    !m2m_qmap_is_verified(frame))
		return false;
	m2m_link_count(link, M2M_LINK_rx_verified);
	return true;
}

/*
 * Firmware of several makers sends bare IP packets where Ethernet frames were
 * agreed on, now and then, or sends every frame to 00:a0:c6:00:00:00. Our own
 * address never begins with nibble 4 or 6, so that the first is told from a
 * frame (mainline, qmi_wwan.c).
 */
static void rx_ethernet(struct m2m_data *data, struct m2m_link *link,
			const u8 *frame, size_t len)
{
	__be16 protocol = ip_protocol(frame, len);
	struct sk_buff *skb;
	struct ethhdr *eth;

	if (link->net->type != ARPHRD_ETHER) {
		rx_drop(link, M2M_LINK_rx_wrong_type);
		return;
	}
	if (!protocol && len < ETH_HLEN) {
		rx_drop(link, M2M_LINK_rx_too_short);
		return;
	}
	skb = rx_skb(data, link, len);
	if (!skb)
		return;
	if (protocol) {
		m2m_link_count(link, M2M_LINK_rx_fixed_up);
		eth = skb_put_zero(skb, ETH_HLEN);
		eth->h_proto = protocol;
		ether_addr_copy(eth->h_dest, link->net->dev_addr);
	}
	skb_put_data(skb, frame, len);
	eth = (struct ethhdr *)skb->data;
	if (!(eth->h_dest[0] & 0xf1) &&
	    !ether_addr_equal(eth->h_dest, link->net->dev_addr)) {
		m2m_link_count(link, M2M_LINK_rx_fixed_up);
		ether_addr_copy(eth->h_dest, link->net->dev_addr);
	}
	skb->protocol = eth_type_trans(skb, link->net);
	rx_pass(data, skb, len);
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
	bool ip = ip_protocol(frame->data, frame->len);

	rx_judge(&data->rx, ip);
	if (!frame->mux_id && ip && !READ_ONCE(data->mux_id_0_seen))
		WRITE_ONCE(data->mux_id_0_seen, true);
	if (link)
		rx_ip(data, link, frame->data, frame->len,
		      rx_verified(link, frame));
	else
		m2m_pipe_count(data, M2M_PIPE_rx_no_link);
}

/* Returns false at the end of the transfer. */
static bool rx_qmap(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	struct m2m_qmap_frame frame;

	switch (m2m_qmap_next(&rx->cursor, &frame)) {
	case M2M_QMAP_PACKET:
		rx_packet(data, &frame);
		return true;
	case M2M_QMAP_COMMAND:
		rx_judge(rx, true);
		m2m_flow_command(data, &frame);
		return true;
	case M2M_QMAP_EMPTY:
		return true;
	case M2M_QMAP_BAD:
		rx_judge(rx, false);
		m2m_pipe_count(data, M2M_PIPE_rx_bad);
		return true;
	case M2M_QMAP_BROKEN:
		/* One length beyond the end puts all before it in doubt. */
		rx->now_good = 0;
		rx_judge(rx, false);
		m2m_pipe_count(data, M2M_PIPE_rx_broken);
		return false;
	case M2M_QMAP_END:
		return false;
	}
	return false;
}

/* One frame at most; returns false at the end of the transfer. */
static bool rx_step(struct m2m_data *data)
{
	struct m2m_link *link = m2m_data_link(data, 0);
	struct m2m_rx *rx = &data->rx;
	const u8 *bytes = rx->now->data;
	size_t len = rx->now->len;

	if (!len) {
		m2m_pipe_count(data, M2M_PIPE_rx_transfers_empty);
		return false;
	}
	switch (rx->mode) {
	case M2M_MODE_QMAP:
		return rx_qmap(data);
	case M2M_MODE_RAW_IP:
		rx_judge(rx, ip_protocol(bytes, len));
		if (link)
			rx_ip(data, link, bytes, len, false);
		return false;
	case M2M_MODE_ETHERNET:
		rx_judge(rx, is_ethernet(bytes, len));
		if (link)
			rx_ethernet(data, link, bytes, len);
		return false;
	case M2M_MODE_NONE:
		m2m_pipe_count(data, M2M_PIPE_rx_no_format);
		return false;
	}
	return false;
}

static bool rx_begin(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;

	rx->now = rx_take(rx, &rx->done);
	if (!rx->now)
		return false;
	rx->mode = READ_ONCE(data->rx_mode);
	rx->now_good = 0;
	rx->now_bad = 0;
	m2m_qmap_begin(&rx->cursor, rx->now->data, rx->now->len,
		       READ_ONCE(data->rx_version));
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
	rx_post(data, buf);
}

static int rx_poll(struct napi_struct *napi, int budget)
{
	struct m2m_data *data = container_of(napi, struct m2m_data, rx.napi);
	struct m2m_rx *rx = &data->rx;
	int work;

	rcu_read_lock();
	for (work = 0; work < budget; work++) {
		if (!rx->now && !rx_begin(data))
			break;
		if (!rx_step(data))
			rx_end(data);
	}
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
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	if (rx->now)
		list_add_tail(&rx->now->node, &rx->idle);
	rx->now = NULL;
	list_splice_tail_init(&rx->done, &rx->idle);
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

static int rx_buf_init(struct m2m_data *data, struct m2m_rx_buf *buf)
{
	struct m2m_port *port = data->port;

	buf->owner = data;
	buf->urb = usb_alloc_urb(0, GFP_KERNEL);
	buf->data = kmalloc(M2M_RX_SIZE, GFP_KERNEL);
	if (!buf->urb || !buf->data)
		return -ENOMEM;
	usb_fill_bulk_urb(buf->urb, port->udev,
			  usb_rcvbulkpipe(port->udev,
					  port->ep_in->bEndpointAddress),
			  buf->data, M2M_RX_SIZE, rx_complete, buf);
	list_add_tail(&buf->node, &data->rx.idle);
	return 0;
}

int m2m_rx_init(struct m2m_data *data)
{
	struct m2m_rx *rx = &data->rx;
	bool super = data->port->udev->speed >= USB_SPEED_SUPER;
	unsigned int i;

	spin_lock_init(&rx->lock);
	INIT_LIST_HEAD(&rx->idle);
	INIT_LIST_HEAD(&rx->done);
	INIT_DELAYED_WORK(&rx->work, rx_work);
	rx->n_bufs = super ? M2M_RX_BUFS_MAX : M2M_RX_BUFS_MAX / 2;
	for (i = 0; i < rx->n_bufs; i++)
		if (rx_buf_init(data, &rx->bufs[i])) {
			m2m_rx_exit(data);
			return -ENOMEM;
		}
	return 0;
}

void m2m_rx_exit(struct m2m_data *data)
{
	unsigned int i;

	cancel_delayed_work_sync(&data->rx.work);
	for (i = 0; i < data->rx.n_bufs; i++) {
		usb_free_urb(data->rx.bufs[i].urb);
		kfree(data->rx.bufs[i].data);
	}
}
