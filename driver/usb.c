// SPDX-License-Identifier: GPL-2.0-only
/* The USB driver: finds QMI interfaces, builds a port on each, takes it down. */
#include <linux/module.h>
#include <linux/usb.h>
#include <linux/usb/cdc.h>

#include "chardev.h"
#include "ctrl.h"
#include "data.h"
#include "ids.h"
#include "netdev.h"
#include "port.h"
#include "usb.h"

/*
 * DOC: The driver's name
 *
 * ModemManager and libqmi tell a QMI port by the name of its USB driver, and
 * accept only this one (libqmi, qmi-helpers.c; ModemManager,
 * mm-modem-helpers-qmi.c). So the driver takes mainline's name, and there can
 * be only one of the two at a time. Who needs no ModemManager may choose
 * another with the parameter.
 */
static char name[32] = "qmi_wwan";
module_param_string(name, name, sizeof(name), 0444);
MODULE_PARM_DESC(name, "name of the USB driver (ModemManager needs qmi_wwan)");

static struct usb_driver m2m_usb_driver;

static bool is_bulk_pair(struct usb_host_interface *alt,
			 struct usb_endpoint_descriptor **ret_in,
			 struct usb_endpoint_descriptor **ret_out)
{
	return !usb_find_common_endpoints(alt, ret_in, ret_out, NULL, NULL);
}

/* The bulk pair may sit in an alternate setting, as in CDC Ethernet. */
static int find_bulk(struct m2m_port *port)
{
	struct usb_interface *intf = port->data_intf;
	unsigned int i;

	for (i = 0; i < intf->num_altsetting; i++) {
		struct usb_interface_descriptor *desc;

		if (!is_bulk_pair(&intf->altsetting[i], &port->ep_in,
				  &port->ep_out))
			continue;
		desc = &intf->altsetting[i].desc;
		if (&intf->altsetting[i] == intf->cur_altsetting)
			return 0;
		return usb_set_interface(port->udev, desc->bInterfaceNumber,
					 desc->bAlternateSetting);
	}
	return -ENODEV;
}

static int find_endpoints(struct m2m_port *port)
{
	int ret = find_bulk(port);

	if (ret)
		return ret;
	ret = usb_find_int_in_endpoint(port->intf->cur_altsetting,
				       &port->ep_status);
	if (ret && port->data_intf != port->intf)
		ret = usb_find_int_in_endpoint(port->data_intf->cur_altsetting,
					       &port->ep_status);
	return ret ? -ENODEV : 0;
}

/* The slave interface that a CDC union names, or NULL. */
static struct usb_interface *union_slave(struct usb_interface *intf)
{
	struct usb_host_interface *alt = intf->cur_altsetting;
	struct usb_cdc_parsed_header header = { };
	struct usb_interface *slave;

	if (!alt->extralen)
		return NULL;
	cdc_parse_cdc_header(&header, intf, alt->extra, alt->extralen);
	if (!header.usb_cdc_union_desc ||
	    header.usb_cdc_union_desc->bMasterInterface0 !=
	    alt->desc.bInterfaceNumber)
		return NULL;
	slave = usb_ifnum_to_if(interface_to_usbdev(intf),
				header.usb_cdc_union_desc->bSlaveInterface0);
	return slave == intf ? NULL : slave;
}

/* What the match of the id table left open; see the head of ids.h. */
static bool is_qmi(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_interface_descriptor *desc = &intf->cur_altsetting->desc;
	struct usb_host_config *config = interface_to_usbdev(intf)->actconfig;

	if (id->match_flags & USB_DEVICE_ID_MATCH_INT_NUMBER &&
	    desc->bInterfaceClass != USB_CLASS_VENDOR_SPEC)
		return false;
	if (id->driver_info & M2M_QUIRK_NOT_EC20 &&
	    desc->bInterfaceNumber == 0 && config->desc.bNumInterfaces == 5)
		return false;
	if (desc->bNumEndpoints == 2 && !union_slave(intf))
		return false;
	return true;
}

static bool wants_dtr(const struct m2m_port *port)
{
	return port->quirks & M2M_QUIRK_DTR ||
	       le16_to_cpu(port->udev->descriptor.bcdUSB) >= 0x0201;
}

static int claim(struct m2m_port *port)
{
	struct usb_interface *slave = union_slave(port->intf);

	port->data_intf = port->intf;
	if (!slave)
		return 0;
	port->data_intf = slave;
	return usb_driver_claim_interface(&m2m_usb_driver, slave, port);
}

static void unclaim(struct m2m_port *port)
{
	if (port->data_intf == port->intf || !port->data_intf)
		return;
	usb_set_intfdata(port->data_intf, NULL);
	usb_driver_release_interface(&m2m_usb_driver, port->data_intf);
}

static int start(struct m2m_port *port)
{
	int ret;

	/* A modem that refuses DTR works without, or says nothing at all. */
	if (wants_dtr(port))
		m2m_ctrl_set_dtr(port, true);
	ret = m2m_ctrl_start(port);
	if (!ret)
		m2m_data_resume(port);
	return ret;
}

static void stop(struct m2m_port *port)
{
	m2m_ctrl_stop(port);
	m2m_data_suspend(port);
}

