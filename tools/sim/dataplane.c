// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the data pipes of all QMI ports and the table of calls. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "bytes.h"
#include "dataplane.h"
#include "inet.h"
#include "late.h"
#include "local.h"
#include "noise.h"
#include "peer.h"
#include "qmap-sim.h"

/*
 * DOC: The way of a packet
 *
 * From the host: transfer, frames within it (QMAP), checksum offload, Ethernet
 * header, IP header, call, source address, checksum, MTU; then to the peer or
 * the tap. What fails a step is counted under that step's name and dropped, as
 * modem firmware does. To the host: MTU, format, and with QMAP an aggregate
 * that leaves when it is full or when the main loop has nothing else to do.
 */

#define TRANSFER_MAX		65536
#define QUEUE_MAX		(512 * 1024)
#define CALLS_MAX		32
#define FLOW_ACK_MS		1000
/* More than WDA ever grants, and than any host's buffers hold */
#define OVERSIZE_LEN		40000

struct flow {
	struct port *port;
	uint8_t mux_id;
	bool off;			/* acknowledged */
	struct qmap_command sent;
	guint timer;			/* runs until the answer comes */
};

struct fault {
	unsigned int count, arg;
};

struct port {
	struct dataplane *dp;
	unsigned int number;
	struct endpoint *in;
	struct usb_stats *stats;
	struct modem_format format;
	uint8_t host[ETHER_ADDRESS];
	bool host_known;
	struct qmap_buffer aggregate;
	guint flush_source;
	struct fault faults[DATAPLANE_N_FAULTS];
	struct late *late;		/* held back by a fault */
	uint32_t transaction;
	struct flow flows[256];
};

/* Copies of what a call had when it came up; counters live in the modem. */
struct call_entry {
	bool used;
	unsigned int port;
	uint8_t mux_id, family;
	struct in_addr addr4;
	struct in6_addr addr6;
};

struct dataplane {
	struct usbdev *dev;
	struct modem *modem;
	struct usb_stats *stats;
	void (*output)(void *ctx, const uint8_t *packet, size_t len);
	void *output_ctx;
	struct port *ports[MODEM_PORTS_MAX];
	struct call_entry calls[CALLS_MAX];
	uint8_t packet[TRANSFER_MAX];	/* the uplink packet being worked on */
	uint8_t reply[TRANSFER_MAX];
	uint8_t oversize[OVERSIZE_LEN];
};

static enum qmap_version qmap_version(enum modem_aggregation aggregation)
{
	switch (aggregation) {
	case MODEM_AGG_QMAPV4:
		return QMAP_VERSION_4;
	case MODEM_AGG_QMAPV5:
		return QMAP_VERSION_5;
	/* Nobody has published the layout of v2: who asks for it gets v1's. */
	case MODEM_AGG_QMAPV2:
	case MODEM_AGG_QMAP:
	case MODEM_AGG_OFF:
		break;
	}
	return QMAP_VERSION_1;
}

static bool fault_hits(struct port *port, enum dataplane_fault fault)
{
	if (!port->faults[fault].count)
		return false;
	port->faults[fault].count--;
	port->stats->faults++;
	return true;
}

/* --- to the host ----------------------------------------------------------- */

static void transfer_deliver(void *ctx, const uint8_t *data, size_t len, bool ended)
{
	struct port *port = ctx;

	if (ended)
		endpoint_send(port->in, data, len);
	else
		endpoint_send_unended(port->in, data, len);
}

/* What there is, and noise behind it. */
static const uint8_t *transfer_oversize(struct port *port, const uint8_t *data,
					size_t *len)
{
	uint8_t *oversize = port->dp->oversize;
	size_t own = MIN(*len, OVERSIZE_LEN);

	memcpy(oversize, data, own);
	noise_fill(oversize + own, OVERSIZE_LEN - own);
	*len = OVERSIZE_LEN;
	return oversize;
}

