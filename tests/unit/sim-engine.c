// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: scenarios happen to a modem as they are written, each at its time. */
#include <errno.h>
#include <kselftest_harness.h>

#include "simusb.h"

#define INTERNET	"14 08 00 69 6e 74 65 72 6e 65 74 "

static uint8_t wds;

/* One call of IPv4 on a client of its own. */
static unsigned int start_call(void)
{
	wds = simqmi_client(QMI_WDS);
	EXPECT_NE(0, wds);
	return simqmi_call(QMI_WDS, wds, 0x0020, INTERNET);
}

static unsigned int ask_ids(uint8_t dms)
{
	return simqmi_call(QMI_DMS, dms, 0x0025, "");
}

/* --- rules ----------------------------------------------------------------- */

TEST(a_bare_action_comes_before_power)
{
	simusb_start("gobi", "sim.pin-enabled: on\nsim.pin: 4711\nsim.pin-tries: 1");
	clock_pass(10);
	EXPECT_STREQ("pin", simusb_get("sim.state"));
	EXPECT_STREQ("1", simusb_get("sim.pin-tries"));
	EXPECT_STREQ("the test", simusb.where);
}

TEST(a_bare_unplug_keeps_it_off_the_bus)
{
	simusb_start("gobi", "unplug\nat 3s: replug");
	EXPECT_STREQ("unplugged", simusb.where);
	EXPECT_STREQ("unplugged", simusb_get("usb.state"));
	clock_pass(2999);
	EXPECT_EQ(0, simusb.attaches);
	clock_pass(1);
	EXPECT_STREQ("configured", simusb_get("usb.state"));
}

TEST(a_refused_bare_action_names_its_line)
{
	char err[200] = "";

	simusb_new("gobi", "# nothing\n\nsim.pin: x\n");
	EXPECT_EQ(-EINVAL, simusb_power(err, sizeof(err)));
	EXPECT_EQ(0, strncmp("3: ", err, 3));
	EXPECT_EQ(0, simusb.attaches);
	simusb_free();
}

TEST(an_event_that_there_is_not_names_its_line)
{
	static const char *const wrong[] = {
		"nas.attached", "nas", "usb.", "wds.start-networks", "wd.start-network",
		"ctl.get-supported-messages",
	};
	char err[200], rules[80];

	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(rules, sizeof(rules), "# nothing\n\n%s %s: unplug",
			 i % 2 ? "after" : "whenever", wrong[i]);
		simusb_new("gobi", rules);
		EXPECT_EQ(-EINVAL, simusb_power(err, sizeof(err)));
		EXPECT_EQ(0, strncmp("3: there is no event \"", err, 22));
		EXPECT_TRUE(strstr(err, wrong[i]));
		EXPECT_EQ(0, simusb.attaches);
		simusb_free();
	}
}

TEST(words_nobody_understands_are_found_before_they_are_due)
{
	static const char *const wrong[] = {
		"at 1s: sim: explode", "every 1s: lie: nosuch", "at 1s: nas: deny cause 999",
		"whenever nas.registered: qmi: refuse nosuch.message 1", "at 1s: no.such: 1",
		"after usb.attached: modem: crash", "at 1s: wds: drop mux 256",
		"at 1s: sim.pin: x", "at 1s: sms: pdu xy", "at 1s: zlp 1 port 1",
		"at 1s: wds: drop port 1", "at 1s: wds.apn: a v5",
	};
	char err[200], rules[120];

	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(rules, sizeof(rules), "at 1s: unplug\n%s", wrong[i]);
		simusb_new("gobi", rules);
		EXPECT_NE(0, simusb_power(err, sizeof(err)));
		EXPECT_EQ(0, strncmp("2: ", err, 3));
		EXPECT_EQ(0, simusb.attaches);
		simusb_free();
		/* What the rehearsal began is over. */
		clock_pass(5000);
	}
}

