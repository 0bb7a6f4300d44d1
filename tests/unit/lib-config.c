// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/config: what keys mean, what is refused and why, and what changed. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../tools/lib/config.h"
#include "../lib/harness.h"

static struct conf_notes notes;

/* A configuration of one .modem file, or of m2md.conf */
static struct config *build(const char *text, bool main)
{
	struct config *config = config_new();
	struct conf conf = { 0 };

	conf_notes_clear(&notes);
	conf_parse(&conf, main ? "m2md.conf" : "a.modem", text, strlen(text), &notes);
	if (main)
		config_set_main(config, &conf, &notes);
	else
		config_add_modem(config, "a", "a.modem", &conf, &notes);
	config_check(config, &notes);
	return config;
}

/* What is said, as "LINE error: text" of each, joined by "; " */
static const char *said(void)
{
	static char text[2048];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < notes.n && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%u %s: %s", i ? "; " : "",
			       notes.notes[i].line,
			       notes.notes[i].severity == CONF_ERROR ? "error" : "warning",
			       notes.notes[i].text);
	return text;
}

/* --- refusals ---------------------------------------------------------------- */

struct row {
	const char *text;
	const char *says;
};

static const struct row modem_rows[] = {
	{ "", "" },
	{ "[PDN wan]\n", "" },
	{ "[PDN wan]\nAPN=iot.example\n", "" },
	/* names */
	{ "[Foo]\nBar=1\nBaz=1\n", "1 warning: unknown section [Foo], which is left out" },
	{ "[pdn wan]\nAPN=a\n",
	  "1 warning: unknown section [pdn], which is left out; did you mean [PDN]?" },
	{ "[Manager]\nAutoConnect=yes\n",
	  "1 warning: [Manager] belongs into m2md.conf, and is left out here" },
	{ "[SIM one]\n", "1 error: [SIM] takes no name, not \"one\"" },
	{ "[PDN]\n",
	  "1 error: [PDN name] takes the name of an interface: 1 to 15 letters, digits, "
	  "- . and _" },
	{ "[PDN ../etc]\n",
	  "1 error: [PDN name] takes the name of an interface: 1 to 15 letters, digits, "
	  "- . and _" },
	{ "[PDN sixteenletters..]\n",
	  "1 error: [PDN name] takes the name of an interface: 1 to 15 letters, digits, "
	  "- . and _" },
	{ "[PDN wan]\nColour=red\n", "2 warning: unknown key Colour in [PDN]" },
	{ "[PDN wan]\napn=a\n", "2 warning: unknown key apn in [PDN], did you mean APN?" },
	{ "[PDN wan]\nRoaming=any\n",
	  "2 warning: unknown key Roaming in [PDN], it belongs into [Network]" },
	{ "[PDN wan]\nAPN=a\nAPN=b\n", "3 warning: APN was set in line 2; this line counts" },
	{ "[PDN wan]\nDNS=10.0.0.1\nDNS=10.0.0.2\n", "" },
	/* values */
	{ "[PDN wan]\nMTU=100\n", "2 error: MTU takes a number from 576 to 65535, not \"100\"" },
	{ "[PDN wan]\nMTU=+1400\n",
	  "2 error: MTU takes a number from 576 to 65535, not \"+1400\"" },
	{ "[PDN wan]\nMTU=0x578\n",
	  "2 error: MTU takes a number from 576 to 65535, not \"0x578\"" },
	{ "[PDN wan]\nMTU=1400 # bytes\n",
	  "2 warning: MTU: a comment has a line of its own; this one is a part of the "
	  "value; 2 error: MTU takes a number from 576 to 65535, not \"1400 # bytes\"" },
	{ "[PDN wan]\nMuxId=255\n", "2 error: MuxId takes a number from 1 to 254, not \"255\"" },
	{ "[PDN wan]\nMuxId=0\n", "2 error: MuxId takes a number from 1 to 254, not \"0\"" },
	{ "[PDN wan]\nRouteMetric=2147483648\n",
	  "2 error: RouteMetric takes a number from 1 to 2147483647, not \"2147483648\"" },
	{ "[PDN wan]\nRouteMetric=99999999999999999999999999\n",
	  "2 error: RouteMetric takes a number from 1 to 2147483647, not "
	  "\"99999999999999999999999999\"" },
	{ "[PDN wan]\nIPFamily=ipv5\n",
	  "2 error: IPFamily takes ipv4|ipv6|both, not \"ipv5\"" },
	{ "[PDN wan]\nIPFamily=ipv4|ipv6\n",
	  "2 error: IPFamily takes ipv4|ipv6|both, not \"ipv4|ipv6\"" },
	{ "[Network]\nRoaming=yes\n", "2 error: Roaming takes auto|home|any, not \"yes\"" },
	{ "[Network]\nOperator=26201\nModes=lte,5gnr\nBands=b3,b20,n78\n", "" },
	{ "[Network]\nOperator=310260\nModes=gsm\nBands=b256,n512\n", "" },
	{ "[Network]\nOperator=auto\nModes=auto\nBands=all\n", "" },
	{ "[Network]\nOperator=2620\n",
	  "2 error: Operator takes auto or the 5 or 6 digits of MCC and MNC, not \"2620\"" },
	{ "[Network]\nOperator=2620100\n", "2 error: Operator takes 6 bytes at most" },
	{ "[Network]\nOperator=26 01\n",
	  "2 error: Operator takes auto or the 5 or 6 digits of MCC and MNC, not \"26 01\"" },
	{ "[Network]\nModes=4g\n",
	  "2 error: Modes takes auto or of gsm,umts,lte,5gnr each once, not \"4g\"" },
	{ "[Network]\nModes=lte,lte\n",
	  "2 error: Modes takes auto or of gsm,umts,lte,5gnr each once, not \"lte,lte\"" },
	{ "[Network]\nModes=lte,auto\n",
	  "2 error: Modes takes auto or of gsm,umts,lte,5gnr each once, not \"lte,auto\"" },
	{ "[Network]\nBands=b0\n",
	  "2 error: Bands takes all or a list like b3,b20,n78, not \"b0\"" },
	{ "[Network]\nBands=b3,b257\n",
	  "2 error: Bands takes all or a list like b3,b20,n78, not \"b3,b257\"" },
	{ "[Network]\nBands=b3,\n",
	  "2 error: Bands takes all or a list like b3,b20,n78, not \"b3,\"" },
	{ "[PDN wan]\nAPN=in ternet\n",
	  "2 error: APN takes letters, digits, - . and _, not \"in ternet\"" },
	{ "[PDN wan]\nDNS=10.0.0.1 dns.example\n",
	  "2 error: DNS takes IPv4 and IPv6 addresses, not \"dns.example\"" },
	{ "[PDN wan]\nVRF=-x\n",
	  "2 error: VRF takes letters, digits, - . and _, and begins with no - or ., not \"-x\"" },
	{ "[PDN wan]\nVRF=averyveryverylongone\n", "2 error: VRF takes 15 bytes at most" },
	{ "[Supervise]\nInterval=5s\n", "2 error: Interval takes 1min to 1d, not \"5s\"" },
	{ "[Supervise]\nInterval=5 fortnights\n",
	  "2 error: Interval takes 1min to 1d, not \"5 fortnights\"" },
	{ "[Supervise]\nMaxResetsPerDay=5\n",
	  "2 error: MaxResetsPerDay takes a number from 0 to 4, not \"5\"" },
	{ "[Quota]\nLimit=5X\n", "2 error: Limit takes 1K to 1000T, not \"5X\"" },
	{ "[Quota]\nLimit=9999999T\n", "2 error: Limit takes 1K to 1000T, not \"9999999T\"" },
	{ "[Match]\nIMEI=12345\n",
	  "2 error: IMEI takes 15 digits, or a pattern of digits, * and ?, not \"12345\"" },
	{ "[Match]\nICCID=8949*\nPath=1-1.2\nModel=EC*\nIMEI=86????????????1\n", "" },
	{ "[Match]\nImei=86*\n",
	  "2 warning: unknown key Imei in [Match]: the file fits no modem" },
	{ "[Match]\n", "1 warning: [Match] is empty: the file is for every modem" },
	{ "[Match]\nIMEI=86*\nIMEI=\n",
	  "1 warning: [Match] is empty: the file is for every modem" },
	{ "[Match]\nPath=/dev/cdc-wdm0\n",
	  "2 error: Path takes a USB path such as 1-1.2, or a pattern with * and ?, not "
	  "\"/dev/cdc-wdm0\"" },
	/* no secret stands in a file, and none in a message */
	{ "[SIM]\nPIN=1234\n",
	  "2 warning: unknown key PIN in [SIM]: a secret has a file of its own, see PINFile=" },
	{ "[PDN wan]\nPassword=geheim\n",
	  "2 warning: unknown key Password in [PDN]: a secret has a file of its own, "
	  "see PasswordFile=" },
	{ "[Match]\nICCID=*\n[SIM]\nPINFile=1234\n",
	  "4 error: PINFile takes the path of a file that holds the secret, or %d/NAME "
	  "for a credential" },
	{ "[Match]\nICCID=*\n[SIM]\nPINFile=%d/../shadow\n",
	  "4 error: PINFile takes the path of a file that holds the secret, or %d/NAME "
	  "for a credential" },
	{ "[Match]\nICCID=*\n[SIM]\nPINFile=%d/pin\n", "" },
	{ "[Modem]\nAtInit=AT+CPIN=1234\n",
	  "2 error: AtInit takes no command with a PIN or PUK, see PINFile=" },
	{ "[Modem]\nAtPort=2\n",
	  "2 warning: AtPort does nothing without AtInit=" },
	{ "[Modem]\nAtPort=256\n",
	  "2 error: AtPort takes the number of a USB interface, 0 to 255, not \"256\"" },
	{ "[Modem]\nAtPort=if2\n",
	  "2 error: AtPort takes the number of a USB interface, 0 to 255, not \"if2\"" },
	{ "[Modem]\nAtPort=0002\n",
	  "2 error: AtPort takes 3 bytes at most" },
	{ "[Modem]\nAtInit=reboot\n",
	  "2 error: AtInit takes a command that begins with AT" },
	/* between keys */
	{ "[PDN wan]\nPasswordFile=/p\n", "2 error: PasswordFile needs User=" },
	{ "[PDN wan]\nAuth=pap\n", "2 error: Auth needs User=" },
	{ "[PDN wan]\nUser=u\n", "2 warning: User without PasswordFile=: the password is empty" },
	{ "[PDN wan]\nUser=u\nPasswordFile=/p\n", "" },
	{ "[PDN wan]\nUser=u\nAuth=none\n", "3 warning: Auth=none: User= is not sent" },
	{ "[Attach]\nAPN=a\nAuth=chap\n", "3 error: Auth needs User=" },
	{ "[Attach]\nAPN=a\nIPFamily=ipv4\n", "" },
	{ "[Attach]\nIPFamily=ipv4\n",
	  "2 warning: IPFamily does nothing without APN= in [Attach]" },
	{ "[Match]\nICCID=89*\n[SIM]\nSlot=2\n",
	  "4 warning: Slot with ICCID= in [Match]: the file counts only while that card "
	  "is in use" },
	{ "[SIM]\nSlot=9\n", "2 error: Slot takes a number from 1 to 8, not \"9\"" },
	{ "[SIM]\nOrder=1,2\n", "" },
	{ "[SIM]\nOrder=8,1,7,2\n", "" },
	{ "[SIM]\nOrder=1,1\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"1,1\"" },
	{ "[SIM]\nOrder=0,1\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"0,1\"" },
	{ "[SIM]\nOrder=1,9\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"1,9\"" },
	{ "[SIM]\nOrder=1,10\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"1,10\"" },
	{ "[SIM]\nOrder=1 2\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"1 2\"" },
	{ "[SIM]\nOrder=1,2,\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"1,2,\"" },
	{ "[SIM]\nOrder=1,2,3,4,5\n",
	  "2 error: Order takes 2 to 4 slots of 1 to 8, each once, like 1,2, not \"1,2,3,4,5\"" },
	{ "[SIM]\nOrder=2\n",
	  "2 error: Order takes at least 2 slots, Slot= is for one, not \"2\"" },
	{ "[SIM]\nSlot=1\nOrder=1,2\n",
	  "3 error: Slot and Order exclude each other in [SIM]" },
	{ "[Match]\nICCID=89*\n[SIM]\nOrder=1,2\n",
	  "4 warning: Order with ICCID= in [Match]: it does not count while there is no such "
	  "card" },
	{ "[Match]\nICCID=*\n[SIM]\nOrder=1,2\n", "" },
	{ "[PDN wan]\nVRF=red\nNetNS=blue\n",
	  "2 error: VRF and NetNS exclude each other in [PDN wan]" },
	{ "[PDN wan]\nVRF=red\nRouteTable=7\n",
	  "3 error: RouteTable and VRF exclude each other in [PDN wan]: a VRF has its own" },
	{ "[PDN wan]\nVRF=wan\n", "2 error: VRF=wan is the name of the PDN" },
	{ "[PDN wan]\nMTU=1000\n",
	  "2 error: MTU=1000 is less than the 1280 of IPv6; see IPFamily=" },
	{ "[PDN wan]\nMTU=1000\nIPFamily=ipv4\n", "" },
	{ "[PDN a]\nMuxId=3\n[PDN b]\nMuxId=3\n", "4 error: MuxId=3 is that of [PDN a] as well" },
	{ "[SIM]\nPINFile=/pin\n",
	  "2 warning: PINFile without ICCID= in [Match] is for any card; ICCID=* says "
	  "so on purpose" },
	{ "[Supervise]\nProbe=tcp\n", "2 warning: Probe does nothing without Target=" },
	{ "[Supervise]\nProbe=tcp\nTarget=host\n",
	  "3 error: Target takes HOST:PORT or [ADDRESS]:PORT with Probe=tcp" },
	{ "[Supervise]\nProbe=tcp\nTarget=2001:db8::1\n",
	  "3 error: Target takes HOST:PORT or [ADDRESS]:PORT with Probe=tcp" },
	{ "[Supervise]\nProbe=tcp\nTarget=host:99999\n",
	  "3 error: Target takes HOST:PORT or [ADDRESS]:PORT with Probe=tcp" },
	{ "[Supervise]\nProbe=tcp\nTarget=[2001:db8::1]:443\n", "" },
	{ "[Supervise]\nTarget=2001:db8::1\n", "" },
	{ "[PDN a]\n[PDN b]\nNetNS=blue\n[Supervise]\nTarget=192.0.2.1\n",
	  "5 warning: Target is not asked through [PDN b], which has NetNS=" },
	{ "[Supervise]\nTarget=[2001:db8::1]:443\n",
	  "2 error: Target takes a port with Probe=tcp only" },
	{ "[Quota]\nAction=cut\n", "2 warning: Action does nothing without Limit=" },
};

