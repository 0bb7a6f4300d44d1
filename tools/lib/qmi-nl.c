// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the transport of QMI over the driver's generic netlink door. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "nl.h"
#include "qmi-transport.h"
#include "qmi.h"

struct nl_transport {
	struct m2m_transport base;
	struct m2m_nl *nl;
	uint32_t port_id;
	guint readable;
	guint idle;		/* dispatches what a request put aside */
};

static struct nl_transport *from_base(struct m2m_transport *base)
{
	return (struct nl_transport *)base;
}

static void dispatch(struct nl_transport *t)
{
	struct m2m_error error;

	/* -ENOBUFS: the driver counts what we lost; requests have their guard */
	m2m_nl_dispatch(t->nl, &error);
}

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	dispatch(data);
	return G_SOURCE_CONTINUE;
}

static gboolean idle(gpointer data)
{
	struct nl_transport *t = data;

	t->idle = 0;
	dispatch(t);
	return G_SOURCE_REMOVE;
}

/* Sends a request; messages that came meanwhile are dispatched later */
static int nl_do(struct nl_transport *t, struct nl_msg *request, m2m_nl_fn fn,
		 void *data, struct m2m_error *error)
{
	int err = m2m_nl_do(t->nl, request, fn, data, error);

	if (m2m_nl_has_pending(t->nl) && !t->idle)
		t->idle = g_idle_add(idle, t);
	return err;
}

static int failure_error(uint32_t failure, struct m2m_error *error)
{
	switch (failure) {
	case M2M_WWAN_FAILURE_TIMEOUT:
		return m2m_error_set(error, -ETIMEDOUT,
				     "the modem did not answer in time");
	case M2M_WWAN_FAILURE_RESTARTED:
		return m2m_error_set(error, -ECONNRESET,
				     "the modem restarted");
	case M2M_WWAN_FAILURE_GONE:
		return m2m_error_set(error, -ENODEV, "the modem is gone");
	default:
		return m2m_error_set(error, -EREMOTEIO,
				     "the modem refused the client id");
	}
}

/* --- what the kernel sends --------------------------------------------------- */

static void on_open(struct nl_transport *t, struct nlattr **tb)
{
	uint32_t failure = 0;
	struct m2m_error error;
	bool failed = false;
	uint32_t handle;

	handle = nla_get_u32(tb[M2M_WWAN_A_CLIENT_HANDLE]);
	if (tb[M2M_WWAN_A_CLIENT_FAILURE])
		failure = nla_get_u32(tb[M2M_WWAN_A_CLIENT_FAILURE]);
	if (failure && tb[M2M_WWAN_A_CLIENT_QMI_ERROR])
		m2m_qmi_error(nla_get_u16(tb[M2M_WWAN_A_CLIENT_QMI_ERROR]),
			      &error);
	else if (failure)
		failure_error(failure, &error);
	failed = failure != M2M_WWAN_FAILURE_NONE;
	m2m_transport_opened(&t->base, handle,
			     tb[M2M_WWAN_A_CLIENT_TAKEN_OVER],
			     failed ? &error : NULL);
}

static void on_close(struct nl_transport *t, struct nlattr **tb)
{
	uint32_t failure = M2M_WWAN_FAILURE_GONE;
	struct m2m_error error;

	if (tb[M2M_WWAN_A_CLIENT_FAILURE])
		failure = nla_get_u32(tb[M2M_WWAN_A_CLIENT_FAILURE]);
	failure_error(failure, &error);
	m2m_transport_died(&t->base, nla_get_u32(tb[M2M_WWAN_A_CLIENT_HANDLE]),
			   &error);
}

static void on_receive(struct nl_transport *t, struct nlattr **tb)
{
	struct nlattr *frame = tb[M2M_WWAN_A_MESSAGE_FRAME];
	uint32_t failure = M2M_WWAN_FAILURE_TIMEOUT;
	struct m2m_error error;
	uint32_t handle;
	uint16_t tid = 0;

	handle = nla_get_u32(tb[M2M_WWAN_A_MESSAGE_HANDLE]);
	if (tb[M2M_WWAN_A_MESSAGE_TRANSACTION])
		tid = nla_get_u16(tb[M2M_WWAN_A_MESSAGE_TRANSACTION]);
	if (frame) {
		m2m_transport_received(&t->base, handle, tid, nla_data(frame),
				       nla_len(frame));
		return;
	}
	if (tb[M2M_WWAN_A_MESSAGE_FAILURE])
		failure = nla_get_u32(tb[M2M_WWAN_A_MESSAGE_FAILURE]);
	failure_error(failure, &error);
	m2m_transport_failed(&t->base, handle, tid, &error);
}

