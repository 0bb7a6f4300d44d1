// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the tests of a program, each in a process, and prints KTAP. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define STATUS_FAIL	1
#define STATUS_SKIP	4

/* What a test's process tells the one that started it. */
struct outcome {
	bool failed;
	char reason[200];
};

static struct harness_test *first, **last = &first;
static struct outcome *outcome;

void harness_add(struct harness_test *test)
{
	*last = test;
	last = &test->next;
}

int harness_ms(int ms)
{
	const char *slow = getenv("M2M_SLOW");
	int factor = slow ? atoi(slow) : 1;

	return ms * (factor > 0 ? factor : 1);
}

bool harness_has_failed(void)
{
	return outcome->failed;
}

void harness_fail(const char *file, int line, bool fatal, const char *format, ...)
{
	va_list args;

	printf("# %s:%d: ", file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	outcome->failed = true;
	if (!fatal)
		return;
	fflush(stdout);
	_exit(STATUS_FAIL);
}

void harness_skip(const char *reason)
{
	snprintf(outcome->reason, sizeof(outcome->reason), "%s", reason);
	fflush(stdout);
	_exit(STATUS_SKIP);
}

/* Programs that need something before each test have their own. */
__attribute__((weak)) void harness_before(void)
{
}

static void run_child(const struct harness_test *test)
{
	/* Its own children go with it, by the group. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	harness_before();
	test->run();
	fflush(stdout);
	/* exit(), not _exit(): the leak checker wants to look. */
	exit(outcome->failed ? STATUS_FAIL : 0);
}

/* Returns a wait status; a test past its deadline is killed. */
static int wait_child(pid_t pid, const struct harness_test *test)
{
	struct pollfd pollfd = { .events = POLLIN };
	int status = 0, ms = harness_ms(test->seconds * 1000);

	pollfd.fd = syscall(SYS_pidfd_open, pid, 0);
	if (pollfd.fd >= 0 && poll(&pollfd, 1, ms) == 0) {
		printf("# did not end within %d ms\n", ms);
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
	}
	if (pollfd.fd >= 0)
		close(pollfd.fd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	kill(-pid, SIGKILL);
	return status;
}

static int run_test(const struct harness_test *test)
{
	pid_t pid;
	int status;

	memset(outcome, 0, sizeof(*outcome));
	fflush(stdout);
	pid = fork();
	if (!pid)
		run_child(test);
	if (pid < 0)
		return STATUS_FAIL;
	status = wait_child(pid, test);
	if (WIFSIGNALED(status))
		printf("# killed by signal %d\n", WTERMSIG(status));
	if (!WIFEXITED(status))
		return STATUS_FAIL;
	return WEXITSTATUS(status);
}

static bool is_wanted(const struct harness_test *test, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], test->name))
			return true;
	return argc < 2;
}

static bool report(const struct harness_test *test, int number, int status)
{
	bool passed = !status || status == STATUS_SKIP;

	printf("%sok %d - %s", passed ? "" : "not ", number, test->name);
	if (status == STATUS_SKIP)
		printf(" # SKIP %s", outcome->reason);
	printf("\n");
	fflush(stdout);
	return passed;
}

int main(int argc, char **argv)
{
	const struct harness_test *test;
	int number = 0, planned = 0, failed = 0;

	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (outcome == MAP_FAILED)
		return STATUS_FAIL;
	for (test = first; test; test = test->next)
		planned += is_wanted(test, argc, argv);
	printf("KTAP version 1\n1..%d\n", planned);
	for (test = first; test; test = test->next) {
		if (!is_wanted(test, argc, argv))
			continue;
		number++;
		if (!report(test, number, run_test(test)))
			failed++;
	}
	return failed || !number ? STATUS_FAIL : 0;
}