static const struct row main_rows[] = {
	{ "", "" },
	{ "[Manager]\nAutoConnect=yes\nBootSpread=0\n[Helper]\nReboot=on\n", "" },
	{ "[Manager]\nAutoConnect=maybe\n",
	  "2 error: AutoConnect takes yes or no, not \"maybe\"" },
	{ "[Manager]\nBootSpread=2h\n", "2 error: BootSpread takes 0s to 1h, not \"2h\"" },
	{ "[PDN wan]\nAPN=a\n", "1 warning: [PDN] belongs into a .modem file, and is "
	"left out here" },
	{ "[Helper]\nSetClock=yes\n", "" },
	{ "[Helper]\nExec=/bin/sh\n", "2 warning: unknown key Exec in [Helper]" },
};

static void check_row(const struct row *row, bool main)
{
	struct config *config = build(row->text, main);

	if (strcmp(row->says, said()))
		printf("# %s", row->text);
	EXPECT_STREQ(row->says, said());
	config_free(config);
}

TEST(rows_of_modems)
{
	for (size_t i = 0; i < ARRAY_SIZE(modem_rows); i++)
		check_row(&modem_rows[i], false);
}

TEST(rows_of_the_manager)
{
	for (size_t i = 0; i < ARRAY_SIZE(main_rows); i++)
		check_row(&main_rows[i], true);
}

