// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's lies: each is told, and only while it is set. */
#include <kselftest_harness.h>
#include <stdio.h>

#include "simqmi.h"

/* 490154203237519 */
#define OWN_IMEI	"34 39 30 31 35 34 32 30 33 32 33 37 35 31 39"
#define INTERNET	"14 08 00 69 6e 74 65 72 6e 65 74 "
#define VERIFY		"01 02 00 00 00 02 06 00 01 04 32 37 31 38"
#define QMAPV5		"11 04 00 02 00 00 00 12 04 00 09 00 00 00 13 04 00 09 00 00 00"

TEST(wda_says_v5_and_sends_v1)
{
	uint8_t wda;

	simqmi_start();
	wda = simqmi_client(QMI_WDA);
	simqmi_set("lie", "wda-v5-sends-v1");
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0020, QMAPV5));
	EXPECT_STREQ("09 00 00 00", simqmi_tlv(0x13));
	EXPECT_EQ(MODEM_AGG_QMAP, simqmi.format[0].dl);
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0021, ""));
	EXPECT_STREQ("09 00 00 00", simqmi_tlv(0x13));
	simqmi_set("lie", "none");
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0020, QMAPV5));
	EXPECT_STREQ("08 00 00 00", simqmi_tlv(0x13));
}

TEST(set_is_accepted_and_ignored)
{
	uint8_t nas, wda;

	simqmi_start();
	nas = simqmi_client(QMI_NAS);
	wda = simqmi_client(QMI_WDA);
	simqmi_set("lie", "set-ignored");
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0033, "11 02 00 10 00"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0034, ""));
	EXPECT_STREQ("1c 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0020, QMAPV5));
	EXPECT_STREQ("08 00 00 00", simqmi_tlv(0x13));
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0021, ""));
	EXPECT_STREQ("00 00 00 00", simqmi_tlv(0x13));
}

/* What is not a setting is ignored like one */
TEST(an_order_is_accepted_and_ignored)
{
	uint8_t uim, nas, wds;

	simqmi_new(1);
	simqmi_set("sim.slots", "2");
	simqmi_set("sim.pin", "2718");
	simqmi_set("sim.pin-enabled", "on");
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.locked");
	uim = simqmi_client(QMI_UIM);
	nas = simqmi_client(QMI_NAS);
	wds = simqmi_client(QMI_WDS);
	simqmi_set("lie", "set-ignored");
	/* verify */
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0026, VERIFY));
	EXPECT_STREQ("pin", simqmi_get("sim.state"));
	/* slot 2, power off, detach, a profile less */
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0046, "01 01 00 01 02 04 00 02 00 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0030, "01 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0023, "10 01 00 02"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0029, "01 02 00 00 02"));
	EXPECT_STREQ("1", simqmi_get("sim.active"));
	EXPECT_FALSE(simqmi.modem->net.detached);
	EXPECT_STREQ("0", simqmi_get("nv-writes"));
	simqmi_release(QMI_NAS, nas);
	EXPECT_STREQ("1", simqmi_get("clients.nas"));
	simqmi_set("lie", "none");
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0026, VERIFY));
	simqmi_release(QMI_NAS, nas);
	EXPECT_STREQ("0", simqmi_get("clients.nas"));
}

TEST(nonsense_settings)
{
	uint8_t wds;

	simqmi_start();
	simqmi_register();
	wds = simqmi_client(QMI_WDS);
	simqmi_set("lie", "bad-address");
	simqmi_set("lie", "bad-mask");
	simqmi_set("lie", "bad-mtu");
	simqmi_set("lie", "bad-dns");
	simqmi_set("lie", "dead-bearer");
	EXPECT_STREQ("dead-bearer bad-address bad-mask bad-mtu bad-dns",
		     simqmi_get("lie"));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0020, INTERNET));
	EXPECT_TRUE(modem_call_find(simqmi.modem, 0, 0, 4)->dead);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x002d, ""));
	EXPECT_STREQ("09 00 00 e0", simqmi_tlv(0x1e));
	EXPECT_STREQ("ff 00 ff 00", simqmi_tlv(0x21));
	EXPECT_STREQ("03 00 00 00", simqmi_tlv(0x29));
	EXPECT_STREQ("00 00 00 00", simqmi_tlv(0x15));
}

TEST(every_call_has_the_same_handle)
{
	uint8_t a, b;

	simqmi_start();
	simqmi_register();
	simqmi_set("lie", "same-handle");
	a = simqmi_client(QMI_WDS);
	b = simqmi_client(QMI_WDS);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, a, 0x0020, INTERNET));
	EXPECT_STREQ("00 00 00 7a", simqmi_tlv(0x01));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, b, 0x0020, INTERNET "19 01 00 06"));
	EXPECT_STREQ("00 00 00 7a", simqmi_tlv(0x01));
	/* Each still ends its own. */
	EXPECT_EQ(0, simqmi_call(QMI_WDS, a, 0x0021, "01 04 00 00 00 00 7a"));
	EXPECT_STREQ("1", simqmi_get("calls"));
}

