/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of the command line: a table of commands and what was asked. */
#ifndef M2MCTL_ARGS_H
#define M2MCTL_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct ctl;

#define ARGS_MAX	32
#define KEYS_MAX	12

enum args_kind {
	ARGS_TEXT,
	ARGS_NUMBER,		/* of min to max */
	ARGS_WORD,		/* one of words, which "|" separates */
};

/* A "key value" pair of a command */
struct args_key {
	const char *name;	/* NULL ends a list of them */
	const char *meta;	/* placeholder of the value */
	const char *help;
	enum args_kind kind;
	int64_t min, max;
	const char *words;
};

enum args_option_id {
	OPTION_DEVICE,
	OPTION_JSON,
	OPTION_PRETTY,
	OPTION_WAIT,
	OPTION_DIRECT,
	OPTION_FORCE,
	OPTION_PIN_FILE,
	OPTION_PIN_FD,
	OPTION_NEW_PIN_FILE,
	OPTION_NEW_PIN_FD,
	OPTION_PUK_FILE,
	OPTION_PUK_FD,
	OPTION_PASSWORD_FILE,
	OPTION_PASSWORD_FD,
	OPTION_QMI,
	OPTION_SINCE,
	OPTION_LINES,
	OPTION_TIMEOUT,
	OPTION_FOR,
	OPTION_CONFIRM,
	OPTION_WATCH,
	OPTION_FULL,
	OPTION_MATCH,
	OPTION_SCHEMA,
	OPTION_COMMANDS,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT,
};

/* Each command takes these */
#define ARGS_COMMON_OPTIONS	(1u << OPTION_JSON | 1u << OPTION_PRETTY |	\
			 1u << OPTION_WAIT | 1u << OPTION_DIRECT |	\
			 1u << OPTION_COMMANDS | 1u << OPTION_HELP |	\
			 1u << OPTION_VERSION | 1u << OPTION_SCHEMA)

struct args_option {
	const char *name;	/* without the dashes */
	char letter;		/* 0: none */
	const char *meta;	/* NULL: takes no value */
	const char *help;
	bool hidden;
	int64_t most_s;		/* not 0: takes a time from 1 s to so many */
};

enum command_flag {
	COMMAND_MODEM = 1,	/* is about one modem, of several the one named */
	COMMAND_CHANGES = 2,	/* and changes it: the lease is taken */
	COMMAND_WAITS = 4,	/* waits for the modem to be ready */
	COMMAND_LOCAL = 8,	/* asks nobody: the driver need not be there */
	COMMAND_NO_DEVICE = 32,	/* is about none: -d is refused */
	COMMAND_BORROWS = 16,	/* changes nothing that m2md's configuration is about */
	COMMAND_MUTE = 64,	/* does with a modem that does not answer: not even --wait waits */
};

struct command {
	const char *object;	/* NULL ends the table */
	const char *verb;	/* NULL: the object is the verb */
	const char *args;	/* placeholders, "" for none; "a|b" are words to choose from */
	unsigned int min_args, max_args;
	const struct args_key *keys;	/* may be NULL */
	unsigned int flags;
	unsigned int options;	/* bits of those that not every command takes */
	const char *help;
	int (*run)(struct ctl *ctl);
	const char *offers;	/* words that an argument may be among others, with "|" */
};

/* What was asked; strings belong to argv */
struct args {
	const struct command *command;
	const char *object;	/* also where --help or an error is all; NULL: none */
	bool given[OPTION_COUNT];
	const char *option[OPTION_COUNT];	/* value */
	unsigned int wait_s;
	int64_t number[OPTION_COUNT];	/* of those that take a time (seconds) or a number */
	unsigned int n_args;
	const char *arg[ARGS_MAX];
	const char *key[KEYS_MAX];		/* value, as command->keys */
};

extern const struct command commands[];
extern const struct args_option args_options[OPTION_COUNT];

/**
 * args_parse() - understand a command line
 * @argc: as main()'s
 * @argv: as main()'s; options may stand anywhere, "--" ends them
 * @ret_args: filled if it is one of ours
 * @ret_error: the sentence, if not
 * @size: of @ret_error
 *
 * Nothing is abbreviated. With --help or --version the words need not be a command.
 *
 * Return: 0 or -EINVAL.
 */
int args_parse(int argc, char *const argv[], struct args *ret_args,
	       char *ret_error, size_t size);

/**
 * args_digits() - understand a number of a command line
 * @text: digits alone: no sign, no blank, no other base
 * @min: what it is at least, not negative
 * @max: ... and at most
 * @ret: the number
 *
 * Return: whether it is one, and within its limits.
 */
bool args_digits(const char *text, int64_t min, int64_t max, int64_t *ret);

/* Whether its first argument is one of the words of c->args */
bool args_are_words(const struct command *c);

/* What a command is called, object and verb; @buf: where that is put. Returns @buf or less */
const char *args_command_name(const struct command *c, char *buf, size_t size);
/* Bits of the options that a command takes besides ARGS_COMMON_OPTIONS */
unsigned int args_own_options(const struct command *c);

/* Value of a key, NULL if not given */
const char *args_key(const struct args *args, const char *name);
int64_t args_number(const struct args *args, const char *name, int64_t otherwise);

/* args_help() - all there is, or what one object has */
void args_help(const char *object, FILE *to);
/*
 * What completion and tests read, a line each with tabs between the fields, "-" for none:
 *
 *   option  --NAME  -LETTER  META  all|some
 *   command NAME  ARGUMENTS  LEAST  MOST  its OPTIONS  what it OFFERS
 *   key     of COMMAND  NAME  META
 */
void args_list(FILE *to);

#endif /* M2MCTL_ARGS_H */
