// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: the device as QEMU sees it through usb-redir; the test is QEMU. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <usbredirparser.h>

#include <glib.h>

#include "simhost.h"

static char path[] = "/tmp/sim-usbredir.XXXXXX";
static int listener = -1, qemu_fd = -1;
static struct usbredirparser *qemu;

/* What came last, and how often. */
static struct {
	unsigned int hello, interfaces, endpoints, connects;
	unsigned int configurations, alternates, controls, bulks, interrupts;
	unsigned int stops, starts;
	struct usb_redir_interface_info_header interface;
	struct usb_redir_ep_info_header endpoint;
	struct usb_redir_device_connect_header device;
	struct usb_redir_configuration_status_header configuration;
	uint64_t id;
	uint8_t status;
	size_t len;
	uint8_t data[65536];
} seen;

/* --- QEMU -------------------------------------------------------------------------- */

static void on_log(void *priv, int level, const char *text)
{
	(void)priv;
	if (level <= usbredirparser_warning)
		harness_fail(__FILE__, __LINE__, false, "%s", text);
}

static int on_read(void *priv, uint8_t *data, int count)
{
	ssize_t n = recv(qemu_fd, data, count, MSG_DONTWAIT);

	(void)priv;
	return n < 0 ? 0 : n ? n : -1;
}

static int on_write(void *priv, uint8_t *data, int count)
{
	ssize_t n = send(qemu_fd, data, count, MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)priv;
	return n < 0 ? 0 : n;
}

static void on_hello(void *priv, struct usb_redir_hello_header *hello)
{
	(void)priv;
	(void)hello;
	seen.hello++;
}

static void on_interfaces(void *priv, struct usb_redir_interface_info_header *info)
{
	(void)priv;
	seen.interface = *info;
	seen.interfaces++;
}

static void on_endpoints(void *priv, struct usb_redir_ep_info_header *info)
{
	(void)priv;
	seen.endpoint = *info;
	seen.endpoints++;
}

static void on_connect(void *priv, struct usb_redir_device_connect_header *device)
{
	(void)priv;
	seen.device = *device;
	seen.connects++;
}

static void on_configuration(void *priv, uint64_t id,
			     struct usb_redir_configuration_status_header *status)
{
	(void)priv;
	seen.id = id;
	seen.configuration = *status;
	seen.configurations++;
}

static void on_alternate(void *priv, uint64_t id,
			 struct usb_redir_alt_setting_status_header *status)
{
	(void)priv;
	seen.id = id;
	seen.status = status->status;
	seen.alternates++;
}

static void keep(uint64_t id, uint8_t status, uint8_t *data, int len)
{
	seen.id = id;
	seen.status = status;
	seen.len = len;
	ASSERT_LE(seen.len, sizeof(seen.data));
	if (len)
		memcpy(seen.data, data, len);
	usbredirparser_free_packet_data(qemu, data);
}

static void on_control(void *priv, uint64_t id,
		       struct usb_redir_control_packet_header *header, uint8_t *data,
		       int len)
{
	(void)priv;
	keep(id, header->status, data, len);
	seen.controls++;
}

static void on_bulk(void *priv, uint64_t id,
		    struct usb_redir_bulk_packet_header *header, uint8_t *data, int len)
{
	(void)priv;
	keep(id, header->status, data, len);
	seen.bulks++;
}

static void on_interrupt(void *priv, uint64_t id,
			 struct usb_redir_interrupt_packet_header *header,
			 uint8_t *data, int len)
{
	(void)priv;
	keep(id, header->status, data, len);
	seen.interrupts++;
}

static void on_receiving(void *priv, uint64_t id,
			 struct usb_redir_interrupt_receiving_status_header *status)
{
	(void)priv;
	seen.id = id;
	seen.status = status->status;
	if (status->status == usb_redir_stall)
		seen.stops++;
	else
		seen.starts++;
}

