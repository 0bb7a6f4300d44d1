// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's card: PIN and PUK counting, blocking, files, slots. */
#include <kselftest_harness.h>

#include "simqmi.h"

/* Session TLV of the primary application, and PIN messages */
#define SESSION		"01 02 00 00 00 "
#define PIN_1234	"02 06 00 01 04 31 32 33 34"
#define PIN_0000	"02 06 00 01 04 30 30 30 30"
#define PUK_RIGHT	"02 0f 00 01 08 31 32 33 34 35 36 37 38 04 37 37 37 37"
#define PUK_WRONG	"02 0f 00 01 08 30 30 30 30 30 30 30 30 04 37 37 37 37"

#define VERIFY		0x0026
#define UNBLOCK		0x0027
#define CHANGE		0x0028
#define PROTECT		0x0025

static uint8_t uim;

static void locked_card(void)
{
	simqmi_new(1);
	simqmi_set("sim.pin-enabled", "on");
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.locked");
	uim = simqmi_client(QMI_UIM);
}

TEST(a_card_becomes_ready)
{
	simqmi_start();
	EXPECT_STREQ("detected", simqmi_get("sim.state"));
	simqmi_wait("sim.ready");
	EXPECT_STREQ("ready", simqmi_get("sim.state"));
	EXPECT_STREQ("READY", simqmi_get("sim.cpin"));
}

TEST(firmware_without_uim)
{
	uint8_t dms;

	simqmi_new(1);
	simqmi_set("uim.absent", "on");
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.ready");
	EXPECT_EQ(0, simqmi_client(QMI_UIM));
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002b, ""));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x003c, ""));
}

TEST(firmware_whose_uim_knows_nothing)
{
	simqmi_start();
	simqmi_wait("sim.ready");
	simqmi_set("uim.refuse", "on");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(94, simqmi_call(QMI_UIM, uim, 0x002f, ""));
}

TEST(a_status_without_content)
{
	simqmi_start();
	simqmi_wait("sim.ready");
	simqmi_set("uim.empty-status", "on");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002f, ""));
	EXPECT_TRUE(simqmi_tlv(0x10)[0]);
	simqmi_set("sim", "remove");
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002f, ""));
	EXPECT_STREQ("", simqmi_tlv(0x10));
}

TEST(pin_before_the_card_is_read)
{
	simqmi_start();
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(52, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_1234));
	EXPECT_STREQ("3", simqmi_get("sim.pin-tries"));
}

TEST(the_right_pin_unlocks)
{
	locked_card();
	EXPECT_STREQ("pin", simqmi_get("sim.state"));
	EXPECT_STREQ("idle", simqmi_get("nas.state"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_1234));
	EXPECT_STREQ("03 0a", simqmi_tlv(0x10));
	EXPECT_STREQ("90 00", simqmi_tlv(0x13));
	simqmi_wait("sim.ready");
	simqmi_register();
	EXPECT_EQ(26, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_1234));
}

TEST(wrong_pins_block_and_the_puk_frees)
{
	locked_card();
	EXPECT_EQ(12, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_0000));
	EXPECT_STREQ("02 0a", simqmi_tlv(0x10));
	EXPECT_STREQ("63 c2", simqmi_tlv(0x13));
	/* A good one gives the tries back. */
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, CHANGE, SESSION
				 "02 0b 00 01 04 31 32 33 34 04 31 32 33 34"));
	EXPECT_STREQ("03 0a", simqmi_tlv(0x10));
	simqmi_wait("sim.ready");
	EXPECT_EQ(12, simqmi_call(QMI_UIM, uim, PROTECT, SESSION
				  "02 07 00 01 00 04 30 30 30 30"));
	EXPECT_EQ(12, simqmi_call(QMI_UIM, uim, PROTECT, SESSION
				  "02 07 00 01 00 04 30 30 30 30"));
	EXPECT_EQ(35, simqmi_call(QMI_UIM, uim, PROTECT, SESSION
				  "02 07 00 01 00 04 30 30 30 30"));
	EXPECT_STREQ("00 0a", simqmi_tlv(0x10));
	EXPECT_STREQ("puk", simqmi_get("sim.state"));
	EXPECT_STREQ("SIM PUK", simqmi_get("sim.cpin"));
	/* Now the right PIN does not help. */
	EXPECT_EQ(35, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_1234));
	EXPECT_EQ(12, simqmi_call(QMI_UIM, uim, UNBLOCK, SESSION PUK_WRONG));
	EXPECT_STREQ("00 09", simqmi_tlv(0x10));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, UNBLOCK, SESSION PUK_RIGHT));
	EXPECT_STREQ("03 0a", simqmi_tlv(0x10));
	simqmi_wait("sim.ready");
	EXPECT_STREQ("7777", simqmi_get("sim.pin"));
}

