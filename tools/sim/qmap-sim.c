// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns nothing: the wire layout of QMAP frames, seen from the modem. */
#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "inet.h"
#include "qmap-sim.h"

/*
 * DOC: Layout (big endian)
 *
 * header		4 bytes: command bit 7, next-header bit 6 (v5), padding in
 *			bits 5..0; mux id; length of packet and padding
 * v4 to the host	trailer of 8: reserved, valid bit, start, length, sum
 * v4 from the host	header of 4: start; enable, UDP, offset
 * v5 both ways		header of 4: type in bits 7..1; valid bit 7; reserved
 * command		16 bytes: name; type; reserved; transaction; family and
 *			reserved; sequence; QoS id
 *
 * The length counts neither checksum headers nor trailers.
 */

#define HEADER			4
#define OFFLOAD_HEADER		4
#define TRAILER			8
#define COMMAND			16

#define FLAG_COMMAND		0x80
#define FLAG_NEXT_HEADER	0x40
#define PAD_MASK		0x3f

#define TRAILER_VALID		0x01
#define V4_ENABLE		0x8000
#define V4_UDP			0x4000
#define V4_OFFSET_MASK		0x3fff
#define V5_TYPE_CHECKSUM	2
#define V5_VALID		0x80

static size_t padding(size_t len)
{
	return (4 - len % 4) % 4;
}

enum qmap_version qmap_version_of(enum modem_aggregation aggregation)
{
	switch (aggregation) {
	case MODEM_AGG_QMAPV4:
		return QMAP_VERSION_4;
	case MODEM_AGG_QMAPV5:
		return QMAP_VERSION_5;
	/* Nobody has published the layout of v2: who asks for it gets v1's. */
	case MODEM_AGG_QMAPV2:
	case MODEM_AGG_QMAP:
	case MODEM_AGG_OFF:
		break;
	}
	return QMAP_VERSION_1;
}

size_t qmap_downlink_size(enum qmap_version version, size_t len)
{
	size_t size = HEADER + len + padding(len);

	switch (version) {
	case QMAP_VERSION_1:
		return size;
	case QMAP_VERSION_4:
		return size + TRAILER;
	case QMAP_VERSION_5:
		return size + OFFLOAD_HEADER;
	}
	return size;
}

static uint8_t *put_header(uint8_t *p, uint8_t flags, uint8_t mux_id, size_t len)
{
	p[0] = (uint8_t)(flags | padding(len));
	p[1] = mux_id;
	put_be16(p + 2, (uint16_t)(len + padding(len)));
	return p + HEADER;
}

/* The sum covers the whole IP packet; it is sent complemented. */
static void put_trailer(uint8_t *p, const uint8_t *packet, size_t len)
{
	struct inet_packet info;

	memset(p, 0, TRAILER);
	if (inet_parse(packet, len, &info) || info.fragment)
		return;
	p[1] = TRAILER_VALID;
	put_be16(p + 2, 0);
	put_be16(p + 4, (uint16_t)info.len);
	put_be16(p + 6, (uint16_t)~inet_fold(inet_sum(packet, info.len, 0)));
}

static void put_v5_header(uint8_t *p, const uint8_t *packet, size_t len)
{
	struct inet_packet info;

	memset(p, 0, OFFLOAD_HEADER);
	p[0] = V5_TYPE_CHECKSUM << 1;
	if (inet_parse(packet, len, &info))
		return;
	if (info.protocol != INET_TCP && info.protocol != INET_UDP)
		return;
	if (inet_check_transport(packet, &info) == INET_CHECKSUM_GOOD)
		p[1] = V5_VALID;
}

int qmap_put_packet(struct qmap_buffer *buffer, enum qmap_version version,
		    uint8_t mux_id, const uint8_t *packet, size_t len)
{
	size_t size = qmap_downlink_size(version, len);
	uint8_t *p = buffer->data + buffer->len;

	if (len > UINT16_MAX - 3 || buffer->size - buffer->len < size)
		return -ENOSPC;
	if (version == QMAP_VERSION_5) {
		p = put_header(p, FLAG_NEXT_HEADER, mux_id, len);
		put_v5_header(p, packet, len);
		p += OFFLOAD_HEADER;
	} else {
		p = put_header(p, 0, mux_id, len);
	}
	memcpy(p, packet, len);
	memset(p + len, 0, padding(len));
	if (version == QMAP_VERSION_4)
		put_trailer(p + len + padding(len), packet, len);
	buffer->len += size;
	buffer->frames++;
	return 0;
}

void qmap_turn_verdict(struct qmap_buffer *buffer, enum qmap_version version,
		       size_t len)
{
	uint8_t *end = buffer->data + buffer->len;

	switch (version) {
	case QMAP_VERSION_1:
		break;
	case QMAP_VERSION_4:
		/* the low byte of the sum: another one, complemented or not */
		end[-1] ^= 0x55;
		break;
	case QMAP_VERSION_5:
		end[-(ptrdiff_t)(OFFLOAD_HEADER + len + padding(len)) + 1] ^= V5_VALID;
		break;
	}
}

