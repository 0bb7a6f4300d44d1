// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the files that hold secrets: who may read them, and the reading. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

/* Where systemd puts the credentials of the service that we are */
#define CREDENTIALS	"CREDENTIALS_DIRECTORY"
#define PREFIX		"%d/"

/* The path behind "%d/NAME"; NULL where there are no credentials */
static char *resolve(const char *file)
{
	const char *directory = g_getenv(CREDENTIALS);

	if (strncmp(file, PREFIX, strlen(PREFIX)))
		return g_strdup(file);
	return directory ? g_build_filename(directory, file + strlen(PREFIX), NULL) : NULL;
}

/* Whether a secret may come from there; 0 or a negative errno with its sentence */
static int judge(const char *file, const struct stat *st, struct m2m_error *error)
{
	if (!S_ISREG(st->st_mode))
		return m2m_error_set(error, -EISDIR, "%s is no regular file", file);
	if (st->st_mode & 0007)
		return m2m_error_set(error, -EACCES,
				     "%s is open to every user (mode %04o); chmod o= takes that away",
				     file, st->st_mode & 07777);
	if (!st->st_size)
		return m2m_error_set(error, -ENODATA, "%s is empty", file);
	return 0;
}

int config_secret_read(const char *file, char *ret, size_t size, struct m2m_error *error)
{
	char *path = resolve(file);
	struct stat st;
	ssize_t n = -1;
	int fd, err;

	if (!path)
		return m2m_error_set(error, -ENOENT, "%s: this service has no credentials",
				     file);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	g_free(path);
	if (fd < 0)
		return m2m_error_set(error, -errno, "%s: %s", file, g_strerror(errno));
	err = fstat(fd, &st) ? m2m_error_set(error, -errno, "%s: %s", file,
					     g_strerror(errno)) :
			       judge(file, &st, error);
	if (!err)
		n = read(fd, ret, size);
	close(fd);
	if (err)
		return err;
	if (n < 0)
		return m2m_error_set(error, -EIO, "%s cannot be read", file);
	/* the first line, all of it */
	for (ssize_t i = 0; i < n; i++) {
		if (ret[i] != '\n' && ret[i] != '\r' && ret[i])
			continue;
		explicit_bzero(ret + i, size - i);
		return 0;
	}
	if ((size_t)n < size) {
		ret[n] = '\0';
		return 0;
	}
	explicit_bzero(ret, size);
	return m2m_error_set(error, -EMSGSIZE, "%s: longer than %zu bytes", file, size - 1);
}

static void check(const struct config_modem *modem, const char *section,
		  const char *argument, const char *key, const char *file,
		  struct conf_notes *notes)
{
	const struct conf_entry *entry = conf_find(&modem->source, section, argument, key);
	enum conf_severity severity = CONF_ERROR;
	char *path = file ? resolve(file) : NULL;
	struct m2m_error error;
	struct stat st;

	if (!path)
		return;
	if (!stat(path, &st)) {
		if (!judge(file, &st, &error))
			goto out;
	} else {
		/* another user cannot judge for the one that will read it */
		if (errno == EACCES)
			severity = CONF_WARNING;
		m2m_error_set(&error, -errno, "%s: %s", file, g_strerror(errno));
	}
	conf_note(notes, severity, entry ? entry->file : modem->file,
		  entry ? entry->line : 0, "%s: %s", key, error.msg);
out:
	g_free(path);
}

void config_check_secrets(const struct config *config, struct conf_notes *notes)
{
	for (size_t i = 0; i < config->n_modems; i++) {
		const struct config_modem *modem = &config->modems[i];

		check(modem, "SIM", "", "PINFile", modem->sim.pin_file, notes);
		check(modem, "Attach", "", "PasswordFile", modem->attach.password_file,
		      notes);
		for (size_t j = 0; j < modem->n_pdns; j++)
			check(modem, "PDN", modem->pdns[j].name, "PasswordFile",
			      modem->pdns[j].password_file, notes);
	}
}
