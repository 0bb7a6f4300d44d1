// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the choice of the modem a command is about. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <netlink/msg.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/dms.h"
#include "../lib/nl.h"
#include "alias.h"
#include "ctl.h"

/* Events tell of every change; this is for one that was lost. */
#define LOOK_AGAIN_MS	1000

static bool has_link(const struct port *port, const char *name)
{
	for (size_t i = 0; i < port->n_links; i++)
		if (!strcmp(port->links[i].ifname, name))
			return true;
	return false;
}

/* It, and not its modem; @node: what ctl_device_node() makes of it */
static bool names_port(const struct port *port, const char *device, const char *node)
{
	/* a port may lack either name */
	if (!*device || !*node)
		return false;
	return !strcmp(port->ifname, device) || !strcmp(port->chardev, node) ||
	       has_link(port, device);
}

/* Asks the modem itself; one that does not tell is not the one */
static bool has_imei(struct ctl *ctl, const struct port *port, const char *imei)
{
	struct m2m_client *dms = NULL;
	struct m2m_qmi *qmi = NULL;
	struct m2m_error ignored;
	bool found = false;
	char theirs[24];

	if (!port_is_usable(port) || m2m_qmi_open(port->id, &qmi, &ignored))
		return false;
	if (!m2m_client_open(qmi, QMI_DMS, NULL, &dms, &ignored) &&
	    !dms_imei_get(dms, theirs, sizeof(theirs), &ignored))
		found = !strcmp(theirs, imei);
	m2m_qmi_free(qmi);
	return found;
}

static size_t count_modems(const struct ctl *ctl)
{
	size_t n = 0;

	/* the list is sorted by USB path */
	for (size_t i = 0; i < ctl->n_ports; i++)
		if (!i || strcmp(ctl->ports[i].usb_path,
				 ctl->ports[i - 1].usb_path))
			n++;
	return n;
}

/* By the IMEI: makers have sold modems that share one. */
static int choose_by_imei(struct ctl *ctl, const char *imei)
{
	struct port *port;

	for (size_t i = 0; i < ctl->n_ports; i++) {
		port = &ctl->ports[i];
		/* the ports of one modem stand side by side */
		if (ctl->port && !strcmp(ctl->port->usb_path, port->usb_path))
			continue;
		if (!has_imei(ctl, port, imei))
			continue;
		if (ctl->port)
			return ctl_fail(ctl, -EINVAL, EXIT_USAGE,
					"-d with a USB path",
					"several modems have this IMEI: %s, %s",
					ctl->port->usb_path, port->usb_path);
		ctl->port = port_choose(ctl->ports, ctl->n_ports, port->usb_path);
	}
	return 0;
}

/* One that is mute is known by where it is plugged in alone */
static bool has_alias(const struct aliases *aliases, const struct port *port,
		      const char *name)
{
	struct m2m_qmi *qmi = NULL;
	struct m2m_error ignored;
	const char *alias;

	if (port_is_usable(port) && m2m_qmi_open(port->id, &qmi, &ignored))
		qmi = NULL;
	alias = alias_of(aliases, qmi, port->usb_path);
	m2m_qmi_free(qmi);
	return alias && !strcmp(alias, name);
}

/* By the name of its .modem file, which may be that of several */
static int choose_by_alias(struct ctl *ctl, const char *name)
{
	struct aliases *aliases = alias_load();
	const struct port *port;
	int err = 0;

	for (size_t i = 0; !err && alias_is_known(aliases, name) && i < ctl->n_ports; i++) {
		port = &ctl->ports[i];
		/* the ports of one modem stand side by side */
		if ((i && !strcmp(port->usb_path, ctl->ports[i - 1].usb_path)) ||
		    !has_alias(aliases, port, name))
			continue;
		if (ctl->port)
			err = ctl_fail(ctl, -EINVAL, EXIT_USAGE, "-d with a USB path",
				       "several modems are called %s: %s, %s", name,
				       ctl->port->usb_path, port->usb_path);
		else
			ctl->port = port_choose(ctl->ports, ctl->n_ports, port->usb_path);
	}
	alias_free(aliases);
	return err;
}

