// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's calls, data formats and ports, from the request to the last indication. */
#include <arpa/inet.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>

#include "simqmi.h"

#define START		0x0020
#define STOP		0x0021
#define REPORT		0x0001
#define REGISTER	0x0003
#define STATUS		0x0022
#define SETTINGS	0x002d
#define BIND		0x00a2
#define CHANGED		0x008c
#define ALL		"10 04 00 19 e3 00 00 "
#define INTERNET	"14 08 00 69 6e 74 65 72 6e 65 74 "
#define DNS64		"14 05 00 64 6e 73 36 34 "
#define V4ONLY		"14 06 00 76 34 6f 6e 6c 79 "
#define NOWHERE		"14 07 00 6e 6f 77 68 65 72 65 "
#define LOGIN		"10 04 00 c0 00 00 00 "
#define USER_BOB	"17 03 00 62 6f 62 "
#define CHAP		"16 01 00 02 "
#define OPTIONS		"10 04 00 00 40 04 00 "
#define V4		"19 01 00 04 "
#define V6		"19 01 00 06 "
#define GLOBAL		"01 04 00 ff ff ff ff"

static uint8_t wds;

static void registered(void)
{
	simqmi_start();
	simqmi_register();
	wds = simqmi_client(QMI_WDS);
}

TEST(a_call_comes_up_and_goes)
{
	char stop[32];

	registered();
	EXPECT_EQ(15, simqmi_call(QMI_WDS, wds, SETTINGS, ""));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET V4));
	snprintf(stop, sizeof(stop), "01 04 00 %s", simqmi_tlv(0x01));
	EXPECT_EQ(1, simqmi.calls_up);
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, STATUS));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, STATUS, ""));
	EXPECT_STREQ("02", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, ALL));
	EXPECT_STREQ("dc 05 00 00", simqmi_tlv(0x29));
	EXPECT_STREQ("fc ff ff ff", simqmi_tlv(0x21));
	EXPECT_STREQ("04", simqmi_tlv(0x2b));
	EXPECT_STREQ("", simqmi_tlv(0x25));
	EXPECT_EQ(9, simqmi_call(QMI_WDS, wds, STOP, "01 04 00 11 22 33 44"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, STOP, stop));
	EXPECT_EQ(1, simqmi.calls_down);
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, STATUS));
	EXPECT_EQ(9, simqmi_call(QMI_WDS, wds, STOP, stop));
	EXPECT_EQ(26, simqmi_call(QMI_WDS, wds, STOP, GLOBAL));
}

/* Its user and authentication, for who asks for them */
TEST(a_call_tells_its_login)
{
	registered();
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET V4 USER_BOB CHAP));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, LOGIN));
	EXPECT_STREQ("62 6f 62", simqmi_tlv(0x1b));
	EXPECT_STREQ("02", simqmi_tlv(0x1d));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, ALL));
	EXPECT_STREQ("", simqmi_tlv(0x1b));
}

TEST(starting_twice_has_no_effect)
{
	uint16_t first, second;
	uint8_t other;

	registered();
	first = simqmi_post(QMI_WDS, wds, START, INTERNET);
	second = simqmi_post(QMI_WDS, wds, START, INTERNET);
	EXPECT_EQ(26, simqmi_result(QMI_WDS, second));
	EXPECT_EQ(0, simqmi_result(QMI_WDS, first));
	/* Another client of the same data port gets the internal reason. */
	other = simqmi_client(QMI_WDS);
	EXPECT_EQ(14, simqmi_call(QMI_WDS, other, START, INTERNET));
	EXPECT_STREQ("02 00 f1 00", simqmi_tlv(0x11));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, other, START, NOWHERE));
	EXPECT_STREQ("02 00 ed 00", simqmi_tlv(0x11));
	/* It sees the call, though, and a global stop ends it. */
	EXPECT_EQ(0, simqmi_call(QMI_WDS, other, STATUS, ""));
	EXPECT_STREQ("02", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, other, STOP, GLOBAL));
	EXPECT_STREQ("0", simqmi_get("calls"));
}

