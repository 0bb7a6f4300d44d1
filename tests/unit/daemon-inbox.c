// SPDX-License-Identifier: GPL-2.0-or-later
/* What steps a machine: events in order, one at a time, and a timer that comes once. */
#include <glib.h>
#include <kselftest_harness.h>

#include "../../tools/daemon/clock.h"
#include "../../tools/daemon/inbox.h"
#include "../lib/harness.h"

#define TOLD_MAX	1024

/* What a unit would have been told */
struct told {
	struct inbox *inbox;
	unsigned int n, left_out;
	uint8_t type[TOLD_MAX];
	struct pulse pulse;	/* during the last step */
	bool answers;		/* each step has one more event, and a timer */
};

static void step(void *data, struct event *event)
{
	struct told *told = data;

	ASSERT_LT(told->n, TOLD_MAX);
	told->type[told->n++] = event->type;
	told->pulse = inbox_pulse(told->inbox);
	if (!told->answers)
		return;
	told->answers = false;
	inbox_put(told->inbox, &(struct event){ .type = EVENT_READY });
	inbox_timer(told->inbox, 0);
}

static void left_out(void *data, const struct event *event)
{
	struct told *told = data;

	EXPECT_EQ(EVENT_QMI_TIMEOUT, event->type);
	told->left_out++;
}

static const struct inbox_owner owner = { .step = step, .left_out = left_out };

static void put(struct told *told, enum event_type type)
{
	inbox_put(told->inbox, &(struct event){ .type = type });
}

static void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

TEST(events_in_order)
{
	struct told told = { .inbox = inbox_new(&owner, &told), .answers = true };

	EXPECT_FALSE(inbox_pulse(told.inbox).queued);
	put(&told, EVENT_ATTACHED);
	put(&told, EVENT_SUSPENDED);
	EXPECT_TRUE(inbox_pulse(told.inbox).queued);
	/* nobody is stepped from within a call */
	EXPECT_EQ(0, told.n);
	while (told.n < 4)
		g_main_context_iteration(NULL, TRUE);
	EXPECT_EQ(EVENT_ATTACHED, told.type[0]);
	EXPECT_EQ(EVENT_SUSPENDED, told.type[1]);
	EXPECT_EQ(EVENT_READY, told.type[2]);
	EXPECT_EQ(EVENT_TIMER, told.type[3]);
	settle();
	EXPECT_EQ(4, told.n);
	EXPECT_FALSE(inbox_pulse(told.inbox).queued);
	inbox_free(told.inbox);
}

TEST(one_that_does_not_wait)
{
	struct told told = { .inbox = inbox_new(&owner, &told) };
	struct event event = { .type = EVENT_SHUTDOWN };

	put(&told, EVENT_ATTACHED);
	inbox_step(told.inbox, &event);
	EXPECT_EQ(1, told.n);
	EXPECT_EQ(EVENT_SHUTDOWN, told.type[0]);
	settle();
	EXPECT_EQ(EVENT_ATTACHED, told.type[1]);
	inbox_free(told.inbox);
}

/* As the watchdog sees it: a step that sets no timer leaves a machine that stands still. */
TEST(a_timer_is_of_one_step)
{
	struct told told = { .inbox = inbox_new(&owner, &told) };

	inbox_timer(told.inbox, 3600 * 1000);
	EXPECT_TRUE(inbox_pulse(told.inbox).armed);
	put(&told, EVENT_ATTACHED);
	settle();
	EXPECT_FALSE(told.pulse.armed);
	EXPECT_FALSE(inbox_pulse(told.inbox).armed);
	/* what was set before does not come besides */
	inbox_timer(told.inbox, 0);
	while (told.n < 2)
		g_main_context_iteration(NULL, TRUE);
	EXPECT_EQ(EVENT_TIMER, told.type[1]);
	settle();
	EXPECT_EQ(2, told.n);
	inbox_free(told.inbox);
}

TEST(too_many)
{
	struct told told = { .inbox = inbox_new(&owner, &told) };

	for (int i = 0; i < 256; i++)
		put(&told, EVENT_READY);
	EXPECT_EQ(0, told.left_out);
	put(&told, EVENT_QMI_TIMEOUT);
	EXPECT_EQ(1, told.left_out);
	settle();
	EXPECT_EQ(256, told.n);
	EXPECT_EQ(EVENT_READY, told.type[255]);
	/* there is room again */
	put(&told, EVENT_ATTACHED);
	settle();
	EXPECT_EQ(EVENT_ATTACHED, told.type[256]);
	inbox_free(told.inbox);
}

/* With events and a timer on their way: nothing comes, and nothing is left behind. */
TEST(an_end_with_events)
{
	struct told told = { .inbox = inbox_new(&owner, &told) };

	inbox_timer(told.inbox, 0);
	put(&told, EVENT_ATTACHED);
	inbox_free(told.inbox);
	settle();
	EXPECT_EQ(0, told.n);
}

TEST_HARNESS_MAIN