TEST(ten_wrong_puks_are_the_end)
{
	int i;

	locked_card();
	simqmi_set("sim.pin-tries", "0");
	for (i = 0; i < 9; i++)
		EXPECT_EQ(12, simqmi_call(QMI_UIM, uim, UNBLOCK,
					  SESSION PUK_WRONG));
	EXPECT_EQ(36, simqmi_call(QMI_UIM, uim, UNBLOCK, SESSION PUK_WRONG));
	EXPECT_EQ(36, simqmi_call(QMI_UIM, uim, UNBLOCK, SESSION PUK_RIGHT));
	EXPECT_EQ(36, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_1234));
	EXPECT_STREQ("blocked", simqmi_get("sim.state"));
}

/* Neither a restart nor pulling the card gives a try back. */
TEST(tries_live_on_the_card)
{
	locked_card();
	EXPECT_EQ(12, simqmi_call(QMI_UIM, uim, VERIFY, SESSION PIN_0000));
	modem_power_off(simqmi.modem);
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.locked");
	EXPECT_STREQ("2", simqmi_get("sim.pin-tries"));
	simqmi_set("sim", "remove");
	EXPECT_STREQ("absent", simqmi_get("sim.state"));
	simqmi_set("sim", "insert");
	simqmi_wait("sim.locked");
	EXPECT_STREQ("2", simqmi_get("sim.pin-tries"));
}

TEST(protection_is_written_once)
{
	simqmi_start();
	simqmi_wait("sim.ready");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, PROTECT, SESSION
				 "02 07 00 01 01 04 31 32 33 34"));
	EXPECT_STREQ("1", simqmi_get("nv-writes"));
	EXPECT_EQ(26, simqmi_call(QMI_UIM, uim, PROTECT, SESSION
				  "02 07 00 01 01 04 31 32 33 34"));
	EXPECT_STREQ("1", simqmi_get("nv-writes"));
	EXPECT_STREQ("ready", simqmi_get("sim.state"));
	modem_power_off(simqmi.modem);
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.locked");
}

TEST(dms_counts_the_same_tries)
{
	uint8_t dms;

	locked_card();
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x002b, ""));
	EXPECT_STREQ("01 03 0a", simqmi_tlv(0x11));
	EXPECT_EQ(12, simqmi_call(QMI_DMS, dms, 0x0028,
				  "01 06 00 01 04 30 30 30 30"));
	EXPECT_STREQ("02 0a", simqmi_tlv(0x10));
	EXPECT_STREQ("2", simqmi_get("sim.pin-tries"));
	EXPECT_EQ(37, simqmi_call(QMI_DMS, dms, 0x0043, ""));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0028,
				 "01 06 00 01 04 31 32 33 34"));
	simqmi_wait("sim.ready");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0043, ""));
}

