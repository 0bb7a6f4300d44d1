// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2m-helper may be asked: each verb, each refusal, and noise. */
#include <kselftest_harness.h>
#include <errno.h>
#include <stdlib.h>

#include "../../tools/lib/helper.h"
#include "../lib/harness.h"

#define NOISE_ROUNDS	200000

static struct helper_request request;
static struct m2m_error error;

static int parse(const char *text)
{
	return helper_parse(text, strlen(text), &request, &error);
}

TEST(requests)
{
	static const struct {
		const char *text;
		enum helper_verb verb;
		unsigned int words;
	} rows[] = {
		{ "port-power 1-1", HELPER_PORT_POWER, 1 },
		{ "port-power 3-1.4.2.12", HELPER_PORT_POWER, 1 },
		{ "port-power 255-1.1.1.1.1.1.1", HELPER_PORT_POWER, 1 },
		{ "netns site_1.a-b", HELPER_NETNS, 1 },
		{ "resolv-file", HELPER_RESOLV_FILE, 0 },
		{ "hook pdn-up", HELPER_HOOK, 1 },
		{ "hook pdn-down USB_PATH=1-1.4 PDN=wan CAUSE=3gpp-ppp-timeout", HELPER_HOOK,
		  4 },
		{ "set-clock 1795942800", HELPER_SET_CLOCK, 1 },
		{ "set-clock 9999999999", HELPER_SET_CLOCK, 1 },
		{ "reboot", HELPER_REBOOT, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, parse(rows[i].text));
		EXPECT_EQ(rows[i].verb, request.verb);
		EXPECT_EQ(rows[i].words, request.n_words);
	}
	ASSERT_EQ(0, parse("hook a PDN=wan"));
	EXPECT_STREQ("a", request.words[0]);
	EXPECT_STREQ("PDN=wan", request.words[1]);
}

TEST(refusals)
{
	static const char * const rows[] = {
		"", " ", "reboot ", " reboot", "reboot now", "Reboot", "rebootx",
		"resolv-file /etc/shadow", "set-clock", "set-clock ", "set-clock 0",
		"set-clock -1", "set-clock +1", "set-clock 01", "set-clock 1.5", "set-clock 0x1",
		"set-clock 10000000000", "set-clock 1 1", "sh -c id",
		"port-power", "port-power ", "port-power 1", "port-power 1-", "port-power -1",
		"port-power usb1", "port-power 1-1:1.0", "port-power 1-1.", "port-power 1-.1",
		"port-power 1-1..2", "port-power 1-1/2", "port-power ../1-1", "port-power 1-0",
		"port-power 0-1", "port-power 01-1", "port-power 1-256", "port-power 256-1",
		"port-power 1-1.1.1.1.1.1.1.1", "port-power 1-1 1-2", "port-power 1-+1",
		"port-power 99999999999999999999-1",
		"port-power 1-1.2-3",
		"netns", "netns ", "netns .", "netns ..", "netns a/b", "netns .hidden",
		"netns a b",
		"netns aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"hook", "hook ", "hook -x", "hook a/b", "hook a.b", "hook a b",
		"hook a PATH=/tmp", "hook a LD_PRELOAD=x", "hook a PDN", "hook a PDN=",
		"hook a PDN=a/b", "hook a PDN=$(id)", "hook a PDN=a;b", "hook a pdn=a",
		"hook a XPDN=a", "hook a PD=a", "hook a =a", "hook a PDN=a  PDN=b",
		"hook a PDN=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"hook a PDN=1 PDN=2 PDN=3 PDN=4 PDN=5 PDN=6 PDN=7 PDN=8 PDN=9 PDN=10 PDN=11 "
		"PDN=12",
		"reboot\n", "reboot\r", "port-power 1-1\t", "netns \x80", "hook \x7f",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		error.msg[0] = '\0';
		if (parse(rows[i]) != -EINVAL)
			printf("# \"%s\" was taken\n", rows[i]);
		EXPECT_EQ(-EINVAL, parse(rows[i]));
		EXPECT_TRUE(error.msg[0]);
	}
	EXPECT_EQ(-EINVAL, helper_parse("reboot", 7, &request, &error));
}

