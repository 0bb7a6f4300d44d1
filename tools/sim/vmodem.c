// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the parts of one virtual modem and the power they get. */
#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "action.h"
#include "agenda.h"
#include "bytes.h"
#include "ctrlpipe.h"
#include "dataplane.h"
#include "pipe-fault.h"
#include "rehearsal.h"
#include "serial.h"
#include "vmodem.h"
#include "tap.h"
#include "usbdev.h"

/*
 * DOC: Power
 *
 * Firmware runs while the device is on a bus. Unplugging takes its power, a
 * restart does so for a while, and the host dropping the port counts as a pull
 * as well. None of this happens below a callback of firmware or transport:
 * restarts and scenario actions wait for the main loop.
 */

/* Longer than it takes to have nothing left to do */
#define RESTART_HANG_MS	10000

struct vmodem {
	struct vmodem_config config;
	struct usbdev *dev;
	struct transport *transport;
	struct modem *modem;
	struct dataplane *dp;
	struct tap *tap;
	struct ctrlpipe *ctrl[MODEM_PORTS_MAX];
	unsigned int ctrl_index[MODEM_PORTS_MAX];
	struct serial *serial[IDENTITY_INTERFACES_MAX];
	struct usb_stats stats[MODEM_PORTS_MAX];
	bool dtr[MODEM_PORTS_MAX];
	enum vmodem_state state;
	bool ready;
	char where[64];
	guint restart_source, replug_source;
	unsigned int restart_ms;
	struct agenda *agenda;
};

enum bus_event {
	BUS_ATTACHED,
	BUS_CONFIGURED,
	BUS_DETACHED,
	BUS_DTR_ON,
	BUS_DTR_OFF,
};

static const char *const bus_event_names[] = {
	[BUS_ATTACHED] = "usb.attached",
	[BUS_CONFIGURED] = "usb.configured",
	[BUS_DETACHED] = "usb.detached",
	[BUS_DTR_ON] = "dtr.on",
	[BUS_DTR_OFF] = "dtr.off",
};

static void vmodem_event(void *ctx, const char *name)
{
	struct vmodem *vm = ctx;

	agenda_event(vm->agenda, name);
	vm->config.event(vm->config.ctx, name);
}

static void vmodem_bus_event(struct vmodem *vm, enum bus_event event)
{
	vmodem_event(vm, bus_event_names[event]);
}