TEST(dms_takes_the_puk)
{
	uint8_t dms;

	locked_card();
	simqmi_set("sim.pin-tries", "0");
	dms = simqmi_client(QMI_DMS);
	EXPECT_EQ(12, simqmi_call(QMI_DMS, dms, 0x0029,
				  "01 0f 00 01 08 30 30 30 30 30 30 30 30 04 37 37 37 37"));
	EXPECT_STREQ("00 09", simqmi_tlv(0x10));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0029,
				 "01 0f 00 01 08 31 32 33 34 35 36 37 38 04 37 37 37 37"));
	EXPECT_STREQ("03 0a", simqmi_tlv(0x10));
	simqmi_wait("sim.ready");
	EXPECT_STREQ("7777", simqmi_get("sim.pin"));
}

TEST(malformed_pins_cost_nothing)
{
	locked_card();
	EXPECT_EQ(17, simqmi_call(QMI_UIM, uim, VERIFY, PIN_1234));
	EXPECT_EQ(17, simqmi_call(QMI_UIM, uim, VERIFY, SESSION));
	EXPECT_EQ(1, simqmi_call(QMI_UIM, uim, VERIFY, SESSION
				 "02 06 00 01 05 31 32 33 34"));
	EXPECT_EQ(1, simqmi_call(QMI_UIM, uim, VERIFY, SESSION
				 "02 0b 00 01 09 31 32 33 34 35 36 37 38 39"));
	EXPECT_EQ(11, simqmi_call(QMI_UIM, uim, VERIFY, SESSION
				  "02 06 00 02 04 31 32 33 34"));
	EXPECT_EQ(100, simqmi_call(QMI_UIM, uim, VERIFY,
				   "01 02 00 01 00" PIN_1234));
	EXPECT_STREQ("3", simqmi_get("sim.pin-tries"));
}

TEST(files_hold_what_was_set)
{
	simqmi_start();
	simqmi_wait("sim.ready");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				 "02 05 00 e2 2f 02 00 3f 03 04 00 00 00 00 00"));
	EXPECT_STREQ("90 00", simqmi_tlv(0x10));
	EXPECT_STREQ("0a 00 98 94 00 00 00 00 00 00 00 61", simqmi_tlv(0x11));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				 "02 07 00 07 6f 04 00 3f ff 7f 03 04 00 00 00 00 00"));
	EXPECT_STREQ("09 00 08 09 10 10 10 32 54 76 98", simqmi_tlv(0x11));
	/* A part, and a part behind the end */
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				 "02 07 00 ad 6f 04 00 3f ff 7f 03 04 00 03 00 01 00"));
	EXPECT_STREQ("01 00 02", simqmi_tlv(0x11));
	EXPECT_EQ(81, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				  "02 07 00 ad 6f 04 00 3f ff 7f 03 04 00 03 00 02 00"));
	EXPECT_STREQ("67 00", simqmi_tlv(0x10));
	/* No such file; a record read as if it were none */
	EXPECT_EQ(80, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				  "02 05 00 ff 6f 02 00 3f 03 04 00 00 00 00 00"));
	EXPECT_STREQ("6a 82", simqmi_tlv(0x10));
	EXPECT_EQ(81, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				  "02 05 00 40 6f 02 00 3f 03 04 00 00 00 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0021, SESSION
				 "02 05 00 40 6f 02 00 3f 03 04 00 01 00 00 00"));
	EXPECT_EQ(81, simqmi_call(QMI_UIM, uim, 0x0021, SESSION
				  "02 05 00 40 6f 02 00 3f 03 04 00 03 00 00 00"));
	EXPECT_STREQ("6a 83", simqmi_tlv(0x10));
}

TEST(files_want_the_pin)
{
	locked_card();
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				 "02 05 00 e2 2f 02 00 3f 03 04 00 00 00 00 00"));
	EXPECT_EQ(82, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				  "02 05 00 07 6f 02 00 3f 03 04 00 00 00 00 00"));
	EXPECT_STREQ("69 82", simqmi_tlv(0x10));
}

