// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about APNs: what they write to the modem, and what they do not. */
#include <glib.h>
#include <kselftest_harness.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		0
#define FAILED		1
#define USAGE		2
#define TIMEOUT		3
#define UNSUPPORTED	11
#define BUSY		12

TEST(list_and_show)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"profiles\":[{\"profile\":1,", "-j apn list");
	EXPECT_RUN(OK, "Next time:       -", "apn list");
	EXPECT_RUN(OK, "Profile: 1\n", "apn show 1");
	EXPECT_RUN(OK, "\"profile\":1,", "-j apn show 1");
	EXPECT_RUN(FAILED, "the modem has no profile 16", "apn show 16");
	EXPECT_RUN(USAGE, "a number from 1 to 255, not \"0\"", "apn show 0");
	EXPECT_RUN(USAGE, "a number from 1 to 255, not \"256\"", "apn show 256");
	EXPECT_RUN(USAGE, "a number from 1 to 255, not \"one\"", "apn show one");
	EXPECT_EQ(0, ctlsim_writes());
}

TEST(add_and_delete)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"apn\":\"iot.example\",\"family\":\"ipv6\",\"auth\":\"chap\","
		   "\"user\":\"meter\",\"has_password\":true",
		   "-j apn add iot.example name site family 6 user meter auth chap "
		   "--password-fd @Xyzzy-4711");
	EXPECT_FALSE(strstr(ctlsim_text, "Xyzzy"));
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false",
		   "-j apn add iot.example name site family 6 user meter auth chap "
		   "--password-fd @Xyzzy-4711");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":true",
		   "-j apn add iot.example name site family 6 user meter auth chap "
		   "--password-fd @other");
	EXPECT_RUN(OK,
		   "Profile\n"
		   "  Profile: 3\n"
		   "  Name:    site\n"
		   "  APN:     iot.example\n"
		   "  Family:  ipv6\n"
		   "  Auth:    chap\n"
		   "  User:    meter\n", "apn show 3");
	EXPECT_RUN(OK, "profile 3 is deleted", "apn delete 3");
	EXPECT_RUN(OK, "there is no profile 3", "apn delete 3");
	EXPECT_RUN(OK, "\"profile\":3,\"changed\":false", "-j apn delete 3");
	EXPECT_EQ(2, ctlsim_writes());
	EXPECT_RUN(BUSY, "does not let its profile 1 go (QMI error 81)", "apn delete 1");
}

/* With firmware that keeps passwords to itself: one profile, given it each time */
TEST(add_where_passwords_are_hidden)
{
	ctlsim_start((const char *const []) { "lie=password-hidden", NULL });
	EXPECT_RUN(OK, "\"profile\":3", "-j apn add iot.example user u --password-fd @Xyzzy");
	EXPECT_RUN(OK, "\"profile\":3", "-j apn add iot.example user u --password-fd @Xyzzy");
	EXPECT_RUN(OK, "\"profile\":3", "-j apn add iot.example user u --password-fd @4711");
	EXPECT_RUN(OK, "\"profile\":4", "-j apn add iot.example user v --password-fd @4711");
	EXPECT_RUN(OK, "\"profile\":4,\"name\":null,\"apn\":\"iot.example\",\"family\":"
		   "\"ipv4-or-ipv6\",\"auth\":\"both\",\"user\":\"v\",\"has_password\":null",
		   "-j apn add iot.example user v --password-fd @4711");
	EXPECT_RUN(FAILED, "no profile 5", "apn show 5");
	ctlsim_set("lie", "none");
	EXPECT_RUN(OK, "\"profile\":3,\"name\":null,\"apn\":\"iot.example\",\"family\":"
		   "\"ipv4-or-ipv6\",\"auth\":\"both\",\"user\":\"u\",\"has_password\":true",
		   "-j apn add iot.example user u --password-fd @4711");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn add iot.example user u --password-fd @4711");
}

