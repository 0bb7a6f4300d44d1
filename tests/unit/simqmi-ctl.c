// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's framing, control service and client ids, byte by byte. */
#include <glib.h>
#include <kselftest_harness.h>
#include <stdlib.h>

#include "simqmi.h"

TEST(sync_is_answered_to_the_byte)
{
	simqmi_start();
	simqmi_send("01 0b 00 00 00 00  00 01 27 00 00 00");
	EXPECT_FRAME("01 12 00 80 00 00  01 01 27 00 07 00  02 04 00 00 00 00 00");
	EXPECT_STREQ("ctl.sync", simqmi.last_event);
}

TEST(a_client_id_is_given_and_taken)
{
	simqmi_start();
	simqmi_send("01 0f 00 00 00 00  00 03 22 00 04 00  01 01 00 01");
	EXPECT_FRAME("01 17 00 80 00 00  01 03 22 00 0c 00  02 04 00 00 00 00 00"
		     "01 02 00 01 01");
	EXPECT_STREQ("1", simqmi_get("clients.wds"));
	simqmi_send("01 10 00 00 00 00  00 04 23 00 05 00  01 02 00 01 01");
	EXPECT_FRAME("01 17 00 80 00 00  01 04 23 00 0c 00  02 04 00 00 00 00 00"
		     "01 02 00 01 01");
	EXPECT_STREQ("0", simqmi_get("clients.wds"));
	simqmi_send("01 10 00 00 00 00  00 05 23 00 05 00  01 02 00 01 01");
	EXPECT_FRAME("01 12 00 80 00 00  01 05 23 00 07 00  02 04 00 01 00 07 00");
}

TEST(versions_name_every_service)
{
	simqmi_start();
	ASSERT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	EXPECT_STREQ("08 00 01 00 05 00 01 01 00 43 00 02 01 00 0e 00 03 01 00 19 00"
		     " 05 01 00 0a 00 0b 01 00 24 00 1a 01 00 10 00 2f 01 00 02 00",
		     simqmi_tlv(0x01));
}

TEST(voice_only_where_a_model_has_it)
{
	uint8_t voice;

	simqmi_start();
	EXPECT_EQ(0, simqmi_client(QMI_VOICE));
	simqmi.modem->config.voice = true;
	ASSERT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	EXPECT_EQ(0, strncmp("09", simqmi_tlv(0x01), 2));
	voice = simqmi_client(QMI_VOICE);
	ASSERT_NE(0, voice);
	EXPECT_EQ(0, simqmi_call(QMI_VOICE, voice, 0x0003, "13 01 00 01"));
	EXPECT_EQ(QMI_MALFORMED_MESSAGE,
		  simqmi_call(QMI_VOICE, voice, 0x0003, "13 02 00 01 01"));
	EXPECT_EQ(0, simqmi_call(QMI_VOICE, voice, 0x002f, ""));
	EXPECT_STREQ("00", simqmi_tlv(0x10));
}

TEST(an_instance_gets_its_link)
{
	simqmi_start();
	EXPECT_EQ(17, simqmi_call(QMI_CTL, 0, 0x0020, ""));
	EXPECT_EQ(1, simqmi_call(QMI_CTL, 0, 0x0020, "01 02 00 01 02"));
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0020, "01 01 00 07"));
	EXPECT_STREQ("07 00", simqmi_tlv(0x01));
}

TEST(dms_ids_to_the_byte)
{
	simqmi_start();
	ASSERT_EQ(1, simqmi_client(QMI_DMS));
	simqmi_send("01 0c 00 00 02 01  00 01 00 25 00 00 00");
	EXPECT_FRAME("01 2d 00 80 02 01  02 01 00 25 00 21 00  02 04 00 00 00 00 00"
		     "10 01 00 30"
		     "11 0f 00 34 39 30 31 35 34 32 30 33 32 33 37 35 31 39"
		     "13 01 00 31");
}

