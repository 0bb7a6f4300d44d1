/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the data path: what its files and the netdevs share. */
#ifndef M2M_PIPE_H
#define M2M_PIPE_H

#include <linux/hrtimer.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/scatterlist.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "data.h"
#include "merge.h"
#include "port.h"
#include "qmap.h"
#include "tso.h"

struct urb;

/*
 * DOC: Locks of the data path
 *
 *   rtnl                  add and remove links, open and stop, interface type
 *     m2m_data.lock       mutex: up, awake; starts and stops the pipes
 *       m2m_rx.lock       spin, irqsave: receive buffers and flags
 *       m2m_tx.lock       spin, irqsave: transmit buffers, format, link queues
 *     m2m_data.carrier_lock  spin, irqsave: why a carrier is down
 *
 * The spin locks do not nest. Neither rtnl nor m2m_data.lock is taken by a
 * completion or by rx.work, tx.work, tx.hold_timer and flow_work, so any of these can
 * be waited for with both held. URBs are submitted with the spin lock held that
 * guards the flag which forbids it: once the flag is set and the URBs are
 * killed, nothing is in flight.
 */

#define M2M_MUX_MIN		1
#define M2M_MUX_MAX		254

/*
 * Frames are copied, or parts of a transfer where they lie; what the stack left
 * undone is done on the way, by the modem where it can.
 */
#define M2M_TX_FEATURES		(NETIF_F_SG | NETIF_F_FRAGLIST | \
				 NETIF_F_HW_CSUM | NETIF_F_HIGHDMA | \
				 NETIF_F_TSO | NETIF_F_TSO6 | \
				 NETIF_F_TSO_ECN | NETIF_F_TSO_MANGLEID)

/*
 * Segments of a large packet. With the usual size of segments all of 64 KiB, the
 * stack's own limit, are fewer; many small ones would be made with interrupts off.
 */
#define M2M_TX_SEGMENTS		64

/* Checksums that the modem has verified, or the driver, and what they allow */
#define M2M_LINK_FEATURES	(M2M_TX_FEATURES | NETIF_F_RXCSUM | \
				 NETIF_F_GRO_HW)

/*
 * Largest transfers. Both are whole packets of any speed: of a modem that sends
 * more, the rest is taken for the next transfer.
 */
#define M2M_RX_SIZE		32768
#define M2M_RX_SIZE_SUPER	65536
#define M2M_TX_SIZE		16384
#define M2M_TX_SIZE_SUPER	32768
#define M2M_RX_BUFS_MAX		20
/* Places for filled ones: a power of two, so that counts may wrap */
#define M2M_RX_DONE		32
#define M2M_TX_BUFS_MAX		16

/* Entries of the scatter list of a transfer; with what is kept for it, a page */
#define M2M_TX_SG		96

/* Pages of receive buffers that sockets and other devices may keep, a port */
#define M2M_RX_LENT_MAX		(2 * M2M_RX_BUFS_MAX)

/* References that a page is given while it is in work: more than it has frames */
#define M2M_RX_REFS		(M2M_RX_SIZE_SUPER / QMAP_HEADER_LEN)

/* How many transfers after a change of format are judged */
#define M2M_SUSPECT_TRANSFERS	64

/* Counters of the pipes, ethtool -S of wwan%d */
#define M2M_PIPE_COUNTERS(X)						\
	X(rx_transfers),						\
	X(rx_transfers_empty),						\
	X(rx_transfers_failed),						\
	X(rx_stalls),							\
	X(rx_broken),		/* a length ran past the transfer */	\
	X(rx_bad),		/* frames that make no sense */		\
	X(rx_no_link),		/* frames for a mux id nobody has */	\
	X(rx_no_format),	/* transfers in an unknown format */	\
	X(rx_commands),							\
	X(rx_commands_unsupported),					\
	X(rx_lent),		/* buffers whose pages became skbs' */	\
	X(rx_recycled),		/* pages that came back */		\
	X(rx_copied),		/* buffers that were copied */		\
	X(tx_transfers),						\
	X(tx_held),		/* those that waited for more frames */	\
	X(tx_transfers_failed),						\
	X(tx_stalls),							\
	X(tx_hangs),		/* transfers given up */		\
	X(tx_frames_lost),	/* taken, never delivered */		\
	X(tx_answers_lost)	/* to commands */

