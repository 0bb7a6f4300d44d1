/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMAP: many IP packets in one bulk transfer. Pure; user space as well. */
#ifndef M2M_QMAP_H
#define M2M_QMAP_H

#include "inet.h"
#include "pure.h"

/*
 * Layout, big endian (rmnet: if_rmnet.h, rmnet_map_data.c):
 *
 *   b0: bit 7 command, bit 6 next header (v5), bits 5..0 pad length
 *   b1: mux id | length u16 = packet + pad
 *   v1: header | packet | pad
 *   v4 from the modem: header | packet | pad | trailer of 8, not counted
 *       trailer: reserved u8 | bit 0 valid | start u16 | length u16 | sum u16
 *   v4 to the modem: header | 4 bytes | packet | pad
 *       4 bytes: start u16 | bit 15 compute, bit 14 UDP, bits 13..0 offset
 *   v5: header | 4 bytes if next header is set | packet | pad
 *       next header: bits 7..1 type (2: checksum) | bit 7 verified, or to the
 *       modem: compute | 0 u16
 *   command: header | name u8 | type u8, bits 1..0 | 0 u16 | transaction u32 |
 *       data; v4 has its trailer behind a command as well
 */
#define QMAP_HEADER_LEN		4
#define QMAP_V4_TRAILER_LEN	8
#define QMAP_CSUM_HEADER_LEN	4
/* Before a packet to the modem, whatever the version */
#define QMAP_HEAD_MAX		(QMAP_HEADER_LEN + QMAP_CSUM_HEADER_LEN)
#define QMAP_COMMAND_LEN	8

enum m2m_qmap_version {
	M2M_QMAP_V1,
	M2M_QMAP_V4,
	M2M_QMAP_V5,
};

enum m2m_qmap_verdict {
	M2M_QMAP_PACKET,	/* for a mux id; no empty one */
	M2M_QMAP_COMMAND,	/* of at least QMAP_COMMAND_LEN bytes */
	M2M_QMAP_EMPTY,		/* nothing but padding; go on */
	M2M_QMAP_BAD,		/* this frame makes no sense, the next may; go on */
	M2M_QMAP_BROKEN,	/* a length runs past the end; nothing follows */
	M2M_QMAP_END,
};

enum m2m_qmap_command_name {
	M2M_QMAP_FLOW_DISABLE = 1,
	M2M_QMAP_FLOW_ENABLE = 2,
};

enum m2m_qmap_command_type {
	M2M_QMAP_REQUEST,
	M2M_QMAP_ACK,
	M2M_QMAP_UNSUPPORTED,
	M2M_QMAP_INVALID,
};

/**
 * struct m2m_qmap_cursor - where a walk through a transfer stands
 * @data: the transfer; not owned
 * @len: of the transfer
 * @at: of the next frame, never beyond @len
 * @version: what surrounds a packet
 */
struct m2m_qmap_cursor {
	const u8 *data;
	size_t len;
	size_t at;
	enum m2m_qmap_version version;
};

/**
 * struct m2m_qmap_frame - one frame whose every length was checked
 * @data: packet or command, within the transfer
 * @len: of @data, without padding, at least 1
 * @size: of the frame with all that surrounds @data
 * @mux_id: 0..255
 * @head: bytes before @data, or 0 where m2m_qmap_repeats() is not to be asked: of next
 *	to nothing
 * @csum_ok: the modem states that the packet's checksum is right (v5)
 * @trailer: the v4 trailer, or NULL
 */
struct m2m_qmap_frame {
	const u8 *data;
	size_t len;
	size_t size;
	u8 mux_id;
	u8 head;
	bool csum_ok;
	const u8 *trailer;
};

/**
 * struct m2m_qmap_csum - a checksum that the modem is to compute
 * @start: of the transport header, from that of the packet
 * @offset: of the checksum, from @start
 * @udp: else TCP
 */
struct m2m_qmap_csum {
	u16 start;
	u16 offset;
	bool udp;
};

/**
 * struct m2m_qmap_command - head of a command frame
 * @name: enum m2m_qmap_command_name, or another
 * @type: enum m2m_qmap_command_type
 * @transaction: chosen by who asks
 */
struct m2m_qmap_command {
	u8 name;
	u8 type;
	u32 transaction;
};

/**
 * m2m_qmap_begin() - start a walk
 * @cursor: filled in
 * @data: a bulk-in transfer, not trusted
 * @len: of @data
 * @version: as agreed with the modem
 */
void m2m_qmap_begin(struct m2m_qmap_cursor *cursor, const u8 *data, size_t len,
		    enum m2m_qmap_version version);

/**
 * m2m_qmap_next() - take the next frame
 * @cursor: moves on by at least one header, or ends
 * @ret_frame: filled in for M2M_QMAP_PACKET and M2M_QMAP_COMMAND; for
 *	M2M_QMAP_BAD and M2M_QMAP_EMPTY its mux id and size alone; head and csum_ok
 *	are set for a packet only
 *
 * Return: the verdict.
 */
enum m2m_qmap_verdict m2m_qmap_next(struct m2m_qmap_cursor *cursor,
				    struct m2m_qmap_frame *ret_frame);

