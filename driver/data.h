/* SPDX-License-Identifier: GPL-2.0-only */
/* The bulk pipes: what USB, routing and the network devices ask of them. */
#ifndef M2M_DATA_H
#define M2M_DATA_H

#include <linux/types.h>

struct m2m_format;
struct m2m_port;

/**
 * m2m_data_init() - allocate port->data and its URBs; nothing is posted yet
 * @port: with udev, interfaces and endpoints filled in
 *
 * Context: may sleep. Called by probe before the network device exists.
 * Return: 0 or -ENOMEM.
 */
int m2m_data_init(struct m2m_port *port);

/**
 * m2m_data_exit() - free what m2m_data_init() made
 * @port: whose network devices are unregistered; NULL port->data is fine
 *
 * Context: may sleep.
 */
void m2m_data_exit(struct m2m_port *port);

/**
 * m2m_data_resume() - the bus works: post receive URBs if the interface is up
 * @port: after probe, resume or a reset
 *
 * Context: may sleep; may run with the PM core's locks, takes no rtnl.
 */
void m2m_data_resume(struct m2m_port *port);

/**
 * m2m_data_suspend() - kill every bulk URB, queue nothing until resume
 * @port: before suspend, reset or disconnect
 *
 * Frames in flight are lost and counted. Context: may sleep; takes no rtnl.
 */
void m2m_data_suspend(struct m2m_port *port);

/**
 * m2m_data_doze() - the same for autosuspend, if nothing is on its way
 * @port: whose bus is about to sleep by itself
 *
 * The queues stay open, and the next frame resumes the bus.
 * Context: may sleep; takes no rtnl.
 * Return: false if the bus is in use; nothing is changed then.
 */
bool m2m_data_doze(struct m2m_port *port);

/**
 * m2m_data_tx_hold() - stop transmit and wait until nothing is in flight
 * @port: about to change its format
 *
 * What has not left within a second is unlinked, so this always ends.
 * Context: may sleep; neither rtnl nor port->lock held.
 */
void m2m_data_tx_hold(struct m2m_port *port);

/**
 * m2m_data_tx_release() - undo m2m_data_tx_hold()
 * @port: whose format is settled
 *
 * Context: process.
 */
void m2m_data_tx_release(struct m2m_port *port);

/**
 * m2m_data_set_format() - run the data path in what the modem confirmed
 * @port: transmit is held
 * @format: from the modem, any value: nothing in it is trusted
 *
 * Limits are clamped to what the driver can do, features of the network
 * devices follow. A format we cannot speak stops the data path.
 *
 * Context: may sleep, takes rtnl; port->lock not held.
 * Return: NULL, or a stable token that names why the format is refused:
 * "qos-header", "link-layer", "aggregation".
 */
const char *m2m_data_set_format(struct m2m_port *port,
				const struct m2m_format *format);

/**
 * m2m_data_forget_format() - the modem restarted: qmi/raw_ip decides again
 * @port: transmit and carrier stop until a format is confirmed or the interface
 *	is opened anew
 *
 * The features of the network devices stay: m2m_data_update_features().
 * Context: process; port->lock may be held, rtnl is not taken.
 */
void m2m_data_forget_format(struct m2m_port *port);

/**
 * m2m_data_update_features() - let the network devices' follow the format
 * @port: any
 *
 * Context: may sleep, takes rtnl; port->lock not held.
 */
void m2m_data_update_features(struct m2m_port *port);

/**
 * m2m_data_get_format() - the format in force
 * @port: any
 * @ret_format: filled in
 *
 * Context: any.
 */
void m2m_data_get_format(struct m2m_port *port, struct m2m_format *ret_format);

/**
 * m2m_data_set_limits() - lower transmit aggregation below the modem's limits
 * @port: any
 * @max_size: bytes of a bulk-out transfer, 0 leaves it
 * @max_datagrams: packets of a bulk-out transfer, 0 leaves it
 *
 * Context: any.
 */
void m2m_data_set_limits(struct m2m_port *port, u32 max_size,
			 u32 max_datagrams);

#endif /* M2M_DATA_H */