TEST(what_is_no_frame_gets_no_answer)
{
	static const char *const frames[] = {
		"", "01", "01 0b 00 00 00", "02 0b 00 00 00 00  00 01 27 00 00 00",
		"01 0c 00 00 00 00  00 01 27 00 00 00",
		"01 0b 00 80 00 00  00 01 27 00 00 00",
		"01 0b 00 00 00 00  01 01 27 00 00 00",
		"01 0b 00 00 00 07  00 01 27 00 00 00",
		"01 09 00 00 00 00  00 01 27 00",
	};
	unsigned int i;

	simqmi_start();
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		simqmi_send(frames[i]);
		EXPECT_FRAME("");
	}
}

TEST(malformed_tlvs_are_refused)
{
	simqmi_start();
	ASSERT_EQ(1, simqmi_client(QMI_DMS));
	/* A TLV longer than the message */
	simqmi_send("01 10 00 00 02 01  00 01 00 2e 00 04 00  01 02 00 01");
	EXPECT_FRAME("01 13 00 80 02 01  02 01 00 2e 00 07 00  02 04 00 01 00 01 00");
	/* TLV length and message length disagree */
	simqmi_send("01 10 00 00 02 01  00 02 00 2e 00 05 00  01 01 00 01");
	EXPECT_FRAME("01 13 00 80 02 01  02 02 00 2e 00 07 00  02 04 00 01 00 01 00");
	/* Half a TLV header at the end */
	EXPECT_EQ(1, simqmi_call(QMI_DMS, 1, 0x002e, "01 01 00 01 01 00"));
	/* A scalar of the wrong size, and one that is missing */
	EXPECT_EQ(1, simqmi_call(QMI_DMS, 1, 0x002e, "01 02 00 01 00"));
	EXPECT_EQ(17, simqmi_call(QMI_DMS, 1, 0x002e, ""));
	EXPECT_EQ(0, modem_get(simqmi.modem, "dms.mode", (char [8]) { 0 }, 8));
	EXPECT_STREQ("0", simqmi_get("dms.mode"));
}

TEST(unknown_messages_and_clients_are_errors)
{
	simqmi_start();
	ASSERT_EQ(1, simqmi_client(QMI_DMS));
	EXPECT_EQ(71, simqmi_call(QMI_DMS, 1, 0x7777, ""));
	EXPECT_EQ(71, simqmi_call(QMI_CTL, 0, 0xff00, ""));
	EXPECT_EQ(7, simqmi_call(QMI_DMS, 2, 0x0025, ""));
	EXPECT_EQ(7, simqmi_call(QMI_NAS, 1, 0x0024, ""));
	EXPECT_EQ(7, simqmi_call(0x77, 1, 0x0024, ""));
	EXPECT_EQ(31, simqmi_call(QMI_CTL, 0, 0x0022, "01 01 00 77"));
	EXPECT_EQ(31, simqmi_call(QMI_CTL, 0, 0x0022, "01 01 00 00"));
	EXPECT_EQ(17, simqmi_call(QMI_CTL, 0, 0x0022, ""));
	/* A compound message */
	simqmi_send("01 0c 00 00 02 01  01 09 00 25 00 00 00");
	EXPECT_FRAME("01 13 00 80 02 01  02 09 00 25 00 07 00  02 04 00 01 00 4d 00");
}

TEST(a_pool_runs_dry_and_refills)
{
	unsigned int i;
	uint8_t id[3];

	simqmi_new(1);
	simqmi_set("pool.size.nas", "3");
	modem_power_on(simqmi.modem);
	for (i = 0; i < ARRAY_SIZE(id); i++) {
		id[i] = simqmi_client(QMI_NAS);
		EXPECT_NE(0, id[i]);
	}
	EXPECT_NE(id[0], id[1]);
	EXPECT_NE(id[1], id[2]);
	EXPECT_EQ(5, simqmi_call(QMI_CTL, 0, 0x0022, "01 01 00 03"));
	EXPECT_NE(0, simqmi_client(QMI_DMS));
	simqmi_release(QMI_NAS, id[1]);
	EXPECT_NE(0, simqmi_client(QMI_NAS));
	EXPECT_EQ(0, simqmi_client(QMI_NAS));
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0027, ""));
	EXPECT_STREQ("0", simqmi_get("clients"));
	EXPECT_NE(0, simqmi_client(QMI_NAS));
}

