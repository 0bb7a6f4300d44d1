// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * m2mctl's texts as they are stored, each verb's; its documents fit their schemas on the
 * way. What the manual shows of them is what is printed.
 */
#include <arpa/inet.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/pdn.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define STORED		M2M_TOP "/tests/vectors/m2mctl-text.txt"
/* Of verbs that ask a driver, and no test of ctlsim's can run: they are stored there */
#define IN_GUESTS	M2M_TOP "/tests/e2e/46-m2mctl-support.sh"
#define MANUAL		M2M_TOP "/Documentation/man/m2mctl.8.rst"

static char directory[] = "/tmp/ctl-text.XXXXXX";

/* In a directory of its own: no configuration and no lists but those of the test */
static void enter(void)
{
	ASSERT_TRUE(mkdtemp(directory));
	ASSERT_EQ(0, chdir(directory));
	setenv("M2MD_SOCKET", "nobody", 1);
	setenv("M2MD_CONFIG", "etc", 1);
}

static void leave(void)
{
	g_autofree char *remove = g_strconcat("rm -r ", directory, NULL);

	ASSERT_EQ(0, chdir("/"));
	EXPECT_EQ(0, system(remove));
}

static void put(const char *path, const char *text)
{
	g_autofree char *dir = g_path_get_dirname(path);

	ASSERT_EQ(0, g_mkdir_with_parents(dir, 0700));
	ASSERT_TRUE(g_file_set_contents(path, text, -1, NULL));
}

#define QUIET	"nas.register-ms=0", "nas.rat=lte", "nas.signal=-50 -11 -85 150"

static void scene(const char *name, const char *const settings[], const char *const lines[])
{
	ctlsim_start(settings);
	/* waits for card and network */
	EXPECT_RUN(0, "attached", "net attach");
	ctlsim_texts(name, lines);
}

