// SPDX-License-Identifier: GPL-2.0-or-later
/* A control pipe that misbehaves: what gets through is right, and it recovers. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define CTL_UNKNOWN	0x0077
#define FLOODS		4

static struct genl genl;
static uint32_t port;

void harness_before(void)
{
	modem_fresh();
	genl_open(&genl);
	port = port_find(&genl);
}

static uint64_t dropped(void)
{
	return port_counter(&genl, port, "ctrl_rx_garbage") +
	       port_counter(&genl, port, "ctrl_rx_truncated") +
	       port_counter(&genl, port, "ctrl_rx_malformed") +
	       port_counter(&genl, port, "ctrl_rx_unowned") +
	       port_counter(&genl, port, "ctrl_rx_overflow");
}

static void wait_counter(const char *name, uint64_t value)
{
	struct deadline deadline = deadline_in(10000);

	while (port_counter(&genl, port, name) < value && deadline_pause(&deadline))
		;
	EXPECT_LE(value, port_counter(&genl, port, name));
}

/* In heaps that the modem's own queue holds, with a user among them */
TEST_TIMEOUT(a_thousand_frames_of_garbage_are_dropped, 60)
{
	long responses = sim_stat("ctl_responses");
	uint64_t before = dropped();
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);

	for (i = 1; i <= 5; i++) {
		sim_do("ctl garbage 200");
		EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
		sim_wait_stat("ctl_responses", responses + 201 * i, 10000);
	}
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	/* Noise may hold a second frame or none, but it never is one. */
	EXPECT_LE(900, dropped() - before);
	EXPECT_EQ(0, sim_stat("ctl_queue_full"));
	EXPECT_TRUE(wdm_is_quiet(fd, 100));
}

TEST(a_doubled_answer_is_given_once_to_a_socket)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	uint64_t unowned = port_counter(&genl, port, "ctrl_rx_unowned");
	int i;

	sim_do("ctl double 5");
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
	wait_counter("ctrl_rx_unowned", unowned + 5);
	EXPECT_TRUE(genl_is_quiet(&genl, 100));
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

/* The second answer names an id that is alive: nobody may release it. */
TEST(a_doubled_allocation_costs_no_id)
{
	uint64_t unowned = port_counter(&genl, port, "ctrl_rx_unowned");
	int fd = wdm_open(0);
	uint32_t handle;
	uint8_t cid;

	sim_do("ctl double 2");
	cid = wdm_allocate(fd, DMS);
	handle = client_new(&genl, port, NAS, NULL, NULL);
	wait_counter("ctrl_rx_unowned", unowned + 2);
	modem_settle();
	EXPECT_EQ(1, sim_get("clients.dms"));
	EXPECT_EQ(1, sim_get("clients.nas"));
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(0, client_close(&genl, port, handle, false));
	sim_wait_get("clients.nas", 0, 5000);
}

/* An allocation that comes when nobody waits any more is given back. */
TEST(an_allocation_for_nobody_is_given_back)
{
	struct genl other;
	uint32_t handle;

	genl_open(&other);
	sim_do("ctl late 700ms 1");
	ASSERT_EQ(0, client_open(&other, port, DMS, NULL, &handle));
	sim_wait_get("clients.dms", 1, 5000);
	genl_close(&other);
	sim_wait_get("clients.dms", 0, 5000);
}

TEST(answers_cut_short_are_dropped)
{
	int cut, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);
	struct frame request;
	uint64_t before;

	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	for (cut = 1; cut <= 20; cut++) {
		before = dropped();
		sim_do("ctl truncate %d 1", cut);
		wdm_send(fd, &request);
		while (dropped() == before)
			;
		EXPECT_EQ(before + 1, dropped());
	}
	EXPECT_TRUE(wdm_is_quiet(fd, 100));
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
}

TEST(answers_too_long_are_dropped)
{
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);
	struct frame request;
	uint64_t before = dropped();

	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	sim_do("ctl oversize 5");
	for (i = 0; i < 5; i++)
		wdm_send(fd, &request);
	while (dropped() < before + 5)
		;
	EXPECT_TRUE(wdm_is_quiet(fd, 200));
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
}

