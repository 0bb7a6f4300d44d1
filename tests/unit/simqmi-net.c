// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's network: registration, denial, preferences, operating modes. */
#include <kselftest_harness.h>

#include "simqmi.h"

static uint8_t nas;

static void registered(void)
{
	simqmi_start();
	simqmi_register();
	nas = simqmi_client(QMI_NAS);
}

TEST(registration_takes_its_time)
{
	simqmi_start();
	simqmi_wait("nas.searching");
	nas = simqmi_client(QMI_NAS);
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0024, ""));
	EXPECT_STREQ("02 02 02 00 01 00", simqmi_tlv(0x01));
	simqmi_register();
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0024, ""));
	EXPECT_STREQ("01 02 01 02 01 08", simqmi_tlv(0x01));
	EXPECT_STREQ("01", simqmi_tlv(0x10));
	EXPECT_STREQ("01 00 01 00 08 6d 32 6d 20 48 6f 6d 65", simqmi_tlv(0x12));
	EXPECT_STREQ("00101", simqmi_get("nas.operator"));
}

TEST(denied_with_its_cause)
{
	registered();
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0003,
				 "21 02 00 01 00 18 01 00 01"));
	simqmi.n_frames = 0;
	simqmi_set("nas", "deny cause 7");
	simqmi_wait("nas.denied");
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x0068));
	EXPECT_STREQ("7", simqmi_get("nas.cause"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x004d, ""));
	/* Limited service; the reject cause stands in the LTE info. */
	EXPECT_STREQ("01 01 01", simqmi_tlv(0x14));
	EXPECT_STREQ("01 00 01 02 00 00 01 01 00 fe ff 01 01 b3 a2 01 01 02 07"
		     " 01 30 30 31 30 31 ff 01 34 12", simqmi_tlv(0x19));
	EXPECT_STREQ("03 00 00 00", simqmi_tlv(0x27));
	simqmi_set("nas", "home");
	simqmi_wait("nas.registered");
	EXPECT_STREQ("0", simqmi_get("nas.cause"));
}

TEST(roaming_can_be_forbidden)
{
	registered();
	simqmi_set("nas", "roam");
	simqmi_wait("nas.registered");
	EXPECT_STREQ("roaming", simqmi_get("nas.state"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0024, ""));
	EXPECT_STREQ("00", simqmi_tlv(0x10));
	/* Roaming preference: off */
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0033, "14 02 00 01 00"));
	simqmi_wait("nas.denied");
}

TEST(coverage_is_lost_and_comes_back)
{
	registered();
	simqmi_set("nas", "lost");
	EXPECT_STREQ("searching", simqmi_get("nas.state"));
	EXPECT_EQ(74, simqmi_call(QMI_NAS, nas, 0x004f, ""));
	simqmi_set("nas", "register");
	simqmi_wait("nas.registered");
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x004f, ""));
	EXPECT_STREQ("c3 f7 a4 ff a0 00", simqmi_tlv(0x14));
}

TEST(manual_selection_is_obeyed)
{
	registered();
	/* 001/03 is forbidden, 001/99 is not there. */
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0022,
				 "01 01 00 02 10 05 00 01 00 03 00 08"));
	simqmi_wait("nas.denied");
	EXPECT_STREQ("11", simqmi_get("nas.cause"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0022,
				 "01 01 00 02 10 05 00 01 00 63 00 08"));
	EXPECT_STREQ("searching", simqmi_get("nas.state"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0022, "01 01 00 01"));
	simqmi_wait("nas.registered");
	EXPECT_EQ(26, simqmi_call(QMI_NAS, nas, 0x0022, "01 01 00 01"));
	EXPECT_EQ(32, simqmi_call(QMI_NAS, nas, 0x0022, "01 01 00 07"));
	EXPECT_EQ(17, simqmi_call(QMI_NAS, nas, 0x0022, "01 01 00 02"));
}

TEST(preferences_are_kept_and_counted)
{
	registered();
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0034, ""));
	EXPECT_STREQ("1c 00", simqmi_tlv(0x11));
	/* Without LTE there is no cell. */
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0033, "11 02 00 0c 00"));
	EXPECT_STREQ("searching", simqmi_get("nas.state"));
	EXPECT_STREQ("1", simqmi_get("nv-writes"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0034, ""));
	EXPECT_STREQ("0c 00", simqmi_tlv(0x11));
	/* Nothing is taken of a request that is wrong in part. */
	EXPECT_EQ(1, simqmi_call(QMI_NAS, nas, 0x0033,
				 "11 02 00 10 00 15 02 00 01 00"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0034, ""));
	EXPECT_STREQ("0c 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0033, "11 02 00 10 00"));
	simqmi_wait("nas.registered");
	modem_power_off(simqmi.modem);
	modem_power_on(simqmi.modem);
	nas = simqmi_client(QMI_NAS);
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0034, ""));
	EXPECT_STREQ("10 00", simqmi_tlv(0x11));
}

