// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way to systemd-resolved, and the file for where there is none. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/resolved.h"
#include "dns.h"
#include "say.h"

#define CALL_MS			10000
/* Without a bus: look for one so often */
#define BUS_S			60

struct dns {
	char *file;
	GArray *links;			/* of struct resolv_link */
	char *written;			/* NULL: the file is not ours to keep now */
	bool told;			/* @file_changed was, since there was one */
	void (*file_changed)(void *data);
	void *data;
	bool unwritable;		/* said so */
	GCancellable *cancel;
	GDBusConnection *bus;
	guint watch, again;
	gulong closed;
	bool settling;			/* whether there is resolved is being found out */
	bool resolved, refused;
};

static void connect_bus(struct dns *dns);

/* --- the file ----------------------------------------------------------------- */

static int write_all(int fd, const char *text)
{
	for (size_t left = strlen(text); left;) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			left -= n;
		}
	}
	return 0;
}

/* Whoever reads it has the former one or the new one, whole */
static int replace_file(const char *path, const char *text)
{
	g_autofree char *other = g_strconcat(path, ".new", NULL);
	int err, fd;

	if (unlink(other) && errno != ENOENT)
		return -errno;
	fd = open(other, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	err = write_all(fd, text);
	/* for everybody, whatever the umask is */
	if (!err && fchmod(fd, 0644))
		err = -errno;
	close(fd);
	if (!err && rename(other, path))
		err = -errno;
	if (err)
		unlink(other);
	return err;
}

/* What there is now is news to who has heard nothing yet */
static void tell_file(struct dns *dns, bool changed)
{
	if (!dns->file_changed || (!changed && dns->told))
		return;
	dns->told = true;
	dns->file_changed(dns->data);
}

static void write_file(struct dns *dns)
{
	g_autofree char *text = NULL;
	int err;

	if (dns->settling)
		return;
	if (dns->resolved && !dns->refused) {
		/* also one of a process before this one: it names servers no more */
		err = unlink(dns->file) ? errno : 0;
		if (err && err != ENOENT)
			say(SAY_WARNING, "%s: %s", dns->file, g_strerror(err));
		g_clear_pointer(&dns->written, g_free);
		tell_file(dns, !err);
		return;
	}
	text = resolv_format((const struct resolv_link *)dns->links->data,
			     dns->links->len);
	if (!g_strcmp0(text, dns->written)) {
		tell_file(dns, false);
		return;
	}
	err = replace_file(dns->file, text);
	if (err) {
		/* nobody misses a file without servers */
		if (!dns->unwritable && dns->links->len)
			say(SAY_WARNING, "DNS servers: %s: %s", dns->file,
			    g_strerror(-err));
		dns->unwritable = dns->links->len;
		return;
	}
	dns->unwritable = false;
	g_free(dns->written);
	dns->written = g_steal_pointer(&text);
	tell_file(dns, true);
}

/* --- systemd-resolved --------------------------------------------------------- */

static void answered(GObject *bus, GAsyncResult *result, gpointer data)
{
	GError *error = NULL;
	GVariant *answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result,
							 &error);
	struct dns *dns = data;

	if (answer) {
		g_variant_unref(answer);
		return;
	}
	/* @dns may be gone; a link may be, too, and its servers with it */
	if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
	    !g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) &&
	    !strstr(error->message, "NoSuchLink") && !dns->refused) {
		g_dbus_error_strip_remote_error(error);
		say(SAY_WARNING, "DNS servers: systemd-resolved refuses: %s; they stand in %s",
		    error->message, dns->file);
		dns->refused = true;
		write_file(dns);
	}
	g_error_free(error);
}

static void call(struct dns *dns, const char *method, GVariant *arguments)
{
	g_dbus_connection_call(dns->bus, RESOLVED, RESOLVED_PATH, RESOLVED_MANAGER, method,
			       arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_MS,
			       dns->cancel, answered, dns);
}

static void tell_link(struct dns *dns, const struct resolv_link *link)
{
	const struct resolv_link *all = (const struct resolv_link *)dns->links->data;

	call(dns, RESOLVED_SERVERS, resolved_servers(link));
	call(dns, RESOLVED_DEFAULT,
	     resolved_default(link->ifindex, link == resolv_default(all, dns->links->len)));
}

/* Which of them is the default may have changed: all are told */
static void publish(struct dns *dns)
{
	for (guint i = 0; dns->resolved && i < dns->links->len; i++)
		tell_link(dns, &g_array_index(dns->links, struct resolv_link, i));
	write_file(dns);
}

static void appeared(GDBusConnection *bus, const gchar *name, const gchar *owner,
		     gpointer data)
{
	struct dns *dns = data;

	dns->settling = false;
	dns->resolved = true;
	dns->refused = false;
	publish(dns);
}