/* Counters of one network device, ethtool -S of each */
#define M2M_LINK_COUNTERS(X)						\
	X(rx_not_ip),							\
	X(rx_too_short),						\
	X(rx_wrong_type),	/* modem and interface disagree */	\
	X(rx_down),							\
	X(rx_no_memory),						\
	X(rx_fixed_up),		/* Ethernet headers made or mended */	\
	X(rx_verified),		/* checksums the modem vouches for */	\
	X(rx_summed),		/* TCP's that were added up, to merge */ \
	X(rx_merged),		/* segments that became parts of one */	\
	X(tx_not_ip),							\
	X(tx_too_big),							\
	X(tx_bad),							\
	X(tx_checksums),	/* left to the modem */			\
	X(tx_segments),		/* made of large packets */		\
	X(tx_in_place),		/* frames whose payload was not moved */ \
	X(tx_wrong_type),	/* modem and interface disagree */	\
	X(tx_no_mux),		/* a link while the modem does not mux */ \
	X(tx_mux_id_0_unused),	/* wwan%d while only links are in use */ \
	X(flow_off),		/* times the modem said stop */		\
	X(flow_timeouts)	/* times it forgot to say go */

enum m2m_pipe_counter {
#define X(name) M2M_PIPE_##name
	M2M_PIPE_COUNTERS(X),
#undef X
	M2M_PIPE_COUNT_MAX
};

enum m2m_link_counter {
#define X(name) M2M_LINK_##name
	M2M_LINK_COUNTERS(X),
#undef X
	M2M_LINK_COUNT_MAX
};

/* What a transfer holds */
enum m2m_mode {
	M2M_MODE_NONE,		/* something we cannot speak */
	M2M_MODE_ETHERNET,
	M2M_MODE_RAW_IP,
	M2M_MODE_QMAP,
};

/**
 * struct m2m_link - private part of wwan%d and of every mux link
 * @port: outlives the network device
 * @net: the network device
 * @lower: wwan%d below a mux link, held until the link is freed; else NULL
 * @tracker: of the reference to @lower
 * @mux_id: 1..254, 0 for wwan%d
 * @counters: by enum m2m_link_counter
 * @carrier_off: by a manager; under carrier_lock
 * @open: on tx.links; this and what follows is under tx.lock
 * @node: of tx.links
 * @wait: of tx.waiting; empty unless the link waits for room
 * @granted: may take room although others wait
 * @large: packet whose segments leave one by one, ours as well as the stack's; or
 *	NULL
 * @tso: where @large stands
 * @frag: fragment of @large that the next segment begins in, or after ...
 * @frag_at: ... which begins there
 * @pieces: of the payload of a segment of @large at most, where transfers refer
 *	to it, or 0: it is copied
 * @flow_off: the modem asked to stop ...
 * @flow_since: ... at this time
 * @flow_told: what listeners know of @flow_off
 * @settled: the poll that has settled what follows, which is the poll's alone
 * @merges: rx-gro-hw is on ...
 * @udp_alone: ... and nobody wants UDP merged
 */
struct m2m_link {
	struct m2m_port *port;
	struct net_device *net;
	struct net_device *lower;
	netdevice_tracker tracker;
	u8 mux_id;
	atomic_long_t counters[M2M_LINK_COUNT_MAX];
	bool carrier_off;
	bool open;
	struct list_head node;
	struct list_head wait;
	bool granted;
	struct sk_buff *large;
	struct m2m_tso tso;
	unsigned int frag;
	size_t frag_at;
	unsigned int pieces;
	bool flow_off;
	unsigned long flow_since;
	bool flow_told;
	unsigned int settled;
	bool merges;
	bool udp_alone;
};

