// SPDX-License-Identifier: GPL-2.0-or-later
/* How far behind a reader is, against a queue that gives one frame a notification. */
#include <kselftest_harness.h>

#include "../../tools/lib/wdm-lag.h"
#include "../lib/harness.h"

#define NOBODYS		0

static struct {
	uint8_t frames[64];	/* transaction ids; NOBODYS: another's or an indication */
	unsigned int first, n;
	uint8_t last_tid;
} queue;

static void put(uint8_t tid)
{
	ASSERT_LT(queue.n, ARRAY_SIZE(queue.frames));
	queue.frames[queue.n++] = tid;
}

/* A notification comes: the oldest is read */
static void get(struct lag *lag)
{
	uint8_t tid;

	ASSERT_LT(queue.first, queue.n);
	tid = queue.frames[queue.first++];
	lag_read(lag);
	if (tid != NOBODYS)
		EXPECT_TRUE(lag_answered(lag, tid));
}

/* What is due is sent and answered, each with its notification; how many they were */
static unsigned int probe(struct lag *lag)
{
	unsigned int n = lag_due(lag, 1);

	for (unsigned int i = 0; i < n; i++) {
		lag_sent(lag, ++queue.last_tid, !i);
		put(queue.last_tid);
	}
	for (unsigned int i = 0; i < n; i++)
		get(lag);
	return n;
}

TEST(none)
{
	struct lag lag = { 0 };

	EXPECT_TRUE(lag_is_none(&lag));
	EXPECT_FALSE(lag_answered(&lag, 1));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(1, probe(&lag));
		EXPECT_TRUE(lag_is_none(&lag));
	}
}

TEST(three_behind)
{
	struct lag lag = { 0 };

	for (int i = 0; i < 3; i++)
		put(NOBODYS);
	while (queue.first < 3)
		probe(&lag);
	probe(&lag);
	EXPECT_EQ(3, lag.behind);
	/* then as many as there are, and no more */
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(3, probe(&lag));
	EXPECT_EQ(3, lag.behind);
	EXPECT_EQ(3, queue.n - queue.first);
}

TEST(indications_of_one_who_is_behind)
{
	struct lag lag = { 0 };

	put(NOBODYS);
	put(NOBODYS);
	while (queue.first < 4)
		probe(&lag);
	/* two of them fetch the probes that were left: it is as far behind as before */
	for (int i = 0; i < 2; i++) {
		put(NOBODYS);
		get(&lag);
	}
	EXPECT_FALSE(lag_is_none(&lag));
	EXPECT_EQ(2, probe(&lag));
	EXPECT_EQ(2, queue.n - queue.first);
}

TEST(a_slow_answer_is_not_one_behind)
{
	struct lag lag = { 0 };
	unsigned int patience = 0;

	/* answers of others come between a probe and its own, once */
	lag_sent(&lag, ++queue.last_tid, true);
	put(NOBODYS);
	put(queue.last_tid);
	get(&lag);
	get(&lag);
	EXPECT_EQ(1, lag.behind);
	probe(&lag);
	EXPECT_TRUE(lag_is_none(&lag));
	for (int i = 0; i < 8; i++) {
		probe(&lag);
		EXPECT_LE(patience, lag.patience);
		patience = lag.patience;
	}
	EXPECT_EQ(4, patience);
	lag_hurry(&lag);
	EXPECT_EQ(0, lag.patience);
}

TEST(who_is_silent_is_asked_one_at_a_time)
{
	struct lag lag = { 0 };

	for (int i = 0; i < 3 * LAG_MAX; i++) {
		EXPECT_EQ(1, lag_due(&lag, 4));
		lag_sent(&lag, ++queue.last_tid, true);
		EXPECT_LE(lag.n_probes, LAG_MAX);
	}
	/* that it answers the last one after all is enough */
	lag_read(&lag);
	EXPECT_TRUE(lag_answered(&lag, queue.last_tid));
	EXPECT_TRUE(lag_is_none(&lag));
	lag_sent(&lag, ++queue.last_tid, true);
	lag_forget(&lag);
	EXPECT_TRUE(lag_is_none(&lag));
}

TEST(nobody_is_behind_without_end)
{
	struct lag lag = { .behind = 1000, .heard = true };

	EXPECT_EQ(LAG_MAX, lag_due(&lag, 1));
	EXPECT_EQ(1, lag_due(&lag, 1));
	lag.heard = true;
	lag.behind = 1;
	EXPECT_EQ(4, lag_due(&lag, 4));
}

TEST_HARNESS_MAIN