/**
 * m2m_qmap_repeats() - is the next frame's head the very same as the last one's?
 * @cursor: where m2m_qmap_next() left it, or further by whole frames that repeat
 * @frame: what it found: with @head
 *
 * Compares eight bytes: all that is before a packet of v5, or the header of others and
 * what a packet begins with.
 *
 * Return: true if m2m_qmap_next() would find a packet that differs in nothing but
 * where it lies, it and its trailer @frame->size behind the last one.
 */
static inline bool m2m_qmap_repeats(const struct m2m_qmap_cursor *cursor,
				    const struct m2m_qmap_frame *frame)
{
	const u8 *next = cursor->data + cursor->at;

	return cursor->len - cursor->at >= frame->size &&
	       pure_load64(next) == pure_load64(next - frame->size);
}

/* Take the next frame, of which m2m_qmap_repeats() is true. */
static inline void m2m_qmap_repeat(struct m2m_qmap_cursor *cursor,
				   struct m2m_qmap_frame *frame)
{
	frame->data = cursor->data + cursor->at + frame->head;
	if (frame->trailer)
		frame->trailer += frame->size;
	cursor->at += frame->size;
}

/**
 * m2m_qmap_again() - take the next frame, if it is of the kind of the last one
 * @cursor: moves on if so
 * @frame: of m2m_qmap_next(), or this; its data moves on if so
 *
 * Return: true for a packet.
 */
static inline bool m2m_qmap_again(struct m2m_qmap_cursor *cursor,
				  struct m2m_qmap_frame *frame)
{
	if (!frame->head || !m2m_qmap_repeats(cursor, frame))
		return false;
	m2m_qmap_repeat(cursor, frame);
	return true;
}

/**
 * m2m_qmap_put_header() - write the header of a data frame
 * @buf: of QMAP_HEADER_LEN bytes
 * @mux_id: 0..255
 * @len: of the packet; with @pad at most 65535
 * @pad: bytes that follow the packet, at most 63
 */
void m2m_qmap_put_header(u8 *buf, u8 mux_id, size_t len, u8 pad);

/* Bytes before a packet to the modem */
size_t m2m_qmap_head_len(enum m2m_qmap_version version);

/**
 * m2m_qmap_put_head() - write what goes before a packet to the modem
 * @buf: of m2m_qmap_head_len() bytes
 * @version: as agreed with the modem
 * @mux_id: 0..255
 * @len: of the packet, at most 65535
 * @csum: what is to be computed, or NULL; not for v1
 */
void m2m_qmap_put_head(u8 *buf, enum m2m_qmap_version version, u8 mux_id,
		       size_t len, const struct m2m_qmap_csum *csum);

/**
 * m2m_qmap_leave_csum() - leave a checksum to the modem, if it can do that
 * @version: as agreed with the modem
 * @packet: whose checksum holds the sum of the pseudo header; changed to what
 *	the modem starts from
 * @len: of @packet
 * @start: where the sum begins
 * @offset: where it is put, from @start
 * @ret_csum: filled in for m2m_qmap_put_head()
 *
 * Return: false if the checksum must be computed here; nothing is changed then.
 */
bool m2m_qmap_leave_csum(enum m2m_qmap_version version, u8 *packet, size_t len,
			 size_t start, size_t offset,
			 struct m2m_qmap_csum *ret_csum);

/**
 * m2m_qmap_leave_tcp() - the same for TCP of a packet that m2m_inet_parse() takes
 * @version: as agreed with the modem
 * @packet: as of m2m_qmap_leave_csum()
 * @start: of the TCP header
 * @ret_csum: filled in for m2m_qmap_put_head()
 *
 * Return: false if the checksum must be computed here; nothing is changed then.
 */
bool m2m_qmap_leave_tcp(enum m2m_qmap_version version, u8 *packet, size_t start,
			struct m2m_qmap_csum *ret_csum);

/**
 * m2m_qmap_is_verified() - does the modem vouch for the checksum of a packet?
 * @frame: as m2m_qmap_next() filled it in
 * @inet: what m2m_inet_parse() found in it
 *
 * v5 says so in a bit. v4 states a sum over the packet, which is compared with
 * what the headers demand: no wrong packet is taken for a right one because of
 * a sum that does not fit it, and the stack never hears of such a sum.
 *
 * Return: true for a TCP or UDP packet that is whole and right.
 */
bool m2m_qmap_is_verified(const struct m2m_qmap_frame *frame,
			  const struct m2m_inet *inet);

/* Read the head of a frame that m2m_qmap_next() called a command. */
void m2m_qmap_read_command(const struct m2m_qmap_frame *frame,
			   struct m2m_qmap_command *ret_command);

/**
 * m2m_qmap_answer() - the answer to a command: the same bytes, another type
 * @frame: the command
 * @type: of the answer
 * @buf: of QMAP_HEADER_LEN + @frame->len bytes
 *
 * Return: length of the answer.
 */
size_t m2m_qmap_answer(const struct m2m_qmap_frame *frame,
		       enum m2m_qmap_command_type type, u8 *buf);

#endif /* M2M_QMAP_H */
