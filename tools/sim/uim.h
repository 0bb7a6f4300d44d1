/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the UIM service share. */
#ifndef SIM_UIM_H
#define SIM_UIM_H

#include "firmware.h"

/* Checks TLV 0x01: only sessions of the USIM in the active slot are known. */
enum qmi_error uim_session_read(const struct request *rq);
/* Whether the card can be spoken to. */
enum qmi_error uim_card_usable(struct modem *modem);
/* Status words of the card, e.g. 0x9000. */
void uim_put_card_result(struct request *rq, uint8_t type, uint16_t sw);

/* uim-file.c */
enum qmi_error uim_read_transparent(struct request *rq);
enum qmi_error uim_read_record(struct request *rq);
enum qmi_error uim_write_record(struct request *rq);
enum qmi_error uim_get_file_attributes(struct request *rq);

/* uim-apdu.c */
enum qmi_error uim_send_apdu(struct request *rq);
enum qmi_error uim_logical_channel(struct request *rq);
enum qmi_error uim_open_logical_channel(struct request *rq);

#endif /* SIM_UIM_H */
