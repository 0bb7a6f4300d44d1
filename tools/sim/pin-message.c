// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the PINs of a message, hands them to the card and says how many tries it has left. */
#include "pin-message.h"

#define PIN1		1
#define PIN_SIZE	9	/* eight digits */

static const struct pin_service *service_of(const struct request *rq)
{
	return rq->service == &svc_uim ? &uim_pins : &dms_pins;
}

static void put_tries(struct request *rq)
{
	qmi_tlv_begin(rq->msg, 0x10);
	qmi_put_u8(rq->msg, uicc_pin_tries(rq->modem));
	qmi_put_u8(rq->msg, uicc_puk_tries(rq->modem));
	qmi_tlv_end(rq->msg);
}

/* Reads @n PINs of a message behind their id and the odd flag. */
static enum qmi_error pin_read(struct request *rq, bool *flag, char pins[][PIN_SIZE],
			       unsigned int n)
{
	const struct pin_service *service = service_of(rq);
	struct qmi_value v;
	enum qmi_error error = service->find(rq, &v);
	unsigned int i;
	uint8_t id;

	if (error)
		return error;
	id = qmi_get_u8(&v);
	if (flag)
		*flag = qmi_get_u8(&v);
	for (i = 0; i < n; i++)
		qmi_get_string8(&v, pins[i], sizeof(pins[i]));
	if (v.overrun)
		return QMI_MALFORMED_MESSAGE;
	if (id != PIN1)
		return QMI_INVALID_PIN_ID;
	return service->usable(rq->modem);
}

static enum qmi_error pin_answer(struct request *rq, enum qmi_error error)
{
	const struct pin_service *service = service_of(rq);

	put_tries(rq);
	if (service->put_result)
		service->put_result(rq, error);
	return error;
}

enum qmi_error pin_protect(struct request *rq)
{
	char pin[1][PIN_SIZE];
	bool enable;
	enum qmi_error error = pin_read(rq, &enable, pin, 1);

	if (error)
		return error;
	error = uicc_protect(rq->modem, enable, pin[0]);
	put_tries(rq);
	return error;
}

enum qmi_error pin_verify(struct request *rq)
{
	char pin[1][PIN_SIZE];
	enum qmi_error error = pin_read(rq, NULL, pin, 1);

	if (error)
		return error;
	return pin_answer(rq, uicc_verify(rq->modem, pin[0]));
}

enum qmi_error pin_unblock(struct request *rq)
{
	char pins[2][PIN_SIZE];
	enum qmi_error error = pin_read(rq, NULL, pins, 2);

	if (error)
		return error;
	return pin_answer(rq, uicc_unblock(rq->modem, pins[0], pins[1]));
}

enum qmi_error pin_change(struct request *rq)
{
	char pins[2][PIN_SIZE];
	enum qmi_error error = pin_read(rq, NULL, pins, 2);

	if (error)
		return error;
	return pin_answer(rq, uicc_change(rq->modem, pins[0], pins[1]));
}
