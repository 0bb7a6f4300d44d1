// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2mctl and m2md call things: ids of clients, PDNs in their links, modems. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/clients.h"
#include "../../tools/ctl/ctl.h"
#include "../../tools/ctl/meant.h"
#include "../../tools/ctl/pdn.h"
#include "../lib/harness.h"

TEST(ids_have_names)
{
	static const char *const wrong[] = {
		"", "wds", "wds:", "wds:0", "wds:255", "wds:-1", "wds:7 ", "wds:+7", "ctl:1",
		"none:7", "unknown-0:7", "unknown-256:7", ":7", "unknown-4294967362:7",
		"unknown- 66:7", "unknown-+66:7", "wds:4294967303",
	};
	uint8_t service, cid;

	ASSERT_EQ(0, clients_parse("wds:7", &service, &cid));
	EXPECT_EQ(1, service);
	EXPECT_EQ(7, cid);
	ASSERT_EQ(0, clients_parse("unknown-66:254", &service, &cid));
	EXPECT_EQ(66, service);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(-EINVAL, clients_parse(wrong[i], &service, &cid));
}

TEST(an_id_is_given_back)
{
	static const uint8_t done[] = {
		1, 23, 0, 0x80, 0, 0, 1, 9, 0x23, 0, 12, 0,
		2, 4, 0, 0, 0, 0, 0, 1, 2, 0, 3, 7,
	};
	uint8_t frame[CLIENTS_FRAME_LEN], refused[sizeof(done)];
	uint16_t qmi = 99;

	clients_release_frame(3, 7, 9, frame);
	EXPECT_EQ(0, memcmp(frame, "\1\x10\0\0\0\0" "\0\x9\x23\0\5\0" "\1\2\0\3\7",
			    sizeof(frame)));
	ASSERT_EQ(0, clients_released(done, sizeof(done), 9, &qmi));
	EXPECT_EQ(0, qmi);
	memcpy(refused, done, sizeof(done));
	refused[15] = 1;
	refused[17] = 7;
	ASSERT_EQ(0, clients_released(refused, sizeof(refused), 9, &qmi));
	EXPECT_EQ(7, qmi);
	EXPECT_EQ(-ENOMSG, clients_released(done, sizeof(done), 8, &qmi));
	EXPECT_EQ(-ENOMSG, clients_released(frame, sizeof(frame), 9, &qmi));
	for (size_t len = 0; len < sizeof(done); len++)
		EXPECT_EQ(-EBADMSG, clients_released(done, len, 9, &qmi));
}

TEST(names_of_pdns)
{
	EXPECT_TRUE(pdn_name_is_valid("wan"));
	EXPECT_TRUE(pdn_name_is_valid("a.b-c_d"));
	EXPECT_TRUE(pdn_name_is_valid("fifteen-letters"));
	EXPECT_FALSE(pdn_name_is_valid("sixteen--letters"));
	EXPECT_FALSE(pdn_name_is_valid(""));
	EXPECT_FALSE(pdn_name_is_valid("."));
	EXPECT_FALSE(pdn_name_is_valid("-d"));
	EXPECT_FALSE(pdn_name_is_valid("a/b"));
	EXPECT_FALSE(pdn_name_is_valid("a b"));
	EXPECT_FALSE(pdn_name_is_valid("a%d"));
}

TEST(kept_names_come_back)
{
	char keep[PDN_KEEP_MAX], name[IF_NAMESIZE];
	enum pdn_family f;

	pdn_keep_name("fifteen-letters", PDN_V6, keep);
	EXPECT_STREQ("pdn/fifteen-letters/6", keep);
	ASSERT_TRUE(pdn_keep_parse(keep, name, &f));
	EXPECT_STREQ("fifteen-letters", name);
	EXPECT_EQ(PDN_V6, f);
	EXPECT_FALSE(pdn_keep_parse("", name, &f));
	EXPECT_FALSE(pdn_keep_parse("pdn/wan", name, &f));
	EXPECT_FALSE(pdn_keep_parse("pdn/wan/5", name, &f));
	EXPECT_FALSE(pdn_keep_parse("pdn//4", name, &f));
	EXPECT_FALSE(pdn_keep_parse("m2md/wan/4", name, &f));
	EXPECT_FALSE(pdn_keep_parse("pdn/sixteen--letters/4", name, &f));
}