/* ... and one that is set is written each time, as nobody can tell whether it is so */
TEST(set_where_passwords_are_hidden)
{
	ctlsim_start((const char *const []) { "lie=password-hidden", NULL });
	EXPECT_RUN(OK, "\"user\":\"u\",\"has_password\":null",
		   "-j apn set 1 user u --password-fd @Xyzzy");
	EXPECT_RUN(OK, "\"changed\":true", "-j apn set 1 user u --password-fd @Xyzzy");
	EXPECT_EQ(2, ctlsim_writes());
	/* of a password that is not named nothing has to be known */
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1 auth both");
	ctlsim_set("lie", "none");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1 user u --password-fd @Xyzzy");
	EXPECT_EQ(0, ctlsim_writes());
}

/* What the modem does not tell is not none */
TEST(authentication_that_is_hidden)
{
	ctlsim_start((const char *const []) { "lie=auth-hidden", NULL });
	EXPECT_RUN(OK, "\"auth\":null,\"user\":null,\"has_password\":false", "-j apn show 1");
	EXPECT_RUN(OK, "Auth:    -\n", "apn show 1");
	EXPECT_RUN(OK, "\"profile\":3",
		   "-j apn add iot.example user u auth pap --password-fd @p");
	EXPECT_RUN(OK, "\"profile\":3",
		   "-j apn add iot.example user u auth pap --password-fd @p");
	EXPECT_RUN(OK, "\"auth\":null,\"user\":\"u\"", "-j apn set 3 auth chap");
	ctlsim_writes();
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1 apn internet auth none");
	EXPECT_EQ(0, ctlsim_writes());
	ctlsim_set("lie", "none");
	EXPECT_RUN(OK, "\"auth\":\"chap\"", "-j apn show 3");
}

/* Firmware that keeps the beginning of names only is told from one that ignores */
TEST(names_that_are_cut)
{
	ctlsim_start((const char *const []) { "lie=name-cut", NULL });
	for (int i = 0; i < 4; i++)
		EXPECT_RUN(FAILED, "the name of 19 bytes is too long for the modem, which keeps "
			   "14 of them; try: a shorter one",
			   "apn add iot.example name long-name-of-a-site");
	EXPECT_RUN(FAILED, "no profile 3", "apn show 3");
	EXPECT_RUN(FAILED, "too long for the modem, which keeps 14 of them",
		   "apn set 1 name long-name-of-a-site");
	EXPECT_RUN(OK, "Name:    long-name-of-a", "apn show 1");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1 name long-name-of-a");
	EXPECT_RUN(OK, "\"profile\":3", "-j apn add iot.example name long-name-of-a");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn add iot.example name long-name-of-a");
}

TEST(delete_that_is_ignored)
{
	ctlsim_start((const char *const []) { "lie=set-ignored", NULL });
	EXPECT_RUN(FAILED, "the modem said yes, but its profile 2 is still there",
		   "apn delete 2");
}

TEST(defaults_of_a_new_one)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"family\":\"ipv4-or-ipv6\",\"auth\":\"none\",\"user\":null,"
		   "\"has_password\":false", "-j apn add plain.example");
}

TEST(set_writes_only_a_difference)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "APN:     iot.example", "apn set 1 apn iot.example family 4");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1 apn iot.example family 4");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "\"auth\":\"both\",\"user\":\"u\",\"has_password\":true",
		   "-j apn set 1 user u --password-fd @p");
	EXPECT_RUN(OK, "\"apn\":\"iot.example\",\"family\":\"ipv4\",\"auth\":\"none\","
		   "\"user\":null,\"has_password\":false", "-j apn set 1 auth none");
	EXPECT_RUN(USAGE, "auth none takes no password",
		   "apn set 1 auth none --password-fd @p");
	EXPECT_RUN(USAGE, "auth none takes no password",
		   "apn add x auth none --password-file /nowhere");
	EXPECT_RUN(FAILED, "no profile 9", "apn set 9 apn x");
	EXPECT_RUN(USAGE, "a user needs a password", "apn set 1 user u");
}