TEST(too_many)
{
	char text[2048];
	size_t at = 0;

	for (int i = 0; i <= CONFIG_PDNS_MAX; i++)
		at += snprintf(text + at, sizeof(text) - at, "[PDN p%d]\nMTU=1400\n", i);
	config_free(build(text, false));
	EXPECT_STREQ("9 error: [PDN p4] is one too many: a modem has at most 4 of them", said());
	at = snprintf(text, sizeof(text), "[PDN wan]\n");
	for (int i = 0; i <= CONFIG_LIST_MAX; i++)
		at += snprintf(text + at, sizeof(text) - at, "DNS=10.0.0.%d\n", i);
	config_free(build(text, false));
	EXPECT_STREQ("18 error: DNS takes 16 values at most", said());
}

/* --- values ------------------------------------------------------------------ */

TEST(defaults)
{
	struct config *config = build("[PDN wan]\n", false);
	const struct config_modem *modem = config->modems;

	EXPECT_FALSE(config->manager.auto_connect);
	EXPECT_EQ(60, config->manager.boot_spread_s);
	EXPECT_FALSE(config->helper.reboot);
	EXPECT_EQ(CONFIG_ROAMING_AUTO, modem->network.roaming);
	EXPECT_EQ(900, modem->supervise.interval_s);
	EXPECT_EQ(CONFIG_LADDER_HOST_REBOOT, modem->supervise.ladder);
	EXPECT_EQ(4, modem->supervise.max_resets_per_day);
	EXPECT_EQ(CONFIG_MONTH, modem->quota.period);
	ASSERT_EQ(1, modem->n_pdns);
	EXPECT_STREQ("wan", modem->pdns[0].name);
	EXPECT_EQ(CONFIG_IPV4V6, modem->pdns[0].ip_family);
	EXPECT_EQ(CONFIG_AUTH_NONE, modem->pdns[0].auth);
	EXPECT_FALSE(modem->pdns[0].apn);
	EXPECT_EQ(0, modem->pdns[0].mtu);
	config_free(config);
}

