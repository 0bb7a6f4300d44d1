// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: each scenario file that is shipped does what its first line says. */
#include <errno.h>
#include <glob.h>
#include <kselftest_harness.h>
#include <stdio.h>

#include <glib.h>

#include "../../tools/sim/action.h"
#include "simnet.h"
#include "simusb.h"

#define DIRECTORY	M2M_TOP "/tools/sim/scenarios/"
#define INTERNET	"14 08 00 69 6e 74 65 72 6e 65 74 "

static char *scenario_read(const char *path)
{
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		harness_fail(__FILE__, __LINE__, true, "cannot read %s", path);
	return text;
}

static void start(const char *name)
{
	char *path = g_strconcat(DIRECTORY, name, ".scenario", NULL);
	char *text = scenario_read(path);

	simusb_start("gobi", text);
	g_free(text);
	g_free(path);
}

/* Each rule: a modem takes what it says, now, whenever that may be. */
static void check_rules(const char *path, const struct scenario *rules)
{
	char err[200] = "";
	size_t i;

	for (i = 0; i < rules->n_rules; i++)
		if (vmodem_do(simusb.vm, rules->rules[i].key, rules->rules[i].value,
			      err, sizeof(err)))
			harness_fail(__FILE__, __LINE__, false, "%s:%u: %s", path,
				     rules->rules[i].line, err);
}

TEST(all_of_them_are_understood)
{
	struct scenario_error error = { 0 };
	struct scenario rules;
	char *text;
	glob_t files;
	size_t i;

	ASSERT_EQ(0, glob(DIRECTORY "*", 0, NULL, &files));
	/* As many as there are tests below */
	EXPECT_EQ(9, files.gl_pathc);
	simusb_start("gobi", NULL);
	for (i = 0; i < files.gl_pathc; i++) {
		text = scenario_read(files.gl_pathv[i]);
		if (scenario_parse(text, &rules, &error))
			harness_fail(__FILE__, __LINE__, true, "%s:%u: %s",
				     files.gl_pathv[i], error.line, error.text);
		EXPECT_NE(0, rules.n_rules);
		check_rules(files.gl_pathv[i], &rules);
		scenario_exit(&rules);
		g_free(text);
	}
	globfree(&files);
}

TEST(bad_control_pipe)
{
	unsigned int t;
	uint8_t dms;

	start("bad-control-pipe");
	dms = simqmi_client(QMI_DMS);
	/* Somebody asks all the time, whatever comes back. */
	simusb.drain = true;
	for (t = 0; t < 80; t++) {
		simqmi_post(QMI_DMS, dms, 0x0025, "");
		clock_pass(1000);
	}
	/* Each fault hit as often as it was asked for. */
	EXPECT_EQ(3 + 3 + 2 + 1 + 50 + 2 + 5 + 2 + 1 + 1, simusb_stat("faults"));
	EXPECT_EQ(5000, simusb.longest);
	EXPECT_EQ(1, simusb.halts);
	EXPECT_LE(19, simusb_stat("ctl_held"));
	/* And it was no more than that. */
	simusb.drain = false;
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0025, ""));
}

/*
 * An echo goes out and comes back within a second. Its frame fills one packet, so
 * that an empty one has to follow.
 */
static bool echo(const struct net_call *call)
{
	uint8_t frame[600] = "\2M2M\0\1\2M2M\0\2\10";
	size_t len = 14 + net_udp(call, NET_ECHO, 1, 512 - 14 - 28, frame + 14);

	simusb.n_in = 0;
	if (simusb_out(simusb.qmi_index, frame, len) == -EPIPE)
		simusb_unhalt(USBDEV_PIPE_OUT);
	clock_pass(1000);
	return simusb.n_in == 1 && simusb.in[0].len == 512 &&
	       net_is_echo(call, simusb.in[0].data + 14, 498, 1, 470);
}

