/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a machine's state its rows look at, with times and counts in classes. */
#ifndef TESTS_DAEMON_VIEW_H
#define TESTS_DAEMON_VIEW_H

#include "../../tools/daemon/machine.h"

struct node;

/* The two halves of the machine meet in few places: each is searched by itself. */
enum part {
	PART_PIN,		/* with a card that wants one, and settings to write */
	PART_CALLS,		/* with a card that wants none; ladder and budgets */
	PART_SLOTS,		/* with two of those, and an order */
};

/* What stands for a state */
struct view {
	uint8_t modem, pdn;
	uint8_t sim, radio, registration, timeouts;
	bool present, ready, opened, in_use;
	bool settled, fresh, doubted, recording, sent;
	uint8_t tries, fate, disk_fate, pin_cause, rung;
	uint8_t fault, since, due_rung, exhausted, differ, futile, vain;
	uint8_t cause;
	uint8_t slot, slot_at, slot_fault, slot_round;
	bool moving, tried, spent;
	bool adopt, online_long, silent, reattach, armed, cut, long_wait, unmanaged;
};

/* view_look() - at a state in a search of @part; @pin: the one that is configured */
void view_look(struct view *view, const struct node *node, enum part part, uint64_t pin);
/* view_wait_left() - until the access point may be called: of the network, of back-off */
int64_t view_wait_left(const struct machine *m);

#endif /* TESTS_DAEMON_VIEW_H */
