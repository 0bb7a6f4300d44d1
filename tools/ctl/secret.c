// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of secrets and of confirmations. */
#include <errno.h>
#include <fcntl.h>
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

/* A line into a fixed buffer, without stdio's copies of it */
static int read_line(int fd, char *ret, size_t size, struct m2m_error *error)
{
	size_t n = 0;
	ssize_t got;
	char c;

	for (;;) {
		got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR)
			return m2m_error_set(error, -EINTR, "interrupted");
		if (got < 0)
			return m2m_error_set(error, -errno, "%s",
					     strerror(errno));
		if (got == 0 || c == '\n')
			break;
		if (n + 1 == size)
			return m2m_error_set(error, -EMSGSIZE,
					     "longer than %zu characters",
					     size - 1);
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

static int ask(const char *question, bool echo, char *ret, size_t size,
	       struct m2m_error *error)
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
	err = read_line(fd, ret, size, error);
	if (restore) {
		tcsetattr(fd, TCSAFLUSH, &saved);
		dprintf(fd, "\n");
	}
	close(fd);
	return err;
}

int secret_read(const char *file, const char *fd_text, const char *prompt,
		struct secret *ret_secret, struct m2m_error *error)
{
	int fd, err;

	if (!file && !fd_text)
		return ask(prompt, false, ret_secret->s, sizeof(ret_secret->s),
			   error);
	if (fd_text)
		return read_line(atoi(fd_text), ret_secret->s,
				 sizeof(ret_secret->s), error);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", file,
				     strerror(errno));
	err = read_line(fd, ret_secret->s, sizeof(ret_secret->s), error);
	close(fd);
	if (err)
		m2m_error_prefix(error, "%s", file);
	return err;
}

int secret_confirm(const char *question, const char *word,
		   struct m2m_error *error)
{
	char answer[32];
	int err;

	err = ask(question, true, answer, sizeof(answer), error);
	if (!err && strcmp(answer, word))
		err = m2m_error_set(error, -ECANCELED, "not confirmed");
	return err;
}
