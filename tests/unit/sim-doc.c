// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's manual page names the settings, states and lies there are, and no others. */
#include <kselftest_harness.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/sim/settings.h"
#include "simqmi.h"

#define MANUAL		"Documentation/man/m2msim.1.rst"
#define TEXT_MAX	(64 * 1024)
#define WORD_SIZE	64

static char manual[TEXT_MAX];

/* The text between two marks, without the first. */
static char *part(const char *from, const char *to)
{
	const char *begin, *end;
	FILE *file;

	if (access(MANUAL, R_OK) && chdir(M2M_TOP))
		SKIP("the tree is not here");
	file = fopen(MANUAL, "r");
	ASSERT_TRUE(file);
	ASSERT_LT(fread(manual, 1, TEXT_MAX - 1, file), TEXT_MAX - 1);
	fclose(file);
	begin = strstr(manual, from);
	ASSERT_TRUE(begin);
	begin += strlen(from);
	end = strstr(begin, to);
	ASSERT_TRUE(end);
	return strndup(begin, (size_t)(end - begin));
}

static bool is_word(char c)
{
	return islower((unsigned char)c) || isdigit((unsigned char)c) || c == '.' ||
	       c == '-';
}

/* The next word at *@at, which ends a sentence if a dot follows; or false. */
static bool next_word(const char **at, char *ret_word)
{
	size_t len = 0;

	while (**at && !is_word(**at))
		(*at)++;
	while (is_word(**at) && len < WORD_SIZE - 1)
		ret_word[len++] = *(*at)++;
	/* "pool.size.\ *SERVICE*" is one for each of them. */
	if (len && ret_word[len - 1] == '.' && **at == '\\')
		len += (size_t)sprintf(ret_word + len, "dms");
	while (len && ret_word[len - 1] == '.')
		len--;
	ret_word[len] = '\0';
	return len;
}

static bool has_word(const char *text, const char *word)
{
	char found[WORD_SIZE];

	while (next_word(&text, found))
		if (!strcmp(found, word))
			return true;
	return false;
}

/* Some can only be set, some have no value yet: these are known all the same. */
static void expect_key(const char *prefix, const char *word)
{
	char key[2 * WORD_SIZE], value[512];

	snprintf(key, sizeof(key), "%s%s", prefix, word);
	if (modem_get(simqmi.modem, key, value, sizeof(value)) != -ENOENT ||
	    modem_set(simqmi.modem, key, "?", value, sizeof(value)) != -ENOENT)
		return;
	printf("# the manual names %s, which there is not\n", key);
	EXPECT_TRUE(false);
}

static void expect_words(const char *prefix, const char *text)
{
	char word[WORD_SIZE];
	unsigned int n = 0;

	for (; next_word(&text, word); n++)
		expect_key(prefix, word);
	EXPECT_TRUE(n > 5);
}

static void expect_table(bool card, const char *text)
{
	const char *key;
	unsigned int i;

	for (i = 0; (key = setting_key(card, i)); i++) {
		if (has_word(text, key))
			continue;
		printf("# the manual does not name %s\n", key);
		EXPECT_TRUE(false);
	}
	EXPECT_TRUE(i > 5);
}

TEST(settings)
{
	char *text = part("*on* or *off*, or text:\n", "; and for the cards");
	char *note;

	simqmi_start();
	expect_table(false, text);
	/* What a key means, in parentheses */
	while ((note = strchr(text, '('))) {
		ASSERT_TRUE(strchr(note, ')'));
		memset(note, ' ', (size_t)(strchr(note, ')') - note) + 1);
	}
	expect_words("", text);
	free(text);
}

TEST(settings_of_a_card)
{
	char *text = part("cards **sim** and **sim2**:\n", "\n\nStates");

	simqmi_start();
	expect_table(true, text);
	expect_words("sim.", text);
	expect_words("sim2.", text);
	free(text);
}

TEST(states)
{
	char *text = part("States can only be asked:", ", and lie, what");

	simqmi_start();
	expect_words("", text);
	free(text);
}

TEST(lies)
{
	char *text = part("\nLIES\n====\n", "\nEXIT STATUS\n");
	char found[WORD_SIZE];
	const char *at = text;
	unsigned int i, n = 0;

	for (i = 0; i < LIE_COUNT; i++)
		EXPECT_TRUE(has_word(text, lie_names[i]));
	while (next_word(&at, found))
		n++;
	EXPECT_EQ(LIE_COUNT, n);
	free(text);
}

TEST(events)
{
	char *text = part("Events are", ", and each message");
	char found[WORD_SIZE];
	const char *at = text;
	unsigned int n = 0;

	for (; next_word(&at, found); n++) {
		/* The rest is the USB half's. */
		if (!strncmp(found, "usb.", 4) || !strncmp(found, "dtr.", 4))
			continue;
		EXPECT_TRUE(modem_has_event(found));
	}
	EXPECT_TRUE(n > 20);
	EXPECT_TRUE(modem_has_event("wds.start-network"));
	EXPECT_TRUE(modem_has_event("dms.get-supported-messages"));
	EXPECT_FALSE(modem_has_event("dms.start-network"));
	free(text);
}

TEST_HARNESS_MAIN
