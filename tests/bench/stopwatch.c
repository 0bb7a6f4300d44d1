// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the clock of the benchmarks: what the shell's own is too coarse for. */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * DOC: what is measured
 *
 * stopwatch plug SOCKET ADDRESS SECONDS
 *     A virtual modem that is unplugged is plugged in. Prints the milliseconds
 *     from that command to the modem's registration, and to the first answer to
 *     an echo request; one is sent every PING_MS from the beginning.
 * stopwatch recover SOCKET ADDRESS SECONDS COMMAND
 *     COMMAND goes to a virtual modem and ends a fault. Prints the milliseconds from it
 *     until the modem is on the bus and registered, and until a ping is answered, or
 *     "never" where that takes longer.
 * stopwatch run COUNT COMMAND...
 *     Runs a command once to warm up and COUNT times for the record. Prints the
 *     milliseconds from before its start to after its end, a line each.
 *
 * All times are CLOCK_MONOTONIC.
 */

#define PING_MS		10

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1)
		errx(2, "%s is no count", text);
	return value;
}

/* --- a command's time --------------------------------------------------------- */

static int64_t run_once(char **command)
{
	posix_spawn_file_actions_t quiet;
	int64_t began = now_us();
	int status, ret;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	ret = posix_spawnp(&pid, command[0], &quiet, NULL, command, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (ret)
		errx(1, "%s: %s", command[0], strerror(ret));
	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (status)
		errx(1, "%s ended with status %#x", command[0], status);
	return now_us() - began;
}

static void run(long count, char **command)
{
	run_once(command);
	while (count--)
		printf("%.1f\n", run_once(command) / 1000.0);
}

/* --- the modem's control socket ------------------------------------------------ */

static int sim_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		errx(2, "%s is too long", path);
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "%s", path);
	return fd;
}

static void sim_send(int fd, const char *line)
{
	if (write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		err(1, "the modem takes no command");
}

/* An answer that begins with ok, up to its empty line */
static void sim_answer(int fd, char *ret_answer, size_t size)
{
	size_t have = 0;
	ssize_t n;

	do {
		n = read(fd, ret_answer + have, size - 1 - have);
		if (n <= 0)
			errx(1, "the modem does not answer");
		have += n;
		ret_answer[have] = '\0';
	} while (!strstr(ret_answer, "\n\n"));
	if (strncmp(ret_answer, "ok", 2))
		errx(1, "the modem says %s", ret_answer);
}

/* From the returned descriptor an answer comes once the modem registers anew. */
static int sim_expect_registered(const char *path, long seconds)
{
	char text[128];
	int fd = sim_connect(path);
	long before;

	sim_send(fd, "get event.nas.registered\n");
	sim_answer(fd, text, sizeof(text));
	before = strtol(text + 2, NULL, 10);
	snprintf(text, sizeof(text), "wait nas.registered %ld %ld\n", seconds,
		 before + 1);
	sim_send(fd, text);
	return fd;
}

/* --- ping --------------------------------------------------------------------- */

struct ping {
	int fd;
	struct sockaddr_in to;
	uint16_t id, sequence;
};

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *word = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *word++;
	sum = (sum >> 16) + (sum & 0xffff);
	return ~(sum + (sum >> 16));
}

static void ping_open(struct ping *ping, const char *address)
{
	memset(ping, 0, sizeof(*ping));
	ping->to.sin_family = AF_INET;
	ping->id = getpid();
	if (inet_pton(AF_INET, address, &ping->to.sin_addr) != 1)
		errx(2, "%s is no address", address);
	ping->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (ping->fd < 0)
		err(1, "raw socket");
}

static void ping_send(struct ping *ping)
{
	struct icmphdr echo = { .type = ICMP_ECHO };

	echo.un.echo.id = ping->id;
	echo.un.echo.sequence = htons(++ping->sequence);
	echo.checksum = checksum(&echo, sizeof(echo));
	/* It fails as long as there is no route, and then the next one is due. */
	(void)!sendto(ping->fd, &echo, sizeof(echo), MSG_DONTWAIT,
		      (struct sockaddr *)&ping->to, sizeof(ping->to));
}

