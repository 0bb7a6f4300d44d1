/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMUX frames and QMI TLVs as the virtual modem reads and writes them. */
#ifndef SIM_QMI_H
#define SIM_QMI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem.h"

enum qmi_service {
	QMI_CTL = 0x00,
	QMI_WDS = 0x01,
	QMI_DMS = 0x02,
	QMI_NAS = 0x03,
	QMI_QOS = 0x04,
	QMI_WMS = 0x05,
	QMI_VOICE = 0x09,
	QMI_UIM = 0x0b,
	QMI_PBM = 0x0c,
	QMI_LOC = 0x10,
	QMI_WDA = 0x1a,
	QMI_PDC = 0x24,
	QMI_DPM = 0x2f,
};

#define QMI_CLIENT_BROADCAST	0xff

/* Protocol errors, TLV 0x02 of a response (libqmi qmi-errors.h) */
enum qmi_error {
	QMI_OK = 0,
	QMI_MALFORMED_MESSAGE = 1,
	QMI_INTERNAL = 3,
	QMI_CLIENT_IDS_EXHAUSTED = 5,
	QMI_UNABORTABLE_TRANSACTION = 6,
	QMI_INVALID_CLIENT_ID = 7,
	QMI_INVALID_HANDLE = 9,
	QMI_INVALID_PROFILE = 10,
	QMI_INVALID_PIN_ID = 11,
	QMI_INCORRECT_PIN = 12,
	QMI_CALL_FAILED = 14,
	QMI_OUT_OF_CALL = 15,
	QMI_NOT_PROVISIONED = 16,
	QMI_MISSING_ARGUMENT = 17,
	QMI_ARGUMENT_TOO_LONG = 19,
	QMI_INVALID_TRANSACTION_ID = 22,
	QMI_DEVICE_IN_USE = 23,
	QMI_NO_EFFECT = 26,
	QMI_NO_FREE_PROFILE = 27,
	QMI_INVALID_PROFILE_TYPE = 30,
	QMI_INVALID_SERVICE_TYPE = 31,
	QMI_INVALID_REGISTER_ACTION = 32,
	QMI_INVALID_PS_ATTACH_ACTION = 33,
	QMI_PIN_BLOCKED = 35,
	QMI_PIN_ALWAYS_BLOCKED = 36,
	QMI_UIM_UNINITIALIZED = 37,
	QMI_INVALID_DATA_FORMAT = 45,
	QMI_INVALID_ARGUMENT = 48,
	QMI_INVALID_INDEX = 49,
	QMI_NO_ENTRY = 50,
	QMI_DEVICE_STORAGE_FULL = 51,
	QMI_DEVICE_NOT_READY = 52,
	QMI_NETWORK_NOT_READY = 53,
	QMI_WMS_CAUSE_CODE = 54,
	QMI_WMS_MESSAGE_NOT_SENT = 55,
	QMI_WMS_ENCODING = 58,
	QMI_INVALID_TRANSITION = 60,
	QMI_INVALID_IP_FAMILY_PREFERENCE = 64,
	QMI_INSUFFICIENT_RESOURCES = 68,
	QMI_INVALID_OPERATION = 70,
	QMI_INVALID_QMI_COMMAND = 71,
	QMI_INFORMATION_UNAVAILABLE = 74,
	QMI_BUNDLING_NOT_SUPPORTED = 77,
	QMI_SIM_FILE_NOT_FOUND = 80,
	QMI_EXTENDED_INTERNAL = 81,
	QMI_ACCESS_DENIED = 82,
	QMI_HARDWARE_RESTRICTED = 83,
	QMI_INCOMPATIBLE_STATE = 90,
	QMI_NOT_SUPPORTED = 94,
	QMI_INVALID_SESSION_TYPE = 100,
	QMI_NO_SIM = 102,
	QMI_DEFERRED = 0xffff,	/* never on the wire: the answer comes later */
};

/* A request split into its fields; @tlvs points into the frame. */
struct qmi_frame {
	uint8_t service;
	uint8_t client;
	uint16_t transaction;
	uint16_t message;
	const uint8_t *tlvs;
	size_t tlvs_len;
};

enum qmi_verdict {
	QMI_FRAME_OK,
	QMI_FRAME_DROP,		/* no frame, or nothing a modem answers */
	QMI_FRAME_MALFORMED,	/* header is sound, its body is not */
	QMI_FRAME_BUNDLE,	/* a compound message */
};

