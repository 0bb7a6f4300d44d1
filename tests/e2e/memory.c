// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory is refused to whoever calls the driver, one allocation after the other. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/mux.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

/*
 * DOC: The n-th allocation
 *
 * A number written to fail-nth makes that allocation of the task fail which is
 * so many from now; reading 0 back tells that it came to that. So each call is
 * made again and again, with the 1st, the 2nd, the 3rd ... allocation refused,
 * until it needs no more than were granted. Whatever was refused must leave
 * nothing behind, which kmemleak judges at the guest's end, and the call must
 * work afterwards. What threads and interrupts allocate is the script's part.
 */

/* From here on allocations are the stack's rather than ours: take some. */
#define EACH_MAX	64

static int switch_fd;
static unsigned int nth;
static bool refused;

void harness_before(void)
{
	switch_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (switch_fd < 0)
		SKIP("this kernel refuses no memory on demand");
}

static void arm(void)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	ASSERT_EQ(len, pwrite(switch_fd, text, len, 0));
}

/* Leaves errno as it was. */
static void disarm(void)
{
	char text[16] = "";
	int err = errno;

	ASSERT_LT(0, pread(switch_fd, text, sizeof(text) - 1, 0));
	refused = !atoi(text);
	ASSERT_EQ(1, pwrite(switch_fd, "0", 1, 0));
	errno = err;
}

/* @once makes a call between arm() and disarm(). */
static void refuse_each(const char *what, void (*once)(void))
{
	nth = 0;
	do {
		nth += 1 + nth / EACH_MAX;
		once();
		if (harness_has_failed())
			printf("# %s, allocation %u\n", what, nth);
	} while (refused && !harness_has_failed());
	EXPECT_LE(2, nth);
	printf("# %s: done after %u allocations\n", what, nth);
}

/* A refusal is one of these, whoever words it. */
static void expect_refusal(int err)
{
	if (err != ENOBUFS)
		EXPECT_EQ(ENOMEM, err);
}

/* The driver core says EINVAL of a device whose name it had no memory for. */
static void expect_device_refusal(int err)
{
	if (err != EINVAL)
		expect_refusal(err);
}

static const char *env(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		harness_fail(__FILE__, __LINE__, true, "no %s", name);
	return value;
}

/* --- a modem's interface is bound --------------------------------------------- */

static char interface[64];

static int driver_file(const char *name)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/usb/drivers/qmi_wwan/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	return fd;
}

static bool interface_has(const char *subsystem)
{
	char path[150];

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s/%s", interface,
		 subsystem);
	return access(path, F_OK) == 0;
}

static void unbind(void)
{
	size_t len = strlen(interface);
	int fd = driver_file("unbind");

	ASSERT_EQ(len, write(fd, interface, len));
	close(fd);
}

static void bind_once(void)
{
	size_t len = strlen(interface);
	int fd = driver_file("bind");
	ssize_t n;

	arm();
	n = write(fd, interface, len);
	disarm();
	if (n < 0) {
		expect_device_refusal(errno);
		EXPECT_FALSE(interface_has("net"));
		EXPECT_FALSE(interface_has("usbmisc"));
	} else {
		EXPECT_TRUE(interface_has("net"));
		EXPECT_TRUE(interface_has("usbmisc"));
		unbind();
	}
	close(fd);
}

static void file_works(void)
{
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);

	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(0, wdm_release(fd, DMS, cid));
	close(fd);
}

TEST_TIMEOUT(binding, 200)
{
	struct deadline deadline;
	struct genl_msg msg;
	struct genl genl;

	genl_open(&genl);
	ASSERT_EQ(0, port_get(&genl, port_find(&genl), &msg));
	snprintf(interface, sizeof(interface), "%s:1.%u",
		 genl_string(&msg, M2M_WWAN_A_PORT_USB_PATH),
		 genl_u8(&msg, M2M_WWAN_A_PORT_INTERFACE));
	genl_close(&genl);

	unbind();
	refuse_each("bind", bind_once);
	deadline = deadline_in(10000);
	ASSERT_EQ(strlen(interface),
		  write(driver_file("bind"), interface, strlen(interface)));
	while (access(env("M2M_WDM"), F_OK) && deadline_pause(&deadline))
		;
	file_works();
}

