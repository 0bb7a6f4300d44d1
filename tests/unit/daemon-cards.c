// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the slots of a site: which card is in use, and what is in the others. */
#include <stdio.h>

#include "daemon-cards.h"

static void take(struct site *site, struct site_card *ret)
{
	*ret = (struct site_card){
		.sim = site->sim, .pin = site->card_pin, .tries = site->tries,
		.reg = site->reg, .reject = site->reject, .answer = site->answer,
	};
	snprintf(ret->iccid, sizeof(ret->iccid), "%s", site->iccid);
}

/* A card that gets its power begins anew, and its network with it */
static void give(struct site *site, const struct site_card *card)
{
	site->card_pin = card->pin;
	site->tries = card->tries;
	site->reg = card->reg;
	site->reject = card->reject;
	site->answer = card->answer;
	site_card(site, card->iccid);
	site->sim = card->sim;
}

void site_put(struct site *site, unsigned int slot, const struct site_card *card)
{
	if (slot == site->active)
		give(site, card);
	else
		site->cards[slot - 1] = *card;
}

void site_cards(struct site *site, unsigned int slots)
{
	site->slots = slots;
	site->active = 1;
	for (unsigned int i = 0; i < slots; i++) {
		take(site, &site->cards[i]);
		snprintf(site->cards[i].iccid, sizeof(site->cards[i].iccid),
			 "8949020000123456789%u", i % 10);
	}
}

/* What was on its way of the card before is not told any more */
static void forget_news(struct site *site)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < site->queued; i++)
		if (site->queue[i].event.type != EVENT_SIM)
			site->queue[kept++] = site->queue[i];
	site->queued = kept;
}

void cards_write(struct site *site)
{
	uint8_t slot = slots_wanted(&site->m.slots);

	if (!(site->m.written & SETTING_SLOT) || !slot || slot > site->slots ||
	    site->forgets || site->stubborn & SETTING_SLOT)
		return;
	take(site, &site->cards[site->active - 1]);
	site->active = slot;
	forget_news(site);
	give(site, &site->cards[slot - 1]);
}
