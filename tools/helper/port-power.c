// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the switching of a USB port: whatever happens, it is on afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

#define TICK_MS		100
#define ON_TRIES	50	/* of TICK_MS */

static void pause_ms(unsigned int ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

/* Writes it, and reads it back: a hub may have refused */
static bool set(const char *file, char disabled)
{
	int fd autofd = open(file, O_RDWR | O_CLOEXEC);
	char is = 0;

	return fd >= 0 && write(fd, &disabled, 1) == 1 && pread(fd, &is, 1, 0) == 1 &&
	       is == disabled;
}

static bool switch_on(const char *file)
{
	for (int i = 0; i < ON_TRIES; i++, pause_ms(TICK_MS))
		if (set(file, '0'))
			return true;
	return false;
}

int port_power(const struct host *host, const struct helper_request *request, int *ret_fds,
	       struct m2m_error *error)
{
	const char *usb_path = request->words[0];
	char port[PATH_MAX - 64], own[PATH_MAX], peer[PATH_MAX];
	bool has_peer, off, on;
	sigset_t all;

	if (helper_port_path(host->root, usb_path, port, sizeof(port)))
		return m2m_error_set(error, -EPERM, "%s is too long", usb_path);
	snprintf(own, sizeof(own), "%s/disable", port);
	/* a connector of USB 3 has power as long as one of its two ports is on */
	snprintf(peer, sizeof(peer), "%s/peer/disable", port);
	if (access(own, W_OK))
		return m2m_error_set(error, -EPERM, "no hub can switch port %s", usb_path);
	has_peer = !access(peer, W_OK);
	/* who ends the helper now would leave the port off */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	off = (!has_peer || set(peer, '1')) && set(own, '1');
	if (off)
		pause_ms(host->off_ms);
	on = switch_on(own);
	if (has_peer)
		on = switch_on(peer) && on;
	if (!on || !off)
		return m2m_error_set(error, -EIO, "port %s does not go %s", usb_path,
				     on ? "off" : "on");
	return 0;
}
