// SPDX-License-Identifier: GPL-2.0-or-later
/* The bus and the host of the USB half's unit tests. */
#include <errno.h>
#include <stdio.h>

#include <glib.h>

#include "../../tools/sim/action.h"
#include "../../tools/sim/bytes.h"
#include "simusb.h"

#define QUICK \
	"boot.ms: 0\nsim.ready-ms: 0\nnas.register-ms: 0\nwds.connect-ms: 0\n"

struct simusb simusb;

static uint64_t last_id;
static struct scenario scenario;

/* The control request that is being waited for. */
static struct {
	uint64_t id;
	bool done;
	int status;
	void *data;
	size_t len;
} control;

static char text[4096];

/* --- host ------------------------------------------------------------------ */

static struct urb *block_new(uint8_t ep, size_t len)
{
	struct urb *urb = urb_new(len);

	urb->id = ++last_id;
	urb->ep = ep;
	return urb;
}

int simusb_control(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
		   void *data, size_t *len)
{
	struct urb *urb = block_new(type & USB_DIR_IN, *len);

	urb->setup = (struct usb_setup) { type, request, value, index, *len };
	if (!(type & USB_DIR_IN) && *len)
		memcpy(urb->data, data, *len);
	control.id = urb->id;
	control.done = false;
	control.data = data;
	control.len = 0;
	usbdev_submit(simusb.transport->dev, urb);
	/* If it ends later, @data may be gone. */
	control.id = 0;
	*len = control.len;
	return control.done ? control.status : -EINPROGRESS;
}

static int request(uint8_t type, uint8_t number, uint16_t value, uint16_t index)
{
	size_t none = 0;

	return simusb_control(type, number, value, index, NULL, &none);
}

static uint8_t address(unsigned int index, enum usbdev_pipe pipe)
{
	const struct endpoint *ep;

	ep = usbdev_endpoint(simusb.transport->dev, index, pipe);
	ASSERT_TRUE(ep);
	return ep->address;
}

static void block_post(enum usbdev_pipe pipe)
{
	usbdev_submit(simusb.transport->dev,
		      block_new(address(simusb.qmi_index, pipe),
				pipe == USBDEV_PIPE_IN ? SIMUSB_IN_LENGTH : 16));
}

static gboolean host_fetch(gpointer data)
{
	uint8_t frame[8192];
	size_t len = simusb.drain ? sizeof(frame) : MODEM_FRAME_MAX;
	int status;

	(void)data;
	if (!usbdev_is_configured(simusb.transport->dev))
		return G_SOURCE_REMOVE;
	status = simusb_control(USB_DIR_IN | USB_TYPE_CLASS | USB_RECIP_INTERFACE,
				USB_CDC_GET_ENCAPSULATED_RESPONSE, 0,
				simusb.qmi_interface, frame, &len);
	if (status == -EPIPE)
		simusb.stalled++;
	if (status || !len)
		return G_SOURCE_REMOVE;
	simusb.fetched++;
	simusb.longest = MAX(simusb.longest, len);
	if (!simusb.drain)
		simqmi_receive(0, frame, len);
	return G_SOURCE_REMOVE;
}

void simusb_unhalt(enum usbdev_pipe pipe)
{
	simusb.halts++;
	EXPECT_EQ(0, request(USB_RECIP_ENDPOINT, USB_REQ_CLEAR_FEATURE,
			     USB_FEATURE_ENDPOINT_HALT,
			     address(simusb.qmi_index, pipe)));
}

static gboolean host_clear_halt(gpointer data)
{
	enum usbdev_pipe pipe = GPOINTER_TO_UINT(data);

	if (!usbdev_is_configured(simusb.transport->dev))
		return G_SOURCE_REMOVE;
	simusb_unhalt(pipe);
	block_post(pipe);
	return G_SOURCE_REMOVE;
}

static void host_notified(const struct urb *urb)
{
	static const uint8_t want[] = { 0xa1, USB_CDC_RESPONSE_AVAILABLE, 0, 0 };

	if (urb->status == -EPIPE) {
		g_idle_add(host_clear_halt, GUINT_TO_POINTER(USBDEV_PIPE_NOTIFY));
		return;
	}
	EXPECT_EQ(0, urb->status);
	EXPECT_EQ(8, urb->actual);
	EXPECT_FALSE(memcmp(want, urb->data, sizeof(want)));
	EXPECT_EQ(simusb.qmi_interface, get_le16(urb->data + 4));
	simusb.notifications++;
	if (!simusb.deaf)
		g_idle_add(host_fetch, NULL);
	block_post(USBDEV_PIPE_NOTIFY);
}

