/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transfers to the host that a fault holds back for a while. */
#ifndef SIM_LATE_H
#define SIM_LATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct late;

/* @deliver gets each transfer when its time has come; @ctx is passed on. */
struct late *late_new(void (*deliver)(void *ctx, const uint8_t *data, size_t len,
				      bool ended), void *ctx);
void late_free(struct late *late);
/* Holds a copy of @data for @ms; @ended: an empty packet may end it. */
void late_hold(struct late *late, unsigned int ms, const uint8_t *data,
	       size_t len, bool ended);
/* Forgets all that is held. */
void late_reset(struct late *late);

#endif /* SIM_LATE_H */
