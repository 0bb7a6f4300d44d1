/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packet data networks: what an APN grants, addresses, calls and their end. */
#ifndef SIM_PDN_H
#define SIM_PDN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem.h"
#include "profile.h"
#include "qmi.h"

#define PDN_APNS_MAX		16
#define PDN_ANY_HANDLE		0xffffffff

struct answer;
struct client;

/* Types of a verbose call end reason */
enum pdn_reason_type {
	PDN_INTERNAL = 2,
	PDN_CM = 3,
	PDN_3GPP = 6,
};

struct pdn_reason {
	uint16_t type;
	uint16_t cause;
};

/* The causes this modem finds by itself */
#define PDN_NO_REASON		((struct pdn_reason) { 0, 0 })
#define PDN_CLIENT_END		((struct pdn_reason) { PDN_CM, 2000 })
#define PDN_NO_SERVICE		((struct pdn_reason) { PDN_CM, 2001 })
#define PDN_FADE		((struct pdn_reason) { PDN_CM, 2002 })
#define PDN_NO_UIM		((struct pdn_reason) { PDN_CM, 518 })
#define PDN_PS_DETACHED		((struct pdn_reason) { PDN_CM, 1028 })
#define PDN_CARD_EVENT		((struct pdn_reason) { PDN_INTERNAL, 218 })
#define PDN_LOW_POWER		((struct pdn_reason) { PDN_INTERNAL, 219 })
#define PDN_APN_DISABLED	((struct pdn_reason) { PDN_INTERNAL, 220 })
#define PDN_V4_THROTTLED	((struct pdn_reason) { PDN_INTERNAL, 209 })
#define PDN_V6_THROTTLED	((struct pdn_reason) { PDN_INTERNAL, 211 })
#define PDN_IN_USE		((struct pdn_reason) { PDN_INTERNAL, 237 })
#define PDN_PDP_MISMATCH	((struct pdn_reason) { PDN_INTERNAL, 238 })
#define PDN_NO_ROAMING		((struct pdn_reason) { PDN_INTERNAL, 239 })
#define PDN_IN_USE_MATCH	((struct pdn_reason) { PDN_INTERNAL, 241 })
#define PDN_ABORTED		((struct pdn_reason) { PDN_INTERNAL, 202 })
#define PDN_ESM_CAUSE(n)	((struct pdn_reason) { PDN_3GPP, (n) })

/* What the network grants for one APN. */
struct pdn_apn {
	char name[APN_MAX];
	bool v4, v6;
	bool dns64;
	bool public;		/* its IPv4 address is in 25.0.0.0/8 */
	uint32_t cause;		/* refused with this, 0: granted */
	char user[32], password[32];	/* demanded unless "" */
	uint32_t throttle_ms;	/* after a refusal */
	int64_t throttled_until;	/* monotonic, microseconds */
};

enum pdn_call_state {
	PDN_CALL_CONNECTING,
	PDN_CALL_UP,
};

/* One call: one APN, one family, one data port. @call stays first. */
struct pdn_call {
	struct modem_call call;
	struct pdn_call *next;
	enum pdn_call_state state;
	uint32_t handle;
	unsigned int owner_port;	/* of the client that started it */
	uint8_t owner;
	char apn[APN_MAX];
	uint8_t profile;		/* 0: none */
	uint8_t pdp;
	uint8_t auth;
	char user[128];
	unsigned int index;		/* of its address */
	struct answer *answer;		/* while connecting */
	struct pdn_reason verdict;	/* of the network, told when it is due */
};

/* What Start Network asks for. */
struct pdn_request {
	unsigned int port;
	uint8_t mux_id;
	uint8_t family;			/* 4 or 6 */
	char apn[APN_MAX];
	char user[128], password[128];
	uint8_t profile;
	uint8_t pdp;
	uint8_t auth;
};

struct pdn_state {
	struct pdn_apn apns[PDN_APNS_MAX];
	unsigned int n_apns;
	struct profiles profiles;
	struct pdn_call *calls;
	uint32_t connect_ms;
	uint32_t mtu;
	uint32_t next_handle;
	uint64_t last_tx_bytes, last_rx_bytes;	/* of the call before */
	uint8_t autoconnect;		/* 0 off, 1 on, 2 paused */
	uint8_t autoconnect_roaming;	/* 0 allowed, 1 home only */
	unsigned int autoconnect_timer;
};

void pdn_init(struct modem *modem);
void pdn_power_off(struct modem *modem);

/*
 * A call in state connecting for @owner, or NULL with the reason. The caller
 * brings it up with pdn_call_up() or ends it.
 */
struct pdn_call *pdn_call_new(struct modem *modem, const struct client *owner,
			      const struct pdn_request *request,
			      struct pdn_reason *ret_reason);
/* The network's verdict after the delay: grants it, or says why not. */
bool pdn_call_up(struct modem *modem, struct pdn_call *call,
		 struct pdn_reason *ret_reason);
/* Ends @call and tells everyone; frees it. */
void pdn_call_end(struct modem *modem, struct pdn_call *call,
		  struct pdn_reason reason);
/* Ends every call, or those of one port (@port < MODEM_PORTS_MAX). */
void pdn_end_all(struct modem *modem, unsigned int port,
		 struct pdn_reason reason);

/*
 * Autoconnect: after registration and after a drop the modem itself starts an
 * IPv4 call of the default profile, on its first port and no mux id. Nobody
 * owns it; a global stop ends it.
 */
void pdn_autoconnect(struct modem *modem);

struct pdn_call *pdn_call_of_client(struct modem *modem,
				    const struct client *client);
struct pdn_call *pdn_call_on(struct modem *modem, unsigned int port,
			     uint8_t mux_id, uint8_t family);
unsigned int pdn_calls_up(const struct modem *modem);

struct pdn_apn *pdn_apn_find(struct modem *modem, const char *name);
/* "NAME v4 v6 dns64 public cause N user U password P throttle MS" adds or replaces. */
int pdn_apn_set(struct modem *modem, const char *words, char *err,
		size_t err_len);
/* The old, coarse call end reason that goes with a verbose one. */
uint16_t pdn_reason_coarse(struct pdn_reason reason);
/* @words: "drop [cause N] [mux N]" or "readdress" */
int pdn_command(struct modem *modem, const char *words, char *err,
		size_t err_len);

#endif /* SIM_PDN_H */
