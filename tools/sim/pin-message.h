/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about PIN1, which DMS and UIM have alike. */
#ifndef SIM_PIN_MESSAGE_H
#define SIM_PIN_MESSAGE_H

#include "firmware.h"

/* What a service has of its own in them */
struct pin_service {
	/* Finds the value with PIN id and PINs. */
	enum qmi_error (*find)(const struct request *rq, struct qmi_value *ret_value);
	/* Whether the card can be spoken to */
	enum qmi_error (*usable)(struct modem *modem);
	/* What the card says besides its tries, but to a switched PIN; NULL: nothing */
	void (*put_result)(struct request *rq, enum qmi_error error);
};

extern const struct pin_service dms_pins;	/* svc-dms.c */
extern const struct pin_service uim_pins;	/* svc-uim.c */

/* Handlers of both; each answers with the tries that are left, whatever became of it. */
enum qmi_error pin_protect(struct request *rq);
enum qmi_error pin_verify(struct request *rq);
enum qmi_error pin_unblock(struct request *rq);
enum qmi_error pin_change(struct request *rq);

#endif /* SIM_PIN_MESSAGE_H */
