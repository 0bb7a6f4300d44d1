// SPDX-License-Identifier: GPL-2.0-or-later
/* The history keeps the last 2000 events, in order, and reads only what it wrote. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/daemon/history.h"
#include "../../tools/daemon/policy.h"
#include "../lib/harness.h"

static struct history_event example(void)
{
	return (struct history_event){
		.boot_ms = 12345, .wall_ms = 1790000000000, .trusted = true,
		.kind = HISTORY_END, .cause = { CAUSE_CALL_END, 6, 33 },
		.what = "", .path = "1-1.2", .imei = "860000000000011", .pdn = "wan",
	};
}

static bool is_same(const struct history_event *a, const struct history_event *b)
{
	return a->number == b->number && a->boot_ms == b->boot_ms &&
	       a->wall_ms == b->wall_ms && a->trusted == b->trusted &&
	       a->kind == b->kind && !memcmp(&a->cause, &b->cause, sizeof(a->cause)) &&
	       !strcmp(a->what, b->what) && !strcmp(a->path, b->path) &&
	       !strcmp(a->imei, b->imei) && !strcmp(a->pdn, b->pdn);
}

TEST(the_oldest_go)
{
	struct history *history = history_new();
	struct history_event event = example();

	EXPECT_EQ(0, history_count(history));
	for (unsigned int i = 1; i <= 3 * HISTORY_MAX + 7; i++) {
		event.boot_ms = i;
		ASSERT_TRUE(history_add(history, &event));
		ASSERT_EQ(i < HISTORY_MAX ? i : HISTORY_MAX, history_count(history));
	}
	for (unsigned int i = 0; i < HISTORY_MAX; i++) {
		ASSERT_EQ(2 * HISTORY_MAX + 8 + i, history_get(history, i)->number);
		ASSERT_EQ(2 * HISTORY_MAX + 8 + i, history_get(history, i)->boot_ms);
	}
	history_free(history);
	history_free(NULL);
}

TEST(numbers_go_on_where_the_last_process_ended)
{
	struct history *history = history_new();
	struct history_event event = example();

	event.number = 41;
	ASSERT_TRUE(history_add(history, &event));
	/* not twice, and not backwards */
	EXPECT_FALSE(history_add(history, &event));
	event.number = 7;
	EXPECT_FALSE(history_add(history, &event));
	event.number = 0;
	ASSERT_TRUE(history_add(history, &event));
	EXPECT_EQ(42, history_get(history, 1)->number);
	EXPECT_EQ(2, history_count(history));
	history_free(history);
}

TEST(a_line_and_back)
{
	static const struct cause causes[] = {
		{ CAUSE_NONE }, { CAUSE_CALL_END, 6, 33 }, { CAUSE_CALL_END, -1, -32768 },
		{ CAUSE_REJECT, 0, 11 }, { CAUSE_SIM_ABSENT }, { CAUSE_ONE_FAMILY },
	};
	struct history_event event = example(), back;
	char line[HISTORY_LINE_MAX];

	for (unsigned int kind = 0; kind < HISTORY_KINDS; kind++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(causes); i++) {
			event.number = 1 + i;
			event.kind = kind;
			event.cause = causes[i];
			event.wall_ms = i ? 1790000000000 + i : -5;
			strcpy(event.pdn, i % 2 ? "" : "wan");
			history_line_write(&event, line);
			ASSERT_EQ('\n', line[strlen(line) - 1]);
			line[strlen(line) - 1] = '\0';
			ASSERT_TRUE(history_line_read(line, &back));
			EXPECT_TRUE(is_same(&event, &back));
		}
	}
	/* each kind of cause has a word of its own */
	for (unsigned int kind = 0; kind < CAUSE_KINDS; kind++) {
		event.cause = (struct cause){ .kind = kind };
		history_line_write(&event, line);
		line[strlen(line) - 1] = '\0';
		ASSERT_TRUE(history_line_read(line, &back));
		EXPECT_EQ(kind, back.cause.kind);
	}
}

TEST(the_longest_words_fit_a_line)
{
	struct history_event event = example(), back;
	char line[HISTORY_LINE_MAX];

	memset(event.what, 'w', sizeof(event.what) - 1);
	memset(event.path, 'p', sizeof(event.path) - 1);
	memset(event.imei, '9', sizeof(event.imei) - 1);
	memset(event.pdn, 'n', sizeof(event.pdn) - 1);
	event.number = INT64_MAX - 1;
	event.boot_ms = INT64_MAX - 1;
	event.wall_ms = INT64_MIN + 1;
	event.cause = (struct cause){ CAUSE_CALL_END, INT16_MIN, INT16_MIN };
	history_line_write(&event, line);
	ASSERT_EQ('\n', line[strlen(line) - 1]);
	line[strlen(line) - 1] = '\0';
	ASSERT_TRUE(history_line_read(line, &back));
	EXPECT_TRUE(is_same(&event, &back));
}

TEST(words_are_words)
{
	struct history *history = history_new();
	struct history_event event = example();
	const struct history_event *added;
	char line[HISTORY_LINE_MAX];

	strcpy(event.path, "1-1 2\n3");
	strcpy(event.imei, "\x01\xff");
	added = history_add(history, &event);
	ASSERT_TRUE(added);
	EXPECT_STREQ("1-1?2?3", added->path);
	EXPECT_STREQ("??", added->imei);
	history_line_write(added, line);
	EXPECT_EQ(strlen(line) - 1, strcspn(line, "\n"));
	history_free(history);
}

TEST(nonsense_is_not_read)
{
	struct history_event event = example(), back = { .number = 99 };
	char line[HISTORY_LINE_MAX], cut[HISTORY_LINE_MAX], longer[2 * HISTORY_LINE_MAX];
	static const char * const lines[] = {
		"", " ", "1", "1 ", "2 1 1 1 1 end none 0 0 - - - -",
		"1 0 1 1 1 end none 0 0 - - - -", "1 -1 1 1 1 end none 0 0 - - - -",
		"1 1 -1 1 1 end none 0 0 - - - -", "1 x 1 1 1 end none 0 0 - - - -",
		"1 1 1 1 1 last none 0 0 - - - -", "1 1 1 1 1 end nothing 0 0 - - - -",
		"1 1 1 1 1 end none 32768 0 - - - -", "1 1 1 1 1 end none 0 0 - - - - -",
		"1 1 1 1 1 end none 0 0 - - -", "1 99999999999999999999 1 1 1 end none 0 0 - - - -",
		"1 1 1 1 1 end none 0 0 abcdefghijklmnopqrstuvwxyz - - -",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(lines); i++)
		EXPECT_FALSE(history_line_read(lines[i], &back));
	event.number = 1;
	history_line_write(&event, line);
	line[strlen(line) - 1] = '\0';
	ASSERT_TRUE(history_line_read(line, &back));
	/* torn anywhere before its last word it is none */
	for (size_t len = 0; len < strlen(line) - strlen("wan"); len++) {
		snprintf(cut, len + 1, "%s", line);
		EXPECT_FALSE(history_line_read(cut, &back));
	}
	memset(longer, '1', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	EXPECT_FALSE(history_line_read(longer, &back));
}

TEST_HARNESS_MAIN
