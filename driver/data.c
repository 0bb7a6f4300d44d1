// SPDX-License-Identifier: GPL-2.0-only
/* The data path: its format, and when its pipes run. */
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "netdev.h"
#include "pipe.h"

static bool is_spoken(u32 aggregation)
{
	return aggregation < BITS_PER_LONG &&
	       M2M_AGG_MASK & BIT(aggregation);
}

static enum m2m_mode ip_mode(u32 aggregation)
{
	return aggregation == M2M_WWAN_AGG_NONE ? M2M_MODE_RAW_IP :
						  M2M_MODE_QMAP;
}

static enum m2m_qmap_version qmap_version(u32 aggregation)
{
	switch (aggregation) {
	case M2M_WWAN_AGG_QMAPV4:
		return M2M_QMAP_V4;
	case M2M_WWAN_AGG_QMAPV5:
		return M2M_QMAP_V5;
	default:
		return M2M_QMAP_V1;
	}
}

/* NULL, or the token that names what we cannot speak. */
static const char *format_modes(const struct m2m_format *format,
				enum m2m_mode *ret_rx, enum m2m_mode *ret_tx)
{
	*ret_rx = M2M_MODE_NONE;
	*ret_tx = M2M_MODE_NONE;
	if (format->qos_header)
		return "qos-header";
	if (!is_spoken(format->ul) || !is_spoken(format->dl))
		return "aggregation";
	switch (format->link_layer) {
	case M2M_WWAN_LINK_802_3:
		if (format->ul || format->dl)
			return "aggregation";
		*ret_rx = M2M_MODE_ETHERNET;
		*ret_tx = M2M_MODE_ETHERNET;
		return NULL;
	case M2M_WWAN_LINK_RAW_IP:
		*ret_rx = ip_mode(format->dl);
		*ret_tx = ip_mode(format->ul);
		return NULL;
	default:
		return "link-layer";
	}
}

void m2m_data_update_features(struct m2m_port *port)
{
	struct m2m_link *link;
	unsigned int i;

	rtnl_lock();
	for (i = 0; i <= M2M_MUX_MAX; i++) {
		link = m2m_data_link(port->data, i);
		if (link)
			netdev_update_features(link->net);
	}
	rtnl_unlock();
}

static const char *put_format(struct m2m_data *data,
			      const struct m2m_format *format)
{
	struct m2m_tx *tx = &data->tx;
	enum m2m_mode rx_mode;
	const char *refused;

	lockdep_assert_held(&tx->lock);
	data->format = *format;
	refused = format_modes(format, &rx_mode, &tx->mode);
	tx->version = qmap_version(format->ul);
	WRITE_ONCE(data->rx_version, qmap_version(format->dl));
	WRITE_ONCE(data->rx_mode, rx_mode);
	WRITE_ONCE(data->mux_id_0_seen, false);
	m2m_tx_set_limits(data);
	atomic_set(&data->suspect_bad, 0);
	atomic_set(&data->suspect_left, M2M_SUSPECT_TRANSFERS);
	return refused;
}

/* What qmi/raw_ip says decides; @unless_confirmed: while the modem did not. */
static void put_raw_ip(struct m2m_data *data, bool unless_confirmed)
{
	struct m2m_format format = { };
	unsigned long flags;

	spin_lock_irqsave(&data->tx.lock, flags);
	format.link_layer = data->raw_ip ? M2M_WWAN_LINK_RAW_IP :
					   M2M_WWAN_LINK_802_3;
	if (!unless_confirmed || !data->format.confirmed)
		put_format(data, &format);
	spin_unlock_irqrestore(&data->tx.lock, flags);
}

const char *m2m_data_set_format(struct m2m_port *port,
				const struct m2m_format *format)
{
	struct m2m_data *data = port->data;
	const char *refused;
	unsigned long flags;

	spin_lock_irqsave(&data->tx.lock, flags);
	refused = put_format(data, format);
	spin_unlock_irqrestore(&data->tx.lock, flags);
	if (!refused && format->dl && format->dl_max_size > data->rx.size)
		dev_warn_ratelimited(&port->intf->dev,
				     "transfers of up to %u bytes were agreed on, of which %u have room; what is longer is lost\n",
				     format->dl_max_size, data->rx.size);
	m2m_flow_reset(data);
	if (refused)
		m2m_tx_stop(data, M2M_TX_NO_FORMAT);
	else
		m2m_tx_go(data, M2M_TX_FORMATLESS);
	m2m_netdev_update_carriers(port);
	m2m_data_update_features(port);
	return refused;
}

void m2m_data_forget_format(struct m2m_port *port)
{
	struct m2m_data *data = port->data;

	m2m_tx_forget(data);
	put_raw_ip(data, false);
	m2m_flow_reset(data);
	m2m_tx_go(data, M2M_TX_NO_FORMAT);
	m2m_netdev_update_carriers(port);
}

void m2m_data_set_raw_ip(struct m2m_port *port, bool raw_ip)
{
	struct m2m_data *data = port->data;
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&data->tx.lock, flags);
	data->raw_ip = raw_ip;
	spin_unlock_irqrestore(&data->tx.lock, flags);
	put_raw_ip(data, true);
}

void m2m_data_get_format(struct m2m_port *port, struct m2m_format *ret_format)
{
	struct m2m_data *data = port->data;
	unsigned long flags;

	spin_lock_irqsave(&data->tx.lock, flags);
	*ret_format = data->format;
	spin_unlock_irqrestore(&data->tx.lock, flags);
}

