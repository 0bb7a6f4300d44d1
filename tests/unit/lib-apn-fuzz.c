// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of APNs that nobody wrote; the seed is fixed, so it repeats. */
#include <glib.h>
#include <kselftest_harness.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/lib/apn-db.h"
#include "../lib/draw.h"
#include "../lib/harness.h"

#define ROUNDS		20000
#define FILE_MAX	1500

static const char *const xml[] = {
	"<provider>", "</provider>", "<provider primary=\"true\">", "<name>", "</name>",
	"<gsm>", "</gsm>", "<network-id mcc=\"262\" mnc=\"01\"/>", "<network-id mcc=\"\"/>",
	"<apn value=\"a\">", "<apn value=\"b.example\">", "<apn>", "</apn>",
	"<apn value=\"c\"/>", "<usage type=\"internet\"/>", "<usage type=\"mms\"/>",
	"<plan type=\"prepaid\"/>", "<username>", "</username>", "<password>", "</password>",
	"<authentication method=\"pap\"/>", "Alpha", "&amp;", "&#65;", "<!-- -->", " ",
};

static const char *const conf[] = {
	"[APN a]\n", "[APN b]\n", "[x]\n", "Issuer=i\n", "Source=s\n", "APN=a\n", "APN=\n",
	"Contract=yes\n", "PLMN=26201\n", "PLMN=26201 262\n", "ICCID=8949\n", "ICCID=89490\n",
	"IMSI=262011-262019\n", "IMSI=262019-262011\n", "IMSI=262011\n", "IMSI=--\n",
	"GID1=ab\n", "GID1=\n", "SPN=Alpha\n", "SPN=\n", "User=u\n", "Auth=pap\n", "Auth=\n",
	"# c\n", "Plan=p\n",
};

struct kind {
	const char *const *words;
	size_t n;
	const char *begin, *end;	/* of a good one, so that some are */
	void (*read)(const char *bytes, size_t len);
};

static size_t make(char *buf, const struct kind *kind)
{
	bool good = draw(2);
	size_t at = 0;

	if (good)
		at = g_stpcpy(buf, kind->begin) - buf;
	while (at < FILE_MAX - 128 && draw(good ? 8 : 24))
		at = g_stpcpy(buf + at, kind->words[draw(kind->n)]) - buf;
	if (good)
		at = g_stpcpy(buf + at, kind->end) - buf;
	/* A few wrong bytes anywhere, in one of two */
	for (int i = draw(2) * draw(5); at && i; i--)
		buf[draw(at)] = draw(256);
	return at;
}

/* What holds of every list, whatever it was made of */
static void check(const struct apn_list *list)
{
	const struct apn_found *chosen = apn_choose(list);

	ASSERT_LE(list->n, APN_FOUND_MAX);
	for (size_t i = 0; i < list->n; i++) {
		ASSERT_TRUE(!*list->found[i].apn || apn_is_valid(list->found[i].apn));
		ASSERT_TRUE(!chosen || list->found[i].match >= chosen->match);
	}
	ASSERT_TRUE(!chosen || *chosen->apn);
}

static const struct apn_sim sim = {
	.iccid = "8949017106112345678", .imsi = "262011234567890", .mnc_len = 2,
	.gid1 = "ab", .spn = "Alpha",
};

static unsigned int clean, broken, found;

static void read_xml(const char *bytes, size_t len)
{
	struct apn_list list = { 0 };
	struct m2m_error error;

	if (apn_read_providers(bytes, len, &sim, &list, &error))
		broken++;
	else
		clean++;
	check(&list);
	found += list.n > 0;
}

static void read_conf(const char *bytes, size_t len)
{
	struct conf_notes notes = { 0 };
	struct apn_list list = { 0 };

	apn_read_conf("f", bytes, len, &sim, &list, &notes);
	check(&list);
	*(notes.n ? &broken : &clean) += 1;
	found += list.n > 0;
	conf_notes_clear(&notes);
}

/* A copy without a byte to spare, so that reading past it is seen */
static void run(const struct kind *kind)
{
	char buf[FILE_MAX + 1] = "";

	clean = 0;
	broken = 0;
	found = 0;
	draw_state = 20101224;
	for (int i = 0; i < ROUNDS; i++) {
		size_t len = make(buf, kind);
		char *copy = malloc(len ? len : 1);

		memcpy(copy, buf, len);
		kind->read(copy, len);
		free(copy);
	}
	/* It was worth it only if every kind came up often. */
	EXPECT_LE(ROUNDS / 1000, clean);
	EXPECT_LE(ROUNDS / 1000, broken);
	EXPECT_LE(ROUNDS / 1000, found);
}

TEST_TIMEOUT(providers, 100)
{
	run(&(struct kind) {
		.words = xml,
		.n = ARRAY_SIZE(xml),
		.begin = "<serviceproviders><provider><gsm>"
			 "<network-id mcc=\"262\" mnc=\"01\"/><apn value=\"d\"/>",
		.end = "</gsm></provider></serviceproviders>",
		.read = read_xml,
	});
}

TEST_TIMEOUT(own, 100)
{
	run(&(struct kind) {
		.words = conf,
		.n = ARRAY_SIZE(conf),
		.begin = "[APN c]\nIssuer=i\nSource=s\nAPN=a\nPLMN=26201\n",
		.end = "",
		.read = read_conf,
	});
}

TEST_HARNESS_MAIN
