// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of the command line. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/config.h"
#include "args.h"

/* A word this near (edits) to a known one was probably meant to be it. */
#define NEAR		3
#define WORD_MAX	32
#define VERBS_MAX	128

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define DAY_S		(24 * 3600)
#define LINES_MAX	2000
#define PIN_MIN		4
#define PUK_LEN		8
#define DESCRIPTOR_MAX	65535

const struct args_option args_options[OPTION_COUNT] = {
	[OPTION_DEVICE] = {
		"device", 'd', "DEVICE",
		"which modem: alias, IMEI, network interface, /dev node or USB path"
	},
	[OPTION_JSON] = { "json", 'j', NULL, "print JSON" },
	[OPTION_PRETTY] = { "pretty", 'p', NULL, "print JSON for reading" },
	[OPTION_WAIT] = {
		"wait", 0, "SECS",
		"how long to wait for the modem, its SIM and the network"
	},
	[OPTION_DIRECT] = {
		"direct", 0, NULL,
		"act although another program manages the modem"
	},
	[OPTION_FORCE] = {
		"force", 0, NULL,
		"last try of a PIN or PUK (asks first), scan with calls up, reset of the USB device"
	},
	[OPTION_PIN_FILE] = { "pin-file", 0, "FILE", "read the PIN from a file" },
	[OPTION_PIN_FD] = {
		"pin-fd", 0, "N", "read the PIN from an open descriptor"
	},
	[OPTION_NEW_PIN_FILE] = {
		"new-pin-file", 0, "FILE", "read the PIN to be from a file"
	},
	[OPTION_NEW_PIN_FD] = {
		"new-pin-fd", 0, "N", "read the PIN to be from an open descriptor"
	},
	[OPTION_PUK_FILE] = { "puk-file", 0, "FILE", "read the PUK from a file" },
	[OPTION_PUK_FD] = {
		"puk-fd", 0, "N", "read the PUK from an open descriptor"
	},
	[OPTION_PASSWORD_FILE] = {
		"password-file", 0, "FILE", "read the password from a file"
	},
	[OPTION_PASSWORD_FD] = {
		"password-fd", 0, "N",
		"read the password from an open descriptor"
	},
	[OPTION_QMI] = { "qmi", 0, NULL, "show QMI messages instead of events" },
	[OPTION_SINCE] = {
		"since", 0, "TIME", "no older than so long, e.g. 2h or 90 (seconds)",
		.most_s = 10 * 365 * DAY_S
	},
	[OPTION_LINES] = { "lines", 'n', "N", "the last N only" },
	[OPTION_TIMEOUT] = {
		"timeout", 0, "TIME", "how long to wait, 2min without",
		.most_s = 30 * DAY_S
	},
	[OPTION_FOR] = {
		"for", 0, "TIME", "how long, 30min without", .most_s = 30 * DAY_S
	},
	[OPTION_CONFIRM] = {
		"confirm", 0, "TIME",
		"go back to what was before unless config confirm comes in time",
		.most_s = 7 * DAY_S
	},
	[OPTION_WATCH] = {
		"watch", 0, NULL, "go on with what is new, until interrupted or --wait ends"
	},
	[OPTION_FULL] = {
		"full", 0, NULL, "leave in what tells whose modem and SIM it is"
	},
	[OPTION_MATCH] = {
		"match", 0, NULL, "print keys of [Match], ready to paste into a .modem file"
	},
	[OPTION_SCHEMA] = {
		"schema", 0, NULL, "print the JSON schema of what OBJECT VERB prints"
	},
	[OPTION_COMMANDS] = {
		"commands", 0, NULL, "list options, commands and keys",
		.hidden = true
	},
	[OPTION_HELP] = { "help", 'h', NULL, "show this text" },
	[OPTION_VERSION] = { "version", 0, NULL, "show the version" },
};

struct parser {
	struct args *args;
	char *error;
	size_t size;
	const char *words[ARGS_MAX];
	unsigned int n;
};

static int fail(struct parser *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(struct parser *p, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(p->error, p->size, format, ap);
	va_end(ap);
	return -EINVAL;
}

/* --- the nearest word -------------------------------------------------------- */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Edits from one short word to the other; two letters that changed places are one */
static unsigned int distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned int d[WORD_MAX + 1][WORD_MAX + 1];

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		for (size_t j = 1; j <= lb; j++) {
			d[i][j] = min3(d[i][j - 1] + 1, d[i - 1][j] + 1,
				       d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = min3(d[i][j], d[i - 2][j - 2] + 1,
					       d[i][j]);
		}
	}
	return d[la][lb];
}

struct nearest {
	const char *wanted, *word;
	unsigned int distance;
};

static void consider(struct nearest *nearest, const char *word)
{
	unsigned int d = word ? distance(nearest->wanted, word) : NEAR;

	if (d < nearest->distance) {
		nearest->distance = d;
		nearest->word = word;
	}
}

