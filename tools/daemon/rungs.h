/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rungs of the ladder that a modem need not answer to, and the site's hooks. */
#ifndef M2MD_RUNGS_H
#define M2MD_RUNGS_H

#include <stdbool.h>
#include <stdint.h>

struct host;
struct state;
struct unit;

/* rungs_reset_usb() - have the driver reset the device; it stays bound, and says so */
void rungs_reset_usb(const char *name, uint32_t port_id);

/* rungs_port_power() - have a device's port switched off and on */
void rungs_port_power(struct host *host, const char *name, const char *usb_path);

/*
 * rungs_reboot() - have the host rebooted: once a day whatever modem asks, on disk before,
 * and not while another modem is online
 */
void rungs_reboot(struct host *host, const char *name);
/* rungs_reboot_from() - when the first may be, by clock_ms() */
int64_t rungs_reboot_from(const struct state *state);

/* What a hook is told; "" where it is not known */
struct hook {
	const char *usb_path, *imei, *pdn, *cause;
};

/* rungs_hook() - a PDN is up now, or is no more; only that it failed is a complaint */
void rungs_hook(struct unit *unit, bool up, const struct hook *hook);

#endif /* M2MD_RUNGS_H */
