/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of a modem's cards is used, where several may be: Order=. */
#ifndef M2MD_SLOTS_H
#define M2MD_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "cause.h"

#define SLOTS_MAX	4	/* of an order */

/* How it stands with the card in use */
enum slots_fault {
	SLOTS_NONE,		/* nothing that another card would help: times begin anew */
	SLOTS_SETTLED,		/* online for ten minutes: all is forgotten */
	SLOTS_KEEP,		/* between two states: as before, and nothing now */
	SLOTS_PAUSE,		/* the same, and this time does not count */
	SLOTS_OFFLINE,		/* the modem answers, and no PDN is online */
	SLOTS_CARD,		/* the card is of no use */
};

/*
 * All zero but for slots_init(). It is not on disk: who begins anew takes the slot that is
 * in use; what may be written in a day is the budget's.
 */
struct slots {
	uint8_t n;		/* of the order; 0: whichever slot is in use */
	uint8_t order[SLOTS_MAX];	/* slots, each once, the best one first */
	uint8_t there;		/* slots that the modem has; 0: not known */
	uint8_t active;		/* as it was told last; 0: not known */
	uint8_t at;		/* in the order: the one that is wanted, or was tried last */
	bool moving;		/* to that one */
	bool tried;		/* the modem was told to use that one */
	bool paused;
	uint8_t moves;		/* since it was online for ten minutes */
	uint8_t useless;	/* cards of no use that were left in a row, SLOTS_MAX at most */
	uint8_t fault;		/* SLOTS_NONE, SLOTS_OFFLINE or SLOTS_CARD */
	struct cause cause;	/* why it moves, or did */
	int64_t offline_since, card_since;
	int64_t moved_at;
};

/* slots_init() - no order, and nothing is known */
void slots_init(struct slots *slots);

/**
 * slots_config() - what is configured
 * @slots: as it was: moves that were made stay so
 * @order: slots, each once
 * @n: how many; what is more than SLOTS_MAX is left out
 */
void slots_config(struct slots *slots, const uint8_t *order, unsigned int n);

/**
 * slots_told() - what the modem says
 * @slots: if it is another slot than before, it is taken as it is
 * @active: in use; 0: nothing is said
 * @there: how many there are
 */
void slots_told(struct slots *slots, uint8_t active, uint8_t there);

/* slots_fault() - note how it stands now; starts clocks where that is new */
void slots_fault(struct slots *slots, enum slots_fault fault, int64_t now);

/* slots_pass() - so much time went by */
void slots_pass(struct slots *slots, int64_t ms);

/* slots_wanted() - the slot that is to be in use; 0: nothing says which */
uint8_t slots_wanted(const struct slots *slots);
/* slots_differ() - another one is in use */
bool slots_differ(const struct slots *slots);
/* slots_next() - the one that is tried next; 0: there is no other */
uint8_t slots_next(const struct slots *slots);

/**
 * slots_due() - when the next one is tried, if it stays as it is
 *
 * A card that is of no use is left after two minutes, one that does not come online after
 * half an hour; after a round of all cards in an hour, after each further round in twice as
 * long, a day at most, which is waited with a card that might come online if there is one.
 *
 * Return: a time, or NEVER.
 */
int64_t slots_due(const struct slots *slots);

/* slots_move() - the next one is wanted from now on, because of @cause */
void slots_move(struct slots *slots, const struct cause *cause);
/* slots_moved() - the modem is told so: counts, whatever becomes of it */
void slots_moved(struct slots *slots, int64_t now);
/* slots_stay() - it was not told, or did not do it: the one in use is wanted */
void slots_stay(struct slots *slots);

#endif /* M2MD_SLOTS_H */
