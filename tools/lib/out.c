// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how results look as text and as JSON. */
#include <errno.h>
#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"

#define COLUMN_GAP	2
#define INDENT		2

struct cell {
	char *label, *value;
};

struct out {
	FILE *to;
	enum out_format format;
	JsonBuilder *json;
	/* text */
	GString *text;
	GArray *cells;		/* of the open section, or of the table's rows */
	unsigned int depth;
	bool titled;		/* the table is, so it is indented */
	size_t columns;		/* of the table, 0 before its first row ended */
	size_t row_start;
};

static bool is_json(const struct out *out)
{
	return out->format != OUT_TEXT;
}

static void cell_clear(gpointer data)
{
	struct cell *cell = data;

	g_free(cell->label);
	g_free(cell->value);
}

struct out *out_new(FILE *to, enum out_format format)
{
	struct out *out = g_new0(struct out, 1);

	out->to = to;
	out->format = format;
	out->text = g_string_new(NULL);
	out->cells = g_array_new(FALSE, FALSE, sizeof(struct cell));
	g_array_set_clear_func(out->cells, cell_clear);
	out->json = json_builder_new();
	json_builder_begin_object(out->json);
	json_builder_set_member_name(out->json, "schema");
	json_builder_add_int_value(out->json, OUT_SCHEMA);
	return out;
}

void out_free(struct out *out)
{
	if (!out)
		return;
	g_string_free(out->text, TRUE);
	g_array_unref(out->cells);
	g_object_unref(out->json);
	g_free(out);
}

/* --- text ------------------------------------------------------------------- */

static void pad(GString *text, size_t n)
{
	while (n--)
		g_string_append_c(text, ' ');
}

/* Columns on a terminal, of nearly all there is to show */
static size_t width_of(const char *s)
{
	return g_utf8_validate(s, -1, NULL) ? (size_t)g_utf8_strlen(s, -1) : strlen(s);
}

/* Prints the fields of the open section so far */
static void flush_fields(struct out *out)
{
	size_t indent = out->depth * INDENT;
	size_t width = 0;
	struct cell *cell;

	for (guint i = 0; i < out->cells->len; i++) {
		cell = &g_array_index(out->cells, struct cell, i);
		width = MAX(width, strlen(cell->label));
	}
	for (guint i = 0; i < out->cells->len; i++) {
		cell = &g_array_index(out->cells, struct cell, i);
		pad(out->text, indent);
		g_string_append_printf(out->text, "%s:", cell->label);
		pad(out->text, width - strlen(cell->label) + 1);
		g_string_append_printf(out->text, "%s\n", cell->value);
	}
	g_array_set_size(out->cells, 0);
}

static void flush_table_line(struct out *out, const size_t *widths,
			     const struct cell *row, bool header)
{
	char *s;

	pad(out->text, out->depth * INDENT);
	for (size_t i = 0; i < out->columns; i++) {
		s = header ? g_ascii_strup(row[i].label, -1) :
			     g_strdup(row[i].value);
		g_string_append(out->text, s);
		if (i + 1 < out->columns)
			pad(out->text, widths[i] - width_of(s) + COLUMN_GAP);
		g_free(s);
	}
	g_string_append_c(out->text, '\n');
}

static void flush_table(struct out *out)
{
	size_t *widths = g_new0(size_t, out->columns + 1);
	struct cell *cells = (struct cell *)out->cells->data;

	for (size_t i = 0; i < out->cells->len; i++) {
		size_t *width = &widths[i % out->columns];

		*width = MAX(*width, strlen(cells[i].label));
		*width = MAX(*width, width_of(cells[i].value));
	}
	for (size_t i = 0; i + out->columns <= out->cells->len;
	     i += out->columns) {
		if (i == 0)
			flush_table_line(out, widths, cells, true);
		flush_table_line(out, widths, cells + i, false);
	}
	g_array_set_size(out->cells, 0);
	g_free(widths);
}

static void heading(struct out *out, const char *title)
{
	if (!title)
		return;
	if (!out->depth && out->text->len)
		g_string_append_c(out->text, '\n');
	pad(out->text, out->depth * INDENT);
	g_string_append_printf(out->text, "%s\n", title);
	out->depth++;
}

