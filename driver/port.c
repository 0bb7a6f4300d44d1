// SPDX-License-Identifier: GPL-2.0-only
/* Identity, lifetime and state of ports, and the registry that finds them. */
#include <linux/slab.h>
#include <linux/usb.h>
#include <linux/xarray.h>

#include "ctrl.h"
#include "data.h"
#include "genl.h"
#include "netdev.h"
#include "ring.h"
#include "route.h"
#include "trace.h"

static DEFINE_XARRAY_ALLOC1(ports);
static u32 next_port_id;

/* Mbit/s of a USB connection */
static u32 speed_of(const struct usb_device *udev)
{
	switch (udev->speed) {
	case USB_SPEED_SUPER_PLUS:
		return 10000;
	case USB_SPEED_SUPER:
		return 5000;
	case USB_SPEED_HIGH:
		return 480;
	default:
		return 12;
	}
}

struct m2m_frame *m2m_frame_new(const u8 *data, size_t len)
{
	struct m2m_frame *frame = kmalloc(struct_size(frame, data, len),
					  GFP_KERNEL);

	if (!frame)
		return NULL;
	frame->len = len;
	memcpy(frame->data, data, len);
	return frame;
}

static void port_free(struct kref *ref)
{
	struct m2m_port *port = container_of(ref, struct m2m_port, ref);

	skb_queue_purge(&port->rx_queue);
	m2m_ring_free(port->ring);
	kfree(port->version);
	usb_put_intf(port->intf);
	usb_put_dev(port->udev);
	mutex_destroy(&port->lock);
	kfree(port);
}

/**
 * m2m_port_alloc() - a port without pipes and doors
 * @intf: control interface; the caller fills in the other interface fields
 *
 * Context: may sleep. Return: a strong reference, or NULL without memory.
 */
struct m2m_port *m2m_port_alloc(struct usb_interface *intf)
{
	struct m2m_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return NULL;
	kref_init(&port->ref);
	mutex_init(&port->lock);
	port->intf = usb_get_intf(intf);
	port->udev = usb_get_dev(interface_to_usbdev(intf));
	port->vendor = le16_to_cpu(port->udev->descriptor.idVendor);
	port->product = le16_to_cpu(port->udev->descriptor.idProduct);
	port->speed = speed_of(port->udev);
	port->serial = port->udev->serial;
	strscpy(port->usb_path, dev_name(&port->udev->dev),
		sizeof(port->usb_path));
	INIT_LIST_HEAD(&port->clients);
	INIT_LIST_HEAD(&port->qids);
	INIT_LIST_HEAD(&port->xacts);
	skb_queue_head_init(&port->rx_queue);
	INIT_WORK(&port->rx_work, m2m_route_work);
	INIT_DELAYED_WORK(&port->timeout_work, m2m_route_timeout_work);
	INIT_DELAYED_WORK(&port->version_work, m2m_ctl_version_work);
	INIT_WORK(&port->format_work, m2m_format_work);
	port->ring = m2m_ring_new();
	port->wq = alloc_ordered_workqueue("m2m_%s", WQ_FREEZABLE,
					   dev_name(&intf->dev));
	if (!port->ring || !port->wq) {
		m2m_port_flush(port);
		m2m_port_put(port);
		return NULL;
	}
	return port;
}

void m2m_port_put(struct m2m_port *port)
{
	kref_put(&port->ref, port_free);
}

struct m2m_port *m2m_port_get(u32 id)
{
	struct m2m_port *port;

	xa_lock(&ports);
	port = xa_load(&ports, id);
	if (port)
		kref_get(&port->ref);
	xa_unlock(&ports);
	return port;
}

struct m2m_port *m2m_port_get_next(unsigned long *id)
{
	struct m2m_port *port;

	xa_lock(&ports);
	port = xa_find(&ports, id, ULONG_MAX, XA_PRESENT);
	if (port)
		kref_get(&port->ref);
	xa_unlock(&ports);
	return port;
}

/**
 * m2m_port_publish() - netlink can find the port from now on
 * @port: whose pipes and network device exist
 *
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int m2m_port_publish(struct m2m_port *port)
{
	struct m2m_event event = { .kind = M2M_WWAN_EVENT_ATTACHED };
	int ret;

	/* The registry's reference is probe's: kill() comes before its put. */
	ret = xa_alloc_cyclic(&ports, &port->id, port, xa_limit_32b,
			      &next_port_id, GFP_KERNEL);
	if (ret < 0) {
		/* Set all the same; by now it may be another port's. */
		port->id = 0;
		return ret;
	}
	m2m_port_event(port, &event);
	return 0;
}

/* Unbound from a modem that lives on: it gets its ids back. */
static void release_ids(struct m2m_port *port)
{
	struct m2m_qid *qid;

	if (port->udev->state == USB_STATE_NOTATTACHED)
		return;
	mutex_lock(&port->lock);
	list_for_each_entry(qid, &port->qids, node)
		if (qid->service != QMI_CTL && qid->cid && !qid->foreign)
			m2m_ctl_release(port, qid->service, qid->cid);
	mutex_unlock(&port->lock);
	m2m_ctrl_flush(port);
}

