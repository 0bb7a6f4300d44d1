// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the ways to systemd-resolved and resolvconf. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/resolved.h"
#include "resolver.h"

#define CALL_MS		5000
/* Its hooks restart name servers */
#define RESOLVCONF_MS	20000

struct resolver {
	GDBusConnection *bus;	/* NULL without */
	char *resolvconf;	/* NULL without */
};

/* --- systemd-resolved --------------------------------------------------------- */

/* -ESRCH if it does not run */
static int call(struct resolver *resolver, const char *method, GVariant *arguments,
		struct m2m_error *error)
{
	GError *why = NULL;
	GVariant *answer;
	int err = -EIO;

	answer = g_dbus_connection_call_sync(resolver->bus, RESOLVED, RESOLVED_PATH,
					     RESOLVED_MANAGER, method, arguments, NULL,
					     G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_MS, NULL,
					     &why);
	if (answer) {
		g_variant_unref(answer);
		return 0;
	}
	if (g_error_matches(why, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
	    g_error_matches(why, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
	    g_error_matches(why, G_IO_ERROR, G_IO_ERROR_CLOSED))
		err = -ESRCH;
	else if (g_error_matches(why, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
		err = -EPERM;
	g_dbus_error_strip_remote_error(why);
	m2m_error_set(error, err, "systemd-resolved: %s", why->message);
	g_error_free(why);
	return err;
}

static int tell_resolved(struct resolver *resolver, const char *method,
			 GVariant *arguments, struct m2m_error *error)
{
	int err = -ESRCH;

	g_variant_ref_sink(arguments);
	if (resolver->bus)
		err = call(resolver, method, arguments, error);
	g_variant_unref(arguments);
	return err;
}

/* --- resolvconf ---------------------------------------------------------------- */

/* systemd's program of that name asks resolved, which is not there */
static char *find_resolvconf(void)
{
	g_autofree char *path = g_find_program_in_path("resolvconf");
	char *is = path ? realpath(path, NULL) : NULL;
	bool good = is && !g_str_has_suffix(is, "/resolvectl");

	free(is);
	return good ? g_steal_pointer(&path) : NULL;
}

/* Ends it if it does not end */
static int await(pid_t pid, int *ret_status)
{
	struct pollfd ends = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool late = ends.fd >= 0 && poll(&ends, 1, RESOLVCONF_MS) <= 0;

	if (ends.fd >= 0)
		close(ends.fd);
	if (late)
		kill(pid, SIGKILL);
	while (waitpid(pid, ret_status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return late ? -ETIMEDOUT : 0;
}

/* With @in as its standard input; what it prints are no words of ours */
static int spawn(const char *path, char *const argv[], int in, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int err;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	err = posix_spawn(ret_pid, path, &files, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return -err;
}

/* A few lines: a pipe holds them */
static int run_resolvconf(struct resolver *resolver, const char *verb, const char *ifname,
			  const char *text, struct m2m_error *error)
{
	g_autofree char *record = g_strconcat(ifname, ".m2m", NULL);
	char *const argv[] = { resolver->resolvconf, (char *)verb, record, NULL };
	int pipes[2], status = 0, err = 0;
	size_t len = strlen(text);
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC))
		return m2m_error_set(error, -errno, "resolvconf: %s", g_strerror(errno));
	if (write(pipes[1], text, len) != (ssize_t)len)
		err = -EIO;
	close(pipes[1]);
	if (!err)
		err = spawn(resolver->resolvconf, argv, pipes[0], &pid);
	close(pipes[0]);
	if (!err)
		err = await(pid, &status);
	if (err)
		return m2m_error_set(error, err, "resolvconf: %s", g_strerror(-err));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return m2m_error_set(error, -EIO, "resolvconf %s %s fails", verb, record);
	return 0;
}

static int add_record(struct resolver *resolver, const struct resolv_link *link,
		      struct m2m_error *error)
{
	GString *text = g_string_new(NULL);
	char address[INET6_ADDRSTRLEN];
	int err;

	for (size_t i = 0; i < link->n; i++) {
		const struct resolv_server *server = &link->servers[i];

		inet_ntop(server->family, &server->v4, address, sizeof(address));
		g_string_append_printf(text, "nameserver %s\n", address);
	}
	err = run_resolvconf(resolver, "-a", link->name, text->str, error);
	g_string_free(text, TRUE);
	return err;
}

/* --- both ---------------------------------------------------------------------- */

int resolver_set(struct resolver *resolver, const struct resolv_link *link,
		 enum pdn_dns *ret, struct m2m_error *error)
{
	int err = tell_resolved(resolver, RESOLVED_SERVERS, resolved_servers(link), error);

	*ret = PDN_DNS_NOBODY;
	if (!err)
		*ret = PDN_DNS_RESOLVED;
	if (err != -ESRCH)
		return err;
	if (!resolver->resolvconf || link->apart)
		return 0;
	err = add_record(resolver, link, error);
	if (!err)
		*ret = PDN_DNS_RESOLVCONF;
	return err;
}

int resolver_prefer(struct resolver *resolver, unsigned int ifindex, bool is_default,
		    struct m2m_error *error)
{
	return tell_resolved(resolver, RESOLVED_DEFAULT, resolved_default(ifindex, is_default),
			     error);
}

int resolver_unset(struct resolver *resolver, enum pdn_dns who, const struct rt_link *link,
		   struct m2m_error *error)
{
	int err = 0;

	switch (who) {
	case PDN_DNS_RESOLVED:
		err = tell_resolved(resolver, RESOLVED_REVERT, resolved_revert(link->ifindex),
				    error);
		return err == -ESRCH ? 0 : err;
	case PDN_DNS_RESOLVCONF:
		return resolver->resolvconf ?
		       run_resolvconf(resolver, "-d", link->name, "", error) : 0;
	case PDN_DNS_NOBODY:
	case PDN_DNS_WAYS:
		break;
	}
	return err;
}

struct resolver *resolver_open(void)
{
	const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
					   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
	struct resolver *resolver = g_new0(struct resolver, 1);
	g_autofree char *address = NULL;

	address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
	if (address)
		resolver->bus = g_dbus_connection_new_for_address_sync(address, flags, NULL,
								       NULL, NULL);
	resolver->resolvconf = find_resolvconf();
	return resolver;
}

void resolver_close(struct resolver *resolver)
{
	if (resolver->bus)
		g_object_unref(resolver->bus);
	g_free(resolver->resolvconf);
	g_free(resolver);
}
