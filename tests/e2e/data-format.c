// SPDX-License-Identifier: GPL-2.0-or-later
/* The data path follows the modem: formats, restarts, and what stops it. */
#include <kselftest_harness.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/netdev.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wda.h"
#include "../lib/wdm.h"

#define RAW_IP	M2M_WWAN_LINK_RAW_IP
#define NONE	M2M_WWAN_AGG_NONE
#define QMAP	M2M_WWAN_AGG_QMAP
/* Which libqmi has a number for, and no driver a layout */
#define QMAP_V2	6

/* What qmi/add_mux makes, mux id 1 */
#define LINK	"qmimux0"

static struct genl genl;
static uint32_t port;
static char net[IFNAMSIZ];

static void find_port(void)
{
	struct genl_msg msg;

	port = port_find(&genl);
	ASSERT_EQ(0, port_get(&genl, port, &msg));
	snprintf(net, sizeof(net), "%s",
		 genl_string(&msg, M2M_WWAN_A_PORT_IFNAME));
}

/* wwan is down, an Ethernet interface, and nobody has spoken of formats yet. */
void harness_before(void)
{
	modem_fresh();
	genl_open(&genl);
	find_port();
	netdev_set_up(net, false);
	ASSERT_EQ(0, netdev_write(net, "qmi/raw_ip", "N"));
	if (!if_nametoindex(LINK))
		ASSERT_EQ(0, netdev_write(net, "qmi/add_mux", "1"));
	ASSERT_EQ(0, genl_join(&genl, M2M_WWAN_MCGRP_EVENT));
}

static uint32_t format_now(unsigned int type)
{
	return port_format(&genl, port, type);
}

/* The next event of @kind gives this reason, NULL: none. */
static void expect_event(uint32_t kind, const char *reason)
{
	struct genl_msg msg;

	event_wait(&genl, port, kind, &msg);
	if (reason)
		EXPECT_STREQ(reason, genl_string(&msg, M2M_WWAN_A_EVENT_REASON));
	else
		EXPECT_FALSE(genl_has(&msg, M2M_WWAN_A_EVENT_REASON));
}

static void expect_on(void)
{
	EXPECT_TRUE(netdev_wait_carrier(net, true));
	EXPECT_TRUE(netdev_passes(net));
}

static void expect_off(void)
{
	EXPECT_TRUE(netdev_wait_carrier(net, false));
	EXPECT_TRUE(netdev_is_stopped(net));
}

static void reopen(void)
{
	netdev_set_up(net, false);
	netdev_set_up(net, true);
}

/* --- transmit aggregation; first, since the modem counts its most ever ----------- */

static void limit_datagrams(uint32_t most)
{
	struct genl_msg msg;

	genl_new(&genl, &msg, M2M_WWAN_CMD_TX_AGGR);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_PORT_ID, port);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS, most);
	ASSERT_EQ(0, genl_do(&genl, &msg, NULL));
}

TEST(a_user_may_ask_for_less_aggregation)
{
	struct deadline deadline = deadline_in(10000);
	int fd = wdm_open(0);
	long before;

	ASSERT_EQ(0, sim_stat("ul_max_packets"));
	ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP, QMAP));
	netdev_set_up(net, true);
	netdev_set_up(LINK, true);
	ASSERT_TRUE(netdev_passes(LINK));
	limit_datagrams(1);
	before = sim_stat("ul_packets");
	netdev_send(LINK, 100);
	sim_wait_stat("ul_packets", before + 100, 10000);
	EXPECT_EQ(1, sim_stat("ul_max_packets"));
	limit_datagrams(64);
	do {
		netdev_send(LINK, 100);
	} while (sim_stat("ul_max_packets") < 2 && deadline_pause(&deadline));
	EXPECT_LT(1, sim_stat("ul_max_packets"));
	EXPECT_EQ(0, sim_stat("drop_ul_datagrams"));
	EXPECT_EQ(0, sim_stat("drop_ul_size"));
}

/* A packet, and nothing else until a transfer is done: this one, or what went before it */
static void send_alone(void)
{
	unsigned long long before = netdev_counter(net, "usb_tx_transfers");
	struct deadline deadline = deadline_in(10000);

	netdev_send(LINK, 1);
	while (netdev_counter(net, "usb_tx_transfers") == before)
		ASSERT_TRUE(deadline_pause(&deadline));
}

