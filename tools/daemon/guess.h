/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a card's access point that nobody wrote down. */
#ifndef M2MD_GUESS_H
#define M2MD_GUESS_H

#include "../lib/apn-facts.h"
#include "apn.h"
#include "machine.h"
#include "pin.h"

/*
 * DOC: from where
 *
 *   winner    the state: what was online for ten minutes with this card, whoever named it
 *   network   the modem: what it is attached with
 *   found     the lists of this host, asked when a card says who issued it
 *
 * All of it is of one card and forgotten with it. What is guessed is told the modem in
 * the call alone and stands in none of its profiles.
 */

struct plan;
struct state;
struct winners;

/* winners_new() - of all cards, kept in @state; winners_free() leaves them there */
struct winners *winners_new(struct state *state);
void winners_free(struct winners *winners);
/* winners_get() - what worked last with a card; NULL: not known, "": an empty one */
const char *winners_get(struct winners *winners, const char *iccid);
/* winners_put() - it works; written where it is another than before */
void winners_put(struct winners *winners, const char *iccid, const char *apn);

struct guess {
	char iccid[ICCID_SIZE];		/* of the card; "": of none */
	bool has_winner, has_network, has_sim;
	bool listed;			/* the lists were asked */
	bool has_found;
	char winner[APN_SIZE], network[APN_SIZE];
	struct apn_sim sim;
	struct apn_found found;
	bool dialled[PDN_MAX];		/* by its name, and not noted that it works */
};

/*
 * guess_begin() - this card is in now; what is known of the same one stays
 *
 * Return: whether it is another card: names that came from here are of the one before
 */
bool guess_begin(struct guess *guess, struct winners *winners, const char *iccid);
/* guess_ask_lists() - once, if the card has said who issued it */
void guess_ask_lists(struct guess *guess, const struct apn_places *places);
/* guess_known() - fill in what apn_order() takes; pointers into @guess and @ret_names */
void guess_known(const struct guess *guess, const char *ret_names[1],
		 struct apn_known *ret);
/* guess_login() - what its list has of an access point besides the name; NULL: nothing */
const struct apn_found *guess_login(const struct guess *guess, const char *apn);

/* guess_is_in_use() - of a PDN whose access point nobody wrote down a call is under way */
bool guess_is_in_use(const struct machine *m, const struct plan *plan);

/* guess_acted() - the machine says so */
void guess_acted(struct guess *guess, const struct machine *m,
		 const struct action *action);
/* guess_has_won() - a PDN stays online by the name that was dialled; true once a call */
bool guess_has_won(struct guess *guess, const struct machine *m, const struct plan *plan,
		   unsigned int pdn);

#endif /* M2MD_GUESS_H */
