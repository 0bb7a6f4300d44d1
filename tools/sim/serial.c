// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns line buffer, echo and answers of one serial port. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bytes.h"
#include "noise.h"
#include "serial.h"

#define LINE_MAX_AT	512
#define NOISE_MAX	24

struct serial {
	struct usbdev *dev;
	struct endpoint *in;
	enum interface_role role;
	struct modem *modem;
	const struct modem_config *config;
	bool echo;
	bool causes;			/* +CMEE=1: +CME ERROR has a number */
	unsigned int garbage;		/* answers with noise before them */
	guint hang;			/* until this is due */
	uint8_t line_coding[7];
	char line[LINE_MAX_AT];
	size_t len;
	bool overrun;			/* line too long: ERROR at its end */
};

struct at_command {
	const char *name;
	/* Writes the information lines, returns false for ERROR. */
	bool (*run)(struct serial *serial, char *ret_text, size_t len);
};

static void serial_write(struct serial *serial, const char *text)
{
	endpoint_send(serial->in, (const uint8_t *)text, strlen(text));
}

static bool at_ok(struct serial *serial, char *ret_text, size_t len)
{
	(void)serial;
	(void)len;
	ret_text[0] = '\0';
	return true;
}

static bool at_echo_off(struct serial *serial, char *ret_text, size_t len)
{
	serial->echo = false;
	return at_ok(serial, ret_text, len);
}

static bool at_echo_on(struct serial *serial, char *ret_text, size_t len)
{
	serial->echo = true;
	return at_ok(serial, ret_text, len);
}

static bool at_causes_off(struct serial *serial, char *ret_text, size_t len)
{
	serial->causes = false;
	return at_ok(serial, ret_text, len);
}

static bool at_causes_on(struct serial *serial, char *ret_text, size_t len)
{
	serial->causes = true;
	return at_ok(serial, ret_text, len);
}

static bool at_causes(struct serial *serial, char *ret_text, size_t len)
{
	snprintf(ret_text, len, "+CMEE: %d", serial->causes);
	return true;
}

static bool at_information(struct serial *serial, char *ret_text, size_t len)
{
	const struct modem_config *config = serial->config;

	snprintf(ret_text, len, "%s\r\n%s\r\nRevision: %s", config->manufacturer,
		 config->model, config->revision);
	return true;
}

static bool at_manufacturer(struct serial *serial, char *ret_text, size_t len)
{
	snprintf(ret_text, len, "%s", serial->config->manufacturer);
	return true;
}

static bool at_model(struct serial *serial, char *ret_text, size_t len)
{
	snprintf(ret_text, len, "%s", serial->config->model);
	return true;
}

static bool at_revision(struct serial *serial, char *ret_text, size_t len)
{
	snprintf(ret_text, len, "%s", serial->config->revision);
	return true;
}

static bool at_imei(struct serial *serial, char *ret_text, size_t len)
{
	snprintf(ret_text, len, "%s", serial->config->imei);
	return true;
}

static bool at_capabilities(struct serial *serial, char *ret_text, size_t len)
{
	(void)serial;
	snprintf(ret_text, len, "+GCAP: +CGSM");
	return true;
}

/* The firmware half answers "sim.cpin" with the word of 3GPP TS 27.007. */
static bool at_pin(struct serial *serial, char *ret_text, size_t len)
{
	char word[32];

	if (!serial->modem || modem_get(serial->modem, "sim.cpin", word, sizeof(word)))
		return false;
	snprintf(ret_text, len, "+CPIN: %s", word);
	return true;
}

static const struct at_command at_commands[] = {
	{ "", at_ok },
	{ "Z", at_echo_on },
	{ "&F", at_echo_on },
	{ "E", at_echo_off },
	{ "E0", at_echo_off },
	{ "E1", at_echo_on },
	{ "V1", at_ok },
	{ "X4", at_ok },
	{ "&C1", at_ok },
	{ "H", at_ok },
	{ "+CMEE=0", at_causes_off },
	{ "+CMEE=1", at_causes_on },
	{ "+CMEE?", at_causes },
	{ "I", at_information },
	{ "I0", at_information },
	{ "+CGMI", at_manufacturer },
	{ "+GMI", at_manufacturer },
	{ "+CGMM", at_model },
	{ "+GMM", at_model },
	{ "+CGMR", at_revision },
	{ "+GMR", at_revision },
	{ "+CGSN", at_imei },
	{ "+GSN", at_imei },
	{ "+GCAP", at_capabilities },
	{ "+CPIN?", at_pin },
};

/* 0, a cause of +CME ERROR, or a negative errno: ERROR */
static int at_run(struct serial *serial, const char *command, char *ret_text, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(at_commands); i++)
		if (!strcasecmp(at_commands[i].name, command))
			return at_commands[i].run(serial, ret_text, len) ? 0 : -EIO;
	return serial->modem ? modem_at(serial->modem, command, ret_text, len) : -ENOENT;
}

/* The result code, in the form that +CMEE chose */
static void serial_result(struct serial *serial, int ret)
{
	char text[32];

	if (ret > 0 && serial->causes) {
		snprintf(text, sizeof(text), "\r\n+CME ERROR: %d\r\n", ret);
		serial_write(serial, text);
	} else {
		serial_write(serial, ret ? "\r\nERROR\r\n" : "\r\nOK\r\n");
	}
}

