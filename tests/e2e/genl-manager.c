// SPDX-License-Identifier: GPL-2.0-or-later
/* Netlink: lease, data format, reset, and who may watch the control pipe. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wda.h"
#include "../lib/wdm.h"

static struct genl genl;
static uint32_t port;

void harness_before(void)
{
	modem_fresh();
	genl_open(&genl);
	port = port_find(&genl);
}

static int set_format(int fd, uint8_t cid, uint32_t agg)
{
	return wda_set(fd, cid, M2M_WWAN_LINK_RAW_IP, agg);
}

/* --- lease ---------------------------------------------------------------------- */

static bool is_leased(void)
{
	struct genl_msg msg;

	ASSERT_EQ(0, port_get(&genl, port, &msg));
	return genl_has(&msg, M2M_WWAN_A_PORT_LEASED);
}

TEST(the_lease_is_one_programs)
{
	struct genl_msg msg;
	struct genl other;

	genl_open(&other);
	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	EXPECT_FALSE(is_leased());
	/* Who has none returns none. */
	EXPECT_EQ(0, port_lease(&genl, port, false));
	EXPECT_EQ(0, port_lease(&genl, port, true));
	event_wait(&genl, port, M2M_WWAN_EVENT_LEASE, &msg);
	EXPECT_EQ(1, genl_u8(&msg, M2M_WWAN_A_EVENT_ON));
	EXPECT_TRUE(is_leased());
	EXPECT_EQ(0, port_lease(&genl, port, true));
	EXPECT_EQ(-EBUSY, port_lease(&other, port, true));
	EXPECT_EQ(M2M_WWAN_A_CONTROL_LEASE, other.attr);
	EXPECT_TRUE(other.error[0]);
	EXPECT_EQ(0, port_lease(&other, port, false));
	EXPECT_TRUE(is_leased());
	EXPECT_EQ(0, port_lease(&genl, port, false));
	event_wait(&genl, port, M2M_WWAN_EVENT_LEASE, &msg);
	EXPECT_EQ(0, genl_u8(&msg, M2M_WWAN_A_EVENT_ON));
	EXPECT_EQ(0, port_lease(&other, port, true));
}

TEST(the_lease_ends_with_its_socket)
{
	struct genl_msg msg;
	struct genl other;

	genl_open(&other);
	ASSERT_EQ(0, port_lease(&other, port, true));
	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	genl_close(&other);
	event_wait(&genl, port, M2M_WWAN_EVENT_LEASE, &msg);
	EXPECT_EQ(0, genl_u8(&msg, M2M_WWAN_A_EVENT_ON));
	EXPECT_EQ(0, port_lease(&genl, port, true));
}

TEST(only_the_manager_sets_the_format)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	struct genl_msg msg;
	struct genl other;
	uint32_t handle;
	uint8_t cid;
	long commands;
	uint16_t tid;

	genl_open(&other);
	cid = wdm_allocate(fd, WDA);
	handle = client_new(&other, port, WDA, NULL, NULL);
	ASSERT_EQ(0, port_lease(&genl, port, true));
	commands = modem_commands();
	EXPECT_EQ(QMI_DEVICE_IN_USE, set_format(fd, cid, M2M_WWAN_AGG_QMAP));
	frame_request(&request, CTL, 0, 9, CTL_SET_FORMAT);
	frame_add_u8(&request, 0x01, 0);
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(QMI_DEVICE_IN_USE, frame_error(&answer));
	wda_set_request(&request, 0, M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_QMAP);
	ASSERT_EQ(0, client_send(&other, port, handle, &request, 0, &tid));
	client_receive(&other, &msg);
	genl_frame(&msg, &answer);
	EXPECT_EQ(tid, frame_tid(&answer));
	EXPECT_EQ(QMI_DEVICE_IN_USE, frame_error(&answer));
	EXPECT_EQ(commands, modem_commands());

	/* Anybody may ask, and do all else. */
	EXPECT_EQ(0, wdm_simple_call(fd, WDA, cid, WDA_GET_FORMAT));
	EXPECT_EQ(0, client_call(&other, port, handle, WDA, WDA_GET_FORMAT));
	/* The manager may set it. */
	handle = client_new(&genl, port, WDA, NULL, NULL);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	client_receive(&genl, &msg);
	genl_frame(&msg, &answer);
	EXPECT_EQ(0, frame_error(&answer));
	/* And everybody, when there is none. */
	ASSERT_EQ(0, port_lease(&genl, port, false));
	EXPECT_EQ(0, set_format(fd, cid, M2M_WWAN_AGG_NONE));
}

