// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * m2mctl's help and manual page agree with its table of commands; so does completion by
 * ctl-completion.sh.
 */
#include <glob.h>
#include <json-glib/json-glib.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/ctl.h"
#include "../../tools/ctl/schema.h"
#include "../../tools/ctl/usb-module.h"
#include "../../tools/lib/connection.h"
#include "../../tools/lib/uim.h"
#include "../lib/harness.h"

#define MANUAL		"Documentation/man/m2mctl.8.rst"
#define TIMEOUTS	"Documentation/timeouts.rst"
#define WORDS		"Documentation/words.rst"
#define TEXT_MAX	(64 * 1024)

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

static char *help_text(void)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	args_help(NULL, to);
	fclose(to);
	return text;
}

static bool is_part_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Whether the word stands there on its own */
static bool has_word(const char *text, const char *word)
{
	const char *at = text;

	while ((at = strstr(at, word))) {
		if ((at == text || !is_part_of_word(at[-1])) &&
		    !is_part_of_word(at[strlen(word)]))
			return true;
		at++;
	}
	return false;
}

static void expect_word(const char *where, const char *text, const char *word)
{
	if (has_word(text, word))
		return;
	printf("# %s does not know %s\n", where, word);
	EXPECT_TRUE(false);
}

/* Each of "a|b|c"; NULL is none */
static void expect_words(const char *where, const char *text, const char *words)
{
	char word[64];

	while (words && *words) {
		size_t len = strcspn(words, "|");

		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		expect_word(where, text, word);
		words += len + (words[len] == '|');
	}
}

static bool is_option(const char *name, size_t len)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (!args_options[i].hidden &&
		    strlen(args_options[i].name) == len &&
		    !strncmp(args_options[i].name, name, len))
			return true;
	return false;
}

/* Every "--word" of a text is an option of ours */
static void expect_options_only(const char *where, const char *text)
{
	const char *at = text;

	while ((at = strstr(at, "--"))) {
		size_t len = strspn(at + 2, "abcdefghijklmnopqrstuvwxyz-");

		/* rulers and ends of options have no letter behind */
		if (len && at[2] != '-' && (at == text || at[-1] != '-') &&
		    !is_option(at + 2, len)) {
			printf("# %s: --%.*s is no option\n", where, (int)len,
			       at + 2);
			EXPECT_TRUE(false);
		}
		at += 2 + len;
	}
}

static void expect_all(const char *where, const char *text)
{
	const struct command *c;
	char word[64];

	for (int i = 0; i < OPTION_COUNT; i++) {
		snprintf(word, sizeof(word), "--%s", args_options[i].name);
		if (!args_options[i].hidden)
			expect_word(where, text, word);
	}
	for (c = commands; c->object; c++) {
		expect_word(where, text, c->object);
		if (c->verb)
			expect_word(where, text, c->verb);
		if (args_are_words(c))
			expect_words(where, text, c->args);
		for (const struct args_key *k = c->keys; k && k->name; k++)
			expect_word(where, text, k->name);
	}
}

static void expect_line(const char *where, const char *text, const char *start)
{
	if (!strncmp(text, start + 1, strlen(start + 1)) || strstr(text, start))
		return;
	harness_fail(__FILE__, __LINE__, false, "%s has no line \"%s\"", where, start + 1);
}

/* Each option at the start of a line, as "--name" or "-n, --name" */
static void expect_option_lines(const char *where, const char *text, const char *indent)
{
	const struct args_option *o;
	char line[64];

	for (o = args_options; o < args_options + OPTION_COUNT; o++) {
		if (o->letter)
			snprintf(line, sizeof(line), "\n%s-%c, --%s ",
				 *indent ? "  " : "", o->letter, o->name);
		else
			snprintf(line, sizeof(line), "\n%s--%s ", indent, o->name);
		if (!o->hidden)
			expect_line(where, text, line);
	}
}

TEST(help)
{
	char *text = help_text();
	const struct command *c;
	char line[64];

	expect_all("--help", text);
	expect_options_only("--help", text);
	expect_option_lines("--help", text, "      ");
	for (c = commands; c->object; c++) {
		snprintf(line, sizeof(line), "\n  %s%s%s ", c->object, c->verb ? " " : "",
			 c->verb ? c->verb : "");
		expect_line("--help", text, line);
	}
	free(text);
}

/* What the manual has of one command: from its name to the next one's */
static char *paragraphs_of(const char *text, const struct command *c)
{
	const char *at, *end;
	char head[64];

	snprintf(head, sizeof(head), "\n**%s%s%s**", c->object, c->verb ? " " : "",
		 c->verb ? c->verb : "");
	at = strstr(text, head);
	if (!at) {
		harness_fail(__FILE__, __LINE__, false, "%s has no %s", MANUAL, head + 1);
		return strdup("");
	}
	at += strlen(head);
	end = at;
	do
		end = strchr(end, '\n') + 1;
	while (strncmp(end, "**", 2) && strncmp(end, "OPTIONS\n", 8));
	return strndup(at, end - at);
}

