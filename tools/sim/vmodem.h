/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One virtual modem: device, firmware, data plane and scenario put together. */
#ifndef SIM_VMODEM_H
#define SIM_VMODEM_H

#include "identity.h"
#include "scenario.h"
#include "stats.h"

struct vmodem;

enum vmodem_state {
	VMODEM_UNPLUGGED,
	VMODEM_ATTACHING,
	VMODEM_ATTACHED,		/* the host has not configured it yet */
	VMODEM_CONFIGURED,
};

struct vmodem_config {
	const struct identity *identity;
	struct modem_config firmware;	/* the identity's, with IMEI replaced */
	const char *usbredir;		/* socket path; NULL: vhci */
	enum usb_speed speed;
	const char *tap;		/* interface name or NULL */
	struct scenario scenario;	/* not owned */
	void *ctx;
	/* Reached the bus for the first time, or never will. */
	void (*ready)(void *ctx, const char *where, const char *error);
	/* An event happened; counts are in vmodem_event_count(). */
	void (*event)(void *ctx, const char *name);
};

/* Returns 0, or a negative errno with a sentence in @err. */
int vmodem_new(const struct vmodem_config *config, char *err, size_t err_len,
	       struct vmodem **ret_vm);
/* Unplugs and frees. */
void vmodem_free(struct vmodem *vm);
/*
 * Refuses a scenario with a rule that is wrong, whenever it is due. Then runs its start
 * rules, and plugs in unless they unplugged. Returns 0, or a negative errno with the
 * line's number and a sentence in @err.
 */
int vmodem_start(struct vmodem *vm, char *err, size_t err_len);

/*
 * Does action or setting @key @value now. Returns 0, or a negative errno with a
 * sentence in @err.
 */
int vmodem_do(struct vmodem *vm, const char *key, const char *value, char *err,
	      size_t err_len);
/* Answers @key; returns 0, -ENOENT or another negative errno. */
int vmodem_get(struct vmodem *vm, const char *key, char *ret_value, size_t len);
const struct usb_stats *vmodem_stats(const struct vmodem *vm, unsigned int port);
unsigned int vmodem_ports(const struct vmodem *vm);
enum vmodem_state vmodem_state(const struct vmodem *vm);
/* May event @name ever happen, to any model? */
bool vmodem_has_event(const char *name);
/* How often event @name happened since the program started. */
unsigned int vmodem_event_count(const struct vmodem *vm, const char *name);

#endif /* SIM_VMODEM_H */