/* A rehearsal leaves nothing behind, and demands nothing that only shows later. */
TEST(rehearsed_is_not_done)
{
	simusb_start("gobi", "at 9s: sim: remove\nat 9s: nas: lost\nat 9s: lie: dead-bearer\n"
			     "at 9s: sim.pin: 9999\nat 9s: dms: low-power\nat 9s: qmi: restart\n"
			     "at 9s: sms: +15550100 hello\nat 9s: sim: off\nat 9s: sim: on\n"
			     "at 9s: qmi: inject 00");
	simusb_register();
	EXPECT_STREQ("ready", simusb_get("sim.state"));
	EXPECT_STREQ("", simusb_get("lie"));
	EXPECT_STREQ("0", simusb_get("wms.count"));
	EXPECT_EQ(0, simusb_count("sim.removed"));
	EXPECT_EQ(0, simusb_count("nas.lost"));
	clock_pass(20000);
	EXPECT_STREQ("absent", simusb_get("sim.state"));
}

TEST(at_happens_once_and_then)
{
	simusb_start("gobi", "at 5s: unplug");
	EXPECT_NE(0, simqmi_client(QMI_DMS));
	clock_pass(4900);
	EXPECT_STREQ("configured", simusb_get("usb.state"));
	clock_pass(100);
	EXPECT_STREQ("unplugged", simusb_get("usb.state"));
	EXPECT_EQ(1, simusb.detaches);
	simusb_do("replug");
	clock_pass(60000);
	EXPECT_STREQ("configured", simusb_get("usb.state"));
	EXPECT_EQ(1, simusb_count("usb.detached"));
	/* The power was gone, and with it all ids. */
	EXPECT_STREQ("0", simusb_get("clients"));
}

TEST(every_goes_on)
{
	simusb_start("gobi", "every 250ms: data: zlp");
	clock_pass(10249);
	EXPECT_EQ(40, simusb.n_in);
	clock_pass(1);
	EXPECT_EQ(41, simusb.n_in);
	EXPECT_EQ(0, simusb.in[40].status);
	EXPECT_EQ(0, simusb.in[40].len);
}

TEST(after_is_once_and_whenever_each_time)
{
	uint8_t dms;

	simusb_start("gobi", "after dms.get-ids 1s: data: zlp 2\n"
			     "whenever dms.get-ids 1s: data: zlp 1");
	dms = simqmi_client(QMI_DMS);
	clock_pass(5000);
	EXPECT_EQ(0, simusb.n_in);
	EXPECT_EQ(0, ask_ids(dms));
	clock_pass(999);
	EXPECT_EQ(0, simusb.n_in);
	clock_pass(1);
	EXPECT_EQ(3, simusb.n_in);
	/* Two in one second are two. */
	EXPECT_EQ(0, ask_ids(dms));
	EXPECT_EQ(0, ask_ids(dms));
	clock_pass(2000);
	EXPECT_EQ(5, simusb.n_in);
	EXPECT_EQ(3, simusb_count("dms.get-ids"));
}

/* An action below an event would pull the firmware out from under itself. */
TEST(actions_wait_for_the_main_loop)
{
	simusb_start("gobi", "after dms.get-ids: unplug");
	simqmi_post(QMI_DMS, simqmi_client(QMI_DMS), 0x0025, "");
	EXPECT_TRUE(simusb_is_plugged());
	clock_settle();
	EXPECT_FALSE(simusb_is_plugged());
}

TEST(a_modem_may_be_freed_while_rules_wait)
{
	simusb_start("ec25", "at 1s: unplug\nevery 1s: zlp\nafter dtr.on 9s: drop\n"
			     "after usb.configured: modem: restart 1s\nctl: hang 9s\n"
			     "ctl: late 1s 9");
	simqmi_post(QMI_CTL, 0, 0x0027, "");
	simusb_do("unplug");
	simusb_do("replug");
	clock_settle();
	simqmi_post(QMI_CTL, 0, 0x0027, "");
	simusb_free();
}

