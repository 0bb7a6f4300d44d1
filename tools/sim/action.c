// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the grammar of actions. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "bytes.h"
#include "modem.h"

#define COUNT_MAX	1000000
#define RESTART_MS	3000

enum argument {
	ARG_NONE,
	ARG_DURATION,
	ARG_OPTIONAL_DURATION,
	ARG_NUMBER,
	ARG_BYTES,
};

struct grammar {
	const char *key, *word;
	enum action_kind kind;
	enum argument argument;
	enum { COUNT_NONE, COUNT_OPTIONAL, COUNT_NEEDED } count;
};

static const struct grammar grammar[] = {
	{ "unplug", "", ACTION_UNPLUG, ARG_NONE, COUNT_NONE },
	{ "replug", "", ACTION_REPLUG, ARG_NONE, COUNT_NONE },
	{ "modem", "restart", ACTION_RESTART, ARG_OPTIONAL_DURATION, COUNT_NONE },
	{ "at", "hang", ACTION_AT_HANG, ARG_DURATION, COUNT_NONE },
	{ "at", "garbage", ACTION_AT_GARBAGE, ARG_NONE, COUNT_NEEDED },
	{ "ctl", "hang", ACTION_CTL_HANG, ARG_DURATION, COUNT_NONE },
	{ "ctl", "garbage", ACTION_CTL_GARBAGE, ARG_NONE, COUNT_NEEDED },
	{ "ctl", "late", ACTION_CTL_LATE, ARG_DURATION, COUNT_OPTIONAL },
	{ "ctl", "double", ACTION_CTL_DOUBLE, ARG_NONE, COUNT_OPTIONAL },
	{ "ctl", "truncate", ACTION_CTL_TRUNCATE, ARG_NUMBER, COUNT_OPTIONAL },
	{ "ctl", "oversize", ACTION_CTL_OVERSIZE, ARG_NONE, COUNT_OPTIONAL },
	{ "notify", "lose", ACTION_NOTIFY_LOSE, ARG_NONE, COUNT_OPTIONAL },
	{ "notify", "double", ACTION_NOTIFY_DOUBLE, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "garbage", ACTION_DATA_GARBAGE, ARG_NONE, COUNT_NEEDED },
	{ "data", "late", ACTION_DATA_LATE, ARG_DURATION, COUNT_OPTIONAL },
	{ "data", "double", ACTION_DATA_DOUBLE, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "oversize", ACTION_DATA_OVERSIZE, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "short", ACTION_DATA_SHORT, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "zlp", ACTION_DATA_ZLP, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "no-zlp", ACTION_DATA_NO_ZLP, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "bad-checksum", ACTION_DATA_BAD_CHECKSUM, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "wrong-verdict", ACTION_DATA_WRONG_VERDICT, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "bare", ACTION_DATA_BARE, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "misaddressed", ACTION_DATA_MISADDRESSED, ARG_NONE, COUNT_OPTIONAL },
	{ "data", "packet", ACTION_DATA_PACKET, ARG_NUMBER, COUNT_NONE },
	{ "data", "inject", ACTION_DATA_INJECT, ARG_BYTES, COUNT_OPTIONAL },
	{ "short", "", ACTION_DATA_SHORT, ARG_NONE, COUNT_OPTIONAL },
	{ "zlp", "", ACTION_DATA_ZLP, ARG_NONE, COUNT_OPTIONAL },
	{ "stall", "in", ACTION_STALL_IN, ARG_NONE, COUNT_NONE },
	{ "stall", "out", ACTION_STALL_OUT, ARG_NONE, COUNT_NONE },
	{ "stall", "notify", ACTION_STALL_NOTIFY, ARG_NONE, COUNT_NONE },
	{ "stall", "ctl", ACTION_STALL_CTL, ARG_NONE, COUNT_OPTIONAL },
	{ "qmap", "flow-off", ACTION_FLOW_OFF, ARG_NUMBER, COUNT_NONE },
	{ "qmap", "flow-on", ACTION_FLOW_ON, ARG_NUMBER, COUNT_NONE },
};

static int copy_word(const char *from, size_t len, char *to, size_t size)
{
	while (len && isspace((unsigned char)from[len - 1]))
		len--;
	if (len >= size)
		return -EINVAL;
	memcpy(to, from, len);
	to[len] = '\0';
	return 0;
}

