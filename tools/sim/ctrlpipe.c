// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the frames between one QMI interface and its firmware. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "bytes.h"
#include "ctrlpipe.h"
#include "modem.h"
#include "noise.h"

/*
 * DOC: Encapsulated commands
 *
 * The host sends frames by SEND_ENCAPSULATED_COMMAND on endpoint 0. Each frame
 * to the host is queued, and RESPONSE_AVAILABLE goes out on the interrupt
 * endpoint; GET_ENCAPSULATED_RESPONSE fetches the oldest, or nothing. What does
 * not fit into one fetch comes with the next. A hung pipe keeps requests until
 * the host takes them back or the hang ends; all other endpoints go on.
 */

#define QUEUE_MAX	256
#define OVERSIZE_LEN	(MODEM_FRAME_MAX + 904)

struct frame {
	TAILQ_ENTRY(frame) link;
	struct ctrlpipe *pipe;
	guint timer;			/* late frames: waits for this */
	size_t len, off;
	uint8_t data[];
};

TAILQ_HEAD(frame_list, frame);

struct fault {
	unsigned int count, arg;
};

struct ctrlpipe {
	struct ctrlpipe_config config;
	struct endpoint *notify;
	struct frame_list queue;	/* the host may fetch these */
	struct frame_list late;		/* held back by a fault */
	unsigned int queued;
	bool dtr;
	struct urb_list held;		/* while hung */
	guint hang_timer;
	unsigned int stalls;
	struct fault faults[CTRLPIPE_N_FAULTS];
};

static bool fault_hits(struct ctrlpipe *pipe, enum ctrlpipe_fault fault)
{
	if (!pipe->faults[fault].count)
		return false;
	pipe->faults[fault].count--;
	pipe->config.stats->faults++;
	return true;
}

static void ctrlpipe_notify(struct ctrlpipe *pipe)
{
	uint8_t packet[8] = { 0xa1, USB_CDC_RESPONSE_AVAILABLE };
	const struct identity *id = usbdev_descriptors(pipe->config.dev)->identity;

	put_le16(packet + 4, id->interfaces[pipe->config.index].number);
	pipe->config.stats->ctl_notifications++;
	endpoint_send(pipe->notify, packet, sizeof(packet));
}

static void frame_queue(struct ctrlpipe *pipe, struct frame *frame)
{
	if (pipe->queued >= QUEUE_MAX) {
		pipe->config.stats->ctl_queue_full++;
		g_free(frame);
		return;
	}
	TAILQ_INSERT_TAIL(&pipe->queue, frame, link);
	pipe->queued++;
	if (fault_hits(pipe, CTRLPIPE_NOTIFY_LOSE))
		return;
	ctrlpipe_notify(pipe);
	if (fault_hits(pipe, CTRLPIPE_NOTIFY_DOUBLE))
		ctrlpipe_notify(pipe);
}

static gboolean frame_due(gpointer data)
{
	struct frame *frame = data;

	TAILQ_REMOVE(&frame->pipe->late, frame, link);
	frame->timer = 0;
	frame_queue(frame->pipe, frame);
	return G_SOURCE_REMOVE;
}

static struct frame *frame_new(struct ctrlpipe *pipe, const uint8_t *data,
			       size_t len, size_t room)
{
	struct frame *frame = g_malloc0(sizeof(*frame) + MAX(len, room));

	frame->pipe = pipe;
	frame->len = len;
	memcpy(frame->data, data, len);
	return frame;
}

/* A frame that lies within QMUX but is longer than any host reads at once. */
static void frame_oversize(struct frame *frame)
{
	if (frame->len >= 3)
		put_le16(frame->data + 1, OVERSIZE_LEN - 1);
	frame->len = OVERSIZE_LEN;
}