/* --- the firmware's actions -------------------------------------------------- */

TEST(after_start_network_drop)
{
	simusb_start("gobi", "after wds.start-network: drop");
	simusb_register();
	ASSERT_EQ(0, start_call());
	clock_settle();
	EXPECT_STREQ("0", simusb_get("calls"));
	/* It came up, and it went. */
	EXPECT_EQ(2, simqmi_indications(QMI_WDS, wds, 0x0022));
	/* Once. */
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0020, INTERNET));
	clock_pass(60000);
	EXPECT_STREQ("1", simusb_get("calls"));
}

TEST(cards_come_and_go)
{
	uint8_t uim;

	simusb_start("gobi", "at 10s: sim: remove\nat 20s: sim: insert\n"
			     "at 30s: sim: off\nat 40s: sim: on\nat 50s: sim: refresh");
	simusb_register();
	ASSERT_EQ(0, start_call());
	clock_pass(10000 - clock_now());
	EXPECT_STREQ("absent", simusb_get("sim.state"));
	EXPECT_STREQ("0", simusb_get("calls"));
	EXPECT_NE(0, strcmp("registered", simusb_get("nas.state")));
	clock_pass(11000);
	EXPECT_STREQ("ready", simusb_get("sim.state"));
	EXPECT_STREQ("registered", simusb_get("nas.state"));
	EXPECT_EQ(1, simusb_count("sim.inserted"));
	clock_pass(10000);
	EXPECT_NE(0, strcmp("ready", simusb_get("sim.state")));
	clock_pass(10000);
	EXPECT_STREQ("ready", simusb_get("sim.state"));
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002a, "01 02 00 00 00 02 04 00 01 00 00 00"));
	simqmi.n_frames = 0;
	clock_pass(10000);
	EXPECT_EQ(1, simqmi_indications(QMI_UIM, uim, 0x0033));
}

TEST(slots_are_switched)
{
	uint8_t uim;

	simusb_start("gobi", "sim.slots: 2\nsim2.iccid: 89490000000000000999\n"
			     "at 20s: sim: remove 2\nat 30s: sim: insert 2");
	clock_pass(100);
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002e, "01 04 00 11 00 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0046,
				 "01 01 00 01 02 04 00 02 00 00 00"));
	clock_pass(10000);
	EXPECT_STREQ("2", simusb_get("sim.active"));
	EXPECT_STREQ("ready", simusb_get("sim.state"));
	simqmi.n_frames = 0;
	clock_pass(20000 - clock_now());
	EXPECT_STREQ("absent", simusb_get("sim.state"));
	EXPECT_EQ(1, simqmi_indications(QMI_UIM, uim, 0x0048));
	clock_pass(20000);
	EXPECT_STREQ("ready", simusb_get("sim.state"));
}

TEST(the_network_denies)
{
	uint8_t nas;

	simusb_start("gobi", "at 10s: nas: deny cause 15\nat 20s: nas: register\n"
			     "at 30s: nas: lost\nat 40s: nas: roam");
	simusb_register();
	nas = simqmi_client(QMI_NAS);
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0003, "21 02 00 01 00 13 01 00 01"));
	simqmi.n_frames = 0;
	clock_pass(10000 - clock_now());
	EXPECT_STREQ("denied", simusb_get("nas.state"));
	EXPECT_STREQ("15", simusb_get("nas.cause"));
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x0068));
	EXPECT_LE(1, simqmi_indications(QMI_NAS, nas, 0x0024));
	clock_pass(11000);
	EXPECT_STREQ("registered", simusb_get("nas.state"));
	clock_pass(10000);
	EXPECT_NE(0, strcmp("registered", simusb_get("nas.state")));
	clock_pass(10000);
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0024, ""));
	EXPECT_STREQ("00", simqmi_tlv(0x10));	/* roaming, as NAS spells it */
}

