// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: USB/IP as vhci-hcd speaks it, and a port of it that is really free. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../tools/sim/bytes.h"
#include "simhost.h"

#define HEADER		48
#define CMD_SUBMIT	1
#define CMD_UNLINK	2
#define RET_SUBMIT	3
#define RET_UNLINK	4
#define ZERO_PACKET	0x40

/* The kernel's end of the last socket pair, which it would have taken over. */
static int kernel_fd = -1;
static unsigned int pairs;
static char directory[] = "/tmp/sim-vhci.XXXXXX";

int socketpair(int domain, int type, int protocol, int fds[2])
{
	if (syscall(SYS_socketpair, domain, type, protocol, fds))
		return -1;
	if (kernel_fd >= 0)
		close(kernel_fd);
	kernel_fd = dup(fds[1]);
	pairs++;
	return 0;
}

/* --- the controller ------------------------------------------------------------ */

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	ASSERT_TRUE(file);
	fputs(text, file);
	ASSERT_EQ(0, fclose(file));
}

/* Ports 0 and 1 for high speed, 2 for SuperSpeed, in these states. */
static void put_status(unsigned int zero, unsigned int one, unsigned int two)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "hub port sta spd dev      sockfd local_busid\n"
		 "hs  0000 %03u 000 00000000 000000 0-0\n"
		 "hs  0001 %03u 000 00000000 000000 0-0\n"
		 "ss  0002 %03u 000 00000000 000000 0-0\n", zero, one, two);
	put_file("vhci/status", text);
}

static void controller(unsigned int zero, unsigned int one, unsigned int two)
{
	ASSERT_TRUE(mkdtemp(directory));
	ASSERT_EQ(0, chdir(directory));
	ASSERT_EQ(0, mkdir("vhci", 0700));
	put_status(zero, one, two);
	put_file("vhci/attach", "");
}

/* What was last written to the attach file: port, devid and speed. */
static void read_attach(unsigned int *ret_port, unsigned int *ret_speed)
{
	FILE *file = fopen("vhci/attach", "re");
	unsigned int fd, devid;

	ASSERT_TRUE(file);
	ASSERT_EQ(4, fscanf(file, "%u %u %u %u", ret_port, &fd, &devid, ret_speed));
	fclose(file);
	EXPECT_EQ(1 << 16 | 2, devid);
}

static void attach(void)
{
	simhost.transport->ops->attach(simhost.transport);
	clock_settle();
}

static void start(void)
{
	controller(4, 4, 4);
	simhost_start(vhci_new());
	attach();
	ASSERT_EQ(1, simhost.attached);
}

/* Files are the test's own: no sysfs is left behind. */
static void finish(void)
{
	simhost_free();
	unlink("vhci/status.1");
	unlink("vhci/status");
	unlink("vhci/attach");
	rmdir("vhci");
	ASSERT_EQ(0, chdir("/"));
	EXPECT_EQ(0, rmdir(directory));
}

/* --- its messages ---------------------------------------------------------------- */

static void put_submit(uint8_t *p, uint32_t seq, uint8_t ep, uint32_t len,
		       const uint8_t *setup)
{
	memset(p, 0, HEADER);
	put_be32(p, CMD_SUBMIT);
	put_be32(p + 4, seq);
	put_be32(p + 8, 1 << 16 | 2);
	put_be32(p + 12, ep >> 7);
	put_be32(p + 16, ep & 0x0f);
	put_be32(p + 24, len);
	if (setup)
		memcpy(p + 40, setup, 8);
}

static void kernel_send(const void *data, size_t len)
{
	ASSERT_EQ(len, send(kernel_fd, data, len, MSG_NOSIGNAL));
	clock_settle();
}

static void submit(uint32_t seq, uint8_t ep, uint32_t len, const void *data)
{
	static uint8_t message[HEADER + 65536];

	put_submit(message, seq, ep, len, NULL);
	put_be32(message + 20, ZERO_PACKET);
	if (!(ep & USB_DIR_IN))
		memcpy(message + HEADER, data, len);
	kernel_send(message, HEADER + (ep & USB_DIR_IN ? 0 : len));
}

static void request(uint32_t seq, const uint8_t *setup)
{
	uint8_t message[HEADER];

	put_submit(message, seq, setup[0] & USB_DIR_IN, setup[6], setup);
	kernel_send(message, sizeof(message));
}

static void unlink_block(uint32_t seq, uint32_t victim)
{
	uint8_t message[HEADER] = { 0 };

	put_be32(message, CMD_UNLINK);
	put_be32(message + 4, seq);
	put_be32(message + 20, victim);
	kernel_send(message, sizeof(message));
}

static uint8_t reply[HEADER + 65536];

/* Reads exactly @len bytes, as many as it takes; fails if they do not come. */
static void kernel_read(uint8_t *to, size_t len)
{
	ssize_t n;

	while (len) {
		clock_settle();
		n = recv(kernel_fd, to, len, MSG_DONTWAIT);
		ASSERT_LT(0, n);
		to += n;
		len -= (size_t)n;
	}
}

