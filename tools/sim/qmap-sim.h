/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMAP v1, v4 and v5 as the modem writes and reads them; pure. */
#ifndef SIM_QMAP_SIM_H
#define SIM_QMAP_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem.h"

enum qmap_version {
	QMAP_VERSION_1 = 1,
	QMAP_VERSION_4 = 4,
	QMAP_VERSION_5 = 5,
};

enum qmap_command_name {
	QMAP_FLOW_DISABLE = 1,
	QMAP_FLOW_ENABLE = 2,
};

enum qmap_command_type {
	QMAP_REQUEST = 0,
	QMAP_ACK = 1,
	QMAP_UNSUPPORTED = 2,
	QMAP_INVALID = 3,
};

/* What the header of one uplink frame asks the modem to compute. */
enum qmap_offload {
	QMAP_OFFLOAD_NONE,
	QMAP_OFFLOAD_V4,
	QMAP_OFFLOAD_V5,
};

struct qmap_frame {
	bool command;
	uint8_t mux_id;
	const uint8_t *data;		/* packet or command, without padding */
	size_t len;
	enum qmap_offload offload;
	uint16_t checksum_start;	/* v4 only */
	uint16_t checksum_offset;	/* v4 only */
	bool udp;			/* v4 only */
};

struct qmap_command {
	uint8_t name, type;
	uint8_t mux_id;
	uint32_t transaction;
	uint16_t sequence;
	uint32_t qos_id;
};

/* A transfer to the host that is being filled. */
struct qmap_buffer {
	uint8_t *data;
	size_t len, size;
	unsigned int frames;
};

/* What is spoken where WDA agreed on @aggregation, which is not MODEM_AGG_OFF */
enum qmap_version qmap_version_of(enum modem_aggregation aggregation);
/* Bytes that a packet of @len takes in a transfer to the host. */
size_t qmap_downlink_size(enum qmap_version version, size_t len);
/*
 * Appends one packet with the checksum header or trailer of @version, computed
 * from the packet as it is. Returns 0 or -ENOSPC.
 */
int qmap_put_packet(struct qmap_buffer *buffer, enum qmap_version version,
		    uint8_t mux_id, const uint8_t *packet, size_t len);
/* What was said of the checksum of the last packet, of @len bytes, is wrong now. */
void qmap_turn_verdict(struct qmap_buffer *buffer, enum qmap_version version,
		       size_t len);
/* Appends a flow control command. Returns 0 or -ENOSPC. */
int qmap_put_command(struct qmap_buffer *buffer, enum qmap_version version,
		     const struct qmap_command *command);
/*
 * Reads the frame at the start of @data. Returns the bytes it takes, or
 * -EBADMSG if it does not parse.
 */
int qmap_get_frame(const uint8_t *data, size_t len, enum qmap_version version,
		   struct qmap_frame *ret_frame);
/* Reads a command out of a frame. Returns 0 or -EBADMSG. */
int qmap_get_command(const struct qmap_frame *frame,
		     struct qmap_command *ret_command);
/*
 * Does what @frame asks for in @packet, a writable copy of its data. Returns 0
 * or -EBADMSG if the request contradicts the packet.
 */
int qmap_offload_apply(const struct qmap_frame *frame, uint8_t *packet);

#endif /* SIM_QMAP_SIM_H */