TEST(what_can_be_no_apn)
{
	g_autofree char *hundred = g_strnfill(100, 'a');
	g_autofree char *long_add = g_strdup_printf("apn add %sb", hundred);
	g_autofree char *long_set = g_strdup_printf("apn set 1 apn %sb", hundred);
	g_autofree char *long_up = g_strdup_printf("pdn up wan apn %sb", hundred);
	g_autofree char *fits = g_strdup_printf("apn set 1 apn %s", hundred);

	ctlsim_start(NULL);
	EXPECT_RUN(USAGE, "at most 100 characters, not 101", long_add);
	EXPECT_RUN(USAGE, "at most 100 characters, not 101", long_set);
	EXPECT_RUN(USAGE, "at most 100 characters, not 101", long_up);
	EXPECT_RUN(USAGE, "letters, digits", "apn add iot/example");
	EXPECT_RUN(USAGE, "the APN is empty", "apn add \"\"");
	EXPECT_RUN(USAGE, "apn is empty", "apn set 1 apn \"\"");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, hundred, fits);
}

/* What no message, or no profile, has room for */
TEST(what_is_too_long)
{
	g_autofree char *fifty = g_strnfill(50, 'n');
	g_autofree char *user = g_strnfill(127, 'u');
	g_autofree char *names = g_strdup_printf("apn add iot.example name %s", fifty);
	g_autofree char *long_name = g_strdup_printf("%sn", names);
	g_autofree char *name_set = g_strdup_printf("apn set 1 name %sn", fifty);
	g_autofree char *long_user = g_strdup_printf("apn add x user %su", user);
	g_autofree char *user_up = g_strdup_printf("pdn up wan user %su", user);
	g_autofree char *password = g_strdup_printf("apn add x user u --password-fd @%sp", user);
	g_autofree char *fits = g_strdup_printf("apn set 1 user %s --password-fd @%s", user, user);

	ctlsim_start(NULL);
	EXPECT_RUN(USAGE, "a profile's name has at most 50 bytes, not 51", long_name);
	EXPECT_RUN(USAGE, "a profile's name has at most 50 bytes, not 51", name_set);
	EXPECT_RUN(USAGE, "a user name has at most 127 bytes, not 128", long_user);
	EXPECT_RUN(USAGE, "a user name has at most 127 bytes, not 128", user_up);
	EXPECT_RUN(USAGE, "a password has at most 127 bytes", password);
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, fifty, names);
	EXPECT_RUN(OK, user, fits);
}

TEST(attach)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"profile\":3", "-j apn add iot.example");
	ctlsim_writes();
	EXPECT_RUN(OK, "\"next_profiles\":[\"3\",\"1\"]", "-j apn attach 3,1");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false", "-j apn attach 3,1");
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, "\"profiles\":[\"3\",\"1\"],\"next_profiles\":[]",
		   "-j apn attach 3,1 when now");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn attach 3,1 when now");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(FAILED, "no profile 9", "apn attach 1,9");
	EXPECT_RUN(USAGE, "profile 1 is named twice", "apn attach 1,1");
	EXPECT_RUN(USAGE, "not \"\"", "apn attach 1,");
	EXPECT_RUN(USAGE, "attaches with 4 profiles, not 5", "apn attach 1,2,3,4,5");
	ctlsim_set("qmi", "refuse wds.get-lte-attach-pdn-list 71");
	EXPECT_RUN(UNSUPPORTED, "no list of profiles", "apn attach 1");
	EXPECT_EQ(0, ctlsim_writes());
}

TEST(default_profile)
{
	ctlsim_start(NULL);
	EXPECT_RUN(OK, "\"profile\":3", "-j apn add iot.example");
	ctlsim_writes();
	EXPECT_RUN(OK, "\"default_profile\":3", "-j apn default 3");
	EXPECT_RUN(OK, "\"changed\":false", "-j apn default 3");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(FAILED, "no profile 9", "apn default 9");
}