TEST(values)
{
	struct config *config =
		build("[PDN wan]\nAPN=iot\nUser=u\nPasswordFile=/p\nIPFamily=ipv6\n"
		      "RouteTable=4294967295\nDNS=2001:db8::1 10.0.0.1\nDNS=10.0.0.2\n"
		      "[Supervise]\nInterval=1h 30min\nLadder=radio\n"
		      "[Quota]\nLimit=1G 500M\nAction=cut\n[SIM]\nSlot=2\n"
		      "[Modem]\nAtInit=\"ATE0\"\nAtInit=AT+CPSMS=1,,,\"00000110\"\nAtPort=3\n",
		      false);
	const struct config_modem *modem = config->modems;
	const struct config_pdn *pdn = modem->pdns;

	EXPECT_STREQ("", said());
	EXPECT_STREQ("iot", pdn->apn);
	EXPECT_EQ(CONFIG_AUTH_BOTH, pdn->auth);
	EXPECT_STREQ("/p", pdn->password_file);
	EXPECT_EQ(CONFIG_IPV6, pdn->ip_family);
	EXPECT_EQ(4294967295, pdn->route_table);
	ASSERT_EQ(3, pdn->dns.n);
	EXPECT_STREQ("10.0.0.2", pdn->dns.s[2]);
	EXPECT_EQ(5400, modem->supervise.interval_s);
	EXPECT_EQ(CONFIG_LADDER_RADIO, modem->supervise.ladder);
	EXPECT_EQ(1500000000, modem->quota.limit_bytes);
	EXPECT_EQ(CONFIG_CUT, modem->quota.action);
	EXPECT_EQ(2, modem->sim.slot);
	EXPECT_FALSE(modem->sim.order);
	ASSERT_EQ(2, modem->init.at_init.n);
	EXPECT_STREQ("ATE0", modem->init.at_init.s[0]);
	EXPECT_STREQ("AT+CPSMS=1,,,\"00000110\"", modem->init.at_init.s[1]);
	EXPECT_STREQ("3", modem->init.at_port);
	config_free(config);
}

