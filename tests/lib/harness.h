/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests in C: the verbs of kselftest_harness.h, printing KTAP. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <stdbool.h>
#include <string.h>

/*
 * DOC: A test is a process
 *
 *	TEST(frames_come_back)
 *	{
 *		ASSERT_EQ(3, thing());		ends the test
 *		EXPECT_STREQ("x", name());	goes on, but the test has failed
 *	}
 *
 * Each runs in a process of its own, which is killed at its deadline, so what
 * a test opened is closed before the next one begins. harness.c has main();
 * arguments are names of tests to run, none: all. $M2M_SLOW multiplies the
 * deadlines, on kernels that check themselves.
 */

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

struct harness_test {
	const char *name;
	void (*run)(void);
	unsigned int seconds;
	struct harness_test *next;
};

void harness_add(struct harness_test *test);
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

#define TEST(_name) TEST_TIMEOUT(_name, 30)

#define TEST_TIMEOUT(_name, _seconds)					\
	static void _name(void);					\
	static struct harness_test harness_##_name = {			\
		.name = #_name, .run = _name, .seconds = (_seconds),	\
	};								\
	static void __attribute__((constructor)) harness_add_##_name(void) \
	{								\
		harness_add(&harness_##_name);				\
	}								\
	static void _name(void)

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
