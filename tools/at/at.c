// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what AT commands and their answers mean. Pure. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "at.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define MARKS	"+#^!$%*_"	/* what the name of an extended command begins with */

struct field {
	char text[AT_LINE_MAX];
	bool quoted;
};

struct fields {
	struct field field[AT_FIELDS_MAX];
	unsigned int n;
};

/* --- fields ------------------------------------------------------------------------ */

/* Takes one field, and tells where the next one begins; NULL behind the last */
static const char *take_field(const char *at, struct field *ret)
{
	bool inside = false;
	size_t len = 0;

	ret->quoted = false;
	for (; *at && (inside || *at != ','); at++) {
		if (*at == '"') {
			inside = !inside;
			ret->quoted = true;
		} else if (inside || *at != ' ') {
			ret->text[len++] = *at;
		}
	}
	ret->text[len] = '\0';
	return *at ? at + 1 : NULL;
}

/* No text is longer than a line, and so no field is */
static void split(const char *text, struct fields *ret)
{
	ret->n = 0;
	while (text && ret->n < AT_FIELDS_MAX)
		text = take_field(text, &ret->field[ret->n++]);
}

/* 0x0F, 0f and f are one number, 00 and 0 as well */
static const char *digits(const char *text)
{
	const char *at = text;

	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		at += 2;
	while (at[0] == '0' && at[1])
		at++;
	return at;
}

static bool is_same(const struct field *wanted, const struct field *told)
{
	if (wanted->quoted || told->quoted)
		return !strcmp(wanted->text, told->text);
	return !strcasecmp(digits(wanted->text), digits(told->text));
}

/* --- commands ---------------------------------------------------------------------- */

/* What may be shown: nobody keeps a secret in them */
static bool is_harmless(const char *name)
{
	static const char * const names[] = {
		"+CPSMS", "+CEDRXS", "+CFUN", "+CMEE", "+COPS", "+CREG", "+CGREG",
		"+CEREG", "+CGATT", "+CGEREP", "+CTZU", "+CTZR", "+CSMS", "+CMGF",
		"+QCFG", "+QNWPREFCFG", "+CNMP", "+CMNB", "+CBANDCFG", "!SELRAT",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcasecmp(names[i], name))
			return true;
	return false;
}

/* AT+QCFG, AT+QNWPREFCFG and their kin */
static bool is_quectel(const char *name)
{
	size_t len = strlen(name);

	return !strncasecmp(name, "+Q", 2) && len >= 5 && !strcasecmp(name + len - 3, "CFG");
}

static size_t name_len(const char *text)
{
	size_t len = 2;

	if (text[len] && strchr(MARKS, text[len])) {
		len++;
		while (isalnum((unsigned char)text[len]))
			len++;
		return len;
	}
	/* basic: a letter, perhaps with & before it, and a short number; ATD has a long one */
	len += text[len] == '&';
	if (!isalpha((unsigned char)text[len]))
		return len;
	len++;
	while (len < 6 && isdigit((unsigned char)text[len]))
		len++;
	return isdigit((unsigned char)text[len]) ? 3 : len;
}

/* Of one character, outside of quotes */
static unsigned int count(const char *text, char wanted)
{
	bool inside = false;
	unsigned int n = 0;

	for (; *text; text++) {
		inside ^= *text == '"';
		n += *text == wanted && !inside;
	}
	return n;
}

static bool is_several(const char *text)
{
	return count(text, ';') > 0;
}

/* "keyword", is what AT+Q...CFG= begins with where there is more than to read */
static size_t keyword_len(const char *values)
{
	const char *end = *values == '"' ? strchr(values + 1, '"') : NULL;

	if (!end || end == values + 1 || end[1] != ',')
		return 0;
	return end + 1 - values;
}