/* One that is set up for MBIM, at a bus of the test's own */
static void put_module(void)
{
	static const struct {
		const char *file, *text;
	} files[] = {
		{ "1-1.2/idVendor", "2c7c\n" }, { "1-1.2/idProduct", "0125\n" },
		{ "1-1.2/manufacturer", "Quectel\n" }, { "1-1.2/product", "EC25-EU\n" },
		{ "1-1.2:1.0/bInterfaceClass", "02\n" },
		{ "1-1.2:1.0/bInterfaceSubClass", "0e\n" },
		{ "1-1.2:1.0/bInterfaceProtocol", "00\n" },
		{ "1-1.2:1.0/bNumEndpoints", "01\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		g_autofree char *path = g_strconcat("usb/devices/", files[i].file, NULL);

		put(path, files[i].text);
	}
}

TEST(looking)
{
	static const char *const lines[] = {
		"sim show", "signal", "net show", "net scan", "net time", "modem show",
		"modem format", "modem clients", "apn list", "apn show 1", "apn show 9",
		"apn suggest", "modem list", "config check etc", "sms list", NULL
	};

	enter();
	put("providers.xml", "<serviceproviders/>");
	put("apn.d/none.conf", "");
	put("etc/modem.d/wan.modem", "[PDN wan]\nAPN=internet\n");
	put_module();
	scene("looking", (const char *const []) {
		QUIET, "sim.slots=2", "sim2.absent=on", NULL }, lines);
	leave();
}

/* They go from modem to modem in the end, and close this one */
TEST(looking_at_all)
{
	static const char *const lines[] = { "status", "pdn show", NULL };
	static const char *const last[] = { "list", NULL };

	enter();
	scene("all about one", (const char *const []) { QUIET, NULL }, lines);
	ctlsim_texts("all of them", last);
	leave();
}

TEST(overview)
{
	static const char *const lines[] = { "overview", NULL };

	enter();
	put("etc/modem.d/gateway.modem", "[PDN wan]\nAPN=internet\n");
	scene("without a word", (const char *const []) { QUIET, NULL }, lines);
	leave();
}

TEST(match)
{
	static const char *const lines[] = { "modem list --match", NULL };

	enter();
	scene("keys to paste", (const char *const []) { QUIET, NULL }, lines);
	leave();
}

TEST_TIMEOUT(a_card, 60)
{
	static const char *const locked[] = {
		"sim show", "sim unlock --pin-fd @0000", "sim unlock --pin-fd @12a4",
		"sim unlock --pin-fd @2718", "sim unlock --pin-fd @2718",
		"sim pin enable --pin-fd @0000", "sim unblock",
		"sim pin disable --pin-fd @2718",
		"sim pin change --pin-fd @2718 --new-pin-fd @3141",
		"sim slot 2", "sim slot 3", "sim slot 1", "sim power off", "sim power on",
		"sim power cycle", NULL
	};

	ctlsim_start((const char *const []) {
		"sim.pin=2718", "sim.puk=12345678", "sim.pin-enabled=on", "sim.slots=2", NULL });
	EXPECT_RUN(8, "wrong PIN", "sim unlock --pin-fd @0000");
	ctlsim_set("sim.pin-tries", "3");
	ctlsim_texts("a card", locked);
}

TEST(profiles)
{
	static const char *const lines[] = {
		"apn add iot.example name site family 4 user meter auth chap --password-fd @p",
		"apn set 3 family 46", "apn set 9 family 4", "apn attach 3,1", "apn default 3",
		"apn list", "apn default 1", "apn delete 3", "apn delete 1",
		"apn add iot/example", NULL
	};

	scene("profiles", (const char *const []) { QUIET, NULL }, lines);
}

TEST_TIMEOUT(the_network, 60)
{
	static const char *const lines[] = {
		"net select 00102", "net select telekom", "net select auto", "net modes lte",
		"net modes 4g", "net modes auto", "net bands b3,b20", "net bands b66",
		"net bands all", "net roaming home", "net detach", "net attach", NULL
	};

	scene("the network", (const char *const []) { QUIET, NULL }, lines);
}

TEST(refused_by_the_network)
{
	static const char *const lines[] = {
		"--wait 3 net select 00102", "net show", "sms send 4711 hello", NULL
	};

	ctlsim_start_registered((const char *const []) { QUIET, NULL });
	ctlsim_set("nas", "deny cause 11");
	ctlsim_texts("refused by the network", lines);
}

TEST(messages)
{
	static const char *const lines[] = {
		"sms list", "sms read sim:0", "sms read sim:7", "sms read 7",
		"sms send 0170-12345 hello", "sms delete read", "sms delete read", NULL
	};
	static const char *const report[] = {
		"sms send +49170123456 stopped report yes", NULL
	};
	static const char *const arrived[] = { "sms list", NULL };

	ctlsim_start_registered((const char *const []) { QUIET, NULL });
	ctlsim_set("sms", "+4917012345 hello");
	ctlsim_texts("messages", lines);
	ctlsim_texts("a message that was sent", report);
	EXPECT_RUN(0, "deleted", "sms delete sim:1");
	ctlsim_texts("its report", arrived);
	EXPECT_RUN(0, "Text:   delivered\n", "sms read sim:0");
}

TEST(the_modem)
{
	static const char *const lines[] = {
		"modem mode low-power", "modem mode online", "modem mode offline",
		"modem mode online", "modem reset", NULL
	};

	scene("the modem", (const char *const []) { QUIET, NULL }, lines);
}

TEST(a_request)
{
	static const char *const lines[] = {
		"raw dms 0x0022 0x01=0", "raw dms 0xffff", "raw bananas 1", NULL
	};
	g_autofree char *seen = NULL;
	char *decoded;

	scene("refused requests", (const char *const []) { QUIET, NULL }, lines);
	EXPECT_RUN(0, "Answer\n", "raw dms 0x0022");
	/* from there on it is libqmi's, whose versions differ */
	decoded = strstr(ctlsim_text, "QMUX:\n");
	ASSERT_TRUE(decoded);
	*decoded = '\0';
	seen = g_strconcat("$ m2mctl raw dms 0x0022\n", ctlsim_text, NULL);
	ctlsim_text_is("a request", seen);
}

TEST(a_configuration)
{
	static const char *const lines[] = {
		"config apply site.modem", "config apply broken.modem",
		"config apply nowhere.modem", "config confirm", "config revert",
		"config check nowhere", NULL
	};
	static const char *const nowhere[] = { "config confirm", NULL };

	enter();
	put("etc/modem.d/wan.modem", "[PDN wan]\nAPN=internet\n");
	put("site.modem", "[Match]\nPath=1-1\n[PDN lan]\nAPN=internet\n");
	put("broken.modem", "[PDN wan]\nAPM=internet\n");
	ctlsim_texts("a configuration", lines);
	setenv("M2MD_CONFIG", "nowhere", 1);
	ctlsim_texts("no configuration", nowhere);
	leave();
}

TEST(keys_of_a_configuration)
{
	static const char *const lines[] = { "config keys", NULL };

	ctlsim_texts("keys of a configuration", lines);
}

/* Of a connection, which takes a driver, what is printed of one that is up */
TEST(a_connection)
{
	struct connection pdn = {
		.name = "wan", .has_link = true, .mux_id = 1,
		.link = { .ifindex = 9, .name = "wan", .mtu = 1500, .flags = IFF_UP },
		.call = { { .up = true }, { .up = true } },
	};
	struct wds_settings *v4 = &pdn.call[PDN_V4].settings;
	struct wds_settings *v6 = &pdn.call[PDN_V6].settings;
	GString *seen = g_string_new("$ m2mctl pdn up wan apn internet\n");
	char *text = NULL;
	struct out *out;
	size_t size;
	FILE *to;

	pdn.alias.has[PDN_V4] = true;
	pdn.alias.has[PDN_V6] = true;
	strcpy(v4->apn, "internet");
	v4->has_v4 = true;
	v6->has_v6 = true;
	inet_pton(AF_INET, "10.169.0.6", &v4->addr4);
	inet_pton(AF_INET6, "2001:db8:a9:1::2", &v6->addr6);
	inet_pton(AF_INET, "10.53.0.1", &v4->dns4[0]);
	inet_pton(AF_INET, "10.53.0.2", &v4->dns4[1]);
	inet_pton(AF_INET6, "2001:db8:53::1", &v6->dns6[0]);
	inet_pton(AF_INET6, "2001:db8:53::2", &v6->dns6[1]);
	v4->n_dns4 = 2;
	v6->n_dns6 = 2;
	to = open_memstream(&text, &size);
	out = out_new(to, OUT_TEXT);
	out_section(out, "pdn", "PDN");
	pdn_report(out, &pdn, NULL);
	out_section_end(out);
	EXPECT_EQ(0, out_finish(out));
	fclose(to);
	g_string_append(seen, text);
	ctlsim_text_is("a connection", seen->str);
	g_string_free(seen, TRUE);
	free(text);
}

/* A filter of one family is none of the other */
TEST(a_public_address)
{
	struct connection pdn = { .name = "wan", .call = { { .up = true }, { .up = true } } };
	static const struct {
		struct pdn_more more;
		bool v4, v6;
	} rows[] = {
		{ { .is_public = { true, true } }, false, false },
		{ { .is_public = { true, true }, .knows_filter = true }, true, true },
		{ { .is_public = { true, true }, .knows_filter = true,
		    .is_filtered = { true, false } }, false, true },
		{ { .is_public = { true, true }, .knows_filter = true,
		    .is_filtered = { false, true } }, true, false },
		{ { .is_public = { true, false }, .knows_filter = true,
		    .is_filtered = { true, false } }, false, false },
		{ { .is_public = { true, true }, .knows_filter = true,
		    .is_filtered = { true, true } }, false, false },
	};

	inet_pton(AF_INET, "192.0.2.1", &pdn.call[PDN_V4].settings.addr4);
	inet_pton(AF_INET6, "2001:db8::2", &pdn.call[PDN_V6].settings.addr6);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		g_autofree char *said = pdn_more_explain(&pdn, &rows[i].more, g_strdup(""));

		if (!strstr(said, "192.0.2.1 is a public") != !rows[i].v4 ||
		    !strstr(said, "2001:db8::2 is a public") != !rows[i].v6)
			harness_fail(__FILE__, __LINE__, false, "row %zu: %s", i, said);
	}
}

