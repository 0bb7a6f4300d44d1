// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams from a namespace to this one, and how many at a time the stack hands over:
 * with UDP_GRO it merges those that follow each other. Now and then one comes in
 * fragments, at its place among the others.
 *
 * usage: datagrams NAMESPACE ADDRESS gro|plain
 *
 * Says how many came, in how many pieces; fails unless all came in order, and, with
 * gro, in fewer pieces, without it each alone.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "namespace.h"

#define PORT		5003
#define SIZE		1000
#define SIZE_CUT_UP	2500
/* One of so many is. */
#define CUT_UP		6
/* At a time, so that no queue overflows, and how often */
#define BURST		16
#define BURSTS		16
#define WAIT_MS		20000

static unsigned int n_came, n_pieces;

static int listen_at(const struct sockaddr_in *address, bool gro)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	if (fd < 0 || bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		err(1, "bind");
	if (gro && setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)))
		err(1, "UDP_GRO");
	return fd;
}

static int talk_from(const char *namespace, const struct sockaddr_in *address)
{
	int fd;

	if (namespace_enter(namespace))
		err(1, "namespace %s", namespace);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		err(1, "connect");
	return fd;
}

/* Returns its length. */
static ssize_t make(uint8_t *data, uint32_t number)
{
	ssize_t len = number % CUT_UP == CUT_UP - 1 ? SIZE_CUT_UP : SIZE, i;

	for (i = 0; i < len; i++)
		data[i] = number * 31 + i;
	memcpy(data, &number, sizeof(number));
	return len;
}

static void send_burst(int fd, uint32_t first)
{
	uint8_t data[SIZE_CUT_UP];
	ssize_t len;
	uint32_t i;

	for (i = 0; i < BURST; i++) {
		len = make(data, first + i);
		if (send(fd, data, len, 0) != len)
			err(1, "send");
	}
}

/* One piece: whole datagrams, each the next one. */
static void take(int fd)
{
	static uint8_t piece[65536];
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	uint8_t data[SIZE_CUT_UP];
	ssize_t len, at, n;

	if (poll(&poller, 1, WAIT_MS) != 1)
		errx(1, "%u came, then nothing", n_came);
	len = recv(fd, piece, sizeof(piece), 0);
	if (len <= 0)
		err(1, "recv");
	for (at = 0; at < len; at += n) {
		n = make(data, n_came);
		if (n > len - at || memcmp(piece + at, data, n))
			errx(1, "datagram %u is not what was sent", n_came);
		n_came++;
	}
	n_pieces++;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	bool gro = argc == 4 && !strcmp(argv[3], "gro");
	unsigned int i;
	int in, out;

	if (argc != 4 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1)
		errx(2, "usage: datagrams NAMESPACE ADDRESS gro|plain");
	in = listen_at(&address, gro);
	out = talk_from(argv[1], &address);
	for (i = 0; i < BURSTS; i++) {
		send_burst(out, i * BURST);
		while (n_came < (i + 1) * BURST)
			take(in);
	}
	printf("%u datagrams in %u pieces\n", n_came, n_pieces);
	return gro ? n_pieces >= n_came : n_pieces != n_came;
}
