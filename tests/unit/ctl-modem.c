// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about the modem itself, as far as they need no driver. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/report.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		0
#define FAILED		1
#define USAGE		2
#define TIMEOUT		3
#define NOT_REGISTERED	9

TEST(show)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"manufacturer\":\"Acme\",\"model\":\"M1\",\"revision\":\"R1.0\","
		   "\"imei\":\"490154203237519\",\"hardware_revision\":\"10000\","
		   "\"software_version\":\"R1.0\",\"operating_mode\":\"online\","
		   "\"hardware_restricted\":false,\"radios\":[\"gsm\",\"umts\",\"lte\"],"
		   "\"max_rx_bits_per_s\":150000000,\"max_tx_bits_per_s\":50000000",
		   "-j modem show");
	EXPECT_RUN(OK, "Radios:       gsm, umts, lte\n", "modem show");
	/* what it does not tell is unknown, and no failure */
	ctlsim_set("qmi", "refuse dms.get-capabilities 71");
	EXPECT_RUN(OK, "\"radios\":null,\"max_rx_bits_per_s\":null", "-j modem show");
	ctlsim_set("qmi", "refuse dms.get-operating-mode 71");
	EXPECT_RUN(OK, "\"operating_mode\":null,\"hardware_restricted\":null", "-j modem show");
	ctlsim_set("lie", "imei-zero");
	EXPECT_RUN(OK, "\"imei\":null", "-j modem show");
}

/* A device that is gone, and a port that has none */
TEST(ids_without_a_device)
{
	ctlsim_start(NULL);
	ctlsim_node("null");
	EXPECT_RUN(5, "null has ended", "--direct modem clients release parked");
	ctlsim_node("");
	EXPECT_RUN(5, "1-1 has no character device to give ids back at",
		   "--direct modem clients release parked");
}

/* Beyond what an int holds: 5G has it */
TEST(show_of_rates)
{
	static const struct {
		int64_t value;
		const char *json;
	} rows[] = {
		{ INT64_C(1) << 31, "{\"schema\":1,\"r\":2147483648}\n" },
		{ UINT32_MAX, "{\"schema\":1,\"r\":4294967295}\n" },
		{ 0, "{\"schema\":1,\"r\":null}\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = NULL;
		size_t size;
		FILE *to = open_memstream(&text, &size);
		struct out *out = out_new(to, OUT_JSON);

		report_opt(out, "r", NULL, rows[i].value, 0);
		EXPECT_EQ(0, out_finish(out));
		fclose(to);
		EXPECT_STREQ(rows[i].json, text);
		free(text);
	}
}

TEST(show_of_5g)
{
	ctlsim_start((const char *const []) { "nas.rat=nr", NULL });
	EXPECT_RUN(OK, "Radios:       gsm, umts, lte, 5gnr\n", "modem show");
}

TEST(mode)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"operating_mode\":\"low-power\",\"changed\":true",
		   "-j modem mode low-power");
	EXPECT_STREQ("1", ctlsim_get("dms.mode"));
	EXPECT_RUN(OK, "\"changed\":false", "-j modem mode low-power");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "persistent-low-power", "modem mode persistent-low-power");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "online", "modem mode online");
	EXPECT_RUN(OK, "offline", "modem mode offline");
	EXPECT_RUN(FAILED, "goes nowhere without a reset (QMI error 60); try: m2mctl modem reset",
		   "modem mode online");
}

/*
 * A modem that says yes does it later: where it is not asked again in between, the
 * indication alone can tell
 */
TEST_TIMEOUT(mode_is_news, 60)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "set-ignored");
	ctlsim_news_alone();
	ctlsim_set_in(300, "dms", "low-power");
	EXPECT_RUN(OK, "\"operating_mode\":\"low-power\",\"changed\":true",
		   "-j modem mode low-power");
}

/* One that is slow beyond measure is waited for where that is said */
TEST_TIMEOUT(mode_that_takes_long, 60)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "set-ignored");
	ctlsim_set_in(12000, "dms", "low-power");
	EXPECT_RUN(OK, "\"changed\":true", "-j --wait 30 modem mode low-power");
}

