/* SPDX-License-Identifier: GPL-2.0-only */
/* The port: one QMI interface of a modem, and what the doors may ask of it. */
#ifndef M2M_PORT_H
#define M2M_PORT_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/m2m_wwan.h>

struct m2m_chardev;
struct m2m_client;
struct m2m_ctrl;
struct m2m_data;
struct m2m_ring;
struct net_device;
struct usb_device;
struct usb_endpoint_descriptor;
struct usb_interface;

/*
 * DOC: Ownership
 *
 * object       made by            held by                   dies when
 * m2m_port     usb probe          probe, every session,     marked dead, pipes stopped, work
 *              (kref)             every work that names it  flushed, last reference put
 * m2m_client   a door: open() or  port->clients             the door detaches it: release(),
 *              first netlink use                            socket gone, or the port's death
 * m2m_qid      ALLOCATE answer,   port->qids; ->owner is    RELEASE, modem restart, port death;
 *              adoption           borrowed, may be NULL     parked (owner NULL) in between
 * m2m_xact     a request sent     port->xacts; ->client     answer, deadline, modem restart,
 *                                 becomes NULL on detach    port death
 * control URBs ctrl.c             ctrl.c only               m2m_ctrl_exit()
 * bulk URBs    rx.c, tx_urb.c     rx.c, tx_urb.c only       m2m_data_exit()
 * large skb    the stack          its link's large, under   its last segment is copied; its
 *                                 tx.lock                   link stops, or what waits is lost
 * wwan%d       netdev.c           port->net                 m2m_netdev_del(), under rtnl
 * mux link     mux.c              data.c by mux id, RCU     dellink, del_mux or wwan%d's end
 *
 * Death of a port, in this order (m2m_usb_disconnect()):
 *   hidden    character device deregistered; no lock of ours is held, since
 *             its open() takes port->lock below usbcore's minor lock
 *   dead      port->dead set under port->lock, id taken out of the registry,
 *             every session told: nobody new gets in, nothing new is queued
 *   stopped   control and bulk URBs killed
 *   flushed   format_work is done, the workqueue empty and destroyed; network
 *             devices are unregistered after that, under rtnl, which
 *             format_work takes
 *   put       probe's reference; open files may keep the memory longer
 */

/*
 * DOC: Lock order
 *
 *   usbcore's device lock
 *     rtnl
 *       port->lock          mutex: sessions, ids, transactions, state, lease
 *         m2m_ctrl.lock     spin, irqsave: control queue and URB flags
 *         m2m_data's locks  see pipe.h
 *
 * Routing runs in process context: URB completions only queue frames for
 * port->rx_work. A door's callback runs with port->lock held, may sleep, and
 * must not call back into clients.c. Neither rtnl nor a USB call that waits
 * happens under port->lock.
 */

#define M2M_CLIENTS_MAX		32	/* sessions a port */
#define M2M_CLIENT_IDS_MAX	64	/* ids a session */
#define M2M_CLIENT_XACTS_MAX	64	/* requests in flight a session */
#define M2M_PORT_IDS_MAX	128
#define M2M_PARKED_MAX		4	/* parked ids a service ... */
#define M2M_PARKED_WDS_MAX	16	/* ... where each may hold a call */
#define M2M_KEPT_INDS_MAX	8	/* last indications of a kept id */

/* Bit n set: the driver speaks enum m2m_wwan_aggregation value n. */
#define M2M_AGG_MASK (BIT(M2M_WWAN_AGG_NONE) | BIT(M2M_WWAN_AGG_QMAP) | \
		      BIT(M2M_WWAN_AGG_QMAPV4) | BIT(M2M_WWAN_AGG_QMAPV5))

/**
 * struct m2m_format - what the bulk pipes carry, as the modem confirmed it
 * @confirmed: by the modem since it last started; else qmi/raw_ip decided
 * @link_layer: enum m2m_wwan_link_layer
 * @ul: enum m2m_wwan_aggregation towards the modem
 * @dl: enum m2m_wwan_aggregation from the modem
 * @ul_max_datagrams: packets one bulk-out transfer may hold, 0 if not stated
 * @ul_max_size: bytes of one bulk-out transfer, 0 if not stated
 * @dl_max_datagrams: packets one bulk-in transfer may hold, 0 if not stated
 * @dl_max_size: bytes of one bulk-in transfer, 0 if not stated
 * @qos_header: the modem wants a QoS header, which we cannot speak
 */
