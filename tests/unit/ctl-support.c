// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2mctl support leaves out of a text, and the archive it makes. */
#include <glib.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../tools/ctl/scrub.h"
#include "../../tools/ctl/tar.h"
#include "../lib/harness.h"

#define SALT "0123456789abcdef"

static char *scrubbed(const char *text)
{
	struct scrub *scrub = scrub_new(SALT, strlen(SALT));
	char *out;

	scrub_add(scrub, "A1B2C3D4");
	scrub_add(scrub, "A1B2C3D4E5");
	scrub_add(scrub, "abc");
	out = scrub_text(scrub, text);
	scrub_free(scrub);
	return out;
}

/* @ of the expected text stands for any token */
static bool matches(const char *want, const char *seen)
{
	for (; *want; want++) {
		if (*want != '@') {
			if (*want != *seen++)
				return false;
			continue;
		}
		if (strncmp(seen, "id-", 3) ||
		    strspn(seen + 3, "0123456789abcdef") < 8)
			return false;
		seen += 3 + 8;
	}
	return !*seen;
}

static const struct {
	const char *text, *want;
} rows[] = {
	/* IMEI, IMSI, ICCID, EID */
	{ "imei 860000000000011.", "imei @." },
	{ "imei860000000000011", "imei@" },
	{ "modem_860000000000011_log.txt", "modem_@_log.txt" },
	{ "mem 0x0000000000100000", "mem 0x0000000000100000" },
	{ "[262010000000001]", "[@]" },
	{ "89490200001234567890\n", "@\n" },
	{ "89049032123456789012345678901234", "@" },
	/* and what is none: times, counters, parts of hexadecimal */
	{ "1795896000123", "1795896000123" },
	{ "12.34567890123456", "12.34567890123456" },
	{ "x86000000000001122", "x86000000000001122" },
	{ "890490321234567890123456789012345", "890490321234567890123456789012345" },
	/* an alias of a former version */
	{ "alias m2m pdn=wan v4=0x1 login=0x0f00ba47 dns=resolved,7",
	  "alias m2m pdn=wan v4=0x1 login=@ dns=resolved,7" },
	/* a card's with letters, and what is not long enough to be one */
	{ "ICCID=898600B612345678901\n", "ICCID=@\n" },
	{ "ICCID = 898600B612345678901\n", "ICCID = @\n" },
	{ "iccid\t=\t8949* 898600B612345678901", "iccid\t=\t8949* @" },
	{ "ICCID=\nName=898600B612345678901", "ICCID=\nName=898600B612345678901" },
	{ "ICCID=898600B6*", "ICCID=898600B6*" },
	{ "x=898600B612345678901\n", "x=898600B612345678901\n" },
	/* numbers of telephones */
	{ "to +49170123456,", "to @," },
	{ "+491701", "+491701" },
	{ "{\"a\":\"4917012345\"}", "{\"a\":\"@\"}" },
	{ "{\"rx_bytes\":4917012345}", "{\"rx_bytes\":4917012345}" },
	/* hardware addresses, but those of nobody; IPv6 is none */
	{ "link/ether 02:50:f4:00:00:01 brd ff:ff:ff:ff:ff:ff",
	  "link/ether @ brd ff:ff:ff:ff:ff:ff" },
	{ "00:00:00:00:00:00", "00:00:00:00:00:00" },
	{ "20:01:0d:b8:00:00:00:01", "20:01:0d:b8:00:00:00:01" },
	/* one that stands in an address, with and without zeros */
	{ "inet6 fe80::50:f4ff:fe00:1/64 scope link", "inet6 fe80::@/64 scope link" },
	{ "inet6 2001:db8:a9:1:50:f4ff:fe00:1/64", "inet6 2001:db8:a9:1:@/64" },
	{ "fe80::ff:fe00:1", "fe80::@" },
	{ "FE80::250:F4FF:FE12:3456", "FE80::@" },
	{ "2001:db8::2", "2001:db8::2" },
	{ "2001:db8:f4ff:fe00:1::", "2001:db8:f4ff:fe00:1::" },
	{ "2001:db8:a9:1:f4ff:fe0:1:2", "2001:db8:a9:1:f4ff:fe0:1:2" },
	/* what was added, the longest first; what is too short is not */
	{ "serial: A1B2C3D4E5 abc", "serial: @ abc" },
	{ "xA1B2C3D4x", "x@x" },
	{ "usb 1-1: SerialNumber: x y\nusb 1-1: new", "usb 1-1: SerialNumber: @\nusb 1-1: new" },
	/* by key, whatever the value is */
	{ "{\"cell_id\":77,\"tac\" : 1,\"user\":\"u\\\"v\",\"x\":1}",
	  "{\"cell_id\":\"@\",\"tac\" : \"@\",\"user\":\"@\",\"x\":1}" },
	{ "{\"imei\":null,\"imsi\":\"\"}", "{\"imei\":null,\"imsi\":\"@\"}" },
	{ "{\"user\":\"never ends", "{\"user\":\"@\"" },
	{ "", "" },
};

TEST(identifiers_are_taken_out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *out = scrubbed(rows[i].text);
		bool right = matches(rows[i].want, out);

		if (!right)
			printf("# \"%s\" became \"%s\"\n", rows[i].text, out);
		EXPECT_TRUE(right);
		g_free(out);
	}
}

TEST(tokens_are_stable)
{
	char *a = scrubbed("860000000000011"), *b = scrubbed("860000000000011");
	char *c = scrubbed("860000000000012"), *d = scrubbed("{\"imei\":\"860000000000011\"}");
	struct scrub *other = scrub_new("another", 7);
	char *e = scrub_text(other, "860000000000011");

	EXPECT_STREQ(a, b);
	EXPECT_NE(0, strcmp(a, c));
	EXPECT_TRUE(strstr(d, a));
	/* of another host it is another one */
	EXPECT_NE(0, strcmp(a, e));
	scrub_free(other);
	g_free(a);
	g_free(b);
	g_free(c);
	g_free(d);
	g_free(e);
}

TEST(an_archive_is_one)
{
	struct tar archive = { 0 };
	char name[TAR_NAME_MAX + 1] = "";
	char *path = NULL, *command;
	char text[1024];
	FILE *tar;
	size_t n;
	int fd;

	memset(name, 'n', TAR_NAME_MAX);
	tar_add(&archive, "a/empty", "", 0, 1795896000);
	tar_add(&archive, name, "0123456789", 10, 1795896000);
	ASSERT_EQ(TAR_SIZE(0) + TAR_SIZE(10), archive.len);
	tar_end(&archive);
	ASSERT_EQ(TAR_SIZE(0) + TAR_SIZE(10) + TAR_END_SIZE, archive.len);
	fd = g_file_open_tmp("m2m-XXXXXX.tar", &path, NULL);
	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)archive.len, write(fd, archive.bytes, archive.len));
	command = g_strdup_printf("TZ=UTC tar -tvf %s 2>&1", path);
	tar = popen(command, "r");
	ASSERT_TRUE(tar);
	n = fread(text, 1, sizeof(text) - 1, tar);
	text[n] = '\0';
	EXPECT_EQ(0, pclose(tar));
	EXPECT_TRUE(strstr(text, "-rw------- root/root         0 2026-11-28 20:00 a/empty"));
	EXPECT_TRUE(strstr(text, "        10 2026-11-28 20:00 nnnn"));
	close(fd);
	remove(path);
	g_free(command);
	g_free(path);
	tar_clear(&archive);
}

TEST_HARNESS_MAIN
