// SPDX-License-Identifier: GPL-2.0-only
/* Where the module begins and ends. */
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "genl.h"
#include "netdev.h"
#include "usb.h"

static int __init m2m_init(void)
{
	int ret;

	ret = m2m_netdev_init();
	if (ret)
		return ret;
	ret = m2m_genl_init();
	if (ret)
		goto err_netdev;
	ret = m2m_usb_init();
	if (ret)
		goto err_genl;
	return 0;

err_genl:
	m2m_genl_exit();
err_netdev:
	m2m_netdev_exit();
	return ret;
}

static void __exit m2m_exit(void)
{
	m2m_usb_exit();
	m2m_genl_exit();
	m2m_netdev_exit();
}

module_init(m2m_init);
module_exit(m2m_exit);

MODULE_DESCRIPTION("QMI cellular modules: network devices and a shared control channel");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY("m2m_wwan");
MODULE_ALIAS_RTNL_LINK("m2m_mux");
