// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests to m2m-helper that are under way. */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <unistd.h>

#include "../lib/helper.h"
#include "../lib/task.h"
#include "clock.h"
#include "hand.h"
#include "policy.h"
#include "say.h"

/* A port is off for three seconds; each hook may take thirty */
#define ANSWER_S	120
#define ASKED_MAX	32
#define NETNS_WAIT_MS	10000
/* What is asked quietly and failed is asked again */
#define AGAIN_MS	(5 * MINUTE)

struct hand {
	char *socket;
	char *complaint;	/* the last of what is asked quietly, or NULL */
	struct asked *later;	/* and is asked again by @again, or NULL */
	guint again;
	GPtrArray *asked;	/* frees them */
};

struct asked {
	struct hand *hand;
	char *name, *request;
	bool quiet;
	bool is_told;		/* to @fn, or to nobody if that is NULL */
	hand_fn fn;
	void *data;
	int fd;
	guint readable, late;
};

static void free_asked(gpointer data)
{
	struct asked *asked = data;

	if (asked->fd >= 0) {
		g_source_remove(asked->readable);
		g_source_remove(asked->late);
		close(asked->fd);
	}
	g_free(asked->name);
	g_free(asked->request);
	g_free(asked);
}

static struct asked *asked_new(struct hand *hand, const char *name, char *request)
{
	struct asked *asked = g_new0(struct asked, 1);

	asked->fd = -1;
	asked->hand = hand;
	asked->name = g_strdup(name);
	asked->request = request;
	return asked;
}

static void complain(const char *name, const char *request, const char *why)
{
	say(SAY_WARNING, "%s: %s: %s", name, request, why);
}

static void ask(struct asked *asked);

static void forget_later(struct hand *hand)
{
	if (!hand->later)
		return;
	g_source_remove(hand->again);
	g_clear_pointer(&hand->later, free_asked);
}

static gboolean ask_later(gpointer data)
{
	struct hand *hand = data;

	ask(g_steal_pointer(&hand->later));
	return G_SOURCE_REMOVE;
}

/*
 * What is asked time and again is worth a line when it changes. What was tried and failed
 * may go well later; what is refused needs somebody to change something.
 */
static void note_quietly(struct asked *asked, const struct m2m_error *error)
{
	const char *why = error ? error->msg : NULL;
	struct hand *hand = asked->hand;

	if (why && g_strcmp0(why, hand->complaint))
		complain(asked->name, asked->request, why);
	g_free(hand->complaint);
	hand->complaint = g_strdup(why);
	forget_later(hand);
	if (!error || error->err == -EPERM)
		return;
	hand->later = asked_new(hand, asked->name, g_strdup(asked->request));
	hand->later->quiet = true;
	hand->again = g_timeout_add(clock_wait_ns(AGAIN_MS) / 1000000, ask_later, hand);
}

/* @error: NULL for what was done */
static void note_outcome(struct asked *asked, const struct m2m_error *error)
{
	const char *why = error ? error->msg : NULL;

	if (asked->is_told) {
		if (asked->fn)
			asked->fn(asked->data, asked->request, why);
		return;
	}
	if (asked->quiet)
		note_quietly(asked, error);
	else if (why)
		complain(asked->name, asked->request, why);
	else
		say(SAY_NOTICE, "%s: %s: done", asked->name, asked->request);
}

static gboolean on_answer(gint fd, GIOCondition condition, gpointer data)
{
	struct asked *asked = data;
	struct m2m_error error;

	note_outcome(asked, helper_receive(fd, NULL, &error) ? &error : NULL);
	g_ptr_array_remove(asked->hand->asked, asked);
	return G_SOURCE_CONTINUE;
}

static gboolean on_late(gpointer data)
{
	struct asked *asked = data;
	struct m2m_error error;

	m2m_error_set(&error, -ETIMEDOUT, "m2m-helper does not answer");
	note_outcome(asked, &error);
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
	forget_later(hand);
	g_free(hand->complaint);
	g_free(hand->socket);
	g_free(hand);
}

static gboolean on_readable(gint fd, GIOCondition condition, gpointer data)
{
	*(bool *)data = true;
	return G_SOURCE_CONTINUE;
}

static bool is_readable(void *data)
{
	return *(bool *)data;
}

int hand_netns(struct hand *hand, const char *name, int *ret_fds, struct m2m_error *error)
{
	g_autofree char *request = g_strdup_printf("netns %s", name);
	int fd = helper_send(hand->socket, request, error);
	bool readable = false;
	guint source;
	int err;

	if (fd < 0)
		return fd;
	source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, &readable);
	if (task_wait(is_readable, &readable, NETNS_WAIT_MS))
		err = m2m_error_set(error, -ETIMEDOUT, "m2m-helper does not answer");
	else
		err = helper_receive(fd, ret_fds, error);
	g_source_remove(source);
	close(fd);
	if (err || (ret_fds[0] >= 0 && ret_fds[1] >= 0))
		return err;
	if (ret_fds[0] >= 0)
		close(ret_fds[0]);
	return m2m_error_set(error, -EBADMSG, "m2m-helper sent no namespace");
}

static void ask(struct asked *asked)
{
	struct hand *hand = asked->hand;
	struct m2m_error error;

	asked->fd = hand->asked->len < ASKED_MAX ?
		     helper_send(hand->socket, asked->request, &error) :
		     m2m_error_set(&error, -EBUSY, "too much is asked of m2m-helper");
	if (asked->fd < 0) {
		note_outcome(asked, &error);
		free_asked(asked);
		return;
	}
	asked->readable = g_unix_fd_add(asked->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_answer,
					asked);
	asked->late = g_timeout_add_seconds(ANSWER_S, on_late, asked);
	g_ptr_array_add(hand->asked, asked);
}

void hand_ask(struct hand *hand, const char *name, const char *format, ...)
{
	char *request;
	va_list ap;

	va_start(ap, format);
	request = g_strdup_vprintf(format, ap);
	va_end(ap);
	ask(asked_new(hand, name, request));
}

void hand_ask_for(struct hand *hand, hand_fn fn, void *data, const char *format, ...)
{
	struct asked *asked;
	va_list ap;

	va_start(ap, format);
	asked = asked_new(hand, NULL, g_strdup_vprintf(format, ap));
	va_end(ap);
	asked->is_told = true;
	asked->fn = fn;
	asked->data = data;
	ask(asked);
}

void hand_forget(struct hand *hand, const void *data)
{
	for (guint i = 0; i < hand->asked->len; i++) {
		struct asked *asked = hand->asked->pdata[i];

		if (asked->data == data)
			asked->fn = NULL;
	}
}

void hand_ask_quietly(struct hand *hand, const char *name, const char *request)
{
	struct asked *asked = asked_new(hand, name, g_strdup(request));

	asked->quiet = true;
	ask(asked);
}
