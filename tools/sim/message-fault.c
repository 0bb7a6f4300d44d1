// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the faults that strike a message by its name. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"
#include "message-fault.h"

static bool number(const char *word, uint32_t max, uint32_t *ret)
{
	guint64 n;

	if (!g_ascii_string_to_unsigned(word, 10, 1, max, &n, NULL))
		return false;
	*ret = n;
	return true;
}

int message_fault_set(struct message_fault *fault, const char *words, uint32_t most)
{
	g_auto(GStrv) w = g_strsplit(words, " ", -1);
	struct message_fault f = { .left = 1 };
	unsigned int n = g_strv_length(w), at = 1;
	bool ok;

	ok = n && message_is_known(w[0]) && strlen(w[0]) < sizeof(f.name);
	if (ok && most)
		ok = at < n && number(w[at++], most, &f.argument);
	if (ok && at < n)
		ok = number(w[at++], UINT32_MAX, &f.left);
	if (!ok || at != n)
		return -EINVAL;
	g_strlcpy(f.name, w[0], sizeof(f.name));
	*fault = f;
	return 0;
}

bool message_fault_hits(struct message_fault *fault, const struct service *service,
			const struct message *message)
{
	size_t len = strlen(service->name);

	if (!fault->left || strncmp(fault->name, service->name, len) ||
	    fault->name[len] != '.' || strcmp(fault->name + len + 1, message->name))
		return false;
	fault->left--;
	return true;
}

struct late_answer {
	struct late_answer *next;
	struct modem *modem;
	unsigned int port;
	guint timer;
	char name[64];		/* of its event */
	size_t len;
	uint8_t data[];
};

static gboolean leave(gpointer data)
{
	struct late_answer *late = data, **p = &late->modem->late_answers;

	while (*p != late)
		p = &(*p)->next;
	*p = late->next;
	late->modem->ops->ctrl_out(late->modem->usb, late->port, late->data, late->len);
	late->modem->ops->event(late->modem->usb, late->name);
	g_free(late);
	return G_SOURCE_REMOVE;
}

void message_late(struct modem *modem, unsigned int port, const struct qmi_msg *msg,
		  const char *name)
{
	struct late_answer *late = g_malloc0(sizeof(*late) + msg->len);

	late->modem = modem;
	late->port = port;
	late->len = msg->len;
	memcpy(late->data, msg->data, msg->len);
	g_strlcpy(late->name, name, sizeof(late->name));
	late->timer = g_timeout_add(modem->late.argument, leave, late);
	late->next = modem->late_answers;
	modem->late_answers = late;
}

void message_late_drop(struct modem *modem)
{
	struct late_answer *late;

	while ((late = modem->late_answers)) {
		modem->late_answers = late->next;
		g_source_remove(late->timer);
		g_free(late);
	}
}