static int ambiguous(struct ctl *ctl)
{
	GString *names = g_string_new(NULL);
	int err;

	for (size_t i = 0; i < ctl->n_ports; i++)
		if (!i || strcmp(ctl->ports[i].usb_path,
				 ctl->ports[i - 1].usb_path))
			g_string_append_printf(names, "%s%s", i ? ", " : "",
					       ctl->ports[i].usb_path);
	err = ctl_fail(ctl, -EINVAL, EXIT_USAGE, "-d with one of them",
		       "there are several modems: %s", names->str);
	g_string_free(names, TRUE);
	return err;
}

/* One that does not answer, of which nobody knows who it is; NULL without */
static const struct port *find_mute(const struct ctl *ctl)
{
	for (size_t i = 0; i < ctl->n_ports; i++)
		if (!port_is_usable(&ctl->ports[i]))
			return &ctl->ports[i];
	return NULL;
}

static int fits_none(struct ctl *ctl, const char *name)
{
	g_autofree char *keys = NULL;
	struct aliases *aliases = alias_load();
	const struct port *mute = find_mute(ctl);
	int err;

	if (!alias_is_known(aliases, name)) {
		alias_free(aliases);
		return ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, "m2mctl list",
				"no modem is called %s", name);
	}
	keys = alias_goes_by(aliases, name);
	alias_free(aliases);
	err = ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, "m2mctl modem list --match",
		       "no modem fits %s.modem, which goes by %s", name,
		       *keys ? keys : "nothing");
	if (mute)
		ctl_fail(ctl, err, EXIT_NO_MODEM, "--wait, or -d with a USB path",
			 "no modem fits %s.modem, which goes by %s, and %s does not answer",
			 name, *keys ? keys : "nothing", mute->usb_path);
	return err;
}

/* Finds the port that was meant in the list at hand; -ENODEV if it is not there */
static int choose(struct ctl *ctl)
{
	const char *device = ctl->args->option[OPTION_DEVICE];
	g_autofree char *node = device ? ctl_device_node(device) : NULL;
	size_t n = count_modems(ctl);
	int err = 0;

	ctl->port = NULL;
	if (!device && n > 1)
		return ambiguous(ctl);
	for (size_t i = 0; device && i < ctl->n_ports; i++)
		if (names_port(&ctl->ports[i], device, node))
			ctl->port = &ctl->ports[i];
	if (!ctl->port && (device || n))
		ctl->port = port_choose(ctl->ports, ctl->n_ports,
					device ? device : ctl->ports[0].usb_path);
	if (!ctl->port && device && dms_imei_is_valid(device))
		err = choose_by_imei(ctl, device);
	if (!err && !ctl->port && device)
		err = choose_by_alias(ctl, device);
	if (err || ctl->port)
		return err;
	if (device)
		return fits_none(ctl, device);
	return ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, NULL, "there is no modem");
}

static int read_ports(struct ctl *ctl)
{
	free(ctl->ports);
	ctl->ports = NULL;
	ctl->n_ports = 0;
	return port_list(ctl->nl, &ctl->ports, &ctl->n_ports, &ctl->error);
}

static bool is_ready(const struct ctl *ctl)
{
	unsigned int flags = ctl->args->command->flags;
	bool waits = flags & COMMAND_WAITS || ctl->args->given[OPTION_WAIT];

	return !waits || flags & COMMAND_MUTE || port_is_usable(ctl->port);
}

static int look(struct ctl *ctl)
{
	int err;

	err = read_ports(ctl);
	if (!err)
		err = choose(ctl);
	if (!err && !is_ready(ctl))
		err = ctl_mute(ctl);
	return err;
}

static int ignore(struct nlmsghdr *msg, void *data)
{
	return 0;
}

/* Looks again at every event until the modem is there and ready */
static int wait_for_modem(struct ctl *ctl, gint64 deadline)
{
	struct pollfd pfds[] = {
		{ .fd = m2m_nl_fd(ctl->nl), .events = POLLIN },
		{ .fd = ctl->signal_fd, .events = POLLIN },
	};
	struct m2m_error ignored;
	gint64 left_ms;
	int err;

	m2m_nl_watch(ctl->nl, ignore, NULL);
	err = m2m_nl_join(ctl->nl, M2M_WWAN_MCGRP_EVENT, &ctl->error);
	if (err)
		return err;
	do {
		err = look(ctl);
		left_ms = (deadline - g_get_monotonic_time()) / 1000;
		if ((err != -ENODEV && err != -EAGAIN) || left_ms <= 0)
			break;
		poll(pfds, G_N_ELEMENTS(pfds), MIN(left_ms, LOOK_AGAIN_MS));
		m2m_nl_dispatch(ctl->nl, &ignored);
		err = ctl_interrupted(ctl);
	} while (!err);
	return err;
}