TEST(mode_that_is_refused)
{
	ctlsim_start((const char *const []) { "dms.fcc-lock=on", NULL });
	EXPECT_RUN(FAILED, "InvalidTransition (QMI error 60); try: the unlock of its maker",
		   "modem mode online");
	ctlsim_set("dms", "rfkill on");
	EXPECT_RUN(NOT_REGISTERED, "locked off by hardware", "modem mode online");
}

TEST_TIMEOUT(mode_that_is_ignored_or_lost, 60)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "the modem said yes, but is online", "modem mode low-power");
	ctlsim_set("lie", "none");
	ctlsim_set("qmi", "lose dms.set-operating-mode");
	EXPECT_RUN(TIMEOUT, "", "modem mode low-power");
	EXPECT_RUN(OK, "\"changed\":false", "-j modem mode low-power");
}

/* --- reset -------------------------------------------------------------------- */

TEST_TIMEOUT(reset, 90)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "1-1 was reset and is back", "modem reset");
	EXPECT_EQ(1, ctlsim_reboots());
	EXPECT_STREQ("0", ctlsim_get("dms.mode"));
	EXPECT_RUN(OK, "offline", "modem mode offline");
	EXPECT_RUN(OK, "1-1 was reset", "modem reset");
	EXPECT_STREQ("0", ctlsim_get("dms.mode"));
	/* of offline, and of both */
	ctlsim_set("qmi", "lose dms.set-operating-mode");
	EXPECT_RUN(OK, "1-1 was reset", "modem reset");
	ctlsim_set("qmi", "lose dms.set-operating-mode 2");
	EXPECT_RUN(OK, "1-1 was reset", "modem reset");
	EXPECT_EQ(4, ctlsim_reboots());
}

/* It is as it was then, and not without its radio */
TEST(reset_that_is_refused)
{
	ctlsim_start(NULL);
	ctlsim_set("qmi", "refuse dms.set-operating-mode 3");
	EXPECT_RUN(FAILED, "Internal (QMI error 3); its radio is as it was; try: --force",
		   "modem reset");
	EXPECT_STREQ("0", ctlsim_get("dms.mode"));
	/* no way back from offline */
	ctlsim_set("dms.refuse-reset", "on");
	EXPECT_RUN(FAILED, "it is offline now, and only a reset leads out; try: it again; --force",
		   "modem reset");
	EXPECT_STREQ("3", ctlsim_get("dms.mode"));
	EXPECT_EQ(0, ctlsim_reboots());
}

/* What helps where the modem says nothing; a person who gave up wants no advice */
TEST_TIMEOUT(reset_of_one_that_is_mute, 60)
{
	ctlsim_start(NULL);
	ctlsim_set("qmi", "lose dms.get-operating-mode");
	ctlsim_interrupt(200);
	EXPECT_RUN(FAILED, "interrupted", "modem reset");
	EXPECT_FALSE(strstr(ctlsim_error, "try:"));
	ctlsim_set("qmi", "lose dms.set-operating-mode");
	ctlsim_interrupt(200);
	EXPECT_RUN(FAILED, "interrupted", "modem reset");
	EXPECT_FALSE(strstr(ctlsim_error, "try:"));
	ctlsim_mute();
	EXPECT_RUN(TIMEOUT, "does not answer (attached); try: --force, which resets",
		   "modem reset");
}

TEST(reset_that_is_ignored)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "InvalidTransition (QMI error 60); its radio is as it was",
		   "modem reset");
	EXPECT_STREQ("0", ctlsim_get("dms.mode"));
}

/* --- list --------------------------------------------------------------------- */

/* A file of the tree below the directory where the test runs */
static void put(const char *path, const char *text)
{
	g_autofree char *dir = g_path_get_dirname(path);

	ASSERT_EQ(0, g_mkdir_with_parents(dir, 0700));
	ASSERT_TRUE(g_file_set_contents(path, text, -1, NULL));
}

static void put_interface(const char *name, const char *alias, const char *class,
			  const char *driver)
{
	static const char *const files[] = {
		"bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol",
		"bNumEndpoints",
	};
	g_auto(GStrv) values = g_strsplit(class, "/", 4);
	g_autofree char *dir = g_strconcat("usb/devices/", name, NULL);
	g_autofree char *modalias = g_build_filename(dir, "modalias", NULL);
	g_autofree char *link = g_build_filename(dir, "driver", NULL);

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		g_autofree char *path = g_build_filename(dir, files[i], NULL);

		put(path, values[i]);
	}
	put(modalias, alias);
	if (driver)
		ASSERT_EQ(0, symlink(driver, link));
}

