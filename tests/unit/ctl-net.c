// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about the network: what the modem is told, once, and what it says. */
#include <glib.h>
#include <kselftest_harness.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/ctl/report.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		0
#define FAILED		1
#define USAGE		2
#define TIMEOUT		3
#define NOT_REGISTERED	9
#define UNSUPPORTED	11
#define BUSY		12

/* A modem that has found its network */
static void start(void)
{
	ctlsim_start_registered(NULL);
	ctlsim_writes();
}

TEST(show)
{
	start();
	EXPECT_RUN(OK, "\"registration\":\"registered\",\"packet_service\":\"attached\","
		   "\"service\":\"available\",\"domain\":\"ps\",\"forbidden\":false",
		   "-j net show");
	EXPECT_RUN(OK, "\"carriers\":[{\"role\":\"primary\",\"radio\":\"lte\","
		   "\"band\":\"lte-b3\",\"channel\":1650,\"bandwidth_khz\":20000,"
		   "\"physical_cell\":301}]", "-j net show");
	EXPECT_RUN(OK, "Operator:  automatic\n  Modes:     gsm, umts, lte\n"
		   "  Roaming:   any\n", "net show");
	/* an old one has no aggregation to tell of */
	ctlsim_set("qmi", "refuse nas.get-lte-cphy-ca-info 71");
	EXPECT_RUN(OK, "\"band\":\"lte-b3\",\"channel\":1650,\"bandwidth_khz\":null",
		   "-j net show");
	/* no is not what the modem does not say */
	ctlsim_set("qmi", "refuse nas.get-system-info 71");
	EXPECT_RUN(OK, "\"service\":null,\"domain\":null,\"forbidden\":null", "-j net show");
	ctlsim_set("nas", "deny cause 11");
	EXPECT_RUN(NOT_REGISTERED, "cause 11", "--wait 3 net select 00102");
	EXPECT_RUN(OK, "\"reject_cause\":\"plmn-not-allowed\",\"reject_cause_number\":11",
		   "-j net show");
}

/* An MNC of three digits is another than one of two, and how many it has is not guessed */
TEST(plmn_of_the_network)
{
	static const struct {
		struct nas_serving serving;
		const char *json;
	} rows[] = {
		{ { .mcc = 1, .mnc = 1, .has_mnc3 = true }, "\"plmn\":\"00101\"," },
		{ { .mcc = 310, .mnc = 26, .has_mnc3 = true, .mnc3 = true },
		  "\"plmn\":\"310026\",\"mcc\":310,\"mnc\":26," },
		{ { .mcc = 310, .mnc = 260 }, "\"plmn\":\"310260\"," },
		{ { .mcc = 262, .mnc = 1 }, "\"plmn\":null,\"mcc\":262,\"mnc\":1," },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct report_network network = { .known = true, .serving = rows[i].serving };
		char *text = NULL;
		size_t size;
		FILE *to = open_memstream(&text, &size);
		struct out *out = out_new(to, OUT_JSON);

		network.serving.has_plmn = true;
		report_network(out, &network);
		EXPECT_EQ(0, out_finish(out));
		fclose(to);
		EXPECT_TRUE(strstr(text, rows[i].json));
		free(text);
	}
	start();
	EXPECT_RUN(OK, "\"plmn\":\"00101\",\"mcc\":1,\"mnc\":1,", "-j net show");
}

TEST(show_of_5g)
{
	ctlsim_start_registered((const char *const []) { "nas.rat=nr", NULL });
	EXPECT_RUN(OK, "\"service\":\"available\",\"domain\":\"ps\"", "-j net show");
	EXPECT_RUN(OK, "\"carriers\":[{\"role\":\"primary\",\"radio\":\"5gnr\","
		   "\"band\":\"nr-n78\",\"channel\":633984,", "-j net show");
	EXPECT_RUN(OK, "\"modes\":[\"gsm\",\"umts\",\"lte\",\"5gnr\"]", "-j net show");
}

TEST(bands_and_modes_of_5g)
{
	static const char all[] = "\"nr_sa_bands\":[\"n1\",\"n3\",\"n7\",\"n8\",\"n20\","
		"\"n28\",\"n41\",\"n77\",\"n78\"]";

	ctlsim_start_registered((const char *const []) { "nas.rat=nr", NULL });
	ctlsim_writes();
	EXPECT_RUN(OK, all, "-j net show");
	EXPECT_RUN(OK, "\"changed\":false", "-j net bands all");
	EXPECT_RUN(OK, "\"nr_sa_bands\":[\"n78\"]", "-j net bands b3,n78");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(UNSUPPORTED, "the modem has no NR band n79", "net bands n79");
	EXPECT_RUN(OK, all, "-j net bands all");
	EXPECT_RUN(OK, "\"modes\":[\"5gnr\"]", "-j net modes 5gnr");
	EXPECT_RUN(OK, "\"modes\":[\"gsm\",\"umts\",\"lte\",\"5gnr\"]", "-j net modes auto");
	EXPECT_EQ(3, ctlsim_writes());
}