TEST(a_modem_that_ignores_is_found_out)
{
	ctlsim_start(NULL);
	ctlsim_set("lie", "set-ignored");
	EXPECT_RUN(FAILED, "said yes, but its profile 1 is not so", "apn set 1 apn x.example");
	EXPECT_RUN(FAILED, "said yes, but its profile 3 is not so", "apn add x.example");
	EXPECT_RUN(FAILED, "said yes, but its default profile is 1", "apn default 2");
	EXPECT_RUN(FAILED, "does not attach with them", "apn attach 1,2");
}

TEST(a_modem_that_is_full)
{
	ctlsim_start(NULL);
	for (int i = 0; i < 14; i++) {
		g_autofree char *line = g_strdup_printf("apn add n%d.example", i);

		EXPECT_RUN(OK, "example", line);
	}
	EXPECT_RUN(FAILED, "3gpp-out-of-profiles (QMI error 81, 1006); try: m2mctl apn delete",
		   "apn add last.example");
}

TEST(refused_and_lost)
{
	ctlsim_start(NULL);
	ctlsim_set("qmi", "refuse wds.modify-profile 82");
	EXPECT_RUN(6, "AccessDenied (QMI error 82)", "apn set 1 apn x.example");
	ctlsim_set("qmi", "lose wds.modify-profile");
	EXPECT_RUN(TIMEOUT, "", "apn set 1 apn x.example");
	/* it was done, and is not done again */
	ctlsim_writes();
	EXPECT_RUN(OK, "\"changed\":false", "-j apn set 1 apn x.example");
	EXPECT_EQ(0, ctlsim_writes());
}

/* --- suggest ------------------------------------------------------------------ */

#define PROVIDERS(apns)	"<serviceproviders><provider><name>Alpha</name><gsm>"	\
	"<network-id mcc=\"001\" mnc=\"01\"/>" apns "</gsm></provider></serviceproviders>"

/* The lists that m2mctl reads here; NULL: there is none */
static void put_lists(const char *providers, const char *own)
{
	static char dir[] = "/tmp/ctl-apn.XXXXXX";

	if (strstr(dir, "XXXXXX")) {
		ASSERT_TRUE(mkdtemp(dir));
		ASSERT_EQ(0, chdir(dir));
	}
	unlink("providers.xml");
	unlink("apn.d/a.conf");
	rmdir("apn.d");
	if (providers)
		ASSERT_TRUE(g_file_set_contents("providers.xml", providers, -1, NULL));
	if (!own)
		return;
	ASSERT_EQ(0, mkdir("apn.d", 0700));
	ASSERT_TRUE(g_file_set_contents("apn.d/a.conf", own, -1, NULL));
	ASSERT_TRUE(g_file_set_contents("apn.d/not-a-list", "rubbish", -1, NULL));
	unlink("apn.d/not-a-list");
}

static void remove_lists(void)
{
	g_autofree char *dir = g_get_current_dir();

	put_lists(NULL, NULL);
	rmdir(dir);
}

static void start_unattached(void)
{
	ctlsim_start((const char *const []) { "nas.register-ms=500", NULL });
	/*
	 * Else the network's own is known. A modem that still searches counts as detached,
	 * is told nothing, and attaches afterwards.
	 */
	EXPECT_RUN(OK, "attached", "net attach");
	EXPECT_RUN(OK, "\"attached\":false,\"changed\":true", "-j net detach");
	ctlsim_writes();
}