/* "unknown object "pnd", did you mean "pdn"?" */
static int unknown(struct parser *p, const char *what,
		   const struct nearest *nearest)
{
	if (nearest->word)
		return fail(p, "unknown %s \"%s\", did you mean \"%s\"?", what,
			    nearest->wanted, nearest->word);
	return fail(p, "unknown %s \"%s\"", what, nearest->wanted);
}

/* --- values ------------------------------------------------------------------ */

bool args_digits(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(text, &end, 10);
	/* that takes blanks and a sign as well */
	return *text >= '0' && *text <= '9' && !*end && !errno && *ret >= min && *ret <= max;
}

/* Whether @word is one of "a|b|c" */
static bool is_one_of(const char *word, const char *words)
{
	size_t len = strlen(word);
	const char *at = words;

	while (len && at && !strchr(word, '|')) {
		if (!strncmp(at, word, len) && (!at[len] || at[len] == '|'))
			return true;
		at = strchr(at, '|');
		if (at)
			at++;
	}
	return false;
}

static int check_value(struct parser *p, const struct args_key *key,
		       const char *value)
{
	int64_t n;

	switch (key->kind) {
	case ARGS_NUMBER:
		if (!args_digits(value, key->min, key->max, &n))
			return fail(p,
				    "%s takes a number from %lld to %lld, digits only, not \"%s\"",
				    key->name, (long long)key->min, (long long)key->max,
				    value);
		break;
	case ARGS_WORD:
		if (!is_one_of(value, key->words))
			return fail(p, "%s is %s, not \"%s\"", key->name,
				    key->words, value);
		break;
	case ARGS_TEXT:
		if (!*value)
			return fail(p, "%s is empty", key->name);
		break;
	}
	return 0;
}

/* --- options ----------------------------------------------------------------- */

/* A time as the configuration has them */
static int set_time(struct parser *p, unsigned int id, const char *value)
{
	const struct args_option *option = &args_options[id];
	const struct config_key key = {
		.name = option->name, .type = CONFIG_SECONDS,
		.min = 1, .max = option->most_s,
	};
	char ignored[128];

	if (!*value || config_value_set(&key, value, &p->args->number[id], ignored,
					sizeof(ignored)))
		return fail(p, "--%s takes a time like 90, 15min or 2h, not \"%s\"",
			    option->name, value);
	return 0;
}

/* Sources of which one is given at most: a file, a descriptor */
static const enum args_option_id sources[][2] = {
	{ OPTION_PIN_FILE, OPTION_PIN_FD },
	{ OPTION_NEW_PIN_FILE, OPTION_NEW_PIN_FD },
	{ OPTION_PUK_FILE, OPTION_PUK_FD },
	{ OPTION_PASSWORD_FILE, OPTION_PASSWORD_FD },
};

static bool is_descriptor(unsigned int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (sources[i][1] == id)
			return true;
	return false;
}

static int set_option(struct parser *p, unsigned int id, const char *value)
{
	const struct args_option *option = &args_options[id];
	int64_t n;

	if (p->args->given[id])
		return fail(p, "--%s is given twice", option->name);
	p->args->given[id] = true;
	p->args->option[id] = value;
	if (id == OPTION_WAIT) {
		if (!args_digits(value, 0, 86400, &n))
			return fail(p,
				    "--wait takes seconds from 0 to 86400, digits only, not \"%s\"",
				    value);
		p->args->wait_s = n;
	}
	if (option->most_s)
		return set_time(p, id, value);
	if (id == OPTION_LINES) {
		if (!args_digits(value, 1, LINES_MAX, &n))
			return fail(p,
				    "--lines takes a number from 1 to %d, digits only, not \"%s\"",
				    LINES_MAX, value);
		p->args->number[id] = n;
	}
	/* which may be the secret itself, and is not repeated */
	if (is_descriptor(id) && !args_digits(value, 0, DESCRIPTOR_MAX, &n))
		return fail(p, "--%s takes the number of a descriptor from 0 to %d, digits only",
			    option->name, DESCRIPTOR_MAX);
	if (option->meta && !*value)
		return fail(p, "--%s is empty", option->name);
	return 0;
}

/* An option with its value, which may stand in the next word */
static int parse_option(struct parser *p, unsigned int id, const char *value,
			char *const argv[], int *at)
{
	const struct args_option *option = &args_options[id];

	if (!option->meta && value)
		return fail(p, "--%s takes no value", option->name);
	if (option->meta && !value) {
		value = argv[*at + 1];
		if (!value)
			return fail(p, "--%s needs %s", option->name,
				    option->meta);
		(*at)++;
	}
	return set_option(p, id, value);
}