static void frame_send(struct ctrlpipe *pipe, const uint8_t *data, size_t len)
{
	struct frame *frame = frame_new(pipe, data, len, OVERSIZE_LEN);

	if (fault_hits(pipe, CTRLPIPE_OVERSIZE))
		frame_oversize(frame);
	else if (fault_hits(pipe, CTRLPIPE_TRUNCATE))
		frame->len = MIN(len, pipe->faults[CTRLPIPE_TRUNCATE].arg);
	if (!fault_hits(pipe, CTRLPIPE_LATE)) {
		frame_queue(pipe, frame);
		return;
	}
	TAILQ_INSERT_TAIL(&pipe->late, frame, link);
	frame->timer = g_timeout_add(pipe->faults[CTRLPIPE_LATE].arg, frame_due,
				     frame);
}

void ctrlpipe_send(struct ctrlpipe *pipe, const uint8_t *frame, size_t len)
{
	if (!usbdev_is_configured(pipe->config.dev))
		return;
	if (pipe->config.needs_dtr && !pipe->dtr) {
		pipe->config.stats->ctl_mute++;
		return;
	}
	frame_send(pipe, frame, len);
	if (fault_hits(pipe, CTRLPIPE_DOUBLE))
		frame_send(pipe, frame, len);
}

void ctrlpipe_garbage(struct ctrlpipe *pipe, unsigned int count)
{
	uint8_t noise[512];
	size_t len;

	while (count--) {
		len = noise_range(1, sizeof(noise));
		noise_fill(noise, len);
		/* Half of it gets past a look at the marker. */
		if (count % 2)
			noise[0] = 1;
		pipe->config.stats->faults++;
		frame_queue(pipe, frame_new(pipe, noise, len, 0));
	}
}

static void request_send(struct ctrlpipe *pipe, struct urb *urb)
{
	uint8_t frame[MODEM_FRAME_MAX];
	size_t len = urb->length;

	if (!len || len > sizeof(frame)) {
		usbdev_complete(pipe->config.dev, urb, -EPIPE);
		return;
	}
	memcpy(frame, urb->data, len);
	usbdev_complete(pipe->config.dev, urb, 0);
	if (pipe->config.needs_dtr && !pipe->dtr) {
		pipe->config.stats->ctl_mute++;
		return;
	}
	pipe->config.stats->ctl_commands++;
	pipe->config.command(pipe->config.ctx, pipe->config.port, frame, len);
}

static void request_get(struct ctrlpipe *pipe, struct urb *urb)
{
	struct frame *frame = TAILQ_FIRST(&pipe->queue);

	urb->actual = 0;
	if (!frame) {
		pipe->config.stats->ctl_empty_reads++;
		usbdev_complete(pipe->config.dev, urb, 0);
		return;
	}
	urb->actual = MIN(frame->len - frame->off, urb->length);
	memcpy(urb->data, frame->data + frame->off, urb->actual);
	frame->off += urb->actual;
	if (frame->off == frame->len) {
		TAILQ_REMOVE(&pipe->queue, frame, link);
		pipe->queued--;
		pipe->config.stats->ctl_responses++;
		g_free(frame);
	}
	usbdev_complete(pipe->config.dev, urb, 0);
}

static void ctrlpipe_set_dtr(struct ctrlpipe *pipe, bool on)
{
	if (pipe->dtr == on)
		return;
	pipe->dtr = on;
	pipe->config.dtr(pipe->config.ctx, pipe->config.port, on);
}

static void request_dispatch(struct ctrlpipe *pipe, struct urb *urb)
{
	bool in = urb->setup.request_type & USB_DIR_IN;

	switch (urb->setup.request) {
	case USB_CDC_SEND_ENCAPSULATED_COMMAND:
		if (in)
			break;
		request_send(pipe, urb);
		return;
	case USB_CDC_GET_ENCAPSULATED_RESPONSE:
		if (!in)
			break;
		request_get(pipe, urb);
		return;
	case USB_CDC_SET_CONTROL_LINE_STATE:
		if (in)
			break;
		ctrlpipe_set_dtr(pipe, urb->setup.value & USB_CDC_LINE_DTR);
		usbdev_complete(pipe->config.dev, urb, 0);
		return;
	}
	usbdev_complete(pipe->config.dev, urb, -EPIPE);
}