TEST(an_empty_value_is_the_default_again)
{
	struct config *config =
		build("[PDN wan]\nAPN=iot\nDNS=10.0.0.1\nIPFamily=ipv4\n"
		      "[PDN wan]\nDNS=\nDNS=10.0.0.3\nAPN=\nIPFamily=\n", false);
	const struct config_pdn *pdn = config->modems[0].pdns;

	EXPECT_FALSE(pdn->apn);
	EXPECT_EQ(CONFIG_IPV4V6, pdn->ip_family);
	ASSERT_EQ(1, pdn->dns.n);
	EXPECT_STREQ("10.0.0.3", pdn->dns.s[0]);
	config_free(config);
}

TEST(a_refused_value_leaves_the_former_one)
{
	struct config *config =
		build("[PDN wan]\nMTU=1400\nMTU=9\nAPN=a\nAPN=b b\nDNS=10.0.0.1\n"
		      "DNS=10.0.0.2 x\n", false);

	EXPECT_EQ(3, notes.n_errors);
	EXPECT_EQ(1400, config->modems[0].pdns[0].mtu);
	EXPECT_STREQ("a", config->modems[0].pdns[0].apn);
	EXPECT_EQ(1, config->modems[0].pdns[0].dns.n);
	config_free(config);
}

TEST(every_key_takes_its_default_and_says_what_it_takes)
{
	char takes[128], reason[256];

	for (const struct config_key *key = config_keys; key->name; key++) {
		int64_t room[8] = { 0 };

		ASSERT_TRUE(key->help && *key->help);
		config_key_takes(key, takes, sizeof(takes));
		EXPECT_TRUE(*takes && strlen(takes) < sizeof(takes) - 1);
		/* a field of its own, so that the section's struct is not needed */
		struct config_key alone = *key;

		alone.offset = 0;
		EXPECT_EQ(0, config_value_set(&alone, key->otherwise, room, reason,
					      sizeof(reason)));
		EXPECT_TRUE(config_key(key->section, key->name) == key);
		config_value_clear(&alone, room);
	}
}