TEST(a_call_ends_with_its_id)
{
	uint8_t watcher;

	registered();
	watcher = simqmi_client(QMI_WDS);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	simqmi_release(QMI_WDS, wds);
	EXPECT_STREQ("0", simqmi_get("calls"));
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, watcher, STATUS));
	EXPECT_EQ(1, simqmi.calls_down);
	wds = simqmi_client(QMI_WDS);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0027, ""));
	EXPECT_STREQ("0", simqmi_get("calls"));
}

/* Releasing the id while the call is being set up leaves nothing behind. */
TEST(an_id_may_die_while_connecting)
{
	registered();
	simqmi_post(QMI_WDS, wds, START, INTERNET);
	simqmi_release(QMI_WDS, wds);
	wds = simqmi_client(QMI_WDS);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(1, simqmi.calls_up);
	simqmi_release(QMI_WDS, wds);
	modem_free(simqmi.modem);
}

TEST(setting_up_can_be_aborted)
{
	uint16_t start;
	char tlv[32];

	registered();
	simqmi_set("wds.connect-ms", "60000");
	start = simqmi_post(QMI_WDS, wds, START, INTERNET);
	EXPECT_EQ(22, simqmi_call(QMI_WDS, wds, 0x0002, "01 02 00 ff ff"));
	snprintf(tlv, sizeof(tlv), "01 02 00 %02x %02x", start & 0xff,
		 start >> 8);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0002, tlv));
	EXPECT_EQ(14, simqmi_result(QMI_WDS, start));
	EXPECT_STREQ("02 00 ca 00", simqmi_tlv(0x11));
	EXPECT_STREQ("0", simqmi_get("calls"));
}

TEST(apns_have_rules)
{
	registered();
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, NOWHERE));
	EXPECT_STREQ("f5 03", simqmi_tlv(0x10));
	EXPECT_STREQ("06 00 1b 00", simqmi_tlv(0x11));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, V4ONLY V6));
	EXPECT_STREQ("06 00 32 00", simqmi_tlv(0x11));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, DNS64 V4));
	EXPECT_STREQ("06 00 33 00", simqmi_tlv(0x11));
	simqmi_set("wds.apn", "nowhere v4 v6 user u password p");
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, NOWHERE));
	EXPECT_STREQ("06 00 1d 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, START, NOWHERE
				 "16 01 00 01 17 01 00 75 18 01 00 70"));
}

TEST(a_throttled_apn_says_how_long)
{
	registered();
	simqmi_set("wds.apn", "nowhere v4 cause 26 throttle 60000");
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, NOWHERE));
	EXPECT_STREQ("06 00 1a 00", simqmi_tlv(0x11));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, NOWHERE));
	EXPECT_STREQ("02 00 d1 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x006c, "01 01 00 00"));
	EXPECT_EQ(0, strncmp("01 01 01", simqmi_tlv(0x10), 8));
}

TEST(dual_stack_over_two_mux_ids)
{
	static const char *const families[] = { V4, V6 };
	uint8_t id[4];
	char tlvs[64];
	unsigned int i;

	registered();
	for (i = 0; i < ARRAY_SIZE(id); i++) {
		id[i] = simqmi_client(QMI_WDS);
		snprintf(tlvs, sizeof(tlvs),
			 "10 08 00 02 00 00 00 04 00 00 00 11 01 00 %02x",
			 1 + i / 2);
		ASSERT_EQ(0, simqmi_call(QMI_WDS, id[i], BIND, tlvs));
		snprintf(tlvs, sizeof(tlvs), INTERNET "%s", families[i % 2]);
		ASSERT_EQ(0, simqmi_call(QMI_WDS, id[i], START, tlvs));
	}
	EXPECT_STREQ("4", simqmi_get("calls"));
	EXPECT_TRUE(modem_call_find(simqmi.modem, 0, 1, 4));
	EXPECT_TRUE(modem_call_find(simqmi.modem, 0, 2, 6));
	EXPECT_FALSE(modem_call_find(simqmi.modem, 0, 3, 4));
	EXPECT_FALSE(modem_call_find(simqmi.modem, 0, 0, 4));
	EXPECT_NE(modem_call_find(simqmi.modem, 0, 1, 4)->addr4.s_addr,
		  modem_call_find(simqmi.modem, 0, 2, 4)->addr4.s_addr);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, id[3], SETTINGS, ALL));
	EXPECT_STREQ("", simqmi_tlv(0x1e));
	EXPECT_NE(0, strlen(simqmi_tlv(0x25)));
	EXPECT_NE(0, strlen(simqmi_tlv(0x27)));
	simqmi.n_frames = 0;
	simqmi_set("wds", "drop cause 36 mux 1");
	EXPECT_STREQ("2", simqmi_get("calls"));
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, id[0], STATUS));
	EXPECT_EQ(0, simqmi_indications(QMI_WDS, id[2], STATUS));
	/* An endpoint that is not ours, a mux id out of range */
	EXPECT_EQ(48, simqmi_call(QMI_WDS, id[0], BIND,
				  "10 08 00 02 00 00 00 07 00 00 00 11 01 00 01"));
	EXPECT_EQ(48, simqmi_call(QMI_WDS, id[0], BIND, "11 01 00 ff"));
}