TEST(scan)
{
	start();
	EXPECT_RUN(OK, "\"networks\":[{\"plmn\":\"", "-j net scan");
	EXPECT_RUN(OK, "PLMN", "net scan");
	EXPECT_TRUE(strstr(ctlsim_text, "FORBIDDEN"));
	ctlsim_set("qmi", "refuse nas.network-scan 3");
	EXPECT_RUN(FAILED, "answered Internal (QMI error 3)", "net scan");
	ctlsim_set("nas", "lost");
	ctlsim_set("nas.coverage", "off");
	EXPECT_RUN(OK, "no network", "net scan");
}

/* A PDN without a link, and what another program has dialled */
TEST(scan_with_calls)
{
	start();
	ctlsim_kept("pdn/wan/4");
	EXPECT_RUN(12, "a scan may end the calls that are up", "net scan");
	EXPECT_RUN(OK, "PLMN", "--force net scan");
	ctlsim_kept("example");
	EXPECT_RUN(OK, "PLMN", "net scan");
	ctlsim_dial();
	EXPECT_RUN(12, "a scan may end the calls that are up", "net scan");
	EXPECT_RUN(OK, "PLMN", "--force net scan");
}

/* On a terminal, and nowhere else, it is to be seen that it goes on */
TEST(scan_shows_progress)
{
	int master, slave, saved = dup(STDERR_FILENO);
	char shown[256] = "";
	size_t len = 0;

	start();
	ctlsim_set("nas.scan-ms", "2500");
	ASSERT_EQ(0, openpty(&master, &slave, NULL, NULL, NULL));
	dup2(slave, STDERR_FILENO);
	EXPECT_RUN(OK, "PLMN", "net scan");
	dup2(saved, STDERR_FILENO);
	/* it ends with the line being empty again */
	while (!g_str_has_suffix(shown, "\r\033[K")) {
		ssize_t n = read(master, shown + len, sizeof(shown) - 1 - len);

		ASSERT_LT(0, n);
		len += n;
	}
	EXPECT_TRUE(g_str_has_prefix(shown, "\rscanning, "));
	EXPECT_FALSE(strstr(ctlsim_text, "scanning"));
}

TEST(select_operator)
{
	start();
	EXPECT_RUN(OK, "Operator:  00102\n", "net select 00102");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false", "-j net select 00102");
	EXPECT_EQ(0, ctlsim_writes());
	/* of three digits it is another one */
	EXPECT_RUN(OK, "\"operator\":\"001002\"", "-j net select 001002");
	EXPECT_RUN(OK, "\"operator\":\"automatic\"", "-j net select auto");
	EXPECT_EQ(2, ctlsim_writes());
}

TEST(what_is_no_operator)
{
	static const char *const rows[] = {
		"net select 2620", "net select 2620100", "net select telekom",
		"net select 26201x", "net select 00001",
	};

	start();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_RUN(USAGE, "the 5 or 6 digits of MCC and MNC", rows[i]);
	EXPECT_EQ(0, ctlsim_writes());
}

TEST(modes)
{
	start();
	EXPECT_RUN(OK, "Modes:     lte\n", "net modes lte");
	EXPECT_RUN(OK, "\"changed\":false", "-j net modes lte");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"modes\":[\"gsm\",\"lte\"]", "-j net modes lte,gsm");
	EXPECT_RUN(OK, "\"modes\":[\"gsm\",\"umts\",\"lte\"]", "-j net modes auto");
	EXPECT_RUN(UNSUPPORTED, "the modem has no mode 5gnr", "net modes lte,5gnr");
	EXPECT_RUN(USAGE, "each once, not \"lte,lte\"", "net modes lte,lte");
	EXPECT_RUN(USAGE, "not \"4g\"", "net modes 4g");
	EXPECT_RUN(USAGE, "not \"lte,\"", "net modes lte,");
	EXPECT_RUN(USAGE, "not \"lte,auto\"", "net modes lte,auto");
	/* all of them are what a modem does not tell; one can be named */
	ctlsim_set("qmi", "refuse dms.get-capabilities 71");
	EXPECT_RUN(UNSUPPORTED, "try: m2mctl net modes lte", "net modes auto");
	EXPECT_RUN(OK, "Modes:     lte\n", "net modes lte");
}

TEST(bands)
{
	start();
	EXPECT_RUN(OK, "\"lte_bands\":[\"b3\",\"b20\"]", "-j net bands b20,b3");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false", "-j net bands b3,b20");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "\"lte_bands\":[\"b1\",\"b3\",\"b7\",\"b8\",\"b20\",\"b28\"]",
		   "-j net bands all");
	EXPECT_RUN(UNSUPPORTED, "the modem has no LTE band b66", "net bands b3,b66");
	EXPECT_RUN(UNSUPPORTED, "the modem has no NR band n78", "net bands n78");
	EXPECT_RUN(USAGE, "not \"b0\"", "net bands b0");
	EXPECT_RUN(USAGE, "not \"b257\"", "net bands b257");
	EXPECT_RUN(USAGE, "not \"n513\"", "net bands n513");
	EXPECT_RUN(USAGE, "not \"3\"", "net bands 3");
	EXPECT_RUN(USAGE, "not \"b3,\"", "net bands b3,");
}