/* To those who registered; the end is told once the host has read its files anew. */
TEST(files_are_refreshed)
{
	uint8_t other;

	simqmi_start();
	simqmi_wait("sim.ready");
	uim = simqmi_client(QMI_UIM);
	other = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0044, SESSION "02 01 00 01"));
	simqmi.n_frames = 0;
	simqmi_set("sim", "refresh");
	EXPECT_EQ(1, simqmi_indications(QMI_UIM, uim, 0x0033));
	EXPECT_EQ(0, simqmi_indications(QMI_UIM, other, 0x0033));
	EXPECT_EQ(70, simqmi_call(QMI_UIM, other, 0x002c, SESSION "02 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002c, SESSION "02 01 00 00"));
	EXPECT_EQ(0, simqmi_indications(QMI_UIM, uim, 0x0033));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002c, SESSION "02 01 00 01"));
	EXPECT_EQ(1, simqmi_indications(QMI_UIM, uim, 0x0033));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0044, SESSION "02 01 00 00"));
	simqmi_set("sim", "refresh");
	EXPECT_EQ(0, simqmi_indications(QMI_UIM, uim, 0x0033));
}

TEST(slots_switch_and_say_so)
{
	simqmi_new(1);
	simqmi_set("sim.slots", "2");
	modem_power_on(simqmi.modem);
	simqmi_register();
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002e, "01 04 00 11 00 00 00"));
	EXPECT_STREQ("11 00 00 00", simqmi_tlv(0x10));
	EXPECT_EQ(26, simqmi_call(QMI_UIM, uim, 0x0046,
				  "01 01 00 01 02 04 00 01 00 00 00"));
	EXPECT_EQ(48, simqmi_call(QMI_UIM, uim, 0x0046,
				  "01 01 00 01 02 04 00 03 00 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0046,
				 "01 01 00 01 02 04 00 02 00 00 00"));
	EXPECT_STREQ("absent", simqmi_get("sim.state"));
	EXPECT_EQ(1, simqmi_indications(QMI_UIM, uim, 0x0032));
	simqmi.n_frames = 0;
	simqmi_wait("sim.ready");
	EXPECT_STREQ("2", simqmi_get("sim.active"));
	EXPECT_EQ(1, simqmi_indications(QMI_UIM, uim, 0x0048));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0020, SESSION
				 "02 05 00 e2 2f 02 00 3f 03 04 00 00 00 00 00"));
	EXPECT_STREQ("0a 00 98 94 00 00 00 00 00 00 00 42", simqmi_tlv(0x11));
}

TEST(one_slot_knows_no_slots)
{
	simqmi_start();
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(94, simqmi_call(QMI_UIM, uim, 0x0047, ""));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x002e, "01 04 00 11 00 00 00"));
	EXPECT_STREQ("01 00 00 00", simqmi_tlv(0x10));
}

TEST(a_card_can_be_switched_off)
{
	simqmi_start();
	simqmi_register();
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0030, "01 01 00 01"));
	EXPECT_STREQ("absent", simqmi_get("sim.state"));
	EXPECT_STREQ("idle", simqmi_get("nas.state"));
	EXPECT_EQ(26, simqmi_call(QMI_UIM, uim, 0x0030, "01 01 00 01"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0031, "01 01 00 01"));
	simqmi_wait("sim.ready");
	simqmi_register();
}

TEST(a_session_can_wait_for_the_host)
{
	simqmi_new(1);
	simqmi_set("sim.manual-session", "on");
	modem_power_on(simqmi.modem);
	uim = simqmi_client(QMI_UIM);
	EXPECT_STREQ("detected", simqmi_get("sim.state"));
	EXPECT_EQ(48, simqmi_call(QMI_UIM, uim, 0x0038,
				  "01 02 00 00 01 10 04 00 01 02 00 00"));
	EXPECT_EQ(0, simqmi_call(QMI_UIM, uim, 0x0038,
				 "01 02 00 00 01 10 09 00 01 07 a0 00 00 00 87 10 02"));
	simqmi_wait("sim.ready");
}

TEST_HARNESS_MAIN