struct m2m_format {
	bool confirmed;
	bool qos_header;
	u32 link_layer;
	u32 ul;
	u32 dl;
	u32 ul_max_datagrams;
	u32 ul_max_size;
	u32 dl_max_datagrams;
	u32 dl_max_size;
};

/* A frame that outlives the transfer it came in. */
struct m2m_frame {
	struct list_head node;
	size_t len;
	u8 data[];
};

/* A copy of a frame, or NULL. Context: may sleep. */
struct m2m_frame *m2m_frame_new(const u8 *data, size_t len);

/* Counters of the control pipe, dumped by name; written under port->lock. */
#define M2M_COUNTERS(X)							\
	X(ctrl_tx, "frames sent to the modem"),				\
	X(ctrl_rx, "frames from the modem"),				\
	X(ctrl_rx_garbage, "transfers that held no frame"),		\
	X(ctrl_rx_truncated, "frames longer than their transfer"),	\
	X(ctrl_rx_malformed, "frames whose lengths contradict"),	\
	X(ctrl_rx_unowned, "frames for an id nobody has"),		\
	X(ctrl_rx_overflow, "frames dropped, routing fell behind"),	\
	X(ctrl_notifications, "notifications from the modem"),		\
	X(ctrl_errors, "failed control transfers"),			\
	X(ctrl_hangs, "control transfers given up"),			\
	X(client_lost, "messages a slow client lost"),			\
	X(request_timeouts, "requests without an answer"),		\
	X(ids_parked, "ids whose session closed"),			\
	X(ids_reclaimed, "parked ids released for want of room"),	\
	X(restarts, "times the modem restarted its QMI")

enum m2m_counter {
#define X(name, doc) M2M_COUNT_##name
	M2M_COUNTERS(X),
#undef X
	M2M_COUNT_MAX
};

/**
 * struct m2m_port - one QMI interface
 * @ref: counts the holders named in the ownership table
 * @id: number on netlink, never used twice
 * @udev: the modem; valid until disconnect returns
 * @intf: control interface, parent of wwan%d and of the character device
 * @data_intf: interface of the bulk pipes, often @intf
 * @ep_status: interrupt-in endpoint
 * @ep_in: bulk-in endpoint
 * @ep_out: bulk-out endpoint
 * @ifnum: bInterfaceNumber of @intf
 * @quirks: M2M_QUIRK_* of ids.h
 * @vendor: idVendor
 * @product: idProduct
 * @speed: Mbit/s of the USB connection
 * @serial: iSerial, or NULL; belongs to @udev
 * @usb_path: name of @udev, kept past its death
 * @ctrl: control pipe, owned by ctrl.c
 * @data: data pipe, owned by data.c
 * @net: wwan%d, owned by netdev.c; NULL before add and after del
 * @chardev: character device, owned by chardev.c
 * @wq: ordered; routing, time-outs and start-up run here
 * @lock: guards everything below
 * @node: name of the character device below /dev, empty without
 * @dead: no new session, frame or event from here on; readable without lock
 * @state: enum m2m_wwan_state
 * @clients: sessions
 * @n_clients: length of @clients
 * @qids: client ids known to be in the modem, oldest first
 * @n_qids: length of @qids
 * @xacts: requests in flight, oldest first
 * @next_handle: of a netlink client
 * @next_ctl_tid: 1..255
 * @round: number of the last broadcast indication
 * @lease: session that manages the port, or NULL
 * @version: the modem's answer to GET_VERSION, NULL while unknown
 * @ring: last control frames, for netlink's ring dump
 * @counters: by enum m2m_counter
 * @rx_queue: frames ctrl.c received; own lock
 * @rx_work: routes @rx_queue
 * @timeout_work: fails what is overdue in @xacts
 * @version_work: asks GET_VERSION until it is answered
 * @version_tries: how often @version_work asked
 * @format_work: carries out changes of the data format; not on @wq, because
 *	it waits for transmit to drain
 * @format_lost: the modem restarted; @format_work has to finish what that
 *	means, and what it adopts meanwhile is of before
 * @tx_held: @format_work stopped transmit; only it writes this
 */
struct m2m_port {
	struct kref ref;
	u32 id;
	struct usb_device *udev;
	struct usb_interface *intf;
	struct usb_interface *data_intf;
	struct usb_endpoint_descriptor *ep_status;
	struct usb_endpoint_descriptor *ep_in;
	struct usb_endpoint_descriptor *ep_out;
	u8 ifnum;
	unsigned long quirks;
	u16 vendor;
	u16 product;
	u32 speed;
	const char *serial;
	char usb_path[32];