static void transfer_send(struct port *port, const uint8_t *data, size_t len,
			  unsigned int packets)
{
	struct usb_stats *stats = port->stats;
	unsigned int copies;
	bool ended;

	if (!usbdev_is_configured(port->dp->dev))
		return;
	if (port->in->queued > QUEUE_MAX) {
		stats->drop_queue += packets;
		return;
	}
	stats->dl_transfers++;
	stats->dl_packets += packets;
	if (packets > stats->dl_max_packets)
		stats->dl_max_packets = packets;
	if (len > 1 && fault_hits(port, DATAPLANE_SHORT))
		len = noise_range(1, (uint32_t)len - 1);
	else if (len && fault_hits(port, DATAPLANE_OVERSIZE))
		data = transfer_oversize(port, data, &len);
	ended = !fault_hits(port, DATAPLANE_NO_ZLP);
	for (copies = 1 + fault_hits(port, DATAPLANE_DOUBLE); copies; copies--) {
		if (fault_hits(port, DATAPLANE_LATE))
			late_hold(port->late, port->faults[DATAPLANE_LATE].arg,
				  data, len, ended);
		else
			transfer_deliver(port, data, len, ended);
	}
}

static void aggregate_flush(struct port *port)
{
	struct qmap_buffer *buffer = &port->aggregate;

	if (port->flush_source)
		g_source_remove(port->flush_source);
	port->flush_source = 0;
	if (buffer->len)
		transfer_send(port, buffer->data, buffer->len, buffer->frames);
	buffer->len = 0;
	buffer->frames = 0;
}

static gboolean aggregate_idle(gpointer data)
{
	struct port *port = data;

	port->flush_source = 0;
	aggregate_flush(port);
	return G_SOURCE_REMOVE;
}

static void aggregate_later(struct port *port)
{
	uint32_t limit = port->format.dl_max_datagrams;

	if (limit && port->aggregate.frames >= limit)
		aggregate_flush(port);
	else if (!port->flush_source)
		port->flush_source = g_idle_add(aggregate_idle, port);
}

static void aggregate_packet(struct port *port, uint8_t mux_id,
			     const uint8_t *data, size_t len)
{
	enum qmap_version version = qmap_version(port->format.dl);
	struct qmap_buffer *buffer = &port->aggregate;

	if (qmap_put_packet(buffer, version, mux_id, data, len)) {
		aggregate_flush(port);
		if (qmap_put_packet(buffer, version, mux_id, data, len)) {
			port->stats->drop_mtu++;
			return;
		}
	}
	aggregate_later(port);
}

/* A frame or packet in the format of the port. */
static void link_send(struct port *port, uint8_t mux_id, const uint8_t *data,
		      size_t len)
{
	port->stats->dl_bytes += len;
	if (port->format.dl == MODEM_AGG_OFF)
		transfer_send(port, data, len, 1);
	else
		aggregate_packet(port, mux_id, data, len);
}

/* An IP packet; with 802.3 it gets its header here. */
static void packet_send(struct port *port, uint8_t mux_id, const uint8_t *packet,
			size_t len)
{
	static const uint8_t nobody[ETHER_ADDRESS] = { 0x00, 0xa0, 0xc6 };
	uint8_t frame[ETHER_FRAME_MAX];

	if (port->format.link_layer != MODEM_802_3 ||
	    fault_hits(port, DATAPLANE_BARE)) {
		link_send(port, mux_id, packet, len);
		return;
	}
	ether_header(frame, port->host_known ? port->host : NULL, packet[0] >> 4);
	if (fault_hits(port, DATAPLANE_MISADDRESSED))
		memcpy(frame, nobody, sizeof(nobody));
	memcpy(frame + ETHER_HEADER, packet, len);
	link_send(port, mux_id, frame, ETHER_HEADER + len);
}

/* A packet of the call itself, counted by WDS. */
static void call_send(struct port *port, struct modem_call *call,
		      uint8_t *packet, size_t len)
{
	if (call->dead) {
		port->stats->drop_dead++;
		return;
	}
	if (call->mtu && len > call->mtu) {
		port->stats->drop_mtu++;
		return;
	}
	if (len > 20 && fault_hits(port, DATAPLANE_BAD_CHECKSUM))
		packet[len - 1] ^= 0x55;
	call->rx_packets++;
	call->rx_bytes += len;
	packet_send(port, call->mux_id, packet, len);
}

