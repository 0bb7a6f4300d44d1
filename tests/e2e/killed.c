// SPDX-License-Identifier: GPL-2.0-or-later
/* Clients that are killed at any moment, by the thousand, with a pool of eight. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/wdm.h"

#define POOL		8
#define AT_ONCE		4
#define LIFE_MS_MAX	24

static const uint8_t services[] = { DMS, NAS, WDS, UIM };

/* What the victims saw before they died, in shared memory. */
static struct sight {
	unsigned int opened, answered, exhausted, strange;
} *sight;

static unsigned int seed = 20160415;

void harness_before(void)
{
	modem_fresh();
	sim_do("set pool.size %d", POOL);
	sight = mmap(NULL, sizeof(*sight), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(sight != MAP_FAILED);
}

/* $M2M_KILLS, or a thousand. */
static unsigned int kills(void)
{
	const char *text = getenv("M2M_KILLS");

	return text ? (unsigned int)atoi(text) : 1000;
}

static void count(unsigned int *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static unsigned int draw(unsigned int below)
{
	return (unsigned int)rand_r(&seed) % below;
}

/* Uses the device as fast as it can, until it is killed. */
static void live_with_file(unsigned int n)
{
	struct frame request, answer;
	uint8_t service = services[n % ARRAY_SIZE(services)], cid;
	uint16_t tid = 0;
	int fd, error;

	for (;;) {
		fd = wdm_open(0);
		error = wdm_try_allocate(fd, service, &cid);
		if (error == QMI_CLIENT_IDS_EXHAUSTED)
			count(&sight->exhausted);
		else if (error)
			count(&sight->strange);
		else
			count(&sight->opened);
		for (; !error && ++tid % 8;) {
			frame_request(&request, service, cid, tid, 0x20 + tid % 16);
			wdm_call(fd, &request, &answer);
			count(&sight->answered);
		}
		/* Some close in order, some release, the others are killed. */
		if (tid % 16 == 0)
			wdm_release(fd, service, cid);
		close(fd);
	}
}

static void live_with_socket(unsigned int n)
{
	uint8_t service = services[n % ARRAY_SIZE(services)];
	struct genl_msg msg;
	struct genl genl;
	uint32_t port, handle;

	for (;;) {
		genl_open(&genl);
		port = port_find(&genl);
		ASSERT_EQ(0, client_open(&genl, port, service, NULL, &handle));
		client_opened(&genl, handle, &msg);
		if (!genl_has(&msg, M2M_WWAN_A_CLIENT_FAILURE))
			count(&sight->opened);
		else if (genl_u16(&msg, M2M_WWAN_A_CLIENT_QMI_ERROR) ==
			 QMI_CLIENT_IDS_EXHAUSTED)
			count(&sight->exhausted);
		else
			count(&sight->strange);
		if (!genl_has(&msg, M2M_WWAN_A_CLIENT_FAILURE)) {
			client_call(&genl, port, handle, service, 0x20);
			count(&sight->answered);
		}
		genl_close(&genl);
	}
}

static pid_t begin(void (*live)(unsigned int n), unsigned int n)
{
	pid_t pid = fork();

	if (!pid) {
		live(n);
		_exit(0);
	}
	ASSERT_LT(0, pid);
	return pid;
}

static void kill_many(void (*live)(unsigned int n), unsigned int total)
{
	pid_t victims[AT_ONCE];
	unsigned int i, n;
	int status;

	for (i = 0; i < AT_ONCE; i++)
		victims[i] = begin(live, i);
	for (i = 0; i < total; i++) {
		n = draw(AT_ONCE);
		poll(NULL, 0, (int)draw(LIFE_MS_MAX));
		ASSERT_EQ(0, kill(victims[n], SIGKILL));
		ASSERT_EQ(victims[n], waitpid(victims[n], &status, 0));
		/* Whoever failed on the way said so and ended by itself. */
		ASSERT_TRUE(WIFSIGNALED(status));
		victims[n] = begin(live, draw(1000));
	}
	for (i = 0; i < AT_ONCE; i++) {
		kill(victims[i], SIGKILL);
		waitpid(victims[i], &status, 0);
	}
	printf("# %u killed; they opened %u ids, got %u answers, found the pool empty %u times\n",
	       total + AT_ONCE, sight->opened, sight->answered, sight->exhausted);
	EXPECT_LE(total / 4, sight->opened);
	EXPECT_EQ(0, sight->strange);
}

/* Waits until the modem was told of every end; what is left is parked. */
static void expect_pool_is_fine(void)
{
	char key[32];
	size_t i;
	int fd, n;

	modem_settle();
	fd = wdm_open(0);
	for (i = 0; i < ARRAY_SIZE(services); i++)
		for (n = 0; n < POOL; n++)
			wdm_allocate(fd, services[i]);
	snprintf(key, sizeof(key), "clients");
	EXPECT_EQ(POOL * ARRAY_SIZE(services), sim_get(key));
}

TEST_TIMEOUT(a_thousand_killed_files_exhaust_nothing, 90)
{
	static const char *const keys[] = {
		"clients.dms", "clients.nas", "clients.uim",
	};
	size_t i;

	kill_many(live_with_file, kills());
	/*
	 * At most four parked ids of a service, at most eight of WDS; one more for a
	 * moment, where a file's last request is answered after its end.
	 */
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		sim_wait_most(keys[i], 4, 5000);
	EXPECT_EQ(0, sight->exhausted);
	expect_pool_is_fine();
}

TEST_TIMEOUT(killed_sockets_leave_nothing, 60)
{
	kill_many(live_with_socket, kills() / 4);
	sim_wait_get("clients", 0, 10000);
	EXPECT_EQ(0, sight->exhausted);
	expect_pool_is_fine();
}

TEST_HARNESS_MAIN