static const char *skip_space(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

int action_split(const char *text, char *ret_key, char *ret_value, size_t size)
{
	const char *end, *value;

	text = skip_space(text);
	end = strpbrk(text, ": \t");
	if (!end)
		end = text + strlen(text);
	value = *end ? skip_space(end + (*end == ':')) : end;
	if (end == text || copy_word(text, (size_t)(end - text), ret_key, size) ||
	    copy_word(value, strlen(value), ret_value, size))
		return -EINVAL;
	/* The issue's own example: a call that drops. */
	if (!strcmp(ret_key, "drop") && !*ret_value) {
		strcpy(ret_key, "wds");
		strcpy(ret_value, "drop");
	}
	return 0;
}

int action_duration(const char *text, unsigned int *ret_ms)
{
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || value > 1000000000)
		return -EINVAL;
	if (!strcmp(end, "s"))
		value *= 1000;
	else if (!strcmp(end, "m"))
		value *= 60000;
	else if (strcmp(end, "ms") && (value || *end))
		return -EINVAL;
	if (value > 1000000000)
		return -EINVAL;
	*ret_ms = (unsigned int)value;
	return 0;
}

static int read_number(const char *text, unsigned int *ret_number)
{
	unsigned long value;
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || *end || value > COUNT_MAX)
		return -EINVAL;
	*ret_number = (unsigned int)value;
	return 0;
}

static int read_bytes(const char *text, struct action *action)
{
	size_t i, len = text ? strlen(text) : 0;

	if (!len || len % 2 || len / 2 > ACTION_BYTES_MAX ||
	    strspn(text, "0123456789abcdefABCDEF") != len)
		return -EINVAL;
	for (i = 0; i < len / 2; i++)
		if (sscanf(text + 2 * i, "%2hhx", &action->bytes[i]) != 1)
			return -EINVAL;
	action->n_bytes = len / 2;
	return 0;
}

/* Words of a value, taken one after the other. */
static char *next_word(char **save)
{
	return strtok_r(NULL, " \t", save);
}

static int parse_argument(const struct grammar *rule, char **word, char **save,
			  struct action *action)
{
	int ret = 0;

	switch (rule->argument) {
	case ARG_NONE:
		return 0;
	case ARG_OPTIONAL_DURATION:
		action->arg = RESTART_MS;
		if (!*word || !strcmp(*word, "port"))
			return 0;
		ret = action_duration(*word, &action->arg);
		break;
	case ARG_DURATION:
		ret = *word ? action_duration(*word, &action->arg) : -EINVAL;
		break;
	case ARG_NUMBER:
		ret = read_number(*word, &action->arg);
		break;
	case ARG_BYTES:
		ret = read_bytes(*word, action);
		break;
	}
	*word = next_word(save);
	return ret;
}

static int parse_count(const struct grammar *rule, char **word, char **save,
		       struct action *action)
{
	int ret;

	action->count = 1;
	if (rule->count == COUNT_NONE)
		return 0;
	if (!*word || !strcmp(*word, "port"))
		return rule->count == COUNT_NEEDED ? -EINVAL : 0;
	ret = read_number(*word, &action->count);
	*word = next_word(save);
	return ret;
}

static int parse_port(char **word, char **save, struct action *action)
{
	if (!*word)
		return 0;
	if (strcmp(*word, "port") || read_number(next_word(save), &action->port) ||
	    action->port >= MODEM_PORTS_MAX || next_word(save))
		return -EINVAL;
	return 0;
}

static const struct grammar *find_rule(const char *key, const char *word,
				       int *ret_err)
{
	size_t i;

	/* The firmware half may know the key for other words. */
	*ret_err = -ENOENT;
	for (i = 0; i < ARRAY_SIZE(grammar); i++) {
		if (strcmp(grammar[i].key, key))
			continue;
		if (!*grammar[i].word || !strcmp(grammar[i].word, word))
			return &grammar[i];
		if (strcmp(key, "modem"))
			*ret_err = -EINVAL;
	}
	return NULL;
}

int action_parse(const char *key, const char *value, struct action *ret_action,
		 char *err, size_t err_len)
{
	struct action action = { 0 };
	const struct grammar *rule;
	char copy[256], *save = NULL, *word;
	int ret;

	if (strlen(value) >= sizeof(copy))
		return -ENOENT;
	strcpy(copy, value);
	word = strtok_r(copy, " \t", &save);
	rule = find_rule(key, word ? word : "", &ret);
	if (!rule) {
		if (ret == -EINVAL)
			snprintf(err, err_len, "%s does not know \"%s\"", key, value);
		return ret;
	}
	if (*rule->word)
		word = next_word(&save);
	if (parse_argument(rule, &word, &save, &action) ||
	    parse_count(rule, &word, &save, &action) ||
	    parse_port(&word, &save, &action) ||
	    ((rule->kind == ACTION_FLOW_OFF || rule->kind == ACTION_FLOW_ON ||
	      rule->kind == ACTION_DATA_PACKET) && action.arg > 254)) {
		snprintf(err, err_len, "%s does not understand \"%s\"", key, value);
		return -EINVAL;
	}
	action.kind = rule->kind;
	*ret_action = action;
	return 0;
}

int action_check_port(const struct action *action, unsigned int n_ports, char *err,
		      size_t err_len)
{
	if (action->port < n_ports)
		return 0;
	snprintf(err, err_len, "this model has no port %u", action->port);
	return -EINVAL;
}
