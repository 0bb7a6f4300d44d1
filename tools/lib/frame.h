/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QMUX frames before anybody else reads them: lengths checked, secrets taken out. */
#ifndef M2M_FRAME_H
#define M2M_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	4096

/* Where a checked frame keeps what a reader wants */
struct frame {
	uint8_t service, cid;
	bool from_modem;	/* as its own header claims */
	uint8_t type;		/* raw flags of the SDU */
	uint16_t tid, msgid;
	const uint8_t *tlvs;
	size_t tlvs_len;	/* filled by whole TLVs exactly */
};

/**
 * frame_check() - check every length of one whole frame
 * @buf: bytes nobody has looked at
 * @len: how many; the frame must fill them
 * @ret_frame: points into @buf; may be NULL
 *
 * libqmi's codec reads out of bounds on frames that contradict themselves, so
 * none reaches it unchecked.
 *
 * Return: 0; -EBADMSG if a length lies, -EMSGSIZE if the frame is too long.
 */
int frame_check(const uint8_t *buf, size_t len, struct frame *ret_frame);

/* The value of a TLV of a checked frame, or NULL. */
const uint8_t *frame_tlv(const struct frame *frame, uint8_t type,
			 size_t *ret_len);

/* Whether a TLV of this message carries a PIN, a PUK, a code or a password. */
bool frame_is_secret(uint8_t service, uint16_t msgid, uint8_t tlv);

/**
 * frame_redact() - a copy without the TLVs that carry secrets
 * @buf: a frame frame_check() accepted
 * @len: its length
 * @ret_buf: room for @len bytes
 * @ret_len: length of the copy, itself a valid frame
 *
 * Return: how many TLVs were left out.
 */
unsigned int frame_redact(const uint8_t *buf, size_t len, uint8_t *ret_buf,
			  size_t *ret_len);

/* Whether it tells whose modem or SIM it is, or where, or what was written to it. */
bool frame_is_personal(uint8_t service, uint16_t msgid, uint8_t tlv);

/* frame_redact_personal() - the same, and without such TLVs */
unsigned int frame_redact_personal(const uint8_t *buf, size_t len, uint8_t *ret_buf,
				   size_t *ret_len);

#endif /* M2M_FRAME_H */
