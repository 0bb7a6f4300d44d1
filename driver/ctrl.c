// SPDX-License-Identifier: GPL-2.0-only
/* The control pipe: encapsulated commands out, notifications and responses in. */
#include <linux/slab.h>
#include <linux/usb.h>
#include <linux/usb/cdc.h>

#include "ctrl.h"
#include "port.h"
#include "qmux.h"
#include "trace.h"

/*
 * DOC: Draining
 *
 * A modem may notify once for several responses, once too often or not at all
 * (a lost notification leaves a driver that counts them one message behind for
 * ever). So notifications are only a hint to look: after each response the
 * driver asks once more, until the modem has nothing. A modem that keeps such
 * questions waiting instead of answering them empty is asked only after it
 * notified. While a request waits for its answer the driver looks once a second
 * besides. One question is in flight at a time, and so is one command.
 */

#define OWN_QUEUE_MAX	(4 * M2M_CTRL_QUEUE_MAX)
#define RX_QUEUE_MAX	256		/* frames waiting to be routed */
#define HANG_AFTER	(5 * HZ)
#define DRAIN_AFTER	HZ
#define DRAINS_HUNG_MAX	3
#define AFTERS_HUNG_MAX	3
#define IN_ERRORS_MAX	50		/* RETRY_DELAY apart */
#define STUCK_AFTER	HZ
#define WATCH_PERIOD	HZ
#define RETRY_DELAY	(HZ / 10)
#define BURST_MAX	200		/* questions in BURST_PERIOD */
#define BURST_PERIOD	(HZ / 10)

/**
 * struct m2m_ctrl - control pipe of a port
 * @port: its owner
 * @status: interrupt URB, in flight from start to stop
 * @status_buf: its buffer
 * @in: GET_ENCAPSULATED_RESPONSE
 * @in_setup: its setup packet
 * @in_buf: its buffer, QMUX_FRAME_MAX bytes
 * @out: SEND_ENCAPSULATED_COMMAND
 * @out_setup: its setup packet
 * @retry_work: resubmits what could not be submitted, clears a halt
 * @watch_work: gives up what hangs
 * @idle: woken when nothing is left to be sent
 * @awake: a PM reference is held; under port->lock
 * @lock: guards everything below
 * @running: between start and stop
 * @awaited: requests are under way
 * @status_idle: the interrupt URB waits for @retry_work
 * @status_halted: and its endpoint has to be cleared first
 * @in_busy: @in is in flight
 * @in_wanted: ask when @in is back: the modem notified
 * @in_draining: @in was sent without a notification
 * @in_after: and because a response came just before
 * @in_errors: failures of @in in a row
 * @drains_hung: such questions given up in a row; past DRAINS_HUNG_MAX this
 *	is a modem that keeps them waiting when it has nothing
 * @afters_hung: questions after a response given up, since one came back
 *	empty; past AFTERS_HUNG_MAX no more are asked
 * @in_unlinking: @watch_work gives @in up: nothing may be submitted with it
 * @in_since: when @in was submitted
 * @burst: questions since @burst_since
 * @burst_since: in jiffies
 * @out_unlinking: the same of @out
 * @sending: frame in flight with @out, or NULL
 * @out_since: when @out was submitted
 * @queue: frames to be sent
 * @n_queue: length of @queue
 */
struct m2m_ctrl {
	struct m2m_port *port;
	struct urb *status;
	u8 *status_buf;
	struct urb *in;
	struct usb_ctrlrequest *in_setup;
	u8 *in_buf;
	struct urb *out;
	struct usb_ctrlrequest *out_setup;
	struct delayed_work retry_work;
	struct delayed_work watch_work;
	wait_queue_head_t idle;
	bool awake;

