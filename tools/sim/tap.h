/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A layer-3 interface of the host instead of the built-in peer. */
#ifndef SIM_TAP_H
#define SIM_TAP_H

#include <stddef.h>
#include <stdint.h>

struct tap;

/*
 * Opens or makes the TUN interface @name; packets that the host routes there go
 * to @input. On success returns 0 and the tap, else a negative errno.
 */
int tap_open(const char *name,
	     void (*input)(void *ctx, const uint8_t *packet, size_t len),
	     void *ctx, struct tap **ret_tap);
void tap_free(struct tap *tap);
/* Hands a packet to the host; its queue being full loses the packet. */
void tap_write(void *tap, const uint8_t *packet, size_t len);

#endif /* SIM_TAP_H */
