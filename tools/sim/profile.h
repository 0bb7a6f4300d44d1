/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The 3GPP profiles in modem memory. */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#define PROFILES_MAX	16
#define APN_MAX		101	/* with the terminating NUL */

/* WDS PDP types */
enum profile_pdp {
	PROFILE_IPV4 = 0,
	PROFILE_IPV6 = 2,
	PROFILE_IPV4V6 = 3,
};

struct profile {
	bool used;
	char name[APN_MAX];
	char apn[APN_MAX];
	char user[128], password[128];
	uint8_t pdp;
	uint8_t auth;		/* bit 0 PAP, bit 1 CHAP */
	bool disabled;
	bool no_roaming;
	uint64_t apn_types;
};

/* Numbers 1 to PROFILES_MAX, as they stand in the messages. */
struct profiles {
	struct profile slot[PROFILES_MAX + 1];
	uint8_t default_tethered, default_embedded;
	uint16_t attach[4], pending[4];
	uint8_t n_attach, n_pending;
};

void profiles_init(struct profiles *profiles);
struct profile *profile_find(struct profiles *profiles, unsigned int number);
/* The lowest free number, 0 if there is none. */
unsigned int profile_free_number(const struct profiles *profiles);

/* A new attach uses the pending list, if there is one. */
void profiles_attach(struct profiles *profiles);

#endif /* SIM_PROFILE_H */
