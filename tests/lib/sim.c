// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket of a virtual modem, for tests in C. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness.h"
#include "sim.h"
#include "waiting.h"

static int sim_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("M2M_SIM");
	struct stat stat_buf;
	int fd;

	if (!path)
		SKIP("M2M_SIM names no control socket");
	/* Of a modem outside of the guest it is a virtio port. */
	if (!stat(path, &stat_buf) && S_ISCHR(stat_buf.st_mode)) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		ASSERT_LE(0, fd);
		return fd;
	}
	ASSERT_LT(strlen(path), sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, connect(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

/* A connection for each command: tests fork, and then share descriptors. */
static void ask(char *answer, size_t len, const char *command)
{
	int fd = sim_connect();
	size_t have = 0;
	ssize_t n;

	ASSERT_EQ(strlen(command), write(fd, command, strlen(command)));
	do {
		n = read(fd, answer + have, len - 1 - have);
		ASSERT_LT(0, n);
		have += n;
		answer[have] = '\0';
	} while (!strstr(answer, "\n\n"));
	close(fd);
	if (strncmp(answer, "ok", 2))
		harness_fail(__FILE__, __LINE__, true, "%.*s: %s",
			     (int)strcspn(command, "\n"), command, answer);
}

void sim_ask(char *ret_answer, size_t len, const char *format, ...)
{
	char command[512], answer[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command) - 1, format, args);
	va_end(args);
	strcat(command, "\n");
	ask(answer, sizeof(answer), command);
	answer[strcspn(answer, "\n")] = '\0';
	snprintf(ret_answer, len, "%s", answer[2] ? answer + 3 : "");
}

void sim_do(const char *format, ...)
{
	char command[512], answer[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command) - 1, format, args);
	va_end(args);
	strcat(command, "\n");
	ask(answer, sizeof(answer), command);
}

long sim_get(const char *key)
{
	char answer[256];

	sim_ask(answer, sizeof(answer), "get %s", key);
	return atol(answer);
}

long sim_stat(const char *key)
{
	char answer[256];

	sim_ask(answer, sizeof(answer), "stat %s", key);
	return atol(answer);
}

void sim_wait_get(const char *key, long value, int ms)
{
	struct deadline deadline = deadline_in(ms);

	while (sim_get(key) != value && deadline_pause(&deadline))
		;
	ASSERT_EQ(value, sim_get(key));
}

void sim_wait_most(const char *key, long most, int ms)
{
	struct deadline deadline = deadline_in(ms);
	long value;

	while ((value = sim_get(key)) > most && deadline_pause(&deadline))
		;
	ASSERT_LE(value, most);
}

void sim_wait_stat(const char *key, long value, int ms)
{
	struct deadline deadline = deadline_in(ms);

	while (sim_stat(key) < value && deadline_pause(&deadline))
		;
	ASSERT_LE(value, sim_stat(key));
}