TEST(identity_and_tries)
{
	char doubled[64];
	uint8_t dms;

	simqmi_start();
	simqmi_wait("sim.ready");
	dms = simqmi_client(QMI_DMS);
	simqmi_set("lie", "imei-empty");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0025, ""));
	EXPECT_STREQ("", simqmi_tlv(0x11));
	EXPECT_STREQ("30", simqmi_tlv(0x10));
	simqmi_set("lie", "none");
	simqmi_set("lie", "imei-zero");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0025, ""));
	EXPECT_STREQ("30 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
		     simqmi_tlv(0x11));
	simqmi_set("lie", "imei-zero off");
	simqmi_set("lie", "imei-doubled");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0025, ""));
	snprintf(doubled, sizeof(doubled), "%s", simqmi_tlv(0x11));
	EXPECT_EQ(15 * 3 - 1, strlen(doubled));
	/* Not its own, but that of every modem that tells this lie. */
	EXPECT_NE(0, strcmp(OWN_IMEI, doubled));
	simqmi_set("lie", "none");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0025, ""));
	EXPECT_STREQ(OWN_IMEI, simqmi_tlv(0x11));
	simqmi_set("lie", "pin-tries-255");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002b, ""));
	EXPECT_STREQ("03 ff ff", simqmi_tlv(0x11));
	simqmi_set("lie", "pin-tries-255 off");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002b, ""));
	EXPECT_STREQ("03 03 0a", simqmi_tlv(0x11));
}

TEST(indications_never_come)
{
	uint8_t nas;

	simqmi_start();
	simqmi_register();
	nas = simqmi_client(QMI_NAS);
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0003, "13 01 00 01"));
	simqmi_set("lie", "no-indications");
	simqmi.n_frames = 0;
	simqmi_set("nas", "lost");
	EXPECT_EQ(0, simqmi.n_frames);
	simqmi_set("lie", "none");
	simqmi_set("nas", "home");
	simqmi_wait("nas.registered");
	EXPECT_NE(0, simqmi_indications(QMI_NAS, nas, 0x0024));
}

TEST(dead_services_are_listed_and_silent)
{
	uint8_t loc;

	simqmi_start();
	EXPECT_EQ(0, simqmi_client(QMI_LOC));
	simqmi_set("lie", "dead-services");
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	EXPECT_EQ(0, strncmp("0d", simqmi_tlv(0x01), 2));
	loc = simqmi_client(QMI_LOC);
	EXPECT_NE(0, loc);
	simqmi_post(QMI_LOC, loc, 0x0020, "");
	EXPECT_EQ(0, simqmi.n_frames);
	simqmi_release(QMI_LOC, loc);
}

TEST(the_first_answer_is_late)
{
	uint16_t first, second;

	simqmi_start();
	simqmi_set("slow-first.ms", "50");
	simqmi_set("lie", "slow-first");
	first = simqmi_post(QMI_CTL, 0, 0x0021, "");
	EXPECT_EQ(0, simqmi.n_frames);
	second = simqmi_post(QMI_CTL, 0, 0x0021, "");
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_EQ(0, simqmi_result(QMI_CTL, first));
	EXPECT_EQ(0, simqmi_result(QMI_CTL, second));
	/* In the order they were asked, and never again. */
	EXPECT_EQ(2, simqmi.n_frames);
	EXPECT_EQ(first & 0xff, simqmi.frame[0].data[7]);
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	EXPECT_EQ(1, simqmi.n_frames);
}

TEST(settings_are_checked)
{
	static const char *const wrong[][2] = {
		{ "lie", "white" }, { "lie", "" }, { "lie", "none of it off" },
		{ "pool.size", "0" }, { "pool.size", "-1" },
		{ "pool.size", "255" }, { "pool.size.wds", "x" },
		{ "sim.pin", "12" }, { "sim.pin", "123456789" },
		{ "sim.pin", "12a4" }, { "sim.imsi", "1" },
		{ "sim.fplmn", "abc" }, { "sim.slots", "3" },
		{ "sim", "explode" }, { "sim", "remove 3" }, { "nas", "deny cause" },
		{ "nas", "deny cause 0" }, { "nas", "" }, { "nas.rat", "6g" },
		{ "nas.signal", "1 2 3" }, { "nas.signal", "1 2 3 x" },
		{ "wds", "drop cause" }, { "wds", "drop mux 300" },
		{ "wds.apn", "" }, { "wds.apn", "x y" }, { "dms", "rfkill" },
		{ "sms", "hello" }, { "sms", "pdu 0" }, { "qmi", "" },
		{ "boot.sync", "maybe" },
	};
	char err[256];
	unsigned int i;

	simqmi_start();
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		err[0] = '\0';
		if (modem_set(simqmi.modem, wrong[i][0], wrong[i][1], err,
			      sizeof(err)) >= 0)
			harness_fail(__FILE__, __LINE__, false, "%s=%s passed",
				     wrong[i][0], wrong[i][1]);
		EXPECT_NE(0, strlen(err));
	}
	EXPECT_EQ(-2, modem_set(simqmi.modem, "sim.color", "red", err,
				sizeof(err)));
	EXPECT_EQ(-2, modem_get(simqmi.modem, "sim.color", err, sizeof(err)));
}

TEST_HARNESS_MAIN