TEST(v6_only_with_dns64)
{
	registered();
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, DNS64 V6));
	EXPECT_TRUE(modem_call_find(simqmi.modem, 0, 0, 6)->dns64);
}

TEST(public_addresses)
{
	registered();
	simqmi_set("wds.apn", "internet v4 public");
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(25, ntohl(modem_call_find(simqmi.modem, 0, 0, 4)->addr4.s_addr) >> 24);
}

TEST(calls_end_with_the_network)
{
	uint8_t dms;

	registered();
	dms = simqmi_client(QMI_DMS);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 01"));
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, STATUS));
	EXPECT_STREQ("0", simqmi_get("calls"));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_STREQ("02 00 db 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002e, "01 01 00 00"));
	simqmi_wait("nas.registered");
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	simqmi_set("nas", "lost");
	EXPECT_STREQ("0", simqmi_get("calls"));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_STREQ("03 00 d1 07", simqmi_tlv(0x11));
	simqmi_set("sim", "remove");
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_STREQ("03 00 06 02", simqmi_tlv(0x11));
}

TEST(counters_belong_to_the_call)
{
	struct modem_call *call;

	registered();
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	call = modem_call_find(simqmi.modem, 0, 0, 4);
	ASSERT_TRUE(call);
	call->tx_packets = 3;
	call->rx_bytes = 0x1122334455;
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0024, "01 04 00 81 00 00 00"));
	EXPECT_STREQ("03 00 00 00", simqmi_tlv(0x10));
	EXPECT_STREQ("55 44 33 22 11 00 00 00", simqmi_tlv(0x1a));
	EXPECT_STREQ("", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, STOP, GLOBAL));
	EXPECT_EQ(15, simqmi_call(QMI_WDS, wds, 0x0024, "01 04 00 81 00 00 00"));
	EXPECT_STREQ("55 44 33 22 11 00 00 00", simqmi_tlv(0x1c));
}

TEST(rates_and_bearers_are_told)
{
	registered();
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0037, ""));
	EXPECT_STREQ("0a", simqmi_tlv(0x01));
	EXPECT_EQ(15, simqmi_call(QMI_WDS, wds, 0x0023, ""));
	EXPECT_EQ(15, simqmi_call(QMI_WDS, wds, 0x0044, ""));
	EXPECT_EQ(15, simqmi_call(QMI_WDS, wds, 0x0030, ""));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0023, ""));
	EXPECT_STREQ("80 f0 fa 02 80 d1 f0 08 80 f0 fa 02 80 d1 f0 08", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0044, ""));
	EXPECT_STREQ("02 10 00 00 00 00 00 00 00", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0030, ""));
	EXPECT_STREQ("02", simqmi_tlv(0x01));
}