static void put_devices(void)
{
	g_autofree char *aliases = NULL;
	struct utsname kernel;

	uname(&kernel);
	aliases = g_strdup_printf("modules/%s/modules.alias", kernel.release);
	put(aliases, "# by depmod\nalias usb:v2C7Cp0125d*dc*dsc*dp*icFFiscFFipFFin* qmi_wwan\n"
	    "alias usb:v1D6Bp* hub\n");
	put("usb/devices/usb1/idVendor", "1d6b\n");
	put("usb/devices/1-1/idVendor", "2c7c\n");
	put("usb/devices/1-1/idProduct", "0125\n");
	put("usb/devices/1-1/manufacturer", "Quectel\n");
	put("usb/devices/1-1/product", "EC25\x1b[2J\n");
	put("usb/devices/1-10/idVendor", "2c7c\n");
	put("usb/devices/1-10/idProduct", "0125\n");
	put_interface("1-1:1.4", "usb:v2C7Cp0125d0318dc00dsc00dp00icFFiscFFipFFin04",
		      "ff\n/ff\n/ff\n/03\n", NULL);
	put_interface("1-10:1.4", "usb:v2C7Cp0125d0318dc00dsc00dp00ic02isc0Eip00in04",
		      "02\n/0e\n/00\n/01\n", "../drivers/cdc_mbim");
}

TEST(list)
{
	char dir[] = "/tmp/ctl-modem.XXXXXX";
	g_autofree char *remove = NULL;

	ASSERT_TRUE(mkdtemp(dir));
	ASSERT_EQ(0, chdir(dir));
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "no cellular module at any USB port\n", "modem list");
	EXPECT_RUN(OK, "\"modules\":[]", "-j modem list");
	put_devices();
	EXPECT_RUN(OK,
		   "PATH  ID         NAME              MODE\n"
		   "1-1   2c7c:0125  Quectel EC25?[2J  no-driver\n"
		   "1-10  2c7c:0125  -                 mbim\n"
		   "1-1: no driver for QMI is loaded; try: modprobe m2m_wwan\n"
		   "1-10: it speaks MBIM; try: AT+QCFG=\"usbnet\",0 and then AT+CFUN=1,1\n",
		   "modem list");
	ASSERT_EQ(0, g_mkdir_with_parents("usb/drivers/qmi_wwan", 0700));
	EXPECT_RUN(OK, "\"mode\":\"no-driver\",\"driver\":null,\"why\":\"no driver is bound",
		   "-j modem list");
	ASSERT_EQ(0, symlink("../drivers/qmi_wwan", "usb/devices/1-1:1.4/driver"));
	EXPECT_RUN(OK, "\"mode\":\"qmi\",\"driver\":\"qmi_wwan\",\"why\":null,\"cure\":null}",
		   "-j modem list");
	remove = g_strconcat("rm -r ", dir, NULL);
	EXPECT_EQ(0, system(remove));
}

/* --- the overview --------------------------------------------------------------- */

/* A configuration with one file, and nobody who manages by it */
static void configure(const char *match)
{
	g_autofree char *text = g_strconcat(match, "[PDN wan]\nAPN=internet\n", NULL);

	ctlsim_config_begin();
	ctlsim_config_file("gateway", text);
	setenv("M2MD_SOCKET", "/nowhere/m2md.sock", 1);
}

static const char *const registered[] = {
	"nas.register-ms=0", "nas.rat=lte", "nas.signal=-50 -11 -85 150", NULL
};

TEST(overview)
{
	configure("[Match]\nIMEI=490154203237519\nICCID=8949*\nModel=M1\n");
	ctlsim_start_registered(registered);
	EXPECT_RUN(OK,
		   "MODEM    STATE       OPERATOR  RADIO  SIGNAL         ADDRESSES  SINCE\n"
		   "gateway  registered  m2m Home  lte    -85 dBm, good  -          -\n",
		   "");
	ctlsim_config_end();
}

