/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output for people or for programs: one call says a thing to either. */
#ifndef M2M_OUT_H
#define M2M_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * DOC: one document, two looks
 *
 * A document is a JSON object that begins with "schema":1. Fields go into the
 * innermost open section or table row. As text a section is a heading with
 * aligned "label: value" lines, a table is a header with aligned columns. A
 * field without label is for JSON alone. The key names the unit (rsrp_dbm); the
 * text gets it from there. Unknown is null, and "-" as text.
 */

#define OUT_SCHEMA	1

enum out_format {
	OUT_TEXT,
	OUT_JSON,
	OUT_PRETTY,
};

enum out_colour {
	OUT_RED = 31,
	OUT_GREEN = 32,
	OUT_YELLOW = 33,
};

struct out;

struct out *out_new(FILE *to, enum out_format format);
/* Prints what was said; -EIO if that failed. Frees. */
int out_finish(struct out *out);
/* Frees without a word; NULL is fine. */
void out_free(struct out *out);

void out_section(struct out *out, const char *key, const char *title);
void out_section_end(struct out *out);
/* An array of objects, whose rows have the same fields in the same order; @title may be NULL. */
void out_table(struct out *out, const char *key, const char *title);
void out_row(struct out *out);
void out_row_end(struct out *out);
void out_table_end(struct out *out);

/* NULL and "" are unknown */
void out_string(struct out *out, const char *key, const char *label,
		const char *value);
void out_int(struct out *out, const char *key, const char *label,
	     int64_t value);
/*
 * out_counter() - what only grows. Beyond 2^53 readers of JSON take one integer for another,
 * so it stops there, at OUT_COUNTER_MAX
 */
#define OUT_COUNTER_MAX	((INT64_C(1) << 53) - 1)
void out_counter(struct out *out, const char *key, const char *label, uint64_t value);
void out_real(struct out *out, const char *key, const char *label,
	      double value);
void out_bool(struct out *out, const char *key, const char *label, bool value);
void out_unknown(struct out *out, const char *key, const char *label);
/* An array of strings; of none "-" as text. NULL is unknown, as none may be where asked for */
void out_strings(struct out *out, const char *key, const char *label,
		 const char * const *values, size_t n);
/* A field for people, and a line; JSON does not have them */
void out_cell(struct out *out, const char *label, const char *value);
/* The same, coloured on a terminal unless NO_COLOR is set */
void out_coloured(struct out *out, const char *label, const char *value,
		  enum out_colour colour);
void out_line(struct out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* M2M_OUT_H */
