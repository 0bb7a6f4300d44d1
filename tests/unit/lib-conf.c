// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/conf: what a file says, and what is said about it with its line. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/lib/conf.h"
#include "../lib/harness.h"

struct row {
	const char *bytes;
	const char *reads;	/* "Section argument.Key=value;" of each key */
	const char *notes;	/* "LINE error: text;" of each */
	size_t len;		/* 0: of the string */
};

static const struct row rows[] = {
	{ "", "", "" },
	{ "\n\n  \t\n", "", "" },
	{ "[SIM]\nSlot=2\n", "SIM.Slot=2;", "" },
	{ "[SIM]\nSlot=2", "SIM.Slot=2;", "" },
	{ "  [ SIM ]  " "\n\t Slot \t=  2  " "\n", "SIM.Slot=2;", "" },
	{ "[PDN wan]\nAPN=iot\n[PDN  voice ]\nAPN=ims\n[PDN wan]\nMTU=1400\n",
	  "PDN wan.APN=iot;PDN voice.APN=ims;PDN wan.MTU=1400;", "" },
	{ "[A]\nB=\nC==\nD=a=b\n", "A.B=;A.C==;A.D=a=b;", "" },
	{ "# a\n; b\n  # c\n[A]\n#B=1\nB=2\n", "A.B=2;", "" },
	/* ends of lines, marks, bytes */
	{ "[A]\r\nB=1\r\n\r\nC=2\r\n", "A.B=1;A.C=2;", "" },
	{ "[A]\nB=1\rC=2\n", "", "2 error: control character 0x0d in column 4;" },
	{ "\xef\xbb\xbf[A]\nB=1\n", "A.B=1;", "" },
	{ "[A]\n\xef\xbb\xbf" "B=1\n", "",
	  "2 error: the name of a key is made of letters, digits, - and _;" },
	{ "\xff\xfe[\0A\0]\0\n\0", "",
	  "1 error: control character 0x00 in column 4;2 error: control character 0x00 "
	  "in column 1;", 10 },
	{ "[A]\nB=a\0b\nC=1\n", "A.C=1;",
	  "2 error: control character 0x00 in column 4;", 14 },
	{ "[A]\nB=\x1b[31m\n", "", "2 error: control character 0x1b in column 3;" },
	{ "[A]\nB=\x7f\n", "", "2 error: control character 0x7f in column 3;" },
	{ "[A]\nB=M\xc3\xbcller\n", "A.B=M\xc3\xbcller;", "" },
	{ "[A]\nB=M\xfcller\n", "", "2 error: not UTF-8;" },
	{ "[A]\nB=\xc0\x80\n", "", "2 error: not UTF-8;" },
	{ "[A]\nB=\xc3\n", "", "2 error: not UTF-8;" },
	{ "[A]\nB=\xed\xa0\x80\n", "", "2 error: not UTF-8;" },
	/* quotes */
	{ "[A]\nB=\" a # b \"\n", "A.B= a # b ;", "" },
	{ "[A]\nB=' a \\ \" '\n", "A.B= a \\ \" ;", "" },
	{ "[A]\nB=\"a\\\"b\\\\\"\n", "A.B=a\"b\\;", "" },
	{ "[A]\nB=\"\"\n", "A.B=;", "" },
	{ "[A]\nB=it's\n", "A.B=it's;", "" },
	{ "[A]\nB=\"a\n", "",
	  "2 error: B: the quotes do not end, or \\ has neither \" nor \\ behind it;" },
	{ "[A]\nB=\"a\\\n", "",
	  "2 error: B: the quotes do not end, or \\ has neither \" nor \\ behind it;" },
	{ "[A]\nB=\"a\\n\"\n", "",
	  "2 error: B: the quotes do not end, or \\ has neither \" nor \\ behind it;" },
	{ "[A]\nB=\"a\" b\n", "", "2 error: B: something follows the quotes;" },
	/* what other readers do with a line */
	{ "[A]\nB=a \\\nC=1\n", "A.C=1;",
	  "2 error: B: lines are not continued, and the value ends with \\;" },
	{ "[A]\nB=1 # one\n", "A.B=1 # one;",
	  "2 warning: B: a comment has a line of its own; this one is a part of the value;" },
	{ "[A]\nB=a#b\n", "A.B=a#b;", "" },
	/* what is no line at all */
	{ "B=1\n", "", "1 error: B: stands before any section;" },
	{ "[A\nB=1\n[C]\nD=2\n", "C.D=2;", "1 error: a section does not end with ];" },
	{ "[A] # x\nB=1\n", "", "1 error: a section does not end with ];" },
	{ "[]\n", "",
	  "1 error: the name of a section is made of letters, digits, - and _;" },
	{ "[A/B]\n", "",
	  "1 error: the name of a section is made of letters, digits, - and _;" },
	{ "[PDN [a]]\n", "", "1 error: a section has neither brackets nor quotes inside;" },
	{ "[PDN \"a\"]\n", "",
	  "1 error: a section has neither brackets nor quotes inside;" },
	{ "[A]\nB\n", "", "2 error: neither [section] nor key=value nor # comment;" },
	{ "[A]\n=1\n", "",
	  "2 error: the name of a key is made of letters, digits, - and _;" },
	{ "[A]\nB C=1\n", "",
	  "2 error: the name of a key is made of letters, digits, - and _;" },
};

