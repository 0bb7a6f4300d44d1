/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The times and numbers of the policy, in one place; tests may use others. */
#ifndef M2MD_POLICY_H
#define M2MD_POLICY_H

#include <stdint.h>

#include "../lib/store-limits.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#define SECOND		((int64_t)1000)
#define MINUTE		(60 * SECOND)
#define HOUR		(60 * MINUTE)
#define DAY		(24 * HOUR)

/* A time that never comes, and one that never was */
#define NEVER		INT64_MAX
#define LONG_AGO	(INT64_MIN / 4)

/* The later of two times */
static inline int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Milliseconds, all of them */
#define POLICY_TICK_MS		HOUR		/* a machine is stepped at least so often */
#define POLICY_LATE_MS		MINUTE		/* a step later than this is a clock's jump */
#define POLICY_BOOTED_MS	(5 * MINUTE)	/* modems that came up with their host */
#define POLICY_SETTLED_MS	(10 * MINUTE)	/* online so long: all is forgotten */
#define POLICY_START_MS		(2 * MINUTE)	/* from the bus to the first answer */
#define POLICY_OPEN_MS		MINUTE
#define POLICY_REOPEN_MS	(30 * SECOND)	/* after a failure to open */
#define POLICY_RETURN_MS	(2 * MINUTE)	/* from a reset to the bus */
#define POLICY_SIM_START_MS	MINUTE		/* a card that initialises longer is faulty */
#define POLICY_SIM_POLL_MS	(30 * SECOND)
#define POLICY_LOCKED_MS	(15 * MINUTE)	/* a locked radio is switched on so often */
#define POLICY_BLIND_MAX	11		/* doublings of POLICY_SIM_POLL_MS: 17 h */
#define POLICY_OFF_MS		(5 * SECOND)	/* radio or card off, in a cycle */
#define POLICY_ATTACH_MS	MINUTE
#define POLICY_PIN_MS		(30 * SECOND)
#define POLICY_RECORD_MS	(30 * SECOND)
#define POLICY_RECORD_AGAIN_MS	(30 * MINUTE)
#define POLICY_WRITE_MS		(30 * SECOND)
#define POLICY_POLL_MS		(5 * MINUTE)	/* nothing heard: ask */
#define POLICY_SLOT_CARD_MS	(2 * MINUTE)	/* a card of no use makes way for the next */
#define POLICY_SLOT_MS		(30 * MINUTE)	/* and one that does not come online */
#define POLICY_DEAF_POLL_MS	(30 * SECOND)
#define POLICY_UPDATE_MS	(30 * MINUTE)	/* frozen at least so long */
#define POLICY_UPDATED_MS	(2 * MINUTE)	/* firmware that answers is done with it */
#define POLICY_ADOPT_MS		(15 * SECOND)
#define POLICY_DIAL_MS		(200 * SECOND)	/* QMI gives up after 180 s */
#define POLICY_HANGUP_MS	(30 * SECOND)
#define POLICY_REATTACH_MS	(10 * MINUTE)	/* between two that the network asked for */
#define POLICY_FAMILY_MS	DAY		/* a family refused is asked for again */
#define POLICY_AGEING_MS	(6 * HOUR)	/* windows on disk are aged so often */
#define POLICY_CALM_MS		(20 * MINUTE)	/* and those of calls; a boot's first call
						 * waits so long at most
						 */
#define POLICY_UNSAVED		8		/* activations; more are put on disk */
#define POLICY_LEFT		10		/* of an hour's cap for first calls of boots, by
						 * their later ones
						 */
#define POLICY_CROWD		3		/* a part of an hour's cap is left to each boot */
#define POLICY_DEAF		5		/* time-outs in a row */
#define POLICY_REDIALS		3		/* before the ladder */
/* A day; the store counts them for all modems and is the one that refuses */
#define POLICY_MAX_WRITES	STORE_WRITES_A_DAY
#define POLICY_SPARE_WRITES	(POLICY_MAX_WRITES / 2)	/* records that can wait stop here */
#define POLICY_AGEING_WRITES	(POLICY_MAX_WRITES / 4)	/* those that only age calls, here */

#endif /* M2MD_POLICY_H */
