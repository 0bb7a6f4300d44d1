// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: an AT port answers as V.250 wants, the other serial ports keep silent. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "simusb.h"

static unsigned int at;

static void start(const char *scenario)
{
	simusb_start("ec25", scenario);
	at = simusb_interface(INTERFACE_AT);
	clock_pass(1000);
}

/* What the port says to @line, echo and all. */
static const char *say(const char *line)
{
	EXPECT_EQ(0, simusb_out(at, line, strlen(line)));
	return simusb_text(at);
}

TEST(it_echoes_until_told_not_to)
{
	start(NULL);
	EXPECT_STREQ("AT\r\r\nOK\r\n", say("AT\r"));
	EXPECT_STREQ("ate0\r\r\nOK\r\n", say("ate0\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("ATE1\r"));
	EXPECT_STREQ("AT\r\r\nOK\r\n", say("AT\r"));
	EXPECT_STREQ("ATE0V1\r\r\nOK\r\n", say("ATE0V1\r"));
	/* A new configuration begins anew. */
	simusb_do("unplug");
	simusb_do("replug");
	clock_settle();
	EXPECT_STREQ("AT\r\r\nOK\r\n", say("AT\r"));
}

TEST(it_knows_who_it_is)
{
	start(NULL);
	say("ATE0\r");
	EXPECT_STREQ("\r\n860425040123455\r\n\r\nOK\r\n", say("AT+CGSN\r"));
	EXPECT_STREQ("\r\nEC25\r\n\r\nOK\r\n", say("AT+CGMM\r"));
	EXPECT_STREQ("\r\nQUALCOMM INCORPORATED\r\nEC25\r\n"
		     "Revision: EC25EFAR06A06M4G\r\n\r\nOK\r\n", say("ATI\r"));
	EXPECT_STREQ("\r\n+CPIN: READY\r\n\r\nOK\r\n", say("AT+CPIN?\r"));
	EXPECT_STREQ("\r\n+GCAP: +CGSM\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n",
		     say("AT+GCAP;+CPIN?\r"));
}

TEST(the_card_is_the_firmwares)
{
	start("sim.pin-enabled: on");
	say("ATE0\r");
	EXPECT_STREQ("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", say("AT+CPIN?\r"));
}

TEST(what_it_does_not_know_is_an_error)
{
	char line[700];

	start(NULL);
	say("ATE0\r");
	EXPECT_STREQ("\r\nERROR\r\n", say("AT+COPS=?\r"));
	/* The first that fails ends the line. */
	EXPECT_STREQ("\r\n860425040123455\r\n\r\nERROR\r\n", say("AT+CGSN;+X;+CGMM\r"));
	/* What does not begin with AT is noise. */
	EXPECT_STREQ("", say("hello\r\n"));
	memset(line, 'A', sizeof(line));
	strcpy(line + sizeof(line) - 2, "\r");
	EXPECT_STREQ("\r\nERROR\r\n", say(line));
	EXPECT_STREQ("\r\nOK\r\n", say("AT\r"));
}

TEST(lines_come_in_pieces)
{
	start(NULL);
	say("ATE0\r");
	EXPECT_STREQ("", say("A"));
	EXPECT_STREQ("", say("T+CG"));
	EXPECT_STREQ("\r\n860425040123455\r\n\r\nOK\r\n", say("SN\r"));
	EXPECT_STREQ("\r\nOK\r\n\r\nOK\r\n", say("AT\r\nAT\r\n"));
}

TEST(settings_lie_in_memory)
{
	start(NULL);
	say("ATE0\r");
	EXPECT_STREQ("\r\n+CPSMS: 0\r\n\r\nOK\r\n", say("AT+CPSMS?\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CPSMS=1,,,\"00000110\",\"00001010\"\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CEDRXS=2,4,\"0101\"\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CEDRXS=1,5,\"0010\"\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+QCFG=\"iotopmode\",2,1\r"));
	EXPECT_STREQ("4", simusb_get("nv-writes"));
	EXPECT_EQ(4, simusb_count("nv.written"));
	simusb_do("unplug");
	simusb_do("replug");
	clock_settle();
	say("ATE0\r");
	EXPECT_STREQ("\r\n+CPSMS: 1,,,\"00000110\",\"00001010\"\r\n\r\nOK\r\n",
		     say("AT+CPSMS?\r"));
	EXPECT_STREQ("\r\n+CEDRXS: 4,\"0101\"\r\n+CEDRXS: 5,\"0010\"\r\n\r\nOK\r\n",
		     say("AT+CEDRXS?\r"));
	EXPECT_STREQ("\r\n+QCFG: \"iotopmode\",2\r\n\r\nOK\r\n",
		     say("AT+QCFG=\"iotopmode\"\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CEDRXS=0\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CEDRXS?\r"));
	simusb_do("lie: set-ignored");
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CPSMS=0\r"));
	EXPECT_STREQ("5", simusb_get("nv-writes"));
	EXPECT_STREQ("\r\n+CPSMS: 1,,,\"00000110\",\"00001010\"\r\n\r\nOK\r\n",
		     say("AT+CPSMS?\r"));
}

TEST(causes_are_told_to_who_asked_for_them)
{
	static const char * const wrong[] = {
		"AT+CPSMS=2\r", "AT+CPSMS=1,,,\"12\"\r", "AT+CEDRXS=1\r", "AT+CFUN=9\r",
		"AT+CEDRXS=1,4,\"01010\"\r", "AT+QCFG=\"iotopmode\",3\r",
	};

	start(NULL);
	say("ATE0\r");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_STREQ("\r\nERROR\r\n", say(wrong[i]));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CMEE=1\r"));
	EXPECT_STREQ("\r\n+CMEE: 1\r\n\r\nOK\r\n", say("AT+CMEE?\r"));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_STREQ("\r\n+CME ERROR: 50\r\n", say(wrong[i]));
	EXPECT_STREQ("\r\n+CME ERROR: 4\r\n", say("AT+QCFG=\"other\"\r"));
	EXPECT_STREQ("\r\nERROR\r\n", say("AT+CPSMS=?\r"));
	EXPECT_STREQ("0", simusb_get("nv-writes"));
}

TEST(the_radio_and_the_card)
{
	start("sim.iccid: 89447003000000000012");
	say("ATE0\r");
	EXPECT_STREQ("\r\n+CFUN: 1\r\n\r\nOK\r\n", say("AT+CFUN?\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CFUN=4\r"));
	EXPECT_STREQ("\r\n+CFUN: 4\r\n\r\nOK\r\n", say("AT+CFUN?\r"));
	EXPECT_STREQ("\r\nOK\r\n", say("AT+CFUN=1\r"));
	EXPECT_STREQ("\r\n+CRSM: 144,0,\"98440730000000000021\"\r\n\r\nOK\r\n",
		     say("AT+CRSM=176,12258,0,0,10\r"));
	simusb_do("sim: remove");
	say("AT+CMEE=1\r");
	EXPECT_STREQ("\r\n+CME ERROR: 10\r\n", say("AT+CRSM=176,12258,0,0,10\r"));
}

TEST(it_may_hang_and_be_noisy)
{
	start(NULL);
	say("ATE0\r");
	simusb_do("at: hang 5s");
	EXPECT_STREQ("", say("AT\r"));
	clock_pass(5000);
	EXPECT_STREQ("\r\nOK\r\n", say("AT\r"));
	simusb_do("at: garbage 1");
	EXPECT_TRUE(strcmp("\r\nOK\r\n", say("AT\r")));
	EXPECT_STREQ("\r\nOK\r\n", say("AT\r"));
}

TEST(other_ports_swallow_what_they_get)
{
	unsigned int diag, nmea;

	start(NULL);
	diag = simusb_interface(INTERFACE_DIAG);
	nmea = simusb_interface(INTERFACE_NMEA);
	EXPECT_EQ(0, simusb_out(diag, "AT\r", 3));
	EXPECT_STREQ("", simusb_text(diag));
	EXPECT_EQ(0, simusb_out(nmea, "AT\r", 3));
	EXPECT_STREQ("", simusb_text(nmea));
}

TEST(line_coding_is_kept)
{
	uint8_t coding[7] = { 0x00, 0xc2, 0x01, 0x00, 0, 0, 8 }, back[16] = { 0 };
	uint8_t number;
	size_t len = 7;

	start(NULL);
	number = simusb.identity->interfaces[at].number;
	EXPECT_EQ(0, simusb_control(0x21, USB_CDC_SET_LINE_CODING, 0, number, coding,
				    &len));
	len = sizeof(back);
	EXPECT_EQ(0, simusb_control(0xa1, USB_CDC_GET_LINE_CODING, 0, number, back,
				    &len));
	EXPECT_EQ(7, len);
	EXPECT_FALSE(memcmp(coding, back, 7));
	len = 6;
	EXPECT_EQ(-EPIPE, simusb_control(0x21, USB_CDC_SET_LINE_CODING, 0, number,
					 coding, &len));
	len = 0;
	EXPECT_EQ(0, simusb_control(0x21, USB_CDC_SET_CONTROL_LINE_STATE, 3, number,
				    NULL, &len));
	EXPECT_EQ(-EPIPE, simusb_control(0x21, 0x7f, 0, number, NULL, &len));
}

TEST_HARNESS_MAIN