struct m2m_rx_buf {
	struct list_head node;
	struct m2m_data *owner;
	struct urb *urb;
	struct page *page;
	u8 *data;
	size_t len;
};

/**
 * struct m2m_rx - receive half
 * @lock: guards @idle, @on, @halted, @backoff, @errors, and who fills @done
 * @idle: buffers that are neither in flight nor filled
 * @done: ring of filled buffers; the poll takes them without @lock ...
 * @filled: ... so many were put in there
 * @taken: ... and so many taken out
 * @on: buffers may be posted
 * @halted: the endpoint stalled, @work clears it
 * @backoff: errors came, @work posts again later
 * @errors: failed transfers in a row
 * @work: clears a halt, ends a backoff; takes no lock but @lock
 * @bufs: all of them
 * @n_bufs: length of @bufs
 * @size: of each
 * @napi: exists while the interface is up; what follows is its poll's alone
 * @now: buffer the poll is in
 * @mode: format of @now
 * @cursor: where in @now, for M2M_MODE_QMAP ...
 * @frame: ... and what was found there last
 * @runs: that joined or opened a flow, and the next one may, or went up alone, as
 *	the next one may ...
 * @alone: ... by this link, or NULL ...
 * @inet: ... and was this
 * @now_good: frames of @now that made sense
 * @now_bad: those that did not
 * @lends: fragments may be parts of @now's page
 * @refs: references to that page which no fragment has taken yet
 * @spare: page that takes the place of @now's
 * @lent: ring of pages that were lent, ours as well
 * @lent_first: oldest of them
 * @n_lent: how many
 * @merge: open flows, none between polls
 * @ready: skbs that go up when the poll ends
 * @polls: counts them
 * @settled: GRO held nothing when this one began
 */
struct m2m_rx {
	spinlock_t lock;
	struct list_head idle;
	struct m2m_rx_buf *done[M2M_RX_DONE];
	unsigned int filled;
	unsigned int taken;
	bool on;
	bool halted;
	bool backoff;
	unsigned int errors;
	struct delayed_work work;
	struct m2m_rx_buf bufs[M2M_RX_BUFS_MAX];
	unsigned int n_bufs;
	unsigned int size;

	struct napi_struct napi;
	struct m2m_rx_buf *now;
	enum m2m_mode mode;
	struct m2m_qmap_cursor cursor;
	struct m2m_qmap_frame frame;
	bool runs;
	struct m2m_link *alone;
	struct m2m_inet inet;
	unsigned int now_good;
	unsigned int now_bad;
	bool lends;
	unsigned int refs;
	struct page *spare;
	struct page *lent[M2M_RX_LENT_MAX];
	unsigned int lent_first;
	unsigned int n_lent;
	struct m2m_merge merge;
	struct list_head ready;
	unsigned int polls;
	bool settled;
};

/* Why nothing is transmitted: bits of m2m_tx.stops */
#define M2M_TX_CLOSED		BIT(0)	/* the interface is down */
#define M2M_TX_ASLEEP		BIT(1)	/* suspended, or not started yet */
#define M2M_TX_HELD		BIT(2)	/* the format changes */
#define M2M_TX_HALTED		BIT(3)	/* tx.work mends the endpoint */
#define M2M_TX_FORGOTTEN	BIT(4)	/* the modem restarted */
#define M2M_TX_NO_FORMAT	BIT(5)	/* the modem's is not one of ours */
#define M2M_TX_DOZING		BIT(6)	/* autosuspended: a frame wakes the bus */

/* No URB may be submitted, and nothing is to be mended. */
#define M2M_TX_OFF		(M2M_TX_CLOSED | M2M_TX_ASLEEP | M2M_TX_DOZING)

/* These hold the carrier down as well. */
#define M2M_TX_FORMATLESS	(M2M_TX_FORGOTTEN | M2M_TX_NO_FORMAT)

/* Links in one transfer that are charged with their bytes; more go free. */
#define M2M_TX_DEBTS		8

