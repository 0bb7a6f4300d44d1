// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what counts as an identifier, and the tokens that stand for them. */
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "scrub.h"

#define VALUE_MIN	4
#define TOKEN_LEN	8
#define LONG_MIN_DIGITS	14
#define LONG_MAX_DIGITS	32
#define PHONE_MIN	7
#define MAC_LEN		17

struct scrub {
	GBytes *salt;
	GPtrArray *values;	/* the longest first */
};

/* Keys of our own documents whose values are one, whatever they look like */
static const char * const keys[] = {
	"cell_id", "eid", "iccid", "imei", "imsi", "msisdn", "serial", "tac", "user",
};

struct scrub *scrub_new(const void *salt, size_t size)
{
	struct scrub *scrub = g_new(struct scrub, 1);

	scrub->salt = g_bytes_new(salt, size);
	scrub->values = g_ptr_array_new_with_free_func(g_free);
	return scrub;
}

void scrub_free(struct scrub *scrub)
{
	if (!scrub)
		return;
	g_bytes_unref(scrub->salt);
	g_ptr_array_unref(scrub->values);
	g_free(scrub);
}

static gint by_length(gconstpointer a, gconstpointer b)
{
	size_t la = strlen(*(char * const *)a), lb = strlen(*(char * const *)b);

	return la < lb ? 1 : la > lb ? -1 : 0;
}

void scrub_add(struct scrub *scrub, const char *value)
{
	if (!value || strlen(value) < VALUE_MIN ||
	    g_ptr_array_find_with_equal_func(scrub->values, value, g_str_equal, NULL))
		return;
	g_ptr_array_add(scrub->values, g_strdup(value));
	g_ptr_array_sort(scrub->values, by_length);
}

static void put_token(const struct scrub *scrub, GString *to, const char *value, size_t len)
{
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, g_bytes_get_data(scrub->salt, NULL),
				 g_bytes_get_size(scrub->salt));

	g_hmac_update(hmac, (const guchar *)value, len);
	g_string_append_printf(to, "id-%.*s", TOKEN_LEN, g_hmac_get_string(hmac));
	g_hmac_unref(hmac);
}

/* --- what stands at a place; 0 if it is none ---------------------------------- */

