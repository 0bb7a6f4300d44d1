// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of secrets and of confirmations. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "secret.h"

void secret_wipe(struct secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}

/* Waits for input, or for the signal that ends the waiting. */
static int wait_input(int fd, int stop_fd, struct m2m_error *error)
{
	struct pollfd pfds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};

	while (poll(pfds, 2, -1) < 0)
		if (errno != EINTR)
			return m2m_error_set(error, -errno, "%s",
					     strerror(errno));
	/* it counts also where the input was there in the same moment */
	if (pfds[1].revents)
		return m2m_error_set(error, -EINTR, "interrupted");
	return 0;
}

/* A line into a fixed buffer, without stdio's copies of it */
static int read_line(int fd, int stop_fd, struct secret *ret_line,
		     struct m2m_error *error)
{
	char *ret = ret_line->s;
	size_t n = 0;
	ssize_t got;
	char c;
	int err;

	for (;;) {
		err = wait_input(fd, stop_fd, error);
		if (err)
			return err;
		got = read(fd, &c, 1);
		if (got < 0 && errno == EAGAIN)
			continue;
		if (got < 0)
			return m2m_error_set(error, -errno, "%s",
					     strerror(errno));
		if (got == 0 || c == '\n')
			break;
		if (n + 1 == SECRET_MAX)
			return m2m_error_set(error, -EMSGSIZE,
					     "longer than %d characters",
					     SECRET_MAX - 1);
		ret[n++] = c;
	}
	explicit_bzero(&c, sizeof(c));
	while (n && ret[n - 1] == '\r')
		n--;
	ret[n] = '\0';
	return 0;
}

static int open_terminal(struct m2m_error *error)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return m2m_error_set(error, -ENXIO,
				     "there is no terminal to ask on");
	return fd;
}

static int ask(const char *question, bool echo, int stop_fd,
	       struct secret *ret_answer, struct m2m_error *error)
{
	int fd = open_terminal(error);
	struct termios saved, quiet;
	bool restore = false;
	int err;

	if (fd < 0)
		return fd;
	if (!echo && !tcgetattr(fd, &saved)) {
		quiet = saved;
		quiet.c_lflag &= ~(ECHO | ECHONL);
		restore = !tcsetattr(fd, TCSAFLUSH, &quiet);
	}
	dprintf(fd, "%s", question);
	err = read_line(fd, stop_fd, ret_answer, error);
	/* half a secret must not be read by the shell that comes next */
	if (restore)
		tcsetattr(fd, TCSAFLUSH, &saved);
	if (restore || err)
		dprintf(fd, "\n");
	close(fd);
	return err;
}

int secret_read(const struct secret_source *source, struct secret *ret_secret,
		struct m2m_error *error)
{
	const char *file = source->file;
	int fd, err;

	if (!file && !source->fd)
		return ask(source->prompt, false, source->stop_fd, ret_secret,
			   error);
	if (source->fd)
		return read_line(atoi(source->fd), source->stop_fd, ret_secret,
				 error);
	/* the writer of a FIFO is waited for where a signal ends it */
	fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", file,
				     strerror(errno));
	err = read_line(fd, source->stop_fd, ret_secret, error);
	close(fd);
	if (err)
		m2m_error_prefix(error, "%s", file);
	return err;
}

int secret_confirm(const char *question, const char *word, int stop_fd,
		   struct m2m_error *error)
{
	struct secret answer;
	int err;

	err = ask(question, true, stop_fd, &answer, error);
	if (!err && strcmp(answer.s, word))
		err = m2m_error_set(error, -ECANCELED, "not confirmed");
	return err;
}