	spinlock_t lock;	/* guards what follows */
	bool running;
	bool awaited;
	bool status_idle;
	bool status_halted;
	bool in_busy;
	bool in_wanted;
	bool in_draining;
	bool in_after;
	bool in_unlinking;
	bool out_unlinking;
	unsigned int in_errors;
	unsigned int drains_hung;
	unsigned int afters_hung;
	unsigned long in_since;
	unsigned int burst;
	unsigned long burst_since;
	struct m2m_frame *sending;
	unsigned long out_since;
	struct list_head queue;
	unsigned int n_queue;
};

static void retry_later(struct m2m_ctrl *ctrl)
{
	queue_delayed_work(ctrl->port->wq, &ctrl->retry_work, RETRY_DELAY);
}

static void watch(struct m2m_ctrl *ctrl)
{
	queue_delayed_work(ctrl->port->wq, &ctrl->watch_work, WATCH_PERIOD);
}

static void status_submit(struct m2m_ctrl *ctrl, gfp_t gfp)
{
	int ret;

	lockdep_assert_held(&ctrl->lock);
	ctrl->status_idle = false;
	if (!ctrl->running)
		return;
	ret = usb_submit_urb(ctrl->status, gfp);
	if (ret && ret != -ENODEV) {
		ctrl->status_idle = true;
		retry_later(ctrl);
	}
}

static bool is_burst(struct m2m_ctrl *ctrl)
{
	if (time_after(jiffies, ctrl->burst_since + BURST_PERIOD)) {
		ctrl->burst_since = jiffies;
		ctrl->burst = 0;
	}
	return ++ctrl->burst > BURST_MAX;
}

/* Ask the modem for a response; @notified: it said that it has one. */
static void in_submit(struct m2m_ctrl *ctrl, bool notified)
{
	int ret;

	lockdep_assert_held(&ctrl->lock);
	if (ctrl->in_busy || ctrl->in_unlinking) {
		ctrl->in_wanted |= notified;
		return;
	}
	if (!ctrl->running)
		return;
	if (!notified && ctrl->drains_hung >= DRAINS_HUNG_MAX)
		return;
	if (is_burst(ctrl)) {
		ctrl->in_wanted = true;
		retry_later(ctrl);
		return;
	}
	ret = usb_submit_urb(ctrl->in, GFP_ATOMIC);
	if (ret) {
		ctrl->in_wanted = ret != -ENODEV;
		if (ctrl->in_wanted)
			retry_later(ctrl);
		return;
	}
	ctrl->in_busy = true;
	ctrl->in_wanted = false;
	ctrl->in_draining = !notified;
	ctrl->in_after = false;
	ctrl->in_since = jiffies;
	watch(ctrl);
}

static bool is_response_available(const struct urb *urb)
{
	const struct usb_cdc_notification *note = urb->transfer_buffer;

	return urb->actual_length >= sizeof(*note) &&
	       note->bmRequestType == (USB_DIR_IN | USB_TYPE_CLASS |
				       USB_RECIP_INTERFACE) &&
	       note->bNotificationType == USB_CDC_NOTIFY_RESPONSE_AVAILABLE;
}

static void status_complete(struct urb *urb)
{
	struct m2m_ctrl *ctrl = urb->context;
	unsigned long flags;

	spin_lock_irqsave(&ctrl->lock, flags);
	switch (urb->status) {
	case 0:
		if (is_response_available(urb)) {
			m2m_port_count(ctrl->port,
				       M2M_COUNT_ctrl_notifications);
			in_submit(ctrl, true);
		}
		usb_mark_last_busy(urb->dev);
		status_submit(ctrl, GFP_ATOMIC);
		break;
	case -ENOENT:
	case -ECONNRESET:
	case -ESHUTDOWN:
		break;
	default:
		/* A modem on its way off the bus looks like this, too. */
		m2m_port_count(ctrl->port, M2M_COUNT_ctrl_errors);
		ctrl->status_idle = true;
		ctrl->status_halted = urb->status == -EPIPE;
		retry_later(ctrl);
	}
	spin_unlock_irqrestore(&ctrl->lock, flags);
}

