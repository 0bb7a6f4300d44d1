// SPDX-License-Identifier: GPL-2.0-or-later
/* Netlink: who sees ports, clients and what becomes of them, requests. */
#include <errno.h>
#include <kselftest_harness.h>
#include <sched.h>
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

/* --- who may see what ---------------------------------------------------------- */

static void count_ports(const struct genl_msg *msg, void *arg)
{
	unsigned int *n = arg;

	EXPECT_EQ(M2M_WWAN_CMD_PORT_GET, genl_cmd(msg));
	EXPECT_TRUE(genl_has(msg, M2M_WWAN_A_PORT_ID));
	++*n;
}

TEST(a_port_is_described)
{
	static const unsigned int always[] = {
		M2M_WWAN_A_PORT_IFINDEX, M2M_WWAN_A_PORT_IFNAME,
		M2M_WWAN_A_PORT_SERVICE, M2M_WWAN_A_PORT_FORMAT,
		M2M_WWAN_A_PORT_COUNTER, M2M_WWAN_A_PORT_AGG_MASK,
	};
	int fd = wdm_open(0);
	struct genl_msg msg;
	size_t i;

	ASSERT_EQ(0, port_get(&genl, port, &msg));
	EXPECT_EQ(port, genl_u32(&msg, M2M_WWAN_A_PORT_ID));
	EXPECT_EQ(0x2c7c, genl_u16(&msg, M2M_WWAN_A_PORT_VENDOR));
	EXPECT_EQ(0x0801, genl_u16(&msg, M2M_WWAN_A_PORT_PRODUCT));
	EXPECT_EQ(4, genl_u8(&msg, M2M_WWAN_A_PORT_INTERFACE));
	EXPECT_EQ(M2M_WWAN_STATE_READY, genl_u32(&msg, M2M_WWAN_A_PORT_STATE));
	EXPECT_EQ(5000, genl_u32(&msg, M2M_WWAN_A_PORT_USB_SPEED));
	EXPECT_EQ(1, genl_u32(&msg, M2M_WWAN_A_PORT_CLIENTS));
	EXPECT_TRUE(genl_string(&msg, M2M_WWAN_A_PORT_USB_PATH));
	EXPECT_STREQ("7b4f0c52", genl_string(&msg, M2M_WWAN_A_PORT_SERIAL));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_PORT_LEASED));
	for (i = 0; i < ARRAY_SIZE(always); i++)
		EXPECT_TRUE(genl_has(&msg, always[i]));
	close(fd);
}

TEST(anybody_may_list_ports_without_their_serial)
{
	unsigned int n = 0;
	struct genl_msg msg;

	become_nobody();
	genl_close(&genl);
	genl_open(&genl);
	genl_new(&genl, &msg, M2M_WWAN_CMD_PORT_GET);
	EXPECT_EQ(0, genl_dump(&genl, &msg, count_ports, &n));
	EXPECT_EQ(1, n);
	ASSERT_EQ(0, port_get(&genl, port, &msg));
	EXPECT_TRUE(genl_has(&msg, M2M_WWAN_A_PORT_USB_PATH));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_PORT_SERIAL));
}

static void expect_no_permission(void)
{
	static const struct {
		uint8_t cmd;
		bool dump;
	} rows[] = {
		{ M2M_WWAN_CMD_CLIENT_GET, true },
		{ M2M_WWAN_CMD_CLIENT_OPEN },
		{ M2M_WWAN_CMD_CLIENT_CLOSE },
		{ M2M_WWAN_CMD_SEND },
		{ M2M_WWAN_CMD_LEASE },
		{ M2M_WWAN_CMD_RESET },
		{ M2M_WWAN_CMD_TX_AGGR },
		{ M2M_WWAN_CMD_RING_GET, true },
	};
	struct genl_msg msg;
	unsigned int n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		genl_new(&genl, &msg, rows[i].cmd);
		genl_add_u32(&msg, 1, port);
		if (rows[i].dump)
			EXPECT_EQ(-EPERM, genl_dump(&genl, &msg, count_ports, &n));
		else
			EXPECT_EQ(-EPERM, genl_do(&genl, &msg, NULL));
	}
	EXPECT_EQ(-EPERM, genl_join(&genl, M2M_WWAN_MCGRP_TAP));
	EXPECT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
}

