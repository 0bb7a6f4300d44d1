// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the choice of the data format. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <string.h>

#include "connection.h"
#include "mainline.h"
#include "wda.h"

/* What the receive buffers of the driver hold; the modem may grant less. */
#define DL_MAX_SIZE		32768
#define DL_MAX_DATAGRAMS	32

/* Until mainline's driver carries bare packets */
#define RAW_IP_TRIES		20
#define RAW_IP_WAIT_MS		500

/* Best first */
static const uint32_t aggregations[] = {
	M2M_WWAN_AGG_QMAPV5, M2M_WWAN_AGG_QMAPV4, M2M_WWAN_AGG_QMAP,
};

static bool has_mux(const struct port_format *format)
{
	return format->dl != M2M_WWAN_AGG_NONE;
}

static bool driver_speaks(const struct port *port, uint32_t aggregation)
{
	return port->agg_mask & 1u << aggregation;
}

int connection_format_in_use(struct connector *c, bool *ret_up)
{
	struct wds_packet_status status;
	struct m2m_client *wds;
	int err;

	*ret_up = c->port->n_links > 0;
	if (*ret_up)
		return 0;
	err = m2m_client_open(c->qmi, QMI_WDS, NULL, &wds, &c->error);
	if (err)
		return err;
	err = wds_packet_status_get(wds, &status, &c->error);
	*ret_up = !err && status.status == WDS_CONNECTED;
	m2m_client_close(wds, false);
	return err == -EINTR ? err : 0;
}

static bool is_granted(const struct wda_format *wanted,
		       const struct wda_format *granted)
{
	return granted->link_layer == wanted->link_layer &&
	       granted->ul == wanted->ul && granted->dl == wanted->dl;
}

/*
 * Sets a format and believes it only when the modem says so again and the
 * driver runs in it. -EAGAIN: it did not take, another one may.
 */
static int try_format(struct connector *c, struct m2m_client *wda,
		      uint32_t link_layer, uint32_t aggregation)
{
	const struct wda_format wanted = {
		.link_layer = link_layer,
		.ul = aggregation,
		.dl = aggregation,
		.dl_max_datagrams = DL_MAX_DATAGRAMS,
		.dl_max_size = DL_MAX_SIZE,
	};
	uint8_t interface = c->port->interface;
	struct wda_format granted;
	int err;

	err = wda_format_set(wda, interface, &wanted, &granted, &c->error);
	if (err == -EBUSY)
		return err;
	if (!err && is_granted(&wanted, &granted))
		err = wda_format_get(wda, interface, &granted, &c->error);
	if (err)
		return c->error.qmi ? -EAGAIN : err;
	err = port_get(c->nl, c->port->id, c->port, &c->error);
	if (err)
		return err;
	if (!is_granted(&wanted, &granted) || !c->port->format.confirmed ||
	    c->port->format.link_layer != link_layer ||
	    c->port->format.dl != aggregation)
		return -EAGAIN;
	return 0;
}

static int settle(struct connector *c, struct m2m_client *wda)
{
	const struct port_format *format = &c->port->format;
	bool tried = false;
	int err = -EAGAIN;

	for (size_t i = 0; i < G_N_ELEMENTS(aggregations) && err == -EAGAIN; i++) {
		if (c->no_mux || !driver_speaks(c->port, aggregations[i]))
			continue;
		/* what answered another try is only what the modem said */
		if (!tried && format->confirmed && format->dl == aggregations[i] &&
		    format->ul == aggregations[i])
			return 0;
		tried = true;
		err = try_format(c, wda, M2M_WWAN_LINK_RAW_IP,
				 aggregations[i]);
	}
	if (err == -EAGAIN)
		err = try_format(c, wda, M2M_WWAN_LINK_RAW_IP,
				 M2M_WWAN_AGG_NONE);
	/* what a modem of old has, and one that ignores the request stays in */
	if (err == -EAGAIN)
		err = try_format(c, wda, M2M_WWAN_LINK_802_3,
				 M2M_WWAN_AGG_NONE);
	if (err == -EAGAIN)
		return m2m_error_set(&c->error, -EOPNOTSUPP,
				     "modem and driver found no common data format");
	if (err == -EBUSY)
		return m2m_error_set(&c->error, err,
				     "the data format is another program's to set");
	return err;
}

