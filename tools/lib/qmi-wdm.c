// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the transport of QMI over a character device that is ours alone. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "frame.h"
#include "qmi-tlv.h"
#include "qmi-transport.h"
#include "qmi.h"

/*
 * DOC: without the driver
 *
 * Mainline's cdc-wdm hands every answer to whoever reads first, so the device
 * has one owner, whom an advisory lock protects from another of us. Client ids
 * are got and given back here; none outlives us, and those of a process that was
 * killed are taken back at the beginning. Time-outs are ours too. A
 * frame on the wire is: read, checked, then routed by service, client id and
 * transaction id.
 */

#define SERVICE_CTL		0x00
#define CTL_ALLOCATE_CID	0x0022
#define CTL_RELEASE_CID		0x0023
#define CTL_SYNC		0x0027
#define CTL_TIMEOUT_MS		10000
/* A modem takes a frame in a millisecond, or hangs */
#define WRITE_TIMEOUT_MS	200
#define CID_BROADCAST		0xff
#define CTL_HEADER_LEN		12

struct wdm_transport {
	struct m2m_transport base;
	int fd;
	guint readable;
	uint8_t ctl_tid;
	uint32_t last_handle;
	GHashTable *ids;	/* struct wdm_id by handle */
	GPtrArray *waits;	/* struct wdm_wait */
	uint8_t buf[2 * FRAME_MAX];
	size_t len;		/* of what @buf holds of a frame */
};

struct wdm_id {
	uint8_t service, cid;	/* cid 0: being allocated */
	uint16_t last_tid;
};

/* A request under way; of CTL with service and cid 0 */
struct wdm_wait {
	struct wdm_transport *t;
	uint32_t handle;
	uint8_t service, cid;
	uint16_t tid;
	guint timer;
};

static struct wdm_transport *from_base(struct m2m_transport *base)
{
	return (struct wdm_transport *)base;
}

/* --- waiting for answers ---------------------------------------------------- */

static void wait_free(gpointer data)
{
	struct wdm_wait *wait = data;

	if (wait->timer)
		g_source_remove(wait->timer);
	g_free(wait);
}

/* Ends a wait that was for an answer that did not come, or an id */
static void wait_failed(struct wdm_wait *wait, const struct m2m_error *error)
{
	struct m2m_transport *base = &wait->t->base;
	uint32_t handle = wait->handle;
	uint16_t tid = wait->tid;
	bool opening = !wait->cid;

	if (opening)
		g_hash_table_remove(wait->t->ids, GUINT_TO_POINTER(handle));
	g_ptr_array_remove_fast(wait->t->waits, wait);
	if (opening)
		m2m_transport_opened(base, handle, false, error);
	else
		m2m_transport_failed(base, handle, tid, error);
}

static gboolean timed_out(gpointer data)
{
	struct wdm_wait *wait = data;
	struct m2m_error error;

	wait->timer = 0;
	m2m_error_set(&error, -ETIMEDOUT, "the modem did not answer in time");
	wait_failed(wait, &error);
	return G_SOURCE_REMOVE;
}

static void wait_add(struct wdm_transport *t, const struct wdm_wait *of,
		     unsigned int timeout_ms)
{
	struct wdm_wait *wait = g_memdup2(of, sizeof(*of));

	wait->t = t;
	wait->timer = g_timeout_add(timeout_ms, timed_out, wait);
	g_ptr_array_add(t->waits, wait);
}

static struct wdm_wait *wait_find(struct wdm_transport *t, uint8_t service,
				  uint8_t cid, uint16_t tid)
{
	for (guint i = 0; i < t->waits->len; i++) {
		struct wdm_wait *wait = t->waits->pdata[i];
		bool ctl = service == SERVICE_CTL && !wait->cid;

		if (wait->tid == tid &&
		    (ctl || (wait->service == service && wait->cid == cid &&
			     wait->cid)))
			return wait;
	}
	return NULL;
}

/* --- writing ---------------------------------------------------------------- */

/* The device takes a frame once the modem has taken the one before */
static int write_frame(struct wdm_transport *t, const uint8_t *frame,
		       size_t len, struct m2m_error *error)
{
	struct pollfd poll_fd = { .fd = t->fd, .events = POLLOUT };
	ssize_t n = write(t->fd, frame, len);

	if (n < 0 && errno == EAGAIN && poll(&poll_fd, 1, WRITE_TIMEOUT_MS) > 0)
		n = write(t->fd, frame, len);
	if (n == (ssize_t)len)
		return 0;
	return m2m_error_set(error, n < 0 ? -errno : -EIO, "%s",
			     n < 0 ? strerror(errno) : "short write");
}

/* A CTL request with one TLV 0x01 */
static int write_ctl(struct wdm_transport *t, uint16_t msgid,
		     const uint8_t *value, size_t len, struct m2m_error *error)
{
	uint8_t frame[CTL_HEADER_LEN + 3 + 2] = {
		0x01, CTL_HEADER_LEN + 3 + len - 1, 0, 0, SERVICE_CTL, 0,
		0, 0, msgid & 0xff, msgid >> 8, 3 + len, 0,
		0x01, len, 0,
	};

	if (++t->ctl_tid == 0)
		t->ctl_tid = 1;
	frame[7] = t->ctl_tid;
	memcpy(frame + CTL_HEADER_LEN + 3, value, len);
	return write_frame(t, frame, CTL_HEADER_LEN + 3 + len, error);
}