/* --- from the host --------------------------------------------------------- */

static bool is_local(const struct inet_packet *info)
{
	static const uint8_t zero[16];

	if (info->family == 4)
		return info->dest[0] >= 224;
	return info->dest[0] == 0xff || !memcmp(info->source, zero, 16) ||
	       (info->source[0] == 0xfe && (info->source[1] & 0xc0) == 0x80) ||
	       (info->dest[0] == 0xfe && (info->dest[1] & 0xc0) == 0x80);
}

static bool source_is_call(const struct modem_call *call,
			   const struct inet_packet *info)
{
	size_t whole, bits;
	const uint8_t *own = call->addr6.s6_addr;

	if (info->family == 4)
		return !memcmp(info->source, &call->addr4, 4);
	/* Any address of the prefix is the host's (RFC 6459). */
	whole = MIN(call->prefix6, 128) / 8;
	bits = MIN(call->prefix6, 128) % 8;
	if (memcmp(info->source, own, whole))
		return false;
	return !bits || !((info->source[whole] ^ own[whole]) >> (8 - bits));
}

/* Router, neighbour and lease questions; true if the packet was one. */
static bool link_answer(struct port *port, struct modem_call *call,
			const uint8_t *packet, const struct inet_packet *info)
{
	bool ethernet = port->format.link_layer == MODEM_802_3;
	uint8_t *reply = port->dp->reply;
	size_t len;

	if (nd_is_solicitation(packet, info)) {
		len = nd_answer(call, packet, info, ethernet, reply);
		port->stats->nd_replies += len > 0;
	} else if (dhcp_is_request(packet, info)) {
		len = dhcp_answer(call, packet, info, reply);
		port->stats->dhcp_replies += len > 0;
	} else {
		return false;
	}
	if (len)
		packet_send(port, call->mux_id, reply, len);
	return true;
}

static void call_receive(struct port *port, struct modem_call *call,
			 const uint8_t *packet, const struct inet_packet *info)
{
	struct dataplane *dp = port->dp;
	size_t len;

	call->tx_packets++;
	call->tx_bytes += info->len;
	if (dp->output) {
		dp->output(dp->output_ctx, packet, info->len);
		return;
	}
	len = peer_answer(call, packet, info, port->stats, dp->reply);
	if (len)
		call_send(port, call, dp->reply, len);
}

/* The checks that firmware makes before a packet leaves on the air. */
static void packet_receive(struct port *port, uint8_t mux_id,
			   const uint8_t *packet, const struct inet_packet *info)
{
	struct usb_stats *stats = port->stats;
	struct modem_call *call;
	size_t len;

	call = modem_call_find(port->dp->modem, port->number, mux_id, info->family);
	if (!call && is_local(info)) {
		stats->drop_local++;
	} else if (!call) {
		stats->drop_mux++;
	} else if (call->dead) {
		stats->drop_dead++;
	} else if (inet_check_transport(packet, info) == INET_CHECKSUM_BAD) {
		stats->drop_checksum++;
	} else if (link_answer(port, call, packet, info)) {
		return;
	} else if (is_local(info)) {
		stats->drop_local++;
	} else if (!source_is_call(call, info)) {
		stats->drop_source++;
	} else if (call->mtu && info->len > call->mtu) {
		stats->drop_mtu++;
		len = peer_too_big(call, packet, info, port->dp->reply);
		if (len)
			call_send(port, call, port->dp->reply, len);
	} else {
		call_receive(port, call, packet, info);
	}
}

static void ip_receive(struct port *port, uint8_t mux_id, const uint8_t *packet,
		       size_t len, bool padded)
{
	struct inet_packet info;
	int ret;

	ret = inet_parse(packet, len, &info);
	if (ret == -EBADMSG) {
		port->stats->drop_checksum++;
	} else if (ret || (!padded && info.len != len)) {
		port->stats->drop_malformed++;
	} else {
		port->stats->ul_packets++;
		port->stats->ul_bytes += info.len;
		packet_receive(port, mux_id, packet, &info);
	}
}

