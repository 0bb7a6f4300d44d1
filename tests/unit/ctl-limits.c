// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * m2mctl support keeps its limits of time and size, whatever its parts do, and says what
 * became of each. Time is the test's: a part may print when it has taken so long, and nobody
 * waits for that.
 */
#include <glib.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/ctl/support.h"
#include "../lib/harness.h"
#include "ctlsim.h"
#include "scratch.h"

#define N_PARTS		30
#define FOR_EVER	INT_MAX
#define ARCHIVE_BYTES	5000000
#define PART_BYTES	(512 * 1024)

/* The host's parts, in their order; one without anything to do prints "fine" */
static struct {
	int prints_ms, more_ms, ends_ms;	/* and says no more, and ends: not before */
	int (*does)(void);
} parts[N_PARTS];

static int print_part(const char *arg, bool full)
{
	int (*does)(void) = parts[atoi(arg)].does;

	return does ? does() : puts("fine") < 0;
}

static int print_modem(const char *arg, bool full)
{
	return puts(arg) < 0;
}

static bool no_modems;

static int print_modems(const char *arg, bool full)
{
	return no_modems ? pause() : puts("1-1\n1-1.2") < 0;
}

#define PART(n)		{ "p" #n, print_part, #n }

const struct support_part support_host_parts[] = {
	PART(00), PART(01), PART(02), PART(03), PART(04),
	PART(05), PART(06), PART(07), PART(08), PART(09),
	PART(10), PART(11), PART(12), PART(13), PART(14),
	PART(15), PART(16), PART(17), PART(18), PART(19),
	PART(20), PART(21), PART(22), PART(23), PART(24),
	PART(25), PART(26), PART(27), PART(28), PART(29),
	{ NULL }
};

const struct support_part support_modem_parts[] = { { "one", print_modem, "" }, { NULL } };

const struct support_part support_modems = { "modems", print_modems };

/* --- time --------------------------------------------------------------------------- */

static int64_t now_us = 1000000, began_us;
static int current = -1;
static unsigned int n_polls;

gint64 __wrap_g_get_monotonic_time(void);
gint64 __wrap_g_get_monotonic_time(void)
{
	return now_us;
}

/* A part begins with the pipe that it writes to */
int __real_pipe2(int fds[2], int flags);
int __wrap_pipe2(int fds[2], int flags);
int __wrap_pipe2(int fds[2], int flags)
{
	current++;
	n_polls = 0;
	began_us = now_us;
	return __real_pipe2(fds, flags);
}

/* One descriptor is the process itself: whether it has ended */
static int64_t ready_us(nfds_t n)
{
	int ms = no_modems ? FOR_EVER : 0;

	if (current < N_PARTS)
		ms = n == 1 ? parts[current].ends_ms :
		     n_polls++ ? parts[current].more_ms : parts[current].prints_ms;
	return began_us + ms * 1000LL;
}

int __real_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	int64_t until_us = now_us + timeout_ms * 1000LL, at_us = ready_us(n);
	int ready;

	if (at_us > until_us) {
		now_us = until_us;
		for (nfds_t i = 0; i < n; i++)
			fds[i].revents = 0;
		return 0;
	}
	now_us = MAX(now_us, at_us);
	ready = __real_poll(fds, n, harness_ms(20000));
	ASSERT_EQ(1, ready);
	return ready;
}

/* --- the archive -------------------------------------------------------------------- */

static char *directory, *archive;
static int alive[2];

static void start(void)
{
	directory = g_dir_make_tmp("m2m-XXXXXX", NULL);
	archive = g_build_filename(directory, "a.tar.gz", NULL);
	ASSERT_EQ(0, pipe(alive));
}

/* What a command prints, of which one %s is the archive; for g_free() */
static char *says(const char *command)
{
	g_autofree char *line = g_strdup_printf(command, archive);
	GString *text = g_string_new(NULL);
	FILE *from = popen(line, "r");
	char buf[4096];
	size_t n;

	ASSERT_TRUE(from);
	while ((n = fread(buf, 1, sizeof(buf), from)))
		g_string_append_len(text, buf, n);
	EXPECT_EQ(0, pclose(from));
	return g_string_free(text, FALSE);
}