void m2m_data_set_limits(struct m2m_port *port, u32 max_size, u32 max_datagrams)
{
	struct m2m_data *data = port->data;
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (max_size)
		tx->user_max_size = max_size;
	if (max_datagrams)
		tx->user_max_frames = max_datagrams;
	m2m_tx_set_limits(data);
	spin_unlock_irqrestore(&tx->lock, flags);
}

netdev_features_t m2m_data_features(struct m2m_port *port)
{
	const struct m2m_data *data = port->data;
	enum m2m_mode mode = READ_ONCE(data->rx_mode);

	switch (mode) {
	case M2M_MODE_NONE:
		return 0;
	case M2M_MODE_ETHERNET:
		return M2M_TX_FEATURES;
	case M2M_MODE_RAW_IP:
	case M2M_MODE_QMAP:
		break;
	}
	return M2M_LINK_FEATURES;
}

struct device *m2m_data_parent(struct m2m_port *port)
{
	return &port->intf->dev;
}

void m2m_data_tx_hold(struct m2m_port *port)
{
	m2m_tx_hold(port->data);
}

void m2m_data_tx_release(struct m2m_port *port)
{
	m2m_tx_go(port->data, M2M_TX_HELD);
}

static void start(struct m2m_data *data)
{
	lockdep_assert_held(&data->lock);
	if (!data->up || !data->awake)
		return;
	m2m_rx_start(data);
	m2m_tx_go(data, M2M_TX_OFF);
}

void m2m_data_resume(struct m2m_port *port)
{
	struct m2m_data *data = port->data;

	mutex_lock(&data->lock);
	data->awake = true;
	start(data);
	mutex_unlock(&data->lock);
}

void m2m_data_suspend(struct m2m_port *port)
{
	struct m2m_data *data = port->data;

	mutex_lock(&data->lock);
	data->awake = false;
	m2m_tx_stop(data, M2M_TX_ASLEEP);
	m2m_rx_stop(data);
	m2m_tx_kill(data);
	m2m_rx_flush(data);
	m2m_tx_flush(data);
	mutex_unlock(&data->lock);
}

bool m2m_data_doze(struct m2m_port *port)
{
	struct m2m_data *data = port->data;
	bool idle;

	mutex_lock(&data->lock);
	idle = m2m_tx_doze(data);
	if (idle) {
		data->awake = false;
		m2m_rx_stop(data);
		m2m_rx_flush(data);
		m2m_tx_flush(data);
	}
	mutex_unlock(&data->lock);
	return idle;
}

int m2m_data_open(struct m2m_port *port, struct net_device *net)
{
	struct m2m_data *data = port->data;
	int ret;

	ASSERT_RTNL();
	/* Resumes the bus, so before data->lock. */
	ret = usb_autopm_get_interface(port->intf);
	if (ret)
		return ret;
	m2m_rx_napi_add(data, net);
	m2m_tx_go(data, M2M_TX_FORGOTTEN);
	mutex_lock(&data->lock);
	data->up = true;
	start(data);
	mutex_unlock(&data->lock);
	/* An idle interface may sleep: a frame of either side wakes it. */
	usb_autopm_put_interface(port->intf);
	return 0;
}

void m2m_data_stop(struct m2m_port *port)
{
	struct m2m_data *data = port->data;

	ASSERT_RTNL();
	mutex_lock(&data->lock);
	data->up = false;
	m2m_tx_stop(data, M2M_TX_CLOSED);
	m2m_rx_stop(data);
	/* Its last poll may answer commands: before transmit forgets what waits. */
	m2m_rx_napi_del(data);
	m2m_tx_kill(data);
	mutex_unlock(&data->lock);
	m2m_rx_reset(data);
}

struct m2m_link *m2m_data_link(struct m2m_data *data, u8 mux_id)
{
	if (mux_id > M2M_MUX_MAX)
		return NULL;
	return rcu_dereference_check(data->links[mux_id],
				     lockdep_rtnl_is_held());
}

void m2m_data_link_add(struct m2m_link *link)
{
	ASSERT_RTNL();
	rcu_assign_pointer(link->port->data->links[link->mux_id], link);
}

void m2m_data_link_del(struct m2m_link *link)
{
	struct m2m_data *data = link->port->data;

	ASSERT_RTNL();
	RCU_INIT_POINTER(data->links[link->mux_id], NULL);
	/* GRO may hold packets of the link for longer than a poll. */
	if (link->mux_id && data->up) {
		m2m_rx_napi_del(data);
		m2m_rx_napi_add(data, link->port->net);
	}
}

int m2m_data_init(struct m2m_port *port)
{
	struct m2m_data *data = kzalloc(sizeof(*data), GFP_KERNEL);
	int ret;

	if (!data)
		return -ENOMEM;
	data->port = port;
	mutex_init(&data->lock);
	spin_lock_init(&data->carrier_lock);
	m2m_flow_init(data);
	ret = m2m_rx_init(data);
	if (ret)
		goto err_free;
	ret = m2m_tx_init(data);
	if (ret)
		goto err_rx;
	port->data = data;
	put_raw_ip(data, false);
	return 0;

err_rx:
	m2m_rx_exit(data);
err_free:
	kfree(data);
	return ret;
}

void m2m_data_exit(struct m2m_port *port)
{
	struct m2m_data *data = port->data;

	if (!data)
		return;
	cancel_delayed_work_sync(&data->flow_work);
	m2m_rx_exit(data);
	m2m_tx_exit(data);
	port->data = NULL;
	kfree(data);
}
