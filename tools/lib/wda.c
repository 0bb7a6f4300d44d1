// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the wireless data administration service. */
#include <errno.h>
#include <string.h>

#include "qmi-tlv.h"
#include "wda.h"

#define SET_DATA_FORMAT		0x0020
#define GET_DATA_FORMAT		0x0021

/* Of @interface, or none of a negative one */
static void put_endpoint(QmiMessage *request, uint8_t type, int interface)
{
	const uint8_t endpoint[] = {
		QMI_ENDPOINT_HSUSB, 0, 0, 0, interface, 0, 0, 0,
	};

	if (interface >= 0)
		tlv_put(request, type, endpoint, sizeof(endpoint));
}

int wda_format_parse(QmiMessage *answer, struct wda_format *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!tlv_get_u32(answer, 0x11, &ret->link_layer))
		return -EBADMSG;
	tlv_get_u32(answer, 0x12, &ret->ul);
	tlv_get_u32(answer, 0x13, &ret->dl);
	tlv_get_u32(answer, 0x15, &ret->dl_max_datagrams);
	tlv_get_u32(answer, 0x16, &ret->dl_max_size);
	tlv_get_u32(answer, 0x17, &ret->ul_max_datagrams);
	tlv_get_u32(answer, 0x18, &ret->ul_max_size);
	return 0;
}

static int exchange(struct m2m_client *wda, QmiMessage *request,
		    struct wda_format *ret, struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(wda, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err && wda_format_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's data format lacks the link layer");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

static int get_format(struct m2m_client *wda, int interface,
		      struct wda_format *ret, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDA, GET_DATA_FORMAT);

	put_endpoint(request, 0x10, interface);
	return exchange(wda, request, ret, error);
}

/* Firmware with one data port need not know what names it: asked without, then */
static bool is_about_endpoint(int err, const struct m2m_error *error)
{
	return err && err != -EBUSY && err != -EOPNOTSUPP && error->qmi;
}

int wda_format_get(struct m2m_client *wda, uint8_t interface,
		   struct wda_format *ret, struct m2m_error *error)
{
	int err = get_format(wda, interface, ret, error);

	return is_about_endpoint(err, error) ?
		get_format(wda, -1, ret, error) : err;
}

static int set_format(struct m2m_client *wda, int interface,
		      const struct wda_format *format, struct wda_format *ret,
		      struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDA, SET_DATA_FORMAT);

	tlv_put_u8(request, 0x10, 0);	/* no QoS header */
	tlv_put_u32(request, 0x11, format->link_layer);
	tlv_put_u32(request, 0x12, format->ul);
	tlv_put_u32(request, 0x13, format->dl);
	if (format->dl) {
		tlv_put_u32(request, 0x15, format->dl_max_datagrams);
		tlv_put_u32(request, 0x16, format->dl_max_size);
	}
	put_endpoint(request, 0x17, interface);
	return exchange(wda, request, ret, error);
}

int wda_format_set(struct m2m_client *wda, uint8_t interface,
		   const struct wda_format *format, struct wda_format *ret,
		   struct m2m_error *error)
{
	int err = set_format(wda, interface, format, ret, error);

	return is_about_endpoint(err, error) ?
		set_format(wda, -1, format, ret, error) : err;
}
