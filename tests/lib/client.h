/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What users of the netlink family do, in a call each. */
#ifndef TESTS_CLIENT_H
#define TESTS_CLIENT_H

#include "genl.h"

/* The number of the port that has the device $M2M_WDM names; ends the test. */
uint32_t port_find(struct genl *genl);
/* Its description. Returns 0 or a negative errno. */
int port_get(struct genl *genl, uint32_t port, struct genl_msg *ret_msg);
/* Value of one of its counters. */
uint64_t port_counter(struct genl *genl, uint32_t port, const char *name);

/* Asks for a client; @name keeps it. Returns 0 or a negative errno. */
int client_open(struct genl *genl, uint32_t port, uint8_t service,
		const char *name, uint32_t *ret_handle);
/* Waits for what becomes of it; the message as it is. */
void client_opened(struct genl *genl, uint32_t handle, struct genl_msg *ret_msg);
/* Both, all well. Returns the handle. */
uint32_t client_new(struct genl *genl, uint32_t port, uint8_t service,
		    const char *name, uint8_t *ret_cid);
int client_close(struct genl *genl, uint32_t port, uint32_t handle, bool release);
/* @timeout_ms: 0 leaves it to the driver. Returns 0 or a negative errno. */
int client_send(struct genl *genl, uint32_t port, uint32_t handle,
		const struct frame *frame, uint32_t timeout_ms, uint16_t *ret_tid);
/* Waits for the next RECEIVE and lets everything else pass. */
void client_receive(struct genl *genl, struct genl_msg *ret_msg);
/* A request without TLVs and its answer. Returns the QMI error. */
int client_call(struct genl *genl, uint32_t port, uint32_t handle,
		uint8_t service, uint16_t msgid);
/* Takes or returns the lease. Returns 0 or a negative errno. */
int port_lease(struct genl *genl, uint32_t port, bool take);

/* Waits for an event of @kind, of @port unless that is 0. */
void event_wait(struct genl *genl, uint32_t port, uint32_t kind,
		struct genl_msg *ret_msg);

/* From here on without any privilege. */
void become_nobody(void);

#endif /* TESTS_CLIENT_H */