/* The next answer is this one; returns what it carries. */
static const uint8_t *answered(uint32_t command, uint32_t seq, int status, size_t actual,
			       bool in)
{
	kernel_read(reply, HEADER);
	EXPECT_EQ(command, get_be32(reply));
	EXPECT_EQ(seq, get_be32(reply + 4));
	EXPECT_EQ(status, (int32_t)get_be32(reply + 20));
	if (command == RET_SUBMIT)
		EXPECT_EQ(actual, get_be32(reply + 24));
	if (in)
		kernel_read(reply + HEADER, actual);
	return reply + HEADER;
}

static bool is_silent(void)
{
	uint8_t byte;

	clock_settle();
	return recv(kernel_fd, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static void configure(void)
{
	static const uint8_t setup[8] = { 0, USB_REQ_SET_CONFIGURATION, 1 };

	request(1, setup);
	answered(RET_SUBMIT, 1, 0, 0, false);
	EXPECT_EQ(1, simhost.configured);
}

/* --- tests ------------------------------------------------------------------------ */

TEST(it_takes_a_free_port_of_its_speed)
{
	unsigned int port, speed;

	controller(6, 4, 4);
	simhost_start(vhci_new());
	attach();
	EXPECT_EQ(1, simhost.attached);
	EXPECT_STREQ("vhci port 1", simhost.said);
	read_attach(&port, &speed);
	EXPECT_EQ(1, port);
	EXPECT_EQ(3, speed);
	simhost.transport->ops->detach(simhost.transport);
	simhost.transport->speed = USB_SPEED_SUPER;
	put_status(4, 6, 4);
	attach();
	/* Not at once: the port it had may become free again. */
	clock_pass(3000);
	read_attach(&port, &speed);
	EXPECT_EQ(2, port);
	EXPECT_EQ(5, speed);
	finish();
}

TEST(it_comes_back_to_its_port)
{
	unsigned int port, speed;

	controller(6, 4, 4);
	simhost_start(vhci_new());
	attach();
	simhost.transport->ops->detach(simhost.transport);
	/* The kernel is slow to free it; the other one it does not want. */
	put_status(4, 6, 4);
	attach();
	EXPECT_EQ(1, simhost.attached);
	clock_pass(1000);
	EXPECT_EQ(1, simhost.attached);
	put_status(4, 4, 4);
	clock_pass(100);
	EXPECT_EQ(2, simhost.attached);
	read_attach(&port, &speed);
	EXPECT_EQ(1, port);
	finish();
}

TEST(it_waits_for_a_port)
{
	controller(6, 6, 4);
	simhost_start(vhci_new());
	attach();
	clock_pass(5000);
	EXPECT_EQ(0, simhost.attached);
	put_status(6, 4, 4);
	clock_pass(100);
	EXPECT_EQ(1, simhost.attached);
	EXPECT_EQ(0, simhost.failed);
	finish();
}

TEST(it_gives_up_after_ten_seconds)
{
	controller(6, 6, 4);
	simhost_start(vhci_new());
	attach();
	clock_pass(9000);
	EXPECT_EQ(0, simhost.failed);
	clock_pass(2000);
	EXPECT_EQ(1, simhost.failed);
	EXPECT_TRUE(strstr(simhost.said, "no free port"));
	finish();
}

TEST(it_looks_at_every_controller)
{
	controller(6, 6, 6);
	put_file("vhci/status.1", "hub port sta spd dev sockfd local_busid\n"
				  "hs  0016 004 000 00000000 000000 0-0\n");
	simhost_start(vhci_new());
	attach();
	EXPECT_STREQ("vhci port 16", simhost.said);
	finish();
}

TEST(errors_are_told)
{
	controller(4, 4, 4);
	simhost_start(vhci_new());
	unlink("vhci/attach");
	ASSERT_EQ(0, symlink("/dev/full", "vhci/attach"));
	attach();
	EXPECT_EQ(1, simhost.failed);
	EXPECT_TRUE(strstr(simhost.said, "No space left"));
	unlink("vhci/status");
	attach();
	EXPECT_EQ(2, simhost.failed);
	EXPECT_TRUE(strstr(simhost.said, "is vhci-hcd loaded?"));
	finish();
}

TEST(control_requests)
{
	static const uint8_t get[8] = { 0x80, USB_REQ_GET_DESCRIPTOR, 0, 1, 0, 0, 64 };
	static const uint8_t wrong[8] = { 0x80, 0x77, 0, 0, 0, 0, 64 };
	const uint8_t *data;

	start();
	request(7, get);
	data = answered(RET_SUBMIT, 7, 0, 18, true);
	EXPECT_EQ(18, data[0]);
	EXPECT_EQ(0x16d8, get_le16(data + 8));
	EXPECT_EQ(0x6003, get_le16(data + 10));
	request(8, wrong);
	answered(RET_SUBMIT, 8, -EPIPE, 0, true);
	configure();
	EXPECT_TRUE(is_silent());
	finish();
}

TEST(bulk_both_ways)
{
	uint8_t sent[3000];
	size_t i;

	start();
	configure();
	for (i = 0; i < sizeof(sent); i++)
		sent[i] = i * 7;
	submit(10, simhost_address(USBDEV_PIPE_OUT), sizeof(sent), sent);
	answered(RET_SUBMIT, 10, 0, sizeof(sent), false);
	submit(11, simhost_address(USBDEV_PIPE_IN), 4096, NULL);
	EXPECT_FALSE(memcmp(sent, answered(RET_SUBMIT, 11, 0, sizeof(sent), true),
			    sizeof(sent)));
	/* Babble: a packet that does not fit. */
	submit(12, simhost_address(USBDEV_PIPE_IN), 100, NULL);
	submit(13, simhost_address(USBDEV_PIPE_OUT), 300, sent);
	answered(RET_SUBMIT, 13, 0, 300, false);
	answered(RET_SUBMIT, 12, -EOVERFLOW, 0, true);
	finish();
}

TEST(messages_come_in_pieces)
{
	uint8_t message[2 * HEADER + 20];
	size_t i;

	start();
	configure();
	put_submit(message, 20, simhost_address(USBDEV_PIPE_OUT), 20, NULL);
	memset(message + HEADER, 0x5a, 20);
	put_submit(message + HEADER + 20, 21, simhost_address(USBDEV_PIPE_IN), 64, NULL);
	for (i = 0; i < sizeof(message); i++)
		kernel_send(message + i, 1);
	answered(RET_SUBMIT, 20, 0, 20, false);
	EXPECT_EQ(0x5a, answered(RET_SUBMIT, 21, 0, 20, true)[19]);
	/* And several at once. */
	kernel_send(message, sizeof(message));
	answered(RET_SUBMIT, 20, 0, 20, false);
	answered(RET_SUBMIT, 21, 0, 20, true);
	finish();
}

TEST(unlink_says_whether_it_was_in_time)
{
	start();
	configure();
	submit(30, simhost_address(USBDEV_PIPE_IN), 512, NULL);
	unlink_block(31, 30);
	answered(RET_UNLINK, 31, -ECONNRESET, 0, false);
	/* Nothing takes its data now; one that was answered is too late. */
	submit(32, simhost_address(USBDEV_PIPE_OUT), 4, "abcd");
	answered(RET_SUBMIT, 32, 0, 4, false);
	EXPECT_TRUE(is_silent());
	unlink_block(33, 32);
	answered(RET_UNLINK, 33, 0, 0, false);
	submit(34, simhost_address(USBDEV_PIPE_IN), 512, NULL);
	EXPECT_FALSE(memcmp("abcd", answered(RET_SUBMIT, 34, 0, 4, true), 4));
	finish();
}

/* A host that does not read for a while gets everything later, in order. */
TEST(a_full_socket_loses_nothing)
{
	static uint8_t block[16384];
	const unsigned int n = 400;
	unsigned int i;

	start();
	configure();
	for (i = 0; i < n; i++)
		submit(100 + i, simhost_address(USBDEV_PIPE_IN), 20000, NULL);
	for (i = 0; i < n; i++) {
		block[0] = i;
		endpoint_send(simhost_endpoint(USBDEV_PIPE_IN), block, sizeof(block) - 1);
	}
	for (i = 0; i < n; i++)
		EXPECT_EQ((uint8_t)i, answered(RET_SUBMIT, 100 + i, 0,
					       sizeof(block) - 1, true)[0]);
	EXPECT_TRUE(is_silent());
	finish();
}

static void loses(const void *data, size_t len)
{
	start();
	if (len)
		kernel_send(data, len);
	else
		shutdown(kernel_fd, SHUT_RDWR);
	clock_settle();
	EXPECT_EQ(1, simhost.lost);
	EXPECT_STREQ("the host controller closed the port", simhost.said);
	/* It can be plugged in again. */
	ASSERT_EQ(0, usbdev_connect(simhost.dev, simhost.transport));
	attach();
	EXPECT_EQ(2, simhost.attached);
	configure();
	finish();
}

TEST(a_closed_port_is_noticed)
{
	loses(NULL, 0);
}

TEST(what_is_no_message_ends_the_connection)
{
	uint8_t message[HEADER];

	put_submit(message, 1, 0x81, 64, NULL);
	put_be32(message, 99);
	loses(message, sizeof(message));
}

TEST(more_than_a_block_may_hold_ends_it_too)
{
	uint8_t message[HEADER];

	put_submit(message, 1, 0x81, URB_LENGTH_MAX + 1, NULL);
	loses(message, sizeof(message));
}

TEST_HARNESS_MAIN