TEST(suggest_by_lists)
{
	start_unattached();
	put_lists(PROVIDERS("<apn value=\"internet.alpha\"><username>u</username></apn>"
			    "<apn value=\"mms\"><usage type=\"mms\"/></apn>"), "");
	EXPECT_RUN(OK, "\"sim\":{\"iccid\":\"89490000000000000016\","
		   "\"imsi\":\"001010123456789\",\"plmn\":\"00101\",\"gid1\":null,"
		   "\"spn\":\"m2m test\"},\"apn\":\"internet.alpha\",\"ambiguous\":false,"
		   "\"candidates\":[{\"apn\":\"internet.alpha\",\"by_contract\":false,"
		   "\"user\":\"u\",\"password\":null,\"auth\":null,\"issuer\":\"Alpha\","
		   "\"plan\":null,\"matched_by\":\"plmn\","
		   "\"list\":\"mobile-broadband-provider-info\",\"source\":null}],"
		   "\"more\":false,\"lists\":[{\"file\":\"providers.xml\",\"read\":true,"
		   "\"why\":null},{\"file\":\"apn.d/a.conf\",\"read\":true,\"why\":null}]",
		   "-j apn suggest");
	EXPECT_RUN(OK, "suggested: internet.alpha\n", "apn suggest");
	put_lists(NULL, "[APN b]\nIssuer=Beta\nSource=http://b.example\nAPN=beta\n"
		  "SPN=m2m test\n");
	EXPECT_RUN(OK, "suggested: beta\n", "apn suggest");
	EXPECT_RUN(OK, "providers.xml: is not there\n", "apn suggest");
	EXPECT_RUN(OK, "\"matched_by\":\"card\",\"list\":\"apn.d\","
		   "\"source\":\"http://b.example\"", "-j apn suggest");
	EXPECT_EQ(0, ctlsim_writes());
	remove_lists();
}

TEST(suggest_does_not_guess)
{
	start_unattached();
	put_lists(PROVIDERS("<apn value=\"a\"/><apn value=\"b\"/>"), NULL);
	EXPECT_RUN(OK, "ambiguous: whoever issued the SIM knows which", "apn suggest");
	EXPECT_RUN(OK, "\"apn\":null,\"ambiguous\":true", "-j apn suggest");
	put_lists(PROVIDERS("<apn value=\"a\"/>"), "[APN t]\nIssuer=Alpha\nSource=s\n"
		  "Plan=for things\nContract=yes\nPLMN=00101\n");
	EXPECT_RUN(OK, "ambiguous", "apn suggest");
	EXPECT_RUN(OK, "{\"apn\":null,\"by_contract\":true", "-j apn suggest");
	put_lists("<broken>", "[APN t]\nColour=red\n");
	EXPECT_RUN(FAILED, "no list knows an APN of this SIM (PLMN 00101 or 001010); "
		   "try: the network's own", "apn suggest");
	put_lists("<broken>", "[APN b]\nIssuer=B\nSource=s\nAPN=beta\nPLMN=00101\n"
		  "[APN t]\nColour=red\n");
	EXPECT_RUN(OK, "apn.d/a.conf: line 7: Colour is no key", "apn suggest");
	EXPECT_RUN(OK, "Document ended unexpectedly", "apn suggest");
	remove_lists();
}

TEST(suggest_what_the_network_assigned)
{
	ctlsim_start_registered(NULL);
	put_lists(PROVIDERS("<apn value=\"a\"/><apn value=\"b\"/>"), NULL);
	EXPECT_RUN(OK, "suggested: internet\n", "apn suggest");
	EXPECT_RUN(OK, "\"matched_by\":\"attached\",\"list\":\"network\"", "-j apn suggest");
	remove_lists();
}

/* No card that starts is said to be a wrong one, or none */
TEST(suggest_waits_for_the_card)
{
	ctlsim_start((const char *const []) { "sim.ready-ms=1000", NULL });
	put_lists(PROVIDERS("<apn value=\"a\"/>"), NULL);
	EXPECT_RUN(OK, "suggested: ", "apn suggest");
	ctlsim_set("sim.ready-ms", "60000");
	EXPECT_RUN(OK, "", "modem reset");
	EXPECT_RUN(TIMEOUT, "the SIM is still initialising; try: a longer --wait",
		   "--wait 1 apn suggest");
	remove_lists();
}

TEST_TIMEOUT(suggest_needs_a_card, 60)
{
	ctlsim_start((const char *const []) { "sim.pin-enabled=on", NULL });
	EXPECT_RUN(8, "the SIM wants its PIN", "apn suggest");
	ctlsim_set("sim", "remove");
	EXPECT_RUN(7, "there is no SIM in the modem", "apn suggest");
}

TEST_HARNESS_MAIN