TEST(answers_out_of_order_find_their_askers)
{
	int a = wdm_open(0), b = wdm_open(0);
	uint8_t a_cid = wdm_allocate(a, DMS), b_cid = wdm_allocate(b, DMS);
	struct frame request, answer;

	sim_do("ctl late 1s 1");
	frame_request(&request, DMS, a_cid, 1, DMS_GET_IDS);
	wdm_send(a, &request);
	sim_wait_stat("ctl_commands", modem_commands(), 1000);
	EXPECT_EQ(0, wdm_simple_call(b, DMS, b_cid, DMS_GET_MODE));
	ASSERT_TRUE(wdm_receive(a, &answer, 5000));
	EXPECT_EQ(DMS_GET_IDS, frame_msgid(&answer));
	EXPECT_TRUE(wdm_is_quiet(b, 100));
}

/* Two answers, one notification: the second is found by asking once more. */
TEST(a_lost_notification_leaves_nobody_behind)
{
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);
	struct frame request, answer;

	for (i = 1; i <= 5; i++) {
		sim_do("notify lose 1");
		frame_request(&request, DMS, cid, 2 * i, DMS_GET_IDS);
		wdm_send(fd, &request);
		frame_request(&request, DMS, cid, 2 * i + 1, DMS_GET_MODE);
		wdm_send(fd, &request);
		ASSERT_TRUE(wdm_receive(fd, &answer, 5000));
		EXPECT_EQ(2 * i, frame_tid(&answer));
		ASSERT_TRUE(wdm_receive(fd, &answer, 5000));
		EXPECT_EQ(2 * i + 1, frame_tid(&answer));
	}
}

/* The one answer, and nothing else that would make anybody look. */
TEST(a_lost_notification_is_missed_for_a_while_only)
{
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);
	struct frame request, answer;

	sim_do("notify lose 1");
	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	wdm_send(fd, &request);
	EXPECT_TRUE(wdm_receive(fd, &answer, 10000));
}

TEST(a_doubled_notification_does_no_harm)
{
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);

	sim_do("notify double 10");
	for (i = 0; i < 12; i++)
		EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
}

TEST(a_frame_the_modem_does_not_take_is_failed)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	struct deadline deadline;
	struct frame request;
	struct genl_msg msg;
	uint16_t tid;

	sim_do("stall ctl 1");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	/* At once, not after the time-out of half a minute. */
	deadline = deadline_in(5000);
	client_receive(&genl, &msg);
	EXPECT_LT(0, deadline_left(&deadline));
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	EXPECT_TRUE(genl_has(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

TEST(a_stalled_status_endpoint_is_cleared)
{
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);

	for (i = 0; i < 3; i++) {
		sim_do("stall notify");
		EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	}
}

/* Hung for less than what counts as a hang: late, and all of it. */
TEST(a_short_hang_loses_nothing)
{
	int i, fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, DMS);
	struct frame request, answer;

	sim_do("ctl hang 2s");
	for (i = 1; i <= 20; i++) {
		frame_request(&request, DMS, cid, i, DMS_GET_IDS);
		wdm_send(fd, &request);
	}
	for (i = 1; i <= 20; i++) {
		ASSERT_TRUE(wdm_receive(fd, &answer, 10000));
		EXPECT_EQ(i, frame_tid(&answer));
		EXPECT_EQ(0, frame_error(&answer));
	}
	EXPECT_EQ(0, port_counter(&genl, port, "ctrl_hangs"));
}

