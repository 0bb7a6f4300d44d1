// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how a modem's former settings stand on the disk, and what becomes of them. Pure. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "former.h"

#define SLOT_MAX	255

enum former_fate former_judge(bool kept, bool stated, bool tried)
{
	if (!kept)
		return FORMER_NONE;
	if (tried)
		return FORMER_KEEP;
	return stated ? FORMER_DROP : FORMER_RESTORE;
}

const char *former_name(enum former_setting which)
{
	static const char * const names[FORMER_SETTINGS] = {
		[FORMER_SLOT] = "slot",
		[FORMER_OPERATOR] = "operator",
		[FORMER_MODES] = "modes",
		[FORMER_BANDS] = "bands",
	};

	return names[which];
}

bool former_has(const struct former *former, enum former_setting which)
{
	switch (which) {
	case FORMER_SLOT:
		return former->slot;
	case FORMER_OPERATOR:
		return former->network.has_selection;
	case FORMER_MODES:
		return former->network.has_modes;
	case FORMER_BANDS:
		return former->network.has_lte || former->network.has_nr;
	default:
		return false;
	}
}

void former_take(struct former *to, const struct former *from, enum former_setting which)
{
	const struct nas_preference *f = &from->network;
	struct nas_preference *t = &to->network;

	if (!former_has(from, which))
		return;
	switch (which) {
	case FORMER_SLOT:
		to->slot = from->slot;
		break;
	case FORMER_OPERATOR:
		t->has_selection = true;
		t->manual = f->manual;
		t->plmn = f->plmn;
		break;
	case FORMER_MODES:
		t->has_modes = true;
		t->modes = f->modes;
		break;
	case FORMER_BANDS:
		t->has_lte = f->has_lte;
		t->has_nr = f->has_nr;
		memcpy(t->lte, f->lte, sizeof(t->lte));
		memcpy(t->nr_sa, f->nr_sa, sizeof(t->nr_sa));
		memcpy(t->nr_nsa, f->nr_nsa, sizeof(t->nr_nsa));
		break;
	default:
		break;
	}
}

/* --- as words --------------------------------------------------------------------- */

/* Of FORMER_TEXT_SIZE, which all of them fit into */
static void __attribute__((format(printf, 2, 3)))
put(char *text, const char *format, ...)
{
	size_t len = strlen(text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + len, FORMER_TEXT_SIZE - len, format, ap);
	va_end(ap);
}

static void put_masks(char *text, const uint64_t *masks, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		put(text, " %" PRIx64, masks[i]);
}

static void put_bands(const struct nas_preference *p, char *text)
{
	put(text, "lte");
	if (p->has_lte)
		put_masks(text, p->lte, NAS_LTE_WORDS);
	if (!p->has_nr)
		return;
	put(text, " sa");
	put_masks(text, p->nr_sa, NAS_NR_WORDS);
	put(text, " nsa");
	put_masks(text, p->nr_nsa, NAS_NR_WORDS);
}

/* Left to choose is one that did not tell which network, or one that is none */
static void put_operator(const struct nas_preference *p, char *text)
{
	const struct nas_plmn *plmn = &p->plmn;

	if (p->manual && plmn->mcc && plmn->mcc <= 999 &&
	    plmn->mnc <= (plmn->mnc3 ? 999 : 99))
		put(text, "%03u%0*u", plmn->mcc, plmn->mnc3 ? 3 : 2, plmn->mnc);
	else
		put(text, "auto");
}

void former_text(const struct former *former, enum former_setting which,
		 char ret[static FORMER_TEXT_SIZE])
{
	ret[0] = '\0';
	switch (which) {
	case FORMER_SLOT:
		put(ret, "%u", former->slot);
		break;
	case FORMER_OPERATOR:
		put_operator(&former->network, ret);
		break;
	case FORMER_MODES:
		put(ret, "%x", former->network.modes);
		break;
	case FORMER_BANDS:
		put_bands(&former->network, ret);
		break;
	default:
		break;
	}
}

/* A number with a blank or the end behind it */
static bool take_number(const char **at, int base, uint64_t most, uint64_t *ret)
{
	const char *digits = base == 16 ? "0123456789abcdef" : "0123456789";
	size_t len = strspn(*at, digits);

	if (!len || len > 16 || ((*at)[len] && (*at)[len] != ' '))
		return false;
	*ret = strtoull(*at, NULL, base);
	*at += len + strspn(*at + len, " ");
	return *ret <= most;
}

static bool take_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) || ((*at)[len] && (*at)[len] != ' '))
		return false;
	*at += len + strspn(*at + len, " ");
	return true;
}

static bool take_masks(const char **at, const char *word, uint64_t *ret, unsigned int n)
{
	bool whole = take_word(at, word);

	for (unsigned int i = 0; i < n && whole; i++)
		whole = take_number(at, 16, UINT64_MAX, &ret[i]);
	return whole;
}

static bool parse_bands(const char *at, struct nas_preference *ret)
{
	const char *lte = at;

	/* without masks of its own LTE is one that the modem did not tell of */
	ret->has_lte = take_masks(&lte, "lte", ret->lte, NAS_LTE_WORDS);
	if (ret->has_lte)
		at = lte;
	else if (!take_word(&at, "lte"))
		return false;
	ret->has_nr = take_masks(&at, "sa", ret->nr_sa, NAS_NR_WORDS) &&
		      take_masks(&at, "nsa", ret->nr_nsa, NAS_NR_WORDS);
	return ret->has_lte || ret->has_nr;
}

static bool parse(const char *text, enum former_setting which, struct former *ret)
{
	uint64_t number = 0;
	bool whole;

	switch (which) {
	case FORMER_SLOT:
		whole = take_number(&text, 10, SLOT_MAX, &number) && number;
		ret->slot = number;
		return whole;
	case FORMER_OPERATOR:
		return nas_wish_operator(text, &ret->network);
	case FORMER_MODES:
		whole = take_number(&text, 16, UINT16_MAX, &number);
		ret->network.has_modes = true;
		ret->network.modes = number;
		return whole;
	case FORMER_BANDS:
		return parse_bands(text, &ret->network);
	default:
		return false;
	}
}

bool former_parse(const char *text, enum former_setting which, struct former *former)
{
	struct former read = { 0 };

	if (!parse(text, which, &read))
		return false;
	former_take(former, &read, which);
	return true;
}
