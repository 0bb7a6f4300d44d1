// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's messages for APDUs and logical channels (libqmi knows them from 1.36 on). */
#include <kselftest_harness.h>

#include "simqmi.h"

#define SEND_APDU	0x003b
#define LOGICAL		0x003f
#define OPEN		0x0042

#define SLOT		"01 01 00 01 "
#define AID		"a0 00 00 00 87 10 02 ff ff ff ff 89 06 19 00 00"
#define AID_TLV		"10 11 00 10 " AID
#define ISD_R_TLV	"10 11 00 10 a0 00 00 05 59 10 10 ff ff ff ff 89 00 00 01 00"
#define NO_DATA		" 11 01 00 00"
#define FCP_ADF		"62 25 82 02 78 21 83 02 7f ff 84 10 " AID \
			" 8a 01 05 c6 06 90 01 00 83 01 01"
/* SELECT of EF_ICCID and READ BINARY, without and with a channel */
#define SELECT_ICCID	"02 09 00 07 00 00 a4 00 0c 02 2f e2"
#define READ		"02 07 00 05 00 00 b0 00 00 00"
#define ICCID		"0c 00 98 94 00 00 00 00 00 00 00 61 90 00"

static uint8_t uim;

static void ready_card(void)
{
	simqmi_start();
	simqmi_wait("sim.ready");
	uim = simqmi_client(QMI_UIM);
}

static unsigned int call(uint16_t id, const char *tlvs)
{
	return simqmi_call(QMI_UIM, uim, id, tlvs);
}

TEST(a_channel_of_its_own)
{
	ready_card();
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	EXPECT_STREQ("01", simqmi_tlv(0x10));
	EXPECT_STREQ("90 00", simqmi_tlv(0x11));
	EXPECT_STREQ("27 " FCP_ADF, simqmi_tlv(0x12));
	EXPECT_STREQ("1", simqmi_get("sim.channels"));
	/* The channel goes into the class: here IMSI is at hand, on the basic one not. */
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 09 00 07 00 00 a4 00 0c 02 6f 07 10 01 00 01"));
	EXPECT_STREQ("02 00 90 00", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 07 00 05 00 01 b0 00 00 09"));
	EXPECT_STREQ("0b 00 08 09 10 10 10 32 54 76 98 90 00", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 07 00 05 00 01 b0 00 00 09 10 01 00 00"));
	EXPECT_STREQ("02 00 69 86", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(LOGICAL, SLOT "11 01 00 01 13 01 00 01"));
	EXPECT_STREQ("90 00", simqmi_tlv(0x11));
	EXPECT_STREQ("0", simqmi_get("sim.channels"));
	EXPECT_EQ(48, call(LOGICAL, SLOT "11 01 00 01"));
	EXPECT_STREQ("68 81", simqmi_tlv(0x11));
}

TEST(what_select_returns)
{
	ready_card();
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV NO_DATA));
	EXPECT_STREQ("", simqmi_tlv(0x12));
	EXPECT_EQ(0, call(LOGICAL, SLOT AID_TLV " 12 01 00 02"));
	EXPECT_STREQ("02", simqmi_tlv(0x10));
	EXPECT_STREQ("27 " FCP_ADF, simqmi_tlv(0x12));
	/* Management data the card has none of */
	EXPECT_EQ(81, call(OPEN, SLOT AID_TLV " 11 01 00 04"));
	EXPECT_STREQ("6a 86", simqmi_tlv(0x11));
	EXPECT_STREQ("", simqmi_tlv(0x10));
	EXPECT_STREQ("2", simqmi_get("sim.channels"));
	/* Without an application it begins at the MF. */
	EXPECT_EQ(0, call(OPEN, SLOT));
	EXPECT_STREQ("03", simqmi_tlv(0x10));
	EXPECT_STREQ("", simqmi_tlv(0x12));
	EXPECT_EQ(0, call(SEND_APDU, SLOT SELECT_ICCID " 10 01 00 03"));
	EXPECT_STREQ("02 00 90 00", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(SEND_APDU, SLOT READ " 10 01 00 03 11 01 00 01"));
	EXPECT_STREQ(ICCID, simqmi_tlv(0x10));
}

