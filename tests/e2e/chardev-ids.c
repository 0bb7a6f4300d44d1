// SPDX-License-Identifier: GPL-2.0-or-later
/* Each open file is a QMUX session: client ids, the virtual CTL, who gets what. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <unistd.h>

#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define NAS_SERVING_SYSTEM	0x24

void harness_before(void)
{
	modem_fresh();
}

TEST(each_file_gets_its_own_answers)
{
	struct frame request, answer;
	int i, fds[9];
	uint8_t cids[9];

	for (i = 0; i < 9; i++) {
		fds[i] = wdm_open(0);
		cids[i] = wdm_allocate(fds[i], DMS);
	}
	/* All under way at once, all with one transaction id */
	sim_do("ctl late 300ms 9");
	for (i = 0; i < 9; i++) {
		frame_request(&request, DMS, cids[i], 1, DMS_GET_IDS);
		wdm_send(fds[i], &request);
	}
	for (i = 8; i >= 0; i--) {
		ASSERT_TRUE(wdm_receive(fds[i], &answer, 5000));
		EXPECT_EQ(cids[i], frame_cid(&answer));
		EXPECT_EQ(1, frame_tid(&answer));
		EXPECT_EQ(DMS_GET_IDS, frame_msgid(&answer));
		EXPECT_EQ(0, frame_error(&answer));
	}
	for (i = 0; i < 9; i++)
		EXPECT_TRUE(wdm_is_quiet(fds[i], i ? 0 : 200));
}

TEST(transactions_of_ctl_do_not_collide)
{
	int i, fds[4] = { wdm_open(0), wdm_open(0), wdm_open(0), wdm_open(0) };
	struct frame request, answer;
	uint8_t cids[4];
	const uint8_t *id;

	sim_do("ctl late 300ms 4");
	frame_request(&request, CTL, 0, 1, CTL_ALLOCATE);
	frame_add_u8(&request, 0x01, DMS);
	for (i = 0; i < 4; i++)
		wdm_send(fds[i], &request);
	for (i = 0; i < 4; i++) {
		ASSERT_TRUE(wdm_receive(fds[i], &answer, 5000));
		EXPECT_EQ(CTL_ALLOCATE, frame_msgid(&answer));
		EXPECT_EQ(1, frame_tid(&answer));
		ASSERT_EQ(0, frame_error(&answer));
		id = frame_find(&answer, 0x01, NULL);
		ASSERT_TRUE(id);
		cids[i] = id[1];
	}
	EXPECT_EQ(4, sim_get("clients.dms"));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, wdm_simple_call(fds[i], DMS, cids[i], DMS_GET_IDS));
}