static void arp_receive(struct port *port, uint8_t mux_id, const uint8_t *arp,
			size_t len)
{
	struct modem_call *call;
	size_t n;

	call = modem_call_find(port->dp->modem, port->number, mux_id, 4);
	if (!call || call->dead)
		return;
	n = arp_answer(call, arp, len, port->dp->reply);
	if (!n)
		return;
	port->stats->arp_replies++;
	link_send(port, mux_id, port->dp->reply, n);
}

static void frame_receive(struct port *port, uint8_t mux_id, const uint8_t *frame,
			  size_t len)
{
	if (port->format.link_layer != MODEM_802_3) {
		ip_receive(port, mux_id, frame, len, false);
		return;
	}
	if (len < ETHER_HEADER || !ether_is_for_modem(frame)) {
		port->stats->drop_ethernet++;
		return;
	}
	memcpy(port->host, frame + ETHER_ADDRESS, ETHER_ADDRESS);
	port->host_known = true;
	switch (get_be16(frame + 12)) {
	case ETHERTYPE_ARP:
		arp_receive(port, mux_id, frame + ETHER_HEADER, len - ETHER_HEADER);
		break;
	case ETHERTYPE_IP4:
	case ETHERTYPE_IP6:
		ip_receive(port, mux_id, frame + ETHER_HEADER, len - ETHER_HEADER,
			   true);
		break;
	default:
		port->stats->drop_ethernet++;
	}
}

/* --- QMAP ------------------------------------------------------------------ */

static void flow_answer(struct port *port, const struct qmap_frame *frame)
{
	struct qmap_command command;
	struct flow *flow = &port->flows[frame->mux_id];

	if (qmap_get_command(frame, &command) || !flow->timer ||
	    command.type != QMAP_ACK || command.name != flow->sent.name ||
	    command.transaction != flow->sent.transaction) {
		port->stats->flow_bad++;
		return;
	}
	g_source_remove(flow->timer);
	flow->timer = 0;
	flow->off = command.name == QMAP_FLOW_DISABLE;
	port->stats->flow_acks++;
}

static gboolean flow_timeout(gpointer data)
{
	struct flow *flow = data;

	flow->timer = 0;
	flow->port->stats->flow_timeouts++;
	return G_SOURCE_REMOVE;
}

int dataplane_flow(struct dataplane *dp, unsigned int number, uint8_t mux_id,
		   bool stop)
{
	struct port *port = dp->ports[number];
	struct flow *flow = &port->flows[mux_id];
	enum qmap_version version = qmap_version(port->format.dl);

	if (port->format.dl == MODEM_AGG_OFF)
		return -EPROTO;
	if (flow->timer)
		g_source_remove(flow->timer);
	flow->port = port;
	flow->sent.name = stop ? QMAP_FLOW_DISABLE : QMAP_FLOW_ENABLE;
	flow->sent.type = QMAP_REQUEST;
	flow->sent.mux_id = mux_id;
	flow->sent.transaction = ++port->transaction;
	flow->sent.sequence = (uint16_t)port->transaction;
	/* What was sent before stays before; nothing waits behind a command. */
	aggregate_flush(port);
	if (qmap_put_command(&port->aggregate, version, &flow->sent))
		return -EPROTO;
	transfer_send(port, port->aggregate.data, port->aggregate.len, 0);
	port->aggregate.len = 0;
	port->aggregate.frames = 0;
	port->stats->flow_commands++;
	if (!stop)
		flow->off = false;
	flow->timer = g_timeout_add(FLOW_ACK_MS, flow_timeout, flow);
	return 0;
}

