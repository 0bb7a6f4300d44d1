// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns whether a PDN that is there is the one that is asked for. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "pdn.h"

bool pdn_is_up(const struct connection *pdn)
{
	bool any = false;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		if (pdn->alias.has[f] && !pdn->call[f].up)
			return false;
		any |= pdn->call[f].up;
	}
	return any && pdn->has_link && pdn->has_alias &&
	       pdn->link.flags & IFF_UP;
}

const char *pdn_state(const struct connection *pdn)
{
	bool wanted = false, up = false, down = false;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		bool has = pdn->alias.has[f] || pdn->call[f].wds;

		if (pdn->call[f].unknown)
			return "unknown";
		wanted |= has;
		up |= pdn->call[f].up;
		down |= has && !pdn->call[f].up;
	}
	/* the link of another program, whose call is none of ours to ask for */
	if (!wanted)
		return "unknown";
	return !up ? "down" : down ? "partly-up" : "up";
}

/* The network may have appended its own part to the name */
static bool same_apn(const char *wanted, const char *given)
{
	size_t len = strlen(wanted);

	return !*given || (!g_ascii_strncasecmp(wanted, given, len) &&
			   (!given[len] || given[len] == '.'));
}

static bool has_apn(const struct connection *pdn, const char *apn, char *ret, size_t size)
{
	for (int f = 0; apn && f < PDN_FAMILIES; f++) {
		const struct pdn_call *call = &pdn->call[f];

		if (!call->up || same_apn(apn, call->settings.apn))
			continue;
		snprintf(ret, size, "the APN %s", call->settings.apn);
		return false;
	}
	return true;
}

/* "46" takes what the network grants, one alone excludes the other */
static bool has_family(const struct connection *pdn, const char *family, char *ret, size_t size)
{
	for (int f = 0; family && !family[1] && f < PDN_FAMILIES; f++) {
		bool wanted = *family - '0' == pdn_family_number(f);

		if (pdn->call[f].up == wanted)
			continue;
		snprintf(ret, size, "%s IPv%d", wanted ? "no" : "also", pdn_family_number(f));
		return false;
	}
	return true;
}

/* One that was left to choose says what it chose */
static bool same_auth(int wanted, uint8_t is)
{
	return wanted == is ||
	       (wanted == WDS_AUTH_BOTH && (is == WDS_AUTH_PAP || is == WDS_AUTH_CHAP));
}

/* What the modem does not tell contradicts nothing */
static bool has_login(const struct connection *pdn, const struct connection_want *want,
		      char *ret, size_t size)
{
	for (int f = 0; f < PDN_FAMILIES; f++) {
		const struct wds_login *login = &pdn->call[f].login;

		if (!pdn->call[f].up)
			continue;
		if (want->user && login->has_user && strcmp(want->user, login->user)) {
			snprintf(ret, size, "another user");
			return false;
		}
		if (want->auth != WDS_AUTH_UNSET && login->has_auth &&
		    !same_auth(want->auth, login->auth)) {
			snprintf(ret, size, "another authentication");
			return false;
		}
	}
	return true;
}

/* false if a number was asked for and another one is */
static bool has_number(const char *what, uint32_t wanted, uint32_t is, char *ret, size_t size)
{
	if (!wanted || wanted == is)
		return true;
	if (is)
		snprintf(ret, size, "%s %u", what, is);
	else
		snprintf(ret, size, "another %s", what);
	return false;
}

/* What was asked for, or what is chosen where nothing was; m2md chooses by itself */
static uint32_t or_chosen(const struct connection *pdn, uint32_t asked, uint32_t chosen)
{
	return pdn->alias.by_m2md ? 0 : asked ? asked : chosen;
}

bool pdn_is_same(const struct connection *pdn, const struct connection_want *want,
		 const char *family, unsigned int vrf, char *ret_what, size_t size)
{
	const struct pdn_asked *asked = &pdn->alias.asked;

	if (!has_apn(pdn, want->apn, ret_what, size) ||
	    !has_family(pdn, family, ret_what, size) ||
	    !has_number("mux id", want->mux_id, pdn->mux_id, ret_what, size) ||
	    !has_number("MTU", want->mtu, pdn->link.mtu, ret_what, size) ||
	    !has_number("metric", want->metric,
			or_chosen(pdn, asked->metric, connection_metric(pdn)), ret_what, size) ||
	    !has_number("routing table", want->table,
			or_chosen(pdn, asked->table, PDN_TABLE + pdn->link.ifindex),
			ret_what, size))
		return false;
	if (want->vrf && pdn->link.master != vrf) {
		snprintf(ret_what, size, "%s VRF", pdn->link.master ? "another" : "no");
		return false;
	}
	return has_login(pdn, want, ret_what, size);
}
