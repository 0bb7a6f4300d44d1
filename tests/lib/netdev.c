// SPDX-License-Identifier: GPL-2.0-or-later
/* A network device of the driver, and what it lets pass. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
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
