// SPDX-License-Identifier: GPL-2.0-or-later
/* Netlink: how requests, clients, ports and sessions end, and how many there are. */
#include <errno.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

static struct genl genl;
static uint32_t port;

void harness_before(void)
{
	modem_fresh();
	genl_open(&genl);
	port = port_find(&genl);
}

/* NAS Serving System, three times */
static void inject_indications(uint8_t cid)
{
	int i;

	for (i = 0; i < 3; i++)
		sim_do("qmi inject 0110008003%02x0400002400040001010001", cid);
}

/* --- ends ------------------------------------------------------------------------ */

TEST(a_restart_ends_requests_and_clients)
{
	struct frame request;
	struct genl_msg msg;
	uint32_t handle;
	uint16_t tid;

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	handle = client_new(&genl, port, DMS, NULL, NULL);
	sim_do("ctl late 5s 1");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	sim_do("ctl late 0 0");
	sim_do("qmi restart");
	client_receive(&genl, &msg);
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	EXPECT_EQ(M2M_WWAN_FAILURE_RESTARTED,
		  genl_u32(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	ASSERT_TRUE(genl_receive(&genl, &msg, 5000));
	EXPECT_EQ(M2M_WWAN_CMD_CLIENT_CLOSE, genl_cmd(&msg));
	EXPECT_EQ(handle, genl_u32(&msg, M2M_WWAN_A_CLIENT_HANDLE));
	EXPECT_EQ(M2M_WWAN_FAILURE_RESTARTED,
		  genl_u32(&msg, M2M_WWAN_A_CLIENT_FAILURE));
	event_wait(&genl, port, M2M_WWAN_EVENT_RESTARTED, &msg);
	EXPECT_EQ(-ENOENT, client_send(&genl, port, handle, &request, 0, &tid));
	modem_settle();
	handle = client_new(&genl, port, DMS, NULL, NULL);
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

TEST_TIMEOUT(the_end_of_a_port_ends_requests_and_clients, 60)
{
	struct frame request;
	struct genl_msg msg;
	uint32_t handle;
	uint16_t tid;

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	handle = client_new(&genl, port, DMS, NULL, NULL);
	sim_do("ctl late 20s 1");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	modem_unplug();
	client_receive(&genl, &msg);
	EXPECT_EQ(M2M_WWAN_FAILURE_GONE,
		  genl_u32(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	ASSERT_TRUE(genl_receive(&genl, &msg, 5000));
	EXPECT_EQ(M2M_WWAN_CMD_CLIENT_CLOSE, genl_cmd(&msg));
	EXPECT_EQ(M2M_WWAN_FAILURE_GONE,
		  genl_u32(&msg, M2M_WWAN_A_CLIENT_FAILURE));
	event_wait(&genl, port, M2M_WWAN_EVENT_GONE, &msg);
	EXPECT_TRUE(genl_string(&msg, M2M_WWAN_A_EVENT_USB_PATH));
	EXPECT_EQ(-ENODEV, port_get(&genl, port, &msg));
	EXPECT_EQ(M2M_WWAN_A_PORT_ID, genl.attr);
	EXPECT_EQ(-ENODEV, client_send(&genl, port, handle, &request, 0, &tid));

	sim_do("ctl late 0 0");
	modem_replug();
	event_wait(&genl, 0, M2M_WWAN_EVENT_ATTACHED, &msg);
	/* A number is never used twice. */
	EXPECT_LT(port, genl_u32(&msg, M2M_WWAN_A_EVENT_PORT_ID));
	EXPECT_EQ(4, genl_u8(&msg, M2M_WWAN_A_EVENT_INTERFACE));
	event_wait(&genl, genl_u32(&msg, M2M_WWAN_A_EVENT_PORT_ID),
		   M2M_WWAN_EVENT_READY, &msg);
	port = genl_u32(&msg, M2M_WWAN_A_EVENT_PORT_ID);
	handle = client_new(&genl, port, DMS, NULL, NULL);
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

TEST_TIMEOUT(a_hung_pipe_is_told_and_recovers, 60)
{
	struct frame request;
	struct genl_msg msg;
	uint32_t handle;
	uint16_t tid;

	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
	handle = client_new(&genl, port, DMS, NULL, NULL);
	/* Twice what counts as a hang, and less than a request's time-out */
	sim_do("ctl hang 12s");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	event_wait(&genl, port, M2M_WWAN_EVENT_HUNG, &msg);
	EXPECT_STREQ("command", genl_string(&msg, M2M_WWAN_A_EVENT_REASON));
	ASSERT_EQ(0, port_get(&genl, port, &msg));
	EXPECT_EQ(M2M_WWAN_STATE_HUNG, genl_u32(&msg, M2M_WWAN_A_PORT_STATE));
	EXPECT_LE(1, port_counter(&genl, port, "ctrl_hangs"));
	/* Nobody asks meanwhile; the driver sees for itself when it ends. */
	event_wait(&genl, port, M2M_WWAN_EVENT_READY, &msg);
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

/* --- sessions ---------------------------------------------------------------------- */

TEST(a_handle_is_its_sockets_alone)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	struct frame request;
	struct genl other;
	uint16_t tid;

	genl_open(&other);
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	EXPECT_EQ(-ENOENT, client_send(&other, port, handle, &request, 0, &tid));
	EXPECT_EQ(M2M_WWAN_A_MESSAGE_HANDLE, other.attr);
	EXPECT_EQ(-ENOENT, client_close(&other, port, handle, true));
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

TEST(a_number_used_again_inherits_nothing)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct frame request;
	struct genl heir;
	uint16_t tid;
	int i;

	ASSERT_EQ(0, port_lease(&genl, port, true));
	address.nl_pid = genl_portid(&genl);
	heir = genl;
	for (i = 0; i < 20; i++) {
		close(heir.fd);
		heir.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				 NETLINK_GENERIC);
		ASSERT_EQ(0, bind(heir.fd, (struct sockaddr *)&address,
				  sizeof(address)));
		frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
		EXPECT_EQ(-ENOENT, client_send(&heir, port, handle, &request, 0,
					       &tid));
		handle = client_new(&heir, port, DMS, NULL, NULL);
	}
	sim_wait_get("clients.dms", 1, 5000);
	EXPECT_EQ(0, client_call(&heir, port, handle, DMS, DMS_GET_IDS));
}

static atomic_int to_close = -1, n_closed;

static void *close_sockets(void *arg)
{
	int fd;

	while ((fd = atomic_exchange(&to_close, -1)) != -2) {
		if (fd < 0) {
			sched_yield();
			continue;
		}
		close(fd);
		n_closed++;
	}
	return NULL;
}

/*
 * A number is free before the kernel tells of the end of its socket. Who takes
 * it in between has a life of its own.
 */
TEST_TIMEOUT(a_number_taken_while_its_socket_closes, 60)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct frame request;
	struct genl heir;
	pthread_t closer;
	uint32_t handle;
	uint16_t tid;
	int i;

	frame_request(&request, CTL, 0, 0, CTL_GET_VERSION);
	address.nl_pid = genl_portid(&genl);
	ASSERT_EQ(0, pthread_create(&closer, NULL, close_sockets, NULL));
	heir = genl;
	for (i = 0; i < 500 && !harness_has_failed(); i++) {
		handle = client_new(&heir, port, CTL, NULL, NULL);
		ASSERT_EQ(0, port_lease(&heir, port, true));
		to_close = heir.fd;
		heir.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				 NETLINK_GENERIC);
		while (bind(heir.fd, (struct sockaddr *)&address,
			    sizeof(address)))
			ASSERT_EQ(EADDRINUSE, errno);
		/* Not its predecessor's, who may still be on the way out */
		EXPECT_EQ(-ENOENT, client_close(&heir, port, handle, true));
		while (port_lease(&heir, port, true) == -EBUSY)
			sched_yield();
		EXPECT_EQ(0, client_open(&heir, port, CTL, NULL, &handle));
		while (n_closed <= i)
			sched_yield();
		/* And it is not taken along. */
		EXPECT_EQ(-EOPNOTSUPP, client_send(&heir, port, handle,
						   &request, 0, &tid));
	}
	to_close = -2;
	pthread_join(closer, NULL);
}

TEST(the_33rd_session_finds_no_room)
{
	struct genl sockets[32];
	uint32_t handle;
	int i, fd;

	for (i = 0; i < 31; i++) {
		genl_open(&sockets[i]);
		client_new(&sockets[i], port, CTL, NULL, NULL);
	}
	/* Files and sockets count together. */
	fd = wdm_open(0);
	EXPECT_EQ(-EUSERS, client_open(&genl, port, CTL, NULL, &handle));
	EXPECT_TRUE(genl.error[0]);
	EXPECT_EQ(-EUSERS, port_lease(&genl, port, true));
	close(fd);
	EXPECT_EQ(0, client_open(&genl, port, CTL, NULL, &handle));
}

TEST(ids_of_a_socket_and_of_a_port_are_limited)
{
	struct genl second, third;
	uint32_t handle;
	int i;

	genl_open(&second);
	genl_open(&third);
	for (i = 0; i < 64; i++)
		client_new(&genl, port, CTL, NULL, NULL);
	EXPECT_EQ(-EUSERS, client_open(&genl, port, CTL, NULL, &handle));
	EXPECT_TRUE(genl.error[0]);
	for (i = 0; i < 64; i++)
		client_new(&second, port, CTL, NULL, NULL);
	EXPECT_EQ(-ENOSPC, client_open(&third, port, CTL, NULL, &handle));
	EXPECT_TRUE(third.error[0]);
	genl_close(&second);
	while (client_open(&third, port, CTL, NULL, &handle) == -ENOSPC)
		;
	EXPECT_STREQ("", third.error);
}

TEST(a_slow_socket_is_told_how_much_it_lost)
{
	uint64_t lost_before, lost;
	struct genl_msg msg;
	struct genl slow;
	int i, one = 1;
	uint8_t cid;

	genl_open(&slow);
	client_new(&slow, port, NAS, NULL, &cid);
	lost_before = port_counter(&genl, port, "client_lost");
	setsockopt(slow.fd, SOL_SOCKET, SO_RCVBUF, &one, sizeof(one));
	for (i = 0; i < 20; i++)
		inject_indications(cid);
	/* Others go on. */
	client_new(&genl, port, DMS, NULL, NULL);
	while (genl_receive(&slow, &msg, 100))
		EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_LOST));
	lost = port_counter(&genl, port, "client_lost") - lost_before;
	EXPECT_LT(0, lost);
	inject_indications(cid);
	client_receive(&slow, &msg);
	EXPECT_EQ(lost, genl_u32(&msg, M2M_WWAN_A_MESSAGE_LOST));
	client_receive(&slow, &msg);
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_LOST));
}

TEST_HARNESS_MAIN
