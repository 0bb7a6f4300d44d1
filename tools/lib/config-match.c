// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns which .modem file is for which modem. Pure. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "config.h"

#define KEYS		4
#define PATTERN_MAX	64	/* bytes, as config-keys.c has it */
#define LITERAL_MAX	(KEYS * PATTERN_MAX)

/* How well a file fits; earlier members weigh more */
struct rank {
	int exact;		/* keys that fit without * and ? */
	int literal;		/* bytes of the others besides * and ? */
	bool any;		/* it has a [Match] at all */
};

static const struct config_list *list_of(const struct config_match *match, int key)
{
	const struct config_list *lists[KEYS] = {
		&match->imei, &match->iccid, &match->path, &match->model
	};

	return lists[key];
}

/* --- patterns ---------------------------------------------------------------- */

static bool is_wild(const char *pattern)
{
	return strpbrk(pattern, "*?");
}

static int literal_len(const char *pattern)
{
	int len = 0;

	for (; *pattern; pattern++)
		len += *pattern != '*' && *pattern != '?';
	return len;
}

static bool fits(const char *pattern, const char *value)
{
	const char *star = NULL, *resume = NULL;

	while (*value) {
		if (*pattern == '*') {
			star = pattern++;
			resume = value;
		} else if (*pattern == '?' || *pattern == *value) {
			pattern++;
			value++;
		} else if (star) {
			pattern = star + 1;
			value = ++resume;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

/* Whether some value fits both */
static bool meet(const char *a, const char *b)
{
	bool can[PATTERN_MAX + 1][PATTERN_MAX + 1];
	int na = strlen(a), nb = strlen(b);

	/* can[i][j]: the rest of a from i and the rest of b from j meet */
	for (int i = na; i >= 0; i--) {
		for (int j = nb; j >= 0; j--) {
			can[i][j] = i == na && j == nb;
			if (a[i] == '*')
				can[i][j] = can[i + 1][j] || (j < nb && can[i][j + 1]);
			if (b[j] == '*')
				can[i][j] |= can[i][j + 1] || (i < na && can[i + 1][j]);
			if (i < na && j < nb &&
			    (a[i] == b[j] || a[i] == '?' || b[j] == '?'))
				can[i][j] |= can[i + 1][j + 1];
		}
	}
	return can[0][0];
}

/* --- one modem --------------------------------------------------------------- */

static int compare(const struct rank *a, const struct rank *b)
{
	if (a->exact != b->exact)
		return a->exact < b->exact ? -1 : 1;
	if (a->literal != b->literal)
		return a->literal < b->literal ? -1 : 1;
	return (int)a->any - (int)b->any;
}

/* Adds the best of the patterns that fit; false if there are some and none does */
static bool add_rank(const struct config_list *list, const char *value,
		     struct rank *rank)
{
	struct rank best = { .exact = -1 };

	for (size_t i = 0; i < list->n; i++) {
		bool wild = is_wild(list->s[i]);
		struct rank this = {
			.exact = !wild,
			.literal = wild ? literal_len(list->s[i]) : 0
		};

		if (fits(list->s[i], value) && compare(&this, &best) > 0)
			best = this;
	}
	if (!list->n)
		return true;
	rank->exact += best.exact;
	rank->literal += best.literal;
	rank->any = true;
	return best.exact >= 0;
}

static bool rank_modem(const struct config_modem *modem,
		       const struct config_identity *id, struct rank *ret_rank)
{
	const char *values[KEYS] = { id->imei, id->iccid, id->path, id->model };

	memset(ret_rank, 0, sizeof(*ret_rank));
	if (modem->fits_none)
		return false;
	for (int key = 0; key < KEYS; key++)
		if (!add_rank(list_of(&modem->match, key), values[key] ?: "",
			      ret_rank))
			return false;
	return true;
}

int config_match(const struct config *config, const struct config_identity *id,
		 const struct config_modem **ret_modem,
		 const struct config_modem **ret_other)
{
	struct rank best = { .exact = -1 }, rank;
	const struct config_modem *modem = NULL, *other = NULL;

	for (size_t i = 0; i < config->n_modems; i++) {
		int order;

		if (!rank_modem(&config->modems[i], id, &rank))
			continue;
		order = compare(&rank, &best);
		if (order > 0) {
			best = rank;
			modem = &config->modems[i];
			other = NULL;
		} else if (!order) {
			other = &config->modems[i];
		}
	}
	*ret_modem = modem;
	*ret_other = other;
	if (other)
		return -ENOTUNIQ;
	return modem && modem->broken ? -EBADMSG : 0;
}

/* --- every modem ----------------------------------------------------------------- */

static bool has(const struct config_list *list, const char *pattern)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->s[i], pattern))
			return true;
	return false;
}

