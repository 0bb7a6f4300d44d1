/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the service manager is told, in the protocol of sd_notify(3). */
#ifndef M2MD_NOTIFY_H
#define M2MD_NOTIFY_H

#include <stdint.h>

/* notify_send() - "READY=1", "WATCHDOG=1"...; nothing where nobody listens */
void notify_send(const char *state);

/* notify_watchdog_us() - how often it wants to hear of us; 0: never */
uint64_t notify_watchdog_us(void);

#endif /* M2MD_NOTIFY_H */
