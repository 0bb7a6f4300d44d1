// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl why`: what m2md says of the modems it looks after. */
#include <errno.h>
#include <glib.h>
#include <json-glib/json-glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl.h"

#define SOCKET		"/run/m2m/m2md.sock"
#define REQUEST		"{\"schema\":1,\"method\":\"why\"}\n"
#define ANSWER_MAX	(1024 * 1024)
#define ANSWER_MS	5000

/* --- asking ----------------------------------------------------------------- */

static int connect_daemon(struct ctl *ctl, int *ret_fd)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *path = g_getenv("M2MD_SOCKET");
	int fd;

	if (g_strlcpy(addr.sun_path, path ? path : SOCKET, sizeof(addr.sun_path)) >=
	    sizeof(addr.sun_path))
		return m2m_error_set(&ctl->error, -ENAMETOOLONG, "%s: too long", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return m2m_error_set(&ctl->error, -errno, "socket: %s",
				     g_strerror(errno));
	if (!connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		*ret_fd = fd;
		return 0;
	}
	close(fd);
	return ctl_fail(ctl, -EHOSTDOWN, EXIT_NO_DRIVER, "systemctl status m2md",
			"m2md does not run (%s: %s)", addr.sun_path,
			g_strerror(errno));
}

/* One line, its end left out */
static int read_line(struct ctl *ctl, int fd, GString *ret)
{
	struct pollfd pfds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = ctl->signal_fd, .events = POLLIN },
	};
	char buf[4096];
	ssize_t n;

	while (!ret->len || ret->str[ret->len - 1] != '\n') {
		if (poll(pfds, G_N_ELEMENTS(pfds), ANSWER_MS) <= 0)
			return m2m_error_set(&ctl->error, -ETIMEDOUT,
					     "m2md does not answer");
		if (ctl_interrupted(ctl))
			return -EINTR;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n <= 0 || ret->len + n > ANSWER_MAX)
			return m2m_error_set(&ctl->error, -EIO,
					     "m2md ended the connection");
		g_string_append_len(ret, buf, n);
	}
	g_string_truncate(ret, ret->len - 1);
	return 0;
}

static int ask(struct ctl *ctl, GString *ret)
{
	int fd = -1;
	int err;

	err = connect_daemon(ctl, &fd);
	if (err)
		return err;
	if (send(fd, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) !=
	    (ssize_t)strlen(REQUEST))
		err = m2m_error_set(&ctl->error, -EIO, "m2md does not listen");
	else
		err = read_line(ctl, fd, ret);
	close(fd);
	return err;
}

/* --- telling ---------------------------------------------------------------- */

static const char *text(JsonObject *object, const char *key)
{
	JsonNode *node = json_object_get_member(object, key);

	return node && json_node_get_value_type(node) == G_TYPE_STRING ?
		       json_node_get_string(node) : NULL;
}

static void say_number(struct out *out, JsonObject *object, const char *key,
		       const char *label)
{
	JsonNode *node = json_object_get_member(object, key);

	if (node && json_node_get_value_type(node) == G_TYPE_INT64)
		out_int(out, key, label, json_node_get_int(node));
	else
		out_unknown(out, key, label);
}

static void say_row(struct out *out, JsonObject *object, const char *name,
		    const char *label)
{
	out_row(out);
	out_string(out, "usb_path", "MODEM", text(object, "usb_path"));
	out_string(out, name, label, text(object, name));
	out_string(out, "state", "STATE", text(object, "state"));
	out_string(out, "cause", "CAUSE", text(object, "cause"));
	out_string(out, "cause_text", "WHY", text(object, "cause_text"));
	say_number(out, object, "since_s", "SINCE");
	out_string(out, "next", "NEXT", text(object, "next"));
	say_number(out, object, "next_s", "IN");
	out_row_end(out);
}

static void say_table(struct ctl *ctl, JsonObject *root, const char *key,
		      const char *title, const char *name, const char *label)
{
	JsonNode *node = json_object_get_member(root, key);
	JsonArray *rows = node && JSON_NODE_HOLDS_ARRAY(node) ?
				  json_node_get_array(node) : NULL;
	guint n = rows ? json_array_get_length(rows) : 0;

	out_table(ctl->out, key, title);
	for (guint i = 0; i < n; i++) {
		JsonNode *row = json_array_get_element(rows, i);

		if (JSON_NODE_HOLDS_OBJECT(row))
			say_row(ctl->out, json_node_get_object(row), name, label);
	}
	out_table_end(ctl->out);
}

static int tell(struct ctl *ctl, const GString *line)
{
	JsonParser *parser = json_parser_new();
	JsonObject *root = NULL;
	int err = 0;

	if (json_parser_load_from_data(parser, line->str, line->len, NULL) &&
	    JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
		root = json_node_get_object(json_parser_get_root(parser));
	if (!root)
		err = m2m_error_set(&ctl->error, -EBADMSG,
				    "m2md's answer is not understood");
	else if (text(root, "error"))
		err = ctl_fail(ctl, -EACCES, EXIT_PERMISSION, NULL, "m2md: %s: %s",
			       text(root, "error"), text(root, "error_text"));
	if (!err) {
		say_table(ctl, root, "modems", "Modems", "imei", "IMEI");
		say_table(ctl, root, "pdns", "PDNs", "name", "NAME");
	}
	g_object_unref(parser);
	return err;
}

int why_run(struct ctl *ctl)
{
	GString *line = g_string_new(NULL);
	int err;

	err = ask(ctl, line);
	if (!err)
		err = tell(ctl, line);
	g_string_free(line, TRUE);
	return err;
}
