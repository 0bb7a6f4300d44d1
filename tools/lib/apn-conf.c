// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of apn.d: our own lists of issuers. Pure: bytes in, APNs out. */
#include <glib.h>
#include <string.h>

#include "apn-db.h"

/*
 * DOC: an entry
 *
 *	[APN word]
 *	Issuer=		who issues such cards, for people
 *	Plan=		which of its offers, if it has several
 *	Source=		the public document that says so
 *	PLMN=		MCC and MNC, one or several
 *	ICCID=		what it begins with, one or several
 *	IMSI=		ranges like 901405100000000-901405199999999, or what it begins with
 *	GID1=		what it begins with, in hexadecimal
 *	SPN=		the name that the card shows
 *	APN=, User=, Password=, Auth=none|pap|chap|both
 *
 * All keys that tell cards apart have to fit, of several values of one any. Contract=yes
 * instead of an APN says that there are such cards with an APN of their own, which nobody
 * can see from the card, so that no other one is the only one.
 */

#define SECTION		"APN"

struct entry {
	const struct conf *conf;
	const struct conf_section *section;
	struct conf_notes *notes;
	bool broken;
};

static void fail(struct entry *e, const struct conf_entry *at, const char *text)
{
	conf_note(e->notes, CONF_ERROR, at ? at->file : e->section->file,
		  at ? at->line : e->section->line, "%s", text);
	e->broken = true;
}

static const struct conf_entry *key(const struct entry *e, const char *name)
{
	return conf_find(e->conf, SECTION, e->section->argument, name);
}

/* --- does it fit ------------------------------------------------------------- */

typedef bool (*fits_fn)(struct entry *e, const struct conf_entry *at, const char *word,
			const struct apn_sim *sim);

static bool is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static bool fits_plmn(struct entry *e, const struct conf_entry *at, const char *word,
		      const struct apn_sim *sim)
{
	if (!is_digits(word) || strlen(word) < 5 || strlen(word) > 6)
		fail(e, at, "PLMN takes 5 or 6 digits each");
	return apn_is_of_plmn(sim, word);
}

static bool fits_iccid(struct entry *e, const struct conf_entry *at, const char *word,
		       const struct apn_sim *sim)
{
	if (!is_digits(word) || !g_str_has_prefix(word, "89") || strlen(word) < 5)
		fail(e, at, "ICCID takes the first 5 digits or more, which begin with 89");
	return g_str_has_prefix(sim->iccid, word);
}

static bool fits_imsi(struct entry *e, const struct conf_entry *at, const char *word,
		      const struct apn_sim *sim)
{
	g_auto(GStrv) ends = g_strsplit(word, "-", 2);
	const char *from = ends[0], *to = ends[1];

	if (!is_digits(from) || strlen(from) < 6 ||
	    (to && (!is_digits(to) || strlen(to) != strlen(from) ||
		    strcmp(from, to) > 0))) {
		fail(e, at, "IMSI takes the first 6 digits or more, or FROM-TO");
		return false;
	}
	/* numbers of one length are in the order of their digits */
	return strlen(sim->imsi) >= strlen(from) &&
	       strncmp(sim->imsi, from, strlen(from)) >= 0 &&
	       strncmp(sim->imsi, to ? to : from, strlen(from)) <= 0;
}

static bool fits_gid1(struct entry *e, const struct conf_entry *at, const char *word,
		      const struct apn_sim *sim)
{
	if (strlen(word) % 2 || word[strspn(word, "0123456789abcdefABCDEF")])
		fail(e, at, "GID1 takes bytes in hexadecimal");
	return *sim->gid1 && !g_ascii_strncasecmp(sim->gid1, word, strlen(word));
}

/* It may have spaces, so it is one */
static bool fits_spn(struct entry *e, const struct conf_entry *at, const char *word,
		     const struct apn_sim *sim)
{
	return *sim->spn && !g_ascii_strcasecmp(sim->spn, at->value);
}

static const struct {
	const char *name;
	fits_fn fits;
	enum apn_match match;
} criteria[] = {
	{ "PLMN", fits_plmn, APN_BY_PLMN },
	{ "ICCID", fits_iccid, APN_BY_CARD },
	{ "IMSI", fits_imsi, APN_BY_CARD },
	{ "GID1", fits_gid1, APN_BY_CARD },
	{ "SPN", fits_spn, APN_BY_CARD },
};