/* The search domain and what the operator adds, for who asks for them */
TEST(a_call_has_options)
{
	registered();
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, OPTIONS));
	EXPECT_STREQ("01 0b 00 6d 32 6d 2e 65 78 61 6d 70 6c 65", simqmi_tlv(0x2a));
	EXPECT_STREQ("01 00 01 00 00 01 05 00 ff", simqmi_tlv(0x2f));
	EXPECT_STREQ("", simqmi_tlv(0x1e));
}

/* The latest indication @id begins with these TLVs. */
static bool told(uint16_t id, const char *tlvs)
{
	char text[128];
	size_t i, n = (strlen(tlvs) + 1) / 3;
	unsigned int f = simqmi.n_frames;
	const uint8_t *d;

	while (f-- > 0) {
		d = simqmi.frame[f].data;
		if (d[6] != 4 || (d[9] | d[10] << 8) != id)
			continue;
		for (i = 0; i < n; i++)
			sprintf(text + 3 * i, "%02x ", d[13 + i]);
		text[3 * n - 1] = '\0';
		if (strcmp(text, tlvs))
			printf("# %s\n", text);
		return !strcmp(text, tlvs);
	}
	return false;
}

TEST(a_call_gets_another_address)
{
	char before[16];
	uint8_t other;

	registered();
	other = simqmi_client(QMI_WDS);
	EXPECT_EQ(1, simqmi_call(QMI_WDS, wds, REGISTER, "12 02 00 01 01"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, REGISTER, "12 01 00 01"));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, ALL));
	snprintf(before, sizeof(before), "%s", simqmi_tlv(0x1e));
	simqmi.n_frames = 0;
	simqmi_set("wds", "readdress");
	/* Connected, and to be read again */
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, STATUS));
	EXPECT_TRUE(told(STATUS, "01 02 00 02 01"));
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, CHANGED));
	EXPECT_TRUE(told(CHANGED, "10 04 00 10 23 00 00"));
	EXPECT_EQ(0, simqmi_indications(QMI_WDS, other, CHANGED));
	EXPECT_EQ(1, simqmi.calls_down);
	EXPECT_EQ(2, simqmi.calls_up);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, ALL));
	EXPECT_NE(0, strcmp(before, simqmi_tlv(0x1e)));
}

/* As each of the two addresses says */
static void expect_index(uint8_t v6, unsigned long index)
{
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, SETTINGS, ALL));
	EXPECT_EQ(index, strtoul(simqmi_tlv(0x1e), NULL, 16) >> 2);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, v6, SETTINGS, ALL));
	EXPECT_EQ(index, strtoul(simqmi_tlv(0x25) + 7 * 3, NULL, 16));
}

TEST(the_families_of_one_port_move_together)
{
	uint8_t v6;

	registered();
	v6 = simqmi_client(QMI_WDS);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET V4));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, v6, START, INTERNET V6));
	expect_index(v6, 1);
	for (unsigned long index = 2; index < 4; index++) {
		simqmi.n_frames = 0;
		simqmi_set("wds", "readdress");
		EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, STATUS));
		EXPECT_EQ(1, simqmi_indications(QMI_WDS, v6, STATUS));
		expect_index(v6, index);
	}
	/* What is still on its way gets what its neighbour has by then. */
	simqmi_set("wds", "drop");
	ASSERT_EQ(0, simqmi_call(QMI_WDS, v6, START, INTERNET V6));
	simqmi_post(QMI_WDS, wds, START, INTERNET V4);
	simqmi_set("wds", "readdress");
	simqmi_wait("wds.connected");
	expect_index(v6, 2);
}

TEST(reports_are_for_who_wants_them)
{
	uint8_t other;

	registered();
	other = simqmi_client(QMI_WDS);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, REPORT, "12 01 00 01 13 01 00 01 17 01 00 01"));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(1, simqmi_indications(QMI_WDS, wds, REPORT));
	EXPECT_EQ(0, simqmi_indications(QMI_WDS, other, REPORT));
	EXPECT_TRUE(told(REPORT, "17 01 00 0a 18 01 00 02 1f 01 00 01 28 04 00 04"));
	simqmi.n_frames = 0;
	simqmi_set("wds", "drop");
	EXPECT_TRUE(told(REPORT, "17 01 00 ff 1f 01 00 02"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0000, ""));
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(0, simqmi_indications(QMI_WDS, wds, REPORT));
}

