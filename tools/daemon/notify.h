/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the service manager is told, in the protocol of sd_notify(3). */
#ifndef M2MD_NOTIFY_H
#define M2MD_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What will step a machine */
struct pulse {
	bool armed;		/* its timer */
	bool queued;		/* an event that waits for its turn */
};

/* notify_send() - "READY=1", "WATCHDOG=1"...; nothing where nobody listens */
void notify_send(const char *state);

/* notify_watchdog_us() - how often it wants to hear of us; 0: never */
uint64_t notify_watchdog_us(void);

/* notify_is_alive() - each of the machines will be stepped; so are none */
bool notify_is_alive(const struct pulse *pulses, size_t n);

/* notify_watchdog() - "WATCHDOG=1" if it is so, and else nothing: we are started anew */
void notify_watchdog(const struct pulse *pulses, size_t n);

#endif /* M2MD_NOTIFY_H */