static void host_received(const struct urb *urb)
{
	struct simusb_transfer *transfer;

	if (urb->status == -EPIPE) {
		g_idle_add(host_clear_halt, GUINT_TO_POINTER(USBDEV_PIPE_IN));
		return;
	}
	ASSERT_LT(simusb.n_in, SIMUSB_TRANSFERS);
	transfer = &simusb.in[simusb.n_in++];
	transfer->status = urb->status;
	transfer->len = urb->actual;
	memcpy(transfer->data, urb->data, urb->actual);
	if (!simusb.jammed)
		block_post(USBDEV_PIPE_IN);
}

static gboolean host_configure(gpointer data)
{
	const struct identity *id = simusb.identity;
	unsigned int i;
	int status;

	(void)data;
	if (!simusb_is_plugged())
		return G_SOURCE_REMOVE;
	EXPECT_EQ(0, request(0, USB_REQ_SET_CONFIGURATION, 1, 0));
	for (i = 0; i < id->n_interfaces; i++) {
		if (id->interfaces[i].role != INTERFACE_QMI)
			continue;
		status = request(USB_TYPE_CLASS | USB_RECIP_INTERFACE,
				 USB_CDC_SET_CONTROL_LINE_STATE, 1,
				 id->interfaces[i].number);
		/* A pipe may hang from the start. */
		EXPECT_TRUE(!status || status == -EINPROGRESS);
	}
	block_post(USBDEV_PIPE_NOTIFY);
	block_post(USBDEV_PIPE_IN);
	return G_SOURCE_REMOVE;
}

/* --- bus ------------------------------------------------------------------- */

static void bus_attach(struct transport *transport)
{
	simusb.attaches++;
	g_idle_add(host_configure, NULL);
	transport->events->attached(transport->ctx, "the test");
}

static void bus_detach(struct transport *transport)
{
	(void)transport;
	simusb.detaches++;
}

static void serial_received(const struct urb *urb)
{
	size_t len = strlen(text);

	ASSERT_LT(len + urb->actual, sizeof(text));
	memcpy(text + len, urb->data, urb->actual);
	text[len + urb->actual] = '\0';
}

static void bus_complete(struct transport *transport, struct urb *urb)
{
	(void)transport;
	if (urb->id == control.id) {
		control.done = true;
		control.status = urb->status;
		control.len = urb->actual;
		if (urb->ep & USB_DIR_IN)
			memcpy(control.data, urb->data, urb->actual);
	} else if (!(urb->ep & 0x0f) || !(urb->ep & USB_DIR_IN)) {
		;	/* nobody waits for it any more */
	} else if (urb->ep == address(simusb.qmi_index, USBDEV_PIPE_NOTIFY)) {
		host_notified(urb);
	} else if (urb->ep == address(simusb.qmi_index, USBDEV_PIPE_IN)) {
		host_received(urb);
	} else {
		serial_received(urb);
	}
	urb_free(urb);
}

static void bus_free(struct transport *transport)
{
	g_free(transport);
}

static struct transport *bus_new(void)
{
	static const struct transport_ops ops = {
		.attach = bus_attach,
		.detach = bus_detach,
		.complete = bus_complete,
		.free = bus_free,
	};

	simusb.transport = g_new0(struct transport, 1);
	simusb.transport->ops = &ops;
	return simusb.transport;
}

/* What a modem asks for by its options it gets from here. */
struct transport *vhci_new(void)
{
	return bus_new();
}

struct transport *usbredir_new(const char *path)
{
	(void)path;
	return bus_new();
}

/* --- modem ----------------------------------------------------------------- */

static void on_ready(void *ctx, const char *where, const char *error)
{
	(void)ctx;
	simusb.where = where;
	simusb.failure = error;
}

static void on_event(void *ctx, const char *name)
{
	(void)ctx;
	simqmi_event(name);
}

static void frame_send(const uint8_t *frame, size_t len)
{
	/* A hung pipe keeps it; whoever waits for the answer finds out. */
	simusb_control(USB_TYPE_CLASS | USB_RECIP_INTERFACE,
		       USB_CDC_SEND_ENCAPSULATED_COMMAND, 0, simusb.qmi_interface,
		       (void *)frame, &len);
}

unsigned int simusb_interface(enum interface_role role)
{
	const struct identity *id = simusb.identity;
	unsigned int i;

	for (i = 0; i < id->n_interfaces; i++)
		if (id->interfaces[i].role == role)
			return i;
	harness_fail(__FILE__, __LINE__, true, "%s has no such interface", id->name);
	return 0;
}