/* An id just released is the last to be given out again. */
TEST(ids_are_not_reused_at_once)
{
	unsigned int i;
	uint8_t first, id;

	simqmi_start();
	first = simqmi_client(QMI_NAS);
	simqmi_release(QMI_NAS, first);
	for (i = 0; i < 253; i++) {
		id = simqmi_client(QMI_NAS);
		EXPECT_NE(first, id);
		EXPECT_NE(0, id);
		EXPECT_NE(QMI_CLIENT_BROADCAST, id);
		simqmi_release(QMI_NAS, id);
	}
	EXPECT_EQ(first, simqmi_client(QMI_NAS));
}

TEST(a_restart_voids_ids_and_says_so)
{
	simqmi_start();
	ASSERT_NE(0, simqmi_client(QMI_NAS));
	simqmi.n_frames = 0;
	simqmi_set("qmi", "restart");
	EXPECT_FRAME("01 0b 00 80 00 00  02 00 27 00 00 00");
	EXPECT_STREQ("0", simqmi_get("clients"));
}

TEST(boot_is_deaf_and_may_end_with_a_sync)
{
	simqmi_new(1);
	simqmi_set("boot.ms", "20");
	simqmi_set("boot.sync", "on");
	modem_power_on(simqmi.modem);
	simqmi_send("01 0b 00 00 00 00  00 01 27 00 00 00");
	EXPECT_FRAME("");
	simqmi_wait("modem.booted");
	EXPECT_FRAME("01 0b 00 80 00 00  02 00 27 00 00 00");
}

TEST(without_dtr_a_modem_that_wants_it_is_mute)
{
	simqmi_start();
	modem_dtr(simqmi.modem, 0, false);
	simqmi_send("01 0b 00 00 00 00  00 01 27 00 00 00");
	EXPECT_FRAME("");
	modem_dtr(simqmi.modem, 0, true);
	ASSERT_NE(0, simqmi_client(QMI_WDS));
	modem_dtr(simqmi.modem, 0, false);
	EXPECT_STREQ("0", simqmi_get("clients"));
}

TEST(ports_have_ids_of_their_own)
{
	static const uint8_t sync[] = {
		0x01, 0x0b, 0, 0, 0, 0, 0, 1, 0x27, 0, 0, 0,
	};

	simqmi_new(2);
	modem_power_on(simqmi.modem);
	ASSERT_NE(0, simqmi_client(QMI_WDS));
	modem_ctrl_in(simqmi.modem, 1, sync, sizeof(sync));
	EXPECT_STREQ("1", simqmi_get("clients.wds"));
	EXPECT_EQ(1, simqmi.frame[simqmi.n_frames - 1].port);
	modem_ctrl_in(simqmi.modem, 0, sync, sizeof(sync));
	EXPECT_STREQ("0", simqmi_get("clients.wds"));
}

TEST(power_off_takes_everything_along)
{
	simqmi_start();
	simqmi_register();
	ASSERT_NE(0, simqmi_client(QMI_WDS));
	modem_power_off(simqmi.modem);
	EXPECT_STREQ("0", simqmi_get("clients"));
	EXPECT_STREQ("idle", simqmi_get("nas.state"));
	simqmi_send("01 0b 00 00 00 00  00 01 27 00 00 00");
	EXPECT_FRAME("");
	modem_power_on(simqmi.modem);
	simqmi_register();
	modem_free(simqmi.modem);
	modem_free(NULL);
}

