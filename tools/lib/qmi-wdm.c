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
#include "wdm-lag.h"

/*
 * DOC: without the driver
 *
 * Mainline's cdc-wdm hands every answer to whoever reads first, so the device
 * has one owner, whom an advisory lock protects from another of us. Client ids
 * are got and given back here; none outlives us, and those of a process that was
 * killed are taken back at the beginning. Time-outs are ours too. A
 * frame on the wire is: read, checked, then routed by service, client id and
 * transaction id.
 *
 * Those who are behind (see wdm-lag.c) are so because of those before them. So an end
 * waits for what was asked; and the beginning lets cdc-wdm take what waited, and asks
 * until an answer of its own is read, so that nothing of another process is left before
 * it.
 */

#define SERVICE_CTL		0x00
#define CTL_GET_VERSION		0x0021
#define CTL_ALLOCATE_CID	0x0022
#define CTL_RELEASE_CID		0x0023
#define CTL_SYNC		0x0027
#define CTL_TIMEOUT_MS		10000
/* A modem takes a frame in a millisecond, or hangs */
#define WRITE_TIMEOUT_MS	200
/* Frames that waited while nobody had it open come in this time after the opening */
#define SETTLE_MS		200
/* So late is an answer when the first probe asks for it; then each time twice */
#define PROBE_MS		500
/* How many frames of other processes are there is not known */
#define SYNCS_AT_ONCE		4
/* As often those who are behind fetch indications while there is no request */
#define PROBE_IDLE_MS		5000
/* Between two answers at the end, and all of them */
#define DRAIN_GAP_MS		200
#define DRAIN_MS		1000
#define CID_BROADCAST		0xff
#define CTL_HEADER_LEN		12

struct wdm_transport {
	struct m2m_transport base;
	int fd;
	guint readable, settling;
	bool gone;
	uint8_t ctl_tid;
	bool synced;		/* nothing of another process is left */
	struct lag lag;
	guint prober;
	unsigned int owed;	/* answers that the modem has not given yet */
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

static void probe_later(struct wdm_transport *t);

static void wait_add(struct wdm_transport *t, const struct wdm_wait *of,
		     unsigned int timeout_ms)
{
	struct wdm_wait *wait = g_memdup2(of, sizeof(*of));

	wait->t = t;
	wait->timer = g_timeout_add(timeout_ms, timed_out, wait);
	g_ptr_array_add(t->waits, wait);
	lag_hurry(&t->lag);
	probe_later(t);
}

static struct wdm_wait *wait_find(struct wdm_transport *t, uint8_t service,
				  uint8_t cid, uint16_t tid)
{
	for (guint i = 0; i < t->waits->len; i++) {
		struct wdm_wait *wait = t->waits->pdata[i];
		bool ctl = service == SERVICE_CTL && !wait->cid;

		/* 0: not asked for yet */
		if (tid && wait->tid == tid &&
		    (ctl || (wait->service == service && wait->cid == cid &&
			     wait->cid)))
			return wait;
	}
	return NULL;
}

/* A client that waits to be opened, and the modem does not know of it yet */
static struct wdm_wait *wait_unasked(struct wdm_transport *t)
{
	for (guint i = 0; i < t->waits->len; i++) {
		struct wdm_wait *wait = t->waits->pdata[i];

		if (!wait->tid)
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
	if (n == (ssize_t)len) {
		t->owed++;
		return 0;
	}
	return m2m_error_set(error, n < 0 ? -errno : -EIO, "%s",
			     n < 0 ? strerror(errno) : "short write");
}

static uint8_t next_ctl_tid(struct wdm_transport *t)
{
	if (++t->ctl_tid == 0)
		t->ctl_tid = 1;
	return t->ctl_tid;
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

	frame[7] = next_ctl_tid(t);
	memcpy(frame + CTL_HEADER_LEN + 3, value, len);
	return write_frame(t, frame, CTL_HEADER_LEN + 3 + len, error);
}

/*
 * A CTL request whose answer tells nothing but that it came: Sync, which voids all ids,
 * whoever has them, and ends their calls, and once that is done one that voids nothing.
 */
static int write_probe(struct wdm_transport *t, bool first, struct m2m_error *error)
{
	uint16_t msgid = t->synced ? CTL_GET_VERSION : CTL_SYNC;
	uint8_t frame[CTL_HEADER_LEN] = {
		0x01, CTL_HEADER_LEN - 1, 0, 0, SERVICE_CTL, 0,
		0, 0, msgid & 0xff, msgid >> 8, 0, 0,
	};
	int err;

	frame[7] = next_ctl_tid(t);
	err = write_frame(t, frame, sizeof(frame), error);
	if (err)
		return err;
	lag_sent(&t->lag, frame[7], first);
	return 0;
}

/* --- falling behind --------------------------------------------------------- */

static gboolean probe_due(gpointer data);

static bool is_idle(const struct wdm_transport *t)
{
	return t->synced && !t->waits->len;
}

/* Nobody waits, and nothing is behind */
static bool needs_no_probe(const struct wdm_transport *t)
{
	return t->gone || (is_idle(t) && lag_is_none(&t->lag));
}

static void probe_later(struct wdm_transport *t)
{
	if (t->prober)
		g_source_remove(t->prober);
	t->prober = 0;
	if (needs_no_probe(t))
		return;
	t->prober = g_timeout_add((is_idle(t) ? PROBE_IDLE_MS : PROBE_MS)
				  << t->lag.patience, probe_due, t);
}

static gboolean probe_due(gpointer data)
{
	struct wdm_transport *t = data;
	struct pollfd poll_fd = { .fd = t->fd, .events = POLLOUT };
	struct m2m_error ignored;
	unsigned int n;

	t->prober = 0;
	if (needs_no_probe(t))
		return G_SOURCE_REMOVE;
	n = lag_due(&t->lag, t->synced ? 1 : SYNCS_AT_ONCE);
	/* a modem that does not even take the last one has enough to do */
	if (poll(&poll_fd, 1, 0) <= 0 || !(poll_fd.revents & POLLOUT))
		n = 0;
	for (unsigned int i = 0; i < n; i++)
		if (write_probe(t, !i, &ignored))
			break;
	probe_later(t);
	return G_SOURCE_REMOVE;
}

/* --- reading ---------------------------------------------------------------- */

/* Asks for the id of a client that is being opened */
static int allocate(struct wdm_transport *t, struct wdm_wait *wait,
		    struct m2m_error *error)
{
	struct wdm_id *id = g_hash_table_lookup(t->ids,
						GUINT_TO_POINTER(wait->handle));
	int err = write_ctl(t, CTL_ALLOCATE_CID, &id->service, 1, error);

