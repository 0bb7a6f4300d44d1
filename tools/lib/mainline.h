/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modems that mainline's qmi_wwan drives, as sysfs shows them. */
#ifndef M2M_MAINLINE_H
#define M2M_MAINLINE_H

#include "port.h"

/**
 * mainline_list() - the ports of mainline's driver, by USB path and interface
 * @sysfs: where sysfs is, "/sys"
 * @ret_ports: array for free(), with @mainline set: id is the network device's index,
 *	which no other one will have while this boot lasts; the state is ready, since
 *	nobody says otherwise; format, links and services are unknown
 * @ret_n: how many, maybe 0
 *
 * A port without a network device or a character device is left out: it is of no use, and
 * may be about to come or to go.
 */
void mainline_list(const char *sysfs, struct port **ret_ports, size_t *ret_n);

/**
 * mainline_raw_ip() - have the network device carry bare IP packets
 * @sysfs: where sysfs is, "/sys"
 * @ifname: of the device, which is down
 * @error: filled on failure
 *
 * Return: 0 if it does. Whoever may not write that is told -EAGAIN: where udev does it
 * for us (81-m2md.rules), it does so within seconds.
 */
int mainline_raw_ip(const char *sysfs, const char *ifname, struct m2m_error *error);

#endif /* M2M_MAINLINE_H */
