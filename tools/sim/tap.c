// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the file of one TUN interface. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tap.h"

/* Packets taken in one go, so that USB gets its turn. */
#define BATCH	32

struct tap {
	int fd;
	guint source;
	void (*input)(void *ctx, const uint8_t *packet, size_t len);
	void *ctx;
};

static gboolean tap_readable(gint fd, GIOCondition condition, gpointer data)
{
	struct tap *tap = data;
	uint8_t packet[65536];
	unsigned int i;
	ssize_t n;

	(void)condition;
	for (i = 0; i < BATCH; i++) {
		n = read(fd, packet, sizeof(packet));
		if (n <= 0)
			break;
		tap->input(tap->ctx, packet, (size_t)n);
	}
	return G_SOURCE_CONTINUE;
}

int tap_open(const char *name,
	     void (*input)(void *ctx, const uint8_t *packet, size_t len),
	     void *ctx, struct tap **ret_tap)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	struct tap *tap;
	int fd, ret;

	if (!*name || strlen(name) >= sizeof(request.ifr_name))
		return -EINVAL;
	strcpy(request.ifr_name, name);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, TUNSETIFF, &request)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	tap = g_malloc0(sizeof(*tap));
	tap->fd = fd;
	tap->input = input;
	tap->ctx = ctx;
	tap->source = g_unix_fd_add(fd, G_IO_IN, tap_readable, tap);
	*ret_tap = tap;
	return 0;
}

void tap_free(struct tap *tap)
{
	if (!tap)
		return;
	g_source_remove(tap->source);
	close(tap->fd);
	g_free(tap);
}

void tap_write(void *data, const uint8_t *packet, size_t len)
{
	struct tap *tap = data;
	ssize_t n;

	/* ENOBUFS and EAGAIN are a congested network, EIO one that is down. */
	n = write(tap->fd, packet, len);
	(void)n;
}
