/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where what tells a SIM's APN is read: the card, the modem's attach, the host's lists. */
#ifndef M2M_APN_FACTS_H
#define M2M_APN_FACTS_H

#include "apn-db.h"
#include "card.h"

/* Tests have files of their own. */
#ifndef APN_PROVIDERS
#define APN_PROVIDERS	"/usr/share/mobile-broadband-provider-info/serviceproviders.xml"
#endif
#ifndef APN_DIRECTORY
#define APN_DIRECTORY	"/usr/share/m2m/apn.d"
#endif

/**
 * apn_sim_get() - what the lists tell cards by
 * @card: one that is ready
 * @ret: what of it can be read
 * @error: why the IMSI cannot; all else a card may lack
 */
int apn_sim_get(const struct card *card, struct apn_sim *ret, struct m2m_error *error);

/* apn_network_get() - add what the modem is attached with, if it says so */
int apn_network_get(struct m2m_client *wds, struct apn_list *list,
		    struct m2m_error *error);

/* A list that was asked; @why not, or NULL: it was read */
typedef void (*apn_asked_fn)(const char *file, const char *why, void *data);

/* Where the lists are */
struct apn_places {
	const char *providers;	/* serviceproviders.xml */
	const char *directory;	/* apn.d */
};

/**
 * apn_read_lists() - ask all lists of this host
 * @places: where they are
 * @sim: the card
 * @list: what they add to
 * @fn: told of each; may be NULL
 * @data: for @fn
 */
void apn_read_lists(const struct apn_places *places, const struct apn_sim *sim,
		    struct apn_list *list, apn_asked_fn fn, void *data);

#endif /* M2M_APN_FACTS_H */