TEST(a_stream_waits_for_more_and_an_idle_pipe_does_not)
{
	struct deadline deadline = deadline_in(10000);
	int fd = wdm_open(0), i;
	unsigned long long held, lost;
	long sent;

	ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP, QMAP));
	netdev_set_up(net, true);
	netdev_set_up(LINK, true);
	ASSERT_TRUE(netdev_passes(LINK));
	lost = netdev_counter(net, "usb_tx_frames_lost");
	sent = sim_stat("ul_packets");
	do {
		netdev_send(LINK, 100);
		sent += 100;
		/* what is left of them when their sender has stopped, too */
		sim_wait_stat("ul_packets", sent, 10000);
		/* The first may wait with those, or behind them; not so the second. */
		send_alone();
		send_alone();
		sent += 2;
		held = netdev_counter(net, "usb_tx_held");
	} while (!held && deadline_pause(&deadline));
	EXPECT_LT(0, held);
	for (i = 0; i < 20; i++)
		send_alone();
	EXPECT_EQ(held, netdev_counter(net, "usb_tx_held"));
	EXPECT_EQ(lost, netdev_counter(net, "usb_tx_frames_lost"));
}

/* --- restart ---------------------------------------------------------------------- */

TEST(a_restart_stops_transmit_until_a_format_is_set)
{
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);

	ASSERT_EQ(0, wda_set(fd, cid, RAW_IP, NONE));
	netdev_set_up(net, true);
	expect_on();
	sim_do("qmi restart");
	expect_event(M2M_WWAN_EVENT_RESTARTED, NULL);
	expect_off();
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	modem_settle();
	EXPECT_TRUE(netdev_is_stopped(net));
	cid = wdm_allocate(fd, WDA);
	ASSERT_EQ(0, wda_set(fd, cid, RAW_IP, NONE));
	expect_on();
}

/* Nobody ever spoke of a format; the calls have ended all the same. */
TEST(a_restart_stops_transmit_that_raw_ip_decided)
{
	netdev_set_up(net, true);
	expect_on();
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	sim_do("qmi restart");
	expect_event(M2M_WWAN_EVENT_RESTARTED, NULL);
	expect_off();
	modem_settle();
	EXPECT_TRUE(netdev_is_stopped(net));
	reopen();
	expect_on();
}

/* At once: who hears of it finds the driver as it stays. */
TEST(whoever_hears_of_a_restart_may_reopen)
{
	int i, fd = wdm_open(0);

	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP, NONE));
		netdev_set_up(net, true);
		sim_do("qmi restart");
		expect_event(M2M_WWAN_EVENT_RESTARTED, NULL);
		EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
		reopen();
		modem_settle();
		EXPECT_TRUE(netdev_wait_carrier(net, true));
	}
	expect_on();
}

/* A modem that says SYNC when it has booted restarts nothing. */
TEST_TIMEOUT(the_sync_of_a_modem_that_starts_stops_nothing, 60)
{
	struct genl_msg msg;

	modem_unplug();
	event_wait(&genl, port, M2M_WWAN_EVENT_GONE, &msg);
	sim_do("set boot.sync on");
	sim_do("set boot.ms %d", harness_ms(3000));
	sim_do("replug");
	event_wait(&genl, 0, M2M_WWAN_EVENT_ATTACHED, &msg);
	find_port();
	netdev_set_up(net, true);
	EXPECT_TRUE(netdev_wait_carrier(net, true));
	event_wait(&genl, port, M2M_WWAN_EVENT_READY, &msg);
	sim_do("set boot.sync off");
	sim_do("set boot.ms 0");
	EXPECT_EQ(1, port_counter(&genl, port, "restarts"));
	expect_on();
}

/* --- formats that cannot be spoken --------------------------------------------------- */

TEST(a_format_beyond_us_stops_the_data_path)
{
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);

	netdev_set_up(net, true);
	expect_on();
	/* The modem takes it, so who asked is told nothing else. */
	EXPECT_EQ(0, wda_set(fd, cid, RAW_IP, QMAP_V2));
	expect_event(M2M_WWAN_EVENT_FORMAT_REFUSED, "aggregation");
	EXPECT_EQ(QMAP_V2, format_now(M2M_WWAN_A_FORMAT_DL));
	expect_off();
	/* That is not for the interface to mend. */
	reopen();
	expect_event(M2M_WWAN_EVENT_FORMAT, "interface-type");
	expect_off();
	EXPECT_EQ(0, wda_set(fd, cid, RAW_IP, NONE));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
	expect_on();
}

