// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the client side of the control socket: one command, one answer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"

#define COMMAND_MAX	1024

static int client_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		ret = -errno;
		close(fd);
		return ret;
	}
	return fd;
}

static int client_send(FILE *stream, int argc, char **argv)
{
	size_t len = 0;
	int i;

	for (i = 0; i < argc; i++)
		len += strlen(argv[i]) + 1;
	if (!argc || len > COMMAND_MAX)
		return -EINVAL;
	for (i = 0; i < argc; i++)
		fprintf(stream, "%s%s", i ? " " : "", argv[i]);
	fputc('\n', stream);
	return fflush(stream) ? -errno : 0;
}

/* Prints lines up to the empty one; true if the first begins with "ok". */
static bool client_receive(FILE *stream)
{
	bool first = true, ok = false, whole = true;
	char line[COMMAND_MAX];

	while (fgets(line, sizeof(line), stream)) {
		if (whole && !strcmp(line, "\n"))
			return ok;
		if (first)
			ok = !strncmp(line, "ok", 2);
		first = false;
		whole = strchr(line, '\n');
		fputs(line, stdout);
	}
	if (first)
		fprintf(stderr, "m2msim: the modem hung up without an answer\n");
	return false;
}

int control_client(const char *path, int argc, char **argv)
{
	FILE *stream;
	int fd, ret;

	fd = client_connect(path);
	if (fd < 0) {
		fprintf(stderr, "m2msim: %s: %s\n", path, strerror(-fd));
		return 2;
	}
	stream = fdopen(fd, "r+");
	if (!stream) {
		close(fd);
		return 2;
	}
	ret = client_send(stream, argc, argv);
	if (ret)
		fprintf(stderr, "m2msim: cannot send: %s\n", strerror(-ret));
	else
		ret = client_receive(stream) ? 0 : 1;
	fclose(stream);
	return ret < 0 ? 2 : ret;
}