	wait->tid = err ? 0 : t->ctl_tid;
	return err;
}

/* All that is read from now on is ours: so ids can be asked for */
static void synced(struct wdm_transport *t)
{
	struct m2m_error error;
	struct wdm_wait *wait;

	t->synced = true;
	t->owed = t->lag.n_probes;
	while ((wait = wait_unasked(t)))
		if (allocate(t, wait, &error))
			wait_failed(wait, &error);
	lag_hurry(&t->lag);
	probe_later(t);
}

static void ctl_answer(struct wdm_transport *t, const struct frame *frame)
{
	struct wdm_wait *wait = wait_find(t, SERVICE_CTL, 0, frame->tid);
	const uint8_t *result, *value;
	uint32_t handle;
	struct m2m_error error;
	struct wdm_id *id;
	size_t len;

	if (frame->msgid == CTL_SYNC || frame->msgid == CTL_GET_VERSION) {
		if (lag_answered(&t->lag, frame->tid) && !t->synced)
			synced(t);
		return;
	}
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
	lag_forget(&t->lag);
	t->owed = 0;
	probe_later(t);
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
	lag_read(&t->lag);
	if (t->owed && frame.type == (frame.service == SERVICE_CTL ? 1 : 2))
		t->owed--;
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

/* An error of writing is told by every poll until somebody takes it */
static void take_error(struct wdm_transport *t)
{
	struct pollfd poll_fd = { .fd = t->fd, .events = POLLOUT };

	/* with nothing under way this does not wait */
	if (poll(&poll_fd, 1, 0) > 0 && poll_fd.revents & POLLOUT)
		fsync(t->fd);
}

/*
 * cdc-wdm reads nothing where the modem had nothing to give or refused, and fails once
 * for a transfer that did; neither is an end. Whoever waited for it waits in vain.
 */
static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct wdm_transport *t = data;
	ssize_t n;

	n = read(fd, t->buf + t->len, sizeof(t->buf) - t->len);
	if (n > 0) {
		t->len += n;
		cut(t);
	} else if ((n < 0 && errno == ENODEV) || condition & G_IO_HUP) {
		t->readable = 0;
		t->gone = true;
		all_died(t, -ENODEV, "the modem is gone");
		return G_SOURCE_REMOVE;
	} else if (n < 0 && condition & G_IO_ERR) {
		take_error(t);
	}
	return G_SOURCE_CONTINUE;
}

/* --- what clients ask ------------------------------------------------------- */

static int wdm_client_open(struct m2m_transport *base, uint8_t service,
			   const char *keep, uint32_t *ret_handle,
			   struct m2m_error *error)
{
	struct wdm_transport *t = from_base(base);
	struct wdm_wait wait = { .handle = t->last_handle + 1 };
	struct wdm_id *id;
	int err = 0;