/* --- files that need each other ---------------------------------------------------- */

static struct config *both(const char *main, const char *modem)
{
	struct config *config = build(main, true);
	struct conf conf = { 0 };

	conf_notes_clear(&notes);
	conf_parse(&conf, "a.modem", modem, strlen(modem), &notes);
	config_add_modem(config, "a", "a.modem", &conf, &notes);
	config_check(config, &notes);
	return config;
}

TEST(what_the_helper_must_be_allowed)
{
	config_free(both("", "[PDN wan]\nNetNS=blue\n"));
	EXPECT_STREQ("2 error: NetNS needs NetNS=yes in [Helper] of m2md.conf", said());
	config_free(both("[Helper]\nNetNS=yes\n", "[PDN wan]\nNetNS=blue\n"));
	EXPECT_STREQ("", said());
	config_free(both("", "[Supervise]\nLadder=host-reboot\n"));
	EXPECT_STREQ("2 warning: Ladder=host-reboot needs Reboot=yes in [Helper] of m2md.conf",
		     said());
	config_free(both("", "[Supervise]\nLadder=port-power\n"));
	EXPECT_STREQ("2 warning: Ladder=port-power needs PortPower=yes in [Helper] of m2md.conf",
		     said());
	config_free(both("[Helper]\nReboot=yes\n", "[Supervise]\nLadder=host-reboot\n"));
	EXPECT_STREQ("", said());
}

/* A file for each card, and one for a modem of whose card nothing is known */
TEST(an_order_for_each_card)
{
	static const char one[] = "[Match]\nICCID=89*\n[SIM]\nOrder=1,2\n";
	struct config *config = build("[SIM]\nOrder=1,2\n", false);
	struct conf conf = { 0 };

	conf_parse(&conf, "b.modem", one, strlen(one), &notes);
	config_add_modem(config, "b", "b.modem", &conf, &notes);
	config_check(config, &notes);
	EXPECT_STREQ("", said());
	config_free(config);
}

/* --- what changed ------------------------------------------------------------------ */

struct change_row {
	const char *from, *to;
	const char *changes;	/* "MODEM/PDN +-KEY;" of each */
	enum config_effect effect;
};