static int parse_long(struct parser *p, char *const argv[], int *at)
{
	const char *name = argv[*at] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	char word[WORD_MAX + 1];
	struct nearest nearest = { word, NULL, NEAR };

	/* what is said about it has no value in it, which may be a secret */
	snprintf(word, sizeof(word), "%.*s", (int)len, name);

	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		const char *known = args_options[id].name;

		if (strlen(known) == len && !strncmp(known, name, len))
			return parse_option(p, id, equals ? equals + 1 : NULL,
					    argv, at);
		consider(&nearest, known);
	}
	return unknown(p, "option", &nearest);
}

/* Letters may be joined, the last may have its value in the same word */
static int parse_letters(struct parser *p, char *const argv[], int *at)
{
	const char *letter = argv[*at] + 1;
	const char *value;
	int err;

	for (; *letter; letter++) {
		unsigned int id = 0;

		while (id < OPTION_COUNT && args_options[id].letter != *letter)
			id++;
		if (id == OPTION_COUNT)
			return fail(p, "unknown option -%c", *letter);
		value = args_options[id].meta && letter[1] ? letter + 1 : NULL;
		err = parse_option(p, id, value, argv, at);
		if (err || args_options[id].meta)
			return err;
	}
	return 0;
}

static int split(struct parser *p, int argc, char *const argv[])
{
	bool options = true;
	int err = 0;

	for (int i = 1; i < argc; i++) {
		if (options && !strcmp(argv[i], "--"))
			options = false;
		else if (options && argv[i][0] == '-' && argv[i][1] == '-')
			err = parse_long(p, argv, &i);
		else if (options && argv[i][0] == '-' && argv[i][1])
			err = parse_letters(p, argv, &i);
		else if (p->n == ARGS_MAX)
			err = fail(p, "more than %d words", ARGS_MAX);
		else
			p->words[p->n++] = argv[i];
		if (err)
			return err;
	}
	return 0;
}

/* --- commands ---------------------------------------------------------------- */

/* The verbs of an object: "up, down, show" */
static const char *verbs_of(const char *object, char *buf, size_t size)
{
	size_t len = 0;

	*buf = '\0';
	for (const struct command *c = commands; c->object && len < size; c++)
		if (c->verb && !strcmp(c->object, object))
			len += snprintf(buf + len, size - len, "%s%s", len ? ", " : "",
					c->verb);
	return buf;
}

static int unknown_object(struct parser *p, const struct nearest *objects)
{
	for (const struct command *c = commands; c->object; c++)
		if (c->verb && !strcmp(c->verb, objects->wanted))
			return fail(p, "unknown object \"%s\", did you mean \"%s %s\"?",
				    objects->wanted, c->object, c->verb);
	return unknown(p, "object", objects);
}

/* As long as a PIN or PUK, and nothing but digits: no error repeats it, as journals keep those */
static bool may_be_pin(const char *word)
{
	size_t len = strlen(word);

	return len >= PIN_MIN && len <= PUK_LEN && strspn(word, "0123456789") == len;
}

static int unknown_verb(struct parser *p, const char *object, const struct nearest *verbs)
{
	char known[VERBS_MAX];

	if (may_be_pin(verbs->wanted))
		return fail(p, "a number is no verb, %s has %s", object,
			    verbs_of(object, known, sizeof(known)));
	if (verbs->word)
		return unknown(p, "verb", verbs);
	return fail(p, "unknown verb \"%s\", %s has %s", verbs->wanted, object,
		    verbs_of(object, known, sizeof(known)));
}

/* Finds the command and how many words name it */
static int find_command(struct parser *p, unsigned int *ret_n)
{
	const char *object = p->words[0];
	const char *verb = p->n > 1 ? p->words[1] : NULL;
	struct nearest objects = { object, NULL, NEAR };
	struct nearest verbs = { verb ? verb : "", NULL, NEAR };
	const struct command *c;
	char words[VERBS_MAX];
	bool known = false;

	for (c = commands; c->object; c++) {
		consider(&objects, c->object);
		if (strcmp(c->object, object))
			continue;
		known = true;
		p->args->object = c->object;
		if (!c->verb || (verb && !strcmp(c->verb, verb))) {
			p->args->command = c;
			*ret_n = c->verb ? 2 : 1;
			return 0;
		}
		consider(&verbs, c->verb);
	}
	if (!known)
		return unknown_object(p, &objects);
	if (!verb)
		return fail(p, "%s needs a verb: %s", object,
			    verbs_of(object, words, sizeof(words)));
	return unknown_verb(p, object, &verbs);
}

const char *args_command_name(const struct command *c, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", c->object, c->verb ? " " : "",
		 c->verb ? c->verb : "");
	return buf;
}

