// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * As much TCP as a network device takes, in packets of several segments, without a
 * connection, until somebody ends it: also while the device is down, or gone for a while.
 *
 * usage: flood INTERFACE FROM TO PORT
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "large.h"

#define PAUSE_MS	20

static u32 address(const char *text)
{
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) != 1)
		errx(2, "%s is no address", text);
	return ntohl(in.s_addr);
}

int main(int argc, char *argv[])
{
	struct large packet;
	int fd, error;

	if (argc != 5)
		errx(2, "usage: flood INTERFACE FROM TO PORT");
	large_make(&packet, address(argv[2]), address(argv[3]), (u16)atoi(argv[4]),
		   LARGE_SEGMENTS);
	fd = large_open();
	if (fd < 0)
		err(1, "a socket that sends packets");
	for (;; large_go_on(&packet)) {
		error = large_send(fd, argv[1], &packet, 0);
		if (!error)
			continue;
		if (error != -ENETDOWN && error != -ENODEV && error != -ENXIO &&
		    error != -ENOBUFS)
			errx(1, "%s: %s", argv[1], strerror(-error));
		poll(NULL, 0, PAUSE_MS);
	}
}
