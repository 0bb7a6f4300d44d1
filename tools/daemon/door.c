// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the socket: who is at the other end, how much they may ask, lines in and out. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "answer.h"
#include "clock.h"
#include "door.h"
#include "policy.h"
#include "request.h"

#define GUESTS_MAX	32
#define STRANGERS_MAX	4	/* of them: who may ask nothing fills no places */
#define LINE_MAX_BYTES	(64 * 1024)
#define QUEUE_MAX	(256 * 1024)
#define REQUESTS_MAX	20	/* a second, of one user */

/* One connection */
struct guest {
	struct door *door;
	int fd;
	guint readable, writable;
	uid_t uid;
	enum role role;
	GString *in, *out;
};

struct door {
	char *path;
	int fd;
	guint readable;
	door_fn fn;
	void *data;
	struct role_groups groups;
	GPtrArray *guests;
};

/* --- how often --------------------------------------------------------------- */

/* A second of one user, whatever connections it has; users share few places */
static bool is_too_often(uid_t uid)
{
	static struct {
		uid_t uid;
		int64_t second;
		unsigned int n;
	} users[GUESTS_MAX];
	int64_t second = clock_boot_ms() / SECOND;
	unsigned int place = 0;

	for (unsigned int i = 0; i < GUESTS_MAX; i++) {
		if (users[i].uid == uid && users[i].second == second)
			return ++users[i].n > REQUESTS_MAX;
		if (users[i].second < users[place].second)
			place = i;
	}
	users[place].uid = uid;
	users[place].second = second;
	users[place].n = 1;
	return false;
}

/* --- lines ------------------------------------------------------------------ */

static void leave(struct guest *guest)
{
	if (guest->readable)
		g_source_remove(guest->readable);
	if (guest->writable)
		g_source_remove(guest->writable);
	close(guest->fd);
	g_string_free(guest->in, TRUE);
	g_string_free(guest->out, TRUE);
	g_ptr_array_remove_fast(guest->door->guests, guest);
	g_free(guest);
}

static gboolean writable(gint fd, GIOCondition condition, gpointer data)
{
	struct guest *guest = data;
	ssize_t n;

	n = send(fd, guest->out->str, guest->out->len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n < 0) {
		guest->writable = 0;
		leave(guest);
		return G_SOURCE_REMOVE;
	}
	g_string_erase(guest->out, 0, n);
	if (guest->out->len)
		return G_SOURCE_CONTINUE;
	guest->writable = 0;
	return G_SOURCE_REMOVE;
}

/* False if it takes too little of what it asked for */
static bool answer(struct guest *guest, const char *line)
{
	g_string_append(guest->out, line);
	g_string_append_c(guest->out, '\n');
	if (guest->out->len > QUEUE_MAX)
		return false;
	if (!guest->writable)
		guest->writable = g_unix_fd_add(guest->fd, G_IO_OUT, writable, guest);
	return true;
}

/* Answers, and frees what there is of an answer */
static bool give(struct guest *guest, char *text)
{
	bool ok = text && answer(guest, text);

	free(text);
	return ok;
}

static bool take_line(struct guest *guest, const char *line, size_t len)
{
	struct request *request;
	char *text;

	if (is_too_often(guest->uid))
		return give(guest, answer_refusal("too-often",
						  "%d requests a second are the limit",
						  REQUESTS_MAX));
	if (guest->role == ROLE_NONE)
		return give(guest, answer_refusal("not-permitted",
						  "for root and the groups m2m-admin and m2m"));
	request = request_parse(line, len);
	if (!request)
		return give(guest, answer_refusal("no-request",
						  "no object with schema and method"));
	text = guest->door->fn(request, guest->role, guest->door->data);
	request_free(request);
	return give(guest, text ?: answer_refusal("no-such-method", "see m2md(8)"));
}

