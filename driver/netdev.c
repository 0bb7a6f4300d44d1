// SPDX-License-Identifier: GPL-2.0-only
/* wwan%d: the network device of a port, and its sysfs group qmi. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/kstrtox.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "link.h"
#include "netdev.h"

/* ModemManager states the size of receive buffers as the MTU of wwan%d. */
#define WWAN_MTU_MAX	32768

/* An address whose first byte looks like the head of an IP packet */
static bool is_like_ip(const u8 *addr)
{
	return addr[0] >> 4 == 4 || addr[0] >> 4 == 6;
}

static void random_address(struct net_device *net)
{
	u8 addr[ETH_ALEN];

	eth_random_addr(addr);
	addr[0] &= ~0x40;
	eth_hw_addr_set(net, addr);
	net->addr_assign_type = NET_ADDR_RANDOM;
}

static void setup_type(struct net_device *net, bool raw_ip)
{
	unsigned int mtu = net->mtu;

	if (raw_ip) {
		m2m_link_setup_raw_ip(net);
	} else {
		ether_setup(net);
		net->mtu = mtu;
	}
	net->min_mtu = ETH_MIN_MTU;
	net->max_mtu = WWAN_MTU_MAX;
}

static bool is_raw_ip(const struct net_device *net)
{
	return net->type == ARPHRD_NONE;
}

/* Others may refuse the change, or have to follow it. */
static int change_type(struct net_device *net, bool raw_ip)
{
	int ret;

	ASSERT_RTNL();
	if (is_raw_ip(net) == raw_ip)
		return 0;
	ret = call_netdevice_notifiers(NETDEV_PRE_TYPE_CHANGE, net);
	ret = notifier_to_errno(ret);
	if (ret)
		return ret;
	setup_type(net, raw_ip);
	call_netdevice_notifiers(NETDEV_POST_TYPE_CHANGE, net);
	return 0;
}

/* The modem's word on the type counts, and whoever watches is told. */
static int follow_modem(struct net_device *net)
{
	struct m2m_event event = {
		.kind = M2M_WWAN_EVENT_FORMAT,
		.reason = "interface-type",
	};
	struct m2m_link *link = netdev_priv(net);
	struct m2m_format format;
	bool raw_ip;
	int ret;

	m2m_data_get_format(link->port, &format);
	raw_ip = format.link_layer == M2M_WWAN_LINK_RAW_IP;
	if (!format.confirmed || raw_ip == is_raw_ip(net))
		return 0;
	ret = change_type(net, raw_ip);
	if (ret)
		return ret;
	m2m_data_set_raw_ip(link->port, raw_ip);
	event.format = &format;
	m2m_port_event(link->port, &event);
	return 0;
}

static int wwan_open(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);
	int ret;

	ret = follow_modem(net);
	if (ret)
		return ret;
	ret = m2m_data_open(link->port, net);
	if (ret)
		return ret;
	m2m_tx_link_open(link);
	m2m_netdev_update_carriers(link->port);
	return 0;
}

static int wwan_stop(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);

	m2m_tx_link_stop(link);
	m2m_data_stop(link->port);
	m2m_netdev_update_carriers(link->port);
	return 0;
}

static int wwan_set_mac_address(struct net_device *net, void *p)
{
	struct sockaddr *addr = p;
	int ret;

	if (is_raw_ip(net))
		return -EOPNOTSUPP;
	ret = eth_prepare_mac_addr_change(net, p);
	if (ret < 0)
		return ret;
	if (is_like_ip(addr->sa_data))
		return -EADDRNOTAVAIL;
	eth_commit_mac_addr_change(net, p);
	return 0;
}

static int wwan_validate_addr(struct net_device *net)
{
	return is_raw_ip(net) ? 0 : eth_validate_addr(net);
}

static const struct net_device_ops wwan_netdev_ops = {
	.ndo_init = m2m_link_init,
	.ndo_open = wwan_open,
	.ndo_stop = wwan_stop,
	.ndo_start_xmit = m2m_link_xmit,
	.ndo_set_mac_address = wwan_set_mac_address,
	.ndo_validate_addr = wwan_validate_addr,
	.ndo_change_carrier = m2m_link_change_carrier,
	.ndo_fix_features = m2m_link_fix_features,
	.ndo_get_stats64 = dev_get_tstats64,
};

bool m2m_netdev_is_wwan(const struct net_device *net)
{
	return net->netdev_ops == &wwan_netdev_ops;
}

/* --- sysfs group qmi, as mainline has it ------------------------------------ */

/* Returns 0 with rtnl held, or what the store has to return. */
static int store_begin(struct net_device *net)
{
	struct m2m_link *link = netdev_priv(net);

	/* Removal of the attribute waits for us, maybe with rtnl held. */
	if (!rtnl_trylock())
		return restart_syscall();
	if (!m2m_port_is_leased(link->port))
		return 0;
	rtnl_unlock();
	return -EBUSY;
}

static ssize_t raw_ip_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%c\n", is_raw_ip(to_net_dev(dev)) ? 'Y' : 'N');
}