/* For routing: bytes of the modem, or a frame that it did not take. */
static void queue_for_routing(struct m2m_ctrl *ctrl, const u8 *data,
			      size_t len, bool unsent)
{
	struct m2m_port *port = ctrl->port;
	struct sk_buff *skb = NULL;

	if (skb_queue_len(&port->rx_queue) < RX_QUEUE_MAX)
		skb = alloc_skb(len, GFP_ATOMIC);
	if (!skb) {
		m2m_port_count(port, M2M_COUNT_ctrl_rx_overflow);
		trace_m2m_drop(port, M2M_COUNT_ctrl_rx_overflow);
		return;
	}
	skb_put_data(skb, data, len);
	skb->cb[0] = unsent;
	skb_queue_tail(&port->rx_queue, skb);
	queue_work(port->wq, &port->rx_work);
}

/*
 * After a response the modem is asked for the next one, unless it is of those that
 * keep a question waiting when they have none: its commands would wait behind it.
 */
static void ask_for_more(struct m2m_ctrl *ctrl, bool more)
{
	lockdep_assert_held(&ctrl->lock);
	more &= ctrl->afters_hung < AFTERS_HUNG_MAX;
	if (ctrl->in_unlinking)
		ctrl->in_wanted |= more;
	else if (ctrl->in_wanted || more)
		in_submit(ctrl, ctrl->in_wanted);
	ctrl->in_after = ctrl->in_busy && ctrl->in_draining;
}

/* What could not be read is still there, unless nobody said that it was. */
static void in_fail(struct m2m_ctrl *ctrl)
{
	lockdep_assert_held(&ctrl->lock);
	m2m_port_count(ctrl->port, M2M_COUNT_ctrl_errors);
	ctrl->in_errors++;
	if (ctrl->in_draining && !ctrl->in_wanted) {
		ctrl->drains_hung++;
		ctrl->afters_hung += ctrl->in_after;
		return;
	}
	ctrl->in_wanted = true;
	retry_later(ctrl);
}

static void in_complete(struct urb *urb)
{
	struct m2m_ctrl *ctrl = urb->context;
	bool more = false, failed = false;
	unsigned long flags;

	spin_lock_irqsave(&ctrl->lock, flags);
	ctrl->in_busy = false;
	switch (urb->status) {
	case 0:
		if (urb->actual_length) {
			usb_mark_last_busy(urb->dev);
			queue_for_routing(ctrl, ctrl->in_buf,
					  urb->actual_length, false);
			more = true;
		} else if (ctrl->in_draining) {
			ctrl->afters_hung = 0;
		}
		ctrl->drains_hung = 0;
		ctrl->in_errors = 0;
		break;
	case -EPIPE:		/* how some say that they have nothing */
		ctrl->afters_hung = 0;
		ctrl->in_errors = 0;
		break;
	case -ENOENT:
	case -ESHUTDOWN:
		break;
	case -ECONNRESET:	/* given up by watch_work */
		break;
	default:
		in_fail(ctrl);
		failed = true;
	}
	if (!failed)
		ask_for_more(ctrl, more);
	spin_unlock_irqrestore(&ctrl->lock, flags);
}

/* Send the next frame, unless one is in flight. */
static void out_submit(struct m2m_ctrl *ctrl)
{
	struct m2m_frame *frame;
	int ret;

	lockdep_assert_held(&ctrl->lock);
	if (!ctrl->running || ctrl->sending || ctrl->out_unlinking ||
	    list_empty(&ctrl->queue))
		return;
	frame = list_first_entry(&ctrl->queue, struct m2m_frame, node);
	ctrl->out_setup->wLength = cpu_to_le16(frame->len);
	ctrl->out->transfer_buffer = frame->data;
	ctrl->out->transfer_buffer_length = frame->len;
	ret = usb_submit_urb(ctrl->out, GFP_ATOMIC);
	if (ret) {
		if (ret != -ENODEV)
			retry_later(ctrl);
		return;
	}
	list_del(&frame->node);
	/* There is room: routing wakes the writers. */
	if (ctrl->n_queue-- == M2M_CTRL_QUEUE_MAX)
		queue_work(ctrl->port->wq, &ctrl->port->rx_work);
	ctrl->sending = frame;
	ctrl->out_since = jiffies;
	watch(ctrl);
}