TEST(a_scan_takes_time_and_runs_once)
{
	uint16_t first, second;

	registered();
	first = simqmi_post(QMI_NAS, nas, 0x0021, "");
	second = simqmi_post(QMI_NAS, nas, 0x0021, "");
	EXPECT_EQ(70, simqmi_result(QMI_NAS, second));
	EXPECT_EQ(0, simqmi_result(QMI_NAS, first));
	EXPECT_STREQ("00 00 00 00", simqmi_tlv(0x13));
}

TEST(a_search_can_be_forced)
{
	uint8_t dms;

	registered();
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0067, ""));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0024, ""));
	EXPECT_STREQ("02 02 02 00 01 00", simqmi_tlv(0x01));
	simqmi_register();
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 01"));
	EXPECT_EQ(52, simqmi_call(QMI_NAS, nas, 0x0067, ""));
}

TEST(the_network_tells_name_and_time)
{
	simqmi_start();
	nas = simqmi_client(QMI_NAS);
	simqmi_set("nas.clock", "1700000000");
	EXPECT_EQ(74, simqmi_call(QMI_NAS, nas, 0x007d, ""));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0003, "17 01 00 01"));
	simqmi_register();
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x004c));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0025, ""));
	EXPECT_STREQ("01 00 01 00 08 6d 32 6d 20 48 6f 6d 65", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0039, ""));
	EXPECT_STREQ("6d 32 6d 20 48 6f 6d 65", simqmi_tlv(0x13));
	/* 2023-11-14 22:13:20, a Tuesday; one hour east of UTC */
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x007d, ""));
	EXPECT_STREQ("e7 07 0b 0e 16 0d 14 01 04 00 08", simqmi_tlv(0x11));
}

TEST(signal_thresholds)
{
	registered();
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0003, "19 01 00 01"));
	simqmi.n_frames = 0;
	simqmi_set("nas.signal", "-62 -9 -93 160");
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x0051));
	/* Tell me when RSRP crosses -100. */
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0050, "16 03 00 01 9c ff"));
	simqmi.n_frames = 0;
	simqmi_set("nas.signal", "-64 -9 -95 160");
	EXPECT_EQ(0, simqmi_indications(QMI_NAS, nas, 0x0051));
	simqmi_set("nas.signal", "-70 -9 -101 160");
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x0051));
	simqmi_set("nas.signal", "-70 -9 -105 160");
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x0051));
	/* The second version: a delta of 3 dB */
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x006c,
				 "28 01 00 00 29 02 00 1e 00"));
	simqmi.n_frames = 0;
	simqmi_set("nas.signal", "-70 -9 -107 160");
	EXPECT_EQ(0, simqmi_indications(QMI_NAS, nas, 0x0051));
	simqmi_set("nas.signal", "-70 -9 -108 160");
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x0051));
}

TEST(detach_and_attach)
{
	registered();
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0023, "10 01 00 02"));
	EXPECT_STREQ("idle", simqmi_get("nas.state"));
	EXPECT_EQ(26, simqmi_call(QMI_NAS, nas, 0x0023, "10 01 00 02"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0023, "10 01 00 01"));
	simqmi_wait("nas.registered");
	EXPECT_EQ(33, simqmi_call(QMI_NAS, nas, 0x0023, "10 01 00 03"));
}

TEST(operating_modes)
{
	uint8_t dms;

	registered();
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0001, "14 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 01"));
	EXPECT_EQ(1, simqmi_indications(QMI_DMS, dms, 0x0001));
	EXPECT_STREQ("idle", simqmi_get("nas.state"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
	simqmi_wait("nas.registered");
	/* A reset is allowed from offline only, and nothing else is. */
	EXPECT_EQ(60, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 04"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 03"));
	EXPECT_EQ(60, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 04"));
	EXPECT_EQ(0, simqmi.reboots);
	simqmi_wait("test.reboot");
	EXPECT_EQ(1, simqmi.reboots);
	EXPECT_EQ(48, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 09"));
}

TEST(an_fcc_lock_wants_its_message)
{
	uint8_t dms;

	simqmi_new(1);
	simqmi_set("dms.fcc-lock", "on");
	modem_power_on(simqmi.modem);
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002d, ""));
	EXPECT_STREQ("01", simqmi_tlv(0x01));
	EXPECT_EQ(60, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x555f, ""));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
	simqmi_register();
}

