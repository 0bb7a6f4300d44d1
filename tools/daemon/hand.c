// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests to m2m-helper that are under way. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <unistd.h>

#include "../lib/helper.h"
#include "hand.h"
#include "say.h"

/* A port is off for three seconds and its modem back within thirty; hooks take as long */
#define ANSWER_S	120
#define ASKED_MAX	32

struct hand {
	char *socket;
	GPtrArray *asked;	/* frees them */
};

struct asked {
	struct hand *hand;
	char *name, *request;
	int fd;
	guint readable, late;
};

static void free_asked(gpointer data)
{
	struct asked *asked = data;

	g_source_remove(asked->readable);
	g_source_remove(asked->late);
	close(asked->fd);
	g_free(asked->name);
	g_free(asked->request);
	g_free(asked);
}

static void complain(const char *name, const char *request, const char *why)
{
	say(SAY_WARNING, "%s: %s: %s", name, request, why);
}

static gboolean on_answer(gint fd, GIOCondition condition, gpointer data)
{
	struct asked *asked = data;
	struct m2m_error error;

	if (helper_receive(fd, NULL, &error))
		complain(asked->name, asked->request, error.msg);
	else
		say(SAY_NOTICE, "%s: %s: done", asked->name, asked->request);
	g_ptr_array_remove(asked->hand->asked, asked);
	return G_SOURCE_CONTINUE;
}

static gboolean on_late(gpointer data)
{
	struct asked *asked = data;

	complain(asked->name, asked->request, "m2m-helper does not answer");
	g_ptr_array_remove(asked->hand->asked, asked);
	return G_SOURCE_CONTINUE;
}

struct hand *hand_new(const char *socket)
{
	struct hand *hand = g_new0(struct hand, 1);

	hand->socket = g_strdup(socket);
	hand->asked = g_ptr_array_new_with_free_func(free_asked);
	return hand;
}

void hand_free(struct hand *hand)
{
	g_ptr_array_unref(hand->asked);
	g_free(hand->socket);
	g_free(hand);
}

const char *hand_path(const struct hand *hand)
{
	return hand->socket;
}

void hand_ask(struct hand *hand, const char *name, const char *format, ...)
{
	g_autofree char *request = NULL;
	struct m2m_error error;
	struct asked *asked;
	va_list ap;
	int fd;

	va_start(ap, format);
	request = g_strdup_vprintf(format, ap);
	va_end(ap);
	fd = hand->asked->len < ASKED_MAX ?
		     helper_send(hand->socket, request, &error) :
		     m2m_error_set(&error, -EBUSY, "too much is asked of m2m-helper");
	if (fd < 0) {
		complain(name, request, error.msg);
		return;
	}
	asked = g_new0(struct asked, 1);
	asked->hand = hand;
	asked->name = g_strdup(name);
	asked->request = g_steal_pointer(&request);
	asked->fd = fd;
	asked->readable = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_answer, asked);
	asked->late = g_timeout_add_seconds(ANSWER_S, on_late, asked);
	g_ptr_array_add(hand->asked, asked);
}