TEST(overview_as_json)
{
	configure("");
	ctlsim_start_registered(registered);
	EXPECT_RUN(OK, "{\"alias\":\"gateway\",\"usb_path\":\"1-1\",\"imei\":\"490154203237519\","
		   "\"managed\":false,\"state\":\"registered\",\"operator\":\"m2m Home\","
		   "\"radio\":\"lte\",\"signal_dbm\":-85,\"quality\":\"good\",\"bars\":3,"
		   "\"addresses\":[],\"since_s\":null,\"since\":null}", "-j overview");
	ctlsim_config_end();
}

TEST(overview_of_a_modem_without_a_file)
{
	configure("[Match]\nICCID=8988*\n");
	ctlsim_start_registered(registered);
	ctlsim_set("nas", "deny cause 11");
	EXPECT_RUN(OK, "\n1-1    registration-denied  ", "overview");
	ctlsim_config_end();
}

/* --- the data format -------------------------------------------------------------- */

TEST(format)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "driver and modem disagree; try: m2mctl modem format auto\n",
		   "modem format");
	EXPECT_RUN(OK, "\"modem_format\":{\"link_layer\":\"802-3\",\"uplink\":\"none\","
		   "\"downlink\":\"none\"}", "-j modem format");
	ctlsim_set("qmi", "refuse wda.get-data-format 94 2");
	EXPECT_RUN(OK, "\"modem_format\":{\"link_layer\":null,\"uplink\":null,"
		   "\"downlink\":null}", "-j modem format");
}

TEST(match)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "[Match]\nIMEI=490154203237519\n#Path=1-1\n"
		   "#ICCID=89490000000000000016\n#Model=M1\n", "modem list --match");
}

TEST(match_without_an_imei)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "imei-zero");
	EXPECT_RUN(OK, "[Match]\n#IMEI=\nPath=1-1\n", "modem list --match");
}

/* --- texts of any length -------------------------------------------------------- */

/* No TLV has room for it, and no verb begins with it */
#define TOO_LONG	70000

static void expect_refused(const GString *line)
{
	int status = ctlsim_run(line->str);

	if (status != USAGE)
		harness_fail(__FILE__, __LINE__, false, "m2mctl %.60s...: status %d, \"%s\"",
			     line->str, status, ctlsim_error);
}

/* The command with words that it may have, the one at @at too long */
static void run_with(const struct command *c, const char *text, unsigned int at,
		     const struct args_key *key)
{
	GString *line = g_string_new(c->object);

	if (c->verb)
		g_string_append_printf(line, " %s", c->verb);
	for (unsigned int i = 0; i < c->min_args; i++)
		g_string_append_printf(line, " %s", i == at ? text : "1");
	if (key)
		g_string_append_printf(line, " %s %s", key->name, text);
	if (key && !strcmp(key->name, "user"))
		g_string_append(line, " --password-fd @p");
	expect_refused(line);
	g_string_free(line, TRUE);
}

TEST_TIMEOUT(texts_of_any_length, 60)
{
	g_autofree char *text = g_strnfill(TOO_LONG, '1');
	const struct args_key *key;

	ctlsim_start(NULL);
	for (const struct command *c = commands; c->object; c++) {
		if (!(c->flags & COMMAND_MODEM))
			continue;
		for (unsigned int i = 0; i < c->min_args; i++)
			run_with(c, text, i, NULL);
		for (key = c->keys; key && key->name; key++)
			run_with(c, text, c->min_args, key);
	}
	EXPECT_EQ(0, ctlsim_writes());
}

TEST(raw_values_of_any_length)
{
	g_autofree char *text = g_strnfill(TOO_LONG, '1');
	g_autofree char *most = g_strnfill(2 * 2048, '1');
	g_autofree char *one = g_strdup_printf("raw dms 0x25 1=%s", text);
	g_autofree char *two = g_strdup_printf("raw dms 0x25 1=%s 2=%s", most, most);

	ctlsim_start(NULL);
	EXPECT_RUN(USAGE, "TLV 0x01: not a value of whole bytes, 2048 at most", one);
	EXPECT_RUN(USAGE, "a QMI message has at most 4096 bytes, not 4115", two);
}

TEST_HARNESS_MAIN