TEST(a_foreign_fcc_lock_opens_to_nothing)
{
	uint8_t dms;

	simqmi_new(1);
	simqmi_set("dms.fcc-lock", "on");
	simqmi_set("dms.fcc-foreign", "on");
	modem_power_on(simqmi.modem);
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(71, simqmi_call(QMI_DMS, dms, 0x555f, ""));
	EXPECT_EQ(60, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
	EXPECT_STREQ("1", simqmi_get("dms.mode"));
}

TEST(offline_without_a_reset)
{
	uint8_t dms;

	registered();
	simqmi_set("dms.refuse-reset", "on");
	simqmi_set("dms", "offline");
	EXPECT_STREQ("3", simqmi_get("dms.mode"));
	EXPECT_STREQ("idle", simqmi_get("nas.state"));
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(60, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 04"));
	simqmi_set("dms.refuse-reset", "off");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 04"));
	simqmi_wait("test.reboot");
}

TEST(a_card_that_needs_the_radio)
{
	uint8_t dms;

	simqmi_new(1);
	simqmi_set("sim.needs-radio", "on");
	simqmi_set("dms.fcc-lock", "on");
	modem_power_on(simqmi.modem);
	EXPECT_STREQ("absent", simqmi_get("sim.state"));
	simqmi_set("dms", "online");
	simqmi_wait("sim.ready");
	simqmi_register();
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 01"));
	EXPECT_STREQ("absent", simqmi_get("sim.state"));
}

TEST(persistent_low_power_survives)
{
	uint8_t dms;

	simqmi_start();
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 06"));
	EXPECT_STREQ("1", simqmi_get("nv-writes"));
	modem_power_off(simqmi.modem);
	modem_power_on(simqmi.modem);
	EXPECT_STREQ("6", simqmi_get("dms.mode"));
}

TEST(messages_are_stored_read_and_deleted)
{
	uint8_t wms;

	registered();
	wms = simqmi_client(QMI_WMS);
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0001, "10 01 00 01"));
	simqmi.n_frames = 0;
	simqmi_set("sms", "+4917012345 hello");
	EXPECT_EQ(1, simqmi_indications(QMI_WMS, wms, 0x0001));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0031,
				 "01 01 00 00 11 01 00 01 12 01 00 01"));
	EXPECT_STREQ("01 00 00 00 00 00 00 00 01", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0022,
				 "01 05 00 00 00 00 00 00"));
	EXPECT_EQ(0, strncmp("01 06 24 00 07 91 94 71 01 67 00 00 04 0a 91 94 71 10 32 54"
			     " 00 08", simqmi_tlv(0x01), 65));
	/* Read once, it is no longer new. */
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0031, "01 01 00 00 11 01 00 01"));
	EXPECT_STREQ("00 00 00 00", simqmi_tlv(0x01));
	EXPECT_EQ(50, simqmi_call(QMI_WMS, wms, 0x0024,
				  "01 01 00 00 10 04 00 05 00 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0024,
				 "01 01 00 00 10 04 00 00 00 00 00"));
	EXPECT_STREQ("0", simqmi_get("wms.count"));
	EXPECT_EQ(50, simqmi_call(QMI_WMS, wms, 0x0022,
				  "01 05 00 00 00 00 00 00"));
}

TEST(sending_needs_the_network)
{
	uint8_t wms;

	registered();
	wms = simqmi_client(QMI_WMS);
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0020,
				 "01 08 00 06 05 00 00 01 00 00 00"));
	EXPECT_STREQ("01 00", simqmi_tlv(0x01));
	EXPECT_EQ(1, simqmi_call(QMI_WMS, wms, 0x0020, "01 05 00 06 05 00 00 01"));
	EXPECT_EQ(58, simqmi_call(QMI_WMS, wms, 0x0020,
				  "01 05 00 06 02 00 07 91"));
	simqmi_set("wms.send-cause", "41");
	EXPECT_EQ(54, simqmi_call(QMI_WMS, wms, 0x0020,
				  "01 08 00 06 05 00 00 01 00 00 00"));
	EXPECT_STREQ("29 00 00", simqmi_tlv(0x12));
	simqmi_set("nas", "lost");
	EXPECT_EQ(53, simqmi_call(QMI_WMS, wms, 0x0020,
				  "01 08 00 06 05 00 00 01 00 00 00"));
	EXPECT_STREQ("1", simqmi_get("wms.sent"));
	EXPECT_STREQ("0001000000", simqmi_get("wms.last"));
}

