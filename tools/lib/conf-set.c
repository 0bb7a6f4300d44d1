// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how one key of a configuration file is set, and all else in it stays. Pure. */
#include <glib.h>
#include <string.h>

#include "conf.h"

struct line {
	const char *s, *text;	/* as it stands; without blanks around it, @text_len bytes */
	size_t len, text_len;	/* @len: with its end */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, size_t *len)
{
	while (*len && is_blank(**text)) {
		(*text)++;
		(*len)--;
	}
	while (*len && is_blank((*text)[*len - 1]))
		(*len)--;
}

static bool next_line(const char **at, size_t *left, struct line *ret)
{
	const char *end = *left ? memchr(*at, '\n', *left) : NULL;

	ret->s = *at;
	ret->len = end ? (size_t)(end - *at) + 1 : *left;
	ret->text = ret->s;
	ret->text_len = ret->len;
	trim(&ret->text, &ret->text_len);
	*at += ret->len;
	*left -= ret->len;
	return ret->len;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	trim(&text, &len);
	return len == strlen(word) && !memcmp(text, word, len);
}

static bool is_section(const struct line *line, const char *name)
{
	return line->text_len > 2 && line->text[line->text_len - 1] == ']' &&
	       is_word(line->text + 1, line->text_len - 2, name);
}

static bool is_key(const struct line *line, const char *name)
{
	const char *sign = line->text_len ? memchr(line->text, '=', line->text_len) : NULL;

	return sign && is_word(line->text, sign - line->text, name);
}

char *conf_set(const char *bytes, size_t len, const char *section, const char *key,
	       const char *value)
{
	g_autofree char *entry = g_strdup_printf("%s=%s\n", key, value);
	GString *out = g_string_new(NULL);
	bool inside = false, is_set = false;
	gssize end = -1;	/* of what the section says last */
	struct line line;

	while (next_line(&bytes, &len, &line)) {
		if (line.text_len && *line.text == '[')
			inside = is_section(&line, section);
		if (inside && is_key(&line, key)) {
			g_string_append(out, is_set ? "" : entry);
			is_set = true;
			continue;
		}
		g_string_append_len(out, line.s, line.len);
		if (line.s[line.len - 1] != '\n')
			g_string_append_c(out, '\n');
		if (inside && line.text_len)
			end = out->len;
	}
	if (!is_set && end >= 0)
		g_string_insert(out, end, entry);
	else if (!is_set)
		g_string_append_printf(out, "%s[%s]\n%s", out->len ? "\n" : "", section,
				       entry);
	return g_string_free(out, FALSE);
}
