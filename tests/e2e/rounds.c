// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A link's life ends in each way it can while two senders never pause: down, deleted,
 * with its namespace, by another format, with the interface below it. What a transfer
 * that completes afterwards gives back must be of the link that is, or of none: byte
 * queue limits that are given back more than they lent are a BUG.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/large.h"
#include "../lib/modem.h"
#include "../lib/mux.h"
#include "../lib/netdev.h"
#include "../lib/waiting.h"
#include "../lib/wda.h"
#include "../lib/wdm.h"

#define RAW_IP		M2M_WWAN_LINK_RAW_IP
#define LINKS		2
#define BURST		32
#define PORT		9
/* 192.0.2.1 and its neighbour */
#define FROM		0xc0000201
#define TO		0xc0000202

static const char * const links[LINKS] = { "round1", "round2" };
static char net[IFNAMSIZ];

static unsigned int rounds_wanted(void)
{
	const char *text = getenv("M2M_ROUNDS");

	return text ? (unsigned int)atoi(text) : 100;
}

/* What is not there, down or full takes nothing, which is no fault here. */
static void burst(int fd, const char *name)
{
	struct large packet;
	int i, error;

	for (i = 0; i < BURST; i++) {
		large_make(&packet, FROM, TO, PORT, i % 4 ? 1 : LARGE_SEGMENTS);
		error = large_send(fd, name, &packet, MSG_DONTWAIT);
		ASSERT_TRUE(!error || error == -ENOBUFS || error == -EAGAIN ||
			    error == -ENXIO || error == -ENETDOWN ||
			    error == -ENODEV);
	}
}

/* A process for each link that sends until it is ended; @direct: past the link's queue */
static void senders_start(pid_t senders[LINKS], int direct)
{
	unsigned int i;
	int fd;

	for (i = 0; i < LINKS; i++) {
		senders[i] = fork();
		ASSERT_LE(0, senders[i]);
		if (senders[i])
			continue;
		fd = large_open();
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &direct,
					sizeof(direct)));
		for (;;)
			burst(fd, links[i]);
	}
}

/* Deleted by a namespace's end it is gone a moment later, and its id as long taken. */
static void link_make(unsigned int i)
{
	struct deadline deadline = deadline_in(20000);
	uint8_t id = i + 1;
	int error;

	do {
		error = mux_add(links[i], net, &id, sizeof(id));
	} while (error == -EEXIST && deadline_pause(&deadline));
	ASSERT_EQ(0, error);
	netdev_set_up(links[i], true);
}

static void goes_down(unsigned int i)
{
	netdev_set_up(links[i], false);
	netdev_set_up(links[i], true);
}

static void is_deleted(unsigned int i)
{
	ASSERT_EQ(0, mux_del(links[i]));
	link_make(i);
}

static void dies_with_its_namespace(unsigned int i)
{
	int before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int rtnl = mux_open(), there, fd;
	struct mux_request req;

	ASSERT_LE(0, before);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	there = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, there);
	mux_request_move(&req, links[i], there);
	ASSERT_EQ(0, mux_send(rtnl, &req));
	ASSERT_EQ(0, mux_receive(rtnl));
	netdev_set_up(links[i], true);
	fd = large_open();
	ASSERT_LE(0, fd);
	burst(fd, links[i]);
	close(fd);
	close(there);
	ASSERT_EQ(0, setns(before, CLONE_NEWNET));
	close(before);
	close(rtnl);
	link_make(i);
}

static void lower_goes_down(unsigned int i)
{
	unsigned int n;

	netdev_set_up(net, false);
	netdev_set_up(net, true);
	/* It takes its links along. */
	for (n = 0; n < LINKS; n++)
		netdev_set_up(links[(i + n) % LINKS], true);
}

static void (*const ends[])(unsigned int link) = {
	goes_down, is_deleted, dies_with_its_namespace, lower_goes_down,
};

/* Bytes that were lent to a link's queue and not given back */
static int lent(const char *name)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path),
		 "/sys/class/net/%s/queues/tx-0/byte_queue_limits/inflight", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_LT(0, read(fd, text, sizeof(text) - 1));
	close(fd);
	return atoi(text);
}

/* What they sent is given back, and the links are as good as before. */
static void senders_end(const pid_t senders[LINKS])
{
	struct deadline deadline;
	unsigned int i;
	int status;

	for (i = 0; i < LINKS; i++) {
		ASSERT_EQ(0, kill(senders[i], SIGTERM));
		ASSERT_EQ(senders[i], waitpid(senders[i], &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
		deadline = deadline_in(5000);
		while (lent(links[i]) && deadline_pause(&deadline))
			;
		EXPECT_EQ(0, lent(links[i]));
		EXPECT_TRUE(netdev_passes(links[i]));
		EXPECT_EQ(0, mux_del(links[i]));
	}
}

static void setup(int *ret_fd, uint8_t *ret_cid)
{
	struct genl_msg msg;
	struct genl genl;
	unsigned int i;

	modem_fresh();
	genl_open(&genl);
	ASSERT_EQ(0, port_get(&genl, port_find(&genl), &msg));
	snprintf(net, sizeof(net), "%s", genl_string(&msg, M2M_WWAN_A_PORT_IFNAME));
	genl_close(&genl);
	netdev_set_up(net, false);
	ASSERT_EQ(0, netdev_write(net, "qmi/raw_ip", "Y"));
	*ret_fd = wdm_open(0);
	*ret_cid = wdm_allocate(*ret_fd, WDA);
	ASSERT_EQ(0, wda_set(*ret_fd, *ret_cid, RAW_IP, M2M_WWAN_AGG_QMAPV5));
	netdev_set_up(net, true);
	for (i = 0; i < LINKS; i++)
		link_make(i);
}

TEST_TIMEOUT(links_end_under_load, 300)
{
	static const uint32_t formats[] = {
		M2M_WWAN_AGG_QMAP, M2M_WWAN_AGG_QMAPV5, M2M_WWAN_AGG_QMAPV4,
		M2M_WWAN_AGG_QMAPV5,
	};
	unsigned int i, n = rounds_wanted();
	pid_t senders[LINKS];
	uint8_t cid;
	int fd;

	setup(&fd, &cid);
	senders_start(senders, false);
	for (i = 0; i < n; i++) {
		ends[i % ARRAY_SIZE(ends)](i / ARRAY_SIZE(ends) % LINKS);
		if (i % 5 == 4)
			ASSERT_EQ(0, wda_set(fd, cid, RAW_IP,
					     formats[i / 5 % ARRAY_SIZE(formats)]));
	}
	senders_end(senders);
	printf("# %u rounds\n", n);
}

/*
 * Who sends past the queue may see a link running that is not when the driver is asked. The
 * links stay: of one that is deleted AF_PACKET divides by its number of queues, which is 0
 * by then (Linux 6.12).
 */
TEST_TIMEOUT(links_go_down_under_direct_load, 300)
{
	unsigned int i, n = rounds_wanted();
	pid_t senders[LINKS];
	uint8_t cid;
	int fd;

	setup(&fd, &cid);
	senders_start(senders, true);
	for (i = 0; i < n; i++)
		goes_down(i % LINKS);
	senders_end(senders);
}

TEST_HARNESS_MAIN