/* Voids all ids, whoever has them, and ends their calls; the answer tells nothing */
static int write_sync(struct wdm_transport *t, struct m2m_error *error)
{
	const uint8_t frame[CTL_HEADER_LEN] = {
		0x01, CTL_HEADER_LEN - 1, 0, 0, SERVICE_CTL, 0,
		0, ++t->ctl_tid, CTL_SYNC & 0xff, CTL_SYNC >> 8, 0, 0,
	};

	return write_frame(t, frame, sizeof(frame), error);
}

/* --- reading ---------------------------------------------------------------- */

static void ctl_answer(struct wdm_transport *t, const struct frame *frame)
{
	struct wdm_wait *wait = wait_find(t, SERVICE_CTL, 0, frame->tid);
	const uint8_t *result, *value;
	uint32_t handle;
	struct m2m_error error;
	struct wdm_id *id;
	size_t len;

	if (!wait || frame->msgid != CTL_ALLOCATE_CID)
		return;
	handle = wait->handle;
	result = frame_tlv(frame, 0x02, &len);
	if (!result || len < 4 || result[0] | result[1]) {
		m2m_qmi_error(result && len >= 4 ? result[2] | result[3] << 8 :
						   1, &error);
		wait_failed(wait, &error);
		return;
	}
	value = frame_tlv(frame, 0x01, &len);
	id = g_hash_table_lookup(t->ids, GUINT_TO_POINTER(handle));
	if (!value || len < 2 || !id || value[0] != id->service || !value[1]) {
		m2m_error_set(&error, -EBADMSG,
			      "the modem's client id is malformed");
		wait_failed(wait, &error);
		return;
	}
	id->cid = value[1];
	g_ptr_array_remove_fast(t->waits, wait);
	m2m_transport_opened(&t->base, handle, false, NULL);
}

/* The modem restarted: every id is void */
static void all_died(struct wdm_transport *t, int err, const char *why)
{
	GList *handles = g_hash_table_get_keys(t->ids);
	struct m2m_error error;

	m2m_error_set(&error, err, "%s", why);
	g_ptr_array_set_size(t->waits, 0);
	g_hash_table_remove_all(t->ids);
	for (GList *at = handles; at; at = at->next)
		m2m_transport_died(&t->base, GPOINTER_TO_UINT(at->data),
				   &error);
	g_list_free(handles);
}

static void indicate(struct wdm_transport *t, const struct frame *frame,
		     const uint8_t *bytes, size_t len)
{
	GList *handles = g_hash_table_get_keys(t->ids);

	for (GList *at = handles; at; at = at->next) {
		struct wdm_id *id = g_hash_table_lookup(t->ids, at->data);

		if (id && id->service == frame->service && id->cid &&
		    (frame->cid == CID_BROADCAST || frame->cid == id->cid))
			m2m_transport_received(&t->base,
					       GPOINTER_TO_UINT(at->data), 0,
					       bytes, len);
	}
	g_list_free(handles);
}

static void route(struct wdm_transport *t, const uint8_t *bytes, size_t len)
{
	struct wdm_wait *wait;
	struct frame frame;
	uint32_t handle;

	/* what is not a frame is nobody's */
	if (frame_check(bytes, len, &frame))
		return;
	if (frame.service == SERVICE_CTL && frame.type == 1) {
		ctl_answer(t, &frame);
	} else if (frame.service == SERVICE_CTL && frame.msgid == CTL_SYNC) {
		all_died(t, -ECONNRESET, "the modem restarted");
	} else if (frame.type == 2) {
		wait = wait_find(t, frame.service, frame.cid, frame.tid);
		if (!wait)
			return;
		handle = wait->handle;
		g_ptr_array_remove_fast(t->waits, wait);
		m2m_transport_received(&t->base, handle, frame.tid, bytes, len);
	} else if (frame.type == 4) {
		indicate(t, &frame, bytes, len);
	}
}

/* Cuts the stream into frames; what does not begin as one is skipped */
static void cut(struct wdm_transport *t)
{
	uint8_t frame[FRAME_MAX];
	size_t len;

	for (;;) {
		uint8_t *marker = memchr(t->buf, 0x01, t->len);

		t->len = marker ? t->buf + t->len - marker : 0;
		if (marker)
			memmove(t->buf, marker, t->len);
		if (t->len < 3)
			return;
		len = (t->buf[1] | t->buf[2] << 8) + 1;
		if (len > FRAME_MAX || len < CTL_HEADER_LEN) {
			t->buf[0] = 0;
			continue;
		}
		if (t->len < len)
			return;
		memcpy(frame, t->buf, len);
		t->len -= len;
		memmove(t->buf, t->buf + len, t->len);
		route(t, frame, len);
	}
}

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct wdm_transport *t = data;
	ssize_t n;

	n = read(fd, t->buf + t->len, sizeof(t->buf) - t->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		t->readable = 0;
		all_died(t, -ENODEV, "the modem is gone");
		return G_SOURCE_REMOVE;
	}
	t->len += n;
	cut(t);
	return G_SOURCE_CONTINUE;
}