TEST(a_format_beyond_us_is_forgotten_by_a_restart)
{
	int fd = wdm_open(0);

	netdev_set_up(net, true);
	ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP,
			     QMAP_V2));
	expect_event(M2M_WWAN_EVENT_FORMAT_REFUSED, "aggregation");
	sim_do("qmi restart");
	expect_event(M2M_WWAN_EVENT_RESTARTED, NULL);
	expect_off();
	reopen();
	expect_on();
}

/* Sends @request, and @answer in the modem's place. */
static void answer_instead(int fd, const struct frame *request,
			   struct frame *answer)
{
	long commands = modem_commands();
	struct frame got;
	char hex[257];
	size_t i;

	answer->data[3] = 0x80;
	answer->data[6] = 2;
	ASSERT_LE(2 * answer->len, sizeof(hex) - 1);
	for (i = 0; i < answer->len; i++)
		sprintf(hex + 2 * i, "%02x", answer->data[i]);
	/* Its own comes when nobody waits for it any more */
	sim_do("ctl late %dms 1", harness_ms(1000));
	wdm_send(fd, request);
	sim_wait_stat("ctl_commands", commands + 1, 5000);
	sim_do("qmi inject %s", hex);
	ASSERT_TRUE(wdm_receive(fd, &got, 10000));
	EXPECT_EQ(WDA_SET_FORMAT, frame_msgid(&got));
	EXPECT_EQ(0, frame_error(&got));
}

/* The head of a good answer to Set with this transaction */
static void begin_answer(struct frame *answer, uint8_t cid, uint16_t tid)
{
	static const uint8_t success[4];

	frame_request(answer, WDA, cid, tid, WDA_SET_FORMAT);
	frame_add(answer, 0x02, success, sizeof(success));
}

/* The modem's own answer comes to whoever has the id, and means nothing. */
static void take_late_answer(int fd)
{
	struct frame frame;

	ASSERT_TRUE(wdm_receive(fd, &frame, 10000));
	EXPECT_EQ(WDA_SET_FORMAT, frame_msgid(&frame));
}

static void expect_refused(uint8_t qos, uint32_t link_layer, const char *reason)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);

	netdev_set_up(net, true);
	wda_set_request(&request, cid, RAW_IP, NONE);
	begin_answer(&answer, cid, 1);
	frame_add_u8(&answer, 0x10, qos);
	frame_add_u32(&answer, 0x11, link_layer);
	answer_instead(fd, &request, &answer);
	expect_event(M2M_WWAN_EVENT_FORMAT_REFUSED, reason);
	expect_off();
	take_late_answer(fd);
	/* The next one is what the modem says itself. */
	EXPECT_EQ(0, wda_set(fd, cid, M2M_WWAN_LINK_802_3, NONE));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
	expect_on();
}

TEST(a_qos_header_stops_the_data_path)
{
	expect_refused(1, M2M_WWAN_LINK_802_3, "qos-header");
}

TEST(an_unknown_link_layer_stops_the_data_path)
{
	expect_refused(0, 7, "link-layer");
}

/* --- what an answer says --------------------------------------------------------------- */

TEST(limits_are_those_of_the_answer)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	uint8_t cid = wdm_allocate(fd, WDA);

	wda_set_request(&request, cid, RAW_IP, QMAP);
	frame_add_u32(&request, 0x1b, 16);
	frame_add_u32(&request, 0x1c, 8192);
	begin_answer(&answer, cid, 1);
	frame_add_u32(&answer, 0x11, RAW_IP);
	frame_add_u32(&answer, 0x12, QMAP);
	frame_add_u32(&answer, 0x13, QMAP);
	frame_add_u32(&answer, 0x16, 4096);
	answer_instead(fd, &request, &answer);
	EXPECT_EQ(QMAP, format_now(M2M_WWAN_A_FORMAT_UL));
	EXPECT_EQ(4096, format_now(M2M_WWAN_A_FORMAT_DL_MAX_SIZE));
	EXPECT_EQ(0, format_now(M2M_WWAN_A_FORMAT_DL_MAX_DATAGRAMS));
	EXPECT_EQ(0, format_now(M2M_WWAN_A_FORMAT_UL_MAX_DATAGRAMS));
	EXPECT_EQ(0, format_now(M2M_WWAN_A_FORMAT_UL_MAX_SIZE));
	take_late_answer(fd);
	/* Get states all of them, and confirms the rest. */
	EXPECT_EQ(0, wdm_simple_call(fd, WDA, cid, WDA_GET_FORMAT));
	EXPECT_EQ(16, format_now(M2M_WWAN_A_FORMAT_UL_MAX_DATAGRAMS));
	EXPECT_EQ(8192, format_now(M2M_WWAN_A_FORMAT_UL_MAX_SIZE));
	EXPECT_EQ(16384, format_now(M2M_WWAN_A_FORMAT_DL_MAX_SIZE));
}

