// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams from a namespace to this one that nobody reads until standard input ends:
 * for as long as that the driver's memory is theirs. Then each is to be what was sent.
 *
 * usage: unread NAMESPACE ADDRESS MODEM
 *
 * MODEM is a process that stands still while datagrams are sent, so that what it then
 * passes on is full transfers. Says "unread" once all are there, and how many they were at the end.
 */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "namespace.h"

/* Of what is kept, and of what is read at once: that shows that it has come. */
#define PORT_KEPT	5005
#define PORT_READ	5006
#define SIZE		1400
/* At a time, so that no queue overflows, and how often */
#define BURST		32
#define BURSTS		64
#define ROOM		(64 * 1024 * 1024)
#define WAIT_MS		20000

static struct sockaddr_in at_port(struct in_addr to, uint16_t port)
{
	return (struct sockaddr_in) {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = to,
	};
}

static int listen_at(struct in_addr to, uint16_t port)
{
	struct sockaddr_in address = at_port(to, port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), room = ROOM;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "bind");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		err(1, "SO_RCVBUFFORCE");
	return fd;
}

static int talk_from(const char *namespace)
{
	int fd;

	if (namespace_enter(namespace))
		err(1, "namespace %s", namespace);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void make(uint8_t *data, uint32_t number)
{
	size_t i;

	for (i = 0; i < SIZE; i++)
		data[i] = number * 31 + i;
	memcpy(data, &number, sizeof(number));
}

static void talk(int fd, struct in_addr to, uint16_t port, uint32_t number)
{
	struct sockaddr_in address = at_port(to, port);
	uint8_t data[SIZE];

	make(data, number);
	if (sendto(fd, data, SIZE, 0, (struct sockaddr *)&address,
		   sizeof(address)) != SIZE)
		err(1, "sendto");
}

static void expect(int fd, uint32_t number)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	uint8_t data[SIZE], came[SIZE + 1];

	if (poll(&poller, 1, WAIT_MS) != 1)
		errx(1, "datagram %u does not come", number);
	make(data, number);
	if (recv(fd, came, sizeof(came), 0) != SIZE || memcmp(came, data, SIZE))
		errx(1, "datagram %u is not what was sent", number);
}

static void tell(pid_t modem, int number)
{
	if (kill(modem, number))
		err(1, "the modem, process %d", (int)modem);
}

/* All of it has come when this returns. */
static void burst(int out, int read_at_once, struct in_addr to, pid_t modem,
		  uint32_t first)
{
	uint32_t i;

	tell(modem, SIGSTOP);
	for (i = first; i < first + BURST; i++)
		talk(out, to, PORT_KEPT, i);
	talk(out, to, PORT_READ, i);
	tell(modem, SIGCONT);
	expect(read_at_once, i);
}

int main(int argc, char *argv[])
{
	int kept, read_at_once, out;
	struct in_addr to;
	uint32_t i;
	char c;

	if (argc != 4 || inet_pton(AF_INET, argv[2], &to) != 1 || atoi(argv[3]) < 2)
		errx(2, "usage: unread NAMESPACE ADDRESS MODEM");
	kept = listen_at(to, PORT_KEPT);
	read_at_once = listen_at(to, PORT_READ);
	out = talk_from(argv[1]);
	for (i = 0; i < BURSTS; i++)
		burst(out, read_at_once, to, (pid_t)atoi(argv[3]), i * BURST);
	puts("unread");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	for (i = 0; i < BURST * BURSTS; i++)
		expect(kept, i);
	printf("%u datagrams\n", i);
	return 0;
}
