// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib/config: which file is whose; exact, longest pattern, none, and ties. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../tools/lib/config.h"
#include "../lib/harness.h"

#define FILES_MAX	4

/* Files named a, b, c, d with these keys of [Match] (";" ends a line), NULL ends */
struct files {
	const char *match[FILES_MAX];
};

static struct config *build(const struct files *files)
{
	struct config *config = config_new();
	struct conf_notes notes = { 0 };

	for (int i = 0; i < FILES_MAX && files->match[i]; i++) {
		char name[] = { 'a' + i, '\0' }, file[] = "x.modem", text[256];
		struct conf conf = { 0 };

		file[0] = name[0];
		snprintf(text, sizeof(text), "%s%s", *files->match[i] ? "\n[Match]\n" : "",
			 files->match[i]);
		for (char *c = text; *c; c++)
			*c = *c == ';' ? '\n' : *c;
		conf_parse(&conf, file, text, strlen(text), &notes);
		config_add_modem(config, name, file, &conf, &notes);
	}
	EXPECT_EQ(0, notes.n);
	conf_notes_clear(&notes);
	return config;
}

#define IMEI_A	"860000000000011"
#define IMEI_B	"860000000000029"
#define ICCID	"8949000000000000012"

static const struct config_identity modem = { IMEI_A, ICCID, "1-1.2", "EC25" };
static const struct config_identity unnamed = { NULL, NULL, "1-1.2", NULL };

struct row {
	struct files files;
	const struct config_identity *id;
	const char *wins;	/* "a", "" for none, "a=b" for a tie */
};

static const struct row rows[] = {
	{ { { NULL } }, &modem, "" },
	{ { { "" } }, &modem, "a" },
	{ { { "IMEI=" IMEI_A } }, &modem, "a" },
	{ { { "IMEI=" IMEI_B } }, &modem, "" },
	{ { { "IMEI=" IMEI_B ";IMEI=" IMEI_A } }, &modem, "a" },
	/* all keys have to fit */
	{ { { "IMEI=" IMEI_A ";Path=2-*" } }, &modem, "" },
	{ { { "IMEI=" IMEI_A ";Path=1-*" } }, &modem, "a" },
	/* exact, longest, none */
	{ { { "", "IMEI=86*", "IMEI=" IMEI_A } }, &modem, "c" },
	{ { { "IMEI=" IMEI_A, "IMEI=86*", "" } }, &modem, "a" },
	{ { { "", "IMEI=86*", "IMEI=8600*" } }, &modem, "c" },
	{ { { "", "IMEI=*" } }, &modem, "b" },
	{ { { "IMEI=*", "IMEI=8*" } }, &modem, "b" },
	{ { { "Path=1-1.2", "IMEI=86000000000001*" } }, &modem, "a" },
	{ { { "IMEI=86*;IMEI=" IMEI_A, "IMEI=860000000*" } }, &modem, "a" },
	{ { { "IMEI=" IMEI_A, "IMEI=" IMEI_A ";ICCID=" ICCID } }, &modem, "b" },
	{ { { "IMEI=" IMEI_A ";Model=E*", "IMEI=" IMEI_A } }, &modem, "a" },
	{ { { "IMEI=86*;ICCID=89*", "IMEI=860*" } }, &modem, "a" },
	/* patterns */
	{ { { "Model=?C2?" } }, &modem, "a" },
	{ { { "Model=?C2" } }, &modem, "" },
	{ { { "Model=*2*5" } }, &modem, "a" },
	{ { { "Model=*2*55" } }, &modem, "" },
	{ { { "Model=EC25*" } }, &modem, "a" },
	{ { { "Model=ec25" } }, &modem, "" },
	/* ties */
	{ { { "", "" } }, &modem, "a=b" },
	{ { { "", "", "IMEI=86*" } }, &modem, "c" },
	{ { { "IMEI=86*", "ICCID=89*" } }, &modem, "a=b" },
	{ { { "IMEI=" IMEI_A, "Path=1-1.2" } }, &modem, "a=b" },
	{ { { "IMEI=860*", "ICCID=89*" } }, &modem, "a" },
	{ { { "IMEI=" IMEI_A, "IMEI=" IMEI_B } }, &modem, "a" },
	/* what is not known yet */
	{ { { "IMEI=86*" } }, &unnamed, "" },
	{ { { "IMEI=*" } }, &unnamed, "a" },
	{ { { "IMEI=?" } }, &unnamed, "" },
	{ { { "IMEI=86*", "Path=1-1.2" } }, &unnamed, "b" },
};

TEST(rows_of_matches)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct config *config = build(&rows[i].files);
		const struct config_modem *wins = config->modems, *other = config->modems;
		char seen[8] = "";
		int err = config_match(config, rows[i].id, &wins, &other);

		EXPECT_EQ(other ? -ENOTUNIQ : 0, err);
		if (wins)
			snprintf(seen, sizeof(seen), "%s%s%s", wins->name,
				 other ? "=" : "", other ? other->name : "");
		if (strcmp(rows[i].wins, seen))
			printf("# row %zu\n", i);
		EXPECT_STREQ(rows[i].wins, seen);
		config_free(config);
	}
}

