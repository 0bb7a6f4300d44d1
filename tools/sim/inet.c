// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns nothing: parsing and checksums of IPv4 and IPv6 packets. */
#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "inet.h"

#define INET6_HOP_BY_HOP	0
#define INET6_ROUTING		43
#define INET6_FRAGMENT		44
#define INET6_DEST_OPTIONS	60

uint32_t inet_sum(const uint8_t *data, size_t len, uint32_t sum)
{
	uint64_t acc = sum;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		acc += get_be16(data + i);
	if (len & 1)
		acc += (uint32_t)data[len - 1] << 8;
	while (acc >> 32)
		acc = (acc & 0xffffffffu) + (acc >> 32);
	return (uint32_t)acc;
}

uint16_t inet_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static int parse4(const uint8_t *packet, size_t len, struct inet_packet *info)
{
	size_t header, total;

	if (len < INET4_HEADER)
		return -EINVAL;
	header = (packet[0] & 0x0f) * 4u;
	total = get_be16(packet + 2);
	if (header < INET4_HEADER || total < header || total > len)
		return -EINVAL;
	if (inet_fold(inet_sum(packet, header, 0)) != 0xffff)
		return -EBADMSG;
	info->protocol = packet[9];
	info->fragment = get_be16(packet + 6) & 0x3fff;
	info->source = packet + 12;
	info->dest = packet + 16;
	info->transport = header;
	info->len = total;
	return 0;
}

static int parse6(const uint8_t *packet, size_t len, struct inet_packet *info)
{
	size_t off = INET6_HEADER, total, n;
	uint8_t next;

	if (len < INET6_HEADER)
		return -EINVAL;
	total = INET6_HEADER + get_be16(packet + 4);
	if (total > len)
		return -EINVAL;
	next = packet[6];
	while (next == INET6_HOP_BY_HOP || next == INET6_ROUTING ||
	       next == INET6_DEST_OPTIONS || next == INET6_FRAGMENT) {
		if (total - off < 8)
			return -EINVAL;
		n = next == INET6_FRAGMENT ? 8 : 8 + packet[off + 1] * 8u;
		if (total - off < n)
			return -EINVAL;
		if (next == INET6_FRAGMENT)
			info->fragment = get_be16(packet + off + 2) & 0xfff9;
		next = packet[off];
		off += n;
	}
	info->protocol = next;
	info->source = packet + 8;
	info->dest = packet + 24;
	info->transport = off;
	info->len = total;
	return 0;
}

int inet_parse(const uint8_t *packet, size_t len, struct inet_packet *ret_info)
{
	struct inet_packet info = { 0 };
	int ret;

	if (!len)
		return -EINVAL;
	info.family = packet[0] >> 4;
	switch (info.family) {
	case 4:
		ret = parse4(packet, len, &info);
		break;
	case 6:
		ret = parse6(packet, len, &info);
		break;
	default:
		ret = -EINVAL;
	}
	if (!ret)
		*ret_info = info;
	return ret;
}

uint32_t inet_pseudo_sum(const struct inet_packet *info)
{
	size_t n = info->family == 4 ? 4 : 16;
	uint32_t sum;

	sum = inet_sum(info->source, n, 0);
	sum = inet_sum(info->dest, n, sum);
	return sum + info->protocol + (uint32_t)(info->len - info->transport);
}

int inet_checksum_offset(const struct inet_packet *info)
{
	size_t offset;

	switch (info->protocol) {
	case INET_TCP:
		offset = 16;
		break;
	case INET_UDP:
		offset = 6;
		break;
	case INET_ICMP:
	case INET_ICMPV6:
		offset = 2;
		break;
	default:
		return -EPROTONOSUPPORT;
	}
	if (info->fragment || info->len - info->transport < offset + 2)
		return -EPROTONOSUPPORT;
	return (int)offset;
}

/* ICMP of IPv4 is the one whose checksum knows no pseudo header. */
static uint32_t transport_sum(const uint8_t *packet, const struct inet_packet *info)
{
	uint32_t sum = info->protocol == INET_ICMP ? 0 : inet_pseudo_sum(info);

	return inet_sum(packet + info->transport, info->len - info->transport, sum);
}

enum inet_verdict inet_check_transport(const uint8_t *packet,
				       const struct inet_packet *info)
{
	int offset = inet_checksum_offset(info);

	if (offset < 0)
		return INET_CHECKSUM_NONE;
	if (info->protocol == INET_UDP && info->family == 4 &&
	    !get_be16(packet + info->transport + offset))
		return INET_CHECKSUM_NONE;
	if (inet_fold(transport_sum(packet, info)) == 0xffff)
		return INET_CHECKSUM_GOOD;
	return INET_CHECKSUM_BAD;
}

void inet_set_transport(uint8_t *packet, const struct inet_packet *info)
{
	int offset = inet_checksum_offset(info);
	uint16_t sum;
	uint8_t *p;

	if (offset < 0)
		return;
	p = packet + info->transport + offset;
	put_be16(p, 0);
	sum = (uint16_t)~inet_fold(transport_sum(packet, info));
	/* Zero would say that there is no checksum. */
	if (!sum && info->protocol == INET_UDP)
		sum = 0xffff;
	put_be16(p, sum);
}

void inet_set_header(uint8_t *packet)
{
	size_t header = (packet[0] & 0x0f) * 4u;

	put_be16(packet + 10, 0);
	put_be16(packet + 10, (uint16_t)~inet_fold(inet_sum(packet, header, 0)));
}
