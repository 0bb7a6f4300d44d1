// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib's words, errors and output. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../tools/lib/error.h"
#include "../../tools/lib/out.h"
#include "../../tools/lib/words.h"
#include "../lib/harness.h"

TEST(words)
{
	EXPECT_STREQ("ready", word(WORD_PORT_STATE, 1).s);
	EXPECT_STREQ("format-suspect", word(WORD_EVENT, 9).s);
	EXPECT_STREQ("qmapv5", word(WORD_AGGREGATION, 9).s);
	EXPECT_STREQ("wds", word(WORD_SERVICE, 1).s);
	EXPECT_STREQ("registration-denied", word(WORD_REGISTRATION, 3).s);
	EXPECT_STREQ("IncorrectPin", word(WORD_QMI_ERROR, 12).s);
	EXPECT_STREQ("unknown-77", word(WORD_OPERATING_MODE, 77).s);
	EXPECT_STREQ("unknown--5", word(WORD_RADIO, -5).s);
	EXPECT_STREQ("unknown-apn", word_end_reason(6, 27).s);
	EXPECT_STREQ("unknown-1", word_end_reason(-1, 1).s);
	EXPECT_STREQ("unknown-1", word_end_reason(4, 1).s);
}

TEST(values)
{
	EXPECT_EQ(0x0b, word_value(WORD_SERVICE, "uim"));
	EXPECT_EQ(-ENOENT, word_value(WORD_SERVICE, "ui"));
	EXPECT_EQ(-ENOENT, word_value(WORD_SERVICE, ""));
}

TEST(errors)
{
	struct m2m_error error;

	EXPECT_EQ(-EIO, m2m_error_set(NULL, -EIO, "nobody listens"));
	EXPECT_EQ(-EIO, m2m_error_set(&error, -EIO, "%s breaks", "it"));
	EXPECT_STREQ("it breaks", error.msg);
	EXPECT_EQ(-EIO, m2m_error_prefix(&error, "link %s", "wan"));
	EXPECT_STREQ("link wan: it breaks", error.msg);
	for (int i = 0; i < 100; i++)
		m2m_error_prefix(&error, "again");
	EXPECT_LT(strlen(error.msg), sizeof(error.msg));
}

static void say(struct out *out)
{
	const char *dns[] = { "10.0.0.1", "10.0.0.2" };

	out_section(out, "modem", "Modem");
	out_string(out, "imei", "IMEI", "866000000000013");
	out_string(out, "model", "Model", "");
	out_int(out, "rsrp_dbm", "RSRP", -95);
	out_real(out, "snr_db", "SNR", 12.25);
	out_bool(out, "roaming", NULL, true);
	out_strings(out, "dns", "DNS", dns, 2);
	out_section_end(out);
	out_table(out, "pdns", "PDNs");
	out_row(out);
	out_string(out, "name", "Name", "wan");
	out_unknown(out, "ip", "IP");
	out_row_end(out);
	out_row(out);
	out_string(out, "name", "Name", "voice");
	out_string(out, "ip", "IP", "10.0.0.9");
	out_row_end(out);
	out_table_end(out);
}

static void expect_output(enum out_format format, const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	struct out *out = out_new(to, format);

	say(out);
	EXPECT_EQ(0, out_finish(out));
	fclose(to);
	EXPECT_STREQ(expected, text);
	free(text);
}

TEST(output_for_people)
{
	expect_output(OUT_TEXT,
		      "Modem\n"
		      "  IMEI:  866000000000013\n"
		      "  Model: -\n"
		      "  RSRP:  -95 dBm\n"
		      "  SNR:   12.2 dB\n"
		      "  DNS:   10.0.0.1, 10.0.0.2\n"
		      "\n"
		      "PDNs\n"
		      "  NAME   IP\n"
		      "  wan    -\n"
		      "  voice  10.0.0.9\n");
}

TEST(output_for_programs)
{
	expect_output(OUT_JSON,
		      "{\"schema\":1,\"modem\":{\"imei\":\"866000000000013\","
		      "\"model\":null,\"rsrp_dbm\":-95,\"snr_db\":12.25,"
		      "\"roaming\":true,\"dns\":[\"10.0.0.1\",\"10.0.0.2\"]},"
		      "\"pdns\":[{\"name\":\"wan\",\"ip\":null},"
		      "{\"name\":\"voice\",\"ip\":\"10.0.0.9\"}]}\n");
}

/* Above it who reads numbers as doubles takes 2^53 + 1 for 2^53 */
TEST(counters_stop_below_two_to_the_53rd)
{
	static const struct {
		uint64_t value;
		const char *json;
	} rows[] = {
		{ 0, "{\"schema\":1,\"rx_bytes\":0}\n" },
		{ 9007199254740991, "{\"schema\":1,\"rx_bytes\":9007199254740991}\n" },
		{ 9007199254740992, "{\"schema\":1,\"rx_bytes\":9007199254740991}\n" },
		{ UINT64_MAX, "{\"schema\":1,\"rx_bytes\":9007199254740991}\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *to = open_memstream(&text, &size);
		struct out *out = out_new(to, OUT_JSON);

		out_counter(out, "rx_bytes", NULL, rows[i].value);
		EXPECT_EQ(0, out_finish(out));
		fclose(to);
		EXPECT_STREQ(rows[i].json, text);
		free(text);
	}
}

TEST(output_that_cannot_be_written)
{
	FILE *full = fopen("/dev/full", "w");
	struct out *out;

	if (!full)
		SKIP("no /dev/full");
	out = out_new(full, OUT_JSON);
	EXPECT_EQ(-EIO, out_finish(out));
	fclose(full);
}

/* --- Documentation/words.rst ---------------------------------------------------- */

#define PAGE		"Documentation/words.rst"
#define PAGE_MAX	(64 * 1024)

static char *read_page(void)
{
	char *text = calloc(1, PAGE_MAX);
	FILE *file;

	/* where the tree was, if not here */
	if (access(PAGE, R_OK) && chdir(M2M_TOP))
		SKIP("the tree is not here");
	file = fopen(PAGE, "r");
	ASSERT_TRUE(file && text);
	ASSERT_LT(fread(text, 1, PAGE_MAX, file), PAGE_MAX);
	fclose(file);
	return text;
}

static void expect_row(const char *page, int value, const char *word)
{
	char unknown[32], row[128];

	snprintf(unknown, sizeof(unknown), "unknown-%d", value);
	if (!strcmp(word, unknown))
		return;
	snprintf(row, sizeof(row), "\n%-6d  %s\n", value, word);
	if (strstr(page, row))
		return;
	printf("# %s has no row %d %s\n", PAGE, value, word);
	EXPECT_TRUE(false);
}

TEST(every_word_is_documented)
{
	char *page = read_page();

	for (int table = 0; table <= WORD_END_TYPE; table++)
		for (int value = -1; value < 512; value++)
			expect_row(page, value, word(table, value).s);
	for (int type = 0; type < 10; type++)
		for (int value = 0; value < 4096; value++)
			expect_row(page, value,
				   word_end_reason(type, value).s);
	free(page);
}

TEST_HARNESS_MAIN