static bool is_idle(const struct m2m_ctrl *ctrl)
{
	return !ctrl->sending && list_empty(&ctrl->queue);
}

static void out_complete(struct urb *urb)
{
	struct m2m_ctrl *ctrl = urb->context;
	struct m2m_frame *frame;
	unsigned long flags;

	spin_lock_irqsave(&ctrl->lock, flags);
	frame = ctrl->sending;
	ctrl->sending = NULL;
	if (urb->status == -ENOENT && !urb->actual_length) {
		/* Stopped before it left: first in line when we start again. */
		list_add(&frame->node, &ctrl->queue);
		ctrl->n_queue++;
		frame = NULL;
	} else if (urb->status && urb->status != -ESHUTDOWN) {
		m2m_port_count(ctrl->port, M2M_COUNT_ctrl_errors);
		queue_for_routing(ctrl, frame->data, frame->len, true);
	}
	out_submit(ctrl);
	if (is_idle(ctrl))
		wake_up(&ctrl->idle);
	spin_unlock_irqrestore(&ctrl->lock, flags);
	kfree_sensitive(frame);
}

static void retry_work(struct work_struct *work)
{
	struct m2m_ctrl *ctrl = container_of(to_delayed_work(work),
					     struct m2m_ctrl, retry_work);
	bool halted;

	spin_lock_irq(&ctrl->lock);
	halted = ctrl->running && ctrl->status_halted;
	ctrl->status_halted = false;
	spin_unlock_irq(&ctrl->lock);
	if (halted)
		usb_clear_halt(ctrl->port->udev, ctrl->status->pipe);

	spin_lock_irq(&ctrl->lock);
	if (ctrl->status_idle)
		status_submit(ctrl, GFP_ATOMIC);
	if (ctrl->in_wanted && !ctrl->in_busy)
		in_submit(ctrl, true);
	out_submit(ctrl);
	spin_unlock_irq(&ctrl->lock);
}

static bool is_overdue(unsigned long since, unsigned long limit)
{
	return time_after(jiffies, since + limit);
}

/*
 * A question without a notification that stays unanswered is not a hang: some
 * modems say so that they have nothing. What waits behind it gets new time.
 */
static bool drain_hangs(struct m2m_ctrl *ctrl)
{
	lockdep_assert_held(&ctrl->lock);
	if (!ctrl->in_busy || !ctrl->in_draining ||
	    !is_overdue(ctrl->in_since, DRAIN_AFTER))
		return false;
	ctrl->drains_hung++;
	ctrl->afters_hung += ctrl->in_after;
	ctrl->out_since = jiffies;
	return true;
}

/* Their notification may be lost, and nothing else may ever come. */
static void look_for_answers(struct m2m_ctrl *ctrl)
{
	lockdep_assert_held(&ctrl->lock);
	if (ctrl->awaited && !ctrl->sending &&
	    is_overdue(ctrl->in_since, WATCH_PERIOD - 1))
		in_submit(ctrl, false);
}

/* What completed while nothing could be submitted goes on now. */
static void end_unlinking(struct m2m_ctrl *ctrl)
{
	spin_lock_irq(&ctrl->lock);
	if (ctrl->in_unlinking && ctrl->in_wanted && !ctrl->in_busy) {
		ctrl->in_unlinking = false;
		in_submit(ctrl, true);
	}
	ctrl->in_unlinking = false;
	ctrl->out_unlinking = false;
	out_submit(ctrl);
	spin_unlock_irq(&ctrl->lock);
}

