// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells what command lines there are: to people, and to the completion. */
#include <string.h>

#include "args.h"

#define LEFT_COLUMNS	34		/* before what is said */

static void help_command(FILE *to, const struct command *c)
{
	bool optional = args_are_words(c) && !c->min_args;
	char left[72], name[40];

	snprintf(left, sizeof(left), "%s %s%s%s", args_command_name(c, name, sizeof(name)),
		 optional ? "[" : "", c->args, optional ? "]" : "");
	if (strlen(left) > LEFT_COLUMNS)
		fprintf(to, "  %s\n  %-*s %s\n", left, LEFT_COLUMNS, "", c->help);
	else
		fprintf(to, "  %-*s %s\n", LEFT_COLUMNS, left, c->help);
	for (const struct args_key *k = c->keys; k && k->name; k++) {
		snprintf(left, sizeof(left), "%s %s", k->name, k->meta);
		fprintf(to, "      %-30s %s\n", left, k->help);
	}
}

static void help_options(FILE *to)
{
	const struct args_option *o;
	char left[64];

	for (o = args_options; o < args_options + OPTION_COUNT; o++) {
		if (o->hidden)
			continue;
		snprintf(left, sizeof(left), "%c%c%s--%s %s",
			 o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
			 o->letter ? ", " : "  ", o->name,
			 o->meta ? o->meta : "");
		fprintf(to, "  %-26s %s\n", left, o->help);
	}
}

void args_help(const char *object, FILE *to)
{
	if (!object)
		fputs("usage: m2mctl [OPTION]... [OBJECT [VERB] [ARGUMENT]... [KEY VALUE]...]\n\n",
		      to);
	for (const struct command *c = commands; c->object; c++)
		if (!object || !strcmp(c->object, object))
			help_command(to, c);
	fputc('\n', to);
	if (object)
		fputs("Options and other objects: m2mctl --help\n", to);
	else
		help_options(to);
}

static void list_options(FILE *to)
{
	const struct args_option *o;
	char letter[] = "-?";

	for (unsigned int id = 0; id < OPTION_COUNT; id++) {
		o = &args_options[id];
		letter[1] = o->letter;
		if (!o->hidden)
			fprintf(to, "option\t--%s\t%s\t%s\t%s\n", o->name,
				o->letter ? letter : "-", o->meta ? o->meta : "-",
				ARGS_COMMON_OPTIONS & 1u << id ? "all" : "some");
	}
}

static void list_command(FILE *to, const struct command *c)
{
	unsigned int own = args_own_options(c);
	char name[40];

	args_command_name(c, name, sizeof(name));
	fprintf(to, "command\t%s\t%s\t%u\t%u\t", name, *c->args ? c->args : "-",
		c->min_args, c->max_args);
	for (unsigned int id = 0; id < OPTION_COUNT; id++)
		if (own & 1u << id)
			fprintf(to, "--%s%s", args_options[id].name,
				own >> id > 1 ? " " : "");
	fprintf(to, "%s\t%s\n", own ? "" : "-", c->offers ? c->offers : "-");
	for (const struct args_key *k = c->keys; k && k->name; k++)
		fprintf(to, "key\t%s\t%s\t%s\n", name, k->name, k->meta);
}

void args_list(FILE *to)
{
	list_options(to);
	for (const struct command *c = commands; c->object; c++)
		list_command(to, c);
}
