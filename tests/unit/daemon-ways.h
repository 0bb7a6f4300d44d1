/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every way of a machine: its states that can be reached, from each by each event. */
#ifndef TESTS_DAEMON_WAYS_H
#define TESTS_DAEMON_WAYS_H

#include "../../tools/daemon/machine.h"
#include "daemon-search.h"
#include "daemon-view.h"

/* A machine with its modem, its card and its disk */
struct node {
	struct search_node search;
	struct machine m;
	struct saved disk;	/* what is there */
	struct saved next;	/* what is being written */
	uint8_t tries;		/* of the card, truly */
	bool writing, sent, wrong;
	bool unmanaged;		/* the configuration has no file for it */
	bool dark;		/* the radio was switched off, and not on since */
	uint32_t vain;		/* settings that a write left as they were */
	int64_t vain_until;
	struct view view;
};

/* What is asked of each step */
struct judge {
	/* of each action, before it is done */
	void (*action)(const struct node *node, const struct action *action);
	/* of where the machine stands then */
	void (*step)(const struct node *node, const struct actions *actions);
};

/*
 * ways_search() - find all states of @part, judged by @judge; @wrong: the card has another
 * PIN than @config. Once in a process.
 */
void ways_search(enum part part, const struct config *config, bool wrong,
		 const struct judge *judge);
/* ways_each() - what is asked of each state that was found */
void ways_each(void (*ask)(const struct node *node));
/* ways_broken() - what must not be: say it, and the way to @node, and end the test */
void ways_broken(const struct node *node, const char *what);

#endif /* TESTS_DAEMON_WAYS_H */
