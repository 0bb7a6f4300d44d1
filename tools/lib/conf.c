// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the syntax of configuration files. Pure: bytes in, sections and notes out. */
#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "conf.h"

#define BOM	"\xef\xbb\xbf"

struct reader {
	struct conf *conf;
	struct conf_notes *notes;
	const char *file;	/* conf's copy */
	unsigned int line;
	size_t section;		/* where keys go, or NONE */
	bool failed, full;
	bool lost;		/* in a section that could not be read, and was told */
};

#define NONE	SIZE_MAX

/* --- notes ------------------------------------------------------------------- */

void conf_note(struct conf_notes *notes, enum conf_severity severity,
	       const char *file, unsigned int line, const char *format, ...)
{
	struct conf_note *note;
	va_list ap;

	if (severity == CONF_ERROR)
		notes->n_errors++;
	else
		notes->n_warnings++;
	if (notes->n == CONF_NOTES_MAX)
		return;
	notes->notes = g_renew(struct conf_note, notes->notes, notes->n + 1);
	note = &notes->notes[notes->n++];
	note->severity = severity;
	note->file = g_strdup(file);
	note->line = line;
	va_start(ap, format);
	note->text = g_strdup_vprintf(format, ap);
	va_end(ap);
}

void conf_notes_clear(struct conf_notes *notes)
{
	for (size_t i = 0; i < notes->n; i++) {
		g_free(notes->notes[i].file);
		g_free(notes->notes[i].text);
	}
	g_free(notes->notes);
	memset(notes, 0, sizeof(*notes));
}

const char *conf_shown(const char *value, char ret[static CONF_SHOWN_MAX])
{
	size_t len = strlen(value);

	if (len < CONF_SHOWN_MAX) {
		memcpy(ret, value, len + 1);
		return ret;
	}
	len = CONF_SHOWN_MAX - 4;
	while (len && (value[len] & 0xc0) == 0x80)
		len--;
	memcpy(ret, value, len);
	memcpy(ret + len, "...", 4);
	return ret;
}

