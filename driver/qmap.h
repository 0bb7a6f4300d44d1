/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMAP: many IP packets in one bulk transfer. Pure; user space as well. */
#ifndef M2M_QMAP_H
#define M2M_QMAP_H

#include "pure.h"

/*
 * Layout, big endian (rmnet: if_rmnet.h, rmnet_map_data.c):
 *
 *   b0: bit 7 command, bit 6 next header (v5), bits 5..0 pad length
 *   b1: mux id | length u16 = packet + pad
 *   v1: header | packet | pad
 *   v4: header | packet | pad | trailer of 8, not counted by length
 *       trailer: reserved u8 | bit 0 valid | start u16 | length u16 | sum u16
 *   v5: header | 4 bytes if next header is set | packet | pad
 *       next header: bits 7..1 type (2: checksum) | bit 7 verified | 0 u16
 *   command: header | name u8 | type u8, bits 1..0 | 0 u16 | transaction u32 |
 *       data; v4 has its trailer behind a command as well
 */
#define QMAP_HEADER_LEN		4
#define QMAP_V4_TRAILER_LEN	8
#define QMAP_V5_HEADER_LEN	4
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
 * @mux_id: 0..255
 * @csum_ok: the modem states that the packet's checksum is right (v5)
 * @trailer: the v4 trailer, or NULL
 */
struct m2m_qmap_frame {
	const u8 *data;
	size_t len;
	u8 mux_id;
	bool csum_ok;
	const u8 *trailer;
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
 *	M2M_QMAP_BAD and M2M_QMAP_EMPTY its mux id alone
 *
 * Return: the verdict.
 */
enum m2m_qmap_verdict m2m_qmap_next(struct m2m_qmap_cursor *cursor,
				    struct m2m_qmap_frame *ret_frame);

/**
 * m2m_qmap_put_header() - write the header of a data frame
 * @buf: of QMAP_HEADER_LEN bytes
 * @mux_id: 0..255
 * @len: of the packet; with @pad at most 65535
 * @pad: bytes that follow the packet, at most 63
 */
void m2m_qmap_put_header(u8 *buf, u8 mux_id, size_t len, u8 pad);

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
