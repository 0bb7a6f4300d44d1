/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which APN a SIM may want: what is known of the card, and the lists that know issuers. */
#ifndef M2M_APN_DB_H
#define M2M_APN_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"
#include "error.h"
#include "wds-profile.h"

/*
 * DOC: from a card to an APN
 *
 * What the network itself assigned comes first. Then whoever knows the very card: its
 * ICCID, its place in a range of IMSIs, its GID1, its service provider's name. Then the
 * lists of operators by PLMN, which many issuers share. Within each of the three one
 * APN is an answer, and several that differ are a question for the card's issuer:
 * nothing is guessed.
 *
 * The readers know bytes, not files, and add what is for one card.
 */

#define APN_FOUND_MAX	32
#define APN_TEXT_MAX	64

/* What is known of a card; "" is unknown */
struct apn_sim {
	char iccid[24];
	char imsi[24];
	unsigned int mnc_len;	/* digits of its MNC, 0 unknown */
	char gid1[65];		/* hexadecimal */
	char spn[APN_TEXT_MAX];
};

enum apn_origin {
	APN_FROM_NETWORK,
	APN_FROM_PROVIDERS,	/* mobile-broadband-provider-info */
	APN_FROM_OWN,		/* apn.d */
};

/* How it was found, the surest one first */
enum apn_match {
	APN_BY_NETWORK,
	APN_BY_CARD,
	APN_BY_PLMN,
};

struct apn_found {
	char apn[WDS_APN_MAX + 1];	/* "": the contract says which */
	char user[WDS_USER_MAX + 1];
	char password[WDS_USER_MAX + 1];
	int auth;			/* enum wds_auth */
	char issuer[APN_TEXT_MAX];
	char plan[APN_TEXT_MAX];	/* as its list calls it, or "" */
	char where[128];		/* what the list has it from, or "" */
	enum apn_origin source;
	enum apn_match match;
};

struct apn_list {
	size_t n;
	bool more;		/* than APN_FOUND_MAX, so that none is the only one */
	struct apn_found found[APN_FOUND_MAX];
};

/* apn_is_valid() - whether a network could have an APN of that name */
bool apn_is_valid(const char *apn);

/* apn_add() - unless the same one is there, found as surely */
void apn_add(struct apn_list *list, const struct apn_found *found);

/*
 * apn_add_network() - what the modem is attached with, without the operator's part of its
 * name; nothing for "", what cannot be one, and what is for telephony alone
 */
void apn_add_network(struct apn_list *list, const char *apn);

/* apn_is_of_plmn() - whether the card is of the operator with these 5 or 6 digits */
bool apn_is_of_plmn(const struct apn_sim *sim, const char *plmn);

/**
 * apn_read_providers() - mobile-broadband-provider-info's serviceproviders.xml
 * @xml: its bytes
 * @len: how many
 * @sim: the card
 * @list: what it adds to: APNs for the Internet, of the operators that the card may be of
 * @error: -EBADMSG if it is not such a file; what was found before stays
 */
int apn_read_providers(const char *xml, size_t len, const struct apn_sim *sim,
		       struct apn_list *list, struct m2m_error *error);

/**
 * apn_read_conf() - a file of apn.d
 * @file: how @notes name it
 * @bytes: its content
 * @len: how much
 * @sim: the card
 * @list: what it adds to
 * @notes: what is wrong with it; an entry with an error is left out
 */
void apn_read_conf(const char *file, const void *bytes, size_t len,
		   const struct apn_sim *sim, struct apn_list *list,
		   struct conf_notes *notes);

/* apn_choose() - the one that the card wants; NULL: none is known, or no single one */
const struct apn_found *apn_choose(const struct apn_list *list);

#endif /* M2M_APN_DB_H */