void simusb_new(const char *model, const char *rules)
{
	struct scenario_error error;
	struct vmodem_config config = {
		.identity = identity_find(model),
		.ready = on_ready,
		.event = on_event,
	};
	char err[200] = "";

	ASSERT_TRUE(config.identity);
	if (rules && scenario_parse(rules, &scenario, &error))
		harness_fail(__FILE__, __LINE__, true, "line %u: %s", error.line,
			     error.text);
	config.firmware = config.identity->firmware;
	config.speed = config.identity->speed;
	config.scenario = scenario;
	simusb.identity = config.identity;
	simusb.qmi_index = simusb_interface(INTERFACE_QMI);
	simusb.qmi_interface = simusb.identity->interfaces[simusb.qmi_index].number;
	simqmi.send = frame_send;
	simqmi.turn = clock_turn;
	if (vmodem_new(&config, err, sizeof(err), &simusb.vm))
		harness_fail(__FILE__, __LINE__, true, "%s", err);
}

int simusb_power(char *ret_err, size_t len)
{
	int ret = vmodem_start(simusb.vm, ret_err, len);

	if (!ret)
		clock_settle();
	return ret;
}

void simusb_start(const char *model, const char *rules)
{
	char *all = g_strconcat(QUICK, rules, NULL), err[200] = "";

	simusb_new(model, all);
	g_free(all);
	if (simusb_power(err, sizeof(err)))
		harness_fail(__FILE__, __LINE__, true, "%s", err);
}

void simusb_free(void)
{
	vmodem_free(simusb.vm);
	simusb.vm = NULL;
	scenario_exit(&scenario);
}

void simusb_do(const char *action)
{
	char key[SCENARIO_WORD_MAX], value[SCENARIO_WORD_MAX], err[200] = "";

	ASSERT_EQ(0, action_split(action, key, value, sizeof(key)));
	if (vmodem_do(simusb.vm, key, value, err, sizeof(err)))
		harness_fail(__FILE__, __LINE__, true, "%s: %s", action, err);
}

const char *simusb_get(const char *key)
{
	static char value[512];

	if (vmodem_get(simusb.vm, key, value, sizeof(value)))
		harness_fail(__FILE__, __LINE__, true, "no state %s", key);
	return value;
}

unsigned long simusb_stat(const char *name)
{
	const struct usb_counter *counter;
	unsigned int i;

	for (i = 0; (counter = usb_counter_at(i)); i++)
		if (!strcmp(counter->name, name))
			return usb_counter_value(vmodem_stats(simusb.vm, 0), counter);
	harness_fail(__FILE__, __LINE__, true, "no counter %s", name);
	return 0;
}

unsigned int simusb_count(const char *event)
{
	return vmodem_event_count(simusb.vm, event);
}

void simusb_register(void)
{
	if (strcmp("registered", simusb_get("nas.state")))
		simqmi_wait("nas.registered");
}

bool simusb_is_plugged(void)
{
	enum vmodem_state state = vmodem_state(simusb.vm);

	return state == VMODEM_ATTACHED || state == VMODEM_CONFIGURED;
}

/* --- pipes ----------------------------------------------------------------- */

int simusb_out(unsigned int index, const void *data, size_t len)
{
	struct urb *urb = block_new(address(index, USBDEV_PIPE_OUT), len);

	memcpy(urb->data, data, len);
	urb->zero_packet = true;
	control.id = urb->id;
	control.done = false;
	usbdev_submit(simusb.transport->dev, urb);
	ASSERT_TRUE(control.done);
	return control.status;
}

const struct simusb_transfer *simusb_in(void)
{
	static struct simusb_transfer transfer;

	clock_settle();
	if (!simusb.n_in)
		harness_fail(__FILE__, __LINE__, true, "nothing came");
	transfer = simusb.in[0];
	simusb.n_in--;
	memmove(&simusb.in[0], &simusb.in[1], simusb.n_in * sizeof(transfer));
	return &transfer;
}

const char *simusb_text(unsigned int index)
{
	uint8_t ep = address(index, USBDEV_PIPE_IN);
	size_t before;

	text[0] = '\0';
	do {
		before = strlen(text);
		usbdev_submit(simusb.transport->dev, block_new(ep, 4096));
		clock_settle();
	} while (strlen(text) > before);
	usbdev_cancel(simusb.transport->dev, last_id);
	return text;
}
