// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the control socket and its connections. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "action.h"
#include "bytes.h"
#include "control.h"

/*
 * DOC: Protocol
 *
 * A command is one line. The answer is one line that begins with "ok" or
 * "error: ", perhaps more lines, and an empty line. Commands of one connection
 * are answered in order; while one waits for an event the next ones queue.
 */

#define LINE_LENGTH_MAX	1024
#define CONNECTIONS_MAX	64
#define OUT_MAX		(1024 * 1024)

struct connection {
	TAILQ_ENTRY(connection) link;
	struct control *control;
	int fd;
	guint read_source, write_source, wait_source;
	GString *in, *out;
	char wait_event[SCENARIO_WORD_MAX];	/* "": waits for nothing */
	unsigned int wait_count;
	bool closing;
};

TAILQ_HEAD(connection_list, connection);

struct control {
	char path[108];
	int fd;
	guint source, quit_source;
	struct vmodem *vm;
	struct connection_list connections;
	unsigned int n_connections;
	void (*quit)(void *ctx);
	void *ctx;
};

struct command {
	const char *name;
	/* @args: the rest of the line. */
	void (*run)(struct connection *conn, char *args);
};

static void connection_free(struct connection *conn)
{
	TAILQ_REMOVE(&conn->control->connections, conn, link);
	conn->control->n_connections--;
	if (conn->read_source)
		g_source_remove(conn->read_source);
	if (conn->write_source)
		g_source_remove(conn->write_source);
	if (conn->wait_source)
		g_source_remove(conn->wait_source);
	close(conn->fd);
	g_string_free(conn->in, TRUE);
	g_string_free(conn->out, TRUE);
	g_free(conn);
}

static gboolean connection_writable(gint fd, GIOCondition condition, gpointer data)
{
	struct connection *conn = data;
	ssize_t n;

	(void)condition;
	n = send(fd, conn->out->str, conn->out->len, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		g_string_truncate(conn->out, 0);
		conn->closing = true;
	} else if (n > 0) {
		g_string_erase(conn->out, 0, n);
	}
	if (conn->out->len)
		return G_SOURCE_CONTINUE;
	conn->write_source = 0;
	if (conn->closing && !conn->wait_event[0])
		connection_free(conn);
	return G_SOURCE_REMOVE;
}

static __attribute__((format(printf, 2, 3)))
void answer(struct connection *conn, const char *format, ...)
{
	va_list args;

	/* A client that asks and never reads is cut off. */
	if (conn->out->len > OUT_MAX) {
		conn->closing = true;
		return;
	}
	va_start(args, format);
	g_string_append_vprintf(conn->out, format, args);
	va_end(args);
	if (!conn->write_source)
		conn->write_source = g_unix_fd_add(conn->fd, G_IO_OUT,
						   connection_writable, conn);
}

static void answer_result(struct connection *conn, int ret, const char *err)
{
	if (ret)
		answer(conn, "error: %s\n\n", err);
	else
		answer(conn, "ok\n\n");
}

static void command_stats(struct connection *conn, char *args)
{
	const struct usb_counter *counter;
	const struct usb_stats *stats;
	unsigned int port, i;

	(void)args;
	answer(conn, "ok\n");
	for (port = 0; port < vmodem_ports(conn->control->vm); port++) {
		stats = vmodem_stats(conn->control->vm, port);
		for (i = 0; (counter = usb_counter_at(i)); i++)
			answer(conn, "port%u.%s=%llu\n", port, counter->name,
			       (unsigned long long)usb_counter_value(stats, counter));
	}
	answer(conn, "\n");
}

/* "stat NAME [PORT]": one counter, for scripts. */
static void command_stat(struct connection *conn, char *args)
{
	const struct usb_counter *counter;
	char name[64];
	unsigned int port = 0, i;

	if (sscanf(args, "%63s %u", name, &port) < 1 ||
	    port >= vmodem_ports(conn->control->vm)) {
		answer(conn, "error: stat wants a counter and perhaps a port\n\n");
		return;
	}
	for (i = 0; (counter = usb_counter_at(i)); i++)
		if (!strcmp(counter->name, name))
			break;
	if (!counter) {
		answer(conn, "error: there is no counter \"%s\"\n\n", name);
		return;
	}
	answer(conn, "ok %llu\n\n", (unsigned long long)
	       usb_counter_value(vmodem_stats(conn->control->vm, port), counter));
}