static void qmap_packet(struct port *port, const struct qmap_frame *frame)
{
	uint8_t *packet = port->dp->packet;

	if (port->flows[frame->mux_id].off) {
		port->stats->drop_flow++;
		return;
	}
	memcpy(packet, frame->data, frame->len);
	if (qmap_offload_apply(frame, packet)) {
		port->stats->drop_offload++;
		return;
	}
	port->stats->ul_checksums += frame->offload != QMAP_OFFLOAD_NONE;
	frame_receive(port, frame->mux_id, packet, frame->len);
}

static void qmap_receive(struct port *port, const uint8_t *data, size_t len)
{
	enum qmap_version version = qmap_version(port->format.ul);
	uint32_t limit = port->format.ul_max_datagrams;
	struct usb_stats *stats = port->stats;
	struct qmap_frame frame;
	unsigned int packets = 0;
	int n;

	if (port->format.ul_max_size && len > port->format.ul_max_size) {
		stats->drop_ul_size++;
		return;
	}
	while (len) {
		n = qmap_get_frame(data, len, version, &frame);
		if (n < 0) {
			stats->drop_malformed++;
			return;
		}
		data += n;
		len -= (size_t)n;
		if (frame.command)
			flow_answer(port, &frame);
		else if (limit && ++packets > limit)
			stats->drop_ul_datagrams++;
		else
			qmap_packet(port, &frame);
	}
	if (packets > stats->ul_max_packets)
		stats->ul_max_packets = packets;
}

static void port_receive(void *ctx, const uint8_t *data, size_t len)
{
	struct port *port = ctx;

	port->stats->ul_transfers++;
	if (!len)
		port->stats->ul_empty_transfers++;
	else if (port->format.ul != MODEM_AGG_OFF)
		qmap_receive(port, data, len);
	else
		frame_receive(port, 0, data, len);
}

/* --- calls ----------------------------------------------------------------- */

static struct call_entry *call_entry_find(struct dataplane *dp,
					  const struct modem_call *call)
{
	struct call_entry *entry;
	size_t i;

	for (i = 0; i < CALLS_MAX; i++) {
		entry = &dp->calls[i];
		if (entry->used && entry->port == call->port &&
		    entry->mux_id == call->mux_id && entry->family == call->family)
			return entry;
	}
	return NULL;
}

void dataplane_call(struct dataplane *dp, const struct modem_call *call, bool up)
{
	struct call_entry *entry = call_entry_find(dp, call);
	size_t i;

	for (i = 0; up && !entry && i < CALLS_MAX; i++)
		if (!dp->calls[i].used)
			entry = &dp->calls[i];
	if (!entry)
		return;
	entry->used = up;
	entry->port = call->port;
	entry->mux_id = call->mux_id;
	entry->family = call->family;
	entry->addr4 = call->addr4;
	entry->addr6 = call->addr6;
}

/* The tap sees one network: the first call with that address gets the packet. */
void dataplane_input(struct dataplane *dp, const uint8_t *packet, size_t len)
{
	struct call_entry *entry;
	struct modem_call *call;
	struct inet_packet info;
	size_t i;

	if (inet_parse(packet, len, &info) || info.len > sizeof(dp->reply))
		return;
	for (i = 0; i < CALLS_MAX; i++) {
		entry = &dp->calls[i];
		if (!entry->used || entry->family != info.family)
			continue;
		if (info.family == 4 ? memcmp(info.dest, &entry->addr4, 4) :
				       memcmp(info.dest, &entry->addr6, 8))
			continue;
		call = modem_call_find(dp->modem, entry->port, entry->mux_id,
				       entry->family);
		if (!call)
			continue;
		memcpy(dp->reply, packet, info.len);
		dp->ports[entry->port]->stats->tap_packets++;
		call_send(dp->ports[entry->port], call, dp->reply, info.len);
		return;
	}
}

/* --- set-up ---------------------------------------------------------------- */

void dataplane_set_format(struct dataplane *dp, unsigned int number,
			  const struct modem_format *format)
{
	struct port *port = dp->ports[number];
	size_t size = format->dl_max_size;

	if (!port)
		return;
	aggregate_flush(port);
	port->format = *format;
	port->aggregate.size = size && size < TRANSFER_MAX ? size : TRANSFER_MAX;
}