/* --- files --------------------------------------------------------------------- */

static void open_once(void)
{
	int fd;

	arm();
	fd = open(env("M2M_WDM"), O_RDWR | O_CLOEXEC);
	disarm();
	if (fd < 0)
		expect_refusal(errno);
	else
		close(fd);
}

TEST(opening)
{
	refuse_each("open", open_once);
	file_works();
}

/* What a file writes; its own id of @service, if it needs one, is filled in. */
static const struct write_case {
	const char *name;
	uint8_t service;
	uint16_t msgid;
	bool names_id;
	uint8_t tlv_type;
	uint8_t tlv_len;
	uint8_t tlv[4];
} write_cases[] = {
	{ "a request", DMS, DMS_GET_IDS },
	{ "GET_VERSION", CTL, CTL_GET_VERSION },
	{ "ALLOCATE", CTL, CTL_ALLOCATE, .tlv_type = 1, .tlv_len = 1, .tlv = { DMS } },
	{ "RELEASE", CTL, CTL_RELEASE, .names_id = true, .tlv_type = 1,
	  .tlv_len = 2, .tlv = { DMS } },
	{ "SYNC", CTL, CTL_SYNC, .names_id = true },
	{ "a message of CTL nobody knows", CTL, 0x70 },
	{ "Get Data Format", WDA, WDA_GET_FORMAT },
	{ "Set Data Format", WDA, WDA_SET_FORMAT, .tlv_type = 0x11,
	  .tlv_len = 4, .tlv = { 2 } },
};

static const struct write_case *write_case;

/* An answer, or word that one was lost. */
static bool is_answered(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	struct frame frame;

	if (poll(&pollfd, 1, harness_ms(5000)) != 1)
		return false;
	return read(fd, frame.data, sizeof(frame.data)) > 0 || errno == ENOBUFS;
}

static void write_once(void)
{
	uint8_t cid = 0, tlv[4];
	int fd = wdm_open(0);
	struct frame frame;
	ssize_t n;

	memcpy(tlv, write_case->tlv, sizeof(tlv));
	if (write_case->names_id)
		tlv[1] = wdm_allocate(fd, DMS);
	else if (write_case->service != CTL)
		cid = wdm_allocate(fd, write_case->service);
	frame_request(&frame, write_case->service, cid, 200, write_case->msgid);
	if (write_case->tlv_len)
		frame_add(&frame, write_case->tlv_type, tlv,
			  write_case->tlv_len);
	arm();
	n = write(fd, frame.data, frame.len);
	disarm();
	if (n < 0)
		expect_refusal(errno);
	else
		EXPECT_TRUE(is_answered(fd));
	close(fd);
}

TEST_TIMEOUT(writing, 120)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(write_cases); i++) {
		write_case = &write_cases[i];
		refuse_each(write_case->name, write_once);
	}
	file_works();
}

/* --- netlink ------------------------------------------------------------------- */

static const struct netlink_case {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	void (*fill)(struct genl_msg *msg, uint32_t handle);
	bool needs_client;
} *netlink_case;

static uint32_t netlink_port;

static void fill_nothing(struct genl_msg *msg, uint32_t handle)
{
}

static void fill_kept(struct genl_msg *msg, uint32_t handle)
{
	genl_add_u8(msg, M2M_WWAN_A_CLIENT_SERVICE, WDS);
	genl_add(msg, M2M_WWAN_A_CLIENT_KEEP, NULL, 0);
	genl_add_string(msg, M2M_WWAN_A_CLIENT_NAME, "memory");
}

