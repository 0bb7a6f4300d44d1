/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine with two PDNs, and what is true of their calls, whether it knows that or not;
 * and each way on from there. What must not be is judged on the way.
 */
#ifndef TESTS_DAEMON_WORLD_H
#define TESTS_DAEMON_WORLD_H

#include "../../tools/daemon/table.h"
#include "daemon-search.h"

#define WORLD_PDNS	2
#define WORLD_LOG	64

/* What the modem has yet to answer of a PDN: a mask */
#define WORLD_OWES_DIAL		1
#define WORLD_OWES_ADOPT	2
#define WORLD_OWES_END		4

struct world_pdn_view {
	uint8_t state, cause, owes;
	bool adopt, reattach, long_wait, settled, silent, up, refused;
};

/* What stands for a state */
struct world_view {
	uint8_t modem, registration, rung, fault, since, exhausted, pdn_count;
	uint8_t left, truly_left;	/* activations, of the outcome that is watched */
	bool ready, opened, deaf, recording;
	struct world_pdn_view pdn[WORLD_PDNS];
};

struct world {
	struct search_node search;
	struct machine m;
	struct saved disk;	/* what is there */
	struct saved next;	/* what is being written */
	int64_t now;		/* no restart of m2md begins it anew */
	bool writing;
	bool one;		/* PDN is configured, not two */
	bool up[WORLD_PDNS];	/* its call is, in the modem */
	uint8_t owes[WORLD_PDNS];
	bool refused[WORLD_PDNS];	/* by the network, for good: its last answer */
	unsigned int made;	/* activations that came to the outcome that is watched */
	int64_t made_at[WORLD_LOG];
	struct world_view view;
};

/* What a search is about */
struct world_rules {
	struct config both, one;	/* configurations: PDNs that there are */
	bool calls_only;	/* nothing happens to the modem itself */
	bool same;		/* the PDNs are: which is which makes no difference */
	enum outcome watched;	/* of the activations of the first PDN's access point */
};

/* world_begin() - m2md begins with a modem that it finds; all that follows has these rules */
void world_begin(const struct world_rules *rules, struct world *ret_root);
/* world_search() - find every state that can be reached from there */
void world_search(struct world *root);
/* world_count() - how many were found; world_at() - one of them */
uint32_t world_count(void);
const struct world *world_at(uint32_t at);
/* world_broken() - it must not be as it is: says how it came to that, and ends the test */
void world_broken(const struct world *world, const char *what);

/* world_look() - note what stands for it */
void world_look(const struct world_rules *rules, struct world *world);
/* world_made() - activations in the last hour that came to what is watched */
unsigned int world_made(const struct world *world);
/* world_wait_left() - until a PDN may be called: of the network, of back-off */
int64_t world_wait_left(const struct machine *m, unsigned int pdn);
/* world_since() - how far up the ladder is: a class; world_deaf_group() - of faults */
uint8_t world_since(const struct machine *m);
uint8_t world_deaf_group(void);

#endif /* TESTS_DAEMON_WORLD_H */