static long number(const char *command)
{
	g_autofree char *text = says(command);

	return atol(text);
}

static void wait_for_parts(void)
{
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* Makes it; in time, small enough, and with nobody left of those who ran for it */
static void make_archive(void)
{
	g_autofree char *line = g_strconcat("-j support ", archive, NULL);
	int64_t from_us = now_us;
	char byte;

	EXPECT_RUN(0, "\"parts\":[", line);
	EXPECT_LE(now_us - from_us, 58 * 1000000LL);
	EXPECT_LE(number("stat -c %%s %s"), ARCHIVE_BYTES);
	EXPECT_LE(number("gzip -dc %s | wc -c"), ARCHIVE_BYTES);
	wait_for_parts();
	close(alive[1]);
	EXPECT_EQ(0, read(alive[0], &byte, 1));
}

static void leave(void)
{
	scratch_remove(directory);
	g_free(archive);
}

/* Nor is nothing said where there is no place for it */
static void no_place(const char *path)
{
	g_autofree char *line = g_strconcat("support ", path, NULL);

	EXPECT_RUN(1, "No such file or directory; try: a FILE in a directory that is there", line);
	wait_for_parts();
}

/* Whether the table says so of a part, and the list of contents, too */
static void part_is(const char *name, const char *status, unsigned int ms)
{
	g_autofree char *contents = says("tar -xzOf %s m2m-support/contents");
	g_autofree char *line = g_strdup_printf(" %5u ms  %s\n", ms, name);
	g_autofree char *begin = g_strdup_printf("{\"part\":\"%s\",\"status\":\"%s\",",
						 name, status);
	g_autofree char *end = g_strdup_printf(",\"time_ms\":%u}", ms);
	const char *row = strstr(ctlsim_text, begin);
	const char *at = row ? strstr(row, end) : NULL;

	if (!at || at > strchr(row, '}') || !strstr(contents, line))
		harness_fail(__FILE__, __LINE__, false, "not %s after %u ms: %s in %s", status,
			     ms, name, contents);
}

static unsigned int times(const char *what)
{
	unsigned int n = 0;

	for (const char *at = ctlsim_text; (at = strstr(at, what)); at++)
		n++;
	return n;
}

/* --- time ------------------------------------------------------------------------------ */

static int hang(void)
{
	/* with another process, and both could print */
	if (fork()) {
		printf("before\nimei 8600000000");
		fflush(stdout);
	}
	return pause();
}

static int fail(void)
{
	puts("for want of a nail");
	return 1;
}

static int crash(void)
{
	kill(getpid(), SIGSEGV);
	return 0;
}

/* Says no more, and goes on */
static int linger(void)
{
	puts("almost");
	fflush(stdout);
	close_range(STDIN_FILENO, ~0U, 0);
	return pause();
}

TEST(a_part_that_hangs_costs_five_seconds_and_no_more)
{
	start();
	parts[1].does = hang;
	parts[1].prints_ms = FOR_EVER;
	parts[2].does = fail;
	parts[3].does = crash;
	parts[4].prints_ms = 4999;
	parts[5].prints_ms = 5001;
	make_archive();
	part_is("p00", "ok", 0);
	part_is("p01", "late", 5000);
	part_is("p02", "failed", 0);
	part_is("p03", "failed", 0);
	part_is("p04", "ok", 4999);
	part_is("p05", "late", 5000);
	part_is("p06", "ok", 0);
	part_is("modem-1-1/one", "ok", 0);
	part_is("modem-1-1.2/one", "ok", 0);
	leave();
}

TEST(so_does_one_that_says_no_more)
{
	start();
	parts[0].does = linger;
	parts[0].ends_ms = FOR_EVER;
	make_archive();
	part_is("p00", "late", 5000);
	part_is("p01", "ok", 0);
	leave();
}

TEST(so_does_a_driver_that_does_not_tell_its_modems)
{
	start();
	no_modems = true;
	make_archive();
	EXPECT_EQ(N_PARTS, times("\"status\":\"ok\""));
	EXPECT_EQ(0, times("modem-"));
	leave();
}

/* What is cut may be half an identifier, which nothing would be known by */
TEST(half_a_line_is_left_out)
{
	g_autofree char *text = NULL;

	start();
	parts[0].does = hang;
	parts[0].prints_ms = 4000;
	parts[0].more_ms = FOR_EVER;
	make_archive();
	text = says("tar -xzOf %s m2m-support/p00");
	EXPECT_STREQ("before\n", text);
	leave();
}

TEST(all_together_have_58_seconds)
{
	start();
	for (unsigned int i = 0; i < N_PARTS; i++)
		parts[i].prints_ms = 4900;
	make_archive();
	part_is("p00", "ok", 4900);
	part_is("p10", "ok", 4900);
	part_is("p11", "late", 4100);
	part_is("p12", "late", 0);
	part_is("p29", "late", 0);
	EXPECT_EQ(11, times("\"status\":\"ok\""));
	leave();
}

/* --- size ------------------------------------------------------------------------------ */

/* Letters by chance, and without an end */
static int print_much(void)
{
	GRand *chance = g_rand_new_with_seed(getpid());
	char line[64];

	do {
		for (size_t i = 0; i < sizeof(line) - 1; i++)
			line[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._"
				  [g_rand_int_range(chance, 0, 54)];
		line[sizeof(line) - 1] = '\n';
	} while (fwrite(line, sizeof(line), 1, stdout) == 1);
	return 1;
}

TEST(nowhere_to_put_it)
{
	start();
	no_place("/nonexistent/x");
	leave();
}

TEST(a_huge_part_is_cut)
{
	start();
	parts[1].does = print_much;
	make_archive();
	part_is("p00", "ok", 0);
	part_is("p01", "cut", 0);
	part_is("p02", "ok", 0);
	EXPECT_EQ(PART_BYTES, number("tar -xzOf %s m2m-support/p01 | wc -c"));
	leave();
}

/* They are more than fits: the first are there, and what became of the others is said */
TEST_TIMEOUT(many_huge_parts_fill_it_and_no_more, 120)
{
	start();
	for (unsigned int i = 0; i < N_PARTS; i++)
		parts[i].does = print_much;
	make_archive();
	part_is("p00", "cut", 0);
	part_is("p29", "cut", 0);
	EXPECT_EQ(PART_BYTES, number("tar -xzOf %s m2m-support/p08 | wc -c"));
	EXPECT_LE(ARCHIVE_BYTES - 64 * 1024, number("gzip -dc %s | wc -c"));
	EXPECT_EQ(N_PARTS + 2, number("tar -xzOf %s m2m-support/contents | wc -l"));
	leave();
}

/* --- text ------------------------------------------------------------------------------ */

/* But for the size of the archive, which is compressed, times and all */
TEST(what_is_printed)
{
	g_autofree char *size = NULL, *seen = NULL;
	char *rest;

	start();
	ASSERT_EQ(0, chdir(directory));
	parts[1].does = hang;
	parts[1].prints_ms = FOR_EVER;
	parts[2].does = fail;
	EXPECT_RUN(0, "PART", "support a.tar.gz");
	size = g_strdup_printf("\na.tar.gz: %ld bytes\n", number("stat -c %%s %s"));
	rest = strstr(ctlsim_text, size);
	ASSERT_TRUE(rest);
	*rest = '\0';
	seen = g_strdup_printf("$ m2mctl support a.tar.gz\n%s\na.tar.gz: 4711 bytes\n%s",
			       ctlsim_text, rest + strlen(size));
	ctlsim_text_is("an archive", seen);
	ASSERT_EQ(0, remove(archive));
	/* the same parts once more */
	current = -1;
	EXPECT_RUN(0, "\nit says whose modem and SIM this is\n", "support --full a.tar.gz");
	wait_for_parts();
	ASSERT_EQ(0, chdir("/"));
	leave();
}

TEST_HARNESS_MAIN
