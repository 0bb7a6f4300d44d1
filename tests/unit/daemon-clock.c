// SPDX-License-Identifier: GPL-2.0-or-later
/* The clock of m2md, and the one of its tests, which runs faster. */
#include <kselftest_harness.h>

#include "../../tools/daemon/clock.h"
#include "../../tools/daemon/policy.h"
#include "../lib/harness.h"

TEST(real_time_unless_told)
{
	int64_t before = clock_boot_ms(), between = clock_ms();

	EXPECT_GE(between, before);
	EXPECT_GE(clock_boot_ms(), between);
	EXPECT_EQ(clock_wait_ns(1), 1000000);
}

TEST(faster_by_the_factor)
{
	int64_t before = clock_boot_ms(), between;

	clock_set_factor(CLOCK_FACTOR_MAX);
	between = clock_ms();
	EXPECT_GE(between, before * CLOCK_FACTOR_MAX);
	EXPECT_LE(between, (clock_boot_ms() + 1) * CLOCK_FACTOR_MAX);
}

TEST(waits_are_never_too_short)
{
	static const struct {
		unsigned int factor;
		int64_t ms, ns;
	} rows[] = {
		{ 1, 0, 0 },
		{ 20, 0, 0 },
		{ 20, 1000, 50000000 },
		{ 7, 1, 142858 },
		{ 60, 3600000, 60000000000 },
		{ 100, 1, 10000 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		clock_set_factor(rows[i].factor);
		EXPECT_EQ(clock_wait_ns(rows[i].ms), rows[i].ns);
	}
}

TEST_HARNESS_MAIN
