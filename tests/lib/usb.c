// SPDX-License-Identifier: GPL-2.0-or-later
/* The USB device below a port, for tests in C. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "usb.h"
#include "waiting.h"

static void file_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		harness_fail(__FILE__, __LINE__, true, "%s into %s: %s", value,
			     path, strerror(errno));
	close(fd);
}

static void attribute_path(const char *attribute, char *ret_path, size_t len)
{
	const char *dir = getenv("M2M_USB");

	if (!dir)
		SKIP("M2M_USB names no device");
	ASSERT_LT(snprintf(ret_path, len, "%s/%s", dir, attribute), (int)len);
}

static void attribute_read(const char *attribute, char *ret_value, size_t len)
{
	char path[256];
	ssize_t n;
	int fd;

	attribute_path(attribute, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	n = read(fd, ret_value, len - 1);
	close(fd);
	ASSERT_LE(0, n);
	ret_value[n] = '\0';
	ret_value[strcspn(ret_value, "\n")] = '\0';
}

void usb_set(const char *attribute, const char *value)
{
	char path[256];

	attribute_path(attribute, path, sizeof(path));
	file_write(path, value);
}

bool usb_is(const char *attribute, const char *value)
{
	char now[64];

	attribute_read(attribute, now, sizeof(now));
	return !strcmp(now, value);
}

long usb_number(const char *attribute)
{
	char now[64];

	attribute_read(attribute, now, sizeof(now));
	return atol(now);
}

void usb_wait(const char *attribute, const char *value, int ms)
{
	struct deadline deadline = deadline_in(ms);
	char now[64];

	while (!usb_is(attribute, value) && deadline_pause(&deadline))
		;
	attribute_read(attribute, now, sizeof(now));
	ASSERT_STREQ(value, now);
}

/*
 * The kernel's own test of suspend: everything but the last step, so that no
 * alarm has to wake the machine.
 */
void system_suspend(const char *state)
{
	file_write("/sys/module/suspend/parameters/pm_test_delay", "0");
	file_write("/sys/power/pm_test", "platform");
	file_write("/sys/power/state", state);
	file_write("/sys/power/pm_test", "none");
}