/* What the modem does not tell, or not us, is unknown; of one that is down there are none */
TEST(servers_of_names)
{
	static const struct {
		bool up;
		unsigned int n;
		const char *json;
	} rows[] = {
		{ true, 0, "\"dns\":null," },
		{ true, 1, "\"dns\":[\"10.53.0.1\"]," },
		{ false, 0, "\"dns\":[]," },
		{ false, 1, "\"dns\":[]," },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct connection pdn = { .name = "wan", .call = { { .up = rows[i].up } } };
		struct wds_settings *v4 = &pdn.call[PDN_V4].settings;
		char *text = NULL;
		struct out *out;
		size_t size;
		FILE *to = open_memstream(&text, &size);

		inet_pton(AF_INET, "10.53.0.1", &v4->dns4[0]);
		v4->n_dns4 = rows[i].n;
		out = out_new(to, OUT_JSON);
		pdn_report(out, &pdn, NULL);
		EXPECT_EQ(0, out_finish(out));
		fclose(to);
		if (!strstr(text, rows[i].json))
			harness_fail(__FILE__, __LINE__, false, "row %zu: %s", i, text);
		free(text);
	}
}

/* --- that none is left out ------------------------------------------------------- */

/* @ret: for g_free() */
static void read_file(const char *path, char **ret)
{
	if (!g_file_get_contents(path, ret, NULL, NULL))
		SKIP("the tree is not here");
}