/* Keys, words and options of a command stand where it does, not just anywhere */
static void expect_command(const char *text, const struct command *c)
{
	char *own = paragraphs_of(text, c);
	char word[64];

	if (args_are_words(c))
		expect_words(MANUAL, own, c->args);
	for (const struct args_key *k = c->keys; k && k->name; k++) {
		snprintf(word, sizeof(word), "**%s**", k->name);
		if (!strstr(own, word) && !strstr(own, "Keys are those of"))
			harness_fail(__FILE__, __LINE__, false, "%s: %s %s has no %s", MANUAL,
				     c->object, c->verb, word);
		expect_words(MANUAL, text, k->words);
	}
	free(own);
}

TEST(manual)
{
	char *text = read_text(MANUAL);
	const struct command *c;

	expect_all(MANUAL, text);
	expect_options_only(MANUAL, text);
	expect_option_lines(MANUAL, text, "");
	for (c = commands; c->object; c++)
		expect_command(text, c);
	free(text);
}

/* Every command says what its JSON has, and it is JSON itself */
TEST(schemas)
{
	const struct command *c;

	for (c = commands; c->object; c++) {
		JsonParser *parser = json_parser_new();
		char *text = NULL;
		size_t size;
		FILE *to = open_memstream(&text, &size);
		int err = schema_print(to, c);

		fclose(to);
		if (err || !json_parser_load_from_data(parser, text, -1, NULL)) {
			printf("# %s %s has no schema\n", c->object, c->verb ? c->verb : "");
			EXPECT_TRUE(false);
		}
		g_object_unref(parser);
		free(text);
	}
}

/* Of an object's examples: each command line is one */
TEST(examples)
{
	char *text = read_text(MANUAL), *save = NULL;
	char *line = strtok_r(strstr(text, "\nEXAMPLES\n"), "\n", &save);
	unsigned int n = 0;

	for (; line; line = strtok_r(NULL, "\n", &save)) {
		char *argv[ARGS_MAX + 2] = { 0 }, *words = NULL, sentence[256];
		struct args args;
		int argc = 0;

		if (strncmp(line, "    # m2mctl", 12))
			continue;
		for (char *w = strtok_r(line + 6, " ", &words); w;
		     w = strtok_r(NULL, " ", &words)) {
			/* the next one of a list */
			if (!strcmp(w, "&&"))
				break;
			/* none is left out, and the last one stays NULL */
			ASSERT_LT(argc, ARGS_MAX + 1);
			argv[argc++] = w;
		}
		n++;
		if (args_parse(argc, argv, &args, sentence, sizeof(sentence)))
			harness_fail(__FILE__, __LINE__, false, "m2mctl %s: %s",
				     argc > 1 ? argv[1] : "", sentence);
	}
	EXPECT_LE(10, n);
	free(text);
}

/* The table of the manual and the statuses that the program has, one by one */
TEST(exit_statuses)
{
	static const int statuses[] = {
		EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_TIMEOUT, EXIT_NO_DRIVER,
		EXIT_NO_MODEM, EXIT_PERMISSION, EXIT_SIM, EXIT_PIN, EXIT_NOT_REGISTERED,
		EXIT_CALL_FAILED, EXIT_UNSUPPORTED, EXIT_BUSY, EXIT_TEMPORARY,
	};
	char *text = read_text(MANUAL), *save = NULL;
	char *header = read_text("tools/ctl/ctl.h");
	char *line = strtok_r(strstr(text, "\nEXIT STATUS\n"), "\n", &save);
	unsigned int members = 0;
	size_t n = 0;

	for (; line && strncmp(line, "EXAMPLES", 8); line = strtok_r(NULL, "\n", &save)) {
		if (*line < '0' || *line > '9')
			continue;
		ASSERT_LT(n, ARRAY_SIZE(statuses));
		EXPECT_EQ(statuses[n++], atoi(line));
	}
	EXPECT_EQ(ARRAY_SIZE(statuses), n);
	/* none is left out above */
	for (char *at = header; (at = strstr(at, "\n\tEXIT_")); at++)
		members++;
	EXPECT_EQ(ARRAY_SIZE(statuses), members);
	free(header);
	free(text);
}

/* Whether a list like "60 for **a** and **b c**;" has the command */
static bool is_listed(const char *from, const char *to, const struct command *c)
{
	char name[64];
	const char *at;

	snprintf(name, sizeof(name), "**%s%s%s**", c->object, c->verb ? " " : "",
		 c->verb ? c->verb : "");
	at = strstr(from, name);
	return at && at < to;
}