static size_t digits_at(const char *text)
{
	size_t n = 0;

	while (g_ascii_isdigit(text[n]))
		n++;
	return n;
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* As an IMEI is glued to a name: "imei8649..." or "modem_8649..._log", but not "0x0049..." */
static bool is_glue(char c)
{
	return c == '_' || (g_ascii_isalpha(c) && g_ascii_tolower(c) != 'x');
}

/* A number; @before is the character before it, '\0' at the beginning */
static size_t number_at(const char *text, char before)
{
	bool plus = *text == '+';
	size_t n = digits_at(text + plus);

	if (!plus && n >= LONG_MIN_DIGITS && n <= LONG_MAX_DIGITS &&
	    (is_glue(before) || !is_word(before)) && before != '.' &&
	    !g_ascii_isalpha(text[n]))
		return n;
	if (is_word(before) || before == '.' || is_word(text[plus + n]))
		return 0;
	if (plus && n >= PHONE_MIN)
		return plus + n;
	return !plus && n >= PHONE_MIN && before == '"' && text[n] == '"' ? n : 0;
}

static size_t mac_at(const char *text, char before)
{
	for (size_t i = 0; i < MAC_LEN; i++)
		if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
			return 0;
	if (is_word(before) || before == ':' || is_word(text[MAC_LEN]) ||
	    text[MAC_LEN] == ':')
		return 0;
	/* nobody's: none, and everybody */
	return g_ascii_strncasecmp(text, "00:00:00:00:00:00", MAC_LEN) &&
	       g_ascii_strncasecmp(text, "ff:ff:ff:ff:ff:ff", MAC_LEN) ? MAC_LEN : 0;
}

/* Up to four hexadecimal digits */
static size_t hextet_at(const char *text)
{
	size_t n = 0;

	while (n < 4 && g_ascii_isxdigit(text[n]))
		n++;
	return g_ascii_isxdigit(text[n]) ? 0 : n;
}

/* "f4ff:fe00:1", as an IPv6 address ends that was made of a hardware address */
static size_t eui64_end_at(const char *text)
{
	size_t a = hextet_at(text), b, c;

	if (a < 2 || text[a] != ':' || g_ascii_strncasecmp(text + a - 2, "ff:fe", 5))
		return 0;
	b = hextet_at(text + a + 1);
	if (b != 4 || text[a + 1 + b] != ':')
		return 0;
	c = hextet_at(text + a + 1 + b + 1);
	return c && text[a + 1 + b + 1 + c] != ':' ? a + 1 + b + 1 + c : 0;
}

/* ... with what is before it, unless that is 0 and left out (RFC 4291, appendix A) */
static size_t eui64_at(const char *text, char before)
{
	size_t n = hextet_at(text), end;

	if (before != ':')
		return 0;
	end = n && text[n] == ':' ? eui64_end_at(text + n + 1) : 0;
	return end ? n + 1 + end : eui64_end_at(text);
}

static size_t known_at(const struct scrub *scrub, const char *text)
{
	for (guint i = 0; i < scrub->values->len; i++)
		if (g_str_has_prefix(text, scrub->values->pdata[i]))
			return strlen(scrub->values->pdata[i]);
	return 0;
}

/* Where a JSON string that begins with its quote ends, behind the other one */
static const char *string_end(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* Behind "key": if it names an identifier; NULL if not */
static const char *value_of_key(const char *text)
{
	for (size_t i = 0; *text == '"' && i < G_N_ELEMENTS(keys); i++) {
		size_t len = strlen(keys[i]);
		const char *at = text + 1 + len + 1;

		if (strncmp(text + 1, keys[i], len) || text[1 + len] != '"')
			continue;
		at += strspn(at, " ");
		if (*at != ':')
			continue;
		at++;
		return at + strspn(at, " ");
	}
	return NULL;
}

/* What the kernel says of a device that is plugged in, up to the end of the line */
static size_t serial_at(const char *at, const char *text)
{
	static const char mark[] = "SerialNumber: ";
	size_t len = strlen(mark);

	return (size_t)(at - text) >= len && !strncmp(at - len, mark, len) ?
		       strcspn(at, "\n") : 0;
}

/* A sum of a user name, which former versions left in the alias of an interface */
static size_t login_at(const char *at, const char *text)
{
	static const char mark[] = " login=";
	size_t len = strlen(mark);

	return (size_t)(at - text) >= len && !strncmp(at - len, mark, len) ?
		       strspn(at, "0123456789abcdefx") : 0;
}

/* Behind "ICCID", "=" and more values of that line, blanks wherever they may be */
static bool is_of_iccid(const char *at, const char *text)
{
	static const char mark[] = "ICCID";
	size_t len = strlen(mark);

	while (at > text && (g_ascii_isalnum(at[-1]) || strchr("*?,; \t", at[-1])))
		at--;
	if (at == text || at[-1] != '=')
		return false;
	at--;
	while (at > text && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return (size_t)(at - text) >= len && !g_ascii_strncasecmp(at - len, mark, len);
}

/* A card's number with letters, in a configuration: "ICCID=898600B6..." */
static size_t iccid_at(const char *at, const char *text)
{
	size_t n = 0;

	if (at > text && g_ascii_isalnum(at[-1]))
		return 0;
	while (g_ascii_isxdigit(at[n]))
		n++;
	return n >= LONG_MIN_DIGITS && is_of_iccid(at, text) ? n : 0;
}

/* --- all of it ---------------------------------------------------------------- */

/* "key": and its token in place of its value; where the text goes on, or NULL */
static const char *put_key(const struct scrub *scrub, GString *to, const char *text)
{
	const char *value = value_of_key(text);
	const char *end;

	if (!value)
		return NULL;
	end = *value == '"' ? string_end(value) : value + digits_at(value);
	g_string_append_len(to, text, value - text);
	if (end == value)
		return value;
	g_string_append_c(to, '"');
	/* the same number is the same token, whether it is a string or not */
	if (*value == '"')
		put_token(scrub, to, value + 1, MAX(end - value - 2, 0));
	else
		put_token(scrub, to, value, end - value);
	g_string_append_c(to, '"');
	return end;
}

char *scrub_text(const struct scrub *scrub, const char *text)
{
	GString *to = g_string_sized_new(strlen(text));
	const char *at = text;

	while (*at) {
		char before = at == text ? '\0' : at[-1];
		const char *next = put_key(scrub, to, at);
		size_t len;

		if (next) {
			at = next;
			continue;
		}
		len = serial_at(at, text);
		if (!len)
			len = login_at(at, text);
		if (!len)
			len = iccid_at(at, text);
		if (!len)
			len = known_at(scrub, at);
		if (!len)
			len = number_at(at, before);
		if (!len)
			len = mac_at(at, before);
		if (!len)
			len = eui64_at(at, before);
		if (len)
			put_token(scrub, to, at, len);
		else
			g_string_append_c(to, *at);
		at += MAX(len, 1);
	}
	return g_string_free(to, FALSE);
}
