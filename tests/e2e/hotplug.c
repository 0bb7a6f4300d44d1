// SPDX-License-Identifier: GPL-2.0-or-later
/* Modems come and go, whatever they are at, and nothing is left of them. */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/genl.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define WARM_UP		10
#define FLAT_KB		1024
#define CACHES_MAX	256
/* Half of the smallest receive buffer */
#define CYCLE_PAGES_KB	16

static bool is_there(void)
{
	return access(getenv("M2M_WDM"), F_OK) == 0;
}

static void wait_there(bool there)
{
	struct deadline deadline = deadline_in(15000);

	while (is_there() != there && deadline_pause(&deadline))
		;
	ASSERT_EQ(there, is_there());
}

/* Memory that the kernel holds and cannot give back, in kB */
static long kernel_kb(void)
{
	static const char *const names[] = {
		"SUnreclaim:", "KernelStack:", "PageTables:", "VmallocUsed:",
		"Percpu:",
	};
	char line[128], name[32];
	long sum = 0, value;
	size_t i;
	FILE *file;
	int fd;

	fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	if (fd >= 0) {
		EXPECT_EQ(1, write(fd, "3", 1));
		close(fd);
	}
	file = fopen("/proc/meminfo", "r");
	ASSERT_TRUE(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%31s %ld", name, &value) != 2)
			continue;
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (!strcmp(name, names[i]))
				sum += value;
	}
	fclose(file);
	return sum;
}

/*
 * Pages that somebody took from the page allocator and nothing else counts: receive
 * buffers are of these. In kB.
 */
static long pages_kb(void)
{
	static const struct {
		const char *name;
		int sign;
	} rows[] = {
		{ "MemTotal:", 1 }, { "MemFree:", -1 }, { "Buffers:", -1 },
		{ "Cached:", -1 }, { "SwapCached:", -1 }, { "AnonPages:", -1 },
		{ "Slab:", -1 }, { "KernelStack:", -1 }, { "PageTables:", -1 },
		{ "VmallocUsed:", -1 }, { "Percpu:", -1 },
	};
	char line[128], name[32];
	long sum = 0, value;
	size_t i;
	FILE *file;

	file = fopen("/proc/meminfo", "r");
	ASSERT_TRUE(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%31s %ld", name, &value) != 2)
			continue;
		for (i = 0; i < ARRAY_SIZE(rows); i++)
			if (!strcmp(name, rows[i].name))
				sum += rows[i].sign * value;
	}
	fclose(file);
	return sum;
}

/* What a processor keeps free for itself counts as taken: as little as can be. */
static void keep_few_free_pages(void)
{
	int fd = open("/proc/sys/vm/percpu_pagelist_high_fraction",
		      O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(6, write(fd, "100000", 6));
	close(fd);
}

/* No cycle may have cost a receive buffer; what is freed late is given time. */
static void compare_pages(long before, int cycles)
{
	struct deadline deadline = deadline_in(15000);
	long gained, most = (long)cycles * CYCLE_PAGES_KB;

	do {
		kernel_kb();
		gained = pages_kb() - before;
	} while (gained > most && deadline_pause(&deadline));
	printf("# %ld kB more in pages\n", gained);
	EXPECT_LE(gained, most);
}

/* Slab caches and how many objects of each are in use */
struct slabs {
	unsigned int n;
	struct {
		char name[48];
		long objects;
	} cache[CACHES_MAX];
};

/* False where the kernel does not say. */
static bool read_slabs(struct slabs *slabs)
{
	FILE *file = fopen("/proc/slabinfo", "r");
	char line[512], path[128];
	int fd;

	slabs->n = 0;
	if (!file)
		return false;
	while (slabs->n < CACHES_MAX && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%47s %*d", slabs->cache[slabs->n].name) != 1 ||
		    line[0] == '#' || !strncmp(line, "slabinfo", 8))
			continue;
		/* What a processor keeps for itself counts as in use. */
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink",
			 slabs->cache[slabs->n].name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0) {
			EXPECT_EQ(1, write(fd, "1", 1));
			close(fd);
		}
		slabs->n++;
	}
	rewind(file);
	slabs->n = 0;
	while (slabs->n < CACHES_MAX && fgets(line, sizeof(line), file))
		if (sscanf(line, "%47s %ld", slabs->cache[slabs->n].name,
			   &slabs->cache[slabs->n].objects) == 2)
			slabs->n++;
	fclose(file);
	return slabs->n;
}