/* --- what clients ask ------------------------------------------------------- */

static int wdm_client_open(struct m2m_transport *base, uint8_t service,
			   const char *keep, uint32_t *ret_handle,
			   struct m2m_error *error)
{
	struct wdm_transport *t = from_base(base);
	struct wdm_id *id;
	int err;

	if (keep)
		return m2m_error_set(error, -EOPNOTSUPP,
				     "only the driver can keep a client id");
	err = write_ctl(t, CTL_ALLOCATE_CID, &service, 1, error);
	if (err)
		return err;
	id = g_new0(struct wdm_id, 1);
	id->service = service;
	*ret_handle = ++t->last_handle;
	g_hash_table_insert(t->ids, GUINT_TO_POINTER(*ret_handle), id);
	wait_add(t, &(struct wdm_wait) {
		.handle = *ret_handle,
		.tid = t->ctl_tid,
	}, CTL_TIMEOUT_MS);
	return 0;
}

static void wdm_client_close(struct m2m_transport *base, uint32_t handle,
			     bool release)
{
	struct wdm_transport *t = from_base(base);
	struct wdm_id *id = g_hash_table_lookup(t->ids,
						GUINT_TO_POINTER(handle));
	struct m2m_error ignored;

	if (!id)
		return;
	for (guint i = t->waits->len; i-- > 0;) {
		struct wdm_wait *wait = t->waits->pdata[i];

		if (wait->handle == handle)
			g_ptr_array_remove_index_fast(t->waits, i);
	}
	/* an id that could not be given back ends with the modem's next start */
	if (id->cid)
		write_ctl(t, CTL_RELEASE_CID,
			  (const uint8_t[]) { id->service, id->cid }, 2,
			  &ignored);
	g_hash_table_remove(t->ids, GUINT_TO_POINTER(handle));
}

static int wdm_send(struct m2m_transport *base, uint32_t handle,
		    const uint8_t *bytes, size_t len, unsigned int timeout_ms,
		    uint16_t *ret_tid, struct m2m_error *error)
{
	struct wdm_transport *t = from_base(base);
	struct wdm_id *id = g_hash_table_lookup(t->ids,
						GUINT_TO_POINTER(handle));
	uint8_t frame[FRAME_MAX];
	int err;

	if (!id || !id->cid)
		return m2m_error_set(error, -ESTALE, "the client id is void");
	if (len > sizeof(frame))
		return m2m_error_set(error, -EMSGSIZE,
				     "the message is longer than %u bytes",
				     FRAME_MAX);
	if (++id->last_tid == 0)
		id->last_tid = 1;
	memcpy(frame, bytes, len);
	frame[5] = id->cid;
	frame[7] = id->last_tid & 0xff;
	frame[8] = id->last_tid >> 8;
	err = write_frame(t, frame, len, error);
	explicit_bzero(frame, len);
	if (err)
		return err;
	*ret_tid = id->last_tid;
	wait_add(t, &(struct wdm_wait) {
		.handle = handle,
		.service = id->service,
		.cid = id->cid,
		.tid = id->last_tid,
	}, timeout_ms);
	return 0;
}

static void wdm_free(struct m2m_transport *base)
{
	struct wdm_transport *t = from_base(base);

	if (t->readable)
		g_source_remove(t->readable);
	g_ptr_array_unref(t->waits);
	g_hash_table_destroy(t->ids);
	close(t->fd);
	g_free(t);
}

static struct m2m_nl *wdm_nl(struct m2m_transport *base)
{
	return NULL;
}

static const struct m2m_transport_ops wdm_ops = {
	.client_open = wdm_client_open,
	.client_close = wdm_client_close,
	.send = wdm_send,
	.free = wdm_free,
	.nl = wdm_nl,
};

static struct wdm_transport *wdm_new(int fd)
{
	struct wdm_transport *t = g_new0(struct wdm_transport, 1);

	t->base.ops = &wdm_ops;
	t->fd = fd;
	t->ids = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	t->waits = g_ptr_array_new_with_free_func(wait_free);
	g_unix_set_fd_nonblocking(fd, TRUE, NULL);
	t->readable = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR,
				    readable, t);
	return t;
}

struct m2m_qmi *m2m_qmi_open_fd(int fd)
{
	return m2m_qmi_new(&wdm_new(fd)->base);
}

int m2m_qmi_open_chardev(const char *path, struct m2m_qmi **ret_qmi,
			 struct m2m_error *error)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct wdm_transport *t;
	int err;

	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", path,
				     strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return m2m_error_set(error, -EBUSY, "%s has another owner",
				     path);
	}
	t = wdm_new(fd);
	err = write_sync(t, error);
	if (err)
		wdm_free(&t->base);
	else
		*ret_qmi = m2m_qmi_new(&t->base);
	return err;
}