static void fill_service(struct genl_msg *msg, uint32_t handle)
{
	genl_add_u8(msg, M2M_WWAN_A_CLIENT_SERVICE, DMS);
}

static void fill_handle(struct genl_msg *msg, uint32_t handle)
{
	genl_add_u32(msg, M2M_WWAN_A_CLIENT_HANDLE, handle);
	genl_add(msg, M2M_WWAN_A_CLIENT_RELEASE, NULL, 0);
}

static void fill_frame(struct genl_msg *msg, uint32_t handle)
{
	struct frame frame;

	frame_request(&frame, DMS, 0, 0, DMS_GET_IDS);
	genl_add_u32(msg, M2M_WWAN_A_MESSAGE_HANDLE, handle);
	genl_add(msg, M2M_WWAN_A_MESSAGE_FRAME, frame.data, frame.len);
}

static void fill_lease(struct genl_msg *msg, uint32_t handle)
{
	genl_add_u8(msg, M2M_WWAN_A_CONTROL_LEASE, 1);
}

static void fill_limits(struct genl_msg *msg, uint32_t handle)
{
	genl_add_u32(msg, M2M_WWAN_A_CONTROL_TX_MAX_SIZE, 4096);
}

static const struct netlink_case netlink_cases[] = {
	{ "ports", M2M_WWAN_CMD_PORT_GET, NLM_F_DUMP, fill_nothing },
	{ "a port", M2M_WWAN_CMD_PORT_GET, NLM_F_ACK, fill_nothing },
	{ "clients", M2M_WWAN_CMD_CLIENT_GET, NLM_F_DUMP, fill_nothing },
	{ "the ring", M2M_WWAN_CMD_RING_GET, NLM_F_DUMP, fill_nothing },
	{ "a client", M2M_WWAN_CMD_CLIENT_OPEN, NLM_F_ACK, fill_service },
	{ "a kept client", M2M_WWAN_CMD_CLIENT_OPEN, NLM_F_ACK, fill_kept },
	{ "close", M2M_WWAN_CMD_CLIENT_CLOSE, NLM_F_ACK, fill_handle, true },
	{ "send", M2M_WWAN_CMD_SEND, NLM_F_ACK, fill_frame, true },
	{ "lease", M2M_WWAN_CMD_LEASE, NLM_F_ACK, fill_lease },
	{ "limits", M2M_WWAN_CMD_TX_AGGR, NLM_F_ACK, fill_limits },
};

/* What the kernel made of it is seen by its closing the socket. */
static void netlink_once(void)
{
	uint32_t handle = 0;
	struct genl_msg msg;
	struct genl genl;
	uint8_t cid;
	ssize_t n;

	genl_open(&genl);
	if (netlink_case->needs_client)
		handle = client_new(&genl, netlink_port, DMS, NULL, &cid);
	genl_new(&genl, &msg, netlink_case->cmd);
	if (netlink_case->cmd != M2M_WWAN_CMD_PORT_GET ||
	    netlink_case->flags == NLM_F_ACK)
		genl_add_u32(&msg, M2M_WWAN_A_PORT_ID, netlink_port);
	netlink_case->fill(&msg, handle);
	msg.header.nlmsg_len = msg.len;
	msg.header.nlmsg_flags = NLM_F_REQUEST | netlink_case->flags;
	arm();
	n = send(genl.fd, msg.data, msg.len, 0);
	disarm();
	if (n < 0)
		expect_refusal(errno);
	genl_close(&genl);
}

