// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what is known of access points that nobody wrote down, and what worked before. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "guess.h"
#include "plan.h"
#include "state.h"

/* Of more cards the one that has not been in for longest is forgotten */
#define CARDS_MAX	16
/* An empty access point; no name is like it */
#define EMPTY		"-"

struct winner {
	char iccid[ICCID_SIZE];
	char apn[APN_SIZE];
	unsigned int seen;		/* 0: not since the start */
};

struct winners {
	struct state *state;
	unsigned int clock;
	struct winner cards[CARDS_MAX];
};

/* --- what worked -------------------------------------------------------------- */

static void take(struct winners *winners, unsigned int i)
{
	struct winner *card = &winners->cards[i];
	const char *value;
	char key[16];

	snprintf(key, sizeof(key), "winner/%u", i);
	value = state_get(winners->state, key);
	if (!value)
		return;
	/* a file may hold anything */
	if (sscanf(value, "%23s %100s", card->iccid, card->apn) != 2 ||
	    (strcmp(card->apn, EMPTY) && !apn_is_valid(card->apn)))
		memset(card, 0, sizeof(*card));
	else if (!strcmp(card->apn, EMPTY))
		card->apn[0] = '\0';
}

struct winners *winners_new(struct state *state)
{
	struct winners *winners = g_new0(struct winners, 1);

	G_STATIC_ASSERT(ICCID_SIZE == 24 && APN_SIZE == 101);
	winners->state = state;
	for (unsigned int i = 0; i < CARDS_MAX; i++)
		take(winners, i);
	return winners;
}

void winners_free(struct winners *winners)
{
	g_free(winners);
}

static struct winner *find(struct winners *winners, const char *iccid)
{
	for (unsigned int i = 0; i < CARDS_MAX; i++) {
		struct winner *card = &winners->cards[i];

		if (!*card->iccid || strcmp(card->iccid, iccid))
			continue;
		card->seen = ++winners->clock;
		return card;
	}
	return NULL;
}

static struct winner *make(struct winners *winners, const char *iccid)
{
	struct winner *oldest = winners->cards;

	for (unsigned int i = 0; i < CARDS_MAX; i++) {
		struct winner *card = &winners->cards[i];

		if (!*oldest->iccid)
			break;
		if (!*card->iccid || card->seen < oldest->seen)
			oldest = card;
	}
	memset(oldest, 0, sizeof(*oldest));
	g_strlcpy(oldest->iccid, iccid, sizeof(oldest->iccid));
	oldest->seen = ++winners->clock;
	return oldest;
}

const char *winners_get(struct winners *winners, const char *iccid)
{
	const struct winner *card = find(winners, iccid);

	return card ? card->apn : NULL;
}

void winners_put(struct winners *winners, const char *iccid, const char *apn)
{
	struct winner *card = find(winners, iccid);
	char key[16], value[ICCID_SIZE + APN_SIZE];

	/* one that goes by no name may be another one next time */
	if (!*iccid || !strcmp(iccid, ICCID_UNKNOWN) || (*apn && !apn_is_valid(apn)))
		return;
	if (card && !g_ascii_strcasecmp(card->apn, apn))
		return;
	if (!card)
		card = make(winners, iccid);
	g_strlcpy(card->apn, apn, sizeof(card->apn));
	snprintf(key, sizeof(key), "winner/%u", (unsigned int)(card - winners->cards));
	snprintf(value, sizeof(value), "%s %s", iccid, *apn ? apn : EMPTY);
	state_put(winners->state, key, value);
}

/* --- of one card -------------------------------------------------------------- */

bool guess_begin(struct guess *guess, struct winners *winners, const char *iccid)
{
	const char *winner;

	if (!strcmp(guess->iccid, iccid))
		return false;
	memset(guess, 0, sizeof(*guess));
	g_strlcpy(guess->iccid, iccid, sizeof(guess->iccid));
	/* it stays the first until the card is another, whatever works meanwhile */
	winner = winners_get(winners, iccid);
	guess->has_winner = winner;
	g_strlcpy(guess->winner, winner ? winner : "", sizeof(guess->winner));
	return true;
}

void guess_ask_lists(struct guess *guess, const struct apn_places *places)
{
	const struct apn_found *found;
	struct apn_list *list;

	if (guess->listed || !guess->has_sim)
		return;
	guess->listed = true;
	list = g_new0(struct apn_list, 1);
	apn_read_lists(places, &guess->sim, list, NULL, NULL);
	found = apn_choose(list);
	if (found) {
		guess->has_found = true;
		guess->found = *found;
	}
	g_free(list);
}

void guess_known(const struct guess *guess, const char *ret_names[1],
		 struct apn_known *ret)
{
	ret_names[0] = guess->found.apn;
	ret->winner = guess->has_winner ? guess->winner : NULL;
	ret->network = guess->has_network ? guess->network : NULL;
	ret->database = ret_names;
	ret->database_count = guess->has_found;
}

const struct apn_found *guess_login(const struct guess *guess, const char *apn)
{
	return guess->has_found && !g_ascii_strcasecmp(guess->found.apn, apn) ?
		       &guess->found : NULL;
}

/* --- calls -------------------------------------------------------------------- */

bool guess_is_in_use(const struct machine *m, const struct plan *plan)
{
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		if (i >= plan->n_pdns || plan->pdns[i].apn)
			continue;
		switch (m->pdn[i].state) {
		case PDN_ADOPTING:
		case PDN_DIALLING:
		case PDN_ONLINE:
		case PDN_RELEASING:
			return true;
		default:
			break;
		}
	}
	return false;
}

void guess_acted(struct guess *guess, const struct machine *m, const struct action *action)
{
	/* of what was there already it is not known by which name it was called */
	if (action->type == ACTION_ADOPT)
		guess->dialled[action->pdn] = false;
	/* what is missing is dialled beside that */
	else if (action->type == ACTION_DIAL && !m->pdn[action->pdn].up)
		guess->dialled[action->pdn] = true;
}

/* Of several PDNs only what is guessed: the other ones may be for something else */
static bool may_win(const struct plan *plan, const struct plan_pdn *pdn)
{
	return !pdn->apn || (plan->n_pdns == 1 && !pdn->has_auth);
}

bool guess_has_won(struct guess *guess, const struct machine *m, const struct plan *plan,
		   unsigned int pdn)
{
	if (!guess->dialled[pdn] || pdn >= plan->n_pdns ||
	    m->pdn[pdn].state != PDN_ONLINE || !m->pdn[pdn].settled)
		return false;
	guess->dialled[pdn] = false;
	return may_win(plan, &plan->pdns[pdn]);
}