TEST(nobody_may_change_anything)
{
	become_nobody();
	genl_close(&genl);
	genl_open(&genl);
	expect_no_permission();
}

TEST(root_of_a_user_namespace_is_nobody)
{
	become_nobody();
	if (unshare(CLONE_NEWUSER))
		SKIP("no user namespaces here");
	genl_close(&genl);
	genl_open(&genl);
	expect_no_permission();
}

TEST(other_network_namespaces_have_no_family)
{
	struct genl other;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	EXPECT_FALSE(genl_try_open(&other));
	/* A socket brought along is of the namespace it was made in. */
	EXPECT_EQ(0, port_lease(&genl, port, true));
}

/* --- clients --------------------------------------------------------------------- */

TEST(a_client_gives_back_its_id_with_its_socket)
{
	uint8_t cid;

	client_new(&genl, port, DMS, NULL, &cid);
	EXPECT_NE(0, cid);
	EXPECT_EQ(1, sim_get("clients.dms"));
	genl_close(&genl);
	sim_wait_get("clients.dms", 0, 5000);
}

TEST(a_client_can_be_closed)
{
	uint32_t handle = client_new(&genl, port, DMS, NULL, NULL);

	EXPECT_EQ(0, client_close(&genl, port, handle, false));
	sim_wait_get("clients.dms", 0, 5000);
	EXPECT_EQ(-ENOENT, client_close(&genl, port, handle, false));
	EXPECT_EQ(M2M_WWAN_A_CLIENT_HANDLE, genl.attr);
}

TEST(a_client_closed_while_it_opens_leaves_nothing)
{
	uint32_t handle;

	sim_do("ctl late 500ms 1");
	ASSERT_EQ(0, client_open(&genl, port, DMS, NULL, &handle));
	sim_wait_get("clients.dms", 1, 5000);
	EXPECT_EQ(0, client_close(&genl, port, handle, false));
	sim_wait_get("clients.dms", 0, 5000);
}