	struct m2m_ctrl *ctrl;
	struct m2m_data *data;
	struct net_device *net;
	struct m2m_chardev *chardev;
	struct workqueue_struct *wq;

	struct mutex lock;	/* guards everything below */
	char node[16];
	bool dead;
	enum m2m_wwan_state state;
	struct list_head clients;
	unsigned int n_clients;
	struct list_head qids;
	unsigned int n_qids;
	struct list_head xacts;
	u32 next_handle;
	u8 next_ctl_tid;
	u32 round;
	struct m2m_client *lease;
	struct m2m_frame *version;
	struct m2m_ring *ring;
	u64 counters[M2M_COUNT_MAX];

	struct sk_buff_head rx_queue;
	struct work_struct rx_work;
	struct delayed_work timeout_work;
	struct delayed_work version_work;
	unsigned int version_tries;
	struct work_struct format_work;
	bool format_lost;
	bool tx_held;
};

/**
 * struct m2m_event - something that happened to a port
 * @kind: enum m2m_wwan_event
 * @reason: stable token, or NULL
 * @format: for format events, or NULL
 * @mux_id: for flow events
 * @on: for flow (1 may send) and lease (1 taken) events
 */
struct m2m_event {
	enum m2m_wwan_event kind;
	const char *reason;
	const struct m2m_format *format;
	u8 mux_id;
	bool on;
};

/**
 * m2m_port_event() - tell everybody who listens
 * @port: any
 * @event: copied
 *
 * Context: any, softirq included.
 */
void m2m_port_event(struct m2m_port *port, const struct m2m_event *event);

/**
 * m2m_port_is_leased() - does a manager hold the port?
 * @port: any
 *
 * Sysfs changes of the data path are refused with -EBUSY while it is so.
 * Context: any; the answer may be old when it arrives.
 */
static inline bool m2m_port_is_leased(const struct m2m_port *port)
{
	return READ_ONCE(port->lease);
}

/* Queues a reset of the USB device; the driver stays bound. Context: any. */
void m2m_port_reset(struct m2m_port *port);

/* For doors, which do not know the pipes: see data.h and netdev.h. */
void m2m_port_get_format(struct m2m_port *port, struct m2m_format *ret_format);
void m2m_port_set_limits(struct m2m_port *port, u32 max_size,
			 u32 max_datagrams);
int m2m_port_for_each_link(struct m2m_port *port,
			   int (*visit)(struct net_device *link, u8 mux_id, void *arg),
			   void *arg);

struct m2m_port *m2m_port_alloc(struct usb_interface *intf);
void m2m_port_put(struct m2m_port *port);

/**
 * m2m_port_get() - find a port by number
 * @id: from netlink
 *
 * Context: any. Return: a strong reference, or NULL.
 */
struct m2m_port *m2m_port_get(u32 id);

/**
 * m2m_port_get_next() - iterate over ports by number
 * @id: in: first number wanted, out: number found
 *
 * Context: any. Return: a strong reference, or NULL at the end.
 */
struct m2m_port *m2m_port_get_next(unsigned long *id);

int m2m_port_publish(struct m2m_port *port);
void m2m_port_kill(struct m2m_port *port);
void m2m_port_flush(struct m2m_port *port);

/* The bus sleeps, or woke up; @lost: the modem forgot its ids and format. */
void m2m_port_suspended(struct m2m_port *port);
void m2m_port_resumed(struct m2m_port *port, bool lost);

/* State of a port that is neither asleep nor hung. */
static inline enum m2m_wwan_state
m2m_port_awake_state(const struct m2m_port *port)
{
	return port->version ? M2M_WWAN_STATE_READY : M2M_WWAN_STATE_ATTACHED;
}

/**
 * m2m_port_set_state() - the only writer of port->state; tells who listens
 * @port: lock held
 * @state: new state; nothing happens if it is the old one
 * @reason: stable token for the event, or NULL
 */
void m2m_port_set_state(struct m2m_port *port, enum m2m_wwan_state state,
			const char *reason);

/**
 * m2m_port_count() - bump a counter of the control pipe
 * @port: any
 * @counter: which
 *
 * Context: any; a lost increment under a race is accepted.
 */
static inline void m2m_port_count(struct m2m_port *port,
				  enum m2m_counter counter)
{
	WRITE_ONCE(port->counters[counter], port->counters[counter] + 1);
}

#endif /* M2M_PORT_H */