TEST(nothing_random_makes_it_fall)
{
	static const uint8_t services[] = {
		QMI_CTL, QMI_WDS, QMI_DMS, QMI_NAS, QMI_WMS, QMI_UIM, QMI_WDA,
		QMI_DPM,
	};
	uint8_t data[128];
	unsigned int i, seed = 1;
	size_t j, len;

	simqmi_start();
	simqmi_register();
	for (i = 0; i < 200000; i++) {
		len = 13 + rand_r(&seed) % (sizeof(data) - 13);
		for (j = 0; j < len; j++)
			data[j] = rand_r(&seed);
		/* Mostly frames that pass the first checks. */
		data[0] = 1;
		data[1] = len - 1;
		data[2] = 0;
		data[3] = 0;
		data[4] = services[i % ARRAY_SIZE(services)];
		data[5] = data[4] ? 1 : 0;
		data[6] = 0;
		data[data[4] ? 10 : 9] = 0;
		data[data[4] ? 11 : 10] = len - (data[4] ? 13 : 12);
		data[data[4] ? 12 : 11] = 0;
		simqmi.n_frames = 0;
		if (i % 64 == 0 && data[4])
			simqmi_client(data[4]);
		simqmi.n_frames = 0;
		modem_ctrl_in(simqmi.modem, 0, data, len);
	}
	modem_free(simqmi.modem);
}

TEST(a_message_is_refused_by_its_name)
{
	uint8_t dms;

	simqmi_start();
	dms = simqmi_client(QMI_DMS);
	simqmi_set("qmi", "refuse dms.get-model 52 2");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0021, ""));
	EXPECT_EQ(QMI_DEVICE_NOT_READY, simqmi_call(QMI_DMS, dms, 0x0022, ""));
	EXPECT_STREQ("", simqmi_tlv(0x01));
	EXPECT_EQ(QMI_DEVICE_NOT_READY, simqmi_call(QMI_DMS, dms, 0x0022, ""));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0022, ""));
}

TEST(an_answer_is_lost_by_its_name)
{
	uint8_t dms;

	simqmi_start();
	dms = simqmi_client(QMI_DMS);
	simqmi_set("qmi", "lose dms.set-operating-mode");
	simqmi_post(QMI_DMS, dms, 0x002e, "01 01 00 01");
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_STREQ("1", simqmi_get("dms.mode"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
}

TEST(an_answer_is_late_by_its_name)
{
	uint8_t dms;

	simqmi_start();
	dms = simqmi_client(QMI_DMS);
	/* what comes by itself does not come between */
	while (strcmp("nas.registered", simqmi.last_event))
		g_main_context_iteration(NULL, TRUE);
	simqmi_set("qmi", "late dms.set-operating-mode 20 2");
	simqmi_post(QMI_DMS, dms, 0x002e, "01 01 00 01");
	EXPECT_STREQ("1", simqmi_get("dms.mode"));
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_NE(0, strcmp("dms.set-operating-mode", simqmi.last_event));
	/* others are not held up by it */
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0022, ""));
	simqmi.n_frames = 0;
	while (!simqmi.n_frames)
		g_main_context_iteration(NULL, TRUE);
	EXPECT_EQ(0x2e, simqmi.frame[0].data[9]);
	EXPECT_STREQ("dms.set-operating-mode", simqmi.last_event);
	/* and end with what they were of */
	simqmi_post(QMI_DMS, dms, 0x002e, "01 01 00 00");
	simqmi_set("qmi", "restart");
	EXPECT_FALSE(simqmi.modem->late_answers);
}

TEST(faults_of_messages_that_are_none)
{
	static const char *const rows[] = {
		"refuse dms.get-model", "refuse dms.get-model 0",
		"refuse dms.get-model 65536", "refuse dms.get-model 52 0",
		"refuse dms.get-model 52 1 1", "refuse dms.bananas 52",
		"refuse bananas.get-model 52", "refuse dms 52", "refuse ",
		"lose dms.get-model 0", "lose dms.get-model x", "lose get-model",
		"late dms.get-model", "late dms.get-model 0", "late dms.get-model 3600001",
		"late dms.get-model 1s", "late dms.get-model 5 0", "late get-model 5",
	};
	char err[256];

	simqmi_start();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_NE(0, modem_set(simqmi.modem, "qmi", rows[i], err,
				       sizeof(err)));
	EXPECT_EQ(0, simqmi.modem->refuse.left);
	EXPECT_EQ(0, simqmi.modem->lose.left);
	EXPECT_EQ(0, simqmi.modem->late.left);
}

TEST_HARNESS_MAIN