static __attribute__((format(printf, 2, 3)))
void vmodem_log(const struct vmodem *vm, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "m2msim %s: ", vm->config.identity->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* --- plugging -------------------------------------------------------------- */

static void vmodem_power_off(struct vmodem *vm)
{
	modem_power_off(vm->modem);
	usbdev_disconnect(vm->dev);
	dataplane_reset(vm->dp);
	vm->state = VMODEM_UNPLUGGED;
	vmodem_bus_event(vm, BUS_DETACHED);
}

static void vmodem_unplug(struct vmodem *vm)
{
	if (vm->replug_source)
		g_source_remove(vm->replug_source);
	vm->replug_source = 0;
	if (vm->state == VMODEM_UNPLUGGED)
		return;
	vm->transport->ops->detach(vm->transport);
	vmodem_power_off(vm);
}

static void vmodem_replug(struct vmodem *vm)
{
	int ret;

	if (vm->state != VMODEM_UNPLUGGED)
		return;
	ret = usbdev_connect(vm->dev, vm->transport);
	if (ret) {
		vmodem_log(vm, "cannot connect: %s", g_strerror(-ret));
		return;
	}
	vm->state = VMODEM_ATTACHING;
	vm->transport->ops->attach(vm->transport);
}

static gboolean vmodem_replug_due(gpointer data)
{
	struct vmodem *vm = data;

	vm->replug_source = 0;
	vmodem_replug(vm);
	return G_SOURCE_REMOVE;
}

static void vmodem_at_hang(struct vmodem *vm, unsigned int ms)
{
	for (unsigned int i = 0; i < vm->config.identity->n_interfaces; i++)
		if (vm->serial[i])
			serial_hang(vm->serial[i], ms);
}

static gboolean vmodem_restart_due(gpointer data)
{
	struct vmodem *vm = data;

	vm->restart_source = 0;
	vmodem_unplug(vm);
	vmodem_at_hang(vm, 0);
	vm->replug_source = g_timeout_add(vm->restart_ms, vmodem_replug_due, vm);
	return G_SOURCE_REMOVE;
}

static void vmodem_restart(void *ctx, unsigned int down_ms)
{
	struct vmodem *vm = ctx;

	vm->restart_ms = down_ms;
	if (vm->restart_source)
		return;
	/* when what it has answered is gone; who goes down takes no more commands */
	vm->restart_source = g_idle_add(vmodem_restart_due, vm);
	vmodem_at_hang(vm, RESTART_HANG_MS);
}

static void vmodem_attached(void *ctx, const char *where)
{
	struct vmodem *vm = ctx;
	unsigned int i;

	vm->state = VMODEM_ATTACHED;
	g_strlcpy(vm->where, where, sizeof(vm->where));
	modem_power_on(vm->modem);
	/* Where nobody asks for DTR the firmware counts it as set. */
	for (i = 0; i < vm->config.firmware.n_ports; i++)
		modem_dtr(vm->modem, i, !vm->config.identity->needs_dtr);
	vmodem_bus_event(vm, BUS_ATTACHED);
	if (!vm->ready)
		vm->config.ready(vm->config.ctx, where, NULL);
	vm->ready = true;
}

static void vmodem_failed(void *ctx, const char *why)
{
	struct vmodem *vm = ctx;

	usbdev_disconnect(vm->dev);
	vm->state = VMODEM_UNPLUGGED;
	if (!vm->ready)
		vm->config.ready(vm->config.ctx, NULL, why);
	else
		vmodem_log(vm, "cannot plug in: %s", why);
}

static void vmodem_lost(void *ctx, const char *why)
{
	struct vmodem *vm = ctx;

	vmodem_log(vm, "unplugged: %s", why);
	vmodem_power_off(vm);
}

static const struct transport_events vmodem_transport_events = {
	.attached = vmodem_attached,
	.failed = vmodem_failed,
	.lost = vmodem_lost,
};

static void vmodem_configured(void *ctx, uint8_t value)
{
	struct vmodem *vm = ctx;

	dataplane_reset(vm->dp);
	if (!value)
		return;
	vm->state = VMODEM_CONFIGURED;
	vmodem_bus_event(vm, BUS_CONFIGURED);
}

/* --- firmware -------------------------------------------------------------- */

static void vmodem_ctrl_out(void *ctx, unsigned int port, const uint8_t *frame,
			    size_t len)
{
	struct vmodem *vm = ctx;

	ctrlpipe_send(vm->ctrl[port], frame, len);
}

static void vmodem_format(void *ctx, unsigned int port,
			  const struct modem_format *format)
{
	struct vmodem *vm = ctx;

	dataplane_set_format(vm->dp, port, format);
}

static void vmodem_call(void *ctx, const struct modem_call *call, bool up)
{
	struct vmodem *vm = ctx;

	dataplane_call(vm->dp, call, up);
}

static const struct modem_ops vmodem_modem_ops = {
	.ctrl_out = vmodem_ctrl_out,
	.format = vmodem_format,
	.call = vmodem_call,
	.event = vmodem_event,
	.reboot = vmodem_restart,
};

static void vmodem_command(void *ctx, unsigned int port, const uint8_t *frame,
			   size_t len)
{
	struct vmodem *vm = ctx;

	modem_ctrl_in(vm->modem, port, frame, len);
}

static void vmodem_dtr(void *ctx, unsigned int port, bool on)
{
	struct vmodem *vm = ctx;

	vm->dtr[port] = on;
	if (vm->state != VMODEM_CONFIGURED)
		return;
	if (vm->config.identity->needs_dtr)
		modem_dtr(vm->modem, port, on);
	vmodem_bus_event(vm, on ? BUS_DTR_ON : BUS_DTR_OFF);
}

/* --- scenario -------------------------------------------------------------- */

static void vmodem_due(void *ctx, const struct scenario_rule *rule)
{
	struct vmodem *vm = ctx;
	char err[SCENARIO_ERROR_MAX] = "";
	int ret;

	ret = vmodem_do(vm, rule->key, rule->value, err, sizeof(err));
	if (ret)
		vmodem_log(vm, "scenario line %u: %s", rule->line, err);
}

bool vmodem_has_event(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bus_event_names); i++)
		if (!strcmp(bus_event_names[i], name))
			return true;
	return modem_has_event(name);
}