static void vanished(GDBusConnection *bus, const gchar *name, gpointer data)
{
	struct dns *dns = data;

	dns->settling = false;
	dns->resolved = false;
	write_file(dns);
}

/* --- the bus ------------------------------------------------------------------- */

static gboolean look_again(gpointer data)
{
	struct dns *dns = data;

	dns->again = 0;
	connect_bus(dns);
	return G_SOURCE_REMOVE;
}

static void leave_bus(struct dns *dns)
{
	if (dns->watch)
		g_bus_unwatch_name(dns->watch);
	dns->watch = 0;
	if (dns->closed)
		g_signal_handler_disconnect(dns->bus, dns->closed);
	dns->closed = 0;
	g_clear_object(&dns->bus);
}

static void no_bus(struct dns *dns)
{
	leave_bus(dns);
	dns->settling = false;
	dns->resolved = false;
	if (!dns->again)
		dns->again = g_timeout_add_seconds(BUS_S, look_again, dns);
	write_file(dns);
}

static void bus_closed(GDBusConnection *bus, gboolean remote, GError *error, gpointer data)
{
	no_bus(data);
}

static void connected(GObject *source, GAsyncResult *result, gpointer data)
{
	GError *error = NULL;
	GDBusConnection *bus = g_dbus_connection_new_for_address_finish(result, &error);
	struct dns *dns = data;
	bool cancelled;

	if (!bus) {
		cancelled = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
		g_error_free(error);
		if (!cancelled)
			no_bus(dns);
		return;
	}
	dns->bus = bus;
	dns->closed = g_signal_connect(bus, "closed", G_CALLBACK(bus_closed), dns);
	dns->watch = g_bus_watch_name_on_connection(bus, RESOLVED,
						    G_BUS_NAME_WATCHER_FLAGS_NONE,
						    appeared, vanished, dns, NULL);
}

/* A connection of our own: the shared one ends the process when the bus does */
static void connect_bus(struct dns *dns)
{
	g_autofree char *address = NULL;

	address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
	if (!address) {
		no_bus(dns);
		return;
	}
	g_dbus_connection_new_for_address(address,
					  G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
					  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
					  NULL, dns->cancel, connected, dns);
}

/* --- links --------------------------------------------------------------------- */

static struct resolv_link *find(struct dns *dns, unsigned int ifindex)
{
	for (guint i = 0; i < dns->links->len; i++) {
		struct resolv_link *link = &g_array_index(dns->links, struct resolv_link,
							  i);

		if (link->ifindex == ifindex)
			return link;
	}
	return NULL;
}

static void remove_link(struct dns *dns, const struct resolv_link *link)
{
	const struct resolv_link *first = (const struct resolv_link *)dns->links->data;

	if (dns->resolved)
		call(dns, RESOLVED_REVERT, resolved_revert(link->ifindex));
	/* in order: of equal metrics the first that was there counts */
	g_array_remove_index(dns->links, link - first);
}

void dns_set(struct dns *dns, const struct resolv_link *link)
{
	struct resolv_link *known = find(dns, link->ifindex);

	if (!link->n) {
		dns_unset(dns, link->ifindex);
		return;
	}
	if (known && resolv_equal(known, link))
		return;
	if (known)
		*known = *link;
	else
		g_array_append_vals(dns->links, link, 1);
	publish(dns);
}

void dns_unset(struct dns *dns, unsigned int ifindex)
{
	const struct resolv_link *known = find(dns, ifindex);

	if (known) {
		remove_link(dns, known);
		publish(dns);
	} else {
		/* it may have been one of a process before this one */
		write_file(dns);
	}
}

void dns_forget(struct dns *dns, const void *owner)
{
	bool any = false;

	for (guint i = dns->links->len; i--;) {
		const struct resolv_link *link = &g_array_index(dns->links,
								struct resolv_link, i);

		if (link->owner != owner)
			continue;
		g_array_remove_index(dns->links, i);
		any = true;
	}
	if (any)
		publish(dns);
}

void dns_watch_file(struct dns *dns, void (*fn)(void *data), void *data)
{
	dns->file_changed = fn;
	dns->data = data;
	dns->told = false;
	write_file(dns);
}

struct dns *dns_new(const char *file)
{
	struct dns *dns = g_new0(struct dns, 1);

	dns->file = g_strdup(file);
	dns->links = g_array_new(FALSE, FALSE, sizeof(struct resolv_link));
	dns->cancel = g_cancellable_new();
	dns->settling = true;
	connect_bus(dns);
	return dns;
}

void dns_free(struct dns *dns)
{
	g_cancellable_cancel(dns->cancel);
	if (dns->again)
		g_source_remove(dns->again);
	leave_bus(dns);
	g_object_unref(dns->cancel);
	g_array_unref(dns->links);
	g_free(dns->written);
	g_free(dns->file);
	g_free(dns);
}
