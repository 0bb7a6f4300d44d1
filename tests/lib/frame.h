/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMUX frames as tests write and read them; shares nothing with what is tested. */
#ifndef TESTS_FRAME_H
#define TESTS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	4096

enum {
	CTL = 0x00, WDS = 0x01, DMS = 0x02, NAS = 0x03, WMS = 0x05, UIM = 0x0b,
	WDA = 0x1a,
};

enum {
	CTL_GET_VERSION = 0x21, CTL_ALLOCATE = 0x22, CTL_RELEASE = 0x23,
	CTL_SET_FORMAT = 0x26, CTL_SYNC = 0x27, CTL_PROXY_OPEN = 0xff00,
	DMS_GET_IDS = 0x25, DMS_GET_MODE = 0x2d,
	UIM_VERIFY_PIN = 0x26,
	WDA_SET_FORMAT = 0x20, WDA_GET_FORMAT = 0x21,
};

enum {
	QMI_OK = 0, QMI_CLIENT_IDS_EXHAUSTED = 5, QMI_INVALID_CLIENT_ID = 7,
	QMI_MISSING_ARGUMENT = 17, QMI_DEVICE_IN_USE = 23,
	QMI_INVALID_COMMAND = 71,
};

enum frame_type { FRAME_REQUEST, FRAME_RESPONSE, FRAME_INDICATION };

struct frame {
	size_t len;
	uint8_t data[FRAME_MAX + 64];
};

/* A request without TLVs; of CTL if @service is 0. */
void frame_request(struct frame *frame, uint8_t service, uint8_t cid,
		   uint16_t tid, uint16_t msgid);
void frame_add(struct frame *frame, uint8_t type, const void *value, size_t len);
void frame_add_u8(struct frame *frame, uint8_t type, uint8_t value);
void frame_add_u32(struct frame *frame, uint8_t type, uint32_t value);
/* Fills @frame up to @len bytes with one TLV. */
void frame_pad(struct frame *frame, size_t len);

/* Is it one whole frame whose lengths agree? */
bool frame_is_whole(const struct frame *frame);
bool frame_is_from_modem(const struct frame *frame);
uint8_t frame_service(const struct frame *frame);
uint8_t frame_cid(const struct frame *frame);
uint16_t frame_tid(const struct frame *frame);
uint16_t frame_msgid(const struct frame *frame);
enum frame_type frame_type(const struct frame *frame);
/* Value of the first TLV of @type, or NULL. */
const uint8_t *frame_find(const struct frame *frame, uint8_t type,
			  size_t *ret_len);
/* QMI error of a response: 0 is success, -1: there is no result. */
int frame_error(const struct frame *frame);

#endif /* TESTS_FRAME_H */