TEST(autoconnect_dials_by_itself)
{
	registered();
	EXPECT_EQ(48, simqmi_call(QMI_WDS, wds, 0x0051, "01 01 00 07"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0051, "01 01 00 01"));
	simqmi_wait("wds.connected");
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0034, ""));
	EXPECT_STREQ("01", simqmi_tlv(0x01));
	EXPECT_STREQ("00", simqmi_tlv(0x10));
	/* Its address is there for whoever asks; its port is taken. */
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, STATUS, ""));
	EXPECT_STREQ("02", simqmi_tlv(0x01));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_STREQ("02 00 f1 00", simqmi_tlv(0x11));
	/* It comes back after a drop and after a restart. */
	simqmi_set("wds", "drop");
	simqmi_wait("wds.connected");
	modem_power_off(simqmi.modem);
	modem_power_on(simqmi.modem);
	simqmi_wait("wds.connected");
	/* A global stop that disables it is the end. */
	wds = simqmi_client(QMI_WDS);
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, STOP, GLOBAL "10 01 00 01"));
	EXPECT_STREQ("0", simqmi_get("calls"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	modem_free(simqmi.modem);
}

TEST(profiles_are_kept)
{
	registered();
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0027,
				 "01 01 00 00 14 03 00 69 6f 74 11 01 00 00"));
	EXPECT_STREQ("00 03", simqmi_tlv(0x01));
	EXPECT_STREQ("1", simqmi_get("nv-writes"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x002b, "01 02 00 00 03"));
	EXPECT_STREQ("69 6f 74", simqmi_tlv(0x14));
	EXPECT_STREQ("00", simqmi_tlv(0x11));
	/* The profile decides APN and families. */
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, "31 01 00 03" V6));
	EXPECT_STREQ("02 00 ee 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, START, "31 01 00 03" V4));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0028,
				 "01 02 00 00 03 2f 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, STOP, GLOBAL));
	EXPECT_EQ(14, simqmi_call(QMI_WDS, wds, START, "31 01 00 03"));
	EXPECT_STREQ("02 00 dc 00", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0029, "01 02 00 00 03"));
	EXPECT_EQ(81, simqmi_call(QMI_WDS, wds, 0x002b, "01 02 00 00 03"));
	EXPECT_STREQ("05 00", simqmi_tlv(0xe0));
	EXPECT_EQ(10, simqmi_call(QMI_WDS, wds, START, "31 01 00 03"));
	EXPECT_STREQ("3", simqmi_get("nv-writes"));
}

/* WDA */

static uint8_t wda;

TEST(formats_are_downgraded_to_what_is_offered)
{
	simqmi_start();
	wda = simqmi_client(QMI_WDA);
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0021, ""));
	EXPECT_STREQ("01 00 00 00", simqmi_tlv(0x11));
	/* v5 is wanted, v4 is there; the sizes are the smaller ones. */
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0020,
				 "11 04 00 02 00 00 00 12 04 00 09 00 00 00"
				 "13 04 00 09 00 00 00 15 04 00 40 00 00 00"
				 "16 04 00 00 08 00 00"
				 "17 08 00 02 00 00 00 04 00 00 00"));
	EXPECT_STREQ("02 00 00 00", simqmi_tlv(0x11));
	EXPECT_STREQ("08 00 00 00", simqmi_tlv(0x12));
	EXPECT_STREQ("08 00 00 00", simqmi_tlv(0x13));
	EXPECT_STREQ("20 00 00 00", simqmi_tlv(0x15));
	EXPECT_STREQ("00 08 00 00", simqmi_tlv(0x16));
	EXPECT_EQ(MODEM_RAW_IP, simqmi.format[0].link_layer);
	EXPECT_EQ(MODEM_AGG_QMAPV4, simqmi.format[0].dl);
	EXPECT_EQ(0x800, simqmi.format[0].dl_max_size);
	/* Another endpoint, QMAP over Ethernet */
	EXPECT_EQ(48, simqmi_call(QMI_WDA, wda, 0x0020,
				  "11 04 00 02 00 00 00"
				  "17 08 00 02 00 00 00 05 00 00 00"));
	EXPECT_EQ(48, simqmi_call(QMI_WDA, wda, 0x0020,
				  "11 04 00 01 00 00 00 12 04 00 05 00 00 00"));
	simqmi_set("wda.refuse", "on");
	EXPECT_EQ(48, simqmi_call(QMI_WDA, wda, 0x0020,
				  "11 04 00 02 00 00 00 12 04 00 09 00 00 00"
				  "13 04 00 09 00 00 00"));
	simqmi_set("wda.endpoint-required", "on");
	EXPECT_EQ(17, simqmi_call(QMI_WDA, wda, 0x0021, ""));
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0021,
				 "10 08 00 02 00 00 00 04 00 00 00"));
}