static void command_get(struct connection *conn, char *args)
{
	char value[512] = "";
	int ret;

	ret = vmodem_get(conn->control->vm, args, value, sizeof(value));
	if (ret)
		answer(conn, "error: %s: %s\n\n", args, ret == -ENOENT ?
		       "nothing here has that name" : g_strerror(-ret));
	else
		answer(conn, "ok %s\n\n", value);
}

static void command_set(struct connection *conn, char *args)
{
	char err[SCENARIO_ERROR_MAX] = "", *value = strpbrk(args, " \t");
	int ret;

	if (value) {
		*value++ = '\0';
		value = g_strstrip(value);
	}
	ret = vmodem_do(conn->control->vm, args, value ? value : "", err, sizeof(err));
	answer_result(conn, ret, err);
}

/* Of low priority: the answer leaves before the program does. */
static gboolean control_quit(gpointer data)
{
	struct control *control = data;

	control->quit_source = 0;
	control->quit(control->ctx);
	return G_SOURCE_REMOVE;
}

static void command_quit(struct connection *conn, char *args)
{
	(void)args;
	answer(conn, "ok\n\n");
	if (!conn->control->quit_source)
		conn->control->quit_source = g_idle_add_full(G_PRIORITY_LOW,
							     control_quit,
							     conn->control, NULL);
}

static void connection_run(struct connection *conn);

static void wait_end(struct connection *conn)
{
	conn->wait_event[0] = '\0';
	if (conn->wait_source)
		g_source_remove(conn->wait_source);
	conn->wait_source = 0;
}

static gboolean wait_timeout(gpointer data)
{
	struct connection *conn = data;

	conn->wait_source = 0;
	answer(conn, "error: %s did not happen in time\n\n", conn->wait_event);
	wait_end(conn);
	connection_run(conn);
	return G_SOURCE_REMOVE;
}

/*
 * "wait EVENT SECS [COUNT]": until EVENT happened COUNT times since the start
 * of the program; without COUNT until it happens next.
 */
static void command_wait(struct connection *conn, char *args)
{
	unsigned int secs, count, now;
	char event[SCENARIO_WORD_MAX];
	int n;

	n = sscanf(args, "%127s %u %u", event, &secs, &count);
	if (n < 2 || secs > 86400) {
		answer(conn, "error: wait wants an event, seconds, perhaps a count\n\n");
		return;
	}
	if (!vmodem_has_event(event)) {
		answer(conn, "error: there is no event \"%s\"\n\n", event);
		return;
	}
	now = vmodem_event_count(conn->control->vm, event);
	if (n < 3)
		count = now + 1;
	if (now >= count) {
		answer(conn, "ok %s %u\n\n", event, now);
		return;
	}
	strcpy(conn->wait_event, event);
	conn->wait_count = count;
	conn->wait_source = g_timeout_add(secs * 1000, wait_timeout, conn);
}

static const struct command commands[] = {
	{ "stats", command_stats },
	{ "stat", command_stat },
	{ "get", command_get },
	{ "set", command_set },
	{ "wait", command_wait },
	{ "quit", command_quit },
};

static void connection_command(struct connection *conn, char *line)
{
	char key[SCENARIO_WORD_MAX], value[SCENARIO_WORD_MAX], err[SCENARIO_ERROR_MAX] = "";
	size_t i, n;

	line = g_strstrip(line);
	if (!*line)
		return;
	if (!conn->control->vm) {
		answer(conn, "error: the modem is not built yet\n\n");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		n = strlen(commands[i].name);
		if (strncmp(line, commands[i].name, n) ||
		    (line[n] && !g_ascii_isspace(line[n])))
			continue;
		commands[i].run(conn, g_strstrip(line + n));
		return;
	}
	if (action_split(line, key, value, sizeof(key)))
		answer(conn, "error: that is no command and no action\n\n");
	else
		answer_result(conn, vmodem_do(conn->control->vm, key, value, err,
					      sizeof(err)), err);
}