	if (keep)
		return m2m_error_set(error, -EOPNOTSUPP,
				     "only the driver can keep a client id");
	if (t->gone)
		return m2m_error_set(error, -ENODEV, "the modem is gone");
	id = g_new0(struct wdm_id, 1);
	id->service = service;
	g_hash_table_insert(t->ids, GUINT_TO_POINTER(wait.handle), id);
	if (t->synced)
		err = allocate(t, &wait, error);
	if (err) {
		g_hash_table_remove(t->ids, GUINT_TO_POINTER(wait.handle));
		return err;
	}
	*ret_handle = ++t->last_handle;
	wait_add(t, &wait, CTL_TIMEOUT_MS);
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

/*
 * What is read now is nobody's, for there is neither an id nor a wait any more; but what
 * is not read puts whoever comes next behind.
 */
static void drain(struct wdm_transport *t)
{
	struct pollfd poll_fd = { .fd = t->fd, .events = POLLIN };
	gint64 end = g_get_monotonic_time() + DRAIN_MS * 1000;
	ssize_t n;

	g_ptr_array_set_size(t->waits, 0);
	g_hash_table_remove_all(t->ids);
	while (t->owed && g_get_monotonic_time() < end &&
	       poll(&poll_fd, 1, DRAIN_GAP_MS) > 0) {
		n = read(t->fd, t->buf + t->len, sizeof(t->buf) - t->len);
		if (n <= 0)
			return;
		t->len += n;
		cut(t);
	}
}

static void wdm_free(struct m2m_transport *base)
{
	struct wdm_transport *t = from_base(base);

	if (t->readable)
		g_source_remove(t->readable);
	if (t->settling)
		g_source_remove(t->settling);
	if (!t->gone)
		drain(t);
	g_ptr_array_unref(t->waits);
	g_hash_table_destroy(t->ids);
	if (t->prober)
		g_source_remove(t->prober);
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

static gboolean settled(gpointer data)
{
	struct wdm_transport *t = data;

	t->settling = 0;
	t->readable = g_unix_fd_add(t->fd, G_IO_IN | G_IO_HUP | G_IO_ERR,
				    readable, t);
	return G_SOURCE_REMOVE;
}

/*
 * Whoever reads what is left of another process while cdc-wdm fetches the next frame
 * makes it forget a notification, so nobody reads for a while.
 */
int m2m_qmi_open_fd(int fd, struct m2m_qmi **ret_qmi, struct m2m_error *error)
{
	struct wdm_transport *t = g_new0(struct wdm_transport, 1);
	int err;

	t->base.ops = &wdm_ops;
	t->fd = fd;
	/* not what another process began with, whose answers may be left */
	t->ctl_tid = g_random_int();
	t->ids = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	t->waits = g_ptr_array_new_with_free_func(wait_free);
	t->settling = g_timeout_add(SETTLE_MS, settled, t);
	g_unix_set_fd_nonblocking(fd, TRUE, NULL);
	err = write_probe(t, true, error);
	if (err) {
		wdm_free(&t->base);
		return err;
	}
	probe_later(t);
	*ret_qmi = m2m_qmi_new(&t->base);
	return 0;
}

int m2m_qmi_open_chardev(const char *path, struct m2m_qmi **ret_qmi,
			 struct m2m_error *error)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", path,
				     strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return m2m_error_set(error, -EBUSY, "%s has another owner",
				     path);
	}
	return m2m_qmi_open_fd(fd, ret_qmi, error);
}
