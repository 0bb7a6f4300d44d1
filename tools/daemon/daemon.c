// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns discovery: which modems there are, and what the driver says of them. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/mainline.h"
#include "../lib/nl.h"
#include "../lib/port.h"
#include "clock.h"
#include "daemon.h"
#include "dns.h"
#include "door.h"
#include "guess.h"
#include "hand.h"
#include "history-file.h"
#include "methods.h"
#include "notify.h"
#include "plan.h"
#include "policy.h"
#include "rungs.h"
#include "say.h"
#include "state.h"
#include "unit.h"
#include "usage.h"

/* Without a driver: look for one so often */
#define DRIVER_S	5
#define UNITS_MAX	64
/* What is tried is looked at so often: timers do not count a host's sleep */
#define TRIAL_LOOK_MS	(30 * SECOND)
#define SYSFS		"/sys"

struct daemon {
	struct host host;
	GMainLoop *loop;
	struct m2m_nl *events, *lists;	/* NULL: there is no driver */
	guint readable, driver, watchdog, trial;
	GPtrArray *units;
	bool lost;			/* no driver: said so */
	struct door *door;		/* NULL: it could not be opened */
};

static struct unit *unit_of(struct daemon *daemon, const char *usb_path)
{
	for (guint i = 0; i < daemon->units->len; i++)
		if (!strcmp(unit_path(daemon->units->pdata[i]), usb_path))
			return daemon->units->pdata[i];
	return NULL;
}

static struct unit *unit_make(struct daemon *daemon, const char *usb_path)
{
	struct unit *unit = unit_of(daemon, usb_path);

	if (unit)
		return unit;
	if (daemon->units->len == UNITS_MAX) {
		say(SAY_ERROR, "%s: more than %u modems", usb_path, UNITS_MAX);
		return NULL;
	}
	unit = unit_new(&daemon->host, usb_path);
	g_ptr_array_add(daemon->units, unit);
	return unit;
}

static bool claim(struct host *host, const struct unit *unit, const char *imei)
{
	struct daemon *daemon = (struct daemon *)((char *)host -
						  offsetof(struct daemon, host));

	for (guint i = 0; i < daemon->units->len; i++) {
		struct unit *other = daemon->units->pdata[i];

		if (other == unit || strcmp(unit_imei(other), imei))
			continue;
		if (unit_is_present(other)) {
			say(SAY_WARNING,
			    "%s: has the IMEI of %s and is known by its USB path",
			    unit_path(unit), unit_path(other));
			return false;
		}
		say(SAY_NOTICE, "%s: moved from %s to %s", imei, unit_path(other),
		    unit_path(unit));
		g_ptr_array_remove_index(daemon->units, i);
		return true;
	}
	return true;
}

static void tell(struct unit *unit, enum event_type type)
{
	unit_event(unit, &(struct event){ .type = type });
}

/* What a port's state means for a machine that knows nothing of it */
static void introduce(struct unit *unit, const struct port *port)
{
	if (port->mainline)
		say(SAY_WARNING,
		    "%s: degraded: driven by the kernel's own qmi_wwan, and not reset by USB",
		    unit_name(unit));
	unit_port(unit, port);
	tell(unit, EVENT_ATTACHED);
	switch (port->state) {
	case M2M_WWAN_STATE_READY:
	case M2M_WWAN_STATE_SUSPENDED:
		tell(unit, EVENT_READY);
		break;
	case M2M_WWAN_STATE_HUNG:
		tell(unit, EVENT_READY);
		tell(unit, EVENT_HUNG);
		break;
	default:
		break;
	}
}

static bool has_id(const struct port *ports, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ports[i].id == id)
			return true;
	return false;
}

/* A port that is in use and still there stays the one; else the best of its modem's */
static void introduce_best(struct daemon *daemon, struct port *ports, size_t n,
			   const char *usb_path)
{
	struct unit *unit = unit_make(daemon, usb_path);
	const struct port *now = unit ? unit_get_port(unit) : NULL;

	if (unit && !(now && has_id(ports, n, now->id)))
		introduce(unit, port_choose(ports, n, usb_path));
}

