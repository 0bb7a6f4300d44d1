// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the names that the built-in peer resolves. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bytes.h"
#include "peer.h"

/*
 * DOC: What is answered
 *
 * One question, class IN, types A and AAAA. On a PDN with DNS64 a name that has
 * only A records gets AAAA records inside 64:ff9b::/96 (RFC 6147), and
 * ipv4only.arpa lets the host find that prefix (RFC 7050).
 */

#define DNS_HEADER		12
#define DNS_NAME_MAX		254
#define DNS_TYPE_A		1
#define DNS_TYPE_AAAA		28
#define DNS_CLASS_IN		1
#define DNS_TTL			60
#define DNS_FLAGS_MASK		0x7900	/* opcode and recursion desired */
#define DNS_RESPONSE		0x8400	/* response, authoritative */
#define DNS_NXDOMAIN		3
#define DNS_NOTIMP		4

struct dns_name {
	const char *name, *a[2], *aaaa;
};

static const struct dns_name dns_names[] = {
	{ PEER_NAME, { PEER_ADDRESS4 }, PEER_ADDRESS6 },
	{ "v4.m2msim.example", { PEER_ADDRESS4 }, NULL },
	{ "v6.m2msim.example", { NULL }, PEER_ADDRESS6 },
	{ "ipv4only.arpa", { "192.0.0.170", "192.0.0.171" }, NULL },
};

struct answer {
	uint8_t *p;
	size_t len, size;
	unsigned int records;
};

/* Reads the name at @off into dotted form; returns the offset behind it or 0. */
static size_t read_name(const uint8_t *query, size_t len, size_t off, char *ret_name)
{
	size_t out = 0, n;

	while (off < len && query[off]) {
		n = query[off++];
		if (n > 63 || n > len - off || out + n + 1 > DNS_NAME_MAX)
			return 0;
		if (out)
			ret_name[out++] = '.';
		memcpy(ret_name + out, query + off, n);
		out += n;
		off += n;
	}
	if (off >= len)
		return 0;
	ret_name[out] = '\0';
	return off + 1;
}

static void add_record(struct answer *answer, uint16_t type, const uint8_t *data,
		       size_t len)
{
	uint8_t *p = answer->p + answer->len;

	if (answer->size - answer->len < 12 + len)
		return;
	put_be16(p, 0xc000 | DNS_HEADER);	/* the name of the question */
	put_be16(p + 2, type);
	put_be16(p + 4, DNS_CLASS_IN);
	put_be32(p + 6, DNS_TTL);
	put_be16(p + 10, (uint16_t)len);
	memcpy(p + 12, data, len);
	answer->len += 12 + len;
	answer->records++;
}

static void add_records(struct answer *answer, const struct dns_name *name,
			uint16_t type, bool dns64)
{
	uint8_t address[16] = { 0x00, 0x64, 0xff, 0x9b };
	unsigned int i;

	if (type == DNS_TYPE_AAAA && name->aaaa) {
		inet_pton(AF_INET6, name->aaaa, address);
		add_record(answer, type, address, 16);
		return;
	}
	if (type != DNS_TYPE_A && !(type == DNS_TYPE_AAAA && dns64))
		return;
	for (i = 0; i < 2 && name->a[i]; i++) {
		inet_pton(AF_INET, name->a[i], address + 12);
		if (type == DNS_TYPE_A)
			add_record(answer, type, address + 12, 4);
		else
			add_record(answer, type, address, 16);
	}
}

static const struct dns_name *find_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dns_names); i++)
		if (!strcasecmp(dns_names[i].name, name))
			return &dns_names[i];
	return NULL;
}

size_t dns_answer(const uint8_t *query, size_t len, bool dns64,
		  uint8_t *ret_answer, size_t size)
{
	struct answer answer = { .p = ret_answer, .size = size };
	const struct dns_name *known;
	char name[DNS_NAME_MAX + 1];
	uint16_t flags, code = 0;
	size_t end;

	if (len < DNS_HEADER || (query[2] & 0x80) || get_be16(query + 4) != 1)
		return 0;
	end = read_name(query, len, DNS_HEADER, name);
	if (!end || len - end < 4 || end + 4 > size)
		return 0;
	memcpy(ret_answer, query, end + 4);
	answer.len = end + 4;
	flags = get_be16(query + 2) & DNS_FLAGS_MASK;
	known = find_name(name);
	if (flags & 0x7800 || get_be16(query + end + 2) != DNS_CLASS_IN)
		code = DNS_NOTIMP;
	else if (!known)
		code = DNS_NXDOMAIN;
	else
		add_records(&answer, known, get_be16(query + end), dns64);
	put_be16(ret_answer + 2, DNS_RESPONSE | flags | 0x0080 | code);
	put_be16(ret_answer + 6, (uint16_t)answer.records);
	put_be16(ret_answer + 8, 0);
	put_be16(ret_answer + 10, 0);
	return answer.len;
}