/* Every two seconds, while there is a call */
TEST(statistics_come_by_themselves)
{
	simusb_start("gobi", NULL);
	simusb_register();
	ASSERT_EQ(0, start_call());
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0001, "11 05 00 02 81 00 00 00"));
	simqmi.n_frames = 0;
	clock_pass(7000);
	EXPECT_EQ(3, simqmi_indications(QMI_WDS, wds, 0x0001));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0001, "11 05 00 00 00 00 00 00"));
	simqmi.n_frames = 0;
	clock_pass(7000);
	EXPECT_EQ(0, simqmi_indications(QMI_WDS, wds, 0x0001));
}

TEST(radio_messages_and_restarts_of_qmi)
{
	uint8_t dms, wms;

	simusb_start("gobi", "at 10s: dms: low-power\nat 20s: dms: online\n"
			     "at 30s: dms: rfkill on\nat 40s: dms: rfkill off\n"
			     "at 50s: sms: +15550100 hello\n"
			     "at 60s: qmi: inject 01020304\nat 70s: qmi: restart");
	simusb_register();
	dms = simqmi_client(QMI_DMS);
	wms = simqmi_client(QMI_WMS);
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0001, "10 01 00 01"));
	clock_pass(10000 - clock_now());
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002d, ""));
	EXPECT_STREQ("01", simqmi_tlv(0x01));
	clock_pass(11000);
	EXPECT_STREQ("registered", simusb_get("nas.state"));
	clock_pass(10000);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002d, ""));
	EXPECT_STREQ("01", simqmi_tlv(0x01));
	EXPECT_STREQ("01", simqmi_tlv(0x11));	/* by the hardware */
	clock_pass(10000);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002d, ""));
	EXPECT_STREQ("00", simqmi_tlv(0x01));
	simqmi.n_frames = 0;
	clock_pass(50000 - clock_now());
	EXPECT_STREQ("1", simusb_get("wms.count"));
	EXPECT_EQ(1, simqmi_indications(QMI_WMS, wms, 0x0001));
	simqmi.n_frames = 0;
	clock_pass(10000);
	ASSERT_EQ(1, simqmi.n_frames);
	EXPECT_EQ(4, simqmi.frame[0].len);
	simqmi.n_frames = 0;
	clock_pass(10000);
	/* SYNC from the modem, to everybody, on CTL. */
	ASSERT_LE(1, simqmi.n_frames);
	EXPECT_EQ(0x27, simqmi.frame[0].data[8]);
	EXPECT_STREQ("0", simusb_get("clients"));
	EXPECT_STREQ("configured", simusb_get("usb.state"));
}

/* Half a minute, as it is without a setting */
TEST(the_first_answer_takes_thirty_seconds)
{
	uint16_t first, second;

	simusb_start("gobi", "lie: slow-first");
	clock_pass(60000);
	first = simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_pass(20000);
	second = simqmi_post(QMI_CTL, 0, 0x0027, "");
	clock_pass(9999);
	EXPECT_EQ(0, simqmi.n_frames);
	clock_pass(1);
	EXPECT_EQ(2, simqmi.n_frames);
	EXPECT_EQ(0, simqmi_result(QMI_CTL, first));
	EXPECT_EQ(0, simqmi_result(QMI_CTL, second));
	/* The first after each power-on. */
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	simusb_do("modem: restart 1s");
	clock_pass(2000);
	first = simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_pass(29999);
	EXPECT_EQ(0, simqmi.n_frames);
	clock_pass(1);
	EXPECT_EQ(0, simqmi_result(QMI_CTL, first));
}

/* --- the control pipe --------------------------------------------------------- */

TEST(a_hung_pipe_answers_when_it_wakes)
{
	uint16_t posted;
	uint8_t dms;

	simusb_start("gobi", "at 10s: ctl: hang 20s");
	dms = simqmi_client(QMI_DMS);
	clock_pass(10000 - clock_now());
	posted = simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_pass(19999);
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_EQ(1, simusb_stat("ctl_held"));
	clock_pass(1);
	EXPECT_EQ(1, simqmi.n_frames);
	EXPECT_EQ(0, simqmi_result(QMI_DMS, posted));
}