/* Writes to a file of the network device's qmi group. Returns 0 or an errno. */
static int write_attribute(const char *name, const char *value)
{
	struct genl_msg msg;
	char path[128];
	int fd, error = 0;

	ASSERT_EQ(0, port_get(&genl, port, &msg));
	snprintf(path, sizeof(path), "/sys/class/net/%s/qmi/%s",
		 genl_string(&msg, M2M_WWAN_A_PORT_IFNAME), name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return errno;
	if (write(fd, value, strlen(value)) < 0)
		error = errno;
	close(fd);
	return error;
}

TEST(the_managers_data_path_is_left_alone)
{
	struct genl other;

	genl_open(&other);
	ASSERT_EQ(0, port_lease(&other, port, true));
	EXPECT_EQ(EBUSY, write_attribute("raw_ip", "Y"));
	EXPECT_EQ(EBUSY, write_attribute("add_mux", "5"));
	EXPECT_EQ(EBUSY, write_attribute("del_mux", "5"));
	ASSERT_EQ(0, port_lease(&other, port, false));
	EXPECT_EQ(0, write_attribute("raw_ip", "Y"));
	EXPECT_EQ(0, write_attribute("raw_ip", "N"));
}

/* --- format --------------------------------------------------------------------- */

static uint32_t format_now(unsigned int type)
{
	return port_format(&genl, port, type);
}

TEST(an_answer_to_set_comes_when_the_driver_follows)
{
	struct genl_msg msg;
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(0, set_format(fd, cid, M2M_WWAN_AGG_QMAP));
	EXPECT_TRUE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(M2M_WWAN_AGG_QMAP, format_now(M2M_WWAN_A_FORMAT_UL));
	EXPECT_EQ(M2M_WWAN_AGG_QMAP, format_now(M2M_WWAN_A_FORMAT_DL));
	EXPECT_EQ(16384, format_now(M2M_WWAN_A_FORMAT_DL_MAX_SIZE));
	event_wait(&genl, port, M2M_WWAN_EVENT_FORMAT, &msg);
	EXPECT_EQ(M2M_WWAN_LINK_RAW_IP,
		  format_u32(&msg, M2M_WWAN_A_EVENT_FORMAT,
			     M2M_WWAN_A_FORMAT_LINK_LAYER));
	EXPECT_EQ(M2M_WWAN_AGG_QMAP,
		  format_u32(&msg, M2M_WWAN_A_EVENT_FORMAT,
			     M2M_WWAN_A_FORMAT_DL));
	EXPECT_EQ(0, set_format(fd, cid, M2M_WWAN_AGG_NONE));
	EXPECT_EQ(M2M_WWAN_AGG_NONE, format_now(M2M_WWAN_A_FORMAT_UL));
	event_wait(&genl, port, M2M_WWAN_EVENT_FORMAT, &msg);
}

/* Another interface's endpoint is none of this port's business. */
TEST(a_format_of_another_endpoint_passes)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);
	uint8_t endpoint[8] = { 2, 0, 0, 0, 9 };

	ASSERT_EQ(0, port_lease(&genl, port, true));
	wda_set_request(&request, cid, M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_QMAP);
	frame_add(&request, 0x17, endpoint, sizeof(endpoint));
	wdm_call(fd, &request, &answer);
	/* The modem has no interface 9 and says so itself. */
	EXPECT_NE(0, frame_error(&answer));
	EXPECT_NE(QMI_DEVICE_IN_USE, frame_error(&answer));
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
}

