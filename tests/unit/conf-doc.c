// SPDX-License-Identifier: GPL-2.0-or-later
/* m2md.conf(5) and m2m.modem(5) have every key of the table, and no other. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../tools/lib/config.h"
#include "../lib/harness.h"

#define MAIN_PAGE	"Documentation/man/m2md.conf.5.rst"
#define MODEM_PAGE	"Documentation/man/m2m.modem.5.rst"
#define TEXT_MAX	(64 * 1024)
#define ENTRY_MAX	1024

static char *read_text(const char *path)
{
	char *text = calloc(1, TEXT_MAX);
	FILE *file;

	/* where the tree was, if not here */
	if (access(path, R_OK) && chdir(M2M_TOP))
		SKIP("the tree is not here");
	file = fopen(path, "r");
	ASSERT_TRUE(file && text);
	ASSERT_LT(fread(text, 1, TEXT_MAX, file), TEXT_MAX);
	fclose(file);
	return text;
}

/* The part of a page that is about a section */
static const char *find_section(const char *page, enum config_section_id section,
				const char **ret_end)
{
	char heading[64];
	const char *at;

	snprintf(heading, sizeof(heading), "\n[%s%s]\n=", config_section_name(section),
		 section == CONFIG_PDN ? " name" : "");
	at = strstr(page, heading);
	if (!at)
		return NULL;
	/* to the ruler below the next one */
	at = strstr(at, "\n==");
	*ret_end = strstr(at + 1, "\n==");
	return at;
}

/* What a page says of a key, from its name to the empty line, on one line */
static bool find_entry(const char *from, const char *end, const char *name, char *ret)
{
	char begin[64];
	const char *at;
	size_t n = 0;

	snprintf(begin, sizeof(begin), "\n**%s=**", name);
	at = strstr(from, begin);
	if (!at || at > end)
		return false;
	for (at++; *at && strncmp(at, "\n\n", 2) && n < ENTRY_MAX - 1; at++)
		ret[n++] = *at == '\n' ? ' ' : *at;
	ret[n] = '\0';
	/* lines are indented: one blank is enough */
	for (char *c = ret; (c = strstr(c, "  "));)
		memmove(c, c + 1, strlen(c + 1) + 1);
	return true;
}

static void expect_text(const char *entry, const struct config_key *key, const char *text)
{
	if (strstr(entry, text))
		return;
	printf("# %s=: the page does not say \"%s\"\n", key->name, text);
	EXPECT_TRUE(false);
}

static void check_entry(const char *entry, const struct config_key *key)
{
	char text[256], takes[128];
	bool ranged = key->type == CONFIG_NUMBER || key->type == CONFIG_SECONDS ||
		      key->type == CONFIG_BYTES;

	snprintf(text, sizeof(text), "**\\ *%s*", key->meta ?: key->words);
	expect_text(entry, key, text);
	if (*key->otherwise) {
		snprintf(text, sizeof(text), "Default: %s.", key->otherwise);
		expect_text(entry, key, text);
	}
	config_key_takes(key, takes, sizeof(takes));
	if (ranged)
		expect_text(entry, key, !strncmp(takes, "a number from ", 14) ?
			    takes + 14 : takes);
}

static void check_page(const char *path, bool main)
{
	char entry[ENTRY_MAX], *page = read_text(path);
	const char *from, *end;

	for (const struct config_key *key = config_keys; key->name; key++) {
		if (config_section_is_main(key->section) != main)
			continue;
		from = find_section(page, key->section, &end);
		if (from && find_entry(from, end, key->name, entry)) {
			check_entry(entry, key);
			continue;
		}
		printf("# %s has no %s= in [%s]\n", path, key->name,
		       config_section_name(key->section));
		EXPECT_TRUE(false);
	}
	free(page);
}

/* Whether a line is the head of an entry, "**Name=**\ ", and no sentence */
static bool is_head(const char *line)
{
	return !strncmp(line, "**", 2) &&
		!strncmp(line + 2 + strcspn(line + 2, "=*\n"), "=**\\ ", 5);
}

/* Every head of an entry is a key of the section it stands in */
static void check_reverse(const char *path, bool main)
{
	char *page = read_text(path);
	const char *from, *end, *at;
	char name[64];
	size_t n_page = 0, n_table = 0;

	for (int id = 0; id < CONFIG_SECTIONS; id++) {
		if (config_section_is_main(id) != main)
			continue;
		from = find_section(page, id, &end);
		ASSERT_TRUE(from && end);
		for (at = from; (at = strstr(at, "\n**")) && at < end; at++) {
			if (!is_head(at + 1))
				continue;
			snprintf(name, sizeof(name), "%.*s", (int)strcspn(at + 3, "=*"),
				 at + 3);
			if (!config_key(id, name))
				printf("# %s: [%s] has no key %s\n", path,
				       config_section_name(id), name);
			EXPECT_TRUE(config_key(id, name));
		}
	}
	for (at = page; (at = strstr(at, "\n**")); at++)
		n_page += is_head(at + 1);
	for (const struct config_key *key = config_keys; key->name; key++)
		n_table += config_section_is_main(key->section) == main;
	EXPECT_EQ(n_table, n_page);
	free(page);
}

TEST(every_key_has_its_entry)
{
	check_page(MAIN_PAGE, true);
	check_page(MODEM_PAGE, false);
}

TEST(every_entry_is_a_key)
{
	check_reverse(MAIN_PAGE, true);
	check_reverse(MODEM_PAGE, false);
}

/* The limits that the page promises are those of the reader */
TEST(limits)
{
	char text[128], *page = read_text(MAIN_PAGE);

	snprintf(text, sizeof(text), "%d bytes a line, %d a file; %d sections and %d keys",
		 CONF_LINE_MAX, CONF_FILE_MAX, CONF_SECTIONS_MAX, CONF_KEYS_MAX);
	EXPECT_TRUE(strstr(page, text));
	snprintf(text, sizeof(text), "%d drop-ins a file; %d files in *modem.d*; %d values",
		 CONFIG_DROPINS_MAX, CONFIG_MODEMS_MAX, CONFIG_LIST_MAX);
	EXPECT_TRUE(strstr(page, text));
	free(page);
	page = read_text(MODEM_PAGE);
	snprintf(text, sizeof(text), "At most %d.", CONFIG_PDNS_MAX);
	EXPECT_TRUE(strstr(page, text));
	free(page);
}

TEST_HARNESS_MAIN
