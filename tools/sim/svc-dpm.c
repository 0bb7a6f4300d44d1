// SPDX-License-Identifier: GPL-2.0-or-later
/* Data port mapper: hosts open ports here before WDA on newer modems. */
#include <glib.h>

#include "firmware.h"

static bool is_endpoint(const struct modem *modem, uint32_t interface)
{
	return modem_port_of_interface(modem, interface) >= 0;
}

/* Hardware ports: endpoint type, interface, rx and tx endpoint numbers */
static enum qmi_error check_hardware(const struct request *rq)
{
	struct qmi_value v;
	unsigned int n;

	if (!qmi_find(rq->frame, 0x11, &v))
		return QMI_OK;
	for (n = qmi_get_u8(&v); n; n--) {
		uint32_t interface;

		qmi_get_u32(&v);
		interface = qmi_get_u32(&v);
		qmi_get_u32(&v);
		qmi_get_u32(&v);
		if (v.overrun)
			return QMI_MALFORMED_MESSAGE;
		if (!is_endpoint(rq->modem, interface))
			return QMI_INVALID_ARGUMENT;
	}
	return QMI_OK;
}

/* Control and software ports: a name, endpoint type and interface */
static enum qmi_error check_named(const struct request *rq, uint8_t type,
				  bool name_first)
{
	struct qmi_value v;
	unsigned int n;

	if (!qmi_find(rq->frame, type, &v))
		return QMI_OK;
	for (n = qmi_get_u8(&v); n; n--) {
		if (name_first)
			qmi_get_bytes(&v, qmi_get_u8(&v));
		qmi_get_u32(&v);
		qmi_get_u32(&v);
		if (!name_first)
			qmi_get_bytes(&v, qmi_get_u8(&v));
		if (v.overrun)
			return QMI_MALFORMED_MESSAGE;
	}
	return QMI_OK;
}

static enum qmi_error open_port(struct request *rq)
{
	enum qmi_error error = check_named(rq, 0x10, true);

	if (!error)
		error = check_hardware(rq);
	if (!error)
		error = check_named(rq, 0x12, false);
	return error;
}

static enum qmi_error close_port(struct request *rq)
{
	(void)rq;
	return QMI_OK;
}

static const struct message messages[] = {
	{ 0x0020, "open-port", open_port },
	{ 0x0021, "close-port", close_port },
};

const struct service svc_dpm = {
	.id = QMI_DPM,
	.name = "dpm",
	.major = 1,
	.minor = 2,
	.messages = messages,
	.n_messages = G_N_ELEMENTS(messages),
};
