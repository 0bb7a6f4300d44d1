// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of configuration files: which ones, and in which order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

/* --- files ------------------------------------------------------------------- */

/* At most a byte more than a file may have, so that too large a one is noticed */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size) {
		got = read(fd, bytes + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		n += got;
	}
	return n;
}

static int open_regular(const char *path)
{
	/* a FIFO must not stop the reader */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EISDIR;
}

static int read_file(const char *path, struct conf *conf, struct conf_notes *notes)
{
	int fd = open_regular(path);
	ssize_t len = fd;
	char *bytes;

	if (fd == -EISDIR) {
		conf_note(notes, CONF_ERROR, path, 0, "no regular file");
		return fd;
	}
	if (fd >= 0) {
		bytes = g_malloc(CONF_FILE_MAX + 1);
		len = read_all(fd, bytes, CONF_FILE_MAX + 1);
		close(fd);
		if (len >= 0)
			conf_parse(conf, path, bytes, len, notes);
		g_free(bytes);
	}
	if (len < 0 && len != -ENOENT)
		conf_note(notes, CONF_ERROR, path, 0, "cannot be read: %s",
			  g_strerror(-len));
	return len < 0 ? len : 0;
}

/* --- directories --------------------------------------------------------------- */

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

/* The names in a directory that end so, in the order of their bytes */
static GPtrArray *list_names(const char *directory, const char *suffix,
			     struct conf_notes *notes)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	DIR *dir = opendir(directory);
	struct dirent *entry;

	if (!dir) {
		if (errno != ENOENT)
			conf_note(notes, CONF_ERROR, directory, 0,
				  "cannot be read: %s", g_strerror(errno));
		return names;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && g_str_has_suffix(entry->d_name, suffix))
			g_ptr_array_add(names, g_strdup(entry->d_name));
	closedir(dir);
	g_ptr_array_sort(names, by_name);
	return names;
}

/* No more than @max names; the rest is told */
static guint bounded(const GPtrArray *names, guint max, const char *directory,
		     struct conf_notes *notes)
{
	if (names->len <= max)
		return names->len;
	conf_note(notes, CONF_ERROR, directory, 0,
		  "more than %u files; %s and what follows it is not read", max,
		  (const char *)names->pdata[max]);
	return max;
}

static void read_dropins(const char *path, struct conf *conf, struct conf_notes *notes)
{
	char *directory = g_strconcat(path, ".d", NULL);
	GPtrArray *names = list_names(directory, ".conf", notes);
	guint n = bounded(names, CONFIG_DROPINS_MAX, directory, notes);

	for (guint i = 0; i < n; i++) {
		char *dropin = g_build_filename(directory, names->pdata[i], NULL);

		if (read_file(dropin, conf, notes) == -ENOENT)
			conf_note(notes, CONF_ERROR, dropin, 0, "leads nowhere");
		g_free(dropin);
	}
	g_ptr_array_unref(names);
	g_free(directory);
}

/* --- what is what ------------------------------------------------------------------ */

static int load_main(struct config *config, const char *path, bool optional,
		     struct conf_notes *notes)
{
	struct conf conf = { 0 };
	int err = read_file(path, &conf, notes);

	if (err == -ENOENT && !optional)
		conf_note(notes, CONF_ERROR, path, 0, "no such file");
	read_dropins(path, &conf, notes);
	config_set_main(config, &conf, notes);
	return err == -ENOENT && optional ? 0 : err;
}

static int load_modem(struct config *config, const char *path,
		      struct conf_notes *notes)
{
	struct conf conf = { 0 };
	int err = read_file(path, &conf, notes);
	char *name;

	if (err == -ENOENT)
		conf_note(notes, CONF_ERROR, path, 0, "no such file");
	/* half of it might dial what the file, or no file at all, would not */
	if (err)
		return err;
	read_dropins(path, &conf, notes);
	name = g_path_get_basename(path);
	name[strlen(name) - strlen(CONFIG_SUFFIX)] = '\0';
	config_add_modem(config, name, path, &conf, notes);
	g_free(name);
	return 0;
}

static void note_orphans(const char *directory, struct conf_notes *notes)
{
	GPtrArray *names = list_names(directory, CONFIG_SUFFIX ".d", notes);

	for (guint i = 0; i < names->len; i++) {
		char *path = g_build_filename(directory, names->pdata[i], NULL);
		char *file = g_strndup(path, strlen(path) - strlen(".d"));

		if (access(file, F_OK))
			conf_note(notes, CONF_WARNING, path, 0,
				  "drop-ins of a file that is not there");
		g_free(file);
		g_free(path);
	}
	g_ptr_array_unref(names);
}

static void load_modems(struct config *config, const char *directory,
			struct conf_notes *notes)
{
	GPtrArray *names = list_names(directory, CONFIG_SUFFIX, notes);
	guint n = bounded(names, CONFIG_MODEMS_MAX, directory, notes);

	for (guint i = 0; i < n; i++) {
		char *path = g_build_filename(directory, names->pdata[i], NULL);

		load_modem(config, path, notes);
		g_free(path);
	}
	g_ptr_array_unref(names);
	note_orphans(directory, notes);
}

int config_load_file(struct config *config, const char *path,
		     struct conf_notes *notes)
{
	char *name = g_path_get_basename(path);
	int err = -EINVAL;

	if (!strcmp(name, CONFIG_MAIN))
		err = load_main(config, path, false, notes);
	else if (g_str_has_suffix(name, CONFIG_SUFFIX) && *name != '.')
		err = load_modem(config, path, notes);
	g_free(name);
	return err;
}

struct config *config_load(const char *directory, struct conf_notes *notes)
{
	struct config *config = config_new();
	char *main = g_build_filename(directory, CONFIG_MAIN, NULL);
	char *modems = g_build_filename(directory, CONFIG_MODEMS, NULL);

	load_main(config, main, true, notes);
	load_modems(config, modems, notes);
	config_check(config, notes);
	g_free(modems);
	g_free(main);
	return config;
}