/* How an extended command that sets something is read back */
static void parse_read(struct at_command *command, size_t len, const char *name)
{
	const char *values = command->text + len + 1;
	size_t keyword = is_quectel(name) ? keyword_len(values) : 0;
	bool edrx = !strcasecmp(name, "+CEDRXS");

	command->shown = is_harmless(name);
	if (!*values || is_several(values) || (is_quectel(name) && !keyword))
		return;
	/* those that are not compared would be taken for equal */
	if (count(values, ',') >= AT_FIELDS_MAX)
		return;
	/* a mode that switches off: see above */
	if (edrx && *values != '1' && *values != '2')
		return;
	command->skip = edrx;
	command->effect = keyword;
	if (keyword) {
		snprintf(command->name, sizeof(command->name), "%.*s",
			 (int)(len + 1 + keyword), command->text);
		snprintf(command->read, sizeof(command->read), "%.*s",
			 (int)(len + 1 + keyword), command->text);
	} else {
		snprintf(command->read, sizeof(command->read), "%.*s?", (int)len,
			 command->text);
	}
	snprintf(command->prefix, sizeof(command->prefix), "%s:", name);
}

bool at_command_parse(const char *text, struct at_command *ret)
{
	size_t len = strlen(text);
	char name[AT_NAME_MAX];

	memset(ret, 0, sizeof(*ret));
	if (strncasecmp(text, "AT", 2) || len >= sizeof(ret->text))
		return false;
	for (const char *at = text; *at; at++)
		if (!isascii(*at) || !isprint((unsigned char)*at))
			return false;
	memcpy(ret->text, text, len + 1);
	len = name_len(text);
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)len, text);
	snprintf(name, sizeof(name), "%s", ret->name + 2);
	/* AT&W is the basic one that writes */
	if (!*name || !strchr(MARKS, *name)) {
		ret->writes = *name == '&';
		return true;
	}
	/* +CMEE is forgotten with the power, and in many a file */
	ret->writes = strcmp(text + len, "?") && strcmp(text + len, "=?") &&
		      (strcasecmp(name, "+CMEE") || is_several(text));
	/* a name that does not fit is nobody's */
	if (len < AT_NAME_MAX && text[len] == '=' && text[len + 1] != '?')
		parse_read(ret, len, name);
	return true;
}

/* --- answers ----------------------------------------------------------------------- */

void at_answer_begin(struct at_answer *answer, const char *command)
{
	answer->n = 0;
	answer->final[0] = '\0';
	answer->ok = false;
	answer->len = 0;
	answer->cut = false;
	snprintf(answer->echo, sizeof(answer->echo), "%s", command);
}

static bool is_final(const char *line)
{
	/* V.250, 5.7.1, and the cause that 27.005 and 27.007 put in the place of ERROR */
	static const char * const whole[] = {
		"OK", "ERROR", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "BUSY",
		"COMMAND NOT SUPPORT", "TOO MANY PARAMETERS",
	};

	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if (!strcmp(line, whole[i]))
			return true;
	return !strncmp(line, "+CME ERROR:", 11) || !strncmp(line, "+CMS ERROR:", 11) ||
	       (!strncmp(line, "CONNECT", 7) && (!line[7] || line[7] == ' '));
}

/* The line is complete */
static void end_line(struct at_answer *answer)
{
	size_t len = answer->len;

	while (len && answer->line[len - 1] == ' ')
		len--;
	answer->line[len] = '\0';
	answer->len = 0;
	/* half a line might be taken for another one */
	if (answer->cut || !len) {
		answer->cut = false;
		return;
	}
	if (!strcmp(answer->line, answer->echo)) {
		answer->echo[0] = '\0';
	} else if (is_final(answer->line)) {
		strcpy(answer->final, answer->line);
		answer->ok = !strcmp(answer->final, "OK");
	} else if (answer->n < AT_LINES_MAX) {
		strcpy(answer->lines[answer->n++], answer->line);
	}
}

size_t at_answer_feed(struct at_answer *answer, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && !answer->final[0]; i++) {
		char c = bytes[i];

		if (c == '\r' || c == '\n')
			end_line(answer);
		else if (answer->len + 1 < sizeof(answer->line))
			/* what is no text stands for itself: the line is none we know */
			answer->line[answer->len++] = isascii(c) && isprint((unsigned char)c) ?
							      c : '?';
		else
			answer->cut = true;
	}
	return i;
}