static bool fits_any(struct entry *e, const struct conf_entry *at, fits_fn fits,
		     const struct apn_sim *sim)
{
	g_auto(GStrv) words = g_strsplit_set(at->value, " \t", -1);
	bool any = false;

	for (char **word = words; *word; word++)
		/* all of them, so that what is wrong is told whatever the card is */
		if (**word && fits(e, at, *word, sim))
			any = true;
	return any;
}

static bool fits(struct entry *e, const struct apn_sim *sim, enum apn_match *ret_match)
{
	bool all = true, none = true;

	*ret_match = APN_BY_PLMN;
	for (size_t i = 0; i < G_N_ELEMENTS(criteria); i++) {
		const struct conf_entry *at = key(e, criteria[i].name);

		if (!at)
			continue;
		none = false;
		all &= fits_any(e, at, criteria[i].fits, sim);
		*ret_match = MIN(*ret_match, criteria[i].match);
	}
	if (none)
		fail(e, NULL, "one of PLMN, ICCID, IMSI, GID1 and SPN has to tell the cards");
	return all && !none;
}

/* --- what it says ------------------------------------------------------------ */

static void read_text(struct entry *e, const char *name, char *ret, size_t size)
{
	const struct conf_entry *at = key(e, name);

	if (at && g_strlcpy(ret, at->value, size) >= size)
		fail(e, at, "is too long");
}

static int read_auth(struct entry *e)
{
	static const char *const words[] = { "none", "pap", "chap", "both" };
	const struct conf_entry *at = key(e, "Auth");

	for (int auth = WDS_AUTH_NONE; at && auth <= WDS_AUTH_BOTH; auth++)
		if (!strcmp(at->value, words[auth]))
			return auth;
	if (at)
		fail(e, at, "Auth takes none, pap, chap or both");
	return WDS_AUTH_UNSET;
}

static void read_apn(struct entry *e, struct apn_found *ret)
{
	const struct conf_entry *apn = key(e, "APN");
	const struct conf_entry *contract = key(e, "Contract");

	if (contract && strcmp(contract->value, "yes"))
		fail(e, contract, "Contract takes yes");
	if (!apn == !contract)
		fail(e, apn, "either APN or Contract=yes");
	else if (apn && !apn_is_valid(apn->value))
		fail(e, apn, "APN takes letters, digits, - . and _");
	read_text(e, "APN", ret->apn, sizeof(ret->apn));
	read_text(e, "User", ret->user, sizeof(ret->user));
	read_text(e, "Password", ret->password, sizeof(ret->password));
	ret->auth = read_auth(e);
	read_text(e, "Issuer", ret->issuer, sizeof(ret->issuer));
	read_text(e, "Plan", ret->plan, sizeof(ret->plan));
	read_text(e, "Source", ret->where, sizeof(ret->where));
	if (!*ret->issuer || !*ret->where)
		fail(e, NULL, "Issuer and Source are missing, or one of them");
}

static void read_entry(struct entry *e, const struct apn_sim *sim, struct apn_list *list)
{
	struct apn_found found = { .source = APN_FROM_OWN };
	bool is_for_it;

	is_for_it = fits(e, sim, &found.match);
	read_apn(e, &found);
	if (is_for_it && !e->broken)
		apn_add(list, &found);
}

static bool is_key(const char *name)
{
	static const char *const others[] = {
		"Issuer", "Plan", "Source", "APN", "Contract", "User", "Password", "Auth",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(criteria); i++)
		if (!strcmp(criteria[i].name, name))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (!strcmp(others[i], name))
			return true;
	return false;
}

void apn_read_conf(const char *file, const void *bytes, size_t len,
		   const struct apn_sim *sim, struct apn_list *list,
		   struct conf_notes *notes)
{
	struct conf conf = { 0 };

	conf_parse(&conf, file, bytes, len, notes);
	for (size_t i = 0; i < conf.n_entries; i++)
		if (!is_key(conf.entries[i].key))
			conf_note(notes, CONF_WARNING, conf.entries[i].file,
				  conf.entries[i].line, "%s is no key of a list of APNs",
				  conf.entries[i].key);
	for (size_t i = 0; i < conf.n_sections; i++) {
		struct entry entry = {
			.conf = &conf, .section = &conf.sections[i], .notes = notes,
		};

		if (strcmp(conf.sections[i].name, SECTION))
			fail(&entry, NULL, "a list of APNs has sections [APN word] only");
		else
			read_entry(&entry, sim, list);
	}
	conf_clear(&conf);
}
