// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns systemd-resolved's name on a test's bus, and what it is told there. */
#include <gio/gio.h>
#include <string.h>

#include "resolved.h"

#define NAME	"org.freedesktop.resolve1"
#define PATH	"/org/freedesktop/resolve1"

static const char interface[] =
	"<node><interface name='org.freedesktop.resolve1.Manager'>"
	"<method name='SetLinkDNS'><arg type='i' direction='in'/>"
	"<arg type='a(iay)' direction='in'/></method>"
	"<method name='SetLinkDefaultRoute'><arg type='i' direction='in'/>"
	"<arg type='b' direction='in'/></method>"
	"<method name='RevertLink'><arg type='i' direction='in'/></method>"
	"</interface></node>";

struct resolved {
	GDBusConnection *bus;
	GMainContext *context;
	GMainLoop *loop;
	GThread *thread;
	GMutex lock;		/* of all below */
	GString *notes;		/* a line each */
	bool refuses;
	FILE *to;
};

static void note_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
		      const gchar *interface_name, const gchar *method,
		      GVariant *arguments, GDBusMethodInvocation *invocation, gpointer data)
{
	g_autofree char *text = g_variant_print(arguments, FALSE);
	struct resolved *resolved = data;
	bool refuses;

	g_mutex_lock(&resolved->lock);
	g_string_append_printf(resolved->notes, "%s %s\n", method, text);
	refuses = resolved->refuses;
	if (resolved->to) {
		fprintf(resolved->to, "%s %s\n", method, text);
		fflush(resolved->to);
	}
	g_mutex_unlock(&resolved->lock);
	if (refuses)
		g_dbus_method_invocation_return_error(invocation, G_DBUS_ERROR,
						      G_DBUS_ERROR_ACCESS_DENIED,
						      "Permission denied");
	else
		g_dbus_method_invocation_return_value(invocation, NULL);
}

static gpointer serve(gpointer data)
{
	struct resolved *resolved = data;

	g_main_context_push_thread_default(resolved->context);
	g_main_loop_run(resolved->loop);
	g_main_context_pop_thread_default(resolved->context);
	return NULL;
}

/* Objects are served in the context that registers them */
static void own(struct resolved *resolved)
{
	static const GDBusInterfaceVTable vtable = { .method_call = note_call };
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface, NULL);
	GError *error = NULL;
	GVariant *answer;

	g_main_context_push_thread_default(resolved->context);
	if (!g_dbus_connection_register_object(resolved->bus, PATH, node->interfaces[0],
					       &vtable, resolved, NULL, &error))
		g_error("resolved: %s", error->message);
	g_main_context_pop_thread_default(resolved->context);
	answer = g_dbus_connection_call_sync(resolved->bus, "org.freedesktop.DBus",
					     "/org/freedesktop/DBus", "org.freedesktop.DBus",
					     "RequestName", g_variant_new("(su)", NAME, 0), NULL,
					     G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
	if (!answer)
		g_error("resolved: %s", error->message);
	g_variant_unref(answer);
	g_dbus_node_info_unref(node);
}

struct resolved *resolved_start(const char *address, FILE *to)
{
	const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
					   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
	struct resolved *resolved = g_new0(struct resolved, 1);
	GError *error = NULL;

	g_mutex_init(&resolved->lock);
	resolved->to = to;
	resolved->notes = g_string_new(NULL);
	resolved->context = g_main_context_new();
	resolved->loop = g_main_loop_new(resolved->context, FALSE);
	resolved->bus = g_dbus_connection_new_for_address_sync(address, flags, NULL, NULL,
							       &error);
	if (!resolved->bus)
		g_error("resolved: %s", error->message);
	g_dbus_connection_set_exit_on_close(resolved->bus, FALSE);
	own(resolved);
	resolved->thread = g_thread_new("resolved", serve, resolved);
	return resolved;
}

static gboolean quit(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_REMOVE;
}

void resolved_stop(struct resolved *resolved)
{
	GSource *idle = g_idle_source_new();

	g_dbus_connection_close_sync(resolved->bus, NULL, NULL);
	/* from within, as a loop that has not begun yet cannot be quit */
	g_source_set_callback(idle, quit, resolved->loop, NULL);
	g_source_attach(idle, resolved->context);
	g_source_unref(idle);
	g_thread_join(resolved->thread);
	g_object_unref(resolved->bus);
	g_main_loop_unref(resolved->loop);
	g_main_context_unref(resolved->context);
	g_string_free(resolved->notes, TRUE);
	g_mutex_clear(&resolved->lock);
	g_free(resolved);
}

void resolved_refuse(struct resolved *resolved, bool refuses)
{
	g_mutex_lock(&resolved->lock);
	resolved->refuses = refuses;
	g_mutex_unlock(&resolved->lock);
}

bool resolved_noted(struct resolved *resolved, const char *part)
{
	bool noted;

	g_mutex_lock(&resolved->lock);
	noted = strstr(resolved->notes->str, part);
	g_mutex_unlock(&resolved->lock);
	return noted;
}

void resolved_forget(struct resolved *resolved)
{
	g_mutex_lock(&resolved->lock);
	g_string_truncate(resolved->notes, 0);
	g_mutex_unlock(&resolved->lock);
}
