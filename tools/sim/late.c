// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the transfers that come later than they should. */
#include <glib.h>
#include <string.h>
#include <sys/queue.h>

#include "late.h"

struct held {
	TAILQ_ENTRY(held) link;
	struct late *late;
	guint timer;
	bool ended;
	size_t len;
	uint8_t data[];
};

TAILQ_HEAD(held_list, held);

struct late {
	void (*deliver)(void *ctx, const uint8_t *data, size_t len, bool ended);
	void *ctx;
	struct held_list held;
};

static gboolean held_due(gpointer data)
{
	struct held *held = data;
	struct late *late = held->late;

	TAILQ_REMOVE(&late->held, held, link);
	late->deliver(late->ctx, held->data, held->len, held->ended);
	g_free(held);
	return G_SOURCE_REMOVE;
}

void late_hold(struct late *late, unsigned int ms, const uint8_t *data,
	       size_t len, bool ended)
{
	struct held *held = g_malloc(sizeof(*held) + len);

	held->late = late;
	held->ended = ended;
	held->len = len;
	if (len)
		memcpy(held->data, data, len);
	TAILQ_INSERT_TAIL(&late->held, held, link);
	held->timer = g_timeout_add(ms, held_due, held);
}

void late_reset(struct late *late)
{
	struct held *held;

	while ((held = TAILQ_FIRST(&late->held))) {
		TAILQ_REMOVE(&late->held, held, link);
		g_source_remove(held->timer);
		g_free(held);
	}
}

struct late *late_new(void (*deliver)(void *ctx, const uint8_t *data, size_t len,
				      bool ended), void *ctx)
{
	struct late *late = g_malloc0(sizeof(*late));

	late->deliver = deliver;
	late->ctx = ctx;
	TAILQ_INIT(&late->held);
	return late;
}

void late_free(struct late *late)
{
	if (!late)
		return;
	late_reset(late);
	g_free(late);
}