TEST(sync_takes_ones_own_ids_alone)
{
	int a = wdm_open(0), b = wdm_open(0);
	uint8_t a1, a2, b1;
	char before[32], after[32];
	long commands;

	a1 = wdm_allocate(a, DMS);
	a2 = wdm_allocate(a, NAS);
	b1 = wdm_allocate(b, DMS);
	EXPECT_EQ(3, sim_get("clients"));
	sim_ask(before, sizeof(before), "wait ctl.synced 0 0");
	commands = modem_commands();
	EXPECT_EQ(0, wdm_simple_call(a, CTL, 0, CTL_SYNC));
	sim_wait_get("clients", 1, 5000);
	EXPECT_EQ(1, sim_get("clients.dms"));
	/* Two releases, and the modem saw no SYNC. */
	EXPECT_EQ(commands + 2, modem_commands());
	sim_ask(after, sizeof(after), "wait ctl.synced 0 0");
	EXPECT_STREQ(before, after);
	/* Nor did it ever see one, when it was found or later. */
	EXPECT_EQ(0, sim_get("event.ctl.sync"));
	EXPECT_EQ(0, wdm_simple_call(b, DMS, b1, DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_simple_call(a, DMS, a1, DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_simple_call(a, NAS, a2, 0x20));
	/* Nor did anybody hear of it. */
	EXPECT_TRUE(wdm_is_quiet(b, 200));
}

TEST(versions_are_served)
{
	int fd = wdm_open(0);
	struct frame request, answer;
	const uint8_t *list;
	bool has_dms = false;
	long commands;
	size_t len, i;

	commands = modem_commands();
	frame_request(&request, CTL, 0, 123, CTL_GET_VERSION);
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(commands, modem_commands());
	EXPECT_EQ(123, frame_tid(&answer));
	EXPECT_EQ(0, frame_error(&answer));
	list = frame_find(&answer, 0x01, &len);
	ASSERT_TRUE(list && len > 6);
	ASSERT_EQ(len, 1 + 5 * list[0]);
	for (i = 1; i < len; i += 5)
		has_dms |= list[i] == DMS;
	EXPECT_TRUE(has_dms);
}

TEST(the_proxys_own_message_stays_here)
{
	int fd = wdm_open(0);
	struct frame request, answer;
	long commands;

	commands = modem_commands();
	frame_request(&request, CTL, 0, 5, CTL_PROXY_OPEN);
	frame_add(&request, 0x01, "/dev/cdc-wdm0", 13);
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(QMI_INVALID_COMMAND, frame_error(&answer));
	EXPECT_EQ(commands, modem_commands());
}

TEST(ctl_requests_without_their_argument_are_refused)
{
	int fd = wdm_open(0);
	long commands;

	commands = modem_commands();
	EXPECT_EQ(QMI_MISSING_ARGUMENT,
		  wdm_simple_call(fd, CTL, 0, CTL_ALLOCATE));
	EXPECT_EQ(QMI_MISSING_ARGUMENT,
		  wdm_simple_call(fd, CTL, 0, CTL_RELEASE));
	EXPECT_EQ(commands, modem_commands());
}

TEST(other_ctl_messages_pass)
{
	int fd = wdm_open(0);
	struct frame request, answer;
	long commands;

	commands = modem_commands();
	/* Set Instance Id */
	frame_request(&request, CTL, 0, 77, 0x20);
	frame_add_u8(&request, 0x01, 3);
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(0, frame_error(&answer));
	EXPECT_EQ(commands + 1, modem_commands());
}

TEST(a_parked_id_is_adopted)
{
	int a = wdm_open(0), b = wdm_open(0), c = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(a, DMS);
	close(a);
	EXPECT_EQ(1, sim_get("clients.dms"));
	EXPECT_EQ(0, wdm_simple_call(b, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(1, sim_get("clients.dms"));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(c, DMS, cid, DMS_GET_IDS));
	/* From hand to hand, and released by the last one */
	close(b);
	EXPECT_EQ(0, wdm_simple_call(c, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(0, wdm_release(c, DMS, cid));
	EXPECT_EQ(0, sim_get("clients.dms"));
}

TEST(a_parked_id_can_be_released_unused)
{
	int a = wdm_open(0), b = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(a, WDS);
	close(a);
	EXPECT_EQ(0, wdm_release(b, WDS, cid));
	EXPECT_EQ(0, sim_get("clients.wds"));
}

TEST(another_files_id_is_refused_here)
{
	int a = wdm_open(0), b = wdm_open(0);
	uint8_t cid;
	long commands;

	cid = wdm_allocate(a, DMS);
	commands = modem_commands();
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(b, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_release(b, DMS, cid));
	/* Ids that no modem gives out */
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_simple_call(b, DMS, 0, DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(b, DMS, 0xff, DMS_GET_IDS));
	EXPECT_EQ(commands, modem_commands());
	EXPECT_EQ(0, wdm_simple_call(a, DMS, cid, DMS_GET_IDS));
	EXPECT_TRUE(wdm_is_quiet(a, 100));
}

TEST(an_id_set_by_hand_passes)
{
	int a = wdm_open(0), b = wdm_open(0);
	long commands;

	commands = modem_commands();
	/* The modem says what it thinks of it, to the file that asked. */
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(a, DMS, 0x77, DMS_GET_IDS));
	EXPECT_EQ(commands + 1, modem_commands());
	EXPECT_TRUE(wdm_is_quiet(b, 100));
	/* It was the modem's to refuse, so another may try as well. */
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(b, DMS, 0x77, DMS_GET_IDS));
	EXPECT_EQ(commands + 2, modem_commands());
}

/* The modem gave it out, and its answer was lost on the way. */
TEST(an_id_the_driver_never_heard_of_works)
{
	int a = wdm_open(0), b = wdm_open(0);
	struct frame request;
	uint8_t unknown;

	sim_do("ctl truncate 5 1");
	frame_request(&request, CTL, 0, 99, CTL_ALLOCATE);
	frame_add_u8(&request, 0x01, DMS);
	wdm_send(a, &request);
	/* The modem counts up. */
	unknown = wdm_allocate(a, DMS) - 1;
	EXPECT_EQ(2, sim_get("clients.dms"));
	EXPECT_EQ(0, wdm_simple_call(b, DMS, unknown, DMS_GET_IDS));
	/* From now on it is b's, then parked, then adopted, like any other. */
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(a, DMS, unknown, DMS_GET_IDS));
	close(b);
	EXPECT_EQ(0, wdm_simple_call(a, DMS, unknown, DMS_GET_IDS));
	EXPECT_EQ(0, wdm_release(a, DMS, unknown));
	EXPECT_EQ(1, sim_get("clients.dms"));
}

TEST(a_released_id_is_gone)
{
	int fd = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(fd, DMS);
	EXPECT_EQ(0, wdm_release(fd, DMS, cid));
	EXPECT_EQ(0, sim_get("clients.dms"));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_release(fd, DMS, cid));
}

TEST(the_65th_id_is_refused)
{
	int i, fd = wdm_open(0), other = wdm_open(0);
	uint8_t cid;

	sim_do("set pool.size 200");
	for (i = 0; i < 64; i++)
		wdm_allocate(fd, i % 2 ? DMS : NAS);
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED, wdm_try_allocate(fd, UIM, &cid));
	EXPECT_EQ(64, sim_get("clients"));
	/* The limit is the file's, not the port's. */
	wdm_allocate(other, UIM);
	close(fd);
	/* Four of each service stay parked. */
	sim_wait_get("clients.dms", 4, 10000);
	sim_wait_get("clients.nas", 4, 10000);
}