/* What was read, in the words of struct row; the caller frees it */
static char *read_words(const struct conf *conf)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; i < conf->n_entries; i++) {
		const struct conf_entry *e = &conf->entries[i];
		const struct conf_section *s = &conf->sections[e->section];

		fprintf(to, "%s%s%s.%s=%s;", s->name, *s->argument ? " " : "", s->argument,
			e->key, e->value);
	}
	fclose(to);
	return text;
}

static char *notes_words(const struct conf_notes *notes)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; i < notes->n; i++)
		fprintf(to, "%u %s: %s;", notes->notes[i].line,
			notes->notes[i].severity == CONF_ERROR ? "error" : "warning",
			notes->notes[i].text);
	fclose(to);
	return text;
}

static void check_row(const struct row *row)
{
	struct conf_notes notes = { 0 };
	struct conf conf = { 0 };
	char *reads, *says;
	int err = conf_parse(&conf, "a.modem", row->bytes,
			     row->len ?: strlen(row->bytes), &notes);

	EXPECT_EQ(notes.n_errors ? -EBADMSG : 0, err);
	reads = read_words(&conf);
	says = notes_words(&notes);
	EXPECT_STREQ(row->reads, reads);
	EXPECT_STREQ(row->notes, says);
	for (size_t i = 0; i < notes.n; i++)
		EXPECT_STREQ("a.modem", notes.notes[i].file);
	free(reads);
	free(says);
	conf_clear(&conf);
	conf_notes_clear(&notes);
}

TEST(rows_of_files)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&rows[i]);
}

/* A text of @n times @unit behind @head, @ is the number; the caller frees it */
static char *repeat(const char *head, const char *unit, size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	fputs(head, to);
	for (size_t i = 0; i < n; i++) {
		for (const char *c = unit; *c; c++) {
			if (*c == '@')
				fprintf(to, "%zu", i);
			else
				fputc(*c, to);
		}
	}
	fclose(to);
	return text;
}

/* The last note of a reading, and how many keys there were */
static size_t keys_of(const char *text, size_t len, char *ret_note, size_t size)
{
	struct conf_notes notes = { 0 };
	struct conf conf = { 0 };
	size_t n;

	ret_note[0] = '\0';
	conf_parse(&conf, "f", text, len, &notes);
	if (notes.n)
		snprintf(ret_note, size, "%u %s", notes.notes[notes.n - 1].line,
			 notes.notes[notes.n - 1].text);
	n = conf.n_entries;
	conf_clear(&conf);
	conf_notes_clear(&notes);
	return n;
}

TEST(limit_of_a_line)
{
	char *text = repeat("[A]\nB=", "x", CONF_LINE_MAX - 2);
	char note[128];

	EXPECT_EQ(1, keys_of(text, strlen(text), note, sizeof(note)));
	EXPECT_STREQ("", note);
	free(text);
	text = repeat("[A]\nB=", "x", CONF_LINE_MAX - 1);
	EXPECT_EQ(0, keys_of(text, strlen(text), note, sizeof(note)));
	EXPECT_STREQ("2 longer than 1024 bytes", note);
	free(text);
}

TEST(limit_of_a_file)
{
	char *text = calloc(1, CONF_FILE_MAX + 1);
	char note[128];

	ASSERT_TRUE(text);
	memset(text, '\n', CONF_FILE_MAX + 1);
	memcpy(text, "[A]\nB=1\n", 8);
	EXPECT_EQ(1, keys_of(text, CONF_FILE_MAX, note, sizeof(note)));
	EXPECT_STREQ("", note);
	EXPECT_EQ(0, keys_of(text, CONF_FILE_MAX + 1, note, sizeof(note)));
	EXPECT_STREQ("0 larger than 65536 bytes, and not read", note);
	free(text);
}

TEST(limit_of_keys)
{
	char *text = repeat("[A]\n", "B@=1\n", CONF_KEYS_MAX);
	char note[128];

	EXPECT_EQ(CONF_KEYS_MAX, keys_of(text, strlen(text), note, sizeof(note)));
	EXPECT_STREQ("", note);
	free(text);
	text = repeat("[A]\n", "B@=1\n", CONF_KEYS_MAX + 10);
	EXPECT_EQ(CONF_KEYS_MAX, keys_of(text, strlen(text), note, sizeof(note)));
	EXPECT_STREQ("514 more than 512 keys; the rest of the file is not read", note);
	free(text);
}

