// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the sockets that ask a target: echo, DNS and TCP, each bound to an interface. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/question.h"
#include "../lib/task.h"
#include "probe.h"

#define ANSWER_MS	8000
#define DNS_PORT	53
/* Bytes on the way besides what is said: headers of IP, UDP and a TCP handshake */
#define IP4_BYTES	20
#define IP6_BYTES	40
#define UDP_BYTES	8
#define ECHO_BYTES	8
/* SYN, its answer, and the two that end it */
#define TCP_PACKETS	4
#define TCP_BYTES	32

/* One attempt */
struct asking {
	const struct probe *probe;
	int fd;
	bool ready;
	gint64 until_us;
	size_t bytes;
	struct m2m_error *error;
};

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* --- waiting ------------------------------------------------------------------ */

static gboolean become_ready(gint fd, GIOCondition condition, gpointer data)
{
	struct asking *asking = data;

	asking->ready = true;
	return G_SOURCE_REMOVE;
}

static bool is_done(void *data)
{
	const struct asking *asking = data;

	return asking->ready || asking->probe->is_over(asking->probe->data);
}

static int wait_for(struct asking *asking, GIOCondition condition)
{
	gint64 left = asking->until_us - g_get_monotonic_time();
	guint source;

	asking->ready = false;
	source = g_unix_fd_add(asking->fd, condition | G_IO_ERR | G_IO_HUP, become_ready,
			       asking);
	task_wait(is_done, asking, left > 0 ? left / 1000 : 0);
	if (!asking->ready)
		g_source_remove(source);
	if (asking->probe->is_over(asking->probe->data))
		return m2m_error_set(asking->error, -ECANCELED, "it is over");
	return asking->ready ? 0 :
		m2m_error_set(asking->error, -ETIMEDOUT, "%s does not answer",
			      asking->probe->target);
}

/* --- sockets ------------------------------------------------------------------ */

static socklen_t address_of(const struct resolv_server *host, uint16_t port,
			    union address *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->any.sa_family = host->family;
	if (host->family == AF_INET) {
		ret->in.sin_port = htons(port);
		ret->in.sin_addr = host->v4;
		return sizeof(ret->in);
	}
	ret->in6.sin6_port = htons(port);
	ret->in6.sin6_addr = host->v6;
	return sizeof(ret->in6);
}

static int fail(struct asking *asking, const char *what)
{
	return m2m_error_set(asking->error, -errno, "%s: %s", what, g_strerror(errno));
}