TEST(aliases_come_back)
{
	struct pdn_alias alias = {
		.name = "wan", .has = { true, true },
		.handle = { 0x12345678, 0xffffffff },
	};
	char text[RT_ALIAS_MAX];
	struct pdn_alias back;

	pdn_alias_format(&alias, text);
	EXPECT_STREQ("m2m pdn=wan v4=0x12345678 v6=0xffffffff", text);
	ASSERT_TRUE(pdn_alias_parse(text, &back));
	EXPECT_STREQ("wan", back.name);
	EXPECT_TRUE(back.has[PDN_V4] && back.has[PDN_V6]);
	EXPECT_EQ(0xffffffffu, back.handle[PDN_V6]);

	alias.has[PDN_V4] = false;
	pdn_alias_format(&alias, text);
	ASSERT_TRUE(pdn_alias_parse(text, &back));
	EXPECT_FALSE(back.has[PDN_V4]);
	EXPECT_FALSE(back.by_m2md);

	alias.by_m2md = true;
	pdn_alias_format(&alias, text);
	EXPECT_STREQ("m2m pdn=wan v6=0xffffffff by=m2md", text);
	ASSERT_TRUE(pdn_alias_parse(text, &back));
	EXPECT_TRUE(back.by_m2md);
	EXPECT_EQ(PDN_DNS_NOBODY, back.dns);

	alias.by_m2md = false;
	alias.dns = PDN_DNS_RESOLVCONF;
	alias.metric = 2049;
	pdn_alias_format(&alias, text);
	EXPECT_STREQ("m2m pdn=wan v6=0xffffffff dns=resolvconf,2049", text);
	ASSERT_TRUE(pdn_alias_parse(text, &back));
	EXPECT_EQ(PDN_DNS_RESOLVCONF, back.dns);
	EXPECT_EQ(2049, back.metric);
	ASSERT_TRUE(pdn_alias_parse("m2m pdn=wan dns=resolved,4294967295", &back));
	EXPECT_EQ(PDN_DNS_RESOLVED, back.dns);

	alias.asked = (struct pdn_asked) { .metric = 5, .table = 4294967295 };
	pdn_alias_format(&alias, text);
	EXPECT_STREQ("m2m pdn=wan v6=0xffffffff metric=5 table=4294967295 "
		     "dns=resolvconf,2049", text);
	ASSERT_TRUE(pdn_alias_parse(text, &back));
	EXPECT_EQ(5, back.asked.metric);
	EXPECT_EQ(4294967295u, back.asked.table);
	EXPECT_EQ(2049, back.metric);

	/* of a former version, which wrote a sum that is of no use any more */
	ASSERT_TRUE(pdn_alias_parse("m2m pdn=wan table=5 login=0x000000ab dns=resolved,7",
				    &back));
	EXPECT_EQ(5, back.asked.table);
	EXPECT_EQ(7, back.metric);

	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan metric=", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan metric=-1", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan table=5 metric=5", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan dns=resolved", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan dns=resolved,", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan dns=resolved,-1", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan dns=bind,2049", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan dns=resolved,2049 by=m2md", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan by=m2m", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan by=m2md v4=0x1", &back));
	EXPECT_FALSE(pdn_alias_parse("", &back));
	EXPECT_FALSE(pdn_alias_parse("uplink to the plant", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=sixteen--letters", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan v5=0x1", &back));
	EXPECT_FALSE(pdn_alias_parse("m2m pdn=wan and more", &back));
}

/* -d and what m2md tells; the configuration names a modem by its IMEI */
TEST(a_modem_of_m2mds_is_meant)
{
	g_autofree char *directory = g_dir_make_tmp("meant-XXXXXX", NULL);
	g_autofree char *dir = NULL, *file = NULL;
	struct args args = { .given = { [OPTION_DEVICE] = true } };
	const struct ctl ctl = { .args = &args };
	static const struct {
		const char *device, *usb_path, *imei;
		bool is;
	} asked[] = {
		{ "1-1", "1-1", NULL, true },
		{ "1-1", "1-1.2", NULL },
		{ "490154203237518", "1-1", "490154203237518", true },
		{ "490154203237518", "1-1", NULL },
		{ "site", "1-1", "490154203237518", true },
		{ "site", "1-1", "490154203237526" },
		{ "site", "1-1", NULL },
		{ "site", NULL, NULL },
		{ "../../1-1", "1-1", NULL },
		{ "no-such-interface", "1-1", NULL },
		{ "", NULL, NULL },
	};

	ASSERT_TRUE(directory);
	dir = g_build_filename(directory, "modem.d", NULL);
	file = g_build_filename(dir, "site.modem", NULL);
	ASSERT_EQ(0, mkdir(dir, 0700));
	ASSERT_TRUE(g_file_set_contents(file, "[Match]\nIMEI=490154203237518\n", -1, NULL));
	setenv("M2MD_CONFIG", directory, 1);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		struct meant *meant;

		args.option[OPTION_DEVICE] = asked[i].device;
		meant = meant_new(&ctl);
		if (meant_is(meant, asked[i].usb_path, asked[i].imei) != asked[i].is)
			harness_fail(__FILE__, __LINE__, false, "row %zu", i);
		meant_free(meant);
	}
	EXPECT_TRUE(meant_is(NULL, NULL, NULL));
	unlink(file);
	rmdir(dir);
	rmdir(directory);
}

