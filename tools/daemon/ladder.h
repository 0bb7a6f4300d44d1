/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done to a modem that does not come online by itself, and when. */
#ifndef M2MD_LADDER_H
#define M2MD_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "budget.h"

/* No kind of reset has more in a day: see limits in budget.c */
#define RESETS_MAX	4

enum rung {
	RUNG_NONE,
	RUNG_REATTACH,
	RUNG_RADIO,		/* off and on */
	RUNG_SIM_POWER,		/* off and on */
	RUNG_MODEM_RESET,
	RUNG_USB_RESET,
	RUNG_PORT_POWER,
	RUNG_HOST_REBOOT,
	RUNGS,
};

/* What is wrong, as far as the ladder cares */
enum fault {
	FAULT_NONE,		/* online for good, or nothing for a ladder */
	FAULT_KEEP,		/* between two states: as before, and nothing now */
	FAULT_CALL,		/* registered, and calls fail for a while */
	FAULT_SEARCHING,
	FAULT_DENIED,
	FAULT_REJECTED,		/* denied, with a permanent cause */
	FAULT_REFUSED,		/* calls fail with a permanent cause */
	FAULT_SIM,		/* a card that was there, or cannot be read */
	FAULT_CARD,		/* absent, invalid, or not clear about its PIN */
	FAULT_DEAF,		/* requests are not answered */
	FAULT_DEAF_ONLINE,	/* the same while a call is up */
	FAULT_ABSENT,		/* off the bus */
	FAULT_SILENT,		/* on the bus, and has not answered yet */
	FAULT_OFFLINE,		/* answers, and has to be reset to do more */
	FAULTS,
};

/* All zero but for ladder_init() */
struct ladder {
	uint8_t group;			/* faults of a kind share their beginning */
	int64_t since;			/* when that was */
	int64_t hopeless;		/* when no reboot of the host could help, last */
	int64_t done[RUNGS];		/* when each was done last */
	int64_t not_before;		/* frozen, or the last could not be recorded */
};

struct ladder_facts {
	uint8_t fault;			/* enum fault */
	bool may_reattach;		/* enough calls were tried */
	bool port_power;		/* configured */
	bool host_reboot;		/* configured */
	uint16_t rungs;			/* that may be taken, as ladder_rungs() has them */
	uint8_t max_resets;		/* of the modem in a day, of each kind */
};

/* ladder_rungs() - a bit for each rung up to @highest: 1 << RUNG */
uint16_t ladder_rungs(enum rung highest);

/* ladder_init() - nothing was done yet */
void ladder_init(struct ladder *ladder);

/* ladder_fault() - note what is wrong now; starts its clock if it is of a new kind */
void ladder_fault(struct ladder *ladder, enum fault fault, int64_t now);

/* ladder_hopeless() - what is wrong now is none of the host's: its hours begin again */
void ladder_hopeless(struct ladder *ladder, int64_t now);

/* ladder_pause() - time that does not count */
void ladder_pause(struct ladder *ladder, int64_t ms);

/**
 * ladder_next() - the rung that is due next
 * @ladder: what was done
 * @facts: what is wrong
 * @strikes: budgets, by enum budget_kind
 * @now: ms
 * @ret_at: when; NEVER with RUNG_NONE
 */
enum rung ladder_next(const struct ladder *ladder, const struct ladder_facts *facts,
		      const struct strikes strikes[BUDGET_KINDS], int64_t now,
		      int64_t *ret_at);

/* ladder_done() - note that a rung is being done */
void ladder_done(struct ladder *ladder, enum rung rung, int64_t now);

/* rung_budget() - what a rung spends; BUDGET_KINDS if nothing */
enum budget_kind rung_budget(enum rung rung);

/* rung_token() - its stable word: "modem-reset" */
const char *rung_token(enum rung rung);

#endif /* M2MD_LADDER_H */