static bool ping_is_answered(const struct ping *ping)
{
	uint8_t packet[256];
	struct icmphdr echo;
	size_t header;
	ssize_t len;

	len = recv(ping->fd, packet, sizeof(packet), MSG_DONTWAIT);
	if (len < (ssize_t)sizeof(struct iphdr))
		return false;
	header = (packet[0] & 0xf) * 4;
	if (len < (ssize_t)(header + sizeof(echo)))
		return false;
	memcpy(&echo, packet + header, sizeof(echo));
	return echo.type == ICMP_ECHOREPLY && echo.un.echo.id == ping->id;
}

/* --- from the plug to the ping ------------------------------------------------- */

static void plug(const char *path, const char *address, long seconds)
{
	int control = sim_connect(path);
	struct pollfd fds[2] = {
		{ .fd = sim_expect_registered(path, seconds), .events = POLLIN },
		{ .events = POLLIN },
	};
	int64_t began, registered = 0, answered = 0;
	struct ping ping;
	char answer[256];

	ping_open(&ping, address);
	fds[1].fd = ping.fd;
	began = now_us();
	sim_send(control, "replug\n");
	while (!registered || !answered) {
		if (now_us() - began > seconds * 1000000)
			errx(1, "no %s in %ld s", registered ? "ping answered" :
			     "registration", seconds);
		if (!answered)
			ping_send(&ping);
		poll(fds, 2, PING_MS);
		if (fds[0].revents) {
			registered = now_us() - began;
			sim_answer(fds[0].fd, answer, sizeof(answer));
			fds[0].fd = -1;
		}
		if (!answered && ping_is_answered(&ping)) {
			answered = now_us() - began;
			fds[1].fd = -1;
		}
	}
	sim_answer(control, answer, sizeof(answer));
	printf("%.1f %.1f\n", registered / 1000.0, answered / 1000.0);
}

/* --- from the end of a fault to the ping ------------------------------------------ */

static bool sim_says(int fd, const char *key, const char *value)
{
	char line[64], answer[128];

	snprintf(line, sizeof(line), "get %s\n", key);
	sim_send(fd, line);
	sim_answer(fd, answer, sizeof(answer));
	return !strncmp(answer + 3, value, strlen(value));
}

/* Every 10 ms at first, and later to a hundredth of what has passed */
static int pause_ms(int64_t passed_us)
{
	int64_t ms = passed_us / 1000 / 100;

	return ms < PING_MS ? PING_MS : ms > 1000 ? 1000 : ms;
}

static void recover(const char *path, const char *address, long seconds,
		    const char *command)
{
	int64_t began, registered = 0, answered = 0;
	struct pollfd fd = { .events = POLLIN };
	int control = sim_connect(path);
	struct ping ping;
	char text[256];

	ping_open(&ping, address);
	fd.fd = ping.fd;
	snprintf(text, sizeof(text), "%s\n", command);
	began = now_us();
	sim_send(control, text);
	sim_answer(control, text, sizeof(text));
	while (!answered && now_us() - began < seconds * 1000000) {
		ping_send(&ping);
		poll(&fd, 1, pause_ms(now_us() - began));
		if (!registered && sim_says(control, "usb.state", "configured") &&
		    sim_says(control, "nas.state", "registered"))
			registered = now_us() - began;
		if (ping_is_answered(&ping))
			answered = now_us() - began;
	}
	if (answered)
		printf("%.1f %.1f\n", registered / 1000.0, answered / 1000.0);
	else
		printf("never\n");
}

int main(int argc, char *argv[])
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "plug"))
		plug(argv[2], argv[3], number(argv[4]));
	else if (argc == 6 && !strcmp(argv[1], "recover"))
		recover(argv[2], argv[3], number(argv[4]), argv[5]);
	else if (argc >= 4 && !strcmp(argv[1], "run"))
		run(number(argv[2]), argv + 3);
	else
		errx(2, "usage: stopwatch plug SOCKET ADDRESS SECONDS |\n"
		     "  recover SOCKET ADDRESS SECONDS COMMAND | run COUNT COMMAND...");
	return 0;
}