int qmap_put_command(struct qmap_buffer *buffer, enum qmap_version version,
		     const struct qmap_command *command)
{
	size_t size = HEADER + COMMAND + (version == QMAP_VERSION_4 ? TRAILER : 0);
	uint8_t *p = buffer->data + buffer->len;

	if (buffer->size - buffer->len < size)
		return -ENOSPC;
	memset(p, 0, size);
	p = put_header(p, FLAG_COMMAND, command->mux_id, COMMAND);
	p[0] = command->name;
	p[1] = command->type;
	put_be32(p + 4, command->transaction);
	put_be16(p + 10, command->sequence);
	put_be32(p + 12, command->qos_id);
	buffer->len += size;
	buffer->frames++;
	return 0;
}

/* Reads the checksum header behind the QMAP header; returns its size. */
static int get_offload(const uint8_t *p, size_t len, enum qmap_version version,
		       bool next_header, struct qmap_frame *frame)
{
	uint16_t info;

	if (version == QMAP_VERSION_1 || (version == QMAP_VERSION_5 && !next_header))
		return next_header ? -EBADMSG : 0;
	if (len < OFFLOAD_HEADER)
		return -EBADMSG;
	if (version == QMAP_VERSION_5) {
		/* No further header may follow: none is known. */
		if (p[0] != V5_TYPE_CHECKSUM << 1)
			return -EBADMSG;
		if (p[1] & V5_VALID)
			frame->offload = QMAP_OFFLOAD_V5;
		return OFFLOAD_HEADER;
	}
	info = get_be16(p + 2);
	if (info & V4_ENABLE) {
		frame->offload = QMAP_OFFLOAD_V4;
		frame->checksum_start = get_be16(p);
		frame->checksum_offset = info & V4_OFFSET_MASK;
		frame->udp = info & V4_UDP;
	}
	return OFFLOAD_HEADER;
}

int qmap_get_frame(const uint8_t *data, size_t len, enum qmap_version version,
		   struct qmap_frame *ret_frame)
{
	struct qmap_frame frame = { 0 };
	size_t payload, pad, off = HEADER;
	int ret;

	if (len < HEADER)
		return -EBADMSG;
	frame.command = data[0] & FLAG_COMMAND;
	frame.mux_id = data[1];
	pad = data[0] & PAD_MASK;
	payload = get_be16(data + 2);
	if (!frame.command) {
		ret = get_offload(data + off, len - off, version,
				  data[0] & FLAG_NEXT_HEADER, &frame);
		if (ret < 0)
			return ret;
		off += (size_t)ret;
	}
	if (payload > len - off || pad >= payload)
		return -EBADMSG;
	frame.data = data + off;
	frame.len = payload - pad;
	*ret_frame = frame;
	return (int)(off + payload);
}

int qmap_get_command(const struct qmap_frame *frame,
		     struct qmap_command *ret_command)
{
	const uint8_t *p = frame->data;

	if (!frame->command || frame->len != COMMAND)
		return -EBADMSG;
	ret_command->name = p[0];
	ret_command->type = p[1] & 0x03;
	ret_command->mux_id = frame->mux_id;
	ret_command->transaction = get_be32(p + 4);
	ret_command->sequence = get_be16(p + 10);
	ret_command->qos_id = get_be32(p + 12);
	return 0;
}

/* v4 hardware starts from the complement of the pseudo header sum. */
static int check_v4_request(const struct qmap_frame *frame, const uint8_t *packet,
			    const struct inet_packet *info, int offset)
{
	uint16_t start = ~inet_fold(inet_pseudo_sum(info)) & 0xffff;
	const uint8_t *field = packet + info->transport + offset;
	bool udp = info->protocol == INET_UDP;

	if (frame->checksum_start != info->transport ||
	    frame->checksum_offset != offset ||
	    frame->udp != udp ||
	    get_be16(field) != start)
		return -EBADMSG;
	return 0;
}

int qmap_offload_apply(const struct qmap_frame *frame, uint8_t *packet)
{
	struct inet_packet info;
	int offset, ret;

	if (frame->offload == QMAP_OFFLOAD_NONE)
		return 0;
	if (inet_parse(packet, frame->len, &info))
		return -EBADMSG;
	if (info.protocol != INET_TCP && info.protocol != INET_UDP)
		return -EBADMSG;
	offset = inet_checksum_offset(&info);
	if (offset < 0)
		return -EBADMSG;
	if (frame->offload == QMAP_OFFLOAD_V4) {
		ret = check_v4_request(frame, packet, &info, offset);
		if (ret)
			return ret;
	}
	inet_set_transport(packet, &info);
	return 0;
}
