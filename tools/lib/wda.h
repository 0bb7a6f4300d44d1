/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wireless data administration: the format of what the data pipe carries. */
#ifndef M2M_WDA_H
#define M2M_WDA_H

#include "qmi.h"

#define QMI_WDA			0x1a
#define QMI_ENDPOINT_HSUSB	2

/* Values of link_layer, ul and dl are the protocol's (see linux/m2m_wwan.h) */
struct wda_format {
	uint32_t link_layer;
	uint32_t ul, dl;
	uint32_t dl_max_datagrams, dl_max_size;
	uint32_t ul_max_datagrams, ul_max_size;
};

int wda_format_parse(QmiMessage *answer, struct wda_format *ret);

/* @interface: bInterfaceNumber of the port, the endpoint it concerns */
int wda_format_get(struct m2m_client *wda, uint8_t interface,
		   struct wda_format *ret, struct m2m_error *error);
/*
 * Ask for link layer, aggregation and downlink limits of @format; what the
 * modem grants comes in @ret and may be less.
 */
int wda_format_set(struct m2m_client *wda, uint8_t interface,
		   const struct wda_format *format, struct wda_format *ret,
		   struct m2m_error *error);

#endif /* M2M_WDA_H */
