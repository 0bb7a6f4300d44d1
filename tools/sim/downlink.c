// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the aggregate that is being filled for the host, and the faults on its way. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "downlink.h"
#include "late.h"
#include "noise.h"

#define QUEUE_MAX		(512 * 1024)
/* More than WDA ever grants, and than any host's buffers hold */
#define OVERSIZE_LEN		40000

struct fault {
	unsigned int count, arg;
};

struct downlink {
	struct usbdev *dev;
	struct endpoint *in;
	struct usb_stats *stats;
	struct modem_format format;
	struct qmap_buffer aggregate;
	guint flush_source;
	struct fault faults[DOWNLINK_N_FAULTS];
	struct late *late;		/* held back by a fault */
	uint8_t oversize[OVERSIZE_LEN];
};

bool downlink_fault_hits(struct downlink *dl, enum downlink_fault fault)
{
	if (!dl->faults[fault].count)
		return false;
	dl->faults[fault].count--;
	dl->stats->faults++;
	return true;
}

/* --- transfers ------------------------------------------------------------- */

static void transfer_deliver(void *ctx, const uint8_t *data, size_t len, bool ended)
{
	struct downlink *dl = ctx;

	if (ended)
		endpoint_send(dl->in, data, len);
	else
		endpoint_send_unended(dl->in, data, len);
}

/* What there is, and noise behind it. */
static const uint8_t *transfer_oversize(struct downlink *dl, const uint8_t *data,
					size_t *len)
{
	uint8_t *oversize = dl->oversize;
	size_t own = MIN(*len, OVERSIZE_LEN);

	memcpy(oversize, data, own);
	noise_fill(oversize + own, OVERSIZE_LEN - own);
	*len = OVERSIZE_LEN;
	return oversize;
}

static void transfer_send(struct downlink *dl, const uint8_t *data, size_t len,
			  unsigned int packets)
{
	struct usb_stats *stats = dl->stats;
	unsigned int copies;
	bool ended;

	if (!usbdev_is_configured(dl->dev))
		return;
	if (dl->in->queued > QUEUE_MAX) {
		stats->drop_queue += packets;
		return;
	}
	stats->dl_transfers++;
	stats->dl_packets += packets;
	if (packets > stats->dl_max_packets)
		stats->dl_max_packets = packets;
	if (len > 1 && downlink_fault_hits(dl, DOWNLINK_SHORT))
		len = noise_range(1, (uint32_t)len - 1);
	else if (len && downlink_fault_hits(dl, DOWNLINK_OVERSIZE))
		data = transfer_oversize(dl, data, &len);
	ended = !downlink_fault_hits(dl, DOWNLINK_NO_ZLP);
	for (copies = 1 + downlink_fault_hits(dl, DOWNLINK_DOUBLE); copies; copies--) {
		if (downlink_fault_hits(dl, DOWNLINK_LATE))
			late_hold(dl->late, dl->faults[DOWNLINK_LATE].arg,
				  data, len, ended);
		else
			transfer_deliver(dl, data, len, ended);
	}
}

/* --- aggregates ------------------------------------------------------------ */

static void aggregate_flush(struct downlink *dl)
{
	struct qmap_buffer *buffer = &dl->aggregate;

	if (dl->flush_source)
		g_source_remove(dl->flush_source);
	dl->flush_source = 0;
	if (buffer->len)
		transfer_send(dl, buffer->data, buffer->len, buffer->frames);
	buffer->len = 0;
	buffer->frames = 0;
}

static gboolean aggregate_idle(gpointer data)
{
	struct downlink *dl = data;

	dl->flush_source = 0;
	aggregate_flush(dl);
	return G_SOURCE_REMOVE;
}

static void aggregate_later(struct downlink *dl)
{
	uint32_t limit = dl->format.dl_max_datagrams;

	if (limit && dl->aggregate.frames >= limit)
		aggregate_flush(dl);
	else if (!dl->flush_source)
		dl->flush_source = g_idle_add(aggregate_idle, dl);
}