TEST(a_client_that_opens_cannot_send_yet)
{
	struct frame request;
	struct genl_msg msg;
	uint32_t handle;
	uint16_t tid;

	sim_do("ctl late 500ms 1");
	ASSERT_EQ(0, client_open(&genl, port, DMS, NULL, &handle));
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	EXPECT_EQ(-EINPROGRESS,
		  client_send(&genl, port, handle, &request, 0, &tid));
	EXPECT_EQ(M2M_WWAN_A_MESSAGE_HANDLE, genl.attr);
	client_opened(&genl, handle, &msg);
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

struct listing {
	unsigned int n[4];	/* by owner */
	char name[64];
	uint32_t pid;
};

static void list_client(const struct genl_msg *msg, void *arg)
{
	uint32_t owner = genl_u32(msg, M2M_WWAN_A_CLIENT_OWNER);
	const char *name = genl_string(msg, M2M_WWAN_A_CLIENT_NAME);
	struct listing *listing = arg;

	ASSERT_LE(owner, M2M_WWAN_OWNER_KEPT);
	listing->n[owner]++;
	if (name)
		strncpy(listing->name, name, sizeof(listing->name) - 1);
	if (genl_has(msg, M2M_WWAN_A_CLIENT_PID))
		listing->pid = genl_u32(msg, M2M_WWAN_A_CLIENT_PID);
}

static struct listing list_clients(void)
{
	struct listing listing = { 0 };
	struct genl_msg msg;

	genl_new(&genl, &msg, M2M_WWAN_CMD_CLIENT_GET);
	genl_add_u32(&msg, M2M_WWAN_A_CLIENT_PORT_ID, port);
	EXPECT_EQ(0, genl_dump(&genl, &msg, list_client, &listing));
	return listing;
}

TEST(clients_are_listed)
{
	int fd = wdm_open(0), gone = wdm_open(0);
	struct listing listing;
	struct genl other;

	genl_open(&other);
	client_new(&other, port, WDS, "kept", NULL);
	genl_close(&other);
	wdm_allocate(gone, DMS);
	close(gone);
	wdm_allocate(fd, DMS);
	client_new(&genl, port, NAS, NULL, NULL);
	/* The socket's end is noticed a moment later. */
	sim_wait_get("clients.wds", 1, 5000);
	listing = list_clients();
	EXPECT_EQ(1, listing.n[M2M_WWAN_OWNER_CHARDEV]);
	EXPECT_EQ(1, listing.n[M2M_WWAN_OWNER_NETLINK]);
	EXPECT_EQ(1, listing.n[M2M_WWAN_OWNER_PARKED]);
	EXPECT_EQ(1, listing.n[M2M_WWAN_OWNER_KEPT]);
	EXPECT_STREQ("kept", listing.name);
	EXPECT_EQ(getpid(), listing.pid);
}

TEST(many_clients_are_listed_once_each)
{
	struct listing listing;
	int i, fd = wdm_open(0), more = wdm_open(0);

	sim_do("set pool.size 64");
	for (i = 0; i < 60; i++) {
		wdm_allocate(fd, DMS);
		wdm_allocate(more, NAS);
	}
	listing = list_clients();
	EXPECT_EQ(120, listing.n[M2M_WWAN_OWNER_CHARDEV]);
}

/* NAS Serving System and System Info, for a client */
static void inject_indications(uint8_t service, uint8_t cid)
{
	sim_do("qmi inject 01100080%02x%02x0400002400040001010001", service, cid);
	sim_do("qmi inject 01100080%02x%02x0400004e00040001010002", service, cid);
	sim_do("qmi inject 01100080%02x%02x0400002400040001010003", service, cid);
}

TEST(a_kept_client_is_taken_over_by_its_name)
{
	struct frame frame;
	struct genl_msg msg;
	struct genl other;
	uint32_t handle;
	uint64_t received;
	uint8_t cid;

	genl_open(&other);
	client_new(&other, port, NAS, "watcher", &cid);
	/* As long as it has an owner, it is nobody else's. */
	EXPECT_EQ(-EBUSY, client_open(&genl, port, NAS, "watcher", &handle));
	EXPECT_EQ(M2M_WWAN_A_CLIENT_NAME, genl.attr);
	/* A name is one of a service. */
	client_new(&genl, port, DMS, "watcher", NULL);
	genl_close(&other);
	while (list_clients().n[M2M_WWAN_OWNER_KEPT] != 1)
		;
	EXPECT_EQ(1, sim_get("clients.nas"));
	received = port_counter(&genl, port, "ctrl_rx");
	inject_indications(NAS, cid);
	while (port_counter(&genl, port, "ctrl_rx") != received + 3)
		;

	ASSERT_EQ(0, client_open(&genl, port, NAS, "watcher", &handle));
	client_opened(&genl, handle, &msg);
	EXPECT_EQ(cid, genl_u8(&msg, M2M_WWAN_A_CLIENT_CID));
	EXPECT_TRUE(genl_has(&msg, M2M_WWAN_A_CLIENT_TAKEN_OVER));
	/* The last indication of each kind, in order */
	client_receive(&genl, &msg);
	EXPECT_EQ(handle, genl_u32(&msg, M2M_WWAN_A_MESSAGE_HANDLE));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	genl_frame(&msg, &frame);
	EXPECT_EQ(0x4e, frame_msgid(&frame));
	client_receive(&genl, &msg);
	genl_frame(&msg, &frame);
	EXPECT_EQ(0x24, frame_msgid(&frame));
	EXPECT_EQ(3, *frame_find(&frame, 1, NULL));
	EXPECT_TRUE(genl_is_quiet(&genl, 200));
	EXPECT_EQ(1, sim_get("clients.nas"));
}

/* Whoever takes it over has to know that there may be a call. */
TEST(a_quiet_client_is_taken_over_as_well)
{
	struct genl_msg msg;
	struct genl other;
	uint32_t handle;
	uint8_t cid;

	genl_open(&other);
	ASSERT_EQ(0, client_open(&other, port, WDS, "internet", &handle));
	client_opened(&other, handle, &msg);
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_CLIENT_TAKEN_OVER));
	cid = genl_u8(&msg, M2M_WWAN_A_CLIENT_CID);
	genl_close(&other);
	while (list_clients().n[M2M_WWAN_OWNER_KEPT] != 1)
		;
	ASSERT_EQ(0, client_open(&genl, port, WDS, "internet", &handle));
	client_opened(&genl, handle, &msg);
	EXPECT_EQ(cid, genl_u8(&msg, M2M_WWAN_A_CLIENT_CID));
	EXPECT_TRUE(genl_has(&msg, M2M_WWAN_A_CLIENT_TAKEN_OVER));
}

