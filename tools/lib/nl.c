// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns netlink sockets; libnl does the encoding, the loop over answers is here. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl.h"

/* The kernel answers in microseconds; this is for one that does not at all. */
#define NL_DEADLINE_MS		10000
#define NL_RCVBUF		(1024 * 1024)

struct m2m_nl {
	struct nl_sock *sk;
	char *family;
	int family_id;		/* -1: rtnetlink */
	m2m_nl_fn watch;
	void *watch_data;
	GQueue pending;		/* struct nlmsghdr, answers to no request */
};

/* One request under way */
struct exchange {
	const struct nlmsghdr *request;
	m2m_nl_fn fn;
	void *data;
	struct m2m_error *error;
	bool done;
	int err;
};

static const char * const client_attrs[M2M_WWAN_A_CLIENT_MAX + 1] = {
	[M2M_WWAN_A_CLIENT_PORT_ID] = "port-id",
	[M2M_WWAN_A_CLIENT_HANDLE] = "handle",
	[M2M_WWAN_A_CLIENT_SERVICE] = "service",
	[M2M_WWAN_A_CLIENT_KEEP] = "keep",
	[M2M_WWAN_A_CLIENT_NAME] = "name",
	[M2M_WWAN_A_CLIENT_RELEASE] = "release",
};

static const char * const message_attrs[M2M_WWAN_A_MESSAGE_MAX + 1] = {
	[M2M_WWAN_A_MESSAGE_PORT_ID] = "port-id",
	[M2M_WWAN_A_MESSAGE_HANDLE] = "handle",
	[M2M_WWAN_A_MESSAGE_FRAME] = "frame",
	[M2M_WWAN_A_MESSAGE_TIMEOUT_MS] = "timeout-ms",
};

static const char * const control_attrs[M2M_WWAN_A_CONTROL_MAX + 1] = {
	[M2M_WWAN_A_CONTROL_PORT_ID] = "port-id",
	[M2M_WWAN_A_CONTROL_LEASE] = "lease",
	[M2M_WWAN_A_CONTROL_RESET] = "reset",
	[M2M_WWAN_A_CONTROL_TX_MAX_SIZE] = "tx-max-size",
	[M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS] = "tx-max-datagrams",
};

static const char *attr_name(int cmd, unsigned int type)
{
	const char * const *names = NULL;
	unsigned int max = 0;

	switch (cmd) {
	case M2M_WWAN_CMD_PORT_GET:
		return type == M2M_WWAN_A_PORT_ID ? "id" : NULL;
	case M2M_WWAN_CMD_CLIENT_GET:
	case M2M_WWAN_CMD_CLIENT_OPEN:
	case M2M_WWAN_CMD_CLIENT_CLOSE:
		names = client_attrs;
		max = M2M_WWAN_A_CLIENT_MAX;
		break;
	case M2M_WWAN_CMD_SEND:
	case M2M_WWAN_CMD_RING_GET:
		names = message_attrs;
		max = M2M_WWAN_A_MESSAGE_MAX;
		break;
	case M2M_WWAN_CMD_LEASE:
	case M2M_WWAN_CMD_RESET:
	case M2M_WWAN_CMD_TX_AGGR:
		names = control_attrs;
		max = M2M_WWAN_A_CONTROL_MAX;
		break;
	}
	return names && type <= max ? names[type] : NULL;
}

static void prepare(struct nl_sock *sk)
{
	int one = 1;

	nl_socket_set_nonblocking(sk);
	nl_socket_disable_auto_ack(sk);
	nl_socket_enable_msg_peek(sk);
	nl_socket_set_buffer_size(sk, NL_RCVBUF, 0);
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
}

int m2m_nl_open(const char *family, struct m2m_nl **ret_nl,
		struct m2m_error *error)
{
	struct m2m_nl *nl = g_new0(struct m2m_nl, 1);
	int err;

	g_queue_init(&nl->pending);
	nl->family_id = -1;
	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		g_error("out of memory");
	err = nl_connect(nl->sk, family ? NETLINK_GENERIC : NETLINK_ROUTE);
	if (err < 0) {
		m2m_error_set(error, -EIO, "no netlink socket: %s",
			      nl_geterror(err));
		goto err_free;
	}
	if (family) {
		nl->family_id = genl_ctrl_resolve(nl->sk, family);
		nl->family = g_strdup(family);
	}
	if (family && nl->family_id < 0) {
		m2m_error_set(error, -ENOENT,
			      "the kernel knows no %s: the module is not loaded",
			      family);
		goto err_free;
	}
	prepare(nl->sk);
	*ret_nl = nl;
	return 0;

err_free:
	m2m_nl_free(nl);
	return error ? error->err : -EIO;
}