TEST(channels_run_out)
{
	int i;

	ready_card();
	/* An application that the card lacks costs no channel. */
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(80, call(OPEN, SLOT ISD_R_TLV));
		EXPECT_STREQ("6a 82", simqmi_tlv(0x11));
		EXPECT_STREQ("", simqmi_tlv(0x10));
	}
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	EXPECT_EQ(68, call(OPEN, SLOT AID_TLV));
	EXPECT_STREQ("6a 81", simqmi_tlv(0x11));
	EXPECT_EQ(68, call(LOGICAL, SLOT AID_TLV));
	/* The card hands out the one that was closed. */
	EXPECT_EQ(0, call(LOGICAL, SLOT "11 01 00 02"));
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	EXPECT_STREQ("02", simqmi_tlv(0x10));
	/* MANAGE CHANNEL of the host's own is the same. */
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 06 00 04 00 00 70 80 03"));
	EXPECT_STREQ("2", simqmi_get("sim.channels"));
}

TEST(channels_outlive_their_client)
{
	ready_card();
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	simqmi_release(QMI_UIM, uim);
	uim = simqmi_client(QMI_UIM);
	EXPECT_STREQ("1", simqmi_get("sim.channels"));
	EXPECT_EQ(0, call(LOGICAL, SLOT "11 01 00 01"));
}

TEST(channels_end_with_the_power)
{
	ready_card();
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	simqmi_set("sim", "remove");
	EXPECT_EQ(102, call(SEND_APDU, SLOT READ));
	EXPECT_EQ(102, call(OPEN, SLOT AID_TLV));
	EXPECT_EQ(102, call(LOGICAL, SLOT "11 01 00 01"));
	simqmi_set("sim", "insert");
	EXPECT_EQ(52, call(OPEN, SLOT AID_TLV));
	simqmi_wait("sim.ready");
	EXPECT_EQ(48, call(SEND_APDU, SLOT READ " 10 01 00 01"));
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	EXPECT_STREQ("01", simqmi_tlv(0x10));
	/* Switched off and on */
	EXPECT_EQ(0, call(0x0030, SLOT));
	EXPECT_EQ(102, call(SEND_APDU, SLOT READ));
	EXPECT_EQ(0, call(0x0031, SLOT));
	simqmi_wait("sim.ready");
	EXPECT_EQ(48, call(LOGICAL, SLOT "11 01 00 01"));
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	/* A restart */
	modem_power_off(simqmi.modem);
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.ready");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(48, call(LOGICAL, SLOT "11 01 00 01"));
}

TEST(each_slot_has_its_card)
{
	simqmi_new(1);
	simqmi_set("sim.slots", "2");
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.ready");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
	EXPECT_EQ(0, call(0x0046, "01 01 00 01 02 04 00 02 00 00 00"));
	EXPECT_EQ(102, call(LOGICAL, SLOT "11 01 00 01"));
	simqmi_wait("sim.ready");
	EXPECT_EQ(48, call(LOGICAL, SLOT "11 01 00 01"));
	EXPECT_EQ(0, call(SEND_APDU, SLOT SELECT_ICCID));
	EXPECT_EQ(0, call(SEND_APDU, SLOT READ));
	EXPECT_STREQ("0c 00 98 94 00 00 00 00 00 00 00 42 90 00", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(0x0046, "01 01 00 01 02 04 00 01 00 00 00"));
	simqmi_wait("sim.ready");
	EXPECT_EQ(48, call(LOGICAL, SLOT "11 01 00 01"));
}