static void call_hung(struct m2m_port *port, const char *reason)
{
	mutex_lock(&port->lock);
	m2m_port_count(port, M2M_COUNT_ctrl_hangs);
	if (!port->dead)
		m2m_port_set_state(port, M2M_WWAN_STATE_HUNG, reason);
	mutex_unlock(&port->lock);
}

static void watch_work(struct work_struct *work)
{
	struct m2m_ctrl *ctrl = container_of(to_delayed_work(work),
					     struct m2m_ctrl, watch_work);
	bool in_hangs, out_hangs, empty, fails;

	spin_lock_irq(&ctrl->lock);
	empty = drain_hangs(ctrl);
	fails = ctrl->in_errors > IN_ERRORS_MAX;
	if (fails)
		ctrl->in_errors = 0;
	in_hangs = ctrl->in_busy && is_overdue(ctrl->in_since, HANG_AFTER);
	out_hangs = ctrl->sending && is_overdue(ctrl->out_since, HANG_AFTER);
	look_for_answers(ctrl);
	if (ctrl->running && (ctrl->in_busy || ctrl->sending || ctrl->awaited))
		watch(ctrl);
	ctrl->in_unlinking = in_hangs || empty;
	ctrl->out_unlinking = out_hangs;
	spin_unlock_irq(&ctrl->lock);

	/* One that has come back by now did not hang after all. */
	if ((in_hangs || empty) && usb_unlink_urb(ctrl->in) != -EINPROGRESS)
		in_hangs = false;
	if (out_hangs && usb_unlink_urb(ctrl->out) != -EINPROGRESS)
		out_hangs = false;
	end_unlinking(ctrl);
	if (in_hangs || out_hangs || fails)
		call_hung(ctrl->port, out_hangs ? "command" : "response");
}

/* They may hold a PIN. */
static void free_frames(struct list_head *frames)
{
	struct m2m_frame *frame, *next;

	list_for_each_entry_safe(frame, next, frames, node)
		kfree_sensitive(frame);
}

static void fill_urbs(struct m2m_ctrl *ctrl)
{
	struct m2m_port *port = ctrl->port;
	struct usb_device *udev = port->udev;
	struct usb_endpoint_descriptor *ep = port->ep_status;

	usb_fill_int_urb(ctrl->status, udev,
			 usb_rcvintpipe(udev, ep->bEndpointAddress),
			 ctrl->status_buf, usb_endpoint_maxp(ep),
			 status_complete, ctrl, ep->bInterval);

	ctrl->in_setup->bRequestType = USB_DIR_IN | USB_TYPE_CLASS |
				       USB_RECIP_INTERFACE;
	ctrl->in_setup->bRequest = USB_CDC_GET_ENCAPSULATED_RESPONSE;
	ctrl->in_setup->wIndex = cpu_to_le16(port->ifnum);
	ctrl->in_setup->wLength = cpu_to_le16(QMUX_FRAME_MAX);
	usb_fill_control_urb(ctrl->in, udev, usb_rcvctrlpipe(udev, 0),
			     (u8 *)ctrl->in_setup, ctrl->in_buf,
			     QMUX_FRAME_MAX, in_complete, ctrl);

	ctrl->out_setup->bRequestType = USB_DIR_OUT | USB_TYPE_CLASS |
					USB_RECIP_INTERFACE;
	ctrl->out_setup->bRequest = USB_CDC_SEND_ENCAPSULATED_COMMAND;
	ctrl->out_setup->wIndex = cpu_to_le16(port->ifnum);
	usb_fill_control_urb(ctrl->out, udev, usb_sndctrlpipe(udev, 0),
			     (u8 *)ctrl->out_setup, NULL, 0, out_complete,
			     ctrl);
}