static struct nla_policy client_policy[M2M_WWAN_A_CLIENT_MAX + 1] = {
	[M2M_WWAN_A_CLIENT_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_CLIENT_HANDLE] = { .type = NLA_U32 },
	[M2M_WWAN_A_CLIENT_FAILURE] = { .type = NLA_U32 },
	[M2M_WWAN_A_CLIENT_QMI_ERROR] = { .type = NLA_U16 },
};

static struct nla_policy message_policy[M2M_WWAN_A_MESSAGE_MAX + 1] = {
	[M2M_WWAN_A_MESSAGE_PORT_ID] = { .type = NLA_U32 },
	[M2M_WWAN_A_MESSAGE_HANDLE] = { .type = NLA_U32 },
	[M2M_WWAN_A_MESSAGE_TRANSACTION] = { .type = NLA_U16 },
	[M2M_WWAN_A_MESSAGE_FAILURE] = { .type = NLA_U32 },
};

static int on_client(struct nl_transport *t, struct nlmsghdr *msg, int cmd)
{
	struct nlattr *tb[M2M_WWAN_A_CLIENT_MAX + 1];

	if (genlmsg_parse(msg, 0, tb, M2M_WWAN_A_CLIENT_MAX, client_policy) ||
	    !tb[M2M_WWAN_A_CLIENT_HANDLE] || !tb[M2M_WWAN_A_CLIENT_PORT_ID] ||
	    nla_get_u32(tb[M2M_WWAN_A_CLIENT_PORT_ID]) != t->port_id)
		return 0;
	if (cmd == M2M_WWAN_CMD_CLIENT_OPEN)
		on_open(t, tb);
	else
		on_close(t, tb);
	return 0;
}

static int on_message(struct nlmsghdr *msg, void *data)
{
	struct nlattr *tb[M2M_WWAN_A_MESSAGE_MAX + 1];
	struct nl_transport *t = data;
	int cmd;

	if (msg->nlmsg_type < NLMSG_MIN_TYPE ||
	    nlmsg_datalen(msg) < (int)GENL_HDRLEN)
		return 0;
	cmd = genlmsg_hdr(msg)->cmd;
	if (cmd == M2M_WWAN_CMD_CLIENT_OPEN || cmd == M2M_WWAN_CMD_CLIENT_CLOSE)
		return on_client(t, msg, cmd);
	if (cmd != M2M_WWAN_CMD_RECEIVE ||
	    genlmsg_parse(msg, 0, tb, M2M_WWAN_A_MESSAGE_MAX, message_policy) ||
	    !tb[M2M_WWAN_A_MESSAGE_HANDLE] || !tb[M2M_WWAN_A_MESSAGE_PORT_ID] ||
	    nla_get_u32(tb[M2M_WWAN_A_MESSAGE_PORT_ID]) != t->port_id)
		return 0;
	on_receive(t, tb);
	return 0;
}

/* --- what clients ask --------------------------------------------------------- */

static int take_handle(struct nlmsghdr *msg, void *data)
{
	struct nlattr *attr = nlmsg_find_attr(msg, GENL_HDRLEN,
					      M2M_WWAN_A_CLIENT_HANDLE);

	if (!attr || nla_len(attr) < (int)sizeof(uint32_t))
		return -EBADMSG;
	*(uint32_t *)data = nla_get_u32(attr);
	return 0;
}

static int take_tid(struct nlmsghdr *msg, void *data)
{
	struct nlattr *attr = nlmsg_find_attr(msg, GENL_HDRLEN,
					      M2M_WWAN_A_MESSAGE_TRANSACTION);

	if (!attr || nla_len(attr) < (int)sizeof(uint16_t))
		return -EBADMSG;
	*(uint16_t *)data = nla_get_u16(attr);
	return 0;
}