static int parse_key(struct parser *p, const char *word, const char *value)
{
	const struct args_key *keys = p->args->command->keys;
	struct nearest nearest = { word, NULL, NEAR };

	for (unsigned int i = 0; keys && keys[i].name; i++) {
		consider(&nearest, keys[i].name);
		if (strcmp(keys[i].name, word))
			continue;
		if (p->args->key[i])
			return fail(p, "%s is given twice", word);
		if (!value)
			return fail(p, "%s needs %s", word, keys[i].meta);
		p->args->key[i] = value;
		return check_value(p, &keys[i], value);
	}
	return unknown(p, "word", &nearest);
}

bool args_are_words(const struct command *c)
{
	return strchr(c->args, '|') && c->args[0] >= 'a' && c->args[0] <= 'z';
}

/* Whether it takes a PIN, which whoever does not know how gives as a word */
static bool takes_pin(const struct command *c)
{
	return c->options & (1u << OPTION_PIN_FD | 1u << OPTION_PUK_FD);
}

/* Whatever there is too much is not repeated */
static int refuse_pin(struct parser *p)
{
	const struct command *c = p->args->command;
	bool puk = c->options & 1u << OPTION_PUK_FD;
	const char *what = puk ? "puk" : "pin";
	char name[64];

	return fail(p, "%s takes no %s: %s, but comes from --%s-file, --%s-fd or the prompt",
		    args_command_name(c, name, sizeof(name)),
		    c->max_args ? "other word" : "word",
		    puk ? "a PUK or PIN is no word of a command line" :
			  "a PIN is no word of a command line", what, what);
}

static int parse_words(struct parser *p)
{
	const struct command *c;
	unsigned int i = 0;
	char name[64];
	int err;

	err = find_command(p, &i);
	if (err)
		return err;
	c = p->args->command;
	/* what it prints needs none of what it takes */
	if (p->args->given[OPTION_SCHEMA] && i == p->n)
		return 0;
	while (i < p->n && p->args->n_args < c->max_args)
		p->args->arg[p->args->n_args++] = p->words[i++];
	if (p->args->n_args < c->min_args)
		return fail(p, "%s needs %s",
			    args_command_name(c, name, sizeof(name)), c->args);
	if (args_are_words(c) && p->args->n_args && !is_one_of(p->args->arg[0], c->args))
		return may_be_pin(p->args->arg[0]) ?
			fail(p, "%s takes %s", args_command_name(c, name, sizeof(name)), c->args) :
			fail(p, "%s takes %s, not \"%s\"",
			     args_command_name(c, name, sizeof(name)), c->args, p->args->arg[0]);
	if (i < p->n && takes_pin(c))
		return refuse_pin(p);
	for (; i < p->n; i += 2) {
		err = parse_key(p, p->words[i],
				i + 1 < p->n ? p->words[i + 1] : NULL);
		if (err)
			return err;
	}
	return 0;
}

unsigned int args_own_options(const struct command *c)
{
	unsigned int device = c->flags & COMMAND_NO_DEVICE ? 0 : 1u << OPTION_DEVICE;

	return c->options | device;
}

static int check_options(struct parser *p)
{
	unsigned int takes = ARGS_COMMON_OPTIONS | args_own_options(p->args->command);
	const bool *given = p->args->given;
	char name[64];

	for (unsigned int id = 0; id < OPTION_COUNT; id++)
		if (given[id] && !(takes & 1u << id))
			return fail(p, "%s takes no --%s",
				    args_command_name(p->args->command, name, sizeof(name)),
				    args_options[id].name);
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (given[sources[i][0]] && given[sources[i][1]])
			return fail(p, "a file or a descriptor, not both");
	return 0;
}

static const char *find_object(const char *word)
{
	for (const struct command *c = commands; c->object; c++)
		if (!strcmp(c->object, word))
			return c->object;
	return NULL;
}

int args_parse(int argc, char *const argv[], struct args *ret_args,
	       char *ret_error, size_t size)
{
	struct parser p = { .args = ret_args, .error = ret_error, .size = size };
	int err;

	memset(ret_args, 0, sizeof(*ret_args));
	err = split(&p, argc, argv);
	if (err)
		return err;
	ret_args->command = commands;	/* the first one without words */
	if (ret_args->given[OPTION_HELP] || ret_args->given[OPTION_VERSION]) {
		ret_args->object = p.n ? find_object(p.words[0]) : NULL;
		return 0;
	}
	if (p.n)
		err = parse_words(&p);
	return err ? err : check_options(&p);
}

const char *args_key(const struct args *args, const char *name)
{
	const struct args_key *keys = args->command->keys;

	for (unsigned int i = 0; keys && keys[i].name; i++)
		if (!strcmp(keys[i].name, name))
			return args->key[i];
	return NULL;
}

int64_t args_number(const struct args *args, const char *name, int64_t otherwise)
{
	const char *value = args_key(args, name);

	return value ? strtoll(value, NULL, 10) : otherwise;
}