/* At the start, and when messages were lost: what is there counts */
static void look(struct daemon *daemon)
{
	struct port *ports = NULL;
	struct m2m_error error;
	size_t n = 0;

	if (port_list(daemon->lists, &ports, &n, &error)) {
		say(SAY_ERROR, "modems cannot be listed: %s", error.msg);
		return;
	}
	for (guint i = 0; i < daemon->units->len; i++)
		if (!port_choose(ports, n, unit_path(daemon->units->pdata[i])))
			tell(daemon->units->pdata[i], EVENT_GONE);
	for (size_t i = 0; i < n; i++)
		if (!i || strcmp(ports[i].usb_path, ports[i - 1].usb_path))
			introduce_best(daemon, ports, n, ports[i].usb_path);
	free(ports);
}

/* Without our driver there is nobody who tells: what sysfs has now, at each look */
static void look_at_mainline(struct daemon *daemon, struct port *ports, size_t n)
{
	const struct port *port;
	struct unit *unit;

	for (guint i = 0; i < daemon->units->len; i++) {
		unit = daemon->units->pdata[i];
		port = unit_has_mainline(unit);
		if (port && !has_id(ports, n, port->id)) {
			unit_port(unit, NULL);
			tell(unit, EVENT_GONE);
		}
	}
	for (size_t i = 0; i < n; i++)
		if ((!i || strcmp(ports[i].usb_path, ports[i - 1].usb_path)) &&
		    plans_want_any(daemon->host.plans))
			introduce_best(daemon, ports, n, ports[i].usb_path);
}

/*
 * Some modems have two ports, which attach one after the other: the second one, and a
 * look at both together, have to end at the same one.
 */
static bool has_better(struct daemon *daemon, const struct unit *unit,
		       const struct port *port)
{
	const struct port *has = unit_get_port(unit);
	struct port *now = g_new0(struct port, 1);
	struct m2m_error gone;
	bool better;

	better = has && !has->mainline && !port_get(daemon->lists, has->id, now, &gone) &&
		 port_goes_before(now, port);
	g_free(now);
	return better;
}

static void attached(struct daemon *daemon, const struct port_event *event)
{
	struct port *port = g_new0(struct port, 1);
	struct m2m_error error;
	struct unit *unit;

	if (!port_get(daemon->lists, event->port_id, port, &error)) {
		unit = unit_make(daemon, port->usb_path);
		if (unit && !unit_has_port(unit, port->id) &&
		    !has_better(daemon, unit, port))
			introduce(unit, port);
	}
	g_free(port);
}

static int on_event(struct nlmsghdr *msg, void *data)
{
	static const struct {
		uint32_t kind;
		enum event_type type;
	} types[] = {
		{ M2M_WWAN_EVENT_READY, EVENT_READY },
		{ M2M_WWAN_EVENT_GONE, EVENT_GONE },
		{ M2M_WWAN_EVENT_RESTARTED, EVENT_RESTARTED },
		{ M2M_WWAN_EVENT_HUNG, EVENT_HUNG },
		{ M2M_WWAN_EVENT_SUSPENDED, EVENT_SUSPENDED },
		{ M2M_WWAN_EVENT_RESUMED, EVENT_RESUMED },
	};
	struct daemon *daemon = data;
	struct port_event event;
	struct unit *unit;

	if (port_event_parse(msg, &event))
		return 0;
	if (event.kind == M2M_WWAN_EVENT_ATTACHED) {
		attached(daemon, &event);
		return 0;
	}
	unit = unit_of(daemon, event.usb_path);
	if (!unit || !unit_has_port(unit, event.port_id))
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (types[i].kind == event.kind)
			tell(unit, types[i].type);
	return 0;
}

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct daemon *daemon = data;
	struct m2m_error error;

	if (m2m_nl_dispatch(daemon->events, &error) == -ENOBUFS)
		look(daemon);
	return G_SOURCE_CONTINUE;
}

/* --- the driver ------------------------------------------------------------- */

static int open_driver(struct daemon *daemon, struct m2m_error *error)
{
	int err;

	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &daemon->events, error);
	if (!err)
		err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &daemon->lists, error);
	if (!err)
		err = m2m_nl_join(daemon->events, M2M_WWAN_MCGRP_EVENT, error);
	if (!err)
		return 0;
	g_clear_pointer(&daemon->events, m2m_nl_free);
	g_clear_pointer(&daemon->lists, m2m_nl_free);
	return err;
}

static void close_driver(struct daemon *daemon)
{
	if (daemon->readable)
		g_source_remove(daemon->readable);
	daemon->readable = 0;
	g_clear_pointer(&daemon->events, m2m_nl_free);
	g_clear_pointer(&daemon->lists, m2m_nl_free);
}

/*
 * May the driver be asked for? Each question after a family that is not there makes the
 * kernel look for a module, and log where it may not load one.
 */