TEST_TIMEOUT(netlink, 120)
{
	struct genl genl, listener;
	uint32_t handle;
	uint8_t cid;
	size_t i;

	/* So that there is somebody to be told. */
	genl_open(&listener);
	ASSERT_EQ(0, genl_join(&listener, M2M_WWAN_MCGRP_TAP));
	ASSERT_EQ(0, genl_join(&listener, M2M_WWAN_MCGRP_EVENT));
	netlink_port = port_find(&listener);
	for (i = 0; i < ARRAY_SIZE(netlink_cases); i++) {
		netlink_case = &netlink_cases[i];
		refuse_each(netlink_case->name, netlink_once);
	}
	genl_close(&listener);

	genl_open(&genl);
	EXPECT_EQ(0, port_lease(&genl, netlink_port, true));
	handle = client_new(&genl, netlink_port, DMS, NULL, &cid);
	EXPECT_EQ(0, client_call(&genl, netlink_port, handle, DMS, DMS_GET_IDS));
	handle = client_new(&genl, netlink_port, WDS, "memory", &cid);
	EXPECT_EQ(0, client_close(&genl, netlink_port, handle, true));
	genl_close(&genl);
}

/* --- network devices ------------------------------------------------------------ */

#define LINK	"refused"

static void link_once(void)
{
	struct mux_request req;
	int fd = mux_open(), ret;

	mux_request_add(&req, LINK, env("M2M_NET"), "\7", 1);
	arm();
	ret = mux_send(fd, &req);
	disarm();
	if (!ret)
		ret = mux_receive(fd);
	close(fd);
	if (!ret) {
		EXPECT_EQ(0, mux_del(LINK));
		return;
	}
	expect_device_refusal(-ret);
	/* The acknowledgment may be all that there was no memory for. */
	if (if_nametoindex(LINK))
		EXPECT_EQ(0, mux_del(LINK));
}

static int qmi_file(const char *name)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/%s/qmi/%s",
		 env("M2M_NET"), name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	return fd;
}

static void add_mux_once(void)
{
	int add = qmi_file("add_mux"), del = qmi_file("del_mux");
	ssize_t n;

	arm();
	n = write(add, "7", 1);
	disarm();
	if (n < 0)
		expect_device_refusal(errno);
	EXPECT_EQ(n, write(del, "7", 1));
	close(add);
	close(del);
}

TEST_TIMEOUT(links, 120)
{
	refuse_each("ip link add", link_once);
	refuse_each("add_mux", add_mux_once);
	EXPECT_EQ(0, mux_add(LINK, env("M2M_NET"), "\7", 1));
	EXPECT_EQ(0, mux_del(LINK));
}

static int interface_fd;

static int set_up(bool up)
{
	struct ifreq req = { 0 };

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", env("M2M_NET"));
	ASSERT_EQ(0, ioctl(interface_fd, SIOCGIFFLAGS, &req));
	req.ifr_flags &= ~IFF_UP;
	if (up)
		req.ifr_flags |= IFF_UP;
	return ioctl(interface_fd, SIOCSIFFLAGS, &req);
}

static void up_once(void)
{
	int ret;

	ASSERT_EQ(0, set_up(false));
	arm();
	ret = set_up(true);
	disarm();
	if (ret)
		expect_refusal(errno);
}

/* The interface is left up, with what could be posted of its buffers. */
TEST_TIMEOUT(going_up, 120)
{
	interface_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_LE(0, interface_fd);
	refuse_each("ip link set up", up_once);
	EXPECT_EQ(0, set_up(true));
}

static int packet_fd;

static void packet_once(void)
{
	ssize_t n;

	arm();
	n = send(packet_fd, "hello", 5, 0);
	disarm();
	if (n < 0)
		expect_refusal(errno);
}

/* A call is up, and $M2M_GATEWAY is reached by it. */
TEST(packets)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(7),
	};

	ASSERT_EQ(1, inet_pton(AF_INET, env("M2M_GATEWAY"), &address.sin_addr));
	packet_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_LE(0, packet_fd);
	ASSERT_EQ(0, connect(packet_fd, (struct sockaddr *)&address,
			     sizeof(address)));
	refuse_each("send", packet_once);
}

TEST_HARNESS_MAIN