/* " dBm" for a key that ends so */
static const char *unit(const char *key)
{
	static const struct {
		const char *suffix, *unit;
	} units[] = {
		{ "_dbm", " dBm" },
		{ "_db", " dB" },
		{ "_bytes", " bytes" },
		{ "_seconds", " s" },
		{ "_mbit", " Mbit/s" },
		{ "_bits_per_s", " bit/s" },
		{ "_khz", " kHz" },
		{ "_minutes", " min" },
		{ "_hours", " h" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (g_str_has_suffix(key, units[i].suffix))
			return units[i].unit;
	return "";
}

static void add_cell(struct out *out, const char *label, char *value)
{
	struct cell cell = { g_strdup(label), value };

	if (label)
		g_array_append_val(out->cells, cell);
	else
		g_free(value);
}

/* --- structure -------------------------------------------------------------- */

void out_section(struct out *out, const char *key, const char *title)
{
	flush_fields(out);
	heading(out, title);
	json_builder_set_member_name(out->json, key);
	json_builder_begin_object(out->json);
}

void out_section_end(struct out *out)
{
	flush_fields(out);
	out->depth--;
	json_builder_end_object(out->json);
}

void out_table(struct out *out, const char *key, const char *title)
{
	flush_fields(out);
	heading(out, title);
	out->titled = title;
	out->columns = 0;
	json_builder_set_member_name(out->json, key);
	json_builder_begin_array(out->json);
}

void out_row(struct out *out)
{
	out->row_start = out->cells->len;
	json_builder_begin_object(out->json);
}

void out_row_end(struct out *out)
{
	if (!out->columns)
		out->columns = out->cells->len - out->row_start;
	json_builder_end_object(out->json);
}

void out_table_end(struct out *out)
{
	if (out->columns)
		flush_table(out);
	if (out->titled)
		out->depth--;
	json_builder_end_array(out->json);
}

/* --- fields ----------------------------------------------------------------- */

void out_unknown(struct out *out, const char *key, const char *label)
{
	json_builder_set_member_name(out->json, key);
	json_builder_add_null_value(out->json);
	add_cell(out, label, g_strdup("-"));
}

void out_string(struct out *out, const char *key, const char *label,
		const char *value)
{
	if (!value || !*value) {
		out_unknown(out, key, label);
		return;
	}
	json_builder_set_member_name(out->json, key);
	json_builder_add_string_value(out->json, value);
	add_cell(out, label, g_strdup(value));
}

void out_int(struct out *out, const char *key, const char *label,
	     int64_t value)
{
	json_builder_set_member_name(out->json, key);
	json_builder_add_int_value(out->json, value);
	add_cell(out, label, g_strdup_printf("%" G_GINT64_FORMAT "%s", value,
					     unit(key)));
}

void out_counter(struct out *out, const char *key, const char *label, uint64_t value)
{
	out_int(out, key, label, MIN(value, (uint64_t)OUT_COUNTER_MAX));
}

void out_real(struct out *out, const char *key, const char *label,
	      double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	json_builder_set_member_name(out->json, key);
	json_builder_add_double_value(out->json, value);
	/* a point, whatever the locale separates with */
	g_ascii_formatd(text, sizeof(text), "%.1f", value);
	add_cell(out, label, g_strconcat(text, unit(key), NULL));
}

void out_bool(struct out *out, const char *key, const char *label, bool value)
{
	json_builder_set_member_name(out->json, key);
	json_builder_add_boolean_value(out->json, value);
	add_cell(out, label, g_strdup(value ? "yes" : "no"));
}

void out_strings(struct out *out, const char *key, const char *label,
		 const char * const *values, size_t n)
{
	GString *text;

	if (!values) {
		out_unknown(out, key, label);
		return;
	}
	text = g_string_new(n ? NULL : "-");
	json_builder_set_member_name(out->json, key);
	json_builder_begin_array(out->json);
	for (size_t i = 0; i < n; i++) {
		json_builder_add_string_value(out->json, values[i]);
		g_string_append_printf(text, "%s%s", i ? ", " : "", values[i]);
	}
	json_builder_end_array(out->json);
	add_cell(out, label, g_string_free(text, FALSE));
}

void out_cell(struct out *out, const char *label, const char *value)
{
	add_cell(out, label, g_strdup(value && *value ? value : "-"));
}

/* https://no-color.org: set, and not to nothing */
static bool takes_colour(const struct out *out)
{
	const char *no = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return isatty(fileno(out->to)) && !(no && *no) && terminal &&
	       strcmp(terminal, "dumb");
}

void out_coloured(struct out *out, const char *label, const char *value,
		  enum out_colour colour)
{
	if (takes_colour(out))
		add_cell(out, label, g_strdup_printf("\033[%dm%s\033[0m", colour, value));
	else
		out_cell(out, label, value);
}

void out_line(struct out *out, const char *format, ...)
{
	va_list ap;

	flush_fields(out);
	va_start(ap, format);
	pad(out->text, out->depth * INDENT);
	g_string_append_vprintf(out->text, format, ap);
	g_string_append_c(out->text, '\n');
	va_end(ap);
}

static void print_json(struct out *out)
{
	JsonGenerator *generator = json_generator_new();
	JsonNode *root;
	char *text;

	json_builder_end_object(out->json);
	root = json_builder_get_root(out->json);
	json_generator_set_root(generator, root);
	json_generator_set_pretty(generator, out->format == OUT_PRETTY);
	text = json_generator_to_data(generator, NULL);
	fprintf(out->to, "%s\n", text);
	g_free(text);
	json_node_unref(root);
	g_object_unref(generator);
}

int out_finish(struct out *out)
{
	int err;

	if (is_json(out)) {
		print_json(out);
	} else {
		flush_fields(out);
		fputs(out->text->str, out->to);
	}
	err = fflush(out->to) || ferror(out->to) ? -EIO : 0;
	out_free(out);
	return err;
}