static bool may_be_there(const struct daemon *daemon)
{
	return !daemon->lost || !access(SYSFS "/module/m2m_wwan", F_OK);
}

static void use_mainline(struct daemon *daemon)
{
	struct port *ports = NULL;
	size_t n;

	mainline_list(SYSFS, &ports, &n);
	look_at_mainline(daemon, ports, n);
	free(ports);
}

/* No QMI driver tells of a module that waits for firmware */
static void look_for_loaders(struct daemon *daemon)
{
	for (guint i = 0; i < daemon->units->len; i++)
		unit_look_at_bus(daemon->units->pdata[i], SYSFS);
}

/* The module comes and goes, and is another netlink family each time */
static gboolean find_driver(gpointer data)
{
	struct daemon *daemon = data;
	struct port *ports = NULL;
	struct m2m_error error;
	size_t n;

	look_for_loaders(daemon);
	if (daemon->lists && !port_list(daemon->lists, &ports, &n, &error)) {
		free(ports);
		return G_SOURCE_CONTINUE;
	}
	close_driver(daemon);
	if (!may_be_there(daemon)) {
		use_mainline(daemon);
		return G_SOURCE_CONTINUE;
	}
	if (open_driver(daemon, &error)) {
		if (!daemon->lost)
			say(SAY_WARNING, "no driver: %s", error.msg);
		daemon->lost = true;
		use_mainline(daemon);
		return G_SOURCE_CONTINUE;
	}
	daemon->lost = false;
	look_at_mainline(daemon, NULL, 0);
	m2m_nl_watch(daemon->events, on_event, daemon);
	daemon->readable = g_unix_fd_add(m2m_nl_fd(daemon->events),
					 G_IO_IN | G_IO_ERR, readable, daemon);
	look(daemon);
	return G_SOURCE_CONTINUE;
}

/* --- the process ------------------------------------------------------------ */

static gboolean feed_watchdog(gpointer data)
{
	struct daemon *daemon = data;
	struct pulse pulses[UNITS_MAX];

	for (guint i = 0; i < daemon->units->len; i++)
		pulses[i] = unit_pulse(daemon->units->pdata[i]);
	notify_watchdog(pulses, daemon->units->len);
	return G_SOURCE_CONTINUE;
}

static gboolean on_end(gpointer data)
{
	struct daemon *daemon = data;

	g_main_loop_quit(daemon->loop);
	return G_SOURCE_CONTINUE;
}

/* Asks the name service: not while somebody waits */
static void find_groups(struct daemon *daemon)
{
	const struct role_groups groups = role_groups_find();

	door_set_groups(daemon->door, &groups);
}

static void note(struct daemon *daemon, const char *what)
{
	struct history_event event = { .kind = HISTORY_DAEMON };

	g_strlcpy(event.what, what, sizeof(event.what));
	history_file_add(daemon->host.history, &event);
}

static void install_resolv_file(void *data)
{
	struct daemon *daemon = data;

	if (plans_allow_resolv_file(daemon->host.plans))
		hand_ask_quietly(daemon->host.hand, "host", "resolv-file");
}

static gboolean look_at_trial(gpointer data);

/* So that what nobody confirms ends in time, also where the host slept meanwhile */
static void watch_trial(struct daemon *daemon)
{
	int64_t left = plans_left_ms(daemon->host.plans);

	if (daemon->trial)
		g_source_remove(daemon->trial);
	daemon->trial = 0;
	if (left != NEVER)
		daemon->trial = g_timeout_add(MIN(left, TRIAL_LOOK_MS) + 1, look_at_trial,
					      daemon);
}

static void reload(void *data)
{
	struct daemon *daemon = data;

	notify_send("RELOADING=1");
	find_groups(daemon);
	plans_free(daemon->host.plans);
	daemon->host.plans = plans_load(daemon->host.config_directory);
	watch_trial(daemon);
	install_resolv_file(daemon);
	note(daemon, "reloaded");
	for (guint i = 0; i < daemon->units->len; i++)
		unit_reconfigure(daemon->units->pdata[i]);
	notify_send("READY=1");
}

static gboolean look_at_trial(gpointer data)
{
	struct daemon *daemon = data;

	daemon->trial = 0;
	if (plans_left_ms(daemon->host.plans)) {
		watch_trial(daemon);
	} else {
		note(daemon, "trial-over");
		reload(daemon);
	}
	return G_SOURCE_REMOVE;
}