TEST(an_answer_to_get_is_a_confirmation)
{
	int fd = wdm_open(0);

	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(0, wdm_simple_call(fd, WDA, wdm_allocate(fd, WDA),
				     WDA_GET_FORMAT));
	EXPECT_TRUE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(M2M_WWAN_LINK_802_3,
		  format_now(M2M_WWAN_A_FORMAT_LINK_LAYER));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
}

/* CTL 0x26, the old way. Returns the QMI error. */
static int ctl_set(int fd, uint16_t tid, uint8_t qos, uint8_t link_layer)
{
	uint8_t value[2] = { link_layer, 0 };
	struct frame request, answer;

	frame_request(&request, CTL, 0, tid, CTL_SET_FORMAT);
	frame_add_u8(&request, 0x01, qos);
	frame_add(&request, 0x10, value, sizeof(value));
	wdm_call(fd, &request, &answer);
	return frame_error(&answer);
}

TEST(the_control_services_format_is_followed)
{
	int fd = wdm_open(0);

	/* A refusal changes nothing. */
	EXPECT_NE(0, ctl_set(fd, 21, 1, RAW_IP));
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(0, ctl_set(fd, 22, 0, RAW_IP));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
	EXPECT_TRUE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(RAW_IP, format_now(M2M_WWAN_A_FORMAT_LINK_LAYER));
	EXPECT_EQ(NONE, format_now(M2M_WWAN_A_FORMAT_UL));
	netdev_set_up(net, true);
	/* Opened as Ethernet, which the modem does not speak now. */
	expect_event(M2M_WWAN_EVENT_FORMAT, "interface-type");
	EXPECT_EQ(ARPHRD_NONE, netdev_type(net));
	expect_on();
	EXPECT_EQ(0, ctl_set(fd, 23, 0, M2M_WWAN_LINK_802_3));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
	EXPECT_EQ(M2M_WWAN_LINK_802_3,
		  format_now(M2M_WWAN_A_FORMAT_LINK_LAYER));
	reopen();
	expect_event(M2M_WWAN_EVENT_FORMAT, "interface-type");
	EXPECT_EQ(ARPHRD_ETHER, netdev_type(net));
	expect_on();
}

/* --- who waits ----------------------------------------------------------------------- */

TEST(only_who_sets_a_format_waits)
{
	int asker = wdm_open(0), other = wdm_open(0), next = wdm_open(0);
	uint8_t cid = wdm_allocate(asker, WDA), next_cid;
	struct pollfd pollfd = { .fd = asker, .events = POLLIN };
	struct frame request, answer;
	long commands;

	ASSERT_EQ(0, wda_set(asker, cid, RAW_IP, NONE));
	next_cid = wdm_allocate(next, WDA);
	netdev_set_up(net, true);
	expect_on();
	/* far from what the driver waits for, however slow this machine is */
	sim_do("ctl late %dms 1", harness_ms(2000) < 15000 ? harness_ms(2000) : 15000);
	commands = modem_commands();
	wda_set_request(&request, cid, RAW_IP, QMAP);
	wdm_send(asker, &request);
	sim_wait_stat("ctl_commands", commands + 1, 5000);
	/* Nothing is sent in a format that may be the wrong one. */
	EXPECT_TRUE(netdev_is_stopped(net));
	/* Everybody else goes on, but the next who sets one. */
	wda_set_request(&request, next_cid, RAW_IP, NONE);
	wdm_send(next, &request);
	EXPECT_EQ(0, wdm_simple_call(other, DMS, wdm_allocate(other, DMS),
				     DMS_GET_IDS));
	EXPECT_EQ(commands + 3, modem_commands());
	EXPECT_EQ(0, poll(&pollfd, 1, 0));
	ASSERT_TRUE(wdm_receive(asker, &answer, 10000));
	EXPECT_EQ(0, frame_error(&answer));
	ASSERT_TRUE(wdm_receive(next, &answer, 10000));
	EXPECT_EQ(0, frame_error(&answer));
	EXPECT_EQ(NONE, format_now(M2M_WWAN_A_FORMAT_DL));
	expect_on();
}

