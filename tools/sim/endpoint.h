/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One bulk or interrupt endpoint, modelled packet by packet. */
#ifndef SIM_ENDPOINT_H
#define SIM_ENDPOINT_H

#include "usb.h"

/*
 * DOC: What the model keeps of a real bus
 *
 * A transfer to the host travels as packets of max_packet bytes and ends with a
 * short one; if its length is a multiple of max_packet a zero-length packet
 * follows. A request block ends when it is full or when a short packet came. A
 * packet that does not fit into the rest of a request block is babble: the
 * block fails with -EOVERFLOW and the rest of that transfer is lost. From the
 * host, a full last packet without a zero-length one does not end a transfer:
 * the next request block continues it.
 */

/* The largest transfer the modem takes in from the host. */
#define ENDPOINT_OUT_MAX	65536

struct transfer;
TAILQ_HEAD(transfer_list, transfer);

struct endpoint {
	uint8_t address;
	uint16_t max_packet;
	bool halted;
	struct urb_list urbs;		/* waiting for data (IN) */
	struct transfer_list transfers;	/* waiting for request blocks (IN) */
	size_t queued;			/* bytes in @transfers */
	uint8_t *out;			/* transfer being put together (OUT) */
	size_t out_len;
	bool out_overrun;
	/* A request block is done; the callee owns it from here. */
	void (*complete)(void *ctx, struct urb *urb);
	void *complete_ctx;
	/* OUT: a whole transfer came from the host; NULL: nobody listens. */
	void (*receive)(void *ctx, const uint8_t *data, size_t len);
	/* IN: the host took the last transfer that waited; may be NULL. */
	void (*drained)(void *ctx);
	void *function_ctx;		/* of @receive and @drained */
	uint64_t babbles;		/* -EOVERFLOW given to the host */
	uint64_t overruns;		/* OUT transfers above ENDPOINT_OUT_MAX */
};

/* Puts @ep into its state after reset; the caller then sets the callbacks. */
void endpoint_init(struct endpoint *ep, uint8_t address, uint16_t max_packet);
/* Frees what waits on @ep without completing it. */
void endpoint_exit(struct endpoint *ep);
/* Drops data in both directions and the halt; request blocks keep waiting. */
void endpoint_reset(struct endpoint *ep);
/* Takes over @urb and completes it now or later. */
void endpoint_submit(struct endpoint *ep, struct urb *urb);
/* Removes the block named @id without completing it; false if unknown. */
bool endpoint_cancel(struct endpoint *ep, uint64_t id);
/* Queues one transfer to the host, ended as the bus demands. */
void endpoint_send(struct endpoint *ep, const uint8_t *data, size_t len);
/* As endpoint_send() but a full last packet is not followed by an empty one. */
void endpoint_send_unended(struct endpoint *ep, const uint8_t *data, size_t len);
/* Halts: every block, waiting or to come, ends with -EPIPE until cleared. */
void endpoint_halt(struct endpoint *ep);
void endpoint_clear_halt(struct endpoint *ep);

static inline bool endpoint_is_in(const struct endpoint *ep)
{
	return ep->address & USB_DIR_IN;
}

/* A request block for @length bytes, zeroed, or NULL if above URB_LENGTH_MAX. */
struct urb *urb_new(size_t length);
void urb_free(struct urb *urb);
void urb_list_free(struct urb_list *list);

#endif /* SIM_ENDPOINT_H */
