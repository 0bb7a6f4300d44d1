/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows behind words.c; nobody else includes this. */
#ifndef M2M_WORDS_TABLES_H
#define M2M_WORDS_TABLES_H

#include <stddef.h>

/* A table ends with a row whose word is NULL. */
struct word_row {
	int value;
	const char *word;
};

extern const struct word_row words_active_band[];
extern const struct word_row words_qmi_error[];
extern const struct word_row words_end_internal[];
extern const struct word_row words_end_cm[];
extern const struct word_row words_end_3gpp[];
extern const struct word_row words_end_ppp[];
extern const struct word_row words_end_ehrpd[];
extern const struct word_row words_end_ipv6[];
extern const struct word_row words_end_mip[];

#endif /* M2M_WORDS_TABLES_H */