static long objects_of(const struct slabs *slabs, const char *name)
{
	unsigned int i;

	for (i = 0; i < slabs->n; i++)
		if (!strcmp(slabs->cache[i].name, name))
			return slabs->cache[i].objects;
	return 0;
}

/* The cache that gained most, by @ret_gained objects */
static const char *most_gained(const struct slabs *before, const struct slabs *after,
			       long *ret_gained)
{
	const char *name = "none";
	unsigned int i;
	long gained;

	*ret_gained = 0;
	for (i = 0; i < after->n; i++) {
		gained = after->cache[i].objects -
			 objects_of(before, after->cache[i].name);
		if (gained <= *ret_gained)
			continue;
		*ret_gained = gained;
		name = after->cache[i].name;
	}
	return name;
}

/*
 * No cache may have gained one object for every second cycle. What the kernel frees
 * behind a grace period is given the time for it: inodes and what hangs on them.
 */
static void compare_slabs(const struct slabs *before, int cycles)
{
	struct deadline deadline = deadline_in(15000);
	static struct slabs after;
	const char *name;
	long gained;

	do {
		kernel_kb();
		ASSERT_TRUE(read_slabs(&after));
		name = most_gained(before, &after, &gained);
	} while (gained > cycles / 2 && deadline_pause(&deadline));
	printf("# %u caches; most gained by %s: %ld objects\n", after.n, name, gained);
	if (gained > cycles / 2)
		harness_fail(__FILE__, __LINE__, false, "%ld objects more of %s after %d cycles",
			     gained, name, cycles);
}

/*
 * Lists ports as long as it is let, whatever becomes of them meanwhile. Ends
 * with 1 when a dump fails.
 */
static pid_t start_lister(void)
{
	struct genl_msg msg;
	struct genl genl;
	pid_t pid = fork();
	int ret;

	ASSERT_LE(0, pid);
	if (pid)
		return pid;
	genl_open(&genl);
	do {
		genl_new(&genl, &msg, M2M_WWAN_CMD_PORT_GET);
		ret = genl_dump(&genl, &msg, NULL, NULL);
	} while (!ret);
	printf("# a dump of ports failed: %s\n", strerror(-ret));
	fflush(stdout);
	_exit(1);
}

static void stop_lister(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	/* It did not end by itself. */
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Pulled in one of four moments: idle, open, asked, answered late */
static void cycle(int n)
{
	struct frame request;
	int fd = -1;

	if (n % 4 > 0)
		fd = wdm_open(O_NONBLOCK);
	frame_request(&request, CTL, 0, 1, CTL_ALLOCATE);
	frame_add_u8(&request, 0x01, DMS);
	if (n % 4 == 3)
		sim_do("ctl late 10s 1");
	if (n % 4 > 1)
		wdm_send(fd, &request);
	sim_do("unplug");
	wait_there(false);
	/* The file goes before or after the next modem comes. */
	if (n % 8 > 3 && fd >= 0)
		close(fd);
	sim_do("ctl late 0 0");
	sim_do("replug");
	wait_there(true);
	if (n % 8 < 4 && fd >= 0)
		close(fd);
}

TEST_TIMEOUT(many_cycles_leave_memory_flat, 240)
{
	static struct slabs slabs_before;
	const char *text = getenv("M2M_CYCLES");
	int i, cycles = text ? atoi(text) : 200;
	long before, after, pages_before;
	bool keeps, counted;

	keep_few_free_pages();
	modem_settle();
	for (i = 0; i < WARM_UP; i++)
		cycle(i);
	before = kernel_kb();
	pages_before = pages_kb();
	/*
	 * A kernel that checks itself keeps freed objects, more of them until its
	 * quarantine is full; it looks for leaks.
	 */
	keeps = !strcmp(getenv("M2M_KERNEL") ?: "", "debug");
	counted = !keeps && read_slabs(&slabs_before);
	for (i = 0; i < cycles; i++)
		cycle(i);
	after = kernel_kb();
	if (counted) {
		compare_slabs(&slabs_before, cycles);
		compare_pages(pages_before, cycles);
	}
	printf("# %d cycles; the kernel held %ld kB before and %ld kB after\n",
	       cycles, before, after);
	if (!keeps)
		EXPECT_LT(after - before, FLAT_KB);
	modem_settle();
}

TEST_TIMEOUT(ports_are_listed_while_they_die, 60)
{
	pid_t lister = start_lister();
	int i;

	for (i = 0; i < 20; i++)
		cycle(i);
	stop_lister(lister);
	modem_settle();
}

TEST_HARNESS_MAIN
