// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how the text of a value becomes a value, by the type of its key. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "config.h"

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit times[] = {
	{ "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 },
};

/* Powers of 1000, as networks count */
static const struct unit sizes[] = {
	{ "k", 1000 }, { "K", 1000 }, { "M", 1000000 }, { "G", 1000000000 },
	{ "T", INT64_C(1000000000000) },
};

/* --- numbers ----------------------------------------------------------------- */

/* Digits at the beginning, without a sign; -1 if there are none or too many */
static int64_t parse_digits(const char **at)
{
	int64_t value = 0;
	const char *from = *at;

	while (g_ascii_isdigit(**at)) {
		if (*at - from == 18)
			return -1;
		value = value * 10 + *(*at)++ - '0';
	}
	return *at == from ? -1 : value;
}

/* The factor of the unit at the beginning; 0 if it is none of ours */
static int64_t parse_unit(const char **at, const struct unit *units, size_t n)
{
	size_t len = 0;

	while (g_ascii_isalpha((*at)[len]))
		len++;
	for (size_t i = 0; i < n; i++) {
		if (strlen(units[i].name) != len ||
		    strncmp(units[i].name, *at, len))
			continue;
		*at += len;
		return units[i].factor;
	}
	return len ? 0 : 1;
}

/* "90", or a sum such as "1h 30min"; false if it is no number */
static bool parse_sum(const char *text, const struct unit *units, size_t n,
		      int64_t *ret_value)
{
	int64_t sum = 0, value, factor;

	do {
		value = parse_digits(&text);
		if (value < 0)
			return false;
		factor = parse_unit(&text, units, n);
		if (!factor || __builtin_mul_overflow(value, factor, &value) ||
		    __builtin_add_overflow(sum, value, &sum))
			return false;
		text += strspn(text, " ");
	} while (*text);
	*ret_value = sum;
	return true;
}

static bool parse_number(const struct config_key *key, const char *text,
			 int64_t *ret_value)
{
	const char *at = text;
	int64_t value;
	bool is;

	if (key->type == CONFIG_SECONDS) {
		is = parse_sum(text, times, G_N_ELEMENTS(times), &value);
	} else if (key->type == CONFIG_BYTES) {
		is = parse_sum(text, sizes, G_N_ELEMENTS(sizes), &value);
	} else {
		value = parse_digits(&at);
		is = !*at;
	}
	if (!is || value < key->min || value > key->max)
		return false;
	*ret_value = value;
	return true;
}

/* --- words ------------------------------------------------------------------- */

/* The place of a word in "a|b|c", or -1 */
static int parse_word(const char *words, const char *text)
{
	size_t len = strlen(text);

	for (int i = 0; words; i++, words = strchr(words, '|')) {
		words += i > 0;
		if (strcspn(words, "|") == len && !strncmp(words, text, len))
			return i;
	}
	return -1;
}

static bool parse_bool(const char *text, bool *ret_value)
{
	int word = parse_word("no|yes|false|true|off|on|0|1", text);

	if (word < 0)
		return false;
	*ret_value = word & 1;
	return true;
}

/* --- texts ------------------------------------------------------------------- */

/* "/..." or "%d/NAME", where %d is where systemd puts a service's credentials */
static bool is_secret_file(const char *text)
{
	if (!strncmp(text, "%d/", 3))
		return text[3] && text[3] != '.' && !strchr(text + 3, '/');
	return *text == '/' && text[1] && !strstr(text, "/../");
}

static int refuse(char *ret_reason, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(char *ret_reason, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(ret_reason, size, format, ap);
	va_end(ap);
	return -EINVAL;
}

/* A text of a key that has texts: 0, or why not */
static int check_text(const struct config_key *key, const char *text,
		      char *ret_reason, size_t size)
{
	char shown[CONF_SHOWN_MAX];
	const char *wanted;

	if (strlen(text) > (size_t)key->max)
		return refuse(ret_reason, size, "%s takes %lld bytes at most",
			      key->name, (long long)key->max);
	/* what stands there instead of a file may be the secret */
	if (key->type == CONFIG_SECRET)
		return is_secret_file(text) ? 0 :
			refuse(ret_reason, size,
			       "%s takes the path of a file that holds the secret, or %%d/NAME for a credential",
			       key->name);
	wanted = key->check ? key->check(text) : NULL;
	if (!wanted)
		return 0;
	if (key->hide)
		return refuse(ret_reason, size, "%s takes %s", key->name, wanted);
	return refuse(ret_reason, size, "%s takes %s, not \"%s\"", key->name,
		      wanted, conf_shown(text, shown));
}

static int append(const struct config_key *key, struct config_list *list,
		  const char *text, char *ret_reason, size_t size)
{
	int err = check_text(key, text, ret_reason, size);

	if (err)
		return err;
	if (list->n == CONFIG_LIST_MAX)
		return refuse(ret_reason, size, "%s takes %d values at most",
			      key->name, CONFIG_LIST_MAX);
	list->s = g_renew(char *, list->s, list->n + 1);
	list->s[list->n++] = g_strdup(text);
	return 0;
}

static int append_words(const struct config_key *key, struct config_list *list,
			const char *text, char *ret_reason, size_t size)
{
	char **words = g_strsplit_set(text, " \t", -1);
	size_t before = list->n;
	int err = 0;

	for (char **word = words; *word && !err; word++)
		if (**word)
			err = append(key, list, *word, ret_reason, size);
	/* all of them, or none */
	while (err && list->n > before)
		g_free(list->s[--list->n]);
	g_strfreev(words);
	return err;
}

/* --- values ------------------------------------------------------------------ */

static bool is_list(const struct config_key *key)
{
	return key->type == CONFIG_LIST || key->type == CONFIG_WORDS;
}

static bool is_text(const struct config_key *key)
{
	return key->type == CONFIG_TEXT || key->type == CONFIG_SECRET;
}

static void clear_list(struct config_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		g_free(list->s[i]);
	g_free(list->s);
	memset(list, 0, sizeof(*list));
}

void config_value_clear(const struct config_key *key, void *base)
{
	void *field = (char *)base + key->offset;

	if (is_list(key)) {
		clear_list(field);
	} else if (is_text(key)) {
		g_free(*(char **)field);
		*(char **)field = NULL;
	} else if (key->type == CONFIG_BOOL) {
		*(bool *)field = false;
	} else {
		*(int64_t *)field = 0;
	}
}

static int set_scalar(const struct config_key *key, const char *value, void *field,
		      char *ret_reason, size_t size)
{
	char takes[128], shown[CONF_SHOWN_MAX];
	int word;

	if (key->type == CONFIG_BOOL) {
		if (parse_bool(value, field))
			return 0;
	} else if (key->type == CONFIG_WORD) {
		word = parse_word(key->words, value);
		if (word >= 0) {
			*(int64_t *)field = word;
			return 0;
		}
	} else if (parse_number(key, value, field)) {
		return 0;
	}
	config_key_takes(key, takes, sizeof(takes));
	return refuse(ret_reason, size, "%s takes %s, not \"%s\"", key->name, takes,
		      conf_shown(value, shown));
}

int config_value_set(const struct config_key *key, const char *value, void *base,
		     char *ret_reason, size_t size)
{
	void *field = (char *)base + key->offset;
	int err;

	if (!*value) {
		config_value_clear(key, base);
		return *key->otherwise ?
			config_value_set(key, key->otherwise, base, ret_reason,
					 size) : 0;
	}
	if (key->type == CONFIG_LIST)
		return append(key, field, value, ret_reason, size);
	if (key->type == CONFIG_WORDS)
		return append_words(key, field, value, ret_reason, size);
	if (!is_text(key))
		return set_scalar(key, value, field, ret_reason, size);
	err = check_text(key, value, ret_reason, size);
	if (err)
		return err;
	config_value_clear(key, base);
	*(char **)field = g_strdup(value);
	return 0;
}

static bool lists_equal(const struct config_list *a, const struct config_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->s[i], b->s[i]))
			return false;
	return true;
}