/**
 * m2m_port_kill() - "dead": nobody new gets in, everybody is told
 * @port: published or not
 *
 * Context: may sleep; the character device is deregistered already.
 */
void m2m_port_kill(struct m2m_port *port)
{
	struct m2m_event event = { .kind = M2M_WWAN_EVENT_GONE };
	struct m2m_client *client, *next;
	struct m2m_qid *qid, *next_qid;

	release_ids(port);
	if (port->id)
		xa_erase(&ports, port->id);
	mutex_lock(&port->lock);
	m2m_xact_fail_all(port, M2M_WWAN_FAILURE_GONE);
	list_for_each_entry_safe(qid, next_qid, &port->qids, node)
		m2m_qid_void(port, qid, M2M_WWAN_FAILURE_GONE);
	WRITE_ONCE(port->dead, true);
	port->state = M2M_WWAN_STATE_GONE;
	list_for_each_entry_safe(client, next, &port->clients, node)
		client->ops->gone(client);
	mutex_unlock(&port->lock);
	if (port->id)
		m2m_port_event(port, &event);
}

/**
 * m2m_port_flush() - "flushed": no work of the port runs or will run
 * @port: dead, its pipes are stopped
 *
 * Context: may sleep; neither rtnl nor port->lock held.
 */
void m2m_port_flush(struct m2m_port *port)
{
	cancel_work_sync(&port->format_work);
	if (!port->wq)
		return;
	cancel_work_sync(&port->rx_work);
	cancel_delayed_work_sync(&port->version_work);
	cancel_delayed_work_sync(&port->timeout_work);
	destroy_workqueue(port->wq);
	port->wq = NULL;
}

void m2m_port_reset(struct m2m_port *port)
{
	usb_queue_reset_device(port->intf);
}

void m2m_port_get_format(struct m2m_port *port, struct m2m_format *ret_format)
{
	m2m_data_get_format(port, ret_format);
}

void m2m_port_set_limits(struct m2m_port *port, u32 max_size,
			 u32 max_datagrams)
{
	m2m_data_set_limits(port, max_size, max_datagrams);
}

int m2m_port_for_each_link(struct m2m_port *port,
			   int (*visit)(struct net_device *link, u8 mux_id, void *arg),
			   void *arg)
{
	return m2m_netdev_for_each_link(port, visit, arg);
}

void m2m_port_event(struct m2m_port *port, const struct m2m_event *event)
{
	m2m_genl_event(port, event);
}

static const struct m2m_event state_events[] = {
	[M2M_WWAN_STATE_READY] = { .kind = M2M_WWAN_EVENT_READY },
	[M2M_WWAN_STATE_HUNG] = { .kind = M2M_WWAN_EVENT_HUNG },
	[M2M_WWAN_STATE_SUSPENDED] = { .kind = M2M_WWAN_EVENT_SUSPENDED },
};

void m2m_port_set_state(struct m2m_port *port, enum m2m_wwan_state state,
			const char *reason)
{
	struct m2m_event event;

	lockdep_assert_held(&port->lock);
	if (port->state == state || port->dead)
		return;
	trace_m2m_state(port, state);
	if (port->state == M2M_WWAN_STATE_HUNG ||
	    state == M2M_WWAN_STATE_HUNG)
		m2m_netdev_set_hung(port, state == M2M_WWAN_STATE_HUNG);
	port->state = state;
	/* Whether it works again is asked from time to time. */
	if (state == M2M_WWAN_STATE_HUNG)
		queue_delayed_work(port->wq, &port->version_work, 2 * HZ);
	if (state == M2M_WWAN_STATE_ATTACHED)
		return;
	event = state_events[state];
	event.reason = reason;
	m2m_port_event(port, &event);
}

/**
 * m2m_port_suspended() - the bus sleeps; pipes are stopped
 * @port: any
 *
 * Context: may sleep.
 */
void m2m_port_suspended(struct m2m_port *port)
{
	mutex_lock(&port->lock);
	m2m_port_set_state(port, M2M_WWAN_STATE_SUSPENDED, NULL);
	mutex_unlock(&port->lock);
}

/**
 * m2m_port_resumed() - the bus woke up, or the device was reset
 * @port: any
 * @lost: the modem lost power or was reset: ids and format are void
 *
 * Context: may sleep; pipes are not started yet.
 */
void m2m_port_resumed(struct m2m_port *port, bool lost)
{
	struct m2m_event event = {
		.kind = M2M_WWAN_EVENT_RESUMED,
		.reason = lost ? "reset" : NULL,
	};

	mutex_lock(&port->lock);
	m2m_port_event(port, &event);
	if (lost) {
		skb_queue_purge(&port->rx_queue);
		m2m_route_restart(port);
	}
	m2m_port_set_state(port, m2m_port_awake_state(port), NULL);
	mutex_unlock(&port->lock);
}