/* A hung pipe fills the queue: writers are told, nobody waits for the modem. */
TEST_TIMEOUT(a_hang_fills_the_queue_and_blocks_nobody, 60)
{
	int a = wdm_open(O_NONBLOCK), b = wdm_open(O_NONBLOCK), fd, i, n = 0;
	uint8_t a_cid = wdm_allocate(a, DMS), b_cid = wdm_allocate(b, DMS);
	struct pollfd pollfd = { .fd = b, .events = POLLOUT };
	struct frame request, answer;

	/* Less than what counts as a hang: nothing is given up. */
	sim_do("ctl hang 4500ms");
	for (i = 1; i <= 64; i++) {
		frame_request(&request, DMS, a_cid, i, DMS_GET_IDS);
		n += write(a, request.data, request.len) == (ssize_t)request.len;
	}
	for (i = 1; i <= 64; i++) {
		frame_request(&request, DMS, b_cid, i, DMS_GET_IDS);
		if (write(b, request.data, request.len) < 0)
			break;
		n++;
	}
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LE(60, n);
	EXPECT_EQ(0, poll(&pollfd, 1, 0));
	/* Opening and closing go on. */
	fd = wdm_open(0);
	EXPECT_EQ(0, wdm_simple_call(fd, CTL, 0, CTL_GET_VERSION));
	close(fd);
	EXPECT_EQ(1, poll(&pollfd, 1, harness_ms(10000)));
	EXPECT_EQ(POLLOUT, pollfd.revents);
	for (i = 1; i <= 64; i++) {
		ASSERT_TRUE(wdm_receive(a, &answer, 10000));
		EXPECT_EQ(i, frame_tid(&answer));
	}
}

/* Nothing is done twice: who is told that it failed may be trying again. */
TEST_TIMEOUT(what_timed_out_is_not_sent_afterwards, 60)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	long asked = sim_get("event.dms.get-ids");
	struct frame request;
	struct genl_msg msg;
	uint16_t tid;
	int i;

	/* Less than what counts as a hang: nothing is given up for it. */
	sim_do("ctl hang 4500ms");
	for (i = 0; i < 4; i++) {
		frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
		ASSERT_EQ(0, client_send(&genl, port, handle, &request, 300,
					 &tid));
	}
	for (i = 0; i < 4; i++) {
		client_receive(&genl, &msg);
		EXPECT_EQ(M2M_WWAN_FAILURE_TIMEOUT,
			  genl_u32(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	}
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_MODE));
	/* The first was on its way. */
	EXPECT_LE(sim_get("event.dms.get-ids"), asked + 1);
}

/* It drops what it is sent for a while, so the driver has to ask again. */
TEST_TIMEOUT(a_modem_deaf_at_first_is_asked_again, 60)
{
	struct genl_msg msg;
	long commands;
	int fd;

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	modem_unplug();
	event_wait(&genl, port, M2M_WWAN_EVENT_GONE, &msg);
	sim_do("set boot.ms 4000");
	commands = modem_commands();
	sim_do("replug");
	event_wait(&genl, 0, M2M_WWAN_EVENT_ATTACHED, &msg);
	port = genl_u32(&msg, M2M_WWAN_A_EVENT_PORT_ID);
	event_wait(&genl, port, M2M_WWAN_EVENT_READY, &msg);
	sim_do("set boot.ms 0");
	EXPECT_LE(commands + 3, modem_commands());
	fd = wdm_open(0);
	wdm_allocate(fd, DMS);
}

/* Asks what no modem knows, as fast as it is taken. */
static void flood(void)
{
	struct pollfd pollfd = { .events = POLLIN | POLLOUT };
	struct frame request, answer;

	pollfd.fd = wdm_open(O_NONBLOCK);
	frame_request(&request, CTL, 0, 1, CTL_UNKNOWN);
	for (;;) {
		while (write(pollfd.fd, request.data, request.len) > 0)
			;
		poll(&pollfd, 1, -1);
		while (read(pollfd.fd, answer.data, sizeof(answer.data)) > 0)
			;
	}
}

/* Users who leave no gap do not keep the driver from its own question. */
TEST_TIMEOUT(a_busy_pipe_is_asked_for_its_versions, 60)
{
	pid_t pids[FLOODS];
	struct genl_msg msg;
	int i;

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	for (i = 0; i < FLOODS; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			flood();
	}
	for (i = 0; i < 3; i++) {
		sim_do("qmi restart");
		event_wait(&genl, port, M2M_WWAN_EVENT_RESTARTED, &msg);
		event_wait(&genl, port, M2M_WWAN_EVENT_READY, &msg);
	}
	for (i = 0; i < FLOODS; i++) {
		kill(pids[i], SIGKILL);
		ASSERT_EQ(pids[i], waitpid(pids[i], NULL, 0));
	}
}

TEST_HARNESS_MAIN