/* 128 on a port: what is parked goes, what is alive stays. */
TEST_TIMEOUT(the_129th_id_of_a_port, 60)
{
	int i, a = wdm_open(0), b = wdm_open(0), c = wdm_open(0), d = wdm_open(0);
	uint8_t cid;

	sim_do("set pool.size 200");
	for (i = 0; i < 64; i++) {
		wdm_allocate(a, DMS);
		wdm_allocate(b, NAS);
	}
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED, wdm_try_allocate(c, UIM, &cid));
	/* The modem had one, and has it back. */
	sim_wait_get("clients", 128, 10000);
	EXPECT_EQ(0, sim_get("clients.uim"));
	close(a);
	sim_wait_get("clients.dms", 4, 10000);
	for (i = 0; i < 60; i++)
		wdm_allocate(c, UIM);
	EXPECT_EQ(128, sim_get("clients"));
	for (i = 3; i >= 0; i--) {
		wdm_allocate(d, UIM);
		sim_wait_get("clients.dms", i, 10000);
	}
	EXPECT_EQ(128, sim_get("clients"));
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED, wdm_try_allocate(d, UIM, &cid));
}

TEST(parked_ids_are_few)
{
	int i, fd = wdm_open(0);
	uint8_t cids[20], wds[20];

	sim_do("set pool.size 100");
	for (i = 0; i < 20; i++) {
		cids[i] = wdm_allocate(fd, DMS);
		wds[i] = wdm_allocate(fd, WDS);
	}
	close(fd);
	sim_wait_get("clients.dms", 4, 10000);
	sim_wait_get("clients.wds", 16, 10000);
	/* The oldest went. */
	fd = wdm_open(0);
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cids[19], DMS_GET_IDS));
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cids[16], DMS_GET_IDS));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(fd, DMS, cids[15], DMS_GET_IDS));
	/* Get Packet Service Status */
	EXPECT_EQ(0, wdm_simple_call(fd, WDS, wds[4], 0x22));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_simple_call(fd, WDS, wds[3], 0x22));
}

