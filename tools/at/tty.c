// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the serial port: that nobody else has it, and that nothing waits for ever. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "../lib/boot.h"
#include "tty.h"

#define QUIET_MAX	20	/* times the pause, at most */

/*
 * TIOCEXCL keeps out all but root, who may open it nevertheless, and is therefore asked
 * for as well; flock() keeps out what else goes by it.
 */
static int take(int fd, struct m2m_error *error)
{
	int taken = 0;

	if (!isatty(fd))
		return m2m_error_set(error, -ENOTTY, "is no serial port");
	if ((!ioctl(fd, TIOCGEXCL, &taken) && taken) || flock(fd, LOCK_EX | LOCK_NB))
		return m2m_error_set(error, -EBUSY, "another program has it");
	if (ioctl(fd, TIOCEXCL))
		return m2m_error_set(error, -errno, "%s", strerror(errno));
	return 0;
}

static int make_raw(int fd, struct m2m_error *error)
{
	struct termios termios;

	if (tcgetattr(fd, &termios))
		return m2m_error_set(error, -errno, "%s", strerror(errno));
	cfmakeraw(&termios);
	cfsetspeed(&termios, B115200);
	/* no line of a modem's is waited for, and none is dropped at the end */
	termios.c_cflag |= CLOCAL | CREAD;
	termios.c_cflag &= ~(HUPCL | CRTSCTS);
	termios.c_cc[VMIN] = 1;
	termios.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSANOW, &termios))
		return m2m_error_set(error, -errno, "%s", strerror(errno));
	tcflush(fd, TCIOFLUSH);
	return 0;
}

int tty_open(const char *node, struct m2m_error *error)
{
	int fd = open(node, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int err;

	if (fd < 0 && errno == EBUSY)
		return m2m_error_set(error, -EBUSY, "%s: another program has it", node);
	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", node, strerror(errno));
	err = take(fd, error);
	if (err) {
		close(fd);
		return m2m_error_prefix(error, "%s", node);
	}
	err = make_raw(fd, error);
	if (!err)
		return fd;
	tty_close(fd);
	return m2m_error_prefix(error, "%s", node);
}

void tty_close(int fd)
{
	/* who had it open before keeps it in being, and with it what is said here */
	ioctl(fd, TIOCNXCL);
	close(fd);
}

/* Waits for @events; 0, or why not */
static int wait_for(int fd, short events, int64_t until_ms, struct m2m_error *error)
{
	struct pollfd pollfd = { fd, events };
	int n;

	do {
		int64_t left = until_ms - boot_ms();

		n = poll(&pollfd, 1, left > 0 ? left : 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return m2m_error_set(error, -errno, "%s", strerror(errno));
	if (!n)
		return m2m_error_set(error, -ETIMEDOUT, "it is late");
	if (!(pollfd.revents & events))
		return m2m_error_set(error, -ENODEV, "the modem has left the bus");
	return 0;
}

static int fail(struct m2m_error *error)
{
	if (errno == EIO || errno == ENODEV || errno == ENXIO)
		return m2m_error_set(error, -ENODEV, "the modem has left the bus");
	return m2m_error_set(error, -errno, "%s", strerror(errno));
}

static int send_line(int fd, const char *command, int64_t until_ms,
		     struct m2m_error *error)
{
	char line[AT_COMMAND_MAX + 1];
	size_t len = strlen(command), sent = 0;
	ssize_t n;
	int err;

	if (len >= AT_COMMAND_MAX)
		return m2m_error_set(error, -EMSGSIZE, "the command is too long");
	memcpy(line, command, len);
	line[len++] = '\r';
	while (sent < len) {
		err = wait_for(fd, POLLOUT, until_ms, error);
		if (err)
			return err;
		n = write(fd, line + sent, len - sent);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(error);
		sent += n > 0 ? n : 0;
	}
	return 0;
}

int tty_ask(int fd, const char *command, int ms, struct at_answer *answer,
	    struct m2m_error *error)
{
	int64_t until_ms = boot_ms() + ms;
	char bytes[256];
	ssize_t n;
	int err;

	/* what came unasked is nobody's answer */
	tcflush(fd, TCIFLUSH);
	at_answer_begin(answer, command);
	err = send_line(fd, command, until_ms, error);
	while (!err && !answer->final[0]) {
		err = wait_for(fd, POLLIN, until_ms, error);
		if (err)
			break;
		n = read(fd, bytes, sizeof(bytes));
		if (!n)
			return m2m_error_set(error, -ENODEV, "the modem has left the bus");
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(error);
		if (n > 0)
			at_answer_feed(answer, bytes, n);
	}
	if (err == -ETIMEDOUT)
		m2m_error_set(error, err, "no answer within %.1f s", ms / 1000.0);
	return err;
}

void tty_quiet(int fd, int ms)
{
	struct pollfd pollfd = { fd, POLLIN };

	for (int i = 0; i < QUIET_MAX && poll(&pollfd, 1, ms) > 0; i++)
		if (!(pollfd.revents & POLLIN) || tcflush(fd, TCIFLUSH))
			return;
}
