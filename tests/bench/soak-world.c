// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what the long run is in touch with: virtual modems, the network, a process. */
#include <arpa/inet.h>
#include <dirent.h>
#include <err.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

#define PEER	"198.51.100.1"
/* In the upper half of an id: whose pings these are */
#define ID	0x5300

int64_t clock_real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

/* --- a virtual modem ---------------------------------------------------------- */

void control_open(struct control *control, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		errx(2, "%s is too long", path);
	strcpy(address.sun_path, path);
	control->path = path;
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (control->fd < 0 ||
	    connect(control->fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "%s", path);
}

/* An answer ends with an empty line */
static void ask(struct control *control, const char *line, char *ret, size_t size)
{
	size_t have = 0;
	ssize_t n;

	if (write(control->fd, line, strlen(line)) != (ssize_t)strlen(line))
		err(1, "%s", control->path);
	do {
		n = read(control->fd, ret + have, size - 1 - have);
		if (n <= 0)
			errx(1, "%s: no answer to %s", control->path, line);
		have += n;
		ret[have] = '\0';
	} while (!strstr(ret, "\n\n"));
	if (strncmp(ret, "ok", 2))
		errx(1, "%s: %.*s: %s", control->path, (int)strcspn(line, "\n"), line,
		     ret);
}

void control_do(struct control *control, const char *format, ...)
{
	char line[128], answer[256];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line) - 1, format, ap);
	va_end(ap);
	if (n < 0 || n >= (int)sizeof(line) - 1)
		errx(1, "a command is too long");
	strcpy(line + n, "\n");
	ask(control, line, answer, sizeof(answer));
}

static void read_key(struct control *control, const char *key, char *ret, size_t size)
{
	char line[128];

	snprintf(line, sizeof(line), "get %s\n", key);
	ask(control, line, ret, size);
}

long control_number(struct control *control, const char *key)
{
	char answer[256];

	read_key(control, key, answer, sizeof(answer));
	return strtol(answer + 2, NULL, 10);
}

bool control_is_registered(struct control *control)
{
	char bus[256], net[256];

	read_key(control, "usb.state", bus, sizeof(bus));
	read_key(control, "nas.state", net, sizeof(net));
	return !strncmp(bus, "ok configured\n", 14) &&
	       !strncmp(net, "ok registered\n", 14);
}

/* --- pings -------------------------------------------------------------------- */

static int ping_fd = -1;

void ping_open(void)
{
	ping_fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (ping_fd < 0)
		err(1, "raw socket");
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *word = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *word++;
	sum = (sum >> 16) + (sum & 0xffff);
	return ~(sum + (sum >> 16));
}

void ping_send(const char *interface, uint16_t id, uint16_t sequence)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct icmphdr echo = { .type = ICMP_ECHO };

	if (setsockopt(ping_fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		       strlen(interface) + 1))
		return;
	inet_pton(AF_INET, PEER, &to.sin_addr);
	echo.un.echo.id = htons(ID + id);
	echo.un.echo.sequence = htons(sequence);
	echo.checksum = checksum(&echo, sizeof(echo));
	(void)!sendto(ping_fd, &echo, sizeof(echo), MSG_DONTWAIT,
		      (struct sockaddr *)&to, sizeof(to));
	/* answers come by every interface */
	if (setsockopt(ping_fd, SOL_SOCKET, SO_BINDTODEVICE, "", 0))
		err(1, "SO_BINDTODEVICE");
}

void ping_wait(int ms)
{
	int64_t end = clock_real_ms() + ms;
	struct pollfd none = { .fd = -1 };

	/* the whole time: who comes at once would only keep the processor busy */
	while (clock_real_ms() < end)
		poll(&none, 0, end - clock_real_ms());
}

bool ping_receive(uint16_t *ret_id, uint16_t *ret_sequence)
{
	uint8_t packet[256];
	struct icmphdr echo;
	size_t header;
	ssize_t len;

	for (;;) {
		len = recv(ping_fd, packet, sizeof(packet), MSG_DONTWAIT);
		if (len < (ssize_t)sizeof(struct iphdr))
			return false;
		header = (packet[0] & 0xf) * 4;
		if (len < (ssize_t)(header + sizeof(echo)))
			continue;
		memcpy(&echo, packet + header, sizeof(echo));
		if (echo.type != ICMP_ECHOREPLY ||
		    (ntohs(echo.un.echo.id) & 0xff00) != ID)
			continue;
		*ret_id = ntohs(echo.un.echo.id) - ID;
		*ret_sequence = ntohs(echo.un.echo.sequence);
		return true;
	}
}

/* --- a process ---------------------------------------------------------------- */

void usage_read(pid_t pid, struct usage *ret)
{
	char path[64], line[256];
	DIR *dir;
	FILE *file;

	memset(ret, 0, sizeof(*ret));
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "Pss_Anon:", 9))
			ret->kb = strtoul(line + 9, NULL, 10);
	fclose(file);
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		err(1, "%s", path);
	while (readdir(dir))
		ret->descriptors++;
	closedir(dir);
	ret->descriptors -= 2;
}