unsigned int vmodem_event_count(const struct vmodem *vm, const char *name)
{
	return agenda_event_count(vm->agenda, name);
}

int vmodem_start(struct vmodem *vm, char *err, size_t err_len)
{
	const struct scenario_rule *rule;
	bool stay_unplugged = false;
	char text[SCENARIO_ERROR_MAX] = "";
	size_t i;
	int ret;

	ret = rehearse(&vm->config, err, err_len);
	if (ret)
		return ret;
	for (i = 0; i < vm->config.scenario.n_rules; i++) {
		rule = &vm->config.scenario.rules[i];
		if (rule->when == SCENARIO_AT || rule->when == SCENARIO_EVERY)
			agenda_schedule(vm->agenda, rule);
		if (rule->when != SCENARIO_START)
			continue;
		if (!strcmp(rule->key, "unplug")) {
			stay_unplugged = true;
			continue;
		}
		ret = vmodem_do(vm, rule->key, rule->value, text, sizeof(text));
		if (ret) {
			snprintf(err, err_len, "%u: %s", rule->line, text);
			return ret;
		}
	}
	if (!stay_unplugged) {
		vmodem_replug(vm);
		return 0;
	}
	vm->ready = true;
	vm->config.ready(vm->config.ctx, "unplugged", NULL);
	return 0;
}

/* --- actions --------------------------------------------------------------- */

static int vmodem_flow(struct vmodem *vm, const struct action *action, char *err,
		       size_t err_len)
{
	int ret;

	ret = dataplane_flow(vm->dp, action->port, (uint8_t)action->arg,
			     action->kind == ACTION_FLOW_OFF);
	if (ret)
		snprintf(err, err_len, "port %u does not speak QMAP", action->port);
	return ret;
}

static void vmodem_pipe_fault(struct vmodem *vm, const struct action *action)
{
	const struct pipes pipes = {
		.dev = vm->dev,
		.index = vm->ctrl_index[action->port],
		.ctrl = vm->ctrl[action->port],
		.dp = vm->dp,
		.stats = &vm->stats[action->port],
	};

	pipe_fault(&pipes, action);
}

static void vmodem_at_fault(struct vmodem *vm, const struct action *action)
{
	if (action->kind == ACTION_AT_HANG) {
		vmodem_at_hang(vm, action->arg);
		return;
	}
	for (unsigned int i = 0; i < vm->config.identity->n_interfaces; i++)
		if (vm->serial[i])
			serial_garbage(vm->serial[i], action->count);
}