static bool is_part(const struct config_list *part, const struct config_list *of)
{
	for (size_t i = 0; i < part->n; i++)
		if (!has(of, part->s[i]))
			return false;
	return true;
}

static bool is_same(const struct config_match *a, const struct config_match *b)
{
	for (int key = 0; key < KEYS; key++)
		if (!is_part(list_of(a, key), list_of(b, key)) ||
		    !is_part(list_of(b, key), list_of(a, key)))
			return false;
	return true;
}

static bool has_any(const struct config_match *match)
{
	for (int key = 0; key < KEYS; key++)
		if (list_of(match, key)->n)
			return true;
	return false;
}

/* Advantages of one file over the other that some modem can give it, by key */
struct leads {
	bool can[2 * KEYS + 1][2 * LITERAL_MAX + 1];
};

/* What the pattern is worth, added to the lead or taken from it */
static void add_worth(const char *pattern, int sign, int *exact, int *literal)
{
	if (!pattern)
		return;
	if (is_wild(pattern))
		*literal += sign * literal_len(pattern);
	else
		*exact += sign;
}

static void shift(const struct leads *from, int exact, int literal, struct leads *to)
{
	for (int e = 0; e < 2 * KEYS + 1; e++)
		for (int l = 0; l < 2 * LITERAL_MAX + 1; l++)
			if (from->can[e][l] && e + exact >= 0 &&
			    e + exact < 2 * KEYS + 1 && l + literal >= 0 &&
			    l + literal < 2 * LITERAL_MAX + 1)
				to->can[e + exact][l + literal] = true;
}

/* The leads after one more key */
static void add_key(const struct config_list *a, const struct config_list *b,
		    const struct leads *from, struct leads *to)
{
	memset(to, 0, sizeof(*to));
	for (size_t i = 0; i < MAX(a->n, 1); i++) {
		for (size_t j = 0; j < MAX(b->n, 1); j++) {
			const char *pa = i < a->n ? a->s[i] : NULL;
			const char *pb = j < b->n ? b->s[j] : NULL;
			int exact = 0, literal = 0;

			if (pa && pb && !meet(pa, pb))
				continue;
			add_worth(pa, 1, &exact, &literal);
			add_worth(pb, -1, &exact, &literal);
			shift(from, exact, literal, to);
		}
	}
}

/* Whether some modem may find them equal */
static bool may_tie(const struct config_match *a, const struct config_match *b)
{
	struct leads *leads = g_new0(struct leads, 2);
	bool tie;

	leads[0].can[KEYS][LITERAL_MAX] = true;
	for (int key = 0; key < KEYS; key++)
		add_key(list_of(a, key), list_of(b, key), &leads[key % 2],
			&leads[(key + 1) % 2]);
	tie = leads[KEYS % 2].can[KEYS][LITERAL_MAX];
	g_free(leads);
	return tie && has_any(a) == has_any(b);
}

static unsigned int match_line(const struct config_modem *modem)
{
	for (size_t i = 0; i < modem->source.n_sections; i++)
		if (!strcmp(modem->source.sections[i].name, "Match"))
			return modem->source.sections[i].line;
	return 0;
}

void config_ties(const struct config *config, struct conf_notes *notes)
{
	for (size_t i = 0; i < config->n_modems; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct config_modem *a = &config->modems[j];
			const struct config_modem *b = &config->modems[i];

			if (a->fits_none || b->fits_none)
				continue;
			if (is_same(&a->match, &b->match))
				conf_note(notes, CONF_ERROR, b->file, match_line(b),
					  "%s matches the same modems, and neither is stronger",
					  a->file);
			else if (may_tie(&a->match, &b->match))
				conf_note(notes, CONF_WARNING, b->file, match_line(b),
					  "%s may match the same modem, and neither is stronger",
					  a->file);
		}
	}
}
