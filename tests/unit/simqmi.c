// SPDX-License-Identifier: GPL-2.0-or-later
/* The host side of the firmware half's unit tests. */
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

#include "simqmi.h"

struct simqmi simqmi;

static uint16_t transaction;
static struct simqmi_frame answer;

void simqmi_receive(unsigned int port, const uint8_t *frame, size_t len)
{
	struct simqmi_frame *f;

	ASSERT_LT(simqmi.n_frames, SIMQMI_FRAMES);
	ASSERT_LE(len, sizeof(f->data));
	f = &simqmi.frame[simqmi.n_frames++];
	f->port = port;
	f->len = len;
	memcpy(f->data, frame, len);
}

static void ctrl_out(void *usb, unsigned int port, const uint8_t *frame,
		     size_t len)
{
	(void)usb;
	simqmi_receive(port, frame, len);
}

static void format(void *usb, unsigned int port,
		   const struct modem_format *new_format)
{
	(void)usb;
	simqmi.format[port] = *new_format;
}

static void call(void *usb, const struct modem_call *modem_call, bool up)
{
	(void)usb;
	(void)modem_call;
	if (up)
		simqmi.calls_up++;
	else
		simqmi.calls_down++;
}

void simqmi_event(const char *name)
{
	g_strlcpy(simqmi.last_event, name, sizeof(simqmi.last_event));
	if (simqmi.awaited && !strcmp(name, simqmi.awaited))
		simqmi.seen = true;
}

static void event(void *usb, const char *name)
{
	(void)usb;
	simqmi_event(name);
}

static void reboot(void *usb, unsigned int down_ms)
{
	(void)usb;
	(void)down_ms;
	simqmi.reboots++;
	event(usb, "test.reboot");
}

static const struct modem_ops ops = {
	.ctrl_out = ctrl_out,
	.format = format,
	.call = call,
	.event = event,
	.reboot = reboot,
};

void simqmi_new(unsigned int n_ports)
{
	const struct modem_config config = {
		.manufacturer = "Acme",
		.model = "M1",
		.revision = "R1.0",
		.imei = "490154203237519",
		.n_ports = n_ports,
		.interface = { n_ports > 1 ? 8 : 4, 10 },
		.qmap_mask = 1 << 1 | 1 << 4,
	};

	simqmi_new_model(&config);
}

void simqmi_new_model(const struct modem_config *config)
{
	simqmi.modem = modem_new(config, &ops, &simqmi);
	ASSERT_TRUE(simqmi.modem);
	simqmi_set("sim.ready-ms", "5");
	simqmi_set("sim.unlock-ms", "5");
	simqmi_set("sim.switch-ms", "5");
	simqmi_set("nas.register-ms", "5");
	simqmi_set("nas.scan-ms", "5");
	simqmi_set("wds.connect-ms", "5");
}

void simqmi_start(void)
{
	simqmi_new(1);
	modem_power_on(simqmi.modem);
}

void simqmi_set(const char *key, const char *value)
{
	char err[256] = "";

	if (modem_set(simqmi.modem, key, value, err, sizeof(err)))
		harness_fail(__FILE__, __LINE__, true, "%s=%s: %s", key, value,
			     err);
}

const char *simqmi_get(const char *key)
{
	static char value[512];

	if (modem_get(simqmi.modem, key, value, sizeof(value)))
		harness_fail(__FILE__, __LINE__, true, "no state %s", key);
	return value;
}

static size_t unhex(const char *hex, uint8_t *data, size_t size)
{
	size_t n = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		ASSERT_LT(n, size);
		ASSERT_TRUE(g_ascii_isxdigit(hex[0]));
		ASSERT_TRUE(g_ascii_isxdigit(hex[1]));
		data[n++] = g_ascii_xdigit_value(hex[0]) << 4 |
			    g_ascii_xdigit_value(hex[1]);
		hex++;
	}
	return n;
}

static const char *hex_of(const uint8_t *data, size_t len)
{
	static char text[3 * MODEM_FRAME_MAX + 1];
	size_t i;

	text[0] = '\0';
	for (i = 0; i < len; i++)
		sprintf(text + 3 * i, "%02x ", data[i]);
	if (len)
		text[3 * len - 1] = '\0';
	return text;
}

static void frame_send(const uint8_t *frame, size_t len)
{
	simqmi.n_frames = 0;
	if (simqmi.send)
		simqmi.send(frame, len);
	else
		modem_ctrl_in(simqmi.modem, 0, frame, len);
}

void simqmi_send(const char *hex)
{
	uint8_t data[MODEM_FRAME_MAX + 16];

	frame_send(data, unhex(hex, data, sizeof(data)));
}