static void serial_noise(struct serial *serial)
{
	uint8_t noise[NOISE_MAX];

	noise_fill(noise, sizeof(noise));
	endpoint_send(serial->in, noise, sizeof(noise));
	serial->garbage--;
}

/*
 * Runs one command line. Extended commands after a semicolon, and basic ones
 * strung together (ATE0V1), stop at the first that fails, as V.250 wants.
 */
static void serial_line(struct serial *serial, const char *line)
{
	char text[256], *command, *save = NULL, *copy;
	int ret = 0;

	if (strncasecmp(line, "AT", 2))
		return;
	if (serial->garbage)
		serial_noise(serial);
	copy = g_strdup(line + 2);
	for (command = strtok_r(copy, ";", &save); command && !ret;
	     command = strtok_r(NULL, ";", &save)) {
		/* V1 and X4 behind E0 are what chat scripts begin with. */
		if (!strncasecmp(command, "E0V1", 4)) {
			serial->echo = false;
			continue;
		}
		ret = at_run(serial, command, text, sizeof(text));
		if (!ret && text[0]) {
			serial_write(serial, "\r\n");
			serial_write(serial, text);
			serial_write(serial, "\r\n");
		}
	}
	g_free(copy);
	serial_result(serial, ret);
}

static void serial_char(struct serial *serial, char c)
{
	if (c == '\r') {
		serial->line[serial->len] = '\0';
		if (serial->overrun)
			serial_write(serial, "\r\nERROR\r\n");
		else
			serial_line(serial, serial->line);
		serial->len = 0;
		serial->overrun = false;
	} else if (c == '\n' || c == '\0') {
		return;
	} else if (serial->len + 1 < sizeof(serial->line)) {
		serial->line[serial->len++] = c;
	} else {
		serial->overrun = true;
	}
}

static void serial_receive(void *ctx, const uint8_t *data, size_t len)
{
	struct serial *serial = ctx;
	size_t i;

	if (serial->role != INTERFACE_AT || serial->hang)
		return;
	if (serial->echo)
		endpoint_send(serial->in, data, len);
	for (i = 0; i < len; i++)
		serial_char(serial, (char)data[i]);
}

static void serial_control(void *ctx, struct urb *urb)
{
	struct serial *serial = ctx;
	bool in = urb->setup.request_type & USB_DIR_IN;

	switch (urb->setup.request) {
	case USB_CDC_SET_LINE_CODING:
		if (in || urb->length != sizeof(serial->line_coding))
			break;
		memcpy(serial->line_coding, urb->data, urb->length);
		usbdev_complete(serial->dev, urb, 0);
		return;
	case USB_CDC_GET_LINE_CODING:
		if (!in)
			break;
		urb->actual = MIN(urb->length, sizeof(serial->line_coding));
		memcpy(urb->data, serial->line_coding, urb->actual);
		usbdev_complete(serial->dev, urb, 0);
		return;
	case USB_CDC_SET_CONTROL_LINE_STATE:
	case USB_CDC_SEND_BREAK:
		if (in)
			break;
		usbdev_complete(serial->dev, urb, 0);
		return;
	}
	usbdev_complete(serial->dev, urb, -EPIPE);
}

static bool serial_cancel(void *ctx, uint64_t id)
{
	(void)ctx;
	(void)id;
	return false;
}

static void serial_reset(void *ctx)
{
	struct serial *serial = ctx;

	serial->echo = true;
	serial->causes = false;
	serial->len = 0;
	serial->overrun = false;
}

static const struct function_ops serial_ops = {
	.control = serial_control,
	.cancel = serial_cancel,
	.reset = serial_reset,
};

struct serial *serial_new(struct usbdev *dev, unsigned int index)
{
	const struct identity *id = usbdev_descriptors(dev)->identity;
	struct serial *serial = g_malloc0(sizeof(*serial));

	serial->dev = dev;
	serial->role = id->interfaces[index].role;
	serial->in = usbdev_endpoint(dev, index, USBDEV_PIPE_IN);
	serial->echo = true;
	usbdev_set_function(dev, index, &serial_ops, serial);
	usbdev_set_receiver(dev, index, serial_receive, serial);
	return serial;
}

void serial_free(struct serial *serial)
{
	if (serial && serial->hang)
		g_source_remove(serial->hang);
	g_free(serial);
}

static gboolean hang_ends(gpointer data)
{
	struct serial *serial = data;

	serial->hang = 0;
	return G_SOURCE_REMOVE;
}

void serial_hang(struct serial *serial, unsigned int ms)
{
	if (serial->hang)
		g_source_remove(serial->hang);
	/* what was typed so far is lost with the rest */
	serial->len = 0;
	serial->hang = g_timeout_add(ms, hang_ends, serial);
}

void serial_garbage(struct serial *serial, unsigned int n)
{
	serial->garbage = n;
}

void serial_set_modem(struct serial *serial, struct modem *modem,
		      const struct modem_config *config)
{
	serial->modem = modem;
	serial->config = config;
}