static void qemu_new(void)
{
	static const int wanted[] = {
		usb_redir_cap_connect_device_version,
		usb_redir_cap_ep_info_max_packet_size,
		usb_redir_cap_64bits_ids,
		usb_redir_cap_32bits_bulk_length,
	};
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		usbredirparser_caps_set_cap(caps, wanted[i]);
	qemu = usbredirparser_create();
	qemu->log_func = on_log;
	qemu->read_func = on_read;
	qemu->write_func = on_write;
	qemu->hello_func = on_hello;
	qemu->interface_info_func = on_interfaces;
	qemu->ep_info_func = on_endpoints;
	qemu->device_connect_func = on_connect;
	qemu->configuration_status_func = on_configuration;
	qemu->alt_setting_status_func = on_alternate;
	qemu->control_packet_func = on_control;
	qemu->bulk_packet_func = on_bulk;
	qemu->interrupt_packet_func = on_interrupt;
	qemu->interrupt_receiving_status_func = on_receiving;
	usbredirparser_init(qemu, "QEMU, or so", caps, USB_REDIR_CAPS_SIZE, 0);
}

/* Both sides talk until they have nothing more to say. */
static void talk(void)
{
	unsigned int idle = 0, before;

	while (idle < 3) {
		before = seen.hello + seen.endpoints + seen.connects + seen.controls +
			 seen.bulks + seen.interrupts + seen.configurations;
		while (usbredirparser_has_data_to_write(qemu))
			ASSERT_EQ(0, usbredirparser_do_write(qemu));
		clock_settle();
		if (usbredirparser_do_read(qemu))
			break;
		idle = before == seen.hello + seen.endpoints + seen.connects +
				 seen.controls + seen.bulks + seen.interrupts +
				 seen.configurations ? idle + 1 : 0;
	}
}

static void qemu_listen(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(address.sun_path, path);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0, bind(listener, (struct sockaddr *)&address, sizeof(address)));
	ASSERT_EQ(0, listen(listener, 1));
}

static void qemu_accept(void)
{
	qemu_fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ASSERT_LE(0, qemu_fd);
	qemu_new();
	talk();
}

static void prepare(void)
{
	int fd = mkstemp(path);

	ASSERT_LE(0, fd);
	close(fd);
	unlink(path);
	simhost_start(usbredir_new(path));
}

static void start(void)
{
	prepare();
	qemu_listen();
	simhost.transport->ops->attach(simhost.transport);
	qemu_accept();
	ASSERT_EQ(1, simhost.attached);
}

static void finish(void)
{
	simhost_free();
	if (qemu)
		usbredirparser_destroy(qemu);
	close(qemu_fd);
	close(listener);
	unlink(path);
}

static void configure(void)
{
	struct usb_redir_set_configuration_header set = { .configuration = 1 };

	usbredirparser_send_set_configuration(qemu, 5, &set);
	talk();
	EXPECT_EQ(5, seen.id);
	EXPECT_EQ(usb_redir_success, seen.configuration.status);
	EXPECT_EQ(1, seen.configuration.configuration);
	EXPECT_EQ(1, simhost.configured);
}

static void bulk(uint64_t id, enum usbdev_pipe pipe, const void *data, size_t len)
{
	struct usb_redir_bulk_packet_header header = {
		.endpoint = simhost_address(pipe),
		.length = len & 0xffff,
		.length_high = len >> 16,
	};

	usbredirparser_send_bulk_packet(qemu, id, &header, (uint8_t *)data,
					data ? len : 0);
	talk();
}

static void listen_for_notifications(uint8_t endpoint)
{
	struct usb_redir_start_interrupt_receiving_header header = {
		.endpoint = endpoint,
	};

	usbredirparser_send_start_interrupt_receiving(qemu, 9, &header);
	talk();
}

/* --- tests ------------------------------------------------------------------------- */

TEST(the_device_is_announced)
{
	unsigned int in, out, irq;

	start();
	EXPECT_STREQ(path, simhost.said);
	EXPECT_EQ(1, seen.connects);
	EXPECT_EQ(usb_redir_speed_high, seen.device.speed);
	EXPECT_EQ(0x16d8, seen.device.vendor_id);
	EXPECT_EQ(0x6003, seen.device.product_id);
	EXPECT_EQ(1, seen.interface.interface_count);
	EXPECT_EQ(0xff, seen.interface.interface_class[0]);
	in = 0x10 | (simhost_address(USBDEV_PIPE_IN) & 0x0f);
	out = simhost_address(USBDEV_PIPE_OUT);
	irq = 0x10 | (simhost_address(USBDEV_PIPE_NOTIFY) & 0x0f);
	EXPECT_EQ(usb_redir_type_bulk, seen.endpoint.type[in]);
	EXPECT_EQ(usb_redir_type_bulk, seen.endpoint.type[out]);
	EXPECT_EQ(usb_redir_type_interrupt, seen.endpoint.type[irq]);
	EXPECT_EQ(512, seen.endpoint.max_packet_size[in]);
	EXPECT_EQ(usb_redir_type_control, seen.endpoint.type[0]);
	EXPECT_EQ(usb_redir_type_invalid, seen.endpoint.type[0x1f]);
	finish();
}