void simqmi_expect(const char *file, int line, const char *hex)
{
	uint8_t data[MODEM_FRAME_MAX];
	size_t len = unhex(hex, data, sizeof(data));
	const struct simqmi_frame *f = &simqmi.frame[0];

	if (!len && !simqmi.n_frames)
		return;
	if (simqmi.n_frames != 1)
		harness_fail(file, line, true, "%u frames came, not one",
			     simqmi.n_frames);
	if (f->len != len || memcmp(f->data, data, len))
		harness_fail(file, line, false, "frame is %s",
			     hex_of(f->data, f->len));
}

static gboolean deadline(gpointer data)
{
	*(bool *)data = true;
	return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @done says so; fails with @what at the deadline. */
static void run_until(bool (*done)(const void *arg), const void *arg,
		      const char *what)
{
	bool passed = false;
	guint timer = g_timeout_add(harness_ms(5000), deadline, &passed);

	while (!done(arg) && !passed) {
		if (simqmi.turn)
			simqmi.turn();
		else
			g_main_context_iteration(NULL, TRUE);
	}
	g_source_remove(timer);
	if (passed)
		harness_fail(__FILE__, __LINE__, true, "%s did not come",
			     what);
}

static bool event_seen(const void *arg)
{
	(void)arg;
	return simqmi.seen;
}

void simqmi_wait(const char *name)
{
	simqmi.awaited = name;
	simqmi.seen = false;
	run_until(event_seen, NULL, name);
	simqmi.awaited = NULL;
}

uint16_t simqmi_post(uint8_t service, uint8_t client, uint16_t id,
		     const char *tlvs)
{
	uint8_t data[MODEM_FRAME_MAX] = {
		0x01, 0, 0, 0, service, client,
	};
	unsigned int head = service ? 9 : 8;
	size_t len = unhex(tlvs, data + head + 4, sizeof(data) - head - 4);
	size_t total = head + 4 + len;

	transaction = service || transaction < 255 ? transaction + 1 : 1;
	data[7] = transaction;
	if (service)
		data[8] = transaction >> 8;
	data[head] = id;
	data[head + 1] = id >> 8;
	data[head + 2] = len;
	data[head + 3] = len >> 8;
	data[1] = total - 1;
	data[2] = (total - 1) >> 8;
	frame_send(data, total);
	return transaction;
}

struct response {
	uint8_t service;
	uint16_t transaction;
};

static bool response_came(const void *arg)
{
	const struct response *r = arg;
	unsigned int i;

	for (i = 0; i < simqmi.n_frames; i++) {
		const struct simqmi_frame *f = &simqmi.frame[i];
		unsigned int tid = r->service ? f->data[7] | f->data[8] << 8 :
						f->data[7];

		if (f->data[4] == r->service && tid == r->transaction &&
		    f->data[6] == (r->service ? 2 : 1)) {
			answer = *f;
			return true;
		}
	}
	return false;
}

unsigned int simqmi_result(uint8_t service, uint16_t tid)
{
	struct response r = { service, tid };
	const uint8_t *result;

	run_until(response_came, &r, "the response");
	result = answer.data + (service ? 13 : 12);
	ASSERT_EQ(0x02, result[0]);
	ASSERT_EQ(result[5] || result[6], result[3]);
	return result[5] | result[6] << 8;
}

unsigned int simqmi_call(uint8_t service, uint8_t client, uint16_t id,
			 const char *tlvs)
{
	return simqmi_result(service,
			     simqmi_post(service, client, id, tlvs));
}

const char *simqmi_tlv(uint8_t type)
{
	const uint8_t *p = answer.data + (answer.data[4] ? 13 : 12);
	const uint8_t *end = answer.data + answer.len;

	while (end - p >= 3) {
		size_t len = p[1] | p[2] << 8;

		ASSERT_LE(len, end - p - 3);
		if (p[0] == type)
			return hex_of(p + 3, len);
		p += 3 + len;
	}
	ASSERT_EQ(0, end - p);
	return "";
}

unsigned int simqmi_indications(uint8_t service, uint8_t client, uint16_t id)
{
	unsigned int i, n = 0;

	for (i = 0; i < simqmi.n_frames; i++) {
		const uint8_t *d = simqmi.frame[i].data;

		n += d[4] == service && d[5] == client && d[6] == 4 &&
		     d[7] == 0 && d[8] == 0 && (d[9] | d[10] << 8) == id;
	}
	return n;
}

uint8_t simqmi_client(uint8_t service)
{
	char tlvs[32];
	unsigned int error;

	snprintf(tlvs, sizeof(tlvs), "01 01 00 %02x", service);
	error = simqmi_call(QMI_CTL, 0, 0x0022, tlvs);
	if (error)
		return 0;
	return strtoul(simqmi_tlv(0x01) + 3, NULL, 16);
}

void simqmi_release(uint8_t service, uint8_t id)
{
	char tlvs[32];

	snprintf(tlvs, sizeof(tlvs), "01 02 00 %02x %02x", service, id);
	ASSERT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0023, tlvs));
}

void simqmi_register(void)
{
	if (!network_is_registered(simqmi.modem))
		simqmi_wait("nas.registered");
}