/* False if the guest has to go */
static bool take_lines(struct guest *guest)
{
	const char *end;

	while ((end = memchr(guest->in->str, '\n', guest->in->len))) {
		size_t len = end - guest->in->str;

		if (!take_line(guest, guest->in->str, len))
			return false;
		g_string_erase(guest->in, 0, len + 1);
	}
	return guest->in->len <= LINE_MAX_BYTES;
}

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	struct guest *guest = data;
	char buf[4096];
	ssize_t n;

	n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n > 0)
		g_string_append_len(guest->in, buf, n);
	if (n > 0 && take_lines(guest))
		return G_SOURCE_CONTINUE;
	guest->readable = 0;
	leave(guest);
	return G_SOURCE_REMOVE;
}

static unsigned int count_strangers(const struct door *door)
{
	const struct guest *guest;
	unsigned int n = 0;

	for (guint i = 0; i < door->guests->len; i++) {
		guest = door->guests->pdata[i];
		n += guest->role == ROLE_NONE;
	}
	return n;
}

/* --- the door --------------------------------------------------------------- */

static gboolean knocked(gint fd, GIOCondition condition, gpointer data)
{
	struct door *door = data;
	struct guest *guest;
	int new_fd;

	new_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (new_fd < 0)
		return G_SOURCE_CONTINUE;
	if (door->guests->len >= GUESTS_MAX) {
		close(new_fd);
		return G_SOURCE_CONTINUE;
	}
	guest = g_new0(struct guest, 1);
	guest->door = door;
	guest->fd = new_fd;
	guest->in = g_string_new(NULL);
	guest->out = g_string_new(NULL);
	guest->uid = -1;
	guest->role = role_of_peer(new_fd, &door->groups, &guest->uid);
	g_ptr_array_add(door->guests, guest);
	if (count_strangers(door) > STRANGERS_MAX) {
		leave(guest);
		return G_SOURCE_CONTINUE;
	}
	guest->readable = g_unix_fd_add(new_fd, G_IO_IN | G_IO_HUP | G_IO_ERR, readable,
					guest);
	return G_SOURCE_CONTINUE;
}

/* A socket that its process left behind; one that is answered is another daemon's */
static int clear(int fd, const struct sockaddr_un *addr, struct m2m_error *error)
{
	if (!connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		return m2m_error_set(error, -EADDRINUSE, "%s: another daemon listens there",
				     addr->sun_path);
	if (errno == ECONNREFUSED && unlink(addr->sun_path))
		return m2m_error_set(error, -errno, "%s: %s", addr->sun_path,
				     strerror(errno));
	return 0;
}

static int listen_at(const char *path, int *ret_fd, struct m2m_error *error)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path)) >=
	    sizeof(addr.sun_path))
		return m2m_error_set(error, -ENAMETOOLONG, "%s: too long", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return m2m_error_set(error, -errno, "socket: %s", strerror(errno));
	err = clear(fd, &addr, error);
	if (!err && (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
		     chmod(path, 0666) || listen(fd, GUESTS_MAX)))
		err = m2m_error_set(error, -errno, "%s: %s", path, strerror(errno));
	if (err)
		close(fd);
	else
		*ret_fd = fd;
	return err;
}

void door_set_groups(struct door *door, const struct role_groups *groups)
{
	if (door)
		door->groups = *groups;
}

int door_open(const char *path, door_fn fn, void *data, struct door **ret,
	      struct m2m_error *error)
{
	struct door *door;
	int fd = -1;
	int err;

	err = listen_at(path, &fd, error);
	if (err)
		return err;
	door = g_new0(struct door, 1);
	door->path = g_strdup(path);
	door->fd = fd;
	door->fn = fn;
	door->data = data;
	door->groups = (struct role_groups){ -1, -1 };
	door->guests = g_ptr_array_new();
	door->readable = g_unix_fd_add(fd, G_IO_IN, knocked, door);
	*ret = door;
	return 0;
}

void door_close(struct door *door)
{
	if (!door)
		return;
	while (door->guests->len)
		leave(door->guests->pdata[0]);
	g_ptr_array_unref(door->guests);
	g_source_remove(door->readable);
	unlink(door->path);
	close(door->fd);
	g_free(door->path);
	g_free(door);
}
