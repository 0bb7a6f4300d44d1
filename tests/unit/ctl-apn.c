// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands about APNs: what they write to the modem, and what they do not. */
#include <glib.h>
#include <kselftest_harness.h>

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
	EXPECT_EQ(2, ctlsim_writes());
	EXPECT_RUN(BUSY, "does not let its profile 1 go (QMI error 81)", "apn delete 1");
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
	EXPECT_EQ(0, ctlsim_writes());
	EXPECT_RUN(OK, hundred, fits);
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

TEST_HARNESS_MAIN
