/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a modem may choose its network from, and how people write it down. Pure. */
#ifndef M2M_NAS_PREFERENCE_H
#define M2M_NAS_PREFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#define NAS_MODE_GSM		0x0004
#define NAS_MODE_UMTS		0x0008
#define NAS_MODE_LTE		0x0010
#define NAS_MODE_NR		0x0040

/* The modes by name, in the order in which they are shown */
#define NAS_MODES		4

struct nas_mode {
	const char *word;
	uint16_t bit;
};

extern const struct nas_mode nas_modes[NAS_MODES];

#define NAS_ROAMING_HOME	0x0001
#define NAS_ROAMING_ANY		0x00ff

#define NAS_LTE_WORDS		4	/* of 64 bands each, bit 0 of the first is band 1 */
#define NAS_NR_WORDS		8
/* A network by its numbers; an MNC of three digits is another than one of two */
struct nas_plmn {
	uint16_t mcc, mnc;
	bool mnc3;
};

/* What the modem may choose; has_* say what of it the modem told */
struct nas_preference {
	bool has_modes, has_roaming, has_selection, has_lte, has_nr;
	uint16_t modes, roaming;
	bool manual;		/* and then it is @plmn */
	struct nas_plmn plmn;
	uint64_t lte[NAS_LTE_WORDS];
	uint64_t nr_sa[NAS_NR_WORDS], nr_nsa[NAS_NR_WORDS];
};

/* In words, as m2mctl's net and [Network] have them; NULL: as it is */
struct nas_wish {
	const char *operator;	/* "auto", or the 5 or 6 digits of MCC and MNC */
	const char *modes;	/* "auto", or "lte,5gnr" */
	const char *bands;	/* "all", or "b3,b20,n78" */
};

/*
 * nas_wish_operator(), nas_wish_modes(), nas_wish_bands() - understand one of them
 *
 * Modes and bands without a bit are all that the modem has. Return: false, and @ret is
 * of no use, for words that are none.
 */
bool nas_wish_operator(const char *text, struct nas_preference *ret);
bool nas_wish_modes(const char *text, struct nas_preference *ret);
bool nas_wish_bands(const char *text, struct nas_preference *ret);

#endif /* M2M_NAS_PREFERENCE_H */
