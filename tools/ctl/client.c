// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way to m2md: its socket, a request, an answer, of which nothing is believed. */
#include <errno.h>
#include <glib.h>
#include <json-glib/json-glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"
#include "ctl.h"

#define SOCKET		"/run/m2m/m2md.sock"
#define ANSWER_MAX	(1024 * 1024)
#define ANSWER_MS	5000
#define SCHEMA		1

struct client_answer {
	JsonParser *parser;
	JsonObject *root;	/* of parser */
};

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

static char *request_line(const char *method, const struct client_word *words)
{
	g_autofree char *text = NULL;
	JsonBuilder *builder = json_builder_new();
	JsonGenerator *generator = json_generator_new();
	JsonNode *root;

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "schema");
	json_builder_add_int_value(builder, SCHEMA);
	json_builder_set_member_name(builder, "method");
	json_builder_add_string_value(builder, method);
	for (; words && words->name; words++) {
		json_builder_set_member_name(builder, words->name);
		if (words->text)
			json_builder_add_string_value(builder, words->text);
		else
			json_builder_add_int_value(builder, words->number);
	}
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	json_generator_set_root(generator, root);
	text = json_generator_to_data(generator, NULL);
	json_node_unref(root);
	g_object_unref(generator);
	g_object_unref(builder);
	return g_strconcat(text, "\n", NULL);
}

/* One line, its end left out; however slowly it comes, it is there in ANSWER_MS or not at all */
static int read_line(struct ctl *ctl, int fd, GString *ret)
{
	struct pollfd pfds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = ctl->signal_fd, .events = POLLIN },
	};
	gint64 until = g_get_monotonic_time() + ANSWER_MS * 1000LL, left_ms;
	char buf[4096];
	ssize_t n;

	while (!ret->len || ret->str[ret->len - 1] != '\n') {
		left_ms = (until - g_get_monotonic_time() + 999) / 1000;
		if (left_ms <= 0 || poll(pfds, G_N_ELEMENTS(pfds), left_ms) <= 0)
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

static int exchange(struct ctl *ctl, const char *request, GString *ret)
{
	int fd = -1;
	int err;

	err = connect_daemon(ctl, &fd);
	if (err)
		return err;
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
		err = m2m_error_set(&ctl->error, -EIO, "m2md does not listen");
	else
		err = read_line(ctl, fd, ret);
	close(fd);
	return err;
}

/* --- the answer ------------------------------------------------------------- */

static JsonArray *array(const struct client_answer *answer, const char *table)
{
	JsonNode *node = json_object_get_member(answer->root, table);

	return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

unsigned int client_rows(const struct client_answer *answer, const char *table)
{
	JsonArray *rows = array(answer, table);

	return rows ? json_array_get_length(rows) : 0;
}

static JsonNode *member(const struct client_answer *answer, const char *table,
			unsigned int row, const char *name, GType type)
{
	JsonObject *object = answer->root;
	JsonNode *node;

	if (table) {
		if (row >= client_rows(answer, table))
			return NULL;
		node = json_array_get_element(array(answer, table), row);
		if (!JSON_NODE_HOLDS_OBJECT(node))
			return NULL;
		object = json_node_get_object(node);
	}
	node = json_object_get_member(object, name);
	return node && JSON_NODE_HOLDS_VALUE(node) &&
	       json_node_get_value_type(node) == type ? node : NULL;
}

const char *client_text(const struct client_answer *answer, const char *table,
			unsigned int row, const char *name)
{
	JsonNode *node = member(answer, table, row, name, G_TYPE_STRING);

	return node ? json_node_get_string(node) : NULL;
}

const char *client_imei(const struct client_answer *answer, const char *usb_path)
{
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++)
		if (!g_strcmp0(client_text(answer, "modems", i, "usb_path"), usb_path))
			return client_text(answer, "modems", i, "imei");
	return NULL;
}

int64_t client_number(const struct client_answer *answer, const char *table,
		      unsigned int row, const char *name, int64_t otherwise)
{
	JsonNode *node = member(answer, table, row, name, G_TYPE_INT64);

	return node ? json_node_get_int(node) : otherwise;
}

bool client_is(const struct client_answer *answer, const char *table, unsigned int row,
	       const char *name)
{
	JsonNode *node = member(answer, table, row, name, G_TYPE_BOOLEAN);

	return node && json_node_get_boolean(node);
}

/* What m2md refuses, as an error of ours */
static int refused(struct ctl *ctl, const char *token, const char *sentence)
{
	static const struct {
		const char *token;
		int err, status;
		const char *hint;
	} tokens[] = {
		{ "not-permitted", -EACCES, EXIT_PERMISSION,
		  "run it as root, or as a member of the group that is named" },
		{ "no-such-modem", -ENODEV, EXIT_NO_MODEM, "m2mctl why" },
		{ "not-managed", -EPROTO, EXIT_FAILED, "m2mctl why" },
		{ "ambiguous", -EINVAL, EXIT_USAGE, "-d with a USB path" },
		{ "too-often", -EAGAIN, EXIT_TEMPORARY, "the same again in a second" },
		{ "no-such-method", -EOPNOTSUPP, EXIT_FAILED,
		  "systemctl restart m2md: it is older than m2mctl" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++)
		if (!strcmp(tokens[i].token, token))
			return ctl_fail(ctl, tokens[i].err, tokens[i].status,
					tokens[i].hint, "m2md: %s: %s", token, sentence);
	return ctl_fail(ctl, -EPROTO, EXIT_FAILED, NULL, "m2md: %s: %s", token, sentence);
}

static int understand(struct ctl *ctl, const GString *line, struct client_answer *answer)
{
	const char *token, *sentence;
	JsonNode *root;

	if (json_parser_load_from_data(answer->parser, line->str, line->len, NULL)) {
		root = json_parser_get_root(answer->parser);
		if (root && JSON_NODE_HOLDS_OBJECT(root))
			answer->root = json_node_get_object(root);
	}
	if (!answer->root)
		return m2m_error_set(&ctl->error, -EBADMSG,
				     "m2md's answer is not understood");
	token = client_text(answer, NULL, 0, "error");
	sentence = client_text(answer, NULL, 0, "error_text");
	return token ? refused(ctl, token, sentence ? sentence : "") : 0;
}

int client_ask(struct ctl *ctl, const char *method, const struct client_word *words,
	       struct client_answer **ret)
{
	g_autofree char *request = request_line(method, words);
	struct client_answer *answer;
	GString *line = g_string_new(NULL);
	int err;

	err = exchange(ctl, request, line);
	if (!err) {
		answer = g_new0(struct client_answer, 1);
		answer->parser = json_parser_new();
		err = understand(ctl, line, answer);
		if (err)
			client_free(answer);
		else
			*ret = answer;
	}
	g_string_free(line, TRUE);
	return err;
}

void client_free(struct client_answer *answer)
{
	if (!answer)
		return;
	g_object_unref(answer->parser);
	g_free(answer);
}

int client_reload(struct ctl *ctl, bool *ret_there)
{
	struct client_answer *answer = NULL;
	int err = client_ask(ctl, "reload", NULL, &answer);

	client_free(answer);
	*ret_there = !err;
	if (err != -EHOSTDOWN)
		return err;
	/* it will read it when it starts */
	ctl->status = 0;
	ctl->hint = NULL;
	return 0;
}