/* What netdev_completed_queue() is to be told; @link is NULL once it went down. */
struct m2m_tx_debt {
	struct m2m_link *link;
	unsigned int packets;
	unsigned int bytes;
};

/* What a transfer refers to besides what was copied into its buffer */
struct m2m_tx_sg {
	struct scatterlist list[M2M_TX_SG];
	struct sk_buff *skbs[M2M_TX_SG];
};

/**
 * struct m2m_tx_buf - a transfer
 * @node: of tx.idle
 * @owner: of all of them
 * @urb: its URB
 * @data: where frames or parts of them are copied to, of tx.size bytes ...
 * @copied: ... so many so far, ...
 * @listed: ... of which so many are in @sg's list
 * @len: of the transfer
 * @frames: in it
 * @sg: NULL where the host controller takes no list; @n_list entries of its list
 *	and @n_skbs of its skbs are in use
 * @n_list: 0: everything was copied
 * @n_skbs: held until the transfer is done; while it is in flight, its completion's
 * @in_flight: submitted ...
 * @since: ... at this time
 * @debts: what links are charged with ...
 * @n_debts: ... so many
 */
struct m2m_tx_buf {
	struct list_head node;
	struct m2m_data *owner;
	struct urb *urb;
	u8 *data;
	size_t copied;
	size_t listed;
	size_t len;
	unsigned int frames;
	struct m2m_tx_sg *sg;
	unsigned int n_list;
	unsigned int n_skbs;
	bool in_flight;
	unsigned long since;
	struct m2m_tx_debt debts[M2M_TX_DEBTS];
	unsigned int n_debts;
};

/**
 * struct m2m_tx - transmit half
 * @lock: guards everything but @bufs' memory, @work, @hold_timer and @drained
 * @stops: M2M_TX_*; frames leave while it is 0
 * @stalled: the endpoint stalled, @work clears it
 * @hangs: transfers given up in a row
 * @mode: what a transfer holds
 * @version: of M2M_MODE_QMAP
 * @head_len: bytes that go before a frame
 * @size: of the buffers that frames are copied to
 * @sg_most: entries of a scatter list that the host controller takes, 0: none
 * @max_frames: of one transfer
 * @max_size: of a transfer that holds more than one frame
 * @frame_max: longest single frame with its headers
 * @user_max_frames: from m2m_data_set_limits(), 0: none
 * @user_max_size: the same
 * @idle: buffers that hold nothing
 * @open: buffer that takes frames, or NULL
 * @in_flight: how many are
 * @links: network devices that are up
 * @waiting: those of them that wait for room, longest wait first
 * @n_large: those of them that have a large packet
 * @answers: to QMAP commands, ready to be sent
 * @drained: @in_flight became 0
 * @work: clears a halt, watches for hangs; takes no lock but @lock
 * @holding: @open waits for more frames though nothing is in flight, until ...
 * @hold_timer: ... this runs out; takes no lock but @lock either
 * @bufs: all of them
 * @n_bufs: length of @bufs
 */
struct m2m_tx {
	spinlock_t lock;
	unsigned long stops;
	bool stalled;
	unsigned int hangs;
	enum m2m_mode mode;
	enum m2m_qmap_version version;
	size_t head_len;
	size_t size;
	unsigned int sg_most;
	unsigned int max_frames;
	size_t max_size;
	size_t frame_max;
	u32 user_max_frames;
	u32 user_max_size;
	struct list_head idle;
	struct m2m_tx_buf *open;
	unsigned int in_flight;
	struct list_head links;
	struct list_head waiting;
	unsigned int n_large;
	struct sk_buff_head answers;
	wait_queue_head_t drained;
	struct delayed_work work;
	bool holding;
	struct hrtimer hold_timer;
	struct m2m_tx_buf bufs[M2M_TX_BUFS_MAX];
	unsigned int n_bufs;
};