/* The data pipe goes on meanwhile: a transfer comes through. */
TEST(a_hung_pipe_leaves_data_alone)
{
	simusb_start("gobi", "ctl: hang 20s\nat 10s: data: zlp");
	clock_pass(11000);
	EXPECT_EQ(1, simusb.n_in);
}

TEST(responses_come_late_and_twice)
{
	unsigned int began;
	uint8_t dms;

	simusb_start("gobi", NULL);
	dms = simqmi_client(QMI_DMS);
	simusb_do("ctl: late 2s 2");
	began = clock_now();
	EXPECT_EQ(0, ask_ids(dms));
	EXPECT_EQ(2000, clock_now() - began);
	EXPECT_EQ(0, ask_ids(dms));
	EXPECT_EQ(0, ask_ids(dms));
	EXPECT_EQ(4000, clock_now() - began);
	simusb_do("ctl: double 2");
	EXPECT_EQ(0, ask_ids(dms));
	clock_settle();
	EXPECT_EQ(2, simqmi.n_frames);
	EXPECT_FALSE(memcmp(&simqmi.frame[0], &simqmi.frame[1],
			    sizeof(simqmi.frame[0])));
	EXPECT_EQ(0, ask_ids(dms));
	EXPECT_EQ(0, ask_ids(dms));
	clock_settle();
	EXPECT_EQ(1, simqmi.n_frames);
	EXPECT_EQ(4, simusb_stat("faults"));
}

/* A late answer is overtaken by the next one. */
TEST(late_means_overtaken)
{
	uint16_t first, second;
	uint8_t dms;

	simusb_start("gobi", NULL);
	dms = simqmi_client(QMI_DMS);
	simusb_do("ctl: late 100ms");
	first = simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	EXPECT_EQ(0, simqmi.n_frames);
	second = simqmi_post(QMI_DMS, dms, 0x0025, "");
	EXPECT_EQ(0, simqmi_result(QMI_DMS, second));
	EXPECT_EQ(1, simqmi.n_frames);
	EXPECT_EQ(0, simqmi_result(QMI_DMS, first));
}

TEST(responses_are_cut_and_overlong)
{
	uint8_t dms;

	simusb_start("gobi", NULL);
	dms = simqmi_client(QMI_DMS);
	simusb_do("ctl: truncate 9 2");
	simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	ASSERT_EQ(1, simqmi.n_frames);
	EXPECT_EQ(9, simqmi.frame[0].len);
	simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	EXPECT_EQ(9, simqmi.frame[0].len);
	EXPECT_EQ(0, ask_ids(dms));
	simusb_do("ctl: oversize");
	simusb.drain = true;
	simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	EXPECT_EQ(5000, simusb.longest);
	simusb.drain = false;
	EXPECT_EQ(0, ask_ids(dms));
}

TEST(garbage_is_as_much_as_was_asked_for)
{
	uint8_t dms;

	simusb_start("gobi", NULL);
	dms = simqmi_client(QMI_DMS);
	simusb.drain = true;
	simusb.fetched = 0;
	simusb_do("ctl: garbage 200");
	clock_settle();
	EXPECT_EQ(200, simusb.fetched);
	EXPECT_LE(simusb.longest, 512);
	EXPECT_EQ(200, simusb_stat("faults"));
	simusb.drain = false;
	EXPECT_EQ(0, ask_ids(dms));
	/* More than a modem holds, while nobody fetches, is lost. */
	simusb.deaf = true;
	simusb_do("ctl: garbage 300");
	EXPECT_EQ(300 - 256, simusb_stat("ctl_queue_full"));
}