int device_select(struct ctl *ctl)
{
	unsigned int flags = ctl->args->command->flags;

	if (!(flags & COMMAND_MODEM)) {
		int err = read_ports(ctl);

		/* -d narrows these commands */
		if (!err && ctl->args->given[OPTION_DEVICE])
			err = choose(ctl);
		return err;
	}
	/* without --wait a modem that is there may get ready, one that is not may not come */
	if (!ctl->args->given[OPTION_WAIT]) {
		int err = look(ctl);

		if (err != -EAGAIN)
			return err;
	}
	return wait_for_modem(ctl, ctl_deadline_us(ctl, CTL_WAIT_S));
}

int device_refresh(struct ctl *ctl)
{
	return port_get(ctl->nl, ctl->port->id, ctl->port, &ctl->error);
}

/* --- a modem that comes back ------------------------------------------------ */

struct device_watch {
	struct m2m_nl *nl;
	uint32_t port_id;
	char usb_path[64];
	uint8_t interface;
	bool went;
};

/* Left, or without leaving the bus began anew */
static int heard_of_it(struct nlmsghdr *msg, void *data)
{
	struct device_watch *watch = data;
	struct port_event event;

	if (!port_event_parse(msg, &event) && event.port_id == watch->port_id &&
	    (event.kind == M2M_WWAN_EVENT_GONE || event.kind == M2M_WWAN_EVENT_RESTARTED))
		watch->went = true;
	return 0;
}

int device_watch(struct ctl *ctl, struct device_watch **ret)
{
	struct device_watch *watch = g_new0(struct device_watch, 1);
	int err;

	watch->port_id = ctl->port->id;
	watch->interface = ctl->port->interface;
	g_strlcpy(watch->usb_path, ctl->port->usb_path, sizeof(watch->usb_path));
	/* a socket of its own: lists would swallow what the other one hears */
	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &watch->nl, &ctl->error);
	if (!err) {
		m2m_nl_watch(watch->nl, heard_of_it, watch);
		err = m2m_nl_join(watch->nl, M2M_WWAN_MCGRP_EVENT, &ctl->error);
	}
	if (err)
		device_watch_free(watch);
	else
		*ret = watch;
	return err;
}

void device_watch_free(struct device_watch *watch)
{
	if (!watch)
		return;
	m2m_nl_free(watch->nl);
	g_free(watch);
}

static int find_again(struct ctl *ctl, const struct device_watch *watch)
{
	int err = read_ports(ctl);

	ctl->port = NULL;
	for (size_t i = 0; i < ctl->n_ports && !err; i++)
		if (!strcmp(ctl->ports[i].usb_path, watch->usb_path) &&
		    ctl->ports[i].interface == watch->interface &&
		    port_is_usable(&ctl->ports[i]))
			ctl->port = &ctl->ports[i];
	return err;
}

int device_await(struct ctl *ctl, struct device_watch *watch)
{
	gint64 until = ctl_deadline_us(ctl, CTL_WAIT_S);
	struct pollfd pfds[] = {
		{ .fd = m2m_nl_fd(watch->nl), .events = POLLIN },
		{ .fd = ctl->signal_fd, .events = POLLIN },
	};
	struct m2m_error ignored;
	gint64 left_ms;
	int err;

	/* the lease and the clients were of the one that goes */
	m2m_qmi_free(ctl->qmi);
	ctl->qmi = NULL;
	ctl->leased = false;
	for (;;) {
		m2m_nl_dispatch(watch->nl, &ignored);
		err = watch->went ? find_again(ctl, watch) : 0;
		if (err || (watch->went && ctl->port))
			return err;
		left_ms = (until - g_get_monotonic_time()) / 1000;
		if (left_ms <= 0)
			return ctl_fail(ctl, -ETIMEDOUT, EXIT_TIMEOUT, "a longer --wait",
					watch->went ? "the modem is not back yet" :
						      "the modem does not reset");
		poll(pfds, G_N_ELEMENTS(pfds), MIN(left_ms, LOOK_AGAIN_MS));
		err = ctl_interrupted(ctl);
		if (err)
			return err;
	}
}
