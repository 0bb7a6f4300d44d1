/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cards have used of their data: counted, kept on disk. */
#ifndef M2MD_USAGE_H
#define M2MD_USAGE_H

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct state;
struct usages;

/*
 * usages_new() - with what is on disk. usages_free() - written before
 * @state: outlives it
 */
struct usages *usages_new(struct state *state);
void usages_free(struct usages *usages);

/* usages_add() - a card has used so many bytes more */
void usages_add(struct usages *usages, const char *iccid, uint64_t bytes);

/**
 * usages_look() - what that means
 * @usages: of all cards
 * @iccid: the card; "" is none
 * @plan: its limit
 * @name: of the modem, for the log
 *
 * Return: for how long its PDNs have to be down, in ms; 0 for not at all.
 */
int64_t usages_look(struct usages *usages, const char *iccid, const struct plan *plan,
		    const char *name);

#endif /* M2MD_USAGE_H */