/* How long each command waits for a modem that is not ready, where nothing is said */
TEST(waits)
{
	char *text = read_text(MANUAL);
	const char *at = strstr(text, "\n--wait SECS "), *long_ones, *short_ones, *end;

	ASSERT_TRUE(at);
	long_ones = strstr(at, "Without: 60 for ");
	short_ones = long_ones ? strstr(long_ones, "; 0 for") : NULL;
	end = short_ones ? strstr(short_ones, "and all else") : NULL;
	ASSERT_TRUE(end);
	EXPECT_EQ(60, CTL_WAIT_S);
	for (const struct command *c = commands; c->object; c++) {
		bool waits = is_listed(long_ones, short_ones, c) ||
			     (c->flags & COMMAND_CHANGES && !is_listed(short_ones, end, c));

		if (waits != !!(c->flags & COMMAND_WAITS))
			harness_fail(__FILE__, __LINE__, false, "%s: --wait of %s %s", MANUAL,
				     c->object, c->verb ? c->verb : "");
	}
	free(text);
}

/* ... and which of them do with one that has not answered yet, whatever is said */
TEST(waits_for_no_answer)
{
	char *text = read_text(MANUAL);
	const char *from = strstr(text, "\n--wait SECS "), *to;

	from = from ? strstr(from, "told how long, but by ") : NULL;
	to = from ? strstr(from, ", which do") : NULL;
	ASSERT_TRUE(to);
	for (const struct command *c = commands; c->object; c++)
		if (is_listed(from, to, c) != !!(c->flags & COMMAND_MUTE))
			harness_fail(__FILE__, __LINE__, false, "%s: --wait of %s %s", MANUAL,
				     c->object, c->verb ? c->verb : "");
	free(text);
}

/* The milliseconds that a constant of a file has */
static long constant(const char *path, const char *name)
{
	char *text = read_text(path);
	char define[64];
	const char *at;
	long ms = -1;

	snprintf(define, sizeof(define), "#define %s\t", name);
	at = strstr(text, define);
	if (at)
		ms = strtol(at + strlen(define), NULL, 10);
	free(text);
	return ms;
}

/* Rows of the table: class, seconds, constant, file */
TEST(timeouts)
{
	char *text = read_text(TIMEOUTS), *save = NULL;
	unsigned int rows = 0;

	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char name[32], path[32];
		long seconds;
		char *at;

		at = strstr(line, "_MS");
		while (at && at > line && at[-1] != ' ')
			at--;
		if (!at || sscanf(at, "%31s %31s", name, path) != 2 || strncmp(path, "tools/", 6))
			continue;
		while (at > line && at[-1] == ' ')
			at--;
		while (at > line && at[-1] != ' ')
			at--;
		seconds = strtol(at, NULL, 10);
		rows++;
		if (constant(path, name) != seconds * 1000)
			harness_fail(__FILE__, __LINE__, false, "%s of %s is not %ld s", name,
				     path, seconds);
	}
	EXPECT_EQ(10, rows);
	free(text);
}

/* Those that stand for no number; the others lib-words.c looks for */
TEST(words)
{
	char *page = read_text(WORDS);

	for (int state = 0; state <= UIM_SIM_READY; state++)
		expect_word(WORDS, page, uim_sim_word(state));
	for (int dns = PDN_DNS_NOBODY + 1; dns < PDN_DNS_WAYS; dns++)
		expect_word(WORDS, page, pdn_dns_word(dns));
	for (int mode = MODULE_NONE + 1; mode <= MODULE_DOWNLOAD; mode++)
		expect_word(WORDS, page, module_mode_word(mode));
	free(page);
}

/* None that a request has is left out of the page; the other one is of a write to a descriptor */
static void expect_timeouts(const char *page, const char *path)
{
	static const char define[] = "\n#define ", end[] = "_TIMEOUT_MS";
	char *text = read_text(path);

	for (char *at = text; (at = strstr(at, define)); at++) {
		size_t len = strcspn(at + strlen(define), " \t\n");
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)len, at + strlen(define));
		if (len > strlen(end) && !strcmp(name + len - strlen(end), end) &&
		    strcmp(name, "WRITE_TIMEOUT_MS") && !strstr(page, name))
			harness_fail(__FILE__, __LINE__, false, "%s lacks %s of %s", TIMEOUTS,
				     name, path);
	}
	free(text);
}

TEST(timeouts_are_all_there)
{
	static const char * const patterns[] = { "tools/lib/*.[ch]", "tools/ctl/*.[ch]" };
	char *page = read_text(TIMEOUTS);
	glob_t found = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
		EXPECT_EQ(0, glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &found));
	EXPECT_LE(50, found.gl_pathc);
	for (size_t i = 0; i < found.gl_pathc; i++)
		expect_timeouts(page, found.gl_pathv[i]);
	globfree(&found);
	free(page);
}

TEST_HARNESS_MAIN
