// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The modem loses power or is reset: what it knew is gone, who relied on it is
 * told, and files stay open. $M2M_LOSE says how: reset, or a system sleep below
 * which the controller loses its state (freeze, mem).
 */
#include <kselftest_harness.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/usb.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define LOADS		3
#define ROUNDS		4

static struct genl genl, events;
static uint32_t port;
static const char *how;

void harness_before(void)
{
	how = getenv("M2M_LOSE");
	if (!how)
		SKIP("M2M_LOSE does not say how");
	modem_fresh();
	genl_open(&genl);
	genl_open(&events);
	port = port_find(&genl);
	ASSERT_EQ(0, genl_join(&events, M2M_WWAN_MCGRP_EVENT));
}

static void lose(void)
{
	struct genl_msg msg;

	if (strcmp(how, "reset")) {
		/* That it returns is the claim: sleep is never refused. */
		system_suspend(how);
		return;
	}
	genl_new(&genl, &msg, M2M_WWAN_CMD_RESET);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_PORT_ID, port);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_RESET, M2M_WWAN_RESET_USB);
	ASSERT_EQ(0, genl_do(&genl, &msg, NULL));
}

/* Unicast messages only: @genl is in no group. */
static void wait_closed(uint32_t handle)
{
	struct genl_msg msg;

	do {
		ASSERT_TRUE(genl_receive(&genl, &msg, 20000));
	} while (genl_cmd(&msg) != M2M_WWAN_CMD_CLIENT_CLOSE ||
		 genl_u32(&msg, M2M_WWAN_A_CLIENT_HANDLE) != handle);
	EXPECT_EQ(M2M_WWAN_FAILURE_RESTARTED,
		  genl_u32(&msg, M2M_WWAN_A_CLIENT_FAILURE));
}

static void wait_sync(int fd)
{
	struct frame frame;

	do {
		ASSERT_TRUE(wdm_receive(fd, &frame, 20000));
	} while (frame_service(&frame) != CTL || frame_msgid(&frame) != CTL_SYNC);
	EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
}

TEST_TIMEOUT(a_file_stays_open_and_is_told, 90)
{
	int fd = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(fd, DMS);
	lose();
	wait_sync(fd);
	/* The modem forgot the id, the driver as well: nobody answers for it. */
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	modem_settle();
	cid = wdm_allocate(fd, DMS);
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(0, wdm_release(fd, DMS, cid));
}

TEST_TIMEOUT(clients_end_and_the_port_does_not, 90)
{
	uint32_t plain = client_new(&genl, port, DMS, NULL, NULL);
	uint32_t kept = client_new(&genl, port, WDS, "kept", NULL);
	long raised = sim_get("event.dtr.on");
	struct genl_msg msg;

	lose();
	if (strcmp(how, "reset"))
		event_wait(&events, port, M2M_WWAN_EVENT_SUSPENDED, &msg);
	event_wait(&events, port, M2M_WWAN_EVENT_RESUMED, &msg);
	EXPECT_STREQ("reset", genl_string(&msg, M2M_WWAN_A_EVENT_REASON));
	event_wait(&events, port, M2M_WWAN_EVENT_RESTARTED, &msg);
	wait_closed(plain);
	wait_closed(kept);
	/* The modem is mute until DTR is raised again. */
	event_wait(&events, port, M2M_WWAN_EVENT_READY, &msg);
	EXPECT_EQ(1, sim_get("dtr"));
	EXPECT_EQ(raised + 1, sim_get("event.dtr.on"));
	plain = client_new(&genl, port, DMS, NULL, NULL);
	EXPECT_EQ(0, client_call(&genl, port, plain, DMS, DMS_GET_IDS));
}

TEST_TIMEOUT(a_pending_request_fails_at_once, 90)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	long asked = sim_get("event.dms.get-ids");
	struct frame request;
	struct genl_msg msg;
	uint16_t tid;

	sim_do("ctl late 60s 1");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 300000,
				 &tid));
	/* What the modem never took is another matter, a time-out. */
	sim_wait_get("event.dms.get-ids", asked + 1, 10000);
	lose();
	client_receive(&genl, &msg);
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	EXPECT_EQ(M2M_WWAN_FAILURE_RESTARTED,
		  genl_u32(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	sim_do("ctl late 0 0");
	modem_settle();
}

/* Asks without end; what comes of it is the others' business. */
static void load(void)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	const uint8_t *id;
	size_t len;

	for (;;) {
		frame_request(&request, CTL, 0, 7, CTL_ALLOCATE);
		frame_add_u8(&request, 0x01, DMS);
		wdm_send(fd, &request);
		if (!wdm_receive(fd, &answer, 500) ||
		    frame_msgid(&answer) != CTL_ALLOCATE || frame_error(&answer))
			continue;
		id = frame_find(&answer, 0x01, &len);
		ASSERT_TRUE(id);
		frame_request(&request, CTL, 0, 8, CTL_RELEASE);
		frame_add(&request, 0x01, id, len);
		wdm_send(fd, &request);
		wdm_receive(fd, &answer, 500);
	}
}

TEST_TIMEOUT(it_happens_under_load, 180)
{
	pid_t pids[LOADS];
	struct genl_msg msg;
	int i, fd;

	for (i = 0; i < LOADS; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			load();
	}
	for (i = 0; i < ROUNDS; i++) {
		lose();
		event_wait(&events, port, M2M_WWAN_EVENT_RESTARTED, &msg);
		event_wait(&events, port, M2M_WWAN_EVENT_READY, &msg);
	}
	for (i = 0; i < LOADS; i++) {
		kill(pids[i], SIGKILL);
		ASSERT_EQ(pids[i], waitpid(pids[i], NULL, 0));
	}
	modem_settle();
	fd = wdm_open(0);
	EXPECT_EQ(0, wdm_release(fd, DMS, wdm_allocate(fd, DMS)));
}

TEST_HARNESS_MAIN