/* Whoever asked has given up; the modem has not. */
TEST(an_answer_too_late_still_sets_the_format)
{
	uint32_t handle = client_new(&genl, port, WDA, NULL, NULL);
	struct frame request;
	struct genl_msg msg;
	uint16_t tid;

	sim_do("ctl late %dms 1", harness_ms(2000));
	wda_set_request(&request, 0, RAW_IP, NONE);
	ASSERT_EQ(0, client_send(&genl, port, handle, &request, 300, &tid));
	client_receive(&genl, &msg);
	EXPECT_EQ(M2M_WWAN_FAILURE_TIMEOUT,
		  genl_u32(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
	EXPECT_TRUE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(RAW_IP, format_now(M2M_WWAN_A_FORMAT_LINK_LAYER));
}

/* Transmit does not wait for ever; the driver follows all the same. */
TEST_TIMEOUT(an_answer_later_than_transmit_waits_for_sets_the_format, 120)
{
	struct pollfd pollfd = { .fd = wdm_open(0), .events = POLLIN };
	uint8_t cid = wdm_allocate(pollfd.fd, WDA);
	struct frame request, answer;

	/* A file waits for as long as it likes. */
	sim_do("ctl late 34s 1");
	wda_set_request(&request, cid, RAW_IP, NONE);
	wdm_send(pollfd.fd, &request);
	EXPECT_EQ(0, poll(&pollfd, 1, 32000));
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	ASSERT_TRUE(wdm_receive(pollfd.fd, &answer, 10000));
	EXPECT_EQ(0, frame_error(&answer));
	EXPECT_TRUE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_EQ(RAW_IP, format_now(M2M_WWAN_A_FORMAT_LINK_LAYER));
	expect_event(M2M_WWAN_EVENT_FORMAT, NULL);
}

/* --- a hung pipe, a reset, mux id 0 ----------------------------------------------------- */

TEST_TIMEOUT(a_hung_pipe_holds_the_carrier_down, 60)
{
	int fd = wdm_open(0);
	struct frame request;
	uint8_t cid = wdm_allocate(fd, DMS);

	netdev_set_up(net, true);
	EXPECT_TRUE(netdev_wait_carrier(net, true));
	sim_do("ctl hang 12s");
	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	wdm_send(fd, &request);
	expect_event(M2M_WWAN_EVENT_HUNG, "command");
	EXPECT_TRUE(netdev_wait_carrier(net, false));
	expect_event(M2M_WWAN_EVENT_READY, NULL);
	expect_on();
}

TEST_TIMEOUT(a_reset_spares_network_devices, 60)
{
	unsigned int wwan = if_nametoindex(net), link = if_nametoindex(LINK);
	int fd = wdm_open(0);
	struct genl_msg msg;

	ASSERT_NE(0, link);
	ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP, QMAP));
	netdev_set_up(net, true);
	netdev_set_up(LINK, true);
	ASSERT_TRUE(netdev_passes(LINK));
	genl_new(&genl, &msg, M2M_WWAN_CMD_RESET);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_PORT_ID, port);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_RESET, M2M_WWAN_RESET_USB);
	ASSERT_EQ(0, genl_do(&genl, &msg, NULL));
	expect_event(M2M_WWAN_EVENT_RESTARTED, NULL);
	expect_event(M2M_WWAN_EVENT_READY, NULL);
	EXPECT_EQ(wwan, if_nametoindex(net));
	EXPECT_EQ(link, if_nametoindex(LINK));
	EXPECT_FALSE(format_now(M2M_WWAN_A_FORMAT_CONFIRMED));
	EXPECT_TRUE(netdev_wait_carrier(LINK, false));
	expect_off();
	modem_settle();
	ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP, QMAP));
	EXPECT_TRUE(netdev_wait_carrier(LINK, true));
	EXPECT_TRUE(netdev_passes(LINK));
}

TEST(wwan_speaks_mux_id_0_once_the_modem_did)
{
	int fd = wdm_open(0);

	ASSERT_EQ(0, wda_set(fd, wdm_allocate(fd, WDA), RAW_IP, QMAP));
	netdev_set_up(net, true);
	EXPECT_TRUE(netdev_wait_carrier(net, true));
	EXPECT_TRUE(netdev_is_stopped(net));
	sim_do("data packet 1");
	EXPECT_TRUE(netdev_is_stopped(net));
	sim_do("data packet 0");
	EXPECT_TRUE(netdev_passes(net));
}

TEST_HARNESS_MAIN