/* What was given with pdn up, to a PDN that is up with IPv4 */
TEST(a_pdn_is_what_is_asked_for)
{
	static const struct {
		struct connection_want want;
		const char *family, *what;	/* NULL: it is the same */
		unsigned int vrf;
	} asked[] = {
		{ { .auth = WDS_AUTH_UNSET } },
		{ { .apn = "Internet", .auth = WDS_AUTH_UNSET } },
		{ { .apn = "iot", .auth = WDS_AUTH_UNSET }, NULL, "the APN internet" },
		{ { .auth = WDS_AUTH_UNSET }, "46" },
		{ { .auth = WDS_AUTH_UNSET }, "4" },
		{ { .auth = WDS_AUTH_UNSET }, "6", "also IPv4" },
		{ { .mux_id = 3, .auth = WDS_AUTH_UNSET } },
		{ { .mux_id = 4, .auth = WDS_AUTH_UNSET }, NULL, "mux id 3" },
		{ { .mtu = 1430, .auth = WDS_AUTH_UNSET } },
		{ { .mtu = 1500, .auth = WDS_AUTH_UNSET }, NULL, "MTU 1430" },
		{ { .metric = 77, .auth = WDS_AUTH_UNSET } },
		{ { .metric = 2048, .auth = WDS_AUTH_UNSET }, NULL, "metric 77" },
		{ { .table = 20009, .auth = WDS_AUTH_UNSET } },
		{ { .table = 5, .auth = WDS_AUTH_UNSET }, NULL, "routing table 20009" },
		{ { .vrf = "red", .auth = WDS_AUTH_UNSET }, NULL, NULL, 12 },
		{ { .vrf = "blue", .auth = WDS_AUTH_UNSET }, NULL, "another VRF", 13 },
		{ { .user = "u", .auth = WDS_AUTH_PAP } },
		{ { .user = "u", .auth = WDS_AUTH_UNSET } },
		{ { .user = "u", .auth = WDS_AUTH_BOTH } },
		{ { .auth = WDS_AUTH_CHAP }, NULL, "another authentication" },
		{ { .auth = WDS_AUTH_NONE }, NULL, "another authentication" },
		{ { .user = "v", .auth = WDS_AUTH_PAP }, NULL, "another user" },
		{ { .user = "U", .auth = WDS_AUTH_UNSET }, NULL, "another user" },
	};
	struct connection pdn = {
		.name = "wan", .has_link = true, .has_alias = true, .mux_id = 3,
		.link = { .ifindex = 9, .master = 12, .mtu = 1430, .flags = IFF_UP },
		.alias = { .has = { true }, .asked = {
			.metric = 77 } },
		.call = { { .up = true, .settings = { .apn = "internet.mnc001.mcc001.gprs" },
			    .login = { true, true, "u", WDS_AUTH_PAP } } },
	};
	unsigned int n = 0;

	ASSERT_TRUE(pdn_is_up(&pdn));
	EXPECT_STREQ("up", pdn_state(&pdn));
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		const char *wanted = asked[i].what ? asked[i].what : "";
		char what[64] = "";
		bool same = pdn_is_same(&pdn, &asked[i].want, asked[i].family, asked[i].vrf,
					what, sizeof(what));

		if (same != !asked[i].what || strncmp(what, wanted, strlen(wanted)))
			harness_fail(__FILE__, __LINE__, false, "row %zu: %s", i, what);
	}
	/* firmware that does not tell */
	pdn.call[PDN_V4].login = (struct wds_login) { 0 };
	EXPECT_TRUE(pdn_is_same(&pdn, &(struct connection_want) {
		.user = "v", .auth = WDS_AUTH_CHAP }, NULL, 0, (char[64]) { "" }, 64));
	/* what m2md chose is not known here */
	pdn.alias = (struct pdn_alias) { .has = { true }, .by_m2md = true };
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		char what[64] = "";

		if (!asked[i].want.metric && !asked[i].want.table)
			continue;
		n++;
		EXPECT_FALSE(pdn_is_same(&pdn, &asked[i].want, NULL, 0, what, sizeof(what)));
		EXPECT_TRUE(g_str_has_prefix(what, "another "));
	}
	EXPECT_EQ(4, n);
}

TEST(states_of_a_pdn)
{
	struct connection pdn = { .has_link = true };

	EXPECT_STREQ("unknown", pdn_state(&pdn));
	pdn.alias.has[PDN_V4] = true;
	EXPECT_STREQ("down", pdn_state(&pdn));
	pdn.call[PDN_V6].up = true;
	EXPECT_STREQ("partly-up", pdn_state(&pdn));
	pdn.call[PDN_V4].unknown = true;
	EXPECT_STREQ("unknown", pdn_state(&pdn));
}

TEST_HARNESS_MAIN
