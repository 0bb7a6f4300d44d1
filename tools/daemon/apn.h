/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which access points are tried, in which order, and where roaming forbids it. */
#ifndef M2MD_APN_H
#define M2MD_APN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APN_SIZE	101	/* TS 23.003: 100 octets, and a zero */
#define APN_MAX		4	/* candidates of one PDN */

enum apn_source {
	APN_CONFIGURED_CARD,	/* for this ICCID */
	APN_CONFIGURED,
	APN_WINNER,		/* what worked last with this ICCID */
	APN_NETWORK,		/* the attach's own, or an empty one */
	APN_DATABASE,		/* the only internet APN of the operator */
};

/* A candidate. The name stays with whoever asked: it is found again by its index. */
struct apn {
	uint64_t key;		/* of (ICCID, name) */
	uint8_t source;		/* enum apn_source */
	bool guessed;		/* nobody wrote it down */
};

/* All that is known; NULL is unknown, "" is an empty APN */
struct apn_known {
	const char *configured_card;
	const char *configured;
	const char *winner;
	const char *network;
	const char * const *database;
	size_t database_count;
	bool guess;		/* AutoConnect=yes: the last three count */
};

enum roaming {
	ROAMING_AUTO,
	ROAMING_HOME,
	ROAMING_ANY,
};

/* apn_key() - a number for (ICCID, name); never 0 */
uint64_t apn_key(const char *iccid, const char *name);

/**
 * apn_order() - the candidates in the order they are tried
 * @iccid: of the card
 * @known: what is known
 * @ret_names: APN_MAX names, pointers into @known
 * @ret_apns: APN_MAX candidates
 *
 * What is configured stands alone: nothing is guessed beside it.
 *
 * Return: how many; 0 if none may be tried.
 */
size_t apn_order(const char *iccid, const struct apn_known *known,
		 const char *ret_names[APN_MAX], struct apn ret_apns[APN_MAX]);

/**
 * apn_may_roam() - may this candidate be dialled abroad
 * @roaming: the policy
 * @guessed: nobody wrote this APN down
 * @mcc: of the SIM; 901 belongs to no country
 */
bool apn_may_roam(enum roaming roaming, bool guessed, unsigned int mcc);

#endif /* M2MD_APN_H */