/* The values of a line that answers, or NULL */
static const char *values_of(const struct at_command *command, const char *line)
{
	size_t len = strlen(command->prefix);

	return strncasecmp(line, command->prefix, len) ? NULL : line + len;
}

static bool line_is(const struct at_command *command, const struct fields *wanted,
		    const struct fields *told)
{
	for (unsigned int i = command->skip; i < wanted->n; i++) {
		const struct field *field = &wanted->field[i];

		/* left out: whatever it was */
		if (!field->text[0] && !field->quoted)
			continue;
		if (i - command->skip >= told->n)
			return command->effect && i == wanted->n - 1 && i > 1;
		/* of the keyword, any case will do */
		if (command->effect && !i && !strcasecmp(field->text, told->field[0].text))
			continue;
		if (!is_same(field, &told->field[i - command->skip]))
			return false;
	}
	return true;
}

bool at_answer_is(const struct at_command *command, const struct at_answer *answer)
{
	struct fields wanted, told;
	const char *values;

	if (!answer->ok || !command->read[0])
		return false;
	split(strchr(command->text, '=') + 1, &wanted);
	for (size_t i = 0; i < answer->n; i++) {
		values = values_of(command, answer->lines[i]);
		if (!values)
			continue;
		split(values, &told);
		if (line_is(command, &wanted, &told))
			return true;
	}
	return false;
}

void at_answer_differs(const struct at_command *command, const struct at_answer *answer,
		       char *ret, size_t size)
{
	const char *values = NULL;
	size_t n = 0;

	for (size_t i = 0; i < answer->n; i++) {
		const char *found = values_of(command, answer->lines[i]);

		values = found ? found : values;
		n += !!found;
	}
	if (!command->shown)
		snprintf(ret, size, "the modem took it, and reads back another value");
	else if (!values)
		snprintf(ret, size, "the modem took %s, and reads nothing back",
			 strchr(command->text, '=') + 1);
	else
		snprintf(ret, size, "the modem took %s, and reads back%s%s%s",
			 strchr(command->text, '=') + 1, *values == ' ' ? "" : " ", values,
			 n > 1 ? " and others" : "");
}

/* --- who the modem is -------------------------------------------------------------- */

bool at_answer_imei(const struct at_answer *answer, char ret[static 16])
{
	for (size_t i = 0; answer->ok && i < answer->n; i++) {
		const char *line = answer->lines[i];
		const char *at = line + strcspn(line, "0123456789");

		if (strspn(at, "0123456789") != 15)
			continue;
		memcpy(ret, at, 15);
		ret[15] = '\0';
		return true;
	}
	return false;
}

bool at_answer_model(const struct at_answer *answer, char *ret, size_t size)
{
	struct field field;
	const char *line;

	if (!answer->ok || !answer->n)
		return false;
	line = answer->lines[0];
	if (!strncmp(line, "+CGMM:", 6))
		line += 6;
	line += strspn(line, " ");
	if (*line != '"')
		return (size_t)snprintf(ret, size, "%s", line) < size && *line;
	take_field(line, &field);
	return (size_t)snprintf(ret, size, "%s", field.text) < size && field.text[0];
}

bool at_answer_iccid(const struct at_answer *answer, char ret[static 21])
{
	struct fields fields;
	const char *hex;

	for (size_t i = 0; answer->ok && i < answer->n; i++) {
		if (strncmp(answer->lines[i], "+CRSM:", 6))
			continue;
		split(answer->lines[i] + 6, &fields);
		/* 144: the status word 9000 of a command that was well */
		if (fields.n < 3 || strcmp(fields.field[0].text, "144"))
			return false;
		hex = fields.field[2].text;
		if (strlen(hex) != 20 || strspn(hex, "0123456789ABCDEFabcdef") != 20)
			return false;
		for (int at = 0; at < 20; at++)
			ret[at] = toupper((unsigned char)hex[at ^ 1]);
		ret[20] = '\0';
		ret[strcspn(ret, "F")] = '\0';
		return strlen(ret) >= 18;
	}
	return false;
}