TEST(too_long)
{
	static char text[HELPER_PACKET_MAX + 1];

	memset(text, 'a', sizeof(text));
	EXPECT_EQ(-EMSGSIZE, helper_parse(text, sizeof(text), &request, &error));
	EXPECT_EQ(-EINVAL, helper_parse(text, HELPER_PACKET_MAX, &request, &error));
}

/* Whatever is taken is made of words that can do no harm */
static void judge(void)
{
	char path[128];

	for (unsigned int i = 0; i < request.n_words; i++) {
		EXPECT_TRUE(request.words[i] > request.text &&
			    request.words[i] < request.text + sizeof(request.text));
		EXPECT_FALSE(strpbrk(request.words[i], "/ \"'$`\\;|&<>*?()"));
		EXPECT_FALSE(request.words[i][0] == '.');
	}
	if (request.verb == HELPER_PORT_POWER)
		EXPECT_EQ(0, helper_port_path("", request.words[0], path, sizeof(path)));
}

TEST(noise)
{
	static const char * const seeds[] = {
		"port-power 1-1.4", "netns site", "hook pdn-up PDN=wan IMEI=860000000000011",
		"reboot", "resolv-file", "set-clock 1795942800",
	};
	unsigned int taken = 0;
	char text[64];
	size_t len;

	srand(1);
	for (int i = 0; i < NOISE_ROUNDS; i++) {
		len = strlen(seeds[i % ARRAY_SIZE(seeds)]);
		memcpy(text, seeds[i % ARRAY_SIZE(seeds)], len + 1);
		for (int n = rand() % 4; n; n--)
			text[rand() % len] = rand() % 3 ? rand() % 95 + 32 : rand();
		if (rand() % 4 == 0)
			len = rand() % (len + 1);
		if (helper_parse(text, len, &request, &error))
			continue;
		taken++;
		judge();
	}
	printf("# %u of %d were taken\n", taken, NOISE_ROUNDS);
	EXPECT_GE(taken, NOISE_ROUNDS / 10);
}

TEST(ports_in_sysfs)
{
	char path[128];

	EXPECT_EQ(0, helper_port_path("", "1-4", path, sizeof(path)));
	EXPECT_STREQ("/sys/bus/usb/devices/1-0:1.0/usb1-port4", path);
	EXPECT_EQ(0, helper_port_path("/t", "12-4.2", path, sizeof(path)));
	EXPECT_STREQ("/t/sys/bus/usb/devices/12-4:1.0/12-4-port2", path);
	EXPECT_EQ(0, helper_port_path("", "2-1.3.7", path, sizeof(path)));
	EXPECT_STREQ("/sys/bus/usb/devices/2-1.3:1.0/2-1.3-port7", path);
	EXPECT_EQ(-ENAMETOOLONG, helper_port_path("", "2-1.3.7", path, 20));
}

TEST(what_resolv_conf_may_hold)
{
	static const struct {
		const char *text;
		bool fits;
	} rows[] = {
		{ "", true },
		{ "nameserver 192.0.2.1\n", true },
		{ "nameserver 192.0.2.1\nnameserver 2001:db8::53\n", true },
		{ "# of wan\nnameserver 192.0.2.1\n# and no more\n", true },
		{ "# of wan", false },
		{ "nameserver 192.0.2.1", false },
		{ "nameserver 192.0.2\n", false },
		{ "nameserver  192.0.2.1\n", false },
		{ "nameserver 192.0.2.1 # mine\n", false },
		{ "search example.org\n", false },
		{ "\n", false },
		{ "nameserver ::ffff:192.0.2.1%eth0\n", false },
		{ "nameserver aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		  false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].fits,
			  helper_resolv_is_fit(rows[i].text, strlen(rows[i].text)));
	EXPECT_FALSE(helper_resolv_is_fit("nameserver 192.0.2.1\0\n", 22));
}

TEST(nobody_listens)
{
	EXPECT_EQ(-ENOENT, helper_send("/nonexistent/helper.sock", "reboot", &error));
}

TEST_HARNESS_MAIN
