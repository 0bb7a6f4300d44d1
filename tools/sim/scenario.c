// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the grammar of scenario files. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "bytes.h"
#include "scenario.h"

/*
 * DOC: Grammar
 *
 *	ACTION				at the start, before power
 *	at TIME: ACTION
 *	every TIME: ACTION
 *	after EVENT [TIME]: ACTION	once
 *	whenever EVENT [TIME]: ACTION	each time
 *
 * One rule a line, # begins a comment, TIME is 250ms, 5s or 2m. An ACTION is
 * "key: value" or one of the bare words unplug, replug, drop, short, zlp, stall.
 */

static const struct {
	const char *word;
	enum scenario_when when;
} prefixes[] = {
	{ "at", SCENARIO_AT },
	{ "every", SCENARIO_EVERY },
	{ "after", SCENARIO_AFTER },
	{ "whenever", SCENARIO_WHENEVER },
};

static const char *const bare_words[] = {
	"unplug", "replug", "short", "zlp", "stall", "wds",
};

/* Reads "EVENT [TIME]" or "TIME" between the prefix and its colon. */
static int parse_condition(const char *text, struct scenario_rule *rule,
			   const char **ret_why)
{
	char word[SCENARIO_WORD_MAX], time[SCENARIO_WORD_MAX], rest[2];
	int n;

	n = sscanf(text, "%127s %127s %1s", word, time, rest);
	if (rule->when == SCENARIO_AT || rule->when == SCENARIO_EVERY) {
		*ret_why = "a time such as 250ms, 5s or 2m is wanted before the colon";
		if (n != 1 || action_duration(word, &rule->ms))
			return -EINVAL;
		*ret_why = "a repeated action needs at least 1ms";
		return rule->when == SCENARIO_EVERY && !rule->ms ? -EINVAL : 0;
	}
	*ret_why = "an event, and perhaps a time, is wanted before the colon";
	if (n != 1 && n != 2)
		return -EINVAL;
	if (n == 2 && action_duration(time, &rule->ms))
		return -EINVAL;
	strcpy(rule->event, word);
	return 0;
}

static int parse_prefix(char **line, struct scenario_rule *rule,
			const char **ret_why)
{
	size_t i, n;
	char *colon;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		n = strlen(prefixes[i].word);
		if (strncmp(*line, prefixes[i].word, n) ||
		    !isspace((unsigned char)(*line)[n]))
			continue;
		rule->when = prefixes[i].when;
		*ret_why = "the colon before the action is missing";
		colon = strchr(*line, ':');
		if (!colon)
			return -EINVAL;
		*colon = '\0';
		if (parse_condition(*line + n, rule, ret_why))
			return -EINVAL;
		*line = colon + 1;
		return 0;
	}
	return 0;
}

static bool is_bare_word(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bare_words); i++)
		if (!strcmp(bare_words[i], word))
			return true;
	return false;
}

static int parse_line(char *line, struct scenario_rule *rule,
		      struct scenario_error *error)
{
	const char *why = "";
	struct action action;
	int ret;

	if (parse_prefix(&line, rule, &why)) {
		snprintf(error->text, sizeof(error->text), "%s", why);
		return -EINVAL;
	}
	if (action_split(line, rule->key, rule->value, sizeof(rule->key))) {
		snprintf(error->text, sizeof(error->text),
			 "an action is wanted: \"key: value\" or a word");
		return -EINVAL;
	}
	if (!strchr(line, ':') && !is_bare_word(rule->key)) {
		snprintf(error->text, sizeof(error->text),
			 "\"%s\" is no action, and there is no colon after it",
			 rule->key);
		return -EINVAL;
	}
	/* What the firmware half does is checked by rehearsal.c. */
	ret = action_parse(rule->key, rule->value, &action, error->text,
			   sizeof(error->text));
	return ret == -ENOENT ? 0 : ret;
}

static int scenario_add(struct scenario *scenario, const struct scenario_rule *rule)
{
	struct scenario_rule *rules;

	rules = realloc(scenario->rules,
			(scenario->n_rules + 1) * sizeof(*scenario->rules));
	if (!rules)
		return -ENOMEM;
	rules[scenario->n_rules++] = *rule;
	scenario->rules = rules;
	return 0;
}

static char *trim(char *line)
{
	char *end;

	line[strcspn(line, "#")] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	end = line + strlen(line);
	while (end > line && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return line;
}

int scenario_parse(const char *text, struct scenario *ret_scenario,
		   struct scenario_error *ret_error)
{
	struct scenario scenario = { 0 };
	char *copy, *line, *next;
	unsigned int number = 0;
	int ret = 0;

	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	for (line = copy; line && !ret; line = next) {
		struct scenario_rule rule = { .line = ++number };

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		line = trim(line);
		if (!*line)
			continue;
		ret = parse_line(line, &rule, ret_error);
		if (!ret)
			ret = scenario_add(&scenario, &rule);
	}
	free(copy);
	if (ret) {
		ret_error->line = number;
		scenario_exit(&scenario);
		return ret;
	}
	*ret_scenario = scenario;
	return 0;
}

void scenario_exit(struct scenario *scenario)
{
	free(scenario->rules);
	scenario->rules = NULL;
	scenario->n_rules = 0;
}
