// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the USB/IP connection to the kernel's vhci-hcd. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bytes.h"
#include "usbdev.h"

/*
 * DOC: USB/IP as the kernel speaks it
 *
 * One end of a socketpair goes into the controller's attach file together with
 * a port number; from then on vhci-hcd sends CMD_SUBMIT and CMD_UNLINK and
 * wants RET_SUBMIT and RET_UNLINK, each behind a header of 48 bytes, big
 * endian but for the setup packet. Two programs may pick the same port: the
 * kernel refuses the second with EBUSY, which then picks another. Closing the
 * socket is the unplug. An UNLINK is answered at once, with -ECONNRESET if the
 * block was still waiting, else with 0 as its RET_SUBMIT went out before.
 */

/* The unit test has a directory of its own. */
#ifndef VHCI_SYSFS
#define VHCI_SYSFS		"/sys/devices/platform/vhci_hcd.0"
#endif
#define VHCI_STATUS_FREE	4
#define VHCI_PORTS_MAX		512
#define VHCI_RETRY_MS		100
#define VHCI_RETRIES		100	/* ten seconds */
#define VHCI_OWN_PORT_RETRIES	20	/* two of them for the port used before */

#define USBIP_HEADER		48
#define USBIP_CMD_SUBMIT	1
#define USBIP_CMD_UNLINK	2
#define USBIP_RET_SUBMIT	3
#define USBIP_RET_UNLINK	4
#define USBIP_URB_ZERO_PACKET	0x40

#define READ_CHUNK		65536
#define SOCKET_BUFFER		(4 * 1024 * 1024)

struct vhci {
	struct transport base;
	int fd;				/* -1: not attached */
	int port;			/* last port used, -1 at first */
	unsigned int retries;
	guint retry_source, read_source, write_source, lost_source;
	GByteArray *in;			/* read and not yet parsed */
	GByteArray *out;		/* not yet taken by the socket */
};

static struct vhci *vhci_of(struct transport *transport)
{
	return (struct vhci *)transport;
}

static void source_clear(guint *source)
{
	if (*source)
		g_source_remove(*source);
	*source = 0;
}

static void vhci_close(struct vhci *vhci)
{
	source_clear(&vhci->retry_source);
	source_clear(&vhci->read_source);
	source_clear(&vhci->write_source);
	source_clear(&vhci->lost_source);
	g_byte_array_set_size(vhci->in, 0);
	g_byte_array_set_size(vhci->out, 0);
	if (vhci->fd >= 0)
		close(vhci->fd);
	vhci->fd = -1;
}

static gboolean vhci_lost(gpointer data)
{
	struct vhci *vhci = data;

	vhci->lost_source = 0;
	vhci_close(vhci);
	vhci->base.events->lost(vhci->base.ctx, "the host controller closed the port");
	return G_SOURCE_REMOVE;
}

/* Called below a completion: the report has to wait for a clean stack. */
static void vhci_lose(struct vhci *vhci)
{
	if (!vhci->lost_source)
		vhci->lost_source = g_idle_add(vhci_lost, vhci);
}

static gboolean vhci_writable(gint fd, GIOCondition condition, gpointer data)
{
	struct vhci *vhci = data;
	ssize_t n;

	(void)condition;
	n = write(fd, vhci->out->data, vhci->out->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n < 0) {
		vhci_lose(vhci);
	} else {
		g_byte_array_remove_range(vhci->out, 0, (guint)n);
		if (vhci->out->len)
			return G_SOURCE_CONTINUE;
	}
	vhci->write_source = 0;
	return G_SOURCE_REMOVE;
}

/* Sends header and payload without waiting; the rest is kept for later. */
static void vhci_write(struct vhci *vhci, const uint8_t *header,
		       const uint8_t *data, size_t len)
{
	struct iovec iov[2] = {
		{ .iov_base = (void *)header, .iov_len = USBIP_HEADER },
		{ .iov_base = (void *)data, .iov_len = len },
	};
	size_t done = 0;
	ssize_t n;

	if (vhci->fd < 0)
		return;
	if (!vhci->out->len) {
		n = writev(vhci->fd, iov, len ? 2 : 1);
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			vhci_lose(vhci);
			return;
		}
		done = n > 0 ? (size_t)n : 0;
	}
	if (done == USBIP_HEADER + len)
		return;
	if (done < USBIP_HEADER) {
		g_byte_array_append(vhci->out, header + done,
				    (guint)(USBIP_HEADER - done));
		done = USBIP_HEADER;
	}
	done -= USBIP_HEADER;
	if (done < len)
		g_byte_array_append(vhci->out, data + done, (guint)(len - done));
	if (!vhci->write_source)
		vhci->write_source = g_unix_fd_add(vhci->fd, G_IO_OUT,
						   vhci_writable, vhci);
}