int m2m_nl_open_fd(int fd, struct m2m_nl **ret_nl, struct m2m_error *error)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	struct m2m_nl *nl;
	int err;

	if (bind(fd, (struct sockaddr *)&any, sizeof(any))) {
		err = m2m_error_set(error, -errno, "no netlink socket: %s",
				    strerror(errno));
		close(fd);
		return err;
	}
	nl = g_new0(struct m2m_nl, 1);
	g_queue_init(&nl->pending);
	nl->family_id = -1;
	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		g_error("out of memory");
	err = nl_socket_set_fd(nl->sk, NETLINK_ROUTE, fd);
	if (err < 0) {
		close(fd);
		m2m_nl_free(nl);
		return m2m_error_set(error, -EIO, "no netlink socket: %s",
				     nl_geterror(err));
	}
	prepare(nl->sk);
	*ret_nl = nl;
	return 0;
}

void m2m_nl_free(struct m2m_nl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->sk);
	g_queue_clear_full(&nl->pending, g_free);
	g_free(nl->family);
	g_free(nl);
}

int m2m_nl_fd(const struct m2m_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

bool m2m_nl_has_pending(const struct m2m_nl *nl)
{
	return nl->pending.length > 0;
}

void m2m_nl_watch(struct m2m_nl *nl, m2m_nl_fn fn, void *data)
{
	nl->watch = fn;
	nl->watch_data = data;
}

int m2m_nl_join(struct m2m_nl *nl, const char *group, struct m2m_error *error)
{
	struct nl_sock *sk = nl_socket_alloc();
	int id = -NLE_NOMEM;
	int err;

	/* a socket of its own: libnl's resolver would eat our messages */
	if (sk && !genl_connect(sk))
		id = genl_ctrl_resolve_grp(sk, nl->family, group);
	nl_socket_free(sk);
	if (id < 0)
		return m2m_error_set(error, -ENOENT,
				     "the kernel knows no group %s of %s",
				     group, nl->family);
	err = setsockopt(nl_socket_get_fd(nl->sk), SOL_NETLINK,
			 NETLINK_ADD_MEMBERSHIP, &id, sizeof(id));
	if (err < 0)
		return m2m_error_set(error, -errno, "group %s: %s", group,
				     strerror(errno));
	return 0;
}

struct nl_msg *m2m_nl_request(struct m2m_nl *nl, int cmd, int flags)
{
	/* room for the largest frame with everything around it */
	struct nl_msg *msg = nlmsg_alloc_size(M2M_WWAN_FRAME_MAX + 512);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family_id,
				 0, NLM_F_REQUEST | flags, cmd,
				 M2M_WWAN_FAMILY_VERSION))
		g_error("out of memory");
	return msg;
}

/* The attribute of the request at the offset the kernel blames */
static const char *blamed(const struct nlmsghdr *request, uint32_t offset,
			  int family_id)
{
	const struct genlmsghdr *genl = nlmsg_data(request);
	const struct nlattr *attr;

	if (family_id < 0 || offset < NLMSG_HDRLEN + GENL_HDRLEN ||
	    offset + sizeof(*attr) > request->nlmsg_len)
		return NULL;
	attr = (const void *)((const char *)request + offset);
	return attr_name(genl->cmd, nla_type(attr));
}

/* Where the attributes of an acknowledgment begin, or NULL without any */
static struct nlattr *ack_attrs(struct nlmsghdr *msg, int *ret_len)
{
	const struct nlmsgerr *ack = nlmsg_data(msg);
	size_t skip = sizeof(int);

	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (msg->nlmsg_type == NLMSG_ERROR) {
		skip = sizeof(*ack);
		if (!(msg->nlmsg_flags & NLM_F_CAPPED))
			skip += NLMSG_ALIGN(ack->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	if ((size_t)nlmsg_datalen(msg) < skip)
		return NULL;
	*ret_len = nlmsg_datalen(msg) - skip;
	return (struct nlattr *)((char *)nlmsg_data(msg) + skip);
}

static int refused(struct m2m_nl *nl, const struct exchange *ex,
		   struct nlmsghdr *msg, int err)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	const char *sentence = strerror(-err);
	const char *name = NULL;
	struct nlattr *attrs;
	int len;

	attrs = ack_attrs(msg, &len);
	if (attrs && !nla_parse(tb, NLMSGERR_ATTR_MAX, attrs, len, NULL)) {
		struct nlattr *text = tb[NLMSGERR_ATTR_MSG];
		struct nlattr *offs = tb[NLMSGERR_ATTR_OFFS];

		if (text && nla_len(text) > 0 &&
		    !((char *)nla_data(text))[nla_len(text) - 1])
			sentence = nla_data(text);
		if (offs && nla_len(offs) >= (int)sizeof(uint32_t))
			name = blamed(ex->request, nla_get_u32(offs),
				      nl->family_id);
	}
	if (name)
		return m2m_error_set(ex->error, err, "%s (attribute %s)",
				     sentence, name);
	return m2m_error_set(ex->error, err, "%s", sentence);
}

static void finish(struct m2m_nl *nl, struct exchange *ex,
		   struct nlmsghdr *msg)
{
	int err = 0;