static ssize_t raw_ip_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t len)
{
	struct net_device *net = to_net_dev(dev);
	struct m2m_link *link = netdev_priv(net);
	bool raw_ip;
	int ret;

	if (kstrtobool(buf, &raw_ip))
		return -EINVAL;
	ret = store_begin(net);
	if (ret)
		return ret;
	if (raw_ip != is_raw_ip(net)) {
		ret = netif_running(net) ? -EBUSY : change_type(net, raw_ip);
		if (!ret)
			m2m_data_set_raw_ip(link->port, raw_ip);
	}
	rtnl_unlock();
	return ret ? ret : len;
}

static int show_mux_id(struct net_device *net, u8 mux_id, void *arg)
{
	char **at = arg;

	/* 254 lines of five characters: less than a page. */
	*at += sprintf(*at, "0x%02x\n", mux_id);
	return 0;
}

static ssize_t add_mux_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct m2m_link *link = netdev_priv(to_net_dev(dev));
	char *at = buf;

	m2m_netdev_for_each_link(link->port, show_mux_id, &at);
	return at - buf;
}

static int read_mux_id(const char *buf, u8 *ret_mux_id)
{
	if (kstrtou8(buf, 0, ret_mux_id))
		return -EINVAL;
	if (*ret_mux_id < M2M_MUX_MIN || *ret_mux_id > M2M_MUX_MAX)
		return -EINVAL;
	return 0;
}

static ssize_t add_mux_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t len)
{
	struct net_device *net = to_net_dev(dev);
	u8 mux_id;
	int ret;

	ret = read_mux_id(buf, &mux_id);
	if (ret)
		return ret;
	ret = store_begin(net);
	if (ret)
		return ret;
	ret = m2m_mux_add(net, mux_id);
	rtnl_unlock();
	return ret ? ret : len;
}

static ssize_t del_mux_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return add_mux_show(dev, attr, buf);
}

static ssize_t del_mux_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t len)
{
	struct net_device *net = to_net_dev(dev);
	struct m2m_link *wwan = netdev_priv(net);
	struct m2m_link *link;
	LIST_HEAD(list);
	u8 mux_id;
	int ret;

	ret = read_mux_id(buf, &mux_id);
	if (ret)
		return ret;
	ret = store_begin(net);
	if (ret)
		return ret;
	link = m2m_data_link(wwan->port->data, mux_id);
	if (link) {
		m2m_mux_del(link->net, &list);
		unregister_netdevice_many(&list);
	}
	rtnl_unlock();
	return link ? len : -EINVAL;
}

static DEVICE_ATTR_RW(raw_ip);
static DEVICE_ATTR_RW(add_mux);
static DEVICE_ATTR_RW(del_mux);

static struct attribute *qmi_attrs[] = {
	&dev_attr_raw_ip.attr,
	&dev_attr_add_mux.attr,
	&dev_attr_del_mux.attr,
	NULL,
};

static const struct attribute_group qmi_group = {
	.name = "qmi",
	.attrs = qmi_attrs,
};

/* --- made and unmade with the port ------------------------------------------ */

static const struct device_type wwan_type = {
	.name = "wwan",
};

static void wwan_setup(struct net_device *net)
{
	net->mtu = ETH_DATA_LEN;
	setup_type(net, false);
	net->netdev_ops = &wwan_netdev_ops;
	net->sysfs_groups[0] = &qmi_group;
	random_address(net);
	m2m_compat_keep_in_netns(net);
}

int m2m_netdev_add(struct m2m_port *port)
{
	struct net_device *net;
	int ret;

	net = alloc_netdev(sizeof(struct m2m_link), "wwan%d", NET_NAME_ENUM,
			   wwan_setup);
	if (!net)
		return -ENOMEM;
	m2m_link_setup(net, port, 0);
	SET_NETDEV_DEV(net, m2m_data_parent(port));
	SET_NETDEV_DEVTYPE(net, &wwan_type);

	rtnl_lock();
	ret = register_netdevice(net);
	if (!ret) {
		m2m_data_link_add(netdev_priv(net));
		port->net = net;
	}
	rtnl_unlock();
	if (ret)
		free_netdev(net);
	return ret;
}

void m2m_netdev_del(struct m2m_port *port)
{
	struct m2m_link *link;
	LIST_HEAD(list);
	unsigned int i;

	rtnl_lock();
	if (port->net) {
		/* First, so that the links need not wait for NAPI one by one. */
		dev_close(port->net);
		for (i = M2M_MUX_MIN; i <= M2M_MUX_MAX; i++) {
			link = m2m_data_link(port->data, i);
			if (link)
				m2m_mux_del(link->net, &list);
		}
		m2m_data_link_del(netdev_priv(port->net));
		unregister_netdevice_queue(port->net, &list);
		unregister_netdevice_many(&list);
		port->net = NULL;
	}
	rtnl_unlock();
}

int m2m_netdev_init(void)
{
	return m2m_mux_register();
}

void m2m_netdev_exit(void)
{
	m2m_mux_unregister();
}