/* The tries that messages count are those that the card tells of. */
TEST(a_locked_card_answers)
{
	simqmi_new(1);
	simqmi_set("sim.pin-enabled", "on");
	modem_power_on(simqmi.modem);
	simqmi_wait("sim.locked");
	uim = simqmi_client(QMI_UIM);
	EXPECT_EQ(12, call(0x0026, "01 02 00 00 00 02 06 00 01 04 30 30 30 30"));
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 06 00 04 00 00 20 00 01"));
	EXPECT_STREQ("02 00 63 c2", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 0b 00 09 00 00 a4 08 0c 04 7f ff 6f 07"));
	EXPECT_EQ(0, call(SEND_APDU, SLOT READ));
	EXPECT_STREQ("02 00 69 82", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(0x0026, "01 02 00 00 00 02 06 00 01 04 31 32 33 34"));
	simqmi_wait("sim.ready");
	EXPECT_EQ(0, call(SEND_APDU, SLOT READ));
	EXPECT_STREQ("0b 00 08 09 10 10 10 32 54 76 98 90 00", simqmi_tlv(0x10));
}

/* A card whose session nobody has begun can be spoken to: eUICCs are so. */
TEST(no_session_is_needed)
{
	simqmi_new(1);
	simqmi_set("sim.manual-session", "on");
	modem_power_on(simqmi.modem);
	uim = simqmi_client(QMI_UIM);
	EXPECT_STREQ("detected", simqmi_get("sim.state"));
	EXPECT_EQ(0, call(OPEN, SLOT AID_TLV));
}

/* Messages say what they were asked for, lengths fit, or nothing is done. */
TEST(malformed_messages_open_nothing)
{
	static const struct {
		uint16_t id;
		unsigned int error;
		const char *tlvs;
	} rows[] = {
		{ OPEN, 17, AID_TLV },
		{ OPEN, 1, "01 02 00 01 00 " AID_TLV },
		{ OPEN, 1, "01 00 00 " AID_TLV },
		{ OPEN, 48, "01 01 00 02 " AID_TLV },
		{ OPEN, 1, SLOT "10 00 00" },
		{ OPEN, 48, SLOT "10 01 00 00" },
		{ OPEN, 1, SLOT "10 03 00 05 a0 00" },
		{ OPEN, 1, SLOT "10 04 00 02 a0 00 00" },
		{ OPEN, 48, SLOT "10 12 00 11 " AID " 00" },
		{ OPEN, 48, SLOT AID_TLV " 11 01 00 05" },
		{ OPEN, 1, SLOT AID_TLV " 11 02 00 00 00" },
		{ LOGICAL, 17, AID_TLV },
		{ LOGICAL, 17, SLOT },
		{ LOGICAL, 48, SLOT AID_TLV " 11 01 00 01" },
		{ LOGICAL, 48, SLOT "11 01 00 00" },
		{ LOGICAL, 48, SLOT "11 01 00 ff" },
		{ LOGICAL, 1, SLOT "11 02 00 01 00" },
		{ LOGICAL, 1, SLOT AID_TLV " 13 00 00" },
		{ LOGICAL, 48, SLOT AID_TLV " 12 01 00 ff" },
		{ SEND_APDU, 17, READ },
		{ SEND_APDU, 17, SLOT },
		{ SEND_APDU, 48, "01 01 00 02 " READ },
		{ SEND_APDU, 1, SLOT "02 01 00 05" },
		{ SEND_APDU, 1, SLOT "02 06 00 05 00 00 b0 00 00" },
		{ SEND_APDU, 1, SLOT "02 07 00 04 00 00 b0 00 00 00" },
		{ SEND_APDU, 1, SLOT READ " 10 02 00 00 00" },
		{ SEND_APDU, 1, SLOT READ " 11 00 00" },
		{ SEND_APDU, 48, SLOT READ " 10 01 00 01" },
		{ SEND_APDU, 48, SLOT READ " 10 01 00 04" },
		{ SEND_APDU, 48, SLOT READ " 10 01 00 ff" },
	};
	unsigned int i, error;

	ready_card();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		error = call(rows[i].id, rows[i].tlvs);
		if (error != rows[i].error)
			harness_fail(__FILE__, __LINE__, false, "row %u: %u", i, error);
	}
	EXPECT_STREQ("0", simqmi_get("sim.channels"));
}

/* What is too short for the card is the card's to refuse, too long the modem's. */
TEST(apdus_of_any_length)
{
	char tlvs[2048];
	int i, n;

	ready_card();
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 02 00 00 00"));
	EXPECT_STREQ("02 00 67 00", simqmi_tlv(0x10));
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 05 00 03 00 00 b0 00 10 01 00 00"));
	EXPECT_STREQ("02 00 67 00", simqmi_tlv(0x10));
	n = sprintf(tlvs, SLOT "02 07 01 05 01");
	for (i = 0; i < 261; i++)
		n += sprintf(tlvs + n, " 00");
	EXPECT_EQ(0, call(SEND_APDU, tlvs));
	EXPECT_STREQ("02 00 67 00", simqmi_tlv(0x10));
	n = sprintf(tlvs, SLOT "02 08 01 06 01");
	for (i = 0; i < 262; i++)
		n += sprintf(tlvs + n, " 00");
	EXPECT_EQ(19, call(SEND_APDU, tlvs));
	/* A class without channels stays what it is. */
	EXPECT_EQ(0, call(SEND_APDU, SLOT "02 09 00 07 00 a0 a4 00 00 02 3f 00 10 01 00 00"));
	EXPECT_STREQ("02 00 6e 00", simqmi_tlv(0x10));
}

TEST(firmware_from_before_these_messages)
{
	ready_card();
	simqmi_set("qmi.unknown", "uim.send-apdu,uim.logical-channel,uim.open-logical-channel");
	EXPECT_EQ(71, call(SEND_APDU, SLOT READ));
	EXPECT_EQ(71, call(LOGICAL, SLOT AID_TLV));
	EXPECT_EQ(71, call(OPEN, SLOT AID_TLV));
}

TEST_HARNESS_MAIN