bool config_value_equal(const struct config_key *key, const void *a, const void *b)
{
	const void *fa = (const char *)a + key->offset;
	const void *fb = (const char *)b + key->offset;

	if (is_list(key))
		return lists_equal(fa, fb);
	if (is_text(key))
		return !g_strcmp0(*(char * const *)fa, *(char * const *)fb);
	if (key->type == CONFIG_BOOL)
		return *(const bool *)fa == *(const bool *)fb;
	return *(const int64_t *)fa == *(const int64_t *)fb;
}

/* "min to max" in the units of the key */
static void show_range(const struct config_key *key, char *ret, size_t size)
{
	const struct unit *units = key->type == CONFIG_SECONDS ? times : sizes;
	size_t n = key->type == CONFIG_SECONDS ? G_N_ELEMENTS(times) :
						 G_N_ELEMENTS(sizes);
	int64_t limits[] = { key->min, key->max };
	int at = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		const char *unit = key->type == CONFIG_SECONDS ? "s" : "";
		int64_t factor = 1;

		for (size_t u = 0; u < n && limits[i]; u++) {
			if (limits[i] % units[u].factor)
				continue;
			factor = units[u].factor;
			unit = units[u].name;
		}
		at += snprintf(ret + at, size - at, "%s%lld%s",
			       i ? " to " : "", (long long)(limits[i] / factor), unit);
	}
}

void config_key_takes(const struct config_key *key, char *ret, size_t size)
{
	switch (key->type) {
	case CONFIG_BOOL:
		snprintf(ret, size, "yes or no");
		break;
	case CONFIG_NUMBER:
		snprintf(ret, size, "a number from %lld to %lld",
			 (long long)key->min, (long long)key->max);
		break;
	case CONFIG_SECONDS:
	case CONFIG_BYTES:
		show_range(key, ret, size);
		break;
	case CONFIG_WORD:
		snprintf(ret, size, "%s", key->words);
		break;
	case CONFIG_TEXT:
		snprintf(ret, size, "%lld bytes at most", (long long)key->max);
		break;
	case CONFIG_SECRET:
		snprintf(ret, size, "a file");
		break;
	case CONFIG_LIST:
		snprintf(ret, size, "one value a line, %d at most", CONFIG_LIST_MAX);
		break;
	case CONFIG_WORDS:
		snprintf(ret, size, "values separated by blanks, %d at most",
			 CONFIG_LIST_MAX);
		break;
	}
}