/* --- files with errors --------------------------------------------------------- */

struct broken_row {
	const char *text;
	const char *wins;	/* of "any" and "one" */
	int err;
};

static const struct broken_row broken_rows[] = {
	{ "[Match]\nIMEI=86*\n[PDN wan]\nMTU=1400\n", "one", 0 },
	/* half of a file is not used, nor is another one for its modem */
	{ "[Match]\nIMEI=86*\n[PDN wan]\nMTU=1\n", "one", -EBADMSG },
	{ "[Match]\nIMEI=86*\n[PDN wan]\nAuth=pap\n", "one", -EBADMSG },
	{ "[Match]\nIMEI=86*\n[PDN wan]\nColour=red\n", "one", 0 },
	/* a file whose [Match] cannot be understood is not for every modem */
	{ "[Match]\nIMEI=86x\n[PDN wan]\n", "any", 0 },
	{ "[Match]\nIMEI=86\xff*\n[PDN wan]\n", "any", 0 },
	{ "[Match\nIMEI=86*\n[PDN wan]\n", "any", 0 },
	{ "[Match wan]\nIMEI=86*\n", "any", 0 },
	{ "[match]\nIMEI=86*\n", "any", 0 },
	{ "[Match]\nIMEI=86*\nImsi=262*\n", "any", 0 },
};

TEST(rows_of_broken_files)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken_rows); i++) {
		const struct config_modem *wins, *other;
		struct config *config = config_new();
		struct conf_notes notes = { 0 };
		struct conf conf = { 0 };

		config_add_modem(config, "any", "any.modem", &conf, &notes);
		conf_parse(&conf, "one.modem", broken_rows[i].text,
			   strlen(broken_rows[i].text), &notes);
		config_add_modem(config, "one", "one.modem", &conf, &notes);
		config_check(config, &notes);
		EXPECT_EQ(broken_rows[i].err, config_match(config, &modem, &wins, &other));
		ASSERT_TRUE(wins);
		EXPECT_STREQ(broken_rows[i].wins, wins->name);
		conf_notes_clear(&notes);
		config_free(config);
	}
}

/* --- ties that are seen without a modem -------------------------------------------------- */

#define SAME	"2 error: a.modem matches the same modems, and neither is stronger"
#define MAY	"2 warning: a.modem may match the same modem, and neither is stronger"

struct tie_row {
	struct files files;
	const char *says;
};

static const struct tie_row tie_rows[] = {
	{ { { "", "" } }, "0 error: a.modem matches the same modems, and neither is stronger" },
	{ { { "", "IMEI=*" } }, "" },
	{ { { "IMEI=86*", "IMEI=86*" } }, SAME },
	{ { { "IMEI=86*;IMEI=35*", "IMEI=35*;IMEI=86*" } }, SAME },
	{ { { "IMEI=" IMEI_A, "IMEI=" IMEI_B } }, "" },
	{ { { "IMEI=" IMEI_A, "IMEI=" IMEI_A ";Path=1-1" } }, "" },
	{ { { "IMEI=" IMEI_A, "ICCID=" ICCID } }, MAY },
	{ { { "IMEI=" IMEI_A, "ICCID=894*" } }, "" },
	{ { { "IMEI=86*", "IMEI=35*" } }, "" },
	{ { { "IMEI=86*", "IMEI=860*" } }, "" },
	{ { { "IMEI=86*", "IMEI=*11" } }, MAY },
	{ { { "IMEI=86*", "ICCID=89*" } }, MAY },
	{ { { "IMEI=86*", "ICCID=894*" } }, "" },
	{ { { "IMEI=86*;Model=E*", "ICCID=894*" } }, MAY },
	{ { { "IMEI=86*;Model=E*", "ICCID=894*;Model=M*" } }, "" },
	{ { { "Model=a*b?c", "Model=?bb*c" } }, MAY },
	{ { { "Model=a?b", "Model=a??b" } }, "" },
};

TEST(rows_of_ties)
{
	for (size_t i = 0; i < ARRAY_SIZE(tie_rows); i++) {
		struct config *config = build(&tie_rows[i].files);
		struct conf_notes notes = { 0 };
		char seen[256] = "";

		config_ties(config, &notes);
		ASSERT_LE(notes.n, 1);
		if (notes.n) {
			EXPECT_STREQ("b.modem", notes.notes[0].file);
			snprintf(seen, sizeof(seen), "%u %s: %s", notes.notes[0].line,
				 notes.n_errors ? "error" : "warning", notes.notes[0].text);
		}
		if (strcmp(tie_rows[i].says, seen))
			printf("# row %zu\n", i);
		EXPECT_STREQ(tie_rows[i].says, seen);
		conf_notes_clear(&notes);
		config_free(config);
	}
}

TEST_HARNESS_MAIN
