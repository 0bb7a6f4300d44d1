/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes that give a client id back, and how ids are named. Pure. */
#ifndef M2MCTL_CLIENTS_H
#define M2MCTL_CLIENTS_H

#include <stddef.h>
#include <stdint.h>

#define CLIENTS_FRAME_LEN	17

/* clients_release_frame() - CTL's Release of an id, as a whole frame */
void clients_release_frame(uint8_t service, uint8_t cid, uint8_t tid,
			   uint8_t ret[CLIENTS_FRAME_LEN]);

/**
 * clients_released() - whether these bytes answer it
 * @bytes: what was read, whatever it is
 * @len: of @bytes
 * @tid: of the request
 * @ret_qmi: QMI error of the answer, 0 if it is done
 *
 * Return: 0; -ENOMSG for another message, -EBADMSG for what cannot be read.
 */
int clients_released(const uint8_t *bytes, size_t len, uint8_t tid, uint16_t *ret_qmi);

/* clients_parse() - "wds:7", as the list has them; -EINVAL for what is none */
int clients_parse(const char *text, uint8_t *ret_service, uint8_t *ret_cid);

#endif /* M2MCTL_CLIENTS_H */