TEST(a_kept_client_goes_when_told_to)
{
	uint32_t handle = client_new(&genl, port, WDS, "internet", NULL);

	EXPECT_EQ(0, client_close(&genl, port, handle, false));
	EXPECT_EQ(1, list_clients().n[M2M_WWAN_OWNER_KEPT]);
	EXPECT_EQ(1, sim_get("clients.wds"));
	handle = client_new(&genl, port, WDS, "internet", NULL);
	EXPECT_EQ(0, client_close(&genl, port, handle, true));
	sim_wait_get("clients.wds", 0, 5000);
	EXPECT_EQ(0, list_clients().n[M2M_WWAN_OWNER_KEPT]);
}

TEST(a_kept_client_is_not_adopted_by_number)
{
	int fd = wdm_open(0);
	struct genl other;
	uint8_t cid;

	genl_open(&other);
	client_new(&other, port, DMS, "kept", &cid);
	genl_close(&other);
	while (list_clients().n[M2M_WWAN_OWNER_KEPT] != 1)
		;
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_release(fd, DMS, cid));
	/* Nor is it taken back for want of room. */
	sim_do("set pool.size 1");
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED, wdm_try_allocate(fd, DMS, &cid));
	EXPECT_EQ(1, sim_get("clients.dms"));
}

TEST(a_modems_refusal_is_told)
{
	struct genl_msg msg;
	uint32_t handle;

	sim_do("set pool.size 1");
	client_new(&genl, port, DMS, NULL, NULL);
	ASSERT_EQ(0, client_open(&genl, port, DMS, NULL, &handle));
	client_opened(&genl, handle, &msg);
	EXPECT_EQ(M2M_WWAN_FAILURE_REFUSED,
		  genl_u32(&msg, M2M_WWAN_A_CLIENT_FAILURE));
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED,
		  genl_u16(&msg, M2M_WWAN_A_CLIENT_QMI_ERROR));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_CLIENT_CID));
	EXPECT_EQ(-ENOENT, client_close(&genl, port, handle, false));
	/* A service that no modem has */
	ASSERT_EQ(0, client_open(&genl, port, 0xd7, NULL, &handle));
	client_opened(&genl, handle, &msg);
	EXPECT_EQ(M2M_WWAN_FAILURE_REFUSED,
		  genl_u32(&msg, M2M_WWAN_A_CLIENT_FAILURE));
}

TEST(a_full_pool_takes_parked_ids_back)
{
	int i, fd = wdm_open(0);

	sim_do("set pool.size 2");
	wdm_allocate(fd, DMS);
	wdm_allocate(fd, DMS);
	close(fd);
	for (i = 0; i < 2; i++)
		client_new(&genl, port, DMS, NULL, NULL);
	EXPECT_EQ(2, sim_get("clients.dms"));
}

/* --- requests ---------------------------------------------------------------------- */

TEST(an_answer_carries_handle_and_transaction)
{
	uint32_t handle, second;
	struct frame request, answer;
	uint16_t tid, tid2;
	struct genl_msg msg;
	uint8_t cid;

	handle = client_new(&genl, port, DMS, NULL, &cid);
	second = client_new(&genl, port, DMS, NULL, NULL);
	EXPECT_NE(handle, second);
	/* Both ids are the kernel's to fill in. */
	frame_request(&request, DMS, 0x99, 0x9999, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid2));
	EXPECT_NE(tid, tid2);
	client_receive(&genl, &msg);
	EXPECT_EQ(port, genl_u32(&msg, M2M_WWAN_A_MESSAGE_PORT_ID));
	EXPECT_EQ(handle, genl_u32(&msg, M2M_WWAN_A_MESSAGE_HANDLE));
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_LOST));
	genl_frame(&msg, &answer);
	EXPECT_EQ(cid, frame_cid(&answer));
	EXPECT_EQ(tid, frame_tid(&answer));
	EXPECT_EQ(0, frame_error(&answer));
	client_receive(&genl, &msg);
	EXPECT_EQ(tid2, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
}