/**
 * struct m2m_data - the data path of a port
 * @port: owner
 * @lock: see DOC above; guards @up and @awake
 * @up: wwan%d is up
 * @awake: the bus works
 * @links: by mux id; written under rtnl, read under RCU
 * @format: in force, under tx.lock
 * @raw_ip: what qmi/raw_ip says; under tx.lock
 * @rx_mode: what transfers hold from now on; read without lock
 * @rx_version: of M2M_MODE_QMAP; the same
 * @mux_id_0_seen: since the format was set, the modem used mux id 0
 * @suspect_left: transfers still to be judged since the format was set
 * @suspect_bad: those that made no sense
 * @carrier_lock: guards @hung and carrier_off of the links
 * @hung: the control pipe hangs
 * @flow_work: flow control events and time-outs
 * @counters: by enum m2m_pipe_counter
 * @rx: receive half
 * @tx: transmit half
 */
struct m2m_data {
	struct m2m_port *port;
	struct mutex lock;
	bool up;
	bool awake;
	struct m2m_link __rcu *links[M2M_MUX_MAX + 1];
	struct m2m_format format;
	bool raw_ip;
	enum m2m_mode rx_mode;
	enum m2m_qmap_version rx_version;
	bool mux_id_0_seen;
	atomic_t suspect_left;
	atomic_t suspect_bad;
	spinlock_t carrier_lock;
	bool hung;
	struct delayed_work flow_work;
	atomic_long_t counters[M2M_PIPE_COUNT_MAX];
	struct m2m_rx rx;
	struct m2m_tx tx;
};

static inline void m2m_pipe_count(struct m2m_data *data,
				  enum m2m_pipe_counter counter)
{
	atomic_long_inc(&data->counters[counter]);
}

static inline void m2m_link_count(struct m2m_link *link,
				  enum m2m_link_counter counter)
{
	atomic_long_inc(&link->counters[counter]);
}

/* A packet of the link is dropped: counted, and a tracepoint. */
void m2m_link_drop(struct m2m_link *link, enum m2m_link_counter why);

/* The same of what belongs to no link; @mux_id: the frame's, 0 where none is known. */
void m2m_pipe_drop(struct m2m_data *data, u8 mux_id, enum m2m_pipe_counter why);

/* --- data.c, for the network devices; rtnl held unless said otherwise ------ */

/* @net, that is wwan%d, comes up or goes down. */
int m2m_data_open(struct m2m_port *port, struct net_device *net);
void m2m_data_stop(struct m2m_port *port);

/**
 * m2m_data_link_add() - make a link reachable by its mux id
 * @link: whose mux id is free
 *
 * Context: rtnl held.
 */
void m2m_data_link_add(struct m2m_link *link);

/* No frame is on its way to @link when this returns. May sleep; rtnl held. */
void m2m_data_link_del(struct m2m_link *link);

/* A link that was added, or NULL. Context: rtnl or rcu_read_lock() held. */
struct m2m_link *m2m_data_link(struct m2m_data *data, u8 mux_id);

/* qmi/raw_ip was written: it decides until the modem states a format. */
void m2m_data_set_raw_ip(struct m2m_port *port, bool raw_ip);

/* The device that wwan%d is below of. */
struct device *m2m_data_parent(struct m2m_port *port);

/* Those of M2M_LINK_FEATURES that the format allows. Context: any. */
netdev_features_t m2m_data_features(struct m2m_port *port);

/* --- deliver.c, called by the poll alone ------------------------------------ */

/* A packet of a transfer: is it IP, and which? 0: neither. */
static inline __be16 m2m_ip_protocol(const u8 *packet, size_t len)
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

void m2m_deliver_init(struct m2m_rx *rx);

/* A poll begins; when it ends, nothing is held back. */
void m2m_deliver_begin(struct m2m_rx *rx);
void m2m_deliver_end(struct m2m_rx *rx);

/* A packet of the buffer in work, for a link. */
void m2m_deliver_ip(struct m2m_data *data, struct m2m_link *link,
		    const struct m2m_qmap_frame *frame);