static gboolean on_reload(gpointer data)
{
	reload(data);
	return G_SOURCE_CONTINUE;
}

static void free_unit(gpointer unit)
{
	unit_free(unit);
}

static char *answer(const struct request *request, enum role role, void *data)
{
	struct daemon *daemon = data;
	const struct desk desk = {
		.units = (struct unit **)daemon->units->pdata,
		.n_units = daemon->units->len,
		.history = history_file_history(daemon->host.history),
		.plans = daemon->host.plans,
		.reload = reload,
		.data = daemon,
	};

	return method_run(request, role, &desk);
}

/* Beside the socket: a reboot empties that directory, a restart does not */
static struct history_file *open_history(const char *socket)
{
	g_autofree char *directory = g_path_get_dirname(socket);
	g_autofree char *path = g_build_filename(directory, "history", NULL);

	return history_file_open(g_file_test(directory, G_FILE_TEST_IS_DIR) ? path : NULL);
}

static bool is_online(void *data)
{
	struct daemon *daemon = data;

	for (guint i = 0; i < daemon->units->len; i++)
		if (machine_online(unit_machine(daemon->units->pdata[i])))
			return true;
	return false;
}

struct daemon *daemon_new(const struct daemon_options *options)
{
	g_autofree char *runtime = g_path_get_dirname(options->socket);
	struct daemon *daemon = g_new0(struct daemon, 1);
	struct m2m_error error;

	daemon->host.managed_directory = g_build_filename(runtime, "managed", NULL);
	daemon->host.config_directory = options->config_directory;
	daemon->host.claim = claim;
	daemon->host.plans = plans_load(options->config_directory);
	daemon->host.state = state_open(options->state_directory);
	daemon->host.usages = usages_new(daemon->host.state);
	daemon->host.winners = winners_new(daemon->host.state);
	daemon->host.history = open_history(options->socket);
	daemon->host.dns = dns_new(options->resolv_file);
	note(daemon, "started");
	watch_trial(daemon);
	daemon->host.started_ms = clock_boot_ms();
	daemon->host.hand = hand_new(options->helper);
	dns_watch_file(daemon->host.dns, install_resolv_file, daemon);
	daemon->host.reboot_from = rungs_reboot_from(daemon->host.state);
	daemon->host.is_online = is_online;
	daemon->host.data = daemon;
	daemon->loop = g_main_loop_new(NULL, FALSE);
	daemon->units = g_ptr_array_new_with_free_func(free_unit);
	/* modems are kept online also where nobody can ask about it */
	if (door_open(options->socket, answer, daemon, &daemon->door, &error))
		say(SAY_ERROR, "%s", error.msg);
	find_groups(daemon);
	return daemon;
}

void daemon_run(struct daemon *daemon)
{
	uint64_t watchdog_us = notify_watchdog_us();
	guint sources[3];

	sources[0] = g_unix_signal_add(SIGTERM, on_end, daemon);
	sources[1] = g_unix_signal_add(SIGINT, on_end, daemon);
	sources[2] = g_unix_signal_add(SIGHUP, on_reload, daemon);
	find_driver(daemon);
	daemon->driver = g_timeout_add_seconds(DRIVER_S, find_driver, daemon);
	if (watchdog_us)
		daemon->watchdog = g_timeout_add(MAX(watchdog_us / 2000, 1),
						 feed_watchdog, daemon);
	notify_send("READY=1");
	g_main_loop_run(daemon->loop);
	notify_send("STOPPING=1");
	note(daemon, "stopped");
	for (guint i = 0; i < daemon->units->len; i++)
		unit_stop(daemon->units->pdata[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		g_source_remove(sources[i]);
}

void daemon_free(struct daemon *daemon)
{
	if (daemon->driver)
		g_source_remove(daemon->driver);
	if (daemon->watchdog)
		g_source_remove(daemon->watchdog);
	if (daemon->trial)
		g_source_remove(daemon->trial);
	door_close(daemon->door);
	g_ptr_array_unref(daemon->units);
	close_driver(daemon);
	dns_free(daemon->host.dns);
	state_forget(daemon->host.state, &daemon->host);
	hand_free(daemon->host.hand);
	usages_free(daemon->host.usages);
	winners_free(daemon->host.winners);
	state_close(daemon->host.state);
	history_file_close(daemon->host.history);
	plans_free(daemon->host.plans);
	g_free(daemon->host.managed_directory);
	g_main_loop_unref(daemon->loop);
	g_free(daemon);
}
