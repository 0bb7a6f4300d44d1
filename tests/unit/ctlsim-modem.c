// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's firmware at the other end of a socketpair. */
#include <glib-unix.h>
#include <glib.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctlsim-modem.h"
#include "ctlsim.h"
#include "simqmi.h"

static struct modem *modem;
static int modem_fd;
static unsigned int n_reboots;

static void ctrl_out(void *usb, unsigned int port, const uint8_t *frame, size_t len)
{
	/* nobody reads any more once the test is over */
	if (write(modem_fd, frame, len) < 0)
		return;
}

static void format(void *usb, unsigned int port, const struct modem_format *format_now)
{
}

static void call(void *usb, const struct modem_call *modem_call, bool up)
{
}

static void event(void *usb, const char *name)
{
}

static gboolean back_again(gpointer data)
{
	modem_power_off(modem);
	modem_power_on(modem);
	n_reboots++;
	return G_SOURCE_REMOVE;
}

static void reboot(void *usb, unsigned int down_ms)
{
	g_timeout_add(down_ms, back_again, NULL);
}

static const struct modem_ops ops = {
	.ctrl_out = ctrl_out,
	.format = format,
	.call = call,
	.event = event,
	.reboot = reboot,
};

static gboolean heard(gint fd, GIOCondition condition, gpointer data)
{
	uint8_t frame[MODEM_FRAME_MAX];
	ssize_t len = read(fd, frame, sizeof(frame));

	if (len <= 0)
		return G_SOURCE_REMOVE;
	modem_ctrl_in(modem, 0, frame, len);
	return G_SOURCE_CONTINUE;
}

void ctlsim_set(const char *key, const char *value)
{
	char err[256] = "";

	if (modem_set(modem, key, value, err, sizeof(err)))
		harness_fail(__FILE__, __LINE__, true, "%s=%s: %s", key, value, err);
}

static struct { const char *key, *value; } soon;

static gboolean set_now(gpointer data)
{
	ctlsim_set(soon.key, soon.value);
	return G_SOURCE_REMOVE;
}

void ctlsim_set_in(unsigned int ms, const char *key, const char *value)
{
	soon.key = key;
	soon.value = value;
	g_timeout_add(ms, set_now, NULL);
}

const char *ctlsim_get(const char *key)
{
	static char value[512];

	if (modem_get(modem, key, value, sizeof(value)))
		harness_fail(__FILE__, __LINE__, true, "no state %s", key);
	return value;
}

unsigned int ctlsim_writes(void)
{
	static unsigned int before;
	unsigned int now = strtoul(ctlsim_get("nv-writes"), NULL, 10);
	unsigned int n = now - before;

	before = now;
	return n;
}

unsigned int ctlsim_reboots(void)
{
	return n_reboots;
}

void ctlsim_modem_start(int fd, const char *const settings[])
{
	static const char *const quick[] = {
		"sim.ready-ms=5", "sim.unlock-ms=5", "sim.switch-ms=5",
		"nas.register-ms=5", "nas.scan-ms=5", "wds.connect-ms=5",
		"dms.reboot-ms=5", NULL,
	};
	const struct modem_config config = {
		.manufacturer = "Acme",
		.model = "M1",
		.revision = "R1.0",
		.imei = "490154203237519",
		.n_ports = 1,
		.interface = { 4 },
		.qmap_mask = 1 << 1 | 1 << 4,
	};

	modem_fd = fd;
	modem = modem_new(&config, &ops, NULL);
	ASSERT_TRUE(modem);
	for (int twice = 0; twice < 2; twice++) {
		const char *const *s = twice ? settings : quick;

		for (; s && *s; s++) {
			g_auto(GStrv) pair = g_strsplit(*s, "=", 2);

			ctlsim_set(pair[0], pair[1]);
		}
	}
	modem_power_on(modem);
	g_unix_fd_add(fd, G_IO_IN, heard, NULL);
	ctlsim_writes();
}