/* One that was not to be had has left the modem somewhere else, perhaps */
static int go_back(struct connector *c, struct m2m_client *wda,
		   const struct port_format *before)
{
	const struct port_format *now = &c->port->format;
	int err;

	err = port_get(c->nl, c->port->id, c->port, &c->error);
	if (!err && before->confirmed && before->ul == before->dl &&
	    (now->link_layer != before->link_layer || now->dl != before->dl))
		err = try_format(c, wda, before->link_layer, before->dl);
	return err && err != -EAGAIN ? err :
		m2m_error_set(&c->error, -EOPNOTSUPP, "the modem does not take this data format");
}

int connection_format_set(struct connector *c, uint32_t link_layer, uint32_t aggregation)
{
	const struct port_format before = c->port->format;
	struct m2m_client *wda;
	int err;

	if (!driver_speaks(c->port, aggregation))
		return m2m_error_set(&c->error, -EOPNOTSUPP,
				     "the driver does not speak this data format");
	err = m2m_client_open(c->qmi, QMI_WDA, NULL, &wda, &c->error);
	if (err)
		return err;
	err = try_format(c, wda, link_layer, aggregation);
	if (err == -EAGAIN)
		err = go_back(c, wda, &before);
	m2m_client_close(wda, false);
	return err;
}

static bool never(void *data)
{
	return false;
}

/*
 * udev may have to do it for us, and gets to it when it has heard whose the modem is. An
 * attribute in sysfs tells nobody that it was written.
 */
static int raw_ip(struct connector *c)
{
	const struct rt_change down = { .down = true };
	int err;

	err = rt_link_set(c->rt, c->port->ifindex, &down, &c->error);
	for (int tries = RAW_IP_TRIES; tries && !err; tries--) {
		err = mainline_raw_ip("/sys", c->port->ifname, &c->error);
		if (err != -EAGAIN || tries == 1)
			break;
		if (m2m_qmi_wait(c->qmi, RAW_IP_WAIT_MS, never, NULL) == -EINTR)
			return m2m_error_set(&c->error, -EINTR, "interrupted");
		err = 0;
	}
	return err;
}

/* Mainline's driver: bare packets, one PDN, and nobody who arbitrates */
static int mainline_format(struct connector *c)
{
	const struct wda_format wanted = {
		.link_layer = M2M_WWAN_LINK_RAW_IP,
		.ul = M2M_WWAN_AGG_NONE,
		.dl = M2M_WWAN_AGG_NONE,
	};
	struct wda_format granted;
	struct m2m_client *wda;
	int err;

	err = m2m_client_open(c->qmi, QMI_WDA, NULL, &wda, &c->error);
	if (err)
		return err;
	err = wda_format_set(wda, c->port->interface, &wanted, &granted, &c->error);
	m2m_client_close(wda, false);
	if (!err && !is_granted(&wanted, &granted))
		err = m2m_error_set(&c->error, -EOPNOTSUPP,
				    "the modem refuses bare IP packets, and mainline's driver is used for nothing else");
	return err ? err : raw_ip(c);
}

/* The call was there before the driver: what it runs in is the modem's to say */
static int learn_format(struct connector *c)
{
	struct wda_format format;
	struct m2m_client *wda;
	int err;

	err = m2m_client_open(c->qmi, QMI_WDA, NULL, &wda, &c->error);
	if (!err) {
		err = wda_format_get(wda, c->port->interface, &format, &c->error);
		m2m_client_close(wda, false);
	}
	/* a modem of old does not say; it has one format */
	if (err && !c->error.qmi)
		return err;
	return port_get(c->nl, c->port->id, c->port, &c->error);
}

int connection_format(struct connector *c, bool *ret_mux)
{
	struct m2m_client *wda;
	bool up;
	int err;

	*ret_mux = false;
	if (c->port->mainline)
		return mainline_format(c);
	err = connection_format_in_use(c, &up);
	/* --direct beside a manager: the format is its business */
	if (!err && !up && (c->manages || !c->port->leased)) {
		err = m2m_client_open(c->qmi, QMI_WDA, NULL, &wda, &c->error);
		if (!err) {
			err = settle(c, wda);
			m2m_client_close(wda, false);
		} else if (err == -EOPNOTSUPP) {
			/* a modem of old: it has one format */
			err = 0;
		}
	} else if (!err && up && !c->port->format.confirmed) {
		err = learn_format(c);
	}
	*ret_mux = !err && has_mux(&c->port->format);
	return err;
}
