// SPDX-License-Identifier: GPL-2.0-or-later
/* A test in the process that kselftest's harness gave it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "harness.h"

static enum harness_outcome outcome;
static char reason[200];
static unsigned int deadline_s;
static pid_t test_pid;
static jmp_buf out;

int harness_ms(int ms)
{
	const char *slow = getenv("M2M_SLOW");
	int factor = slow ? atoi(slow) : 1;

	return ms * (factor > 0 ? factor : 1);
}

bool harness_has_failed(void)
{
	return outcome == HARNESS_FAILED;
}

const char *harness_skipped(void)
{
	return reason;
}

/* A process that the test forked has nowhere to return to. */
static void leave(void)
{
	fflush(stdout);
	if (getpid() != test_pid)
		_exit(EXIT_FAILURE);
	longjmp(out, 1);
}

void harness_fail(const char *file, int line, bool fatal, const char *format, ...)
{
	va_list args;

	printf("# %s:%d: ", file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	outcome = HARNESS_FAILED;
	if (fatal)
		leave();
}

void harness_skip(const char *text)
{
	snprintf(reason, sizeof(reason), "%s", text);
	if (outcome == HARNESS_PASSED)
		outcome = HARNESS_SKIPPED;
	leave();
	abort();
}

/* Programs that need something before each test have their own. */
__attribute__((weak)) void harness_before(void)
{
}

/* It looks by itself at exit(), by which kselftest's harness does not leave. */
static void check_leaks(void)
{
#ifdef __SANITIZE_ADDRESS__
	__lsan_do_leak_check();
#endif
}

static void too_late(int sig)
{
	static const char text[] = "# the test's deadline has passed\n";
	ssize_t ignored = write(STDOUT_FILENO, text, sizeof(text) - 1);

	/* Its children are of its process group and go with it. */
	(void)ignored;
	kill(0, SIGKILL);
}

static bool is_wanted(const char *name)
{
	const char *only = getenv("M2M_ONLY");
	size_t len = strlen(name);
	const char *at;

	for (at = only; at && *at; at++) {
		at = strstr(at, name);
		if (!at)
			return false;
		if ((at == only || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	}
	return !only || !*only;
}

enum harness_outcome harness_run(const char *name, void (*test)(void),
				 unsigned int seconds)
{
	test_pid = getpid();
	deadline_s = harness_ms(seconds * 1000) / 1000;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, too_late);
	alarm(deadline_s);
	if (!setjmp(out)) {
		if (!is_wanted(name))
			harness_skip("not asked for");
		harness_before();
		test();
	}
	fflush(stdout);
	/* What it has left running ends with it. */
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	check_leaks();
	return outcome;
}
