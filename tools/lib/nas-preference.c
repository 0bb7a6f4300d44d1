// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the words for operators, modes and bands. Pure. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "nas-preference.h"

const struct nas_mode nas_modes[NAS_MODES] = {
	{ "gsm", NAS_MODE_GSM }, { "umts", NAS_MODE_UMTS },
	{ "lte", NAS_MODE_LTE }, { "5gnr", NAS_MODE_NR },
};

bool nas_wish_operator(const char *text, struct nas_preference *ret)
{
	size_t len = strlen(text);

	ret->has_selection = true;
	ret->manual = strcmp(text, "auto");
	if (!ret->manual)
		return true;
	if (strspn(text, "0123456789") != len || len < 5 || len > 6)
		return false;
	ret->plmn.mnc3 = len == 6;
	ret->plmn.mnc = strtoul(text + 3, NULL, 10);
	ret->plmn.mcc = strtoul(text, NULL, 10) / (len == 6 ? 1000 : 100);
	return ret->plmn.mcc;
}

bool nas_wish_modes(const char *text, struct nas_preference *ret)
{
	g_auto(GStrv) words = g_strsplit(text, ",", -1);
	size_t m;

	ret->has_modes = true;
	ret->modes = 0;
	if (!strcmp(text, "auto"))
		return true;
	for (unsigned int i = 0; words[i]; i++) {
		for (m = 0; m < NAS_MODES; m++)
			if (!strcmp(words[i], nas_modes[m].word))
				break;
		if (m == NAS_MODES || ret->modes & nas_modes[m].bit)
			return false;
		ret->modes |= nas_modes[m].bit;
	}
	return ret->modes;
}

/* "b3" and "n78": a bit of one of the masks */
static bool parse_band(const char *word, struct nas_preference *ret)
{
	bool lte = *word == 'b';
	unsigned long n;
	char *end;

	if ((!lte && *word != 'n') || !g_ascii_isdigit(word[1]))
		return false;
	n = strtoul(word + 1, &end, 10);
	if (*end || !n || n > 64 * (lte ? NAS_LTE_WORDS : NAS_NR_WORDS))
		return false;
	n--;
	if (lte) {
		ret->has_lte = true;
		ret->lte[n / 64] |= 1ull << n % 64;
	} else {
		ret->has_nr = true;
		ret->nr_sa[n / 64] |= 1ull << n % 64;
		ret->nr_nsa[n / 64] |= 1ull << n % 64;
	}
	return true;
}

bool nas_wish_bands(const char *text, struct nas_preference *ret)
{
	g_auto(GStrv) words = g_strsplit(text, ",", -1);

	if (!strcmp(text, "all")) {
		ret->has_lte = true;
		ret->has_nr = true;
		return true;
	}
	for (unsigned int i = 0; words[i]; i++)
		if (!parse_band(words[i], ret))
			return false;
	return words[0];
}