TEST(what_we_send_ourselves_comes_back)
{
	uint8_t wms;

	registered();
	wms = simqmi_client(QMI_WMS);
	/* to +4915000000001, with a header and a report: "ab" in UCS-2 */
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0020,
				 "01 1c 00 06 19 00 00 61 00 0d 91 94 51 00 00 00 00 f1"
				 " 00 08 0a 05 00 03 07 02 01 00 61 00 62"));
	EXPECT_STREQ("2", simqmi_get("wms.count"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0022, "01 05 00 00 00 00 00 00"));
	EXPECT_TRUE(strstr(simqmi_tlv(0x01), "44 0d 91 94 51 00 00 00 00 f1 00 08"));
	EXPECT_TRUE(strstr(simqmi_tlv(0x01), "0a 05 00 03 07 02 01 00 61 00 62"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0022, "01 05 00 00 01 00 00 00"));
	EXPECT_TRUE(strstr(simqmi_tlv(0x01), "06 01 0d 91 94 51 00 00 00 00 f1"));
	/* one that ends in its address goes, and nothing comes of it */
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0020,
				 "01 0b 00 06 08 00 00 21 00 ff 91 94 51 00"));
	EXPECT_STREQ("2", simqmi_get("wms.count"));
}

/* The only frame hands a message over, and names its SMSC behind it, or none. */
static void expect_smsc(const char *smsc)
{
	const uint8_t *d = simqmi.frame[0].data;
	size_t at, len = strlen(smsc);

	ASSERT_EQ(1, simqmi.n_frames);
	ASSERT_EQ(0x11, d[13]);
	at = 16 + (d[14] | d[15] << 8);
	ASSERT_EQ(at + (len ? 3 + len : 0), simqmi.frame[0].len);
	if (!len)
		return;
	EXPECT_EQ(0x15, d[at]);
	EXPECT_EQ(len, d[at + 1] | d[at + 2] << 8);
	EXPECT_FALSE(memcmp(d + at + 3, smsc, len));
}

TEST(the_smsc_comes_beside_a_message_handed_over)
{
	static const struct {
		const char *pdu, *smsc;
	} rows[] = {
		{ "pdu 0004018100", "" },
		{ "pdu 019104018100", "" },
		{ "pdu 0281f304018100", "3" },
		{ "pdu 0391214304018100", "+1234" },
		{ "pdu 0381ab4c04018100", "#*a4" },
	};
	uint8_t wms;

	registered();
	wms = simqmi_client(QMI_WMS);
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0001, "10 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0032, "01 06 00 01 00 00 04 00 02"));
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		simqmi.n_frames = 0;
		simqmi_set("sms", rows[i].pdu);
		expect_smsc(rows[i].smsc);
	}
}

/* A route says whether the card keeps what arrives, or the host gets it at once. */
TEST(messages_go_where_their_route_leads)
{
	uint8_t wms;

	registered();
	wms = simqmi_client(QMI_WMS);
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0001, "10 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0033, ""));
	EXPECT_STREQ("02 00 00 04 00 01 00 02 00 01", simqmi_tlv(0x01));
	EXPECT_EQ(48, simqmi_call(QMI_WMS, wms, 0x0032, "01 06 00 01 00 00 04 07 01"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0032, "01 06 00 01 00 00 04 00 02"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0033, ""));
	EXPECT_STREQ("01 00 00 04 00 02", simqmi_tlv(0x01));
	simqmi.n_frames = 0;
	simqmi_set("sms", "+4917012345 hello");
	EXPECT_EQ(1, simqmi_indications(QMI_WMS, wms, 0x0001));
	/* To be acknowledged, by its number */
	EXPECT_EQ(0x11, simqmi.frame[0].data[13]);
	EXPECT_EQ(0, simqmi.frame[0].data[16]);
	expect_smsc("+491710760000");
	EXPECT_STREQ("0", simqmi_get("wms.count"));
	EXPECT_EQ(22, simqmi_call(QMI_WMS, wms, 0x0037, "01 06 00 63 00 00 00 01 01"));
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0037, "01 06 00 01 00 00 00 01 01"));
	EXPECT_EQ(22, simqmi_call(QMI_WMS, wms, 0x0037, "01 06 00 01 00 00 00 01 01"));
	/* Or nobody gets it. */
	EXPECT_EQ(0, simqmi_call(QMI_WMS, wms, 0x0032, "01 02 00 00 00"));
	simqmi.n_frames = 0;
	simqmi_set("sms", "+4917012345 hello");
	EXPECT_EQ(0, simqmi_indications(QMI_WMS, wms, 0x0001));
	EXPECT_STREQ("0", simqmi_get("wms.count"));
}

TEST_HARNESS_MAIN
