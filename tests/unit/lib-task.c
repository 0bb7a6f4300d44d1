// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that wait while the main loop goes on. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <string.h>

#include "../../tools/lib/task.h"
#include "../lib/harness.h"

#define LONG_MS		20000
#define SHORT_MS	20

/* What a task did, in the order it did it */
struct diary {
	char text[64];
	bool go, locked;
	unsigned int left;	/* tasks that are not over */
	int outcome;
};

static void note(struct diary *diary, const char *what)
{
	g_strlcat(diary->text, what, sizeof(diary->text));
}

static bool may_go(void *data)
{
	return ((struct diary *)data)->go;
}

static bool is_free(void *data)
{
	return !((struct diary *)data)->locked;
}

static bool never(void *data)
{
	return false;
}

static gboolean let_go(gpointer data)
{
	struct diary *diary = data;

	note(diary, "L");
	diary->go = true;
	return G_SOURCE_REMOVE;
}

static void run_out(struct diary *diary)
{
	while (diary->left)
		g_main_context_iteration(NULL, TRUE);
}

static void waits(void *data)
{
	struct diary *diary = data;

	note(diary, task_is_running() ? "a" : "!");
	diary->outcome = task_wait(may_go, diary, LONG_MS);
	note(diary, "b");
	diary->left--;
}

TEST(a_task_waits_and_the_loop_goes_on)
{
	struct diary diary = { .left = 1, .outcome = 1 };

	task_start(waits, &diary);
	EXPECT_FALSE(task_is_running());
	note(&diary, "-");
	g_timeout_add(SHORT_MS, let_go, &diary);
	run_out(&diary);
	EXPECT_STREQ("a-Lb", diary.text);
	EXPECT_EQ(0, diary.outcome);
}

TEST(what_is_so_already_is_not_waited_for)
{
	struct diary diary = { .left = 1, .go = true, .outcome = 1 };

	task_start(waits, &diary);
	EXPECT_STREQ("ab", diary.text);
	EXPECT_EQ(0, diary.outcome);
	EXPECT_EQ(0, diary.left);
}

static void times_out(void *data)
{
	struct diary *diary = data;

	diary->outcome = task_wait(never, diary, SHORT_MS);
	diary->left--;
}

TEST(a_wait_has_an_end)
{
	struct diary diary = { .left = 1 };

	task_start(times_out, &diary);
	run_out(&diary);
	EXPECT_EQ(-ETIMEDOUT, diary.outcome);
}

/* Takes the lock and holds it over a wait of its own */
static void locks(struct diary *diary, const char *name)
{
	if (!task_wait(is_free, diary, LONG_MS)) {
		diary->locked = true;
		note(diary, name);
		task_wait(never, diary, SHORT_MS);
		note(diary, name);
		diary->locked = false;
	}
	diary->left--;
}

static void locks_x(void *data)
{
	locks(data, "x");
}

static void locks_y(void *data)
{
	locks(data, "y");
}

static void locks_z(void *data)
{
	locks(data, "z");
}

TEST(one_at_a_time_first_come_first_served)
{
	struct diary diary = { .left = 3 };

	task_start(locks_x, &diary);
	task_start(locks_y, &diary);
	task_start(locks_z, &diary);
	run_out(&diary);
	EXPECT_STREQ("xxyyzz", diary.text);
}

static void starts_another(void *data)
{
	struct diary *diary = data;

	note(diary, "(");
	task_start(waits, diary);
	note(diary, ")");
	task_wait(may_go, diary, LONG_MS);
	note(diary, ".");
	diary->left--;
}

TEST(a_task_may_start_another)
{
	struct diary diary = { .left = 2 };

	task_start(starts_another, &diary);
	EXPECT_STREQ("(a)", diary.text);
	g_timeout_add(SHORT_MS, let_go, &diary);
	run_out(&diary);
	EXPECT_EQ(0, strncmp(diary.text, "(a)L", 4));
	EXPECT_TRUE(strchr(diary.text, 'b'));
	EXPECT_TRUE(strchr(diary.text, '.'));
}

static void uses_its_stack(void *data)
{
	char stack[TASK_STACK / 2];
	struct diary *diary = data;

	for (size_t i = 0; i < sizeof(stack); i += 512)
		stack[i] = i >> 9;
	task_wait(never, stack, 1);
	for (size_t i = 0; i < sizeof(stack); i += 512)
		diary->outcome += stack[i] != (char)(i >> 9);
	diary->left--;
}

TEST(a_stack_is_its_tasks_own)
{
	struct diary diary = { .left = 100 };

	for (int i = 0; i < 100; i++)
		task_start(uses_its_stack, &diary);
	run_out(&diary);
	EXPECT_EQ(0, diary.outcome);
}

TEST_HARNESS_MAIN