static void ctrlpipe_control(void *ctx, struct urb *urb)
{
	struct ctrlpipe *pipe = ctx;

	if (pipe->hang_timer) {
		pipe->config.stats->ctl_held++;
		TAILQ_INSERT_TAIL(&pipe->held, urb, link);
	} else if (pipe->stalls &&
		   urb->setup.request <= USB_CDC_GET_ENCAPSULATED_RESPONSE) {
		pipe->stalls--;
		pipe->config.stats->faults++;
		usbdev_complete(pipe->config.dev, urb, -EPIPE);
	} else {
		request_dispatch(pipe, urb);
	}
}

static bool ctrlpipe_cancel(void *ctx, uint64_t id)
{
	struct ctrlpipe *pipe = ctx;
	struct urb *urb;

	TAILQ_FOREACH(urb, &pipe->held, link) {
		if (urb->id != id)
			continue;
		TAILQ_REMOVE(&pipe->held, urb, link);
		urb_free(urb);
		return true;
	}
	return false;
}

static gboolean hang_ends(gpointer data)
{
	struct ctrlpipe *pipe = data;
	struct urb *urb;

	pipe->hang_timer = 0;
	while (!pipe->hang_timer && (urb = TAILQ_FIRST(&pipe->held))) {
		TAILQ_REMOVE(&pipe->held, urb, link);
		request_dispatch(pipe, urb);
	}
	return G_SOURCE_REMOVE;
}

void ctrlpipe_hang(struct ctrlpipe *pipe, unsigned int ms)
{
	if (pipe->hang_timer)
		g_source_remove(pipe->hang_timer);
	pipe->hang_timer = g_timeout_add(ms, hang_ends, pipe);
	pipe->config.stats->faults++;
}

void ctrlpipe_stall(struct ctrlpipe *pipe, unsigned int count)
{
	pipe->stalls = count;
}

void ctrlpipe_set_fault(struct ctrlpipe *pipe, enum ctrlpipe_fault fault,
			unsigned int arg, unsigned int count)
{
	pipe->faults[fault].arg = arg;
	pipe->faults[fault].count = count;
}

unsigned int ctrlpipe_pending(const struct ctrlpipe *pipe)
{
	return pipe->queued;
}

static void frame_list_free(struct frame_list *list)
{
	struct frame *frame;

	while ((frame = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, frame, link);
		if (frame->timer)
			g_source_remove(frame->timer);
		g_free(frame);
	}
}

/* Faults survive: they belong to the scenario, not to the connection. */
static void ctrlpipe_reset(void *ctx)
{
	struct ctrlpipe *pipe = ctx;

	frame_list_free(&pipe->queue);
	frame_list_free(&pipe->late);
	pipe->queued = 0;
	ctrlpipe_set_dtr(pipe, false);
	/* A new configuration comes on endpoint 0, so blocks there still wait. */
	if (!usbdev_is_connected(pipe->config.dev))
		urb_list_free(&pipe->held);
}

static const struct function_ops ctrlpipe_ops = {
	.control = ctrlpipe_control,
	.cancel = ctrlpipe_cancel,
	.reset = ctrlpipe_reset,
};

struct ctrlpipe *ctrlpipe_new(const struct ctrlpipe_config *config)
{
	struct ctrlpipe *pipe = g_malloc0(sizeof(*pipe));

	pipe->config = *config;
	pipe->notify = usbdev_endpoint(config->dev, config->index,
				       USBDEV_PIPE_NOTIFY);
	TAILQ_INIT(&pipe->queue);
	TAILQ_INIT(&pipe->late);
	TAILQ_INIT(&pipe->held);
	usbdev_set_function(config->dev, config->index, &ctrlpipe_ops, pipe);
	return pipe;
}

void ctrlpipe_free(struct ctrlpipe *pipe)
{
	if (!pipe)
		return;
	if (pipe->hang_timer)
		g_source_remove(pipe->hang_timer);
	frame_list_free(&pipe->queue);
	frame_list_free(&pipe->late);
	urb_list_free(&pipe->held);
	g_free(pipe);
}