TEST(bad_data_pipe)
{
	unsigned int good = 0, t;
	struct net_call call;

	start("bad-data-pipe");
	net_call_up(&call, 4, 0);
	EXPECT_TRUE(echo(&call));
	for (t = 0; t < 120; t++)
		good += echo(&call);
	/* Each fault has hit as often as it was due; what came between, came whole. */
	EXPECT_EQ(24 * 20 + 17 * 3 + 11 * 4 + 9 * 2 + 7 * 2 + 6 * 2 + 5 + 4 + 3 + 3,
		  simusb_stat("faults"));
	EXPECT_EQ(5 + 4, simusb.halts);
	EXPECT_LE(35, good);
}

TEST(denied)
{
	start("denied");
	simusb_register();
	clock_pass(10001);
	EXPECT_STREQ("denied", simusb_get("nas.state"));
	EXPECT_STREQ("11", simusb_get("nas.cause"));
	clock_pass(59000);
	EXPECT_STREQ("denied", simusb_get("nas.state"));
	clock_pass(2000);
	EXPECT_STREQ("registered", simusb_get("nas.state"));
}

TEST(drop)
{
	struct net_call call;

	start("drop");
	net_call_up(&call, 4, 0);
	clock_pass(4900);
	EXPECT_STREQ("1", simusb_get("calls"));
	clock_pass(100);
	EXPECT_STREQ("0", simusb_get("calls"));
	net_call_up(&call, 6, 0);
	clock_pass(5000);
	EXPECT_STREQ("0", simusb_get("calls"));
}

TEST(loose_cable)
{
	start("loose-cable");
	clock_pass(7000);
	EXPECT_FALSE(simusb_is_plugged());
	clock_pass(1999);
	EXPECT_FALSE(simusb_is_plugged());
	clock_pass(1);
	EXPECT_TRUE(simusb_is_plugged());
	clock_pass(61000);
	EXPECT_EQ(10, simusb_count("usb.detached"));
	EXPECT_EQ(10, simusb.attaches);
	EXPECT_EQ(simusb.attaches, simusb_count("usb.configured"));
}

TEST(lying)
{
	struct net_call call;

	start("lying");
	EXPECT_EQ(0, simqmi_call(QMI_DMS, simqmi_client(QMI_DMS), 0x0025, ""));
	EXPECT_STREQ("", simqmi_tlv(0x11));
	net_call_up(&call, 4, 0);
	EXPECT_STREQ("ff 00 ff 00", simqmi_tlv(0x21));
	EXPECT_TRUE(echo(&call));
	/* A call that is up when the lie begins goes on; the next one is dead. */
	clock_pass(10000);
	net_call_down(&call);
	net_call_up(&call, 4, 0);
	EXPECT_FALSE(echo(&call));
	EXPECT_EQ(1, simusb_stat("drop_dead"));
}

TEST(pin)
{
	uint8_t uim;

	start("pin");
	clock_pass(1000);
	EXPECT_STREQ("pin", simusb_get("sim.state"));
	uim = simqmi_client(QMI_UIM);
	/* PIN blocked */
	EXPECT_EQ(35, simqmi_call(QMI_UIM, uim, 0x0026,
				  "01 02 00 00 00 02 06 00 01 04 30 30 30 30"));
	clock_pass(1000);
	EXPECT_STREQ("puk", simusb_get("sim.state"));
}

TEST(restart)
{
	struct net_call call;

	start("restart");
	net_call_up(&call, 4, 0);
	clock_pass(10000);
	EXPECT_FALSE(simusb_is_plugged());
	clock_pass(4000);
	EXPECT_TRUE(simusb_is_plugged());
	net_call_up(&call, 4, 0);
	clock_pass(10000);
	EXPECT_FALSE(simusb_is_plugged());
}

TEST(slow_boot)
{
	start("slow-boot");
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_pass(7999);
	EXPECT_EQ(0, simusb_count("sim.ready"));
	clock_pass(4000);
	EXPECT_EQ(1, simusb_count("sim.ready"));
	/* What was asked while it was deaf is lost. */
	EXPECT_EQ(0, simqmi.n_frames);
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_pass(1);
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	EXPECT_STREQ("searching", simusb_get("nas.state"));
	clock_pass(12000 + 19999 - clock_now());
	EXPECT_STREQ("searching", simusb_get("nas.state"));
	clock_pass(1);
	EXPECT_STREQ("registered", simusb_get("nas.state"));
}

TEST_HARNESS_MAIN