static void fail(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fail(struct reader *r, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	conf_note(r->notes, CONF_ERROR, r->file, r->line, "%s", text);
	g_free(text);
	r->failed = true;
}

/* --- sections ---------------------------------------------------------------- */

static bool is_word(const char *s)
{
	const char *at = s;

	while (g_ascii_isalnum(*at) || *at == '-' || *at == '_')
		at++;
	return at > s && !*at;
}

static size_t find_section(const struct conf *conf, const char *name,
			   const char *argument)
{
	for (size_t i = 0; i < conf->n_sections; i++)
		if (!strcmp(conf->sections[i].name, name) &&
		    !strcmp(conf->sections[i].argument, argument))
			return i;
	return NONE;
}

static void add_section(struct reader *r, const char *name, const char *argument)
{
	struct conf *conf = r->conf;

	r->section = find_section(conf, name, argument);
	if (r->section != NONE)
		return;
	if (conf->n_sections == CONF_SECTIONS_MAX) {
		fail(r, "more than %d sections; the rest of the file is not read",
		     CONF_SECTIONS_MAX);
		r->full = true;
		return;
	}
	conf->sections = g_renew(struct conf_section, conf->sections,
				 conf->n_sections + 1);
	conf->sections[conf->n_sections] = (struct conf_section){
		g_strdup(name), g_strdup(argument), r->file, r->line
	};
	r->section = conf->n_sections++;
}

/* Without the blanks at either end, in place */
static char *strip(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	len = strlen(s);
	while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	s[len] = '\0';
	return s;
}

/* "[Name]" or "[Name argument]" */
static void parse_section(struct reader *r, char *line)
{
	size_t len = strlen(line);
	char *name, *argument;

	/* what follows a section that cannot be read belongs to no other */
	r->section = NONE;
	r->lost = true;
	if (line[len - 1] != ']') {
		fail(r, "a section does not end with ]");
		return;
	}
	line[len - 1] = '\0';
	name = strip(line + 1);
	argument = name + strcspn(name, " \t");
	if (*argument)
		*argument++ = '\0';
	argument = strip(argument);
	if (!is_word(name))
		fail(r, "the name of a section is made of letters, digits, - and _");
	else if (strpbrk(argument, "[]\"'"))
		fail(r, "a section has neither brackets nor quotes inside");
	else
		add_section(r, name, argument);
}

/* --- keys -------------------------------------------------------------------- */

/* The end of a value in quotes, which is taken out of them in place, or NULL */
static char *unquote(char *value)
{
	char quote = *value;
	char *from = value + 1, *to = value;

	while (*from && *from != quote) {
		if (quote == '"' && *from == '\\') {
			from++;
			if (*from != '"' && *from != '\\')
				return NULL;
		}
		*to++ = *from++;
	}
	if (!*from)
		return NULL;
	from++;
	*to = '\0';
	return from;
}

/* The value as it counts, in place; NULL if it is none */
static char *parse_value(struct reader *r, const char *key, char *value)
{
	size_t len = strlen(value);
	const char *end;

	if (*value == '"' || *value == '\'') {
		end = unquote(value);
		if (!end)
			fail(r, "%s: the quotes do not end, or \\ has neither \" nor \\ behind it",
			     key);
		else if (*end)
			fail(r, "%s: something follows the quotes", key);
		return end && !*end ? value : NULL;
	}
	if (len && value[len - 1] == '\\') {
		fail(r, "%s: lines are not continued, and the value ends with \\",
		     key);
		return NULL;
	}
	if (strstr(value, " #") || strstr(value, " ;"))
		conf_note(r->notes, CONF_WARNING, r->file, r->line,
			  "%s: a comment has a line of its own; this one is a part of the value",
			  key);
	return value;
}

static void add_entry(struct reader *r, const char *key, const char *value)
{
	struct conf *conf = r->conf;

	if (conf->n_entries == CONF_KEYS_MAX) {
		fail(r, "more than %d keys; the rest of the file is not read",
		     CONF_KEYS_MAX);
		r->full = true;
		return;
	}
	conf->entries = g_renew(struct conf_entry, conf->entries,
				conf->n_entries + 1);
	conf->entries[conf->n_entries++] = (struct conf_entry){
		r->section, g_strdup(key), g_strdup(value), r->file, r->line
	};
}

static void parse_key(struct reader *r, char *line)
{
	char *equals = strchr(line, '=');
	char *key, *value;

	if (!equals) {
		fail(r, "neither [section] nor key=value nor # comment");
		return;
	}
	*equals = '\0';
	key = strip(line);
	if (!is_word(key)) {
		fail(r, "the name of a key is made of letters, digits, - and _");
		return;
	}
	if (r->section == NONE) {
		if (!r->lost)
			fail(r, "%s: stands before any section", key);
		return;
	}
	value = parse_value(r, key, strip(equals + 1));
	if (value)
		add_entry(r, key, value);
}

/* --- lines ------------------------------------------------------------------- */

/* Whether the bytes are text; says what is wrong if not */
static bool is_text(struct reader *r, const char *bytes, size_t len)
{
	if (len > CONF_LINE_MAX) {
		fail(r, "longer than %d bytes", CONF_LINE_MAX);
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		if ((bytes[i] & 0xe0 || bytes[i] == '\t') && bytes[i] != 0x7f)
			continue;
		fail(r, "control character 0x%02x in column %zu",
		     (unsigned char)bytes[i], i + 1);
		return false;
	}
	if (g_utf8_validate(bytes, len, NULL))
		return true;
	fail(r, "not UTF-8");
	return false;
}

static void parse_line(struct reader *r, const char *bytes, size_t len)
{
	char text[CONF_LINE_MAX + 1];
	char *line;

	if (len && bytes[len - 1] == '\r')
		len--;
	if (!is_text(r, bytes, len))
		return;
	memcpy(text, bytes, len);
	text[len] = '\0';
	line = strip(text);
	if (*line == '[')
		parse_section(r, line);
	else if (*line && *line != '#' && *line != ';')
		parse_key(r, line);
}

/* A copy that lives as long as the struct conf */
static const char *keep_name(struct conf *conf, const char *file)
{
	conf->files = g_renew(char *, conf->files, conf->n_files + 1);
	conf->files[conf->n_files] = g_strdup(file);
	return conf->files[conf->n_files++];
}

int conf_parse(struct conf *conf, const char *file, const void *bytes, size_t len,
	       struct conf_notes *notes)
{
	struct reader r = { .conf = conf, .notes = notes, .section = NONE };
	const char *at = bytes, *end = at + len;

	r.file = keep_name(conf, file);
	if (len > CONF_FILE_MAX) {
		fail(&r, "larger than %d bytes, and not read", CONF_FILE_MAX);
		conf->broken = true;
		return -EBADMSG;
	}
	if (len >= strlen(BOM) && !memcmp(at, BOM, strlen(BOM)))
		at += strlen(BOM);
	while (at < end && !r.full) {
		const char *stop = memchr(at, '\n', end - at);

		if (!stop)
			stop = end;
		r.line++;
		parse_line(&r, at, stop - at);
		at = stop + 1;
	}
	conf->broken |= r.failed;
	return r.failed ? -EBADMSG : 0;
}

const struct conf_entry *conf_find(const struct conf *conf, const char *section,
				   const char *argument, const char *key)
{
	size_t wanted = find_section(conf, section, argument);

	if (wanted == NONE)
		return NULL;
	for (size_t i = conf->n_entries; i-- > 0;)
		if (conf->entries[i].section == wanted &&
		    !strcmp(conf->entries[i].key, key))
			return &conf->entries[i];
	return NULL;
}

void conf_clear(struct conf *conf)
{
	for (size_t i = 0; i < conf->n_files; i++)
		g_free(conf->files[i]);
	for (size_t i = 0; i < conf->n_sections; i++) {
		g_free(conf->sections[i].name);
		g_free(conf->sections[i].argument);
	}
	for (size_t i = 0; i < conf->n_entries; i++) {
		g_free(conf->entries[i].key);
		g_free(conf->entries[i].value);
	}
	g_free(conf->files);
	g_free(conf->sections);
	g_free(conf->entries);
	memset(conf, 0, sizeof(*conf));
}