static void header_init(uint8_t *header, uint32_t command, uint32_t seqnum)
{
	memset(header, 0, USBIP_HEADER);
	put_be32(header, command);
	put_be32(header + 4, seqnum);
}

static void vhci_complete(struct transport *transport, struct urb *urb)
{
	bool in = urb->ep & USB_DIR_IN;
	uint8_t header[USBIP_HEADER];

	header_init(header, USBIP_RET_SUBMIT, (uint32_t)urb->id);
	put_be32(header + 20, (uint32_t)urb->status);
	put_be32(header + 24, (uint32_t)urb->actual);
	vhci_write(vhci_of(transport), header, urb->data, in ? urb->actual : 0);
	urb_free(urb);
}

static void vhci_unlink(struct vhci *vhci, uint32_t seqnum, uint32_t victim)
{
	uint8_t header[USBIP_HEADER];

	header_init(header, USBIP_RET_UNLINK, seqnum);
	if (usbdev_cancel(vhci->base.dev, victim))
		put_be32(header + 20, (uint32_t)-ECONNRESET);
	vhci_write(vhci, header, NULL, 0);
}

static void setup_parse(const uint8_t *p, struct usb_setup *ret_setup)
{
	ret_setup->request_type = p[0];
	ret_setup->request = p[1];
	ret_setup->value = get_le16(p + 2);
	ret_setup->index = get_le16(p + 4);
	ret_setup->length = get_le16(p + 6);
}

static void vhci_submit(struct vhci *vhci, const uint8_t *header,
			const uint8_t *payload)
{
	uint32_t flags = get_be32(header + 20);
	uint32_t length = get_be32(header + 24);
	bool in = get_be32(header + 12);
	struct urb *urb = urb_new(length);

	urb->id = get_be32(header + 4);
	urb->ep = (uint8_t)(get_be32(header + 16) & 0x0f) | (in ? USB_DIR_IN : 0);
	urb->zero_packet = flags & USBIP_URB_ZERO_PACKET;
	setup_parse(header + 40, &urb->setup);
	if (!in && length)
		memcpy(urb->data, payload, length);
	usbdev_submit(vhci->base.dev, urb);
}

/* Handles one request at @p; returns its length, 0 if incomplete, or -EPROTO. */
static ssize_t vhci_parse(struct vhci *vhci, const uint8_t *p, size_t len)
{
	size_t payload = 0;
	uint32_t length;

	if (len < USBIP_HEADER)
		return 0;
	switch (get_be32(p)) {
	case USBIP_CMD_UNLINK:
		vhci_unlink(vhci, get_be32(p + 4), get_be32(p + 20));
		return USBIP_HEADER;
	case USBIP_CMD_SUBMIT:
		length = get_be32(p + 24);
		if (length > URB_LENGTH_MAX)
			return -EPROTO;
		if (!get_be32(p + 12))
			payload = length;
		if (len - USBIP_HEADER < payload)
			return 0;
		vhci_submit(vhci, p, p + USBIP_HEADER);
		return (ssize_t)(USBIP_HEADER + payload);
	}
	return -EPROTO;
}

static gboolean vhci_readable(gint fd, GIOCondition condition, gpointer data)
{
	struct vhci *vhci = data;
	guint start = vhci->in->len;
	size_t off = 0;
	ssize_t n;

	(void)condition;
	g_byte_array_set_size(vhci->in, start + READ_CHUNK);
	n = read(fd, vhci->in->data + start, READ_CHUNK);
	g_byte_array_set_size(vhci->in, start + (n > 0 ? (guint)n : 0));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		vhci->read_source = 0;
		vhci_lose(vhci);
		return G_SOURCE_REMOVE;
	}
	do {
		n = vhci_parse(vhci, vhci->in->data + off, vhci->in->len - off);
		off += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	g_byte_array_remove_range(vhci->in, 0, (guint)off);
	if (n == 0)
		return G_SOURCE_CONTINUE;
	vhci->read_source = 0;
	vhci_lose(vhci);
	return G_SOURCE_REMOVE;
}

/* Reads one status file: marks free ports of the speed wanted in @ret_free. */
static int vhci_read_status(const char *path, bool super, bool *ret_free)
{
	unsigned int port, status;
	char line[128], hub[4];
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%3s %u %u", hub, &port, &status) != 3)
			continue;
		if (port < VHCI_PORTS_MAX && status == VHCI_STATUS_FREE)
			ret_free[port] = !strcmp(hub, super ? "ss" : "hs");
	}
	fclose(file);
	return 0;
}