TEST(limit_of_sections)
{
	char *text = repeat("", "[A a@]\nB=1\n", CONF_SECTIONS_MAX);
	char note[128];

	EXPECT_EQ(CONF_SECTIONS_MAX, keys_of(text, strlen(text), note, sizeof(note)));
	EXPECT_STREQ("", note);
	free(text);
	text = repeat("", "[A a@]\nB=1\n", CONF_SECTIONS_MAX + 10);
	EXPECT_EQ(CONF_SECTIONS_MAX, keys_of(text, strlen(text), note, sizeof(note)));
	EXPECT_STREQ("129 more than 64 sections; the rest of the file is not read", note);
	free(text);
}

TEST(limit_of_notes)
{
	char *text = repeat("[A]\n", "nonsense\n", CONF_NOTES_MAX + 50);
	struct conf_notes notes = { 0 };
	struct conf conf = { 0 };

	EXPECT_EQ(-EBADMSG, conf_parse(&conf, "f", text, strlen(text), &notes));
	EXPECT_EQ(CONF_NOTES_MAX, notes.n);
	EXPECT_EQ(CONF_NOTES_MAX + 50, notes.n_errors);
	conf_clear(&conf);
	conf_notes_clear(&notes);
	free(text);
}

TEST(a_later_file_wins_and_has_its_own_lines)
{
	static const char first[] = "[PDN wan]\nAPN=a\nMTU=1400\n";
	static const char second[] = "\n[PDN wan]\n\nAPN=b\n";
	struct conf_notes notes = { 0 };
	struct conf conf = { 0 };
	const struct conf_entry *entry;

	ASSERT_EQ(0, conf_parse(&conf, "a", first, strlen(first), &notes));
	ASSERT_EQ(0, conf_parse(&conf, "b", second, strlen(second), &notes));
	EXPECT_EQ(1, conf.n_sections);
	entry = conf_find(&conf, "PDN", "wan", "APN");
	ASSERT_TRUE(entry);
	EXPECT_STREQ("b", entry->value);
	EXPECT_STREQ("b", entry->file);
	EXPECT_EQ(4, entry->line);
	entry = conf_find(&conf, "PDN", "wan", "MTU");
	ASSERT_TRUE(entry);
	EXPECT_STREQ("a", entry->file);
	EXPECT_FALSE(conf_find(&conf, "PDN", "lan", "MTU"));
	EXPECT_FALSE(conf_find(&conf, "PDN", "wan", "mtu"));
	conf_clear(&conf);
}

TEST(a_long_value_is_cut_between_characters)
{
	char shown[CONF_SHOWN_MAX];
	char *text = repeat("x", "\xc3\xbc", 40);

	EXPECT_STREQ("short", conf_shown("short", shown));
	EXPECT_EQ(43 + 3, strlen(conf_shown(text, shown)));
	EXPECT_STREQ("\xc3\xbc...", shown + 41);
	free(text);
}

/* --- one key set -------------------------------------------------------------------- */

TEST(one_key_is_set_and_all_else_stays)
{
	static const struct {
		const char *before, *after;
	} sets[] = {
		{ "", "[Network]\nBands=b3\n" },
		{ "[Network]\nBands=b7\n", "[Network]\nBands=b3\n" },
		{ "[Network]\n  Bands = \"b7\"  \r\nModes=lte\n",
		  "[Network]\nBands=b3\nModes=lte\n" },
		/* at the end of what the section says, not behind what separates it */
		{ "[Network]\nModes=lte\n\n# cards\n[SIM]\nSlot=1\n",
		  "[Network]\nModes=lte\n\n# cards\nBands=b3\n[SIM]\nSlot=1\n" },
		{ "[Network]\nModes=lte\n\n[SIM]\nSlot=1\n",
		  "[Network]\nModes=lte\nBands=b3\n\n[SIM]\nSlot=1\n" },
		{ "[SIM]\nSlot=1", "[SIM]\nSlot=1\n\n[Network]\nBands=b3\n" },
		{ "[ Network ]\n", "[ Network ]\nBands=b3\n" },
		{ "[Network]", "[Network]\nBands=b3\n" },
		/* of another section, in a comment, of another name */
		{ "[SIM]\nBands=b7\n[Network]\n#Bands=b7\nBandsX=1\nBands\n",
		  "[SIM]\nBands=b7\n[Network]\n#Bands=b7\nBandsX=1\nBands\nBands=b3\n" },
		{ "[Network x]\nBands=b7\n", "[Network x]\nBands=b7\n\n[Network]\nBands=b3\n" },
		/* more than once */
		{ "[Network]\nBands=b7\nBands=b8\n[SIM]\n[Network]\nBands=b9\nModes=lte\n",
		  "[Network]\nBands=b3\n[SIM]\n[Network]\nModes=lte\n" },
		{ "\n\n=\n]\n[\n[]\n", "\n\n=\n]\n[\n[]\n\n[Network]\nBands=b3\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		g_autofree char *after = conf_set(sets[i].before, strlen(sets[i].before),
						  "Network", "Bands", "b3");
		g_autofree char *again = conf_set(after, strlen(after), "Network", "Bands",
						  "b3");

		EXPECT_STREQ(sets[i].after, after);
		EXPECT_STREQ(after, again);
	}
}

TEST_HARNESS_MAIN