void dataplane_reset(struct dataplane *dp)
{
	struct port *port;
	size_t i, mux;

	for (i = 0; i < MODEM_PORTS_MAX; i++) {
		port = dp->ports[i];
		if (!port)
			continue;
		if (port->flush_source)
			g_source_remove(port->flush_source);
		port->flush_source = 0;
		port->aggregate.len = 0;
		port->aggregate.frames = 0;
		late_reset(port->late);
		port->host_known = false;
		for (mux = 0; mux < 256; mux++) {
			if (port->flows[mux].timer)
				g_source_remove(port->flows[mux].timer);
			port->flows[mux].timer = 0;
			port->flows[mux].off = false;
		}
	}
}

void dataplane_set_fault(struct dataplane *dp, unsigned int port,
			 enum dataplane_fault fault, unsigned int arg,
			 unsigned int count)
{
	dp->ports[port]->faults[fault].arg = arg;
	dp->ports[port]->faults[fault].count = count;
}

void dataplane_garbage(struct dataplane *dp, unsigned int number, unsigned int count)
{
	struct port *port = dp->ports[number];
	uint8_t noise[1500];
	size_t len;

	while (count--) {
		len = noise_range(1, sizeof(noise));
		noise_fill(noise, len);
		port->stats->faults++;
		transfer_send(port, noise, len, 0);
	}
}

/* UDP from 198.51.100.1 to 192.0.2.1, port 9 */
void dataplane_packet(struct dataplane *dp, unsigned int port, uint8_t mux_id)
{
	static const uint8_t packet[28] = {
		0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0x8e, 0x9b,
		198, 51, 100, 1, 192, 0, 2, 1, 0, 9, 0, 9, 0, 8,
	};

	packet_send(dp->ports[port], mux_id, packet, sizeof(packet));
}

void dataplane_inject(struct dataplane *dp, unsigned int port, const uint8_t *data,
		      size_t len, unsigned int count)
{
	while (count--) {
		dp->ports[port]->stats->faults++;
		transfer_send(dp->ports[port], data, len, 0);
	}
}

void dataplane_empty(struct dataplane *dp, unsigned int port, unsigned int count)
{
	while (count--) {
		dp->ports[port]->stats->faults++;
		transfer_send(dp->ports[port], NULL, 0, 0);
	}
}

void dataplane_set_output(struct dataplane *dp,
			  void (*output)(void *ctx, const uint8_t *packet,
					 size_t len), void *ctx)
{
	dp->output = output;
	dp->output_ctx = ctx;
}

void dataplane_set_modem(struct dataplane *dp, struct modem *modem)
{
	dp->modem = modem;
}

void dataplane_add_port(struct dataplane *dp, unsigned int number,
			unsigned int index)
{
	struct port *port = g_malloc0(sizeof(*port));

	port->dp = dp;
	port->number = number;
	port->stats = &dp->stats[number];
	port->in = usbdev_endpoint(dp->dev, index, USBDEV_PIPE_IN);
	port->late = late_new(transfer_deliver, port);
	port->format.link_layer = MODEM_802_3;
	port->aggregate.data = g_malloc(TRANSFER_MAX);
	port->aggregate.size = TRANSFER_MAX;
	usbdev_set_receiver(dp->dev, index, port_receive, port);
	dp->ports[number] = port;
}

struct dataplane *dataplane_new(struct usbdev *dev, struct usb_stats *stats)
{
	struct dataplane *dp = g_malloc0(sizeof(*dp));

	dp->dev = dev;
	dp->stats = stats;
	return dp;
}

void dataplane_free(struct dataplane *dp)
{
	size_t i;

	if (!dp)
		return;
	dataplane_reset(dp);
	for (i = 0; i < MODEM_PORTS_MAX; i++) {
		if (!dp->ports[i])
			continue;
		late_free(dp->ports[i]->late);
		g_free(dp->ports[i]->aggregate.data);
		g_free(dp->ports[i]);
	}
	g_free(dp);
}