/* Runs the lines that came, until one has to wait. */
static void connection_run(struct connection *conn)
{
	char *end, *line;

	while (!conn->wait_event[0] && (end = strchr(conn->in->str, '\n'))) {
		line = g_strndup(conn->in->str, (gsize)(end - conn->in->str));
		g_string_erase(conn->in, 0, end - conn->in->str + 1);
		connection_command(conn, line);
		g_free(line);
	}
	if (conn->in->len > LINE_LENGTH_MAX && !conn->wait_event[0]) {
		answer(conn, "error: the line is too long\n\n");
		g_string_truncate(conn->in, 0);
		conn->closing = true;
	}
}

static gboolean connection_readable(gint fd, GIOCondition condition, gpointer data)
{
	struct connection *conn = data;
	char buf[4096];
	ssize_t n;

	(void)condition;
	n = read(fd, buf, sizeof(buf));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n > 0 && !conn->closing && !memchr(buf, 0, (size_t)n) &&
	    conn->in->len < 16 * LINE_LENGTH_MAX) {
		g_string_append_len(conn->in, buf, n);
		connection_run(conn);
		return G_SOURCE_CONTINUE;
	}
	conn->read_source = 0;
	conn->closing = true;
	/* Who hung up does not want to wait any more. */
	wait_end(conn);
	if (!conn->out->len)
		connection_free(conn);
	return G_SOURCE_REMOVE;
}

static gboolean control_acceptable(gint fd, GIOCondition condition, gpointer data)
{
	struct control *control = data;
	struct connection *conn;
	int peer;

	(void)condition;
	peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (peer < 0)
		return G_SOURCE_CONTINUE;
	if (control->n_connections >= CONNECTIONS_MAX) {
		close(peer);
		return G_SOURCE_CONTINUE;
	}
	conn = g_malloc0(sizeof(*conn));
	conn->control = control;
	conn->fd = peer;
	conn->in = g_string_new(NULL);
	conn->out = g_string_new(NULL);
	conn->read_source = g_unix_fd_add(peer, G_IO_IN | G_IO_HUP,
					  connection_readable, conn);
	TAILQ_INSERT_TAIL(&control->connections, conn, link);
	control->n_connections++;
	return G_SOURCE_CONTINUE;
}

void control_event(struct control *control, const char *name)
{
	struct connection *conn, *next;

	if (!control || !control->vm)
		return;
	for (conn = TAILQ_FIRST(&control->connections); conn; conn = next) {
		next = TAILQ_NEXT(conn, link);
		if (strcmp(conn->wait_event, name) ||
		    vmodem_event_count(control->vm, name) < conn->wait_count)
			continue;
		answer(conn, "ok %s %u\n\n", name,
		       vmodem_event_count(control->vm, name));
		wait_end(conn);
		connection_run(conn);
	}
}

void control_set_modem(struct control *control, struct vmodem *vm)
{
	if (control)
		control->vm = vm;
}

static int control_bind(const char *path, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* Only a socket that nobody answers on is in the way. */
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -EADDRINUSE;
	}
	if (errno == ECONNREFUSED)
		unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 16)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	*ret_fd = fd;
	return 0;
}

int control_new(const char *path, void (*quit)(void *ctx), void *ctx,
		struct control **ret_control)
{
	struct control *control;
	int fd = -1, ret;

	ret = control_bind(path, &fd);
	if (ret)
		return ret;
	control = g_malloc0(sizeof(*control));
	g_strlcpy(control->path, path, sizeof(control->path));
	control->fd = fd;
	control->quit = quit;
	control->ctx = ctx;
	TAILQ_INIT(&control->connections);
	control->source = g_unix_fd_add(fd, G_IO_IN, control_acceptable, control);
	*ret_control = control;
	return 0;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	while (!TAILQ_EMPTY(&control->connections))
		connection_free(TAILQ_FIRST(&control->connections));
	g_source_remove(control->source);
	if (control->quit_source)
		g_source_remove(control->quit_source);
	close(control->fd);
	unlink(control->path);
	g_free(control);
}