TEST(a_full_pool_takes_parked_ids_back)
{
	int i, old = wdm_open(0), fd = wdm_open(0);
	uint8_t cids[4], mine[4];

	sim_do("set pool.size 4");
	for (i = 0; i < 4; i++)
		cids[i] = wdm_allocate(old, DMS);
	close(old);
	EXPECT_EQ(4, sim_get("clients.dms"));
	for (i = 0; i < 4; i++) {
		mine[i] = wdm_allocate(fd, DMS);
		EXPECT_EQ(4, sim_get("clients.dms"));
	}
	/* Live ids are nobody's to take. */
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED, wdm_try_allocate(fd, DMS, &cids[0]));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, wdm_simple_call(fd, DMS, mine[i], DMS_GET_IDS));
}

/* Most modems have a pool for each service; the ids of calls are in another one. */
TEST(a_full_pool_of_another_service_ends_no_call)
{
	int i, old = wdm_open(0), fd = wdm_open(0);
	uint8_t call, spare, cid;

	call = wdm_allocate(old, WDS);
	spare = wdm_allocate(old, NAS);
	close(old);
	sim_do("set pool.size 2");
	for (i = 0; i < 2; i++)
		wdm_allocate(fd, DMS);
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED, wdm_try_allocate(fd, DMS, &cid));
	EXPECT_EQ(1, sim_get("clients.wds"));
	/* Get Packet Service Status */
	EXPECT_EQ(0, wdm_simple_call(fd, WDS, call, 0x22));
	/* One that stands for nothing was worth a try. */
	EXPECT_EQ(0, sim_get("clients.nas"));
	EXPECT_NE(0, spare);
}

TEST(the_65th_id_set_by_hand_is_refused)
{
	int i, fd = wdm_open(0);

	sim_do("set pool.size 200");
	for (i = 0; i < 64; i++)
		wdm_allocate(fd, DMS);
	EXPECT_EQ(QMI_CLIENT_IDS_EXHAUSTED,
		  wdm_simple_call(fd, NAS, 77, DMS_GET_IDS));
}

TEST(an_id_whose_asker_died_is_not_lost)
{
	int fd = wdm_open(0);
	struct frame request;

	sim_do("ctl late 500ms 1");
	frame_request(&request, CTL, 0, 1, CTL_ALLOCATE);
	frame_add_u8(&request, 0x01, DMS);
	wdm_send(fd, &request);
	sim_wait_get("clients.dms", 1, 5000);
	close(fd);
	sim_wait_get("clients.dms", 0, 5000);
}

/* NAS Serving System, to everybody, with one TLV */
#define BROADCAST "011000800" "3ff0400002400040001010000"

TEST(broadcasts_reach_each_file_of_the_service_once)
{
	int a = wdm_open(0), b = wdm_open(0), c = wdm_open(0);
	struct frame frame;

	wdm_allocate(a, NAS);
	wdm_allocate(a, NAS);
	wdm_allocate(b, NAS);
	wdm_allocate(c, DMS);
	sim_do("qmi inject %s", BROADCAST);
	ASSERT_TRUE(wdm_receive(a, &frame, 5000));
	EXPECT_EQ(NAS_SERVING_SYSTEM, frame_msgid(&frame));
	EXPECT_EQ(0xff, frame_cid(&frame));
	ASSERT_TRUE(wdm_receive(b, &frame, 5000));
	EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
	EXPECT_TRUE(wdm_is_quiet(a, 200));
	EXPECT_TRUE(wdm_is_quiet(b, 0));
	EXPECT_TRUE(wdm_is_quiet(c, 0));
}

