// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the request blocks and transfers that wait on one endpoint. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "endpoint.h"

struct transfer {
	TAILQ_ENTRY(transfer) link;
	size_t len, off;
	bool zero_packet;	/* an empty packet still has to follow */
	uint8_t data[];
};

struct urb *urb_new(size_t length)
{
	struct urb *urb;

	if (length > URB_LENGTH_MAX)
		return NULL;
	urb = g_malloc(sizeof(*urb) + length);
	memset(urb, 0, sizeof(*urb));
	urb->length = length;
	return urb;
}

void urb_free(struct urb *urb)
{
	g_free(urb);
}

void urb_list_free(struct urb_list *list)
{
	struct urb *urb;

	while ((urb = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, urb, link);
		urb_free(urb);
	}
}

void endpoint_init(struct endpoint *ep, uint8_t address, uint16_t max_packet)
{
	memset(ep, 0, sizeof(*ep));
	ep->address = address;
	ep->max_packet = max_packet;
	TAILQ_INIT(&ep->urbs);
	TAILQ_INIT(&ep->transfers);
	if (!endpoint_is_in(ep))
		ep->out = g_malloc(ENDPOINT_OUT_MAX);
}

static void transfer_drop(struct endpoint *ep, struct transfer *transfer)
{
	TAILQ_REMOVE(&ep->transfers, transfer, link);
	ep->queued -= transfer->len;
	g_free(transfer);
}

void endpoint_reset(struct endpoint *ep)
{
	struct transfer *transfer;

	while ((transfer = TAILQ_FIRST(&ep->transfers)))
		transfer_drop(ep, transfer);
	ep->out_len = 0;
	ep->out_overrun = false;
	ep->halted = false;
}

void endpoint_exit(struct endpoint *ep)
{
	endpoint_reset(ep);
	urb_list_free(&ep->urbs);
	g_free(ep->out);
	ep->out = NULL;
}

static void endpoint_complete(struct endpoint *ep, struct urb *urb, int status)
{
	urb->status = status;
	ep->complete(ep->complete_ctx, urb);
}

/*
 * Moves packets of the first transfer into @urb. Returns true when @urb ended;
 * its status is then in *ret_status.
 */
static bool transfer_feed(struct endpoint *ep, struct urb *urb, int *ret_status)
{
	struct transfer *transfer;
	size_t n;

	while ((transfer = TAILQ_FIRST(&ep->transfers))) {
		n = MIN(transfer->len - transfer->off, ep->max_packet);
		if (n > urb->length - urb->actual) {
			ep->babbles++;
			transfer_drop(ep, transfer);
			*ret_status = -EOVERFLOW;
			return true;
		}
		memcpy(urb->data + urb->actual, transfer->data + transfer->off, n);
		urb->actual += n;
		transfer->off += n;
		*ret_status = 0;
		if (n < ep->max_packet) {
			transfer_drop(ep, transfer);
			return true;
		}
		if (transfer->off == transfer->len && !transfer->zero_packet)
			transfer_drop(ep, transfer);
		if (urb->actual == urb->length)
			return true;
	}
	return false;
}

static void endpoint_pump(struct endpoint *ep)
{
	struct urb *urb;
	int status;

	while ((urb = TAILQ_FIRST(&ep->urbs))) {
		if (ep->halted)
			status = -EPIPE;
		else if (!transfer_feed(ep, urb, &status))
			break;
		TAILQ_REMOVE(&ep->urbs, urb, link);
		endpoint_complete(ep, urb, status);
	}
	if (TAILQ_EMPTY(&ep->transfers) && ep->drained)
		ep->drained(ep->function_ctx);
}

static void endpoint_receive(struct endpoint *ep, struct urb *urb)
{
	bool ends = !urb->length || urb->length % ep->max_packet || urb->zero_packet;

	if (urb->length > ENDPOINT_OUT_MAX - ep->out_len) {
		ep->out_overrun = true;
	} else {
		memcpy(ep->out + ep->out_len, urb->data, urb->length);
		ep->out_len += urb->length;
	}
	urb->actual = urb->length;
	endpoint_complete(ep, urb, 0);
	if (!ends)
		return;
	if (ep->out_overrun)
		ep->overruns++;
	else if (ep->receive)
		ep->receive(ep->function_ctx, ep->out, ep->out_len);
	ep->out_len = 0;
	ep->out_overrun = false;
}

void endpoint_submit(struct endpoint *ep, struct urb *urb)
{
	if (ep->halted) {
		endpoint_complete(ep, urb, -EPIPE);
	} else if (endpoint_is_in(ep)) {
		TAILQ_INSERT_TAIL(&ep->urbs, urb, link);
		endpoint_pump(ep);
	} else {
		endpoint_receive(ep, urb);
	}
}

bool endpoint_cancel(struct endpoint *ep, uint64_t id)
{
	struct urb *urb;

	TAILQ_FOREACH(urb, &ep->urbs, link) {
		if (urb->id != id)
			continue;
		TAILQ_REMOVE(&ep->urbs, urb, link);
		urb_free(urb);
		return true;
	}
	return false;
}

static void endpoint_queue(struct endpoint *ep, const uint8_t *data, size_t len,
			   bool ended)
{
	struct transfer *transfer = g_malloc(sizeof(*transfer) + len);

	transfer->len = len;
	transfer->off = 0;
	transfer->zero_packet = ended && len % ep->max_packet == 0;
	if (len)
		memcpy(transfer->data, data, len);
	TAILQ_INSERT_TAIL(&ep->transfers, transfer, link);
	ep->queued += len;
	endpoint_pump(ep);
}

void endpoint_send(struct endpoint *ep, const uint8_t *data, size_t len)
{
	endpoint_queue(ep, data, len, true);
}

void endpoint_send_unended(struct endpoint *ep, const uint8_t *data, size_t len)
{
	if (len)
		endpoint_queue(ep, data, len, false);
}

void endpoint_halt(struct endpoint *ep)
{
	ep->halted = true;
	endpoint_pump(ep);
}

void endpoint_clear_halt(struct endpoint *ep)
{
	ep->halted = false;
	endpoint_pump(ep);
}