TEST(it_waits_for_qemu)
{
	prepare();
	simhost.transport->ops->attach(simhost.transport);
	clock_pass(60000);
	EXPECT_EQ(0, simhost.attached + simhost.failed);
	qemu_listen();
	clock_pass(100);
	qemu_accept();
	EXPECT_EQ(1, simhost.attached);
	finish();
}

TEST(it_does_not_wait_for_ever)
{
	prepare();
	simhost.transport->ops->attach(simhost.transport);
	clock_pass(301000);
	EXPECT_EQ(1, simhost.failed);
	EXPECT_TRUE(strstr(simhost.said, path));
	finish();
}

TEST(a_path_has_an_end)
{
	char *far = g_strnfill(200, 'x');

	EXPECT_FALSE(usbredir_new(far));
	g_free(far);
}

TEST(configuration_and_alternate_settings)
{
	struct usb_redir_set_configuration_header wrong = { .configuration = 3 };
	struct usb_redir_set_alt_setting_header alternate = { .interface = 0 };
	struct usb_redir_get_alt_setting_header which = { .interface = 0 };

	start();
	configure();
	/* QEMU takes the endpoints from what is announced again. */
	EXPECT_EQ(2, seen.endpoints);
	usbredirparser_send_set_configuration(qemu, 6, &wrong);
	talk();
	EXPECT_EQ(usb_redir_stall, seen.configuration.status);
	EXPECT_EQ(1, seen.configuration.configuration);
	usbredirparser_send_get_configuration(qemu, 7);
	talk();
	EXPECT_EQ(7, seen.id);
	EXPECT_EQ(1, seen.configuration.configuration);
	usbredirparser_send_set_alt_setting(qemu, 8, &alternate);
	talk();
	EXPECT_EQ(usb_redir_success, seen.status);
	alternate.alt = 1;
	usbredirparser_send_set_alt_setting(qemu, 8, &alternate);
	talk();
	EXPECT_EQ(usb_redir_stall, seen.status);
	usbredirparser_send_get_alt_setting(qemu, 8, &which);
	talk();
	EXPECT_EQ(3, seen.alternates);
	EXPECT_EQ(usb_redir_success, seen.status);
	finish();
}

TEST(control_requests)
{
	struct usb_redir_control_packet_header header = {
		.endpoint = 0x80, .request = USB_REQ_GET_DESCRIPTOR,
		.requesttype = 0x80, .value = 0x100, .length = 64,
	};

	start();
	usbredirparser_send_control_packet(qemu, 77, &header, NULL, 0);
	talk();
	EXPECT_EQ(77, seen.id);
	EXPECT_EQ(usb_redir_success, seen.status);
	EXPECT_EQ(18, seen.len);
	EXPECT_EQ(18, seen.data[0]);
	header.request = 0x77;
	usbredirparser_send_control_packet(qemu, 78, &header, NULL, 0);
	talk();
	EXPECT_EQ(usb_redir_stall, seen.status);
	EXPECT_EQ(0, seen.len);
	finish();
}

TEST(bulk_both_ways)
{
	uint8_t sent[3000];
	size_t i;

	start();
	configure();
	for (i = 0; i < sizeof(sent); i++)
		sent[i] = i * 5;
	bulk(100, USBDEV_PIPE_OUT, sent, sizeof(sent));
	EXPECT_EQ(100, seen.id);
	EXPECT_EQ(usb_redir_success, seen.status);
	bulk(101, USBDEV_PIPE_IN, NULL, 4096);
	EXPECT_EQ(101, seen.id);
	ASSERT_EQ(sizeof(sent), seen.len);
	EXPECT_FALSE(memcmp(sent, seen.data, seen.len));
	/* A length above 16 bits */
	bulk(102, USBDEV_PIPE_IN, NULL, 70000);
	for (i = 0; i < 20; i++)
		endpoint_send_unended(simhost_endpoint(USBDEV_PIPE_IN), sent, 2560);
	endpoint_send(simhost_endpoint(USBDEV_PIPE_IN), sent, 100);
	talk();
	EXPECT_EQ(102, seen.id);
	EXPECT_EQ(20 * 2560 + 100, seen.len);
	bulk(103, USBDEV_PIPE_IN, NULL, 100);
	endpoint_send(simhost_endpoint(USBDEV_PIPE_IN), sent, 300);
	talk();
	EXPECT_EQ(usb_redir_babble, seen.status);
	endpoint_halt(simhost_endpoint(USBDEV_PIPE_OUT));
	bulk(104, USBDEV_PIPE_OUT, sent, 10);
	EXPECT_EQ(usb_redir_stall, seen.status);
	finish();
}