static int vhci_find_free(const struct vhci *vhci, bool *ret_free)
{
	bool super = vhci->base.speed == USB_SPEED_SUPER;
	char path[128];
	unsigned int i;
	int ret;

	memset(ret_free, 0, VHCI_PORTS_MAX * sizeof(*ret_free));
	ret = vhci_read_status(VHCI_SYSFS "/status", super, ret_free);
	for (i = 1; !ret && i < VHCI_PORTS_MAX; i++) {
		snprintf(path, sizeof(path), VHCI_SYSFS "/status.%u", i);
		if (vhci_read_status(path, super, ret_free))
			break;
	}
	return ret;
}

static int vhci_attach_port(struct vhci *vhci, int port, int fd)
{
	char line[64];
	int n, ret = 0, attach;

	attach = open(VHCI_SYSFS "/attach", O_WRONLY | O_CLOEXEC);
	if (attach < 0)
		return -errno;
	n = snprintf(line, sizeof(line), "%d %d %d %d", port, fd, (1 << 16) | 2,
		     (int)vhci->base.speed);
	if (write(attach, line, (size_t)n) < 0)
		ret = -errno;
	close(attach);
	return ret;
}

/* Tries the port used last, then every free one; -EBUSY if none took us. */
static int vhci_attach_any(struct vhci *vhci, int fd)
{
	bool is_free[VHCI_PORTS_MAX];
	int ret, port;

	ret = vhci_find_free(vhci, is_free);
	if (ret)
		return ret;
	if (vhci->port >= 0 && !is_free[vhci->port] &&
	    vhci->retries < VHCI_OWN_PORT_RETRIES)
		return -EBUSY;
	if (vhci->port >= 0 && is_free[vhci->port] &&
	    !vhci_attach_port(vhci, vhci->port, fd))
		return 0;
	ret = -EBUSY;
	for (port = 0; port < VHCI_PORTS_MAX; port++) {
		if (!is_free[port])
			continue;
		ret = vhci_attach_port(vhci, port, fd);
		if (ret == -EBUSY)
			continue;
		if (!ret)
			vhci->port = port;
		break;
	}
	return ret;
}

static void vhci_start(struct vhci *vhci, int fd)
{
	char where[64];
	int size = SOCKET_BUFFER;

	/* Without the privilege the default size does as well, more slowly. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	vhci->fd = fd;
	vhci->read_source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR,
					  vhci_readable, vhci);
	snprintf(where, sizeof(where), "vhci port %d", vhci->port);
	vhci->base.events->attached(vhci->base.ctx, where);
}

static gboolean vhci_try(gpointer data)
{
	struct vhci *vhci = data;
	char why[160];
	int pair[2], ret;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		ret = -errno;
	} else {
		ret = vhci_attach_any(vhci, pair[1]);
		close(pair[1]);
		if (ret)
			close(pair[0]);
	}
	if (ret == -EBUSY && ++vhci->retries < VHCI_RETRIES)
		return G_SOURCE_CONTINUE;
	vhci->retry_source = 0;
	if (!ret) {
		g_unix_set_fd_nonblocking(pair[0], TRUE, NULL);
		vhci_start(vhci, pair[0]);
		return G_SOURCE_REMOVE;
	}
	snprintf(why, sizeof(why), "%s: %s%s", VHCI_SYSFS, g_strerror(-ret),
		 ret == -ENOENT ? " (is vhci-hcd loaded?)" :
		 ret == -EBUSY ? " (no free port)" : "");
	vhci->base.events->failed(vhci->base.ctx, why);
	return G_SOURCE_REMOVE;
}

static void vhci_attach(struct transport *transport)
{
	struct vhci *vhci = vhci_of(transport);

	vhci->retries = 0;
	source_clear(&vhci->retry_source);
	if (vhci_try(vhci) == G_SOURCE_CONTINUE)
		vhci->retry_source = g_timeout_add(VHCI_RETRY_MS, vhci_try, vhci);
}

static void vhci_detach(struct transport *transport)
{
	vhci_close(vhci_of(transport));
}

static void vhci_free(struct transport *transport)
{
	struct vhci *vhci = vhci_of(transport);

	vhci_close(vhci);
	g_byte_array_free(vhci->in, TRUE);
	g_byte_array_free(vhci->out, TRUE);
	g_free(vhci);
}

static const struct transport_ops vhci_ops = {
	.attach = vhci_attach,
	.detach = vhci_detach,
	.complete = vhci_complete,
	.free = vhci_free,
};

struct transport *vhci_new(void)
{
	struct vhci *vhci = g_malloc0(sizeof(*vhci));

	vhci->base.ops = &vhci_ops;
	vhci->fd = -1;
	vhci->port = -1;
	vhci->in = g_byte_array_new();
	vhci->out = g_byte_array_new();
	return &vhci->base;
}
