// SPDX-License-Identifier: GPL-2.0-or-later
/* A network device of the driver, and what it lets pass. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "netdev.h"
#include "sim.h"
#include "waiting.h"

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

static int read_number(const char *name, const char *file)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_LT(0, read(fd, text, sizeof(text) - 1));
	close(fd);
	return atoi(text);
}

int netdev_write(const char *name, const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, file);
	return write_file(path, text);
}

int netdev_type(const char *name)
{
	return read_number(name, "type");
}

static void ask_ethtool(const char *name, void *what)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { .ifr_data = what };

	ASSERT_LE(0, fd);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ASSERT_EQ(0, ioctl(fd, SIOCETHTOOL, &ifr));
	close(fd);
}

unsigned long long netdev_counter(const char *name, const char *counter)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_gstrings *names;
	struct ethtool_stats *stats;
	unsigned long long value;
	unsigned int i = 0;

	ask_ethtool(name, &info);
	names = calloc(1, sizeof(*names) + info.n_stats * ETH_GSTRING_LEN);
	stats = calloc(1, sizeof(*stats) + info.n_stats * sizeof(stats->data[0]));
	ASSERT_TRUE(names && stats);
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = info.n_stats;
	stats->cmd = ETHTOOL_GSTATS;
	stats->n_stats = info.n_stats;
	ask_ethtool(name, names);
	ask_ethtool(name, stats);
	while (i < info.n_stats &&
	       strncmp((char *)names->data + i * ETH_GSTRING_LEN, counter,
		       ETH_GSTRING_LEN))
		i++;
	ASSERT_LT(i, info.n_stats);
	value = stats->data[i];
	free(names);
	free(stats);
	return value;
}

void netdev_set_up(const char *name, bool up)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };
	char path[128];

	ASSERT_LE(0, fd);
	/* Its solicitations would look like what a test sends. */
	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6",
		 name);
	if (access(path, F_OK) == 0)
		ASSERT_EQ(0, write_file(path, "1"));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ASSERT_EQ(0, ioctl(fd, SIOCGIFFLAGS, &ifr));
	if (up)
		ifr.ifr_flags |= IFF_UP;
	else
		ifr.ifr_flags &= ~IFF_UP;
	ASSERT_EQ(0, ioctl(fd, SIOCSIFFLAGS, &ifr));
	close(fd);
}

bool netdev_wait_carrier(const char *name, bool on)
{
	struct deadline deadline = deadline_in(5000);

	while (read_number(name, "carrier") != on && deadline_pause(&deadline))
		;
	return read_number(name, "carrier") == on;
}

void netdev_send(const char *name, int n)
{
	/* An echo request from 192.0.2.1 to 192.0.2.2 */
	static const unsigned char packet[28] = {
		0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0xf6, 0xdd,
		192, 0, 2, 1, 192, 0, 2, 2, 8, 0, 0xf7, 0xff,
	};
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IP),
		.sll_ifindex = (int)if_nametoindex(name),
		.sll_halen = ETHER_ADDR_LEN,
		.sll_addr = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ASSERT_LE(0, fd);
	ASSERT_NE(0, to.sll_ifindex);
	while (n--)
		if (sendto(fd, packet, sizeof(packet), MSG_DONTWAIT,
			   (struct sockaddr *)&to, sizeof(to)) < 0)
			ASSERT_TRUE(errno == ENOBUFS || errno == EAGAIN);
	close(fd);
}

bool netdev_passes(const char *name)
{
	struct deadline deadline = deadline_in(5000);
	long before = sim_stat("ul_transfers");

	do {
		netdev_send(name, 1);
		if (sim_stat("ul_transfers") > before)
			return true;
	} while (deadline_pause(&deadline));
	return false;
}

bool netdev_is_stopped(const char *name)
{
	struct deadline deadline = deadline_in(300);
	long before = sim_stat("ul_transfers");

	do {
		netdev_send(name, 1);
	} while (deadline_pause(&deadline));
	return sim_stat("ul_transfers") == before;
}