int m2m_ctrl_init(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = kzalloc(sizeof(*ctrl), GFP_KERNEL);

	if (!ctrl)
		return -ENOMEM;
	port->ctrl = ctrl;
	ctrl->port = port;
	spin_lock_init(&ctrl->lock);
	INIT_LIST_HEAD(&ctrl->queue);
	INIT_DELAYED_WORK(&ctrl->retry_work, retry_work);
	INIT_DELAYED_WORK(&ctrl->watch_work, watch_work);
	init_waitqueue_head(&ctrl->idle);
	ctrl->burst_since = jiffies;

	ctrl->status = usb_alloc_urb(0, GFP_KERNEL);
	ctrl->in = usb_alloc_urb(0, GFP_KERNEL);
	ctrl->out = usb_alloc_urb(0, GFP_KERNEL);
	ctrl->in_setup = kzalloc(sizeof(*ctrl->in_setup), GFP_KERNEL);
	ctrl->out_setup = kzalloc(sizeof(*ctrl->out_setup), GFP_KERNEL);
	ctrl->in_buf = kmalloc(QMUX_FRAME_MAX, GFP_KERNEL);
	ctrl->status_buf = kmalloc(usb_endpoint_maxp(port->ep_status),
				   GFP_KERNEL);
	if (!ctrl->status || !ctrl->in || !ctrl->out || !ctrl->in_setup ||
	    !ctrl->out_setup || !ctrl->in_buf || !ctrl->status_buf) {
		m2m_ctrl_exit(port);
		return -ENOMEM;
	}
	fill_urbs(ctrl);
	return 0;
}

void m2m_ctrl_exit(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;

	if (!ctrl)
		return;
	port->ctrl = NULL;
	free_frames(&ctrl->queue);
	usb_free_urb(ctrl->status);
	usb_free_urb(ctrl->in);
	usb_free_urb(ctrl->out);
	kfree(ctrl->in_setup);
	kfree(ctrl->out_setup);
	kfree(ctrl->in_buf);
	kfree(ctrl->status_buf);
	kfree(ctrl);
}

int m2m_ctrl_set_dtr(struct m2m_port *port, bool on)
{
	return usb_control_msg(port->udev, usb_sndctrlpipe(port->udev, 0),
			       USB_CDC_REQ_SET_CONTROL_LINE_STATE,
			       USB_DIR_OUT | USB_TYPE_CLASS |
			       USB_RECIP_INTERFACE,
			       on, port->ifnum, NULL, 0, 1000);
}

int m2m_ctrl_start(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	int ret;

	spin_lock_irq(&ctrl->lock);
	ctrl->status_halted = false;
	ret = usb_submit_urb(ctrl->status, GFP_ATOMIC);
	if (ret == -ENODEV) {
		spin_unlock_irq(&ctrl->lock);
		return ret;
	}
	/* Its completion waits for the lock: a notification may be there already. */
	ctrl->running = true;
	/* Nobody asks a resume again, so what fails here is tried later. */
	ctrl->status_idle = ret;
	if (ret)
		retry_later(ctrl);
	in_submit(ctrl, false);
	out_submit(ctrl);
	if (ctrl->awaited)
		watch(ctrl);
	spin_unlock_irq(&ctrl->lock);
	return 0;
}

bool m2m_ctrl_doze(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	bool idle;

	spin_lock_irq(&ctrl->lock);
	idle = is_idle(ctrl) && !ctrl->in_busy && !ctrl->in_wanted;
	if (idle)
		ctrl->running = false;
	spin_unlock_irq(&ctrl->lock);
	return idle;
}

void m2m_ctrl_stop(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;

	spin_lock_irq(&ctrl->lock);
	ctrl->running = false;
	ctrl->in_wanted = false;
	ctrl->status_idle = false;
	spin_unlock_irq(&ctrl->lock);
	cancel_delayed_work_sync(&ctrl->retry_work);
	cancel_delayed_work_sync(&ctrl->watch_work);
	usb_kill_urb(ctrl->status);
	usb_kill_urb(ctrl->in);
	usb_kill_urb(ctrl->out);
	/* A completion may have queued them once more. */
	cancel_delayed_work_sync(&ctrl->retry_work);
	cancel_delayed_work_sync(&ctrl->watch_work);
}