TEST(each_verb_has_its_text)
{
	g_autofree char *text = NULL, *in_guests = NULL;

	read_file(STORED, &text);
	read_file(IN_GUESTS, &in_guests);
	for (const struct command *c = commands; c->object; c++) {
		g_autofree char *name = g_strjoin(" ", c->object, c->verb, NULL);
		g_autofree char *run = g_strconcat("\n$ m2mctl ", name, NULL);

		if (!strstr(text, run) == !strstr(in_guests, run))
			harness_fail(__FILE__, __LINE__, false, "m2mctl %s: in one of %s and %s",
				     name, STORED, IN_GUESTS);
	}
}

/* --- the manual ------------------------------------------------------------------ */

/* What the manual shows of one command line; it ends where the next one or a text begins */
static char *shown_of(const char *at)
{
	GString *shown = g_string_new(NULL);

	while ((g_str_has_prefix(at, "    ") && !g_str_has_prefix(at, "    # ")) ||
	       g_str_has_prefix(at, "\n    ")) {
		size_t len = strcspn(at, "\n");
		size_t indent = MIN(len, 4);

		g_string_append_len(shown, at + indent, len - indent + 1);
		at += len + 1;
	}
	return g_string_free(shown, FALSE);
}

/* Whether it is what one of the stored runs of this command line printed */
static bool is_printed(const char *stored, const char *line, const char *shown)
{
	g_autofree char *run = g_strdup_printf("\n$ m2mctl %s\n%s", line, shown);
	const char *at = stored;

	while ((at = strstr(at, run))) {
		at += strlen(run);
		if (!*at || strchr("$#", *at))
			return true;
	}
	return false;
}

#define COMMAND "\n    # m2mctl "

TEST(what_the_manual_shows_is_printed)
{
	g_autofree char *stored = NULL, *manual = NULL;
	unsigned int n = 0;
	const char *at;

	read_file(STORED, &stored);
	read_file(MANUAL, &manual);
	at = strstr(manual, "\nEXAMPLES\n");
	ASSERT_TRUE(at);
	for (at = strstr(at, COMMAND); at; at = strstr(at, COMMAND)) {
		size_t len = strcspn(at += strlen(COMMAND), "\n");
		g_autofree char *line = g_strndup(at, len);
		g_autofree char *run = g_strdup_printf("\n$ m2mctl %s\n", line);
		g_autofree char *shown = shown_of(at + len + 1);

		if (!*shown || !strstr(stored, run))
			continue;
		if (!is_printed(stored, line, shown))
			harness_fail(__FILE__, __LINE__, false, "%s: m2mctl %s prints another text",
				     MANUAL, line);
		n++;
	}
	EXPECT_LE(10, n);
}

TEST_HARNESS_MAIN