static void aggregate_packet(struct downlink *dl, uint8_t mux_id,
			     const uint8_t *data, size_t len)
{
	enum qmap_version version = qmap_version_of(dl->format.dl);
	struct qmap_buffer *buffer = &dl->aggregate;

	if (qmap_put_packet(buffer, version, mux_id, data, len)) {
		aggregate_flush(dl);
		if (qmap_put_packet(buffer, version, mux_id, data, len)) {
			dl->stats->drop_mtu++;
			return;
		}
	}
	if (version != QMAP_VERSION_1 &&
	    downlink_fault_hits(dl, DOWNLINK_WRONG_VERDICT))
		qmap_turn_verdict(buffer, version, len);
	aggregate_later(dl);
}

void downlink_send(struct downlink *dl, uint8_t mux_id, const uint8_t *data,
		   size_t len)
{
	dl->stats->dl_bytes += len;
	if (dl->format.dl == MODEM_AGG_OFF)
		transfer_send(dl, data, len, 1);
	else
		aggregate_packet(dl, mux_id, data, len);
}

int downlink_command(struct downlink *dl, const struct qmap_command *command)
{
	struct qmap_buffer *buffer = &dl->aggregate;

	if (dl->format.dl == MODEM_AGG_OFF)
		return -EPROTO;
	/* What was sent before stays before; nothing waits behind a command. */
	aggregate_flush(dl);
	if (qmap_put_command(buffer, qmap_version_of(dl->format.dl), command))
		return -EPROTO;
	transfer_send(dl, buffer->data, buffer->len, 0);
	buffer->len = 0;
	buffer->frames = 0;
	return 0;
}

/* --- faults ---------------------------------------------------------------- */

void downlink_set_fault(struct downlink *dl, enum downlink_fault fault,
			unsigned int arg, unsigned int count)
{
	dl->faults[fault].arg = arg;
	dl->faults[fault].count = count;
}

void downlink_garbage(struct downlink *dl, unsigned int count)
{
	uint8_t noise[1500];
	size_t len;

	while (count--) {
		len = noise_range(1, sizeof(noise));
		noise_fill(noise, len);
		dl->stats->faults++;
		transfer_send(dl, noise, len, 0);
	}
}

void downlink_inject(struct downlink *dl, const uint8_t *data, size_t len,
		     unsigned int count)
{
	while (count--) {
		dl->stats->faults++;
		transfer_send(dl, data, len, 0);
	}
}

/* --- set-up ---------------------------------------------------------------- */

void downlink_set_format(struct downlink *dl, const struct modem_format *format)
{
	size_t size = format->dl_max_size;

	aggregate_flush(dl);
	dl->format = *format;
	dl->aggregate.size = size && size < TRANSFER_MAX ? size : TRANSFER_MAX;
}

void downlink_reset(struct downlink *dl)
{
	if (dl->flush_source)
		g_source_remove(dl->flush_source);
	dl->flush_source = 0;
	dl->aggregate.len = 0;
	dl->aggregate.frames = 0;
	late_reset(dl->late);
}

struct downlink *downlink_new(struct usbdev *dev, unsigned int index,
			      struct usb_stats *stats)
{
	struct downlink *dl = g_malloc0(sizeof(*dl));

	dl->dev = dev;
	dl->in = usbdev_endpoint(dev, index, USBDEV_PIPE_IN);
	dl->stats = stats;
	dl->late = late_new(transfer_deliver, dl);
	dl->aggregate.data = g_malloc(TRANSFER_MAX);
	dl->aggregate.size = TRANSFER_MAX;
	return dl;
}

void downlink_free(struct downlink *dl)
{
	if (!dl)
		return;
	downlink_reset(dl);
	late_free(dl->late);
	g_free(dl->aggregate.data);
	g_free(dl);
}