/* Bound to the interface and connected, so that nobody else's answer counts */
static int open_socket(struct asking *asking, const struct resolv_server *host, int type,
		       int protocol, uint16_t port)
{
	const char *ifname = asking->probe->ifname;
	union address address;
	socklen_t size = address_of(host, port, &address);

	asking->fd = socket(host->family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (asking->fd < 0)
		return fail(asking, "socket");
	if (setsockopt(asking->fd, SOL_SOCKET, SO_BINDTODEVICE, ifname, strlen(ifname) + 1))
		return fail(asking, ifname);
	if (connect(asking->fd, &address.any, size) && errno != EINPROGRESS) {
		/* no way there is no answer: routes are made together with the call */
		return m2m_error_set(asking->error, -ETIMEDOUT, "%s: %s",
				     asking->probe->target, g_strerror(errno));
	}
	return 0;
}

static void close_socket(struct asking *asking)
{
	if (asking->fd >= 0)
		close(asking->fd);
	asking->fd = -1;
}

static size_t ip_bytes(int family)
{
	return family == AF_INET ? IP4_BYTES : IP6_BYTES;
}

/* What was sent and is gone because somebody on the way said no, is no answer */
static int send_it(struct asking *asking, const void *bytes, size_t len)
{
	if (send(asking->fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len)
		return 0;
	return m2m_error_set(asking->error, -ETIMEDOUT, "%s: %s", asking->probe->target,
			     g_strerror(errno));
}

/* --- ICMP --------------------------------------------------------------------- */

static uint16_t checksum(const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void make_echo(int family, uint16_t id, uint16_t sequence, uint8_t ret[ECHO_BYTES])
{
	uint16_t sum;

	memset(ret, 0, ECHO_BYTES);
	ret[0] = family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	ret[4] = id >> 8;
	ret[5] = id;
	ret[6] = sequence >> 8;
	ret[7] = sequence;
	/* that of ICMPv6 needs addresses, and is the kernel's */
	sum = family == AF_INET ? checksum(ret, ECHO_BYTES) : 0;
	ret[2] = sum >> 8;
	ret[3] = sum;
}

/* A socket for echo has its own id put in; a raw one hears all of ICMP */
static bool is_reply(const uint8_t *bytes, ssize_t len, const uint8_t *echo, int family,
		     bool raw)
{
	uint8_t type = family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
	ssize_t header = raw && family == AF_INET && len > 0 ? (bytes[0] & 0x0f) * 4 : 0;

	if (len < header + ECHO_BYTES)
		return false;
	bytes += header;
	return bytes[0] == type && !memcmp(bytes + 6, echo + 6, 2) &&
	       (!raw || !memcmp(bytes + 4, echo + 4, 2));
}

static int open_echo(struct asking *asking, const struct resolv_server *host, bool *ret_raw)
{
	int protocol = host->family == AF_INET ? (int)IPPROTO_ICMP : (int)IPPROTO_ICMPV6;
	int err;

	*ret_raw = false;
	err = open_socket(asking, host, SOCK_DGRAM, protocol, 0);
	if (err != -EACCES && err != -EPERM)
		return err;
	close_socket(asking);
	*ret_raw = true;
	err = open_socket(asking, host, SOCK_RAW, protocol, 0);
	if (err != -EACCES && err != -EPERM)
		return err;
	return m2m_error_set(asking->error, -EPERM,
			     "echo requests are not allowed: net.ipv4.ping_group_range has no group of this process; Probe=dns and tcp need none");
}

static int ask_echo(struct asking *asking, const struct resolv_server *host)
{
	uint8_t echo[ECHO_BYTES], reply[128];
	bool raw, replied = false;
	int err;

	err = open_echo(asking, host, &raw);
	if (err)
		return err;
	make_echo(host->family, g_random_int(), g_random_int(), echo);
	asking->bytes += ip_bytes(host->family) + ECHO_BYTES;
	err = send_it(asking, echo, sizeof(echo));
	while (!err && !replied) {
		err = wait_for(asking, G_IO_IN);
		if (!err)
			replied = is_reply(reply, recv(asking->fd, reply, sizeof(reply), 0),
					   echo, host->family, raw);
	}
	if (replied)
		asking->bytes += ip_bytes(host->family) + ECHO_BYTES;
	return err;
}

/* --- DNS ---------------------------------------------------------------------- */

static int ask_server(struct asking *asking, const struct resolv_server *server,
		      const char *name, int family, struct resolv_server *ret)
{
	uint8_t query[QUESTION_MAX], answer[ANSWER_MAX];
	size_t len = question_make(name, family, g_random_int(), query);
	int err;

	if (!len)
		return m2m_error_set(asking->error, -EINVAL, "%s is no name", name);
	err = open_socket(asking, server, SOCK_DGRAM, 0, DNS_PORT);
	if (err)
		return err;
	asking->bytes += ip_bytes(server->family) + UDP_BYTES + len;
	err = send_it(asking, query, len);
	while (!err) {
		ssize_t n;

		err = wait_for(asking, G_IO_IN);
		if (err)
			break;
		n = recv(asking->fd, answer, sizeof(answer), 0);
		if (n < 0)
			continue;
		asking->bytes += ip_bytes(server->family) + UDP_BYTES + n;
		err = question_answer(query, len, answer, n, ret);
		if (err != -EBADMSG)
			break;
		err = 0;
	}
	return err;
}

static bool has_family(const struct probe *probe, int family)
{
	return family == AF_INET ? probe->v4 : probe->v6;
}

/* The first server that can be asked; the next probe asks again anyway */
static int ask_name(struct asking *asking, const char *name, struct resolv_server *ret)
{
	const struct resolv_link *servers = asking->probe->servers;
	int err;

	for (size_t i = 0; i < servers->n; i++) {
		if (!has_family(asking->probe, servers->servers[i].family))
			continue;
		err = ask_server(asking, &servers->servers[i], name,
				 asking->probe->v4 ? AF_INET : AF_INET6, ret);
		close_socket(asking);
		return err;
	}
	return m2m_error_set(asking->error, -ENOENT, "there is no DNS server to ask for %s",
			     name);
}

/* --- TCP ---------------------------------------------------------------------- */

static int ask_tcp(struct asking *asking, const struct resolv_server *host, uint16_t port)
{
	const struct linger at_once = { .l_onoff = 1 };
	socklen_t size = sizeof(int);
	int err, status = 0;

	err = open_socket(asking, host, SOCK_STREAM, 0, port);
	if (err)
		return err;
	asking->bytes += TCP_PACKETS * (ip_bytes(host->family) + TCP_BYTES);
	setsockopt(asking->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	err = wait_for(asking, G_IO_OUT);
	if (err)
		return err;
	if (getsockopt(asking->fd, SOL_SOCKET, SO_ERROR, &status, &size))
		return fail(asking, "socket");
	/* whoever refuses is there */
	if (!status || status == ECONNREFUSED)
		return 0;
	return m2m_error_set(asking->error, -ETIMEDOUT, "%s: %s", asking->probe->target,
			     g_strerror(status));
}

/* --- the target --------------------------------------------------------------- */

/* HOST, HOST:PORT, ADDRESS, [ADDRESS] or [ADDRESS]:PORT; the port 0 without one */
static void split(const char *target, char *host, size_t size, uint16_t *ret_port)
{
	const char *end = *target == '[' ? strchr(target, ']') : NULL;
	const char *colon = strchr(end ?: target, ':');
	size_t len;

	/* several of them are an address of IPv6 */
	if (colon && !end && strchr(colon + 1, ':'))
		colon = NULL;
	*ret_port = colon ? strtoul(colon + 1, NULL, 10) : 0;
	if (end)
		len = end - ++target;
	else
		len = colon ? (size_t)(colon - target) : strlen(target);
	g_strlcpy(host, target, MIN(len + 1, size));
}

static bool to_address(const char *text, struct resolv_server *ret)
{
	struct resolv_link one = { .n = 0 };

	if (!resolv_add_text(&one, text))
		return false;
	*ret = one.servers[0];
	return true;
}

static int ask(struct asking *asking)
{
	const struct probe *probe = asking->probe;
	struct resolv_server host, ignored;
	bool is_address;
	char name[256];
	uint16_t port;
	int err;

	split(probe->target, name, sizeof(name), &port);
	is_address = to_address(name, &host);
	if (!is_address) {
		err = ask_name(asking, name, &host);
		/* to be told that there is no such name is an answer as well */
		if (probe->kind == PROBE_DNS)
			return err == -ENODATA ? 0 : err;
		if (err == -ENODATA)
			return m2m_error_set(asking->error, -ENOENT, "%s has no address",
					     name);
		if (err)
			return err;
	}
	if (!has_family(probe, host.family))
		return m2m_error_set(asking->error, -EAFNOSUPPORT,
				     "%s: its IP family is not up", name);
	switch (probe->kind) {
	case PROBE_ICMP:
		return ask_echo(asking, &host);
	case PROBE_TCP:
		return port ? ask_tcp(asking, &host, port) :
			m2m_error_set(asking->error, -EINVAL, "%s has no port",
				      probe->target);
	case PROBE_DNS:
		break;
	}
	/* the shortest name that each server knows, or knows not to be */
	err = ask_server(asking, &host, "localhost", AF_INET, &ignored);
	return err == -ENODATA ? 0 : err;
}

int probe_ask(const struct probe *probe, size_t *ret_bytes, struct m2m_error *error)
{
	struct asking asking = {
		.probe = probe, .fd = -1, .error = error,
		.until_us = g_get_monotonic_time() + ANSWER_MS * (gint64)1000,
	};
	int err = ask(&asking);

	close_socket(&asking);
	*ret_bytes = asking.bytes;
	return err;
}