TEST(a_restart_forgets_the_format)
{
	struct deadline deadline = deadline_in(5000);
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);

	EXPECT_EQ(0, set_format(fd, cid, M2M_WWAN_AGG_QMAP));
	sim_do("qmi restart");
	while (format_now(M2M_WWAN_A_FORMAT_CONFIRMED) &&
	       deadline_pause(&deadline))
		;
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(M2M_WWAN_AGG_NONE, format_now(M2M_WWAN_A_FORMAT_DL));
}

/* The asker dies while the modem thinks: all the others have to go on. */
TEST(a_format_whose_asker_died_is_followed)
{
	struct deadline deadline = deadline_in(5000);
	int fd = wdm_open(0), other = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);
	struct frame request;

	wda_set_request(&request, cid, M2M_WWAN_LINK_RAW_IP, M2M_WWAN_AGG_QMAP);
	sim_do("ctl late 500ms 1");
	wdm_send(fd, &request);
	sim_wait_stat("ctl_commands", modem_commands(), 1000);
	close(fd);
	while (!format_now(M2M_WWAN_A_FORMAT_CONFIRMED) &&
	       deadline_pause(&deadline))
		;
	/* The modem runs in it or, not having been asked, does not. */
	if (format_now(M2M_WWAN_A_FORMAT_CONFIRMED))
		EXPECT_EQ(M2M_WWAN_AGG_QMAP, format_now(M2M_WWAN_A_FORMAT_DL));
	cid = wdm_allocate(other, WDA);
	EXPECT_EQ(0, set_format(other, cid, M2M_WWAN_AGG_NONE));
	EXPECT_EQ(M2M_WWAN_AGG_NONE, format_now(M2M_WWAN_A_FORMAT_DL));
}

/* --- reset ------------------------------------------------------------------------ */

TEST_TIMEOUT(a_reset_voids_ids_and_spares_files, 60)
{
	int fd = wdm_open(0);
	struct genl_msg msg;
	struct frame frame;
	uint8_t cid = wdm_allocate(fd, DMS);
	uint32_t handle;

	handle = client_new(&genl, port, DMS, NULL, NULL);
	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	genl_new(&genl, &msg, M2M_WWAN_CMD_RESET);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_PORT_ID, port);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_RESET, M2M_WWAN_RESET_USB);
	ASSERT_EQ(0, genl_do(&genl, &msg, NULL));
	/* The client ends, the port does not. */
	do {
		ASSERT_TRUE(genl_receive(&genl, &msg, 15000));
	} while (genl_cmd(&msg) != M2M_WWAN_CMD_CLIENT_CLOSE);
	EXPECT_EQ(handle, genl_u32(&msg, M2M_WWAN_A_CLIENT_HANDLE));
	EXPECT_EQ(M2M_WWAN_FAILURE_RESTARTED,
		  genl_u32(&msg, M2M_WWAN_A_CLIENT_FAILURE));
	event_wait(&genl, port, M2M_WWAN_EVENT_RESTARTED, &msg);
	ASSERT_EQ(0, port_get(&genl, port, &msg));
	/* A file learns it as from a modem that restarts. */
	ASSERT_TRUE(wdm_receive(fd, &frame, 10000));
	EXPECT_EQ(CTL, frame_service(&frame));
	EXPECT_EQ(CTL_SYNC, frame_msgid(&frame));
	EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
	modem_settle();
	cid = wdm_allocate(fd, DMS);
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
}

/* --- watching ---------------------------------------------------------------------- */

#define PIN	"7351"

static void send_pin(int fd, uint8_t cid)
{
	static const uint8_t session[2] = { 0, 0 };
	static const uint8_t verify[6] = { 1, 4, '7', '3', '5', '1' };
	struct frame request, answer;

	frame_request(&request, UIM, cid, 1, UIM_VERIFY_PIN);
	frame_add(&request, 0x01, session, sizeof(session));
	frame_add(&request, 0x02, verify, sizeof(verify));
	wdm_call(fd, &request, &answer);
}