/* More of the kind of rx->frame, up to a limit; returns how many frames. */
unsigned int m2m_deliver_run(struct m2m_data *data, unsigned int limit);

void m2m_deliver_ethernet(struct m2m_data *data, struct m2m_link *link,
			  const u8 *frame, size_t len);

/* --- rx.c ------------------------------------------------------------------- */

/* Undoes itself on failure. */
int m2m_rx_init(struct m2m_data *data);
void m2m_rx_exit(struct m2m_data *data);

/* Post every buffer. Context: data->lock held. */
void m2m_rx_start(struct m2m_data *data);

/* Kill every URB; what was received stays. Context: data->lock held, sleeps. */
void m2m_rx_stop(struct m2m_data *data);

/* Forget what was received and not passed on; while there is no NAPI. */
void m2m_rx_reset(struct m2m_data *data);

/* Wait for rx.work; after m2m_rx_stop(). Context: data->lock held, sleeps. */
void m2m_rx_flush(struct m2m_data *data);

/* NAPI of wwan%d comes and goes with it being up. Context: rtnl held, sleeps. */
void m2m_rx_napi_add(struct m2m_data *data, struct net_device *net);
void m2m_rx_napi_del(struct m2m_data *data);

/* --- tx.c ------------------------------------------------------------------- */

/* Undoes itself on failure. */
int m2m_tx_init(struct m2m_data *data);
void m2m_tx_exit(struct m2m_data *data);

/* Set or clear a reason not to transmit, and tell the queues. Context: any. */
void m2m_tx_stop(struct m2m_data *data, unsigned long stop);
void m2m_tx_go(struct m2m_data *data, unsigned long stop);

/* Kill every URB and drop what waits; some stop is set. Sleeps. */
void m2m_tx_kill(struct m2m_data *data);

/*
 * The modem restarted: stop for M2M_TX_FORGOTTEN and drop what waits, which is
 * in the old format and of calls that have ended. Context: any.
 */
void m2m_tx_forget(struct m2m_data *data);

/* Stop for M2M_TX_DOZING, unless something is on its way. Context: any. */
bool m2m_tx_doze(struct m2m_data *data);

/* Wait for tx.work; after m2m_tx_kill(). Context: data->lock held, sleeps. */
void m2m_tx_flush(struct m2m_data *data);

/* Send what is open, stop for M2M_TX_HELD, wait, kill what stays. Sleeps. */
void m2m_tx_hold(struct m2m_data *data);

/*
 * Recompute limits from data->format, and drop the answers that the mode has no frames
 * for. Context: tx.lock held.
 */
void m2m_tx_set_limits(struct m2m_data *data);

/**
 * m2m_tx_send() - transmit a frame of a network device
 * @link: private part of @skb->dev
 * @skb: linear or not, checksum done or not, TCP of any size
 *
 * Context: BH disabled. Return: NETDEV_TX_OK or NETDEV_TX_BUSY.
 */
netdev_tx_t m2m_tx_send(struct m2m_link *link, struct sk_buff *skb);

/* Queue the answer to a QMAP command; @skb is consumed. Context: any. */
void m2m_tx_answer(struct m2m_data *data, struct sk_buff *skb);

/* A network device came up or goes down. Context: rtnl held. */
void m2m_tx_link_open(struct m2m_link *link);
void m2m_tx_link_stop(struct m2m_link *link);

/* The modem stops or starts a link. Context: tx.lock held. */
void m2m_tx_set_flow(struct m2m_link *link, bool off);

/* Start or stop the queue of @link as its state demands. tx.lock held. */
void m2m_tx_update_queue(struct m2m_link *link);

/* --- flow.c ----------------------------------------------------------------- */

void m2m_flow_init(struct m2m_data *data);

/* A command came from the modem. Context: softirq, rcu_read_lock() held. */
void m2m_flow_command(struct m2m_data *data,
		      const struct m2m_qmap_frame *frame);

/* The modem forgot what it asked for. Context: any. */
void m2m_flow_reset(struct m2m_data *data);

#endif /* M2M_PIPE_H */