static int vmodem_action(struct vmodem *vm, const struct action *action, char *err,
			 size_t err_len)
{
	if (action_check_port(action, vm->config.firmware.n_ports, err, err_len))
		return -EINVAL;
	switch (action->kind) {
	case ACTION_UNPLUG:
		vmodem_unplug(vm);
		return 0;
	case ACTION_REPLUG:
		vmodem_replug(vm);
		return 0;
	case ACTION_RESTART:
		vmodem_restart(vm, action->arg);
		return 0;
	case ACTION_FLOW_OFF:
	case ACTION_FLOW_ON:
		return vmodem_flow(vm, action, err, err_len);
	case ACTION_AT_HANG:
	case ACTION_AT_GARBAGE:
		vmodem_at_fault(vm, action);
		return 0;
	case ACTION_CTL_HANG:
	case ACTION_CTL_GARBAGE:
	case ACTION_CTL_LATE:
	case ACTION_CTL_DOUBLE:
	case ACTION_CTL_TRUNCATE:
	case ACTION_CTL_OVERSIZE:
	case ACTION_NOTIFY_LOSE:
	case ACTION_NOTIFY_DOUBLE:
	case ACTION_STALL_CTL:
	case ACTION_STALL_NOTIFY:
	case ACTION_DATA_GARBAGE:
	case ACTION_DATA_LATE:
	case ACTION_DATA_DOUBLE:
	case ACTION_DATA_OVERSIZE:
	case ACTION_DATA_SHORT:
	case ACTION_DATA_ZLP:
	case ACTION_DATA_NO_ZLP:
	case ACTION_DATA_BAD_CHECKSUM:
	case ACTION_DATA_WRONG_VERDICT:
	case ACTION_DATA_BARE:
	case ACTION_DATA_MISADDRESSED:
	case ACTION_DATA_PACKET:
	case ACTION_DATA_INJECT:
	case ACTION_STALL_IN:
	case ACTION_STALL_OUT:
		vmodem_pipe_fault(vm, action);
		return 0;
	}
	return -EINVAL;
}

int vmodem_do(struct vmodem *vm, const char *key, const char *value, char *err,
	      size_t err_len)
{
	struct action action;
	int ret;

	snprintf(err, err_len, "%s %s: refused", key, value);
	ret = action_parse(key, value, &action, err, err_len);
	if (!ret)
		return vmodem_action(vm, &action, err, err_len);
	if (ret != -ENOENT)
		return ret;
	ret = modem_set(vm->modem, key, value, err, err_len);
	if (ret == -ENOENT)
		snprintf(err, err_len, "nothing here is called \"%s\"", key);
	return ret;
}

static const char *state_name(enum vmodem_state state)
{
	switch (state) {
	case VMODEM_UNPLUGGED:
		return "unplugged";
	case VMODEM_ATTACHING:
		return "attaching";
	case VMODEM_ATTACHED:
		return "attached";
	case VMODEM_CONFIGURED:
		return "configured";
	}
	return "unknown";
}

int vmodem_get(struct vmodem *vm, const char *key, char *ret_value, size_t len)
{
	if (!strcmp(key, "usb.state"))
		snprintf(ret_value, len, "%s", state_name(vm->state));
	else if (!strcmp(key, "usb.where"))
		snprintf(ret_value, len, "%s", vm->where);
	else if (!strcmp(key, "model"))
		snprintf(ret_value, len, "%s", vm->config.identity->name);
	else if (!strcmp(key, "dtr"))
		snprintf(ret_value, len, "%d", vm->dtr[0]);
	else if (!strncmp(key, "event.", 6) && vmodem_has_event(key + 6))
		snprintf(ret_value, len, "%u", vmodem_event_count(vm, key + 6));
	else
		return modem_get(vm->modem, key, ret_value, len);
	return 0;
}

const struct usb_stats *vmodem_stats(const struct vmodem *vm, unsigned int port)
{
	return &vm->stats[port];
}

unsigned int vmodem_ports(const struct vmodem *vm)
{
	return vm->config.firmware.n_ports;
}

enum vmodem_state vmodem_state(const struct vmodem *vm)
{
	return vm->state;
}

/* --- building -------------------------------------------------------------- */

static void vmodem_tap_input(void *ctx, const uint8_t *packet, size_t len)
{
	struct vmodem *vm = ctx;

	dataplane_input(vm->dp, packet, len);
}

static int vmodem_open_tap(struct vmodem *vm, char *err, size_t err_len)
{
	int ret;

	if (!vm->config.tap)
		return 0;
	ret = tap_open(vm->config.tap, vmodem_tap_input, vm, &vm->tap);
	if (ret) {
		snprintf(err, err_len, "tap %s: %s", vm->config.tap,
			 g_strerror(-ret));
		return ret;
	}
	dataplane_set_output(vm->dp, tap_write, vm->tap);
	return 0;
}