TEST(indications_reach_the_owner_of_the_id)
{
	int a = wdm_open(0), b = wdm_open(0);
	struct frame frame;
	uint8_t mine;

	mine = wdm_allocate(a, NAS);
	wdm_allocate(b, NAS);
	sim_do("qmi inject 0110008003%02x0400002400040001010000", mine);
	ASSERT_TRUE(wdm_receive(a, &frame, 5000));
	EXPECT_EQ(mine, frame_cid(&frame));
	EXPECT_TRUE(wdm_is_quiet(b, 200));
}

/* An answer for an id, to a question that nobody remembers */
TEST(a_late_answer_goes_to_the_owner_of_the_id)
{
	int a = wdm_open(0), b = wdm_open(0);
	struct frame frame;
	uint8_t mine;

	mine = wdm_allocate(a, DMS);
	wdm_allocate(b, DMS);
	sim_do("qmi inject 0113008002%02x02341225000700020400000000" "00", mine);
	ASSERT_TRUE(wdm_receive(a, &frame, 5000));
	EXPECT_EQ(0x1234, frame_tid(&frame));
	EXPECT_TRUE(wdm_is_quiet(b, 200));
}

/* A successor with the id and the transaction of somebody who died meanwhile */
TEST(nobody_gets_his_predecessors_answer)
{
	int a = wdm_open(0), b = wdm_open(0);
	struct frame request, answer;
	uint8_t cid;

	cid = wdm_allocate(a, DMS);
	sim_do("ctl late 500ms 1");
	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	wdm_send(a, &request);
	sim_wait_stat("ctl_commands", modem_commands(), 1000);
	close(a);
	close(b);
	b = wdm_open(0);
	frame_request(&request, DMS, cid, 1, DMS_GET_MODE);
	wdm_call(b, &request, &answer);
	EXPECT_EQ(DMS_GET_MODE, frame_msgid(&answer));
	EXPECT_TRUE(wdm_is_quiet(b, 1000));
}

TEST(a_restart_of_the_modem_is_told_to_everybody)
{
	int a = wdm_open(0), b = wdm_open(0);
	struct frame frame;
	uint8_t cid;

	cid = wdm_allocate(a, DMS);
	sim_do("qmi restart");
	ASSERT_TRUE(wdm_receive(a, &frame, 5000));
	EXPECT_EQ(CTL, frame_service(&frame));
	EXPECT_EQ(CTL_SYNC, frame_msgid(&frame));
	EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
	ASSERT_TRUE(wdm_receive(b, &frame, 5000));
	EXPECT_EQ(CTL_SYNC, frame_msgid(&frame));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID,
		  wdm_simple_call(a, DMS, cid, DMS_GET_IDS));
	cid = wdm_allocate(a, DMS);
	EXPECT_EQ(0, wdm_simple_call(a, DMS, cid, DMS_GET_IDS));
	EXPECT_TRUE(wdm_is_quiet(b, 100));
}

/* The modem forgot, gave the id to somebody else, and lost its indication. */
TEST(an_id_given_out_again_changes_its_owner)
{
	int a = wdm_open(0), b = wdm_open(0);
	uint8_t first, second;

	sim_do("set pool.size 1");
	first = wdm_allocate(a, DMS);
	EXPECT_EQ(0, wdm_release(a, DMS, first));
	second = wdm_allocate(b, DMS);
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, wdm_release(a, DMS, second));
	EXPECT_EQ(0, wdm_simple_call(b, DMS, second, DMS_GET_IDS));
}

TEST_HARNESS_MAIN
