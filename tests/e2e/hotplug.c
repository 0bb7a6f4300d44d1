// SPDX-License-Identifier: GPL-2.0-or-later
/* Modems come and go, whatever they are at, and nothing is left of them. */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define WARM_UP		10
#define FLAT_KB		1024

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
	const char *text = getenv("M2M_CYCLES");
	int i, cycles = text ? atoi(text) : 200;
	long before, after;

	modem_settle();
	for (i = 0; i < WARM_UP; i++)
		cycle(i);
	before = kernel_kb();
	for (i = 0; i < cycles; i++)
		cycle(i);
	after = kernel_kb();
	printf("# %d cycles; the kernel held %ld kB before and %ld kB after\n",
	       cycles, before, after);
	EXPECT_LT(after - before, FLAT_KB);
	modem_settle();
}

TEST_HARNESS_MAIN