static void vmodem_add_qmi(struct vmodem *vm, unsigned int port, unsigned int index)
{
	struct ctrlpipe_config config = {
		.dev = vm->dev,
		.index = index,
		.port = port,
		.needs_dtr = vm->config.identity->needs_dtr,
		.stats = &vm->stats[port],
		.ctx = vm,
		.command = vmodem_command,
		.dtr = vmodem_dtr,
	};

	vm->ctrl[port] = ctrlpipe_new(&config);
	vm->ctrl_index[port] = index;
	dataplane_add_port(vm->dp, port, index);
}

static void vmodem_add_functions(struct vmodem *vm)
{
	const struct identity *id = vm->config.identity;
	unsigned int i, port = 0;

	for (i = 0; i < id->n_interfaces; i++) {
		if (id->interfaces[i].role == INTERFACE_QMI)
			vmodem_add_qmi(vm, port++, i);
		else if (id->interfaces[i].role != INTERFACE_DATA)
			vm->serial[i] = serial_new(vm->dev, i);
	}
}

static int vmodem_add_transport(struct vmodem *vm)
{
	const char *path = vm->config.usbredir;
	struct transport *transport = path ? usbredir_new(path) : vhci_new();

	if (!transport)
		return -ENOMEM;
	transport->dev = vm->dev;
	transport->speed = vm->config.speed;
	transport->events = &vmodem_transport_events;
	transport->ctx = vm;
	vm->transport = transport;
	return 0;
}

int vmodem_new(const struct vmodem_config *config, char *err, size_t err_len,
	       struct vmodem **ret_vm)
{
	struct vmodem *vm = g_malloc0(sizeof(*vm));
	unsigned int i;
	int ret;

	vm->config = *config;
	vm->agenda = agenda_new(&vm->config.scenario, vmodem_due, vm);
	vm->dev = usbdev_new(config->identity, vmodem_configured, vm);
	vm->dp = dataplane_new(vm->dev, vm->stats);
	vmodem_add_functions(vm);
	snprintf(err, err_len, "out of memory");
	ret = -ENOMEM;
	vm->modem = modem_new(&vm->config.firmware, &vmodem_modem_ops, vm);
	if (!vm->modem || vmodem_add_transport(vm))
		goto err_free;
	dataplane_set_modem(vm->dp, vm->modem);
	for (i = 0; i < config->identity->n_interfaces; i++)
		if (vm->serial[i])
			serial_set_modem(vm->serial[i], vm->modem,
					 &vm->config.firmware);
	ret = vmodem_open_tap(vm, err, err_len);
	if (ret)
		goto err_free;
	*ret_vm = vm;
	return 0;

err_free:
	vmodem_free(vm);
	return ret;
}

static void vmodem_free_sources(struct vmodem *vm)
{
	if (vm->restart_source)
		g_source_remove(vm->restart_source);
	if (vm->replug_source)
		g_source_remove(vm->replug_source);
}

void vmodem_free(struct vmodem *vm)
{
	unsigned int i;

	if (!vm)
		return;
	vmodem_free_sources(vm);
	if (vm->transport) {
		if (vm->state != VMODEM_UNPLUGGED) {
			vm->transport->ops->detach(vm->transport);
			modem_power_off(vm->modem);
			usbdev_disconnect(vm->dev);
		}
		vm->transport->ops->free(vm->transport);
	}
	tap_free(vm->tap);
	modem_free(vm->modem);
	dataplane_free(vm->dp);
	for (i = 0; i < MODEM_PORTS_MAX; i++)
		ctrlpipe_free(vm->ctrl[i]);
	for (i = 0; i < IDENTITY_INTERFACES_MAX; i++)
		serial_free(vm->serial[i]);
	usbdev_free(vm->dev);
	agenda_free(vm->agenda);
	g_free(vm);
}