TEST(what_waits_can_be_cancelled)
{
	start();
	configure();
	bulk(200, USBDEV_PIPE_IN, NULL, 512);
	EXPECT_EQ(0, seen.bulks);
	usbredirparser_send_cancel_data_packet(qemu, 200);
	talk();
	EXPECT_EQ(1, seen.bulks);
	EXPECT_EQ(200, seen.id);
	EXPECT_EQ(usb_redir_cancelled, seen.status);
	/* Once; and what came too late is no answer at all. */
	usbredirparser_send_cancel_data_packet(qemu, 200);
	usbredirparser_send_cancel_data_packet(qemu, 201);
	talk();
	EXPECT_EQ(1, seen.bulks);
	finish();
}

TEST(notifications_are_pushed)
{
	struct usb_redir_stop_interrupt_receiving_header stop = { 0 };
	uint8_t note[8] = { 0xa1, 1 }, endpoint;

	start();
	configure();
	endpoint = simhost_address(USBDEV_PIPE_NOTIFY);
	listen_for_notifications(endpoint);
	EXPECT_EQ(1, seen.starts);
	EXPECT_EQ(9, seen.id);
	endpoint_send(simhost_endpoint(USBDEV_PIPE_NOTIFY), note, sizeof(note));
	endpoint_send(simhost_endpoint(USBDEV_PIPE_NOTIFY), note, sizeof(note));
	talk();
	EXPECT_EQ(2, seen.interrupts);
	EXPECT_EQ(8, seen.len);
	EXPECT_EQ(0xa1, seen.data[0]);
	/* A halt ends it, and QEMU is told. */
	endpoint_halt(simhost_endpoint(USBDEV_PIPE_NOTIFY));
	talk();
	EXPECT_EQ(1, seen.stops);
	endpoint_clear_halt(simhost_endpoint(USBDEV_PIPE_NOTIFY));
	endpoint_send(simhost_endpoint(USBDEV_PIPE_NOTIFY), note, sizeof(note));
	talk();
	EXPECT_EQ(2, seen.interrupts);
	listen_for_notifications(endpoint);
	EXPECT_EQ(3, seen.interrupts);
	stop.endpoint = endpoint;
	usbredirparser_send_stop_interrupt_receiving(qemu, 10, &stop);
	talk();
	EXPECT_EQ(10, seen.id);
	endpoint_send(simhost_endpoint(USBDEV_PIPE_NOTIFY), note, sizeof(note));
	talk();
	EXPECT_EQ(3, seen.interrupts);
	/* No model has an endpoint 15. */
	listen_for_notifications(0x8f);
	EXPECT_EQ(usb_redir_inval, seen.status);
	finish();
}

TEST(a_reset_unconfigures)
{
	start();
	configure();
	usbredirparser_send_reset(qemu);
	talk();
	EXPECT_FALSE(usbdev_is_configured(simhost.dev));
	configure();
	finish();
}

TEST(a_closed_connection_is_noticed)
{
	start();
	configure();
	close(qemu_fd);
	qemu_fd = -1;
	clock_settle();
	EXPECT_EQ(1, simhost.lost);
	EXPECT_STREQ("QEMU closed the connection", simhost.said);
	finish();
}

TEST(unplugging_closes_it)
{
	char byte;

	start();
	simhost_detach();
	EXPECT_EQ(0, recv(qemu_fd, &byte, 1, 0));
	EXPECT_EQ(0, simhost.lost);
	/* QEMU listens on, and gets the device again. */
	close(qemu_fd);
	usbredirparser_destroy(qemu);
	ASSERT_EQ(0, usbdev_connect(simhost.dev, simhost.transport));
	simhost.transport->ops->attach(simhost.transport);
	qemu_accept();
	EXPECT_EQ(2, simhost.attached);
	configure();
	finish();
}

TEST_HARNESS_MAIN
