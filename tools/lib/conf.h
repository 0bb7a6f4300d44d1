/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files as text: sections, keys, and where each of them stood. */
#ifndef M2M_CONF_H
#define M2M_CONF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * DOC: The syntax
 *
 * UTF-8 in lines that end with LF or CR LF; a byte order mark at the beginning is
 * skipped. Empty lines and lines that begin with # or ; say nothing. "[Name]" or
 * "[Name argument]" begins a section, or goes on with one of that name and
 * argument. "Key=value" sets a key; spaces around either do not count. A value may
 * stand in quotes: in "double" ones \" and \\ are a quote and a backslash, in
 * 'single' ones everything is itself. Lines are not continued, and a comment has a
 * line of its own.
 *
 * The reader knows bytes, not files, and no key. A line that it cannot read is told
 * and left out, so that one reading finds every fault.
 */

#define CONF_LINE_MAX		1024		/* bytes */
#define CONF_FILE_MAX		(64 * 1024)	/* bytes */
#define CONF_SECTIONS_MAX	64		/* of a file with its drop-ins */
#define CONF_KEYS_MAX		512		/* the same */
#define CONF_NOTES_MAX		200		/* more are only counted */
#define CONF_SHOWN_MAX		48		/* bytes of a value in a message */

enum conf_severity {
	CONF_WARNING,	/* it works without */
	CONF_ERROR,
};

struct conf_note {
	enum conf_severity severity;
	char *file;
	unsigned int line;	/* from 1; 0: the file as a whole */
	char *text;		/* lower case, no full stop */
};

/* What was found; begins as all zeros */
struct conf_notes {
	struct conf_note *notes;
	size_t n;
	size_t n_errors, n_warnings;	/* also those past CONF_NOTES_MAX */
};

struct conf_section {
	char *name;
	char *argument;		/* "" without */
	const char *file;	/* where it began; the struct conf owns it */
	unsigned int line;
};

struct conf_entry {
	size_t section;		/* index */
	char *key, *value;
	const char *file;	/* the struct conf owns it */
	unsigned int line;
};

/* A file with its drop-ins, in the order of reading; begins as all zeros */
struct conf {
	char **files;
	size_t n_files;
	struct conf_section *sections;
	size_t n_sections;
	struct conf_entry *entries;
	size_t n_entries;
	bool broken;		/* some line could not be read */
};

/**
 * conf_parse() - read one file behind those that were read before
 * @conf: what it adds to
 * @file: how messages name it
 * @bytes: its content, @len of them, which need not end with a line
 * @len: of @bytes
 * @notes: what is wrong is added here
 *
 * Return: 0, or -EBADMSG if there was an error; @conf has what could be read.
 */
int conf_parse(struct conf *conf, const char *file, const void *bytes, size_t len,
	       struct conf_notes *notes);

/* conf_find() - the entry that counts: the last of that key in a section, or NULL */
const struct conf_entry *conf_find(const struct conf *conf, const char *section,
				   const char *argument, const char *key);

/**
 * conf_set() - a file with one key set, whatever stood there for it
 * @bytes: of the file, without NUL
 * @len: of @bytes
 * @section: of the key, without an argument
 * @key: its name
 * @value: needs no quotes
 *
 * Where the section says it more than once, the first place has it and the others go. All
 * other lines stay as they are; a last line without an end gets one. For g_free().
 */
char *conf_set(const char *bytes, size_t len, const char *section, const char *key,
	       const char *value);

/* conf_clear() - free what it holds and begin again */
void conf_clear(struct conf *conf);

/* conf_note() - say something about a line of a file */
void conf_note(struct conf_notes *notes, enum conf_severity severity,
	       const char *file, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* conf_shown() - as much of a value as a message shows, cut between characters */
const char *conf_shown(const char *value, char ret[static CONF_SHOWN_MAX]);

void conf_notes_clear(struct conf_notes *notes);

#endif /* M2M_CONF_H */