static void teardown(struct m2m_port *port)
{
	m2m_chardev_del(port);
	m2m_port_kill(port);
	stop(port);
	m2m_port_flush(port);
	m2m_netdev_del(port);
	m2m_data_exit(port);
	m2m_ctrl_exit(port);
}

static int m2m_usb_probe(struct usb_interface *intf,
			 const struct usb_device_id *id)
{
	struct m2m_port *port;
	int ret;

	if (!is_qmi(intf, id))
		return -ENODEV;
	port = m2m_port_alloc(intf);
	if (!port)
		return -ENOMEM;
	port->ifnum = intf->cur_altsetting->desc.bInterfaceNumber;
	port->quirks = id->driver_info;
	ret = claim(port);
	if (ret)
		goto err_put;
	ret = find_endpoints(port);
	if (ret)
		goto err_unclaim;
	ret = m2m_ctrl_init(port);
	if (ret)
		goto err_unclaim;
	ret = m2m_data_init(port);
	if (ret)
		goto err_ctrl;
	ret = m2m_netdev_add(port);
	if (ret)
		goto err_data;

	usb_set_intfdata(intf, port);
	intf->needs_remote_wakeup = 1;
	ret = start(port);
	if (!ret)
		ret = m2m_chardev_add(port);
	if (!ret)
		ret = m2m_port_publish(port);
	if (ret)
		goto err_teardown;
	queue_delayed_work(port->wq, &port->version_work, 0);
	return 0;

err_teardown:
	usb_set_intfdata(intf, NULL);
	teardown(port);
	goto err_unclaim;
err_data:
	m2m_data_exit(port);
err_ctrl:
	m2m_ctrl_exit(port);
err_unclaim:
	unclaim(port);
err_put:
	m2m_port_flush(port);
	m2m_port_put(port);
	return ret;
}

static void m2m_usb_disconnect(struct usb_interface *intf)
{
	struct m2m_port *port = usb_get_intfdata(intf);

	/* Called for both interfaces of a pair; the first call does it all. */
	if (!port)
		return;
	usb_set_intfdata(port->intf, NULL);
	teardown(port);
	/* Mainline's order: remote wakeup off last, it voids the modem's ids. */
	if (wants_dtr(port))
		m2m_ctrl_set_dtr(port, false);
	port->intf->needs_remote_wakeup = 0;
	if (intf == port->intf) {
		unclaim(port);
	} else {
		usb_set_intfdata(intf, NULL);
		usb_driver_release_interface(&m2m_usb_driver, port->intf);
	}
	m2m_port_put(port);
}

static struct m2m_port *control_port(struct usb_interface *intf)
{
	struct m2m_port *port = usb_get_intfdata(intf);

	return port && port->intf == intf ? port : NULL;
}

/*
 * Idle for a while, the bus sleeps until either side has something to say.
 * What is on its way keeps it awake, as do requests: m2m_ctrl_keep_awake().
 */
static int autosuspend(struct m2m_port *port)
{
	if (!m2m_data_doze(port))
		return -EBUSY;
	if (!m2m_ctrl_doze(port)) {
		m2m_data_resume(port);
		return -EBUSY;
	}
	m2m_port_suspended(port);
	m2m_ctrl_stop(port);
	return 0;
}

static int m2m_usb_suspend(struct usb_interface *intf, pm_message_t message)
{
	struct m2m_port *port = control_port(intf);

	if (!port)
		return 0;
	if (PMSG_IS_AUTO(message))
		return autosuspend(port);
	m2m_port_suspended(port);
	stop(port);
	return 0;
}

static int m2m_usb_resume(struct usb_interface *intf)
{
	struct m2m_port *port = control_port(intf);

	if (!port)
		return 0;
	m2m_port_resumed(port, false);
	m2m_data_resume(port);
	return m2m_ctrl_start(port);
}

static int m2m_usb_reset_resume(struct usb_interface *intf)
{
	struct m2m_port *port = control_port(intf);

	if (!port)
		return 0;
	m2m_port_resumed(port, true);
	return start(port);
}

static int m2m_usb_pre_reset(struct usb_interface *intf)
{
	struct m2m_port *port = control_port(intf);

	if (port)
		stop(port);
	return 0;
}

static int m2m_usb_post_reset(struct usb_interface *intf)
{
	return m2m_usb_reset_resume(intf);
}

MODULE_DEVICE_TABLE(usb, m2m_usb_ids);

static struct usb_driver m2m_usb_driver = {
	.name = name,
	.id_table = m2m_usb_ids,
	.probe = m2m_usb_probe,
	.disconnect = m2m_usb_disconnect,
	.suspend = m2m_usb_suspend,
	.resume = m2m_usb_resume,
	.reset_resume = m2m_usb_reset_resume,
	.pre_reset = m2m_usb_pre_reset,
	.post_reset = m2m_usb_post_reset,
	.supports_autosuspend = 1,
	.disable_hub_initiated_lpm = 1,
};

int m2m_usb_init(void)
{
	int ret = usb_register(&m2m_usb_driver);

	if (ret == -EBUSY)
		pr_err("m2m_wwan: a driver named %s is loaded; unload it first, or load with name=\n",
		       name);
	return ret;
}

void m2m_usb_exit(void)
{
	usb_deregister(&m2m_usb_driver);
}
