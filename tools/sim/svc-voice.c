// SPDX-License-Identifier: GPL-2.0-or-later
/* Voice, of models that have it: nobody ever calls, and hosts are told so. */
#include <glib.h>

#include "firmware.h"

/* All are switches; nothing happens that they would switch. */
static enum qmi_error register_indications(struct request *rq)
{
	enum qmi_error error;
	unsigned int type;
	uint8_t on;

	for (type = 0x10; type <= 0x1d; type++) {
		error = qmi_opt_u8(rq->frame, type, &on, NULL);
		if (error)
			return error;
	}
	return QMI_OK;
}

/* ModemManager takes lists without a call for an answer, and no lists for none. */
static enum qmi_error get_all_call_info(struct request *rq)
{
	qmi_tlv_u8(rq->msg, 0x10, 0);
	qmi_tlv_u8(rq->msg, 0x11, 0);
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0003, "register-indications", register_indications },
	{ 0x002f, "get-all-call-info", get_all_call_info },
};

const struct service svc_voice = {
	.id = QMI_VOICE,
	.name = "voice",
	.major = 2,
	.minor = 1,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