static const struct change_row change_rows[] = {
	{ "", "", "", CONFIG_EFFECT_NONE },
	{ "[PDN wan]\nAPN=a\n", "# x\n\n[Network]\n[PDN wan]\nAPN=\"a\"\n", "",
	  CONFIG_EFFECT_NONE },
	{ "[PDN wan]\nMTU=1400\n", "[PDN wan]\nMTU=1400\nIPFamily=both\n", "",
	  CONFIG_EFFECT_NONE },
	{ "[PDN a]\n[PDN b]\n", "[PDN b]\n[PDN a]\n", "", CONFIG_EFFECT_NONE },
	{ "[PDN wan]\n", "[PDN wan]\nMTU=1400\n", "a/wan MTU;", CONFIG_EFFECT_LINK },
	{ "[PDN wan]\nDNS=10.0.0.1\n", "[PDN wan]\nDNS=10.0.0.2\n", "a/wan DNS;",
	  CONFIG_EFFECT_LINK },
	{ "[PDN wan]\nAPN=a\n", "[PDN wan]\nAPN=b\nMTU=1400\n", "a/wan APN;a/wan MTU;",
	  CONFIG_EFFECT_CALL },
	{ "[PDN wan]\nAPN=a\n", "[PDN wan]\n", "a/wan APN;", CONFIG_EFFECT_CALL },
	{ "[PDN wan]\n", "[PDN wan]\nUser=u\n", "a/wan User;a/wan Auth;",
	  CONFIG_EFFECT_CALL },
	{ "[PDN a]\n", "[PDN a]\n[PDN b]\n", "a/b +;", CONFIG_EFFECT_CALL },
	{ "[PDN a]\n[PDN b]\n", "[PDN a]\n", "a/b -;", CONFIG_EFFECT_CALL },
	{ "", "[Attach]\nAPN=a\n", "a APN;", CONFIG_EFFECT_ATTACH },
	{ "", "[Supervise]\nLadder=radio\n", "a Ladder;", CONFIG_EFFECT_NONE },
	{ "[SIM]\nPINFile=/a\n", "[SIM]\nPINFile=/b\n", "a PINFile;", CONFIG_EFFECT_CARD },
	{ "[SIM]\nOrder=1,2\n", "[SIM]\nOrder=2,1\n", "a Order;", CONFIG_EFFECT_CARD },
	{ "", "[Match]\nICCID=89*\n[PDN wan]\n", "a ICCID;a/wan +;", CONFIG_EFFECT_MATCH },
};

static const char *changed(const struct config_changes *changes)
{
	static char text[512];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < changes->n; i++) {
		const struct config_change *c = &changes->changes[i];

		at += snprintf(text + at, sizeof(text) - at, "%s%s%s %s;",
			       c->modem ?: "m2md.conf", c->pdn ? "/" : "", c->pdn ?: "",
			       c->kind == CONFIG_ADDED ? "+" :
			       c->kind == CONFIG_REMOVED ? "-" : c->key->name);
	}
	return text;
}

TEST(rows_of_changes)
{
	for (size_t i = 0; i < ARRAY_SIZE(change_rows); i++) {
		const struct change_row *row = &change_rows[i];
		struct config *from = build(row->from, false);
		struct config *to = build(row->to, false);
		struct config_changes changes, same;

		config_diff(from, to, &changes);
		EXPECT_STREQ(row->changes, changed(&changes));
		EXPECT_EQ(row->effect, changes.effect);
		config_modem_diff(from->modems, to->modems, &same);
		EXPECT_EQ(changes.n, same.n);
		config_changes_clear(&changes);
		config_changes_clear(&same);
		config_free(from);
		config_free(to);
	}
}

TEST(changes_of_files)
{
	struct config *none = build("[Manager]\nAutoConnect=yes\n", true);
	struct config *one = build("[PDN wan]\nAPN=a\n", false);
	struct config_changes changes;

	config_diff(none, one, &changes);
	EXPECT_STREQ("m2md.conf AutoConnect;a +;", changed(&changes));
	EXPECT_EQ(CONFIG_EFFECT_MATCH, changes.effect);
	config_changes_clear(&changes);
	config_diff(one, none, &changes);
	EXPECT_STREQ("m2md.conf AutoConnect;a -;", changed(&changes));
	config_changes_clear(&changes);
	config_free(none);
	config_free(one);
}

TEST_HARNESS_MAIN
