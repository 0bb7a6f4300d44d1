// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the bytes of DNS (RFC 1035, 4.1; RFC 3596). Pure. */
#include <errno.h>
#include <string.h>

#include "question.h"

#define HEADER		12
#define LABEL_MAX	63
#define NAME_MAX_LEN	253
#define FLAGS_ASK	0x0100	/* recursion desired */
#define FLAG_ANSWER	0x80	/* of the first of the two bytes */
#define TYPE_A		1
#define TYPE_AAAA	28
#define CLASS_IN	1
#define POINTER		0xc0

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static uint16_t type_of(int family)
{
	return family == AF_INET ? TYPE_A : TYPE_AAAA;
}

size_t question_make(const char *name, int family, uint16_t id,
		     uint8_t ret[QUESTION_MAX])
{
	size_t len = strlen(name), at = HEADER;

	if (len && name[len - 1] == '.')
		len--;
	if (!len || len > NAME_MAX_LEN)
		return 0;
	memset(ret, 0, HEADER);
	put16(ret, id);
	put16(ret + 2, FLAGS_ASK);
	put16(ret + 4, 1);
	for (const char *end = name + len; name <= end;) {
		const char *dot = memchr(name, '.', end - name);
		size_t label = (dot ? dot : end) - name;

		if (!label || label > LABEL_MAX)
			return 0;
		ret[at++] = label;
		memcpy(ret + at, name, label);
		at += label;
		name += label + 1;
	}
	ret[at++] = 0;
	put16(ret + at, type_of(family));
	put16(ret + at + 2, CLASS_IN);
	return at + 4;
}

/* Behind a name, whatever it is; 0 if it does not end */
static size_t skip_name(const uint8_t *bytes, size_t len, size_t at)
{
	while (at < len) {
		uint8_t label = bytes[at];

		if (!label)
			return at + 1;
		if ((label & POINTER) == POINTER)
			return at + 2 <= len ? at + 2 : 0;
		if (label & POINTER)
			return 0;
		at += 1 + label;
	}
	return 0;
}

static int take_address(const uint8_t *data, uint16_t type, struct resolv_server *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->family = type == TYPE_A ? AF_INET : AF_INET6;
	memcpy(&ret->v4, data, type == TYPE_A ? 4 : 16);
	return 0;
}

int question_answer(const uint8_t *query, size_t query_len, const uint8_t *bytes, size_t len,
		    struct resolv_server *ret)
{
	uint16_t type = get16(query + query_len - 4);
	size_t size = type == TYPE_A ? 4 : 16;
	size_t at = query_len;

	/* the same question comes back; names are told apart by no case */
	if (len < query_len || get16(bytes) != get16(query) || !(bytes[2] & FLAG_ANSWER) ||
	    get16(bytes + 4) != 1 ||
	    memcmp(bytes + query_len - 4, query + query_len - 4, 4))
		return -EBADMSG;
	for (unsigned int left = get16(bytes + 6); left; left--) {
		uint16_t data;

		at = skip_name(bytes, len, at);
		if (!at || at + 10 > len)
			return -EBADMSG;
		data = get16(bytes + at + 8);
		if (at + 10 + data > len)
			return -EBADMSG;
		if (get16(bytes + at) == type && get16(bytes + at + 2) == CLASS_IN &&
		    data == size)
			return take_address(bytes + at + 10, type, ret);
		at += 10 + data;
	}
	return -ENODATA;
}