TEST(a_tap_sees_everything)
{
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, UIM);
	bool asked = false, answered = false;
	struct genl_msg msg;
	struct frame frame;

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_TAP));
	send_pin(fd, cid);
	while (!asked || !answered) {
		ASSERT_TRUE(genl_receive(&genl, &msg, 5000));
		ASSERT_EQ(M2M_WWAN_CMD_TAP, genl_cmd(&msg));
		EXPECT_EQ(port, genl_u32(&msg, M2M_WWAN_A_MESSAGE_PORT_ID));
		EXPECT_TRUE(genl_has(&msg, M2M_WWAN_A_MESSAGE_TIME_NS));
		genl_frame(&msg, &frame);
		if (frame_service(&frame) != UIM ||
		    frame_msgid(&frame) != UIM_VERIFY_PIN)
			continue;
		if (genl_has(&msg, M2M_WWAN_A_MESSAGE_FROM_MODEM)) {
			EXPECT_TRUE(asked);
			answered = true;
			EXPECT_EQ(FRAME_RESPONSE, frame_type(&frame));
		} else {
			asked = true;
			/* Masking is the reader's duty. */
			EXPECT_TRUE(memmem(frame.data, frame.len, PIN, 4));
		}
	}
}

struct ring {
	unsigned int n, asked, answered, secrets;
	uint64_t time;
};

static void read_ring(const struct genl_msg *msg, void *arg)
{
	bool from_modem = genl_has(msg, M2M_WWAN_A_MESSAGE_FROM_MODEM);
	struct ring *ring = arg;
	struct frame frame;
	const void *time;
	uint64_t now;
	size_t i, len;

	genl_frame(msg, &frame);
	EXPECT_EQ(frame.len, genl_u32(msg, M2M_WWAN_A_MESSAGE_LENGTH));
	EXPECT_EQ(from_modem, frame_is_from_modem(&frame));
	time = genl_find(msg, M2M_WWAN_A_MESSAGE_TIME_NS, &len);
	ASSERT_TRUE(time && len == 8);
	memcpy(&now, time, sizeof(now));
	EXPECT_LE(ring->time, now);
	ring->time = now;
	ring->n++;
	if (memmem(frame.data, frame.len, PIN, 4))
		ring->secrets++;
	if (frame_service(&frame) != UIM || frame_msgid(&frame) != UIM_VERIFY_PIN)
		return;
	if (from_modem) {
		ring->answered++;
		EXPECT_LE(0, frame_error(&frame));
		return;
	}
	ring->asked++;
	/* What the second TLV says is gone, how long it was is not. */
	ASSERT_TRUE(frame_find(&frame, 0x02, &len));
	EXPECT_EQ(6, len);
	for (i = 0; i < len; i++)
		EXPECT_EQ(0, frame_find(&frame, 0x02, NULL)[i]);
}

TEST(the_ring_keeps_no_secret)
{
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, UIM);
	struct ring ring = { 0 };
	struct genl_msg msg;

	for (i = 0; i < 3; i++)
		send_pin(fd, cid);
	genl_new(&genl, &msg, M2M_WWAN_CMD_RING_GET);
	genl_add_u32(&msg, M2M_WWAN_A_MESSAGE_PORT_ID, port);
	ASSERT_EQ(0, genl_dump(&genl, &msg, read_ring, &ring));
	EXPECT_LE(3, ring.asked);
	EXPECT_LE(3, ring.answered);
	EXPECT_EQ(0, ring.secrets);
}

TEST(the_ring_forgets_the_oldest)
{
	struct frame request, answer;
	struct ring ring = { 0 };
	struct genl_msg msg;
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);

	send_pin(fd, wdm_allocate(fd, UIM));
	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	frame_pad(&request, FRAME_MAX);
	/* 256 KiB are less than 65 of the longest frames. */
	for (i = 0; i < 65; i++)
		wdm_call(fd, &request, &answer);
	genl_new(&genl, &msg, M2M_WWAN_CMD_RING_GET);
	genl_add_u32(&msg, M2M_WWAN_A_MESSAGE_PORT_ID, port);
	ASSERT_EQ(0, genl_dump(&genl, &msg, read_ring, &ring));
	EXPECT_EQ(0, ring.asked);
	EXPECT_LE(60, ring.n);
	EXPECT_LE(ring.n, 128);
}

TEST_HARNESS_MAIN
