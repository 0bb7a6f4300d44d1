// SPDX-License-Identifier: GPL-2.0-or-later
/* The bus sleeps when nobody needs it, and wakes for who does. */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/usb.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define TIMEOUT_MS	300000

static struct genl genl, events;
static uint32_t port;

void harness_before(void)
{
	/* Nothing can wake it but us: a notification of the modem cannot. */
	usb_set("power/control", "on");
	modem_fresh();
	genl_open(&genl);
	genl_open(&events);
	port = port_find(&genl);
	ASSERT_EQ(0, genl_join(&events, M2M_WWAN_MCGRP_EVENT));
}

static void allow_suspend(void)
{
	usb_set("power/autosuspend_delay_ms", "200");
	usb_set("power/control", "auto");
}

static void wait_suspended(void)
{
	usb_wait("power/runtime_status", "suspended", 15000);
}

static uint32_t port_state(void)
{
	struct genl_msg msg;

	ASSERT_EQ(0, port_get(&genl, port, &msg));
	return genl_u32(&msg, M2M_WWAN_A_PORT_STATE);
}

TEST_TIMEOUT(a_request_wakes_the_bus, 60)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	struct genl_msg msg;

	allow_suspend();
	event_wait(&events, port, M2M_WWAN_EVENT_SUSPENDED, &msg);
	wait_suspended();
	/* To look does not wake it. */
	EXPECT_EQ(M2M_WWAN_STATE_SUSPENDED, port_state());
	EXPECT_TRUE(usb_is("power/runtime_status", "suspended"));

	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
	event_wait(&events, port, M2M_WWAN_EVENT_RESUMED, &msg);
	/* Nothing was lost: no reason, and the id is the modem's still. */
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_EVENT_REASON));
	EXPECT_EQ(1, sim_get("clients.dms"));
	event_wait(&events, port, M2M_WWAN_EVENT_SUSPENDED, &msg);
	wait_suspended();
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

TEST_TIMEOUT(an_open_file_lets_it_sleep, 60)
{
	int fd = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(fd, DMS);
	allow_suspend();
	wait_suspended();
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	wait_suspended();
	/* Opening, polling, closing are no reason to wake it. */
	close(wdm_open(O_NONBLOCK));
	EXPECT_TRUE(wdm_is_quiet(fd, 100));
	EXPECT_TRUE(usb_is("power/runtime_status", "suspended"));
	EXPECT_EQ(0, wdm_release(fd, DMS, cid));
}

TEST_TIMEOUT(a_pending_request_keeps_it_awake, 60)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	struct frame request, answer;
	struct genl_msg msg;
	unsigned int looks = 0;
	long asleep;
	uint16_t tid;

	allow_suspend();
	wait_suspended();
	/* Many times the delay after which it would sleep */
	sim_do("ctl late 4s 1");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, TIMEOUT_MS,
				 &tid));
	usb_wait("power/runtime_status", "active", 15000);
	asleep = usb_number("power/runtime_suspended_time");
	while (!genl_receive(&genl, &msg, 100)) {
		EXPECT_TRUE(usb_is("power/runtime_status", "active"));
		looks++;
	}
	EXPECT_EQ(asleep, usb_number("power/runtime_suspended_time"));
	EXPECT_LE(1, looks);
	EXPECT_EQ(M2M_WWAN_CMD_RECEIVE, genl_cmd(&msg));
	genl_frame(&msg, &answer);
	EXPECT_EQ(0, frame_error(&answer));
	wait_suspended();
}

TEST_TIMEOUT(what_came_meanwhile_is_read_on_waking, 60)
{
	struct frame frame;
	struct genl_msg msg;
	uint8_t cid;
	int i;

	client_new(&genl, port, NAS, NULL, &cid);
	allow_suspend();
	wait_suspended();
	/* NAS Serving System */
	for (i = 0; i < 3; i++)
		sim_do("qmi inject 0110008003%02x0400002400040001010001", cid);
	usb_set("power/control", "on");
	for (i = 0; i < 3; i++) {
		client_receive(&genl, &msg);
		genl_frame(&msg, &frame);
		EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
		EXPECT_EQ(cid, frame_cid(&frame));
	}
}

TEST_TIMEOUT(requests_race_with_falling_asleep, 90)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);
	struct deadline deadline;
	uint64_t overdue;
	int i;

	overdue = port_counter(&genl, port, "request_timeouts");
	/* As soon as the last thing is done it begins to fall asleep. */
	usb_set("power/autosuspend_delay_ms", "0");
	usb_set("power/control", "auto");
	for (i = 0; i < 30; i++) {
		deadline = deadline_in(i % 10 * 2 + 1);
		while (deadline_pause(&deadline))
			;
		ASSERT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
	}
	EXPECT_EQ(overdue, port_counter(&genl, port, "request_timeouts"));
}

TEST_HARNESS_MAIN