TEST(the_format_stays_while_a_call_is_up)
{
	registered();
	wda = simqmi_client(QMI_WDA);
	ASSERT_EQ(0, simqmi_call(QMI_WDS, wds, START, INTERNET));
	EXPECT_EQ(70, simqmi_call(QMI_WDA, wda, 0x0020, "11 04 00 02 00 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0020, "11 04 00 01 00 00 00"));
	simqmi_release(QMI_WDS, wds);
	EXPECT_EQ(0, simqmi_call(QMI_WDA, wda, 0x0020, "11 04 00 02 00 00 00"));
}

TEST(ctl_sets_the_old_format)
{
	simqmi_start();
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0026,
				 "01 01 00 00 10 02 00 02 00"));
	EXPECT_STREQ("02 00", simqmi_tlv(0x10));
	EXPECT_EQ(MODEM_RAW_IP, simqmi.format[0].link_layer);
	EXPECT_EQ(45, simqmi_call(QMI_CTL, 0, 0x0026, "01 01 00 01"));
	EXPECT_EQ(17, simqmi_call(QMI_CTL, 0, 0x0026, ""));
}

/* DPM: ports are opened by name or by endpoint, which has to be there. */
TEST(data_ports_are_opened_and_closed)
{
	uint8_t dpm;

	simqmi_start();
	dpm = simqmi_client(QMI_DPM);
	ASSERT_NE(0, dpm);
	EXPECT_EQ(0, simqmi_call(QMI_DPM, dpm, 0x0020, ""));
	/* A control port "a"; hardware of HSUSB, interface 4; a software port */
	EXPECT_EQ(0, simqmi_call(QMI_DPM, dpm, 0x0020,
				 "10 0b 00 01 01 61 02 00 00 00 04 00 00 00"
				 "11 11 00 01 02 00 00 00 04 00 00 00"
				 "01 00 00 00 02 00 00 00"
				 "12 0b 00 01 02 00 00 00 04 00 00 00 01 62"));
	/* An interface that is not there */
	EXPECT_EQ(48, simqmi_call(QMI_DPM, dpm, 0x0020,
				  "11 11 00 01 02 00 00 00 07 00 00 00"
				  "01 00 00 00 02 00 00 00"));
	/* Two are announced, one comes; a name longer than its TLV */
	EXPECT_EQ(1, simqmi_call(QMI_DPM, dpm, 0x0020,
				 "11 11 00 02 02 00 00 00 04 00 00 00"
				 "01 00 00 00 02 00 00 00"));
	EXPECT_EQ(1, simqmi_call(QMI_DPM, dpm, 0x0020,
				 "10 0b 00 01 09 61 02 00 00 00 04 00 00 00"));
	EXPECT_EQ(1, simqmi_call(QMI_DPM, dpm, 0x0020,
				 "12 0b 00 01 02 00 00 00 04 00 00 00 09 62"));
	EXPECT_EQ(0, simqmi_call(QMI_DPM, dpm, 0x0021, ""));
	EXPECT_EQ(71, simqmi_call(QMI_DPM, dpm, 0x0022, ""));
}

TEST_HARNESS_MAIN