	if (nlmsg_datalen(msg) >= (int)sizeof(int))
		err = *(int *)nlmsg_data(msg);
	ex->done = true;
	if (err < 0)
		ex->err = refused(nl, ex, msg, err);
}

static void take(struct m2m_nl *nl, struct exchange *ex, struct nlmsghdr *msg)
{
	int err;

	if (!ex || msg->nlmsg_seq != ex->request->nlmsg_seq) {
		g_queue_push_tail(&nl->pending,
				  g_memdup2(msg, msg->nlmsg_len));
		return;
	}
	if (msg->nlmsg_flags & NLM_F_DUMP_INTR)
		ex->err = m2m_error_set(ex->error, -EINTR,
					"the kernel's list changed meanwhile");
	if (msg->nlmsg_type == NLMSG_ERROR || msg->nlmsg_type == NLMSG_DONE) {
		finish(nl, ex, msg);
	} else if (ex->fn && !ex->err) {
		err = ex->fn(msg, ex->data);
		if (err)
			ex->err = m2m_error_set(ex->error, err,
						"the kernel's answer is not understood");
	}
}

/* Takes one datagram; returns 1, 0 if there was none, or a negative errno */
static int receive(struct m2m_nl *nl, struct exchange *ex,
		   struct m2m_error *error)
{
	unsigned char *buf = NULL;
	struct sockaddr_nl from;
	struct nlmsghdr *msg;
	int left;

	left = nl_recv(nl->sk, &from, &buf, NULL);
	if (left == 0 || left == -NLE_AGAIN || left == -NLE_INTR)
		return 0;
	if (left == -NLE_NOMEM)
		return m2m_error_set(error, -ENOBUFS,
				     "the socket overflowed, messages were lost");
	if (left < 0)
		return m2m_error_set(error, -EIO, "netlink: %s",
				     nl_geterror(left));
	/* nobody but the kernel may answer */
	msg = (struct nlmsghdr *)buf;
	while (from.nl_pid == 0 && nlmsg_ok(msg, left)) {
		take(nl, ex, msg);
		msg = nlmsg_next(msg, &left);
	}
	free(buf);
	return 1;
}

int m2m_nl_do(struct m2m_nl *nl, struct nl_msg *request, m2m_nl_fn fn,
	      void *data, struct m2m_error *error)
{
	struct nlmsghdr *hdr = nlmsg_hdr(request);
	struct exchange ex = {
		.request = hdr,
		.fn = fn,
		.data = data,
		.error = error,
	};
	struct pollfd pfd = { .fd = m2m_nl_fd(nl), .events = POLLIN };
	gint64 deadline = g_get_monotonic_time() + NL_DEADLINE_MS * 1000LL;
	int err;

	/* both bits: one of them alone is NLM_F_EXCL or NLM_F_REPLACE */
	if ((hdr->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		hdr->nlmsg_flags |= NLM_F_ACK;
	nl_complete_msg(nl->sk, request);
	err = nl_send(nl->sk, request);
	if (err < 0)
		ex.err = m2m_error_set(error, -EIO, "netlink: %s",
				       nl_geterror(err));
	while (err >= 0 && !ex.done) {
		err = receive(nl, &ex, error);
		if (err < 0)
			ex.err = err;
		if (err != 0)
			continue;
		if (g_get_monotonic_time() > deadline) {
			ex.err = m2m_error_set(error, -ETIMEDOUT,
					       "the kernel does not answer");
			break;
		}
		poll(&pfd, 1, 100);
	}
	explicit_bzero(nlmsg_data(hdr), nlmsg_datalen(hdr));
	nlmsg_free(request);
	return ex.err;
}

int m2m_nl_dispatch(struct m2m_nl *nl, struct m2m_error *error)
{
	struct nlmsghdr *msg;
	int err;

	do {
		err = receive(nl, NULL, error);
	} while (err > 0);
	while ((msg = g_queue_pop_head(&nl->pending))) {
		if (nl->watch)
			nl->watch(msg, nl->watch_data);
		g_free(msg);
	}
	return err;
}