TEST(notifications_get_lost_and_doubled)
{
	uint16_t first, second;
	uint8_t dms;

	simusb_start("gobi", NULL);
	dms = simqmi_client(QMI_DMS);
	simusb_do("notify: lose");
	simusb.notifications = 0;
	first = simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	EXPECT_EQ(0, simusb.notifications);
	EXPECT_EQ(0, simqmi.n_frames);
	/* The next notification brings the oldest: a host has to drain. */
	second = simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	EXPECT_EQ(1, simusb.notifications);
	EXPECT_EQ(0, simqmi_result(QMI_DMS, first));
	EXPECT_EQ(1, simqmi.n_frames);
	simusb_do("notify: double");
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_settle();
	EXPECT_EQ(3, simusb.notifications);
	EXPECT_EQ(0, simqmi_result(QMI_DMS, second));
	EXPECT_EQ(0, simusb_stat("ctl_empty_reads"));
	simusb_do("notify: double");
	EXPECT_EQ(0, ask_ids(dms));
	clock_settle();
	EXPECT_EQ(1, simusb_stat("ctl_empty_reads"));
}

TEST(encapsulated_requests_and_notifications_stall)
{
	size_t none = 0;
	uint8_t dms;

	simusb_start("gobi", NULL);
	dms = simqmi_client(QMI_DMS);
	simusb_do("stall ctl 2");
	simqmi_post(QMI_DMS, dms, 0x0025, "");
	/* DTR is no encapsulated request. */
	EXPECT_EQ(0, simusb_control(USB_TYPE_CLASS | USB_RECIP_INTERFACE,
				    USB_CDC_SET_CONTROL_LINE_STATE, 1,
				    simusb.qmi_interface, NULL, &none));
	simqmi_post(QMI_DMS, dms, 0x0025, "");
	clock_settle();
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_EQ(2, simusb_stat("faults"));
	EXPECT_EQ(0, ask_ids(dms));
	simusb_do("stall notify");
	clock_settle();
	EXPECT_EQ(1, simusb.halts);
	EXPECT_EQ(0, ask_ids(dms));
}

/* --- power -------------------------------------------------------------------- */

TEST(a_restart_takes_it_off_the_bus)
{
	simusb_start("gobi", "after wds.connected 10s: modem: restart 4s");
	simusb_register();
	ASSERT_EQ(0, start_call());
	clock_pass(10000);
	EXPECT_STREQ("unplugged", simusb_get("usb.state"));
	EXPECT_STREQ("0", simusb_get("calls"));
	clock_pass(3999);
	EXPECT_EQ(1, simusb.attaches);
	clock_pass(1);
	EXPECT_STREQ("configured", simusb_get("usb.state"));
	clock_pass(1000);
	EXPECT_STREQ("registered", simusb_get("nas.state"));
	EXPECT_EQ(0, start_call());
}

TEST(a_restart_lasts_three_seconds_unasked)
{
	simusb_start("gobi", NULL);
	simusb_do("modem: restart");
	/* Not below the command that asked for it. */
	EXPECT_TRUE(simusb_is_plugged());
	clock_pass(2999);
	EXPECT_FALSE(simusb_is_plugged());
	clock_pass(1);
	EXPECT_TRUE(simusb_is_plugged());
	/* Pulling the cable meanwhile means that it stays out. */
	simusb_do("modem: restart 1s");
	clock_pass(500);
	simusb_do("unplug");
	clock_pass(60000);
	EXPECT_FALSE(simusb_is_plugged());
}

/* The modem resets itself when DMS says so, in the way of its own. */
TEST(dms_reset_is_a_restart)
{
	uint8_t dms;

	simusb_start("gobi", "dms.reboot-ms: 2000");
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 03"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 04"));
	clock_pass(1999);
	EXPECT_FALSE(simusb_is_plugged());
	clock_pass(1001);
	EXPECT_TRUE(simusb_is_plugged());
	EXPECT_EQ(2, simusb.attaches);
}

TEST_HARNESS_MAIN
