/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing the TLVs of a QmiMessage without stepping outside one. */
#ifndef M2M_QMI_TLV_H
#define M2M_QMI_TLV_H

#include <libqmi-glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct tlv - a cursor in the value of one TLV
 * @at: next byte
 * @end: behind the last one
 * @bad: a read went past the end; sticky, and every later read gives 0
 */
struct tlv {
	const uint8_t *at, *end;
	bool bad;
};

/* tlv_find() - the first TLV of a type; false (and an empty cursor) without */
bool tlv_find(QmiMessage *message, uint8_t type, struct tlv *ret_tlv);

uint8_t tlv_u8(struct tlv *tlv);
uint16_t tlv_u16(struct tlv *tlv);
uint32_t tlv_u32(struct tlv *tlv);
uint64_t tlv_u64(struct tlv *tlv);
uint16_t tlv_be16(struct tlv *tlv);
/* The next @len bytes, or NULL */
const uint8_t *tlv_bytes(struct tlv *tlv, size_t len);
size_t tlv_left(const struct tlv *tlv);
/*
 * The rest of the value, or @len bytes of it, as printable text cut to @size;
 * what is not printable ASCII becomes '?', since it goes to terminals.
 */
void tlv_string(struct tlv *tlv, size_t len, char *ret, size_t size);

/* One-value TLVs at once; 0 (or "") and false without a TLV of the length */
bool tlv_get_u8(QmiMessage *message, uint8_t type, uint8_t *ret);
bool tlv_get_u16(QmiMessage *message, uint8_t type, uint16_t *ret);
bool tlv_get_u32(QmiMessage *message, uint8_t type, uint32_t *ret);
bool tlv_get_string(QmiMessage *message, uint8_t type, char *ret, size_t size);

/* Appending; a QMI message has room for all we write. No value is empty: libqmi refuses */
void tlv_put_u8(QmiMessage *message, uint8_t type, uint8_t value);
void tlv_put_u16(QmiMessage *message, uint8_t type, uint16_t value);
void tlv_put_u32(QmiMessage *message, uint8_t type, uint32_t value);
void tlv_put_string(QmiMessage *message, uint8_t type, const char *value);
void tlv_put(QmiMessage *message, uint8_t type, const void *value, size_t len);

/* Result TLV of an answer: 0, the QMI error, or 1 (malformed) without one */
uint16_t qmi_result(QmiMessage *answer);

#endif /* M2M_QMI_TLV_H */