int m2m_ctrl_send(struct m2m_port *port, const u8 *data, size_t len, bool own)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	unsigned int max = own ? OWN_QUEUE_MAX : M2M_CTRL_QUEUE_MAX;
	struct m2m_frame *frame;
	unsigned long flags;
	int ret = 0;

	frame = kmalloc(struct_size(frame, data, len), GFP_ATOMIC);
	if (!frame)
		return -ENOMEM;
	frame->len = len;
	memcpy(frame->data, data, len);

	spin_lock_irqsave(&ctrl->lock, flags);
	if (ctrl->n_queue < max) {
		list_add_tail(&frame->node, &ctrl->queue);
		ctrl->n_queue++;
		out_submit(ctrl);
		frame = NULL;
	} else {
		ret = -EAGAIN;
	}
	spin_unlock_irqrestore(&ctrl->lock, flags);
	kfree_sensitive(frame);
	return ret;
}

void m2m_ctrl_flush(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;

	wait_event_timeout(ctrl->idle, m2m_ctrl_is_idle(port), HZ / 2);
}

void m2m_ctrl_purge(struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	LIST_HEAD(purged);

	spin_lock_irq(&ctrl->lock);
	list_splice_init(&ctrl->queue, &purged);
	ctrl->n_queue = 0;
	spin_unlock_irq(&ctrl->lock);
	free_frames(&purged);
	queue_work(port->wq, &port->rx_work);
}

void m2m_ctrl_cancel(struct m2m_port *port, const struct m2m_qmux *which)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	struct m2m_frame *frame, *next;
	struct m2m_qmux qmux;
	LIST_HEAD(found);

	spin_lock_irq(&ctrl->lock);
	list_for_each_entry_safe(frame, next, &ctrl->queue, node) {
		if (m2m_qmux_parse(frame->data, frame->len, &qmux) != M2M_QMUX_OK ||
		    qmux.service != which->service || qmux.cid != which->cid ||
		    qmux.tid != which->tid || qmux.msgid != which->msgid)
			continue;
		list_move(&frame->node, &found);
		if (ctrl->n_queue-- == M2M_CTRL_QUEUE_MAX)
			queue_work(port->wq, &port->rx_work);
	}
	spin_unlock_irq(&ctrl->lock);
	free_frames(&found);
}

bool m2m_ctrl_is_idle(const struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	bool idle;

	spin_lock_irq(&ctrl->lock);
	idle = is_idle(ctrl);
	spin_unlock_irq(&ctrl->lock);
	return idle;
}

bool m2m_ctrl_is_stuck(const struct m2m_port *port)
{
	struct m2m_ctrl *ctrl = port->ctrl;
	bool stuck;

	spin_lock_irq(&ctrl->lock);
	if (ctrl->sending)
		stuck = is_overdue(ctrl->out_since, STUCK_AFTER);
	else
		stuck = !list_empty(&ctrl->queue);
	spin_unlock_irq(&ctrl->lock);
	return stuck;
}

bool m2m_ctrl_is_unsent(const struct sk_buff *skb)
{
	return skb->cb[0];
}

bool m2m_ctrl_has_room(const struct m2m_port *port)
{
	return READ_ONCE(port->ctrl->n_queue) < M2M_CTRL_QUEUE_MAX;
}

void m2m_ctrl_keep_awake(struct m2m_port *port, bool on)
{
	struct m2m_ctrl *ctrl = port->ctrl;

	lockdep_assert_held(&port->lock);
	if (on && !ctrl->awake)
		ctrl->awake = !usb_autopm_get_interface_async(port->intf);
	else if (!on && ctrl->awake)
		usb_autopm_put_interface_async(port->intf);
	ctrl->awake &= on;

	spin_lock_irq(&ctrl->lock);
	ctrl->awaited = on;
	if (on && ctrl->running)
		watch(ctrl);
	spin_unlock_irq(&ctrl->lock);
}