static int nl_client_open(struct m2m_transport *base, uint8_t service,
			  const char *keep, uint32_t *ret_handle,
			  struct m2m_error *error)
{
	struct nl_transport *t = from_base(base);
	struct nl_msg *request;

	request = m2m_nl_request(t->nl, M2M_WWAN_CMD_CLIENT_OPEN, 0);
	nla_put_u32(request, M2M_WWAN_A_CLIENT_PORT_ID, t->port_id);
	nla_put_u8(request, M2M_WWAN_A_CLIENT_SERVICE, service);
	if (keep) {
		nla_put_flag(request, M2M_WWAN_A_CLIENT_KEEP);
		nla_put_string(request, M2M_WWAN_A_CLIENT_NAME, keep);
	}
	return nl_do(t, request, take_handle, ret_handle, error);
}

static void nl_client_close(struct m2m_transport *base, uint32_t handle,
			    bool release)
{
	struct nl_transport *t = from_base(base);
	struct m2m_error error;
	struct nl_msg *request;

	request = m2m_nl_request(t->nl, M2M_WWAN_CMD_CLIENT_CLOSE, 0);
	nla_put_u32(request, M2M_WWAN_A_CLIENT_PORT_ID, t->port_id);
	nla_put_u32(request, M2M_WWAN_A_CLIENT_HANDLE, handle);
	if (release)
		nla_put_flag(request, M2M_WWAN_A_CLIENT_RELEASE);
	/* it can only fail where the client died already */
	nl_do(t, request, NULL, NULL, &error);
}

static int nl_send_frame(struct m2m_transport *base, uint32_t handle,
			 const uint8_t *frame, size_t len,
			 unsigned int timeout_ms, uint16_t *ret_tid,
			 struct m2m_error *error)
{
	struct nl_transport *t = from_base(base);
	struct nl_msg *request;

	request = m2m_nl_request(t->nl, M2M_WWAN_CMD_SEND, 0);
	nla_put_u32(request, M2M_WWAN_A_MESSAGE_PORT_ID, t->port_id);
	nla_put_u32(request, M2M_WWAN_A_MESSAGE_HANDLE, handle);
	nla_put_u32(request, M2M_WWAN_A_MESSAGE_TIMEOUT_MS,
		    MIN(timeout_ms, M2M_WWAN_TIMEOUT_MS_MAX));
	if (nla_put(request, M2M_WWAN_A_MESSAGE_FRAME, len, frame)) {
		nlmsg_free(request);
		return m2m_error_set(error, -EMSGSIZE,
				     "the message is longer than %u bytes",
				     M2M_WWAN_FRAME_MAX);
	}
	return nl_do(t, request, take_tid, ret_tid, error);
}

static void nl_transport_free(struct m2m_transport *base)
{
	struct nl_transport *t = from_base(base);

	if (t->readable)
		g_source_remove(t->readable);
	if (t->idle)
		g_source_remove(t->idle);
	m2m_nl_free(t->nl);
	g_free(t);
}

static struct m2m_nl *nl_transport_nl(struct m2m_transport *base)
{
	return from_base(base)->nl;
}

static const struct m2m_transport_ops nl_ops = {
	.client_open = nl_client_open,
	.client_close = nl_client_close,
	.send = nl_send_frame,
	.free = nl_transport_free,
	.nl = nl_transport_nl,
};

int m2m_qmi_open(uint32_t port_id, struct m2m_qmi **ret_qmi,
		 struct m2m_error *error)
{
	struct nl_transport *t;
	struct m2m_nl *nl;
	int err;

	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &nl, error);
	if (err)
		return err;
	t = g_new0(struct nl_transport, 1);
	t->base.ops = &nl_ops;
	t->nl = nl;
	t->port_id = port_id;
	m2m_nl_watch(nl, on_message, t);
	t->readable = g_unix_fd_add(m2m_nl_fd(nl), G_IO_IN | G_IO_ERR, readable,
				    t);
	*ret_qmi = m2m_qmi_new(&t->base);
	return 0;
}