TEST(roaming)
{
	start();
	EXPECT_RUN(OK, "\"roaming\":\"home\"", "-j net roaming home");
	EXPECT_RUN(OK, "\"changed\":false", "-j net roaming home");
	EXPECT_RUN(OK, "\"roaming\":\"any\"", "-j net roaming any");
	EXPECT_EQ(2, ctlsim_writes());
}

TEST(attach_and_detach)
{
	start();
	EXPECT_RUN(OK, "\"attached\":false,\"changed\":true", "-j net detach");
	EXPECT_RUN(OK, "\"attached\":false,\"changed\":false", "-j net detach");
	EXPECT_RUN(OK, "\"attached\":true,\"changed\":true", "-j net attach");
	EXPECT_RUN(OK, "\"attached\":true,\"changed\":false", "-j net attach");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "detached", "net detach");
	ctlsim_set("nas.coverage", "off");
	EXPECT_RUN(NOT_REGISTERED, "the modem does not attach", "--wait 1 net attach");
}

/* Where it is not asked again in between, the indication alone can tell */
TEST_TIMEOUT(attach_and_detach_are_news, 60)
{
	start();
	ctlsim_set("nas.register-ms", "300");
	ctlsim_news_alone();
	EXPECT_RUN(OK, "\"attached\":false,\"changed\":true", "-j net detach");
	EXPECT_RUN(OK, "\"attached\":true,\"changed\":true", "-j net attach");
}

TEST(network_time)
{
	ctlsim_start((const char *const []) { "nas.register-ms=60000", NULL });
	EXPECT_RUN(NOT_REGISTERED, "has not told the time", "net time");
	ctlsim_set("nas.register-ms", "5");
	ctlsim_set("nas", "search");
	EXPECT_RUN(OK, "attached", "net attach");
	EXPECT_RUN(OK, "\"zone_minutes\":60,\"daylight_saving_hours\":0", "-j net time");
	EXPECT_TRUE(strstr(ctlsim_text, "\"utc\":\"20"));
}

/* ... which is as old as the answer is late */
static double reading_age(void)
{
	static const char key[] = "\"reading_age_s\":";
	const char *at;

	EXPECT_RUN(OK, key, "-j net time");
	at = strstr(ctlsim_text, key);
	return at ? g_ascii_strtod(at + strlen(key), NULL) : -1;
}

TEST(the_time_has_an_age)
{
	start();
	EXPECT_LE(0, reading_age());
	ctlsim_set("qmi", "late nas.get-network-time 2000");
	EXPECT_LE(1.9, reading_age());
	EXPECT_LE(reading_age(), 1.9);
}

TEST(a_modem_that_ignores_is_found_out)
{
	static const char *const rows[] = {
		"net select 00102", "net modes lte", "net bands b3", "net roaming home",
	};

	start();
	ctlsim_set("lie", "set-ignored");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_RUN(FAILED, "the modem said yes, but is not set so", rows[i]);
}

TEST(refused_and_lost)
{
	start();
	ctlsim_set("qmi", "refuse nas.set-system-selection-preference 94");
	EXPECT_RUN(UNSUPPORTED, "NotSupported", "net roaming home");
	ctlsim_set("qmi", "lose nas.set-system-selection-preference");
	EXPECT_RUN(TIMEOUT, "", "net roaming home");
	ctlsim_writes();
	EXPECT_RUN(OK, "\"changed\":false", "-j net roaming home");
	EXPECT_EQ(0, ctlsim_writes());
}

/* Nobody needs to know which modes there are to set one that is named */
TEST_TIMEOUT(modes_of_a_modem_that_does_not_say_which_it_has, 60)
{
	start();
	ctlsim_set("qmi", "lose dms.get-capabilities");
	EXPECT_RUN(OK, "Modes:     lte\n", "net modes lte");
	EXPECT_EQ(1, ctlsim_writes());
	ctlsim_set("qmi", "refuse dms.get-capabilities 3");
	EXPECT_RUN(OK, "Modes:     umts\n", "net modes umts");
	ctlsim_set("qmi", "lose dms.get-capabilities");
	EXPECT_RUN(TIMEOUT, "", "net modes auto");
	EXPECT_RUN(OK, "\"modes\":[\"gsm\",\"umts\",\"lte\"]", "-j net modes auto");
}

TEST_TIMEOUT(attach_that_is_ignored, 30)
{
	start();
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(NOT_REGISTERED, "the modem stays attached", "--wait 1 net detach");
}

TEST_HARNESS_MAIN
