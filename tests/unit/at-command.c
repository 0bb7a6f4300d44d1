// SPDX-License-Identifier: GPL-2.0-or-later
/* AT commands: what reads them back, what an answer is, and when it is the same. */
#include <kselftest_harness.h>
#include <string.h>

#include "../../tools/at/at.h"
#include "../lib/harness.h"

/* --- commands ---------------------------------------------------------------------- */

TEST(what_reads_a_command_back)
{
	static const struct {
		const char *text, *name, *read, *prefix;
		bool writes;
	} cases[] = {
		{ "AT+CPSMS=1,,,\"00000110\"", "AT+CPSMS", "AT+CPSMS?", "+CPSMS:", true },
		{ "AT+CMEE=1", "AT+CMEE", "AT+CMEE?", "+CMEE:", false },
		{ "at+cfun=1", "at+cfun", "at+cfun?", "+cfun:", true },
		{ "AT!SELRAT=06", "AT!SELRAT", "AT!SELRAT?", "!SELRAT:", true },
		{ "AT+CEDRXS=2,4,\"0101\"", "AT+CEDRXS", "AT+CEDRXS?", "+CEDRXS:", true },
		/* what is switched off is not told */
		{ "AT+CEDRXS=0", "AT+CEDRXS", "", "", true },
		{ "AT+CEDRXS=3,4", "AT+CEDRXS", "", "", true },
		{ "AT+QCFG=\"iotopmode\",2,1", "AT+QCFG=\"iotopmode\"",
		  "AT+QCFG=\"iotopmode\"", "+QCFG:", true },
		{ "AT+QNWPREFCFG=\"mode_pref\",LTE", "AT+QNWPREFCFG=\"mode_pref\"",
		  "AT+QNWPREFCFG=\"mode_pref\"", "+QNWPREFCFG:", true },
		/* nothing is left of these without their values */
		{ "AT+QCFG=\"iotopmode\"", "AT+QCFG", "", "", true },
		{ "AT+QCFG=1,2", "AT+QCFG", "", "", true },
		{ "AT+QMBNCFG=\"Deactivate\"", "AT+QMBNCFG", "", "", true },
		/* a file would be opened by what would read it */
		{ "AT+QFOPEN=\"UFS:a\",1", "AT+QFOPEN", "AT+QFOPEN?", "+QFOPEN:", true },
		{ "AT+CSCA=\"+491710760000\",145", "AT+CSCA", "AT+CSCA?", "+CSCA:", true },
		{ "AT+CFUN?", "AT+CFUN", "", "", false },
		{ "AT+CFUN=?", "AT+CFUN", "", "", false },
		{ "AT+CSQ", "AT+CSQ", "", "", true },
		{ "AT+CSMS=1;+CFUN=1", "AT+CSMS", "", "", true },
		/* what hides behind a harmless one does not count as that */
		{ "AT+CMEE=1;+CFUN=1", "AT+CMEE", "", "", true },
		{ "AT+X=\"a;b\"", "AT+X", "AT+X?", "+X:", true },
		{ "AT+X=", "AT+X", "", "", true },
		{ "ATE0", "ATE0", "", "", false },
		{ "ATE0V1", "ATE0", "", "", false },
		{ "AT&W", "AT&W", "", "", true },
		{ "ATS0=0", "ATS0", "", "", false },
		{ "AT", "AT", "", "", false },
		/* a number that was dialled is none of the log's business */
		{ "ATD0171555012345;", "ATD", "", "", false },
		{ "ATD*99#", "ATD", "", "", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct at_command command;

		EXPECT_TRUE(at_command_parse(cases[i].text, &command));
		EXPECT_STREQ(cases[i].text, command.text);
		EXPECT_STREQ(cases[i].name, command.name);
		EXPECT_STREQ(cases[i].read, command.read);
		EXPECT_STREQ(cases[i].prefix, command.prefix);
		EXPECT_EQ(cases[i].writes, command.writes);
	}
}

TEST(what_is_no_command)
{
	char text[200];
	struct at_command command;

	EXPECT_FALSE(at_command_parse("", &command));
	EXPECT_FALSE(at_command_parse("A", &command));
	EXPECT_FALSE(at_command_parse("+CFUN=1", &command));
	EXPECT_FALSE(at_command_parse("AT+X=\r", &command));
	EXPECT_FALSE(at_command_parse("AT+X=\xc3\xa4", &command));
	memset(text, 'A', sizeof(text));
	memcpy(text, "AT+X=", 5);
	text[128] = '\0';
	EXPECT_TRUE(at_command_parse(text, &command));
	text[128] = 'A';
	text[129] = '\0';
	EXPECT_FALSE(at_command_parse(text, &command));
	/* a name that no message could show is sent, and not read back */
	text[4] = 'X';
	text[128] = '\0';
	EXPECT_TRUE(at_command_parse(text, &command));
	EXPECT_STREQ("", command.read);
	EXPECT_TRUE(command.writes);
}

/* --- answers ----------------------------------------------------------------------- */

static struct at_answer answer;

static void hear(const char *echo, const char *bytes)
{
	at_answer_begin(&answer, echo);
	at_answer_feed(&answer, bytes, strlen(bytes));
}

TEST(lines_up_to_the_end)
{
	hear("AT+X?", "AT+X?\r\r\n+X: 1\r\n\r\n+X: 2 \r\n\r\nOK\r\n+CREG: 1\r\n");
	EXPECT_TRUE(answer.ok);
	EXPECT_STREQ("OK", answer.final);
	ASSERT_EQ(2, answer.n);
	EXPECT_STREQ("+X: 1", answer.lines[0]);
	EXPECT_STREQ("+X: 2", answer.lines[1]);
	/* the echo is left out once */
	hear("AT", "\r\nAT\r\nAT\r\nOK\r");
	EXPECT_EQ(1, answer.n);
	/* no end yet */
	hear("AT", "AT\r\r\nOK");
	EXPECT_STREQ("", answer.final);
	EXPECT_EQ(1, at_answer_feed(&answer, "\r\n", 2));
	EXPECT_TRUE(answer.ok);
}

TEST(other_ends)
{
	static const struct {
		const char *bytes, *final;
	} cases[] = {
		{ "\r\nERROR\r\n", "ERROR" },
		{ "\r\n+CME ERROR: 50\r\n", "+CME ERROR: 50" },
		{ "\r\n+CMS ERROR: 302\r\n", "+CMS ERROR: 302" },
		{ "\r\nNO CARRIER\r\n", "NO CARRIER" },
		{ "\r\nCONNECT 150000000\r\n", "CONNECT 150000000" },
		{ "\r\nCOMMAND NOT SUPPORT\r\n", "COMMAND NOT SUPPORT" },
		{ "\r\nCONNECTED\r\nOKAY\r\n+OK\r\nERRORS\r\n", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		hear("AT", cases[i].bytes);
		EXPECT_FALSE(answer.ok);
		EXPECT_STREQ(cases[i].final, answer.final);
	}
}

TEST(too_long_and_too_many)
{
	static char bytes[AT_LINE_MAX * 2];

	/* of a long line nothing is believed, not even its end */
	memset(bytes, 'x', sizeof(bytes) - 8);
	strcpy(bytes + sizeof(bytes) - 8, "OK\r\nOK\r");
	hear("AT", bytes);
	EXPECT_TRUE(answer.ok);
	EXPECT_EQ(0, answer.n);
	at_answer_begin(&answer, "AT");
	for (int i = 0; i < AT_LINES_MAX + 10; i++)
		at_answer_feed(&answer, "+X: 1\r\n", 7);
	EXPECT_EQ(AT_LINES_MAX, answer.n);
	EXPECT_STREQ("", answer.final);
	at_answer_feed(&answer, "OK\r\n", 4);
	EXPECT_TRUE(answer.ok);
	/* noise stands for itself */
	at_answer_begin(&answer, "AT");
	at_answer_feed(&answer, "\0\xff" "OK\r\n", 6);
	EXPECT_STREQ("", answer.final);
	EXPECT_STREQ("??OK", answer.lines[0]);
}

/* --- the same ----------------------------------------------------------------------- */

TEST(when_it_is_as_wanted)
{
	static const struct {
		const char *text, *told;
		bool is;
	} cases[] = {
		{ "AT+CFUN=1", "+CFUN: 1", true },
		{ "AT+CFUN=1", "+CFUN:1,0", true },
		{ "AT+CFUN=1", "+CFUN: 4", false },
		{ "AT+CFUN=1", "+CFUNX: 1", false },
		{ "AT+CFUN=1", "", false },
		{ "AT+CFUN=1,1", "+CFUN: 1", false },
		/* as many as were set; what was left out is whatever it is */
		{ "AT+CPSMS=1", "+CPSMS: 1,,,\"00000110\",\"00001010\"", true },
		{ "AT+CPSMS=1,,,\"00000110\",\"00001010\"",
		  "+CPSMS: 1,\"\",\"\",\"00000110\",\"00001010\"", true },
		{ "AT+CPSMS=1,,,\"00000110\",\"00001010\"",
		  "+CPSMS: 1,,,\"00000111\",\"00001010\"", false },
		{ "AT+CPSMS=1,,,\"00000110\"", "+CPSMS: 0", false },
		{ "AT+CPSMS = 1", "+CPSMS: 1", false },
		/* the mode is not told, and each type has its line */
		{ "AT+CEDRXS=1,4,\"0101\"", "+CEDRXS: 4,\"0101\"", true },
		{ "AT+CEDRXS=2,5,\"0010\"",
		  "+CEDRXS: 4,\"0101\"\r\n+CEDRXS: 5,\"0010\"", true },
		{ "AT+CEDRXS=1,4,\"0010\"",
		  "+CEDRXS: 4,\"0101\"\r\n+CEDRXS: 5,\"0010\"", false },
		{ "AT+CEDRXS=1,4", "+CEDRXS: 4,\"0101\"", true },
		/* Quectel's last one may say when it takes effect */
		{ "AT+QCFG=\"iotopmode\",2", "+QCFG: \"iotopmode\",2", true },
		{ "AT+QCFG=\"iotopmode\",2,1", "+QCFG: \"iotopmode\",2", true },
		{ "AT+QCFG=\"IoTOpMode\",2,1", "+QCFG: \"iotopmode\",2", true },
		{ "AT+QCFG=\"iotopmode\",2,1", "+QCFG: \"iotopmode\",0", false },
		{ "AT+QCFG=\"iotopmode\",2,1", "+QCFG: \"iotopmode\"", false },
		{ "AT+QCFG=\"iotopmode\",2", "+QCFG: \"iotopmode\"", false },
		{ "AT+QCFG=\"band\",F,400A0E189F,A0E189F,1",
		  "+QCFG: \"band\",0xf,0x400a0e189f,0xa0e189f", true },
		{ "AT+QCFG=\"band\",F,400A0E189F,A0E189F,1",
		  "+QCFG: \"band\",0xf,0x400a0e189f", false },
		{ "AT+QCFG=\"nwscanseq\",020301", "+QCFG: \"nwscanseq\",020301", true },
		/* numbers by their value, texts as they are */
		{ "AT!SELRAT=06", "!SELRAT: 06, LTE Only", true },
		{ "AT!SELRAT=6", "!SELRAT: 06, LTE Only", true },
		{ "AT+X=0", "+X: 00", true },
		{ "AT+X=0", "+X: 0x", false },
		{ "AT+X=\"0\"", "+X: \"00\"", false },
		{ "AT+X=\"a,b\",1", "+X: \"a,b\",1", true },
		{ "AT+X=\"Ab\"", "+X: \"ab\"", false },
		{ "AT+X=\"\"", "+X: \"a\"", false },
		{ "AT+X=LTE:NR5G", "+x: lte:nr5g", true },
		{ "AT+CGDCONT=1,\"IP\",\"iot\"",
		  "+CGDCONT: 1,\"IP\",\"iot\",\"0.0.0.0\",0,0\r\n+CGDCONT: 2,\"IP\",\"x\"", true },
		{ "AT+CGDCONT=2,\"IP\",\"iot\"",
		  "+CGDCONT: 1,\"IP\",\"iot\",\"0.0.0.0\",0,0\r\n+CGDCONT: 2,\"IP\",\"x\"", false },
	};
	struct at_command command;
	char text[512];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_TRUE(at_command_parse(cases[i].text, &command));
		snprintf(text, sizeof(text), "\r\n%s\r\n\r\nOK\r\n", cases[i].told);
		hear(command.read, text);
		if (at_answer_is(&command, &answer) != cases[i].is)
			printf("# %s and %s\n", cases[i].text, cases[i].told);
		EXPECT_EQ(cases[i].is, at_answer_is(&command, &answer));
		snprintf(text, sizeof(text), "\r\n%s\r\n\r\nERROR\r\n", cases[i].told);
		hear(command.read, text);
		EXPECT_FALSE(at_answer_is(&command, &answer));
	}
	/* nothing reads it back: it never is */
	ASSERT_TRUE(at_command_parse("ATE0", &command));
	hear("ATE0", "\r\nOK\r\n");
	EXPECT_FALSE(at_answer_is(&command, &answer));
}

static const char *differs(const char *text, const char *told)
{
	static char said[256];
	struct at_command command;

	at_command_parse(text, &command);
	hear(command.read, told);
	at_answer_differs(&command, &answer, said, sizeof(said));
	return said;
}

TEST(both_values_are_said)
{
	EXPECT_STREQ("the modem took 1,,,\"00000110\", and reads back 0",
		     differs("AT+CPSMS=1,,,\"00000110\"", "\r\n+CPSMS: 0\r\n\r\nOK\r\n"));
	EXPECT_STREQ("the modem took 1,4,\"0101\", and reads nothing back",
		     differs("AT+CEDRXS=1,4,\"0101\"", "\r\nOK\r\n"));
	EXPECT_STREQ("the modem took 1,4,\"0101\", and reads back 5,\"0001\" and others",
		     differs("AT+CEDRXS=1,4,\"0101\"",
			     "+CEDRXS: 4,\"0000\"\r\n+CEDRXS: 5,\"0001\"\r\nOK\r\n"));
	EXPECT_STREQ("the modem took 1, and reads back 4",
		     differs("AT+CFUN=1", "\r\n+CFUN:4\r\n\r\nOK\r\n"));
	/* but for those that may have a password in them */
	EXPECT_STREQ("the modem took it, and reads back another value",
		     differs("AT+CGAUTH=1,1,\"u\",\"secret\"",
			     "\r\n+CGAUTH: 1,1,\"u\",\"other\"\r\n\r\nOK\r\n"));
}

/* --- who it is ---------------------------------------------------------------------- */

TEST(who_the_modem_is)
{
	char imei[16], iccid[21], model[16];

	hear("AT+CGSN", "AT+CGSN\r\r\n860425040123455\r\n\r\nOK\r\n");
	EXPECT_TRUE(at_answer_imei(&answer, imei));
	EXPECT_STREQ("860425040123455", imei);
	hear("AT+CGSN", "\r\n+CREG: 1\r\n+CGSN: \"860425040123455\"\r\n\r\nOK\r\n");
	EXPECT_TRUE(at_answer_imei(&answer, imei));
	hear("AT+CGSN", "\r\n8604250401234551\r\n\r\nOK\r\n");
	EXPECT_FALSE(at_answer_imei(&answer, imei));
	hear("AT+CGSN", "\r\n\r\nOK\r\n");
	EXPECT_FALSE(at_answer_imei(&answer, imei));
	hear("AT+CGSN", "\r\n860425040123455\r\nERROR\r\n");
	EXPECT_FALSE(at_answer_imei(&answer, imei));

	hear("AT+CGMM", "\r\nEC25\r\n\r\nOK\r\n");
	EXPECT_TRUE(at_answer_model(&answer, model, sizeof(model)));
	EXPECT_STREQ("EC25", model);
	hear("AT+CGMM", "\r\n+CGMM: \"SIM7600E-H\"\r\n\r\nOK\r\n");
	EXPECT_TRUE(at_answer_model(&answer, model, sizeof(model)));
	EXPECT_STREQ("SIM7600E-H", model);
	hear("AT+CGMM", "\r\nA model with a name that is long\r\n\r\nOK\r\n");
	EXPECT_FALSE(at_answer_model(&answer, model, sizeof(model)));
	hear("AT+CGMM", "\r\nOK\r\n");
	EXPECT_FALSE(at_answer_model(&answer, model, sizeof(model)));

	hear(AT_READ_ICCID, "\r\n+CRSM: 144,0,\"984407300000000000F1\"\r\n\r\nOK\r\n");
	EXPECT_TRUE(at_answer_iccid(&answer, iccid));
	EXPECT_STREQ("8944700300000000001", iccid);
	hear(AT_READ_ICCID, "\r\n+CRSM: 144,0,98440730000000000021\r\n\r\nOK\r\n");
	EXPECT_TRUE(at_answer_iccid(&answer, iccid));
	EXPECT_STREQ("89447003000000000012", iccid);
	hear(AT_READ_ICCID, "\r\n+CRSM: 106,130\r\n\r\nOK\r\n");
	EXPECT_FALSE(at_answer_iccid(&answer, iccid));
	hear(AT_READ_ICCID, "\r\n+CRSM: 144,0,\"FFFFFFFFFFFFFFFFFFFF\"\r\n\r\nOK\r\n");
	EXPECT_FALSE(at_answer_iccid(&answer, iccid));
	hear(AT_READ_ICCID, "\r\n+CRSM: 144,0,\"98\"\r\n\r\nOK\r\n");
	EXPECT_FALSE(at_answer_iccid(&answer, iccid));
	hear(AT_READ_ICCID, "\r\n+CME ERROR: 14\r\n");
	EXPECT_FALSE(at_answer_iccid(&answer, iccid));
}

TEST(more_fields_than_are_compared)
{
	char text[AT_COMMAND_MAX] = "AT+CFUN=1";
	struct at_command command;

	for (int i = 1; i < AT_FIELDS_MAX; i++)
		strcat(text, ",1");
	ASSERT_TRUE(at_command_parse(text, &command));
	EXPECT_STREQ("AT+CFUN?", command.read);
	strcat(text, ",1");
	ASSERT_TRUE(at_command_parse(text, &command));
	EXPECT_STREQ("", command.read);
}

TEST_HARNESS_MAIN