TEST(an_indication_carries_no_transaction)
{
	struct genl_msg msg;
	struct frame frame;
	uint32_t handle;
	uint8_t cid;

	handle = client_new(&genl, port, NAS, NULL, &cid);
	inject_indications(NAS, cid);
	client_receive(&genl, &msg);
	EXPECT_EQ(handle, genl_u32(&msg, M2M_WWAN_A_MESSAGE_HANDLE));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	genl_frame(&msg, &frame);
	EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
}

TEST(an_answer_that_does_not_come_is_told)
{
	struct deadline deadline;
	struct frame request;
	struct genl_msg msg;
	uint32_t handle;
	uint64_t unowned;
	uint16_t tid;

	handle = client_new(&genl, port, DMS, NULL, NULL);
	unowned = port_counter(&genl, port, "ctrl_rx_unowned");
	sim_do("ctl late 2s 1");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 300, &tid));
	client_receive(&genl, &msg);
	EXPECT_EQ(M2M_WWAN_FAILURE_TIMEOUT,
		  genl_u32(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_FRAME));
	EXPECT_EQ(unowned, port_counter(&genl, port, "ctrl_rx_unowned"));
	/* When it comes after all, it is nobody's. */
	deadline = deadline_in(5000);
	while (port_counter(&genl, port, "ctrl_rx_unowned") == unowned &&
	       deadline_pause(&deadline))
		;
	EXPECT_EQ(unowned + 1, port_counter(&genl, port, "ctrl_rx_unowned"));
	EXPECT_TRUE(genl_is_quiet(&genl, 100));
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

TEST(the_65th_request_is_refused)
{
	struct frame request;
	struct genl_msg msg;
	uint32_t handle;
	uint16_t tid;
	int i;

	handle = client_new(&genl, port, DMS, NULL, NULL);
	sim_do("ctl late 3s 64");
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	for (i = 0; i < 64; i++)
		ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	EXPECT_EQ(-EAGAIN, client_send(&genl, port, handle, &request, 0, &tid));
	EXPECT_TRUE(genl.error[0]);
	client_receive(&genl, &msg);
	EXPECT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
}

TEST(ctl_is_virtual)
{
	static const uint16_t drivers[] = {
		CTL_SYNC, CTL_GET_VERSION, CTL_ALLOCATE, CTL_RELEASE,
		CTL_PROXY_OPEN,
	};
	struct frame request, answer;
	struct genl_msg msg;
	long commands = modem_commands();
	uint32_t handle = client_new(&genl, port, CTL, NULL, NULL);
	uint16_t tid;
	size_t i;

	EXPECT_EQ(commands, modem_commands());
	for (i = 0; i < ARRAY_SIZE(drivers); i++) {
		frame_request(&request, CTL, 0, 0, drivers[i]);
		EXPECT_EQ(-EOPNOTSUPP, client_send(&genl, port, handle, &request,
						   0, &tid));
		EXPECT_TRUE(genl.error[0]);
		EXPECT_EQ(M2M_WWAN_A_MESSAGE_FRAME, genl.attr);
	}
	EXPECT_EQ(commands, modem_commands());
	/* Set Instance Id passes. */
	frame_request(&request, CTL, 0, 0, 0x20);
	frame_add_u8(&request, 0x01, 3);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 0, &tid));
	client_receive(&genl, &msg);
	EXPECT_EQ(handle, genl_u32(&msg, M2M_WWAN_A_MESSAGE_HANDLE));
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
	genl_frame(&msg, &answer);
	EXPECT_EQ(0, frame_error(&answer));
}

TEST_HARNESS_MAIN
