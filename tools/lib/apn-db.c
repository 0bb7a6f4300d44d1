// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the choice among APNs that were found for a card. Pure. */
#include <glib.h>
#include <string.h>

#include "apn-db.h"

#define MCC_LEN		3

bool apn_is_valid(const char *apn)
{
	size_t len = strlen(apn);

	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isalnum(apn[i]) && !strchr(".-_", apn[i]))
			return false;
	return len && len <= WDS_APN_MAX;
}

/* Whether a modem would be told the same */
static bool is_same(const struct apn_found *a, const struct apn_found *b)
{
	return !g_ascii_strcasecmp(a->apn, b->apn) && !strcmp(a->user, b->user) &&
	       !strcmp(a->password, b->password) && a->auth == b->auth;
}

void apn_add(struct apn_list *list, const struct apn_found *found)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_same(&list->found[i], found) &&
		    list->found[i].match <= found->match)
			return;
	if (list->n == APN_FOUND_MAX)
		list->more = true;
	else
		list->found[list->n++] = *found;
}

/* The end of "internet.mnc001.mcc262.gprs", which networks add and modems show */
static size_t without_operator(const char *apn)
{
	size_t len = strlen(apn);
	const char *end = apn + len - strlen(".mncNNN.mccNNN.gprs");

	if (len > strlen(".mncNNN.mccNNN.gprs") &&
	    !g_ascii_strncasecmp(end, ".mnc", 4) &&
	    !g_ascii_strncasecmp(end + 7, ".mcc", 4) &&
	    !g_ascii_strcasecmp(end + 14, ".gprs"))
		len = end - apn;
	return len;
}

/* Modems with telephony attach for it; these lead to no Internet (GSMA IR.88, 6.3) */
static bool is_of_telephony(const char *apn)
{
	return !g_ascii_strcasecmp(apn, "ims") || !g_ascii_strcasecmp(apn, "sos");
}

void apn_add_network(struct apn_list *list, const char *apn)
{
	struct apn_found found = {
		.auth = WDS_AUTH_UNSET,
		.source = APN_FROM_NETWORK,
		.match = APN_BY_NETWORK,
	};

	if (!apn_is_valid(apn))
		return;
	g_strlcpy(found.apn, apn, without_operator(apn) + 1);
	if (!is_of_telephony(found.apn))
		apn_add(list, &found);
}

bool apn_is_of_plmn(const struct apn_sim *sim, const char *plmn)
{
	size_t len = strlen(plmn);

	if (len != MCC_LEN + 2 && len != MCC_LEN + 3)
		return false;
	if (strspn(plmn, "0123456789") != len || strncmp(sim->imsi, plmn, len))
		return false;
	return !sim->mnc_len || len == MCC_LEN + sim->mnc_len;
}

const struct apn_found *apn_choose(const struct apn_list *list)
{
	const struct apn_found *best = NULL;

	for (size_t i = 0; i < list->n; i++)
		if (!best || list->found[i].match < best->match)
			best = &list->found[i];
	/* what did not fit could be another one; the network's own is never that */
	if (!best || !*best->apn || (list->more && best->match != APN_BY_NETWORK))
		return NULL;
	for (size_t i = 0; i < list->n; i++)
		if (list->found[i].match == best->match &&
		    !is_same(&list->found[i], best))
			return NULL;
	return best;
}