enum qmi_verdict qmi_frame_parse(const uint8_t *data, size_t len,
				 struct qmi_frame *ret_frame);

/* A cursor over one value; reads past its end yield 0 and set @overrun. */
struct qmi_value {
	const uint8_t *data;
	size_t left;
	bool overrun;
};

bool qmi_find(const struct qmi_frame *frame, uint8_t type,
	      struct qmi_value *ret_value);
/* As qmi_find(), for a TLV the message cannot do without. */
enum qmi_error qmi_need(const struct qmi_frame *frame, uint8_t type,
			struct qmi_value *ret_value);

uint8_t qmi_get_u8(struct qmi_value *value);
uint16_t qmi_get_u16(struct qmi_value *value);
uint32_t qmi_get_u32(struct qmi_value *value);
uint64_t qmi_get_u64(struct qmi_value *value);
/* The next @len bytes, or NULL. */
const uint8_t *qmi_get_bytes(struct qmi_value *value, size_t len);
/*
 * A string of @len bytes, terminated; one that does not fit into @size or
 * holds a NUL counts as overrun.
 */
void qmi_get_string(struct qmi_value *value, size_t len, char *buf,
		    size_t size);
/* A string behind its own length byte. */
void qmi_get_string8(struct qmi_value *value, char *buf, size_t size);

/*
 * Optional scalars: *value stays as it is if the TLV is absent. Returns
 * QMI_OK or QMI_MALFORMED_MESSAGE; @ret_found may be NULL.
 */
enum qmi_error qmi_opt_u8(const struct qmi_frame *frame, uint8_t type,
			  uint8_t *value, bool *ret_found);
enum qmi_error qmi_opt_u16(const struct qmi_frame *frame, uint8_t type,
			   uint16_t *value, bool *ret_found);
enum qmi_error qmi_opt_u32(const struct qmi_frame *frame, uint8_t type,
			   uint32_t *value, bool *ret_found);
enum qmi_error qmi_opt_string(const struct qmi_frame *frame, uint8_t type,
			      char *buf, size_t size, bool *ret_found);

/* A switch of one byte, and where it is kept */
struct qmi_flag {
	uint8_t type;
	bool *value;
};

/* Optional switches, in their order up to the first that is malformed. */
enum qmi_error qmi_opt_flags(const struct qmi_frame *frame,
			     const struct qmi_flag *flags, size_t n);

/* A message under construction; what does not fit sets @full. */
struct qmi_msg {
	uint8_t data[MODEM_FRAME_MAX];
	size_t len;
	size_t tlv;		/* offset of the open TLV, 0 if none */
	size_t body;		/* offset of the first TLV */
	bool full;
};

/* Starts the response to @to, with room for its result. */
void qmi_response_init(struct qmi_msg *msg, const struct qmi_frame *to);
void qmi_indication_init(struct qmi_msg *msg, uint8_t service,
			 uint8_t client, uint16_t message);
/* Fills in the result; a response that was too long becomes QMI_INTERNAL. */
void qmi_response_finish(struct qmi_msg *msg, enum qmi_error error);
void qmi_indication_finish(struct qmi_msg *msg);

void qmi_tlv_begin(struct qmi_msg *msg, uint8_t type);
void qmi_tlv_end(struct qmi_msg *msg);
void qmi_put_u8(struct qmi_msg *msg, uint8_t value);
void qmi_put_u16(struct qmi_msg *msg, uint16_t value);
void qmi_put_u32(struct qmi_msg *msg, uint32_t value);
void qmi_put_u64(struct qmi_msg *msg, uint64_t value);
void qmi_put_bytes(struct qmi_msg *msg, const void *data, size_t len);
void qmi_put_string8(struct qmi_msg *msg, const char *string);

void qmi_tlv_u8(struct qmi_msg *msg, uint8_t type, uint8_t value);
void qmi_tlv_u16(struct qmi_msg *msg, uint8_t type, uint16_t value);
void qmi_tlv_u32(struct qmi_msg *msg, uint8_t type, uint32_t value);
void qmi_tlv_u64(struct qmi_msg *msg, uint8_t type, uint64_t value);
void qmi_tlv_string(struct qmi_msg *msg, uint8_t type, const char *string);

#endif /* SIM_QMI_H */
