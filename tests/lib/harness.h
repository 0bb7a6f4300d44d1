/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests in C use beside kselftest_harness.h. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <stdbool.h>
#include <string.h>

/*
 * DOC: A test is a process
 *
 *	#include <kselftest_harness.h>
 *	#include "../lib/harness.h"
 *
 *	TEST(frames_come_back)
 *	{
 *		ASSERT_EQ(3, thing());		ends the test
 *		EXPECT_STREQ("x", name());	goes on, but the test has failed
 *	}
 *
 *	TEST_HARNESS_MAIN
 *
 * kselftest's harness runs each in a process of its own. This adds what it lacks:
 * verbs that functions far from the test can use, as they need no _metadata; a
 * deadline for each test, which $M2M_SLOW multiplies on kernels that check
 * themselves; an end for what a test leaves running. $M2M_ONLY names the tests to
 * run, others are skipped.
 */

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

enum harness_outcome {
	HARNESS_PASSED,
	HARNESS_FAILED,
	HARNESS_SKIPPED,
};

/* Runs one test in the process kselftest made for it. */
enum harness_outcome harness_run(const char *name, void (*test)(void),
				 unsigned int seconds);
/* Why it cannot be run here */
const char *harness_skipped(void);
/* Says what failed. @fatal: does not return. */
void harness_fail(const char *file, int line, bool fatal, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Ends the test as one that cannot be run here. */
void harness_skip(const char *reason) __attribute__((noreturn));
/* Runs before each test, in its process; a program may define it. */
void harness_before(void);
/* Did an EXPECT fail in this test? */
bool harness_has_failed(void);
/* @ms on a machine of its own; longer where everything is slow. */
int harness_ms(int ms);

#ifdef __KSELFTEST_HARNESS_H

/* Longer than any test with any $M2M_SLOW: its own deadline is what ends it. */
#define HARNESS_HUNG_S	7200

FIXTURE(harness) {
	enum harness_outcome outcome;
};

FIXTURE_SETUP(harness);
FIXTURE_SETUP(harness)
{
}

FIXTURE_TEARDOWN(harness);
FIXTURE_TEARDOWN(harness)
{
	EXPECT_NE(HARNESS_FAILED, self->outcome);
	if (self->outcome == HARNESS_SKIPPED)
		SKIP(return, "%s", harness_skipped());
}

#undef TEST
#undef SKIP
#undef ASSERT_EQ
#undef ASSERT_NE
#undef ASSERT_LE
#undef ASSERT_LT
#undef ASSERT_GE
#undef ASSERT_TRUE
#undef ASSERT_FALSE
#undef ASSERT_STREQ
#undef EXPECT_EQ
#undef EXPECT_NE
#undef EXPECT_LE
#undef EXPECT_LT
#undef EXPECT_GE
#undef EXPECT_TRUE
#undef EXPECT_FALSE
#undef EXPECT_STREQ

#define TEST(_name) TEST_TIMEOUT(_name, 30)

#define TEST_TIMEOUT(_name, _seconds)					\
	static void _name(void);					\
	TEST_F_TIMEOUT(harness, _name, HARNESS_HUNG_S)			\
	{								\
		self->outcome = harness_run(#_name, _name, _seconds);	\
	}								\
	static void _name(void)

#endif /* __KSELFTEST_HARNESS_H */

#define SKIP(_reason) harness_skip(_reason)

#define HARNESS_OP(_expected, _op, _seen, _fatal)			\
	do {								\
		long long __expected = (long long)(_expected);		\
		long long __seen = (long long)(_seen);			\
									\
		if (!(__expected _op __seen))				\
			harness_fail(__FILE__, __LINE__, _fatal,	\
				     "%s %s %s: %lld and %lld",		\
				     #_expected, #_op, #_seen,		\
				     __expected, __seen);		\
	} while (0)

#define HARNESS_STREQ(_expected, _seen, _fatal)				\
	do {								\
		const char *__expected = (_expected);			\
		const char *__seen = (_seen);				\
									\
		if (!__seen || strcmp(__expected, __seen))		\
			harness_fail(__FILE__, __LINE__, _fatal,	\
				     "%s is \"%s\", not \"%s\"", #_seen, \
				     __seen ? __seen : "(null)",	\
				     __expected);			\
	} while (0)

#define ASSERT_EQ(_expected, _seen) HARNESS_OP(_expected, ==, _seen, true)
#define ASSERT_NE(_expected, _seen) HARNESS_OP(_expected, !=, _seen, true)
#define ASSERT_LE(_expected, _seen) HARNESS_OP(_expected, <=, _seen, true)
#define ASSERT_LT(_expected, _seen) HARNESS_OP(_expected, <, _seen, true)
#define ASSERT_GE(_expected, _seen) HARNESS_OP(_expected, >=, _seen, true)
#define ASSERT_TRUE(_seen) HARNESS_OP(0, !=, !!(_seen), true)
#define ASSERT_FALSE(_seen) HARNESS_OP(0, ==, !!(_seen), true)
#define ASSERT_STREQ(_expected, _seen) HARNESS_STREQ(_expected, _seen, true)

#define EXPECT_EQ(_expected, _seen) HARNESS_OP(_expected, ==, _seen, false)
#define EXPECT_NE(_expected, _seen) HARNESS_OP(_expected, !=, _seen, false)
#define EXPECT_LE(_expected, _seen) HARNESS_OP(_expected, <=, _seen, false)
#define EXPECT_LT(_expected, _seen) HARNESS_OP(_expected, <, _seen, false)
#define EXPECT_GE(_expected, _seen) HARNESS_OP(_expected, >=, _seen, false)
#define EXPECT_TRUE(_seen) HARNESS_OP(0, !=, !!(_seen), false)
#define EXPECT_FALSE(_seen) HARNESS_OP(0, ==, !!(_seen), false)
#define EXPECT_STREQ(_expected, _seen) HARNESS_STREQ(_expected, _seen, false)

#endif /* TESTS_HARNESS_H */
